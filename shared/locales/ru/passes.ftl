### Пропуска.

pass-guest = Гость
pass-taxi = Такси
pass-courier = Курьер
pass-recurring = Постоянный
pass-event = Мероприятие

# $count — сколько пропусков.
passes-count =
    { $count ->
        [one] { $count } пропуск
        [few] { $count } пропуска
       *[many] { $count } пропусков
    }
# $left — сколько въездов осталось.
pass-entries-left =
    { $left ->
        [0] Въездов не осталось
        [one] Остался { $left } въезд
        [few] Осталось { $left } въезда
       *[many] Осталось { $left } въездов
    }
pass-valid = С { $from } до { $until }
pass-code = Код { $code }
pass-by-guard = Выписал охранник: { $guard }
pass-ended = Пропуск отменён

# Что с пропуском сейчас.
pass-state-holds = Действует
pass-state-not-yet = Ещё не начал действовать
pass-state-outside-hours = Действует в другие часы
pass-state-used-up = Использован
pass-state-over = Закончился
pass-state-revoked = Отменён
pass-state-orphaned = Больше не действует
