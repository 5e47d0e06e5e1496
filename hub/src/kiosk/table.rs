//! The table of routes, and what every call goes through before a handler sees it.
//!
//! Invariants: a route says with its registration who may call it, so that there is none without a check, and is described
//! by the very operation that it is registered with; what is not in the table, and not of the page, is not there (404), and
//! another method of what is there is answered with those that are (405).
//!
//! What must never be here: what a route does.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Buf;
use dwellers::texts::Language;
use dwellers_listener::caller::Caller;
use dwellers_listener::description::{Described, Description};
use dwellers_listener::pages::{METHODS, Refused};
use dwellers_listener::routes::{self, Found, Unread};
use dwellers_listener::{Encrypted, Peer};
use dwellers_replica::RecordId;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio_stream::Stream;
use warp::filters::path::FullPath;
use warp::reply::Response;
use warp::{Filter, Reply};

use super::Kiosk;
use super::deeds::{self, Key};
use super::door;
use super::problem::{Code, Problem};
use super::session::Signed;
use dwellers::words::Words;

/// The longest body that is read.
pub(super) const MAX_BODY_BYTES: usize = 64 * 1024;

/// What a handler answers.
pub(super) type Answer = Result<Response, Problem>;
type Answering = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// A request, as a handler sees it: the door has let it in.
pub(super) struct Call {
    pub kiosk: Kiosk,
    pub caller: Caller,
    pub language: Language,
    /// What stands in the place of the pattern's `{…}`.
    parameter: String,
    query: String,
    body: Vec<u8>,
}

/// Who may call a route.
enum Access {
    /// Any screen that the door lets in.
    Screens(Box<dyn Fn(Call) -> Answering + Send + Sync>),
    /// A guard who has signed in.
    Guards(Box<dyn Fn(Call, Signed) -> Answering + Send + Sync>),
}

struct Row {
    description: Description,
    access: Access,
    /// Whether it is done once for a key.
    once: bool,
}

/// The routes.
#[derive(Default)]
pub(super) struct Table {
    rows: Vec<Row>,
}

impl Table {
    /// A route that needs no guard; `O` is the operation that `utoipa::path` makes of the handler (`__path_NAME`).
    pub fn screens<O, F, A>(&mut self, handler: F)
    where
        O: Described,
        F: Fn(Call) -> A + Send + Sync + 'static,
        A: Future<Output = Answer> + Send + 'static,
    {
        let access = Access::Screens(Box::new(move |call| Box::pin(handler(call))));
        self.rows.push(Row { description: Description::of::<O>(), access, once: false });
    }

    /// A route for a guard who has signed in.
    pub fn guards<O, F, A>(&mut self, handler: F)
    where
        O: Described,
        F: Fn(Call, Signed) -> A + Send + Sync + 'static,
        A: Future<Output = Answer> + Send + 'static,
    {
        let access = Access::Guards(Box::new(move |call, guard| Box::pin(handler(call, guard))));
        self.rows.push(Row { description: Description::of::<O>(), access, once: false });
    }

    /// The same, where what is done must not be done twice: what is asked again with its key is answered as before.
    pub fn once<O, F, A>(&mut self, handler: F)
    where
        O: Described,
        F: Fn(Call, Signed) -> A + Send + Sync + 'static,
        A: Future<Output = Answer> + Send + 'static,
    {
        self.guards::<O, F, A>(handler);
        if let Some(row) = self.rows.last_mut() {
            row.once = true;
            row.description.operation.parameters.get_or_insert_default().push(deeds::parameter().into());
        }
    }

    /// Every route, and whether it needs a guard.
    pub fn list(self) -> impl Iterator<Item = (Description, bool)> {
        self.rows.into_iter().map(|row| (row.description, matches!(row.access, Access::Guards(_))))
    }

