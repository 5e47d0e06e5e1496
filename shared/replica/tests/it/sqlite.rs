//! The file: who may own it, what is refused, what a damaged or full disk does, and what people see in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use dwellers_replica::builtin::Registration;
use dwellers_replica::delta::{Change, Repair};
use dwellers_replica::{
    CommitError, Index, Kind, OpenError, Options, Query, Record, Replica, Role, Schema, Shape, Source, Spec,
    Sqlite, Stamp, Store, StoreError, Time, Writers, Writes,
};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use crate::disk::{Arrival, NOW, Person, arrival, arriving, cloud, id, model, open, schema};

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    (folder, path)
}

fn reopen(path: &Path) -> Replica<Sqlite> {
    Replica::open(open(path).unwrap(), schema()).unwrap()
}

/// What must hold of any store at any time.
fn assert_sound(replica: &Replica<Sqlite>) {
    replica.store().verify().unwrap();
    assert_eq!(replica.digests().unwrap(), replica.recomputed_digests().unwrap());
}

#[test]
fn what_was_committed_is_there_after_reopening() {
    let (_folder, path) = folder();
    let mut replica = cloud(&path);
    for n in 1..50 {
        replica.commit(NOW, &arriving(n)).unwrap();
    }
    let person = Person { name: "Зоя".into(), phones: vec!["+7 900".into()], lodger: true };
    replica.commit(NOW, Writes::new().create(id(90), &person)).unwrap();
    let entry = replica.view(|view| view.of::<Person>().get(id(90))).unwrap().unwrap().unwrap();
    replica.commit(NOW, Writes::new().update(&entry, |person| person.lodger = false)).unwrap();
    replica.commit(NOW, Writes::new().erase::<Person>(id(91), id(90))).unwrap();
    let (standing, digests) = (replica.standing().unwrap(), replica.digests().unwrap());
    drop(replica);

    let replica = reopen(&path);
    assert_eq!(replica.standing().unwrap(), standing);
    assert_eq!(replica.digests().unwrap(), digests);
    assert_sound(&replica);
    replica
        .view(|view| {
            assert_eq!(view.of::<Arrival>().get(id(7)).unwrap().unwrap().value, arrival(7));
            let person = view.of::<Person>().get(id(90)).unwrap().unwrap().value;
            assert_eq!(
                person,
                Person::default(),
                "two fields are erased and the third was set to its default"
            );
        })
        .unwrap();
}

#[test]
fn one_owner_at_a_time() {
    let (_folder, path) = folder();
    let first = open(&path).unwrap();
    assert_eq!(open(&path).unwrap_err(), StoreError::Locked(path.clone()));
    let reader = first.reader().unwrap();
    drop(first);
    assert_eq!(open(&path).unwrap_err(), StoreError::Locked(path.clone()), "while it is read");
    drop(reader);
    open(&path).unwrap();
}

#[test]
fn a_reader_does_not_write() {
    let (_folder, path) = folder();
    let mut reader = open(&path).unwrap().reader().unwrap();
    let written = reader.write(|_| Ok::<_, StoreError>(()));
    assert!(matches!(written, Err(StoreError::ReadOnly(_))), "{written:?}");
}

