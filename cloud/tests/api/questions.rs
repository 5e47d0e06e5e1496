//! What guards ask houses, and the houses' answers.

use std::sync::Barrier;
use std::thread;

use dwellers::journal::Entry;
use dwellers::people::{PlaceKind, Role};
use dwellers::questions::{Answer, Question};
use dwellers_cloud::clock::now;
use dwellers_replica::{RecordId, Writes};
use serde_json::json;

use crate::hub::Hub;
use crate::town::{Browser, Town, Village};

struct Asked {
    town: Town,
    village: Village,
    hub: Hub,
    house: RecordId,
    anna: Browser,
    boris: Browser,
}

impl Asked {
    fn new() -> Asked {
        let (town, village) = Town::founded();
        let hub = Hub::connected(&town, &village);
        let house = village.house("12");
        let anna = town.as_person(&village, village.resident("Анна", house, PlaceKind::Owner).0);
        let (boris, place) = village.resident("Борис", house, PlaceKind::Family);
        hub.learns::<dwellers::people::Place>(place);
        let boris = town.as_person(&village, boris);
        Asked { town, village, hub, house, anna, boris }
    }

    fn all(&self) -> String {
        self.village.path("/questions")
    }

    fn answer(&self, question: RecordId) -> String {
        self.village.path(&format!("/questions/{question}/answer"))
    }
}

#[test]
fn a_house_is_asked_one_after_another_and_the_first_answer_counts() {
    let at = Asked::new();
    assert_eq!(at.anna.get(&at.all()).ok(), json!({ "questions": [] }));
    let question = at.hub.asks(at.house, "Курьер", 60_000);
    let shown = at.anna.get(&at.all()).ok()["questions"][0].clone();
    assert_eq!(
        (&shown["id"], &shown["state"], &shown["asks_me"]),
        (&json!(question), &json!("open"), &json!(true))
    );
    assert_eq!(shown["text"], "Курьер is here for you, waiting at: Главный въезд. Let them in?");
    assert_eq!(shown["plate_shown"], "А 123 ВС 77");
    // The others see that there is one, and are told later.
    let shown = at.boris.get(&at.all()).ok()["questions"][0].clone();
    assert_eq!((&shown["state"], &shown["asks_me"]), (&json!("open"), &json!(false)));
    let neighbour = at.village.house("14");
    let neighbour = at.village.resident("Галина", neighbour, PlaceKind::Owner).0;
    let neighbour = at.town.as_person(&at.village, neighbour);
    assert_eq!(neighbour.get(&at.all()).ok(), json!({ "questions": [] }));
    neighbour.get(&at.village.path(&format!("/questions/{question}"))).is(404, "not-found");
    neighbour.post(&at.answer(question), &json!({ "allow": true })).is(404, "not-found");
    let nanny = at.village.resident("Нина", at.house, PlaceKind::Staff).0;
    at.town.as_person(&at.village, nanny).get(&at.all()).is(403, "not-allowed");

    at.anna.post(&at.answer(question), &json!({})).is(422, "unexpected");
    let taken = at.anna.post(&at.answer(question), &json!({ "allow": true }));
    assert_eq!(taken.status, 201);
    let taken = taken.ok();
    assert_eq!((&taken["allow"], &taken["is_late"]), (&json!(true), &json!(false)));
    assert_eq!(taken["text"], "Thank you, the guard has your answer");
    at.hub.learns::<Answer>(taken["id"].as_str().unwrap().parse().unwrap());
    at.boris.post(&at.answer(question), &json!({ "allow": false })).is(409, "ended");
    let shown = at.boris.get(&at.village.path(&format!("/questions/{question}"))).ok();
    assert_eq!((&shown["state"], &shown["allow"]), (&json!("answered"), &json!(true)));
    assert_eq!((&shown["answered_by"], &shown["asks_me"]), (&json!("Анна"), &json!(false)));
}

