//! Who one is in Telegram.

use dwellers::people::Role;
use dwellers_cloud::accounts::{Messenger, Way};
use dwellers_cloud::clock::now;
use dwellers_replica::{Now, RecordId};
use serde_json::json;

use crate::mini_app::{connect, init_data, open, town};
use crate::town::Town;

const LINK: &str = "/api/v1/account/messengers/telegram/link";
const TELEGRAM: &str = "/api/v1/account/messengers/telegram";

#[test]
fn a_link_to_the_bot_says_who_one_is_there() {
    let (town, _) = town();
    let (browser, account) = town.nobody();
    let link = browser.post(LINK, &json!({})).ok();
    let secret = link["link"].as_str().unwrap().strip_prefix("https://t.me/sosnovka_bot?start=k-").unwrap();
    assert!(secret.len() == 32 && secret.bytes().all(|byte| byte.is_ascii_hexdigit()), "{secret}");
    let quarter = link["until_ms"].as_u64().unwrap() - now().ms;
    assert!((14 * 60_000..=15 * 60_000).contains(&quarter), "{quarter}");
    let another = browser.post(LINK, &json!({})).ok();
    let accounts = town.communities.accounts();
    assert_eq!(accounts.use_messenger_link(secret, now()).unwrap(), None, "the one before has ended");
    let secret = another["link"].as_str().unwrap().rsplit_once("k-").unwrap().1;
    assert_eq!(accounts.use_messenger_link(secret, now()).unwrap(), Some(account));
}

#[test]
fn whoever_only_found_a_browser_open_gets_no_link() {
    let (town, _) = town();
    let (_, account) = town.nobody();
    let accounts = town.communities.accounts();
    accounts.set_email(account, "anna@example.org", true, now()).unwrap();
    let an_hour_ago = Now { ms: now().ms - 3_600_000, ..now() };
    let found = town.signed_in(account, Way::Link, an_hour_ago);
    found.post(LINK, &json!({})).is(403, "sign-in-again");
    let hers = town.signed_in(account, Way::Link, now());
    hers.put("/api/v1/account/password", &json!({ "password": "correct horse" })).ok();
    let found = town.signed_in(account, Way::Password, now());
    let wrong = found.post(LINK, &json!({ "password": "guess" })).is(422, "invalid");
    assert_eq!(wrong["field"], "password");
    found.post(LINK, &json!({ "password": "correct horse" })).ok();
}

#[test]
fn where_there_is_no_bot_nobody_is_sent_to_one() {
    let (town, village) = Town::founded();
    let (browser, _) = town.nobody();
    browser.post(LINK, &json!({})).is(409, "no-telegram");
    assert!(browser.get("/api/v1/session").ok()["telegram"].is_null());
    assert!(town.stranger().get(&village.path("/card")).ok()["telegram"].is_null());
}

#[test]
fn the_page_learns_of_the_bot() {
    let (town, village) = town();
    assert_eq!(town.stranger().get("/api/v1/session").ok()["telegram"], "sosnovka_bot");
    assert_eq!(town.stranger().get(&village.path("/card")).ok()["telegram"], "sosnovka_bot");
}

#[test]
fn the_account_shows_where_it_is_known_until_it_is_not() {
    let (town, village) = town();
    let olga = village.officer("Ольга", Role::Administrator);
    let browser = town.as_person(&village, olga);
    let account: RecordId = browser.get("/api/v1/account").ok()["id"].as_str().unwrap().parse().unwrap();
    let messengers = || browser.get("/api/v1/account").ok()["messengers"].clone();
    assert_eq!(messengers(), json!([]));
    connect(&town, account, 7);
    let known = messengers();
    assert_eq!((&known[0]["messenger"], &known[0]["handle"]), (&json!("telegram"), &json!("anna")));
    assert_eq!((&known[0]["name"], &known[0]["blocked"]), (&json!("Анна"), &json!(false)));
    assert!(now().ms - known[0]["since_ms"].as_u64().unwrap() < 60_000);
    let edit = |user: &mut dwellers_cloud::accounts::MessengerUser| user.blocked = true;
    town.communities.accounts().edit_messenger_user(Messenger::Telegram, 7, edit, now()).unwrap();
    assert_eq!(messengers()[0]["blocked"], true);

    let mini_app = town.stranger().keep(&open(&town, &init_data(7, 0, 1)));
    mini_app.get("/api/v1/account").ok();
    browser.delete(TELEGRAM).ok();
    assert_eq!(messengers(), json!([]));
    // It may be a telephone that was lost: where one came in by it, that is over, too.
    mini_app.get("/api/v1/account").is(401, "no-session");
    open(&town, &init_data(7, 0, 2)).is(401, "telegram-unknown");
    browser.delete(TELEGRAM).ok();
}

#[test]
fn another_telegram_ends_the_sessions_of_the_one_before() {
    let (town, _) = town();
    let (_, account) = town.nobody();
    connect(&town, account, 7);
    let first = town.stranger().keep(&open(&town, &init_data(7, 0, 1)));
    connect(&town, account, 8);
    first.get("/api/v1/account").is(401, "no-session");
    let second = town.stranger().keep(&open(&town, &init_data(8, 0, 2)));
    assert_eq!(second.get("/api/v1/account/sessions").ok()["sessions"].as_array().unwrap().len(), 2);
    // Whoever is there somebody else by now.
    let (_, other) = town.nobody();
    connect(&town, other, 8);
    second.get("/api/v1/account").is(401, "no-session");
}
