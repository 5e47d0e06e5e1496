# Вход охранника.
sign-in-title = Кто на посту?
sign-in-again = Смена прервалась, войдите снова
sign-in-choose = Нажмите на своё имя
sign-in-nobody = Здесь ещё нет ни одного охранника. Администратор добавит его командой
sign-in-enter = Войти
pin = PIN
# $seconds — сколько ещё ждать.
pin-wait =
    { $seconds ->
        [one] Ещё { $seconds } секунда.
        [few] Ещё { $seconds } секунды.
       *[many] Ещё { $seconds } секунд.
    }
unpaired-title = Этот экран ещё не подключён к посту
unpaired-name = Экран в будке
unpaired-ask = На компьютере поста администратор выполняет:
unpaired-open = Ссылку, которую он получит, откройте на этом экране.
unpaired-once = Ссылка действует десять минут и один раз.
unpaired-again = После этого страница откроется сама.
