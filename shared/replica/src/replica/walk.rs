//! The sending side: chunks of a delta in the order of arrival, digests, and the contents of a bucket.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::Replica;
use super::identity::within;
use crate::builtin::Registration;
use crate::delta::{Change, Chunk, MAX_CHUNK_BYTES, MAX_CHUNK_FIELDS, Repair, Walk};
use crate::row::Row;
use crate::schema::{Record, Shape};
use crate::stamp::{RecordId, ReplicaId, Stamp, Vector, covers};
use crate::store::{Bucket, Head, Mark, Result, Rows, Store, StoreError};

/// Records of transactions that one call looks at: some for each field that it may take, and never fewer than the largest
/// transaction has. A walk through much that the peer already has comes back with an empty chunk in between, so that a call
/// stays short.
const LEAST: usize = 4_000;
const MOST: usize = 20_000;

impl<S: Store> Replica<S> {
    /// The next chunk for a peer that remembers `base` and covers `from`: what arrived here after the
    /// transaction `after`, of at most `limit` fields (and at least one transaction). Everything in it is
    /// durable here.
    ///
    /// # Errors
    /// What the store says.
    pub fn since(&mut self, base: Mark, after: u64, from: &Vector, limit: usize) -> Result<Chunk> {
        self.read_to_send(|rows| chunk(rows, Walk::Whole, base, after, from, limit))
    }

    /// The same of the urgent walk: only collections that are not bulk.
    ///
    /// # Errors
    /// What the store says.
    pub fn urgent(&mut self, base: Mark, after: u64, from: &Vector, limit: usize) -> Result<Chunk> {
        self.read_to_send(|rows| chunk(rows, Walk::Urgent, base, after, from, limit))
    }

    /// Reads what is to leave the replica. The fsync follows the read: beside a writer, what was read may
    /// have been written in between.
    pub(crate) fn read_to_send<R>(&mut self, body: impl FnOnce(&dyn Rows) -> Result<R>) -> Result<R> {
        let read = self.store.read(body)??;
        self.sync_to_send()?;
        Ok(read)
    }

    /// What leaves the replica must not be taken back by a crash.
    pub(crate) fn sync_to_send(&mut self) -> Result<()> {
        #[cfg(feature = "sim")]
        if crate::fault::planted(crate::fault::Fault::SendBeforeFsync) {
            return Ok(());
        }
        self.store.sync()
    }

    /// The digest: for each bucket the sum of the hashes of its fields. Equal for replicas that hold the same.
    ///
    /// # Errors
    /// What the store says.
    pub fn digests(&self) -> Result<BTreeMap<Bucket, u128>> {
        self.store.read(|rows| rows.digests())?
    }

    /// The fields of a bucket from the record after `after` on, and the last record that was read, where
    /// there are more.
    ///
    /// # Errors
    /// What the store says.
    pub fn bucket(&mut self, bucket: &Bucket, after: Option<RecordId>) -> Result<(Repair, Option<RecordId>)> {
        self.read_to_send(|rows| repair(rows, bucket, after))
    }

    /// The digest computed anew from every row: what [`Replica::digests`] must equal. Reads everything.
    ///
    /// # Errors
    /// What the store says.
    pub fn recomputed_digests(&self) -> Result<BTreeMap<Bucket, u128>> {
        self.store.read(recompute)?
    }
}

pub(crate) fn head(rows: &dyn Rows) -> Result<Head> {
    rows.head()?.ok_or_else(|| StoreError::Damaged("it has no head".into()))
}

