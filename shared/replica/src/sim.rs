//! The simulator: a cloud and its hubs over a bad network, with crashes, mad clocks, restored and copied
//! disks, and an oracle that knows what must not be lost.
//!
//! A seed decides everything; the same seed plays the same story, step by step. A story has some rounds.
//! Each is a stretch of random steps with at most one disaster (a disk restored, copied or replaced), after
//! which the network heals and everything must come out right:
//! equal digests everywhere that equal a recomputation; nothing lost that a peer acknowledged, nor, for
//! crashes alone, what was acknowledged locally; no refused stamp accepted; nothing erased alive; and at every
//! moment no vector that covers what its owner does not hold.

mod cli;
mod network;
mod oracle;
mod records;
mod steps;
mod world;

pub use cli::{Play, Simulator};
pub use world::Tally;

/// How large a story is.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Rounds, each ending with everything healed and checked.
    pub rounds: usize,
    /// Random steps in a round.
    pub steps: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options { rounds: 3, steps: 120 }
    }
}

/// A story that came out wrong.
#[derive(Clone, Debug, thiserror::Error)]
#[error("seed {seed}, step {step}: {what}")]
pub struct Failure {
    /// The seed, which plays the story again.
    pub seed: u64,
    /// At which step.
    pub step: usize,
    /// What was wrong.
    pub what: String,
}

/// Plays the story of a seed; `trace` is told each step.
///
/// # Errors
/// Where anything comes out wrong.
pub fn play(seed: u64, options: Options, trace: &mut dyn FnMut(&str)) -> Result<Tally, Failure> {
    let mut world = world::World::new(seed, trace);
    let result = (0..options.rounds).try_for_each(|_| {
        world.round(options.steps)?;
        world.heal()
    });
    match result {
        Ok(()) => Ok(world.tally()),
        Err(what) => Err(Failure { seed, step: world.step(), what }),
    }
}
