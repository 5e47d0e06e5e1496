//! Each thing that the bot can do in a messenger, done in Telegram, and each way in which Telegram does not do it.

use dwellers_cloud::bot::line::Line;
use dwellers_cloud::bot::talk::Key;
use dwellers_cloud::bot::talk::{At, Done, Output, Press, Rights, Screen, Undone};
use dwellers_cloud::bot::telegram;
use dwellers_cloud::clock::now;
use dwellers_cloud::config::Telegram;
use dwellers_telegram::{Double, Joining};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::watch;

use crate::hub::eventually;
use crate::town::Town;

const NAME: &str = "sosnovka_bot";

/// Telegram, and a line to it.
struct Booth {
    telegram: Double,
    line: Line,
    _end: (watch::Sender<bool>, watch::Sender<bool>),
    _town: Town,
    _folder: TempDir,
    runtime: Runtime,
}

impl Booth {
    fn open() -> Booth {
        let runtime = Runtime::new().unwrap();
        let telegram = runtime.block_on(Double::start_as(NAME));
        let folder = tempfile::tempdir().unwrap();
        let token_file = folder.path().join("token");
        std::fs::write(&token_file, telegram.token()).unwrap();
        let config = Telegram {
            bot: NAME.to_owned(),
            token_file: Some(token_file),
            api: Some(telegram.url()),
            webhook: false,
        };
        let town = Town::configured(|_| ());
        let (line, errands) = Line::new();
        let bot = town.bot.clone().unwrap();
        let adapter = telegram::Telegram::new(&config, bot, town.at.clone()).unwrap();
        let (deaf, mute) = (watch::Sender::new(false), watch::Sender::new(false));
        runtime.spawn(adapter.run(errands, deaf.subscribe(), mute.subscribe()));
        Booth { telegram, line, _end: (deaf, mute), _town: town, _folder: folder, runtime }
    }

    fn put(&self, output: Output) -> Result<Done, Undone> {
        self.runtime.block_on(self.line.put(output))
    }

    fn say(&self, chat: i64, screen: Screen) -> At {
        self.runtime.block_on(self.line.say(chat, screen)).unwrap()
    }

    /// A user who has spoken to the bot.
    fn user(&self, name: &str) -> dwellers_telegram::User {
        let user = self.telegram.user(name, "ru");
        user.has_met_bot();
        user
    }
}

#[test]
fn a_message_is_said_changed_and_deleted() {
    let booth = Booth::open();
    let anna = booth.user("Анна");
    let keys = |screen: Screen| screen.row([Key::press("Да", Press::verb("yes"))]);
    let at = booth.say(anna.id(), keys(Screen::text("Вопрос?")));
    let edit = |at: At, screen: Screen| booth.put(Output::Edit { at, screen });
    assert_eq!(edit(at, Screen::text("Ответ")), Ok(Done::Done));
    let shown = anna.last();
    assert_eq!((shown.text.as_str(), shown.labels(), i64::from(shown.id)), ("Ответ", vec![], at.message));
    // Where it is that already, nothing happens.
    assert_eq!(edit(at, Screen::text("Ответ")), Ok(Done::Done));
    assert_eq!(anna.last().edits, 1);
    // A picture has its words below it.
    let picture = booth.say(anna.id(), Screen::text("Подпись").picture(Some(vec![0xff, 0xd8, 0xff, 1])));
    assert_eq!(edit(picture, keys(Screen::text("Другая подпись"))), Ok(Done::Done));
    let shown = anna.last();
    assert_eq!((shown.text.as_str(), shown.labels()), ("Другая подпись", vec!["Да"]));
    assert_eq!(shown.photo.unwrap().as_ref(), [0xff, 0xd8, 0xff, 1]);
    assert_eq!(booth.put(Output::Delete(picture)), Ok(Done::Done));
    assert!(matches!(booth.put(Output::Delete(picture)), Err(Undone::Missing(_))));
    assert!(matches!(edit(picture, Screen::text("Ответ")), Err(Undone::Missing(_))));
}

#[test]
fn what_is_too_long_is_cut() {
    let booth = Booth::open();
    let anna = booth.user("Анна");
    booth.say(anna.id(), Screen::text("я😀".repeat(3_000)));
    assert!(anna.last().text.ends_with('…'));
    booth.say(anna.id(), Screen::text("я😀".repeat(3_000)).picture(Some(vec![0xff, 0xd8, 0xff])));
    assert!(anna.last().text.encode_utf16().count() <= 1_024);
}

