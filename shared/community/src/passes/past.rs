//! The passes of a house, those that hold and those that are past, and what became of each.
//!
//! Invariant: who came to a house later sees what holds there, and nothing of what was before them.

use dwellers_replica::{Cursor, Direction, Entry, Now, Query, ReadError, RecordId, View};

use super::{Pass, State, Use, state, unfinished};
use crate::command::{Denied, readable};
use crate::journal;
use crate::people::{Held, Permission, able_since};

/// Records that are looked at for one page; the next one goes on.
const MOST_LOOKED_AT: usize = 2_000;
/// Entries of the journal of a house among which those of a pass without counted entries are looked for.
const LOOK_BACK: usize = 3_000;
/// Of the passes of a house the last so many are remembered.
const REMEMBERED_OF: usize = 500;
const MOST_VISITORS: usize = 100;

/// Which passes of a house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those that let somebody in, now or later: the first to end first.
    Current,
    /// Those that have ended: the last first.
    Past,
}

/// A page of passes.
#[derive(Debug, Default)]
pub struct Passes {
    /// With what became of each.
    pub passes: Vec<(Entry<Pass>, State)>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// Somebody whom a house has expected before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// May be empty, where the plate is not.
    pub name: String,
    /// Folded; may be empty, where the name is not.
    pub plate: String,
    /// For how many passes.
    pub passes: u32,
    /// When the last of them was issued, in milliseconds since 1970.
    pub last_ms: u64,
}

/// Whether those who hold this see a pass: who keeps the gate all of them, who issues passes in its house those that live
/// and those since they came.
pub fn is_seen(held: &[Held], pass: &Entry<Pass>, state: &State) -> bool {
    let keeps_the_gate = held.iter().any(|held| held.capacity.may(Permission::SeeExpected));
    let since = able_since(held, pass.value.house, Permission::IssuePass);
    keeps_the_gate || since.is_some_and(|since| state.ended.is_none() || pass.id.made_ms() >= since)
}

/// The passes of a house that those who hold this see.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn of_house(
    view: View<'_>,
    now: Now,
    held: &[Held],
    house: RecordId,
    which: Which,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Passes, Denied> {
    let all = match which {
        Which::Current => unfinished(house, now),
        Which::Past => Query::on("house").equal(house.to_string()).direction(Direction::Descending),
    };
    let (mut page, mut looked_at) = (Passes { next: after, ..Passes::default() }, 0);
    loop {
        let query = all.clone().after(page.next.take()).limit(limit - page.passes.len());
        let found = view.of::<Pass>().find(&query)?;
        looked_at += found.entries.len() + found.unreadable.len();
        for pass in found.entries {
            let state = state(view, now.ms, pass.id)?;
            if (state.ended.is_none() == (which == Which::Current)) && is_seen(held, &pass, &state) {
                page.passes.push((pass, state));
            }
        }
        page.next = found.next;
        if page.next.is_none() || page.passes.len() >= limit || looked_at >= MOST_LOOKED_AT {
            return Ok(page);
        }
    }
}

/// The entries of the journal that rest on a pass, the newest first.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn history(view: View<'_>, pass: &Entry<Pass>) -> Result<Vec<Entry<journal::Entry>>, ReadError> {
    let entries = view.of::<journal::Entry>();
    let mut found = Vec::new();
    if pass.value.entries.is_some() {
        let uses = Query::on("pass").equal(pass.id.to_string()).direction(Direction::Descending);
        for used in readable::<Use>(view, &uses)? {
            // The journal may have forgotten it; that it was used stays.
            found.extend(entries.get(used.value.entry)?);
        }
        return Ok(found);
    }
    let all = Query::on("house").equal(pass.value.house.to_string()).direction(Direction::Descending);
    let (mut after, mut looked_at) = (None, 0);
    loop {
        let page = entries.find(&all.clone().after(after).limit(Query::MAX_LIMIT))?;
        looked_at += page.entries.len();
        let is_over = page.entries.last().is_some_and(|last| last.id.made_ms() < pass.id.made_ms());
        let rests = |entry: &Entry<journal::Entry>| {
            entry.value.grant == Some(pass.id) && entry.value.kind.known() == Some(&journal::Kind::Decided)
        };
        found.extend(page.entries.into_iter().filter(rests));
        after = page.next;
        if after.is_none() || is_over || looked_at >= LOOK_BACK {
            return Ok(found);
        }
    }
}

/// Whom a house has expected since then, each once, the last first: so that nobody types a plate twice.
///
/// # Errors
/// Where the store fails.
pub fn visitors(view: View<'_>, house: RecordId, since_ms: u64) -> Result<Vec<Visitor>, ReadError> {
    let query = Query::on("house").equal(house.to_string()).direction(Direction::Descending);
    let mut passes = view.of::<Pass>().find(&query.limit(REMEMBERED_OF))?.entries;
    passes.retain(|pass| pass.id.made_ms() >= since_ms);
    passes.sort_by_key(|pass| std::cmp::Reverse(pass.id));
    let mut visitors: Vec<Visitor> = Vec::new();
    for pass in passes {
        let (last_ms, Pass { name, plate, .. }) = (pass.id.made_ms(), pass.value);
        if let Some(known) = visitors.iter_mut().find(|known| known.name == name && known.plate == plate) {
            known.passes += 1;
        } else if !(name.is_empty() && plate.is_empty()) && visitors.len() < MOST_VISITORS {
            visitors.push(Visitor { name, plate, passes: 1, last_ms });
        }
    }
    Ok(visitors)
}
