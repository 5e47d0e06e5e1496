# The bot: opening a gate.

bot-command-open = Открыть шлагбаум или калитку
bot-gates = Что открыть?
bot-gates-none = Вам здесь пока нечего открывать.
# $seen: что видели последним, словами; $at: когда.
bot-gates-line = 🟢 { $gate }
    .seen = 🟢 { $gate }: { $seen }, { $at }
    .away = ⚪️ { $gate }: пост не на связи
bot-gate-confirm = Открыть «{ $gate }»? Подтвердите в течение 30 секунд.
bot-gate-yes = ✅ Да, открыть
bot-gate-no = ✖️ Нет
bot-gate-left = Хорошо, не открываю.
bot-gate-away = Пока пост не на связи, отсюда не открыть. Охрана откроет с поста.
bot-gate-look-again = 🔄 Проверить ещё раз
bot-gate-gone = Эти ворота вам больше не открыть. /open покажет, какие можно.
bot-gate-late = ⌛️ { $gate }: нажатие дошло слишком поздно, по нему я не открываю. Если открыть ещё нужно, начните заново.
bot-gate-anew = 🔓 Открыть…
bot-gate-again = 🔓 Открыть ещё раз
# $text: что стало с нажатием, словами.
bot-gate-state = ⏳ { $gate }: { $text }
    .opened = ✅ { $gate }: { $text }
    .closed = ⛔️ { $gate }: { $text }
    .unknown = ❔ { $gate }: { $text }
bot-gate-code =
    🔐 У вас включён второй фактор. Пришлите шесть цифр из приложения или один из кодов на бумаге.

    Сообщение с кодом я удалю, и 12 часов код не понадобится.
bot-gate-code-only = Жду код: шесть цифр из приложения. /cancel — не открывать.
# $why: что не так, словами.
bot-gate-code-wrong = { $why }. Пришлите следующий код из приложения. /cancel — не открывать.
