go = Разделы
go-gates = Ворота
go-passes = Пропуска
go-journal = Журнал
go-household = Дом
go-settings = Ещё
nowhere = Такой страницы нет
nowhere-home = На главную
