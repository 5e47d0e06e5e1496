//! The store's own collections: who the replicas are, what is erased, how far the past is forgotten.
//!
//! They are records like all others, so that they replicate, merge and are proved by the same code; what they
//! *cause* (a stamp refused, a field stripped, old facts dropped) is the replica's doing.

use serde::{Deserialize, Serialize};

use crate::replica::{Query, ReadError, View};
use crate::schema::{Index, Record, Role, Spec, Writers};
use crate::stamp::ReplicaId;

/// So many took each other's place; who comes after that is none's successor.
const MOST_PREDECESSORS: usize = 32;

/// Whether everything else rests on this collection: nobody erases it or sets it a horizon. Replicas would
/// forget who they are, whom they have retired and what is erased.
pub(crate) fn is_own(collection: &str) -> bool {
    [
        Registration::SPEC.name,
        Retirement::SPEC.name,
        Introduction::SPEC.name,
        Erasure::SPEC.name,
        Horizon::SPEC.name,
    ]
    .contains(&collection)
}

/// A replica of the community. The record's id is the replica's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Registration {
    /// What it is.
    pub role: Option<Role>,
    /// The public key by which the link knows the device, as the link writes it.
    pub key: String,
    /// The id in whose place this one came: the device's own before a restore or a copy, or that of a device which it
    /// replaces.
    pub succeeds: Option<ReplicaId>,
}

impl Record for Registration {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Role::Cloud),
        indexes: &[Index { name: "key", on: &["key"] }],
        ..Spec::fact("replicas")
    };
}

/// A replica whose device was revoked: no stamp beyond `last` is accepted from any hub.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Retirement {
    /// Whose.
    pub replica: ReplicaId,
    /// The last sequence that is accepted.
    pub last: u64,
}

impl Record for Retirement {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Role::Cloud),
        indexes: &[Index { name: "replica", on: &["replica"] }],
        ..Spec::fact("retirements")
    };
}

/// A replica that this one was introduced to by its host, which authenticated it: the root of trust of a hub
/// that has no registrations yet. The record's id is the replica's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Introduction {
    /// What it is.
    pub role: Option<Role>,
}

impl Record for Introduction {
    const SPEC: Spec = Spec::local("introductions");
}

/// The personal fields of a record are destroyed, for ever and everywhere.
///
/// It names the fields, so that a replica whose program does not know that they are personal obeys all the same.
/// Erasures and horizons are the cloud's alone: a stolen hub could void with them what it may not write.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Erasure {
    /// The record's collection.
    pub collection: String,
    /// The record.
    pub record: ReplicaId,
    /// The fields that are erased.
    pub fields: Vec<String>,
}

impl Record for Erasure {
    const SPEC: Spec = Spec { writers: Writers::Only(Role::Cloud), ..Spec::fact("erasures") };
}

/// Facts of a collection that were made before a moment are dropped, unless they last ([`Spec::lasting`]). The
/// furthest horizon of a collection wins.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Horizon {
    /// The collection of facts.
    pub collection: String,
    /// Milliseconds since 1970; compared with the time in a record's id.
    pub before_ms: u64,
}

impl Record for Horizon {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Role::Cloud),
        indexes: &[Index { name: "furthest", on: &["collection", "before_ms"] }],
        ..Spec::fact("horizons")
    };
}

/// The last sequence that is accepted of a replica, where it was retired.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn retired(view: View<'_>, replica: ReplicaId) -> Result<Option<u64>, ReadError> {
    let query = Query::on("replica").equal(replica.to_string());
    let retirements = view.of::<Retirement>().find(&query)?.entries;
    Ok(retirements.into_iter().map(|retirement| retirement.value.last).max())
}

/// The replicas in whose place this one came, nearest first: what each of them alone decided is this one's to decide.
/// Only those that were retired: while one may still decide, nobody does in its place.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn predecessors(view: View<'_>, replica: ReplicaId) -> Result<Vec<ReplicaId>, ReadError> {
    let (mut found, mut at) = (Vec::new(), replica);
    while found.len() < MOST_PREDECESSORS {
        let before = view.of::<Registration>().get(at)?.and_then(|registered| registered.value.succeeds);
        match before {
            Some(before) if !found.contains(&before) && retired(view, before)?.is_some() => {
                found.push(before);
                at = before;
            }
            _ => break,
        }
    }
    Ok(found)
}

/// Whether fields of a record of this collection read as its type, where it is one of the store's own: what
/// comes from a peer must not look like damage later.
pub(crate) fn reads(collection: &str, fields: &[(String, String)]) -> bool {
    fn fits<T: Record>(fields: &[(String, String)]) -> bool {
        fields.iter().all(|(name, value)| {
            let document = format!("{{{}:{value}}}", serde_json::Value::from(name.as_str()));
            serde_json::from_str::<T>(&document).is_ok()
        })
    }
    match collection {
        name if name == Registration::SPEC.name => fits::<Registration>(fields),
        name if name == Retirement::SPEC.name => fits::<Retirement>(fields),
        name if name == Erasure::SPEC.name => fits::<Erasure>(fields),
        name if name == Horizon::SPEC.name => fits::<Horizon>(fields),
        _ => true,
    }
}
