//! Passkeys, with an authenticator that makes real ones.

use std::pin::Pin;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dwellers::people::Role;
use dwellers_cloud::accounts::Way;
use dwellers_cloud::clock::now;
use dwellers_cloud::config::Http;
use dwellers_replica::Now;
use passkey::authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod};
use passkey::client::{Client, DefaultClientData, WebauthnError};
use passkey::crypto::rust_crypto::RustCryptoBackend;
use passkey::types::Passkey;
use passkey::types::ctap2::{Aaguid, Ctap2Error};
use passkey::types::webauthn::{CredentialCreationOptions, CredentialRequestOptions};
use serde_json::{Value, json};
use tokio::runtime::Builder;
use url::Url;

use crate::town::{Answer, Browser, Town};

const PATH: &str = "/api/v1/account/passkeys";
const BEGIN: &str = "/api/v1/account/passkey-challenges";

/// Somebody who says yes.
struct Owner;

type Said<'a> = Pin<Box<dyn Future<Output = Result<UserCheck, Ctap2Error>> + Send + 'a>>;

impl UserValidationMethod for Owner {
    type PasskeyItem = Passkey;

    fn check_user<'a, 'this, 'said>(&'this self, _: UiHint<'a, Passkey>, _: bool, _: bool) -> Said<'said>
    where
        'a: 'said,
        'this: 'said,
        Self: 'said,
    {
        Box::pin(async { Ok(UserCheck { presence: true, verification: true }) })
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }
}

/// A telephone with room for one passkey. A clone of it is a copy that its owner knows nothing of.
#[derive(Clone, Default)]
pub(crate) struct Phone {
    passkey: Option<Passkey>,
}

/// Makes a client of the phone, asks it, and keeps what the phone has by then.
macro_rules! asked {
    ($phone:expr, |$client:ident| $ask:expr) => {{
        let aaguid = Aaguid::new_empty();
        let mut authenticator = Authenticator::new(aaguid, $phone.passkey.clone(), Owner, RustCryptoBackend);
        authenticator.set_make_credentials_with_signature_counter(true);
        let mut $client = Client::new(authenticator).allows_insecure_localhost(true);
        let answer = Builder::new_current_thread().enable_all().build().unwrap().block_on($ask);
        $phone.passkey.clone_from($client.authenticator().store());
        answer
    }};
}

impl Phone {
    /// What a page does with the options of a new passkey.
    fn create(&mut self, origin: &str, options: &Value) -> Result<Value, WebauthnError> {
        let options: CredentialCreationOptions =
            serde_json::from_value(json!({ "publicKey": options })).unwrap();
        let origin = Url::parse(origin).unwrap();
        let made = asked!(self, |client| client.register(&origin, options, DefaultClientData))?;
        Ok(as_page(serde_json::to_value(made).unwrap()))
    }

    /// What a page does to sign in.
    fn get(&mut self, origin: &str, options: &Value) -> Result<Value, WebauthnError> {
        let options: CredentialRequestOptions =
            serde_json::from_value(json!({ "publicKey": options })).unwrap();
        let origin = Url::parse(origin).unwrap();
        let signed = asked!(self, |client| client.authenticate(&origin, options, DefaultClientData))?;
        Ok(as_page(serde_json::to_value(signed).unwrap()))
    }
}

/// As `toJSON` writes it in a page: bytes are base64url.
fn as_page(value: Value) -> Value {
    match value {
        Value::Array(all) if !all.is_empty() && all.iter().all(Value::is_u64) => {
            let bytes = all.iter().map(|byte| u8::try_from(byte.as_u64().unwrap()).unwrap());
            URL_SAFE_NO_PAD.encode(bytes.collect::<Vec<_>>()).into()
        }
        Value::Array(all) => all.into_iter().map(as_page).collect(),
        Value::Object(all) => all.into_iter().map(|(name, value)| (name, as_page(value))).collect(),
        other => other,
    }
}

/// The page that people open on this machine.
fn origin(town: &Town) -> String {
    town.at.replace("127.0.0.1", "localhost")
}

/// Adds a passkey of a new phone.
pub(crate) fn added(town: &Town, browser: &Browser, name: &str) -> (Phone, Value) {
    let mut phone = Phone::default();
    let options = browser.post(BEGIN, &json!({})).ok()["options"].clone();
    let credential = phone.create(&origin(town), &options).unwrap();
    let answer = browser.post(PATH, &json!({ "name": name, "credential": credential }));
    assert_eq!(answer.status, 201);
    (phone, answer.ok())
}

