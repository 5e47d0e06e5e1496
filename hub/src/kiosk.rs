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
//! | | `GET /api/openapi.json` | this table, described (OpenAPI) |
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
//! | G | `GET /api/cameras` | the cameras: whether frames come and are looked at |
//! | G | `GET /api/cameras/{key}/frame` | the latest frame of a camera, a JPEG with its `Age` in seconds; none older than five |
//!
//! What lets somebody in, sends them away, asks, writes down or issues is done once for an `Idempotency-Key` ([`deeds`](self)).
//!
//! What is none of these is the guard's page, or a file of it (`GET /`), for any screen: it is told here what is wrong.
//!
//! What must never be here: a rule (a handler decodes, calls, encodes); a wait on the runtime's own threads; a text
//! that is not in `shared/locales`.

mod alarms;
mod arrivals;
mod cameras;
mod crops;
mod deeds;
mod description;
mod door;
mod events;
mod expected;
mod fields;
mod gates;
mod health;
mod houses;
mod inside;
mod journal;
mod live;
mod opening;
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

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use dwellers::Denied;
use dwellers::command::Context;
use dwellers::texts::{Language, Texts};
use dwellers_listener::pages::Pages;
use dwellers_listener::{Limits, Listener, Security};
use dwellers_replica::{Now, ReadError, View, Writes};
use http::{HeaderValue, Method, header};
use tokio::net::TcpListener;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use self::inside::Census;
use self::problem::Problem;
use self::session::Sessions;
use self::table::Table;
use crate::camera::Cameras;
use crate::clock;
use crate::config;
use crate::crops::Crops;
use crate::engine::Tick;
use crate::gatehouse::{Command, Gatehouse, State, Told};
use crate::pages;
use crate::service::Service;
use dwellers::words::Words;

pub use description::document;

/// The kiosk. Clones are the same one.
#[derive(Clone)]
pub struct Kiosk(Arc<Inner>);

struct Inner {
    service: Service,
    gatehouse: Gatehouse,
    crops: Crops,
    cameras: Cameras,
    russian: Texts,
    english: Texts,
    /// What is answered where no route is meant.
    pages: Pages,
    started_at_ms: u64,
    /// Names by which this machine is called, beside its addresses.
    names: Vec<String>,
    sessions: Sessions,
    census: Census,
    streams: events::Streams,
}

/// All routes. A new slice's are a line here.
fn table() -> Table {
    let mut table = Table::default();
    health::routes(&mut table);
    description::routes(&mut table);
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
    cameras::routes(&mut table);
    table
}

impl Kiosk {
    /// A kiosk at which nobody has signed in.
    pub fn new(service: Service, gatehouse: Gatehouse, crops: Crops, cameras: Cameras) -> Self {
        let started_at_ms = service.clock.now().ms.saturating_sub(service.clock.tick().0);
        let mut names = service.config.kiosk.names.clone();
        // What the command line tells an operator to open.
        let address = service.config.kiosk.address();
        names.extend(address.rsplit('/').next().and_then(|host| Some(host.rsplit_once(':')?.0.to_owned())));
        let (russian, english) = (Texts::new(Language::Ru), Texts::new(Language::En));
        Kiosk(Arc::new(Inner {
            service,
            gatehouse,
            crops,
            cameras,
            pages: pages::pages(&russian, &english),
            russian,
            english,
            started_at_ms,
            names,
            sessions: Sessions::default(),
            census: Census::default(),
            streams: events::Streams::default(),
        }))
    }

    /// The routes. Requests must carry their [`dwellers_listener::Peer`]: without one they come from a stranger.
    pub fn routes(&self) -> BoxedFilter<(Response,)> {
        table().filter(self.clone()).boxed()
    }

    /// The door to it, as the configuration says, and where that is. Nothing is accepted before it is served.
    ///
    /// # Errors
    /// Where the address is taken, or the certificate cannot be used.
    pub async fn listen(&self) -> anyhow::Result<(Listener, SocketAddr)> {
        let config = &self.0.service.config.kiosk;
        let security = match &config.tls {
            Some(tls) => Security::Tls(dwellers_listener::tls::load(&tls.cert, &tls.key)?),
            None => Security::Plain,
        };
        let socket = TcpListener::bind(config.listen)
            .await
            .with_context(|| format!("kiosk.listen {}", config.listen))?;
        let at = socket.local_addr()?;
        // Above the kiosk's own limit, which is told in words.
        let limits = Limits { max_body_bytes: 2 * table::MAX_BODY_BYTES as u64, ..Limits::default() };
        Ok((Listener::new(socket, security, limits), at))
    }

    /// Every route: method, pattern, and whether it needs a guard's session.
    pub fn list() -> Vec<(Method, String, bool)> {
        table().list().map(|(described, guarded)| (described.method, described.path, guarded)).collect()
    }

    /// Ends all sessions, and the live events with them: the hub goes down.
    pub fn close(&self) {
        self.0.sessions.end_all();
    }

    /// How many live events are open.
    pub fn streams(&self) -> usize {
        self.0.streams.open()
    }

    /// The texts in a language.
    fn texts(&self, language: Language) -> &Texts {
        match language {
            Language::Ru => &self.0.russian,
            Language::En => &self.0.english,
        }
    }

    /// The language to speak to who wishes none.
    fn language(&self) -> Language {
        match self.0.service.config.hub.language {
            config::Language::Ru => Language::Ru,
            config::Language::En => Language::En,
        }
    }

    fn now(&self) -> Now {
        self.0.service.clock.now()
    }

    fn tick(&self) -> Tick {
        self.0.service.clock.tick()
    }

    /// The gates and who stands at them.
    fn state(&self) -> Arc<State> {
        self.0.gatehouse.state().borrow().clone()
    }

    /// Runs what may wait for the disk or the processor on a thread that may.
    async fn blocking<R: Send + 'static>(
        &self,
        body: impl FnOnce() -> R + Send + 'static,
    ) -> Result<R, Problem> {
        tokio::task::spawn_blocking(body).await.map_err(|error| {
            tracing::error!(%error, "a screen's call failed within");
            Problem::busy()
        })
    }

    /// Reads from one snapshot.
    async fn view<R, E>(
        &self,
        body: impl FnOnce(View<'_>) -> Result<R, E> + Send + 'static,
    ) -> Result<R, Problem>
    where
        R: Send + 'static,
        E: Send + Into<Problem> + 'static,
    {
        let store = self.0.service.store.clone();
        let read = self.blocking(move || store.view(body)).await?;
        read.map_err(ReadError::from)?.map_err(Into::into)
    }

    /// Reads from one snapshot, to tell it in a language.
    async fn read<R: Send + 'static>(
        &self,
        language: Language,
        body: impl FnOnce(&Words<'_>) -> Result<R, Problem> + Send + 'static,
    ) -> Result<R, Problem> {
        let (kiosk, now) = (self.clone(), self.now());
        self.view(move |view| body(&Words::new(view, kiosk.texts(language), now)?.at_the_gate())).await
    }

    /// Lets a rule write: what it returns is committed.
    async fn write<R: Send + 'static>(
        &self,
        rule: impl FnOnce(&mut Context<'_>) -> Result<(R, Writes), Denied> + Send + 'static,
    ) -> Result<R, Problem> {
        let (store, now) = (self.0.service.store.clone(), self.now());
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
    let cookie =
        HeaderValue::from_str(cookie).expect("cookies are made of hexadecimal digits and fixed words");
    response.headers_mut().append(header::SET_COOKIE, cookie);
}
