//! The bot: residents in a messenger, and administrators where it is urgent.
//!
//! ```text
//! messenger ─> adapter ─ Input ─> memory ─> a turn of a dialogue ─> the API, in their name
//!          <─         <─ Output ─ line  <─┘
//! ```
//!
//! | module | what it holds |
//! |---|---|
//! | `talk` | inputs and outputs, whichever messenger it is |
//! | `line` | the way out |
//! | `memory` | what was heard and not dealt with, and where it stands with whom |
//! | `turn` | one input, as a dialogue sees it |
//! | a file each | dialogues: [`DIALOGUES`] |
//! | `telegram` | the adapter to Telegram |
//!
//! Invariants: what was heard is dealt with once, in order, whatever falls in between; people wait for nobody else; a dialogue asks
//! the API in the name of whoever speaks, and may what they may.
//!
//! What must never be here: a rule of community life; a text that is not in `shared/locales`.

pub(crate) mod applications;
mod chats;
mod dialogue;
mod gates;
mod inline;
mod joining;
pub mod line;
pub mod memory;
mod menu;
mod passes;
pub(crate) mod questions;
mod second_factor;
mod settings;
pub mod talk;
pub mod telegram;
mod turn;

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dwellers::texts::{Language, Texts};
use futures_util::FutureExt;
use tokio::sync::{Notify, Semaphore, watch};
use tokio::task::{JoinSet, spawn_blocking};
use tracing::{error, warn};

use self::chats::Chats;
use self::line::Line;
use self::memory::{Memory, MemoryError};
use self::talk::{Heard, Input};
use self::turn::{Again, Stop, Turn};
use crate::accounts::Accounts;
use crate::api::inside::Inside;
use crate::clock;

pub use dialogue::DIALOGUES;

/// The name of the store in the data folder.
const FILE_NAME: &str = "bot.db";
/// So many are dealt with at once.
const AT_ONCE: usize = 32;
/// One input is dealt with in less; what takes longer goes on beside it.
const TURN: Duration = Duration::from_secs(60);
/// What cannot be dealt with now is tried again after so long.
const AGAIN: Duration = Duration::from_secs(5);
/// What may have been said is said again after as long, then after twice that, and so on, until the pauses are so long.
const LONGEST_DOUBT: Duration = Duration::from_secs(640);
/// What is under way at the end has so long.
const LAST: Duration = Duration::from_secs(20);
const HOUR: Duration = Duration::from_secs(3_600);
/// What was said so long ago is not worth another turn, where the messenger was away.
const STALE_MS: u64 = 24 * 3_600_000;

/// The bot. Clones are the same one.
#[derive(Clone)]
pub struct Bot(Arc<Inner>);

struct Inner {
    api: Inside,
    accounts: Accounts,
    line: Line,
    memory: Memory,
    /// Where the web app is: `https://cloud.example`.
    address: String,
    /// What people find it by in its messenger, without `@`; empty where there is none.
    name: String,
    russian: Texts,
    english: Texts,
    /// With whom something is dealt with at this moment.
    busy: Mutex<HashSet<i64>>,
    /// With whom something is to be dealt with.
    waiting: Mutex<Vec<i64>>,
    woken: Notify,
    /// What goes on beside the turns.
    beside: Mutex<JoinSet<()>>,
    chats: Chats,
}

impl Bot {
    /// Over this API, remembering in this folder, speaking over this line. `address` is where people find the web app,
    /// `name` what they find the bot by.
    ///
    /// # Errors
    /// Its memory does not open.
    pub fn new(
        data: &Path,
        api: Inside,
        accounts: Accounts,
        line: Line,
        address: String,
        name: String,
    ) -> Result<Bot, MemoryError> {
        let memory = Memory::open(&data.join(FILE_NAME), clock::now(), clock::entropy)?;
        Ok(Bot(Arc::new(Inner {
            api,
            accounts,
            line,
            memory,
            address,
            name,
            russian: Texts::new(Language::Ru),
            english: Texts::new(Language::En),
            busy: Mutex::default(),
            waiting: Mutex::default(),
            woken: Notify::new(),
            beside: Mutex::default(),
            chats: Chats::default(),
        })))
    }

    /// The API, from within.
    pub fn api(&self) -> &Inside {
        &self.0.api
    }

