//! Who is who: registration, introduction and retirement of replicas, and what betrays a restored disk.
//!
//! Invariants: a replica that finds a peer further on in its own history than it is itself, or its history
//! different there, writes nothing more under its id; what it wrote after the last common point it issues
//! again under the new one, in the same transaction that takes the new id.

use std::collections::BTreeMap;
use std::path::Path;

use crdts::{CmRDT, Dot};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::transaction::{Transaction, parse, record_of};
use super::walk;
use super::{CommitError, OpenError, Replica, Standing, Writes};
use crate::builtin::{Introduction, Registration, Retirement};
use crate::delta::Walk;
use crate::key;
use crate::replica::merge::Source;
use crate::schema::{Record, Role, Schema};
use crate::stamp::{Now, RecordId, ReplicaId, Stamp, Vector};
use crate::store::{Direction, Head, Mark, Rows, Span, Sqlite, Store, StoreError, restore};

/// How a replica presents itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hello {
    /// The version of the protocol that it speaks.
    pub protocol: u16,
    /// Its id.
    pub replica: ReplicaId,
    /// What it is.
    pub role: Role,
    /// The ids that it bore before, oldest first, and the last sequence that stayed under each. What lies
    /// beyond may have been written twice, and nobody's vector covers it.
    pub lineage: Vec<(ReplicaId, u64)>,
}

/// What a replica knows, as it tells a peer that is to go on from there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resumption {
    /// What it covers.
    pub vector: Vector,
    /// The last sequence of the peer's that it has seen a stamp of, or covered.
    pub seen: u64,
    /// Where in the peer's history the next chunk of its whole walk is to start.
    pub cursor: Mark,
    /// The same of its urgent walk.
    pub urgent: Mark,
    /// What it remembers of the peer's history, newest first: the evidence against a restored disk.
    pub marks: Vec<Mark>,
}

/// The most names that a hub may have borne: one for each time that its disk was restored or copied.
const MOST_NAMES: usize = 256;

/// Why a peer is not spoken to.
#[derive(Debug, thiserror::Error)]
pub enum AdmissionError {
    /// Nobody registered it, and it succeeds nobody whose device it is.
    #[error("replica {0} is not registered here")]
    Stranger(ReplicaId),
    /// It was retired.
    #[error("replica {0} was retired")]
    Retired(ReplicaId),
    /// It presents itself as what it is not, or with another device's key.
    #[error("replica {0} is registered as another device")]
    Impostor(ReplicaId),
    /// Hubs speak to the cloud only, and the cloud to hubs.
    #[error("a {0:?} does not speak to its like")]
    SameRole(Role),
    /// What it needs could not be written.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<S: Store> Replica<S> {
    /// Registers a device's replica; only a cloud can.
    ///
    /// # Errors
    /// A refusal, or what the store says.
    pub fn register(
        &mut self,
        id: ReplicaId,
        registration: &Registration,
        now: Now,
    ) -> Result<(), CommitError> {
        self.commit(now, Writes::new().create(id, registration)).map(drop)
    }

    /// Retires a replica: no stamp of it is accepted from a hub beyond what is known here now. `id` names the
    /// retirement. Only a cloud can.
    ///
    /// # Errors
    /// A refusal, or what the store says.
    pub fn retire(&mut self, id: RecordId, replica: ReplicaId, now: Now) -> Result<(), CommitError> {
        let head = self.store.read(walk::head)??;
        let last = head.vector.get(&replica).max(head.seen.get(&replica));
        self.commit(now, Writes::new().create(id, &Retirement { replica, last })).map(drop)
    }

    /// Makes a replica known that the host has authenticated, without telling others.
    ///
    /// # Errors
    /// What the store says.
    pub fn introduce(&mut self, id: ReplicaId, role: Role, now: Now) -> Result<(), CommitError> {
        if self.store.read(|rows| known(rows, id))??.is_none() {
            self.commit(now, Writes::new().create(id, &Introduction { role: Some(role) }))?;
        }
        Ok(())
    }

