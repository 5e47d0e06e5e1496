//! What the guard must see that is wrong, or went wrong of late.

use dwellers_replica::RecordId;
use serde::Serialize;
use utoipa::ToSchema;

use super::Kiosk;
use crate::gatehouse::{AlarmCode, GateState, State};
use crate::watchdog::Stuck;
use dwellers::words::Words;

/// What must be seen: what is, and what happened of late.
#[derive(Clone, PartialEq, Serialize, ToSchema)]
pub(super) struct Alarm {
    code: AlarmCode,
    /// The gate's key; `null` for the hub as a whole.
    gate: Option<String>,
    /// The entry that it is about.
    about: Option<RecordId>,
    /// When it happened, in milliseconds since 1970; `null`: it is so now.
    at_ms: Option<u64>,
    text: String,
}

/// What is wrong now, then what happened of late.
pub(super) fn of(kiosk: &Kiosk, words: &Words<'_>, state: &State) -> Vec<Alarm> {
    let now = |code: AlarmCode, gate: Option<&GateState>| {
        let name = gate.map(|gate| gate.gate.name.as_str()).unwrap_or_default();
        let text = words.texts.get(&code.to_string(), &[("gate", name.into())]);
        Alarm { code, gate: gate.map(|gate| gate.gate.key.clone()), about: None, at_ms: None, text }
    };
    let mut alarms = Vec::new();
    for gate in &state.gates {
        if gate.status.fire {
            alarms.push(now(AlarmCode::GateFire, Some(gate)));
        }
        if gate.status.connected == Some(false) {
            alarms.push(now(AlarmCode::AlertDriverLost, Some(gate)));
        }
    }
    for camera in kiosk.0.cameras.status().iter().filter(|camera| !camera.live) {
        let code = if camera.shows { AlarmCode::CameraBlind } else { AlarmCode::CameraLost };
        let name = camera.name.as_str();
        let text = words.texts.get(&code.to_string(), &[("camera", name.into())]);
        alarms.push(Alarm { code, gate: Some(camera.gate.clone()), about: None, at_ms: None, text });
    }
    if !words.now.trusted {
        alarms.push(now(AlarmCode::ClockNotTrusted, None));
    }
    if let Err(Stuck::Store { .. }) = kiosk.0.service.pulse.check(kiosk.tick()) {
        alarms.push(now(AlarmCode::StoreFailed, None));
    }
    alarms.extend(state.alarms.iter().map(|alarm| {
        let gate = state.gates.iter().find(|gate| gate.gate.key == alarm.gate_key);
        let at_ms = Some(alarm.at_ms);
        Alarm { about: alarm.about, at_ms, ..now(alarm.code, gate) }
    }));
    alarms
}
