//! The same as `hall` without a messenger: what the bot wants done is done at once, or is not, just as a story wishes. For groups
//! and crowds, and for what no real messenger does when it is told to.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use dwellers::people::{PlaceKind, Role};
use dwellers_cloud::accounts::{Messenger, MessengerUser};
use dwellers_cloud::bot::Bot;
use dwellers_cloud::bot::line::{Errand, Errands};
use dwellers_cloud::bot::talk::{
    At, Does, Done, Group, GroupInput, Heard, Input, Keyboard, Output, Press, Rights, Screen, Speaker, Undone,
};
use dwellers_cloud::clock::{entropy, now};
use dwellers_cloud::config::Telegram;
use dwellers_replica::{Open, RecordId};
use tokio::runtime::Runtime;

use crate::town::{Town, Village};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A town, its bot, and a messenger.
pub(crate) struct Hall {
    pub(crate) town: Town,
    pub(crate) village: Village,
    pub(crate) messenger: Arc<Messages>,
    runtime: Runtime,
}

/// What stands in all chats.
#[derive(Default)]
pub(crate) struct Messages {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    number: i64,
    heard: i64,
    chats: HashMap<i64, Vec<Shown>>,
    /// What people wrote, and nobody deleted.
    written: HashMap<At, String>,
    keyboards: HashMap<i64, Keyboard>,
    answers: HashMap<i64, (String, bool)>,
    /// Presses that are not answered: who pressed.
    queries: HashMap<String, i64>,
    /// Presses that are too old to be answered.
    stale: bool,
    offers: HashMap<String, Vec<dwellers_cloud::bot::talk::Offer>>,
    files: HashMap<String, Vec<u8>>,
    blocked: Vec<i64>,
    /// Outputs about groups, in order.
    group_outputs: Vec<Output>,
    rights: HashMap<i64, Rights>,
    members: HashMap<i64, Vec<i64>>,
    links: u32,
    /// The messenger does not answer.
    away: bool,
    /// Groups that know no requests to join.
    no_requests: Vec<i64>,
    /// Those whom nobody puts out of a group.
    fixed: Vec<(i64, i64)>,
    /// Groups that have another number.
    moved: HashMap<i64, i64>,
    /// Those who ask to be let in.
    asking: Vec<(i64, i64)>,
    /// It cannot be reached.
    /// The most messages that it takes in a second.
    takes: Option<usize>,
    /// When it took the messages.
    taken: VecDeque<Instant>,
    all_taken: usize,
    most_in_a_second: usize,
}

/// A message as it stands now.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) at: At,
    pub(crate) screen: Screen,
    pub(crate) edits: u32,
    heard: bool,
}

impl Shown {
    pub(crate) fn text(&self) -> &str {
        &self.screen.text
    }

    pub(crate) fn labels(&self) -> Vec<String> {
        self.screen.keys.iter().flatten().map(|key| key.label.clone()).collect()
    }
}

impl Hall {
    /// With a village that people may join, and its administrator.
    pub(crate) fn open() -> Hall {
        let telegram = Telegram { bot: "sosnovka_bot".to_owned(), ..Telegram::default() };
        let town = Town::configured(|config| config.telegram = Some(telegram));
        let village = town.village("Сосновка");
        Hall::of(town, village)
    }

    pub(crate) fn of(mut town: Town, village: Village) -> Hall {
        let runtime = Runtime::new().unwrap();
        let messenger = Arc::<Messages>::default();
        serve(&runtime, &mut town, &messenger);
        Hall { town, village, messenger, runtime }
    }

    /// The cloud ends and begins anew; what people see stays.
    pub(crate) fn restart(&mut self) {
        self.town.restart();
        serve(&self.runtime, &mut self.town, &self.messenger);
    }

    fn bot(&self) -> Bot {
        self.town.bot.clone().expect("it serves")
    }

