//! When a pass holds, read off the clock on the wall.

use dwellers::passes::{Holds, Validity, Weekly, covers, day, next};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::fixed;
use crate::village::{DAY_MS, HOUR_MS, MINUTE_MS};

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

/// With its offset, so that the hour that is there twice can be told apart.
fn ms(text: &str) -> u64 {
    text.parse::<Timestamp>().unwrap().as_millisecond().try_into().unwrap()
}

fn always(days: &[u8], from: (u16, u16), until: (u16, u16)) -> Validity {
    let minutes = |(hour, minute): (u16, u16)| hour * 60 + minute;
    let (from_minute, until_minute) = (minutes(from), minutes(until));
    let weekly = Some(Weekly { days: days.to_vec(), from_minute, until_minute });
    Validity { from_ms: ms("2026-01-01T00:00:00Z"), until_ms: ms("2027-01-01T00:00:00Z"), weekly }
}

#[test]
fn windows_begin_on_time_and_end_before_their_end() {
    let window = Validity { from_ms: 1_000, until_ms: 2_000, weekly: None };
    let table = [(0, Holds::NotYet), (999, Holds::NotYet), (1_000, Holds::Now), (1_999, Holds::Now)];
    for (now, expected) in table.into_iter().chain([(2_000, Holds::Over), (u64::MAX, Holds::Over)]) {
        assert_eq!(covers(&window, now, &TimeZone::UTC), expected, "{now}");
    }
    let for_ever = Validity { from_ms: 0, until_ms: u64::MAX, weekly: Some(Weekly::default()) };
    assert_eq!(covers(&for_ever, u64::MAX - 1, &TimeZone::UTC), Holds::OutsideHours, "beyond any calendar");
}

#[test]
fn hours_of_weekdays() {
    let berlin = zone("Europe/Berlin");
    let check = |validity: &Validity, at: &str, holds: bool| {
        let expected = if holds { Holds::Now } else { Holds::OutsideHours };
        assert_eq!(covers(validity, ms(at), &berlin), expected, "{at}");
    };
    // Monday, Wednesday, Friday from eight to five.
    let cleaner = always(&[1, 3, 5], (8, 0), (17, 0));
    check(&cleaner, "2026-06-15T07:59:59+02:00", false);
    check(&cleaner, "2026-06-15T08:00:00+02:00", true);
    check(&cleaner, "2026-06-15T16:59:59+02:00", true);
    check(&cleaner, "2026-06-15T17:00:00+02:00", false);
    check(&cleaner, "2026-06-16T12:00:00+02:00", false);
    check(&cleaner, "2026-06-19T12:00:00+02:00", true);
    check(&cleaner, "2026-12-14T08:00:00+01:00", true);
    check(&cleaner, "2026-12-14T07:30:00+01:00", false);

    // Over midnight: from Friday ten in the evening to Saturday six.
    let night = always(&[5], (22, 0), (6, 0));
    check(&night, "2026-06-19T03:00:00+02:00", false);
    check(&night, "2026-06-19T22:00:00+02:00", true);
    check(&night, "2026-06-20T05:59:00+02:00", true);
    check(&night, "2026-06-20T06:00:00+02:00", false);
    check(&night, "2026-06-20T22:30:00+02:00", false);
    // From Sunday on into Monday: the week goes round.
    let weekend = always(&[7], (20, 0), (2, 0));
    check(&weekend, "2026-06-22T01:59:00+02:00", true);
    check(&weekend, "2026-06-21T01:00:00+02:00", false);

    // Equal ends are a whole day from there.
    let day = always(&[2], (9, 0), (9, 0));
    check(&day, "2026-06-16T08:59:00+02:00", false);
    check(&day, "2026-06-16T09:00:00+02:00", true);
    check(&day, "2026-06-17T08:59:00+02:00", true);
    check(&day, "2026-06-17T09:00:00+02:00", false);
}

#[test]
fn nights_in_which_the_clock_is_changed() {
    let berlin = zone("Europe/Berlin");
    let check = |validity: &Validity, at: &str, holds: bool| {
        let expected = if holds { Holds::Now } else { Holds::OutsideHours };
        assert_eq!(covers(validity, ms(at), &berlin), expected, "{at}");
    };
    // 2026-03-29: after 01:59:59 comes 03:00:00.
    let night = always(&[6], (22, 0), (4, 0));
    check(&night, "2026-03-29T01:59:59+01:00", true);
    check(&night, "2026-03-29T03:00:00+02:00", true);
    check(&night, "2026-03-29T03:59:59+02:00", true);
    check(&night, "2026-03-29T04:00:00+02:00", false);
    let begins_in_the_gap = always(&[7], (2, 30), (3, 30));
    check(&begins_in_the_gap, "2026-03-29T01:59:59+01:00", false);
    check(&begins_in_the_gap, "2026-03-29T03:00:00+02:00", true);
    check(&begins_in_the_gap, "2026-03-29T03:30:00+02:00", false);

    // 2026-10-25: after 02:59:59 comes 02:00:00 again.
    let until_half_past_two = always(&[6], (22, 0), (2, 30));
    check(&until_half_past_two, "2026-10-25T02:29:59+02:00", true);
    check(&until_half_past_two, "2026-10-25T02:30:00+02:00", false);
    check(&until_half_past_two, "2026-10-25T02:00:00+01:00", true);
    check(&until_half_past_two, "2026-10-25T02:30:00+01:00", false);
    let from_half_past_two = always(&[7], (2, 30), (4, 0));
    check(&from_half_past_two, "2026-10-25T02:30:00+02:00", true);
    check(&from_half_past_two, "2026-10-25T02:29:59+01:00", false);
    check(&from_half_past_two, "2026-10-25T03:59:59+01:00", true);
    check(&from_half_past_two, "2026-10-25T04:00:00+01:00", false);
}

