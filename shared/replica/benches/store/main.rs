//! The store's lines of the budgets, measured side by side with plain SQLite doing the same work: the same bundled
//! SQLite, the same settings, the same documents, in a table with expression indexes for the declared ones.
//!
//! What is alike runs in alternation, so that a slow minute of the disk meets both. Nothing is asserted about
//! time: the figures are for people, and go into closing notes.

#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on stops")]

mod catch_up;
mod plain;
mod report;
mod samples;

use std::ops::Range;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use dwellers_replica::delta::{Chunk, FULL_CHUNK_FIELDS};
use dwellers_replica::{Direction, Options, Query, Replica, Role, Shared, Source, Sqlite, Vector, Writes};

use crate::plain::Plain;
use crate::report::{Goal, Report};
use crate::samples::{Note, Passage, Resident, Sample, Visit, id, now, scatter, schema};

/// Ten fields each: the most records that one transaction takes.
const GROUP: u64 = 50;
const THREADS: u64 = 8;
const PAGE: usize = 20;

const HELP: &str = "cargo bench -p dwellers-replica --bench store [-- OPTIONS]

  --json    one JSON object on the standard output
  --quick   smaller sizes
  --beside  only commits while a large catch-up is merged, in three runs
  --year    only the catch-up of a new hub with a year of journal
  --help    this";

/// How much is done of each.
struct Sizes {
    commits: u64,
    groups: u64,
    shared_commits: u64,
    merged: u64,
    changes: u64,
    entries: u64,
    stored: u64,
    texts: u64,
    reads: u64,
}

const FULL: Sizes = Sizes {
    commits: 2_000,
    groups: 200,
    shared_commits: 8_000,
    merged: 20_000,
    changes: 100_000,
    entries: catch_up::YEAR / 10,
    stored: 1_000_000,
    texts: 100_000,
    reads: 5_000,
};

const QUICK: Sizes = Sizes {
    commits: 300,
    groups: 40,
    shared_commits: 1_600,
    merged: 2_000,
    changes: 10_000,
    entries: catch_up::YEAR / 100,
    stored: 100_000,
    texts: 10_000,
    reads: 1_000,
};

fn main() {
    let (mut json, mut sizes, mut beside, mut year) = (false, FULL, false, false);
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            // What cargo adds.
            "--bench" => {}
            "--json" => json = true,
            "--quick" => sizes = QUICK,
            "--beside" => beside = true,
            "--year" => year = true,
            "--help" => return println!("{HELP}"),
            other => {
                eprintln!("{other}: unknown\n\n{HELP}");
                std::process::exit(2);
            }
        }
    }
    // Beside what was built, because the folder for temporary files is often in memory.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut report = Report::new("store", "plain");
    if beside {
        let stream = origin::<Passage>(&mut report, &sizes, folder.path(), "facts");
        for run in 1..=3 {
            commits_beside_a_merge(&mut report, stream.clone(), &folder.path().join(format!("{run}.db")));
        }
        return report.print(json);
    }
    if year {
        catch_up::of_a_year(&mut report, sizes.entries, folder.path());
        return report.print(json);
    }
    commits(&mut report, &sizes, folder.path(), "", Some(Goal::RatioAtMost(2.0)));
    // Where an fsync costs nothing, the work of both shows.
    if let Ok(memory) = tempfile::tempdir_in("/dev/shm") {
        commits(&mut report, &sizes, memory.path(), " without a disk", None);
    }
    shared_commits(&mut report, &sizes, folder.path());
    let stream = origin::<Passage>(&mut report, &sizes, folder.path(), "facts");
    merges(&mut report, &stream, folder.path(), "facts");
    commits_beside_a_merge(&mut report, stream, &folder.path().join("beside.db"));
    let stream = origin::<Resident>(&mut report, &sizes, folder.path(), "profiles, each changed once");
    merges(&mut report, &stream, folder.path(), "profiles");
    catch_up::of_changes(&mut report, sizes.changes, folder.path());
    catch_up::of_a_year(&mut report, sizes.entries, folder.path());
    reads(&mut report, &sizes, folder.path());
    searches(&mut report, &sizes, folder.path());
    report.print(json);
}

