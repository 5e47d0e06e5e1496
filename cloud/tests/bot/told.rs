//! What people are told in their chats without asking, and how it changes.

use std::thread;
use std::time::{Duration, Instant};

use dwellers::access::{Reason, Verdict};
use dwellers::alarms::{About, Kind as AlarmKind};
use dwellers::gates::Direction;
use dwellers::journal::Entry;
use dwellers::people::{self, Place, PlaceKind, Role};
use dwellers::questions::{self, Answer};
use dwellers::{Actor, Context, journal, passes};
use dwellers_cloud::accounts::{Messenger, MessengerUser};
use dwellers_cloud::applications::Ticket;
use dwellers_cloud::bot::talk::{Does, Press};
use dwellers_cloud::clock::{entropy, now};
use dwellers_cloud::notify::{Channel, Kind, Message, Settings, Stage, State};
use dwellers_replica::{Entry as Read, Open, Query, RecordId, Writes};
use dwellers_telegram::Outage;
use serde_json::{Value, json};

use crate::hall::{Hall, Shown, User};
use crate::hub::{Hub, eventually};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A house with its people, who are told at any hour, and a gatehouse.
struct House {
    hall: Hall,
    hub: Hub,
    house: RecordId,
    people: [(RecordId, i64); 2],
}

impl House {
    fn new() -> House {
        House::of(Hall::open())
    }

    fn of(hall: Hall) -> House {
        let hub = Hub::connected(&hall.town, &hall.village);
        let house = hall.village.house("12");
        let people = [("Анна", PlaceKind::Owner, "ru"), ("Boris", PlaceKind::Family, "en")];
        let people = people.map(|(name, kind, language)| {
            let user = somebody(&hall, name, language);
            let (person, user) = (user.0, hall.known(user.1));
            let settle = |ctx: &mut Context<'_>| people::settle(ctx, &Actor::Operator, person, house, kind);
            hub.learns::<Place>(hall.village.run(settle));
            user.hears(if language == "ru" {
                "Теперь вы в доме 12"
            } else {
                "You are now of house 12"
            });
            (person, user.from.user)
        });
        House { hall, hub, house, people }
    }

    fn anna(&self) -> User<'_> {
        self.hall.known(self.people[0].1)
    }

    fn boris(&self) -> User<'_> {
        self.hall.known(self.people[1].1)
    }

    /// Answers as one of them does on the web.
    fn answers(&self, who: usize, question: RecordId, allow: bool) {
        let actor = Actor::Person(self.people[who].0);
        self.hall.village.run(|ctx| questions::answer(ctx, &actor, question, allow));
    }

    fn picture(&self, colour: u8) -> (Vec<u8>, String) {
        let bytes = jpeg(colour);
        let crop = self.hub.picture(&bytes);
        (bytes, crop)
    }
}

