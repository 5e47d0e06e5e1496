//! What sessions say to each other, and how it is written as bytes.

use serde::{Deserialize, Serialize};

use crate::delta::{Chunk, Repair, Walk};
use crate::replica::{Hello, Resumption};
use crate::store::{Bucket, Mark};

/// The version of the protocol. Peers of different versions refuse each other with a clear word.
pub const PROTOCOL: u16 = 1;
/// The longest encoded frame: a chunk of [`crate::delta::MAX_CHUNK_BYTES`] and as much again for one
/// transaction that does not fit beside others.
pub const MAX_FRAME_BYTES: usize = 4 << 20;

/// A message with its number in the session, counted from 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// Greater than that of every frame sent before in this session.
    pub number: u64,
    /// The message.
    pub message: Message,
}

/// What sessions say to each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Message {
    /// Who the sender is.
    Hello(Hello),
    /// The answer to a hello: what the sender covers and remembers.
    Resume(Resumption),
    /// Part of what the receiver lacks.
    Chunk(Chunk),
    /// A chunk is on disk; of its walk through the sender's history everything is known up to this mark.
    Ack(Walk, Mark),
    /// The sender has said all it has: do we hold the same?
    Digest {
        /// How far the sender knows the receiver's history.
        known: u64,
        /// A hash over the sender's digests.
        root: [u8; 16],
    },
    /// The answer to an equal digest.
    Same {
        /// The hash over both sides' digests.
        root: [u8; 16],
    },
    /// The digests, where the roots differ.
    Buckets {
        /// How far the sender knows the receiver's history.
        known: u64,
        /// Whether they answer the receiver's own.
        answer: bool,
        /// All of them.
        sums: Vec<(Bucket, u128)>,
    },
    /// What the sender holds in an unequal bucket.
    Repair {
        /// Counted from 1 in this session.
        part: u64,
        /// The fields.
        repair: Repair,
    },
    /// A repair is on disk; part 0: the answering digests have been read.
    Repaired {
        /// Which one.
        part: u64,
    },
    /// The sender goes no further, and why.
    Bye(String),
}

impl Frame {
    /// The frame as bytes.
    pub fn encode(&self) -> Vec<u8> {
        // Writing to memory cannot fail, and every type here has a postcard form.
        postcard::to_allocvec(self).expect("a frame encodes")
    }

    /// The frame of these bytes, or `None` where they are not one, or too many.
    pub fn decode(bytes: &[u8]) -> Option<Frame> {
        if bytes.len() > MAX_FRAME_BYTES {
            return None;
        }
        let (frame, rest) = postcard::take_from_bytes(bytes).ok()?;
        rest.is_empty().then_some(frame)
    }
}