/// A new cloud.
fn cloud(path: &Path) -> Replica<Sqlite> {
    let store = Sqlite::open(path, Options::default()).unwrap();
    Replica::create(store, schema(), id(0), Role::Cloud, "cloud", now(0)).unwrap()
}

/// A new hub that knows the cloud.
fn hub(path: &Path) -> Replica<Sqlite> {
    let store = Sqlite::open(path, Options::default()).unwrap();
    let mut hub = Replica::create(store, schema(), id(1 << 40), Role::Hub, "", now(0)).unwrap();
    hub.introduce(id(0), Role::Cloud, now(0)).unwrap();
    hub
}

const CLOUD: Source = Source { replica: id(0), role: Role::Cloud };

fn creation<T: Sample>(n: u64) -> Writes {
    let mut writes = Writes::new();
    writes.create(id(n), &T::sample(n));
    writes
}

fn commit_group<T: Sample>(replica: &mut Replica<Sqlite>, records: Range<u64>) {
    let at = now(records.end);
    let batch: Vec<_> = records.map(creation::<T>).collect();
    let results = replica.commit_batch(at, &batch).unwrap();
    replica.sync().unwrap();
    assert!(results.iter().all(Result::is_ok), "{results:?}");
}

fn fill<T: Sample>(replica: &mut Replica<Sqlite>, plain: &mut Plain<T>, records: u64, group: u64) {
    for start in (1..=records).step_by(group as usize) {
        let some = start..(start + group).min(records + 1);
        commit_group::<T>(replica, some.clone());
        plain.insert(some);
    }
}

fn timed<R>(body: impl FnOnce() -> R) -> Duration {
    let start = Instant::now();
    drop(body());
    start.elapsed()
}

/// The value that this share of the samples does not exceed, in microseconds.
fn quantile(samples: &mut [Duration], share: f64) -> f64 {
    samples.sort_unstable();
    let last = samples.len() - 1;
    samples[(last as f64 * share).round() as usize].as_secs_f64() * 1e6
}

fn quantiles(of: &mut [Vec<Duration>; 2], share: f64) -> [f64; 2] {
    let [store, plain] = of;
    [quantile(store, share), quantile(plain, share)]
}

/// Both in alternation, each as often first.
fn alternate(rounds: u64, mut store: impl FnMut(u64), mut plain: impl FnMut(u64)) -> [Vec<Duration>; 2] {
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..rounds {
        for which in [round % 2, 1 - round % 2] {
            let time = if which == 0 { timed(|| store(round)) } else { timed(|| plain(round)) };
            times[which as usize].push(time);
        }
    }
    times
}

/// `note` says where the folder is; the budget is for a disk.
fn commits(report: &mut Report, sizes: &Sizes, folder: &Path, note: &str, goal: Option<Goal>) {
    let mut replica = cloud(&folder.join("commits.db"));
    let mut plain = Plain::<Passage>::open(&folder.join("commits-plain.db"));
    // In a store that is not empty.
    fill(&mut replica, &mut plain, 1_000, GROUP);
    let first = 1_001;
    let mut times = alternate(
        sizes.commits,
        |n| {
            replica.commit(now(first + n), &creation::<Passage>(first + n)).unwrap();
        },
        |n| plain.insert(first + n..first + n + 1),
    );
    report.pair(&format!("commit of one fact{note}, median"), "µs", quantiles(&mut times, 0.5), goal);
    report.pair("… p99", "µs", quantiles(&mut times, 0.99), None);

    let first = first + sizes.commits;
    let group = |n: u64| first + n * GROUP..first + (n + 1) * GROUP;
    let mut times = alternate(
        sizes.groups,
        |n| commit_group::<Passage>(&mut replica, group(n)),
        |n| plain.insert(group(n)),
    );
    report.pair(&format!("commit of 50 facts{note}, median"), "µs", quantiles(&mut times, 0.5), goal);
}

