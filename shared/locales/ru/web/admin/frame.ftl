no-office = Эта страница для администраторов
no-office-home = На страницу жителя

go = Разделы
go-away = Сервер не отвечает: здесь то, что было известно раньше. Связь восстановится сама.
go-to-content = К содержанию
go-menu = Меню
go-inbox = Входящие
go-houses = Дома
go-people = Люди
go-journal = Журнал
go-gates = Ворота и посты
go-bans = Запреты
go-consents = Согласия
go-audit = Кто что делал
go-settings = Настройки
go-resident = Страница жителя
go-settlement = Посёлок
go-sign-out = Выйти
# $count: сколько дел.
go-waiting = { $count ->
    [one] ждёт { $count } дело
    [few] ждут { $count } дела
   *[many] ждут { $count } дел
}
