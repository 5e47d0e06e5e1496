//! How good a reading of a car is: good enough to open by itself, one tap for the guard, or only to be written down.
//!
//! A pure rule over what the tracker knows. A reading is [`Strength::Strong`] only where all of this holds: several
//! looks agree, and they are distinct enough to be worth two witnesses; hardly any look says otherwise; the confidence
//! is what the lane asks for; the plate was wide enough, and whole; the car moved towards the gate for a while, by the
//! very looks that read this text; no plate beside it on the same car says something else. Everything else that
//! somebody should look at is middling; the guard sees it with its candidates.
//!
//! As an attacker sees it. *A picture of a plate, held still or carried sideways*: it does not grow, and is middling at
//! best. *Pushed towards the camera or waved to and fro with a hand*: it grows for less than a car does, or turns back,
//! and is middling, too. *A car with a covered plate that takes a known car's place in the picture*: what nobody could
//! read does not move the text that was read before. *A badge, a phone number, a parked car*: as that; and where it is
//! read again and again, [`crate::camera::Offers`] tells of it once. *A misreading repeated for minutes*: alike looks
//! are one witness. *Two plates in turn* (a car behind a car, a plate under a plate): the looks disagree. *A plate half
//! hidden or at the edge of the picture*: looks that cut it off count next to nothing. *A sticker with a known plate
//! beside a car's own*: where both can be read, neither opens.
//!
//! **Not covered here**: a true copy of a known plate on a car that drives up, in daylight: it reads as what it says.
//! So does one on paper that somebody carries towards the camera at a walk, or that a telephone shows and slowly makes
//! larger: a plate is all that is looked at, and it grows as on a car. Nor a sticker on a car whose own plate cannot be
//! read; nor a car that takes the place in the picture of one that was let in, where its plate cannot be read or
//! differs by a single character: it is taken for that car read worse, not let in, and not told of. Against these stand
//! the rules of entry (schedules, no second car inside), the loop before the gate, the journal with its picture, and
//! the guard.
//!
//! What must never be here: a list of known cars. That another car of the community is near is weighed where those are
//! known ([`Strength::beside`]), and only ever makes a reading weaker.

use dwellers::access::Strength;

use crate::reads::Heading;

use super::tracker::{Hypothesis, Motion};

/// Looks that agree.
const LOOKS: usize = 3;
/// What they are worth together as independent witnesses.
const WITNESSES: f32 = 1.6;
/// Their share among all looks that could be read.
const AGREEMENT: f32 = 0.8;
/// How long the plate grew, between a tenth and nine tenths of that, in the looks that agree. A hand's push or wave takes
/// half a second. Rendered cars that drive up take from 1.5 s to 4 s from the first reading to the gate, and had to wait
/// for other looks anyway.
const STEADY_MS: u64 = 800;
/// For the guard's tap: that it is this plate is at least so probable,
const TAP_CONFIDENCE: f32 = 0.5;
/// and it was at least so much of the width that an opening needs; a car that cannot be read needs it, too.
const TAP_WIDTH: f32 = 0.7;
/// What stands for so long, and cannot be read, needs somebody, too.
const STANDS_MS: u64 = 5_000;
/// A key that is shorter is a part of one: no country's plate has fewer characters.
const LEAST_CHARACTERS: usize = 4;

/// What a lane asks of a reading that opens by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    /// How probable it is at the least that the text is right, 0 to 1.
    pub confidence: f32,
    /// How wide the plate was at the least, in pixels.
    pub width: f32,
    /// How cars that come to the gate are seen.
    pub sees: Sees,
}

/// Which side of the cars that come to its gate a camera sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sees {
    /// Their front: they come nearer.
    #[default]
    Front,
    /// Their rear: they drive past the camera to the gate, and away from it.
    Rear,
}

impl Terms {
    /// Where a car goes whose plate changed like this.
    pub fn heading(&self, motion: Motion) -> Heading {
        match (motion, self.sees) {
            (Motion::Growing, Sees::Front) | (Motion::Shrinking, Sees::Rear) => Heading::Approaching,
            (Motion::Growing, Sees::Rear) | (Motion::Shrinking, Sees::Front) => Heading::Leaving,
            (Motion::Standing | Motion::Unclear, _) => Heading::Unknown,
        }
    }

    /// How good a reading is of a car that goes there by all looks at it, and has hardly moved for so long.
    pub fn strength(&self, hypothesis: &Hypothesis, heading: Heading, rested_ms: u64) -> Strength {
        let Hypothesis { confidence, witnesses, agreement, agreeing, width, .. } = *hypothesis;
        let characters = hypothesis.text.chars().count();
        let whole = characters >= LEAST_CHARACTERS;
        let agreed = agreeing >= LOOKS && witnesses >= WITNESSES && agreement >= AGREEMENT;
        let sure = confidence >= self.confidence && !hypothesis.beside;
        let approaches = heading == Heading::Approaching;
        let itself = self.heading(hypothesis.motion);
        if heading == Heading::Leaving || (itself == Heading::Leaving && !approaches) {
            // Whoever drives away wants nothing.
            return Strength::Refused;
        }
        let came = itself == Heading::Approaching && hypothesis.steady_ms >= STEADY_MS;
        if whole && agreed && sure && width >= self.width && approaches && came {
            return Strength::Strong;
        }
        let likely = confidence >= TAP_CONFIDENCE && whole;
        // A single character is a badge on a car, and the car has a plate of its own.
        let waits = (approaches || rested_ms >= STANDS_MS) && characters != 1;
        if width >= TAP_WIDTH * self.width && (likely || waits) {
            Strength::Middling
        } else {
            Strength::Refused
        }
    }
}
