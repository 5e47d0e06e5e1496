//! Whether the hub lives, for those who watch over it.

use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;
use warp::Reply;

use super::problem::Problem;
use super::table::{Answer, Call, Table};
use crate::camera::CameraStatus;

pub(super) fn routes(to: &mut Table) {
    to.screens::<__path_health, _, _>(health);
    to.screens::<__path_metrics, _, _>(metrics);
}

#[derive(Serialize, ToSchema)]
struct Health {
    ok: bool,
    /// What is stuck, for the log of who asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
    /// A camera that is lost makes no gate sick: it is told, and `ok` stays.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cameras: Vec<CameraStatus>,
}

/// Whether the gate loop goes round and the store is written
#[utoipa::path(get, path = "/api/health", tag = "health", operation_id = "health.show",
    responses((status = 200, description = "It lives", body = Health), (status = 503, description = "Something is stuck", body = Health)))]
async fn health(call: Call) -> Answer {
    let stuck = call.kiosk.0.service.pulse.check(call.kiosk.tick()).err();
    let status = if stuck.is_none() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let trouble = stuck.map(|stuck| stuck.to_string());
    let health = Health { ok: trouble.is_none(), trouble, cameras: call.kiosk.0.cameras.status() };
    Ok(warp::reply::with_status(warp::reply::json(&health), status).into_response())
}

/// Numbers for Prometheus: on this machine, or with a session
#[utoipa::path(get, path = "/metrics", tag = "health", operation_id = "health.measure",
    responses((status = 200, body = String, content_type = "application/openmetrics-text")))]
async fn metrics(call: Call) -> Answer {
    if !call.caller.is_local() && call.kiosk.signed(&call.caller).await?.is_none() {
        return Err(Problem::no_session());
    }
    let service = call.kiosk.0.service.clone();
    let text = call.kiosk.blocking(move || service.metrics_text()).await?;
    let mut response = text.into_response();
    let kind = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Ok(response)
}
