//! The receiving side: who may have written what arrives, and how it joins what is held.
//!
//! Invariants: a chunk is judged before any of it is written, part by part; a chunk that does not start at
//! the mark remembered of its sender and its walk is not merged; the mark and the vector move in the transaction
//! that writes the chunk's last part, never before; the urgent walk moves no vector; parts wait for no fsync, the acknowledgement of the chunk does.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crdts::{CmRDT, Dot};

use super::commit::{MAX_NAME_BYTES, MAX_VALUE_BYTES};
use super::transaction::{Outcome, Transaction};
use super::{Replica, identity, origin};
use crate::builtin::{self, Registration};
use crate::delta::{Change, Chunk, MAX_CHUNK_FIELDS, Repair, Walk};
use crate::schema::{Kind, Record, Role, Schema, Shape};
use crate::stamp::{Now, RecordId, ReplicaId, Stamp, Time, Vector};
use crate::store::{Mark, Store, StoreError};

/// Fields that one transaction of a merge writes, so that a gate's write waits for no more than these.
const PART_FIELDS: usize = 128;
/// A stamp further ahead than this raises an alarm.
const AHEAD_MS: u64 = 24 * 3_600_000;
/// How many marks are kept of a peer's history.
const KEPT_MARKS: usize = 64;
/// Collections that one frame may be of.
const MAX_SHAPES: usize = 64;
/// Collections that a store remembers without a program that knows them, those that it knows among them.
const MAX_UNKNOWN: usize = 512;
/// Replicas that a vector may name: a hub in a gatehouse takes a new id when its disk was restored.
const MAX_REPLICAS: usize = 4_096;

/// Whom a chunk came from, as the handshake found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The peer.
    pub replica: ReplicaId,
    /// What it is.
    pub role: Role,
}

/// What a merge did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Merged {
    /// How far the sender's history is known now.
    pub mark: Mark,
    /// The records that changed here.
    pub changed: BTreeSet<(Cow<'static, str>, RecordId)>,
    /// What an administrator must hear of.
    pub alarms: Vec<Alarm>,
}

impl Merged {
    /// Adds what the next part did.
    pub(crate) fn follow(&mut self, part: Merged) {
        self.mark = part.mark;
        self.changed.extend(part.changed);
        for alarm in part.alarms {
            if !self.alarms.contains(&alarm) {
                self.alarms.push(alarm);
            }
        }
    }
}

/// Something that must not happen, and did.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Alarm {
    /// A peer stamps more than a day ahead of a trusted clock.
    #[error("replica {replica} is {} hours ahead of the clock here", ahead_ms / 3_600_000)]
    ClockAhead {
        /// Whose stamp.
        replica: ReplicaId,
        /// By how much.
        ahead_ms: u64,
    },
    /// One stamp, two values.
    #[error("{0} fields came with the stamp that another value bears here")]
    SameStamp(usize),
    /// Both sides have sent all they have and do not hold the same.
    #[error("the copies differ in {} of {}", bucket.month, bucket.collection)]
    DigestsDiffer {
        /// Where.
        bucket: crate::store::Bucket,
    },
    /// This replica's disk was restored or copied; it took a new id.
    #[error("this store was restored or copied: what it wrote after transaction {common} was issued again")]
    Forked {
        /// The last own sequence that both histories share.
        common: u64,
    },
    /// A peer sent what it may not.
    #[error("{0}")]
    Refused(Illegal),
    /// A peer is not spoken to, though its host authenticated it: it is not whom it says it is, or no more.
    #[error("{0}")]
    NotAdmitted(String),
}

