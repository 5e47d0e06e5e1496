//! Who may see an entry of the journal, and how much of it. It is decided here and nowhere else.
//!
//! Who keeps the gate sees all of it. A house sees who came to it: those of its people whom visitors are announced to, from
//! when they came on. Everybody sees what they opened themselves.
//!
//! What must never be here: who may see a house, a pass or a person.

use dwellers_replica::{Entry as Read, RecordId};

use super::Entry;
use crate::people::{Held, Permission, able_since};

/// How much of an entry somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// All of it.
    Whole,
    /// What is their house's, or their own: not what guards write for each other.
    Own,
}

/// Whether a person who holds this may see an entry, and how much of it.
pub fn may_see(entry: &Read<Entry>, person: RecordId, held: &[Held]) -> Option<Sight> {
    if held.iter().any(|held| held.capacity.may(Permission::SeeExpected)) {
        return Some(Sight::Whole);
    }
    let since = entry.value.house.and_then(|house| able_since(held, house, Permission::IssuePass));
    // By the time of its id, which goes on also where the gatehouse's clock stands in the past.
    let is_of_house = since.is_some_and(|since| entry.id.made_ms() >= since);
    let is_own = !held.is_empty() && entry.value.person == Some(person);
    (is_of_house || is_own).then_some(Sight::Own)
}

/// An entry as far as it is seen.
#[must_use]
pub fn shown(entry: &Entry, sight: Sight) -> Entry {
    match sight {
        Sight::Whole => entry.clone(),
        Sight::Own => Entry { note: String::new(), ..entry.clone() },
    }
}
