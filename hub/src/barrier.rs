//! A barrier with its controller, simulated: what a hub moves where there is no barrier.
//!
//! A pure state machine: [`Barrier::step`] takes an [`Input`] and the time, gives back what a hub would be told, and
//! keeps a [`History`] of what its relays really did. The engine's simulation plays it with a time of its own, the
//! process `dwellers-barrier` ([`station`]) with the real one.
//!
//! ```text
//! hub ─ Command ─▶ relays (own timers, interlock, once-only ids) ─▶ controller ─▶ arm ─▶ sensors ─ Output ─▶ hub
//! world ─ World ─▶ motor jams, cable is pulled, power is cut, cars come, something stands in the way
//! ```
//!
//! Invariants: a relay is de-energised by its own timer, whatever the hub does, and no pulse outlasts
//! [`Model::max_pulse_ms`]; open and close are never energised together; a pulse's id moves a relay once; the outcome
//! does not depend on how often `step` is called in between.
//!
//! What must never be here: a clock, a socket, a rule of entry, mercy for a hub that closes on a car: that is
//! counted ([`What::Hit`]).

mod arm;
mod history;
mod relays;
pub mod station;

mod traffic;
pub mod wire;

use dwellers_replica::RecordId;
use serde::{Deserialize, Serialize};

use crate::engine::{Position, Relay, Tick};

use arm::{Arm, Motion};
pub use history::{By, Cause, Entry, History, What, Why};
pub use relays::Refused;
use relays::Relays;
use traffic::Traffic;

/// How a barrier is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Model {
    /// How long the arm takes from closed to open.
    pub opening_ms: u32,
    /// How long it takes from open to closed.
    pub closing_ms: u32,
    /// The controller closes by itself, so long after the arm is open and the opening relay is off.
    pub closes_after_ms: Option<u32>,
    /// Longer pulses are cut to this.
    pub max_pulse_ms: u32,
    /// Longer leases of a hold are cut to this.
    pub max_lease_ms: u32,
    /// Where the arm goes without power.
    pub fails: Fails,
    /// The controller itself minds loop and beam: it does not close on them. Without it the hub has to.
    pub minds_obstacles: bool,
    /// The position is told to the hub.
    pub sees_position: bool,
    /// The loop is told to the hub.
    pub sees_loop: bool,
    /// The beam is told to the hub.
    pub sees_beam: bool,
}

impl Default for Model {
    fn default() -> Self {
        Model {
            opening_ms: 1_500,
            closing_ms: 1_500,
            closes_after_ms: None,
            max_pulse_ms: 2_000,
            max_lease_ms: 60_000,
            fails: Fails::Closed,
            minds_obstacles: false,
            sees_position: true,
            sees_loop: true,
            sees_beam: true,
        }
    }
}

/// Where an arm goes without power, by its spring or its weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fails {
    /// It opens.
    Open,
    /// It closes.
    Closed,
}

/// What happens to a barrier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// The hub's word; it does not arrive while the cable is out or the power is cut.
    Command(Command),
    /// What the world does.
    World(World),
    /// Time went on.
    Tick,
}

/// What a hub can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// Energise a relay for `ms`, once for this id.
    Pulse {
        /// Which.
        relay: Relay,
        /// The pulse's own id.
        id: RecordId,
        /// How long.
        ms: u32,
    },
    /// Keep the opening relay energised for so long, unless told again.
    Hold {
        /// The lease.
        lease_ms: u32,
    },
    /// De-energise a relay now.
    Release {
        /// Which.
        relay: Relay,
    },
}

/// What the world can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum World {
    /// The motor is jammed, or free again.
    Jam(bool),
    /// The cable to the hub is plugged in, or pulled.
    Cable(bool),
    /// There is power, or it is cut.
    Power(bool),
    /// Something beside the simulated cars stands on the loop.
    Loop(bool),
    /// Something beside the simulated cars breaks the beam.
    Beam(bool),
    /// The contact of the fire alarm, wired to this gate's inputs, is on or off.
    Fire(bool),
    /// A car comes and joins the queue (at most [`World::MAX_WAITING`]; beyond, it turns round).
    Car {
        /// Its driver goes through whenever the arm is up; others go once for each pulse, or while it is held.
        #[serde(default)]
        tailgates: bool,
        /// How long it is on the loop and in the beam; a long time is a car that stops there.
        #[serde(default = "traffic::usual_crossing_ms")]
        crossing_ms: u32,
    },
    /// The first car in the queue turns round.
    Leave,
}

impl World {
    /// The most cars that wait.
    pub const MAX_WAITING: usize = 64;
}

/// What a hub is told. Nothing is told while the cable is out or the power is cut, but that it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Output {
    /// The hub can be reached, or not any more. Once it can, the sensors follow.
    Linked(bool),
    /// The pulse was done (now or before), or is not done.
    Acknowledged {
        /// The pulse.
        id: RecordId,
        /// Why it is not done; nothing where it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refused: Option<Refused>,
    },
    /// The position sensor.
    Position(Position),
    /// The loop is occupied or not.
    Loop(bool),
    /// The beam is broken or not.
    Beam(bool),
    /// The contact of the fire alarm is on or off.
    Fire(bool),
}

