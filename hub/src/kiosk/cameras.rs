//! The cameras: how they are, and what they see now.

use http::{HeaderValue, Method, header};
use serde::Serialize;
use warp::Reply;

use super::problem::Problem;
use super::session::Signed;
use super::table::{Answer, Call, Table, json};
use crate::camera::CameraStatus;

pub(super) fn routes(to: &mut Table) {
    to.guards(Method::GET, "/api/cameras", list);
    to.guards(Method::GET, "/api/cameras/{key}/frame", frame);
}

#[derive(Serialize)]
struct List {
    cameras: Vec<CameraStatus>,
}

async fn list(call: Call, _guard: Signed) -> Answer {
    json(&List { cameras: call.kiosk.0.cameras.status() })
}

async fn frame(call: Call, _guard: Signed) -> Answer {
    let (cameras, key) = (call.kiosk.0.cameras.clone(), call.word().to_owned());
    let shown = call.kiosk.blocking(move || cameras.frame(&key)).await?.ok_or(Problem::not_found())?;
    let mut response = shown.jpeg.to_vec().into_response();
    let headers = response.headers_mut();
    // It is never kept: the table says `no-store` of whatever says nothing else.
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    headers.insert(header::AGE, HeaderValue::from(shown.ms_ago / 1_000));
    Ok(response)
}
