//! What the relays were told: pulses that the driver has not answered, the hold's lease, and the interlock.
//!
//! Whatever a relay was told before, it is released before it or the other one is energised anew: pulses never join
//! into a longer one, and open and close never overlap, however late the device hears of it.

use dwellers_replica::RecordId;

use super::turn::Turn;
use super::{Relay, Setup, Tick};
use crate::fault::{Fault, planted};

/// A pulse that the driver has not answered yet.
#[derive(Debug)]
pub(super) struct Outstanding {
    pub pulse: RecordId,
    /// The entry that it carries out.
    pub about: RecordId,
    pub relay: Relay,
    deadline: Tick,
}

/// What may be energised.
#[derive(Clone, Copy, Debug)]
enum Energised {
    Nothing,
    /// This one, until then.
    Only(Relay, Tick),
    /// Nobody knows: what an earlier run told last, or what was lost with the driver.
    Unknown,
}

#[derive(Debug)]
pub(super) struct Relays {
    pulse_ms: u32,
    lease_ms: u32,
    acknowledge_timeout_ms: u32,
    energised: Energised,
    renew_at: Option<Tick>,
    outstanding: Vec<Outstanding>,
    /// What a planted fault tells again.
    #[cfg(feature = "sim")]
    again: Vec<(Relay, RecordId, RecordId)>,
}

impl Relays {
    const MOST: usize = 32;

    pub fn new(setup: &Setup) -> Self {
        Relays {
            pulse_ms: setup.pulse_ms.min(Setup::MAX_PULSE_MS),
            lease_ms: setup.hold_lease_ms,
            acknowledge_timeout_ms: setup.acknowledge_timeout_ms,
            energised: Energised::Unknown,
            renew_at: None,
            outstanding: Vec::new(),
            #[cfg(feature = "sim")]
            again: Vec::new(),
        }
    }

    /// Energises a relay once, to carry out what the entry `about` says.
    pub fn pulse(&mut self, relay: Relay, pulse: RecordId, about: RecordId, turn: &mut Turn<'_>) {
        let (ms, timeout_ms) = (self.pulse_ms, self.acknowledge_timeout_ms);
        self.give_way(relay, turn);
        turn.pulse(relay, pulse, if planted(Fault::PulseTooLong) { 2 * ms } else { ms });
        // The device may hear of it as late as it may acknowledge it.
        self.energised = Energised::Only(relay, turn.now.after(ms).after(timeout_ms));
        let deadline = turn.now.after(timeout_ms);
        self.outstanding.push(Outstanding { pulse, about, relay, deadline });
    }

    /// Releases what may be energised, before `relay` is.
    fn give_way(&mut self, relay: Relay, turn: &mut Turn<'_>) {
        if planted(Fault::NoInterlock) {
            return;
        }
        match self.energised {
            Energised::Only(energised, until) if energised != relay || turn.now < until => {
                self.release(energised, turn);
            }
            Energised::Unknown => {
                self.release(Relay::Open, turn);
                self.release(Relay::Close, turn);
            }
            Energised::Nothing | Energised::Only(..) => {}
        }
    }

    /// Begins or renews the hold.
    pub fn hold(&mut self, turn: &mut Turn<'_>) {
        if self.renew_at.is_none() {
            self.give_way(Relay::Open, turn);
        }
        turn.hold(if planted(Fault::HoldWithoutLease) { u32::MAX } else { self.lease_ms });
        self.energised = Energised::Only(Relay::Open, turn.now.after(self.lease_ms));
        // Two renewals may be lost before the lease is over.
        let renewal_ms = if planted(Fault::HoldNotRenewed) { u32::MAX } else { (self.lease_ms / 3).max(1) };
        self.renew_at = Some(turn.now.after(renewal_ms));
    }

    pub fn release(&mut self, relay: Relay, turn: &mut Turn<'_>) {
        turn.release(relay);
        if relay == Relay::Open {
            self.renew_at = None;
        }
        self.energised = match self.energised {
            Energised::Only(energised, _) if energised == relay => Energised::Nothing,
            other => other,
        };
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
        self.energised = Energised::Unknown;
        std::mem::take(&mut self.outstanding)
    }

    #[cfg(feature = "sim")]
    pub fn plant_again(&mut self, relay: Relay, pulse: RecordId, about: RecordId) {
        self.again.push((relay, pulse, about));
    }

    #[cfg(feature = "sim")]
    pub fn tell_again(&mut self, turn: &mut Turn<'_>) {
        for (relay, pulse, about) in std::mem::take(&mut self.again) {
            self.pulse(relay, pulse, about, turn);
        }
    }

    pub fn is_quiet(&self) -> bool {
        self.outstanding.is_empty()
    }

    pub fn deadline(&self) -> Option<Tick> {
        self.outstanding.iter().map(|outstanding| outstanding.deadline).chain(self.renew_at).min()
    }
}
