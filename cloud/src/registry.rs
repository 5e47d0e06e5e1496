//! Which communities there are: a small store beside theirs, of records that never leave it.
//!
//! A community's folder is made before its listing and removed by hand: a crash leaves a folder that nobody lists, never a
//! listing without a store. Closing a community only stops serving it; its data stay.
//!
//! What must never be here: anything about a community's people; who was invited ([`crate::invitations`], in the same
//! store).

use std::path::Path;

use dwellers_replica::{
    CommitError, Entry, Index, Now, OpenError, Options, Query, ReadError, Record, RecordId, Refusal, Replica,
    ReplicaId, Role, Schema, Shared, Spec, Sqlite, StoreError, Writes,
};
use serde::{Deserialize, Serialize};

use crate::backup::standing::Standing;
use crate::invitations::{Invitation, Pepper};

/// A community in the registry; its id is the community's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Listing {
    /// What the operator calls it: unique. Its people may call it otherwise.
    pub name: String,
    /// The name folded for comparison.
    pub key: String,
    /// When it was made, in milliseconds since 1970.
    pub made_ms: u64,
    /// It is not served.
    pub closed: bool,
    /// To which key its backups are encrypted, as age writes it; empty: none was made yet.
    pub recipient: String,
}

impl Record for Listing {
    const SPEC: Spec = Spec { indexes: &[Index { name: "key", on: &["key"] }], ..Spec::local("communities") };
}

/// What is of the cloud itself; its one record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Own {
    /// To which key backups of its own stores are encrypted, as age writes it; empty: none are made.
    pub recipient: String,
}

impl Record for Own {
    const SPEC: Spec = Spec::local("own");
}

impl Own {
    const ID: RecordId = RecordId::new(0, 1);
}

/// Why the registry does not do it.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// There is one of this name.
    #[error("there is a community «{0}» already")]
    Taken(String),
    /// There is none.
    #[error("there is no community «{0}»: `dwellers-cloud community list` says which there are")]
    Unknown(String),
    /// As many invitations as there may be wait to be used.
    #[error("too many invitations wait to be used: try again when some have ended")]
    TooMany,
    /// The name is empty, or too long.
    #[error("a name has 1 to 60 characters")]
    Name,
    /// Its store does not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Its store does not take it.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// A record does not read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Its store fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The registry, open.
#[derive(Clone)]
pub struct Registry {
    store: Shared,
}

impl Registry {
    /// Communities that are listed at once.
    const PAGE: usize = 500;
    const LONGEST: usize = 60;

    /// Opens it, or makes it where there is none. One process owns it.
    ///
    /// # Errors
    /// Another process has it, or it does not read.
    pub fn open(path: &Path, now: Now, entropy: fn() -> u128) -> Result<Registry, RegistryError> {
        Ok(Registry { store: open_own(path, Registry::schema, now, entropy)? })
    }

    /// All that is in it.
    pub(crate) fn schema() -> Schema {
        let schema = Schema::new().with::<Listing>().with::<Invitation>().with::<Pepper>();
        schema.with::<Standing>().with::<Own>()
    }

    /// Its records.
    pub(crate) fn store(&self) -> &Shared {
        &self.store
    }

    /// Lists a community, whose folder there is.
    ///
    /// # Errors
    /// Its name is taken, or no name.
    pub fn add(&self, id: RecordId, name: &str, now: Now) -> Result<(), RegistryError> {
        let (name, key) = named(name)?;
        let mut writes = Writes::new();
        writes.absent::<Listing>("key", [key.as_str().into()]);
        writes.create(id, &Listing { name: name.clone(), key, made_ms: now.ms, ..Listing::default() });
        match self.store.commit(now, writes) {
            Ok(_) => Ok(()),
            Err(CommitError::Refused(Refusal::Taken { .. })) => Err(RegistryError::Taken(name)),
            Err(other) => Err(other.into()),
        }
    }

    /// Whether a name may be given to a new community.
    ///
    /// # Errors
    /// It is taken, or no name.
    pub fn is_free(&self, name: &str) -> Result<(), RegistryError> {
        match self.find(name) {
            Ok(_) => Err(RegistryError::Taken(name.to_owned())),
            Err(RegistryError::Unknown(_)) => Ok(()),
            Err(other) => Err(other),
        }
    }

    /// One by its name, or by its id.
    ///
    /// # Errors
    /// There is none.
    pub fn find(&self, name: &str) -> Result<Entry<Listing>, RegistryError> {
        let (shown, key) = named(name)?;
        let found = self.store.view(|view| {
            let listings = view.of::<Listing>();
            let page = listings.find(&Query::on("key").equal(key.as_str()).limit(1))?;
            Ok::<_, ReadError>(page.entries.into_iter().next())
        })??;
        let by_id = || -> Result<Option<Entry<Listing>>, RegistryError> {
            let Ok(id) = name.trim().parse::<RecordId>() else { return Ok(None) };
            self.get(id)
        };
        match found {
            Some(found) => Ok(found),
            None => by_id()?.ok_or(RegistryError::Unknown(shown)),
        }
    }

