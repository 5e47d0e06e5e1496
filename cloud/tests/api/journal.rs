//! The journal: what a house sees of it, and those who keep the gate.

use std::io::Cursor;

use dwellers::access::{Reason, Verdict};
use dwellers::audit::Deed;
use dwellers::journal::{Entry, Kind};
use dwellers::people::{PlaceKind, Role};
use dwellers_cloud::clock::now;
use dwellers_replica::{Open, Query, RecordId};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};

use crate::hub::{Hub, eventually};
use crate::town::{Browser, Town, Village};

struct Settlement {
    town: Town,
    village: Village,
    hub: Hub,
    mine: RecordId,
    other: RecordId,
    ivan: Browser,
    guard: Browser,
}

impl Settlement {
    fn new() -> Settlement {
        let (town, village) = Town::founded();
        let hub = Hub::connected(&town, &village);
        let (mine, other) = (village.house("1"), village.house("2"));
        let ivan = town.as_person(&village, village.resident("Иван", mine, PlaceKind::Owner).0);
        let guard = town.as_person(&village, village.officer("Семён", Role::Guard));
        Settlement { town, village, hub, mine, other, ivan, guard }
    }

    fn of(&self, house: RecordId) -> String {
        self.village.path(&format!("/houses/{house}/journal"))
    }
}

fn came(house: RecordId, plate: &str) -> Entry {
    Entry {
        kind: Open::Known(Kind::Decided),
        verdict: Some(Open::Known(Verdict::Open)),
        reason: Some(Open::Known(Reason::Pass)),
        house: Some(house),
        plate: plate.to_owned(),
        note: "подозрительный".to_owned(),
        guard: "Семён".to_owned(),
        ..Entry::default()
    }
}

