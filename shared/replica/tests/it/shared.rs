//! Many threads on one replica: who shares an fsync, who overtakes whom, and what a panic costs.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Barrier, mpsc};
use std::thread;
use std::time::Duration;

use dwellers_replica::sync::Endpoint;
use dwellers_replica::{
    CommitError, Mark, Memory, MergeError, Options, Query, Refusal, Replica, Role, Shared, Source, Sqlite,
    SqliteReader, StoreError, Vector, Writes,
};

use crate::disk::{Arrival, NOW, arrival, arriving, chunks, cloud, id, model, open, schema};

const CLOUD: Source = Source { replica: id(0), role: Role::Cloud };

fn shared(path: &Path) -> Shared {
    Shared::start(cloud(path)).unwrap()
}

/// A hub that knows the cloud of [`model`], in memory and in a file.
fn hubs(path: &Path) -> (Replica<Memory>, Shared) {
    let hub = id(500_000);
    let mut plain = Replica::create(Memory::new(), schema(), hub, Role::Hub, "", NOW).unwrap();
    plain.introduce(id(0), Role::Cloud, NOW).unwrap();
    let mut on_disk = Replica::create(open(path).unwrap(), schema(), hub, Role::Hub, "", NOW).unwrap();
    on_disk.introduce(id(0), Role::Cloud, NOW).unwrap();
    (plain, Shared::start(on_disk).unwrap())
}

fn large_model(records: u64) -> Replica<Memory> {
    let mut model = model();
    for n in 1..=records {
        model.commit(NOW, &arriving(n)).unwrap();
    }
    model
}

#[test]
fn commits_that_wait_together_share_a_sequence() {
    let folder = tempfile::tempdir().unwrap();
    let shared = shared(&folder.path().join("store.db"));
    let together = Barrier::new(9);
    let stamps: Vec<_> = thread::scope(|scope| {
        let commits: Vec<_> = (1..=8)
            .map(|n| {
                let (shared, together) = (shared.clone(), &together);
                scope.spawn(move || {
                    together.wait();
                    shared.commit(NOW, arriving(n)).unwrap().stamp
                })
            })
            .collect();
        let (begun, started) = mpsc::channel();
        let busy = shared.clone();
        scope.spawn(move || {
            let body = move |_: &mut Replica<Sqlite>| {
                begun.send(()).unwrap();
                thread::sleep(Duration::from_millis(100));
            };
            busy.with(body).unwrap();
        });
        started.recv().unwrap();
        together.wait();
        commits.into_iter().map(|commit| commit.join().unwrap()).collect()
    });
    let sequences: BTreeSet<_> = stamps.iter().map(|stamp| stamp.sequence).collect();
    assert!(sequences.len() < 8, "{sequences:?}");
    assert_eq!(stamps.iter().collect::<BTreeSet<_>>().len(), 8, "each has a stamp of its own");
    let standing = shared.standing().unwrap();
    assert_eq!(standing.mark.arrival, 1 + sequences.len() as u64, "one transaction a batch");
    for n in 1..=8 {
        let found = shared.view(|view| view.of::<Arrival>().get(id(n)).unwrap()).unwrap();
        assert_eq!(found.unwrap().value, arrival(n));
    }
}

