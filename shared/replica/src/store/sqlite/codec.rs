//! How a row lies in its two columns.
//!
//! `doc` is the record as one JSON object, each value byte for byte as it was written: what people and views
//! read. `meta` holds what the rules need besides, in postcard: the distinct writes of the record, each once,
//! with its time as the distance from the record's own making (mostly a byte or two); where there are
//! several, which of them set each field, in the order of the names; and the erased names.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::row::{Field, Register, Row};
use crate::stamp::{RecordId, ReplicaId, Stamp, Time};
use crate::store::{Result, StoreError};

#[derive(Serialize, Deserialize)]
struct Meta {
    writes: Vec<Write>,
    /// Empty where one write set all fields.
    which: Vec<u32>,
    erased: Vec<String>,
}

#[derive(PartialEq, Serialize, Deserialize)]
struct Write {
    replica: i64,
    /// Milliseconds from the record's making to the write.
    after_ms: i64,
    /// The counter of the hybrid time.
    count: u16,
    sequence: u64,
    arrival: u64,
}

/// The `meta` of a row.
pub(super) fn encode(
    id: RecordId,
    row: &Row,
    mut number: impl FnMut(ReplicaId) -> Result<i64>,
) -> Result<Vec<u8>> {
    let mut meta =
        Meta { writes: Vec::new(), which: Vec::new(), erased: row.erased.iter().cloned().collect() };
    for field in row.fields.values() {
        let Stamp { time, replica, sequence } = field.register.marker;
        // Both are of 48 bits.
        let after_ms = time.ms() as i64 - id.made_ms() as i64;
        let count = (time.to_bits() & 0xffff) as u16;
        let write = Write { replica: number(replica)?, after_ms, count, sequence, arrival: field.arrival };
        let known = meta.writes.iter().position(|known| *known == write);
        meta.which.push(known.unwrap_or(meta.writes.len()) as u32);
        if known.is_none() {
            meta.writes.push(write);
        }
    }
    if meta.writes.len() <= 1 {
        meta.which.clear();
    }
    postcard::to_allocvec(&meta).map_err(|error| StoreError::Io(error.to_string()))
}

/// The row of these columns.
pub(super) fn decode(
    id: RecordId,
    doc: &str,
    meta: &[u8],
    mut replica: impl FnMut(i64) -> Result<ReplicaId>,
) -> Result<Row> {
    let damaged = |why: &dyn std::fmt::Display| StoreError::Damaged(format!("record {id}: {why}"));
    let meta: Meta = postcard::from_bytes(meta).map_err(|error| damaged(&error))?;
    let doc: BTreeMap<String, &RawValue> = serde_json::from_str(doc).map_err(|error| damaged(&error))?;
    let mut writes = Vec::with_capacity(meta.writes.len());
    for write in meta.writes {
        let ms = u64::try_from(id.made_ms() as i64 + write.after_ms).map_err(|error| damaged(&error))?;
        let time = Time::from_bits(Time::from_ms(ms).to_bits() | u64::from(write.count));
        let stamp = Stamp { time, replica: replica(write.replica)?, sequence: write.sequence };
        writes.push((stamp, write.arrival));
    }
    let mut row = Row { fields: BTreeMap::new(), erased: meta.erased.into_iter().collect() };
    for (place, (name, value)) in doc.into_iter().enumerate() {
        let which = if meta.which.is_empty() { Some(&0) } else { meta.which.get(place) };
        let write = which.and_then(|which| writes.get(*which as usize));
        let (marker, arrival) = *write.ok_or_else(|| damaged(&"a field without a stamp"))?;
        row.fields.insert(name, Field { register: Register { val: value.get().into(), marker }, arrival });
    }
    Ok(row)
}
