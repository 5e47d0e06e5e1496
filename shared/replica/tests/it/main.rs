//! The replica from outside: one suite that every store passes, and the properties on which trust rests.
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests are no #[test] functions; what fails here fails the test"
)]

mod collections;
mod conformance;
mod lab;
mod properties;
