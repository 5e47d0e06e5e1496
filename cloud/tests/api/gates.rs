//! Gates: who may open which, and what becomes of it.

use std::sync::Barrier;
use std::thread;

use dwellers::journal::{Entry, Kind};
use dwellers::people::{PlaceKind, Role};
use dwellers_link::wire::Stage;
use dwellers_replica::Open;
use serde_json::{Value, json};

use crate::hub::{Hub, eventually};
use crate::stream::Stream;
use crate::town::{Browser, Town, Village};

fn resident(town: &Town, village: &Village) -> Browser {
    let house = village.house("1");
    town.as_person(village, village.resident("Иван", house, PlaceKind::Owner).0)
}

fn names(listed: &Value) -> Vec<&str> {
    listed["gates"].as_array().unwrap().iter().map(|gate| gate["name"].as_str().unwrap()).collect()
}

#[test]
fn everybody_sees_the_gates_that_they_may_open_and_how_they_stand() {
    let (town, village) = Town::founded();
    let hub = Hub::connected(&town, &village);
    let ivan = resident(&town, &village);
    let gates = village.path("/gates");
    let listed = ivan.get(&gates).ok();
    assert_eq!(names(&listed), ["Главный въезд", "Калитка"]);
    let main = &listed["gates"][0];
    assert_eq!((&main["is_here"], &main["seen"]), (&json!(true), &json!(null)));
    assert_eq!(main["lanes"][0], json!({ "key": "in", "direction": "entry", "direction_text": "Entry" }));
    let guard = town.as_person(&village, village.officer("Пётр", Role::Guard));
    assert_eq!(names(&guard.get(&gates).ok()).len(), 3);
    // What was last seen of it; another gate's is another's.
    let seen = |gate, kind| {
        hub.told(Entry { gate: Some(hub.gate(gate)), kind: Open::Known(kind), ..Entry::default() })
    };
    seen("main", Kind::SeenOpen);
    seen("main", Kind::SeenClosed);
    seen("wicket", Kind::SeenOpen);
    let listed = ivan.get(&gates).ok();
    assert_eq!(listed["gates"][0]["seen"]["kind"], "seen_closed");
    assert_eq!(listed["gates"][1]["seen"]["text"], "Opened");
    hub.disconnect();
    eventually("it is away", || ivan.get(&gates).ok()["gates"][0]["is_here"] == json!(false));
}

#[test]
fn a_gate_is_opened_and_what_becomes_of_it_is_told() {
    let (town, village) = Town::founded();
    let hub = Hub::connected(&town, &village);
    let (person, _) = village.resident("Иван", village.house("1"), PlaceKind::Owner);
    let ivan = town.as_person(&village, person);
    let open = village.path(&format!("/gates/{}/open", hub.gate("main")));
    let pressed = ivan.post(&open, &json!({}));
    assert_eq!(pressed.status, 202);
    let pressed = pressed.ok();
    assert_eq!((&pressed["state"], &pressed["is_over"]), (&json!("sent"), &json!(false)));
    let one = village.path(&format!("/openings/{}", pressed["id"].as_str().unwrap()));
    let stream = Stream::open(&ivan, &town.at, &format!("{one}/events"), None);
    assert_eq!(stream.next().data["state"], "sent");
    eventually("the hub was told", || hub.commands().len() == 1);
    let command = hub.commands().remove(0);
    assert_eq!((command.person, command.gate, command.lane.as_str()), (person, hub.gate("main"), "in"));
    assert_eq!(command.id.to_string(), pressed["id"].as_str().unwrap());
    hub.tell(command.id, Stage::Commanded);
    assert_eq!(stream.next().data["state"], "decided");
    hub.tell(command.id, Stage::SeenOpen);
    let opened = stream.next();
    assert_eq!((opened.event.as_str(), &opened.data["state"]), ("opening", &json!("opened")));
    assert_eq!((&opened.data["text"], &opened.data["is_over"]), (&json!("Opened"), &json!(true)));
    stream.ends();
    // Who asks later is told the same, and nobody else is.
    assert_eq!(ivan.get(&one).ok()["state"], "opened");
    let guard = town.as_person(&village, village.officer("Пётр", Role::Guard));
    guard.get(&one).is(404, "not-found");
    guard.get(&format!("{one}/events")).is(404, "not-found");
}

#[test]
fn why_it_does_not_open_is_said() {
    let (town, village) = Town::founded();
    let hub = Hub::connected(&town, &village);
    let guard = town.as_person(&village, village.officer("Пётр", Role::Guard));
    let open = village.path(&format!("/gates/{}/open", hub.gate("yard")));
    let refused = |word: &str| Stage::Refused(word.to_owned());
    for (stages, state, text) in [
        (vec![refused("banned")], "refused", "Must not be let in"),
        (
            vec![refused("too_late")],
            "refused",
            "It came to the gatehouse too late and was not done, press again",
        ),
        (vec![refused("whatever")], "refused", "The gatehouse did not open"),
        (vec![Stage::Commanded, Stage::Failed], "failed", "It could not be opened"),
        (vec![Stage::Commanded, Stage::NothingSeen], "not_seen", "Told to open; nobody saw whether it did"),
    ] {
        hub.says(&stages);
        let pressed = pressed(&guard, &open);
        let one = village.path(&format!("/openings/{}", pressed["id"].as_str().unwrap()));
        eventually(state, || guard.get(&one).ok()["state"] == json!(state));
        assert_eq!(guard.get(&one).ok()["text"], text);
    }
    // The line is gone before its end: nobody knows.
    hub.says(&[Stage::Commanded]);
    let pressed = pressed(&guard, &open);
    let one = village.path(&format!("/openings/{}", pressed["id"].as_str().unwrap()));
    eventually("decided", || guard.get(&one).ok()["state"] == "decided");
    hub.disconnect();
    eventually("unknown", || guard.get(&one).ok()["state"] == "unknown");
}

