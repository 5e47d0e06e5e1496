//! Pictures of plates.

use http::{HeaderValue, header};
use utoipa::ToSchema;
use warp::Reply;

use super::problem::Problem;
use super::session::Signed;
use super::table::{Answer, Call, Table};

/// A picture (JPEG).
#[derive(ToSchema)]
#[schema(as = Picture, value_type = String, format = Binary)]
pub(super) struct Picture(#[expect(dead_code, reason = "it describes bytes that are no document")] Vec<u8>);

pub(super) fn routes(to: &mut Table) {
    to.guards::<__path_show, _, _>(show);
}

/// A picture of a plate, by the hash that entries call `crop`
#[utoipa::path(get, path = "/api/crops/{hash}", tag = "crops", operation_id = "crops.show",
    params(("hash" = String, Path)),
    responses((status = 200, body = Picture, content_type = "image/jpeg")))]
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
