//! Guards' sessions, and signing in.
//!
//! Invariants: a session is a secret of 256 random bits, kept in memory only and as its hash; it ends with the shift,
//! after [`LONGEST_MS`], with its guard or with the process, and what was opened under it (the live events) ends with it.
//! Checking PINs, which is slow on purpose, happens beside everything else; [`crate::guards`] bounds it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dwellers::Actor;
use dwellers::journal::{Entry, Kind};
use dwellers_listener::caller::{self, Caller};
use dwellers_replica::{Open, RecordId};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use utoipa::ToSchema;

use super::deeds::Deeds;
use super::problem::{Code, Problem};
use super::table::{Answer, Call, Table, created, done, json};
use super::{Kiosk, set_cookie, token};
use crate::engine::Tick;
use crate::gatehouse::Command;
use crate::guards::{Identity, Moment, SignInError};

/// The cookie of a session.
pub(super) const COOKIE: &str = "dwellers_session";
/// The longest shift.
const LONGEST_MS: u64 = 14 * 3_600_000;
/// Sessions at a time, of all screens together; the oldest makes room.
const MOST: usize = 32;

pub(super) fn routes(to: &mut Table) {
    to.screens::<__path_guards, _, _>(guards);
    to.screens::<__path_show, _, _>(show);
    to.screens::<__path_sign_in, _, _>(sign_in);
    to.screens::<__path_sign_out, _, _>(sign_out);
}

/// Hears that a session has ended.
type Ended = watch::Receiver<()>;

/// A guard who has signed in.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SignedIn)]
pub(super) struct Signed {
    /// The guard's record on this hub.
    pub id: RecordId,
    /// What the journal calls them.
    pub name: String,
    /// Milliseconds since 1970.
    pub since_ms: u64,
    #[serde(skip)]
    key: token::Key,
    #[serde(skip)]
    ended: Ended,
    /// What they have done of late.
    #[serde(skip)]
    pub deeds: Arc<Deeds>,
}

impl Signed {
    /// As the rules know them.
    pub fn actor(&self) -> Actor {
        Actor::Guard { id: self.id, name: self.name.clone() }
    }

    /// Returns when the session ends.
    pub async fn end(&mut self) {
        // Nothing is ever sent: what ends is the sender.
        while self.ended.changed().await.is_ok() {}
    }
}

struct Held {
    signed: Signed,
    until: Tick,
    /// Dropped with the session, which all that goes on under it hears.
    _ending: watch::Sender<()>,
}

/// The sessions.
#[derive(Default)]
pub(super) struct Sessions {
    held: Mutex<HashMap<token::Key, Held>>,
}

impl Sessions {
    /// Begins a session; what it is known by goes into the cookie.
    fn begin(&self, guard: Identity, since_ms: u64, now: Tick) -> (String, Signed) {
        let (secret, key) = token::make();
        let (ending, ended) = watch::channel(());
        let signed = Signed { id: guard.id, name: guard.name, since_ms, key, ended, deeds: Arc::default() };
        let mut held = self.held();
        held.retain(|_, held| now < held.until);
        while held.len() >= MOST {
            let oldest = held.iter().min_by_key(|(_, held)| held.until).map(|(key, _)| *key);
            oldest.and_then(|key| held.remove(&key));
        }
        let until = Tick(now.0 + LONGEST_MS);
        held.insert(key, Held { signed: signed.clone(), until, _ending: ending });
        (secret, signed)
    }

    /// The session of this secret.
    pub fn get(&self, secret: &str, now: Tick) -> Option<Signed> {
        let mut held = self.held();
        held.retain(|_, held| now < held.until);
        held.get(&token::key(secret)).map(|held| held.signed.clone())
    }

    /// Who is signed in anywhere, the longest first.
    pub fn list(&self, now: Tick) -> Vec<Signed> {
        let mut held = self.held();
        held.retain(|_, held| now < held.until);
        let mut all: Vec<Signed> = held.values().map(|held| held.signed.clone()).collect();
        all.sort_by_key(|signed| (signed.since_ms, signed.id));
        all
    }

    fn end(&self, signed: &Signed) {
        self.held().remove(&signed.key);
    }

    /// Ends the sessions of a guard who is none any more.
    fn end_of(&self, guard: RecordId) {
        self.held().retain(|_, held| held.signed.id != guard);
    }

    /// Ends all.
    pub fn end_all(&self) {
        self.held().clear();
    }

    fn held(&self) -> MutexGuard<'_, HashMap<token::Key, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A guard's name and PIN.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignIn {
    guard: RecordId,
    pin: String,
}

/// The session of a screen.
#[derive(Serialize, ToSchema)]
pub(super) struct Session {
    guard: Option<Signed>,
}

/// Who may sign in.
#[derive(Serialize, ToSchema)]
struct Guards {
    guards: Vec<Identity>,
}

/// Who may sign in
#[utoipa::path(get, path = "/api/guards", tag = "guards", operation_id = "guards.list",
    responses((status = 200, body = Guards)))]
