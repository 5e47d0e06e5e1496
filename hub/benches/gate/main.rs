//! The gate's lines of the budgets: from a plate that was read to the relay that is told, with a hundred thousand
//! grants and a million entries in the store, alone and while a catch-up from the cloud is merged; the memory of the
//! real program; and how soon after its start it opens.
//!
//! Beside it, in alternation, the same entry of the journal is committed and nothing else: what the disk takes, the
//! gate cannot be faster than. Nothing is asserted about time: the figures are for people.

#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on stops")]

mod program;
#[path = "../../../shared/replica/benches/store/report.rs"]
mod report;
mod samples;

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use dwellers::access::{self, Credential, Request, Strength, Verdict};
use dwellers::gates::{self, Direction, Gate, Lane};
use dwellers::journal::Entry;
use dwellers_hub::clock::{Clock, Trust, entropy};
use dwellers_hub::crops::{Crops, Limits};
use dwellers_hub::engine::{Closing, Relay, Setup};
use dwellers_hub::gate::{Driver, NotSent, Report as Told};
use dwellers_hub::gatehouse::{Gatehouse, Inbox, Means, Station};
use dwellers_hub::metrics::Metrics;
use dwellers_hub::reads::{Heading, Intake, Read};
use dwellers_hub::scribe::{Job, Scribe};
use dwellers_hub::store::{DataFolder, Opened};
use dwellers_hub::watchdog::{Bounds, Pulse};
use dwellers_replica::{RecordId, Role, Shared, Source, View};

use crate::report::{Goal, Report};

const HELP: &str = "cargo bench -p dwellers-hub --bench gate [-- OPTIONS]

  --json    one JSON object on the standard output
  --quick   smaller sizes
  --help    this";

/// How much there is of each.
struct Sizes {
    grants: u64,
    entries: u64,
    cars: u64,
    /// Grants that are merged while cars come.
    merged: u64,
}

const FULL: Sizes = Sizes { grants: 100_000, entries: 1_000_000, cars: 3_000, merged: 100_000 };
const QUICK: Sizes = Sizes { grants: 5_000, entries: 20_000, cars: 300, merged: 20_000 };

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
    let mut report = Report::new("gate", "disk alone");
    // Beside what was built, because the folder for temporary files is often in memory.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let clock = Clock::start();
    clock.set_trust(Trust::Word);
    let data = fill(&sizes, folder.path(), &clock);
    decisions(&mut report, &sizes, &data, &clock);
    openings(&mut report, &sizes, &data, &clock);
    program::measure(&mut report, folder.path());
    program::measure_with_camera(&mut report, folder.path());
    report.print(json);
}

/// The data folder of a hub with all of it.
fn fill(sizes: &Sizes, folder: &Path, clock: &Clock) -> DataFolder {
    let begun = Instant::now();
    // Where an fsync costs nothing; the file is what it would be.
    let fast = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir_in(folder)).unwrap();
    let data = DataFolder::new(fast.path().join("data"), None);
    let Opened { store, replica, .. } = data.open(clock.now(), entropy).unwrap();
    store.with(|hub| hub.introduce(samples::CLOUD, Role::Cloud, samples::now(1)).unwrap()).unwrap();
    let mut cloud = samples::cloud(samples::CLOUD, sizes.grants, replica, clock.now());
    let all = samples::chunks(&mut cloud, Default::default());
    samples::merge(&store, all, clock.now());
    eprintln!("{} grants after {:.0} s", sizes.grants, begun.elapsed().as_secs_f64());
    samples::journal(&store, sizes.entries, clock.now());
    eprintln!("{} entries after {:.0} s", sizes.entries, begun.elapsed().as_secs_f64());
    drop(store);
    let data = folder.join("data");
    copy(&fast.path().join("data"), &data);
    DataFolder::new(data, None)
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    std::fs::set_permissions(to, std::fs::metadata(from).unwrap().permissions()).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// The gate of the benchmark: nothing is seen of it, so that the next car comes at once.
fn gate() -> Gate {
    let lanes = vec![Lane { key: "in".into(), direction: Direction::Entry, ..Lane::default() }];
    Gate { key: "main".into(), name: "Въезд".into(), lanes, ..Gate::default() }
}

