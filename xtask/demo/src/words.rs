//! What can be said to a demo that runs: a word and what it is about, a line each. People type them, and browser stories write
//! them; both are answered with what became of it.
//!
//! Invariants: a word is answered when what it says is done, or cannot be; every wait has a bound; a word that fails leaves
//! the demo running.
//!
//! What must never be here: how an answer is written.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use dwellers::plate::{self, Country};
use dwellers_hub::barrier::World;
use dwellers_hub::engine::Position;
use dwellers_replica::RecordId;
use serde_json::{Map, Value, json};

use crate::guard::Guard;
use crate::life::{self, Life};
use crate::scenes::Car;
use crate::settlement::GUARDS;
use crate::stage::{BARRIER, Stage, WICKET, until};

/// How long the gatehouse has for a decision about a car.
const DECIDES: Duration = Duration::from_secs(18);
/// How often a car comes until it is read well, and how many times as slowly.
const PACES: [u32; 3] = [1, 3, 6];
/// How long a car comes nearer.
const APPROACH: Duration = Duration::from_secs(3);
/// How long a car takes to turn round, and the next one to come.
const TURNS_ROUND: Duration = Duration::from_secs(3);
/// A car that nobody can be sure of, however often it comes.
const DOUBTFUL: &str = "neighbour-dirty";
/// How long a car is under the arm, in milliseconds.
const CROSSING_MS: u32 = 600;

/// What became of a word.
pub struct Said {
    /// For people: a line, or several where much was asked for.
    pub text: String,
    /// The same for programs.
    pub facts: Map<String, Value>,
}

impl Said {
    fn new(text: impl Into<String>, facts: Value) -> Result<Said> {
        let facts = if let Value::Object(facts) = facts { facts } else { Map::new() };
        Ok(Said { text: text.into(), facts })
    }
}

/// A word.
struct Word {
    /// With what it takes.
    usage: &'static str,
    about: &'static str,
    says: fn(&mut Words, &[&str]) -> Result<Said>,
}

const WORDS: &[Word] = &[
    Word { usage: "help", about: "the words", says: Words::help },
    Word { usage: "addresses", about: "where everything is reached", says: Words::addresses },
    Word { usage: "pin", about: "the guards and their PINs", says: Words::pins },
    Word {
        usage: "link WHO",
        about: "a sign-in link, once: resident, tenant, family, administrator, second, a house, a name",
        says: Words::link,
    },
    Word {
        usage: "telegram WHO",
        about: "a link by which you are somebody in Telegram, once, for 15 minutes",
        says: Words::telegram,
    },
    Word { usage: "scenes", about: "the cars that can come", says: Words::scenes },
    Word {
        usage: "expects SCENE",
        about: "house 12 issues a pass for that car, once, today",
        says: Words::expects,
    },
    Word {
        usage: "comes SCENE",
        about: "a car drives up and is read; what the gatehouse decides",
        says: Words::comes,
    },
    Word {
        usage: "stands SCENE",
        about: "a car stands at the gate, and no camera saw it come",
        says: Words::stands,
    },
    Word {
        usage: "drives GATE",
        about: "the car goes through, as soon as the gate is open",
        says: Words::drives,
    },
    Word { usage: "leaves", about: "whoever stands before the barrier turns round", says: Words::leaves },
    Word { usage: "refuses WHY", about: "the guard sends away whoever waits", says: Words::refuses },
    Word { usage: "asks HOUSE", about: "the guard asks a house about the car that waits", says: Words::asks },
    Word { usage: "opens GATE", about: "the owner of house 12 opens a gate from afar", says: Words::opens },
    Word { usage: "code HOUSE", about: "a fresh code by which people of a house join", says: Words::code },
    Word {
        usage: "apply NAME HOUSE",
        about: "somebody asks to join, with a photo; the decision waits",
        says: Words::apply,
    },
    Word {
        usage: "cut",
        about: "the link between hub and cloud is cut; people reach the cloud",
        says: Words::cut,
    },
    Word { usage: "heal", about: "the link is mended", says: Words::heal },
    Word { usage: "kill WHAT", about: "hub or cloud: its plug is pulled", says: Words::kill },
    Word { usage: "start WHAT", about: "hub or cloud, after that", says: Words::start },
    Word { usage: "restart WHAT", about: "both at once", says: Words::restart },
    Word { usage: "fire", about: "the fire alarm", says: Words::fire },
    Word { usage: "calm", about: "the fire alarm ends", says: Words::calm },
    Word { usage: "unplug GATE", about: "the cable to a gate is pulled", says: Words::unplug },
    Word { usage: "plug GATE", about: "it is plugged in again", says: Words::plug },
    Word {
        usage: "play",
        about: "some come and go, so that the journal has entries with pictures",
        says: Words::play,
    },
];

