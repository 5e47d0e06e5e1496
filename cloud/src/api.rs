//! The HTTP API, `/api/v1`: what the web app, the bot's Mini App and other people's programs use.
//!
//! JSON in and out; errors are problem details in the caller's language ([`problem`](self)). Each slice has a file, whose
//! handlers decode, call a command of the slice, and encode. [`document`] describes all of it (`openapi.json`); it is made of
//! the same table that is served, so that nothing is served that it does not name.
//!
//! Invariants: a route says with its registration who may call it; to whoever is nobody in a community it looks like none
//! (404), and so does every id of another; what a guard or an administrator does or looks at is recorded with it
//! ([`dwellers::audit`]).
//!
//! What must never be here: a rule; a wait on the threads that serve sockets; a text that is not in `shared/locales`.

mod account;
mod account_mail;
mod alarms;
mod applications;
mod audit;
mod bans;
mod bounds;
mod call;
mod chats;
mod community;
mod consents;
mod description;
mod document;
mod events;
mod exports;
mod gates;
mod grants;
mod households;
mod houses;
mod hubs;
mod imports;
pub mod inside;
mod joining;
mod journal;
mod letters;
mod messengers;
mod notifications;
mod openings;
mod passes;
mod passkeys;
mod people;
mod privacy;
mod problem;
mod questions;
mod recovery;
mod replay;
mod retention;
mod roles;
mod second_factor;
mod sign_in;
mod table;
mod turns;
mod vehicles;
mod visit;

use std::sync::Arc;

use dwellers::texts::{Language, Texts};
use dwellers_listener::pages::Pages;
use dwellers_replica::{CommitError, Now, RecordId, Schema};
use tokio::sync::Semaphore;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use self::bounds::Bounds;
use self::events::Streams;
use self::imports::Imports;
use self::openings::Openings;
use self::problem::Problem;
use self::table::Table;
use self::turns::Turns;
use crate::accounts::{Accounts, Ceremonies, InitDataKey, Passwords};
use crate::applications::Photos;
use crate::clock;
use crate::communities::{Communities, Community};
use crate::config::{Http, Telegram};
use crate::downlink::Downlink;
use crate::mail::Mailer;
use crate::notify::push::Push;
use crate::pages;
use crate::pictures::Pictures;

pub use document::document;

/// So many files come at a time, each of which is in memory.
const UPLOADS: usize = 8;

/// Makes the records of this module known.
pub fn declare(schema: Schema) -> Schema {
    replay::declare(schema)
}

/// Forgets the answers to requests with idempotency keys from before a moment; how many they were. Blocks.
pub(crate) fn forget_answers(
    community: &Community,
    before_ms: u64,
    at_once: usize,
    now: Now,
) -> Result<u64, CommitError> {
    replay::forget(community, before_ms, at_once, now)
}

/// The API. Clones are the same one.
#[derive(Clone)]
pub struct Api(Arc<Inner>);

struct Inner {
    communities: Arc<Communities>,
    accounts: Accounts,
    passwords: Passwords,
    /// None: passkeys cannot be used here.
    ceremonies: Option<Ceremonies>,
    downlink: Downlink,
    photos: Photos,
    /// None: letters are not sent here.
    mailer: Option<Mailer>,
    push: Push,
    http: Http,
    /// The bot in Telegram, where there is one.
    telegram: Option<Telegram>,
    /// By which it is known that Telegram says something; none: nobody comes in by what it says.
    init_data: Option<InitDataKey>,
    /// Names by which this cloud is called, beside its addresses.
    names: Vec<String>,
    russian: Texts,
    english: Texts,
    /// What is answered where no route is meant.
    pages: Pages,
    bounds: Bounds,
    /// Places for files that come.
    uploads: Arc<Semaphore>,
    openings: Openings,
    streams: Streams,
    imports: Imports,
    /// Tables and archives that somebody takes along.
    downloads: Turns,
}

