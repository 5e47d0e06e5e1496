//! Backups: a copy that is taken under load is a moment of the history, and what is restored from one is a
//! replica of its own that gets back what it lacks.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use dwellers_replica::sync::{Event, Session};
use dwellers_replica::{
    Memory, OpenError, Options, RecordId, Replica, Resumption, Role, Shared, Sqlite, Store, StoreError,
};

use crate::collections::{Draft, Item, Remark};
use crate::disk::{Arrival, NOW, arrival, arriving, cloud, id, open, schema};
use crate::lab::{self, START_MS, at, create, get, hub_id, key_of, write};
use crate::sync::talk;

fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

#[test]
fn a_copy_under_load_is_a_moment_of_the_history() {
    let (folder, backups) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let shared = Shared::start(cloud(&folder.path().join("store.db"))).unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for thread in 0..3 {
            let (shared, done) = (shared.clone(), &done);
            scope.spawn(move || {
                for n in (thread * 1_000_000 + 1_000..).take_while(|_| !done.load(Ordering::Relaxed)) {
                    shared.commit(NOW, arriving(n)).unwrap();
                }
            });
        }
        for n in 1..=5 {
            shared.commit(NOW, arriving(n)).unwrap();
            shared.copy_to(backups.path().join(format!("{n}.db"))).unwrap();
        }
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(names(backups.path()), ["1.db", "2.db", "3.db", "4.db", "5.db"]);
    let mut before = 0;
    for n in 1..=5 {
        let copy = Replica::open(open(&backups.path().join(format!("{n}.db"))).unwrap(), schema()).unwrap();
        copy.store().verify().unwrap();
        assert_eq!(copy.digests().unwrap(), copy.recomputed_digests().unwrap());
        let standing = copy.standing().unwrap();
        assert!(standing.mark.arrival > before, "each is later than the one before");
        before = standing.mark.arrival;
        for n in 1..=n {
            let there = copy.view(|view| view.of::<Arrival>().get(id(n)).unwrap()).unwrap();
            assert_eq!(there.unwrap().value, arrival(n), "acknowledged before it was taken");
        }
        let found = copy.view(|view| view.of::<Arrival>().search("номер 1,", None, 10).unwrap()).unwrap();
        assert_eq!(found.entries.len(), 1, "indexes and texts are whole");
        // The running hash of the store, at that transaction, is the copy's.
        let mark = standing.mark;
        let remembered =
            Resumption { vector: standing.vector, seen: 0, cursor: mark, urgent: mark, marks: vec![mark] };
        assert_eq!(shared.resume(&remembered).unwrap(), Ok(mark), "a beginning of the history");
    }
}

#[test]
fn a_copy_overwrites_nothing_and_leaves_nothing_half_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let mut replica = cloud(&path);
    replica.commit(NOW, &arriving(1)).unwrap();
    let target = folder.path().join("there");
    fs::write(&target, "a letter").unwrap();
    let before = names(folder.path());
    assert_eq!(replica.store().copy_to(&target), Err(StoreError::Exists(target.clone())));
    assert_eq!(replica.store().copy_to(&path), Err(StoreError::Exists(path.clone())), "least of all itself");
    assert!(replica.store().copy_to(folder.path().join("no such folder/copy.db")).is_err());
    let restored = Replica::restore(&path, &target, schema(), id(9), "", NOW);
    assert!(matches!(restored, Err(OpenError::Store(StoreError::Io(_)))), "a store in use is no copy");
    assert_eq!(names(folder.path()), before);
    assert_eq!(fs::read_to_string(&target).unwrap(), "a letter");

    let copy = folder.path().join("copy.db");
    // What an attempt left that was cut short does not stand in the way.
    fs::write(folder.path().join("copy.db.new"), "half").unwrap();
    replica.store().copy_to(&copy).unwrap();
    let whole = fs::read(&copy).unwrap();
    let restored = Replica::restore(&copy, &target, schema(), id(9), "", NOW);
    assert!(matches!(restored, Err(OpenError::Store(StoreError::Exists(_)))));
    let new = folder.path().join("new.db");
    for (what, bytes) in [("cut", &whole[..whole.len() / 2]), ("no store", b"a letter"), ("nothing", b"")] {
        fs::write(&copy, bytes).unwrap();
        let restored = Replica::restore(&copy, &new, schema(), id(9), "", NOW);
        assert!(matches!(restored, Err(OpenError::Store(_))), "{what}: {restored:?}");
        let left = names(folder.path());
        assert!(!left.iter().any(|name| name.starts_with("new.db")), "{what}: {left:?}");
    }
}

