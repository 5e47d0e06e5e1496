//! The story of `cargo xtask demo --check`: what a gatehouse goes through, played on the real programs.
//!
//! Cars come as stills before the cameras; the hub's own models read their plates, and its engine lets them in.
//!
//! Each step says what it proves. It waits for conditions, with bounds, and never for a time to pass.

mod cloud;
mod telegram;

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use dwellers::plate;
use dwellers_hub::barrier::{What, World};
use dwellers_hub::engine::{Position, Relay};
use serde_json::{Value, json};

use crate::guard::Guard;
use crate::phone::Phone;
use crate::settlement::GUARDS;
use crate::stage::{Stage, until};

/// A step: what it proves, and how.
type Step = (&'static str, fn(&mut Story) -> Result<()>);

const STEPS: &[Step] = &[
    ("the guard signs in; a wrong PIN does not", Story::sign_in),
    ("a resident's plate opens the barrier, and it is in the journal", Story::resident),
    ("the same plate, read again, does not pulse again", Story::read_twice),
    ("an unknown car waits; the guard sends it away and says why", Story::unknown),
    ("a neighbour's dirty plate, on a car that nobody saw come: one tap", Story::one_tap),
    (
        "nothing vouches for the clock: a pass with hours asks the guard, who says that it is right",
        Story::clock,
    ),
    ("a pass for one entry lets one car in, and no second one", Story::one_time),
    ("a banned car stays outside, though its owner lives here", Story::banned),
    ("a visitor by name, from the list of the expected", Story::by_name),
    ("a code opens the wicket, once", Story::by_code),
    ("a pass issued on a resident's telephone call", Story::telephone),
    ("a house is asked and says yes", Story::asked),
    ("a car that slips through behind another is seen", Story::tailgating),
    ("whoever is inside goes out, and is not inside any more", Story::leaving),
    ("the guard holds it open, and lets go", Story::hold),
    ("the fire alarm holds every gate open, and the guard's closing does not beat it", Story::fire),
    ("a pulled cable is seen, and nothing moves when it is back", Story::cable),
    ("the hub is killed in the middle of a pulse: the relay falls, nothing is repeated", Story::killed),
    ("the guards hand over, and the journal is whole", Story::hand_over),
];

/// All of them, in order.
fn steps() -> impl Iterator<Item = &'static Step> {
    STEPS.iter().chain(cloud::STEPS).chain(telegram::STEPS).chain(cloud::REBUILDING)
}

/// Plays the story; a line and a time for each step.
///
/// # Errors
/// The first step that does not go as it should.
pub fn play(stage: Stage) -> Result<()> {
    let guard = Guard::new(&stage.kiosk());
    let mut story = Story { stage, guard, phone: None };
    let count = steps().count();
    for (number, (what, step)) in steps().enumerate() {
        let begun = Instant::now();
        let result = step(&mut story);
        let (took, mark) = (begun.elapsed().as_secs_f64(), if result.is_ok() { "ok  " } else { "FAIL" });
        println!("{mark} {:>2}/{} {took:>6.2} s  {what}", number + 1, count);
        result.with_context(|| format!("step {}: {what}", number + 1))?;
    }
    story.stage.check_gates()
}

struct Story {
    stage: Stage,
    guard: Guard,
    /// A resident's, once they speak to the bot.
    phone: Option<Phone>,
}

impl Story {
    fn sign_in(&mut self) -> Result<()> {
        let [(name, pin), ..] = GUARDS;
        let id = self.guard.id_of(name)?;
        let (status, problem) = self.guard.try_post("/api/session", json!({ "guard": id, "pin": "9999" }))?;
        ensure!(status == 401, "a wrong PIN: {status} {problem}");
        self.guard.sign_in(name, pin)
    }

    fn resident(&mut self) -> Result<()> {
        self.drive_in("resident")?;
        let plate = &self.stage.cast.resident;
        let entry = self.told("decided", |entry| is(entry, plate) && entry["verdict"] == "open")?;
        ensure!(entry["reason"] == "vehicle", "{entry}");
        let opening = entry["id"].clone();
        for kind in ["commanded", "seen_open", "passed"] {
            self.told(kind, |entry| entry["about"] == opening)?;
        }
        let crop = entry["crop"].as_str().context("its picture")?;
        until("a picture of the plate", || self.guard.has_picture(&format!("/api/crops/{crop}")))?;
        self.closed()
    }