fn shared_commits(report: &mut Report, sizes: &Sizes, folder: &Path) {
    let each = sizes.shared_commits / THREADS;
    let from_threads = |commit: &(dyn Fn(u64) + Sync)| {
        let time = timed(|| {
            thread::scope(|scope| {
                for thread in 0..THREADS {
                    scope.spawn(move || (1..=each).for_each(|n| commit(n * THREADS + thread)));
                }
            });
        });
        (each * THREADS) as f64 / time.as_secs_f64()
    };
    let shared = Shared::start(cloud(&folder.join("shared.db"))).unwrap();
    let ours = from_threads(&|n| {
        shared.commit(now(n), creation::<Passage>(n)).unwrap();
    });
    let plain = Mutex::new(Plain::<Passage>::open(&folder.join("shared-plain.db")));
    let theirs = from_threads(&|n| plain.lock().unwrap().insert(n..n + 1));
    report.pair("commits from 8 threads (plain: behind a mutex)", "/s", [ours, theirs], None);
}

/// Makes a store record by record, reports how large its file is, and returns all of it as chunks.
fn origin<T: Sample>(report: &mut Report, sizes: &Sizes, folder: &Path, what: &str) -> Vec<Chunk> {
    let paths = ["", "-plain"].map(|suffix| folder.join(format!("{}{suffix}.db", T::SPEC.name)));
    let mut replica = cloud(&paths[0]);
    let mut plain = Plain::<T>::open(&paths[1]);
    plain.insert(1..sizes.merged + 1);
    for n in 1..=sizes.merged {
        replica.commit(now(n), &creation::<T>(n)).unwrap();
    }
    if T::IS_CHANGED {
        for start in (1..=sizes.merged).step_by(GROUP as usize) {
            let some = start..(start + GROUP).min(sizes.merged + 1);
            let change = |n| {
                let entry = replica.view(|view| view.of::<T>().get(id(n))).unwrap().unwrap().unwrap();
                let mut writes = Writes::new();
                writes.update(&entry, T::change);
                writes
            };
            let batch: Vec<_> = some.clone().map(change).collect();
            replica.commit_batch(now(sizes.merged), &batch).unwrap();
            plain.change(some);
        }
    }
    let chunks = chunks(&mut replica);
    let data = plain.document_bytes();
    drop((replica, plain));
    // Closed, so that the log is folded in.
    let [ours, theirs] = paths.map(|path| path.metadata().unwrap().len() as f64 / data);
    report.pair(&format!("bytes of file per byte of document: {what}"), "B", [ours, theirs], None);
    report.own("… of them more than plain: stamps, history, digest", "B", ours - theirs, None);
    chunks
}

/// The whole of what a replica holds, as chunks for a peer that knows nothing.
fn chunks(of: &mut Replica<Sqlite>) -> Vec<Chunk> {
    let mut chunks: Vec<Chunk> = Vec::new();
    loop {
        let base = chunks.last().map(|chunk| chunk.mark).unwrap_or_default();
        let chunk = of.since(base, base.arrival, &Vector::new(), FULL_CHUNK_FIELDS).unwrap();
        let done = chunk.to.is_some();
        chunks.push(chunk);
        if done {
            return chunks;
        }
    }
}

fn merges(report: &mut Report, stream: &[Chunk], folder: &Path, what: &str) {
    let mut replica = hub(&folder.join(format!("merge-{what}.db")));
    let fields: usize = stream.iter().map(Chunk::field_count).sum();
    let time = timed(|| {
        for chunk in stream {
            replica.merge(CLOUD, now(0), chunk).unwrap();
        }
    });
    let rate = fields as f64 / time.as_secs_f64();
    report.own(&format!("fields merged: {what}"), "/s", rate, Some(Goal::AtLeast(20_000.0)));
}

