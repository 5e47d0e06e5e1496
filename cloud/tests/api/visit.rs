//! What a visitor sees who has the link to a pass.

use dwellers::passes::links;
use dwellers::people::{PlaceKind, Role};
use dwellers_replica::{Query, RecordId};
use serde_json::json;

use crate::hub::Hub;
use crate::town::{Browser, Town, Village};

struct Visit {
    town: Town,
    village: Village,
    _hub: Hub,
    ivan: Browser,
    house: RecordId,
    pass: String,
}

impl Visit {
    fn new() -> Visit {
        let (town, village) = Town::founded();
        let hub = Hub::connected(&town, &village);
        let house = village.house("Лесная 4");
        let ivan = town.as_person(&village, village.resident("Иван Тайный", house, PlaceKind::Owner).0);
        let body =
            json!({ "kind": "taxi", "plate": "А 123 ВС 77", "name": "Вера", "code": true, "note": "тихо" });
        let pass = ivan.post(&village.path(&format!("/houses/{house}/passes")), &body).ok();
        let pass = village.path(&format!("/passes/{}", pass["id"].as_str().unwrap()));
        Visit { town, village, _hub: hub, ivan, house, pass }
    }

    fn link(&self, shows_house: bool) -> String {
        let shared = self.ivan.post(&format!("{}/link", self.pass), &json!({ "shows_house": shows_house }));
        assert_eq!(shared.status, 201);
        format!("/api/v1/visits/{}", shared.ok()["token"].as_str().unwrap())
    }
}

#[test]
fn a_visitor_sees_what_they_need_and_nothing_else() {
    let at = Visit::new();
    let link = at.link(false);
    let visitor = at.town.stranger();
    let answer = visitor.get(&link);
    let shown = answer.ok();
    assert_eq!((&shown["community_name"], &shown["language"]), (&json!("Сосновка"), &json!("ru")));
    assert_eq!((&shown["house_label"], &shown["standing"]), (&json!(null), &json!("holds")));
    let code = shown["code"].as_str().unwrap().to_owned();
    assert_eq!(code, at.ivan.get(&at.pass).ok()["pass"]["code"].as_str().unwrap());
    let text = String::from_utf8(answer.bytes).unwrap();
    for hidden in ["Иван", "Лесная", "Вера", "123", "тихо"] {
        assert!(!text.contains(hidden), "{hidden}: {text}");
    }
    assert_eq!(at.ivan.get(&at.pass).ok()["pass"]["is_shared"], json!(true));
    // The house's label, where the house wants it told; the link before is over.
    let other = at.link(true);
    assert_eq!(visitor.get(&other).ok()["house_label"], "Лесная 4");
    visitor.get(&link).is(404, "not-found");
    let drawn = visitor.get(&format!("{other}/qr.svg"));
    assert_eq!((drawn.status, drawn.header("content-type")), (200, "image/svg+xml"));
    assert!(String::from_utf8_lossy(&drawn.bytes).contains("<svg"));
    assert!(drawn.header("content-security-policy").contains("default-src 'none'"));
    assert_eq!(drawn.header("referrer-policy"), "no-referrer");
}

#[test]
fn links_that_never_were_and_links_that_are_over_look_the_same() {
    let at = Visit::new();
    let visitor = at.town.stranger();
    let unknown = visitor.get("/api/v1/visits/guessed").is(404, "not-found");
    let drawn = at.link(true);
    // Another secret of the same community.
    let mut near = drawn.clone().into_bytes();
    let last = near.len() - 3;
    near[last] = if near[last] == b'A' { b'B' } else { b'A' };
    assert_eq!(visitor.get(std::str::from_utf8(&near).unwrap()).is(404, "not-found"), unknown);
    assert_eq!(at.ivan.delete(&format!("{}/link", at.pass)).status, 204);
    assert_eq!(visitor.get(&drawn).is(404, "not-found"), unknown);
    // There is nothing to take back, and that is all right.
    assert_eq!(at.ivan.delete(&format!("{}/link", at.pass)).status, 204);
    // It ends with its pass.
    let link = at.link(true);
    visitor.get(&link).ok();
    assert_eq!(at.ivan.delete(&at.pass).status, 204);
    assert_eq!(visitor.get(&link).is(404, "not-found"), unknown);
    assert_eq!(visitor.get(&format!("{link}/qr.svg")).is(404, "not-found"), unknown);
    at.ivan.post(&format!("{}/link", at.pass), &json!({})).is(409, "ended");
    // What is over does not pile up: it goes with the next that is made.
    let kept = || {
        let all = Query::on("pass");
        let links = at.village.community.store.view(|view| view.of::<links::Link>().find(&all)).unwrap();
        links.unwrap().entries.len()
    };
    assert_eq!(kept(), 1);
    let passes = at.village.path(&format!("/houses/{}/passes", at.house));
    let next = at.ivan.post(&passes, &json!({ "kind": "taxi", "name": "x" })).ok();
    let next = at.village.path(&format!("/passes/{}/link", next["id"].as_str().unwrap()));
    at.ivan.post(&next, &json!({})).ok();
    assert_eq!(kept(), 1);
    // And with its community.
    let id: RecordId = at.village.community.id;
    at.town.communities.close("Сосновка", dwellers_cloud::clock::now()).unwrap();
    assert_eq!(visitor.get(&link).is(404, "not-found"), unknown);
    assert!(at.town.communities.if_open(id).is_none());
}

#[test]
fn only_the_house_gives_links() {
    let at = Visit::new();
    let link = format!("{}/link", at.pass);
    let other = at.village.house("2");
    let neighbour = at.village.resident("Пётр", other, PlaceKind::Owner).0;
    let neighbour = at.town.as_person(&at.village, neighbour);
    neighbour.post(&link, &json!({})).is(404, "not-found");
    neighbour.delete(&link).is(404, "not-found");
    let guard = at.village.officer("Семён", Role::Guard);
    at.town.as_person(&at.village, guard).post(&link, &json!({})).is(403, "not-allowed");
    at.ivan.post(&at.village.path(&format!("/passes/{other}/link")), &json!({})).is(404, "not-found");
}

#[test]
fn links_are_not_guessed() {
    let at = Visit::new();
    let link = at.link(true);
    let from = |address: &str, path: &str| {
        at.town.stranger().ask("GET", path, &[("x-forwarded-for", address)], None).status
    };
    let looked = (0..200).filter(|n| from("198.51.100.7", &format!("/api/v1/visits/{n}")) == 404).count();
    assert!((60..=64).contains(&looked), "{looked} of 200 guesses were looked at");
    assert_eq!(from("198.51.100.7", &link), 429);
    // Nobody else is the worse for it.
    assert_eq!(from("203.0.113.9", &link), 200);
}
