//! People in a messenger who speak to the bot of a town, and what they see.
//!
//! The messenger is a double of Telegram: all that is said goes through the bot's own adapter, over HTTP, and what Telegram would
//! not take fails the test.

mod groups;
mod telling;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use dwellers::people::{PlaceKind, Role};
use dwellers_cloud::accounts::{Messenger, MessengerUser};
use dwellers_cloud::bot::line::{Errand, Errands};
use dwellers_cloud::bot::talk::{At, Does, Key, Offer, Output, Press, Screen, Speaker};
use dwellers_cloud::bot::telegram::{self, Limits};
use dwellers_cloud::clock::{entropy, now};
use dwellers_cloud::config::Telegram;
use dwellers_cloud::notify::{Kind, Settings};
use dwellers_replica::{Open, RecordId, Writes};
use dwellers_telegram::{Button, Double, Message};
use futures_util::FutureExt;
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use crate::town::{Town, Village};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often it is looked for.
const LOOK: Duration = Duration::from_millis(10);
/// What people find the bot by.
const NAME: &str = "sosnovka_bot";
/// Stories are told faster than people type; `wire` keeps to Telegram's own limits.
const HASTE: Limits = Limits { all: 1_000, group: 1_000, each_ms: 0, at_once: 1 };

/// A town, its bot, and a messenger.
pub(crate) struct Hall {
    pub(crate) town: Town,
    pub(crate) village: Village,
    pub(crate) telegram: Double,
    adapter: Option<Adapter>,
    /// How fast the bot speaks.
    limits: Limits,
    /// What the bot did that no person sees.
    outputs: Arc<Mutex<Vec<Output>>>,
    known: Mutex<Known>,
    folder: TempDir,
    runtime: Runtime,
}

/// Whom and what a story has met.
#[derive(Default)]
struct Known {
    users: HashMap<i64, dwellers_telegram::User>,
    /// Messages in other chats, by their names at Telegram, and what the story calls them.
    offered: HashMap<String, String>,
    /// What messages said when they were heard.
    heard: HashMap<At, String>,
    answers: HashMap<i64, String>,
}

/// The adapter of the bot, while it runs.
struct Adapter {
    deaf: watch::Sender<bool>,
    mute: watch::Sender<bool>,
    runs: JoinHandle<()>,
}

/// A message as it stands now.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) at: At,
    pub(crate) screen: Screen,
}

impl Shown {
    fn of(message: Message) -> Shown {
        let keys = message.buttons.into_iter().map(|row| row.into_iter().map(key).collect()).collect();
        let picture = message.photo.map(|bytes| bytes.to_vec());
        let at = At { chat: message.chat, message: i64::from(message.id) };
        let silent = message.silent;
        Shown { at, screen: Screen { text: message.text, picture, keys, silent, ..Screen::default() } }
    }

    pub(crate) fn text(&self) -> &str {
        &self.screen.text
    }

    pub(crate) fn labels(&self) -> Vec<String> {
        self.screen.keys.iter().flatten().map(|key| key.label.clone()).collect()
    }
}

fn key(button: Button) -> Key {
    let press = button.data.map(|data| Does::Press(data.parse().unwrap_or_else(|_| panic!("{data}"))));
    let does = press
        .or(button.url.map(Does::Open))
        .or(button.web_app.map(Does::App))
        .or(button.switch_inline.map(Does::Share));
    Key { label: button.text, does: does.expect("a button does something") }
}

impl Hall {
    /// With a village that people may join, and its administrator.
    pub(crate) fn open() -> Hall {
        let telegram = Telegram { bot: NAME.to_owned(), ..Telegram::default() };
        let town = Town::configured(|config| config.telegram = Some(telegram));
        let village = town.village("Сосновка");
        Hall::of(town, village)
    }

    pub(crate) fn of(town: Town, village: Village) -> Hall {
        Hall::at_pace(town, village, HASTE)
    }

