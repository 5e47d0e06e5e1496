go = Разделы
go-gates = Ворота
go-passes = Пропуска
go-journal = Журнал
go-household = Дом
go-settings = Ещё
go-settlement = Посёлок
go-to-content = Сразу к содержанию
go-answer = К вам приехали и ждут: ответить
nowhere = Такой страницы нет
nowhere-home = На главную
# $house — номер или название дома.
house-label = Дом { $house }
house-choice = Дом