    /// Somebody in the messenger who is nobody here.
    pub(crate) fn stranger(&self, name: &str, language: &str) -> User<'_> {
        let mut state = self.messenger.state.lock().unwrap();
        state.number += 1;
        let user = 1_000_000 + state.number;
        let from =
            Speaker { user, name: name.to_owned(), language: language.to_owned(), ..Speaker::default() };
        User { hall: self, from }
    }

    /// Somebody of whom nothing but their number is known.
    pub(crate) fn known(&self, user: i64) -> User<'_> {
        self.again(Speaker { user, ..Speaker::default() })
    }

    /// The messenger takes so many messages a second from now on, and says to all others when to come again. A few of these
    /// places are kept for what is urgent, as its adapter keeps them.
    pub(crate) fn messenger_takes(&self, most: Option<usize>) {
        self.messenger.state.lock().unwrap().takes = most;
    }

    /// How many messages it took.
    pub(crate) fn messages_taken(&self) -> usize {
        self.messenger.state.lock().unwrap().all_taken
    }

    /// The most messages that it ever took in a second.
    pub(crate) fn most_in_a_second(&self) -> usize {
        self.messenger.state.lock().unwrap().most_in_a_second
    }

    /// Somebody who was there before.
    pub(crate) fn again(&self, from: Speaker) -> User<'_> {
        User { hall: self, from }
    }

    /// Somebody in the messenger who is this person.
    pub(crate) fn person(&self, name: &str, person: RecordId, language: &str) -> User<'_> {
        let user = self.stranger(name, language);
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
        self.person(name, person, "ru")
    }

    fn hear(&self, heard: Heard) {
        self.runtime.block_on(self.bot().hear(vec![heard])).unwrap();
    }

    /// What the bot did in groups, from the first.
    pub(crate) fn group_outputs(&self) -> Vec<Output> {
        self.messenger.state.lock().unwrap().group_outputs.clone()
    }

    /// Waits until the bot has done something in a group.
    pub(crate) fn group_does(&self, is: impl Fn(&Output) -> bool) -> Output {
        let found = |state: &mut State| state.group_outputs.iter().find(|output| is(output)).cloned();
        self.messenger
            .wait(found)
            .unwrap_or_else(|state| panic!("the bot did only {:?}", state.group_outputs))
    }

    /// What the bot may do in a group.
    pub(crate) fn set_rights(&self, chat: i64, rights: Rights) {
        self.messenger.state.lock().unwrap().rights.insert(chat, rights);
    }

    /// The messenger does not answer, or does again.
    pub(crate) fn is_away(&self, away: bool) {
        self.messenger.state.lock().unwrap().away = away;
    }

    /// A group in which nobody has to be let in.
    pub(crate) fn knows_no_requests(&self, chat: i64) {
        self.messenger.state.lock().unwrap().no_requests.push(chat);
    }

    /// Nobody puts them out of the group: it is theirs.
    pub(crate) fn owns_group(&self, chat: i64, user: i64) {
        self.messenger.state.lock().unwrap().fixed.push((chat, user));
    }

    /// Somebody was in a group before anybody looked.
    pub(crate) fn is_member(&self, chat: i64, user: i64) {
        self.messenger.state.lock().unwrap().members.entry(chat).or_default().push(user);
    }

    /// A group has another number from now on, whoever heard of it.
    pub(crate) fn group_moves(&self, from: i64, to: i64) {
        let mut state = self.messenger.state.lock().unwrap();
        let members = state.members.remove(&from).unwrap_or_default();
        let rights = state.rights.remove(&from).unwrap_or_default();
        state.members.insert(to, members);
        state.rights.insert(to, rights);
        state.moved.insert(from, to);
    }

    /// The cloud ends, something happens, and it begins anew.
    pub(crate) fn restart_after(&mut self, meanwhile: impl FnOnce(&Village)) {
        let Hall { town, village, .. } = self;
        town.restart_after(|| meanwhile(village));
        serve(&self.runtime, &mut self.town, &self.messenger);
    }

    /// From now on presses are too old to be answered.
    pub(crate) fn presses_are_stale(&self, stale: bool) {
        self.messenger.state.lock().unwrap().stale = stale;
    }
}

