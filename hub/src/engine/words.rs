//! What the engine is told to do: decisions, the guard's words, the fire alarm.

use dwellers::access::{Reason, Verdict};
use dwellers::gates::Direction;
use dwellers::journal::{Entry, Kind};
use dwellers_replica::RecordId;

use super::arrivals::Arrival;
use super::intents::{Intent, Purpose};
use super::machine::{Commanded, Engine, Held};
use super::openings::Earlier;
use super::turn::{Turn, entry};
use super::{Alert, Relay};
use crate::fault::{Fault, planted};

impl Engine {
    pub(super) fn decided(&mut self, arrival: Box<Arrival>, turn: &mut Turn<'_>) {
        if let Some(about) = arrival.about {
            self.waiting.answered(about);
        }
        match (arrival.decision.verdict, arrival.guard.is_empty()) {
            (Verdict::Open, false) => self.open_on_word(arrival, turn),
            (Verdict::Open, true) => self.open_once(arrival, turn),
            (Verdict::Refuse, false) => {
                let refused =
                    Entry { kind: dwellers_replica::Open::Known(Kind::RefusedByGuard), ..arrival.decided() };
                turn.store(arrival.id, refused, None);
            }
            (Verdict::Ask, false) => turn.store(arrival.id, arrival.decided(), None),
            (Verdict::Ask | Verdict::Refuse, true) => self.put_to_guard(*arrival, turn),
        }
    }

    /// Journals an arrival that stays outside for now, and shows it.
    fn put_to_guard(&mut self, arrival: Arrival, turn: &mut Turn<'_>) {
        turn.store(arrival.id, arrival.decided(), None);
        self.ask(&arrival, turn);
    }

    /// The guard opens: also a second time, also for a plate that was just there.
    fn open_on_word(&mut self, arrival: Box<Arrival>, turn: &mut Turn<'_>) {
        self.drop_closings(turn);
        turn.store(arrival.id, arrival.decided(), arrival.decision.uses);
        let patience_ms =
            if planted(Fault::GuardWaitsForStore) { u32::MAX } else { self.setup.guard_patience_ms };
        let deadline = turn.now.after(patience_ms);
        self.intend(Intent::new(arrival.id, Purpose::Open(arrival), deadline), turn);
    }

    /// One car, one opening.
    fn open_once(&mut self, arrival: Box<Arrival>, turn: &mut Turn<'_>) {
        match self.earlier(&arrival) {
            Some(Earlier::Same(opening)) => {
                let entry = Entry { verdict: None, about: Some(opening), ..arrival.decided() };
                turn.store(arrival.id, entry, None);
            }
            Some(Earlier::Doubtful(opening)) => {
                let doubtful = Arrival { about: Some(opening), ..*arrival };
                self.put_to_guard(doubtful.judged(Verdict::Ask, Reason::NotJudged), turn);
            }
            Some(Earlier::Again(opening)) => {
                let reason = match arrival.direction {
                    Direction::Entry => Reason::Inside,
                    Direction::Exit => Reason::NotJudged,
                };
                let again = Arrival { about: Some(opening), ..*arrival };
                self.put_to_guard(again.judged(Verdict::Ask, reason), turn);
            }
            None if self.intents.has_room() && self.openings.has_room() => {
                turn.store(arrival.id, arrival.decided(), arrival.decision.uses);
                if planted(Fault::PulseBeforeDurable) {
                    return self.open(arrival, turn);
                }
                let deadline = turn.now.after(self.setup.intent_timeout_ms);
                self.intents.add(Intent::new(arrival.id, Purpose::Open(arrival), deadline));
            }
            None => self.put_to_guard(arrival.judged(Verdict::Ask, Reason::NotJudged), turn),
        }
    }

    /// While the store wrote, the guard may have opened for the same car.
    pub(super) fn open_if_still_needed(&mut self, arrival: Box<Arrival>, turn: &mut Turn<'_>) {
        let earlier = if planted(Fault::NoSecondLook) { None } else { self.earlier(&arrival) };
        let Some(earlier) = earlier else { return self.open(arrival, turn) };
        turn.tell(Kind::Abandoned, Some(arrival.id));
        if !matches!(earlier, Earlier::Same(_)) {
            self.ask(&arrival.judged(Verdict::Ask, Reason::NotJudged), turn);
        }
    }

