//! The closed chat: who belongs is let in, who belongs no more is put out.

use std::thread;
use std::time::{Duration, Instant};

use dwellers::Actor;
use dwellers::people::{Place, PlaceKind, Role, RoleGrant};
use dwellers::rights::{self, Whom};
use dwellers_cloud::accounts::Messenger;
use dwellers_cloud::bot::talk::{Does, Group, GroupInput, Output, Rights, Speaker};
use dwellers_cloud::chats::{self, ChatUser, WayIn};
use dwellers_cloud::clock::now;
use dwellers_replica::{Query, RecordId};

use crate::hub::Hub;
use crate::rehearsal::{Hall, Shown, User};

const ALL: Rights = Rights { administrator: true, invite: true, remove: true };
const CHAT: i64 = -1_001;

fn group() -> Group {
    Group { chat: CHAT, title: "Сосновка, свои".to_owned() }
}

/// A hall with a chat, and the administrator who connected it.
fn connected() -> (Hall, Speaker) {
    let hall = Hall::open();
    let boss = connect(&hall, ALL);
    (hall, boss)
}

fn connect(hall: &Hall, rights: Rights) -> Speaker {
    let boss = hall.administrator("Борис");
    hall.set_rights(CHAT, rights);
    hall.is_member(CHAT, boss.from.user);
    boss.in_group(&group(), GroupInput::Standing(rights));
    boss.hears("Это закрытый чат посёлка «Сосновка»?");
    boss.presses("Да");
    boss.hears("«Сосновка, свои» — закрытый чат посёлка «Сосновка»");
    known(hall, &boss.from, |known| known.inside == Some(true) && !known.waits);
    boss.from.clone()
}

/// Waits until something is known of somebody.
fn known(hall: &Hall, who: &Speaker, is: impl Fn(&ChatUser) -> bool) {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let read = hall.village.community.store.view(|view| chats::chat_user(view, who.user));
        let read = read.unwrap().unwrap().map(|known| known.value);
        if read.as_ref().is_some_and(&is) {
            return;
        }
        assert!(Instant::now() < until, "{read:?}");
        thread::yield_now();
    }
}

/// Waits until nothing is known of somebody.
fn forgotten(hall: &Hall, who: &Speaker) {
    let until = Instant::now() + Duration::from_secs(20);
    let read =
        || hall.village.community.store.view(|view| chats::chat_user(view, who.user)).unwrap().unwrap();
    while read().is_some() {
        assert!(Instant::now() < until, "{:?}", read());
        thread::yield_now();
    }
}

/// Waits until somebody is out, and nothing is to be done about them.
fn is_out(hall: &Hall, who: &Speaker) {
    known(hall, who, |known| !known.belongs && !known.waits && known.inside == Some(false));
}

fn link(shown: &Shown) -> String {
    let keys = shown.screen.keys.iter().flatten();
    let mut links = keys.filter_map(|key| match &key.does {
        Does::Open(link) => Some(link.clone()),
        _ => None,
    });
    links.next().unwrap_or_else(|| panic!("no link: {shown:?}"))
}

/// Whether they were ever given a way in.
fn has_a_way_in(who: &User<'_>) -> bool {
    who.messages().iter().any(|shown| shown.text().contains("Ваша ссылка"))
}

fn asks(who: &User<'_>, link: Option<&str>) {
    who.in_group(&group(), GroupInput::Asks { who: who.from.clone(), link: link.map(str::to_owned) });
}

fn joins(who: &User<'_>, link: Option<&str>) {
    who.in_group(&group(), GroupInput::Joined { who: who.from.clone(), link: link.map(str::to_owned) });
}

fn admits(hall: &Hall, who: &User<'_>, yes: bool) {
    let (chat, user) = (CHAT, who.from.user);
    hall.group_does(|output| *output == Output::Admit { chat, user, yes });
}

fn removes(hall: &Hall, who: &Speaker) {
    let (chat, user) = (CHAT, who.user);
    hall.group_does(|output| *output == Output::Remove { chat, user });
}

fn closes(hall: &Hall, link: &str) {
    let (chat, link) = (CHAT, link.to_owned());
    hall.group_does(|output| *output == Output::Uninvite { chat, link: link.clone() });
}

