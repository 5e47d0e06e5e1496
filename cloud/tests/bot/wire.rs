//! The bot and Telegram over the network, as the cloud itself brings them together: what happens where Telegram is away, hears too
//! much, or hears it from two.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dwellers::people::PlaceKind;
use dwellers_cloud::accounts::{Messenger, MessengerUser};
use dwellers_cloud::bot::talk::{At, Done, Heard, Input, Output, Speaker, Undone};
use dwellers_cloud::clock::{entropy, now};
use dwellers_cloud::config::Telegram;
use dwellers_cloud::notify::{Kind, Settings};
use dwellers_replica::{Open, Writes};
use dwellers_telegram::{Double, Outage, User};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::hub::eventually;
use crate::town::{Town, Village};

const NAME: &str = "sosnovka_bot";

/// A cloud that speaks to Telegram.
struct Wire {
    town: Town,
    village: Village,
    telegram: Double,
    _folder: TempDir,
    runtime: Runtime,
}

impl Wire {
    fn laid() -> Wire {
        Wire::configured(|_| ())
    }

    fn configured(configure: impl FnOnce(&mut Telegram)) -> Wire {
        let runtime = Runtime::new().unwrap();
        let telegram = runtime.block_on(Double::start_as(NAME));
        let folder = tempfile::tempdir().unwrap();
        let token_file = folder.path().join("token");
        std::fs::write(&token_file, telegram.token()).unwrap();
        let (bot, api) = (NAME.to_owned(), Some(telegram.url()));
        let mut config = Telegram { bot, token_file: Some(token_file), api, webhook: false };
        configure(&mut config);
        let town = Town::adapted(|all| all.telegram = Some(config));
        let village = town.village("Сосновка");
        Wire { town, village, telegram, _folder: folder, runtime }
    }

    /// A resident who speaks this language.
    fn resident(&self, name: &str, house: &str, language: &str) -> User {
        let own = self.telegram.user(name, language);
        own.has_met_bot();
        let house = self.village.house(house);
        let (person, _) = self.village.resident(name, house, PlaceKind::Owner);
        // That they have a place is told beside what a story is about.
        let off = vec![Open::Known(Kind::Right)];
        let mut writes = Writes::new();
        writes.create(person, &Settings { off, ..Settings::default() });
        self.village.community.store.commit(now(), writes).unwrap();
        let (accounts, community) = (self.town.communities.accounts(), self.village.community.id);
        let account = accounts.make(language, entropy, now()).unwrap();
        accounts.join(account, community, person, entropy, now()).unwrap();
        let messenger = Open::Known(Messenger::Telegram);
        let known = MessengerUser { messenger, user: own.id(), account, ..MessengerUser::default() };
        accounts.connect(known, now()).unwrap();
        own
    }

    fn hears(&self, user: &User, fragment: &str) -> dwellers_telegram::Message {
        self.runtime.block_on(user.hears(fragment))
    }

    /// Calls a method as a program would that has the same token.
    fn calls(&self, method: &str, arguments: &Value) -> Value {
        let url = format!("{}/bot{}/{method}", self.telegram.url(), self.telegram.token());
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        agent.post(&url).send_json(arguments).unwrap().body_mut().read_json().unwrap()
    }
}

/// How often the bot has said it.
fn said(user: &User, fragment: &str) -> usize {
    user.messages().iter().filter(|message| message.from_bot && message.text.contains(fragment)).count()
}

#[test]
fn the_bot_says_what_it_is_and_speaks_with_residents_in_their_language() {
    let wire = Wire::laid();
    let (anna, john) = (wire.resident("Анна", "12", "ru"), wire.resident("John", "14", "en"));
    anna.starts("");
    wire.hears(&anna, "Здравствуйте, Анна!");
    assert!(anna.keyboard().concat().contains(&"🚗 Пропуск".to_owned()));
    john.says("/help");
    wire.hears(&john, "What I can do");
    anna.sends_photo(vec![1, 2, 3]);
    wire.hears(&anna, "не знаю, что делать с этой картинкой");
    // A stranger's button leads on.
    let zoya = wire.telegram.user("Зоя", "ru");
    zoya.starts("");
    wire.hears(&zoya, "Это бот посёлка");
    wire.runtime.block_on(zoya.presses("Присоединиться"));
    wire.runtime.block_on(wire.telegram.all_answered());
    eventually("it says what it is", || wire.telegram.calls("setChatMenuButton") == 1);
    let command = |name: &str, about: &str| (name.to_owned(), about.to_owned());
    assert!(wire.telegram.commands("ru").contains(&command("menu", "Меню")));
    assert!(wire.telegram.commands("en").contains(&command("menu", "The menu")));
    // An app opens over https alone, and this cloud has none.
    assert_eq!(wire.telegram.menu_button()["type"], "commands");
}

