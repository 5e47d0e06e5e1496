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