fn leaves(hall: &Hall) {
    hall.group_does(|output| *output == Output::Leave(CHAT));
}

/// The place of somebody ends, as another replica says.
fn moves_out(hall: &Hall, who: &Speaker) {
    let (_, place) = place_of(hall, who);
    hall.village.revoke(hall.village.officer("Правление", Role::Administrator), place);
}

fn place_of(hall: &Hall, who: &Speaker) -> (RecordId, RecordId) {
    let (accounts, community) = (hall.town.communities.accounts(), &hall.village.community);
    let known = accounts.messenger_user(Messenger::Telegram, who.user).unwrap().unwrap();
    let person = accounts.person_in(known.value.account, community.id).unwrap().unwrap();
    let held = community.store.view(|view| dwellers::people::held(view, now(), person)).unwrap().unwrap();
    (person, held.first().unwrap().grant)
}

#[test]
fn an_administrator_connects_the_chat_and_a_new_resident_gets_a_way_in_of_their_own() {
    let (hall, boss) = connected();
    let anna = hall.resident("Анна", "12");
    let link = link(&anna.hears("Ваша ссылка в закрытый чат «Сосновка, свои». Она только для вас"));
    let invited = hall.group_does(|output| matches!(output, Output::Invite { .. }));
    assert!(matches!(invited, Output::Invite { chat: CHAT, asks: true, .. }), "{invited:?}");
    asks(&anna, Some(&link));
    admits(&hall, &anna, true);
    joins(&anna, Some(&link));
    // It is good for nobody any more.
    closes(&hall, &link);
    let boss = hall.again(boss);
    boss.says("/chat");
    let shown = boss.hears("Жителей в чате: 2");
    assert!(shown.text().contains("есть все нужные права"), "{shown:?}");
    anna.says("/chat");
    let shown = anna.hears("Закрытый чат посёлка «Сосновка»");
    assert!(shown.labels().is_empty() && !shown.text().contains("Жителей"), "{shown:?}");
}

#[test]
fn who_was_in_the_chat_before_gets_no_way_in() {
    let hall = Hall::open();
    let anna = hall.resident("Анна", "12");
    let oleg = hall.resident("Олег", "13");
    hall.is_member(CHAT, anna.from.user);
    connect(&hall, ALL);
    known(&hall, &anna.from, |known| known.inside == Some(true) && !known.waits);
    known(&hall, &oleg.from, |known| known.inside == Some(false) && !known.waits);
    assert!(!has_a_way_in(&anna) && !has_a_way_in(&oleg));
    // Whoever asks gets one.
    oleg.says("/chat");
    oleg.hears("Закрытый чат");
    oleg.presses("Ссылка в чат");
    assert_eq!(oleg.answer(), "Ссылка сейчас придёт");
    let first = link(&oleg.hears("Ваша ссылка"));
    oleg.presses("Ссылка в чат");
    let second = link(&oleg.hears("Ваша ссылка"));
    assert_ne!(first, second);
    closes(&hall, &first);
}

#[test]
fn a_stranger_with_somebody_elses_way_in_is_declined_and_reported() {
    let (hall, boss) = connected();
    let boss = hall.again(boss);
    let anna = hall.resident("Анна", "12");
    let link = link(&anna.hears("Ваша ссылка"));
    let thief = hall.stranger("Вор", "ru");
    asks(&thief, Some(&link));
    admits(&hall, &thief, false);
    boss.hears("попросился чужой человек: Вор");
    // It still lets the right one in.
    asks(&anna, Some(&link));
    admits(&hall, &anna, true);
    assert!(!hall.group_outputs().iter().any(|output| matches!(output, Output::Remove { .. })));
}

