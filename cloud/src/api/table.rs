//! The table of routes, and what every call goes through before a handler sees it.
//!
//! Invariants: a route says with its registration who may call it, so that there is none without a check, and is described
//! by the very operation that it is registered with; what is not in the table, and no page, is not there (404), and another method of what
//! is there is answered with those that are (405); rights are judged before a body is read.
//!
//! What must never be here: what a route does.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Buf;
use dwellers::people::Permission;
use dwellers::texts::Language;
use dwellers_listener::caller::{self, Caller};
use dwellers_listener::description::{Described, Description};
use dwellers_listener::pages::{METHODS, Refused};
use dwellers_listener::routes::{self, Found, Unread};
use dwellers_listener::{Encrypted, Peer};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use tokio_stream::Stream;
use warp::filters::path::FullPath;
use warp::reply::Response;
use warp::{Filter, Reply};

use super::Api;
use super::call::{Call, Member};
use super::problem::Problem;
use crate::accounts::Signed;

/// The longest JSON that is read.
const MAX_JSON_BYTES: usize = 64 * 1024;
/// How long a file may take to come.
const UPLOADS_TAKE: Duration = Duration::from_secs(30);

/// What a handler answers.
pub(super) type Answer = Result<Response, Problem>;
type Answering = Pin<Box<dyn Future<Output = Answer> + Send>>;
/// With who calls, as far as the route needs to know.
type Handler = Box<dyn Fn(Call, Option<Signed>, Option<Member>) -> Answering + Send + Sync>;
/// What is judged before the body of a request is read.
type First = for<'a> fn(&'a Call) -> Pin<Box<dyn Future<Output = Result<(), Problem>> + Send + 'a>>;

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// Anybody at all.
    Anyone,
    /// Who has signed in.
    Account,
    /// Who is, or was, a person of the community.
    Person,
    /// Who is somebody in the community now: has a place or a role, and is not banned.
    Member,
    /// Who may do one of these, in some house or in the community.
    May(&'static [Permission]),
}

/// What a route takes beside JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Uploads {
    pub max_bytes: usize,
    /// Media types.
    pub kinds: &'static [&'static str],
}

/// One route.
pub(super) struct Row {
    pub who: Who,
    pub description: Description,
    uploads: Option<Uploads>,
    first: Option<First>,
    handler: Handler,
}

/// The routes.
#[derive(Default)]
pub(super) struct Table {
    pub rows: Vec<Row>,
}

impl Table {
    /// A route for anybody; `O` is the operation that `utoipa::path` makes of the handler (`__path_NAME`).
    pub fn anyone<O, F, A>(&mut self, handler: F) -> &mut Row
    where
        O: Described,
        F: Fn(Call) -> A + Send + Sync + 'static,
        A: Future<Output = Answer> + Send + 'static,
    {
        self.add::<O>(Who::Anyone, Box::new(move |call, _, _| Box::pin(handler(call))))
    }

    /// A route for whoever has signed in.
    pub fn account<O, F, A>(&mut self, handler: F) -> &mut Row
    where
        O: Described,
        F: Fn(Call, Signed) -> A + Send + Sync + 'static,
        A: Future<Output = Answer> + Send + 'static,
    {
        let handler: Handler = Box::new(move |call, signed, _| match signed {
            Some(signed) => Box::pin(handler(call, signed)),
            None => Box::pin(async { Err(Problem::no_session()) }),
        });
        self.add::<O>(Who::Account, handler)
    }

    /// A route for whoever is, or was, a person of the community: what is known of oneself.
    pub fn person<O, F, A>(&mut self, handler: F) -> &mut Row
    where
        O: Described,
        F: Fn(Call, Member) -> A + Send + Sync + 'static,
        A: Future<Output = Answer> + Send + 'static,
    {
        self.of_community::<O, F, A>(Who::Person, handler)
    }

    /// A route for everybody of the community.
    pub fn member<O, F, A>(&mut self, handler: F) -> &mut Row
    where
        O: Described,
        F: Fn(Call, Member) -> A + Send + Sync + 'static,
        A: Future<Output = Answer> + Send + 'static,
    {
        self.of_community::<O, F, A>(Who::Member, handler)
    }

