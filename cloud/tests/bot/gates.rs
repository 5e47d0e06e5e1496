//! Opening a gate from a messenger.

use dwellers::journal::Entry;
use dwellers::people::PlaceKind;
use dwellers_cloud::accounts::Messenger;
use dwellers_cloud::bot::talk::{At, Does, Press, Speaker};
use dwellers_cloud::clock::{now, random};
use dwellers_link::wire::Stage;
use totp_rs::{Builder, Secret};

use crate::hall::{Hall, Shown, User};
use crate::hub::{Hub, eventually};

fn opened() -> (Hall, Hub) {
    let hall = Hall::open();
    let hub = Hub::connected(&hall.town, &hall.village);
    (hall, hub)
}

/// What stands on the button with this label.
fn press(shown: &Shown, label: &str) -> Press {
    let key = shown.screen.keys.iter().flatten().find(|key| key.label.contains(label));
    match key.map(|key| key.does.clone()) {
        Some(Does::Press(press)) => press,
        other => panic!("{label:?} is {other:?} in {:?}", shown.labels()),
    }
}

/// The confirmation of the main gate.
fn asked(user: &User<'_>) -> Shown {
    user.says("/open");
    user.hears("Что открыть?");
    user.presses("Главный въезд");
    user.hears("Подтвердите")
}

/// All that they did so far is dealt with.
fn settled(user: &User<'_>) {
    user.says("/nonsense");
    user.hears("Такой команды нет");
}

/// The hub takes a command: it hands its challenges out one by one, and what it says later comes later.
fn takes_a_command(hub: &Hub) {
    hub.told(Entry::default());
}

/// The same button as it was shown so many seconds ago.
fn aged(press: &Press, seconds: u64) -> Press {
    let (lane, shown) = press.verb["go.".len()..].split_at(1);
    let mut then = u64::from_str_radix(shown, 36).unwrap() - seconds;
    let mut digits = String::new();
    for _ in 0..6 {
        digits.insert(0, char::from_digit(u32::try_from(then % 36).unwrap(), 36).unwrap());
        then /= 36;
    }
    Press { verb: format!("go.{lane}{digits}"), ..press.clone() }
}

#[test]
fn a_gate_opens_and_what_becomes_of_it_is_told_in_the_same_message() {
    let (hall, hub) = opened();
    let anna = hall.resident("Анна", "12");
    anna.says("🔓 Открыть");
    let list = anna.hears("Что открыть?");
    assert_eq!(list.labels(), ["Главный въезд", "Калитка"]);
    assert!(list.text().contains("🟢 Главный въезд\n🟢 Калитка"), "{}", list.text());
    anna.presses("Главный въезд");
    let confirm = anna.hears("Открыть «Главный въезд»? Подтвердите в течение 30 секунд.");
    assert_eq!(
        (confirm.at, confirm.labels()),
        (list.at, ["Въезд", "Выезд", "✖️ Нет"].map(str::to_owned).into())
    );
    assert!(hub.commands().is_empty());
    anna.presses("Выезд");
    let sent = anna.hears("⏳ Главный въезд: Передано на пост");
    assert_eq!((sent.at, sent.labels().len()), (list.at, 0));
    eventually("the hub was told", || hub.commands().len() == 1);
    let command = hub.commands().remove(0);
    assert_eq!((command.gate, command.lane.as_str()), (hub.gate("main"), "out"));
    // They may go on with something else meanwhile.
    settled(&anna);
    hub.tell(command.id, Stage::Commanded);
    assert_eq!(anna.hears("⏳ Главный въезд: Открывается").at, list.at);
    hub.tell(command.id, Stage::SeenOpen);
    let end = anna.hears("✅ Главный въезд: Открыто");
    assert_eq!((end.at, end.labels()), (list.at, vec!["🔓 Открыть ещё раз".to_owned()]));
    anna.presses("ещё раз");
    anna.hears("Подтвердите");
    anna.presses("Нет");
    assert_eq!(anna.hears("Хорошо, не открываю").labels(), Vec::<String>::new());
    assert_eq!(hub.commands().len(), 1);
}

