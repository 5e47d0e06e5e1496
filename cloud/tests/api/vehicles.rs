//! Residents' own cars.

use dwellers::audit::Deed;
use dwellers::people::{PlaceKind, Role};
use dwellers_replica::Query;
use serde_json::json;

use crate::town::Town;

#[test]
fn a_car_is_added_as_people_write_it_and_removed_for_good() {
    let (town, village) = Town::founded();
    let (mine, other) = (village.house("1"), village.house("2"));
    let ivan = town.as_person(&village, village.resident("Иван", mine, PlaceKind::Owner).0);
    let of = |house| village.path(&format!("/houses/{house}/vehicles"));
    let added = ivan.post(&of(mine), &json!({ "plate": "a 123 bc-77", "title": "белая Нива" }));
    assert_eq!(added.status, 201);
    let added = added.ok();
    assert_eq!((&added["plate_shown"], &added["house_label"]), (&json!("А 123 ВС 77"), &json!("1")));
    // The same in the other alphabet.
    ivan.post(&of(mine), &json!({ "plate": "А123ВС77" })).is(409, "exists");
    assert_eq!(ivan.post(&of(mine), &json!({ "plate": "12" })).is(422, "invalid")["field"], "plate");
    ivan.post(&of(mine), &json!({})).is(422, "unexpected");
    ivan.post(&of(other), &json!({ "plate": "В 123 ВС 77" })).is(404, "not-found");
    assert_eq!(ivan.get(&village.path("/vehicles")).ok()["vehicles"], json!([added]));
    assert_eq!(ivan.get(&of(mine)).ok()["vehicles"].as_array().unwrap().len(), 1);
    ivan.get(&of(other)).is(404, "not-found");
    // A request whose answer was lost adds one car.
    let key = [("idempotency-key", "one")];
    let again = || ivan.ask("POST", &of(mine), &key, Some(&json!({ "plate": "В 001 ВС 77" }))).ok();
    assert_eq!(again()["id"], again()["id"]);

    let one = village.path(&format!("/vehicles/{}", added["id"].as_str().unwrap()));
    let neighbour = town.as_person(&village, village.resident("Пётр", other, PlaceKind::Owner).0);
    neighbour.delete(&one).is(404, "not-found");
    let nanny = town.as_person(&village, village.resident("Нина", mine, PlaceKind::Staff).0);
    nanny.delete(&one).is(403, "not-allowed");
    nanny.post(&of(mine), &json!({ "plate": "Е 001 ВС 77" })).is(403, "not-allowed");
    assert_eq!(ivan.delete(&one).status, 204);
    ivan.delete(&one).is(409, "ended");
    assert_eq!(ivan.get(&of(mine)).ok()["vehicles"].as_array().unwrap().len(), 1);
}

#[test]
fn who_keeps_the_gate_sees_the_cars_of_a_house_and_that_is_written_down() {
    let (town, village) = Town::founded();
    let house = village.house("1");
    let ivan = town.as_person(&village, village.resident("Иван", house, PlaceKind::Owner).0);
    let path = village.path(&format!("/houses/{house}/vehicles"));
    ivan.post(&path, &json!({ "plate": "А 123 ВС 77" })).ok();
    let guard = village.officer("Пётр", Role::Guard);
    let browser = town.as_person(&village, guard);
    assert_eq!(browser.get(&path).ok()["vehicles"][0]["plate_shown"], "А 123 ВС 77");
    browser.get(&path).ok();
    let deeds = village.community.store.view(|view| view.of::<Deed>().find(&Query::on("time"))).unwrap();
    let deeds: Vec<Deed> = deeds.unwrap().entries.into_iter().map(|deed| deed.value).collect();
    let [look] = &deeds[..] else { panic!("{deeds:?}") };
    assert!(look.looked && look.by == guard && look.house == Some(house));
    assert_eq!(look.action, "vehicles.list");
}
