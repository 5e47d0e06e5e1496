//! What is to move once it is durable: openings and closings between their entry and their pulse.

use dwellers_replica::RecordId;

use super::Tick;
use super::arrivals::Arrival;

/// An intent whose entry is on its way to the store.
#[derive(Debug)]
pub(super) struct Intent {
    pub id: RecordId,
    pub purpose: Purpose,
    /// When it is given up; the guard's word is acted on then.
    deadline: Tick,
    /// It was given up. That it became durable all the same is journalled when the store says so.
    late: bool,
}

#[derive(Debug)]
pub(super) enum Purpose {
    Open(Box<Arrival>),
    /// By the guard, or by itself (empty).
    Close {
        guard: String,
    },
}

impl Intent {
    pub fn new(id: RecordId, purpose: Purpose, deadline: Tick) -> Self {
        Intent { id, purpose, deadline, late: false }
    }

    pub fn is_word(&self) -> bool {
        match &self.purpose {
            Purpose::Open(arrival) => !arrival.guard.is_empty(),
            Purpose::Close { guard } => !guard.is_empty(),
        }
    }

    pub fn is_late(&self) -> bool {
        self.late
    }

    pub fn is_closing(&self) -> bool {
        matches!(self.purpose, Purpose::Close { .. })
    }
}

/// Those that wait for the store.
#[derive(Debug, Default)]
pub(super) struct Intents(Vec<Intent>);

impl Intents {
    const MOST: usize = 32;

    /// Whether one more may wait. What was given up makes room.
    pub fn has_room(&mut self) -> bool {
        if self.0.len() >= Self::MOST
            && let Some(at) = self.0.iter().position(Intent::is_late)
        {
            self.0.remove(at);
        }
        self.0.len() < Self::MOST
    }

    pub fn add(&mut self, intent: Intent) {
        self.0.push(intent);
    }

    /// Takes out the one that the store answers about.
    pub fn take(&mut self, id: RecordId) -> Option<Intent> {
        let at = self.0.iter().position(|intent| intent.id == id)?;
        Some(self.0.remove(at))
    }

    /// Takes out closings that are not given up yet.
    pub fn take_closings(&mut self) -> Vec<Intent> {
        self.0.extract_if(.., |intent| intent.is_closing() && !intent.late).collect()
    }

    /// An opening for this plate that waits.
    pub fn opening_for(&self, plate: &str) -> Option<RecordId> {
        self.0.iter().find_map(|intent| match &intent.purpose {
            Purpose::Open(arrival) if !intent.late && arrival.decision.plate == plate => Some(intent.id),
            _ => None,
        })
    }

    /// Whether any waits that is not given up.
    pub fn any(&self) -> bool {
        self.0.iter().any(|intent| !intent.late)
    }

    /// The first whose time is over, no more counted as waiting: the guard's word is handed over to be acted on, of
    /// another the id is kept for the store's late answer.
    pub fn next_due(&mut self, now: Tick) -> Option<Due> {
        let at = self.0.iter().position(|intent| !intent.late && intent.deadline <= now)?;
        if self.0[at].is_word() {
            return Some(Due::Word(self.0.remove(at)));
        }
        let intent = &mut self.0[at];
        intent.late = true;
        Some(match &intent.purpose {
            Purpose::Open(arrival) => Due::Opening(arrival.clone()),
            Purpose::Close { .. } => Due::Closing,
        })
    }

    pub fn deadline(&self) -> Option<Tick> {
        self.0.iter().filter(|intent| !intent.late).map(|intent| intent.deadline).min()
    }
}

/// An intent whose time is over.
#[derive(Debug)]
pub(super) enum Due {
    /// The guard's word: it is acted on.
    Word(Intent),
    /// Nothing moves; the guard is asked.
    Opening(Box<Arrival>),
    /// Nothing moves; it is tried again later.
    Closing,
}
