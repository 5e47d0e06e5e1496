### Решения и их причины: что видит охранник, житель и журнал.
### Атрибут причины — та же причина, когда известна подробность, по которой он назван.

verdict-refuse = Отказано
verdict-ask = Решает охранник
verdict-open = Разрешено

reason-vehicle = Машина жителя
    .house = Машина жителя, дом { $house }
reason-pass = Есть пропуск
    .house = Есть пропуск, дом { $house }
reason-card = Карта или брелок жителя
    .house = Карта или брелок, дом { $house }
reason-button = Житель открывает с телефона
    .person = С телефона открывает { $person }
reason-guard = По решению охранника
    .guard = По решению охранника: { $guard }
reason-allowed = В доме разрешили впустить
    .house = В доме { $house } разрешили впустить
reason-free-exit = Выезд свободный
reason-leaving = Был на территории, теперь выезжает

reason-unknown = Нет в списках
    .plate = { $plate } нет в списках
reason-weak-reading = Номер читается плохо, посмотрите сами
    .plate = Номер читается плохо, возможно { $plate }
reason-time-not-trusted = Часы могут врать: срок пропуска не проверить
reason-newer-rules = Пропуск нового вида, программа его ещё не понимает
reason-decided-elsewhere = Въезды по этому пропуску считает другой пост
reason-inside = Уже на территории
    .plate = { $plate } уже на территории
reason-banned-leaving = Пускать запрещено, но сейчас выезжает
    .plate = { $plate } выезжает, снова пускать запрещено
reason-not-judged = Не получилось проверить, решите сами

reason-banned = Пускать запрещено
    .until = Пускать запрещено до { $until }
reason-revoked = Право на въезд отозвано
reason-not-yet = Пропуск ещё не начал действовать
    .from = Пропуск начнёт действовать { $from }
reason-expired = Пропуск закончился
    .until = Пропуск закончился { $until }
reason-outside-hours = По этому пропуску пускают в другое время
    .hours = По этому пропуску пускают: { $hours }
reason-used-up = По этому пропуску уже проехали
    .entries =
        { $entries ->
            [one] Пропуск был на { $entries } въезд, он уже использован
            [few] Пропуск был на { $entries } въезда, все уже использованы
           *[many] Пропуск был на { $entries } въездов, все уже использованы
        }
reason-no-right = Нет права открывать эти ворота
reason-denied = В доме просят не пускать
    .house = В доме { $house } просят не пускать
