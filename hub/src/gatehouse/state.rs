//! The state of everything at the gates, in one document that is published whenever it changes.

use std::fmt;
use std::sync::Arc;

use dwellers::gates::Gate;
use dwellers_replica::RecordId;
use serde::Serialize;
use utoipa::ToSchema;

use super::{House, Pending, Waiting};
use crate::engine::{Alert, Status};

/// The gates and who stands at them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct State {
    /// All gates, in the order of the configuration.
    pub gates: Vec<GateState>,
    /// Who waits for the guard, longest first.
    pub waiting: Vec<Waiting>,
    /// Questions whose answers still count.
    pub questions: Vec<Pending>,
    /// What the guard had to see of late, newest first.
    pub alarms: Vec<Alarm>,
}

/// Something that the guard must see.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Alarm {
    /// The gate's key.
    pub gate_key: String,
    /// What.
    pub code: AlarmCode,
    /// The entry that it is about.
    pub about: Option<RecordId>,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
}

impl Alarm {
    /// Alarms that are kept; the oldest makes room.
    pub(super) const MOST: usize = 32;

    /// The alarm of an alert; none of one that the guard sees among those who wait.
    pub(super) fn of(alert: &Alert, gate_key: &str, at_ms: u64) -> Option<Self> {
        let (code, about) = match alert {
            Alert::Waiting(_) => return None,
            Alert::Tailgated => (AlarmCode::AlertTailgated, None),
            Alert::Jammed => (AlarmCode::AlertJammed, None),
            Alert::Failed(intent) => (AlarmCode::AlertFailed, Some(*intent)),
            Alert::Interrupted(intent) => (AlarmCode::AlertInterrupted, Some(*intent)),
            Alert::DriverLost => (AlarmCode::AlertDriverLost, None),
            Alert::NotRecorded => (AlarmCode::AlertNotRecorded, None),
        };
        Some(Alarm { gate_key: gate_key.to_owned(), code, about, at_ms })
    }
}

/// What the guard must see. Its text in both languages has this name as its key, and the gate's or camera's name as its
/// argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AlarmCode {
    /// A car went through that no opening was for.
    AlertTailgated,
    /// The barrier did not move in its time.
    AlertJammed,
    /// The driver could not do as it was told.
    AlertFailed,
    /// The hub stopped between an intent and its outcome.
    AlertInterrupted,
    /// The driver is gone, or its cable.
    AlertDriverLost,
    /// What happened could not be written down.
    AlertNotRecorded,
    /// The fire alarm is on.
    GateFire,
    /// A camera's frames come and nobody looks at them.
    CameraBlind,
    /// No frames come from a camera.
    CameraLost,
    /// Nothing vouches for the clock.
    ClockNotTrusted,
    /// The store does not write.
    StoreFailed,
}

impl fmt::Display for AlarmCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
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
        let now = self.means.clock.tick();
        let gate = |post: &super::Post| {
            // Who waits stands beside the gates, with what helps the guard.
            let status = Status { waiting: Vec::new(), ..post.engine.status() };
            GateState { id: post.id, gate: post.gate.clone(), status }
        };
        let state = State {
            gates: self.posts.iter().map(gate).collect(),
            waiting: self.waiting.list(&self.posts),
            questions: self.questions.running(now).cloned().collect(),
            alarms: self.alarms.iter().cloned().collect(),
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