fn hub_on(path: &Path) -> Replica<Sqlite> {
    lab::hub(Sqlite::open(path, Options::default()).unwrap(), 0)
}

fn speak<A: Store, B: Store>(hub: &mut Replica<A>, cloud: &mut Replica<B>) {
    let ends = talk((&mut Session::new("cloud"), hub), (&mut Session::new(key_of(0)), cloud));
    for event in ends.concat() {
        assert!(matches!(event, Event::Changed(_) | Event::Shared(_) | Event::Ready), "{event:?}");
    }
    lab::assert_same(hub, cloud);
}

#[test]
fn a_restored_hub_is_another_replica_and_lacks_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let [path, backup, new] = ["hub.db", "backup.db", "new.db"].map(|name| folder.path().join(name));
    let (mut hub, mut cloud) = (hub_on(&path), lab::cloud(Memory::new()));
    create(&mut hub, at(1), id(1), &Remark { weight: 1, ..Remark::default() });
    create(&mut hub, at(1), id(2), &Draft { rank: 1, ..Draft::default() });
    speak(&mut hub, &mut cloud);
    create(&mut hub, at(2), id(3), &Remark { weight: 3, ..Remark::default() });
    hub.store().copy_to(&backup).unwrap();
    // After the backup: shared with the cloud, or lost with the disk.
    create(&mut hub, at(3), id(4), &Remark { weight: 4, ..Remark::default() });
    create(&mut hub, at(3), id(5), &Item { count: 5, ..Item::default() });
    speak(&mut hub, &mut cloud);
    create(&mut hub, at(4), id(6), &Remark::default());
    drop(hub);
    fs::remove_file(&path).unwrap();

    let held = fs::read(&backup).unwrap();
    let taken = RecordId::new(START_MS, 4711);
    let schema = crate::collections::schema();
    let standing = Replica::restore(&backup, &new, schema.clone(), taken, "", at(5)).unwrap();
    assert_eq!((standing.replica, standing.role), (taken, Role::Hub));
    assert_eq!(standing.lineage, [(hub_id(0), 2)]);
    assert_eq!(fs::read(&backup).unwrap(), held, "the copy is as it was");
    assert!(!folder.path().join("new.db.new.lock").exists());
    let mut hub = Replica::open(open(&new).unwrap(), schema).unwrap();
    create(&mut hub, at(6), id(7), &Remark { weight: 7, ..Remark::default() });
    speak(&mut hub, &mut cloud);
    for (n, weight) in [(1, 1), (3, 3), (4, 4), (7, 7)] {
        assert_eq!(get::<Remark, _>(&hub, id(n)).unwrap().value.weight, weight, "remark {n}");
    }
    assert_eq!(get::<Item, _>(&hub, id(5)).unwrap().value.count, 5);
    assert_eq!(
        get::<Draft, _>(&hub, id(2)).unwrap().value.rank,
        1,
        "what it keeps for itself was in the copy"
    );
    assert_eq!(get::<Remark, _>(&hub, id(6)), None, "nobody else had it");
    assert_eq!(get::<Remark, _>(&cloud, id(7)).unwrap().stamp.replica, taken);
    // And it goes on as any other.
    write(&mut cloud, at(7), |w| w.create(id(8), &Remark::default()));
    speak(&mut hub, &mut cloud);
    hub.store().verify().unwrap();
}
