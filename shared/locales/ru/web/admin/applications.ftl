application = Заявка
application-inbox = Ко всем входящим
application-waiting = { $count ->
    [0] Больше никто не ждёт
    [one] Ждёт { $count } заявка
    [few] Ждут { $count } заявки
   *[many] Ждут { $count } заявок
}
application-who = { $name }, дом { $house }
application-by-code = С кодом дома
application-by-photo = С фотографией
application-is-accepted = Принята
application-is-refused = Отклонена
application-is-withdrawn = Отозвана
application-house = Дом
application-proof = Чем подтверждает
application-proof-code = Кодом этого дома
application-proof-photo = Фотографией
application-phone = Телефон
application-no-phone = Не указан
application-at = Подана
application-consent = Согласие
application-consent-number = Дано, редакция { $number }
application-no-consent = Не записано
application-language = Язык
application-known = Уже в посёлке
application-known-here = Этот человек здесь уже есть
application-photo = Фотография
application-no-photo = Фотографии больше нет: её хранят, только пока заявка ждёт решения.
application-photo-of = Фотография к заявке: { $name }
application-photo-whole = Показать фотографию целиком
application-residents = Сейчас в доме { $house }
application-no-residents = В этом доме пока никого нет.
application-next = Следующая: { $name }
application-accepted = Заявку принял(а) { $name }, { $when }
application-refused = Заявку отклонил(а) { $name }, { $when }: { $reason }
application-withdrawn = Заявку отозвал сам заявитель, { $when }
application-person = К человеку

decide = Решение
decide-becomes = Если принять: { $name }, дом { $house }, { $kind }.
decide-final = Решение не отменить: место потом можно только забрать.
decide-correct = Исправить: дом, роль или кто это
decide-house = Дом
decide-kind = Кто в доме
decide-who = Кто это
decide-who-new = Новый человек
decide-accept = Принять
decide-refuse = Отклонить
decide-reason = Почему? Человек увидит причину. Отклонённую заявку не вернуть, но можно подать новую.
decide-own = Другая причина, своими словами
decide-refuse-so = Отклонить с этой причиной
decide-accepted = Принято: { $name }
decide-refused = Отклонено: { $name }
decide-taken = За этого человека уже входит кто-то, и чужой вход заявка не забирает. Если войти он больше не может, дайте ему новую ссылку на его странице, а заявку отклоните.

reason-1 = По фотографии не видно, что вы живёте в этом доме. Пришлите вид из окна или снимок у своего дома.
reason-2 = Похоже, дом указан неверно. Проверьте номер и подайте заявку снова.
reason-3 = Фотография неразборчива. Пришлите другую.
reason-4 = В доме вас не знают. Попросите собственника пригласить вас.
reason-5 = Не удалось с вами связаться. Укажите телефон, по которому вы отвечаете.
reason-6 = Вы уже подавали такую заявку.
