//! Challenges: why a command from afar cannot come late, twice or unasked.
//!
//! The hub hands the cloud a fresh challenge every few seconds; a command carries one. The hub takes it only while that
//! challenge is at most ten seconds old on its own monotonic clock, once, and only on the connection that it was handed out
//! on. A command that was held back by a network, a queue or an attacker comes after its challenge has died; one that is
//! sent again finds it spent; one of another connection, hub or time finds none. Nothing about it is kept on disk: a hub
//! that restarts knows no challenge, and takes no command of before.
//!
//! What must never be here: a command's meaning; wall-clock time.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// How long a challenge is good for, on the hub's monotonic clock.
pub const FRESH_MS: u64 = 10_000;
/// How often a new one is handed out: a command that is on its way while it changes still finds the one before.
pub const EVERY_MS: u64 = 3_000;
/// Those alive at a time: one every three seconds for ten, and as many as commands spend early.
const MOST: usize = 64;

/// A challenge: 16 bytes that nobody can guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Challenge(pub [u8; 16]);

/// Why a command is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// Its challenge is too old, was spent, or was never handed out: the hub does not know which, and need not.
    #[error("the command came too late, or a second time")]
    Stale,
}

/// Those that a hub handed out on one connection.
#[derive(Debug, Default)]
pub struct Challenges {
    alive: VecDeque<(Challenge, u64)>,
    handed_ms: Option<u64>,
}

impl Challenges {
    /// Whether it is time to hand out another one, at a monotonic time.
    pub fn is_due(&self, at_ms: u64) -> bool {
        self.handed_ms.is_none_or(|last| at_ms.saturating_sub(last) >= EVERY_MS)
    }

    /// Hands out one that was just drawn.
    pub fn hand_out(&mut self, challenge: Challenge, at_ms: u64) {
        self.forget(at_ms);
        if self.alive.len() == MOST {
            self.alive.pop_front();
        }
        self.alive.push_back((challenge, at_ms));
        self.handed_ms = Some(at_ms);
    }

    /// Spends the one that a command carries. The next one is due at once: the next command must not wait.
    ///
    /// # Errors
    /// It is not alive.
    pub fn spend(&mut self, challenge: Challenge, at_ms: u64) -> Result<(), Refusal> {
        self.forget(at_ms);
        let at = self.alive.iter().position(|(alive, _)| *alive == challenge).ok_or(Refusal::Stale)?;
        self.alive.remove(at);
        self.handed_ms = None;
        Ok(())
    }

    /// A clock that ran backwards makes what it handed out stale: a monotonic one does not.
    fn forget(&mut self, at_ms: u64) {
        self.alive.retain(|(_, handed)| at_ms.checked_sub(*handed).is_some_and(|age| age <= FRESH_MS));
    }
}
