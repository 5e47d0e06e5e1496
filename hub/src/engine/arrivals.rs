//! Those who come to a gate: what is known of them, and the few that wait for the guard's word.

use std::collections::VecDeque;

use dwellers::access::{Decision, Reason, Verdict};
use dwellers::gates::Direction;
use dwellers::journal::{Entry, Kind};
use dwellers_replica::{Open, RecordId};
use serde::Serialize;

use super::Tick;
use super::turn::entry;

/// Somebody who came, as it was decided.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
    pub id: RecordId,
    pub lane: String,
    pub direction: Direction,
    pub decision: Box<Decision>,
    pub crop: String,
    pub guard: String,
    pub about: Option<RecordId>,
    pub note: String,
}

impl Arrival {
    /// As an entry `Decided` of the journal tells it.
    pub fn recalled(id: RecordId, entry: &Entry) -> Self {
        let Entry { lane, direction, plate, name, house, person, grant, guard, .. } = entry.clone();
        let decision =
            Decision { verdict: Verdict::Open, plate, name, house, person, grant, ..Decision::default() };
        Arrival {
            id,
            lane,
            direction: direction.unwrap_or_default(),
            decision: Box::new(decision),
            crop: String::new(),
            guard,
            about: None,
            note: String::new(),
        }
    }

    /// Its entry `Decided`.
    pub fn decided(&self) -> Entry {
        Entry {
            verdict: Some(Open::Known(self.decision.verdict)),
            reason: Some(Open::Known(self.decision.reason)),
            crop: self.crop.clone(),
            note: self.note.clone(),
            ..self.entry(Kind::Decided, self.about)
        }
    }

    /// An entry that tells something of the same car or person.
    pub fn entry(&self, kind: Kind, about: Option<RecordId>) -> Entry {
        let Decision { grant, house, person, plate, name, .. } = &*self.decision;
        Entry {
            lane: self.lane.clone(),
            direction: Some(self.direction),
            plate: plate.clone(),
            name: name.clone(),
            house: *house,
            person: *person,
            grant: *grant,
            guard: self.guard.clone(),
            ..entry(kind, about)
        }
    }

    /// The same arrival, judged otherwise.
    pub fn judged(mut self, verdict: Verdict, reason: Reason) -> Self {
        self.decision.verdict = verdict;
        self.decision.reason = reason;
        self.decision.uses = None;
        self
    }
}

/// Somebody who waits for the guard's word.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Waiting {
    /// The arrival's entry.
    pub id: RecordId,
    /// Since when.
    pub since: Tick,
    /// The lane's key.
    pub lane: String,
    /// Which way.
    pub direction: Direction,
    /// What was decided.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
    /// Folded plate; empty for none.
    pub plate: String,
    /// The visitor's name; empty for none.
    pub name: String,
    /// The house concerned.
    pub house: Option<RecordId>,
    /// The picture's hash; empty for none.
    pub crop: String,
}

/// Those who wait, the oldest first. The oldest gives way where there are too many, and after a while everybody does:
/// the journal remembers them.
#[derive(Debug, Default)]
pub(super) struct WaitingRoom(VecDeque<Waiting>);

impl WaitingRoom {
    const MOST: usize = 32;
    const PATIENCE_MS: u32 = 15 * 60 * 1000;

    /// Takes somebody in. Who is read again takes the place of the reading before.
    pub fn enter(&mut self, arrival: &Arrival, now: Tick) {
        let Decision { verdict, reason, house, plate, name, .. } = &*arrival.decision;
        self.leave(plate);
        self.0.push_back(Waiting {
            id: arrival.id,
            since: now,
            lane: arrival.lane.clone(),
            direction: arrival.direction,
            verdict: *verdict,
            reason: *reason,
            plate: plate.clone(),
            name: name.clone(),
            house: *house,
            crop: arrival.crop.clone(),
        });
        if self.0.len() > Self::MOST {
            self.0.pop_front();
        }
    }

    /// The guard gave the word about this arrival.
    pub fn answered(&mut self, id: RecordId) {
        self.0.retain(|waiting| waiting.id != id);
    }

    /// A plate waits no more.
    pub fn leave(&mut self, plate: &str) {
        self.0.retain(|waiting| plate.is_empty() || waiting.plate != plate);
    }

    pub fn tick(&mut self, now: Tick) {
        self.0.retain(|waiting| now < waiting.since.after(Self::PATIENCE_MS));
    }

    pub fn deadline(&self) -> Option<Tick> {
        self.0.front().map(|waiting| waiting.since.after(Self::PATIENCE_MS))
    }

    pub fn list(&self) -> Vec<Waiting> {
        self.0.iter().cloned().collect()
    }
}