    /// What the same plate did within its window.
    fn earlier(&self, arrival: &Arrival) -> Option<Earlier> {
        let plate = &arrival.decision.plate;
        if plate.is_empty() || planted(Fault::ForgetPlates) {
            return None;
        }
        let waiting = self.intents.opening_for(plate).map(Earlier::Same);
        waiting.or_else(|| self.openings.earlier(plate, arrival.direction))
    }

    /// A word of the guard is to be acted on; where too many wait, at once.
    fn intend(&mut self, intent: Intent, turn: &mut Turn<'_>) {
        if self.intents.has_room() {
            self.intents.add(intent);
        } else {
            turn.alert(Alert::NotRecorded);
            self.act(intent, turn);
        }
    }

    pub(super) fn intend_closing(&mut self, id: RecordId, guard: String, turn: &mut Turn<'_>) {
        let is_word = !guard.is_empty();
        turn.store(id, Entry { guard: guard.clone(), ..entry(Kind::Closing, None) }, None);
        let patience_ms = if is_word { self.setup.guard_patience_ms } else { self.setup.intent_timeout_ms };
        let intent = Intent::new(id, Purpose::Close { guard }, turn.now.after(patience_ms));
        self.intend(intent, turn);
    }

    /// A later word to open or hold: closings that wait are not carried out any more.
    fn drop_closings(&mut self, turn: &mut Turn<'_>) {
        for closing in self.intents.take_closings() {
            turn.tell(Kind::Abandoned, Some(closing.id));
        }
    }

    pub(super) fn begin_hold(&mut self, id: RecordId, guard: String, turn: &mut Turn<'_>) {
        let before = self.hold.replace(Held { id, guard: guard.clone() });
        self.hold_open(id, turn);
        self.drop_closings(turn);
        let about = before.map(|held| held.id);
        turn.store(id, Entry { guard, ..entry(Kind::HoldBegan, about) }, None);
        self.record_beside(id);
    }

    pub(super) fn end_hold(&mut self, id: RecordId, guard: String, turn: &mut Turn<'_>) {
        let Some(held) = self.hold.take() else { return };
        self.let_go(turn);
        turn.store(id, Entry { guard, ..entry(Kind::HoldEnded, Some(held.id)) }, None);
        self.record_beside(id);
    }

    pub(super) fn fire(&mut self, on: bool, turn: &mut Turn<'_>) {
        if on == self.fire.is_some() {
            return;
        }
        let id = turn.new_id();
        let (kind, about) = if on {
            self.fire = Some(id);
            self.hold_open(id, turn);
            self.drop_closings(turn);
            (Kind::FireBegan, None)
        } else {
            let began = self.fire.take();
            self.let_go(turn);
            (Kind::FireEnded, began)
        };
        turn.store(id, entry(kind, about), None);
        self.record_beside(id);
    }

    /// The entry that holds it open; the fire alarm before the guard.
    pub(super) fn held_by(&self) -> Option<RecordId> {
        self.fire.or(self.hold.as_ref().map(|held| held.id))
    }

    /// Holds it open, or begins to as soon as the driver is there.
    pub(super) fn hold_open(&mut self, about: RecordId, turn: &mut Turn<'_>) {
        self.motion.rises();
        if self.is_connected() {
            self.relays.hold(turn);
            self.commanded = Commanded::HeldOpen;
            self.motion.watch(Relay::Open, about, turn.now, &self.setup);
        }
    }

    /// A hold ended. It is let go unless something else holds it; closing it is for later, when nothing is under it.
    fn let_go(&mut self, turn: &mut Turn<'_>) {
        if self.is_held() && !planted(Fault::ReleaseBeatsFire) {
            return;
        }
        self.relays.release(Relay::Open, turn);
        self.commanded = Commanded::Nothing;
        self.motion.let_go(turn.now);
    }

    /// A closing is durable, or the guard's word.
    pub(super) fn close(&mut self, id: RecordId, guard: String, turn: &mut Turn<'_>) {
        let is_word = !guard.is_empty();
        if self.fire.is_some() || !self.is_connected() || (!is_word && !self.may_close()) {
            turn.tell(Kind::Abandoned, Some(id));
            return;
        }
        if self.motion.is_obstructed() {
            turn.tell(Kind::Obstructed, Some(id));
            return;
        }
        if is_word && self.hold.is_some() {
            let ended = turn.new_id();
            self.end_hold(ended, guard, turn);
        }
        self.lower(id, turn);
    }
}
