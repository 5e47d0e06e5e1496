//! The simulated machines, the network between them, and the moment when everything heals.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Add;

use fastrand::Rng;

use super::oracle::Oracle;
use super::records::Program;
use crate::builtin::Registration;
use crate::replica::{Alarm, MergeError, Replica};
use crate::schema::Role;
use crate::stamp::{Now, RecordId, ReplicaId};
use crate::store::{Fuse, Memory, Rows, Store, StoreError};
use crate::sync::{Event, Frame, Output, Session};

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
    /// Buckets found unequal, with a cause, and repaired.
    pub repairs: usize,
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
    Down(Memory),
}

/// The line from a hub to the cloud, and the sessions at its ends while it holds.
pub(super) struct Link {
    pub hub: usize,
    pub whole: bool,
    pub quality: Quality,
    epoch: u32,
    ends: Option<Ends>,
    retry_ms: u64,
}

struct Ends {
    hub: Session,
    cloud: Session,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Quality {
    /// In percent.
    pub drop: u8,
    /// In percent.
    pub repeat: u8,
    pub delay_ms: u64,
}

struct Parcel {
    link: usize,
    epoch: u32,
    to_cloud: bool,
    bytes: Vec<u8>,
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
    cloud_ids: BTreeSet<ReplicaId>,
    mail: BTreeMap<(u64, u64), Parcel>,
    posted: u64,
    steps: usize,
    trace: &'t mut dyn FnMut(&str),
    alarms: Vec<String>,
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
            life: Life::Down(Memory::new()),
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
            self.links.push(Link {
                hub: number,
                whole: true,
                quality: Quality { drop: 0, repeat: 0, delay_ms: 50 },
                epoch: 0,
                ends: None,
                retry_ms: 0,
            });
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
            self.nodes[node].life = Life::Down(left);
            self.tally.crashes += 1;
        }
        self.oracle.crashed(node);
        self.hang_up(node);
    }

    /// The node starts from its disk, with the program it has.
    pub(super) fn start(&mut self, node: usize) -> Result<(), String> {
        if let Life::Down(disk) = &self.nodes[node].life {
            let replica = Replica::open(disk.crashed(), self.nodes[node].program.schema());
            let replica = replica.map_err(|error| format!("{} does not start: {error}", self.nodes[node].name))?;
            let standing = replica.standing().map_err(|error| error.to_string())?;
            self.nodes[node].id = standing.replica;
            self.nodes[node].fuse = replica.store().fuse();
            self.nodes[node].life = Life::Up(Box::new(replica));
        }
        Ok(())
    }

    /// Ends the sessions of a node.
    pub(super) fn hang_up(&mut self, node: usize) {
        let at_ms = self.at_ms;
        for link in self.links.iter_mut().filter(|link| node == CLOUD || link.hub == node) {
            link.ends = None;
            link.retry_ms = at_ms + 500;
        }
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
    pub(super) fn survives<T>(&mut self, node: usize, result: Result<T, StoreError>) -> Result<Option<T>, String> {
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
                    let unequal = theirs.keys().chain(sums.keys()).find(|key| theirs.get(*key) != sums.get(*key));
                    return Err(wrong(format!("differs from {other} in {unequal:?}")));
                }
                Some(_) => {}
            }
            super::steps::check_rules(replica).map_err(wrong)?;
        }
        Ok(())
    }

    /// Delivers what is due, lets sessions tick, and sets up links that can be.
    fn run_network(&mut self) -> Result<(), String> {
        for link in 0..self.links.len() {
            self.connect(link)?;
        }
        while let Some(entry) = self.mail.first_entry().filter(|entry| entry.key().0 <= self.at_ms) {
            let parcel = entry.remove();
            self.deliver(parcel)?;
        }
        for link in 0..self.links.len() {
            for to_cloud in [false, true] {
                self.with_session(link, to_cloud, |session, replica, _, at_ms| session.tick(replica, at_ms))?;
            }
        }
        Ok(())
    }

    fn connect(&mut self, link: usize) -> Result<(), String> {
        let Link { hub, whole, retry_ms, .. } = self.links[link];
        if !whole {
            self.links[link].ends = None;
        }
        let up = |node: &Node| matches!(node.life, Life::Up(_));
        let ready = whole && self.at_ms >= retry_ms && up(&self.nodes[hub]) && up(&self.nodes[CLOUD]);
        if !ready || self.links[link].ends.is_some() {
            return Ok(());
        }
        self.vouch(hub)?;
        let (to_hub, to_cloud) = (self.nodes[hub].key.clone(), self.nodes[CLOUD].key.clone());
        // Few fields a chunk, so that catching up takes many and anything can happen in between.
        let fields = self.rng.usize(4..40);
        let link = &mut self.links[link];
        link.epoch += 1;
        link.ends = Some(Ends {
            hub: Session::new(to_cloud).with_chunk_fields(fields),
            cloud: Session::new(to_hub).with_chunk_fields(fields),
        });
        Ok(())
    }

    /// What an operator does for a restored cloud: vouches for the ids it bore since its backup, and enrols
    /// again a hub that it has forgotten.
    fn vouch(&mut self, hub: usize) -> Result<(), String> {
        let (now, ids) = (self.now(CLOUD), self.cloud_ids.clone());
        let (id, key) = (self.nodes[hub].id, self.nodes[hub].key.clone());
        let Some(replica) = self.replica(CLOUD) else { return Ok(()) };
        let work = || {
            for id in ids {
                replica.introduce(id, Role::Cloud, now).map_err(|error| error.to_string())?;
            }
            let known = replica.view(|view| view.of::<Registration>().get(id)).map_err(|error| error.to_string())?;
            if known.map_err(|error| error.to_string())?.is_none() {
                let registration = Registration { role: Some(Role::Hub), key, succeeds: None };
                replica.register(id, &registration, now).map_err(|error| error.to_string())?;
            }
            Ok::<_, String>(())
        };
        if let Err(error) = work() {
            if error.contains("power") {
                self.crash(CLOUD);
            } else {
                return Err(format!("the operator cannot help: {error}"));
            }
        }
        Ok(())
    }

    fn deliver(&mut self, parcel: Parcel) -> Result<(), String> {
        let link = &self.links[parcel.link];
        if link.epoch != parcel.epoch || link.ends.is_none() {
            return Ok(());
        }
        self.tally.frames += 1;
        let frame = Frame::decode(&parcel.bytes).ok_or("a frame does not decode")?;
        let receiver = if parcel.to_cloud { CLOUD } else { link.hub };
        let before = match self.replica(receiver) {
            Some(replica) => replica.standing().map_err(|error| error.to_string())?.vector,
            None => return Ok(()),
        };
        self.with_session(parcel.link, parcel.to_cloud, |session, replica, now, at_ms| {
            session.receive(frame, replica, now, at_ms)
        })?;
        let after = match self.replica(receiver) {
            Some(replica) => replica.standing().map_err(|error| error.to_string())?.vector,
            None => return Ok(()),
        };
        if self.nodes.iter().any(|node| node.doubtful) {
            // One sequence may mean two things until the disk's history is noticed: no vector is right then.
            return Ok(());
        }
        self.ask_oracle(receiver, |oracle, rows| oracle.check_covered(rows, &before, &after))
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

    /// Lets one end of a link do something, and acts on what comes of it.
    fn with_session(
        &mut self,
        link: usize,
        at_cloud: bool,
        act: impl FnOnce(&mut Session, &mut Replica<Memory>, Now, u64) -> Result<Output, StoreError>,
    ) -> Result<(), String> {
        let node = if at_cloud { CLOUD } else { self.links[link].hub };
        let (now, at_ms) = (self.now(node), self.at_ms);
        let Some(mut ends) = self.links[link].ends.take() else { return Ok(()) };
        let session = if at_cloud { &mut ends.cloud } else { &mut ends.hub };
        let Some(replica) = self.replica(node) else { return Ok(()) };
        let result = act(session, replica, now, at_ms);
        let closed = session.is_closed();
        self.links[link].ends = Some(ends);
        let Some(output) = self.survives(node, result)? else { return Ok(()) };
        if let Some(replica) = self.replica(node)
            && !output.frames.is_empty()
        {
            // What was sent was synced first; the oracle need not believe it.
            let durable = replica.store().crashed().read(|rows| rows.head());
            if let Ok(Ok(Some(head))) = durable {
                self.oracle.synced(node, head.mark.arrival);
            }
        }
        for frame in output.frames {
            self.post(link, !at_cloud, &frame);
        }
        for event in output.events {
            self.heed(link, node, event)?;
        }
        if closed && self.links[link].ends.is_some() {
            // The last word still travels; the link is set up anew after a while.
            self.links[link].retry_ms = self.at_ms + self.rng.u64(500..3_000);
            self.links[link].ends = None;
        }
        Ok(())
    }

    fn post(&mut self, link: usize, to_cloud: bool, frame: &Frame) {
        let Link { epoch, quality, .. } = self.links[link];
        let copies = 1 + u8::from(self.rng.u8(..100) < quality.repeat);
        for _ in 0..copies {
            if self.rng.u8(..100) < quality.drop {
                continue;
            }
            self.posted += 1;
            let at_ms = self.at_ms + 1 + self.rng.u64(..=quality.delay_ms);
            let bytes = frame.encode();
            self.mail.insert((at_ms, self.posted), Parcel { link, epoch, to_cloud, bytes });
        }
    }

    fn heed(&mut self, link: usize, node: usize, event: Event) -> Result<(), String> {
        let name = self.nodes[node].name.clone();
        match event {
            Event::Changed(_) => {}
            Event::Shared(arrival) => {
                self.ask_oracle(node, |oracle, rows| oracle.acknowledged(node, rows, arrival))?;
            }
            // A clock five years off is seen; that is what the alarm is for.
            Event::Alarm(Alarm::ClockAhead { .. }) => {}
            Event::Alarm(alarm @ (Alarm::DigestsDiffer { .. } | Alarm::SameStamp(_))) if self.two_histories => {
                self.say(format_args!("{name} raises an alarm with a cause: {alarm}"));
                self.tally.repairs += 1;
            }
            Event::Alarm(alarm) => {
                self.say(format_args!("{name} raises an alarm: {alarm}"));
                self.alarms.push(format!("{name}: {alarm}"));
            }
            Event::Forked { common } => self.fork(node, Some(common))?,
            Event::Closed(why) => {
                let hub = self.nodes[self.links[link].hub].name.clone();
                self.say(format_args!("{name} ends the session of {hub}: {why}"));
            }
        }
        Ok(())
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
