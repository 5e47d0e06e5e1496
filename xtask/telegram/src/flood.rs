//! How often the bot may write: 30 messages a second in all, one a second in a chat (a burst of three is let pass),
//! twenty a minute in a group. See "My bot is hitting limits" in Telegram's questions and answers for bots.
//!
//! Invariants: whoever is told to wait is refused until the time is over; what is refused does not count.
//! What must never be here: a clock; the time since some moment is passed in.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

const OVERALL: (usize, Duration) = (30, Duration::from_secs(1));
const GROUP: (usize, Duration) = (20, Duration::from_secs(60));
/// One a second, of which two may come early. The rest is for the trembling of the network.
const EACH: Duration = Duration::from_secs(1);
const EARLY: Duration = Duration::from_millis(2050);

/// What the bot sent, and how it kept to the limits. They are counted also while nothing is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flood {
    /// Messages and edits that were taken.
    pub taken: u64,
    /// The most of them within any second.
    pub most_in_a_second: usize,
    /// Those beyond 30 a second in all.
    pub beyond_overall: u64,
    /// Those beyond one a second in a chat.
    pub beyond_chat: u64,
    /// Those beyond twenty a minute in a group.
    pub beyond_group: u64,
    /// Those that came although the bot had been told to wait.
    pub impatient: u64,
}

impl Flood {
    /// How many broke a limit, or would have.
    #[must_use]
    pub fn beyond(&self) -> u64 {
        self.beyond_overall + self.beyond_chat + self.beyond_group + self.impatient
    }
}

/// The gate before the methods that write.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    pub(crate) refuses: bool,
    pub(crate) flood: Flood,
    overall: VecDeque<Duration>,
    groups: BTreeMap<i64, VecDeque<Duration>>,
    /// When the next message to a chat is due.
    due: BTreeMap<i64, Duration>,
    /// Until when nobody, or one chat, may be written to.
    waits: BTreeMap<Option<i64>, Duration>,
}

impl Limits {
    /// Takes `count` messages to a chat, or says for how many seconds the bot has to wait.
    pub(crate) fn take(&mut self, now: Duration, chat: i64, count: usize) -> Result<(), u64> {
        self.waits.retain(|_, until| *until > now);
        if let Some(until) = self.waits.get(&None).or_else(|| self.waits.get(&Some(chat))).copied() {
            self.flood.impatient += 1;
            return self.refuse(seconds(until - now));
        }
        let overall = over(&mut self.overall, now, OVERALL, count);
        let group =
            if chat < 0 { over(self.groups.entry(chat).or_default(), now, GROUP, count) } else { None };
        let due = self.due.get(&chat).copied().unwrap_or(now).max(now);
        let one = (due - now).checked_sub(EARLY).filter(|wait| !wait.is_zero());
        let wait = if let Some(wait) = overall {
            self.flood.beyond_overall += 1;
            Some((None, wait))
        } else if let Some(wait) = group {
            self.flood.beyond_group += 1;
            Some((Some(chat), wait))
        } else if let Some(wait) = one {
            self.flood.beyond_chat += 1;
            Some((Some(chat), wait))
        } else {
            None
        };
        if let Some((whom, wait)) = wait.filter(|_| self.refuses) {
            let wait = seconds(wait);
            self.waits.insert(whom, now + Duration::from_secs(wait));
            return self.refuse(wait);
        }
        self.flood.taken += count as u64;
        // An album is a burst by itself.
        self.due.insert(chat, due + EACH);
        self.overall.extend(std::iter::repeat_n(now, count));
        self.flood.most_in_a_second = self.flood.most_in_a_second.max(self.overall.len());
        if chat < 0 {
            self.groups.entry(chat).or_default().extend(std::iter::repeat_n(now, count));
        }
        Ok(())
    }

    fn refuse(&mut self, seconds: u64) -> Result<(), u64> {
        if self.refuses { Err(seconds) } else { Ok(()) }
    }
}

/// Whole seconds, as Telegram says them; never none.
fn seconds(wait: Duration) -> u64 {
    (wait.as_millis().div_ceil(1000) as u64).max(1)
}

/// How long until `count` more fit into the window, where they do not now.
fn over(
    times: &mut VecDeque<Duration>,
    now: Duration,
    (most, within): (usize, Duration),
    count: usize,
) -> Option<Duration> {
    while times.front().is_some_and(|at| now.saturating_sub(*at) >= within) {
        times.pop_front();
    }
    let first = *times.front()?;
    (times.len() + count > most).then(|| (first + within).saturating_sub(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits { refuses: true, ..Limits::default() }
    }

    fn at(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn a_burst_of_three_passes_and_the_fourth_waits() {
        let mut limits = limits();
        for _ in 0..3 {
            assert_eq!(limits.take(at(0), 1, 1), Ok(()));
        }
        assert_eq!(limits.take(at(100), 1, 1), Err(1));
        assert_eq!(limits.take(at(500), 1, 1), Err(1), "still told to wait");
        assert_eq!(limits.take(at(500), 2, 1), Ok(()), "others are not");
        assert_eq!(limits.take(at(1100), 1, 1), Ok(()));
        let flood = Flood { taken: 5, most_in_a_second: 4, beyond_chat: 1, impatient: 1, ..Flood::default() };
        assert_eq!(limits.flood, flood);
    }

    #[test]
    fn one_a_second_is_never_refused() {
        let mut limits = limits();
        for second in 0..100 {
            assert_eq!(limits.take(at(second * 1000), 1, 1), Ok(()), "{second}");
        }
        assert_eq!(limits.flood.beyond(), 0);
    }

    #[test]
    fn thirty_a_second_in_all() {
        let mut limits = limits();
        for chat in 0..30 {
            assert_eq!(limits.take(at(10), chat, 1), Ok(()));
        }
        assert_eq!(limits.take(at(20), 99, 1), Err(1));
        assert_eq!(limits.take(at(1020), 99, 1), Ok(()));
        assert_eq!((limits.flood.beyond_overall, limits.flood.most_in_a_second), (1, 30));
    }

    #[test]
    fn twenty_a_minute_in_a_group() {
        let mut limits = limits();
        for second in 0..20 {
            assert_eq!(limits.take(at(second * 1500), -7, 1), Ok(()), "{second}");
        }
        assert_eq!(limits.take(at(30_000), -7, 1), Err(30));
        assert_eq!(limits.flood.beyond_group, 1);
    }

    #[test]
    fn what_is_not_refused_is_counted_still() {
        let mut limits = Limits::default();
        for _ in 0..5 {
            assert_eq!(limits.take(at(0), 1, 1), Ok(()));
        }
        let flood = Flood { taken: 5, most_in_a_second: 5, beyond_chat: 2, ..Flood::default() };
        assert_eq!(limits.flood, flood);
    }
}
