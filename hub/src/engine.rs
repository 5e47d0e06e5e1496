//! The engine: the only owner of a gate's state.
//!
//! A pure state machine for one gate: [`Engine::step`] takes an [`Event`] and the monotonic time and gives back
//! [`Action`]s. It decides nothing about people (that is [`dwellers::access`]) and touches no device (that is
//! [`crate::gate`]): it is told decisions, sensors and outcomes, and says what the relays are to do and what the
//! journal is to tell.
//!
//! Invariants, proved by the simulation (feature `sim`):
//!
//! 1. No relay is energised longer than its pulse; a hold is a state of its own, with a lease.
//! 2. No pulse but for an intent that is durable, or for the guard's and the fire alarm's word; none on start,
//!    reconnect or replay; none twice for one intent.
//! 3. Open and close are never energised together; beam and loop stop a closing barrier.
//! 4. What was commanded and what was seen are told apart.
//! 5. One car, one opening: the same plate within the passage window does not pulse again.
//! 6. The guard's button, the hold and the fire alarm always win, and wait for no store and no network.
//!
//! In the journal an *intent* is an entry `Decided` with the verdict to open, or `Closing`: exactly these may pulse, under
//! their own id. A read that belongs to an opening under way is an entry `Decided` without a verdict, about that
//! opening. A barrier that is stopped while it closes is reversed under [`reversal_of`] the closing, which needs no
//! intent of its own: the car under it does not wait for the store.
//!
//! What must never be here: a clock, a random number, a device, a record that is read.

mod arrivals;
mod intents;
mod machine;
mod motion;
mod openings;
mod relays;
mod turn;
mod words;

use dwellers::access::Decision;
use dwellers::gates::Direction;
use dwellers::journal::Entry;
use dwellers_replica::RecordId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use arrivals::Waiting;
pub use machine::{Commanded, Engine, Held, Last, Status};

/// The note of an entry `Passed` at a gate that does not see passages: a key of the texts, not a text.
pub const PASSAGE_NOT_SEEN: &str = "journal-passage-not-seen";

/// The id of the pulse that reverses a closing: of the same millisecond, the other 80 bits flipped.
pub fn reversal_of(closing: RecordId) -> RecordId {
    RecordId::new(closing.made_ms(), !u128::from_be_bytes(closing.to_bytes()))
}

/// Milliseconds of a monotonic clock; only differences mean anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Tick(pub u64);

impl Tick {
    /// So many milliseconds later.
    #[must_use]
    pub fn after(self, ms: u32) -> Tick {
        Tick(self.0.saturating_add(u64::from(ms)))
    }
}

/// How a gate is built and what is expected of it: the part of the configuration that the engine needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// The gate's record.
    pub gate: RecordId,
    /// How long the relay is energised by a pulse. At most [`Setup::MAX_PULSE_MS`].
    pub pulse_ms: u32,
    /// How it closes.
    pub closing: Closing,
    /// There is a position sensor.
    pub sees_position: bool,
    /// There is a loop (or another sensor) under the barrier that cars go over.
    pub sees_passage: bool,
    /// How long after a pulse the position sensor must have seen it open (or closed): beyond, it is jammed.
    pub travel_ms: u32,
    /// How long after an opening the same plate does not open again, and a passage belongs to it.
    pub passage_window_ms: u32,
    /// How long a hold lasts without being renewed at the driver: the lease.
    pub hold_lease_ms: u32,
    /// How long the guard's word waits for the store before it moves the relay all the same.
    pub guard_patience_ms: u32,
    /// How long an intent may take to become durable; later it is abandoned.
    pub intent_timeout_ms: u32,
    /// How long the driver may take to acknowledge.
    pub acknowledge_timeout_ms: u32,
}

impl Setup {
    /// The longest pulse there is.
    pub const MAX_PULSE_MS: u32 = 2_000;
}

/// How a gate closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// By its own controller (or a spring).
    ByItself,
    /// By a pulse on the closing relay, so long after the last passage (or after the opening, where none is seen).
    ByPulse {
        /// Milliseconds.
        after_ms: u32,
    },
}

