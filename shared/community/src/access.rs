//! The one decision: who may pass a gate, and why.
//!
//! [`gather`] reads everything that bears on a [`Request`] from one snapshot; [`decide`] is a pure function of what
//! was gathered. A ban and a rule that this program does not know come first; every answer carries a reason, as
//! data, that [`crate::texts`] says in both languages.
//!
//! What must never be here: an opening on a plate that is *nearly* right; debt as a reason; a right that is read
//! from anything but a living chain of grants.

use std::cmp::Reverse;

use dwellers_replica::{Now, RecordId, ReplicaId};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

mod gather;

use crate::gates::{Direction, Lane};
use crate::passes::{Holds, Validity, covers};

pub use gather::gather;

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
    Guard,
    /// The guard recognised the visitor of a pass: by name, or by what they show.
    Pass(RecordId),
    /// A house allowed the guard's question.
    Answer {
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
    /// Too poor for that: it is written down, and nobody is asked.
    Refused,
}

impl Strength {
    /// How much likelier a strong reading is than any other known car at the least: were it one of a thousand openings
    /// that the reader mixes up with a neighbour's plate, a settlement of some hundred cars would see it every week.
    const APART: f32 = 200.0;

    /// What a reading of this probability is worth where it may, with the probability `other`, be meant for another car
    /// that the community knows: for that one, too, there would be an opening. Nothing becomes stronger by it.
    #[must_use]
    pub fn beside(self, probability: f32, other: f32) -> Strength {
        // What is no number is no margin.
        let apart = probability >= Self::APART * other;
        if self == Strength::Strong && !apart { Strength::Middling } else { self }
    }
}