/// What the word `play` plays: words as anybody would say them.
pub const PLAY: &[&str] = &[
    "comes resident",
    "drives main",
    "expects courier",
    "comes courier",
    "drives main",
    "comes unknown",
    "refuses не смог назвать дом",
    "comes resident-out",
    "drives main",
    "comes banned",
    "refuses запрет: мусор у пруда",
    "opens wicket",
];

/// A stage that is told what to do.
pub struct Words {
    stage: Stage,
    life: Life,
    /// How many strangers have come.
    strangers: u16,
    /// The guard who does what is said here, once there is something to do. Another guard is at the screen.
    guard: Option<Guard>,
}

impl Words {
    /// To a stage that runs, on which life has begun.
    pub fn new(stage: Stage, life: Life) -> Words {
        // Those who came with it are some.
        Words { stage, life, strangers: 100, guard: None }
    }

    /// The stage.
    pub fn stage(&mut self) -> &mut Stage {
        &mut self.stage
    }

    /// Does what a line says.
    ///
    /// # Errors
    /// Where it says nothing that is known, or it is not done: why, for the one who said it.
    pub fn hear(&mut self, line: &str) -> Result<Said> {
        let mut said = line.split_whitespace();
        let name = said.next().context("a word is needed; `help` lists them")?;
        let word = WORDS.iter().find(|word| word.usage.split(' ').next() == Some(name));
        let word = word.with_context(|| format!("there is no word «{name}»; `help` lists them"))?;
        (word.says)(self, &said.collect::<Vec<_>>())
    }

    /// Whether nobody is on their way through the barrier.
    ///
    /// # Errors
    /// Where it does not say.
    pub fn is_calm(&self) -> Result<bool> {
        Ok(self.stage.look("main")?.position == Position::Closed)
    }

    /// What whoever drives the demo begins with: where everything is, and who is who.
    ///
    /// # Errors
    /// Where the cloud does not say.
    pub fn ready(&self) -> Result<Value> {
        let stage = &self.stage;
        let houses = (1..).zip(&stage.cast.homes).map(|(number, (id, _))| (number.to_string(), json!(id)));
        let gates = stage.people.resident.get("/gates")?;
        Ok(json!({
            "ok": true, "word": "ready",
            "cloud": stage.cloud_url(), "kiosk": stage.kiosk(), "telegram": stage.telegram(), "community": stage.people.community,
            "guards": guards(), "people": self.life, "houses": houses.collect::<Map<_, _>>(),
            "gates": gates["gates"], "scenes": self.cars(), "codes": { "doctor": stage.cast.code },
        }))
    }

    fn help(&mut self, _: &[&str]) -> Result<Said> {
        let line = |word: &Word| format!("  {:<18}{}", word.usage, word.about);
        let words: Vec<_> =
            WORDS.iter().map(|word| json!({ "usage": word.usage, "about": word.about })).collect();
        Said::new(WORDS.iter().map(line).collect::<Vec<_>>().join("\n"), json!({ "words": words }))
    }

