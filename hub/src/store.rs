//! What the hub keeps: the data folder, its store and its key.
//!
//! ```text
//! data/                 0700
//!   store.db            the replica (with -wal, -shm and .lock beside it)
//!   pepper.key          0600; the key of the guards' PINs, 64 hex digits; not in backups of the store
//!   device.key          0600; the key by which the cloud knows this device, likewise; made when it is enrolled
//!   backups/            copies of the community's backups, as the cloud encrypted them ([`crate::uplink::copies`])
//!   restored.db         while a restore is under way
//!   copy.db             while a backup is under way
//!   before-restore-…/   what a restore moved aside
//! ```
//!
//! Invariants: one process owns a store; a hub's replica is made once, with a new id, where there is none; a key
//! that others may read is refused, and so is a folder that others may write.
//!
//! What must never be here: SQL; a path that the configuration does not name.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use dwellers_link::copies;
use dwellers_link::device::DeviceKey;
use dwellers_replica::{
    CommitError, Now, OpenError, Options, Record, RecordId, Replica, ReplicaId, Role, Schema, Shared, Spec,
    Sqlite, StoreError, Writes,
};
use serde::{Deserialize, Serialize};

use crate::guards::{self, Pepper};
use crate::screens;
use crate::uplink;

/// All collections of a hub: the community's, and those that stay here.
pub fn schema() -> Schema {
    copies::declare(dwellers::schema())
        .with::<guards::Guard>()
        .with::<guards::AllTries>()
        .with::<screens::Screen>()
        .with::<Heartbeat>()
        .with::<uplink::Cloud>()
}

/// A write that nobody needs but the watchdog: one record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Heartbeat {
    /// How many there were.
    pub count: u64,
}

impl Record for Heartbeat {
    const SPEC: Spec = Spec::local("heartbeats");
}

impl Heartbeat {
    const ID: RecordId = RecordId::new(0, 1);

    /// Writes one, durably. Blocks.
    ///
    /// # Errors
    /// What the store says.
    pub fn write(store: &Shared, now: Now) -> Result<(), CommitError> {
        let last = store.view(|view| view.of::<Heartbeat>().get(Heartbeat::ID))?;
        let mut writes = Writes::new();
        match last {
            Ok(Some(last)) => writes.update(&last, |beat| beat.count += 1),
            _ => writes.create(Heartbeat::ID, &Heartbeat::default()),
        };
        store.commit(now, writes).map(drop)
    }
}

/// Why the data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// The system refuses.
    #[error("{}: {why}", path.display())]
    Io {
        /// What was touched.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// Others may read or write what is the hub's alone.
    #[error("{}: others may use it (mode {mode:o}); `chmod {right} {}` makes it the hub's own", path.display(), path.display())]
    Exposed {
        /// Which.
        path: PathBuf,
        /// Its mode.
        mode: u32,
        /// What it should be.
        right: &'static str,
    },
    /// It belongs to somebody else.
    #[error("{}: this folder is another user's; run this as that user: sudo -u '#{owner}' dwellers-hub …", path.display())]
    Others {
        /// The folder.
        path: PathBuf,
        /// Whose.
        owner: u32,
    },
    /// The key does not read.
    #[error("{}: not 64 hex digits; put the right one back, or move it away: then every PIN is set anew (pepper.key), or the hub enrolled again (device.key)", .0.display())]
    BadKey(PathBuf),
    /// There is no store where one is needed.
    #[error("{}: there is no store yet; `dwellers-hub run` makes it", .0.display())]
    NoStore(PathBuf),
    /// A restore was interrupted.
    #[error("{}: a restore was interrupted; restore once more (or remove this, to begin with nothing)", .0.display())]
    Interrupted(PathBuf),
    /// The store does not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store holds a replica of the cloud.
    #[error("{}: this is a cloud's store, not a hub's", .0.display())]
    NotAHub(PathBuf),
    /// The store fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl DataError {
    /// Whether another process has the store, perhaps for a moment only.
    pub fn is_locked(&self) -> bool {
        matches!(
            self,
            DataError::Store(StoreError::Locked(_))
                | DataError::Open(OpenError::Store(StoreError::Locked(_)))
        )
    }
}

