//! Households: who lives in a house, and how others come to.

use dwellers::Actor;
use dwellers::people::{self as residents, PlaceKind, Role};
use dwellers_cloud::clock::now;
use serde_json::{Value, json};

use crate::town::Town;

#[test]
fn an_owner_invites_somebody_new_who_signs_in_by_the_link() {
    let (town, village) = Town::founded();
    let (house, other) = (village.house("1"), village.house("2"));
    let (owner, _) = village.resident("Анна", house, PlaceKind::Owner);
    let anna = town.as_person(&village, owner);
    let people = village.path(&format!("/houses/{house}/people"));
    let invite = |kind: &str, name: &str| {
        anna.post(&people, &json!({ "kind": kind, "name": name, "phone": "+7 916 123-45-67" }))
    };
    invite("owner", "Пётр").is(403, "not-allowed");
    invite("family", "").is(422, "invalid");
    invite("guest", "Пётр").is(422, "unexpected");
    let body = json!({ "kind": "family", "name": "Пётр" });
    anna.post(&village.path(&format!("/houses/{other}/people")), &body).is(404, "not-found");
    let invited = invite("family", "Борис").ok();
    let (place, token) = (invited["id"].as_str().unwrap(), &invited["link"]["token"]);
    // Who has lost the letter gets another one; the first is good no more.
    let again = format!("{people}/{place}/link");
    let second = anna.post(&again, &json!({})).ok()["token"].clone();
    let by = |token: &Value| town.stranger().post("/api/v1/session/link", &json!({ "token": token }));
    by(token).is(403, "link-ended");
    let signed = by(&second);
    assert_eq!(signed.ok()["account"]["persons"][0]["held"][0]["capacity"], "family");
    let boris = town.stranger().keep(&signed);
    // Who has signed in is not signed in as by whoever invited them.
    anna.post(&again, &json!({})).is(409, "already-joined");
    // What each may do, and who invited.
    let listed = anna.get(&people).ok()["people"].clone();
    assert_eq!((&listed[0]["name"], &listed[0]["by_administrator"]), (&json!("Анна"), &json!(true)));
    assert_eq!((&listed[1]["by_name"], &listed[1]["phone"]), (&json!("Анна"), &json!("+79161234567")));
    assert_eq!((&listed[0]["may_remove"], &listed[1]["may_remove"]), (&json!(false), &json!(true)));
    assert!(listed[1]["may"].as_array().unwrap().contains(&json!("IssuePass")), "{listed}");
    // The family sees who lives there, no telephone numbers of others; and invites nobody.
    let seen = boris.get(&people).ok()["people"].clone();
    assert_eq!((&seen[1]["phone"], &seen[0]["phone"]), (&json!("+79161234567"), &json!("")));
    assert_eq!(seen[0]["may_remove"], false);
    boris.post(&people, &json!({ "kind": "staff", "name": "Нина" })).is(403, "not-allowed");
    boris.delete(&format!("{people}/{}", listed[0]["id"].as_str().unwrap())).is(403, "not-allowed");
    // A neighbour sees nothing of it.
    let (neighbour, _) = village.resident("Сосед", other, PlaceKind::Owner);
    let neighbour = town.as_person(&village, neighbour);
    neighbour.get(&people).is(404, "not-found");
    neighbour.delete(&format!("{people}/{place}")).is(404, "not-found");
    anna.delete(&format!("{people}/{place}")).ok();
    anna.delete(&format!("{people}/{place}")).is(409, "ended");
    boris.get(&people).is(404, "not-found");
    assert_eq!(anna.get(&people).ok()["people"].as_array().unwrap().len(), 1);
}

