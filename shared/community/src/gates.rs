//! Gates as people know them. What drives them is the hub's configuration; this record follows it.

use dwellers_replica::{Index, Open, Record, RecordId, ReplicaId, Role as Side, Spec, Writers};
use serde::{Deserialize, Serialize};

/// What a gate is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// For cars.
    #[default]
    Barrier,
    /// For people on foot.
    Wicket,
}

/// Which way a lane leads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Into the settlement.
    #[default]
    Entry,
    /// Out of it.
    Exit,
}

/// A lane of a gate.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Lane {
    /// Its name in the configuration.
    pub key: String,
    /// Which way it leads.
    pub direction: Direction,
    /// Whoever comes is let out.
    pub free: bool,
    /// A car that is inside already is shown to the guard when it comes to enter again.
    pub anti_passback: bool,
}

/// Who may open a gate by a button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Buttons {
    /// Residents, guards and administrators.
    #[default]
    Residents,
    /// Guards and administrators.
    Staff,
}

/// A gate of a hub.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Gate {
    /// Whose.
    pub hub: ReplicaId,
    /// Its name in that hub's configuration.
    pub key: String,
    /// As people call it.
    pub name: String,
    /// What it is.
    pub kind: Open<Kind>,
    /// Its lanes.
    pub lanes: Vec<Lane>,
    /// Who may open it by a button.
    pub buttons: Open<Buttons>,
}

impl Record for Gate {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Side::Hub),
        indexes: &[Index { name: "key", on: &["hub", "key"] }],
        ..Spec::profile("gates")
    };
}

/// The gate's id among the records, for those who keep both.
pub type GateId = RecordId;
