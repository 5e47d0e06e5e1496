//! The guard's screen over HTTP: what the touchscreen in the gatehouse shows and does.
//!
//! JSON in and out; errors are problem details in the caller's language ([`problem`](self)); a call that changes
//! something needs a guard's session and comes from a page of ours. The table (G: with a guard's session; all others:
//! from any screen that the door lets in):
//!
//! | | route | what it is |
//! |---|---|---|
//! | | `GET /api/health` | whether the gate loop goes round and the store is written |
//! | | `GET /metrics` | numbers for Prometheus; on this machine, or with a session |
//! | | `GET /pair/{invitation}` | pairs a screen |
//! | | `GET /api/guards` | who may sign in |
//! | | `GET /api/session` | who has signed in here |
//! | | `POST /api/session` | sign in |
//! | | `DELETE /api/session` | sign out |
//! | G | `GET /api/state` | everything in one document |
//! | G | `GET /api/events` | the same as it changes, and the journal as it grows (server-sent events) |
//! | G | `GET /api/arrivals` | who came of late, and what became of it |
//! | G | `POST /api/arrivals/{entry}/open` | lets in who waits |
//! | G | `POST /api/arrivals/{entry}/refuse` | sends them away |
//! | G | `POST /api/arrivals/{entry}/ask` | asks a house about them |
//! | G | `POST /api/gates/{key}/open` | opens on a code, a pass, a plate, a card or the guard's word |
//! | G | `POST /api/gates/{key}/close` | closes |
//! | G | `POST /api/gates/{key}/hold` | holds open |
//! | G | `POST /api/gates/{key}/release` | ends a hold |
//! | G | `GET /api/questions` | what houses were asked and have not answered |
//! | G | `POST /api/questions` | asks a house |
//! | G | `POST /api/questions/{question}/answer` | the house's answer by telephone |
//! | G | `POST /api/visitors` | writes a visitor down, and lets them in where asked to |
//! | G | `GET /api/expected` | whom the houses expect |
//! | G | `POST /api/passes` | issues a pass on a house's telephone call |
//! | G | `DELETE /api/passes/{pass}` | ends a pass |
//! | G | `GET /api/houses` | houses, their people and telephones |
//! | G | `GET /api/vehicles` | residents' cars |
//! | G | `GET /api/journal` | the journal, newest first |
//! | G | `GET /api/journal/check` | whether its chain is whole |
//! | G | `GET /api/inside` | who is inside, and who left without having come |
//! | G | `GET /api/shift` | who is on duty, and the last notes |
//! | G | `POST /api/shift/handover` | the next guard takes over |
//! | G | `POST /api/clock/trust` | the guard's word that the clock is right |
//! | G | `GET /api/crops/{hash}` | a picture of a plate |
//!
//! What must never be here: a rule (a handler decodes, calls, encodes); a wait on the runtime's own threads; a text
//! that is not in `shared/locales`.

mod arrivals;
mod crops;
mod door;
mod events;
mod expected;
mod gates;
mod health;
mod houses;
mod inside;
mod journal;
mod pairing;
mod passes;
mod problem;
mod questions;
mod session;
mod shift;
mod state;
mod table;
mod token;
mod visitors;
mod words;

use std::sync::Arc;

use dwellers::command::Context;
use dwellers::texts::{Language, Texts};
use dwellers::{Actor, Denied};
use dwellers_replica::{ReadError, RecordId, Shared, View, Writes};
use http::{HeaderValue, Method, header};
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use self::door::Caller;
use self::inside::Census;
use self::problem::Problem;
use self::session::Sessions;
use self::table::Table;
use crate::clock::{self, Clock};
use crate::crops::Crops;
use crate::gatehouse::{Command, Gatehouse, Told};
use crate::guards::Guards;
use crate::metrics::Metrics;
use crate::screens::Screens;

/// What the kiosk is made of.
pub struct Parts {
    /// The gates.
    pub gatehouse: Gatehouse,
    /// The records.
    pub store: Shared,
    /// Time.
    pub clock: Clock,
    /// Who may sign in.
    pub guards: Guards,
    /// Which screens were paired.
    pub screens: Screens,
    /// Pictures.
    pub crops: Crops,
    /// Numbers.
    pub metrics: Arc<Metrics>,
    /// In which language to speak to who wishes none.
    pub language: Language,
    /// Only paired screens are let in over the network, also over TLS.
    pub only_paired: bool,
    /// Names of this machine in the network, beside its addresses.
    pub names: Vec<String>,
}

/// The kiosk. Clones are the same one.
#[derive(Clone)]
pub struct Kiosk(Arc<Inner>);

