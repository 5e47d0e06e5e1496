//! The door for what runs within the cloud in somebody's name: the bot. It speaks to the same table of routes as everybody else,
//! so that rights, bounds, audit and idempotency are the same, and what the web can do a messenger can do.
//!
//! Invariants: whoever comes from a messenger is known by their number there and by nothing that they say; each of them has
//! bounds of their own.
//!
//! What must never be here: a rule; a text.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use bytes::Bytes;
use dwellers::texts::Language;
use dwellers_listener::Peer;
use dwellers_listener::caller::Caller;
use futures_util::{Stream, StreamExt};
use http::{HeaderMap, HeaderValue, Method, header};
use http_body_util::{BodyDataStream, BodyExt, Limited};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use warp::reply::Response;

use super::Api;
use super::call::Call;
use super::table::Table;
use crate::accounts::Messenger;
use crate::communities::Communities;

/// The longest answer that is taken whole.
const MAX_BYTES: usize = 16 << 20;

/// Somebody who calls from a messenger.
#[derive(Clone, Debug)]
pub struct From {
    /// Which.
    pub messenger: Messenger,
    /// Their number there.
    pub user: i64,
    /// What they call themselves there.
    pub name: String,
    /// What others find them by there; may be empty.
    pub handle: String,
    /// In which language they are answered.
    pub language: Language,
}

/// What is asked of the API: as over HTTP, without the socket.
#[derive(Clone, Debug, Default)]
pub struct Request {
    method: Method,
    target: String,
    body: Vec<u8>,
    kind: &'static str,
    key: String,
    version: String,
}

/// Why it is not done, in the caller's language: problem details.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Refused {
    /// As over HTTP.
    pub status: u16,
    /// What is wrong, for a program.
    pub code: String,
    /// What is wrong, for the person.
    pub detail: String,
    /// The field that makes no sense.
    pub field: Option<String>,
    /// What is wrong with it.
    pub why: Option<String>,
    /// When it is worth another try.
    pub retry_after_s: Option<u64>,
}

impl Request {
    /// Looks at something: the path below `/api/v1`, with what is behind `?`.
    pub fn get(target: impl Into<String>) -> Request {
        Request { method: Method::GET, target: target.into(), ..Request::default() }
    }

    /// Makes something.
    ///
    /// # Panics
    /// A document that does not become JSON is a mistake of whoever calls.
    pub fn post(target: impl Into<String>, document: &impl Serialize) -> Request {
        Request::with(Method::POST, target, document)
    }

    /// Puts something in the place of what was there.
    ///
    /// # Panics
    /// As above.
    pub fn put(target: impl Into<String>, document: &impl Serialize) -> Request {
        Request::with(Method::PUT, target, document)
    }

    /// Changes something.
    ///
    /// # Panics
    /// As above.
    pub fn patch(target: impl Into<String>, document: &impl Serialize) -> Request {
        Request::with(Method::PATCH, target, document)
    }

    /// Ends something.
    pub fn delete(target: impl Into<String>) -> Request {
        Request { method: Method::DELETE, target: target.into(), ..Request::default() }
    }

    /// Sends a file of this media type.
    pub fn upload(target: impl Into<String>, kind: &'static str, bytes: Vec<u8>) -> Request {
        Request { method: Method::POST, target: target.into(), kind, body: bytes, ..Request::default() }
    }

    /// Whether it changes something.
    pub fn changes(&self) -> bool {
        self.method != Method::GET
    }

    fn with(method: Method, target: impl Into<String>, document: &impl Serialize) -> Request {
        let body = serde_json::to_vec(document).expect("what the bot asks is made of words and numbers");
        Request { method, target: target.into(), body, kind: "application/json", ..Request::default() }
    }

    /// Once, however often it is asked with this key.
    pub fn once(mut self, key: impl Into<String>) -> Request {
        self.key = key.into();
        self
    }

    /// Of this version alone (`If-Match`).
    pub fn of_version(mut self, tag: impl Into<String>) -> Request {
        self.version = tag.into();
        self
    }
}

/// The API, from within. Clones are the same one.
#[derive(Clone)]
pub struct Inside {
    api: Api,
    table: Arc<Table>,
}

impl Api {
    /// For what runs within the cloud.
    pub fn inside(&self) -> Inside {
        Inside { api: self.clone(), table: Arc::new(super::table()) }
    }
}

impl Inside {
    /// Over which stores it is.
    pub(crate) fn communities(&self) -> &Arc<Communities> {
        &self.api.0.communities
    }

    /// Asks in somebody's name for a document.
    ///
    /// # Errors
    /// What the API refuses, in their language.
    pub async fn ask<T: DeserializeOwned>(&self, from: &From, request: Request) -> Result<T, Refused> {
        let answer = self.answer(from, request).await?;
        let bytes = whole(answer).await?;
        let bytes: &[u8] = if bytes.is_empty() { b"null" } else { &bytes };
        serde_json::from_slice(bytes).map_err(|why| broken(&why))
    }

    /// The same for bytes: a picture.
    ///
    /// # Errors
    /// What the API refuses, in their language.
    pub async fn bytes(&self, from: &From, request: Request) -> Result<Vec<u8>, Refused> {
        whole(self.answer(from, request).await?).await
    }

