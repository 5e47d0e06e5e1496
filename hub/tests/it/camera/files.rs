//! Frames from files.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use dwellers_hub::camera::MAX_FRAME_BYTES;
use dwellers_hub::camera::files::{Files, Play};

use super::{Lane, still};

fn frames(source: &mut Files, count: usize) -> Vec<Option<usize>> {
    // By its length: these pictures differ in it.
    (0..count).map(|_| source.next_frame().unwrap().map(|frame| frame.len())).collect()
}

fn write(folder: &Path, files: &[(&str, usize)]) {
    for (name, bytes) in files {
        fs::write(folder.join(name), vec![7; *bytes]).unwrap();
    }
}

#[test]
fn a_folder_is_played_in_the_order_of_names() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        &[("0002.jpg", 2), ("0001.JPG", 1), ("0010.png", 10), ("scenes.toml", 99), ("x.jpeg", 11)],
    );
    let mut once = Files::open(folder.path(), Play::Once).unwrap();
    assert_eq!(frames(&mut once, 6), [1, 2, 10, 11, 11, 11].map(Some));
    let mut looping = Files::open(folder.path(), Play::Loop).unwrap();
    let played = frames(&mut looping, 12);
    assert_eq!(played[..4], [1, 2, 10, 11].map(Some));
    assert_eq!(played.iter().filter(|frame| **frame == Some(1)).count(), 3, "{played:?}");
}

#[test]
fn the_last_frame_stays_the_same_one() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("1.jpg", 5)]);
    let mut once = Files::open(folder.path(), Play::Once).unwrap();
    let first = once.next_frame().unwrap().unwrap();
    assert!(std::sync::Arc::ptr_eq(&first, &once.next_frame().unwrap().unwrap()), "nobody has to look again");
}

#[test]
fn what_cannot_be_read_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("1.jpg", 1), ("2.jpg", MAX_FRAME_BYTES + 1), ("4.jpg", 4)]);
    fs::create_dir(folder.path().join("3.jpg")).unwrap();
    let mut once = Files::open(folder.path(), Play::Once).unwrap();
    assert_eq!(frames(&mut once, 5), [Some(1), None, None, Some(4), Some(4)]);
    let empty = tempfile::tempdir().unwrap();
    let check = |path: &Path, why: &str| {
        let lost = Files::open(path, Play::Once).err().unwrap().to_string();
        assert!(lost.starts_with(&path.display().to_string()) && lost.contains(why), "{lost}");
    };
    check(empty.path(), "no .jpg, .jpeg or .png is in this folder");
    check(&empty.path().join("none"), "No such file");
}

#[test]
fn another_sequence_takes_the_place_of_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let lane = Lane::new(folder.path());
    let scene = |name: &str| fs::read(folder.path().join("scenes").join(name)).unwrap();
    let mut once = Files::open(&lane.path(), Play::Once).unwrap();
    let mut is_next =
        |expected: &[u8], what: &str| assert_eq!(&*once.next_frame().unwrap().unwrap(), expected, "{what}");
    is_next(&scene("empty/0000.jpg"), "an empty lane");
    is_next(&scene("empty/0000.jpg"), "still");
    lane.play("resident");
    is_next(&scene("resident/0000.jpg"), "a car");
    is_next(&scene("resident/0001.jpg"), "it comes nearer");
    lane.play("resident");
    is_next(&scene("resident/0000.jpg"), "the same once more");
    lane.play("empty");
    is_next(&scene("empty/0000.jpg"), "and away");
    fs::remove_file(lane.path()).unwrap();
    let mut gone = Files::open(&folder.path().join("scenes/empty"), Play::Once).unwrap();
    fs::remove_dir_all(folder.path().join("scenes")).unwrap();
    assert!(gone.next_frame().is_err(), "a source that is gone says so");
}

