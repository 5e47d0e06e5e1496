//! A community out of a backup: on a new machine, or in the place of what is left on the old one.
//!
//! It keeps its id, by which its hubs know it, and is another replica: what the one before wrote after the backup comes
//! back from the hubs, as another's writes. What the cloud alone knows is as it was when the backup was made:
//!
//! - a hub that was enrolled later is a stranger and is told to enrol again; it keeps its key and its data;
//! - a hub that was revoked before the backup stays revoked;
//! - a hub that was revoked after it can connect again, until a hub that knows of it has been here: the retirement of its
//!   replica is a shared fact, which any hub brings back that had it. Then it is refused for good. What it wrote beyond its
//!   last accepted sequence and brought in between stays. Where no other hub knows, the revocation is lost: the operator
//!   revokes again, before the cloud serves. So `restore` shows all hubs as they are now.
//!
//! Invariants: nothing is changed before the backup was read to its end and found whole; a store that is there is moved
//! aside and never destroyed.
//!
//! What must never be here: a way to go on under the old replica id.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use age::x25519::Identity;
use dwellers_replica::{Now, RecordId, Replica, ReplicaId};

use super::package::Manifest;
use super::shelf::{Shelf, beside};
use super::{BackupError, Backups, Scratch, fault, package, sync_folder};
use crate::communities::{Communities, schema};
use crate::registry::{Listing, RegistryError};

/// What was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The community.
    pub community: RecordId,
    /// What it is called here.
    pub name: String,
    /// When the backup was made, in milliseconds since 1970.
    pub taken_ms: u64,
    /// Which replica it is from now on.
    pub replica: ReplicaId,
    /// Where the store lies that was there before.
    pub aside: Option<PathBuf>,
}

/// How a community is to be restored.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// What it is to be called, instead of as before.
    pub name: Option<String>,
    /// Move a store that is there aside.
    pub replace: bool,
}

impl Backups {
    /// Makes the community of a backup, as another replica. Where it has a key for its backups already, later ones are
    /// encrypted to that; else to the one that opened this.
    ///
    /// # Errors
    /// The backup is none or does not open, a store is there, the name is another's; everything is as it was then.
    pub fn restore(
        &self,
        communities: &Communities,
        backup: &Path,
        identity: &Identity,
        wishes: &Wishes,
        now: Now,
        entropy: u128,
    ) -> Result<Restored, BackupError> {
        let registry = communities.registry();
        // Where it lies while nobody knows yet whose it is.
        let unpacked = Scratch::at(self.folder.join("restoring.db"))?;
        Shelf::make(&self.folder)?;
        let manifest: Manifest = package::unpack(backup, identity, &[&unpacked.0])?;
        let id = manifest.community;
        let before = registry.get(id)?.map(|before| before.value);
        let mut listing = before.unwrap_or_else(|| Listing {
            name: manifest.name.clone(),
            made_ms: manifest.made_ms,
            recipient: identity.to_public().to_string(),
            ..Listing::default()
        });
        if let Some(name) = &wishes.name {
            listing.name.clone_from(name);
        }
        match registry.find(&listing.name) {
            Ok(found) if found.id != id => return Err(BackupError::Taken(listing.name)),
            Ok(_) | Err(RegistryError::Unknown(_)) => {}
            Err(other) => return Err(other.into()),
        }
        if communities.is_open(id) {
            return Err(BackupError::InUse(listing.name));
        }
        let folder = communities.folder(id)?;
        let living = folder.join("store.db");
        let _lock = lock(&living, &listing.name)?;
        let is_there = fs::metadata(&living).is_ok_and(|found| found.len() > 0);
        if is_there && !wishes.replace {
            return Err(BackupError::Living(living));
        }
        // Beside the old one, so that what fails costs nothing.
        let new = Scratch::at(folder.join("restored.db"))?;
        let replica = ReplicaId::new(now.ms, entropy);
        let standing = Replica::restore(&unpacked.0, &new.0, schema(), replica, "", now)?;
        let aside = folder.join(format!("before-restore-{}", now.ms));
        let aside = if is_there { Some(move_aside(&living, &aside)?) } else { None };
        fs::rename(&new.0, &living)
            .and_then(|()| sync_folder(&living))
            .map_err(|error| fault(&living, &error))?;
        registry.relist(id, &listing, now)?;
        let name = registry.get(id)?.map(|listing| listing.value.name).unwrap_or_default();
        Ok(Restored { community: id, name, taken_ms: manifest.taken_ms, replica: standing.replica, aside })
    }
}

/// Moves a store into a folder that is made for it; returns that.
pub(super) fn move_aside(living: &Path, aside: &Path) -> Result<PathBuf, BackupError> {
    dwellers_replica::move_aside(living, aside).map_err(|error| fault(aside, &error))?;
    Ok(aside.to_owned())
}

/// The claim to the store that whoever has it open has.
pub(super) fn lock(store: &Path, name: &str) -> Result<File, BackupError> {
    let path = beside(store, ".lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(|error| fault(&path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(BackupError::InUse(name.to_owned())),
        Err(TryLockError::Error(error)) => Err(fault(&path, &error)),
    }
}
