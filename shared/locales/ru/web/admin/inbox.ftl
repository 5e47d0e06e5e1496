inbox = Входящие
inbox-nothing = Ничего не ждёт
inbox-nothing-hint = Новые заявки и сигналы появятся здесь сами.
inbox-applications = { $count ->
    [one] { $count } заявка ждёт решения
    [few] { $count } заявки ждут решения
   *[many] { $count } заявок ждут решения
}
inbox-away = Посты не на связи
inbox-away-hub = Пост «{ $name }» не на связи
inbox-away-since = Был на связи { $when }. Ворота работают и без связи
inbox-away-never = На связи ещё не был
inbox-gates = К постам
inbox-decided = Решено недавно
inbox-unreached = Что не дошло до людей за 30 дней
inbox-channel-telegram = { $count ->
    [one] Telegram: не дошло { $count } сообщение
    [few] Telegram: не дошли { $count } сообщения
   *[many] Telegram: не дошло { $count } сообщений
}
inbox-channel-push = { $count ->
    [one] Уведомления в браузере: не дошло { $count }
   *[other] Уведомления в браузере: не дошли { $count }
}
inbox-channel-email = { $count ->
    [one] Почта: не дошло { $count } письмо
    [few] Почта: не дошли { $count } письма
   *[many] Почта: не дошло { $count } писем
}
inbox-unreached-sent = Дошло: { $sent }
inbox-unreachable = { $count ->
    [one] { $count } сообщение некуда было отправить
    [few] { $count } сообщения некуда было отправить
   *[many] { $count } сообщений некуда было отправить
}
inbox-unreachable-hint = У этих людей нет ни почты, ни уведомлений. Их включают в своих настройках.
inbox-stale = { $count ->
    [one] { $count } сообщение опоздало
    [few] { $count } сообщения опоздали
   *[many] { $count } сообщений опоздали
}
