//! The book of a hub: what makes its entries a chain, and how that is checked.

use std::collections::BTreeMap;

use dwellers_replica::{Direction as Order, Now, Query, ReadError, Record, ReplicaId, View};
use serde_json::Value;

use super::Entry;

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
        let (number, link) = page
            .entries
            .into_iter()
            .next()
            .map_or((0, String::new()), |last| (last.value.number, last.value.link));
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
