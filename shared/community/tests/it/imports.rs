//! Houses and people out of a table.

use dwellers::imports::{self, Column, DATE, Flaw, Makes, Planned, Sheet};
use dwellers::people::{House, PlaceKind, held};
use dwellers::vehicles::Vehicle;
use dwellers_replica::Query;

use crate::village::{Village, said};

fn sheet(rows: &[&[&str]]) -> Sheet {
    let rows = (1..).zip(rows.iter().map(|cells| cells.iter().map(|cell| (*cell).to_owned()).collect()));
    Sheet::of(rows.collect()).unwrap()
}

fn plan(village: &Village, sheet: &Sheet) -> Vec<Planned> {
    let (now, olga) = (village.cloud.now, village.olga.acts());
    village.cloud.view(|view| imports::plan(view, now, &olga, sheet)).unwrap()
}

/// Enters all of it; what was made.
fn enter(village: &mut Village, planned: &[Planned]) -> Vec<Vec<Makes>> {
    let olga = village.olga.acts();
    let rows = planned.iter().filter(|row| row.flaws.is_empty()).map(|planned| {
        let mut made = Vec::new();
        loop {
            let step = village.cloud.judge(|ctx| imports::step(ctx, &olga, &planned.row)).unwrap();
            let Some((makes, _, writes)) = step else { return made };
            village.cloud.commit(&writes).unwrap();
            made.push(makes);
        }
    });
    rows.collect()
}

fn flaws(planned: &Planned) -> Vec<(&str, &str)> {
    planned.flaws.iter().map(|Flaw { field, why, .. }| (*field, *why)).collect()
}

#[test]
fn a_table_becomes_houses_people_places_and_cars() {
    let mut village = Village::new();
    let table = sheet(&[
        &["Список жителей", ""],
        &["Дом №", "ФИО", "Телефон", "Роль в доме", "Гос. номер", "Марка", "Долг"],
        &["15", "Иван Петров", "8 (916) 111-22-33", "собственник", "А 123 ВС 77", "Нива", "100"],
        &["15", "Мария Петрова", "79161112244", "семья", "", "", ""],
        &["15", "иван  петров", "", "", "В 456 ОР 177", "Волга", ""],
        &["", "", "", "", "", "", ""],
        &["16", "", "", "", "", "", ""],
        // She is known in 12, and has 16 besides.
        &["16", "Анна", "+7 916 000-00-12", "Owner", "", "", ""],
        &["12", "Анна", "", "", "", "", ""],
    ]);
    assert_eq!(table.titles()[0], ("Дом №".to_owned(), Some(Column::House)));
    assert_eq!(table.titles()[6], ("Долг".to_owned(), None));
    let planned = plan(&village, &table);
    let expected: [&[Makes]; 6] = [
        &[Makes::House, Makes::Person, Makes::Vehicle],
        &[Makes::Person],
        &[Makes::Vehicle],
        &[Makes::House],
        &[Makes::Place],
        &[],
    ];
    for (planned, expected) in planned.iter().zip(expected) {
        assert_eq!((flaws(planned), planned.makes.as_slice()), (vec![], expected), "{:?}", planned.row);
    }
    assert_eq!(planned.iter().map(|planned| planned.row.line).collect::<Vec<_>>(), [3, 4, 5, 7, 8, 9]);
    assert_eq!(
        (planned[0].row.phone.as_str(), planned[1].row.phone.as_str()),
        ("+79161112233", "+79161112244")
    );
    assert_eq!(enter(&mut village, &planned), expected.map(<[Makes]>::to_vec));
    // Once more makes nothing, and is not planned to.
    assert!(enter(&mut village, &planned).iter().all(Vec::is_empty));
    assert!(plan(&village, &table).iter().all(|planned| planned.makes.is_empty()));
    let now = village.cloud.now;
    let anna = village.cloud.view(|view| held(view, now, village.anna.person)).unwrap();
    assert_eq!(anna.len(), 2);
    let cars = village.cloud.view(|view| view.of::<Vehicle>().find(&Query::on("plate"))).unwrap().entries;
    assert_eq!(cars.len(), 2);
    assert!(cars.iter().all(|car| car.value.person == cars[0].value.person), "both are Иван's");
}

