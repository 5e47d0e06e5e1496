//! Sight: the plates in a picture, read by models of our own on one thread.
//!
//! A look goes from the whole to the small: the [`detector`] finds where plates may be, [`corners`] looks at each at
//! full resolution and says whether it is one, the [`reader`] tells its characters. What it saw is a [`Sighting`], with
//! the [`Evidence`] it rests on, so that whoever follows a car can weigh many looks as one.
//!
//! | module | what it holds |
//! |---|---|
//! | [`picture`] | JPEG and PNG in, within limits; brightness, sizes, the way back to the file's pixels |
//! | [`plane`] | the picture made smaller, and parts of it made upright |
//! | [`quad`] | four corners: geometry and homography |
//! | [`model`] | a model and its card: loaded, checked, run |
//! | [`kernels`] | what they run on |
//! | [`detector`], [`corners`], [`reader`] | the three models, each with what it is shown and what it answers |
//! | [`ctc`] | probabilities of texts, from those of characters |
//! | [`grammar`] | what known plates look like, as help for the reader |
//! | [`sighting`] | what a look saw |
//! | [`confidence`] | how often readings like this one are right |
//! | [`tracker`] | the looks at one car, put together |
//! | [`strength`] | whether that is good enough to open by itself, worth a tap of the guard, or neither |
//!
//! Invariants: a look has a bound, however many plates there seem to be; the same picture gives the same sightings;
//! a look remembers nothing of the one before but memory to work in. Only the tracker knows time, as it is told.
//!
//! What must never be here: a source of frames; a clock; a decision about a gate; a list of known cars (reading towards what is
//! hoped for would open for the neighbour's plate).

pub mod confidence;
pub mod corners;
pub mod ctc;
pub mod detector;
pub mod grammar;
pub mod kernels;
pub mod model;
pub mod picture;
pub mod plane;
pub mod quad;
pub mod reader;
pub mod sighting;
pub mod strength;
pub mod tracker;

use std::path::Path;

pub use confidence::Features;
pub use model::{LoadError, LookError};
pub use picture::{Colours, DecodeError, Picture, Region};
pub use quad::Quad;
pub use sighting::{Evidence, Reading, Rows, Sighting};

use corners::{Closer, Corners};
use detector::{Detector, OVERLAP};
use model::Files;
use plane::Pyramid;
use quad::suppress;
use reader::Reader;

/// A model of `hub/models`, as it was when the program was built.
macro_rules! shipped {
    ($model:literal) => {
        Files::shipped(
            $model,
            include_bytes!(concat!("../models/", $model, ".onnx")),
            include_str!(concat!("../models/", $model, ".toml")),
        )
    };
}

/// The three models, ready to look: one for each thread that looks.
pub struct Sight {
    detector: Detector,
    corners: Corners,
    reader: Reader,
    pyramid: Pyramid,
}

/// How long to look where the first glance reads no plate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// Not at all: the next frame comes soon.
    Glance,
    /// At parts of the picture twice as large, and at the whole half as large: six times as long.
    Search,
}

impl Sight {
    /// The most plates that one look finds.
    pub const MOST: usize = detector::MOST;

    /// Loads the models that ship in the program, or those of a folder: `detector`, `corners` and `reader`, each a
    /// `.onnx` and its card, a `.toml`. Takes some 0.1 s.
    ///
    /// # Errors
    /// A file is missing or no model, or differs from its card in a name or shape: which, and in what.
    pub fn load(folder: Option<&Path>) -> Result<Sight, LoadError> {
        let files = |shipped: Files| match folder {
            Some(folder) => Files::read(folder, shipped.model()),
            None => Ok(shipped),
        };
        Ok(Sight {
            detector: Detector::load(files(shipped!("detector"))?)?,
            corners: Corners::load(&files(shipped!("corners"))?)?,
            reader: Reader::load(&files(shipped!("reader"))?)?,
            pyramid: Pyramid::default(),
        })
    }

    /// Reads as the characters look, with no help from what is known of plates.
    #[must_use]
    pub fn without_grammar(mut self) -> Sight {
        self.reader.without_grammar();
        self
    }

    /// The plates in a picture, or in a region of it (what of it lies outside is left out), the surest first; at most
    /// [`Sight::MOST`]. Corners are in pixels of the whole upright picture, also with a region.
    ///
    /// # Errors
    /// A model fails, which those that were loaded do not.
    pub fn look(
        &mut self,
        picture: &Picture,
        region: Option<Region>,
        effort: Effort,
    ) -> Result<Vec<Sighting>, LookError> {
        let region = region.unwrap_or_else(|| picture.region());
        let Some(region) = region.within(picture.width(), picture.height()) else {
            return Ok(Vec::new());
        };
        self.pyramid.begin();
        let mut plates = self.plates(picture, region, 1.0)?;
        let mut seen = self.read(picture, &plates)?;
        let is_readable =
            |seen: &Sighting| seen.reading.as_ref().is_some_and(|read| self.reader.is_readable(read));
        if effort == Effort::Search && !seen.iter().any(is_readable) {
            for (part, shrunk) in self.search(region) {
                plates.extend(self.plates(picture, part, shrunk)?);
            }
            seen = self.read(picture, &plates)?;
        }
        Ok(seen)
    }

    /// How often readings of which this is known are right, 0 to 1: the reader's calibration.
    pub fn confidence(&self, features: &Features) -> f32 {
        self.reader.confidence(features)
    }

    /// What else is looked at when nothing is read at a glance: four parts that overlap by a ninth of the whole, where a
    /// plate is 1.8 times as large, unless they would be shown larger than they are; and the whole at half its size, for
    /// a plate that fills it.
    fn search(&self, region: Region) -> Vec<(Region, f32)> {
        let mut looks = vec![(region, 0.5)];
        let (_, fit) = self.detector.fit(region);
        if fit.scale < 1.0 {
            let part = |side: u32| (u64::from(side) * 5).div_ceil(9) as u32;
            let (width, height) = (part(region.width), part(region.height));
            let (right, below) = (region.x + region.width - width, region.y + region.height - height);
            for (x, y) in [(region.x, region.y), (right, region.y), (region.x, below), (right, below)] {
                looks.push((Region { x, y, width, height }, 1.0));
            }
        }
        looks
    }

    /// What is a plate of what the detector finds.
    fn plates(&mut self, picture: &Picture, region: Region, shrunk: f32) -> Result<Vec<Closer>, LookError> {
        let plane = picture.plane();
        let mut plates = Vec::new();
        for find in self.detector.find(plane, region, shrunk)? {
            plates.extend(self.corners.look(plane, &mut self.pyramid, find.corners)?);
        }
        Ok(plates)
    }

    /// What they say, the surest first, each once; those that reading shows to be none are left out.
    fn read(&mut self, picture: &Picture, plates: &[Closer]) -> Result<Vec<Sighting>, LookError> {
        let mut plates = plates.to_vec();
        plates.sort_by(|a, b| b.presence.total_cmp(&a.presence));
        let mut plates = suppress(plates, OVERLAP, |plate| plate.corners);
        plates.truncate(Sight::MOST);
        let mut seen = Vec::with_capacity(plates.len());
        for Closer { corners, presence, rows } in plates {
            let reading = self.reader.read(picture.plane(), &mut self.pyramid, &corners, rows, presence)?;
            if self.reader.is_plate(presence, reading.as_ref()) {
                seen.push(Sighting { corners, presence, rows, reading });
            }
        }
        Ok(seen)
    }
}
