//! What is done by mail.

use dwellers_cloud::accounts::Purpose;
use dwellers_cloud::clock::{entropy, now};
use dwellers_replica::{Now, RecordId};
use serde_json::{Value, json};

use crate::post_office::PostOffice;
use crate::town::{Answer, Browser, Town};

const EMAIL: &str = "/api/v1/account/email";
const PROOF: &str = "/api/v1/account/email/proof";
const OLGA: &str = "olga@example.org";

/// Somebody whose address is proved, with a password.
fn olga(town: &Town) -> (Browser, RecordId) {
    let (browser, account) = town.nobody();
    town.communities.accounts().set_email(account, OLGA, true, now()).unwrap();
    browser.put("/api/v1/account/password", &json!({ "password": "correct horse" })).ok();
    (browser, account)
}

fn sign_in(town: &Town, password: &str) -> Answer {
    town.stranger().post("/api/v1/session", &json!({ "email": OLGA, "password": password }))
}

fn ask_for(town: &Town, path: &str, email: &str) -> Answer {
    town.stranger().post(path, &json!({ "email": email }))
}

fn reset(town: &Town, token: &str, password: &str) -> Answer {
    let body = json!({ "token": token, "password": password });
    town.stranger().put("/api/v1/recovery/password", &body)
}

#[test]
fn an_address_is_proved_by_a_letter() {
    let office = PostOffice::open();
    let (town, _village) = Town::with_mail(&office);
    let (browser, account) = town.nobody();
    browser.patch("/api/v1/account", &json!({ "language": "en" })).ok();
    let shown = browser.put(EMAIL, &json!({ "email": " Olga@Example.org " })).ok();
    let waits = ("", false, "Olga@Example.org");
    let of = |shown: &Value| {
        let text = |name: &str| shown[name].as_str().unwrap().to_owned();
        (text("email"), shown["email_proved"] == true, text("email_to_prove"))
    };
    assert_eq!(of(&shown), (waits.0.to_owned(), waits.1, waits.2.to_owned()));
    let letter = office.letters("Olga@Example.org", 1).remove(0);
    assert!(letter.head.contains("Subject: Confirm your address"), "{letter:?}");
    assert!(letter.head.contains("Auto-Submitted: auto-generated"), "{letter:?}");
    let token = letter.token("prove");
    let lines: Vec<_> = letter.text.lines().collect();
    assert_eq!((lines.len(), lines[2]), (5, format!("{}/prove/{token}", town.at).as_str()), "{letter:?}");
    let prove = |browser: &Browser| browser.post(PROOF, &json!({ "token": token }));
    // By nobody else, signed in or not.
    prove(&town.stranger()).is(401, "no-session");
    prove(&town.nobody().0).is(403, "link-ended");
    assert_eq!(of(&prove(&browser).ok()), ("Olga@Example.org".to_owned(), true, String::new()));
    prove(&browser).is(403, "link-ended");
    // Another one takes its place when it is proved, and the first is told.
    browser.put(EMAIL, &json!({ "email": "new@example.org" })).ok();
    assert_eq!(browser.get("/api/v1/account").ok()["email"], "Olga@Example.org");
    let token = office.letters("new@example.org", 1)[0].token("prove");
    browser.post(PROOF, &json!({ "token": token })).ok();
    let told = office.letters("Olga@Example.org", 2).remove(1);
    assert!(told.text.contains("new@example.org"), "{told:?}");
    // And it is taken away.
    let shown = browser.put(EMAIL, &json!({ "email": "" })).ok();
    assert_eq!(of(&shown), (String::new(), false, String::new()));
    assert!(town.communities.accounts().get(account).unwrap().unwrap().value.email_key.is_empty());
}

