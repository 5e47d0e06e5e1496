ban-title = Запреты
ban-list = Кого не пускаем
ban-none = Запретов нет.
# $name — кто запретил, $at — когда.
ban-by = { $name }, { $at }
ban-at = { $at }
ban-for-good = пока не снимут
ban-until = до { $at }
ban-over = закончился { $at }
ban-lift = Снять
# $whom — номер или имя.
ban-lift-title = Снять запрет: { $whom }?
ban-lift-means = Если у машины или человека есть право на въезд, оно снова заработает. Другие запреты останутся.
ban-lift-reason = Почему снимаете (увидят те, кто прочтёт позже)
ban-lift-confirm = Снять запрет
ban-new = Новый запрет
ban-means = Запрет сильнее любого пропуска: шлагбаум не откроется сам, и охранник увидит причину.
ban-whom = Кого не пускать
ban-plate = Машину
ban-person = Человека
ban-plate-label = Номер машины
ban-person-label = Кого
ban-reason = Причина
ban-until-label = До какого времени (пусто: пока не снимут)
ban-do = Запретить въезд
