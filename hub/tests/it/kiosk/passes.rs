//! Whom the houses expect, passes on a telephone call, and whom to call.

use dwellers::Actor;
use dwellers::people;
use dwellers_hub::reads::Strength;
use serde_json::{Value, json};

use crate::harness::TestHub;

#[test]
fn a_house_calls_and_its_visitor_comes_in() {
    let hub = TestHub::start();
    let village = hub.settle();
    let screen = hub.signed_in("Семён");
    let house = village.houses[0].to_string();
    let taxi = json!({"house": house, "kind": "taxi", "plate": "е 001 кх 77", "note": "Жёлтое"});
    let issued = screen.post("/api/passes", &taxi).expect(201);
    assert_eq!((&issued["plate_shown"], &issued["house_label"]), (&json!("Е 001 КХ 77"), &json!("12")));
    assert_eq!((&issued["kind_text"], &issued["entries_left"]), (&json!("Такси"), &json!(1)));
    assert_eq!((&issued["guard"], &issued["holds"]), (&json!("Семён"), &json!(true)));
    hub.read("in", "Е001КХ77", Strength::Strong, &[]);
    screen.lines("commanded", 1);
    assert_eq!(screen.lines("decided", 1)[0]["grant"], issued["id"]);
    assert_eq!(hub.recorder.openings(), 1);
}

#[test]
fn a_pass_that_is_ended_lets_nobody_in() {
    let hub = TestHub::start();
    let village = hub.settle();
    let screen = hub.signed_in("Семён");
    let until_ms = hub.service.clock.now().ms + 3_600_000;
    let guest = json!({"house": village.houses[0].to_string(), "kind": "guest", "name": "Дядя Федя", "code": true,
        "until_ms": until_ms});
    let issued = screen.post("/api/passes", &guest).expect(201);
    let code = issued["code"].as_str().unwrap();
    assert!(code.len() >= 4 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
    let path = format!("/api/passes/{}", issued["id"].as_str().unwrap());
    screen.delete(&path, &json!({"reason": "Передумали"})).expect(204);
    screen.delete(&path, &json!({})).refused(409, "ended");
    screen.delete("/api/passes/nonsense", &json!({})).refused(404, "not-found");
    let refused = screen.post("/api/gates/main/open", &json!({"code": code})).refused(409, "not-opened");
    assert_eq!(refused["decision"]["reason"], "revoked");
    let house = format!("/api/passes/{}", village.houses[0]);
    screen.delete(&house, &json!({})).refused(404, "not-found");
}

#[test]
fn a_pass_that_makes_no_sense_is_not_issued() {
    let hub = TestHub::start();
    let village = hub.settle();
    let screen = hub.signed_in("Семён");
    let check = |change: Value, field: &str| {
        let mut pass = json!({"house": village.houses[0].to_string(), "kind": "taxi", "plate": "е001кх77"});
        pass.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let problem = screen.post("/api/passes", &pass).refused(422, "invalid");
        assert_eq!(problem["field"], field, "{problem}");
    };
    check(json!({"plate": "?!"}), "plate");
    check(json!({"plate": ""}), "plate");
    check(json!({"kind": "guest"}), "until");
    check(json!({"kind": "event", "minutes": 60}), "entries");
    check(json!({"kind": "recurring", "minutes": 60}), "weekly");
    check(json!({"house": village.houses[2].to_string()}), "house");
    let unknown = json!({"house": village.houses[0].to_string(), "kind": "balloon", "name": "А"});
    screen.post("/api/passes", &unknown).refused(422, "unexpected");
}

#[test]
fn whom_the_houses_expect_is_found_by_what_the_guard_hears() {
    let hub = TestHub::start();
    let village = hub.settle();
    let pass = village.guest("К777ОР197", "Сантехник").to_string();
    village.guest("", "Тётя Маша");
    let screen = hub.signed_in("Семён");
    let find = |search: &str| -> Vec<String> {
        let search: String = search.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let found = screen.get(&format!("/api/expected?search={search}")).expect(200);
        found["passes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|pass| pass["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(find("").len(), 2);
    assert_eq!(find("777"), ["Сантехник"]);
    assert_eq!(find("k777op"), ["Сантехник"], "in the other alphabet");
    assert_eq!(find("маша"), ["Тётя Маша"]);
    assert_eq!(find("12").len(), 2);
    assert_eq!(find("14"), [""; 0]);
    let all = screen.get("/api/expected").expect(200);
    let shown =
        all["passes"].as_array().unwrap().iter().find(|shown| shown["id"] == pass.as_str()).unwrap().clone();
    assert_eq!((&shown["entries_left"], &shown["holds"]), (&json!(1), &json!(true)));
    assert!(shown["window_text"].as_str().unwrap().starts_with("С "), "{shown}");
    assert_eq!(screen.get("/api/state").expect(200)["expected_count"], 2);
}

#[test]
fn houses_are_found_with_whom_to_call() {
    let hub = TestHub::start();
    let village = hub.settle();
    village.write(|ctx| people::add_house(ctx, &Actor::Operator, "9", ""));
    village.tell();
    let screen = hub.signed_in("Семён");
    let find = |search: &str| {
        let search: String = search.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let found = screen.get(&format!("/api/houses?search={search}")).expect(200)["houses"].clone();
        let labels =
            found.as_array().unwrap().iter().map(|house| house["label"].as_str().unwrap().to_owned());
        labels.collect::<Vec<_>>()
    };
    assert_eq!(find(""), ["9", "12", "14", "Лесная 4"], "as people count");
    assert_eq!(find("1"), ["12", "14"]);
    assert_eq!(find("лесная"), ["Лесная 4"]);
    assert_eq!(find("галин"), ["14"]);
    assert_eq!(find("0000012"), ["12"], "by the telephone that called");
    let house = &screen.get("/api/houses?search=12").expect(200)["houses"][0];
    let person = &house["people"][0];
    assert_eq!((&person["name"], &person["phone"]), (&json!("Анна"), &json!("+79160000012")));
    assert_eq!(person["place_text"], "Собственник");

    let cars =
        |search: &str| screen.get(&format!("/api/vehicles?search={search}")).expect(200)["vehicles"].clone();
    assert_eq!(cars("a123bc")[0]["plate_shown"], "А 123 ВС 77");
    assert_eq!(cars("123")[0]["person_name"], "Анна");
    assert_eq!(cars("999"), json!([]));
}
