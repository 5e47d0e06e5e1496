//! The scribe: the only writer of the hub's journal, on a thread of its own.
//!
//! The gate loop never waits for a disk: it hands entries over and hears when they are durable. Entries that wait
//! together are written in one commit, with one fsync.
//!
//! Invariants: what is reported as stored is durable, with the use of the pass it rests on; numbers have no gaps
//! (an entry that is refused takes none); what happens at the gates waits for none of this.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use dwellers::journal::{Book, Entry};
use dwellers::passes::Use;
use dwellers_replica::{CommitError, MAX_COMMIT_FIELDS, Now, Record, RecordId, Refusal, Shared, Writes};
use serde_json::Value;
use tokio::sync::broadcast;

use crate::clock::{self, Clock};
use crate::engine::NotStored;

/// Entries that wait for the disk. A gate makes a handful a car; a disk that is this far behind is broken.
const MAX_WAITING: usize = 1024;
/// The most entries of one commit; each brings at most this many fields with its use.
const BATCH: usize = MAX_COMMIT_FIELDS / FIELDS;
/// Fields of an entry and a use, with room for a few more.
const FIELDS: usize = 32;

/// An entry on its way to the journal.
pub struct Job {
    /// Its id.
    pub id: RecordId,
    /// What it tells; the scribe numbers and seals it.
    pub entry: Entry,
    /// The pass and the ordinal that it uses.
    pub uses: Option<(RecordId, u32)>,
    /// When it happened.
    pub at: Now,
    /// Who hears of the result. Called on the scribe's thread: it must not wait.
    pub done: Box<dyn FnOnce(Result<(), NotStored>) + Send>,
}

/// An entry of the journal as it stands there.
#[derive(Clone, Debug)]
pub struct Written {
    /// Its id.
    pub id: RecordId,
    /// The entry.
    pub entry: Entry,
}

/// Hears of each commit that succeeded: how long it took, and what was written.
type OnWrite = Box<dyn Fn(Duration, &[Entry]) + Send>;

/// The handle. When the last one is dropped, what waits is written and the thread ends.
#[derive(Clone)]
pub struct Scribe {
    jobs: SyncSender<Job>,
    written: broadcast::Sender<Arc<Written>>,
}

impl Scribe {
    /// Starts the thread. `on_write` hears of each commit that succeeded: how long it took, and what was written.
    ///
    /// # Errors
    /// Where no thread can be had.
    pub fn start(
        store: Shared,
        clock: Clock,
        on_write: impl Fn(Duration, &[Entry]) + Send + 'static,
    ) -> std::io::Result<(Self, JoinHandle<()>)> {
        let (jobs, received) = sync_channel(MAX_WAITING);
        let (written, _) = broadcast::channel(MAX_WAITING);
        let told = written.clone();
        let thread = thread::Builder::new().name("scribe".into()).spawn(move || {
            Desk { store, clock, book: None, told, on_write: Box::new(on_write) }.serve(&received);
        })?;
        Ok((Scribe { jobs, written }, thread))
    }

    /// Hands an entry over. Never waits: where the scribe is hopelessly behind, `done` hears of a failure at once.
    pub fn write(&self, job: Job) {
        if let Err(TrySendError::Full(job) | TrySendError::Disconnected(job)) = self.jobs.try_send(job) {
            tracing::error!(id = %job.id, "the journal cannot keep up: an entry is lost");
            (job.done)(Err(NotStored::Failed));
        }
    }

    /// What is written from now on, in order.
    pub fn follow(&self) -> broadcast::Receiver<Arc<Written>> {
        self.written.subscribe()
    }
}

/// The thread's own state.
struct Desk {
    store: Shared,
    clock: Clock,
    /// `None` until it is read, and after anything went wrong.
    book: Option<Book>,
    told: broadcast::Sender<Arc<Written>>,
    on_write: OnWrite,
}

impl Desk {
    fn serve(mut self, jobs: &Receiver<Job>) {
        let mut next = None;
        while let Some(first) = next.take().or_else(|| jobs.recv().ok()) {
            let mut batch = VecDeque::from([first]);
            while batch.len() < BATCH
                && let Ok(job) = jobs.try_recv()
            {
                // What a commit requires is judged before any of it is written: it would take the same use twice.
                if job.uses.is_some() && batch.iter().any(|waits| waits.uses == job.uses) {
                    next = Some(job);
                    break;
                }
                batch.push_back(job);
            }
            self.write(batch);
        }
    }

    /// Writes a batch; where it is refused as a whole, one by one, so that one used-up pass spoils nothing else.
    fn write(&mut self, mut batch: VecDeque<Job>) {
        match self.commit(batch.make_contiguous()) {
            Ok(written) => self.report(batch, written),
            Err(_) if batch.len() > 1 => {
                for job in batch {
                    self.write(VecDeque::from([job]));
                }
            }
            Err(why) => {
                for job in batch {
                    (job.done)(Err(why));
                }
            }
        }
    }

    fn report(&self, batch: VecDeque<Job>, written: Vec<Entry>) {
        for (job, entry) in batch.into_iter().zip(written) {
            (job.done)(Ok(()));
            // Nobody may be listening.
            let _ = self.told.send(Arc::new(Written { id: job.id, entry }));
        }
    }

    fn commit(&mut self, batch: &[Job]) -> Result<Vec<Entry>, NotStored> {
        let mut book = match self.book.take() {
            Some(book) => book,
            None => self.open().map_err(|error| {
                tracing::error!(%error, "the journal cannot be read");
                NotStored::Failed
            })?,
        };
        let mut writes = Writes::new();
        let mut entries = Vec::with_capacity(batch.len());
        let before = book.clone();
        for job in batch {
            let mut entry = job.entry.clone();
            book.write(&mut entry, job.at, clock::entropy());
            writes.absent::<Entry>("number", [Value::from(entry.hub.to_string()), entry.number.into()]);
            writes.create(job.id, &entry);
            if let Some((pass, ordinal)) = job.uses {
                writes.absent::<Use>("pass", [Value::from(pass.to_string()), ordinal.into()]);
                // An opening uses one pass at most: its id serves both.
                writes.create(job.id, &Use { pass, ordinal, entry: job.id });
            }
            entries.push(entry);
        }
        let watch = self.clock.stopwatch();
        match self.store.commit(self.clock.now(), writes) {
            Ok(_) => {
                self.book = Some(book);
                (self.on_write)(watch.elapsed(), &entries);
                Ok(entries)
            }
            Err(CommitError::Refused(Refusal::Taken { collection, .. })) if collection == Use::SPEC.name => {
                self.book = Some(before);
                Err(NotStored::UsedUp)
            }
            Err(error) => {
                // Whoever wrote here (a new id after a restore): the book is read anew next time.
                tracing::error!(%error, entries = batch.len(), "the journal cannot be written");
                Err(NotStored::Failed)
            }
        }
    }

    fn open(&self) -> anyhow::Result<Book> {
        Ok(self.store.view(Book::open)??)
    }
}
