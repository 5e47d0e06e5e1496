//! `dwellers-hub read --approach`: each folder is one car that comes, and what a camera with these frames would tell its
//! gate of it. As the running hub does it, but for time: frames are a tenth of a second apart, none is left out.
//!
//! What must never be here: another way to put looks together than the hub's.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use serde::Serialize;

use super::{Reading, files, read, rounded};
use crate::camera::{Told, Watch};
use crate::clock::Clock;
use crate::config::Camera;
use crate::engine::Tick;
use crate::reads::{Heading, Strength};
use crate::sight::{Colours, Effort, Picture, Sight};

/// Between two frames.
const PERIOD_MS: u64 = 100;
/// Frames of an empty lane that follow: until what is in view has ended.
const EMPTY: u64 = 12;

/// What came of a folder.
#[derive(Serialize)]
struct Line {
    folder: String,
    frames: usize,
    /// What the gate is told, in order.
    reads: Vec<Read>,
    /// The last and best of these: empty and `null` where nothing is told.
    text: String,
    confidence: Option<f64>,
    strength: Option<Strength>,
    heading: Option<Heading>,
    /// The first frame, from 0, in which anything was read; and in which the last read was told.
    first_frame: Option<usize>,
    decided_frame: Option<usize>,
    /// How many frames were looked at, and how long that took on average, decoding included.
    looks: usize,
    look_ms: f64,
}

/// Something that the gate is told.
#[derive(Clone, Serialize)]
struct Read {
    frame: usize,
    text: String,
    confidence: f64,
    strength: Strength,
    heading: Heading,
    witnesses: f64,
    agreement: f64,
    agreeing: usize,
    width: f64,
    alternatives: Vec<(String, f64)>,
}

pub(super) fn perform(reading: &Reading, sight: &mut Sight, clock: &Clock) -> anyhow::Result<ExitCode> {
    let mut failed = false;
    for folder in &reading.paths {
        let mut out = io::stdout().lock();
        match drive(folder, reading, sight, clock) {
            Ok(line) => writeln!(out, "{}", serde_json::to_string(&line)?)?,
            Err(why) => {
                failed = true;
                let fault = super::Fault { file: folder.display().to_string(), error: format!("{why:#}") };
                writeln!(out, "{}", serde_json::to_string(&fault)?)?;
            }
        }
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The lane of these frames: all of the picture, and the terms of a lane whose configuration says nothing else.
fn camera(reading: &Reading) -> anyhow::Result<Camera> {
    let sees = if reading.rear { "rear" } else { "front" };
    let text = format!(
        "key = \"in\"\nname = \"in\"\ngate = \"main\"\nlane = \"in\"\nsees = \"{sees}\"\n\
         source = {{ kind = \"files\", path = \"-\" }}"
    );
    toml::from_str(&text).context("the terms of a lane")
}

fn drive(folder: &Path, reading: &Reading, sight: &mut Sight, clock: &Clock) -> anyhow::Result<Line> {
    let frames: Vec<PathBuf> = files(folder)?;
    let mut watch: Watch<()> = Watch::new(camera(reading)?);
    let (mut reads, mut first_frame, mut looks, mut took_ms) = (Vec::new(), None, 0, 0.0);
    let mut last = None;
    for (frame, path) in frames.iter().enumerate() {
        let now = Tick(frame as u64 * PERIOD_MS);
        let bytes = read(path)?;
        let stopwatch = clock.stopwatch();
        let picture =
            Picture::decode(&bytes, Colours::LeftOut).with_context(|| path.display().to_string())?;
        let mut told = Vec::new();
        if watch.asks(&picture, now) {
            let sightings = sight.look(&picture, Some(watch.region(&picture)), Effort::Glance)?;
            if sightings.iter().any(|sighting| sighting.reading.is_some()) {
                first_frame = first_frame.or(Some(frame));
            }
            told = watch.saw(sightings, &picture, &Arc::new(()), now);
            looks += 1;
            took_ms += stopwatch.elapsed().as_secs_f64() * 1e3;
        }
        told.extend(watch.due(now));
        take(&mut watch, told, frame, now, &mut reads);
        last = Some(picture);
    }
    let picture = last.context("no frame")?;
    for empty in 0..EMPTY {
        let now = Tick((frames.len() as u64 + empty) * PERIOD_MS);
        let told = watch.saw(Vec::new(), &picture, &Arc::new(()), now);
        take(&mut watch, told, frames.len(), now, &mut reads);
    }
    // Of several cars in view the one that is read best; of several reads of it the last.
    let best = reads.iter().max_by_key(|read| read.strength == Strength::Strong).cloned();
    Ok(Line {
        folder: folder.display().to_string(),
        frames: frames.len(),
        text: best.as_ref().map_or_else(String::new, |read| read.text.clone()),
        confidence: best.as_ref().map(|read| read.confidence),
        strength: best.as_ref().map(|read| read.strength),
        heading: best.as_ref().map(|read| read.heading),
        decided_frame: best.as_ref().map(|read| read.frame),
        first_frame,
        looks,
        look_ms: rounded((took_ms / looks.max(1) as f64) as f32, 2),
        reads,
    })
}

fn take(watch: &mut Watch<()>, told: Vec<Told<()>>, frame: usize, now: Tick, reads: &mut Vec<Read>) {
    for told in told {
        watch.told(&told, now);
        let offer = &told.offer;
        let hypothesis = &offer.hypothesis;
        let alternatives = hypothesis.alternatives.iter().take(3);
        reads.push(Read {
            frame,
            text: hypothesis.text.clone(),
            confidence: rounded(hypothesis.confidence, 4),
            strength: offer.strength,
            heading: offer.heading,
            witnesses: rounded(hypothesis.witnesses, 2),
            agreement: rounded(hypothesis.agreement, 3),
            agreeing: hypothesis.agreeing,
            width: rounded(hypothesis.width, 1),
            alternatives: alternatives.map(|(text, p)| (text.clone(), rounded(*p, 4))).collect(),
        });
    }
}