    fn at_pace(town: Town, village: Village, limits: Limits) -> Hall {
        let runtime = Runtime::new().unwrap();
        let telegram = runtime.block_on(Double::start_as(NAME));
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("token"), telegram.token()).unwrap();
        let (outputs, known) = (Arc::default(), Mutex::default());
        let mut hall =
            Hall { town, village, telegram, adapter: None, limits, outputs, known, folder, runtime };
        hall.adapt();
        hall
    }

    /// Lets the bot speak to the messenger.
    fn adapt(&mut self) {
        let token_file: Option<PathBuf> = Some(self.folder.path().join("token"));
        let config =
            Telegram { bot: NAME.to_owned(), token_file, api: Some(self.telegram.url()), webhook: false };
        let (bot, errands) = (self.town.bot.clone().unwrap(), self.town.errands.take().unwrap());
        let address = bot.address().to_owned();
        let adapter = telegram::Telegram::new(&config, bot, address).unwrap().with_limits(self.limits);
        let outputs = self.outputs.clone();
        let (deaf, mute) = (watch::Sender::new(false), watch::Sender::new(false));
        let (hears, speaks) = (deaf.subscribe(), mute.subscribe());
        let runs = self.runtime.spawn(async move {
            let errands = Errands {
                urgent: overheard(errands.urgent, outputs.clone()),
                other: overheard(errands.other, outputs),
            };
            adapter.run(errands, hears, speaks).await;
        });
        self.adapter = Some(Adapter { deaf, mute, runs });
    }

    /// The cloud ends and begins anew; what people see stays.
    pub(crate) fn restart(&mut self) {
        self.end();
        self.town.begin();
        self.adapt();
    }

    fn end(&mut self) {
        let Some(Adapter { deaf, mute, runs }) = self.adapter.take() else { return };
        deaf.send_replace(true);
        self.town.end();
        mute.send_replace(true);
        // A panic there has been told.
        let _ = self.runtime.block_on(runs);
    }

    /// Somebody in the messenger who is nobody here.
    pub(crate) fn stranger(&self, name: &str, language: &str) -> User<'_> {
        let own = self.telegram.user(name, language);
        let user = own.id();
        self.known.lock().unwrap().users.insert(user, own.clone());
        let from =
            Speaker { user, name: name.to_owned(), language: language.to_owned(), ..Speaker::default() };
        User { hall: self, from, own }
    }

    /// Somebody who was there before.
    pub(crate) fn again(&self, from: Speaker) -> User<'_> {
        let own = self.known.lock().unwrap().users[&from.user].clone();
        User { hall: self, from, own }
    }

    /// Somebody in the messenger who is this person.
    pub(crate) fn person(&self, name: &str, person: RecordId, language: &str) -> User<'_> {
        let user = self.stranger(name, language);
        user.own.has_met_bot();
        let (accounts, community) = (self.town.communities.accounts(), self.village.community.id);
        let account = accounts.make(language, entropy, now()).unwrap();
        accounts.join(account, community, person, entropy, now()).unwrap();
        let (messenger, number) = (Open::Known(Messenger::Telegram), user.from.user);
        let known = MessengerUser { messenger, user: number, account, ..MessengerUser::default() };
        accounts.connect(known, now()).unwrap();
        user
    }

    /// An owner of a new house.
    pub(crate) fn resident(&self, name: &str, house: &str) -> User<'_> {
        let house = self.village.house(house);
        let (person, _) = self.village.resident(name, house, PlaceKind::Owner);
        self.person(name, person, "ru")
    }

    /// An administrator.
    pub(crate) fn administrator(&self, name: &str) -> User<'_> {
        let person = self.village.officer(name, Role::Administrator);
        self.tells_nothing_of(&[Kind::Application, Kind::Right], person);
        self.person(name, person, "ru")
    }

    /// Somebody does not want to hear of such by themselves: a story is of what they ask for.
    pub(crate) fn tells_nothing_of(&self, off: &[Kind], person: RecordId) {
        let off = off.iter().copied().map(Open::Known).collect();
        let mut writes = Writes::new();
        writes.create(person, &Settings { off, ..Settings::default() });
        self.village.community.store.commit(now(), writes).unwrap();
    }

    /// What the bot did that no person sees, from the first; messages in other chats by the names that the story gave them.
    fn outputs(&self) -> Vec<Output> {
        let known = self.known.lock().unwrap();
        let named = |mut output: Output| {
            if let Output::EditOffered { message, .. } = &mut output {
                *message = known.offered.get(message).unwrap_or(message).clone();
            }
            output
        };
        self.outputs.lock().unwrap().iter().cloned().map(named).collect()
    }

    /// Waits until the bot has done it.
    pub(crate) fn group_does(&self, is: impl Fn(&Output) -> bool) -> Output {
        let found = wait(|| self.outputs().into_iter().find(|output| is(output)));
        found.unwrap_or_else(|| panic!("the bot did only {:?}", self.outputs()))
    }

    /// From now on presses are too old to be answered.
    pub(crate) fn presses_are_stale(&self, stale: bool) {
        self.telegram.set_impatient(stale);
    }
}