/// What can be seen of a barrier by somebody who stands beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// How far the arm is open, 0 to 1000.
    pub open_permille: u32,
    /// What the position sensor sees.
    pub position: Position,
    /// What energises the opening relay.
    pub open: Option<By>,
    /// What energises the closing relay.
    pub close: Option<By>,
    /// The loop is occupied.
    pub on_loop: bool,
    /// The beam is broken.
    pub in_beam: bool,
    /// The motor is jammed.
    pub jammed: bool,
    /// The cable is plugged in.
    pub plugged: bool,
    /// There is power.
    pub powered: bool,
    /// Cars that wait.
    pub waiting: usize,
    /// Cars that went through.
    pub passed: u64,
    /// Those of them that went on somebody else's opening.
    pub tailgated: u64,
    /// How often the arm came down on something.
    pub hits: u64,
}

/// A barrier with its controller.
#[derive(Clone, Debug)]
pub struct Barrier {
    model: Model,
    now: Tick,
    relays: Relays,
    arm: Arm,
    /// Where the controller wants the arm, and why it is to close.
    wanted: Motion,
    cause: Cause,
    closes_at: Option<Tick>,
    traffic: Traffic,
    jammed: bool,
    plugged: bool,
    powered: bool,
    /// Something beside the cars.
    on_loop: bool,
    in_beam: bool,
    on_fire: bool,
    occupied_since: Option<Tick>,
    /// What the hub was told of the sensors last; nothing since it can be reached.
    told: Told,
    history: History,
}

/// What the hub was told of each sensor.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    position: Option<Position>,
    on_loop: Option<bool>,
    in_beam: Option<bool>,
    on_fire: Option<bool>,
}

impl Barrier {
    /// A closed barrier with power and a cable, and nobody there.
    pub fn new(model: Model) -> Self {
        Barrier {
            model,
            now: Tick(0),
            relays: Relays::default(),
            arm: Arm::new(model.opening_ms, model.closing_ms),
            wanted: Motion::Still,
            cause: Cause::Commanded,
            closes_at: None,
            traffic: Traffic::default(),
            jammed: false,
            plugged: true,
            powered: true,
            on_loop: false,
            in_beam: false,
            on_fire: false,
            occupied_since: None,
            told: Told::default(),
            history: History::default(),
        }
    }

    /// Lets everything happen that is due until `now`, then the input. Time never runs backwards: an earlier `now`
    /// counts as the last one.
    pub fn step(&mut self, input: Input, now: Tick) -> Vec<Output> {
        let mut out = Vec::new();
        let now = now.max(self.now);
        while let Some(due) = self.deadline().filter(|due| *due <= now) {
            self.now = due.max(self.now);
            self.happen_what_is_due();
            self.follow(&mut out);
        }
        self.now = now;
        match input {
            Input::Command(command) if self.is_linked() => self.command(command, &mut out),
            Input::Command(_) | Input::Tick => {}
            Input::World(world) => self.world(world, &mut out),
        }
        self.follow(&mut out);
        out
    }

