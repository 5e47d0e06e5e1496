//! Passes: issued, looked at, cancelled.

use dwellers::access::{Reason, Verdict};
use dwellers::audit::Deed;
use dwellers::journal::{Entry, Kind};
use dwellers::passes::{Pass, Use};
use dwellers::people::{PlaceKind, Role};
use dwellers_cloud::clock::now;
use dwellers_replica::{Open, Query, RecordId, Writes};
use serde_json::{Value, json};

use crate::hub::Hub;
use crate::town::{Browser, Town, Village};

const HOUR_MS: u64 = 3_600_000;

struct Settlement {
    town: Town,
    village: Village,
    hub: Hub,
    house: RecordId,
    ivan: Browser,
}

impl Settlement {
    fn new() -> Settlement {
        let (town, village) = Town::founded();
        let hub = Hub::connected(&town, &village);
        let house = village.house("1");
        let ivan = town.as_person(&village, village.resident("Иван", house, PlaceKind::Owner).0);
        Settlement { town, village, hub, house, ivan }
    }

    fn of(&self, house: RecordId) -> String {
        self.village.path(&format!("/houses/{house}/passes"))
    }

    fn one(&self, pass: &Value) -> String {
        self.village.path(&format!("/passes/{}", pass["id"].as_str().unwrap()))
    }
}

fn ids(listed: &Value) -> Vec<&str> {
    listed["passes"].as_array().unwrap().iter().map(|pass| pass["id"].as_str().unwrap()).collect()
}

#[test]
fn passes_of_every_kind_are_issued() {
    let at = Settlement::new();
    let (passes, now_ms) = (at.of(at.house), now().ms);
    let taxi = at.ivan.post(&passes, &json!({ "kind": "taxi", "plate": "a123bc77" }));
    assert_eq!(taxi.status, 201);
    let taxi = taxi.ok();
    assert_eq!((&taxi["plate_shown"], &taxi["standing"]), (&json!("А 123 ВС 77"), &json!("holds")));
    assert_eq!((&taxi["kind_text"], &taxi["issued_by"]), (&json!("Taxi"), &json!("Иван")));
    let lasts = |pass: &Value| {
        pass["validity"]["until_ms"].as_u64().unwrap() - pass["validity"]["from_ms"].as_u64().unwrap()
    };
    assert_eq!(lasts(&taxi), HOUR_MS);
    let courier = json!({ "kind": "courier", "name": "Озон", "minutes": 90 });
    assert_eq!(lasts(&at.ivan.post(&passes, &courier).ok()), 90 * 60_000);
    let day = json!({ "kind": "guest", "name": "Тётя Вера", "day": day_after_tomorrow() });
    let guest = at.ivan.post(&passes, &day).ok();
    assert_eq!((lasts(&guest), &guest["standing"]), (24 * HOUR_MS, &json!("not_yet")));
    let weekly = json!({ "days": [1, 4], "from_minute": 540, "until_minute": 720 });
    let body =
        json!({ "kind": "recurring", "name": "Уборка", "until_ms": now_ms + 48 * HOUR_MS, "weekly": weekly });
    let recurring = at.ivan.post(&passes, &body).ok();
    assert_eq!(recurring["window_text"], "Mon, Thu, 9:00–12:00");
    let body = json!({ "kind": "event", "code": true, "entries": 30, "until_ms": now_ms + 5 * HOUR_MS, "note": "свадьба" });
    let event = at.ivan.post(&passes, &body).ok();
    assert_eq!((event["code"].as_str().unwrap().len(), &event["entries"]), (6, &json!(30)));
    assert_eq!(at.ivan.get(&passes).ok()["passes"].as_array().unwrap().len(), 5);

    for (body, field) in [
        (json!({ "kind": "guest", "name": "x" }), "until"),
        (json!({ "kind": "guest", "until_ms": now_ms + HOUR_MS }), "plate"),
        (json!({ "kind": "guest", "plate": "12", "until_ms": now_ms + HOUR_MS }), "plate"),
        (json!({ "kind": "guest", "name": "x", "until_ms": 1 }), "window"),
        (json!({ "kind": "taxi", "name": "x", "minutes": 1 }), "minutes"),
        (json!({ "kind": "event", "name": "x", "until_ms": now_ms + HOUR_MS }), "entries"),
        (json!({ "kind": "recurring", "name": "x", "until_ms": now_ms + HOUR_MS }), "weekly"),
    ] {
        assert_eq!(at.ivan.post(&passes, &body).is(422, "invalid")["field"], field, "{body}");
    }
    at.ivan.post(&passes, &json!({ "kind": "helicopter" })).is(422, "unexpected");
    at.ivan.post(&passes, &json!({ "kind": "guest", "day": "tomorrow" })).is(422, "unexpected");
}

