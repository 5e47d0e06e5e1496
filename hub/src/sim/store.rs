//! A store as the engine meets it: one write after the other, slow, stuck or failing, and cut short by a kill.

use std::collections::{HashSet, VecDeque};

use dwellers::journal::Entry;
use dwellers_replica::RecordId;

use crate::engine::NotStored;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    Fine,
    Slow,
    /// Nothing is written for longer than anybody waits.
    Stuck,
    Failing,
}

#[derive(Debug)]
struct Write {
    due: u64,
    id: RecordId,
    entry: Entry,
    uses: Option<(RecordId, u32)>,
}

/// What the store did: an entry is durable now, and an answer is on its way.
#[derive(Debug)]
pub(super) struct Done {
    pub id: RecordId,
    pub result: Result<(), NotStored>,
}

#[derive(Debug)]
pub(super) struct Store {
    pub mood: Mood,
    queue: VecDeque<Write>,
    answers: VecDeque<(u64, Done)>,
    used: HashSet<(RecordId, u32)>,
    /// The journal: when it became durable, and what.
    pub journal: Vec<(u64, RecordId, Entry)>,
}

impl Store {
    pub fn new() -> Self {
        Store {
            mood: Mood::Fine,
            queue: VecDeque::new(),
            answers: VecDeque::new(),
            used: HashSet::new(),
            journal: Vec::new(),
        }
    }

    /// How many entries of a pass were used, as anybody who looks sees it now.
    pub fn used(&self, pass: RecordId) -> u32 {
        u32::try_from(self.used.iter().filter(|(used, _)| *used == pass).count()).expect("few")
    }

    pub fn write(
        &mut self,
        id: RecordId,
        entry: Entry,
        uses: Option<(RecordId, u32)>,
        now: u64,
        chance: u64,
    ) {
        let takes_ms = match self.mood {
            Mood::Fine | Mood::Failing => 1 + chance % 8,
            Mood::Slow => 50 + chance % 700,
            Mood::Stuck => 4_000 + chance % 4_000,
        };
        let due = (now + takes_ms).max(self.queue.back().map_or(0, |last| last.due));
        self.queue.push_back(Write { due, id, entry, uses });
    }

    pub fn deadline(&self) -> Option<u64> {
        let written = self.queue.front().map(|write| write.due);
        let answered = self.answers.front().map(|(due, _)| *due);
        written.into_iter().chain(answered).min()
    }

    /// Writes what is due; gives the index of the first entry that became durable by it.
    pub fn proceed(&mut self, now: u64) -> usize {
        let before = self.journal.len();
        while self.queue.front().is_some_and(|write| write.due <= now) {
            self.write_next(now);
        }
        before
    }

    /// An answer that is due.
    pub fn answer(&mut self, now: u64) -> Option<Done> {
        self.answers.pop_front_if(|(due, _)| *due <= now).map(|(_, done)| done)
    }

    fn write_next(&mut self, now: u64) {
        let Some(Write { id, entry, uses, .. }) = self.queue.pop_front() else { return };
        let result = match uses {
            _ if self.mood == Mood::Failing => Err(NotStored::Failed),
            Some(used) if !self.used.insert(used) => Err(NotStored::UsedUp),
            _ => Ok(()),
        };
        if result.is_ok() {
            self.journal.push((now, id, entry));
        }
        self.answers.push_back((now + 1, Done { id, result }));
    }

    /// The hub is killed: of what was on its way some became durable, and nobody hears of it.
    pub fn kill(&mut self, now: u64, chance: u64) -> usize {
        let before = self.journal.len();
        for _ in 0..chance % (self.queue.len() as u64 + 1) {
            self.write_next(now);
        }
        self.queue.clear();
        self.answers.clear();
        before
    }
}
