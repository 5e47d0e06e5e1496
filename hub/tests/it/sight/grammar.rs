//! Help by what plates look like: where it is given, and where it must not be.

use std::sync::Arc;

use dwellers::plate::{Country, Format};
use dwellers_hub::sight::Evidence;
use dwellers_hub::sight::ctc::Free;
use dwellers_hub::sight::grammar::{Grammar, format};
use dwellers_hub::sight::sighting::Alphabet;

const CHARACTERS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Steps that say these, each followed by nothing: `AB|8` is `B` with 0.6, `8` with 0.39.
fn steps(pattern: &[&str]) -> Vec<f32> {
    let symbol = |c: char| CHARACTERS.find(c).unwrap() + 1;
    let mut p = Vec::new();
    for said in pattern {
        let mut row = [1e-6; 37];
        let mut shares = [0.6, 0.39].iter();
        match said.chars().count() {
            1 => row[symbol(said.chars().next().unwrap())] = 0.99,
            _ => said.chars().for_each(|c| row[symbol(c)] = *shares.next().unwrap()),
        }
        p.extend(row);
        let mut nothing = [1e-6; 37];
        nothing[0] = 0.99;
        p.extend(nothing);
    }
    p
}

/// The free reading, and what the grammar takes instead.
fn read(pattern: &[&str], origins: &[(Country, f32)], within: f32) -> (String, Option<String>) {
    let alphabet = Arc::new(Alphabet(CHARACTERS.chars().collect()));
    let grammar = Grammar::new(&alphabet, origins.iter().map(|(country, _)| *country));
    let evidence = Evidence::new(steps(pattern), alphabet.clone(), origins.to_vec());
    let free = evidence.steps().best(&Free, 16, 1).remove(0);
    let led = grammar.instead(&free, evidence.steps(), &alphabet, origins, within);
    (alphabet.text(&free.text), led.map(|led| alphabet.text(&led.text)))
}

const RUSSIAN: &[(Country, f32)] =
    &[(Country::Russia, 0.97), (Country::Germany, 0.02), (Country::Other, 0.01)];
const FOREIGN: &[(Country, f32)] =
    &[(Country::Russia, 0.02), (Country::Germany, 0.03), (Country::Other, 0.95)];
const DOUBTFUL: &[(Country, f32)] =
    &[(Country::Russia, 0.5), (Country::Germany, 0.45), (Country::Other, 0.05)];

/// `0` or `O` in the first place of a car's plate.
const OH: &[&str] = &["0O", "1", "2", "3", "B", "C", "7", "7"];

#[test]
fn a_digit_that_may_be_a_letter_is_one_where_letters_stand() {
    // A motorcycle's as it stands, and there are few of them; not where it is sure.
    assert_eq!(read(OH, RUSSIAN, 2.3), ("0123BC77".into(), Some("O123BC77".into())));
    let sure = &["0", "1", "2", "3", "B", "C", "7", "7"];
    assert_eq!(read(sure, RUSSIAN, 2.3), ("0123BC77".into(), None));
    let both = &["0O", "1", "B8", "3", "B", "8B", "7", "7"];
    assert_eq!(read(both, RUSSIAN, 2.3), ("01B3B877".into(), Some("O183BB77".into())));
    // A region that there is not, and a number that there is not.
    let region = &["A", "1", "2", "3", "B", "C", "47", "7", "7"];
    assert_eq!(read(region, RUSSIAN, 2.3), ("A123BC477".into(), Some("A123BC777".into())));
    let zero = &["A", "0", "0", "06", "B", "C", "7", "7"];
    assert_eq!(read(zero, RUSSIAN, 2.3), ("A000BC77".into(), Some("A006BC77".into())));
}

#[test]
fn what_is_known_stays() {
    let fine = &["A", "1", "2", "3", "B8", "C", "7", "7"];
    assert_eq!(read(fine, RUSSIAN, 2.3), ("A123BC77".into(), None));
    // German by its looks or Russian: it has a shape of one of them.
    let german = &["B", "M", "W", "1", "2", "3O"];
    assert_eq!(read(german, DOUBTFUL, 2.3).1, None);
    assert_eq!(read(german, RUSSIAN, 2.3).1, None, "nothing Russian is near");
}

#[test]
fn a_foreign_plate_is_never_made_russian() {
    assert_eq!(read(OH, FOREIGN, 2.3).1, None);
    assert_eq!(read(OH, &[(Country::Other, 1.0)], 100.0).1, None);
    assert_eq!(read(OH, &[], 100.0).1, None);
}

#[test]
fn only_what_is_nearly_as_likely_is_taken() {
    // ln(0.6 / 0.39) is 0.43.
    let region = &["A", "1", "2", "3", "B", "C", "47", "7", "7"];
    assert_eq!(read(region, RUSSIAN, 0.4).1, None);
    assert_eq!(read(region, RUSSIAN, 0.5).1.as_deref(), Some("A123BC777"));
}

#[test]
fn countries_without_some_letters_have_them_in_no_reading() {
    const POLISH: &[(Country, f32)] = &[(Country::Poland, 0.7), (Country::Slovakia, 0.3)];
    const CZECH: &[(Country, f32)] = &[(Country::Czechia, 1.0)];
    // No Z at the end of a Polish plate: a Slovak one is what it is.
    let slovak = &["B", "A", "3", "0", "2", "0O", "Z"];
    assert_eq!(read(slovak, POLISH, 2.3), ("BA3020Z".into(), Some("BA302OZ".into())));
    // No Czech number begins with zero, no series has an O.
    let czech = &["O1", "A", "OQ", "3", "4", "5", "6"];
    assert_eq!(read(czech, CZECH, 2.3), ("OAO3456".into(), None));
    let czech = &["1", "A", "O0", "3", "4", "5", "6"];
    assert_eq!(read(czech, CZECH, 2.3), ("1AO3456".into(), Some("1A03456".into())));
}

#[test]
fn a_plate_of_no_known_country_is_led_to_what_plates_have() {
    let letter = &["0O", "Z", "L", "2", "3", "1", "8"];
    assert_eq!(read(letter, FOREIGN, 2.3), ("0ZL2318".into(), Some("OZL2318".into())));
    // Germany's shape, which is too loose to speak for it, and Germany's by its looks.
    let loose = &["O", "E", "L", "I1", "1", "4", "5"];
    assert_eq!(read(loose, FOREIGN, 2.3), ("OELI145".into(), Some("OEL1145".into())));
    assert_eq!(read(loose, &[(Country::Germany, 1.0)], 2.3).1, None);
    // It is no more than a fifth.
    let surer = &["O", "E", "L", "I", "1", "4", "5"];
    assert_eq!(read(surer, FOREIGN, 2.3), ("OELI145".into(), None));
}

#[test]
fn a_format_is_that_of_its_country() {
    assert_eq!(format("A123BC77", Country::Russia), Some(Format::Car));
    assert_eq!(format("A123BC77", Country::Germany), None);
    assert_eq!(format("BMW123", Country::Germany), Some(Format::National));
    assert_eq!(format("BMW123", Country::Russia), None);
    assert_eq!(format("AB123CD", Country::Other), Some(Format::Generic));
    for none in ["", "7", "AAAAAAAAAA", "0000000000"] {
        for country in [Country::Russia, Country::Germany, Country::Other] {
            assert_eq!(format(none, country), None, "{none}");
        }
    }
}
