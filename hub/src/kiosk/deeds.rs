//! What a guard does, and does once: a screen that lost the answer asks again with the same key, and is answered as before.
//!
//! Invariants: a key is its session's, and for one request; whoever asks again while it is being done waits for the same answer.
//! What was begun is done also where the screen has gone. What was not done is forgotten: asking again tries again. It is kept in
//! memory, bounded, and gone with the session.
//!
//! What must never be here: what is done.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use dwellers_listener::caller::Caller;
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt;
use tokio::sync::watch;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, Type};
use warp::Reply;
use warp::reply::Response;

use super::problem::{Code, Problem};
use super::table::Answer;
use crate::engine::Tick;

/// The header that carries a key.
const HEADER: &str = "Idempotency-Key";
/// The longest key.
const MAX_KEY: usize = 100;
/// Deeds of a session that are remembered; the oldest makes room.
const MOST: usize = 64;
/// How long. A screen asks again at once or never.
const KEPT_MS: u64 = 10 * 60_000;

/// The header, for the description.
pub(super) fn parameter() -> Parameter {
    ParameterBuilder::new()
        .name(HEADER)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("The same when it is asked again: then it is done once. Remembered for ten minutes, while the session lasts."))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).max_length(Some(MAX_KEY)).build()))
        .build()
}

/// A request with a key.
pub(super) struct Key {
    key: String,
    request: blake3::Hash,
}

impl Key {
    /// Of a request, where it has one.
    pub fn of(caller: &Caller, path: &str, query: &str, body: &[u8]) -> Result<Option<Key>, Problem> {
        let Some(key) = caller.only(HEADER) else { return Ok(None) };
        if key.is_empty() || key.len() > MAX_KEY {
            return Err(Problem::invalid("idempotency-key", "too-long"));
        }
        let mut hasher = blake3::Hasher::new();
        for part in [path.as_bytes(), query.as_bytes(), body] {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
        Ok(Some(Key { key: key.to_owned(), request: hasher.finalize() }))
    }
}

/// An answer that can be given again.
#[derive(Clone, Debug)]
struct Kept {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

#[derive(Debug)]
struct Deed {
    key: String,
    request: blake3::Hash,
    since: Tick,
    answer: watch::Receiver<Option<Kept>>,
}

impl Deed {
    fn is_done(&self) -> bool {
        self.answer.borrow().is_some()
    }

    /// Whether it broke off within: nobody will ever answer.
    fn is_lost(&self) -> bool {
        let over = self.answer.has_changed().is_err();
        over && !self.is_done()
    }
}

/// What was done in a session of late.
#[derive(Debug, Default)]
pub(super) struct Deeds(Mutex<VecDeque<Deed>>);

/// Whether somebody does it already.
enum Begun {
    Before(watch::Receiver<Option<Kept>>),
    Now(watch::Sender<Option<Kept>>, watch::Receiver<Option<Kept>>),
}

impl Deeds {
    /// Does it, or tells what became of it when it was done.
    pub async fn once(
        self: &Arc<Self>,
        key: Key,
        now: Tick,
        act: impl Future<Output = Response> + Send + 'static,
    ) -> Answer {
        let mut answer = match self.begin(&key, now)? {
            Begun::Before(answer) => answer,
            Begun::Now(tell, answer) => {
                let deeds = Arc::clone(self);
                // By itself: a screen that hangs up must not leave it half done.
                tokio::spawn(async move {
                    let kept = Kept::of(act.await).await;
                    if !kept.as_ref().is_some_and(|kept| kept.status.is_success()) {
                        deeds.forget(&key.key);
                    }
                    tell.send_replace(kept);
                });
                answer
            }
        };
        let kept = answer.wait_for(Option::is_some).await.ok().and_then(|kept| kept.clone());
        kept.map(Kept::response).ok_or_else(Problem::busy)
    }

    fn begin(&self, key: &Key, now: Tick) -> Result<Begun, Problem> {
        let mut deeds = self.deeds();
        deeds.retain(|deed| !(deed.is_lost() || deed.is_done() && now.0 >= deed.since.0 + KEPT_MS));
        if let Some(known) = deeds.iter().find(|deed| deed.key == key.key) {
            if known.request != key.request {
                return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, Code::KeyUsed));
            }
            return Ok(Begun::Before(known.answer.clone()));
        }
        if deeds.len() >= MOST {
            let done = deeds.iter().position(Deed::is_done).ok_or_else(Problem::busy)?;
            deeds.remove(done);
        }
        let (tell, answer) = watch::channel(None);
        let Key { key, request } = key;
        deeds.push_back(Deed { key: key.clone(), request: *request, since: now, answer: answer.clone() });
        Ok(Begun::Now(tell, answer))
    }

    fn forget(&self, key: &str) {
        self.deeds().retain(|deed| deed.key != key);
    }

    fn deeds(&self) -> MutexGuard<'_, VecDeque<Deed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    async fn of(response: Response) -> Option<Kept> {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.ok()?.to_bytes();
        Some(Kept { status: parts.status, headers: parts.headers, body })
    }

    fn response(self) -> Response {
        let mut response = self.body.to_vec().into_response();
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}
