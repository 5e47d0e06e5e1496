//! What must hold at every moment, judged from the barrier's own history, from what the engine was asked, and from what
//! it told the journal.
//!
//! What must never be here: a question to the engine about its state, or a rule of the engine called instead of being
//! written down a second time.

use std::collections::{HashMap, HashSet};

use dwellers::access::Verdict;
use dwellers::gates::Direction;
use dwellers::journal::{Entry, Kind};
use dwellers_replica::{Open, RecordId};

use crate::barrier::{Barrier, By, Cause, What, Why};
use crate::engine::{Relay, Setup};

/// The longest that a message is under way between hub and barrier, in milliseconds.
pub(super) const WIRE_MS: u64 = 20;
/// The longest that the hub sleeps past a deadline.
pub(super) const LAG_MS: u64 = 5;
/// Sensor to hub to relay, with a little room.
const REACTION_MS: u64 = 2 * WIRE_MS + LAG_MS + 5;

/// What the engine was asked to do under an id.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub what: Wish,
    pub at: u64,
    pub life: usize,
}

#[derive(Clone, Debug)]
pub(super) enum Wish {
    /// To open, as it was decided; on the guard's word or not.
    Open { word: bool, plate: String, direction: Direction },
    /// To close, on the guard's word.
    Close,
}

/// A pulse that moved the opening relay for a plate.
#[derive(Debug)]
struct Opened {
    id: RecordId,
    plate: String,
    direction: Direction,
    at: u64,
    life: usize,
}

#[derive(Debug)]
pub(super) struct Witness {
    setup: Setup,
    /// The barrier looks after itself.
    minds_obstacles: bool,
    read: u64,
    now: u64,
    life: usize,
    /// When each earlier life of the hub ended.
    ends: Vec<u64>,
    asked: HashMap<RecordId, Asked>,
    durable: HashMap<RecordId, (u64, Kind)>,
    /// Entries that the engine told, by what they are about.
    told: HashMap<RecordId, Vec<Kind>>,
    told_ids: HashSet<RecordId>,
    /// Pulses that the engine told to close, whether they arrived or not.
    told_to_close: HashSet<RecordId>,
    moved: HashMap<RecordId, u64>,
    covered: HashSet<RecordId>,
    opened: Vec<Opened>,
    /// The last pulse that closed: when, and in which life.
    closed: Option<(RecordId, u64, usize)>,
    /// A pulse to open got lost, and none moved since.
    astray: bool,
    on: [Option<(By, u64)>; 2],
    occupied_since: Option<u64>,
    /// Since when hub and barrier talk without a break.
    calm_since: Option<u64>,
    /// What holds it: the guard since, the fire alarm since; and when it ended last.
    hold_since: Option<u64>,
    fire_since: Option<u64>,
    held_until: Option<u64>,
    hold_told_at: Option<u64>,
    /// Openings on the guard's word, and when they must have happened at the latest.
    owed: Vec<(RecordId, u64)>,
    /// How often the hub was told that it is open, and closed; and how often it says that this was seen.
    seen_open: (u64, u64),
    seen_closed: (u64, u64),
    pub reversals: u64,
}

type Judgement = Result<(), String>;

impl Witness {
    pub fn new(setup: Setup, minds_obstacles: bool) -> Self {
        Witness {
            setup,
            minds_obstacles,
            read: 0,
            now: 0,
            life: 0,
            ends: Vec::new(),
            asked: HashMap::new(),
            durable: HashMap::new(),
            told: HashMap::new(),
            told_ids: HashSet::new(),
            told_to_close: HashSet::new(),
            moved: HashMap::new(),
            covered: HashSet::new(),
            opened: Vec::new(),
            closed: None,
            astray: false,
            on: [None; 2],
            occupied_since: None,
            calm_since: None,
            hold_since: None,
            fire_since: None,
            held_until: None,
            hold_told_at: None,
            owed: Vec::new(),
            seen_open: (0, 0),
            seen_closed: (0, 0),
            reversals: 0,
        }
    }

