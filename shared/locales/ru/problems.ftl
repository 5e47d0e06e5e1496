### Почему вызов экрана не выполнен: `problem-` и код, который видит страница.

problem-broken-body = Запрос пришёл не целиком
problem-busy = Пост занят, ничего не сделано. Попробуйте ещё раз
problem-changed-meanwhile = Кто-то вас опередил. Посмотрите ещё раз
problem-clock-cannot-be-right = Часы отстали в прошлое: сначала установите время
problem-cross-origin = Это пришло со страницы другого сайта и не выполнено
problem-locked = Слишком много попыток. Подождите
problem-method-not-allowed = Здесь так нельзя
problem-needs-pin = Этот PIN нужно задать заново: обратитесь к администратору
problem-no-session = Сначала войдите
problem-nobody-waits = Там уже никто не ждёт
problem-not-found = Такого нет
problem-not-invited = Это приглашение больше не действует: попросите новое
problem-not-json = Запрос — не JSON
problem-not-opened = Не открыто
problem-screen-not-paired = Этот экран не привязан к посту
problem-store = Хранилище не отвечает: проверьте диск
problem-too-large = Запрос слишком велик
problem-unexpected = Запрос не такой, какой здесь ждут
problem-unsupported-media-type = Запрос должен быть в JSON (Content-Type: application/json)
problem-wrong-host = По этому имени пост недоступен
problem-wrong-pin = PIN не подходит
