//! Signing in and out.

use dwellers::people::Role;
use dwellers_cloud::clock::{entropy, now};
use dwellers_cloud::invitations::{By, Invitation, To};
use dwellers_replica::RecordId;
use serde_json::json;

use crate::town::{Town, Village};

const DAY_MS: u64 = 24 * 3_600_000;

fn invite(town: &Town, village: &Village, person: RecordId) -> String {
    invite_to(town, village, To::Person(person))
}

pub(crate) fn invite_to(town: &Town, village: &Village, to: To) -> String {
    let token = format!("{:032x}", entropy());
    let registry = town.communities.registry();
    let invitation = Invitation::new(village.community.id, to, By::Operator, DAY_MS, now());
    registry.invite(token.as_bytes(), invitation, entropy, now()).unwrap();
    token
}

#[test]
fn an_invitation_signs_in_once() {
    let (town, village) = Town::founded();
    let olga = village.officer("Ольга", Role::Administrator);
    let token = invite(&town, &village, olga);
    let browser = town.stranger();
    assert!(browser.get("/api/v1/session").ok()["account"].is_null());
    let answer = browser.post("/api/v1/session/link", &json!({ "token": token }));
    let account = &answer.ok()["account"];
    assert_eq!(account["persons"][0]["name"], "Ольга");
    assert_eq!(account["persons"][0]["held"][0]["capacity"], "administrator");
    let cookie = answer.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let signed = browser.keep(&answer);
    assert_eq!(signed.get("/api/v1/account").ok()["persons"][0]["community_name"], "Сосновка");
    // Whoever finds the letter later finds nothing.
    browser.post("/api/v1/session/link", &json!({ "token": token })).is(403, "link-ended");
    browser.post("/api/v1/session/link", &json!({ "token": "guessed" })).is(403, "link-ended");
    // Another link from the operator is the same account.
    let from_operator = invite_to(&town, &village, To::AccountOf(olga));
    let again = browser.post("/api/v1/session/link", &json!({ "token": from_operator })).ok();
    assert_eq!(again["account"]["id"], account["id"]);
}

#[test]
fn nobody_comes_by_an_invitation_to_the_account_of_who_followed_one_before() {
    let (town, village) = Town::founded();
    let olga = village.officer("Ольга", Role::Administrator);
    let hers = town.as_person(&village, olga);
    // Whoever may invite has the link in their hands.
    let token = invite(&town, &village, olga);
    let body = json!({ "token": token });
    town.stranger().post("/api/v1/session/link", &body).is(409, "already-joined");
    let (other, _) = town.nobody();
    other.post("/api/v1/session/link", &body).is(409, "already-joined");
    // To herself it is a link like another.
    let account = hers.get("/api/v1/account").ok()["id"].clone();
    assert_eq!(hers.post("/api/v1/session/link", &body).ok()["account"]["id"], account);
}

#[test]
fn links_are_not_guessed() {
    let town = Town::start();
    let mut tried = 0;
    for guess in 0..200 {
        let from = format!("198.51.100.{guess}");
        let body = json!({ "token": format!("{guess:032x}") });
        let headers = [("x-forwarded-for", from.as_str())];
        match town.stranger().ask("POST", "/api/v1/session/link", &headers, Some(&body)).status {
            403 => tried += 1,
            429 => {}
            other => panic!("{other}"),
        }
    }
    // Of 2^128; others are not kept out by them, wherever those are.
    assert!((160..=175).contains(&tried), "{tried} of 200 guesses of a neighbourhood were looked at");
    let from = |address: &str| {
        let headers = [("x-forwarded-for", address)];
        town.stranger().ask("POST", "/api/v1/session/link", &headers, Some(&json!({ "token": "x" }))).status
    };
    assert_eq!((from("198.51.100.250"), from("198.51.101.1")), (429, 403));
    for network in 0..=255 {
        from(&format!("2001:db8:1:{network:x}::1"));
    }
    assert_eq!((from("2001:db8:1:1::2"), from("2001:db8:1:100::1"), from("2001:db8:2::1")), (429, 403, 403));
}

