//! Plates at random, and their spellings.

use dwellers::plate::{Country, Format, Plate, fold};
use proptest::prelude::*;
use proptest::sample::{Index, select};

const TWELVE: &str = "[ABEKMHOPCTYX]";

/// Keys of every Russian type. Zero numbers and regions are the tables' matter.
fn russian() -> impl Strategy<Value = String> {
    let number = "(00[1-9]|0[1-9][0-9]|[1-9][0-9]{2})";
    let types = [
        format!("{TWELVE}{number}{TWELVE}{{2}}"),
        format!("{TWELVE}{{2}}{number}"),
        format!("{TWELVE}{{2}}[1-9]{number}"),
        format!("[1-9]{number}{TWELVE}{{2}}"),
        format!("{number}CD[1-9]"),
        format!("{number}[DT]{number}"),
        format!("{TWELVE}{{2}}{number}{TWELVE}"),
        format!("T{TWELVE}{{2}}{number}"),
        format!("{TWELVE}[1-9]{number}"),
        format!("{number}{TWELVE}"),
        format!("[1-9]{number}{TWELVE}"),
    ];
    select(types.to_vec())
        .prop_flat_map(|of_type| {
            proptest::string::string_regex(&format!(
                "{of_type}(0[1-9]|[1-9][0-9]|[12789]0[1-9]|[12789][1-9][0-9])"
            ))
            .expect("it is a pattern")
        })
        .boxed()
}

/// Keys of many shapes, most of which are some country's.
fn foreign() -> impl Strategy<Value = String> {
    "[A-Z]{2}[0-9]{4}[A-Z]{2}|[0-9]{4}[A-Z]{2}[1-7]|[A-Z]{2,5}[0-9]{1,4}|[0-9]{3}[A-Z]{2,3}[0-9]{2}|[A-Z]{2}[0-9]{3}[A-Z]{2}"
}

/// How somebody types one character: which alphabet, which case, what before it.
fn spelled(key: &str, choices: &[Index]) -> String {
    let mut text = String::new();
    for (c, choice) in key.chars().zip(choices.iter().cycle()) {
        let choice = choice.index(120);
        text.push_str(["", "", " ", "-", ".", " — "][choice % 6]);
        let looks = "AАBВEЕKКMМHНOОPРCСTТYУXХIІJЈSЅ";
        let cyrillic = looks.chars().skip_while(|latin| *latin != c).nth(1);
        let c = if choice / 6 % 2 == 0 { c } else { cyrillic.unwrap_or(c) };
        match choice / 12 % 2 {
            0 => text.push(c),
            _ => text.extend(c.to_lowercase()),
        }
    }
    text
}

proptest! {
    #[test]
    fn spellings_of_one_plate_agree(
        key in prop_oneof![3 => russian(), 1 => foreign()],
        choices in prop::collection::vec(any::<Index>(), 9),
    ) {
        let text = spelled(&key, &choices);
        prop_assert_eq!(&fold(&text), &key);
        let plain = Plate::parse(&key, Country::Russia);
        prop_assert_eq!(&Plate::parse(&text, Country::Russia), &plain);
        if let Ok(plate) = plain {
            prop_assert_eq!(plate.key(), &key);
        }
    }

    #[test]
    fn every_russian_plate_is_one(key in russian()) {
        let plate = Plate::parse(&key, Country::Russia).map_err(|why| TestCaseError::fail(format!("{key}: {why}")))?;
        prop_assert_eq!(plate.country(), Country::Russia);
        prop_assert_eq!(&fold(plate.shown()), &key);
        let again = Plate::parse(plate.shown(), Country::Russia);
        prop_assert_eq!(again.as_ref(), Ok(&plate));
    }

    #[test]
    fn plates_that_differ_have_different_keys(
        one in russian(),
        other in russian(),
        at in any::<Index>(),
        to in select("0123456789ABEKMHOPCTYXDДЖЛГФ".chars().collect::<Vec<_>>()),
    ) {
        // Two at random, and two that differ in one character.
        let mut near: Vec<char> = one.chars().collect();
        let at = at.index(near.len());
        near[at] = to;
        let near: String = near.into_iter().collect();
        for other in [&other, &near] {
            prop_assert_eq!(fold(&one) == fold(other), &one == other);
            let Ok(two) = Plate::parse(other, Country::Russia) else { continue };
            // What was repaired is a car, or diplomats'; all else keeps every character.
            let repaired = match two.format() {
                Format::Car => two.key().replace('O', "0") == other.replace('O', "0"),
                Format::Diplomatic => two.key() == other.replace('Д', "D"),
                _ => false,
            };
            prop_assert!(two.key() == other || repaired, "{other} became {}", two.key());
        }
    }

    #[test]
    fn no_text_breaks_anything(text in any::<String>(), home in select(vec![Country::Russia, Country::Germany, Country::Other])) {
        let key = fold(&text);
        prop_assert_eq!(&fold(&key), &key);
        if let Ok(plate) = Plate::parse(&text, home) {
            prop_assert_eq!(fold(plate.shown()), plate.key());
            let again = Plate::parse(plate.shown(), home);
            prop_assert_eq!(again.as_ref(), Ok(&plate));
        }
    }

    #[test]
    fn no_text_like_a_plate_breaks_anything(text in "[0-9АВСДЖO -]{0,12}", home in select(vec![Country::Russia, Country::Belarus, Country::Poland, Country::Other])) {
        if let Ok(plate) = Plate::parse(&text, home) {
            prop_assert_eq!(fold(plate.shown()), plate.key());
            let again = Plate::parse(plate.shown(), home);
            prop_assert_eq!(again.as_ref(), Ok(&plate));
        }
    }
}

/// A letter's capitals are their own capitals, and a look-alike's fold its own fold, in all of Unicode.
#[test]
fn folding_twice_is_folding_once() {
    for c in '\0'..=char::MAX {
        let once = fold(&c.to_string());
        assert_eq!(fold(&once), once, "{c:?}");
    }
}
