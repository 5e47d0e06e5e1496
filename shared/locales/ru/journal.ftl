### Журнал: что рассказывает запись.

journal-decided = Подъехали, решение принято
journal-closing = Закрываем
journal-commanded = Команда выполнена
journal-failed = Команда не выполнена
journal-interrupted = Прервалось на полпути: открылось или нет, неизвестно
journal-abandoned = Не открывали: запись опоздала
journal-seen-open = Открылось
journal-seen-closed = Закрылось
journal-jammed = Не сдвинулось с места
journal-obstructed = Остановилось: под шлагбаумом кто-то был
journal-passed = Проезд
journal-tailgated = Проезд следом за другой машиной
journal-nobody-passed = Открыли, но никто не проехал
journal-hold-began = Удерживаем открытым
journal-hold-ended = Больше не удерживаем
journal-fire-began = Пожарная тревога
journal-fire-ended = Пожарная тревога снята
journal-driver-lost = Нет связи с воротами
journal-driver-back = Связь с воротами восстановлена
journal-refused-by-guard = Охранник не пропустил
journal-visitor = Посетитель записан охранником
journal-asked = Спросили дом
journal-answered = Дом ответил
journal-shift-began = Смена принята
journal-shift-ended = Смена сдана
journal-started = Программа запущена
journal-passage-not-seen = Проезд здесь не виден, считаем, что проехали

journal-time-not-trusted = Время этой записи может быть неточным
# $count — сколько записей.
