//! A replica that many threads use at once: one writer's thread, and readers beside it.
//!
//! Invariants: commits that wait together are written together, with one fsync for all of them, and each
//! caller hears only after it; no commit waits for more of a merge than one of its parts, and no merge for
//! more than one batch of commits at a time; every call ends, with an error where the writer failed at it.
//!
//! The parts of a merge have no fsync. A view may show them while a crash can still take them back; the merge
//! returns, and what is read to be sent is returned, after an fsync by the thread that asked.
//!
//! What it must never do: queue without bound, or judge anything itself.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::ops::Range;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::{self, JoinHandle, ThreadId};
use std::vec;

use crate::delta::{Chunk, Repair};
use crate::replica::{
    AdmissionError, CommitError, Committed, Hello, MAX_COMMIT_BYTES, MAX_COMMIT_FIELDS, MergeError, Merged,
    Replica, Resumption, Source, Standing, View, Writes,
};
use crate::schema::Schema;
use crate::stamp::{Now, RecordId, ReplicaId, Vector};
use crate::store::{Bucket, Mark, Place, Sqlite, SqliteReader, StoreError};
use crate::sync::Endpoint;

/// Commits that wait for the writer; the next caller waits for room.
const MAX_COMMITS: usize = 512;
/// Merges and other calls that wait for the writer.
const MAX_CALLS: usize = 32;
/// Readers that stay open. More are opened while more threads read at once.
const KEPT_READERS: usize = 4;

/// A replica on SQLite for all threads of a process. Every call blocks: asynchronous code makes it on a
/// thread where it may (`spawn_blocking`).
///
/// When the last handle is dropped, the writer ends and the store is closed.
#[derive(Clone)]
pub struct Shared {
    inner: Arc<Inner>,
}

struct Inner {
    queue: Arc<Queue>,
    schema: Schema,
    place: Arc<Place>,
    idle: Mutex<Vec<SqliteReader>>,
    writer: Option<JoinHandle<()>>,
}

impl Shared {
    /// Starts the writer's thread.
    ///
    /// # Errors
    /// Where no reader or no thread can be had.
    pub fn start(replica: Replica<Sqlite>) -> Result<Self, StoreError> {
        let (schema, place) = (replica.schema().clone(), Arc::clone(replica.store().place()));
        let idle = Mutex::new(vec![place.reader()?]);
        let queue = Arc::new(Queue::default());
        let served = Arc::clone(&queue);
        let thread = thread::Builder::new().name("store writer".into());
        let started = thread.spawn(move || serve(&served, replica));
        let writer = Some(started.map_err(|error| StoreError::Io(error.to_string()))?);
        Ok(Shared { inner: Arc::new(Inner { queue, schema, place, idle, writer }) })
    }

    /// Commits, durably. What other threads commit at the same time shares the fsync (and the sequence); the
    /// batch bears the time of its last member.
    ///
    /// # Errors
    /// A refusal, or what the store says; a store that fails, fails the whole batch.
    pub fn commit(&self, now: Now, writes: Writes) -> Result<Committed, CommitError> {
        let full = |state: &State| state.commits.len() >= MAX_COMMITS;
        let put = |state: &mut State, reply| state.commits.push_back(Commit { now, writes, reply });
        self.ask(full, put)?
    }

    /// Takes a chunk, durably, as [`Replica::merge`] does; waiting commits go between its parts.
    ///
    /// # Errors
    /// As [`Replica::merge`].
    pub fn merge(&self, source: Source, now: Now, chunk: Chunk) -> Result<Merged, MergeError> {
        let parts = chunk.parts().into_iter();
        let merged = self.call(|reply| {
            Call::Merge(Box::new(Merging { source, now, chunk, parts, merged: Merged::default(), reply }))
        })??;
        // Here and not on the writer's thread, where a gate's write may be waiting.
        self.inner.place.sync()?;
        Ok(merged)
    }