#[test]
fn a_stranger_who_slips_in_by_a_single_use_way_is_put_out_and_the_right_one_gets_another() {
    let (hall, boss) = connected();
    let boss = hall.again(boss);
    hall.knows_no_requests(CHAT);
    let anna = hall.resident("Анна", "12");
    let first = link(&anna.hears("Она одноразовая и действует сутки"));
    let thief = hall.stranger("Вор", "ru");
    joins(&thief, Some(&first));
    removes(&hall, &thief.from);
    boss.hears("вошёл чужой человек: Вор");
    let second = link(&anna.hears("Она одноразовая"));
    assert_ne!(first, second);
    closes(&hall, &first);
    joins(&anna, Some(&second));
    closes(&hall, &second);
    let ways = hall.village.community.store.view(|view| chats::all::<WayIn>(view, &Query::on("open")));
    let mut ways = ways.unwrap().unwrap();
    ways.sort_by_key(|way| way.id);
    assert_eq!(
        ways.iter().map(|way| way.value.used_by).collect::<Vec<_>>(),
        [thief.from.user, anna.from.user]
    );
    forgotten(&hall, &thief.from);
}

#[test]
fn who_belongs_is_let_in_by_any_way_and_of_others_administrators_decide() {
    let (hall, boss) = connected();
    let boss = hall.again(boss);
    let other = hall.administrator("Вера");
    let anna = hall.resident("Анна", "12");
    asks(&anna, None);
    admits(&hall, &anna, true);
    let guest = hall.stranger("Гость", "ru");
    asks(&guest, Some("https://t.me/+printed"));
    boss.hears("Гость просится в чат");
    other.hears("Гость просится в чат");
    boss.presses("Впустить");
    admits(&hall, &guest, true);
    boss.hears("Гость: в чат «Сосновка, свои» впущен(а). Решение: Борис");
    // The other one sees it, too, and cannot decide otherwise.
    let shown = other.hears("Решение: Борис");
    assert!(shown.labels().is_empty(), "{shown:?}");
    joins(&guest, Some("https://t.me/+printed"));
    known(&hall, &guest.from, |known| known.inside == Some(true));
    // They are nobody here, and nobody puts them out.
    boss.says("/chat");
    boss.hears("Есть в чате, но нет в посёлке (из тех, кого я видел) — 1: Гость");
    let second = hall.stranger("Второй", "ru");
    asks(&second, None);
    other.hears("Второй просится");
    other.presses("Отказать");
    admits(&hall, &second, false);
    boss.hears("отказано. Решение: Вера");
    assert!(!hall.group_outputs().iter().any(|output| matches!(output, Output::Remove { .. })));
}

#[test]
fn the_bot_says_which_rights_it_lacks_and_goes_on_when_it_has_them() {
    let hall = Hall::open();
    let none = Rights { administrator: false, invite: false, remove: false };
    let boss = connect(&hall, none);
    let boss = hall.again(boss);
    boss.says("/chat");
    boss.hears("мне не хватает прав: приглашать по ссылке и блокировать");
    let anna = hall.resident("Анна", "12");
    known(&hall, &anna.from, |known| known.waits && known.due_ms > now().ms);
    anna.says("/chat");
    anna.hears("Закрытый чат");
    anna.presses("Ссылка в чат");
    assert!(anna.answer().contains("Бот пока не может приглашать"), "{}", anna.answer());
    let invite = Rights { administrator: true, invite: true, remove: false };
    hall.set_rights(CHAT, invite);
    boss.in_group(&group(), GroupInput::Standing(invite));
    boss.hears("мне не хватает права блокировать участников");
    anna.hears("Ваша ссылка");
    joins(&anna, None);
    known(&hall, &anna.from, |known| known.inside == Some(true) && !known.waits);
    moves_out(&hall, &anna.from);
    boss.hears("Анна нужно убрать из чата");
    hall.set_rights(CHAT, ALL);
    boss.in_group(&group(), GroupInput::Standing(ALL));
    boss.hears("есть все нужные права");
    removes(&hall, &anna.from);
}

#[test]
fn whose_last_place_ends_is_put_out_and_who_comes_again_gets_a_way_in_again() {
    let (hall, _) = connected();
    let anna = hall.resident("Анна", "12");
    let first = link(&anna.hears("Ваша ссылка"));
    joins(&anna, Some(&first));
    known(&hall, &anna.from, |known| known.inside == Some(true) && !known.waits);
    let (person, _) = place_of(&hall, &anna.from);
    moves_out(&hall, &anna.from);
    removes(&hall, &anna.from);
    anna.hears("я убрал вас из закрытого чата");
    is_out(&hall, &anna.from);
    known(&hall, &anna.from, |known| known.name.is_empty());
    let house = hall.village.house("13");
    hall.village.run(|ctx| dwellers::people::settle(ctx, &Actor::Operator, person, house, PlaceKind::Tenant));
    let second = link(&anna.hears("Ваша ссылка"));
    assert_ne!(first, second);
}

