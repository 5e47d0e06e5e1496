//! What an API is: OpenAPI, made of the operations that its routes are registered with.
//!
//! Invariants: a route is found by the very method and path that it is described with; every operation may end in a
//! problem; no two schemas have one name.
//!
//! What must never be here: what a route does, or who may call it.

use std::collections::BTreeMap;

use http::Method;
use utoipa::__dev::SchemaReferences;
use utoipa::ToSchema;
use utoipa::openapi::path::{HttpMethod, Operation, PathItem, Paths};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, Info, OpenApi, OpenApiBuilder, Ref, RefOr, ResponseBuilder,
};

/// The name of the way in.
const SESSION: &str = "session";

/// What `utoipa::path` makes of a handler: `__path_NAME`.
pub trait Described: utoipa::Path + SchemaReferences {}

impl<O: utoipa::Path + SchemaReferences> Described for O {}

/// What a route is.
pub struct Description {
    /// By which method it is called.
    pub method: Method,
    /// Its pattern.
    pub path: String,
    /// Everything else.
    pub operation: Operation,
    schemas: Vec<(String, RefOr<Schema>)>,
}

impl Description {
    /// As the handler's attribute has it.
    pub fn of<O: Described>() -> Self {
        let mut schemas = Vec::new();
        O::schemas(&mut schemas);
        let method = match O::methods().first() {
            Some(HttpMethod::Post) => Method::POST,
            Some(HttpMethod::Put) => Method::PUT,
            Some(HttpMethod::Patch) => Method::PATCH,
            Some(HttpMethod::Delete) => Method::DELETE,
            _ => Method::GET,
        };
        Description { method, path: O::path(), operation: O::operation(), schemas }
    }

    /// What it is called: `noun.verb`.
    pub fn id(&self) -> &str {
        self.operation.operation_id.as_deref().unwrap_or_default()
    }
}

/// The description of an API whose operations, some of which need a session by this cookie, end in problems of this form
/// where they are not done.
pub fn document<P: ToSchema>(
    info: Info,
    cookie: ApiKeyValue,
    operations: impl Iterator<Item = (Description, bool)>,
) -> OpenApi {
    let mut schemas = BTreeMap::new();
    let mut items: BTreeMap<String, PathItem> = BTreeMap::new();
    let mut problem = vec![(P::name().into_owned(), P::schema())];
    P::schemas(&mut problem);
    add(&mut schemas, problem);
    for (description, guarded) in operations {
        let Description { method, path, mut operation, schemas: named } = description;
        add(&mut schemas, named);
        let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name(P::name()))).build();
        let response = ResponseBuilder::new()
            .description("Not done: why, in the caller's language")
            .content("application/problem+json", problem);
        operation.responses.responses.insert("default".to_owned(), RefOr::T(response.build()));
        if guarded {
            operation.security = Some(vec![SecurityRequirement::new(SESSION, Vec::<String>::new())]);
        }
        let item = PathItem::new(of(&method), operation);
        match items.get_mut(&path) {
            Some(known) => known.merge_operations(item),
            None => drop(items.insert(path, item)),
        }
    }
    let mut paths = Paths::new();
    paths.paths = items.into_iter().collect();
    let components = ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .security_scheme(SESSION, SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    OpenApiBuilder::new().info(info).paths(paths).components(Some(components.build())).build()
}

/// Adds schemas that an operation names. Two that differ under one name would be a lie about one of them.
fn add(to: &mut BTreeMap<String, RefOr<Schema>>, named: Vec<(String, RefOr<Schema>)>) {
    for (name, schema) in named {
        debug_assert!(to.get(&name).is_none_or(|known| *known == schema), "{name} is two schemas");
        to.insert(name, schema);
    }
}

fn of(method: &Method) -> HttpMethod {
    match method.as_str() {
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}
