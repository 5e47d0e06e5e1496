//! How fast Telegram takes messages: thirty a second in all, one a second in a chat of which two may come early, twenty a minute
//! in a group; and nothing while it says that it wants to wait. What is done in a group without a word, one a second. What
//! Telegram says of a group is of that group alone.
//!
//! When a message came to Telegram nobody says: after it was sent, and before it was answered. So it takes up its place from the one
//! on, and its second counts from the other on.
//!
//! Windows that slide, instead of the leaky buckets of `governor` or the queue of teloxide's `throttle`: a bucket of thirty lets
//! almost sixty through within one second, and `throttle` knows no edits, and of no errand that must go before others.
//!
//! What must never be here: a clock; a wait.

use std::collections::{HashMap, VecDeque};

/// A little more than a second and than a minute: clocks differ.
const SECOND_MS: u64 = 1_100;
const MINUTE_MS: u64 = 61_000;
/// From so many chats on, those that are quiet are forgotten.
const MANY: usize = 4_096;

/// How much Telegram takes.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Messages in all, a second.
    pub all: usize,
    /// Messages in a group, a minute.
    pub group: usize,
    /// Milliseconds from one message of a chat to the next.
    pub each_ms: u64,
    /// So many of a chat may come at once, where there was quiet before.
    pub at_once: u64,
}

impl Limits {
    /// Telegram's own; a little more than a second a chat, for the same reason.
    pub const TELEGRAM: Limits = Limits { all: 30, group: 20, each_ms: 1_050, at_once: 3 };
}

/// As what Telegram counts something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    /// A message in a chat.
    Message(i64),
    /// Something that is done in a group without a word.
    Deed(i64),
    /// It is not counted.
    Nowhere,
}

impl Counted {
    /// In which chat.
    pub(super) fn chat(self) -> Option<i64> {
        match self {
            Counted::Message(chat) | Counted::Deed(chat) => Some(chat),
            Counted::Nowhere => None,
        }
    }
}

/// What was sent lately. All times are milliseconds of one clock.
#[derive(Debug)]
pub(super) struct Pace {
    limits: Limits,
    /// Messages that are sent and not answered.
    under_way: usize,
    /// When the latest were answered.
    all: VecDeque<u64>,
    groups: HashMap<i64, VecDeque<u64>>,
    /// When the next message of a chat is due.
    due: HashMap<i64, u64>,
    waits_until: u64,
    /// Until when single chats are to be left alone.
    quiet: HashMap<i64, u64>,
}

impl Pace {
    /// Nothing was sent.
    pub(super) fn new(limits: Limits) -> Pace {
        let (all, groups, due) = (VecDeque::new(), HashMap::new(), HashMap::new());
        Pace { limits, under_way: 0, all, groups, due, waits_until: 0, quiet: HashMap::new() }
    }

    /// The same after another who spoke for the bot until now: it may have said as much as Telegram takes.
    pub(super) fn after_another(limits: Limits, now: u64) -> Pace {
        Pace { all: VecDeque::from(vec![now; Limits::TELEGRAM.all]), ..Pace::new(limits) }
    }

    /// From when on something may be sent; now, or later.
    pub(super) fn of(&self, counted: Counted, now: u64) -> u64 {
        match counted {
            Counted::Message(chat) => self.from(chat, now),
            Counted::Deed(chat) => self.each(chat, now),
            Counted::Nowhere => self.open_from(now),
        }
    }

    /// From when on a message may be sent to a chat; now, or later.
    fn from(&self, chat: i64, now: u64) -> u64 {
        let Limits { all, group, .. } = self.limits;
        let group = self.groups.get(&chat).map_or(0, |sent| free(sent, group, MINUTE_MS));
        let all = match all.saturating_sub(self.under_way) {
            // Not before one of them is answered.
            0 => u64::MAX,
            all => free(&self.all, all, SECOND_MS),
        };
        self.each(chat, now).max(group).max(all)
    }

    /// From when on it is the turn of a chat, as far as that is its own.
    fn each(&self, chat: i64, now: u64) -> u64 {
        let Limits { each_ms, at_once, .. } = self.limits;
        let early = each_ms * at_once.saturating_sub(1);
        let due = self.due.get(&chat).map_or(0, |due| due.saturating_sub(early));
        self.open_from(now).max(due).max(self.quiet_until(chat))
    }

    /// Until when a chat is to be left alone, whatever others may hear.
    pub(super) fn quiet_until(&self, chat: i64) -> u64 {
        self.quiet.get(&chat).copied().unwrap_or_default()
    }

