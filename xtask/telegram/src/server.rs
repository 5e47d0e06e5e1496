//! The double over HTTP: the Bot API, its files, and the page for people.
//!
//! Invariants: what an outage cuts off is the Bot API alone, so that people go on seeing their chats; every request of
//! the bot is looked at by everything that can find fault with it, and a fault is both answered and remembered; the
//! double's own answers are held to the same description.
//! What must never be here: what a method does.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::CONTENT_TYPE;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::Instant;

use crate::arguments::Arguments;
use crate::decoding;
use crate::double::{Outage, Shared};
use crate::limits;
use crate::methods::{self, Answered, Refusal};
use crate::play;

/// More than the largest upload that Telegram takes.
const MAX_BODY_BYTES: usize = 60 << 20;
/// Telegram's own longest wait.
const MAX_POLL: Duration = Duration::from_secs(50);

pub(crate) type Body = BoxBody<Bytes, Infallible>;

/// Nothing is answered: the connection ends.
#[derive(Debug)]
pub(crate) struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the connection is cut")
    }
}

impl std::error::Error for Cut {}

/// Serves until its task is ended.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let shared = shared.clone();
        tokio::spawn(async move {
            let ends = shared.ended();
            let service = service_fn(move |request| answer(shared.clone(), request));
            let connection =
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            tokio::select! {
                // Whoever hangs up, or is cut off, is no error of ours.
                _ = connection => {}
                () = ends => {}
            }
        });
    }
}

pub(crate) fn reply(status: StatusCode, kind: &str, body: impl Into<Bytes>) -> Response<Body> {
    let mut response = Response::new(Full::new(body.into()).boxed());
    *response.status_mut() = status;
    if let Ok(kind) = kind.parse() {
        response.headers_mut().insert(CONTENT_TYPE, kind);
    }
    response
}

pub(crate) fn json_reply(status: StatusCode, json: &Value) -> Response<Body> {
    reply(status, "application/json", json.to_string())
}

async fn answer(shared: Arc<Shared>, request: Request<Incoming>) -> Result<Response<Body>, Cut> {
    let path = request.uri().path().to_owned();
    if let Some(rest) = path.strip_prefix("/bot") {
        return through_outage(&shared, bot(&shared, rest, request)).await;
    }
    if let Some(rest) = path.strip_prefix("/file/bot") {
        return through_outage(&shared, async { Ok(file(&shared, rest)) }).await;
    }
    Ok(play::answer(shared, request).await)
}

/// Answers, unless Telegram cannot be reached, or ceases to be while it works.
async fn through_outage(
    shared: &Shared,
    work: impl Future<Output = Result<Response<Body>, Cut>>,
) -> Result<Response<Body>, Cut> {
    let mut outage = shared.outage.subscribe();
    let latency = shared.latency();
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let begun = *outage.borrow_and_update();
    let lost = begun == Some(Outage::AnswersLost);
    if begun.is_none() || lost {
        tokio::pin!(work);
        loop {
            tokio::select! {
                biased;
                response = &mut work => return if lost { Err(Cut) } else { response },
                changed = outage.changed() => {
                    let now = *outage.borrow_and_update();
                    if changed.is_err() || (now.is_some() && now != Some(Outage::AnswersLost)) {
                        break;
                    }
                }
            }
        }
    }
    loop {
        let now = *outage.borrow_and_update();
        match now {
            Some(Outage::Hang) => {
                if outage.changed().await.is_err() {
                    return Err(Cut);
                }
            }
            Some(Outage::Status502) => {
                let body = json!({"ok": false, "error_code": 502, "description": "Bad Gateway"});
                return Ok(json_reply(StatusCode::BAD_GATEWAY, &body));
            }
            // What a provider shows in place of a page that it blocks.
            Some(Outage::Html) => {
                let page = "<html><body><h1>Access to this page is restricted</h1></body></html>";
                return Ok(reply(StatusCode::OK, "text/html", page));
            }
            // One that hung is not answered when all is well again; its connection is gone.
            Some(Outage::Refuse | Outage::AnswersLost) | None => return Err(Cut),
        }
    }
}

async fn bot(shared: &Shared, rest: &str, request: Request<Incoming>) -> Result<Response<Body>, Cut> {
    let answered = match rest.split_once('/') {
        Some((token, method)) if token == shared.token() => {
            let (method, query) = (method.to_owned(), request.uri().query().map(str::to_owned));
            let kind =
                request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).map(str::to_owned);
            let body = Limited::new(request.into_body(), MAX_BODY_BYTES).collect().await;
            match body {
                Ok(body) => {
                    let kind = kind.unwrap_or_default();
                    method_of(shared, &method, query.as_deref(), &kind, body.to_bytes()).await
                }
                Err(_) => Err(Refusal::new(413, "Request Entity Too Large")),
            }
        }
        Some(_) => Err(Refusal::new(401, "Unauthorized")),
        None => Err(Refusal::new(404, "Not Found")),
    };
    let (code, json) = match answered {
        Ok(result) => (200, json!({"ok": true, "result": result})),
        Err(refusal) => (refusal.code, refusal.json()),
    };
    Ok(json_reply(StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), &json))
}