#[test]
fn days_are_as_long_as_they_are() {
    let berlin = zone("Europe/Berlin");
    let length = |date: Date, zone: &TimeZone| {
        let (from, until) = day(date, zone).unwrap();
        (until - from) / HOUR_MS
    };
    assert_eq!(length(date(2026, 6, 15), &berlin), 24);
    assert_eq!(length(date(2026, 3, 29), &berlin), 23);
    assert_eq!(length(date(2026, 10, 25), &berlin), 25);
    assert_eq!(day(date(2026, 6, 15), &berlin).unwrap().0, ms("2026-06-15T00:00:00+02:00"));
    // In Havana the clock is set forward at midnight: the day begins at one.
    let havana = zone("America/Havana");
    assert_eq!(length(date(2026, 3, 8), &havana), 23);
    assert_eq!(day(date(2026, 3, 8), &havana).unwrap().0, ms("2026-03-08T01:00:00-04:00"));
}

#[test]
fn when_it_holds_next() {
    let berlin = zone("Europe/Berlin");
    let check = |validity: &Validity, at: &str, expected: Option<&str>| {
        assert_eq!(next(validity, ms(at), &berlin), expected.map(ms), "{at}");
    };
    let cleaner = always(&[1, 3], (8, 0), (17, 0));
    check(&cleaner, "2026-06-15T07:00:00+02:00", Some("2026-06-15T08:00:00+02:00"));
    check(&cleaner, "2026-06-15T12:00:00+02:00", Some("2026-06-15T12:00:00+02:00"));
    check(&cleaner, "2026-06-15T17:00:00+02:00", Some("2026-06-17T08:00:00+02:00"));
    check(&cleaner, "2026-06-17T17:00:00+02:00", Some("2026-06-22T08:00:00+02:00"));
    let weekly = always(&[1], (8, 0), (9, 0));
    check(&weekly, "2026-06-15T09:00:00+02:00", Some("2026-06-22T08:00:00+02:00"));
    check(&weekly, "2026-12-28T09:00:00+01:00", None);
    check(&always(&[7], (2, 30), (3, 30)), "2026-03-28T12:00:00+01:00", Some("2026-03-29T03:00:00+02:00"));
    // All of it is skipped, and comes the week after.
    check(&always(&[7], (2, 10), (2, 40)), "2026-03-28T12:00:00+01:00", Some("2026-04-05T02:10:00+02:00"));
    check(&always(&[7], (2, 30), (4, 0)), "2026-10-24T12:00:00+02:00", Some("2026-10-25T02:30:00+02:00"));
}

fn weekly() -> impl Strategy<Value = Weekly> {
    let days = prop::collection::vec(1_u8..=7, 1..4);
    (days, 0_u16..1440, 0_u16..1440).prop_map(|(days, from_minute, until_minute)| Weekly {
        days,
        from_minute,
        until_minute,
    })
}

proptest! {
    #![proptest_config(fixed(512))]

    /// The next beginning is a moment at which it holds, and before it there is none.
    #[test]
    fn nothing_holds_before_it_holds_next(
        weekly in weekly(),
        zone in prop::sample::select(vec!["Europe/Berlin", "Europe/Moscow", "America/Havana", "Australia/Lord_Howe"]),
        minute in 0_u64..525_600,
        probe in 0_u64..20_160,
    ) {
        let zone = TimeZone::get(zone).unwrap();
        let from_ms = ms("2026-01-01T00:00:00Z");
        let validity = Validity { from_ms, until_ms: from_ms + 400 * DAY_MS, weekly: Some(weekly) };
        let now = from_ms + minute * MINUTE_MS;
        let next = next(&validity, now, &zone);
        if let Some(next) = next {
            prop_assert!(next >= now);
            prop_assert_eq!(covers(&validity, next, &zone), Holds::Now);
        }
        let probe = now + probe * MINUTE_MS;
        if next.is_none_or(|next| probe < next) && probe < now + 7 * DAY_MS {
            prop_assert_ne!(covers(&validity, probe, &zone), Holds::Now);
        }
    }
}