#[test]
fn a_refused_commit_leaves_its_batch_alone() {
    let folder = tempfile::tempdir().unwrap();
    let shared = shared(&folder.path().join("store.db"));
    // Twenty threads for ten records: of each two, one is refused.
    let accepted: usize = thread::scope(|scope| {
        let commit = |n: u64| {
            let shared = shared.clone();
            move || match shared.commit(NOW, arriving(1 + n % 10)) {
                Ok(_) => 1,
                Err(CommitError::Refused(Refusal::Exists { .. })) => 0,
                Err(other) => panic!("{other}"),
            }
        };
        let threads: Vec<_> = (0..20).map(|n| scope.spawn(commit(n))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(accepted, 10);
    let all = shared.view(|view| view.of::<Arrival>().find(&Query::on("plate")).unwrap()).unwrap();
    assert_eq!(all.entries.len(), 10);
}

#[test]
fn merging_through_it_is_merging() {
    let folder = tempfile::tempdir().unwrap();
    let (mut plain, shared) = hubs(&folder.path().join("store.db"));
    for chunk in chunks(&mut large_model(1500)) {
        let expected = plain.merge(CLOUD, NOW, &chunk).unwrap();
        assert_eq!(shared.merge(CLOUD, NOW, chunk.clone()).unwrap(), expected);
        // Once more: taken already.
        assert_eq!(shared.merge(CLOUD, NOW, chunk).unwrap().mark, expected.mark);
    }
    assert_eq!(shared.standing().unwrap(), plain.standing().unwrap());
    assert_eq!(shared.digests().unwrap(), plain.digests().unwrap());
    let both = [shared.look(chunks).unwrap(), chunks(&mut plain)];
    assert_eq!(both[0], both[1], "they send the same on");
}

/// Parts of a merge wait for no fsync; whoever sends what is in them does.
#[test]
fn what_is_sent_is_durable_first() {
    type Send = fn(&mut Replica<SqliteReader>);
    let senders: [(&str, Send); 6] = [
        ("hello", |replica| drop(replica.hello().unwrap())),
        ("resumption", |replica| drop(replica.resumption(id(0)).unwrap())),
        ("known", |replica| assert_eq!(Endpoint::known(replica, id(0)).unwrap().arrival, 0)),
        ("since", |replica| {
            assert!(!replica.since(Mark::default(), 0, &Vector::new(), 100).unwrap().groups.is_empty());
        }),
        ("digests", |replica| assert!(!Endpoint::digests(replica).unwrap().is_empty())),
        ("bucket", |replica| {
            let bucket = Replica::digests(replica).unwrap().into_keys().next().unwrap();
            assert!(!replica.bucket(&bucket, None).unwrap().0.changes.is_empty());
        }),
    ];
    for (what, send) in senders {
        let folder = tempfile::tempdir().unwrap();
        let (_, shared) = hubs(&folder.path().join("store.db"));
        let is_synced = || shared.look(|replica| replica.store().is_synced()).unwrap();
        assert!(is_synced());
        // The last part is refused, so that those before it stay as they were written.
        let mut chunk = chunks(&mut large_model(300)).remove(0);
        chunk.groups.last_mut().unwrap()[0].stamp.replica = id(999_999);
        let refused = shared.merge(CLOUD, NOW, chunk);
        assert!(matches!(refused, Err(MergeError::Illegal(_))), "{refused:?}");
        let seen = shared.view(|view| view.of::<Arrival>().get(id(1)).unwrap()).unwrap();
        assert!(seen.is_some() && !is_synced(), "a view shows what is not durable yet");
        shared.look(send).unwrap();
        assert!(is_synced(), "{what} sends what a crash can take back");
    }
}

#[test]
fn a_merge_is_durable_when_it_returns() {
    let folder = tempfile::tempdir().unwrap();
    let (_, shared) = hubs(&folder.path().join("store.db"));
    for chunk in chunks(&mut large_model(1500)) {
        shared.merge(CLOUD, NOW, chunk).unwrap();
        assert!(shared.look(|replica| replica.store().is_synced()).unwrap());
    }
}

#[test]
fn commits_overtake_a_merge() {
    let folder = tempfile::tempdir().unwrap();
    let (_, shared) = hubs(&folder.path().join("store.db"));
    let mut model = large_model(4000);
    let (digests, chunks) = (model.digests().unwrap(), chunks(&mut model));
    let merged = AtomicBool::new(false);
    let counts: Vec<u64> = thread::scope(|scope| {
        let commit = |thread: u64| {
            let (shared, merged) = (shared.clone(), &merged);
            move || {
                let mut during = 0;
                for n in 0..40 {
                    shared.commit(NOW, arriving(600_000 + thread * 1000 + n)).unwrap();
                    during += u64::from(!merged.load(Ordering::Relaxed));
                }
                during
            }
        };
        let threads: Vec<_> = (0..8).map(|thread| scope.spawn(commit(thread))).collect();
        for chunk in chunks {
            shared.merge(CLOUD, NOW, chunk).unwrap();
        }
        merged.store(true, Ordering::Relaxed);
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(counts.iter().all(|during| *during > 0), "commits were let through meanwhile: {counts:?}");
    for n in (1..=4000).chain((0..8).flat_map(|thread| (0..40).map(move |n| 600_000 + thread * 1000 + n))) {
        let found = shared.view(|view| view.of::<Arrival>().get(id(n)).unwrap()).unwrap();
        assert_eq!(found.map(|entry| entry.value), Some(arrival(n)));
    }
    shared
        .look(|replica| assert_eq!(replica.digests().unwrap(), replica.recomputed_digests().unwrap()))
        .unwrap();
    assert_ne!(shared.digests().unwrap(), digests, "the hub has its own besides");
}

#[test]
fn a_panic_costs_its_caller_the_answer_and_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let shared = shared(&folder.path().join("store.db"));
    let told = shared.with(|replica| {
        replica.commit(NOW, &arriving(1)).unwrap();
        let _ = replica.view(|_| -> () { panic!("in the middle of a read (this test's own)") });
    });
    assert!(matches!(told, Err(StoreError::Io(_))), "{told:?}");
    shared.commit(NOW, arriving(2)).unwrap();
    let again = shared.commit(NOW, arriving(1));
    assert!(matches!(again, Err(CommitError::Refused(Refusal::Exists { .. }))), "{again:?}");
    let handle = shared.clone();
    let waited =
        shared.with(move |_| handle.commit(NOW, arriving(3)).map(drop).map_err(|error| error.to_string()));
    assert!(waited.unwrap().is_err(), "the writer does not wait for itself");
}

#[test]
fn a_store_that_fails_tells_each_of_the_batch() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    drop(cloud(&path));
    let tight = Sqlite::open(&path, Options { max_bytes: Some(400_000) }).unwrap();
    let shared = Shared::start(Replica::open(tight, schema()).unwrap()).unwrap();
    thread::scope(|scope| {
        for thread in 0..4 {
            let shared = shared.clone();
            scope.spawn(move || {
                for n in 1.. {
                    match shared.commit(NOW, arriving(thread * 100_000 + n)) {
                        Ok(_) => {}
                        Err(CommitError::Store(StoreError::Full)) => return,
                        Err(other) => panic!("{other}"),
                    }
                }
            });
        }
    });
    shared
        .look(|replica| assert_eq!(replica.digests().unwrap(), replica.recomputed_digests().unwrap()))
        .unwrap();
    assert!(matches!(shared.commit(NOW, Writes::new()), Ok(_) | Err(CommitError::Store(StoreError::Full))));
}

#[test]
fn the_last_handle_closes_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let shared = shared(&path);
    let other = shared.clone();
    shared.commit(NOW, arriving(1)).unwrap();
    drop(shared);
    other.commit(NOW, arriving(2)).unwrap();
    let readers = thread::scope(|scope| {
        let read = || other.view(|view| view.of::<Arrival>().get(id(2)).unwrap().unwrap().value).unwrap();
        (0..8).map(|_| scope.spawn(read)).map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(readers.iter().all(|found| *found == arrival(2)));
    drop(other);
    assert!(!folder.path().join("store.db-wal").exists(), "the log is folded into the file");
    Replica::open(open(&path).unwrap(), schema()).unwrap();
}
