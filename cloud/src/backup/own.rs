//! Backups of the cloud's own stores: who signs in, and which communities there are. Without them a community that is
//! restored has nobody who could come to it but by the operator's links.
//!
//! They are made like a community's, but to a key of their own, which opens no community; and no hub is given them: what
//! people sign in with is nothing for a gatehouse. Whoever runs a cloud carries them elsewhere.
//!
//! Restored, everybody signs in again, and links that waited to be opened are void: some of them had ended, or been used,
//! after the backup was made. What somebody changed after it is as it was before: a password, a passkey that was removed.
//!
//! Invariants: nothing is changed before the backup was read to its end and found whole; stores that are there are moved
//! aside and never destroyed; no session and no link comes back.
//!
//! What must never be here: anything of a community.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use age::x25519::{Identity, Recipient};
use dwellers_replica::{Now, Options, RecordId, Replica, ReplicaId, Schema, Shared, Sqlite};
use serde::{Deserialize, Serialize};

use super::key::Secret;
use super::package::{self, Document, Stored};
use super::restore::{lock, move_aside};
use super::shelf::Shelf;
use super::standing::Standing;
use super::{BackupError, Backups, Made, Pace, Scratch, fault, sync_folder};
use crate::accounts::Accounts;
use crate::communities::{Communities, CommunityError};
use crate::registry::Registry;

/// By what they are known among the communities' backups; no community has this id.
pub const ID: RecordId = RecordId::new(0, 1);

/// What a backup of them says of itself; `cloud.json` in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`package::FORMAT`] of the program that wrote it.
    pub format: u32,
    /// When it was made, in milliseconds since 1970.
    pub taken_ms: u64,
    /// The program that made it.
    pub program: String,
    /// How long `accounts.db` is.
    pub accounts_bytes: u64,
    /// Its BLAKE3 hash, in hex.
    pub accounts_blake3: String,
    /// How long `registry.db` is.
    pub registry_bytes: u64,
    /// Its BLAKE3 hash, in hex.
    pub registry_blake3: String,
}

impl Document for Manifest {
    const NAME: &'static str = "cloud.json";

    fn taken_ms(&self) -> u64 {
        self.taken_ms
    }

    fn stores(&self) -> Vec<Stored<'_>> {
        let accounts = Stored { name: ACCOUNTS, bytes: self.accounts_bytes, blake3: &self.accounts_blake3 };
        let registry = Stored { name: REGISTRY, bytes: self.registry_bytes, blake3: &self.registry_blake3 };
        vec![accounts, registry]
    }
}

/// The stores' files, in the data folder and in a backup.
const ACCOUNTS: &str = "accounts.db";
const REGISTRY: &str = "registry.db";

/// What was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestoredOwn {
    /// When the backup was made, in milliseconds since 1970.
    pub taken_ms: u64,
    /// Where the stores lie that were there before.
    pub aside: Vec<PathBuf>,
    /// The communities that are listed.
    pub communities: Vec<String>,
}

/// Draws a key for backups from now on; without one none are made. Chance is the one of age.
///
/// # Errors
/// The registry does not take it; then the key before counts still.
pub fn renew(registry: &Registry, now: Now) -> Result<Secret, BackupError> {
    let identity = Identity::generate();
    registry.set_own_recipient(&identity.to_public().to_string(), now)?;
    Ok(Secret::of(&identity))
}

/// Whether there is a key.
///
/// # Errors
/// The registry fails.
pub fn has_key(registry: &Registry) -> Result<bool, BackupError> {
    Ok(!registry.own_recipient()?.is_empty())
}

impl Backups {
    /// Makes one, verifies it and puts it where it belongs; one at a time, others wait.
    ///
    /// # Errors
    /// Why there is none. What was there is there still.
    pub fn make_own(
        &self,
        communities: &Communities,
        now: Now,
        pace: Pace<'_>,
    ) -> Result<Made<Manifest>, BackupError> {
        let _one = self.turn();
        let made = self.attempt_own(communities, now, pace);
        Standing::note(communities.registry(), ID, made.as_ref(), now)?;
        made
    }

