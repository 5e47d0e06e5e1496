### О чём людям сообщают по почте и на телефон.

# О чём сообщение.
notify-question = К вам приехали
notify-arrival = Ваши гости
notify-application = Заявки
notify-right = Ваши права
notify-alarm = Что-то не в порядке
# $community: название посёлка; $title: о чём сообщение.
notify-subject = { $community }: { $title }

channel-telegram = Телеграм
channel-push = Уведомления в браузере
channel-email = Электронная почта

# Дому. $gate: где ждут.
told-question = К вам приехали, ждут здесь: { $gate }. Впустить?
    .name = К вам { $name }, ждут здесь: { $gate }. Впустить?
    .plate = К вам машина { $plate }, ждёт здесь: { $gate }. Впустить?
# Тем, кого тоже спрашивали. $person: кто ответил.
told-allowed = Ответ «впустить», ответил(а) { $person }. Въезд: { $gate }
told-denied = Ответ «не впускать», ответил(а) { $person }. Въезд: { $gate }
told-allowed-by-telephone = По телефону ответили: впустить. Въезд: { $gate }
told-denied-by-telephone = По телефону ответили: не впускать. Въезд: { $gate }
told-unanswered = Никто не ответил вовремя, решил охранник. Въезд: { $gate }
told-too-late = Ваш ответ пришёл слишком поздно, охранник уже решил
# Тому, кто ответил сам.
told-allowed-by-you = Вы ответили «впустить». Въезд: { $gate }
told-denied-by-you = Вы ответили «не впускать». Въезд: { $gate }

# Тому, кто выписал пропуск. $at: когда.
told-arrived = К вам приехали: { $gate }, { $at }
    .name = Приехали: { $name }, { $gate }, { $at }
    .plate = Приехала машина { $plate }: { $gate }, { $at }
# $reason: почему, словами.
told-refused = Вашего гостя не пустили: { $gate }, { $at }. { $reason }
    .name = Не пустили: { $name }, { $gate }, { $at }. { $reason }
    .plate = Не пустили машину { $plate }: { $gate }, { $at }. { $reason }

# Администраторам.
told-application = Заявка на вступление: { $name }, дом { $house }
told-application-waits = Заявка ждёт вашего решения, её подали { $at }: { $name }, дом { $house }
told-alarm = { $alarm } ({ $at })
    .name = { $name }: { $alarm } ({ $at })
# Тем, у кого заявка на экране. $person: кто решил; $reason: почему.
told-application-accepted = ✅ Заявку принял(а) { $person }
told-application-refused = ❌ Заявку отклонил(а) { $person }
    .reason = ❌ Заявку отклонил(а) { $person }: { $reason }
told-application-withdrawn = Заявку отозвали
# Тем, у кого тревога на экране. $at: когда; $person: кто.
told-alarm-over = ✅ Уже в порядке ({ $at })
told-alarm-seen = ✅ Отметил(а) { $person } ({ $at })

# Самому человеку. $place и $role: кто он теперь.
told-accepted = Добро пожаловать! Вашу заявку приняли, дом { $house }
# $house: в какой дом просились; $reason: почему нет.
told-not-accepted = ❌ Заявку отклонили: дом { $house }
    .reason = ❌ Заявку отклонили: дом { $house }. Причина: { $reason }
told-place-given = Теперь вы в доме { $house }: { $place }
told-place-taken = Вы больше не в доме { $house }: { $place }
    .reason = Вы больше не в доме { $house }: { $place }. { $reason }
told-role-given = У вас новая роль: { $role }
told-role-taken = У вас больше нет роли: { $role }
    .reason = У вас больше нет роли: { $role }. { $reason }
