//! Questions: the guard asks a house, the house answers, in time or not.
//!
//! A question is data and its answer a fact; whether an answer still opens anything is the hub's to say, on its own
//! monotonic clock.

use dwellers_replica::{Index, Record, RecordId, ReplicaId, Role as Side, Spec, Writers};
use serde::{Deserialize, Serialize};

/// «К вам курьер?»
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Question {
    /// The hub that asks and acts.
    pub hub: ReplicaId,
    /// Who is asked.
    pub house: RecordId,
    /// At which gate somebody waits.
    pub gate: RecordId,
    /// The arrival in the journal.
    pub about: Option<RecordId>,
    /// Folded plate; may be empty.
    pub plate: String,
    /// The visitor's name or trade; may be empty.
    pub name: String,
    /// The guard who asks.
    pub guard: String,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// How long an answer counts.
    pub timeout_ms: u32,
}

impl Record for Question {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Side::Hub),
        personal: &["plate", "name"],
        indexes: &[Index { name: "house", on: &["house", "at_ms"] }, Index { name: "time", on: &["at_ms"] }],
        ..Spec::fact("questions")
    };
}

/// The house's answer. The first that the asking hub sees in time counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answer {
    /// To which.
    pub question: RecordId,
    /// Whether to let them in.
    pub allow: bool,
    /// Who answered.
    pub person: Option<RecordId>,
    /// The guard who took it by telephone; empty otherwise.
    pub guard: String,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
}

impl Record for Answer {
    const SPEC: Spec =
        Spec { indexes: &[Index { name: "question", on: &["question"] }], ..Spec::fact("answers") };
}