    /// Who speaks.
    pub fn accounts(&self) -> &Accounts {
        &self.0.accounts
    }

    /// The way out.
    pub fn line(&self) -> &Line {
        &self.0.line
    }

    /// What it remembers.
    pub fn memory(&self) -> &Memory {
        &self.0.memory
    }

    /// Which group is whose chat.
    fn chats(&self) -> &Chats {
        &self.0.chats
    }

    /// A link that opens the bot, with this behind it: at most 64 letters, digits, `_` and `-`; empty for nothing.
    pub fn link(&self, payload: &str) -> String {
        let start = if payload.is_empty() { "" } else { "?start=" };
        format!("https://t.me/{}{start}{payload}", self.0.name)
    }

    /// Where the web app is.
    pub fn address(&self) -> &str {
        &self.0.address
    }

    /// The texts of a language.
    pub fn texts(&self, language: Language) -> &Texts {
        match language {
            Language::Ru => &self.0.russian,
            Language::En => &self.0.english,
        }
    }

    /// Lets something go on beside the turns, so that they need not wait for it: whoever calls sees to it that it ends. It is
    /// waited for at the end, for a little while.
    pub fn beside(&self, work: impl Future<Output = ()> + Send + 'static) {
        let mut beside = lock(&self.0.beside);
        while beside.try_join_next().is_some() {}
        beside.spawn(work);
    }

    /// Takes what people did: when this returns it is durable, and the messenger may forget it. What somebody is typing is no
    /// more than answered.
    ///
    /// # Errors
    /// The store does not take it: it is to be heard again.
    pub async fn hear(&self, heard: Vec<Heard>) -> Result<(), MemoryError> {
        let (typed, heard): (Vec<_>, Vec<_>) =
            heard.into_iter().partition(|heard| matches!(heard.what, Input::Typed { .. }));
        for heard in typed {
            let bot = self.clone();
            // Who types on asks again.
            tokio::spawn(async move { bot.turn(heard, memory::Conversation::default()).await });
        }
        let memory = self.0.memory.clone();
        let kept = spawn_blocking(move || memory.keep(heard, clock::now())).await;
        let with = kept.unwrap_or_else(|why| {
            error!("what was heard is not kept: {why}");
            Ok(Default::default())
        })?;
        lock(&self.0.waiting).extend(with);
        self.0.woken.notify_one();
        Ok(())
    }

    /// Deals with what was heard until it is told to end, and then with what is under way.
    pub async fn run(self, mut shutdown: watch::Receiver<bool>) {
        let memory = self.0.memory.clone();
        match spawn_blocking(move || memory.left()).await {
            Ok(Ok(left)) => lock(&self.0.waiting).extend(left),
            Ok(Err(why)) => error!("what the bot heard before does not read: {why}"),
            Err(why) => error!("what the bot heard before does not read: {why}"),
        }
        let keeping = tokio::spawn(chats::keep(self.clone(), shutdown.clone()));
        let places = Arc::new(Semaphore::new(AT_ONCE));
        let mut under_way = JoinSet::new();
        let mut hourly = tokio::time::interval(HOUR);
        while !*shutdown.borrow() {
            for with in std::mem::take(&mut *lock(&self.0.waiting)) {
                if lock(&self.0.busy).insert(with) {
                    let (bot, places, shutdown) = (self.clone(), places.clone(), shutdown.clone());
                    under_way.spawn(async move { bot.deal(with, &places, shutdown).await });
                }
            }
            let ended = async { shutdown.wait_for(|ends| *ends).await.is_err() };
            tokio::select! {
                () = self.0.woken.notified() => {}
                _ = hourly.tick() => self.forget().await,
                nobody_could_tell = ended => if nobody_could_tell { break },
            }
            while under_way.try_join_next().is_some() {}
        }
        places.close();
        let last = async {
            while under_way.join_next().await.is_some() {}
            let mut beside = std::mem::take(&mut *lock(&self.0.beside));
            while beside.join_next().await.is_some() {}
        };
        let _ = tokio::time::timeout(LAST, last).await;
        let _ = keeping.await;
    }

    async fn forget(&self) {
        let memory = self.0.memory.clone();
        if let Ok(Err(why)) = spawn_blocking(move || memory.forget(clock::now())).await {
            warn!("what the bot dealt with long ago is not forgotten: {why}");
        }
    }

