//! Who may speak to the kiosk at all, and what a request must look like.

use dwellers_hub::kiosk::Kiosk;
use dwellers_listener::{Encrypted, Peer};
use dwellers_replica::RecordId;
use serde_json::json;

use crate::harness::{Making, TestHub};

/// A path that fits a pattern.
fn path(pattern: &str) -> String {
    let id = RecordId::new(1, 1).to_string();
    pattern
        .split('/')
        .map(|part| if part.starts_with('{') { id.as_str() } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

#[test]
fn every_route_but_the_public_ones_wants_a_session() {
    let hub = TestHub::start();
    let screen = hub.screen();
    let public = [
        ("GET", "/api/health"),
        ("GET", "/metrics"),
        ("GET", "/api/openapi.json"),
        ("GET", "/pair/{invitation}"),
        ("GET", "/api/guards"),
        ("GET", "/api/session"),
        ("POST", "/api/session"),
        ("DELETE", "/api/session"),
    ];
    let mut open = Vec::new();
    for (method, pattern, guarded) in Kiosk::list() {
        let body = (method != "GET").then_some(b"{}".as_slice());
        let response =
            screen.send(method.as_str(), &path(&pattern), &[("content-type", "application/json")], body);
        if guarded {
            response.refused(401, "no-session");
        } else {
            open.push((method.to_string(), pattern));
        }
    }
    let open: Vec<(&str, &str)> =
        open.iter().map(|(method, pattern)| (method.as_str(), pattern.as_str())).collect();
    assert_eq!(open, public, "a route that needs no guard is there by decision, not by accident");
}

#[test]
fn the_table_in_the_documentation_is_the_one_that_is_served() {
    let source = include_str!("../../../src/kiosk.rs");
    let rows = source.lines().filter_map(|line| line.strip_prefix("//! | ")).skip(1);
    let mut documented: Vec<(String, bool)> = rows
        .filter_map(|row| {
            let (guarded, rest) = row.split_once('|')?;
            Some((rest.split('`').nth(1)?.to_owned(), guarded.trim() == "G"))
        })
        .collect();
    let mut served: Vec<(String, bool)> = Kiosk::list()
        .into_iter()
        .map(|(method, pattern, guarded)| (format!("{method} {pattern}"), guarded))
        .collect();
    documented.sort();
    served.sort();
    assert_eq!(documented, served);
}

#[test]
fn what_is_not_there_is_said_as_it_is() {
    let hub = TestHub::start();
    let screen = hub.signed_in("Семён");
    screen.get("/api/nothing").refused(404, "not-found");
    screen.get("/nothing.js").refused(404, "not-found");
    let not_so = screen.send("PATCH", "/api/session", &[], None);
    not_so.refused(405, "method-not-allowed");
    assert_eq!(not_so.header("allow"), "GET, POST, DELETE");
    let json = [("content-type", "application/json")];
    screen.send("POST", "/api/questions", &json, Some(b"{")).refused(400, "not-json");
    screen.send("POST", "/api/questions", &json, Some(b"{\"gate\":1}")).refused(422, "unexpected");
    screen
        .send("POST", "/api/gates/main/close", &json, Some(b"{\"gentle\":true}"))
        .refused(422, "unexpected");
    screen
        .send("POST", "/api/gates/main/close", &json, Some(&vec![b' '; 65 * 1024]))
        .refused(413, "too-large");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    screen.send("POST", "/api/gates/main/open", &form, Some(b"{}")).refused(415, "unsupported-media-type");
    screen.get("/api/journal?page=2").refused(422, "unexpected");
    assert_eq!(hub.recorder.pulses(), []);
}

#[test]
fn no_answer_is_kept_by_a_browser() {
    let hub = TestHub::start();
    for response in
        [hub.screen().get("/api/session"), hub.screen().get("/api/state"), hub.screen().get("/api/no")]
    {
        assert_eq!(response.header("cache-control"), "no-store");
        assert_eq!(response.header("x-content-type-options"), "nosniff");
    }
}

#[test]
fn problems_are_told_in_the_callers_language() {
    let hub = TestHub::start();
    let mut screen = hub.screen();
    assert_eq!(screen.get("/api/state").refused(401, "no-session")["detail"], "Сначала войдите");
    screen.language = "en-GB, ru;q=0.5";
    assert_eq!(screen.get("/api/state").refused(401, "no-session")["detail"], "Please sign in first");
    screen.language = "de";
    assert_eq!(
        screen.get("/api/state").refused(401, "no-session")["detail"],
        "Сначала войдите",
        "the hub's own"
    );
}

#[test]
fn a_page_of_another_site_does_nothing() {
    let hub = TestHub::start();
    let screen = hub.signed_in("Семён");
    let json = ("content-type", "application/json");
    let own = format!("http://{}", hub.at);
    let open = |headers: &[(&str, &str)]| {
        let headers: Vec<_> = headers.iter().copied().chain([json]).collect();
        screen.send("POST", "/api/gates/main/open", &headers, Some(b"{}"))
    };
    for foreign in [
        [("origin", "http://evil.example")].as_slice(),
        &[("origin", "null")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", &own), ("sec-fetch-site", "cross-site")],
        &[("origin", &own.replace("http:", "https:"))],
    ] {
        open(foreign).refused(403, "cross-origin");
    }
    assert_eq!(hub.recorder.pulses(), []);
    open(&[("origin", &own), ("sec-fetch-site", "same-origin")]).expect(201);
}

#[test]
fn a_foreign_name_for_this_machine_is_not_answered() {
    let hub = TestHub::make(Making { kiosk: "names = [\"gate.local\"]".into(), ..Making::default() });
    let at = |host: &str| hub.screen().send("GET", "/api/session", &[("host", host)], None);
    at("evil.example").refused(421, "wrong-host");
    at("127.0.0.1.evil.example:8480").refused(421, "wrong-host");
    at("gate.local:8480").expect(200);
    at("localhost").expect(200);
}

#[test]
fn any_screen_gets_the_page_and_is_told_there_what_it_may() {
    let hub = TestHub::start();
    let routes = hub.kiosk.routes();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let ask = |request: warp::test::RequestBuilder| runtime.block_on(request.reply(&routes));
    for path in ["/", "/journal", "/admin"] {
        let reply = ask(from("192.168.1.77", false).path(path));
        let text = String::from_utf8_lossy(reply.body()).into_owned();
        // Whether it was built is another matter.
        match reply.status().as_u16() {
            200 => assert_eq!(reply.headers()["content-type"], "text/html; charset=utf-8"),
            503 => assert!(
                text.contains("Страницы не собраны") && text.contains("pages were not built"),
                "{text}"
            ),
            other => panic!("{other}: {text}"),
        }
        let policy = reply.headers()["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("script-src 'self';") && policy.ends_with("frame-ancestors 'none'"),
            "{policy}"
        );
    }
    assert_eq!(ask(from("192.168.1.77", false).path("/nothing.js")).status(), 404);
    assert_eq!(ask(from("192.168.1.77", false).path("/").header("host", "evil.example")).status(), 421);
    let posted = hub.screen().send("POST", "/", &[], None);
    posted.refused(405, "method-not-allowed");
    assert_eq!(posted.header("allow"), "GET, HEAD");
}

/// A request as it comes from a peer over some listener.
fn from(peer: &str, encrypted: bool) -> warp::test::RequestBuilder {
    let peer = Peer(format!("{peer}:50000").parse().unwrap());
    warp::test::request().header("host", "192.168.1.5:8480").extension(peer).extension(Encrypted(encrypted))
}

#[test]
fn over_the_network_only_paired_screens_come_in() {
    let hub = TestHub::start();
    let routes = hub.kiosk.routes();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let ask = |request: warp::test::RequestBuilder| runtime.block_on(request.reply(&routes));
    let status = |request: warp::test::RequestBuilder| ask(request).status().as_u16();
    let lan = || from("192.168.1.77", false);
    for path in ["/api/guards", "/api/session", "/api/health", "/metrics", "/api/state", "/api/nothing"] {
        assert_eq!(status(lan().path(path)), 403, "{path}");
    }
    assert_eq!(status(from("127.0.0.1", false).path("/api/guards")), 200, "this machine's own screen");
    assert_eq!(status(from("192.168.1.77", true).path("/api/guards")), 200, "nobody listens to TLS");
    assert_eq!(status(from("192.168.1.77", true).path("/metrics")), 401);
    let nobodys = warp::test::request().header("host", "192.168.1.5").path("/api/guards");
    assert_eq!(status(nobodys), 403, "whose peer is not known is a stranger");

    let clock = &hub.service.clock;
    let screens = &hub.service.operations.screens;
    let invitation = screens.invite("Планшет", clock.tick(), [7; 32]).unwrap();
    assert_eq!(status(lan().path("/pair/0000")), 403);
    let paired = ask(lan().path(&format!("/pair/{invitation}")));
    assert_eq!((paired.status().as_u16(), paired.headers()["location"].to_str().unwrap()), (303, "/"));
    let cookie = paired.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly; SameSite=Strict") && !cookie.contains("Secure"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();
    assert_eq!(status(lan().path(&format!("/pair/{invitation}"))), 403, "an invitation pairs one screen");
    assert_eq!(status(lan().path("/api/guards").header("cookie", cookie)), 200);
    assert_eq!(status(lan().path("/api/state").header("cookie", cookie)), 401, "a screen is no guard");
    assert_eq!(status(lan().path("/metrics").header("cookie", cookie)), 401);
    screens.remove("Планшет", clock.now()).unwrap();
    assert_eq!(status(lan().path("/api/guards").header("cookie", cookie)), 403);
}

#[test]
fn where_only_paired_screens_are_wanted_tls_does_not_suffice() {
    let hub = TestHub::make(Making { kiosk: "screens = \"paired\"".into(), ..Making::default() });
    let routes = hub.kiosk.routes();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let reply = runtime.block_on(from("192.168.1.77", true).path("/api/guards").reply(&routes));
    assert_eq!(reply.status(), 403);
}

#[test]
fn health_and_metrics_tell_that_the_hub_works() {
    let hub = TestHub::start();
    assert_eq!(hub.screen().get("/api/health").expect(200), json!({"ok": true}));
    let metrics = hub.screen().get("/metrics");
    assert_eq!(metrics.status, 200);
    assert!(metrics.text.contains("dwellers_uptime_seconds"), "{}", metrics.text);
    assert!(metrics.header("content-type").starts_with("application/openmetrics-text"));
}