#[test]
fn what_is_not_ours_stays_as_it_is() {
    let foreign = |name: &str, make: &dyn Fn(&Path)| {
        let (folder, path) = folder();
        make(&path);
        let before = fs::read(&path).unwrap();
        let error = open(&path).unwrap_err();
        assert!(matches!(error, StoreError::Foreign { .. }), "{name}: {error}");
        assert_eq!(fs::read(&path).unwrap(), before, "{name}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "{name}: nothing else appeared");
    };
    foreign("a text", &|path| fs::write(path, "Список жителей\n").unwrap());
    foreign("a long text", &|path| fs::write(path, "Список жителей\n".repeat(1000)).unwrap());
    foreign("one byte", &|path| fs::write(path, [0]).unwrap());
    foreign("noise", &|path| {
        let noise: Vec<u8> = (0..20_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        fs::write(path, noise).unwrap();
    });
    foreign("a truncated database", &|path| fs::write(path, "SQLite format 3\0").unwrap());
    for mode in ["DELETE", "WAL"] {
        foreign("another program's database", &|path| {
            let other = Connection::open(path).unwrap();
            other.pragma_update(None, "journal_mode", mode).unwrap();
            other.execute_batch("CREATE TABLE t (x); INSERT INTO t VALUES (1)").unwrap();
        });
    }
}

#[test]
fn an_empty_file_becomes_a_store() {
    let (_folder, path) = folder();
    fs::write(&path, "").unwrap();
    cloud(&path);
    reopen(&path);
}

#[test]
fn a_newer_format_is_refused_and_left_alone() {
    let (_folder, path) = folder();
    drop(cloud(&path));
    let set = |format: i64| {
        let newer = Connection::open(&path).unwrap();
        newer.pragma_update(None, "user_version", format).unwrap();
    };
    set(99);
    let before = fs::read(&path).unwrap();
    let error = open(&path).unwrap_err();
    assert_eq!(error, StoreError::Newer { path: path.clone(), found: 99, known: 1 });
    assert_eq!(fs::read(&path).unwrap(), before);
    set(1);
    reopen(&path);
}

#[test]
fn a_newer_format_that_is_still_in_the_log_is_refused() {
    let (folder, path) = folder();
    drop(cloud(&path));
    // As after a power cut of the newer program: the log has not been folded into the file yet.
    let newer = Connection::open(&path).unwrap();
    newer.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    let copy = folder.path().join("copy.db");
    fs::copy(&path, &copy).unwrap();
    let beside = |suffix| folder.path().join(format!("copy.db{suffix}"));
    fs::copy(folder.path().join("store.db-wal"), beside("-wal")).unwrap();
    let before = (fs::read(&copy).unwrap(), fs::read(beside("-wal")).unwrap());
    for _ in 0..2 {
        let error = open(&copy).unwrap_err();
        assert!(matches!(error, StoreError::Newer { found: 99, .. }), "{error}");
        assert_eq!((fs::read(&copy).unwrap(), fs::read(beside("-wal")).unwrap()), before);
    }
}

#[test]
fn a_log_without_its_store_is_not_poured_into_a_new_one() {
    let (folder, path) = folder();
    let mut replica = cloud(&path);
    replica.commit(NOW, &arriving(1)).unwrap();
    let log = fs::read(folder.path().join("store.db-wal")).unwrap();
    drop(replica);
    fs::remove_file(&path).unwrap();
    fs::write(folder.path().join("store.db-wal"), &log).unwrap();
    let error = open(&path).unwrap_err();
    assert!(matches!(error, StoreError::Damaged(_)), "{error}");
    assert!(!path.exists());
    assert_eq!(fs::read(folder.path().join("store.db-wal")).unwrap(), log);
}

#[test]
fn damage_is_found_and_nothing_written_over_it() {
    let (_folder, path) = folder();
    let mut replica = cloud(&path);
    for n in 1..400 {
        replica.commit(NOW, &arriving(n)).unwrap();
    }
    drop(replica);
    let good = fs::read(&path).unwrap();
    let mut found = 0;
    for page in 1..good.len() / 4096 {
        let mut bad = good.clone();
        bad[page * 4096..page * 4096 + 64].fill(0xa5);
        fs::write(&path, &bad).unwrap();
        let told = (|| -> Result<(), StoreError> {
            let store = open(&path)?;
            store.verify()
        })();
        match told {
            Err(StoreError::Damaged(_)) => found += 1,
            // A page that holds nothing any more.
            Ok(()) => {}
            Err(other) => panic!("page {page}: {other}"),
        }
        assert_eq!(fs::read(&path).unwrap(), bad, "page {page}");
    }
    assert!(found > good.len() / 4096 / 2, "{found} of {} damaged pages were found", good.len() / 4096);

    // Without looking for it, damage in what is read is met as what it is.
    let mut bad = good.clone();
    for page in 2..good.len() / 4096 {
        bad[page * 4096..page * 4096 + 64].fill(0xa5);
    }
    fs::write(&path, &bad).unwrap();
    let told = open(&path).map_err(OpenError::from).and_then(|store| Replica::open(store, schema()));
    assert!(matches!(told, Err(OpenError::Store(StoreError::Damaged(_)))), "{told:?}");
    assert_eq!(fs::read(&path).unwrap(), bad);
}

#[test]
fn a_full_store_refuses_and_goes_on_when_there_is_room() {
    let (_folder, path) = folder();
    drop(cloud(&path));
    let size = fs::metadata(&path).unwrap().len();
    let tight = Sqlite::open(&path, Options { max_bytes: Some(size + 200_000) }).unwrap();
    let mut replica = Replica::open(tight, schema()).unwrap();
    let full = fill(&mut replica);
    assert_sound(&replica);
    drop(replica);
    let mut replica = reopen(&path);
    assert_sound(&replica);
    replica.commit(NOW, &arriving(full)).unwrap();
    assert_sound(&replica);
}

/// Commits until the disk is full; the number of the first that did not fit.
fn fill(replica: &mut Replica<Sqlite>) -> u64 {
    for n in 1.. {
        match replica.commit(NOW, &arriving(n)) {
            Ok(_) => {}
            Err(CommitError::Store(StoreError::Full)) => {
                let standing = replica.standing().unwrap();
                let again = replica.commit(NOW, &arriving(n));
                assert!(matches!(again, Err(CommitError::Store(StoreError::Full))), "{again:?}");
                assert_eq!(replica.standing().unwrap(), standing, "nothing half-written");
                let there = replica.view(|view| view.of::<Arrival>().get(id(n)).unwrap()).unwrap();
                assert_eq!(there, None);
                let before = replica.view(|view| view.of::<Arrival>().get(id(n - 1)).unwrap()).unwrap();
                assert_eq!(before.unwrap().value, arrival(n - 1));
                return n;
            }
            Err(other) => panic!("{n}: {other}"),
        }
    }
    unreachable!("no disk is that large")
}

/// A file system of its own, where this machine lets us have one.
struct Mounted(TempDir);

impl Mounted {
    fn new(options: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Mounted::mount(folder.path(), options);
        if !mounted {
            println!("skipped: this machine does not let a test mount a file system");
        }
        mounted.then_some(Mounted(folder))
    }

    fn mount(at: &Path, options: &str) -> bool {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(at);
        mount.output().is_ok_and(|done| done.status.success())
    }

    fn remount(&self, options: &str) {
        let options = format!("remount,{options}");
        let done = Command::new("mount").args(["-o", &options]).arg(self.0.path()).status().unwrap();
        assert!(done.success());
    }

    fn store(&self) -> PathBuf {
        self.0.path().join("store.db")
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_refuses_and_goes_on_when_there_is_room() {
    let Some(disk) = Mounted::new("size=1m") else { return };
    let mut replica = cloud(&disk.store());
    let full = fill(&mut replica);
    assert_sound(&replica);
    disk.remount("size=8m");
    replica.commit(NOW, &arriving(full)).unwrap();
    assert_sound(&replica);
    drop(replica);
    assert_sound(&reopen(&disk.store()));
}

#[test]
fn a_disk_without_any_room_says_so_at_once() {
    let Some(disk) = Mounted::new("size=64k") else { return };
    // So that each step of the making meets the end of the disk in its turn.
    for left in 0..16 {
        let ballast = disk.0.path().join("ballast");
        fs::write(&ballast, vec![1; (15 - left) * 4096]).unwrap();
        let error = open(&disk.store()).unwrap_err();
        assert_eq!(error, StoreError::Full, "{left} pages left");
        assert!(!disk.store().exists(), "no half of a store");
    }
    disk.remount("size=4m");
    cloud(&disk.store());
}

#[test]
fn a_read_only_disk_says_so() {
    let Some(disk) = Mounted::new("size=8m") else { return };
    let mut replica = cloud(&disk.store());
    replica.commit(NOW, &arriving(1)).unwrap();
    drop(replica);
    let before = fs::read(disk.store()).unwrap();
    disk.remount("ro");
    let error = open(&disk.store()).unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly(_)), "{error}");
    let error = open(&disk.0.path().join("new.db")).unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly(_)), "{error}");
    assert_eq!(fs::read(disk.store()).unwrap(), before);
    disk.remount("rw");
    reopen(&disk.store()).commit(NOW, &arriving(2)).unwrap();
}

