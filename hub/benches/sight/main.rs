//! Sight's lines of the budgets, on one thread: each model alone beside ONNX Runtime on the same file, in alternation;
//! what is done around them; a whole look; and the memory that it takes.
//!
//! ONNX Runtime is its Python package, in a folder of its own under `target`; where that cannot be had, our figures
//! stand alone. Nothing is asserted about time: the figures are for people.

#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on stops")]

mod beside;
#[path = "../../../shared/replica/benches/store/report.rs"]
mod report;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dwellers_hub::sight::corners::Corners;
use dwellers_hub::sight::detector::Detector;
use dwellers_hub::sight::kernels;
use dwellers_hub::sight::model::{Files, Model};
use dwellers_hub::sight::plane::Pyramid;
use dwellers_hub::sight::reader::Reader;
use dwellers_hub::sight::{Colours, Effort, Picture, Quad, Rows, Sight};

use crate::beside::Beside;
use crate::report::{Goal, Report};

const HELP: &str = "cargo bench -p dwellers-hub --bench sight [-- OPTIONS]

  --json          one JSON object on the standard output
  --quick         fewer rounds
  --models DIR    other models than those that ship
  --help          this";

/// The most that tract may take of ONNX Runtime's time.
const BESIDE: Goal = Goal::RatioAtMost(1.5);

fn main() {
    kernels::choose();
    let (mut json, mut rounds) = (false, 60);
    let mut models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            // What cargo adds.
            "--bench" => {}
            "--json" => json = true,
            "--quick" => rounds = 12,
            "--models" => models = PathBuf::from(arguments.next().unwrap_or_default()),
            "--help" => return println!("{HELP}"),
            other => {
                eprintln!("{other}: unknown\n\n{HELP}");
                std::process::exit(2);
            }
        }
    }
    let mut report = Report::new("tract", "ONNX Rt");
    // First, before anything else has made the process larger.
    memory(&mut report, &models);
    alone(&mut report, &models, rounds);
    around(&mut report, &models, rounds);
    looks(&mut report, &models, rounds);
    report.print(json);
}

/// A street by day: something everywhere, so that its JPEG is as large as a camera's.
fn street(width: u32, height: u32) -> Picture {
    let mut noise = 1_u32;
    let pixel = |at: u32| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let (x, y) = ((at % width) as f32, (at / width) as f32);
        let shape = (x / 37.0).sin() * (y / 23.0).cos() * 60.0 + (x / 7.0 + y / 11.0).sin() * 12.0;
        [118.0, 120.0, 112.0].map(|base| (base + shape + (noise >> 28) as f32) as u8)
    };
    Picture::of_rgb(width, height, (0..width * height).flat_map(pixel).collect()).unwrap()
}

/// A picture of the tests, and where its plate is.
const CAR: &str = "car-1201.jpg";
const PLATE: Quad = Quad([[400.0, 296.0], [636.0, 297.5], [635.0, 343.5], [399.0, 342.0]]);

fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures")
}

fn memory(report: &mut Report, models: &Path) {
    let before = resident();
    let mut sight = Sight::load(Some(models)).unwrap_or_else(|why| {
        eprintln!("{}: {why}", models.display());
        std::process::exit(1);
    });
    let loaded = resident();
    let picture = street(1280, 720);
    for _ in 0..20 {
        sight.look(&picture, None, Effort::Search).unwrap();
    }
    report.own("memory of the models, resident: loaded", "MB", loaded - before, None);
    report.own("…after looks", "MB", resident() - before, None);
}

/// A model and the shape of its input.
struct Net {
    name: &'static str,
    shape: Vec<usize>,
    model: Model,
}

fn nets(models: &Path) -> Vec<Net> {
    let files = |name| Files::read(models, name).unwrap();
    let (detector, corners, reader) = (files("detector"), files("corners"), files("reader"));
    let mut nets: Vec<Net> = [[288, 384], [256, 448]]
        .into_iter()
        .map(|[height, width]| {
            let shape = vec![1, 16, height / 4, width / 4];
            let output = [1, 9, height / 8, width / 8];
            let model = detector.build([height, width], ("frame", &shape), &[("plates", &output)]).unwrap();
            Net { name: "detector", shape, model }
        })
        .collect();
    let shape = vec![1, 1, 64, 128];
    let model = corners.build([0, 0], ("patch", &shape), &[("corners", &[1, 8]), ("kind", &[1, 3])]).unwrap();
    nets.push(Net { name: "corners", shape, model });
    let shape = vec![1, 1, 40, 192];
    let outputs: [(&str, &[usize]); 2] = [("characters", &[1, 48, 37]), ("origin", &[1, 14])];
    let model = reader.build([0, 0], ("plate", &shape), &outputs).unwrap();
    nets.push(Net { name: "reader", shape, model });
    nets
}