#[test]
fn a_link_ends_with_the_place_and_with_whoever_gave_it() {
    let (town, village) = Town::founded();
    let administrator = village.officer("Ольга", Role::Administrator);
    let olga = town.as_person(&village, administrator);
    let house = village.house("1");
    let (owner, place) = village.resident("Анна", house, PlaceKind::Owner);
    let anna = town.as_person(&village, owner);
    let people = village.path(&format!("/houses/{house}/people"));
    let invite = |name: &str| anna.post(&people, &json!({ "kind": "family", "name": name })).ok();
    let open = |token: &Value| town.stranger().post("/api/v1/session/link", &json!({ "token": token }));
    let waiting = || {
        let registry = town.communities.registry();
        move |token: &Value| registry.invited(token.as_str().unwrap().as_bytes(), now()).unwrap().is_some()
    };
    // Whoever is taken away takes their link along, and its room.
    let (gone, stays) = (invite("Борис"), invite("Вера"));
    anna.delete(&format!("{people}/{}", gone["id"].as_str().unwrap())).ok();
    assert!(!waiting()(&gone["link"]["token"]) && waiting()(&stays["link"]["token"]));
    open(&gone["link"]["token"]).is(403, "link-ended");
    // So does who is revoked with the house's owner.
    olga.post(&village.path(&format!("/grants/{place}/revocation")), &json!({})).ok();
    assert!(!waiting()(&stays["link"]["token"]));
    open(&stays["link"]["token"]).is(403, "link-ended");
    // Whoever gave it may not any more, or they have an office by now that nobody gives by a link.
    let pyotr = village.officer("Пётр", Role::Administrator);
    let pyotr_in = town.as_person(&village, pyotr);
    let link = |browser: &crate::town::Browser, person| {
        let path = village.path(&format!("/people/{person}/link"));
        browser.post(&path, &json!({})).ok()["token"].clone()
    };
    let (one, other) = (village.person("Галина"), village.person("Денис"));
    let (by_pyotr, by_olga) = (link(&pyotr_in, one), link(&olga, other));
    let roles = olga.get(&village.path("/roles")).ok()["roles"].clone();
    let role = roles.as_array().unwrap().iter().find(|role| role["person"] == pyotr.to_string()).unwrap();
    olga.delete(&village.path(&format!("/roles/{}", role["id"].as_str().unwrap()))).ok();
    open(&by_pyotr).is(403, "link-ended");
    village.run(|ctx| residents::grant_role(ctx, &Actor::Operator, other, Role::Administrator));
    open(&by_olga).is(403, "link-ended");
    let by_olga = link(&olga, one);
    open(&by_olga).ok();
}

#[test]
fn somebody_known_gets_a_place_and_no_link() {
    let (town, village) = Town::founded();
    let (house, other) = (village.house("1"), village.house("2"));
    let (owner, _) = village.resident("Анна", house, PlaceKind::Owner);
    let (known, _) = village.resident("Галина", other, PlaceKind::Owner);
    let anna = town.as_person(&village, owner);
    let people = village.path(&format!("/houses/{house}/people"));
    // Nobody of another house is made one of this without being asked; nor is their telephone told.
    anna.post(&people, &json!({ "kind": "staff", "person": known })).is(404, "not-found");
    // Who was of the house once is known there.
    let once = village.run(|ctx| residents::settle(ctx, &Actor::Operator, known, house, PlaceKind::Family));
    let administrator = village.officer("Ольга", Role::Administrator);
    village.revoke(administrator, once);
    let invited = anna.post(&people, &json!({ "kind": "tenant", "person": known })).ok();
    assert!(invited["link"].is_null());
    anna.post(&people, &json!({ "kind": "tenant", "person": known })).is(409, "exists");
    anna.post(&people, &json!({ "kind": "tenant", "person": village.community.id })).is(404, "not-found");
    // They own another house, though they have never signed in: nobody signs in as them by it.
    let link = format!("{people}/{}/link", invited["id"].as_str().unwrap());
    anna.post(&link, &json!({})).is(403, "not-allowed");
    town.as_person(&village, known).get(&people).ok();
}

#[test]
fn an_administrator_gives_a_place_that_nobody_of_the_house_takes_away() {
    let (town, village) = Town::founded();
    let olga = town.as_person(&village, village.officer("Ольга", Role::Administrator));
    let house = village.house("1");
    let (owner, _) = village.resident("Анна", house, PlaceKind::Owner);
    let (anna, second) = (town.as_person(&village, owner), village.person("Вера"));
    let places = village.path(&format!("/houses/{house}/places"));
    let settle = |person| olga.post(&places, &json!({ "person": person, "kind": "owner" }));
    let place = settle(second).ok();
    settle(second).is(409, "exists");
    settle(village.community.id).is(404, "not-found");
    olga.post(
        &village.path(&format!("/houses/{second}/places")),
        &json!({ "person": second, "kind": "owner" }),
    )
    .is(404, "not-found");
    anna.post(&places, &json!({ "person": owner, "kind": "tenant" })).is(403, "not-allowed");
    let one = village.path(&format!("/houses/{house}/people/{}", place["id"].as_str().unwrap()));
    anna.delete(&one).is(403, "not-allowed");
    olga.delete(&one).ok();
    assert_eq!(olga.get(&village.path(&format!("/houses/{house}/people"))).ok()["people"][0]["name"], "Анна");
}
