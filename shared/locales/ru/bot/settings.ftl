# The bot: settings.

bot-command-settings = Настройки
bot-command-language = Язык
bot-command-chat = Закрытый чат посёлка
bot-settings = ⚙️ Настройки. Посёлок: { $community }
bot-settings-back = ‹ Назад
bot-settings-key-language = 🌐 Русский
bot-settings-key-quiet = 🌙 { $hours }
bot-settings-key-kinds = 🔔 О чём сообщать
bot-settings-key-channels = 📨 Куда сообщать
bot-settings-key-community = 🏘 Другой посёлок
bot-settings-key-consents = 📄 Мои данные
bot-settings-key-web = 🌍 Открыть сайт
bot-settings-key-out = 🚪 Выйти из бота
bot-settings-key-leave = 👋 Покинуть посёлок
bot-settings-language = На каком языке с вами говорить?
bot-settings-language-set = Хорошо, говорим по-русски.
bot-settings-communities = О каком посёлке пойдёт речь?
bot-settings-community-set = Теперь речь о посёлке «{ $community }».

# Тихие часы.
bot-quiet-none = Без тихих часов
bot-quiet = 🌙 Тихие часы: { $hours }. Всё, что не срочно, придёт после них. Вопросы охраны приходят всегда.
bot-quiet-never = 🔔 Тихих часов нет: обо всём сообщаю сразу.
bot-quiet-off = 🔔 Выключить
bot-quiet-on = 🌙 Включить
bot-quiet-from = с { $time }
bot-quiet-until = до { $time }
bot-quiet-key-write = ✍️ Другие часы
bot-quiet-write = Напишите, с какого часа и до какого не беспокоить, например: 22:00–8:00
bot-quiet-not-hours = Не понял часы. Напишите два времени, например: 22:00–8:00. /cancel — оставить как было.

bot-kinds = О чём вам сообщать? Нажмите, чтобы включить или выключить.
bot-channels = Куда вам сообщать? Сначала пробую первое, потом следующее. Нажмите, чтобы включить или выключить.
bot-channels-none = ⚠️ Всё выключено: о гостях и вопросах охраны вы узнаете, только если сами зайдёте на сайт. Нажмите, чтобы включить.
bot-channels-first = ⬆️ Сначала сюда

# Согласие на обработку данных.
bot-consents = 📄 Ваше согласие на обработку данных:
bot-consents-none = 📄 Согласия на обработку данных вы здесь не давали.
# $number: какая редакция; $at: когда дано; $until: когда отозвано.
bot-consents-line = • редакция { $number }, дано { $at }
    .withdrawn = • редакция { $number }, дано { $at }, отозвано { $until }
bot-consents-read = 📄 Прочитать и согласиться
bot-consents-too-long = Текст согласия сюда целиком не поместится. Прочитайте его на сайте и согласитесь там.
bot-consents-on-site = 🌍 Прочитать на сайте
bot-consents-agree = ✅ Согласен
bot-consents-withdraw = Отозвать согласие
bot-consents-withdraw-sure = Да, отозвать
bot-consents-known = 📥 Что обо мне известно
bot-consents-erase = 🗑 Стереть мои данные

# Выход из бота.
bot-out =
    🚪 Выйти из бота? Я перестану вас узнавать: не смогу ни открыть, ни выписать пропуск, и не расскажу о гостях и вопросах охраны.

    Ваше место в посёлке, пропуска и вход на сайт останутся.
bot-out-last-way = ⚠️ Другого входа у вас нет. Сначала добавьте на сайте почту или ключ входа, иначе вернуться можно будет только по приглашению.
bot-out-yes = 🚪 Выйти
bot-out-done = 🚪 Вы вышли.
bot-out-how-back = Захотите вернуться — нажмите /start. До свидания!

# Уход из посёлка.
bot-leave = 👋 Из какого дома вы уходите? Вернуться потом можно только по новому приглашению.
bot-leave-whom =
    👋 Место в доме вам дал собственник или администратор, и заканчивает его тоже кто-то из них: напишите им, что вы уезжаете.

    Самому можно стереть на сайте все свои данные: тогда место закончится сразу.
bot-leave-house = Уйти из дома { $house }
# Сколько чего закончится вместе с местом.
bot-leave-sure =
    Уйти из дома { $house }? Это навсегда, и вместе с местом закончится то, что на нём держится.

    Жильцы, которых вы вписали: { $places }
    Машины: { $vehicles }
    Карты и пульты: { $cards }
    Пропуска: { $passes }
bot-leave-yes = 👋 Да, уйти
bot-leave-done = 👋 Вы больше не в этом доме.
bot-leave-menu = Вот что можно теперь. /start покажет всё сначала.