    /// One by its id.
    ///
    /// # Errors
    /// What the store says.
    pub fn get(&self, id: RecordId) -> Result<Option<Entry<Listing>>, RegistryError> {
        Ok(self.store.view(|view| view.of::<Listing>().get(id))??)
    }

    /// All of them, by their names.
    ///
    /// # Errors
    /// What the store says.
    pub fn all(&self) -> Result<Vec<Entry<Listing>>, RegistryError> {
        let mut all = Vec::new();
        let mut cursor = None;
        loop {
            let page = self.store.view(|view| {
                view.of::<Listing>().find(&Query::on("key").after(cursor.clone()).limit(Registry::PAGE))
            })??;
            all.extend(page.entries);
            match page.next {
                Some(next) => cursor = Some(next),
                None => return Ok(all),
            }
        }
    }

    /// Ceases to serve one, or serves it again.
    ///
    /// # Errors
    /// There is none.
    pub fn set_closed(&self, name: &str, closed: bool, now: Now) -> Result<Entry<Listing>, RegistryError> {
        let found = self.find(name)?;
        let mut writes = Writes::new();
        writes.update(&found, |listing| listing.closed = closed);
        self.store.commit(now, writes)?;
        self.find(name)
    }

    /// To which key the backups of one are encrypted from now on.
    ///
    /// # Errors
    /// There is none.
    pub fn set_recipient(&self, name: &str, recipient: &str, now: Now) -> Result<(), RegistryError> {
        let found = self.find(name)?;
        let mut writes = Writes::new();
        writes.update(&found, |listing| recipient.clone_into(&mut listing.recipient));
        self.commit(now, writes)
    }

    /// To which key backups of the cloud's own stores are encrypted; empty where none are made.
    pub(crate) fn own_recipient(&self) -> Result<String, RegistryError> {
        let own = self.store.view(|view| view.of::<Own>().get(Own::ID))??;
        Ok(own.map(|own| own.value.recipient).unwrap_or_default())
    }

    /// To which key they are encrypted from now on.
    pub(crate) fn set_own_recipient(&self, recipient: &str, now: Now) -> Result<(), RegistryError> {
        let recipient = recipient.to_owned();
        let mut writes = Writes::new();
        match self.store.view(|view| view.of::<Own>().get(Own::ID))?? {
            Some(own) => writes.update(&own, |own| own.recipient = recipient),
            None => writes.create(Own::ID, &Own { recipient }),
        };
        self.commit(now, writes)
    }

    /// Lists one that was restored: anew, or as it is from now on; it is served.
    ///
    /// # Errors
    /// Its name is another's, or no name.
    pub fn relist(&self, id: RecordId, listing: &Listing, now: Now) -> Result<(), RegistryError> {
        let (name, key) = named(&listing.name)?;
        let listing = Listing { name: name.clone(), key, closed: false, ..listing.clone() };
        let before = self.get(id)?;
        let mut writes = Writes::new();
        if before.as_ref().is_none_or(|before| before.value.key != listing.key) {
            writes.absent::<Listing>("key", [listing.key.as_str().into()]);
        }
        match &before {
            Some(before) => writes.update(before, |record| *record = listing),
            None => writes.create(id, &listing),
        };
        match self.commit(now, writes) {
            Err(RegistryError::Commit(CommitError::Refused(Refusal::Taken { .. }))) => {
                Err(RegistryError::Taken(name))
            }
            done => done,
        }
    }

    /// What is remembered of a community's backups.
    pub(crate) fn standing(&self, id: RecordId) -> Result<Option<Entry<Standing>>, RegistryError> {
        Ok(self.store.view(|view| view.of::<Standing>().get(id))??)
    }

    pub(crate) fn commit(&self, now: Now, writes: Writes) -> Result<(), RegistryError> {
        Ok(self.store.commit(now, writes).map(drop)?)
    }
}

/// The name as it is shown, and as it is compared.
fn named(name: &str) -> Result<(String, String), RegistryError> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = (1..=Registry::LONGEST).contains(&name.chars().count());
    fits.then(|| (name.clone(), name.to_lowercase())).ok_or(RegistryError::Name)
}

/// A store of records that never leave it, made where there is none. One process owns it.
pub(crate) fn open_own(
    path: &Path,
    schema: impl Fn() -> Schema,
    now: Now,
    entropy: fn() -> u128,
) -> Result<Shared, OpenError> {
    let sqlite = || Sqlite::open(path, Options::default());
    let replica = match Replica::open(sqlite()?, schema()) {
        Err(OpenError::Empty) => {
            let id = ReplicaId::new(now.ms, entropy());
            Replica::create(sqlite()?, schema(), id, Role::Cloud, "", now)?
        }
        opened => opened?,
    };
    Ok(Shared::start(replica)?)
}
