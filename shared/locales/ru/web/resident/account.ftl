# Вход и всё, что за вкладкой «Ещё».
account-sign-in = Вход
account-again = Прежде чем менять учётную запись, войдите ещё раз: так видно, что это вы.
account-by-passkey = Ключ входа
account-by-passkey-how = Отпечаток, лицо или код телефона. Пароль не нужен.
account-passkey-sign-in = Войти с ключом
account-by-letter = По письму
account-by-password = По паролю
account-email = Почта
account-send-letter = Прислать ссылку
# $email: куда отправлено.
account-letter-sent = Если с адресом { $email } кто-то входит, туда ушло письмо. Ссылка в нём действует час.
account-password = Пароль
account-show-password = Показать пароль
account-sign-in-now = Войти
account-forgotten = Не помню пароль
account-reset-sent = Если с адресом { $email } кто-то входит, туда ушло письмо. По ссылке из него задайте новый пароль.
account-rather-letter = Войти по письму
account-rather-password = Войти по паролю
account-no-way = Ещё не входили? Откройте ссылку, которую вам прислали, или отсканируйте код с письма посёлка. Нет ни того, ни другого: обратитесь к администратору.
account-leaving = Сервер пока не отвечает. Здесь вы уже вышли и всё забыто; на сервере вход завершится, как только появится связь.
account-code = Код
account-code-how = Шесть цифр из приложения или один из запасных кодов.
account-reset = Новый пароль
account-new-password = Новый пароль
account-new-password-how = От 8 знаков. Лучше несколько слов подряд.
account-set-password = Сохранить пароль
account-reset-done = Пароль задан, все прежние входы завершены. Войдите с ним.
account-to-sign-in = Ко входу
account-prove = Подтвердите почту
account-prove-how = По этой ссылке видно, что письма на ваш адрес читаете вы.
account-prove-now = Подтвердить
account-proved = Адрес { $email } подтверждён.
account-to-settings = К настройкам

account-more = Ещё
account-me = Обо мне
account-to-office = Страница администратора
account-language = Язык
account-told = Уведомления
account-how-told = Как мне сообщать
account-ways-in = Как я вхожу
account-passkeys = Ключи входа
# $count: сколько их.
account-passkeys-count = { $count ->
    [0] нет
    [one] { $count } ключ
    [few] { $count } ключа
   *[many] { $count } ключей
}
account-none = не указано
account-set = задан
account-on = включён
account-off = выключен
account-second-factor = Второй фактор
account-sessions = Где я вошёл
account-data = Мои данные
account-consents = Согласия
account-looks = Кто смотрел мои данные
account-export = Выгрузить мои данные
account-erase = Стереть меня
account-sign-out = Выйти
account-saved = Сохранено.

account-name = Имя
account-phone = Телефон
account-phone-why = Его видят администратор и, если надо вас спросить, охрана.

account-channels = Каким способом
account-channel-telegram = Сообщения в Telegram
account-channel-push = Уведомления в браузере
account-channel-email = Письма
account-channel-no-telegram = В Telegram мы пока не можем вам написать: он не подключён, или бот остановлен.
account-channel-no-email = Для писем нужна подтверждённая почта.
account-email-add = Указать почту
account-about = О чём
account-about-question = К вам приехали, впустить?
account-about-arrival = Ваши гости приехали
account-about-application = Заявки на вступление
account-about-right = Изменились ваши права
account-about-alarm = Что-то не в порядке с воротами
account-quiet = Тихие часы
account-quiet-on = Ночью не беспокоить
account-quiet-how = Вопросы охраны придут всё равно: у ворот ждут.
account-quiet-from = С
account-quiet-until = До
account-browsers = В браузере
account-push-none = Этот браузер не показывает уведомлений. На iPhone сначала добавьте страницу на экран «Домой».
account-push-here = Этот браузер получает уведомления.
account-push-tell = Сообщать в этом браузере
account-push-forbidden = Браузер не разрешает уведомлений этой странице. Разрешите их в его настройках и попробуйте ещё раз.
account-push-failed = Браузер не смог подписаться на уведомления. Попробуйте позже.
account-push-end = Не сообщать
# $day: с какого дня.
account-since = добавлено { $day }
account-agent-unknown = Неизвестный браузер

account-passkeys-how = Ключ хранит ваш телефон или компьютер. Его нельзя подсмотреть, забыть или выманить.
account-passkeys-none = Ключей пока нет. Добавьте первый, и пароль больше не понадобится.
account-passkeys-cannot = Этот браузер не умеет хранить ключи входа.
account-passkey-add = Добавить ключ
account-passkey-name = Название
account-passkey-name-how = Чтобы вы узнали его потом: «Телефон», «Ноутбук».
account-passkey-known = На этом устройстве ключ уже есть.
account-passkey-added = Ключ добавлен. В следующий раз войдите с ним.
# $day: когда.
account-used = последний вход { $day }
account-used-never = ещё не входили
account-passkey-suspect = { $day } ключу отказали: похоже, есть его копия. Если это не вы, удалите его.
account-rename = Переименовать
# $name: как он называется.
account-rename-of = Переименовать: { $name }
account-remove = Удалить
account-remove-of = Удалить: { $name }
account-passkey-remove = Удалить ключ «{ $name }»?
account-passkey-remove-what = С этим ключом больше никто не войдёт. Удалите его и на самом устройстве.