#[test]
fn an_address_is_one_accounts_and_only_its_reader_learns_of_it() {
    let office = PostOffice::open();
    let (town, _village) = Town::with_mail(&office);
    olga(&town);
    let (browser, _) = town.nobody();
    browser.put(EMAIL, &json!({ "email": "OLGA@example.org" })).ok();
    let token = office.letters("OLGA@example.org", 1)[0].token("prove");
    browser.post(PROOF, &json!({ "token": token })).is(409, "exists");
    browser.put(EMAIL, &json!({ "email": "olga" })).is(422, "invalid");
    // A letter that cannot be sent is told of.
    browser.put(EMAIL, &json!({ "email": "refused@example.org" })).is(503, "letter-not-sent");
}

/// A link as it was sent.
fn accounts_link(town: &Town, account: RecordId, secret: &str) {
    town.communities.accounts().link(account, Purpose::SignIn, OLGA, secret, entropy, now()).unwrap();
}

#[test]
fn a_letter_signs_in_once() {
    let office = PostOffice::open();
    let (town, _village) = Town::with_mail(&office);
    let (_, account) = olga(&town);
    let ask = |email: &str| ask_for(&town, "/api/v1/session/letter", email);
    let (known, unknown) = (ask(" OLGA@example.org"), ask("nobody@example.org"));
    assert_eq!((known.status, &known.bytes), (202, &unknown.bytes));
    assert_eq!(unknown.status, 202);
    ask("no address").is(422, "invalid");
    let letter = office.letters(OLGA, 1).remove(0);
    // Its owner's language is Russian.
    assert!(letter.text.starts_with("Кто-то, надеемся, что вы, попросил ссылку"), "{letter:?}");
    let token = letter.token("join");
    let open = || town.stranger().post("/api/v1/session/link", &json!({ "token": token }));
    // For nothing else.
    reset(&town, &token, "another horse").is(403, "link-ended");
    let answer = open();
    assert_eq!(answer.ok()["account"]["id"], account.to_string().as_str());
    open().is(403, "link-ended");
    // Also in the browser of somebody else, who is signed out there.
    ask(OLGA);
    let token = office.letters(OLGA, 2)[1].token("join");
    let (other, _) = town.nobody();
    let answer = other.post("/api/v1/session/link", &json!({ "token": token })).ok();
    assert_eq!(answer["account"]["id"], account.to_string().as_str());
    other.get("/api/v1/account").is(401, "no-session");
    // With it went the others.
    accounts_link(&town, account, "third");
    accounts_link(&town, account, "fourth");
    let open = |token: &str| town.stranger().post("/api/v1/session/link", &json!({ "token": token }));
    open("third").ok();
    open("fourth").is(403, "link-ended");
    assert!(office.letters("nobody@example.org", 0).is_empty());
}

#[test]
fn a_password_is_set_anew_by_a_letter() {
    let office = PostOffice::open();
    let (town, _village) = Town::with_mail(&office);
    let (browser, _) = olga(&town);
    ask_for(&town, "/api/v1/recovery/letter", OLGA).ok();
    let letter = office.letters(OLGA, 1).remove(0);
    let token = letter.token("reset");
    town.stranger().post("/api/v1/session/link", &json!({ "token": token })).is(403, "link-ended");
    reset(&town, &token, "12345678").is(422, "invalid");
    let done = reset(&town, &token, "another horse");
    assert_eq!((done.status, done.cookie()), (204, None), "nobody is signed in by it");
    reset(&town, &token, "third horse").is(403, "link-ended");
    browser.get("/api/v1/account").is(401, "no-session");
    sign_in(&town, "correct horse").is(401, "wrong-password");
    sign_in(&town, "another horse").ok();
    let told = office.letters(OLGA, 2).remove(1);
    assert!(told.text.starts_with("Пароль вашей учётной записи"), "{told:?}");
}

#[test]
fn two_who_open_a_letter_at_once_are_one() {
    let office = PostOffice::open();
    let (town, _village) = Town::with_mail(&office);
    olga(&town);
    ask_for(&town, "/api/v1/recovery/letter", OLGA).ok();
    let token = office.letters(OLGA, 1)[0].token("reset");
    let done = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..4)
            .map(|n| {
                scope.spawn({
                    let (town, token) = (&town, &token);
                    move || reset(town, token, &format!("horse number {n}")).status
                })
            })
            .collect();
        tries.into_iter().map(|one| one.join().unwrap()).filter(|status| *status == 204).count()
    });
    assert_eq!(done, 1);
}

