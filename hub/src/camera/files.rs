//! Frames from files: a still, a folder of stills, or a moving picture made of stills, as a camera for demonstrations and
//! tests, and for whatever writes its pictures into files.
//!
//! | the path is | frames |
//! |---|---|
//! | a folder | its `.jpg`, `.jpeg` and `.png`, in the order of their names |
//! | a file `.mjpeg` or `.mjpg` | the JPEGs that follow one another in it |
//! | any other file | the one that it is |
//!
//! Played once, the last frame stays, as of a camera before which nothing moves; until the path names something else, which
//! is then played. So a link that is put in the place of another (`ln -s`, `mv -T`) lets another car come.
//!
//! Invariants: one frame is in memory at a time; what cannot be read, or is too large, is left out with a word in the log.
//!
//! What must never be here: a clock; a picture that is looked into; a file that is changed.

use std::ffi::OsStr;
use std::fs::{self, File, Metadata};
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

use super::{Lost, MAX_FRAME_BYTES, Source};

/// Stills of a folder that are played at most: three hours at ten a second.
const MAX_STILLS: usize = 100_000;

/// How often files are played.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Play {
    /// Once; then the last frame stays.
    Once,
    /// Again and again.
    #[default]
    Loop,
}

/// The source.
pub struct Files {
    path: PathBuf,
    play: Play,
    identity: Identity,
    stills: Stills,
    last: Option<Arc<[u8]>>,
}

/// What a path names. A link that takes the place of another is another, even where both lead to the same folder.
type Identity = (u64, u64, i64, i64);

enum Stills {
    Folder { stills: Vec<PathBuf>, next: usize },
    Moving(BufReader<File>),
    Still(bool),
}

impl Files {
    /// Opens what the path names.
    ///
    /// # Errors
    /// Where nothing is there, or no still is in the folder.
    pub fn open(path: &Path, play: Play) -> Result<Self, Lost> {
        let lost = |error: io::Error| Lost(format!("{}: {error}", path.display()));
        let identity = identity(path).map_err(lost)?;
        let stills = Stills::open(path)?;
        Ok(Files { path: path.to_owned(), play, identity, stills, last: None })
    }
}

impl Source for Files {
    fn next(&mut self) -> Result<Option<Arc<[u8]>>, Lost> {
        let lost = |error: io::Error| Lost(format!("{}: {error}", self.path.display()));
        let identity = identity(&self.path).map_err(lost)?;
        if identity != self.identity {
            *self = Files::open(&self.path, self.play)?;
        }
        if let Some(frame) = self.stills.next(&self.path) {
            self.last = Some(frame.into());
        } else if self.stills.is_over() {
            match self.play {
                Play::Once => {}
                Play::Loop => self.stills = Stills::open(&self.path)?,
            }
        } else {
            return Ok(None);
        }
        Ok(self.last.clone())
    }
}

fn identity(path: &Path) -> io::Result<Identity> {
    let about: Metadata = fs::symlink_metadata(path)?;
    // A folder changes with every file that is put into it; a link only by being made.
    let made = if about.is_symlink() { (about.ctime(), about.ctime_nsec()) } else { (0, 0) };
    Ok((about.dev(), about.ino(), made.0, made.1))
}

impl Stills {
    fn open(path: &Path) -> Result<Self, Lost> {
        let lost = |error: io::Error| Lost(format!("{}: {error}", path.display()));
        if fs::metadata(path).map_err(lost)?.is_dir() {
            let entries = fs::read_dir(path).map_err(lost)?.filter_map(Result::ok).map(|entry| entry.path());
            let mut stills: Vec<PathBuf> =
                entries.filter(|path| is_one_of(path, &["jpg", "jpeg", "png"])).take(MAX_STILLS).collect();
            stills.sort();
            if stills.is_empty() {
                return Err(Lost(format!("{}: no .jpg, .jpeg or .png is in this folder", path.display())));
            }
            return Ok(Stills::Folder { stills, next: 0 });
        }
        if is_one_of(path, &["mjpeg", "mjpg"]) {
            return Ok(Stills::Moving(BufReader::new(File::open(path).map_err(lost)?)));
        }
        Ok(Stills::Still(false))
    }

    /// The next still that can be read.
    fn next(&mut self, path: &Path) -> Option<Vec<u8>> {
        match self {
            Stills::Folder { stills, next } => {
                let still = stills.get(*next)?;
                *next += 1;
                read(still)
            }
            Stills::Moving(file) => match next_jpeg(file) {
                Ok(jpeg) => jpeg,
                Err(error) => {
                    tracing::warn!(%error, "a moving picture is damaged: it ends here");
                    None
                }
            },
            Stills::Still(read_before) => {
                if std::mem::replace(read_before, true) {
                    None
                } else {
                    read(path)
                }
            }
        }
    }

    /// Whether nothing comes after what [`Stills::next`] gave last.
    fn is_over(&self) -> bool {
        match self {
            Stills::Folder { stills, next } => *next >= stills.len(),
            Stills::Moving(_) | Stills::Still(_) => true,
        }
    }
}

fn is_one_of(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    endings.iter().any(|known| known.eq_ignore_ascii_case(ending))
}

fn read(path: &Path) -> Option<Vec<u8>> {
    let read = || {
        let mut bytes = Vec::new();
        File::open(path)?.take(MAX_FRAME_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        if bytes.len() > MAX_FRAME_BYTES {
            return Err(io::Error::other(format!("larger than {} MB", MAX_FRAME_BYTES >> 20)));
        }
        Ok(bytes)
    };
    read().map_err(|error| tracing::warn!(path = %path.display(), %error, "a still is left out")).ok()
}

/// The next JPEG of a file of JPEGs (Motion JPEG as cameras record it); what stands between two is skipped.
///
/// By the markers of ITU-R T.81, B.1.1: segments have lengths, so that a small picture within a segment does not end the
/// large one; in what was coded for entropy, FF is followed by 00, or by RST0 to RST7, until a true marker comes.
fn next_jpeg(file: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut jpeg: Vec<u8> = Vec::new();
    let mut before = 0;
    loop {
        let Some(byte) = next_byte(file)? else { return Ok(None) };
        if before == 0xFF && byte == 0xD8 {
            jpeg.extend([0xFF, 0xD8]);
            break;
        }
        before = byte;
    }
    let mut marker = next_marker(file, &mut jpeg)?;
    loop {
        match marker {
            0xD9 => return Ok(Some(jpeg)),
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