account-password-now = Ваш пароль
account-password-why = Чтобы видеть, что это вы. Если вы только что вошли по ссылке или с ключом, можно не вводить.
account-stale = Для этого войдите ещё раз.
account-password-no-email = Чтобы входить по паролю, нужна ещё почта: она вместо имени.
account-password-done = Пароль сохранён, остальные входы завершены.
account-ends-others = Все остальные входы завершатся.

account-email-is = Письма о вашей учётной записи приходят на { $email }.
account-email-unproved = Адрес { $email } пока не подтверждён.
account-email-none = Почта не указана. С ней можно войти, даже если телефон потерян.
account-email-to-prove = На { $email } ушло письмо. Откройте ссылку из него в этом браузере.
account-email-new = Новый адрес
account-email-set = Прислать письмо
account-email-remove = Убрать адрес

account-second-factor-how = К паролю и ссылке понадобится ещё код из приложения на телефоне. Ключу входа он не нужен.
account-second-factor-app = Понадобится приложение, которое показывает коды: например, Яндекс Ключ, Aegis или Google Authenticator.
account-second-factor-begin = Начать
account-second-factor-scan = Отсканируйте приложением
account-second-factor-qr = QR-код для приложения с кодами
account-second-factor-here = Приложение на этом же телефоне
account-second-factor-secret = Или введите в приложении
account-second-factor-turn-on = Включить
account-second-factor-is-on = Второй фактор включён.
account-second-factor-off = Выключить
account-second-factor-turn-off = Выключить второй фактор
account-recovery = Запасные коды
account-recovery-how = Запишите или распечатайте их сейчас: больше они не появятся. Каждый заменяет приложение один раз.
# $count: сколько осталось.
account-recovery-left = { $count ->
    [0] Второй фактор включён, запасных кодов не осталось.
    [one] Второй фактор включён, остался { $count } запасной код.
    [few] Второй фактор включён, осталось { $count } запасных кода.
   *[many] Второй фактор включён, осталось { $count } запасных кодов.
}

account-way-password = По паролю
account-way-passkey = С ключом
account-way-link = По ссылке
account-way-telegram = Через Telegram
account-with-code = с кодом
# $at: когда.
account-seen = последний раз { $at }
account-this = Здесь
account-end = Завершить
# $name: где.
account-end-one = Завершить вход: { $name }?
account-end-what = Там придётся войти снова. Уведомления туда приходить перестанут.
account-end-others = Завершить остальные входы
# $count: сколько их.
account-end-others-what = { $count ->
    [one] Завершится { $count } вход, этот останется.
    [few] Завершатся { $count } входа, этот останется.
   *[many] Завершатся { $count } входов, этот останется.
}

account-consents-asked = нужен ваш ответ
account-consents-mine = С чем я согласился
account-consents-none = Согласий нет.
# $number: какая по счёту версия.
account-consent-number = Согласие, версия { $number }
account-consent-asked = Новое согласие, версия { $number }
account-agree = Я прочитал и согласен
account-agree-now = Согласиться
account-channel-of-web = на сайте
account-channel-of-telegram = в Telegram
account-channel-of-paper = на бумаге
# $at: когда.
account-withdrawn = отозвано { $at }
account-withdraw = Отозвать согласие
account-withdraw-sure = Отозвать согласие?

# $community: название посёлка.
account-export-what = Всё, что { $community } знает о вас: имя, телефон, права, автомобили, пропуска, проезды, согласия и кто смотрел ваши данные. Один файл JSON.
account-export-care = В файле личное: не пересылайте его и не оставляйте на чужом компьютере.
account-export-goes-on = Собираем, это может занять минуту.
account-export-done = Файл сохранён.
account-export-now = Выгрузить

account-erase-what = Что будет стёрто: { $community }
account-erase-name = Имя, телефон, заявки, согласия и уведомления.
account-erase-journal = Ваше имя и номера ваших машин в журнале. Сами записи о проездах останутся без них.
account-erase-gates = Ваши права и пропуска закончатся: ворота больше не откроются ни вам, ни по ним.
# $names: кто именно.
account-erase-invited = Вместе с вами потеряют доступ те, кого вы пригласили: { $names }
# $count: сколько их.
account-erase-vehicles = { $count ->
    [one] Шлагбаум перестанет узнавать { $count } вашу машину.
    [few] Шлагбаум перестанет узнавать { $count } ваши машины.
   *[many] Шлагбаум перестанет узнавать { $count } ваших машин.
}
account-erase-export = Сначала можно сохранить их себе.
account-erase-sure = Вернуть будет нельзя
# $word: какое слово.
account-erase-word = Введите слово «{ $word }»
account-erase-the-word = стереть
account-erase-now = Стереть меня