/// The data folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataFolder {
    path: PathBuf,
    credentials: Option<PathBuf>,
}

/// The store and the key, open.
#[derive(Debug)]
pub struct Opened {
    /// The replica, for all threads.
    pub store: Shared,
    /// Who it is.
    pub replica: ReplicaId,
    /// The key of the PINs.
    pub pepper: Pepper,
    /// There was no store before.
    pub is_new: bool,
}

impl DataFolder {
    /// The folder; `credentials` is where the service manager puts secrets (`$CREDENTIALS_DIRECTORY`), where it does.
    pub fn new(path: impl Into<PathBuf>, credentials: Option<PathBuf>) -> Self {
        DataFolder { path: path.into(), credentials }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The store's file.
    pub fn store(&self) -> PathBuf {
        self.path.join("store.db")
    }

    /// Where the pepper lies: among the credentials, or in the folder.
    pub fn pepper(&self) -> PathBuf {
        self.given_pepper().unwrap_or_else(|| self.path.join("pepper.key"))
    }

    /// Opens store and key, and makes what is not there yet.
    ///
    /// # Errors
    /// Where another process owns the store, permissions are too wide, or something does not read.
    pub fn open(&self, now: Now, entropy: fn() -> u128) -> Result<Opened, DataError> {
        self.make_folder()?;
        let path = self.store();
        if !path.exists() && self.restoring().exists() {
            return Err(DataError::Interrupted(self.restoring()));
        }
        let mut is_new = false;
        let replica = match Replica::open(sqlite(&path)?, schema()) {
            Err(OpenError::Empty) => {
                is_new = true;
                let id = ReplicaId::new(now.ms, entropy());
                Replica::create(sqlite(&path)?, schema(), id, Role::Hub, "", now)?
            }
            opened => opened?,
        };
        let standing = replica.standing()?;
        if standing.role != Role::Hub {
            return Err(DataError::NotAHub(path));
        }
        // While the store is locked, so that two processes cannot make a key each.
        let pepper = match self.read_pepper()? {
            Some(pepper) => pepper,
            None => Pepper::new(self.make_secret(&self.path.join("pepper.key"), entropy)?),
        };
        Ok(Opened { replica: standing.replica, store: Shared::start(replica)?, pepper, is_new })
    }

    /// As [`DataFolder::open`], where there is a store already.
    ///
    /// # Errors
    /// As [`DataFolder::open`]; nothing is made.
    pub fn open_existing(&self, now: Now, entropy: fn() -> u128) -> Result<Opened, DataError> {
        let path = self.store();
        match fs::metadata(&path) {
            Ok(found) if found.len() > 0 => self.open(now, entropy),
            Ok(_) => Err(DataError::NoStore(path)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(DataError::NoStore(path)),
            Err(error) => Err(io_error(&path, &error)),
        }
    }

    /// What becomes the store at the end of a restore.
    pub fn restoring(&self) -> PathBuf {
        self.path.join("restored.db")
    }

    /// How much room the store takes, its log included.
    pub fn store_bytes(&self) -> u64 {
        let bytes = |name: &str| fs::metadata(self.path.join(name)).map_or(0, |found| found.len());
        ["store.db", "store.db-wal"].into_iter().map(bytes).sum()
    }

    /// Whether this process may make files here: those of another user, of root for one, would lock the hub out.
    ///
    /// # Errors
    /// Where the folder is another user's.
    pub fn insist_on_owner(&self) -> Result<(), DataError> {
        let Ok(found) = fs::metadata(&self.path) else { return Ok(()) };
        if found.uid() == rustix::process::geteuid().as_raw() {
            return Ok(());
        }
        Err(DataError::Others { path: self.path.clone(), owner: found.uid() })
    }

    /// Whether the folder and its key are the hub's alone.
    ///
    /// # Errors
    /// Where they are not.
    pub fn check(&self) -> Result<(), DataError> {
        only_ours(&self.path, 0o077, "700")?;
        self.read_pepper().map(drop)
    }

    fn given_pepper(&self) -> Option<PathBuf> {
        let given = self.credentials.as_ref().map(|folder| folder.join("pepper"));
        given.filter(|path| path.exists())
    }

    fn make_folder(&self) -> Result<(), DataError> {
        make_folder(&self.path)?;
        only_ours(&self.path, 0o022, "700")
    }

    /// The key of the PINs, where there is one.
    ///
    /// # Errors
    /// Where it does not read, or others may read it.
    pub fn read_pepper(&self) -> Result<Option<Pepper>, DataError> {
        // Credentials are the service manager's to guard; their access lists look like a mode of the group.
        Ok(read_secret(&self.pepper(), self.given_pepper().is_none())?.map(Pepper::new))
    }

    /// The key by which the cloud knows this device, where there is one.
    ///
    /// # Errors
    /// Where it does not read, or others may read it.
    pub fn read_device_key(&self) -> Result<Option<DeviceKey>, DataError> {
        Ok(read_secret(&self.device_key(), true)?.map(DeviceKey::new))
    }

    /// The key by which the cloud knows this device; made where there is none.
    ///
    /// # Errors
    /// As [`DataFolder::read_device_key`], or it cannot be written.
    pub fn make_device_key(&self, entropy: fn() -> u128) -> Result<DeviceKey, DataError> {
        match self.read_device_key()? {
            Some(key) => Ok(key),
            None => Ok(DeviceKey::new(self.make_secret(&self.device_key(), entropy)?)),
        }
    }

    fn device_key(&self) -> PathBuf {
        self.path.join("device.key")
    }

    /// A power cut leaves no key or a whole one: what is made with it (hashes of PINs, an enrolment) is of use at once.
    fn make_secret(&self, path: &Path, entropy: fn() -> u128) -> Result<[u8; 32], DataError> {
        let new = path.with_extension("key.new");
        let bytes: Vec<u8> = [entropy().to_be_bytes(), entropy().to_be_bytes()].concat();
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let written = || -> io::Result<()> {
            let mut options = OpenOptions::new();
            let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&new)?;
            file.write_all(format!("{text}\n").as_bytes())?;
            file.sync_all()?;
            fs::rename(&new, path)?;
            File::open(&self.path)?.sync_all()
        };
        written().map_err(|error| io_error(path, &error))?;
        parse_secret(&text).ok_or_else(|| DataError::BadKey(path.to_owned()))
    }
}

/// A key of a file, where there is one.
fn read_secret(path: &Path, is_ours: bool) -> Result<Option<[u8; 32]>, DataError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io_error(path, &error)),
    };
    if is_ours {
        only_ours(path, 0o077, "600")?;
    }
    parse_secret(text.trim()).map(Some).ok_or_else(|| DataError::BadKey(path.to_owned()))
}

/// Makes a folder that is the hub's alone, where there is none.
///
/// # Errors
/// What the system says.
pub fn make_folder(path: &Path) -> Result<(), DataError> {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true).mode(0o700);
    builder.create(path).map_err(|error| io_error(path, &error))
}

fn sqlite(path: &Path) -> Result<Sqlite, DataError> {
    Ok(Sqlite::open(path, Options::default())?)
}

fn parse_secret(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 2 * bytes.len() || !text.bytes().all(|c| c.is_ascii_hexdigit()) {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(bytes)
}

fn only_ours(path: &Path, forbidden: u32, right: &'static str) -> Result<(), DataError> {
    let found = fs::metadata(path).map_err(|error| io_error(path, &error))?;
    let mode = found.permissions().mode() & 0o777;
    if mode & forbidden != 0 {
        return Err(DataError::Exposed { path: path.to_owned(), mode, right });
    }
    Ok(())
}

fn io_error(path: &Path, error: &io::Error) -> DataError {
    DataError::Io { path: path.to_owned(), why: error.to_string() }
}
