//! Each route × each kind of caller × own and foreign community: made of the description, so that a route that it does not
//! know fails it.

use std::collections::BTreeMap;

use dwellers::people::{Capacity, PlaceKind, Role};
use dwellers_replica::RecordId;
use serde_json::{Map, Value, json};

use crate::town::{Browser, Town, Village};

/// A route of the description.
struct Route {
    id: String,
    method: String,
    path: String,
    who: Value,
    body: Option<Value>,
    query: Vec<String>,
}

/// Who calls.
struct Caller {
    name: &'static str,
    browser: Browser,
    /// What they are in the community; nothing where they are nobody.
    capacity: Option<Capacity>,
    /// Whether they are, or were, a person of it.
    known: bool,
    signed: bool,
}

fn routes(description: &Value) -> Vec<Route> {
    let mut routes = Vec::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let content = &operation["requestBody"]["content"]["application/json"]["schema"];
            let body = (!content.is_null()).then(|| sample(content, description));
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let query = parameters.iter().filter(|one| one["in"] == "query" && one["required"] == true);
            routes.push(Route {
                id: operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path}")).to_owned(),
                method: method.to_uppercase(),
                path: path.clone(),
                who: operation["x-who"].clone(),
                body,
                query: query.map(|one| one["name"].as_str().unwrap().to_owned()).collect(),
            });
        }
    }
    routes
}

/// The least that reads as a schema says.
fn sample(schema: &Value, description: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return sample(&description["components"]["schemas"][name], description);
    }
    if let Some(values) = schema["enum"].as_array() {
        return values[0].clone();
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(choices) = schema[choice].as_array() {
            let chosen = choices.iter().find(|one| one["type"] != "null").unwrap();
            return sample(chosen, description);
        }
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let mut all = Map::new();
        for part in parts {
            all.extend(sample(part, description).as_object().cloned().unwrap_or_default());
        }
        return Value::Object(all);
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().find(|kind| **kind != "null").unwrap().clone(),
        other => other.clone(),
    };
    match kind.as_str() {
        Some("string") if schema["pattern"].is_string() => json!(RecordId::new(1, 1)),
        Some("string") => json!("x"),
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(json!(1)),
        Some("boolean") => json!(true),
        Some("array") => json!([]),
        _ => {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let fields = required.iter().map(|name| {
                let name = name.as_str().unwrap();
                (name.to_owned(), sample(&schema["properties"][name], description))
            });
            Value::Object(fields.collect())
        }
    }
}

impl Route {
    /// The path with these in the places of `{…}`.
    fn filled(&self, parameters: &BTreeMap<&str, String>) -> String {
        let mut path = self.path.clone();
        while let Some(begin) = path.find('{') {
            let end = path.find('}').unwrap();
            let name = &path[begin + 1..end];
            let value = parameters.get(name);
            let value = value.unwrap_or_else(|| panic!("{}: the matrix does not know {{{name}}}", self.id));
            path.replace_range(begin..=end, value);
        }
        let query: Vec<String> = self.query.iter().map(|name| format!("{name}=x")).collect();
        if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
    }

    fn is_of_a_community(&self) -> bool {
        self.path.starts_with("/api/v1/communities/{community}")
    }

    /// Whether those of a capacity may call it.
    fn is_for(&self, capacity: Capacity) -> bool {
        match &self.who {
            Value::String(_) => true,
            permissions => {
                let able: Vec<String> = capacity.permissions().iter().map(|one| format!("{one:?}")).collect();
                permissions
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|one| able.contains(&one.as_str().unwrap().to_owned()))
            }
        }
    }
}

fn callers(town: &Town, village: &Village, foreign: &Village, house: RecordId) -> Vec<Caller> {
    let resident = |name: &'static str, kind: PlaceKind| {
        let browser = town.as_person(village, village.resident(name, house, kind).0);
        Caller { name, browser, capacity: Some(kind.into()), known: true, signed: true }
    };
    let officer = |name: &'static str, role: Role, capacity: Capacity| {
        let browser = town.as_person(village, village.officer(name, role));
        Caller { name, browser, capacity: Some(capacity), known: true, signed: true }
    };
    let administrator = village.officer("the first administrator", Role::Administrator);
    let (gone, place) = village.resident("revoked", house, PlaceKind::Owner);
    village.revoke(administrator, place);
    let away = foreign.officer("administrator elsewhere", Role::Administrator);
    let nobody = |name, browser, known, signed| Caller { name, browser, capacity: None, known, signed };
    vec![
        resident("owner", PlaceKind::Owner),
        resident("family", PlaceKind::Family),
        resident("tenant", PlaceKind::Tenant),
        resident("staff", PlaceKind::Staff),
        officer("guard", Role::Guard, Capacity::Guard),
        officer("administrator", Role::Administrator, Capacity::Administrator),
        nobody("revoked", town.as_person(village, gone), true, true),
        nobody("administrator elsewhere", town.as_person(foreign, away), false, true),
        nobody("nobody", town.nobody().0, false, true),
        nobody("not signed in", town.stranger(), false, false),
    ]
}