    /// The hub is killed.
    pub fn killed(&mut self, now: u64) {
        self.ends.push(now);
        self.life += 1;
        self.disturbed();
        if self.hold_since.is_some() || self.fire_since.is_some() {
            self.held_until = Some(now);
        }
        (self.hold_since, self.fire_since) = (None, None);
    }

    /// Hub and barrier do not understand each other at this moment: nothing can be asked of the engine.
    pub fn disturbed(&mut self) {
        self.calm_since = None;
        self.owed.clear();
    }

    /// The hub was told that the driver is there.
    pub fn connected(&mut self, now: u64) {
        self.calm_since.get_or_insert(now);
    }

    /// One pulse got lost, or the driver refused it.
    pub fn lost(&mut self, id: RecordId) {
        self.owed.retain(|(owed, _)| *owed != id);
        self.astray = true;
        // What it was to stop or to begin goes on or does not.
        self.calm_since = self.calm_since.map(|_| self.now);
    }

    pub fn asked(&mut self, id: RecordId, what: Wish, now: u64) {
        if matches!(&what, Wish::Open { word: true, .. }) && self.calm_since.is_some() {
            let patience_ms = u64::from(self.setup.guard_patience_ms);
            self.owed.push((id, now + patience_ms + WIRE_MS + 2 * LAG_MS));
        }
        self.asked.insert(id, Asked { what, at: now, life: self.life });
    }

    pub fn hold(&mut self, on: bool, now: u64) {
        if on {
            self.hold_since = Some(now);
        } else if self.hold_since.take().is_some() {
            self.held_until = Some(now);
        }
    }

    pub fn fire(&mut self, on: bool, now: u64) {
        if on {
            self.fire_since.get_or_insert(now);
        } else if self.fire_since.take().is_some() {
            self.held_until = Some(now);
        }
    }

    /// The engine tells the driver to close.
    pub fn told_to_close(&mut self, id: RecordId) {
        self.told_to_close.insert(id);
    }

    /// A hold reached the barrier.
    pub fn hold_arrived(&mut self, now: u64) {
        self.hold_told_at = Some(now);
    }

    /// The hub was told what the position sensor sees.
    pub fn sensed(&mut self, open: bool) {
        let seen = if open { &mut self.seen_open } else { &mut self.seen_closed };
        seen.0 += 1;
    }

    /// The engine tells the journal something.
    pub fn told(&mut self, id: RecordId, entry: &Entry, now: u64) -> Judgement {
        let Open::Known(kind) = entry.kind else { return Err("an entry of an unknown kind".into()) };
        if !self.told_ids.insert(id) {
            return Err(format!("two entries are told under one id, {id}"));
        }
        if let Some(about) = entry.about {
            self.told.entry(about).or_default().push(kind);
        }
        match kind {
            Kind::SeenOpen => Self::is_seen(&mut self.seen_open, "open")?,
            Kind::SeenClosed => Self::is_seen(&mut self.seen_closed, "closed")?,
            Kind::Commanded => self.is_commanded(entry.about)?,
            Kind::HoldEnded => self.hold(false, now),
            _ => {}
        }
        Ok(())
    }

    fn is_seen(seen: &mut (u64, u64), what: &str) -> Judgement {
        seen.1 += 1;
        if seen.1 > seen.0 {
            return Err(format!("invariant 4: the journal has it seen {what} when no sensor said so"));
        }
        Ok(())
    }

    fn is_commanded(&self, about: Option<RecordId>) -> Judgement {
        let about = about.ok_or("an entry Commanded is about nothing")?;
        let is_obstruction = !self.asked.contains_key(&about) && !self.moved.contains_key(&about);
        if is_obstruction || self.moved.contains_key(&about) || self.covered.contains(&about) {
            Ok(())
        } else {
            Err(format!("invariant 4: the journal has {about} commanded, and no relay moved for it"))
        }
    }

