//! The communities' stores: each a file of its own, opened when somebody comes and closed when nobody does.
//!
//! ```text
//! data/                      0700
//!   registry.db              which communities there are
//!   accounts.db              who signs in, see [`crate::accounts`]
//!   bot.db                   what the bot heard and has not dealt with, see [`crate::bot`]
//!   communities/ID/store.db  a community's replica (with -wal, -shm and .lock beside it)
//!   blobs/                   pictures and backups, see [`crate::blobs`]; or they lie in a bucket
//! ```
//!
//! Invariants: a store is open once, whoever asks; one that does not open, or fails, is its community's trouble and no
//! other's; it is closed only while nobody holds it.
//!
//! What must never be here: SQL; a community's rules.

use std::collections::HashMap;
use std::fs::{DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dwellers_link::copies;
use dwellers_replica::{
    CommitError, Now, OpenError, Options, RecordId, Replica, ReplicaId, Role, Schema, Shared, Sqlite,
    StoreError,
};

use crate::accounts::{AccountError, Accounts};
use crate::blobs::{BlobError, Blobs};
use crate::registry::{Registry, RegistryError};
use crate::{api, applications, blobs, chats, downlink, hubs, notify, retention};

/// A store that nobody asked for in so long is closed.
pub const IDLE_MS: u64 = 10 * 60_000;
/// As many are open at a time, each with eight files, its writer's thread and, once a hub has spoken, a megabyte (measured); a
/// hub that is connected keeps its community open. Beyond, the longest unused is closed first.
pub const MOST_OPEN: usize = 2_000;

/// How much of pictures a community may have, unless it is configured otherwise.
const ROOM_BYTES: u64 = 20 << 30;

/// All collections of a community in the cloud: those that are shared with its hubs, and those that stay here.
pub fn schema() -> Schema {
    let records = blobs::declare(hubs::declare(dwellers::cloud_schema()));
    let records = applications::declare(copies::declare(downlink::declare(records)));
    chats::declare(retention::declare(notify::declare(api::declare(records))))
}

/// Why a community cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum CommunityError {
    /// The registry does not know it, or fails.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// It is closed.
    #[error("the community «{0}» is closed")]
    Closed(String),
    /// As many as there may be are open, and all in use.
    #[error("too many communities are in use at once")]
    Full,
    /// Its folder.
    #[error("{}: {why}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// The accounts.
    #[error(transparent)]
    Accounts(#[from] AccountError),
    /// Its store does not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// What is written first is refused.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// Its store fails.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no place for blobs.
    #[error(transparent)]
    Blobs(#[from] BlobError),
}

/// In words, for whoever has no more to do with it.
impl From<CommunityError> for String {
    fn from(why: CommunityError) -> String {
        why.to_string()
    }
}

impl CommunityError {
    /// Whether another process has the store.
    pub fn is_locked(&self) -> bool {
        use CommunityError::{Accounts, Open, Registry, Store};
        match self {
            Store(StoreError::Locked(_)) | Open(OpenError::Store(StoreError::Locked(_))) => true,
            Registry(RegistryError::Store(why)) => matches!(why, StoreError::Locked(_)),
            Registry(RegistryError::Open(why)) | Accounts(AccountError::Open(why)) => {
                matches!(why, OpenError::Store(StoreError::Locked(_)))
            }
            _ => false,
        }
    }
}

/// A community, open. It stays open while somebody holds it.
#[derive(Debug)]
pub struct Community {
    /// Its id, in the registry and on the link.
    pub id: RecordId,
    /// What the operator calls it.
    pub name: String,
    /// Its records.
    pub store: Shared,
    /// This side's replica of them.
    pub replica: ReplicaId,
}

/// All of them.
pub struct Communities {
    folder: PathBuf,
    registry: Registry,
    accounts: Accounts,
    blobs: Blobs,
    most_open: usize,
    open: Mutex<HashMap<RecordId, Open>>,
    told: Mutex<Vec<Told>>,
}

/// Who is told of a community that is opened, and says whether they want to hear of the next.
type Told = Box<dyn Fn(&Arc<Community>) -> bool + Send>;

struct Open {
    community: Arc<Community>,
    used_ms: u64,
}

impl Communities {
    /// Those of a data folder, which is made where there is none. One process owns it.
    ///
    /// # Errors
    /// It cannot be used.
    pub fn in_folder(data: &Path, now: Now, entropy: fn() -> u128) -> Result<Communities, CommunityError> {
        let folder = data.join("communities");
        make_folder(&folder)?;
        let registry = Registry::open(&data.join("registry.db"), now, entropy)?;
        let accounts = Accounts::open(&data.join("accounts.db"), now, entropy)?;
        let blobs = Blobs::in_folder(&data.join("blobs"), ROOM_BYTES)?;
        let (open, told) = (Mutex::default(), Mutex::default());
        Ok(Communities { folder, registry, accounts, blobs, most_open: MOST_OPEN, open, told })
    }

    /// The same with blobs that lie elsewhere.
    #[must_use]
    pub fn with_blobs(mut self, blobs: Blobs) -> Communities {
        self.blobs = blobs;
        self
    }

    /// The same with room for so many that are open.
    #[must_use]
    pub fn with_room(mut self, most_open: usize) -> Communities {
        self.most_open = most_open.max(1);
        self
    }

    /// Calls `told` with each community that is opened from now on, until it says no. It must not ask for communities itself.
    pub(crate) fn on_open(&self, told: impl Fn(&Arc<Community>) -> bool + Send + 'static) {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(told));
    }

    /// It is among the open.
    fn opened(&self, open: &mut HashMap<RecordId, Open>, community: Community, now: Now) -> Arc<Community> {
        let community = Arc::new(community);
        open.insert(community.id, Open { community: community.clone(), used_ms: now.ms });
        self.told.lock().unwrap_or_else(PoisonError::into_inner).retain(|told| told(&community));
        community
    }

    /// Their blobs.
    pub fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// The registry.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Who signs in to them.
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// Makes a community with nothing in it.
    ///
    /// # Errors
    /// Its name is taken, or the disk does not take it.
    pub fn create(
        &self,
        name: &str,
        now: Now,
        entropy: fn() -> u128,
    ) -> Result<Arc<Community>, CommunityError> {
        self.create_with(name, now, entropy, |_| Ok(()))
    }

    /// Makes a community: its store, what `first` writes into it, and then its listing. One that is half made is nobody's,
    /// and takes no name.
    ///
    /// # Errors
    /// Its name is taken, the disk does not take it, or what `first` says.
    pub fn create_with<E: From<CommunityError>>(
        &self,
        name: &str,
        now: Now,
        entropy: fn() -> u128,
        first: impl FnOnce(&Community) -> Result<(), E>,
    ) -> Result<Arc<Community>, E> {
        let id = RecordId::new(now.ms, entropy());
        let made = self.begin(id, name, now, entropy)?;
        first(&made)?;
        Ok(self.list(made, now)?)
    }

    /// A store that is not listed.
    fn begin(
        &self,
        id: RecordId,
        name: &str,
        now: Now,
        entropy: fn() -> u128,
    ) -> Result<Community, CommunityError> {
        self.registry.is_free(name)?;
        let sqlite = Sqlite::open(self.folder(id)?.join("store.db"), Options::default())?;
        let replica = ReplicaId::new(now.ms, entropy());
        let store = Replica::create(sqlite, schema(), replica, Role::Cloud, "", now)?;
        Ok(Community { id, name: name.to_owned(), store: Shared::start(store)?, replica })
    }

    /// Lists it, and has it open.
    fn list(&self, made: Community, now: Now) -> Result<Arc<Community>, CommunityError> {
        let mut open = self.lock();
        self.make_room(&mut open)?;
        self.registry.add(made.id, &made.name, now)?;
        let listed = self.registry.get(made.id)?.map(|listing| listing.value.name);
        Ok(self.opened(&mut open, Community { name: listed.unwrap_or_default(), ..made }, now))
    }

    /// The longest unused gives way, where all places are taken.
    fn make_room(&self, open: &mut HashMap<RecordId, Open>) -> Result<(), CommunityError> {
        if open.len() >= self.most_open {
            let unused = open.iter().filter(|(_, open)| open.is_idle()).min_by_key(|(_, open)| open.used_ms);
            let longest = *unused.ok_or(CommunityError::Full)?.0;
            open.remove(&longest);
        }
        Ok(())
    }

    /// The community of an id, opened where it is not.
    ///
    /// # Errors
    /// There is none, it is closed, or its store does not open.
    pub fn open(&self, id: RecordId, now: Now) -> Result<Arc<Community>, CommunityError> {
        // Looked at while nobody closes it: what is put among the open would stay there.
        let mut open = self.lock();
        let listing = self.registry.get(id)?.ok_or_else(|| RegistryError::Unknown(id.to_string()))?.value;
        if listing.closed {
            return Err(CommunityError::Closed(listing.name));
        }
        if let Some(found) = open.get_mut(&id) {
            found.used_ms = now.ms;
            return Ok(found.community.clone());
        }
        self.make_room(&mut open)?;
        let path = self.folder.join(id.to_string()).join("store.db");
        let replica = Replica::open(Sqlite::open(&path, Options::default())?, schema())?;
        let standing = replica.standing()?;
        let store = Shared::start(replica)?;
        Ok(self.opened(
            &mut open,
            Community { id, name: listing.name, store, replica: standing.replica },
            now,
        ))
    }

    /// The community of an id, where it is open: looking does not keep it so.
    pub fn if_open(&self, id: RecordId) -> Option<Arc<Community>> {
        self.lock().get(&id).map(|open| open.community.clone())
    }

    /// Ceases to serve a community: nobody opens it again; who holds it keeps it until they let go.
    ///
    /// # Errors
    /// There is none.
    pub fn close(&self, name: &str, now: Now) -> Result<String, CommunityError> {
        let closed = self.registry.set_closed(name, true, now)?;
        self.lock().remove(&closed.id);
        Ok(closed.value.name)
    }

    /// Serves a community again that was closed.
    ///
    /// # Errors
    /// There is none.
    pub fn reopen(&self, name: &str, now: Now) -> Result<String, CommunityError> {
        Ok(self.registry.set_closed(name, false, now)?.value.name)
    }

    /// Closes what nobody uses; to be called now and then.
    pub fn rest(&self, now: Now) {
        self.lock().retain(|_, open| !open.is_idle() || now.ms.saturating_sub(open.used_ms) < IDLE_MS);
    }

    /// Closes one that was opened for a look, where nobody uses it. Blocks.
    pub(crate) fn let_go(&self, id: RecordId) {
        // While the lock is held: whoever opens it next finds its file free.
        let mut open = self.lock();
        if open.get(&id).is_some_and(Open::is_idle) {
            open.remove(&id);
        }
    }

    /// Whether a community is listed and not closed.
    ///
    /// # Errors
    /// The registry fails.
    pub fn is_served(&self, id: RecordId) -> Result<bool, CommunityError> {
        Ok(self.registry.get(id)?.is_some_and(|listing| !listing.value.closed))
    }

    /// How many are open.
    pub fn count_open(&self) -> usize {
        self.lock().len()
    }

    /// Whether somebody may be using it.
    pub(crate) fn is_open(&self, id: RecordId) -> bool {
        self.lock().contains_key(&id)
    }

    /// Where the store of a community lies, made where it is not.
    pub(crate) fn folder(&self, id: RecordId) -> Result<PathBuf, CommunityError> {
        let folder = self.folder.join(id.to_string());
        make_folder(&folder)?;
        File::open(&self.folder)
            .and_then(|all| all.sync_all())
            .map_err(|error| fault(&self.folder, &error))?;
        Ok(folder)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<RecordId, Open>> {
        // Nothing is half done while it is held: the map of one that panicked is whole.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn is_idle(&self) -> bool {
        Arc::strong_count(&self.community) == 1
    }
}

fn make_folder(path: &Path) -> Result<(), CommunityError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true).mode(0o700);
    builder.create(path).map_err(|error| fault(path, &error))
}

fn fault(path: &Path, error: &io::Error) -> CommunityError {
    CommunityError::Io { path: path.to_owned(), why: error.to_string() }
}
