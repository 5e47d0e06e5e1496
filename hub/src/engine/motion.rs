//! The barrier as it is seen and as it must be: sensors, passages, closing, and what stops a closing barrier.

use dwellers::journal::{Entry, Kind};
use dwellers_replica::RecordId;

use super::machine::{Commanded, Engine};
use super::turn::Turn;
use crate::fault::{Fault, planted};

use super::{Alert, Closing, PASSAGE_NOT_SEEN, Position, Relay, Setup, Tick, reversal_of};

/// What is seen of the barrier, and what is expected of it.
#[derive(Debug, Default)]
pub(super) struct Motion {
    pub position: Position,
    /// The loop is occupied.
    pub occupied: bool,
    /// The car on the loop came while the gate did not stand closed.
    crossing: bool,
    pub beam_broken: bool,
    /// Something is to be seen, until when.
    watched: Option<Watched>,
    /// A closing under way.
    descent: Option<Descent>,
    /// It was open and left that end, with nothing told to it.
    sinks: bool,
    /// This engine opened it, and since then nothing happened under it.
    open_since: Option<Tick>,
}

#[derive(Clone, Copy, Debug)]
struct Watched {
    relay: Relay,
    about: RecordId,
    deadline: Tick,
}

/// A closing that was told: until it is seen closed, or, where nothing sees it, must long be.
#[derive(Clone, Copy, Debug)]
struct Descent {
    closing: RecordId,
    until: Tick,
}

impl Motion {
    pub fn is_obstructed(&self) -> bool {
        (self.occupied || self.beam_broken) && !planted(Fault::CloseBlindly)
    }

    /// It is told to open.
    pub fn rises(&mut self) {
        self.descent = None;
        self.sinks = false;
        self.watched = self.watched.filter(|watched| watched.relay == Relay::Open);
    }

    /// It is told to close.
    pub fn falls(&mut self, closing: RecordId, at: Tick, setup: &Setup) {
        self.watched = None;
        self.open_since = None;
        let until = at.after(setup.acknowledge_timeout_ms).after(setup.travel_ms);
        self.descent = Some(Descent { closing, until });
    }

    /// It stands open because of this engine, and something happened under it just now.
    pub fn stands_open(&mut self, now: Tick) {
        self.open_since = Some(now);
    }

    /// Something happened under it just now, if it stands open.
    pub fn stands_open_until_now(&mut self, now: Tick) {
        self.open_since = self.open_since.map(|_| now);
    }

    /// Nothing holds it any more.
    pub fn let_go(&mut self, now: Tick) {
        self.watched = self.watched.filter(|watched| watched.relay == Relay::Close);
        self.open_since = Some(now);
    }

    /// The driver did it: now it must be seen.
    pub fn watch(&mut self, relay: Relay, about: RecordId, now: Tick, setup: &Setup) {
        let is_there = match relay {
            Relay::Open => self.position == Position::Open,
            Relay::Close => self.position == Position::Closed,
        };
        if setup.sees_position && !is_there && self.watched.is_none_or(|watched| watched.relay != relay) {
            self.watched = Some(Watched { relay, about, deadline: now.after(setup.travel_ms) });
        }
    }

    /// The driver could not do it.
    pub fn failed(&mut self, relay: Relay) {
        if relay == Relay::Close {
            self.descent = None;
        }
    }

    /// The sensors are gone with the driver. The loop and the beam count as they were.
    pub fn blind(&mut self) {
        self.position = Position::Unknown;
        self.sinks = false;
        self.watched = None;
    }

    /// The closing that what comes under the barrier has to stop. One that was stuck may come down late.
    fn take_descent(&mut self, now: Tick) -> Option<RecordId> {
        let position = self.position;
        let descent = self.descent.take_if(|descent| now < descent.until || position == Position::Moving)?;
        Some(descent.closing)
    }

    pub fn deadline(&self, setup: &Setup) -> Option<Tick> {
        let descent = self.descent.filter(|_| !setup.sees_position).map(|descent| descent.until);
        self.watched.map(|watched| watched.deadline).into_iter().chain(descent).min()
    }
}

impl Engine {
    pub(super) fn motion_tick(&mut self, turn: &mut Turn<'_>) {
        if let Some(Watched { about, .. }) =
            self.motion.watched.take_if(|watched| watched.deadline <= turn.now)
        {
            turn.tell(Kind::Jammed, Some(about));
            turn.alert(Alert::Jammed);
            self.openings.doubt(about);
        }
        if !self.setup.sees_position {
            self.motion.descent.take_if(|descent| descent.until <= turn.now);
        }
    }

    pub(super) fn position(&mut self, position: Position, turn: &mut Turn<'_>) {
        let before = std::mem::replace(&mut self.motion.position, position);
        if before == position {
            return;
        }
        self.motion.sinks = before == Position::Open && position == Position::Moving;
        match position {
            Position::Open => {
                self.motion.watched.take_if(|watched| watched.relay == Relay::Open);
                let about = self.openings.seen_open().or(self.held_by());
                turn.tell(Kind::SeenOpen, about);
                self.pass_where_nobody_looks(turn);
            }
            Position::Closed => {
                self.motion.watched.take_if(|watched| watched.relay == Relay::Close);
                let closing = self.motion.descent.take().map(|descent| descent.closing);
                // That it was closed all the time is no news.
                if closing.is_some() || before != Position::Unknown {
                    turn.tell(Kind::SeenClosed, closing);
                }
                if !self.openings.any() && !self.is_held() {
                    self.motion.open_since = None;
                }
            }
            // One that was stuck comes down on what has come under it meanwhile.
            Position::Moving if self.motion.descent.is_some() && self.motion.is_obstructed() => {
                self.obstructed(turn);
            }
            Position::Moving | Position::Unknown => {}
        }
    }

