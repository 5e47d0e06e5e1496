//! Signing in, staying, handing over.

use dwellers_hub::guards::Pin;
use serde_json::json;

use crate::harness::{PIN, Screen, TestHub};

fn try_pin(screen: &Screen, guard: dwellers_replica::RecordId, pin: &str) -> crate::harness::Response {
    screen.post("/api/session", &json!({"guard": guard.to_string(), "pin": pin}))
}

#[test]
fn a_guard_signs_in_and_out() {
    let hub = TestHub::start();
    let guard = hub.guard("Семён");
    let mut screen = hub.screen();
    assert_eq!(
        screen.get("/api/guards").expect(200),
        json!({"guards": [{"id": guard.to_string(), "name": "Семён"}]})
    );
    assert_eq!(screen.get("/api/session").expect(200), json!({"guard": null}));
    let response = try_pin(&screen, guard, PIN);
    assert_eq!(response.expect(201)["guard"]["name"], "Семён");
    let cookie = response.header("set-cookie");
    assert!(
        cookie.starts_with("dwellers_session=") && cookie.contains("; HttpOnly; SameSite=Strict"),
        "{cookie}"
    );
    screen.keep_cookie(&response);
    assert_eq!(screen.get("/api/session").expect(200)["guard"]["id"], guard.to_string());
    screen.get("/api/state").expect(200);
    screen.lines("shift_began", 1);

    let out = screen.delete("/api/session", &json!({}));
    out.expect(204);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    screen.get("/api/state").refused(401, "no-session");
    assert_eq!(screen.get("/api/session").expect(200), json!({"guard": null}));
    hub.signed_in("Пётр").lines("shift_ended", 1);
}

#[test]
fn wrong_pins_are_few() {
    let hub = TestHub::start();
    let (guard, other) = (hub.guard("Семён"), hub.guard("Пётр"));
    let screen = hub.screen();
    let nobody = dwellers_replica::RecordId::new(1, 1);
    try_pin(&screen, nobody, PIN).refused(401, "wrong-pin");
    let mut tries = 0;
    let locked = loop {
        let response = try_pin(&screen, guard, "9182");
        tries += 1;
        if response.status == 429 {
            break response;
        }
        response.refused(401, "wrong-pin");
        assert!(tries < 50, "tries have no end");
    };
    locked.refused(429, "locked");
    let wait: u64 = locked.header("retry-after").parse().unwrap();
    assert!((1..=24 * 3600).contains(&wait), "{wait}");
    try_pin(&screen, guard, PIN).refused(429, "locked");
    try_pin(&screen, other, PIN).expect(201);

    let hub = hub.restart();
    try_pin(&hub.screen(), guard, PIN).refused(429, "locked");
    try_pin(&hub.screen(), other, PIN).expect(201);
}

#[test]
fn a_session_ends_with_the_process_and_with_its_guard() {
    let hub = TestHub::start();
    let screen = hub.signed_in("Семён");
    let now = hub.service.clock.now();
    screen.get("/api/state").expect(200);
    hub.service.operations.guards.remove("Семён", now).unwrap();
    screen.get("/api/state").refused(401, "no-session");

    let before = hub.signed_in("Пётр");
    let hub = hub.restart();
    let mut after = hub.screen();
    after.cookie = before.cookie;
    after.get("/api/state").refused(401, "no-session");
}

#[test]
fn a_made_up_cookie_is_no_session() {
    let hub = TestHub::start();
    let real = hub.signed_in("Семён");
    let secret = real.cookie.clone().unwrap();
    for cookie in
        ["dwellers_session=", "dwellers_session=00", &format!("{secret}0"), &format!("{secret}; {secret}")]
    {
        let mut screen = hub.screen();
        screen.cookie = Some(cookie.to_owned());
        screen.get("/api/state").refused(401, "no-session");
    }
}

#[test]
fn a_pin_that_needs_setting_anew_is_said_to_be_so() {
    let hub = TestHub::start();
    let guard = hub.guard("Семён");
    let guards = &hub.service.operations.guards;
    guards.reset_pin("Семён", &Pin::new("4071").unwrap(), hub.service.clock.now(), 1).unwrap();
    try_pin(&hub.screen(), guard, PIN).refused(401, "wrong-pin");
    try_pin(&hub.screen(), guard, "4071").expect(201);
}

