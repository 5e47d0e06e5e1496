//! `cargo xtask sim`: the simulator of the store. What its arguments mean, it says itself (`--help`).

use std::ffi::OsString;

use crate::Stop;
use crate::cargo::hand_over;

/// In the dev profile and with all features, as the tests are: nothing is compiled twice, and the checks for
/// overflow and broken assertions are on.
pub(crate) const CARGO_ARGS: &[&str] =
    &["run", "--quiet", "--locked", "--package", "dwellers-replica", "--all-features", "--bin", "sim"];

pub(crate) fn run(args: Vec<OsString>) -> Result<(), Stop> {
    hand_over(CARGO_ARGS, args)
}
