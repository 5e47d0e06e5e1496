//! Who comes, who waits, and the guard's answer.

use dwellers_hub::reads::{Read, Strength};
use serde_json::json;

use crate::harness::{TestHub, read};
use crate::process::eventually;
use crate::settlement::NIVA;

const GUEST: &str = "К777ОР197";

fn entry(waiting: &serde_json::Value, end: &str) -> String {
    format!("/api/arrivals/{}/{end}", waiting["entry"].as_str().unwrap())
}

#[test]
fn a_car_on_the_list_is_let_in_and_stands_in_the_journal() {
    let hub = TestHub::start();
    hub.settle();
    let screen = hub.signed_in("Семён");
    hub.read("in", NIVA, Strength::Strong, &[]);
    screen.lines("commanded", 1);
    assert_eq!(hub.recorder.openings(), 1);
    let decided = &screen.lines("decided", 1)[0];
    assert_eq!((&decided["verdict"], &decided["reason"]), (&json!("open"), &json!("vehicle")));
    assert_eq!((&decided["plate_shown"], &decided["house_label"]), (&json!("А 123 ВС 77"), &json!("12")));
    assert_eq!(decided["gate_name"], "Главный въезд");
    let text = decided["text"].as_str().unwrap();
    assert!(text.contains("А 123 ВС 77") && text.contains("12"), "{text}");
    hub.recorder.pass();
    screen.lines("passed", 1);
    let arrivals = screen.get("/api/arrivals").expect(200);
    let outcome = arrivals["arrivals"][0]["outcome"].as_array().unwrap();
    let kinds: Vec<&str> = outcome.iter().map(|line| line["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["commanded", "seen_open", "passed"]);
    let inside = screen.get("/api/inside").expect(200);
    assert_eq!(inside["inside"][0]["plate_shown"], "А 123 ВС 77");
    assert_eq!(screen.get("/api/state").expect(200)["inside_count"], 1);
}

#[test]
fn a_middling_read_is_one_tap_and_uses_the_one_time_pass() {
    let hub = TestHub::start();
    let village = hub.settle();
    village.guest(GUEST, "Сантехник");
    let screen = hub.signed_in("Семён");
    // A letter was misread; what it may be stands beside.
    hub.read("in", "К777ОВ197", Strength::Middling, &[(GUEST, 0.41)]);
    let waiting = screen.waiting();
    assert_eq!(waiting["plate_shown"], "К 777 ОВ 197");
    let candidate = &waiting["candidates"][0];
    assert_eq!(
        (&candidate["plate_shown"], &candidate["house_label"]),
        (&json!("К 777 ОР 197"), &json!("12"))
    );
    assert_eq!(candidate["verdict"], "open");
    assert_eq!(hub.recorder.pulses(), [], "a middling read opens nothing");

    let opened = screen.post(&entry(&waiting, "open"), &json!({"candidate": candidate["plate"]})).expect(201);
    assert_eq!((&opened["verdict"], &opened["reason"]), (&json!("open"), &json!("pass")));
    assert_eq!((&opened["house_label"], &opened["name"]), (&json!("12"), &json!("Сантехник")));
    screen.lines("commanded", 1);
    assert_eq!(hub.recorder.openings(), 1);
    assert!(screen.get("/api/state").expect(200)["waiting"].as_array().unwrap().is_empty());
    screen.post(&entry(&waiting, "open"), &json!({})).refused(409, "nobody-waits");
    hub.recorder.pass();
    screen.lines("passed", 1);

    // Another car with the same pass is refused, also where the guard taps; the guard may insist, in their own name.
    hub.read("in", "К777ОВ197", Strength::Middling, &[(GUEST, 0.41)]);
    let second = screen.waiting();
    let refused =
        screen.post(&entry(&second, "open"), &json!({"candidate": GUEST})).refused(409, "not-opened");
    let decision = &refused["decision"];
    assert_eq!((&decision["verdict"], &decision["reason"]), (&json!("refuse"), &json!("used_up")));
    assert_eq!(hub.recorder.openings(), 1);
    assert_eq!(screen.waiting()["entry"], second["entry"], "whoever was not let in waits on");
    let insisted =
        screen.post(&entry(&second, "open"), &json!({"candidate": GUEST, "insist": true})).expect(201);
    assert_eq!(insisted["reason"], "guard");
    eventually("the guard's word opens", || (hub.recorder.openings() == 2).then_some(()));
    assert_eq!(screen.get("/api/journal/check").expect(200)["whole"], true);
}

#[test]
fn a_strong_read_too_near_another_known_car_is_one_tap() {
    let hub = TestHub::start();
    let village = hub.settle();
    let near = "А128ВС77";
    village.guest(near, "Тётя Маша");
    let screen = hub.signed_in("Семён");
    let strong = |others: &[(&str, f32)]| hub.read("in", NIVA, Strength::Strong, others);
    strong(&[(near, 0.02)]);
    let waiting = screen.waiting();
    assert_eq!((&waiting["reason"], &waiting["verdict"]), (&json!("weak_reading"), &json!("ask")));
    let taps: Vec<_> = waiting["candidates"].as_array().unwrap().iter().map(|tap| &tap["plate"]).collect();
    assert_eq!(taps, ["A123BC77", "A128BC77"]);
    assert_eq!(hub.recorder.pulses(), [], "one of two neighbours");
    // What nobody knows is no car that it may be, and what is far behind is none either.
    strong(&[("А129ВС77", 0.02), (near, 0.001)]);
    screen.lines("commanded", 1);
    assert!(screen.get("/api/state").expect(200)["waiting"].as_array().unwrap().is_empty());
}

#[test]
fn a_better_read_of_a_car_takes_the_place_of_the_first() {
    let hub = TestHub::start();
    hub.settle();
    let screen = hub.signed_in("Семён");
    hub.read("in", "А128ВС77", Strength::Middling, &[(NIVA, 0.3)]);
    let first = screen.waiting();
    let better = Read { instead_of: Some("А128ВС77".into()), ..read("in", "Е001КХ77") };
    hub.offer(better);
    let second = eventually("the better read waits", || {
        let waiting = screen.get("/api/state").expect(200)["waiting"].as_array().unwrap().clone();
        (waiting.len() == 1 && waiting[0]["plate"] == "E001KX77").then(|| waiting[0].clone())
    });
    assert_ne!(first["entry"], second["entry"]);
    let line = screen.lines("decided", 2)[0].clone();
    assert_eq!((&line["id"], &line["about"]), (&second["entry"], &first["entry"]));
    hub.offer(Read { instead_of: Some("Е001КХ77".into()), ..read("in", NIVA) });
    screen.lines("commanded", 1);
    assert!(screen.get("/api/state").expect(200)["waiting"].as_array().unwrap().is_empty());
    assert_eq!(screen.get("/api/arrivals").expect(200)["arrivals"].as_array().unwrap().len(), 1, "one car");
}

#[test]
fn a_poor_read_is_written_down_and_nobody_is_asked() {
    let hub = TestHub::start();
    hub.settle();
    let screen = hub.signed_in("Семён");
    let crop = Some([&[0xff, 0xd8, 0xff, 0xe0], [7; 50].as_slice()].concat());
    // Not even where everybody may go out, or where it seems to be a car of the house.
    hub.offer(Read { strength: Strength::Refused, crop, ..read("in", NIVA) });
    let line = screen.lines("decided", 1)[0].clone();
    assert_eq!((&line["verdict"], &line["reason"]), (&json!("refuse"), &json!("weak_reading")));
    assert_eq!((&line["plate"], &line["lane"]), (&json!("A123BC77"), &json!("in")));
    assert_eq!(line["crop"].as_str().unwrap().len(), 64);
    assert_eq!(line["direction"], "entry");
    assert_eq!(hub.recorder.pulses(), []);
    assert!(screen.get("/api/state").expect(200)["waiting"].as_array().unwrap().is_empty());
    assert!(screen.get("/api/arrivals").expect(200)["arrivals"].as_array().unwrap().is_empty());
    assert_eq!(screen.get("/api/journal/check").expect(200)["whole"], true);
}

#[test]
fn a_pass_is_known_by_name() {
    let hub = TestHub::start();
    let village = hub.settle();
    let pass = village.guest("", "Тётя Маша");
    let screen = hub.signed_in("Семён");
    hub.read("in", "Е001КХ77", Strength::Strong, &[]);
    let waiting = screen.waiting();
    assert_eq!(waiting["reason"], "unknown");
    let body = json!({"pass": pass.to_string(), "note": "Узнал в лицо"});
    let opened = screen.post(&entry(&waiting, "open"), &body).expect(201);
    assert_eq!((&opened["reason"], &opened["name"]), (&json!("pass"), &json!("Тётя Маша")));
    screen.lines("commanded", 1);
    let by_guard = screen.lines("decided", 2);
    assert_eq!((&by_guard[0]["note"], &by_guard[0]["guard"]), (&json!("Узнал в лицо"), &json!("Семён")));
    assert_eq!(by_guard[0]["about"], waiting["entry"]);
    screen.post("/api/gates/main/open", &json!({"pass": pass.to_string()})).refused(409, "not-opened");
}

#[test]
fn the_guard_opens_on_their_own_word() {
    let hub = TestHub::start();
    hub.settle();
    let screen = hub.signed_in("Семён");
    hub.read("in", "Е001КХ77", Strength::Strong, &[]);
    let waiting = screen.waiting();
    let opened = screen.post(&entry(&waiting, "open"), &json!({})).expect(201);
    assert_eq!((&opened["reason"], &opened["plate_shown"]), (&json!("guard"), &json!("Е 001 КХ 77")));
    screen.lines("commanded", 1);
    assert_eq!(hub.recorder.openings(), 1);
}

#[test]
fn the_guard_sends_somebody_away_with_a_reason() {
    let hub = TestHub::start();
    let village = hub.settle();
    village.ban("Т666ЕР77");
    let screen = hub.signed_in("Семён");
    hub.read("in", "Т666ЕР77", Strength::Strong, &[]);
    let waiting = screen.waiting();
    assert_eq!((&waiting["verdict"], &waiting["reason"]), (&json!("refuse"), &json!("banned")));
    let body = json!({"reason": "Запрещён въезд"});
    screen.post(&entry(&waiting, "refuse"), &body).expect(201);
    let refused = &screen.lines("refused_by_guard", 1)[0];
    assert_eq!((&refused["note"], &refused["guard"]), (&json!("Запрещён въезд"), &json!("Семён")));
    assert_eq!((&refused["about"], &refused["plate_shown"]), (&waiting["entry"], &json!("Т 666 ЕР 77")));
    assert!(screen.get("/api/state").expect(200)["waiting"].as_array().unwrap().is_empty());
    screen.post(&entry(&waiting, "refuse"), &body).refused(409, "nobody-waits");
    assert_eq!(hub.recorder.pulses(), []);
}

#[test]
fn an_arrival_that_is_none_is_not_answered() {
    let hub = TestHub::start();
    hub.settle();
    let screen = hub.signed_in("Семён");
    screen.post("/api/arrivals/nonsense/open", &json!({})).refused(404, "not-found");
    let nobody = dwellers_replica::RecordId::new(1, 1);
    for end in ["open", "refuse", "ask"] {
        screen.post(&format!("/api/arrivals/{nobody}/{end}"), &json!({})).refused(409, "nobody-waits");
    }
    screen.get("/api/arrivals?limit=many").refused(422, "unexpected");
}

#[test]
fn a_picture_comes_with_its_arrival() {
    let hub = TestHub::start();
    hub.settle();
    let screen = hub.signed_in("Семён");
    let picture = [&[0xff, 0xd8, 0xff, 0xe0], [7; 500].as_slice()].concat();
    let mut arrival = read("in", "Е001КХ77");
    arrival.crop = Some(picture.clone());
    hub.offer(arrival);
    let hash = screen.waiting()["crop"].as_str().unwrap().to_owned();
    assert_eq!(hash, dwellers_hub::crops::Crops::hash(&picture));
    let shown = eventually("the picture is written", || {
        let shown = screen.get(&format!("/api/crops/{hash}"));
        (shown.status == 200).then_some(shown)
    });
    assert_eq!(shown.header("content-type"), "image/jpeg");
    assert_eq!(shown.header("cache-control"), "private, max-age=31536000, immutable");
    assert_eq!(shown.header("content-length"), picture.len().to_string());
    for other in ["..%2f..%2fstore.db", &"0".repeat(64), "x"] {
        screen.get(&format!("/api/crops/{other}")).refused(404, "not-found");
    }
}

#[test]
fn everything_is_told_in_the_callers_language() {
    let hub = TestHub::start();
    hub.settle();
    let mut screen = hub.signed_in("Семён");
    hub.read("in", "Е001КХ77", Strength::Strong, &[]);
    let check = |screen: &crate::harness::Screen, reason: &str, gate: &str, came: &str| {
        assert_eq!(screen.waiting()["reason_text"], reason);
        assert_eq!(screen.get("/api/state").expect(200)["gates"][0]["kind_text"], gate);
        let text = screen.lines("decided", 1)[0]["text"].as_str().unwrap().to_owned();
        assert!(text.starts_with(came), "{text}");
    };
    check(&screen, "Е 001 КХ 77 нет в списках", "Шлагбаум", "Решает охранник");
    screen.language = "en";
    check(&screen, "Е 001 КХ 77 is not on the list", "Barrier", "The guard decides");
}