    /// How it presents itself.
    ///
    /// # Errors
    /// What the store says.
    pub fn hello(&mut self) -> Result<Hello, StoreError> {
        let Head { replica, role, lineage, .. } = self.read_to_send(walk::head)?;
        Ok(Hello { protocol: crate::sync::PROTOCOL, replica, role, lineage })
    }

    /// Decides whether to speak to a peer whose device the host authenticated by `key`.
    ///
    /// A cloud registers the new id of a device that it knows; a hub is introduced to whoever its host
    /// authenticated as the cloud.
    ///
    /// # Errors
    /// Why it is not spoken to.
    pub fn admit(&mut self, hello: &Hello, key: &str, now: Now) -> Result<Source, AdmissionError> {
        let head = self.store.read(walk::head)??;
        let peer = hello.replica;
        if head.role == hello.role {
            return Err(AdmissionError::SameRole(head.role));
        }
        let retired = |id| self.store.read(|rows| retired_at(rows, id));
        if retired(peer)??.is_some() {
            return Err(AdmissionError::Retired(peer));
        }
        // What is remembered of a name is forgotten with it ([`Replica::uncover`]), and each is written down.
        if hello.lineage.len() > MOST_NAMES {
            return Err(AdmissionError::Impostor(peer));
        }
        let source = Source { replica: peer, role: hello.role };
        match head.role {
            Role::Hub => {
                if self.store.read(|rows| known(rows, peer))??.is_some_and(|role| role != hello.role) {
                    return Err(AdmissionError::Impostor(peer));
                }
                self.introduce(peer, hello.role, now)?;
            }
            Role::Cloud => {
                let registered = |id| self.store.read(|rows| registration(rows, id));
                let is_theirs =
                    |id| Ok::<_, StoreError>(registered(id)??.is_none_or(|found| found.key == key));
                for (before, _) in &hello.lineage {
                    if !is_theirs(*before)? {
                        return Err(AdmissionError::Impostor(*before));
                    }
                }
                match registered(peer)?? {
                    Some(found) if found.role == Some(hello.role) && found.key == key => {}
                    Some(_) => return Err(AdmissionError::Impostor(peer)),
                    None => {
                        // A device that was revoked does not come back under its next id.
                        for (before, _) in &hello.lineage {
                            if retired(*before)??.is_some() {
                                return Err(AdmissionError::Retired(peer));
                            }
                        }
                        let succeeds = hello.lineage.last().map(|(before, _)| *before);
                        let before = match succeeds {
                            Some(before) => registered(before)??,
                            None => None,
                        };
                        let same =
                            before.is_some_and(|before| before.role == Some(hello.role) && before.key == key);
                        if !same {
                            return Err(AdmissionError::Stranger(peer));
                        }
                        let (role, key) = (Some(hello.role), key.to_owned());
                        self.register(peer, &Registration { role, key, succeeds }, now)?;
                    }
                }
                // Ids that the device bore and never presented are its own as well: it brings stamps of them.
                for (before, _) in &hello.lineage {
                    if self.store.read(|rows| known(rows, *before))??.is_none() {
                        let (role, key) = (Some(hello.role), key.to_owned());
                        self.register(*before, &Registration { role, key, succeeds: None }, now)?;
                    }
                }
            }
        }
        self.uncover(&hello.lineage)?;
        Ok(source)
    }

    /// Remembers the ids that a peer bore before a fork. Of what was written beyond the common point under such
    /// an id this replica may have seen one version, and others another: it covers nothing of that any more.
    fn uncover(&mut self, lineage: &[(ReplicaId, u64)]) -> Result<(), StoreError> {
        let mut head = self.store.read(walk::head)??;
        let before = head.forks.clone();
        for &(id, common) in lineage.iter().filter(|(id, _)| *id != head.replica) {
            let last = head.forks.entry(id).or_insert(common);
            *last = common.min(*last);
        }
        if head.forks == before {
            return Ok(());
        }
        head.vector = within(&head.vector, &head.forks);
        self.store.write(|rows| rows.set_head(&head))
    }