    /// From when on anything may be asked of Telegram.
    pub(super) fn open_from(&self, now: u64) -> u64 {
        now.max(self.waits_until)
    }

    /// Something is sent.
    pub(super) fn sent(&mut self, counted: Counted, now: u64) {
        match counted {
            Counted::Message(chat) => {
                self.under_way += 1;
                self.step(chat, now);
            }
            Counted::Deed(chat) => self.step(chat, now),
            Counted::Nowhere => {}
        }
    }

    /// What was sent then is answered. Of a chat one thing alone is under way.
    pub(super) fn answered(&mut self, counted: Counted, since: u64, now: u64) {
        if let Counted::Message(chat) = counted {
            self.under_way = self.under_way.saturating_sub(1);
            push(&mut self.all, now, self.limits.all);
            if chat < 0 {
                push(self.groups.entry(chat).or_default(), now, self.limits.group);
            }
        }
        if let Some(due) = counted.chat().and_then(|chat| self.due.get_mut(&chat)) {
            *due += now.saturating_sub(since);
        }
    }

    /// It was the turn of a chat.
    fn step(&mut self, chat: i64, now: u64) {
        let due = self.due.entry(chat).or_default();
        *due = now.max(*due) + self.limits.each_ms;
        if self.due.len() > MANY {
            self.due.retain(|_, due| *due > now);
            self.groups.retain(|_, sent| sent.back().is_some_and(|last| last + MINUTE_MS > now));
            self.quiet.retain(|_, until| *until > now);
        }
    }

    /// Telegram wants to hear nothing until then.
    pub(super) fn wait_until(&mut self, until: u64) {
        self.waits_until = self.waits_until.max(until);
    }

    /// Telegram said after this that it wants quiet until then. Of a group, or of chats that the bot does not know, that is said
    /// of them; of what goes to somebody in private, of all.
    pub(super) fn refused(&mut self, counted: Counted, until: u64) {
        match counted.chat() {
            Some(chat) if chat <= 0 => {
                let quiet = self.quiet.entry(chat).or_default();
                *quiet = until.max(*quiet);
            }
            _ => self.wait_until(until),
        }
    }
}

/// From when on one more fits into the window.
fn free(sent: &VecDeque<u64>, most: usize, within: u64) -> u64 {
    sent.len().checked_sub(most).and_then(|over| sent.get(over)).map_or(0, |at| at + within)
}

