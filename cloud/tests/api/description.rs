//! What the API says of itself.

use std::fs;
use std::path::Path;

use crate::town::Town;

/// With `UPDATE=1` in the environment the file is written anew.
#[test]
fn the_committed_description_is_the_apis() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let is = dwellers_cloud::api::document().to_pretty_json().unwrap() + "\n";
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &is).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        is == committed,
        "cloud/openapi.json is out of date: UPDATE=1 cargo nextest run -p dwellers-cloud --test api the_committed"
    );
}

/// Everything that the page asks for is served here.
#[test]
fn the_description_is_there_to_look_at() {
    let town = Town::start();
    let browser = town.stranger();
    let described = browser.get("/api/v1/openapi.json").ok();
    assert_eq!(described["openapi"], "3.1.0");
    let page = browser.get("/api/docs/index.html");
    let html = String::from_utf8(page.bytes.clone()).unwrap();
    assert!(page.status == 200 && page.header("content-type") == "text/html", "{page:?}");
    let mut files = 0;
    for part in html.split(['"', '\'']).filter(|part| part.ends_with(".js") || part.ends_with(".css")) {
        let file = part.trim_start_matches("./");
        assert!(!file.contains("//"), "{file} is somebody else's");
        assert_eq!(browser.get(&format!("/api/docs/{file}")).status, 200, "{file}");
        files += 1;
    }
    assert!(files >= 3, "{html}");
    browser.get("/api/docs/nothing.js").is(404, "not-found");
}
