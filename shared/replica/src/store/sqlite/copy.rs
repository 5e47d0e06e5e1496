//! Copies of a store while it is in use, and stores that are made of such copies.
//!
//! Invariants: what is made bears its name only when it is whole, checked and on the medium; nothing is
//! overwritten; a copy holds nothing that a crash of its store can take back.

use std::fs;
use std::path::Path;

use rusqlite::OpenFlags;

use super::failure::Reason;
use super::{Options, Place, Sqlite, connect, file, tables};
use crate::store::{Result, StoreError};

const READ_ONLY: OpenFlags = OpenFlags::SQLITE_OPEN_READ_ONLY.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

/// Copies a store as one snapshot of it, beside its writer.
pub(super) fn copy(place: &Place, path: &Path) -> Result<()> {
    file::make(path, |new| {
        tables::copy_into(&connect(&place.path, READ_ONLY)?, new)?;
        place.sync()?;
        tables::verify(&connect(new, READ_ONLY)?)
    })
}

/// Makes a store of a copy. `prepare` is given it before it bears its name, and says when it is ready.
pub(crate) fn restore<R, E: From<StoreError>>(
    copy: &Path,
    path: &Path,
    prepare: impl FnOnce(Sqlite) -> std::result::Result<(Sqlite, R), E>,
) -> std::result::Result<R, E> {
    if !file::examine(copy)? {
        return Err(StoreError::Foreign { path: copy.to_owned(), why: "there is nothing".into() }.into());
    }
    if fs::metadata(file::beside(copy, "-wal")).is_ok_and(|log| log.len() > 0) {
        let why = format!("{}: it is a store with a log, in use or not closed, and no copy", copy.display());
        return Err(StoreError::Io(why).into());
    }
    file::make(path, |new| {
        fs::copy(copy, new).reason()?;
        let (store, result) = prepare(Sqlite::open(new, Options::default())?)?;
        store.verify()?;
        // Closing folds the log into the file.
        drop(store);
        fs::remove_file(file::beside(new, ".lock")).reason()?;
        Ok(result)
    })
}
