//! Where a car goes, by how its plate changes from look to look.
//!
//! What comes nearer grows, wherever the camera stands; which way in the picture it moves depends on how it is mounted.
//! So growth is what counts: the sizes of the later half of the looks against those of the earlier half, every pair of
//! them, and of all these differences the median (a robust regression in the way of Theil and Sen, restricted to pairs
//! that time keeps apart). A few bad corners do not move a median; a plate that is waved to and fro has pairs of both
//! signs, which the quartiles show. Alike looks share a vote, so that a long stand does not outweigh the way there.
//!
//! What a hand moves is soon at its end and comes back; a car comes on. So how long a plate grew without turning back
//! counts, too ([`steady_ms`]).

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
/// What came back by so much (of the logarithm of its size) has turned: more than corners tremble, where the middle of
/// three looks counts.
const TURNED: f32 = 0.08;
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

/// How long a plate grew, or shrank, without turning back: from where a tenth of that was done to where nine tenths
/// were, so that neither a stand before it nor one after it counts. Of looks in the order of time.
pub(super) fn steady_ms(looks: &[(Tick, Sized)]) -> u64 {
    let middle = |three: &[(Tick, Sized)]| {
        let mut sizes = [three[0].1.size, three[1].1.size, three[2].1.size];
        sizes.sort_by(f32::total_cmp);
        (three[1].0, sizes[1])
    };
    let sizes: Vec<(Tick, f32)> = looks.windows(3).map(middle).collect();
    let (Some((_, first)), Some((_, last))) = (sizes.first(), sizes.last()) else { return 0 };
    let way = (last - first).signum();
    let sizes = sizes.iter().map(|(at, size)| (*at, (size - first) * way));
    let mut furthest = 0.0_f32;
    for (_, size) in sizes.clone() {
        furthest = furthest.max(size);
        if size < furthest - TURNED {
            return 0;
        }
    }
    let begun = sizes.clone().rev().find(|(_, size)| *size <= 0.1 * furthest);
    let done = sizes.clone().find(|(_, size)| *size >= 0.9 * furthest);
    let (Some((begun, _)), Some((done, _))) = (begun, done) else { return 0 };
    done.0.saturating_sub(begun.0)
}

/// Whether two plates keep their places to one another while they come nearer or go, as on one car.
///
/// They are within a car's front of each other and of about one size, in looks that saw both, and neither changes while
/// the plates do. Of a car behind a car the plate is smaller, beside a car it is further off. Where too few looks saw
/// both, or not both of them change, nothing can be told: `None`.
pub(super) fn together(one: &[(Tick, Sized)], other: &[(Tick, Sized)]) -> Option<bool> {
    /// In widths of a plate: a car is at most four of 52 cm wide, and no plate is higher up than that.
    const FRONT: f32 = 4.0;
    /// Of the logarithm of the size; by how much both change at the least, and what may differ by corners alone.
    const ONE_SIZE: f32 = 0.35;
    const CHANGED: f32 = 0.12;
    const TREMBLES: f32 = 0.12;
    /// In widths.
    const SHIFTS: f32 = 0.35;
    let both = one.iter().filter_map(|(at, one)| {
        let (_, other) = other.iter().find(|(seen, _)| seen == at)?;
        let along = |axis: usize| (other.centre[axis] - one.centre[axis]) / one.width.max(1.0);
        Some([one.size, other.size, other.size - one.size, along(0), along(1)])
    });
    let both: Vec<[f32; 5]> = both.collect();
    // The middle half, doubled: a few bad corners do not count.
    let quarters = [0, 1, 2, 3, 4].map(|what| {
        let mut values: Vec<(f32, f32)> = both.iter().map(|look| (look[what], 1.0)).collect();
        [0.25, 0.5, 0.75].map(|share| quantile(&mut values, share))
    });
    let [one, other, ratio, along, down] = quarters.map(|[low, middle, high]| (middle, 2.0 * (high - low)));
    let changed = both.len() >= LEAST_LOOKS && one.1 >= CHANGED && other.1 >= CHANGED;
    let near = along.0.hypot(down.0) < FRONT && ratio.0.abs() < ONE_SIZE;
    changed.then_some(near && ratio.1 < TREMBLES && along.1.hypot(down.1) < SHIFTS)
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
