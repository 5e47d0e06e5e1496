//! What can be read off a journal: who is inside, and which intents nobody knows the outcome of.

use std::collections::BTreeSet;

use dwellers_replica::{Direction as Order, Entry as Read, Query, ReadError, RecordId, ReplicaId, View};

use super::{Entry, Kind};
use crate::access::Verdict;
use crate::gates::Direction;

/// A car whose last passage led in, or which came out without having been seen going in.
#[derive(Clone, Debug, PartialEq)]
pub struct Inside {
    /// Its last passage.
    pub passage: Read<Entry>,
    /// It came out, and the journal kept no passage in before that.
    pub unmatched_exit: bool,
}

/// Who is inside by the passages of this journal from `since_ms` on (the ids' time), newest first, and whose exit
/// has no entry before it. At most `most` passages are looked at.
///
/// # Errors
/// Where the store fails.
pub fn inside(view: View<'_>, since_ms: u64, most: usize) -> Result<Vec<Inside>, ReadError> {
    let mut last: Vec<Inside> = Vec::new();
    let mut known = BTreeSet::new();
    for passage in of_kind(view, Kind::Passed, since_ms, most)? {
        let plate = passage.value.plate.clone();
        if plate.is_empty() {
            continue;
        }
        let went_in = passage.value.direction == Some(Direction::Entry);
        if known.insert(plate.clone()) {
            last.push(Inside { unmatched_exit: !went_in, passage });
        } else if went_in
            && let Some(out) =
                last.iter_mut().find(|last| last.unmatched_exit && last.passage.value.plate == plate)
        {
            out.unmatched_exit = false;
        }
    }
    // Who went out as they had come in is none of either.
    last.retain(|last| last.unmatched_exit || last.passage.value.direction == Some(Direction::Entry));
    Ok(last)
}

/// Entries of a kind from `since_ms` on, newest first, at most so many.
fn of_kind(view: View<'_>, kind: Kind, since_ms: u64, most: usize) -> Result<Vec<Read<Entry>>, ReadError> {
    let word = serde_json::to_value(kind).expect("a kind writes as a word");
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let query = Query::on("kind").equal(word.clone()).direction(Order::Descending).after(after);
        let page = view.of::<Entry>().find(&query.limit(Query::MAX_LIMIT.min(most)))?;
        let before = found.len() + page.entries.len();
        found.extend(page.entries.into_iter().filter(|entry| entry.id.made_ms() >= since_ms));
        after = page.next;
        if after.is_none() || found.len() < before || found.len() >= most {
            found.truncate(most);
            return Ok(found);
        }
    }
}

/// Intents of the hub's last run that have no outcome, oldest first: the run ended in between. At most the newest
/// `most` entries are looked at; a run that ended orderly leaves none.
///
/// # Errors
/// Where the store fails.
pub fn unfinished(view: View<'_>, hub: ReplicaId, most: usize) -> Result<Vec<Read<Entry>>, ReadError> {
    let query = Query::on("number").equal(hub.to_string()).direction(Order::Descending);
    let page = view.of::<Entry>().find(&query.limit(most))?;
    let mut told: BTreeSet<RecordId> = BTreeSet::new();
    let mut open = Vec::new();
    for entry in page.entries {
        let Some(kind) = entry.value.kind.known() else { continue };
        match kind {
            Kind::Started => break,
            Kind::Decided | Kind::Closing if is_intent(&entry.value) && !told.contains(&entry.id) => {
                open.push(entry);
            }
            Kind::Commanded
            | Kind::Failed
            | Kind::Interrupted
            | Kind::Abandoned
            | Kind::SeenOpen
            | Kind::SeenClosed
            | Kind::Jammed
            | Kind::Obstructed
            | Kind::Passed
            | Kind::NobodyPassed => told.extend(entry.value.about),
            // These are about arrivals, openings under way, questions and holds: no outcomes.
            _ => {}
        }
    }
    open.reverse();
    Ok(open)
}

/// Exactly these may pulse, under their own id.
fn is_intent(entry: &Entry) -> bool {
    let opens = entry.verdict.as_ref().and_then(|verdict| verdict.known()) == Some(&Verdict::Open);
    entry.kind.known() == Some(&Kind::Closing) || opens
}