#[test]
fn in_english() {
    let (hall, hub) = opened();
    let house = hall.village.house("7");
    let (person, _) = hall.village.resident("Ivan", house, PlaceKind::Tenant);
    let ivan = hall.person("Ivan", person, "en");
    hub.says(&[Stage::Commanded, Stage::NothingSeen]);
    ivan.says("🔓 Open");
    ivan.hears("What is to be opened?");
    ivan.presses("Калитка");
    ivan.hears("Open “Калитка”? Confirm within 30 seconds.");
    ivan.presses("Yes, open");
    ivan.hears("❔ Калитка: Told to open; nobody saw whether it did");
}

#[test]
fn a_confirmation_that_is_pressed_twice_opens_once() {
    let (hall, hub) = opened();
    let anna = hall.resident("Анна", "12");
    let confirm = asked(&anna);
    let (enter, leave) = (press(&confirm, "Въезд"), press(&confirm, "Выезд"));
    for pressed in [&enter, &enter, &leave] {
        anna.presses_at(confirm.at, pressed);
    }
    settled(&anna);
    eventually("the hub was told", || !hub.commands().is_empty());
    let command = hub.commands().remove(0);
    hub.tell(command.id, Stage::Commanded);
    hub.tell(command.id, Stage::SeenOpen);
    anna.hears("✅ Главный въезд: Открыто");
    assert_eq!((hub.commands().len(), command.lane.as_str()), (1, "in"));
}

#[test]
fn what_was_pressed_long_ago_opens_nothing() {
    let (hall, hub) = opened();
    let anna = hall.resident("Анна", "12");
    let confirm = asked(&anna);
    // The confirmation was shown a while ago.
    anna.presses_at(confirm.at, &aged(&press(&confirm, "Въезд"), 31));
    let late = anna.hears("⌛️ Главный въезд: нажатие дошло слишком поздно");
    assert_eq!((late.at, late.labels()), (confirm.at, vec!["🔓 Открыть…".to_owned()]));
    // The messenger was away, and waits for an answer no more.
    let confirm = asked(&anna);
    hall.presses_are_stale(true);
    anna.presses_at(confirm.at, &press(&confirm, "Въезд"));
    anna.hears("нажатие дошло слишком поздно");
    // Nonsense opens nothing either.
    hall.presses_are_stale(false);
    anna.presses_at(confirm.at, &Press { verb: "go.0".to_owned(), ..press(&confirm, "Въезд") });
    settled(&anna);
    assert!(hub.commands().is_empty());
    // Whoever wants it still begins anew.
    hub.says(&[Stage::Commanded, Stage::SeenOpen]);
    anna.presses("Открыть…");
    anna.hears("Подтвердите");
    anna.presses("Въезд");
    anna.hears("✅ Главный въезд: Открыто");
    assert_eq!(hub.commands().len(), 1);
}

#[test]
fn why_it_does_not_open_is_said() {
    let (hall, hub) = opened();
    let anna = hall.resident("Анна", "12");
    for (stages, told) in [
        (vec![Stage::Refused("banned".to_owned())], "⛔️ Главный въезд: "),
        (vec![Stage::Commanded, Stage::Failed], "⛔️ Главный въезд: Открыть не получилось"),
        (vec![Stage::Commanded, Stage::NothingSeen], "❔ Главный въезд: Велено открыть"),
    ] {
        hub.says(&stages);
        asked(&anna);
        anna.presses("Въезд");
        anna.hears(told);
        takes_a_command(&hub);
    }
    // The gatehouse goes away between the question and the answer.
    let confirm = asked(&anna);
    hub.disconnect();
    let here = || hall.town.as_person(&hall.village, command_person(&hub)).get(&hall.village.path("/gates"));
    eventually("it is away", || here().ok()["gates"][0]["is_here"] == false);
    anna.presses("Въезд");
    let away = anna.hears("⛔️ Главный въезд: Пост сейчас не на связи, ничего не сделано");
    assert_eq!(away.at, confirm.at);
    anna.says("/open");
    anna.hears("⚪️ Главный въезд: пост не на связи");
    anna.presses("Калитка");
    assert_eq!(anna.hears("Охрана откроет с поста").labels(), ["🔄 Проверить ещё раз"]);
    assert_eq!(hub.commands().len(), 3);
}

/// Who asked for the last command.
fn command_person(hub: &Hub) -> dwellers_replica::RecordId {
    hub.commands().last().unwrap().person
}

