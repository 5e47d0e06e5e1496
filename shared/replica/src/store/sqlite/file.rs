//! The file itself: whether it is ours, who owns it, and how a new one appears whole.
//!
//! Invariants: looking at a file changes nothing; a new store appears under its name only when it is
//! complete, so that a power cut leaves either no store or an empty one.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::failure::Reason;
use super::tables;
use crate::store::{Result, StoreError};

/// Marks a file as ours, in the header of every SQLite database: "Dwel".
pub(super) const APPLICATION: i32 = i32::from_be_bytes(*b"Dwel");

/// The header of a database: <https://sqlite.org/fileformat2.html#the_database_header>.
const HEADER: usize = 100;
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// The claim of one process to a store: a lock on a file beside it, which ends with the process.
#[derive(Debug)]
pub(super) struct Lock {
    #[expect(dead_code, reason = "held, not used: closing it gives the lock back")]
    file: File,
}

impl Lock {
    pub fn take(path: &Path) -> Result<Self> {
        let beside = beside(path, ".lock");
        let file = File::options().create(true).truncate(false).write(true).open(&beside).reason()?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked(path.to_owned())),
            Err(TryLockError::Error(error)) => Err(error).reason(),
        }
    }
}

/// Whether there is a store of ours (`false`: nothing at all, or an empty file).
pub(super) fn examine(path: &Path) -> Result<bool> {
    let foreign = |why: &str| StoreError::Foreign { path: path.to_owned(), why: why.to_owned() };
    let mut header = Vec::with_capacity(HEADER);
    match fs::metadata(path) {
        Ok(found) if found.is_file() => {
            File::open(path).and_then(|file| file.take(HEADER as u64).read_to_end(&mut header)).reason()?;
        }
        Ok(_) => return Err(foreign("it is not even a file")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).reason(),
    }
    if header.is_empty() {
        let log = beside(path, "-wal");
        if fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
            // SQLite would write these pages into the new store.
            let why = format!("{} is there without its store", log.display());
            return Err(StoreError::Damaged(why));
        }
        return Ok(false);
    }
    if !header.starts_with(MAGIC) || header.len() < HEADER {
        return Err(foreign("it is no SQLite database"));
    }
    if header[68..72] != APPLICATION.to_be_bytes() {
        return Err(foreign("it is the database of another program"));
    }
    let format = i32::from_be_bytes([header[60], header[61], header[62], header[63]]);
    tables::known(path, i64::from(format))?;
    Ok(true)
}

/// Makes an empty store, complete before it bears its name.
pub(super) fn create(path: &Path) -> Result<()> {
    let new = cleared(path)?;
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(&new, flags).reason()?;
    tables::found(&mut connection)?;
    connection.close().map_err(|(_, error)| error).reason()?;
    settle(&new, path)
}

/// Makes a file under another name and lets it appear when it is complete, where nothing is yet.
pub(super) fn make<R, E: From<StoreError>>(
    path: &Path,
    body: impl FnOnce(&Path) -> std::result::Result<R, E>,
) -> std::result::Result<R, E> {
    let free = || match fs::symlink_metadata(path) {
        Ok(_) => Err(StoreError::Exists(path.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).reason(),
    };
    free()?;
    let new = cleared(path)?;
    let made = body(&new).and_then(|result| {
        free()?;
        settle(&new, path)?;
        Ok(result)
    });
    if made.is_err() {
        // The next attempt clears what cannot be cleared now.
        let _ = cleared(path);
    }
    made
}

fn settle(new: &Path, path: &Path) -> Result<()> {
    File::open(new).and_then(|file| file.sync_all()).reason()?;
    fs::rename(new, path).reason()?;
    sync_folder(path).reason()
}

/// The name of a file in the making, with nothing left of an earlier attempt.
fn cleared(path: &Path) -> Result<PathBuf> {
    let new = beside(path, ".new");
    for leftover in ["", "-journal", "-wal", "-shm", ".lock"].map(|suffix| beside(&new, suffix)) {
        match fs::remove_file(leftover) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error).reason(),
            _ => {}
        }
    }
    Ok(new)
}

/// Moves a store that nobody has open into a folder that is made for it, with its log. Nothing of it is lost, whenever the
/// power goes.
///
/// # Errors
/// What the system says.
pub fn move_aside(store: &Path, folder: &Path) -> io::Result<()> {
    let name = store.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    fs::create_dir(folder)?;
    let to = folder.join(name);
    // The store first: a log without its store is noticed, a store without its log would lack what that holds.
    for suffix in ["", "-wal", "-shm"] {
        match fs::rename(beside(store, suffix), beside(&to, suffix)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    sync_folder(&to)
}

/// Brings the names in the folder of a file to the medium.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all())
}

/// The name of a file that belongs to another.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}
