//! Pictures of plates.

use http::{HeaderValue, Method, header};
use warp::Reply;

use super::problem::Problem;
use super::session::Signed;
use super::table::{Answer, Call, Table};

pub(super) fn routes(to: &mut Table) {
    to.guards(Method::GET, "/api/crops/{hash}", show);
}

async fn show(call: Call, _guard: Signed) -> Answer {
    let (crops, hash) = (call.kiosk.0.crops.clone(), call.word().to_owned());
    let found = call.kiosk.blocking(move || crops.get(&hash)).await?;
    let picture = found.unwrap_or_else(|error| {
        tracing::error!(%error, "a picture cannot be read");
        None
    });
    let mut response = picture.ok_or(Problem::not_found())?.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    // A hash never means another picture; other people at this browser have no business with it.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable"));
    Ok(response)
}
