//! Plates as people type them, in either alphabet, and what is none.

mod spellings;

use dwellers::plate::{Country, Format, NotAPlate, Pattern, Plate, fold, patterns, shown};

fn check(text: &str, format: Format, key: &str, people_see: &str) {
    check_in(Country::Russia, text, format, Country::Russia, key, people_see);
}

fn check_in(home: Country, text: &str, format: Format, country: Country, key: &str, people_see: &str) {
    let plate = Plate::parse(text, home).unwrap_or_else(|why| panic!("{text:?}: {why}"));
    assert_eq!(
        (plate.format(), plate.country(), plate.key(), plate.shown()),
        (format, country, key, people_see),
        "{text:?}"
    );
    assert_eq!(fold(plate.shown()), key, "what is shown of {text:?} is its key");
    assert_eq!(Plate::parse(plate.shown(), home).as_ref(), Ok(&plate), "{text:?}");
    assert_eq!(Plate::parse(plate.key(), home).as_ref(), Ok(&plate), "{text:?}");
    assert_eq!(shown(plate.key(), home), people_see);
    assert_eq!(plate.to_string(), people_see);
}

fn refused(text: &str, why: NotAPlate) {
    assert_eq!(Plate::parse(text, Country::Russia), Err(why), "{text:?}");
}

#[test]
fn whatever_a_person_types_is_one_car() {
    for text in [
        "А 123 ВС 77",
        "а123вс77",
        "A123BC77",
        "a123bc77",
        "А-123-ВС-77",
        " a.123.bc / 77 ",
        "А123ВС|77",
        "А123BC 77",
        "А 123\u{a0}ВС\u{2009}77",
        "А123ВС(77)",
        "А123ВС77 RUS",
        "а123вс 77 рус",
        "\u{feff}А123ВС77\u{200b}",
    ] {
        check(text, Format::Car, "A123BC77", "А 123 ВС 77");
    }
    check("в001аа777", Format::Car, "B001AA777", "В 001 АА 777");
}

#[test]
fn russian_types_by_their_standard() {
    check("ав12377", Format::Taxi, "AB12377", "АВ 123 77");
    check("ав123777", Format::Taxi, "AB123777", "АВ 123 777");
    check("ав123456", Format::Trailer, "AB123456", "АВ 1234 56");
    check("ав 1234 177", Format::Trailer, "AB1234177", "АВ 1234 177");
    check("1234 ав 77", Format::Motorcycle, "1234AB77", "1234 АВ 77");
    check("1234ав777", Format::Motorcycle, "1234AB777", "1234 АВ 777");
    check("004 CD 1 77", Format::Diplomatic, "004CD177", "004 CD 1 77");
    check("004CD1177", Format::Diplomatic, "004CD1177", "004 CD 1 177");
    check("004 D 001 77", Format::Diplomatic, "004D00177", "004 D 001 77");
    check("004т00177", Format::Diplomatic, "004T00177", "004 T 001 77");
    check("ав 123 с 77", Format::Transit, "AB123C77", "АВ 123 С 77");
    check("т ав 123 77", Format::Export, "TAB12377", "Т АВ 123 77");
    check("а 1234 77", Format::Police, "A123477", "А 1234 77");
    check("а1234777", Format::Police, "A1234777", "А 1234 777");
    check("123 а 77", Format::PoliceTrailer, "123A77", "123 А 77");
    check("1234 а 77", Format::PoliceMotorcycle, "1234A77", "1234 А 77");
    check("д 1234 МО", Format::Soviet, "Д1234MO", "Д 1234 МО");
    check("ж1234ЛЕ", Format::Soviet, "Ж1234ЛE", "Ж 1234 ЛЕ");
}

#[test]
fn regions_and_numbers_that_do_not_exist_are_refused() {
    for (text, region) in [
        ("А123ВС00", "00"),
        ("А123ВС377", "377"),
        ("А123ВС100", "100"),
        ("А123ВС077", "077"),
        ("АВ12300", "00"),
        ("1234АВ00", "00"),
    ] {
        refused(text, NotAPlate::Region(region.to_owned()));
    }
    for text in
        ["А000ВС77", "АВ00077", "АВ000077", "0000АВ77", "А000077", "000D00177", "004D00077", "004CD077"]
    {
        refused(text, NotAPlate::Zero);
    }
    for text in ["А123ВС101", "А123ВС299", "А123ВС777", "А123ВС805", "А123ВС999", "А123ВС01"]
    {
        assert_eq!(
            Plate::parse(text, Country::Russia).map(|plate| plate.format()),
            Ok(Format::Car),
            "{text}"
        );
    }
}

