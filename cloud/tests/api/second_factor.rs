//! A second factor beside the password.

use dwellers::people::Role;
use dwellers_cloud::accounts::Way;
use dwellers_cloud::clock::now;
use dwellers_cloud::invitations::To;
use dwellers_replica::RecordId;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use crate::sign_in::invite_to;
use crate::town::{Answer, Browser, Town, Village};

const PATH: &str = "/api/v1/account/second-factor";

/// The code of an application, so many half minutes from now.
fn code(secret: &str, steps: u64) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret).build().unwrap();
    totp.generate(now().ms / 1000 + 30 * steps).to_string()
}

/// An administrator with a password and a second factor: the browser, the account, the secret, the codes on paper.
fn guarded(town: &Town, village: &Village) -> (Browser, RecordId, String, Vec<String>) {
    let olga = village.officer("Ольга", Role::Administrator);
    let browser = town.as_person(village, olga);
    let account = browser.get("/api/v1/account").ok()["id"].as_str().unwrap().parse().unwrap();
    town.communities.accounts().set_email(account, "olga@example.org", true, now()).unwrap();
    browser.put("/api/v1/account/password", &json!({ "password": "correct horse" })).ok();
    let (secret, codes) = turned_on(&browser);
    (browser, account, secret, codes)
}

/// Turns it on; returns the secret and the codes on paper.
pub(crate) fn turned_on(browser: &Browser) -> (String, Vec<String>) {
    let offered = browser.post(PATH, &json!({})).ok();
    let secret = offered["secret"].as_str().unwrap().to_owned();
    let codes = browser.put(PATH, &json!({ "code": code(&secret, 0) })).ok()["codes"].clone();
    (secret, codes.as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect())
}

fn sign_in(town: &Town, code: Option<&str>) -> Answer {
    let mut body = json!({ "email": "olga@example.org", "password": "correct horse" });
    if let Some(code) = code {
        body["code"] = code.into();
    }
    town.stranger().post("/api/v1/session", &body)
}

#[test]
fn nothing_is_needed_before_it_is_confirmed() {
    let town = Town::start();
    let (browser, _) = town.nobody();
    browser.put(PATH, &json!({ "code": "000000" })).is(404, "not-found");
    let first = browser.post(PATH, &json!({})).ok();
    let offered = browser.post(PATH, &json!({})).ok();
    assert_ne!(first["secret"], offered["secret"]);
    let url = offered["url"].as_str().unwrap();
    let secret = offered["secret"].as_str().unwrap();
    assert!(url.starts_with("otpauth://totp/Dwellers%20127.0.0.1%20"), "{url}");
    assert!(url.contains(&format!("?secret={secret}&issuer=Dwellers%20")), "{url}");
    let account = browser.get("/api/v1/account").ok();
    assert_eq!((&account["second_factor"], &account["recovery_codes"]), (&json!(false), &json!(0)));
    let of_first = code(first["secret"].as_str().unwrap(), 0);
    assert_eq!(browser.put(PATH, &json!({ "code": of_first })).is(422, "invalid")["field"], "code");
    let codes = browser.put(PATH, &json!({ "code": code(secret, 0) })).ok();
    assert_eq!(codes["codes"].as_array().unwrap().len(), 8);
    browser.post(PATH, &json!({})).is(409, "exists");
    browser.put(PATH, &json!({ "code": code(secret, 1) })).is(409, "exists");
    let account = browser.get("/api/v1/account").ok();
    assert_eq!((&account["second_factor"], &account["recovery_codes"]), (&json!(true), &json!(8)));
}

#[test]
fn a_password_alone_is_not_enough() {
    let (town, village) = Town::founded();
    let (browser, account, secret, codes) = guarded(&town, &village);
    let before = town.signed_in(account, Way::Password, now());
    sign_in(&town, None).is(401, "second-factor");
    sign_in(&town, Some("")).is(401, "second-factor");
    // The one that turned it on is used up.
    sign_in(&town, Some(&code(&secret, 0))).is(401, "wrong-code");
    let next = code(&secret, 1);
    let answer = sign_in(&town, Some(&next));
    answer.ok();
    let signed = town.stranger().keep(&answer);
    let this = |browser: &Browser| -> Value {
        let sessions = browser.get("/api/v1/account/sessions").ok()["sessions"].as_array().unwrap().clone();
        sessions.into_iter().find(|session| session["is_this"] == true).unwrap()
    };
    assert_eq!(this(&signed)["second_factor"], true);
    assert_eq!(this(&browser)["second_factor"], true, "it was given there when it was turned on");
    assert_eq!(this(&before)["second_factor"], false);
    // Each is good once, on paper as well.
    sign_in(&town, Some(&next)).is(401, "wrong-code");
    let shouted = codes[0].to_uppercase().replace('-', " ");
    sign_in(&town, Some(&shouted)).ok();
    assert_eq!(browser.get("/api/v1/account").ok()["recovery_codes"], 7);
}

