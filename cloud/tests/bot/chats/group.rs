//! The group that is the chat: how it becomes that, what the bot may do there, and what becomes of it.

use dwellers::people::Role;
use dwellers_cloud::accounts::Messenger;
use dwellers_cloud::bot::talk::Does;
use dwellers_cloud::clock::{entropy, now};
use dwellers_telegram::{Chat, Joining, Rights};

use super::{
    TITLE, closes, comes_in, connect, connected, forgotten, has_a_way_in, is_known_inside, is_out,
    is_put_out, known, moves_out, way_in,
};
use crate::hall::Hall;
use crate::hub::eventually;

fn leaves(chat: &Chat) {
    eventually("the bot leaves", || !chat.has_bot());
}

#[test]
fn the_bot_says_which_rights_it_lacks_and_goes_on_when_it_has_them() {
    let hall = Hall::open();
    let chat = hall.telegram.supergroup(TITLE);
    let boss = connect(&hall, &chat, Rights::MEMBER);
    let boss = hall.again(boss);
    boss.says("/chat");
    boss.hears("мне не хватает прав: приглашать по ссылке и блокировать");
    let anna = hall.resident("Анна", "12");
    known(&hall, &anna.from, |known| known.waits && known.due_ms > now().ms);
    anna.says("/chat");
    anna.hears("Закрытый чат");
    anna.presses("Ссылка в чат");
    assert!(anna.answer().contains("Бот пока не может приглашать"), "{}", anna.answer());
    assert!(chat.links().is_empty());
    chat.set_rights(Rights { restrict: false, ..Rights::ALL });
    boss.hears("мне не хватает права блокировать участников");
    comes_in(&hall, &anna, &chat, &way_in(&anna));
    moves_out(&hall, &anna.from);
    boss.hears("Анна нужно убрать из чата");
    assert!(anna.is_in(&chat));
    chat.set_rights(Rights::ALL);
    boss.hears("есть все нужные права");
    is_put_out(&anna, &chat);
}

#[test]
fn what_the_bot_may_is_asked_where_it_was_not_told_of_it() {
    let hall = Hall::open();
    let chat = hall.telegram.supergroup(TITLE);
    let boss = connect(&hall, &chat, Rights::MEMBER);
    hall.telegram.set_late(true);
    chat.set_rights(Rights::ALL);
    let anna = hall.resident("Анна", "12");
    let way = way_in(&anna);
    hall.again(boss).hears("есть все нужные права");
    hall.telegram.set_late(false);
    comes_in(&hall, &anna, &chat, &way);
}

#[test]
fn an_answer_to_the_question_survives_a_restart_and_nobody_elses_counts() {
    let mut hall = Hall::open();
    let chat = hall.telegram.supergroup(TITLE);
    let (boss, vera) = {
        let (host, boss) = (hall.stranger("Хозяин", "ru"), hall.administrator("Борис"));
        host.owns(&chat);
        boss.is_brought_into(&chat);
        boss.adds_bot(&chat, Rights { invite: false, ..Rights::ALL });
        boss.hears("Это закрытый чат посёлка");
        (boss.from.clone(), hall.administrator("Вера").from.clone())
    };
    hall.restart();
    let (boss, vera) = (hall.again(boss), hall.again(vera));
    let asked = boss.messages().into_iter().find(|shown| shown.text().contains("Это закрытый чат")).unwrap();
    let Does::Press(yes) = &asked.screen.keys[0][0].does else { panic!("{asked:?}") };
    vera.says("/menu");
    vera.presses_at(vera.hears("Вера").at, yes);
    assert_eq!(vera.answer(), "На это уже ответили.");
    // The bot's rights may be seen to by whoever owns the group: it stays, and asks nobody again.
    chat.set_rights(Rights::ALL);
    eventually("it is heard", || hall.telegram.waiting() == 0);
    boss.presses("Да");
    boss.hears("— закрытый чат посёлка «Сосновка»");
    assert_eq!(boss.answer(), "");
    boss.presses_at(asked.at, yes);
    assert_eq!(boss.answer(), "На это уже ответили.");
    boss.says("/chat");
    boss.hears("есть все нужные права");
    let asked = boss.messages().iter().filter(|shown| shown.text().contains("Это закрытый чат")).count();
    assert!(asked == 0 && chat.has_bot() && hall.telegram.calls("leaveChat") == 0);
}

