//! What is asked again because its answer was lost.

use serde_json::{Value, json};

use crate::harness::{Response, Screen, TestHub};

fn keyed(screen: &Screen, path: &str, key: &str, body: &Value) -> Response {
    let headers = [("content-type", "application/json"), ("idempotency-key", key)];
    screen.send("POST", path, &headers, Some(body.to_string().as_bytes()))
}

#[test]
fn what_is_asked_again_with_its_key_is_done_once() {
    let hub = TestHub::start();
    let village = hub.settle();
    let screen = hub.signed_in("Семён");
    let visitor =
        json!({"name": "Мастер", "house": village.houses[1].to_string(), "gate": "main", "open": true});
    let first = keyed(&screen, "/api/visitors", "a", &visitor).expect(201);
    let again = keyed(&screen, "/api/visitors", "a", &visitor);
    assert_eq!((again.header("content-type"), again.expect(201)), ("application/json", first.clone()));
    screen.lines("commanded", 1);
    assert_eq!((screen.lines("decided", 1).len(), hub.recorder.openings()), (1, 1));

    let other = json!({"name": "Почта", "gate": "main", "open": true});
    keyed(&screen, "/api/visitors", "a", &other).refused(422, "key-used");
    keyed(&screen, "/api/gates/main/open", "a", &visitor).refused(422, "key-used");
    keyed(&screen, "/api/visitors", &"a".repeat(101), &visitor).refused(422, "invalid");
    keyed(&screen, "/api/visitors", "", &visitor).refused(422, "invalid");
    assert_eq!((screen.lines("decided", 1).len(), hub.recorder.openings()), (1, 1));

    // A key is its session's.
    let elsewhere = hub.signed_in("Пётр");
    assert_ne!(keyed(&elsewhere, "/api/visitors", "a", &visitor).expect(201)["entry"], first["entry"]);
    assert_eq!(screen.lines("decided", 2).len(), 2);

    let taxi = json!({"house": village.houses[0].to_string(), "kind": "taxi", "plate": "е001кх77"});
    let issued = keyed(&screen, "/api/passes", "b", &taxi).expect(201);
    assert_eq!(keyed(&screen, "/api/passes", "b", &taxi).expect(201), issued);
    let expected = screen.get("/api/expected?search=%D0%B5001%D0%BA%D1%85").expect(200);
    assert_eq!(expected["passes"].as_array().unwrap().len(), 1, "{expected}");
}

#[test]
fn who_asks_again_while_it_is_done_waits_for_the_same_answer() {
    let hub = TestHub::start();
    hub.settle();
    let screen = hub.signed_in("Семён");
    let answers: Vec<Value> = std::thread::scope(|scope| {
        let open = || keyed(&screen, "/api/gates/main/open", "twice", &json!({"lane": "in"})).expect(201);
        let all: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    screen.lines("commanded", 1);
    assert_eq!((screen.lines("decided", 1).len(), hub.recorder.openings()), (1, 1));
}

#[test]
fn what_was_not_done_is_tried_again() {
    let hub = TestHub::start();
    let village = hub.settle();
    let screen = hub.signed_in("Семён");
    let by_plate = json!({"lane": "in", "plate": "е001кх77"});
    keyed(&screen, "/api/gates/main/open", "c", &by_plate).refused(409, "not-opened");
    let taxi = json!({"house": village.houses[0].to_string(), "kind": "taxi", "plate": "е001кх77"});
    screen.post("/api/passes", &taxi).expect(201);
    keyed(&screen, "/api/gates/main/open", "c", &by_plate).expect(201);
}

#[test]
fn only_the_last_deeds_are_remembered() {
    let hub = TestHub::start();
    hub.settle();
    let screen = hub.signed_in("Семён");
    let written = |key: &str| {
        keyed(&screen, "/api/visitors", key, &json!({"name": "Почтальон"})).expect(201)["entry"].clone()
    };
    let first = written("0");
    for key in 1..64 {
        written(&key.to_string());
    }
    assert_eq!(written("0"), first);
    written("one more");
    assert_ne!(written("0"), first);
}
