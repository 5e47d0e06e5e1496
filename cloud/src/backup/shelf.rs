//! Where a community's backups lie, and which of them give way.
//!
//! Invariants: a name is given to a whole file, and to none that has it already; the newest stays.
//!
//! What must never be here: what is in them.

use std::fs::{self, DirBuilder};
use std::io;
use std::num::NonZeroUsize;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use dwellers_replica::{Now, RecordId};
use jiff::Timestamp;

use super::{BackupError, fault, own, sync_folder};

/// A community's folder of backups.
pub(super) struct Shelf(PathBuf);

impl Shelf {
    /// Made where there is none.
    pub(super) fn of(backups: &Path, community: RecordId) -> Result<Shelf, BackupError> {
        let folder = backups.join(name(community));
        Shelf::make(&folder)?;
        Ok(Shelf(folder))
    }

    /// A folder that nobody else reads.
    pub(super) fn make(folder: &Path) -> Result<(), BackupError> {
        let mut builder = DirBuilder::new();
        builder.recursive(true).mode(0o700);
        builder.create(folder).map_err(|error| fault(folder, &error))
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Where one of now belongs. Names are in the order of their times.
    pub(super) fn place(&self, now: Now) -> PathBuf {
        let at = i64::try_from(now.ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
        let at = at.unwrap_or(Timestamp::MAX);
        self.0.join(format!("{}.age", at.strftime("%Y-%m-%dT%H-%M-%S.%3fZ")))
    }

    /// What lies there, oldest first, with their lengths.
    fn list(&self) -> Result<Vec<(PathBuf, u64)>, BackupError> {
        let read = || -> io::Result<Vec<(PathBuf, u64)>> {
            let mut found = Vec::new();
            for entry in fs::read_dir(&self.0)? {
                let entry = entry?;
                let path = entry.path();
                if path.extension().is_some_and(|ending| ending == "age") {
                    found.push((path, entry.metadata()?.len()));
                }
            }
            found.sort();
            Ok(found)
        };
        read().map_err(|error| fault(&self.0, &error))
    }

    /// Removes the oldest until so many are left; `newest` stays, also where a clock that went back gives it the oldest
    /// name.
    pub(super) fn prune(&self, keep: NonZeroUsize, newest: &Path) -> Result<(), BackupError> {
        let older: Vec<_> =
            self.list()?.into_iter().map(|(path, _)| path).filter(|path| path != newest).collect();
        let too_many = older.len().saturating_sub(keep.get() - 1);
        for path in &older[..too_many] {
            fs::remove_file(path).map_err(|error| fault(path, &error))?;
        }
        Ok(())
    }
}

/// What a folder of backups is called.
pub(super) fn name(community: RecordId) -> String {
    if community == own::ID { "accounts".to_owned() } else { community.to_string() }
}

/// Gives a file that is whole and on the medium its name.
pub(super) fn settle(draft: &Path, target: &Path) -> Result<(), BackupError> {
    let settled = || -> io::Result<()> {
        // Unlike a rename, a link never replaces what appeared meanwhile.
        match fs::hard_link(draft, target) {
            // A stick with FAT knows no links.
            Err(error)
                if matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::Unsupported) =>
            {
                fs::rename(draft, target)?;
            }
            linked => linked?,
        }
        sync_folder(target)
    };
    settled().map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => BackupError::Exists(target.to_owned()),
        _ => fault(target, &error),
    })
}

/// The path with more at its end.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
