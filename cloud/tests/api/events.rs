//! Live events.

use dwellers::access::{Reason, Verdict};
use dwellers::alarms::{self, About};
use dwellers::audit::Deed;
use dwellers::journal::{Entry, Kind};
use dwellers::people::{PlaceKind, Role};
use dwellers_cloud::clock::now;
use dwellers_replica::{Open, Query, RecordId, Writes};
use serde_json::json;

use crate::hub::{Hub, eventually};
use crate::stream::{Deaf, Stream};
use crate::town::{Browser, Town, Village};

fn came(house: RecordId) -> Entry {
    Entry {
        kind: Open::Known(Kind::Decided),
        verdict: Some(Open::Known(Verdict::Open)),
        reason: Some(Open::Known(Reason::Pass)),
        house: Some(house),
        note: "для охраны".to_owned(),
        ..Entry::default()
    }
}

struct Settlement {
    town: Town,
    village: Village,
    hub: Hub,
    house: RecordId,
    place: RecordId,
    ivan: Browser,
}

impl Settlement {
    fn new() -> Settlement {
        let (town, village) = Town::founded();
        let hub = Hub::connected(&town, &village);
        let house = village.house("1");
        let (person, place) = village.resident("Иван", house, PlaceKind::Owner);
        let ivan = town.as_person(&village, person);
        Settlement { town, village, hub, house, place, ivan }
    }

    fn listen(&self, browser: &Browser) -> Stream {
        Stream::open(browser, &self.town.at, &self.village.path("/events"), None)
    }
}

#[test]
fn a_resident_is_told_what_concerns_them() {
    let at = Settlement::new();
    at.hub.told(came(at.house));
    let stream = at.listen(&at.ivan);
    // How things stand, to begin with; what was in the journal before is not told.
    assert_eq!((stream.next().event, stream.next().event), ("questions".to_owned(), "gates".to_owned()));
    at.hub.told(came(at.village.house("2")));
    let entry = at.hub.told(came(at.house));
    let told = stream.next();
    assert_eq!((told.event.as_str(), told.id), ("entry", entry.to_string()));
    assert_eq!((&told.data["id"], &told.data["note"]), (&json!(entry), &json!("")));
    let question = at.hub.asks(at.house, "Курьер", 60_000);
    let asked = stream.until("questions", |told| told["questions"] != json!([]));
    assert_eq!(
        (&asked.data["questions"][0]["id"], &asked.data["questions"][0]["asks_me"]),
        (&json!(question), &json!(true))
    );
    let answer = at.village.path(&format!("/questions/{question}/answer"));
    at.ivan.post(&answer, &json!({ "allow": true })).ok();
    stream.until("questions", |told| told["questions"][0]["state"] == "answered");
    let passes = at.village.path(&format!("/houses/{}/passes", at.house));
    let pass = at.ivan.post(&passes, &json!({ "kind": "taxi", "name": "Такси" })).ok()["id"].clone();
    assert_eq!(stream.until("passes", |_| true).data["passes"], json!([pass]));
    at.ivan.delete(&at.village.path(&format!("/passes/{}", pass.as_str().unwrap()))).ok();
    assert_eq!(stream.until("passes", |_| true).data["passes"], json!([pass]));
    let (gate, kind) = (Some(at.hub.gate("main")), Open::Known(Kind::SeenOpen));
    at.hub.told(Entry { gate, kind, ..Entry::default() });
    stream.until("gates", |told| told["gates"][0]["seen"]["kind"] == "seen_open");
    at.hub.disconnect();
    stream.until("gates", |told| told["gates"][0]["is_here"] == json!(false));
    at.hub.connect();
    stream.until("gates", |told| told["gates"][0]["is_here"] == json!(true));
}

#[test]
fn what_was_missed_is_told_from_where_it_was_left() {
    let at = Settlement::new();
    let told: Vec<RecordId> = (0..5).map(|_| at.hub.told(came(at.house))).collect();
    let path = at.village.path("/events");
    let stream = Stream::open(&at.ivan, &at.town.at, &path, Some(&told[1].to_string()));
    let ids: Vec<_> = (0..3).map(|_| stream.until("entry", |_| true).id).collect();
    assert_eq!(ids, told[2..].iter().map(RecordId::to_string).collect::<Vec<_>>());
    // What there is not is as if nothing were said.
    let stream = Stream::open(&at.ivan, &at.town.at, &path, Some("nonsense"));
    let next = at.hub.told(came(at.house));
    assert_eq!(stream.until("entry", |_| true).id, next.to_string());
}

#[test]
fn those_in_office_are_told_of_what_waits_for_them() {
    let at = Settlement::new();
    let olga = at.town.as_person(&at.village, at.village.officer("Ольга", Role::Administrator));
    let stream = at.listen(&olga);
    let office = stream.until("office", |_| true).data;
    assert_eq!(office, json!({ "applications": 0, "alarms": 0 }));
    let about = About { kind: alarms::Kind::Intruder, subject: "x", name: "" };
    at.village.run(|ctx| Ok(((), alarms::raise(ctx, about, "")?.unwrap_or_else(Writes::new))));
    stream.until("office", |office| office["alarms"] == json!(1));
    // And of all that happens at the gates, whole.
    let entry = at.hub.told(came(at.house));
    let told = stream.until("entry", |_| true);
    assert_eq!((told.id, &told.data["note"]), (entry.to_string(), &json!("для охраны")));
}

