//! A pass that somebody is about to issue: what is known of it, what is still to be asked, and what the API is asked for in the
//! end.
//!
//! Invariant: what is not known is asked for, and not made up.
//!
//! What must never be here: words to people; whether it may be issued.

use std::collections::BTreeSet;

use dwellers::passes::{Kind, Weekly};
use dwellers::plate::Country;
use dwellers_replica::{RecordId, ReplicaId};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::line::{DAY, Line};

/// A house in which somebody may issue passes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// Of which community.
    pub community: RecordId,
    /// Which.
    pub house: RecordId,
}

/// What is known of a pass that is wanted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// Who expects the visitor.
    pub home: Option<Home>,
    /// What for.
    pub kind: Option<Kind>,
    /// As people write it; empty where it is not known.
    pub plate: String,
    /// Plates that may be meant.
    pub perhaps: Vec<String>,
    /// Whether they do not know the plate, or the name.
    pub unknown: bool,
    /// The visitor's.
    pub name: String,
    /// For the guard.
    pub note: String,
    /// The day, or the first.
    pub day: Option<Date>,
    /// The last day.
    pub last: Option<Date>,
    /// Minutes after midnight at which they are expected.
    pub at: Option<u16>,
    /// From which on.
    pub from: Option<u16>,
    /// Until which.
    pub until: Option<u16>,
    /// Whether it is all day.
    pub all_day: bool,
    /// Weekdays of a recurring one.
    pub days: BTreeSet<u8>,
    /// Whether these are all.
    pub days_are_chosen: bool,
    /// How many entries an event has.
    pub people: Option<u32>,
    /// The gatehouse that counts entries, where there are several.
    pub decider: Option<ReplicaId>,
}

/// What is asked next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Want {
    /// Which house expects them.
    House,
    /// What for.
    #[default]
    Kind,
    /// Which of several plates is meant.
    Which,
    /// The plate, or the name.
    Who,
    /// The plate.
    Plate,
    /// The name.
    Name,
    /// The day.
    Day,
    /// Days of the week.
    Days,
    /// The hours.
    Hours,
    /// The last day.
    Last,
    /// How many come.
    People,
    /// What the guard is told.
    Note,
    /// The gatehouse, where there are several.
    Gatehouse,
    /// Which of it is to be changed.
    Change,
    /// Whether it is issued as it stands.
    Sure,
}

/// A clock on a wall.
#[derive(Clone, Debug)]
pub struct Wall {
    /// The community's name of its time zone.
    pub name: String,
    /// Whose plates are read first.
    pub home: Country,
    zone: TimeZone,
    now_ms: u64,
}

impl Default for Wall {
    /// Where nobody is at home yet.
    fn default() -> Wall {
        Wall::new("", "RU", 0)
    }
}

impl Wall {
    /// Of a community's zone and country, at a moment.
    pub fn new(zone: &str, country: &str, now_ms: u64) -> Wall {
        let (name, home) = (zone.to_owned(), Country::from_code(country));
        Wall { name, home, zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC), now_ms }
    }

    /// What it shows.
    pub fn now(&self) -> DateTime {
        let now = i64::try_from(self.now_ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
        self.zone.to_datetime(now.unwrap_or(Timestamp::UNIX_EPOCH))
    }

    /// The day that it shows.
    pub fn today(&self) -> Date {
        self.now().date()
    }

    /// When it shows so many minutes after the midnight of a day; nothing beyond all calendars.
    fn moment(&self, day: Date, minute: u16) -> Option<u64> {
        let day = if minute >= DAY { day.tomorrow().ok()? } else { day };
        let minute = i16::try_from(minute % DAY).ok()?;
        let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
        let at = self.zone.to_timestamp(day.at(hour, minute, 0, 0)).ok()?;
        at.as_millisecond().try_into().ok()
    }
}

/// What the API is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    /// As it is issued: a taxi of another day is a guest.
    pub kind: Kind,
    /// Whether that is not the kind that was said.
    pub is_for_later: bool,
    /// Included.
    pub from_ms: u64,
    /// Excluded.
    pub until_ms: u64,
    /// On which days, at which hours.
    pub weekly: Option<Weekly>,
    minutes: Option<u64>,
}

impl Draft {
    /// What a text says is so from now on; what it does not speak of stays.
    pub fn learn(&mut self, line: Line) {
        let Line { kind, plate, perhaps, name, note, day, last, at, from, until, days, people, .. } = line;
        self.kind = kind.or(self.kind);
        if !plate.is_empty() {
            (self.plate, self.perhaps) = (plate, Vec::new());
        } else if !perhaps.is_empty() {
            (self.plate, self.perhaps) = (String::new(), perhaps);
        }
        if !name.is_empty() {
            self.name = name;
        }
        if !note.is_empty() {
            self.note = note;
        }
        (self.day, self.last) = (day.or(self.day), last.or(self.last));
        if at.or(from).or(until).is_some() {
            (self.at, self.from, self.until, self.all_day) = (at, from, until, false);
        }
        if !days.is_empty() {
            (self.days, self.days_are_chosen) = (days, true);
        }
        self.people = people.or(self.people);
    }

