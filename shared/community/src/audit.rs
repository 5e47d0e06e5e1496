//! What those in office (administrators, guards) did through the cloud, and whose data they looked at: visible to whom it
//! concerns.
//!
//! It stays in the cloud: a gatehouse has its journal. A record is written with the deed, in one transaction; a look, once an
//! hour at most.
//!
//! What must never be here: what a resident does in their own house; a way to change or remove a deed.

use dwellers_replica::{Index, Now, Record, RecordId, Spec};
use serde::{Deserialize, Serialize};

/// Something that somebody in office did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Deed {
    /// Who.
    pub by: RecordId,
    /// What, as the API names it: `houses.rename`. Its text's key is `deed-houses-rename`.
    pub action: String,
    /// Whether nothing was changed: they looked.
    pub looked: bool,
    /// Whom it concerns; `None`: the house, or nobody or everybody alike.
    pub person: Option<RecordId>,
    /// Which house it concerns.
    pub house: Option<RecordId>,
    /// The record, where there is one beside those.
    pub record: Option<RecordId>,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
}

impl Record for Deed {
    const SPEC: Spec = Spec {
        indexes: &[
            Index { name: "time", on: &["at_ms"] },
            Index { name: "by", on: &["by", "at_ms"] },
            Index { name: "person", on: &["person", "at_ms"] },
            Index { name: "house", on: &["house", "at_ms"] },
        ],
        ..Spec::local("audit")
    };
}

/// Looks within such a time count as one.
const LOOK_MS: u64 = 3_600_000;

/// The id of a look: the same for the same look within an hour.
pub fn look_id(look: &Deed, now: Now) -> RecordId {
    let hour = now.ms / LOOK_MS;
    let words =
        format!("{} {} {:?} {:?} {:?} {hour}", look.by, look.action, look.person, look.house, look.record);
    let mut entropy = [0; 16];
    entropy.copy_from_slice(&blake3::hash(words.as_bytes()).as_bytes()[..16]);
    RecordId::new(hour * LOOK_MS, u128::from_be_bytes(entropy))
}
