//! Everything as CSV.

use dwellers::people::{self, PlaceKind, Role};
use dwellers::{Actor, passes, vehicles};
use dwellers_cloud::clock::now;
use serde_json::json;

use crate::privacy::Gatehouse;
use crate::town::{Browser, Town, Village};

/// The lines of an export, the titles first.
fn table(browser: &Browser, village: &Village, what: &str) -> Vec<Vec<String>> {
    let answer = browser.get(&village.path(&format!("/exports/{what}.csv")));
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/csv; charset=utf-8"), "{what}");
    assert!(answer.header("content-disposition").contains(&format!("{what}.csv")));
    let text = String::from_utf8(answer.bytes).unwrap();
    let text = text.strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn an_administrator_takes_everything_along() {
    let (town, village) = Town::founded();
    let house = village.run(|ctx| people::add_house(ctx, &Actor::Operator, "12", "=HYPERLINK(\"x\")"));
    let (anna, _) = village.resident("Анна", house, PlaceKind::Owner);
    let person = people::Person {
        name: "-Анна".to_owned(),
        phone: "+79160000012".to_owned(),
        language: "ru".to_owned(),
    };
    village.run(|ctx| Ok(((), people::edit_person(ctx, &Actor::Person(anna), anna, &person)?)));
    village.run(|ctx| vehicles::add(ctx, &Actor::Person(anna), house, "А123ВС77", "Нива, белая"));
    let from_ms = now().ms;
    let weekly = passes::Weekly { days: vec![1, 2, 3, 4, 5, 6, 7], from_minute: 0, until_minute: 0 };
    let terms = passes::Terms::Recurring { from_ms, until_ms: from_ms + 3_600_000, weekly };
    let (plate, note) = (String::new(), "звонить, дважды".to_owned());
    let pass =
        passes::Request {
            house, terms, plate, name: "Гость".to_owned(), code: false, note, decider: None
        };
    village.run(|ctx| {
        let issued = passes::issue(ctx, &Actor::Person(anna), &pass)?;
        Ok((issued.id, issued.writes))
    });
    let mut gatehouse = Gatehouse::of(&village);
    let entry =
        dwellers::journal::Entry { house: Some(house), name: "Гость".to_owned(), ..Default::default() };
    gatehouse.writes(entry);
    gatehouse.tells(&village);
    let browser = town.as_person(&village, village.officer("Ольга", Role::Administrator));
    let houses = table(&browser, &village, "houses");
    assert_eq!(houses[1][1..], ["12", "'=HYPERLINK(\"x\")", "keep"]);
    let people = table(&browser, &village, "people");
    let anna: Vec<_> = people.iter().filter(|row| row[2] == "+79160000012").collect();
    assert_eq!(anna[0][1..], ["'-Анна", "+79160000012", "ru", "12", "owner"]);
    assert_eq!(people.len(), 3, "{people:?}");
    assert_eq!(table(&browser, &village, "vehicles")[1][3..5], ["А 123 ВС 77", "Нива, белая"]);
    assert_eq!(table(&browser, &village, "passes")[1][7], "звонить, дважды");
    assert_eq!(table(&browser, &village, "journal")[1][10], "Гость");
    for what in ["cards", "questions", "applications", "bans"] {
        assert_eq!(table(&browser, &village, what).len(), 1, "{what}");
    }
    let audit = table(&browser, &village, "audit");
    assert!(audit.iter().any(|row| row[3] == "exports.download" && row[8] == "true"), "{audit:?}");
    // Everybody sees that everything was taken along.
    let deeds = town.as_person(&village, village.resident("Борис", house, PlaceKind::Family).0);
    let deeds = deeds.get(&village.path("/me/audit")).ok();
    assert_eq!(deeds["deeds"][0]["action"], json!("exports.download"));
    // Spreadsheets of Russians divide at semicolons.
    let russian = [("accept-language", "ru")];
    let houses = browser.ask("GET", &village.path("/exports/houses.csv"), &russian, None);
    let houses = String::from_utf8(houses.bytes).unwrap();
    assert!(houses.contains(";12;\"'=HYPERLINK(\"\"x\"\")\";keep\r\n"), "{houses}");
    browser.get(&village.path("/exports/secrets.csv")).is(404, "not-found");
    browser.get(&village.path("/exports/houses")).is(404, "not-found");
    let guard = town.as_person(&village, village.officer("Пётр", Role::Guard));
    guard.get(&village.path("/exports/houses.csv")).is(403, "not-allowed");
}

#[test]
fn whoever_reads_slowly_has_two_at_a_time_and_takes_none_from_others() {
    let (town, village) = Town::founded();
    // More than the sockets on the way hold.
    for hundred in 0..60_u32 {
        let mut writes = dwellers_replica::Writes::new();
        for nth in hundred * 100..(hundred + 1) * 100 {
            let (key, note) = (format!("{nth:05}"), "н".repeat(1_500));
            let house = people::House { label: key.clone(), key, note, ..people::House::default() };
            writes.create(dwellers_replica::RecordId::new(now().ms, nth.into()), &house);
        }
        village.community.store.commit(now(), writes).unwrap();
    }
    let slow = town.as_person(&village, village.officer("Ольга", Role::Administrator));
    let path = village.path("/exports/houses.csv");
    let held: Vec<_> = (0..2).map(|_| slow.begins(&path)).collect();
    slow.get(&path).is(503, "busy");
    let other = town.as_person(&village, village.officer("Вера", Role::Administrator));
    assert_eq!(table(&other, &village, "people").len(), 3);
    drop(held);
}

#[test]
fn a_long_table_comes_whole() {
    let (town, village) = Town::founded();
    for nth in 0..1_201 {
        village.run(|ctx| people::add_house(ctx, &Actor::Operator, &format!("{nth}"), ""));
    }
    let browser = town.as_person(&village, village.officer("Ольга", Role::Administrator));
    let mut labels: Vec<_> =
        table(&browser, &village, "houses")[1..].iter().map(|row| row[1].clone()).collect();
    labels.sort();
    labels.dedup();
    assert_eq!(labels.len(), 1_201);
}