#[test]
fn the_next_guard_takes_over_with_a_note() {
    let hub = TestHub::start();
    let mut screen = hub.signed_in("Семён");
    let next = hub.guard("Пётр");
    let hand_over = |screen: &Screen, pin: &str| {
        let body = json!({"guard": next.to_string(), "pin": pin, "note": "Ждём бетон на дом 12"});
        screen.post("/api/shift/handover", &body)
    };
    hand_over(&screen, "9182").refused(401, "wrong-pin");
    screen.get("/api/state").expect(200);
    let before = screen.clone();
    let response = hand_over(&screen, PIN);
    assert_eq!(response.expect(201)["guard"]["name"], "Пётр");
    screen.keep_cookie(&response);
    before.get("/api/state").refused(401, "no-session");
    let ended = screen.lines("shift_ended", 1);
    assert_eq!((&ended[0]["guard"], &ended[0]["note"]), (&json!("Семён"), &json!("Ждём бетон на дом 12")));
    screen.lines("shift_began", 2);
    let shift = screen.get("/api/shift").expect(200);
    assert_eq!(shift["guard"]["name"], "Пётр");
    assert_eq!(shift["on_duty"].as_array().unwrap().len(), 1);
    assert_eq!(shift["handed_over"][0]["note"], "Ждём бетон на дом 12");
    let long = json!({"guard": next.to_string(), "pin": PIN, "note": "а".repeat(201)});
    assert_eq!(screen.post("/api/shift/handover", &long).refused(422, "invalid")["field"], "note");
}

#[test]
fn the_guard_vouches_for_the_clock() {
    let hub = TestHub::start();
    let screen = hub.signed_in("Семён");
    hub.service.clock.set_trust(dwellers_hub::clock::Trust::Nothing);
    let state = screen.get("/api/state").expect(200);
    assert_eq!(state["clock"]["trusted"], false);
    assert!(
        state["alarms"].as_array().unwrap().iter().any(|alarm| alarm["code"] == "clock-not-trusted"),
        "{state}"
    );
    assert_eq!(screen.post("/api/clock/trust", &json!({})).expect(200)["trusted"], true);
    assert_eq!(screen.get("/api/state").expect(200)["clock"]["trust"], "word");
}

#[test]
fn a_flood_of_tries_starves_nobody() {
    let hub = TestHub::start();
    let screen = hub.signed_in("Семён");
    let guard = hub.guard("Пётр");
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let flood: Vec<_> =
            (0..24).map(|_| scope.spawn(|| try_pin(&hub.screen(), guard, "9182").status)).collect();
        // The guard at the gate works on.
        screen.post("/api/gates/main/open", &json!({})).expect(201);
        screen.get("/api/state").expect(200);
        flood.into_iter().map(|try_| try_.join().unwrap()).collect()
    });
    assert!(answers.iter().all(|status| [401, 429, 503].contains(status)), "{answers:?}");
    assert!(answers.contains(&503) || answers.contains(&429), "tries wait without end: {answers:?}");
    screen.lines("commanded", 1);
}

#[test]
fn over_tls_the_cookie_never_goes_in_the_clear() {
    let hub = TestHub::start();
    let guard = hub.guard("Семён");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let peer = dwellers_listener::Peer("192.168.1.77:50000".parse().unwrap());
    let request = warp::test::request()
        .method("POST")
        .path("/api/session")
        .header("host", "192.168.1.5:8480")
        .header("content-type", "application/json")
        .extension(peer)
        .extension(dwellers_listener::Encrypted(true))
        .body(json!({"guard": guard.to_string(), "pin": PIN}).to_string());
    let reply = runtime.block_on(request.reply(&hub.kiosk.routes()));
    assert_eq!(reply.status(), 201);
    assert!(reply.headers()["set-cookie"].to_str().unwrap().ends_with("; Secure"), "{reply:?}");
}
