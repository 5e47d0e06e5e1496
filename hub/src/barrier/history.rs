//! What really happened: every change of a relay, every car, every hit.

use std::collections::VecDeque;

use dwellers_replica::RecordId;
use serde::{Deserialize, Serialize};

use crate::engine::{Relay, Tick};

/// What energises a relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The pulse of this id.
    Pulse(RecordId),
    /// A hold.
    Hold,
}

/// Why a relay was de-energised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Its pulse or its lease was over.
    TimeOver,
    /// The hub said so.
    Told,
    /// The other relay was to be energised.
    Interlock,
    /// A later command took the relay over.
    Replaced,
    /// There was no power any more.
    PowerCut,
}

/// Why an arm came down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The closing relay.
    Commanded,
    /// The controller's own time.
    ByItself,
    /// There was no power.
    PowerCut,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A relay was energised.
    Energised {
        /// Which.
        relay: Relay,
        /// By what.
        by: By,
        /// The time or the lease that it was given, cut to what the barrier allows.
        ms: u32,
    },
    /// A relay was de-energised.
    Released {
        /// Which.
        relay: Relay,
        /// What had energised it.
        by: By,
        /// How long it had been energised.
        after_ms: u64,
        /// Why.
        why: Why,
    },
    /// A pulse to open came while it was held open: acknowledged, nothing changed.
    Covered {
        /// The pulse.
        id: RecordId,
    },
    /// A pulse came again: acknowledged, not done again.
    Repeated {
        /// Which relay was meant.
        relay: Relay,
        /// The pulse.
        id: RecordId,
    },
    /// A car went through.
    Passed {
        /// On somebody else's opening.
        tailgated: bool,
    },
    /// The arm came down on something that stood on the loop or in the beam.
    Hit {
        /// Why it came down.
        cause: Cause,
        /// How long the arm had been coming down on something that was there: the time there was to stop it.
        occupied_ms: u64,
    },
}

/// An entry of the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number, from 1.
    pub number: u64,
    /// When, by the barrier's own clock.
    pub at_ms: u64,
    /// What.
    pub what: What,
}

/// The latest [`History::MAX_ENTRIES`] entries, and counts of all.
#[derive(Clone, Debug, Default)]
pub struct History {
    entries: VecDeque<Entry>,
    noted: u64,
    passed: u64,
    tailgated: u64,
    hits: u64,
}

impl History {
    /// So many entries are kept, the latest.
    pub const MAX_ENTRIES: usize = 200_000;

    /// The entries that are kept, the oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> + ExactSizeIterator {
        self.entries.iter()
    }

    /// The entries that are kept and come after this number.
    pub fn after(&self, number: u64) -> impl Iterator<Item = &Entry> {
        let first = self.entries.front().map_or(1, |entry| entry.number);
        let skip = usize::try_from(number.saturating_add(1).saturating_sub(first)).unwrap_or(usize::MAX);
        self.entries.iter().skip(skip)
    }

    /// The number of the latest entry: how many there ever were.
    pub fn noted(&self) -> u64 {
        self.noted
    }

    /// How many cars went through.
    pub fn passed(&self) -> u64 {
        self.passed
    }

    /// How many of them on somebody else's opening.
    pub fn tailgated(&self) -> u64 {
        self.tailgated
    }

    /// How often the arm came down on something.
    pub fn hits(&self) -> u64 {
        self.hits
    }

    pub(super) fn note(&mut self, at: Tick, what: What) {
        match what {
            What::Passed { tailgated } => {
                self.passed += 1;
                self.tailgated += u64::from(tailgated);
            }
            What::Hit { .. } => self.hits += 1,
            What::Energised { .. } | What::Released { .. } | What::Covered { .. } | What::Repeated { .. } => {
            }
        }
        self.noted += 1;
        if self.entries.len() == Self::MAX_ENTRIES {
            self.entries.pop_front();
        }
        self.entries.push_back(Entry { number: self.noted, at_ms: at.0, what });
    }
}
