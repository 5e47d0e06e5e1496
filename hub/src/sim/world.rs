//! The world of a story: its time, what is under way in it, and how the engine's word reaches the barrier and back.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt::Arguments;

use dwellers::access::{Decision, Verdict};
use dwellers::gates::Direction;
use dwellers::journal::{Entry, Kind};
use dwellers_replica::{Open, RecordId};

use super::Tally;
use super::store::Store;
use super::witness::{LAG_MS, WIRE_MS, Wish, Witness};
use crate::barrier::{Barrier, Command, Input, Model, Output, World as Deed};
use crate::engine::{Action, Alert, Closing, Engine, Event, Relay, Setup, Tick};

/// Whoever steps this often in one millisecond turns in circles.
const MOST_STEPS_AT_ONCE: usize = 500;

/// What is to happen later.
#[derive(Clone, Debug)]
pub(super) enum Plan {
    Read(Read),
    /// The guard opens for somebody who came.
    Word(Read),
    Do(Deed),
    Fire(bool),
    Release,
    Plug,
    Start,
    StoreRecovers,
}

/// Somebody comes, as the decision will see them.
#[derive(Clone, Debug)]
pub(super) struct Read {
    pub plate: String,
    pub direction: Direction,
    pub verdict: Verdict,
    /// A pass with one entry.
    pub pass: Option<RecordId>,
}

/// How bad things may get in this story.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weather {
    pub kills: bool,
    pub losses: bool,
    pub bad_store: bool,
    pub bad_driver: bool,
    pub fire: bool,
    pub jams: bool,
    pub hands: bool,
}

pub(super) struct World<'a> {
    pub rng: fastrand::Rng,
    trace: &'a mut dyn FnMut(&str),
    pub now: u64,
    pub step: usize,
    pub weather: Weather,
    pub setup: Setup,
    pub barrier: Barrier,
    pub engine: Option<Engine>,
    pub store: Store,
    pub witness: Witness,
    /// The hub's connection to the driver stands.
    pub plugged: bool,
    pub fire: bool,
    pub waiting: VecDeque<RecordId>,
    pub alerts: Vec<Alert>,
    to_barrier: VecDeque<(u64, Vec<Command>)>,
    to_hub: VecDeque<(u64, Output)>,
    pub plans: BTreeMap<(u64, u64), Plan>,
    planned: u64,
    /// How long the hub sleeps past its deadlines.
    lag_ms: u64,
    ids: u64,
    /// How many entries of each kind the engine told.
    pub told: HashMap<Kind, u64>,
    pub tally: Tally,
}

impl<'a> World<'a> {
    pub fn new(seed: u64, trace: &'a mut dyn FnMut(&str)) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let by_itself = rng.u8(..4) == 0;
        let sees = (rng.u8(..5) > 0, rng.u8(..5) > 0);
        let setup = Setup {
            gate: RecordId::new(1, 1),
            pulse_ms: rng.u32(100..1_000),
            closing: if by_itself {
                Closing::ByItself
            } else {
                Closing::ByPulse { after_ms: rng.u32(3_000..6_000) }
            },
            sees_position: sees.0,
            sees_passage: sees.1,
            travel_ms: 3_000,
            passage_window_ms: rng.u32(10_000..30_000),
            hold_lease_ms: rng.u32(2_000..8_000),
            guard_patience_ms: rng.u32(100..500),
            intent_timeout_ms: rng.u32(500..3_000),
            acknowledge_timeout_ms: rng.u32(300..1_000),
        };
        let model = Model {
            opening_ms: rng.u32(600..2_000),
            closing_ms: rng.u32(600..2_000),
            closes_after_ms: by_itself.then(|| rng.u32(3_000..6_000)),
            minds_obstacles: by_itself,
            sees_position: sees.0,
            sees_loop: sees.1,
            ..Model::default()
        };
        let lag_ms = rng.u64(..=LAG_MS);
        let mut may = || rng.u8(..3) > 0;
        let weather = Weather {
            kills: may(),
            losses: may(),
            bad_store: may(),
            bad_driver: may(),
            fire: may(),
            jams: may(),
            hands: may(),
        };
        let mut world = World {
            rng,
            trace,
            now: 1_000,
            step: 0,
            weather,
            barrier: Barrier::new(model),
            engine: None,
            store: Store::new(),
            witness: Witness::new(setup.clone(), by_itself),
            setup,
            plugged: true,
            fire: false,
            waiting: VecDeque::new(),
            alerts: Vec::new(),
            to_barrier: VecDeque::new(),
            to_hub: VecDeque::new(),
            plans: BTreeMap::new(),
            planned: 0,
            lag_ms,
            ids: 0,
            told: HashMap::new(),
            tally: Tally::default(),
        };
        let (setup, weather) = (world.setup.clone(), world.weather);
        world.say(format_args!("{setup:?}\n{model:?}\n{weather:?}"));
        world
    }

