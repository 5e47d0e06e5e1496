//! The simulated machines, and the moment when everything heals.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Add;

use fastrand::Rng;

use super::network::{Link, Parcel, Quality};
use super::oracle::Oracle;
use super::records::Program;
use crate::replica::{MergeError, Replica};
use crate::schema::Role;
use crate::stamp::{Now, RecordId, ReplicaId};
use crate::store::{Fuse, Memory, Rows, Store, StoreError};

/// 2026-01-01T00:00:00Z, where every story begins.
const BEGIN_MS: u64 = 1_767_225_600_000;

/// How much happened, to see that a run was worth something.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Fields written.
    pub writes: usize,
    /// Frames delivered.
    pub frames: usize,
    /// Crashes, of which some in the middle of a transaction.
    pub crashes: usize,
    /// Disks restored, copied or replaced.
    pub disasters: usize,
    /// New ids taken after a restored or copied disk was noticed.
    pub forks: usize,
    /// Forged frames refused.
    pub forgeries: usize,
    /// Times that an end heard that all is there that cannot wait.
    pub readies: usize,
    /// Buckets found unequal, with a cause, and repaired.
    pub repairs: usize,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { writes, frames, crashes, disasters, forks, forgeries, readies, repairs } = self;
        write!(
            f,
            "{writes} fields written, {frames} frames, {crashes} crashes, {disasters} disasters, {forks} new ids, \
             {forgeries} forgeries refused, {readies} times ready, {repairs} buckets repaired"
        )
    }
}

impl Add for Tally {
    type Output = Tally;

    fn add(self, other: Tally) -> Tally {
        Tally {
            writes: self.writes + other.writes,
            frames: self.frames + other.frames,
            crashes: self.crashes + other.crashes,
            disasters: self.disasters + other.disasters,
            forks: self.forks + other.forks,
            forgeries: self.forgeries + other.forgeries,
            readies: self.readies + other.readies,
            repairs: self.repairs + other.repairs,
        }
    }
}

/// A machine with a disk.
pub(super) struct Node {
    pub name: String,
    pub role: Role,
    pub key: String,
    pub program: Program,
    pub life: Life,
    pub skew_ms: i64,
    pub trusted: bool,
    pub backups: Vec<Memory>,
    /// Its disk was restored or copied and it has not noticed.
    pub doubtful: bool,
    /// The other one with a copy of this disk.
    pub twin: Option<usize>,
    /// Thrown away for good.
    pub gone: bool,
    pub fuse: Fuse,
    pub id: ReplicaId,
}

pub(super) enum Life {
    Up(Box<Replica<Memory>>),
    Down(Box<Memory>),
}

pub(super) struct World<'t> {
    pub rng: Rng,
    pub nodes: Vec<Node>,
    pub links: Vec<Link>,
    pub oracle: Oracle,
    pub tally: Tally,
    pub at_ms: u64,
    /// Records to write at, by collection.
    pub records: BTreeMap<&'static str, Vec<RecordId>>,
    /// Ids that the cloud has borne: what its operator can vouch for.
    pub cloud_ids: BTreeSet<ReplicaId>,
    pub mail: BTreeMap<(u64, u64), Parcel>,
    pub posted: u64,
    steps: usize,
    trace: &'t mut dyn FnMut(&str),
    pub alarms: Vec<String>,
    /// Whether some id was borne by two histories, unnoticed for a while. What both wrote under it may then
    /// stand differently in places until the digests are compared: that raises an alarm and is repaired.
    pub two_histories: bool,
}

pub(super) const CLOUD: usize = 0;

impl<'t> World<'t> {
    pub(super) fn new(seed: u64, trace: &'t mut dyn FnMut(&str)) -> Self {
        let mut world = World {
            rng: Rng::with_seed(seed),
            nodes: Vec::new(),
            links: Vec::new(),
            oracle: Oracle::default(),
            tally: Tally::default(),
            at_ms: 0,
            records: BTreeMap::new(),
            cloud_ids: BTreeSet::new(),
            mail: BTreeMap::new(),
            posted: 0,
            steps: 0,
            trace,
            alarms: Vec::new(),
            two_histories: false,
        };
        world.build("cloud".into(), Role::Cloud, Program::Present);
        for number in 1..=world.rng.usize(2..=3) {
            let program = if world.rng.u8(..4) == 0 { Program::Older } else { Program::Present };
            world.build(format!("hub{number}"), Role::Hub, program);
        }
        world
    }

    pub(super) fn tally(&self) -> Tally {
        Tally { writes: self.oracle.len(), ..self.tally }
    }

    pub(super) fn step(&self) -> usize {
        self.steps
    }

