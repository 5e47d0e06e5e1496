//! Accounts: who signs in here. An account is of the installation and private to the cloud; a person is of a community; one
//! account may be several persons, each in another community.
//!
//! ```text
//! data/accounts.db           accounts, what they sign in with, their sessions, and which persons they are
//! ```
//!
//! | module | what it holds |
//! |---|---|
//! | `members` | which persons an account is |
//! | `sessions` | who is signed in, where, and how they came in |
//! | `passwords` | passwords, and what they are known by |
//! | `passkeys`, `ceremonies` | keys of people's devices, and how one is added and signs in |
//! | `second_factor` | codes beside the password |
//! | `links` | links that are sent by mail |
//! | `messengers` | who of a messenger is which account |
//! | `init_data` | what Telegram says of whoever opens the Mini App |
//! | `endings` | what ends |
//!
//! Invariants: an e-mail address is one account's; a person is one account's; an account is one person in a community; every
//! secret is kept as its hash, but for that of which second factors are made; nobody comes by another's link to an account.
//!
//! What must never be here: what a person may do (that is the community's, looked up at each request); a secret in the clear.

mod ceremonies;
mod endings;
mod init_data;
mod links;
mod members;
mod messengers;
mod passkeys;
mod passwords;
mod second_factor;
mod sessions;
#[cfg(test)]
mod tests;

use std::path::Path;

use dwellers_replica::{
    CommitError, Entry, Index, Now, OpenError, Query, ReadError, Record, RecordId, Refusal, Schema, Shared,
    Spec, StoreError, Writes,
};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

use crate::registry;

pub use ceremonies::{Ceremonies, CeremonyError};
pub use init_data::{BadInitData, InitData, InitDataKey};
pub use links::{Link, Purpose};
pub use members::Membership;
pub use messengers::{LINK_MS as MESSENGER_LINK_MS, Messenger, MessengerUser};
pub use passkeys::Passkey;
pub use passwords::{BadPassword, Password, Passwords};
pub use second_factor::{RECOVERY_CODES, SecondFactor};
pub use sessions::{LASTS_MS, Session, Signed, Way};

/// Somebody who signs in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Account {
    /// As they typed it; empty where they have none.
    pub email: String,
    /// The same folded for comparison; empty where they have none.
    pub email_key: String,
    /// When it was proved that mail to it is read, in milliseconds since 1970; 0: it was not.
    pub email_proved_ms: u64,
    /// What their password is known by, as [`Passwords`] writes it; empty where they have none.
    pub password: String,
    /// `ru` or `en`; empty where they have not said.
    pub language: String,
    /// When it was made, in milliseconds since 1970.
    pub made_ms: u64,
    /// How often its sessions were ended, or what it signs in with was taken away: what was begun before comes to nothing.
    pub epoch: u64,
}

impl Record for Account {
    const SPEC: Spec =
        Spec { indexes: &[Index { name: "email", on: &["email_key"] }], ..Spec::local("accounts") };
}

