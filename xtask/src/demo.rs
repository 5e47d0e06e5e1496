//! `cargo xtask demo`: builds the programs and hands over to the demo, which says itself what it does (`--help`).

use std::ffi::OsString;

use anyhow::Context;

use crate::cargo::{cargo, hand_over};
use crate::{Stop, prerequisites};

/// The programs of the hub, which the demo starts, and the demo itself; one build, so that nothing is compiled twice.
const PACKAGES: &[&str] = &["--package", "dwellers-hub", "--package", "dwellers-demo"];

pub(crate) fn run(args: Vec<OsString>) -> Result<(), Stop> {
    prerequisites::install_for_building()?;
    // A build takes minutes the first time: cargo shows how far it is.
    let status = cargo()
        .args(["build", "--locked", "--bins"])
        .args(PACKAGES)
        .status()
        .context("cannot run cargo build")?;
    if !status.success() {
        return Err(Stop::Child(1));
    }
    let demo = [&["run", "--quiet", "--locked", "--bin", "dwellers-demo"], PACKAGES].concat();
    hand_over(&demo, args)
}
