//! The watchdog: whether the hub does its work, and the word of it to the service manager.
//!
//! It is fed while the loop of the gates has turned and the store has written, both not long ago. Never by the
//! network: a hub without one does its work. A store that answers "full" counts as well: a restart empties no disk,
//! and the guard's button works without a record.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sd_notify::NotifyState;

use crate::clock::Clock;
use crate::engine::Tick;

/// How long ago each must have happened at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// A turn of the gates' loop.
    pub gates_ms: u64,
    /// A write of the store.
    pub store_ms: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        // The loop turns several times a second; a write is made at least every [`WRITE_EVERY`].
        Bounds { gates_ms: 5_000, store_ms: 60_000 }
    }
}

/// How often the store is written at least: where nothing happened, a heartbeat.
pub const WRITE_EVERY: Duration = Duration::from_secs(20);

/// The last signs of life. Clones are the same; marking one is cheap and waits for nothing.
#[derive(Clone, Debug)]
pub struct Pulse {
    bounds: Bounds,
    gates: Arc<AtomicU64>,
    store: Arc<AtomicU64>,
}

/// What is wrong where the watchdog is not fed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stuck {
    /// The loop of the gates has not turned for so long.
    Gates {
        /// Milliseconds.
        for_ms: u64,
    },
    /// The store has not written for so long.
    Store {
        /// Milliseconds.
        for_ms: u64,
    },
}

impl fmt::Display for Stuck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stuck::Gates { for_ms } => write!(f, "the gates' loop has stood still for {} s", for_ms / 1_000),
            Stuck::Store { for_ms } => write!(f, "nothing could be stored for {} s", for_ms / 1_000),
        }
    }
}

impl Pulse {
    /// A hub that starts at `start`: it has as long as the bounds say to show its first signs.
    pub fn new(bounds: Bounds, start: Tick) -> Self {
        let at = || Arc::new(AtomicU64::new(start.0));
        Pulse { bounds, gates: at(), store: at() }
    }

    /// The gates' loop turned.
    pub fn gates_turned(&self, at: Tick) {
        self.gates.fetch_max(at.0, Ordering::Relaxed);
    }

    /// The store wrote, durably (or said that it is full).
    pub fn store_wrote(&self, at: Tick) {
        self.store.fetch_max(at.0, Ordering::Relaxed);
    }

    /// Whether the store needs a heartbeat.
    pub fn is_write_due(&self, at: Tick) -> bool {
        u128::from(at.0.saturating_sub(self.store.load(Ordering::Relaxed))) >= WRITE_EVERY.as_millis()
    }

    /// Whether the watchdog may be fed.
    ///
    /// # Errors
    /// What is stuck.
    pub fn check(&self, at: Tick) -> Result<(), Stuck> {
        let since = |last: &AtomicU64| at.0.saturating_sub(last.load(Ordering::Relaxed));
        let (gates, store) = (since(&self.gates), since(&self.store));
        if gates > self.bounds.gates_ms {
            Err(Stuck::Gates { for_ms: gates })
        } else if store > self.bounds.store_ms {
            Err(Stuck::Store { for_ms: store })
        } else {
            Ok(())
        }
    }
}

/// The service manager, where one started us (`$NOTIFY_SOCKET`); elsewhere nobody hears it.
#[derive(Clone, Copy, Debug, Default)]
pub struct ServiceManager;

impl ServiceManager {
    /// How often it wants to be told that we live, at the latest.
    pub fn watchdog(self) -> Option<Duration> {
        sd_notify::watchdog_enabled()
    }

    /// The hub is ready to decide and open.
    pub fn ready(self, status: &str) {
        tell(&[NotifyState::Ready, NotifyState::Status(status)]);
    }

    /// A line that `systemctl status` shows.
    pub fn status(self, status: &str) {
        tell(&[NotifyState::Status(status)]);
    }

    /// We live.
    pub fn feed(self) {
        tell(&[NotifyState::Watchdog]);
    }

    /// The hub ends, as it should.
    pub fn stopping(self) {
        tell(&[NotifyState::Stopping]);
    }
}

fn tell(states: &[NotifyState<'_>]) {
    let told: io::Result<()> = sd_notify::notify(states);
    if let Err(error) = told {
        tracing::warn!(%error, "the service manager does not hear");
    }
}

/// Feeds the watchdog while the pulse allows it. Never ends; returns at once where nobody wants to be fed.
pub async fn keep(pulse: Pulse, clock: Clock, manager: ServiceManager) {
    let Some(deadline) = manager.watchdog() else { return };
    let mut turns = tokio::time::interval(deadline / 3);
    let mut was_stuck = false;
    loop {
        turns.tick().await;
        match pulse.check(clock.tick()) {
            Ok(()) => {
                manager.feed();
                if was_stuck {
                    tracing::info!("works again");
                    manager.status("works again");
                }
                was_stuck = false;
            }
            Err(stuck) => {
                if !was_stuck {
                    tracing::error!(%stuck, "the watchdog is not fed");
                }
                manager.status(&stuck.to_string());
                was_stuck = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fed_only_while_both_live() {
        let bounds = Bounds { gates_ms: 100, store_ms: 1_000 };
        let pulse = Pulse::new(bounds, Tick(50));
        let check =
            |at: u64, expected: Result<(), Stuck>| assert_eq!(pulse.check(Tick(at)), expected, "{at}");
        check(150, Ok(()));
        check(151, Err(Stuck::Gates { for_ms: 101 }));
        pulse.store_wrote(Tick(150));
        check(151, Err(Stuck::Gates { for_ms: 101 }));
        pulse.gates_turned(Tick(1_150));
        check(1_150, Ok(()));
        check(1_151, Err(Stuck::Store { for_ms: 1_001 }));
        pulse.store_wrote(Tick(1_151));
        check(1_250, Ok(()));
        check(9_000, Err(Stuck::Gates { for_ms: 7_850 }));
        // An older sign that comes late takes nothing back.
        pulse.gates_turned(Tick(9_000));
        pulse.gates_turned(Tick(8_000));
        pulse.store_wrote(Tick(8_999));
        check(9_000, Ok(()));
    }

    #[test]
    fn a_heartbeat_is_due_where_nothing_happened() {
        let pulse = Pulse::new(Bounds::default(), Tick(0));
        let every = u64::try_from(WRITE_EVERY.as_millis()).unwrap();
        assert!(!pulse.is_write_due(Tick(every - 1)));
        assert!(pulse.is_write_due(Tick(every)));
        pulse.store_wrote(Tick(every));
        assert!(!pulse.is_write_due(Tick(every + 1)));
    }
}
