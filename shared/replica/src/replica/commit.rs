//! Local writes: what a program asks to be written together, and under which conditions.
//!
//! Invariants: a commit is written whole or refused whole; a refusal writes nothing and says why; commits of
//! one batch share a sequence and a transaction, and each sees the ones before it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Replica;
use super::transaction::Transaction;
use super::view::Entry;
use crate::builtin::{Erasure, Horizon, is_own};
use crate::key;
use crate::schema::{Kind, Record, Schema, Spec};
use crate::stamp::{Now, RecordId, Stamp};
use crate::store::{Direction, Rows, Span, Store, StoreError};
use crdts::CmRDT;

/// The most fields that one local transaction writes.
pub const MAX_COMMIT_FIELDS: usize = 500;
/// The longest value of one field, as JSON text. Larger things are blobs and travel by hash.
pub const MAX_VALUE_BYTES: usize = 64 * 1024;
/// The most bytes of names and values that one local transaction writes.
pub const MAX_COMMIT_BYTES: usize = 1 << 20;
/// The longest name of a field.
pub const MAX_NAME_BYTES: usize = 64;

/// Writes that are committed together or not at all, with the conditions under which they may be.
///
/// A plain value: rules build it, the replica judges it.
#[derive(Clone, Debug, Default)]
pub struct Writes {
    records: BTreeMap<(&'static str, RecordId), Write>,
    guards: Vec<Guard>,
}

#[derive(Clone, Debug, Default)]
struct Write {
    create: bool,
    remove: bool,
    fields: BTreeMap<String, Box<str>>,
}

#[derive(Clone, Debug)]
enum Guard {
    /// A merge can change a field without raising the record's greatest stamp: hence the arrival.
    Unchanged {
        collection: &'static str,
        id: RecordId,
        stamp: Stamp,
        arrival: u64,
    },
    Absent {
        collection: &'static str,
        index: &'static str,
        key: Vec<Value>,
    },
}

/// What a commit became.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    /// The stamp of all its fields.
    pub stamp: Stamp,
}

/// Why a commit was refused. Nothing of it was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is a record of this id already; a fact is written once.
    #[error("{collection} {id}: it is there already")]
    Exists {
        /// The collection.
        collection: &'static str,
        /// The record.
        id: RecordId,
    },
    /// A record that was to be unchanged has changed.
    #[error("{collection} {id}: somebody else changed it meanwhile")]
    Changed {
        /// The collection.
        collection: &'static str,
        /// The record.
        id: RecordId,
    },
    /// What was to be absent is there.
    #[error("{collection}: {index} {key} is taken")]
    Taken {
        /// The collection.
        collection: &'static str,
        /// The index.
        index: &'static str,
        /// The values that were looked for, as JSON.
        key: String,
    },
    /// A field of it was erased for ever.
    #[error("{collection} {id}: {field} was erased and cannot be written again")]
    Erased {
        /// The collection.
        collection: &'static str,
        /// The record.
        id: RecordId,
        /// The field.
        field: String,
    },
    /// It is older than what its collection remembers.
    #[error("{collection} {id}: older than what is kept")]
    BelowHorizon {
        /// The collection.
        collection: &'static str,
        /// The record.
        id: RecordId,
    },
    /// The collection is written by others.
    #[error("{0}: this replica may not write here")]
    NotAWriter(&'static str),
    /// Too many fields, or too long a value or name.
    #[error("too large: {0}")]
    TooLarge(String),
    /// The request makes no sense in this schema.
    #[error("{0}")]
    Invalid(String),
    /// Hybrid time has run up to its ceiling.
    #[error("the clock has reached the year 2200: nothing can be stamped")]
    ClockExhausted,
}

