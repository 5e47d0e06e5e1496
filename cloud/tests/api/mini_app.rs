//! The Mini App: signing in by what Telegram says.

use dwellers::people::Role;
use dwellers_cloud::accounts::{Messenger, MessengerUser, Way};
use dwellers_cloud::clock::{entropy, now};
use dwellers_cloud::config::{Config, Telegram};
use dwellers_replica::{Open, RecordId};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use crate::second_factor::turned_on;
use crate::town::{Answer, Town, Village};

const PATH: &str = "/api/v1/session/telegram";
const TOKEN: &str = "7342037359:AAHI25ES9xCOMPokpYoz-p8XVrZUdygo2J4";

/// With a bot.
pub(crate) fn with_bot(config: &mut Config) {
    std::fs::create_dir_all(&config.cloud.data).unwrap();
    let token_file = config.cloud.data.join("token");
    std::fs::write(&token_file, format!("{TOKEN}\n")).unwrap();
    let bot = "sosnovka_bot".to_owned();
    config.telegram = Some(Telegram { bot, token_file: Some(token_file), ..Telegram::default() });
}

pub(crate) fn town() -> (Town, Village) {
    let town = Town::configured(with_bot);
    let village = town.village("Сосновка");
    (town, village)
}

/// What Telegram says of a user who opened the Mini App so many seconds ago, the nth time.
pub(crate) fn init_data(user: i64, ago_s: u64, nth: usize) -> String {
    let hmac = |key: &[u8], text: &str| {
        let mut hmac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        hmac.update(text.as_bytes());
        hmac.finalize().into_bytes()
    };
    let date = now().ms / 1_000 - ago_s;
    let who = json!({ "id": user, "first_name": "Анна", "language_code": "ru" }).to_string();
    let query = format!("AAH{nth}");
    let signed = format!("auth_date={date}\nquery_id={query}\nuser={who}");
    let hash = hmac(&hmac(b"WebAppData", TOKEN), &signed);
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let who: String = url::form_urlencoded::byte_serialize(who.as_bytes()).collect();
    format!("query_id={query}&user={who}&auth_date={date}&hash={hash}")
}

pub(crate) fn connect(town: &Town, account: RecordId, user: i64) {
    let (messenger, handle) = (Open::Known(Messenger::Telegram), "anna".to_owned());
    let user = MessengerUser {
        messenger,
        user,
        account,
        name: "Анна".to_owned(),
        handle,
        ..MessengerUser::default()
    };
    town.communities.accounts().connect(user, now()).unwrap();
}

pub(crate) fn open(town: &Town, init_data: &str) -> Answer {
    town.stranger().post(PATH, &json!({ "init_data": init_data }))
}

/// Somebody whose account is known in Telegram by this number.
fn known(town: &Town, user: i64) -> RecordId {
    let (_, account) = town.nobody();
    connect(town, account, user);
    account
}

#[test]
fn telegram_says_who_opens_the_mini_app() {
    let (town, village) = town();
    let olga = village.officer("Ольга", Role::Administrator);
    let hers = town.as_person(&village, olga);
    let account = hers.get("/api/v1/account").ok()["id"].as_str().unwrap().parse().unwrap();
    connect(&town, account, 7);
    let answer = open(&town, &init_data(7, 0, 1));
    let session = answer.ok();
    assert_eq!(session["account"]["persons"][0]["name"], "Ольга");
    assert_eq!(session["telegram"], "sosnovka_bot");
    let browser = town.stranger().keep(&answer);
    let sessions = browser.get("/api/v1/account/sessions").ok();
    let this = sessions["sessions"].as_array().unwrap().iter().find(|one| one["is_this"] == true).unwrap();
    assert_eq!(this["way"], "telegram");
    // Over plain HTTP no browser would take another.
    assert!(answer.header("set-cookie").contains("SameSite=Strict"));
    browser.delete("/api/v1/session").ok();
    browser.get("/api/v1/account").is(401, "no-session");
}