impl Drop for Hall {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        // Every press is answered, in time.
        let answered = self.messenger.wait(|state| state.queries.is_empty().then_some(()));
        if let Err(state) = answered {
            panic!("presses that nobody answered: {:?}", state.queries);
        }
    }
}

fn serve(runtime: &Runtime, town: &mut Town, messenger: &Arc<Messages>) {
    let Errands { mut urgent, mut other } = town.errands.take().expect("nobody else speaks to it");
    let messenger = messenger.clone();
    runtime.spawn(async move {
        loop {
            let errand = tokio::select! {
                biased;
                Some(errand) = urgent.recv() => errand,
                Some(errand) = other.recv() => errand,
                else => return,
            };
            messenger.take(errand);
        }
    });
}

impl Messages {
    fn take(&self, errand: Errand) {
        let mut state = self.state.lock().unwrap();
        let outcome = state.room(&errand).and_then(|()| state.put(errand.output));
        drop(state);
        self.changed.notify_all();
        let _ = errand.done.send(outcome);
    }

    fn wait<T>(
        &self,
        mut found: impl FnMut(&mut State) -> Option<T>,
    ) -> Result<T, std::sync::MutexGuard<'_, State>> {
        let until = Instant::now() + PATIENCE;
        let mut state = self.state.lock().unwrap();
        loop {
            if let Some(found) = found(&mut state) {
                return Ok(found);
            }
            let Some(left) = until.checked_duration_since(Instant::now()) else { return Err(state) };
            state = self.changed.wait_timeout(state, left).unwrap().0;
        }
    }
}

impl State {
    /// Whether it takes one more now.
    fn room(&mut self, errand: &Errand) -> Result<(), Undone> {
        let not_now = |why: &str, after_ms| Err(Undone::NotNow { why: why.to_owned(), after_ms });
        let Output::Say { .. } = errand.output else { return Ok(()) };
        const SECOND: Duration = Duration::from_secs(1);
        let now = Instant::now();
        while self.taken.front().is_some_and(|at| now.duration_since(*at) >= SECOND) {
            self.taken.pop_front();
        }
        let kept = if errand.urgent { 0 } else { 5 };
        if self.takes.is_some_and(|takes| self.taken.len() + kept >= takes) {
            let after = SECOND.saturating_sub(now.duration_since(self.taken[0]));
            return not_now("Too Many Requests", u64::try_from(after.as_millis()).unwrap() + 1);
        }
        self.taken.push_back(now);
        self.all_taken += 1;
        self.most_in_a_second = self.most_in_a_second.max(self.taken.len());
        Ok(())
    }

