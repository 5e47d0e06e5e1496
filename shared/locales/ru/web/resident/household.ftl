# Мои дома: люди и машины.
household = Мои дома
# $house: название дома.
household-house = Дом { $house }
household-none = Вы не записаны ни в одном доме.
household-people = Кто здесь живёт
household-people-none = Здесь пока никто не записан.
household-me = вы
household-kind-owner = Собственник
household-kind-family = Член семьи
household-kind-tenant = Арендатор
household-kind-staff = Помощник по дому
household-kind-guard = Охранник
household-kind-administrator = Администратор
# $rights: что можно, через запятую.
household-may = Может: { $rights }
household-may-open-gates = открывать ворота
household-may-issue-pass = выписывать пропуска
household-may-answer-question = отвечать охране
household-may-add-vehicle = добавлять машины
household-may-invite = приглашать
household-may-revoke-in-house = отменять права в доме
# $name: кто пригласил; $day: когда.
household-by = Добавлено { $day }: { $name }
household-since = Добавлено { $day }
household-invite = Пригласить
household-invite-now = Получить ссылку
household-name = Имя
household-phone = Телефон
household-as = Кто это
household-means-family = Открывает ворота, выписывает пропуска, отвечает охране, добавляет машины.
household-means-tenant = То же, и может приглашать своих.
household-means-staff = Только открывает ворота.
household-link-anew = Новая ссылка
# $name: для кого.
household-link-of = Ссылка: { $name }
# $until: до какого времени она действует.
household-link-how = Отправьте её тому, кого приглашаете. Она впускает один раз и действует: до { $until }. Больше она не появится.
household-link-words = Приглашение в посёлок
household-link = Ссылка
household-share = Отправить
household-show-qr = Показать QR-код
household-qr = QR-код со ссылкой
household-remove = Убрать
household-remove-sure = { $name }: убрать из дома?
household-leave-sure = { $name }: уйти из этого дома?
household-ends = Вместе с этим закончатся:
household-ends-nothing = Больше ничего не закончится.
# $count: сколько их.
household-ends-places = { $count ->
    [one] права ещё { $count } человека
   *[many] права ещё { $count } человек
}
household-ends-vehicles = { $count ->
    [one] { $count } машина
    [few] { $count } машины
   *[many] { $count } машин
}
household-ends-cards = { $count ->
    [one] { $count } карта или брелок
    [few] { $count } карты или брелока
   *[many] { $count } карт или брелоков
}
household-ends-passes = { $count ->
    [one] { $count } пропуск
    [few] { $count } пропуска
   *[many] { $count } пропусков
}
# $names: кто именно.
household-ends-people = Больше не будут в посёлке: { $names }

household-vehicles = Машины
household-vehicles-none = Машин пока нет. Добавьте свою, и шлагбаум узнает её сам.
household-vehicle = Машина
household-vehicle-add = Добавить машину
household-vehicle-add-now = Добавить
household-plate = Номер
household-plate-how = Русскими или латинскими буквами: А 123 ВС 77.
household-vehicle-title = Какая она
household-vehicle-title-how = Например: белая Нива. Можно не указывать.
# $plate: её номер.
household-vehicle-sure = Убрать { $plate }?
household-vehicle-ends = Шлагбаум перестанет её узнавать, решать будет охранник.