/// The models alone, each round beside ONNX Runtime's.
fn alone(report: &mut Report, models: &Path, rounds: usize) {
    let mut beside = Beside::start(models);
    // Of a frame with one plate: the detector at its first shape, the second look, the reader.
    let mut once = [0.0; 2];
    for (at, Net { name, shape, mut model }) in nets(models).into_iter().enumerate() {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for round in 0..rounds + 3 {
            let begun = Instant::now();
            model.run(|input| input.fill(0.4)).unwrap();
            let took = begun.elapsed();
            let other = beside.as_mut().ok().map(|beside| beside.run(name, &shape));
            // The first ones find cold caches and untouched memory.
            if round >= 3 {
                ours.push(took);
                theirs.extend(other);
            }
        }
        let size = shape[2..].iter().map(ToString::to_string).collect::<Vec<_>>().join(" × ");
        let what = format!("{name}, input {size}, median");
        let (ours, own) = (millis(median(&mut ours)), millis(least(&ours)));
        if theirs.is_empty() {
            report.own(&what, "ms", ours, None);
            report.own("…least", "ms", own, None);
        } else {
            report.pair(&what, "ms", [ours, millis(median(&mut theirs))], Some(BESIDE));
            report.pair("…least", "ms", [own, millis(least(&theirs))], None);
            if at != 1 {
                once = [once[0] + ours, once[1] + millis(median(&mut theirs))];
            }
        }
    }
    if once[1] > 0.0 {
        report.pair("the three models once each", "ms", once, Some(BESIDE));
    }
    if let Err(why) = beside {
        eprintln!("without ONNX Runtime: {why}");
    }
}

/// What is done with the models and around them.
fn around(report: &mut Report, models: &Path, rounds: usize) {
    let files = |name| Files::read(models, name).unwrap();
    let picture = street(1280, 720);
    let file = picture.to_jpeg(85).unwrap();
    let mut time = |what: &str, goal: Option<Goal>, work: &mut dyn FnMut()| {
        (0..3).for_each(|_| work());
        let mut took: Vec<_> = (0..rounds)
            .map(|_| {
                let begun = Instant::now();
                work();
                begun.elapsed()
            })
            .collect();
        report.own(what, "ms", millis(median(&mut took)), goal);
    };
    time("a JPEG of 1280 × 720, its brightness", None, &mut || {
        Picture::decode(&file, Colours::LeftOut).unwrap();
    });
    time("…its colours", None, &mut || {
        Picture::decode(&file, Colours::Kept).unwrap();
    });
    let (plane, region) = (picture.plane(), picture.region());
    let mut detector = Detector::load(files("detector")).unwrap();
    time("detect: 1280 × 720 to plates that may be", None, &mut || {
        detector.find(plane, region, 1.0).unwrap();
    });
    let car = std::fs::read(pictures().join(CAR)).unwrap();
    let car = Picture::decode(&car, Colours::LeftOut).unwrap();
    let plane = car.plane();
    let mut pyramid = Pyramid::default();
    let mut corners = Corners::load(&files("corners")).unwrap();
    time("look closer at one, halves included", None, &mut || {
        pyramid.begin();
        corners.look(plane, &mut pyramid, PLATE).unwrap();
    });
    let mut reader = Reader::load(&files("reader")).unwrap();
    time("read one, halves included", None, &mut || {
        pyramid.begin();
        reader.read(plane, &mut pyramid, &PLATE, Rows::One, 0.9).unwrap();
    });
}

/// Whole looks at the pictures of the tests, each with one plate, and at a street without one; on average.
fn looks(report: &mut Report, models: &Path, rounds: usize) {
    let mut files: Vec<_> =
        std::fs::read_dir(pictures()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "jpg"));
    let files: Vec<_> = files.iter().map(|path| std::fs::read(path).unwrap()).collect();
    let mut sight = Sight::load(Some(models)).unwrap();
    let (mut decoding, mut looking) = (Vec::new(), Vec::new());
    for round in 0..=rounds / 6 {
        for file in &files {
            let begun = Instant::now();
            let picture = Picture::decode(file, Colours::LeftOut).unwrap();
            let decoded = Instant::now();
            sight.look(&picture, None, Effort::Search).unwrap();
            // The first round finds cold caches and untouched memory.
            if round > 0 {
                decoding.push(decoded - begun);
                looking.push(decoded.elapsed());
            }
        }
    }
    let goal = Some(Goal::AtMost(10.0));
    report.own("detect and read, 800 × 600, one plate, median", "ms", millis(median(&mut looking)), goal);
    report.own("…its JPEG before that", "ms", millis(median(&mut decoding)), None);
    let empty = street(1280, 720);
    for (what, effort) in
        [("a street without a plate: a glance", Effort::Glance), ("…a search", Effort::Search)]
    {
        let mut took: Vec<_> = (0..rounds / 4 + 1)
            .map(|_| {
                let begun = Instant::now();
                sight.look(&empty, None, effort).unwrap();
                begun.elapsed()
            })
            .collect();
        report.own(what, "ms", millis(median(&mut took)), None);
    }
}

fn median(taken: &mut [Duration]) -> Duration {
    taken.sort_unstable();
    taken[taken.len() / 2]
}

fn least(taken: &[Duration]) -> Duration {
    taken.iter().min().copied().unwrap_or_default()
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// By the kernel's account of this process, in megabytes.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let kb = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    kb.trim().trim_end_matches("kB").trim().parse::<f64>().unwrap() / 1024.0
}
