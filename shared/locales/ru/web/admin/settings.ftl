settings-title = Настройки
settings-community = Посёлок
settings-name = Название
settings-name-means = Как его называют жители
settings-language = Первый язык
settings-language-means = На нём пишем тем, кто не выбрал свой
settings-zone = Часовой пояс
settings-zone-means = По нему идут часы пропусков и журнала
settings-country = Страна
settings-country-means = Номера без кода страны читаются как её
settings-currency = Валюта
settings-currency-means = В ней считаем деньги
settings-saved = Сохранено.
settings-stale = Пока вы правили, это изменил кто-то ещё. Его правки уже показаны, ваши остались в полях: проверьте и сохраните ещё раз.

settings-retention = Сколько хранить
settings-retention-means = В днях. Что старше, уничтожается в течение суток — и в облаке, и на постах. Вернуть уничтоженное нельзя.
# $at — когда.
settings-shortens = Сокращённые сроки начнут действовать { $at }. До тех пор всё хранится как прежде, и сроки можно вернуть.
settings-keep-pictures_days = Снимки у ворот
    .bounds = от 1 до 90 и не дольше журнала
settings-keep-journal_days = Журнал и пропуска из него
    .bounds = от 30 до 1095
settings-keep-applications_days = Заявки на вступление
    .bounds = от 7 до 90; нерешённые за это время отклоняются
settings-keep-questions_days = Вопросы домам и уведомления
    .bounds = от 7 до 365
settings-keep-alarms_days = Сигналы о неисправностях
    .bounds = от 30 до 1095
settings-keep-audit_days = Кто что делал и смотрел
    .bounds = от 90 до 1825
settings-shorten-title = Хранить меньше?
# $what — что, $from и $to — дни.
settings-shorten-from = { $what }: { $from } → { $to } дн.
settings-shorten-means = Неделю всё останется как прежде, и решение можно будет отменить. Потом то, что старше нового срока, в течение суток уничтожится без возможности вернуть.
settings-shorten = Хранить меньше

settings-sweeps = Что уничтожено по срокам
settings-sweeps-none = Пока ничего не уничтожалось.
settings-destroyed-pictures = снимков: { $n }
settings-destroyed-journal = записей журнала: { $n }
settings-destroyed-passes = пропусков: { $n }
settings-destroyed-questions = вопросов: { $n }
settings-destroyed-alarms = сигналов: { $n }
settings-destroyed-applications = заявок: { $n }
settings-destroyed-audit = записей о действиях: { $n }
settings-destroyed-requests = запросов: { $n }
settings-destroyed-notifications = уведомлений: { $n }
settings-destroyed-visits = визитов, о которых дом просил не хранить: { $n }
settings-destroyed-erased = записей тех, кто попросил себя стереть: { $n }

settings-erasures = Кто попросил себя стереть
settings-erasures-none = Никто не просил.
# $at — когда.
settings-erased-by-self = Попросил сам { $at }
settings-erased-by-office = Внесено по просьбе { $at }
settings-erased = стёрто { $at }
settings-erasing = стирается
# $n — сколько записей.
settings-erased-records =
    { $n ->
        [one] Стёрта { $n } запись
        [few] Стёрты { $n } записи
       *[many] Стёрто { $n } записей
    }

settings-exports = Выгрузка таблиц
settings-exports-mean = Всё, что знает посёлок, в таблицах CSV для Excel и других программ. О каждой выгрузке остаётся запись, которую видят все, кого она касается.
settings-table-houses = Дома
settings-table-people = Жители
settings-table-vehicles = Автомобили
settings-table-cards = Карты и пульты
settings-table-passes = Пропуска
settings-table-journal = Журнал
settings-table-questions = Вопросы домам
settings-table-applications = Заявки
settings-table-bans = Запреты
settings-table-audit = Кто что делал
