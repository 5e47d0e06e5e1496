//! What the looks at one car say together.
//!
//! Each look gives a distribution over texts: the text that was read has its calibrated confidence, and what is left is
//! shared among all other texts as the reader's characters say ([`crate::sight::Evidence`]). Looks are pooled in
//! logarithms: the score of a text is the mean of ln P(text | look), times the number of *witnesses*.
//!
//! Looks are not independent, and to multiply their probabilities as if they were makes a mistake certain by repeating
//! it. Two things are discounted:
//! - *Alike looks share a vote.* Of a car that stands still a hundred frames show what one shows. How alike two looks are
//!   falls with the change of size and place between them ([`alike`]); a look counts as distinct by what no better look
//!   has shown. N copies of a frame are one look.
//! - *Distinct looks share their mistakes.* Dirt on a letter, a bent corner, a letter that this reader takes for another
//!   in this type: with every two looks correlated by ρ, N of them are worth N / (1 + (N − 1) ρ) witnesses (the design
//!   effect of L. Kish, "Survey Sampling", 1965, §5.4), never more than 1 / ρ.
//!
//! The mean makes the order of looks irrelevant, and one strange look among many good ones an exception.

use crate::engine::Tick;
use crate::sight::{Evidence, Reading};

use super::heading::{self, Motion, Sized};
use super::{Seen, size};

/// Looks that are kept of a track; of the two that are most alike the worse gives way.
pub const MAX_LOOKS: usize = 24;
/// Texts that a plate is thought to bear at most; the least probable gives way.
pub const MAX_TEXTS: usize = 16;
/// Alternatives that are told.
const MAX_ALTERNATIVES: usize = Reading::MAX_ALTERNATIVES;
/// How much distinct looks share their mistakes: too little, and confidence promises more than it keeps. Of 278 readings
/// of rendered drives (`hub/training`, moving) that were strong, at 0.97 and more, one was wrong.
const SHARED_MISTAKES: f32 = 0.35;
/// What a single look may say against a text at most: a picture can be spoiled in a way that no confidence knows of.
const LEAST: f32 = 1e-4;
/// From here on a look contradicts what others read.
const BELIEVED: f32 = 0.5;
/// No reading is surer than this.
const MOST: f32 = 0.9999;

/// What a plate says, by all looks at it.
#[derive(Clone, Debug, PartialEq)]
pub struct Hypothesis {
    /// Its key, see [`dwellers::plate::fold`].
    pub text: String,
    /// How probable that is, 0 to 1.
    pub confidence: f32,
    /// What else it may be and how probable that is, likeliest first.
    pub alternatives: Vec<(String, f32)>,
    /// How many of the kept looks read exactly this.
    pub agreeing: usize,
    /// What these are worth as independent witnesses.
    pub witnesses: f32,
    /// Their share among all readings, by the square of their confidence: what contradicts must itself be believed;
    /// 0 to 1.
    pub agreement: f32,
    /// How wide the plate was in the widest of them, in pixels.
    pub width: f32,
    /// How it moved, by these alone: what other looks saw may have been another car.
    pub motion: Motion,
    /// For how long it kept to one way, in milliseconds, by all looks that say nothing else: a car comes also while it is
    /// too far away to be read.
    pub steady_ms: u64,
    /// Another plate, which says something else, moves with it as if on the same car.
    pub beside: bool,
}

impl Hypothesis {
    /// Of a plate on which no look could make out a character.
    pub fn unread(width: f32) -> Hypothesis {
        Hypothesis {
            text: String::new(),
            confidence: 0.0,
            alternatives: Vec::new(),
            agreeing: 0,
            witnesses: 0.0,
            agreement: 0.0,
            width,
            motion: Motion::Unclear,
            steady_ms: 0,
            beside: false,
        }
    }
}

/// The looks at one car.
#[derive(Debug, Default)]
pub(super) struct Looks {
    seen: u32,
    looks: Vec<Look>,
    texts: Vec<String>,
}

#[derive(Debug)]
struct Look {
    at: Tick,
    sized: Sized,
    width: f32,
    cut: bool,
    quality: f32,
    words: Option<Words>,
}

/// What was read in a look.
#[derive(Debug)]
struct Words {
    text: String,
    confidence: f32,
    evidence: Evidence,
    /// ln P(text | look) of each text of the track.
    ln_p: Vec<f32>,
}

impl Looks {
    pub fn seen(&self) -> u32 {
        self.seen
    }

    pub fn add(&mut self, seen: Seen, now: Tick) {
        self.seen = self.seen.saturating_add(1);
        let quality = seen.quality();
        let quad = seen.sighting.corners;
        let width = seen.width();
        let sized = Sized { centre: quad.centre(), width: quad.width(), size: size(&quad) };
        let words = seen.sighting.reading.map(|reading| {
            let Reading { text, confidence, alternatives, evidence, .. } = reading;
            self.know(std::iter::once(&text).chain(alternatives.iter().map(|(text, _)| text)));
            let confidence = confidence.clamp(LEAST, MOST);
            let mut words = Words { text, confidence, evidence, ln_p: Vec::new() };
            words.weigh(&self.texts);
            words
        });
        self.looks.push(Look { at: now, sized, width, cut: seen.cut, quality, words });
        if self.looks.len() > MAX_LOOKS {
            self.drop_the_most_alike();
        }
        if self.texts.len() > MAX_TEXTS {
            self.drop_the_least_probable();
        }
    }

