# What all pages say alike.
loading = Loading…
try-again = Try again
no-answer = The server does not answer. Check your connection and try again.
close = Close
cancel = Cancel
save = Save
back = Back
more = Show more
day-today = today
day-yesterday = yesterday
day-tomorrow = tomorrow
language-ru = Русский
language-en = English
no-date = There is no such date