    pub(super) fn say(&mut self, what: std::fmt::Arguments<'_>) {
        (self.trace)(&format!("{:>4} {:>8} ms  {what}", self.steps, self.at_ms));
    }

    pub(super) fn now(&self, node: usize) -> Now {
        let node = &self.nodes[node];
        Now { ms: (BEGIN_MS + self.at_ms).saturating_add_signed(node.skew_ms), trusted: node.trusted }
    }

    pub(super) fn fresh_id(&mut self) -> RecordId {
        RecordId::new(BEGIN_MS + self.at_ms, self.rng.u128(..))
    }

    /// Sets up a machine with a new disk; a hub is registered by its cloud, where that is up.
    pub(super) fn build(&mut self, name: String, role: Role, program: Program) -> usize {
        let (number, id, key) = (self.nodes.len(), self.fresh_id(), format!("key of {name}"));
        self.nodes.push(Node {
            name,
            role,
            key: key.clone(),
            program,
            life: Life::Down(Box::default()),
            skew_ms: 0,
            trusted: true,
            backups: Vec::new(),
            doubtful: false,
            twin: None,
            gone: false,
            fuse: Fuse::default(),
            id,
        });
        let now = self.now(number);
        let replica = Replica::create(Memory::new(), program.schema(), id, role, &key, now);
        let replica = replica.expect("an empty store takes a replica");
        self.nodes[number].fuse = replica.store().fuse();
        self.nodes[number].life = Life::Up(Box::new(replica));
        self.say(format_args!("{} is set up as {id}", self.nodes[number].name.clone()));
        if role == Role::Cloud {
            self.cloud_ids.insert(id);
        } else {
            self.links.push(Link::new(number));
        }
        number
    }

    /// The replica of a node that is up.
    pub(super) fn replica(&mut self, node: usize) -> Option<&mut Replica<Memory>> {
        match &mut self.nodes[node].life {
            Life::Up(replica) => Some(replica),
            Life::Down(_) => None,
        }
    }

    /// The node loses what it has not synced, and stops.
    pub(super) fn crash(&mut self, node: usize) {
        if let Life::Up(replica) = &self.nodes[node].life {
            let left = replica.store().crashed();
            self.nodes[node].life = Life::Down(Box::new(left));
            self.tally.crashes += 1;
        }
        self.oracle.crashed(node);
        self.hang_up(node);
    }

    /// The node starts from its disk, with the program it has.
    pub(super) fn start(&mut self, node: usize) -> Result<(), String> {
        if let Life::Down(disk) = &self.nodes[node].life {
            let replica = Replica::open(disk.crashed(), self.nodes[node].program.schema());
            let replica =
                replica.map_err(|error| format!("{} does not start: {error}", self.nodes[node].name))?;
            let standing = replica.standing().map_err(|error| error.to_string())?;
            self.nodes[node].id = standing.replica;
            self.nodes[node].fuse = replica.store().fuse();
            self.nodes[node].life = Life::Up(Box::new(replica));
        }
        Ok(())
    }

    /// Syncs a node; the disk may fail, and the node with it.
    pub(super) fn sync(&mut self, node: usize) -> Result<(), String> {
        let Some(replica) = self.replica(node) else { return Ok(()) };
        let done = replica.sync().and_then(|()| replica.standing());
        if let Some(standing) = self.survives(node, done)? {
            self.oracle.synced(node, standing.mark.arrival);
        }
        Ok(())
    }

