//! The loop itself: what happens at the gates, in order, and what is done about it.
//!
//! Invariants: the guard's word goes before whatever cameras saw; all that a step of an engine says is done before
//! anything that comes of it is stepped; a question to the store that fails is a question to the guard.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError};
use std::time::Duration;

use dwellers::access::{self, Credential, Decision, Reason, Request, Strength, Verdict};
use dwellers::gates::Direction;
use dwellers::journal::{Entry, Intent, Kind};
use dwellers::plate;
use dwellers_replica::{Open, ReadError, RecordId, Shared};
use tokio::sync::watch;

use super::questions::Questions;
use super::waiting::WaitingRoom;
use super::{Alarm, Candidate, Command, Means, Message, NotTaken, State, Station, Told, Visitor};
use crate::clock::{self, Clock};
use crate::crops::Crops;
use crate::engine::{self, Action, Engine, Event, Tick};
use crate::gate::{Driver, NotSent, Report};
use crate::reads::{Heading, Read};
use crate::scribe::Job;
use crate::uplink;

/// The longest the loop sleeps: how soon it notices an answer to a question, and how old its sign of life may be.
const BEAT: Duration = Duration::from_millis(200);
/// How long ago an opening of an earlier run may be for its car to be still on its way. Beyond any passage window.
const RECALLED_MS: u64 = 120_000;
/// Openings of earlier runs that are recalled at a gate at most: no more cars go through one within a passage window.
/// Where no clock tells how old they are, this bounds what is taken for a moment ago.
const MOST_RECALLED: usize = 12;

/// A gate within the loop.
pub(super) struct Post {
    pub(super) key: String,
    pub(super) gate: dwellers::gates::Gate,
    pub(super) id: RecordId,
    pub(super) engine: Engine,
    pub(super) driver: Box<dyn Driver>,
    pub(super) intents: Vec<Intent>,
    /// What its device's contact of the fire alarm said last.
    pub(super) fire: bool,
}

impl Post {
    pub(super) fn new(station: Station) -> Self {
        let Station { key, gate, setup, driver, intents } = station;
        Post { key, gate, id: setup.gate, engine: Engine::new(setup), driver, intents, fire: false }
    }

    /// Which way a lane leads; a gate as a whole leads in.
    fn direction(&self, lane: &str) -> Direction {
        let lane = self.gate.lanes.iter().find(|known| known.key == lane);
        lane.map(|lane| lane.direction).unwrap_or_default()
    }
}

/// The loop's own state.
pub(super) struct House {
    pub(super) posts: Vec<Post>,
    pub(super) means: Means,
    pub(super) inbox: SyncSender<Message>,
    pub(super) waiting: WaitingRoom,
    pub(super) questions: Questions,
    pub(super) alarms: VecDeque<Alarm>,
    pub(super) told: watch::Sender<Arc<State>>,
}

/// Something to be judged at a gate, and all that the journal is to tell of it.
#[derive(Default)]
pub(super) struct Arrival {
    pub(super) lane: String,
    pub(super) guard: String,
    pub(super) about: Option<RecordId>,
    pub(super) note: String,
    pub(super) crop: String,
    pub(super) visitor: Visitor,
}

impl House {
    pub(super) fn serve(mut self, inbox: &Receiver<Message>, reads: &Receiver<Read>) {
        self.begin();
        loop {
            match self.next(inbox, reads) {
                Message::Stop => break,
                message => self.take(message),
            }
            self.tick();
            self.publish();
            self.means.pulse.gates_turned(self.means.clock.tick());
        }
        tracing::info!("the gate loop has ended");
    }

    /// What happens next: a read only where nothing else does.
    fn next(&self, inbox: &Receiver<Message>, reads: &Receiver<Read>) -> Message {
        let read = || reads.try_recv().ok().map(|read| Message::Read(Box::new(read)));
        loop {
            match inbox.try_recv() {
                // It said no more than that a read waits; whatever stands behind it in the inbox goes first.
                Ok(Message::Wake) => {}
                Ok(message) => return message,
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => return Message::Stop,
            }
        }
        if let Some(read) = read() {
            return read;
        }
        match inbox.recv_timeout(self.patience()) {
            Ok(Message::Wake) => read().unwrap_or(Message::Wake),
            Ok(message) => message,
            Err(RecvTimeoutError::Timeout) => Message::Wake,
            Err(RecvTimeoutError::Disconnected) => Message::Stop,
        }
    }