    fn addresses(&mut self, _: &[&str]) -> Result<Said> {
        let (cloud, kiosk) = (self.stage.cloud_url(), self.stage.kiosk());
        let text = format!("residents {cloud}/, administrators {cloud}/admin/, the guard's screen {kiosk}/");
        Said::new(text, json!({ "cloud": cloud, "admin": format!("{cloud}/admin/"), "kiosk": kiosk }))
    }

    fn pins(&mut self, _: &[&str]) -> Result<Said> {
        let text = GUARDS.map(|(name, pin)| format!("{name} {pin}")).join(", ");
        Said::new(text, json!({ "guards": guards() }))
    }

    fn link(&mut self, words: &[&str]) -> Result<Said> {
        ensure!(!words.is_empty(), "who? as in `link resident`");
        let (id, name) = self.person(&words.join(" "))?;
        let link = self.stage.link(id)?;
        Said::new(format!("{link}  ({name}, once)"), json!({ "link": link, "person": id, "name": name }))
    }

    fn telegram(&mut self, words: &[&str]) -> Result<Said> {
        ensure!(!words.is_empty(), "who? as in `telegram resident`");
        let (id, name) = self.person(&words.join(" "))?;
        let link = self.stage.telegram_link(id)?;
        Said::new(format!("{link}  ({name}, once)"), json!({ "link": link, "person": id, "name": name }))
    }

    /// Whoever is meant by a word of stories, the number of a house (its owner), or a name.
    fn person(&self, who: &str) -> Result<(RecordId, String)> {
        if let Some(known) = self.life.get(who) {
            return Ok((known.id, known.name.clone()));
        }
        let chair = &self.stage.people.chair;
        if let Ok(house) = who.parse() {
            let (_, owner) = life::home(&self.stage, house)?;
            let person = chair.get(&format!("/people/{owner}"))?;
            return Ok((owner, person["name"].as_str().unwrap_or_default().to_owned()));
        }
        let found = chair.get(&format!("/people?search={}", encoded(who)))?;
        let found = found["people"].as_array().context("people")?;
        let named: Vec<_> = found.iter().filter(|person| person["name"] == who).collect();
        match &named[..] {
            [person] => Ok((person["id"].as_str().context("an id")?.parse()?, who.to_owned())),
            [] => bail!("nobody is called «{who}»"),
            several => bail!("{} people are called «{who}»: say the number of a house", several.len()),
        }
    }

    fn scenes(&mut self, _: &[&str]) -> Result<Said> {
        let cars = self.stage.scenes().cars().iter();
        let line = |(name, car): (&String, &Car)| format!("  {name:<18}{}: {}", shown(car), car.note);
        let text = cars.map(line).collect::<Vec<_>>().join("\n");
        Said::new(text, json!({ "scenes": self.cars() }))
    }

    fn cars(&self) -> Map<String, Value> {
        let cars = self.stage.scenes().cars().iter();
        let told = |car: &Car| json!({ "plate": shown(car), "lane": car.lane, "note": car.note });
        cars.map(|(name, car)| (name.clone(), told(car))).collect()
    }

    fn expects(&mut self, words: &[&str]) -> Result<Said> {
        let (scene, car) = self.car(words)?;
        let pass = self.stage.people.resident.issue(self.stage.cast.house_12, &car.plate)?;
        if self.is_whole()? {
            self.stage.until_in_step()?;
        }
        let facts = json!({ "scene": scene, "plate": shown(&car), "pass": pass });
        Said::new(format!("house 12 expects {}", shown(&car)), facts)
    }

    /// Whether hub and cloud run and the line between them is whole.
    fn is_whole(&mut self) -> Result<bool> {
        Ok(!self.stage.line().is_cut() && self.stage.hub_runs()? && self.stage.cloud_runs()?)
    }

