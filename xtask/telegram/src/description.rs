//! Telegram's own description of its Bot API, as a file of JSON, and whether a value is what it describes.
//!
//! The file is looked for at `DWELLERS_TELEGRAM_API`, or beside the project; it is no part of the project, and without
//! it everything else works.
//!
//! Invariants: of several types that a value may have, the nearest one says what is wrong with it.
//! What must never be here: limits that the description states in words only; those are in `limits`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

/// Methods and types by their names.
#[derive(Debug, Deserialize)]
pub(crate) struct Description {
    methods: BTreeMap<String, Method>,
    types: BTreeMap<String, Type>,
}

#[derive(Debug, Deserialize)]
struct Method {
    #[serde(default)]
    returns: Vec<String>,
    #[serde(default)]
    fields: Vec<Field>,
}

#[derive(Debug, Deserialize)]
struct Type {
    #[serde(default)]
    fields: Vec<Field>,
    #[serde(default)]
    subtypes: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Field {
    name: String,
    types: Vec<String>,
    required: bool,
    #[serde(default)]
    description: String,
}

impl Field {
    /// What the field always says, for those that tell one type from another: `must be photo`, `always "member"`.
    fn always(&self) -> Option<&str> {
        let constant = if !matches!(self.name.as_str(), "type" | "status" | "source") {
            return None;
        } else if let Some((_, rest)) = self.description.split_once("always ") {
            rest.split(['"', '\u{201c}', '\u{201d}']).nth(1)?
        } else {
            self.description.split_once("must be ")?.1
        };
        constant.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit()).then_some(constant)
    }
}

impl Description {
    /// The description where one is found. A place that was named must have it; an empty name asks for none.
    pub(crate) fn find() -> Option<Self> {
        match std::env::var_os("DWELLERS_TELEGRAM_API") {
            Some(named) if named.is_empty() => None,
            Some(named) => Some(Self::at(Path::new(&named)).unwrap_or_else(|error| panic!("{error}"))),
            None => {
                let beside =
                    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/telegram/api.min.json");
                beside.exists().then(|| Self::at(&beside).unwrap_or_else(|error| panic!("{error}")))
            }
        }
    }