    /// What is known from before this run goes into the journal; nothing moves.
    fn begin(&mut self) {
        self.note(Entry { kind: Open::Known(Kind::Started), ..Entry::default() });
        for at in 0..self.posts.len() {
            self.remember(at);
        }
        self.publish();
    }

    /// What earlier runs left at a gate: cars that may still be passing, and intents whose outcome nobody knows.
    fn remember(&mut self, at: usize) {
        let (tick, wall) = (self.means.clock.tick(), self.means.clock.now());
        let intents = std::mem::take(&mut self.posts[at].intents);
        let newest = intents.len().saturating_sub(MOST_RECALLED);
        for Intent { entry, outcomes, .. } in &intents[newest..] {
            // Where either clock was not trusted, it may have been a moment ago: a longer memory only asks the guard.
            let known = wall.trusted && entry.value.trusted;
            let age_ms = if known { wall.ms.saturating_sub(entry.value.at_ms) } else { 0 };
            if age_ms < RECALLED_MS {
                let then = Tick(tick.0.saturating_sub(age_ms));
                self.posts[at].engine.recall(entry.id, &entry.value, then, outcomes);
            }
        }
        let interrupted: Vec<RecordId> =
            intents.iter().filter(|intent| intent.interrupted).map(|intent| intent.entry.id).collect();
        let (store, clock) = (&self.means.store, &self.means.clock);
        let actions = self.posts[at].engine.interrupted(&interrupted, tick, &mut || new_id(store, clock));
        self.perform_all(at, actions);
    }

