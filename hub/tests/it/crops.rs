//! Pictures of plates: a folder that is bounded, whole, and never in the way.

use std::fs;
use std::path::Path;

use dwellers_hub::crops::{Crops, Limits, MAX_CROP_BYTES};

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
