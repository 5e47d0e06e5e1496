//! What a caller is told when something is not done: problem details (RFC 9457), in their language.
//!
//! Invariants: `code` never changes its meaning, so that a page may act on it; what failed inside is logged and never
//! shown.

use dwellers::Denied;
use dwellers::texts::Texts;
use dwellers_replica::{CommitError, ReadError, StoreError};
use http::header::HeaderName;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;
use warp::Reply;
use warp::reply::Response;

use crate::accounts::{AccountError, BadPassword};
use crate::applications::PhotoError;
use crate::blobs::BlobError;
use crate::communities::CommunityError;
use crate::pictures::{IngestError, Refused};
use crate::registry::RegistryError;
use crate::tries::TooOften;

/// Why a call is answered with an error. Errors are rare and large: they lie elsewhere.
#[derive(Debug)]
pub(super) struct Problem(Box<Matter>);

#[derive(Debug)]
struct Matter {
    status: StatusCode,
    code: &'static str,
    detail: Detail,
    headers: Vec<(HeaderName, HeaderValue)>,
    retry_after_s: Option<u64>,
}

#[derive(Debug)]
enum Detail {
    /// The text of the code: `problem-CODE`.
    OfCode,
    /// What a rule says.
    Denied(Denied),
    /// What the reader of a request says: for whoever writes a program.
    Syntax(String),
    /// What records say, in the caller's language.
    Told(String),
}

/// Problem details (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct Body<'a> {
    /// Always `about:blank`: `code` tells kinds apart.
    r#type: &'static str,
    /// The status in words.
    title: &'static str,
    status: u16,
    /// What is wrong, for the person, in their language.
    detail: String,
    /// What is wrong, for a program; never changes its meaning.
    code: &'static str,
    /// The field of the request that makes no sense.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'static str>,
    /// What is wrong with it, as a key of the texts.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
    /// When it is worth another try.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_s: Option<u64>,
}

impl Problem {
    pub fn new(status: StatusCode, code: &'static str) -> Self {
        let (detail, headers) = (Detail::OfCode, Vec::new());
        Problem(Box::new(Matter { status, code, detail, headers, retry_after_s: None }))
    }

    pub fn no_session() -> Self {
        Problem::new(StatusCode::UNAUTHORIZED, "no-session")
    }

    pub fn not_found() -> Self {
        Problem::new(StatusCode::NOT_FOUND, "not-found")
    }

    pub fn not_allowed() -> Self {
        Denied::NotAllowed.into()
    }

    /// The state has moved on: what was meant is not there any more.
    pub fn moved_on(code: &'static str) -> Self {
        Problem::new(StatusCode::CONFLICT, code)
    }

    /// It is another version by now than the one that was to be changed.
    pub fn precondition_failed() -> Self {
        Problem::new(StatusCode::PRECONDITION_FAILED, CHANGED)
    }

    /// Which version is to be changed must be said.
    pub fn precondition_required() -> Self {
        Problem::new(StatusCode::PRECONDITION_REQUIRED, "if-match-required")
    }

    /// It was ended by somebody: who, how and when, in the caller's language.
    pub fn ended(told: String) -> Self {
        Problem::moved_on("ended").told(told)
    }

    /// In these words, in the caller's language.
    pub fn told(mut self, words: String) -> Self {
        self.0.detail = Detail::Told(words);
        self
    }

    pub fn busy() -> Self {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy").retry_after(1)
    }

    /// The gatehouse is not connected.
    pub fn away(seconds: u64) -> Self {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "away").retry_after(seconds)
    }

    /// A field makes no sense; `why` is a key of the texts.
    pub fn invalid(field: &'static str, why: &'static str) -> Self {
        Denied::Invalid { field, why }.into()
    }

    /// It is JSON (or a query), but not what is expected.
    pub fn syntax(words: &impl ToString) -> Self {
        let mut problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unexpected");
        problem.0.detail = Detail::Syntax(words.to_string());
        problem
    }

    /// The methods that there are instead (RFC 9110, 15.5.6).
    pub fn allow(methods: &str) -> Self {
        let methods = HeaderValue::from_str(methods).expect("method names are ASCII");
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed").with(header::ALLOW, methods)
    }

    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after_s = Some(seconds);
        self.with(header::RETRY_AFTER, HeaderValue::from(seconds))
    }

    fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    /// What failed inside.
    fn within(error: &impl std::fmt::Display) -> Self {
        tracing::error!(%error, "a store fails a caller");
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "failed").retry_after(5)
    }

    /// As a response.
    pub fn response(&self, texts: &Texts) -> Response {
        let of_code = || texts.get(&format!("problem-{}", self.0.code), &[]);
        let detail = match &self.0.detail {
            Detail::OfCode => of_code(),
            Detail::Denied(denied) => texts.denied(denied),
            Detail::Told(words) => words.clone(),
            Detail::Syntax(words) => format!("{} ({words})", of_code()),
        };
        let (field, why) = match &self.0.detail {
            Detail::Denied(Denied::Invalid { field, why }) => (Some(*field), Some(*why)),
            _ => (None, None),
        };
        let body = Body {
            r#type: "about:blank",
            title: self.0.status.canonical_reason().unwrap_or_default(),
            status: self.0.status.as_u16(),
            detail,
            code: self.0.code,
            field,
            why,
            retry_after_s: self.0.retry_after_s,
        };
        let mut response = warp::reply::with_status(warp::reply::json(&body), self.0.status).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.extend(self.0.headers.iter().cloned());
        response
    }
}

