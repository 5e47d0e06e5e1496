//! Pictures: JPEG and PNG in, within limits.

/// A picture, upright: its brightness, and its colours where they were asked for.
#[derive(Clone)]
pub struct Picture {
    width: u32,
    height: u32,
    /// Row by row, a byte a pixel.
    gray: Vec<u8>,
    /// Row by row, three bytes a pixel.
    rgb: Option<Vec<u8>>,
}

/// A part of a picture, in its pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

impl Picture {
    /// Of brightness alone, a byte a pixel, row by row; `None` unless there are `width × height` bytes, and at least one.
    pub fn of_gray(width: u32, height: u32, gray: Vec<u8>) -> Option<Picture> {
        let pixels = usize::try_from(u64::from(width) * u64::from(height)).ok()?;
        (pixels > 0 && gray.len() == pixels).then_some(Picture { width, height, gray, rgb: None })
    }

    pub fn width(&self) -> u32 {
        self.width
    }

    pub fn height(&self) -> u32 {
        self.height
    }

    /// Brightness, a byte a pixel, row by row.
    pub fn gray(&self) -> &[u8] {
        &self.gray
    }

    /// Red, green and blue, three bytes a pixel, row by row, where they were asked for.
    pub fn rgb(&self) -> Option<&[u8]> {
        self.rgb.as_deref()
    }
}
