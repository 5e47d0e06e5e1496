//! Pictures that people bring, and crops that hubs do: what is let in, and as what.
//!
//! A picture of a person's telephone says where it was taken, by what, and often more. It is decoded, turned as its
//! camera meant it, scaled down and written anew: nothing of what came but its pixels is kept. A hub's crop is named by its
//! hash in the journal and cannot be written anew: it is let in as it is, or not at all.
//!
//! Invariants: size is judged before anything is decoded; one picture is decoded at a time; what is stored is a JPEG (a crop
//! may be a PNG) that says nothing but its pixels, and nothing follows its end.
//!
//! What must never be here: whose picture it is; a name that somebody gave it.

use std::io::Cursor;
use std::sync::Arc;

use dwellers_link::wire::BlobHash;
use dwellers_replica::Now;
use image::codecs::jpeg::JpegEncoder;
use image::{
    DynamicImage, GenericImageView, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage,
};
use tokio::sync::Semaphore;

use crate::blobs::{BlobError, Blobs, Kind};
use crate::communities::Community;

/// The most bytes of a picture that somebody brings: the listener reads no more.
pub const MAX_BYTES: usize = 16 << 20;
/// The most pixels: more than telephones make without being asked to.
pub const MAX_PIXELS: u64 = 50_000_000;
/// The longer side of what is stored, at most.
pub const SIDE: u32 = 2048;
/// The longer side of its thumbnail, at most.
pub const THUMBNAIL_SIDE: u32 = 320;
/// The most bytes of a hub's crop: what the hub itself keeps.
pub const MAX_CROP_BYTES: usize = 30_000;
/// The most pixels of a hub's crop, many times what it is: 30 kB of nothing can be large.
const MAX_CROP_PIXELS: u64 = 2_000_000;
/// Bytes of a pixel as it is decoded: four colours of 16 bits would be eight.
const PIXEL_BYTES: u64 = 4;
const QUALITY: u8 = 84;

/// Why a picture is not let in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is larger than pictures may be.
    #[error("the picture has {0} bytes: too many")]
    TooManyBytes(usize),
    /// It would fill the memory.
    #[error("the picture is {0} × {1} pixels large: too many")]
    TooManyPixels(u32, u32),
    /// It is none, or of a kind that is not taken.
    #[error("this is no picture: JPEG and PNG are taken")]
    NotAPicture,
    /// It does not decode.
    #[error("the picture is damaged: {0}")]
    Damaged(String),
    /// A crop that says more than its pixels.
    #[error("the picture carries more than its pixels")]
    Metadata,
}

/// Why a picture is not stored.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// It is not let in.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The store does not take it.
    #[error(transparent)]
    Blob(#[from] BlobError),
}

/// A picture as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// A JPEG.
    pub picture: Vec<u8>,
    /// Width and height.
    pub size: (u32, u32),
    /// A small JPEG of the same.
    pub thumbnail: Vec<u8>,
    /// Width and height.
    pub thumbnail_size: (u32, u32),
}

/// Where a picture is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The picture's blob.
    pub picture: BlobHash,
    /// Width and height.
    pub size: (u32, u32),
    /// The thumbnail's blob.
    pub thumbnail: BlobHash,
    /// Width and height.
    pub thumbnail_size: (u32, u32),
}

/// The door by which people's pictures come in.
#[derive(Clone, Debug)]
pub struct Pictures {
    blobs: Blobs,
    /// A decoded picture is some hundred megabytes of memory.
    turn: Arc<Semaphore>,
}

impl Pictures {
    /// Into these blobs.
    pub fn new(blobs: Blobs) -> Pictures {
        Pictures { blobs, turn: Arc::new(Semaphore::new(1)) }
    }

    /// Stores a picture and its thumbnail.
    ///
    /// # Errors
    /// It is not let in, or the store does not take it.
    pub async fn ingest(
        &self,
        community: &Arc<Community>,
        bytes: Vec<u8>,
        now: Now,
    ) -> Result<Stored, IngestError> {
        let prepared = self.prepared(bytes).await?;
        let Prepared { picture, size, thumbnail, thumbnail_size } = prepared;
        let picture = self.blobs.put(community, Kind::Picture, picture, now).await?;
        let thumbnail = self.blobs.put(community, Kind::Thumbnail, thumbnail, now).await?;
        Ok(Stored { picture, size, thumbnail, thumbnail_size })
    }

    /// A picture as it would be stored, when it is its turn.
    ///
    /// # Errors
    /// It is not let in.
    pub async fn prepared(&self, bytes: Vec<u8>) -> Result<Prepared, IngestError> {
        // The cheap answer needs no turn.
        format(&bytes, MAX_BYTES)?;
        let turn = self.turn.clone().acquire_owned().await.map_err(|_| BlobError::Failed)?;
        // The turn ends with the work, also where nobody waits for it any more.
        let work = move || {
            let _turn = turn;
            prepare(&bytes)
        };
        Ok(tokio::task::spawn_blocking(work).await.map_err(|_| BlobError::Failed)??)
    }
}

/// A picture as it is stored. Takes a second or so, and the memory of all its pixels.
///
/// # Errors
/// It is not let in.
pub fn prepare(bytes: &[u8]) -> Result<Prepared, Refused> {
    let format = format(bytes, MAX_BYTES)?;
    // Decoders make up the missing end of a JPEG; a PNG has checksums.
    if format == ImageFormat::Jpeg && Jpeg::walk(bytes)?.end.is_none() {
        return Err(Refused::Damaged("its end is missing".to_owned()));
    }
    let mut decoder = decoder(bytes, format, MAX_PIXELS)?;
    let orientation = decoder.orientation().map_err(refused)?;
    let decoded = DynamicImage::from_decoder(decoder).map_err(refused)?;
    let mut picture = DynamicImage::from(flat(&within(decoded, SIDE)));
    picture.apply_orientation(orientation);
    let thumbnail = within(picture.clone(), THUMBNAIL_SIDE);
    Ok(Prepared {
        size: picture.dimensions(),
        picture: jpeg(&picture)?,
        thumbnail_size: thumbnail.dimensions(),
        thumbnail: jpeg(&thumbnail)?,
    })
}