    /// The text that most speaks for, and how sure it is; for whoever compares.
    pub fn best(&self) -> Option<(&str, f32)> {
        let words = self.looks.iter().filter_map(|look| look.words.as_ref());
        let best = words.max_by(|a, b| a.confidence.total_cmp(&b.confidence))?;
        Some((&best.text, best.confidence))
    }

    pub fn motion(&self) -> Motion {
        Motion::of(&course(self.looks.iter()))
    }

    /// Whether another's plate moves with this one as if on the same car; `None` where that cannot be told.
    pub fn together(&self, other: &Looks) -> Option<bool> {
        heading::together(&course(self.looks.iter()), &course(other.looks.iter()))
    }

    /// How wide the plate was in the widest look, in pixels.
    pub fn width(&self) -> f32 {
        self.looks.iter().filter(|look| !look.cut).map(|look| look.width).fold(0.0, f32::max)
    }

    /// Parts with what was seen since then: it was another car.
    pub fn split_off(&mut self, since: Tick) -> Looks {
        let looks: Vec<Look> = self.looks.extract_if(.., |look| look.at >= since).collect();
        let seen = u32::try_from(looks.len()).unwrap_or(u32::MAX);
        self.seen = self.seen.saturating_sub(seen);
        Looks { seen, looks, texts: self.texts.clone() }
    }

    pub fn hypothesis(&self) -> Option<Hypothesis> {
        let read: Vec<(&Look, &Words)> =
            self.looks.iter().filter_map(|look| Some((look, look.words.as_ref()?))).collect();
        let shares = shares(&read);
        let mut probable = self.probabilities(&read, &shares);
        probable.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| self.texts[a.0].cmp(&self.texts[b.0])));
        let &(best, confidence) = probable.first()?;
        let text = self.texts[best].clone();
        let agrees = |words: &Words| words.text == text;
        let weight = |(share, (_, words)): (&f32, &(&Look, &Words))| share * words.confidence;
        let all: f32 = shares.iter().zip(&read).map(weight).sum();
        let for_it: f32 = shares.iter().zip(&read).filter(|(_, (_, words))| agrees(words)).map(weight).sum();
        let agreeing: Vec<&Look> =
            read.iter().filter(|(_, words)| agrees(words)).map(|(look, _)| *look).collect();
        let contradicts = |words: &Words| words.text != text && words.confidence >= BELIEVED;
        let others = self.looks.iter().filter(|look| !look.words.as_ref().is_some_and(contradicts));
        let steady_ms = heading::steady_ms(&course(others));
        let alternatives = probable[1..].iter().take(MAX_ALTERNATIVES);
        Some(Hypothesis {
            confidence: confidence.min(MOST),
            alternatives: alternatives.map(|(at, p)| (self.texts[*at].clone(), *p)).collect(),
            agreeing: agreeing.len(),
            witnesses: witnesses(&agreeing),
            agreement: if all > 0.0 { for_it / all } else { 0.0 },
            width: agreeing.iter().filter(|look| !look.cut).map(|look| look.width).fold(0.0, f32::max),
            motion: Motion::of(&course(agreeing.iter().copied())),
            steady_ms,
            beside: false,
            text,
        })
    }

    /// How probable each text is: the pooled looks, over all texts and whatever else it might be.
    fn probabilities(&self, read: &[(&Look, &Words)], shares: &[f32]) -> Vec<(usize, f32)> {
        let looks: Vec<&Look> = read.iter().map(|(look, _)| *look).collect();
        let (witnesses, total) = (witnesses(&looks).max(1.0), shares.iter().sum::<f32>());
        if total <= 0.0 {
            return Vec::new();
        }
        let pool = |ln_p: &dyn Fn(&Words) -> f32| {
            let sum: f32 = read.iter().zip(shares).map(|((_, words), share)| share * ln_p(words)).sum();
            witnesses * sum / total
        };
        let scores: Vec<f32> = (0..self.texts.len()).map(|at| pool(&|words| words.ln_p[at])).collect();
        let nothing_known = pool(&Words::ln_other);
        let most = scores.iter().copied().fold(nothing_known, f32::max);
        let sum: f32 =
            scores.iter().map(|score| (score - most).exp()).sum::<f32>() + (nothing_known - most).exp();
        scores.iter().map(|score| (score - most).exp() / sum).enumerate().collect()
    }

    /// Takes texts among those that are weighed.
    fn know<'a>(&mut self, texts: impl Iterator<Item = &'a String>) {
        for text in texts {
            if !self.texts.contains(text) {
                self.texts.push(text.clone());
                for words in self.looks.iter_mut().filter_map(|look| look.words.as_mut()) {
                    words.weigh(&self.texts);
                }
            }
        }
    }

    fn drop_the_most_alike(&mut self) {
        let count = self.looks.len();
        let pairs = (0..count).flat_map(|one| (one + 1..count).map(move |other| (one, other)));
        let alike = |(one, other): &(usize, usize)| alike(&self.looks[*one].sized, &self.looks[*other].sized);
        let Some((one, other)) = pairs.max_by(|a, b| alike(a).total_cmp(&alike(b))) else { return };
        // Whatever could be read tells more than what could not.
        let worth = |at: usize| (self.looks[at].words.is_some(), self.looks[at].quality);
        let worse = if worth(one) <= worth(other) { one } else { other };
        self.looks.remove(worse);
    }

    fn drop_the_least_probable(&mut self) {
        let read: Vec<(&Look, &Words)> =
            self.looks.iter().filter_map(|look| Some((look, look.words.as_ref()?))).collect();
        let mut probable = self.probabilities(&read, &shares(&read));
        probable.sort_by(|a, b| b.1.total_cmp(&a.1));
        let mut kept: Vec<usize> = probable.into_iter().take(MAX_TEXTS).map(|(at, _)| at).collect();
        kept.sort_unstable();
        self.texts = kept.iter().map(|at| self.texts[*at].clone()).collect();
        for words in self.looks.iter_mut().filter_map(|look| look.words.as_mut()) {
            words.ln_p = kept.iter().map(|at| words.ln_p[*at]).collect();
        }
    }
}

