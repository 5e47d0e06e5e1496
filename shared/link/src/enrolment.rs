//! Enrolment: an administrator sees a short code, somebody types it at the gatehouse, and the key that the hub made there
//! is from then on a hub of that community.
//!
//! A code is eight characters that cannot be taken for each other (40 bits), lasts ten minutes and works once. It says by
//! itself which community it is of: nobody types more than the cloud's address and the code. How often a stranger may try
//! is bounded by the cloud: with a hundred codes that wait and a hundred tries a minute, day and night, one would be
//! guessed in two hundred years. The cloud keeps only a hash.
//!
//! What must never be here: where codes are kept; who may ask for one.

use std::fmt;

use dwellers_replica::{RecordId, ReplicaId};
use serde::{Deserialize, Serialize};

/// Crockford's base 32: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 8;
/// How long a code lasts.
pub const LASTS_MS: u64 = 10 * 60_000;

/// What a hub sends, as JSON, to `POST /link/enrol`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// As it was typed.
    pub code: String,
    /// Its public key, see [`crate::device::PublicKey::text`].
    pub key: String,
    /// The replica that it is.
    pub replica: ReplicaId,
    /// The community whose hub it is already: its records are no other's.
    #[serde(default)]
    pub community: Option<RecordId>,
}

/// What it is told with status 201.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// The community's id.
    pub community: RecordId,
    /// What the operator calls it.
    pub name: String,
    /// What the hub is called.
    pub label: String,
    /// The fingerprint of the key as the cloud has it: people compare it on both sides.
    pub fingerprint: String,
}

/// What it is told with any other.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// For programs: `code`, `known`, `revoked`, `other`, `often`, `unreadable`, `busy`.
    pub problem: String,
    /// For people.
    pub why: String,
}

/// A code, as it is shown and typed.
#[derive(Clone, PartialEq, Eq)]
pub struct Code([u8; LENGTH]);

impl Code {
    /// Of 5 random bytes: 40 bits, 5 a character.
    pub fn draw(random: [u8; 5]) -> Code {
        let bits = random.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        let at = |k: usize| ALPHABET[(bits >> (5 * (LENGTH - 1 - k)) & 31) as usize];
        Code(std::array::from_fn(at))
    }

    /// What somebody typed: in any case, with spaces and dashes, `O` for `0`, `I` and `L` for `1`.
    pub fn parse(text: &str) -> Option<Code> {
        let said = text.bytes().filter(|c| !matches!(c, b' ' | b'-'));
        let mut characters = said.map(|c| match c.to_ascii_uppercase() {
            b'O' => b'0',
            b'I' | b'L' => b'1',
            other => other,
        });
        let mut code = [0; LENGTH];
        for place in &mut code {
            *place = characters.next().filter(|c| ALPHABET.contains(c))?;
        }
        characters.next().is_none().then_some(Code(code))
    }

    /// Its characters: what the cloud keeps a hash of, keyed with a secret of its own, since 40 bits are soon tried.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// `ABCD-EFGH`.
impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (left, right) = self.0.split_at(LENGTH / 2);
        write!(f, "{}-{}", left.escape_ascii(), right.escape_ascii())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code")
    }
}
