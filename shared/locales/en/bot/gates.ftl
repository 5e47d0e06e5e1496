# The bot: opening a gate.

bot-command-code = A code of the second factor
bot-command-open = Open the barrier or the wicket
bot-gates = What is to be opened?
bot-gates-none = There is nothing for you to open here yet.
# $seen: what was last seen, in words; $at: when.
bot-gates-line = 🟢 { $gate }
    .seen = 🟢 { $gate }: { $seen }, { $at }
    .away = ⚪️ { $gate }: the gatehouse is away
bot-gate-confirm = Open “{ $gate }”? Confirm within 30 seconds.
bot-gate-yes = ✅ Yes, open
bot-gate-no = ✖️ No
bot-gate-left = All right, it stays as it is.
bot-gate-away = While the gatehouse is away it cannot be opened from here. The guard opens it there.
bot-gate-look-again = 🔄 Look again
bot-gate-gone = You cannot open this gate any more. /open shows which you can.
bot-gate-late = ⌛️ { $gate }: your press came too late, I open nothing by it. If it is still to be opened, begin anew.
    .unawaited = ⌛️ { $gate }: your press came too late, or I was cut off while I was opening. I do not open by it a second time. If it is still closed, begin anew.
bot-gate-anew = 🔓 Open…
bot-gate-again = 🔓 Open again
# $text: what became of the press, in words.
bot-gate-state = ⏳ { $gate }: { $text }
    .opened = ✅ { $gate }: { $text }
    .closed = ⛔️ { $gate }: { $text }
    .unknown = ❔ { $gate }: { $text }
bot-gate-code =
    🔐 Your second factor is on. Send the six digits of your application, or one of the codes on paper.

    I delete the message with the code, and need no other for 12 hours.
bot-gate-code-only = I wait for a code: the six digits of your application. /cancel leaves the gate closed.
# $why: what is wrong, in words.
bot-gate-code-wrong = { $why }. Send the next code of your application. /cancel leaves the gate closed.

# By a command, before what else it is asked for.
bot-code-how = Write the code in the same line: “/code 123456”. The six digits of your application do, or one of the codes on paper.
bot-code-right = ✅ The code is right, and for 12 hours you need no other. Do again what you wanted to do. You may delete the message with the code: it is not good a second time.