fn chunk(rows: &dyn Rows, walk: Walk, base: Mark, after: u64, from: &Vector, limit: usize) -> Result<Chunk> {
    let head = head(rows)?;
    #[cfg(feature = "sim")]
    let head = crate::fault::as_of(head);
    // A peer that was restored from a backup of one of two histories of an id believes to cover the other too.
    let from = &within(from, &head.forks);
    let passed_over = match walk {
        Walk::Whole => Vec::new(),
        Walk::Urgent => {
            rows.shapes()?.into_iter().filter(|shape| shape.bulk).map(|shape| shape.name).collect()
        }
    };
    let most = (4 * limit).clamp(LEAST, MOST);
    let walked = rows.arrivals(after, &passed_over, most)?;
    // A walk that was cut short may have ended inside a transaction: what it saw of that one does not count.
    let whole = match walked.last() {
        Some((last, ..)) if walked.len() == most => last - 1,
        _ => head.mark.arrival,
    };
    let (shapes, groups) = (Vec::new(), Vec::new());
    let mut chunk =
        Chunk { walk, base, latest: None, shapes, groups, mark: head.mark, head: head.mark, to: None };
    let mut reached = whole;
    let (mut count, mut bytes) = (0, 0);
    for group in walked.chunk_by(|a, b| a.0 == b.0) {
        let arrival = group[0].0;
        if arrival > whole {
            break;
        }
        let mut changes = Vec::new();
        for (_, collection, id) in group {
            let row = rows.row(collection, *id)?.unwrap_or_default();
            let wanted = row.fields.iter().filter(|(_, field)| field.arrival == arrival);
            let wanted = wanted.filter(|(_, field)| !covers(from, &field.register.marker));
            #[cfg(feature = "sim")]
            let wanted = wanted.filter(|(_, field)| !crate::fault::is_above(&head, &field.register.marker));
            let start = changes.len();
            push_changes(&mut changes, *id, wanted);
            if changes.len() > start {
                let shape = shape_number(rows, &mut chunk.shapes, collection)?;
                changes[start..].iter_mut().for_each(|change: &mut Change| change.shape = shape);
            }
        }
        let size: usize = changes.iter().map(|change| change.fields.len()).sum();
        let weight: usize = changes.iter().map(Change::weight).sum();
        if count > 0 && (count + size > limit || bytes + weight > MAX_CHUNK_BYTES) {
            reached = arrival - 1;
            break;
        }
        (count, bytes) = (count + size, bytes + weight);
        if !changes.is_empty() {
            chunk.groups.push(changes);
        }
    }
    put_registrations_first(rows, &mut chunk)?;
    if reached == head.mark.arrival {
        chunk.to = Some(head.vector).filter(|_| walk == Walk::Whole);
    } else {
        let cut = rows.chain(reached)?;
        chunk.mark = cut.ok_or_else(|| StoreError::Damaged(format!("transaction {reached} is missing")))?;
    }
    Ok(chunk)
}

/// A receiver refuses stamps of replicas that it does not know. A registration usually arrived before the
/// stamps of its replica, but not where a fork issued it again; so it goes along, whatever the peer covers.
fn put_registrations_first(rows: &dyn Rows, chunk: &mut Chunk) -> Result<()> {
    let stamps = chunk.groups.iter().flatten().map(|change| change.stamp.replica);
    let mut registrations = Vec::new();
    for replica in stamps.collect::<BTreeSet<_>>() {
        let row = rows.row(Registration::SPEC.name, replica)?.unwrap_or_default();
        push_changes(&mut registrations, replica, &row.fields);
    }
    if !registrations.is_empty() {
        let shape = shape_number(rows, &mut chunk.shapes, Registration::SPEC.name)?;
        registrations.iter_mut().for_each(|change| change.shape = shape);
        chunk.groups.insert(0, registrations);
    }
    Ok(())
}

fn repair(rows: &dyn Rows, bucket: &Bucket, after: Option<RecordId>) -> Result<(Repair, Option<RecordId>)> {
    const AT_ONCE: usize = 200;
    let (first, last) = bucket.ids();
    let first = after.and_then(next_id).unwrap_or(first);
    let shape = rows.shape(&bucket.collection)?;
    let shape = shape.ok_or_else(|| StoreError::Damaged(format!("no shape for {}", bucket.collection)))?;
    let mut repair = Repair { shape, changes: Vec::new() };
    let ids = rows.ids(&bucket.collection, first, last, AT_ONCE)?;
    let (mut count, mut bytes, mut read) = (0, 0, None);
    for &id in &ids {
        let row = rows.row(&bucket.collection, id)?.unwrap_or_default();
        let mut changes = Vec::new();
        push_changes(&mut changes, id, &row.fields);
        count += row.fields.len();
        bytes += changes.iter().map(Change::weight).sum::<usize>();
        if read.is_some() && (count > MAX_CHUNK_FIELDS || bytes > MAX_CHUNK_BYTES) {
            return Ok((repair, read));
        }
        repair.changes.extend(changes);
        read = Some(id);
    }
    let more = ids.last().filter(|_| ids.len() == AT_ONCE).copied();
    Ok((repair, more))
}