#[test]
fn whom_telegram_does_not_vouch_for_is_told_what_to_do() {
    let (town, _) = town();
    known(&town, 7);
    let said = |answer: Answer, code| answer.is(401, code)["detail"].as_str().unwrap().to_owned();
    let unknown = said(open(&town, &init_data(8, 0, 1)), "telegram-unknown");
    assert!(unknown.contains("Open the bot"), "{unknown}");
    let old = said(open(&town, &init_data(7, 301, 1)), "telegram-old");
    assert!(old.contains("open it from the bot again"), "{old}");
    said(open(&town, &init_data(7, 0, 1).replace("%22id%22%3A7", "%22id%22%3A8")), "telegram-forged");
    said(open(&town, ""), "telegram-forged");
    open(&Town::start(), &init_data(7, 0, 1)).is(409, "no-telegram");
}

#[test]
fn it_is_used_once_also_over_a_restart() {
    let (mut town, _) = town();
    known(&town, 7);
    let said = init_data(7, 0, 1);
    open(&town, &said).ok();
    open(&town, &said).is(401, "telegram-old");
    // Written otherwise it is the same.
    let parts: Vec<&str> = said.split('&').rev().collect();
    open(&town, &parts.join("&")).is(401, "telegram-old");
    let (start, hash) = said.rsplit_once('=').unwrap();
    open(&town, &format!("{start}={}", hash.to_uppercase())).is(401, "telegram-old");
    town.restart();
    open(&town, &said).is(401, "telegram-old");
    open(&town, &init_data(7, 0, 2)).ok();
}

#[test]
fn of_two_at_once_one_comes_in() {
    let (town, _) = town();
    known(&town, 7);
    let said = init_data(7, 0, 1);
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..6).map(|_| scope.spawn(|| open(&town, &said).status)).collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|status| **status == 201).count(), 1, "{answers:?}");
}

#[test]
fn a_second_factor_is_asked_for_and_what_telegram_says_waits_for_it() {
    let (town, _) = town();
    let (browser, account) = town.nobody();
    // With it everything else that lets somebody in ends.
    let (_, codes) = turned_on(&browser);
    connect(&town, account, 7);
    let said = init_data(7, 0, 1);
    let with = |code: &str| town.stranger().post(PATH, &json!({ "init_data": said, "code": code }));
    open(&town, &said).is(401, "second-factor");
    with("000000").is(401, "wrong-code");
    let session = with(&codes[0]);
    session.ok();
    // Whoever found it tries no code with it.
    with(&codes[1]).is(401, "telegram-old");
    open(&town, &said).is(401, "telegram-old");
}

#[test]
fn whoever_ends_the_others_from_telegram_is_still_known_there() {
    let (town, _) = town();
    known(&town, 7);
    let browser = town.stranger().keep(&open(&town, &init_data(7, 0, 1)));
    let (_, codes) = turned_on(&browser);
    browser.delete("/api/v1/account/sessions").ok();
    assert_eq!(browser.get("/api/v1/account").ok()["messengers"][0]["name"], "Анна");
    let again = json!({ "init_data": init_data(7, 0, 2), "code": codes[0] });
    town.stranger().post(PATH, &again).ok();
}

#[test]
fn telegram_that_was_found_open_changes_no_way_in() {
    let (town, _) = town();
    let account = known(&town, 7);
    town.communities.accounts().set_email(account, "anna@example.org", true, now()).unwrap();
    let browser = town.stranger().keep(&open(&town, &init_data(7, 0, 1)));
    let password = json!({ "password": "correct horse" });
    browser.put("/api/v1/account/password", &password).is(403, "sign-in-again");
    town.signed_in(account, Way::Link, now()).put("/api/v1/account/password", &password).ok();
}

