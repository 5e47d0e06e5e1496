//! PNG by the `png` crate, row by row: palettes are looked up, 16 bits become 8, transparency is left out. A row of an
//! interlaced file goes to its places in the picture at once: beside what is asked for, a row is all that is held.

use std::io::Cursor;

use png::{ColorType, Decoder, InterlaceInfo, Limits, Transformations, expand_interlaced_row};

use super::{Colours, DecodeError, Decoded, brightness, check_size, damaged};

/// For what stands beside the pixels, and for a row of them.
const MAX_BESIDE: usize = 8 << 20;

pub(super) fn decode(bytes: &[u8], colours: Colours, most: u64) -> Result<Decoded, DecodeError> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: MAX_BESIDE });
    decoder.set_transformations(Transformations::normalize_to_color8());
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let header = decoder.read_header_info().map_err(damaged)?;
    let (width, height) = (header.width, header.height);
    check_size(width, height, most)?;
    let mut reader = decoder.read_info().map_err(damaged)?;
    let exif = reader.info().exif_metadata.as_ref().map(|exif| exif.to_vec());
    let kind = reader.output_color_type().0;
    let (row_pixels, pixels) = (width as usize, width as usize * height as usize);
    let mut gray = vec![0; pixels];
    let mut rgb = (colours == Colours::Kept).then(|| vec![0; pixels * 3]);
    let (mut came, mut row_gray, mut row_rgb) = (0, Vec::new(), Vec::new());
    while let Some(row) = reader.next_interlaced_row().map_err(damaged)? {
        channels(kind, row.data(), &mut row_gray, &mut row_rgb)?;
        match row.interlace() {
            InterlaceInfo::Null(_) => {
                put(&mut gray, came, &row_gray)?;
                rgb.as_mut().map_or(Ok(()), |rgb| put(rgb, came * 3, &row_rgb))?;
            }
            InterlaceInfo::Adam7(place) => {
                expand_interlaced_row(&mut gray, row_pixels, &row_gray, place, 8);
                if let Some(rgb) = &mut rgb {
                    expand_interlaced_row(rgb, row_pixels * 3, &row_rgb, place, 24);
                }
            }
        }
        came += row_gray.len();
    }
    if came != pixels {
        return Err(damaged("rows are missing"));
    }
    Ok(Decoded { width, height, gray, rgb, exif })
}

/// The brightness of a row, and its red, green and blue.
fn channels(kind: ColorType, row: &[u8], gray: &mut Vec<u8>, rgb: &mut Vec<u8>) -> Result<(), DecodeError> {
    rgb.clear();
    match kind {
        ColorType::Grayscale | ColorType::GrayscaleAlpha => {
            let step = if kind == ColorType::Grayscale { 1 } else { 2 };
            gray.clear();
            gray.extend(row.iter().step_by(step));
            rgb.extend(gray.iter().flat_map(|y| [*y; 3]));
            return Ok(());
        }
        ColorType::Rgb => rgb.extend_from_slice(row),
        ColorType::Rgba => rgb.extend(row.as_chunks::<4>().0.iter().flat_map(|[r, g, b, _]| [*r, *g, *b])),
        ColorType::Indexed => return Err(damaged("a palette is missing")),
    }
    *gray = brightness(rgb);
    Ok(())
}

fn put(pixels: &mut [u8], at: usize, row: &[u8]) -> Result<(), DecodeError> {
    let place = pixels.get_mut(at..at + row.len()).ok_or_else(|| damaged("it has too many rows"))?;
    place.copy_from_slice(row);
    Ok(())
}
