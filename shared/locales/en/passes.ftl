### Passes.

pass-guest = Guest
pass-taxi = Taxi
pass-courier = Courier
pass-recurring = Recurring
pass-event = Event

# $count: how many passes.
passes-count =
    { $count ->
        [one] { $count } pass
       *[other] { $count } passes
    }
# $left: how many entries are left.
pass-entries-left =
    { $left ->
        [0] No entries left
        [one] { $left } entry left
       *[other] { $left } entries left
    }
pass-valid = From { $from } to { $until }
pass-code = Code { $code }
pass-by-guard = Issued by the guard: { $guard }
pass-ended = The pass was cancelled

# How a pass stands.
pass-state-holds = Valid now
pass-state-not-yet = Its time has not come yet
pass-state-outside-hours = Valid at other hours
pass-state-used-up = Used
pass-state-over = Its time is over
pass-state-revoked = Cancelled
pass-state-orphaned = No longer valid
