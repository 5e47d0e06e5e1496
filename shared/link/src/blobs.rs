//! Blobs over the link: a side that lacks one asks for it part by part, the other answers with what it has.
//!
//! ```text
//! Want { hash, from } ─▶      I have so many bytes of it
//!      ◀─ Part { from, of, bytes } | Without
//! ```
//!
//! One part is asked for at a time, and the next one when it is kept: so the store's frames wait behind one part at most,
//! and nothing piles up where a line is slow. A fetch begins at what is there from before: a line that was cut costs
//! what was under way. The bytes are kept by the host, in memory or in a file; it also compares the hash at the end.
//!
//! Invariants: only the very next bytes of what was asked for are taken, and of one length of the whole that never changes
//! and is within the host's limit. A peer that says nothing, or lies, costs no more than that and [`TRIES`] waits.
//!
//! What must never be here: a file; which blobs are whose.

use std::ops::Range;

use data_encoding::HEXLOWER;

use crate::wire::{BlobHash, MAX_PART_BYTES, Message, Part, Want};

/// After so long without an answer a part is asked for again.
pub const PATIENCE_MS: u64 = 20_000;
/// So often a part is asked for.
pub const TRIES: u32 = 3;

/// Why a blob does not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The other side does not have it, or not for this one.
    #[error("the other side does not have it")]
    Without,
    /// No answer came.
    #[error("the other side does not answer")]
    Silent,
    /// It is longer than the host takes.
    #[error("it is said to be {of} bytes long, of at most {most}")]
    TooLong {
        /// How long it is said to be.
        of: u64,
        /// The limit.
        most: u64,
    },
    /// What is said of it cannot be true: another length than before, less than is here already, or a part of nothing.
    #[error("what is said of it cannot be true")]
    Lie,
    /// The whole is not what its hash says.
    #[error("its bytes are not those of its hash")]
    Wrong,
}

impl Failure {
    /// Whether an honest peer never causes it.
    pub fn is_lie(self) -> bool {
        matches!(self, Failure::TooLong { .. } | Failure::Lie | Failure::Wrong)
    }
}

/// A hash, as records and files have it: 64 hex digits.
pub fn hex(hash: &BlobHash) -> String {
    HEXLOWER.encode(hash)
}

/// Of [`hex`].
pub fn parse(text: &str) -> Option<BlobHash> {
    HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}

/// One blob that is being asked for.
#[derive(Clone, Debug)]
pub struct Asking {
    hash: BlobHash,
    has: u64,
    most: u64,
    of: Option<u64>,
    /// When the next part was asked for; nothing where it was not yet.
    asked_ms: Option<u64>,
    tries: u32,
}

impl Asking {
    /// For a blob of which the host has the first `has` bytes, and takes `most` in all.
    pub fn new(hash: BlobHash, has: u64, most: u64) -> Asking {
        Asking { hash, has, most, of: None, asked_ms: None, tries: 0 }
    }

    /// Which.
    pub fn hash(&self) -> BlobHash {
        self.hash
    }

    /// How many bytes the host has.
    pub fn has(&self) -> u64 {
        self.has
    }

    /// Whether the host has all of it: now it compares the hash.
    pub fn is_whole(&self) -> bool {
        self.of == Some(self.has)
    }

    /// What is to be said now, if anything: at first, after each part, and where no answer came. `at_ms` is monotonic.
    ///
    /// # Errors
    /// It was asked for often enough.
    pub fn due(&mut self, at_ms: u64) -> Result<Option<Want>, Failure> {
        let waits = self.asked_ms.is_some_and(|asked| at_ms.saturating_sub(asked) < PATIENCE_MS);
        if waits || self.is_whole() {
            return Ok(None);
        }
        if self.tries == TRIES {
            return Err(Failure::Silent);
        }
        (self.asked_ms, self.tries) = (Some(at_ms), self.tries + 1);
        Ok(Some(Want { hash: self.hash, from: self.has }))
    }

    /// Takes a part: its bytes, where they are the next ones; they follow what the host has. What is of another fetch,
    /// late, or comes a second time is nothing.
    ///
    /// # Errors
    /// It lies, or is too long: what the host has of it is worth nothing.
    pub fn take(&mut self, part: Part) -> Result<Option<Vec<u8>>, Failure> {
        let Part { hash, from, of, bytes } = part;
        if hash != self.hash || self.asked_ms.is_none() || self.is_whole() {
            return Ok(None);
        }
        if of > self.most {
            return Err(Failure::TooLong { of, most: self.most });
        }
        if of < self.has || self.of.is_some_and(|before| before != of) {
            return Err(Failure::Lie);
        }
        if from != self.has {
            return Ok(None);
        }
        let length = bytes.len() as u64;
        if bytes.len() > MAX_PART_BYTES || length > of - from || (length == 0 && from < of) {
            return Err(Failure::Lie);
        }
        (self.of, self.has) = (Some(of), from + length);
        (self.asked_ms, self.tries) = (None, 0);
        Ok(Some(bytes))
    }

    /// Takes that the other side does not have a blob.
    ///
    /// # Errors
    /// It is this one.
    pub fn without(&self, hash: BlobHash) -> Result<(), Failure> {
        if hash == self.hash { Err(Failure::Without) } else { Ok(()) }
    }
}

/// Which bytes of a blob of this length answer.
pub fn span(want: &Want, of: u64) -> Range<u64> {
    let from = want.from.min(of);
    from..of.min(from + MAX_PART_BYTES as u64)
}

/// The answer: the bytes of [`span`] of a blob of this length, or that it is not here.
pub fn answer(want: &Want, found: Option<(u64, Vec<u8>)>) -> Message {
    match found {
        Some((of, bytes)) => Message::Part(Part { hash: want.hash, from: span(want, of).start, of, bytes }),
        None => Message::Without(want.hash),
    }
}
