//! The state of a gate, the order of a step, and what time alone brings about.

use std::collections::VecDeque;

use dwellers::access::{Reason, Verdict};
use dwellers::journal::{Entry, Kind};
use dwellers_replica::{Open, RecordId};
use serde::Serialize;
use utoipa::ToSchema;

use super::arrivals::{Arrival, Waiting, WaitingRoom};
use super::intents::{Due, Intent, Intents, Purpose};
use super::motion::Motion;
use super::openings::{Openings, Went};
use super::relays::{Outstanding, Relays};
use super::turn::{Turn, entry};
use crate::fault::{Fault, planted};

use super::{Action, Alert, Event, NotStored, Position, Relay, Setup, Tick};

/// One gate.
#[derive(Debug)]
pub struct Engine {
    pub(super) setup: Setup,
    pub(super) now: Tick,
    /// Nothing is known of the driver until it first says.
    pub(super) connected: Option<bool>,
    pub(super) intents: Intents,
    pub(super) openings: Openings,
    pub(super) relays: Relays,
    pub(super) motion: Motion,
    pub(super) waiting: WaitingRoom,
    /// The guard's hold: its entry, and who.
    pub(super) hold: Option<Held>,
    /// The fire alarm: its entry.
    pub(super) fire: Option<RecordId>,
    pub(super) commanded: Commanded,
    pub(super) last: Option<Last>,
    /// Entries of what was done at once: nothing waits for them, but it is told where they fail.
    beside: VecDeque<RecordId>,
    /// What was asked for lately: told twice, it is done once.
    known: VecDeque<RecordId>,
}

/// A hold of the guard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Held {
    /// Its entry.
    pub id: RecordId,
    /// Who holds it.
    pub guard: String,
}

/// What the gate was told last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Commanded {
    /// Nothing since the start, or a hold that ended.
    #[default]
    Nothing,
    /// To open.
    Open,
    /// To close.
    Close,
    /// To stay open.
    HeldOpen,
}

/// The last opening.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Last {
    /// Its entry.
    pub id: RecordId,
    /// When.
    pub at: Tick,
    /// Why.
    pub reason: Reason,
    /// Folded plate; empty for none.
    pub plate: String,
    /// The house concerned.
    pub house: Option<RecordId>,
    /// The guard who opened; empty for none.
    pub guard: String,
}

/// The gate as it stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Status {
    /// Its record.
    pub gate: RecordId,
    /// Whether the driver is there; `None`: it has not said yet.
    pub connected: Option<bool>,
    /// What the position sensor sees.
    pub position: Position,
    /// What the gate was told last: not what it did.
    pub commanded: Commanded,
    /// The loop is occupied.
    pub occupied: bool,
    /// The beam is broken.
    pub beam_broken: bool,
    /// The guard's hold.
    pub hold: Option<Held>,
    /// The fire alarm is on.
    pub fire: bool,
    /// Openings whose car has not passed.
    pub under_way: usize,
    /// Those who wait for the guard, the oldest first.
    pub waiting: Vec<Waiting>,
    /// The last opening.
    pub last: Option<Last>,
}

impl Engine {
    const MOST_BESIDE: usize = 16;
    const MOST_KNOWN: usize = 128;

    /// A gate of which nothing is known yet. Nothing moves by this.
    pub fn new(setup: Setup) -> Self {
        Engine {
            now: Tick::default(),
            connected: None,
            intents: Intents::default(),
            openings: Openings::new(setup.passage_window_ms),
            relays: Relays::new(&setup),
            motion: Motion::default(),
            waiting: WaitingRoom::default(),
            hold: None,
            fire: None,
            commanded: Commanded::default(),
            last: None,
            beside: VecDeque::new(),
            known: VecDeque::new(),
            setup,
        }
    }

    /// What an earlier run left in the journal: intents without outcome. Journalled and shown, never pulsed.
    pub fn interrupted(
        &mut self,
        intents: &[RecordId],
        now: Tick,
        new_id: &mut dyn FnMut() -> RecordId,
    ) -> Vec<Action> {
        let mut turn = Turn::new(now, self.setup.gate, new_id);
        for id in intents {
            self.is_news(*id);
            turn.tell(Kind::Interrupted, Some(*id));
            turn.alert(Alert::Interrupted(*id));
            #[cfg(feature = "sim")]
            if planted(Fault::PulseInterrupted) {
                self.relays.plant_again(Relay::Open, *id, *id);
            }
        }
        turn.actions()
    }