/// Whether a hub's crop is let in as it is.
///
/// # Errors
/// It is not.
pub fn check_crop(bytes: &[u8]) -> Result<(), Refused> {
    let format = format(bytes, MAX_CROP_BYTES)?;
    let is_bare = match format {
        ImageFormat::Jpeg => {
            let Jpeg { end, says_more } = Jpeg::walk(bytes)?;
            !says_more && end == Some(bytes.len())
        }
        _ => is_bare_png(bytes),
    };
    if !is_bare {
        return Err(Refused::Metadata);
    }
    let decoder = decoder(bytes, format, MAX_CROP_PIXELS)?;
    DynamicImage::from_decoder(decoder).map_err(refused).map(drop)
}

/// What it is, by its first bytes.
fn format(bytes: &[u8], most: usize) -> Result<ImageFormat, Refused> {
    if bytes.len() > most {
        return Err(Refused::TooManyBytes(bytes.len()));
    }
    match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png)) => Ok(format),
        _ => Err(Refused::NotAPicture),
    }
}

/// Reads no more than the head.
fn decoder(bytes: &[u8], format: ImageFormat, most: u64) -> Result<impl ImageDecoder + '_, Refused> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(most * PIXEL_BYTES);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    let is_large = u64::from(width) * u64::from(height) > most || decoder.total_bytes() > most * PIXEL_BYTES;
    if is_large { Err(Refused::TooManyPixels(width, height)) } else { Ok(decoder) }
}

fn refused(error: ImageError) -> Refused {
    match error {
        ImageError::Unsupported(_) => Refused::NotAPicture,
        other => Refused::Damaged(other.to_string()),
    }
}

/// Its longer side at most so long.
fn within(picture: DynamicImage, side: u32) -> DynamicImage {
    if picture.width().max(picture.height()) <= side { picture } else { picture.thumbnail(side, side) }
}

/// Without transparency, on white: what somebody hid behind it stays hidden.
fn flat(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let picture = picture.to_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [colours @ .., alpha] = picture.get_pixel(x, y).0;
        let alpha = u32::from(alpha);
        image::Rgb(colours.map(|level| ((u32::from(level) * alpha + 255 * (255 - alpha)) / 255) as u8))
    })
}

fn jpeg(picture: &DynamicImage) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    picture.write_with_encoder(encoder).map_err(refused)?;
    Ok(bytes)
}

/// How a JPEG is built, as far as it matters here.
struct Jpeg {
    /// Where it ends; nothing where its end is missing.
    end: Option<usize>,
    /// Whether it holds more than a decoder needs: Exif, XMP, profiles, comments.
    says_more: bool,
}

impl Jpeg {
    fn walk(bytes: &[u8]) -> Result<Jpeg, Refused> {
        const END: u8 = 0xd9;
        const SCAN: u8 = 0xda;
        let damaged = || Refused::Damaged("its segments do not read".to_owned());
        let mut jpeg = Jpeg { end: None, says_more: false };
        // After the two bytes that say that it is one.
        let mut at = 2;
        while let Some(&[mark, kind]) = bytes.get(at..at + 2) {
            if mark != 0xff {
                return Err(damaged());
            }
            if kind == 0xff {
                // It may be filled up with these.
                at += 1;
                continue;
            }
            if kind == END {
                jpeg.end = Some(at + 2);
                return Ok(jpeg);
            }
            let Some(&[high, low]) = bytes.get(at + 2..at + 4) else { break };
            let length = usize::from(u16::from_be_bytes([high, low]));
            if length < 2 {
                return Err(damaged());
            }
            jpeg.says_more |= !Jpeg::is_needed(kind, bytes.get(at + 4..at + 2 + length).unwrap_or_default());
            at += 2 + length;
            if kind == SCAN {
                // Up to the next mark that is neither a byte of the scan nor a restart in it.
                let scan = bytes.get(at..).unwrap_or_default().windows(2);
                let marks = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd7 | 0xff);
                match scan.into_iter().position(marks) {
                    Some(length) => at += length,
                    None => break,
                }
            }
        }
        Ok(jpeg)
    }

    /// Frames, tables, scans, and which colours they are.
    fn is_needed(kind: u8, content: &[u8]) -> bool {
        match kind {
            0xc0..=0xcf | 0xda..=0xdd => true,
            // A thumbnail may follow in it.
            0xe0 => content.starts_with(b"JFIF\0") && content.len() == 14,
            0xee => content.starts_with(b"Adobe") && content.len() == 12,
            _ => false,
        }
    }
}

/// A PNG of nothing but what a decoder needs, which ends with its end.
fn is_bare_png(bytes: &[u8]) -> bool {
    let mut at = 8;
    loop {
        let Some(&[a, b, c, d]) = bytes.get(at..at + 4) else { return false };
        let Some(kind) = bytes.get(at + 4..at + 8) else { return false };
        let needed: [&[u8]; 9] =
            [b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB", b"cHRM", b"pHYs"];
        if !needed.contains(&kind) {
            return false;
        }
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        // Length, kind and checksum around the content.
        at = at.saturating_add(length).saturating_add(12);
        if kind == b"IEND" {
            return length == 0 && at == bytes.len();
        }
    }
}