#[test]
fn the_house_that_is_asked_sees_who_waits() {
    let at = Asked::new();
    let mut bytes = std::io::Cursor::new(Vec::new());
    let picture = image::DynamicImage::new_rgb8(40, 30);
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    let crop = at.hub.picture(bytes.get_ref());
    // Nobody knows the car: in the journal it is no house's.
    let arrival = at.hub.told(Entry { crop, ..Entry::default() });
    let ask = |about| at.hub.asks_about(at.house, "Курьер", 60_000, about);
    let (question, bare) = (ask(Some(arrival)), ask(None));
    let path = |question| at.village.path(&format!("/questions/{question}/picture"));
    let shown = at.anna.get(&path(question));
    assert_eq!(
        (shown.status, shown.header("content-type"), &shown.bytes),
        (200, "image/jpeg", bytes.get_ref())
    );
    at.anna.get(&path(bare)).is(404, "not-found");
    at.anna.get(&at.village.path(&format!("/journal/{arrival}/picture"))).is(404, "not-found");
    let neighbour = at.village.resident("Галина", at.village.house("14"), PlaceKind::Owner).0;
    at.town.as_person(&at.village, neighbour).get(&path(question)).is(404, "not-found");
    let nanny = at.village.resident("Нина", at.house, PlaceKind::Staff).0;
    at.town.as_person(&at.village, nanny).get(&path(question)).is(403, "not-allowed");
    // A gatehouse shows what it saw itself.
    let foreign = Hub::enrolled(&at.town, &at.village, "Другой");
    let crop = foreign.picture(b"another picture");
    let seen = foreign.journal(Entry { crop, ..Entry::default() });
    foreign.connect();
    foreign.has::<Entry>(seen);
    at.anna.get(&path(ask(Some(seen)))).is(404, "not-found");
}

#[test]
fn of_two_who_answer_at_once_one_does() {
    let at = Asked::new();
    for round in 0..10 {
        let question = at.hub.asks(at.house, &format!("Курьер {round}"), 60_000);
        let gun = Barrier::new(2);
        let answer = |who: &Browser, allow: bool| {
            gun.wait();
            who.post(&at.answer(question), &json!({ "allow": allow })).status
        };
        let statuses = thread::scope(|scope| {
            let (anna, boris) =
                (scope.spawn(|| answer(&at.anna, true)), scope.spawn(|| answer(&at.boris, false)));
            let mut statuses = [anna.join().unwrap(), boris.join().unwrap()];
            statuses.sort_unstable();
            statuses
        });
        assert_eq!(statuses, [201, 409]);
    }
}

#[test]
fn an_answer_whose_request_is_repeated_is_taken_once() {
    let at = Asked::new();
    let question = at.hub.asks(at.house, "Курьер", 60_000);
    let key = [("idempotency-key", "one")];
    let answer = || at.anna.ask("POST", &at.answer(question), &key, Some(&json!({ "allow": true }))).ok();
    assert_eq!(answer(), answer());
}

#[test]
fn who_answers_too_late_is_told_so() {
    let at = Asked::new();
    let (hub, gate, at_ms) = (at.hub.replica, at.hub.gate("main"), now().ms);
    let question = at.hub.store.new_id(now(), 9).unwrap();
    let asked = Question { hub, house: at.house, gate, at_ms, timeout_ms: 1, ..Question::default() };
    let mut writes = Writes::new();
    writes.create(question, &asked);
    at.hub.store.commit(now(), writes).unwrap();
    at.hub.has::<Question>(question);
    let shown = at.village.path(&format!("/questions/{question}"));
    assert_eq!(at.anna.get(&shown).ok()["state"], "unanswered");
    let taken = at.anna.post(&at.answer(question), &json!({ "allow": true })).ok();
    assert_eq!(taken["is_late"], json!(true));
    assert_eq!(taken["text"], "Thank you! The answer came too late, the guard has decided");
    assert_eq!(at.anna.get(&shown).ok()["is_late"], json!(true));
}

#[test]
fn a_guard_takes_an_answer_by_telephone() {
    let at = Asked::new();
    let question = at.hub.asks(at.house, "Курьер", 60_000);
    let guard = at.town.as_person(&at.village, at.village.officer("Пётр", Role::Guard));
    guard.post(&at.answer(question), &json!({ "allow": false })).ok();
    let shown = at.anna.get(&at.village.path(&format!("/questions/{question}"))).ok();
    assert_eq!((&shown["answered_by"], &shown["allow"]), (&json!("Пётр"), &json!(false)));
    let olga = at.town.as_person(&at.village, at.village.officer("Ольга", Role::Administrator));
    olga.post(&at.answer(question), &json!({ "allow": true })).is(403, "not-allowed");
}
