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
fn an_administrator_who_is_invited_again_comes_to_the_same_account() {
    let (town, _village) = Town::founded();
    let first = opened(&town, &invite(&town, "Ольга")).get("/api/v1/account").ok();
    assert_eq!(first["persons"][0]["held"][0]["capacity"], "administrator");
    // An earlier link ends with a new one.
    let (before, token) = (invite(&town, "Ольга"), invite(&town, " Ольга "));
    open(&town, &before).is(403, "link-ended");
    let again = opened(&town, &token).get("/api/v1/account").ok();
    assert_eq!((&again["id"], again["persons"].as_array().unwrap().len()), (&first["id"], 1));
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
    // The link of an invitation is not enough where there is a second factor.
    open(&town, &invite(&town, "Ольга")).is(401, "second-factor");
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
