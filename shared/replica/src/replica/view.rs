//! Reading: typed handles on collections, over one snapshot of the store.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde_json::Value;

use super::transaction::{folded, record_of};
use super::walk;
use crate::key;
use crate::row::Row;
use crate::schema::{Record, Schema};
use crate::stamp::{Now, RecordId, ReplicaId, Stamp};
use crate::store::{Direction, Rows, Span, StoreError};

/// A snapshot of a replica.
#[derive(Clone, Copy)]
pub struct View<'a> {
    rows: &'a dyn Rows,
    schema: &'a Schema,
}

/// A typed handle on the records of one collection in a snapshot.
pub struct Collection<'a, T> {
    view: View<'a>,
    record: PhantomData<fn() -> T>,
}

/// A record as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<T> {
    /// Its id.
    pub id: RecordId,
    /// The greatest stamp of its fields: what [`super::Writes::unchanged`] compares.
    pub stamp: Stamp,
    /// The last transaction of this replica that changed it; 0 for local records.
    pub arrival: u64,
    /// The record.
    pub value: T,
}

/// Some records in the order that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// The records.
    pub entries: Vec<Entry<T>>,
    /// Records of this page that do not read as their type, and what the JSON reader says: whoever wrote one
    /// hides no other with it. Whoever decides by what is *not* there must look at these as well.
    pub unreadable: Vec<(RecordId, String)>,
    /// Where the next page starts, where there is more.
    pub next: Option<Cursor>,
}

/// A place in an index or a search. Its text form fits into a URL.
#[derive(Clone, PartialEq, Eq)]
pub struct Cursor(Vec<u8>);

/// Why something could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No such index.
    #[error("{collection}: no index {index}")]
    NoIndex {
        /// The collection.
        collection: &'static str,
        /// What was asked for.
        index: String,
    },
    /// The record does not read as its type.
    #[error("{collection} {id}: {why}")]
    Unreadable {
        /// The collection.
        collection: &'static str,
        /// The record.
        id: RecordId,
        /// What the JSON reader says.
        why: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A range of an index: some leading fields equal, the next one in a range.
#[derive(Clone, Debug)]
pub struct Query<'a> {
    index: &'a str,
    equal: Vec<Value>,
    from: Option<Value>,
    below: Option<Value>,
    direction: Direction,
    after: Option<Cursor>,
    limit: usize,
}

impl<'a> Query<'a> {
    /// The most records of one page.
    pub const MAX_LIMIT: usize = 1000;

    /// All records in the order of an index, at most 100.
    pub fn on(index: &'a str) -> Self {
        let (equal, direction) = (Vec::new(), Direction::Ascending);
        Query { index, equal, from: None, below: None, direction, after: None, limit: 100 }
    }

    /// With the next field of the index equal to this.
    #[must_use]
    pub fn equal(mut self, value: impl Into<Value>) -> Self {
        self.equal.push(value.into());
        self
    }

    /// With the field after the equal ones at or above this.
    #[must_use]
    pub fn from(mut self, value: impl Into<Value>) -> Self {
        self.from = Some(value.into());
        self
    }

    /// With the field after the equal ones below this.
    #[must_use]
    pub fn below(mut self, value: impl Into<Value>) -> Self {
        self.below = Some(value.into());
        self
    }

    /// In this direction.
    #[must_use]
    pub fn direction(mut self, direction: Direction) -> Self {
        self.direction = direction;
        self
    }

    /// From the end of an earlier page on.
    #[must_use]
    pub fn after(mut self, cursor: Option<Cursor>) -> Self {
        self.after = cursor;
        self
    }

    /// At most so many records (and never more than [`Query::MAX_LIMIT`]).
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit.clamp(1, Query::MAX_LIMIT);
        self
    }

    fn span(&self) -> Span {
        let prefix = key::encode(&self.equal);
        let with = |value: &Value| {
            let mut bound = prefix.clone();
            key::push(&mut bound, value);
            bound
        };
        let mut low = Some(self.from.as_ref().map_or_else(|| prefix.clone(), with));
        let mut high = self.below.as_ref().map(with).or_else(|| key::after_prefix(&prefix));
        if let Some(Cursor(key)) = &self.after {
            match self.direction {
                // The next key in the order of bytes.
                Direction::Ascending => low = low.max(Some([key.as_slice(), &[0]].concat())),
                Direction::Descending => {
                    high = Some(high.map_or_else(|| key.clone(), |high| high.min(key.clone())));
                }
            }
        }
        Span { low, high, direction: self.direction }
    }
}

