//! A gate in the configuration, and what it means to the engine and to the records.

use std::collections::BTreeSet;
use std::path::PathBuf;

use dwellers::gates::{self, Buttons, Direction, Kind};
use dwellers_replica::{Open, RecordId, ReplicaId};
use serde::Deserialize;

use super::problem::{Checker, Step};
use crate::engine;

/// The longest key and the longest name.
const MAX_KEY_BYTES: usize = 32;
const MAX_NAME_CHARS: usize = 60;

/// How long the guard's word waits for the store before it moves the relay all the same.
const GUARD_PATIENCE_MS: u32 = 300;
/// How long an intent may take to become durable.
const INTENT_TIMEOUT_MS: u32 = 2_000;
/// How long a driver may take to acknowledge.
const ACKNOWLEDGE_TIMEOUT_MS: u32 = 1_000;

/// A gate: how it is built, who may open it, what drives it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// Its name for programs. Changing it makes another gate of it.
    pub key: String,
    /// As people call it.
    pub name: String,
    /// What it is.
    #[serde(default)]
    pub kind: Kind,
    /// How long the relay is energised by a pulse.
    #[serde(default = "default_pulse_ms")]
    pub pulse_ms: u32,
    /// How it closes.
    #[serde(default)]
    pub closing: Closing,
    /// What it is seen by.
    #[serde(default)]
    pub sensors: BTreeSet<Sensor>,
    /// How long it takes to open or close.
    #[serde(default = "default_travel_ms")]
    pub travel_ms: u32,
    /// How long after an opening the same plate does not open again, and a passage belongs to it.
    #[serde(default = "default_passage_window_ms")]
    pub passage_window_ms: u32,
    /// How long a hold lasts at the driver without being renewed.
    #[serde(default = "default_hold_lease_ms")]
    pub hold_lease_ms: u32,
    /// How it stands when program or power fail.
    pub fails: Fails,
    /// Who may open it by a button.
    #[serde(default)]
    pub buttons: Buttons,
    /// What moves it.
    pub driver: Driver,
    /// Its lanes.
    #[serde(default, rename = "lane")]
    pub lanes: Vec<Lane>,
}

/// How a gate closes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closing {
    /// By its own controller (or a spring).
    #[default]
    Itself,
    /// By a pulse of the closing relay, so many milliseconds after the last passage.
    PulseAfterMs(u32),
}

/// A sensor that reports to the hub.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensor {
    /// Sees both ends of the movement.
    Position,
    /// Sees cars under the barrier.
    Loop,
}

/// How a gate stands when program or power fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fails {
    /// It lets through.
    Open,
    /// It stays shut; the guard has the crank or the key.
    Closed,
}

/// What moves a gate.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Driver {
    /// The simulated barrier, a process of its own.
    Sim {
        /// Where it listens.
        socket: PathBuf,
    },
}

impl Driver {
    /// The kinds there are, as the configuration writes them.
    pub const KINDS: &[&str] = &["sim"];
}

/// A lane of a gate.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lane {
    /// Its name for programs and cameras.
    pub key: String,
    /// Which way it leads.
    pub direction: Direction,
    /// Whoever comes is let out.
    #[serde(default)]
    pub free: bool,
    /// A car that is inside already is shown to the guard when it comes to enter again.
    #[serde(default)]
    pub anti_passback: bool,
}

fn default_pulse_ms() -> u32 {
    500
}

fn default_travel_ms() -> u32 {
    8_000
}

fn default_passage_window_ms() -> u32 {
    30_000
}

fn default_hold_lease_ms() -> u32 {
    3_000
}

impl Gate {
    /// What the engine needs to know of it; `record` is the gate's id among the records.
    pub fn setup(&self, record: RecordId) -> engine::Setup {
        engine::Setup {
            gate: record,
            pulse_ms: self.pulse_ms,
            closing: match self.closing {
                Closing::Itself => engine::Closing::ByItself,
                Closing::PulseAfterMs(after_ms) => engine::Closing::ByPulse { after_ms },
            },
            sees_position: self.sensors.contains(&Sensor::Position),
            sees_passage: self.sensors.contains(&Sensor::Loop),
            travel_ms: self.travel_ms,
            passage_window_ms: self.passage_window_ms,
            hold_lease_ms: self.hold_lease_ms,
            guard_patience_ms: GUARD_PATIENCE_MS,
            intent_timeout_ms: INTENT_TIMEOUT_MS,
            acknowledge_timeout_ms: ACKNOWLEDGE_TIMEOUT_MS,
        }
    }

