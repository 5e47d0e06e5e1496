question-title = К вам приехали
question-allow = Пропустить
question-deny = Не пускать
# $seconds — сколько секунд осталось на ответ.
question-left =
    { $seconds ->
        [one] Осталась { $seconds } секунда
        [few] Осталось { $seconds } секунды
       *[many] Осталось { $seconds } секунд
    }
question-others-first = Сейчас спрашивают другого жителя дома, но ответить можете и вы.
question-somebody = Житель дома
# $by — кто ответил.
question-allowed = { $by }: пропустить.
question-denied = { $by }: не пускать.
question-nobody = Никто не ответил, решила охрана.
question-late = Ответ опоздал.
