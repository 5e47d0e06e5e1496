//! The two relays: their own timers, the interlock, and the memory of pulses that were done.

use std::collections::{HashSet, VecDeque};

use dwellers_replica::RecordId;
use serde::{Deserialize, Serialize};

use super::history::{By, History, What, Why};
use crate::engine::{Relay, Tick};

/// So many pulses are remembered, the latest: more than a gate makes in a week.
const MAX_REMEMBERED: usize = 20_000;

/// Why a pulse is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    /// It asks for nothing.
    #[error("a pulse lasts at least 1 ms")]
    Empty,
    /// It was under way for too long: the hub's world is not the present one any more.
    #[error("the command came late; a hub names the latest beat that it heard, and is not behind it")]
    Late,
}

/// What came of a pulse that was not refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    /// It moved the relay.
    Moved,
    /// It was done before, or the relay is held anyway.
    Nothing,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Relays {
    open: Option<Energised>,
    close: Option<Energised>,
    done: HashSet<RecordId>,
    order: VecDeque<RecordId>,
}

#[derive(Clone, Copy, Debug)]
struct Energised {
    by: By,
    since: Tick,
    until: Tick,
}

impl Relays {
    pub(super) fn pulse(
        &mut self,
        relay: Relay,
        id: RecordId,
        ms: u32,
        max_ms: u32,
        now: Tick,
        history: &mut History,
    ) -> Result<Done, Refused> {
        let ms = ms.min(max_ms);
        if ms == 0 {
            return Err(Refused::Empty);
        }
        if !self.remember(id) {
            history.note(now, What::Repeated { relay, id });
            return Ok(Done::Nothing);
        }
        if relay == Relay::Open && self.by(relay) == Some(By::Hold) {
            // The hold goes on: a pulse must not end it by its own, shorter time.
            history.note(now, What::Covered { id });
            return Ok(Done::Nothing);
        }
        self.energise(relay, By::Pulse(id), ms, now, history);
        Ok(Done::Moved)
    }

    pub(super) fn hold(&mut self, lease_ms: u32, now: Tick, history: &mut History) {
        match &mut self.open {
            Some(open) if open.by == By::Hold => open.until = Tick(now.0 + u64::from(lease_ms)),
            _ => self.energise(Relay::Open, By::Hold, lease_ms, now, history),
        }
    }

    pub(super) fn release(&mut self, relay: Relay, why: Why, now: Tick, history: &mut History) {
        if let Some(Energised { by, since, .. }) = self.slot(relay).take() {
            history.note(now, What::Released { relay, by, after_ms: now.0 - since.0, why });
        }
    }

    pub(super) fn expire(&mut self, now: Tick, history: &mut History) {
        for relay in [Relay::Open, Relay::Close] {
            if self.slot(relay).is_some_and(|energised| energised.until <= now) {
                self.release(relay, Why::TimeOver, now, history);
            }
        }
    }

    pub(super) fn by(&self, relay: Relay) -> Option<By> {
        match relay {
            Relay::Open => self.open,
            Relay::Close => self.close,
        }
        .map(|energised| energised.by)
    }

    pub(super) fn deadline(&self) -> Option<Tick> {
        [self.open, self.close].into_iter().flatten().map(|energised| energised.until).min()
    }

    /// The interlock: the later command wins, and the other relay is off before this one is on.
    fn energise(&mut self, relay: Relay, by: By, ms: u32, now: Tick, history: &mut History) {
        let other = match relay {
            Relay::Open => Relay::Close,
            Relay::Close => Relay::Open,
        };
        self.release(other, Why::Interlock, now, history);
        self.release(relay, Why::Replaced, now, history);
        *self.slot(relay) = Some(Energised { by, since: now, until: Tick(now.0 + u64::from(ms)) });
        history.note(now, What::Energised { relay, by, ms });
    }

    fn slot(&mut self, relay: Relay) -> &mut Option<Energised> {
        match relay {
            Relay::Open => &mut self.open,
            Relay::Close => &mut self.close,
        }
    }

    /// Whether the id is new.
    fn remember(&mut self, id: RecordId) -> bool {
        if !self.done.insert(id) {
            return false;
        }
        self.order.push_back(id);
        if self.order.len() > MAX_REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.done.remove(&oldest);
        }
        true
    }
}
