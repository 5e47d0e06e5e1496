//! What a build needs beyond cargo, found by trying it and installed when it is missing.
//!
//! Nothing is installed that is already there, and system packages only as root: anybody else gets one line that
//! says what to install. A C compiler is on the list although xtask itself was linked by one: SQLite also needs the
//! headers of the C library, which a linker does not.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::cargo::{cargo, target_folder};

struct SystemNeed {
    package: &'static str,
    is_there: fn() -> bool,
}

const SYSTEM: &[SystemNeed] = &[
    SystemNeed { package: "gcc", is_there: || succeeds(Command::new("cc").arg("--version")) },
    SystemNeed { package: "libc6-dev", is_there: || Path::new("/usr/include/stdio.h").exists() },
];

/// What tests need besides.
const FOR_TESTS: &[SystemNeed] = &[SystemNeed {
    package: "python3-venv",
    is_there: || succeeds(Command::new("python3").args(["-c", "import venv, ensurepip"])),
}];

/// Makes sure that the programs can be built.
pub(crate) fn install_for_building() -> Result<()> {
    system_packages(SYSTEM)
}

/// Makes sure that every step of `cargo xtask test` can run.
pub(crate) fn install() -> Result<()> {
    install_for_building()?;
    system_packages(FOR_TESTS)?;
    for (subcommand, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if !succeeds(cargo().args([subcommand, "--version"])) {
            run(Command::new("rustup").args(["component", "add", component]))?;
        }
    }
    for tool in ["nextest", "deny"] {
        if !succeeds(cargo().args([tool, "--version"])) {
            run(cargo().args(["install", "--locked", &format!("cargo-{tool}")]))?;
        }
    }
    schemathesis()
}

/// The program that tries the API, in a folder of its own beside what cargo builds; its test looks for it there.
fn schemathesis() -> Result<()> {
    let folder = target_folder().join("schemathesis").join(SCHEMATHESIS);
    let program = folder.join("bin/st");
    if !succeeds(Command::new(&program).arg("--version")) {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        let package = format!("schemathesis=={SCHEMATHESIS}");
        run(Command::new(folder.join("bin/pip")).args(["install", "--quiet", &package]))?;
    }
    Ok(())
}

/// The version that the API was tried with.
const SCHEMATHESIS: &str = "4.32.5";

fn system_packages(needs: &[SystemNeed]) -> Result<()> {
    let missing: Vec<_> = needs.iter().filter(|need| !(need.is_there)()).map(|need| need.package).collect();
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
