//! What one was told, and how one wants to be told.

use std::time::{Duration, Instant};

use dwellers::people::{PlaceKind, Role};
use dwellers_cloud::clock::now;
use serde_json::{Value, json};

use crate::town::{Browser, Town, Village};

/// A browser's keys; nobody has the secret one.
const P256DH: &str =
    "BLn9b-VR0ca83knDNZ32dCHGyjJp-1riX9ZTN40MqV8K_LpQmLqxC_DoHvqvFXO_nGdAB4W9dogZb_sM-uV4JbY";
const AUTH: &str = "_ordMnz7uTCmrpBTeUV4Bw";

fn subscription(nth: usize) -> Value {
    let endpoint = format!("https://push.example.org/to/{nth}");
    json!({ "endpoint": endpoint, "expirationTime": null, "keys": { "p256dh": P256DH, "auth": AUTH } })
}

/// What somebody was told, once there is something.
fn told(browser: &Browser, village: &Village) -> Vec<Value> {
    let begun = Instant::now();
    loop {
        let listed = browser.get(&village.path("/notifications")).ok();
        let listed = listed["notifications"].as_array().unwrap().clone();
        if !listed.is_empty() {
            return listed;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "nothing is told");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_person_says_how_they_want_to_be_told() {
    let (town, village) = Town::founded();
    let (anna, _) = village.resident("Анна", village.house("1"), PlaceKind::Owner);
    let browser = town.as_person(&village, anna);
    let path = village.path("/notifications/settings");
    let first = browser.get(&path).ok();
    assert_eq!(first["settings"]["channels"], json!(["telegram", "push", "email"]));
    assert_eq!(first["settings"]["quiet"], json!({ "from_minute": 1320, "until_minute": 480 }));
    assert_eq!((&first["settings"]["off"], &first["has_email"]), (&json!([]), &json!(false)));
    let mine = json!({ "channels": ["email"], "off": ["alarm", "arrival"], "quiet": null });
    let set = browser.put(&path, &mine).ok();
    assert_eq!(set, browser.get(&path).ok());
    assert_eq!(set["settings"], mine);
    let night = json!({ "from_minute": 1380, "until_minute": 420 });
    let other = browser.put(&path, &json!({ "channels": [], "off": [], "quiet": night })).ok();
    assert_eq!((&other["settings"]["quiet"], &other["settings"]["channels"]), (&night, &json!([])));
    // What makes no sense changes nothing.
    for (wrong, field) in [
        (json!({ "channels": ["email", "email"], "off": [] }), "channels"),
        (json!({ "channels": [], "off": ["alarm", "alarm"] }), "off"),
        (json!({ "channels": [], "off": [], "quiet": { "from_minute": 1440, "until_minute": 0 } }), "quiet"),
    ] {
        assert_eq!(browser.put(&path, &wrong).is(422, "invalid")["field"], field);
    }
    browser.put(&path, &json!({ "channels": ["pigeon"], "off": [] })).is(422, "unexpected");
    browser.put(&path, &json!({ "channels": [], "off": [], "more": 1 })).is(422, "unexpected");
    assert_eq!(browser.get(&path).ok(), other);
    // They are of one person.
    let (oleg, _) = village.resident("Олег", village.house("2"), PlaceKind::Owner);
    assert_eq!(town.as_person(&village, oleg).get(&path).ok()["settings"], first["settings"]);
}

#[test]
fn a_browser_is_told_until_it_is_not() {
    let (town, village) = Town::founded();
    let (anna, _) = village.resident("Анна", village.house("1"), PlaceKind::Owner);
    let (oleg, _) = village.resident("Олег", village.house("2"), PlaceKind::Owner);
    let (browser, other) = (town.as_person(&village, anna), town.as_person(&village, oleg));
    let path = village.path("/notifications/push");
    let key = browser.get(&format!("{path}/key")).ok()["key"].as_str().unwrap().to_owned();
    assert_eq!(key.len(), 87, "65 bytes in base64url");
    let browsers = |of: &Browser| {
        let settings = of.get(&village.path("/notifications/settings")).ok();
        settings["browsers"].as_array().unwrap().clone()
    };
    let first = browser.post(&path, &subscription(0));
    assert_eq!(first.status, 201);
    let first = first.ok();
    assert_eq!(browsers(&browser), std::slice::from_ref(&first));
    // The same again is the same.
    let again = browser.post(&path, &subscription(0)).ok();
    assert_eq!((again["id"].clone(), browsers(&browser).len()), (first["id"].clone(), 1));
    // Ten are remembered: the oldest makes room.
    for nth in 1..=10 {
        browser.post(&path, &subscription(nth)).ok();
    }
    let known = browsers(&browser);
    assert_eq!(known.len(), 10);
    assert!(!known.iter().any(|one| one["id"] == first["id"]));
    // It is nobody else's, until somebody else uses the browser.
    let one = format!("{path}/{}", known[0]["id"].as_str().unwrap());
    other.delete(&one).is(404, "not-found");
    other.delete(&format!("{path}/key")).is(405, "method-not-allowed");
    other.post(&path, &subscription(10)).ok();
    assert_eq!((browsers(&browser).len(), browsers(&other).len()), (9, 1));
    browser.delete(&one).ok();
    browser.delete(&one).is(404, "not-found");
    assert_eq!(browsers(&browser).len(), 8);
}

#[test]
fn a_subscription_that_leads_elsewhere_is_refused() {
    let (town, village) = Town::founded();
    let (anna, _) = village.resident("Анна", village.house("1"), PlaceKind::Owner);
    let browser = town.as_person(&village, anna);
    let path = village.path("/notifications/push");
    for endpoint in [
        "http://push.example.org/1",
        "https://127.0.0.1/1",
        "https://[::1]/1",
        "https://10.0.0.1/1",
        "https://localhost/1",
        "https://push.example.org:8443/1",
        "https://me:pw@push.example.org/1",
        "file:///etc/passwd",
        "",
    ] {
        let wrong = json!({ "endpoint": endpoint, "keys": { "p256dh": P256DH, "auth": AUTH } });
        assert_eq!(browser.post(&path, &wrong).is(422, "invalid")["field"], "endpoint", "{endpoint}");
    }
    for (p256dh, auth, field) in [("x", AUTH, "p256dh"), (P256DH, "AAAA", "auth"), (AUTH, AUTH, "p256dh")] {
        let wrong =
            json!({ "endpoint": "https://push.example.org/1", "keys": { "p256dh": p256dh, "auth": auth } });
        let refused = browser.post(&path, &wrong).is(422, "invalid");
        assert_eq!((&refused["field"], &refused["why"]), (&json!(field), &json!("not-a-subscription")));
    }
    browser.post(&path, &json!({ "endpoint": "https://push.example.org/1" })).is(422, "unexpected");
}

#[test]
fn what_somebody_was_told_is_there_to_be_read() {
    let (town, village) = Town::founded();
    let anna = village.officer("Анна", Role::Guard);
    let browser = town.as_person(&village, anna);
    let listed = told(&browser, &village);
    assert_eq!(listed.len(), 1);
    let one = &listed[0];
    assert_eq!((&one["kind"], &one["read"]), (&json!("right"), &json!(false)));
    assert_eq!((&one["title"], &one["text"]), (&json!("Your rights"), &json!("You have a new role: Guard")));
    let russian =
        browser.ask("GET", &village.path("/notifications"), &[("accept-language", "ru")], None).ok();
    assert_eq!(russian["notifications"][0]["text"], "У вас новая роль: Охранник");
    // Others neither see it nor mark it.
    let (oleg, place) = village.resident("Олег", village.house("2"), PlaceKind::Owner);
    let other = town.as_person(&village, oleg);
    let read = village.path("/notifications/read");
    other.post(&read, &json!({ "ids": [one["id"]] })).ok();
    assert!(told(&other, &village).iter().all(|his| his["id"] != one["id"]));
    assert_eq!(told(&browser, &village)[0]["read"], false);
    browser.post(&read, &json!({ "ids": [one["id"], village.community.id] })).ok();
    assert_eq!(told(&browser, &village)[0]["read"], true);
    let many = vec![one["id"].clone(); 101];
    assert_eq!(browser.post(&read, &json!({ "ids": many })).is(422, "invalid")["field"], "ids");
    browser.get(&village.path("/notifications?after=x")).is(422, "invalid");
    // Who was somebody there reads on what they were told; nobody else does.
    village.revoke(village.officer("Ольга", Role::Administrator), place);
    assert!(!told(&other, &village).is_empty());
    other.get(&village.path("/notifications/settings")).is(404, "not-found");
    town.nobody().0.get(&village.path("/notifications")).is(404, "not-found");
}

#[test]
fn a_page_of_many_goes_on_where_the_one_before_ended() {
    use dwellers_cloud::notify::{Message, State};
    use dwellers_replica::{Open, Writes};
    let (town, village) = Town::founded();
    let anna = village.person("Анна");
    let browser = town.as_person(&village, anna);
    for nth in (0..120_u64).collect::<Vec<_>>().chunks(20) {
        let mut writes = Writes::new();
        for nth in nth {
            let cause = format!("test {nth}");
            let id = Message::id(&cause, anna);
            let (text, state) = ("told-too-late".to_owned(), Open::Known(State::Told));
            let made_ms = now().ms + nth;
            writes.create(id, &Message { cause, person: anna, text, state, made_ms, ..Message::default() });
        }
        village.community.store.commit(now(), writes).unwrap();
    }
    let (mut seen, mut path) = (Vec::new(), village.path("/notifications"));
    loop {
        let page = browser.get(&path).ok();
        seen.extend(
            page["notifications"].as_array().unwrap().iter().map(|one| one["made_ms"].as_u64().unwrap()),
        );
        let Some(next) = page["next"].as_str() else { break };
        path = village.path(&format!("/notifications?after={next}"));
    }
    assert_eq!(seen.len(), 120);
    assert!(seen.is_sorted_by(|a, b| a > b), "the latest first");
}

#[test]
fn administrators_see_what_did_not_reach_people() {
    use dwellers_cloud::notify::{Channel, Delivery, Message, Stage, State};
    use dwellers_replica::{Open, Writes};
    let (town, village) = Town::founded();
    let olga = village.officer("Ольга", Role::Administrator);
    let (anna, _) = village.resident("Анна", village.house("1"), PlaceKind::Owner);
    let delivery = |channel, stage| Delivery {
        channel: Open::Known(channel),
        stage: Open::Known(stage),
        tries: 1,
        ..Delivery::default()
    };
    let mut writes = Writes::new();
    for (cause, state, made_ms, deliveries) in [
        (
            "a",
            State::Told,
            now().ms,
            vec![delivery(Channel::Push, Stage::Failed), delivery(Channel::Email, Stage::Sent)],
        ),
        ("b", State::Unknown, now().ms, vec![delivery(Channel::Email, Stage::Unknown)]),
        ("c", State::Unreachable, now().ms, vec![]),
        ("d", State::Stale, now().ms, vec![]),
        ("f", State::Unknown, now().ms, vec![delivery(Channel::Telegram, Stage::Unknown)]),
        ("g", State::Told, now().ms, vec![delivery(Channel::Telegram, Stage::Sent)]),
        ("e", State::Failed, 1, vec![delivery(Channel::Email, Stage::Failed)]),
    ] {
        let message = Message {
            cause: cause.to_owned(),
            person: anna,
            state: Open::Known(state),
            made_ms,
            deliveries,
            ..Message::default()
        };
        writes.create(Message::id(cause, anna), &message);
    }
    village.community.store.commit(now(), writes).unwrap();
    let path = village.path("/notifications/failures");
    let counted = town.as_person(&village, olga).get(&path).ok();
    assert_eq!(
        counted["channels"],
        json!([
            { "channel": "telegram", "sent": 1, "failed": 0, "unknown": 1 },
            { "channel": "push", "sent": 0, "failed": 1, "unknown": 0 },
            { "channel": "email", "sent": 1, "failed": 0, "unknown": 1 },
        ])
    );
    assert_eq!((&counted["stale"], &counted["more"]), (&json!(1), &json!(false)));
    assert!(counted["unreachable"].as_u64().unwrap() >= 1);
    town.as_person(&village, anna).get(&path).is(403, "not-allowed");
}