/// Why it is not done.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// It is no address of e-mail.
    #[error("this is no e-mail address")]
    Email,
    /// Another account has that.
    #[error("this is another account's: {0}")]
    Taken(&'static str),
    /// There is no such account.
    #[error("there is no such {0}")]
    Unknown(&'static str),
    /// A name that is none; the word is the key of a text.
    #[error("this is no name: {0}")]
    Name(&'static str),
    /// As many as there may be.
    #[error("there are too many {0}")]
    TooMany(&'static str),
    /// Somebody else changed it at the same moment.
    #[error("it has changed meanwhile")]
    Changed,
    /// The password is none that is taken.
    #[error(transparent)]
    Password(#[from] BadPassword),
    /// The store does not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store does not take it.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// A record does not read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The store fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// All of them.
#[derive(Clone)]
pub struct Accounts {
    store: Shared,
    /// Communities in which somebody is somebody else from now on, or is reached elsewhere.
    moves: broadcast::Sender<RecordId>,
}

/// So many moves wait for whoever hears of them.
const MOVES: usize = 256;

/// The longest address (RFC 5321, 4.5.3.1.3).
const MAX_EMAIL: usize = 254;

impl Accounts {
    /// Opens them, or makes the store where there is none. One process owns it.
    ///
    /// # Errors
    /// Another process has it, or it does not read.
    pub fn open(path: &Path, now: Now, entropy: fn() -> u128) -> Result<Accounts, AccountError> {
        let store = registry::open_own(path, Accounts::schema, now, entropy)?;
        Ok(Accounts { store, moves: broadcast::Sender::new(MOVES) })
    }

    /// All that is in it.
    pub(crate) fn schema() -> Schema {
        let ways_in = second_factor::declare(links::declare(passkeys::declare(Schema::new())));
        let ways_in = init_data::declare(messengers::declare(ways_in));
        sessions::declare(members::declare(ways_in.with::<Account>()))
    }

    /// Its records.
    pub(crate) fn store(&self) -> &Shared {
        &self.store
    }

    /// Tells of communities in which somebody is somebody else from now on, or is reached elsewhere in a messenger. Who comes
    /// behind must look at all of them.
    pub fn moves(&self) -> broadcast::Receiver<RecordId> {
        self.moves.subscribe()
    }

    /// Tells of moves: what was written before is seen by whoever looks.
    fn moved(&self, communities: impl IntoIterator<Item = RecordId>) {
        for community in communities {
            // Nobody may listen.
            let _ = self.moves.send(community);
        }
    }

    /// The communities in which an account is somebody.
    fn communities(&self, account: RecordId) -> Result<Vec<RecordId>, AccountError> {
        Ok(self.memberships(account)?.into_iter().map(|membership| membership.value.community).collect())
    }

    /// A new account that nobody can sign in to yet.
    ///
    /// # Errors
    /// What the store says.
    pub fn make(&self, language: &str, entropy: fn() -> u128, now: Now) -> Result<RecordId, AccountError> {
        let id = RecordId::new(now.ms, entropy());
        let account = Account { language: language.to_owned(), made_ms: now.ms, ..Account::default() };
        let mut writes = Writes::new();
        writes.create(id, &account);
        self.store.commit(now, writes)?;
        Ok(id)
    }

    /// One by its id.
    ///
    /// # Errors
    /// What the store says.
    pub fn get(&self, id: RecordId) -> Result<Option<Entry<Account>>, AccountError> {
        Ok(self.store.view(|view| view.of::<Account>().get(id))??)
    }

    /// One by its e-mail address, however that is written.
    ///
    /// # Errors
    /// What the store says.
    pub fn by_email(&self, email: &str) -> Result<Option<Entry<Account>>, AccountError> {
        let Some((_, key)) = address(email) else { return Ok(None) };
        let query = Query::on("email").equal(key.as_str()).limit(1);
        Ok(self.store.view(|view| view.of::<Account>().find(&query))??.entries.into_iter().next())
    }

    /// Gives an account an address, or takes it away (empty). `proved`: mail to it is read by whoever asks.
    ///
    /// # Errors
    /// It is no address, or another account's.
    pub fn set_email(
        &self,
        account: RecordId,
        email: &str,
        proved: bool,
        now: Now,
    ) -> Result<(), AccountError> {
        let before = self.known(account)?;
        let writes = Accounts::email_writes(&before, email, proved, now)?;
        self.commit(writes, "email", now)
    }

    fn email_writes(
        before: &Entry<Account>,
        email: &str,
        proved: bool,
        now: Now,
    ) -> Result<Writes, AccountError> {
        let (email, key) = match email.trim() {
            "" => (String::new(), String::new()),
            email => address(email).ok_or(AccountError::Email)?,
        };
        let mut writes = Writes::new();
        if !key.is_empty() && key != before.value.email_key {
            writes.absent::<Account>("email", [key.as_str().into()]);
        }
        let email_proved_ms = match proved {
            true => now.ms,
            false if key == before.value.email_key => before.value.email_proved_ms,
            false => 0,
        };
        writes.update(before, |account| {
            *account = Account { email, email_key: key, email_proved_ms, ..account.clone() };
        });
        writes.unchanged(before);
        Ok(writes)
    }

    /// Keeps what a password is known by ([`Passwords::hash`]); empty: there is none any more. All sessions end but the one in
    /// which it was done, and links by which a messenger would be connected.
    ///
    /// # Errors
    /// That session is over by now, or what the store says.
    pub fn set_password(
        &self,
        account: RecordId,
        hash: &str,
        within: Option<&Session>,
        now: Now,
    ) -> Result<(), AccountError> {
        let before = self.known(account)?;
        if within.is_some_and(|session| session.epoch != before.value.epoch) {
            return Err(AccountError::Changed);
        }
        let mut writes = Writes::new();
        writes.update(&before, |account| {
            hash.clone_into(&mut account.password);
            account.epoch += 1;
        });
        self.end_others(&before, within.map(|session| session.hash.as_str()), &mut writes)?;
        self.end_messenger_links(account, &mut writes)?;
        self.commit(writes, "password", now)
    }

    /// In which language an account is spoken to.
    ///
    /// # Errors
    /// What the store says.
    pub fn set_language(&self, account: RecordId, language: &str, now: Now) -> Result<(), AccountError> {
        let before = self.known(account)?;
        let mut writes = Writes::new();
        writes.update(&before, |account| language.clone_into(&mut account.language)).unchanged(&before);
        self.commit(writes, "language", now)
    }

    fn known(&self, account: RecordId) -> Result<Entry<Account>, AccountError> {
        self.get(account)?.ok_or(AccountError::Unknown("account"))
    }

    /// Commits what takes something that only one may have.
    fn commit(&self, writes: Writes, what: &'static str, now: Now) -> Result<(), AccountError> {
        match self.store.commit(now, writes) {
            Ok(_) => Ok(()),
            Err(CommitError::Refused(Refusal::Taken { .. } | Refusal::Exists { .. })) => {
                Err(AccountError::Taken(what))
            }
            Err(CommitError::Refused(Refusal::Changed { .. })) => Err(AccountError::Changed),
            Err(other) => Err(other.into()),
        }
    }
}

/// Whether a text is an address of e-mail.
pub fn is_address(text: &str) -> bool {
    address(text).is_some()
}

/// An address as it is shown, and as it is compared: nobody has two mailboxes that differ by case.
fn address(text: &str) -> Option<(String, String)> {
    let text = text.trim();
    let read: lettre::Address = text.parse().ok()?;
    let fits = text.len() <= MAX_EMAIL && read.domain().contains('.');
    fits.then(|| (text.to_owned(), text.to_lowercase()))
}

/// What a secret is known by. Looking a hash up tells nothing about secrets that are nearly right.
fn hash(secret: &str) -> String {
    blake3::hash(secret.as_bytes()).to_hex().to_string()
}
