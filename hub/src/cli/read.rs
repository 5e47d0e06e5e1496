//! `dwellers-hub read`: the plates in files, for people and for programs. It needs no configuration and no hub.
//!
//! What must never be here: a decision about a plate.

use std::fs::File;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use dwellers::plate;
use serde::Serialize;

use crate::clock::Clock;
use crate::sight::picture::MAX_BYTES;
use crate::sight::{Colours, DecodeError, Effort, Features, Picture, Region, Rows, Sight, Sighting};

mod approach;
mod copies;

use copies::Copies;

pub(super) const HELP: &str = "\
Examples:
  dwellers-hub read car.jpg                    what plates are in it
  dwellers-hub read --json pictures            one JSON object a line for each picture of a folder
  dwellers-hub read --annotate seen pictures   copies in the folder `seen`, with what was seen drawn in
  dwellers-hub read --approach drives/*        each folder is a car that comes: what its gate would be told, as JSON

Exit code 1 where a file could not be read; the others are read all the same.";

/// What there is to read, and how.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Reading {
    /// JPEG and PNG files, and folders of them
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// One JSON object a line, for programs
    #[arg(long)]
    json: bool,
    /// With --json: for each plate what its confidence follows from
    #[arg(long, requires = "json")]
    explain: bool,
    /// Write copies with what was seen drawn in, to this folder
    #[arg(long, value_name = "DIR")]
    annotate: Option<PathBuf>,
    /// Read as the characters look, without help from what is known of plates
    #[arg(long)]
    no_grammar: bool,
    /// Other models than those that ship: a folder with the same six files
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
    /// Each path is a folder of frames, a tenth of a second apart, in which a car comes; one JSON object a line
    #[arg(long, conflicts_with_all = ["json", "annotate", "region"])]
    approach: bool,
    /// With --approach: cars are seen from behind, and drive away from the camera to the gate
    #[arg(long, requires = "approach")]
    rear: bool,
    /// Look only at this part of each picture, in pixels
    #[arg(long, value_name = "X,Y,W,H", value_parser = region)]
    region: Option<Region>,
}

/// A picture and what is in it.
#[derive(Serialize)]
struct Line {
    file: String,
    ms: f64,
    decode_ms: f64,
    width: u32,
    height: u32,
    plates: Vec<LinePlate>,
}

#[derive(Serialize)]
struct LinePlate {
    text: String,
    confidence: f64,
    corners: [[f64; 2]; 4],
    country: &'static str,
    format: Option<plate::Format>,
    alternatives: Vec<(String, f64)>,
    presence: f64,
    rows: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    features: Option<Features>,
}

/// A picture that could not be read.
#[derive(Serialize)]
struct Fault {
    file: String,
    error: String,
}

pub(super) fn perform(reading: &Reading, clock: &Clock) -> anyhow::Result<ExitCode> {
    let mut sight = Sight::load(reading.models.as_deref())?;
    if reading.no_grammar {
        sight = sight.without_grammar();
    }
    if reading.approach {
        return approach::perform(reading, &mut sight, clock);
    }
    let mut copies = reading.annotate.as_deref().map(Copies::into).transpose()?;
    let mut failed = false;
    for path in files(&reading.paths)? {
        let seen = look(&mut sight, &path, reading, clock);
        if let (Ok((picture, sightings, _)), Some(copies)) = (&seen, &mut copies) {
            copies.draw(&path, picture, sightings)?;
        }
        failed |= seen.is_err();
        let mut out = io::stdout().lock();
        match seen {
            Ok((picture, sightings, took)) if reading.json => {
                let line = Line::new(&path, &picture, &sightings, took, reading.explain);
                writeln!(out, "{}", serde_json::to_string(&line)?)?;
            }
            Ok((_, sightings, took)) => show(&mut out, &path, &sightings, took)?,
            Err(why) if reading.json => {
                let fault = Fault { file: path.display().to_string(), error: format!("{why:#}") };
                writeln!(out, "{}", serde_json::to_string(&fault)?)?;
            }
            Err(why) => writeln!(out, "{}: {why:#}", path.display())?,
        }
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// How long it took, in milliseconds.
#[derive(Clone, Copy)]
struct Took {
    decode: f64,
    look: f64,
}

fn look(
    sight: &mut Sight,
    path: &Path,
    reading: &Reading,
    clock: &Clock,
) -> anyhow::Result<(Picture, Vec<Sighting>, Took)> {
    let bytes = read(path)?;
    let colours = if reading.annotate.is_some() { Colours::Kept } else { Colours::LeftOut };
    let stopwatch = clock.stopwatch();
    let picture = Picture::decode(&bytes, colours)?;
    let decode = stopwatch.elapsed();
    let stopwatch = clock.stopwatch();
    let sightings = sight.look(&picture, reading.region, Effort::Search)?;
    let ms = |duration: std::time::Duration| duration.as_secs_f64() * 1e3;
    Ok((picture, sightings, Took { decode: ms(decode), look: ms(stopwatch.elapsed()) }))
}

/// No more than a picture may have, whatever the file system says of its length.
fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let length = File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)? as u64;
    anyhow::ensure!(length <= MAX_BYTES, DecodeError::TooLong(length));
    Ok(bytes)
}

/// The files that were named, and the pictures in folders, each folder's in the order of their names.
fn files(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let before = files.len();
            walk(path, &mut files)?;
            anyhow::ensure!(files.len() > before, "{}: no JPEG and no PNG is in it", path.display());
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

/// Links to folders are not followed: they may lead in a circle.
fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let entries = std::fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut entries = entries.with_context(|| folder.display().to_string())?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        if entry.file_type()?.is_dir() {
            walk(&path, files)?;
        } else if matches!(ending.as_deref(), Some("jpg" | "jpeg" | "png")) {
            files.push(path);
        }
    }
    Ok(())
}

impl Line {
    fn new(path: &Path, picture: &Picture, sightings: &[Sighting], took: Took, explain: bool) -> Line {
        let [width, height] = picture.size_in_file();
        let plate = |sighting: &Sighting| {
            let reading = sighting.reading.as_ref();
            LinePlate {
                text: reading.map_or_else(String::new, |reading| reading.text.clone()),
                confidence: rounded(reading.map_or(0.0, |reading| reading.confidence), 4),
                corners: sighting.corners.0.map(|corner| picture.in_file(corner).map(|at| rounded(at, 2))),
                country: reading.map_or("", |reading| reading.country.code()),
                format: reading.and_then(|reading| reading.format),
                alternatives: reading.map_or_else(Vec::new, |reading| {
                    reading.alternatives.iter().map(|(text, p)| (text.clone(), rounded(*p, 4))).collect()
                }),
                presence: rounded(sighting.presence, 4),
                rows: if sighting.rows == Rows::Two { 2 } else { 1 },
                features: reading.filter(|_| explain).map(|reading| reading.features),
            }
        };
        Line {
            file: path.display().to_string(),
            ms: rounded(took.look as f32, 2),
            decode_ms: rounded(took.decode as f32, 2),
            width,
            height,
            plates: sightings.iter().map(plate).collect(),
        }
    }
}

fn rounded(value: f32, places: i32) -> f64 {
    let scale = 10_f64.powi(places);
    (f64::from(value) * scale).round() / scale
}

/// A line for each plate, with its file's name before the first.
fn show(out: &mut impl Write, path: &Path, sightings: &[Sighting], took: Took) -> io::Result<()> {
    writeln!(out, "{}  ({:.0} ms)", path.display(), took.decode + took.look)?;
    if sightings.is_empty() {
        return writeln!(out, "  no plate");
    }
    for sighting in sightings {
        let Some(reading) = &sighting.reading else {
            writeln!(out, "  a plate that cannot be read")?;
            continue;
        };
        let shown = plate::shown(&reading.text, reading.country);
        let others = reading.alternatives.iter().take(3);
        let others: Vec<_> = others
            .map(|(text, p)| format!("{} {:.0} %", plate::shown(text, reading.country), p * 100.0))
            .collect();
        let others = if others.is_empty() { String::new() } else { format!("  or {}", others.join(", ")) };
        let percent = reading.confidence * 100.0;
        writeln!(out, "  {shown:<14} {percent:>3.0} %  {:<2}{others}", reading.country.code())?;
    }
    Ok(())
}

fn region(text: &str) -> Result<Region, String> {
    let numbers: Result<Vec<u32>, _> = text.split(',').map(|number| number.trim().parse()).collect();
    match numbers.as_deref() {
        Ok([x, y, width, height]) => Ok(Region { x: *x, y: *y, width: *width, height: *height }),
        _ => Err("four whole numbers: left, top, width, height".to_owned()),
    }
}
