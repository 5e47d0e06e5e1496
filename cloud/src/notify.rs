//! The outbox: what happened → who should know → on which channel.
//!
//! Happenings are derived from records (`who`), whether they were written here or came from a hub: one cursor over a
//! store's own order of arrival (`looking`). What is to be told is a record before it is told (`message`), and so is that
//! a channel is asked; `desk` asks the channels of one community, `visits` goes through all communities.
//!
//! | channel | a second one of the same message | how it says what became of it |
//! |---|---|---|
//! | `push` (Web Push) | takes the place of the first (`Topic`, and the tag of the notification) | the status of its service |
//! | `telegram` ([`crate::bot`]) | is a second message: none is sent; what stands there is changed | the messenger's answer |
//! | e-mail ([`crate::mail`]) | may be dropped by its `Message-ID`, or not: none is sent | the server's answer to a letter |
//!
//! Invariants: one cause is told to one person once; nothing of one community waits for another's; what a person turned off
//! is not written down at all.
//!
//! What must never be here: a rule of community life; a word that is not in `shared/locales`.

mod desk;
mod looking;
mod message;
pub mod push;
mod settings;
pub mod telegram;
mod visits;
mod who;

use std::sync::Arc;

use dwellers::texts::{Language, Texts, Value};
use dwellers_replica::{Direction, Now, Open, Query, ReadError, RecordId, Schema, View, Writes};
use tokio::sync::{Semaphore, watch};

use self::push::Push;
use self::telegram::Telegram;
use crate::communities::{Communities, Community, CommunityError};
use crate::mail::Mailer;

pub use message::{Channel, Delivery, Holds, Kind, Message, Stage, State, Word};
pub use settings::{Quiet, Settings, Subscription};

/// Messages of all communities that a channel is asked about at once.
const MOST_AT_ONCE: usize = 48;
/// So long a message is remembered.
pub const KEPT_MS: u64 = 90 * 24 * 3_600_000;

/// Makes the records of this module known.
pub fn declare(schema: Schema) -> Schema {
    schema.with::<Message>().with::<Settings>().with::<Subscription>().with::<looking::Looked>()
}

/// The outbox of an installation. Clones are the same one.
#[derive(Clone)]
pub struct Outbox(Arc<Inner>);

struct Inner {
    communities: Arc<Communities>,
    /// None: letters are not sent here.
    mailer: Option<Mailer>,
    push: Push,
    /// None: there is no bot here.
    telegram: Option<Telegram>,
    /// Where the web app is: `https://cloud.example`.
    address: String,
    russian: Texts,
    english: Texts,
    /// Places for those that a channel is asked about: one that hangs does not keep another from work.
    room: [Arc<Semaphore>; Channel::ALL.len()],
}

impl Outbox {
    /// Over these channels. `address` is where people find the web app.
    pub fn new(
        communities: Arc<Communities>,
        mailer: Option<Mailer>,
        push: Push,
        telegram: Option<Telegram>,
        address: String,
    ) -> Outbox {
        Outbox(Arc::new(Inner {
            communities,
            mailer,
            push,
            telegram,
            address,
            russian: Texts::new(Language::Ru),
            english: Texts::new(Language::En),
            room: Channel::ALL.map(|_| Arc::new(Semaphore::new(MOST_AT_ONCE))),
        }))
    }

    /// The way to browsers.
    pub fn push(&self) -> &Push {
        &self.0.push
    }

    /// Tells people until it is told to end, and then what is under way.
    pub async fn run(self, shutdown: watch::Receiver<bool>) {
        visits::run(self, shutdown).await;
    }

    fn room(&self, channel: Channel) -> &Arc<Semaphore> {
        match channel {
            Channel::Telegram => &self.0.room[0],
            Channel::Push => &self.0.room[1],
            Channel::Email => &self.0.room[2],
        }
    }

    fn texts(&self, language: Language) -> &Texts {
        match language {
            Language::Ru => &self.0.russian,
            Language::En => &self.0.english,
        }
    }
}

