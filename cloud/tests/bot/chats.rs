//! The closed chat: who belongs is let in, who belongs no more is put out.

mod group;

use std::thread;
use std::time::{Duration, Instant};

use dwellers::Actor;
use dwellers::people::{Place, PlaceKind, Role, RoleGrant};
use dwellers::rights::{self, Whom};
use dwellers_cloud::accounts::Messenger;
use dwellers_cloud::bot::talk::{Does, Speaker};
use dwellers_cloud::chats::{self, ChatUser, Telling, WayIn};
use dwellers_cloud::clock::now;
use dwellers_replica::{Query, RecordId};
use dwellers_telegram::{Chat, Joining, Rights};
use serde_json::json;

use crate::hall::{Hall, Shown, User};
use crate::hub::{Hub, eventually};
use crate::{applications, joining};

const TITLE: &str = "Сосновка, свои";

/// A hall with a chat, and the administrator who connected it.
fn connected() -> (Hall, Chat, Speaker) {
    let hall = Hall::open();
    let chat = hall.telegram.supergroup(TITLE);
    let boss = connect(&hall, &chat, Rights::ALL);
    (hall, chat, boss)
}

fn connect(hall: &Hall, chat: &Chat, rights: Rights) -> Speaker {
    let boss = hall.administrator("Борис");
    boss.adds_bot(chat, rights);
    boss.hears("Это закрытый чат посёлка «Сосновка»?");
    boss.presses("Да");
    boss.hears("«Сосновка, свои» — закрытый чат посёлка «Сосновка»");
    is_known_inside(hall, &boss.from);
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

fn is_known_inside(hall: &Hall, who: &Speaker) {
    known(hall, who, |known| known.inside == Some(true) && !known.waits);
}

/// Waits until nothing is known of somebody.
fn forgotten(hall: &Hall, who: &Speaker) {
    let read =
        || hall.village.community.store.view(|view| chats::chat_user(view, who.user)).unwrap().unwrap();
    eventually("nothing is known of them", || read().is_none());
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

/// The way in that somebody is given.
fn way_in(who: &User<'_>) -> String {
    link(&who.hears("Ваша ссылка"))
}

/// Whether they were ever given a way in.
fn has_a_way_in(who: &User<'_>) -> bool {
    who.messages().iter().any(|shown| shown.text().contains("Ваша ссылка"))
}

/// Somebody asks by a link to be let in, and is.
fn comes_in(hall: &Hall, who: &User<'_>, chat: &Chat, link: &str) {
    assert_eq!(who.joins(link), Joining::Requested);
    is_let_in(hall, who, chat);
    // It is good for nobody any more.
    closes(chat, link);
}

fn is_let_in(hall: &Hall, who: &User<'_>, chat: &Chat) {
    eventually("they are let in", || who.is_in(chat));
    is_known_inside(hall, &who.from);
}

/// Waits until nobody waits to be let in, and they are not.
fn is_declined(who: &User<'_>, chat: &Chat) {
    eventually("they are answered", || chat.requests().is_empty());
    assert!(!who.is_in(chat));
}

fn is_put_out(who: &User<'_>, chat: &Chat) {
    eventually("they are put out", || !who.is_in(chat));
}

fn closes(chat: &Chat, link: &str) {
    eventually("the link is taken back", || chat.is_revoked(link));
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
    let (hall, chat, boss) = connected();
    let anna = hall.resident("Анна", "12");
    let link = link(&anna.hears("Ваша ссылка в закрытый чат «Сосновка, свои». Она только для вас"));
    assert_eq!(chat.links(), [link.as_str()]);
    comes_in(&hall, &anna, &chat, &link);
    let boss = hall.again(boss);
    boss.says("/chat");
    let shown = boss.hears("Жителей в чате: 2");
    assert!(shown.text().contains("есть все нужные права"), "{shown:?}");
    anna.says("/chat");
    let shown = anna.hears("Закрытый чат посёлка «Сосновка»");
    assert!(shown.labels().is_empty() && !shown.text().contains("Жителей"), "{shown:?}");
    // Who went may come back.
    anna.leaves(&chat);
    known(&hall, &anna.from, |known| known.inside == Some(false));
    anna.says("/chat");
    anna.hears("Закрытый чат посёлка «Сосновка»");
    anna.presses("Ссылка в чат");
    comes_in(&hall, &anna, &chat, &way_in(&anna));
}

#[test]
fn who_was_in_the_chat_before_gets_no_way_in() {
    let hall = Hall::open();
    let chat = hall.telegram.supergroup(TITLE);
    let anna = hall.resident("Анна", "12");
    let oleg = hall.resident("Олег", "13");
    anna.is_brought_into(&chat);
    connect(&hall, &chat, Rights::ALL);
    is_known_inside(&hall, &anna.from);
    known(&hall, &oleg.from, |known| known.inside == Some(false) && !known.waits);
    assert!(!has_a_way_in(&anna) && !has_a_way_in(&oleg) && chat.links().is_empty());
    // Whoever asks gets one.
    oleg.says("/chat");
    oleg.hears("Закрытый чат");
    oleg.presses("Ссылка в чат");
    assert_eq!(oleg.answer(), "Ссылка сейчас придёт");
    let first = way_in(&oleg);
    oleg.presses("Ссылка в чат");
    let second = way_in(&oleg);
    assert_ne!(first, second);
    closes(&chat, &first);
    assert_eq!(oleg.joins(&first), Joining::Refused("INVITE_HASH_EXPIRED".to_owned()));
    comes_in(&hall, &oleg, &chat, &second);
}

#[test]
fn a_stranger_with_somebody_elses_way_in_is_declined_and_reported() {
    let (hall, chat, boss) = connected();
    let boss = hall.again(boss);
    let anna = hall.resident("Анна", "12");
    let link = way_in(&anna);
    let thief = hall.stranger("Вор", "ru");
    assert_eq!(thief.joins(&link), Joining::Requested);
    boss.hears("попросился чужой человек: Вор");
    is_declined(&thief, &chat);
    // It still lets the right one in.
    comes_in(&hall, &anna, &chat, &link);
    assert!(chat.put_out().is_empty());
}

#[test]
fn a_stranger_who_slips_in_by_a_single_use_way_is_put_out_and_the_right_one_gets_another() {
    let (hall, chat, boss) = connected();
    let boss = hall.again(boss);
    chat.takes_no_requests();
    let anna = hall.resident("Анна", "12");
    let first = link(&anna.hears("Она одноразовая и действует сутки"));
    let thief = hall.stranger("Вор", "ru");
    assert_eq!(thief.joins(&first), Joining::Joined);
    is_put_out(&thief, &chat);
    boss.hears("вошёл чужой человек: Вор");
    let second = link(&anna.hears("Она одноразовая"));
    assert_ne!(first, second);
    // His place by it is free again: it must not be there any more.
    closes(&chat, &first);
    assert_eq!(anna.joins(&second), Joining::Joined);
    closes(&chat, &second);
    let ways = hall.village.community.store.view(|view| chats::all::<WayIn>(view, &Query::on("open")));
    let mut ways = ways.unwrap().unwrap();
    ways.sort_by_key(|way| way.id);
    assert_eq!(
        ways.iter().map(|way| way.value.used_by).collect::<Vec<_>>(),
        [thief.from.user, anna.from.user]
    );
    forgotten(&hall, &thief.from);
    assert!(anna.is_in(&chat) && !thief.is_in(&chat));
}

#[test]
fn who_belongs_is_let_in_by_any_way_and_of_others_administrators_decide() {
    let (hall, chat, boss) = connected();
    let boss = hall.again(boss);
    let other = hall.administrator("Вера");
    let anna = hall.resident("Анна", "12");
    assert_eq!(anna.asks(&chat), Joining::Requested);
    is_let_in(&hall, &anna, &chat);
    let printed = boss.makes_link(&chat, true);
    let ivan = hall.resident("Иван", "13");
    assert_eq!(ivan.joins(&printed), Joining::Requested);
    is_let_in(&hall, &ivan, &chat);
    let guest = hall.stranger("Гость", "ru");
    assert_eq!(guest.joins(&printed), Joining::Requested);
    boss.hears("Гость просится в чат");
    other.hears("Гость просится в чат");
    assert!(!guest.is_in(&chat));
    boss.presses("Впустить");
    boss.hears("Гость: в чат «Сосновка, свои» впущен(а). Решение: Борис");
    // The other one sees it, too, and cannot decide otherwise.
    let shown = other.hears("Решение: Борис");
    assert!(shown.labels().is_empty(), "{shown:?}");
    is_let_in(&hall, &guest, &chat);
    // They are nobody here, and nobody puts them out.
    boss.says("/chat");
    boss.hears("Есть в чате, но нет в посёлке (из тех, кого я видел) — 1: Гость");
    let second = hall.stranger("Второй", "ru");
    assert_eq!(second.asks(&chat), Joining::Requested);
    other.hears("Второй просится");
    other.presses("Отказать");
    boss.hears("отказано. Решение: Вера");
    is_declined(&second, &chat);
    // Whom another lets in in the group itself nobody has to answer any more.
    let third = hall.stranger("Третий", "ru");
    assert_eq!(third.joins(&printed), Joining::Requested);
    boss.hears("Третий просится");
    third.is_brought_into(&chat);
    boss.hears("Третий больше не просится в чат");
    is_let_in(&hall, &third, &chat);
    assert!(!chat.is_revoked(&printed), "it is not the bot's");
    assert!(chat.put_out().is_empty());
}

#[test]
fn whose_last_place_ends_is_put_out_and_who_comes_again_gets_a_way_in_again() {
    let (hall, chat, _) = connected();
    let anna = hall.resident("Анна", "12");
    let first = way_in(&anna);
    comes_in(&hall, &anna, &chat, &first);
    let (person, _) = place_of(&hall, &anna.from);
    moves_out(&hall, &anna.from);
    is_put_out(&anna, &chat);
    anna.hears("я убрал вас из закрытого чата");
    is_out(&hall, &anna.from);
    known(&hall, &anna.from, |known| known.name.is_empty());
    let house = hall.village.house("13");
    hall.village.run(|ctx| dwellers::people::settle(ctx, &Actor::Operator, person, house, PlaceKind::Tenant));
    let second = way_in(&anna);
    assert_ne!(first, second);
    comes_in(&hall, &anna, &chat, &second);
}

#[test]
fn who_was_put_out_and_walks_in_by_a_way_of_the_group_is_put_out_again_but_for_a_guest() {
    let (hall, chat, boss) = connected();
    let boss = hall.again(boss);
    let anna = hall.resident("Анна", "12");
    comes_in(&hall, &anna, &chat, &way_in(&anna));
    moves_out(&hall, &anna.from);
    is_out(&hall, &anna.from);
    assert_eq!(chat.put_out(), [anna.from.user]);
    let printed = boss.makes_link(&chat, false);
    assert_eq!(anna.joins(&printed), Joining::Joined);
    boss.hears("снова вошёл человек, которого больше нет в посёлке: Анна");
    is_put_out(&anna, &chat);
    is_out(&hall, &anna.from);
    anna.is_brought_into(&chat);
    boss.hears("снова вошёл человек, которого больше нет в посёлке: Анна");
    is_put_out(&anna, &chat);
    is_out(&hall, &anna.from);
    assert_eq!(chat.put_out(), [anna.from.user; 3]);
    // Whom administrators let in is their guest.
    assert_eq!(anna.asks(&chat), Joining::Requested);
    boss.hears("Анна просится в чат");
    boss.presses("Впустить");
    is_let_in(&hall, &anna, &chat);
    known(&hall, &anna.from, |known| known.person.is_none());
    assert_eq!((anna.is_in(&chat), chat.put_out().len()), (true, 3));
}

#[test]
fn a_hub_takes_a_place_away_while_it_is_offline_and_they_are_put_out_when_the_cloud_hears_of_it() {
    let (hall, chat, boss) = connected();
    let anna = hall.resident("Анна", "12");
    comes_in(&hall, &anna, &chat, &way_in(&anna));
    let hub = Hub::connected(&hall.town, &hall.village);
    let ((_, place), (by, _)) = (place_of(&hall, &anna.from), place_of(&hall, &boss));
    hub.learns::<Place>(place);
    hub.learns::<RoleGrant>(place_of(&hall, &boss).1);
    hub.disconnect();
    hub.run(|ctx| Ok(((), rights::revoke(ctx, &Actor::Person(by), place, "съехал")?)));
    assert!(anna.is_in(&chat));
    hub.connect();
    is_put_out(&anna, &chat);
}

#[test]
fn who_is_banned_or_disconnects_is_put_out_and_their_way_in_is_closed() {
    let (hall, chat, boss) = connected();
    let (anna, oleg) = (hall.resident("Анна", "12"), hall.resident("Олег", "13"));
    let (way, olegs) = (way_in(&anna), way_in(&oleg));
    // Anna never came in: there is only a way to close.
    let (person, _) = place_of(&hall, &anna.from);
    let (by, _) = place_of(&hall, &boss);
    let whom = Whom::Person(person);
    hall.village.run(|ctx| rights::ban(ctx, &Actor::Person(by), &whom, "шумит", None));
    closes(&chat, &way);
    is_out(&hall, &anna.from);
    assert_eq!(anna.joins(&way), Joining::Refused("INVITE_HASH_EXPIRED".to_owned()));
    comes_in(&hall, &oleg, &chat, &olegs);
    let accounts = hall.town.communities.accounts();
    let account =
        accounts.messenger_user(Messenger::Telegram, oleg.from.user).unwrap().unwrap().value.account;
    accounts.disconnect(account, Messenger::Telegram, now()).unwrap();
    is_put_out(&oleg, &chat);
    assert_eq!(chat.put_out(), [oleg.from.user]);
}

#[test]
fn what_happened_while_the_cloud_was_down_is_noticed_at_its_start() {
    let (mut hall, chat, _) = connected();
    let (anna, oleg, way) = {
        let (anna, oleg) = (hall.resident("Анна", "12"), hall.resident("Олег", "13"));
        comes_in(&hall, &anna, &chat, &way_in(&anna));
        let way = way_in(&oleg);
        (anna.from.clone(), oleg.from.clone(), way)
    };
    hall.restart_after(|hall| {
        moves_out(hall, &anna);
        assert_eq!(hall.again(oleg.clone()).joins(&way), Joining::Requested);
    });
    is_put_out(&hall.again(anna), &chat);
    is_let_in(&hall, &hall.again(oleg), &chat);
}

#[test]
fn what_the_messenger_could_not_do_is_done_after_a_restart_and_what_no_longer_matters_is_not() {
    let (mut hall, chat, _) = connected();
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
    let way = way_in(&hall.again(anna));
    is_out(&hall, &oleg);
    assert!(!has_a_way_in(&hall.again(oleg)));
    // One thing was done once.
    assert_eq!((chat.links(), hall.telegram.calls("createChatInviteLink")), (vec![way], 1));
}

#[test]
fn who_is_in_a_plain_group_is_put_out_of_it() {
    let hall = Hall::open();
    let chat = hall.telegram.group(TITLE);
    connect(&hall, &chat, Rights::ALL);
    let anna = hall.resident("Анна", "12");
    comes_in(&hall, &anna, &chat, &way_in(&anna));
    moves_out(&hall, &anna.from);
    is_put_out(&anna, &chat);
    anna.hears("я убрал вас из закрытого чата");
    is_out(&hall, &anna.from);
}

#[test]
fn who_owns_the_chat_is_not_put_out_and_administrators_hear_of_it_once() {
    let (hall, chat, boss) = connected();
    let boss = hall.again(boss);
    let anna = hall.resident("Анна", "12");
    comes_in(&hall, &anna, &chat, &way_in(&anna));
    anna.owns(&chat);
    moves_out(&hall, &anna.from);
    boss.hears("Telegram не даёт мне убрать владельца или администратора");
    known(&hall, &anna.from, |known| known.fixed && !known.waits);
    boss.says("/chat");
    boss.hears("Есть в чате, но нет в посёлке (из тех, кого я видел) — 1: ");
    let told = boss.messages().iter().filter(|shown| shown.text().contains("не даёт мне убрать")).count();
    assert_eq!((told, anna.is_in(&chat)), (1, true));
}

#[test]
fn who_is_erased_leaves_the_chat_and_nothing_of_them_is_kept() {
    let (hall, olga) = joining::open();
    hall.village.house("12");
    let chat = hall.telegram.supergroup(TITLE);
    let boss = connect(&hall, &chat, Rights::ALL);
    let boss = hall.again(boss);
    let zoya = applications::asks(&hall, "Зоя", "12", 7);
    boss.says("/applications");
    let photo = boss.hears("📨 Заявка: Зоя").screen.picture;
    assert!(photo.is_some());
    boss.presses("Принять");
    boss.hears("✅ Приняли вы");
    comes_in(&hall, &zoya, &chat, &way_in(&zoya));
    // Of Anna, who moved out, it is known that she was here.
    let anna = hall.resident("Анна", "13");
    way_in(&anna);
    let annas = place_of(&hall, &anna.from).0;
    moves_out(&hall, &anna.from);
    is_out(&hall, &anna.from);
    for person in [place_of(&hall, &zoya.from).0, annas] {
        let erase = hall.village.path(&format!("/people/{person}/erase"));
        let erased = olga.post(&erase, &json!({ "confirmation": "erase" })).ok();
        assert!(erased["done_ms"].as_u64().unwrap() > 0, "{erased}");
    }
    is_put_out(&zoya, &chat);
    let theirs = [&zoya, &anna].map(|user| user.from.user);
    for user in [&zoya, &anna] {
        forgotten(&hall, &user.from);
    }
    let (ways, told) = hall
        .village
        .community
        .store
        .view(|view| {
            let ways = chats::all::<WayIn>(view, &Query::on("open")).unwrap();
            (ways, chats::all::<Telling>(view, &Query::on("due")).unwrap())
        })
        .unwrap();
    assert!(ways.iter().all(|way| !theirs.contains(&way.value.user) && !theirs.contains(&way.value.used_by)));
    assert!(told.iter().all(|told| !theirs.contains(&told.value.user)));
    assert!(boss.messages().iter().all(|shown| shown.screen.picture != photo), "no photo is left");
    boss.says("/chat");
    let shown = boss.hears("Жителей в чате: 1");
    assert!(!shown.text().contains("Зоя"), "{shown:?}");
}

#[test]
fn it_speaks_english() {
    let (hall, _, _) = connected();
    let house = hall.village.house("12");
    let (person, _) = hall.village.resident("Ann", house, PlaceKind::Owner);
    let ann = hall.person("Ann", person, "en");
    ann.hears("Your link to the closed chat “Сосновка, свои”. It is yours alone");
    ann.says("/chat");
    assert_eq!(ann.hears("The closed chat of “Сосновка”").labels(), ["🔗 Link to the chat"]);
}
