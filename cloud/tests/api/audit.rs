//! What those in office did and looked at.

use dwellers::people::{PlaceKind, Role};
use dwellers::texts::{Language, Texts};
use serde_json::{Value, json};

use crate::town::{Browser, Town};

fn actions(browser: &Browser, path: &str) -> Vec<String> {
    let deeds = browser.get(path).ok()["deeds"].as_array().unwrap().clone();
    deeds.iter().map(|deed| deed["action"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn whoever_is_concerned_sees_who_looked_and_who_acted() {
    let (town, village) = Town::founded();
    let (house, other) = (village.house("12"), village.house("13"));
    let (anna, place) = village.resident("Анна", house, PlaceKind::Owner);
    let (boris, _) = village.resident("Борис", other, PlaceKind::Owner);
    let olga = village.officer("Ольга", Role::Administrator);
    let office = town.as_person(&village, olga);
    let one = village.path(&format!("/houses/{house}"));
    office.get(&one).ok();
    office.get(&one).ok();
    office.put(&one, &json!({ "label": "12а" })).ok();
    let mine = village.path("/me/audit");
    // Boris calls nothing of it his own; both looks were one.
    let seen = |person| town.as_person(&village, person).get(&mine).ok();
    // A look writes that it was there only after the look: nobody waits for that here.
    let deeds = seen(anna)["deeds"].as_array().unwrap().clone();
    assert_eq!(deeds.len(), 1, "{deeds:?}");
    assert_eq!((&deeds[0]["action"], &deeds[0]["looked"]), (&json!("houses.rename"), &json!(false)));
    assert_eq!((&deeds[0]["by_name"], &deeds[0]["house_label"]), (&json!("Ольга"), &json!("12а")));
    assert_eq!(deeds[0]["text"], "Changed a house");
    assert!(seen(boris)["deeds"].as_array().unwrap().is_empty());
    // Who has left sees what concerned them, and not what concerns the house now.
    village.revoke(olga, place);
    assert!(seen(anna)["deeds"].as_array().unwrap().is_empty());
    // Nobody else reads all of it, nobody changes it.
    let all = village.path("/audit");
    town.as_person(&village, boris).get(&all).is(403, "not-allowed");
    town.as_person(&village, anna).get(&all).is(404, "not-found");
    town.stranger().get(&mine).is(401, "no-session");
    assert_eq!(office.delete(&all).status, 405);
    let foreign = town.village("Берёзовка");
    town.as_person(&foreign, foreign.officer("Олег", Role::Administrator)).get(&all).is(404, "not-found");
}

#[test]
fn administrators_look_through_it_page_by_page() {
    let (town, village) = Town::founded();
    let (olga, pyotr) =
        (village.officer("Ольга", Role::Administrator), village.officer("Пётр", Role::Administrator));
    let (first, second) = (town.as_person(&village, olga), town.as_person(&village, pyotr));
    let houses = village.path("/houses");
    for nth in 0..60 {
        first.post(&houses, &json!({ "label": format!("{nth}") })).ok();
        second.post(&houses, &json!({ "label": format!("{nth}а") })).ok();
    }
    let all = village.path("/audit");
    let page = |query: &str| first.get(&format!("{all}?{query}")).ok();
    let (mut seen, mut after): (Vec<Value>, _) = (Vec::new(), String::new());
    loop {
        let page = page(&format!("looked=false{after}"));
        seen.extend(page["deeds"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), 120);
    let times: Vec<_> = seen.iter().map(|deed| deed["at_ms"].as_u64().unwrap()).collect();
    assert!(times.is_sorted_by(|a, b| a >= b));
    let mut ids: Vec<_> = seen.iter().map(|deed| deed["id"].to_string()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 120, "each once");
    let by = page(&format!("by={pyotr}&action=houses.add"));
    assert!(by["deeds"].as_array().unwrap().iter().all(|deed| deed["by"] == json!(pyotr)));
    assert_eq!(by["deeds"].as_array().unwrap().len(), 60);
    assert_eq!(page(&format!("from_ms={}", u64::MAX / 4))["deeds"], json!([]));
    assert_eq!(page("until_ms=1")["deeds"], json!([]));
    let house = seen[0]["house"].as_str().unwrap();
    assert_eq!(page(&format!("house={house}"))["deeds"].as_array().unwrap().len(), 1);
    first.get(&format!("{all}?after=x")).is(422, "invalid");
    first.get(&format!("{all}?colour=red")).is(422, "unexpected");
    // Looking through it is a deed, too.
    assert!(actions(&second, &format!("{all}?looked=true")).contains(&"audit.list".to_owned()));
}

/// Where a new operation is missing here, its `deed-…` is to be written into `audit.ftl`, in both languages.
#[test]
fn every_deed_has_its_words() {
    let description = serde_json::to_value(dwellers_cloud::api::document()).unwrap();
    let mut missing = Vec::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for operation in item.as_object().unwrap().values() {
            // What is anybody's own is no deed of somebody in office.
            let is_deed = operation["x-who"].is_array() || operation["x-who"] == "member";
            if !path.contains("{community}") || !is_deed {
                continue;
            }
            let id = operation["operationId"].as_str().unwrap();
            let key = format!("deed-{}", id.replace(['.', '_'], "-"));
            for language in [Language::Ru, Language::En] {
                if Texts::new(language).find(&key).is_none() {
                    missing.push(key.clone());
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}
