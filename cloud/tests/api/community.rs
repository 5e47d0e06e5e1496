//! The community, and the card that whoever wants to join sees.

use dwellers::people::{PlaceKind, Role};
use dwellers_cloud::clock::now;
use serde_json::json;

use crate::consents::publish;
use crate::town::Town;

#[test]
fn an_administrator_changes_the_settings() {
    let (town, village) = Town::founded();
    let olga = town.as_person(&village, village.officer("Ольга", Role::Administrator));
    let (person, _) = village.resident("Иван", village.house("1"), PlaceKind::Owner);
    let ivan = town.as_person(&village, person);
    let path = village.path("");
    let shown = ivan.get(&path);
    let mut settings = shown.ok();
    assert_eq!((&settings["name"], &settings["currency"]), (&json!("Сосновка"), &json!("RUB")));
    let tag = shown.header("etag").to_owned();
    assert_eq!(ivan.ask("GET", &path, &[("if-none-match", &tag)], None).status, 304);
    settings.as_object_mut().unwrap().remove("id");
    ivan.put(&path, &settings).is(403, "not-allowed");
    let edit = |field: &str, value: &str| {
        let mut settings = settings.clone();
        settings[field] = value.into();
        olga.ask("PUT", &path, &[("if-match", &tag)], Some(&settings))
    };
    assert_eq!(edit("time_zone", "Mars/Olympus").is(422, "invalid")["field"], "time_zone");
    assert_eq!(edit("name", " Новая Сосновка ").ok()["name"], "Новая Сосновка");
    edit("name", "Старая Сосновка").is(412, "changed-meanwhile");
    assert_eq!(ivan.get(&path).ok()["name"], "Новая Сосновка");
    // To whoever is nobody there it looks like none.
    town.nobody().0.get(&path).is(404, "not-found");
    town.stranger().get(&path).is(401, "no-session");
}

#[test]
fn a_card_tells_strangers_how_one_joins_and_no_more() {
    let (town, village) = Town::founded();
    let olga = town.as_person(&village, village.officer("Ольга", Role::Administrator));
    village.house("1");
    let path = village.path("/card");
    let card = town.stranger().get(&path).ok();
    assert_eq!(card["name"], "Сосновка");
    assert!(card["consent"].is_null() && card["joining"] == json!([]), "{card}");
    let consent = publish(&olga, &village);
    let card = town.stranger().get(&path).ok();
    assert_eq!((&card["consent"]["id"], &card["joining"]), (&json!(consent), &json!(["code", "photo"])));
    assert_eq!(card["consent"]["text"], "I agree 1");
    let russian = town.stranger().ask("GET", &path, &[("accept-language", "ru")], None).ok();
    assert_eq!(russian["consent"]["text"], "Согласен 1");
    assert_eq!(card.as_object().unwrap().len(), 6, "{card}");
    for none in ["01ARZ3NDEKTSV4RRFFQ69G5FAV", "x"] {
        town.stranger().get(&format!("/api/v1/communities/{none}/card")).is(404, "not-found");
    }
    town.communities.close(&village.community.name, now()).unwrap();
    town.stranger().get(&path).is(404, "not-found");
}

#[test]
fn a_community_is_found_by_a_part_of_its_name_and_not_all_of_them_are_listed() {
    let (town, village) = Town::founded();
    let found = |query: &str| {
        let found = town.stranger().get(&format!("/api/v1/communities{query}")).ok()["communities"].clone();
        let names = found.as_array().unwrap().iter().map(|found| found["name"].as_str().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(found(""), ["Сосновка"]);
    for name in ["Берёзовка", "СНТ «Берёзовка-2»", "Дальняя"] {
        town.village(name);
    }
    assert_eq!(found(""), [""; 0], "there are several");
    assert_eq!(found("?name=%D0%B1%D0%B5%D1%80%D0%B5%D0%B7%D0%BE%D0%B2%D0%BA%D0%B0").len(), 2);
    assert_eq!(found("?name=%D0%94%D0%B0%D0%BB%D1%8C"), ["Дальняя"]);
    for short in ["", "%D0%BE", "%D0%BE%D0%B2", "-%20-%20-"] {
        assert_eq!(found(&format!("?name={short}")), [""; 0], "{short}");
    }
    // One that is served no more is not found.
    town.communities.close("Сосновка", now()).unwrap();
    assert_eq!(found("?name=%D0%A1%D0%BE%D1%81%D0%BD%D0%BE%D0%B2%D0%BA%D0%B0"), [""; 0]);
    drop(village);
}
