//! The edge where time and chance enter the hub: the wall clock, the monotonic clock, random bits.
//!
//! Everything else takes what it needs of these as an argument. What vouches for the wall clock is kept here, so
//! that every reading says whether it may be believed; *who* vouches is for others to find out.
//!
//! What must never be here: a decision; a wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use dwellers_replica::Now;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::engine::Tick;

/// What vouches for the wall clock. A Raspberry Pi without a battery wakes in the past.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ClockTrust)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// Nothing: stamps count on, and passes with a window ask the guard.
    #[default]
    Nothing,
    /// It was set from the network since boot.
    Ntp,
    /// It was set from a real-time clock with a battery.
    Rtc,
    /// A guard or the operator said that it is right.
    Word,
}

/// The clocks of this machine. Clones are the same clock.
#[derive(Clone, Debug)]
pub struct Clock {
    start: Instant,
    trust: Arc<AtomicU8>,
}

impl Clock {
    /// The clocks, trusted by nothing yet. Ticks count from here.
    pub fn start() -> Self {
        Clock { start: Instant::now(), trust: Arc::default() }
    }

    /// The wall clock, and whether it is trusted.
    pub fn now(&self) -> Now {
        // A clock before 1970 reads as 1970: nothing good comes of it either way, and it is not trusted.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let ms = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
        Now { ms, trusted: self.trust() != Trust::Nothing && ms > 0 }
    }

    /// The monotonic clock.
    pub fn tick(&self) -> Tick {
        Tick(u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    /// Measures how long something takes, from now.
    pub fn stopwatch(&self) -> Stopwatch {
        Stopwatch(Instant::now())
    }

    /// What vouches for the wall clock.
    pub fn trust(&self) -> Trust {
        match self.trust.load(Ordering::Relaxed) {
            1 => Trust::Ntp,
            2 => Trust::Rtc,
            3 => Trust::Word,
            _ => Trust::Nothing,
        }
    }

    /// Sets what vouches for the wall clock.
    pub fn set_trust(&self, trust: Trust) {
        self.trust.store(trust as u8, Ordering::Relaxed);
    }
}

/// What [`Clock::stopwatch`] gives out.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Since it was started.
    pub fn elapsed(self) -> std::time::Duration {
        self.0.elapsed()
    }
}

/// 128 random bits.
pub fn entropy() -> u128 {
    u128::from_ne_bytes(random())
}

/// Random bytes that nobody can guess: for keys, salts and tokens.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the kernel's generator answers once it was seeded, long before us");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_says_what_the_last_word_was() {
        let clock = Clock::start();
        assert!(!clock.now().trusted);
        for trust in [Trust::Ntp, Trust::Rtc, Trust::Word] {
            clock.clone().set_trust(trust);
            assert_eq!((clock.trust(), clock.now().trusted), (trust, true));
        }
        clock.set_trust(Trust::Nothing);
        assert!(!clock.now().trusted);
        assert!(clock.now().ms > 1_700_000_000_000, "it is later than 2023");
    }

    #[test]
    fn chance_does_not_repeat() {
        assert_ne!(entropy(), entropy());
        assert_ne!(random::<32>(), random());
    }
}
