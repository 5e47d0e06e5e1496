//! What must hold of any history at all. Each property draws histories and is shrunk to the smallest that breaks it.
//!
//! The seeds are fixed: a run repeats itself, and what it finds today it finds tomorrow. More cases of another
//! seed are a change of [`config`] away.

mod agreement;
mod catch_up;
mod clock;
mod guards;
mod history;
mod merging;
mod reference;
mod schemas;
mod urgent;

use proptest::test_runner::{Config, RngSeed};

/// So many cases of fixed histories.
fn config(cases: u32) -> Config {
    Config { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(0x5eed), ..Config::default() }
}
