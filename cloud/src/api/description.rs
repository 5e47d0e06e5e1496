//! The API's description, for programs and to look at (Swagger UI, with all of its files in this program).

use std::sync::{Arc, LazyLock};

use http::{HeaderValue, header};
use utoipa_swagger_ui::Config;
use warp::Reply;
use warp::reply::Response;

use super::call::Call;
use super::document;
use super::problem::Problem;
use super::table::{Answer, Table};

/// It is made once: nothing in it depends on who asks.
static DOCUMENT: LazyLock<String> = LazyLock::new(|| document().to_json().unwrap_or_default());

pub(super) fn routes(to: &mut Table) {
    to.anyone::<__path_openapi, _, _>(openapi);
    to.anyone::<__path_page, _, _>(page);
}

/// This description
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "description", operation_id = "description.openapi",
    responses((status = 200, description = "OpenAPI 3.1", body = Object)))]
async fn openapi(_: Call) -> Answer {
    let mut response = DOCUMENT.as_str().into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

/// The same to look at and to try: `index.html`, and the files that it needs
#[utoipa::path(get, path = "/api/docs/{file}", tag = "description", operation_id = "description.page",
    params(("file" = String, Path)),
    responses((status = 200, description = "A file of the page", content_type = "*/*", body = String)))]
async fn page(call: Call) -> Answer {
    let config = Arc::new(Config::from("/api/v1/openapi.json"));
    let found = utoipa_swagger_ui::serve(call.word("file"), config).map_err(|_| Problem::busy())?;
    let file = found.ok_or_else(Problem::not_found)?;
    let kind = HeaderValue::from_str(&file.content_type).map_err(|_| Problem::busy())?;
    let mut response: Response = file.bytes.into_owned().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, kind);
    if file.gzpipped {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    // The page sets styles of its own.
    let own =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(own));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    Ok(response)
}
