//! What somebody writes of a visitor, in a line of their own or in a message that they pass on: read as far as it says
//! something for certain.
//!
//! ```text
//! words ─> plates ─> kind, days, hours ─> car, name ─> what is left is for the guard
//! ```
//!
//! Invariants: a plate stands in the text as it is; one that had to be put right, or that is one of several, is to be confirmed;
//! no word of a short line is lost.
//!
//! What must never be here: I/O; what may be issued.

mod when;

use std::collections::BTreeSet;

use dwellers::passes::Kind;
use dwellers::plate::{Country, Format, NotAPlate, Plate, fold};
use jiff::civil::{Date, DateTime};

use super::words;

/// The longest text that is looked at, in words.
const MAX_WORDS: usize = 120;
/// The most words of a plate, with spaces wherever people put them.
const PLATE_WORDS: usize = 5;
/// Of more words than these, all of them small letters, none is a name.
const NAME_WORDS: usize = 4;
/// A line that begins with what it wants is no longer, unless it has a plate.
const LINE_WORDS: usize = 14;
/// A day, in minutes.
pub(super) const DAY: u16 = 24 * 60;

/// What a text says of a visitor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// What for; nothing where it is not said, or two are.
    pub kind: Option<Kind>,
    /// The plate, for people; empty where none is certain.
    pub plate: String,
    /// Plates that may be meant, for people: to be confirmed.
    pub perhaps: Vec<String>,
    /// Why what nearly is a plate is none: the text's key.
    pub not_a_plate: Option<&'static str>,
    /// The visitor's.
    pub name: String,
    /// What else it says: the car, a dog.
    pub note: String,
    /// The day, or the first of them.
    pub day: Option<Date>,
    /// The last day.
    pub last: Option<Date>,
    /// Minutes after midnight at which they are expected.
    pub at: Option<u16>,
    /// From which on.
    pub from: Option<u16>,
    /// Until which.
    pub until: Option<u16>,
    /// Weekdays on which they come again and again: 1 is Monday.
    pub days: BTreeSet<u8>,
    /// How many come.
    pub people: Option<u32>,
    /// A date or an hour that there is not, as it was written.
    pub impossible: Option<String>,
    is_short: bool,
    begins_with_kind: bool,
}

impl Line {
    /// Whether it is meant as a pass where nothing was asked.
    pub fn is_a_pass(&self) -> bool {
        !self.plate.is_empty()
            || !self.perhaps.is_empty()
            || self.not_a_plate.is_some()
            || (self.begins_with_kind && self.is_short)
    }

    /// Whether it says when.
    pub fn says_when(&self) -> bool {
        self.day.is_some() || self.last.is_some() || self.says_hours()
    }

    /// Whether it says an hour.
    pub fn says_hours(&self) -> bool {
        self.at.or(self.from).or(self.until).is_some()
    }
}

/// Reads a text that somebody writes at a moment, as the clock on the wall of their community shows it.
pub fn read(text: &str, home: Country, now: DateTime) -> Line {
    let mut reading = Reading { words: split(text), line: Line::default(), now, kinds: Vec::new() };
    reading.line.is_short = reading.words.len() <= LINE_WORDS;
    reading.plates(home);
    reading.line.begins_with_kind = reading
        .words
        .iter()
        .find(|word| !words::is_filler(&word.low))
        .is_some_and(|word| words::kind(&word.low).is_some() || words::is_again(&word.low));
    reading.when_and_what_for();
    reading.rest();
    reading.line
}

/// A word, without what stands around it.
#[derive(Clone, Debug)]
struct Word {
    text: String,
    low: String,
    /// Whether a sentence, or a part of one, ends with it.
    ends: bool,
    read: bool,
}

impl Word {
    fn is_capital(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }

    fn number(&self) -> Option<u32> {
        (self.low.len() <= 4).then(|| self.low.parse().ok()).flatten()
    }
}

