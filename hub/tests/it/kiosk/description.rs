//! What the kiosk says of itself, and whether that is so.

use std::fs;
use std::path::Path;

use dwellers::texts::{Language, Texts};
use dwellers_hub::kiosk;
use dwellers_hub::reads::Strength;
use serde_json::{Value, json};

use crate::harness::TestHub;
use crate::settlement::NIVA;

fn described() -> Value {
    serde_json::to_value(kiosk::document()).unwrap()
}

/// With `UPDATE=1` in the environment the file is written anew.
#[test]
fn the_committed_description_is_the_kiosks() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let is = kiosk::document().to_pretty_json().unwrap() + "\n";
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &is).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        is == committed,
        "hub/openapi.json is out of date: UPDATE=1 cargo nextest run -p dwellers-hub --test it kiosk::description"
    );
}

#[test]
fn a_code_that_a_page_may_be_told_has_its_text() {
    let all = described();
    let texts = [Language::Ru, Language::En].map(Texts::new);
    for (schema, prefix) in [("ProblemCode", "problem-"), ("AlarmCode", "")] {
        let codes = all["components"]["schemas"][schema]["enum"].as_array().unwrap();
        assert!(codes.len() > 10, "{schema}");
        for code in codes {
            let key = format!("{prefix}{}", code.as_str().unwrap());
            for texts in &texts {
                assert_ne!(texts.get(&key, &[]), key);
            }
        }
    }
}

