//! One transaction of a replica: rows change here, and everything that follows from a change is kept in step.
//!
//! Invariants: index entries, searched texts, the order of arrival, the digest and the running hash are
//! changed in the transaction that changes the row, and nowhere else; a transaction that changes no
//! replicated row takes no place in the order of arrival; an erasure and a horizon are obeyed from the
//! transaction on that brings them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::builtin::{Erasure, Horizon, is_own};
use crate::key;
use crate::row::{FieldChange, Row, field_hash};
use crate::schema::{Declared, Kind, Record, Schema, Shape};
use crate::stamp::{RecordId, Stamp};
use crate::store::{Bucket, Direction, Head, Mark, Result, Span, StoreError, Table};

pub(crate) struct Transaction<'a> {
    pub rows: &'a mut dyn Table,
    pub head: Head,
    schema: &'a Schema,
    arrival: u64,
    hasher: blake3::Hasher,
    touched: bool,
    digests: BTreeMap<Bucket, u128>,
    horizons: BTreeMap<String, u64>,
    changed: BTreeSet<(Cow<'static, str>, RecordId)>,
    conflicts: usize,
}

/// What a transaction did.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub changed: BTreeSet<(Cow<'static, str>, RecordId)>,
    pub conflicts: usize,
}

impl<'a> Transaction<'a> {
    pub fn begin(rows: &'a mut dyn Table, schema: &'a Schema) -> Result<Self> {
        let head = rows.head()?.ok_or_else(|| StoreError::Damaged("it has no head".into()))?;
        let arrival = head.mark.arrival + 1;
        let mut hasher = blake3::Hasher::new();
        hasher.update(&head.mark.hash).update(&arrival.to_be_bytes());
        Ok(Transaction {
            rows,
            head,
            schema,
            arrival,
            hasher,
            touched: false,
            digests: BTreeMap::new(),
            horizons: BTreeMap::new(),
            changed: BTreeSet::new(),
            conflicts: 0,
        })
    }