/// Why a stamp or a frame is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Illegal {
    /// Nobody registered this replica.
    #[error("replica {0} is not registered here")]
    Stranger(ReplicaId),
    /// It bears the receiver's id, and the receiver did not issue it.
    #[error("transaction {0} bears this replica's id but is not its own")]
    NotMine(u64),
    /// The replica was retired before.
    #[error("replica {replica} was retired at {last}, its transaction {sequence} is refused")]
    Retired {
        /// Whose.
        replica: ReplicaId,
        /// What is accepted of it.
        last: u64,
        /// What came.
        sequence: u64,
    },
    /// It is another's to write.
    #[error("replica {replica} may not write what is {of}'s")]
    NotTheirs {
        /// Who would.
        replica: ReplicaId,
        /// Whose it is.
        of: ReplicaId,
    },
    /// The collection is reserved for others.
    #[error("replica {replica} may not write {collection}")]
    NotAWriter {
        /// Whose stamp.
        replica: ReplicaId,
        /// Where.
        collection: String,
    },
    /// Its time is so far ahead that it leaves no room to count on.
    #[error("a stamp that is lifetimes ahead")]
    AboveCeiling,
    /// The frame breaks a limit or its own structure.
    #[error("malformed: {0}")]
    Malformed(&'static str),
}

/// What can go wrong with a merge.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// The chunk does not follow on what is known of the sender; the session must be resumed.
    #[error("the chunk does not follow on transaction {} of its sender", known.arrival)]
    Gap {
        /// What is known.
        known: Mark,
    },
    /// The peer covers more of this replica than it ever wrote: the disk here is older than the peer's memory.
    #[error("the peer knows more of this replica than it does itself")]
    Forked,
    /// The frame is refused; nothing of the part that holds it was written.
    #[error(transparent)]
    Illegal(#[from] Illegal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Chunk {
    /// How the chunk is written: transactions of some fields each, cut between the sender's transactions.
    pub(crate) fn parts(&self) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        let (mut start, mut count) = (0, 0);
        for (number, group) in self.groups.iter().enumerate() {
            let size: usize = group.iter().map(|change| change.fields.len()).sum();
            if count > 0 && count + size > PART_FIELDS {
                parts.push(start..number);
                (start, count) = (number, 0);
            }
            count += size;
        }
        parts.push(start..self.groups.len());
        parts
    }
}

impl<S: Store> Replica<S> {
    /// Takes a chunk, durably. One that was taken before changes nothing and says so by its mark.
    ///
    /// # Errors
    /// Where it does not follow on what is known of its sender, where any of it may not be, or the store fails.
    /// Parts before the one at fault stay merged; the mark and the vector do not move.
    pub fn merge(&mut self, source: Source, now: Now, chunk: &Chunk) -> Result<Merged, MergeError> {
        let mut all = Merged::default();
        for part in chunk.parts() {
            all.follow(self.merge_part(source, now, chunk, part)?);
        }
        self.sync_to_send()?;
        Ok(all)
    }

    /// One transaction of a merge. The caller makes it durable after the last one, before anybody is told.
    pub(crate) fn merge_part(
        &mut self,
        source: Source,
        now: Now,
        chunk: &Chunk,
        part: Range<usize>,
    ) -> Result<Merged, MergeError> {
        if chunk.field_count() > MAX_CHUNK_FIELDS {
            return Err(Illegal::Malformed("more fields than a chunk may have").into());
        }
        if chunk.to.as_ref().is_some_and(|to| to.iter().count() > MAX_REPLICAS) {
            return Err(Illegal::Malformed("a vector of more replicas than there can be").into());
        }
        if chunk.mark.arrival < chunk.base.arrival {
            return Err(Illegal::Malformed("a chunk that ends before it starts").into());
        }
        if chunk.walk == Walk::Urgent && chunk.to.is_some() {
            return Err(Illegal::Malformed("an urgent chunk with a vector").into());
        }
        let schema = &self.schema;
        self.store.write_unsynced(|rows| {
            let mut at = Transaction::begin(rows, schema)?;
            let known = at.head.cursor(source.replica, chunk.walk);
            // A copy of the sender's disk may have been here meanwhile: then the newest that is remembered is not what
            // the sender knows of, and only the very same chunk is a repetition.
            let latest = at.rows.marks(source.replica)?.first().copied().unwrap_or_default();
            let is_known = |known: Mark| chunk.latest.is_none_or(|theirs| theirs == known);
            let is_known_after =
                |known: Mark| chunk.latest.is_none_or(|theirs| theirs.later(chunk.head) == known);
            if known != chunk.base || !is_known(latest) {
                let merged = Merged { mark: known, ..Merged::default() };
                let repeated = known == chunk.mark && is_known_after(latest);
                return if repeated { Ok(merged) } else { Err(MergeError::Gap { known }) };
            }
            let own = at.head.replica;
            if chunk.to.as_ref().is_some_and(|to| to.get(&own) > at.head.vector.get(&own)) {
                return Err(MergeError::Forked);
            }
            let last = part.end == chunk.groups.len();
            let mut gatekeeper = Gatekeeper::new(source, now, chunk.walk);
            let changes = chunk.groups[part].iter().flatten();
            gatekeeper.take(&mut at, schema, &chunk.shapes, changes)?;
            let mut mark = known;
            if last {
                mark = chunk.mark;
                let walk = chunk.walk;
                #[cfg(feature = "sim")]
                let walk = crate::fault::walk_for(walk);
                at.head.cursors.insert((source.replica, walk), mark);
                remember(&mut at, source.replica, &chunk.head)?;
                if let Some(to) = &chunk.to {
                    join(&mut at, source, to);
                }
            }
            let outcome = at.finish()?;
            Ok(Merged { mark, ..gatekeeper.report(now, outcome) })
        })
    }

