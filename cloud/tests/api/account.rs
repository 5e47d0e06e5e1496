//! One's own account and sessions.

use dwellers::people::{Person, Role};
use dwellers_cloud::accounts::Way;
use dwellers_cloud::clock::{entropy, now};
use dwellers_cloud::invitations::To;
use dwellers_replica::{Now, Record, RecordId, Spec, Writes};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::town::Town;

#[test]
fn sessions_are_listed_and_ended() {
    let (town, village) = Town::founded();
    let olga = village.officer("Ольга", Role::Administrator);
    let (here, there) = (town.as_person(&village, olga), town.as_person(&village, olga));
    let sessions = here.get("/api/v1/account/sessions").ok()["sessions"].as_array().unwrap().clone();
    assert_eq!(sessions.len(), 2);
    let other = sessions.iter().find(|session| session["is_this"] == false).unwrap();
    let path = format!("/api/v1/account/sessions/{}", other["id"].as_str().unwrap());
    // Nobody ends another's.
    let (stranger, _) = town.nobody();
    stranger.delete(&path).is(404, "not-found");
    there.get("/api/v1/account").ok();
    here.delete(&path).ok();
    there.get("/api/v1/account").is(401, "no-session");
    let third = town.as_person(&village, olga);
    here.delete("/api/v1/account/sessions").ok();
    third.get("/api/v1/account").is(401, "no-session");
    here.get("/api/v1/account").ok();
}

#[test]
fn the_language_is_one_that_there_is() {
    let town = Town::start();
    let (browser, _) = town.nobody();
    assert_eq!(browser.patch("/api/v1/account", &json!({ "language": "en" })).ok()["language"], "en");
    browser.patch("/api/v1/account", &json!({ "language": "de" })).is(422, "invalid");
    browser.patch("/api/v1/account", &json!({ "name": "x" })).is(422, "unexpected");
}

/// A quarter of an hour ago, and a little more.
fn lately() -> Now {
    Now { ms: now().ms - 16 * 60_000, trusted: true }
}

#[test]
fn who_finds_a_browser_open_cannot_make_the_account_their_own() {
    let town = Town::start();
    let (fresh, account) = town.nobody();
    let accounts = town.communities.accounts();
    // Somebody who has nothing to show but their session.
    let open = town.signed_in(account, Way::Link, lately());
    open.post("/api/v1/account/second-factor", &json!({})).ok();
    accounts.set_email(account, "olga@example.org", true, now()).unwrap();
    open.post("/api/v1/account/second-factor", &json!({})).is(403, "sign-in-again");
    open.post("/api/v1/account/passkey-challenges", &json!({})).is(403, "sign-in-again");
    open.put("/api/v1/account/password", &json!({ "password": "correct horse" })).is(403, "sign-in-again");
    open.put("/api/v1/account/email", &json!({ "email": "" })).is(403, "sign-in-again");
    open.delete("/api/v1/account").is(403, "sign-in-again");
    // Nor by a link that anybody may have: the session stays as old as it is.
    let village = town.village("Сосновка");
    let token = crate::sign_in::invite_to(&town, &village, To::Person(village.person("Иван")));
    let answer = open.post("/api/v1/session/link", &json!({ "token": token }));
    assert_eq!(answer.ok()["account"]["id"], account.to_string().as_str());
    assert_eq!(answer.cookie(), None);
    open.delete("/api/v1/account").is(403, "sign-in-again");
    fresh.put("/api/v1/account/password", &json!({ "password": "correct horse" })).ok();
    for way in [Way::Link, Way::Password] {
        let at = if way == Way::Link { lately() } else { now() };
        let open = town.signed_in(account, way, at);
        let wrong = json!({ "password": "battery staple" });
        let answer = open.ask("DELETE", "/api/v1/account", &[], Some(&wrong)).is(422, "invalid");
        assert_eq!(answer["field"], "password");
        open.post("/api/v1/account/passkey-challenges", &json!({})).is(422, "invalid");
        open.post("/api/v1/account/passkey-challenges", &json!({ "password": "correct horse" })).ok();
    }
    let mut tried = 0;
    for guess in 0..200 {
        let from = format!("198.51.100.{guess}");
        let body = json!({ "password": format!("guess {guess}") });
        let headers = [("x-forwarded-for", from.as_str())];
        match open_answer(&town, account, &headers, &body) {
            422 => tried += 1,
            429 => {}
            other => panic!("{other}"),
        }
    }
    assert!((1..=55).contains(&tried), "{tried} of 200 guesses were looked at");
}

fn open_answer(town: &Town, account: RecordId, headers: &[(&str, &str)], body: &serde_json::Value) -> u16 {
    let open = town.signed_in(account, Way::Link, lately());
    open.ask("DELETE", "/api/v1/account", headers, Some(body)).status
}

#[test]
fn an_account_ends_and_its_person_stays() {
    let (town, village) = Town::founded();
    let olga = village.officer("Ольга", Role::Administrator);
    let (here, there) = (town.as_person(&village, olga), town.as_person(&village, olga));
    let account: RecordId = here.get("/api/v1/account").ok()["id"].as_str().unwrap().parse().unwrap();
    let accounts = town.communities.accounts();
    accounts.set_email(account, "olga@example.org", true, now()).unwrap();
    here.put("/api/v1/account/password", &json!({ "password": "correct horse" })).ok();
    let ended = here.delete("/api/v1/account");
    ended.ok();
    assert!(ended.header("set-cookie").contains("Max-Age=0"));
    for browser in [&here, &there] {
        browser.get("/api/v1/account").is(401, "no-session");
    }
    let body = json!({ "email": "olga@example.org", "password": "correct horse" });
    town.stranger().post("/api/v1/session", &body).is(401, "wrong-password");
    assert!(accounts.get(account).unwrap().is_none() && accounts.memberships(account).unwrap().is_empty());
    let store = &village.community.store;
    let person = store.view(|view| view.of::<Person>().get(olga)).unwrap().unwrap().unwrap();
    assert_eq!(person.value.name, "Ольга");
    // A session that began at the same moment is over.
    town.signed_in(account, Way::Link, now()).get("/api/v1/account").is(401, "no-session");
    // The address is free, and the person can be somebody's again.
    let (_, other) = town.nobody();
    accounts.set_email(other, "olga@example.org", true, now()).unwrap();
    let token = crate::sign_in::invite_to(&town, &village, To::Person(olga));
    let again = town.stranger().post("/api/v1/session/link", &json!({ "token": token })).ok();
    assert_ne!(again["account"]["id"], account.to_string().as_str());
}

/// A person of another make: their name is a number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Damaged {
    name: u32,
}

impl Record for Damaged {
    const SPEC: Spec = Person::SPEC;
}

#[test]
fn a_community_that_fails_takes_nobody_out_of_the_others() {
    let (town, village) = Town::founded();
    let other = town.village("Берёзовка");
    let (here, account) = town.nobody();
    let accounts = town.communities.accounts();
    let (damaged, whole) = (RecordId::new(now().ms, entropy()), other.person("Ольга"));
    accounts.join(account, village.community.id, damaged, entropy, now()).unwrap();
    accounts.join(account, other.community.id, whole, entropy, now()).unwrap();
    let mut writes = Writes::new();
    writes.create(damaged, &Damaged { name: 7 });
    village.community.store.commit(now(), writes).unwrap();
    let persons = here.get("/api/v1/account").ok()["persons"].clone();
    assert_eq!((persons.as_array().unwrap().len(), &persons[0]["name"]), (1, &json!("Ольга")));
}