#[test]
fn a_typed_zero_is_a_letter_where_nothing_else_can_be_meant() {
    check("А123ВО77", Format::Car, "A123BO77", "А 123 ВО 77");
    check("А1230077", Format::Car, "A123OO77", "А 123 ОО 77");
    check("А123В077", Format::Car, "A123BO77", "А 123 ВО 77");
    check("А1О3ВС77", Format::Car, "A103BC77", "А 103 ВС 77");
    check("А123ВС7О", Format::Car, "A123BC70", "А 123 ВС 70");
    // As they stand they are a motorcycle's and a bus's: nothing is repaired.
    check("0123АВ77", Format::Motorcycle, "0123AB77", "0123 АВ 77");
    check("ОА12377", Format::Taxi, "OA12377", "ОА 123 77");
    // A police car could be meant as well as a forgotten letter.
    refused("А123О177", NotAPlate::Shape);
    // Nobody types a letter for a three.
    refused("А12ЗВС77", NotAPlate::Shape);
    check("004 Д 001 77", Format::Diplomatic, "004D00177", "004 D 001 77");
    check("004 СД 1 77", Format::Diplomatic, "004CD177", "004 CD 1 77");
    // What a camera read is never repaired, not even to be shown.
    assert_eq!(shown("A1230077", Country::Russia), "A1230077");
    assert_eq!(shown("", Country::Russia), "");
}

#[test]
fn neighbours_and_the_rest_of_the_world() {
    use Country::*;
    for (text, country, key, people_see) in [
        ("1234 AB-7", Belarus, "1234AB7", "1234 AB-7"),
        ("Е123АВ7", Belarus, "E123AB7", "E123 AB-7"),
        ("123 ABC 01", Kazakhstan, "123ABC01", "123 ABC 01"),
        ("АІ 1234 ВС", Ukraine, "AI1234BC", "AI 1234 BC"),
        ("1A2 3456", Czechia, "1A23456", "1A2 3456"),
        ("KR 1234F", Poland, "KR1234F", "KR 1234F"),
        ("B 12 ABC", Romania, "B12ABC", "B 12 ABC"),
        ("123 ABC", Estonia, "123ABC", "123 ABC"),
        ("TÜ-AB 1234", Germany, "TUAB1234", "TUAB 1234"),
        ("tu\u{308} ab 1234", Germany, "TUAB1234", "TUAB 1234"),
    ] {
        check_in(Russia, text, Format::National, country, key, people_see);
    }
    // Shapes that many countries have tell none, but a community's own comes first.
    check_in(Russia, "AB-123-CD", Format::Generic, Other, "AB123CD", "AB 123 CD");
    check_in(Slovakia, "AB123CD", Format::National, Slovakia, "AB123CD", "AB 123CD");
    check_in(Other, "AB-123-CD", Format::Generic, Other, "AB123CD", "AB 123 CD");
    check_in(Russia, "abc 123", Format::Generic, Other, "ABC123", "ABC 123");
    check_in(Lithuania, "abc 123", Format::National, Lithuania, "ABC123", "ABC 123");
    check_in(Finland, "abc 123", Format::National, Finland, "ABC123", "ABC-123");
    check_in(Latvia, "ab 12", Format::National, Latvia, "AB12", "AB-12");
    check_in(Belarus, "AB 1234-7", Format::National, Belarus, "AB12347", "AB 1234-7");
    check_in(Russia, "AB12347", Format::Taxi, Russia, "AB12347", "АВ 123 47");
    // Elsewhere what would be a slip at home may be a neighbour's.
    check_in(Poland, "KT 12300", Format::National, Poland, "KT12300", "KT 12300");
    check_in(Belarus, "А123ВС77", Format::Car, Russia, "A123BC77", "А 123 ВС 77");
    check_in(Russia, "G-001-BB", Format::Generic, Other, "G001BB", "G 001 BB");
}