/// What differs between a document and its schema; nothing that the schema does not know may be there.
fn differ(at: &str, is: &Value, schema: &Value, all: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    if let Some(reference) = schema["$ref"].as_str() {
        return differ(at, is, all.pointer(&reference[1..]).unwrap(), all);
    } else if let Some(branches) = schema["oneOf"].as_array() {
        let all_differ: Vec<_> = branches.iter().map(|branch| differ(at, is, branch, all)).collect();
        return if all_differ.iter().any(Vec::is_empty) { faults } else { all_differ.concat() };
    }
    let types = match &schema["type"] {
        Value::Array(types) => types.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    };
    let kind = match is {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !types.is_empty() && !types.contains(&json!(kind)) {
        return vec![format!("{at}: {is} is no {types:?}")];
    }
    if let Some(known) = schema["enum"].as_array().filter(|known| !known.contains(is)) {
        faults.push(format!("{at}: {is} is none of {known:?}"));
    }
    if let Value::Array(items) = is {
        for (n, item) in items.iter().enumerate() {
            faults.extend(differ(&format!("{at}[{n}]"), item, &schema["items"], all));
        }
    }
    if let Value::Object(fields) = is {
        let properties = properties(schema, all);
        for (name, value) in fields {
            match properties.iter().find(|(known, ..)| known == name) {
                Some((_, schema, _)) => faults.extend(differ(&format!("{at}.{name}"), value, schema, all)),
                None => faults.push(format!("{at}.{name} is not described")),
            }
        }
        let missing = |name: &String, required: bool| required && !fields.contains_key(name);
        let lacking = properties.iter().filter(|(name, _, required)| missing(name, *required));
        faults.extend(lacking.map(|(name, ..)| format!("{at}.{name} is missing")));
    }
    faults
}

/// The fields of an object, those of its parts as well: name, schema, and whether it is always there.
fn properties(schema: &Value, all: &Value) -> Vec<(String, Value, bool)> {
    if let Some(reference) = schema["$ref"].as_str() {
        return properties(all.pointer(&reference[1..]).unwrap(), all);
    }
    let parts = schema["allOf"].as_array().into_iter().flatten();
    let mut found: Vec<_> = parts.flat_map(|part| properties(part, all)).collect();
    let required = |name: &str| schema["required"].as_array().is_some_and(|all| all.contains(&json!(name)));
    let own = schema["properties"].as_object().into_iter().flatten();
    found.extend(own.map(|(name, schema)| (name.clone(), schema.clone(), required(name))));
    found
}

/// Holds an answer against what its operation says of it.
fn fits(all: &Value, path: &str, method: &str, status: u16, is: &Value) {
    let responses = &all["paths"][path][method]["responses"];
    let (status, kind) = if status < 400 || path == "/api/health" {
        (status.to_string(), "application/json")
    } else {
        ("default".to_owned(), "application/problem+json")
    };
    let schema = &responses[&status]["content"][kind]["schema"];
    assert!(schema.is_object(), "{method} {path} {status} is not described");
    let faults = differ("", is, schema, all);
    assert!(faults.is_empty(), "{method} {path} {status}: {faults:#?}");
}

#[test]
fn what_is_answered_is_what_is_described() {
    let hub = TestHub::start();
    let village = hub.settle();
    let all = described();
    assert_eq!(hub.screen().get("/api/openapi.json").expect(200), all);
    let house = village.houses[1].to_string();
    let screen = hub.signed_in("Семён");
    let get = |path: &str| fits(&all, path, "get", 200, &screen.get(path).expect(200));
    let post = |pattern: &str, path: &str, body: &Value, status: u16| {
        let answer = screen.post(path, body);
        assert_eq!(answer.status, status, "{path}: {}", answer.text);
        let document: Value = serde_json::from_str(&answer.text).unwrap();
        fits(&all, pattern, "post", status, &document);
        document
    };

    let pass = json!({"house": house, "kind": "taxi", "plate": "а001аа77", "minutes": 20});
    post("/api/passes", "/api/passes", &pass, 201);
    let wrong = json!({"house": house, "kind": "guest"});
    post("/api/passes", "/api/passes", &wrong, 422);
    let visitor = json!({"name": "Мастер", "house": house, "gate": "main", "open": true});
    post("/api/visitors", "/api/visitors", &visitor, 201);
    post("/api/visitors", "/api/visitors", &json!({"name": "Почтальон"}), 201);
    let unknown = json!({"code": "0000000"});
    post("/api/gates/{key}/open", "/api/gates/main/open", &unknown, 409);
    post("/api/gates/{key}/open", "/api/gates/main/open", &json!({"plate": NIVA}), 201);
    post("/api/gates/{key}/hold", "/api/gates/main/hold", &json!({}), 202);
    post("/api/clock/trust", "/api/clock/trust", &json!({}), 200);
    hub.read("in", "Е001КХ77", Strength::Middling, &[(NIVA, 0.4)]);
    let waiting = screen.waiting();
    let ask = format!("/api/arrivals/{}/ask", waiting["entry"].as_str().unwrap());
    let asked = post("/api/arrivals/{entry}/ask", &ask, &json!({"house": house}), 201);
    let state = screen.get("/api/state").expect(200);
    assert_eq!(state["waiting"][0]["asked"]["phones"], state["questions"][0]["phones"]);
    assert_eq!(state["waiting"][0]["candidates"][0]["plate"], "A123BC77");
    assert_eq!(state["gates"][0]["status"]["last"]["guard"], "Семён");
    for path in
        ["/api/state", "/api/arrivals", "/api/questions", "/api/expected", "/api/houses", "/api/vehicles"]
    {
        get(path);
    }
    let mut live = screen.events(None);
    let told = live.until("the state", |event| event.name == "state");
    let event = &all["paths"]["/api/events"]["get"]["responses"]["200"]["content"]["text/event-stream"];
    let faults =
        |name: &str, data: &Value| differ("", &json!({"event": name, "data": data}), &event["schema"], &all);
    assert_eq!(faults(&told.name, &told.data), [""; 0]);
    let answer = format!("/api/questions/{}/answer", asked["question"].as_str().unwrap());
    post("/api/questions/{question}/answer", &answer, &json!({"allow": true}), 201);
    let entry = live.until("an entry", |event| event.name == "entry");
    assert_eq!(faults(&entry.name, &entry.data), [""; 0]);
    assert_ne!(faults("entry", &told.data), [""; 0], "a check that finds nothing is none");
    for path in
        ["/api/journal", "/api/journal/check", "/api/inside", "/api/shift", "/api/session", "/api/guards"]
    {
        get(path);
    }
    for path in ["/api/cameras", "/api/health"] {
        get(path);
    }
}
