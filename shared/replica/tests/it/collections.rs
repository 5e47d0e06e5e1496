//! Collections of the tests' own, in today's version and (in [`older`]) in one of an older program: with fewer
//! fields, fewer values of an enum, and one collection less.

use std::collections::BTreeMap;

use dwellers_replica::{Index, Open, Record, RecordId, Role, Schema, Spec, Writers};
use serde::{Deserialize, Serialize};

/// Two bounds under one rule: `from <= to`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Window {
    pub from: i64,
    pub to: i64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Color {
    #[default]
    Red,
    Green,
    Blue,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    pub row: String,
    pub number: i64,
}

/// A profile with everything that a profile can have.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    pub label: String,
    pub owner: String,
    pub phone: String,
    pub window: Window,
    pub color: Open<Color>,
    pub place: Place,
    pub count: i64,
}

impl Record for Item {
    const SPEC: Spec = Spec {
        personal: &["owner", "phone"],
        indexes: &[
            Index { name: "label", on: &["label"] },
            Index { name: "place", on: &["place.row", "place.number"] },
            Index { name: "color", on: &["color", "count"] },
            Index { name: "owner", on: &["owner"] },
        ],
        search: &["label", "owner"],
        ..Spec::profile("items")
    };
}

/// A fact that any replica may write, and that can wait.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remark {
    pub about: Option<RecordId>,
    pub text: String,
    pub weight: i64,
}

impl Record for Remark {
    const SPEC: Spec = Spec {
        bulk: true,
        personal: &["text"],
        indexes: &[
            Index { name: "about", on: &["about", "weight"] },
            Index { name: "weight", on: &["weight"] },
        ],
        search: &["text"],
        ..Spec::fact("remarks")
    };
}

/// The use of a ticket that may be used once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Redemption {
    pub ticket: String,
}

impl Record for Redemption {
    const SPEC: Spec =
        Spec { indexes: &[Index { name: "ticket", on: &["ticket"] }], ..Spec::fact("redemptions") };
}

/// A fact of the cloud, which lasts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Decree {
    pub text: String,
}

impl Record for Decree {
    const SPEC: Spec = Spec { writers: Writers::Only(Role::Cloud), lasting: true, ..Spec::fact("decrees") };
}

/// A fact of hubs, which an older program does not know.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reading {
    pub value: i64,
}

impl Record for Reading {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Role::Hub),
        indexes: &[Index { name: "value", on: &["value"] }],
        ..Spec::fact("readings")
    };
}

/// A hub's own, in its own name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Owned {
    pub hub: RecordId,
    pub lanes: i64,
}

impl Record for Owned {
    const SPEC: Spec =
        Spec { writers: Writers::Only(Role::Hub), owner: Some("hub"), ..Spec::profile("owned") };
}

/// What stays where it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    pub text: String,
    pub rank: i64,
}

impl Record for Draft {
    const SPEC: Spec = Spec {
        personal: &["text"],
        indexes: &[Index { name: "rank", on: &["rank"] }],
        search: &["text"],
        ..Spec::local("drafts")
    };
}

/// A profile with as many fields as a test wants, to fill chunks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sheet {
    #[serde(flatten)]
    pub cells: BTreeMap<String, u64>,
}

impl Record for Sheet {
    const SPEC: Spec = Spec::profile("sheets");
}

/// All of today's collections.
pub fn schema() -> Schema {
    Schema::new()
        .with::<Item>()
        .with::<Remark>()
        .with::<Redemption>()
        .with::<Decree>()
        .with::<Reading>()
        .with::<Owned>()
        .with::<Draft>()
        .with::<Sheet>()
}

/// The same community in an older program.
pub mod older {
    use super::*;

    #[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Color {
        #[default]
        Red,
        Green,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Item {
        pub label: String,
        pub owner: String,
        pub color: Open<Color>,
    }

    impl Record for Item {
        const SPEC: Spec = Spec {
            personal: &["owner"],
            indexes: &[Index { name: "label", on: &["label"] }],
            ..Spec::profile("items")
        };
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Remark {
        pub about: Option<RecordId>,
    }

    impl Record for Remark {
        const SPEC: Spec = Spec::fact("remarks");
    }

    pub fn schema() -> Schema {
        Schema::new().with::<Item>().with::<Remark>().with::<Decree>()
    }
}