#[test]
fn that_somebody_watches_all_houses_is_written_down() {
    let at = Settlement::new();
    let guard = at.village.officer("Семён", Role::Guard);
    let browser = at.town.as_person(&at.village, guard);
    let watches = || {
        let deeds = at.village.community.store.view(|view| view.of::<Deed>().find(&Query::on("time")));
        let deeds = deeds.unwrap().unwrap().entries.into_iter().map(|deed| deed.value);
        deeds.filter(|deed| deed.action == "events.follow").collect::<Vec<_>>()
    };
    at.listen(&at.ivan).until("gates", |_| true);
    assert_eq!(watches(), [], "of their own house everybody may know");
    let (begun, stream) = (now().ms, at.listen(&browser));
    stream.until("gates", |_| true);
    let entry = at.hub.told(came(at.house));
    stream.until("entry", |line| line["id"] == json!(entry));
    at.listen(&browser).until("gates", |_| true);
    let watches = watches();
    // One in an hour; the test may run while it strikes.
    assert!((1..=2).contains(&watches.len()), "{watches:?}");
    for watch in watches {
        assert!(watch.looked && watch.by == guard && watch.at_ms >= begun, "{watch:?}");
        assert!(watch.everybody && watch.person.is_none() && watch.house.is_none(), "{watch:?}");
    }
}

#[test]
fn a_stream_ends_with_the_right_the_session_and_the_cloud() {
    let at = Settlement::new();
    let olga = at.village.officer("Ольга", Role::Administrator);
    let (stream, office) = (at.listen(&at.ivan), at.town.as_person(&at.village, olga));
    let (other, third) = (at.listen(&office), at.town.as_person(&at.village, olga));
    stream.next();
    at.village.revoke(olga, at.place);
    stream.ends();
    assert_eq!(office.delete("/api/v1/session").status, 204);
    other.ends();
    let last = at.listen(&third);
    last.next();
    drop(at);
    last.ends();
}

#[test]
fn an_account_has_so_many_streams() {
    let at = Settlement::new();
    let path = at.village.path("/events");
    let mut streams: Vec<_> = (0..8).map(|_| at.listen(&at.ivan)).collect();
    at.ivan.get(&path).is(429, "too-many-streams");
    // Another's are another's.
    let guard = at.town.as_person(&at.village, at.village.officer("Семён", Role::Guard));
    at.listen(&guard).next();
    streams.pop();
    // A place is free as soon as it is noticed that nobody reads: with the next thing that is told.
    let path = path.clone();
    eventually("there is room again", || {
        at.hub.told(came(at.house));
        at.ivan.ask("HEAD", &path, &[], None).status == 200
    });
    at.town.stranger().get(&path).is(401, "no-session");
}

#[test]
fn a_reader_that_does_not_read_is_cut_and_others_hear_on() {
    let at = Settlement::new();
    let (guard, elsewhere) = (at.village.officer("Семён", Role::Guard), at.town.village("Берёзовка"));
    let browser = at.town.as_person(&at.village, guard);
    // The same account elsewhere: what it listens to there is told nothing, and takes its other places.
    let accounts = at.town.communities.accounts();
    let account = accounts.membership_of(at.village.community.id, guard).unwrap().unwrap().value.account;
    let (there, now) = (elsewhere.officer("Семён", Role::Guard), dwellers_cloud::clock::now());
    accounts.join(account, elsewhere.community.id, there, dwellers_cloud::clock::entropy, now).unwrap();
    let (here, there) = (at.village.path("/events"), elsewhere.path("/events"));
    let deaf = Deaf::open(&browser, &at.town.at, &here);
    let _quiet: Vec<_> = (0..7).map(|_| Stream::open(&browser, &at.town.at, &there, None)).collect();
    browser.get(&there).is(429, "too-many-streams");
    let olga = at.town.as_person(&at.village, at.village.officer("Ольга", Role::Administrator));
    let live = at.listen(&olga);
    live.until("gates", |_| true);
    // More than the sockets' buffers and the queue hold; whoever reads hears all of it.
    let mut last = String::new();
    for _ in 0..20 {
        for _ in 0..20 {
            let entry = Entry { note: "ж".repeat(30_000), ..came(at.house) };
            last = at.hub.journal(entry).to_string();
        }
        live.until("entry", |line| line["id"] == json!(last));
    }
    eventually("the deaf one is cut", || browser.ask("HEAD", &there, &[], None).status == 200);
    let heard = deaf.rest();
    assert!(!heard.contains(&last), "what it did not take was kept for it");
    let entry = at.hub.told(came(at.house));
    live.until("entry", |line| line["id"] == json!(entry));
}
