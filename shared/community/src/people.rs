//! The community, its houses, its people, their places in houses and their roles.
//!
//! Who may do what stands in one table, [`Capacity`]'s; a command asks it and nothing else.
//!
//! What must never be here: a right that is carried along instead of looked up; a code in the clear.

mod applications;
mod community;
mod households;
mod houses;
mod iso;
mod permissions;
mod persons;

use dwellers_replica::{Index, Open, Record, RecordId, Role as Side, Spec, Writers};
use serde::{Deserialize, Serialize};

pub use applications::{
    Applicant, Asked, Becoming, MAX_OPEN_APPLICATIONS, REMINDER_HOURS, accept, applications, apply_with_code,
    apply_with_photo, open_applications, refuse, verdict, withdraw,
};
pub use community::{check_settings, community, found, update, zone};
pub use households::{
    Invitee, MAX_INVITED_A_DAY, MAX_OF_A_HOUSE, administrators, enter, grant_role, invite, losing_all,
    may_vouch, settle,
};
pub use houses::{add_house, find_house, houses, issue_code, key_of_label, order_of_label, rename_house};
pub use permissions::{Capacity, Held, Permission, able_since, granted, held, may, may_in, residents};
pub use persons::{add_person, edit_person};

use crate::visitor_log::VisitorLog;

pub(crate) use community::typed_plate;
pub(crate) use persons::checked;

/// The community itself: one record, whose id is [`Community::ID`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Community {
    /// As its people call it: «Сосновка».
    pub name: String,
    /// IANA name; windows of passes are in it.
    pub time_zone: String,
    /// Its first language: `ru` or `en`.
    pub language: String,
    /// ISO 4217.
    pub currency: String,
    /// ISO 3166-1 alpha-2; plates without a country are read as this one's.
    pub country: String,
}

impl Community {
    /// The id of the one record.
    pub const ID: RecordId = RecordId::new(0, 1);
}

impl Record for Community {
    const SPEC: Spec = Spec { writers: Writers::Only(Side::Cloud), ..Spec::profile("community") };
}

/// The unit that people belong to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct House {
    /// What stands on its gate: `12`, `12/1`, `Лесная 4`.
    pub label: String,
    /// The label folded for comparison (case, spaces, `ё`): unique.
    pub key: String,
    /// For guards.
    pub note: String,
    /// What its owners want kept of their visitors.
    pub visitor_log: Open<VisitorLog>,
}

impl Record for House {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Side::Cloud),
        indexes: &[Index { name: "key", on: &["key"] }],
        search: &["label"],
        ..Spec::profile("houses")
    };
}

/// A code by which people of a house join; only its keyed hash is stored. Revoked like a grant.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct HouseCode {
    /// Whose.
    pub house: RecordId,
    /// Keyed hash, in hex. The key is kept outside the store.
    pub hash: String,
    /// The house's how manyth, from 1: two that are issued at once cannot both be.
    pub nth: u32,
}

impl Record for HouseCode {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Side::Cloud),
        indexes: &[Index { name: "hash", on: &["hash"] }, Index { name: "house", on: &["house", "nth"] }],
        ..Spec::fact("house_codes")
    };
}

/// A human being of the community.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    /// As they want to be called.
    pub name: String,
    /// E.164, for the guard to call; may be empty.
    pub phone: String,
    /// `ru` or `en`.
    pub language: String,
}

impl Record for Person {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Side::Cloud),
        personal: &["name", "phone"],
        indexes: &[Index { name: "name", on: &["name"] }],
        search: &["name", "phone"],
        ..Spec::profile("people")
    };
}

/// What a person is in a house.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// Owns it; invites the others.
    #[default]
    Owner,
    /// Lives with an owner.
    Family,
    /// Rents it.
    Tenant,
    /// Works there: a nanny, a gardener. Opens, but issues no passes.
    Staff,
}

/// A person's place in a house: a grant. Owners' places are roots, the others stand under an owner's or tenant's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// Who.
    pub person: RecordId,
    /// Where.
    pub house: RecordId,
    /// As what.
    pub kind: Open<PlaceKind>,
    /// The grant it was issued under; `None` for one that an administrator gave.
    pub under: Option<RecordId>,
    /// The person who gave it.
    pub by: Option<RecordId>,
}

impl Record for Place {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Side::Cloud),
        indexes: &[Index { name: "person", on: &["person"] }, Index { name: "house", on: &["house"] }],
        ..Spec::fact("places")
    };
}

/// What somebody may be besides a resident.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Follows from a living place; never granted by itself.
    #[default]
    Resident,
    /// Keeps the gate.
    Guard,
    /// Runs the community.
    Administrator,
}

/// A person's role: a grant.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RoleGrant {
    /// Who.
    pub person: RecordId,
    /// What.
    pub role: Open<Role>,
    /// Roles are roots today.
    pub under: Option<RecordId>,
    /// The administrator who gave it; `None` for the operator.
    pub by: Option<RecordId>,
    /// The how manyth of this role for the person, from 1: two that are given at once cannot both be.
    pub nth: u32,
}

impl Record for RoleGrant {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Side::Cloud),
        indexes: &[
            Index { name: "person", on: &["person"] },
            Index { name: "role", on: &["role"] },
            Index { name: "nth", on: &["person", "role", "nth"] },
        ],
        ..Spec::fact("roles")
    };
}

/// How somebody who asks to join proves that they belong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// They knew the house's code; the code's record.
    Code(RecordId),
    /// They sent a photo (view from the window, selfie); its blob hash. The blob is destroyed after the decision.
    Photo(String),
}

impl Default for Proof {
    fn default() -> Self {
        Proof::Photo(String::new())
    }
}

/// A request to join, decided by an administrator.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Application {
    /// As they gave it.
    pub name: String,
    /// As they gave it; may be empty.
    pub phone: String,
    /// `ru` or `en`.
    pub language: String,
    /// The house they claim.
    pub house: RecordId,
    /// As what.
    pub kind: Open<PlaceKind>,
    /// What speaks for them.
    pub proof: Open<Proof>,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// The how manyth for this house from this telephone, from 1: two that are sent at once cannot both be.
    pub nth: u32,
}

impl Record for Application {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Side::Cloud),
        personal: &["name", "phone", "proof"],
        indexes: &[
            Index { name: "time", on: &["at_ms"] },
            Index { name: "house", on: &["house", "phone", "nth"] },
        ],
        ..Spec::fact("applications")
    };
}

/// The decision on an application: at most one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Verdict {
    /// Of which.
    pub application: RecordId,
    /// The person that was made of it; `None` where it was refused.
    pub accepted: Option<RecordId>,
    /// The place that they have by it; `None` where it was refused, or accepted before this was written down.
    pub place: Option<RecordId>,
    /// For the applicant, where refused.
    pub reason: String,
    /// The administrator; `None` where the applicant has withdrawn it.
    pub by: Option<RecordId>,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// The applicant wants it no more.
    pub withdrawn: bool,
}

impl Record for Verdict {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Side::Cloud),
        indexes: &[Index { name: "application", on: &["application"] }],
        ..Spec::fact("verdicts")
    };
}
