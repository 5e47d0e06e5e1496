# Who came.
arrivals = Who waits and who came
arrivals-all = All who wait
arrivals-nobody = Nobody waits
arrivals-unread = Plate not read
arrivals-since = Waits
waiting =
    { $read ->
        [yes] { $plate } waits
       *[no] A car waits, its plate was not read
    }
waiting-let-in = Let in
waiting-let-in-anyway = Let in, it is another car
waiting-let-in-house = house { $house }: let in
waiting-maybe = It may be
waiting-refuse = Refuse
waiting-ask = Ask a house
waiting-ask-house = Ask house { $house }
waiting-ask-other = Another house
waiting-which-house = Which house to ask?
question-waits = for house { $house } to answer
question-silent = House { $house } did not answer. Call:
question-no-phones = There is no number of this house, decide yourself
question-yes = House { $house }: let in
question-no = House { $house }: do not let in
question-said-yes = On the phone: let in
question-said-no = On the phone: refuse
question-note-yes = House { $house } allowed it on the phone
question-note-no = House { $house } refused on the phone
refuse-why = Why are they refused?
refuse-nobody-waits = Nobody expects them
refuse-house-refused = The house refused
refuse-no-answer = The house does not answer
refuse-wrong-address = Wrong address
refuse-left = Left by themselves
refuse-no-reason = No reason
refuse-own = In own words
refuse-words = Reason
latest = Came lately
latest-none = Nobody came yet today
latest-opened = Let in
latest-refused = Refused
latest-left = Undecided
lane-picture = What the camera sees: { $camera }
lane-now = Now: { $camera }
lane-dark = No picture from the camera
crop = Picture of the plate { $plate }
