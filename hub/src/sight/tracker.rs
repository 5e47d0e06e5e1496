//! Cars as they come: the sightings of successive frames put together, one track a plate.
//!
//! A sighting goes to the track at whose predicted place a plate of that size is to be expected ([`Tracker::see`]); what
//! is confidently another plate is another car, wherever it stands; and where a gate was told to open for a track, a few
//! looks that surely say something else part from it ([`Tracker::settle`]). A track lives through a few looks that miss
//! it. What its looks say together is a [`Hypothesis`] ([`fusion`](self)), where it goes a heading ([`heading`](self)).
//!
//! Invariants: pure (time is passed in, equal looks give equal tracks); bounded (so many tracks, so many looks of each,
//! so many texts); a sighting belongs to one track, and a track takes one sighting of a look.
//!
//! What must never be here: a list of known cars; a decision; a picture.

mod fusion;
mod heading;

use std::cmp::Ordering;
use std::collections::BTreeMap;

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
/// So many readings in a row, each so sure, of one other text: a car that follows closely. The same car read worse, which
/// is what else it might be, is not read as surely, nor always as the same.
const FOLLOWS: u32 = 3;
const SURE: f32 = 0.8;
/// Looks that read it, and characters of it: of a plate that counts beside another.
const BESIDE_LOOKS: usize = 3;
const BESIDE_CHARACTERS: usize = 4;

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
    /// What the last look read, and how good a picture it was.
    shown: Option<(String, f32)>,
    rests_since: Option<Tick>,
    beside: bool,
    /// Its text where that is settled,
    settled: Option<String>,
    /// and what was surely read instead since then: since when, and in how many looks in a row.
    other: Option<(String, Tick, u32)>,
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
            if !taken {
                track.shown = None;
            }
        }
        let mut ended = self.end(now);
        ended.extend(self.part_followers());
        for seen in seen.into_iter().flatten() {
            ended.extend(self.begin(seen, now));
        }
        self.see_beside();
        ended
    }

    /// A gate was told to open for this text. From now on a few looks that surely say something else are another car:
    /// one that follows closely enough to be taken for the first must not go unnoticed because of it.
    pub fn settle(&mut self, track: u64, text: &str) {
        if let Some(track) = self.tracks.iter_mut().find(|known| known.id == track) {
            track.settled = Some(text.to_owned());
        }
    }

    /// Nothing has changed since the last look: whatever it saw still stands there.
    pub fn stands(&mut self, now: Tick) {
        for track in self.tracks.iter_mut().filter(|track| track.missed == 0) {
            track.last = now;
            track.shown = None;
            track.rests_since = track.rests_since.or(Some(now));
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
        let place = Place { quad, velocity: [0.0; 2], growth: 0.0 };
        let mut track = Track::new(self.next, now, place);
        self.next += 1;
        track.take(seen, now);
        self.tracks.push(track);
        makes_room
    }

    fn end(&mut self, now: Tick) -> Vec<Track> {
        self.part(|track| track.missed >= MISSED_LOOKS && now.0.saturating_sub(track.last.0) >= MISSED_MS)
    }

    /// Whoever followed closely gets a track of their own; what they followed has ended.
    fn part_followers(&mut self) -> Vec<Track> {
        let mut ended = Vec::new();
        for track in &mut self.tracks {
            if let Some(follower) = track.follower(self.next) {
                self.next += 1;
                ended.push(std::mem::replace(track, follower));
            }
        }
        ended
    }

    /// Plates that say different things on one car: none of them is to be believed by itself. What was found stays
    /// found until looks at both say otherwise.
    fn see_beside(&mut self) {
        if self.tracks.len() < 2 {
            return;
        }
        let says = |track: &Track| {
            let hypothesis = track.hypothesis()?;
            let counts = hypothesis.agreeing >= BESIDE_LOOKS
                && hypothesis.confidence >= BELIEVED
                && hypothesis.text.chars().count() >= BESIDE_CHARACTERS;
            counts.then_some(hypothesis.text)
        };
        let tracks = self.tracks.iter();
        let said: Vec<(&Track, String)> = tracks.filter_map(|track| Some((track, says(track)?))).collect();
        let mut found: BTreeMap<u64, bool> = BTreeMap::new();
        for (at, (one, text)) in said.iter().enumerate() {
            for (other, _) in said[at + 1..].iter().filter(|(_, other)| unlike(text, other)) {
                if let Some(together) = one.looks.together(&other.looks) {
                    *found.entry(one.id).or_default() |= together;
                    *found.entry(other.id).or_default() |= together;
                }
            }
        }
        for track in &mut self.tracks {
            track.beside = found.get(&track.id).copied().unwrap_or(track.beside);
        }
    }

    fn part(&mut self, ended: impl FnMut(&mut Track) -> bool) -> Vec<Track> {
        self.tracks.extract_if(.., ended).collect()
    }
}

