//! `cargo xtask bench`: the budgets, optimised and with default features only, as the programs ship.

use std::ffi::OsString;

use crate::Stop;
use crate::cargo::hand_over;

/// A benchmark of the workspace.
struct Bench {
    name: &'static str,
    package: &'static str,
}

const BENCHES: &[Bench] = &[
    Bench { name: "store", package: "dwellers-replica" },
    Bench { name: "gate", package: "dwellers-hub" },
    Bench { name: "sight", package: "dwellers-hub" },
    Bench { name: "link", package: "dwellers-cloud" },
    Bench { name: "api", package: "dwellers-cloud" },
];

const HELP: &str = "cargo xtask bench [--only store|gate|sight|link|api] [--quick] [--json]

  store   the replicated store beside plain SQLite doing the same work
  gate    from a plate that was read to the relay that is told, beside the disk alone; memory; start to first opening
  sight   detector, corners and reader beside ONNX Runtime on the same files; a whole look; memory
  link    commands and journal entries between hub and cloud; a hub that was away; a thousand hubs at once; memory
  api     the resident's first screen and the issuing of a pass beside a bare warp that says hello; memory (needs wrk)

  --quick   smaller sizes: minutes become seconds, and figures become hints
  --json    one JSON object a benchmark, for machines, instead of a table for people";

pub(crate) fn run(args: Vec<OsString>) -> Result<(), Stop> {
    let (mut benches, mut handed): (Vec<_>, Vec<OsString>) = (BENCHES.iter().collect(), Vec::new());
    let mut parser = lexopt::Parser::from_args(args);
    while let Some(arg) = parser.next()? {
        match arg {
            lexopt::Arg::Long("only") => {
                let name = parser.value()?;
                benches.retain(|bench| name == bench.name);
                if benches.is_empty() {
                    return Err(Stop::Usage(format!(
                        "bench has no '{}', only store, gate, sight, link and api",
                        name.display()
                    )));
                }
            }
            lexopt::Arg::Long(flag @ ("json" | "quick")) => handed.push(format!("--{flag}").into()),
            lexopt::Arg::Long("help") | lexopt::Arg::Short('h') => {
                println!("{HELP}");
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    for Bench { name, package } in benches {
        hand_over(&["bench", "--quiet", "--locked", "--package", package, "--bench", name], handed.clone())?;
    }
    Ok(())
}