#[test]
fn who_was_put_out_and_walks_in_by_a_way_of_the_group_is_put_out_again_but_for_a_guest() {
    let (hall, boss) = connected();
    let boss = hall.again(boss);
    let anna = hall.resident("Анна", "12");
    joins(&anna, Some(&link(&anna.hears("Ваша ссылка"))));
    known(&hall, &anna.from, |known| known.inside == Some(true) && !known.waits);
    moves_out(&hall, &anna.from);
    is_out(&hall, &anna.from);
    let removals = || {
        let outputs = hall.group_outputs();
        outputs.iter().filter(|output| matches!(output, Output::Remove { .. })).count()
    };
    assert_eq!(removals(), 1);
    joins(&anna, None);
    boss.hears("снова вошёл человек, которого больше нет в посёлке: Анна");
    is_out(&hall, &anna.from);
    assert_eq!(removals(), 2);
    // Whom administrators let in is their guest.
    asks(&anna, None);
    boss.hears("Анна просится в чат");
    boss.presses("Впустить");
    admits(&hall, &anna, true);
    joins(&anna, None);
    known(&hall, &anna.from, |known| known.inside == Some(true) && !known.waits && known.person.is_none());
    assert_eq!(removals(), 2);
}

#[test]
fn a_hub_takes_a_place_away_while_it_is_offline_and_they_are_put_out_when_the_cloud_hears_of_it() {
    let (hall, boss) = connected();
    let anna = hall.resident("Анна", "12");
    joins(&anna, Some(&link(&anna.hears("Ваша ссылка"))));
    known(&hall, &anna.from, |known| known.inside == Some(true) && !known.waits);
    let hub = Hub::connected(&hall.town, &hall.village);
    let ((_, place), (by, _)) = (place_of(&hall, &anna.from), place_of(&hall, &boss));
    hub.learns::<Place>(place);
    hub.learns::<RoleGrant>(place_of(&hall, &boss).1);
    hub.disconnect();
    hub.run(|ctx| Ok(((), rights::revoke(ctx, &Actor::Person(by), place, "съехал")?)));
    assert!(!hall.group_outputs().iter().any(|output| matches!(output, Output::Remove { .. })));
    hub.connect();
    removes(&hall, &anna.from);
}

#[test]
fn who_is_banned_or_disconnects_is_put_out_and_their_way_in_is_closed() {
    let (hall, boss) = connected();
    let (anna, oleg) = (hall.resident("Анна", "12"), hall.resident("Олег", "13"));
    let way = link(&anna.hears("Ваша ссылка"));
    let olegs = link(&oleg.hears("Ваша ссылка"));
    // Anna never came in: there is only a way to close.
    let (person, _) = place_of(&hall, &anna.from);
    let (by, _) = place_of(&hall, &boss);
    let whom = Whom::Person(person);
    hall.village.run(|ctx| rights::ban(ctx, &Actor::Person(by), &whom, "шумит", None));
    closes(&hall, &way);
    is_out(&hall, &anna.from);
    joins(&oleg, Some(&olegs));
    known(&hall, &oleg.from, |known| known.inside == Some(true) && !known.waits);
    let accounts = hall.town.communities.accounts();
    let account =
        accounts.messenger_user(Messenger::Telegram, oleg.from.user).unwrap().unwrap().value.account;
    accounts.disconnect(account, Messenger::Telegram, now()).unwrap();
    removes(&hall, &oleg.from);
    assert!(!hall.group_outputs().contains(&Output::Remove { chat: CHAT, user: anna.from.user }));
}

