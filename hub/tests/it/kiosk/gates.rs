//! The guard's word to a gate, visitors by hand, and the whole with a barrier that is a process of its own.

use dwellers::passes::Terms;
use dwellers_hub::barrier::What;
use serde_json::{Value, json};

use crate::harness::{Making, TestHub};
use crate::process::{Barrier, eventually};

fn gate(screen: &crate::harness::Screen) -> Value {
    screen.get("/api/state").expect(200)["gates"][0].clone()
}

#[test]
fn the_guard_opens_closes_holds_and_releases() {
    let hub = TestHub::start();
    hub.settle();
    let screen = hub.signed_in("Семён");
    let opened = screen.post("/api/gates/main/open", &json!({"lane": "in", "note": "Скорая"})).expect(201);
    assert_eq!((&opened["verdict"], &opened["reason"]), (&json!("open"), &json!("guard")));
    let commanded = screen.lines("commanded", 1);
    assert_eq!(commanded[0]["about"], opened["entry"]);
    eventually("it is seen open", || (gate(&screen)["status"]["position"] == "open").then_some(()));
    assert_eq!(gate(&screen)["status_text"], "Открыто");

    screen.post("/api/gates/main/hold", &json!({})).expect(202);
    eventually("it is held", || hub.recorder.is_held().then_some(()));
    assert_eq!(gate(&screen)["status"]["hold"]["guard"], "Семён");
    screen.lines("hold_began", 1);
    screen.send("POST", "/api/gates/main/release", &[], None).expect(202);
    eventually("it is let go", || (!hub.recorder.is_held()).then_some(()));
    screen.lines("hold_ended", 1);
    screen.post("/api/gates/main/close", &json!({})).expect(202);
    eventually("it is seen closed", || (gate(&screen)["status"]["position"] == "closed").then_some(()));
    for word in ["open", "close", "hold", "release"] {
        screen.post(&format!("/api/gates/none/{word}"), &json!({})).refused(404, "not-found");
    }
    screen.post("/api/gates/main/open", &json!({"lane": "side"})).refused(404, "not-found");
}

#[test]
fn a_code_opens_as_often_as_its_pass_says() {
    let hub = TestHub::start();
    let village = hub.settle();
    let now_ms = hub.service.clock.now().ms;
    let terms = Terms::Event { from_ms: now_ms - 60_000, until_ms: now_ms + 3_600_000, entries: 2 };
    let (_, code) = village.pass("", "День рождения", terms, true);
    let screen = hub.signed_in("Семён");
    let open = |code: &str| screen.post("/api/gates/main/open", &json!({"lane": "in", "code": code}));
    for left in [1, 0] {
        assert_eq!(open(&code).expect(201)["reason"], "pass");
        screen.lines("commanded", 2 - left);
    }
    assert_eq!(open(&code).refused(409, "not-opened")["decision"]["reason"], "used_up");
    assert_eq!(open("0000000").refused(409, "not-opened")["decision"]["reason"], "unknown");
    assert_eq!(hub.recorder.openings(), 2);
    let by_plate = screen.post("/api/gates/main/open", &json!({"plate": "а123вс 77"})).expect(201);
    assert_eq!((&by_plate["reason"], &by_plate["house_label"]), (&json!("vehicle"), &json!("12")));
    let banned = "Т666ЕР77";
    village.ban(banned);
    let refused = screen.post("/api/gates/main/open", &json!({"plate": banned})).refused(409, "not-opened");
    assert_eq!(refused["decision"]["reason"], "banned");
    assert_eq!(refused["detail"], refused["decision"]["text"], "the screen shows why");
    let insisted = screen.post("/api/gates/main/open", &json!({"plate": banned, "insist": true})).expect(201);
    assert_eq!((&insisted["reason"], &insisted["plate_shown"]), (&json!("guard"), &json!("Т 666 ЕР 77")));
    screen.post("/api/gates/main/open", &json!({"card": "00a1"})).refused(409, "not-opened");
}

#[test]
fn a_visitor_is_written_down_and_let_in_where_asked() {
    let hub = TestHub::start();
    let village = hub.settle();
    let screen = hub.signed_in("Семён");
    let house = village.houses[1].to_string();
    let on_foot = json!({"name": "Почтальон", "house": house, "gate": "main", "note": "Пешком"});
    assert_eq!(screen.post("/api/visitors", &on_foot).expect(201)["decision"], Value::Null);
    let line = &screen.lines("visitor", 1)[0];
    assert_eq!((&line["name"], &line["house_label"]), (&json!("Почтальон"), &json!("14")));
    assert_eq!((&line["guard"], &line["note"]), (&json!("Семён"), &json!("Пешком")));
    assert_eq!(hub.recorder.pulses(), []);
    let by_car =
        json!({"name": "Мастер", "plate": "м 001 мм 77", "house": house, "gate": "main", "open": true});
    let written = screen.post("/api/visitors", &by_car).expect(201);
    let opened = &written["decision"];
    assert_eq!(written["entry"], opened["entry"]);
    assert_eq!((&opened["plate_shown"], &opened["house_label"]), (&json!("М 001 ММ 77"), &json!("14")));
    screen.lines("commanded", 1);
    for (body, field) in [
        (json!({"name": " "}), "name"),
        (json!({"name": "А", "open": true}), "gate"),
        (json!({"name": "А".repeat(300)}), "name"),
        (json!({"name": "А", "note": "а\u{7}"}), "note"),
        (json!({"plate": "А".repeat(17), "name": ""}), "plate"),
        (json!({"name": "А", "lane": "in"}), "gate"),
    ] {
        assert_eq!(screen.post("/api/visitors", &body).refused(422, "invalid")["field"], field);
    }
    let nowhere = dwellers_replica::RecordId::new(1, 1).to_string();
    screen.post("/api/visitors", &json!({"name": "А", "house": nowhere})).refused(404, "not-found");
    screen.post("/api/gates/main/open", &json!({"house": nowhere})).refused(404, "not-found");
    let no_lane = json!({"name": "А", "gate": "main", "lane": "п".repeat(9_000)});
    screen.post("/api/visitors", &no_lane).refused(404, "not-found");
    let note = json!({"note": "а".repeat(201)});
    assert_eq!(screen.post("/api/gates/main/open", &note).refused(422, "invalid")["field"], "note");
    assert_eq!(hub.recorder.openings(), 1);
}

#[test]
fn a_real_barrier_moves() {
    let barrier = Barrier::start(&[]);
    let hub = TestHub::make(Making { barrier: Some(barrier.socket()), ..Making::default() });
    hub.settle();
    let screen = hub.signed_in("Семён");
    eventually("the barrier is there", || (gate(&screen)["status"]["connected"] == true).then_some(()));
    screen.post("/api/gates/main/open", &json!({"lane": "in"})).expect(201);
    screen.lines("commanded", 1);
    screen.lines("seen_open", 1);
    let happened = barrier.happened();
    let energised = happened.iter().filter(|what| matches!(what, What::Energised { .. })).count();
    assert_eq!(energised, 1, "{happened:?}");
    drop(hub);
    eventually("its relays are off", || {
        let state = barrier.state();
        (state.open.is_none() && state.close.is_none()).then_some(())
    });
}
