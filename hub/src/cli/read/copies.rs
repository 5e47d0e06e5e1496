//! Copies of pictures with what was seen drawn in: the corners of each plate, its text and its confidence.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use font8x8::legacy::BASIC_LEGACY;

use crate::sight::{Picture, Sighting};

const QUALITY: u8 = 88;
const CYAN: [u8; 3] = [0, 229, 255];
const BLACK: [u8; 3] = [0, 0, 0];
/// The side of a letter before it is enlarged.
const LETTER: i64 = 8;

/// A folder of copies.
pub(super) struct Copies {
    folder: PathBuf,
}

impl Copies {
    pub fn into(folder: &Path) -> anyhow::Result<Copies> {
        std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        Ok(Copies { folder: folder.to_owned() })
    }

    /// Writes a JPEG, upright, under the picture's own name; where there is one of that name already, it may be the
    /// picture itself, and this one gets a number.
    pub fn draw(&self, path: &Path, picture: &Picture, sightings: &[Sighting]) -> anyhow::Result<()> {
        let Some(mut canvas) = Canvas::over(picture) else {
            return Ok(());
        };
        for sighting in sightings {
            canvas.mark(sighting);
        }
        let jpeg = canvas.jpeg().context("too large to be drawn")?;
        let stem = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let numbered = (2_u32..).map(|n| format!("{stem}-{n}.jpg"));
        for name in std::iter::once(format!("{stem}.jpg")).chain(numbered) {
            let copy = self.folder.join(name);
            match File::create_new(&copy).and_then(|mut file| file.write_all(&jpeg)) {
                Err(taken) if taken.kind() == ErrorKind::AlreadyExists => {}
                done => return done.with_context(|| copy.display().to_string()),
            }
        }
        Ok(())
    }
}

struct Canvas {
    width: i64,
    height: i64,
    rgb: Vec<u8>,
}

impl Canvas {
    fn over(picture: &Picture) -> Option<Canvas> {
        let rgb = picture.rgb()?.to_vec();
        Some(Canvas { width: picture.width().into(), height: picture.height().into(), rgb })
    }

    fn jpeg(self) -> Option<Vec<u8>> {
        let (width, height) = (u32::try_from(self.width).ok()?, u32::try_from(self.height).ok()?);
        Picture::of_rgb(width, height, self.rgb)?.to_jpeg(QUALITY)
    }

    fn mark(&mut self, sighting: &Sighting) {
        let corners = sighting.corners.0;
        for (k, from) in corners.iter().enumerate() {
            self.line(*from, corners[(k + 1) % 4]);
        }
        let text = match &sighting.reading {
            Some(reading) => format!("{} {:.0}%", reading.text, reading.confidence * 100.0),
            None => "?".to_owned(),
        };
        // Letters that can be read beside the plate, above it or, at the edge, below.
        let size = (sighting.corners.width() / 70.0).clamp(2.0, 6.0) as i64;
        let [left, top, _, bottom] = sighting.corners.hull().map(|at| at as i64);
        let height = (LETTER + 2) * size;
        let y = if top > height + 2 { top - height - 2 } else { bottom + 3 };
        let width = (text.len() as i64 * LETTER + 2) * size;
        let x = left.min(self.width - width).max(0);
        self.fill(x, y, width, height, BLACK);
        for (at, letter) in text.chars().enumerate() {
            self.letter(letter, x + size + at as i64 * LETTER * size, y + size, size);
        }
    }

    /// Two pixels thick.
    fn line(&mut self, [x0, y0]: [f32; 2], [x1, y1]: [f32; 2]) {
        let most = (self.width + self.height) as f32;
        let steps = (x1 - x0).abs().max((y1 - y0).abs()).clamp(1.0, 2.0 * most) as usize;
        for step in 0..=steps {
            let share = step as f32 / steps as f32;
            let (x, y) = ((x0 + share * (x1 - x0)) as i64, (y0 + share * (y1 - y0)) as i64);
            self.fill(x, y, 2, 2, CYAN);
        }
    }

    fn letter(&mut self, letter: char, x: i64, y: i64, size: i64) {
        let rows = BASIC_LEGACY.get(letter as usize).unwrap_or(&BASIC_LEGACY[usize::from(b'?')]);
        for (row, bits) in (0..).zip(rows) {
            for column in (0..LETTER).filter(|column| bits >> column & 1 == 1) {
                self.fill(x + column * size, y + row * size, size, size, CYAN);
            }
        }
    }

    /// What of a rectangle lies in the picture.
    fn fill(&mut self, x: i64, y: i64, width: i64, height: i64, colour: [u8; 3]) {
        let (left, right) = (x.clamp(0, self.width), (x + width).clamp(0, self.width));
        for y in y.clamp(0, self.height)..(y + height).clamp(0, self.height) {
            let row = &mut self.rgb
                [((y * self.width + left) * 3) as usize..((y * self.width + right) * 3) as usize];
            row.as_chunks_mut::<3>().0.fill(colour);
        }
    }
}
