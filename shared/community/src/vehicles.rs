//! Residents' own cars: standing grants by plate.

use dwellers_replica::{Index, Record, RecordId, Role as Side, Spec, Writers};
use serde::{Deserialize, Serialize};

/// A car of a house: a grant that stands until it is revoked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Vehicle {
    /// Folded ([`crate::plate`]).
    pub plate: String,
    /// «Белая Нива».
    pub title: String,
    /// Whose house.
    pub house: RecordId,
    /// Whose.
    pub person: RecordId,
    /// The place it was issued under.
    pub under: Option<RecordId>,
    /// The version of the rules that judging it needs ([`crate::access::RULES`]).
    pub rules: u32,
}

impl Record for Vehicle {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Side::Cloud),
        personal: &["plate", "title"],
        indexes: &[Index { name: "plate", on: &["plate"] }, Index { name: "house", on: &["house"] }],
        search: &["plate", "title"],
        ..Spec::fact("vehicles")
    };
}
