//! Houses and their codes.

use dwellers::people::{PlaceKind, Role};
use serde_json::json;

use crate::town::Town;

#[test]
fn an_administrator_keeps_the_houses() {
    let (town, village) = Town::founded();
    let browser = town.as_person(&village, village.officer("Ольга", Role::Administrator));
    let houses = village.path("/houses");
    let twelve = browser.post(&houses, &json!({ "label": " 12 ", "note": "злая собака" }));
    assert_eq!(twelve.status, 201);
    let twelve = twelve.ok();
    assert_eq!(twelve["label"], "12");
    browser.post(&houses, &json!({ "label": "12" })).is(409, "exists");
    browser.post(&houses, &json!({ "label": "" })).is(422, "invalid");
    browser.post(&houses, &json!({ "label": "13/1" })).ok();
    let listed = browser.get(&houses).ok();
    assert_eq!(listed["houses"].as_array().unwrap().len(), 2);
    let found = browser.get(&format!("{houses}?search=13")).ok();
    assert_eq!(found["houses"][0]["label"], "13/1");
    let one = format!("{houses}/{}", twelve["id"].as_str().unwrap());
    let code = browser.post(&format!("{one}/code"), &json!({})).ok()["code"].as_str().unwrap().len();
    assert_eq!(code, 8);
    browser.post(&format!("{houses}/{}/code", village.community.id), &json!({})).is(404, "not-found");
}

#[test]
fn houses_stand_as_people_count_also_over_pages() {
    let (town, village) = Town::founded();
    let browser = town.as_person(&village, village.officer("Ольга", Role::Administrator));
    let houses = village.path("/houses");
    for label in ["Лесная 10", "12А", "Лесная 2", "12/1", "Берёзовая 1"] {
        village.house(label);
    }
    let two_hundred: Vec<_> = (1..=204).rev().map(|number| village.house(&number.to_string())).collect();
    let page = |query: &str| {
        let page = browser.get(&format!("{houses}{query}")).ok();
        let labels = page["houses"].as_array().unwrap().iter();
        let labels: Vec<_> = labels.map(|house| house["label"].as_str().unwrap().to_owned()).collect();
        (labels, page["next"].as_str().map(str::to_owned))
    };
    let (first, next) = page("");
    assert_eq!(
        (first.len(), &first[..3], &first[9..15]),
        (
            200,
            &["1", "2", "3"].map(str::to_owned)[..],
            &["10", "11", "12", "12/1", "12А", "13"].map(str::to_owned)[..]
        )
    );
    assert_eq!((first[199].as_str(), next.as_deref()), ("198", Some("198")));
    // The house where the page ended is called otherwise meanwhile: none is left out, none comes twice.
    let last = format!("{houses}/{}", two_hundred[204 - 198]);
    browser.put(&last, &json!({ "label": "0" })).ok();
    let (second, end) = page("?after=198");
    let rest = ["199", "200", "201", "202", "203", "204", "Берёзовая 1", "Лесная 2", "Лесная 10"];
    assert_eq!((second, end), (rest.map(str::to_owned).to_vec(), None));
    // What is looked for stands so, too, however it is written.
    assert_eq!(page("?search=20").0, ["20", "120", "200", "201", "202", "203", "204"]);
    let forest: String = "лёсная ".bytes().map(|byte| format!("%{byte:02x}")).collect();
    assert_eq!(page(&format!("?search={forest}")).0, ["Лесная 2", "Лесная 10"]);
    assert_eq!(page("?search=nowhere").0, [""; 0]);
    let forest: String = "Лесная 2".bytes().map(|byte| format!("%{byte:02x}")).collect();
    assert_eq!(page(&format!("?after={forest}")).0, ["Лесная 10"]);
}

#[test]
fn two_who_edit_at_once_do_not_overwrite_each_other() {
    let (town, village) = Town::founded();
    let browser = town.as_person(&village, village.officer("Ольга", Role::Administrator));
    let one = village.path(&format!("/houses/{}", village.house("12")));
    let shown = browser.get(&one);
    let tag = shown.header("etag").to_owned();
    assert_eq!(browser.ask("GET", &one, &[("if-none-match", &tag)], None).status, 304);
    let rename =
        |label: &str| browser.ask("PUT", &one, &[("if-match", &tag)], Some(&json!({ "label": label })));
    rename("12a").ok();
    rename("12b").is(412, "changed-meanwhile");
    assert_eq!(browser.get(&one).ok()["label"], "12a");
    // Who does not care says nothing.
    browser.put(&one, &json!({ "label": "12c" })).ok();
}

#[test]
fn a_request_whose_answer_was_lost_is_acted_on_once() {
    let (town, village) = Town::founded();
    let olga = village.officer("Ольга", Role::Administrator);
    let browser = town.as_person(&village, olga);
    let houses = village.path("/houses");
    let add = |key: &str, label: &str| {
        browser.ask("POST", &houses, &[("idempotency-key", key)], Some(&json!({ "label": label })))
    };
    let first = add("one", "12").ok();
    assert_eq!(add("one", "12").ok(), first);
    add("one", "13").is(422, "key-used");
    add("two", "12").is(409, "exists");
    // A key is its person's.
    let other = town.as_person(&village, village.officer("Пётр", Role::Administrator));
    let body = json!({ "label": "14" });
    other.ask("POST", &houses, &[("idempotency-key", "one")], Some(&body)).ok();
}

#[test]
fn who_lives_there_sees_their_house_and_no_other() {
    let (town, village) = Town::founded();
    let (mine, other) = (village.house("1"), village.house("2"));
    let (person, place) = village.resident("Иван", mine, PlaceKind::Owner);
    let browser = town.as_person(&village, person);
    let path = |house| village.path(&format!("/houses/{house}"));
    assert_eq!(browser.get(&path(mine)).ok()["label"], "1");
    browser.get(&path(other)).is(404, "not-found");
    browser.get(&village.path("/houses")).is(403, "not-allowed");
    browser.post(&village.path("/houses"), &json!({ "label": "3" })).is(403, "not-allowed");
    // Who was revoked is nobody there.
    village.revoke(village.officer("Ольга", Role::Administrator), place);
    browser.get(&path(mine)).is(404, "not-found");
    // Nor is anybody of another community, whatever they are at home.
    let foreign = town.village("Берёзовка");
    let browser = town.as_person(&foreign, foreign.officer("Олег", Role::Administrator));
    browser.get(&path(mine)).is(404, "not-found");
    browser.get(&foreign.path(&format!("/houses/{mine}"))).is(404, "not-found");
    town.stranger().get(&path(mine)).is(401, "no-session");
}
