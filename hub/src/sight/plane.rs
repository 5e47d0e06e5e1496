//! Brightness by places: made smaller by areas, halved, sampled through a homography.
//!
//! These are the pictures that the models are shown, and the training makes them by the same rules: whoever changes one
//! here changes it there (`hub/training/geometry.py`).
//!
//! What must never be here: a file's format; what is in the picture.

use super::picture::Region;
use super::quad::Homography;

/// Rows of bytes, from black (0) to white (255); neither side is 0.
#[derive(Clone, Copy)]
pub struct Plane<'a> {
    /// In pixels.
    pub width: usize,
    /// In pixels.
    pub height: usize,
    /// Row by row, `width × height`.
    pub pixels: &'a [u8],
}

/// A picture and its halves, made as they are needed and in memory that the next picture takes over.
#[derive(Default)]
pub struct Pyramid {
    halves: Vec<Half>,
    made: usize,
}

#[derive(Default)]
struct Half {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Half {
    fn plane(&self) -> Plane<'_> {
        Plane { width: self.width, height: self.height, pixels: &self.pixels }
    }

    /// Each pixel is the mean of four; an odd last row or column is left out.
    fn make(&mut self, from: Plane<'_>) {
        (self.width, self.height) = (from.width / 2, from.height / 2);
        self.pixels.resize(self.width * self.height, 0);
        let rows = self.pixels.chunks_exact_mut(self.width).zip(from.pixels.chunks_exact(from.width * 2));
        for (row, both) in rows {
            let (upper, lower) = both.split_at(from.width);
            let fours = upper.chunks_exact(2).zip(lower.chunks_exact(2));
            for (pixel, (a, b)) in row.iter_mut().zip(fours) {
                let sum = u16::from(a[0]) + u16::from(a[1]) + u16::from(b[0]) + u16::from(b[1]);
                *pixel = ((sum + 2) >> 2) as u8;
            }
        }
    }
}

impl Pyramid {
    /// Another picture comes.
    pub fn begin(&mut self) {
        self.made = 0;
    }

    /// The level to sample at a `step` of so many pixels of the whole, and how many of them make one of its own: halved
    /// as long as a step spans 1.5 pixels, so that what is sampled bilinearly does not alias.
    pub fn level<'a>(&'a mut self, whole: Plane<'a>, mut step: f32) -> (Plane<'a>, f32) {
        let (mut depth, mut scale) = (0, 1.0);
        let (mut width, mut height) = (whole.width, whole.height);
        while step >= 1.5 && width.min(height) >= 4 {
            (depth, step, scale) = (depth + 1, step / 2.0, scale * 2.0);
            (width, height) = (width / 2, height / 2);
        }
        while self.made < depth {
            if self.halves.len() == self.made {
                self.halves.push(Half::default());
            }
            let (before, rest) = self.halves.split_at_mut(self.made);
            rest[0].make(before.last().map_or(whole, Half::plane));
            self.made += 1;
        }
        (depth.checked_sub(1).map_or(whole, |at| self.halves[at].plane()), scale)
    }
}

impl Plane<'_> {
    /// Bilinear between the centres of pixels; beyond the edge its pixels repeat. `map` takes the target's pixels to
    /// this plane's, both in continuous coordinates.
    pub fn sample(self, map: &Homography, width: usize, target: &mut [u8]) {
        for (j, row) in target.chunks_exact_mut(width).enumerate() {
            for (i, pixel) in row.iter_mut().enumerate() {
                let [x, y] = map.apply([i as f32 + 0.5, j as f32 + 0.5]);
                *pixel = (self.at(x - 0.5, y - 0.5) + 0.5) as u8;
            }
        }
    }

    /// At (0, 0) is the centre of the first pixel.
    fn at(self, x: f32, y: f32) -> f32 {
        // Before the conversion, which saturates: what is no number becomes 0.
        let x = x.clamp(0.0, (self.width - 1) as f32);
        let y = y.clamp(0.0, (self.height - 1) as f32);
        let (left, top) = (x as usize, y as usize);
        let (right, bottom) = ((left + 1).min(self.width - 1), (top + 1).min(self.height - 1));
        let (across, down) = (x - left as f32, y - top as f32);
        let value = |x: usize, y: usize| f32::from(self.pixels[y * self.width + x]);
        let upper = value(left, top) + across * (value(right, top) - value(left, top));
        let lower = value(left, bottom) + across * (value(right, bottom) - value(left, bottom));
        upper + down * (lower - upper)
    }
}

/// How a part of a picture lies in a model's frame: at its top left, in one scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    region: [f32; 2],
    /// Pixels of the frame to one of the picture.
    pub scale: f32,
    /// What it takes up of the frame, in the frame's pixels.
    pub width: usize,
    /// Likewise.
    pub height: usize,
}

impl Fit {
    /// As large as a frame of `width × height` takes it.
    pub fn new(region: Region, width: usize, height: usize) -> Fit {
        let (w, h) = (region.width as f32, region.height as f32);
        Fit::scaled(region, (width as f32 / w).min(height as f32 / h), width, height)
    }

