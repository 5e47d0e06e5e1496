//! Grants in chains, revocations, bans: what makes a right live, and what ends it.
//!
//! A grant (a place, a role, a vehicle, a card, a pass) is a fact that names the grant it was issued under. It lives
//! while its whole chain does. A revocation is final; giving the right again is a new grant. A ban beats every grant.
//!
//! What must never be here: a way back. Nothing makes a revoked grant, or one under it, live again.

mod bans;
mod chain;
mod revocation;

use dwellers_replica::{Index, Record, RecordId, Role as Side, Spec, Writers};
use serde::{Deserialize, Serialize};

pub use bans::{Whom, ban, bans_on_person, bans_on_plate, is_banned, lift, standing_bans};
pub use chain::{Grant, Life, MAX_DEPTH, chain_persons, find, is_revoked, life};
pub use revocation::{Consequences, preview, revoke};

pub(crate) use chain::lineage;
pub(crate) use revocation::spare_an_administrator;

/// The end of a grant, for ever.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Revocation {
    /// Which.
    pub grant: RecordId,
    /// For people.
    pub reason: String,
    /// The person who revoked it; `None` for a hub's guard or the operator.
    pub by: Option<RecordId>,
    /// The hub's guard who revoked it; empty where it was somebody else.
    pub guard: String,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
}

impl Record for Revocation {
    const SPEC: Spec = Spec {
        // Forgetting that a right was taken away would give it back.
        lasting: true,
        indexes: &[Index { name: "grant", on: &["grant"] }],
        ..Spec::fact("revocations")
    };
}

/// Somebody or some car that is not let in, whatever grants there are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ban {
    /// A person: nothing that was granted to them or under them opens.
    pub person: Option<RecordId>,
    /// A plate, folded ([`crate::plate`]); empty for none.
    pub plate: String,
    /// For guards and administrators.
    pub reason: String,
    /// Milliseconds since 1970; `None`: until it is lifted. Without trusted time a ban has not ended.
    pub until_ms: Option<u64>,
    /// The administrator.
    pub by: Option<RecordId>,
}

impl Record for Ban {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Side::Cloud),
        lasting: true,
        personal: &["plate", "reason"],
        indexes: &[Index { name: "person", on: &["person"] }, Index { name: "plate", on: &["plate"] }],
        ..Spec::fact("bans")
    };
}

/// The early end of a ban. The cloud's alone: a stolen hub lifts nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Lifting {
    /// Which.
    pub ban: RecordId,
    /// Why.
    pub reason: String,
    /// The administrator.
    pub by: Option<RecordId>,
}

impl Record for Lifting {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Side::Cloud),
        indexes: &[Index { name: "ban", on: &["ban"] }],
        ..Spec::fact("liftings")
    };
}
