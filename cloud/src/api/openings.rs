//! Openings that somebody asked for lately, and what became of them: in memory, because a command to a gate is not data.
//!
//! That a key was used is durable before the hub is told ([`Replay`]): a request that is repeated after a restart of the cloud
//! presses nothing, and nobody knows any more what became of it.
//!
//! Invariants: a command goes to its hub once or not at all; a request that is repeated with its key is told of the opening
//! that there is, and presses nothing; one that did not reach the hub leaves nothing behind.
//!
//! What must never be here: a command that waits; a right (the hub has the last word, the route the first).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dwellers_link::device::PublicKey;
use dwellers_link::wire::Stage;
use dwellers_replica::{RecordId, Writes};
use serde::{Deserialize, Serialize};
use tokio::sync::{OwnedMutexGuard, mpsc, watch};
use tokio::time::timeout;
use utoipa::ToSchema;

use super::call::{Call, Member};
use super::problem::Problem;
use super::replay::Replay;
use super::vehicles::Made;
use crate::clock::{self, Monotonic};
use crate::downlink::{Downlink, NotSent, Wish};

/// For so long what became of one is told.
const KEPT_MS: u64 = 10 * 60_000;
/// So many are kept at most.
const MOST: usize = 100_000;
/// A hub says in less what became of a command.
const OUTCOME: Duration = Duration::from_secs(120);

/// How far an opening is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = OpeningState)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(super) enum State {
    /// The gatehouse was told.
    Sent,
    /// The gatehouse does not do it.
    Refused {
        /// Why, as its rules call it (`no_right`, `banned`), or `too_late`, or `busy`.
        why: String,
    },
    /// It lets them in: it stands in the journal, and the relay was told.
    Decided,
    /// The relay could not do it.
    Failed,
    /// It was seen to open.
    Opened,
    /// It was told to open, and nothing was seen of it in time: not every gate has a sensor.
    NotSeen,
    /// The gatehouse went away before it said what became of it: nobody knows.
    Unknown,
}

impl State {
    /// Whether nothing follows.
    pub fn is_end(&self) -> bool {
        !matches!(self, State::Sent | State::Decided)
    }
}

impl From<Stage> for State {
    fn from(stage: Stage) -> State {
        match stage {
            Stage::Refused(why) => State::Refused { why },
            Stage::Commanded => State::Decided,
            Stage::Failed => State::Failed,
            Stage::SeenOpen => State::Opened,
            Stage::NothingSeen => State::NotSeen,
        }
    }
}

/// Somebody who pressed a button.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Presser {
    pub community: RecordId,
    pub person: RecordId,
}

/// What they pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Button {
    pub gate: RecordId,
    pub lane: String,
}

/// An opening.
pub(super) struct Opening {
    pub id: RecordId,
    pub by: Presser,
    pub button: Button,
    /// In milliseconds since 1970.
    pub at_ms: u64,
    /// How far it is.
    pub state: watch::Sender<State>,
    begun_ms: u64,
}

impl Opening {
    fn new(id: RecordId, by: Presser, button: Button, state: State, begun_ms: u64) -> Opening {
        Opening { id, by, button, at_ms: id.made_ms(), state: watch::Sender::new(state), begun_ms }
    }
}

/// Those of the last minutes.
pub(super) struct Openings {
    monotonic: Monotonic,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    by_id: HashMap<RecordId, Arc<Opening>>,
    /// Who is about to press with a key.
    turns: HashMap<Presser, Arc<tokio::sync::Mutex<()>>>,
    swept_ms: u64,
}

/// Why nothing was pressed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NotPressed<E> {
    /// The hub was not told.
    NotSent(NotSent),
    /// The caller may not now.
    Bounded(E),
}

impl Openings {
    pub fn start() -> Openings {
        Openings { monotonic: Monotonic::start(), kept: Mutex::default() }
    }

