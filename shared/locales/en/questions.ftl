### A guard's question to a house, and the answer.

# For the house. $gate: where they wait.
question = Somebody is here for you, waiting at: { $gate }. Let them in?
    .name = { $name } is here for you, waiting at: { $gate }. Let them in?
    .plate = Car { $plate } is here for you, waiting at: { $gate }. Let it in?
question-allow = Let in
question-deny = Do not let in
question-thanks = Thank you, the guard has your answer
question-too-late = Thank you! The answer came too late, the guard has decided

# For the guard.
question-asked = House { $house } was asked
# $seconds: how long to wait still.
question-waiting =
    Waiting for house { $house }: { $seconds ->
        [one] { $seconds } more second
       *[other] { $seconds } more seconds
    }
question-answered-allow = House { $house }: let in
question-answered-deny = House { $house }: do not let in
question-answered-late = House { $house } answered too late, the gate did not move
question-unanswered = House { $house } did not answer, please decide yourself
question-no-one = There is nobody to ask in house { $house }
