//! What a look saw.

use std::fmt;
use std::sync::Arc;

use dwellers::plate::{Country, Format};

use super::confidence::Features;
use super::ctc::{Free, Steps};
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
    /// In a line.
    One,
    /// In two, the upper to be read first.
    Two,
}

/// What a plate says.
#[derive(Clone)]
pub struct Reading {
    /// Its characters, as [`dwellers::plate::fold`] has them: a plate's key.
    pub text: String,
    /// How often readings like this one are right, 0 to 1; the reader's card says on what it was calibrated.
    pub confidence: f32,
    /// What it may say instead and the probability of that, likeliest first; at most [`Reading::MAX_ALTERNATIVES`].
    pub alternatives: Vec<(String, f32)>,
    /// Whose plate it seems to be, by its looks and its shape.
    pub country: Country,
    /// Its kind, where it has a shape that is known of its country.
    pub format: Option<Format>,
    /// What its confidence follows from.
    pub features: Features,
    /// What the reader saw, for whoever weighs several looks at one car.
    pub evidence: Evidence,
}

/// Without the plate: what is printed ends up in logs.
impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reading")
            .field("confidence", &self.confidence)
            .field("country", &self.country)
            .field("format", &self.format)
            .field("features", &self.features)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Evidence").field("origins", &self.origins).finish_non_exhaustive()
    }
}

impl Reading {
    /// As many as the door for reads takes.
    pub const MAX_ALTERNATIVES: usize = crate::reads::MAX_ALTERNATIVES;
}

/// What a reader saw: at each of its steps from left to right, the upper row first, the probability of nothing and of
/// each character; and whose plate it looks like.
#[derive(Clone)]
pub struct Evidence {
    /// `steps × (1 + characters)`, nothing first.
    p: Vec<f32>,
    alphabet: Arc<Alphabet>,
    origins: Vec<(Country, f32)>,
}

/// The characters that a reader knows; each one's symbol is its place from 1.
#[derive(Debug, PartialEq, Eq)]
pub struct Alphabet(pub Vec<char>);

impl Alphabet {
    /// `None` where a character is not among them.
    pub fn symbols(&self, text: &str) -> Option<Vec<u8>> {
        let symbol = |c: char| u8::try_from(self.0.iter().position(|known| *known == c)? + 1).ok();
        text.chars().map(symbol).collect()
    }

    /// Of symbols; what is none is left out.
    pub fn text(&self, symbols: &[u8]) -> String {
        let character = |symbol: &u8| self.0.get(usize::from(*symbol).checked_sub(1)?);
        symbols.iter().filter_map(character).collect()
    }
}

impl Evidence {
    /// Rows of probabilities, of nothing and of each character of the alphabet; each row adds up to one. `origins` are
    /// the countries that it may be of.
    pub fn new(p: Vec<f32>, alphabet: Arc<Alphabet>, origins: Vec<(Country, f32)>) -> Evidence {
        Evidence { p, alphabet, origins }
    }

    /// How many beginnings are kept at a time.
    pub const WIDTH: usize = 24;

    /// The natural logarithm of the probability that the plate says exactly `text` (a key, see
    /// [`dwellers::plate::fold`]), by this look alone; negative infinity where the reader does not know a character, or
    /// there are more than it has steps for. Of several looks at one car the logarithms add up, as far as they err
    /// independently.
    pub fn ln_p(&self, text: &str) -> f32 {
        self.alphabet.symbols(text).map_or(f32::NEG_INFINITY, |symbols| self.steps().ln_p(&symbols))
    }

    /// The likeliest texts and their ln P, the likeliest first; the empty one is among them.
    pub fn best(&self, most: usize) -> Vec<(String, f32)> {
        let found = self.steps().best(&Free, Evidence::WIDTH.max(most), most);
        found.into_iter().map(|found| (self.alphabet.text(&found.text), found.ln_p)).collect()
    }

    /// The probability that it is a plate of this country, by its looks; of [`Country::Other`], that it is of one that
    /// the reader does not know.
    pub fn origin(&self, country: Country) -> f32 {
        self.origins.iter().filter(|(known, _)| *known == country).map(|(_, p)| p).sum()
    }

    /// Whose plate it may be, by its looks, with probabilities.
    pub fn origins(&self) -> &[(Country, f32)] {
        &self.origins
    }

    /// As symbols: each character's is its place in the alphabet, from 1.
    pub fn steps(&self) -> Steps<'_> {
        Steps::new(&self.p, self.alphabet.0.len() + 1)
    }
}