impl Drop for Hall {
    fn drop(&mut self) {
        if !thread::panicking() {
            // Every press is answered, in time.
            self.runtime.block_on(self.telegram.all_answered());
        }
        self.end();
    }
}

/// Passes errands on, and remembers those of which no person sees anything.
fn overheard(
    mut errands: mpsc::Receiver<Errand>,
    outputs: Arc<Mutex<Vec<Output>>>,
) -> mpsc::Receiver<Errand> {
    let (on, passed) = mpsc::channel(1);
    tokio::spawn(async move {
        while let Some(errand) = errands.recv().await {
            if let Output::EditOffered { .. } = &errand.output {
                outputs.lock().unwrap().push(errand.output.clone());
            }
            if on.send(errand).await.is_err() {
                return;
            }
        }
    });
    passed
}

/// Looks until it is found, in time.
fn wait<T>(mut find: impl FnMut() -> Option<T>) -> Option<T> {
    let until = Instant::now() + PATIENCE;
    loop {
        let found = find();
        if found.is_some() || Instant::now() > until {
            return found;
        }
        thread::sleep(LOOK);
    }
}

/// Somebody in the messenger.
pub(crate) struct User<'a> {
    hall: &'a Hall,
    pub(crate) from: Speaker,
    /// As Telegram knows them.
    own: dwellers_telegram::User,
}

