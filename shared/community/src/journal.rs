//! The journal: the append-only book of what gates were told, what was seen of them, and why.
//!
//! What was *commanded* and what was *seen to happen* are two entries; the second names the first (`about`).
//! Entries of a hub are numbered without gaps, and each carries a salted commitment to its content and a hash that
//! goes on from the entry before it: that nothing was changed, left out or put in between can be proved, also
//! after personal fields (and with them the salt) were erased.

use std::collections::BTreeMap;

use dwellers_replica::{
    Direction as Order, Index, Now, Open, Query, ReadError, Record, RecordId, ReplicaId, Role as Side, Spec, View,
    Writers,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::access::{Reason, Verdict};
use crate::gates::Direction;

/// What an entry tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Somebody came or asked, and it was decided. Where the verdict is to open, this is the intent: it is durable
    /// before the relay moves, and its id is the pulse's.
    #[default]
    Decided,
    /// The gate is to close, by a pulse of its own.
    Closing,
    /// The driver says that the relay did as told. About the intent.
    Commanded,
    /// The driver could not do it, or said nothing. About the intent.
    Failed,
    /// The hub stopped between intent and outcome; nobody knows, nothing is repeated. About the intent.
    Interrupted,
    /// The intent became durable too late to be acted on, or could not be acted on. About the intent.
    Abandoned,
    /// The position sensor saw it open. About the opening, where there was one.
    SeenOpen,
    /// The position sensor saw it closed.
    SeenClosed,
    /// It did not move in its time. About the opening or closing.
    Jammed,
    /// Beam or loop stopped a closing barrier.
    Obstructed,
    /// A car went through. About the opening that it came on.
    Passed,
    /// A car went through that no opening was for.
    Tailgated,
    /// It was opened, and nobody went through.
    NobodyPassed,
    /// It is held open.
    HoldBegan,
    /// It is not held any more.
    HoldEnded,
    /// The fire alarm began.
    FireBegan,
    /// The fire alarm ended.
    FireEnded,
    /// The gate's driver is gone, or its cable.
    DriverLost,
    /// The gate's driver is back.
    DriverBack,
    /// The guard refused somebody. About the arrival.
    RefusedByGuard,
    /// The guard let a visitor in by hand, or wrote one down.
    Visitor,
    /// A house was asked. About the arrival.
    Asked,
    /// A house answered (also too late). About the question.
    Answered,
    /// A guard took over.
    ShiftBegan,
    /// A guard handed over.
    ShiftEnded,
    /// The hub began to run.
    Started,
}

/// An entry.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// Whose journal.
    pub hub: ReplicaId,
    /// Its number in that journal, from 1.
    pub number: u64,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// Whether the clock was trusted.
    pub trusted: bool,
    /// What it tells.
    pub kind: Open<Kind>,
    /// The entry (or question) that it follows from.
    pub about: Option<RecordId>,
    /// Where.
    pub gate: Option<RecordId>,
    /// The lane's key; empty where none is meant.
    pub lane: String,
    /// Which way.
    pub direction: Option<Direction>,
    /// What was decided.
    pub verdict: Option<Open<Verdict>>,
    /// Why.
    pub reason: Option<Open<Reason>>,
    /// Folded plate; empty for none.
    pub plate: String,
    /// The visitor's name; empty for none.
    pub name: String,
    /// The house concerned.
    pub house: Option<RecordId>,
    /// The person who acted or was let in.
    pub person: Option<RecordId>,
    /// The grant that it rests on.
    pub grant: Option<RecordId>,
    /// The guard on whose word it happened; empty for none.
    pub guard: String,
    /// The picture's blob hash; empty for none.
    pub crop: String,
    /// Words of the guard, or of the program for the guard.
    pub note: String,
    /// Hex; erased with the personal fields, so that nobody can find them again by trying.
    pub salt: String,
    /// BLAKE3 of the salt and the content, in hex.
    pub commitment: String,
    /// BLAKE3 of the link before, the number and the commitment, in hex.
    pub link: String,
}

impl Record for Entry {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Side::Hub),
        personal: &["plate", "name", "person", "crop", "note", "salt"],
        indexes: &[
            Index { name: "number", on: &["hub", "number"] },
            Index { name: "plate", on: &["plate"] },
            Index { name: "house", on: &["house"] },
            Index { name: "about", on: &["about"] },
            Index { name: "kind", on: &["kind"] },
        ],
        search: &["plate", "name"],
        ..Spec::fact("journal")
    };
}

/// Where the book of a hub stands: what its next entry goes on from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Book {
    hub: ReplicaId,
    number: u64,
    link: String,
}