    fn put(&mut self, output: Output) -> Result<Done, Undone> {
        if self.away {
            return Err(Undone::NotNow { why: "it is away".to_owned(), after_ms: 20 });
        }
        if let Output::Invite { chat, .. }
        | Output::Uninvite { chat, .. }
        | Output::Admit { chat, .. }
        | Output::Remove { chat, .. }
        | Output::IsIn { chat, .. }
        | Output::Standing(chat)
        | Output::Leave(chat) = &output
            && let Some(to) = self.moved.get(chat)
        {
            return Err(Undone::Moved(*to));
        }
        match output {
            Output::Invite { chat, asks: true, .. } if self.no_requests.contains(&chat) => {
                Err(Undone::Never("it knows no requests".to_owned()))
            }
            Output::Remove { chat, user } if self.fixed.contains(&(chat, user)) => {
                Err(Undone::NotAllowed("they are an administrator of the chat".to_owned()))
            }
            Output::Remove { chat, .. } if !self.rights.get(&chat).is_none_or(|rights| rights.remove) => {
                Err(Undone::NotAllowed("not enough rights".to_owned()))
            }
            Output::Admit { chat, user, .. } if !self.asking.contains(&(chat, user)) => {
                Err(Undone::Missing("they do not ask".to_owned()))
            }
            Output::Admit { chat, user, yes } => {
                self.asking.retain(|asking| *asking != (chat, user));
                if yes {
                    self.members.entry(chat).or_default().push(user);
                }
                self.group_outputs.push(Output::Admit { chat, user, yes });
                Ok(Done::Done)
            }
            Output::Say { chat, .. } if self.blocked.contains(&chat) => Err(Undone::Blocked),
            Output::Say { chat, screen } => {
                check(&screen);
                self.number += 1;
                if screen.keyboard != Keyboard::Same {
                    self.keyboards.insert(chat, screen.keyboard.clone());
                }
                let at = At { chat, message: self.number };
                self.chats.entry(chat).or_default().push(Shown { at, screen, edits: 0, heard: false });
                Ok(Done::Said(at))
            }
            Output::Edit { at, screen } => {
                check(&screen);
                assert_eq!(screen.keyboard, Keyboard::Same, "an edit brings no keyboard");
                let chat = self.chats.entry(at.chat).or_default();
                let shown = chat.iter_mut().find(|shown| shown.at == at);
                let shown = shown.ok_or(Undone::Missing("message to edit not found".to_owned()))?;
                if shown.screen != screen {
                    shown.edits += 1;
                    shown.heard &= shown.screen.text == screen.text;
                    // The picture stays.
                    let picture = shown.screen.picture.take().filter(|_| screen.picture.is_none());
                    shown.screen = screen;
                    shown.screen.picture = shown.screen.picture.take().or(picture);
                }
                Ok(Done::Done)
            }
            Output::Delete(at) => {
                self.chats.entry(at.chat).or_default().retain(|shown| shown.at != at);
                self.written.remove(&at);
                Ok(Done::Done)
            }
            Output::Answer { query, text, alert } => {
                assert!(text.chars().count() <= 200, "an answer is too long: {text}");
                let stale = self.stale;
                let user = self.queries.remove(&query).unwrap_or_else(|| panic!("{query} was answered"));
                if stale {
                    return Err(Undone::Missing("query is too old".to_owned()));
                }
                self.answers.insert(user, (text, alert));
                Ok(Done::Done)
            }
            Output::Offer { query, offers } => {
                offers.iter().for_each(|offer| check(&offer.screen));
                self.offers.insert(query, offers);
                Ok(Done::Done)
            }
            Output::Fetch(file) => {
                self.files.get(&file).cloned().map(Done::File).ok_or(Undone::Missing("file".to_owned()))
            }
            Output::Standing(chat) => {
                Ok(Done::Standing(self.rights.get(&chat).copied().ok_or(Undone::Missing("chat".to_owned()))?))
            }
            Output::IsIn { chat, user } => {
                Ok(Done::Is(self.members.get(&chat).is_some_and(|members| members.contains(&user))))
            }
            output @ Output::Invite { .. } => {
                self.group_outputs.push(output);
                self.links += 1;
                Ok(Done::Link(format!("https://t.me/+link{}", self.links)))
            }
            Output::Remove { chat, user } => {
                self.members.entry(chat).or_default().retain(|member| *member != user);
                self.group_outputs.push(Output::Remove { chat, user });
                Ok(Done::Done)
            }
            output => {
                self.group_outputs.push(output);
                Ok(Done::Done)
            }
        }
    }
}

/// What every messenger insists on.
fn check(screen: &Screen) {
    assert!(!screen.text.trim().is_empty() || screen.picture.is_some(), "a message says nothing");
    for key in screen.keys.iter().flatten() {
        assert!(!key.label.trim().is_empty(), "a button has no words: {screen:?}");
        if let Does::Press(press) = &key.does {
            assert!(press.to_string().len() <= 64, "{press}");
        }
    }
}

/// Somebody in the messenger.
pub(crate) struct User<'a> {
    hall: &'a Hall,
    pub(crate) from: Speaker,
}

