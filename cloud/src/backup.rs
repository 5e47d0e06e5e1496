//! Backups of communities, and communities out of backups.
//!
//! A backup is a community's store as it was at one moment, encrypted to a key whose secret half the operator alone has:
//! it was shown once when the community was made, and this machine forgot it. Whoever finds a backup, here or on a hub's
//! disk, finds nothing in it. It is `age( zstd( tar( community.json, store.db ) ) )`, so that it opens without this
//! program: `age -d -i KEY FILE | zstd -d | tar x`. Pictures are not in it.
//!
//! The copy is verified twice: before it is encrypted (it opens as a replica, whole, and its history is the living
//! store's), and after, as it is read back from where it lies. This machine cannot open what is encrypted to the operator
//! alone; so each backup is encrypted to a second key as well, drawn for it, with which it is opened again and compared
//! byte for byte. That key is never written down and is dropped when the backup is done.
//!
//! ```text
//! data/backups/              0700
//!   COMMUNITY/TIME.age       0600; the last so many
//!   COMMUNITY/apart      0600; one that whoever asked for it carries away
//!   COMMUNITY/copy.db        while a backup is under way: the store in the clear, as its own file is
//!   accounts/TIME.age        the same of the cloud's own stores
//!   COMMUNITY/….new          likewise, what becomes the backup
//! ```
//!
//! Age says who may read, not who wrote: whoever knows the public half can make a file that opens. It is told to nobody,
//! hubs included.
//!
//! | module | what it holds |
//! |---|---|
//! | [`key`] | the key: shown once, made anew |
//! | [`package`] | the format: packed, read back, unpacked; bounded memory |
//! | `shelf` | where backups lie, and which give way |
//! | [`standing`] | what is remembered of a community's backups |
//! | [`schedule`] | when one is due, overdue; the task that makes them |
//! | `offer` | the newest one, given to the community's hubs |
//! | [`restore`] | a community out of a backup |
//! | [`own`] | the same with the cloud's own stores: who signs in, and which communities there are |
//!
//! Invariants: a backup bears its name only when it is whole, verified and on the medium; none is replaced; the newest
//! is never removed; one that fails costs no older one.
//!
//! What must never be here: a secret key on a disk or in a log; a rule of community life.

pub mod key;
mod offer;
pub mod own;
pub mod package;
pub mod restore;
pub mod schedule;
mod shelf;
pub mod standing;

use std::fs::{self, File, OpenOptions};
use std::io;
use std::num::NonZeroUsize;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use dwellers_replica::{
    Bucket, CommitError, Entry, Now, OpenError, Options, ReadError, RecordId, Replica, Resumption, Sqlite,
    StoreError,
};

use crate::communities::{Communities, Community, CommunityError, schema};
use crate::config;
use crate::registry::{Listing, RegistryError};

use self::package::{Document, Manifest, Packed};
use self::shelf::Shelf;
use self::standing::Standing;