    /// Takes the fields of an unequal bucket, durably. Marks and vectors stay as they are.
    ///
    /// # Errors
    /// Where any of it may not be, or the store fails; nothing is merged then.
    pub fn repair(&mut self, source: Source, now: Now, repair: &Repair) -> Result<Merged, MergeError> {
        if repair.changes.iter().map(|change| change.fields.len()).sum::<usize>() > MAX_CHUNK_FIELDS {
            return Err(Illegal::Malformed("more fields than a repair may have").into());
        }
        let schema = &self.schema;
        let merged = self.store.write(|rows| {
            let mut at = Transaction::begin(rows, schema)?;
            let mut gatekeeper = Gatekeeper::new(source, now, Walk::Whole);
            gatekeeper.take(&mut at, schema, std::slice::from_ref(&repair.shape), repair.changes.iter())?;
            let mark = at.head.cursor(source.replica, Walk::Whole);
            let outcome = at.finish()?;
            Ok::<_, MergeError>(Merged { mark, ..gatekeeper.report(now, outcome) })
        })?;
        self.sync_to_send()?;
        Ok(merged)
    }
}

/// Judges each stamp of a frame, with the answers that it needed before kept at hand.
struct Gatekeeper {
    source: Source,
    now: Now,
    walk: Walk,
    roles: BTreeMap<ReplicaId, Option<Role>>,
    retired: BTreeMap<ReplicaId, Option<u64>>,
    furthest: Stamp,
}

impl Gatekeeper {
    fn new(source: Source, now: Now, walk: Walk) -> Self {
        Gatekeeper {
            source,
            now,
            walk,
            roles: BTreeMap::new(),
            retired: BTreeMap::new(),
            furthest: Stamp::default(),
        }
    }

