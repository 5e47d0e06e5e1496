//! What the operator does for administrators, by the socket of the running cloud.

use dwellers::people::Role;
use dwellers_cloud::clock::now;
use dwellers_cloud::control::{self, Answer, Request};
use serde_json::json;

use crate::town::{Browser, Town};

fn ask(town: &Town, request: &Request) -> Answer {
    control::ask(&town.data, request).unwrap().expect("it runs")
}

fn invite(town: &Town, name: &str) -> String {
    let (community, name) = ("Сосновка".to_owned(), name.to_owned());
    token(town, ask(town, &Request::AdminInvite { community, name, phone: String::new() }))
}

fn recover(town: &Town, name: &str) -> Answer {
    let (community, name) = ("Сосновка".to_owned(), name.to_owned());
    ask(town, &Request::AdminRecover { community, name })
}

fn token(town: &Town, answer: Answer) -> String {
    let Answer::Invitation { link } = answer else { panic!("{answer:?}") };
    link.strip_prefix(&format!("{}/join/", town.at)).unwrap().to_owned()
}

fn open(town: &Town, token: &str) -> crate::town::Answer {
    town.stranger().post("/api/v1/session/link", &json!({ "token": token }))
}

/// Signed in by a link.
fn opened(town: &Town, token: &str) -> Browser {
    let answer = open(town, token);
    answer.ok();
    town.stranger().keep(&answer)
}

#[test]
fn an_administrator_is_invited_until_they_have_signed_in() {
    let (town, village) = Town::founded();
    // An earlier link ends with a new one.
    let (before, token) = (invite(&town, "Ольга"), invite(&town, " Ольга "));
    open(&town, &before).is(403, "link-ended");
    let first = opened(&town, &token).get("/api/v1/account").ok();
    assert_eq!(first["persons"][0]["held"][0]["capacity"], "administrator");
    // From then on no invitation comes to their account.
    let (community, name) = ("Сосновка".to_owned(), "Ольга".to_owned());
    let again = ask(&town, &Request::AdminInvite { community, name, phone: String::new() });
    let Answer::Refused(said) = again else { panic!("{again:?}") };
    let person = first["persons"][0]["person"].as_str().unwrap();
    assert!(said.contains("has signed in already") && said.contains(person), "{said}");
    // What waits by then is not a way in either.
    let waits = village.officer("Пётр", Role::Administrator);
    let token = invite(&town, "Пётр");
    town.as_person(&village, waits);
    open(&town, &token).is(409, "already-joined");
}

#[test]
fn nobody_comes_to_an_administrators_account_by_their_name() {
    let (town, village) = Town::founded();
    let (victim, thief) =
        (village.officer("Ольга", Role::Administrator), village.officer("Анна", Role::Administrator));
    let (olga, anna) = (town.as_person(&village, victim), town.as_person(&village, thief));
    let rename = |browser: &Browser, person, name: &str| {
        let body = json!({ "name": name, "language": "ru" });
        browser.put(&village.path(&format!("/people/{person}")), &body)
    };
    rename(&anna, victim, "Анна").is(403, "not-allowed");
    // One's own name is one's own; where it is another's, too, the operator says who is meant.
    rename(&anna, thief, "Ольга").ok();
    let Answer::Refused(said) = recover(&town, "Ольга") else { panic!("it is not clear who") };
    assert!(said.contains(&victim.to_string()) && said.contains(&thief.to_string()), "{said}");
    olga.get("/api/v1/account").ok();
    token(&town, recover(&town, &victim.to_string()));
    olga.get("/api/v1/account").is(401, "no-session");
    anna.get("/api/v1/account").ok();
}

#[test]
fn an_administrator_who_lost_everything_begins_anew() {
    let (town, village) = Town::founded();
    let olga = village.officer("Ольга", Role::Administrator);
    let (browser, other) = (town.as_person(&village, olga), town.as_person(&village, olga));
    let shown = browser.get("/api/v1/account").ok();
    let account = shown["id"].as_str().unwrap().parse().unwrap();
    town.communities.accounts().set_email(account, "olga@example.org", true, now()).unwrap();
    browser.put("/api/v1/account/password", &json!({ "password": "correct horse" })).ok();
    crate::passkeys::added(&town, &browser, "Телефон");
    crate::second_factor::turned_on(&browser);
    let token = token(&town, recover(&town, "Ольга"));
    for browser in [&browser, &other] {
        browser.get("/api/v1/account").is(401, "no-session");
    }
    let body = json!({ "email": "olga@example.org", "password": "correct horse" });
    town.stranger().post("/api/v1/session", &body).is(401, "wrong-password");
    let shown = opened(&town, &token).get("/api/v1/account").ok();
    assert_eq!(shown["id"], account.to_string().as_str());
    for (field, is) in [
        ("has_password", json!(false)),
        ("second_factor", json!(false)),
        ("passkeys", json!(0)),
        ("email", json!("olga@example.org")),
        ("email_proved", json!(false)),
    ] {
        assert_eq!(shown[field], is, "{field}");
    }
    open(&town, &token).is(403, "link-ended");
}

#[test]
fn who_cannot_be_helped_is_said() {
    let (town, village) = Town::founded();
    village.officer("Пётр", Role::Guard);
    for _ in 0..2 {
        village.officer("Анна", Role::Administrator);
    }
    village.officer("Ольга", Role::Administrator);
    for (name, why) in [
        ("Пётр", "there is no administrator «Пётр»"),
        ("Анна", "several administrators are called «Анна»"),
        ("Ольга", "«Ольга» has never signed in: `dwellers-cloud admin invite` is enough"),
    ] {
        let Answer::Refused(said) = recover(&town, name) else { panic!("{name}") };
        assert!(said.starts_with(why), "{said}");
    }
}
