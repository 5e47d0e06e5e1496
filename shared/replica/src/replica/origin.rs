//! Whose a write may be. The link authenticates a device, not each stamp that it brings: what an authenticated peer may not
//! say all the same is refused here.
//!
//! - A hub brings its own writes. What another hub wrote came to the cloud from that one; from a third it is a forgery.
//!   Only a cloud that was restored takes such, since hubs give back what it lost.
//! - A record that names its owner ([`crate::Spec::owner`]) is written by that replica, or by one that came in its place.
//!
//! What is left to a forger: a fact without an owner, which it can put in the place of another's by an earlier stamp; and
//! once a cloud was restored, stamps of other hubs.

use std::collections::BTreeMap;

use super::identity::{registration, role_of};
use super::merge::{Illegal, MergeError, Source};
use super::transaction::Transaction;
use crate::delta::Change;
use crate::schema::{Role, Shape};
use crate::stamp::{ReplicaId, Stamp};
use crate::store::StoreError;

/// So many replicas took each other's place at most.
const MOST_PLACES: usize = 32;

/// What a source may say, with the answers that were needed before kept at hand.
pub(super) struct Origin {
    source: Source,
    theirs: BTreeMap<ReplicaId, bool>,
}

impl Origin {
    pub fn new(source: Source) -> Origin {
        Origin { source, theirs: BTreeMap::new() }
    }

    /// Judges a change; `owner` is the field of its collection that names its owner.
    pub fn judge(
        &mut self,
        at: &Transaction<'_>,
        shape: &Shape,
        owner: Option<&str>,
        change: &Change,
    ) -> Result<(), MergeError> {
        let Stamp { replica, sequence, .. } = change.stamp;
        match (at.head.role, self.source.role) {
            (Role::Cloud, Role::Hub) => {
                let theirs = self.is_theirs(at, replica)?;
                let is_hubs = role_of(at.rows, &at.head, replica)? == Some(Role::Hub);
                if !theirs && is_hubs && at.head.lineage.is_empty() && sequence > at.head.seen.get(&replica) {
                    return Err(Illegal::NotTheirs { replica: self.source.replica, of: replica }.into());
                }
                if is_hubs && let Some(field) = owner {
                    for of in owners(at, shape, field, change)? {
                        if !came_in_place(at, replica, of)? {
                            return Err(Illegal::NotTheirs { replica, of }.into());
                        }
                    }
                }
            }
            (Role::Hub, Role::Cloud) => {
                // A hub minds its own, and nobody comes in its place while it is there, whatever its cloud says.
                let is_own = |id: ReplicaId| {
                    id == at.head.replica || at.head.lineage.iter().any(|(own, _)| *own == id)
                };
                if let Some(field) = owner.filter(|_| !is_own(replica))
                    && let Some(of) = owners(at, shape, field, change)?.into_iter().find(|of| is_own(*of))
                {
                    return Err(Illegal::NotTheirs { replica, of }.into());
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether an id is the source's, now or before.
    fn is_theirs(&mut self, at: &Transaction<'_>, id: ReplicaId) -> Result<bool, StoreError> {
        if id == self.source.replica {
            return Ok(true);
        }
        if let Some(known) = self.theirs.get(&id) {
            return Ok(*known);
        }
        let theirs = is_one_device(at, self.source.replica, id)?;
        self.theirs.insert(id, theirs);
        Ok(theirs)
    }
}

/// Whose a record is, and whose it is to be.
fn owners(
    at: &Transaction<'_>,
    shape: &Shape,
    field: &str,
    change: &Change,
) -> Result<Vec<ReplicaId>, StoreError> {
    let read = |value: &str| serde_json::from_str::<ReplicaId>(value).ok();
    let coming = change.fields.iter().find(|(name, _)| name == field).and_then(|(_, value)| read(value));
    let held = at.rows.row(&shape.name, change.record)?;
    let held = held.as_ref().and_then(|row| row.fields.get(field)).and_then(|held| read(&held.register.val));
    Ok(held.into_iter().chain(coming).collect())
}

fn is_one_device(at: &Transaction<'_>, one: ReplicaId, other: ReplicaId) -> Result<bool, StoreError> {
    let (one, other) = (registration(at.rows, one)?, registration(at.rows, other)?);
    Ok(one.zip(other).is_some_and(|(one, other)| one.role == other.role && one.key == other.key))
}

/// Whether a replica is another, is of the same device, or came in its place.
fn came_in_place(at: &Transaction<'_>, replica: ReplicaId, of: ReplicaId) -> Result<bool, StoreError> {
    let mut id = replica;
    for _ in 0..MOST_PLACES {
        if id == of || is_one_device(at, id, of)? {
            return Ok(true);
        }
        match registration(at.rows, id)?.and_then(|found| found.succeeds) {
            Some(before) => id = before,
            None => break,
        }
    }
    Ok(false)
}
