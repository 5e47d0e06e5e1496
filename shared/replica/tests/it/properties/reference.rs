//! The naive reference: what a replica must hold, said in one pass over everything that was ever written.
//!
//! It shares no line with the replica: no rows, no order of arrival, no transactions.

use std::collections::{BTreeMap, BTreeSet};

use dwellers_replica::delta::Change;
use dwellers_replica::{Kind, RecordId, Shape, Stamp};
use serde_json::Value;

use crate::lab::Fields;

/// One write of one record, as it travels.
pub type Write = (Shape, Change);

/// What anybody holds who has seen these writes, in whatever order.
pub fn expected(writes: &[Write]) -> Fields {
    let horizons = horizons(writes);
    let erased = erased(writes);
    let mut firsts: BTreeMap<(&str, RecordId), Stamp> = BTreeMap::new();
    for (shape, change) in writes {
        let first = firsts.entry((&shape.name, change.record)).or_insert(change.stamp);
        *first = change.stamp.min(*first);
    }
    let mut held = Fields::new();
    for (shape, change) in writes {
        let name: &str = &shape.name;
        if shape.kind == Kind::Fact {
            let forgotten = horizons.get(name).is_some_and(|before| change.record.made_ms() < *before);
            if forgotten || firsts[&(name, change.record)] != change.stamp {
                continue;
            }
        }
        for (field, value) in &change.fields {
            let key = (name.to_owned(), change.record, field.clone());
            let offered = (change.stamp, value.clone());
            let latest = held.get(&key).is_none_or(|held| *held < offered);
            if latest && !erased.contains(&key) {
                held.insert(key, offered);
            }
        }
    }
    held
}

/// The furthest horizon of each collection.
pub fn horizons(writes: &[Write]) -> BTreeMap<String, u64> {
    let mut furthest = BTreeMap::new();
    for (_, change) in writes.iter().filter(|(shape, _)| shape.name == "horizons") {
        let horizon = document(change);
        let before = furthest.entry(text(&horizon["collection"])).or_default();
        *before = horizon["before_ms"].as_u64().unwrap().max(*before);
    }
    furthest
}

/// Every field that is erased.
pub fn erased(writes: &[Write]) -> BTreeSet<(String, RecordId, String)> {
    let mut all = BTreeSet::new();
    for (_, change) in writes.iter().filter(|(shape, _)| shape.name == "erasures") {
        let erasure = document(change);
        for field in erasure["fields"].as_array().unwrap() {
            let record = text(&erasure["record"]).parse().unwrap();
            all.insert((text(&erasure["collection"]), record, text(field)));
        }
    }
    all
}

fn document(change: &Change) -> BTreeMap<String, Value> {
    change.fields.iter().map(|(name, value)| (name.clone(), serde_json::from_str(value).unwrap())).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
