//! Invitations: a secret that somebody was given in the name of a community, and what it is good for. Whoever brings it
//! need not know which community it is of.
//!
//! The registry keeps them, as hashes with a key of its own. One works once, for its time; a new one for the same purpose
//! takes the place of the one before. How often strangers may try is bounded where they come in.
//!
//! Invariants: nobody takes the room of another community's invitations, nor those of the operator and of hubs; whether whoever
//! invited still may is judged when somebody comes.
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
    /// Who invites.
    pub by: By,
}

/// Who invites.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The decision on their own application.
    #[default]
    Decision,
    /// A person of the community.
    Person(RecordId),
    /// The operator.
    Operator,
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
        indexes: &[
            Index { name: "hash", on: &["hash"] },
            Index { name: "until", on: &["until_ms"] },
            Index { name: "community", on: &["community", "until_ms"] },
        ],
        ..Spec::local("invitations")
    };
}

/// The most of a community that wait to be used, and of them by one person: an administrator may invite a whole settlement.
/// Those of the operator and of hubs, of which there are few, always have room.
const MOST: usize = 5_000;
const MOST_BY_ONE: usize = 1_000;
/// A transaction has room for some hundreds; the next one takes the others along.
const AT_ONCE: usize = 100;

impl Invitation {
    /// In the name of a community, for a time; its secret is yet to be drawn.
    pub fn new(community: RecordId, to: To, by: By, lasts_ms: u64, now: Now) -> Invitation {
        let until_ms = now.ms.saturating_add(lasts_ms);
        Invitation { hash: String::new(), community, until_ms, to, by }
    }

    /// Whether it takes of the room of its community.
    fn is_bounded(&self) -> bool {
        matches!(self.to, To::Person(_)) && self.by != By::Operator
    }

    /// Whether there is room for it beside the others of its community.
    fn has_room<'a>(&self, others: impl Iterator<Item = &'a Invitation>) -> bool {
        let (mut all, mut by_one) = (0, 0);
        for other in others.filter(|other| other.is_bounded()) {
            all += 1;
            by_one += usize::from(matches!(other.by, By::Person(_)) && other.by == self.by);
        }
        !self.is_bounded() || (all < MOST && by_one < MOST_BY_ONE)
    }
}

impl Registry {
    /// Keeps an invitation whose secret this is, in the place of one like it; those whose time is over go.
    ///
    /// # Errors
    /// What the store says, or there are too many.
    pub fn invite(
        &self,
        secret: &[u8],
        invitation: Invitation,
        entropy: fn() -> u128,
        now: Now,
    ) -> Result<(), RegistryError> {
        let invitation = Invitation { hash: self.hash(secret, entropy, now)?, ..invitation };
        let mut writes = Writes::new();
        let over = Query::on("until").below(now.ms + 1).limit(AT_ONCE);
        for over in self.store().view(|view| view.of::<Invitation>().find(&over))??.entries {
            writes.remove::<Invitation>(over.id);
        }
        let (like, others): (Vec<_>, Vec<_>) = self
            .waiting(invitation.community, now)?
            .into_iter()
            .partition(|earlier| earlier.value.to.is_like(&invitation.to));
        for earlier in like {
            writes.remove::<Invitation>(earlier.id);
        }
        if !invitation.has_room(others.iter().map(|other| &other.value)) {
            return Err(RegistryError::TooMany);
        }
        writes.create(RecordId::new(now.ms, entropy()), &invitation);
        self.store().commit(now, writes)?;
        Ok(())
    }

    /// Nobody comes as one of these persons by an invitation that was given before.
    ///
    /// # Errors
    /// What the store says.
    pub fn uninvite(&self, community: RecordId, persons: &[RecordId], now: Now) -> Result<(), RegistryError> {
        let mut all = self.waiting(community, now)?;
        all.retain(|one| matches!(&one.value.to, To::Person(person) if persons.contains(person)));
        self.forget(&all, now)
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
        self.forget(&self.invitations(&Query::on("until"))?, now)
    }

    fn forget(&self, invitations: &[Entry<Invitation>], now: Now) -> Result<(), RegistryError> {
        for some in invitations.chunks(AT_ONCE) {
            let mut writes = Writes::new();
            for invitation in some {
                writes.remove::<Invitation>(invitation.id);
            }
            self.store().commit(now, writes)?;
        }
        Ok(())
    }

    /// Those of a community whose time is not over.
    fn waiting(&self, community: RecordId, now: Now) -> Result<Vec<Entry<Invitation>>, RegistryError> {
        let mut all = self.invitations(&Query::on("community").equal(community.to_string()))?;
        all.retain(|one| now.ms < one.value.until_ms);
        Ok(all)
    }

    fn invitations(&self, query: &Query<'_>) -> Result<Vec<Entry<Invitation>>, RegistryError> {
        let (mut all, mut cursor) = (Vec::new(), None);
        loop {
            let page = self.store().view(|view: View<'_>| {
                let query = query.clone().after(cursor.clone()).limit(Query::MAX_LIMIT);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_takes_anothers_room() {
        let id = |n: usize| RecordId::new(0, n as u128);
        let now = Now { ms: 0, trusted: true };
        let of = |to: To, by: By| Invitation::new(id(0), to, by, 1, now);
        let waiting: Vec<_> = (0..MOST).map(|n| of(To::Person(id(n)), By::Person(id(n % 4)))).collect();
        let has_room = |to: To, by: By, waiting: &[Invitation]| of(to, by).has_room(waiting.iter());
        let (one, person) = (&waiting[..MOST_BY_ONE * 4], To::Person(id(MOST)));
        // One person has so many, another some more, and the community so many.
        assert!(has_room(person.clone(), By::Person(id(0)), &one[..one.len() - 4]));
        assert!(!has_room(person.clone(), By::Person(id(0)), one));
        assert!(
            has_room(person.clone(), By::Person(id(9)), one) && has_room(person.clone(), By::Decision, one)
        );
        assert!(!has_room(person.clone(), By::Person(id(9)), &waiting));
        // The operator helps all the same, and gatehouses come.
        assert!(has_room(To::AccountOf(id(MOST)), By::Operator, &waiting));
        assert!(has_room(person, By::Operator, &waiting));
        assert!(has_room(To::default(), By::Operator, &waiting));
    }
}
