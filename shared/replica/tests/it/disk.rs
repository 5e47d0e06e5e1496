//! Records and stores that the tests of the disk share.

use std::path::Path;

use dwellers_replica::delta::{Chunk, FULL_CHUNK_FIELDS};
use dwellers_replica::{
    Index, Memory, Now, Options, Record, RecordId, Replica, Role, Schema, Spec, Sqlite, Store, StoreError,
    Vector, Writes,
};
use serde::{Deserialize, Serialize};

/// A fact: a car came.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Arrival {
    pub plate: String,
    pub remark: String,
    pub lane: i64,
}

impl Record for Arrival {
    const SPEC: Spec = Spec {
        indexes: &[Index { name: "plate", on: &["plate"] }],
        search: &["plate", "remark"],
        personal: &["remark"],
        ..Spec::fact("arrivals")
    };
}

/// A profile.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    pub name: String,
    pub phones: Vec<String>,
    pub lodger: bool,
}

impl Record for Person {
    const SPEC: Spec = Spec {
        indexes: &[Index { name: "name", on: &["name"] }],
        search: &["name"],
        personal: &["name", "phones"],
        ..Spec::profile("people")
    };
}

pub const NOW: Now = Now { ms: 1_750_000_000_000, trusted: true };

pub const fn id(n: u64) -> RecordId {
    RecordId::new(NOW.ms + n, n as u128)
}

pub fn schema() -> Schema {
    Schema::new().with::<Arrival>().with::<Person>()
}

pub fn open(path: &Path) -> Result<Sqlite, StoreError> {
    Sqlite::open(path, Options::default())
}

/// A new cloud in a file.
pub fn cloud(path: &Path) -> Replica<Sqlite> {
    Replica::create(open(path).unwrap(), schema(), id(0), Role::Cloud, "key", NOW).unwrap()
}

/// The same in memory.
pub fn model() -> Replica<Memory> {
    Replica::create(Memory::new(), schema(), id(0), Role::Cloud, "key", NOW).unwrap()
}

pub fn arrival(n: u64) -> Arrival {
    let remark = format!("машина номер {n}, \"гость\" дома {}", n % 97);
    Arrival { plate: format!("А{:03}ВС{}", n % 1000, n / 1000), remark, lane: n as i64 % 2 }
}

pub fn arriving(n: u64) -> Writes {
    let mut writes = Writes::new();
    writes.create(id(n), &arrival(n));
    writes
}

/// The whole of what a replica holds, as chunks for a peer that knows nothing.
pub fn chunks<S: Store>(of: &mut Replica<S>) -> Vec<Chunk> {
    let mut chunks: Vec<Chunk> = Vec::new();
    loop {
        let base = chunks.last().map(|chunk| chunk.mark).unwrap_or_default();
        let chunk = of.since(base, base.arrival, &Vector::new(), FULL_CHUNK_FIELDS).unwrap();
        let done = chunk.to.is_some();
        chunks.push(chunk);
        if done {
            return chunks;
        }
    }
}
