# Дома у охранника.
house-number = Дом
house-label = дом { $house }
house-which = Наберите номер дома
house-maybe = Возможно, это
house-unknown = Дома { $house } здесь нет
house-empty = Жителей пока нет
house-no-phone = Без телефона
houses-find = Номер дома, имя или телефон
houses-none = Домов ещё нет
houses-none-such = Ничего не нашлось
