//! What a request says: its arguments, whether they came as JSON, as a form or as a form with files.
//!
//! Invariants: arguments are told apart by the names that Telegram gives them, so that the text "123" stays a text; a
//! file that stands in a field by itself reads as `attach://` and the field's name.
//! What must never be here: whether the arguments are right.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Map, Value};

/// Fields that are texts in every method that has them. All others of a form are read as JSON.
const TEXTS: &[&str] = &[
    "action",
    "business_connection_id",
    "callback_query_id",
    "caption",
    "certificate",
    "description",
    "document",
    "file_id",
    "inline_message_id",
    "inline_query_id",
    "invite_link",
    "ip_address",
    "language_code",
    "message_effect_id",
    "name",
    "next_offset",
    "parse_mode",
    "photo",
    "secret_token",
    "short_description",
    "text",
    "thumbnail",
    "url",
    "web_app_query_id",
];

/// A file that came with a request.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) bytes: Bytes,
}

/// A request's arguments and its files, by the names under which they are attached.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arguments {
    pub(crate) fields: Map<String, Value>,
    pub(crate) files: BTreeMap<String, Upload>,
}

impl Arguments {
    /// Adds what the address says behind its question mark.
    pub(crate) fn add_query(&mut self, query: &str) -> Result<(), String> {
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_str(query).map_err(|error| error.to_string())?;
        for (name, value) in pairs {
            self.add(name, value);
        }
        Ok(())
    }

    /// Adds a body by its content type. An empty body says nothing, whatever its type.
    pub(crate) async fn add_body(&mut self, content_type: &str, body: Bytes) -> Result<(), String> {
        if body.is_empty() {
            return Ok(());
        }
        let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match kind.as_str() {
            "application/json" => {
                match serde_json::from_slice(&body)
                    .map_err(|error| format!("the body is no JSON: {error}"))?
                {
                    Value::Object(fields) => self.fields.extend(fields),
                    Value::Null => {}
                    other => return Err(format!("the body is no object: {other}")),
                }
                Ok(())
            }
            "multipart/form-data" => self.add_form(content_type, body).await,
            "application/x-www-form-urlencoded" => {
                let text = str::from_utf8(&body).map_err(|error| error.to_string())?;
                self.add_query(text)
            }
            other => Err(format!("a body of the type `{other}`")),
        }
    }

    async fn add_form(&mut self, content_type: &str, body: Bytes) -> Result<(), String> {
        let boundary = multer::parse_boundary(content_type).map_err(|error| error.to_string())?;
        let stream = futures_util::stream::iter([Ok::<_, std::io::Error>(body)]);
        let mut form = multer::Multipart::new(stream, boundary);
        while let Some(field) = form.next_field().await.map_err(|error| error.to_string())? {
            let name = field.name().ok_or("a part of the form has no name")?.to_owned();
            let file = field.file_name().map(str::to_owned);
            let bytes = field.bytes().await.map_err(|error| error.to_string())?;
            match file {
                Some(file) => {
                    self.files.insert(name, Upload { name: file, bytes });
                }
                None => {
                    let text = String::from_utf8(bytes.to_vec()).map_err(|error| error.to_string())?;
                    self.add(name, text);
                }
            }
        }
        for field in ["photo", "document", "certificate", "thumbnail"] {
            if self.files.contains_key(field) && !self.fields.contains_key(field) {
                self.fields.insert(field.to_owned(), Value::from(format!("attach://{field}")));
            }
        }
        Ok(())
    }

    fn add(&mut self, name: String, text: String) {
        let value = if TEXTS.contains(&name.as_str()) {
            Value::from(text)
        } else {
            serde_json::from_str(&text).unwrap_or(Value::from(text))
        };
        self.fields.insert(name, value);
    }

    /// A field that is neither missing nor null.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.fields.get(name).filter(|value| !value.is_null())
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// A number, also where a form or a careless program wrote it as a text.
    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        let value = self.get(name)?;
        value.as_i64().or_else(|| value.as_str()?.parse().ok())
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    pub(crate) fn list(&self, name: &str) -> &[Value] {
        self.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}
