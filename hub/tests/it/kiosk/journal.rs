//! The journal, page by page.

use dwellers_hub::reads::Strength;
use serde_json::{Value, json};

use crate::harness::{Screen, TestHub};
use crate::settlement::NIVA;

/// All entries that a query finds, page by page.
fn all(screen: &Screen, query: &str, limit: usize) -> Vec<Value> {
    let (mut entries, mut after) = (Vec::new(), String::new());
    for _ in 0..100 {
        let page = screen.get(&format!("/api/journal?limit={limit}&{query}{after}")).expect(200);
        let found = page["entries"].as_array().unwrap();
        assert!(found.len() <= limit);
        entries.extend(found.iter().cloned());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return entries,
        }
    }
    panic!("pages without end");
}

fn numbers(entries: &[Value]) -> Vec<u64> {
    entries.iter().map(|entry| entry["number"].as_u64().unwrap()).collect()
}

#[test]
fn every_entry_is_on_one_page() {
    let hub = TestHub::start();
    hub.settle();
    let screen = hub.signed_in("Семён");
    for at in 1..=9 {
        screen.post("/api/visitors", &json!({"name": format!("Гость {at}")})).expect(201);
    }
    screen.lines("visitor", 9);
    for limit in [1, 4, 500] {
        let entries = all(&screen, "", limit);
        let count = entries.len() as u64;
        assert_eq!(numbers(&entries), (1..=count).rev().collect::<Vec<_>>(), "by {limit}");
    }
    assert_eq!(all(&screen, "", 500).last().unwrap()["kind"], "started");
    let checked = screen.get("/api/journal/check").expect(200);
    assert_eq!((&checked["whole"], &checked["faults"]), (&json!(true), &json!([])));
    assert!(checked["entries"].as_u64().unwrap() >= 10);
    assert_eq!(screen.get("/api/journal?after=zz").refused(422, "invalid")["field"], "after");
    screen.get("/api/journal?house=12").refused(422, "unexpected");
}

#[test]
fn the_journal_is_searched_by_plate_house_and_time() {
    let hub = TestHub::start();
    let village = hub.settle();
    let screen = hub.signed_in("Семён");
    hub.read("in", NIVA, Strength::Strong, &[]);
    screen.lines("seen_open", 1);
    hub.recorder.pass();
    screen.lines("passed", 1);
    hub.read("in", "Е001КХ77", Strength::Strong, &[]);
    screen.lines("decided", 2);
    let anna = village.houses[0].to_string();

    for (query, plate) in
        [("plate=a123bc77", "A123BC77"), ("plate=123", "A123BC77"), ("plate=001", "E001KX77")]
    {
        let found = all(&screen, query, 1);
        assert!(!found.is_empty() && found.iter().all(|entry| entry["plate"] == plate), "{query}: {found:?}");
    }
    let found = all(&screen, &format!("house={anna}"), 2);
    assert!(found.len() >= 2 && found.iter().all(|entry| entry["house_label"] == "12"), "{found:?}");
    assert_eq!(all(&screen, &format!("house={anna}&plate=001"), 2), Vec::<Value>::new());
    assert_eq!(all(&screen, "plate=999", 5), Vec::<Value>::new());

    let entries = all(&screen, "", 500);
    let middle = entries[entries.len() / 2]["at_ms"].as_u64().unwrap();
    let newer = all(&screen, &format!("from_ms={middle}"), 2);
    let older = all(&screen, &format!("until_ms={middle}"), 2);
    assert!(newer.iter().all(|entry| entry["at_ms"].as_u64().unwrap() >= middle));
    assert!(older.iter().all(|entry| entry["at_ms"].as_u64().unwrap() < middle));
    assert_eq!([numbers(&newer), numbers(&older)].concat(), numbers(&entries));
}

#[test]
fn who_left_without_having_come_is_told() {
    let hub = TestHub::start();
    hub.settle();
    let screen = hub.signed_in("Семён");
    let through = |lane: &str, count: usize| {
        screen
            .post("/api/gates/main/open", &json!({"lane": lane, "plate": NIVA, "insist": true}))
            .expect(201);
        screen.lines("commanded", count);
        hub.recorder.pass();
        screen.lines("passed", count);
    };
    through("out", 1);
    let inside = screen.get("/api/inside").expect(200);
    assert_eq!((&inside["inside"], inside["unmatched_exits"].as_array().unwrap().len()), (&json!([]), 1));
    through("in", 2);
    assert_eq!(screen.get("/api/inside").expect(200)["inside"][0]["house_label"], "12");
    through("out", 3);
    let inside = screen.get("/api/inside").expect(200);
    assert_eq!((&inside["inside"], inside["unmatched_exits"].as_array().unwrap().len()), (&json!([]), 1));
}
