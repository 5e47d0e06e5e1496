//! The screens that were paired with this hub: which tablets may show the guard's page at all.
//!
//! Pairing is an invitation and its answer. The operator asks for an invitation ([`Screens::invite`]) and opens its
//! link on the screen, once, within ten minutes; the screen gets a secret that it keeps as a cookie. The hub keeps
//! the secret's hash. A screen is not a guard: who stands before it still signs in.
//!
//! Invariants: an invitation counts once, for ten minutes of the monotonic clock, and not across a restart; neither
//! the token nor the secret can be had from the store.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use dwellers_replica::{
    CommitError, Entry, Index, Now, Query, ReadError, Record, RecordId, Refusal, Shared, Spec, StoreError,
    Writes,
};
use serde::{Deserialize, Serialize};

use crate::engine::Tick;
use crate::guards::folded;

/// How long an invitation counts.
pub const INVITATION_MS: u64 = 10 * 60_000;
/// Invitations that are open at once.
const MAX_INVITATIONS: usize = 8;
/// Screens of one gatehouse.
const MAX_SCREENS: usize = 50;
const MAX_NAME_CHARS: usize = 60;

/// A paired screen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Screen {
    /// As the operator calls it.
    pub name: String,
    /// The name folded for comparison, unique; empty for one that was removed.
    pub key: String,
    /// BLAKE3 of its secret, in hex; empty for one that was removed.
    pub secret: String,
    /// When it was paired, in milliseconds since 1970.
    pub paired_ms: u64,
}

impl Record for Screen {
    const SPEC: Spec = Spec {
        indexes: &[Index { name: "key", on: &["key"] }, Index { name: "secret", on: &["secret"] }],
        ..Spec::local("screens")
    };
}

/// Why a screen cannot be paired or removed.
#[derive(Debug, thiserror::Error)]
pub enum ScreenError {
    /// The name.
    #[error("a screen's name has 1 to {MAX_NAME_CHARS} characters")]
    BadName,
    /// Another has it.
    #[error("there is a screen «{0}» already: remove it first, or choose another name")]
    Taken(String),
    /// None has it.
    #[error("there is no screen «{0}»: `dwellers-hub screen list` shows which there are")]
    NoSuch(String),
    /// Enough.
    #[error("there are {MAX_SCREENS} screens: remove those that are gone")]
    TooMany,
    /// The invitation is unknown, used or too old.
    #[error("this invitation does not count any more: ask for another with `dwellers-hub screen pair`")]
    NotInvited,
    /// A record does not read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A screen that is let in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paired {
    /// The record.
    pub id: RecordId,
    /// The name.
    pub name: String,
    /// When it was paired, in milliseconds since 1970.
    pub paired_ms: u64,
}

struct Invitation {
    name: String,
    token: blake3::Hash,
    until: Tick,
}

/// The screens of a hub. Clones are the same screens. Every call blocks for the store.
#[derive(Clone)]
pub struct Screens {
    store: Shared,
    invitations: Arc<Mutex<Vec<Invitation>>>,
}

impl Screens {
    /// The screens of a store.
    pub fn new(store: Shared) -> Self {
        Screens { store, invitations: Arc::default() }
    }

