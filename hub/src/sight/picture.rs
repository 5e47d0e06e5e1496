//! Pictures: JPEG and PNG in, within limits that hold before anything is allocated; crops and copies out.
//!
//! A picture is upright, whatever its file says about how the camera was held; [`Picture::in_file`] leads back to the
//! file's own pixels. Brightness is Y = 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), which a JPEG holds as it is:
//! unless colours are asked for, they are not even decoded. What is transparent counts with the colour it has.
//!
//! What must never be here: a path; what is in the picture.

mod jpeg;
mod orientation;
mod png;

use self::orientation::Orientation;
use super::plane::Plane;

/// The most pixels of a picture: a frame of 8K has 33 million. See [`Picture::decode_within`] for what that may take.
pub const MAX_PIXELS: u64 = 40_000_000;
/// The largest file.
pub const MAX_BYTES: u64 = 64 << 20;

/// A picture, upright: its brightness, and its colours where they were asked for.
#[derive(Clone)]
pub struct Picture {
    width: u32,
    height: u32,
    orientation: Orientation,
    /// Row by row, a byte a pixel.
    gray: Vec<u8>,
    /// Row by row, three bytes a pixel.
    rgb: Option<Vec<u8>>,
}

/// A part of a picture, in its pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// Of its left edge.
    pub x: u32,
    /// Of its top edge.
    pub y: u32,
    /// From there to the right.
    pub width: u32,
    /// From there down.
    pub height: u32,
}

impl Region {
    /// What of it lies in a picture of this size; nothing where nothing does.
    pub fn within(self, width: u32, height: u32) -> Option<Region> {
        let (x, y) = (self.x.min(width), self.y.min(height));
        let (width, height) = (self.width.min(width - x), self.height.min(height - y));
        (width > 0 && height > 0).then_some(Region { x, y, width, height })
    }
}

/// Whether a picture's colours are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// Only its brightness, which is all that reading takes.
    LeftOut,
    /// To show it to people.
    Kept,
}

/// Why bytes are no picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// It begins as no JPEG and no PNG does.
    #[error("neither a JPEG nor a PNG")]
    Unknown,
    /// It has too many pixels; none was decoded.
    #[error("{width} × {height} pixels; at most {} million are looked at", most / 1_000_000)]
    TooLarge {
        /// Of the file.
        width: u32,
        /// Of the file.
        height: u32,
        /// How many pixels there may be.
        most: u64,
    },
    /// The file is too long.
    #[error("{0} bytes; at most {MAX_BYTES} are looked at")]
    TooLong(u64),
    /// It is cut off, or wrong inside.
    #[error("damaged: {0}")]
    Damaged(String),
}

/// What a decoder gives: as the file has it.
struct Decoded {
    width: u32,
    height: u32,
    gray: Vec<u8>,
    rgb: Option<Vec<u8>>,
    /// The EXIF block, TIFF header first.
    exif: Option<Vec<u8>>,
}

impl Picture {
    /// A JPEG or PNG, by its first bytes. A damaged one is refused rather than shown in part, but for a JPEG that ends
    /// well before its pixels do: the decoder fills what is missing with gray.
    ///
    /// # Errors
    /// It is neither, too large, or damaged.
    pub fn decode(bytes: &[u8], colours: Colours) -> Result<Picture, DecodeError> {
        Picture::decode_within(bytes, colours, MAX_PIXELS)
    }