impl User<'_> {
    fn does(&self, what: Input) {
        self.does_at(what, now().ms);
    }

    fn does_at(&self, what: Input, at_ms: u64) {
        let id = {
            let mut state = self.hall.messenger.state.lock().unwrap();
            state.heard += 1;
            state.heard
        };
        self.hall.hear(Heard { id, from: self.from.clone(), at_ms, what });
    }

    pub(crate) fn says(&self, text: &str) {
        match text.strip_prefix('/') {
            Some(command) => {
                let (name, rest) = command.split_once(' ').unwrap_or((command, ""));
                self.does(Input::Command { name: name.to_owned(), rest: rest.to_owned() });
            }
            None => self.writes(text, false),
        }
    }

    pub(crate) fn edits(&self, text: &str) {
        self.writes(text, true);
    }

    fn writes(&self, text: &str, edited: bool) {
        let at = {
            let mut state = self.hall.messenger.state.lock().unwrap();
            state.number += 1;
            let at = At { chat: self.from.user, message: state.number };
            state.written.insert(at, text.to_owned());
            at
        };
        self.does(Input::Text { text: text.to_owned(), edited, at });
    }

    /// Whether what they wrote stands there still.
    pub(crate) fn sees_own(&self, text: &str) -> bool {
        let state = self.hall.messenger.state.lock().unwrap();
        state.written.iter().any(|(at, written)| at.chat == self.from.user && written == text)
    }

    pub(crate) fn starts(&self, payload: &str) {
        self.does(Input::Start(payload.to_owned()));
    }

    pub(crate) fn sends_photo(&self, bytes: &[u8]) {
        let file = self.file(bytes);
        self.does(Input::Photo {
            file,
            bytes: Some(bytes.len() as u64),
            album: None,
            caption: String::new(),
        });
    }

    pub(crate) fn sends_album(&self, photos: &[&[u8]]) {
        for bytes in photos {
            let (file, album) = (self.file(bytes), Some("album".to_owned()));
            self.does(Input::Photo { file, bytes: Some(bytes.len() as u64), album, caption: String::new() });
        }
    }

    fn file(&self, bytes: &[u8]) -> String {
        let mut state = self.hall.messenger.state.lock().unwrap();
        state.number += 1;
        let file = format!("file{}", state.number);
        state.files.insert(file.clone(), bytes.to_vec());
        file
    }

    pub(crate) fn sends_voice(&self) {
        self.does(Input::Other);
    }

    pub(crate) fn shares_contact(&self, phone: &str) {
        self.does(Input::Contact { phone: phone.to_owned(), own: true });
    }

    /// Presses the button with this on it, in the latest message that has one.
    pub(crate) fn presses(&self, label: &str) {
        let chat = self.from.user;
        let find = |state: &mut State| {
            let shown = state.chats.get(&chat)?.iter().rev();
            shown
                .flat_map(|shown| shown.screen.keys.iter().flatten().map(move |key| (shown.at, key.clone())))
                .find_map(|(at, key)| match key.does {
                    Does::Press(press) if key.label.contains(label) => Some((at, press)),
                    _ => None,
                })
        };
        let found = self.hall.messenger.wait(find);
        let (at, press) = found.unwrap_or_else(|state| panic!("no button {label:?}: {}", told(&state, chat)));
        self.presses_at(at, &press);
    }

    pub(crate) fn presses_at(&self, at: At, press: &Press) {
        let query = {
            let mut state = self.hall.messenger.state.lock().unwrap();
            state.number += 1;
            let query = format!("query{}", state.number);
            state.queries.insert(query.clone(), self.from.user);
            state.answers.remove(&self.from.user);
            query
        };
        self.does(Input::Press { press: press.to_string(), query, under: Some(at) });
    }

    /// Waits for a message, new or changed and not yet heard, that has this in it.
    pub(crate) fn hears(&self, fragment: &str) -> Shown {
        let chat = self.from.user;
        let find = |state: &mut State| {
            let shown = state.chats.get_mut(&chat)?.iter_mut();
            let found =
                shown.filter(|shown| !shown.heard).find(|shown| shown.screen.text.contains(fragment))?;
            found.heard = true;
            Some(found.clone())
        };
        self.hall
            .messenger
            .wait(find)
            .unwrap_or_else(|state| panic!("no {fragment:?}: {}", told(&state, chat)))
    }

    /// Waits until a message has a button with this on it.
    pub(crate) fn sees(&self, message: &Shown, label: &str) {
        let chat = self.from.user;
        let find = |state: &mut State| {
            let shown = state.chats.get(&chat)?.iter().find(|shown| shown.at == message.at)?;
            shown.labels().iter().any(|shown| shown.contains(label)).then_some(())
        };
        let found = self.hall.messenger.wait(find);
        found.unwrap_or_else(|state| panic!("no button {label:?}: {}", told(&state, chat)));
    }

    /// What the last press was answered with.
    pub(crate) fn answer(&self) -> String {
        let user = self.from.user;
        let answer = self.hall.messenger.wait(|state| state.answers.get(&user).cloned());
        answer.unwrap_or_else(|state| panic!("no answer: {}", told(&state, user))).0
    }

    /// All messages as they stand.
    pub(crate) fn messages(&self) -> Vec<Shown> {
        self.hall.messenger.state.lock().unwrap().chats.get(&self.from.user).cloned().unwrap_or_default()
    }

    /// The words in the place of the keyboard.
    pub(crate) fn keyboard(&self) -> Vec<String> {
        match self.hall.messenger.state.lock().unwrap().keyboards.get(&self.from.user) {
            Some(Keyboard::Words(rows)) => rows.iter().flatten().cloned().collect(),
            Some(Keyboard::Phone { label, words }) => [std::slice::from_ref(label), words].concat(),
            _ => Vec::new(),
        }
    }

    /// Chooses an answer to what they have typed in another chat.
    pub(crate) fn chooses(&self, offer: &str, text: &str, message: Option<&str>) {
        let (offer, text, message) = (offer.to_owned(), text.to_owned(), message.map(str::to_owned));
        self.does(Input::Chosen { offer, message, text });
    }

    /// What is offered for what is typed in another chat.
    pub(crate) fn types(&self, text: &str) -> Vec<dwellers_cloud::bot::talk::Offer> {
        let query = {
            let mut state = self.hall.messenger.state.lock().unwrap();
            state.number += 1;
            format!("typed{}", state.number)
        };
        self.does(Input::Typed { query: query.clone(), text: text.to_owned() });
        let found = self.hall.messenger.wait(|state| state.offers.remove(&query));
        found.unwrap_or_else(|_| panic!("nothing is offered for {text:?}"))
    }

    pub(crate) fn blocks_the_bot(&self) {
        self.hall.messenger.state.lock().unwrap().blocked.push(self.from.user);
        self.does(Input::Blocked);
    }

    /// Keeps the bot out, and it does not hear of that.
    pub(crate) fn keeps_the_bot_out(&self) {
        self.hall.messenger.state.lock().unwrap().blocked.push(self.from.user);
    }

    /// Deletes a message for both.
    pub(crate) fn deletes(&self, at: At) {
        let mut state = self.hall.messenger.state.lock().unwrap();
        state.chats.entry(at.chat).or_default().retain(|shown| shown.at != at);
    }

    pub(crate) fn unblocks_the_bot(&self) {
        self.hall.messenger.state.lock().unwrap().blocked.retain(|user| *user != self.from.user);
        self.does(Input::Unblocked);
    }

    /// Does, or sees, something in a group.
    pub(crate) fn in_group(&self, group: &Group, what: GroupInput) {
        let mut state = self.hall.messenger.state.lock().unwrap();
        let members = state.members.entry(group.chat).or_default();
        match &what {
            GroupInput::Joined { who, .. } => members.push(who.user),
            GroupInput::Asks { who, .. } => {
                let asking = (group.chat, who.user);
                state.asking.push(asking);
            }
            GroupInput::Left { who } => members.retain(|member| *member != who.user),
            _ => {}
        }
        drop(state);
        self.does(Input::Group { group: group.clone(), what });
    }
}

fn told(state: &State, chat: i64) -> String {
    let shown = state.chats.get(&chat).map(Vec::as_slice).unwrap_or_default();
    let shown = shown.iter().map(|shown| format!("\n  {:?} {:?}", shown.text(), shown.labels()));
    format!("there is{}\nanswered {:?}", shown.collect::<String>(), state.answers.get(&chat))
}