    /// Runs `body` on the writer's thread: for the rare calls that change who the replica is.
    ///
    /// # Errors
    /// Where `body` panicked.
    pub fn with<R: Send + 'static>(
        &self,
        body: impl FnOnce(&mut Replica<Sqlite>) -> R + Send + 'static,
    ) -> Result<R, StoreError> {
        self.call(|reply| {
            // Nobody waits any more: then nobody misses the answer.
            Call::With(Box::new(move |replica| drop(reply.send(body(replica)))))
        })
    }

    /// Calls `wake` whenever something may have changed here, by a commit, a merge or otherwise, until the answer is
    /// dropped: on the writer's thread, which must not wait for it.
    pub fn listen(&self, wake: impl Fn() + Send + 'static) -> Listening {
        let mut listeners = lock(&self.inner.queue.listeners);
        listeners.next += 1;
        let number = listeners.next;
        listeners.all.push((number, Box::new(wake)));
        Listening { queue: Arc::downgrade(&self.inner.queue), number }
    }

    /// Reads from one snapshot, beside the writer. A snapshot that is held for long keeps the log from being
    /// folded back: read what is needed and go.
    ///
    /// # Errors
    /// What the store says.
    pub fn view<R>(&self, body: impl FnOnce(View<'_>) -> R) -> Result<R, StoreError> {
        self.look(|replica| replica.view(body))?
    }

    /// Copies the store, as one snapshot of it, to a file that is not there yet, beside the writer: a backup,
    /// which becomes a store again by [`Replica::restore`]. Reads and checks all of it.
    ///
    /// # Errors
    /// [`StoreError::Exists`], or what the disk says; there is no copy then.
    pub fn copy_to(&self, path: impl AsRef<Path>) -> Result<(), StoreError> {
        self.inner.place.copy_to(path.as_ref())
    }

    /// As [`Replica::standing`].
    ///
    /// # Errors
    /// What the store says.
    pub fn standing(&self) -> Result<Standing, StoreError> {
        self.look(|replica| replica.standing())?
    }

    /// As [`Replica::new_id`].
    ///
    /// # Errors
    /// What the store says.
    pub fn new_id(&self, now: Now, entropy: u128) -> Result<RecordId, StoreError> {
        self.look(|replica| replica.new_id(now, entropy))?
    }

    /// As [`Replica::since`].
    ///
    /// # Errors
    /// What the store says.
    pub fn since(&self, base: Mark, after: u64, from: &Vector, limit: usize) -> Result<Chunk, StoreError> {
        self.look(|replica| replica.since(base, after, from, limit))?
    }

    /// As [`Replica::urgent`].
    ///
    /// # Errors
    /// What the store says.
    pub fn urgent(&self, base: Mark, after: u64, from: &Vector, limit: usize) -> Result<Chunk, StoreError> {
        self.look(|replica| replica.urgent(base, after, from, limit))?
    }

    /// As [`Replica::digests`].
    ///
    /// # Errors
    /// What the store says.
    pub fn digests(&self) -> Result<BTreeMap<Bucket, u128>, StoreError> {
        self.look(Endpoint::digests)?
    }

    /// As [`Replica::bucket`].
    ///
    /// # Errors
    /// What the store says.
    pub fn bucket(
        &self,
        bucket: &Bucket,
        after: Option<RecordId>,
    ) -> Result<(Repair, Option<RecordId>), StoreError> {
        self.look(|replica| replica.bucket(bucket, after))?
    }

    /// As [`Replica::resumption`].
    ///
    /// # Errors
    /// What the store says.
    pub fn resumption(&self, peer: ReplicaId) -> Result<Resumption, StoreError> {
        self.look(|replica| replica.resumption(peer))?
    }

    /// As [`Replica::resume`].
    ///
    /// # Errors
    /// What the store says.
    pub fn resume(&self, peer: &Resumption) -> Result<Result<Mark, u64>, StoreError> {
        self.look(|replica| replica.resume(peer))?
    }

    /// Runs `body` on a reader of its own. What the replica returns to be sent ([`Replica::since`] and the rest of
    /// an [`Endpoint`]) is durable; a view may show more.
    ///
    /// # Errors
    /// Where no reader can be had.
    pub fn look<R>(&self, body: impl FnOnce(&mut Replica<SqliteReader>) -> R) -> Result<R, StoreError> {
        let idle = lock(&self.inner.idle).pop();
        let reader = match idle {
            Some(reader) => reader,
            None => self.inner.place.reader()?,
        };
        let mut replica = Replica::over(reader, self.inner.schema.clone());
        let result = body(&mut replica);
        let mut idle = lock(&self.inner.idle);
        if idle.len() < KEPT_READERS {
            idle.push(replica.into_store());
        }
        Ok(result)
    }

    fn call<T>(&self, call: impl FnOnce(SyncSender<T>) -> Call) -> Result<T, StoreError> {
        let full = |state: &State| state.calls.len() >= MAX_CALLS;
        self.ask(full, |state, reply| state.calls.push_back(call(reply)))
    }

    /// Hands the writer something as soon as there is room, and waits for the answer.
    fn ask<T>(
        &self,
        full: impl Fn(&State) -> bool,
        put: impl FnOnce(&mut State, SyncSender<T>),
    ) -> Result<T, StoreError> {
        let writer = self.inner.writer.as_ref().map(|writer| writer.thread().id());
        if writer == Some(thread::current().id()) {
            return Err(StoreError::Io("the store's writer cannot wait for itself".into()));
        }
        let queue = &self.inner.queue;
        let (reply, answer) = sync_channel(1);
        let waited = queue.room.wait_while(lock(&queue.state), |state| full(state));
        put(&mut waited.unwrap_or_else(PoisonError::into_inner), reply);
        queue.work.notify_one();
        answer.recv().map_err(|_| StoreError::Io("the store's writer failed at this".into()))
    }
}

