//! Asking a house: answers in time open, late ones do not.

use dwellers_hub::reads::Strength;
use dwellers_replica::RecordId;
use serde_json::{Value, json};

use crate::harness::{Screen, TestHub};
use crate::process::eventually;

/// A stranger waits, and house 14 is asked about them.
fn asked(hub: &TestHub, screen: &Screen, body: &Value) -> (Value, String) {
    hub.read("in", "Е001КХ77", Strength::Strong, &[]);
    let waiting = screen.waiting();
    let path = format!("/api/arrivals/{}/ask", waiting["entry"].as_str().unwrap());
    let asked = screen.post(&path, body).expect(201);
    (waiting, asked["question"].as_str().unwrap().to_owned())
}

fn answer(screen: &Screen, question: &str, allow: bool) -> crate::harness::Response {
    screen.post(&format!("/api/questions/{question}/answer"), &json!({"allow": allow}))
}

#[test]
fn the_houses_yes_by_telephone_opens() {
    let hub = TestHub::start();
    let village = hub.settle();
    let screen = hub.signed_in("Семён");
    let body = json!({"house": village.houses[1].to_string(), "name": "Курьер"});
    let (waiting, question) = asked(&hub, &screen, &body);
    let running = eventually("the question runs", || {
        screen.get("/api/questions").expect(200)["questions"].get(0).cloned()
    });
    assert_eq!((&running["house_label"], &running["name"]), (&json!("14"), &json!("Курьер")));
    assert_eq!(running["phones"], json!([{"name": "Галина", "phone": "+79160000014"}]));
    assert!(running["remaining_ms"].as_u64().unwrap() <= 60_000);
    assert_eq!(screen.waiting()["question"], question);
    assert_eq!(hub.recorder.pulses(), []);

    answer(&screen, &question, true).expect(201);
    screen.lines("commanded", 1);
    assert_eq!(hub.recorder.openings(), 1);
    let decided = &screen.lines("decided", 2)[0];
    assert_eq!((&decided["reason"], &decided["about"]), (&json!("allowed"), &waiting["entry"]));
    assert_eq!((&decided["house_label"], &decided["name"]), (&json!("14"), &json!("Курьер")));
    screen.lines("answered", 1);
    answer(&screen, &question, false).refused(409, "ended");
    let state = screen.get("/api/state").expect(200);
    assert_eq!((&state["waiting"], &state["questions"]), (&json!([]), &json!([])));
}

#[test]
fn the_houses_no_opens_nothing() {
    let hub = TestHub::start();
    let village = hub.settle();
    let screen = hub.signed_in("Семён");
    let (_, question) = asked(&hub, &screen, &json!({"house": village.houses[1].to_string()}));
    answer(&screen, &question, false).expect(201);
    let answered = &screen.lines("answered", 1)[0];
    assert_eq!((&answered["verdict"], &answered["reason"]), (&json!("refuse"), &json!("denied")));
    assert_eq!(screen.waiting()["allowed"], false, "the guard sees it, and sends them away");
    assert_eq!(hub.recorder.pulses(), []);
}

#[test]
fn an_answer_that_comes_too_late_moves_nothing() {
    let hub = TestHub::start();
    let village = hub.settle();
    let screen = hub.signed_in("Семён");
    let body = json!({"house": village.houses[1].to_string(), "timeout_ms": 10_000});
    let (_, question) = asked(&hub, &screen, &body);
    let is_asked = || (screen.get("/api/questions").expect(200)["questions"] != json!([])).then_some(());
    eventually("the house is asked", is_asked);
    eventually("nobody answers", || {
        (screen.get("/api/questions").expect(200)["questions"] == json!([])).then_some(())
    });
    let asked = screen.waiting()["asked"].clone();
    assert_eq!(asked["phones"][0]["phone"], "+79160000014", "now the guard calls there");
    answer(&screen, &question, true).expect(201);
    let answered = &screen.lines("answered", 1)[0];
    assert_eq!(answered["reason"], "expired");
    assert_eq!(hub.recorder.pulses(), []);
    screen.waiting();
}

#[test]
fn a_house_is_asked_without_an_arrival_too() {
    let hub = TestHub::start();
    let village = hub.settle();
    let screen = hub.signed_in("Семён");
    let ask = |house: RecordId, gate: &str, timeout_ms: u32| {
        let body = json!({"gate": gate, "lane": "in", "house": house.to_string(), "name": "Доставка воды",
            "timeout_ms": timeout_ms});
        screen.post("/api/questions", &body)
    };
    let asked = ask(village.houses[0], "main", 60_000).expect(201);
    screen.lines("asked", 1);
    answer(&screen, asked["question"].as_str().unwrap(), true).expect(201);
    screen.lines("commanded", 1);
    assert_eq!(ask(village.houses[2], "main", 60_000).refused(422, "invalid")["why"], "nobody-there");
    assert_eq!(ask(village.houses[0], "main", 5).refused(422, "invalid")["field"], "timeout");
    ask(village.houses[0], "none", 60_000).refused(404, "not-found");
    let no_lane = json!({"gate": "main", "lane": "side", "house": village.houses[0].to_string()});
    screen.post("/api/questions", &no_lane).refused(404, "not-found");
    ask(RecordId::new(1, 1), "main", 60_000).refused(404, "not-found");
    answer(&screen, &RecordId::new(1, 1).to_string(), true).refused(404, "not-found");
    let nowhere = json!({"timeout_ms": 60_000});
    hub.read("in", "Е001КХ77", Strength::Strong, &[]);
    let path = format!("/api/arrivals/{}/ask", screen.waiting()["entry"].as_str().unwrap());
    assert_eq!(screen.post(&path, &nowhere).refused(422, "invalid")["field"], "house");
}

#[test]
fn nobody_asks_the_houses_without_end() {
    let hub = TestHub::start();
    let village = hub.settle();
    let screen = hub.signed_in("Семён");
    let body = json!({"gate": "main", "lane": "in", "house": village.houses[0].to_string(), "name": "Сосед"});
    let asked =
        (0..40).map(|_| screen.post("/api/questions", &body)).take_while(|answer| answer.status == 201);
    let asked = asked.count();
    assert!((1..40).contains(&asked), "{asked}");
    let problem = screen.post("/api/questions", &body).refused(503, "busy");
    assert_eq!(problem["retry_after_s"], 1);
}