    /// What is still to be asked.
    pub fn want(&self) -> Want {
        let nobody = self.plate.is_empty() && self.name.is_empty() && !self.unknown;
        let no_day = self.day.is_none() && self.last.is_none();
        match self.kind {
            _ if self.home.is_none() => Want::House,
            None => Want::Kind,
            _ if !self.perhaps.is_empty() => Want::Which,
            Some(Kind::Taxi) if self.plate.is_empty() && !self.unknown => Want::Plate,
            Some(_) if nobody => Want::Who,
            Some(Kind::Guest | Kind::Event) if no_day => Want::Day,
            Some(Kind::Event) if self.people.is_none() => Want::People,
            Some(Kind::Recurring) if !self.days_are_chosen => Want::Days,
            Some(Kind::Recurring) if !self.says_hours() => Want::Hours,
            Some(Kind::Recurring) if self.last.is_none() => Want::Last,
            Some(_) => Want::Sure,
        }
    }

    fn says_hours(&self) -> bool {
        self.all_day || self.from.or(self.until).is_some()
    }

    /// Whether the visitor has something to show: who is known by the plate needs nothing.
    pub fn has_code(&self) -> bool {
        self.kind != Some(Kind::Taxi) || self.plate.is_empty()
    }

    /// When it is to hold; nothing where that was before, or is beyond all calendars.
    pub fn wanted(&self, wall: &Wall) -> Option<Wanted> {
        let (kind, today, now_ms) = (self.kind?, wall.today(), wall.now_ms);
        let spent = |until_ms: u64| until_ms.checked_sub(now_ms).map(|ms| ms.div_ceil(60_000));
        let first = self.day.unwrap_or(today);
        let starts = self.from.map(|from| wall.moment(first, from)).map_or(Some(now_ms), |starts| starts)?;
        let soon = |usual: u64| {
            let until = self.until.map(|until| wall.moment(today, until));
            let at = self.at.map(|at| wall.moment(today, at).map(|at| at + usual * 60_000));
            let minutes =
                until.or(at).map(|until| spent(until?)).map_or(Some(None), |minutes| minutes.map(Some))?;
            let until_ms = now_ms + minutes.unwrap_or(usual) * 60_000;
            Some(Wanted { kind, from_ms: now_ms, until_ms, minutes, ..Wanted::default() })
        };
        let is_later = first != today || starts > now_ms || self.last.is_some();
        match kind {
            Kind::Taxi if !is_later => soon(60),
            Kind::Courier if !is_later => soon(120),
            Kind::Recurring => {
                let from_ms = wall.moment(first, 0)?;
                let (from, until) = (self.from.unwrap_or(0), self.until.unwrap_or(0));
                let (from_minute, until_minute) = (from % DAY, until % DAY);
                let weekly = Weekly { days: self.days.iter().copied().collect(), from_minute, until_minute };
                let (until_ms, weekly) = (wall.moment(self.last?, DAY)?, Some(weekly));
                Some(Wanted { kind, from_ms, until_ms, weekly, ..Wanted::default() })
            }
            Kind::Taxi | Kind::Courier | Kind::Guest | Kind::Event => {
                let is_for_later = matches!(kind, Kind::Taxi | Kind::Courier);
                let kind = if is_for_later { Kind::Guest } else { kind };
                let from_ms = wall.moment(first, self.from.unwrap_or(0))?;
                let last = self.last.unwrap_or(first);
                let ends = self.until.unwrap_or(DAY);
                // From the evening until the morning after.
                let is_over_night = self.last.is_none() && self.from.is_some_and(|from| ends <= from);
                let last = if is_over_night { last.tomorrow().ok()? } else { last };
                let until_ms = wall.moment(last, ends).filter(|until| *until > now_ms)?;
                Some(Wanted { kind, is_for_later, from_ms, until_ms, ..Wanted::default() })
            }
        }
    }

    /// The document that the API takes; `name` and `note` are ready words.
    pub fn document(&self, wanted: &Wanted, name: &str, note: &str) -> Value {
        let Wanted { kind, from_ms, until_ms, weekly, minutes, .. } = wanted;
        let mut document = json!({
            "kind": kind, "plate": self.plate, "name": name, "note": note, "code": self.has_code(),
        });
        match kind {
            Kind::Taxi | Kind::Courier => document["minutes"] = json!(minutes),
            Kind::Guest | Kind::Recurring | Kind::Event => {
                (document["from_ms"], document["until_ms"]) = (json!(from_ms), json!(until_ms));
                document["weekly"] = json!(weekly);
            }
        }
        if let Some(decider) = self.decider {
            document["decider"] = json!(decider);
        }
        if *kind == Kind::Event {
            document["entries"] = json!(self.people);
        }
        document
    }
}
