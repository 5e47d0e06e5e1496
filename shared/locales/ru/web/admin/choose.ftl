choose-house = Номер дома
choose-person = Имя, телефон, машина
choose-nothing = Ничего не нашлось
choose-clear = Очистить
choose-begin = Начните набирать