    fn read_twice(&mut self) -> Result<()> {
        let plate = &self.stage.cast.resident;
        let before = self.pulses()?;
        // On its way out, slowly: while it is in the barrier, its camera sees it come once more.
        self.stage.comes("out", "resident-out")?;
        self.opened()?;
        let opening = self.told("decided", |entry| is(entry, plate) && entry["lane"] == "out")?["id"].clone();
        let through = self.stage.look("main")?.passed + 1;
        self.stage.happens("main", World::Car { tailgates: false, crossing_ms: 5_000 })?;
        self.stage.comes("out", "resident-out")?;
        self.told("decided", |entry| is(entry, plate) && entry["about"] == opening)?;
        until("a car behind the barrier", || Ok(self.stage.look("main")?.passed >= through))?;
        self.stage.leaves("out")?;
        self.closed()?;
        let opened = self.pulses()? - before;
        ensure!(opened == 1, "{opened} pulses for one car");
        Ok(())
    }

    fn unknown(&mut self) -> Result<()> {
        let plate = self.stage.cast.unknown.clone();
        let arrival = self.waits("unknown", &plate)?;
        ensure!(arrival["reason"] == "unknown", "{arrival}");
        let before = self.pulses()?;
        self.answer(&arrival, "refuse", json!({ "reason": "не смог назвать дом" }))?;
        self.told("refused_by_guard", |entry| entry["about"] == arrival["entry"])?;
        ensure!(self.pulses()? == before, "it moved for a car that was sent away");
        Ok(())
    }

    fn one_tap(&mut self) -> Result<()> {
        let right = self.stage.cast.neighbour.clone();
        let before = self.pulses()?;
        // A letter of it is under the dirt, and no camera saw it come.
        self.stage.stands("in", "neighbour-dirty")?;
        let candidate = |arrival: &Value| {
            let taps = arrival["candidates"].as_array()?;
            taps.iter().find(|tap| is(tap, &right) && tap["verdict"] == "open").cloned()
        };
        let arrival = self.until_waits(|arrival| candidate(arrival).is_some())?;
        ensure!(self.pulses()? == before, "a doubtful reading opened");
        let tap = candidate(&arrival).context("a candidate")?;
        self.answer(&arrival, "open", json!({ "candidate": tap["plate"] }))?;
        self.passes_through()?;
        self.stage.leaves("in")
    }

    fn clock(&mut self) -> Result<()> {
        self.closed()?;
        let guest = self.stage.cast.guest.clone();
        let arrival = self.waits("guest", &guest)?;
        ensure!(arrival["reason"] == "time_not_trusted" && arrival["verdict"] == "ask", "{arrival}");
        self.answer(&arrival, "refuse", json!({ "reason": "сначала часы" }))?;
        self.guard.post("/api/clock/trust", json!({})).map(drop)
    }

    fn one_time(&mut self) -> Result<()> {
        let plate = self.stage.cast.guest.clone();
        self.drive_in("guest")?;
        self.closed()?;
        let before = self.pulses()?;
        let second = self.waits("guest", &plate)?;
        ensure!(second["reason"] == "used_up" && second["verdict"] == "refuse", "{second}");
        ensure!(self.pulses()? == before, "a second car on one pass moved the barrier");
        self.answer(&second, "refuse", json!({ "reason": "по этому пропуску уже проехали" })).map(drop)
    }

    fn banned(&mut self) -> Result<()> {
        let plate = self.stage.cast.banned.clone();
        let arrival = self.waits("banned", &plate)?;
        ensure!(arrival["reason"] == "banned" && arrival["verdict"] == "refuse", "{arrival}");
        self.answer(&arrival, "refuse", json!({ "reason": "запрет" })).map(drop)
    }

    fn by_name(&mut self) -> Result<()> {
        let found = self.guard.get("/api/expected?search=%D0%98%D0%B2%D0%B0%D0%BD")?; // Иван
        let pass = self.stage.cast.named_pass.to_string();
        let list = found["passes"].as_array().context("a list of the expected")?;
        ensure!(list.iter().any(|expected| expected["id"] == pass.as_str()), "{found}");
        self.guard.post("/api/gates/main/open", json!({ "lane": "in", "pass": pass }))?;
        self.passes_through()?;
        let found = self.guard.get("/api/expected?search=%D0%98%D0%B2%D0%B0%D0%BD")?;
        ensure!(found["passes"][0]["entries_left"] == 1, "one of two entries is left: {found}");
        Ok(())
    }

