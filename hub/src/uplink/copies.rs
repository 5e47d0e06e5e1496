//! The last backups of the community, as its cloud made and encrypted them. Where the cloud is gone for good, an operator
//! carries one away from here; without the key it tells nothing, to them or to a thief.
//!
//! ```text
//! data/backups/TIME.HASH.age   0600; HASH is the BLAKE3 hash of the file
//! ```
//!
//! Invariants: the one before is removed only when a newer one lies here whole; a copy never takes more than a quarter of
//! what the disk has free: the gates' own writes come first.
//!
//! What must never be here: a key; how a blob comes over the link.

use std::fmt::Display;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use dwellers_link::copies::{self, Newest};
use dwellers_link::wire::BlobHash;
use dwellers_replica::Shared;
use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::time::sleep;
use tracing::{info, warn};

use crate::backup::{self, BackupError};
use crate::store::{self, DataError, DataFolder};

/// So many are kept.
const KEEP: usize = 2;
/// A copy that does not come is asked for again so much later.
const PAUSE: Duration = Duration::from_secs(600);

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// None lies here, or none of that time.
    #[error("there is no such copy: `dwellers-hub copies list` says which there are")]
    None,
    /// The disk changed it.
    #[error("{}: it is damaged: take another, or carry it away all the same with `cp`", .0.display())]
    Damaged(PathBuf),
    /// The disk is too full for it.
    #[error("it has {bytes} bytes, and the disk has {free} free, of which a quarter may be copies'")]
    Room {
        /// What it needs.
        bytes: u64,
        /// What is free.
        free: u64,
    },
    /// The cloud says no hash.
    #[error("what the cloud says of its backup does not read")]
    Unclear,
    /// The system refuses.
    #[error("{}: {why}", path.display())]
    Io {
        /// What was touched.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// The folder.
    #[error(transparent)]
    Data(#[from] DataError),
    /// It cannot be put where it was to go.
    #[error(transparent)]
    Carry(#[from] BackupError),
}

/// The copies that lie in a data folder.
#[derive(Clone, Debug)]
pub struct Copies {
    folder: PathBuf,
}

/// One that lies here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// When the backup was made, as its name says it.
    pub time: String,
    /// How long it is.
    pub bytes: u64,
    /// Its hash, in hex.
    pub hash: String,
    /// Where it lies.
    pub path: PathBuf,
}

/// One that is to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The hash of its blob.
    pub hash: BlobHash,
    /// How long it is: nothing longer is it.
    pub bytes: u64,
    /// Where it shall lie.
    pub path: PathBuf,
}

impl Copies {
    /// Those of a data folder.
    pub fn of(data: &DataFolder) -> Copies {
        Copies { folder: data.path().join("backups") }
    }