fn split(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    for line in text.lines() {
        for raw in line.split_whitespace() {
            let around = |c: char| !c.is_alphanumeric() && c != '+';
            let bare = raw.trim_matches(around);
            let ends = raw.trim_end_matches(['"', '»', ')', '”']).ends_with([',', ';', '.', '!', '?']);
            if bare.is_empty() {
                if let Some(last) = found.last_mut() {
                    let last: &mut Word = last;
                    last.ends |= ends || raw.chars().all(|c| matches!(c, '-' | '–' | '—' | '|' | '·'));
                }
                continue;
            }
            // Two words, where the space after a comma was forgotten.
            let parts: Vec<&str> = bare.split([',', ';']).filter(|part| !part.is_empty()).collect();
            for (n, part) in parts.iter().enumerate() {
                let low = part.to_lowercase().replace('ё', "е");
                let ends = ends || n + 1 < parts.len();
                found.push(Word { text: (*part).to_owned(), low, ends, read: false });
            }
        }
        if let Some(last) = found.last_mut() {
            last.ends = true;
        }
    }
    found.truncate(MAX_WORDS);
    found
}

/// A text, while it is read.
struct Reading {
    words: Vec<Word>,
    line: Line,
    now: DateTime,
    kinds: Vec<Kind>,
}

impl Reading {
    fn low(&self, at: usize) -> &str {
        self.words.get(at).filter(|word| !word.read).map_or("", |word| &word.low)
    }

    fn take(&mut self, from: usize, count: usize) {
        for word in self.words.iter_mut().skip(from).take(count) {
            word.read = true;
        }
    }

    // Plates.

    fn plates(&mut self, home: Country) {
        let (mut sure, mut perhaps) = (Vec::new(), Vec::new());
        let mut at = 0;
        while at < self.words.len() {
            let found = (1..=PLATE_WORDS).find_map(|count| {
                let text = self.together(at, count)?;
                let plate =
                    Plate::parse(&text, home).ok().filter(|plate| is_meant(plate, &text, count, home))?;
                Some((count, plate.key() == fold(&text) || fold(&text).starts_with(plate.key()), plate))
            });
            let Some((count, as_it_stands, plate)) = found else {
                at += 1;
                continue;
            };
            let with_letter = letter_for_zero(&plate, home);
            let to = if as_it_stands && with_letter.is_none() { &mut sure } else { &mut perhaps };
            to.extend(with_letter.into_iter().chain([plate.shown().to_owned()]));
            // The country's own letters may stand apart.
            let country = usize::from(matches!(self.low(at + count), "rus" | "рус"));
            self.take(at, count + country);
            at += count + country;
        }
        sure.dedup();
        match (sure.as_slice(), perhaps.is_empty()) {
            ([only], true) => self.line.plate.clone_from(only),
            ([], true) => self.nearly(home),
            _ => {
                sure.append(&mut perhaps);
                let mut seen = BTreeSet::new();
                sure.retain(|plate| seen.insert(plate.clone()));
                self.line.perhaps = sure;
            }
        }
    }

    /// What is no plate, and should be one.
    fn nearly(&mut self, home: Country) {
        for at in 0..self.words.len() {
            for count in 1..PLATE_WORDS {
                let Some(text) = self.together(at, count) else { continue };
                let begins_it = text.chars().next().is_some_and(char::is_alphabetic);
                let Err(why) = Plate::parse(&text, home) else { continue };
                let flaw = matches!(why, NotAPlate::NoRegion | NotAPlate::Zero | NotAPlate::Region(_));
                if flaw && begins_it && fold(&text).chars().count() >= 6 {
                    self.line.not_a_plate = Some(why.why());
                    self.take(at, count);
                    return;
                }
            }
        }
    }

    /// Words that stand together, and may be a plate.
    fn together(&self, at: usize, count: usize) -> Option<String> {
        let words = self.words.get(at..at + count)?;
        let within = words[..count - 1].iter().all(|word| !word.ends);
        let text = words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
        let has = |is: fn(char) -> bool| text.chars().any(is);
        let both = has(|c| c.is_ascii_digit()) && has(char::is_alphabetic);
        (within && both && words.iter().all(|word| !word.read)).then_some(text)
    }

    // What is left.