    pub(super) fn occupied(&mut self, occupied: bool, turn: &mut Turn<'_>) {
        if std::mem::replace(&mut self.motion.occupied, occupied) == occupied {
            return;
        }
        let not_closed = self.motion.position != Position::Closed;
        if occupied {
            self.motion.crossing = not_closed;
            self.obstructed(turn);
        } else {
            if self.setup.sees_passage && (self.motion.crossing || not_closed) {
                self.passed(turn);
            }
            self.motion.stands_open_until_now(turn.now);
        }
    }

    pub(super) fn beam(&mut self, broken: bool, turn: &mut Turn<'_>) {
        if std::mem::replace(&mut self.motion.beam_broken, broken) == broken {
            return;
        }
        if broken {
            self.obstructed(turn);
        } else {
            self.motion.stands_open_until_now(turn.now);
        }
    }

    /// A car went over the loop.
    fn passed(&mut self, turn: &mut Turn<'_>) {
        if let Some(opening) = self.openings.pass() {
            let entry = opening.arrival.entry(Kind::Passed, Some(opening.arrival.id));
            turn.note(entry);
        } else if self.is_held() || planted(Fault::NobodyTailgates) {
            turn.tell(Kind::Passed, self.held_by());
        } else {
            turn.tell(Kind::Tailgated, None);
            turn.alert(Alert::Tailgated);
        }
    }

    /// Without a loop a car counts as gone through where the gate stands open for it.
    pub(super) fn pass_where_nobody_looks(&mut self, turn: &mut Turn<'_>) {
        if self.setup.sees_passage {
            return;
        }
        for id in self.openings.open() {
            if let Some(opening) = self.openings.pass_unseen(id) {
                let entry = opening.arrival.entry(Kind::Passed, Some(id));
                turn.note(Entry { note: PASSAGE_NOT_SEEN.to_owned(), ..entry });
                self.motion.stands_open_until_now(turn.now);
            }
        }
    }

    /// Something came under the barrier.
    fn obstructed(&mut self, turn: &mut Turn<'_>) {
        let Some(closing) = self.motion.take_descent(turn.now) else {
            // Its own controller stops it, or somebody else closes it: this is only seen.
            if std::mem::take(&mut self.motion.sinks) {
                let about = self.last.as_ref().map(|last| last.id);
                turn.tell(Kind::Obstructed, about);
            }
            return;
        };
        let obstructed = turn.new_id();
        if self.is_connected() && !planted(Fault::NoReversal) {
            self.relays.release(Relay::Close, turn);
            self.motion.rises();
            self.relays.pulse(Relay::Open, reversal_of(closing), obstructed, turn);
            self.commanded = Commanded::Open;
            self.motion.stands_open(turn.now);
        }
        turn.store(obstructed, super::turn::entry(Kind::Obstructed, Some(closing)), None);
    }

    /// Whether nothing speaks against closing by itself. What is under it is looked at last, before the pulse.
    fn wants_to_close(&self) -> bool {
        !self.is_held()
            && self.is_connected()
            && !self.openings.any()
            && self.relays.is_quiet()
            && self.motion.descent.is_none()
            && !self.motion.is_obstructed()
            && match self.motion.position {
                Position::Open | Position::Moving => true,
                Position::Closed => false,
                // A sensor that sees nothing is a cable that is out, and the beam may hang on it.
                Position::Unknown => !self.setup.sees_position,
            }
    }

    /// Whether a closing that became durable may be carried out.
    pub(super) fn may_close(&self) -> bool {
        self.wants_to_close() && !self.intents.any()
    }

    /// When it closes by itself, if nothing happens.
    pub(super) fn closing_due(&self) -> Option<Tick> {
        let Closing::ByPulse { after_ms } = self.setup.closing else { return None };
        let since = self.motion.open_since?;
        (!self.intents.any() && self.wants_to_close()).then(|| since.after(after_ms))
    }

    pub(super) fn close_when_due(&mut self, turn: &mut Turn<'_>) {
        if self.closing_due().is_some_and(|due| due <= turn.now) {
            if self.intents.has_room() {
                let id = turn.new_id();
                self.intend_closing(id, String::new(), turn);
            } else {
                self.motion.stands_open(turn.now);
            }
        }
    }

    /// Pulses the closing relay. Nothing is under the barrier.
    pub(super) fn lower(&mut self, id: RecordId, turn: &mut Turn<'_>) {
        if self.setup.closing == Closing::ByItself {
            // There is no relay for it: it closes as soon as nothing holds it.
            turn.tell(Kind::Abandoned, Some(id));
            return;
        }
        self.motion.falls(id, turn.now, &self.setup);
        self.relays.pulse(Relay::Close, id, id, turn);
        self.commanded = Commanded::Close;
    }
}
