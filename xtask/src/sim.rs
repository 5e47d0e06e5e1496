//! `cargo xtask sim`: the simulators, one after the other. What its arguments mean, each says itself (`--help`).

use std::ffi::OsString;

use crate::Stop;
use crate::cargo::hand_over;

/// A simulator: a program of the workspace that plays stories from seeds.
pub(crate) struct Simulator {
    name: &'static str,
    /// In the dev profile and with all features, as the tests are: nothing is compiled twice, and the checks for
    /// overflow and broken assertions are on.
    pub(crate) cargo_args: &'static [&'static str],
}

pub(crate) const STORE: Simulator = Simulator {
    name: "store",
    cargo_args: &[
        "run",
        "--quiet",
        "--locked",
        "--package",
        "dwellers-replica",
        "--all-features",
        "--bin",
        "sim",
    ],
};

pub(crate) const GATE: Simulator = Simulator {
    name: "gate",
    cargo_args: &[
        "run",
        "--quiet",
        "--locked",
        "--package",
        "dwellers-hub",
        "--all-features",
        "--bin",
        "gate-sim",
    ],
};

pub(crate) fn run(args: Vec<OsString>) -> Result<(), Stop> {
    let (chosen, args) = choose(args)?;
    let alone = chosen.len() == 1;
    for simulator in chosen {
        if !alone {
            println!("==> {}", simulator.name);
        }
        hand_over(simulator.cargo_args, args.clone())?;
    }
    Ok(())
}

/// Takes `--only NAME` out of the arguments; the others are the simulators' own.
fn choose(args: Vec<OsString>) -> Result<(Vec<Simulator>, Vec<OsString>), Stop> {
    let (mut all, mut rest) = (vec![STORE, GATE], Vec::new());
    let mut args = args.into_iter();
    while let Some(arg) = args.next() {
        if arg != "--only" {
            rest.push(arg);
            continue;
        }
        let name = args.next().unwrap_or_default();
        all.retain(|simulator| name == simulator.name);
        if all.is_empty() {
            return Err(Stop::Usage(format!(
                "sim has no simulator '{}', only {} and {}",
                name.display(),
                STORE.name,
                GATE.name
            )));
        }
    }
    Ok((all, rest))
}
