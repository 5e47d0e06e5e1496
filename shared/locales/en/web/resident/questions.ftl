question-title = Somebody is here for you
question-allow = Let in
question-deny = Do not let in
# $seconds — how many seconds are left to answer.
question-left =
    { $seconds ->
        [one] { $seconds } second left
       *[other] { $seconds } seconds left
    }
question-others-first = Somebody else of the house is being asked now, but you may answer too.
question-somebody = Somebody of the house
# $by — who answered.
question-allowed = { $by }: let in.
question-denied = { $by }: do not let in.
question-nobody = Nobody answered, the guard decided.
question-late = The answer was too late.