    /// An entry is durable.
    pub fn durable(&mut self, id: RecordId, entry: &Entry, at: u64) {
        let Open::Known(kind) = entry.kind else { return };
        let opens = entry.verdict == Some(Open::Known(Verdict::Open));
        if kind == Kind::Closing || kind == Kind::Decided && opens {
            self.durable.insert(id, (at, kind));
        }
    }

    /// Looks at everything that happened at the barrier since the last look.
    pub fn look(&mut self, barrier: &Barrier, now: u64) -> Judgement {
        self.now = now;
        let news: Vec<_> = barrier.history().after(self.read).copied().collect();
        for entry in news {
            self.read = entry.number;
            self.happened(entry.what, entry.at_ms)?;
        }
        let state = barrier.state();
        let occupied = state.on_loop || state.in_beam;
        self.occupied_since = occupied.then(|| self.occupied_since.unwrap_or(now));
        self.is_held_as_it_must(state.open)?;
        self.pays_what_it_owes(state.open)
    }

    fn happened(&mut self, what: What, at: u64) -> Judgement {
        match what {
            What::Energised { relay, by, ms } => self.energised(relay, by, u64::from(ms), at),
            What::Released { relay, by, after_ms, why } => self.released(relay, by, after_ms, why, at),
            What::Covered { id } => {
                self.covered.insert(id);
                self.may_move(Relay::Open, id, at)
            }
            // What stopped a closing in an earlier life stops it in this one: where the journal could not say so any
            // more, under the same id, which the barrier knows.
            What::Repeated { id, .. } if self.life > 0 && self.reversed_by(id).is_some() => Ok(()),
            What::Repeated { id, .. } => Err(format!("invariant 2: the pulse {id} was told twice")),
            What::Hit { cause: Cause::Commanded, occupied_ms } if !self.minds_obstacles => {
                if occupied_ms > REACTION_MS && self.could_stop(at.saturating_sub(occupied_ms)) {
                    return Err(format!(
                        "invariant 3: it came down on something that had been there for {occupied_ms} ms"
                    ));
                }
                Ok(())
            }
            What::Hit { .. } | What::Passed { .. } => Ok(()),
        }
    }

    /// Whether the hub could know at `since` that it was closing, and do something about it.
    fn could_stop(&self, since: u64) -> bool {
        let Some((closing, at, life)) = self.closed else { return false };
        // What an earlier life could not write down, this one cannot know; and without a sensor nobody knows that one
        // that was stuck comes down late.
        let is_known = life == self.life || self.durable.contains_key(&closing);
        let travel_ms = u64::from(self.setup.travel_ms + self.setup.acknowledge_timeout_ms);
        let is_seen = self.setup.sees_position || since < at + travel_ms - REACTION_MS;
        is_known && is_seen && !self.astray && self.was_calm(since)
    }

    /// Whether hub and barrier understood each other from a while before `since` until now.
    fn was_calm(&self, since: u64) -> bool {
        self.calm_since.is_some_and(|calm| calm + REACTION_MS <= since)
    }

    fn energised(&mut self, relay: Relay, by: By, ms: u64, at: u64) -> Judgement {
        let (own, other) = match relay {
            Relay::Open => (0, 1),
            Relay::Close => (1, 0),
        };
        if self.on[other].is_some() {
            return Err("invariant 3: open and close are energised together".into());
        }
        self.on[own] = Some((by, at));
        match by {
            By::Hold => {
                self.astray = false;
                if ms > u64::from(self.setup.hold_lease_ms) {
                    return Err(format!("invariant 1: a hold has a lease of {ms} ms"));
                }
                let stands = self.hold_since.is_some() || self.fire_since.is_some();
                let stood = self.held_until.is_some_and(|until| at <= until + WIRE_MS + LAG_MS);
                if stands || stood { Ok(()) } else { Err("it is held open, and nobody holds it".into()) }
            }
            By::Pulse(id) => {
                if ms > u64::from(self.setup.pulse_ms) {
                    return Err(format!("invariant 1: a pulse of {ms} ms"));
                }
                self.may_move(relay, id, at)?;
                if self.moved.insert(id, at).is_some() {
                    return Err(format!("invariant 2: the pulse {id} moved a relay twice"));
                }
                match relay {
                    Relay::Open => {
                        self.astray = false;
                        self.opens_once(id, at)
                    }
                    Relay::Close => {
                        self.closed = Some((id, at, self.life));
                        self.closes_on_nothing(at)
                    }
                }
            }
        }
    }

