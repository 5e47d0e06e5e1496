//! A community's hubs.

use dwellers::audit::Deed;
use dwellers::people::Role;
use dwellers_cloud::clock::{entropy, now, random};
use dwellers_cloud::hubs::Newcomer;
use dwellers_link::device::DeviceKey;
use dwellers_link::enrolment::Code;
use dwellers_replica::{Query, ReplicaId};
use serde_json::json;

use crate::hub::{Hub, eventually};
use crate::town::Town;

#[test]
fn an_administrator_sees_invites_and_revokes_hubs() {
    let (town, village) = Town::founded();
    let hub = Hub::connected(&town, &village);
    let olga = village.officer("Ольга", Role::Administrator);
    let browser = town.as_person(&village, olga);
    let hubs = village.path("/hubs");
    let shown = || browser.get(&hubs).ok()["hubs"][0].clone();
    assert_eq!((&shown()["label"], &shown()["revoked_ms"]), (&json!("Въезд"), &json!(null)));
    eventually("it is in step", || shown()["connection"]["is_in_step"] == json!(true));
    assert_eq!(shown()["connection"]["software"], "test");
    browser.post(&hubs, &json!({ "label": "Въезд" })).is(422, "invalid");
    browser.post(&hubs, &json!({ "label": " " })).is(422, "invalid");
    browser.post(&hubs, &json!({ "label": "Выезд", "replaces": true })).is(404, "not-found");
    let code = browser.post(&hubs, &json!({ "label": "Въезд", "replaces": true }));
    assert_eq!(code.status, 201);
    let code = code.ok();
    assert!(code["until_ms"].as_u64().unwrap() > now().ms);
    // Who types it takes the place of the other, which is none any more.
    let code = Code::parse(code["code"].as_str().unwrap()).unwrap();
    let (key, replica) = (DeviceKey::new(random()).public(), ReplicaId::new(now().ms, entropy()));
    town.communities.enrol(&code, &Newcomer { key, replica, community: None }, entropy, now()).unwrap();
    let listed = browser.get(&hubs).ok()["hubs"].clone();
    assert_eq!(listed.as_array().unwrap().len(), 2);
    assert!(listed[0]["revoked_ms"].is_u64() && listed[1]["revoked_ms"].is_null(), "{listed}");
    eventually("it is cut off", || shown()["connection"].is_null());
    let one = |nth: usize| format!("{hubs}/{}", listed[nth]["id"].as_str().unwrap());
    browser.delete(&one(0)).is(409, "ended");
    assert_eq!(browser.delete(&one(1)).status, 204);
    browser.delete(&format!("{hubs}/{olga}")).is(404, "not-found");
    drop(hub);
    let deeds = village.community.store.view(|view| view.of::<Deed>().find(&Query::on("time"))).unwrap();
    let deeds: Vec<_> = deeds.unwrap().entries.into_iter().map(|deed| deed.value.action).collect();
    assert_eq!(deeds.iter().filter(|action| *action == "hubs.invite").count(), 1, "{deeds:?}");
    assert_eq!(deeds.iter().filter(|action| *action == "hubs.revoke").count(), 1, "{deeds:?}");
    let guard = town.as_person(&village, village.officer("Семён", Role::Guard));
    guard.get(&hubs).is(403, "not-allowed");
    guard.post(&hubs, &json!({ "label": "Мой" })).is(403, "not-allowed");
}