/// The gate's record in the store.
fn configured(store: &Shared, clock: &Clock) -> (RecordId, Gate) {
    let mut chance = entropy;
    let now = clock.now();
    let upsert = |view: View<'_>| {
        gates::upsert(&mut dwellers::Context { view, now, entropy: &mut chance }, &[], &[gate()]).unwrap()
    };
    let writes = store.view(upsert).unwrap();
    store.commit(now, writes).unwrap();
    let found =
        store.view(|view| gates::find(view, view.replica().unwrap(), "main").unwrap()).unwrap().unwrap();
    (found.id, found.value)
}

/// Reading what bears on a plate and judging it: no disk is waited for.
fn decisions(report: &mut Report, sizes: &Sizes, data: &DataFolder, clock: &Clock) {
    let store = data.open(clock.now(), entropy).unwrap().store;
    let (gate, configured) = configured(&store, clock);
    let mut taken = Vec::new();
    for n in 0..sizes.cars {
        let plate = samples::plate(n * 7919 % sizes.grants);
        let credential = Credential::Plate { plate, strength: Strength::Strong };
        let request = Request { gate, lane: "in".into(), credential };
        let begun = Instant::now();
        let facts = store.view(|view| access::gather(view, &configured, &request)).unwrap().unwrap();
        let decision = access::decide(&request, &facts, clock.now());
        taken.push(begun.elapsed());
        assert_eq!(decision.verdict, Verdict::Open);
    }
    let [p50, p99] = quantiles(&mut taken);
    report.own("gather and decide, p50", "µs", micros(p50), None);
    report.own("…p99", "µs", micros(p99), None);
}

/// A driver that says when it was told.
struct Recorder {
    pulses: SyncSender<(RecordId, Instant)>,
}

/// Where the driver's reports go.
type Reporter = Box<dyn FnMut(Told) + Send>;

impl Driver for Recorder {
    fn pulse(&mut self, _relay: Relay, id: RecordId, _ms: u32) -> Result<(), NotSent> {
        self.pulses.send((id, Instant::now())).unwrap();
        Ok(())
    }

    fn hold(&mut self, _lease_ms: u32) -> Result<(), NotSent> {
        Ok(())
    }

    fn release(&mut self, _relay: Relay) -> Result<(), NotSent> {
        Ok(())
    }
}

/// A gatehouse in this process.
struct Bench {
    store: Shared,
    scribe: Scribe,
    gatehouse: Gatehouse,
    intake: Intake,
    pulses: Receiver<(RecordId, Instant)>,
    reporter: Mutex<Reporter>,
    clock: Clock,
}

impl Bench {
    fn start(data: &DataFolder, clock: &Clock) -> Self {
        let store = data.open(clock.now(), entropy).unwrap().store;
        let (gate, record) = configured(&store, clock);
        let inbox = Inbox::new();
        let reporter: Mutex<Reporter> = Mutex::new(Box::new(inbox.reporter(0)));
        let (sender, pulses) = sync_channel(16);
        let driver = Box::new(Recorder { pulses: sender });
        let setup = Setup {
            gate,
            pulse_ms: 500,
            closing: Closing::ByItself,
            sees_position: false,
            sees_passage: false,
            travel_ms: 1_000,
            // The engine remembers a handful of cars for so long; here they come faster than any car does.
            passage_window_ms: 1,
            hold_lease_ms: 1_000,
            guard_patience_ms: 300,
            intent_timeout_ms: 60_000,
            acknowledge_timeout_ms: 1_000,
        };
        let (scribe, _) = Scribe::start(store.clone(), clock.clone(), |_, _| {}).unwrap();
        let crops = Crops::open(&data.path().join("crops"), Limits::default()).unwrap();
        let station = Station { key: "main".into(), gate: record, setup, driver, intents: Vec::new() };
        let means = Means {
            store: store.clone(),
            scribe: scribe.clone(),
            clock: clock.clone(),
            metrics: Metrics::new(),
            crops,
            pulse: Pulse::new(Bounds::default(), clock.tick()),
        };
        let (gatehouse, _) = Gatehouse::start(inbox, vec![station], means).unwrap();
        let intake = gatehouse.intake();
        let bench = Bench { store, scribe, gatehouse, intake, pulses, reporter, clock: clock.clone() };
        bench.tell(Told::Connected(true));
        bench
    }

