# Что бот говорит сам, не дожидаясь вопроса. Знак перед тем, о чём сообщение.
bot-told-question = 🔔
bot-told-arrival = 🚗
bot-told-application = 📨
bot-told-right = 🔑
bot-told-alarm = ⚠️
bot-told-other = ✉️

# $seconds: сколько секунд ответ ещё что-то значит.
bot-told-waits = { $seconds ->
    [one] ⏳ Ответа ждут ещё { $seconds } секунду
    [few] ⏳ Ответа ждут ещё { $seconds } секунды
   *[many] ⏳ Ответа ждут ещё { $seconds } секунд
}
bot-told-more = Подробнее
bot-told-begin = Начать
