//! What the API is: OpenAPI, made of the table that is served.

use dwellers_listener::description::{self, Description};
use serde_json::json;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::security::ApiKeyValue;
use utoipa::openapi::{InfoBuilder, OpenApi};

use super::problem::Body;
use super::table::{Row, Who};

/// The description of the whole API.
pub fn document() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Dwellers")
        .version("1")
        .description(Some(
            "The API of a Dwellers cloud. Errors are problem details (RFC 9457) in the language of `Accept-Language`. \
             A `POST` with an `Idempotency-Key` is acted on once. `x-who` says who may call an operation.",
        ))
        .build();
    let cookie = ApiKeyValue::with_description(
        "dwellers",
        "The cookie that signing in sets; over HTTPS its name is `__Host-dwellers`.",
    );
    description::document::<Body<'_>>(info, cookie, super::table().rows.into_iter().map(described))
}

/// An operation, and whether it needs a session.
fn described(row: Row) -> (Description, bool) {
    let who = match row.who {
        Who::Anyone => json!("anyone"),
        Who::Account => json!("account"),
        Who::Person => json!("person"),
        Who::Member => json!("member"),
        Who::May(permissions) => {
            json!(permissions.iter().map(|permission| format!("{permission:?}")).collect::<Vec<_>>())
        }
    };
    let mut description = row.description;
    let extensions = description.operation.extensions.get_or_insert_with(Extensions::default);
    extensions.merge(Extensions::builder().add("x-who", who).build());
    (description, row.who != Who::Anyone)
}
