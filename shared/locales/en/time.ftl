### Time as people say it.

# $day and $time are ready words; $month is 1 to 12.
moment = { $day } { month-of }, { $time }
    .year = { $day } { month-of } { $year }, { $time }
month-of =
    { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    }

weekday-1 = Mon
weekday-2 = Tue
weekday-3 = Wed
weekday-4 = Thu
weekday-5 = Fri
weekday-6 = Sat
weekday-7 = Sun
days-all = every day
days-working = on working days
days-weekend = at weekends
days-none = on no day
weekly = { $days }, { $from }–{ $until }
    .overnight = { $days }, { $from } to { $until } on the next day
    .whole-day = { $days }
