//! Alarms.

use dwellers::alarms::{self, About, Kind};
use dwellers::people::Role;
use dwellers_replica::Writes;
use serde_json::json;

use crate::town::Town;

#[test]
fn an_administrator_sees_what_is_wrong_and_says_that_they_have() {
    let (town, village) = Town::founded();
    let browser = town.as_person(&village, village.officer("Ольга", Role::Administrator));
    let raise = |kind| {
        let about = About { kind, subject: "x", name: "Въезд" };
        village.run(|ctx| Ok(((), alarms::raise(ctx, about, "particulars")?.unwrap_or_else(Writes::new))));
    };
    let path = village.path("/alarms");
    assert_eq!(browser.get(&path).ok(), json!({ "alarms": [] }));
    raise(Kind::Intruder);
    let shown = browser.get(&path).ok()["alarms"][0].clone();
    assert_eq!(
        (&shown["kind"], &shown["name"], &shown["lasts"]),
        (&json!("intruder"), &json!("Въезд"), &json!(false))
    );
    assert_eq!(shown["text"], "A strange or revoked gatehouse tried to connect to the cloud");
    let seen = |alarm: &serde_json::Value| {
        browser.post(&format!("{path}/{}/acknowledge", alarm["id"].as_str().unwrap()), &json!({}))
    };
    assert_eq!(seen(&shown).status, 204);
    seen(&shown).is(409, "ended");
    raise(Kind::HubSilent);
    let lasting = browser.get(&path).ok()["alarms"][0].clone();
    assert_eq!(lasting["lasts"], json!(true));
    assert_eq!(seen(&lasting).is(422, "invalid")["field"], "alarm");
    browser.post(&format!("{path}/{}/acknowledge", village.community.id), &json!({})).is(404, "not-found");
    let guard = town.as_person(&village, village.officer("Семён", Role::Guard));
    guard.get(&path).is(403, "not-allowed");
}
