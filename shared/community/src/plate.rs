//! Number plates: what a person types and a reader reads, folded to one key, and shown to people again.
//!
//! A plate *is* its key: the characters on it, in order, with look-alike letters of both alphabets as one. Records
//! and indexes hold the key; format, country and shown form follow from it and from the community's country, so they
//! are never stored. Two plates that bear the same characters are one plate here: a motorcycle's `1234 АВ 77` and an
//! army lorry's cannot be told apart by anything that stands on them but their colour.
//!
//! Invariants: [`fold`] is idempotent; `fold(plate.shown()) == plate.key()`; every spelling of one plate (alphabet,
//! case, separators) has one key, and plates that differ in a character have different keys. Two exceptions are
//! deliberate: German umlauts fold to their base letter, since readers and Russian keyboards have none and no
//! district code of Germany exists both with and without; and people's `0` for `О` is repaired when they type
//! ([`Plate::parse`]), never when a camera reads.
//!
//! What must never be here: distances between plates, "nearly the same". Near is not the same car.

mod shapes;

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use self::shapes::{Fit, NATIONAL, RUSSIAN, Shape};

/// The longest text that is looked at, in characters: a plate with every character spaced, and room to spare.
const MAX_TYPED: usize = 40;

/// The key form of anything a person types or a reader reads, also of a fragment.
///
/// Letters become capitals; Cyrillic letters that look like Latin ones become these: the twelve of Russian plates
/// (`АВЕКМНОРСТУХ` → `ABEKMHOPCTYX`), `І`, `Ј`, `Ѕ`. Other Cyrillic letters (`Д`, `Ж`, `Л` on Soviet plates) stay
/// Cyrillic capitals, which no Latin plate can have. `ÄÖÜ` become `AOU`. Digits stay; everything else (spaces,
/// dashes, dots, flags) is dropped. `O` and `0` remain two characters.
pub fn fold(text: &str) -> String {
    // Capitals first: a few letters become two, of which one may be a mark to drop.
    text.chars().flat_map(char::to_uppercase).filter(|c| c.is_alphanumeric()).map(to_latin).collect()
}

/// Look-alikes: what stands in records, and what Russians see.
const TWELVE: [(char, char); 12] = [
    ('A', 'А'),
    ('B', 'В'),
    ('E', 'Е'),
    ('K', 'К'),
    ('M', 'М'),
    ('H', 'Н'),
    ('O', 'О'),
    ('P', 'Р'),
    ('C', 'С'),
    ('T', 'Т'),
    ('Y', 'У'),
    ('X', 'Х'),
];

fn to_latin(letter: char) -> char {
    match letter {
        'І' => 'I',
        'Ј' => 'J',
        'Ѕ' => 'S',
        'Ä' => 'A',
        'Ö' => 'O',
        'Ü' => 'U',
        _ => TWELVE.iter().find(|(_, cyrillic)| *cyrillic == letter).map_or(letter, |(latin, _)| *latin),
    }
}

fn to_cyrillic(letter: char) -> char {
    TWELVE.iter().find(|(latin, _)| *latin == letter).map_or(letter, |(_, cyrillic)| *cyrillic)
}

/// A country, as far as plates tell it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Country {
    /// Россия.
    #[default]
    Russia,
    /// Беларусь.
    Belarus,
    /// Қазақстан.
    Kazakhstan,
    /// Україна.
    Ukraine,
    /// Deutschland.
    Germany,
    /// Polska.
    Poland,
    /// Česko.
    Czechia,
    /// Slovensko.
    Slovakia,
    /// Suomi.
    Finland,
    /// Lietuva.
    Lithuania,
    /// Latvija.
    Latvia,
    /// Eesti.
    Estonia,
    /// România.
    Romania,
    /// Another one, or nothing tells which.
    Other,
}

impl Country {
    const CODES: [(Country, &'static str); 13] = [
        (Country::Russia, "RU"),
        (Country::Belarus, "BY"),
        (Country::Kazakhstan, "KZ"),
        (Country::Ukraine, "UA"),
        (Country::Germany, "DE"),
        (Country::Poland, "PL"),
        (Country::Czechia, "CZ"),
        (Country::Slovakia, "SK"),
        (Country::Finland, "FI"),
        (Country::Lithuania, "LT"),
        (Country::Latvia, "LV"),
        (Country::Estonia, "EE"),
        (Country::Romania, "RO"),
    ];

    /// By its code of ISO 3166-1 alpha-2, in any case; one whose plates are not known here is [`Country::Other`].
    pub fn from_code(code: &str) -> Country {
        Country::CODES
            .iter()
            .find(|(_, known)| known.eq_ignore_ascii_case(code))
            .map_or(Country::Other, |(country, _)| *country)
    }

    /// Its code of ISO 3166-1 alpha-2; empty for [`Country::Other`].
    pub fn code(self) -> &'static str {
        Country::CODES.iter().find(|(country, _)| *country == self).map_or("", |(_, code)| code)
    }
}

