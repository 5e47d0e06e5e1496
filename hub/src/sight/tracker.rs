//! Cars as they come: the sightings of successive frames put together, one track a plate.
//!
//! A sighting goes to the track at whose predicted place a plate of that size is to be expected ([`Tracker::see`]); what
//! is confidently another plate is another car, wherever it stands. A track lives through a few looks that miss it. What
//! its looks say together is a [`Hypothesis`] ([`fusion`](self)), where it goes a heading ([`heading`](self)).
//!
//! Invariants: pure (time is passed in, equal looks give equal tracks); bounded (so many tracks, so many looks of each,
//! so many texts); a sighting belongs to one track, and a track takes one sighting of a look.
//!
//! What must never be here: a list of known cars; a decision; a picture.

mod fusion;
mod heading;

use std::cmp::Ordering;

use crate::engine::Tick;
use crate::sight::{Quad, Rows, Sighting};

use fusion::Looks;

pub use fusion::{Hypothesis, MAX_LOOKS, MAX_TEXTS};
pub use heading::Motion;

/// Cars that are followed at once; no lane shows more. The one that was not seen for the longest makes room.
pub const MAX_TRACKS: usize = 8;
/// A track that so many looks in a row missed has ended, where that took a while, too.
const MISSED_LOOKS: u32 = 3;
const MISSED_MS: u64 = 700;
/// How far from its predicted place a plate is looked for, in its widths: a car at 20 km/h whose plate is 100 px wide moves
/// by two thirds of that from one look to the next where these are 0.1 s apart and it passes close by.
const REACH: f32 = 1.2;
/// By how much (of the natural logarithm) its size may differ from the predicted.
const SIZE_REACH: f32 = 0.45;
/// Two texts are of different plates where so much of the longer one would have to be changed, and both are believed.
const OTHER_PLATE: f32 = 0.5;
const BELIEVED: f32 = 0.5;

/// A sighting with what only the picture tells.
#[derive(Clone, Debug)]
pub struct Seen {
    /// What was seen.
    pub sighting: Sighting,
    /// How steep the edges of its characters are, 0 to 1: 1 where they are a pixel wide.
    pub sharpness: f32,
    /// It is cut off at the edge of what was looked at: its text may be a part of the plate's.
    pub cut: bool,
}

/// The cars in view of one camera.
#[derive(Debug, Default)]
pub struct Tracker {
    tracks: Vec<Track>,
    next: u64,
}

/// One car.
#[derive(Debug)]
pub struct Track {
    id: u64,
    first: Tick,
    last: Tick,
    missed: u32,
    place: Place,
    looks: Looks,
    best: f32,
    improved: bool,
}

/// Where a plate is and how it moves.
#[derive(Clone, Copy, Debug)]
struct Place {
    quad: Quad,
    /// Pixels a millisecond.
    velocity: [f32; 2],
    /// Of the logarithm of its size, a millisecond.
    growth: f32,
}

impl Tracker {
    /// A look was made, and this was seen. Gives back the tracks that ended.
    pub fn see(&mut self, mut seen: Vec<Seen>, now: Tick) -> Vec<Track> {
        // Where two fit a track alike, it does not matter in which order they are told.
        seen.sort_by(Seen::order);
        let mut seen: Vec<Option<Seen>> = seen.into_iter().map(Some).collect();
        let mut taken = vec![false; self.tracks.len()];
        // The nearest pair first: greedy is as good as optimal where plates are apart by more than they move.
        for (_, track, number) in self.pairs(&seen, now) {
            if !taken[track]
                && let Some(seen) = seen[number].take()
            {
                taken[track] = true;
                self.tracks[track].take(seen, now);
            }
        }
        for (track, taken) in self.tracks.iter_mut().zip(taken) {
            track.missed = if taken { 0 } else { track.missed + 1 };
            track.improved &= taken;
        }
        let mut ended = self.end(now);
        for seen in seen.into_iter().flatten() {
            ended.extend(self.begin(seen, now));
        }
        ended
    }

    /// Nothing has changed since the last look: whatever it saw still stands there.
    pub fn stands(&mut self, now: Tick) {
        for track in self.tracks.iter_mut().filter(|track| track.missed == 0) {
            track.last = now;
            track.improved = false;
            (track.place.velocity, track.place.growth) = ([0.0; 2], 0.0);
        }
    }

