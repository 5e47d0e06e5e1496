//! The arm: where it is, where it goes, and when it gets there.

use crate::engine::{Position, Tick};

/// The slowest arm.
const MAX_TRAVEL_MS: u32 = 3_600_000;

/// Where an arm goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Motion {
    Still,
    Up,
    Down,
}

/// A whole way has `opening_ms * closing_ms` parts: a millisecond up or down is a whole number of them, and nothing
/// is rounded, however often one looks.
#[derive(Clone, Debug)]
pub(super) struct Arm {
    opening_ms: u64,
    closing_ms: u64,
    /// How far it was open at `since`, in parts.
    position: u64,
    since: Tick,
    motion: Motion,
    moving_since: Tick,
}

impl Arm {
    pub(super) fn new(opening_ms: u32, closing_ms: u32) -> Self {
        Arm {
            opening_ms: u64::from(opening_ms.clamp(1, MAX_TRAVEL_MS)),
            closing_ms: u64::from(closing_ms.clamp(1, MAX_TRAVEL_MS)),
            position: 0,
            since: Tick(0),
            motion: Motion::Still,
            moving_since: Tick(0),
        }
    }

    /// Brings the position up to the time, and stops at an end.
    pub(super) fn settle(&mut self, now: Tick) {
        self.position = self.position(now);
        self.since = now;
    }

    /// Goes that way from now on.
    pub(super) fn drive(&mut self, motion: Motion, now: Tick) {
        self.settle(now);
        if motion != self.motion {
            self.motion = motion;
            self.moving_since = now;
        }
    }

    /// Since when it goes the way it goes.
    pub(super) fn moving_since(&self) -> Tick {
        self.moving_since
    }

    pub(super) fn arrives_at(&self) -> Option<Tick> {
        match self.motion {
            Motion::Up if self.position < self.whole() => {
                Some(self.after(self.whole() - self.position, self.closing_ms))
            }
            Motion::Down if self.position > 0 => Some(self.after(self.position, self.opening_ms)),
            Motion::Still | Motion::Up | Motion::Down => None,
        }
    }

    /// When it comes down to the height of a roof: a quarter of the way up.
    pub(super) fn strikes_at(&self) -> Option<Tick> {
        let roof = self.whole() / 4;
        (self.motion == Motion::Down && self.position > roof)
            .then(|| self.after(self.position - roof, self.opening_ms))
    }

    /// How far it is open, 0 to 1000.
    pub(super) fn permille(&self, now: Tick) -> u32 {
        u32::try_from(self.position(now) * 1000 / self.whole()).expect("at most 1000")
    }

    /// What a sensor of its ends sees; it leaves an end as it begins to move.
    pub(super) fn sensed(&self, now: Tick) -> Position {
        match (self.position(now), self.motion) {
            (0, Motion::Still | Motion::Down) => Position::Closed,
            (position, Motion::Still | Motion::Up) if position == self.whole() => Position::Open,
            _ => Position::Moving,
        }
    }

    fn whole(&self) -> u64 {
        self.opening_ms * self.closing_ms
    }

    fn position(&self, now: Tick) -> u64 {
        let elapsed_ms = now.0.saturating_sub(self.since.0);
        match self.motion {
            Motion::Still => self.position,
            Motion::Up => {
                self.position.saturating_add(elapsed_ms.saturating_mul(self.closing_ms)).min(self.whole())
            }
            Motion::Down => self.position.saturating_sub(elapsed_ms.saturating_mul(self.opening_ms)),
        }
    }

    fn after(&self, way: u64, each_ms: u64) -> Tick {
        Tick(self.since.0 + way.div_ceil(each_ms))
    }
}
