//! One step of the engine as it happens: its time, its new ids, and what comes of it.

use dwellers::journal::{Entry, Kind};
use dwellers_replica::{Open, RecordId};

use super::{Action, Alert, Relay, Tick};

pub(super) struct Turn<'a> {
    pub now: Tick,
    gate: RecordId,
    new_id: &'a mut dyn FnMut() -> RecordId,
    actions: Vec<Action>,
}

impl<'a> Turn<'a> {
    pub fn new(now: Tick, gate: RecordId, new_id: &'a mut dyn FnMut() -> RecordId) -> Self {
        Turn { now, gate, new_id, actions: Vec::new() }
    }

    pub fn actions(self) -> Vec<Action> {
        self.actions
    }

    pub fn new_id(&mut self) -> RecordId {
        (self.new_id)()
    }

    pub fn store(&mut self, id: RecordId, entry: Entry, uses: Option<(RecordId, u32)>) {
        let entry = Box::new(Entry { gate: Some(self.gate), ..entry });
        self.actions.push(Action::Store { id, entry, uses });
    }

    /// Journals something that happened; gives the id of its entry.
    pub fn note(&mut self, entry: Entry) -> RecordId {
        let id = self.new_id();
        self.store(id, entry, None);
        id
    }

    /// Journals that something happened about an entry.
    pub fn tell(&mut self, kind: Kind, about: Option<RecordId>) -> RecordId {
        self.note(entry(kind, about))
    }

    pub fn pulse(&mut self, relay: Relay, id: RecordId, ms: u32) {
        self.actions.push(Action::Pulse { relay, id, ms });
    }

    pub fn hold(&mut self, lease_ms: u32) {
        self.actions.push(Action::Hold { lease_ms });
    }

    pub fn release(&mut self, relay: Relay) {
        self.actions.push(Action::Release(relay));
    }

    pub fn alert(&mut self, alert: Alert) {
        self.actions.push(Action::Alert(alert));
    }
}

pub(super) fn entry(kind: Kind, about: Option<RecordId>) -> Entry {
    Entry { kind: Open::Known(kind), about, ..Entry::default() }
}