impl Track {
    fn new(id: u64, first: Tick, place: Place) -> Self {
        Track {
            id,
            first,
            last: first,
            missed: 0,
            place,
            looks: Looks::default(),
            shown: None,
            rests_since: None,
            beside: false,
            settled: None,
            other: None,
        }
    }

    /// Its number among this camera's tracks, from 0.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// When it was first seen.
    pub fn first(&self) -> Tick {
        self.first
    }

    /// Where it was last seen.
    pub fn quad(&self) -> Quad {
        self.place.quad
    }

    /// How many looks saw it.
    pub fn seen(&self) -> u32 {
        self.looks.seen()
    }

    /// What the last look read, empty for nothing, and how good a picture of it that is: sharp, large, sure. `None` where
    /// it was missed.
    pub fn shown(&self) -> Option<(&str, f32)> {
        self.shown.as_ref().map(|(text, quality)| (text.as_str(), *quality))
    }

    /// What its looks say together; `None` while none of them could make out a character.
    pub fn hypothesis(&self) -> Option<Hypothesis> {
        let hypothesis = self.looks.hypothesis()?;
        Some(Hypothesis { beside: self.beside, ..hypothesis })
    }

    /// How wide it was at most, in pixels, whatever was read.
    pub fn width(&self) -> f32 {
        self.looks.width()
    }

    /// How it moved, by all looks, whatever they read.
    pub fn motion(&self) -> Motion {
        self.looks.motion()
    }

    /// Whether it hardly moves at the moment.
    pub fn rests(&self) -> bool {
        // A twentieth of its width, or 2 % of its size, within a tenth of a second.
        let Place { quad, velocity: [x, y], growth } = self.place;
        x.hypot(y) * 100.0 < 0.05 * quad.width() && growth.abs() * 100.0 < 0.02
    }

    /// For how long it has hardly moved.
    pub fn rested_ms(&self, now: Tick) -> u64 {
        self.rests_since.map_or(0, |since| now.0.saturating_sub(since.0))
    }

    fn take(&mut self, seen: Seen, now: Tick) {
        let quad = seen.sighting.corners;
        self.place.moved(quad, now.0.saturating_sub(self.last.0));
        self.last = now;
        self.rests_since = if self.rests() { self.rests_since.or(Some(now)) } else { None };
        self.note_other(&seen, now);
        let text = seen.sighting.reading.as_ref().map_or("", |reading| &reading.text);
        self.shown = Some((text.to_owned(), seen.quality()));
        self.looks.add(seen, now);
    }

    /// Counts the looks in a row that surely say something else than what is settled.
    fn note_other(&mut self, seen: &Seen, now: Tick) {
        let Some(settled) = &self.settled else { return };
        // A part of a plate says nothing of what plate it is; nor does a doubtful reading.
        let Some(reading) = seen.sighting.reading.as_ref().filter(|_| !seen.cut) else { return };
        let others = self.other.take();
        if reading.confidence < SURE {
            self.other = others;
        } else if unlike(settled, &reading.text) {
            let before = others.filter(|(text, ..)| *text == reading.text);
            let (since, count) = before.map_or((now, 0), |(_, since, count)| (since, count));
            self.other = Some((reading.text.clone(), since, count + 1));
        }
    }

    /// The car that follows this one so closely that it was taken for it, with what was seen of it.
    fn follower(&mut self, id: u64) -> Option<Track> {
        let (_, since, _) = self.other.take_if(|(_, _, count)| *count >= FOLLOWS)?;
        let (looks, shown) = (self.looks.split_off(since), self.shown.take());
        Some(Track { last: self.last, looks, shown, ..Track::new(id, since, self.place) })
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

/// Whether two texts can hardly be of one plate: two characters differ, beside any that were left out or added.
fn unlike(one: &str, other: &str) -> bool {
    let longer = one.chars().count().abs_diff(other.chars().count());
    strsim::levenshtein(one, other) >= longer + 2
}

/// The size of a plate: half the logarithm of width times height, so that a car that turns does not seem to come nearer.
fn size(quad: &Quad) -> f32 {
    (quad.width().max(1.0) * quad.height().max(1.0)).ln() / 2.0
}
