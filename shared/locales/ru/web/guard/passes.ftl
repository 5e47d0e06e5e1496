# Пропуска у охранника.
telephone-plate = Номер машины
telephone-name = Имя
telephone-issue = Выписать
telephone-kind = Кому
telephone-taxi = Такси
telephone-courier = Курьер
telephone-guest = Гость
telephone-how-long = Надолго ли
telephone-hours = { $hours } ч
telephone-code = С кодом для входа
telephone-issued = Пропуск выписан
telephone-code-is = Код:
telephone-another = Ещё один
telephone-done = Готово
expected-find = Номер, дом или имя
expected-none = Сегодня никого не ждут
expected-none-such = Такого не ждут
# $count — сколько въездов осталось.
expected-entries =
    { $count ->
        [one] остался { $count } въезд
        [few] осталось { $count } въезда
       *[many] осталось { $count } въездов
    }
expected-by = выписал { $guard }