#[test]
fn who_blocks_the_bot_is_told_nothing_until_they_take_it_back() {
    let wire = Wire::laid();
    let anna = wire.resident("Анна", "12", "ru");
    let is_blocked = || {
        let known = wire.town.communities.accounts().messenger_user(Messenger::Telegram, anna.id());
        known.unwrap().unwrap().value.blocked
    };
    anna.blocks_bot();
    eventually("it is known", is_blocked);
    anna.starts("");
    wire.hears(&anna, "Здравствуйте, Анна!");
    eventually("it is taken back", || !is_blocked());
}

#[test]
fn what_is_said_while_telegram_is_away_is_answered_once_when_it_is_there_again() {
    for outage in [Outage::Refuse, Outage::Html] {
        let wire = Wire::laid();
        let anna = wire.resident("Анна", "12", "ru");
        anna.says("/menu");
        wire.hears(&anna, "Здравствуйте, Анна!");
        wire.telegram.outage(outage);
        let zoya = wire.telegram.user("Зоя", "ru");
        anna.says("/help");
        zoya.starts("");
        // The cloud goes down and comes back while Telegram is away: it serves all the same.
        let Wire { mut town, telegram, runtime, village, _folder } = wire;
        town.restart();
        assert_eq!(town.stranger().get("/api/v1/session").status, 200);
        telegram.recover();
        let wire = Wire { town, telegram, runtime, village, _folder };
        wire.hears(&anna, "Что я умею");
        wire.hears(&zoya, "Это бот посёлка");
        anna.says("/nonsense");
        wire.hears(&anna, "Такой команды нет");
        assert_eq!((said(&anna, "Что я умею"), said(&zoya, "Это бот посёлка")), (1, 1));
    }
}

#[test]
fn what_telegram_hears_too_much_of_waits_and_is_said() {
    let wire = Wire::laid();
    wire.telegram.set_limits(true);
    let (anna, vera) = (wire.resident("Анна", "12", "ru"), wire.resident("Вера", "14", "ru"));
    // Another program with the same token uses up what may be said to Anna.
    let mut refused = false;
    for _ in 0..6 {
        let answer = wire.calls("sendMessage", &json!({"chat_id": anna.id(), "text": "Реклама"}));
        refused |= answer["error_code"] == 429;
    }
    assert!(refused);
    anna.says("/menu");
    wire.hears(&anna, "Здравствуйте, Анна!");
    assert_eq!(said(&anna, "Здравствуйте, Анна!"), 1);
    // Of itself the bot says no more than may be said.
    let before = wire.telegram.flood().beyond();
    for n in 0..8 {
        vera.says(if n % 2 == 0 { "/menu" } else { "/help" });
    }
    eventually("all is answered", || {
        said(&vera, "Здравствуйте, Вера!") == 4 && said(&vera, "Что я умею") == 4
    });
    assert_eq!(wire.telegram.flood().beyond(), before, "{:?}", wire.telegram.flood());
}

#[test]
fn telegram_comes_by_itself_where_that_is_configured() {
    let wire = Wire::configured(|config| config.webhook = true);
    let anna = wire.resident("Анна", "12", "ru");
    anna.says("/menu");
    wire.hears(&anna, "Здравствуйте, Анна!");
    assert_eq!(wire.telegram.calls("getUpdates"), 0);
    // Nobody else is heard.
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let come = |secret: Option<&str>| {
        let chat = json!({"id": anna.id(), "type": "private", "first_name": "Анна"});
        let from = json!({"id": anna.id(), "is_bot": false, "first_name": "Анна"});
        let message = json!({"message_id": 99, "date": 1, "chat": chat, "from": from, "text": "/help"});
        let post = agent.post(format!("{}/telegram/updates", wire.town.at));
        let post = match secret {
            Some(secret) => post.header("X-Telegram-Bot-Api-Secret-Token", secret),
            None => post,
        };
        post.send_json(json!({"update_id": 5, "message": message})).unwrap().status().as_u16()
    };
    assert_eq!((come(None), come(Some("guessed"))), (403, 403));
    anna.says("/nonsense");
    wire.hears(&anna, "Такой команды нет");
    assert_eq!(said(&anna, "Что я умею"), 0);
    // The next cloud asks by itself, and Telegram lets it.
    assert_eq!(wire.calls("getWebhookInfo", &json!({}))["result"]["pending_update_count"], 0);
}

#[test]
fn where_nobody_is_to_come_there_is_no_way_in() {
    let wire = Wire::laid();
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    // What Telegram was told to do before is taken back.
    let there = agent.post(format!("{}/telegram/updates", wire.town.at)).send_json(json!({})).unwrap();
    assert!([404, 405].contains(&there.status().as_u16()), "{}", there.status());
    eventually("it asks", || wire.telegram.calls("getUpdates") > 0);
    assert_eq!(wire.telegram.calls("deleteWebhook"), 1);
}