    /// As [`Picture::decode`], of no more than so many pixels: that is asked before any of them is decoded, and bounds
    /// the memory that it takes. A pixel is a byte, four with colours. A JPEG that must be held whole until its last scan
    /// (a progressive one) takes more while it is decoded: with as much of each colour as of brightness seven bytes a
    /// pixel, nine with colours; thirteen where it is made for that.
    ///
    /// # Errors
    /// It is neither, too large, or damaged.
    pub fn decode_within(bytes: &[u8], colours: Colours, most: u64) -> Result<Picture, DecodeError> {
        if bytes.len() as u64 > MAX_BYTES {
            return Err(DecodeError::TooLong(bytes.len() as u64));
        }
        let decoded = if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
            jpeg::decode(bytes, colours, most)?
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            png::decode(bytes, colours, most)?
        } else {
            return Err(DecodeError::Unknown);
        };
        let orientation = decoded.exif.as_deref().map_or_else(Orientation::default, Orientation::of_exif);
        let stored = [decoded.width, decoded.height];
        let [width, height] = orientation.upright(stored);
        let gray = orientation.turn::<1>(stored, decoded.gray);
        let rgb = decoded.rgb.map(|rgb| orientation.turn::<3>(stored, rgb));
        Ok(Picture { width, height, orientation, gray, rgb })
    }

    /// Of brightness alone, a byte a pixel, row by row; `None` unless there are `width × height` bytes, and at least
    /// one.
    pub fn of_gray(width: u32, height: u32, gray: Vec<u8>) -> Option<Picture> {
        let is_whole = !gray.is_empty() && gray.len() as u64 == u64::from(width) * u64::from(height);
        is_whole.then_some(Picture { width, height, orientation: Orientation::default(), gray, rgb: None })
    }

    /// Of colours, three bytes a pixel (red, green, blue), row by row; `None` unless there are `width × height × 3`
    /// bytes, and at least three.
    pub fn of_rgb(width: u32, height: u32, rgb: Vec<u8>) -> Option<Picture> {
        let is_whole = !rgb.is_empty() && rgb.len() as u64 == u64::from(width) * u64::from(height) * 3;
        let gray = brightness(&rgb);
        is_whole.then_some(Picture {
            width,
            height,
            orientation: Orientation::default(),
            gray,
            rgb: Some(rgb),
        })
    }

    /// Of the upright picture.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Of the upright picture.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// All of it.
    pub fn region(&self) -> Region {
        Region { x: 0, y: 0, width: self.width, height: self.height }
    }

    /// Brightness, a byte a pixel, row by row.
    pub fn gray(&self) -> &[u8] {
        &self.gray
    }

    /// Red, green and blue, three bytes a pixel, row by row, where they were kept.
    pub fn rgb(&self) -> Option<&[u8]> {
        self.rgb.as_deref()
    }

    /// The width and height of the picture as it lies in its file.
    pub fn size_in_file(&self) -> [u32; 2] {
        self.orientation.stored([self.width, self.height])
    }

    /// A place of the upright picture, in continuous pixel coordinates, in those of its file.
    pub fn in_file(&self, place: [f32; 2]) -> [f32; 2] {
        self.orientation.back([self.width as f32, self.height as f32], place)
    }

    /// A part of it, with its colours where it has them; nothing where the region lies outside.
    pub fn crop(&self, region: Region) -> Option<Picture> {
        let region = region.within(self.width, self.height)?;
        let cut = |pixels: &[u8], bytes: usize| {
            let rows = pixels.chunks_exact(self.width as usize * bytes);
            let (left, width) = (region.x as usize * bytes, region.width as usize * bytes);
            let rows = rows.skip(region.y as usize).take(region.height as usize);
            rows.flat_map(|row| &row[left..left + width]).copied().collect()
        };
        Some(Picture {
            width: region.width,
            height: region.height,
            orientation: Orientation::default(),
            gray: cut(&self.gray, 1),
            rgb: self.rgb.as_ref().map(|rgb| cut(rgb, 3)),
        })
    }

    /// As a JPEG of `quality` 1 to 100, in colour where it has colours; `None` where a side is longer than 65,535.
    pub fn to_jpeg(&self, quality: u8) -> Option<Vec<u8>> {
        jpeg::encode(self, quality)
    }

    /// Its brightness, to be looked at.
    pub fn plane(&self) -> Plane<'_> {
        Plane { width: self.width as usize, height: self.height as usize, pixels: &self.gray }
    }
}

/// Whether a decoder may go on.
fn check_size(width: u32, height: u32, most: u64) -> Result<(), DecodeError> {
    if u64::from(width) * u64::from(height) > most {
        return Err(DecodeError::TooLarge { width, height, most });
    }
    if width == 0 || height == 0 {
        return Err(damaged("it has no pixels"));
    }
    Ok(())
}

/// On one line, whatever a decoder says.
fn damaged(why: impl std::fmt::Display) -> DecodeError {
    DecodeError::Damaged(why.to_string().split_whitespace().collect::<Vec<_>>().join(" "))
}

/// BT.601 in fixed point, rounded: the weights are 0.299, 0.587 and 0.114 of 65,536.
fn brightness(rgb: &[u8]) -> Vec<u8> {
    let y = |[r, g, b]: [u8; 3]| {
        (19_595 * u32::from(r) + 38_470 * u32::from(g) + 7_471 * u32::from(b) + 32_768) >> 16
    };
    rgb.as_chunks::<3>().0.iter().map(|pixel| y(*pixel) as u8).collect()
}
