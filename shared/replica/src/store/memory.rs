//! The in-memory model: the simulator's store, and the oracle that SQLite is compared with.
//!
//! Everything that is written is lost at a crash unless [`Store::sync`] followed it, as on a disk that lies
//! in its cache. Its maps share structure, so that a snapshot, a backup or a clone costs nothing.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use imbl::{OrdMap, OrdSet};

use super::{Bucket, Direction, Head, Mark, Result, Rows, Span, Store, StoreError, Table};
use crate::row::Row;
use crate::schema::{Declared, Shape};
use crate::stamp::{RecordId, ReplicaId};

type Name = Arc<str>;

/// A store in memory with an explicit fsync.
#[derive(Clone, Default)]
pub struct Memory {
    written: Tables,
    durable: Tables,
    fuse: Fuse,
}

/// Cuts a store's power in the middle of whatever it is doing.
#[derive(Clone, Debug, Default)]
pub struct Fuse(Arc<AtomicU32>);

impl Fuse {
    /// The store fails at the `steps`-th write or fsync from now on, and at every one after it.
    pub fn light(&self, steps: u32) {
        self.0.store(steps.saturating_add(1), Ordering::Relaxed);
    }

    /// One step nearer; the error where the fuse has burnt down.
    fn burn(&self) -> Result<()> {
        match self.0.load(Ordering::Relaxed) {
            0 => Ok(()),
            1 => Err(StoreError::Io("the power was cut".into())),
            left => {
                self.0.store(left - 1, Ordering::Relaxed);
                Ok(())
            }
        }
    }
}

impl Memory {
    /// An empty store.
    pub fn new() -> Self {
        Memory::default()
    }

    /// What a crash leaves: everything up to the last [`Store::sync`]. Also what a backup or a copy of the
    /// disk holds.
    #[must_use]
    pub fn crashed(&self) -> Memory {
        Memory { written: self.durable.clone(), durable: self.durable.clone(), fuse: Fuse::default() }
    }

    /// The fuse of this store.
    pub fn fuse(&self) -> Fuse {
        self.fuse.clone()
    }
}

impl Store for Memory {
    fn read<R>(&self, body: impl FnOnce(&dyn Rows) -> R) -> Result<R> {
        Ok(body(&self.written))
    }

    fn write<R, E: From<StoreError>>(
        &mut self,
        body: impl FnOnce(&mut dyn Table) -> std::result::Result<R, E>,
    ) -> std::result::Result<R, E> {
        self.fuse.burn()?;
        let mut tables = self.written.clone();
        let result = body(&mut tables)?;
        self.written = tables;
        Ok(result)
    }

    fn sync(&mut self) -> Result<()> {
        self.fuse.burn()?;
        self.durable = self.written.clone();
        Ok(())
    }
}

#[derive(Clone, Default)]
struct Tables {
    head: Option<Head>,
    rows: OrdMap<(Name, RecordId), Arc<Row>>,
    entries: OrdSet<(Name, Name, Vec<u8>)>,
    texts: OrdMap<(Name, RecordId), Arc<str>>,
    arrivals: OrdSet<(u64, Name, RecordId)>,
    chain: OrdMap<u64, Mark>,
    marks: OrdMap<(ReplicaId, u64), Mark>,
    digests: OrdMap<(Name, u32), u128>,
    shapes: OrdMap<Name, Shape>,
    declarations: OrdMap<Name, String>,
}

impl Rows for Tables {
    fn head(&self) -> Result<Option<Head>> {
        Ok(self.head.clone())
    }

    fn row(&self, collection: &str, id: RecordId) -> Result<Option<Row>> {
        Ok(self.rows.get(&(collection.into(), id)).map(|row| Row::clone(row)))
    }

    fn ids(&self, collection: &str, first: RecordId, last: RecordId, limit: usize) -> Result<Vec<RecordId>> {
        let name: Name = collection.into();
        let range = (name.clone(), first)..=(name, last);
        Ok(self.rows.range(range).map(|((_, id), _)| *id).take(limit).collect())
    }

    fn entries(&self, collection: &str, index: &str, span: &Span, limit: usize) -> Result<Vec<Vec<u8>>> {
        let (collection, index): (Name, Name) = (collection.into(), index.into());
        let at = |key: &Vec<u8>| (collection.clone(), index.clone(), key.clone());
        let low = Bound::Included(at(span.low.as_ref().unwrap_or(&Vec::new())));
        let high = match &span.high {
            Some(key) => Bound::Excluded(at(key)),
            None => Bound::Excluded((collection.clone(), format!("{index}\0").into(), Vec::new())),
        };
        let range = self.entries.range((low, high));
        let key = |entry: &(Name, Name, Vec<u8>)| entry.2.clone();
        Ok(match span.direction {
            Direction::Ascending => range.map(key).take(limit).collect(),
            Direction::Descending => range.rev().map(key).take(limit).collect(),
        })
    }