/// A relay of a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relay {
    /// Opens it.
    Open,
    /// Closes it.
    Close,
}

/// What the position sensor sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[schema(as = GatePosition)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// Nothing yet, or the cable is out.
    #[default]
    Unknown,
    /// At its closed end.
    Closed,
    /// Between its ends.
    Moving,
    /// At its open end.
    Open,
}

/// What happens to a gate.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Somebody came and it was decided. `id` is new: it names the journal's entry and, if it opens, the pulse.
    Decided {
        /// The entry's id.
        id: RecordId,
        /// The lane's key; may be empty.
        lane: String,
        /// Which way.
        direction: Direction,
        /// The decision. A guard who refuses is the verdict to refuse with `guard`.
        decision: Box<Decision>,
        /// The picture's hash; empty for none.
        crop: String,
        /// The guard who acts; empty for none. With one, it is the guard's word (invariant 6).
        guard: String,
        /// The entry this goes back to (an arrival that waited for the guard).
        about: Option<RecordId>,
        /// The guard's note.
        note: String,
    },
    /// The guard closes it.
    Close {
        /// The entry's id.
        id: RecordId,
        /// Who.
        guard: String,
    },
    /// The guard holds it open, until released.
    Hold {
        /// The entry's id.
        id: RecordId,
        /// Who.
        guard: String,
    },
    /// The guard ends the hold.
    Release {
        /// The entry's id.
        id: RecordId,
        /// Who.
        guard: String,
    },
    /// The fire alarm's input: held open while it is on.
    Fire(bool),
    /// The store answered: the entry of this id is durable, or why it cannot be.
    Stored {
        /// The entry's id.
        id: RecordId,
        /// Nothing, or why not.
        result: Result<(), NotStored>,
    },
    /// The driver acknowledged the pulse, or could not do it.
    Acknowledged {
        /// The pulse.
        id: RecordId,
        /// Nothing, or what the driver says.
        result: Result<(), String>,
    },
    /// The position sensor.
    Position(Position),
    /// The loop under the barrier: occupied or not.
    Loop(bool),
    /// The light beam across it: broken or not.
    Beam(bool),
    /// The driver is there, or gone.
    Driver {
        /// Whether it is there.
        connected: bool,
    },
    /// Time went on.
    Tick,
}

/// Why an intent is not durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotStored {
    /// Its pass was used meanwhile: another car was faster.
    UsedUp,
    /// The store refuses or fails.
    Failed,
}

/// What is to be done. Order matters.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Write an entry (with `uses`, the entry of a counted pass) and answer with [`Event::Stored`]. The writer fills
    /// in hub, number, time and commitments.
    Store {
        /// The entry's id.
        id: RecordId,
        /// What it tells.
        entry: Box<Entry>,
        /// The pass and the ordinal that it uses.
        uses: Option<(RecordId, u32)>,
    },
    /// Energise a relay for `ms`, once for this id.
    Pulse {
        /// Which.
        relay: Relay,
        /// The intent's entry, or one derived from it where a barrier is reversed.
        id: RecordId,
        /// How long.
        ms: u32,
    },
    /// Keep the opening relay energised for so long unless told again.
    Hold {
        /// The lease.
        lease_ms: u32,
    },
    /// De-energise a relay now (also ends a hold).
    Release(Relay),
    /// Something that the guard must see now.
    Alert(Alert),
}

/// What the guard must see now, beside the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alert {
    /// Somebody waits for the guard's word: the arrival's entry.
    Waiting(RecordId),
    /// A car went through that no opening was for.
    Tailgated,
    /// It does not move.
    Jammed,
    /// The driver could not do it, or did not say that it did: the intent.
    Failed(RecordId),
    /// The hub stopped between an intent and its outcome, and nobody knows: the intent.
    Interrupted(RecordId),
    /// The driver is gone.
    DriverLost,
    /// An opening could not be recorded (the guard's word and fire go on without a record).
    NotRecorded,
}
