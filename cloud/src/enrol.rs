//! `POST /link/COMMUNITY/enrol`: a code makes the sender's key a hub of the community. The one door that strangers have.
//!
//! What must never be here: what a code is, or how long it lasts ([`crate::hubs`]).

use std::sync::Arc;

use dwellers_link::device::PublicKey;
use dwellers_link::enrolment::{Code, Enrolled, Problem, Request};
use dwellers_replica::RecordId;
use tracing::info;
use warp::Filter;
use warp::http::StatusCode;
use warp::reply::Response;

use crate::clock;
use crate::communities::Communities;
use crate::hubs::HubError;

/// The longest request.
const MAX_BYTES: u64 = 1024;

/// The route.
pub fn route(
    communities: Arc<Communities>,
) -> impl Filter<Extract = (Response,), Error = warp::Rejection> + Clone {
    warp::path!("link" / RecordId / "enrol")
        .and(warp::post())
        .and(warp::body::content_length_limit(MAX_BYTES))
        .and(warp::body::bytes())
        .then(move |community, body: bytes::Bytes| {
            let communities = communities.clone();
            async move {
                let work = move || enrol(&communities, community, &body);
                let done = tokio::task::spawn_blocking(work).await;
                answer(done.unwrap_or_else(|_| Err(busy())))
            }
        })
}

fn enrol(communities: &Communities, community: RecordId, body: &[u8]) -> Result<Enrolled, Problem> {
    let read: Option<Request> = serde_json::from_slice(body).ok();
    let read = read.and_then(|read| Some((PublicKey::parse(&read.key)?, read)));
    let (key, Request { code, replica, .. }) = read.ok_or_else(|| Problem {
        problem: "unreadable".to_owned(),
        why: "it does not read: code, key and replica are needed".to_owned(),
    })?;
    let wrong = || problem("code", &HubError::Code);
    // A community that there is not, or that is closed, has no codes: who guesses learns no more.
    let community = communities.open(community, clock::now()).map_err(|_| wrong())?;
    let code = Code::parse(&code).ok_or_else(wrong)?;
    let device =
        community.enrol(&code, key, replica, clock::entropy(), clock::now()).map_err(|why| match why {
            HubError::Code => wrong(),
            HubError::Known => problem("known", &why),
            _ => busy(),
        })?;
    info!(community = %community.id, hub = device.label, "enrolled, with the key {}", key.fingerprint());
    Ok(Enrolled {
        community: community.id,
        name: community.name.clone(),
        label: device.label,
        fingerprint: key.fingerprint(),
    })
}

fn problem(code: &str, why: &HubError) -> Problem {
    Problem { problem: code.to_owned(), why: why.to_string() }
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
                "known" => StatusCode::CONFLICT,
                "unreadable" => StatusCode::BAD_REQUEST,
                _ => StatusCode::SERVICE_UNAVAILABLE,
            };
            (status, warp::reply::json(problem))
        }
    };
    warp::reply::with_status(json, status).into_response()
}
