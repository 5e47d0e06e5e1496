//! The program: what it finds around it goes into the command line, and out comes an exit code.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use dwellers_hub::cli::{Cli, Surroundings};
use dwellers_hub::clock::Clock;
use dwellers_hub::config::Config;
use dwellers_hub::sight::kernels;
use dwellers_hub::{logs, run};
use tokio::signal::unix::{SignalKind, signal};

/// How long threads may take to notice that the hub has ended.
const LAST_WAIT: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    // Whatever this program writes tells who lives here: files are its user's alone, whoever starts it and how.
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    let credentials = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
    let cli = Cli::parse();
    if cli.reads_plates() {
        kernels::choose();
    }
    cli.execute(Surroundings { credentials, run: start })
}

fn start(config: Config, clock: Clock, credentials: Option<PathBuf>) -> anyhow::Result<()> {
    let level = std::env::var(logs::VARIABLE).ok();
    logs::start(&config.log, level.as_deref(), io::stderr().is_terminal())?;
    let runtime = tokio::runtime::Runtime::new().context("no threads can be had")?;
    let ended = runtime.block_on(async {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let shutdown = async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        run::run(config, clock, credentials, shutdown).await
    });
    // A thread that hangs must not keep a process alive that nobody watches any more.
    runtime.shutdown_timeout(LAST_WAIT);
    ended
}
