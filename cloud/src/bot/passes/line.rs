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

/// What stands before a day or an hour.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    At,
    From,
    Until,
}

/// A day or an hour.
enum When {
    Day(Date),
    Weekday(u8),
    Time(u16),
    Between(u16, u16),
    Never,
}

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
            let to = if as_it_stands { &mut sure } else { &mut perhaps };
            to.push(plate.shown().to_owned());
            self.take(at, count);
            at += count;
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

    // Days and hours, and what for.

    fn when_and_what_for(&mut self) {
        let mut at = 0;
        while at < self.words.len() {
            let taken = if self.words[at].read { 0 } else { self.something(at) };
            self.take(at, taken);
            at += taken.max(1);
        }
        self.kinds.dedup();
        let is_again = !self.line.days.is_empty() || self.kinds.contains(&Kind::Recurring);
        self.line.kind = match self.kinds.as_slice() {
            _ if is_again => Some(Kind::Recurring),
            [only] => Some(*only),
            [] if !self.line.plate.is_empty() && self.is_of_a_service() => Some(Kind::Taxi),
            _ => None,
        };
    }

    /// Whether a service that sends cars has written it.
    fn is_of_a_service(&self) -> bool {
        let has = |low: &str| self.words.iter().any(|word| word.low == low);
        has("водитель") || has("driver") || (has("едет") && has("вам")) || (has("way") && has("your"))
    }

    /// How many words from here on say something that is understood.
    fn something(&mut self, at: usize) -> usize {
        let low = self.low(at).to_owned();
        if let Some(number) = self.words[at].number()
            && words::are_people(self.low(at + 1))
        {
            self.line.people = Some(number);
            return 2;
        }
        if words::is_in(&low) && self.is_a_while(at + 1) {
            return if self.words[at + 1].number().is_some() { 3 } else { 2 };
        }
        if let Some((days, count)) = self.again(at) {
            self.line.days.extend(days);
            return count;
        }
        let before = match () {
            () if words::is_until(&low) || (self.line.from.is_some() && low == "to") => Before::Until,
            () if words::is_from(&low) => Before::From,
            () if words::is_at(&low) => Before::At,
            () => Before::Nothing,
        };
        let skip = usize::from(before != Before::Nothing);
        if let Some((when, count)) = self.when(at + skip, before) {
            self.note_when(when, before, at + skip);
            return skip + count;
        }
        if let Some(kind) = words::kind(&low) {
            self.kinds.push(kind);
            return 1;
        }
        0
    }

    fn is_a_while(&self, at: usize) -> bool {
        let low = if self.words.get(at).is_some_and(|word| word.number().is_some()) { at + 1 } else { at };
        words::is_while(self.low(low))
    }

    /// Days of the week that come again and again, and how many words they are.
    fn again(&self, at: usize) -> Option<(Vec<u8>, usize)> {
        let skip = usize::from(words::is_each(self.low(at)));
        let low = self.low(at + skip);
        if let Some(days) = words::days(low).filter(|_| skip > 0 || !words::needs_each(low)) {
            return Some((days, skip + 1));
        }
        let (day, is_plural) = words::weekday(low)?;
        let goes_on = !self.line.days.is_empty();
        (skip > 0 || is_plural || goes_on).then(|| (vec![day], skip + 1))
    }

    fn when(&self, at: usize, before: Before) -> Option<(When, usize)> {
        let low = self.low(at);
        if low.is_empty() {
            return None;
        }
        if let Some(ahead) = words::ahead(low) {
            let day = self.now.date().checked_add(jiff::Span::new().days(ahead)).ok()?;
            return Some((When::Day(day), 1));
        }
        if let Some((day, _)) = words::weekday(low) {
            return Some((When::Weekday(day), 1));
        }
        if let Some((from, until)) = between(low) {
            return Some((When::Between(from, until), 1));
        }
        if let Some(found) = self.date_in_words(at) {
            return Some(found);
        }
        let said = words::part_of_day(self.low(at + 1));
        let clock = clock(low);
        let is_hour = before != Before::Nothing || said.is_some() || low.contains(':');
        let dated = self.date(low);
        match (clock, dated) {
            (Some(Some(minute)), _) if is_hour => {
                let minute = said.map_or(Some(minute), |said| said.of(minute));
                let count = 1 + usize::from(said.is_some());
                Some((minute.map_or(When::Never, When::Time), count))
            }
            (_, Some(Some(day))) => Some((When::Day(day), 1)),
            (Some(Some(minute)), Some(None)) => Some((When::Time(minute), 1)),
            (Some(None), _) if is_hour => Some((When::Never, 1)),
            (_, Some(None)) => Some((When::Never, 1)),
            _ => None,
        }
    }

    /// `12 марта`, `March 12`.
    fn date_in_words(&self, at: usize) -> Option<(When, usize)> {
        let day = |at: usize| self.words.get(at).filter(|word| !word.read)?.number();
        let (day, month) = match (day(at), words::month(self.low(at + 1))) {
            (Some(day), Some(month)) => (day, month),
            _ => (day(at + 1)?, words::month(self.low(at))?),
        };
        let year = self.words.get(at + 2).filter(|word| !word.read).and_then(Word::number);
        let year = year.filter(|year| (2000..2200).contains(year));
        let date = self.this_or_next_year(day, u32::from(month.unsigned_abs()), year);
        Some((date.map_or(When::Never, When::Day), 2 + usize::from(year.is_some())))
    }

    /// `12.03`, `12.03.2027`, `12/3/27`; nothing within where there is no such day.
    fn date(&self, low: &str) -> Option<Option<Date>> {
        let parts: Vec<&str> = low.split(['.', '/']).collect();
        let numbers = parts.iter().map(|part| (part.len() <= 4).then(|| part.parse::<u32>().ok())?);
        let numbers: Vec<u32> = numbers.collect::<Option<_>>()?;
        match *numbers.as_slice() {
            [day, month] if parts[1].len() <= 2 => Some(self.this_or_next_year(day, month, None)),
            [day, month, year] => {
                let year = if year < 100 { 2000 + year } else { year };
                Some(self.this_or_next_year(day, month, Some(year)))
            }
            _ => None,
        }
    }

    fn this_or_next_year(&self, day: u32, month: u32, year: Option<u32>) -> Option<Date> {
        let (day, month) = (i8::try_from(day).ok()?, i8::try_from(month).ok()?);
        let of = |year: i16| Date::new(year, month, day).ok();
        if let Some(year) = year {
            return of(i16::try_from(year).ok()?);
        }
        let this = self.now.date().year();
        let next = || of(this + 1);
        // The 29th of February may be of the next year alone.
        of(this).filter(|date| *date >= self.now.date()).or_else(next)
    }

    fn note_when(&mut self, when: When, before: Before, at: usize) {
        let line = &mut self.line;
        match (when, before) {
            (When::Day(day), Before::Until) => line.last = Some(day),
            (When::Day(day), _) => line.day = Some(day),
            (When::Weekday(weekday), before) => {
                let today = self.now.date();
                let ahead =
                    (i64::from(weekday) - i64::from(today.weekday().to_monday_one_offset())).rem_euclid(7);
                let day = today.checked_add(jiff::Span::new().days(ahead)).ok();
                if before == Before::Until { line.last = day } else { line.day = day }
            }
            (When::Time(minute), Before::Until) => line.until = Some(minute),
            (When::Time(minute), Before::From) => line.from = Some(minute),
            (When::Time(minute), _) => line.at = Some(minute),
            (When::Between(from, until), _) => (line.from, line.until) = (Some(from), Some(until)),
            (When::Never, _) => line.impossible = self.words.get(at).map(|word| word.text.clone()),
        }
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
        let mut runs: Vec<&[Word]> =
            runs.iter().map(|run| trimmed(run)).filter(|run| !run.is_empty()).collect();
        let cars: Vec<&[Word]> = runs.iter().filter_map(|run| car(run)).collect();
        let mut notes = Vec::new();
        let any_capital = runs.iter().copied().flatten().any(Word::is_capital);
        let is_all_name = !any_capital && runs.iter().map(|run| run.len()).sum::<usize>() <= NAME_WORDS;
        for run in &mut runs {
            let mut run = *run;
            if let Some(car) = cars.iter().find(|car| run.as_ptr_range().contains(&car.as_ptr())) {
                let begins = run.iter().position(|word| std::ptr::eq(word, &car[0])).unwrap_or(0);
                notes.push(joined(car));
                let (before, after) = (trimmed(&run[..begins]), trimmed(&run[begins + car.len()..]));
                run = if before.is_empty() { after } else { before };
                if !before.is_empty() && !after.is_empty() {
                    notes.push(joined(after));
                }
            }
            let names = if is_all_name { run.len() } else { name(run) };
            let (named, left) = if self.line.name.is_empty() { run.split_at(names) } else { run.split_at(0) };
            if !named.is_empty() {
                self.line.name = joined(named);
            }
            notes.extend(Some(joined(left)).filter(|left| !left.is_empty()));
        }
        self.line.note = notes.join(", ");
    }
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

