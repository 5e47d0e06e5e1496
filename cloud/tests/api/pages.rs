//! The pages of residents and administrators, where the API is. Whether they were built is another matter: where they were
//! not, it is said in their place, under the same rules.

use crate::town::{Answer, Town};

fn text(answer: &Answer) -> &str {
    std::str::from_utf8(&answer.bytes).unwrap()
}

/// A page, or the word that it was not built.
fn is_page(answer: &Answer) {
    match answer.status {
        200 => assert_eq!(answer.header("content-type"), "text/html; charset=utf-8"),
        503 => {
            let text = text(answer);
            assert!(text.contains("Страницы не собраны") && text.contains("pages were not built"), "{text}");
            assert!(text.contains("cargo xtask web"), "{text}");
        }
        other => panic!("{other}: {}", text(answer)),
    }
}

#[test]
fn what_is_no_route_is_a_page_and_the_api_stays_what_it_is() {
    let town = Town::start();
    let browser = town.stranger();
    for path in ["/", "/admin", "/admin/houses", "/join/x", "/visits/x", "/reset/x", "/prove/x"] {
        is_page(&browser.get(path));
    }
    for path in ["/api", "/api/", "/api/v1/nothing", "/link/nothing", "/metrics", "/missing.js", "/assets/x"]
    {
        browser.get(path).is(404, "not-found");
    }
    browser.get("/api/v1/session").ok();
    let posted = browser.ask("POST", "/", &[], None);
    posted.is(405, "method-not-allowed");
    assert_eq!(posted.header("allow"), "GET, HEAD");
    browser.ask("GET", "/", &[("host", "evil.example")], None).is(421, "wrong-host");
}

#[test]
fn telegram_may_frame_the_residents_page_and_nobody_the_administrators() {
    let town = Town::configured(|config| config.http.authority = Some("cloud.example:443".to_owned()));
    for (path, framed_by) in
        [("/join/x", "'self' https://web.telegram.org https://*.telegram.org"), ("/admin/x", "'none'")]
    {
        let answer = town.stranger().get(path);
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; "), "{policy}");
        assert!(policy.ends_with(&format!("; frame-ancestors {framed_by}")), "{policy}");
        assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
    }
}
