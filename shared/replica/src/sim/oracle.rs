//! What the simulator knows and the replicas do not: every write that was ever issued, and what must become
//! of it.
//!
//! The oracle shares no code with merging. It checks that
//! - whatever a vector covers is held by its owner, or something later is (after each merge);
//! - every write that was promised to last is there at the end, or something later is;
//! - facts have the values they were born with, nothing erased or beyond a horizon is alive.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::schema::Kind;
use crate::stamp::{RecordId, ReplicaId, Stamp, Vector, covers};
use crate::store::Rows;

/// One field of one write.
#[derive(Clone, Debug)]
pub(super) struct Issued {
    pub node: usize,
    pub kind: Kind,
    pub collection: String,
    pub record: RecordId,
    pub field: String,
    pub value: String,
    pub stamp: Stamp,
    /// The issuer's transaction.
    arrival: u64,
    durable: bool,
    acknowledged: bool,
    /// Whether the issuer's disk was restored or copied and has not noticed yet: others may know another
    /// write by the same sequence.
    doubtful: bool,
}

/// The issuer of what was lost with a disk and lives on with the peers.
const NOBODY: usize = usize::MAX;

#[derive(Clone, Debug, Default)]
pub(super) struct Oracle {
    writes: Vec<Issued>,
}

/// The erasures and horizons that a replica holds.
#[derive(Default)]
struct Forgotten {
    erased: BTreeMap<(String, RecordId), BTreeSet<String>>,
    horizons: BTreeMap<String, u64>,
}

impl Oracle {
    /// Notes what a node committed as its transaction `arrival`: all fields there that bear the stamp.
    pub(super) fn issued(
        &mut self,
        node: usize,
        rows: &dyn Rows,
        stamp: Stamp,
        arrival: u64,
        doubtful: bool,
    ) -> Result<(), String> {
        for (at, collection, record) in
            rows.arrivals(arrival.saturating_sub(1), &[], usize::MAX).map_err(text)?
        {
            let row = rows.row(&collection, record).map_err(text)?.unwrap_or_default();
            let kind = rows.shape(&collection).map_err(text)?.map_or(Kind::Profile, |shape| shape.kind);
            for (field, held) in
                row.fields.iter().filter(|(_, f)| f.arrival == at && f.register.marker == stamp)
            {
                self.writes.push(Issued {
                    node,
                    kind,
                    collection: collection.to_string(),
                    record,
                    field: field.clone(),
                    value: held.register.val.to_string(),
                    stamp,
                    arrival,
                    durable: false,
                    acknowledged: false,
                    doubtful,
                });
            }
        }
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.writes.len()
    }

    /// A node's disk holds everything up to a transaction.
    pub(super) fn synced(&mut self, node: usize, arrival: u64) {
        for write in self.of(node).filter(|write| write.arrival <= arrival) {
            write.durable = true;
        }
    }

    /// A peer's disk holds a node's transactions up to one. What the node overwrote meanwhile, in a
    /// transaction that is not acknowledged yet, may never have travelled.
    pub(super) fn acknowledged(&mut self, node: usize, rows: &dyn Rows, arrival: u64) -> Result<(), String> {
        for write in self.of(node).filter(|write| !write.acknowledged && write.arrival <= arrival) {
            let row = rows.row(&write.collection, write.record).map_err(text)?.unwrap_or_default();
            write.acknowledged = row.fields.get(&write.field).is_none_or(|field| field.arrival <= arrival);
        }
        Ok(())
    }

    /// A node lost what it had not synced.
    pub(super) fn crashed(&mut self, node: usize) {
        self.writes.retain(|write| write.node != node || write.durable);
    }

