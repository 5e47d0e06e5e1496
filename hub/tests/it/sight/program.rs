//! `dwellers-hub read`: lines for programs and for people, damaged files, copies.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use dwellers_hub::sight::Picture;
use serde_json::Value;
use tempfile::TempDir;

use super::models::Models;

const PROGRAM: &str = env!("CARGO_BIN_EXE_dwellers-hub");

/// A plate `121` in the middle of a picture, as in `look`.
fn write(path: &Path) {
    let (width, height) = (384, 288);
    let mut pixels = vec![128; width * height];
    for (from, wide, value) in [(168, 8, 0), (192, 8, 255), (216, 8, 0)] {
        for y in 136..160 {
            pixels[y * width + from..y * width + from + wide].fill(value);
        }
    }
    fs::write(path, Picture::of_gray(384, 288, pixels).unwrap().to_jpeg(100).unwrap()).unwrap();
}

pub(super) struct Run {
    models: Models,
    folder: TempDir,
}

impl Run {
    pub(super) fn new() -> Run {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("more")).unwrap();
        write(&folder.path().join("b.jpg"));
        write(&folder.path().join("more/a.JPG"));
        fs::write(folder.path().join("a.jpg"), b"\xFF\xD8\xFFnothing").unwrap();
        fs::write(folder.path().join("notes.txt"), b"no picture").unwrap();
        Run { models: Models::new(), folder }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        self.run(Command::new(PROGRAM), arguments)
    }

    /// With no more addresses than so many bytes of memory have.
    pub(super) fn read_within(&self, bytes: u64, arguments: &[&str]) -> (Option<i32>, String, String) {
        let mut shell = Command::new("sh");
        shell.args(["-c", "ulimit -v $1; shift; exec \"$@\"", "sh", &(bytes >> 10).to_string(), PROGRAM]);
        self.run(shell, arguments)
    }

    fn run(&self, mut command: Command, arguments: &[&str]) -> (Option<i32>, String, String) {
        command
            .current_dir(self.folder.path())
            .arg("read")
            .arg("--models")
            .arg(self.models.path())
            .args(arguments);
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    }
}

#[test]
fn a_line_a_picture_and_the_damaged_one_has_its_own() {
    let run = Run::new();
    let (code, out, err) = run.read(&["--json", "."]);
    assert_eq!((code, err.as_str()), (Some(1), ""));
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let files: Vec<_> = lines.iter().map(|line| line["file"].as_str().unwrap()).collect();
    assert_eq!(files, ["./a.jpg", "./b.jpg", "./more/a.JPG"]);
    assert!(lines[0]["error"].as_str().unwrap().starts_with("damaged: "), "{out}");
    for line in &lines[1..] {
        assert_eq!((&line["width"], &line["height"]), (&384.into(), &288.into()));
        assert!(line["ms"].as_f64().unwrap() > 0.0 && line["decode_ms"].as_f64().unwrap() > 0.0);
        let [plate] = line["plates"].as_array().unwrap().as_slice() else { panic!("{line}") };
        assert_eq!((&plate["text"], &plate["country"]), (&"121".into(), &"RU".into()));
        let corners: Vec<f64> = serde_json::from_value(plate["corners"][2].clone()).unwrap();
        assert!((corners[0] - 244.0).abs() < 0.1 && (corners[1] - 160.0).abs() < 0.1, "{corners:?}");
        assert!(plate["confidence"].as_f64().unwrap() > 0.5 && plate["format"].is_null());
        assert!(plate["alternatives"].is_array() && plate["features"].is_null());
    }
    let (code, out, _) = run.read(&["--json", "--explain", "b.jpg"]);
    let line: Value = serde_json::from_str(&out).unwrap();
    let features = line["plates"][0]["features"].as_object().unwrap();
    let names: Vec<_> = features.keys().map(String::as_str).collect();
    assert_eq!((code, names.len()), (Some(0), 6), "{names:?}");
    assert!(features["text"].as_f64().unwrap() <= 0.0 && features["format"].as_f64() == Some(0.0));
}

#[test]
fn for_people() {
    let run = Run::new();
    let (code, out, _) = run.read(&["b.jpg", "a.jpg", "gone.jpg"]);
    let lines: Vec<_> = out.lines().collect();
    assert_eq!((code, lines.len()), (Some(1), 4), "{out}");
    assert!(lines[0].starts_with("b.jpg  (") && lines[1].starts_with("  121 "), "{out}");
    assert!(
        lines[2].starts_with("a.jpg: damaged: ") && lines[3].starts_with("gone.jpg: No such file"),
        "{out}"
    );
    let (code, out, _) = run.read(&["--region", "0,0,100,100", "b.jpg"]);
    assert_eq!((code, out.lines().nth(1)), (Some(0), Some("  no plate")), "{out}");
    for wrong in [&["--region", "1,2,3", "b.jpg"][..], &["--explain", "b.jpg"], &[]] {
        assert_eq!(run.read(wrong).0, Some(2), "{wrong:?}");
    }
    // What is wrong with one path is said, and the others are read.
    fs::create_dir(run.folder.path().join("empty")).unwrap();
    let (code, out, err) = run.read(&["more/none", "empty", "b.jpg"]);
    let lines: Vec<_> = out.lines().collect();
    assert_eq!((code, err.as_str(), lines.len()), (Some(1), "", 4), "{out}");
    assert!(lines[0].starts_with("more/none: No such file"), "{out}");
    assert_eq!((lines[1], &lines[3][..6]), ("empty: no JPEG and no PNG is in it", "  121 "));
    // Nor is anything waited for.
    assert!(Command::new("mkfifo").arg(run.path("pipe.jpg")).status().unwrap().success());
    let (code, out, _) = run.read(&["pipe.jpg"]);
    assert_eq!((code, out.as_str()), (Some(1), "pipe.jpg: not a regular file\n"));
}

#[test]
fn copies_show_what_was_seen() {
    let run = Run::new();
    let (code, ..) = run.read(&["--annotate", "seen/here", "."]);
    assert_eq!(code, Some(1));
    for copy in ["b.jpg", "a.jpg"] {
        let bytes = fs::read(run.folder.path().join("seen/here").join(copy)).unwrap();
        let picture = Picture::decode(&bytes, dwellers_hub::sight::Colours::Kept).unwrap();
        let at = |x: usize, y: usize| &picture.rgb().unwrap()[(y * 384 + x) * 3..][..3];
        // A line along the upper edge, and none in the middle of nothing.
        assert!(at(200, 136)[2] > at(200, 136)[0].saturating_add(60), "{:?}", at(200, 136));
        assert!(at(20, 20).iter().all(|value| value.abs_diff(128) < 12), "{:?}", at(20, 20));
    }
}

#[test]
fn a_copy_takes_no_other_pictures_place() {
    let run = Run::new();
    let path = |name| run.folder.path().join(name);
    let before = fs::read(path("b.jpg")).unwrap();
    for _ in 0..2 {
        assert_eq!(run.read(&["--annotate", ".", "b.jpg"]).0, Some(0));
    }
    assert_eq!(fs::read(path("b.jpg")).unwrap(), before);
    for copy in ["b-2.jpg", "b-3.jpg"] {
        assert_ne!(fs::read(path(copy)).unwrap(), before, "{copy}");
    }
}
