//! What the API is: OpenAPI, made of the table that is served.

use std::collections::BTreeMap;

use serde_json::json;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::{HttpMethod, PathItem, Paths};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, ResponseBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use super::problem::Body;
use super::table::{Row, Who};

/// The name of the way in.
const SESSION: &str = "session";

/// The description of the whole API.
pub fn document() -> OpenApi {
    let table = super::table();
    let mut schemas = BTreeMap::new();
    Body::schemas(&mut Vec::new());
    schemas.insert("Problem".to_owned(), Body::schema());
    let mut items: BTreeMap<String, PathItem> = BTreeMap::new();
    for row in table.rows {
        schemas.extend(row.schemas.iter().cloned());
        let (path, method) = (row.path.clone(), method(&row));
        let item = PathItem::new(method, described(row));
        match items.get_mut(&path) {
            Some(known) => known.merge_operations(item),
            None => drop(items.insert(path, item)),
        }
    }
    let mut paths = Paths::new();
    paths.paths = items.into_iter().collect();
    let cookie = ApiKeyValue::with_description(
        "dwellers",
        "The cookie that signing in sets; over HTTPS its name is `__Host-dwellers`.",
    );
    let components = ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .security_scheme(SESSION, SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    let info = InfoBuilder::new()
        .title("Dwellers")
        .version("1")
        .description(Some(
            "The API of a Dwellers cloud. Errors are problem details (RFC 9457) in the language of `Accept-Language`. \
             A `POST` with an `Idempotency-Key` is acted on once. `x-who` says who may call an operation.",
        ))
        .build();
    OpenApiBuilder::new().info(info).paths(paths).components(Some(components.build())).build()
}

fn method(row: &Row) -> HttpMethod {
    match row.method.as_str() {
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}

/// An operation with what all have in common.
fn described(row: Row) -> utoipa::openapi::path::Operation {
    let who = match row.who {
        Who::Anyone => json!("anyone"),
        Who::Account => json!("account"),
        Who::Person => json!("person"),
        Who::Member => json!("member"),
        Who::May(permissions) => {
            json!(permissions.iter().map(|permission| format!("{permission:?}")).collect::<Vec<_>>())
        }
    };
    let mut operation = row.operation;
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let response = ResponseBuilder::new()
        .description("Not done: why, in the caller's language")
        .content("application/problem+json", problem);
    operation.responses.responses.insert("default".to_owned(), RefOr::T(response.build()));
    if row.who != Who::Anyone {
        operation.security = Some(vec![SecurityRequirement::new(SESSION, Vec::<String>::new())]);
    }
    let extensions = operation.extensions.get_or_insert_with(Extensions::default);
    extensions.merge(Extensions::builder().add("x-who", who).build());
    operation
}
