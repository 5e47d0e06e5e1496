//! A replica: the rules of the store, over whatever place its rows lie in.
//!
//! What it promises: a commit that returned survives a crash; a value that was merged is never lost, only
//! superseded by a later stamp, an erasure or a horizon; two replicas whose vectors are equal hold the same.
//!
//! What it must never do: send what a crash can take back; use a sequence twice for different writes; accept
//! a stamp of a stranger, of its own id that it did not issue, or of a replica that may not write there;
//! decide by wall time.

mod commit;
mod identity;
mod merge;
mod origin;
mod transaction;
mod view;
pub(crate) mod walk;

use std::collections::BTreeMap;
use std::fmt;

use crate::builtin::Registration;
use crate::schema::{Role, Schema, Spec};
use crate::stamp::{Now, RecordId, ReplicaId, Time, Vector};
use crate::store::{Head, Mark, Store, StoreError, Table};

pub use commit::{
    CommitError, Committed, MAX_COMMIT_BYTES, MAX_COMMIT_FIELDS, MAX_NAME_BYTES, MAX_VALUE_BYTES, Refusal,
    Writes,
};
pub use identity::{AdmissionError, Hello, Resumption};
pub use merge::{Alarm, Illegal, MergeError, Merged, Source};
pub use view::{BadCursor, Collection, Cursor, Entry, Page, Query, ReadError, View};

/// One of the copies of a community's records.
///
/// It owns its store and does one thing at a time; [`crate::Shared`] puts one behind a writer's thread with
/// readers beside it.
pub struct Replica<S> {
    store: S,
    schema: Schema,
}

/// Who a replica is and how far it has come.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Its id.
    pub replica: ReplicaId,
    /// What it is.
    pub role: Role,
    /// The ids that it bore before a restore or a copy was noticed, oldest first, and the last sequence that
    /// stayed under each.
    pub lineage: Vec<(ReplicaId, u64)>,
    /// Its place in its own history.
    pub mark: Mark,
    /// The last hybrid time that it issued or adopted.
    pub time: Time,
    /// What it covers.
    pub vector: Vector,
}

/// Why a store could not be opened as a replica.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store holds no replica yet.
    #[error("this store is empty: create a replica in it first")]
    Empty,
    /// The store holds a replica already.
    #[error("this store already holds replica {0}")]
    Occupied(ReplicaId),
    /// The program and the store disagree about a collection.
    #[error("collection {collection}: stored as {stored}, this program declares {declared}")]
    Kind {
        /// Its name.
        collection: String,
        /// How its records are stored.
        stored: String,
        /// How the program declares them.
        declared: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<S: Store> Replica<S> {
    /// A new replica in an empty store. A cloud registers itself with `key`; a hub knows nobody until its
    /// host introduces its cloud.
    ///
    /// # Errors
    /// Where the store is not empty, or fails.
    pub fn create(
        mut store: S,
        schema: Schema,
        id: ReplicaId,
        role: Role,
        key: &str,
        now: Now,
    ) -> Result<Self, OpenError> {
        store.write(|rows| match rows.head()? {
            Some(head) => Err(OpenError::Occupied(head.replica)),
            None => {
                let head = Head {
                    replica: id,
                    role,
                    lineage: Vec::new(),
                    mark: Mark::default(),
                    time: Time::default().next(now).unwrap_or_default(),
                    vector: Vector::new(),
                    seen: Vector::new(),
                    heard: Vector::new(),
                    forks: BTreeMap::new(),
                    cursors: BTreeMap::new(),
                };
                Ok(rows.set_head(&head)?)
            }
        })?;
        let mut replica = Replica::open(store, schema)?;
        if role == Role::Cloud {
            let registration = Registration { role: Some(role), key: key.to_owned(), succeeds: None };
            let results =
                replica.commit_batch(now, std::slice::from_ref(Writes::new().create(id, &registration)))?;
            debug_assert!(
                results.iter().all(Result::is_ok),
                "an empty store refused its first record: {results:?}"
            );
        }
        replica.store.sync()?;
        Ok(replica)
    }

    /// The replica that a store holds. Indexes, searched texts and views follow the schema: what is new or
    /// different is built here, once.
    ///
    /// # Errors
    /// Where the store is empty, holds a collection of another kind, or fails.
    pub fn open(mut store: S, schema: Schema) -> Result<Self, OpenError> {
        store.write(|rows| {
            rows.head()?.ok_or(OpenError::Empty)?;
            for declared in schema.iter() {
                settle(rows, declared)?;
            }
            Ok::<_, OpenError>(())
        })?;
        store.sync()?;
        Ok(Replica { store, schema })
    }

    /// Who it is and how far it has come.
    ///
    /// # Errors
    /// What the store says.
    pub fn standing(&self) -> Result<Standing, StoreError> {
        let head = self.store.read(walk::head)??;
        let Head { replica, role, lineage, mark, time, vector, .. } = head;
        Ok(Standing { replica, role, lineage, mark, time, vector })
    }

    /// As [`View::new_id`].
    ///
    /// # Errors
    /// What the store says.
    pub fn new_id(&self, now: Now, entropy: u128) -> Result<RecordId, StoreError> {
        self.view(|view| view.new_id(now, entropy))?
    }

    /// Reads from one snapshot.
    ///
    /// # Errors
    /// What the store says.
    pub fn view<R>(&self, body: impl FnOnce(View<'_>) -> R) -> Result<R, StoreError> {
        self.store.read(|rows| body(View::new(rows, &self.schema)))
    }

    /// Returns when everything committed or merged so far survives a crash.
    ///
    /// # Errors
    /// What the store says.
    pub fn sync(&mut self) -> Result<(), StoreError> {
        self.store.sync()
    }

    /// The store.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// A look at a replica that was opened elsewhere: nothing is settled, and its store may refuse to write.
    pub(crate) fn over(store: S, schema: Schema) -> Self {
        Replica { store, schema }
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The store, to close or copy it.
    pub fn into_store(self) -> S {
        self.store
    }
}

impl<S> fmt::Debug for Replica<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replica").field("schema", &self.schema).finish_non_exhaustive()
    }
}

/// Brings what is derived from a declaration in line with it.
fn settle(rows: &mut dyn Table, declared: &crate::schema::Declared) -> Result<(), OpenError> {
    const AT_ONCE: usize = 1000;
    let Spec { name, indexes, search, personal, .. } = declared.spec;
    let shape = declared.spec.shape();
    match rows.shape(name)? {
        Some(stored) if stored.kind != shape.kind => {
            let (stored, declared) = (format!("{:?}", stored.kind), format!("{:?}", shape.kind));
            return Err(OpenError::Kind { collection: name.to_owned(), stored, declared });
        }
        Some(stored) if stored == shape => {}
        _ => rows.put_shape(&shape)?,
    }
    let declaration = format!("{indexes:?} {search:?} {personal:?} {:?}", declared.defaults);
    if rows.declaration(name)?.as_ref() == Some(&declaration) {
        return Ok(());
    }
    rows.declare(declared, &declaration)?;
    let mut first = RecordId::MIN;
    loop {
        let ids = rows.ids(name, first, RecordId::MAX, AT_ONCE)?;
        for &id in &ids {
            let row = rows.row(name, id)?.unwrap_or_default();
            transaction::reindex(rows, declared, id, &Default::default(), &row, None)?;
        }
        match ids.last().and_then(|last| walk::next_id(*last)) {
            Some(next) if ids.len() == AT_ONCE => first = next,
            _ => return Ok(()),
        }
    }
}