#[test]
fn one_account_is_persons_of_several_communities() {
    let (town, village) = Town::founded();
    let other = town.village("Берёзовка");
    let (here, there) =
        (village.officer("Ольга", Role::Administrator), other.officer("Ольга Б.", Role::Guard));
    let browser = town.as_person(&village, here);
    let answer = browser.post("/api/v1/session/link", &json!({ "token": invite(&town, &other, there) }));
    let persons = answer.ok()["account"]["persons"].as_array().unwrap().len();
    assert_eq!(persons, 2);
    // A second person of one community is somebody else.
    let also = village.person("Дача");
    assert_eq!(answer.cookie(), None, "it is the session that was");
    let answer = browser.post("/api/v1/session/link", &json!({ "token": invite(&town, &village, also) }));
    assert_eq!(answer.ok()["account"]["persons"].as_array().unwrap().len(), 1);
    assert!(answer.cookie().is_some());
}

#[test]
fn a_password_signs_in_and_ends_other_sessions() {
    let (town, village) = Town::founded();
    let olga = village.officer("Ольга", Role::Administrator);
    let (browser, other) = (town.as_person(&village, olga), town.as_person(&village, olga));
    let account = browser.get("/api/v1/account").ok()["id"].as_str().unwrap().parse().unwrap();
    town.communities.accounts().set_email(account, "Olga@Example.org", true, now()).unwrap();
    browser.put("/api/v1/account/password", &json!({ "password": "12345678" })).is(422, "invalid");
    browser.put("/api/v1/account/password", &json!({ "password": "correct horse" })).ok();
    other.get("/api/v1/account").is(401, "no-session");
    browser.get("/api/v1/account").ok();
    let sign_in = |email: &str, password: &str| {
        town.stranger().post("/api/v1/session", &json!({ "email": email, "password": password }))
    };
    let answer = sign_in("olga@example.ORG", "correct horse");
    assert_eq!(answer.ok()["account"]["email"], "Olga@Example.org");
    let wrong = sign_in("olga@example.org", "battery staple");
    let nobody = sign_in("nobody@example.org", "battery staple");
    assert_eq!(wrong.is(401, "wrong-password"), nobody.is(401, "wrong-password"));
    // By a password one must know it to change it.
    let signed = town.stranger().keep(&answer);
    let set = |before: &str| {
        signed.put("/api/v1/account/password", &json!({ "before": before, "password": "another horse" }))
    };
    assert_eq!(set("battery staple").is(422, "invalid")["field"], "before");
    set("correct horse").ok();
    let ended = signed.delete("/api/v1/session");
    ended.ok();
    assert!(ended.header("set-cookie").contains("Max-Age=0"));
    signed.get("/api/v1/account").is(401, "no-session");
}

#[test]
fn passwords_are_not_guessed() {
    let (town, village) = Town::founded();
    let olga = village.officer("Ольга", Role::Administrator);
    let browser = town.as_person(&village, olga);
    let account = browser.get("/api/v1/account").ok()["id"].as_str().unwrap().parse().unwrap();
    town.communities.accounts().set_email(account, "olga@example.org", true, now()).unwrap();
    browser.put("/api/v1/account/password", &json!({ "password": "correct horse" })).ok();
    let sign_in = |from: &str, password: &str| {
        let body = json!({ "email": "olga@example.org", "password": password });
        town.stranger().ask("POST", "/api/v1/session", &[("x-forwarded-for", from)], Some(&body))
    };
    // Whoever guesses from one address keeps nobody out who comes from another.
    let guessed =
        (0..30).filter(|guess| sign_in("192.0.2.7", &format!("guess {guess}")).status == 401).count();
    assert!((10..=12).contains(&guessed), "{guessed} of 30 guesses were looked at");
    sign_in("192.0.2.8", "correct horse").ok();
    let mut tried = guessed;
    for guess in 0..200 {
        // From many addresses at once, through the proxy.
        let answer = sign_in(&format!("198.51.100.{guess}"), &format!("guess {guess}"));
        match answer.status {
            401 => tried += 1,
            429 => assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0),
            other => panic!("{other}"),
        }
    }
    assert!((49..=55).contains(&tried), "{tried} of 230 guesses were looked at");
}
