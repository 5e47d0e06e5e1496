# My houses: people and cars.
household = My houses
# $house: what it is called.
household-house = House { $house }
household-none = You are entered in no house.
household-people = Who lives here
household-people-none = Nobody is entered here yet.
household-me = you
household-kind-owner = Owner
household-kind-family = Family
household-kind-tenant = Tenant
household-kind-staff = Help about the house
household-kind-guard = Guard
household-kind-administrator = Administrator
# $rights: what they may, by commas.
household-may = May: { $rights }
household-may-open-gates = open gates
household-may-issue-pass = issue passes
household-may-answer-question = answer the guard
household-may-add-vehicle = add cars
household-may-invite = invite
household-may-revoke-in-house = take rights in the house away
# $name: who invited them; $day: when.
household-by = Added { $day } by { $name }
household-since = Added { $day }
household-invite = Invite
household-invite-now = Get a link
household-name = Name
household-phone = Telephone
household-as = Who they are
household-means-family = Opens gates, issues passes, answers the guard, adds cars.
household-means-tenant = The same, and may invite their own.
household-means-staff = Opens gates, nothing else.
household-link-anew = Another link
# $name: for whom.
household-link-of = Link: { $name }
# $until: until when it is good.
household-link-how = Send it to whom you invite. It lets them in once and is good until { $until }. It is not shown again.
household-link-words = An invitation to the settlement
household-link = Link
household-share = Send
household-show-qr = Show a QR code
household-qr = QR code with the link
household-remove = Remove
household-remove-sure = { $name }: remove from the house?
household-leave-sure = { $name }: leave this house?
household-ends = With this end:
household-ends-nothing = Nothing else ends.
# $count: how many.
household-ends-places = { $count ->
    [one] the rights of { $count } more person
   *[other] the rights of { $count } more people
}
household-ends-vehicles = { $count ->
    [one] { $count } car
   *[other] { $count } cars
}
household-ends-cards = { $count ->
    [one] { $count } card or remote
   *[other] { $count } cards or remotes
}
household-ends-passes = { $count ->
    [one] { $count } pass
   *[other] { $count } passes
}
# $names: who.
household-ends-people = No longer of the settlement: { $names }

household-vehicles = Cars
household-vehicles-none = No cars yet. Add yours, and the barrier will know it by itself.
household-vehicle = Car
household-vehicle-add = Add a car
household-vehicle-add-now = Add
household-plate = Plate
household-plate-how = In Russian or Latin letters: А 123 ВС 77.
household-vehicle-title = What it is like
household-vehicle-title-how = A white Niva, for example. You may leave it empty.
# $plate: its plate.
household-vehicle-sure = Remove { $plate }?
household-vehicle-ends = The barrier knows it no more, the guard decides.
