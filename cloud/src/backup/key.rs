//! The key of a community's backups: an X25519 pair of age.
//!
//! The secret half is returned once, to be shown; only the public half is kept, in the community's listing. A new key is
//! for later backups: those made before open with the one before.
//!
//! What must never be here: a place where a secret is kept.

use std::str::FromStr;

use age::secrecy::{ExposeSecret, SecretString};
use age::x25519::{Identity, Recipient};
use dwellers_replica::Now;

use super::BackupError;
use crate::registry::{Listing, Registry};

/// A secret half, which is shown once. It does not show itself in a log.
#[derive(Debug)]
pub struct Secret(SecretString);

impl Secret {
    pub(super) fn of(identity: &Identity) -> Secret {
        Secret(identity.to_string())
    }

    /// As age writes it: `AGE-SECRET-KEY-1…`.
    pub fn show(&self) -> &str {
        self.0.expose_secret()
    }
}

/// Draws a key for the backups that a community has from now on; chance is the one of age.
///
/// # Errors
/// There is no such community, or the registry does not take it; then the key before counts still.
pub fn renew(registry: &Registry, community: &str, now: Now) -> Result<Secret, BackupError> {
    let identity = Identity::generate();
    registry.set_recipient(community, &identity.to_public().to_string(), now)?;
    Ok(Secret::of(&identity))
}

/// The secret half out of what the operator kept: the key alone, or a file as `age-keygen` writes it, with comments.
///
/// # Errors
/// There is none in it.
pub fn parse(text: &str) -> Result<Identity, BackupError> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    let key = line.ok_or(BackupError::Secret)?;
    Identity::from_str(&key.to_uppercase()).map_err(|_| BackupError::Secret)
}

/// The public half in a listing.
pub(super) fn recipient(listing: &Listing) -> Result<Recipient, BackupError> {
    if listing.recipient.is_empty() {
        return Err(BackupError::NoKey(listing.name.clone()));
    }
    Recipient::from_str(&listing.recipient).map_err(|_| BackupError::BadKey(listing.name.clone()))
}
