# The bot: what guards ask houses.

bot-command-questions = Who waits for your answer
# $text: the question in words; $seconds: how long an answer is waited for still.
bot-question =
    🔔 { $text }

    House { $house }. { $seconds ->
        [one] An answer is awaited for { $seconds } more second.
       *[other] An answer is awaited for { $seconds } more seconds.
    }
bot-question-allow = ✅ Let them in
bot-question-deny = ⛔️ Do not
bot-questions-none = Nobody waits for your answer now.
# $person: who answered.
bot-question-allowed = ✅ You answered: let them in.
    .by = ✅ Already answered “let them in”: { $person }.
bot-question-denied = ⛔️ You answered: do not let them in.
    .by = ⛔️ Already answered “do not let them in”: { $person }.
bot-question-late = ⌛️ The answer came too late, the guard has decided.
bot-question-over = ⌛️ The time is over, the guard decides.
