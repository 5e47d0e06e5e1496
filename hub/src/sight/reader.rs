//! The third model: what a plate says, from its picture made upright.

use std::sync::Arc;

use dwellers::plate::Country;
use serde::Deserialize;

use super::confidence::{Calibration, Features};
use super::ctc::{Free, Hypothesis};
use super::grammar::{Grammar, format};
use super::model::{Files, LoadError, LookError, Model};
use super::plane::{Plane, Pyramid};
use super::quad::{Homography, Quad};
use super::sighting::{Alphabet, Evidence, Reading, Rows};

const HEIGHT: usize = 40;
const WIDTH: usize = 192;
const HALF: usize = WIDTH / 2;
/// Of two rows, each fills so much of 80 pixels: they overlap, since not all have their line in the middle.
const ROW: usize = 44;
const STEPS: usize = 48;
/// What is shown beyond the corners, of the plate's width and height.
const MARGIN: [f32; 2] = [0.04, 0.08];
/// How many texts are weighed.
const TEXTS: usize = 12;
/// An alternative that is less likely than this is none.
const LEAST: f32 = 0.001;
/// A country whose shapes a text has not counts so much less: plates of a kind that is not known are about so rare.
const UNKNOWN_SHAPE: f32 = 0.05;

#[derive(Deserialize)]
struct Card {
    alphabet: String,
    origins: Vec<String>,
    confidence: Calibration,
    least: Least,
    #[serde(default)]
    grammar: Help,
}

/// A find that is less likely a plate than `presence`, and whose reading is less likely right than `confidence`, is
/// none: what cannot be read must at least look like a plate.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Least {
    presence: f32,
    confidence: f32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Help {
    /// How much less likely (in ln P) than the free reading a text may be that the grammar takes instead.
    within: f32,
}

impl Default for Help {
    fn default() -> Self {
        Help { within: -UNKNOWN_SHAPE.ln() }
    }
}

/// The model, ready.
pub struct Reader {
    model: Model,
    alphabet: Arc<Alphabet>,
    origins: Vec<Country>,
    calibration: Calibration,
    least: Least,
    grammar: Option<Grammar>,
    within: f32,
    /// The plate as it is sampled, and as it is shown.
    sampled: Vec<u8>,
    shown: Vec<u8>,
}

impl Reader {
    /// Builds it.
    ///
    /// # Errors
    /// It is no model, or differs from its card.
    pub fn load(files: &Files) -> Result<Reader, LoadError> {
        let card: Card = files.card()?;
        let alphabet = Alphabet(card.alphabet.chars().collect());
        let mut sorted = alphabet.0.clone();
        sorted.sort_unstable();
        sorted.dedup();
        if sorted.len() != alphabet.0.len() || sorted.is_empty() || sorted.len() > 254 {
            return Err(files.fault("its card: an alphabet has 1 to 254 characters, each once"));
        }
        let origins: Vec<_> = card.origins.iter().map(|code| Country::from_code(code)).collect();
        let characters = [1, STEPS, alphabet.0.len() + 1];
        let outputs: [(&str, &[usize]); 2] = [("characters", &characters), ("origin", &[1, origins.len()])];
        let model = files.build([0, 0], ("plate", &[1, 1, HEIGHT, WIDTH]), &outputs)?;
        Ok(Reader {
            model,
            grammar: Some(Grammar::new(&alphabet, origins.iter().copied())),
            alphabet: Arc::new(alphabet),
            origins,
            calibration: card.confidence,
            least: card.least,
            within: card.grammar.within,
            sampled: vec![0; HEIGHT * WIDTH],
            shown: vec![0; HEIGHT * WIDTH],
        })
    }

    /// From now on nothing helps it.
    pub fn without_grammar(&mut self) {
        self.grammar = None;
    }

    /// How often readings of which this is known are right.
    pub fn confidence(&self, features: &Features) -> f32 {
        self.calibration.confidence(features)
    }

