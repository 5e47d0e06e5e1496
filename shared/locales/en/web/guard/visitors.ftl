# A visitor whom the guard writes down.
visitor-plate = Plate, if any
visitor-who = Who came
visitor-courier = Courier
visitor-taxi = Taxi
visitor-guest = Guest
visitor-worker = Tradesman
visitor-post = Post
visitor-emergency = Ambulance, fire
# $who: who came; $open: to let in or only to write down.
visitor-let-in =
    { $open ->
        [yes] { $who }: let in
       *[no] { $who }: write down
    }
visitor-only-written = Only write down, do not open
