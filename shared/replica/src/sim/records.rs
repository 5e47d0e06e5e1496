//! The collections that the simulated replicas write, as two programs know them: the present one and an older
//! one with fewer fields, fewer enum values and one collection less.

use serde::{Deserialize, Serialize};

use crate::schema::{Index, Open, Record, Role, Schema, Spec, Writers};
use crate::stamp::RecordId;

/// Two moments with a rule that binds them: `from <= to`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Window {
    pub from: u32,
    pub to: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) enum Colour {
    #[default]
    Red,
    Green,
    Ultraviolet,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) enum OldColour {
    #[default]
    Red,
    Green,
}

const THINGS: Spec = Spec {
    personal: &["name"],
    indexes: &[Index { name: "window", on: &["window.from", "colour"] }],
    search: &["name"],
    ..Spec::profile("things")
};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Thing {
    pub name: String,
    pub colour: Open<Colour>,
    pub window: Window,
    pub size: f64,
    pub note: Option<String>,
}

impl Record for Thing {
    const SPEC: Spec = THINGS;
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct OldThing {
    pub name: String,
    pub colour: Open<OldColour>,
    pub window: Window,
}

impl Record for OldThing {
    const SPEC: Spec = THINGS;
}

/// A fact that anybody may write, and that can wait.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Sighting {
    pub of: RecordId,
    pub who: String,
    pub weight: f64,
}

impl Record for Sighting {
    const SPEC: Spec = Spec {
        bulk: true,
        personal: &["who"],
        indexes: &[Index { name: "of", on: &["of"] }],
        ..Spec::fact("sightings")
    };
}

/// A fact that only the cloud may write, and that lasts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Order {
    pub amount: u64,
}

impl Record for Order {
    const SPEC: Spec = Spec { writers: Writers::Only(Role::Cloud), lasting: true, ..Spec::fact("orders") };
}

/// A fact that only hubs may write.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Report {
    pub amount: u64,
}

impl Record for Report {
    const SPEC: Spec = Spec { writers: Writers::Only(Role::Hub), ..Spec::fact("reports") };
}

/// A profile that the older program has never heard of, and that can wait.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Gadget {
    pub label: String,
    pub parts: Vec<u32>,
}

impl Record for Gadget {
    const SPEC: Spec =
        Spec { bulk: true, indexes: &[Index { name: "label", on: &["label"] }], ..Spec::profile("gadgets") };
}

/// Which program a replica runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Program {
    Present,
    Older,
}

impl Program {
    pub(super) fn schema(self) -> Schema {
        let both = Schema::new().with::<Sighting>().with::<Order>().with::<Report>();
        match self {
            Program::Present => both.with::<Thing>().with::<Gadget>(),
            Program::Older => both.with::<OldThing>(),
        }
    }
}
