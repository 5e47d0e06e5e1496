### Время так, как его произносят.

# $day, $time — готовые слова; $month — от 1 до 12.
moment = { $day } { month-of }, { $time }
    .year = { $day } { month-of } { $year } года, { $time }
month-of =
    { $month ->
        [1] января
        [2] февраля
        [3] марта
        [4] апреля
        [5] мая
        [6] июня
        [7] июля
        [8] августа
        [9] сентября
        [10] октября
        [11] ноября
       *[12] декабря
    }

weekday-1 = пн
weekday-2 = вт
weekday-3 = ср
weekday-4 = чт
weekday-5 = пт
weekday-6 = сб
weekday-7 = вс
days-all = каждый день
days-working = по будням
days-weekend = по выходным
days-none = ни в какой день
weekly = { $days }, { $from }–{ $until }
    .overnight = { $days }, с { $from } до { $until } следующего дня
    .whole-day = { $days }
