//! The replica from outside: one suite that every store passes, the properties on which trust rests, and the
//! real store under kills, full disks and many threads.
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests are no #[test] functions; what fails here fails the test"
)]

mod backup;
mod collections;
mod conformance;
mod crash;
mod disk;
mod lab;
mod line;
mod properties;
mod shared;
#[cfg(feature = "sim")]
mod simulator;
mod sqlite;
mod sync;
