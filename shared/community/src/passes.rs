//! Passes: grants to enter for a while, by plate, by name or by code.
//!
//! A pass is a fact. What was used of it are facts of the hub that decides it; ending it early is a revocation
//! ([`cancel`]). Its visitor may have a link to it ([`links`]).
//!
//! Invariants: hours are those that the clock on the wall of the community shows; a pass whose entries are counted
//! names the one hub that counts them.

mod expected;
mod hours;
mod issue;
pub mod links;
mod past;

use dwellers_replica::{Index, Open, Record, RecordId, ReplicaId, Role as Side, Spec, Writers};
use serde::{Deserialize, Serialize};

pub(crate) use expected::unfinished;
pub use expected::{Ended, Expected, Standing, State, expected, state, used};
pub use hours::{Holds, covers, day, next};
pub use issue::{Issued, MAX_LIVING_OF_A_HOUSE, Request, Terms, cancel, issue, issue_for, issue_for_house};
pub use past::{Passes, Visitor, Which, history, is_seen, of_house, visitors};

/// What a pass is for: its texts and its defaults differ, its rules do not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = PassKind))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A visitor, once.
    #[default]
    Guest,
    /// Once, soon.
    Taxi,
    /// Once, soon.
    Courier,
    /// Again and again, on weekdays and hours.
    Recurring,
    /// Many guests of one occasion.
    Event,
}

/// When a pass holds. One register: its parts have a joint rule.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Validity {
    /// Milliseconds since 1970, included.
    pub from_ms: u64,
    /// Milliseconds since 1970, excluded.
    pub until_ms: u64,
    /// Within that, only in these hours.
    pub weekly: Option<Weekly>,
}

/// Hours of days of the week, in the community's time zone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Weekly {
    /// ISO weekdays on which a stretch begins: 1 is Monday, 7 Sunday.
    pub days: Vec<u8>,
    /// Minutes after midnight at which it begins.
    pub from_minute: u16,
    /// Minutes after midnight at which it ends; at or below `from_minute`, on the following day.
    pub until_minute: u16,
}

/// A grant to enter.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pass {
    /// What it is for.
    pub kind: Open<Kind>,
    /// The house that expects the visitor.
    pub house: RecordId,
    /// The person who issued it, or in whose name a guard did.
    pub person: Option<RecordId>,
    /// The guard who issued it on a telephone call; empty where a resident did it.
    pub guard: String,
    /// The place it was issued under.
    pub under: Option<RecordId>,
    /// Folded ([`crate::plate`]); empty where the plate is not known.
    pub plate: String,
    /// The visitor's name; may be empty.
    pub name: String,
    /// Digits that the guard types or a QR shows; empty for none.
    pub code: String,
    /// When it holds.
    pub validity: Validity,
    /// How many entries; `None`: as many as fall into its time.
    pub entries: Option<u32>,
    /// The hub that counts its entries, where they are counted; another one asks its guard.
    pub decider: Option<ReplicaId>,
    /// For the guard.
    pub note: String,
    /// The version of the rules that judging it needs ([`crate::access::RULES`]).
    pub rules: u32,
}

impl Record for Pass {
    const SPEC: Spec = Spec {
        personal: &["plate", "name", "code", "note"],
        indexes: &[
            Index { name: "plate", on: &["plate"] },
            Index { name: "code", on: &["code"] },
            Index { name: "house", on: &["house", "validity.until_ms"] },
            Index { name: "until", on: &["validity.until_ms"] },
        ],
        search: &["plate", "name", "note"],
        ..Spec::fact("passes")
    };
}

/// One entry on a pass whose entries are counted. That an ordinal is used once is a guard of the commit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Use {
    /// Which pass.
    pub pass: RecordId,
    /// Its first entry is 1.
    pub ordinal: u32,
    /// The opening in the journal.
    pub entry: RecordId,
}

impl Record for Use {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Side::Hub),
        // Forgetting an entry would give it back.
        lasting: true,
        indexes: &[Index { name: "pass", on: &["pass", "ordinal"] }],
        ..Spec::fact("uses")
    };
}
