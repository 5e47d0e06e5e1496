//! How the camera was held: EXIF's orientation, and what it does to pixels and places.
//!
//! Exif 2.32, section 4.6.4: tag 0x0112 in the first directory; which row and column of the stored picture is its top
//! and its left, as a number from 1 to 8.

/// From the upright picture to the stored one: x and y exchanged first, then either counted from the other end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Orientation {
    exchanged: bool,
    x_from_end: bool,
    y_from_end: bool,
}

impl Orientation {
    /// By an EXIF block, which begins with the TIFF header; upright where it does not say, or is damaged.
    pub fn of_exif(exif: &[u8]) -> Orientation {
        tag(exif).map_or_else(Orientation::default, Orientation::of_number)
    }

    fn of_number(number: u16) -> Orientation {
        let exchanged = matches!(number, 5..=8);
        let x_from_end = matches!(number, 2 | 3 | 7 | 8);
        let y_from_end = matches!(number, 3 | 4 | 6 | 7);
        Orientation { exchanged, x_from_end, y_from_end }
    }

    /// Width and height of the upright picture.
    pub fn upright(self, [width, height]: [u32; 2]) -> [u32; 2] {
        if self.exchanged { [height, width] } else { [width, height] }
    }

    /// Width and height of the stored picture.
    pub fn stored(self, upright: [u32; 2]) -> [u32; 2] {
        self.upright(upright)
    }

    /// A place of the upright picture, of that size, in the stored one.
    pub fn back(self, upright: [f32; 2], [x, y]: [f32; 2]) -> [f32; 2] {
        let ([x, y], [width, height]) =
            if self.exchanged { ([y, x], [upright[1], upright[0]]) } else { ([x, y], upright) };
        [if self.x_from_end { width - x } else { x }, if self.y_from_end { height - y } else { y }]
    }

    /// The upright picture of a stored one with `N` bytes a pixel.
    pub fn turn<const N: usize>(self, stored: [u32; 2], pixels: Vec<u8>) -> Vec<u8> {
        if self == Orientation::default() {
            return pixels;
        }
        let [width, height] = self.upright(stored);
        let stored = stored.map(|side| side as usize);
        let mut turned = Vec::with_capacity(pixels.len());
        for y in 0..height as usize {
            for x in 0..width as usize {
                let [x, y] = if self.exchanged { [y, x] } else { [x, y] };
                let x = if self.x_from_end { stored[0] - 1 - x } else { x };
                let y = if self.y_from_end { stored[1] - 1 - y } else { y };
                let at = (y * stored[0] + x) * N;
                turned.extend_from_slice(&pixels[at..at + N]);
            }
        }
        turned
    }
}

fn tag(exif: &[u8]) -> Option<u16> {
    const ORIENTATION: u16 = 0x0112;
    const SHORT: u16 = 3;
    let little = match exif.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let bytes = |at: usize, count: usize| exif.get(at..at.checked_add(count)?);
    let short = |at: usize| {
        let bytes = bytes(at, 2)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let long = |at: usize| {
        let bytes = bytes(at, 4)?.try_into().ok()?;
        let value = if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) };
        usize::try_from(value).ok()
    };
    let directory = long(4)?;
    let entries = usize::from(short(directory)?);
    let entry = |n: usize| directory.checked_add(2 + 12 * n);
    let found = (0..entries).filter_map(entry).find(|at| short(*at) == Some(ORIENTATION))?;
    (short(found + 2)? == SHORT).then(|| short(found + 8)).flatten()
}
