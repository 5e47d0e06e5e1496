# The bot: those who ask to join, as an administrator sees them.

# $name — как зовут того, кто просится, $house — дом, $kind — кем, $at — когда подана.
bot-app-card =
    📨 Заявка: { $name }
    🏠 Дом { $house } · { $kind }
    🕓 { $at }
bot-app-by-code = 🔑 Знает код дома
bot-app-by-photo = 📷 Прислали фотографию
# $phone — телефон.
bot-app-phone = 📞 { $phone }
bot-app-no-phone = 📞 Телефон не указан
bot-app-residents = Сейчас в доме:
bot-app-nobody = В этом доме пока никого нет.
bot-app-more-residents = и ещё { $count }
bot-app-accept = ✅ Принять
bot-app-refuse = ❌ Отклонить
bot-app-other-house = 🏠 Другой дом
bot-app-back = ← Назад
bot-app-none = Новых заявок нет 👌
bot-app-there-are-more = Это не все заявки.
bot-app-more = Показать ещё
bot-app-accepted = ✅ Приняли вы
bot-app-refused = ❌ Отклонили вы
# $name — как зовут того, кто просился.
bot-app-accepted-who = ✅ Принято: { $name }
bot-app-refused-who = ❌ Отклонено: { $name }
bot-app-why = Почему? Человек увидит причину.
bot-app-own-words = ✏️ Своими словами
bot-app-write-why = Напишите причину одним сообщением. Человек её увидит.
bot-app-write-house = Напишите, в каком доме живёт этот человек.
bot-app-in-words = Напишите словами, пожалуйста.
bot-app-no-house = Такого дома в посёлке нет. Напишите иначе, как на воротах.
# $name — как зовут того, кто просится.
bot-app-which-house = В какой дом принять: { $name }?
# $house — название дома.
bot-app-accept-into = ✅ Принять: дом { $house }
bot-app-reason-1 = По фотографии не видно, что вы живёте в этом доме. Пришлите вид из окна или снимок у своего дома.
    .short = По фото не понятно, чей дом
bot-app-reason-2 = Похоже, дом указан неверно. Проверьте номер и подайте заявку снова.
    .short = Дом указан неверно
bot-app-reason-3 = Фотография неразборчива. Пришлите другую.
    .short = Фото неразборчиво
bot-app-reason-4 = В доме вас не знают. Попросите собственника пригласить вас.
    .short = В доме не знают
bot-app-reason-5 = Не удалось с вами связаться. Укажите телефон, по которому вы отвечаете.
    .short = Не дозвонились
bot-app-reason-6 = Вы уже подавали такую заявку.
    .short = Повторная заявка