    /// Takes what a write changes in a record, with all that an erasure or a horizon among the writes causes.
    pub fn absorb<'f>(
        &mut self,
        shape: &Shape,
        id: RecordId,
        stamp: Stamp,
        fields: impl IntoIterator<Item = (&'f str, &'f str)>,
    ) -> Result<()> {
        if shape.kind == Kind::Fact && !shape.lasting && id.made_ms() < self.horizon(&shape.name)? {
            return Ok(());
        }
        let before = self.rows.row(&shape.name, id)?.unwrap_or_default();
        let mut after = before.clone();
        let arrival = if shape.kind == Kind::Local { 0 } else { self.arrival };
        let absorbed = after.absorb(shape.kind, stamp, fields, arrival);
        self.conflicts += usize::from(absorbed.conflict);
        if absorbed.changes.is_empty() {
            return Ok(());
        }
        self.replace(&shape.name, id, &before, &after, &absorbed.changes)?;
        if shape.name == Erasure::SPEC.name {
            let erasure: Erasure = parse(&after)?;
            self.erase(&erasure)?;
        } else if shape.name == Horizon::SPEC.name {
            let horizon: Horizon = parse(&after)?;
            self.forget(&horizon.collection, horizon.before_ms)?;
        }
        Ok(())
    }

    /// Gives fields of a record that are stamped by `stamp` another stamp, with the same values.
    pub fn restamp(&mut self, collection: &str, id: RecordId, stamp: Stamp, by: Stamp) -> Result<()> {
        let Some(before) = self.rows.row(collection, id)? else { return Ok(()) };
        let mut after = before.clone();
        let mut changes = Vec::new();
        for (name, field) in after.fields.iter_mut().filter(|(_, field)| field.register.marker == stamp) {
            let old = field.register.clone();
            field.register.marker = by;
            field.arrival = self.arrival;
            changes.push(FieldChange {
                name: name.clone(),
                old: Some(old),
                new: Some(field.register.clone()),
            });
        }
        self.replace(collection, id, &before, &after, &changes)
    }

    /// Facts of the collection made before this moment (milliseconds since 1970) are gone for ever.
    pub fn horizon(&mut self, collection: &str) -> Result<u64> {
        if is_own(collection) {
            return Ok(0);
        }
        if let Some(before_ms) = self.horizons.get(collection) {
            return Ok(*before_ms);
        }
        let low = key::encode([&Value::from(collection)]);
        let span = Span { high: key::after_prefix(&low), low: Some(low), direction: Direction::Descending };
        let furthest = self.rows.entries(Horizon::SPEC.name, "furthest", &span, 1)?;
        let before_ms = match furthest.first() {
            None => 0,
            Some(entry) => {
                let row = self.rows.row(Horizon::SPEC.name, record_of(entry))?.unwrap_or_default();
                parse::<Horizon>(&row)?.before_ms
            }
        };
        self.horizons.insert(collection.to_owned(), before_ms);
        Ok(before_ms)
    }

    /// Drops a record with everything that is known of it.
    pub fn remove(&mut self, collection: &str, id: RecordId) -> Result<()> {
        let Some(before) = self.rows.row(collection, id)? else { return Ok(()) };
        let gone = |(name, field): (&String, &crate::row::Field)| FieldChange {
            name: name.clone(),
            old: Some(field.register.clone()),
            new: None,
        };
        let changes: Vec<_> = before.fields.iter().map(gone).collect();
        self.replace(collection, id, &before, &Row::default(), &changes)
    }

    fn erase(&mut self, erasure: &Erasure) -> Result<()> {
        let &Erasure { ref collection, record: id, fields: ref names } = erasure;
        let local = self.rows.shape(collection)?.is_some_and(|shape| shape.kind == Kind::Local);
        if is_own(collection) || local {
            return Ok(());
        }
        let before = self.rows.row(collection, id)?.unwrap_or_default();
        let mut after = before.clone();
        let changes = after.erase(names);
        if after != before {
            self.replace(collection, id, &before, &after, &changes)?;
        }
        Ok(())
    }

    fn forget(&mut self, collection: &str, before_ms: u64) -> Result<()> {
        const AT_ONCE: usize = 1000;
        self.horizons.remove(collection);
        let shape = self.rows.shape(collection)?;
        let concerned = shape.is_some_and(|shape| shape.kind == Kind::Fact && !shape.lasting);
        let Some(last) = before_ms.checked_sub(1).filter(|_| concerned && !is_own(collection)) else {
            return Ok(());
        };
        // Beyond what an id can hold its milliseconds would wrap around.
        let last = RecordId::new(last.min(RecordId::MAX.made_ms()), u128::MAX);
        loop {
            let ids = self.rows.ids(collection, RecordId::MIN, last, AT_ONCE)?;
            for &id in &ids {
                self.remove(collection, id)?;
            }
            if ids.len() < AT_ONCE {
                return Ok(());
            }
        }
    }

    /// Puts a row in the place of another and keeps everything derived from it in step.
    fn replace(
        &mut self,
        collection: &str,
        id: RecordId,
        before: &Row,
        after: &Row,
        changes: &[FieldChange],
    ) -> Result<()> {
        let (old, new) = (before.arrivals(), after.arrivals());
        for &arrival in old.difference(&new) {
            if arrival > 0 {
                self.rows.remove_arrival(arrival, collection, id)?;
            }
        }
        for &arrival in new.difference(&old) {
            if arrival > 0 {
                self.rows.put_arrival(arrival, collection, id)?;
            }
        }
        let replicated = old.iter().chain(&new).any(|arrival| *arrival > 0);
        if replicated {
            self.touched = true;
            let mut sum = 0_u128;
            self.hasher.update(&id.to_bytes());
            for change in changes {
                let hash = |register: &Option<_>| {
                    register.as_ref().map_or(0, |register| field_hash(collection, id, &change.name, register))
                };
                let (old, new) = (hash(&change.old), hash(&change.new));
                sum = sum.wrapping_sub(old).wrapping_add(new);
                self.hasher.update(&old.to_be_bytes()).update(&new.to_be_bytes());
            }
            let total = self.digests.entry(Bucket::of(collection, id)).or_default();
            *total = total.wrapping_add(sum);
        }
        if let Some(declared) = self.schema.get(collection) {
            reindex(self.rows, declared, id, before, after, Some(changes))?;
        }
        self.changed.insert((collection.to_owned().into(), id));
        self.rows.put_row(collection, id, after)
    }

    /// Whether it has changed anything that is replicated.
    pub fn is_touched(&self) -> bool {
        self.touched
    }

    /// Writes what the transaction owes: its place in the history, the digest and the head.
    pub fn finish(mut self) -> Result<Outcome> {
        if self.touched {
            let mut hash = [0; 16];
            hash.copy_from_slice(&self.hasher.finalize().as_bytes()[..16]);
            let sequence = self.head.vector.get(&self.head.replica);
            self.head.mark = Mark { arrival: self.arrival, sequence, hash };
            self.rows.put_chain(&self.head.mark)?;
        }
        for (bucket, sum) in self.digests.iter().filter(|(_, sum)| **sum != 0) {
            self.rows.add_digest(bucket, *sum)?;
        }
        self.rows.set_head(&self.head)?;
        Ok(Outcome { changed: self.changed, conflicts: self.conflicts })
    }
}