/// What the same collections are in the next version of the program.
mod next {
    use super::{Deserialize, Index, Record, Serialize, Spec};

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub(super) struct Person {
        pub name: String,
        pub phones: Vec<String>,
        pub lodger: bool,
        pub house: Option<i64>,
    }

    impl Record for Person {
        const SPEC: Spec = Spec {
            indexes: &[Index { name: "lodger", on: &["lodger", "name"] }],
            search: &["name", "phones"],
            ..Spec::profile("people")
        };
    }
}

#[test]
fn views_show_what_is_there_and_follow_the_schema() {
    let (_folder, path) = folder();
    let mut replica = cloud(&path);
    let phones = vec!["+7".into(), "8".into()];
    replica
        .commit(NOW, Writes::new().create(id(1), &Person { name: "Анна".into(), phones, lodger: true }))
        .unwrap();
    replica
        .commit(NOW, Writes::new().create(id(2), &Person { name: "Борис".into(), ..Person::default() }))
        .unwrap();
    replica.commit(NOW, Writes::new().create(id(4), &Arrival { lane: 0, ..arrival(4) })).unwrap();
    drop(replica);

    let people = || {
        let plain = Connection::open(&path).unwrap();
        let mut select = plain.prepare("SELECT * FROM people ORDER BY name").unwrap();
        let columns = select.column_names().collect::<Vec<_>>().join(" ");
        let row = |row: &rusqlite::Row<'_>| {
            Ok((row.get::<_, String>("id")?, row.get::<_, String>("name")?, row.get::<_, String>("phones")?))
        };
        (columns, select.query_map([], row).unwrap().collect::<Result<Vec<_>, _>>().unwrap())
    };
    let (columns, rows) = people();
    assert_eq!(columns, "id lodger name phones");
    assert_eq!(rows[0], (id(1).to_string(), "Анна".into(), r#"["+7","8"]"#.into()));
    assert_eq!(rows[1], (id(2).to_string(), "Борис".into(), "[]".into()));
    {
        let plain = Connection::open(&path).unwrap();
        let count = |view: &str| {
            plain.query_row(&format!("SELECT count(*) FROM {view}"), [], |row| row.get::<_, i64>(0)).unwrap()
        };
        let views =
            ["replicas", "retirements", "introductions", "erasures", "horizons", "people", "arrivals"];
        assert_eq!(views.map(count), [1, 0, 0, 0, 0, 2, 1]);
        // Also where a fact was stored without it.
        let lanes =
            plain.query_row("SELECT plate, lane FROM arrivals", [], |row| Ok((row.get(0)?, row.get(1)?)));
        assert_eq!(lanes, Ok((arrival(4).plate, 0)));
    }

    let schema = Schema::new().with::<Arrival>().with::<next::Person>();
    let mut replica = Replica::open(open(&path).unwrap(), schema).unwrap();
    let boris = replica.view(|view| view.of::<next::Person>().get(id(2))).unwrap().unwrap().unwrap();
    replica.commit(NOW, Writes::new().update(&boris, |person| person.house = Some(12))).unwrap();
    replica
        .view(|view| {
            let people = view.of::<next::Person>();
            let lodgers = people.find(&Query::on("lodger").equal(true)).unwrap();
            assert_eq!(lodgers.entries.iter().map(|entry| entry.id).collect::<Vec<_>>(), [id(1)]);
            assert_eq!(people.find(&Query::on("lodger")).unwrap().entries.len(), 2);
            assert!(people.find(&Query::on("name")).is_err(), "no longer declared");
            assert_eq!(people.search("бор", None, 10).unwrap().entries[0].id, id(2));
        })
        .unwrap();
    assert_sound(&replica);
    drop(replica);
    assert_eq!(people().0, "id house lodger name phones");
    let plain = Connection::open(&path).unwrap();
    let house = "SELECT house FROM people WHERE name = 'Борис'";
    assert_eq!(plain.query_row(house, [], |row| row.get::<_, i64>(0)).unwrap(), 12);
    let old = "SELECT count(*) FROM _entries JOIN _indexes USING (number) WHERE name = 'name'";
    assert_eq!(plain.query_row(old, [], |row| row.get::<_, i64>(0)).unwrap(), 0, "entries of the old index");
}

#[test]
fn one_absurd_record_does_not_spoil_a_view() {
    let (_folder, path) = folder();
    let mut replica = cloud(&path);
    replica.commit(NOW, &arriving(1)).unwrap();
    let (hub, role) = (id(2), Some(Role::Hub));
    replica.register(hub, &Registration { role, ..Registration::default() }, NOW).unwrap();
    let deep = format!("{}1{}", "[".repeat(3000), "]".repeat(3000));
    let stamp = Stamp { time: Time::from_ms(NOW.ms), replica: hub, sequence: 1 };
    let fields = vec![("lane".to_owned(), deep)];
    let shape = Shape {
        name: "arrivals".into(),
        kind: Kind::Fact,
        writers: Writers::Any,
        lasting: false,
        bulk: false,
    };
    let repair = Repair { shape, changes: vec![Change { shape: 0, record: id(3), stamp, fields }] };
    // Whether or not such a thing is let in.
    let _ = replica.repair(Source { replica: hub, role: Role::Hub }, NOW, &repair);
    assert_sound(&replica);
    drop(replica);
    let plain = Connection::open(&path).unwrap();
    let plates = "SELECT group_concat(plate) FROM arrivals";
    let found: String = plain.query_row(plates, [], |row| row.get(0)).unwrap();
    assert_eq!(found, arrival(1).plate);
}

#[test]
fn a_search_finds_what_the_model_finds() {
    let texts = [
        "Ёлкина Мария",
        "ЕЛКИН пётр",
        "А123ВС777",
        "say \"hello\" AND NOT x*",
        "100% _точно_ ^col: -",
        "a\0bcd\u{1}",
        "🚗🚙🚗",
        "it's; DROP TABLE _texts --",
        "",
        "aaaa",
        "İstanbul ǅ",
    ];
    let fragments = [
        "",
        " ",
        "е",
        "ёл",
        "елкин",
        "Елкин",
        "МАРИЯ",
        "123",
        "а123вс777",
        "а123вс7778",
        "\"",
        "\"hello\"",
        "and not",
        "x*",
        "%",
        "100%",
        "_",
        "_точно_",
        "^col:",
        "a\0b",
        "\0bc",
        "\0bcd",
        "bcd",
        "abc",
        "abcd",
        "\0",
        "\u{1}",
        "🚗",
        "🚙🚗",
        "🚗🚙🚗",
        "it's",
        "'; drop",
        "--",
        "aaa",
        "aaaa",
        "aaaaa",
        "\n",
        "мария\n",
        "i\u{307}st",
        "istanbul",
        "ǆ",
        "машина номер 1",
        "номер 77",
        "номер 1500, ",
        "'",
        "\"\"\"",
        "OR",
        "NEAR(",
        "гость\" дома 5",
    ];
    let (_folder, path) = folder();
    let (mut replica, mut model) = (cloud(&path), model());
    let mut batch = |writes: &Writes| {
        let done = replica.commit(NOW, writes).unwrap();
        assert_eq!(model.commit(NOW, writes).unwrap(), done);
    };
    for (n, text) in texts.iter().enumerate() {
        let mut writes = Writes::new();
        writes.create(id(n as u64 + 1), &Arrival { plate: (*text).into(), ..Arrival::default() });
        writes.create(id(n as u64 + 100), &Person { name: (*text).into(), ..Person::default() });
        batch(&writes);
    }
    // Enough that the newest are not all.
    for n in 0..25 {
        let mut writes = Writes::new();
        for n in 1000 + n * 100..1100 + n * 100 {
            writes.create(id(n), &arrival(n));
        }
        batch(&writes);
    }
    let compare = |replica: &Replica<Sqlite>, model: &Replica<dwellers_replica::Memory>| {
        for fragment in fragments {
            for limit in [1, 7, 1000] {
                let (mut after, mut pages) = (None, 0);
                loop {
                    let arrivals = |view: dwellers_replica::View<'_>| {
                        view.of::<Arrival>().search(fragment, after.clone(), limit).unwrap()
                    };
                    let (found, expected) = (replica.view(arrivals).unwrap(), model.view(arrivals).unwrap());
                    assert_eq!(found, expected, "{fragment:?}, {limit} at once");
                    after = found.next;
                    pages += 1;
                    if after.is_none() || pages > 5 {
                        break;
                    }
                }
            }
            let people =
                |view: dwellers_replica::View<'_>| view.of::<Person>().search(fragment, None, 1000).unwrap();
            assert_eq!(replica.view(people).unwrap(), model.view(people).unwrap(), "{fragment:?}");
        }
    };
    compare(&replica, &model);
    for n in [1, 4, 6, 1500] {
        let mut writes = Writes::new();
        writes.erase::<Arrival>(id(50 + n), id(n));
        if n < 10 {
            let entry = replica.view(|view| view.of::<Person>().get(id(99 + n))).unwrap().unwrap().unwrap();
            writes.update(&entry, |person| person.name = format!("{} Елкина", person.name));
        }
        assert_eq!(replica.commit(NOW, &writes).unwrap(), model.commit(NOW, &writes).unwrap());
    }
    compare(&replica, &model);
    assert_sound(&replica);
    let found = replica.view(|view| view.of::<Person>().search("елкина", None, 10).unwrap()).unwrap();
    assert_eq!(found.entries.len(), 3, "{found:?}");
}

#[test]
fn what_was_erased_is_nowhere_in_the_files() {
    let (folder, path) = folder();
    let mut replica = cloud(&path);
    // Of the same letters, so that the trigrams are its own too.
    let name = "Ъыъюэъыщёжъ";
    replica
        .commit(NOW, Writes::new().create(id(1), &Person { name: name.into(), ..Person::default() }))
        .unwrap();
    for n in 10..300 {
        replica.commit(NOW, &arriving(n)).unwrap();
    }
    let erased = Writes::new().erase::<Person>(id(2), id(1)).clone();
    replica.commit(NOW, &erased).unwrap();
    drop(replica);
    let (upper, folded) = ("Ъыъюэъ", "ъыъ");
    for file in fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        let bytes = fs::read(file.path()).unwrap();
        for trace in [upper, folded] {
            let there = bytes.windows(trace.len()).any(|window| window == trace.as_bytes());
            assert!(!there, "{trace} is in {:?}", file.file_name());
        }
    }
}