    fn comes(&mut self, words: &[&str]) -> Result<Said> {
        let (scene, car) = self.car(words)?;
        let mut decided = None;
        for times in PACES {
            decided = self.decided(&car, APPROACH * times, |stage| {
                stage.comes_slowly(&car.lane, scene, times as usize)
            })?;
            if !decided.as_ref().is_some_and(is_weak) || scene == DOUBTFUL {
                break;
            }
            // A machine with a dozen other things to do looked too seldom: the guard waves it back, and it comes more slowly.
            self.of_waiting("refuse", json!({ "reason": "номер не прочитан, подъедет ещё раз" }))?;
        }
        told("comes", scene, &car, decided)
    }

    fn stands(&mut self, words: &[&str]) -> Result<Said> {
        let (scene, car) = self.car(words)?;
        let decided = self.decided(&car, Duration::ZERO, |stage| stage.stands(&car.lane, scene))?;
        told("stands there", scene, &car, decided)
    }

    /// What the gatehouse decides about a car that arrives; nothing where nobody decides. A weak reading may still be followed
    /// by a strong one, for as long as the car comes nearer.
    fn decided(
        &mut self,
        car: &Car,
        approach: Duration,
        arrives: impl Fn(&Stage) -> Result<()>,
    ) -> Result<Option<Value>> {
        if !self.stage.hub_runs()? {
            return arrives(&self.stage).map(|()| None);
        }
        let guard = self.guard()?;
        let newest = |journal: &[Value]| journal.first().and_then(|entry| entry["number"].as_u64());
        if !self.stage.lanes().is_empty(&car.lane)? {
            // A camera that never saw an empty lane sees no other car.
            self.stage.leaves(&car.lane)?;
            let begun = Instant::now();
            until("a car that is gone", || Ok(begun.elapsed() > TURNS_ROUND))?;
        }
        let before = newest(&guard.journal()?);
        arrives(&self.stage)?;
        let is_it = |entry: &Value| {
            let is_read = entry["plate"].as_str().is_some_and(|plate| !plate.is_empty());
            entry["number"].as_u64() > before
                && entry["kind"] == "decided"
                && entry["lane"] == car.lane.as_str()
                && is_read
        };
        let (mut decided, begun) = (None, Instant::now());
        until("what is decided", || {
            decided = guard.journal()?.into_iter().find(is_it);
            let is_final =
                decided.as_ref().is_some_and(|entry| !is_weak(entry) || begun.elapsed() > approach);
            Ok(is_final || begun.elapsed() > DECIDES)
        })?;
        self.guard = Some(guard);
        Ok(decided)
    }