/// All routes. A new slice's are a line here.
fn table() -> Table {
    let mut table = Table::default();
    description::routes(&mut table);
    sign_in::routes(&mut table);
    account::routes(&mut table);
    passkeys::routes(&mut table);
    second_factor::routes(&mut table);
    recovery::routes(&mut table);
    messengers::routes(&mut table);
    community::routes(&mut table);
    consents::routes(&mut table);
    joining::routes(&mut table);
    applications::routes(&mut table);
    houses::routes(&mut table);
    households::routes(&mut table);
    people::routes(&mut table);
    roles::routes(&mut table);
    grants::routes(&mut table);
    vehicles::routes(&mut table);
    passes::routes(&mut table);
    visit::routes(&mut table);
    gates::routes(&mut table);
    journal::routes(&mut table);
    questions::routes(&mut table);
    bans::routes(&mut table);
    chats::routes(&mut table);
    hubs::routes(&mut table);
    alarms::routes(&mut table);
    events::routes(&mut table);
    notifications::routes(&mut table);
    audit::routes(&mut table);
    privacy::routes(&mut table);
    retention::routes(&mut table);
    imports::routes(&mut table);
    letters::routes(&mut table);
    exports::routes(&mut table);
    table
}

impl Api {
    /// Over these stores.
    pub fn new(
        communities: Arc<Communities>,
        downlink: Downlink,
        mailer: Option<Mailer>,
        push: Push,
        http: Http,
        telegram: Option<Telegram>,
    ) -> Api {
        let accounts = communities.accounts().clone();
        let name = http.authority.as_deref().and_then(|authority| authority.rsplit_once(':'));
        let names = name.map(|(host, _)| host.to_owned()).into_iter().collect();
        let pictures = Pictures::new(communities.blobs().clone());
        let photos = Photos::new(pictures, communities.blobs().clone());
        let init_data = telegram.as_ref().and_then(|telegram| match telegram.token() {
            Ok(token) => Some(InitDataKey::new(&token)),
            Err(why) => {
                tracing::warn!("nobody comes in by Telegram: {why:#}");
                None
            }
        });
        let (russian, english) = (Texts::new(Language::Ru), Texts::new(Language::En));
        Api(Arc::new(Inner {
            communities,
            accounts,
            passwords: Passwords::new(clock::random()),
            ceremonies: Ceremonies::new(&http),
            downlink,
            photos,
            mailer,
            push,
            http,
            telegram,
            init_data,
            names,
            pages: pages::pages(&russian, &english),
            russian,
            english,
            bounds: Bounds::default(),
            uploads: Arc::new(Semaphore::new(UPLOADS)),
            openings: Openings::start(),
            streams: Streams::default(),
            imports: Imports::default(),
            downloads: Turns::of(2),
        }))
    }

    /// The routes, and the pages. Requests must carry their [`dwellers_listener::Peer`].
    pub fn routes(&self) -> BoxedFilter<(Response,)> {
        table().filter(self.clone()).boxed()
    }

    /// Where photos of applications come in and go out.
    pub fn photos(&self) -> Photos {
        self.0.photos.clone()
    }

    fn texts(&self, language: Language) -> &Texts {
        match language {
            Language::Ru => &self.0.russian,
            Language::En => &self.0.english,
        }
    }

    /// Whether people come over TLS, be it that of a proxy.
    fn is_secure(&self) -> bool {
        self.0.http.address().starts_with("https://")
    }

    /// The name of the cookie of a session. The prefix makes browsers take it from this very host alone.
    fn session_cookie(&self) -> &'static str {
        if self.is_secure() { "__Host-dwellers" } else { "dwellers" }
    }

    /// The bot in Telegram that people find, where there is one.
    fn telegram_bot(&self) -> Option<String> {
        self.0.telegram.as_ref().map(|telegram| telegram.bot.clone())
    }

    /// By which the codes of a community's houses are hashed.
    async fn house_code_key(&self, community: RecordId) -> Result<[u8; 32], Problem> {
        let communities = self.0.communities.clone();
        let key = move || communities.registry().house_code_key(community, clock::entropy, clock::now());
        Ok(self.blocking(key).await??)
    }

    /// Runs what may wait for the disk or the processor on a thread that may.
    async fn blocking<R: Send + 'static>(
        &self,
        body: impl FnOnce() -> R + Send + 'static,
    ) -> Result<R, Problem> {
        tokio::task::spawn_blocking(body).await.map_err(|error| {
            tracing::error!(%error, "a call failed within");
            Problem::busy()
        })
    }

    /// The same with the accounts.
    async fn accounts<R, E>(
        &self,
        body: impl FnOnce(&Accounts) -> Result<R, E> + Send + 'static,
    ) -> Result<R, Problem>
    where
        R: Send + 'static,
        E: Into<Problem> + Send + 'static,
    {
        let accounts = self.0.accounts.clone();
        self.blocking(move || body(&accounts)).await?.map_err(Into::into)
    }
}
