//! How plates look: one line a shape, read and shown by the same line.
//!
//! In a shape `A` is one of the twelve letters of both alphabets, `L` a Latin letter, `S` one of those that Poland has
//! in series, `K` one of those that Czechia has, `W` any Cyrillic one, `0` a digit, `1` one that is not zero, `+` one
//! more of the kind before it or not, `R` a Russian region code up to the end; any other letter stands for itself,
//! and is shown in that alphabet. Spaces and dashes are where people see them.

use super::{Country, Format, TWELVE, to_cyrillic, to_latin};

/// One shape of a country's plates.
pub(super) struct Shape {
    pub(super) format: Format,
    pub(super) country: Country,
    looks: &'static str,
}

/// Whether a key has a shape.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fit {
    Yes,
    /// But for a number that is zero.
    Zero,
    /// But for a region that does not exist.
    Region(String),
    /// But for the region, which is missing.
    NoRegion,
    No,
}

const fn russian(format: Format, looks: &'static str) -> Shape {
    Shape { format, country: Country::Russia, looks }
}

const fn national(country: Country, looks: &'static str) -> Shape {
    Shape { format: Format::National, country, looks }
}

/// GOST R 50577-2018, in the order of [`Format`].
pub(super) const RUSSIAN: [Shape; 13] = [
    russian(Format::Car, "A 000 AA R"),
    russian(Format::Taxi, "AA 000 R"),
    russian(Format::Trailer, "AA 0000 R"),
    russian(Format::Motorcycle, "0000 AA R"),
    russian(Format::Diplomatic, "000 cd 0 R"),
    russian(Format::Diplomatic, "000 d 000 R"),
    russian(Format::Diplomatic, "000 t 000 R"),
    russian(Format::Transit, "AA 000 A R"),
    russian(Format::Export, "т AA 000 R"),
    russian(Format::Police, "A 0000 R"),
    russian(Format::PoliceTrailer, "000 A R"),
    russian(Format::PoliceMotorcycle, "0000 A R"),
    russian(Format::Soviet, "W 0000 WW"),
];

/// Series of common vehicles, from the countries' registration rules. A shape that several countries have tells
/// none; those of countries that are not named here ([`Country::Other`]) stand only for that.
pub(super) const NATIONAL: [Shape; 44] = [
    national(Country::Belarus, "0000 LL-0"),
    national(Country::Belarus, "LL 0000-0"),
    national(Country::Belarus, "L0000L-0"),
    national(Country::Belarus, "e000 LL-0"),
    national(Country::Kazakhstan, "000 LLL 00"),
    national(Country::Kazakhstan, "000 LL 00"),
    national(Country::Kazakhstan, "L 000 LLL"),
    national(Country::Ukraine, "LL 0000 LL"),
    // District and series run together: where one ends, the characters do not tell.
    national(Country::Germany, "LL+++ 0+++"),
    national(Country::Germany, "LL+++ 0+++e"),
    national(Country::Germany, "LL+++ 0+++h"),
    national(Country::Poland, "LL 00000"),
    national(Country::Poland, "LL 0000S"),
    national(Country::Poland, "LL 000SS"),
    national(Country::Poland, "LL 0S000"),
    national(Country::Poland, "LL 0SS00"),
    national(Country::Poland, "LLL S000"),
    national(Country::Poland, "LLL 00SS"),
    national(Country::Poland, "LLL 0S00"),
    national(Country::Poland, "LLL 00S0"),
    national(Country::Poland, "LLL 0SS0"),
    national(Country::Poland, "LLL SS00"),
    national(Country::Poland, "LLL 00000"),
    national(Country::Poland, "LLL 0000S"),
    national(Country::Poland, "LLL 000SS"),
    national(Country::Czechia, "1K0 0000"),
    national(Country::Czechia, "1KK 0000"),
    national(Country::Slovakia, "LL 000LL"),
    national(Country::Finland, "LL+-0++"),
    national(Country::Lithuania, "LLL 000"),
    national(Country::Latvia, "LL-0+++"),
    national(Country::Estonia, "000 LLL"),
    national(Country::Romania, "b 00+ LLL"),
    national(Country::Romania, "LL 00 LLL"),
    // France and Italy; the United Kingdom; Sweden and Hungary; Spain; Belgium; Norway and Denmark; the
    // Netherlands and Portugal; Brazil, before and after 2018.
    national(Country::Other, "LL-000-LL"),
    national(Country::Other, "LL00 LLL"),
    national(Country::Other, "LLL 00L"),
    national(Country::Other, "0000 LLL"),
    national(Country::Other, "0-LLL-000"),
    national(Country::Other, "LL 00000"),
    national(Country::Other, "00-LL-00"),
    national(Country::Other, "00-LLL-0"),
    national(Country::Other, "LLL-0000"),
    national(Country::Other, "LLL 0L00"),
];

/// What may stand at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// By the letter of a shape.
    Of(char),
    /// The first of a region's three digits.
    Hundred,
}

impl Look {
    pub(super) fn allows(self, c: char) -> bool {
        match self {
            Look::Of(look) => is(look, c),
            Look::Hundred => HUNDREDS.contains(c),
        }
    }
}

