# Смена.
shift-on-duty = На смене { $guard }
shift-since = с { $moment }
shift-others = Ещё на смене: { $guards }
shift-hand-over = Сдать смену
shift-leave = Уйти, никому не сдавая
shift-version = версия { $version }
shift-notes = Передали по смене
shift-no-notes = Смену ещё никто не сдавал
shift-no-note = Без записки
shift-to = Принимает { $guard }
shift-to-whom = Кто принимает смену?
shift-nobody-else = Других охранников нет
shift-note = Что передать
shift-next = Дальше
shift-next-without = Дальше без записки
shift-take = Принять смену