    /// The token of a new invitation. The oldest one goes where there are too many.
    ///
    /// # Errors
    /// Where the name is taken or makes no sense, or the store fails.
    pub fn invite(&self, name: &str, tick: Tick, chance: [u8; 32]) -> Result<String, ScreenError> {
        let name = name.trim();
        let bad = name.is_empty() || name.chars().count() > MAX_NAME_CHARS;
        if bad || name.chars().any(char::is_control) {
            return Err(ScreenError::BadName);
        }
        if self.find("key", &folded(name))?.is_some() {
            return Err(ScreenError::Taken(name.to_owned()));
        }
        let token = hex(&chance);
        let until = Tick(tick.0.saturating_add(INVITATION_MS));
        let mut open = self.invitations.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|invitation| invitation.until > tick && folded(&invitation.name) != folded(name));
        if open.len() >= MAX_INVITATIONS {
            open.remove(0);
        }
        open.push(Invitation { name: name.to_owned(), token: blake3::hash(token.as_bytes()), until });
        Ok(token)
    }

    /// Answers an invitation: the screen's secret, for its cookie. `chance` is for the secret and for the id.
    ///
    /// # Errors
    /// Where the invitation does not count, or the store fails.
    pub fn pair(
        &self,
        token: &str,
        tick: Tick,
        now: Now,
        chance: ([u8; 32], u128),
    ) -> Result<(Paired, String), ScreenError> {
        let (secret, entropy) = chance;
        let name = self.accept(token, tick).ok_or(ScreenError::NotInvited)?;
        if self.list()?.len() >= MAX_SCREENS {
            return Err(ScreenError::TooMany);
        }
        let secret = hex(&secret);
        let key = folded(&name);
        let hash = blake3::hash(secret.as_bytes()).to_string();
        let screen = Screen { name: name.clone(), key: key.clone(), secret: hash, paired_ms: now.ms };
        let id = self.store.new_id(now, entropy)?;
        let mut writes = Writes::new();
        writes.create(id, &screen).absent::<Screen>("key", [key.into()]);
        match self.store.commit(now, writes) {
            Ok(_) => Ok((Paired { id, name, paired_ms: now.ms }, secret)),
            Err(CommitError::Refused(Refusal::Taken { .. })) => Err(ScreenError::Taken(name)),
            Err(CommitError::Refused(_)) => Err(ScreenError::NotInvited),
            Err(CommitError::Store(error)) => Err(error.into()),
        }
    }

    /// The screen that has this secret.
    ///
    /// # Errors
    /// What the store says.
    pub fn admit(&self, secret: &str) -> Result<Option<Paired>, ScreenError> {
        // Looked up by its hash: how long that takes says nothing about a secret that one does not have.
        let found = self.find("secret", &blake3::hash(secret.as_bytes()).to_string())?;
        Ok(found.map(paired))
    }

    /// All screens, by name.
    ///
    /// # Errors
    /// What the store says.
    pub fn list(&self) -> Result<Vec<Paired>, ScreenError> {
        let query = Query::on("key").from("\u{1}").limit(Query::MAX_LIMIT);
        let found = self.store.view(|view| view.of::<Screen>().find(&query))??;
        Ok(found.entries.into_iter().map(paired).collect())
    }

    /// Removes a screen: its secret opens nothing from now on.
    ///
    /// # Errors
    /// Where there is none of this name, or the store fails.
    pub fn remove(&self, name: &str, now: Now) -> Result<(), ScreenError> {
        let no_such = || ScreenError::NoSuch(name.trim().to_owned());
        let screen = self.find("key", &folded(name))?.ok_or_else(no_such)?;
        let mut writes = Writes::new();
        writes.update(&screen, |screen| {
            screen.key.clear();
            screen.secret.clear();
        });
        match self.store.commit(now, writes) {
            Ok(_) => Ok(()),
            Err(CommitError::Refused(_)) => Err(no_such()),
            Err(CommitError::Store(error)) => Err(error.into()),
        }
    }

    fn accept(&self, token: &str, tick: Tick) -> Option<String> {
        let token = blake3::hash(token.as_bytes());
        let mut open = self.invitations.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|invitation| invitation.until > tick);
        // `blake3::Hash` compares in constant time.
        let at = open.iter().position(|invitation| invitation.token == token)?;
        Some(open.remove(at).name)
    }

    fn find(&self, index: &'static str, value: &str) -> Result<Option<Entry<Screen>>, ScreenError> {
        if value.is_empty() {
            return Ok(None);
        }
        let query = Query::on(index).equal(value).limit(1);
        let found = self.store.view(|view| view.of::<Screen>().find(&query))??;
        Ok(found.entries.into_iter().next())
    }
}

impl fmt::Debug for Screens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Screens").finish_non_exhaustive()
    }
}

fn paired(entry: Entry<Screen>) -> Paired {
    Paired { id: entry.id, name: entry.value.name, paired_ms: entry.value.paired_ms }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
