//! The narrow boundary between a replica's rules and the place where its rows lie.
//!
//! A store knows tables, ranges and transactions; it knows no stamp rule, no merge, no right. Everything
//! that decides is in [`crate::replica`], once, so that SQLite, the in-memory model and a later server
//! database cannot differ in it. All SQL of the project lives in modules below this one.
//!
//! Invariants: a transaction is atomic, and readers see whole transactions; what [`Store::sync`] has
//! returned for survives a crash; a crash takes back later transactions before earlier ones; a failed
//! transaction leaves nothing behind.

pub(crate) mod memory;
mod sqlite;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::delta::Walk;
use crate::row::Row;
use crate::schema::{Declared, Role, Shape};
use crate::stamp::{RecordId, ReplicaId, Time, Vector};

pub use memory::{Fuse, Memory};
pub use sqlite::{Options, Sqlite, SqliteReader, move_aside};
pub(crate) use sqlite::{Place, restore};

/// What can go wrong with a store. Nothing was written where a call returns one of these.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another process owns the store.
    #[error("{}: another process is using this store", .0.display())]
    Locked(PathBuf),
    /// The file is not a store of this project.
    #[error("{}: this file is not a Dwellers store ({why}); it was left as it is", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it seems to be instead.
        why: String,
    },
    /// The file was written by a newer program.
    #[error("{}: this store has format {found}, this program knows up to {known}: update the program", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest that this program reads.
        known: i64,
    },
    /// What is to be made is there already.
    #[error("{}: there is something already, and nothing is overwritten: name another file", .0.display())]
    Exists(PathBuf),
    /// The file is damaged.
    #[error("the store is damaged ({0}): restore it from a backup or enrol the device anew")]
    Damaged(String),
    /// There is no room left.
    #[error("the disk is full: nothing was written")]
    Full,
    /// The disk or the file cannot be written.
    #[error("the store cannot be written ({0}): nothing was written")]
    ReadOnly(String),
    /// Anything else that the disk or the database says.
    #[error("the store failed: {0}")]
    Io(String),
}

/// The result of a store's calls.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Sixteen bytes of a running hash.
pub type Hash = [u8; 16];

/// A place in a replica's own history: its n-th transaction that changed anything (by a commit or a merge),
/// the last sequence that it had used by then, and the running hash of everything up to it.
///
/// Peers remember marks of each other: as the cursor where the next delta starts, and as the evidence that
/// betrays a restored or copied disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The number of the transaction, counted from 1; 0 is the beginning.
    pub arrival: u64,
    /// The replica's last own sequence at that point.
    pub sequence: u64,
    /// The running hash.
    pub hash: Hash,
}

impl Mark {
    /// The one that lies further on in the same history.
    pub(crate) fn later(self, other: Mark) -> Mark {
        if other.arrival > self.arrival { other } else { self }
    }
}

/// The state of a replica that is not in rows: one small record, written with each transaction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Head {
    pub replica: ReplicaId,
    pub role: Role,
    /// The ids that it bore before, oldest first, and the last sequence that stayed under each.
    pub lineage: Vec<(ReplicaId, u64)>,
    pub mark: Mark,
    pub time: Time,
    pub vector: Vector,
    /// The greatest sequence of any merged stamp, covered or not.
    pub seen: Vector,
    /// The same of what came otherwise than by an urgent walk, which passes over what is bulk: who was heard so far
    /// has no more to say that lies before.
    pub heard: Vector,
    /// Ids that were borne by two histories, and the last sequence that both share: no more is ever covered.
    pub forks: BTreeMap<ReplicaId, u64>,
    /// For each peer the places in its history where the next chunk of each of its walks starts.
    pub cursors: BTreeMap<(ReplicaId, Walk), Mark>,
}

impl Head {
    /// Where in a peer's history the next chunk of a walk starts. What the whole walk has brought, the urgent one
    /// need not bring again.
    pub fn cursor(&self, peer: ReplicaId, walk: Walk) -> Mark {
        let of = |walk| self.cursors.get(&(peer, walk)).copied().unwrap_or_default();
        match walk {
            Walk::Whole => of(Walk::Whole),
            Walk::Urgent => of(Walk::Whole).later(of(Walk::Urgent)),
        }
    }
}

/// A bucket of the digest: a collection and a month of thirty days, counted from 1970, by the records' ids.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Bucket {
    /// The collection.
    pub collection: Cow<'static, str>,
    /// Thirty-day months since 1970.
    pub month: u32,
}

const MONTH_MS: u64 = 30 * 24 * 3_600_000;

impl Bucket {
    pub(crate) fn of(collection: &str, id: RecordId) -> Self {
        // 48 bits of milliseconds hold some 108 thousand months.
        Bucket { collection: collection.to_owned().into(), month: (id.made_ms() / MONTH_MS) as u32 }
    }

