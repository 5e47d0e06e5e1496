//! The picture of a plate with some of its car around it, for the journal; and how sharp a plate is.

use crate::reads::MAX_CROP_BYTES;
use crate::sight::{Picture, Quad, Region};

/// How much of the picture goes with the plate, in its widths: to see what car it is.
const AROUND: [f32; 2] = [2.4, 1.4];
/// How wide a crop is at most, in pixels.
const CROP_PX: u32 = 480;
/// Qualities that are tried until it is small enough.
const QUALITIES: [u8; 4] = [82, 65, 45, 25];

/// A JPEG of the plate and what is around it, in colour where the picture has colours.
pub(super) fn crop(picture: &Picture, quad: &Quad) -> Option<Vec<u8>> {
    let [x, y] = quad.centre();
    let width = quad.width().max(quad.height());
    // The car is above its plate rather than below.
    let (half, above, below) = (AROUND[0] * width / 2.0, AROUND[1] * width * 0.65, AROUND[1] * width * 0.35);
    let region = within(picture, [x - half, y - above, x + half, y + below])?;
    let part = shrunk(&picture.crop(region)?, CROP_PX)?;
    let fits = |quality: &u8| part.to_jpeg(*quality).filter(|jpeg| jpeg.len() <= MAX_CROP_BYTES);
    QUALITIES.iter().find_map(fits)
}

/// A picture no wider than this: pixels are averaged in whole squares.
pub(super) fn shrunk(picture: &Picture, width: u32) -> Option<Picture> {
    let by = picture.width().div_ceil(width.max(1));
    if by <= 1 {
        return picture.crop(picture.region());
    }
    let (across, down) = (picture.width() / by, picture.height() / by);
    if across == 0 || down == 0 {
        return None;
    }
    match picture.rgb() {
        Some(rgb) => Picture::of_rgb(across, down, averaged::<3>(rgb, picture.width(), by, [across, down])),
        None => {
            Picture::of_gray(across, down, averaged::<1>(picture.gray(), picture.width(), by, [across, down]))
        }
    }
}

fn averaged<const N: usize>(pixels: &[u8], width: u32, by: u32, [across, down]: [u32; 2]) -> Vec<u8> {
    let (by, row, area) = (by as usize, width as usize * N, by * by);
    let mut averaged = Vec::with_capacity(across as usize * down as usize * N);
    for y in 0..down as usize {
        for x in 0..across as usize {
            let mut sums = [0_u32; N];
            for line in pixels[y * by * row..].chunks(row).take(by) {
                for pixel in line[x * by * N..].as_chunks::<N>().0.iter().take(by) {
                    sums.iter_mut().zip(pixel).for_each(|(sum, level)| *sum += u32::from(*level));
                }
            }
            averaged.extend(sums.map(|sum| (sum / area) as u8));
        }
    }
    averaged
}

/// How steep the edges on a plate are, 0 to 1: the steepest steps from pixel to pixel along its rows, as a part of its
/// contrast. 1 where black turns to white from one pixel to the next.
pub(super) fn sharpness(picture: &Picture, quad: &Quad) -> f32 {
    let [left, top, right, bottom] = quad.hull();
    // The middle of its rectangle: what is around a tilted plate is not the plate.
    let (dx, dy) = ((right - left) * 0.1, (bottom - top) * 0.2);
    let Some(region) = within(picture, [left + dx, top + dy, right - dx, bottom - dy]) else { return 0.0 };
    let (mut levels, mut steps) = (Vec::new(), Vec::new());
    let every = (region.height / 24).max(1) as usize;
    for y in (region.y..region.y + region.height).step_by(every) {
        let start = (y * picture.width() + region.x) as usize;
        let row = &picture.gray()[start..start + region.width as usize];
        levels.extend_from_slice(row);
        steps.extend(row.windows(2).map(|pair| pair[0].abs_diff(pair[1])));
    }
    let contrast = quantile(&mut levels, 0.95).saturating_sub(quantile(&mut levels, 0.05));
    f32::from(quantile(&mut steps, 0.97)) / f32::from(contrast.max(16)).max(1.0)
}

/// Whether a plate touches the edge of what was looked at, so that a part of it may be missing.
pub(super) fn is_cut(quad: &Quad, region: Region) -> bool {
    const EDGE_PX: f32 = 3.0;
    let [left, top, right, bottom] = quad.hull();
    let Region { x, y, width, height } = region;
    let (x, y, width, height) = (x as f32, y as f32, width as f32, height as f32);
    left < x + EDGE_PX || top < y + EDGE_PX || right > x + width - EDGE_PX || bottom > y + height - EDGE_PX
}

/// The whole pixels of a rectangle, as far as they lie in the picture.
fn within(picture: &Picture, [left, top, right, bottom]: [f32; 4]) -> Option<Region> {
    let (wide, high) = (picture.width() as f32, picture.height() as f32);
    let (x, y) = (left.clamp(0.0, wide).floor(), top.clamp(0.0, high).floor());
    let (right, bottom) = (right.clamp(0.0, wide).ceil(), bottom.clamp(0.0, high).ceil());
    let region = Region { x: x as u32, y: y as u32, width: (right - x) as u32, height: (bottom - y) as u32 };
    region.within(picture.width(), picture.height())
}

fn quantile(values: &mut [u8], share: f32) -> u8 {
    let at = (values.len() as f32 * share) as usize;
    let at = at.min(values.len().saturating_sub(1));
    if values.is_empty() { 0 } else { *values.select_nth_unstable(at).1 }
}