    /// An intent of an earlier run, `at` a time within the passage window, with the kinds of the entries about it; the
    /// earlier first, and before anything else happens. The car of an opening does not open again now, its passage still
    /// belongs to it, and a closing that may be coming down is stopped by what comes under it. Nothing is done again.
    pub fn recall(&mut self, id: RecordId, intent: &Entry, at: Tick, outcomes: &[Kind]) {
        let has = |kinds: &[Kind]| outcomes.iter().any(|kind| kinds.contains(kind));
        if has(&[Kind::Abandoned]) {
            return;
        }
        if intent.kind == Open::Known(Kind::Closing) {
            if !has(&[Kind::SeenClosed, Kind::Obstructed]) {
                self.motion.falls(id, at, &self.setup);
            }
            return;
        }
        self.motion.rises();
        let arrival = Box::new(Arrival::recalled(id, intent));
        if has(&[Kind::Passed]) {
            let went = if self.setup.sees_passage { Went::Seen } else { Went::Unseen };
            self.openings.remember(&arrival, at, went);
        } else if has(&[Kind::NobodyPassed]) {
            self.openings.remember(&arrival, at, Went::Replaced);
        } else {
            self.openings.recall(arrival, at);
            self.motion.stands_open(at);
        }
    }

    /// What happens, and what is to be done. What time alone brought about until `now` comes first.
    pub fn step(&mut self, event: Event, now: Tick, new_id: &mut dyn FnMut() -> RecordId) -> Vec<Action> {
        self.now = self.now.max(now);
        let mut turn = Turn::new(self.now, self.setup.gate, new_id);
        self.tick(&mut turn);
        match event {
            Event::Decided { id, lane, direction, decision, crop, guard, about, note } => {
                let arrival = Arrival { id, lane, direction, decision, crop, guard, about, note };
                if self.is_news(id) {
                    self.decided(Box::new(arrival), &mut turn);
                }
            }
            Event::Close { id, guard } if self.is_news(id) => self.intend_closing(id, guard, &mut turn),
            Event::Hold { id, guard } if self.is_news(id) => self.begin_hold(id, guard, &mut turn),
            Event::Release { id, guard } if self.is_news(id) => self.end_hold(id, guard, &mut turn),
            Event::Close { .. } | Event::Hold { .. } | Event::Release { .. } | Event::Tick => {}
            Event::Fire(on) => self.fire(on, &mut turn),
            Event::Stored { id, result } => self.stored(id, result, &mut turn),
            Event::Acknowledged { id, result } => self.acknowledged(id, result, &mut turn),
            Event::Position(position) => self.position(position, &mut turn),
            Event::Loop(occupied) => self.occupied(occupied, &mut turn),
            Event::Beam(broken) => self.beam(broken, &mut turn),
            Event::Driver { connected } => self.driver(connected, &mut turn),
        }
        self.close_when_due(&mut turn);
        turn.actions()
    }

