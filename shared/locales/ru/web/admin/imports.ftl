import = Загрузка из таблицы
import-choose = Выберите таблицу
import-hint = CSV или XLSX, до 3 000 строк. Сначала вы увидите, что получится из каждой строки: пока не нажмёте «Внести», ничего не изменится.
import-drop = Перетащите файл сюда или
import-file = Выбрать файл
import-columns = Какие нужны столбцы
import-columns-hint = Обязателен только «Дом». Ещё читаются «Имя», «Телефон», «Роль в доме» (собственник, член семьи, арендатор, помощник), «Примечание», «Номер машины», «Машина». В строке один человек и одна машина; у кого машин две, того напишите дважды.
import-sample-get = Скачать пустую таблицу с примером
import-sample-file = поселок.csv
import-sample = Дом;Имя;Телефон;Роль в доме;Примечание;Номер машины;Машина{"\u000A"}12;Анна Петрова;+7 912 345-67-89;собственник;;А123ВС77;белая Нива{"\u000A"}
import-reading = Читаем «{ $name }»…
import-preview = Что получится из «{ $name }»
import-wrong = { $count ->
    [one] В { $count } строке из { $all } что-то не так: её пропустим
   *[other] В { $count } строках из { $all } что-то не так: их пропустим
}
import-right = { $count ->
    [one] Прочитана { $count } строка, всё в порядке
    [few] Прочитаны { $count } строки, всё в порядке
   *[many] Прочитано { $count } строк, всё в порядке
}
import-would-make = Появятся: { $what }.
import-would-make-nothing = Ничего нового: всё это уже есть, или в строках ошибки.
import-houses = { $count ->
    [one] { $count } дом
    [few] { $count } дома
   *[many] { $count } домов
}
import-people = { $count ->
    [one] { $count } человек
    [few] { $count } человека
   *[many] { $count } человек
}
import-places = { $count ->
    [one] { $count } место в доме
    [few] { $count } места в домах
   *[many] { $count } мест в домах
}
import-vehicles = { $count ->
    [one] { $count } машина
    [few] { $count } машины
   *[many] { $count } машин
}
import-read-columns = Столбцы: { $columns }.
import-unread-columns = Не читаем: { $columns }. Если они нужны, назовите их иначе.
import-unchanged = Пока ничего не изменено. Внести можно до { $until }.
import-another = Другой файл
import-apply = { $count ->
    [0] Внести
    [one] Внести { $count } строку
    [few] Внести { $count } строки
   *[many] Внести { $count } строк
}
import-rows = Строки
import-only-wrong = Только с ошибками ({ $count })
import-no-rows = Таких строк нет
import-line = Строка
import-column-house = Дом
import-column-name = Имя
import-column-phone = Телефон
import-column-kind = Роль
import-column-note = Примечание
import-column-plate = Номер машины
import-column-title = Машина
import-column-line = Номер строки
import-outcome = Что будет
import-typed = { $text }. В таблице: «{ $typed }»
import-why = Почему
import-makes-house = дом
import-makes-person = человек
import-makes-place = место в доме
import-makes-vehicle = машина
import-known = Уже есть
import-more = Показать ещё (осталось { $count })
import-applying = { $count ->
    [one] Вносим { $count } строку…
    [few] Вносим { $count } строки…
   *[many] Вносим { $count } строк…
}
import-applying-hint = Не закрывайте страницу. Тысяча строк занимает около минуты.
import-again = Часть могла успеть внестись. Внесите ещё раз: дважды ничего не появится.
import-done = Готово
import-made = Внесено: { $what }.
import-made-nothing = Ничего нового не внесено: всё это уже было.
import-left = { $count ->
    [one] { $count } строка не внесена
    [few] { $count } строки не внесены
   *[many] { $count } строк не внесено
}
import-left-rows = Что не внесено и почему
