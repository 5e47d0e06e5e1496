# Ворота на экране охраны.
gates = Ворота
gate-open = Открыть
gate-in = Впустить
gate-out = Выпустить
gate-hold = Держать
gate-release = Не держать
gate-close = Закрыть
gate-lost = Нет связи
gate-held-by = { $guard }, с { $time }
gate-opened-at = Открывали в { $time }
gate-through = Через какие ворота
