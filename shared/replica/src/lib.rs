//! The replicated store that a settlement's hub and cloud share.
//!
//! A program declares typed records ([`Record`], [`Schema`]), opens a [`Replica`] over a [`Store`], reads
//! through [`Collection`] handles and commits [`Writes`]. A [`sync::Session`] at each end of a link keeps two
//! replicas in step. Everything works with no peer in the world; what was acknowledged locally survives a
//! crash, what a peer acknowledged survives the machine. To a replica that is far behind goes first what it cannot wait
//! for ([`Spec::bulk`], [`sync::Event::Ready`]), then the rest of the history.
//!
//! | module | what it holds |
//! |---|---|
//! | `stamp` | ids, hybrid time, stamps, vectors |
//! | `schema`, [`builtin`] | declarations of collections; the store's own |
//! | `row`, `key` | one record and how two versions merge; index keys |
//! | `replica` | the rules: commit, merge, walk, identity, reading |
//! | `store` | where rows lie: SQLite, or memory with an explicit fsync |
//! | [`delta`], [`sync`] | what replicas send, and the engine that sends it |
//!
//! What must never be here: a word of community life; a wall clock, randomness or a socket (time, entropy and
//! frames are passed in); SQL outside `store`; a second place that decides what merging means.

pub mod builtin;
pub mod delta;
#[cfg(feature = "schema")]
mod described;
#[cfg(feature = "sim")]
pub mod fault;
mod key;
mod replica;
mod row;
mod schema;
mod shared;
#[cfg(feature = "sim")]
pub mod sim;
mod stamp;
mod store;
pub mod sync;

pub use replica::{
    AdmissionError, Alarm, BadCursor, Collection, CommitError, Committed, Cursor, Entry, Hello, Illegal,
    MAX_COMMIT_BYTES, MAX_COMMIT_FIELDS, MAX_NAME_BYTES, MAX_VALUE_BYTES, MergeError, Merged, OpenError,
    Page, Query, ReadError, Refusal, Replica, Resumption, Source, Standing, View, Writes,
};
pub use schema::{Index, Kind, Open, Record, Role, Schema, Shape, Spec, Writers};
pub use shared::{Listening, Shared};
pub use stamp::{Now, RecordId, ReplicaId, Stamp, Time, Vector, covers};
pub use store::{
    Bucket, Direction, Fuse, Hash, Mark, Memory, Options, Sqlite, SqliteReader, Store, StoreError, move_aside,
};
