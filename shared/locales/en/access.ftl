### Decisions and their reasons, as the guard, the resident and the journal show them.
### An attribute is the same reason where the detail that it is named after is known.

verdict-refuse = Refused
verdict-ask = The guard decides
verdict-open = Allowed

reason-vehicle = A resident’s car
    .house = A resident’s car, house { $house }
reason-pass = There is a pass
    .house = There is a pass, house { $house }
reason-card = A resident’s card or remote
    .house = Card or remote, house { $house }
reason-button = A resident opens by phone
    .person = { $person } opens by phone
reason-guard = On the guard’s word
    .guard = On the guard’s word: { $guard }
reason-allowed = The house said to let them in
    .house = House { $house } said to let them in
reason-free-exit = Everybody may leave here
reason-leaving = Was inside, now leaving

reason-unknown = Not on the list
    .plate = { $plate } is not on the list
reason-weak-reading = The plate is hard to read, please look yourself
    .plate = The plate is hard to read, perhaps { $plate }
reason-time-not-trusted = The clock may be wrong: the pass’s time cannot be checked
reason-newer-rules = A new kind of pass that this program does not understand yet
reason-decided-elsewhere = Another gatehouse counts the entries of this pass
reason-inside = Inside already
    .plate = { $plate } is inside already
reason-banned-leaving = Banned, but now leaving
    .plate = { $plate } is leaving and must not be let in again
reason-not-judged = It could not be checked, please decide yourself

reason-banned = Must not be let in
    .until = Must not be let in until { $until }
reason-revoked = The right to enter was withdrawn
reason-not-yet = The pass is not valid yet
    .from = The pass is valid from { $from }
reason-expired = The pass has ended
    .until = The pass ended on { $until }
reason-outside-hours = This pass is for other hours
    .hours = This pass is for: { $hours }
reason-used-up = This pass has been used
    .entries =
        { $entries ->
            [one] The pass was for { $entries } entry, which has been used
           *[other] The pass was for { $entries } entries, all of which have been used
        }
reason-no-right = No right to open this gate
reason-denied = The house asks not to let them in
    .house = House { $house } asks not to let them in
