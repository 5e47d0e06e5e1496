# Бот: пропуска.

bot-command-pass = Новый пропуск
bot-command-passes = Мои пропуска
bot-pass-kind-g = 👤 { pass-guest }
bot-pass-kind-t = 🚕 { pass-taxi }
bot-pass-kind-c = 📦 { pass-courier }
bot-pass-kind-r = 🔁 { pass-recurring }
bot-pass-kind-e = 🎉 { pass-event }
bot-pass-house = Дом { $house }
bot-pass-house-of = { $community }, дом { $house }

# Строки карточки; $word — готовые слова.
bot-pass-line-plate = 🚗 { $word }
bot-pass-line-name = 🙂 { $word }
bot-pass-line-people = 👥 Въездов: { $word }
bot-pass-line-house = 🏠 { $word }
bot-pass-line-window = 🕑 { $word }
bot-pass-line-code = 🔢 Код: { $word }
bot-pass-line-note = 📝 { $word }
bot-pass-line-standing = • { $word }
bot-pass-at = к { $hour }
bot-pass-weekly-until = { $hours }, до { $until }

# Вопросы.
bot-pass-ask-house = Какой дом ждёт гостя?
bot-pass-ask-kind = Кого вы ждёте?
bot-pass-ask-kind-of = Кто приедет на { $plate }?
bot-pass-ask-which = Проверьте номер машины. Какой верный?
bot-pass-ask-plate = Какой номер у машины? Например: А123ВС77
bot-pass-ask-who = Кого ждёте? Напишите имя, номер машины или и то и другое, например: Пётр А123ВС77
bot-pass-ask-whose = Чей курьер? Напишите, откуда он, или номер машины, например: Озон
bot-pass-ask-name = Как зовут гостя?
bot-pass-ask-note = Что передать охране? Напишите одной строкой.
bot-pass-ask-day = На какой день? Выберите или напишите, например: в субботу, 12 марта, завтра с 10 до 15
bot-pass-ask-days = В какие дни? Отметьте и нажмите «{ bot-pass-key-done }».
bot-pass-ask-hours = В какие часы? Выберите или напишите, например: с 9 до 18
bot-pass-ask-last = До какого дня? Выберите или напишите дату, например: 31 мая
bot-pass-ask-people = Сколько въездов понадобится? Напишите число.
bot-pass-ask-gatehouse = На каком въезде ждать гостя?
bot-pass-ask-change = Что изменить?
bot-pass-is-it-so = Всё верно?
bot-pass-for-later = Такси и курьера впускают прямо сейчас, а на другое время выписывают гостевой пропуск.

# Что не так с ответом.
bot-pass-nowhere = Вы не можете выписывать пропуска: для этого нужно жить в доме посёлка.
bot-pass-impossible = «{ $said }» — такой даты или такого времени нет. Напишите иначе, пожалуйста.
bot-pass-not-a-plate = Номер машины не читается: { $why }.
bot-pass-time-is-over = Это время уже прошло.
bot-pass-press-one = Не понял. Нажмите одну из кнопок, пожалуйста.
bot-pass-press-or-change = Не понял, что изменить. Нажмите кнопку или напишите, например: завтра с 10 до 15
bot-pass-no-day = Не понял, какой это день. Пример: завтра, в субботу, 12.03
bot-pass-no-days = Отметьте хотя бы один день, пожалуйста.
bot-pass-no-hours = Не понял, какие это часы. Пример: с 9 до 18
bot-pass-no-last = Не понял, какая это дата. Пример: 31.05
bot-pass-no-number = Нужно число, например: 25
bot-pass-in-words = Напишите ответ словами или нажмите кнопку, пожалуйста.
bot-pass-late = ⌛️ Нажатие дошло слишком поздно, по нему я ничего не выписал. Посмотрите ещё раз: время могло измениться.
bot-pass-is-decided = На этот вопрос вы уже ответили.
bot-pass-no-code = У этого пропуска нет кода: гостя узнают по номеру машины.

# Кнопки.
bot-pass-key-today = Сегодня
bot-pass-key-tomorrow = Завтра
bot-pass-key-after = Послезавтра
bot-pass-key-no-plate = Номера пока нет
bot-pass-key-not-known = Не знаю
bot-pass-key-other-plate = Другой номер
bot-pass-key-working-days = По будням
bot-pass-key-all-days = Каждый день
bot-pass-key-working-hours = 9:00–18:00
bot-pass-key-all-day = Весь день
bot-pass-key-done = Готово
bot-pass-key-month = Месяц
bot-pass-key-quarter = 3 месяца
bot-pass-key-year = Год
bot-pass-key-issue = ✅ Выписать
bot-pass-key-change = ✏️ Изменить
bot-pass-key-back = ◀️ Назад
bot-pass-key-kind = Вид
bot-pass-key-plate = Номер
bot-pass-key-name = Имя
bot-pass-key-when = Когда
bot-pass-key-note = Для охраны
bot-pass-key-house = Дом
bot-pass-key-begin = ➕ Новый пропуск
bot-pass-key-share = 📤 Поделиться
bot-pass-key-send = 📤 Отправить гостю
bot-pass-key-qr = 🔳 QR-код
bot-pass-key-open = Открыть пропуск
bot-pass-key-cancel = 🗑 Отменить пропуск
bot-pass-key-yes-cancel = 🗑 Да, отменить
bot-pass-key-keep = Оставить
bot-pass-key-new-link = 🔗 Новая ссылка
bot-pass-key-withdraw = 🚫 Отозвать ссылку
bot-pass-key-to-card = ◀️ К пропуску
bot-pass-key-to-list = 📋 Все пропуска

# Что вышло.
bot-pass-issued = ✅ Пропуск выписан
bot-pass-dropped = Хорошо, пропуск не выписан.
bot-pass-cancel-it = Отменить этот пропуск? По нему больше никого не впустят.
bot-pass-cancelled = 🗑 Пропуск отменён
bot-pass-none = Вы никого не ждёте. Напишите, кто приедет, например «такси А123ВС77», или нажмите кнопку.
bot-pass-list = У вас { $passes }.
bot-pass-list-page = У вас { $passes }. Страница { $page } из { $pages }.
bot-pass-came = ✅ { $at } — { $gate }
bot-pass-link =
    Ссылка для гостя:
    { $link }

    По ней видно, когда его ждут и какой код показать. Второй раз я её не покажу: отправьте её сейчас.
bot-pass-has-a-link = Ссылка на этот пропуск уже есть. Если сделать новую, прежняя перестанет работать.
bot-pass-link-withdrawn = 🚫 Ссылка больше не работает
bot-pass-qr =
    Код { $code }: покажите его камере на въезде или назовите охране.
    { $window }
# $kind — вид пропуска, $window — когда он действует.
bot-pass-for-you =
    🎫 Вас ждут: { $community }
    { $kind }. { $window }
    { $link }