fn commits_beside_a_merge(report: &mut Report, stream: Vec<Chunk>, path: &Path) {
    let shared = Shared::start(hub(path)).unwrap();
    let merging = AtomicBool::new(true);
    let mut times = Vec::new();
    let fields: usize = stream.iter().map(Chunk::field_count).sum();
    let start = Instant::now();
    thread::scope(|scope| {
        scope.spawn(|| {
            for chunk in stream {
                shared.merge(CLOUD, now(0), chunk).unwrap();
            }
            merging.store(false, Ordering::Relaxed);
        });
        for n in 1 << 30.. {
            if !merging.load(Ordering::Relaxed) {
                break;
            }
            let writes = creation::<Passage>(n);
            times.push(timed(|| shared.commit(now(n), writes).unwrap()));
        }
    });
    report.own("commit while a large catch-up is merged, median", "µs", quantile(&mut times, 0.5), None);
    report.own("… p99", "µs", quantile(&mut times, 0.99), None);
    report.own("… fields merged meanwhile", "/s", fields as f64 / start.elapsed().as_secs_f64(), None);
}

fn reads(report: &mut Report, sizes: &Sizes, folder: &Path) {
    let mut replica = cloud(&folder.join("reads.db"));
    let mut plain = Plain::<Visit>::open(&folder.join("reads-plain.db"));
    let setup = timed(|| fill(&mut replica, &mut plain, sizes.stored, 100));
    let what = format!("both filled with {} records of 4 fields", sizes.stored);
    report.own(&what, "s", setup.as_secs_f64(), None);

    let some = |round: u64| 1 + scatter(round) % sizes.stored;
    let mut pair = |what: &str, mut times: [Vec<Duration>; 2]| {
        for (name, share) in [(what, 0.5), ("… p99", 0.99)] {
            report.pair(name, "µs", quantiles(&mut times, share), None);
        }
    };
    let times = alternate(
        sizes.reads,
        |n| {
            let entry = replica.view(|view| view.of::<Visit>().get(id(some(n)))).unwrap().unwrap();
            assert_eq!(entry.unwrap().value.at, some(n));
        },
        |n| assert_eq!(plain.get(some(n)).at, some(n)),
    );
    pair("get, median", times);
    for (what, direction) in [("ascending", Direction::Ascending), ("descending", Direction::Descending)] {
        let times = alternate(
            sizes.reads,
            |n| {
                let visit = Visit::sample(some(n));
                let query = Query::on("gate").equal(visit.gate).direction(direction).limit(PAGE);
                let query = match direction {
                    Direction::Ascending => query.from(visit.weight),
                    Direction::Descending => query.below(visit.weight),
                };
                let page = replica.view(|view| view.of::<Visit>().find(&query)).unwrap().unwrap();
                std::hint::black_box(page.entries);
            },
            |n| drop(std::hint::black_box(plain.find(&Visit::sample(some(n)), direction, PAGE))),
        );
        pair(&format!("find 20 by a composite index, {what}, median"), times);
    }
}

fn searches(report: &mut Report, sizes: &Sizes, folder: &Path) {
    let mut replica = cloud(&folder.join("texts.db"));
    let mut plain = Plain::<Note>::open(&folder.join("texts-plain.db"));
    fill(&mut replica, &mut plain, sizes.texts, 100);
    let rare = |round: u64| Note::rare(1 + scatter(round) % sizes.texts);
    let common = |round: u64| Note::common(round);
    let kinds: [(&str, &dyn Fn(u64) -> String); 2] = [("rare", &rare), ("common", &common)];
    for (what, fragment) in kinds {
        let mut times = alternate(
            sizes.reads / 5,
            |n| {
                let found = replica.view(|view| view.of::<Note>().search(&fragment(n), None, PAGE)).unwrap();
                assert!(!found.unwrap().entries.is_empty());
            },
            |n| assert!(!plain.search(&fragment(n), PAGE).is_empty()),
        );
        let name = format!("search of {} texts, a {what} fragment, median", sizes.texts);
        for (name, share) in [(name.as_str(), 0.5), ("… p99", 0.99)] {
            report.pair(name, "µs", quantiles(&mut times, share), None);
        }
    }
}