    fn car<'a>(&self, words: &[&'a str]) -> Result<(&'a str, Car)> {
        let [scene] = words else { bail!("which car? `scenes` lists them") };
        Ok((scene, self.stage.scenes().car(scene)?.clone()))
    }

    fn drives(&mut self, words: &[&str]) -> Result<Said> {
        let gate = gate(words)?;
        let before = self.stage.look(gate)?.passed;
        until("a gate that is open", || Ok(self.stage.look(gate)?.position == Position::Open))?;
        self.stage.happens(gate, World::Car { tailgates: false, crossing_ms: CROSSING_MS })?;
        let through = until("a car behind the gate", || Ok(self.stage.look(gate)?.passed > before));
        if through.is_err() {
            // It is open for another one.
            self.stage.happens(gate, World::Leave)?;
        }
        through?;
        self.empty()?;
        Said::new(format!("a car went through {gate}"), json!({ "gate": gate }))
    }

    fn leaves(&mut self, _: &[&str]) -> Result<Said> {
        self.empty()?;
        Said::new("nobody stands before the barrier", json!({}))
    }

    fn empty(&self) -> Result<()> {
        ["in", "out"].into_iter().try_for_each(|lane| self.stage.leaves(lane))
    }

    fn refuses(&mut self, words: &[&str]) -> Result<Said> {
        ensure!(!words.is_empty(), "why? as in `refuses не смог назвать дом`");
        let why = words.join(" ");
        self.of_waiting("refuse", json!({ "reason": why }))?;
        self.empty()?;
        Said::new(format!("sent away: {why}"), json!({ "reason": why }))
    }

    fn asks(&mut self, words: &[&str]) -> Result<Said> {
        let (number, house) = self.house(words)?;
        let asked = self.of_waiting("ask", json!({ "house": house }))?;
        Said::new(
            format!("house {number} is asked"),
            json!({ "house": number, "question": asked["question"] }),
        )
    }

    /// The guard who does what is said here: signed in already, or now.
    fn guard(&mut self) -> Result<Guard> {
        if let Some(guard) = self.guard.take() {
            return Ok(guard);
        }
        let (guard, [.., (name, pin)]) = (Guard::new(&self.stage.kiosk()), GUARDS);
        guard.sign_in(name, pin)?;
        Ok(guard)
    }

    /// What the guard does about whoever waits, or is about to.
    fn of_waiting(&mut self, what: &str, body: Value) -> Result<Value> {
        let guard = self.guard()?;
        let mut entry = String::new();
        until("somebody who waits for the guard", || {
            let waiting = guard.waiting()?;
            entry = waiting.last().and_then(|last| last["entry"].as_str()).unwrap_or_default().to_owned();
            Ok(!entry.is_empty())
        })?;
        let done = guard.post(&format!("/api/arrivals/{entry}/{what}"), body)?;
        self.guard = Some(guard);
        Ok(done)
    }

    fn opens(&mut self, words: &[&str]) -> Result<Said> {
        let gate = gate(words)?;
        let told =
            self.stage.people.resident.open_from_afar(if gate == "main" { BARRIER } else { WICKET })?;
        let (state, why) = (told["state"].as_str().unwrap_or_default(), told["why"].as_str());
        let text = why.map_or_else(|| format!("{gate}: {state}"), |why| format!("{gate}: {state}, {why}"));
        Said::new(text, json!({ "gate": gate, "state": told["state"], "why": told["why"] }))
    }

    fn code(&mut self, words: &[&str]) -> Result<Said> {
        let (number, _) = self.house(words)?;
        let code = life::house_code(&self.stage, number)?;
        let (cloud, community) = (self.stage.cloud_url(), self.stage.people.community);
        let address = format!("{cloud}/join/{community}?code={code}");
        let facts = json!({ "house": number, "code": code, "address": address });
        Said::new(format!("{code}: {address}"), facts)
    }

    /// A house by the number that was said, alone.
    fn house(&self, words: &[&str]) -> Result<(usize, RecordId)> {
        let [number] = words else { bail!("which house? as in `code 12`") };
        let number = number.parse().with_context(|| format!("«{number}» is no number of a house"))?;
        Ok((number, life::home(&self.stage, number)?.0))
    }

    fn apply(&mut self, words: &[&str]) -> Result<Said> {
        let Some((house, name @ [_, ..])) = words.split_last() else {
            bail!("who, and which house? as in `apply Ксения Ларина 14`");
        };
        let (number, _) = self.house(&[house])?;
        self.strangers = self.strangers.wrapping_add(1);
        let (nth, name) = (self.strangers, name.join(" "));
        let phone = format!("+7900000{:04}", 5_000 + nth % 4_000);
        let made = life::apply(&self.stage, nth, &name, "owner", number, &phone)?;
        let facts =
            json!({ "application": made["id"], "secret": made["secret"], "name": name, "house": number });
        Said::new(format!("{name} asks to join, house {number}"), facts)
    }

    fn cut(&mut self, _: &[&str]) -> Result<Said> {
        self.stage.line().cut(true);
        if self.stage.hub_runs()? {
            self.stage.until_linked(false)?;
        }
        Said::new("hub and cloud are apart", json!({}))
    }

    fn heal(&mut self, _: &[&str]) -> Result<Said> {
        self.stage.line().cut(false);
        if self.is_whole()? {
            self.stage.until_linked(true)?;
        }
        Said::new("hub and cloud are connected", json!({}))
    }

    fn kill(&mut self, words: &[&str]) -> Result<Said> {
        match words {
            ["hub"] => {
                // Nobody is signed in there any more.
                self.guard = None;
                self.stage.kill_hub()?;
            }
            ["cloud"] => self.stage.kill_cloud()?,
            _ => bail!("what? `hub` or `cloud`"),
        }
        Said::new(format!("the {} is dead", words[0]), json!({}))
    }

    fn start(&mut self, words: &[&str]) -> Result<Said> {
        match words {
            ["hub"] => {
                ensure!(!self.stage.hub_runs()?, "it runs");
                self.stage.start_hub()?;
                self.stage.trust_clock()?;
            }
            ["cloud"] => {
                ensure!(!self.stage.cloud_runs()?, "it runs");
                self.stage.start_cloud()?;
            }
            _ => bail!("what? `hub` or `cloud`"),
        }
        Said::new(format!("the {} runs", words[0]), json!({}))
    }

    fn restart(&mut self, words: &[&str]) -> Result<Said> {
        self.kill(words)?;
        self.start(words)
    }

    fn fire(&mut self, _: &[&str]) -> Result<Said> {
        self.stage.happens("main", World::Fire(true))?;
        Said::new("the fire alarm sounds: every gate opens", json!({}))
    }

    fn calm(&mut self, _: &[&str]) -> Result<Said> {
        self.stage.happens("main", World::Fire(false))?;
        Said::new("the fire alarm is over; the guard closes the gates", json!({}))
    }

    fn unplug(&mut self, words: &[&str]) -> Result<Said> {
        let gate = gate(words)?;
        self.stage.happens(gate, World::Cable(false))?;
        Said::new(format!("the cable to {gate} is pulled"), json!({ "gate": gate }))
    }

    fn plug(&mut self, words: &[&str]) -> Result<Said> {
        let gate = gate(words)?;
        self.stage.happens(gate, World::Cable(true))?;
        Said::new(format!("the cable to {gate} is plugged in"), json!({ "gate": gate }))
    }

    fn play(&mut self, _: &[&str]) -> Result<Said> {
        for line in PLAY {
            until("a barrier that is closed", || self.is_calm())?;
            self.hear(line).with_context(|| (*line).to_owned())?;
        }
        Said::new("some came and went; the journal has them", json!({}))
    }
}

