//! Cameras: frames from files, what is told and when, and a whole hub that opens for a car that it sees.

mod files;
mod hub;
mod motion;
mod offers;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dwellers_hub::camera::{Eye, OpenEye};
use dwellers_hub::sight::{Picture, Region};

use crate::sightings::{Glimpse, glimpse};

/// What plates say in these pictures: a plate is a bright rectangle, and how bright it is tells which of these it bears.
pub(crate) const PLATES: [&str; 3] = ["A123BC77", "E001KX77", "T666EP77"];

const SIZE: (u32, u32) = (640, 360);

/// A lane with a car in it whose plate is so wide and stands so high.
pub(crate) fn still(plate: Option<&str>, width: u32, top: u32) -> Vec<u8> {
    let (wide, high) = SIZE;
    let mut gray = vec![90; (wide * high) as usize];
    if let Some(plate) = plate {
        let number = PLATES.iter().position(|known| *known == plate).unwrap() as u8;
        for y in top..(top + width / 4).min(high) {
            let (left, right) = (wide / 2 - width / 2, wide / 2 + width / 2);
            for x in left..right {
                // Characters, as sharp as they can be, in a frame.
                let dark = (x / 4) % 3 == 1 && y > top + 2 && x > left + 2 && x + 3 < right;
                gray[(y * wide + x) as usize] = if dark { 30 } else { 190 + 20 * number };
            }
        }
    }
    Picture::of_gray(wide, high, gray).unwrap().to_jpeg(95).unwrap()
}

/// Reads those pictures.
pub(crate) fn eye() -> Eye {
    Box::new(|picture, region| Ok(found(picture, region).iter().map(Glimpse::sighting).collect()))
}

pub(crate) fn eyes() -> OpenEye {
    Arc::new(|| Ok(eye()))
}

fn found(picture: &Picture, region: Region) -> Option<Glimpse> {
    let level = |x: u32, y: u32| picture.gray()[(y * picture.width() + x) as usize];
    let places = (region.y..region.y + region.height)
        .flat_map(|y| (region.x..region.x + region.width).map(move |x| (x, y)));
    let bright: Vec<(u32, u32)> = places.filter(|(x, y)| level(*x, *y) > 170).collect();
    let (left, right) = (bright.iter().map(|at| at.0).min()?, bright.iter().map(|at| at.0).max()? + 1);
    let (top, bottom) = (bright.iter().map(|at| at.1).min()?, bright.iter().map(|at| at.1).max()? + 1);
    let mean = bright.iter().map(|(x, y)| u32::from(level(*x, *y))).sum::<u32>() / bright.len() as u32;
    let number = (mean.saturating_sub(180) / 20).min(2) as usize;
    let centre = [(left + right) as f32 / 2.0, (top + bottom) as f32 / 2.0];
    Some(glimpse(PLATES[number], centre, (right - left) as f32))
}

/// A folder in which sequences of stills lie, and a link that a camera plays.
pub(crate) struct Lane {
    folder: PathBuf,
    played: std::cell::Cell<u32>,
}

impl Lane {
    /// An empty lane.
    pub(crate) fn new(folder: &Path) -> Self {
        let lane = Lane { folder: folder.to_owned(), played: Default::default() };
        lane.shoot("empty", &[still(None, 0, 0)]);
        // One and a half seconds.
        let arriving = |plate| (0..45).map(|at| still(Some(plate), 60 + 5 * at / 2, 40 + 4 * at)).collect();
        let (resident, stranger): (Vec<_>, Vec<_>) = (arriving(PLATES[0]), arriving(PLATES[1]));
        lane.shoot("resident", &resident);
        lane.shoot("stranger", &stranger);
        lane.shoot("standing", &[still(Some(PLATES[0]), 160, 200)]);
        lane.play("empty");
        lane
    }

    pub(crate) fn shoot(&self, name: &str, stills: &[Vec<u8>]) {
        let scene = self.folder.join("scenes").join(name);
        fs::create_dir_all(&scene).unwrap();
        for (number, still) in stills.iter().enumerate() {
            fs::write(scene.join(format!("{number:04}.jpg")), still).unwrap();
        }
    }

    /// Another sequence takes the place of the one that is played.
    pub(crate) fn play(&self, name: &str) {
        self.played.set(self.played.get() + 1);
        let link = self.folder.join(format!("next-{}", self.played.get()));
        symlink(self.folder.join("scenes").join(name), &link).unwrap();
        fs::rename(link, self.path()).unwrap();
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join("lane")
    }

    pub(crate) fn config(&self) -> String {
        format!(
            r#"
            [[camera]]
            key = "in"
            name = "Въезд"
            gate = "main"
            lane = "in"
            frame_rate = 30
            source = {{ kind = "files", path = {:?}, play = "once" }}
            "#,
            self.path()
        )
    }
}
