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
