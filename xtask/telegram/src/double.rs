//! The double as a test holds it: where it listens, what it found fault with, how it fails.
//!
//! Invariants: the world is entered with the time of the moment, and whoever waits is woken after every change.
//! What must never be here: what Telegram does; that is `methods` and `people`.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::chat::Chat;
use crate::description::Description;
use crate::flood::{Flood, Limits};
use crate::user::User;
use crate::world::{Kind, World};
use crate::{server, webhook};

/// The longest that anything here waits for the bot.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How Telegram fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outage {
    /// Connections end as soon as they are made.
    Refuse,
    /// Requests are taken and never answered.
    Hang,
    /// "Bad Gateway".
    Status502,
    /// A page in place of an answer, with a status of success, as providers show it.
    Html,
    /// Requests do what they say, and their answers are lost.
    AnswersLost,
}

/// Something that Telegram would not have taken, or does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The method, as Telegram writes it where it has it.
    pub method: String,
    /// What was wrong.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.method, self.what)
    }
}

type Clock = Box<dyn Fn() -> Timestamp + Send + Sync>;

/// What the server, the people and the page share.
pub(crate) struct Shared {
    world: Mutex<World>,
    pub(crate) changed: watch::Sender<u64>,
    pub(crate) outage: watch::Sender<Option<Outage>>,
    ended: watch::Sender<bool>,
    latency: Mutex<Duration>,
    limits: Mutex<Limits>,
    calls: Mutex<BTreeMap<&'static str, u64>>,
    violations: Mutex<Vec<Violation>>,
    tells: bool,
    clock: Mutex<Clock>,
    began: Instant,
    token: String,
    pub(crate) description: Option<Description>,
}

/// A panic of one test's assertion must not hide behind a poisoned lock.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    fn new(username: &str, tells: bool) -> Self {
        let world = World::new(username);
        Self {
            token: world.bot.token.clone(),
            world: Mutex::new(world),
            changed: watch::Sender::new(0),
            outage: watch::Sender::new(None),
            ended: watch::Sender::new(false),
            latency: Mutex::new(Duration::ZERO),
            limits: Mutex::new(Limits::default()),
            calls: Mutex::default(),
            violations: Mutex::default(),
            tells,
            clock: Mutex::new(Box::new(Timestamp::now)),
            began: Instant::now(),
            description: Description::find(),
        }
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    pub(crate) fn latency(&self) -> Duration {
        *lock(&self.latency)
    }

    /// Looks into the world, without waking those who wait for a change.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        let now = lock(&self.clock)().as_second();
        let mut world = lock(&self.world);
        world.now = now;
        look(&mut world)
    }

    /// Changes the world, and wakes everybody.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        let changed = self.look(change);
        self.changed.send_modify(|count| *count += 1);
        changed
    }

    /// Waits until `find` finds; whoever waited in vain is told what `there` sees.
    pub(crate) async fn wait<T>(
        &self,
        mut find: impl FnMut(&mut World) -> Option<T>,
        there: impl FnOnce(&World) -> String,
    ) -> T {
        let mut changed = self.changed.subscribe();
        let found = tokio::time::timeout(PATIENCE, async {
            loop {
                changed.borrow_and_update();
                if let Some(found) = self.look(&mut find) {
                    return found;
                }
                // The sender lives as long as `self`.
                let _ = changed.changed().await;
            }
        })
        .await;
        match found {
            Ok(found) => found,
            Err(_) => {
                let violations: Vec<_> = lock(&self.violations).iter().map(ToString::to_string).collect();
                panic!("{}\nviolations: {violations:#?}", self.look(|world| there(world)))
            }
        }
    }

    /// Done when the double is.
    pub(crate) fn ended(&self) -> impl Future<Output = ()> + use<> {
        let mut ended = self.ended.subscribe();
        async move {
            // An error is an end too.
            let _ = ended.wait_for(|ended| *ended).await;
        }
    }

    pub(crate) fn violation(&self, method: &str, what: &str) {
        let violation = Violation { method: method.to_owned(), what: what.to_owned() };
        if self.tells {
            eprintln!("violation: {violation}");
        }
        lock(&self.violations).push(violation);
    }

    pub(crate) fn count(&self, method: &'static str) {
        *lock(&self.calls).entry(method).or_default() += 1;
    }

    pub(crate) fn limit(&self, chat: i64, count: usize) -> Result<(), u64> {
        lock(&self.limits).take(self.began.elapsed(), chat, count)
    }

    /// Holds the double's own updates to the description.
    pub(crate) fn check_updates<'a>(&self, updates: impl IntoIterator<Item = &'a Value>) {
        if let Some(description) = &self.description {
            for update in updates {
                for wrong in description.check_type("Update", update) {
                    self.violation("getUpdates", &format!("the double's own update: {wrong}"));
                }
            }
        }
    }
}

/// A Telegram of one's own, on a free port of this machine, until it is dropped.
pub struct Double {
    shared: Arc<Shared>,
    address: SocketAddr,
    tasks: Vec<JoinHandle<()>>,
}

impl Double {
    /// Begins to listen.
    ///
    /// # Panics
    /// Where this machine has no port to spare.
    pub async fn start() -> Self {
        Self::start_as("dwellers_test_bot").await
    }

