//! What a screen is told when something is not done: problem details (RFC 9457), in the caller's language.
//!
//! Invariants: `code` never changes its meaning, so that a page may act on it; what failed inside is logged and never
//! shown.

use dwellers::Denied;
use dwellers::texts::Texts;
use dwellers_replica::{CommitError, ReadError, StoreError};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use warp::Reply;
use warp::reply::Response;

use super::words::Judged;
use crate::gatehouse::NotTaken;

/// Why a call is answered with an error.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    code: &'static str,
    /// A field of the request and what is wrong with it: a key of the texts or, from the reader of JSON, words.
    field: Option<(String, String)>,
    headers: Vec<(header::HeaderName, HeaderValue)>,
    /// What was decided, where a decision stands against it.
    judged: Option<Box<Judged>>,
}

/// The body of a problem.
#[derive(Serialize)]
struct Details<'a> {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    judged: Option<&'a Judged>,
}

impl Problem {
    /// A problem by its code, whose text has the key `problem-CODE`.
    pub fn new(status: StatusCode, code: &'static str) -> Self {
        Problem { status, code, field: None, headers: Vec::new(), judged: None }
    }

    pub fn no_session() -> Self {
        Problem::new(StatusCode::UNAUTHORIZED, "no-session")
    }

    pub fn not_found() -> Self {
        Problem::new(StatusCode::NOT_FOUND, "not-found")
    }

    /// The state has moved on: what was meant is not there any more.
    pub fn moved_on(code: &'static str) -> Self {
        Problem::new(StatusCode::CONFLICT, code)
    }

    pub fn busy() -> Self {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy").retry_after(1)
    }

    /// A field makes no sense; `why` is a key of the texts.
    pub fn invalid(field: &str, why: &str) -> Self {
        let field = Some((field.to_owned(), why.to_owned()));
        Problem { field, ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid") }
    }

    /// What was decided stands against it.
    pub fn decided(judged: Judged) -> Self {
        Problem { judged: Some(Box::new(judged)), ..Problem::moved_on("not-opened") }
    }

    /// The methods that there are instead (RFC 9110, 15.5.6).
    pub fn allow(methods: &str) -> Self {
        let methods = HeaderValue::from_str(methods).expect("method names are ASCII");
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed").with(header::ALLOW, methods)
    }

    pub fn retry_after(self, seconds: u64) -> Self {
        self.with(header::RETRY_AFTER, HeaderValue::from(seconds))
    }

    fn with(mut self, name: header::HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// As a response.
    pub fn response(&self, texts: &Texts) -> Response {
        let why = self.field.as_ref().map(|(_, why)| why_text(texts, why));
        let details = Details {
            r#type: "about:blank",
            title: self.status.canonical_reason().unwrap_or_default(),
            status: self.status.as_u16(),
            detail: texts.get(&format!("problem-{}", self.code), &[]),
            code: self.code,
            field: self.field.as_ref().map(|(field, _)| field.as_str()),
            why,
            judged: self.judged.as_deref(),
        };
        let mut response = warp::reply::with_status(warp::reply::json(&details), self.status).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.extend(self.headers.iter().cloned().map(|(name, value)| (Some(name), value)).collect::<http::HeaderMap>());
        response
    }
}

/// What is wrong with a field. Words that are no key of the texts (the JSON reader's) are shown as they are.
fn why_text(texts: &Texts, why: &str) -> String {
    texts.find(&format!("invalid-{why}")).unwrap_or_else(|| why.to_owned())
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NotAllowed => Problem::new(StatusCode::FORBIDDEN, "not-allowed"),
            Denied::NotFound(_) => Problem::not_found(),
            Denied::Invalid { field, why } => Problem::invalid(field, why),
            Denied::Exists(_) => Problem::moved_on("exists"),
            Denied::Ended(_) => Problem::moved_on("ended"),
            Denied::Read(error) => error.into(),
            Denied::Store(error) => error.into(),
        }
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        tracing::error!(%error, "a screen asked for what cannot be read");
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "store")
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        ReadError::from(error).into()
    }
}

impl From<CommitError> for Problem {
    fn from(error: CommitError) -> Self {
        match error {
            // Somebody else was faster; the rules have judged everything else before.
            CommitError::Refused(refusal) => {
                tracing::info!(%refusal, "a write of a screen was refused");
                Problem::moved_on("changed-meanwhile")
            }
            CommitError::Store(error) => error.into(),
        }
    }
}

impl From<NotTaken> for Problem {
    fn from(not_taken: NotTaken) -> Self {
        match not_taken {
            NotTaken::NoGate => Problem::not_found(),
            NotTaken::NoLane => Problem::invalid("lane", "no-such-lane"),
            NotTaken::NobodyWaits => Problem::moved_on("nobody-waits"),
            NotTaken::Busy => Problem::busy(),
        }
    }
}
