//! The guards of this gatehouse: who they are, and how they sign in at its screen.
//!
//! Invariants: a PIN is nowhere but in its hash, which is worth nothing without the [`Pepper`] that lies outside the
//! store; a try is counted durably before it is judged, so that pulling the plug gives none back; tries are bounded
//! for each guard and for all of them together (`tries`); one PIN is judged at a time.
//!
//! Guards belong to the hub alone: they are no persons of the community, and no cloud can make one.
//!
//! What must never be here: a session (that is the kiosk's); a log line or an error with a PIN in it.

pub mod pin;
mod tries;

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use dwellers_replica::{
    CommitError, Entry, Index, Now, Query, ReadError, Record, RecordId, Refusal, Shared, Spec, StoreError,
    View, Writes,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use pin::{BadPin, Pepper, Pin};

use crate::engine::Tick;
use tries::{ALL, ONE, Tries};

/// The longest name of a guard.
const MAX_NAME_CHARS: usize = 60;
/// Guards of one gatehouse.
const MAX_GUARDS: usize = 200;
/// Tries that wait for the one that is judged.
const MAX_WAITING: usize = 4;

/// A guard.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Guard {
    /// As the journal shows it.
    pub name: String,
    /// The name folded for comparison, unique; empty for one who was removed.
    pub key: String,
    /// The PIN's hash as a PHC string; empty for one who was removed.
    pub hash: String,
    /// Which pepper it was hashed with.
    pub pepper: String,
    /// Tries that failed since the last that did not.
    pub failed: u32,
    /// When the last one failed, where the clock was trusted.
    pub failed_at_ms: Option<u64>,
}

impl Record for Guard {
    const SPEC: Spec = Spec { indexes: &[Index { name: "key", on: &["key"] }], ..Spec::local("guards") };
}

/// Failed tries of all guards together: one record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AllTries {
    /// Since the last sign-in of anybody.
    pub failed: u32,
    /// When the last one failed, where the clock was trusted.
    pub failed_at_ms: Option<u64>,
}

impl AllTries {
    const ID: RecordId = RecordId::new(0, 1);
}

impl Record for AllTries {
    const SPEC: Spec = Spec::local("sign_in_tries");
}

/// A guard who signed in, or who could.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Guard)]
pub struct Identity {
    /// The record.
    pub id: RecordId,
    /// The name.
    pub name: String,
}

/// A guard as an operator sees one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Who.
    #[serde(flatten)]
    pub guard: Identity,
    /// Tries that failed since the last that did not.
    pub failed: u32,
    /// The PIN was hashed with another pepper than today's and has to be set anew.
    pub needs_pin: bool,
}

/// When something is asked: by both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The wall clock.
    pub now: Now,
    /// The monotonic clock.
    pub tick: Tick,
}

/// Why a guard could not be added or changed.
#[derive(Debug, thiserror::Error)]
pub enum GuardError {
    /// The name.
    #[error("a guard's name has 1 to {MAX_NAME_CHARS} characters")]
    BadName,
    /// Somebody has it.
    #[error("there is a guard «{0}» already: add what tells them apart")]
    Taken(String),
    /// Nobody has it.
    #[error("there is no guard «{0}»: `dwellers-hub guard list` shows who there is")]
    NoSuch(String),
    /// Enough.
    #[error("there are {MAX_GUARDS} guards: remove those who left")]
    TooMany,
    /// Somebody else changed it at the same moment.
    #[error("this guard was changed meanwhile: try again")]
    Changed,
    /// A record does not read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why nobody signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// No such guard, or not this PIN: the same to the one who tries.
    #[error("this is not the PIN")]
    Wrong,
    /// Too many tries.
    #[error("too many tries: wait {} s", wait_ms.div_ceil(1_000))]
    Locked {
        /// Milliseconds until the next try.
        wait_ms: u64,
    },
    /// The PIN was hashed with a key that is gone.
    #[error("the key of the PINs was replaced: set this PIN anew with `dwellers-hub guard reset-pin`")]
    NeedsPin,
    /// Others try at this moment.
    #[error("others are signing in: try again")]
    Busy,
    /// A record does not read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// The guards of a hub. Clones are the same guards. Every call blocks, [`Guards::sign_in`] for a tenth of a second.
#[derive(Clone)]
pub struct Guards {
    inner: Arc<Inner>,
}

struct Inner {
    store: Shared,
    pepper: Pepper,
    started: Tick,
    waiting: AtomicUsize,
    counted: Mutex<Counted>,
}

/// Tries as this process knows them; the store's part of it survives a restart.
#[derive(Default)]
struct Counted {
    all: Option<Tries>,
    guards: HashMap<RecordId, Tries>,
}

impl Guards {
    /// The guards of a store, at the start of a process.
    pub fn new(store: Shared, pepper: Pepper, started: Tick) -> Self {
        let (waiting, counted) = (AtomicUsize::new(0), Mutex::default());
        Guards { inner: Arc::new(Inner { store, pepper, started, waiting, counted }) }
    }