#[test]
fn a_restart_in_the_middle_opens_nothing_by_itself() {
    let (mut hall, hub) = opened();
    let from = hall.resident("Анна", "12").from;
    let confirm = asked(&hall.again(from.clone()));
    hub.disconnect();
    hall.restart();
    hub.connect();
    {
        let anna = hall.again(from.clone());
        anna.presses_at(confirm.at, &press(&confirm, "Въезд"));
        anna.hears("⏳ Главный въезд: Передано на пост");
        eventually("the hub was told", || hub.commands().len() == 1);
    }
    // What becomes of it nobody can tell any more.
    hub.disconnect();
    hall.restart();
    hub.connect();
    let anna = hall.again(from);
    let end = anna.hears("❔ Главный въезд: Связь с постом пропала");
    assert_eq!(end.at, confirm.at);
    // A second press of the same confirmation does not open either.
    anna.presses_at(confirm.at, &press(&confirm, "Въезд"));
    settled(&anna);
    assert_eq!(hub.commands().len(), 1);
}

/// The account gets a second factor; its secret.
pub(crate) fn guarded(hall: &Hall, from: &Speaker) -> String {
    let accounts = hall.town.communities.accounts();
    let known = accounts.messenger_user(Messenger::Telegram, from.user).unwrap().unwrap();
    let secret = accounts.offer_second_factor(known.value.account, random(), now()).unwrap();
    let drawn = std::array::from_fn(|_| random());
    accounts.confirm_second_factor(known.value.account, &code(&secret, 0), drawn, now()).unwrap().unwrap();
    secret
}

pub(crate) fn code(secret: &str, steps: u64) -> String {
    let totp = Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).build().unwrap();
    totp.generate(now().ms / 1000 + 30 * steps).to_string()
}

#[test]
fn whoever_has_a_second_factor_gives_a_code_first() {
    let (mut hall, hub) = opened();
    hub.says(&[Stage::Commanded, Stage::SeenOpen]);
    let from = hall.resident("Анна", "12").from;
    let secret = guarded(&hall, &from);
    let at: At = {
        let anna = hall.again(from.clone());
        let confirm = asked(&anna);
        anna.presses("Въезд");
        assert_eq!(anna.hears("второй фактор").labels(), ["✖️ Отмена"]);
        confirm.at
    };
    hub.disconnect();
    hall.restart();
    hub.connect();
    let anna = hall.again(from.clone());
    anna.sends_voice();
    anna.hears("Жду код: шесть цифр");
    anna.says("123 456");
    anna.hears("Код не подходит или уже использован. Пришлите следующий");
    assert!(!anna.sees_own("123 456"), "a code is deleted whether it is right or not");
    let right = code(&secret, 1);
    anna.says(&right);
    let confirm = anna.hears("Подтвердите");
    assert_ne!(confirm.at, at);
    assert!(!anna.sees_own(&right));
    assert!(hub.commands().is_empty());
    anna.presses("Въезд");
    anna.hears("✅ Главный въезд: Открыто");
    // For half a day.
    takes_a_command(&hub);
    asked(&anna);
    anna.presses("Въезд");
    anna.hears("✅ Главный въезд: Открыто");
    let accounts = hall.town.communities.accounts();
    let long_ago = now().ms - 12 * 3_600_000;
    let given = |user: &mut dwellers_cloud::accounts::MessengerUser| user.second_factor_ms = long_ago;
    accounts.edit_messenger_user(Messenger::Telegram, from.user, given, now()).unwrap();
    asked(&anna);
    anna.presses("Въезд");
    anna.hears("второй фактор");
    anna.presses("Отмена");
    anna.hears("Хорошо, не открываю");
    // Nobody waits for a code any more.
    anna.says("123456");
    anna.hears("Не понял вас");
    assert_eq!(hub.commands().len(), 2);
}

#[test]
fn codes_are_not_guessed() {
    let (hall, hub) = opened();
    let anna = hall.resident("Анна", "12");
    guarded(&hall, &anna.from);
    asked(&anna);
    anna.presses("Въезд");
    anna.hears("второй фактор");
    for guess in 0..5 {
        anna.says(&format!("00000{guess}"));
        anna.hears("Код не подходит");
    }
    anna.says("000006");
    anna.hears("Слишком много попыток");
    assert!(hub.commands().is_empty());
}
