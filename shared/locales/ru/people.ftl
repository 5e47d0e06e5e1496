### Люди и дома.

place-owner = Собственник
place-family = Член семьи
place-tenant = Арендатор
place-staff = Помощник по дому

role-resident = Житель
role-guard = Охранник
role-administrator = Администратор

house = Дом { $house }
# $count — сколько домов.