    /// Nothing was seen by anybody for a while: ends what is long gone.
    pub fn unseen(&mut self, now: Tick) -> Vec<Track> {
        const LONG_MS: u64 = 10_000;
        self.part(|track| now.0.saturating_sub(track.last.0) > LONG_MS)
    }

    /// The cars in view, and those that the last few looks missed.
    pub fn tracks(&self) -> impl Iterator<Item = &Track> {
        self.tracks.iter()
    }

    /// Whether the last look missed any.
    pub fn misses_any(&self) -> bool {
        self.tracks.iter().any(|track| track.missed > 0)
    }

    fn pairs(&self, seen: &[Option<Seen>], now: Tick) -> Vec<(f32, usize, usize)> {
        let mut pairs = Vec::new();
        for (at, track) in self.tracks.iter().enumerate() {
            for (number, seen) in seen.iter().enumerate() {
                let cost = seen.as_ref().and_then(|seen| track.cost(&seen.sighting, now));
                pairs.extend(cost.map(|cost| (cost, at, number)));
            }
        }
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        pairs
    }

    fn begin(&mut self, seen: Seen, now: Tick) -> Option<Track> {
        let longest = |tracks: &[Track]| {
            let unseen = tracks
                .iter()
                .enumerate()
                .max_by_key(|(_, track)| (track.missed, now.0 - track.last.0.min(now.0)));
            unseen.map(|(at, _)| at)
        };
        let makes_room = if self.tracks.len() < MAX_TRACKS {
            None
        } else {
            longest(&self.tracks).map(|at| self.tracks.remove(at))
        };
        let quad = seen.sighting.corners;
        let mut track = Track {
            id: self.next,
            first: now,
            last: now,
            missed: 0,
            place: Place { quad, velocity: [0.0; 2], growth: 0.0 },
            looks: Looks::default(),
            best: 0.0,
            improved: false,
        };
        self.next += 1;
        track.take(seen, now);
        self.tracks.push(track);
        makes_room
    }

    fn end(&mut self, now: Tick) -> Vec<Track> {
        self.part(|track| track.missed >= MISSED_LOOKS && now.0.saturating_sub(track.last.0) >= MISSED_MS)
    }

    fn part(&mut self, ended: impl FnMut(&mut Track) -> bool) -> Vec<Track> {
        self.tracks.extract_if(.., ended).collect()
    }
}

impl Track {
    /// Its number among this camera's tracks, from 0.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// When it was first seen.
    pub fn first(&self) -> Tick {
        self.first
    }

    /// When it was last seen.
    pub fn last(&self) -> Tick {
        self.last
    }

    /// Where it was last seen.
    pub fn quad(&self) -> Quad {
        self.place.quad
    }

    /// How many looks saw it.
    pub fn seen(&self) -> u32 {
        self.looks.seen()
    }

    /// Whether the last look showed it better than any before: sharper, larger, surer.
    pub fn improved(&self) -> bool {
        self.improved
    }

    /// What its looks say together; `None` while none of them could make out a character.
    pub fn hypothesis(&self) -> Option<Hypothesis> {
        self.looks.hypothesis()
    }

    /// How it moved.
    pub fn motion(&self) -> Motion {
        self.looks.motion()
    }

    /// Whether it hardly moves at the moment.
    pub fn rests(&self) -> bool {
        // A twentieth of its width, or 2 % of its size, within a tenth of a second.
        let Place { quad, velocity: [x, y], growth } = self.place;
        x.hypot(y) * 100.0 < 0.05 * quad.width() && growth.abs() * 100.0 < 0.02
    }

    fn take(&mut self, seen: Seen, now: Tick) {
        let quad = seen.sighting.corners;
        self.place.moved(quad, now.0.saturating_sub(self.last.0));
        self.last = now;
        let quality = seen.quality();
        self.improved = quality > self.best;
        self.best = self.best.max(quality);
        self.looks.add(seen, now);
    }

