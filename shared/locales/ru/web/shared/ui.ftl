# What all pages say alike.
loading = Загружается…
try-again = Ещё раз
no-answer = Сервер не отвечает. Проверьте связь и попробуйте ещё раз.
close = Закрыть
cancel = Отмена
save = Сохранить
back = Назад
more = Показать ещё
day-today = сегодня
day-yesterday = вчера
day-tomorrow = завтра
language-ru = Русский
language-en = English
no-date = Такой даты нет
