//! Cards and remotes that a community had before Dwellers, and goes on using: standing grants by number.

use dwellers_replica::{Index, Record, RecordId, Role as Side, Spec, Writers};
use serde::{Deserialize, Serialize};

/// A card, key fob or remote of a house.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Card {
    /// As its reader gives it: upper-case hexadecimal or digits.
    pub number: String,
    /// What is written on it, or whose it is.
    pub title: String,
    /// Whose house.
    pub house: RecordId,
    /// Whose.
    pub person: Option<RecordId>,
    /// The place it was issued under.
    pub under: Option<RecordId>,
    /// The version of the rules that judging it needs ([`crate::access::RULES`]).
    pub rules: u32,
}

impl Record for Card {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Side::Cloud),
        personal: &["number", "title"],
        indexes: &[Index { name: "number", on: &["number"] }, Index { name: "house", on: &["house"] }],
        ..Spec::fact("cards")
    };
}