    /// Whether a find that the second look took for a plate still is one, after it was read.
    pub fn is_plate(&self, presence: f32, reading: Option<&Reading>) -> bool {
        presence >= self.least.presence || reading.is_some_and(|reading| self.is_readable(reading))
    }

    /// Whether a reading says anything at all.
    pub fn is_readable(&self, reading: &Reading) -> bool {
        reading.confidence >= self.least.confidence
    }

    /// What a plate says; nothing where its likeliest text is none.
    ///
    /// # Errors
    /// The model fails.
    pub fn read(
        &mut self,
        plane: Plane<'_>,
        pyramid: &mut Pyramid,
        corners: &Quad,
        rows: Rows,
        presence: f32,
    ) -> Result<Option<Reading>, LookError> {
        let Some(map) = Homography::of(corners) else {
            return Ok(None);
        };
        self.rectify(plane, pyramid, corners, &map, rows);
        let (low, range) = contrast(&self.shown);
        let shown = &self.shown;
        let answers = self.model.run(|input| {
            for (value, pixel) in input.iter_mut().zip(shown) {
                *value = ((f32::from(*pixel) / 255.0 - low) / range).clamp(0.0, 1.0);
            }
        })?;
        let symbols = self.alphabet.0.len() + 1;
        let mut p = answers.get(0)?.to_vec();
        p.chunks_exact_mut(symbols).for_each(softmax);
        let mut origins = answers.get(1)?.to_vec();
        softmax(&mut origins);
        let origins = self.origins.iter().copied().zip(origins).collect();
        let evidence = Evidence::new(p, self.alphabet.clone(), origins);
        Ok(self.interpret(evidence, presence, corners.width()))
    }

    /// The plate upright, two rows side by side.
    fn rectify(
        &mut self,
        plane: Plane<'_>,
        pyramid: &mut Pyramid,
        corners: &Quad,
        map: &Homography,
        rows: Rows,
    ) {
        let (width, height) = match rows {
            Rows::One => (WIDTH, HEIGHT),
            Rows::Two => (HALF, 2 * HEIGHT),
        };
        let whole = [1.0 + 2.0 * MARGIN[0], 1.0 + 2.0 * MARGIN[1]];
        let step =
            (corners.width() * whole[0] / width as f32).min(corners.height() * whole[1] / height as f32);
        let (level, scale) = pyramid.level(plane, step);
        let end = [1.0 + MARGIN[0], 1.0 + MARGIN[1]];
        let map =
            map.of_rectangle([width as f32, height as f32], MARGIN.map(|margin| -margin), end).divided(scale);
        match rows {
            Rows::One => level.sample(&map, width, &mut self.shown),
            Rows::Two => {
                level.sample(&map, width, &mut self.sampled);
                side_by_side(&self.sampled, &mut self.shown);
            }
        }
    }

    fn interpret(&self, evidence: Evidence, presence: f32, width: f32) -> Option<Reading> {
        let (steps, alphabet) = (evidence.steps(), &*self.alphabet);
        let mut texts = steps.best(&Free, Evidence::WIDTH, TEXTS);
        let free = texts.first()?.clone();
        if free.text.is_empty() {
            return None;
        }
        let led = self
            .grammar
            .as_ref()
            .and_then(|grammar| grammar.instead(&free, steps, alphabet, evidence.origins(), self.within));
        let chosen = led.unwrap_or(free);
        texts.retain(|other| other.text != chosen.text && !other.text.is_empty());
        let text = alphabet.text(&chosen.text);
        let (country, format) = origin(&text, evidence.origins());
        let margin = texts.first().map_or(Features::MOST_MARGIN, |second| chosen.ln_p - second.ln_p);
        let weakest = steps.tops(&chosen.text).into_iter().flatten().fold(1.0, f32::min);
        let features = Features {
            text: chosen.ln_p,
            margin: margin.clamp(-Features::MOST_MARGIN, Features::MOST_MARGIN),
            weakest: Features::logit(weakest),
            presence: Features::logit(presence),
            width: (width.max(1.0) / 100.0).ln(),
            format: if format.is_some() { 1.0 } else { 0.0 },
        };
        let confidence = self.confidence(&features);
        let alternatives = alternatives(&texts, &chosen, confidence, alphabet);
        Some(Reading { text, confidence, alternatives, country, format, features, evidence })
    }
}

