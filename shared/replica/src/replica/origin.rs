//! Whose a write may be. A record that names its owner ([`crate::Spec::owner`]) is written by that replica, by another of
//! its device, or by one that came in its place: who may write a collection at all must not write in another's name.
//!
//! What is left to a device that lies: stamps that it gives another's name. They are heard of when that one connects: it
//! finds a history that is not its own, takes a new id, and an alarm is raised.

use super::identity::{registration, role_of};
use super::merge::{Illegal, MergeError, Source};
use super::transaction::Transaction;
use crate::delta::Change;
use crate::schema::{Role, Shape};
use crate::stamp::ReplicaId;
use crate::store::StoreError;

/// So many replicas took each other's place at most.
const MOST_PLACES: usize = 32;

/// Judges a change that a source brings; `owner` is the field of its collection that names its owner.
pub(super) fn judge(
    at: &Transaction<'_>,
    source: Source,
    shape: &Shape,
    owner: &str,
    change: &Change,
) -> Result<(), MergeError> {
    let replica = change.stamp.replica;
    match (at.head.role, source.role) {
        (Role::Cloud, Role::Hub) if role_of(at.rows, &at.head, replica)? == Some(Role::Hub) => {
            for of in owners(at, shape, owner, change)? {
                if !came_in_place(at, replica, of)? {
                    return Err(Illegal::NotTheirs { replica, of }.into());
                }
            }
        }
        (Role::Hub, Role::Cloud) => {
            // A hub minds its own, and nobody comes in its place while it is there, whatever its cloud says.
            let is_own =
                |id: ReplicaId| id == at.head.replica || at.head.lineage.iter().any(|(own, _)| *own == id);
            if !is_own(replica)
                && let Some(of) = owners(at, shape, owner, change)?.into_iter().find(|of| is_own(*of))
            {
                return Err(Illegal::NotTheirs { replica, of }.into());
            }
        }
        _ => {}
    }
    Ok(())
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
