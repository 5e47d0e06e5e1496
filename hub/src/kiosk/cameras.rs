//! The cameras: how they are, and what they see now.

use http::{HeaderValue, header};
use serde::Serialize;
use utoipa::ToSchema;
use warp::Reply;

use super::crops::Picture;
use super::problem::Problem;
use super::session::Signed;
use super::table::{Answer, Call, Table, json};
use crate::camera::CameraStatus;

pub(super) fn routes(to: &mut Table) {
    to.guards::<__path_list, _, _>(list);
    to.guards::<__path_frame, _, _>(frame);
}

#[derive(Serialize, ToSchema)]
#[schema(as = Cameras)]
struct List {
    cameras: Vec<CameraStatus>,
}

/// The cameras, and whether frames come and are looked at
#[utoipa::path(get, path = "/api/cameras", tag = "cameras", operation_id = "cameras.list",
    responses((status = 200, body = List)))]
async fn list(call: Call, _guard: Signed) -> Answer {
    json(&List { cameras: call.kiosk.0.cameras.status() })
}

/// The latest frame of a camera; none older than five seconds (404). `Age` tells its seconds
#[utoipa::path(get, path = "/api/cameras/{key}/frame", tag = "cameras", operation_id = "cameras.show_frame",
    params(("key" = String, Path)),
    responses((status = 200, body = Picture, content_type = "image/jpeg")))]
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
