//! Who stands at the gates and waits for the guard's word.
//!
//! Kept in memory only: after a restart a car that still stands there is read again. Bounded in number and in age.

use std::collections::VecDeque;

use dwellers::access::{Decision, Reason, Verdict};
use dwellers::gates::{Direction, Gate};
use dwellers::journal::Entry;
use dwellers_replica::RecordId;
use serde::Serialize;

use super::Told;
use crate::engine::Tick;

/// Arrivals that are remembered; the oldest makes room.
const MOST: usize = 64;
/// Who has not been answered for so long has driven off.
const GONE_MS: u64 = 15 * 60_000;

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
    /// Since when, in milliseconds since 1970.
    pub since_ms: u64,
    /// Since when, on the monotonic clock: a wall clock that is set does not send anybody away.
    #[serde(skip)]
    pub since: Tick,
    /// Cars that it may be, best first.
    pub candidates: Vec<Candidate>,
    /// The question that was asked about it.
    pub question: Option<RecordId>,
}

/// A known car that a reading may be meant for.
#[derive(Clone, Debug, PartialEq, Serialize)]
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

impl Waiting {
    pub(super) fn new(told: &Told, decision: &Decision, gate: (RecordId, &Gate), lane: &str, (since, since_ms): (Tick, u64)) -> Self {
        let (id, gate) = gate;
        let known = gate.lanes.iter().find(|known| known.key == lane);
        Waiting {
            entry: told.entry,
            gate: id,
            gate_key: gate.key.clone(),
            lane: lane.to_owned(),
            direction: known.map(|lane| lane.direction).unwrap_or_default(),
            plate: decision.plate.clone(),
            name: decision.name.clone(),
            house: decision.house,
            verdict: decision.verdict,
            reason: decision.reason,
            crop: String::new(),
            since_ms,
            since,
            candidates: Vec::new(),
            question: None,
        }
    }

    /// What an entry about it has in common with its own.
    pub(super) fn entry(&self) -> Entry {
        let Waiting { gate, lane, direction, plate, name, house, .. } = self.clone();
        Entry { gate: Some(gate), lane, direction: Some(direction), plate, name, house, ..Entry::default() }
    }
}

/// The arrivals of late, and which of them wait.
#[derive(Default)]
pub(super) struct WaitingRoom {
    arrivals: VecDeque<(Waiting, bool)>,
}

impl WaitingRoom {
    /// Somebody came; whether they wait, the engine says.
    pub fn arrive(&mut self, arrival: Waiting) {
        if self.arrivals.len() == MOST {
            self.arrivals.pop_front();
        }
        self.arrivals.push_back((arrival, false));
    }

    /// They wait. Whoever waited in the same lane with the same plate has come once, not twice.
    pub fn wait(&mut self, entry: RecordId) {
        let Some(at) = self.arrivals.iter().position(|(arrival, _)| arrival.entry == entry) else { return };
        let newest = self.arrivals[at].0.clone();
        let same = |other: &Waiting| {
            !newest.plate.is_empty() && other.plate == newest.plate && other.gate == newest.gate && other.lane == newest.lane
        };
        self.arrivals.retain(|(arrival, waits)| arrival.entry == entry || !(*waits && same(arrival)));
        if let Some((_, waits)) = self.arrivals.iter_mut().find(|(arrival, _)| arrival.entry == entry) {
            *waits = true;
        }
    }

    /// What the arrival may be, and its picture.
    pub fn describe(&mut self, entry: RecordId, candidates: Vec<Candidate>, crop: String) {
        if let Some((arrival, _)) = self.arrivals.iter_mut().find(|(arrival, _)| arrival.entry == entry) {
            (arrival.candidates, arrival.crop) = (candidates, crop);
        }
    }

    /// A question was asked about it.
    pub fn asked(&mut self, entry: RecordId, question: RecordId) {
        if let Some((arrival, _)) = self.arrivals.iter_mut().find(|(arrival, _)| arrival.entry == entry) {
            arrival.question = Some(question);
        }
    }

    /// The house said no: the guard sees it, and sends them away or not.
    pub fn denied(&mut self, entry: RecordId) {
        if let Some((arrival, _)) = self.arrivals.iter_mut().find(|(arrival, _)| arrival.entry == entry) {
            (arrival.verdict, arrival.reason) = (Verdict::Refuse, Reason::Denied);
        }
    }

    /// Whether this very car waits in this lane already, and nothing new was decided about it.
    pub fn knows(&self, gate: RecordId, lane: &str, plate: &str, decision: &Decision) -> bool {
        self.list().any(|waiting| {
            waiting.gate == gate
                && waiting.lane == lane
                && waiting.plate == plate
                && (waiting.verdict, waiting.reason) == (decision.verdict, decision.reason)
        })
    }

    /// An arrival that waits.
    pub fn get(&self, entry: RecordId) -> Option<&Waiting> {
        self.list().find(|waiting| waiting.entry == entry)
    }

    /// It waits no more.
    pub fn leave(&mut self, entry: RecordId) -> Option<Waiting> {
        let at = self.arrivals.iter().position(|(arrival, waits)| *waits && arrival.entry == entry)?;
        self.arrivals.remove(at).map(|(arrival, _)| arrival)
    }

    /// A gate opened for this plate: it waits there no more.
    pub fn let_in(&mut self, gate: RecordId, plate: &str) {
        self.arrivals.retain(|(arrival, _)| plate.is_empty() || arrival.gate != gate || arrival.plate != plate);
    }

    /// Those who waited too long have gone.
    pub fn expire(&mut self, now: Tick) {
        self.arrivals.retain(|(arrival, _)| now.0.saturating_sub(arrival.since.0) < GONE_MS);
    }

    /// Who waits, longest first.
    pub fn list(&self) -> impl Iterator<Item = &Waiting> {
        self.arrivals.iter().filter(|(_, waits)| *waits).map(|(arrival, _)| arrival)
    }
}
