people = Люди
people-add = Добавить человека
people-search = Имя, телефон или номер машины
people-none = Людей пока нет
people-not-found = Никого не нашлось
people-name = Имя
people-held = Кто это
people-phone = Телефон
people-language = Язык
people-nobody = Нигде не записан
people-in = дом { $house }, { $place }
person = Человек
person-edit = Изменить
person-no-phone = Не указан
person-vehicles = Машин
person-places = Где живёт
person-nobody = Пока нигде: ни дома, ни роли. Войти и открыть ворота этот человек не может.
person-erased = Данные стираются

settle-person = Записать человека в дом
settle-in = Записать в дом
settle-who = Кого
settle-where = В какой дом
settle-kind = Кто в доме

roles = Роли
roles-none = Ролей нет
roles-is-guard = Охранник
roles-is-administrator = Администратор
roles-revoke = Снять
roles-revoke-title = Снять роль: { $name }, { $role }
roles-grant-guard = Сделать охранником
roles-grant-guard-title = Сделать охранником: { $name }
roles-grant-guard-what = Охранник видит, кого ждут дома, открывает любые ворота и выписывает пропуска по звонку.
roles-grant-administrator = Сделать администратором
roles-grant-administrator-title = Сделать администратором: { $name }
roles-grant-administrator-what = Администратор решает, кто живёт в посёлке, видит данные всех жителей и журнал, и может снять роль с вас.

link = Вход
link-hint = По ссылке этот человек входит в первый раз. Передайте её лично или в сообщении ему одному.
link-administrator = Администратору ссылку даёт только тот, у кого сам сервер.
link-issue = Дать ссылку для входа
link-once = Сработает один раз, до { $until }. Больше здесь не покажется; прежняя ссылка не действует.
link-anew = Дать ссылку заново
link-anew-title = Ссылка заново: { $name }
link-anew-what = Для того, кто потерял вход или у кого его украли. Все, кто сейчас входит за этого человека, больше не войдут в посёлок под этим именем.

erase = Стереть данные
erase-hint = Когда человек просит об этом сам или отозвал согласие.
erase-administrator = Администратор стирает себя сам, или когда с него снята роль.
erase-button = Стереть
erase-title = Стереть всё: { $name }
erase-what = Имя, телефон, заявки и всё о человеке исчезнет навсегда, и у ворот тоже. Места и роли закончатся, и всё, что на них держится. Вернуть ничего нельзя.
# $what: место или роль; $along: что ещё.
erase-along = Закончится { $what }, а с этим: { $along }.
erase-nothing = больше ничего
erase-confirmation = Чтобы подтвердить, напишите: СТЕРЕТЬ
erase-password = Ваш пароль
erase-done = Места и роли закончились. Остальное стирается сейчас на всех постах, это можно проверить в разделе настроек.

end-confirm = Закончить навсегда
end-reason = Почему
end-reason-hint = Останется в записях; человеку тоже скажут. Можно не писать
end-what-place = { $name } больше не будет в доме { $house }.
end-what-role = У { $name } больше не будет этой роли.
end-what-vehicle = Эту машину больше не будут пускать в дом { $house }.
end-what-card = Эта карта больше не откроет ворота.
end-what-pass = По этому пропуску в дом { $house } больше не пустят.
end-along = Вместе с этим закончатся:
end-nothing-along = Больше ничего с этим не закончится.
end-places = { $count ->
    [one] место ещё { $count } человека
   *[other] места ещё { $count } человек
}
end-vehicles = { $count ->
    [one] { $count } машина
    [few] { $count } машины
   *[many] { $count } машин
}
end-cards = { $count ->
    [one] { $count } карта или пульт
    [few] { $count } карты или пульта
   *[many] { $count } карт или пультов
}
end-passes = { $count ->
    [one] { $count } пропуск
    [few] { $count } пропуска
   *[many] { $count } пропусков
}
end-sessions = { $count ->
    [one] { $count } вход в приложение: посёлка там больше не увидят
    [few] { $count } входа в приложение: посёлка там больше не увидят
   *[many] { $count } входов в приложение: посёлка там больше не увидят
}
end-people = Больше никем в посёлке не будут, и чат посёлка для них закроется: { $names }.
end-people-more = { $count ->
    [one] И ещё { $count } человек.
    [few] И ещё { $count } человека.
   *[many] И ещё { $count } человек.
}
end-for-ever = Это навсегда. Дать право снова можно, но это будет новое право.
