//! Messages survive being bytes; bytes that are none do no harm.

use dwellers_link::challenge::Challenge;
use dwellers_link::device::{DeviceKey, Nonce};
use dwellers_link::wire::{
    Answer, Command, Join, MAX_BYTES, MAX_GREETING_BYTES, MAX_PART_BYTES, MAX_WORDS, Message, Outcome, Part,
    Refusal, Stage, VERSION, Want, Welcome, WireError, decode_greeting, encode, version_of,
};
use dwellers_replica::RecordId;
use dwellers_replica::sync::{Frame, Message as Said};
use proptest::prelude::*;

fn messages() -> Vec<Message> {
    let command = RecordId::new(1, 2);
    let person = RecordId::new(3, 4);
    vec![
        Message::Store(Frame { number: 9, message: Said::Same { root: [1; 16] } }),
        Message::Challenge(Challenge([2; 16])),
        Message::Command(Command {
            id: command,
            challenge: Challenge([2; 16]),
            gate: RecordId::new(5, 6),
            lane: "in".to_owned(),
            person,
        }),
        Message::Outcome(Outcome { command, stage: Stage::Refused("banned".to_owned()) }),
        Message::Outcome(Outcome { command, stage: Stage::SeenOpen }),
        Message::Ping(1),
        Message::Pong(1),
        Message::Bye("restart".to_owned()),
        Message::Want(Want { hash: [3; 32], from: 1 << 40 }),
        Message::Part(Part { hash: [3; 32], from: 7, of: 10, bytes: vec![1, 2, 3] }),
        Message::Without([3; 32]),
    ]
}

#[test]
fn every_message_survives() {
    for message in messages() {
        let bytes = encode(&message);
        assert_eq!(Message::decode(&bytes).as_ref(), Ok(&message));
        // Nothing may be missing, and nothing follow.
        assert_eq!(Message::decode(&bytes[..bytes.len() - 1]), Err(WireError::Damaged), "{message:?}");
        assert_eq!(Message::decode(&[bytes, vec![0]].concat()), Err(WireError::Damaged), "{message:?}");
    }
    let nonce = Nonce([9; 32]);
    let device = DeviceKey::new([1; 32]);
    let join = Join {
        version: VERSION,
        community: RecordId::new(1, 1),
        key: device.public(),
        proof: device.prove("cloud:443", nonce),
        software: "dwellers-hub 0.1.0".to_owned(),
    };
    assert_eq!(decode_greeting(&encode(&join)), Ok(join.clone()));
    let welcome = Welcome { version: VERSION, nonce };
    assert_eq!(decode_greeting(&encode(&welcome)), Ok(welcome));
    for answer in [Answer::Joined, Answer::Refused(Refusal::Version(2)), Answer::Refused(Refusal::Revoked)] {
        assert_eq!(decode_greeting(&encode(&answer)), Ok(answer));
    }
    // A later version may say more; which it is can be told all the same.
    let later = [encode(&Welcome { version: 300, nonce }), vec![1, 2, 3]].concat();
    assert_eq!(decode_greeting::<Welcome>(&later), Err(WireError::Damaged));
    assert_eq!(version_of(&later), Some(300));
    assert_eq!(version_of(&[]), None);
}

#[test]
fn bounds_hold() {
    let is_read = |message: &Message| Message::decode(&encode(message)).is_ok();
    assert!(
        is_read(&Message::Bye("x".repeat(MAX_WORDS))) && !is_read(&Message::Bye("x".repeat(MAX_WORDS + 1)))
    );
    let part = |from, of, length| Message::Part(Part { hash: [3; 32], from, of, bytes: vec![0; length] });
    assert!(is_read(&part(0, u64::MAX, MAX_PART_BYTES)) && !is_read(&part(0, u64::MAX, MAX_PART_BYTES + 1)));
    assert!(is_read(&part(9, 10, 1)) && !is_read(&part(9, 10, 2)) && !is_read(&part(u64::MAX, u64::MAX, 1)));
    assert_eq!(Message::decode(&vec![0; MAX_BYTES + 1]), Err(WireError::TooLong(MAX_BYTES + 1)));
    let greeting = vec![0; MAX_GREETING_BYTES + 1];
    assert_eq!(decode_greeting::<Welcome>(&greeting), Err(WireError::TooLong(MAX_GREETING_BYTES + 1)));
}

proptest! {
    #[test]
    fn no_bytes_do_harm(bytes in prop::collection::vec(any::<u8>(), 0..300), flip in any::<(prop::sample::Index, u8)>()) {
        let _ = Message::decode(&bytes);
        let _ = decode_greeting::<Join>(&bytes);
        let _ = decode_greeting::<Answer>(&bytes);
        for message in messages() {
            let mut bytes = encode(&message);
            let at = flip.0.index(bytes.len());
            bytes[at] ^= flip.1;
            // Whatever still reads is written in the same way.
            if let Ok(read) = Message::decode(&bytes) {
                prop_assert_eq!(Message::decode(&encode(&read)), Ok(read));
            }
        }
    }
}