    /// The routes as a filter.
    pub fn filter(self, kiosk: Kiosk) -> impl Filter<Extract = (Response,), Error = Infallible> + Clone {
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
                let (table, kiosk) = (Arc::clone(&table), kiosk.clone());
                async move {
                    let caller = Caller::new(headers, peer, encrypted);
                    let language = caller.language().unwrap_or_else(|| kiosk.language());
                    let call = Call {
                        kiosk: kiosk.clone(),
                        caller,
                        language,
                        parameter: String::new(),
                        query,
                        body: Vec::new(),
                    };
                    let answer = table.answer(call, &method, path.as_str(), body).await;
                    finish(answer.unwrap_or_else(|problem| problem.response(kiosk.texts(language))))
                }
            })
            .recover(|_| async { Ok::<_, Infallible>(finish(StatusCode::BAD_REQUEST.into_response())) })
            .map(Reply::into_response)
    }

    async fn answer(
        &self,
        mut call: Call,
        method: &Method,
        path: &str,
        body: impl Stream<Item = Result<impl Buf, warp::Error>> + Send,
    ) -> Answer {
        door::check(&call.kiosk, &call.caller, method, path).await?;
        let Some((row, parameter)) = self.find(method, path)? else {
            return page(&call, method, path);
        };
        let guard = call.kiosk.signed(&call.caller).await?;
        if matches!(row.access, Access::Guards(_)) && guard.is_none() {
            return Err(Problem::no_session());
        }
        call.parameter = parameter;
        if !matches!(*method, Method::GET | Method::HEAD) {
            call.body = read(&call.caller.headers, body).await?;
        }
        match (&row.access, guard) {
            (Access::Screens(handler), _) => handler(call).await,
            (Access::Guards(handler), Some(guard)) if row.once => {
                let key = Key::of(&call.caller, path, &call.query, &call.body)?;
                let (kiosk, language, deeds) = (call.kiosk.clone(), call.language, Arc::clone(&guard.deeds));
                let (now, answer) = (kiosk.tick(), handler(call, guard));
                let Some(key) = key else { return answer.await };
                let told = async move {
                    answer.await.unwrap_or_else(|problem| problem.response(kiosk.texts(language)))
                };
                deeds.once(key, now, told).await
            }
            (Access::Guards(handler), Some(guard)) => handler(call, guard).await,
            (Access::Guards(_), None) => Err(Problem::no_session()),
        }
    }

    /// The route of this method and path, and what stands in the place of its pattern's `{…}`.
    fn find(&self, method: &Method, path: &str) -> Result<Option<(&Row, String)>, Problem> {
        let rows = self.rows.iter().map(|row| (&row.description.method, row.description.path.as_str(), row));
        match routes::find(rows, method, path) {
            Found::Row(row, parameters) => {
                let parameter = parameters.first().map(|(_, given)| (*given).to_owned());
                Ok(Some((row, parameter.unwrap_or_default())))
            }
            Found::Allow(methods) => Err(Problem::allow(&methods)),
            Found::Nothing => Ok(None),
        }
    }
}

/// What is no route may be the page, or a file of it.
fn page(call: &Call, method: &Method, path: &str) -> Answer {
    let answer = call.kiosk.0.pages.answer(method, path, &call.caller.headers);
    answer.map_err(|refused| match refused {
        Refused::Missing => Problem::not_found(),
        Refused::Method => Problem::allow(METHODS),
    })
}

/// A JSON body, bounded.
async fn read(
    headers: &HeaderMap,
    body: impl Stream<Item = Result<impl Buf, warp::Error>> + Send,
) -> Result<Vec<u8>, Problem> {
    let read = routes::read(headers, body, MAX_BODY_BYTES, &["application/json"]).await;
    read.map_err(|unread| match unread {
        Unread::TooLarge => Problem::new(StatusCode::PAYLOAD_TOO_LARGE, Code::TooLarge),
        Unread::Broken => Problem::new(StatusCode::BAD_REQUEST, Code::BrokenBody),
        Unread::Kind => Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::UnsupportedMediaType),
    })
}

/// What every response has: screens show what is, not what was.
fn finish(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

impl Call {
    /// The record that the path names.
    pub fn id(&self) -> Result<RecordId, Problem> {
        self.parameter.parse().map_err(|_| Problem::not_found())
    }

    /// Reads from one snapshot, to tell it in the caller's language.
    pub async fn read<R: Send + 'static>(
        &self,
        body: impl FnOnce(&Words<'_>) -> Result<R, Problem> + Send + 'static,
    ) -> Result<R, Problem> {
        self.kiosk.read(self.language, body).await
    }

    /// The word in the path.
    pub fn word(&self) -> &str {
        &self.parameter
    }

    /// What is asked for behind the `?`.
    pub fn query<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        serde_urlencoded::from_str(&self.query).map_err(|error| Problem::syntax(&error))
    }

    /// The body; none at all is an empty object.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let body: &[u8] = if self.body.is_empty() { b"{}" } else { &self.body };
        serde_json::from_slice(body).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => Problem::syntax(&error),
            _ => Problem::new(StatusCode::BAD_REQUEST, Code::NotJson),
        })
    }
}

/// A document.
pub(super) fn json<T: Serialize>(document: &T) -> Answer {
    Ok(warp::reply::json(document).into_response())
}

/// A document about something new.
pub(super) fn created<T: Serialize>(document: &T) -> Answer {
    Ok(warp::reply::with_status(warp::reply::json(document), StatusCode::CREATED).into_response())
}

/// Nothing to say.
pub(super) fn done() -> Answer {
    Ok(StatusCode::NO_CONTENT.into_response())
}
