//! `cargo xtask test`: everything that must pass before a commit, cheapest first, up to the first failure.
//!
//! The tidy test (house rules) is an ordinary test of this crate and runs with all the others.

use std::ffi::OsString;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};

use crate::cargo::{cargo, target_folder};
use crate::{Stop, prerequisites, sim, web};

struct Step {
    name: &'static str,
    what: &'static str,
    /// One after the other.
    programs: &'static [Program],
    env: Option<(&'static str, &'static str)>,
    /// Makes sure of what only this step needs.
    needs: Option<fn() -> Result<()>>,
}

/// A part of a step.
enum Program {
    /// cargo with these arguments.
    Cargo(&'static [&'static [&'static str]]),
    /// A script of the pages' `package.json`.
    Npm(&'static str),
    /// Chores of this program.
    Chore(fn() -> Result<()>),
}

use Program::{Cargo, Chore, Npm};

/// The worlds that each simulator lives through on every run, always the same; more is `cargo xtask sim --seeds N`.
const SIM_ARGS: &[&str] = &["--", "--seeds", "1000", "--start", "1"];
/// The programs of the workspace as the tests have them: whoever asks for the same again waits for no compiler.
const OF_TESTS: &[&str] = &["--workspace", "--all-features", "--locked"];

const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        what: "formatting",
        programs: &[Cargo(&[&["fmt", "--all", "--check"]])],
        env: None,
        needs: None,
    },
    Step {
        name: "clippy",
        what: "lints, warnings denied",
        programs: &[Cargo(&[&["clippy", "--quiet", "--all-targets"], OF_TESTS, &["--", "-D", "warnings"]])],
        env: None,
        needs: None,
    },
    Step {
        name: "deny",
        what: "licences and sources of dependencies, and those that are not wanted",
        programs: &[Cargo(&[&["deny", "--locked", "check", "bans", "licenses", "sources"]])],
        env: None,
        needs: None,
    },
    Step {
        name: "web",
        what: "the pages: formatting, lints, types, tests; they are built, and small enough",
        programs: &[Npm("check"), Chore(web::build), Npm("size")],
        env: None,
        needs: None,
    },
    Step {
        name: "nextest",
        what: "all tests, the tidy test among them",
        programs: &[Cargo(&[&["nextest", "run"], OF_TESTS])],
        env: None,
        needs: None,
    },
    Step {
        name: "doctest",
        what: "examples in the documentation",
        programs: &[Cargo(&[&["test", "--quiet", "--doc"], OF_TESTS])],
        env: None,
        needs: None,
    },
    Step {
        name: "doc",
        what: "the documentation builds, warnings denied",
        programs: &[Cargo(&[&["doc", "--quiet", "--no-deps"], OF_TESTS])],
        env: Some(("RUSTDOCFLAGS", "-D warnings")),
        needs: None,
    },
    Step {
        name: "sim",
        what: "1,000 seeds of the store's simulator",
        programs: &[Cargo(&[sim::STORE.cargo_args, SIM_ARGS])],
        env: None,
        needs: None,
    },
    Step {
        name: "gate-sim",
        what: "1,000 seeds of the gate's simulator",
        programs: &[Cargo(&[sim::GATE.cargo_args, SIM_ARGS])],
        env: None,
        needs: None,
    },
    Step {
        name: "stories",
        what: "the pages in a browser, before the demo's own hub, barrier and cloud",
        // What tests are built with builds the programs, too.
        programs: &[Chore(web::build), Cargo(&[&["nextest", "run", "--no-run"], OF_TESTS]), Npm("stories")],
        env: None,
        needs: Some(prerequisites::browser),
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
    for needs in steps.iter().filter_map(|step| step.needs) {
        needs()?;
    }

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
    let Step { name, what, programs, env, .. } = step;
    println!("==> {name}: {what}");
    let begin = Instant::now();
    for program in *programs {
        let passed = match program {
            Cargo(args) => succeeds(name, cargo().args(args.iter().copied().flatten()).envs(*env))?,
            Npm(script) => {
                let programs = target_folder().join("debug");
                let npm = web::installed()?;
                succeeds(name, npm.command().args(["run", script]).env(PROGRAMS, programs))?
            }
            Chore(chore) => chore().map(|()| true)?,
        };
        if !passed {
            let took = seconds(begin.elapsed());
            let only = format!("cargo xtask test --only {name}");
            return Err(anyhow!("step {name} FAILED after {took}; only this step: {only}").into());
        }
    }
    println!("    {name}: passed in {}", seconds(begin.elapsed()));
    Ok(())
}

/// Where scripts of the pages find the programs that were built.
const PROGRAMS: &str = "DWELLERS_PROGRAMS";

fn succeeds(step: &str, command: &mut Command) -> Result<bool> {
    let status = command.status().with_context(|| format!("cannot start step {step}"))?;
    Ok(status.success())
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
