# Клавиши на экране.
keys = Клавиши
keys-clear = Стереть
keys-erase = Стереть последний знак
keys-space = Пробел
keys-layout-number = Цифры
keys-layout-plate = Номер
keys-layout-words = Буквы
