//! What both sides really say: recorded from conversations of two stores, and one of each kind that those do not have.

use std::collections::{BTreeSet, VecDeque};

use dwellers_link::challenge::Challenge;
use dwellers_link::device::{DeviceKey, Nonce};
use dwellers_link::enrolment::{Enrolled, Problem, Request};
use dwellers_link::handshake;
use dwellers_link::talk::{Said, TICK_MS, Talk};
use dwellers_link::wire::{Command, Message, Outcome, Part, Refusal, Stage, WallClock, Want, encode};
use dwellers_replica::builtin::Registration;
use dwellers_replica::delta::Repair;
use dwellers_replica::sync::{Frame, Message as Sync};
use dwellers_replica::{
    Bucket, Memory, Now, Query, Record, RecordId, Replica, ReplicaId, Role, Schema, Spec, Writes,
};
use serde::{Deserialize, Serialize};

pub fn now(ms: u64) -> Now {
    Now { ms: 1_780_000_000_000 + ms, trusted: true }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Note {
    text: String,
    number: u64,
}

impl Record for Note {
    const SPEC: Spec = Spec {
        indexes: &[dwellers_replica::Index { name: "number", on: &["number"] }],
        ..Spec::profile("notes")
    };
}

pub struct End {
    pub store: Replica<Memory>,
    pub talk: Talk,
    pub says: VecDeque<Vec<u8>>,
    pub over: bool,
}

/// Two ends with something to say to each other, and nothing between them.
pub struct Ends {
    pub hub: End,
    pub cloud: End,
    pub at_ms: u64,
    /// All that was said.
    pub heard: Vec<Vec<u8>>,
}

const HUB: ReplicaId = ReplicaId::new(2, 1);
const CLOUD: ReplicaId = ReplicaId::new(1, 1);

impl Ends {
    pub fn new(seed: u64) -> Ends {
        let end = |role, id, talk| {
            let store = Replica::create(Memory::new(), Schema::new().with::<Note>(), id, role, "", now(0));
            End { store: store.unwrap(), talk, says: VecDeque::new(), over: false }
        };
        let mut ends = Ends {
            hub: end(Role::Hub, HUB, Talk::with_cloud(0)),
            cloud: end(Role::Cloud, CLOUD, Talk::new("key", 0)),
            at_ms: 0,
            heard: Vec::new(),
        };
        let registration = Registration { role: Some(Role::Hub), key: "key".to_owned(), succeeds: None };
        ends.cloud.store.register(HUB, &registration, now(0)).unwrap();
        let mut random = fastrand::Rng::with_seed(seed);
        for number in 0..random.u64(1..30) {
            let end = if random.bool() { &mut ends.hub } else { &mut ends.cloud };
            let text = "ж".repeat(random.usize(..40));
            let mut writes = Writes::new();
            writes.create(RecordId::new(1_780_000_000_000, u128::from(number)), &Note { text, number });
            end.store.commit(now(number), &writes).unwrap();
        }
        ends
    }

    /// Lets half a second pass, and each hear one thing.
    pub fn step(&mut self) {
        let (to_hub, to_cloud) = (self.cloud.says.pop_front(), self.hub.says.pop_front());
        for (end, heard) in [(&mut self.hub, to_hub), (&mut self.cloud, to_cloud)] {
            self.heard.extend(heard.clone());
            let mut take = |said: Said| end.says.extend(said.messages);
            if let Some(bytes) = heard {
                take(end.talk.receive(&bytes, &mut end.store, now(self.at_ms), self.at_ms).unwrap());
            }
            take(end.talk.tick(&mut end.store, self.at_ms).unwrap());
            end.over = end.talk.is_over();
        }
        self.at_ms += TICK_MS;
    }

    /// What comes next to one of them.
    pub fn next_said(&self) -> Option<Vec<u8>> {
        self.hub.says.front().or(self.cloud.says.front()).cloned()
    }

    /// The notes that each has.
    pub fn records(&self) -> BTreeSet<(bool, RecordId)> {
        let of = |end: &End| {
            let query = Query::on("number").limit(Query::MAX_LIMIT);
            let page = end.store.view(|view| view.of::<Note>().find(&query)).unwrap().unwrap();
            page.entries.into_iter().map(|entry| entry.id).collect::<Vec<_>>()
        };
        let hub = of(&self.hub).into_iter().map(|id| (true, id));
        hub.chain(of(&self.cloud).into_iter().map(|id| (false, id))).collect()
    }

    /// What the stores believe to hold is what they hold.
    pub fn whole(&self) {
        for end in [&self.hub, &self.cloud] {
            assert_eq!(end.store.digests().unwrap(), end.store.recomputed_digests().unwrap());
        }
    }
}

pub fn greetings() -> Vec<Vec<u8>> {
    let (key, nonce) = (DeviceKey::new([1; 32]), Nonce([2; 32]));
    let welcome = handshake::welcome(nonce);
    let join =
        handshake::join(&welcome, "cloud.example:443", RecordId::new(1, 1), &key, "dwellers-hub 0.1.0");
    let answers = [None, Some(Refusal::Version(2)), Some(Refusal::Unknown), Some(Refusal::Revoked)];
    let mut all: Vec<Vec<u8>> = answers.map(handshake::answer).into();
    all.extend([welcome, join.unwrap()]);
    all
}

pub fn messages() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for seed in 0..8 {
        let mut ends = Ends::new(seed);
        (0..200).for_each(|_| ends.step());
        assert!(!ends.hub.over && ends.hub.store.digests().unwrap() == ends.cloud.store.digests().unwrap());
        all.append(&mut ends.heard);
    }
    let frame = |message| Message::Store(Frame { number: 1_000, message });
    let bucket = Bucket { collection: "notes".into(), month: 687 };
    let chunk = all.iter().find_map(|bytes| match Message::decode(bytes) {
        Ok(Message::Store(Frame { message: Sync::Chunk(chunk), .. })) => Some(chunk),
        _ => None,
    });
    let chunk = chunk.unwrap();
    let (shape, changes) = (chunk.shapes.last().unwrap().clone(), chunk.groups.last().unwrap().clone());
    let id = RecordId::new(1, 1);
    let hash = [7; 32];
    let rare = [
        frame(Sync::Digest { known: 3, root: [1; 16] }),
        frame(Sync::Same { root: [1; 16] }),
        frame(Sync::Buckets {
            known: 3,
            answer: false,
            sums: vec![(bucket.clone(), 5), (bucket, u128::MAX)],
        }),
        frame(Sync::Repair { part: 2, repair: Repair { shape, changes } }),
        frame(Sync::Repaired { part: 2 }),
        frame(Sync::Bye("words".to_owned())),
        Message::Challenge(Challenge([3; 16])),
        Message::Command(Command {
            id,
            challenge: Challenge([3; 16]),
            gate: id,
            lane: "in".to_owned(),
            person: id,
        }),
        Message::Outcome(Outcome { command: id, stage: Stage::Refused("banned".to_owned()) }),
        Message::Outcome(Outcome { command: id, stage: Stage::SeenOpen }),
        Message::Ping(1),
        Message::Pong(u64::MAX),
        Message::Bye("words".to_owned()),
        Message::Clock(WallClock { ms: 1_780_000_000_000, trusted: true }),
        Message::Want(Want { hash, from: 16_384 }),
        Message::Part(Part { hash, from: 16_384, of: 30_000, bytes: vec![9; 500] }),
        Message::Without(hash),
    ];
    all.extend(rare.iter().map(encode));
    all
}

pub fn json() -> Vec<Vec<u8>> {
    let key = DeviceKey::new([1; 32]).public();
    let community = Some(RecordId::new(1, 1));
    let request = Request { code: "ABCD-EFGH".to_owned(), key: key.text(), replica: HUB, community };
    let enrolled = Enrolled {
        community: RecordId::new(1, 1),
        name: "Сосновка".to_owned(),
        label: "Въезд".to_owned(),
        fingerprint: key.fingerprint(),
    };
    let problem = Problem { problem: "code".to_owned(), why: "no".to_owned() };
    [serde_json::to_vec(&request), serde_json::to_vec(&enrolled), serde_json::to_vec(&problem)]
        .map(Result::unwrap)
        .into()
}
