//! When a backup is due.

use dwellers_cloud::backup::schedule::{is_due, is_overdue};
use dwellers_cloud::backup::standing::Standing;
use dwellers_cloud::config::Backup;
use dwellers_replica::RecordId;

const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;
/// A midnight.
const DAYS: u64 = 20_000 * DAY;

fn last(last_ms: u64) -> Standing {
    Standing { last_ms, tried_ms: last_ms, ..Standing::default() }
}

#[test]
fn one_a_day_and_what_was_slept_through_is_made_up_for() {
    let config = Backup::default();
    let id = RecordId::new(1, 0);
    let check = |standing: &Standing, now_ms: u64, expected: bool| {
        assert_eq!(is_due(id, standing, now_ms, &config), expected, "{standing:?} at {}", now_ms - DAYS);
    };
    check(&last(0), DAYS + HOUR, true);
    check(&last(DAYS - 20 * HOUR), DAYS + 3 * HOUR - 1, false);
    check(&last(DAYS - 20 * HOUR), DAYS + 3 * HOUR, true);
    check(&last(DAYS + 3 * HOUR), DAYS + 3 * HOUR, false);
    check(&last(DAYS + 3 * HOUR), DAYS + 27 * HOUR - 1, false);
    check(&last(DAYS + 3 * HOUR), DAYS + 27 * HOUR, true);
    check(&last(DAYS + 3 * HOUR), DAYS + 90 * DAY, true);
    // A clock that ran ahead once does not put it off for ever.
    check(&last(DAYS + 400 * DAY), DAYS, true);
    // What failed is tried again an hour later.
    let failed = |tried_ms| Standing { tried_ms, failure: "no room".to_owned(), ..last(DAYS - 20 * HOUR) };
    check(&failed(DAYS + 3 * HOUR), DAYS + 4 * HOUR - 1, false);
    check(&failed(DAYS + 3 * HOUR), DAYS + 4 * HOUR, true);
    check(&failed(DAYS + 400 * DAY), DAYS + 3 * HOUR, true);
    assert!(!is_due(id, &last(0), DAYS, &Backup { on: false, ..config }));
}

#[test]
fn communities_follow_each_other_within_an_hour() {
    for at in ["03:00", "23:30", "00:00"] {
        let config = Backup { at: at.parse().unwrap(), ..Backup::default() };
        let begin = DAYS
            + u64::try_from(config.at.hour()).unwrap() * HOUR
            + u64::try_from(config.at.minute()).unwrap() * HOUR / 60;
        let mut minutes = [0; 60];
        for n in 0..6_000_u128 {
            let id = RecordId::new(1, n * 7_919_317);
            let standing = last(begin - 1);
            let due = |after| is_due(id, &standing, begin + after, &config);
            let minute = (0..60).find(|minute| due((minute + 1) * HOUR / 60)).unwrap();
            minutes[usize::try_from(minute).unwrap()] += 1;
        }
        assert!(minutes.iter().all(|count| (40..=180).contains(count)), "{at}: {minutes:?}");
    }
}

#[test]
fn two_days_without_one_are_too_many() {
    assert!(!is_overdue(&last(DAYS), 0, DAYS + 2 * DAY));
    assert!(is_overdue(&last(DAYS), 0, DAYS + 2 * DAY + 1));
    assert!(!is_overdue(&last(0), DAYS, DAYS + DAY), "it was made yesterday");
    assert!(is_overdue(&last(0), DAYS, DAYS + 3 * DAY));
    assert!(is_overdue(&last(DAYS + 400 * DAY), DAYS, DAYS + 3 * DAY), "its clock was wrong then");
}