    /// How far a sighting is from what is expected of this track; `None`: it is another car.
    fn cost(&self, sighting: &Sighting, now: Tick) -> Option<f32> {
        let elapsed_ms = now.0.saturating_sub(self.last.0).min(1_000) as f32;
        let alike = self.likeness(sighting);
        if alike == Some(false) {
            return None;
        }
        // Where frames were left out, and it is plainly the same plate, it may have moved further.
        let patience = 1.0 + if alike == Some(true) { elapsed_ms / 250.0 } else { elapsed_ms / 1_000.0 };
        let (centre, width) = (sighting.corners.centre(), sighting.corners.width().max(1.0));
        let expected = self.place.after(elapsed_ms);
        let far =
            (centre[0] - expected[0]).hypot(centre[1] - expected[1]) / width.max(self.place.quad.width());
        let expected = size(&self.place.quad) + self.place.growth * elapsed_ms;
        let grown = (size(&sighting.corners) - expected).abs();
        let near = far <= REACH * patience && grown <= SIZE_REACH * patience;
        let liked = if alike == Some(true) { 0.5 } else { 1.0 };
        near.then_some((far / REACH + grown / SIZE_REACH) * liked)
    }

    /// Whether a sighting says the same plate, plainly another, or nothing either way.
    fn likeness(&self, sighting: &Sighting) -> Option<bool> {
        let reading = sighting.reading.as_ref().filter(|reading| reading.confidence >= BELIEVED)?;
        let (text, confidence) = self.looks.best()?;
        if confidence < BELIEVED {
            return None;
        }
        let longer = text.chars().count().max(reading.text.chars().count());
        let differ = strsim::levenshtein(text, &reading.text) as f32 / longer.max(1) as f32;
        if differ >= OTHER_PLATE { Some(false) } else { (differ < 0.2).then_some(true) }
    }
}

impl Place {
    /// Where its centre will be.
    fn after(&self, elapsed_ms: f32) -> [f32; 2] {
        let [x, y] = self.quad.centre();
        [x + self.velocity[0] * elapsed_ms, y + self.velocity[1] * elapsed_ms]
    }

    /// It is here now. Half of what is new, half of what was known: corners tremble by some pixels.
    fn moved(&mut self, quad: Quad, elapsed_ms: u64) {
        if elapsed_ms > 0 {
            let elapsed_ms = elapsed_ms as f32;
            let ([from_x, from_y], [x, y]) = (self.quad.centre(), quad.centre());
            let blend = |old: f32, new: f32| (old + new) / 2.0;
            self.velocity[0] = blend(self.velocity[0], (x - from_x) / elapsed_ms);
            self.velocity[1] = blend(self.velocity[1], (y - from_y) / elapsed_ms);
            self.growth = blend(self.growth, (size(&quad) - size(&self.quad)) / elapsed_ms);
        }
        self.quad = quad;
    }
}

impl Seen {
    /// Any order, but always the same.
    fn order(&self, other: &Seen) -> Ordering {
        let key = |seen: &Seen| {
            let ([x, y], reading) = (seen.sighting.corners.centre(), seen.sighting.reading.as_ref());
            [
                x,
                y,
                seen.sighting.corners.width(),
                reading.map_or(0.0, |reading| reading.confidence),
                seen.sharpness,
            ]
        };
        let (one, two) = (key(self), key(other));
        one.iter()
            .zip(&two)
            .map(|(one, two)| one.total_cmp(two))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }

    /// How wide the plate is, in pixels: one of two rows as wide as it would be with the same characters in one. Type 1А is
    /// 290 mm wide where type 1 is 520 mm (GOST R 50577-2018).
    fn width(&self) -> f32 {
        let width = self.sighting.corners.width();
        if self.sighting.rows == Rows::Two { width * 520.0 / 290.0 } else { width }
    }

    /// How good a picture of the plate this is, above 0 to 1: sure, large and sharp. A plate that is cut off is none.
    fn quality(&self) -> f32 {
        // Beyond these a reader gains nothing.
        const WIDE_PX: f32 = 110.0;
        const SHARP: f32 = 0.4;
        let wide = (self.width() / WIDE_PX).clamp(0.05, 1.0);
        let sharp = (self.sharpness / SHARP).clamp(0.1, 1.0);
        let whole = if self.cut { 0.02 } else { 1.0 };
        self.sighting.presence.clamp(0.01, 1.0) * wide * sharp * whole
    }
}

/// The size of a plate: half the logarithm of width times height, so that a car that turns does not seem to come nearer.
fn size(quad: &Quad) -> f32 {
    (quad.width().max(1.0) * quad.height().max(1.0)).ln() / 2.0
}
