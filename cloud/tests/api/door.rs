//! What is so for every route: methods, hosts, origins, bodies, texts, headers.

use serde_json::json;

use crate::town::Town;

#[test]
fn what_is_not_there_is_said_in_the_callers_language() {
    let town = Town::start();
    let browser = town.stranger();
    let english = browser.get("/api/v1/nothing").is(404, "not-found");
    assert_eq!(english["detail"], "There is no such thing here");
    let russian =
        browser.ask("GET", "/api/v1/nothing", &[("accept-language", "ru")], None).is(404, "not-found");
    assert_ne!(russian["detail"], english["detail"]);
    let other = browser.ask("PUT", "/api/v1/session", &[], Some(&json!({})));
    other.is(405, "method-not-allowed");
    assert_eq!(other.header("allow"), "GET, POST, DELETE");
}

#[test]
fn a_foreign_page_or_name_comes_to_nothing() {
    let town = Town::start();
    let browser = town.stranger();
    let sign_out = |headers: &[(&str, &str)]| browser.ask("DELETE", "/api/v1/session", headers, None);
    sign_out(&[]).ok();
    sign_out(&[("origin", &town.at)]).ok();
    sign_out(&[("origin", "https://evil.example")]).is(403, "cross-origin");
    sign_out(&[("sec-fetch-site", "cross-site")]).is(403, "cross-origin");
    sign_out(&[("host", "evil.example")]).is(421, "wrong-host");
}

#[test]
fn a_body_is_json_and_bounded() {
    let town = Town::start();
    let browser = town.stranger();
    let sign_in =
        |kind: &str, body: &[u8]| browser.send("POST", "/api/v1/session", &[("content-type", kind)], body);
    sign_in("text/plain", b"{}").is(415, "unsupported-media-type");
    sign_in("application/json", b"{").is(400, "not-json");
    sign_in("application/json", b"[]").is(422, "unexpected");
    sign_in("application/json", &vec![b' '; 65 * 1024]).is(413, "too-large");
}

#[test]
fn every_answer_has_its_headers() {
    let town = Town::start();
    for answer in [town.stranger().get("/api/v1/session"), town.stranger().get("/api/v1/nothing")] {
        for (name, value) in [
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
        ] {
            assert_eq!(answer.header(name), value, "{name}");
        }
    }
}
