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
use crate::reads::Read;
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
    best: BTreeMap<u64, (Arc<P>, Quad)>,
}

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
        Watch { camera, terms, motion, tracker, offers, best: BTreeMap::new() }
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
        for track in self.tracker.tracks().filter(|track| track.improved()) {
            self.best.insert(track.id(), (Arc::clone(shown), track.quad()));
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
        let Watch { tracker, offers, best, terms, .. } = self;
        tracker.tracks().filter_map(|track| due(offers, best, track, false, terms, now)).collect()
    }

    /// It was taken.
    pub fn told(&mut self, told: &Told<P>, now: Tick) {
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
        let Watch { offers, best, terms, .. } = self;
        let last = |track: &Track| {
            let told = due(offers, best, track, true, terms, now);
            offers.forget(track.id());
            best.remove(&track.id());
            told
        };
        ended.iter().filter_map(last).collect()
    }
}

fn due<P>(
    offers: &mut Offers,
    best: &BTreeMap<u64, (Arc<P>, Quad)>,
    track: &Track,
    gone: bool,
    terms: &Terms,
    now: Tick,
) -> Option<Told<P>> {
    let offer = offers.due(track, gone, terms, now)?;
    Some(Told { offer, best: best.get(&track.id()).cloned(), quad: track.quad() })
}