impl Message {
    /// What it says: a title, and the text.
    pub fn said(&self, texts: &Texts, time_zone: &str, now: Now) -> (String, String) {
        let fill = |word: &Open<Word>| match word.known() {
            Some(Word::Text(text)) => Value::from(text.clone()),
            Some(Word::Moment(at_ms)) => Value::from(texts.moment(*at_ms, now.ms, time_zone)),
            Some(Word::Said(key)) => Value::from(texts.get(key, &[])),
            None => Value::from(texts.get("unknown", &[])),
        };
        let filled: Vec<(&str, Value<'_>)> =
            self.words.iter().map(|(name, word)| (name.as_str(), fill(word))).collect();
        let title = match self.kind.known() {
            Some(Kind::Question) => "notify-question",
            Some(Kind::Arrival) => "notify-arrival",
            Some(Kind::Application) => "notify-application",
            Some(Kind::Right) => "notify-right",
            Some(Kind::Alarm) => "notify-alarm",
            None => "unknown",
        };
        (texts.get(title, &[]), texts.get(&self.text, &filled))
    }
}

/// What a person wishes.
///
/// # Errors
/// The record does not read.
pub fn settings_of(view: View<'_>, person: RecordId) -> Result<Settings, ReadError> {
    Ok(view.of::<Settings>().get(person)?.map(|settings| settings.value).unwrap_or_default())
}

/// Forgets what was told before a moment. Returns how many; a few hundred at most, so that it is called again while there are
/// some. Blocks.
///
/// # Errors
/// What the store says.
pub fn forget_before(community: &Community, before_ms: u64, now: Now) -> Result<usize, CommunityError> {
    let query = Query::on("time").below(before_ms).limit(400);
    remove::<Message>(community, &query, now)
}

fn remove<T: dwellers_replica::Record>(
    community: &Community,
    query: &Query<'_>,
    now: Now,
) -> Result<usize, CommunityError> {
    let found = community.store.view(|view| view.of::<T>().find(query))?;
    let page = found.map_err(|why| match why {
        ReadError::Store(why) => why,
        other => dwellers_replica::StoreError::Damaged(other.to_string()),
    })?;
    let ids = page.entries.iter().map(|entry| entry.id).chain(page.unreadable.iter().map(|(id, _)| *id));
    let (mut writes, mut count) = (Writes::new(), 0);
    for id in ids {
        writes.remove::<T>(id);
        count += 1;
    }
    if count > 0 {
        community.store.commit(now, writes)?;
    }
    Ok(count)
}

/// How messages of a time ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// On each channel: sent, failed, and where nobody knows.
    pub channels: Vec<(Channel, [u32; 3])>,
    /// Those of no channel.
    pub unreachable: u32,
    /// Those that were too late.
    pub stale: u32,
    /// Whether there were more messages than are counted.
    pub more: bool,
}

/// Counts how the messages since a moment ended, the latest ones first. Blocks.
///
/// # Errors
/// A record does not read.
pub fn tally(view: View<'_>, since_ms: u64) -> Result<Tally, ReadError> {
    const PAGES: usize = 10;
    let mut tally =
        Tally { channels: Channel::ALL.map(|channel| (channel, [0; 3])).into(), ..Tally::default() };
    let mut after = None;
    for _ in 0..PAGES {
        let query = Query::on("time").from(since_ms).direction(Direction::Descending);
        let page = view.of::<Message>().find(&query.after(after).limit(Query::MAX_LIMIT))?;
        for message in page.entries {
            tally.count(&message.value);
        }
        after = page.next;
        if after.is_none() {
            return Ok(tally);
        }
    }
    tally.more = true;
    Ok(tally)
}

impl Tally {
    fn count(&mut self, message: &Message) {
        if message.is_in_place() {
            return;
        }
        self.unreachable += u32::from(message.state == Open::Known(State::Unreachable));
        self.stale += u32::from(message.state == Open::Known(State::Stale));
        for delivery in &message.deliveries {
            let at = match delivery.stage.known() {
                Some(Stage::Sent) => 0,
                Some(Stage::Failed) => 1,
                Some(Stage::Unknown) => 2,
                _ => continue,
            };
            let of = self.channels.iter_mut().find(|(channel, _)| delivery.channel.known() == Some(channel));
            if let Some((_, counts)) = of {
                counts[at] += 1;
            }
        }
    }
}
