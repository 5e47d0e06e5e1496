//! The cars: they wait, go when they may, and are in the way while they do.

use std::collections::VecDeque;

use super::World;
use crate::engine::Tick;

/// How long a driver takes to start.
const STARTS_AFTER_MS: u64 = 400;

/// How long a car is under the arm where nothing else is said.
pub(super) fn usual_crossing_ms() -> u32 {
    1_500
}

#[derive(Clone, Copy, Debug)]
struct Car {
    tailgates: bool,
    crossing_ms: u32,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Traffic {
    waiting: VecDeque<Car>,
    starts_at: Option<Tick>,
    crossing: Option<Crossing>,
    /// An opening that no car has used yet.
    unused_opening: bool,
    is_held: bool,
}

#[derive(Clone, Copy, Debug)]
struct Crossing {
    tailgated: bool,
    until: Tick,
}

impl Traffic {
    pub(super) fn arrive(&mut self, tailgates: bool, crossing_ms: u32) {
        if self.waiting.len() < World::MAX_WAITING {
            self.waiting.push_back(Car { tailgates, crossing_ms });
        }
    }

    pub(super) fn leave(&mut self) {
        self.waiting.pop_front();
        self.starts_at = None;
    }

    /// The barrier was told to open: for one car.
    pub(super) fn may_go(&mut self) {
        self.unused_opening = true;
    }

    /// It is closed again: whoever comes now needs an opening of their own.
    pub(super) fn may_not_go(&mut self) {
        self.unused_opening = false;
    }

    /// The first driver looks up.
    pub(super) fn look(&mut self, is_open: bool, is_held: bool, now: Tick) {
        self.is_held = is_held;
        let goes = self.waiting.front().is_some_and(|car| self.unused_opening || is_held || car.tailgates);
        self.starts_at = (goes && is_open && self.crossing.is_none())
            .then(|| self.starts_at.unwrap_or(Tick(now.0 + STARTS_AFTER_MS)));
    }

    /// Lets the cars go on; a car that went through, and whether on somebody else's opening.
    pub(super) fn proceed(&mut self, now: Tick) -> Option<bool> {
        let through = self.crossing.take_if(|crossing| crossing.until <= now);
        if self.starts_at.take_if(|at| *at <= now).is_some()
            && let Some(car) = self.waiting.pop_front()
        {
            let until = Tick(now.0 + u64::from(car.crossing_ms));
            self.crossing = Some(Crossing { tailgated: !self.unused_opening && !self.is_held, until });
            self.unused_opening = false;
        }
        through.map(|crossing| crossing.tailgated)
    }

    pub(super) fn deadline(&self) -> Option<Tick> {
        let through = self.crossing.map(|crossing| crossing.until);
        [self.starts_at, through].into_iter().flatten().min()
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn is_crossing(&self) -> bool {
        self.crossing.is_some()
    }
}
