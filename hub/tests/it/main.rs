//! The hub from outside: the simulated barrier, its process and its driver, and the door of plate reads.
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests are no #[test] functions; what fails here fails the test"
)]

mod barrier;
mod engine;
#[cfg(feature = "sim")]
mod gate_sim;