fn jpeg(colour: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let pixels = image::RgbImage::from_pixel(40, 30, image::Rgb([colour, 9, 9]));
    image::DynamicImage::from(pixels).write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

/// Somebody in the messenger who is told at any hour, and is nothing here yet.
fn somebody(hall: &Hall, name: &str, language: &str) -> (RecordId, i64) {
    let person = hall.village.person(name);
    wish(hall, person, &Settings { quiet: None, ..Settings::default() });
    (person, hall.person(name, person, language).from.user)
}

/// The same with a role, of which they have heard.
fn officer(hall: &Hall, name: &str, role: Role) -> (RecordId, i64) {
    let (person, user) = somebody(hall, name, "ru");
    give(hall, person, role);
    hall.known(user).hears("У вас новая роль");
    (person, user)
}

fn give(hall: &Hall, person: RecordId, role: Role) {
    hall.village.run(|ctx| people::grant_role(ctx, &Actor::Operator, person, role));
}

fn wish(hall: &Hall, person: RecordId, settings: &Settings) {
    let mut writes = Writes::new();
    writes.create(person, settings);
    hall.village.community.store.commit(now(), writes).unwrap();
}

/// All that a person was told, or will be, of this text.
fn messages(hall: &Hall, person: RecordId, text: &str) -> Vec<Message> {
    let query = Query::on("person").equal(person.to_string()).limit(1_000);
    let store = &hall.village.community.store;
    let found: Vec<Read<Message>> =
        store.view(|view| view.of::<Message>().find(&query)).unwrap().unwrap().entries;
    found.into_iter().map(|one| one.value).filter(|one| one.text.starts_with(text)).collect()
}

#[track_caller]
fn until(hall: &Hall, person: RecordId, text: &str, state: State) -> Message {
    eventually(&format!("{text} {state:?}"), || {
        messages(hall, person, text).first().is_some_and(|one| one.state == Open::Known(state))
    });
    messages(hall, person, text).remove(0)
}

fn presses(shown: &Shown) -> Vec<String> {
    let keys = shown.screen.keys.iter().flatten();
    keys.filter_map(|key| match &key.does {
        Does::Press(press) => Some(press.to_string()),
        _ => None,
    })
    .collect()
}

#[test]
fn a_house_is_asked_with_a_picture_and_each_screen_changes_when_one_answers() {
    let mut at = House::new();
    let (bytes, crop) = at.picture(1);
    let arrival = at.hub.told(Entry { crop, ..Entry::default() });
    let question = at.hub.asks_about(at.house, "Курьер", 20_000, Some(arrival));
    let asked = at.anna().hears("К вам Курьер, ждут здесь: Главный въезд. Впустить?");
    assert!(asked.text().starts_with("🔔 К вам приехали\n"), "{}", asked.text());
    assert!(asked.text().contains("⏳ Ответа ждут ещё "), "{}", asked.text());
    assert_eq!(asked.labels(), ["✅ Впустить", "⛔\u{fe0f} Не впускать"]);
    let community = at.hall.village.community.id;
    let said = |verb| Press::on(verb, community, question).to_string();
    assert_eq!(presses(&asked), [said("qa"), said("qd")]);
    assert_eq!(asked.screen.picture, Some(bytes));
    assert!(!asked.screen.silent, "a guard waits");
    // The others in turn.
    at.boris().hears("Курьер is waiting at: Главный въезд");
    at.hall.restart();
    at.answers(1, question, true);
    let changed = at.anna().hears("Ответ «впустить», ответил(а) Boris");
    assert_eq!((changed.at, changed.labels()), (asked.at, Vec::<String>::new()));
    assert!(changed.text().contains("К вам Курьер"), "what it is about stays: {}", changed.text());
    assert_eq!(changed.screen.picture, asked.screen.picture, "so does the picture");
    assert!(!changed.text().contains('⏳'), "nobody waits any more: {}", changed.text());
    let own = at.boris().hears("You have answered: let in");
    assert!(own.labels().is_empty());
    // Once each: no second message, and no news of what one did oneself.
    assert_eq!((at.anna().messages().len(), at.boris().messages().len()), (2, 2));
    let browser = at.hall.town.as_person(&at.hall.village, at.people[1].0);
    let shown = browser.get(&at.hall.village.path("/notifications")).ok();
    let texts = shown["notifications"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap());
    assert!(!texts.into_iter().any(|text| text.contains("You have answered")), "{shown}");
}

#[test]
fn a_question_that_is_over_has_no_buttons() {
    let at = House::new();
    let question = at.hub.asks(at.house, "Курьер", 10_000);
    let asked = at.anna().hears("К вам Курьер");
    at.boris().hears("Курьер is waiting");
    // At night, too: it makes no sound.
    let store = &at.hall.village.community.store;
    let before = store.view(|view| view.of::<Settings>().get(at.people[0].0)).unwrap().unwrap().unwrap();
    let minute = |hours: u64| u16::try_from((now().ms / 60_000 + 3 * 60 + hours * 60) % 1_440).unwrap();
    let quiet = dwellers_cloud::notify::Quiet { from_minute: minute(23), until_minute: minute(1) };
    let mut writes = Writes::new();
    writes.update(&before, |before| before.quiet = Some(quiet));
    store.commit(now(), writes).unwrap();
    let over = at.anna().hears("Никто не ответил вовремя");
    assert_eq!((over.at, over.labels().len()), (asked.at, 0));
    at.boris().hears("Nobody answered in time");
    // Whoever answers then reads it in the same place.
    at.answers(0, question, true);
    assert_eq!(at.anna().hears("Ваш ответ пришёл слишком поздно").at, asked.at);
    assert_eq!(at.anna().messages().len(), 2);
}

#[test]
fn an_answer_by_telephone_is_seen_and_a_deleted_message_is_said_anew() {
    let at = House::new();
    let question = at.hub.asks(at.house, "Курьер", 60_000);
    let asked = at.anna().hears("К вам Курьер");
    at.anna().deletes(asked.at);
    let answer = Answer { question, guard: "Семён".to_owned(), at_ms: now().ms, ..Answer::default() };
    let mut writes = Writes::new();
    writes.create(RecordId::new(now().ms, entropy()), &answer);
    at.hall.village.community.store.commit(now(), writes).unwrap();
    let told = at.anna().hears("По телефону ответили: не впускать");
    assert_ne!(told.at, asked.at);
    let told = until(&at.hall, at.people[0].0, "told-denied-by-telephone", State::Told);
    assert_eq!((told.deliveries.len(), told.replaces), (1, None));
}

#[test]
fn whoever_keeps_the_bot_out_is_told_elsewhere() {
    let at = House::new();
    at.anna().keeps_the_bot_out();
    let question = at.hub.asks(at.house, "Курьер", 20_000);
    let failed = until(&at.hall, at.people[0].0, "told-question", State::Failed);
    assert_eq!(failed.deliveries[0].stage, Open::Known(Stage::Failed));
    let accounts = at.hall.town.communities.accounts();
    let known = |user| accounts.messenger_user(Messenger::Telegram, user).unwrap().unwrap().value;
    assert!(known(at.people[0].1).blocked && !known(at.people[1].1).blocked);
    // Boris is told by Telegram still, and the web says to each what reaches them.
    at.boris().hears("Курьер is waiting");
    let has = |nth: usize| {
        let browser = at.hall.town.as_person(&at.hall.village, at.people[nth].0);
        browser.get(&at.hall.village.path("/notifications/settings")).ok()["has_telegram"].clone()
    };
    assert_eq!((has(0), has(1)), (json!(false), json!(true)));
    at.answers(1, question, false);
    at.boris().hears("You have answered: do not let in");
}

#[test]
fn whoever_blocks_the_bot_is_not_spoken_to_until_they_take_it_back() {
    let at = House::new();
    let accounts = at.hall.town.communities.accounts();
    let is_blocked =
        |user| accounts.messenger_user(Messenger::Telegram, user).unwrap().unwrap().value.blocked;
    at.anna().blocks_the_bot();
    eventually("it is known", || is_blocked(at.people[0].1));
    let said = at.hall.telegram.calls("sendMessage");
    let question = at.hub.asks(at.house, "Курьер", 20_000);
    at.boris().hears("Курьер is waiting");
    let waits = |one: &Message| one.due_ms > one.made_ms && one.deliveries.is_empty();
    eventually("there is nobody to tell it by", || {
        messages(&at.hall, at.people[0].0, "told-question").first().is_some_and(waits)
    });
    assert_eq!(at.hall.telegram.calls("sendMessage"), said + 1, "Telegram is not even asked");
    at.answers(1, question, true);
    at.boris().hears("You have answered: let in");
    at.anna().starts("");
    at.anna().hears("Здравствуйте, Анна!");
    assert!(!is_blocked(at.people[0].1));
    at.hub.asks(at.house, "Такси", 20_000);
    at.anna().hears("К вам Такси");
}

#[test]
fn whoever_issued_a_pass_sees_the_car() {
    let at = House::new();
    let request = passes::Request {
        house: at.house,
        terms: passes::Terms::Courier { minutes: None },
        plate: String::new(),
        name: "Пицца".to_owned(),
        code: false,
        note: String::new(),
        decider: Some(at.hub.replica),
    };
    let actor = Actor::Person(at.people[0].0);
    let grant = at.hall.village.run(|ctx| {
        let issued = passes::issue(ctx, &actor, &request)?;
        Ok((issued.id, issued.writes))
    });
    let came = |crop: String, verdict, reason| Entry {
        kind: Open::Known(journal::Kind::Decided),
        gate: Some(at.hub.gate("main")),
        direction: Some(Direction::Entry),
        verdict: Some(Open::Known(verdict)),
        reason: Some(Open::Known(reason)),
        house: Some(at.house),
        grant: Some(grant),
        crop,
        ..Entry::default()
    };
    let (bytes, crop) = at.picture(2);
    at.hub.told(came(crop, Verdict::Open, Reason::Pass));
    let told = at.anna().hears("Приехали: Пицца");
    assert!(told.text().starts_with("🚗 Ваши гости\n"), "{}", told.text());
    assert_eq!((told.screen.picture.as_ref(), told.labels()), (Some(&bytes), vec!["Подробнее".to_owned()]));
    let Does::Open(url) = &told.screen.keys[0][0].does else { panic!("{:?}", told.screen.keys) };
    assert!(url.ends_with(&format!("/communities/{}/passes/{grant}", at.hall.village.community.id)), "{url}");
    // One that the gatehouse does not send in time is not waited for.
    at.hub.script.lock().unwrap().keeps_pictures = true;
    let (_, crop) = at.picture(3);
    at.hub.told(came(crop, Verdict::Refuse, Reason::UsedUp));
    let begun = Instant::now();
    let refused = at.anna().hears("Не пустили: Пицца");
    assert!(refused.screen.picture.is_none() && begun.elapsed() < Duration::from_secs(6));
    assert!(at.boris().messages().len() == 1, "it was not his pass");
}

/// An application with a photo; its id.
fn applies(hall: &Hall, name: &str, house: RecordId) -> RecordId {
    let officer = hall.village.officer("Публикатор", Role::Administrator);
    let browser = hall.town.as_person(&hall.village, officer);
    let texts = hall.village.path("/consents/texts");
    let after = browser.get(&texts).ok()["versions"][0]["number"].as_u64().unwrap_or_default();
    let consent =
        browser.post(&texts, &json!({ "after": after, "ru": "Да", "en": "Yes" })).ok()["id"].clone();
    let stranger = hall.town.stranger();
    let kind = [("content-type", "image/jpeg")];
    let photo = stranger.send("POST", &hall.village.path("/applications/photo"), &kind, &jpeg(4)).ok();
    let label = hall.village.community.store.view(|view| view.of::<dwellers::people::House>().get(house));
    let label = label.unwrap().unwrap().unwrap().value.label;
    let wish = json!({
        "name": name, "phone": "", "language": "ru", "kind": "owner", "consent": consent,
        "photo": photo["token"], "house": label,
    });
    let applied: Value = stranger.post(&hall.village.path("/applications"), &wish).ok();
    applied["id"].as_str().unwrap().parse().unwrap()
}

#[test]
fn administrators_get_an_application_and_see_who_was_first() {
    let mut hall = Hall::open();
    let house = hall.village.house("7");
    let [olga, pavel] = ["Ольга", "Павел"].map(|name| officer(&hall, name, Role::Administrator));
    let [first, second] = ["Зоя", "Вера"].map(|name| applies(&hall, name, house));
    let shown = [olga, pavel].map(|(_, user)| {
        let shown = hall.known(user).hears("Заявка на вступление: Зоя, дом 7");
        assert_eq!(shown.labels()[..2], ["✅ Принять", "❌ Отклонить"]);
        assert!(shown.text().contains("Прислали фотографию"), "{}", shown.text());
        assert!(shown.screen.picture.is_some());
        hall.known(user).hears("Заявка на вступление: Вера, дом 7");
        (shown.at, shown.screen.picture)
    });
    hall.restart();
    let browser = hall.town.as_person(&hall.village, pavel.0);
    let path = |id: RecordId, what: &str| hall.village.path(&format!("/applications/{id}/{what}"));
    browser.post(&path(first, "acceptance"), &json!({})).ok();
    browser.post(&path(second, "refusal"), &json!({ "reason": "Не узнали" })).ok();
    for ((_, user), (at, photo)) in [olga, pavel].into_iter().zip(shown) {
        let accepted = hall.known(user).hears("Заявку принял(а) Павел");
        assert_eq!((accepted.at, accepted.labels().len()), (at, 0));
        assert_ne!(accepted.screen.picture, photo, "nobody sees the photo any more");
        let refused = hall.known(user).hears("Заявку отклонил(а) Павел: Не узнали");
        assert!(refused.text().contains("Вера") && refused.labels().is_empty(), "{}", refused.text());
        assert_eq!(hall.known(user).messages().len(), 3);
    }
}

#[test]
fn who_was_refused_hears_why_where_they_asked() {
    let hall = Hall::open();
    let application = applies(&hall, "Зоя", hall.village.house("7"));
    let zoya = hall.stranger("Зоя", "ru");
    zoya.has_met_the_bot();
    let accounts = hall.town.communities.accounts();
    let account = accounts.make("ru", entropy, now()).unwrap();
    let (messenger, user) = (Open::Known(Messenger::Telegram), zoya.from.user);
    accounts.connect(MessengerUser { messenger, user, account, ..MessengerUser::default() }, now()).unwrap();
    wish(&hall, account, &Settings { quiet: None, ..Settings::default() });
    let store = &hall.village.community.store;
    let ticket = store.view(|view| view.of::<Ticket>().get(application)).unwrap().unwrap().unwrap();
    let mut writes = Writes::new();
    writes.update(&ticket, |ticket| ticket.account = Some(account));
    store.commit(now(), writes).unwrap();
    let officer = hall.village.officer("Павел", Role::Administrator);
    let browser = hall.town.as_person(&hall.village, officer);
    let path = hall.village.path(&format!("/applications/{application}/refusal"));
    browser.post(&path, &json!({ "reason": "Не узнали" })).ok();
    let told = zoya.hears("Заявку отклонили: дом 7. Причина: Не узнали");
    assert_eq!(told.labels(), ["Подать новую заявку"]);
}

#[test]
fn who_was_accepted_gets_the_menu_by_a_button() {
    let hall = Hall::open();
    let (person, user) = somebody(&hall, "Зоя", "ru");
    let message = Message {
        cause: "an application was accepted".to_owned(),
        person,
        kind: Open::Known(Kind::Application),
        text: "told-accepted".to_owned(),
        made_ms: now().ms,
        due_ms: now().ms,
        until_ms: now().ms + 3_600_000,
        ..Message::default()
    };
    let mut writes = Writes::new();
    writes.create(Message::id(&message.cause, person), &message);
    hall.village.community.store.commit(now(), writes).unwrap();
    let told = hall.known(user).hears("Добро пожаловать");
    assert_eq!(told.labels(), ["Начать"]);
    assert_eq!(presses(&told), [Press::of("menu", hall.village.community.id).to_string()]);
}

/// Whether Telegram heard of the change or not: its answer does not come.
#[test]
fn an_alarm_that_has_ended_says_so_and_a_change_waits_while_the_messenger_is_away() {
    for outage in [Outage::Refuse, Outage::AnswersLost] {
        let mut hall = Hall::open();
        let (person, user) = officer(&hall, "Ольга", Role::Administrator);
        let about = About { kind: AlarmKind::NoRoom, subject: "", name: "" };
        hall.village.community.raise(about, "full", now());
        let raised = hall.known(user).hears("⚠️ Что-то не в порядке");
        hall.telegram.outage(outage);
        hall.village.community.end_alarm(AlarmKind::NoRoom, "", now());
        let waits = || {
            let over = messages(&hall, person, "told-alarm-over");
            over.first().is_some_and(|one| one.deliveries.iter().any(|delivery| !delivery.why.is_empty()))
        };
        eventually("it was tried", waits);
        hall.telegram.recover();
        hall.restart();
        let over = hall.known(user).hears("✅ Уже в порядке");
        assert_eq!((over.at, over.labels().len()), (raised.at, 0));
        assert!(over.text().starts_with("⚠️ Что-то не в порядке"), "{}", over.text());
        let told = until(&hall, person, "told-alarm-over", State::Told);
        assert_eq!((told.deliveries.len(), hall.known(user).messages().len()), (1, 2), "{outage:?}");
    }
}

#[test]
fn who_belongs_to_several_communities_reads_which_it_is() {
    let hall = Hall::open();
    let (person, user) = somebody(&hall, "Ольга", "ru");
    let olga = hall.known(user);
    give(&hall, person, Role::Guard);
    assert!(olga.hears("У вас новая роль").text().starts_with("🔑 Ваши права"));
    let other = hall.town.village("Берёзки");
    let there = other.person("Ольга");
    let accounts = hall.town.communities.accounts();
    let account =
        accounts.messenger_user(Messenger::Telegram, olga.from.user).unwrap().unwrap().value.account;
    let mut writes = Writes::new();
    writes.create(there, &Settings { quiet: None, ..Settings::default() });
    other.community.store.commit(now(), writes).unwrap();
    accounts.join(account, other.community.id, there, entropy, now()).unwrap();
    other.run(|ctx| people::grant_role(ctx, &Actor::Operator, there, Role::Administrator));
    olga.hears("🔑 Берёзки: Ваши права\nУ вас новая роль: Администратор");
}

#[test]
fn what_is_not_urgent_waits_for_the_morning_and_another_order_is_kept() {
    let hall = Hall::open();
    let person = hall.village.person("Ольга");
    let minute = |hours: u64| u16::try_from((now().ms / 60_000 + 3 * 60 + hours * 60) % 1_440).unwrap();
    let quiet = dwellers_cloud::notify::Quiet { from_minute: minute(23), until_minute: minute(1) };
    wish(&hall, person, &Settings { quiet: Some(quiet), ..Settings::default() });
    let olga = hall.person("Ольга", person, "ru");
    give(&hall, person, Role::Guard);
    eventually("it waits", || {
        messages(&hall, person, "told-role").first().is_some_and(|one| one.due_ms > one.made_ms + 60_000 * 30)
    });
    assert!(olga.messages().is_empty());
    // Who does not want Telegram is not told there.
    let other = hall.village.person("Пётр");
    let channels = vec![Open::Known(Channel::Email)];
    wish(&hall, other, &Settings { channels, quiet: None, ..Settings::default() });
    let petr = hall.person("Пётр", other, "ru");
    give(&hall, other, Role::Guard);
    eventually("there is nobody to tell it by", || {
        messages(&hall, other, "told-role").first().is_some_and(|one| one.due_ms > one.made_ms)
    });
    assert!(petr.messages().is_empty());
}

/// «Шлагбаум сломан» to a thousand residents, through a messenger that takes thirty a second and refuses more; a question in the
/// middle, and a restart.
#[test]
fn a_thousand_are_told_at_the_pace_of_the_messenger_and_a_question_goes_before() {
    const MANY: usize = 1_000;
    let mut at = House::of(Hall::paced());
    let (accounts, community) =
        (at.hall.town.communities.accounts().clone(), at.hall.village.community.clone());
    let crowd = (0..MANY).map(|nth| {
        let resident = at.hall.stranger("Жилец", "ru");
        resident.has_met_the_bot();
        (RecordId::new(5, nth as u128), resident.from.user)
    });
    let told: Vec<(RecordId, i64)> = crowd.collect();
    let joins = |(person, user)| {
        let account = accounts.make("ru", entropy, now()).unwrap();
        accounts.join(account, community.id, person, entropy, now()).unwrap();
        let messenger = Open::Known(Messenger::Telegram);
        let known = MessengerUser { messenger, user, account, ..MessengerUser::default() };
        accounts.connect(known, now()).unwrap();
    };
    // What many want to write at once is written at once.
    thread::scope(|all| {
        for some in told.chunks(MANY / 20) {
            all.spawn(|| some.iter().copied().for_each(joins));
        }
    });
    let (before, begun) = (at.hall.telegram.flood(), Instant::now());
    for some in told.chunks(20) {
        let mut writes = Writes::new();
        for (person, _) in some {
            let message = Message {
                cause: "the barrier is out of order".to_owned(),
                person: *person,
                kind: Open::Known(Kind::Alarm),
                text: "told-alarm".to_owned(),
                words: [(
                    "alarm".to_owned(),
                    Open::Known(dwellers_cloud::notify::Word::Text("Шлагбаум сломан".to_owned())),
                )]
                .into(),
                made_ms: now().ms,
                // It is no night in this settlement.
                urgent: false,
                due_ms: now().ms,
                until_ms: now().ms + 24 * 3_600_000,
                ..Message::default()
            };
            writes.create(Message::id(&message.cause, *person), &message);
            let settings = Settings { quiet: None, ..Settings::default() };
            writes.create(*person, &settings);
        }
        community.store.commit(now(), writes).unwrap();
    }
    let taken = |hall: &Hall| usize::try_from(hall.telegram.flood().taken - before.taken).unwrap();
    let wait = |hall: &Hall, so_many: usize| {
        while taken(hall) < so_many {
            assert!(begun.elapsed() < 8 * PATIENCE, "{} of {so_many} are told", taken(hall));
            thread::sleep(Duration::from_millis(10));
        }
        println!("{so_many} after {:?}", begun.elapsed());
    };
    wait(&at.hall, MANY / 4);
    at.hall.restart();
    at.hub.disconnect();
    at.hub.connect();
    wait(&at.hall, MANY / 2);
    let (asked, so_far) = (Instant::now(), taken(&at.hall));
    at.hub.asks(at.house, "Курьер", 60_000);
    at.anna().hears("К вам Курьер");
    let (waited, passed) = (asked.elapsed(), taken(&at.hall) - so_far);
    // Anna and Boris are asked besides.
    wait(&at.hall, MANY + 2);
    println!("{MANY} told in {:?}; the question went out after {waited:?}, {passed} others", begun.elapsed());
    // What went in these two seconds was on its way, or there was no room yet for anything.
    assert!(waited < Duration::from_secs(2) && passed <= 60, "the question waited {waited:?} for {passed}");
    for (person, user) in &told {
        let told = until(&at.hall, *person, "told-alarm", State::Told);
        assert_eq!((at.hall.known(*user).messages().len(), told.deliveries.len()), (1, 1), "once");
    }
    let after = at.hall.telegram.flood();
    println!("{after:?}");
    assert_eq!((after.beyond(), taken(&at.hall)), (before.beyond(), MANY + 2), "{after:?}");
    assert!(after.most_in_a_second <= 30, "{after:?}");
}