async fn method_of(shared: &Shared, name: &str, query: Option<&str>, kind: &str, body: Bytes) -> Answered {
    let mut arguments = Arguments::default();
    let mut read = query.map_or(Ok(()), |query| arguments.add_query(query));
    if read.is_ok() {
        read = arguments.add_body(kind, body).await;
    }
    if let Err(error) = read {
        shared.violation(name, &format!("it cannot be read: {error}"));
        return Err(Refusal::bad(&error));
    }
    arguments.fields.retain(|_, value| !value.is_null());
    if name.eq_ignore_ascii_case("getUpdates") {
        check(shared, "getUpdates", &arguments)?;
        return updates(shared, &arguments).await;
    }
    execute(shared, name, &arguments)
}

/// One method, from its name to its answer. A webhook's answer may hold one too.
pub(crate) fn execute(shared: &Shared, name: &str, arguments: &Arguments) -> Answered {
    let Some(method) = decoding::method(name) else {
        let known = shared.description.as_ref().is_some_and(|description| description.knows(name));
        shared
            .violation(name, if known { "this double does not serve it" } else { "there is no such method" });
        return Err(Refusal::new(404, "Not Found"));
    };
    check(shared, method.name, arguments)?;
    shared.count(method.name);
    if (method.name.starts_with("send") && method.name != "sendChatAction")
        || method.name.starts_with("editMessage")
    {
        let chat = arguments.number("chat_id").unwrap_or_default();
        let count = arguments.list("media").len().max(1);
        shared.limit(chat, count).map_err(Refusal::wait)?;
    }
    let answered = shared.change(|world| methods::call(world, method.name, arguments));
    if let (Ok(answer), Some(description)) = (&answered, &shared.description) {
        for wrong in description.check_answer(method.name, answer) {
            shared.violation(method.name, &format!("the double's own answer: {wrong}"));
        }
    }
    answered
}

/// Everything that can find fault with a request does; the first fault is the answer.
fn check(shared: &Shared, method: &str, arguments: &Arguments) -> Result<(), Refusal> {
    let mut found = limits::check(method, arguments);
    if let Some(known) = decoding::method(method) {
        found.extend(known.check(&arguments.fields));
    }
    if let Some(description) = &shared.description {
        found.extend(description.check_arguments(method, &arguments.fields));
    }
    let Some(first) = found.first() else {
        return Ok(());
    };
    let refusal = Refusal::bad(first);
    for what in &found {
        shared.violation(method, what);
    }
    Err(refusal)
}

/// getUpdates: at once where there is something, or else as soon as there is, or empty when the time is over.
async fn updates(shared: &Shared, arguments: &Arguments) -> Answered {
    shared.count("getUpdates");
    let wait = arguments.number("timeout").and_then(|seconds| u64::try_from(seconds).ok()).unwrap_or(0);
    let until = Instant::now() + Duration::from_secs(wait).min(MAX_POLL);
    let mut changed = shared.changed.subscribe();
    let mine = shared.change(|world| {
        world.updates.poll += 1;
        world.updates.poll
    });
    loop {
        changed.borrow_and_update();
        let taken = shared.look(|world| {
            if world.updates.poll == mine {
                return methods::call(world, "getUpdates", arguments);
            }
            let by = if world.updates.webhook.is_some() {
                "terminated by setWebhook request"
            } else {
                "terminated by other getUpdates request; make sure that only one bot instance is running"
            };
            Err(Refusal::new(409, format!("Conflict: {by}")))
        })?;
        let some = taken.as_array().is_some_and(|updates| !updates.is_empty());
        if some || Instant::now() >= until {
            shared.check_updates(taken.as_array().into_iter().flatten());
            return Ok(taken);
        }
        tokio::select! {
            _ = changed.changed() => {}
            () = tokio::time::sleep_until(until) => {}
        }
    }
}

fn file(shared: &Shared, rest: &str) -> Response<Body> {
    let Some((token, path)) = rest.split_once('/') else {
        return json_reply(StatusCode::NOT_FOUND, &Refusal::new(404, "Not Found").json());
    };
    if token != shared.token() {
        return json_reply(StatusCode::UNAUTHORIZED, &Refusal::new(401, "Unauthorized").json());
    }
    // Some clients write the slash within the path as %2F, and Telegram reads it.
    let path = path.replace("%2F", "/").replace("%2f", "/");
    let found = shared.look(|world| world.files.at(&path).map(|file| file.bytes.clone()));
    match found {
        // Telegram does not say what a file is.
        Some(bytes) => reply(StatusCode::OK, "application/octet-stream", bytes),
        None => json_reply(StatusCode::NOT_FOUND, &Refusal::new(404, "Not Found").json()),
    }
}