/// What kind of plate it is. Russian ones by the types of GOST R 50577-2018 (and -93, which are still about).
///
/// Where two types bear the same characters the order of this list decides; it only changes where spaces stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Types 1 and 1А (two lines): `А 123 ВС 77`.
    Car,
    /// Type 1Б, yellow, taxis and buses: `АВ 123 77`. With a region of three digits it bears the characters of a
    /// trailer, and comes first: a trailer's plate is behind the car.
    Taxi,
    /// Type 2, and 6 of the army: `АВ 1234 77`. Transit on paper, `АВ 77 1234`, reads as one.
    Trailer,
    /// Types 4 and 4А, and what looks like them: tractors (3), the army's 5, 7 and 8: `1234 АВ 77`.
    Motorcycle,
    /// Types 9 and 10: `004 CD 1 77`, `004 D 001 77`, `004 T 001 77`. The letters are Latin ones.
    Diplomatic,
    /// Type 15: `АВ 123 С 77`.
    Transit,
    /// Type 19, leaves the country for good: `Т АВ 123 77`.
    Export,
    /// Type 20: `А 1234 77`.
    Police,
    /// Type 21: `123 А 77`.
    PoliceTrailer,
    /// Type 22: `1234 А 77`.
    PoliceMotorcycle,
    /// By the Soviet GOST 3207-77, never recalled: `д 1234 МО`.
    Soviet,
    /// A shape of [`Plate::country`], which is not Russia.
    National,
    /// Letters and digits in up to three groups, 4 to 9 of them: a plate of some country.
    Generic,
}

/// A number plate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Plate {
    key: String,
    shown: String,
    format: Format,
    country: Country,
}

impl Plate {
    /// What a person typed, in a community of `home`: whose shapes come first; then Russia's, then a country's whose
    /// shape nobody else has, then any.
    ///
    /// Three things that people do are put right, each only where nothing reads the text as it stands: `RUS` after
    /// a Russian plate is dropped; `Д` on a diplomatic one is its `D`; and `0` for `О` or `О` for `0` is repaired
    /// where the result is a car's plate (type 1) and no other Russian type could be meant. `З` for `3` is not: who
    /// types digits has a `3` beside them. A camera's reading is [`fold`]ed, never parsed: it makes other mistakes.
    ///
    /// # Errors
    /// It is no plate; the error says why.
    pub fn parse(text: &str, home: Country) -> Result<Plate, NotAPlate> {
        if text.chars().nth(MAX_TYPED).is_some() {
            return Err(NotAPlate::TooLong);
        }
        if let Some(strange) = text.chars().find(|c| !may_be_typed(*c)) {
            return Err(NotAPlate::Character(strange));
        }
        let key = fold(text);
        if key.is_empty() {
            return Err(NotAPlate::Empty);
        }
        Plate::read(&key, home).or_else(|why| repaired(&key).ok_or(why))
    }

    /// What a key stands for, with nothing repaired: `home`'s shapes come first.
    ///
    /// # Errors
    /// It is no plate; the error says why.
    pub fn read(key: &str, home: Country) -> Result<Plate, NotAPlate> {
        let own = NATIONAL
            .iter()
            .filter(|shape| shape.country == home && home != Country::Other)
            .find(|shape| shape.fit(key) == Fit::Yes);
        if let Some(shape) = own {
            return Ok(Plate::of(key, shape));
        }
        match russian(key) {
            Ok(plate) => return Ok(plate),
            // At home this is a slip of the pen; elsewhere it may be somebody else's plate.
            Err(flaw @ (NotAPlate::Zero | NotAPlate::Region(_) | NotAPlate::NoRegion))
                if home == Country::Russia =>
            {
                return Err(flaw);
            }
            Err(_) => {}
        }
        let mut shapes = NATIONAL.iter().filter(|shape| shape.fit(key) == Fit::Yes);
        match (shapes.next(), shapes.next()) {
            (Some(only), None) if only.country != Country::Other => Ok(Plate::of(key, only)),
            (Some(_), _) => Ok(Plate::generic(key)),
            (None, _) if shapes::is_generic(key) => Ok(Plate::generic(key)),
            (None, _) => Err(NotAPlate::Shape),
        }
    }

    fn of(key: &str, shape: &Shape) -> Plate {
        Plate { key: key.to_owned(), shown: shape.show(key), format: shape.format, country: shape.country }
    }

    fn generic(key: &str) -> Plate {
        Plate {
            key: key.to_owned(),
            shown: shapes::grouped(key),
            format: Format::Generic,
            country: Country::Other,
        }
    }

    /// What records and indexes hold.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// For people: Russian ones in Cyrillic, spaced as on the plate.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// What kind it is.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Whose it is, where that is recognisable.
    pub fn country(&self) -> Country {
        self.country
    }
}