    /// What lies here, oldest first.
    ///
    /// # Errors
    /// The folder does not read.
    pub fn list(&self) -> Result<Vec<Held>, CopyError> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(|error| fault(&self.folder, &error))?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| fault(&self.folder, &error))?;
            let path = entry.path();
            let name = entry.file_name();
            let parts = name.to_str().and_then(|name| name.strip_suffix(".age")?.split_once('.'));
            if let Some((time, hash)) = parts {
                let bytes = match entry.metadata() {
                    // A newer one has just taken its place.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                    found => found.map_err(|error| fault(&path, &error))?.len(),
                };
                found.push(Held { time: time.to_owned(), hash: hash.to_owned(), bytes, path });
            }
        }
        found.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(found)
    }

    /// Copies the newest, or the one of a time, to a file that is not there yet; what is damaged is not copied.
    ///
    /// # Errors
    /// There is none, or the target does not take it.
    pub fn export(&self, time: Option<&str>, to: &Path) -> Result<Held, CopyError> {
        let held = self.list()?.into_iter().rfind(|held| time.is_none_or(|time| held.time == time));
        let held = held.ok_or(CopyError::None)?;
        if hash_of(&held.path)? != held.hash {
            return Err(CopyError::Damaged(held.path));
        }
        backup::carry(&held.path, to)?;
        if hash_of(to)? != held.hash {
            return Err(CopyError::Damaged(to.to_owned()));
        }
        Ok(held)
    }

    /// What is to be fetched so that the newest lies here; nothing where it does.
    ///
    /// # Errors
    /// There is no room for it, or the folder cannot be made.
    pub fn wanted(&self, newest: &Newest) -> Result<Option<Wanted>, CopyError> {
        let hash = newest.hash().ok_or(CopyError::Unclear)?;
        if self.list()?.iter().any(|held| held.hash == newest.hash) {
            return Ok(None);
        }
        store::make_folder(&self.folder)?;
        let found = rustix::fs::statvfs(&self.folder).map_err(|error| fault(&self.folder, &error.into()))?;
        let free = found.f_bavail.saturating_mul(found.f_frsize);
        if newest.bytes > free / 4 {
            return Err(CopyError::Room { bytes: newest.bytes, free });
        }
        let at = i64::try_from(newest.made_ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
        let time = at.unwrap_or(Timestamp::MAX).strftime("%Y-%m-%dT%H-%M-%SZ");
        let path = self.folder.join(format!("{time}.{}.age", newest.hash));
        Ok(Some(Wanted { hash, bytes: newest.bytes, path }))
    }

    /// Removes older ones than the last few, and parts of those that never came whole; `newest` stays, whatever its name.
    ///
    /// # Errors
    /// What the system says.
    pub fn prune(&self, newest: &Path) -> Result<(), CopyError> {
        let older: Vec<_> =
            self.list()?.into_iter().map(|held| held.path).filter(|path| path != newest).collect();
        let mut gone: Vec<_> = older[..older.len().saturating_sub(KEEP - 1)].to_vec();
        let entries = fs::read_dir(&self.folder).map_err(|error| fault(&self.folder, &error))?;
        gone.extend(entries.filter_map(|entry| {
            let path = entry.ok()?.path();
            path.extension().is_some_and(|ending| ending == "part").then_some(path)
        }));
        gone.iter().try_for_each(|path| fs::remove_file(path).map_err(|error| fault(path, &error)))
    }

    /// Sees to it that the newest lies here, as often as the cloud has a newer one. `fetch` lets a blob lie at its path, whole.
    pub async fn keep<E, F>(&self, store: &Shared, fetch: impl Fn(Wanted) -> F)
    where
        E: Display,
        F: Future<Output = Result<(), E>>,
    {
        let changed = Arc::new(Notify::new());
        let woken = changed.clone();
        let _listening = store.listen(move || woken.notify_one());
        let mut seen = None;
        loop {
            let newest = look(store).await;
            if newest.is_some() && newest != seen {
                let Some(newest) = newest else { continue };
                match self.bring(&newest, &fetch).await {
                    Ok(()) => seen = Some(newest),
                    Err(why) => {
                        warn!("no copy of the cloud's backup: {why}");
                        sleep(PAUSE).await;
                    }
                }
                continue;
            }
            changed.notified().await;
        }
    }

    async fn bring<E, F>(&self, newest: &Newest, fetch: &impl Fn(Wanted) -> F) -> Result<(), String>
    where
        E: Display,
        F: Future<Output = Result<(), E>>,
    {
        let (copies, of) = (self.clone(), newest.clone());
        let wanted = blocking(move || copies.wanted(&of)).await?;
        let Some(wanted) = wanted else { return Ok(()) };
        let path = wanted.path.clone();
        fetch(wanted).await.map_err(|why| why.to_string())?;
        info!("a copy of the cloud's backup lies here: {}", path.display());
        let copies = self.clone();
        blocking(move || copies.prune(&path)).await
    }
}

async fn look(store: &Shared) -> Option<Newest> {
    let store = store.clone();
    let read = tokio::task::spawn_blocking(move || store.view(copies::newest));
    match read.await {
        Ok(Ok(Ok(newest))) => newest,
        Ok(Ok(Err(why))) => {
            warn!("the record of the cloud's backup: {why}");
            None
        }
        Ok(Err(why)) => {
            warn!("the record of the cloud's backup: {why}");
            None
        }
        Err(why) => {
            warn!("the record of the cloud's backup: {why}");
            None
        }
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, CopyError> + Send + 'static,
) -> Result<T, String> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(|why| why.to_string()),
        Err(why) => Err(why.to_string()),
    }
}

fn hash_of(path: &Path) -> Result<String, CopyError> {
    let mut hasher = blake3::Hasher::new();
    let hashed = fs::File::open(path).and_then(|mut file| io::copy(&mut file, &mut hasher));
    hashed.map_err(|error| fault(path, &error))?;
    Ok(hasher.finalize().to_string())
}

fn fault(path: &Path, error: &io::Error) -> CopyError {
    CopyError::Io { path: path.to_owned(), why: error.to_string() }
}