    /// How long the loop may sleep.
    fn patience(&self) -> Duration {
        let now = self.means.clock.tick();
        let next = self.posts.iter().filter_map(|post| post.engine.next_deadline()).min();
        next.map_or(BEAT, |next| Duration::from_millis(next.0.saturating_sub(now.0)).min(BEAT))
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Read(read) => self.on_read(*read),
            Message::Command(command, reply) => {
                // Whoever asked may have gone; what they asked for is done all the same.
                let _ = reply.send(self.on_command(*command));
            }
            Message::Driver(at, report) => self.on_report(at, report),
            Message::Stored(at, id, result) => self.step(at, Event::Stored { id, result }),
            Message::Wake | Message::Stop => {}
        }
    }

    fn tick(&mut self) {
        let now = self.means.clock.tick();
        for at in 0..self.posts.len() {
            if self.posts[at].engine.next_deadline().is_some_and(|next| next <= now) {
                self.step(at, Event::Tick);
            }
        }
        self.hear_answers();
    }

    fn on_report(&mut self, at: usize, report: Report) {
        let event = match report {
            Report::Connected(connected) => Event::Driver { connected },
            Report::Acknowledged { id, result } => Event::Acknowledged { id, result },
            Report::Position(position) => Event::Position(position),
            Report::Loop(occupied) => Event::Loop(occupied),
            Report::Beam(broken) => Event::Beam(broken),
            Report::Fire(on) => return self.on_fire(at, on),
        };
        self.step(at, event);
    }

    /// A contact of the fire alarm, wherever it is wired: all gates open while any is on. One whose device was lost
    /// keeps what it said last.
    fn on_fire(&mut self, at: usize, on: bool) {
        self.posts[at].fire = on;
        let any = self.posts.iter().any(|post| post.fire);
        for at in 0..self.posts.len() {
            self.step(at, Event::Fire(any));
        }
    }

    fn on_read(&mut self, mut read: Read) {
        let Some(at) = self.posts.iter().position(|post| post.key == read.gate) else { return };
        let plate = plate::fold(&read.plate);
        if plate.is_empty() && !read.is_unread() {
            return;
        }
        if read.heading == Heading::Leaving && read.strength == Strength::Strong {
            // A car opens by itself only while it moves towards the gate.
            read.strength = Strength::Middling;
        }
        let lane = read.lane.clone();
        if read.strength == Strength::Refused {
            let crop = self.keep_crop(&mut read);
            return self.written_down(at, lane, plate, crop);
        }
        let decision = self.timed(at, |house| house.weigh_read(at, &read, &plate));
        if self.posts[at].expects(&lane, &plate, &decision) {
            // The same car, read again while it waits for the guard.
            return;
        }
        let candidates = match decision.verdict {
            Verdict::Open => Vec::new(),
            _ => self.candidates(at, &read, &plate),
        };
        // What this very car was taken for before does not wait beside it.
        let before = read.instead_of.take().map(|before| plate::fold(&before));
        let about = before.and_then(|before| self.posts[at].waiting_in(&lane, &before));
        let crop = self.keep_crop(&mut read);
        let told = self.decided(at, Arrival { lane, crop, about, ..Arrival::default() }, decision);
        self.waiting.help(told.entry).candidates = candidates;
    }

    /// What is decided about a car that was seen.
    fn weigh_read(&self, at: usize, read: &Read, plate: &str) -> Decision {
        let weak = Decision { verdict: Verdict::Ask, reason: Reason::WeakReading, ..Decision::default() };
        if read.is_unread() {
            return weak;
        }
        let strength = read.strength.beside(read.confidence, self.nearest_known(at, read, plate));
        let credential = Credential::Plate { plate: plate.to_owned(), strength };
        let decision = self.weigh(at, &read.lane, credential);
        // A lane that lets everybody out does so by itself for what comes, or for what somebody saw who is sure of it:
        // not for what stands about in it, nor for what came in by it the wrong way.
        let comes = match read.heading {
            Heading::Approaching => true,
            Heading::Unknown => read.strength == Strength::Strong,
            Heading::Leaving => false,
        };
        let (verdict, reason) = match decision.reason {
            Reason::FreeExit if !comes => (weak.verdict, weak.reason),
            reason => (decision.verdict, reason),
        };
        Decision { verdict, reason, ..decision }
    }

    /// A reading too poor to ask anybody about goes into the journal, and no further.
    fn written_down(&self, at: usize, lane: String, plate: String, crop: String) {
        let direction = Some(self.posts[at].direction(&lane));
        let gate = Some(self.posts[at].id);
        let (verdict, reason) = (Some(Open::Known(Verdict::Refuse)), Some(Open::Known(Reason::WeakReading)));
        let kind = Open::Known(Kind::Decided);
        self.note(Entry { kind, gate, lane, direction, verdict, reason, plate, crop, ..Entry::default() });
    }

    /// How probable it is that a strong reading is meant for another known car: of the likeliest of those. Looked up
    /// only where it would make a difference.
    fn nearest_known(&self, at: usize, read: &Read, plate: &str) -> f32 {
        let others = read.alternatives.iter().map(|(text, p)| (plate::fold(text), *p));
        let near = others.filter(|(other, p)| {
            other != plate && read.strength.beside(read.confidence, *p) != read.strength
        });
        let known = near.filter(|(other, _)| self.known(at, &read.lane, other).is_some());
        known.map(|(_, p)| p).fold(0.0, f32::max)
    }

    fn keep_crop(&self, read: &mut Read) -> String {
        read.crop.take().map(|picture| self.keep(picture)).unwrap_or_default()
    }

    /// Keeps a picture and gives its name for the journal; the folder is written elsewhere.
    fn keep(&self, picture: Vec<u8>) -> String {
        let hash = Crops::hash(&picture);
        if self.means.crops.keep(picture) { hash } else { String::new() }
    }

    /// The known cars that a reading may be meant for, best first: for one tap of the guard.
    fn candidates(&self, at: usize, read: &Read, plate: &str) -> Vec<Candidate> {
        let others = read.alternatives.iter().map(|(text, p)| (plate::fold(text), *p));
        let mut candidates: Vec<Candidate> = Vec::new();
        for (plate, probability) in [(plate.to_owned(), read.confidence)].into_iter().chain(others).take(8) {
            if candidates.iter().all(|candidate| candidate.plate != plate)
                && let Some(decision) = self.known(at, &read.lane, &plate)
            {
                candidates.push(Candidate::new(plate, probability, &decision));
            }
        }
        candidates
    }

    /// What would be decided about a plate, where the community knows it.
    fn known(&self, at: usize, lane: &str, plate: &str) -> Option<Decision> {
        let (plate, strength) = (plate.to_owned(), Strength::Strong);
        let decision = self.weigh(at, lane, Credential::Plate { plate, strength });
        let knows = decision.grant.is_some() || decision.reason == Reason::Banned;
        knows.then_some(decision)
    }

    fn on_command(&mut self, command: Command) -> Result<Told, NotTaken> {
        match command {
            Command::Pass { gate, lane, credential, guard, about, note, visitor } => {
                let at = self.post(&gate)?;
                if !lane.is_empty() && !self.posts[at].gate.lanes.iter().any(|known| known.key == lane) {
                    return Err(NotTaken::NoLane);
                }
                if let Some(arrival) = about
                    && self.posts[at].waiting(arrival).is_none()
                {
                    return Err(NotTaken::NobodyWaits);
                }
                // Who opens and names nobody means whoever waits there, where only one does: their question is over.
                let word = credential == Credential::Guard;
                let about = about.or_else(|| self.posts[at].only_waiting(&lane).filter(|_| word));
                let decision = self.judge(at, &lane, credential);
                if !guard.is_empty() && decision.verdict != Verdict::Open {
                    // The guard wanted to open, and refused nobody: they are told, and whoever waits waits on.
                    return Ok(Told { entry: RecordId::default(), decision: Some(decision) });
                }
                let arrival = Arrival { lane, guard, about, note, visitor, ..Arrival::default() };
                Ok(self.decided(at, arrival, decision))
            }
            Command::Close { gate, guard } => self.word(&gate, |id| Event::Close { id, guard }),
            Command::Hold { gate, guard } => self.word(&gate, |id| Event::Hold { id, guard }),
            Command::Release { gate, guard } => self.word(&gate, |id| Event::Release { id, guard }),
            Command::Refuse { arrival, guard, note } => self.refuse(arrival, guard, note),
            Command::Asked(pending) => {
                let entry = pending.entry(Kind::Asked);
                if let Some(arrival) = pending.about {
                    self.waiting.help(arrival).question = Some(pending.question);
                }
                self.questions.watch(pending, self.means.clock.tick());
                Ok(self.note(entry))
            }
            Command::Note(entry) => Ok(self.note(*entry)),
        }
    }

    fn post(&self, key: &str) -> Result<usize, NotTaken> {
        self.posts.iter().position(|post| post.key == key).ok_or(NotTaken::NoGate)
    }

    /// The guard's word to a gate.
    fn word(&mut self, gate: &str, event: impl FnOnce(RecordId) -> Event) -> Result<Told, NotTaken> {
        let at = self.post(gate)?;
        let entry = self.new_id();
        self.step(at, event(entry));
        Ok(Told { entry, decision: None })
    }

    /// The guard sends away who waits. What was known of them goes into the journal with it.
    fn refuse(&mut self, arrival: RecordId, guard: String, note: String) -> Result<Told, NotTaken> {
        let found = self.posts.iter().enumerate().find_map(|(at, post)| Some((at, post.waiting(arrival)?)));
        let (at, waited) = found.ok_or(NotTaken::NobodyWaits)?;
        let engine::Waiting { lane, plate, name, house, reason, .. } = waited;
        let decision =
            Decision { verdict: Verdict::Refuse, reason, plate, name, house, ..Decision::default() };
        let about = Some(arrival);
        Ok(self.decided(at, Arrival { lane, guard, about, note, ..Arrival::default() }, decision))
    }

    /// Judges what somebody shows.
    pub(super) fn judge(&self, at: usize, lane: &str, credential: Credential) -> Decision {
        self.timed(at, |house| house.weigh(at, lane, credential))
    }

    fn timed(&self, at: usize, decide: impl FnOnce(&House) -> Decision) -> Decision {
        let watch = self.means.clock.stopwatch();
        let decision = decide(self);
        self.means.metrics.decided(&self.posts[at].key, &decision, watch.elapsed());
        decision
    }

    /// What would be decided. Where the store fails, the guard is asked.
    fn weigh(&self, at: usize, lane: &str, credential: Credential) -> Decision {
        let request = Request { gate: self.posts[at].id, lane: lane.to_owned(), credential };
        if request.credential == Credential::Guard {
            // The guard's word needs no store.
            return Decision { verdict: Verdict::Open, reason: Reason::Guard, ..Decision::default() };
        }
        let gate = &self.posts[at].gate;
        let ask = || Decision { verdict: Verdict::Ask, reason: Reason::NotJudged, ..Decision::default() };
        let gathered = self.means.store.view(|view| {
            let learning = uplink::is_learning(view)?;
            Ok::<_, ReadError>((!learning).then(|| access::gather(view, gate, &request)).transpose()?)
        });
        match gathered.map_err(ReadError::from).and_then(|facts| facts) {
            Ok(Some(facts)) => access::decide(&request, &facts, self.means.clock.now()),
            Ok(None) => ask(),
            Err(error) => {
                tracing::error!(%error, "the store cannot be read: the guard is asked");
                ask()
            }
        }
    }

    /// Tells an engine of a decision.
    pub(super) fn decided(&mut self, at: usize, arrival: Arrival, mut decision: Decision) -> Told {
        let Arrival { lane, guard, about, note, crop, visitor } = arrival;
        // What the guard says of a visitor counts where no grant says it.
        if decision.plate.is_empty() {
            decision.plate = visitor.plate;
        }
        if decision.name.is_empty() {
            decision.name = visitor.name;
        }
        decision.house = decision.house.or(visitor.house);
        let id = self.new_id();
        let direction = self.posts[at].direction(&lane);
        let told = Told { entry: id, decision: Some(decision.clone()) };
        let decision = Box::new(decision);
        self.step(at, Event::Decided { id, lane, direction, decision, crop, guard, about, note });
        told
    }

    /// Steps an engine and does what it says.
    fn step(&mut self, at: usize, event: Event) {
        let now = self.means.clock.tick();
        let (store, clock) = (&self.means.store, &self.means.clock);
        let actions = self.posts[at].engine.step(event, now, &mut || new_id(store, clock));
        self.perform_all(at, actions);
    }

    /// Does all that a step says before anything that comes of it is stepped: the order of actions matters.
    pub(super) fn perform_all(&mut self, at: usize, actions: Vec<Action>) {
        let answers: Vec<Event> = actions.into_iter().filter_map(|action| self.perform(at, action)).collect();
        for answer in answers {
            self.step(at, answer);
        }
    }

    /// Does what an engine says; gives back what it must hear of it at once.
    fn perform(&mut self, at: usize, action: Action) -> Option<Event> {
        match action {
            Action::Store { id, entry, uses } => self.store_entry(at, id, *entry, uses),
            Action::Pulse { relay, id, ms } => {
                tracing::info!(gate = self.posts[at].key, ?relay, %id, ms, "pulse");
                if let Err(error) = self.posts[at].driver.pulse(relay, id, ms) {
                    return Some(Event::Acknowledged { id, result: Err(error.to_string()) });
                }
            }
            Action::Hold { lease_ms } => {
                let sent = self.posts[at].driver.hold(lease_ms);
                self.complain(at, sent);
            }
            Action::Release(relay) => {
                let sent = self.posts[at].driver.release(relay);
                self.complain(at, sent);
            }
            Action::Alert(alert) => {
                tracing::warn!(gate = self.posts[at].key, ?alert, "alert");
                if let Some(alarm) = Alarm::of(&alert, &self.posts[at].key, self.means.clock.now().ms) {
                    self.alarms.truncate(Alarm::MOST - 1);
                    self.alarms.push_front(alarm);
                }
            }
        }
        None
    }

    /// A hold is said again well within its lease, and what was to be released ends by the device's own timer.
    fn complain(&self, at: usize, sent: Result<(), NotSent>) {
        if let Err(error) = sent {
            tracing::warn!(gate = self.posts[at].key, %error, "not sent");
        }
    }

    fn store_entry(&self, at: usize, id: RecordId, entry: Entry, uses: Option<(RecordId, u32)>) {
        let inbox = self.inbox.clone();
        let done = move |result| {
            // A lost answer is an intent that is never durable: the engine abandons it.
            if inbox.try_send(Message::Stored(at, id, result)).is_err() {
                tracing::error!(%id, "the gate loop is too busy to hear of its journal");
            }
        };
        self.means.scribe.write(Job { id, entry, uses, at: self.means.clock.now(), done: Box::new(done) });
    }

    /// Writes an entry that no engine waits for.
    pub(super) fn note(&self, entry: Entry) -> Told {
        let id = self.new_id();
        let at = self.means.clock.now();
        self.means.scribe.write(Job { id, entry, uses: None, at, done: Box::new(|_| {}) });
        Told { entry: id, decision: None }
    }

    fn new_id(&self) -> RecordId {
        new_id(&self.means.store, &self.means.clock)
    }
}

/// A new id; where the store cannot be asked for the hybrid time, the wall clock has to do.
fn new_id(store: &Shared, clock: &Clock) -> RecordId {
    let (now, entropy) = (clock.now(), clock::entropy());
    store.new_id(now, entropy).unwrap_or_else(|_| RecordId::new(now.ms, entropy))
}