    fn at(path: &Path) -> Result<Self, String> {
        let text = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        serde_json::from_slice(&text).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Whether Telegram has this method.
    pub(crate) fn knows(&self, method: &str) -> bool {
        self.methods.contains_key(method)
    }

    /// What is wrong with the arguments of a method that Telegram has.
    pub(crate) fn check_arguments(&self, method: &str, arguments: &Map<String, Value>) -> Vec<String> {
        self.methods
            .get(method)
            .map_or_else(Vec::new, |method| self.check_fields(&method.fields, arguments, ""))
    }

    /// What is wrong with an answer to a method.
    pub(crate) fn check_answer(&self, method: &str, answer: &Value) -> Vec<String> {
        self.methods.get(method).map_or_else(Vec::new, |method| self.check(&method.returns, answer, "result"))
    }

    /// What is wrong with a value of a named type.
    pub(crate) fn check_type(&self, name: &str, value: &Value) -> Vec<String> {
        self.check(&[name.to_owned()], value, name)
    }

    fn check_fields(&self, fields: &[Field], object: &Map<String, Value>, path: &str) -> Vec<String> {
        let at = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        let mut found = Vec::new();
        for field in fields {
            match object.get(&field.name).filter(|value| !value.is_null()) {
                None if field.required => found.push(format!("`{}` is required", at(&field.name))),
                None => {}
                Some(value) => match field.always() {
                    Some(constant) if value != constant => {
                        found.push(format!("`{}` must be `{constant}`, not {value}", at(&field.name)));
                    }
                    _ => found.extend(self.check(&field.types, value, &at(&field.name))),
                },
            }
        }
        let unknown = object.keys().filter(|name| fields.iter().all(|field| field.name != **name));
        found.extend(unknown.map(|name| format!("`{}` is not in the description", at(name))));
        found
    }

    /// The complaints of the type that the value comes nearest to.
    fn check(&self, types: &[String], value: &Value, path: &str) -> Vec<String> {
        types.iter().map(|kind| self.check_one(kind, value, path)).min_by_key(Vec::len).unwrap_or_default()
    }

    fn check_one(&self, kind: &str, value: &Value, path: &str) -> Vec<String> {
        if let Some(inner) = kind.strip_prefix("Array of ") {
            return match value.as_array() {
                Some(values) => {
                    let inner = [inner.to_owned()];
                    let each = values.iter().enumerate();
                    each.flat_map(|(at, value)| self.check(&inner, value, &format!("{path}[{at}]"))).collect()
                }
                None => vec![format!("`{path}` must be an array, not {}", brief(value))],
            };
        }
        let fits = match kind {
            "Integer" => value.is_i64() || value.is_u64(),
            "Float" => value.is_number(),
            "String" | "InputFile" => value.is_string(),
            "Boolean" => value.is_boolean(),
            "True" => *value == Value::Bool(true),
            name => return self.check_object(name, value, path),
        };
        if fits { Vec::new() } else { vec![format!("`{path}` must be {kind}, not {}", brief(value))] }
    }

    fn check_object(&self, name: &str, value: &Value, path: &str) -> Vec<String> {
        let Some(described) = self.types.get(name) else {
            return Vec::new();
        };
        if !described.subtypes.is_empty() {
            return self.check(&described.subtypes, value, path);
        }
        match value.as_object() {
            Some(object) => self.check_fields(&described.fields, object, path),
            // Worse than an object that has a few mistakes, so that the nearest type is one.
            None => vec![format!("`{path}` must be {name}, not {}", brief(value)); 3],
        }
    }
}

fn brief(value: &Value) -> String {
    value.to_string().chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A description as small as one can be.
    fn description() -> Description {
        serde_json::from_value(json!({
            "methods": {"send": {"returns": ["Boolean"], "fields": [
                {"name": "to", "types": ["Integer", "String"], "required": true},
                {"name": "media", "types": ["Array of Media"], "required": false},
            ]}},
            "types": {
                "Media": {"subtypes": ["Photo", "Paper"]},
                "Photo": {"fields": [
                    {"name": "type", "types": ["String"], "required": true, "description": "Type of it, must be photo"},
                    {"name": "spoiler", "types": ["True"], "required": false},
                ]},
                "Paper": {"fields": [
                    {"name": "type", "types": ["String"], "required": true, "description": "Type of it, always “paper”"},
                    {"name": "pages", "types": ["Array of Integer"], "required": true},
                ]},
            },
        }))
        .unwrap()
    }

    fn check(arguments: Value) -> Vec<String> {
        description().check_arguments("send", arguments.as_object().unwrap())
    }

    #[test]
    fn what_is_described_passes() {
        assert!(check(json!({"to": "x", "media": [{"type": "photo", "spoiler": true}]})).is_empty());
        assert!(check(json!({"to": 1, "media": [{"type": "paper", "pages": [1, 2]}]})).is_empty());
        assert!(description().check_answer("send", &json!(true)).is_empty());
    }

    #[test]
    fn what_is_not_is_named_with_its_place() {
        assert_eq!(check(json!({})), ["`to` is required"]);
        assert_eq!(check(json!({"to": 1, "x": 1})), ["`x` is not in the description"]);
        assert_eq!(check(json!({"to": 1, "media": 5})), ["`media` must be an array, not 5"]);
        let photo = json!({"to": 1, "media": [{"type": "photo", "spoiler": false}]});
        assert_eq!(check(photo), ["`media[0].spoiler` must be True, not false"]);
        let paper = json!({"to": 1, "media": [{"type": "paper", "pages": [1, "2"]}]});
        assert_eq!(check(paper), ["`media[0].pages[1]` must be Integer, not \"2\""]);
        assert_eq!(
            check(json!({"to": 1, "media": ["photo"]})).len(),
            3,
            "no object is worse than a wrong one"
        );
        assert_eq!(description().check_answer("send", &json!(1)), ["`result` must be Boolean, not 1"]);
    }

    #[test]
    fn a_place_that_was_named_must_have_it() {
        assert!(
            Description::at(Path::new("nowhere/api.json")).unwrap_err().starts_with("nowhere/api.json: ")
        );
        let no_json = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        assert!(Description::at(&no_json).unwrap_err().contains("expected"));
    }
}