/// Groups the fields of a record by the write that set them. The shape is the caller's to fill in.
fn push_changes<'a>(
    changes: &mut Vec<Change>,
    record: RecordId,
    fields: impl IntoIterator<Item = (&'a String, &'a crate::row::Field)>,
) {
    let start = changes.len();
    for (name, field) in fields {
        let stamp = field.register.marker;
        let pair = (name.clone(), field.register.val.to_string());
        match changes[start..].iter_mut().find(|change| change.stamp == stamp) {
            Some(change) => change.fields.push(pair),
            None => changes.push(Change { shape: 0, record, stamp, fields: vec![pair] }),
        }
    }
}

fn shape_number(rows: &dyn Rows, shapes: &mut Vec<Shape>, collection: &str) -> Result<u16> {
    let known = shapes.iter().position(|shape| shape.name == collection);
    let number = match known {
        Some(number) => number,
        None => {
            let shape = rows.shape(collection)?;
            shapes.push(shape.ok_or_else(|| StoreError::Damaged(format!("no shape for {collection}")))?);
            shapes.len() - 1
        }
    };
    u16::try_from(number).map_err(|_| StoreError::Damaged("too many collections".into()))
}

pub(crate) fn next_id(id: RecordId) -> Option<RecordId> {
    u128::from_be_bytes(id.to_bytes()).checked_add(1).map(|next| RecordId::from_bytes(next.to_be_bytes()))
}

fn recompute(rows: &dyn Rows) -> Result<BTreeMap<Bucket, u128>> {
    const AT_ONCE: usize = 1000;
    let mut sums: BTreeMap<Bucket, u128> = BTreeMap::new();
    for shape in rows.shapes()? {
        let mut first = Some(RecordId::MIN);
        while let Some(from) = first {
            let ids = rows.ids(&shape.name, from, RecordId::MAX, AT_ONCE)?;
            for &id in &ids {
                let row: Row = rows.row(&shape.name, id)?.unwrap_or_default();
                for (name, field) in row.fields.iter().filter(|(_, field)| field.arrival > 0) {
                    let hash = crate::row::field_hash(&shape.name, id, name, &field.register);
                    let sum = sums.entry(Bucket::of(&shape.name, id)).or_default();
                    *sum = sum.wrapping_add(hash);
                }
            }
            first = ids.last().filter(|_| ids.len() == AT_ONCE).copied().and_then(next_id);
        }
    }
    sums.retain(|_, sum| *sum != 0);
    Ok(sums)
}

/// Own writes after a sequence, in the order of their stamps: what a fork issues again.
pub(crate) fn own_writes(
    rows: &dyn Rows,
    own: ReplicaId,
    after: u64,
) -> Result<BTreeSet<(Stamp, Cow<'static, str>, RecordId)>> {
    let mut found = BTreeSet::new();
    let mut at = 0;
    loop {
        let walked = rows.arrivals(at, &[], MOST)?;
        for (arrival, collection, id) in &walked {
            let row = rows.row(collection, *id)?.unwrap_or_default();
            let stamps = row.fields.values().filter(|f| f.arrival == *arrival).map(|f| f.register.marker);
            let ours = stamps.filter(|stamp| stamp.replica == own && stamp.sequence > after);
            found.extend(ours.map(|stamp| (stamp, collection.clone(), *id)));
        }
        match walked.last() {
            // The last transaction may have been cut in the middle, and is looked at again.
            Some((last, ..)) if walked.len() == MOST => at = last - 1,
            _ => return Ok(found),
        }
    }
}
