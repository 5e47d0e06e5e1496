# The journal at the guard's.
journal-find = Find a plate
journal-all = Journal
journal-inside = Inside: { $count }
journal-none = There are no such entries
journal-doubtful = time in doubt
journal-nobody-inside = No car inside that was seen to come
journal-unmatched = Left without having been seen to come
journal-newest = To the newest
