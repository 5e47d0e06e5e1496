//! What the gates are told of the cars that a camera follows, and when.
//!
//! A strong reading is told at once, and once. A middling one waits a little, since it may become strong while the car
//! comes nearer: until the car stands, is gone, or has been looked at for long enough. A reading that becomes strong after
//! all takes the place of the middling one, and so does a middling one that by now surely says something else. A poor one
//! is told when its car is gone, for the journal. A plate on which nothing can be read is told as an empty one, while its
//! car is in view: not where another plate near it can be read, since cars have much that looks like a plate.
//!
//! Nothing may flood the guard or the journal: of what stands where it always stood (a parked car, a badge on a fence) is
//! told once; and what is not strong is rationed. Who went before there was a tap left for them is written down; what is
//! left out is only left out of the journal: nothing opens by it.
//!
//! What must never be here: a clock; a rule of entry; how good a reading is ([`crate::sight::strength`]).

use std::collections::BTreeMap;

use dwellers::access::Strength;

use crate::engine::Tick;
use crate::reads::Heading;
use crate::sight::Quad;
use crate::sight::strength::Terms;
use crate::sight::tracker::{Hypothesis, Track};

/// A car that stands has been seen long enough,
const STANDING_MS: u64 = 1_500;
/// and one that comes ever nearer, too: the guard sees it now, however it is read.
const COMING_MS: u64 = 5_000;
/// A poor reading of a single look may be anything.
const LEAST_SEEN: u32 = 2;
/// Places where something stands that was told of, the longest unseen gives way; and when one is forgotten.
const MAX_PLACES: usize = 16;
const FORGET_MS: u64 = 10 * 60_000;
/// Two plates are in the same place where their rectangles have so much of both in common.
const SAME_PLACE: f32 = 0.5;
/// A reading that is less probable does not say that another plate stands there now;
const SAYS_ANOTHER: f32 = 0.5;
/// one that is so probable says so whatever little differs, and betters what was told before.
const SURE: f32 = 0.8;

/// Something to be told.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The track.
    pub track: u64,
    /// What it says.
    pub hypothesis: Hypothesis,
    /// Where it goes.
    pub heading: Heading,
    /// How good that is.
    pub strength: Strength,
    /// What was told of the same car before.
    pub instead_of: Option<String>,
    /// The car is out of view, and this is the last that is told of it.
    pub gone: bool,
}

/// What was told.
#[derive(Debug)]
pub struct Offers {
    told: BTreeMap<u64, (Strength, String)>,
    places: Vec<Place>,
    taps: Ration,
    notes: Ration,
}

/// Where something stands that was told of.
#[derive(Debug)]
struct Place {
    quad: Quad,
    text: String,
    last: Tick,
}

/// So many at once, and one more after each pause.
#[derive(Debug)]
struct Ration {
    most: u32,
    pause_ms: u64,
    left: u32,
    since: Tick,
}

impl Default for Offers {
    fn default() -> Self {
        // A queue of cars that all need a tap is told of whole; a foil that glitters all day is not.
        let (taps, notes) = (Ration::new(6, 10_000), Ration::new(6, 5 * 60_000));
        Offers { told: BTreeMap::new(), places: Vec::new(), taps, notes }
    }
}

