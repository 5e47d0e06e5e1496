# The bot: what guards ask houses.

bot-command-questions = Кто ждёт вашего ответа
# $text: вопрос словами; $seconds: сколько ещё ждут ответа.
bot-question =
    🔔 { $text }

    Дом { $house }. { $seconds ->
        [one] Ответа ждут ещё { $seconds } секунду.
        [few] Ответа ждут ещё { $seconds } секунды.
       *[many] Ответа ждут ещё { $seconds } секунд.
    }
bot-question-allow = ✅ Впустить
bot-question-deny = ⛔️ Не впускать
bot-questions-none = Сейчас никто не ждёт вашего ответа.
# $person: кто ответил.
bot-question-allowed = ✅ Вы ответили: впустить.
    .by = ✅ Уже ответили «впустить»: { $person }.
bot-question-denied = ⛔️ Вы ответили: не впускать.
    .by = ⛔️ Уже ответили «не впускать»: { $person }.
bot-question-late = ⌛️ Ответ опоздал, охрана решила сама.
bot-question-over = ⌛️ Время вышло, охрана решает сама.