#[test]
fn the_bot_leaves_where_nobody_asked_for_it() {
    for rights in [Rights::MEMBER, Rights::ALL] {
        let hall = Hall::open();
        let (chat, anna) = (hall.telegram.supergroup(TITLE), hall.resident("Анна", "12"));
        anna.adds_bot(&chat, rights);
        anna.hears("никто из администраторов посёлка меня туда не звал");
        leaves(&chat);
        anna.says("/menu");
        anna.hears("Здравствуйте, Анна!");
        let told = anna.messages().into_iter().filter(|shown| shown.text().contains("меня туда не звал"));
        assert_eq!(told.count(), 1, "once");
        // Where nobody hears of it, it leaves as well.
        let (other, host) = (hall.telegram.group("Другой"), hall.stranger("Хозяин", "ru"));
        host.adds_bot(&other, rights);
        leaves(&other);
    }
}

#[test]
fn an_administrator_says_no() {
    let hall = Hall::open();
    let (chat, boss) = (hall.telegram.supergroup(TITLE), hall.administrator("Борис"));
    boss.adds_bot(&chat, Rights::ALL);
    boss.hears("Это закрытый чат посёлка");
    boss.presses("Нет");
    boss.hears("Я вышел из «Сосновка, свои»");
    leaves(&chat);
    boss.says("/chat");
    boss.hears("Добавьте меня в группу администратором");
}

#[test]
fn an_administrator_of_two_communities_chooses_and_the_other_gets_no_say() {
    let hall = Hall::open();
    let (chat, boss) = (hall.telegram.supergroup(TITLE), hall.administrator("Борис"));
    let accounts = hall.town.communities.accounts();
    let account =
        accounts.messenger_user(Messenger::Telegram, boss.from.user).unwrap().unwrap().value.account;
    let second = hall.town.village("Берёзовка");
    let person = second.officer("Борис", Role::Administrator);
    accounts.join(account, second.community.id, person, entropy, now()).unwrap();
    boss.adds_bot(&chat, Rights::ALL);
    let asked = boss.hears("Закрытый чат какого это посёлка?");
    assert_eq!(asked.labels().len(), 3, "{asked:?}");
    boss.presses("Берёзовка");
    boss.hears("— закрытый чат посёлка «Берёзовка»");
    assert_eq!(boss.answer(), "");
    let first = asked.screen.keys.iter().flatten().find(|key| key.label == "Сосновка").unwrap();
    let Does::Press(press) = &first.does else { panic!("{asked:?}") };
    boss.presses_at(asked.at, press);
    assert_eq!(boss.answer(), "На это уже ответили.");
}

#[test]
fn a_chat_that_moves_stays_the_communitys() {
    let hall = Hall::open();
    let chat = hall.telegram.group(TITLE);
    connect(&hall, &chat, Rights::ALL);
    let (anna, oleg) = (hall.resident("Анна", "12"), hall.resident("Олег", "13"));
    comes_in(&hall, &oleg, &chat, &way_in(&oleg));
    let first = way_in(&anna);
    chat.migrate();
    // The old way leads nowhere.
    let second = way_in(&anna);
    assert_ne!(first, second);
    assert_eq!(anna.joins(&first), Joining::Refused("INVITE_HASH_EXPIRED".to_owned()));
    comes_in(&hall, &anna, &chat, &second);
    moves_out(&hall, &oleg.from);
    is_put_out(&oleg, &chat);
}

#[test]
fn a_chat_that_moved_is_found_by_what_is_done_there() {
    let hall = Hall::open();
    let chat = hall.telegram.group(TITLE);
    let boss = connect(&hall, &chat, Rights::ALL);
    let anna = hall.resident("Анна", "12");
    comes_in(&hall, &anna, &chat, &way_in(&anna));
    hall.telegram.set_late(true);
    chat.migrate();
    moves_out(&hall, &anna.from);
    is_put_out(&anna, &chat);
    is_out(&hall, &anna.from);
    // What is heard of it later is no news.
    hall.telegram.set_late(false);
    let boss = hall.again(boss);
    boss.says("/chat");
    boss.hears("Жителей в чате: 1");
    let oleg = hall.resident("Олег", "13");
    comes_in(&hall, &oleg, &chat, &way_in(&oleg));
    assert_eq!(chat.put_out(), [anna.from.user]);
}