    /// The ids that fall into the bucket: first and last.
    pub(crate) fn ids(&self) -> (RecordId, RecordId) {
        let start = u64::from(self.month) * MONTH_MS;
        let last = (start + MONTH_MS - 1).min(RecordId::MAX.made_ms());
        (RecordId::new(start, 0), RecordId::new(last, u128::MAX))
    }
}

/// Which way a scan goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the smallest.
    Ascending,
    /// From the greatest.
    Descending,
}

/// What a transaction can read. All of it belongs to one snapshot.
pub trait Rows {
    fn head(&self) -> Result<Option<Head>>;
    fn row(&self, collection: &str, id: RecordId) -> Result<Option<Row>>;
    /// Ids of rows from `first` to `last`, both included, ascending.
    fn ids(&self, collection: &str, first: RecordId, last: RecordId, limit: usize) -> Result<Vec<RecordId>>;
    /// Entries of an index with `low <= key < high` (`None`: no bound), where a key ends with its record's id.
    fn entries(&self, collection: &str, index: &str, span: &Span, limit: usize) -> Result<Vec<Vec<u8>>>;
    /// Records whose text contains the fragment, with ids below `before`, newest first.
    fn matches(
        &self,
        collection: &str,
        fragment: &str,
        before: RecordId,
        limit: usize,
    ) -> Result<Vec<RecordId>>;
    /// Records with a field that arrived after this transaction, in the order of arrival; not those of some
    /// collections.
    fn arrivals(
        &self,
        after: u64,
        without: &[Cow<'static, str>],
        limit: usize,
    ) -> Result<Vec<(u64, Cow<'static, str>, RecordId)>>;
    /// The own history at a transaction.
    fn chain(&self, arrival: u64) -> Result<Option<Mark>>;
    /// What is remembered of a peer's history, newest first.
    fn marks(&self, peer: ReplicaId) -> Result<Vec<Mark>>;
    fn digests(&self) -> Result<BTreeMap<Bucket, u128>>;
    fn shape(&self, collection: &str) -> Result<Option<Shape>>;
    fn shapes(&self) -> Result<Vec<Shape>>;
    /// What was told to [`Table::declare`] last.
    fn declaration(&self, collection: &str) -> Result<Option<String>>;
}

/// What a transaction can write.
pub trait Table: Rows {
    fn set_head(&mut self, head: &Head) -> Result<()>;
    /// Puts a row; one without fields and erasures is removed.
    fn put_row(&mut self, collection: &str, id: RecordId, row: &Row) -> Result<()>;
    fn put_entry(&mut self, collection: &str, index: &str, key: &[u8]) -> Result<()>;
    fn remove_entry(&mut self, collection: &str, index: &str, key: &[u8]) -> Result<()>;
    /// The text that `matches` looks into; `None` removes it.
    fn put_text(&mut self, collection: &str, id: RecordId, text: Option<&str>) -> Result<()>;
    fn put_arrival(&mut self, arrival: u64, collection: &str, id: RecordId) -> Result<()>;
    fn remove_arrival(&mut self, arrival: u64, collection: &str, id: RecordId) -> Result<()>;
    fn put_chain(&mut self, mark: &Mark) -> Result<()>;
    fn put_mark(&mut self, peer: ReplicaId, mark: &Mark) -> Result<()>;
    fn remove_mark(&mut self, peer: ReplicaId, arrival: u64) -> Result<()>;
    /// Adds to a bucket (wrapping); one that comes to zero is removed.
    fn add_digest(&mut self, bucket: &Bucket, sum: u128) -> Result<()>;
    fn put_shape(&mut self, shape: &Shape) -> Result<()>;
    /// Makes the derived parts of a declared collection (its view), drops its index entries and texts, and
    /// remembers the declaration they will be built for.
    fn declare(&mut self, declared: &Declared, declaration: &str) -> Result<()>;
}

/// A range of index keys and the way through it.
pub struct Span {
    pub low: Option<Vec<u8>>,
    pub high: Option<Vec<u8>>,
    pub direction: Direction,
}

/// A place for one replica's rows.
pub trait Store {
    /// Reads from one snapshot of what was written.
    fn read<R>(&self, body: impl FnOnce(&dyn Rows) -> R) -> Result<R>
    where
        Self: Sized;
    /// Writes everything that `body` writes, or nothing where it fails.
    fn write<R, E: From<StoreError>>(
        &mut self,
        body: impl FnOnce(&mut dyn Table) -> std::result::Result<R, E>,
    ) -> std::result::Result<R, E>
    where
        Self: Sized;
    /// The same for what nobody is promised yet: a store on disk need not wait for the medium before it shows
    /// what was written. What it showed is durable after [`Store::sync`].
    fn write_unsynced<R, E: From<StoreError>>(
        &mut self,
        body: impl FnOnce(&mut dyn Table) -> std::result::Result<R, E>,
    ) -> std::result::Result<R, E>
    where
        Self: Sized,
    {
        self.write(body)
    }
    /// Returns when everything that was written, or read, so far survives a crash.
    fn sync(&mut self) -> Result<()>;
}