fn day_after_tomorrow() -> String {
    let now = jiff::Timestamp::from_millisecond(now().ms as i64).unwrap();
    let date = jiff::tz::TimeZone::get("Europe/Moscow").unwrap().to_datetime(now).date();
    date.tomorrow().unwrap().tomorrow().unwrap().to_string()
}

#[test]
fn a_pass_whose_answer_was_lost_is_issued_once() {
    let at = Settlement::new();
    let issue = || {
        let body = json!({ "kind": "taxi", "name": "Такси", "code": true });
        at.ivan.ask("POST", &at.of(at.house), &[("idempotency-key", "one")], Some(&body)).ok()
    };
    assert_eq!(issue(), issue());
    assert_eq!(at.ivan.get(&at.of(at.house)).ok()["passes"].as_array().unwrap().len(), 1);
}

#[test]
fn what_became_of_a_pass_is_told() {
    let at = Settlement::new();
    let pass = at.ivan.post(&at.of(at.house), &json!({ "kind": "taxi", "plate": "А 123 ВС 77" })).ok();
    let id: RecordId = pass["id"].as_str().unwrap().parse().unwrap();
    at.hub.learns::<Pass>(id);
    let entry = at.hub.told(Entry {
        kind: Open::Known(Kind::Decided),
        verdict: Some(Open::Known(Verdict::Open)),
        reason: Some(Open::Known(Reason::Pass)),
        house: Some(at.house),
        grant: Some(id),
        plate: "A123BC77".to_owned(),
        note: "для охраны".to_owned(),
        ..Entry::default()
    });
    let mut writes = Writes::new();
    let used = at.hub.store.new_id(now(), 7).unwrap();
    writes.create(used, &Use { pass: id, ordinal: 1, entry });
    at.hub.store.commit(now(), writes).unwrap();
    at.hub.has::<Use>(used);
    let shown = at.ivan.get(&at.one(&pass)).ok();
    assert_eq!((&shown["pass"]["standing"], &shown["pass"]["used"]), (&json!("used_up"), &json!(1)));
    assert_eq!(shown["pass"]["standing_text"], "Used");
    assert_eq!((&shown["history"][0]["id"], &shown["history"][0]["note"]), (&json!(entry), &json!("")));
    // It is past by now.
    assert_eq!(at.ivan.get(&at.of(at.house)).ok()["passes"], json!([]));
    assert_eq!(
        ids(&at.ivan.get(&format!("{}?which=past", at.of(at.house))).ok()),
        [pass["id"].as_str().unwrap()]
    );
    // The house remembers whom it expected.
    let visitors = at.ivan.get(&at.village.path(&format!("/houses/{}/visitors", at.house))).ok();
    assert_eq!(visitors["visitors"][0]["plate_shown"], "А 123 ВС 77");
}

#[test]
fn a_pass_is_cancelled_by_those_who_may() {
    let at = Settlement::new();
    let issue = || at.ivan.post(&at.of(at.house), &json!({ "kind": "taxi", "name": "Такси" })).ok();
    let (one, other) = (issue(), issue());
    let next_door = at.village.house("2");
    let neighbour = at.village.resident("Пётр", next_door, PlaceKind::Owner).0;
    let neighbour = at.town.as_person(&at.village, neighbour);
    neighbour.get(&at.one(&one)).is(404, "not-found");
    neighbour.delete(&at.one(&one)).is(404, "not-found");
    neighbour.get(&at.of(at.house)).is(404, "not-found");
    let nanny = at.village.resident("Нина", at.house, PlaceKind::Staff).0;
    let nanny = at.town.as_person(&at.village, nanny);
    nanny.get(&at.one(&one)).is(404, "not-found");
    assert_eq!(nanny.get(&at.of(at.house)).ok()["passes"], json!([]));
    assert_eq!(at.ivan.delete(&format!("{}?reason=не+приедет", at.one(&one))).status, 204);
    at.ivan.delete(&at.one(&one)).is(409, "ended");
    assert_eq!(at.ivan.get(&at.one(&one)).ok()["pass"]["standing"], "revoked");
    let guard = at.village.officer("Семён", Role::Guard);
    let guard = at.town.as_person(&at.village, guard);
    assert_eq!(guard.delete(&at.one(&other)).status, 204);
    guard.delete(&at.village.path(&format!("/passes/{}", at.house))).is(404, "not-found");
}

