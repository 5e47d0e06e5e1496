### Ворота.

gate-barrier = Шлагбаум
gate-wicket = Калитка

direction-entry = Въезд
direction-exit = Выезд

buttons-residents = С телефона открывают жители
buttons-staff = С телефона открывают только охрана и администраторы

position-open = Открыто
position-closed = Закрыто
position-moving = Движется
position-unknown = Положение неизвестно
gate-held = Удерживается открытым
gate-fire = Открыто по пожарной тревоге

# Что стало с нажатием кнопки.
opening-sent = Передано на пост
opening-decided = Открывается
opening-opened = Открыто
opening-not-seen = Велено открыть; открылось ли, не видно
opening-failed = Открыть не получилось
opening-refused = Пост не открыл
opening-too-late = До поста дошло слишком поздно и не сделано, нажмите ещё раз
opening-unknown = Связь с постом пропала: открылось ли, неизвестно
