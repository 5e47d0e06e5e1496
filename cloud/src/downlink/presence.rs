//! Who is connected, and what somebody wants of them.
//!
//! A command goes to a hub under its latest challenge, once, or it does not go: whoever wants it still asks again.
//!
//! What must never be here: a command that is kept for later; a socket.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dwellers_link::challenge::Challenge;
use dwellers_link::device::PublicKey;
use dwellers_link::wire::{Command, Message, Outcome, Stage};
use dwellers_replica::RecordId;
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, mpsc, watch};

use super::blobs::{ASKS, Ask};

/// What waits to be said to a hub, beside the store's own.
const QUEUE: usize = 32;
/// Commands to one hub that wait for an outcome.
const COMMANDS: usize = 32;

/// A hub that comes anew before its older connection is known to be dead does so now and then. More often than this many
/// times in so many milliseconds it is two that push each other away.
const MOST_TURNS: usize = 5;
const TURNS_MS: u64 = 10 * 60_000;

/// What somebody wants of a gate, now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Unique.
    pub id: RecordId,
    /// The gate's record.
    pub gate: RecordId,
    /// The lane's key.
    pub lane: String,
    /// Who.
    pub person: RecordId,
}

/// Why a wish is not on its way. Nothing is kept: whoever wants it still asks again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// The hub is not connected.
    #[error("the gatehouse is not connected: nothing was done")]
    Away,
    /// It has not said yet that it takes one; a moment later it will have.
    #[error("the gatehouse takes no more right now: nothing was done")]
    Busy,
}

/// What is known of a hub that is connected.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// Since when, in milliseconds since 1970.
    pub since_ms: u64,
    /// Its program and version.
    pub software: String,
    /// By how much its wall clock is ahead of this one, in milliseconds, and whether anything vouches for it; nothing where
    /// it has not said yet.
    pub clock: Option<(i64, bool)>,
    /// Whether it has all that this side has, on its disk.
    pub in_step: bool,
}

/// A hub that is connected. Clones are the same.
#[derive(Clone)]
pub(super) struct Presence {
    /// Which connection: a later one takes its place.
    number: u64,
    say: mpsc::Sender<Message>,
    /// The connection is to end: the hub came anew, or its community is closed.
    pub cut: Arc<Notify>,
    commands: Arc<Mutex<Commands>>,
    about: Arc<Mutex<Connection>>,
    /// Asks it for pictures, before those that come by themselves.
    asks: mpsc::Sender<Ask>,
}

/// What is known of commands on one connection; it ends with it.
#[derive(Default)]
struct Commands {
    /// The hub's latest challenge, until a command takes it.
    challenge: Option<Challenge>,
    waiting: HashMap<RecordId, mpsc::Sender<Stage>>,
}

impl Presence {
    /// It handed out a challenge.
    pub fn challenged(&self, challenge: Challenge) {
        lock(&self.commands).challenge = Some(challenge);
    }

    /// It told what became of a command. Whoever asked may have gone, or be slow: the hub never waits for them.
    pub fn tell(&self, outcome: Outcome) {
        let Outcome { command, stage } = outcome;
        let is_end =
            matches!(stage, Stage::Refused(_) | Stage::Failed | Stage::SeenOpen | Stage::NothingSeen);
        let waiting = &mut lock(&self.commands).waiting;
        if let Some(asker) = waiting.get(&command) {
            let _ = asker.try_send(stage);
        }
        if is_end {
            waiting.remove(&command);
        }
    }

    /// Notes what is known of it.
    pub fn note(&self, change: impl FnOnce(&mut Connection)) {
        change(&mut lock(&self.about));
    }

    fn command(&self, wish: Wish) -> Result<mpsc::Receiver<Stage>, NotSent> {
        let mut commands = lock(&self.commands);
        commands.waiting.retain(|_, asker| !asker.is_closed());
        if commands.waiting.len() >= COMMANDS {
            return Err(NotSent::Busy);
        }
        let challenge = commands.challenge.take().ok_or(NotSent::Busy)?;
        let Wish { id, gate, lane, person } = wish;
        let command = Command { id, challenge, gate, lane, person };
        self.say.try_send(Message::Command(command)).map_err(|why| match why {
            mpsc::error::TrySendError::Full(_) => NotSent::Busy,
            mpsc::error::TrySendError::Closed(_) => NotSent::Away,
        })?;
        let (tell, told) = mpsc::channel(8);
        commands.waiting.insert(id, tell);
        Ok(told)
    }
}

/// The hubs that are connected. Clones are the same.
#[derive(Clone, Default)]
pub(super) struct Present {
    hubs: Arc<Mutex<Hubs>>,
    /// How often one came or went.
    moves: watch::Sender<u64>,
}

