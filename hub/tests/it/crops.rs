//! Pictures of plates: a folder that is bounded, whole, and never in the way.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dwellers::journal::{Book, Entry};
use dwellers::retention::{DAY_MS, Sweep};
use dwellers_hub::crops::{Crops, Limits, MAX_CROP_BYTES};
use dwellers_hub::retention;
use dwellers_replica::{Now, Options, Query, RecordId, Replica, Role, Shared, Sqlite, Writes};

use crate::process::eventually;

fn picture(number: u8, length: usize) -> Vec<u8> {
    [&[0xff, 0xd8, 0xff, number], vec![number; length - 4].as_slice()].concat()
}

/// Keeps pictures one after another, and waits until each is in the folder.
fn keep(crops: &Crops, folder: &Path, pictures: &[Vec<u8>]) {
    for picture in pictures {
        assert!(crops.keep(picture.clone()));
        let path = folder.join(Crops::hash(picture));
        eventually("it is written", || path.exists().then_some(()));
    }
}

fn names(folder: &Path) -> usize {
    fs::read_dir(folder).unwrap().count()
}

#[test]
fn a_picture_is_found_by_its_hash_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("crops");
    let crops = Crops::open(&at, Limits::default()).unwrap();
    let pictures = [picture(1, 500), picture(2, 500)];
    keep(&crops, &at, &pictures);
    keep(&crops, &at, &pictures);
    assert_eq!(names(&at), 2, "the same picture is kept once");
    let crops = Crops::open(&at, Limits::default()).unwrap();
    assert_eq!(crops.get(&Crops::hash(&pictures[0])).unwrap(), Some(pictures[0].clone()));
}

#[test]
fn a_picture_is_there_from_the_moment_it_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let crops = Crops::open(folder.path(), Limits::default()).unwrap();
    for number in 0..200 {
        let picture = picture(number, 20_000);
        eventually("there is room", || crops.keep(picture.clone()).then_some(()));
        assert_eq!(crops.get(&Crops::hash(&picture)).unwrap(), Some(picture), "{number}");
    }
}

#[test]
fn what_is_no_picture_of_ours_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let crops = Crops::open(folder.path(), Limits::default()).unwrap();
    fs::write(folder.path().join("secret"), "x").unwrap();
    let torn = Crops::hash(b"whole");
    fs::write(folder.path().join(&torn), "who").unwrap();
    for name in ["", "secret", "../secret", &"0".repeat(64), &"Z".repeat(64), &torn] {
        assert_eq!(crops.get(name).unwrap(), None, "{name}");
    }
    assert!(!crops.keep(Vec::new()));
    assert!(!crops.keep(vec![0; MAX_CROP_BYTES + 1]));
}

#[test]
fn the_oldest_make_room() {
    let folder = tempfile::tempdir().unwrap();
    let pictures: Vec<Vec<u8>> = (0..6).map(|number| picture(number, 1_000)).collect();
    let held = |crops: &Crops| -> Vec<bool> {
        pictures.iter().map(|picture| crops.get(&Crops::hash(picture)).unwrap().is_some()).collect()
    };
    let crops = Crops::open(folder.path(), Limits { files: 4, bytes: 1 << 20 }).unwrap();
    keep(&crops, folder.path(), &pictures);
    assert_eq!(
        eventually("the oldest are gone", || {
            let held = held(&crops);
            (held.iter().filter(|held| **held).count() == 4).then_some(held)
        }),
        [false, false, true, true, true, true]
    );
    drop(crops);
    let crops = Crops::open(folder.path(), Limits { files: 4, bytes: 2_500 }).unwrap();
    assert_eq!(held(&crops).iter().filter(|held| **held).count(), 2, "a smaller limit holds from the start");
    assert_eq!(names(folder.path()), 2);
}

#[test]
fn a_picture_goes_when_its_time_is_over_or_its_entry_was_erased() {
    const NOW_MS: u64 = 1_790_000_000_000;
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("crops");
    let (now, hub) = (Now { ms: NOW_MS, trusted: true }, RecordId::new(NOW_MS, 1));
    let sqlite = Sqlite::open(folder.path().join("store.db"), Options::default()).unwrap();
    let replica = Replica::create(sqlite, dwellers::schema(), hub, Role::Hub, "", now).unwrap();
    let store = Shared::start(replica).unwrap();
    let crops = Crops::open(&at, Limits::default()).unwrap();
    let pictures: Vec<Vec<u8>> = (1..=4).map(|number| picture(number, 500)).collect();
    keep(&crops, &at, &pictures);
    let aged = |nth: usize, made: SystemTime| {
        let file = fs::File::options().write(true).open(at.join(Crops::hash(&pictures[nth]))).unwrap();
        file.set_modified(made).unwrap();
    };
    let ago = |ms: u64| UNIX_EPOCH + Duration::from_millis(NOW_MS - ms);
    aged(0, ago(31 * DAY_MS));
    aged(1, ago(2 * 3_600_000));
    aged(2, ago(60_000));
    // Written before anybody had set the clock.
    aged(3, UNIX_EPOCH + Duration::from_secs(1_000));
    let held = || -> Vec<bool> {
        pictures.iter().map(|picture| crops.get(&Crops::hash(picture)).unwrap().is_some()).collect()
    };
    let untrusted = Now { trusted: false, ..now };
    assert_eq!(retention::look(&store, &crops, untrusted).unwrap(), 0);
    assert_eq!(held(), [true; 4]);
    // The journal names the second: it stays, until that is erased.
    let mut entry = Entry { crop: Crops::hash(&pictures[1]), ..Entry::default() };
    let mut book = store.view(|view| Book::open(view).unwrap()).unwrap();
    book.write(&mut entry, now, 7);
    let mut writes = Writes::new();
    writes.create(RecordId::new(NOW_MS, 3), &entry);
    store.commit(now, writes).unwrap();
    assert_eq!(retention::look(&store, &crops, now).unwrap(), 1);
    assert_eq!(held(), [false, true, true, true]);
    let later = Now { ms: NOW_MS + 2 * 3_600_000, ..now };
    // The time of the fourth counts from the first look on.
    assert_eq!(retention::look(&store, &crops, later).unwrap(), 2, "these were never named");
    let sweeps = store.view(|view| view.of::<Sweep>().find(&Query::on("time")).unwrap()).unwrap().entries;
    let destroyed: Vec<_> = sweeps.iter().map(|sweep| sweep.value.destroyed["pictures"]).collect();
    assert_eq!(destroyed, [1, 2]);
    assert_eq!(sweeps[0].value.replica, hub);
}