    /// When to call [`Engine::step`] with [`Event::Tick`] at the latest.
    pub fn next_deadline(&self) -> Option<Tick> {
        let window = if self.motion.occupied { None } else { self.openings.deadline() };
        [
            self.intents.deadline(),
            self.relays.deadline(),
            self.waiting.deadline(),
            window,
            self.motion.deadline(&self.setup),
            self.closing_due(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// The gate as it stands.
    pub fn status(&self) -> Status {
        Status {
            gate: self.setup.gate,
            connected: self.connected,
            position: self.motion.position,
            commanded: self.commanded,
            occupied: self.motion.occupied,
            beam_broken: self.motion.beam_broken,
            hold: self.hold.clone(),
            fire: self.fire.is_some(),
            under_way: self.openings.count(),
            waiting: self.waiting.list(),
            last: self.last.clone(),
        }
    }

    /// Whether this id was not told before.
    fn is_news(&mut self, id: RecordId) -> bool {
        if self.known.contains(&id) {
            return false;
        }
        push_bounded(&mut self.known, id, Self::MOST_KNOWN);
        true
    }

    /// An entry of what was done at once.
    pub(super) fn record_beside(&mut self, id: RecordId) {
        push_bounded(&mut self.beside, id, Self::MOST_BESIDE);
    }

    pub(super) fn is_connected(&self) -> bool {
        self.connected == Some(true)
    }

    pub(super) fn is_held(&self) -> bool {
        self.hold.is_some() || self.fire.is_some()
    }

    fn tick(&mut self, turn: &mut Turn<'_>) {
        while let Some(due) = self.intents.next_due(turn.now) {
            match due {
                Due::Word(intent) => {
                    turn.alert(Alert::NotRecorded);
                    self.act(intent, turn);
                }
                Due::Opening(arrival) => {
                    turn.alert(Alert::NotRecorded);
                    self.ask(&arrival.judged(Verdict::Ask, Reason::NotJudged), turn);
                }
                Due::Closing => {
                    turn.alert(Alert::NotRecorded);
                    self.motion.stands_open(turn.now);
                }
            }
        }
        while let Some(overdue) = self.relays.next_overdue(turn.now) {
            self.not_commanded(&overdue, turn);
            turn.alert(Alert::Failed(overdue.about));
        }
        if self.relays.renewal_is_due(turn.now) {
            self.relays.hold(turn);
        }
        self.motion_tick(turn);
        self.openings.forget(turn.now);
        // A car that stands on the loop is passing: its opening waits for it.
        while !self.motion.occupied
            && let Some(over) = self.openings.next_over(turn.now)
        {
            turn.note(over.arrival.entry(Kind::NobodyPassed, Some(over.arrival.id)));
            self.motion.stands_open_until_now(turn.now);
        }
        self.waiting.tick(turn.now);
    }

    /// The store's answer.
    fn stored(&mut self, id: RecordId, result: Result<(), NotStored>, turn: &mut Turn<'_>) {
        if let Some(at) = self.beside.iter().position(|beside| *beside == id) {
            self.beside.remove(at);
            if result.is_err() {
                turn.alert(Alert::NotRecorded);
            }
            return;
        }
        let Some(intent) = self.intents.take(id) else { return };
        match (result, intent.is_late()) {
            (Ok(()), true) if planted(Fault::PulseLate) => self.act(intent, turn),
            (Ok(()), true) => {
                turn.tell(Kind::Abandoned, Some(id));
            }
            (Err(_), true) => {}
            (Ok(()), false) => self.act(intent, turn),
            (Err(why), false) if intent.is_word() => {
                if why == NotStored::UsedUp
                    && let Purpose::Open(arrival) = &intent.purpose
                {
                    // The word stands without the pass, and the journal is to know of it.
                    turn.store(id, arrival.decided(), None);
                    self.record_beside(id);
                } else {
                    turn.alert(Alert::NotRecorded);
                }
                self.act(intent, turn);
            }
            (Err(why), false) => self.not_durable(intent.purpose, why, turn),
        }
    }

    fn not_durable(&mut self, purpose: Purpose, why: NotStored, turn: &mut Turn<'_>) {
        let mut arrival = match purpose {
            Purpose::Open(arrival) => *arrival,
            Purpose::Close { .. } => {
                turn.alert(Alert::NotRecorded);
                return self.motion.stands_open(turn.now);
            }
        };
        // Its own entry does not stand in the journal; this one does, or neither.
        arrival.id = turn.new_id();
        let arrival = match why {
            NotStored::UsedUp => arrival.judged(Verdict::Refuse, Reason::UsedUp),
            NotStored::Failed => {
                turn.alert(Alert::NotRecorded);
                arrival.judged(Verdict::Ask, Reason::NotJudged)
            }
        };
        turn.store(arrival.id, arrival.decided(), None);
        self.ask(&arrival, turn);
    }

    /// Somebody waits for the guard.
    pub(super) fn ask(&mut self, arrival: &Arrival, turn: &mut Turn<'_>) {
        self.waiting.enter(arrival, turn.now);
        turn.alert(Alert::Waiting(arrival.id));
    }

    pub(super) fn act(&mut self, intent: Intent, turn: &mut Turn<'_>) {
        match intent.purpose {
            Purpose::Open(arrival) if arrival.guard.is_empty() => self.open_if_still_needed(arrival, turn),
            Purpose::Open(arrival) => self.open(arrival, turn),
            Purpose::Close { guard } => self.close(intent.id, guard, turn),
        }
    }

    pub(super) fn open(&mut self, arrival: Box<Arrival>, turn: &mut Turn<'_>) {
        let (id, held) = (arrival.id, self.is_held());
        if !self.is_connected() {
            turn.tell(Kind::Abandoned, Some(id));
            turn.alert(Alert::DriverLost);
            if arrival.guard.is_empty() {
                self.ask(&arrival.judged(Verdict::Ask, Reason::NotJudged), turn);
            }
            return;
        }
        // Held open, the relay is energised as it is.
        if !held {
            self.motion.rises();
            self.relays.pulse(Relay::Open, id, id, turn);
            self.commanded = Commanded::Open;
        }
        self.motion.stands_open(turn.now);
        let decision = &arrival.decision;
        self.waiting.leave(&decision.plate);
        self.last = Some(Last {
            id,
            at: turn.now,
            reason: decision.reason,
            plate: decision.plate.clone(),
            house: decision.house,
            guard: arrival.guard.clone(),
        });
        if let Some(dropped) = self.openings.begin(arrival, turn.now, held) {
            turn.note(dropped.arrival.entry(Kind::NobodyPassed, Some(dropped.arrival.id)));
        }
        self.pass_where_nobody_looks(turn);
    }

    fn acknowledged(&mut self, id: RecordId, result: Result<(), String>, turn: &mut Turn<'_>) {
        let Some(answered) = self.relays.answered(id) else { return };
        let Outstanding { about, relay, .. } = answered;
        match result {
            Ok(()) => {
                turn.tell(Kind::Commanded, Some(about));
                self.motion.watch(relay, about, turn.now, &self.setup);
                if relay == Relay::Open {
                    self.acknowledged_opening(about, turn);
                }
            }
            Err(what) => {
                turn.note(Entry { note: what, ..entry(Kind::Failed, Some(about)) });
                turn.alert(Alert::Failed(about));
                self.openings.cancel(about);
                self.motion.failed(relay);
            }
        }
    }

    fn acknowledged_opening(&mut self, about: RecordId, turn: &mut Turn<'_>) {
        let is_open = self.motion.position == Position::Open;
        if planted(Fault::CommandedIsSeen) {
            turn.tell(Kind::SeenOpen, Some(about));
        }
        // Without a position sensor the acknowledgement is all there will ever be.
        self.openings.acknowledged(about, is_open || !self.setup.sees_position);
        self.pass_where_nobody_looks(turn);
    }

    /// The driver said nothing, or is gone: it may have happened.
    fn not_commanded(&mut self, outstanding: &Outstanding, turn: &mut Turn<'_>) {
        turn.tell(Kind::Failed, Some(outstanding.about));
        self.openings.doubt(outstanding.about);
    }

    fn driver(&mut self, connected: bool, turn: &mut Turn<'_>) {
        let before = self.connected.replace(connected);
        if !connected && before != Some(false) {
            turn.tell(Kind::DriverLost, None);
            turn.alert(Alert::DriverLost);
            for outstanding in self.relays.lost() {
                self.not_commanded(&outstanding, turn);
                #[cfg(feature = "sim")]
                if planted(Fault::PulseAgainOnReconnect) {
                    self.relays.plant_again(outstanding.relay, outstanding.pulse, outstanding.about);
                }
            }
            self.motion.blind();
        }
        if connected && before != Some(true) {
            if before == Some(false) {
                turn.tell(Kind::DriverBack, None);
            }
            #[cfg(feature = "sim")]
            self.relays.tell_again(turn);
            if let Some(about) = self.held_by() {
                self.hold_open(about, turn);
            }
        }
    }
}

fn push_bounded<T>(queue: &mut VecDeque<T>, item: T, most: usize) {
    queue.push_back(item);
    if queue.len() > most {
        queue.pop_front();
    }
}