struct Inner {
    gatehouse: Gatehouse,
    store: Shared,
    clock: Clock,
    guards: Guards,
    screens: Screens,
    crops: Crops,
    metrics: Arc<Metrics>,
    language: Language,
    only_paired: bool,
    names: Vec<String>,
    started_ms: u64,
    sessions: Sessions,
    census: Census,
    streams: events::Streams,
}

fn table() -> Table {
    let mut table = Table::default();
    health::routes(&mut table);
    pairing::routes(&mut table);
    session::routes(&mut table);
    state::routes(&mut table);
    events::routes(&mut table);
    arrivals::routes(&mut table);
    gates::routes(&mut table);
    questions::routes(&mut table);
    visitors::routes(&mut table);
    expected::routes(&mut table);
    passes::routes(&mut table);
    houses::routes(&mut table);
    journal::routes(&mut table);
    inside::routes(&mut table);
    shift::routes(&mut table);
    crops::routes(&mut table);
    table
}

impl Kiosk {
    /// A kiosk at which nobody has signed in.
    pub fn new(parts: Parts) -> Self {
        let Parts { gatehouse, store, clock, guards, screens, crops, metrics, language, only_paired, names } = parts;
        let (started_ms, sessions) = (clock.now().ms, Sessions::default());
        let (census, streams) = (Census::default(), events::Streams::default());
        Kiosk(Arc::new(Inner {
            gatehouse,
            store,
            clock,
            guards,
            screens,
            crops,
            metrics,
            language,
            only_paired,
            names,
            started_ms,
            sessions,
            census,
            streams,
        }))
    }

    /// The routes. Requests must carry their [`dwellers_listener::Peer`]: without one they come from a stranger.
    pub fn routes(&self) -> BoxedFilter<(Response,)> {
        table().filter(self.clone()).boxed()
    }

    /// Every route: method, pattern, and whether it needs a guard's session.
    pub fn list() -> Vec<(Method, &'static str, bool)> {
        table().list().map(|(method, pattern, guarded)| (method.clone(), pattern, guarded)).collect()
    }

    /// Ends the sessions of a guard whose PIN was reset, or who keeps this gate no more.
    pub fn end_sessions_of(&self, guard: RecordId) {
        self.0.sessions.end_of(guard);
    }

    /// Ends all sessions and live events: the hub goes down.
    pub fn close(&self) {
        self.0.sessions.end_all();
    }

    fn names(&self) -> &[String] {
        &self.0.names
    }

    /// Over the network, paired screens only: also over TLS.
    fn wants_paired_screens(&self) -> bool {
        self.0.only_paired
    }

    /// The texts in a caller's language.
    fn texts(&self, caller: &Caller) -> &'static Texts {
        let wished = caller.headers.get(header::ACCEPT_LANGUAGE).and_then(|wished| wished.to_str().ok());
        Texts::of(wished.and_then(Language::wished).unwrap_or(self.0.language))
    }

    /// Runs what may wait for the disk or the processor on a thread that may.
    async fn blocking<R: Send + 'static>(&self, body: impl FnOnce() -> R + Send + 'static) -> Result<R, Problem> {
        tokio::task::spawn_blocking(body).await.map_err(|error| {
            tracing::error!(%error, "a screen's call failed within");
            Problem::busy()
        })
    }

    /// Reads from one snapshot.
    async fn view<R, E>(&self, body: impl FnOnce(View<'_>) -> Result<R, E> + Send + 'static) -> Result<R, Problem>
    where
        R: Send + 'static,
        E: Send + Into<Problem> + 'static,
    {
        let store = self.0.store.clone();
        let read = self.blocking(move || store.view(body)).await?;
        read.map_err(ReadError::from)?.map_err(Into::into)
    }

    /// Lets a rule write: what it returns is committed.
    async fn write<R: Send + 'static>(
        &self,
        rule: impl FnOnce(&mut Context<'_>) -> Result<(R, Writes), Denied> + Send + 'static,
    ) -> Result<R, Problem> {
        let (store, now) = (self.0.store.clone(), self.0.clock.now());
        let written = self.blocking(move || {
            let judged = store.view(|view| rule(&mut Context { view, now, entropy: &mut clock::entropy }))?;
            let (result, writes) = judged?;
            store.commit(now, writes)?;
            Ok::<R, Problem>(result)
        });
        written.await?
    }

    /// Gives the gatehouse a command.
    async fn command(&self, command: Command) -> Result<Told, Problem> {
        Ok(self.0.gatehouse.command(command).await?)
    }
}

/// Adds a cookie to a response.
fn set_cookie(response: &mut Response, cookie: &str) {
    let cookie = HeaderValue::from_str(cookie).expect("cookies are made of hexadecimal digits and fixed words");
    response.headers_mut().append(header::SET_COOKIE, cookie);
}