    fn tell(&self, told: Told) {
        (self.reporter.lock().unwrap())(told);
    }

    /// A car comes: from its plate to the relay.
    fn car(&self, plate: String) -> Duration {
        let read = Read {
            gate: "main".into(),
            lane: "in".into(),
            plate,
            confidence: 0.99,
            strength: Strength::Strong,
            alternatives: Vec::new(),
            heading: Heading::Approaching,
            instead_of: None,
            crop: None,
            taken_ms: None,
        };
        let begun = Instant::now();
        self.intake.offer(read).unwrap();
        let (id, at) = self.pulses.recv_timeout(Duration::from_secs(60)).unwrap();
        self.tell(Told::Acknowledged { id, result: Ok(()) });
        at - begun
    }

    /// An entry of the same size, committed and nothing else.
    fn entry(&self, n: u64) -> Duration {
        let (done, heard) = sync_channel(1);
        let entry = Entry { plate: samples::plate(n), lane: "in".into(), ..Entry::default() };
        let id = self.store.new_id(self.clock.now(), entropy()).unwrap();
        let begun = Instant::now();
        let done = Box::new(move |result: Result<(), _>| done.send(result.is_ok()).unwrap());
        self.scribe.write(Job { id, entry, uses: None, at: self.clock.now(), done });
        assert!(heard.recv().unwrap());
        begun.elapsed()
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.gatehouse.stop();
    }
}

/// From a plate that was read to the relay, alone and beside a merge.
fn openings(report: &mut Report, sizes: &Sizes, data: &DataFolder, clock: &Clock) {
    let bench = Bench::start(data, clock);
    measure(report, &bench, sizes, 0, "plate read to relay told");
    // What the cloud has to tell besides: as much as there is already.
    let hub = bench.store.standing().unwrap().replica;
    let mut cloud = samples::cloud(samples::OTHER_CLOUD, sizes.merged, hub, samples::now(clock.now().ms + 1));
    let chunks = samples::chunks(&mut cloud, Default::default());
    let merged = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let source = Source { replica: samples::OTHER_CLOUD, role: Role::Cloud };
            bench
                .store
                .with(move |hub| hub.introduce(source.replica, source.role, samples::now(1)).unwrap())
                .unwrap();
            for chunk in chunks {
                bench.store.merge(source, clock.now(), chunk).unwrap();
            }
            merged.store(true, Ordering::Relaxed);
        });
        measure_while(report, &bench, sizes, "… while a catch-up is merged", || {
            !merged.load(Ordering::Relaxed)
        });
    });
}

fn measure(report: &mut Report, bench: &Bench, sizes: &Sizes, from: u64, what: &str) {
    let (mut cars, mut entries) = (Vec::new(), Vec::new());
    for n in from..from + sizes.cars {
        cars.push(bench.car(samples::plate(n * 7919 % sizes.grants)));
        entries.push(bench.entry(n));
    }
    tell(report, what, &mut cars, &mut entries);
}

fn measure_while(report: &mut Report, bench: &Bench, sizes: &Sizes, what: &str, goes_on: impl Fn() -> bool) {
    let (mut cars, mut entries, mut n) = (Vec::new(), Vec::new(), sizes.cars);
    while goes_on() {
        cars.push(bench.car(samples::plate(n * 7919 % sizes.grants)));
        entries.push(bench.entry(n));
        n += 1;
    }
    eprintln!("{} cars meanwhile", cars.len());
    tell(report, what, &mut cars, &mut entries);
}

fn tell(report: &mut Report, what: &str, cars: &mut [Duration], entries: &mut [Duration]) {
    let ([p50, p99], [entry_p50, entry_p99]) = (quantiles(cars), quantiles(entries));
    report.pair(&format!("{what}, p50"), "ms", [millis(p50), millis(entry_p50)], None);
    report.pair("…p99", "ms", [millis(p99), millis(entry_p99)], Some(Goal::AtMost(5.0)));
}

fn quantiles(taken: &mut [Duration]) -> [Duration; 2] {
    taken.sort_unstable();
    let at = |share: f64| taken[((taken.len() - 1) as f64 * share) as usize];
    [at(0.5), at(0.99)]
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
