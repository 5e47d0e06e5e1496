# Журнал у охранника.
journal-find = Найти номер
journal-all = Журнал
journal-inside = Внутри: { $count }
journal-none = Таких записей нет
journal-doubtful = время неточное
journal-nobody-inside = На территории нет машин, приехавших при нас
journal-unmatched = Выехали, а как въехали, не видно
journal-newest = К новым записям
