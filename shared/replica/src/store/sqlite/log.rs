//! What of the log is on the medium: parts of a merge are written without waiting for it.
//!
//! Invariants: where [`Log::is_synced`], nothing that any connection has shown can be taken back by a crash; a
//! flush counts only for transactions that had ended when it began; after an fsync that failed nothing is
//! promised any more, because the system may have dropped what it could not write.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::failure::Reason;
use super::file;
use crate::store::{Result, StoreError};

/// Counts the transactions that are written without an fsync. The writer begins and ends them; anybody flushes.
#[derive(Debug)]
pub(super) struct Log {
    path: PathBuf,
    /// Counted before the transaction can be seen.
    begun: AtomicU64,
    /// Counted when it is in the log, or has failed.
    ended: AtomicU64,
    synced: AtomicU64,
    lost: AtomicBool,
    /// Held open, because the system tells of a failed write only who had the file open at the time. The lock
    /// lets readers that wait together share one fsync.
    file: Mutex<Option<File>>,
}

/// A transaction that is under way; it ends with this, also in a panic.
pub(super) struct Unsynced<'a>(&'a Log);

impl Drop for Unsynced<'_> {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, Ordering::SeqCst);
    }
}

impl Log {
    /// The log of a store that is about to be opened. It counts as not synced: a program that was killed may
    /// have written something and not have waited.
    pub fn of(store: &Path) -> Self {
        Log {
            path: file::beside(store, "-wal"),
            begun: AtomicU64::new(1),
            ended: AtomicU64::new(1),
            synced: AtomicU64::new(0),
            lost: AtomicBool::new(false),
            file: Mutex::new(None),
        }
    }

    /// Announces a transaction without an fsync.
    pub fn begin(&self) -> Unsynced<'_> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        Unsynced(self)
    }

    /// Whether everything that was written survives a crash.
    pub fn is_synced(&self) -> bool {
        self.synced.load(Ordering::SeqCst) >= self.begun.load(Ordering::SeqCst)
    }

    /// An fsync of the writer's own has failed. Where something before its transaction waited for one too,
    /// that may be lost, while everybody has seen it.
    pub fn failed(&self) {
        if !self.is_synced() {
            self.lost.store(true, Ordering::SeqCst);
        }
    }

    /// Refuses where something may be lost that was shown.
    pub fn check(&self) -> Result<()> {
        if self.lost.load(Ordering::SeqCst) {
            let why = "its log could not be brought to the disk; start the program again";
            return Err(StoreError::Io(why.into()));
        }
        Ok(())
    }

    /// Returns when everything that was shown survives a crash.
    pub fn flush(&self) -> Result<()> {
        if self.is_synced() {
            return self.check();
        }
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        self.check()?;
        if self.is_synced() {
            return Ok(());
        }
        let ended = self.ended.load(Ordering::SeqCst);
        if let Err(error) = self.sync(&mut file) {
            self.lost.store(true, Ordering::SeqCst);
            return Err(error).reason();
        }
        self.synced.fetch_max(ended, Ordering::SeqCst);
        Ok(())
    }

    fn sync(&self, file: &mut Option<File>) -> io::Result<()> {
        let file = match file {
            Some(file) => file,
            None => match File::open(&self.path) {
                Ok(opened) => {
                    // Its name is to survive as well.
                    file::sync_folder(&self.path)?;
                    file.insert(opened)
                }
                // Nobody has read or written yet.
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
                Err(error) => return Err(error),
            },
        };
        file.sync_data()
    }
}