/// Minutes after midnight of `18`, `18:30`, `18.30`, `6pm`; nothing within where there is no such hour.
pub(super) fn clock(text: &str) -> Option<Option<u16>> {
    let (text, part) = match text.strip_suffix("pm").or(text.strip_suffix("am")) {
        Some(bare) => (bare, words::part_of_day(&text[bare.len()..])),
        None => (text, None),
    };
    let (hour, minute) = text.split_once([':', '.']).unwrap_or((text, "00"));
    let is_digits = |text: &str| text.bytes().all(|c| c.is_ascii_digit());
    if hour.is_empty() || hour.len() > 2 || minute.len() != 2 || !is_digits(hour) || !is_digits(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let at = (minute < 60).then_some(hour * 60 + minute).filter(|at| *at <= DAY);
    Some(at.and_then(|at| part.map_or(Some(at), |part| part.of(at))))
}

/// `9-18`, `10:00–12:30`.
fn between(text: &str) -> Option<(u16, u16)> {
    let (from, until) = text.split_once(['-', '–', '—'])?;
    Some((clock(from)??, clock(until)??))
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

/// The car: a colour or a make, and what belongs to it.
fn car(run: &[Word]) -> Option<&[Word]> {
    let is_of = |word: &Word| words::is_colour(&word.low) || words::is_make(&word.low);
    let first = run.iter().position(is_of)?;
    let latin = |word: &Word| word.text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let goes_on =
        |word: &&Word| is_of(word) || (latin(word) && (word.is_capital() || word.number().is_some()));
    let count = 1 + run[first + 1..].iter().take_while(goes_on).count();
    Some(&run[first..first + count])
}

/// How many words of it are a name: those with a capital, and `и` between them.
fn name(run: &[Word]) -> usize {
    let and = |word: &Word| matches!(word.low.as_str(), "и" | "and" | "да");
    let mut count = 0;
    while let Some(word) = run.get(count) {
        let joins = and(word) && count > 0 && run.get(count + 1).is_some_and(Word::is_capital);
        if !word.is_capital() && !joins {
            break;
        }
        count += 1;
    }
    count
}

#[cfg(test)]
mod tests;