#[test]
fn a_bot_that_was_put_out_says_so_and_goes_on_when_it_is_back() {
    let (hall, chat, boss) = connected();
    let boss = hall.again(boss);
    chat.removes_bot();
    boss.hears("Меня больше нет в чате");
    let anna = hall.resident("Анна", "12");
    known(&hall, &anna.from, |known| known.waits);
    boss.says("/chat");
    boss.hears("Меня больше нет в чате");
    assert!(!has_a_way_in(&anna));
    boss.adds_bot(&chat, Rights::ALL);
    boss.hears("есть все нужные права");
    comes_in(&hall, &anna, &chat, &way_in(&anna));
}

#[test]
fn a_chat_is_disconnected_by_its_administrator() {
    let (hall, chat, boss) = connected();
    let boss = hall.again(boss);
    let (anna, oleg) = (hall.resident("Анна", "12"), hall.resident("Олег", "13"));
    let way = way_in(&anna);
    comes_in(&hall, &oleg, &chat, &way_in(&oleg));
    boss.says("/chat");
    boss.hears("Закрытый чат посёлка");
    boss.presses("Отключить чат");
    boss.hears("Отключить чат от посёлка?");
    boss.presses("Да, отключить");
    boss.hears("Чат отключён");
    closes(&chat, &way);
    leaves(&chat);
    forgotten(&hall, &anna.from);
    moves_out(&hall, &anna.from);
    moves_out(&hall, &oleg.from);
    // It may be connected again.
    boss.adds_bot(&chat, Rights::ALL);
    boss.hears("Это закрытый чат посёлка");
    boss.presses("Да");
    boss.hears("— закрытый чат посёлка «Сосновка»");
    is_known_inside(&hall, &boss.from);
    assert!(oleg.is_in(&chat) && chat.put_out().is_empty());
    // That it left is no news.
    assert!(!boss.messages().iter().any(|shown| shown.text().contains("Меня больше нет")));
}

#[test]
fn a_chat_whose_group_is_deleted_is_missed_once_and_another_takes_its_place() {
    for plain in [false, true] {
        let hall = Hall::open();
        let chat = if plain { hall.telegram.group(TITLE) } else { hall.telegram.supergroup(TITLE) };
        let boss = connect(&hall, &chat, Rights::ALL);
        let boss = hall.again(boss);
        let anna = hall.resident("Анна", "12");
        comes_in(&hall, &anna, &chat, &way_in(&anna));
        chat.delete();
        // Nobody tells the bot: it finds out by what it cannot do.
        moves_out(&hall, &anna.from);
        boss.hears("Меня больше нет в чате");
        let oleg = hall.resident("Олег", "13");
        known(&hall, &oleg.from, |known| known.waits);
        boss.says("/chat");
        boss.hears("Закрытый чат посёлка «Сосновка»");
        boss.presses("Отключить чат");
        boss.hears("Отключить чат от посёлка?");
        boss.presses("Да, отключить");
        boss.hears("Чат отключён");
        forgotten(&hall, &anna.from);
        forgotten(&hall, &oleg.from);
        let another = hall.telegram.supergroup("Сосновка, заново");
        boss.adds_bot(&another, Rights::ALL);
        boss.hears("Это закрытый чат посёлка «Сосновка»?");
        boss.presses("Да");
        boss.hears("«Сосновка, заново» — закрытый чат посёлка «Сосновка»");
        oleg.says("/chat");
        oleg.hears("Закрытый чат посёлка «Сосновка»: «Сосновка, заново»");
        oleg.presses("Ссылка в чат");
        comes_in(&hall, &oleg, &another, &way_in(&oleg));
        let told = boss.messages().iter().filter(|shown| shown.text().contains("Меня больше нет")).count();
        assert_eq!((told, has_a_way_in(&boss)), (1, false));
    }
}