#[test]
fn what_happened_while_the_cloud_was_down_is_noticed_at_its_start() {
    let (mut hall, _) = connected();
    let from = {
        let anna = hall.resident("Анна", "12");
        let link = link(&anna.hears("Ваша ссылка"));
        joins(&anna, Some(&link));
        known(&hall, &anna.from, |known| known.inside == Some(true) && !known.waits);
        anna.from.clone()
    };
    let (_, place) = place_of(&hall, &from);
    let by = hall.village.officer("Правление", Role::Administrator);
    hall.restart_after(|village| village.revoke(by, place));
    removes(&hall, &from);
}

#[test]
fn what_the_messenger_could_not_do_is_done_after_a_restart_and_what_no_longer_matters_is_not() {
    let (mut hall, _) = connected();
    hall.is_away(true);
    let (anna, oleg) = {
        let (anna, oleg) = (hall.resident("Анна", "12"), hall.resident("Олег", "13"));
        known(&hall, &anna.from, |known| known.waits && known.tries > 0);
        known(&hall, &oleg.from, |known| known.waits && known.tries > 0);
        (anna.from.clone(), oleg.from.clone())
    };
    moves_out(&hall, &oleg);
    hall.restart();
    hall.is_away(false);
    hall.again(anna).hears("Ваша ссылка");
    is_out(&hall, &oleg);
    assert!(!has_a_way_in(&hall.again(oleg)));
    // One thing was done once.
    let invites =
        hall.group_outputs().iter().filter(|output| matches!(output, Output::Invite { .. })).count();
    assert_eq!(invites, 1);
}

#[test]
fn an_answer_to_the_question_survives_a_restart_and_nobody_elses_counts() {
    let mut hall = Hall::open();
    hall.set_rights(CHAT, ALL);
    let (boss, vera) = {
        let boss = hall.administrator("Борис");
        boss.in_group(&group(), GroupInput::Standing(ALL));
        boss.hears("Это закрытый чат посёлка");
        (boss.from.clone(), hall.administrator("Вера").from.clone())
    };
    hall.restart();
    let (boss, vera) = (hall.again(boss), hall.again(vera));
    let asked = boss.messages().into_iter().find(|shown| shown.text().contains("Это закрытый чат")).unwrap();
    let Does::Press(yes) = &asked.screen.keys[0][0].does else { panic!("{asked:?}") };
    vera.presses_at(asked.at, yes);
    assert_eq!(vera.answer(), "На это уже ответили.");
    // The bot's rights may be seen to by whoever owns the group: it stays, and asks nobody again.
    hall.stranger("Хозяин", "ru").in_group(&group(), GroupInput::Standing(ALL));
    boss.presses("Да");
    boss.hears("— закрытый чат посёлка «Сосновка»");
    assert_eq!(boss.answer(), "");
    boss.presses_at(asked.at, yes);
    assert_eq!(boss.answer(), "На это уже ответили.");
    assert!(!hall.group_outputs().contains(&Output::Leave(CHAT)));
}

#[test]
fn the_bot_leaves_where_nobody_asked_for_it() {
    let hall = Hall::open();
    let anna = hall.resident("Анна", "12");
    anna.in_group(&group(), GroupInput::Standing(Rights::default()));
    anna.hears("никто из администраторов посёлка меня туда не звал");
    leaves(&hall);
}

#[test]
fn an_administrator_says_no() {
    let hall = Hall::open();
    let boss = hall.administrator("Борис");
    boss.in_group(&group(), GroupInput::Standing(ALL));
    boss.hears("Это закрытый чат посёлка");
    boss.presses("Нет");
    boss.hears("Я вышел из «Сосновка, свои»");
    leaves(&hall);
    boss.says("/chat");
    boss.hears("Добавьте меня в группу администратором");
}

