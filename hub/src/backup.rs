//! Backups of the store, and what is made of one.
//!
//! A backup is the store as it was at one moment, in one file that others may not read: it holds people's names and
//! plates. The key of the PINs is not in it. A restored hub is another replica: it never goes on under the old id.
//!
//! Invariants: a backup bears its name only when it is whole and on the medium; a restore leaves either the old store
//! or the new one under the store's name, and never destroys the old one.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use dwellers_replica::{Now, OpenError, Replica, ReplicaId, Standing, StoreError};

use crate::store::{self, DataFolder};

/// Why there is no backup, or no restored store.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Something is there already.
    #[error("{}: there is a file already; a backup never replaces one", .0.display())]
    Exists(PathBuf),
    /// The hub runs.
    #[error("the hub is running: stop it first (`systemctl stop dwellers-hub`)")]
    Running,
    /// There is a store.
    #[error("{}: there is a store already; with --replace it is moved aside, and nothing of it is lost", .0.display())]
    Living(PathBuf),
    /// The system refuses.
    #[error("{}: {why}", path.display())]
    Io {
        /// What was touched.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// The backup does not open.
    #[error(transparent)]
    Open(#[from] OpenError),
}

/// What was restored.
#[derive(Debug)]
pub struct Restored {
    /// Who the hub is now.
    pub standing: Standing,
    /// Where the old store lies, where there was one.
    pub aside: Option<PathBuf>,
}

/// Takes a copy that the hub made (or the store did) to its place and removes it where it was.
///
/// # Errors
/// Where there is something already, or the system refuses; there is no backup then, and the copy is gone.
pub fn take(copy: &Path, target: &Path) -> Result<(), BackupError> {
    let taken = carry(copy, target);
    match fs::remove_file(copy) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io_error(copy, &error)),
        _ => taken,
    }
}

/// Copies a file to its place, where nothing is yet.
pub(crate) fn carry(copy: &Path, target: &Path) -> Result<(), BackupError> {
    if target.symlink_metadata().is_ok() {
        return Err(BackupError::Exists(target.to_owned()));
    }
    let mut new = target.as_os_str().to_owned();
    new.push(".new");
    let new = PathBuf::from(new);
    let copied = || -> io::Result<()> {
        let mut options = OpenOptions::new();
        let mut to = options.write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        io::copy(&mut File::open(copy)?, &mut to)?;
        to.sync_all()?;
        // Unlike a rename, a link never replaces what appeared meanwhile.
        fs::hard_link(&new, target).or_else(|error| match error.kind() {
            // A stick with FAT knows no links.
            io::ErrorKind::PermissionDenied | io::ErrorKind::Unsupported => fs::rename(&new, target),
            _ => Err(error),
        })?;
        let _ = fs::remove_file(&new);
        sync_folder(target)
    };
    copied().map_err(|error| {
        let _ = fs::remove_file(&new);
        match error.kind() {
            io::ErrorKind::AlreadyExists => BackupError::Exists(target.to_owned()),
            _ => io_error(target, &error),
        }
    })
}

/// Makes the hub's store of a backup, under a new replica id. With `replace`, a store that is there is moved aside.
///
/// # Errors
/// Where the hub runs, there is a store and no `replace`, or the backup is none. The old store is as it was then.
pub fn restore(
    backup: &Path,
    data: &DataFolder,
    replace: bool,
    now: Now,
    entropy: u128,
) -> Result<Restored, BackupError> {
    let living = data.store();
    fs::metadata(data.path()).map_err(|error| io_error(data.path(), &error))?;
    let lock = lock(&living)?;
    let is_there = fs::metadata(&living).is_ok_and(|found| found.len() > 0);
    if is_there && !replace {
        return Err(BackupError::Living(living));
    }
    // Beside the old one, so that a backup that is none costs nothing.
    let new = data.restoring();
    for leftover in ["", "-wal", "-shm", ".lock", ".new"] {
        match fs::remove_file(beside(&new, leftover)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(io_error(&new, &error)),
            _ => {}
        }
    }
    let id = ReplicaId::new(now.ms, entropy);
    let standing = Replica::restore(backup, &new, store::schema(), id, "", now)?;
    let aside = if is_there { Some(move_aside(&living, data.path(), now)?) } else { None };
    fs::rename(&new, &living)
        .and_then(|()| sync_folder(&living))
        .map_err(|error| io_error(&living, &error))?;
    drop(lock);
    Ok(Restored { standing, aside })
}

fn move_aside(living: &Path, folder: &Path, now: Now) -> Result<PathBuf, BackupError> {
    let aside = folder.join(format!("before-restore-{}", now.ms));
    dwellers_replica::move_aside(living, &aside).map_err(|error| io_error(&aside, &error))?;
    Ok(aside)
}

/// The claim that a running hub has on its store.
fn lock(store: &Path) -> Result<File, BackupError> {
    let path = beside(store, ".lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(|error| io_error(&path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(BackupError::Running),
        Err(TryLockError::Error(error)) => Err(io_error(&path, &error)),
    }
}

fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn io_error(path: &Path, error: &io::Error) -> BackupError {
    BackupError::Io { path: path.to_owned(), why: error.to_string() }
}

impl From<StoreError> for BackupError {
    fn from(error: StoreError) -> Self {
        BackupError::Open(error.into())
    }
}
