//! What a build needs beyond cargo, found by trying it and installed when it is missing.
//!
//! Nothing is installed that is already there, and system packages only as root: anybody else gets one line that
//! says what to install. A C compiler is on the list although xtask itself was linked by one: SQLite also needs the
//! headers of the C library, which a linker does not.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::cargo::cargo;

struct SystemNeed {
    package: &'static str,
    is_there: fn() -> bool,
}

const SYSTEM: &[SystemNeed] = &[
    SystemNeed { package: "gcc", is_there: || succeeds(Command::new("cc").arg("--version")) },
    SystemNeed { package: "libc6-dev", is_there: || Path::new("/usr/include/stdio.h").exists() },
];

/// Makes sure that the programs can be built.
pub(crate) fn install_for_building() -> Result<()> {
    system_packages()
}

/// Makes sure that every step of `cargo xtask test` can run.
pub(crate) fn install() -> Result<()> {
    install_for_building()?;
    for (subcommand, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if !succeeds(cargo().args([subcommand, "--version"])) {
            run(Command::new("rustup").args(["component", "add", component]))?;
        }
    }
    if !succeeds(cargo().args(["nextest", "--version"])) {
        run(cargo().args(["install", "--locked", "cargo-nextest"]))?;
    }
    Ok(())
}

fn system_packages() -> Result<()> {
    let missing: Vec<_> = SYSTEM.iter().filter(|need| !(need.is_there)()).map(|need| need.package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let by_hand = format!("apt-get install --no-install-recommends {}", missing.join(" "));
    if !is_root() || !succeeds(Command::new("apt-get").arg("--version")) {
        bail!("system packages are missing; as root: {by_hand}");
    }
    run(Command::new("apt-get").arg("update"))?;
    run(Command::new("apt-get")
        .args(["install", "--yes", "--no-install-recommends"])
        .args(missing)
        .env("DEBIAN_FRONTEND", "noninteractive"))
}

fn is_root() -> bool {
    Path::new("/proc/self").metadata().is_ok_and(|process| process.uid() == 0)
}

fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn run(command: &mut Command) -> Result<()> {
    let args: Vec<_> = command.get_args().map(|arg| arg.to_string_lossy()).collect();
    let line = format!("{} {}", command.get_program().to_string_lossy(), args.join(" "));
    println!("==> missing, installing: {line}");
    let status = command.status().with_context(|| format!("cannot run {line}"))?;
    if !status.success() {
        bail!("{line}: {status}");
    }
    Ok(())
}