#[test]
fn a_moving_picture_is_its_stills() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lane.mjpeg");
    let stills: Vec<Vec<u8>> = [60, 80, 100].map(|width| still(Some("A123BC77"), width, 50)).into();
    // With a small picture inside a segment of the second, as cameras put it there, and noise in between.
    let inside =
        [&[0xFF, 0xE1, 0x00, 0x0A], [0xFF, 0xD8, 0xFF, 0xD9].as_slice(), &[0xFF, 0xD9, 1, 2]].concat();
    let second = [&stills[1][..2], &inside, &stills[1][2..]].concat();
    let noise = b"--frame\r\nContent-Type: image/jpeg\r\n\r\n".to_vec();
    fs::write(&path, [stills[0].clone(), noise.clone(), second.clone(), noise, stills[2].clone()].concat())
        .unwrap();
    let mut once = Files::open(&path, Play::Once).unwrap();
    for still in [&stills[0], &second, &stills[2], &stills[2]] {
        assert_eq!(&*once.next_frame().unwrap().unwrap(), still.as_slice());
    }
    let mut looping = Files::open(&path, Play::Loop).unwrap();
    let lengths: Vec<usize> = frames(&mut looping, 8).into_iter().flatten().collect();
    assert_eq!(lengths.iter().filter(|length| **length == stills[0].len()).count(), 2, "{lengths:?}");
    // Cut off in the middle: what is whole was played.
    fs::write(&path, [stills[0].as_slice(), &stills[1][..200]].concat()).unwrap();
    let mut cut = Files::open(&path, Play::Once).unwrap();
    assert_eq!(
        frames(&mut cut, 4),
        [Some(stills[0].len()), None, Some(stills[0].len()), Some(stills[0].len())]
    );
}

#[test]
fn a_file_is_one_picture_and_comes_when_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("now.jpg");
    let link = folder.path().join("camera.jpg");
    symlink(&path, &link).unwrap();
    write(folder.path(), &[("now.jpg", 3)]);
    for named in [&path, &link] {
        let mut once = Files::open(named, Play::Once).unwrap();
        assert!(!once.is_recording());
        assert_eq!(frames(&mut once, 2), [Some(3), None], "an old picture is not what is there now");
        // Over the one before, and in its place.
        write(folder.path(), &[("now.jpg", 4)]);
        assert_eq!(frames(&mut once, 2), [Some(4), None]);
        let touched = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        OpenOptions::new().write(true).open(&path).unwrap().set_modified(touched).unwrap();
        assert_eq!(frames(&mut once, 2), [Some(4), None], "as long as the one before");
        write(folder.path(), &[("next", 3)]);
        fs::rename(folder.path().join("next"), &path).unwrap();
        assert_eq!(frames(&mut once, 2), [Some(3), None]);
    }
    let mut looping = Files::open(&path, Play::Loop).unwrap();
    assert_eq!(frames(&mut looping, 3), [Some(3); 3]);
}

#[test]
fn nothing_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["pipe", "1.jpg"] {
        let made = Command::new("mkfifo").arg(folder.path().join(name)).status().unwrap();
        assert!(made.success());
    }
    write(folder.path(), &[("2.jpg", 2)]);
    let lost = Files::open(&folder.path().join("pipe"), Play::Once).err().unwrap().to_string();
    assert!(lost.ends_with("pipe: not a regular file"), "{lost}");
    assert!(Files::open(Path::new("/dev/zero"), Play::Once).is_err());
    let mut once = Files::open(folder.path(), Play::Once).unwrap();
    assert!(once.is_recording());
    assert_eq!(frames(&mut once, 2), [None, Some(2)]);
    // A thousand gigabytes in which nothing is: read a piece at a time.
    let path = folder.path().join("sparse.mjpeg");
    let still = still(None, 0, 0);
    fs::write(&path, &still).unwrap();
    OpenOptions::new().write(true).open(&path).unwrap().set_len(1 << 40).unwrap();
    for play in [Play::Once, Play::Loop] {
        let mut sparse = Files::open(&path, play).unwrap();
        assert_eq!(frames(&mut sparse, 3), [Some(still.len()), None, None]);
    }
}