/// What is left of certainty goes to the other texts, by their share of what the chosen one leaves them.
fn alternatives(
    texts: &[Hypothesis],
    chosen: &Hypothesis,
    confidence: f32,
    alphabet: &Alphabet,
) -> Vec<(String, f32)> {
    let left = (1.0 - chosen.ln_p.exp()).max(f32::EPSILON);
    texts
        .iter()
        .map(|other| (alphabet.text(&other.text), (1.0 - confidence) * (other.ln_p.exp() / left).min(1.0)))
        .filter(|(_, p)| *p >= LEAST)
        .take(Reading::MAX_ALTERNATIVES)
        .collect()
}

/// Whose plate a text is on: the country for which looks and shape speak together.
fn origin(text: &str, origins: &[(Country, f32)]) -> (Country, Option<dwellers::plate::Format>) {
    let weigh = |(country, p): &(Country, f32)| {
        let format = format(text, *country);
        (p * if format.is_some() { 1.0 } else { UNKNOWN_SHAPE }, *country, format)
    };
    let likeliest = origins.iter().map(weigh).max_by(|(a, ..), (b, ..)| a.total_cmp(b));
    likeliest.map_or((Country::Other, None), |(_, country, format)| (country, format))
}

/// The upper 44 rows of 80 become the left half, the lower 44 the right one: 40 high each, bilinear between centres.
fn side_by_side(sampled: &[u8], shown: &mut [u8]) {
    let upper = &sampled[..ROW * HALF];
    let lower = &sampled[(2 * HEIGHT - ROW) * HALF..];
    let step = ROW as f32 / HEIGHT as f32;
    for (y, row) in shown.chunks_exact_mut(WIDTH).enumerate() {
        let at = ((y as f32 + 0.5) * step - 0.5).clamp(0.0, (ROW - 1) as f32);
        let (first, share) = (at as usize, at.fract());
        let second = (first + 1).min(ROW - 1);
        for (half, from) in row.chunks_exact_mut(HALF).zip([upper, lower]) {
            for (x, pixel) in half.iter_mut().enumerate() {
                let (a, b) = (f32::from(from[first * HALF + x]), f32::from(from[second * HALF + x]));
                *pixel = (a + share * (b - a) + 0.5) as u8;
            }
        }
    }
}

/// The 2nd percentile, 0 to 1, and how far the 98th lies above it, at least a tenth: linear between the two nearest
/// values, as numpy has it.
fn contrast(pixels: &[u8]) -> (f32, f32) {
    let mut counts = [0_usize; 256];
    pixels.iter().for_each(|pixel| counts[usize::from(*pixel)] += 1);
    let ranked = |rank: usize| {
        let mut below = 0;
        let found = counts.iter().position(|count| {
            below += count;
            below > rank
        });
        found.unwrap_or(255) as f32
    };
    let percentile = |share: f32| {
        let at = (pixels.len() - 1) as f32 * share;
        let (low, high) = (ranked(at as usize), ranked((at as usize + 1).min(pixels.len() - 1)));
        (low + at.fract() * (high - low)) / 255.0
    };
    let (low, high) = (percentile(0.02), percentile(0.98));
    (low, (high - low).max(0.1))
}

/// Logits become probabilities, none of them so small that one look at a car could rule a text out for good.
fn softmax(values: &mut [f32]) {
    const SMALLEST: f32 = 1e-20;
    let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for value in values.iter_mut() {
        *value = (*value - most).exp();
        sum += *value;
    }
    values.iter_mut().for_each(|value| *value = (*value / sum).max(SMALLEST));
}
