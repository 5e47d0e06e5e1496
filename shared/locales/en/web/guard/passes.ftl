# Passes at the guard's.
telephone-plate = Plate of the car
telephone-name = Name
telephone-issue = Issue
telephone-kind = For whom
telephone-taxi = Taxi
telephone-courier = Courier
telephone-guest = Guest
telephone-how-long = For how long
telephone-hours = { $hours } h
telephone-code = With a code to enter
telephone-issued = The pass is issued
telephone-code-is = Code:
telephone-another = Another one
telephone-done = Done
expected-find = Plate, house or name
expected-none = Nobody is expected today
expected-none-such = Nobody like that is expected
# $count: how many entries are left.
expected-entries =
    { $count ->
        [one] { $count } entry left
       *[other] { $count } entries left
    }
expected-by = issued by { $guard }
