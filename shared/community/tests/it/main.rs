//! The rules of community life, tested by the commands that web, bot and touchscreen call.

#![allow(clippy::unwrap_used, reason = "a helper of a test that cannot go on fails it")]

mod access;
mod alarms;
mod consents;
mod gates;
mod imports;
mod journal;
mod passes;
mod people;
mod plate;
mod privacy;
mod questions;
mod retention;
mod rights;
mod texts;
mod vehicles;
mod village;
mod visitor_log;

use proptest::test_runner::{Config, RngSeed};

/// So many cases, and the same ones every time.
fn fixed(cases: u32) -> Config {
    Config { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(0x5eed), ..Config::default() }
}

#[test]
fn all_collections_can_be_declared() {
    let _ = dwellers::schema();
}
