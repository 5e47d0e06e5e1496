//! `dwellers-hub read`: the plates in files, for people and for programs. It needs no configuration and no hub.
//!
//! What must never be here: a decision about a plate.

use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use dwellers::plate;
use serde::Serialize;

use crate::camera::files::open_regular;
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

With --json a line has: file; ms for the whole and decode_ms for decoding alone; width and height in pixels, as in
the file; plates, the surest first, each with its text (Latin, as keys are), confidence 0 to 1 that all of the text is
right, corners [x, y] in pixels of the file clockwise from the plate's upper left, country (ISO 3166, empty where
unknown), format, alternatives [text, probability], presence 0 to 1 that it is a plate at all, rows 1 or 2. A file
that cannot be read has file and error. Regions are given in pixels of the picture as it is shown, upright.

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
    /// For all of it but reading the file: decoding and looking.
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
    let copies = reading.annotate.as_deref().map(Copies::into).transpose()?;
    let mut failed = false;
    for path in &reading.paths {
        let named = files(path);
        failed |= named.is_err();
        for file in named.unwrap_or_else(|why| {
            fault(path, &why, reading.json);
            Vec::new()
        }) {
            let done = one(&mut sight, &file, copies.as_ref(), reading, clock);
            failed |= done.is_err();
            done.unwrap_or_else(|why| fault(&file, &why, reading.json));
        }
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Reads a file and says what is in it.
fn one(
    sight: &mut Sight,
    path: &Path,
    copies: Option<&Copies>,
    reading: &Reading,
    clock: &Clock,
) -> anyhow::Result<()> {
    let (picture, sightings, took) = look(sight, path, reading, clock)?;
    if let Some(copies) = copies {
        copies.draw(path, &picture, &sightings).context("its copy")?;
    }
    let mut out = io::stdout().lock();
    if reading.json {
        let line = Line::new(path, &picture, &sightings, took, reading.explain);
        writeln!(out, "{}", serde_json::to_string(&line)?)?;
    } else {
        show(&mut out, path, &sightings, took)?;
    }
    Ok(())
}

/// A path's line where something is wrong with it.
fn fault(path: &Path, why: &anyhow::Error, json: bool) {
    let fault = Fault { file: path.display().to_string(), error: format!("{why:#}") };
    let line =
        if json { serde_json::to_string(&fault) } else { Ok(format!("{}: {}", fault.file, fault.error)) };
    // Where this cannot be written either, nobody listens.
    let _ = line.map(|line| writeln!(io::stdout(), "{line}"));
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
    let length = open_regular(path)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)? as u64;
    anyhow::ensure!(length <= MAX_BYTES, DecodeError::TooLong(length));
    Ok(bytes)
}

/// The file that was named, or the pictures in a folder in the order of their names.
fn files(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    walk(path, &mut files)?;
    anyhow::ensure!(!files.is_empty(), "no JPEG and no PNG is in it");
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
            ms: rounded((took.decode + took.look) as f32, 2),
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
