passes = Пропуска
passes-now = Действуют сейчас
passes-later = Позже
passes-past = Прошедшие
# $house — дом.
passes-past-of = Прошедшие, дом { $house }
passes-none-now = Сейчас никого не ждём. Выпишите пропуск, и гостя пропустят без звонка.
passes-none-past = Прошедших пропусков нет.
passes-show-past = Показать прошедшие
pass = Пропуск
pass-new = Новый пропуск
pass-kind = Вид пропуска
pass-kind-guest = Гость
pass-kind-courier = Курьер
pass-kind-taxi = Такси
pass-kind-recurring = Постоянный
pass-kind-event = Мероприятие
pass-not-allowed = Вам пока нельзя выписывать пропуска. Право даёт хозяин дома или администратор.
# $moment — сегодня, 14:05.
pass-until = До: { $moment }
pass-from = С: { $moment }
# $used — сколько въездов было, $entries — сколько всего.
pass-used = Въездов: { $used } из { $entries }

pass-taxi-now = Такси сейчас
pass-taxi-about = Такси пропустят один раз в течение часа.
pass-plate-if-known = Номер машины, если знаете
pass-taxi-name = Такси
pass-taxi-confirm = Ждём такси
# $moment — до какого времени.
pass-taxi-issued = Такси пропустят до: { $moment }.
pass-open = Открыть пропуск

pass-plate = Номер машины
pass-plate-either-alphabet = Русскими или латинскими буквами
pass-name = Имя
pass-plate-or-name = Достаточно номера или имени
pass-occasion = Что за мероприятие
pass-remembered = Приезжали раньше
pass-day = Когда
pass-other-day = Другой день
pass-which-day = День
pass-for-how-long = На сколько
# $minutes — на сколько минут.
pass-minutes =
    { $minutes ->
        [30] 30 минут
        [60] 1 час
        [120] 2 часа
        [240] 4 часа
       *[other] { $minutes } мин
    }
pass-weekdays = По каким дням
pass-hours-from = С
pass-hours-until = До
pass-last-day = Последний день
pass-entries = Сколько въездов
pass-with-code = Дать код
pass-with-code-about = Гость покажет или назовёт его на въезде
pass-decider = На каком посту пропустят
pass-note = Заметка для охраны
pass-issue = Выписать пропуск

# $note — заметка.
pass-note-says = Охране: { $note }
# $by — кто выписал, $moment — когда.
pass-issued = выписан: { $by }, { $moment }
pass-code = Код
pass-code-about = Назовите его гостю: на въезде достаточно кода.
# $code — цифры.
pass-code-qr = QR с кодом { $code }
pass-share = Ссылка для гостя
pass-share-about = Гость увидит без регистрации, когда его ждут и что показать на въезде.
pass-share-again = У гостя уже есть ссылка. Новая заменит её: прежняя перестанет открываться.
pass-shows-house = Показать номер дома
pass-link-make = Сделать ссылку
pass-link-title = Пропуск
pass-link-send = Отправить
pass-link-copy = Скопировать
pass-link-copied = Скопировано
pass-link-copy-yourself = Скопировать не получилось. Выделите ссылку и скопируйте сами.
pass-link-qr-about = Сохраните сейчас: потом эту ссылку не показать, только сделать новую. Гость рядом может навести камеру:
pass-link-qr = QR со ссылкой на пропуск
pass-link-withdraw = Отозвать ссылку
pass-link-withdraw-title = Отозвать ссылку?
pass-link-withdraw-about = Она сразу перестанет открываться у гостя. Сам пропуск останется.
pass-history = Что было по пропуску
pass-history-none-yet = Пока никто не приезжал.
pass-history-none = По этому пропуску никто не приезжал.
pass-cancel = Отменить пропуск
pass-cancel-title = Отменить пропуск?
# $who — кого больше не пустят.
pass-cancel-about = По этому пропуску больше не пустят: { $who }. Вернуть его нельзя, только выписать новый.
pass-cancel-link = Ссылка у гостя перестанет открываться.
pass-all = Все пропуска