#[test]
fn a_letter_is_good_for_its_time_and_its_address() {
    let office = PostOffice::open();
    let (town, _village) = Town::with_mail(&office);
    let (_, account) = olga(&town);
    let accounts = town.communities.accounts();
    let ago = |ms: u64| Now { ms: now().ms - ms, trusted: true };
    let purpose = Purpose::Reset;
    accounts.link(account, purpose, OLGA, "an hour old", entropy, ago(3_600_001)).unwrap();
    reset(&town, "an hour old", "another horse").is(403, "link-ended");
    accounts.link(account, purpose, OLGA, "good", entropy, ago(3_500_000)).unwrap();
    // The account has another address by now: whoever reads the old one's mail is not its owner any more.
    accounts.set_email(account, "new@example.org", true, now()).unwrap();
    reset(&town, "good", "another horse").is(403, "link-ended");
    ask_for(&town, "/api/v1/recovery/letter", OLGA).ok();
    // One that was not proved is not written to either.
    accounts.set_email(account, "other@example.org", false, now()).unwrap();
    ask_for(&town, "/api/v1/recovery/letter", "other@example.org").ok();
    // What comes after it came after them.
    let (browser, _) = town.nobody();
    browser.put(EMAIL, &json!({ "email": "last@example.org" })).ok();
    office.letters("last@example.org", 1);
    assert_eq!(office.count(), 1);
}

#[test]
fn nobody_fills_a_mailbox() {
    let office = PostOffice::open();
    let (town, _village) = Town::with_mail(&office);
    olga(&town);
    let ask = |path: &str, email: &str, n: u32| {
        let from = format!("198.51.{n}.7");
        let body = json!({ "email": email });
        town.stranger().ask("POST", path, &[("x-forwarded-for", from.as_str())], Some(&body)).status
    };
    // Many who ask for one; whether there is such an account makes no difference.
    for email in [OLGA, "nobody@example.org"] {
        let sent = (0..200).filter(|n| ask("/api/v1/recovery/letter", email, *n) == 202).count();
        assert!((3..=5).contains(&sent), "{sent} of 200");
    }
    // One who asks for many.
    let one = |n: u32| ask("/api/v1/session/letter", &format!("someone{n}@example.org"), 7);
    let sent = (0..200).filter(|n| one(*n) == 202).count();
    // They take nothing from a mailbox by what they are refused.
    for _ in 0..20 {
        assert_eq!(ask("/api/v1/session/letter", "pyotr@example.org", 7), 429);
    }
    assert_eq!(ask("/api/v1/session/letter", "pyotr@example.org", 201), 202);
    assert!((8..=12).contains(&sent), "{sent} of 200");
}

#[test]
fn reset_links_are_not_guessed() {
    let town = Town::start();
    let mut tried = 0;
    for guess in 0..200 {
        let from = format!("198.51.100.{guess}");
        let body = json!({ "token": format!("{guess:032x}"), "password": "correct horse" });
        let headers = [("x-forwarded-for", from.as_str())];
        match town.stranger().ask("PUT", "/api/v1/recovery/password", &headers, Some(&body)).status {
            403 => tried += 1,
            429 => {}
            other => panic!("{other}"),
        }
    }
    assert!((160..=175).contains(&tried), "{tried} of 200 guesses of a neighbourhood were looked at");
}

#[test]
fn where_no_letters_are_sent_that_is_said() {
    let town = Town::start();
    let (browser, _) = town.nobody();
    for answer in [
        browser.put(EMAIL, &json!({ "email": OLGA })),
        ask_for(&town, "/api/v1/session/letter", OLGA),
        ask_for(&town, "/api/v1/recovery/letter", OLGA),
    ] {
        assert!(
            answer.is(409, "no-mail")["detail"].as_str().unwrap().starts_with("Letters are not sent here")
        );
    }
    browser.put(EMAIL, &json!({ "email": "" })).ok();
}
