# Кто приехал.
arrivals = Кто ждёт и кто приезжал
arrivals-all = Все, кто ждёт
arrivals-nobody = Никто не ждёт
arrivals-unread = Номер не прочитан
arrivals-since = Ждёт
waiting =
    { $read ->
        [yes] Ждёт { $plate }
       *[no] Ждёт машина, номер не прочитан
    }
waiting-let-in = Впустить
waiting-let-in-anyway = Впустить, это другая машина
waiting-let-in-house = дом { $house }: впустить
waiting-maybe = Возможно, это
waiting-refuse = Не пускать
waiting-ask = Спросить дом
waiting-ask-house = Спросить дом { $house }
waiting-ask-other = Другой дом
waiting-which-house = Какой дом спросить?
question-waits = ждём ответа из дома { $house }
question-silent = Дом { $house } не ответил. Позвоните:
question-no-phones = Телефонов этого дома нет, решите сами
question-yes = Дом { $house }: пропустить
question-no = Дом { $house }: не пускать
question-said-yes = По телефону: впустить
question-said-no = По телефону: не пускать
question-note-yes = Дом { $house } разрешил по телефону
question-note-no = Дом { $house } по телефону просит не пускать
refuse-why = Почему не пускаем?
refuse-nobody-waits = Его здесь не ждут
refuse-house-refused = Дом отказал
refuse-no-answer = Дом не отвечает
refuse-wrong-address = Ошибся адресом
refuse-left = Уехал сам
refuse-no-reason = Без причины
refuse-own = Своими словами
refuse-words = Причина
latest = Недавно приезжали
latest-none = Сегодня ещё никого не было
latest-opened = Впустили
latest-refused = Не пустили
latest-left = Без решения
lane-picture = Что видит камера: { $camera }
lane-now = Сейчас: { $camera }
lane-dark = Картинки с камеры нет
crop = Снимок номера { $plate }
