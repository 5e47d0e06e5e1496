//! The API under load: the resident's first screen, and passes that are issued, on SQLite with its fsync; beside a bare
//! warp that says hello, in the same run.
//!
//! The program serves in a process of its own; `wrk` asks, from this machine, whose processors both share. Nothing is
//! asserted about time: the figures are for people.

#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on stops")]

#[path = "../link/hub.rs"]
#[allow(dead_code, reason = "each benchmark that includes it uses a part")]
mod hub;
#[path = "../../tests/it/program.rs"]
mod program;
#[path = "../../../shared/replica/benches/store/report.rs"]
mod report;
mod settlement;
mod wrk;

use std::net::{Ipv4Addr, SocketAddr};

use warp::Filter;

use self::report::Report;
use self::settlement::Settlement;
use self::wrk::Load;

const HELP: &str = "cargo bench -p dwellers-cloud --bench api [-- OPTIONS]

  --json    one JSON object on the standard output
  --quick   smaller sizes
  --help    this

wrk asks: apt-get install wrk";

/// How much is done.
#[derive(Clone, Copy)]
pub struct Sizes {
    /// Houses, each with somebody who is signed in.
    pub houses: usize,
    /// Entries of the journal.
    pub entries: u64,
    /// How long each is asked.
    pub seconds: u32,
}

const FULL: Sizes = Sizes { houses: 500, entries: 50_000, seconds: 10 };
const QUICK: Sizes = Sizes { houses: 100, entries: 2_000, seconds: 2 };
/// Connections that ask at once.
const CONNECTIONS: u32 = 32;

fn main() {
    let (mut json, mut sizes) = (false, FULL);
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            // What cargo adds.
            "--bench" => {}
            "--json" => json = true,
            "--quick" => sizes = QUICK,
            "--help" => return println!("{HELP}"),
            other => {
                eprintln!("{other}: unknown\n\n{HELP}");
                std::process::exit(2);
            }
        }
    }
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let mut report = Report::new("api", "hello");
    let hello = runtime.block_on(hello());
    let settlement = runtime.block_on(Settlement::found(folder.path(), sizes));
    let load = Load { folder: folder.path(), seconds: sizes.seconds, connections: CONNECTIONS };
    let bare = load.run(hello, wrk::HELLO);
    let (before, _) = settlement.program.memory();
    for (what, script) in [
        ("the resident's first screen (gates, passes, questions, journal)", settlement.screen()),
        ("a pass is issued, on the disk", settlement.issue()),
    ] {
        let ours = load.run(settlement.program.at, &script);
        report.pair(&format!("{what}: requests a second"), "", [ours.a_second, bare.a_second], None);
        report.pair("… median", "ms", [ours.median_ms, bare.median_ms], None);
        report.pair("… p99", "ms", [ours.p99_ms, bare.p99_ms], None);
    }
    let (after, most) = settlement.program.memory();
    report.own("memory of the cloud before", "MB", before, None);
    report.own("… after", "MB", after, None);
    report.own("… at most", "MB", most, None);
    report.print(json);
}

/// As little as warp can do.
async fn hello() -> SocketAddr {
    let socket = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let at = socket.local_addr().unwrap();
    let routes = warp::path("hello").map(|| "hello");
    tokio::spawn(warp::serve(routes).incoming(socket).run());
    at
}
