//! A code as a picture that a camera at the gate reads.
//!
//! What must never be here: whose code it is.

use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, Luma};
use qrcode::{Color, QrCode};

/// The side of one module, in pixels.
const MODULE: u32 = 14;
/// The white margin around it, in modules (ISO/IEC 18004).
const MARGIN: u32 = 4;
const QUALITY: u8 = 90;

/// The code as a JPEG; nothing where it is longer than codes can be.
pub(super) fn jpeg(code: &str) -> Option<Vec<u8>> {
    let drawn = QrCode::new(code).ok()?;
    let width = u32::try_from(drawn.width()).ok()?;
    let colors = drawn.to_colors();
    let side = (width + 2 * MARGIN) * MODULE;
    let picture = GrayImage::from_fn(side, side, |x, y| {
        let module = |at: u32| (at / MODULE).checked_sub(MARGIN).filter(|at| *at < width);
        let color = match (module(x), module(y)) {
            (Some(x), Some(y)) => colors[(y * width + x) as usize],
            _ => Color::Light,
        };
        Luma([color.select(0, u8::MAX)])
    });
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&picture).ok()?;
    Some(bytes)
}
