//! Idempotency keys: a request that is repeated because its answer was lost is answered as before, and acted on once.
//!
//! What is kept is written in the transaction of what was done, so that neither can be without the other.
//!
//! Invariants: a key is its person's, and for one request; it is remembered for a day.

use dwellers_replica::{CommitError, Index, Now, Query, Record, RecordId, Schema, Spec, View, Writes};
use http::StatusCode;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::call::Call;
use super::problem::Problem;
use crate::communities::Community;

/// The header that carries one.
const HEADER: &str = "idempotency-key";
/// The longest key.
const MAX_KEY: usize = 100;

/// The answer to a request that was acted on. Its id is of the person and the key.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Answered {
    /// The hash of the request.
    request: String,
    /// The document that was answered, as JSON.
    answer: String,
    /// When, in milliseconds since 1970.
    at_ms: u64,
}

impl Record for Answered {
    const SPEC: Spec =
        Spec { indexes: &[Index { name: "time", on: &["at_ms"] }], ..Spec::local("answered_requests") };
}

pub(super) fn declare(schema: Schema) -> Schema {
    schema.with::<Answered>()
}

/// Forgets the answers from before a moment, so many in one transaction; how many they were. Blocks.
pub(super) fn forget(
    community: &Community,
    before_ms: u64,
    at_once: usize,
    now: Now,
) -> Result<u64, CommitError> {
    let mut forgotten = 0;
    loop {
        let old = Query::on("time").below(before_ms).limit(at_once);
        let old = community.store.view(|view| view.of::<Answered>().find(&old))?;
        // What does not read is an answer to nobody.
        let old = old.map(|page| page.entries).unwrap_or_default();
        if old.is_empty() {
            return Ok(forgotten);
        }
        let mut writes = Writes::new();
        for answered in &old {
            writes.remove::<Answered>(answered.id);
        }
        community.store.commit(now, writes)?;
        forgotten += old.len() as u64;
    }
}

/// A request with a key.
pub(super) struct Replay {
    id: RecordId,
    request: String,
}

impl Replay {
    /// Of this request, where it has a key.
    pub fn of(call: &Call, person: RecordId) -> Result<Option<Replay>, Problem> {
        let Some(key) = call.caller.only(HEADER) else { return Ok(None) };
        if key.is_empty() || key.len() > MAX_KEY {
            return Err(Problem::invalid("idempotency-key", "too-long"));
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update(call.method.as_str().as_bytes()).update(b" ").update(call.target().as_bytes());
        let request = hasher.update(b"\n").update(&call.body).finalize().to_hex().to_string();
        let hash = blake3::hash(format!("{person} {key}").as_bytes());
        let mut half = [0; 16];
        half.copy_from_slice(&hash.as_bytes()[..16]);
        let id = RecordId::new(0, u128::from_be_bytes(half));
        Ok(Some(Replay { id, request }))
    }

    /// What was answered before.
    pub fn answer<T: DeserializeOwned>(&self, view: View<'_>) -> Result<Option<T>, Problem> {
        let Some(before) = view.of::<Answered>().get(self.id)? else { return Ok(None) };
        if before.value.request != self.request {
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "key-used"));
        }
        Ok(serde_json::from_str(&before.value.answer).ok())
    }

    /// Keeps what is answered now.
    pub fn keep<T: Serialize>(&self, answer: &T, writes: &mut Writes, now: Now) -> Result<(), Problem> {
        let answer = serde_json::to_string(answer).map_err(|_| Problem::busy())?;
        writes.create(self.id, &Answered { request: self.request.clone(), answer, at_ms: now.ms });
        Ok(())
    }

    /// Forgets the key, of which nothing came.
    pub fn forgotten(&self) -> Writes {
        let mut writes = Writes::new();
        writes.remove::<Answered>(self.id);
        writes
    }
}