impl Offers {
    /// What is to be told of a car now; with `gone`, for the last time. It stays due until it was [`Offers::told`].
    /// `alone`: no plate near it can be read.
    pub fn due(&mut self, track: &Track, alone: bool, gone: bool, terms: &Terms, now: Tick) -> Option<Offer> {
        let hypothesis = match track.hypothesis() {
            Some(hypothesis) => hypothesis,
            None if alone && !gone => Hypothesis::unread(track.width()),
            None => return None,
        };
        let heading = terms.heading(track.motion());
        let strength = terms.strength(&hypothesis, heading, track.rested_ms(now));
        let stood_before = heading != Heading::Approaching && self.stands_known(track, &hypothesis, now);
        let before = self.told.get(&track.id());
        let strength = match (strength, before) {
            (_, Some((Strength::Strong, _))) => None,
            (Strength::Strong, _) => Some(Strength::Strong),
            (Strength::Refused, Some(_)) => None,
            (Strength::Middling, Some((_, text))) => {
                ((gone || track.rests()) && is_better(&hypothesis, text) && self.taps.has(now))
                    .then_some(Strength::Middling)
            }
            (_, None) if stood_before => None,
            (Strength::Middling, None) if (gone || is_ripe(track, now)) && self.taps.has(now) => {
                Some(Strength::Middling)
            }
            (_, None) => {
                (gone && track.seen() >= LEAST_SEEN && self.notes.has(now)).then_some(Strength::Refused)
            }
        }?;
        let instead_of = before.map(|(_, text)| text.clone());
        Some(Offer { track: track.id(), hypothesis, heading, strength, instead_of, gone })
    }

    /// An offer was taken.
    pub fn told(&mut self, offer: &Offer, quad: Quad, now: Tick) {
        match offer.strength {
            Strength::Strong => {}
            Strength::Middling => self.taps.take(now),
            Strength::Refused => self.notes.take(now),
        }
        let text = offer.hypothesis.text.clone();
        if offer.heading != Heading::Approaching {
            self.places.retain(|place| now.0.saturating_sub(place.last.0) < FORGET_MS);
            if self.places.len() == MAX_PLACES
                && let Some(oldest) = (0..MAX_PLACES).min_by_key(|at| self.places[*at].last)
            {
                self.places.swap_remove(oldest);
            }
            self.places.push(Place { quad, text: text.clone(), last: now });
        }
        if !offer.gone {
            self.told.insert(offer.track, (offer.strength, text));
        }
    }

    /// A track has ended, and all was told of it.
    pub fn forget(&mut self, track: u64) {
        self.told.remove(&track);
    }

    /// Whether this was told of when it stood in this place before.
    fn stands_known(&mut self, track: &Track, hypothesis: &Hypothesis, now: Tick) -> bool {
        let is_it = |place: &&mut Place| {
            let recent = now.0.saturating_sub(place.last.0) < FORGET_MS;
            let chars = place.text.chars().count().max(4);
            let differ = strsim::levenshtein(&place.text, &hypothesis.text);
            let near = differ == 0 || (differ <= chars / 4 && hypothesis.confidence < SURE);
            recent
                && place.quad.overlap(&track.quad()) >= SAME_PLACE
                && (near || hypothesis.confidence < SAYS_ANOTHER)
        };
        let Some(place) = self.places.iter_mut().find(is_it) else { return false };
        place.last = now;
        true
    }
}

/// Whether waiting longer would hardly make a reading better.
fn is_ripe(track: &Track, now: Tick) -> bool {
    let age_ms = now.0.saturating_sub(track.first().0);
    age_ms >= COMING_MS || (age_ms >= STANDING_MS && track.rests())
}

/// Whether this betters what was told: it surely says something else, or something where nothing was said.
fn is_better(hypothesis: &Hypothesis, told: &str) -> bool {
    let enough = if told.is_empty() { SAYS_ANOTHER } else { SURE };
    hypothesis.text != told && hypothesis.confidence >= enough
}

impl Ration {
    fn new(most: u32, pause_ms: u64) -> Self {
        Ration { most, pause_ms, left: most, since: Tick(0) }
    }

    fn has(&mut self, now: Tick) -> bool {
        let more = now.0.saturating_sub(self.since.0) / self.pause_ms;
        let more = u32::try_from(more).unwrap_or(u32::MAX);
        if more > 0 {
            self.left = self.left.saturating_add(more).min(self.most);
            self.since = Tick(self.since.0 + u64::from(more) * self.pause_ms);
        }
        self.left > 0
    }

    fn take(&mut self, now: Tick) {
        if self.left == self.most {
            self.since = now;
        }
        self.left = self.left.saturating_sub(1);
    }
}
