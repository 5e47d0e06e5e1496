//! Frames from files: a picture that is written anew again and again, or a recording, for demonstrations and tests.
//!
//! | the path is | frames |
//! |---|---|
//! | a file `.mjpeg` or `.mjpg` | a recording: the JPEGs that follow one another in it |
//! | a folder | a recording: its `.jpg`, `.jpeg` and `.png`, in the order of their names |
//! | any other file | the one picture that it is, whenever it was written anew |
//!
//! Whatever writes what it sees into files writes it into *one*, in the place of the one before. A folder of snapshots is
//! no camera: it is played from its beginning whenever the hub starts, and a car long gone arrives once more.
//!
//! Played once, a recording's last frame stays, as of a camera before which nothing moves; until the path names something
//! else, which is then played. So a link that is put in the place of another (`ln -s`, `mv -T`) lets another car come. The one
//! picture does not stay: where nobody writes it anew, no frames come.
//!
//! Invariants: one frame is in memory at a time; nothing that a path names is waited for (a pipe, a file without an end);
//! what cannot be read, or is too large, is left out with a word in the log, and the log is not flooded.
//!
//! What must never be here: a clock; a picture that is looked into; a file that is changed.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::OFlags;
use serde::Deserialize;

use super::{Lost, MAX_FRAME_BYTES};

/// Stills of a folder that are played at most, the first ones: three hours at ten a second.
const MAX_STILLS: usize = 100_000;
/// How far the beginning of a JPEG is looked for at a time.
const MAX_SKIPPED: usize = MAX_FRAME_BYTES;

/// How often files are played.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Play {
    /// Once.
    #[default]
    Once,
    /// Again and again, for demonstrations: the same cars arrive for ever.
    Loop,
}

/// The source.
pub struct Files {
    path: PathBuf,
    play: Play,
    identity: Identity,
    stills: Stills,
    last: Option<Arc<[u8]>>,
    /// Stills that were left out.
    left_out: u64,
}

/// What a path names.
#[derive(PartialEq, Eq)]
struct Identity {
    /// A link that takes the place of another is another, even where both lead to the same folder.
    link: Option<(u64, u64, i64, i64)>,
    named: (u64, u64),
    /// When a picture was written, and its length. A folder changes with every file that is put into it, and a recording
    /// while it is made: these are not played anew for that.
    written: Option<(i64, i64, u64)>,
}

enum Stills {
    Folder { names: Vec<OsString>, next: usize },
    Moving(BufReader<File>),
    Still { is_read: bool },
}

/// What comes next.
enum Next {
    Frame(Vec<u8>),
    /// Something that is no frame, or was not found yet.
    Nothing(Option<String>),
    End,
}

impl Files {
    /// Opens what the path names.
    ///
    /// # Errors
    /// Where nothing is there, or no still is in the folder.
    pub fn open(path: &Path, play: Play) -> Result<Self, Lost> {
        let identity = identity(path).map_err(|error| lost(path, &error))?;
        let stills = Stills::open(path)?;
        Ok(Files { path: path.to_owned(), play, identity, stills, last: None, left_out: 0 })
    }

    /// Whether what it plays was seen at another time, however often it is played.
    pub fn is_recording(&self) -> bool {
        !matches!(self.stills, Stills::Still { .. })
    }

    /// The next frame, a JPEG or PNG; `None` where there is none this time. Asked for at the camera's frame rate.
    ///
    /// # Errors
    /// Where no more will come: the source is opened anew, later.
    pub fn next_frame(&mut self) -> Result<Option<Arc<[u8]>>, Lost> {
        let identity = identity(&self.path).map_err(|error| lost(&self.path, &error))?;
        if identity != self.identity {
            let left_out = self.left_out;
            *self = Files { left_out, ..Files::open(&self.path, self.play)? };
        }
        match self.stills.next(&self.path) {
            Next::Frame(frame) => self.last = Some(frame.into()),
            Next::Nothing(why) => {
                why.iter().for_each(|why| self.leave_out(why));
                return Ok(None);
            }
            Next::End if self.play == Play::Loop => self.stills = Stills::open(&self.path)?,
            Next::End if self.is_recording() => {}
            Next::End => return Ok(None),
        }
        Ok(self.last.clone())
    }

    /// Told of the first, the second, the fourth, the eighth: whatever happens with every frame floods no log.
    fn leave_out(&mut self, why: &str) {
        self.left_out += 1;
        if self.left_out.is_power_of_two() {
            tracing::warn!(why, times = self.left_out, "a still is left out");
        }
    }
}

/// A file that is there to be read, and nothing that would be waited for: opening a pipe waits for who writes into it.
///
/// # Errors
/// Where it cannot be opened, or is a folder, a pipe, a device.
pub(crate) fn open_regular(path: &Path) -> io::Result<File> {
    let at_once = i32::try_from(OFlags::NONBLOCK.bits()).map_err(io::Error::other)?;
    let file = OpenOptions::new().read(true).custom_flags(at_once).open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("not a regular file")) }
}

fn lost(path: &Path, error: &io::Error) -> Lost {
    Lost(format!("{}: {error}", path.display()))
}