    /// The same with the version of the document (`ETag`).
    ///
    /// # Errors
    /// What the API refuses, in their language.
    pub async fn versioned<T: DeserializeOwned>(
        &self,
        from: &From,
        request: Request,
    ) -> Result<(T, String), Refused> {
        let answer = self.answer(from, request).await?;
        let tag = answer.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok());
        let tag = tag.unwrap_or_default().to_owned();
        let document = serde_json::from_slice(&whole(answer).await?).map_err(|why| broken(&why))?;
        Ok((document, tag))
    }

    /// Documents as they come (server-sent events), each with the name of its event.
    ///
    /// # Errors
    /// What the API refuses, in their language.
    pub async fn follow(
        &self,
        from: &From,
        request: Request,
    ) -> Result<impl Stream<Item = (String, Value)> + Send + Unpin + use<>, Refused> {
        let frames = BodyDataStream::new(self.answer(from, request).await?.into_body());
        Ok(Box::pin(events(frames)))
    }

    async fn answer(&self, from: &From, request: Request) -> Result<Response, Refused> {
        let Request { method, target, body, kind, key, version } = request;
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let mut headers = HeaderMap::new();
        let mut put = |name, value: &str| {
            if !value.is_empty()
                && let Ok(value) = HeaderValue::from_str(value)
            {
                headers.insert(name, value);
            }
        };
        put(header::CONTENT_TYPE, kind);
        put(header::IF_MATCH, &version);
        put(header::HeaderName::from_static("idempotency-key"), &key);
        let caller = Caller::new(headers, Some(Peer(SocketAddr::new(address(from), 0))), None);
        let mut call = Call::new(self.api.clone(), caller, from.language, method, query.to_owned());
        call.from = Some(from.clone());
        let answer = self.table.answer_within(call, &format!("/api/v1{path}"), body).await;
        let texts = self.api.texts(from.language);
        let response = answer.unwrap_or_else(|problem| problem.response(texts));
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status().as_u16();
        let refused: Refused = serde_json::from_slice(&whole(response).await?).unwrap_or_default();
        Err(Refused { status, ..refused })
    }
}

/// What bounds know somebody by who has no address: a network of their own, within those that are nobody's (RFC 4193).
fn address(from: &From) -> IpAddr {
    let named = format!("{} {}", from.messenger.as_str(), from.user);
    let mut network = [0; 16];
    network[..8].copy_from_slice(&blake3::hash(named.as_bytes()).as_bytes()[..8]);
    network[0] = 0xfd;
    IpAddr::V6(Ipv6Addr::from(network))
}

async fn whole(answer: Response) -> Result<Vec<u8>, Refused> {
    let collected = Limited::new(answer.into_body(), MAX_BYTES).collect().await;
    Ok(collected.map_err(|why| broken(&why))?.to_bytes().to_vec())
}

/// The documents of a stream of events (HTML Standard, 9.2.6), as our own routes write it: an event is whole in one frame or over
/// several, and ends with an empty line.
fn events<E>(
    frames: impl Stream<Item = Result<Bytes, E>> + Send + Unpin,
) -> impl Stream<Item = (String, Value)> + Send {
    futures_util::stream::unfold((frames, Vec::new()), |(mut frames, mut kept)| async move {
        loop {
            if let Some(end) = kept.windows(2).position(|two| two == b"\n\n") {
                let event: Vec<u8> = kept.drain(..end + 2).collect();
                if let Some(read) = event_of(&String::from_utf8_lossy(&event)) {
                    return Some((read, (frames, kept)));
                }
                continue;
            }
            kept.extend_from_slice(&frames.next().await?.ok()?);
        }
    })
}

/// The name of an event and its document; nothing for a sign of life.
fn event_of(text: &str) -> Option<(String, Value)> {
    let field = |name: &str| {
        let lines = text.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        lines.map(str::trim_start).collect::<Vec<_>>().join("\n")
    };
    Some((field("event"), serde_json::from_str(&field("data")).ok()?))
}

/// Something within us that is as it must not be.
fn broken(why: &impl ToString) -> Refused {
    tracing::error!("what the API answers within does not read: {}", why.to_string());
    Refused { status: 500, code: "broken".to_owned(), ..Refused::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn events_are_read_however_their_frames_are_cut() {
        let text = "event:opening\ndata:{\"state\":\"sent\"}\n\n:keep-alive\n\nevent:opening\ndata:{\"state\":\ndata:\"открыт\"}\n\n";
        for size in 1..text.len() {
            let frames =
                text.as_bytes().chunks(size).map(|frame| Ok::<_, String>(Bytes::copy_from_slice(frame)));
            let read: Vec<_> = events(futures_util::stream::iter(frames.collect::<Vec<_>>())).collect().await;
            let states: Vec<_> =
                read.iter().map(|(name, document)| (name.as_str(), &document["state"])).collect();
            assert_eq!(
                states,
                [("opening", &Value::from("sent")), ("opening", &Value::from("открыт"))],
                "{size}"
            );
        }
    }

    #[test]
    fn everybody_has_bounds_of_their_own() {
        let from = |user| From {
            messenger: Messenger::Telegram,
            user,
            name: String::new(),
            handle: String::new(),
            language: Language::Ru,
        };
        let networks: std::collections::HashSet<_> = (1..10_000).map(|user| address(&from(user))).collect();
        assert_eq!(networks.len(), 9_999);
        assert!(
            networks
                .iter()
                .all(|network| matches!(network, IpAddr::V6(network) if network.is_unique_local()))
        );
    }
}