    /// A route for those of the community who may do one of these.
    pub fn may<O, F, A>(&mut self, permissions: &'static [Permission], handler: F) -> &mut Row
    where
        O: Described,
        F: Fn(Call, Member) -> A + Send + Sync + 'static,
        A: Future<Output = Answer> + Send + 'static,
    {
        self.of_community::<O, F, A>(Who::May(permissions), handler)
    }

    fn of_community<O, F, A>(&mut self, who: Who, handler: F) -> &mut Row
    where
        O: Described,
        F: Fn(Call, Member) -> A + Send + Sync + 'static,
        A: Future<Output = Answer> + Send + 'static,
    {
        let handler: Handler = Box::new(move |call, _, member| match member {
            Some(member) => Box::pin(handler(call, member)),
            None => Box::pin(async { Err(Problem::no_session()) }),
        });
        self.add::<O>(who, handler)
    }

    fn add<O: Described>(&mut self, who: Who, handler: Handler) -> &mut Row {
        let description = Description::of::<O>();
        self.rows.push(Row { who, description, uploads: None, first: None, handler });
        self.rows.last_mut().expect("it was pushed just now")
    }

    /// The routes as a filter.
    pub fn filter(self, api: Api) -> impl Filter<Extract = (Response,), Error = Infallible> + Clone {
        let table = Arc::new(self);
        let query = warp::query::raw().or(warp::any().map(String::new)).unify();
        warp::method()
            .and(warp::path::full())
            .and(query)
            .and(warp::header::headers_cloned())
            .and(warp::ext::optional::<Peer>())
            .and(warp::ext::optional::<Encrypted>())
            .and(warp::body::stream())
            .then(move |method, path: FullPath, query, headers, peer, encrypted, body| {
                let (table, api) = (Arc::clone(&table), api.clone());
                async move {
                    let caller = Caller::new(headers, peer, encrypted);
                    let language = caller.language().unwrap_or(Language::Ru);
                    let call = Call::new(api.clone(), caller, language, method, query);
                    let answer = table.answer(call, path.as_str(), body).await;
                    finish(&api, answer.unwrap_or_else(|problem| problem.response(api.texts(language))))
                }
            })
            .recover(|_| async { Ok::<_, Infallible>(StatusCode::BAD_REQUEST.into_response()) })
            .map(Reply::into_response)
    }

    async fn answer(
        &self,
        call: Call,
        path: &str,
        body: impl Stream<Item = Result<impl Buf, warp::Error>> + Send,
    ) -> Answer {
        door(&call, path)?;
        let reads = |headers: HeaderMap, uploads| async move { read(&headers, body, uploads).await };
        self.routed(call, path, reads).await
    }

    /// What runs within the cloud asks: no page of another site can.
    pub async fn answer_within(&self, call: Call, path: &str, body: Vec<u8>) -> Answer {
        self.routed(call, path, |_, _| async { Ok(body) }).await
    }

    async fn routed<B: Future<Output = Result<Vec<u8>, Problem>> + Send>(
        &self,
        mut call: Call,
        path: &str,
        reads: impl FnOnce(HeaderMap, Option<Uploads>) -> B + Send,
    ) -> Answer {
        let rows = self.rows.iter().map(|row| (&row.description.method, row.description.path.as_str(), row));
        let (row, parameters) = match routes::find(rows, &call.method, path) {
            Found::Row(row, parameters) => (row, parameters),
            Found::Allow(methods) => return Err(Problem::allow(&methods)),
            Found::Nothing => return page(&call, path),
        };
        call.found(row.description.id(), path, &parameters);
        let (signed, member) = call.known(row.who).await?;
        if let Some(first) = row.first {
            first(&call).await?;
        }
        // Until it is answered: what was read is in memory, and so is what becomes of it.
        let _room = match row.uploads {
            Some(_) => Some(call.api.0.uploads.clone().try_acquire_owned().map_err(|_| Problem::busy())?),
            None => None,
        };
        if !matches!(call.method, Method::GET | Method::HEAD) {
            call.body = reads(call.caller.headers.clone(), row.uploads).await?;
        }
        (row.handler)(call, signed, member).await
    }
}

impl Row {
    /// It takes files of these kinds, too.
    pub fn uploads(&mut self, uploads: Uploads) -> &mut Row {
        self.uploads = Some(uploads);
        self
    }

    /// This is judged before the body is read, after who calls.
    pub fn first(&mut self, first: First) -> &mut Row {
        self.first = Some(first);
        self
    }
}

/// Who may speak to the API at all: a page of another site can neither make somebody's browser act (cross-site requests) nor
/// reach it under a name of its own (DNS rebinding). Nor does it make a browser look, which would be written down as theirs.
fn door(call: &Call, path: &str) -> Result<(), Problem> {
    let host = call.caller.only(header::HOST).unwrap_or_default();
    if !caller::is_ours(host, &call.api.0.names) {
        return Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, "wrong-host"));
    }
    let changes = !matches!(call.method, Method::GET | Method::HEAD);
    let scheme = if call.api.is_secure() { "https" } else { "http" };
    if changes && !caller::is_same_origin(&call.caller, scheme, host) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "cross-origin"));
    }
    let said = |name: &str, word: &str| call.caller.header(name) == Some(word);
    // A link that somebody follows is theirs.
    let is_followed = said("sec-fetch-mode", "navigate") && said("sec-fetch-dest", "document");
    if path.starts_with("/api/") && said("sec-fetch-site", "cross-site") && !is_followed {
        return Err(Problem::new(StatusCode::FORBIDDEN, "cross-origin"));
    }
    Ok(())
}

/// What is no route may be a page, or a file of one.
fn page(call: &Call, path: &str) -> Answer {
    let answer = call.api.0.pages.answer(&call.method, path, &call.caller.headers);
    answer.map_err(|refused| match refused {
        Refused::Missing => Problem::not_found(),
        Refused::Method => Problem::allow(METHODS),
    })
}

/// A body, bounded.
async fn read(
    headers: &HeaderMap,
    body: impl Stream<Item = Result<impl Buf, warp::Error>> + Send,
    uploads: Option<Uploads>,
) -> Result<Vec<u8>, Problem> {
    let json = Uploads { max_bytes: MAX_JSON_BYTES, kinds: &["application/json"] };
    let Uploads { max_bytes, kinds } = uploads.unwrap_or(json);
    let read = routes::read(headers, body, max_bytes, kinds);
    // Of files there are few at a time: nobody keeps a place for what never comes.
    let patience = if uploads.is_some() { UPLOADS_TAKE } else { Duration::MAX };
    let read = tokio::time::timeout(patience, read).await.unwrap_or(Err(Unread::Broken));
    read.map_err(|unread| match unread {
        Unread::TooLarge => Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
        Unread::Broken => Problem::new(StatusCode::BAD_REQUEST, "broken-body"),
        Unread::Kind => Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type"),
    })
}

/// What every response has. An answer is for whoever asked, now.
fn finish(api: &Api, mut response: Response) -> Response {
    let secure = api.is_secure();
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    if secure {
        let a_year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, a_year);
    }
    response
}
