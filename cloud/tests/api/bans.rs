//! Bans.

use dwellers::people::{PlaceKind, Role};
use dwellers_cloud::clock::now;
use serde_json::json;

use crate::town::Town;

#[test]
fn an_administrator_bans_and_lifts() {
    let (town, village) = Town::founded();
    let olga = village.officer("Ольга", Role::Administrator);
    let (ivan, _) = village.resident("Иван", village.house("1"), PlaceKind::Owner);
    let (browser, his) = (town.as_person(&village, olga), town.as_person(&village, ivan));
    let bans = village.path("/bans");
    assert_eq!(browser.get(&bans).ok(), json!({ "bans": [] }));
    let of_plate = browser.post(&bans, &json!({ "plate": "a123bc77", "reason": "разбил шлагбаум" }));
    assert_eq!(of_plate.status, 201);
    let of_plate = of_plate.ok();
    assert_eq!((&of_plate["plate_shown"], &of_plate["by_name"]), (&json!("А 123 ВС 77"), &json!("Ольга")));
    let until_ms = now().ms + 60_000;
    let body = json!({ "person": ivan, "reason": "дерётся", "until_ms": until_ms });
    let of_person = browser.post(&bans, &body).ok();
    assert_eq!((&of_person["person_name"], &of_person["is_over"]), (&json!("Иван"), &json!(false)));
    // Who is banned is nobody here.
    his.get(&village.path("/vehicles")).is(404, "not-found");
    assert_eq!(browser.get(&bans).ok()["bans"].as_array().unwrap().len(), 2);
    let one = format!("{bans}/{}", of_person["id"].as_str().unwrap());
    assert_eq!(browser.delete(&one).status, 204);
    browser.delete(&one).is(409, "ended");
    his.get(&village.path("/vehicles")).ok();
    assert_eq!(browser.get(&bans).ok()["bans"], json!([of_plate]));
    browser.delete(&format!("{bans}/{olga}")).is(404, "not-found");

    for (body, field) in [
        (json!({ "reason": "x" }), "person"),
        (json!({ "reason": "x", "plate": "А 123 ВС 77", "person": ivan }), "person"),
        (json!({ "reason": "", "person": ivan }), "reason"),
        (json!({ "reason": "x", "person": ivan, "until_ms": 1 }), "until"),
        (json!({ "reason": "x", "person": olga }), "role"),
    ] {
        assert_eq!(browser.post(&bans, &body).is(422, "invalid")["field"], field, "{body}");
    }
    browser.post(&bans, &json!({ "reason": "x", "person": village.community.id })).is(404, "not-found");
    let guard = town.as_person(&village, village.officer("Семён", Role::Guard));
    guard.get(&bans).is(403, "not-allowed");
    his.post(&bans, &json!({ "reason": "x", "person": olga })).is(403, "not-allowed");
}