    /// Deals with all that was heard of one, in order.
    async fn deal(&self, with: i64, places: &Semaphore, mut shutdown: watch::Receiver<bool>) {
        let mut doubt = AGAIN;
        loop {
            let dealt = {
                // Closed: it ends, and what is left is dealt with after the next start.
                let Ok(_place) = places.acquire().await else { break };
                self.deal_with_next(with).await
            };
            match dealt {
                Ok(true) => doubt = AGAIN,
                Ok(false) => {
                    // What comes from now on finds nobody busy; what came just before is looked for once more.
                    lock(&self.0.busy).remove(&with);
                    if !matches!(self.peek(with).await, Ok(true)) || !lock(&self.0.busy).insert(with) {
                        return;
                    }
                }
                Err(again) => {
                    let (pause, why) = match again {
                        Again::Soon(why) => (AGAIN, why),
                        Again::Doubtful(why) => {
                            let pause = doubt;
                            doubt = (doubt * 2).min(LONGEST_DOUBT);
                            (pause, why)
                        }
                    };
                    warn!("the bot comes back to somebody: {why}");
                    tokio::select! {
                        () = tokio::time::sleep(pause) => {}
                        _ = shutdown.wait_for(|ends| *ends) => break,
                    }
                }
            }
        }
        lock(&self.0.busy).remove(&with);
    }

    async fn peek(&self, with: i64) -> Result<bool, String> {
        let memory = self.0.memory.clone();
        let next = spawn_blocking(move || memory.next(with)).await.map_err(|why| why.to_string())?;
        Ok(next.map_err(|why| why.to_string())?.is_some())
    }

    async fn deal_with_next(&self, with: i64) -> Result<bool, Again> {
        let memory = self.0.memory.clone();
        let next =
            spawn_blocking(move || Ok::<_, MemoryError>((memory.next(with)?, memory.conversation(with)?)));
        let (next, before) = next.await.map_err(soon)?.map_err(soon)?;
        let Some(heard) = next else { return Ok(false) };
        let conversation = self.turn(heard.clone(), before).await?;
        let memory = self.0.memory.clone();
        let done = spawn_blocking(move || memory.done(&heard, &conversation, clock::now())).await;
        done.map_err(soon)?.map_err(soon)?;
        Ok(true)
    }

    /// One turn; returns where the bot stands after it. One that panics, or does not end, is one that failed: the next is not kept
    /// from its turn. One whose speaker cannot be looked up now, or whose words the messenger does not take now or may have lost,
    /// is taken again, as after a crash.
    async fn turn(&self, heard: Heard, before: memory::Conversation) -> Result<memory::Conversation, Again> {
        let now = clock::now();
        let is_stale = heard.at_ms + STALE_MS < now.ms;
        let before = dialogue::lapsed(before, heard.at_ms.min(now.ms));
        let mut conversation = memory::Conversation { at_ms: now.ms, ..before };
        let mut turn = match Turn::begin(self.clone(), heard, conversation.clone(), now).await {
            Ok(turn) => turn,
            // A store may be back in a moment.
            Err(why) if !is_stale => {
                return Err(Again::Soon(format!("who speaks to the bot is not known: {why:?}")));
            }
            Err(why) => {
                error!("who speaks to the bot is not known: {why:?}");
                return Ok(conversation);
            }
        };
        let taken = {
            let taking = std::panic::AssertUnwindSafe(dialogue::take(&mut turn)).catch_unwind();
            tokio::time::timeout(TURN, taking).await
        };
        let turned = match taken {
            Ok(Ok(turned)) => turned,
            Ok(Err(_)) => Err(Stop::Broken("it panicked".to_owned())),
            Err(_) => Err(Stop::Broken("it takes too long".to_owned())),
        };
        match turn.end(turned).await {
            Err(again) if !is_stale => return Err(again),
            _ => conversation.clone_from(&turn.conversation),
        }
        Ok(conversation)
    }
}

fn soon(why: impl std::fmt::Display) -> Again {
    Again::Soon(why.to_string())
}

fn lock<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each change is one call: what is known is whole whoever panicked.
    held.lock().unwrap_or_else(PoisonError::into_inner)
}
