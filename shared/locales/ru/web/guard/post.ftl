# Экран охраны: что видно всегда.
post-places = Разделы
post-place-arrivals = Ворота
post-place-visitor = Посетитель
post-place-telephone = По звонку
post-place-expected = Кого ждут
post-place-journal = Журнал
post-place-houses = Дома
post-place-shift = Смена
# $count — сколько ждут решения.
post-waiting =
    { $count ->
        [one] Ждёт { $count }
       *[other] Ждут { $count }
    }
post-silent = Пост не отвечает
post-silent-do = С этого экрана сейчас ничего не открыть. Открывайте пультом или кнопкой у ворот. То, что ниже, могло устареть.
post-silent-again = Пробуем снова. Экран заработает сам.
insist = Впустить всё равно
found = Найденное

# Строка состояния.
status = Состояние
status-camera = Камера
status-sees = Видит
status-blind = Не читает
status-no-picture = Нет картинки
status-lost = Нет связи
status-fire = Пожар
status-held = Держат
status-internet = Интернет
status-link-none = Без облака
status-link-refused = Не принят
status-link-away = Нет
status-link-behind = Передаём
status-link-there = Есть
status-clock = Часы
status-doubtful = не точно
status-journal = Журнал
status-written = Пишется
status-stuck = Не пишется!
status-unknown = Пост не отвечает: что с воротами, неизвестно
status-day = Светлый экран
status-night = Тёмный экран
status-sound-off = Выключить звук
status-sound-on = Включить звук

alarm-seen = Понятно
alarm-clock-right = Время верное

fallen = Экран споткнулся
fallen-do = Ворота работают сами. Экран загрузится снова через несколько секунд.
fallen-again = Загрузить сейчас