async fn guards(call: Call) -> Answer {
    let guards = call.kiosk.0.service.operations.guards.clone();
    let listed = call.kiosk.blocking(move || guards.list()).await??;
    json(&Guards { guards: listed.into_iter().map(|standing| standing.guard).collect() })
}

/// Who has signed in at this screen
#[utoipa::path(get, path = "/api/session", tag = "session", operation_id = "session.show",
    responses((status = 200, body = Session)))]
async fn show(call: Call) -> Answer {
    json(&Session { guard: call.kiosk.signed(&call.caller).await? })
}

/// Sign in; whoever was signed in here is signed out
#[utoipa::path(post, path = "/api/session", tag = "session", operation_id = "session.sign_in",
    request_body = SignIn, responses((status = 201, body = Session)))]
async fn sign_in(call: Call) -> Answer {
    let SignIn { guard, pin } = call.body()?;
    let guard = call.kiosk.check_pin(guard, pin).await?;
    if let Some(before) = call.kiosk.signed(&call.caller).await? {
        call.kiosk.end_shift(&before, String::new()).await?;
    }
    call.kiosk.begin_shift(guard, &call.caller).await
}

/// Sign out, whether or not anybody is signed in
#[utoipa::path(delete, path = "/api/session", tag = "session", operation_id = "session.sign_out",
    responses((status = 204, description = "Nobody is signed in here")))]
async fn sign_out(call: Call) -> Answer {
    if let Some(signed) = call.kiosk.signed(&call.caller).await? {
        call.kiosk.end_shift(&signed, String::new()).await?;
    }
    let mut response = done()?;
    set_cookie(&mut response, &caller::cookie(COOKIE, "", 0, call.caller.encrypted));
    Ok(response)
}

impl Kiosk {
    /// The guard whose session a caller holds. It ends with its guard.
    pub(super) async fn signed(&self, caller: &Caller) -> Result<Option<Signed>, Problem> {
        let held = caller.cookie(COOKIE).and_then(|secret| self.0.sessions.get(secret, self.tick()));
        let Some(signed) = held else { return Ok(None) };
        let (guards, id) = (self.0.service.operations.guards.clone(), signed.id);
        match self.blocking(move || guards.is_guard(id)).await? {
            Ok(false) => {
                self.0.sessions.end_of(id);
                Ok(None)
            }
            Ok(true) => Ok(Some(signed)),
            // A store that does not read must not keep the guard from the gate.
            Err(error) => {
                tracing::error!(%error, "the guards cannot be read");
                Ok(Some(signed))
            }
        }
    }

    /// Checks a PIN.
    pub(super) async fn check_pin(&self, guard: RecordId, pin: String) -> Result<Identity, Problem> {
        let guards = self.0.service.operations.guards.clone();
        let at = Moment { now: self.now(), tick: self.tick() };
        let checked = self.blocking(move || guards.sign_in(guard, &pin, at)).await?;
        self.0.service.metrics.sign_in(checked.is_ok());
        if let Err(refused) = &checked {
            tracing::warn!(%guard, %refused, "nobody was signed in");
        }
        checked.map_err(|error| match error {
            SignInError::Wrong => Problem::new(StatusCode::UNAUTHORIZED, Code::WrongPin),
            SignInError::Locked { wait_ms } => {
                Problem::new(StatusCode::TOO_MANY_REQUESTS, Code::Locked).retry_after(wait_ms.div_ceil(1000))
            }
            SignInError::NeedsPin => Problem::new(StatusCode::FORBIDDEN, Code::NeedsPin),
            SignInError::Busy => Problem::busy(),
            SignInError::Read(error) => error.into(),
        })
    }

    /// Begins a shift: a line in the journal, a session, its cookie.
    pub(super) async fn begin_shift(&self, guard: Identity, caller: &Caller) -> Answer {
        self.note_shift(Kind::ShiftBegan, &guard.name, String::new()).await?;
        let (secret, signed) = self.0.sessions.begin(guard, self.now().ms, self.tick());
        let mut response = created(&Session { guard: Some(signed) })?;
        set_cookie(&mut response, &caller::cookie(COOKIE, &secret, LONGEST_MS / 1000, caller.encrypted));
        Ok(response)
    }

    /// Ends a shift: a line in the journal with the guard's note, and the session.
    pub(super) async fn end_shift(&self, signed: &Signed, note: String) -> Result<(), Problem> {
        self.note_shift(Kind::ShiftEnded, &signed.name, note).await?;
        self.0.sessions.end(signed);
        Ok(())
    }

    async fn note_shift(&self, kind: Kind, guard: &str, note: String) -> Result<(), Problem> {
        let entry = Entry { kind: Open::Known(kind), guard: guard.to_owned(), note, ..Entry::default() };
        self.command(Command::Note(Box::new(entry))).await.map(drop)
    }
}
