//! Persons: the list, one, oneself.

use std::sync::Barrier;
use std::thread;

use dwellers::people::{PlaceKind, Role};
use dwellers::{Actor, audit, vehicles};
use dwellers_replica::Query;
use serde_json::{Value, json};

use crate::town::Town;

#[test]
fn an_administrator_finds_people_by_name_phone_and_plate() {
    let (town, village) = Town::founded();
    let olga = town.as_person(&village, village.officer("Ольга", Role::Administrator));
    let people = village.path("/people");
    let new = json!({ "name": " Анна ", "phone": "8 916 123-45-67", "language": "ru" });
    let added = olga.post(&people, &new);
    assert_eq!((added.status, &added.ok()["phone"]), (201, &json!("+79161234567")));
    assert_eq!(added.ok()["name"], "Анна");
    olga.post(&people, &json!({ "name": "", "language": "ru" })).is(422, "invalid");
    olga.post(&people, &json!({ "name": "Я", "phone": "1", "language": "ru" })).is(422, "invalid");
    let house = village.house("12");
    let (person, _) = village.resident("Борис", house, PlaceKind::Owner);
    village.run(|ctx| vehicles::add(ctx, &Actor::Person(person), house, "А123ВС77", "Нива"));
    let names = |search: &str| -> Vec<Value> {
        let query: String = search.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let found = olga.get(&format!("{people}?search={query}")).ok();
        found["people"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect()
    };
    assert_eq!(names("анн"), ["Анна"]);
    for phone in ["123-45", "12345", "+7 (916)", "8 916 123-45-67"] {
        assert_eq!(names(phone), ["Анна"], "{phone}");
    }
    assert_eq!(names("123-46"), Vec::<Value>::new());
    assert_eq!(names("а 123 вс"), ["Борис"]);
    assert_eq!(names("никого"), Vec::<Value>::new());
    let all = olga.get(&people).ok();
    assert_eq!(all["people"].as_array().unwrap().len(), 3);
    assert_eq!(all["people"][1]["vehicles"], 1);
    assert_eq!(all["people"][1]["held"][0]["house_label"], "12");
    olga.get(&format!("{people}?after=x")).is(422, "invalid");
}

#[test]
fn a_long_list_comes_in_pages() {
    let (town, village) = Town::founded();
    let olga = town.as_person(&village, village.officer("Ольга", Role::Administrator));
    for nth in 0..105 {
        village.person(&format!("Житель {nth:03}"));
    }
    for search in ["", "search=%d0%96%d0%b8&"] {
        let first = olga.get(&village.path(&format!("/people?{search}"))).ok();
        assert_eq!(first["people"].as_array().unwrap().len(), 100);
        let next = first["next"].as_str().unwrap();
        let second = olga.get(&village.path(&format!("/people?{search}after={next}"))).ok();
        let count = second["people"].as_array().unwrap().len();
        assert!((5..=6).contains(&count) && second["next"].is_null(), "{search} {count}");
    }
}

#[test]
fn one_changes_oneself_and_an_administrator_everybody() {
    let (town, village) = Town::founded();
    let administrator = village.officer("Ольга", Role::Administrator);
    let olga = town.as_person(&village, administrator);
    let (person, place) = village.resident("Иван", village.house("1"), PlaceKind::Owner);
    let (other, _) = village.resident("Пётр", village.house("2"), PlaceKind::Owner);
    let ivan = town.as_person(&village, person);
    let path = |person| village.path(&format!("/people/{person}"));
    let me = ivan.get(&village.path("/me"));
    let tag = me.header("etag").to_owned();
    assert_eq!(me.ok()["held"][0]["capacity"], "owner");
    let edit = |browser: &crate::town::Browser, of, name: &str| {
        let body = json!({ "name": name, "language": "en" });
        browser.ask("PUT", &path(of), &[("if-match", &tag)], Some(&body))
    };
    assert_eq!(edit(&ivan, person, "Иван Ильич").ok()["name"], "Иван Ильич");
    edit(&olga, person, "Ваня").is(412, "changed-meanwhile");
    olga.put(&path(person), &json!({ "name": "Ваня", "language": "ru" })).ok();
    assert_eq!(ivan.get(&path(person)).ok()["name"], "Ваня");
    // Others are none of a resident's business, and neither is the list.
    ivan.get(&path(other)).is(404, "not-found");
    ivan.put(&path(other), &json!({ "name": "Ваня", "language": "ru" })).is(404, "not-found");
    ivan.get(&village.path("/people")).is(403, "not-allowed");
    olga.get(&path(village.community.id)).is(404, "not-found");
    // Nor are persons of another community anybody's here.
    let foreign = town.village("Берёзовка");
    let oleg = town.as_person(&foreign, foreign.officer("Олег", Role::Administrator));
    oleg.get(&foreign.path(&format!("/people/{person}"))).is(404, "not-found");
    oleg.get(&path(person)).is(404, "not-found");
    // What an administrator did is there for whom it concerns.
    let query = Query::on("person").equal(person.to_string());
    let deeds = village.community.store.view(|view| view.of::<audit::Deed>().find(&query)).unwrap().unwrap();
    let deeds: Vec<_> = deeds.entries.iter().map(|deed| deed.value.action.as_str()).collect();
    assert_eq!(deeds, ["people.edit"]);
    // Who was revoked is still somebody to themselves.
    village.revoke(administrator, place);
    ivan.get(&path(person)).is(404, "not-found");
    assert_eq!(ivan.get(&village.path("/me")).ok()["held"], json!([]));
}

#[test]
fn an_administrator_gives_a_link_to_sign_in() {
    let (town, village) = Town::founded();
    let administrator = village.officer("Ольга", Role::Administrator);
    let olga = town.as_person(&village, administrator);
    let other = village.officer("Пётр", Role::Administrator);
    let (person, _) = village.resident("Иван", village.house("1"), PlaceKind::Owner);
    let link = |person, anew: bool| {
        olga.post(&village.path(&format!("/people/{person}/link")), &json!({ "anew": anew }))
    };
    let sign_in = |token: &Value| town.stranger().post("/api/v1/session/link", &json!({ "token": token }));
    let token = link(person, false).ok()["token"].clone();
    let answer = sign_in(&token);
    assert_eq!(answer.ok()["account"]["persons"][0]["name"], "Иван");
    sign_in(&token).is(403, "link-ended");
    // Whoever has lost their telephone begins anew; who has it now is nobody there any more.
    link(person, false).is(409, "already-joined");
    let ivan = town.stranger().keep(&answer);
    let token = link(person, true).ok()["token"].clone();
    ivan.get(&village.path("/me")).is(404, "not-found");
    let again = sign_in(&token);
    assert_ne!(again.ok()["account"]["id"], answer.ok()["account"]["id"]);
    town.stranger().keep(&again).get(&village.path("/me")).ok();
    // An administrator is not signed in as another one: not while they are banned either, nor when they were one once.
    link(other, true).is(403, "not-allowed");
    let body = json!({ "person": other, "reason": "На минуту" });
    let ban = olga.post(&village.path("/bans"), &body).ok()["id"].clone();
    link(other, true).is(403, "not-allowed");
    olga.delete(&village.path(&format!("/bans/{}", ban.as_str().unwrap()))).ok();
    let roles = olga.get(&village.path("/roles")).ok()["roles"].clone();
    let role = roles.as_array().unwrap().iter().find(|role| role["person"] == other.to_string()).unwrap();
    olga.delete(&village.path(&format!("/roles/{}", role["id"].as_str().unwrap()))).ok();
    link(other, true).is(403, "not-allowed");
    // Nor does whoever found the browser of one make them somebody else's.
    link(administrator, true).is(403, "not-allowed");
    olga.get(&village.path("/me")).ok();
    link(village.community.id, false).is(404, "not-found");
}

#[test]
fn who_looks_twice_at_once_has_looked_at_all() {
    let (town, village) = Town::founded();
    let residents: Vec<_> = (10..30).map(|n| village.person(&format!("Житель {n}"))).collect();
    for nth in 0..10 {
        let administrator = village.officer(&format!("Ольга {nth}"), Role::Administrator);
        let olga = town.as_person(&village, administrator);
        let (start, people) = (Barrier::new(4), village.path("/people"));
        thread::scope(|scope| {
            for query in ["", "?search=11", "?search=12", "?search=13"] {
                let (start, olga, path) = (&start, &olga, format!("{people}{query}"));
                scope.spawn(move || {
                    start.wait();
                    olga.get(&path).ok();
                });
            }
        });
        let by = Query::on("by").equal(administrator.to_string()).limit(Query::MAX_LIMIT);
        let deeds = village.community.store.view(|view| view.of::<audit::Deed>().find(&by)).unwrap().unwrap();
        let looked_at = |person| deeds.entries.iter().any(|deed| deed.value.person == Some(person));
        assert!(residents.iter().all(|person| looked_at(*person)), "round {nth}");
    }
}