#[test]
fn an_administrator_of_two_communities_chooses_and_the_other_gets_no_say() {
    let hall = Hall::open();
    let boss = hall.administrator("Борис");
    let accounts = hall.town.communities.accounts();
    let account =
        accounts.messenger_user(Messenger::Telegram, boss.from.user).unwrap().unwrap().value.account;
    let second = hall.town.village("Берёзовка");
    let person = second.officer("Борис", Role::Administrator);
    accounts.join(account, second.community.id, person, dwellers_cloud::clock::entropy, now()).unwrap();
    hall.set_rights(CHAT, ALL);
    boss.in_group(&group(), GroupInput::Standing(ALL));
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
    let (hall, boss) = connected();
    let boss = hall.again(boss);
    let anna = hall.resident("Анна", "12");
    let first = link(&anna.hears("Ваша ссылка"));
    let moved = Group { chat: -1_002, ..group() };
    hall.group_moves(CHAT, moved.chat);
    boss.in_group(&group(), GroupInput::Moved { to: moved.chat });
    // The old way leads nowhere.
    let second = link(&anna.hears("Ваша ссылка"));
    assert_ne!(first, second);
    anna.in_group(&moved, GroupInput::Joined { who: anna.from.clone(), link: Some(second) });
    known(&hall, &anna.from, |known| known.inside == Some(true) && !known.waits);
    // What the messenger says of it is enough, too.
    hall.group_moves(moved.chat, -1_003);
    moves_out(&hall, &anna.from);
    hall.group_does(|output| *output == Output::Remove { chat: -1_003, user: anna.from.user });
}

#[test]
fn who_owns_the_chat_is_not_put_out_and_administrators_hear_of_it_once() {
    let (hall, boss) = connected();
    let boss = hall.again(boss);
    let anna = hall.resident("Анна", "12");
    anna.hears("Ваша ссылка");
    joins(&anna, None);
    known(&hall, &anna.from, |known| known.inside == Some(true) && !known.waits);
    hall.owns_group(CHAT, anna.from.user);
    moves_out(&hall, &anna.from);
    boss.hears("Telegram не даёт мне убрать владельца или администратора");
    known(&hall, &anna.from, |known| known.fixed && !known.waits);
    boss.says("/chat");
    boss.hears("Есть в чате, но нет в посёлке (из тех, кого я видел) — 1: ");
    let told = boss.messages().iter().filter(|shown| shown.text().contains("не даёт мне убрать")).count();
    assert_eq!(told, 1);
}

#[test]
fn a_bot_that_was_put_out_says_so_and_goes_on_when_it_is_back() {
    let (hall, boss) = connected();
    let boss = hall.again(boss);
    boss.in_group(&group(), GroupInput::Gone);
    boss.hears("Меня больше нет в чате");
    let anna = hall.resident("Анна", "12");
    known(&hall, &anna.from, |known| known.waits);
    boss.says("/chat");
    boss.hears("Меня больше нет в чате");
    assert!(!has_a_way_in(&anna));
    boss.in_group(&group(), GroupInput::Standing(ALL));
    boss.hears("есть все нужные права");
    anna.hears("Ваша ссылка");
}

#[test]
fn a_chat_is_disconnected_by_its_administrator() {
    let (hall, boss) = connected();
    let boss = hall.again(boss);
    let anna = hall.resident("Анна", "12");
    let way = link(&anna.hears("Ваша ссылка"));
    boss.says("/chat");
    boss.hears("Закрытый чат посёлка");
    boss.presses("Отключить чат");
    boss.hears("Отключить чат от посёлка?");
    boss.presses("Да, отключить");
    boss.hears("Чат отключён");
    closes(&hall, &way);
    leaves(&hall);
    // That it left is no news.
    boss.in_group(&group(), GroupInput::Gone);
    forgotten(&hall, &anna.from);
    moves_out(&hall, &anna.from);
    // It may be connected again.
    boss.in_group(&group(), GroupInput::Standing(ALL));
    boss.hears("Это закрытый чат посёлка");
    boss.presses("Да");
    boss.hears("— закрытый чат посёлка «Сосновка»");
    assert!(!hall.group_outputs().iter().any(|output| matches!(output, Output::Remove { .. })));
    assert!(!boss.messages().iter().any(|shown| shown.text().contains("Меня больше нет")));
}

#[test]
fn it_speaks_english() {
    let (hall, _) = connected();
    let house = hall.village.house("12");
    let (person, _) = hall.village.resident("Ann", house, PlaceKind::Owner);
    let ann = hall.person("Ann", person, "en");
    ann.hears("Your link to the closed chat “Сосновка, свои”. It is yours alone");
    ann.says("/chat");
    assert_eq!(ann.hears("The closed chat of “Сосновка”").labels(), ["🔗 Link to the chat"]);
}