/// Pressed, as soon as the hub takes a command: it hands its challenges out one by one.
fn pressed(browser: &Browser, open: &str) -> Value {
    let mut pressed = browser.post(open, &json!({}));
    eventually("it takes a command", || {
        if pressed.status == 503 {
            pressed = browser.post(open, &json!({}));
        }
        pressed.status != 503
    });
    pressed.ok()
}

#[test]
fn nobody_opens_what_they_may_not_and_nothing_is_kept_for_later() {
    let (town, village) = Town::founded();
    let hub = Hub::connected(&town, &village);
    let ivan = resident(&town, &village);
    let open = |gate| village.path(&format!("/gates/{gate}/open"));
    ivan.post(&open(hub.gate("yard")), &json!({})).is(403, "not-allowed");
    ivan.post(&open(village.community.id), &json!({})).is(404, "not-found");
    ivan.post(&open(hub.gate("main")), &json!({ "lane": "nowhere" })).is(404, "not-found");
    let other = town.village("Берёзовка");
    let foreign = town.as_person(&other, other.officer("Олег", Role::Administrator));
    foreign.post(&open(hub.gate("main")), &json!({})).is(404, "not-found");
    foreign.post(&other.path(&format!("/gates/{}/open", hub.gate("main"))), &json!({})).is(404, "not-found");
    hub.disconnect();
    let key = [("idempotency-key", "one")];
    let away = || ivan.ask("POST", &open(hub.gate("main")), &key, Some(&json!({ "lane": "out" })));
    let gates = village.path("/gates");
    eventually("it is away", || ivan.get(&gates).ok()["gates"][0]["is_here"] == json!(false));
    assert_eq!(away().header("retry-after"), "10");
    away().is(503, "away");
    // It comes back, and nothing comes to it; who wants it still asks again, and may do so with their key.
    hub.connect();
    hub.learns::<dwellers::people::House>(village.house("9"));
    assert!(hub.commands().is_empty());
    eventually("it takes a command", || away().status == 202);
    eventually("the hub was told", || hub.commands().len() == 1);
    assert_eq!(hub.commands()[0].lane, "out");
}

#[test]
fn a_request_that_is_repeated_presses_once() {
    let (town, village) = Town::founded();
    let hub = Hub::connected(&town, &village);
    let (ivan, pyotr) = (resident(&town, &village), village.officer("Пётр", Role::Guard));
    hub.says(&[Stage::Commanded, Stage::SeenOpen]);
    let open = |gate| village.path(&format!("/gates/{}/open", hub.gate(gate)));
    let press = |gate| ivan.ask("POST", &open(gate), &[("idempotency-key", "one")], Some(&json!({})));
    eventually("it takes a command", || press("main").status == 202);
    let first = press("main").ok()["id"].clone();
    let gun = Barrier::new(8);
    thread::scope(|scope| {
        let press = || {
            gun.wait();
            press("main").ok()["id"].clone()
        };
        let all: Vec<_> = (0..8).map(|_| scope.spawn(press)).collect();
        assert!(all.into_iter().all(|one| one.join().unwrap() == first));
    });
    press("wicket").is(422, "key-used");
    // A key is its person's.
    let guard = town.as_person(&village, pyotr);
    let body = json!({});
    eventually("it takes a command", || {
        let pressed = guard.ask("POST", &open("main"), &[("idempotency-key", "one")], Some(&body));
        pressed.status == 202 && pressed.ok()["id"] != first
    });
    eventually("the hub was told", || hub.commands().len() == 2);
}

#[test]
fn a_key_presses_once_also_where_the_cloud_was_begun_anew() {
    let (mut town, village) = Town::founded();
    let hub = Hub::connected(&town, &village);
    let ivan = resident(&town, &village);
    let open = |gate| village.path(&format!("/gates/{}/open", hub.gate(gate)));
    let press = |gate, key| ivan.ask("POST", &open(gate), &[("idempotency-key", key)], Some(&json!({})));
    eventually("it takes a command", || press("main", "one").status == 202);
    let first = press("main", "one").ok();
    eventually("the hub was told", || hub.commands().len() == 1);
    hub.disconnect();
    town.restart();
    hub.connect();
    let again = press("main", "one").ok();
    assert_eq!((&again["id"], &again["at_ms"]), (&first["id"], &first["at_ms"]));
    assert_eq!((&again["state"], &again["is_over"]), (&json!("unknown"), &json!(true)));
    press("wicket", "one").is(422, "key-used");
    // The hub is there, and opens to who presses anew.
    eventually("it takes a command", || press("main", "two").status == 202);
    eventually("the hub was told", || hub.commands().len() == 2);
    assert_ne!(hub.commands()[1].id.to_string(), first["id"].as_str().unwrap());
}

#[test]
fn a_resident_opens_six_times_a_minute() {
    let (town, village) = Town::founded();
    let hub = Hub::connected(&town, &village);
    let ivan = resident(&town, &village);
    hub.says(&[Stage::Commanded, Stage::SeenOpen]);
    let open = village.path(&format!("/gates/{}/open", hub.gate("main")));
    let statuses: Vec<u16> = (0..20).map(|_| ivan.post(&open, &json!({})).status).collect();
    let often = statuses.iter().filter(|status| **status == 429).count();
    assert_eq!(often, 14, "{statuses:?}");
    let answer = ivan.post(&open, &json!({}));
    answer.is(429, "too-often");
    assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0);
    assert!(hub.commands().len() <= 6);
}
