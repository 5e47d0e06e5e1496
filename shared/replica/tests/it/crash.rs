//! A process that writes is killed, hundreds of times: what it acknowledged is there, and the file is sound.
//!
//! The child is this test program itself. It says on its output what was acknowledged, line by line.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use dwellers_replica::{OpenError, Query, RecordId, Replica, Shared, Sqlite, Writes};

use crate::disk::{Arrival, NOW, Person, arrival, cloud, id, open, schema};

const ROUNDS: u64 = 300;
const THREADS: u64 = 4;
/// Which store the child is to write, and the number of the round.
const STORE: &str = "DWELLERS_CRASH_STORE";
const ROUND: &str = "DWELLERS_CRASH_ROUND";

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    drop(cloud(&path));
    let mut chance = Chance(0x5eed);
    let mut facts: BTreeMap<RecordId, u64> = BTreeMap::new();
    let mut counters = [0; THREADS as usize];
    for round in 1..=ROUNDS {
        let mut child = Writer::start(&path, round);
        // Mostly it is met at work, sometimes while it opens the store and recovers from the kill before.
        if chance.below(4) > 0 {
            child.wait_until_ready();
        }
        thread::sleep(Duration::from_millis(5 + chance.below(56)));
        let mut fresh = Vec::new();
        for line in child.kill() {
            match line.split(' ').collect::<Vec<_>>()[..] {
                ["fact", id, number] => fresh.push((id.parse().unwrap(), number.parse().unwrap())),
                ["counter", thread, count] => {
                    counters[thread.parse::<usize>().unwrap()] = count.parse().unwrap()
                }
                _ => {}
            }
        }
        let replica = sound(&path, round);
        assert_there(&replica, fresh.iter().copied(), round);
        facts.extend(fresh);
        for (thread, count) in counters.iter().enumerate() {
            let person =
                replica.view(|view| view.of::<Person>().get(id(1 + thread as u64))).unwrap().unwrap();
            let found: u64 = person.map_or(0, |person| person.value.name.parse().unwrap());
            assert!(found >= *count, "round {round}: thread {thread} had {count}, there is {found}");
        }
    }
    let replica = sound(&path, ROUNDS);
    assert_there(&replica, facts.iter().map(|(id, number)| (*id, *number)), ROUNDS);
    println!("{} acknowledged facts and {counters:?} updates survived {ROUNDS} kills", facts.len());
    assert!(facts.len() as u64 > ROUNDS, "the kills met it at work: {} facts", facts.len());
}

#[test]
fn a_store_appears_whole_or_not_at_all() {
    let mut chance = Chance(0xb1e55);
    let mut there = 0;
    for round in 1..=40 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let child = Writer::start(&path, 0);
        thread::sleep(Duration::from_micros(chance.below(25_000)));
        child.kill();
        match Replica::open(open(&path).unwrap(), schema()) {
            Ok(replica) => {
                there += 1;
                replica.store().verify().unwrap();
            }
            Err(OpenError::Empty) => drop(cloud(&path)),
            Err(other) => panic!("round {round}: {other}"),
        }
    }
    println!("{there} of 40 were there");
}

fn sound(path: &Path, round: u64) -> Replica<Sqlite> {
    let replica = Replica::open(open(path).unwrap(), schema()).unwrap();
    replica.store().verify().unwrap_or_else(|error| panic!("round {round}: {error}"));
    assert_eq!(replica.digests().unwrap(), replica.recomputed_digests().unwrap(), "round {round}");
    replica
}

fn assert_there(replica: &Replica<Sqlite>, facts: impl Iterator<Item = (RecordId, u64)>, round: u64) {
    replica
        .view(|view| {
            for (id, number) in facts {
                let found = view.of::<Arrival>().get(id).unwrap().map(|entry| entry.value);
                assert_eq!(found, Some(arrival(number)), "round {round}: {id}");
                let query = Query::on("plate").equal(arrival(number).plate).limit(1000);
                let indexed = view.of::<Arrival>().find(&query).unwrap();
                assert!(indexed.entries.iter().any(|entry| entry.id == id), "round {round}: {id}");
            }
        })
        .unwrap();
}

/// The child process.
struct Writer {
    child: Child,
    output: BufReader<std::process::ChildStdout>,
}

impl Writer {
    fn start(path: &Path, round: u64) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "crash::the_child", "--ignored", "--nocapture", "--test-threads=1"]);
        command.env(STORE, path).env(ROUND, round.to_string()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Writer { child, output }
    }

    fn wait_until_ready(&mut self) {
        let mut line = String::new();
        while !line.starts_with("ready") {
            line.clear();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "the child ended by itself");
        }
    }

    /// Kills it; the whole lines that it had written.
    fn kill(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        let mut text = String::new();
        self.output.read_to_string(&mut text).unwrap();
        self.child.wait().unwrap();
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        whole.lines().map(str::to_owned).collect()
    }
}

#[test]
#[ignore = "the child: started, and killed, by the tests above"]
fn the_child() {
    let path = std::env::var_os(STORE).unwrap();
    let round: u64 = std::env::var(ROUND).unwrap().parse().unwrap();
    if round == 0 {
        drop(cloud(Path::new(&path)));
        return;
    }
    let replica = Replica::open(open(Path::new(&path)).unwrap(), schema()).unwrap();
    let shared = Shared::start(replica).unwrap();
    // The test harness has begun a line.
    println!("\nready");
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let shared = shared.clone();
            scope.spawn(move || write(&shared, round, thread));
        }
    });
}

fn write(shared: &Shared, round: u64, thread: u64) {
    let counter = id(1 + thread);
    for n in 0.. {
        let number = round * 100_000 + thread * 10_000 + n;
        let fact = id(1000 + number);
        let mut writes = Writes::new();
        writes.create(fact, &arrival(number));
        shared.commit(NOW, writes).unwrap();
        println!("fact {fact} {number}");

        let mut writes = Writes::new();
        let held = shared.view(|view| view.of::<Person>().get(counter)).unwrap().unwrap();
        let count = match held {
            None => {
                writes.create(counter, &Person { name: "1".into(), ..Person::default() });
                1
            }
            Some(entry) => {
                let count = entry.value.name.parse::<u64>().unwrap() + 1;
                writes.unchanged(&entry).update(&entry, |person| person.name = count.to_string());
                count
            }
        };
        shared.commit(NOW, writes).unwrap();
        println!("counter {thread} {count}");
    }
}

/// Delays that are the same in each run.
struct Chance(u64);

impl Chance {
    /// Marsaglia's xorshift64.
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}
