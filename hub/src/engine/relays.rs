//! What the relays were told: pulses that the driver has not answered, the hold's lease, and the interlock.
//!
//! Whatever a relay was told before, it is released before it or the other one is energised anew: pulses never join
//! into a longer one, and open and close never overlap, however late the device hears of it.

use dwellers_replica::RecordId;

use super::turn::Turn;
use super::{Relay, Setup, Tick};

/// A pulse that the driver has not answered yet.
#[derive(Debug)]
pub(super) struct Outstanding {
    pub pulse: RecordId,
    /// The entry that it carries out.
    pub about: RecordId,
    pub relay: Relay,
    deadline: Tick,
}

#[derive(Debug)]
pub(super) struct Relays {
    pulse_ms: u32,
    lease_ms: u32,
    acknowledge_timeout_ms: u32,
    /// The relay that was energised last and not released since, and until when it may be.
    energised: Option<(Relay, Tick)>,
    renew_at: Option<Tick>,
    outstanding: Vec<Outstanding>,
}

impl Relays {
    const MOST: usize = 32;

    pub fn new(setup: &Setup) -> Self {
        Relays {
            pulse_ms: setup.pulse_ms.min(Setup::MAX_PULSE_MS),
            lease_ms: setup.hold_lease_ms,
            acknowledge_timeout_ms: setup.acknowledge_timeout_ms,
            energised: None,
            renew_at: None,
            outstanding: Vec::new(),
        }
    }

    /// Energises a relay once, to carry out what the entry `about` says.
    pub fn pulse(&mut self, relay: Relay, pulse: RecordId, about: RecordId, turn: &mut Turn<'_>) {
        let (ms, timeout_ms) = (self.pulse_ms, self.acknowledge_timeout_ms);
        self.give_way(relay, turn);
        turn.pulse(relay, pulse, ms);
        // The device may hear of it as late as it may acknowledge it.
        self.energised = Some((relay, turn.now.after(ms).after(timeout_ms)));
        let deadline = turn.now.after(timeout_ms);
        self.outstanding.push(Outstanding { pulse, about, relay, deadline });
    }

    /// Releases what may be energised, before `relay` is.
    fn give_way(&mut self, relay: Relay, turn: &mut Turn<'_>) {
        if let Some((energised, until)) = self.energised
            && (energised != relay || turn.now < until)
        {
            self.release(energised, turn);
        }
    }

    /// Begins or renews the hold.
    pub fn hold(&mut self, turn: &mut Turn<'_>) {
        if self.renew_at.is_none() {
            self.give_way(Relay::Open, turn);
        }
        turn.hold(self.lease_ms);
        self.energised = Some((Relay::Open, turn.now.after(self.lease_ms)));
        // Two renewals may be lost before the lease is over.
        self.renew_at = Some(turn.now.after((self.lease_ms / 3).max(1)));
    }

    pub fn release(&mut self, relay: Relay, turn: &mut Turn<'_>) {
        turn.release(relay);
        if relay == Relay::Open {
            self.renew_at = None;
        }
        if self.energised.is_some_and(|(energised, _)| energised == relay) {
            self.energised = None;
        }
    }

    pub fn renewal_is_due(&self, now: Tick) -> bool {
        self.renew_at.is_some_and(|at| at <= now)
    }

    /// The driver answered: gives what it answered about.
    pub fn answered(&mut self, pulse: RecordId) -> Option<Outstanding> {
        let at = self.outstanding.iter().position(|outstanding| outstanding.pulse == pulse)?;
        Some(self.outstanding.remove(at))
    }

    /// Takes out the next pulse that the driver should have answered.
    pub fn next_overdue(&mut self, now: Tick) -> Option<Outstanding> {
        let first = self.outstanding.first()?;
        (first.deadline <= now || self.outstanding.len() > Self::MOST).then(|| self.outstanding.remove(0))
    }

    /// The driver is gone: nothing is known of what it was told last, and nothing is told again.
    pub fn lost(&mut self) -> Vec<Outstanding> {
        self.renew_at = None;
        std::mem::take(&mut self.outstanding)
    }

    pub fn is_quiet(&self) -> bool {
        self.outstanding.is_empty()
    }

    pub fn deadline(&self) -> Option<Tick> {
        self.outstanding.iter().map(|outstanding| outstanding.deadline).chain(self.renew_at).min()
    }
}