impl User<'_> {
    pub(crate) fn says(&self, text: &str) {
        self.own.says(text);
    }

    pub(crate) fn edits(&self, text: &str) {
        if self.own.messages().iter().all(|message| message.from_bot) {
            panic!("{} has not written yet", self.from.name);
        }
        self.own.edits(text);
    }

    /// Whether what they wrote stands there still.
    pub(crate) fn sees_own(&self, text: &str) -> bool {
        self.own.messages().iter().any(|message| !message.from_bot && message.text == text)
    }

    pub(crate) fn starts(&self, payload: &str) {
        self.own.starts(payload);
    }

    pub(crate) fn sends_photo(&self, bytes: &[u8]) {
        self.own.sends_photo(bytes.to_vec());
    }

    pub(crate) fn sends_album(&self, photos: &[&[u8]]) {
        self.own.sends_album(photos.iter().map(|bytes| bytes.to_vec().into()).collect());
    }

    pub(crate) fn sends_voice(&self) {
        self.own.sends_voice();
    }

    pub(crate) fn shares_contact(&self, phone: &str) {
        self.own.shares_contact(phone);
    }

    /// Presses the button with this on it, in the latest message that has one.
    pub(crate) fn presses(&self, label: &str) {
        let find = || {
            self.messages().into_iter().rev().find_map(|shown| {
                let key = shown.screen.keys.into_iter().flatten().find(|key| key.label.contains(label))?;
                matches!(key.does, Does::Press(_)).then_some((shown.at, key.label))
            })
        };
        let (at, label) =
            wait(find).unwrap_or_else(|| panic!("no button {label:?}:\n{}", self.own.transcript()));
        self.forgets_answers();
        self.own.presses_old(i32::try_from(at.message).unwrap(), &label);
    }

    pub(crate) fn presses_at(&self, at: At, press: &Press) {
        self.forgets_answers();
        self.own.presses_data(i32::try_from(at.message).unwrap(), &press.to_string());
    }

    fn forgets_answers(&self) {
        self.hall.runtime.block_on(async { while self.own.answer().now_or_never().is_some() {} });
        self.hall.known.lock().unwrap().answers.remove(&self.from.user);
    }

    /// Waits for a message, new or changed and not yet heard, that has this in it.
    pub(crate) fn hears(&self, fragment: &str) -> Shown {
        let found = wait(|| {
            let mut known = self.hall.known.lock().unwrap();
            let is_new = |shown: &Shown| known.heard.get(&shown.at) != Some(&shown.screen.text);
            let shown =
                self.messages().into_iter().filter(is_new).find(|shown| shown.text().contains(fragment))?;
            known.heard.insert(shown.at, shown.screen.text.clone());
            Some(shown)
        });
        found.unwrap_or_else(|| {
            let found = self.hall.telegram.violations();
            panic!("no {fragment:?}:\n{}\nviolations: {found:#?}", self.own.transcript())
        })
    }

    /// Waits until a message has a button with this on it.
    pub(crate) fn sees(&self, message: &Shown, label: &str) {
        let has = |shown: &Shown| shown.labels().iter().any(|shown| shown.contains(label));
        let found =
            wait(|| self.messages().iter().any(|shown| shown.at == message.at && has(shown)).then_some(()));
        found.unwrap_or_else(|| panic!("no button {label:?}:\n{}", self.own.transcript()));
    }

    /// What the last press was answered with.
    pub(crate) fn answer(&self) -> String {
        let user = self.from.user;
        if let Some(answer) = self.hall.known.lock().unwrap().answers.get(&user) {
            return answer.clone();
        }
        let answer = self.hall.runtime.block_on(self.own.answer()).text;
        self.hall.known.lock().unwrap().answers.insert(user, answer.clone());
        answer
    }

    /// All messages of the bot as they stand.
    pub(crate) fn messages(&self) -> Vec<Shown> {
        self.own.messages().into_iter().filter(|message| message.from_bot).map(Shown::of).collect()
    }

    /// The words in the place of the keyboard.
    pub(crate) fn keyboard(&self) -> Vec<String> {
        self.own.keyboard().into_iter().flatten().collect()
    }

    /// What is offered for what is typed in another chat.
    pub(crate) fn types(&self, text: &str) -> Vec<Offer> {
        let offers = self.hall.runtime.block_on(self.own.types_inline(text));
        offers.iter().map(offer).collect()
    }

    /// Chooses an answer to what they have typed in another chat, also one that was never offered to them.
    pub(crate) fn chooses(&self, offer: &str, text: &str, message: Option<&str>) {
        let chosen = self.own.chooses_forged(offer, text);
        if let Some(message) = message {
            self.hall.known.lock().unwrap().offered.insert(chosen, message.to_owned());
        }
    }
}

/// An answer to choose from, as Telegram has it.
fn offer(result: &Value) -> Offer {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows = result["reply_markup"]["inline_keyboard"].as_array().into_iter().flatten();
    let button = |button: &Value| {
        let part = |name: &str| button[name].as_str().map(str::to_owned);
        key(Button {
            text: text(&button["text"]),
            data: part("callback_data"),
            url: part("url"),
            switch_inline: part("switch_inline_query"),
            ..Button::default()
        })
    };
    let keys = rows.map(|row| row.as_array().into_iter().flatten().map(button).collect()).collect();
    let screen =
        Screen { text: text(&result["input_message_content"]["message_text"]), keys, ..Screen::default() };
    Offer {
        name: text(&result["id"]),
        title: text(&result["title"]),
        about: text(&result["description"]),
        screen,
    }
}
