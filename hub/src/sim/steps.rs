//! What can happen in a story, and how it ends.

use dwellers::access::{Decision, Verdict};
use dwellers::gates::Direction;
use dwellers::journal::Kind;
use dwellers_replica::RecordId;

use super::store::Mood;
use super::witness::Wish;
use super::world::{Plan, Read, World};
use crate::barrier::{Input, World as Deed};
use crate::engine::{Alert, Closing, Event, Position};

impl World<'_> {
    /// Random steps.
    pub fn live(&mut self, steps: usize) -> Result<(), String> {
        self.plugged = false;
        self.start()?;
        for _ in 0..steps {
            self.step += 1;
            self.random_step()?;
            let ms = match self.rng.u8(..10) {
                0..=2 => self.rng.u64(..60),
                3..=6 => self.rng.u64(60..1_500),
                7..=8 => self.rng.u64(1_500..6_000),
                _ => self.rng.u64(6_000..20_000),
            };
            self.advance(ms)?;
        }
        Ok(())
    }

    fn random_step(&mut self) -> Result<(), String> {
        let weather = self.weather;
        match self.rng.u8(..100) {
            0..=24 => self.car(),
            25..=29 => self.read_again(),
            30..=33 => self.visitor(),
            34..=39 => self.do_now(Deed::Car { tailgates: true, crossing_ms: 1_500 }),
            40..=48 => self.guard_opens(),
            49..=51 => self.guard_refuses(),
            52..=56 => self.guard_closes(),
            57..=60 => self.guard_holds(),
            61..=64 => self.guard_releases(),
            65..=67 if weather.fire => self.fire_alarm(),
            68..=70 if weather.jams => self.for_a_while(Deed::Jam(true), Deed::Jam(false)),
            71..=74 if weather.losses => self.lose_driver(),
            75..=79 if weather.kills => self.kill_hub(),
            80..=84 if weather.bad_store => self.upset_store(),
            85..=90 if weather.hands => self.for_a_while(Deed::Beam(true), Deed::Beam(false)),
            91..=93 if weather.hands && self.setup.sees_passage => {
                self.for_a_while(Deed::Loop(true), Deed::Loop(false))
            }
            94..=95 => self.do_now(Deed::Leave),
            _ => Ok(()),
        }
    }

    /// What was planned.
    pub fn carry_out(&mut self, plan: Plan) -> Result<(), String> {
        match plan {
            Plan::Read(read) => {
                let decision = self.judge(&read);
                self.decide(decision, read.direction, "", None).map(drop)
            }
            Plan::Word(read) => {
                let decision = Decision { verdict: Verdict::Open, plate: read.plate, ..Decision::default() };
                self.decide(decision, read.direction, "ivan", None).map(drop)
            }
            Plan::Do(deed) => self.do_now(deed),
            Plan::Fire(on) => self.fire(on),
            Plan::Release => self.guard_releases(),
            Plan::Plug => self.plug(),
            Plan::Start => self.start(),
            Plan::StoreRecovers => {
                self.store.mood = Mood::Fine;
                Ok(())
            }
        }
    }

    fn do_now(&mut self, deed: Deed) -> Result<(), String> {
        self.say(format_args!("{deed:?}"));
        if matches!(deed, Deed::Cable(false) | Deed::Power(false)) {
            self.witness.disturbed();
        }
        self.barrier(Input::World(deed))
    }

    fn for_a_while(&mut self, begin: Deed, end: Deed) -> Result<(), String> {
        let ms = self.rng.u64(200..9_000);
        self.plan(ms, Plan::Do(end));
        self.do_now(begin)
    }

    fn direction(&mut self) -> Direction {
        if self.rng.u8(..4) == 0 { Direction::Exit } else { Direction::Entry }
    }

    /// A car comes and is read, some of them twice. Few plates, so that a copied one is no rarity.
    fn car(&mut self) -> Result<(), String> {
        let number = self.rng.u8(..8);
        let verdict = match number {
            6 => Verdict::Refuse,
            7 => Verdict::Ask,
            _ => Verdict::Open,
        };
        let read = Read { plate: format!("P{number}"), direction: self.direction(), verdict, pass: None };
        for _ in 0..=u8::from(self.rng.u8(..4) == 0) {
            let ms = self.rng.u64(..900);
            self.plan(ms, Plan::Read(read.clone()));
        }
        // The guard sees it as well, and may be faster than the store.
        if self.rng.u8(..6) == 0 {
            let ms = self.rng.u64(..1_500);
            self.plan(ms, Plan::Word(read));
        }
        let crossing_ms = if self.rng.u8(..6) == 0 { 6_000 } else { self.rng.u32(500..2_500) };
        self.do_now(Deed::Car { tailgates: false, crossing_ms })
    }

    /// A plate is read with no car of its own: the same one again, or a copy.
    fn read_again(&mut self) -> Result<(), String> {
        let read = Read {
            plate: format!("P{}", self.rng.u8(..6)),
            direction: self.direction(),
            verdict: Verdict::Open,
            pass: None,
        };
        let decision = self.judge(&read);
        self.decide(decision, read.direction, "", None).map(drop)
    }

    /// One or two cars come on one pass with one entry, by a code and no plate.
    fn visitor(&mut self) -> Result<(), String> {
        let pass = Some(RecordId::new(5, u128::from(self.rng.u8(..6))));
        for _ in 0..self.rng.u8(1..3) {
            let read =
                Read { plate: String::new(), direction: Direction::Entry, verdict: Verdict::Open, pass };
            let ms = self.rng.u64(..10);
            self.plan(ms, Plan::Read(read));
        }
        self.do_now(Deed::Car { tailgates: false, crossing_ms: 1_500 })
    }

    fn guard_opens(&mut self) -> Result<(), String> {
        let about = self.waiting.pop_front();
        let plate = if self.rng.bool() { String::new() } else { format!("P{}", self.rng.u8(..8)) };
        let decision = Decision { verdict: Verdict::Open, plate, ..Decision::default() };
        self.do_now(Deed::Car { tailgates: false, crossing_ms: 1_500 })?;
        let direction = self.direction();
        self.decide(decision, direction, "ivan", about).map(drop)
    }

    fn guard_refuses(&mut self) -> Result<(), String> {
        let about = self.waiting.pop_front();
        let decision = Decision { verdict: Verdict::Refuse, ..Decision::default() };
        self.decide(decision, Direction::Entry, "ivan", about).map(drop)
    }

    fn guard_closes(&mut self) -> Result<(), String> {
        let id = self.fresh_id();
        if self.engine.is_some() {
            self.witness.asked(id, Wish::Close, self.now);
        }
        self.tell(Event::Close { id, guard: "ivan".into() })
    }

    fn guard_holds(&mut self) -> Result<(), String> {
        if self.engine.is_none() {
            return Ok(());
        }
        let ms = self.rng.u64(500..25_000);
        self.plan(ms, Plan::Release);
        let id = self.fresh_id();
        self.witness.hold(true, self.now);
        self.tell(Event::Hold { id, guard: "ivan".into() })
    }

    fn guard_releases(&mut self) -> Result<(), String> {
        let id = self.fresh_id();
        self.witness.hold(false, self.now);
        self.tell(Event::Release { id, guard: "ivan".into() })
    }

    fn fire_alarm(&mut self) -> Result<(), String> {
        let ms = self.rng.u64(500..20_000);
        self.plan(ms, Plan::Fire(false));
        self.fire(true)
    }

    fn fire(&mut self, on: bool) -> Result<(), String> {
        self.fire = on;
        if self.engine.is_some() {
            self.witness.fire(on, self.now);
        }
        self.tell(Event::Fire(on))
    }

    fn lose_driver(&mut self) -> Result<(), String> {
        let ms = self.rng.u64(1..5_000);
        match self.rng.u8(..3) {
            0 => {
                self.tally.losses += 1;
                self.plan(ms, Plan::Do(Deed::Cable(true)));
                self.do_now(Deed::Cable(false))
            }
            1 => {
                self.tally.losses += 1;
                self.plan(ms, Plan::Do(Deed::Power(true)));
                self.do_now(Deed::Power(false))
            }
            _ => {
                self.plan(ms, Plan::Plug);
                self.unplug()
            }
        }
    }

    fn kill_hub(&mut self) -> Result<(), String> {
        let ms = self.rng.u64(1..4_000);
        self.plan(ms, Plan::Start);
        self.kill();
        Ok(())
    }

    fn upset_store(&mut self) -> Result<(), String> {
        self.store.mood = [Mood::Slow, Mood::Stuck, Mood::Failing][self.rng.usize(..3)];
        let mood = self.store.mood;
        self.say(format_args!("the store is {mood:?}"));
        let ms = self.rng.u64(100..8_000);
        self.plan(ms, Plan::StoreRecovers);
        Ok(())
    }

    /// Everything comes right: one more kill, after which the journal must owe nothing and nothing may move by itself;
    /// then a car comes, and another one behind it.
    pub fn heal(&mut self) -> Result<(), String> {
        self.step += 1;
        self.say(format_args!("everything heals"));
        (self.weather.bad_driver, self.store.mood) = (false, Mood::Fine);
        let plans = std::mem::take(&mut self.plans);
        for deed in plans.into_values().filter_map(|plan| match plan {
            Plan::Do(deed) => Some(deed),
            _ => None,
        }) {
            self.do_now(deed)?;
        }
        self.start()?;
        self.plug()?;
        self.fire(false)?;
        self.guard_releases()?;
        for _ in 0..Deed::MAX_WAITING {
            self.barrier(Input::World(Deed::Leave))?;
        }
        self.advance(60_000)?;
        self.kill();
        self.advance(20_000)?;
        if self.witness.any_energised() {
            return Err("invariant 1: the hub is dead for long, and a relay is energised".into());
        }
        let pulses = self.witness.pulses();
        self.start()?;
        self.advance(60_000)?;
        if self.witness.pulses() != pulses {
            return Err("invariant 2: a relay moves on start".into());
        }
        self.witness.every_intent_has_an_outcome(&self.store.journal)?;
        self.step += 1;
        self.exam()
    }

    fn exam(&mut self) -> Result<(), String> {
        let told = |world: &Self, kind| world.told.get(&kind).copied().unwrap_or_default();
        let kinds = [Kind::Passed, Kind::Tailgated];
        let before = kinds.map(|kind| told(self, kind));
        let (cars, slipped) = (self.barrier.history().passed(), self.barrier.history().tailgated());
        self.alerts.clear();
        self.do_now(Deed::Car { tailgates: false, crossing_ms: 1_000 })?;
        self.do_now(Deed::Car { tailgates: true, crossing_ms: 1_000 })?;
        let decision = Decision { verdict: Verdict::Open, plate: "EXAM".into(), ..Decision::default() };
        self.decide(decision, Direction::Entry, "", None)?;
        self.advance(60_000)?;
        let cars = self.barrier.history().passed() - cars;
        let slipped = self.barrier.history().tailgated() - slipped;
        let [passed, tailgated] = [0, 1].map(|at| told(self, kinds[at]) - before[at]);
        if cars != 1 + slipped || passed != 1 {
            return Err(format!("at the end, {cars} cars go through and {passed} are journalled"));
        }
        if self.setup.sees_passage
            && (tailgated != slipped || self.alerts.contains(&Alert::Tailgated) != (slipped > 0))
        {
            return Err(format!("at the end, {slipped} cars slip in, {tailgated} are journalled"));
        }
        let closes = self.setup.closing != Closing::ByItself || slipped < 2;
        if closes && self.barrier.state().position != Position::Closed {
            return Err("at the end, the gate does not close".into());
        }
        Ok(())
    }
}
