export-stop = Получено { $size } кБ, остановить
export-goes = Таблица загружается
export-csv = Скачать таблицу (CSV)