#[test]
fn a_crash_in_the_middle_makes_nothing_twice() {
    let mut village = Village::new();
    let table = sheet(&[&["House", "Name", "Plate"], &["15", "Ivan", "A123BC77"]]);
    let planned = plan(&village, &table);
    let olga = village.olga.acts();
    for expected in [Makes::House, Makes::Person, Makes::Vehicle] {
        // Each time somebody begins anew.
        let planned = plan(&village, &table);
        assert_eq!(planned[0].makes.first(), Some(&expected));
        let step = village.cloud.judge(|ctx| imports::step(ctx, &olga, &planned[0].row)).unwrap().unwrap();
        assert_eq!(step.0, expected);
        village.cloud.commit(&step.2).unwrap();
    }
    assert_eq!(enter(&mut village, &planned), [Vec::new()]);
    assert_eq!(
        village.cloud.view(|view| view.of::<House>().find(&Query::on("key"))).unwrap().entries.len(),
        4
    );
}

#[test]
fn what_is_wrong_with_a_row_is_said_and_nothing_of_it_is_made() {
    let mut village = Village::new();
    let table = sheet(&[
        &["Дом", "Имя", "Телефон", "Роль", "Номер машины"],
        &["", "Иван", "", "", ""],
        &[DATE, "Иван", "", "", ""],
        &["20", "Иван", "12", "", ""],
        &["20", "Иван", "", "царь", "XYZ"],
        &["20", "", "+79161112233", "", ""],
        &["20", "Иван", "", "няня", "А123ВС77"],
        &["20", "Пётр", "", "", ""],
        &["20", "ПЕТР", "", "", ""],
        &["20", "Пётр\u{7}", "", "", ""],
        &[&"9".repeat(41), "Пётр", "", "", ""],
    ]);
    let planned = plan(&village, &table);
    let expected: [&[(&str, &str)]; 10] = [
        &[("house", "empty")],
        &[("house", "a-date")],
        &[("phone", "not-a-phone")],
        &[("plate", "not-a-plate"), ("kind", "not-a-kind")],
        &[("name", "empty")],
        &[("plate", "no-cars")],
        &[],
        &[("row", "twice")],
        &[("name", "unprintable")],
        &[("house", "too-long")],
    ];
    for (planned, expected) in planned.iter().zip(expected) {
        assert_eq!(flaws(planned), expected, "{:?}", planned.row);
        assert_eq!(planned.makes.is_empty(), !expected.is_empty());
    }
    let typed: Vec<_> =
        planned.iter().flat_map(|planned| &planned.flaws).map(|flaw| flaw.typed.as_str()).collect();
    assert_eq!(typed, ["", "", "12", "XYZ", "царь", "", "А123ВС77", "", "Пётр", &"9".repeat(41)]);
    enter(&mut village, &planned);
    assert_eq!(
        village.cloud.view(|view| view.of::<House>().find(&Query::on("key"))).unwrap().entries.len(),
        4
    );
}

#[test]
fn columns_are_known_by_what_people_call_them() {
    for (title, column) in [
        ("Участок", Some(Column::House)),
        ("  ДОМ: ", Some(Column::House)),
        ("House", Some(Column::House)),
        ("Ф.И.О.", Some(Column::Name)),
        ("Тел.", Some(Column::Phone)),
        ("Примечание", Some(Column::Note)),
        ("Госномер", Some(Column::Plate)),
        ("Долг", None),
        ("", None),
    ] {
        assert_eq!(Column::of(title), column, "{title}");
    }
    let none = Sheet::of(vec![(1, vec!["Имя".to_owned()])]);
    assert_eq!(said(none.map(drop)), "file: no-columns");
    assert_eq!(said(Sheet::of(Vec::new()).map(drop)), "file: no-columns");
    // Of two columns of houses the first counts.
    let twice = sheet(&[&["Дом", "Адрес"], &["1", "2"]]);
    assert_eq!(twice.titles()[1].1, None);
}

#[test]
fn only_administrators_enter_tables() {
    let mut village = Village::new();
    let table = sheet(&[&["Дом"], &["15"]]);
    let (now, pyotr) = (village.cloud.now, village.pyotr.acts());
    let denied = village.cloud.view(|view| imports::plan(view, now, &pyotr, &table));
    assert_eq!(said(denied), "this actor may not do that");
    let row = plan(&village, &table)[0].row.clone();
    let denied = village.cloud.judge(|ctx| imports::step(ctx, &pyotr, &row));
    assert_eq!(said(denied), "this actor may not do that");
    assert_eq!(PlaceKind::default(), row.kind);
}