    pub fn step(&self) -> usize {
        self.step
    }

    pub fn tally(&self) -> Tally {
        Tally {
            pulses: self.witness.pulses(),
            cars: self.barrier.history().passed(),
            reversals: self.witness.reversals,
            ..self.tally
        }
    }

    pub fn say(&mut self, what: Arguments<'_>) {
        (self.trace)(&format!("{:>4} {:>7} {what}", self.step, self.now));
    }

    pub fn fresh_id(&mut self) -> RecordId {
        self.ids += 1;
        RecordId::new(self.now, u128::from(self.ids) << 32 | u128::from(self.rng.u32(..)))
    }

    pub fn plan(&mut self, in_ms: u64, plan: Plan) {
        self.planned += 1;
        self.plans.insert((self.now + in_ms, self.planned), plan);
    }

    /// Lets time go on, with everything that is due on the way.
    pub fn advance(&mut self, ms: u64) -> Result<(), String> {
        let until = self.now + ms;
        let mut at_once = 0;
        while let Some(next) = self.next_moment().filter(|next| *next <= until) {
            at_once = if next > self.now { 0 } else { at_once + 1 };
            if at_once > MOST_STEPS_AT_ONCE {
                return Err("it turns in circles: its deadline does not move".into());
            }
            self.now = self.now.max(next);
            self.happen()?;
            self.witness.look(&self.barrier, self.now)?;
        }
        self.now = until;
        Ok(())
    }

