//! The one decision: who may pass a gate, and why.
//!
//! [`gather`] reads everything that bears on a [`Request`] from one snapshot; [`decide`] is a pure function of what
//! was gathered. A ban and a rule that this program does not know come first; every answer carries a reason, as
//! data, that [`crate::texts`] says in both languages.
//!
//! What must never be here: an opening on a plate that is *nearly* right; debt as a reason; a right that is read
//! from anything but a living chain of grants.

use dwellers_replica::{RecordId, ReplicaId};
use serde::{Deserialize, Serialize};

use crate::gates::{Direction, Kind as GateKind, Lane};
use crate::passes::Validity;

/// The version of these rules. A grant that needs a later one is shown to the guard, never judged by half.
pub const RULES: u32 = 1;

/// Somebody wants to pass.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The gate's record.
    pub gate: RecordId,
    /// The lane's key; empty where a gate is meant as a whole.
    pub lane: String,
    /// What they show.
    pub credential: Credential,
}

/// What somebody shows at a gate.
#[derive(Clone, Debug, PartialEq)]
pub enum Credential {
    /// A plate was read.
    Plate {
        /// Folded ([`crate::plate`]).
        plate: String,
        /// How good the reading is.
        strength: Strength,
    },
    /// A person pressed a button on their telephone.
    Button(RecordId),
    /// A code was typed or its QR read.
    Code(String),
    /// A card or remote was read.
    Card(String),
    /// The guard opens, on their own word.
    Guard(String),
    /// A house allowed the guard's question.
    Answer {
        /// The question.
        question: RecordId,
        /// The house that answered.
        house: RecordId,
        /// Folded plate of the one who waits; may be empty.
        plate: String,
    },
    /// Something stands on the loop of a lane, and nothing is known of it.
    Presence,
}

/// How good a reading of a plate is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// Good enough to open by itself.
    Strong,
    /// One tap for the guard.
    #[default]
    Middling,
}

/// What is to happen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It stays shut; the guard sees it.
    Refuse,
    /// It stays shut until the guard says.
    #[default]
    Ask,
    /// It opens.
    Open,
}

/// Why. Its text in both languages has the key `reason-` and this name in kebab case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    // It opens.
    /// A resident's own car.
    Vehicle,
    /// A pass.
    Pass,
    /// A card or remote.
    Card,
    /// A person with a right to this gate pressed the button.
    Button,
    /// The guard's word.
    Guard,
    /// The house allowed it.
    Allowed,
    /// The lane lets everybody out.
    FreeExit,
    /// It came in, now it goes out.
    Leaving,

    // The guard decides.
    /// Nobody knows this plate, code or card.
    #[default]
    Unknown,
    /// The reading is not good enough.
    WeakReading,
    /// Nothing vouches for the clock, and the right has hours.
    TimeNotTrusted,
    /// It needs rules that this program does not have.
    NewerRules,
    /// Another hub counts the entries of this pass.
    DecidedElsewhere,
    /// It is inside already.
    Inside,
    /// It is banned, and on its way out.
    BannedLeaving,
    /// It could not be judged: a record does not read, the store fails.
    NotJudged,

    // It stays shut.
    /// A ban.
    Banned,
    /// The right was taken away.
    Revoked,
    /// Its time has not come.
    NotYet,
    /// Its time is over.
    Expired,
    /// Not on this day or at this hour.
    OutsideHours,
    /// All its entries were used.
    UsedUp,
    /// The person has no right to this gate.
    NoRight,
    /// The house said no.
    Denied,
}

/// A decision.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// What is to happen.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
    /// The grant that it rests on, also where that grant is the reason to refuse.
    pub grant: Option<RecordId>,
    /// The house concerned.
    pub house: Option<RecordId>,
    /// The person concerned.
    pub person: Option<RecordId>,
    /// The plate, folded; empty where none was shown or granted.
    pub plate: String,
    /// The visitor's name on the pass; empty for none.
    pub name: String,
    /// The entry of a counted pass that an opening uses: pass and ordinal.
    pub uses: Option<(RecordId, u32)>,
}

/// What [`decide`] knows: everything that bears on a request, and nothing else.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// The hub that decides.
    pub hub: ReplicaId,
    /// What the gate is.
    pub gate: GateKind,
    /// The lane, where the request names one.
    pub lane: Option<Lane>,
    /// IANA name of the community's time zone.
    pub time_zone: String,
    /// The plate's own bans.
    pub bans: Vec<Banned>,
    /// The grants that speak for the request.
    pub claims: Vec<Claim>,
    /// Whether the last that was seen of this plate is that it came in.
    pub inside: bool,
    /// Something that bears on the request does not read.
    pub unreadable: bool,
}

/// A ban that was not lifted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Banned {
    /// Its end, in milliseconds since 1970.
    pub until_ms: Option<u64>,
}

/// A grant, with all that its life depends on.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The grant.
    pub grant: RecordId,
    /// What it is.
    pub kind: ClaimKind,
    /// Whether its whole chain lives.
    pub alive: bool,
    /// Bans of any person in its chain.
    pub bans: Vec<Banned>,
    /// The house.
    pub house: Option<RecordId>,
    /// The person it belongs to.
    pub person: Option<RecordId>,
    /// The plate on it, folded; empty for none.
    pub plate: String,
    /// The visitor's name on it; empty for none.
    pub name: String,
    /// When it holds; `None`: always.
    pub validity: Option<Validity>,
    /// How many entries; `None`: not counted.
    pub entries: Option<u32>,
    /// How many were used, as this hub knows.
    pub used: u32,
    /// The hub that counts.
    pub decider: Option<ReplicaId>,
    /// The version of the rules that it needs.
    pub rules: u32,
}

/// What a claim is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClaimKind {
    /// A resident's car.
    Vehicle,
    /// A card or remote.
    Card,
    /// A person's place or role, for the button of this gate.
    Person,
    /// A pass.
    Pass,
}

/// For what direction a request is judged: a lane's own, or the way in where no lane is named.
pub(crate) fn direction(facts: &Facts) -> Direction {
    facts.lane.as_ref().map_or(Direction::Entry, |lane| lane.direction)
}