/// Why there is no backup, or no restored community.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// It has no key.
    #[error("«{0}» has no key for its backups yet: `dwellers-cloud community new-key` makes one")]
    NoKey(String),
    /// The cloud's own stores have none, or what there is does not read.
    #[error("accounts have no key for their backups yet: `dwellers-cloud accounts new-key` makes one")]
    NoOwnKey,
    /// What is in its listing is no key.
    #[error("the key of «{0}» does not read: `dwellers-cloud community new-key` makes another")]
    BadKey(String),
    /// Something is there already.
    #[error("{}: there is a file already; a backup never replaces one", .0.display())]
    Exists(PathBuf),
    /// The copy is not the store.
    #[error("the copy is not as the store is ({0}): there is no backup of it")]
    Copy(&'static str),
    /// What was read back is not what was written.
    #[error("{}: what is read back is not what was written; it was thrown away, look after the disk", .0.display())]
    Differs(PathBuf),
    /// Hubs were not given it.
    #[error("hubs were not given the backup: {0}")]
    NotOffered(String),
    /// A record does not read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The program was told to end.
    #[error("it was stopped before it was done")]
    Stopped,
    /// The text is no secret key.
    #[error("this is no key: it begins with AGE-SECRET-KEY-1, as it was shown when the community was made")]
    Secret,
    /// The file is encrypted to another key.
    #[error("{}: this key does not open it; was another in use when it was made?", .0.display())]
    WrongKey(PathBuf),
    /// The file is something else.
    #[error("{}: this is no backup of a community", .0.display())]
    Foreign(PathBuf),
    /// The file is not as it was written.
    #[error("{}: damaged or cut short: take another", .0.display())]
    Damaged(PathBuf),
    /// A newer program made it.
    #[error("{}: a newer program made it (format {found}, this one knows {}): update this one", path.display(), package::FORMAT)]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u32,
    },
    /// There is a store.
    #[error("{}: there is a store already; with --replace it is moved aside, and nothing of it is lost", .0.display())]
    Living(PathBuf),
    /// Somebody has it open.
    #[error("«{0}» is in use: end `dwellers-cloud serve` first")]
    InUse(String),
    /// Another community is called so.
    #[error("another community here is called «{0}»: give this one another name with --name")]
    Taken(String),
    /// There is not enough room.
    #[error("{}: {needed} bytes are needed, {free} are free", path.display())]
    Room {
        /// Where.
        path: PathBuf,
        /// What it takes.
        needed: u64,
        /// What there is.
        free: u64,
    },
    /// The system refuses.
    #[error("{}: {why}", path.display())]
    Io {
        /// What was touched.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// The community cannot be had.
    #[error(transparent)]
    Community(#[from] CommunityError),
    /// The registry fails.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// A store does not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A store does not take it.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// A store fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Called now and then while something large is moved. It may take its time, so that the disk is others' as well.
pub type Pace<'a> = &'a mut dyn FnMut();

/// The backups of an installation.
pub struct Backups {
    folder: PathBuf,
    keep: NonZeroUsize,
    making: Mutex<()>,
    is_stopping: AtomicBool,
}

/// A backup that was made and verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made<M = Manifest> {
    /// Where it lies.
    pub path: PathBuf,
    /// How long it is.
    pub bytes: u64,
    /// The BLAKE3 hash of the file.
    pub hash: [u8; 32],
    /// What it says of itself.
    pub manifest: M,
}

impl Backups {
    /// Those of a data folder.
    pub fn in_folder(data: &Path, config: &config::Backup) -> Backups {
        Backups {
            folder: data.join("backups"),
            keep: config.keep,
            making: Mutex::default(),
            is_stopping: AtomicBool::new(false),
        }
    }

    /// Nobody waits for a backup any more: one that is under way ends without one.
    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    /// Makes one, verifies it and puts it where it belongs, or into a file that is not there yet; one at a time, others
    /// wait. One that is to go elsewhere does not count among the scheduled.
    ///
    /// # Errors
    /// Why there is none. What was there is there still.
    pub fn make(
        &self,
        communities: &Communities,
        community: RecordId,
        to: Option<&Path>,
        now: Now,
        pace: Pace<'_>,
    ) -> Result<Made, BackupError> {
        let _one = self.turn();
        let made = self.attempt(communities, community, to, now, pace);
        if to.is_none() {
            Standing::note(communities.registry(), community, made.as_ref(), now)?;
        }
        made
    }

    /// Makes one that does not count among the scheduled, for whoever asked to carry away ([`take`]): a service sees little
    /// of the disk beside its own folder.
    ///
    /// # Errors
    /// Why there is none.
    pub fn make_apart(
        &self,
        communities: &Communities,
        community: RecordId,
        now: Now,
        pace: Pace<'_>,
    ) -> Result<Made, BackupError> {
        let path = Shelf::of(&self.folder, community)?.path("apart");
        // Of somebody who did not come back for it.
        clear(&path).map_err(|error| fault(&path, &error))?;
        self.make(communities, community, Some(&path), now, pace)
    }

    fn attempt(
        &self,
        communities: &Communities,
        id: RecordId,
        to: Option<&Path>,
        now: Now,
        pace: Pace<'_>,
    ) -> Result<Made, BackupError> {
        let listing =
            communities.registry().get(id)?.ok_or_else(|| RegistryError::Unknown(id.to_string()))?;
        let mut go_on = self.go_on(pace);
        let recipient = key::recipient(&listing.value)?;
        let community = communities.open(id, now)?;
        let shelf = Shelf::of(&self.folder, id)?;
        let target = to.map_or_else(|| shelf.place(now), Path::to_owned);
        if target.symlink_metadata().is_ok() {
            return Err(BackupError::Exists(target));
        }
        let copy = Scratch::at(shelf.path("copy.db"))?;
        let manifest = copied(&community, &listing, &copy.0, now)?;
        let made = Backups::seal(manifest, &[&copy.0], &recipient, target, &mut go_on)?;
        if to.is_none() {
            shelf.prune(self.keep, &made.path)?;
        }
        Ok(made)
    }

    /// One is made at a time.
    fn turn(&self) -> MutexGuard<'_, ()> {
        // Nothing is half done while it is held that the next one would not clear.
        self.making.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Until nobody waits for it any more.
    fn go_on<'a>(&'a self, pace: Pace<'a>) -> impl FnMut() -> bool + 'a {
        move || {
            pace();
            !self.is_stopping.load(Ordering::Relaxed)
        }
    }

    /// Encrypts copies to a file that is not there yet, and reads it back.
    fn seal<M: Document>(
        manifest: M,
        copies: &[&Path],
        recipient: &age::x25519::Recipient,
        target: PathBuf,
        go_on: package::GoOn<'_>,
    ) -> Result<Made<M>, BackupError> {
        let draft = Scratch::at(shelf::beside(&target, ".new"))?;
        // See above: what only the operator can open could not be verified here.
        let passing = age::x25519::Identity::generate();
        let readers: [&dyn age::Recipient; 2] = [recipient, &passing.to_public()];
        let Packed { bytes, hash } = package::pack(&manifest, copies, &readers, &draft.0, go_on)?;
        package::compare(&draft.0, &passing, &manifest, copies, &hash, go_on)?;
        shelf::settle(&draft.0, &target)?;
        Ok(Made { path: target, bytes, hash: *hash.as_bytes(), manifest })
    }

    /// How a community's backups are: what is remembered, as far as the file is there still.
    ///
    /// # Errors
    /// The registry fails.
    pub fn standing(&self, communities: &Communities, community: RecordId) -> Result<Standing, BackupError> {
        let standing = Standing::of(communities.registry(), community)?;
        let path = self.folder.join(shelf::name(community)).join(&standing.file);
        if standing.last_ms == 0 || path.is_file() {
            return Ok(standing);
        }
        let failure = format!("{}: it is gone", path.display());
        Ok(Standing { last_ms: 0, last_bytes: 0, failure, ..standing })
    }
}

/// Carries a backup that was made apart to its place, and removes it where it was. Nobody else may read it there, it bears
/// its name only when it is whole, and it replaces nothing.
///
/// # Errors
/// There is something already, or the system refuses: then it is in neither place.
pub fn take(apart: &Path, target: &Path) -> Result<(), BackupError> {
    let _gone_from_here = Scratch(apart.to_owned());
    if target.symlink_metadata().is_ok() {
        return Err(BackupError::Exists(target.to_owned()));
    }
    let draft = Scratch::at(shelf::beside(target, ".new"))?;
    let copied = || -> io::Result<()> {
        let mut to = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft.0)?;
        io::copy(&mut File::open(apart)?, &mut to)?;
        to.sync_all()
    };
    copied().map_err(|error| fault(target, &error))?;
    shelf::settle(&draft.0, target)
}