    fn take<'c>(
        &mut self,
        at: &mut Transaction<'_>,
        schema: &Schema,
        shapes: &[Shape],
        changes: impl Iterator<Item = &'c Change> + Clone,
    ) -> Result<(), MergeError> {
        if shapes.len() > MAX_SHAPES {
            return Err(Illegal::Malformed("more collections than a frame may have").into());
        }
        let shapes = shapes.iter().map(|shape| settle(at, schema, shape)).collect::<Result<Vec<_>, _>>()?;
        let of = |change: &Change| shapes.get(usize::from(change.shape));
        // A replica is known before its stamps are judged, whatever the order inside a transaction.
        let registers =
            |change: &&Change| of(change).is_some_and(|shape| shape.name == Registration::SPEC.name);
        let (first, then) = (changes.clone().filter(registers), changes.filter(|change| !registers(change)));
        for change in first.chain(then) {
            let shape = of(change).ok_or(Illegal::Malformed("a change of an unnamed collection"))?;
            self.judge(at, shape, change)?;
            if let Some(owner) = schema.get(&shape.name).and_then(|declared| declared.spec.owner) {
                origin::judge(at, self.source, shape, owner, change)?;
            }
            let Stamp { time, replica, sequence } = change.stamp;
            // What it wrote itself is here, or superseded. A forger could put anything under a sequence that
            // was used; a hub's own cloud is no forger, and may hold what a copy of the hub's disk wrote.
            if replica == at.head.replica && !self.believed(at) {
                continue;
            }
            at.head.time = at.head.time.max(time);
            at.head.seen.apply(Dot::new(replica, sequence));
            if self.walk == Walk::Whole {
                at.head.heard.apply(Dot::new(replica, sequence));
            }
            self.furthest = self.furthest.max(change.stamp);
            let fields = change.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            at.absorb(shape, change.record, change.stamp, fields)?;
            if shape.name == Registration::SPEC.name {
                self.roles.remove(&change.record);
            }
        }
        Ok(())
    }

    fn judge(&mut self, at: &Transaction<'_>, shape: &Shape, change: &Change) -> Result<(), MergeError> {
        let Stamp { time, replica, sequence } = change.stamp;
        if time >= Time::adopted(self.now) {
            return Err(Illegal::AboveCeiling.into());
        }
        if sequence == 0 || change.fields.is_empty() {
            return Err(Illegal::Malformed("a change without a sequence or without fields").into());
        }
        for (name, value) in &change.fields {
            if name.len() > MAX_NAME_BYTES || value.len() > MAX_VALUE_BYTES {
                return Err(Illegal::Malformed("a name or a value is too long").into());
            }
            // With nothing around it: a store may keep it inside a larger text.
            let raw = serde_json::from_str::<&serde_json::value::RawValue>(value);
            if !raw.is_ok_and(|raw| raw.get().len() == value.len()) {
                return Err(Illegal::Malformed("a value is not JSON").into());
            }
        }
        if !builtin::reads(&shape.name, &change.fields) {
            return Err(Illegal::Malformed("a record of the store's own that does not read as one").into());
        }
        let believed = self.believed(at);
        if replica == at.head.replica && sequence > at.head.vector.get(&replica) {
            // From its cloud a hub learns so that a copy of its disk runs elsewhere.
            return Err(if believed { MergeError::Forked } else { Illegal::NotMine(sequence).into() });
        }
        if believed && shape.name == Registration::SPEC.name {
            return Ok(());
        }
        let role = match self.roles.get(&replica) {
            Some(role) => *role,
            None => {
                let role = identity::role_of(at.rows, &at.head, replica)?;
                self.roles.insert(replica, role);
                role
            }
        };
        let role = role.ok_or(Illegal::Stranger(replica))?;
        if !shape.writers.admit(role) {
            return Err(Illegal::NotAWriter { replica, collection: shape.name.to_string() }.into());
        }
        if !believed {
            let last = match self.retired.get(&replica) {
                Some(last) => *last,
                None => {
                    let last = identity::retired_at(at.rows, replica)?;
                    self.retired.insert(replica, last);
                    last
                }
            };
            if let Some(last) = last.filter(|last| sequence > *last) {
                return Err(Illegal::Retired { replica, last, sequence }.into());
            }
        }
        Ok(())
    }

    /// A hub believes its cloud about who the replicas are and what was accepted of them: the link has
    /// authenticated it, and a hub can have no better source.
    fn believed(&self, at: &Transaction<'_>) -> bool {
        self.source.role == Role::Cloud && at.head.role == Role::Hub
    }

    fn report(&self, now: Now, outcome: Outcome) -> Merged {
        let mut alarms = Vec::new();
        let ahead_ms = self.furthest.time.ms().saturating_sub(now.ms);
        if now.trusted && ahead_ms > AHEAD_MS {
            alarms.push(Alarm::ClockAhead { replica: self.furthest.replica, ahead_ms });
        }
        if outcome.conflicts > 0 {
            alarms.push(Alarm::SameStamp(outcome.conflicts));
        }
        Merged { mark: Mark::default(), changed: outcome.changed, alarms }
    }
}

