//! Every parser of the link against bytes that somebody made for it.
//!
//! Not bytes at random, of which nearly all end at the first tag, but a corpus of what both sides really say (recorded from
//! conversations of two stores, with every kind of frame), changed as an attacker or a fault changes it: bits, cuts,
//! splices, repetitions, and lengths that promise more than there is. What must hold for each: nothing panics; nothing
//! takes more memory than [`most_bytes`] of what came; what reads is written and read as the same.
//!
//! Each run does [`ROUNDS`] of each target, always the same; more with `DWELLERS_FUZZ_ROUNDS=1000000`, others with
//! `DWELLERS_FUZZ_SEED=2`.

mod corpus;

use std::any::type_name;
use std::fmt::Debug;
use std::panic::{self, AssertUnwindSafe};

use dwellers_link::device::{DeviceKey, Nonce, PublicKey};
use dwellers_link::enrolment::{Code, Enrolled, Problem, Request};
use dwellers_link::handshake;
use dwellers_link::talk::{Event, SILENT_MS};
use dwellers_link::wire::{
    Answer, Join, MAX_BYTES, Message, Refusal, Welcome, decode_greeting, encode, version_of,
};
use dwellers_replica::RecordId;
use serde::Serialize;
use serde::de::DeserializeOwned;

use corpus::{Ends, now};

/// Rounds of each target, where nothing else is asked for: seconds.
const ROUNDS: u64 = 100_000;

fn asked(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).map_or(otherwise, |text| text.parse().expect("a number"))
}

/// What reading so many bytes may take: a length that lies is believed for a megabyte at each of the three depths that there
/// are (serde's own caution); and an empty text, one byte on the wire, is 24 in memory, in a vector that has just doubled.
fn most_bytes(length: usize) -> u64 {
    3 * (1 << 20) + 4_096 + 80 * length as u64
}

/// Runs `target` on what becomes of the corpus, and says which bytes it was that it fell over.
fn fuzz(corpus: &[Vec<u8>], mut target: impl FnMut(&[u8])) {
    let mut random = fastrand::Rng::with_seed(asked("DWELLERS_FUZZ_SEED", 1));
    for bytes in corpus {
        target(bytes);
    }
    for round in 0..asked("DWELLERS_FUZZ_ROUNDS", ROUNDS) {
        let bytes = changed(corpus, &mut random);
        let done = panic::catch_unwind(AssertUnwindSafe(|| target(&bytes)));
        if let Err(why) = done {
            println!("round {round}: {} bytes: {:02x?}", bytes.len(), &bytes[..bytes.len().min(400)]);
            panic::resume_unwind(why);
        }
    }
}

