//! How long what is kept, and what was destroyed.

use dwellers::access::Reason;
use dwellers::audit::Deed;
use dwellers::journal::Entry;
use dwellers::people::{PlaceKind, Role};
use dwellers::retention::DAY_MS;
use dwellers_cloud::blobs::Kind;
use dwellers_cloud::clock::now;
use dwellers_cloud::retention;
use dwellers_link::blobs::hex;
use dwellers_replica::{Now, Open, Query, RecordId};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::privacy::{Gatehouse, entry_of};
use crate::town::{Town, Village};

fn later(ms: u64) -> Now {
    Now { ms: now().ms + ms, trusted: true }
}

fn destroyed(town: &Town, village: &Village, olga: RecordId) -> Vec<Value> {
    let sweeps = town.as_person(village, olga).get(&village.path("/retention/sweeps")).ok();
    sweeps["sweeps"].as_array().unwrap().iter().map(|sweep| sweep["destroyed"].clone()).collect()
}

#[test]
fn administrators_set_it_within_bounds() {
    let (town, village) = Town::founded();
    let olga = village.officer("Ольга", Role::Administrator);
    let (browser, kept) = (town.as_person(&village, olga), village.path("/retention"));
    let shown = browser.get(&kept);
    let tag = shown.header("etag").to_owned();
    let shown = shown.ok();
    let mut wanted = shown["days"].clone();
    assert_eq!((&wanted["pictures_days"], &wanted["journal_days"]), (&json!(30), &json!(365)));
    assert_eq!(shown["shortens_ms"], Value::Null);
    // Not all of it, or none: nothing is reset.
    let ask = |body: &Value| browser.ask("PUT", &kept, &[("if-match", &tag)], Some(body));
    ask(&json!({})).is(422, "unexpected");
    ask(&json!({ "picture_days": 14 })).is(422, "unexpected");
    browser.put(&kept, &wanted).is(428, "if-match-required");
    wanted["pictures_days"] = json!(14);
    let put = |wanted: &Value, tag: &str| browser.ask("PUT", &kept, &[("if-match", tag)], Some(wanted));
    put(&wanted, &tag).ok();
    put(&wanted, &tag).is(412, "changed-meanwhile");
    let tag = browser.get(&kept).header("etag").to_owned();
    let set = put(&wanted, &tag).ok();
    assert!(set["shortens_ms"].as_u64().unwrap() > now().ms + 6 * DAY_MS);
    assert_eq!((browser.get(&kept).ok(), &set["days"]["pictures_days"]), (set.clone(), &json!(14)));
    for (field, value) in
        [("pictures_days", 0), ("pictures_days", 91), ("journal_days", 5), ("audit_days", 9_999)]
    {
        let mut wrong = wanted.clone();
        wrong[field] = json!(value);
        let tag = browser.get(&kept).header("etag").to_owned();
        let why = put(&wrong, &tag).is(422, "invalid");
        assert_eq!((&why["field"], &why["why"]), (&json!(field), &json!("out-of-range")));
    }
    let guard = town.as_person(&village, village.officer("Пётр", Role::Guard));
    guard.get(&kept).is(403, "not-allowed");
    guard.put(&kept, &wanted).is(403, "not-allowed");
    guard.get(&village.path("/retention/sweeps")).is(403, "not-allowed");
    browser.get(&village.path("/retention/sweeps?after=x")).is(422, "invalid");
}

#[test]
fn pictures_go_after_a_month_and_the_journal_after_a_year() {
    let (town, village) = Town::founded();
    let (house, olga) = (village.house("12"), village.officer("Ольга", Role::Administrator));
    let mut gatehouse = Gatehouse::of(&village);
    let runtime = Runtime::new().unwrap();
    let blobs = town.communities.blobs().clone();
    let picture = runtime.block_on(blobs.put(&village.community, Kind::Crop, b"x".to_vec(), now())).unwrap();
    let entry =
        Entry { crop: hex(&picture), plate: "A123BC77".to_owned(), house: Some(house), ..Entry::default() };
    let entry = gatehouse.writes(entry);
    gatehouse.tells(&village);
    town.as_person(&village, olga).get(&village.path("/houses")).ok();
    let look =
        |at: Now| runtime.block_on(retention::look(&town.communities, &village.community, at)).unwrap();
    let has_picture =
        || Runtime::new().unwrap().block_on(blobs.get(&village.community, &picture)).unwrap().is_some();
    look(later(29 * DAY_MS));
    assert!(has_picture());
    look(later(30 * DAY_MS + 3_600_000));
    assert!(!has_picture());
    assert_eq!(entry_of(&village, entry).plate, "A123BC77", "the entry stays");
    let mut days = 60;
    while days < 366 + 31 {
        gatehouse.writes_at(Entry::default(), later(days * DAY_MS));
        gatehouse.tells(&village);
        look(later(days * DAY_MS));
        days += 30;
    }
    let gone = village.community.store.view(|view| view.of::<Entry>().get(entry)).unwrap().unwrap();
    assert!(gone.is_none());
    let all = destroyed(&town, &village, olga);
    let sum = |class: &str| all.iter().filter_map(|one| one[class].as_u64()).sum::<u64>();
    assert_eq!((sum("pictures"), sum("journal")), (1, 1), "{all:?}");
    assert!(sum("audit") >= 1);
    let old = Query::on("time").below(now().ms - 1_000);
    assert!(
        village
            .community
            .store
            .view(|view| view.of::<Deed>().find(&old))
            .unwrap()
            .unwrap()
            .entries
            .is_empty()
    );
}

