//! The link's lines of the budgets: how soon a command is at the relay and an entry of the journal on the cloud's disk,
//! how long a hub takes that was away for a month, and what a thousand hubs take of one cloud that connect at once,
//! alone and among five thousand sockets that only want to be in the way.
//!
//! The program serves in a process of its own, so that its memory and its processor's time are nobody else's; hubs are
//! simulated here, over real sockets and from addresses of their own. Nothing is asserted about time: the figures are for
//! people.

#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on stops")]

mod crowd;
mod hub;
#[path = "../../tests/it/program.rs"]
mod program;
#[path = "../../../shared/replica/benches/store/report.rs"]
mod report;
mod single;

use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::report::Report;

const HELP: &str = "cargo bench -p dwellers-cloud --bench link [-- OPTIONS]

  --json    one JSON object on the standard output
  --quick   smaller sizes
  --crowd   only the crowds
  --help    this";

/// How much is done of each.
pub struct Sizes {
    commands: u32,
    entries: u64,
    /// In the journal of a hub that was away.
    away: u64,
    hubs: usize,
    /// Sockets in the way.
    idle: usize,
}

const FULL: Sizes = Sizes { commands: 2_000, entries: 2_000, away: 30 * 6_000, hubs: 1_000, idle: 5_000 };
const QUICK: Sizes = Sizes { commands: 300, entries: 300, away: 6_000, hubs: 200, idle: 1_000 };

fn main() {
    let (mut json, mut sizes, mut alone) = (false, FULL, false);
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            // What cargo adds.
            "--bench" => {}
            "--json" => json = true,
            "--quick" => sizes = QUICK,
            "--crowd" => alone = true,
            "--help" => return println!("{HELP}"),
            other => {
                eprintln!("{other}: unknown\n\n{HELP}");
                std::process::exit(2);
            }
        }
    }
    // All clients are here, each with a socket.
    let files = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: files.maximum, maximum: files.maximum }).unwrap();
    // Beside what was built, because the folder for temporary files is often in memory.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let mut report = Report::new("link", "disk");
    runtime.block_on(async {
        if !alone {
            single::commands(&mut report, &sizes, &folder.path().join("commands")).await;
            single::entries(&mut report, &sizes, &folder.path().join("entries")).await;
            single::away(&mut report, &sizes, &folder.path().join("away")).await;
        }
        crowd::measure(&mut report, &sizes, &folder.path().join("crowd")).await;
    });
    runtime.shutdown_timeout(Duration::from_secs(5));
    report.print(json);
}

/// The value that this share of the samples does not exceed, in so many of a second.
pub fn quantile(samples: &mut [Duration], share: f64, of_a_second: f64) -> f64 {
    samples.sort_unstable();
    let last = samples.len() - 1;
    samples[(last as f64 * share).round() as usize].as_secs_f64() * of_a_second
}