    /// Tells the hub of this key; `may` is asked where it is there: who presses in vain is not counted.
    pub fn press<E>(
        &self,
        downlink: &Downlink,
        hub: PublicKey,
        id: RecordId,
        by: Presser,
        button: Button,
        may: impl FnOnce() -> Result<(), E>,
    ) -> Result<Arc<Opening>, NotPressed<E>> {
        let now_ms = self.monotonic.ms();
        // Held while the hub is told, which waits for nothing.
        let mut kept = self.lock();
        kept.sweep(now_ms);
        if !downlink.is_here(by.community, hub) {
            return Err(NotPressed::NotSent(NotSent::Away));
        }
        may().map_err(NotPressed::Bounded)?;
        if kept.by_id.len() >= MOST {
            return Err(NotPressed::NotSent(NotSent::Busy));
        }
        let wish = Wish { id, gate: button.gate, lane: button.lane.clone(), person: by.person };
        let told = downlink.command(by.community, hub, wish).map_err(NotPressed::NotSent)?;
        let opening = Arc::new(Opening::new(id, by, button, State::Sent, now_ms));
        kept.by_id.insert(id, opening.clone());
        drop(kept);
        tokio::spawn(follow(told, opening.clone()));
        Ok(opening)
    }

    /// The opening of a request: the one of before where it was repeated with its key, or else the one that `press` begins.
    pub async fn once(
        &self,
        call: &Call,
        member: &Member,
        (by, button): (&Presser, &Button),
        press: impl FnOnce(RecordId) -> Result<Arc<Opening>, Problem>,
    ) -> Result<Arc<Opening>, Problem> {
        let new = RecordId::new(call.now().ms, clock::entropy());
        let Some(replay) = Replay::of(call, member.person)? else { return press(new) };
        // Of two requests with one key one presses, and the other waits to hear of it.
        let _turn = self.turn(by).await;
        let Made { id } = member.write(call, move |_| Ok((Made { id: new }, Writes::new()))).await?;
        if id != new {
            let lost = || Opening::new(id, by.clone(), button.clone(), State::Unknown, self.monotonic.ms());
            return Ok(self.find(id, by).unwrap_or_else(|| Arc::new(lost())));
        }
        let pressed = press(id);
        if pressed.is_err() {
            // Whoever wants it still may ask again with this key.
            member.write_secret(call, move |_| Ok(((), replay.forgotten()))).await?;
        }
        pressed
    }

    async fn turn(&self, by: &Presser) -> OwnedMutexGuard<()> {
        let now_ms = self.monotonic.ms();
        let turn = {
            let mut kept = self.lock();
            kept.sweep(now_ms);
            kept.turns.entry(by.clone()).or_default().clone()
        };
        turn.lock_owned().await
    }

    /// One that this person asked for.
    pub fn find(&self, id: RecordId, by: &Presser) -> Option<Arc<Opening>> {
        let now_ms = self.monotonic.ms();
        let found = self.lock().by_id.get(&id).cloned();
        found.filter(|found| found.by == *by && now_ms.saturating_sub(found.begun_ms) < KEPT_MS)
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // Nothing is half done while it is held.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// Forgets what is old, now and then.
    fn sweep(&mut self, now_ms: u64) {
        const EVERY_MS: u64 = 10_000;
        if now_ms.saturating_sub(self.swept_ms) < EVERY_MS {
            return;
        }
        self.swept_ms = now_ms;
        self.by_id.retain(|_, opening| now_ms.saturating_sub(opening.begun_ms) < KEPT_MS);
        self.turns.retain(|_, turn| Arc::strong_count(turn) > 1);
    }
}

/// What the hub says, until its end.
async fn follow(mut told: mpsc::Receiver<Stage>, opening: Arc<Opening>) {
    let follow = async {
        while let Some(stage) = told.recv().await {
            opening.state.send_replace(stage.into());
        }
    };
    let is_over = timeout(OUTCOME, follow).await;
    if is_over.is_err() || !opening.state.borrow().is_end() {
        opening.state.send_if_modified(|state| {
            let is_open = !state.is_end();
            if is_open {
                *state = State::Unknown;
            }
            is_open
        });
    }
}