    /// What it tells a peer that is to send what is missing here.
    ///
    /// # Errors
    /// What the store says.
    pub fn resumption(&mut self, peer: ReplicaId) -> Result<Resumption, StoreError> {
        self.read_to_send(|rows| resumption(rows, peer))
    }

    /// Where in its own history to go on sending; or, as the error, the last own sequence that its history
    /// has in common with what the peer remembers of it.
    ///
    /// # Errors
    /// What the store says.
    pub fn resume(&self, peer: &Resumption) -> Result<Result<Mark, u64>, StoreError> {
        self.store.read(|rows| {
            let head = walk::head(rows)?;
            #[cfg(feature = "sim")]
            if crate::fault::planted(crate::fault::Fault::KeepIdAfterRestore) {
                return Ok(Ok(peer.cursor));
            }
            let latest = peer.marks.first().copied().unwrap_or_default();
            let further = peer.seen > head.vector.get(&head.replica);
            if !further && holds(rows, &latest)? && holds(rows, &peer.cursor)? && holds(rows, &peer.urgent)? {
                return Ok(Ok(peer.cursor));
            }
            for mark in &peer.marks {
                if holds(rows, mark)? {
                    return Ok(Err(mark.sequence));
                }
            }
            Ok(Err(0))
        })?
    }

    /// Takes a new id, durably. `common` is the last own sequence that stays under the old one (`None`: all of
    /// them, for a store that was just restored); every later write is issued again under the new id, with
    /// the time it had. `key` is the device's, for the registration of a cloud.
    ///
    /// # Errors
    /// What the store says; the replica is as it was then.
    pub fn renew(
        &mut self,
        id: ReplicaId,
        common: Option<u64>,
        key: &str,
        now: Now,
    ) -> Result<(), StoreError> {
        let schema = &self.schema;
        self.store.write(|rows| {
            let mut head = walk::head(rows)?;
            let old = head.replica;
            let common = common.unwrap_or(u64::MAX).min(head.vector.get(&old));
            let again = walk::own_writes(rows, old, common)?;
            head.forks.insert(old, common);
            head.vector = within(&head.vector, &head.forks);
            head.replica = id;
            head.lineage.push((old, common));
            // Peers that took this replica for the other may have passed over what it lacks: each begins anew.
            head.cursors.clear();
            rows.set_head(&head)?;
            let mut sequence = 0;
            if head.role == Role::Cloud {
                let mut at = Transaction::begin(rows, schema)?;
                sequence += 1;
                let exhausted = || StoreError::Io("the clock has reached the year 2200".into());
                let time = at.head.time.next(now).ok_or_else(exhausted)?;
                (at.head.time, _) = (time, at.head.vector.apply(Dot::new(id, sequence)));
                let registration =
                    Registration { role: Some(Role::Cloud), key: key.to_owned(), succeeds: Some(old) };
                let value = serde_json::to_value(registration).unwrap_or_default();
                let fields = value.as_object().cloned().unwrap_or_default();
                let fields: Vec<_> =
                    fields.iter().map(|(name, value)| (name.as_str(), value.to_string())).collect();
                let stamp = Stamp { time, replica: id, sequence };
                at.absorb(
                    &Registration::SPEC.shape(),
                    id,
                    stamp,
                    fields.iter().map(|(n, v)| (*n, v.as_str())),
                )?;
                at.finish()?;
            }
            // A write of the old id is one transaction again, so that it arrives whole at others.
            let again: Vec<_> = again.into_iter().collect();
            for write in again.chunk_by(|a, b| a.0.sequence == b.0.sequence) {
                let mut at = Transaction::begin(rows, schema)?;
                sequence += 1;
                at.head.vector.apply(Dot::new(id, sequence));
                for (stamp, collection, record) in write {
                    at.restamp(collection, *record, *stamp, Stamp { replica: id, sequence, ..*stamp })?;
                }
                at.finish()?;
            }
            Ok::<_, StoreError>(())
        })?;
        self.store.sync()
    }
}

