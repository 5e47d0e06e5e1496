//! What happens to the simulated machines: ordinary work, faults, forgeries, and disasters.

use super::network::Quality;
use super::records::{Colour, Gadget, OldThing, Order, Program, Report, Sighting, Thing, Window};
use super::world::{CLOUD, Life, World};
use crate::builtin::{Erasure, Horizon};
use crate::delta::{Change, Chunk, Walk};
use crate::replica::{CommitError, Refusal, Replica, Source, Writes};
use crate::schema::{Open, Record, Role};
use crate::stamp::{RecordId, Stamp, Time};
use crate::store::{Mark, Memory};

const YEAR_MS: i64 = 365 * 24 * 3_600_000;

impl World<'_> {
    /// One random step.
    pub(super) fn stumble(&mut self) -> Result<(), String> {
        let node = self.rng.usize(..self.nodes.len());
        if self.nodes[node].gone {
            return Ok(());
        }
        let name = self.nodes[node].name.clone();
        let up = matches!(self.nodes[node].life, Life::Up(_));
        match self.rng.u8(..100) {
            _ if !up => {
                if self.rng.bool() {
                    self.say(format_args!("{name} starts"));
                    self.start(node)?;
                }
                Ok(())
            }
            0..55 => self.write(node),
            55..65 => {
                self.say(format_args!("{name} syncs"));
                self.sync(node)
            }
            65..70 => {
                self.say(format_args!("{name} crashes"));
                self.crash(node);
                Ok(())
            }
            70..73 => {
                let steps = self.rng.u32(1..6);
                self.say(format_args!("{name} will lose power in {steps} steps of its disk"));
                self.nodes[node].fuse.light(steps);
                Ok(())
            }
            73..81 => {
                let link = self.rng.usize(..self.links.len());
                self.links[link].whole = !self.links[link].whole;
                let hub = self.nodes[self.links[link].hub].name.clone();
                let state = if self.links[link].whole { "whole again" } else { "cut" };
                self.say(format_args!("the line of {hub} is {state}"));
                Ok(())
            }
            81..85 => {
                let link = self.rng.usize(..self.links.len());
                let quality = Quality {
                    drop: self.rng.u8(..20),
                    repeat: self.rng.u8(..20),
                    delay_ms: self.rng.u64(1..2_000),
                };
                self.links[link].quality = quality;
                Ok(())
            }
            85..88 => {
                let node = &mut self.nodes[node];
                node.skew_ms = self.rng.i64(-5 * YEAR_MS..=5 * YEAR_MS);
                node.trusted = self.rng.u8(..3) > 0;
                let (days, trusted) = (node.skew_ms / 86_400_000, node.trusted);
                self.say(format_args!("the clock of {name} jumps to {days} days off, trusted: {trusted}"));
                Ok(())
            }
            88..92 => {
                if let Life::Up(replica) = &self.nodes[node].life {
                    let backup = replica.store().crashed();
                    self.nodes[node].backups.push(backup);
                    self.say(format_args!("{name} is backed up"));
                }
                Ok(())
            }
            92..95 => self.forge(node),
            95..97 => {
                self.say(format_args!("{name} is restarted by another program"));
                self.sync(node)?;
                self.crash(node);
                if node != CLOUD {
                    let older = self.nodes[node].program == Program::Older;
                    self.nodes[node].program = if older { Program::Present } else { Program::Older };
                }
                self.start(node)
            }
            _ => {
                // Nothing but time passes.
                self.at_ms += self.rng.u64(1..20_000);
                Ok(())
            }
        }
    }

    /// A node commits something, and perhaps makes it durable.
    fn write(&mut self, node: usize) -> Result<(), String> {
        let count = if self.rng.u8(..8) == 0 { self.rng.usize(1..4) } else { 1 };
        let batch: Vec<Writes> = (0..count).map(|_| self.some_writes(node)).collect::<Result<_, _>>()?;
        let (now, doubtful) = (self.now(node), self.nodes[node].doubtful);
        let Some(replica) = self.replica(node) else { return Ok(()) };
        let done = replica.commit_batch(now, &batch).and_then(|results| Ok((results, replica.standing()?)));
        let Some((results, standing)) = self.survives(node, done)? else { return Ok(()) };
        for result in results {
            match result {
                Ok(committed) => {
                    let arrival = standing.mark.arrival;
                    let stamp = committed.stamp;
                    self.ask_oracle(node, |oracle, rows| {
                        oracle.issued(node, rows, stamp, arrival, doubtful)
                    })?;
                }
                // Both are the store's good right; anything else is a mistake.
                Err(Refusal::Erased { .. } | Refusal::BelowHorizon { .. } | Refusal::Exists { .. }) => {}
                Err(Refusal::Changed { .. }) => {}
                Err(other) => {
                    return Err(format!("{}: a commit was refused: {other}", self.nodes[node].name));
                }
            }
        }
        let name = self.nodes[node].name.clone();
        self.say(format_args!("{name} commits {count} as {:?}", standing.mark.sequence));
        if self.rng.u8(..3) > 0 { self.sync(node) } else { Ok(()) }
    }

    /// Something that the node's program could write.
    fn some_writes(&mut self, node: usize) -> Result<Writes, String> {
        let (role, program) = (self.nodes[node].role, self.nodes[node].program);
        let mut writes = Writes::new();
        match self.rng.u8(..20) {
            0..3 => {
                let id = self.new_record(node, Thing::SPEC.name)?;
                let thing = self.some_thing();
                match program {
                    Program::Present => writes.create(id, &thing),
                    Program::Older => {
                        let Thing { name, window, .. } = thing;
                        writes.create(id, &OldThing { name, window, ..OldThing::default() })
                    }
                };
            }
            3..10 => self.change_thing(node, program, &mut writes)?,
            10..13 => {
                let id = self.new_record(node, Sighting::SPEC.name)?;
                let of = self.some_record(Thing::SPEC.name).unwrap_or_default();
                let (who, weight) = (format!("witness {}", self.rng.u32(..)), self.rng.f64());
                writes.create(id, &Sighting { of, who, weight });
                if self.rng.u8(..6) == 0 {
                    // The same again: a fact is written once.
                    let old = self.some_record(Sighting::SPEC.name).unwrap_or_default();
                    if self.read::<Sighting>(node, old)?.is_some() {
                        writes = Writes::new();
                        writes.create(old, &Sighting { of, who: "somebody else".into(), weight });
                    }
                }
            }
            13..15 if role == Role::Cloud => {
                let id = self.new_record(node, Order::SPEC.name)?;
                writes.create(id, &Order { amount: self.rng.u64(..) });
            }
            13..15 => {
                let id = self.new_record(node, Report::SPEC.name)?;
                writes.create(id, &Report { amount: self.rng.u64(..) });
            }
            15..17 if program == Program::Present => match self.some_record(Gadget::SPEC.name) {
                Some(id) if self.rng.bool() => {
                    let label = format!("gadget {}", self.rng.u16(..));
                    if let Some(entry) = self.read::<Gadget>(node, id)? {
                        writes.update(&entry, |gadget| {
                            gadget.label = label;
                            gadget.parts.push(7);
                        });
                    }
                }
                _ => {
                    let id = self.new_record(node, Gadget::SPEC.name)?;
                    writes.create(id, &Gadget { label: "new".into(), parts: vec![self.rng.u32(..)] });
                }
            },
            17 if role == Role::Cloud => {
                let id = self.new_record(node, Erasure::SPEC.name)?;
                match self.some_record(Thing::SPEC.name) {
                    Some(record) if self.rng.bool() => writes.erase::<Thing>(id, record),
                    _ => writes
                        .erase::<Sighting>(id, self.some_record(Sighting::SPEC.name).unwrap_or_default()),
                };
            }
            18 if role == Role::Cloud && self.rng.bool() => {
                let id = self.new_record(node, Horizon::SPEC.name)?;
                // A little of the past, so that something is left to go wrong.
                if let Some(old) = self.some_record(Sighting::SPEC.name) {
                    writes.forget::<Sighting>(id, old.made_ms());
                }
            }
            _ => self.change_thing(node, program, &mut writes)?,
        }
        Ok(writes)
    }

    fn change_thing(&mut self, node: usize, program: Program, writes: &mut Writes) -> Result<(), String> {
        let Some(id) = self.some_record(Thing::SPEC.name) else { return Ok(()) };
        let new = self.some_thing();
        let what = self.rng.u8(..5);
        if program == Program::Older {
            if let Some(entry) = self.read::<OldThing>(node, id)? {
                writes.update(&entry, |thing| match what {
                    0 => thing.name = new.name,
                    _ => thing.window = new.window,
                });
            }
        } else if let Some(entry) = self.read::<Thing>(node, id)? {
            writes.update(&entry, |thing| match what {
                0 => thing.name = new.name,
                1 => thing.colour = new.colour,
                2 => thing.window = new.window,
                3 => thing.size = new.size,
                _ => thing.note = new.note,
            });
        }
        Ok(())
    }

    fn some_thing(&mut self) -> Thing {
        let (a, b) = (self.rng.u32(..1000), self.rng.u32(..1000));
        let colours = [Colour::Red, Colour::Green, Colour::Ultraviolet];
        Thing {
            name: format!("thing {}", self.rng.u32(..)),
            colour: Open::Known(colours[self.rng.usize(..3)]),
            window: Window { from: a.min(b), to: a.max(b) },
            size: self.rng.f64() * 1e6,
            note: self.rng.bool().then(|| "with a note".to_owned()),
        }
    }

    fn read<T: Record>(
        &mut self,
        node: usize,
        id: RecordId,
    ) -> Result<Option<crate::replica::Entry<T>>, String> {
        let Some(replica) = self.replica(node) else { return Ok(None) };
        let read = replica.view(|view| view.of::<T>().get(id)).map_err(|error| error.to_string())?;
        read.map_err(|error| error.to_string())
    }

    fn new_record(&mut self, node: usize, collection: &'static str) -> Result<RecordId, String> {
        let (now, entropy) = (self.now(node), self.rng.u128(..));
        let Some(replica) = self.replica(node) else { return Ok(RecordId::MIN) };
        let id = replica.new_id(now, entropy).map_err(|error| error.to_string())?;
        self.records.entry(collection).or_default().push(id);
        Ok(id)
    }

    fn some_record(&mut self, collection: &str) -> Option<RecordId> {
        let ids = self.records.get(collection).filter(|ids| !ids.is_empty())?;
        // The newest few are written most, so that writes meet.
        let reach = if self.rng.bool() { 4 } else { 40 };
        let back = self.rng.usize(..ids.len().min(reach));
        Some(ids[ids.len() - 1 - back])
    }

    /// Somebody sends the node what may not be.
    fn forge(&mut self, node: usize) -> Result<(), String> {
        let (now, what) = (self.now(node), self.rng.u8(..7));
        let (stranger, record) = (self.fresh_id(), self.fresh_id());
        let peer = if node == CLOUD { self.links[0].hub } else { CLOUD };
        let source = Source { replica: self.nodes[peer].id, role: self.nodes[peer].role };
        let (own, hub) = (self.nodes[node].id, self.nodes[self.links[0].hub].id);
        let time = Time::from_ms(now.ms);
        let (shape, stamp, why) = match what {
            1 if node == CLOUD => (
                Sighting::SPEC.shape(),
                Stamp { time, replica: own, sequence: u64::MAX },
                "an own stamp never issued",
            ),
            2 if own != hub => (
                Order::SPEC.shape(),
                Stamp { time, replica: hub, sequence: 1 },
                "a hub's write of what is the cloud's",
            ),
            // What it would destroy is in no forged field: the stamp alone must be enough.
            5 if own != hub => {
                (Erasure::SPEC.shape(), Stamp { time, replica: hub, sequence: 1 }, "a hub's erasure")
            }
            6 if own != hub => {
                (Horizon::SPEC.shape(), Stamp { time, replica: hub, sequence: 1 }, "a hub's horizon")
            }
            0..3 | 5 | 6 => {
                (Sighting::SPEC.shape(), Stamp { time, replica: stranger, sequence: 1 }, "a stranger's stamp")
            }
            3 => (
                Sighting::SPEC.shape(),
                Stamp { time: Time::CEILING, replica: own, sequence: 1 },
                "the year 2200",
            ),
            _ => {
                let mut shape = Sighting::SPEC.shape();
                shape.kind = crate::schema::Kind::Profile;
                (shape, Stamp { time, replica: own, sequence: 1 }, "a collection of another kind")
            }
        };
        self.say(format_args!("somebody forges {why}"));
        let fields = vec![("amount".to_owned(), "1".to_owned())];
        let change = Change { shape: 0, record, stamp, fields };
        self.expect_refused(
            node,
            |replica| {
                let base = crate::sync::Endpoint::known(replica, source.replica)?;
                let mark = Mark { arrival: base.arrival + 1, ..base };
                let chunk = Chunk {
                    walk: Walk::Whole,
                    base,
                    latest: None,
                    shapes: vec![shape],
                    groups: vec![vec![change]],
                    mark,
                    head: mark,
                    to: None,
                };
                replica.merge(source, now, &chunk).map(drop)
            },
            why,
        )
    }

    /// Something befalls one machine that no program can prevent.
    pub(super) fn disaster(&mut self) -> Result<(), String> {
        let hub = self.links[self.rng.usize(..self.links.len())].hub;
        let (victim, what) = match self.rng.u8(..10) {
            0..3 => (CLOUD, 0),
            3..6 => (hub, 0),
            6..8 => (hub, 1),
            _ => (hub, 2),
        };
        if self.nodes[victim].gone {
            return Ok(());
        }
        self.tally.disasters += 1;
        match what {
            0 => self.restore(victim),
            1 => self.copy(victim),
            _ => self.replace(victim),
        }
    }

    /// A disk is put back as it was at a backup; the machine is told so, or not, and written to.
    fn restore(&mut self, node: usize) -> Result<(), String> {
        let count = self.nodes[node].backups.len();
        if count == 0 {
            return Ok(());
        }
        let backup = self.nodes[node].backups[self.rng.usize(..count)].clone();
        let told = self.rng.bool();
        let name = self.nodes[node].name.clone();
        self.say(format_args!("{name} is restored from a backup, told: {told}"));
        self.crash(node);
        self.nodes[node].life = Life::Down(Box::new(backup));
        self.start(node)?;
        self.ask_oracle(node, |oracle, rows| oracle.restored(node, rows, !told))?;
        if told {
            self.fork(node, None)?;
        } else {
            self.nodes[node].doubtful = true;
            self.two_histories = true;
        }
        for _ in 0..self.rng.usize(..6) {
            self.write(node)?;
        }
        Ok(())
    }

    /// A hub's disk is copied and both copies run.
    fn copy(&mut self, node: usize) -> Result<(), String> {
        self.sync(node)?;
        let disk = match &self.nodes[node].life {
            Life::Up(replica) => replica.store().crashed(),
            Life::Down(disk) => Memory::clone(disk),
        };
        let name = format!("{} copied", self.nodes[node].name);
        self.say(format_args!("{name}"));
        let twin = self.build(name, Role::Hub, self.nodes[node].program);
        self.nodes[twin].key = self.nodes[node].key.clone();
        self.nodes[twin].life = Life::Down(Box::new(disk));
        (self.nodes[twin].doubtful, self.nodes[node].doubtful) = (true, true);
        (self.nodes[twin].twin, self.nodes[node].twin) = (Some(node), Some(twin));
        self.two_histories = true;
        self.start(twin)?;
        for one in [node, twin] {
            if matches!(self.nodes[one].life, Life::Up(_)) && self.rng.bool() {
                self.write(one)?;
            }
        }
        Ok(())
    }

    /// A hub's machine is thrown away and a new one enrolled in its place.
    fn replace(&mut self, node: usize) -> Result<(), String> {
        if !matches!(self.nodes[CLOUD].life, Life::Up(_)) {
            return Ok(());
        }
        let name = self.nodes[node].name.clone();
        self.say(format_args!("{name} is thrown away"));
        self.crash(node);
        self.oracle.thrown_away(node);
        let (id, old, now) = (self.fresh_id(), self.nodes[node].id, self.now(CLOUD));
        self.nodes[node].gone = true;
        let Some(cloud) = self.replica(CLOUD) else { return Ok(()) };
        let retired = match cloud.retire(id, old, now) {
            Ok(()) => Ok(()),
            Err(CommitError::Store(error)) => Err(error),
            Err(CommitError::Refused(refusal)) => {
                return Err(format!("the cloud cannot retire {name}: {refusal}"));
            }
        };
        self.survives(CLOUD, retired)?;
        self.build(format!("{name}'s successor"), Role::Hub, Program::Present);
        Ok(())
    }
}

/// Rules of the records that no merge may break.
pub(super) fn check_rules(replica: &Replica<Memory>) -> Result<(), String> {
    let things = replica.view(|view| {
        view.of::<OldThing>()
            .find(&crate::replica::Query::on("window").limit(crate::replica::Query::MAX_LIMIT))
    });
    let things = things.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
    if let Some((id, why)) = things.unreadable.first() {
        return Err(format!("things {id}: {why}"));
    }
    for thing in things.entries {
        let Window { from, to } = thing.value.window;
        if from > to {
            return Err(format!("things {}: its window runs from {from} to {to}", thing.id));
        }
    }
    Ok(())
}