    /// The same, of a bot that is called so.
    ///
    /// # Panics
    /// Where this machine has no port to spare.
    pub async fn start_as(username: &str) -> Self {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = TcpListener::bind(any).await.expect("a port of this machine is free");
        Self::on(listener, username, false)
    }

    /// The same for people: on a listener of choice, with violations told on the standard error instead of failing.
    ///
    /// # Panics
    /// Where the listener has no address.
    pub fn for_people(listener: TcpListener, username: &str) -> Self {
        Self::on(listener, username, true)
    }

    fn on(listener: TcpListener, username: &str, tells: bool) -> Self {
        let address = listener.local_addr().expect("a listener knows where it listens");
        let shared = Arc::new(Shared::new(username, tells));
        let tasks = vec![
            tokio::spawn(server::serve(listener, shared.clone())),
            tokio::spawn(webhook::bring(shared.clone())),
        ];
        Self { shared, address, tasks }
    }

    /// Where the Bot API is: `http://127.0.0.1:PORT`, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The bot's token.
    #[must_use]
    pub fn token(&self) -> &str {
        self.shared.token()
    }

    /// The bot's name without `@`.
    #[must_use]
    pub fn username(&self) -> String {
        self.shared.look(|world| world.bot.username.clone())
    }

    /// A person with a telephone, who has never heard of the bot.
    #[must_use]
    pub fn user(&self, first_name: &str, language_code: &str) -> User {
        User::new(
            self.shared.clone(),
            self.shared.change(|world| world.add_person(first_name, language_code)),
        )
    }

    /// A group that nobody is in yet, of the plain kind, which can [migrate](Chat::migrate).
    #[must_use]
    pub fn group(&self, title: &str) -> Chat {
        Chat::new(self.shared.clone(), self.shared.change(|world| world.add_group(title, Kind::Group)))
    }

    /// A supergroup that nobody is in yet.
    #[must_use]
    pub fn supergroup(&self, title: &str) -> Chat {
        Chat::new(self.shared.clone(), self.shared.change(|world| world.add_group(title, Kind::Supergroup)))
    }

    /// Lets the double live by another clock than this machine's.
    pub fn set_clock(&self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) {
        *lock(&self.shared.clock) = Box::new(clock);
    }

    /// The time by the double's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        lock(&self.shared.clock)()
    }

    /// Begins to fail.
    pub fn outage(&self, outage: Outage) {
        self.shared.outage.send_replace(Some(outage));
    }

    /// Works again.
    pub fn recover(&self) {
        self.shared.outage.send_replace(None);
    }

    /// How long every answer takes from now on.
    pub fn set_latency(&self, latency: Duration) {
        *lock(&self.shared.latency) = latency;
    }

    /// Whether a bot that writes too often is refused. It is counted in any case.
    pub fn set_limits(&self, refuses: bool) {
        lock(&self.shared.limits).refuses = refuses;
    }

    /// How the bot has kept to the limits so far.
    #[must_use]
    pub fn flood(&self) -> Flood {
        lock(&self.shared.limits).flood
    }

    /// How often a method, as Telegram writes it, was called and was not at fault.
    #[must_use]
    pub fn calls(&self, method: &str) -> u64 {
        lock(&self.shared.calls).get(method).copied().unwrap_or_default()
    }

    /// How many updates the bot has not taken yet.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.shared.look(|world| world.updates.waiting())
    }

    /// Whether the bot hears late of what happens: not before this is taken back.
    pub fn set_late(&self, late: bool) {
        self.shared.change(|world| world.updates.late = late);
    }

    /// Whether every button that is pressed is too old from now on by the time it is answered.
    pub fn set_impatient(&self, impatient: bool) {
        self.shared.look(|world| world.queries.impatient = impatient);
    }

    /// What is written on the buttons that were pressed and never answered.
    #[must_use]
    pub fn unanswered(&self) -> Vec<String> {
        self.shared.look(|world| world.queries.unanswered())
    }

    /// Waits until every pressed button is answered.
    ///
    /// # Panics
    /// Where one is not in time.
    pub async fn all_answered(&self) {
        let shared = &self.shared;
        shared
            .wait(
                |world| world.queries.unanswered().is_empty().then_some(()),
                |world| format!("never answered: {:?}", world.queries.unanswered()),
            )
            .await;
    }

    /// The commands that the bot offers to those of this language, or to all where the language is empty.
    #[must_use]
    pub fn commands(&self, language_code: &str) -> Vec<(String, String)> {
        self.shared.look(|world| crate::play::commands(world, language_code))
    }

    /// The button beside the field to type in, as `MenuButton`.
    #[must_use]
    pub fn menu_button(&self) -> Value {
        self.shared.look(|world| crate::methods::menu_button(world, None))
    }

    /// What was found fault with since this was last asked. What is not taken by the end of the test fails it.
    #[must_use]
    pub fn violations(&self) -> Vec<Violation> {
        std::mem::take(&mut lock(&self.shared.violations))
    }
}

impl Drop for Double {
    fn drop(&mut self) {
        self.shared.ended.send_replace(true);
        for task in &self.tasks {
            task.abort();
        }
        if self.shared.tells || std::thread::panicking() {
            return;
        }
        let violations: Vec<_> = self.violations().iter().map(ToString::to_string).collect();
        assert!(violations.is_empty(), "Telegram would not have taken this:\n{}", violations.join("\n"));
    }
}
