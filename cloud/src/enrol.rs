//! `POST /link/enrol`: a code makes the sender's key a hub of the community that the code is of. The one door that
//! strangers have.
//!
//! Invariants: one address tries ten times, then once a minute; all of them together a hundred times a minute, so that
//! codes are not guessed ([`dwellers_link::enrolment`]) and a flood costs no disk.
//!
//! What must never be here: what a code is, or how long it lasts ([`crate::hubs`]).

use std::sync::Arc;

use dwellers_link::device::PublicKey;
use dwellers_link::enrolment::{Code, Enrolled, Problem, Request};
use dwellers_listener::Peer;
use dwellers_listener::caller::Caller;
use tracing::{info, warn};
use warp::Filter;
use warp::http::StatusCode;
use warp::reply::Response;

use crate::clock;
use crate::communities::Communities;
use crate::hubs::{HubError, Newcomer};
use crate::tries::{Pace, Tries};

/// The longest request.
const MAX_BYTES: u64 = 1024;
/// Tries of one address.
const OF_ONE: Pace = Pace::new(10, 1);
/// Tries of everybody.
const OF_ALL: Pace = Pace::new(100, 100);

/// The route.
pub fn route(
    communities: Arc<Communities>,
) -> impl Filter<Extract = (Response,), Error = warp::Rejection> + Clone {
    let tries = Arc::new(Tries::new(OF_ONE, OF_ALL));
    warp::path!("link" / "enrol")
        .and(warp::post())
        .and(warp::body::content_length_limit(MAX_BYTES))
        .and(dwellers_listener::peer())
        .and(warp::header::headers_cloned())
        .and(warp::body::bytes())
        .then(move |peer: Peer, headers, body: bytes::Bytes| {
            let (communities, tries) = (communities.clone(), tries.clone());
            async move {
                let address = Caller::new(headers, Some(peer), None).address();
                if tries.from(address).is_err() {
                    warn!("codes are tried too often; the last was from {address:?}");
                    let why = "codes are tried too often: wait a minute".to_owned();
                    return answer(Err(Problem { problem: "often".to_owned(), why }));
                }
                let done = tokio::task::spawn_blocking(move || enrol(&communities, &body)).await;
                answer(done.unwrap_or_else(|_| Err(busy())))
            }
        })
}

fn enrol(communities: &Communities, body: &[u8]) -> Result<Enrolled, Problem> {
    let read: Option<Request> = serde_json::from_slice(body).ok();
    let read = read.and_then(|read| Some((PublicKey::parse(&read.key)?, read)));
    let (key, Request { code, replica, community, .. }) = read.ok_or_else(|| Problem {
        problem: "unreadable".to_owned(),
        why: "it does not read: code, key and replica are needed".to_owned(),
    })?;
    let code = Code::parse(&code).ok_or_else(|| problem(&HubError::Code))?;
    let newcomer = Newcomer { key, replica, community };
    let now = clock::now();
    let (id, device) =
        communities.enrol(&code, &newcomer, clock::entropy, now).map_err(|why| problem(&why))?;
    let name = communities.registry().get(id).ok().flatten().map(|listing| listing.value.name);
    info!(community = %id, hub = device.label, "enrolled, with the key {}", key.fingerprint());
    Ok(Enrolled {
        community: id,
        name: name.unwrap_or_default(),
        label: device.label,
        fingerprint: key.fingerprint(),
    })
}

fn problem(why: &HubError) -> Problem {
    let problem = match why {
        HubError::Code => "code",
        HubError::Known => "known",
        HubError::Revoked => "revoked",
        HubError::Other => "other",
        other => {
            warn!("a hub is not enrolled: {other}");
            return busy();
        }
    };
    Problem { problem: problem.to_owned(), why: why.to_string() }
}

fn busy() -> Problem {
    Problem { problem: "busy".to_owned(), why: "the cloud is busy: try again later".to_owned() }
}

fn answer(result: Result<Enrolled, Problem>) -> Response {
    use warp::Reply;
    let (status, json) = match &result {
        Ok(enrolled) => (StatusCode::CREATED, warp::reply::json(enrolled)),
        Err(problem) => {
            let status = match problem.problem.as_str() {
                "code" => StatusCode::FORBIDDEN,
                "known" | "other" | "revoked" => StatusCode::CONFLICT,
                "unreadable" => StatusCode::BAD_REQUEST,
                "often" => StatusCode::TOO_MANY_REQUESTS,
                _ => StatusCode::SERVICE_UNAVAILABLE,
            };
            (status, warp::reply::json(problem))
        }
    };
    warp::reply::with_status(json, status).into_response()
}