fn ids(page: &Value) -> Vec<String> {
    page["entries"].as_array().unwrap().iter().map(|line| line["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_house_sees_who_came_to_it_and_nobody_elses() {
    let at = Settlement::new();
    let (entry, foreign) = (at.hub.told(came(at.mine, "A123BC77")), at.hub.told(came(at.other, "B777BB99")));
    let nobodys = at.hub.told(Entry { kind: Open::Known(Kind::Started), ..Entry::default() });
    let page = at.ivan.get(&at.of(at.mine)).ok();
    assert_eq!(ids(&page), [entry.to_string()]);
    let line = &page["entries"][0];
    assert_eq!((&line["plate_shown"], &line["note"]), (&json!("А 123 ВС 77"), &json!("")));
    assert_eq!(line["text"], "Allowed · There is a pass, house 1 · А 123 ВС 77 · Семён");
    at.ivan.get(&at.of(at.other)).is(404, "not-found");
    at.ivan.get(&at.village.path("/journal")).is(403, "not-allowed");
    let one = |entry| at.village.path(&format!("/journal/{entry}"));
    assert_eq!(at.ivan.get(&one(entry)).ok()["id"], json!(entry));
    for hidden in [foreign, nobodys, RecordId::new(1, 1)] {
        at.ivan.get(&one(hidden)).is(404, "not-found");
    }
    // Who keeps the gate sees all of all.
    let line = at.guard.get(&one(entry)).ok();
    assert_eq!(line["note"], "подозрительный");
    assert_eq!(ids(&at.guard.get(&at.village.path("/journal")).ok()).len(), 3);
    let stranger = at.town.village("Берёзовка");
    let stranger = at.town.as_person(&stranger, stranger.officer("Олег", Role::Administrator));
    stranger.get(&one(entry)).is(404, "not-found");
}

#[test]
fn who_works_in_a_house_sees_what_they_opened_themselves() {
    let at = Settlement::new();
    let (nina, _) = at.village.resident("Нина", at.mine, PlaceKind::Staff);
    at.hub.told(came(at.mine, "A123BC77"));
    let own = at.hub.told(Entry {
        reason: Some(Open::Known(Reason::Button)),
        person: Some(nina),
        plate: String::new(),
        ..came(at.mine, "")
    });
    let browser = at.town.as_person(&at.village, nina);
    assert_eq!(ids(&browser.get(&at.of(at.mine)).ok()), [own.to_string()]);
    assert_eq!(ids(&at.ivan.get(&at.of(at.mine)).ok()).len(), 2);
}

#[test]
fn who_came_later_does_not_read_of_those_before() {
    let at = Settlement::new();
    at.hub.told(Entry { at_ms: now().ms - 60_000, ..came(at.mine, "A123BC77") });
    let entry = at.hub.told(came(at.mine, "B777BB99"));
    assert_eq!(ids(&at.ivan.get(&at.of(at.mine)).ok()), [entry.to_string()]);
    assert_eq!(ids(&at.guard.get(&at.of(at.mine)).ok()).len(), 2);
}

#[test]
fn the_journal_is_searched() {
    let at = Settlement::new();
    let second = Hub::enrolled(&at.town, &at.village, "Выезд");
    second.connect();
    let start_ms = now().ms - 1_000_000;
    let mut all = Vec::new();
    for n in 0..120_u64 {
        let hub = if n % 3 == 0 { &second } else { &at.hub };
        let (house, at_ms) = (if n % 2 == 0 { at.mine } else { at.other }, start_ms + n * 1_000);
        let kind = Open::Known(if n % 10 == 0 { Kind::Passed } else { Kind::Decided });
        all.push(hub.journal(Entry { at_ms, kind, ..came(house, &format!("A{n:03}BC77")) }).to_string());
    }
    let last = |hub: &Hub, n: usize| hub.has::<Entry>(all[n].parse().unwrap());
    last(&second, 117);
    last(&at.hub, 119);
    all.reverse();
    let search = |query: &str| at.guard.get(&at.village.path(&format!("/journal?{query}"))).ok();
    // All of it, page by page, in the order of time.
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let page = search(&format!("limit=25{after}"));
        assert!(ids(&page).len() <= 25);
        found.extend(ids(&page));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(found, all);
    assert_eq!(ids(&search("plate=%D0%B0%20042")), [all[119 - 42].clone()]);
    assert_eq!(ids(&search(&format!("house={}&limit=200", at.mine))).len(), 60);
    assert_eq!(ids(&search("kind=passed&limit=200")).len(), 12);
    let (from_ms, until_ms) = (start_ms + 10_000, start_ms + 20_000);
    let page = search(&format!("from_ms={from_ms}&until_ms={until_ms}"));
    assert_eq!((ids(&page), &page["next"]), (all[100..110].to_vec(), &json!(null)));
    at.guard.get(&at.village.path("/journal?after=x")).is(422, "invalid");
    // Nobody has more read than there is: a book that is none, or one twice.
    let book = format!("{}.3", at.hub.replica);
    assert_eq!(search(&format!("after={book}"))["entries"].as_array().unwrap().len(), 2);
    for crafted in [format!("{book}-{book}"), format!("{book}-{}.3", at.village.community.id)] {
        at.guard.get(&at.village.path(&format!("/journal?after={crafted}"))).is(422, "invalid");
    }
    at.guard.get(&at.village.path("/journal?kind=whatever")).is(422, "unexpected");
}

#[test]
fn that_somebody_was_looked_for_is_written_down() {
    let at = Settlement::new();
    let entry = at.hub.told(came(at.mine, "A123BC77"));
    at.hub.told(came(at.other, "B777BB99"));
    at.guard.get(&at.village.path("/journal")).ok();
    at.guard.get(&at.village.path("/journal?plate=a123")).ok();
    at.guard.get(&at.village.path(&format!("/journal/{entry}"))).ok();
    at.ivan.get(&at.of(at.mine)).ok();
    let deeds = at.village.community.store.view(|view| view.of::<Deed>().find(&Query::on("time"))).unwrap();
    let deeds = deeds.unwrap().entries.into_iter().map(|deed| (deed.value.action, deed.value.house));
    let mut deeds: Vec<_> = deeds.collect();
    deeds.sort();
    let expected = [("journal.list", None), ("journal.list", Some(at.mine)), ("journal.show", Some(at.mine))];
    assert_eq!(deeds, expected.map(|(action, house)| (action.to_owned(), house)));
}

fn picture() -> Vec<u8> {
    let pixels = RgbImage::from_fn(64, 32, |x, y| Rgb([x as u8, y as u8, 7]));
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(pixels).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[test]
fn pictures_are_shown_to_whom_the_entry_is_shown() {
    let at = Settlement::new();
    at.hub.script.lock().unwrap().keeps_pictures = true;
    let bytes = picture();
    let crop = at.hub.picture(&bytes);
    let entry = at.hub.told(Entry { crop, ..came(at.mine, "A123BC77") });
    let bare = at.hub.told(came(at.mine, "A123BC77"));
    let lost = at.hub.told(Entry { crop: "ab".repeat(32), ..came(at.mine, "B777BB99") });
    let path = |entry| at.village.path(&format!("/journal/{entry}/picture"));
    let neighbour = at.village.resident("Пётр", at.other, PlaceKind::Owner).0;
    let neighbour = at.town.as_person(&at.village, neighbour);
    at.ivan.get(&path(bare)).is(404, "not-found");
    // It is at the gatehouse still, which is away.
    at.hub.disconnect();
    let gates = at.village.path("/gates");
    eventually("it is away", || at.ivan.get(&gates).ok()["gates"][0]["is_here"] == json!(false));
    let away = at.ivan.get(&path(entry));
    away.is(503, "away");
    assert_eq!(away.header("retry-after"), "30");
    neighbour.get(&path(entry)).is(404, "not-found");
    // It comes back.
    at.hub.script.lock().unwrap().keeps_pictures = false;
    at.hub.connect();
    eventually("the picture is here", || at.ivan.get(&path(entry)).status == 200);
    let shown = at.ivan.get(&path(entry));
    assert_eq!(shown.bytes, bytes);
    assert_eq!(shown.header("content-type"), "image/png");
    assert_eq!(shown.header("cache-control"), "private, no-cache");
    assert_eq!(shown.header("x-content-type-options"), "nosniff");
    assert!(shown.header("content-security-policy").contains("default-src 'none'"));
    let known = at.ivan.ask("GET", &path(entry), &[("if-none-match", shown.header("etag"))], None);
    assert_eq!((known.status, known.bytes.len()), (304, 0));
    neighbour.get(&path(entry)).is(404, "not-found");
    assert_eq!(at.guard.get(&path(entry)).status, 200);
    // The gatehouse has lost this one.
    eventually("it is gone", || at.ivan.get(&path(lost)).status == 404);
}