fn identity(path: &Path) -> io::Result<Identity> {
    let (itself, named) = (fs::symlink_metadata(path)?, fs::metadata(path)?);
    let made = || (itself.dev(), itself.ino(), itself.ctime(), itself.ctime_nsec());
    let is_picture = named.is_file() && !is_moving(path);
    Ok(Identity {
        link: itself.is_symlink().then(made),
        named: (named.dev(), named.ino()),
        written: is_picture.then(|| (named.mtime(), named.mtime_nsec(), named.len())),
    })
}

impl Stills {
    fn open(path: &Path) -> Result<Self, Lost> {
        let lost = |error: io::Error| lost(path, &error);
        if fs::metadata(path).map_err(lost)?.is_dir() {
            let mut names = BTreeSet::new();
            for entry in fs::read_dir(path).map_err(lost)?.filter_map(Result::ok) {
                let name = entry.file_name();
                if is_one_of(Path::new(&name), &["jpg", "jpeg", "png"]) {
                    names.insert(name);
                }
                if names.len() > MAX_STILLS {
                    names.pop_last();
                }
            }
            if names.is_empty() {
                return Err(Lost(format!("{}: no .jpg, .jpeg or .png is in this folder", path.display())));
            }
            return Ok(Stills::Folder { names: names.into_iter().collect(), next: 0 });
        }
        let file = open_regular(path).map_err(lost)?;
        Ok(if is_moving(path) {
            Stills::Moving(BufReader::new(file))
        } else {
            Stills::Still { is_read: false }
        })
    }

    fn next(&mut self, path: &Path) -> Next {
        match self {
            Stills::Folder { names, next } => {
                let Some(name) = names.get(*next) else { return Next::End };
                *next += 1;
                read(&path.join(name))
            }
            Stills::Moving(file) => next_jpeg(file).unwrap_or_else(|error| left_out(path, &error)),
            Stills::Still { is_read: true } => Next::End,
            Stills::Still { is_read } => {
                *is_read = true;
                read(path)
            }
        }
    }
}

fn is_moving(path: &Path) -> bool {
    is_one_of(path, &["mjpeg", "mjpg"])
}

fn is_one_of(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    endings.iter().any(|known| known.eq_ignore_ascii_case(ending))
}

fn read(path: &Path) -> Next {
    let read = || {
        let mut bytes = Vec::new();
        open_regular(path)?.take(MAX_FRAME_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        if bytes.len() > MAX_FRAME_BYTES {
            return Err(io::Error::other(format!("larger than {} MB", MAX_FRAME_BYTES >> 20)));
        }
        Ok(bytes)
    };
    read().map_or_else(|error| left_out(path, &error), Next::Frame)
}

fn left_out(path: &Path, why: &io::Error) -> Next {
    Next::Nothing(Some(format!("{}: {why}", path.display())))
}

/// The next JPEG of a file of JPEGs (Motion JPEG as cameras record it); what stands between two is skipped.
///
/// By the markers of ITU-R T.81, B.1.1: segments have lengths, so that a small picture within a segment does not end the
/// large one; in what was coded for entropy, FF is followed by 00, or by RST0 to RST7, until a true marker comes.
fn next_jpeg(file: &mut impl BufRead) -> io::Result<Next> {
    let mut jpeg: Vec<u8> = Vec::new();
    let mut before = 0;
    for skipped in 0.. {
        if skipped > MAX_SKIPPED {
            return Ok(Next::Nothing(None));
        }
        let Some(byte) = next_byte(file)? else { return Ok(Next::End) };
        if before == 0xFF && byte == 0xD8 {
            jpeg.extend([0xFF, 0xD8]);
            break;
        }
        before = byte;
    }
    let mut marker = next_marker(file, &mut jpeg)?;
    loop {
        match marker {
            0xD9 => return Ok(Next::Frame(jpeg)),
            0xD0..=0xD8 | 0x01 => marker = next_marker(file, &mut jpeg)?,
            _ => {
                let length = [some_byte(file)?, some_byte(file)?];
                jpeg.extend(length);
                for _ in 2..u16::from_be_bytes(length) {
                    jpeg.push(some_byte(file)?);
                }
                // After the header of a scan comes what was coded: up to a marker, too.
                marker = next_marker(file, &mut jpeg)?;
            }
        }
        if jpeg.len() > MAX_FRAME_BYTES {
            return Err(io::Error::other("a frame is too large"));
        }
    }
}

/// Takes everything up to a marker, and that: which it is.
fn next_marker(file: &mut impl BufRead, jpeg: &mut Vec<u8>) -> io::Result<u8> {
    let mut before = 0;
    loop {
        let byte = some_byte(file)?;
        jpeg.push(byte);
        if before == 0xFF && !matches!(byte, 0x00 | 0xFF | 0xD0..=0xD7) {
            return Ok(byte);
        }
        if jpeg.len() > MAX_FRAME_BYTES {
            return Err(io::Error::other("a frame is too large"));
        }
        before = byte;
    }
}

fn next_byte(file: &mut impl BufRead) -> io::Result<Option<u8>> {
    let byte = file.fill_buf()?.first().copied();
    file.consume(usize::from(byte.is_some()));
    Ok(byte)
}

fn some_byte(file: &mut impl BufRead) -> io::Result<u8> {
    next_byte(file)?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}