#[derive(Default)]
struct Hubs {
    next: u64,
    by_place: HashMap<(RecordId, PublicKey), Presence>,
    /// Of those that took an older connection's place; gone with the last one.
    turns: HashMap<(RecordId, PublicKey), Turns>,
}

/// When connections of one key took each other's place lately.
#[derive(Default)]
struct Turns(VecDeque<u64>);

impl Turns {
    /// One does so; whether that is too often for one device.
    fn take(&mut self, at_ms: u64) -> bool {
        self.0.retain(|before| at_ms.saturating_sub(*before) < TURNS_MS);
        self.0.push_back(at_ms);
        let is_too_often = self.0.len() > MOST_TURNS;
        if is_too_often {
            self.0.pop_front();
        }
        is_too_often
    }
}

/// A hub that came.
pub(super) struct Arrival {
    pub presence: Presence,
    /// What is to be said to it.
    pub heard: mpsc::Receiver<Message>,
    /// What pictures somebody waits for.
    pub asked: mpsc::Receiver<Ask>,
    /// It and another push each other away.
    pub is_contested: bool,
}

impl Present {
    /// A hub came; an older connection of its own is cut. `at_ms` is monotonic.
    pub fn came(&self, community: RecordId, key: PublicKey, about: Connection, at_ms: u64) -> Arrival {
        let (say, heard) = mpsc::channel(QUEUE);
        let (asks, asked) = mpsc::channel(ASKS);
        let mut hubs = lock(&self.hubs);
        hubs.next += 1;
        let about = Arc::new(Mutex::new(about));
        let (number, cut, commands) = (hubs.next, Arc::default(), Arc::default());
        let presence = Presence { number, say, cut, commands, about, asks };
        let place = (community, key);
        let is_contested = match hubs.by_place.insert(place, presence.clone()) {
            Some(before) => {
                before.cut.notify_one();
                hubs.turns.entry(place).or_default().take(at_ms)
            }
            None => false,
        };
        self.moves.send_modify(|moves| *moves += 1);
        Arrival { presence, heard, asked, is_contested }
    }

    /// It is gone, unless it has come anew.
    pub fn went(&self, community: RecordId, key: PublicKey, presence: &Presence) {
        let mut hubs = lock(&self.hubs);
        if hubs.by_place.get(&(community, key)).is_some_and(|now| now.number == presence.number) {
            hubs.by_place.remove(&(community, key));
            hubs.turns.remove(&(community, key));
            self.moves.send_modify(|moves| *moves += 1);
        }
    }

    /// Told whenever one comes or goes.
    pub fn follow(&self) -> watch::Receiver<u64> {
        self.moves.subscribe()
    }

    /// What is known of a hub, where it is connected.
    pub fn find(&self, community: RecordId, key: PublicKey) -> Option<Connection> {
        let presence = lock(&self.hubs).by_place.get(&(community, key)).cloned()?;
        let about = lock(&presence.about).clone();
        Some(about)
    }

    /// See [`super::Downlink::command`].
    pub fn command(
        &self,
        community: RecordId,
        key: PublicKey,
        wish: Wish,
    ) -> Result<mpsc::Receiver<Stage>, NotSent> {
        let presence = lock(&self.hubs).by_place.get(&(community, key)).cloned();
        presence.ok_or(NotSent::Away)?.command(wish)
    }

    /// Asks a hub for a picture; answers whether it was told.
    pub fn ask(&self, community: RecordId, key: PublicKey, ask: Ask) -> bool {
        let presence = lock(&self.hubs).by_place.get(&(community, key)).cloned();
        presence.is_some_and(|presence| presence.asks.try_send(ask).is_ok())
    }

    /// Ends the connections of a community.
    pub fn cut_off(&self, community: RecordId) {
        let mut hubs = lock(&self.hubs);
        hubs.turns.retain(|(of, _), _| *of != community);
        hubs.by_place.retain(|(of, _), presence| {
            if *of == community {
                presence.cut.notify_one();
            }
            *of != community
        });
        self.moves.send_modify(|moves| *moves += 1);
    }

    /// How many are.
    pub fn count(&self) -> usize {
        lock(&self.hubs).by_place.len()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing is half done while one of these is held.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_turns_in_ten_minutes_are_a_poor_line_and_a_sixth_is_another_device() {
        let mut turns = Turns::default();
        let minutes = |all: &[u64], turns: &mut Turns| -> Vec<bool> {
            all.iter().map(|minute| turns.take(minute * 60_000)).collect()
        };
        assert_eq!(minutes(&[0, 1, 2, 3, 4], &mut turns), [false; 5]);
        // Those of ten minutes ago count no more.
        assert_eq!(minutes(&[10, 11], &mut turns), [false; 2]);
        assert_eq!(minutes(&[11, 12, 30], &mut turns), [true, true, false]);
    }
}