    /// Adds a guard.
    ///
    /// # Errors
    /// Where the name is taken or makes no sense, or the store fails.
    pub fn add(&self, name: &str, pin: &Pin, now: Now, entropy: u128) -> Result<RecordId, GuardError> {
        let name = name.trim();
        let bad = name.is_empty() || name.chars().count() > MAX_NAME_CHARS;
        if bad || name.chars().any(char::is_control) {
            return Err(GuardError::BadName);
        }
        if self.inner.all()?.len() >= MAX_GUARDS {
            return Err(GuardError::TooMany);
        }
        let Inner { store, pepper, .. } = &*self.inner;
        let key = folded(name);
        let (hash, pepper) = (pepper.hash(pin, entropy), pepper.name());
        let guard = Guard { name: name.to_owned(), key: key.clone(), hash, pepper, ..Guard::default() };
        let id = store.new_id(now, entropy)?;
        let mut writes = Writes::new();
        writes.create(id, &guard).absent::<Guard>("key", [key.into()]);
        match store.commit(now, writes) {
            Ok(_) => Ok(id),
            Err(CommitError::Refused(Refusal::Taken { .. })) => Err(GuardError::Taken(name.to_owned())),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives a guard another PIN and a clean sheet.
    ///
    /// # Errors
    /// Where there is no such guard, or the store fails.
    pub fn reset_pin(&self, name: &str, pin: &Pin, now: Now, entropy: u128) -> Result<RecordId, GuardError> {
        let Inner { pepper, .. } = &*self.inner;
        let (hash, pepper) = (pepper.hash(pin, entropy), pepper.name());
        let id = self.change(name, now, |guard| {
            *guard = Guard { hash, pepper, failed: 0, failed_at_ms: None, ..guard.clone() };
        })?;
        let mut counted = self.inner.counted.lock().unwrap_or_else(PoisonError::into_inner);
        counted.guards.insert(id, Tries::default());
        self.inner.forgive_all(&mut counted, now);
        Ok(id)
    }

    /// Removes a guard. The name stays in the journal; it can be given again.
    ///
    /// # Errors
    /// Where there is no such guard, or the store fails.
    pub fn remove(&self, name: &str, now: Now) -> Result<RecordId, GuardError> {
        self.change(name, now, |guard| {
            guard.key.clear();
            guard.hash.clear();
        })
    }

    /// All guards, by name.
    ///
    /// # Errors
    /// What the store says.
    pub fn list(&self) -> Result<Vec<Standing>, GuardError> {
        let pepper = Some(&self.inner.pepper);
        Ok(self.inner.store.view(|view| standings(view, pepper))??)
    }

    /// Whether this guard is one still: a session ends with its guard.
    ///
    /// # Errors
    /// What the store says.
    pub fn is_guard(&self, id: RecordId) -> Result<bool, GuardError> {
        Ok(self.inner.get(id)?.is_some())
    }

    /// Signs a guard in.
    ///
    /// # Errors
    /// Where it is not the PIN, there were too many tries, or records do not read. A store that cannot be written
    /// keeps nobody out: tries are counted in this process then.
    pub fn sign_in(&self, id: RecordId, pin: &str, at: Moment) -> Result<Identity, SignInError> {
        let inner = &*self.inner;
        let _place = Place::take(&inner.waiting).ok_or(SignInError::Busy)?;
        let mut counted = inner.counted.lock().unwrap_or_else(PoisonError::into_inner);
        inner.load_all(&mut counted, at)?;
        let guard = inner.get(id)?;
        if let Some(guard) = &guard {
            let stored = (guard.value.failed, guard.value.failed_at_ms);
            counted.guards.entry(id).or_insert_with(|| Tries::load(&ONE, stored, inner.started, at));
        }
        let all = counted.all.unwrap_or_default();
        let own = counted.guards.get(&id).copied().unwrap_or_default();
        let wait_ms = all.wait_ms(at.tick).max(own.wait_ms(at.tick));
        if wait_ms > 0 {
            return Err(SignInError::Locked { wait_ms });
        }
        if guard.as_ref().is_some_and(|guard| guard.value.pepper != inner.pepper.name()) {
            return Err(SignInError::NeedsPin);
        }
        let (all, own) = (all.failed_at(&ALL, at.tick), own.failed_at(&ONE, at.tick));
        counted.all = Some(all);
        if guard.is_some() {
            counted.guards.insert(id, own);
        }
        inner.save(guard.as_ref(), (all, own), at.now.trusted.then_some(at.now.ms), at.now);
        let hash = guard.as_ref().map(|guard| guard.value.hash.as_str());
        if !inner.pepper.verify(pin, hash) {
            return Err(SignInError::Wrong);
        }
        let guard = guard.ok_or(SignInError::Wrong)?;
        counted.all = Some(Tries::default());
        counted.guards.insert(id, Tries::default());
        inner.save(Some(&guard), (Tries::default(), Tries::default()), None, at.now);
        Ok(Identity { id, name: guard.value.name })
    }

    fn change(&self, name: &str, now: Now, change: impl FnOnce(&mut Guard)) -> Result<RecordId, GuardError> {
        let key = folded(name);
        let query = Query::on("key").equal(key.clone()).limit(1);
        let found = self.inner.store.view(|view| view.of::<Guard>().find(&query))??;
        let guard = found.entries.into_iter().next().filter(|_| !key.is_empty());
        let guard = guard.ok_or_else(|| GuardError::NoSuch(name.trim().to_owned()))?;
        let mut writes = Writes::new();
        writes.update(&guard, change).unchanged(&guard);
        self.inner.store.commit(now, writes)?;
        Ok(guard.id)
    }
}

impl Inner {
    fn all(&self) -> Result<Vec<Entry<Guard>>, GuardError> {
        Ok(self.store.view(all)??)
    }

    fn get(&self, id: RecordId) -> Result<Option<Entry<Guard>>, ReadError> {
        let found = self.store.view(|view| view.of::<Guard>().get(id))??;
        Ok(found.filter(|guard| !guard.value.key.is_empty()))
    }

    fn load_all(&self, counted: &mut Counted, at: Moment) -> Result<(), ReadError> {
        if counted.all.is_none() {
            let stored = self.store.view(|view| view.of::<AllTries>().get(AllTries::ID))??;
            let stored = stored.map(|entry| entry.value).unwrap_or_default();
            let stored = (stored.failed, stored.failed_at_ms);
            counted.all = Some(Tries::load(&ALL, stored, self.started, at));
        }
        Ok(())
    }

    /// What cannot be saved counts in this process: a full disk must not keep the guards from their gate.
    fn save(&self, guard: Option<&Entry<Guard>>, tries: (Tries, Tries), at_ms: Option<u64>, now: Now) {
        let (all, own) = tries;
        let saved = self.store.view(|view| view.of::<AllTries>().get(AllTries::ID)).map_err(ReadError::from);
        let saved = saved.flatten().map_err(|error| error.to_string()).and_then(|stored| {
            let mut writes = Writes::new();
            let value = AllTries { failed: all.failed(), failed_at_ms: at_ms };
            match &stored {
                Some(entry) => writes.update(entry, |tries| *tries = value),
                None => writes.create(AllTries::ID, &value),
            };
            // Read again, since its counter was perhaps saved a moment ago.
            let guard =
                guard.map(|guard| self.get(guard.id)).transpose().map_err(|error| error.to_string())?;
            if let Some(entry) = guard.flatten() {
                writes.update(&entry, |guard| {
                    (guard.failed, guard.failed_at_ms) = (own.failed(), at_ms);
                });
            }
            self.store.commit(now, writes).map_err(|error| error.to_string())
        });
        if let Err(error) = saved {
            tracing::warn!(error, "a try to sign in was counted in memory only");
        }
    }

    fn forgive_all(&self, counted: &mut Counted, now: Now) {
        counted.all = Some(Tries::default());
        self.save(None, (Tries::default(), Tries::default()), None, now);
    }
}

/// The guards in a snapshot, by name, seen with today's pepper.
///
/// # Errors
/// What the store says.
pub fn standings(view: View<'_>, pepper: Option<&Pepper>) -> Result<Vec<Standing>, ReadError> {
    let today = pepper.map(Pepper::name);
    let standing = |entry: Entry<Guard>| Standing {
        guard: Identity { id: entry.id, name: entry.value.name },
        failed: entry.value.failed,
        needs_pin: Some(entry.value.pepper) != today,
    };
    Ok(all(view)?.into_iter().map(standing).collect())
}

fn all(view: View<'_>) -> Result<Vec<Entry<Guard>>, ReadError> {
    // Those who were removed have the empty key and come first.
    let query = Query::on("key").from("\u{1}").limit(Query::MAX_LIMIT);
    Ok(view.of::<Guard>().find(&query)?.entries)
}

/// A place among those who wait.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Option<Self> {
        let place = Place(waiting);
        (waiting.fetch_add(1, Ordering::Relaxed) < MAX_WAITING).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl fmt::Debug for Guards {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guards").finish_non_exhaustive()
    }
}

impl From<CommitError> for GuardError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Refused(_) => GuardError::Changed,
            CommitError::Store(error) => GuardError::Store(error),
        }
    }
}

/// Case, spaces and `ё` do not tell two guards apart.
pub(crate) fn folded(name: &str) -> String {
    let words: Vec<_> = name.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ").replace('ё', "е")
}
