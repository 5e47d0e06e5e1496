//! The messages of the link, and how they are written as bytes: one message a binary WebSocket message, in postcard.
//!
//! ```text
//! cloud ── Welcome ──▶ hub      what I drew for this connection
//! hub ─── Join ────▶ cloud      who I am, and the proof
//! cloud ── Joined | Refused ─▶  from here on both sides say what they have to, in any order
//! ```
//!
//! The first message of each side begins with the version of the protocol, and its place in the bytes never changes: peers
//! of different versions can tell each other so.

use dwellers_replica::RecordId;
use dwellers_replica::sync::{Frame, MAX_FRAME_BYTES};
use serde::{Deserialize, Serialize};

use crate::challenge::Challenge;
use crate::device::{Nonce, Proof, PublicKey};

/// The version of the protocol.
pub const VERSION: u16 = 1;
/// The longest message: a frame of the store and what is around it.
pub const MAX_BYTES: usize = MAX_FRAME_BYTES + 64;
/// The longest message before the peer is known.
pub const MAX_GREETING_BYTES: usize = 1024;
/// Words in a message, in bytes.
pub const MAX_WORDS: usize = 200;
/// The most of a blob that one message brings: two seconds of the slowest line, which the store's frames wait behind.
pub const MAX_PART_BYTES: usize = 16 << 10;

/// The BLAKE3 hash of a blob, by which both sides name it.
pub type BlobHash = [u8; 32];

/// What the cloud says first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Welcome {
    /// [`VERSION`] of the sender.
    pub version: u16,
    /// Drawn for this connection.
    pub nonce: Nonce,
}

/// What the hub answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Join {
    /// [`VERSION`] of the sender.
    pub version: u16,
    /// The community that it belongs to.
    pub community: RecordId,
    /// Its key.
    pub key: PublicKey,
    /// That it holds it.
    pub proof: Proof,
    /// Its program and version, for people.
    pub software: String,
}

/// What the cloud answers to that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// It is a hub of the community.
    Joined,
    /// It is not spoken to, and why.
    Refused(Refusal),
}

/// Why a peer is not spoken to. It is said to whoever asks: it tells nothing about others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// It speaks another version.
    #[error(
        "the other side speaks version {0} of the link, this one {VERSION}: the older of the two is to be updated"
    )]
    Version(u16),
    /// No such community, no such key in it, or no proof: which of them is nobody's business.
    #[error("the cloud does not know this hub: it is to be enrolled (dwellers-hub enroll)")]
    Unknown,
    /// Its device was revoked.
    #[error("an administrator revoked this hub")]
    Revoked,
    /// The cloud is about to end, or cannot open the community now.
    #[error("the cloud is busy: try again later")]
    Busy,
}

/// What both sides say when they know each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Message {
    /// The store's own: see [`dwellers_replica::sync`].
    Store(Frame),
    /// Hub to cloud: a command may answer this one, see [`crate::challenge`].
    Challenge(Challenge),
    /// Cloud to hub: somebody wants a gate to do something, now.
    Command(Command),
    /// Hub to cloud: what became of a command.
    Outcome(Outcome),
    /// Answer with [`Message::Pong`]: the sender's number.
    Ping(u64),
    /// The number of the ping.
    Pong(u64),
    /// The sender goes no further; words for the log.
    Bye(String),
    /// Hub to cloud: what its wall clock says, now.
    Clock(WallClock),
    /// Either way: the sender lacks a blob, from this byte on. One at a time is asked for.
    Want(Want),
    /// The answer: the next bytes of it.
    Part(Part),
    /// The answer: it is not here, or not for the one who asked.
    Without(BlobHash),
}

/// What a hub's wall clock says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WallClock {
    /// Milliseconds since 1970.
    pub ms: u64,
    /// Whether anything vouches for it.
    pub trusted: bool,
}

/// A blob that the sender lacks, or lacks the end of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Want {
    /// Which.
    pub hash: BlobHash,
    /// What the sender has already: so many bytes.
    pub from: u64,
}

/// Some bytes of a blob.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Which.
    pub hash: BlobHash,
    /// Where they begin.
    pub from: u64,
    /// How long the whole is.
    pub of: u64,
    /// At most [`MAX_PART_BYTES`]; never none, where the blob goes on.
    pub bytes: Vec<u8>,
}

/// Somebody wants a gate to do something, now. Never stored, queued or sent again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Command {
    /// Unique; the journal entry that follows has it in its note, the outcome names it.
    pub id: RecordId,
    /// A fresh one of the hub's.
    pub challenge: Challenge,
    /// The gate's record.
    pub gate: RecordId,
    /// The lane's key.
    pub lane: String,
    /// The person who wants it.
    pub person: RecordId,
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The command's id.
    pub command: RecordId,
    /// How far it is.
    pub stage: Stage,
}

/// How far a command is. All are ends but [`Stage::Commanded`], which one of the last three follows, as long as the link lasts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Stage {
    /// The hub does not do it, for a reason of its rules (the word of a reason of `dwellers::access`) or because it came late.
    Refused(String),
    /// It is in the journal, and the relay was told.
    Commanded,
    /// The relay could not do it.
    Failed,
    /// The position sensor saw it open.
    SeenOpen,
    /// Nothing was seen in the time that the gate has.
    NothingSeen,
}

/// Bytes that are no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// More than there may be.
    #[error("a message of {0} bytes is too long")]
    TooLong(usize),
    /// They do not read.
    #[error("the message does not read")]
    Damaged,
}

/// A message as bytes.
pub fn encode<T: Serialize>(message: &T) -> Vec<u8> {
    // Writing to memory cannot fail, and every type here has a postcard form.
    postcard::to_allocvec(message).expect("a message encodes")
}

/// A greeting of these bytes: [`Welcome`], [`Join`] or [`Answer`].
///
/// # Errors
/// There are too many, or they are none.
pub fn decode_greeting<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, WireError> {
    bounded(bytes, MAX_GREETING_BYTES)
}

/// The version of a peer whose greeting does not read otherwise.
pub fn version_of(bytes: &[u8]) -> Option<u16> {
    postcard::take_from_bytes(bytes).ok().map(|(version, _)| version)
}

impl Message {
    /// Of these bytes, within all bounds.
    ///
    /// # Errors
    /// There are too many, or they are none.
    pub fn decode(bytes: &[u8]) -> Result<Message, WireError> {
        let message = bounded(bytes, MAX_BYTES)?;
        let fits = match &message {
            Message::Bye(words) => words.len() <= MAX_WORDS,
            Message::Command(command) => command.lane.len() <= MAX_WORDS,
            Message::Outcome(Outcome { stage: Stage::Refused(words), .. }) => words.len() <= MAX_WORDS,
            Message::Part(part) => {
                let end = part.from.checked_add(part.bytes.len() as u64);
                part.bytes.len() <= MAX_PART_BYTES && end.is_some_and(|end| end <= part.of)
            }
            _ => true,
        };
        if fits { Ok(message) } else { Err(WireError::Damaged) }
    }
}

fn bounded<'a, T: Deserialize<'a>>(bytes: &'a [u8], most: usize) -> Result<T, WireError> {
    if bytes.len() > most {
        return Err(WireError::TooLong(bytes.len()));
    }
    let (message, rest) = postcard::take_from_bytes(bytes).map_err(|_| WireError::Damaged)?;
    if rest.is_empty() { Ok(message) } else { Err(WireError::Damaged) }
}
