//! `cargo xtask demo`: builds the pages and the programs and hands over to the demo, which says itself what it does (`--help`).

use std::ffi::OsString;
use std::process::Command;

use anyhow::Context;

use crate::cargo::{cargo, hand_over_to};
use crate::{Stop, prerequisites, web};

pub(crate) fn run(args: Vec<OsString>) -> Result<(), Stop> {
    prerequisites::install_for_building()?;
    web::build()?;
    // The programs of hub and cloud, which the demo starts, and the demo itself, in one build: nothing is compiled twice.
    // It takes minutes the first time, and cargo shows how far it is.
    let packages = ["dwellers-hub", "dwellers-cloud", "dwellers-demo", "dwellers-telegram"];
    let status = cargo()
        .args(["build", "--locked", "--bins"])
        .args(packages.iter().flat_map(|package| ["--package", package]))
        .status()
        .context("cannot run cargo build")?;
    if !status.success() {
        return Err(Stop::Child(1));
    }
    // They lie where this program lies.
    let demo = std::env::current_exe().context("this program lies nowhere")?.with_file_name("dwellers-demo");
    hand_over_to(Command::new(demo).args(args))
}
