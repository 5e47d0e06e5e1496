//! The simulator of a gate: the engine, the simulated barrier and a store, in a world of cars, guards and faults.
//!
//! A seed decides everything; the same seed plays the same story, step by step. A story is a stretch of random steps:
//! cars honest and tailgating, copied plates, plates read twice, the guard's presses, fire, a motor that jams, a cable
//! that is pulled, a driver that is lost or lies, a store that is slow or fails, and a hub that is killed at any moment
//! while the barrier lives on. At its end everything heals, and the gate must still let a car through, see another
//! one slip in behind it, and close.
//!
//! The witness holds the engine to its invariants after every single event, by the barrier's own history and by what
//! the journal says; it shares no code with the engine.

mod steps;
mod store;
mod witness;
mod world;

use std::fmt;
use std::ops::Add;

pub use dwellers_replica::sim::Failure;

/// How large a story is.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Random steps.
    pub steps: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options { steps: 60 }
    }
}

/// What was lived through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Events that the engine was told.
    pub events: u64,
    /// Pulses that moved a relay.
    pub pulses: u64,
    /// Cars that went through.
    pub cars: u64,
    /// Kills of the hub.
    pub kills: u64,
    /// Times that the driver was lost.
    pub losses: u64,
    /// Closings that were reversed.
    pub reversals: u64,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { events, pulses, cars, kills, losses, reversals } = self;
        write!(
            f,
            "{events} events, {pulses} pulses, {cars} cars, {kills} kills, {losses} times without a driver, \
             {reversals} closings reversed"
        )
    }
}

impl Add for Tally {
    type Output = Tally;

    fn add(self, other: Tally) -> Tally {
        Tally {
            events: self.events + other.events,
            pulses: self.pulses + other.pulses,
            cars: self.cars + other.cars,
            kills: self.kills + other.kills,
            losses: self.losses + other.losses,
            reversals: self.reversals + other.reversals,
        }
    }
}

/// Plays the story of a seed; `trace` is told each step.
///
/// # Errors
/// Where anything comes out wrong.
pub fn play(seed: u64, options: Options, trace: &mut dyn FnMut(&str)) -> Result<Tally, Failure> {
    let mut world = world::World::new(seed, trace);
    let result = world.live(options.steps).and_then(|()| world.heal());
    match result {
        Ok(()) => Ok(world.tally()),
        Err(what) => Err(Failure { seed, step: world.step(), what }),
    }
}
