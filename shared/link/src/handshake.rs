//! The first words: the cloud draws a nonce, the hub proves its key, the cloud takes it or says why not.
//!
//! What must never be here: where keys are kept; a socket.

use dwellers_replica::RecordId;

use crate::device::{DeviceKey, Nonce, PublicKey};
use crate::wire::{Answer, Join, Refusal, VERSION, Welcome, WireError, decode_greeting, encode, version_of};

/// What the cloud says first.
pub fn welcome(nonce: Nonce) -> Vec<u8> {
    encode(&Welcome { version: VERSION, nonce })
}

/// What the hub answers to the cloud's first words.
///
/// # Errors
/// The cloud speaks another version, or what it says is none of this protocol.
pub fn join(
    said: &[u8],
    authority: &str,
    community: RecordId,
    key: &DeviceKey,
    software: &str,
) -> Result<Vec<u8>, Refusal> {
    let Welcome { nonce, .. } = greeting(said, |welcome: &Welcome| welcome.version)?;
    Ok(encode(&Join {
        version: VERSION,
        community,
        key: key.public(),
        proof: key.prove(authority, nonce),
        software: software.to_owned(),
    }))
}

/// Whose hub somebody says they are, and with which key, for a log: nothing of it is proved.
pub fn claimed(said: &[u8]) -> Option<(RecordId, PublicKey)> {
    greeting(said, |join: &Join| join.version).ok().map(|join| (join.community, join.key))
}

/// Who the hub says it is, its proof checked: it holds the key. Whether that key is a hub's is for the host to find.
///
/// # Errors
/// It speaks another version, or proves nothing.
pub fn joined(said: &[u8], authority: &str, nonce: Nonce) -> Result<Join, Refusal> {
    let join = greeting(said, |join: &Join| join.version)?;
    if join.key.proved(&join.proof, authority, nonce) { Ok(join) } else { Err(Refusal::Unknown) }
}

/// What the cloud answers in the end.
pub fn answer(refused: Option<Refusal>) -> Vec<u8> {
    encode(&refused.map_or(Answer::Joined, Answer::Refused))
}

/// What the hub makes of that.
///
/// # Errors
/// It was refused, or what was said is none of this protocol.
pub fn answered(said: &[u8]) -> Result<(), Refusal> {
    match decode_greeting(said) {
        Ok(Answer::Joined) => Ok(()),
        Ok(Answer::Refused(why)) => Err(why),
        Err(_) => Err(Refusal::Busy),
    }
}

/// A greeting of this version. One of another that does not read is told by its first bytes.
fn greeting<'a, T: serde::Deserialize<'a>>(said: &'a [u8], version: fn(&T) -> u16) -> Result<T, Refusal> {
    match decode_greeting::<T>(said) {
        Ok(greeting) if version(&greeting) == VERSION => Ok(greeting),
        Ok(greeting) => Err(Refusal::Version(version(&greeting))),
        Err(WireError::Damaged | WireError::TooLong(_)) => match version_of(said) {
            Some(other) if other != VERSION => Err(Refusal::Version(other)),
            _ => Err(Refusal::Unknown),
        },
    }
}
