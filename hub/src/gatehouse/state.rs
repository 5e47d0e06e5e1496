//! The state of everything at the gates, in one document that is published whenever it changes.

use std::sync::Arc;

use dwellers::gates::Gate;
use dwellers_replica::RecordId;
use serde::Serialize;

use super::{House, Pending, Waiting};
use crate::engine::Status;

/// The gates and who stands at them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct State {
    /// All gates, in the order of the configuration.
    pub gates: Vec<GateState>,
    /// Who waits for the guard, longest first.
    pub waiting: Vec<Waiting>,
    /// Questions whose answers still count.
    pub questions: Vec<Pending>,
}

/// One gate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GateState {
    /// Its record's id.
    pub id: RecordId,
    /// Its record.
    #[serde(flatten)]
    pub gate: Gate,
    /// How it stands.
    pub status: Status,
}

impl House {
    /// Publishes the state, where it has changed.
    pub(super) fn publish(&mut self) {
        let now = self.clock.tick();
        let gate = |post: &super::Post| {
            // Who waits stands beside the gates, with what helps the guard.
            let status = Status { waiting: Vec::new(), ..post.engine.status() };
            GateState { id: post.id, gate: post.gate.clone(), status }
        };
        let state = State {
            gates: self.posts.iter().map(gate).collect(),
            waiting: self.waiting.list(&self.posts),
            questions: self.questions.running(now).cloned().collect(),
        };
        self.told.send_if_modified(|told| {
            let changed = **told != state;
            if changed {
                *told = Arc::new(state);
            }
            changed
        });
    }
}