/// Brings the index entries and the searched text of a record from one version to the other. With `changes`,
/// only what they can have moved is looked at.
pub(crate) fn reindex(
    rows: &mut dyn Table,
    declared: &Declared,
    id: RecordId,
    before: &Row,
    after: &Row,
    changes: Option<&[FieldChange]>,
) -> Result<()> {
    let spec = &declared.spec;
    let appears = before.is_visible() != after.is_visible();
    let moved = |path: &str| {
        let root = root(path);
        appears || changes.is_none_or(|changes| changes.iter().any(|change| change.name == root))
    };
    for index in spec.indexes.iter().filter(|index| index.on.iter().any(|path| moved(path))) {
        let key = |row| index_key(declared, row, index.on, id);
        let (old, new) = (key(before), key(after));
        if old != new {
            if let Some(old) = old {
                rows.remove_entry(spec.name, index.name, &old)?;
            }
            if let Some(new) = new {
                rows.put_entry(spec.name, index.name, &new)?;
            }
        }
    }
    if spec.search.iter().any(|path| moved(path)) {
        let (old, new) = (searched_text(declared, before), searched_text(declared, after));
        if old != new {
            rows.put_text(spec.name, id, new.as_deref())?;
        }
    }
    Ok(())
}

/// The text of a search, as it is looked for: `ё` is `е`, and case does not matter.
pub(crate) fn folded(text: &str) -> String {
    text.to_lowercase().replace('ё', "е")
}

/// The record whose id ends an index key.
pub(crate) fn record_of(entry: &[u8]) -> RecordId {
    let mut id = [0; 16];
    id.copy_from_slice(&entry[entry.len() - 16..]);
    RecordId::from_bytes(id)
}

pub(crate) fn parse<T: Record>(row: &Row) -> Result<T> {
    serde_json::from_str(&row.document())
        .map_err(|error| StoreError::Damaged(format!("a record of {}: {error}", T::SPEC.name)))
}

fn root(path: &str) -> &str {
    path.split('.').next().unwrap_or(path)
}

fn index_key(of: &Declared, row: &Row, on: &[&str], id: RecordId) -> Option<Vec<u8>> {
    row.is_visible().then(|| {
        let values: Vec<Value> = on.iter().map(|path| value_at(of, row, path)).collect();
        let mut key = key::encode(&values);
        key.extend_from_slice(&id.to_bytes());
        key
    })
}

fn searched_text(of: &Declared, row: &Row) -> Option<String> {
    if !row.is_visible() {
        return None;
    }
    let texts = of.spec.search.iter().filter_map(|path| match value_at(of, row, path) {
        Value::String(text) => Some(folded(&text)),
        _ => None,
    });
    // A line break keeps a fragment from matching across two fields.
    let text = texts.collect::<Vec<_>>().join("\n");
    (!text.is_empty()).then_some(text)
}

/// A missing field has its default; so does one that was erased.
fn value_at(of: &Declared, row: &Row, path: &str) -> Value {
    let mut steps = path.split('.');
    let name = steps.next().unwrap_or_default();
    let held = row.fields.get(name).map(|field| &field.register.val);
    let json = held.or_else(|| of.defaults.get(name));
    let whole = json.and_then(|json| serde_json::from_str::<Value>(json).ok());
    steps.fold(whole.unwrap_or_default(), |value, step| value.get(step).cloned().unwrap_or_default())
}