    fn next_moment(&self) -> Option<u64> {
        [
            self.plans.keys().next().map(|(at, _)| *at),
            self.to_barrier.front().map(|(at, _)| *at),
            self.to_hub.front().map(|(at, _)| *at),
            self.barrier.deadline().map(|at| at.0),
            self.store.deadline(),
            self.engine.as_ref().and_then(Engine::next_deadline).map(|at| at.0 + self.lag_ms),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// One thing that is due, the outermost first.
    fn happen(&mut self) -> Result<(), String> {
        let now = self.now;
        if let Some((_, commands)) = self.to_barrier.pop_front_if(|(at, _)| *at <= now) {
            for command in commands {
                self.arrive(command)?;
            }
            return Ok(());
        }
        if self.barrier.deadline().is_some_and(|at| at.0 <= now) {
            return self.barrier(Input::Tick);
        }
        let before = self.store.proceed(now);
        self.became_durable(before);
        if let Some(done) = self.store.answer(now) {
            return self.tell(Event::Stored { id: done.id, result: done.result });
        }
        if let Some((_, output)) = self.to_hub.pop_front_if(|(at, _)| *at <= now) {
            return self.hear(output);
        }
        if let Some(entry) = self.plans.first_entry().filter(|entry| entry.key().0 <= now) {
            let plan = entry.remove();
            return self.carry_out(plan);
        }
        self.tell(Event::Tick)
    }

    fn arrive(&mut self, command: Command) -> Result<(), String> {
        if matches!(command, Command::Hold { .. }) && self.barrier.is_linked() {
            self.witness.hold_arrived(self.now);
        }
        self.say(format_args!("   barrier <- {command:?}"));
        self.barrier(Input::Command(command))
    }

    /// Something happens to the barrier.
    pub fn barrier(&mut self, input: Input) -> Result<(), String> {
        let outputs = self.barrier.step(input, Tick(self.now));
        self.witness.look(&self.barrier, self.now)?;
        self.post(outputs);
        Ok(())
    }

    fn post(&mut self, outputs: Vec<Output>) {
        for output in outputs {
            if !self.plugged {
                continue;
            }
            let dropped = self.weather.bad_driver
                && matches!(output, Output::Acknowledged { .. })
                && self.rng.u8(..30) == 0;
            if dropped {
                self.say(format_args!("   lost: {output:?}"));
                continue;
            }
            let due = self.now + self.rng.u64(1..=WIRE_MS / 2);
            let due = due.max(self.to_hub.back().map_or(0, |(due, _)| *due));
            self.to_hub.push_back((due, output));
        }
    }

    /// The driver's word reaches the hub.
    fn hear(&mut self, output: Output) -> Result<(), String> {
        let event = match output {
            Output::Linked(connected) => {
                if connected && self.plugged && self.barrier.is_linked() {
                    self.witness.connected(self.now);
                }
                Event::Driver { connected }
            }
            Output::Acknowledged { id, refused } => {
                Event::Acknowledged { id, result: refused.map_or(Ok(()), |why| Err(why.to_string())) }
            }
            Output::Position(position) => {
                match position {
                    crate::engine::Position::Open => self.witness.sensed(true),
                    crate::engine::Position::Closed => self.witness.sensed(false),
                    _ => {}
                }
                Event::Position(position)
            }
            Output::Loop(occupied) => Event::Loop(occupied),
            Output::Beam(broken) => Event::Beam(broken),
            // Here the alarm is wired to the hub itself, so that it comes also while the gate is lost.
            Output::Fire(_) => return Ok(()),
        };
        self.tell(event)
    }

    /// The engine is told something, where there is one.
    pub fn tell(&mut self, event: Event) -> Result<(), String> {
        let Some(mut engine) = self.engine.take() else { return Ok(()) };
        if event != Event::Tick {
            self.say(format_args!("hub <- {event:?}"));
        }
        self.tally.events += 1;
        let actions = engine.step(event, Tick(self.now), &mut || self.fresh_id());
        self.engine = Some(engine);
        self.act(actions)
    }

    fn act(&mut self, actions: Vec<Action>) -> Result<(), String> {
        let mut commands = Vec::new();
        for action in actions {
            self.say(format_args!("  hub -> {}", brief(&action)));
            match action {
                Action::Store { id, entry, uses } => {
                    self.witness.told(id, &entry, self.now)?;
                    if let Open::Known(kind) = entry.kind {
                        *self.told.entry(kind).or_default() += 1;
                    }
                    let chance = self.rng.u64(..);
                    self.store.write(id, *entry, uses, self.now, chance);
                }
                Action::Pulse { relay, id, ms } => {
                    if relay == Relay::Close {
                        self.witness.told_to_close(id);
                    }
                    if !self.driver_fails(id)? {
                        commands.push(Command::Pulse { relay, id, ms });
                    }
                }
                Action::Hold { lease_ms } => commands.push(Command::Hold { lease_ms }),
                Action::Release(relay) => commands.push(Command::Release { relay }),
                Action::Alert(alert) => {
                    if let Alert::Waiting(id) = alert {
                        self.waiting.push_back(id);
                        self.waiting.truncate(8);
                    }
                    self.alerts.push(alert);
                }
            }
        }
        if !commands.is_empty() && self.plugged {
            let due = self.now + self.rng.u64(1..=WIRE_MS / 2);
            let due = due.max(self.to_barrier.back().map_or(0, |(due, _)| *due));
            self.to_barrier.push_back((due, commands));
        }
        Ok(())
    }

    /// A bad driver refuses a pulse, or forgets it.
    fn driver_fails(&mut self, id: RecordId) -> Result<bool, String> {
        if !self.weather.bad_driver || self.rng.u8(..20) > 0 {
            return Ok(false);
        }
        self.witness.lost(id);
        if self.rng.bool() {
            self.say(format_args!("   refused: {id}"));
            self.to_hub.push_back((
                self.now.max(self.to_hub.back().map_or(0, |(due, _)| *due)),
                Output::Acknowledged { id, refused: Some(crate::barrier::Refused::Empty) },
            ));
        } else {
            self.say(format_args!("   forgotten: {id}"));
        }
        Ok(true)
    }

    /// Tells the witness what became durable since.
    fn became_durable(&mut self, before: usize) {
        for (at, id, entry) in &self.store.journal[before..] {
            self.witness.durable(*id, entry, *at);
        }
    }

    /// The hub starts: with what its journal says of its last life.
    pub fn start(&mut self) -> Result<(), String> {
        if self.engine.is_some() {
            return Ok(());
        }
        self.say(format_args!("the hub starts"));
        let mut engine = Engine::new(self.setup.clone());
        let mut outcomes: HashMap<RecordId, Vec<Kind>> = HashMap::new();
        for (_, _, entry) in &self.store.journal {
            if let (Some(about), Open::Known(kind)) = (entry.about, &entry.kind)
                && *kind != Kind::Decided
            {
                outcomes.entry(about).or_default().push(*kind);
            }
        }
        let opens = |entry: &Entry| {
            entry.kind == Open::Known(Kind::Decided) && entry.verdict == Some(Open::Known(Verdict::Open))
        };
        let mut interrupted = Vec::new();
        for (at, id, entry) in &self.store.journal {
            if !opens(entry) && entry.kind != Open::Known(Kind::Closing) {
                continue;
            }
            let outcomes = outcomes.get(id).map_or(&[][..], Vec::as_slice);
            if outcomes.is_empty() {
                interrupted.push(*id);
            }
            if self.now < at + u64::from(self.setup.passage_window_ms) {
                engine.recall(*id, entry, Tick(*at), outcomes);
            }
        }
        let actions = engine.interrupted(&interrupted, Tick(self.now), &mut || self.fresh_id());
        self.engine = Some(engine);
        self.act(actions)?;
        if self.fire {
            self.witness.fire(true, self.now);
            self.tell(Event::Fire(true))?;
        }
        self.plug()
    }

    /// The hub is killed, at any moment.
    pub fn kill(&mut self) {
        if self.engine.take().is_none() {
            return;
        }
        self.say(format_args!("the hub is killed"));
        self.tally.kills += 1;
        let chance = self.rng.u64(..);
        let before = self.store.kill(self.now, chance);
        self.became_durable(before);
        self.witness.killed(self.now);
        self.waiting.clear();
        self.to_hub.clear();
        if self.rng.bool() {
            self.to_barrier.clear();
        }
        self.plugged = false;
    }

    /// The connection to the driver breaks; what is under way is lost.
    pub fn unplug(&mut self) -> Result<(), String> {
        if !self.plugged || self.engine.is_none() {
            return Ok(());
        }
        self.say(format_args!("the driver is lost"));
        self.tally.losses += 1;
        self.witness.disturbed();
        self.plugged = false;
        self.to_barrier.clear();
        self.to_hub.clear();
        self.tell(Event::Driver { connected: false })
    }

    /// The connection stands again, if the barrier can be reached.
    pub fn plug(&mut self) -> Result<(), String> {
        if self.plugged || self.engine.is_none() {
            return Ok(());
        }
        self.plugged = true;
        if !self.barrier.is_linked() {
            return self.tell(Event::Driver { connected: false });
        }
        self.witness.connected(self.now);
        self.tell(Event::Driver { connected: true })?;
        let sensors = self.barrier.sensors();
        self.post(sensors);
        Ok(())
    }

    /// A decision as `access::decide` would make it.
    pub fn judge(&self, read: &Read) -> Decision {
        let mut decision =
            Decision { verdict: read.verdict, plate: read.plate.clone(), ..Decision::default() };
        if let Some(pass) = read.pass {
            let used = self.store.used(pass);
            decision.grant = Some(pass);
            if used == 0 {
                decision.uses = Some((pass, 1));
            } else {
                decision.verdict = Verdict::Refuse;
            }
        }
        decision
    }

    /// Somebody comes, or the guard opens for them.
    pub fn decide(
        &mut self,
        decision: Decision,
        direction: Direction,
        guard: &str,
        about: Option<RecordId>,
    ) -> Result<RecordId, String> {
        let id = self.fresh_id();
        if decision.verdict == Verdict::Open && self.engine.is_some() {
            let (word, plate) = (!guard.is_empty(), decision.plate.clone());
            self.witness.asked(id, Wish::Open { word, plate, direction }, self.now);
        }
        let event = Event::Decided {
            id,
            lane: "main".into(),
            direction,
            decision: Box::new(decision),
            crop: String::new(),
            guard: guard.into(),
            about,
            note: String::new(),
        };
        self.tell(event)?;
        Ok(id)
    }
}

/// An action in a line.
fn brief(action: &Action) -> String {
    match action {
        Action::Store { id, entry, .. } => {
            let kind = entry.kind.known().map(|kind| format!("{kind:?}")).unwrap_or_default();
            let about = entry.about.map(|about| format!(" about {about}")).unwrap_or_default();
            let verdict = entry.verdict.as_ref().and_then(Open::known);
            let verdict = verdict.map(|verdict| format!(" {verdict:?}")).unwrap_or_default();
            format!("Store {id} {kind}{verdict} {}{about}", entry.plate)
        }
        Action::Pulse { relay, id, ms } => format!("PULSE {relay:?} {id} {ms}"),
        other => format!("{other:?}"),
    }
}