    fn rest(&mut self) {
        let mut runs: Vec<Vec<Word>> = vec![Vec::new()];
        for word in &self.words {
            let run = runs.last_mut().filter(|_| !word.read);
            match run {
                Some(run) => run.push(word.clone()),
                None => runs.push(Vec::new()),
            }
            if word.ends {
                runs.push(Vec::new());
            }
        }
        // The car by itself, what stands around it by itself.
        let mut parts: Vec<(&[Word], bool)> = Vec::new();
        for run in &runs {
            let (first, count) = car(run).unwrap_or((run.len(), 0));
            let (before, rest) = run.split_at(first);
            let (car, after) = rest.split_at(count);
            parts.extend([(trimmed(before), false), (car, true), (trimmed(after), false)]);
        }
        parts.retain(|(part, _)| !part.is_empty());
        let of_people = parts.iter().filter(|(_, is_car)| !is_car).flat_map(|(part, _)| *part);
        let any_capital = of_people.clone().any(Word::is_capital);
        let is_all_name = !any_capital && of_people.count() <= NAME_WORDS;
        let mut notes = Vec::new();
        for (part, is_car) in parts {
            let (first, count) = match () {
                () if is_car || !self.line.name.is_empty() => (0, 0),
                () if is_all_name => (0, part.len()),
                () => name(part),
            };
            if count > 0 {
                self.line.name = joined(&part[first..first + count]);
            }
            let around = [&part[..first], &part[first + count..]].map(joined);
            notes.extend(around.into_iter().filter(|left| !left.is_empty()));
        }
        self.line.note = notes.join(", ");
    }
}

/// A car's plate whose letter was written as a zero, which makes a motorcycle's of it.
fn letter_for_zero(plate: &Plate, home: Country) -> Option<String> {
    let rest = plate.key().strip_prefix('0').filter(|_| plate.format() == Format::Motorcycle)?;
    let car = Plate::read(&format!("O{rest}"), home).ok()?;
    (car.format() == Format::Car).then(|| car.shown().to_owned())
}

/// Whether people who write this mean a plate by it. Shapes that words and numbers have by chance are taken only where they stand
/// in one word.
fn is_meant(plate: &Plate, text: &str, words: usize, home: Country) -> bool {
    let of_here = plate.country() == home || plate.country() == Country::Russia;
    match plate.format() {
        Format::Generic => false,
        Format::Police | Format::PoliceTrailer | Format::PoliceMotorcycle | Format::Soviet => words == 1,
        Format::National => (of_here || words == 1) && fold(text).chars().count() >= 6,
        _ => true,
    }
}

fn joined(words: &[Word]) -> String {
    words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// Without words at both ends that say nothing by themselves.
fn trimmed(run: &[Word]) -> &[Word] {
    let says = |word: &Word| !words::is_filler(&word.low);
    let Some(first) = run.iter().position(says) else { return &[] };
    let last = run.iter().rposition(says).unwrap_or(first);
    &run[first..=last]
}

/// Where a car stands in it, and how many words it is: a colour or a make, and what belongs to it.
fn car(run: &[Word]) -> Option<(usize, usize)> {
    let is_of = |word: &Word| words::is_colour(&word.low) || words::is_make(&word.low);
    let first = run.iter().position(is_of)?;
    let latin = |word: &Word| word.text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let goes_on =
        |word: &&Word| is_of(word) || (latin(word) && (word.is_capital() || word.number().is_some()));
    Some((first, 1 + run[first + 1..].iter().take_while(goes_on).count()))
}

/// Where a name stands in it, and how many words it is: those with a capital, and `и` between them.
fn name(run: &[Word]) -> (usize, usize) {
    let and = |word: &Word| matches!(word.low.as_str(), "и" | "and" | "да");
    let Some(first) = run.iter().position(Word::is_capital) else { return (0, 0) };
    let mut count = 0;
    while let Some(word) = run.get(first + count) {
        let joins = and(word) && run.get(first + count + 1).is_some_and(Word::is_capital);
        if !word.is_capital() && !joins {
            break;
        }
        count += 1;
    }
    (first, count)
}

#[cfg(test)]
mod tests;
