//! What can be read off a journal: who is inside, and which intents nobody knows the outcome of.

use std::collections::{BTreeMap, BTreeSet};

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

/// The hubs that have a book here, those included that are no more.
///
/// # Errors
/// Where the store fails.
pub fn hubs(view: View<'_>) -> Result<Vec<ReplicaId>, ReadError> {
    let (mut hubs, mut query) = (Vec::new(), Query::on("number"));
    while let Some(first) = view.of::<Entry>().find(&query.clone().limit(1))?.entries.first() {
        let hub = first.value.hub;
        hubs.push(hub);
        // What sorts right behind its id.
        query = Query::on("number").from(format!("{hub}\0"));
    }
    Ok(hubs)
}

/// When the last entry of any hub was made; nothing where there is none.
///
/// # Errors
/// Where the store fails.
pub fn newest_ms(view: View<'_>) -> Result<Option<u64>, ReadError> {
    let mut newest = None;
    for hub in hubs(view)? {
        let query = Query::on("number").equal(hub.to_string()).direction(Order::Descending).limit(1);
        let last = view.of::<Entry>().find(&query)?.entries.first().map(|last| last.id.made_ms());
        newest = newest.max(last);
    }
    Ok(newest)
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

/// What was last seen of each of these gates among the newest `most` entries of their hub's journal: how they stand, as far
/// as anybody knows.
///
/// # Errors
/// Where the store fails.
pub fn last_seen(
    view: View<'_>,
    hub: ReplicaId,
    gates: &BTreeSet<RecordId>,
    most: usize,
) -> Result<BTreeMap<RecordId, Read<Entry>>, ReadError> {
    const AT_ONCE: usize = 25;
    let book = Query::on("number").equal(hub.to_string()).direction(Order::Descending).limit(AT_ONCE);
    let (mut seen, mut looked_at, mut after) = (BTreeMap::new(), 0, None);
    loop {
        let page = view.of::<Entry>().find(&book.clone().after(after))?;
        looked_at += AT_ONCE;
        for entry in page.entries {
            if let (Some(gate), Some(kind)) = (entry.value.gate, entry.value.kind.known())
                && tells_how_it_stands(*kind)
                && gates.contains(&gate)
            {
                seen.entry(gate).or_insert(entry);
            }
        }
        after = page.next;
        if after.is_none() || seen.len() == gates.len() || looked_at >= most {
            return Ok(seen);
        }
    }
}

fn tells_how_it_stands(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::SeenOpen
            | Kind::SeenClosed
            | Kind::Jammed
            | Kind::HoldBegan
            | Kind::HoldEnded
            | Kind::FireBegan
            | Kind::FireEnded
            | Kind::DriverLost
            | Kind::DriverBack
    )
}

/// An intent of an earlier run, and what is told of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Intent {
    /// Its entry.
    pub entry: Read<Entry>,
    /// The kinds of the entries about it that tell of an outcome, latest first.
    pub outcomes: Vec<Kind>,
    /// It is of the hub's last run and nobody knows its outcome: the run ended in between.
    pub interrupted: bool,
}

/// The intents among the newest `most` entries of a hub's journal, oldest first.
///
/// # Errors
/// Where the store fails.
pub fn intents(view: View<'_>, hub: ReplicaId, most: usize) -> Result<Vec<Intent>, ReadError> {
    let query = Query::on("number").equal(hub.to_string()).direction(Order::Descending);
    let page = view.of::<Entry>().find(&query.limit(most))?;
    let mut outcomes: BTreeMap<RecordId, Vec<Kind>> = BTreeMap::new();
    let (mut intents, mut last_run) = (Vec::new(), true);
    for entry in page.entries {
        match (entry.value.kind.known(), entry.value.about) {
            (Some(Kind::Started), _) => last_run = false,
            (Some(kind), Some(about)) if is_outcome(*kind) => outcomes.entry(about).or_default().push(*kind),
            _ if is_intent(&entry.value) => {
                let outcomes = outcomes.remove(&entry.id).unwrap_or_default();
                let interrupted = last_run && outcomes.is_empty();
                intents.push(Intent { entry, outcomes, interrupted });
            }
            _ => {}
        }
    }
    intents.reverse();
    Ok(intents)
}

/// Whether an entry of this kind, about an intent, tells what became of it.
fn is_outcome(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Commanded
            | Kind::Failed
            | Kind::Interrupted
            | Kind::Abandoned
            | Kind::SeenOpen
            | Kind::SeenClosed
            | Kind::Jammed
            | Kind::Obstructed
            | Kind::Passed
            | Kind::NobodyPassed
    )
}

/// Exactly these may pulse, under their own id.
fn is_intent(entry: &Entry) -> bool {
    let opens = entry.verdict.as_ref().and_then(|verdict| verdict.known()) == Some(&Verdict::Open);
    match entry.kind.known() {
        Some(Kind::Decided) => opens,
        Some(Kind::Closing) => true,
        _ => false,
    }
}