fn push(sent: &mut VecDeque<u64>, now: u64, most: usize) {
    sent.push_back(now);
    while sent.len() > most {
        sent.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message that is answered at once.
    fn say(pace: &mut Pace, chat: i64, now: u64) {
        pace.sent(Counted::Message(chat), now);
        pace.answered(Counted::Message(chat), now, now);
    }

    /// Sends to chats in turn, each as soon as it may; returns when each went.
    fn send(pace: &mut Pace, chats: impl IntoIterator<Item = i64>) -> Vec<u64> {
        let mut now = 0;
        let sent = chats.into_iter().map(|chat| {
            now = pace.from(chat, now);
            say(pace, chat, now);
            now
        });
        sent.collect()
    }

    #[test]
    fn a_chat_takes_three_at_once_and_then_one_a_second() {
        let mut pace = Pace::new(Limits::TELEGRAM);
        assert_eq!(send(&mut pace, [1; 6]), [0, 0, 0, 1_050, 2_100, 3_150]);
        assert_eq!(pace.from(2, 3_000), 3_000, "others wait for nothing");
        // After a quiet while it is as in the beginning.
        assert_eq!(pace.from(1, 60_000), 60_000);
    }

    #[test]
    fn what_was_long_under_way_is_followed_later() {
        let mut pace = Pace::new(Limits::TELEGRAM);
        assert_eq!(send(&mut pace, [1; 2]), [0, 0]);
        pace.sent(Counted::Message(1), 0);
        pace.answered(Counted::Message(1), 0, 700);
        assert_eq!(pace.from(1, 0), 1_750);
    }

    #[test]
    fn whatever_is_how_long_under_way_thirty_a_second_come() {
        let (mut chance, mut pace, mut now) = (fastrand::Rng::with_seed(3), Pace::new(Limits::TELEGRAM), 0);
        // Until when each is under way, and since when; when each came.
        let (mut under_way, mut came) = (Vec::<(u64, u64, i64)>::new(), Vec::new());
        for chat in 1..=1_000 {
            loop {
                let due = pace.from(chat, now);
                let first = under_way.iter().copied().min();
                match first.filter(|first| due > now && first.0 <= due) {
                    Some(first @ (until, since, chat)) => {
                        now = now.max(until);
                        under_way.retain(|one| *one != first);
                        pace.answered(Counted::Message(chat), since, now);
                    }
                    None if due > now => now = due,
                    None => break,
                }
            }
            pace.sent(Counted::Message(chat), now);
            let takes = if chance.u8(..10) == 0 { chance.u64(..5_000) } else { chance.u64(..200) };
            under_way.push((now + takes, now, chat));
            came.push(now + chance.u64(..=takes));
        }
        came.sort_unstable();
        for (first, beyond) in came.iter().zip(&came[30..]) {
            assert!(beyond - first >= 1_000, "thirty-one within {} ms", beyond - first);
        }
        assert!(now < 120_000, "a thousand take {now} ms");
    }

    #[test]
    fn all_places_may_be_under_way() {
        let mut pace = Pace::new(Limits::TELEGRAM);
        (1..=30).for_each(|chat| pace.sent(Counted::Message(chat), 0));
        assert_eq!(pace.from(31, 10_000), u64::MAX);
        pace.answered(Counted::Message(1), 0, 10_000);
        assert_eq!(pace.from(31, 10_000), 11_100);
        assert_eq!(pace.of(Counted::Deed(-7), 10_000), 10_000);
    }

    #[test]
    fn whoever_spoke_before_may_have_said_all_that_may_be_said() {
        let mut pace = Pace::after_another(Limits::TELEGRAM, 500);
        assert_eq!((pace.from(1, 500), pace.of(Counted::Nowhere, 500)), (1_600, 500));
        let sent = send(&mut pace, 1..=31);
        assert_eq!((sent[0], sent[29], sent[30]), (1_600, 1_600, 2_700));
    }

    #[test]
    fn all_chats_together_take_thirty_in_any_second() {
        let sent = send(&mut Pace::new(Limits::TELEGRAM), 1..=1_000);
        for (first, beyond) in sent.iter().zip(&sent[30..]) {
            assert!(beyond - first >= 1_000, "thirty-one within {} ms", beyond - first);
        }
        assert!(sent[999] < 38_000, "a thousand take {} ms", sent[999]);
    }

    #[test]
    fn a_group_takes_twenty_in_any_minute() {
        let sent = send(&mut Pace::new(Limits::TELEGRAM), [-7; 60]);
        for (first, beyond) in sent.iter().zip(&sent[20..]) {
            assert!(beyond - first >= 60_000);
        }
    }

    #[test]
    fn nothing_goes_while_telegram_wants_to_wait() {
        let mut pace = Pace::new(Limits::TELEGRAM);
        pace.wait_until(5_000);
        pace.wait_until(3_000);
        assert_eq!((pace.from(1, 10), pace.open_from(10)), (5_000, 5_000));
        assert_eq!(pace.open_from(6_000), 6_000);
    }

    #[test]
    fn what_telegram_says_of_a_group_is_of_that_group() {
        let mut pace = Pace::new(Limits::TELEGRAM);
        pace.refused(Counted::Deed(-7), 60_000);
        assert_eq!((pace.of(Counted::Deed(-7), 10), pace.of(Counted::Message(-7), 10)), (60_000, 60_000));
        assert_eq!((pace.of(Counted::Deed(-8), 10), pace.of(Counted::Message(7), 10)), (10, 10));
        assert_eq!(pace.of(Counted::Nowhere, 10), 10);
        pace.refused(Counted::Message(7), 5_000);
        assert_eq!((pace.of(Counted::Message(8), 10), pace.of(Counted::Nowhere, 10)), (5_000, 5_000));
    }

    #[test]
    fn a_group_is_not_overrun_by_what_is_done_in_it() {
        let (mut pace, mut now) = (Pace::new(Limits::TELEGRAM), 0);
        let deeds: Vec<u64> = std::iter::repeat_with(|| {
            now = pace.of(Counted::Deed(-7), now);
            pace.sent(Counted::Deed(-7), now);
            now
        })
        .take(40)
        .collect();
        assert_eq!((deeds[2], deeds[3], deeds[39]), (0, 1_050, 38_850));
        // They are no messages.
        assert_eq!(pace.of(Counted::Message(7), 37_000), 37_000);
    }

    #[test]
    fn quiet_chats_are_forgotten() {
        let mut pace = Pace::new(Limits::TELEGRAM);
        for chat in 0..10_000 {
            let now = pace.from(-chat, chat.unsigned_abs() * 100);
            say(&mut pace, -chat, now);
        }
        assert!(pace.due.len() <= MANY + 1 && pace.groups.len() <= MANY + 1);
    }
}
