//! Pictures as people would send them who ask to join: the view from a window, drawn. Each is another one.

use anyhow::Result;
use fastrand::Rng;
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};

const WIDTH: u32 = 960;
const HEIGHT: u32 = 720;
/// Where the sky ends.
const HORIZON: u32 = 330;
/// The frame of the window.
const FRAME: u32 = 36;

type Colour = [u8; 3];

const WALLS: [Colour; 5] =
    [[222, 205, 168], [176, 120, 92], [205, 213, 206], [150, 162, 178], [232, 226, 214]];
const ROOFS: [Colour; 4] = [[122, 52, 44], [66, 84, 72], [84, 80, 92], [140, 92, 56]];

/// The `nth` view from a window, as a JPEG: a neighbour's house, trees, a fence.
///
/// # Errors
/// Where it cannot be encoded.
pub fn view(nth: u64) -> Result<Vec<u8>> {
    let mut drawing = Drawing { picture: RgbImage::new(WIDTH, HEIGHT), chance: Rng::with_seed(nth) };
    drawing.sky_and_grass();
    drawing.forest();
    let houses = drawing.chance.u32(1..3);
    for house in 0..houses {
        let left = 90 + house * 430 + drawing.chance.u32(0..120);
        drawing.house(left);
    }
    drawing.fence();
    for _ in 0..drawing.chance.u32(2..5) {
        let (x, size) = (drawing.chance.u32(60..900), drawing.chance.u32(70..150));
        drawing.tree(x, 560 + size / 3, size);
    }
    drawing.window();
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 82).encode_image(&drawing.picture)?;
    Ok(jpeg)
}

struct Drawing {
    picture: RgbImage,
    chance: Rng,
}

impl Drawing {
    fn one_of(&mut self, colours: &[Colour]) -> Colour {
        colours[self.chance.usize(..colours.len())]
    }

    fn dot(&mut self, x: u32, y: u32, [red, green, blue]: Colour) {
        if x < WIDTH && y < HEIGHT {
            // No wall is of one colour: a camera's noise.
            let noise = self.chance.u8(0..7);
            let with = |part: u8| part.saturating_add(noise).saturating_sub(3);
            self.picture.put_pixel(x, y, Rgb([with(red), with(green), with(blue)]));
        }
    }

    fn bar(&mut self, x: u32, y: u32, width: u32, height: u32, colour: Colour) {
        for row in y..y + height {
            for column in x..x + width {
                self.dot(column, row, colour);
            }
        }
    }

    /// A triangle that stands on its base.
    fn gable(&mut self, middle: u32, top: u32, height: u32, base: u32, colour: Colour) {
        for row in 0..height {
            let half = base * row / height / 2;
            self.bar(middle.saturating_sub(half), top + row, 2 * half, 1, colour);
        }
    }

    fn disc(&mut self, x: u32, y: u32, radius: u32, colour: Colour) {
        let square = i64::from(radius * radius);
        for row in y.saturating_sub(radius)..y + radius {
            for column in x.saturating_sub(radius)..x + radius {
                let (dx, dy) = (i64::from(column) - i64::from(x), i64::from(row) - i64::from(y));
                if dx * dx + dy * dy < square {
                    self.dot(column, row, colour);
                }
            }
        }
    }

    fn sky_and_grass(&mut self) {
        let evening = self.chance.bool();
        let (above, below) =
            if evening { ([112, 120, 168], [242, 188, 140]) } else { ([112, 164, 218], [214, 230, 240]) };
        for y in 0..HEIGHT {
            let colour = match y {
                0..HORIZON => mixed(above, below, y, HORIZON),
                _ => mixed([112, 142, 74], [64, 96, 46], y - HORIZON, HEIGHT - HORIZON),
            };
            self.bar(0, y, WIDTH, 1, colour);
        }
    }

    fn forest(&mut self) {
        for x in (0..WIDTH).step_by(22) {
            let height = self.chance.u32(40..110);
            let colour = [38 + self.chance.u8(0..14), 66 + self.chance.u8(0..18), 48];
            self.gable(x + 11, HORIZON + 12 - height, height, 46, colour);
        }
    }

    fn house(&mut self, left: u32) {
        let (wall, roof) = (self.one_of(&WALLS), self.one_of(&ROOFS));
        let (width, height) = (250 + self.chance.u32(0..70), 150 + self.chance.u32(0..30));
        let top = 520 - height;
        self.bar(left, top, width, height, wall);
        self.bar(left + width - 62, top - 120, 24, 100, [118, 74, 62]);
        self.gable(left + width / 2, top - 105, 105, width + 56, roof);
        for window in 0..3 {
            let x = left + 24 + window * (width - 30) / 3;
            self.bar(x, top + 38, 50, 60, [244, 242, 236]);
            self.bar(x + 5, top + 43, 40, 50, [86, 108, 128]);
            self.bar(x + 23, top + 43, 4, 50, [244, 242, 236]);
        }
    }

    fn fence(&mut self) {
        let colour = self.one_of(&[[108, 78, 52], [124, 128, 130], [70, 92, 74]]);
        for x in (0..WIDTH).step_by(26) {
            self.bar(x, 508, 19, 84, colour);
        }
        self.bar(0, 524, WIDTH, 8, colour);
        self.bar(0, 570, WIDTH, 8, colour);
    }

    fn tree(&mut self, x: u32, foot: u32, size: u32) {
        self.bar(x.saturating_sub(size / 14), foot - size, size / 7, size, [92, 70, 52]);
        for _ in 0..9 {
            let (dx, dy) = (self.chance.u32(0..size), self.chance.u32(0..size));
            let green = [52 + self.chance.u8(0..40), 96 + self.chance.u8(0..50), 44];
            self.disc((x + dx).saturating_sub(size / 2), foot - size - dy / 2, size / 3, green);
        }
    }

    /// What it is looked at through.
    fn window(&mut self) {
        let white = [236, 236, 232];
        for (x, y, width, height) in [
            (0, 0, WIDTH, FRAME),
            (0, HEIGHT - 2 * FRAME, WIDTH, 2 * FRAME),
            (0, 0, FRAME, HEIGHT),
            (WIDTH - FRAME, 0, FRAME, HEIGHT),
            (WIDTH / 2 - 12, 0, 24, HEIGHT),
        ] {
            self.bar(x, y, width, height, white);
        }
    }
}

/// A colour between two.
fn mixed(from: Colour, to: Colour, step: u32, steps: u32) -> Colour {
    let part = |n: usize| (u32::from(from[n]) * (steps - step) + u32::from(to[n]) * step) / steps;
    [0, 1, 2].map(|n| part(n) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_view_is_a_picture_and_another_one() {
        let views: Vec<_> = (0..4).map(|nth| view(nth).unwrap()).collect();
        for (nth, one) in views.iter().enumerate() {
            let picture = image::load_from_memory(one).unwrap();
            assert_eq!((picture.width(), picture.height()), (WIDTH, HEIGHT));
            assert!(views[..nth].iter().all(|other| other != one), "{nth}");
        }
    }
}
