//! How often readings like this one are right.

/// What is known of a reading: what its confidence follows from.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub struct Features {
    /// ln P(text), by the CTC forward algorithm.
    pub text: f32,
    /// ln P(text) - ln P(second best text), at most 10.
    pub margin: f32,
    /// The logit of the least sure character's probability, within ±8.
    pub weakest: f32,
    /// The logit of presence, within ±8.
    pub presence: f32,
    /// ln(width of the plate in pixels of the picture / 100).
    pub width: f32,
    /// 1 where the text fits a format of its country, else 0.
    pub format: f32,
}