/// A copy of the store at `copy`, of which it is known that it is one.
fn copied(
    community: &Community,
    listing: &Entry<Listing>,
    copy: &Path,
    now: Now,
) -> Result<Manifest, BackupError> {
    let store = &community.store;
    // This checks the whole file.
    store.copy_to(copy)?;
    let (standing, digests) = {
        let replica = Replica::open(Sqlite::open(copy, Options::default())?, schema())?;
        (replica.standing()?, replica.digests()?)
    };
    // The living store went on meanwhile, perhaps; but it came by where the copy stands, by the same history.
    let living = store.standing()?;
    let at = standing.mark;
    let (vector, seen, marks) = (standing.vector, at.sequence, vec![at]);
    let passed = Resumption { vector, seen, cursor: at, urgent: at, marks };
    if living.replica != standing.replica || store.resume(&passed)? != Ok(at) {
        return Err(BackupError::Copy("its history is another"));
    }
    // And where it stands there still, both hold the same.
    let of_living = store.digests()?;
    if store.standing()?.mark == at && of_living != digests {
        return Err(BackupError::Copy("its digests differ"));
    }
    let (hash, bytes) = package::hash_file(copy)?;
    Ok(Manifest {
        format: package::FORMAT,
        community: community.id,
        name: listing.value.name.clone(),
        made_ms: listing.value.made_ms,
        taken_ms: now.ms,
        program: concat!("dwellers-cloud ", env!("CARGO_PKG_VERSION")).to_owned(),
        replica: standing.replica,
        bytes,
        blake3: hash.to_string(),
        digest: digest(&digests),
    })
}

/// One hash over the digests of all collections and months.
pub fn digest(digests: &std::collections::BTreeMap<Bucket, u128>) -> String {
    let mut hasher = blake3::Hasher::new();
    for (Bucket { collection, month }, sum) in digests {
        hasher.update(format!("{collection} {month} {sum:032x}\n").as_bytes());
    }
    hasher.finalize().to_string()
}

/// A file that is gone afterwards, with what a store leaves beside it, unless it got another name.
struct Scratch(PathBuf);

impl Scratch {
    /// With nothing left of an earlier attempt.
    fn at(path: PathBuf) -> Result<Scratch, BackupError> {
        clear(&path).map_err(|error| fault(&path, &error))?;
        Ok(Scratch(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed now, the next attempt clears.
        let _ = clear(&self.0);
    }
}

fn clear(path: &Path) -> io::Result<()> {
    for leftover in ["", "-wal", "-shm", "-journal", ".lock", ".new"] {
        match fs::remove_file(shelf::beside(path, leftover)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

fn fault(path: &Path, error: &io::Error) -> BackupError {
    if package::is_stop(error) {
        return BackupError::Stopped;
    }
    BackupError::Io { path: path.to_owned(), why: error.to_string() }
}