    fn by_code(&mut self) -> Result<()> {
        let code = self.stage.cast.code.clone();
        self.guard.post("/api/gates/wicket/open", json!({ "lane": "in", "code": code }))?;
        until("an open wicket", || Ok(self.stage.look("wicket")?.position == Position::Open))?;
        let (status, problem) =
            self.guard.try_post("/api/gates/wicket/open", json!({ "lane": "in", "code": code }))?;
        ensure!(status == 409, "a code for one entry, used again: {status} {problem}");
        until("a closed wicket", || Ok(self.stage.look("wicket")?.position == Position::Closed))
    }

    fn telephone(&mut self) -> Result<()> {
        let house = self.stage.cast.house_12.to_string();
        // As it is told over the telephone.
        let plate = self.stage.cast.taxi.to_lowercase();
        self.guard.post("/api/passes", json!({ "house": house, "kind": "taxi", "plate": plate }))?;
        self.drive_in("taxi")?;
        self.closed()
    }

    fn asked(&mut self) -> Result<()> {
        let plate = self.stage.cast.plumber.clone();
        let arrival = self.waits("plumber", &plate)?;
        let house = self.stage.cast.house_12.to_string();
        let question = self.answer(&arrival, "ask", json!({ "house": house, "name": "Сантехник" }))?;
        let id = question["question"].as_str().context("the question's id")?;
        self.guard.post(&format!("/api/questions/{id}/answer"), json!({ "allow": true }))?;
        self.passes_through()?;
        self.told("decided", |entry| is(entry, &plate) && entry["reason"] == "allowed").map(drop)
    }

    fn tailgating(&mut self) -> Result<()> {
        self.drive_in("courier")?;
        self.stage.happens("main", World::Car { tailgates: true, crossing_ms: 300 })?;
        self.told("tailgated", |_| true)?;
        self.closed()
    }

    fn leaving(&mut self) -> Result<()> {
        let resident = plate::fold(&self.stage.cast.resident);
        let inside = |guard: &Guard| -> Result<bool> {
            let list = guard.get("/api/inside")?;
            let list = list["inside"].as_array().context("a list of who is inside")?.clone();
            Ok(list.iter().any(|car| car["plate"] == resident.as_str()))
        };
        self.drive_in("resident")?;
        until("a resident who is inside", || inside(&self.guard))?;
        self.closed()?;
        self.stage.comes("out", "resident-out")?;
        self.passes_through()?;
        self.stage.leaves("out")?;
        until("a resident who is not inside", || Ok(!inside(&self.guard)?))
    }

    fn hold(&mut self) -> Result<()> {
        self.guard.post("/api/gates/main/hold", json!({}))?;
        self.opened()?;
        for _ in 0..2 {
            self.stage.happens("main", World::Car { tailgates: false, crossing_ms: 200 })?;
        }
        let through = self.stage.look("main")?.passed + 2;
        until("two cars on one hold", || Ok(self.stage.look("main")?.passed >= through))?;
        self.guard.post("/api/gates/main/release", json!({}))?;
        self.guard.post("/api/gates/main/close", json!({}))?;
        self.closed()
    }

    fn fire(&mut self) -> Result<()> {
        self.stage.happens("main", World::Fire(true))?;
        for gate in ["main", "wicket"] {
            until("gates that are open for the fire alarm", || {
                Ok(self.stage.look(gate)?.position == Position::Open)
            })?;
        }
        self.guard.post("/api/gates/main/close", json!({}))?;
        self.told("fire_began", |_| true)?;
        ensure!(self.stage.look("main")?.position == Position::Open, "it was closed in a fire");
        self.stage.happens("main", World::Fire(false))?;
        self.told("fire_ended", |_| true)?;
        self.guard.post("/api/gates/main/close", json!({}))?;
        self.closed()
    }

    fn cable(&mut self) -> Result<()> {
        self.stage.happens("main", World::Cable(false))?;
        self.told("driver_lost", |_| true)?;
        let before = self.pulses()?;
        self.stage.comes("in", "resident")?;
        self.told("abandoned", |_| true)?;
        self.stage.leaves("in")?;
        self.stage.happens("main", World::Cable(true))?;
        self.told("driver_back", |_| true)?;
        ensure!(self.pulses()? == before, "what was said to a gate that was away moved it later");
        Ok(())
    }