#[test]
fn who_keeps_the_gate_sees_whom_the_houses_expect_and_issues_on_a_call() {
    let at = Settlement::new();
    let guard = at.village.officer("Семён", Role::Guard);
    let browser = at.town.as_person(&at.village, guard);
    at.ivan.post(&at.of(at.house), &json!({ "kind": "taxi", "plate": "А 123 ВС 77" })).ok();
    let called = browser.post(&at.of(at.house), &json!({ "kind": "courier", "name": "Пицца" })).ok();
    assert_eq!((&called["issued_by"], &called["is_by_guard"]), (&json!("Семён"), &json!(true)));
    let expected = |search: &str| {
        browser.get(&at.village.path(&format!("/expected?search={search}"))).ok()["passes"].clone()
    };
    assert_eq!(expected("").as_array().unwrap().len(), 2);
    assert_eq!(expected("a123")[0]["plate_shown"], "А 123 ВС 77");
    assert_eq!(expected("%D0%BF%D0%B8%D1%86%D1%86%D0%B0")[0]["name"], "Пицца");
    assert_eq!(expected("nobody"), json!([]));
    at.ivan.get(&at.village.path("/expected")).is(403, "not-allowed");
    // That the guard did so is written down, for the house.
    let deeds = at.village.community.store.view(|view| view.of::<Deed>().find(&Query::on("time"))).unwrap();
    let issued = deeds.unwrap().entries.into_iter().find(|deed| deed.value.action == "passes.issue").unwrap();
    assert_eq!((issued.value.by, issued.value.house, issued.value.looked), (guard, Some(at.house), false));
    // An administrator issues nothing in a house's name.
    let olga = at.village.officer("Ольга", Role::Administrator);
    let olga = at.town.as_person(&at.village, olga);
    olga.post(&at.of(at.house), &json!({ "kind": "taxi", "name": "x" })).is(403, "not-allowed");
    assert_eq!(olga.get(&at.of(at.house)).ok()["passes"].as_array().unwrap().len(), 2);
}

#[test]
fn long_lists_are_read_page_by_page() {
    let at = Settlement::new();
    let mut issued: Vec<String> = (0..60)
        .map(|n| at.ivan.post(&at.of(at.house), &json!({ "kind": "taxi", "name": format!("{n}") })).ok())
        .map(|pass| pass["id"].as_str().unwrap().to_owned())
        .collect();
    let (mut found, mut next) = (Vec::new(), Some(String::new()));
    while let Some(after) = next {
        let query = if after.is_empty() { String::new() } else { format!("?after={after}") };
        let page = at.ivan.get(&format!("{}{query}", at.of(at.house))).ok();
        assert!(ids(&page).len() <= 50);
        found.extend(ids(&page).into_iter().map(str::to_owned));
        next = page["next"].as_str().map(str::to_owned);
    }
    found.sort();
    issued.sort();
    assert_eq!(found, issued);
    at.ivan.get(&format!("{}?after=x", at.of(at.house))).is(422, "invalid");
    at.ivan.get(&format!("{}?which=never", at.of(at.house))).is(422, "unexpected");
}

#[test]
fn who_moves_in_later_sees_nothing_of_those_before() {
    let at = Settlement::new();
    let owner = at.village.officer("Ольга", Role::Administrator);
    let old = at.village.house("5");
    let (before, place) = at.village.resident("Бывший", old, PlaceKind::Owner);
    let browser = at.town.as_person(&at.village, before);
    browser.post(&at.of(old), &json!({ "kind": "taxi", "name": "Тайный гость" })).ok();
    at.village.revoke(owner, place);
    browser.get(&at.of(old)).is(404, "not-found");
    std::thread::sleep(std::time::Duration::from_millis(2));
    let now_there = at.town.as_person(&at.village, at.village.resident("Новый", old, PlaceKind::Owner).0);
    for which in ["current", "past"] {
        assert_eq!(now_there.get(&format!("{}?which={which}", at.of(old))).ok()["passes"], json!([]));
    }
    let visitors = at.village.path(&format!("/houses/{old}/visitors"));
    assert_eq!(now_there.get(&visitors).ok()["visitors"], json!([]));
    now_there.get(&at.village.path(&format!("/houses/{}/visitors", at.house))).is(404, "not-found");
}