const CHANGED: &str = "changed-meanwhile";

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        let (status, code) = match &denied {
            Denied::NotAllowed => (StatusCode::FORBIDDEN, "not-allowed"),
            Denied::NotFound(_) => (StatusCode::NOT_FOUND, "not-found"),
            Denied::Invalid { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
            Denied::Exists(_) => (StatusCode::CONFLICT, "exists"),
            Denied::Ended(_) => (StatusCode::CONFLICT, "ended"),
            Denied::Read(_) | Denied::Store(_) => return Problem::within(&denied),
        };
        let mut problem = Problem::new(status, code);
        problem.0.detail = Detail::Denied(denied);
        problem
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        Denied::Read(error).into()
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Denied::Store(error).into()
    }
}

impl From<CommitError> for Problem {
    fn from(error: CommitError) -> Self {
        match error {
            // Somebody else was faster; the rules have judged everything else before.
            CommitError::Refused(refusal) => {
                tracing::info!(%refusal, "a write was refused");
                Problem::moved_on(CHANGED)
            }
            CommitError::Store(error) => error.into(),
        }
    }
}

impl From<CommunityError> for Problem {
    fn from(error: CommunityError) -> Self {
        match error {
            // Whether there ever was one is nobody's business.
            CommunityError::Closed(_) | CommunityError::Registry(RegistryError::Unknown(_)) => {
                Problem::not_found()
            }
            CommunityError::Full => Problem::busy(),
            other => Problem::within(&other),
        }
    }
}

impl From<RegistryError> for Problem {
    fn from(error: RegistryError) -> Self {
        match error {
            RegistryError::TooMany => Problem::busy(),
            other => Problem::within(&other),
        }
    }
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Email => Problem::invalid("email", "not-an-email"),
            AccountError::Taken(what) => Denied::Exists(what).into(),
            AccountError::Unknown(what) => Denied::NotFound(what).into(),
            AccountError::Password(why) => why.into(),
            AccountError::Name(why) => Problem::invalid("name", why),
            AccountError::TooMany("links") => TooOften { wait_s: 3_600 }.into(),
            AccountError::TooMany(_) => Problem::moved_on("too-many"),
            AccountError::Changed => Problem::moved_on(CHANGED),
            AccountError::Commit(error) => error.into(),
            other => Problem::within(&other),
        }
    }
}

impl From<BadPassword> for Problem {
    fn from(why: BadPassword) -> Self {
        let why = match why {
            BadPassword::Length => "password-length",
            BadPassword::Guessable => "weak",
        };
        Problem::invalid("password", why)
    }
}

impl From<TooOften> for Problem {
    fn from(often: TooOften) -> Self {
        Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-often").retry_after(often.wait_s)
    }
}

impl From<IngestError> for Problem {
    fn from(error: IngestError) -> Self {
        match error {
            IngestError::Refused(Refused::TooManyBytes(_) | Refused::TooManyPixels(..)) => {
                Problem::invalid("photo", "too-large")
            }
            IngestError::Refused(_) => Problem::invalid("photo", "not-a-picture"),
            IngestError::Blob(error) => error.into(),
        }
    }
}

impl From<PhotoError> for Problem {
    fn from(error: PhotoError) -> Self {
        match error {
            PhotoError::TooMany => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy").retry_after(600),
            PhotoError::Ingest(error) => error.into(),
            PhotoError::Blob(error) => error.into(),
        }
    }
}

impl From<BlobError> for Problem {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::Full { .. } => Problem::new(StatusCode::INSUFFICIENT_STORAGE, "no-room"),
            other => Problem::within(&other),
        }
    }
}