fn is_weak(decided: &Value) -> bool {
    decided["reason"] == "weak_reading"
}

fn told(does: &str, scene: &str, car: &Car, decided: Option<Value>) -> Result<Said> {
    let plate = shown(car);
    let what = |name: &str| decided.as_ref().map_or(Value::Null, |entry| entry[name].clone());
    let (verdict, reason) = (what("verdict"), what("reason"));
    let text = match (verdict.as_str(), reason.as_str()) {
        (Some(verdict), Some(reason)) => format!("{plate} {does}, lane {}: {verdict} ({reason})", car.lane),
        _ => format!("{plate} {does}, lane {}: nobody decides", car.lane),
    };
    let facts = json!({
        "scene": scene, "plate": plate, "lane": car.lane, "verdict": verdict, "reason": reason, "entry": what("id"),
    });
    Said::new(text, facts)
}

fn guards() -> Vec<Value> {
    GUARDS.iter().map(|(name, pin)| json!({ "name": name, "pin": pin })).collect()
}

/// The gate that was said; the barrier, where nothing was.
fn gate<'a>(words: &[&'a str]) -> Result<&'a str> {
    match words {
        [] => Ok("main"),
        [gate @ ("main" | "wicket")] => Ok(gate),
        _ => bail!("which gate? `main` or `wicket`"),
    }
}

/// A plate as people write it.
fn shown(car: &Car) -> String {
    plate::shown(&plate::fold(&car.plate), Country::Russia)
}

/// For the query of an address (RFC 3986, 2.1).
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
