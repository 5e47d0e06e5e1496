//! How somebody wants to be told: on which channels, of what, and when not.

use dwellers::Denied;
use dwellers_replica::{Index, Open, Record, RecordId, Spec};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::message::{Channel, Kind};

/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// A person's wishes; its id is theirs. Who has none has [`Settings::default`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The channels that are used, the first first.
    pub channels: Vec<Open<Channel>>,
    /// What they do not want to hear of.
    pub off: Vec<Open<Kind>>,
    /// When only what is urgent is told; nothing: it is always told at once.
    pub quiet: Option<Quiet>,
}

/// Hours of the day, in the community's time zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = QuietHours)]
#[serde(deny_unknown_fields)]
pub struct Quiet {
    /// Minutes after midnight at which they begin.
    #[schema(maximum = 1439)]
    pub from_minute: u16,
    /// Minutes after midnight at which they end; below `from_minute`, on the next morning.
    #[schema(maximum = 1439)]
    pub until_minute: u16,
}

impl Default for Settings {
    fn default() -> Self {
        let night = Quiet { from_minute: 22 * 60, until_minute: 8 * 60 };
        let channels = Channel::ALL.into_iter().map(Open::Known).collect();
        Settings { channels, off: Vec::new(), quiet: Some(night) }
    }
}

impl Record for Settings {
    const SPEC: Spec = Spec::local("notification_settings");
}

/// A browser in which somebody asked to be told. Its id is of its endpoint: a browser is one person's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Subscription {
    /// Who.
    pub person: RecordId,
    /// The session in which they asked for it: it is told while that lasts, and forgotten with it.
    pub session: RecordId,
    /// Where its maker's push service takes messages for it.
    pub endpoint: String,
    /// Its public key, as it gave it.
    pub p256dh: String,
    /// Its secret, as it gave it.
    pub auth: String,
    /// What the browser says it is.
    pub agent: String,
    /// Since when, in milliseconds since 1970.
    pub made_ms: u64,
}

impl Record for Subscription {
    const SPEC: Spec = Spec {
        indexes: &[Index { name: "person", on: &["person", "made_ms"] }],
        ..Spec::local("push_subscriptions")
    };
}

impl Subscription {
    /// The most of one person: the oldest makes room.
    pub const MOST: usize = 10;

    /// The id of what is kept of an endpoint.
    pub fn id(endpoint: &str) -> RecordId {
        let mut half = [0; 16];
        half.copy_from_slice(&blake3::hash(endpoint.as_bytes()).as_bytes()[..16]);
        RecordId::new(0, u128::from_be_bytes(half))
    }
}

impl Settings {
    /// Wishes that make sense.
    ///
    /// # Errors
    /// Which does not.
    pub fn checked(channels: Vec<Channel>, off: Vec<Kind>, quiet: Option<Quiet>) -> Result<Settings, Denied> {
        let twice = |field| Denied::Invalid { field, why: "given-twice" };
        if channels.iter().enumerate().any(|(at, one)| channels[..at].contains(one)) {
            return Err(twice("channels"));
        }
        if off.iter().enumerate().any(|(at, one)| off[..at].contains(one)) {
            return Err(twice("off"));
        }
        if quiet.is_some_and(|quiet| quiet.from_minute >= DAY || quiet.until_minute >= DAY) {
            return Err(Denied::Invalid { field: "quiet", why: "not-a-time-of-day" });
        }
        let channels = channels.into_iter().map(Open::Known).collect();
        Ok(Settings { channels, off: off.into_iter().map(Open::Known).collect(), quiet })
    }

    /// Whether they want to hear of such.
    pub fn wants(&self, kind: &Open<Kind>) -> bool {
        !self.off.contains(kind)
    }
}

impl Quiet {
    /// When they end, where it is within them.
    pub fn end(self, now_ms: u64, zone: &TimeZone) -> Option<u64> {
        let now = Timestamp::from_millisecond(i64::try_from(now_ms).ok()?).ok()?;
        let now = zone.to_datetime(now);
        let minute = u16::try_from(now.hour()).ok()? * 60 + u16::try_from(now.minute()).ok()?;
        let Quiet { from_minute, until_minute } = self;
        let (since, before) = (minute >= from_minute, minute < until_minute);
        let today = match from_minute.cmp(&until_minute) {
            std::cmp::Ordering::Equal => return None,
            std::cmp::Ordering::Less if since && before => true,
            std::cmp::Ordering::Greater if before => true,
            std::cmp::Ordering::Greater if since => false,
            _ => return None,
        };
        let date = if today { now.date() } else { now.date().checked_add(1.day()).ok()? };
        let (hour, minute) = (i8::try_from(until_minute / 60).ok()?, i8::try_from(until_minute % 60).ok()?);
        let end = zone.to_timestamp(date.at(hour, minute, 0, 0)).ok()?;
        // An hour that the clock skips or has twice must not keep anybody waiting for ever.
        u64::try_from(end.as_millisecond()).ok().filter(|end| *end > now_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(text: &str) -> u64 {
        text.parse::<Timestamp>().unwrap().as_millisecond().try_into().unwrap()
    }

    #[test]
    fn quiet_hours_are_those_of_the_community() {
        let zone = TimeZone::get("Europe/Moscow").unwrap();
        let night = Settings::default().quiet.unwrap();
        for (at, end) in [
            ("2026-05-12T18:59:59Z", None),
            ("2026-05-12T19:00:00Z", Some("2026-05-13T05:00:00Z")),
            ("2026-05-12T23:30:00Z", Some("2026-05-13T05:00:00Z")),
            ("2026-05-13T04:59:59Z", Some("2026-05-13T05:00:00Z")),
            ("2026-05-13T05:00:00Z", None),
        ] {
            assert_eq!(night.end(ms(at), &zone), end.map(ms), "{at}");
        }
        let noon = Quiet { from_minute: 12 * 60, until_minute: 13 * 60 };
        assert_eq!(noon.end(ms("2026-05-12T09:30:00Z"), &zone), Some(ms("2026-05-12T10:00:00Z")));
        assert_eq!(noon.end(ms("2026-05-12T10:00:00Z"), &zone), None);
        let never = Quiet { from_minute: 60, until_minute: 60 };
        assert_eq!(never.end(ms("2026-05-12T22:00:00Z"), &zone), None);
    }

    #[test]
    fn a_clock_that_is_set_keeps_nobody_waiting() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        // 2:30 is skipped in this night.
        let short = Quiet { from_minute: 23 * 60, until_minute: 2 * 60 + 30 };
        let end = short.end(ms("2026-03-28T23:00:00Z"), &zone).unwrap();
        assert_eq!(end, ms("2026-03-29T01:30:00Z"));
        // 2:30 is there twice in this one.
        let end = short.end(ms("2026-10-25T00:15:00Z"), &zone).unwrap();
        assert_eq!(end, ms("2026-10-25T00:30:00Z"));
    }
}