    /// A node's disk is as it was at a backup; what a peer acknowledged since must come back from there.
    pub(super) fn restored(&mut self, node: usize, rows: &dyn Rows, doubtful: bool) -> Result<(), String> {
        let forgotten = Forgotten::by(rows)?;
        let mut there = Vec::new();
        for write in self.of(node) {
            // Superseded is as good as there.
            there.push(match forgotten.or_held(rows, write)? {
                Held::Forgotten => true,
                Held::Nothing => false,
                Held::Value(stamp, _) => stamp.time >= write.stamp.time,
            });
        }
        let mut there = there.into_iter();
        self.writes.retain_mut(|write| {
            if write.node != node || there.next() == Some(true) {
                return true;
            }
            (write.node, write.doubtful) = (NOBODY, doubtful);
            write.acknowledged
        });
        Ok(())
    }

    /// A node is gone with its disk; what a peer acknowledged lives on there.
    pub(super) fn thrown_away(&mut self, node: usize) {
        self.writes.retain(|write| write.node != node || write.acknowledged);
        self.of(node).for_each(|write| write.node = NOBODY);
    }

    /// A node took a new id: what it had issued since bears another stamp of the same time.
    pub(super) fn renewed(&mut self, node: usize, rows: &dyn Rows, id: ReplicaId) -> Result<(), String> {
        for write in self.writes.iter_mut().filter(|write| write.node == node || write.node == NOBODY) {
            if write.node == NOBODY {
                write.doubtful = false;
                continue;
            }
            let row = rows.row(&write.collection, write.record).map_err(text)?.unwrap_or_default();
            let held = row.fields.get(&write.field).map(|field| field.register.marker);
            match held {
                Some(stamp) if stamp.replica == id && stamp.time == write.stamp.time => {
                    (write.stamp, write.doubtful) = (stamp, false);
                }
                // Overwritten before anybody saw it.
                _ => {}
            }
        }
        Ok(())
    }

    fn of(&mut self, node: usize) -> impl Iterator<Item = &mut Issued> {
        self.writes.iter_mut().filter(move |write| write.node == node)
    }

    /// What a vector covers is held by its owner, or something that supersedes it.
    pub(super) fn check_covered(
        &self,
        rows: &dyn Rows,
        before: &Vector,
        after: &Vector,
    ) -> Result<(), String> {
        let forgotten = Forgotten::by(rows)?;
        let newly = |write: &&Issued| covers(after, &write.stamp) && !covers(before, &write.stamp);
        for write in self.writes.iter().filter(|write| !write.doubtful).filter(newly) {
            let held = forgotten.or_held(rows, write)?;
            let fine = match &held {
                Held::Forgotten => true,
                Held::Nothing => false,
                Held::Value(stamp, _) if write.kind == Kind::Fact => *stamp <= write.stamp,
                Held::Value(stamp, _) => *stamp >= write.stamp,
            };
            if !fine {
                return Err(format!("its vector covers {} but it holds {held:?}", write.name()));
            }
        }
        Ok(())
    }

    /// What a peer holds and is not bulk is held here, or something later; as far as the peer said that it is.
    pub(super) fn check_ready(&self, rows: &dyn Rows, peer: &dyn Rows, id: ReplicaId) -> Result<(), String> {
        let said = rows.marks(id).map_err(text)?.first().map_or(0, |mark| mark.arrival);
        let forgotten = Forgotten::by(rows)?;
        let shapes = peer.shapes().map_err(text)?;
        for (arrival, collection, record) in peer.arrivals(0, &[], usize::MAX).map_err(text)? {
            let shape = shapes.iter().find(|shape| shape.name == collection);
            let Some(shape) = shape.filter(|shape| !shape.bulk && arrival <= said) else { continue };
            let there = peer.row(&collection, record).map_err(text)?.unwrap_or_default();
            let here = rows.row(&collection, record).map_err(text)?.unwrap_or_default();
            for (name, field) in there.fields.iter().filter(|(_, field)| field.arrival == arrival) {
                let held = here.fields.get(name).map(|field| field.register.marker);
                let stamp = field.register.marker;
                let fine = held
                    .is_some_and(|held| if shape.kind == Kind::Fact { held <= stamp } else { held >= stamp });
                if !fine && !forgotten.has(&collection, record, name) {
                    return Err(format!(
                        "it is ready, but of {collection} {record} it holds {name} as {held:?}"
                    ));
                }
            }
        }
        Ok(())
    }

