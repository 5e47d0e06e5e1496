//! When a pass holds: windows of time, and hours of days of the week.
//!
//! Invariant: hours are read off the clock on the wall. In the night in which it is set back, an hour that is there
//! twice counts twice; in the night in which it is set forward, what is skipped never comes.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::{Validity, Weekly};

/// Whether a pass holds at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// It does.
    Now,
    /// Its time has not come.
    NotYet,
    /// Its time is over.
    Over,
    /// Its time is there, but not on this day or at this hour.
    OutsideHours,
}

/// Whether something holds at a moment, in milliseconds since 1970.
pub fn covers(validity: &Validity, now_ms: u64, zone: &TimeZone) -> Holds {
    if now_ms >= validity.until_ms {
        return Holds::Over;
    }
    if now_ms < validity.from_ms {
        return Holds::NotYet;
    }
    match &validity.weekly {
        None => Holds::Now,
        Some(weekly) => match local(now_ms, zone) {
            Some(now) if weekly.is_on(now) => Holds::Now,
            _ => Holds::OutsideHours,
        },
    }
}

/// The first moment from `now_ms` on at which something holds.
pub fn next(validity: &Validity, now_ms: u64, zone: &TimeZone) -> Option<u64> {
    let first = now_ms.max(validity.from_ms);
    if covers(validity, first, zone) == Holds::Now {
        return Some(first);
    }
    let weekly = validity.weekly.as_ref()?;
    let mut day = local(first, zone)?.date();
    // The stretch that has just gone by comes again in a week; or in two, where the clock skips it then.
    for _ in 0..=14 {
        let begins = weekly.begins_on(day).then(|| beginning(weekly, day, zone)).flatten();
        if let Some(begins) = begins.filter(|begins| *begins >= first)
            && covers(validity, begins, zone) == Holds::Now
        {
            return Some(begins);
        }
        day = day.tomorrow().ok()?;
    }
    None
}

/// A whole day of the community, from its first moment to that of the following one, in milliseconds since 1970.
pub fn day(date: Date, zone: &TimeZone) -> Option<(u64, u64)> {
    Some((moment(date.at(0, 0, 0, 0), zone)?, moment(date.tomorrow().ok()?.at(0, 0, 0, 0), zone)?))
}

pub(super) fn local(ms: u64, zone: &TimeZone) -> Option<DateTime> {
    let moment = Timestamp::from_millisecond(i64::try_from(ms).ok()?).ok()?;
    Some(zone.to_datetime(moment))
}

/// The moment at which the stretch of a day begins.
fn beginning(weekly: &Weekly, day: Date, zone: &TimeZone) -> Option<u64> {
    let (hour, minute) = (weekly.from_minute / 60, weekly.from_minute % 60);
    moment(day.at(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0), zone)
}

/// The first moment at which the clock shows this; where it skips it, the moment of the skip.
fn moment(shown: DateTime, zone: &TimeZone) -> Option<u64> {
    let ambiguous = zone.to_ambiguous_timestamp(shown);
    let moment = match ambiguous.offset() {
        AmbiguousOffset::Gap { .. } => zone.following(ambiguous.earlier().ok()?).next()?.timestamp(),
        AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => ambiguous.earlier().ok()?,
    };
    moment.as_millisecond().try_into().ok()
}

impl Weekly {
    fn is_on(&self, now: DateTime) -> bool {
        let (hour, minute) = (now.hour().unsigned_abs(), now.minute().unsigned_abs());
        let minute = u16::from(hour) * 60 + u16::from(minute);
        let ends_tomorrow = self.until_minute <= self.from_minute;
        let today = self.begins_on(now.date())
            && minute >= self.from_minute
            && (ends_tomorrow || minute < self.until_minute);
        let since_yesterday = ends_tomorrow
            && minute < self.until_minute
            && now.date().yesterday().is_ok_and(|yesterday| self.begins_on(yesterday));
        today || since_yesterday
    }

    fn begins_on(&self, day: Date) -> bool {
        let weekday = day.weekday().to_monday_one_offset().unsigned_abs();
        self.days.contains(&weekday)
    }
}