#[test]
fn turning_it_on_ends_other_sessions_and_a_code_turns_it_off() {
    let (town, village) = Town::founded();
    let olga = village.officer("Анна", Role::Administrator);
    let other = town.as_person(&village, olga);
    let browser = town.as_person(&village, olga);
    let secret = browser.post(PATH, &json!({})).ok()["secret"].as_str().unwrap().to_owned();
    let codes = browser.put(PATH, &json!({ "code": code(&secret, 0) })).ok()["codes"].clone();
    other.get("/api/v1/account").is(401, "no-session");
    let off = |code: &str| browser.ask("DELETE", PATH, &[], Some(&json!({ "code": code })));
    assert_eq!(off("000000").is(422, "invalid")["field"], "code");
    off(codes[7].as_str().unwrap()).ok();
    assert_eq!(browser.get("/api/v1/account").ok()["second_factor"], false);
    off(&code(&secret, 1)).is(404, "not-found");
}

#[test]
fn a_link_alone_is_not_enough_either() {
    let (town, village) = Town::founded();
    let (_, account, _, codes) = guarded(&town, &village);
    let person = town.communities.accounts().person_in(account, village.community.id).unwrap().unwrap();
    let token = invite_to(&town, &village, To::AccountOf(person));
    let open = |code: Option<&str>| {
        let body = json!({ "token": token, "code": code });
        town.stranger().post("/api/v1/session/link", &body)
    };
    open(None).is(401, "second-factor");
    open(Some("wrong-wrong")).is(401, "wrong-code");
    // It is not used up by that.
    assert_eq!(open(Some(&codes[1])).ok()["account"]["id"], account.to_string().as_str());
    open(Some(&codes[2])).is(403, "link-ended");
}

#[test]
fn a_code_is_given_where_somebody_is_signed_in_already() {
    let (town, village) = Town::founded();
    let (_, account, secret, _) = guarded(&town, &village);
    let browser = town.signed_in(account, Way::Password, now());
    let is_proved = || {
        let sessions = browser.get("/api/v1/account/sessions").ok()["sessions"].as_array().unwrap().clone();
        sessions.iter().any(|session| session["is_this"] == true && session["second_factor"] == true)
    };
    let proof = format!("{PATH}/proof");
    browser.post(&proof, &json!({ "code": "" })).is(401, "second-factor");
    browser.post(&proof, &json!({ "code": "000000" })).is(401, "wrong-code");
    assert!(!is_proved());
    browser.post(&proof, &json!({ "code": code(&secret, 1) })).ok();
    assert!(is_proved());
    let (other, _) = town.nobody();
    other.post(&proof, &json!({ "code": "000000" })).is(404, "not-found");
}

#[test]
fn codes_are_not_guessed() {
    let (town, village) = Town::founded();
    let (browser, _, _, codes) = guarded(&town, &village);
    let mut tried = 0;
    for guess in 0..200 {
        let from = format!("198.51.100.{guess}");
        let body = json!({ "code": format!("{guess:06}") });
        match browser.ask("DELETE", PATH, &[("x-forwarded-for", &from)], Some(&body)).status {
            422 => tried += 1,
            429 => {}
            other => panic!("{other}"),
        }
    }
    assert!((3..=6).contains(&tried), "{tried} of 200 guesses were looked at");
    // Nor at the door, where it is the same account.
    sign_in(&town, Some(&codes[0])).is(429, "too-often");
}

#[test]
fn two_who_bring_the_same_code_at_once_are_one() {
    let (town, village) = Town::founded();
    let (_, _, secret, codes) = guarded(&town, &village);
    for code in [code(&secret, 1), codes[3].clone()] {
        let signed = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..2).map(|_| scope.spawn(|| sign_in(&town, Some(&code)).status)).collect();
            tries.into_iter().map(|one| one.join().unwrap()).filter(|status| *status == 201).count()
        });
        assert_eq!(signed, 1, "{code}");
    }
}