impl<'a> View<'a> {
    pub(crate) fn new(rows: &'a dyn Rows, schema: &'a Schema) -> Self {
        View { rows, schema }
    }

    /// The records of `T`.
    pub fn of<T: Record>(self) -> Collection<'a, T> {
        Collection { view: self, record: PhantomData }
    }

    /// Who this replica is.
    ///
    /// # Errors
    /// What the store says.
    pub fn replica(&self) -> Result<ReplicaId, StoreError> {
        Ok(walk::head(self.rows)?.replica)
    }

    /// A new record's id from 80 bits of entropy.
    ///
    /// Its milliseconds are those of hybrid time, so that a clock that fell back cannot make facts that are
    /// older than the horizon.
    ///
    /// # Errors
    /// What the store says.
    pub fn new_id(&self, now: Now, entropy: u128) -> Result<RecordId, StoreError> {
        let time = walk::head(self.rows)?.time;
        Ok(RecordId::new(time.next(now).unwrap_or(time).ms(), entropy))
    }
}

impl fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.schema.fmt(f)
    }
}

impl<T: Record> Collection<'_, T> {
    /// One record.
    ///
    /// # Errors
    /// Where it does not read as `T`, or the store fails.
    pub fn get(&self, id: RecordId) -> Result<Option<Entry<T>>, ReadError> {
        match self.view.rows.row(T::SPEC.name, id)? {
            Some(row) if row.is_visible() => read(id, &row).map(Some),
            _ => Ok(None),
        }
    }

    /// Records of a range of an index, in its order.
    ///
    /// # Errors
    /// Where there is no such index, or the store fails.
    pub fn find(&self, query: &Query<'_>) -> Result<Page<T>, ReadError> {
        if T::SPEC.index(query.index).is_none() {
            return Err(ReadError::NoIndex { collection: T::SPEC.name, index: query.index.to_owned() });
        }
        let mut keys = self.view.rows.entries(T::SPEC.name, query.index, &query.span(), query.limit + 1)?;
        let next = (keys.len() > query.limit).then(|| {
            keys.truncate(query.limit);
            Cursor(keys[query.limit - 1].clone())
        });
        self.page(keys.iter().map(|key| record_of(key)), next)
    }

    /// Records whose searched fields contain a fragment, newest first. Case and `ё` do not matter.
    ///
    /// # Errors
    /// What the store says.
    pub fn search(&self, fragment: &str, after: Option<Cursor>, limit: usize) -> Result<Page<T>, ReadError> {
        let limit = limit.clamp(1, Query::MAX_LIMIT);
        let before =
            after.and_then(|Cursor(id)| id.try_into().ok()).map_or(RecordId::MAX, RecordId::from_bytes);
        let mut ids = self.view.rows.matches(T::SPEC.name, &folded(fragment), before, limit + 1)?;
        let next = (ids.len() > limit).then(|| {
            ids.truncate(limit);
            Cursor(ids[limit - 1].to_bytes().to_vec())
        });
        self.page(ids.into_iter(), next)
    }

    fn page(&self, ids: impl Iterator<Item = RecordId>, next: Option<Cursor>) -> Result<Page<T>, ReadError> {
        let mut page = Page { entries: Vec::new(), unreadable: Vec::new(), next };
        for id in ids {
            match self.get(id) {
                Ok(entry) => page.entries.extend(entry),
                Err(ReadError::Unreadable { why, .. }) => page.unreadable.push((id, why)),
                Err(error) => return Err(error),
            }
        }
        Ok(page)
    }
}

impl<T> fmt::Debug for Collection<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.view.fmt(f)
    }
}

fn read<T: Record>(id: RecordId, row: &Row) -> Result<Entry<T>, ReadError> {
    let value = serde_json::from_str(&row.document()).map_err(|error| ReadError::Unreadable {
        collection: T::SPEC.name,
        id,
        why: error.to_string(),
    })?;
    let arrival = row.arrivals().last().copied().unwrap_or_default();
    Ok(Entry { id, stamp: row.stamp().unwrap_or_default(), arrival, value })
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor")]
pub struct BadCursor;

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        if !text.is_ascii() || !text.len().is_multiple_of(2) {
            return Err(BadCursor);
        }
        let byte = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).map_err(|_| BadCursor);
        (0..text.len()).step_by(2).map(byte).collect::<Result<_, _>>().map(Cursor)
    }
}
