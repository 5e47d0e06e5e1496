//! Programs as processes: one that ends with its handle, one that is waited for, and a condition that is.
//!
//! Invariants: what was started is ended, whatever happens; every wait has a bound and says what it waited for.

use std::fs::File;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

/// How long anything of the demo may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);
/// Between two looks at what is waited for.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// A process that ends with its handle.
pub(super) struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Process {
    /// Starts a program that reads nothing and writes into this log.
    pub(super) fn start(mut command: Command, log: &Path) -> Result<Process> {
        let log = File::options().create(true).append(true).open(log)?;
        let program = PathBuf::from(command.get_program());
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let child = command.spawn().with_context(|| format!("{}: cannot be started", program.display()))?;
        Ok(Process(child))
    }

    /// Whether it still runs.
    pub(super) fn runs(&mut self) -> Result<bool> {
        Ok(self.0.try_wait()?.is_none())
    }

    /// SIGKILL.
    pub(super) fn kill(mut self) -> Result<()> {
        self.0.kill()?;
        self.0.wait()?;
        Ok(())
    }
}

/// Waits for a condition, and says what was waited for where it does not come.
///
/// # Errors
/// Where it does not come in time.
pub fn until(what: &str, holds: impl FnMut() -> Result<bool>) -> Result<()> {
    until_within(PATIENCE, what, holds)
}

/// The same for what may take longer, or must not.
///
/// # Errors
/// Where it does not come in time.
pub(super) fn until_within(
    patience: Duration,
    what: &str,
    mut holds: impl FnMut() -> Result<bool>,
) -> Result<()> {
    let begun = Instant::now();
    while !holds()? {
        ensure!(begun.elapsed() < patience, "waited {} s for {what}", patience.as_secs());
        std::thread::sleep(LOOK_AGAIN);
    }
    Ok(())
}

/// The folder of the programs: this one's, or for a test the one above.
pub(super) fn programs() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let folder = own.parent().context("a program lies in a folder")?;
    let above = folder.parent().filter(|_| folder.ends_with("deps"));
    Ok(above.unwrap_or(folder).to_owned())
}

/// A port of this machine; 0: any that is free.
pub(super) fn free_port(wanted: u16) -> Result<SocketAddr> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, wanted));
    let listener = TcpListener::bind(address).with_context(|| {
        format!("{address} is taken; another: --port PORT, --cloud-port PORT, --telegram-port PORT")
    })?;
    Ok(listener.local_addr()?)
}

/// What a program says; it must be done with success.
pub(super) fn said(mut command: Command, input: &str) -> Result<String> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("{command:?}"))?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    let told = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?}: {told}");
    Ok(String::from_utf8(output.stdout)?)
}
