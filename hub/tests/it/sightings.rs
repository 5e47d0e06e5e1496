//! Sightings as a reader would make them, for tests: of a car whose plate says this, is so wide, and stands there.

use std::sync::Arc;

use dwellers::plate::Country;
use dwellers_hub::engine::Tick;
use dwellers_hub::sight::sighting::Alphabet;
use dwellers_hub::sight::tracker::{Seen, Track, Tracker};
use dwellers_hub::sight::{Evidence, Features, Quad, Reading, Rows, Sighting};

pub(crate) const A: &str = "A123BC77";

/// A look at a plate.
#[derive(Clone, Debug)]
pub(crate) struct Glimpse {
    /// Empty where nothing can be read.
    pub(crate) text: String,
    pub(crate) confidence: f32,
    /// What it is nearly taken for.
    pub(crate) other: Option<String>,
    pub(crate) centre: [f32; 2],
    pub(crate) width: f32,
    pub(crate) sharpness: f32,
    pub(crate) cut: bool,
}

pub(crate) fn glimpse(text: &str, centre: [f32; 2], width: f32) -> Glimpse {
    let (text, other) = (text.to_owned(), None);
    Glimpse { text, confidence: 0.97, other, centre, width, sharpness: 0.5, cut: false }
}

impl Glimpse {
    pub(crate) fn sure(self, confidence: f32) -> Self {
        Glimpse { confidence, ..self }
    }

    pub(crate) fn or(self, other: &str) -> Self {
        Glimpse { other: Some(other.to_owned()), ..self }
    }

    pub(crate) fn quad(&self) -> Quad {
        let ([x, y], w, h) = (self.centre, self.width / 2.0, self.width / 9.0);
        Quad([[x - w, y - h], [x + w, y - h], [x + w, y + h], [x - w, y + h]])
    }

    pub(crate) fn sighting(&self) -> Sighting {
        let alternatives = self.other.iter().map(|other| (other.clone(), 1.0 - self.confidence));
        let reading = Reading {
            text: self.text.clone(),
            confidence: self.confidence,
            alternatives: alternatives.collect(),
            country: Country::Russia,
            format: None,
            features: Features::default(),
            evidence: evidence(&self.text, self.other.as_deref(), self.confidence),
        };
        let reading = Some(reading).filter(|_| !self.text.is_empty());
        Sighting { corners: self.quad(), presence: 0.98, rows: Rows::One, reading }
    }

    pub(crate) fn seen(&self) -> Seen {
        Seen { sighting: self.sighting(), sharpness: self.sharpness, cut: self.cut }
    }
}

/// A reader's characters: each of the text's with a probability, the other text's with what is left, nothing in between.
fn evidence(text: &str, other: Option<&str>, confidence: f32) -> Evidence {
    let alphabet: Vec<char> = ('0'..='9').chain('A'..='Z').collect();
    let symbol = |c: char| alphabet.iter().position(|known| *known == c).unwrap() + 1;
    let text: Vec<char> = text.chars().collect();
    let other: Vec<char> = other.map_or_else(|| text.clone(), |other| other.chars().collect());
    let mut p = Vec::new();
    for (at, c) in text.iter().enumerate() {
        let rest = (1.0 - confidence).max(1e-3) / 40.0;
        let mut row = vec![rest / 40.0; alphabet.len() + 1];
        match other.get(at) {
            Some(d) if d != c => {
                row[symbol(*c)] = confidence;
                row[symbol(*d)] = 1.0 - confidence;
            }
            _ => row[symbol(*c)] = 1.0 - rest,
        }
        let mut nothing = vec![1e-5; alphabet.len() + 1];
        nothing[0] = 1.0;
        p.extend(row.into_iter().chain(nothing));
    }
    Evidence::new(p, Arc::new(Alphabet(alphabet)), Vec::new())
}

/// Looks at one car, 100 ms apart; its track in the end.
pub(crate) fn follow(glimpses: &[Glimpse]) -> Track {
    let mut tracker = Tracker::default();
    for (at, glimpse) in glimpses.iter().enumerate() {
        tracker.see(vec![glimpse.seen()], Tick(at as u64 * 100));
    }
    assert_eq!(tracker.tracks().count(), 1, "one car");
    (0..100).find_map(|at| tracker.see(Vec::new(), Tick(100_000 + at * 1_000)).pop()).unwrap()
}

/// A car whose plate keeps to a place in the picture, and is so wide in each look.
pub(crate) fn widths(text: &str, widths: impl IntoIterator<Item = f32>) -> Vec<Glimpse> {
    widths.into_iter().map(|width| glimpse(text, [500.0, 300.0], width)).collect()
}

/// A car that drives up: from 60 to 160 pixels in so many looks.
pub(crate) fn drives_up(text: &str, looks: usize) -> Vec<Glimpse> {
    let at = |look: usize| look as f32 / (looks.max(2) - 1) as f32;
    let width = |look| 60.0 * (160.0_f32 / 60.0).powf(at(look));
    (0..looks)
        .map(|look| glimpse(text, [500.0 + 80.0 * at(look), 250.0 + 250.0 * at(look)], width(look)))
        .collect()
}
