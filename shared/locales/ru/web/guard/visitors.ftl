# Посетитель, которого записывает охранник.
visitor-plate = Номер, если есть
visitor-who = Кто приехал
visitor-courier = Курьер
visitor-taxi = Такси
visitor-guest = Гость
visitor-worker = Мастер
visitor-post = Почта
visitor-emergency = Скорая, МЧС
# $who — кто приехал; $open — впустить или только записать.
visitor-let-in =
    { $open ->
        [yes] { $who }: впустить
       *[no] { $who }: записать
    }
visitor-only-written = Только записать, не открывать
