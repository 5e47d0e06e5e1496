//! A line of 64 kbit/s, in a time of its own: it is never taken for a dead one, and carries nothing twice.

use dwellers_link::talk::{Event, Said, TICK_MS, Talk};
use dwellers_replica::builtin::Registration;
use dwellers_replica::{Memory, Now, Record, RecordId, Replica, ReplicaId, Role, Schema, Spec, Writes};
use serde::{Deserialize, Serialize};

const BYTES_PER_S: u64 = 64_000 / 8;
const DELAY_MS: u64 = 150;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Note {
    text: String,
}

impl Record for Note {
    const SPEC: Spec = Spec::fact("notes");
}

fn now(ms: u64) -> Now {
    Now { ms: 1_780_000_000_000 + ms, trusted: true }
}

/// One end: its store, its conversation, and the line away from it.
struct End {
    store: Replica<Memory>,
    talk: Talk,
    /// What is on the line, and when it has arrived.
    line: Vec<(u64, Vec<u8>)>,
    /// From when on the line is free.
    free_ms: u64,
    sent_bytes: u64,
    over: Option<String>,
}

impl End {
    fn new(role: Role, id: u64, talk: Talk) -> End {
        let made = Replica::create(
            Memory::new(),
            Schema::new().with::<Note>(),
            ReplicaId::new(id, 1),
            role,
            "",
            now(0),
        );
        End { store: made.unwrap(), talk, line: Vec::new(), free_ms: 0, sent_bytes: 0, over: None }
    }

    /// Puts on the line what was said.
    fn put(&mut self, said: Said, at_ms: u64) {
        for message in said.messages {
            let takes_ms = message.len() as u64 * 1_000 / BYTES_PER_S;
            self.free_ms = self.free_ms.max(at_ms) + takes_ms;
            self.sent_bytes += message.len() as u64;
            self.line.push((self.free_ms + DELAY_MS, message));
        }
        for event in said.events {
            match event {
                Event::Over(why) => self.over = Some(why),
                Event::Store(dwellers_replica::sync::Event::Alarm(alarm)) => panic!("{alarm}"),
                _ => {}
            }
        }
    }

    fn turn(&mut self, arrived: Vec<Vec<u8>>, at_ms: u64) {
        for bytes in arrived {
            let said = self.talk.receive(&bytes, &mut self.store, now(at_ms), at_ms).unwrap();
            self.put(said, at_ms);
        }
        if at_ms.is_multiple_of(TICK_MS) {
            let said = self.talk.tick(&mut self.store, at_ms).unwrap();
            self.put(said, at_ms);
        }
    }

    /// What has arrived at the other end.
    fn arrived(&mut self, at_ms: u64) -> Vec<Vec<u8>> {
        let (arrived, under_way) =
            std::mem::take(&mut self.line).into_iter().partition(|(at, _)| *at <= at_ms);
        self.line = under_way;
        let arrived: Vec<(u64, Vec<u8>)> = arrived;
        arrived.into_iter().map(|(_, bytes)| bytes).collect()
    }
}

/// How long so many notes of such a length take from the hub to the cloud, in milliseconds, and what was sent for them.
fn catch_up(notes: u64, length: usize) -> (u64, u64) {
    let (mut hub, mut cloud) =
        (End::new(Role::Hub, 2, Talk::with_cloud(0)), End::new(Role::Cloud, 1, Talk::new("key", 0)));
    let registration = Registration { role: Some(Role::Hub), key: "key".to_owned(), succeeds: None };
    cloud.store.register(ReplicaId::new(2, 1), &registration, now(0)).unwrap();
    for n in 0..notes {
        let mut writes = Writes::new();
        writes.create(RecordId::new(1, u128::from(n)), &Note { text: "x".repeat(length) });
        hub.store.commit(now(0), &writes).unwrap();
    }
    let mut at_ms = 0;
    while hub.store.digests().unwrap() != cloud.store.digests().unwrap() {
        let (to_cloud, to_hub) = (hub.arrived(at_ms), cloud.arrived(at_ms));
        hub.turn(to_hub, at_ms);
        cloud.turn(to_cloud, at_ms);
        assert_eq!((&hub.over, &cloud.over), (&None, &None), "after {at_ms} ms");
        at_ms += 50;
        assert!(at_ms < 3_600_000, "not in an hour");
    }
    (at_ms, hub.sent_bytes)
}

#[test]
fn a_long_catch_up_takes_what_its_bytes_take() {
    for (notes, length) in [(2_000, 300), (4_000, 20), (100, 5_000), (20, 30_000)] {
        let (took_ms, sent) = catch_up(notes, length);
        let least_ms = sent * 1_000 / BYTES_PER_S;
        println!("{notes} notes of {length} bytes: {took_ms} ms, {sent} bytes");
        // Of a fact: its text, its id, its stamp, and names. The first chunk may be sent twice until its size is found.
        let most = notes * (length as u64 + 90) + 2 * length as u64 + 10_000;
        assert!(sent < most, "{notes} of {length}: {sent} bytes were sent");
        assert!(took_ms < least_ms * 3 / 2 + 10_000, "{notes} of {length}: {took_ms} of {least_ms} ms");
    }
}
