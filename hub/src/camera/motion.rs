//! Whether anything has changed in a lane since it was last looked at: a cheap question that spares the costly look.
//!
//! The lane's part of the picture is averaged into a coarse grid and compared with that of the last look. Light that changes
//! everywhere alike (a cloud, the camera's own exposure) is taken out first; what creeps adds up, since the comparison is with
//! the last *look*, not with the last frame. Every two seconds it is looked all the same, however still it is.
//!
//! What must never be here: what has changed.

use crate::engine::Tick;
use crate::sight::{Picture, Region};

/// The grid: at 1280 × 720 a cell is 20 pixels wide, a third of the smallest plate that opens.
const COLUMNS: u32 = 64;
const ROWS: u32 = 36;
/// A cell has changed by so many of 256 levels (the noise of a camera at night, averaged over a cell, is some two);
const LEVELS: f32 = 7.0;
/// and so many cells are more than a leaf.
const CELLS: usize = 3;
/// However still it is, it is looked so often.
const LOOK_EVERY_MS: u64 = 2_000;
/// Pixels of a cell that are averaged, along each side.
const SAMPLES: u32 = 6;

/// What a lane looked like when it was last looked at.
#[derive(Debug, Default)]
pub struct MotionGate {
    seen: Option<(Tick, Vec<f32>)>,
}

impl MotionGate {
    /// Whether it is to be looked at; this is taken for the last look then.
    pub fn asks(&mut self, picture: &Picture, region: Region, now: Tick) -> bool {
        let grid = grid(picture, region);
        let asks = self.seen.as_ref().is_none_or(|(looked, before)| {
            now.0.saturating_sub(looked.0) >= LOOK_EVERY_MS || has_changed(before, &grid)
        });
        if asks {
            self.seen = Some((now, grid));
        }
        asks
    }

    /// The next frame is looked at.
    pub fn forget(&mut self) {
        self.seen = None;
    }
}

fn has_changed(before: &[f32], grid: &[f32]) -> bool {
    let differences: Vec<f32> = grid.iter().zip(before).map(|(now, before)| now - before).collect();
    let everywhere = differences.iter().sum::<f32>() / differences.len().max(1) as f32;
    differences.iter().filter(|difference| (*difference - everywhere).abs() > LEVELS).count() >= CELLS
}

fn grid(picture: &Picture, region: Region) -> Vec<f32> {
    let Region { x, y, width, height } = region;
    let mut grid = Vec::with_capacity((COLUMNS * ROWS) as usize);
    for row in 0..ROWS {
        for column in 0..COLUMNS {
            let (left, right) = (x + column * width / COLUMNS, x + (column + 1) * width / COLUMNS);
            let (top, bottom) = (y + row * height / ROWS, y + (row + 1) * height / ROWS);
            grid.push(mean(picture, (left, right.max(left + 1)), (top, bottom.max(top + 1))));
        }
    }
    grid
}

/// The mean of some pixels of a cell, evenly spread.
fn mean(picture: &Picture, (left, right): (u32, u32), (top, bottom): (u32, u32)) -> f32 {
    let step = |from: u32, to: u32| ((to - from) / SAMPLES).max(1) as usize;
    let (mut sum, mut count) = (0_u32, 0_u32);
    for y in (top..bottom.min(picture.height())).step_by(step(top, bottom)) {
        let row = (y * picture.width()) as usize;
        for x in (left..right.min(picture.width())).step_by(step(left, right)) {
            sum += u32::from(picture.gray()[row + x as usize]);
            count += 1;
        }
    }
    sum as f32 / count.max(1) as f32
}