    fn killed(&mut self) -> Result<()> {
        let before = self.pulses()?;
        self.guard.post("/api/gates/main/open", json!({ "lane": "in", "note": "перед обрывом" }))?;
        until("an energised relay", || Ok(self.stage.look("main")?.open.is_some()))?;
        self.stage.kill_hub()?;
        until("a relay that fell by itself", || Ok(self.stage.look("main")?.open.is_none()))?;
        self.stage.start_hub()?;
        let [(name, pin), ..] = GUARDS;
        self.guard = Guard::new(&self.stage.kiosk());
        self.guard.sign_in(name, pin)?;
        self.told("started", |_| true)?;
        let pulses = self.pulses()? - before;
        ensure!(pulses == 1, "{pulses} pulses for one opening");
        self.guard.post("/api/gates/main/close", json!({}))?;
        self.closed()
    }

    fn hand_over(&mut self) -> Result<()> {
        let [_, (name, pin), _] = GUARDS;
        let next = self.guard.id_of(name)?;
        let over = json!({ "guard": next, "pin": pin, "note": "Курьер уехал, у пруда тихо" });
        self.guard.post("/api/shift/handover", over)?;
        let shift = self.guard.get("/api/session")?;
        ensure!(shift["name"] == name || shift["guard"]["name"] == name, "{shift}");
        let checked = self.guard.get("/api/journal/check")?;
        ensure!(checked["faults"].as_array().is_some_and(Vec::is_empty), "{checked}");
        ensure!(self.stage.look("main")?.hits == 0, "the barrier came down on a car");
        ensure!(self.stage.hub_runs()?, "the hub has ended");
        Ok(())
    }

    /// A car that is let in by its plate, up to behind the barrier.
    fn drive_in(&self, scene: &str) -> Result<()> {
        self.stage.comes("in", scene)?;
        self.passes_through()?;
        self.stage.leaves("in")
    }

    /// The barrier opens and a car goes through.
    fn passes_through(&self) -> Result<()> {
        self.opened()?;
        self.car()
    }

    /// A car goes through the open barrier.
    fn car(&self) -> Result<()> {
        let before = self.stage.look("main")?.passed;
        self.stage.happens("main", World::Car { tailgates: false, crossing_ms: 300 })?;
        until("a car behind the barrier", || Ok(self.stage.look("main")?.passed > before))
    }

    fn opened(&self) -> Result<()> {
        until("an open barrier", || Ok(self.stage.look("main")?.position == Position::Open))
    }

    fn closed(&self) -> Result<()> {
        until("a closed barrier", || Ok(self.stage.look("main")?.position == Position::Closed))
    }

    /// How often the opening relay of the barrier was energised by pulses.
    fn pulses(&self) -> Result<usize> {
        let opened = |entry: &&dwellers_hub::barrier::Entry| {
            matches!(entry.what, What::Energised { relay: Relay::Open, .. })
        };
        Ok(self.stage.history("main", 0)?.iter().filter(opened).count())
    }

    /// A car comes, is read, and waits for the guard.
    fn waits(&self, scene: &str, plate: &str) -> Result<Value> {
        self.stage.comes("in", scene)?;
        let arrival = self.until_waits(|arrival| is(arrival, plate))?;
        self.stage.leaves("in")?;
        Ok(arrival)
    }

    fn until_waits(&self, fits: impl Fn(&Value) -> bool) -> Result<Value> {
        let mut found = None;
        until("a car that waits for the guard", || {
            found = self.guard.waiting()?.into_iter().find(|arrival| fits(arrival));
            Ok(found.is_some())
        })?;
        found.context("it waits")
    }

    /// What the guard does about an arrival.
    fn answer(&self, arrival: &Value, what: &str, body: Value) -> Result<Value> {
        let entry = arrival["entry"].as_str().context("an arrival's entry")?;
        self.guard.post(&format!("/api/arrivals/{entry}/{what}"), body)
    }

    /// Waits for an entry of the journal.
    fn told(&self, kind: &str, fits: impl Fn(&Value) -> bool) -> Result<Value> {
        let mut found = None;
        until(&format!("an entry {kind} in the journal"), || {
            found = self.guard.journal()?.into_iter().find(|entry| entry["kind"] == kind && fits(entry));
            Ok(found.is_some())
        })?;
        found.context("it stands there")
    }
}

/// Whether a document is about this plate.
fn is(document: &Value, plate: &str) -> bool {
    document["plate"] == plate::fold(plate).as_str()
}
