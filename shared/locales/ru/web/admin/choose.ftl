choose-house = Начните набирать номер дома
choose-person = Имя, телефон или номер машины
choose-nothing = Ничего не нашлось
choose-clear = Очистить
