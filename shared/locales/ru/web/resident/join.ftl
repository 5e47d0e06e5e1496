# Как войти по ссылке и как вступить.
join-enter = Добро пожаловать
join-enter-how = Эта ссылка впускает вас один раз. Дальше вы останетесь здесь, пока не выйдете.
join-enter-added = Вы уже вошли. Приглашение добавится к вашей учётной записи.
join-enter-now = Войти
join-link-over = Если вы уже входили, войдите как обычно. Если нет, попросите новую ссылку у того, кто её прислал, или у администратора.
join-to-sign-in = Я уже входил

# $community: название посёлка.
join = { $community }: заявка
join-somewhere = Заявка на вступление
join-closed = Вступить пока нельзя: администратор ещё не открыл приём заявок. Попробуйте позже или позвоните ему.
# $name: как вас там знают.
join-is-here = { $name }, вы уже в этом посёлке. Заявка нужна, только если у вас есть ещё один дом.
join-to-gates = К воротам
join-who = Кто вы
join-name = Имя и фамилия
join-phone = Телефон
join-phone-why = Чтобы администратор мог позвонить. Можно не указывать.
join-kind = Вы в этом доме
join-kind-owner = Собственник
join-kind-family = Член семьи
join-kind-tenant = Арендатор
join-kind-staff = Помощник по дому
join-house = Ваш дом
join-proof = Чем подтвердить
join-proof-code = Код дома
join-proof-photo = Фотография
join-code = Код дома
join-code-where = Он есть в письме посёлка, под QR-кодом.
join-house-label = Дом
join-house-how = Как написано на воротах или на доме: 12, 12а, Лесная 5.
join-photo = Фотография
join-photo-how = Вид из вашего окна или вы у своего дома. Её увидит только администратор; когда он решит, она будет удалена.
join-photo-window = Вид из окна
join-photo-selfie = Селфи
join-photo-file = Из файлов
join-photo-preview = Ваша фотография
join-photo-unreadable = Этот файл не открывается как фотография. Выберите другой.
join-photo-first = Сначала добавьте фотографию.
# $number: какая по счёту версия.
join-consent = Согласие, версия { $number }
join-agree = Я прочитал и согласен
join-send = Отправить заявку

# $house: какой дом.
join-progress = Заявка, дом { $house }
join-state-waiting = На рассмотрении
join-state-accepted = Принята
join-state-refused = Отклонена
join-state-withdrawn = Отозвана
# $reason: почему отклонили.
join-reason = Причина: { $reason }
# $at: когда.
join-asked-at = Подана { $at }
join-decided-at = решение { $at }
join-wait-how = Страницу можно закрыть. Откройте её снова в этом же браузере, и увидите, что решили.
join-again = Подать новую
join-withdraw = Отозвать заявку
join-withdraw-sure = Отозвать заявку?
join-withdraw-what = Администратор её больше не увидит, фотография будет удалена. Потом можно подать новую.
join-application-gone = Этой заявки больше нет: её срок прошёл, или её данные стёрты.

join-nobody = Вы пока нигде не живёте
join-how = Как вступить
join-how-letter = Отсканируйте QR-код с письма посёлка или с доски у въезда и подайте заявку.
join-how-link = Или попросите у администратора ссылку на ваш посёлок.
join-how-invited = Если дом ваших близких уже здесь, они могут пригласить вас сами.
join-look-again = Проверить ещё раз
join-open = К заявке
