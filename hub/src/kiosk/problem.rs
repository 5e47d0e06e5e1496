//! What a screen is told when something is not done: problem details (RFC 9457), in the caller's language.
//!
//! Invariants: `code` never changes its meaning, so that a page may act on it; what failed inside is logged and never
//! shown.

use std::fmt;

use dwellers::Denied;
use dwellers::texts::Texts;
use dwellers_replica::{CommitError, ReadError, StoreError};
use http::header::HeaderName;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;
use warp::Reply;
use warp::reply::Response;

use crate::gatehouse::NotTaken;
use crate::guards::GuardError;
use dwellers::words::Judged;

/// Why a call is answered with an error. Errors are rare and large: they lie elsewhere.
#[derive(Debug)]
pub(super) struct Problem(Box<Matter>);

#[derive(Debug)]
struct Matter {
    status: StatusCode,
    code: Code,
    detail: Detail,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// When it is worth another try; in the header, and for pages that count down.
    retry_after_s: Option<u64>,
    /// What was decided, where a decision stands against it.
    judged: Option<Judged>,
}

#[derive(Debug)]
enum Detail {
    /// The text of the code: `problem-CODE`.
    OfCode,
    /// What a rule says.
    Denied(Denied),
    /// What the reader of a request says: for whoever writes a page.
    Syntax(String),
}

/// What is wrong, for a program; never changes its meaning. Its text in both languages has the key `problem-` and this
/// name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ProblemCode)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Code {
    /// Nobody has signed in here, or not any more.
    NoSession,
    /// Another PIN.
    WrongPin,
    /// The guard's PIN has to be set anew.
    NeedsPin,
    /// Too many PINs that were wrong; `retry_after_s` tells when to go on.
    Locked,
    /// This screen was never paired.
    ScreenNotPaired,
    /// The invitation to pair a screen does not fit or was used.
    NotInvited,
    /// The gatehouse is no other machine.
    WrongHost,
    /// A page of another site asks.
    CrossOrigin,
    /// There is no such route or record.
    NotFound,
    /// Another method of this route is there.
    MethodNotAllowed,
    /// It is not JSON at all.
    NotJson,
    /// It is JSON, or a query, of another form.
    Unexpected,
    /// The field `field` makes no sense: `why`.
    Invalid,
    /// The request is too large.
    TooLarge,
    /// The request broke off.
    BrokenBody,
    /// The request is of another kind than JSON.
    UnsupportedMediaType,
    /// A rule forbids it.
    NotAllowed,
    /// It is there already.
    Exists,
    /// It has ended already.
    Ended,
    /// Somebody else was faster.
    ChangedMeanwhile,
    /// The arrival was answered, or is gone.
    NobodyWaits,
    /// What was shown may not open: `decision` tells why. A guard may insist.
    NotOpened,
    /// The clock stands so far in the past that no guard's word makes it right.
    ClockCannotBeRight,
    /// The `Idempotency-Key` was used for another request.
    KeyUsed,
    /// Too much at once; `retry_after_s` tells when to try again.
    Busy,
    /// The store fails.
    Store,
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
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
    /// What is wrong, for the guard, in their language.
    detail: String,
    code: Code,
    /// The field of the request that makes no sense.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'static str>,
    /// What is wrong with it, as a key of the texts.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
    /// When it is worth another try, for pages that count down.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_s: Option<u64>,
    /// What was decided, where a decision stands against it (`not-opened`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    decision: Option<&'a Judged>,
}

impl Problem {
    pub fn new(status: StatusCode, code: Code) -> Self {
        let (detail, headers) = (Detail::OfCode, Vec::new());
        Problem(Box::new(Matter { status, code, detail, headers, retry_after_s: None, judged: None }))
    }

    pub fn no_session() -> Self {
        Problem::new(StatusCode::UNAUTHORIZED, Code::NoSession)
    }

    pub fn not_found() -> Self {
        Problem::new(StatusCode::NOT_FOUND, Code::NotFound)
    }

    /// The state has moved on: what was meant is not there any more.
    pub fn moved_on(code: Code) -> Self {
        Problem::new(StatusCode::CONFLICT, code)
    }

    pub fn busy() -> Self {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, Code::Busy).retry_after(1)
    }

    /// A field makes no sense; `why` is a key of the texts.
    pub fn invalid(field: &'static str, why: &'static str) -> Self {
        Denied::Invalid { field, why }.into()
    }

    /// It is JSON (or a query), but not what is expected.
    pub fn syntax(words: &impl ToString) -> Self {
        let mut problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, Code::Unexpected);
        problem.0.detail = Detail::Syntax(words.to_string());
        problem
    }

    /// What was decided stands against it.
    pub fn decided(judged: Judged) -> Self {
        let mut problem = Problem::moved_on(Code::NotOpened);
        problem.0.judged = Some(judged);
        problem
    }

    /// The methods that there are instead (RFC 9110, 15.5.6).
    pub fn allow(methods: &str) -> Self {
        let methods = HeaderValue::from_str(methods).expect("method names are ASCII");
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, Code::MethodNotAllowed).with(header::ALLOW, methods)
    }

    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after_s = Some(seconds);
        self.with(header::RETRY_AFTER, HeaderValue::from(seconds))
    }

    fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    /// As a response.
    pub fn response(&self, texts: &Texts) -> Response {
        let of_code = || texts.get(&format!("problem-{}", self.0.code), &[]);
        let detail = match (&self.0.detail, &self.0.judged) {
            (_, Some(judged)) => judged.text.clone(),
            (Detail::OfCode, None) => of_code(),
            (Detail::Denied(denied), None) => texts.denied(denied),
            (Detail::Syntax(words), None) => format!("{} ({words})", of_code()),
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
            decision: self.0.judged.as_ref(),
        };
        let mut response = warp::reply::with_status(warp::reply::json(&body), self.0.status).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.extend(self.0.headers.iter().cloned());
        response
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        let (status, code) = match &denied {
            Denied::NotAllowed => (StatusCode::FORBIDDEN, Code::NotAllowed),
            Denied::NotFound(_) => (StatusCode::NOT_FOUND, Code::NotFound),
            Denied::Invalid { .. } => (StatusCode::UNPROCESSABLE_ENTITY, Code::Invalid),
            Denied::Exists(_) => (StatusCode::CONFLICT, Code::Exists),
            Denied::Ended(_) => (StatusCode::CONFLICT, Code::Ended),
            Denied::Read(_) | Denied::Store(_) => (StatusCode::SERVICE_UNAVAILABLE, Code::Store),
        };
        if status == StatusCode::SERVICE_UNAVAILABLE {
            tracing::error!(error = %denied, "the store fails a screen");
        }
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
                tracing::info!(%refusal, "a screen's write was refused");
                Problem::moved_on(Code::ChangedMeanwhile)
            }
            CommitError::Store(error) => error.into(),
        }
    }
}

impl From<GuardError> for Problem {
    fn from(error: GuardError) -> Self {
        tracing::error!(%error, "the guards cannot be read");
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, Code::Store)
    }
}

impl From<NotTaken> for Problem {
    fn from(not_taken: NotTaken) -> Self {
        match not_taken {
            NotTaken::NoGate => Denied::NotFound("gate").into(),
            NotTaken::NoLane => Denied::NotFound("lane").into(),
            NotTaken::NobodyWaits => Problem::moved_on(Code::NobodyWaits),
            NotTaken::Busy => Problem::busy(),
        }
    }
}