    /// A store that fails takes its node down, as a power cut does.
    pub(super) fn survives<T>(
        &mut self,
        node: usize,
        result: Result<T, StoreError>,
    ) -> Result<Option<T>, String> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(StoreError::Io(_)) => {
                self.say(format_args!("{} loses power in the middle", self.nodes[node].name.clone()));
                self.crash(node);
                Ok(None)
            }
            Err(other) => Err(format!("{}: {other}", self.nodes[node].name)),
        }
    }

    /// Random steps, with the network running between them.
    pub(super) fn round(&mut self, steps: usize) -> Result<(), String> {
        let disaster_at = self.rng.usize(..steps * 3 / 2);
        for step in 0..steps {
            self.steps += 1;
            if step == disaster_at {
                self.disaster()?;
            } else {
                self.stumble()?;
            }
            self.at_ms += self.rng.u64(1..400);
            self.run_network()?;
        }
        Ok(())
    }

    /// Everything is repaired; then everything must be right.
    pub(super) fn heal(&mut self) -> Result<(), String> {
        self.say(format_args!("everything heals"));
        for link in &mut self.links {
            (link.whole, link.quality) = (true, Quality { delay_ms: 20, ..Quality::default() });
        }
        for node in 0..self.nodes.len() {
            if !self.nodes[node].gone {
                self.nodes[node].fuse.light(u32::MAX - 1);
                self.start(node)?;
            }
        }
        // Long enough for every retry, repetition and comparison; silence for that long means it is over.
        const SILENCE_MS: u64 = 1_300_000;
        let (mut last_ms, bound_ms) = (self.at_ms, self.at_ms + 40_000_000);
        while self.at_ms < last_ms + SILENCE_MS {
            let before = self.tally.frames;
            self.at_ms = match self.mail.first_key_value() {
                Some(((at_ms, _), _)) => self.at_ms.max(*at_ms),
                None if self.at_ms < last_ms + 10_000 => self.at_ms + 1_000,
                None => self.at_ms + 300_000,
            };
            self.run_network()?;
            if self.tally.frames > before {
                last_ms = self.at_ms;
            }
            if self.at_ms > bound_ms {
                return Err("the replicas do not come to rest".into());
            }
        }
        self.steps += 1;
        self.check()
    }

    fn check(&mut self) -> Result<(), String> {
        if let Some(alarm) = self.alarms.first() {
            return Err(format!("an alarm without a cause: {alarm}"));
        }
        let mut digests: Option<(String, BTreeMap<_, _>)> = None;
        for node in 0..self.nodes.len() {
            let name = self.nodes[node].name.clone();
            self.sync(node)?;
            let wrong = |what: String| format!("{name}: {what}");
            self.ask_oracle(node, |oracle, rows| oracle.check_final(rows))?;
            let Some(replica) = self.replica(node) else { continue };
            let sums = replica.digests().map_err(|error| wrong(error.to_string()))?;
            let anew = replica.recomputed_digests().map_err(|error| wrong(error.to_string()))?;
            if sums != anew {
                return Err(wrong("the digest is not the one of its rows".into()));
            }
            match &digests {
                None => digests = Some((name.clone(), sums)),
                Some((other, theirs)) if *theirs != sums => {
                    let unequal =
                        theirs.keys().chain(sums.keys()).find(|key| theirs.get(*key) != sums.get(*key));
                    return Err(wrong(format!("differs from {other} in {unequal:?}")));
                }
                Some(_) => {}
            }
            super::steps::check_rules(replica).map_err(wrong)?;
        }
        Ok(())
    }

    /// Shows the oracle what a node holds, where it is up.
    pub(super) fn ask_oracle(
        &mut self,
        node: usize,
        ask: impl FnOnce(&mut Oracle, &dyn Rows) -> Result<(), String>,
    ) -> Result<(), String> {
        let Life::Up(replica) = &self.nodes[node].life else { return Ok(()) };
        let oracle = &mut self.oracle;
        let answer = replica.store().read(|rows| ask(oracle, rows)).map_err(|error| error.to_string())?;
        answer.map_err(|what| format!("{}: {what}", self.nodes[node].name))
    }

    /// A node takes a new id.
    pub(super) fn fork(&mut self, node: usize, common: Option<u64>) -> Result<(), String> {
        let (id, now, key) = (self.fresh_id(), self.now(node), self.nodes[node].key.clone());
        let (name, old) = (self.nodes[node].name.clone(), self.nodes[node].id);
        self.say(format_args!("{name}, {old}, takes the id {id} after {common:?}"));
        let Some(replica) = self.replica(node) else { return Ok(()) };
        let renewed = replica.renew(id, common, &key, now);
        if self.survives(node, renewed)?.is_none() {
            return Ok(());
        }
        self.tally.forks += 1;
        self.nodes[node].doubtful = false;
        self.nodes[node].id = id;
        if let Some(twin) = self.nodes[node].twin.take() {
            (self.nodes[twin].doubtful, self.nodes[twin].twin) = (false, None);
        }
        if node == CLOUD {
            self.cloud_ids.insert(id);
        }
        self.ask_oracle(node, |oracle, rows| oracle.renewed(node, rows, id))?;
        self.hang_up(node);
        self.sync(node)
    }

    /// What a replica refuses must leave it as it was.
    pub(super) fn expect_refused(
        &mut self,
        node: usize,
        forge: impl FnOnce(&mut Replica<Memory>) -> Result<(), MergeError>,
        what: &str,
    ) -> Result<(), String> {
        let Some(replica) = self.replica(node) else { return Ok(()) };
        let before = replica.digests();
        let result = forge(replica);
        let after = replica.digests();
        match (before, result, after) {
            (Ok(before), Err(MergeError::Illegal(_)), Ok(after)) if before == after => {
                self.tally.forgeries += 1;
                Ok(())
            }
            (Err(error), ..) | (_, _, Err(error)) | (_, Err(MergeError::Store(error)), _) => {
                self.survives::<()>(node, Err(error)).map(drop)
            }
            (_, result, _) => Err(format!("{what} came to {result:?}")),
        }
    }
}
