//! `POST /link/enrol`: a code makes the sender's key a hub of the community that the code is of. The one door that
//! strangers have.
//!
//! Invariants: one address tries ten times, then once a minute; all of them together a hundred times a minute, so that
//! codes are not guessed ([`dwellers_link::enrolment`]) and a flood costs no disk.
//!
//! What must never be here: what a code is, or how long it lasts ([`crate::hubs`]).

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use dwellers_link::device::PublicKey;
use dwellers_link::enrolment::{Code, Enrolled, Problem, Request};
use dwellers_listener::Peer;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tracing::{info, warn};
use warp::Filter;
use warp::http::StatusCode;
use warp::reply::Response;

use crate::clock;
use crate::communities::Communities;
use crate::hubs::{HubError, Newcomer};

/// The longest request.
const MAX_BYTES: u64 = 1024;
/// Tries of one address at once; then one a minute.
const OF_ONE: NonZeroU32 = NonZeroU32::new(10).expect("it is not zero");
/// Tries of everybody in a minute.
const OF_ALL: NonZeroU32 = NonZeroU32::new(100).expect("it is not zero");
/// Addresses that are remembered before those that may try again are forgotten.
const MANY: usize = 10_000;

/// Who may try.
struct Tries<C: Clock> {
    of_one: RateLimiter<IpAddr, DefaultKeyedStateStore<IpAddr>, C, NoOpMiddleware<C::Instant>>,
    of_all: RateLimiter<NotKeyed, InMemoryState, C, NoOpMiddleware<C::Instant>>,
}

impl<C: Clock + Clone> Tries<C> {
    fn by(clock: C) -> Tries<C> {
        let a_minute = Quota::per_minute(NonZeroU32::MIN).allow_burst(OF_ONE);
        Tries {
            of_one: RateLimiter::new(a_minute, DefaultKeyedStateStore::default(), clock.clone()),
            of_all: RateLimiter::new(Quota::per_minute(OF_ALL), InMemoryState::default(), clock),
        }
    }

    fn may(&self, from: IpAddr) -> bool {
        // Through a proxy on this machine everybody comes from here. One address that asks too often takes nothing from
        // the others.
        (from.is_loopback() || self.may_one(from)) && self.of_all.check().is_ok()
    }

    fn may_one(&self, from: IpAddr) -> bool {
        if self.of_one.len() > MANY {
            self.of_one.retain_recent();
        }
        self.of_one.len() <= MANY && self.of_one.check_key(&network(from)).is_ok()
    }
}

/// Whoever has one address of IPv6 has its whole network.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(six) => IpAddr::from((u128::from(six) & !u128::from(u64::MAX)).to_be_bytes()),
        four @ IpAddr::V4(_) => four,
    }
}

/// The route.
pub fn route(
    communities: Arc<Communities>,
) -> impl Filter<Extract = (Response,), Error = warp::Rejection> + Clone {
    let tries = Arc::new(Tries::by(DefaultClock::default()));
    warp::path!("link" / "enrol")
        .and(warp::post())
        .and(warp::body::content_length_limit(MAX_BYTES))
        .and(dwellers_listener::peer())
        .and(warp::body::bytes())
        .then(move |Peer(peer): Peer, body: bytes::Bytes| {
            let (communities, tries) = (communities.clone(), tries.clone());
            async move {
                if !tries.may(peer.ip()) {
                    warn!("codes are tried too often; the last was from {}", peer.ip());
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use governor::clock::FakeRelativeClock;

    use super::*;

    #[test]
    fn an_address_tries_ten_times_and_all_of_them_a_hundred() {
        let clock = FakeRelativeClock::default();
        let tries = Tries::by(clock.clone());
        let guesser: IpAddr = "203.0.113.7".parse().unwrap();
        assert_eq!((0..50).filter(|_| tries.may(guesser)).count(), 10);
        // One network of IPv6 is one guesser.
        let of_one = |n: u128| IpAddr::from((0x2001_0db8_u128 << 96 | n).to_be_bytes());
        assert_eq!((0..50).filter(|n| tries.may(of_one(*n))).count(), 10);
        // A hundred in all, from wherever; and through a proxy nobody is told apart.
        assert_eq!((0..500).filter(|n| tries.may(IpAddr::from([198, 51, 100, *n as u8]))).count(), 80);
        assert!(!tries.may(IpAddr::from([127, 0, 0, 1])));
        // A minute later there is room again, for one try of the guesser.
        clock.advance(Duration::from_secs(60));
        assert_eq!((0..50).filter(|_| tries.may(guesser)).count(), 1);
        assert!(tries.may(IpAddr::from([127, 0, 0, 1])));
    }

    #[test]
    fn a_crowd_of_addresses_takes_no_more_memory_than_there_is_for_them() {
        let clock = FakeRelativeClock::default();
        let tries = Tries::by(clock.clone());
        let nth = |n: usize| IpAddr::from(u32::try_from(n).unwrap().to_be_bytes());
        assert!((0..2 * MANY).filter(|n| tries.may_one(nth(1 << 24 | n))).count() <= MANY + 1);
        assert!(tries.of_one.len() <= MANY + 1);
        assert!(!tries.may_one(nth(1)), "nobody is remembered beside them");
        clock.advance(Duration::from_secs(600));
        assert!(tries.may_one(nth(1)));
    }
}