    fn matches(
        &self,
        collection: &str,
        fragment: &str,
        before: RecordId,
        limit: usize,
    ) -> Result<Vec<RecordId>> {
        let name: Name = collection.into();
        let range = (name.clone(), RecordId::MIN)..(name, before);
        let found = self.texts.range(range).rev().filter(|(_, text)| text.contains(fragment));
        Ok(found.map(|((_, id), _)| *id).take(limit).collect())
    }

    fn arrivals(
        &self,
        after: u64,
        without: &[Cow<'static, str>],
        limit: usize,
    ) -> Result<Vec<(u64, Cow<'static, str>, RecordId)>> {
        let first = (after.saturating_add(1), Name::from(""), RecordId::MIN);
        let wanted = |(_, name, _): &&(u64, Name, RecordId)| without.iter().all(|other| **other != **name);
        let found = self.arrivals.range(first..).filter(wanted).take(limit);
        Ok(found.map(|(arrival, name, id)| (*arrival, name.to_string().into(), *id)).collect())
    }

    fn chain(&self, arrival: u64) -> Result<Option<Mark>> {
        Ok(self.chain.get(&arrival).copied())
    }

    fn marks(&self, peer: ReplicaId) -> Result<Vec<Mark>> {
        Ok(self.marks.range((peer, 0)..=(peer, u64::MAX)).rev().map(|(_, mark)| *mark).collect())
    }

    fn digests(&self) -> Result<BTreeMap<Bucket, u128>> {
        let bucket =
            |(name, month): &(Name, u32)| Bucket { collection: name.to_string().into(), month: *month };
        Ok(self.digests.iter().map(|(key, sum)| (bucket(key), *sum)).collect())
    }

    fn shape(&self, collection: &str) -> Result<Option<Shape>> {
        Ok(self.shapes.get(collection).cloned())
    }

    fn shapes(&self) -> Result<Vec<Shape>> {
        Ok(self.shapes.values().cloned().collect())
    }

    fn declaration(&self, collection: &str) -> Result<Option<String>> {
        Ok(self.declarations.get(collection).cloned())
    }
}

impl Table for Tables {
    fn set_head(&mut self, head: &Head) -> Result<()> {
        self.head = Some(head.clone());
        Ok(())
    }

    fn put_row(&mut self, collection: &str, id: RecordId, row: &Row) -> Result<()> {
        let key = (collection.into(), id);
        if row.fields.is_empty() && row.erased.is_empty() {
            self.rows.remove(&key);
        } else {
            self.rows.insert(key, Arc::new(row.clone()));
        }
        Ok(())
    }

    fn put_entry(&mut self, collection: &str, index: &str, key: &[u8]) -> Result<()> {
        self.entries.insert((collection.into(), index.into(), key.to_vec()));
        Ok(())
    }

    fn remove_entry(&mut self, collection: &str, index: &str, key: &[u8]) -> Result<()> {
        self.entries.remove(&(collection.into(), index.into(), key.to_vec()));
        Ok(())
    }

    fn put_text(&mut self, collection: &str, id: RecordId, text: Option<&str>) -> Result<()> {
        let key = (collection.into(), id);
        match text {
            Some(text) => self.texts.insert(key, text.into()),
            None => self.texts.remove(&key),
        };
        Ok(())
    }

    fn put_arrival(&mut self, arrival: u64, collection: &str, id: RecordId) -> Result<()> {
        self.arrivals.insert((arrival, collection.into(), id));
        Ok(())
    }

    fn remove_arrival(&mut self, arrival: u64, collection: &str, id: RecordId) -> Result<()> {
        self.arrivals.remove(&(arrival, collection.into(), id));
        Ok(())
    }

    fn put_chain(&mut self, mark: &Mark) -> Result<()> {
        self.chain.insert(mark.arrival, *mark);
        Ok(())
    }

    fn put_mark(&mut self, peer: ReplicaId, mark: &Mark) -> Result<()> {
        self.marks.insert((peer, mark.arrival), *mark);
        Ok(())
    }

    fn remove_mark(&mut self, peer: ReplicaId, arrival: u64) -> Result<()> {
        self.marks.remove(&(peer, arrival));
        Ok(())
    }

    fn add_digest(&mut self, bucket: &Bucket, sum: u128) -> Result<()> {
        let key = (Name::from(&*bucket.collection), bucket.month);
        let total = self.digests.get(&key).copied().unwrap_or(0).wrapping_add(sum);
        if total == 0 {
            self.digests.remove(&key);
        } else {
            self.digests.insert(key, total);
        }
        Ok(())
    }

    fn put_shape(&mut self, shape: &Shape) -> Result<()> {
        self.shapes.insert((*shape.name).into(), shape.clone());
        Ok(())
    }

    fn declare(&mut self, declared: &Declared, declaration: &str) -> Result<()> {
        let name: Name = declared.spec.name.into();
        self.entries = self.entries.iter().filter(|entry| entry.0 != name).cloned().collect();
        self.texts = self
            .texts
            .iter()
            .filter(|((of, _), _)| *of != name)
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        self.declarations.insert(name, declaration.to_owned());
        Ok(())
    }
}
