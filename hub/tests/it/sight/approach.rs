//! `dwellers-hub read --approach`, with the models that ship: a picture that is zoomed into is a car that comes.

use std::fs;
use std::path::Path;
use std::process::Command;

use dwellers_hub::sight::{Colours, Picture};
use serde_json::Value;

/// A car of the pictures that are read exactly, its text, and the middle of its plate.
const CAR: (&str, &str, [f32; 2]) = ("car-1201.jpg", "T697BA46", [517.0, 320.0]);
const FRAMES: usize = 24;
const SIZE: [usize; 2] = [640, 360];

/// Frames around the plate, each showing a little less of the picture than the one before.
fn zoomed(folder: &Path, backwards: bool) {
    let (file, _, [x, y]) = CAR;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures").join(file);
    let picture = Picture::decode(&fs::read(path).unwrap(), Colours::LeftOut).unwrap();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    fs::create_dir(folder).unwrap();
    for frame in 0..FRAMES {
        let nearer = if backwards { FRAMES - 1 - frame } else { frame };
        let step = 1.6 * 0.96_f32.powi(i32::try_from(nearer).unwrap());
        let at = |centre: f32, k: usize, side: usize, most: usize| {
            ((centre + (k as f32 - side as f32 / 2.0) * step).max(0.0) as usize).min(most - 1)
        };
        let pixels = (0..SIZE[0] * SIZE[1]).map(|k| {
            let (column, row) = (k % SIZE[0], k / SIZE[0]);
            picture.gray()[at(y, row, SIZE[1], height) * width + at(x, column, SIZE[0], width)]
        });
        let shown = Picture::of_gray(SIZE[0] as u32, SIZE[1] as u32, pixels.collect()).unwrap();
        fs::write(folder.join(format!("{frame:02}.jpg")), shown.to_jpeg(92).unwrap()).unwrap();
    }
}

fn told(arguments: &[&Path]) -> (Option<i32>, Vec<Value>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dwellers-hub"));
    let output = command.args(["read", "--approach"]).args(arguments).output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    (output.status.code(), lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

#[test]
fn a_car_that_comes_is_told_of_and_one_that_leaves_opens_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (comes, goes, none) =
        (folder.path().join("comes"), folder.path().join("goes"), folder.path().join("none"));
    zoomed(&comes, false);
    zoomed(&goes, true);
    let (code, lines) = told(&[&comes, &none, &goes]);
    let [coming, missing, going] = &lines[..] else { panic!("{lines:?}") };
    assert_eq!(code, Some(1));
    assert!(missing["error"].as_str().unwrap().contains("No such file"), "{missing}");
    assert_eq!((&coming["text"], &coming["strength"]), (&CAR.1.into(), &"strong".into()), "{coming}");
    assert_eq!((&coming["heading"], &coming["frames"]), (&"approaching".into(), &FRAMES.into()));
    let frame = |line: &Value, key: &str| line[key].as_u64().unwrap();
    assert!(frame(coming, "first_frame") < frame(coming, "decided_frame"), "{coming}");
    assert!(coming["looks"].as_u64() > Some(3) && coming["look_ms"].as_f64() > Some(0.0), "{coming}");
    // The same car, as seen by a camera that looks after it.
    assert_eq!((&going["heading"], &going["strength"]), (&"leaving".into(), &"refused".into()), "{going}");
    let (code, lines) = told(&[Path::new("--rear"), &goes, &comes]);
    assert_eq!(
        (code, &lines[0]["strength"], &lines[1]["strength"]),
        (Some(0), &"strong".into(), &"refused".into()),
        "{lines:?}"
    );
}