    fn released(&mut self, relay: Relay, by: By, after_ms: u64, why: Why, at: u64) -> Judgement {
        self.on[usize::from(relay == Relay::Close)] = None;
        if why == Why::Interlock {
            return Err("invariant 3: only the barrier's own interlock kept open and close apart".into());
        }
        let limit_ms = match by {
            By::Pulse(_) => u64::from(self.setup.pulse_ms),
            By::Hold => {
                let told = self.hold_told_at.unwrap_or(at);
                u64::from(self.setup.hold_lease_ms) + told.saturating_sub(at - after_ms)
            }
        };
        if after_ms > limit_ms {
            return Err(format!("invariant 1: {relay:?} by {by:?} was energised for {after_ms} ms"));
        }
        Ok(())
    }

    /// Invariant 2: for what is durable, or on the guard's word; at its time, in its life.
    fn may_move(&self, relay: Relay, id: RecordId, at: u64) -> Judgement {
        if let Some(closing) = self.reversed_by(id) {
            return match relay {
                Relay::Open
                    if self.told_to_close.contains(&closing) || self.durable.contains_key(&closing) =>
                {
                    Ok(())
                }
                _ => Err(format!("invariant 2: {id} reverses {closing}, which did not close anything")),
            };
        }
        let durable = self.durable.get(&id);
        let asked = self.asked.get(&id);
        let patience_ms = match (relay, asked, durable) {
            (Relay::Open, Some(Asked { what: Wish::Open { word: true, .. }, .. }), _)
            | (Relay::Close, Some(Asked { what: Wish::Close, .. }), _) => self.setup.guard_patience_ms,
            (Relay::Open, Some(Asked { what: Wish::Open { .. }, .. }), Some((_, Kind::Decided)))
            | (Relay::Close, None, Some((_, Kind::Closing))) => self.setup.intent_timeout_ms,
            _ => return Err(format!("invariant 2: {relay:?} moves for {id}, which is not durable")),
        };
        if let Some(Asked { at: asked, life, .. }) = asked {
            if at > asked + u64::from(patience_ms) + WIRE_MS + 2 * LAG_MS {
                return Err(format!("invariant 2: {id} was asked at {asked} and moves at {at}"));
            }
            if self.ends.get(*life).is_some_and(|end| at > end + WIRE_MS) {
                return Err(format!("invariant 2: {id} moves a relay after the life that it was asked in"));
            }
        }
        let outcomes = self.told.get(&id).map_or(&[][..], Vec::as_slice);
        let given_up = outcomes.iter().any(|kind| matches!(kind, Kind::Abandoned | Kind::Interrupted));
        if given_up && self.ends.last().is_none_or(|end| at > end + WIRE_MS) {
            return Err(format!("invariant 2: {id} was given up, and moves a relay"));
        }
        Ok(())
    }

    /// The closing that a pulse of this id reverses.
    fn reversed_by(&self, id: RecordId) -> Option<RecordId> {
        let bytes = id.to_bytes();
        let mut closing = bytes.map(|byte| !byte);
        closing[..6].copy_from_slice(&bytes[..6]);
        let closing = RecordId::from_bytes(closing);
        let is_closing = matches!(self.durable.get(&closing), Some((_, Kind::Closing)))
            || matches!(self.asked.get(&closing), Some(Asked { what: Wish::Close, .. }));
        is_closing.then_some(closing)
    }