/// What is to happen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
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
#[derive(Clone, Debug)]
pub struct Facts {
    /// The hub that decides.
    pub hub: ReplicaId,
    /// The lane, where the request names one that the gate has.
    pub lane: Option<Lane>,
    /// The community's time zone; `None` where it is not known, and then nothing with hours is judged.
    pub zone: Option<TimeZone>,
    /// The plate's own bans.
    pub bans: Vec<Banned>,
    /// The grants that speak for the request.
    pub claims: Vec<Claim>,
    /// Whether the last that was seen of this plate is that it came in; looked up where the lane makes a difference
    /// of it.
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

impl Banned {
    /// Whether it still holds. Without trusted time it does.
    pub fn in_force(self, now: Now) -> bool {
        !now.trusted || self.until_ms.is_none_or(|until_ms| now.ms < until_ms)
    }
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
    /// The hub that counts; this one, where it took that one's place.
    pub decider: Option<ReplicaId>,
    /// The version of the rules that it needs.
    pub rules: u32,
}

/// What a claim is. Where several open, the first of these is the reason, so that no pass is used up for a resident.
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

/// Decides. Pure: equal facts give equal decisions.
///
/// The guard's own word stands above everything (DESIGN: the guard's button always wins). Then come the bans of the
/// plate; then what cannot be judged; then the right that speaks best for the request.
pub fn decide(request: &Request, facts: &Facts, now: Now) -> Decision {
    let plate = match &request.credential {
        Credential::Guard => return answer(Verdict::Open, Reason::Guard),
        Credential::Plate { plate, .. } | Credential::Answer { plate, .. } => plate.as_str(),
        _ => "",
    };
    let way = direction(facts);
    let mut decision = if facts.bans.iter().any(|ban| ban.in_force(now)) {
        banned(way)
    } else if facts.unreadable {
        answer(Verdict::Ask, Reason::NotJudged)
    } else {
        weigh(request, facts, now)
    };
    if decision.plate.is_empty() {
        plate.clone_into(&mut decision.plate);
    }
    decision
}

/// For what direction a request is judged: a lane's own, or the way in where no lane is named.
fn direction(facts: &Facts) -> Direction {
    facts.lane.as_ref().map_or(Direction::Entry, |lane| lane.direction)
}

/// Nobody is locked in, not even who is banned: but the guard lets them out.
fn banned(way: Direction) -> Decision {
    match way {
        Direction::Entry => answer(Verdict::Refuse, Reason::Banned),
        Direction::Exit => answer(Verdict::Ask, Reason::BannedLeaving),
    }
}

/// What the rights that speak for a request come to.
fn weigh(request: &Request, facts: &Facts, now: Now) -> Decision {
    if matches!(request.credential, Credential::Plate { strength: Strength::Refused, .. }) {
        return answer(Verdict::Refuse, Reason::WeakReading);
    }
    let way = direction(facts);
    let judged: Vec<Decision> = facts.claims.iter().map(|claim| judge(claim, facts, now)).collect();
    let best = judged.iter().min_by_key(|one| rank(one, &judged)).cloned();
    if way == Direction::Exit && best.as_ref().is_none_or(|best| best.reason != Reason::BannedLeaving) {
        let free = facts.lane.as_ref().is_some_and(|lane| lane.free);
        let reason = if free { Some(Reason::FreeExit) } else { facts.inside.then_some(Reason::Leaving) };
        if let Some(reason) = reason {
            let verdict = if free { Verdict::Open } else { certain(request, Verdict::Open) };
            let reason = if verdict == Verdict::Open { reason } else { Reason::WeakReading };
            return Decision { verdict, reason, uses: None, ..best.unwrap_or_default() };
        }
    }
    let Some(mut best) = best else { return unclaimed(request) };
    if best.verdict == Verdict::Open {
        let again = facts.lane.as_ref().is_some_and(|lane| lane.anti_passback) && facts.inside;
        if certain(request, best.verdict) != Verdict::Open {
            (best.verdict, best.reason) = (Verdict::Ask, Reason::WeakReading);
        } else if way == Direction::Entry && again {
            (best.verdict, best.reason) = (Verdict::Ask, Reason::Inside);
        }
    }
    if best.verdict != Verdict::Open {
        best.uses = None;
    }
    best
}

/// A verdict as far as the reading of the plate carries it: there is no opening on a plate that is nearly right.
fn certain(request: &Request, verdict: Verdict) -> Verdict {
    match request.credential {
        Credential::Plate { strength: Strength::Middling, .. } => verdict.min(Verdict::Ask),
        _ => verdict,
    }
}

/// What happens where no right speaks for a request.
fn unclaimed(request: &Request) -> Decision {
    match &request.credential {
        Credential::Answer { house, .. } => {
            Decision { house: Some(*house), ..answer(Verdict::Open, Reason::Allowed) }
        }
        Credential::Button(person) => {
            Decision { person: Some(*person), ..answer(Verdict::Refuse, Reason::NoRight) }
        }
        _ => answer(Verdict::Ask, Reason::Unknown),
    }
}

/// What one grant comes to by itself.
fn judge(claim: &Claim, facts: &Facts, now: Now) -> Decision {
    let way = direction(facts);
    // On the way out entries are not counted: the pass let the car in, and out it must.
    let counted = claim.entries.filter(|_| way == Direction::Entry);
    let (verdict, reason) = if claim.bans.iter().any(|ban| ban.in_force(now)) {
        let Decision { verdict, reason, .. } = banned(way);
        (verdict, reason)
    } else if claim.rules > RULES {
        (Verdict::Ask, Reason::NewerRules)
    } else if !claim.alive {
        (Verdict::Refuse, Reason::Revoked)
    } else if counted.is_some_and(|entries| claim.used >= entries) {
        (Verdict::Refuse, Reason::UsedUp)
    } else if let Some((verdict, reason)) =
        claim.validity.as_ref().and_then(|when| untimely(when, facts, now))
    {
        (verdict, reason)
    } else if counted.is_some() && claim.decider.is_some_and(|decider| decider != facts.hub) {
        (Verdict::Ask, Reason::DecidedElsewhere)
    } else {
        let reason = match claim.kind {
            ClaimKind::Vehicle => Reason::Vehicle,
            ClaimKind::Card => Reason::Card,
            ClaimKind::Person => Reason::Button,
            ClaimKind::Pass => Reason::Pass,
        };
        (Verdict::Open, reason)
    };
    Decision {
        verdict,
        reason,
        grant: Some(claim.grant),
        house: claim.house,
        person: claim.person,
        plate: claim.plate.clone(),
        name: claim.name.clone(),
        uses: counted.map(|_| (claim.grant, claim.used + 1)),
    }
}

/// Why a right does not hold at this moment, if it does not.
fn untimely(when: &Validity, facts: &Facts, now: Now) -> Option<(Verdict, Reason)> {
    let zone = facts.zone.as_ref().filter(|_| now.trusted);
    let Some(zone) = zone else { return Some((Verdict::Ask, Reason::TimeNotTrusted)) };
    match covers(when, now.ms, zone) {
        Holds::Now => None,
        Holds::NotYet => Some((Verdict::Refuse, Reason::NotYet)),
        Holds::Over => Some((Verdict::Refuse, Reason::Expired)),
        Holds::OutsideHours => Some((Verdict::Refuse, Reason::OutsideHours)),
    }
}

/// The order in which several grants for one request are preferred, best first: what opens before what asks before
/// what refuses; among refusals what the guard must know first, and of those the newest.
///
/// Of what opens or asks, the house's that has had such the longest, so that nobody draws a neighbour's car or visitor to
/// their own house by naming its plate; then standing grants before passes, and the oldest.
fn rank(decision: &Decision, all: &[Decision]) -> impl Ord + use<> {
    let told = match decision.reason {
        Reason::Vehicle => 0,
        Reason::Card => 1,
        Reason::Button => 2,
        Reason::Banned | Reason::BannedLeaving => 3,
        Reason::NotYet | Reason::OutsideHours => 4,
        Reason::UsedUp => 5,
        Reason::Expired => 6,
        _ => 7,
    };
    let speaks = decision.verdict != Verdict::Refuse;
    let as_good = |other: &&Decision| other.verdict == decision.verdict && other.house == decision.house;
    let since = all.iter().filter(as_good).map(|other| other.grant).min().filter(|_| speaks);
    // A pass that is not counted before one that is used up by this.
    let uses = decision.uses.is_some();
    let (oldest, newest) = if speaks { (decision.grant, None) } else { (None, decision.grant) };
    (Reverse(decision.verdict), since, told, decision.reason, uses, oldest, Reverse(newest))
}

fn answer(verdict: Verdict, reason: Reason) -> Decision {
    Decision { verdict, reason, ..Decision::default() }
}