#[test]
fn a_clock_that_jumped_destroys_nothing_before_an_administrator_has_seen_it() {
    let (town, village) = Town::founded();
    let (house, olga) = (village.house("12"), village.officer("Ольга", Role::Administrator));
    let mut gatehouse = Gatehouse::of(&village);
    let (runtime, blobs) = (Runtime::new().unwrap(), town.communities.blobs().clone());
    let picture = runtime.block_on(blobs.put(&village.community, Kind::Crop, b"x".to_vec(), now())).unwrap();
    let entry = gatehouse.writes(Entry { crop: hex(&picture), house: Some(house), ..Entry::default() });
    gatehouse.tells(&village);
    let browser = town.as_person(&village, olga);
    browser.get(&village.path("/houses")).ok();
    let has_picture =
        || Runtime::new().unwrap().block_on(blobs.get(&village.community, &picture)).unwrap().is_some();
    let look =
        |at: Now| runtime.block_on(retention::look(&town.communities, &village.community, at)).unwrap();
    let alarms = || browser.get(&village.path("/alarms")).ok()["alarms"].as_array().unwrap().clone();
    // A first look is held against what the gatehouse wrote.
    look(later(4_000 * DAY_MS));
    assert_eq!(alarms()[0]["kind"], "clock_jumped");
    look(now());
    // However often it looks, it is no nearer.
    for hour in 0..20 {
        look(later(4_000 * DAY_MS + hour * 3_600_000));
    }
    assert!(has_picture());
    assert_eq!(alarms().len(), 1, "told once");
    assert_eq!(destroyed(&town, &village, olga), Vec::<Value>::new());
    let alarm = alarms()[0]["id"].as_str().unwrap().to_owned();
    browser.post(&village.path(&format!("/alarms/{alarm}/acknowledge")), &json!({})).ok();
    look(later(4_001 * DAY_MS));
    assert!(!has_picture());
    // Never more than the gatehouses vouch for.
    assert_eq!(entry_of(&village, entry).house, Some(house));
}

#[test]
fn visitors_of_a_house_that_wants_none_are_erased_within_hours() {
    let (town, village) = Town::founded();
    let (house, olga) = (village.house("12"), village.officer("Ольга", Role::Administrator));
    let (anna, _) = village.resident("Анна", house, PlaceKind::Owner);
    let mut gatehouse = Gatehouse::of(&village);
    let runtime = Runtime::new().unwrap();
    let visit = Entry {
        name: "Курьер".to_owned(),
        reason: Some(Open::Known(Reason::Guard)),
        house: Some(house),
        ..Entry::default()
    };
    let visit = gatehouse.writes(visit);
    let own =
        Entry { person: Some(anna), note: "сама".to_owned(), house: Some(house), ..Entry::default() };
    let own = gatehouse.writes(own);
    gatehouse.tells(&village);
    let log = village.path(&format!("/houses/{house}/visitor-log"));
    town.as_person(&village, anna).put(&log, &json!({ "visitor_log": "nothing" })).ok();
    let look =
        |at: Now| runtime.block_on(retention::look(&town.communities, &village.community, at)).unwrap();
    look(now());
    assert_eq!(entry_of(&village, visit).name, "Курьер", "on their way through");
    look(later(2 * 3_600_000));
    assert_eq!(entry_of(&village, visit).name, "");
    assert_eq!(entry_of(&village, own).person, Some(anna));
    gatehouse.hears(&village);
    assert_eq!(gatehouse.entry(visit).name, "");
    assert_eq!(destroyed(&town, &village, olga), [json!({ "visits": 1 })]);
}