    /// Invariant 5.
    fn opens_once(&mut self, id: RecordId, at: u64) -> Judgement {
        let Some(Asked { what: Wish::Open { word, plate, direction }, life, .. }) = self.asked.get(&id)
        else {
            self.reversals += 1;
            return Ok(());
        };
        if plate.is_empty() {
            return Ok(());
        }
        let window_ms = u64::from(self.setup.passage_window_ms) - 100;
        let recent = |before: &&Opened| {
            before.plate == *plate
                && at < before.at + window_ms
                // What an earlier life could not write down, this one cannot know.
                && (before.life == *life || self.durable.contains_key(&before.id))
        };
        for before in self.opened.iter().filter(recent) {
            let outcomes = self.told.get(&before.id).map_or(&[][..], Vec::as_slice);
            let is_over = outcomes.iter().any(|kind| matches!(kind, Kind::Passed | Kind::NobodyPassed));
            if !word && (before.direction == *direction || !is_over) {
                return Err(format!(
                    "invariant 5: {plate} opens again at {at}, {} ms after {}",
                    at - before.at,
                    before.id
                ));
            }
        }
        let (plate, direction, life) = (plate.clone(), *direction, *life);
        self.opened.push(Opened { id, plate, direction, at, life });
        Ok(())
    }

    /// Invariant 3: nothing that the hub could know of stands under a barrier that is told to close.
    fn closes_on_nothing(&self, at: u64) -> Judgement {
        let known = self.occupied_since.is_some_and(|since| since + REACTION_MS < at && self.was_calm(since));
        if known {
            return Err("invariant 3: it is told to close on something".into());
        }
        if self.fire_since.is_some_and(|since| since + WIRE_MS < at) {
            return Err("invariant 6: it is told to close while the fire alarm is on".into());
        }
        Ok(())
    }

    /// Invariant 6: what holds it, holds it.
    fn is_held_as_it_must(&self, open: Option<By>) -> Judgement {
        let since = match (self.hold_since, self.fire_since) {
            (Some(hold), Some(fire)) => hold.min(fire),
            (hold, fire) => match hold.or(fire) {
                Some(since) => since,
                None => return Ok(()),
            },
        };
        let Some(calm) = self.calm_since else { return Ok(()) };
        if self.now > since.max(calm) + WIRE_MS + LAG_MS && open != Some(By::Hold) {
            return Err(format!("invariant 6: it is to be held open since {since}, and is not"));
        }
        Ok(())
    }

    /// Invariant 6: the guard's word to open waits for nothing.
    fn pays_what_it_owes(&mut self, open: Option<By>) -> Judgement {
        if open == Some(By::Hold) {
            self.owed.clear();
        }
        let moved = &self.moved;
        self.owed.retain(|(id, _)| !moved.contains_key(id));
        match self.owed.iter().find(|(_, until)| *until < self.now) {
            Some((id, until)) => {
                Err(format!("invariant 6: the guard's word {id} was not done until {until}"))
            }
            None => Ok(()),
        }
    }

    /// What an end owes the journal: each intent that became durable has an outcome.
    pub fn every_intent_has_an_outcome(&self, journal: &[(u64, RecordId, Entry)]) -> Judgement {
        let outcomes: HashSet<RecordId> = journal
            .iter()
            .filter(|(_, _, entry)| entry.kind.known().is_some_and(|kind| *kind != Kind::Decided))
            .filter_map(|(_, _, entry)| entry.about)
            .collect();
        match self.durable.keys().find(|id| !outcomes.contains(*id)) {
            Some(id) => Err(format!("the intent {id} has no outcome in the journal")),
            None => Ok(()),
        }
    }

    /// Whether a relay is energised.
    pub fn any_energised(&self) -> bool {
        self.on.iter().any(Option::is_some)
    }

    pub fn pulses(&self) -> u64 {
        self.moved.len() as u64
    }
}