#[test]
fn what_is_no_plate() {
    for text in ["", "   ", "-", "..."] {
        refused(text, NotAPlate::Empty);
    }
    refused("а 123 вс", NotAPlate::NoRegion);
    refused(&"А".repeat(200), NotAPlate::TooLong);
    refused(&" ".repeat(200), NotAPlate::TooLong);
    for (text, strange) in [
        ("<script>", '<'),
        ("А123ВС77🚗", '🚗'),
        ("+7 912 345-67-89", '+'),
        ("А123ВС77'; --", '\''),
        ("京A12345", '京'),
        ("А１23ВС77", '１'),
        ("А123ВС77\0", '\0'),
    ] {
        refused(text, NotAPlate::Character(strange));
    }
    for text in [
        "89123456789",
        "8 (912) 345-67-89",
        "123456",
        "ABCDEF",
        "Иванов",
        "дом 12",
        "А12ВС77",
        "А123ВС7",
        "А123ВС7777",
        "Г123ВС77",
        "A1B2C3D4",
        "А123ВС77 А124ВС77",
    ] {
        refused(text, NotAPlate::Shape);
    }
    assert_eq!(NotAPlate::Shape.why(), "not-a-plate");
    assert_eq!(NotAPlate::Region("00".to_owned()).why(), "no-such-region");
}

#[test]
fn a_country_by_its_code() {
    for code in ["RU", "BY", "KZ", "UA", "DE", "PL", "CZ", "SK", "FI", "LT", "LV", "EE", "RO"] {
        let country = Country::from_code(&code.to_lowercase());
        assert_eq!(country.code(), code);
    }
    assert_eq!(Country::from_code("XX"), Country::Other);
    assert_eq!(Country::from_code(""), Country::Other);
    assert_eq!(Country::Other.code(), "");
}

/// A key of this pattern: the `n`-th of what each place allows.
fn example(pattern: &Pattern, n: usize) -> String {
    let characters: Vec<char> = ('0'..='9').chain('A'..='Z').chain('А'..='Я').collect();
    let allowed = pattern.places.iter().enumerate().map(|(at, place)| {
        let allowed: Vec<_> = characters.iter().copied().filter(|c| place.allows(*c)).collect();
        allowed[(n + at * 3) % allowed.len()]
    });
    allowed.collect()
}

#[test]
fn patterns_and_plates_agree() {
    let all: Vec<Pattern> = patterns().collect();
    assert!(all.iter().all(|pattern| pattern.places.len() <= 10));
    for pattern in &all {
        for n in 1..8 {
            let key = example(pattern, n);
            match Plate::read(&key, pattern.country) {
                // Where no country is known that has it, a named one may have it all the same.
                Ok(_) if pattern.country == Country::Other => {}
                Ok(plate) => assert_eq!(plate.country(), pattern.country, "{key}"),
                // A number of zeros, a region 00.
                Err(why) => assert!(matches!(why, NotAPlate::Zero | NotAPlate::Region(_)), "{key}: {why}"),
            }
        }
        assert_eq!(all.iter().filter(|other| *other == pattern).count(), 1, "{pattern:?} twice");
    }
    let fits = |key: &str, country: Country| {
        let of = |pattern: &&Pattern| {
            let fits = pattern.places.iter().zip(key.chars()).all(|(place, c)| place.allows(c));
            pattern.country == country && pattern.places.len() == key.chars().count() && fits
        };
        all.iter().find(of).map(|pattern| pattern.format)
    };
    assert_eq!(fits("A123BC77", Country::Russia), Some(Format::Car));
    assert_eq!(fits("A123BC777", Country::Russia), Some(Format::Car));
    assert_eq!(fits("A123BC377", Country::Russia), None);
    assert_eq!(fits("004CD177", Country::Russia), Some(Format::Diplomatic));
    assert_eq!(fits("Д1234MO", Country::Russia), Some(Format::Soviet));
    assert_eq!(fits("B1", Country::Germany), None);
    assert_eq!(fits("BA1", Country::Germany), Some(Format::National));
    assert_eq!(fits("BABCDE1", Country::Germany), None);
    assert_eq!(fits("BMW1234E", Country::Germany), Some(Format::National));
    assert_eq!(fits("AB1", Country::Latvia), Some(Format::National));
}