    /// At a scale of its own, which is no larger than what fits.
    pub fn scaled(region: Region, scale: f32, width: usize, height: usize) -> Fit {
        // A pixel of the frame that the picture covers by all but a rounding error is covered.
        let covered = |side: u32, most: usize| ((side as f32 * scale + 1e-3) as usize).clamp(1, most);
        Fit {
            region: [region.x as f32, region.y as f32],
            scale,
            width: covered(region.width, width),
            height: covered(region.height, height),
        }
    }

    /// From the frame's coordinates to the picture's.
    pub fn out(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        [x / self.scale + self.region[0], y / self.scale + self.region[1]]
    }
}

/// Fits parts of pictures into frames; keeps its memory.
#[derive(Default)]
pub struct Fitter {
    line: Vec<f32>,
    row: Vec<f32>,
    columns: Vec<Span>,
}

/// The pixels `from..` that one of the frame covers, and the weight of each: of the first, of the last, and of each
/// between, which it covers whole.
#[derive(Clone, Copy, Default)]
struct Span {
    from: usize,
    count: usize,
    first: f32,
    last: f32,
    whole: f32,
}

impl Span {
    /// Of a line of `most` pixels, what lies between `from` and `to`.
    fn new(from: f32, to: f32, most: usize) -> Span {
        let to = to.min(most as f32);
        let begin = (from as usize).min(most - 1);
        let end = (to.ceil() as usize).clamp(begin + 1, most);
        let (count, whole) = (end - begin, 1.0 / (to - from).max(f32::MIN_POSITIVE));
        let part = |at: usize| (to.min((at + 1) as f32) - from.max(at as f32)).max(0.0) * whole;
        Span {
            from: begin,
            count,
            first: part(begin),
            last: if count > 1 { part(end - 1) } else { 0.0 },
            whole,
        }
    }

    fn weight(self, at: usize) -> f32 {
        match at {
            0 => self.first,
            at if at == self.count - 1 => self.last,
            _ => self.whole,
        }
    }

    /// The weighted sum of a line.
    fn mean(self, line: &[f32]) -> f32 {
        let covered = &line[self.from..self.from + self.count];
        let between: f32 = covered.iter().skip(1).take(self.count.saturating_sub(2)).sum();
        let last = covered.last().map_or(0.0, |last| last * self.last);
        covered.first().map_or(0.0, |first| first * self.first) + between * self.whole + last
    }
}

impl Fitter {
    /// Rows of the frame from the top, each with what `fit` covers of it, 0 to 1: the mean over areas where it shrinks,
    /// bilinear where it grows.
    pub fn fit(&mut self, plane: Plane<'_>, region: Region, fit: Fit, mut put: impl FnMut(usize, &[f32])) {
        let mut line = std::mem::take(&mut self.line);
        line.resize(fit.width, 0.0);
        let part = Part { plane, region };
        self.row.resize(region.width as usize, 0.0);
        if fit.scale < 1.0 {
            let step = 1.0 / fit.scale;
            let span =
                |at: usize, most: u32| Span::new(at as f32 * step, (at + 1) as f32 * step, most as usize);
            self.columns.clear();
            self.columns.extend((0..fit.width).map(|x| span(x, region.width)));
            for y in 0..fit.height {
                self.add_up(part, span(y, region.height));
                for (value, column) in line.iter_mut().zip(&self.columns) {
                    *value = column.mean(&self.row);
                }
                put(y, &line);
            }
        } else {
            for y in 0..fit.height {
                self.blend(part, (y as f32 + 0.5) / fit.scale - 0.5);
                for (x, value) in line.iter_mut().enumerate() {
                    let (left, right, share) = between((x as f32 + 0.5) / fit.scale - 0.5, region.width);
                    *value = self.row[left] + share * (self.row[right] - self.row[left]);
                }
                put(y, &line);
            }
        }
        self.line = line;
    }

    /// The weighted sum of rows.
    fn add_up(&mut self, part: Part<'_>, rows: Span) {
        self.row.fill(0.0);
        for at in 0..rows.count {
            let weight = rows.weight(at) / 255.0;
            for (sum, pixel) in self.row.iter_mut().zip(part.row(rows.from + at)) {
                *sum += weight * f32::from(*pixel);
            }
        }
    }

    /// A row between two.
    fn blend(&mut self, part: Part<'_>, y: f32) {
        let (upper, lower, share) = between(y, part.region.height);
        let both = part.row(upper).iter().zip(part.row(lower));
        for (value, (a, b)) in self.row.iter_mut().zip(both) {
            *value = (f32::from(*a) + share * (f32::from(*b) - f32::from(*a))) / 255.0;
        }
    }
}

#[derive(Clone, Copy)]
struct Part<'a> {
    plane: Plane<'a>,
    region: Region,
}

impl<'a> Part<'a> {
    fn row(self, y: usize) -> &'a [u8] {
        let begin = (self.region.y as usize + y) * self.plane.width + self.region.x as usize;
        &self.plane.pixels[begin..begin + self.region.width as usize]
    }
}

/// The two pixels of a line between whose centres a place lies, and how near it is to the second.
fn between(at: f32, most: u32) -> (usize, usize, f32) {
    let last = (most - 1) as usize;
    let at = at.clamp(0.0, last as f32);
    let before = at as usize;
    (before, (before + 1).min(last), at - before as f32)
}
