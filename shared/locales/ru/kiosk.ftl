### Экран охранника.

action-open = Открыть
action-close = Закрыть
action-refuse = Не пускать
action-hold = Держать открытым
action-release = Больше не держать
action-ask = Спросить дом
action-visitor = Записать посетителя

# Что нужно увидеть сейчас. $gate — название ворот.
alert-tailgated = { $gate }: кто-то проехал следом за другой машиной
alert-jammed = { $gate }: не двигается, проверьте механизм
alert-failed = { $gate }: привод не ответил, посмотрите, что с ним
alert-interrupted = { $gate }: хаб прервался на открытии; посмотрите, открыто ли
alert-driver-lost = { $gate }: нет связи, проверьте питание и кабель
alert-not-recorded = { $gate }: открытие не записано в журнал, проверьте диск

sign-in = Введите ваш PIN
# $left — сколько попыток осталось.
sign-in-refused =
    { $left ->
        [0] PIN не подходит
        [one] PIN не подходит, осталась { $left } попытка
        [few] PIN не подходит, осталось { $left } попытки
       *[many] PIN не подходит, осталось { $left } попыток
    }
sign-in-locked = Слишком много попыток
    .until = Слишком много попыток, подождите до { $until }
sign-in-needed = Сначала войдите
signed-in = Здравствуйте, { $guard }!
signed-out = Вы вышли. Хорошего отдыха!

shift-taken = На смене { $guard }
shift-handed-over = Смену сдаёт { $from }, принимает { $to }
shift-nobody = На смене никого нет
shift-note = Передать по смене
# $count — сколько ждут решения.
shift-waiting =
    { $count ->
        [0] Никто не ждёт
        [one] { $count } ждёт решения
        [few] { $count } ждут решения
       *[many] { $count } ждут решения
    }
# $count — сколько машин на территории без отметки о выезде.

# Состояние.
clock-not-trusted = Часы могут врать: проверьте время на экране
store-failed = Журнал не пишется, проверьте диск
# Номера не читаются. $camera — название камеры.
camera-lost = { $camera }: нет изображения, машины ждут вас
camera-blind = { $camera }: номера не читаются, машины ждут вас
