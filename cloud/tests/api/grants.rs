//! Ending grants: what goes along, who may, and what is left to whoever had them.

use dwellers::people::{self, Invitee, Person, PlaceKind, Role};
use dwellers::{Actor, rights, vehicles};
use dwellers_replica::Query;
use serde_json::json;

use crate::town::Town;

#[test]
fn what_goes_along_is_shown_before() {
    let (town, village) = Town::founded();
    let administrator = village.officer("Ольга", Role::Administrator);
    let olga = town.as_person(&village, administrator);
    let house = village.house("1");
    let (owner, place) = village.resident("Анна", house, PlaceKind::Owner);
    let anna = town.as_person(&village, owner);
    let guest = Person { name: "Борис".to_owned(), language: "ru".to_owned(), ..Person::default() };
    let invitee = Invitee::New(guest);
    let boris = village.run(|ctx| {
        let actor = Actor::Person(owner);
        let (person, place, writes) = people::invite(ctx, &actor, house, &invitee, PlaceKind::Family)?;
        Ok(((person, place), writes))
    });
    let car = village.run(|ctx| vehicles::add(ctx, &Actor::Person(boris.0), house, "А123ВС77", ""));
    let _boris = (town.as_person(&village, boris.0), town.as_person(&village, boris.0));
    let path = |grant| village.path(&format!("/grants/{grant}"));
    let shown = olga.get(&path(place)).ok();
    assert_eq!((&shown["kind"], &shown["house_label"]), (&json!("place"), &json!("1")));
    assert_eq!((&shown["places"], &shown["vehicles"], &shown["passes"]), (&json!(1), &json!(1), &json!(0)));
    let names: Vec<_> =
        shown["people"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!((names, &shown["sessions"]), (vec!["Анна", "Борис"], &json!(3)));
    // One of the house sees what they may end, and no more.
    let shown = anna.get(&path(boris.1)).ok();
    assert_eq!((&shown["vehicles"], &shown["sessions"]), (&json!(1), &json!(0)));
    anna.get(&path(place)).is(403, "not-allowed");
    assert_eq!(anna.get(&path(car)).ok()["people"], json!([]));
    // Whoever has a second place stays.
    let second = village.house("2");
    village.run(|ctx| people::settle(ctx, &Actor::Operator, boris.0, second, PlaceKind::Owner));
    let shown = olga.get(&path(place)).ok();
    assert_eq!((shown["people"].as_array().unwrap().len(), &shown["sessions"]), (1, &json!(1)));
    let (neighbour, _) = village.resident("Сосед", second, PlaceKind::Owner);
    town.as_person(&village, neighbour).get(&path(boris.1)).is(404, "not-found");
    olga.get(&path(house)).is(404, "not-found");
}

#[test]
fn whoever_was_revoked_is_nobody_there_any_more() {
    let (town, village) = Town::founded();
    let olga = town.as_person(&village, village.officer("Ольга", Role::Administrator));
    let house = village.house("1");
    let (person, place) = village.resident("Анна", house, PlaceKind::Owner);
    let anna = town.as_person(&village, person);
    let revocation = village.path(&format!("/grants/{place}/revocation"));
    anna.post(&revocation, &json!({ "reason": "сама" })).is(403, "not-allowed");
    let (neighbour, _) = village.resident("Сосед", village.house("2"), PlaceKind::Owner);
    town.as_person(&village, neighbour).post(&revocation, &json!({})).is(404, "not-found");
    olga.post(&revocation, &json!({ "reason": "я".repeat(501) })).is(422, "invalid");
    olga.post(&revocation, &json!({ "reason": "Продала дом" })).ok();
    olga.post(&revocation, &json!({ "reason": "Ещё раз" })).is(409, "ended");
    let query = Query::on("grant").equal(place.to_string());
    let written = village.community.store.view(|view| view.of::<rights::Revocation>().find(&query));
    assert_eq!(written.unwrap().unwrap().entries[0].value.reason, "Продала дом");
    for path in ["", "/people", "/roles", "/houses", "/applications", "/consents"] {
        anna.get(&village.path(path)).is(404, "not-found");
    }
    for path in [format!("/houses/{house}/people"), format!("/people/{person}"), format!("/grants/{place}")] {
        anna.get(&village.path(&path)).is(404, "not-found");
    }
    anna.post(&village.path("/me/consents"), &json!({ "text": place })).is(404, "not-found");
    for path in ["/me", "/me/consents"] {
        anna.get(&village.path(path)).ok();
    }
    // The account is still signed in: it may be somebody elsewhere.
    assert_eq!(anna.get("/api/v1/account").ok()["persons"][0]["held"], json!([]));
}
