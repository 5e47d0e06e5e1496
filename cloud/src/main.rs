//! The program: what it finds around it goes into the command line, and out comes an exit code.

use std::process::ExitCode;

use clap::Parser;
use dwellers_cloud::cli::Cli;

fn main() -> ExitCode {
    // Whatever this program writes tells who lives where: files are its user's alone, whoever starts it and how.
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    Cli::parse().execute()
}
