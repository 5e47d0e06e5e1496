//! Live events: what a screen hears while it stands there, was away, or does not listen.

use std::io::Write;
use std::net::TcpStream;

use dwellers_hub::reads::Strength;
use serde_json::json;

use crate::harness::TestHub;
use crate::process::eventually;
use crate::settlement::NIVA;

#[test]
fn the_state_and_the_journal_are_told_as_they_change() {
    let hub = TestHub::start();
    hub.settle();
    let screen = hub.signed_in("Семён");
    screen.lines("shift_began", 1);
    let mut live = screen.events(None);
    let first = live.until("the state as it is", |event| event.name == "state");
    assert_eq!(first.data["gates"][0]["key"], "main");
    hub.read("in", "Е001КХ77", Strength::Strong, &[]);
    let entry = live.until("the arrival in the journal", |event| event.name == "entry");
    assert_eq!((&entry.data["kind"], &entry.data["plate_shown"]), (&json!("decided"), &json!("Е 001 КХ 77")));
    assert_eq!(entry.data["id"], entry.id.as_str());
    hub.read("in", NIVA, Strength::Strong, &[]);
    let state = live.until("a state with both", |event| {
        event.name == "state"
            && event.data["waiting"][0]["plate"] == "E001KX77"
            && event.data["gates"][0]["status"]["position"] == "open"
    });
    assert_eq!(
        state.data["waiting"][0]["reason_text"],
        "А 123 ВС 77".replace("А 123 ВС 77", "Е 001 КХ 77 нет в списке")
    );
}

#[test]
fn a_screen_that_was_away_hears_what_it_missed() {
    let hub = TestHub::start();
    hub.settle();
    let screen = hub.signed_in("Семён");
    let name = |at: usize| format!("Гость {at}");
    let write = |at: usize| drop(screen.post("/api/visitors", &json!({"name": name(at)})).expect(201));
    let mut live = screen.events(None);
    live.until("the state", |event| event.name == "state");
    write(0);
    let heard = live.until("the visitor", |event| event.name == "entry" && event.data["kind"] == "visitor");
    drop(live);
    // More than one page of what is read at once.
    for at in 1..=230 {
        write(at);
    }
    let mut live = screen.events(Some(&heard.id));
    let mut number = heard.data["number"].as_u64().unwrap();
    for at in 1..=230 {
        let entry = live.until("an entry", |event| event.name == "entry");
        number += 1;
        assert_eq!((&entry.data["name"], &entry.data["number"]), (&json!(name(at)), &json!(number)));
    }
    write(231);
    let entry = live.until("an entry", |event| event.name == "entry");
    assert_eq!(entry.data["name"], name(231), "and then goes on, without a gap or a repetition");

    let mut fresh = screen.events(Some("nonsense"));
    fresh.until("the state", |event| event.name == "state");
    write(232);
    assert_eq!(fresh.until("an entry", |event| event.name == "entry").data["name"], name(232));
}

#[test]
fn a_stream_ends_with_its_session() {
    let hub = TestHub::start();
    let screen = hub.signed_in("Семён");
    let mut live = screen.events(None);
    live.until("the state", |event| event.name == "state");
    screen.delete("/api/session", &json!({})).expect(204);
    while live.next().is_some() {}
}

#[test]
fn a_screen_that_does_not_read_is_cut_and_others_hear_on() {
    let hub = TestHub::start();
    hub.settle();
    let screen = hub.signed_in("Семён");
    let cookie = screen.cookie.clone().unwrap();
    let mut deaf = TcpStream::connect(hub.at).unwrap();
    let head = format!("GET /api/events HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\n\r\n", hub.at);
    deaf.write_all(head.as_bytes()).unwrap();
    let mut live = screen.events(None);
    live.until("the state", |event| event.name == "state");
    let counters = &hub.counters;
    let note = "Ё".repeat(200);
    let mut at = 0;
    eventually("the deaf one is cut", || {
        for _ in 0..50 {
            at += 1;
            let body = json!({"name": format!("{at} {}", "ж".repeat(150)), "note": note});
            screen.post("/api/visitors", &body).expect(201);
        }
        (counters.get(dwellers_listener::Count::WriteStalled) > 0).then_some(())
    });
    for expected in 1..=at {
        let entry = live.until("an entry", |event| event.name == "entry");
        assert!(entry.data["name"].as_str().unwrap().starts_with(&format!("{expected} ")), "{expected}");
    }
}

#[test]
fn streams_are_few() {
    let hub = TestHub::start();
    let screen = hub.signed_in("Семён");
    let mut streams: Vec<_> = (0..32).map(|_| screen.events(None)).collect();
    let refused = screen.get("/api/events");
    refused.refused(503, "busy");
    assert_eq!(refused.header("retry-after"), "10");
    streams.clear();
    eventually("there is room again", || {
        let mut probe = TcpStream::connect(hub.at).unwrap();
        let cookie = screen.cookie.as_deref().unwrap();
        let head = format!("GET /api/events HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\n\r\n", hub.at);
        probe.write_all(head.as_bytes()).unwrap();
        let mut status = [0; 12];
        std::io::Read::read_exact(&mut probe, &mut status).unwrap();
        (&status == b"HTTP/1.1 200").then_some(())
    });
}