impl Shape {
    /// What may stand at each place, once for each length that it has.
    pub(super) fn lengths(&self) -> Vec<Vec<Look>> {
        let mut lengths: Vec<Vec<Look>> = vec![Vec::new()];
        let mut looks = self.looks.chars().filter(|look| !matches!(look, ' ' | '-')).peekable();
        while let Some(look) = looks.next() {
            let mut ends = match look {
                'R' => vec![vec![Look::Of('0'); 2], vec![Look::Hundred, Look::Of('0'), Look::Of('0')]],
                itself => vec![vec![Look::Of(itself)]],
            };
            while looks.next_if_eq(&'+').is_some() {
                let more = vec![Look::Of(look); ends.len() + 1];
                ends.push(more);
            }
            let with = |begin: &Vec<Look>| {
                ends.iter().map(|end| [begin.as_slice(), end].concat()).collect::<Vec<_>>()
            };
            lengths = lengths.iter().flat_map(with).collect();
        }
        lengths
    }

    /// Whether `key` looks like this.
    pub(super) fn fit(&self, key: &str) -> Fit {
        let mut rest = key;
        let mut zero = false;
        // Whether the digits since the last space are all zeros.
        let mut zeros: Option<bool> = None;
        let mut before = ' ';
        for look in self.looks.chars() {
            match look {
                ' ' | '-' => {
                    zero |= zeros.take() == Some(true);
                    continue;
                }
                'R' => return region(rest, zero),
                _ => {}
            }
            let kind = if look == '+' { before } else { look };
            match rest.chars().next().filter(|next| is(kind, *next)) {
                Some(next) => {
                    if kind == '0' {
                        zeros = Some(zeros.unwrap_or(true) && next == '0');
                    }
                    rest = &rest[next.len_utf8()..];
                }
                None if look == '+' => {}
                None => return Fit::No,
            }
            before = kind;
        }
        // Whether a number may be zero is told by the Russian standard, which knows of all its plates.
        match (rest, self.country) {
            ("", Country::Russia) if zero => Fit::Zero,
            ("", _) => Fit::Yes,
            _ => Fit::No,
        }
    }

    /// A key of this shape for people.
    pub(super) fn show(&self, key: &str) -> String {
        let mut shown = String::with_capacity(key.len() + 8);
        let mut rest = key.chars().peekable();
        let mut before = ' ';
        for look in self.looks.chars() {
            match look {
                ' ' | '-' => shown.push(look),
                'R' => shown.extend(&mut rest),
                '+' => shown.extend(rest.next_if(|next| is(before, *next))),
                'A' | 'W' => shown.extend(rest.next().map(to_cyrillic)),
                'L' | 'S' | 'K' | '0' | '1' => shown.extend(rest.next()),
                itself => {
                    rest.next();
                    shown.extend(itself.to_uppercase());
                }
            }
            if look != '+' {
                before = look;
            }
        }
        shown
    }

    /// `key` with `0` and `O` exchanged wherever this shape has a digit or letter there; `None` where it does not
    /// become of this shape by that.
    pub(super) fn put_right(&self, key: &str) -> Option<String> {
        let looks = self.looks.chars().filter(|look| *look != ' ' && *look != 'R');
        let right: String = key
            .chars()
            .zip(looks.chain(std::iter::repeat('0')))
            .map(|(c, look)| match (c, look) {
                ('O', '0') => '0',
                ('0', 'A' | 'W') => 'O',
                _ => c,
            })
            .collect();
        (self.fit(&right) == Fit::Yes).then_some(right)
    }
}

fn is(look: char, c: char) -> bool {
    match look {
        'A' => TWELVE.iter().any(|(latin, _)| *latin == c),
        'L' => c.is_ascii_uppercase(),
        // None that looks like a digit.
        'S' => c.is_ascii_uppercase() && !"BDIOQZ".contains(c),
        'K' => c.is_ascii_uppercase() && !"GOQW".contains(c),
        'W' => is('A', c) || matches!(c, 'А'..='Я'),
        '0' => c.is_ascii_digit(),
        '1' => matches!(c, '1'..='9'),
        itself => itself.to_uppercase().map(to_latin).eq([c]),
    }
}

/// The hundreds of regions that were given out or reserved so far.
const HUNDREDS: &str = "12789";

/// The end of a Russian plate: two digits from 01; or three, of which the first says which hundred
/// ([`HUNDREDS`]) and the others are such two.
fn region(code: &str, zero: bool) -> Fit {
    if code.is_empty() {
        return Fit::NoRegion;
    }
    if !matches!(code.len(), 2 | 3) || !code.bytes().all(|digit| digit.is_ascii_digit()) {
        return Fit::No;
    }
    let (hundred, region) = code.split_at(code.len() - 2);
    if region == "00" || !HUNDREDS.contains(hundred) {
        Fit::Region(code.to_owned())
    } else if zero {
        Fit::Zero
    } else {
        Fit::Yes
    }
}

/// Whether a key may be some country's plate: 4 to 9 Latin letters and digits, both, in at most three groups, none
/// longer than any country's (five letters on a German plate; six digits leave room).
pub(super) fn is_generic(key: &str) -> bool {
    let groups: Vec<&str> = groups(key).collect();
    let has = |is: fn(&u8) -> bool| key.bytes().any(|c| is(&c));
    (4..=9).contains(&key.len())
        && key.bytes().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase())
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_uppercase)
        && groups.len() <= 3
        && groups
            .iter()
            .all(|group| group.len() <= if group.starts_with(|c: char| c.is_ascii_digit()) { 6 } else { 5 })
}

/// Letters and digits apart: all that is known of where spaces belong.
pub(super) fn grouped(key: &str) -> String {
    groups(key).collect::<Vec<_>>().join(" ")
}

fn groups(key: &str) -> impl Iterator<Item = &str> {
    key.as_bytes()
        .chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit())
        .scan(0, |at, group| {
            let start = *at;
            *at += group.len();
            Some((start, *at))
        })
        .map(|(start, end)| &key[start..end])
}
