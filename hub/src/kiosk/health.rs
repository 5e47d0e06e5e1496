//! Whether the hub lives, for those who watch over it.

use std::sync::atomic::Ordering;

use http::{HeaderValue, Method, StatusCode, header};
use serde::Serialize;
use warp::Reply;

use super::Kiosk;
use super::problem::Problem;
use super::table::{Answer, Call, Table};
use crate::scribe::HEARTBEAT;

/// The loop goes round every 200 ms; a disk that is slow for a moment is no death.
const MAX_BEAT_AGE_MS: u64 = 5_000;
/// The scribe writes at least once a [`HEARTBEAT`].
const MAX_WRITE_AGE_MS: u64 = 3 * HEARTBEAT.as_millis() as u64;

pub(super) fn routes(to: &mut Table) {
    to.screens(Method::GET, "/api/health", health);
    to.screens(Method::GET, "/metrics", metrics);
}

#[derive(Serialize)]
struct Health {
    ok: bool,
    loop_ms_ago: u64,
    last_write_ms_ago: u64,
}

async fn health(call: Call) -> Answer {
    let loop_ms_ago = call.kiosk.beat_ms_ago();
    let ok = loop_ms_ago < MAX_BEAT_AGE_MS && call.kiosk.writes();
    let status = if ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let health = Health { ok, loop_ms_ago, last_write_ms_ago: call.kiosk.written_ms_ago() };
    Ok(warp::reply::with_status(warp::reply::json(&health), status).into_response())
}

async fn metrics(call: Call) -> Answer {
    if !call.caller.is_local() && call.kiosk.signed(&call.caller).is_none() {
        return Err(Problem::no_session());
    }
    let mut response = call.kiosk.0.metrics.text().into_response();
    let kind = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Ok(response)
}

impl Kiosk {
    fn beat_ms_ago(&self) -> u64 {
        self.0.clock.tick().0.saturating_sub(self.0.gatehouse.beat().0)
    }

    /// How long ago the store was last written.
    pub(super) fn written_ms_ago(&self) -> u64 {
        self.0.clock.tick().0.saturating_sub(self.0.written.load(Ordering::Relaxed))
    }

    /// Whether the store is written as often as it should be.
    pub(super) fn writes(&self) -> bool {
        self.written_ms_ago() < MAX_WRITE_AGE_MS
    }

    /// The size of the store's file.
    pub(super) async fn store_bytes(&self) -> Result<u64, Problem> {
        let path = self.0.store_path.clone();
        // A file that cannot be looked at is no reason to show no gates.
        self.blocking(move || std::fs::metadata(path).map_or(0, |about| about.len())).await
    }
}
