//! What the types of records that reach people look like in JSON (JSON Schema, for OpenAPI).

use std::borrow::Cow;

use utoipa::__dev::ComposeSchema;
use utoipa::openapi::schema::{Schema, SchemaType, Type};
use utoipa::openapi::{ObjectBuilder, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::{Open, RecordId};

impl PartialSchema for RecordId {
    fn schema() -> RefOr<Schema> {
        let id = ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::String))
            .description(Some("A ULID"))
            .pattern(Some("^[0-7][0-9A-HJKMNP-TV-Z]{25}$"));
        RefOr::T(Schema::Object(id.build()))
    }
}

impl ToSchema for RecordId {
    fn name() -> Cow<'static, str> {
        "Id".into()
    }
}

/// Whatever a newer program writes is described by what this one knows.
impl<T: ComposeSchema> ComposeSchema for Open<T> {
    fn compose(generics: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        generics.into_iter().next().unwrap_or_else(|| T::compose(Vec::new()))
    }
}

impl<T: ToSchema + ComposeSchema> ToSchema for Open<T> {
    fn name() -> Cow<'static, str> {
        T::name()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}
