//! Calls of cargo: always the cargo that runs us, always from the root of the workspace.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use crate::Stop;

/// A call of cargo, ready for its arguments.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Hands the whole job to a program of the workspace; its arguments, output and exit code are its own.
pub(crate) fn hand_over(cargo_args: &[&str], program_args: Vec<OsString>) -> Result<(), Stop> {
    hand_over_to(cargo().args(cargo_args).arg("--").args(program_args))
}

/// Hands the whole job to a program that is built already.
pub(crate) fn hand_over_to(command: &mut Command) -> Result<(), Stop> {
    let status =
        command.status().with_context(|| format!("cannot run {}", command.get_program().display()))?;
    match status.code() {
        Some(0) => Ok(()),
        // Without a code it was killed by a signal.
        code => Err(Stop::Child(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1))),
    }
}

/// Where cargo puts what it builds.
pub(crate) fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// The root of the workspace.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the root of the workspace")
}