    /// At the end, everything that was promised is there.
    pub(super) fn check_final(&self, rows: &dyn Rows) -> Result<(), String> {
        let forgotten = Forgotten::by(rows)?;
        for write in &self.writes {
            let held = forgotten.or_held(rows, write)?;
            match (write.kind, held) {
                (_, Held::Forgotten) => {}
                (_, Held::Nothing) => return Err(format!("{} is lost", write.name())),
                (Kind::Fact, Held::Value(_, value)) if value != write.value => {
                    return Err(format!("{} was a fact and is {value} now", write.name()));
                }
                (Kind::Profile, Held::Value(stamp, _)) if stamp.time < write.stamp.time => {
                    return Err(format!("{} is lost to an earlier {stamp:?}", write.name()));
                }
                (Kind::Profile, Held::Value(stamp, value))
                    if stamp == write.stamp && value != write.value =>
                {
                    return Err(format!("{} has become {value}", write.name()));
                }
                _ => {}
            }
        }
        for ((collection, record), names) in &forgotten.erased {
            let row = rows.row(collection, *record).map_err(text)?.unwrap_or_default();
            if let Some(name) = names.iter().find(|name| row.fields.contains_key(*name)) {
                return Err(format!("{collection} {record}: {name} was erased and is alive"));
            }
        }
        for (collection, before_ms) in &forgotten.horizons {
            let ids = rows.ids(collection, RecordId::MIN, RecordId::MAX, usize::MAX).map_err(text)?;
            for id in ids.into_iter().filter(|id| id.made_ms() < *before_ms) {
                if rows.row(collection, id).map_err(text)?.is_some_and(|row| row.is_visible()) {
                    return Err(format!("{collection} {id} lies beyond the horizon and is alive"));
                }
            }
        }
        Ok(())
    }
}

impl Forgotten {
    fn by(rows: &dyn Rows) -> Result<Self, String> {
        let mut forgotten = Forgotten::default();
        for collection in ["erasures", "horizons"] {
            for id in rows.ids(collection, RecordId::MIN, RecordId::MAX, usize::MAX).map_err(text)? {
                let row = rows.row(collection, id).map_err(text)?.unwrap_or_default();
                let document: Value = serde_json::from_str(&row.document()).map_err(text)?;
                let of = document["collection"].as_str().unwrap_or_default().to_owned();
                if collection == "erasures" {
                    // What holds its default is left out.
                    let record = document["record"].as_str().map_or(Ok(RecordId::default()), str::parse);
                    let record = record.map_err(text)?;
                    let names = document["fields"].as_array().into_iter().flatten();
                    let names = names.filter_map(|name| name.as_str().map(str::to_owned));
                    forgotten.erased.entry((of, record)).or_default().extend(names);
                } else {
                    let before = document["before_ms"].as_u64().unwrap_or_default();
                    let furthest = forgotten.horizons.entry(of).or_default();
                    *furthest = before.max(*furthest);
                }
            }
        }
        Ok(forgotten)
    }

    fn has(&self, collection: &str, record: RecordId, field: &str) -> bool {
        let erased = self.erased.get(&(collection.to_owned(), record));
        erased.is_some_and(|names| names.contains(field))
            || self.horizons.get(collection).is_some_and(|before| record.made_ms() < *before)
    }

    fn or_held(&self, rows: &dyn Rows, write: &Issued) -> Result<Held, String> {
        if self.has(&write.collection, write.record, &write.field) {
            return Ok(Held::Forgotten);
        }
        let row = rows.row(&write.collection, write.record).map_err(text)?.unwrap_or_default();
        Ok(row.fields.get(&write.field).map_or(Held::Nothing, |field| {
            Held::Value(field.register.marker, field.register.val.to_string())
        }))
    }
}

#[derive(Debug)]
enum Held {
    Forgotten,
    Nothing,
    Value(Stamp, String),
}

impl Issued {
    fn name(&self) -> String {
        format!("{} {} {}={} ({:?})", self.collection, self.record, self.field, self.value, self.stamp)
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