#[test]
fn within_a_frame_of_telegram_the_session_is_kept_and_the_door_protects_it() {
    let town = Town::configured(|config| {
        with_bot(config);
        config.http.authority = Some("cloud.example:443".to_owned());
    });
    known(&town, 7);
    let cookies = |answer: &Answer| -> Vec<String> {
        let lines = answer.headers.get_all("set-cookie").iter();
        lines.map(|line| line.to_str().unwrap().to_owned()).collect()
    };
    let answer = open(&town, &init_data(7, 0, 1));
    answer.ok();
    // The other kind ends, before: an older browser knows one kind.
    let lines = cookies(&answer);
    let [other, own] = &lines[..] else { panic!("{lines:?}") };
    assert!(
        other.starts_with("__Host-dwellers=;") && other.contains("SameSite=Strict; Max-Age=0"),
        "{other}"
    );
    for word in ["HttpOnly", "SameSite=None", "Secure", "Partitioned", "Path=/"] {
        assert!(own.contains(word), "{own}");
    }
    let cookie = own.split(';').next().unwrap();
    let ask = |method: &str, path: &str, headers: &[(&str, &str)]| {
        let headers = [headers, &[("cookie", cookie)]].concat();
        town.stranger().ask(method, path, &headers, None)
    };
    ask("GET", "/api/v1/account", &[]).ok();
    // A page of another site, or of Telegram's own around ours, sends the cookie along and comes to nothing.
    for origin in ["https://evil.example", "https://web.telegram.org", "null"] {
        ask("DELETE", "/api/v1/account/sessions", &[("origin", origin)]).is(403, "cross-origin");
    }
    for site in ["cross-site", "same-site", "none"] {
        ask("DELETE", "/api/v1/account/sessions", &[("sec-fetch-site", site)]).is(403, "cross-origin");
    }
    // Nor does it make a browser look; a link that somebody follows is another thing.
    let site = ("sec-fetch-site", "cross-site");
    ask("GET", "/api/v1/account", &[site, ("sec-fetch-mode", "no-cors")]).is(403, "cross-origin");
    let follows = |dest| [site, ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", dest)];
    ask("GET", "/api/v1/account", &follows("iframe")).is(403, "cross-origin");
    ask("GET", "/api/v1/account", &follows("document")).ok();
    let read = ask("GET", "/api/v1/account", &[("origin", "https://evil.example")]);
    assert_eq!(read.header("access-control-allow-origin"), "");
    let ours = format!("https://{}", town.at.trim_start_matches("http://"));
    let out = ask("DELETE", "/api/v1/session", &[("origin", &ours), ("sec-fetch-site", "same-origin")]);
    out.ok();
    assert_eq!(cookies(&out).iter().filter(|line| line.contains("Max-Age=0")).count(), 2);
    ask("GET", "/api/v1/account", &[]).is(401, "no-session");
}

#[test]
fn whoever_signs_in_otherwise_has_a_strict_session_again() {
    let town = Town::configured(|config| {
        with_bot(config);
        config.http.authority = Some("cloud.example:443".to_owned());
    });
    let account = known(&town, 7);
    let accounts = town.communities.accounts();
    accounts.set_email(account, "anna@example.org", true, now()).unwrap();
    accounts
        .link(
            account,
            dwellers_cloud::accounts::Purpose::SignIn,
            "anna@example.org",
            "letter",
            entropy,
            now(),
        )
        .unwrap();
    let answer = open(&town, &init_data(7, 0, 1));
    let own = answer.headers.get_all("set-cookie").iter().next_back().unwrap().to_str().unwrap();
    let cookie = own.split(';').next().unwrap();
    let headers = [("cookie", cookie)];
    let body = json!({ "token": "letter" });
    let answer = town.stranger().ask("POST", "/api/v1/session/link", &headers, Some(&body));
    answer.ok();
    let lines: Vec<&str> =
        answer.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap()).collect();
    assert!(lines[0].contains("Partitioned") && lines[0].contains("Max-Age=0"), "{lines:?}");
    assert!(lines[1].contains("SameSite=Strict") && !lines[1].contains("Partitioned"), "{lines:?}");
    town.stranger().ask("GET", "/api/v1/account", &headers, None).is(401, "no-session");
}
