//! How often readings like this one are right: a logistic regression on what is known of a reading.
//!
//! Its weights stand in the reader's card. They were fitted to readings of rendered pictures that no model was trained
//! on, and `hub/training` says how; calibrated means that of readings with a confidence of 0.9 nine in ten are right.

use serde::{Deserialize, Serialize};

/// What is known of a reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Features {
    /// ln P(text), by the CTC forward algorithm.
    pub text: f32,
    /// ln P(text) - ln P(the likeliest other text), at most 10; below 0 where the grammar led to a less likely one.
    pub margin: f32,
    /// The logit of the least sure character's probability, within ±8.
    pub weakest: f32,
    /// The logit of presence, within ±8.
    pub presence: f32,
    /// ln(width of the plate in pixels of the picture / 100).
    pub width: f32,
    /// 1 where the text has a shape that is known of its country, else 0.
    pub format: f32,
}

impl Features {
    /// The most that a margin counts.
    pub const MOST_MARGIN: f32 = 10.0;
    const MOST_LOGIT: f32 = 8.0;

    /// ln(p / (1 - p)), within ±8.
    pub fn logit(p: f32) -> f32 {
        (p / (1.0 - p)).ln().clamp(-Features::MOST_LOGIT, Features::MOST_LOGIT)
    }
}

/// The weight of each feature.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    intercept: f32,
    text: f32,
    margin: f32,
    weakest: f32,
    presence: f32,
    width: f32,
    format: f32,
}

impl Calibration {
    /// 0 to 1.
    pub fn confidence(&self, of: &Features) -> f32 {
        let sum = self.intercept
            + self.text * of.text
            + self.margin * of.margin
            + self.weakest * of.weakest
            + self.presence * of.presence
            + self.width * of.width
            + self.format * of.format;
        1.0 / (1.0 + (-sum).exp())
    }
}