impl fmt::Display for Plate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// A shape of a country's plates at one length: what may stand at each place of a key. Whoever reads letter by letter
/// is led by it; whether a whole key is a plate, its number none of the zeros and its region one there is, says
/// [`Plate::read`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// Whose.
    pub country: Country,
    /// Of what kind.
    pub format: Format,
    /// From the first to the last.
    pub places: Vec<Place>,
}

/// What may stand at one place of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place(shapes::Look);

impl Place {
    /// Whether this character, of a key, may.
    pub fn allows(self, c: char) -> bool {
        self.0.allows(c)
    }
}

/// All shapes that are known, each at each of its lengths.
pub fn patterns() -> impl Iterator<Item = Pattern> {
    RUSSIAN.iter().chain(&NATIONAL).flat_map(|shape| {
        let pattern = |places: Vec<_>| Pattern {
            country: shape.country,
            format: shape.format,
            places: places.into_iter().map(Place).collect(),
        };
        shape.lengths().into_iter().map(pattern)
    })
}

/// A key for people, as [`Plate::shown`]; one that is no plate (a camera's poor reading) as it stands.
pub fn shown(key: &str, home: Country) -> String {
    Plate::read(key, home).map_or_else(|_| key.to_owned(), |plate| plate.shown)
}

/// Why a text is no plate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAPlate {
    /// There is no letter and no digit.
    #[error("a plate has letters and digits: А 123 ВС 77")]
    Empty,
    /// It goes on too long.
    #[error("a plate has at most ten characters: А 123 ВС 777")]
    TooLong,
    /// There is something in it that no plate bears and nobody types between.
    #[error("{0:?} is on no plate: letters, digits, spaces and dashes are")]
    Character(char),
    /// Its number is nothing but zeros.
    #[error("no plate has the number zero: numbers begin at 001")]
    Zero,
    /// There is no such region.
    #[error(
        "there is no region {0}: codes have two digits from 01, or three of which the first is 1, 2, 7, 8 or 9"
    )]
    Region(String),
    /// The region is missing, without which there are many such plates.
    #[error("the region is missing: А 123 ВС 77")]
    NoRegion,
    /// Letters and digits do not stand as they do on plates.
    #[error("letters and digits do not stand like this on a plate: А 123 ВС 77")]
    Shape,
}

impl NotAPlate {
    /// The text's key, for [`crate::command::Denied::Invalid`].
    pub fn why(&self) -> &'static str {
        match self {
            NotAPlate::Empty => "empty",
            NotAPlate::Zero => "plate-number-zero",
            NotAPlate::Region(_) => "no-such-region",
            NotAPlate::NoRegion => "plate-without-region",
            NotAPlate::TooLong | NotAPlate::Character(_) | NotAPlate::Shape => "not-a-plate",
        }
    }
}

/// By the first Russian type that fits; else the flaw of one that nearly does.
fn russian(key: &str) -> Result<Plate, NotAPlate> {
    let mut flaw = NotAPlate::Shape;
    for shape in &RUSSIAN {
        match shape.fit(key) {
            Fit::Yes => return Ok(Plate::of(key, shape)),
            Fit::Zero => flaw = NotAPlate::Zero,
            Fit::Region(region) if flaw == NotAPlate::Shape => flaw = NotAPlate::Region(region),
            // Of the others, something shorter is many a foreign plate.
            Fit::NoRegion if shape.format == Format::Car => flaw = NotAPlate::NoRegion,
            Fit::Region(_) | Fit::NoRegion | Fit::No => {}
        }
    }
    Err(flaw)
}

/// What people mean by a text that nothing reads as it stands ([`Plate::parse`]).
fn repaired(key: &str) -> Option<Plate> {
    // The second is «РУС», folded.
    if let Some(plate) = key.strip_suffix("RUS").or_else(|| key.strip_suffix("PYC")) {
        return russian(plate).ok();
    }
    if key.contains('Д') {
        return russian(&key.replace('Д', "D")).ok().filter(|plate| plate.format == Format::Diplomatic);
    }
    let meant: BTreeSet<String> = RUSSIAN.iter().filter_map(|shape| shape.put_right(key)).collect();
    match meant.first() {
        Some(only) if meant.len() == 1 => russian(only).ok().filter(|plate| plate.format == Format::Car),
        _ => None,
    }
}

/// What people type in a plate, or paste with it.
fn may_be_typed(c: char) -> bool {
    let invisible = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    // Umlauts may come in two parts.
    let mark = c == '\u{308}';
    let separator = c.is_whitespace()
        || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '.' | ',' | '_' | '/' | '|' | '·' | '•')
        || matches!(c, '(' | ')' | '[' | ']');
    let letter = matches!(c, 'А'..='я' | 'Ё' | 'ё' | 'І' | 'і' | 'Ј' | 'ј' | 'Ѕ' | 'ѕ')
        || matches!(c, 'Ä' | 'ä' | 'Ö' | 'ö' | 'Ü' | 'ü');
    c.is_ascii_alphanumeric() || letter || separator || mark || invisible
}