    /// When something happens next by itself.
    pub fn deadline(&self) -> Option<Tick> {
        [
            self.relays.deadline(),
            self.arm.arrives_at(),
            self.arm.strikes_at(),
            self.closes_at,
            self.traffic.deadline(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Whether the hub can be reached: cable and power.
    pub fn is_linked(&self) -> bool {
        self.plugged && self.powered
    }

    /// The sensors, for a hub that connects anew; each is told again only when it changes. Nothing while the hub cannot
    /// be reached.
    pub fn sensors(&mut self) -> Vec<Output> {
        let mut out = Vec::new();
        self.told = Told::default();
        self.tell(&mut out);
        out
    }

    /// What happened to the relays and under the arm.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// What can be seen, as of the last step.
    pub fn state(&self) -> State {
        State {
            open_permille: self.arm.permille(self.now),
            position: self.arm.sensed(self.now),
            open: self.relays.by(Relay::Open),
            close: self.relays.by(Relay::Close),
            on_loop: self.loop_is_occupied(),
            in_beam: self.beam_is_broken(),
            jammed: self.jammed,
            plugged: self.plugged,
            powered: self.powered,
            waiting: self.traffic.waiting(),
            passed: self.history.passed(),
            tailgated: self.history.tailgated(),
            hits: self.history.hits(),
        }
    }

    fn command(&mut self, command: Command, out: &mut Vec<Output>) {
        let opened = match command {
            Command::Pulse { relay, id, ms } => {
                let done =
                    self.relays.pulse(relay, id, ms, self.model.max_pulse_ms, self.now, &mut self.history);
                out.push(Output::Acknowledged { id, refused: done.err() });
                if done != Ok(relays::Done::Moved) {
                    return;
                }
                relay == Relay::Open
            }
            Command::Hold { lease_ms } => {
                let lease_ms = lease_ms.min(self.model.max_lease_ms);
                self.relays.hold(lease_ms, self.now, &mut self.history);
                true
            }
            Command::Release { relay } => {
                self.relays.release(relay, Why::Told, self.now, &mut self.history);
                return;
            }
        };
        if opened {
            self.wanted = Motion::Up;
            self.traffic.may_go();
        } else {
            (self.wanted, self.cause) = (Motion::Down, Cause::Commanded);
        }
    }

    fn world(&mut self, world: World, out: &mut Vec<Output>) {
        let was_linked = self.is_linked();
        match world {
            World::Jam(jammed) => self.jammed = jammed,
            World::Cable(plugged) => self.plugged = plugged,
            World::Power(powered) => self.power(powered),
            World::Loop(occupied) => self.on_loop = occupied,
            World::Beam(broken) => self.in_beam = broken,
            World::Fire(on) => self.on_fire = on,
            World::Car { tailgates, crossing_ms } => self.traffic.arrive(tailgates, crossing_ms),
            World::Leave => self.traffic.leave(),
        }
        if self.is_linked() != was_linked {
            self.told = Told::default();
            out.push(Output::Linked(self.is_linked()));
        }
    }

    fn power(&mut self, powered: bool) {
        if powered == self.powered {
            return;
        }
        self.powered = powered;
        for relay in [Relay::Open, Relay::Close] {
            self.relays.release(relay, Why::PowerCut, self.now, &mut self.history);
        }
        // A controller that starts moves nothing of its own accord.
        self.wanted = Motion::Still;
        if !powered {
            self.cause = Cause::PowerCut;
        }
    }

    fn happen_what_is_due(&mut self) {
        self.relays.expire(self.now, &mut self.history);
        if self.closes_at.is_some_and(|at| at <= self.now) {
            self.closes_at = None;
            (self.wanted, self.cause) = (Motion::Down, Cause::ByItself);
        }
        if self.arm.strikes_at().is_some_and(|at| at <= self.now)
            && let Some(since) = self.occupied_since
        {
            let occupied_ms = self.now.0 - since.max(self.arm.moving_since()).0;
            self.history.note(self.now, What::Hit { cause: self.cause, occupied_ms });
        }
        self.arm.settle(self.now);
        if let Some(tailgated) = self.traffic.proceed(self.now) {
            self.history.note(self.now, What::Passed { tailgated });
        }
    }

    /// Everything that follows from what is the case now.
    fn follow(&mut self, out: &mut Vec<Output>) {
        let occupied = self.loop_is_occupied() || self.beam_is_broken();
        self.occupied_since = occupied.then(|| self.occupied_since.unwrap_or(self.now));
        let minds = occupied && self.model.minds_obstacles && self.powered;
        if minds && self.wanted == Motion::Down && self.arm.sensed(self.now) != Position::Closed {
            self.wanted = Motion::Up;
        }
        self.arm.drive(self.motion(), self.now);
        let position = self.arm.sensed(self.now);
        if position == Position::Closed && self.wanted != Motion::Up {
            self.traffic.may_not_go();
        }
        let is_open = position == Position::Open;
        let held_up = self.relays.by(Relay::Open).is_some() || minds || !self.powered || self.jammed;
        self.closes_at = match self.model.closes_after_ms {
            Some(after_ms) if is_open && !held_up => {
                self.closes_at.or(Some(Tick(self.now.0 + u64::from(after_ms))))
            }
            _ => None,
        };
        let is_held = self.relays.by(Relay::Open) == Some(By::Hold);
        self.traffic.look(is_open, is_held, self.now);
        self.tell(out);
    }

    /// Where the arm goes.
    fn motion(&self) -> Motion {
        match (self.jammed, self.powered, self.model.fails) {
            (true, _, _) => Motion::Still,
            (false, false, Fails::Open) => Motion::Up,
            (false, false, Fails::Closed) => Motion::Down,
            (false, true, _) => self.wanted,
        }
    }

    fn tell(&mut self, out: &mut Vec<Output>) {
        if !self.is_linked() {
            return;
        }
        let position = Some(self.arm.sensed(self.now));
        if self.model.sees_position && self.told.position != position {
            self.told.position = position;
            out.extend(position.map(Output::Position));
        }
        let on_loop = Some(self.loop_is_occupied());
        if self.model.sees_loop && self.told.on_loop != on_loop {
            self.told.on_loop = on_loop;
            out.extend(on_loop.map(Output::Loop));
        }
        let in_beam = Some(self.beam_is_broken());
        if self.model.sees_beam && self.told.in_beam != in_beam {
            self.told.in_beam = in_beam;
            out.extend(in_beam.map(Output::Beam));
        }
        if self.told.on_fire != Some(self.on_fire) {
            self.told.on_fire = Some(self.on_fire);
            out.push(Output::Fire(self.on_fire));
        }
    }

    fn loop_is_occupied(&self) -> bool {
        self.on_loop || self.traffic.is_crossing()
    }

    fn beam_is_broken(&self) -> bool {
        self.in_beam || self.traffic.is_crossing()
    }
}
