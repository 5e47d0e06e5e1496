place-owner = собственник
place-family = член семьи
place-tenant = арендатор
place-staff = помощник по дому
place-guard = охранник
place-administrator = администратор
