//! How many tries there are, and how long one waits after too many. Pure.
//!
//! The monotonic clock alone ends a lock while the process runs, so that no wall clock that is set forward or back
//! can. It starts anew with each process: then what is left of a lock is reckoned by the wall clock where that was
//! trusted both times and did not run backwards, and otherwise the whole lock begins again, once.

use super::Moment;
use crate::engine::Tick;

/// Tries before the first lock, and the locks that follow each further one; the last repeats.
pub(super) struct Bounds {
    free: u32,
    locks_ms: &'static [u64],
}

const MINUTE_MS: u64 = 60_000;

/// For one guard.
pub(super) const ONE: Bounds =
    Bounds { free: 5, locks_ms: &[MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS] };

/// For all together: trying one after the other gains little. Its locks are short, because they also keep out those
/// who know their PIN.
pub(super) const ALL: Bounds = Bounds { free: 15, locks_ms: &[MINUTE_MS, 2 * MINUTE_MS, 5 * MINUTE_MS] };

impl Bounds {
    fn lock_ms(&self, failed: u32) -> u64 {
        match failed.checked_sub(self.free) {
            None => 0,
            Some(beyond) => {
                let last = self.locks_ms.len() - 1;
                self.locks_ms[usize::try_from(beyond).unwrap_or(last).min(last)]
            }
        }
    }
}

/// Failed tries, and until when there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tries {
    failed: u32,
    until: Tick,
}

impl Tries {
    /// What the store tells a process that `started` then.
    pub fn load(bounds: &Bounds, stored: (u32, Option<u64>), started: Tick, at: Moment) -> Self {
        let (failed, failed_at_ms) = stored;
        let lock_ms = bounds.lock_ms(failed);
        let passed_ms = match failed_at_ms {
            Some(then) if at.now.trusted => at.now.ms.saturating_sub(then),
            _ => 0,
        };
        let by_wall = at.tick.0.saturating_add(lock_ms.saturating_sub(passed_ms));
        let whole = started.0.saturating_add(lock_ms);
        Tries { failed, until: Tick(by_wall.min(whole)) }
    }

    pub fn failed(self) -> u32 {
        self.failed
    }

    pub fn wait_ms(self, tick: Tick) -> u64 {
        self.until.0.saturating_sub(tick.0)
    }

    #[must_use]
    pub fn failed_at(self, bounds: &Bounds, tick: Tick) -> Self {
        let failed = self.failed.saturating_add(1);
        Tries { failed, until: Tick(tick.0.saturating_add(bounds.lock_ms(failed))) }
    }
}

#[cfg(test)]
mod tests {
    use dwellers_replica::Now;

    use super::*;

    const HOUR_MS: u64 = 60 * MINUTE_MS;

    #[test]
    fn locks_grow_and_end() {
        let waits = |bounds: &Bounds, tries: usize| {
            let mut at = Tick(7);
            let mut state = Tries::default();
            let mut waits = Vec::new();
            for _ in 0..tries {
                state = state.failed_at(bounds, at);
                waits.push(state.wait_ms(at) / MINUTE_MS);
                at.0 += state.wait_ms(at);
                assert_eq!(state.wait_ms(at), 0, "a lock ends");
            }
            waits
        };
        assert_eq!(waits(&ONE, 10), [0, 0, 0, 0, 1, 5, 15, 60, 60, 60]);
        assert_eq!(waits(&ALL, 19)[13..], [0, 1, 2, 5, 5, 5]);
    }

    #[test]
    fn after_a_restart_only_a_trusted_clock_shortens_a_lock() {
        let noon = 1_800_000_000_000;
        // Eight tries: an hour. Asked two minutes after the start.
        let check = |failed_at, now_ms, trusted, expected_ms| {
            let at = Moment { now: Now { ms: now_ms, trusted }, tick: Tick(2 * MINUTE_MS) };
            let tries = Tries::load(&ONE, (8, failed_at), Tick(0), at);
            assert_eq!((tries.wait_ms(at.tick), tries.failed()), (expected_ms, 8), "{failed_at:?} {now_ms}");
        };
        let whole = HOUR_MS - 2 * MINUTE_MS;
        check(Some(noon), noon + 20 * MINUTE_MS, true, 40 * MINUTE_MS);
        check(Some(noon), noon + 2 * HOUR_MS, true, 0);
        check(Some(noon), noon + 2 * HOUR_MS, false, whole);
        check(Some(noon), noon - 24 * HOUR_MS, true, whole);
        check(None, noon + 24 * HOUR_MS, true, whole);
        check(Some(u64::MAX), noon, true, whole);
    }
}