    /// The record that tells everybody else about it.
    pub fn record(&self, hub: ReplicaId) -> gates::Gate {
        let lane = |lane: &Lane| gates::Lane {
            key: lane.key.clone(),
            direction: lane.direction,
            free: lane.free,
            anti_passback: lane.anti_passback,
        };
        gates::Gate {
            hub,
            key: self.key.clone(),
            name: self.name.clone(),
            kind: Open::Known(self.kind),
            lanes: self.lanes.iter().map(lane).collect(),
            buttons: Open::Known(self.buttons),
        }
    }

    /// The lane of this key.
    pub fn lane(&self, key: &str) -> Option<&Lane> {
        self.lanes.iter().find(|lane| lane.key == key)
    }

    pub(super) fn check(&self, at: usize, checker: &mut Checker<'_>) {
        let place = |key: &'static str| [Step::from("gate"), at.into(), key.into()];
        if self.pulse_ms > engine::Setup::MAX_PULSE_MS {
            let most = format!("a pulse is at most {} ms", engine::Setup::MAX_PULSE_MS);
            checker.wrong(&place("pulse_ms"), &most);
        } else {
            checker.within(&place("pulse_ms"), self.pulse_ms, 50..=engine::Setup::MAX_PULSE_MS, "a pulse is");
        }
        checker.within(&place("travel_ms"), self.travel_ms, 200..=120_000, "opening takes");
        checker.within(
            &place("passage_window_ms"),
            self.passage_window_ms,
            1_000..=600_000,
            "the passage window is",
        );
        checker.within(&place("hold_lease_ms"), self.hold_lease_ms, 500..=60_000, "a lease is");
        if let Closing::PulseAfterMs(after_ms) = self.closing {
            checker.within(&place("closing"), after_ms, 1_000..=600_000, "the pause before closing is");
        }
        if self.passage_window_ms < self.travel_ms {
            let (window, travel) = (self.passage_window_ms, self.travel_ms);
            let longer =
                format!("{window} ms end before it has opened (travel_ms = {travel}): make it longer");
            checker.wrong(&place("passage_window_ms"), &longer);
        }
        check_name(&self.name, &place("name"), checker);
        check_key(&self.key, &place("key"), checker);
        let Driver::Sim { socket } = &self.driver;
        if socket.as_os_str().is_empty() {
            let place = [Step::from("gate"), at.into(), "driver".into(), "socket".into()];
            checker.wrong(&place, "where the simulated barrier listens");
        }
        self.check_lanes(at, checker);
    }

    fn check_lanes(&self, at: usize, checker: &mut Checker<'_>) {
        if self.lanes.is_empty() {
            let what = "it has no lane: describe at least one with [[gate.lane]]";
            checker.wrong(&["gate".into(), at.into()], what);
        }
        let mut keys = BTreeSet::new();
        for (number, lane) in self.lanes.iter().enumerate() {
            let place =
                |key: &'static str| [Step::from("gate"), at.into(), "lane".into(), number.into(), key.into()];
            check_key(&lane.key, &place("key"), checker);
            if !keys.insert(&lane.key) {
                checker.wrong(&place("key"), "another lane of this gate has this key: each has its own");
            }
            if lane.free && lane.direction != Direction::Exit {
                let what = "only a lane that leads out (direction = \"exit\") can be free";
                checker.wrong(&place("free"), what);
            }
            if lane.anti_passback && lane.direction != Direction::Entry {
                let what =
                    "only a lane that leads in (direction = \"entry\") can ask whether a car is inside";
                checker.wrong(&place("anti_passback"), what);
            }
        }
    }
}

/// What people call something.
pub(super) fn check_name(name: &str, place: &[Step<'_>], checker: &mut Checker<'_>) {
    if name.trim().is_empty() || name.chars().count() > MAX_NAME_CHARS {
        checker.wrong(place, &format!("what people call it, 1 to {MAX_NAME_CHARS} characters"));
    }
}

/// A key stands in records, addresses and topics.
pub(super) fn check_key(key: &str, place: &[Step<'_>], checker: &mut Checker<'_>) {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if key.is_empty() || key.len() > MAX_KEY_BYTES || !key.chars().all(plain) {
        let what = format!("a key is 1 to {MAX_KEY_BYTES} of a–z, 0–9 and -; name is for people");
        checker.wrong(place, &what);
    }
}
