//! What the API says of itself.

use std::fs;
use std::path::Path;

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