/// The shape by which a collection is merged here: the program's own, else the one that came first.
fn settle(at: &mut Transaction<'_>, schema: &Schema, offered: &Shape) -> Result<Shape, MergeError> {
    let known = match schema.get(&offered.name) {
        Some(declared) => Some(declared.spec.shape()),
        None => at.rows.shape(&offered.name)?,
    };
    if offered.kind == Kind::Local || known.as_ref().is_some_and(|known| known.kind != offered.kind) {
        return Err(Illegal::Malformed("a collection of another kind").into());
    }
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if offered.name.len() > MAX_NAME_BYTES || !offered.name.chars().all(plain) {
        return Err(Illegal::Malformed("a collection's name").into());
    }
    match known {
        Some(known) => Ok(known),
        None => {
            // A newer program has a few; each is remembered for ever.
            if at.rows.shapes()?.len() >= MAX_UNKNOWN {
                return Err(Illegal::Malformed("one more collection that is not known here").into());
            }
            at.rows.put_shape(offered)?;
            Ok(offered.clone())
        }
    }
}

/// Keeps the newest marks of a peer, and of older ones fewer the older they are: enough to find the last
/// common point of a disk that was restored from last year's backup.
fn remember(at: &mut Transaction<'_>, peer: ReplicaId, mark: &Mark) -> Result<(), StoreError> {
    let mut marks = at.rows.marks(peer)?;
    if marks.first().is_some_and(|latest| latest.arrival >= mark.arrival) {
        return Ok(());
    }
    at.rows.put_mark(peer, mark)?;
    marks.insert(0, *mark);
    if marks.len() > KEPT_MARKS {
        for arrival in thinned(&marks.iter().map(|mark| mark.arrival).collect::<Vec<_>>()) {
            at.rows.remove_mark(peer, arrival)?;
        }
    }
    Ok(())
}

/// Of arrivals, newest first, those to forget: behind the newest quarter each kept one is at least a fifth
/// further back than the one before.
fn thinned(arrivals: &[u64]) -> Vec<u64> {
    let newest = arrivals.first().copied().unwrap_or_default();
    let mut gone = Vec::new();
    let mut kept = newest;
    for (place, &arrival) in arrivals.iter().enumerate() {
        let (age, kept_age) = (newest - arrival, newest - kept);
        if place < KEPT_MARKS / 4 || age > kept_age + kept_age / 5 {
            kept = arrival;
        } else {
            gone.push(arrival);
        }
    }
    // Where even that keeps too many, the middle goes; the oldest is the most useful one left.
    if gone.is_empty() {
        gone.extend(arrivals.get(KEPT_MARKS / 2));
    }
    gone
}

/// Joins the sender's vector. Of replicas other than itself a hub is believed only as far as their stamps
/// were heard: a stolen one must not make the cloud believe that it knows what another hub has yet to say.
fn join(at: &mut Transaction<'_>, source: Source, to: &Vector) {
    for Dot { actor, counter } in to.iter() {
        let believed = source.role == Role::Cloud || *actor == source.replica;
        let counter = if believed { counter } else { counter.min(at.head.heard.get(actor)) };
        at.head.vector.apply(Dot::new(*actor, counter));
    }
    at.head.vector = identity::within(&at.head.vector, &at.head.forks);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_thin_out_with_age_and_stay_few() {
        let mut marks: Vec<u64> = Vec::new();
        for arrival in (1..100_000).step_by(3) {
            marks.insert(0, arrival);
            if marks.len() > KEPT_MARKS {
                let gone = thinned(&marks);
                marks.retain(|mark| !gone.contains(mark));
            }
        }
        assert!(marks.len() <= KEPT_MARKS);
        assert_eq!(marks[..10], (0..10).map(|n| 99_997 - 3 * n).collect::<Vec<u64>>()[..]);
        assert!(*marks.last().unwrap() < 20_000, "an old backup still finds a common point: {marks:?}");
    }
}
