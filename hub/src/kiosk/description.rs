//! The kiosk's description, for programs: OpenAPI, made of the table that is served.

use std::sync::LazyLock;

use dwellers_listener::description;
use http::{HeaderValue, header};
use utoipa::openapi::security::ApiKeyValue;
use utoipa::openapi::{InfoBuilder, OpenApi};
use warp::Reply;

use super::problem::Body;
use super::session::COOKIE;
use super::table::{Answer, Call, Table};

/// It is made once: nothing in it depends on who asks.
static DOCUMENT: LazyLock<String> = LazyLock::new(|| document().to_json().unwrap_or_default());

pub(super) fn routes(to: &mut Table) {
    to.screens::<__path_openapi, _, _>(openapi);
}

/// The description of all routes.
pub fn document() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Dwellers kiosk")
        .version("1")
        .description(Some(
            "The API of a gatehouse, for the guard's screen. Errors are problem details (RFC 9457) in the language of \
             `Accept-Language`. What needs a session needs a guard who has signed in at this screen; everything else is for any \
             screen that the gatehouse lets in: on its own machine, over TLS, or paired.",
        ))
        .build();
    let cookie =
        ApiKeyValue::with_description(COOKIE, "The cookie that signing in sets, until the shift ends.");
    description::document::<Body<'_>>(info, cookie, super::table().list())
}

/// This description
#[utoipa::path(get, path = "/api/openapi.json", tag = "description", operation_id = "description.show",
    responses((status = 200, description = "OpenAPI 3.1", body = Object)))]
async fn openapi(_: Call) -> Answer {
    let mut response = DOCUMENT.as_str().into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}