#[test]
fn who_is_spoken_with_while_the_cloud_restarts_is_answered_once() {
    let mut wire = Wire::laid();
    let anna = wire.resident("Анна", "12", "ru");
    for round in 1..=3 {
        anna.says("/menu");
        wire.town.restart();
        wire.hears(&anna, "Здравствуйте, Анна!");
        anna.says("/nonsense");
        wire.hears(&anna, "Такой команды нет");
        assert_eq!(said(&anna, "Здравствуйте, Анна!"), round);
    }
}

#[test]
fn whoever_else_hears_what_is_said_to_the_bot_is_named_and_outlived() {
    let told = listen();
    let wire = Wire::laid();
    let anna = wire.resident("Анна", "12", "ru");
    anna.says("/menu");
    wire.hears(&anna, "Здравствуйте, Анна!");
    eventually("it asks", || wire.telegram.calls("getUpdates") > 1);
    eventually("the other one is in its way", || {
        wire.calls("getUpdates", &json!({"timeout": 0}));
        told.has("somebody else hears what is said to the bot")
    });
    anna.says("/help");
    wire.hears(&anna, "Что я умею");
}

#[test]
fn a_token_of_another_bot_is_said_and_nobody_is_spoken_with() {
    let told = listen();
    let wire = Wire::configured(|config| config.bot = "another_bot".to_owned());
    let anna = wire.resident("Анна", "12", "ru");
    anna.says("/menu");
    eventually("it is said", || told.has("bot is «another_bot», and the token is of «sosnovka_bot»"));
    assert_eq!((wire.telegram.waiting(), wire.telegram.calls("getUpdates")), (1, 0));
}

#[test]
fn no_token_reaches_a_log() {
    let told = listen();
    let wire = Wire::laid();
    let anna = wire.resident("Анна", "12", "ru");
    anna.says("/menu");
    wire.hears(&anna, "Здравствуйте, Анна!");
    wire.telegram.outage(Outage::Refuse);
    eventually("it is missed", || told.has("Telegram is away"));
    wire.telegram.recover();
    wire.telegram.outage(Outage::Html);
    eventually("it is missed otherwise", || told.has("none of Telegram's"));
    wire.telegram.recover();
    anna.says("/help");
    wire.hears(&anna, "Что я умею");
    let secret = wire.telegram.token().split_once(':').unwrap().1.to_owned();
    assert!(!told.has(&secret), "the token is in the log");
}

#[test]
fn what_the_messenger_does_not_take_now_is_said_later() {
    let mut town = Town::configured(|_| ());
    let (bot, mut errands) = (town.bot.clone().unwrap(), town.errands.take().unwrap());
    let runtime = Runtime::new().unwrap();
    let from =
        Speaker { user: 7, name: "Зоя".to_owned(), language: "ru".to_owned(), ..Speaker::default() };
    let hears = |id, what| {
        let heard = Heard { id, from: from.clone(), at_ms: now().ms, what };
        runtime.block_on(bot.hear(vec![heard])).unwrap();
    };
    hears(1, Input::Start(String::new()));
    hears(2, Input::Command { name: "nonsense".to_owned(), rest: String::new() });
    let mut next = || {
        let next = async { tokio::time::timeout(Duration::from_secs(20), errands.urgent.recv()).await };
        runtime.block_on(next).expect("in time").unwrap()
    };
    let text = |output: &Output| match output {
        Output::Say { screen, .. } => screen.text.clone(),
        other => panic!("{other:?}"),
    };
    let first = next();
    let said = text(&first.output);
    first.done.send(Err(Undone::NotNow { why: "away".to_owned(), after_ms: 0 })).unwrap();
    let again = next();
    assert_eq!(text(&again.output), said, "it is said again, before anything else");
    again.done.send(Err(Undone::Unknown("the connection broke".to_owned()))).unwrap();
    let again = next();
    assert_eq!(text(&again.output), said, "rather twice than never");
    again.done.send(Ok(Done::Said(At { chat: 7, message: 1 }))).unwrap();
    let other = next();
    assert_ne!(text(&other.output), said);
    other.done.send(Ok(Done::Said(At { chat: 7, message: 2 }))).unwrap();
}

/// What is logged, with all that anybody could want to know.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<u8>>>);

impl Told {
    fn has(&self, fragment: &str) -> bool {
        String::from_utf8_lossy(&self.0.lock().unwrap()).contains(fragment)
    }
}

impl Write for Told {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn listen() -> Told {
    let told = Told::default();
    let writer = told.clone();
    let all = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
    all.with_writer(move || writer.clone()).init();
    told
}