impl Replica<Sqlite> {
    /// Makes a store at `path` out of a copy ([`crate::Shared::copy_to`]), for a service that is not running: it
    /// appears there under a new id, and never under the old one. What the replica wrote after the copy it
    /// gets back from its peers, as the writes of another; `key` is the device's, as for [`Replica::renew`].
    ///
    /// The copy stays as it is. Nothing is overwritten: a store that is still at `path` is moved away first.
    ///
    /// # Errors
    /// [`StoreError::Exists`] where there is a store; else what is wrong with the copy, or the disk. There is
    /// no new store then.
    pub fn restore(
        copy: &Path,
        path: &Path,
        schema: Schema,
        id: ReplicaId,
        key: &str,
        now: Now,
    ) -> Result<Standing, OpenError> {
        restore(copy, path, |store| {
            let mut replica = Replica::open(store, schema)?;
            replica.renew(id, None, key, now)?;
            let standing = replica.standing()?;
            Ok((replica.into_store(), standing))
        })
    }
}

fn resumption(rows: &dyn Rows, peer: ReplicaId) -> Result<Resumption, StoreError> {
    let head = walk::head(rows)?;
    let (cursor, urgent) = (head.cursor(peer, Walk::Whole), head.cursor(peer, Walk::Urgent));
    let seen = head.seen.get(&peer).max(head.vector.get(&peer));
    Ok(Resumption { vector: head.vector, seen, cursor, urgent, marks: rows.marks(peer)? })
}

/// The vector without what lies beyond forks.
pub(super) fn within(vector: &Vector, forks: &BTreeMap<ReplicaId, u64>) -> Vector {
    let limit = |id| forks.get(id).copied().unwrap_or(u64::MAX);
    vector.iter().map(|dot| Dot::new(*dot.actor, dot.counter.min(limit(dot.actor)))).collect()
}

/// Whether the own history was as the mark says.
fn holds(rows: &dyn Rows, mark: &Mark) -> Result<bool, StoreError> {
    Ok(*mark == Mark::default() || rows.chain(mark.arrival)? == Some(*mark))
}

pub(super) fn registration(rows: &dyn Rows, id: ReplicaId) -> Result<Option<Registration>, StoreError> {
    match rows.row(Registration::SPEC.name, id)? {
        Some(row) if row.is_visible() => parse(&row).map(Some),
        _ => Ok(None),
    }
}

fn known(rows: &dyn Rows, id: ReplicaId) -> Result<Option<Role>, StoreError> {
    if let Some(registration) = registration(rows, id)? {
        return Ok(registration.role);
    }
    match rows.row(Introduction::SPEC.name, id)? {
        Some(row) => parse::<Introduction>(&row).map(|introduction| introduction.role),
        None => Ok(None),
    }
}

/// What the replica of a stamp is, where it is known at all.
pub(crate) fn role_of(rows: &dyn Rows, head: &Head, id: ReplicaId) -> Result<Option<Role>, StoreError> {
    if id == head.replica { Ok(Some(head.role)) } else { known(rows, id) }
}

/// The last sequence accepted of a retired replica. Of several retirements the most generous counts: a cloud
/// that was restored may have retired it again, knowing less of it.
pub(crate) fn retired_at(rows: &dyn Rows, id: ReplicaId) -> Result<Option<u64>, StoreError> {
    let low = key::encode([&Value::from(id.to_string())]);
    let span = Span { high: key::after_prefix(&low), low: Some(low), direction: Direction::Ascending };
    let mut last = None;
    for entry in rows.entries(Retirement::SPEC.name, "replica", &span, 100)? {
        let row = rows.row(Retirement::SPEC.name, record_of(&entry))?.unwrap_or_default();
        last = last.max(Some(parse::<Retirement>(&row)?.last));
    }
    Ok(last)
}
