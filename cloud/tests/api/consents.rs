//! Consents: versions of the text, who agreed, who took it back.

use dwellers::people::{PlaceKind, Role};
use serde_json::json;

use crate::town::{Browser, Town, Village};

/// Publishes the next version; its id.
pub(crate) fn publish(administrator: &Browser, village: &Village) -> String {
    let texts = village.path("/consents/texts");
    let after = administrator.get(&texts).ok()["versions"][0]["number"].as_u64().unwrap_or_default();
    let (ru, en) = (format!("Согласен {}", after + 1), format!("I agree {}", after + 1));
    let published = administrator.post(&texts, &json!({ "after": after, "ru": ru, "en": en })).ok();
    published["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_version_takes_the_place_of_the_one_that_its_author_knew() {
    let (town, village) = Town::founded();
    let olga = town.as_person(&village, village.officer("Ольга", Role::Administrator));
    let texts = village.path("/consents/texts");
    village.path("/consent");
    town.stranger().get(&village.path("/consent")).is(404, "not-found");
    let post =
        |after: u64, ru: &str, en: &str| olga.post(&texts, &json!({ "after": after, "ru": ru, "en": en }));
    assert_eq!(post(0, "", "I agree").is(422, "invalid")["field"], "ru");
    assert_eq!(post(0, "Согласен", &"x".repeat(8_001)).is(422, "invalid")["why"], "too-long");
    assert_eq!(post(0, "Согласен\u{7}", "I agree").is(422, "invalid")["why"], "unprintable");
    let first = post(0, "Согласен:\r\nхраните имя", "I agree").ok();
    assert_eq!((&first["number"], &first["by_name"]), (&json!(1), &json!("Ольга")));
    // Somebody else has published meanwhile.
    post(0, "Согласен тоже", "I agree, too").is(412, "changed-meanwhile");
    post(1, "Согласен иначе", "I agree otherwise").ok();
    let versions = olga.get(&texts).ok()["versions"].clone();
    assert_eq!((&versions[0]["number"], &versions[1]["ru"]), (&json!(2), &json!("Согласен:\nхраните имя")));
    assert_eq!(town.stranger().get(&village.path("/consent")).ok()["number"], 2);
    // Nobody else publishes, or sees what was before.
    let (person, _) = village.resident("Иван", village.house("1"), PlaceKind::Owner);
    let ivan = town.as_person(&village, person);
    ivan.post(&texts, &json!({ "after": 2, "ru": "Нет", "en": "No" })).is(403, "not-allowed");
    ivan.get(&texts).is(403, "not-allowed");
}

#[test]
fn a_member_agrees_is_asked_again_and_takes_it_back() {
    let (town, village) = Town::founded();
    let olga = town.as_person(&village, village.officer("Ольга", Role::Administrator));
    let (person, place) = village.resident("Иван", village.house("1"), PlaceKind::Owner);
    let ivan = town.as_person(&village, person);
    let mine = village.path("/me/consents");
    assert_eq!(ivan.get(&mine).ok()["asked"], false, "there is nothing to agree to");
    let first = publish(&olga, &village);
    assert_eq!(ivan.get(&mine).ok()["asked"], true);
    let agree = |text: &str| {
        let from = [("x-forwarded-for", "203.0.113.7")];
        ivan.ask("POST", &mine, &from, Some(&json!({ "text": text })))
    };
    let given = agree(&first);
    assert_eq!((given.status, &given.ok()["channel"]), (201, &json!("web")));
    agree(&first).is(409, "exists");
    assert_eq!(ivan.get(&mine).ok()["asked"], false);
    // A newer version asks again; the one before cannot be agreed to any more.
    let second = publish(&olga, &village);
    assert_eq!(agree(&first).is(422, "invalid")["why"], "not-current");
    let asked = ivan.get(&mine).ok();
    assert_eq!((&asked["asked"], &asked["current"]["number"]), (&json!(true), &json!(2)));
    assert!(asked["if_withdrawn"].as_str().unwrap().contains("administrator"), "{asked}");
    agree(&second).ok();
    // Taking back is a fact of its own: both consents are still there.
    let withdrawal = village.path("/me/consents/withdrawal");
    let told = ivan.post(&withdrawal, &json!({})).ok();
    assert!(told["follows"].as_str().unwrap().contains("withdrawn"), "{told}");
    ivan.post(&withdrawal, &json!({})).is(409, "ended");
    let after = ivan.get(&mine).ok();
    let withdrawn = |at: usize| after["consents"][at]["withdrawn_ms"].as_u64();
    assert_eq!(after["asked"], true);
    assert!(withdrawn(0).is_some() && withdrawn(1).is_some(), "{after}");
    agree(&second).ok();
    // Who administers sees all of it, and that they looked is written down.
    let all = olga.get(&village.path(&format!("/consents?person={person}"))).ok()["consents"].clone();
    assert_eq!(all.as_array().unwrap().len(), 3);
    assert_eq!((&all[0]["person_name"], &all[0]["address"]), (&json!("Иван"), &json!("203.0.113.7")));
    assert!(all[0]["withdrawn_ms"].is_null() && all[1]["withdrawn_ms"].is_u64(), "{all}");
    ivan.get(&village.path("/consents")).is(403, "not-allowed");
    // Who was revoked still sees, and takes back, what they said.
    village.revoke(village.officer("Пётр", Role::Administrator), place);
    assert_eq!(ivan.get(&mine).ok()["consents"].as_array().unwrap().len(), 3);
    agree(&second).is(404, "not-found");
    ivan.post(&withdrawal, &json!({})).ok();
}

#[test]
fn what_is_on_paper_an_administrator_enters() {
    let (town, village) = Town::founded();
    let administrator = village.officer("Ольга", Role::Administrator);
    let olga = town.as_person(&village, administrator);
    let (person, _) = village.resident("Вера", village.house("1"), PlaceKind::Owner);
    let text = publish(&olga, &village);
    let consents = village.path("/consents");
    let entered = olga.post(&consents, &json!({ "person": person, "text": text })).ok();
    assert_eq!(entered["channel"], "paper");
    let all = olga.get(&consents).ok()["consents"].clone();
    assert_eq!((&all[0]["by"], &all[0]["address"]), (&json!(administrator.to_string()), &json!("")));
    let vera = town.as_person(&village, person);
    vera.post(&consents, &json!({ "person": person, "text": text })).is(403, "not-allowed");
    olga.post(&consents, &json!({ "person": village.community.id, "text": text })).is(404, "not-found");
    let withdrawals = village.path("/consents/withdrawals");
    olga.post(&withdrawals, &json!({ "person": person })).ok();
    olga.post(&withdrawals, &json!({ "person": person })).is(409, "ended");
    assert_eq!(vera.get(&village.path("/me/consents")).ok()["asked"], true);
    olga.get(&village.path("/consents?after=x")).is(422, "invalid");
}
