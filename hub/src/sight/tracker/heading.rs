//! Where a car goes, by how its plate changes from look to look.
//!
//! What comes nearer grows, wherever the camera stands; which way in the picture it moves depends on how it is mounted.
//! So growth is what counts: the sizes of the later half of the looks against those of the earlier half, every pair of
//! them, and of all these differences the median (a robust regression in the way of Theil and Sen, restricted to pairs
//! that time keeps apart). A few bad corners do not move a median; a plate that is waved to and fro has pairs of both
//! signs, which the quartiles show. Alike looks share a vote, so that a long stand does not outweigh the way there.

use crate::engine::Tick;

use super::fusion::alike;

/// How a plate changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Motion {
    /// It grew: it came nearer.
    Growing,
    /// It shrank: it went away.
    Shrinking,
    /// It stood.
    Standing,
    /// It was seen too shortly, or does now this, now that.
    #[default]
    Unclear,
}

/// Where and how large a plate was in a look.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sized {
    pub centre: [f32; 2],
    pub width: f32,
    /// The logarithm of its size, see [`super::size`].
    pub size: f32,
}

/// Fewer looks, or in a shorter time, say nothing.
const LEAST_LOOKS: usize = 4;
const LEAST_MS: u64 = 250;
/// From half to half a plate grows by 6 % at the least: corners are some 2 % off, and a car at 10 km/h grows by that within a
/// fifth of a second at 8 m.
const GROWN: f32 = 0.06;
/// Three quarters of the pairs agree about the sign, by more than nothing.
const AGREED: f32 = 0.01;
/// Standing: for so long, and never far from where it was.
const STOOD_MS: u64 = 700;

impl Motion {
    /// Of looks in the order of time.
    pub(super) fn of(looks: &[(Tick, Sized)]) -> Motion {
        let (Some((first, _)), Some((last, _))) = (looks.first(), looks.last()) else {
            return Motion::Unclear;
        };
        let lasted_ms = last.0.saturating_sub(first.0);
        if looks.len() < LEAST_LOOKS || lasted_ms < LEAST_MS {
            return Motion::Unclear;
        }
        let crowd = |one: &Sized| looks.iter().map(|(_, other)| alike(one, other)).sum::<f32>();
        let votes: Vec<f32> = looks.iter().map(|(_, one)| 1.0 / crowd(one).max(1.0)).collect();
        let mut differences = differences(looks, &votes);
        let [low, median, high] = [0.25, 0.5, 0.75].map(|share| quantile(&mut differences, share));
        let distinct: f32 = votes.iter().sum();
        if median >= GROWN && low > AGREED {
            Motion::Growing
        } else if median <= -GROWN && high < -AGREED {
            Motion::Shrinking
        } else if lasted_ms >= STOOD_MS && distinct < 1.5 {
            Motion::Standing
        } else {
            Motion::Unclear
        }
    }
}

/// How much larger the plate was in each look of the later half than in each of the earlier, and what that counts.
fn differences(looks: &[(Tick, Sized)], votes: &[f32]) -> Vec<(f32, f32)> {
    let total: f32 = votes.iter().sum();
    let mut so_far = 0.0;
    let half = votes.iter().position(|vote| {
        so_far += vote;
        so_far >= total / 2.0
    });
    // Both halves have a look at least.
    let half = half.unwrap_or(0).clamp(1, looks.len() - 1);
    let (early, late) = looks.split_at(half);
    let pairs = early.iter().enumerate().flat_map(|(one, (_, before))| {
        let after = late.iter().zip(&votes[half..]);
        after.map(move |((_, after), vote)| (after.size - before.size, votes[one] * vote))
    });
    pairs.collect()
}

/// The weighted quantile.
fn quantile(values: &mut [(f32, f32)], share: f32) -> f32 {
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: f32 = values.iter().map(|(_, weight)| weight).sum();
    let mut so_far = 0.0;
    let found = values.iter().find(|(_, weight)| {
        so_far += weight;
        so_far >= share * total
    });
    found.map_or(0.0, |(value, _)| *value)
}
