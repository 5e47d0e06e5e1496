//! Invitations: a secret that somebody was given in the name of a community, and what it is good for. Whoever brings it
//! need not know which community it is of.
//!
//! The registry keeps them, as hashes with a key of its own. One works once, for its time; a new one for the same purpose
//! takes the place of the one before. How often strangers may try is bounded where they come in.
//!
//! What must never be here: a secret in the clear; what is done for whoever brings one.

use dwellers_replica::{
    CommitError, Entry, Index, Now, Query, Record, RecordId, Refusal, Shared, Spec, View, Writes,
};
use serde::{Deserialize, Serialize};

use crate::registry::{Registry, RegistryError};

/// The key of the hashes; its one record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Pepper {
    key: Vec<u8>,
}

impl Record for Pepper {
    const SPEC: Spec = Spec::local("peppers");
}

impl Pepper {
    const ID: RecordId = RecordId::new(0, 1);
}

/// An invitation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Invitation {
    /// The keyed hash of the secret, in hex.
    pub hash: String,
    /// In whose name.
    pub community: RecordId,
    /// Until when, in milliseconds since 1970.
    pub until_ms: u64,
    /// What it is good for.
    pub to: To,
}

/// What an invitation is good for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum To {
    /// To be a hub.
    Hub {
        /// What it is to be called.
        label: String,
        /// The key of the device in whose place it comes, as [`dwellers_link::device::PublicKey::text`] writes it.
        in_place_of: Option<String>,
    },
    /// To be this person, as whom nobody has signed in yet.
    Person(RecordId),
    /// The same from the operator, also where somebody has: then it signs in to their account.
    AccountOf(RecordId),
}

impl Default for To {
    fn default() -> Self {
        To::Hub { label: String::new(), in_place_of: None }
    }
}

impl To {
    /// Whether one is enough for the same purpose.
    fn is_like(&self, other: &To) -> bool {
        match (self, other) {
            (To::Hub { .. }, To::Hub { .. }) => true,
            (To::Person(one), To::Person(other)) | (To::AccountOf(one), To::AccountOf(other)) => one == other,
            _ => false,
        }
    }
}

impl Record for Invitation {
    const SPEC: Spec = Spec {
        indexes: &[Index { name: "hash", on: &["hash"] }, Index { name: "until", on: &["until_ms"] }],
        ..Spec::local("invitations")
    };
}

/// The most that wait to be used.
const MOST: usize = 10_000;

impl Registry {
    /// Keeps an invitation whose secret this is, in the place of one like it; those whose time is over go.
    ///
    /// # Errors
    /// What the store says, or there are too many.
    pub fn invite(
        &self,
        secret: &[u8],
        community: RecordId,
        to: To,
        lasts_ms: u64,
        entropy: fn() -> u128,
        now: Now,
    ) -> Result<(), RegistryError> {
        let hash = self.hash(secret, entropy, now)?;
        let mut writes = Writes::new();
        let all = self.invitations()?;
        let (mut ended, mut waiting) = (0, 0);
        for earlier in &all {
            let Invitation { community: of, to: good_for, until_ms, .. } = &earlier.value;
            if *until_ms <= now.ms || (*of == community && good_for.is_like(&to)) {
                // A transaction has room for some hundreds; the next one takes the others along.
                ended += 1;
                if ended <= 100 {
                    writes.remove::<Invitation>(earlier.id);
                }
            } else {
                waiting += 1;
            }
        }
        if waiting >= MOST {
            return Err(RegistryError::TooMany);
        }
        let until_ms = now.ms.saturating_add(lasts_ms);
        writes.create(RecordId::new(now.ms, entropy()), &Invitation { hash, community, until_ms, to });
        self.store().commit(now, writes)?;
        Ok(())
    }

    /// The invitation of a secret, where it is still good.
    ///
    /// # Errors
    /// What the store says.
    pub fn invited(&self, secret: &[u8], now: Now) -> Result<Option<Entry<Invitation>>, RegistryError> {
        let Some(pepper) = pepper(self.store())? else { return Ok(None) };
        let hash = hashed(&pepper.value.key, secret);
        let found = self
            .store()
            .view(|view| view.of::<Invitation>().find(&Query::on("hash").equal(hash.as_str()).limit(1)))??;
        Ok(found.entries.into_iter().next().filter(|found| now.ms < found.value.until_ms))
    }

    /// Uses an invitation up; false where somebody else did.
    ///
    /// # Errors
    /// What the store says.
    pub fn redeem(&self, invitation: &Entry<Invitation>, now: Now) -> Result<bool, RegistryError> {
        let mut writes = Writes::new();
        writes.unchanged(invitation).remove::<Invitation>(invitation.id);
        match self.store().commit(now, writes) {
            Ok(_) => Ok(true),
            Err(CommitError::Refused(Refusal::Changed { .. })) => Ok(false),
            Err(other) => Err(other.into()),
        }
    }

    /// Nobody who was invited is any more.
    pub(crate) fn forget_invitations(&self, now: Now) -> Result<(), RegistryError> {
        for some in self.invitations()?.chunks(100) {
            let mut writes = Writes::new();
            for invitation in some {
                writes.remove::<Invitation>(invitation.id);
            }
            self.store().commit(now, writes)?;
        }
        Ok(())
    }

    fn invitations(&self) -> Result<Vec<Entry<Invitation>>, RegistryError> {
        let (mut all, mut cursor) = (Vec::new(), None);
        loop {
            let page = self.store().view(|view: View<'_>| {
                let query = Query::on("until").after(cursor.clone()).limit(Query::MAX_LIMIT);
                view.of::<Invitation>().find(&query)
            })??;
            all.extend(page.entries);
            match page.next {
                Some(next) => cursor = Some(next),
                None => return Ok(all),
            }
        }
    }

    /// By which the codes of a community's houses are hashed: kept here, outside its store.
    ///
    /// # Errors
    /// What the store says.
    pub fn house_code_key(
        &self,
        community: RecordId,
        entropy: fn() -> u128,
        now: Now,
    ) -> Result<[u8; 32], RegistryError> {
        let key = [self.pepper(entropy, now)?, community.to_string().into_bytes()].concat();
        Ok(blake3::derive_key("Dwellers house codes 2026", &key))
    }

    fn hash(&self, secret: &[u8], entropy: fn() -> u128, now: Now) -> Result<String, RegistryError> {
        Ok(hashed(&self.pepper(entropy, now)?, secret))
    }

    /// The key of this registry, which is drawn when it is needed first.
    fn pepper(&self, entropy: fn() -> u128, now: Now) -> Result<Vec<u8>, RegistryError> {
        if let Some(pepper) = pepper(self.store())? {
            return Ok(pepper.value.key);
        }
        let key = [entropy().to_be_bytes(), entropy().to_be_bytes()].concat();
        let mut writes = Writes::new();
        writes.create(Pepper::ID, &Pepper { key: key.clone() });
        match self.store().commit(now, writes) {
            Ok(_) => Ok(key),
            // Another drew one at the same moment.
            Err(CommitError::Refused(Refusal::Exists { .. })) => self.pepper(entropy, now),
            Err(other) => Err(other.into()),
        }
    }
}

fn pepper(store: &Shared) -> Result<Option<Entry<Pepper>>, RegistryError> {
    Ok(store.view(|view| view.of::<Pepper>().get(Pepper::ID))??)
}

fn hashed(key: &[u8], secret: &[u8]) -> String {
    // Of any length, so that a damaged record is a wrong key and no panic.
    let key = blake3::derive_key("Dwellers invitation 2026", key);
    blake3::keyed_hash(&key, secret).to_hex().to_string()
}