/// What a session asks is read beside the writer; only what it writes waits there.
impl Endpoint for Shared {
    fn hello(&mut self) -> Result<Hello, StoreError> {
        self.look(Replica::hello)?
    }

    fn admit(&mut self, hello: &Hello, key: &str, now: Now) -> Result<Source, AdmissionError> {
        let (hello, key) = (hello.clone(), key.to_owned());
        self.with(move |replica| replica.admit(&hello, &key, now))?
    }

    fn resumption(&mut self, peer: ReplicaId) -> Result<Resumption, StoreError> {
        Shared::resumption(self, peer)
    }

    fn resume(&mut self, peer: &Resumption) -> Result<Result<Mark, u64>, StoreError> {
        Shared::resume(self, peer)
    }

    fn since(&mut self, base: Mark, after: u64, from: &Vector, limit: usize) -> Result<Chunk, StoreError> {
        Shared::since(self, base, after, from, limit)
    }

    fn urgent(&mut self, base: Mark, after: u64, from: &Vector, limit: usize) -> Result<Chunk, StoreError> {
        Shared::urgent(self, base, after, from, limit)
    }

    fn merge(&mut self, source: Source, now: Now, chunk: Chunk) -> Result<Merged, MergeError> {
        Shared::merge(self, source, now, chunk)
    }

    fn digests(&mut self) -> Result<BTreeMap<Bucket, u128>, StoreError> {
        Shared::digests(self)
    }

    fn bucket(
        &mut self,
        bucket: &Bucket,
        after: Option<RecordId>,
    ) -> Result<(Repair, Option<RecordId>), StoreError> {
        Shared::bucket(self, bucket, after)
    }

    fn repair(&mut self, source: Source, now: Now, repair: Repair) -> Result<Merged, MergeError> {
        self.with(move |replica| replica.repair(source, now, &repair))?
    }
}

impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue").finish_non_exhaustive()
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("schema", &self.inner.schema).finish_non_exhaustive()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // The last connection folds the log into the file, and only the writer's can.
        lock(&self.idle).clear();
        lock(&self.queue.state).closing = true;
        self.queue.work.notify_one();
        let own: ThreadId = thread::current().id();
        if let Some(writer) = self.writer.take().filter(|writer| writer.thread().id() != own) {
            // It catches what panics on it.
            let _ = writer.join();
        }
    }
}

/// While it is held, changes are told: see [`Shared::listen`].
#[derive(Debug)]
pub struct Listening {
    queue: Weak<Queue>,
    number: u64,
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(queue) = self.queue.upgrade() {
            lock(&queue.listeners).all.retain(|(number, _)| *number != self.number);
        }
    }
}

/// What waits for the writer, and who is told of what it did.
#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    listeners: Mutex<Listeners>,
    work: Condvar,
    room: Condvar,
}

