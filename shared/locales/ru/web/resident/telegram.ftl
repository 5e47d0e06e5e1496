# Страница внутри Telegram, и кто я там.
telegram = Telegram
telegram-not-connected = не подключён
telegram-what = В Telegram бот расскажет, кто приехал, спросит, впускать ли, выпишет пропуск и откроет ворота.
telegram-connect = Подключить
telegram-make-link = Получить ссылку
# $at: до какого времени.
telegram-open = Откройте бота по этой ссылке и нажмите «Начать». Она действует один раз, до { $at }. Никому её не показывайте: кто её откроет, тот станет вами.
telegram-open-here = Открыть Telegram
telegram-open-there = Telegram на другом телефоне? Наведите на код его камеру.
telegram-qr = QR-код со ссылкой на бота
telegram-waits = Ждём, пока вы откроете бота. Эта страница узнает об этом сама.
# $day: с какого дня.
telegram-since = подключён { $day }
telegram-blocked = Вы остановили бота: написать вам он не может. Откройте его и нажмите «Перезапустить».
telegram-disconnect = Отключить
telegram-disconnect-sure = Отключить Telegram?
telegram-disconnect-what = Бот перестанет писать вам и узнавать вас, а входы через Telegram завершатся.
telegram-sign-in = Войти через Telegram

telegram-close = Закрыть окно
telegram-otherwise = Войти иначе
telegram-open-bot = Открыть бота
telegram-open-again = Чтобы войти, закройте это окно и откройте его из бота ещё раз.
telegram-kept-out = Ваш браузер не хранит вход на страницах внутри Telegram. Откройте сайт отдельно или Telegram на телефоне.
telegram-open-site = Открыть сайт
