//! How often somebody may try what could be guessed, or costs much: one of them, and all of them together.
//!
//! Invariants: one that tries too often takes nothing from the others; a crowd of them takes no more memory than there is
//! for it.
//!
//! What must never be here: what is tried.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock, Reference};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};

/// So many are remembered; one is some hundred bytes.
const MANY: usize = 100_000;
/// Those that may try again are forgotten so often at most: it looks at all of them.
const SWEEP: Duration = Duration::from_secs(1);

/// Who may try. `K` is what one of them is known by.
pub struct Tries<K: Hash + Eq + Clone, C: Clock = DefaultClock> {
    clock: C,
    swept: Mutex<C::Instant>,
    of_one: RateLimiter<K, DefaultKeyedStateStore<K>, C, NoOpMiddleware<C::Instant>>,
    of_all: RateLimiter<NotKeyed, InMemoryState, C, NoOpMiddleware<C::Instant>>,
}

/// So many at once, and then so many a minute; neither is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// At once.
    pub at_once: NonZeroU32,
    /// A minute.
    pub a_minute: NonZeroU32,
}

impl Pace {
    /// So many at once, and then so many a minute.
    ///
    /// # Panics
    /// Where one is zero: a mistake in the program, which is found when it is compiled.
    pub const fn new(at_once: u32, a_minute: u32) -> Pace {
        let (at_once, a_minute) = (NonZeroU32::new(at_once), NonZeroU32::new(a_minute));
        Pace { at_once: at_once.expect("not zero"), a_minute: a_minute.expect("not zero") }
    }

    fn quota(self) -> Quota {
        Quota::per_minute(self.a_minute).allow_burst(self.at_once)
    }
}

/// It is tried too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is tried too often")]
pub struct TooOften {
    /// In so many seconds one may try again.
    pub wait_s: u64,
}

impl<K: Hash + Eq + Clone> Tries<K> {
    /// At these paces by the machine's clock.
    pub fn new(of_one: Pace, of_all: Pace) -> Tries<K> {
        Tries::by(DefaultClock::default(), of_one, of_all)
    }
}

impl<K: Hash + Eq + Clone, C: Clock + Clone> Tries<K, C> {
    fn by(clock: C, of_one: Pace, of_all: Pace) -> Tries<K, C> {
        Tries {
            of_one: RateLimiter::new(of_one.quota(), DefaultKeyedStateStore::default(), clock.clone()),
            of_all: RateLimiter::new(of_all.quota(), InMemoryState::default(), clock.clone()),
            swept: Mutex::new(clock.now()),
            clock,
        }
    }

    /// Whether one may try now; it counts.
    ///
    /// # Errors
    /// Not yet.
    pub fn one(&self, key: &K) -> Result<(), TooOften> {
        if self.of_one.len() >= MANY {
            self.sweep();
        }
        if self.of_one.len() >= MANY {
            return Err(TooOften { wait_s: 60 });
        }
        self.of_one.check_key(key).map_err(|until| self.wait(&until))?;
        self.all()
    }

    /// The same for one who cannot be told apart from the others.
    ///
    /// # Errors
    /// Not yet.
    pub fn all(&self) -> Result<(), TooOften> {
        self.of_all.check().map_err(|until| self.wait(&until))
    }

    fn sweep(&self) {
        let now = self.clock.now();
        let mut swept = self.swept.lock().unwrap_or_else(PoisonError::into_inner);
        if now.duration_since(*swept) >= SWEEP.into() {
            *swept = now;
            self.of_one.retain_recent();
        }
    }

    fn wait(&self, until: &governor::NotUntil<C::Instant>) -> TooOften {
        TooOften { wait_s: until.wait_time_from(self.clock.now()).as_secs() + 1 }
    }
}

impl<C: Clock + Clone> Tries<IpAddr, C> {
    /// Whether somebody at an address may try now. Through a proxy that does not say for whom it asks everybody comes from
    /// this machine.
    ///
    /// # Errors
    /// Not yet.
    pub fn from(&self, address: Option<IpAddr>) -> Result<(), TooOften> {
        match address.filter(|address| !address.is_loopback()) {
            Some(address) => self.one(&network(address)),
            None => self.all(),
        }
    }
}

/// Whoever has one address of IPv6 has its whole network.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(six) => IpAddr::from((u128::from(six) & !u128::from(u64::MAX)).to_be_bytes()),
        four @ IpAddr::V4(_) => four,
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    const OF_ONE: Pace = Pace::new(10, 1);
    const OF_ALL: Pace = Pace::new(100, 100);

    #[test]
    fn an_address_tries_ten_times_and_all_of_them_a_hundred() {
        let clock = FakeRelativeClock::default();
        let tries = Tries::<IpAddr, _>::by(clock.clone(), OF_ONE, OF_ALL);
        let may = |address: IpAddr| tries.from(Some(address)).is_ok();
        let guesser: IpAddr = "203.0.113.7".parse().unwrap();
        assert_eq!((0..50).filter(|_| may(guesser)).count(), 10);
        assert_eq!(tries.from(Some(guesser)).unwrap_err().wait_s, 61);
        // One network of IPv6 is one guesser.
        let of_one = |n: u128| IpAddr::from((0x2001_0db8_u128 << 96 | n).to_be_bytes());
        assert_eq!((0..50).filter(|n| may(of_one(*n))).count(), 10);
        // A hundred in all, from wherever; and through a proxy nobody is told apart.
        assert_eq!((0..500).filter(|n| may(IpAddr::from([198, 51, 100, *n as u8]))).count(), 80);
        assert!(!may(IpAddr::from([127, 0, 0, 1])) && tries.from(None).is_err());
        // A minute later there is room again, for one try of the guesser.
        clock.advance(Duration::from_secs(60));
        assert_eq!((0..50).filter(|_| may(guesser)).count(), 1);
        assert!(may(IpAddr::from([127, 0, 0, 1])));
    }

    #[test]
    fn a_crowd_takes_no_more_memory_than_there_is_for_it() {
        let clock = FakeRelativeClock::default();
        let vast = Pace::new(1_000_000, 1);
        let tries = Tries::<String, _>::by(clock.clone(), OF_ONE, vast);
        let may = |n: usize| tries.one(&n.to_string()).is_ok();
        assert_eq!((0..2 * MANY).filter(|n| may(*n)).count(), MANY);
        assert_eq!(tries.of_one.len(), MANY);
        assert!(!may(1), "nobody is remembered beside them");
        clock.advance(Duration::from_secs(600));
        assert!(may(1));
    }
}