impl Book {
    /// The hub's own book as it stands in this snapshot.
    ///
    /// # Errors
    /// Where the last entry does not read, or the store fails: a book that cannot be read is not gone on with.
    pub fn open(view: View<'_>) -> Result<Self, ReadError> {
        let hub = view.replica()?;
        let last = Query::on("number").equal(hub.to_string()).direction(Order::Descending).limit(1);
        let page = view.of::<Entry>().find(&last)?;
        if let Some((id, why)) = page.unreadable.into_iter().next() {
            return Err(ReadError::Unreadable { collection: Entry::SPEC.name, id, why });
        }
        let (number, link) =
            page.entries.into_iter().next().map_or((0, String::new()), |last| (last.value.number, last.value.link));
        Ok(Book { hub, number, link })
    }

    /// Makes an entry the next of the book: gives it its number, time and salt, and what proves them.
    pub fn write(&mut self, entry: &mut Entry, now: Now, salt: u128) {
        entry.hub = self.hub;
        entry.number = self.number + 1;
        (entry.at_ms, entry.trusted) = (now.ms, now.trusted);
        entry.salt = format!("{salt:032x}");
        entry.commitment = commitment(entry);
        entry.link = link(&self.link, entry.number, &entry.commitment);
        (self.number, self.link) = (entry.number, entry.link.clone());
    }

    /// How many entries it has had.
    pub fn number(&self) -> u64 {
        self.number
    }
}

/// What checking a book found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Entries that are there.
    pub entries: u64,
    /// Of these, such whose content was erased in part: their commitments cannot be checked, their links can.
    pub forgotten: u64,
    /// What is wrong, in the order of numbers; empty where the book is whole.
    pub faults: Vec<Fault>,
}

/// Something that is wrong with a book.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// An entry is not there.
    #[error("entry {0} is missing")]
    Missing(u64),
    /// Two entries have one number.
    #[error("there are two entries {0}")]
    Twice(u64),
    /// The content is not what was written.
    #[error("entry {0} was changed")]
    Changed(u64),
    /// The link does not follow on the entry before.
    #[error("entry {0} does not follow on the one before")]
    Broken(u64),
    /// A record does not read.
    #[error("a record of the journal does not read: {0}")]
    Unreadable(String),
}

/// Checks a hub's book from its first entry that is still kept. Its beginning may have been forgotten; from there on
/// nothing may be missing, changed or put in between.
///
/// # Errors
/// Where the store fails.
pub fn check(view: View<'_>, hub: ReplicaId) -> Result<Checked, ReadError> {
    let mut checked = Checked::default();
    let mut before: Option<(u64, String)> = None;
    let mut cursor = None;
    loop {
        let query = Query::on("number").equal(hub.to_string()).limit(Query::MAX_LIMIT).after(cursor);
        let page = view.of::<Entry>().find(&query)?;
        let unreadable = page.unreadable.iter().map(|(id, why)| Fault::Unreadable(format!("{id}: {why}")));
        checked.faults.extend(unreadable);
        for entry in page.entries {
            check_entry(&entry.value, before.as_ref(), &mut checked);
            before = Some((entry.value.number, entry.value.link));
        }
        cursor = page.next;
        if cursor.is_none() {
            return Ok(checked);
        }
    }
}

fn check_entry(entry: &Entry, before: Option<&(u64, String)>, checked: &mut Checked) {
    let number = entry.number;
    checked.entries += 1;
    if entry.salt.is_empty() {
        checked.forgotten += 1;
    } else if commitment(entry) != entry.commitment {
        checked.faults.push(Fault::Changed(number));
    }
    match before {
        Some((last, _)) if *last == number => checked.faults.push(Fault::Twice(number)),
        Some((last, _)) if last + 1 != number => checked.faults.push(Fault::Missing(last + 1)),
        Some((_, before)) if link(before, number, &entry.commitment) != entry.link => {
            checked.faults.push(Fault::Broken(number));
        }
        None if number == 1 && link("", 1, &entry.commitment) != entry.link => {
            checked.faults.push(Fault::Broken(1));
        }
        _ => {}
    }
}

/// The commitment to an entry's content: BLAKE3 of its fields as compact JSON with sorted names, the salt among them.
///
/// Fields that hold their default are left out, so that a program with more fields than the writer's comes to the
/// same commitment.
fn commitment(entry: &Entry) -> String {
    let fields = |entry: &Entry| -> BTreeMap<String, Value> {
        match serde_json::to_value(entry) {
            Ok(Value::Object(fields)) => fields.into_iter().collect(),
            other => panic!("an entry writes as an object, not as {other:?}"),
        }
    };
    let blank = fields(&Entry::default());
    let mut content = fields(entry);
    content.retain(|name, value| blank.get(name) != Some(value) && name != "commitment" && name != "link");
    let json = serde_json::to_vec(&content).expect("strings and numbers write as JSON");
    blake3::hash(&json).to_hex().to_string()
}

fn link(before: &str, number: u64, commitment: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    // The number between two texts of fixed length (or none): no two triples share an encoding.
    hasher.update(before.as_bytes()).update(&number.to_be_bytes()).update(commitment.as_bytes());
    hasher.finalize().to_hex().to_string()
}
