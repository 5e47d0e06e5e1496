//! JPEG by zune-jpeg, strictly: what is cut off or wrong inside is an error and no half picture, unless it ends as a
//! JPEG ends.

use jpeg_encoder::{ColorType, Encoder};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::{Colours, DecodeError, Decoded, Picture, brightness, check_size, damaged};

/// Of a progressive file: ten are usual, and each costs a walk over the whole picture.
const MAX_SCANS: usize = 40;

pub(super) fn decode(bytes: &[u8], colours: Colours, most: u64) -> Result<Decoded, DecodeError> {
    let options = DecoderOptions::new_safe()
        .set_strict_mode(true)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .jpeg_set_max_scans(MAX_SCANS)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(damaged)?;
    let (width, height) = decoder.dimensions().ok_or_else(|| damaged("no size is given"))?;
    let size = |side: usize| u32::try_from(side).map_err(damaged);
    let (width, height) = (size(width)?, size(height)?);
    check_size(width, height, most)?;
    let has_y = matches!(decoder.input_colorspace(), Some(ColorSpace::YCbCr | ColorSpace::Luma));
    let only_y = colours == Colours::LeftOut && has_y;
    if only_y {
        decoder.set_options(options.jpeg_set_out_colorspace(ColorSpace::Luma));
    }
    let pixels = decoder.decode().map_err(damaged)?;
    let exif = decoder.exif().cloned();
    let (gray, rgb) = if only_y { (pixels, None) } else { (brightness(&pixels), Some(pixels)) };
    if gray.len() as u64 != u64::from(width) * u64::from(height) {
        return Err(damaged("its colours are of an unknown kind"));
    }
    Ok(Decoded { width, height, gray, rgb: rgb.filter(|_| colours == Colours::Kept), exif })
}

pub(super) fn encode(picture: &Picture, quality: u8) -> Option<Vec<u8>> {
    let (width, height) = (u16::try_from(picture.width).ok()?, u16::try_from(picture.height).ok()?);
    let mut bytes = Vec::new();
    let encoder = Encoder::new(&mut bytes, quality.clamp(1, 100));
    match &picture.rgb {
        Some(rgb) => encoder.encode(rgb, width, height, ColorType::Rgb),
        None => encoder.encode(&picture.gray, width, height, ColorType::Luma),
    }
    .ok()?;
    Some(bytes)
}
