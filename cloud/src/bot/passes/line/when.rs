//! Days and hours in a text, and what for.
//!
//! Invariant: a date or an hour that there is not is told as it was written.
//!
//! What must never be here: zones; what a day without hours means.

use dwellers::passes::Kind;
use jiff::civil::Date;

use super::{DAY, Reading, Word};
use crate::bot::passes::words;

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

impl Reading {
    pub(super) fn when_and_what_for(&mut self) {
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
}

/// Minutes after midnight of `18`, `18:30`, `18.30`, `6pm`; nothing within where there is no such hour.
fn clock(text: &str) -> Option<Option<u16>> {
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
