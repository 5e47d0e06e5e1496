//! Sight: the plates in a picture, read by models of our own on one thread.
//!
//! A look goes from the whole to the small: the [`detector`] finds where plates may be, [`corners`] looks at each at
//! full resolution and says whether it is one, the [`reader`] tells its characters. What it saw is a [`Sighting`], with
//! the [`Evidence`] it rests on, so that whoever follows a car can weigh many looks as one.
//!
//! | module | what it holds |
//! |---|---|
//! | [`picture`] | JPEG and PNG in, within limits; brightness, sizes, the way back to the file's pixels |
//! | [`quad`] | four corners: geometry and homography |
//! | [`model`] | a model and its card: loaded, checked, run |
//! | [`detector`], [`corners`], [`reader`] | the three models, each with what it is shown and what it answers |
//! | [`ctc`] | probabilities of texts, from those of characters |
//! | [`grammar`] | what known plates look like, as help for the reader |
//! | [`confidence`] | how often readings like this one are right |
//! | [`tracker`] | the looks at one car, put together |
//! | [`strength`] | whether that is good enough to open by itself, worth a tap of the guard, or neither |
//!
//! Invariants: a look has a bound, however many plates there seem to be; the same picture gives the same sightings;
//! nothing is remembered from one look to the next but memory to work in.
//!
//! What must never be here: a camera; time; a decision about a gate; a list of known cars (reading towards what is
//! hoped for would open for the neighbour's plate).

pub mod confidence;
pub mod picture;
pub mod quad;
pub mod sighting;
pub mod strength;
pub mod tracker;

pub use confidence::Features;
pub use picture::{Picture, Region};
pub use quad::Quad;
pub use sighting::{Evidence, Reading, Rows, Sighting};

use std::path::Path;

/// The three models, ready to look: one for each thread that looks.
pub struct Sight {
    grammar: bool,
}

impl Sight {
    /// Loads the models that are compiled in, or those of a folder: `detector`, `corners` and `reader`, each a `.onnx`
    /// and its card, a `.toml`. Takes some 0.1 s.
    ///
    /// # Errors
    /// A file is missing or no model, or differs from its card in a name or shape: which, and in what.
    pub fn load(folder: Option<&Path>) -> Result<Sight, LoadError> {
        let _ = folder;
        Err(LoadError { model: "detector", why: "no models yet".into() })
    }

    /// Reads as the characters look, with no help from what is known of plates.
    #[must_use]
    pub fn without_grammar(mut self) -> Sight {
        self.grammar = false;
        self
    }

    /// The plates in a picture, or in a region of it (what of it lies outside is left out), the surest first; at most
    /// [`Sight::MOST`]. Corners are in pixels of the whole upright picture, also with a region.
    ///
    /// # Errors
    /// A model fails, which those that were loaded do not.
    pub fn look(&mut self, picture: &Picture, region: Option<Region>) -> Result<Vec<Sighting>, LookError> {
        let _ = (picture, region, self.grammar);
        Ok(Vec::new())
    }

    /// How often readings of which this is known are right, 0 to 1: the reader's calibration.
    pub fn confidence(&self, features: &Features) -> f32 {
        let _ = features;
        0.0
    }

    /// The most plates that one look finds.
    pub const MOST: usize = 12;
}

/// A model cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the model {model}: {why}")]
pub struct LoadError {
    model: &'static str,
    why: String,
}

/// A model failed at its work.
#[derive(Debug, thiserror::Error)]
#[error("the model {model} fails: {why}")]
pub struct LookError {
    model: &'static str,
    why: String,
}