#[test]
fn who_hears_nothing_and_what_is_not_there() {
    let booth = Booth::open();
    let (anna, stranger) = (booth.user("Анна"), booth.telegram.user("Чужой", "ru"));
    anna.blocks_bot();
    let say = |chat| booth.put(Output::Say { chat, screen: Screen::text("Новость") });
    assert_eq!(say(anna.id()), Err(Undone::Blocked));
    assert_eq!(say(stranger.id()), Err(Undone::Blocked));
    assert!(matches!(say(1), Err(Undone::Missing(_))));
    let answer = Output::Answer { query: "1".to_owned(), text: "поздно".to_owned(), alert: false };
    assert!(matches!(booth.put(answer), Err(Undone::Missing(_))));
    let fetch = booth.put(Output::Fetch("nothing".to_owned()));
    assert!(matches!(fetch, Err(Undone::Missing(_))), "{fetch:?}");
}

#[test]
fn people_come_into_a_group_and_go() {
    let booth = Booth::open();
    let (boss, anna, eve) = (booth.user("Борис"), booth.user("Анна"), booth.user("Ева"));
    let group = booth.telegram.supergroup("Сосновка");
    let standing = || booth.put(Output::Standing(group.id()));
    assert!(matches!(standing(), Err(Undone::Missing(_))), "{:?}", standing());
    let rights = dwellers_telegram::Rights { restrict: false, ..dwellers_telegram::Rights::ALL };
    group.bot_added_by(&boss, rights);
    let may = Rights { administrator: true, invite: true, remove: false };
    assert_eq!(standing(), Ok(Done::Standing(may)));
    let until_ms = now().ms + 3_600_000;
    let invite = |asks| {
        let name = "Анна, дом 12, которая просила впустить её".to_owned();
        match booth.put(Output::Invite { chat: group.id(), name, until_ms, asks }).unwrap() {
            Done::Link(link) => link,
            other => panic!("{other:?}"),
        }
    };
    let asking = invite(true);
    assert_eq!((anna.joins(&asking), eve.joins(&asking)), (Joining::Requested, Joining::Requested));
    let admit =
        |user: &dwellers_telegram::User, yes| Output::Admit { chat: group.id(), user: user.id(), yes };
    assert_eq!(booth.put(admit(&anna, true)), Ok(Done::Done));
    assert_eq!(booth.put(admit(&anna, true)), Ok(Done::Done), "she is in: whoever asks again is told so");
    assert_eq!(booth.put(admit(&eve, false)), Ok(Done::Done));
    assert!(matches!(booth.put(admit(&eve, true)), Err(Undone::Missing(_))));
    let is_in =
        |user: &dwellers_telegram::User| booth.put(Output::IsIn { chat: group.id(), user: user.id() });
    assert_eq!((is_in(&anna), is_in(&eve)), (Ok(Done::Is(true)), Ok(Done::Is(false))));
    let single = invite(false);
    assert_eq!(eve.joins(&single), Joining::Joined);
    assert_eq!(booth.put(Output::Uninvite { chat: group.id(), link: single.clone() }), Ok(Done::Done));
    assert!(!group.links().contains(&single));
    let remove = || booth.put(Output::Remove { chat: group.id(), user: eve.id() });
    assert!(matches!(remove(), Err(Undone::NotAllowed(_))));
    group.set_rights(dwellers_telegram::Rights::ALL);
    assert_eq!((remove(), is_in(&eve)), (Ok(Done::Done), Ok(Done::Is(false))));
    assert_eq!(eve.joins(&invite(false)), Joining::Joined, "they may come back");
    assert_eq!(booth.put(Output::Leave(group.id())), Ok(Done::Done));
    assert!(matches!(booth.put(Output::Leave(group.id())), Err(Undone::Missing(_))));
    assert!(matches!(standing(), Err(Undone::Missing(_))), "it is not there: {:?}", standing());
}

#[test]
fn a_group_that_has_another_number_is_found() {
    let booth = Booth::open();
    let boss = booth.user("Борис");
    let group = booth.telegram.group("Сосновка");
    group.bot_added_by(&boss, dwellers_telegram::Rights::ALL);
    let chat = group.id();
    group.migrate();
    let said = booth.put(Output::Say { chat, screen: Screen::text("Новость") });
    assert_eq!(said, Err(Undone::Moved(group.id())));
    // A plain group bans nobody, and lets people go all the same.
    let (plain, eve) = (booth.telegram.group("Другой"), booth.user("Ева"));
    plain.bot_added_by(&boss, dwellers_telegram::Rights::ALL);
    plain.has(&eve);
    assert_eq!(booth.put(Output::Remove { chat: plain.id(), user: eve.id() }), Ok(Done::Done));
    eventually("she is out", || !eve.is_in(&plain));
}