/// What can go wrong with a commit.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// It was refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Writes {
    /// Nothing yet.
    pub fn new() -> Self {
        Writes::default()
    }

    /// A new record; the commit is refused where the id exists.
    pub fn create<T: Record>(&mut self, id: RecordId, value: &T) -> &mut Self {
        let fields = object(value).into_iter().map(|(name, value)| (name, text(&value))).collect();
        self.records.insert((T::SPEC.name, id), Write { create: true, remove: false, fields });
        self
    }

    /// A change of a profile or local record: the fields that `change` changes are written, and no others.
    pub fn update<T: Record>(&mut self, entry: &Entry<T>, change: impl FnOnce(&mut T)) -> &mut Self {
        let before = object(&entry.value);
        let mut value = entry.value.clone();
        change(&mut value);
        let write = self.records.entry((T::SPEC.name, entry.id)).or_default();
        write.remove = false;
        for (name, value) in object(&value) {
            if before.get(&name) != Some(&value) {
                write.fields.insert(name, text(&value));
            }
        }
        self
    }

    /// Removes a local record, where there is one. What is replicated cannot be removed.
    pub fn remove<T: Record>(&mut self, id: RecordId) -> &mut Self {
        self.records.insert((T::SPEC.name, id), Write { remove: true, ..Write::default() });
        self
    }

    /// Destroys the declared personal fields of a replicated record, for ever and on every replica. `id` names
    /// the erasure. Only a cloud can.
    pub fn erase<T: Record>(&mut self, id: RecordId, record: RecordId) -> &mut Self {
        let fields = T::SPEC.personal.iter().map(|&name| name.to_owned()).collect();
        self.create(id, &Erasure { collection: T::SPEC.name.to_owned(), record, fields })
    }

    /// Drops the facts of a collection made before a moment (milliseconds since 1970), everywhere and for
    /// ever. `id` names the horizon. Only a cloud can, and not facts that last.
    pub fn forget<T: Record>(&mut self, id: RecordId, before_ms: u64) -> &mut Self {
        self.create(id, &Horizon { collection: T::SPEC.name.to_owned(), before_ms })
    }

    /// On condition that the record is as it was read.
    pub fn unchanged<T: Record>(&mut self, entry: &Entry<T>) -> &mut Self {
        let &Entry { id, stamp, arrival, .. } = entry;
        self.guards.push(Guard::Unchanged { collection: T::SPEC.name, id, stamp, arrival });
        self
    }

    /// On condition that no record stands under this key (or beginning of a key) of an index.
    pub fn absent<T: Record>(
        &mut self,
        index: &'static str,
        key: impl IntoIterator<Item = Value>,
    ) -> &mut Self {
        let key = key.into_iter().collect();
        self.guards.push(Guard::Absent { collection: T::SPEC.name, index, key });
        self
    }

    /// How many fields it writes.
    pub fn field_count(&self) -> usize {
        self.records.values().map(|write| write.fields.len()).sum()
    }

    /// How many bytes its names and values have.
    pub fn byte_count(&self) -> usize {
        let fields = self.records.values().flat_map(|write| &write.fields);
        fields.map(|(name, value)| name.len() + value.len()).sum()
    }
}

impl<S: Store> Replica<S> {
    /// Writes durably, or not at all.
    ///
    /// # Errors
    /// A refusal, or what the store says. The store is unchanged then.
    pub fn commit(&mut self, now: Now, writes: &Writes) -> Result<Committed, CommitError> {
        let results = self.commit_batch(now, std::slice::from_ref(writes))?;
        self.store.sync()?;
        let result = results.into_iter().next();
        Ok(result.unwrap_or(Err(Refusal::Invalid("an empty batch".into())))?)
    }

    /// Writes several commits in one transaction that the caller makes durable with [`Store::sync`]: one
    /// fsync for all of them. A refused one leaves the others as they are. Together they keep to
    /// [`MAX_COMMIT_FIELDS`] and [`MAX_COMMIT_BYTES`], because they travel as one transaction; members beyond
    /// are refused as too large.
    ///
    /// # Errors
    /// What the store says; none of the batch was written then.
    pub fn commit_batch(
        &mut self,
        now: Now,
        batch: &[Writes],
    ) -> Result<Vec<Result<Committed, Refusal>>, StoreError> {
        let schema = &self.schema;
        self.store.write(|rows| {
            let mut transaction = Transaction::begin(rows, schema)?;
            let replica = transaction.head.replica;
            let sequence = transaction.head.vector.get(&replica) + 1;
            let mut results = Vec::with_capacity(batch.len());
            let mut size = Size::default();
            for writes in batch {
                let result = match judge(&mut transaction, schema, writes, &mut size)? {
                    Some(refusal) => Err(refusal),
                    None => match transaction.head.time.next(now) {
                        None => Err(Refusal::ClockExhausted),
                        Some(time) => {
                            let stamp = Stamp { time, replica, sequence };
                            write(&mut transaction, schema, writes, stamp)?;
                            Ok(Committed { stamp })
                        }
                    },
                };
                results.push(result);
            }
            if transaction.is_touched() {
                // A sequence is used only where something was written under it: it stands in the running
                // hash then, and a copy of this disk that uses it again is found out.
                transaction.head.vector.apply(crdts::Dot::new(replica, sequence));
            }
            transaction.finish()?;
            Ok(results)
        })
    }
}

/// What the accepted members of a batch come to.
#[derive(Default)]
struct Size {
    fields: usize,
    bytes: usize,
}

/// Writes what was judged.
fn write(at: &mut Transaction<'_>, schema: &Schema, writes: &Writes, stamp: Stamp) -> Result<(), StoreError> {
    at.head.time = stamp.time;
    for ((collection, id), write) in &writes.records {
        let Some(declared) = schema.get(collection) else { continue };
        if write.remove {
            at.remove(collection, *id)?;
            continue;
        }
        at.absorb(&declared.spec.shape(), *id, stamp, declared.stored(&write.fields))?;
    }
    Ok(())
}