impl Words {
    /// Extends what is known of each text to all of these.
    fn weigh(&mut self, texts: &[String]) {
        // What the reader itself gives all other texts.
        let others = (1.0 - self.evidence.ln_p(&self.text).exp()).max(LEAST);
        for text in &texts[self.ln_p.len()..] {
            let p = if *text == self.text {
                self.confidence
            } else {
                (1.0 - self.confidence) * (self.evidence.ln_p(text).exp() / others).min(1.0)
            };
            self.ln_p.push(p.max(LEAST).ln());
        }
    }

    /// What is left for texts that nobody thought of.
    fn ln_other(&self) -> f32 {
        let known: f32 = self.ln_p.iter().map(|ln_p| ln_p.exp()).sum();
        (1.0 - known).max(LEAST).ln()
    }
}

/// Where and how large the plate was, as far as it was whole.
fn course<'a>(looks: impl Iterator<Item = &'a Look>) -> Vec<(Tick, Sized)> {
    looks.filter(|look| !look.cut).map(|look| (look.at, look.sized)).collect()
}

/// What each look counts in the mean: by the square of its quality (of a plate half as wide a reader has a quarter of the
/// pixels), by how sure it is of what it read (of a blurred plate a reader says the wrong thing, and does not doubt each
/// letter as much as it should), and the less the more there are that are alike.
fn shares(read: &[(&Look, &Words)]) -> Vec<f32> {
    let crowd = |look: &Look| read.iter().map(|(other, _)| alike(&look.sized, &other.sized)).sum::<f32>();
    let share = |(look, words): &(&Look, &Words)| {
        look.quality * look.quality * words.confidence / crowd(look).max(1.0)
    };
    read.iter().map(share).collect()
}

/// What looks are worth as independent witnesses.
fn witnesses(looks: &[&Look]) -> f32 {
    let mut best_first = looks.to_vec();
    best_first.sort_by(|a, b| {
        let ties =
            a.sized.size.total_cmp(&b.sized.size).then(a.sized.centre[0].total_cmp(&b.sized.centre[0]));
        b.quality.total_cmp(&a.quality).then(ties)
    });
    let mut distinct = 0.0;
    for (at, look) in best_first.iter().enumerate() {
        let shown =
            best_first[..at].iter().map(|better| alike(&look.sized, &better.sized)).fold(0.0, f32::max);
        distinct += look.quality * (1.0 - shown);
    }
    if distinct > 1.0 { distinct / (1.0 + (distinct - 1.0) * SHARED_MISTAKES) } else { distinct }
}

/// How alike two looks are, 0 to 1: 1 where the plate has neither moved nor grown.
///
/// A change of size by 8 %, or a shift by a quarter of the plate's width, puts its edges on other pixels and its letters
/// under another light: about then do a reader's mistakes begin to differ.
pub(super) fn alike(one: &Sized, other: &Sized) -> f32 {
    const GROWN: f32 = 0.08;
    const MOVED: f32 = 0.25;
    let width = one.width.max(other.width).max(1.0);
    let grown = (one.size - other.size) / GROWN;
    let moved = (one.centre[0] - other.centre[0]).hypot(one.centre[1] - other.centre[1]) / width / MOVED;
    (-(grown * grown + moved * moved) / 2.0).exp()
}
