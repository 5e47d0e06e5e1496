//! The edge where time and chance enter the cloud. Everything else takes what it needs of these as an argument.
//!
//! What must never be here: a decision; a wait.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use dwellers_replica::Now;

/// The wall clock. A server's is set from the network.
pub fn now() -> Now {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let ms = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
    Now { ms, trusted: ms > 0 }
}

/// The monotonic clock, from when it was started.
#[derive(Clone, Copy, Debug)]
pub struct Monotonic(Instant);

impl Monotonic {
    /// Starts counting.
    pub fn start() -> Monotonic {
        Monotonic(Instant::now())
    }

    /// Milliseconds since then.
    pub fn ms(self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// 128 random bits.
pub fn entropy() -> u128 {
    u128::from_ne_bytes(random())
}

/// Random bytes that nobody can guess.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the kernel's generator answers once it was seeded, long before us");
    bytes
}
