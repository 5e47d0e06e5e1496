//! Who stands at the gates and waits for the guard's word: what the engine keeps of them, and what helps the guard.
//!
//! Kept in memory only: after a restart a car that still stands there is read again.

use std::collections::BTreeMap;

use dwellers::access::{Decision, Reason, Verdict};
use dwellers::gates::Direction;
use dwellers_replica::RecordId;
use serde::Serialize;
use utoipa::ToSchema;

use super::Post;
use crate::engine;

/// An arrival that the guard is to answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Waiting {
    /// Its entry in the journal.
    pub entry: RecordId,
    /// The gate's record.
    pub gate: RecordId,
    /// The gate's key.
    pub gate_key: String,
    /// The lane's key; empty where none is known.
    pub lane: String,
    /// Which way.
    pub direction: Direction,
    /// Folded plate; empty for none.
    pub plate: String,
    /// The visitor's name on the grant; empty for none.
    pub name: String,
    /// The house concerned.
    pub house: Option<RecordId>,
    /// What was decided.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
    /// The picture's hash; empty for none.
    pub crop: String,
    /// Since when, in milliseconds since 1970 of the arrival's id.
    pub since_ms: u64,
    /// What helps the guard.
    #[serde(flatten)]
    pub help: Help,
}

/// What helps the guard to answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Help {
    /// Cars that it may be, best first.
    pub candidates: Vec<Candidate>,
    /// The question that was asked about it.
    pub question: Option<RecordId>,
    /// What the house answered, in time.
    pub allowed: Option<bool>,
}

/// A known car that a reading may be meant for.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Candidate {
    /// Folded plate.
    pub plate: String,
    /// How probable the reading is, 0 to 1.
    pub probability: f32,
    /// The house that knows it.
    pub house: Option<RecordId>,
    /// What would be decided if it is this car.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
}

impl Candidate {
    pub(super) fn new(plate: String, probability: f32, decision: &Decision) -> Self {
        let &Decision { house, verdict, reason, .. } = decision;
        Candidate { plate, probability, house, verdict, reason }
    }
}

/// The help for those who wait; who has left takes theirs along.
#[derive(Default)]
pub(super) struct WaitingRoom {
    help: BTreeMap<RecordId, Help>,
}

impl WaitingRoom {
    /// Help for an arrival.
    pub fn help(&mut self, arrival: RecordId) -> &mut Help {
        self.help.entry(arrival).or_default()
    }

    /// All who wait, longest first at each gate.
    pub fn list(&mut self, posts: &[Post]) -> Vec<Waiting> {
        let waiting: Vec<Waiting> = posts.iter().flat_map(|post| self.at(post)).collect();
        self.help.retain(|arrival, _| waiting.iter().any(|waiting| waiting.entry == *arrival));
        waiting
    }

    fn at(&self, post: &Post) -> Vec<Waiting> {
        let describe = |waiting: engine::Waiting| Waiting {
            entry: waiting.id,
            gate: post.id,
            gate_key: post.gate.key.clone(),
            lane: waiting.lane,
            direction: waiting.direction,
            plate: waiting.plate,
            name: waiting.name,
            house: waiting.house,
            verdict: waiting.verdict,
            reason: waiting.reason,
            crop: waiting.crop,
            since_ms: waiting.id.made_ms(),
            help: self.help.get(&waiting.id).cloned().unwrap_or_default(),
        };
        post.engine.status().waiting.into_iter().map(describe).collect()
    }
}

impl Post {
    /// An arrival that waits here.
    pub(super) fn waiting(&self, arrival: RecordId) -> Option<engine::Waiting> {
        self.engine.status().waiting.into_iter().find(|waiting| waiting.id == arrival)
    }

    /// Who waits in a lane under this plate.
    pub(super) fn waiting_in(&self, lane: &str, plate: &str) -> Option<RecordId> {
        let mut waiting = self.engine.status().waiting.into_iter();
        waiting.find(|waiting| waiting.lane == lane && waiting.plate == plate).map(|waiting| waiting.id)
    }

    /// The only one who waits in a lane; at the gate as a whole, where no lane is named.
    pub(super) fn only_waiting(&self, lane: &str) -> Option<RecordId> {
        let waiting = self.engine.status().waiting.into_iter();
        let mut here = waiting.filter(|waiting| lane.is_empty() || waiting.lane == lane);
        here.next().filter(|_| here.next().is_none()).map(|waiting| waiting.id)
    }

    /// Whether this very car waits in this lane already, and nothing new was decided about it.
    pub(super) fn expects(&self, lane: &str, plate: &str, decision: &Decision) -> bool {
        self.engine.status().waiting.iter().any(|waiting| {
            waiting.lane == lane
                && waiting.plate == plate
                && (waiting.verdict, waiting.reason) == (decision.verdict, decision.reason)
        })
    }
}