/// Numbers that end or overrun something, as postcard writes them.
const LENGTHS: &[&[u8]] = &[
    &[0x00],
    &[0x7F],
    &[0x80, 0x01],
    &[0xFF, 0xFF, 0x03],
    &[0x80, 0x80, 0x80, 0x02],
    &[0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
    &[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
    &[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
];

/// One of the corpus, after one to four changes.
fn changed(corpus: &[Vec<u8>], random: &mut fastrand::Rng) -> Vec<u8> {
    let mut bytes = random.choice(corpus).unwrap().clone();
    for _ in 0..random.u8(1..=4) {
        let at = random.usize(..=bytes.len());
        match random.u8(..9) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.u8(..8),
            1 if at < bytes.len() => bytes[at] = random.u8(..),
            2 => bytes.truncate(at),
            3 => bytes.insert(at, random.u8(..)),
            // The beginning of one and the end of another.
            4 => {
                let other = random.choice(corpus).unwrap();
                bytes.truncate(at);
                bytes.extend(&other[random.usize(..=other.len())..]);
            }
            5 => {
                let some = bytes[at..(at + random.usize(..64)).min(bytes.len())].to_vec();
                let to = random.usize(..=bytes.len());
                bytes.splice(to..to, some);
            }
            6 => {
                let end = (at + random.usize(..16)).min(bytes.len());
                bytes.drain(at..end);
            }
            // A length in the place of what is there, or before it.
            7 | 8 => {
                let length = random.choice(LENGTHS).unwrap();
                let end = (at + random.usize(..3)).min(bytes.len());
                bytes.splice(at..end, length.iter().copied());
            }
            _ => {}
        }
    }
    bytes
}

/// Reads within the bound on memory.
fn measured<'a, T>(bytes: &'a [u8], read: impl FnOnce(&'a [u8]) -> T) -> T {
    let mut done = None;
    let took = allocation_counter::measure(|| done = Some(read(bytes)));
    let most = most_bytes(bytes.len());
    assert!(took.bytes_max <= most, "{} bytes took {} in {}", bytes.len(), took.bytes_max, type_name::<T>());
    done.unwrap()
}

fn greeting<T: Serialize + DeserializeOwned + Debug + PartialEq>(bytes: &[u8]) {
    if let Ok(read) = measured(bytes, |bytes| decode_greeting::<T>(bytes)) {
        assert_eq!(decode_greeting::<T>(&encode(&read)), Ok(read));
    }
}

#[test]
fn greetings_and_versions() {
    fuzz(&corpus::greetings(), |bytes| {
        greeting::<Welcome>(bytes);
        greeting::<Join>(bytes);
        greeting::<Answer>(bytes);
        version_of(bytes);
    });
}

#[test]
fn the_handshake_takes_nobody_in_who_did_not_sign() {
    let (key, nonce, authority) = (DeviceKey::new([1; 32]), Nonce([2; 32]), "cloud.example:443");
    let mut taken = 0;
    fuzz(&corpus::greetings(), |bytes| {
        if let Ok(join) = measured(bytes, |bytes| handshake::joined(bytes, authority, nonce)) {
            // The words beside the proof may be others; the key and what it signed may not.
            assert!(join.key == key.public() && join.key.proved(&join.proof, authority, nonce));
            taken += 1;
        }
        let community = RecordId::new(1, 1);
        let said = measured(bytes, |bytes| handshake::join(bytes, authority, community, &key, "test"));
        assert!(said.is_ok() || matches!(said, Err(Refusal::Version(_) | Refusal::Unknown)));
        let _ = measured(bytes, handshake::answered);
    });
    assert!(taken > 0, "the corpus has nobody who signed");
}

#[test]
fn messages() {
    let (mut read, mut all) = (0, 0);
    fuzz(&corpus::messages(), |bytes| {
        all += 1;
        if let Ok(message) = measured(bytes, Message::decode) {
            read += 1;
            assert_eq!(Message::decode(&encode(&message)), Ok(message));
        }
    });
    // Else the changes never come past the first byte.
    assert!(read > all / 20, "{read} of {all} were read");
}

#[test]
fn what_is_typed_and_what_is_posted() {
    let texts: Vec<Vec<u8>> =
        ["ABCD-EFGH", " o123 4567", "кода-нет0"].map(|text| text.as_bytes().to_vec()).into();
    fuzz(&texts, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        if let Some(code) = measured(text.as_bytes(), |_| Code::parse(&text)) {
            assert_eq!(Code::parse(&code.to_string()), Some(code));
        }
        PublicKey::parse(&text);
    });
    fuzz(&corpus::json(), |bytes| {
        let _ = measured(bytes, serde_json::from_slice::<Enrolled>);
        let _ = measured(bytes, serde_json::from_slice::<Problem>);
        if let Ok(request) = measured(bytes, serde_json::from_slice::<Request>) {
            let again = serde_json::to_vec(&request).unwrap();
            assert_eq!(serde_json::from_slice::<Request>(&again).unwrap(), request);
            PublicKey::parse(&request.key);
        }
    });
}

/// A conversation that has come to any of its states is given one message that it should not be; then it goes on with a
/// peer in good faith. The store stays whole, and keeps what it had.
#[test]
fn a_conversation_in_any_state() {
    let corpus = corpus::messages();
    let mut random = fastrand::Rng::with_seed(asked("DWELLERS_FUZZ_SEED", 1));
    // Each round is a life of two stores.
    for round in 0..asked("DWELLERS_FUZZ_ROUNDS", ROUNDS) / 50 {
        let mut ends = Ends::new(round);
        for _ in 0..random.u8(..80) {
            ends.step();
        }
        let had = ends.records();
        for _ in 0..random.u8(1..6) {
            // Changed, or a true one at a wrong time, or what the peer is about to say, changed.
            let bytes = match (random.u8(..4), ends.next_said()) {
                (0, _) => random.choice(&corpus).unwrap().clone(),
                (1, Some(next)) => changed(&[next], &mut random),
                _ => changed(&corpus, &mut random),
            };
            let end = if random.bool() { &mut ends.hub } else { &mut ends.cloud };
            let at_ms = ends.at_ms;
            let said =
                measured(&bytes, |bytes| end.talk.receive(bytes, &mut end.store, now(0), at_ms)).unwrap();
            assert!(said.messages.len() <= 16 && said.messages.iter().all(|said| said.len() <= MAX_BYTES));
            let overs = said.events.iter().filter(|event| matches!(event, Event::Over(_))).count();
            assert!(overs <= 1 && end.talk.is_over() == (overs == 1 || end.over), "it says so, once");
            end.over |= overs == 1;
            end.says.extend(said.messages);
        }
        ends.whole();
        assert!(ends.records().is_superset(&had), "round {round}: something is lost");
        // One that is over is silent whatever comes.
        for end in [&mut ends.hub, &mut ends.cloud] {
            if end.over {
                let more = end.talk.tick(&mut end.store, ends.at_ms + SILENT_MS).unwrap();
                assert!(more.messages.is_empty() && more.events.is_empty());
            }
        }
    }
}
