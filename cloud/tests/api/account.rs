//! One's own account and sessions.

use dwellers::people::Role;
use serde_json::json;

use crate::town::Town;

#[test]
fn sessions_are_listed_and_ended() {
    let (town, village) = Town::founded();
    let olga = village.officer("Ольга", Role::Administrator);
    let (here, there) = (town.as_person(&village, olga), town.as_person(&village, olga));
    let sessions = here.get("/api/v1/account/sessions").ok()["sessions"].as_array().unwrap().clone();
    assert_eq!(sessions.len(), 2);
    let other = sessions.iter().find(|session| session["is_this"] == false).unwrap();
    let path = format!("/api/v1/account/sessions/{}", other["id"].as_str().unwrap());
    // Nobody ends another's.
    let (stranger, _) = town.nobody();
    stranger.delete(&path).is(404, "not-found");
    there.get("/api/v1/account").ok();
    here.delete(&path).ok();
    there.get("/api/v1/account").is(401, "no-session");
    let third = town.as_person(&village, olga);
    here.delete("/api/v1/account/sessions").ok();
    third.get("/api/v1/account").is(401, "no-session");
    here.get("/api/v1/account").ok();
}

#[test]
fn the_language_is_one_that_there_is() {
    let town = Town::start();
    let (browser, _) = town.nobody();
    assert_eq!(browser.patch("/api/v1/account", &json!({ "language": "en" })).ok()["language"], "en");
    browser.patch("/api/v1/account", &json!({ "language": "de" })).is(422, "invalid");
    browser.patch("/api/v1/account", &json!({ "name": "x" })).is(422, "unexpected");
}
