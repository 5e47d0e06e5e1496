### Вопрос охранника дому и ответ на него.

# Для дома. $gate — где ждут.
question = К вам приехали, ждут: { $gate }. Пропустить?
    .name = К вам { $name }, ждут: { $gate }. Пропустить?
    .plate = К вам машина { $plate }, ждёт: { $gate }. Пропустить?
question-allow = Пропустить
question-deny = Не пускать
question-thanks = Спасибо, охрана увидела ваш ответ
question-too-late = Спасибо! Ответ опоздал, охрана решила сама

# Для охранника.
question-asked = Спросили дом { $house }
# $seconds — сколько ещё ждать.
question-waiting =
    Ждём ответа из дома { $house }: { $seconds ->
        [one] ещё { $seconds } секунда
        [few] ещё { $seconds } секунды
       *[many] ещё { $seconds } секунд
    }
question-answered-allow = Дом { $house }: пропустить
question-answered-deny = Дом { $house }: не пускать
question-answered-late = Дом { $house } ответил слишком поздно, ворота не двигались
question-unanswered = Дом { $house } не ответил, решите сами
question-no-one = В доме { $house } некого спросить
