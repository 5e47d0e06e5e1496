//! How often somebody may try what could be guessed, or costs much: one of them, and all of them together.
//!
//! Invariants: one that tries too often takes nothing from the others, whatever network of their own they have; a crowd of them
//! takes no more memory than there is for it.
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

/// A home has so many times as much as one of its networks, and a neighbourhood so many times.
const WIDER: [u32; 2] = [4, 16];

/// Who may try. `K` is what one of them is known by.
pub struct Tries<K: Hash + Eq + Clone, C: Clock = DefaultClock> {
    clock: C,
    swept: Mutex<C::Instant>,
    of_one: Each<K, C>,
    /// Of addresses: their homes, and their neighbourhoods.
    wider: [Each<K, C>; 2],
    of_all: RateLimiter<NotKeyed, InMemoryState, C, NoOpMiddleware<C::Instant>>,
    /// `of_all` is of everybody, and not only of those who cannot be told apart.
    together: bool,
}

type Each<K, C> = RateLimiter<K, DefaultKeyedStateStore<K>, C, NoOpMiddleware<<C as Clock>::Instant>>;

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

    fn times(self, n: u32) -> Pace {
        let times = |count: NonZeroU32| NonZeroU32::new(count.get().saturating_mul(n)).unwrap_or(count);
        Pace { at_once: times(self.at_once), a_minute: times(self.a_minute) }
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

    /// The same where a crowd does not matter: those who can be told apart have no bound together. `of_rest` is that of those
    /// who cannot.
    pub fn apart(of_one: Pace, of_rest: Pace) -> Tries<K> {
        Tries { together: false, ..Tries::new(of_one, of_rest) }
    }
}

impl<K: Hash + Eq + Clone, C: Clock + Clone> Tries<K, C> {
    fn by(clock: C, of_one: Pace, of_all: Pace) -> Tries<K, C> {
        let each =
            |pace: Pace| RateLimiter::new(pace.quota(), DefaultKeyedStateStore::default(), clock.clone());
        Tries {
            of_one: each(of_one),
            wider: WIDER.map(|n| each(of_one.times(n))),
            together: true,
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
        match self.has_room(&self.of_one) {
            true => self.of_one.check_key(key).map_err(|until| self.wait(&until))?,
            false => return Err(TooOften { wait_s: 60 }),
        }
        self.crowd()
    }

    /// Whether another one is remembered.
    fn has_room(&self, each: &Each<K, C>) -> bool {
        if each.len() >= MANY {
            self.sweep();
        }
        each.len() < MANY
    }

    fn crowd(&self) -> Result<(), TooOften> {
        if self.together { self.all() } else { Ok(()) }
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
            self.wider.iter().for_each(Each::retain_recent);
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
        let Some(address) = address.filter(|address| !address.is_loopback()) else { return self.all() };
        let (network, around) = networks(address);
        // One who has too many networks of their own to be remembered is known by what is around them.
        if self.has_room(&self.of_one) {
            self.of_one.check_key(&network).map_err(|until| self.wait(&until))?;
        }
        for (each, around) in self.wider.iter().zip(around) {
            let Some(around) = around else { continue };
            match self.has_room(each) {
                true => each.check_key(&around).map_err(|until| self.wait(&until))?,
                false => return Err(TooOften { wait_s: 60 }),
            }
        }
        self.crowd()
    }
}

/// By what somebody at an address is known.
pub fn network(address: IpAddr) -> IpAddr {
    networks(address).0
}

/// Whoever has one address of IPv6 has its whole network (/64), most of them a home's (/56), and some a /48. Of IPv4 some have
/// a /24.
fn networks(address: IpAddr) -> (IpAddr, [Option<IpAddr>; 2]) {
    match address {
        IpAddr::V6(six) => {
            let first =
                |bits: u32| IpAddr::from((u128::from(six) & (u128::MAX << (128 - bits))).to_be_bytes());
            (first(64), [Some(first(56)), Some(first(48))])
        }
        IpAddr::V4(four) => {
            let [a, b, c, _] = four.octets();
            (address, [None, Some(IpAddr::from([a, b, c, 0]))])
        }
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
    fn whoever_has_many_networks_takes_nothing_from_the_others() {
        let clock = FakeRelativeClock::default();
        let tries = Tries::<IpAddr, _> { together: false, ..Tries::by(clock, OF_ONE, OF_ALL) };
        let six = |prefix: u64| IpAddr::from((u128::from(prefix) << 64 | 1).to_be_bytes());
        let site = 0x2001_0db8_0001_0000_u64;
        let tried = |prefixes: std::ops::Range<u64>| {
            let all = prefixes.flat_map(|prefix| (0..20).map(move |_| prefix));
            all.filter(|prefix| tries.from(Some(six(*prefix))).is_ok()).count()
        };
        // A home with 256 networks, a site with 256 homes, and another site.
        assert_eq!(tried(site..site + 256), 40);
        assert_eq!(tried(site + 256..site + 65_536), 120);
        assert_eq!(tried(site + 65_536..site + 65_537), 10);
        let four =
            |n: u32| tries.from(Some(IpAddr::from([198, 51, (n / 256) as u8, (n % 256) as u8]))).is_ok();
        assert_eq!((0..256 * 20).filter(|n| four(n % 256)).count(), 160);
        assert!(four(256));
        // All these took nothing from those who cannot be told apart.
        assert_eq!((0..200).filter(|_| tries.from(None).is_ok()).count(), 100);
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