/// Begins to sign in; returns what is to be sent.
fn signing(town: &Town, phone: &mut Phone) -> Value {
    let begun = town.stranger().post("/api/v1/session/passkey-challenges", &json!({})).ok();
    let credential = phone.get(&origin(town), &begun["options"]).unwrap();
    json!({ "challenge": begun["challenge"], "credential": credential })
}

fn sign_in(town: &Town, body: &Value) -> Answer {
    town.stranger().post("/api/v1/session/passkey", body)
}

#[test]
fn a_passkey_signs_in_without_a_name() {
    let (town, village) = Town::founded();
    let olga = village.officer("Ольга", Role::Administrator);
    let browser = town.as_person(&village, olga);
    let (mut phone, made) = added(&town, &browser, " Телефон ");
    assert_eq!((&made["name"], &made["used_ms"]), (&json!("Телефон"), &json!(0)));
    let body = signing(&town, &mut phone);
    let answer = sign_in(&town, &body);
    assert_eq!(answer.ok()["account"]["persons"][0]["name"], "Ольга");
    let signed = town.stranger().keep(&answer);
    let sessions = signed.get("/api/v1/account/sessions").ok();
    let this = sessions["sessions"].as_array().unwrap().iter().find(|one| one["is_this"] == true).unwrap();
    assert_eq!((&this["way"], &this["second_factor"]), (&json!("passkey"), &json!(true)));
    assert_eq!(signed.get("/api/v1/account").ok()["passkeys"], 1);
    let listed = signed.get(PATH).ok();
    assert!(listed["passkeys"][0]["used_ms"].as_u64().unwrap() > 0);
    // A challenge is good once, and a phone signs in again with the next.
    sign_in(&town, &body).is(403, "passkey-refused");
    let body = signing(&town, &mut phone);
    sign_in(&town, &body).ok();
}

#[test]
fn a_passkey_is_its_owners_to_rename_and_remove() {
    let town = Town::start();
    let ((browser, _), (other, _)) = (town.nobody(), town.nobody());
    let (mut phone, made) = added(&town, &browser, "Телефон");
    let one = format!("{PATH}/{}", made["id"].as_str().unwrap());
    other.patch(&one, &json!({ "name": "Мой" })).is(404, "not-found");
    other.delete(&one).is(404, "not-found");
    assert!(other.get(PATH).ok()["passkeys"].as_array().unwrap().is_empty());
    browser.patch(&one, &json!({ "name": " " })).is(422, "invalid");
    browser.patch(&one, &json!({ "name": "x".repeat(61) })).is(422, "invalid");
    assert_eq!(browser.patch(&one, &json!({ "name": "Ключ" })).ok()["name"], "Ключ");
    let body = signing(&town, &mut phone);
    browser.delete(&one).ok();
    browser.delete(&one).is(404, "not-found");
    sign_in(&town, &body).is(403, "passkey-refused");
    let body = signing(&town, &mut phone);
    sign_in(&town, &body).is(403, "passkey-refused");
}

#[test]
fn whoever_found_a_browser_open_takes_no_passkey_away() {
    let town = Town::start();
    let (browser, account) = town.nobody();
    let (mut phone, made) = added(&town, &browser, "Телефон");
    let an_hour_ago = Now { ms: now().ms - 3_600_000, trusted: true };
    let found = town.signed_in(account, Way::Passkey, an_hour_ago);
    let one = format!("{PATH}/{}", made["id"].as_str().unwrap());
    found.delete(&one).is(403, "sign-in-again");
    found.post(BEGIN, &json!({})).is(403, "sign-in-again");
    found.put("/api/v1/account/password", &json!({ "password": "correct horse" })).is(403, "sign-in-again");
    let body = signing(&town, &mut phone);
    town.stranger().keep(&sign_in(&town, &body)).delete(&one).ok();
}