#[derive(Default)]
struct Listeners {
    next: u64,
    all: Vec<(u64, Box<dyn Fn() + Send>)>,
}

#[derive(Default)]
struct State {
    commits: VecDeque<Commit>,
    calls: VecDeque<Call>,
    closing: bool,
}

struct Commit {
    now: Now,
    writes: Writes,
    reply: SyncSender<Result<Committed, CommitError>>,
}

enum Call {
    Merge(Box<Merging>),
    With(Body),
}

type Body = Box<dyn FnOnce(&mut Replica<Sqlite>) + Send>;

/// A merge that is under way.
struct Merging {
    source: Source,
    now: Now,
    chunk: Chunk,
    parts: vec::IntoIter<Range<usize>>,
    merged: Merged,
    reply: SyncSender<Result<Merged, MergeError>>,
}

impl Queue {
    /// The next batch of commits and, where no call is under way, the next call. Waits for work; `None` when
    /// there is none left and nobody who could bring more.
    fn next(&self, under_way: bool) -> Option<(Vec<Commit>, Option<Call>)> {
        let nothing = |state: &mut State| state.commits.is_empty() && state.calls.is_empty();
        let idle = |state: &mut State| !under_way && !state.closing && nothing(state);
        let waited = self.work.wait_while(lock(&self.state), idle);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        if state.closing && !under_way && nothing(&mut state) {
            return None;
        }
        let mut batch = Vec::new();
        let (mut fields, mut bytes) = (0, 0);
        while let Some(commit) = state.commits.pop_front() {
            fields += commit.writes.field_count();
            bytes += commit.writes.byte_count();
            if (fields > MAX_COMMIT_FIELDS || bytes > MAX_COMMIT_BYTES) && !batch.is_empty() {
                state.commits.push_front(commit);
                break;
            }
            batch.push(commit);
        }
        let call = if under_way { None } else { state.calls.pop_front() };
        self.room.notify_all();
        Some((batch, call))
    }
}

/// The life of the writer's thread.
fn serve(queue: &Queue, mut replica: Replica<Sqlite>) {
    let mut under_way = None;
    while let Some((batch, call)) = queue.next(under_way.is_some()) {
        let call = under_way.take().or(call);
        // What panics loses its answer, and its caller hears that. The store has rolled it back, and a
        // replica keeps nothing outside its store: the gate's next write must not suffer for it.
        let round = || {
            commit(&mut replica, batch);
            call.and_then(|call| step(&mut replica, call))
        };
        under_way = panic::catch_unwind(AssertUnwindSafe(round)).unwrap_or_default();
        lock(&queue.listeners).all.iter().for_each(|(_, wake)| wake());
    }
}

fn commit(replica: &mut Replica<Sqlite>, batch: Vec<Commit>) {
    let Some(now) = batch.last().map(|commit| commit.now) else { return };
    let (writes, replies): (Vec<_>, Vec<_>) = batch.into_iter().map(|c| (c.writes, c.reply)).unzip();
    match replica.commit_batch(now, &writes) {
        Ok(results) => {
            for (reply, result) in replies.iter().zip(results) {
                let _ = reply.send(result.map_err(CommitError::Refused));
            }
        }
        Err(error) => {
            for reply in replies {
                let _ = reply.send(Err(error.clone().into()));
            }
        }
    }
}

/// Does one part of a call; what comes back is left to do.
fn step(replica: &mut Replica<Sqlite>, call: Call) -> Option<Call> {
    let mut merging = match call {
        Call::With(body) => {
            body(replica);
            return None;
        }
        Call::Merge(merging) => merging,
    };
    let Merging { source, now, chunk, parts, merged, .. } = &mut *merging;
    let part = parts.next().map(|part| replica.merge_part(*source, *now, chunk, part));
    let ended = match part {
        Some(Ok(done)) => {
            merged.follow(done);
            parts.as_slice().is_empty().then_some(Ok(()))
        }
        Some(Err(error)) => Some(Err(error)),
        None => Some(Ok(())),
    };
    match ended {
        None => Some(Call::Merge(merging)),
        Some(result) => {
            let Merging { merged, reply, .. } = *merging;
            let _ = reply.send(result.map(|()| merged));
            None
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing that runs under these locks can panic half-way.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
