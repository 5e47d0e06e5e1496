//! One camera's lane: whether a frame is worth a look, the cars in view, what is to be told of them, and their best
//! pictures.
//!
//! What must never be here: a thread; a clock; a decision.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::crop::{is_cut, sharpness};
use super::motion::MotionGate;
use super::offers::{Offer, Offers};
use crate::config;
use crate::engine::Tick;
use crate::reads::{Read, Strength};
use crate::sight::strength::Terms;
use crate::sight::tracker::{Seen, Track, Tracker};
use crate::sight::{Picture, Quad, Region, Sighting};

/// A lane under watch. `P` is a picture that can be shown later, as small as it can be kept.
#[derive(Debug)]
pub struct Watch<P> {
    camera: config::Camera,
    terms: Terms,
    motion: MotionGate,
    tracker: Tracker,
    offers: Offers,
    shots: BTreeMap<u64, Shots<P>>,
}

/// The best picture of a car for each text that it was read as: what is told of a car is shown by a picture that says so.
#[derive(Debug)]
struct Shots<P>(Vec<Shot<P>>);

#[derive(Debug)]
struct Shot<P> {
    /// Empty where nothing was read.
    text: String,
    quality: f32,
    picture: Arc<P>,
    quad: Quad,
}

/// Texts whose pictures are kept; the worst picture gives way.
const MOST_SHOTS: usize = 4;

/// What is to be told of a car.
#[derive(Debug)]
pub struct Told<P> {
    /// What.
    pub offer: Offer,
    /// Its best picture, and where the plate is in it.
    pub best: Option<(Arc<P>, Quad)>,
    quad: Quad,
}

impl<P> Watch<P> {
    /// Nothing was seen yet.
    pub fn new(camera: config::Camera) -> Self {
        let terms = camera.terms();
        let (motion, tracker, offers) = (MotionGate::default(), Tracker::default(), Offers::default());
        Watch { camera, terms, motion, tracker, offers, shots: BTreeMap::new() }
    }

    /// The lane's part of a picture.
    pub fn region(&self, picture: &Picture) -> Region {
        self.camera.region_of(picture.width(), picture.height())
    }

    /// Whether a picture is worth a look; if not, whatever is in view stands there still.
    pub fn asks(&mut self, picture: &Picture, now: Tick) -> bool {
        if self.tracker.misses_any() {
            self.motion.forget();
        }
        let asks = self.motion.asks(picture, self.region(picture), now);
        if !asks {
            self.tracker.stands(now);
        }
        asks
    }

    /// Whether a car that was in view was not seen by the last look.
    pub fn misses_any(&self) -> bool {
        self.tracker.misses_any()
    }

    /// The same frame as before.
    pub fn stands(&mut self, now: Tick) {
        self.tracker.stands(now);
    }

    /// A look was made. Gives back what is to be told of cars that went.
    pub fn saw(
        &mut self,
        sightings: Vec<Sighting>,
        picture: &Picture,
        shown: &Arc<P>,
        now: Tick,
    ) -> Vec<Told<P>> {
        let region = self.region(picture);
        let seen = |sighting: Sighting| Seen {
            sharpness: sharpness(picture, &sighting.corners),
            cut: is_cut(&sighting.corners, region),
            sighting,
        };
        let ended = self.tracker.see(sightings.into_iter().map(seen).collect(), now);
        for track in self.tracker.tracks() {
            if let Some((text, quality)) = track.shown() {
                let shot =
                    Shot { text: text.to_owned(), quality, picture: Arc::clone(shown), quad: track.quad() };
                self.shots.entry(track.id()).or_default().take(shot);
            }
        }
        self.ended(&ended, now)
    }

    /// No frame has come for a while.
    pub fn waits(&mut self, now: Tick) -> Vec<Told<P>> {
        let ended = self.tracker.unseen(now);
        self.ended(&ended, now)
    }

    /// What is to be told of the cars in view. It stays due until it was [`Watch::told`].
    pub fn due(&mut self, now: Tick) -> Vec<Told<P>> {
        let Watch { tracker, offers, shots, terms, .. } = self;
        let read: Vec<Quad> =
            tracker.tracks().filter(|track| track.hypothesis().is_some()).map(Track::quad).collect();
        let due = |track: &Track| {
            let alone = read.iter().all(|other| !is_near(other, &track.quad()));
            let offer = offers.due(track, alone, false, terms, now)?;
            Some(told(offer, shots, track))
        };
        tracker.tracks().filter_map(due).collect()
    }

    /// It was taken.
    pub fn told(&mut self, told: &Told<P>, now: Tick) {
        let Offer { track, hypothesis, strength, .. } = &told.offer;
        if *strength == Strength::Strong {
            self.tracker.settle(*track, &hypothesis.text);
        }
        self.offers.told(&told.offer, told.quad, now);
    }

    /// How many cars are in view.
    pub fn count(&self) -> usize {
        self.tracker.tracks().count()
    }

    /// As the gates are told.
    pub fn read(&self, told: &Told<P>, crop: Option<Vec<u8>>, taken_ms: u64) -> Read {
        let Offer { hypothesis, heading, strength, instead_of, .. } = told.offer.clone();
        Read {
            gate: self.camera.gate.clone(),
            lane: self.camera.lane.clone(),
            plate: hypothesis.text,
            confidence: hypothesis.confidence.clamp(0.0, 1.0),
            strength,
            alternatives: hypothesis.alternatives,
            heading,
            instead_of,
            crop,
            taken_ms: Some(taken_ms),
        }
    }

    fn ended(&mut self, ended: &[Track], now: Tick) -> Vec<Told<P>> {
        let Watch { offers, shots, terms, .. } = self;
        let last = |track: &Track| {
            let offer = offers.due(track, false, true, terms, now);
            let told = offer.map(|offer| told(offer, shots, track));
            offers.forget(track.id());
            shots.remove(&track.id());
            told
        };
        ended.iter().filter_map(last).collect()
    }
}

/// Whether two plates may be on one car: it is four plates of 52 cm wide.
fn is_near(one: &Quad, other: &Quad) -> bool {
    let ([x, y], [u, v]) = (one.centre(), other.centre());
    (u - x).hypot(v - y) < 4.0 * one.width().max(other.width())
}

fn told<P>(offer: Offer, shots: &BTreeMap<u64, Shots<P>>, track: &Track) -> Told<P> {
    let best = shots.get(&track.id()).and_then(|shots| shots.of(&offer.hypothesis.text));
    Told { best, offer, quad: track.quad() }
}

impl<P> Default for Shots<P> {
    fn default() -> Self {
        Shots(Vec::new())
    }
}

impl<P> Shots<P> {
    fn take(&mut self, shot: Shot<P>) {
        match self.0.iter_mut().find(|known| known.text == shot.text) {
            Some(known) if known.quality < shot.quality => *known = shot,
            Some(_) => {}
            None => self.0.push(shot),
        }
        if self.0.len() > MOST_SHOTS
            && let Some(worst) =
                (0..self.0.len()).min_by(|a, b| self.0[*a].quality.total_cmp(&self.0[*b].quality))
        {
            self.0.swap_remove(worst);
        }
    }

    /// The one that says this; where no look said exactly this, the best.
    fn of(&self, text: &str) -> Option<(Arc<P>, Quad)> {
        let says = self.0.iter().find(|shot| shot.text == text);
        let shot = says.or_else(|| self.0.iter().max_by(|a, b| a.quality.total_cmp(&b.quality)))?;
        Some((Arc::clone(&shot.picture), shot.quad))
    }
}