#[test]
fn only_an_answer_to_what_was_asked_adds_one() {
    let town = Town::start();
    let ((browser, _), (other, _)) = (town.nobody(), town.nobody());
    let begin = |browser: &Browser| browser.post(BEGIN, &json!({})).ok()["options"].clone();
    let add = |browser: &Browser, credential: &Value| {
        browser.post(PATH, &json!({ "name": "Телефон", "credential": credential }))
    };
    let mut phone = Phone::default();
    let credential = phone.create(&origin(&town), &begin(&browser)).unwrap();
    // In another's session.
    add(&other, &credential).is(403, "passkey-refused");
    begin(&other);
    add(&other, &credential).is(403, "passkey-refused");
    // To what was asked before.
    let options = begin(&browser);
    add(&browser, &credential).is(403, "passkey-refused");
    add(&browser, &phone.create(&origin(&town), &options).unwrap()).is(403, "passkey-refused");
    // On another page.
    let elsewhere = phone.create("http://localhost:1", &begin(&browser)).unwrap();
    add(&browser, &elsewhere).is(403, "passkey-refused");
    // It is no answer at all.
    add(&browser, &json!({})).is(422, "unexpected");
    let credential = phone.create(&origin(&town), &begin(&browser)).unwrap();
    add(&browser, &credential).ok();
    add(&browser, &credential).is(403, "passkey-refused");
    // By that the same phone takes no second one.
    assert_eq!(begin(&browser)["excludeCredentials"][0]["id"], credential["id"]);
    town.stranger().post(BEGIN, &json!({})).is(401, "no-session");
}

#[test]
fn a_copy_of_a_passkey_is_noticed() {
    let town = Town::start();
    let (browser, _) = town.nobody();
    let (mut phone, _) = added(&town, &browser, "Телефон");
    let mut copy = phone.clone();
    for _ in 0..2 {
        let body = signing(&town, &mut phone);
        sign_in(&town, &body).ok();
    }
    let body = signing(&town, &mut copy);
    sign_in(&town, &body).is(403, "passkey-refused");
    let listed = browser.get(PATH).ok();
    assert!(listed["passkeys"][0]["suspect_ms"].as_u64().unwrap() > 0, "{listed}");
}

#[test]
fn a_passkey_of_nobody_here_signs_nobody_in() {
    let (town, elsewhere) = (Town::start(), Town::start());
    let (browser, _) = elsewhere.nobody();
    let (mut phone, _) = added(&elsewhere, &browser, "Телефон");
    let body = signing(&town, &mut phone);
    sign_in(&town, &body).is(403, "passkey-refused");
    // Nor does what was signed for another page.
    let (browser, _) = town.nobody();
    let (mut phone, _) = added(&town, &browser, "Телефон");
    let begun = town.stranger().post("/api/v1/session/passkey-challenges", &json!({})).ok();
    let credential = phone.get(&origin(&elsewhere), &begun["options"]).unwrap();
    let body = json!({ "challenge": begun["challenge"], "credential": credential });
    sign_in(&town, &body).is(403, "passkey-refused");
}

/// What a device says of whom it signs in is not signed.
#[test]
fn a_passkey_signs_in_to_its_own_account_alone() {
    let town = Town::start();
    let ((browser, _), (_, other)) = (town.nobody(), town.nobody());
    let (mut phone, _) = added(&town, &browser, "Телефон");
    let mut body = signing(&town, &mut phone);
    body["credential"]["response"]["userHandle"] = URL_SAFE_NO_PAD.encode(other.to_bytes()).into();
    sign_in(&town, &body).is(403, "passkey-refused");
    let mut body = signing(&town, &mut phone);
    body["credential"]["response"]["userHandle"] = Value::Null;
    sign_in(&town, &body).is(403, "passkey-refused");
    let body = signing(&town, &mut phone);
    sign_in(&town, &body).ok();
}

#[test]
fn challenges_are_bounded() {
    let town = Town::start();
    let begun = (0..200).filter(|_| {
        let headers = [("x-forwarded-for", "198.51.100.7")];
        let path = "/api/v1/session/passkey-challenges";
        town.stranger().ask("POST", path, &headers, Some(&json!({}))).status == 201
    });
    let begun = begun.count();
    assert!((40..=45).contains(&begun), "{begun} of 200");
}

#[test]
fn passkeys_need_a_name() {
    let by_number = |config: &mut dwellers_cloud::config::Config| {
        config.http = Http { authority: Some("192.0.2.1:443".to_owned()), ..config.http.clone() };
    };
    let town = Town::configured(by_number);
    town.stranger().post("/api/v1/session/passkey-challenges", &json!({})).is(409, "no-passkeys");
}
