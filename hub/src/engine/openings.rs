//! Openings under way and the cars that went through on them: one car, one opening.

use std::collections::VecDeque;

use dwellers::gates::Direction;
use dwellers_replica::RecordId;

use super::Tick;
use super::arrivals::Arrival;

/// An opening that was acted on, until a car went through or its window is over.
#[derive(Debug)]
pub(super) struct Opening {
    pub arrival: Box<Arrival>,
    pub since: Tick,
    /// The position sensor saw the gate open for it.
    pub seen_open: bool,
    /// The driver did not say that it happened, or the gate did not move: nobody knows whether a car could go through.
    doubtful: bool,
}

/// A car that went through.
#[derive(Debug)]
struct Passed {
    id: RecordId,
    plate: String,
    direction: Direction,
    since: Tick,
    went: Went,
}

/// What is known of a car's passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Went {
    /// It was seen.
    Seen,
    /// It had its opening, and nobody looks.
    Unseen,
    /// Another opening took the place of its own before anybody saw it.
    Replaced,
}

/// Why a plate does not open again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Earlier {
    /// It belongs to this opening.
    Same(RecordId),
    /// The opening for it may not have worked.
    Doubtful(RecordId),
    /// It went through already: this is another car, or it came round.
    Again(RecordId),
}

#[derive(Debug)]
pub(super) struct Openings {
    window_ms: u32,
    under_way: VecDeque<Opening>,
    passed: VecDeque<Passed>,
}

impl Openings {
    const MOST: usize = 16;
    const MOST_PASSED: usize = 64;

    pub fn new(window_ms: u32) -> Self {
        Openings { window_ms, under_way: VecDeque::new(), passed: VecDeque::new() }
    }

    /// What this plate did within its window.
    pub fn earlier(&self, plate: &str, direction: Direction) -> Option<Earlier> {
        let own = |opening: &&Opening| opening.arrival.decision.plate == plate;
        if let Some(Opening { arrival, doubtful, .. }) = self.under_way.iter().rev().find(own) {
            return Some(if *doubtful { Earlier::Doubtful } else { Earlier::Same }(arrival.id));
        }
        // In and at once out again is a way to drive; in twice is not.
        let bears = |passed: &&Passed| passed.plate == plate && passed.direction == direction;
        let passed = self.passed.iter().rev().find(bears)?;
        Some(match passed.went {
            Went::Replaced => Earlier::Doubtful(passed.id),
            Went::Seen => Earlier::Again(passed.id),
            Went::Unseen => Earlier::Same(passed.id),
        })
    }

    /// Whether one more can be remembered for its whole window.
    pub fn has_room(&self) -> bool {
        self.under_way.len() < Self::MOST && self.passed.len() < Self::MOST_PASSED
    }

    /// An opening begins, and gives back the one that it takes the place of: the same car's, for one car goes through
    /// once; or the oldest, where the guard opens without end.
    pub fn begin(&mut self, arrival: Box<Arrival>, now: Tick, seen_open: bool) -> Option<Opening> {
        let plate = &arrival.decision.plate;
        let own = |opening: &Opening| !plate.is_empty() && opening.arrival.decision.plate == *plate;
        let same = self.under_way.iter().position(own).and_then(|at| self.under_way.remove(at));
        self.under_way.push_back(Opening { arrival, since: now, seen_open, doubtful: false });
        if let Some(replaced) = same {
            self.remember(&replaced.arrival, replaced.since, Went::Replaced);
            return Some(replaced);
        }
        let dropped = (self.under_way.len() > Self::MOST).then(|| self.under_way.pop_front()).flatten()?;
        self.remember(&dropped.arrival, dropped.since, Went::Unseen);
        Some(dropped)
    }

    /// The driver did it; whether the gate stands open already.
    pub fn acknowledged(&mut self, id: RecordId, is_open: bool) {
        if let Some(opening) = self.find(id) {
            opening.seen_open |= is_open;
        }
    }

    pub fn doubt(&mut self, id: RecordId) {
        if let Some(opening) = self.find(id) {
            opening.doubtful = true;
        }
    }

    /// It did not happen.
    pub fn cancel(&mut self, id: RecordId) {
        self.under_way.retain(|opening| opening.arrival.id != id);
    }

    fn find(&mut self, id: RecordId) -> Option<&mut Opening> {
        self.under_way.iter_mut().find(|opening| opening.arrival.id == id)
    }

    /// The gate is seen open: gives the oldest opening that it was not seen open for.
    pub fn seen_open(&mut self) -> Option<RecordId> {
        let first =
            self.under_way.iter().find(|opening| !opening.seen_open).map(|opening| opening.arrival.id);
        for opening in &mut self.under_way {
            (opening.seen_open, opening.doubtful) = (true, false);
        }
        first
    }

    /// A car went through: it came on the oldest opening that is known to have worked, else on the oldest.
    pub fn pass(&mut self) -> Option<Opening> {
        let at = self.under_way.iter().position(|opening| !opening.doubtful).unwrap_or(0);
        let opening = self.under_way.remove(at)?;
        self.remember(&opening.arrival, opening.since, Went::Seen);
        Some(opening)
    }

    /// Takes an opening for passed, without having seen it.
    pub fn pass_unseen(&mut self, id: RecordId) -> Option<Opening> {
        let at = self.under_way.iter().position(|opening| opening.arrival.id == id)?;
        let opening = self.under_way.remove(at)?;
        self.remember(&opening.arrival, opening.since, Went::Unseen);
        Some(opening)
    }

    /// Those that the gate stands open for.
    pub fn open(&self) -> Vec<RecordId> {
        self.under_way.iter().filter(|opening| opening.seen_open).map(|opening| opening.arrival.id).collect()
    }

    /// An opening of an earlier run, of which nobody knows what came.
    pub fn recall(&mut self, arrival: Box<Arrival>, since: Tick) {
        self.under_way.push_back(Opening { arrival, since, seen_open: false, doubtful: true });
        if self.under_way.len() > Self::MOST
            && let Some(Opening { arrival, since, .. }) = self.under_way.pop_front()
        {
            self.remember(&arrival, since, Went::Replaced);
        }
    }

    /// What became of a car is kept until its window is over.
    pub fn remember(&mut self, arrival: &Arrival, since: Tick, went: Went) {
        let Arrival { id, direction, decision, .. } = arrival;
        if decision.plate.is_empty() {
            return;
        }
        let plate = decision.plate.clone();
        self.passed.push_back(Passed { id: *id, plate, direction: *direction, since, went });
        if self.passed.len() > Self::MOST_PASSED {
            self.passed.pop_front();
        }
    }

    /// Forgets cars whose window is over.
    pub fn forget(&mut self, now: Tick) {
        self.passed.retain(|passed| now < passed.since.after(self.window_ms));
    }

    /// Takes out the next opening whose window is over.
    pub fn next_over(&mut self, now: Tick) -> Option<Opening> {
        let at = self.under_way.iter().position(|opening| opening.since.after(self.window_ms) <= now)?;
        self.under_way.remove(at)
    }

    pub fn any(&self) -> bool {
        !self.under_way.is_empty()
    }

    pub fn count(&self) -> usize {
        self.under_way.len()
    }

    /// When the next window is over.
    pub fn deadline(&self) -> Option<Tick> {
        self.under_way.iter().map(|opening| opening.since.after(self.window_ms)).min()
    }
}