    fn attempt_own(
        &self,
        communities: &Communities,
        now: Now,
        pace: Pace<'_>,
    ) -> Result<Made<Manifest>, BackupError> {
        let (registry, accounts) = (communities.registry(), communities.accounts());
        let recipient = Recipient::from_str(&registry.own_recipient()?).map_err(|_| BackupError::NoOwnKey)?;
        let shelf = Shelf::of(&self.folder, ID)?;
        let target = shelf.place(now);
        if target.symlink_metadata().is_ok() {
            return Err(BackupError::Exists(target));
        }
        let copies = [Scratch::at(shelf.path("copy.db"))?, Scratch::at(shelf.path("copy-registry.db"))?];
        let (accounts_blake3, accounts_bytes) = copied(accounts.store(), &copies[0].0, Accounts::schema())?;
        let (registry_blake3, registry_bytes) = copied(registry.store(), &copies[1].0, Registry::schema())?;
        let manifest = Manifest {
            format: package::FORMAT,
            taken_ms: now.ms,
            program: concat!("dwellers-cloud ", env!("CARGO_PKG_VERSION")).to_owned(),
            accounts_bytes,
            accounts_blake3,
            registry_bytes,
            registry_blake3,
        };
        let copies = copies.each_ref().map(|copy| copy.0.as_path());
        let made = Backups::seal(manifest, &copies, &recipient, target, &mut self.go_on(pace))?;
        shelf.prune(self.keep, &made.path)?;
        Ok(made)
    }

    /// Puts the stores of a backup where they belong, in a data folder whose cloud does not run.
    ///
    /// # Errors
    /// The backup is another ([`BackupError::Foreign`]: a community's, perhaps) or does not open, or stores are there and
    /// are not to be replaced; everything is as it was then.
    pub fn restore_own(
        &self,
        data: &Path,
        backup: &Path,
        identity: &Identity,
        replace: bool,
        now: Now,
        entropy: fn() -> u128,
    ) -> Result<RestoredOwn, BackupError> {
        Shelf::make(&self.folder)?;
        let unpacked = ["accounts", "registry"]
            .map(|name| Scratch::at(self.folder.join(format!("restoring-{name}.db"))));
        let [accounts, registry] = unpacked;
        let (accounts, registry) = (accounts?, registry?);
        let manifest: Manifest = package::unpack(backup, identity, &[&accounts.0, &registry.0])?;
        let living = [data.join(ACCOUNTS), data.join(REGISTRY)];
        let _locks = [lock(&living[0], "accounts")?, lock(&living[1], "accounts")?];
        let is_there = |path: &PathBuf| fs::metadata(path).is_ok_and(|found| found.len() > 0);
        if let Some(there) = living.iter().find(|path| is_there(path) && !replace) {
            return Err(BackupError::Living(there.clone()));
        }
        let (voided, communities) = voided(&accounts.0, &registry.0, now, entropy)?;
        let mut news = Vec::new();
        for ((from, living), schema) in voided.iter().zip(&living).zip([Accounts::schema, Registry::schema]) {
            // Beside the old one, so that what fails costs nothing.
            let new = Scratch::at(living.with_extension("restored"))?;
            Replica::restore(&from.0, &new.0, schema(), ReplicaId::new(now.ms, entropy()), "", now)?;
            news.push(new);
        }
        let mut aside = Vec::new();
        for (nth, (new, living)) in news.iter().zip(&living).enumerate() {
            if is_there(living) {
                // A folder each: a store is moved into one that is made for it.
                let name = format!("before-restore-{}-{nth}", now.ms);
                aside.push(move_aside(living, &data.join(name))?);
            }
            fs::rename(&new.0, living)
                .and_then(|()| sync_folder(living))
                .map_err(|error| fault(living, &error))?;
        }
        Ok(RestoredOwn { taken_ms: manifest.taken_ms, aside, communities })
    }
}

/// A copy of a store at `copy`, of which it is known that it is one: its hash, and how long it is.
fn copied(store: &Shared, copy: &Path, schema: Schema) -> Result<(String, u64), BackupError> {
    // This checks the whole file.
    store.copy_to(copy)?;
    let standing = Replica::open(Sqlite::open(copy, Options::default())?, schema)?.standing()?;
    if standing.replica != store.standing()?.replica {
        return Err(BackupError::Copy("its history is another"));
    }
    let (hash, bytes) = package::hash_file(copy)?;
    Ok((hash.to_string(), bytes))
}

/// Copies of unpacked stores without sessions, links and invitations; and which communities are listed.
fn voided(
    accounts: &Path,
    registry: &Path,
    now: Now,
    entropy: fn() -> u128,
) -> Result<([Scratch; 2], Vec<String>), BackupError> {
    let copies = [accounts, registry].map(|path| Scratch::at(path.with_extension("voided")));
    let [of_accounts, of_registry] = copies;
    let (of_accounts, of_registry) = (of_accounts?, of_registry?);
    let accounts = Accounts::open(accounts, now, entropy).map_err(CommunityError::from)?;
    accounts.end_everywhere(now).map_err(CommunityError::from)?;
    accounts.store().copy_to(&of_accounts.0)?;
    let registry = Registry::open(registry, now, entropy)?;
    registry.forget_invitations(now)?;
    registry.store().copy_to(&of_registry.0)?;
    let communities = registry.all()?.into_iter().map(|listing| listing.value.name).collect();
    Ok(([of_accounts, of_registry], communities))
}
