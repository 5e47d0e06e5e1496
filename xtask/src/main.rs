//! `cargo xtask`: the one door for people who work on Dwellers.
//!
//! Every chore is one [`Command`] in [`COMMANDS`]; a chore of more than a few lines has a module of its name.
//! Nothing here is part of the product, and nothing of the product may depend on it. It never needs more than a
//! Rust toolchain to start: what else is missing, [`prerequisites`] finds and says.

mod bench;
mod cargo;
mod demo;
mod prerequisites;
mod sim;
mod test;
mod web;

use std::ffi::OsString;
use std::process::ExitCode;

/// One chore, its line in the help, and its code.
struct Command {
    name: &'static str,
    arguments: &'static str,
    summary: &'static str,
    run: fn(Vec<OsString>) -> Result<(), Stop>,
}

/// A new chore is a line here.
const COMMANDS: &[Command] = &[
    Command {
        name: "demo",
        arguments: "[--port PORT] [--check] [--keep]",
        summary: "a settlement on your desk: simulated gates, a hub, a cloud with its pages, and what to try",
        run: demo::run,
    },
    Command {
        name: "test",
        arguments: "[--only STEP]",
        summary: "everything that must pass before a commit; installs what is missing first",
        run: test::run,
    },
    Command {
        name: "web",
        arguments: "[--watch]",
        summary: "the pages of residents, administrators and guards, built; needs neither Node nor npm of yours",
        run: web::run,
    },
    Command {
        name: "sim",
        arguments: "[--only store|gate] [--seeds N] [--start S] [--trace]",
        summary: "the simulators: a cloud and its hubs, and a gate, each in a hostile world",
        run: sim::run,
    },
    Command {
        name: "bench",
        arguments: "[--only store|gate|sight|link|api] [--quick] [--json]",
        summary: "the budgets, measured, each beside what does the same work without us",
        run: bench::run,
    },
];

/// Why a chore ended early.
enum Stop {
    /// The command line is wrong; exit code 2.
    Usage(String),
    /// A program that was handed the whole job has already said what is wrong; its exit code.
    Child(u8),
    /// Anything else; exit code 1.
    Failed(anyhow::Error),
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

impl From<lexopt::Error> for Stop {
    fn from(error: lexopt::Error) -> Self {
        Self::Usage(error.to_string())
    }
}

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    let stop = match args.next().as_deref().map(|name| name.to_string_lossy()).as_deref() {
        None | Some("help" | "-h" | "--help") => {
            print!("{}", help());
            return ExitCode::SUCCESS;
        }
        Some(name) => match COMMANDS.iter().find(|command| command.name == name) {
            Some(command) => (command.run)(args.collect()),
            None => Err(Stop::Usage(format!("there is no command '{name}'"))),
        },
    };
    match stop {
        Ok(()) => ExitCode::SUCCESS,
        Err(Stop::Usage(what)) => {
            eprintln!("xtask: {what}; `cargo xtask --help` shows what there is");
            ExitCode::from(2)
        }
        Err(Stop::Child(code)) => ExitCode::from(code),
        Err(Stop::Failed(error)) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn help() -> String {
    let mut text = String::from("The one door for people who work on Dwellers.\n\n");
    for Command { name, arguments, summary, .. } in COMMANDS {
        text += &format!("  cargo xtask {name} {arguments}\n      {summary}\n");
    }
    text += "\nBefore a commit:      cargo xtask test\n";
    text +=
        "After a failed step:  cargo xtask test --only STEP   (`cargo xtask test --help` lists the steps)\n";
    text += "A failing seed:       cargo xtask sim --only store|gate --seeds 1 --start SEED --trace\n";
    text
}
