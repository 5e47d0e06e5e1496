//! Letters with new codes.

use std::time::Instant;

use dwellers::Actor;
use dwellers::people::{self, Applicant, Person, PlaceKind, Role};
use serde_json::json;

use crate::town::Town;

#[test]
fn letters_are_a_pdf_and_end_the_codes_that_there_were() {
    let (town, village) = Town::founded();
    let (house, other) = (village.house("12"), village.house("13"));
    let browser = town.as_person(&village, village.officer("Ольга", Role::Administrator));
    let letters = village.path("/letters");
    let code = |house| {
        let issued = browser.post(&village.path(&format!("/houses/{house}/code")), &json!({})).ok();
        issued["code"].as_str().unwrap().to_owned()
    };
    let (mine, theirs) = (code(house), code(other));
    let why = browser.post(&letters, &json!({})).is(422, "invalid");
    assert_eq!((&why["field"], &why["why"]), (&json!("ends_codes"), &json!("codes-not-confirmed")));
    browser.post(&letters, &json!({ "ends_codes": true, "language": "de" })).is(422, "invalid");
    let one = browser.post(&letters, &json!({ "ends_codes": true, "house": house }));
    assert_eq!((one.status, one.header("content-type")), (200, "application/pdf"));
    assert!(one.bytes.starts_with(b"%PDF-"));
    let key = town.communities.registry().house_code_key(
        village.community.id,
        dwellers_cloud::clock::entropy,
        dwellers_cloud::clock::now(),
    );
    let key = key.unwrap();
    let opens = |code: &str, name: &str| {
        let person = Person { name: name.to_owned(), language: "ru".to_owned(), ..Person::default() };
        let applicant = Applicant { person, kind: PlaceKind::Owner };
        let (now, mut entropy) = (dwellers_cloud::clock::now(), dwellers_cloud::clock::entropy);
        let judge = |view: dwellers_replica::View<'_>| {
            let mut ctx = dwellers::Context { view, now, entropy: &mut entropy };
            people::apply_with_code(&mut ctx, &key, code, &applicant).is_ok()
        };
        village.community.store.view(judge).unwrap()
    };
    assert!(!opens(&mine, "Иван"), "it has ended");
    assert!(opens(&theirs, "Анна"), "another house keeps its own");
    let deeds = browser.get(&village.path(&format!("/audit?house={house}&action=letters.issue"))).ok();
    assert_eq!(deeds["deeds"].as_array().unwrap().len(), 1);
    let unknown = json!({ "ends_codes": true, "house": village.community.id });
    browser.post(&letters, &unknown).is(404, "not-found");
    let guard = town.as_person(&village, village.officer("Пётр", Role::Guard));
    guard.post(&letters, &json!({ "ends_codes": true })).is(403, "not-allowed");
}

#[test]
fn letters_to_all_houses_take_no_time() {
    let (town, village) = Town::founded();
    for nth in 0..500 {
        village.run(|ctx| people::add_house(ctx, &Actor::Operator, &format!("{nth}"), ""));
    }
    let browser = town.as_person(&village, village.officer("Ольга", Role::Administrator));
    let begun = Instant::now();
    let answer = browser.post(&village.path("/letters"), &json!({ "ends_codes": true, "language": "en" }));
    println!("500 letters: {:?}, {} bytes", begun.elapsed(), answer.bytes.len());
    assert_eq!(answer.status, 200);
}
