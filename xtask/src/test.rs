//! `cargo xtask test`: everything that must pass before a commit, cheapest first, up to the first failure.
//!
//! The tidy test (house rules) is an ordinary test of this crate and runs with all the others.

use std::ffi::OsString;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};

use crate::cargo::cargo;
use crate::{Stop, prerequisites, sim};

struct Step {
    name: &'static str,
    what: &'static str,
    cargo_args: &'static [&'static [&'static str]],
    env: Option<(&'static str, &'static str)>,
}

/// The worlds that each simulator lives through on every run, always the same; more is `cargo xtask sim --seeds N`.
const SIM_ARGS: &[&str] = &["--", "--seeds", "1000", "--start", "1"];

const STEPS: &[Step] = &[
    Step { name: "fmt", what: "formatting", cargo_args: &[&["fmt", "--all", "--check"]], env: None },
    Step {
        name: "clippy",
        what: "lints, warnings denied",
        cargo_args: &[
            &["clippy", "--quiet", "--workspace", "--all-targets", "--all-features", "--locked"],
            &["--", "-D", "warnings"],
        ],
        env: None,
    },
    Step {
        name: "deny",
        what: "licences and sources of dependencies, and those that are not wanted",
        cargo_args: &[&["deny", "--locked", "check", "bans", "licenses", "sources"]],
        env: None,
    },
    Step {
        name: "nextest",
        what: "all tests, the tidy test among them",
        cargo_args: &[&["nextest", "run", "--workspace", "--all-features", "--locked"]],
        env: None,
    },
    Step {
        name: "doctest",
        what: "examples in the documentation",
        cargo_args: &[&["test", "--quiet", "--doc", "--workspace", "--all-features", "--locked"]],
        env: None,
    },
    Step {
        name: "doc",
        what: "the documentation builds, warnings denied",
        cargo_args: &[&["doc", "--quiet", "--no-deps", "--workspace", "--all-features", "--locked"]],
        env: Some(("RUSTDOCFLAGS", "-D warnings")),
    },
    Step {
        name: "sim",
        what: "1,000 seeds of the store's simulator",
        cargo_args: &[sim::STORE.cargo_args, SIM_ARGS],
        env: None,
    },
    Step {
        name: "gate-sim",
        what: "1,000 seeds of the gate's simulator",
        cargo_args: &[sim::GATE.cargo_args, SIM_ARGS],
        env: None,
    },
];

pub(crate) fn run(args: Vec<OsString>) -> Result<(), Stop> {
    let mut steps: Vec<_> = STEPS.iter().collect();
    let mut parser = lexopt::Parser::from_args(args);
    while let Some(arg) = parser.next()? {
        match arg {
            lexopt::Arg::Long("only") => {
                let name = parser.value()?;
                steps.retain(|step| name == step.name);
                if steps.is_empty() {
                    let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
                    let what = format!("test has no step '{}', only {}", name.display(), names.join(", "));
                    return Err(Stop::Usage(what));
                }
            }
            lexopt::Arg::Long("help") | lexopt::Arg::Short('h') => {
                print!("{}", help());
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    prerequisites::install()?;

    let begin = Instant::now();
    for step in &steps {
        pass(step)?;
    }
    println!("==> all good in {}", seconds(begin.elapsed()));
    Ok(())
}

fn help() -> String {
    let mut text = String::from("cargo xtask test [--only STEP]\n\n");
    text += "Installs what is missing, then runs these steps up to the first that fails:\n\n";
    for Step { name, what, .. } in STEPS {
        text += &format!("  {name:<8}  {what}\n");
    }
    text
}

fn pass(step: &Step) -> Result<(), Stop> {
    println!("==> {}: {}", step.name, step.what);
    let begin = Instant::now();
    let status = command(step).status().with_context(|| format!("cannot start step {}", step.name))?;
    let took = seconds(begin.elapsed());
    if status.success() {
        println!("    {}: passed in {took}", step.name);
        Ok(())
    } else {
        Err(anyhow!("step {0} FAILED after {took}; only this step: cargo xtask test --only {0}", step.name)
            .into())
    }
}

fn command(step: &Step) -> Command {
    let mut command = cargo();
    command.args(step.cargo_args.iter().copied().flatten()).envs(step.env);
    command
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