/// What the places of paths are filled with: records that there are not, but for the community. What a path of one's own
/// shows is tested with each slice.
fn parameters(village: &Village) -> BTreeMap<&'static str, String> {
    let nothing = RecordId::new(7, 7).to_string();
    let mut parameters: BTreeMap<&str, String> = BTreeMap::new();
    for name in IDS {
        parameters.insert(name, nothing.clone());
    }
    parameters.insert("community", village.community.id.to_string());
    parameters.insert("file", "nothing".to_owned());
    parameters.insert("key", "nothing".to_owned());
    parameters.insert("what", "nothing.csv".to_owned());
    parameters.insert("token", "nothing".to_owned());
    parameters
}

/// Records that paths name.
const IDS: &[&str] = &[
    "alarm",
    "application",
    "ban",
    "chat",
    "entry",
    "gate",
    "grant",
    "house",
    "hub",
    "import",
    "opening",
    "pass",
    "passkey",
    "person",
    "place",
    "question",
    "request",
    "role",
    "session",
    "subscription",
    "vehicle",
];

#[test]
fn nobody_calls_what_is_not_theirs() {
    let (town, village) = Town::founded();
    let foreign = town.village("Берёзовка");
    let callers = callers(&town, &village, &foreign, village.house("1"));
    let description = serde_json::to_value(dwellers_cloud::api::document()).unwrap();
    let parameters = parameters(&village);
    let mut wrong = Vec::new();
    let routes = routes(&description);
    for route in &routes {
        // It ends the session that the others are called with, or the account.
        if ["session.sign_out", "account.end_other_sessions", "account.delete"].contains(&route.id.as_str()) {
            continue;
        }
        for caller in &callers {
            // It has no end where it is let in.
            if route.id == "events.follow" && caller.capacity.is_some() {
                continue;
            }
            let answer =
                caller.browser.ask(&route.method, &route.filled(&parameters), &[], route.body.as_ref());
            let expected: &[u16] = match (&route.who, caller) {
                (Value::String(who), _) if who == "anyone" => &[],
                (_, Caller { signed: false, .. }) => &[401],
                (Value::String(who), _) if who == "account" => &[],
                (Value::String(who), Caller { known: true, .. }) if who == "person" => &[],
                (_, Caller { capacity: None, .. }) => &[404],
                (_, Caller { capacity: Some(capacity), .. }) if !route.is_for(*capacity) => &[403],
                _ => &[],
            };
            let signed_out = answer.status == 401 && route.who != json!("anyone") && expected.is_empty();
            let is_right = expected.is_empty() || expected.contains(&answer.status);
            if !is_right || signed_out || answer.status >= 500 {
                wrong.push(format!("{} by {}: {}, not {expected:?}", route.id, caller.name, answer.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} routes:\n{}", wrong.len(), routes.len(), wrong.join("\n"));
}

/// In their own community an administrator finds nothing of another: each id of a path is one of the other's.
#[test]
fn foreign_ids_are_nothing() {
    let (town, village) = Town::founded();
    let foreign = town.village("Берёзовка");
    let browser = town.as_person(&village, village.officer("Ольга", Role::Administrator));
    let description = serde_json::to_value(dwellers_cloud::api::document()).unwrap();
    let mut parameters = parameters(&village);
    let house = foreign.house("1");
    let (person, place) = foreign.resident("Иван", house, PlaceKind::Owner);
    for (name, id) in [("house", house), ("person", person), ("place", place), ("grant", place)] {
        parameters.insert(name, id.to_string());
    }
    let mut wrong = Vec::new();
    for route in routes(&description) {
        let names_more = IDS.iter().any(|name| route.path.contains(&format!("{{{name}}}")));
        if !route.is_of_a_community() || !names_more || !route.is_for(Capacity::Administrator) {
            continue;
        }
        let answer = browser.ask(&route.method, &route.filled(&parameters), &[], route.body.as_ref());
        if answer.status != 404 {
            wrong.push(format!("{}: {} {}", route.id, answer.status, String::from_utf8_lossy(&answer.bytes)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The matrix itself can fail: a caller who is let in where the description says otherwise is found.
#[test]
fn the_matrix_knows_who_may() {
    let description = serde_json::to_value(dwellers_cloud::api::document()).unwrap();
    let routes = routes(&description);
    let of = |id: &str| routes.iter().find(|route| route.id == id).unwrap();
    assert!(of("houses.add").is_for(Capacity::Administrator) && !of("houses.add").is_for(Capacity::Guard));
    assert!(of("houses.list").is_for(Capacity::Guard) && !of("houses.list").is_for(Capacity::Owner));
    assert_eq!(of("houses.add").body, Some(json!({ "label": "x" })));
}
