//! One record as a replica holds it, and the rule by which two versions become one.
//!
//! Invariants, on which convergence rests: absorbing is commutative, associative and idempotent over any set
//! of changes and erasures; a field that is erased never holds a value again; a fact is never a mixture of
//! two writes. Values are compact JSON text and are compared, hashed and forwarded as bytes, never parsed
//! and printed again: another program's numbers and unknown enum values survive to the last digit.

use std::collections::{BTreeMap, BTreeSet};

use crdts::{CvRDT, LWWReg};

use crate::schema::Kind;
use crate::stamp::{RecordId, Stamp};

/// A last-writer-wins register over JSON text.
pub type Register = LWWReg<Box<str>, Stamp>;

/// A field's register, and the local transaction in which its value arrived here.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub register: Register,
    /// Zero in local collections, which nobody walks.
    pub arrival: u64,
}

/// A record: its fields by name, and the names that were erased.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    pub fields: BTreeMap<String, Field>,
    pub erased: BTreeSet<String>,
}

/// What happened to one field.
#[derive(Debug)]
pub struct FieldChange {
    pub name: String,
    pub old: Option<Register>,
    pub new: Option<Register>,
}

/// What absorbing a change did.
#[derive(Debug, Default)]
pub struct Absorbed {
    pub changes: Vec<FieldChange>,
    /// The same stamp came with another value: somewhere a disk lies or a marker was used twice.
    pub conflict: bool,
}

impl Row {
    /// Whether the record is there for readers; a row without fields only remembers erasures.
    pub fn is_visible(&self) -> bool {
        !self.fields.is_empty()
    }

    /// The greatest stamp of its fields. For a fact: its stamp.
    pub fn stamp(&self) -> Option<Stamp> {
        self.fields.values().map(|field| field.register.marker).max()
    }

    /// The local transactions that its fields arrived in.
    pub fn arrivals(&self) -> BTreeSet<u64> {
        self.fields.values().map(|field| field.arrival).collect()
    }

    /// The record as one JSON object.
    pub fn document(&self) -> String {
        let size: usize = self.fields.iter().map(|(name, f)| name.len() + f.register.val.len() + 4).sum();
        let mut json = String::with_capacity(size + 2);
        json.push('{');
        for (name, field) in &self.fields {
            if json.len() > 1 {
                json.push(',');
            }
            push_json_string(&mut json, name);
            json.push(':');
            json.push_str(&field.register.val);
        }
        json.push('}');
        json
    }

    /// Takes what a write of this stamp changes.
    pub fn absorb(
        &mut self,
        kind: Kind,
        stamp: Stamp,
        fields: impl IntoIterator<Item = (impl Into<String>, impl Into<Box<str>>)>,
        arrival: u64,
    ) -> Absorbed {
        let mut absorbed = Absorbed::default();
        if kind == Kind::Fact
            && let Some(held) = self.stamp()
        {
            #[allow(unused_mut, reason = "the simulator plants a fault here")]
            let mut refused = stamp > held;
            #[cfg(feature = "sim")]
            if crate::fault::planted(crate::fault::Fault::FactTwice) {
                refused = stamp < held;
            }
            if refused {
                return absorbed;
            }
            if stamp != held {
                // The earlier write is the fact; what stood here was a second one that came first.
                for (name, field) in std::mem::take(&mut self.fields) {
                    absorbed.changes.push(FieldChange { name, old: Some(field.register), new: None });
                }
            }
        }
        for (name, value) in fields {
            let (name, value) = (name.into(), value.into());
            if self.erased.contains(&name) {
                continue;
            }
            let offered = Register { val: value, marker: stamp };
            match self.fields.get_mut(&name) {
                None => {
                    let new = Some(offered.clone());
                    self.fields.insert(name.clone(), Field { register: offered, arrival });
                    absorbed.changes.push(FieldChange { name, old: None, new });
                }
                Some(field) => {
                    let held = &field.register;
                    let conflict = held.validate_merge(&offered).is_err();
                    absorbed.conflict |= conflict;
                    #[allow(unused_mut, reason = "the simulator plants a fault here")]
                    let mut later = held.marker < offered.marker;
                    #[cfg(feature = "sim")]
                    if crate::fault::planted(crate::fault::Fault::MarkerWithoutReplica) {
                        later = held.marker.time < offered.marker.time;
                    }
                    if later || (conflict && held.val < offered.val) {
                        let old = std::mem::replace(&mut field.register, offered.clone());
                        field.arrival = arrival;
                        absorbed.changes.push(FieldChange { name, old: Some(old), new: Some(offered) });
                    }
                }
            }
        }
        absorbed
    }

    /// Destroys these fields for ever.
    pub fn erase<'a>(&mut self, names: impl IntoIterator<Item = &'a String>) -> Vec<FieldChange> {
        let mut changes = Vec::new();
        for name in names {
            self.erased.insert(name.clone());
            if let Some(field) = self.fields.remove(name) {
                changes.push(FieldChange { name: name.clone(), old: Some(field.register), new: None });
            }
        }
        changes
    }
}

/// The hash of one field of one record: what digests add up and the running hash of a replica goes through.
pub(crate) fn field_hash(collection: &str, record: RecordId, name: &str, register: &Register) -> u128 {
    let Stamp { time, replica, sequence } = register.marker;
    let mut fixed = [0; 52];
    fixed[..16].copy_from_slice(&record.to_bytes());
    fixed[16..32].copy_from_slice(&replica.to_bytes());
    fixed[32..40].copy_from_slice(&sequence.to_be_bytes());
    fixed[40..48].copy_from_slice(&time.to_bits().to_be_bytes());
    // With the length of each text no two fields share an encoding.
    fixed[48..50].copy_from_slice(&(collection.len() as u16).to_be_bytes());
    fixed[50..].copy_from_slice(&(name.len() as u16).to_be_bytes());
    let mut hasher = blake3::Hasher::new();
    hasher
        .update(&fixed)
        .update(collection.as_bytes())
        .update(name.as_bytes())
        .update(register.val.as_bytes());
    let mut half = [0; 16];
    half.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    u128::from_be_bytes(half)
}

fn push_json_string(json: &mut String, text: &str) {
    let plain = text.bytes().all(|b| b >= 0x20 && b != b'"' && b != b'\\');
    if plain {
        json.push('"');
        json.push_str(text);
        json.push('"');
    } else {
        json.push_str(&serde_json::Value::from(text).to_string());
    }
}
