//! PNG by the `png` crate, row by row: palettes are looked up, 16 bits become 8, transparency is left out.

use std::io::Cursor;

use png::{ColorType, Decoder, Limits, Transformations};

use super::{Colours, DecodeError, Decoded, brightness, check_size, damaged};

/// For what stands beside the pixels, and for a row of them.
const MAX_BESIDE: usize = 8 << 20;

pub(super) fn decode(bytes: &[u8], colours: Colours) -> Result<Decoded, DecodeError> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: MAX_BESIDE });
    decoder.set_transformations(Transformations::normalize_to_color8());
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let header = decoder.read_header_info().map_err(damaged)?;
    let (width, height) = (header.width, header.height);
    check_size(width, height)?;
    let mut reader = decoder.read_info().map_err(damaged)?;
    let exif = reader.info().exif_metadata.as_ref().map(|exif| exif.to_vec());
    let mut channels = Channels { kind: reader.output_color_type().0, gray: Vec::new(), rgb: None };
    channels.rgb = (colours == Colours::Kept).then(Vec::new);
    if reader.info().interlaced {
        let size = reader.output_buffer_size().ok_or_else(|| damaged("no size is given"))?;
        let mut pixels = vec![0; size];
        reader.next_frame(&mut pixels).map_err(damaged)?;
        channels.take(&pixels)?;
    } else {
        while let Some(row) = reader.next_row().map_err(damaged)? {
            channels.take(row.data())?;
        }
    }
    let Channels { gray, rgb, .. } = channels;
    if gray.len() as u64 != u64::from(width) * u64::from(height) {
        return Err(damaged("rows are missing"));
    }
    Ok(Decoded { width, height, gray, rgb, exif })
}

struct Channels {
    kind: ColorType,
    gray: Vec<u8>,
    rgb: Option<Vec<u8>>,
}

impl Channels {
    fn take(&mut self, row: &[u8]) -> Result<(), DecodeError> {
        let opaque: Vec<u8>;
        let rgb: &[u8] = match self.kind {
            ColorType::Grayscale | ColorType::GrayscaleAlpha => {
                let step = if self.kind == ColorType::Grayscale { 1 } else { 2 };
                let gray = row.iter().step_by(step);
                self.gray.extend(gray.clone());
                if let Some(rgb) = &mut self.rgb {
                    rgb.extend(gray.flat_map(|y| [*y; 3]));
                }
                return Ok(());
            }
            ColorType::Rgb => row,
            ColorType::Rgba => {
                opaque = row.as_chunks::<4>().0.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect();
                &opaque
            }
            ColorType::Indexed => return Err(damaged("a palette is missing")),
        };
        self.gray.append(&mut brightness(rgb));
        if let Some(kept) = &mut self.rgb {
            kept.extend_from_slice(rgb);
        }
        Ok(())
    }
}