/// Finds the reason to refuse, if there is one.
fn judge(
    at: &mut Transaction<'_>,
    schema: &Schema,
    writes: &Writes,
    size: &mut Size,
) -> Result<Option<Refusal>, StoreError> {
    let (fields, bytes) = (size.fields + writes.field_count(), size.bytes + writes.byte_count());
    if fields > MAX_COMMIT_FIELDS || bytes > MAX_COMMIT_BYTES {
        return Ok(Some(Refusal::TooLarge(format!("{fields} fields, {bytes} bytes in one transaction"))));
    }
    for guard in &writes.guards {
        if let Some(refusal) = broken(at.rows, schema, guard)? {
            return Ok(Some(refusal));
        }
    }
    for (&(collection, id), write) in &writes.records {
        let Some(declared) = schema.get(collection) else {
            return Ok(Some(Refusal::Invalid(format!("{collection}: not in the schema of this store"))));
        };
        if let Some(refusal) = unwritable(at, schema, &declared.spec, id, write)? {
            return Ok(Some(refusal));
        }
    }
    *size = Size { fields, bytes };
    Ok(None)
}

fn broken(rows: &dyn Rows, schema: &Schema, guard: &Guard) -> Result<Option<Refusal>, StoreError> {
    match guard {
        &Guard::Unchanged { collection, id, stamp, arrival } => {
            let row = rows.row(collection, id)?.unwrap_or_default();
            let same = row.stamp() == Some(stamp) && row.arrivals().last() == Some(&arrival);
            Ok((!same).then_some(Refusal::Changed { collection, id }))
        }
        Guard::Absent { collection, index, key } => {
            if schema.get(collection).and_then(|declared| declared.spec.index(index)).is_none() {
                return Ok(Some(Refusal::Invalid(format!("{collection}: no index {index}"))));
            }
            let low = key::encode(key);
            let span =
                Span { high: key::after_prefix(&low), low: Some(low), direction: Direction::Ascending };
            let taken = !rows.entries(collection, index, &span, 1)?.is_empty();
            let key = || Value::from(key.clone()).to_string();
            Ok(taken.then(|| Refusal::Taken { collection, index, key: key() }))
        }
    }
}

fn unwritable(
    at: &mut Transaction<'_>,
    schema: &Schema,
    spec: &Spec,
    id: RecordId,
    write: &Write,
) -> Result<Option<Refusal>, StoreError> {
    let collection = spec.name;
    if !spec.writers.admit(at.head.role) {
        return Ok(Some(Refusal::NotAWriter(collection)));
    }
    if write.remove {
        let replicated = spec.kind != Kind::Local;
        let refusal = || Refusal::Invalid(format!("{collection}: only what stays here can be removed"));
        return Ok(replicated.then(refusal));
    }
    for (name, value) in &write.fields {
        if name.len() > MAX_NAME_BYTES || value.len() > MAX_VALUE_BYTES {
            return Ok(Some(Refusal::TooLarge(format!(
                "{collection} {id}: {name} has {} bytes",
                value.len()
            ))));
        }
    }
    let row = at.rows.row(collection, id)?.unwrap_or_default();
    if row.is_visible() && (write.create || spec.kind == Kind::Fact) {
        #[cfg(feature = "sim")]
        if spec.kind == Kind::Fact && crate::fault::planted(crate::fault::Fault::FactTwice) {
            return Ok(None);
        }
        return Ok(Some(Refusal::Exists { collection, id }));
    }
    if !row.is_visible() && !write.create {
        return Ok(Some(Refusal::Changed { collection, id }));
    }
    if let Some(field) = write.fields.keys().find(|name| row.erased.contains(*name)) {
        return Ok(Some(Refusal::Erased { collection, id, field: field.clone() }));
    }
    if spec.kind == Kind::Fact && !spec.lasting && id.made_ms() < at.horizon(collection)? {
        return Ok(Some(Refusal::BelowHorizon { collection, id }));
    }
    Ok(unforgettable(schema, collection, write))
}

/// The reason why an erasure or a horizon, if it is one, cannot be what its target takes.
fn unforgettable(schema: &Schema, collection: &str, write: &Write) -> Option<Refusal> {
    let target = || {
        let name = serde_json::from_str::<String>(write.fields.get("collection")?).ok()?;
        schema.get(&name).map(|declared| &declared.spec).filter(|spec| !is_own(spec.name))
    };
    let (fits, why) = if collection == Horizon::SPEC.name {
        let fits = target().is_some_and(|spec| spec.kind == Kind::Fact && !spec.lasting);
        (fits, "only facts of the community that need not last have a horizon")
    } else if collection == Erasure::SPEC.name {
        let fits = target().is_some_and(|spec| spec.kind != Kind::Local);
        (fits, "only what is replicated is erased; what stays here is removed")
    } else {
        return None;
    };
    (!fits).then(|| Refusal::Invalid(why.into()))
}

fn object<T: Record>(value: &T) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(fields)) => fields,
        // `Schema::with` has refused types that are not objects; what is left is a map with keys that are no text.
        other => panic!("a record of {} does not write as a JSON object: {other:?}", T::SPEC.name),
    }
}

fn text(value: &Value) -> Box<str> {
    value.to_string().into()
}
