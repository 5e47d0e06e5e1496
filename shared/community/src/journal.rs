//! The journal: the append-only book of what gates were told, what was seen of them, and why.
//!
//! What was *commanded* and what was *seen to happen* are two entries; the second names the first (`about`).
//! Entries of a hub are numbered without gaps, and each carries a salted commitment to its content and a hash that
//! goes on from the entry before it: that nothing was changed, left out or put in between can be proved, also
//! after personal fields (and with them the salt) were erased.

mod book;
mod reading;
mod search;
mod seeing;

use dwellers_replica::{Index, Open, Record, RecordId, ReplicaId, Role as Side, Spec, Writers};
use serde::{Deserialize, Serialize};

use crate::access::{Reason, Verdict};
use crate::gates::Direction;

pub use book::{Book, Checked, Fault, check};
pub use reading::{Inside, Intent, hubs, inside, intents, last_seen, newest_ms};
pub use search::{Found, Search, search};
pub use seeing::{Sight, may_see, shown};

/// What an entry tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = EntryKind))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Somebody came or asked, and it was decided. Where the verdict is to open, this is the intent: it is durable
    /// before the relay moves, and its id is the pulse's.
    #[default]
    Decided,
    /// The gate is to close, by a pulse of its own.
    Closing,
    /// The driver says that the relay did as told. About the intent.
    Commanded,
    /// The driver could not do it, or said nothing. About the intent.
    Failed,
    /// The hub stopped between intent and outcome; nobody knows, nothing is repeated. About the intent.
    Interrupted,
    /// The intent became durable too late to be acted on, or could not be acted on. About the intent.
    Abandoned,
    /// The position sensor saw it open. About the opening, where there was one.
    SeenOpen,
    /// The position sensor saw it closed.
    SeenClosed,
    /// It did not move in its time. About the opening or closing.
    Jammed,
    /// Beam or loop stopped a closing barrier.
    Obstructed,
    /// A car went through. About the opening that it came on.
    Passed,
    /// A car went through that no opening was for.
    Tailgated,
    /// It was opened, and nobody went through.
    NobodyPassed,
    /// It is held open.
    HoldBegan,
    /// It is not held any more.
    HoldEnded,
    /// The fire alarm began.
    FireBegan,
    /// The fire alarm ended.
    FireEnded,
    /// The gate's driver is gone, or its cable.
    DriverLost,
    /// The gate's driver is back.
    DriverBack,
    /// The guard refused somebody. About the arrival.
    RefusedByGuard,
    /// The guard let a visitor in by hand, or wrote one down.
    Visitor,
    /// A house was asked. About the arrival.
    Asked,
    /// A house answered (also too late). About the question.
    Answered,
    /// A guard took over.
    ShiftBegan,
    /// A guard handed over.
    ShiftEnded,
    /// The hub began to run.
    Started,
}

/// An entry.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// Whose journal.
    pub hub: ReplicaId,
    /// Its number in that journal, from 1.
    pub number: u64,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// Whether the clock was trusted.
    pub trusted: bool,
    /// What it tells.
    pub kind: Open<Kind>,
    /// The entry (or question) that it follows from.
    pub about: Option<RecordId>,
    /// Where.
    pub gate: Option<RecordId>,
    /// The lane's key; empty where none is meant.
    pub lane: String,
    /// Which way.
    pub direction: Option<Direction>,
    /// What was decided.
    pub verdict: Option<Open<Verdict>>,
    /// Why.
    pub reason: Option<Open<Reason>>,
    /// Folded plate; empty for none.
    pub plate: String,
    /// The visitor's name; empty for none.
    pub name: String,
    /// The house concerned.
    pub house: Option<RecordId>,
    /// The person who acted or was let in.
    pub person: Option<RecordId>,
    /// The grant that it rests on.
    pub grant: Option<RecordId>,
    /// The guard on whose word it happened; empty for none.
    pub guard: String,
    /// The picture's blob hash; empty for none.
    pub crop: String,
    /// Words of the guard, or of the program for the guard.
    pub note: String,
    /// Hex; erased with the personal fields, so that nobody can find them again by trying.
    pub salt: String,
    /// BLAKE3 of the salt and the content, in hex.
    pub commitment: String,
    /// BLAKE3 of the link before, the number and the commitment, in hex.
    pub link: String,
}

impl Record for Entry {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Side::Hub),
        owner: Some("hub"),
        personal: &["plate", "name", "person", "crop", "note", "salt"],
        indexes: &[
            Index { name: "number", on: &["hub", "number"] },
            Index { name: "plate", on: &["plate"] },
            Index { name: "house", on: &["house"] },
            Index { name: "person", on: &["person"] },
            Index { name: "about", on: &["about"] },
            Index { name: "kind", on: &["kind"] },
        ],
        search: &["plate", "name"],
        bulk: true,
        ..Spec::fact("journal")
    };
}
