//! Who is inside, by plate, and who left without having been seen to come: told by the journal's passages.
//!
//! The passages are counted once and then as they come, so that the question costs what is new.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use dwellers::gates::Direction;
use dwellers::journal::Entry;
use dwellers_replica::{Direction as Order, Query, ReadError, RecordId, View};
use serde::Serialize;
use utoipa::ToSchema;

use super::Kiosk;
use super::problem::Problem;
use super::session::Signed;
use super::table::{Answer, Call, Table, json};

/// The newest passages that are looked at. Who came before them has left unseen, or lives there.
const MOST_PASSAGES: usize = 10_000;
/// Exits without an entry that are remembered.
const MOST_UNMATCHED: usize = 100;

pub(super) fn routes(to: &mut Table) {
    to.guards::<__path_list, _, _>(list);
}

/// A passage.
#[derive(Clone)]
struct Passage {
    entry: RecordId,
    at_ms: u64,
    plate: String,
    name: String,
    house: Option<RecordId>,
    direction: Option<Direction>,
}

#[derive(Default)]
struct Count {
    /// The newest passage that was counted.
    last: Option<RecordId>,
    inside: BTreeMap<String, Passage>,
    unmatched: VecDeque<Passage>,
}

/// The count of those inside.
#[derive(Clone, Default)]
pub(super) struct Census(Arc<Mutex<Count>>);

impl Census {
    /// Counts what is new, and looks.
    fn look<R>(&self, view: View<'_>, look: impl FnOnce(&Count) -> R) -> Result<R, ReadError> {
        let mut count = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for passage in newer(view, count.last)? {
            count.last = Some(passage.entry);
            count.take(passage);
        }
        Ok(look(&count))
    }
}

/// Passages after one, the oldest first.
fn newer(view: View<'_>, last: Option<RecordId>) -> Result<Vec<Passage>, ReadError> {
    let (mut found, mut after) = (Vec::new(), None);
    let query = Query::on("kind").equal("passed").direction(Order::Descending).limit(200);
    'pages: loop {
        let page = view.of::<Entry>().find(&query.clone().after(after))?;
        for entry in page.entries {
            if last.is_some_and(|last| entry.id <= last) || found.len() == MOST_PASSAGES {
                break 'pages;
            }
            let Entry { at_ms, plate, name, house, direction, .. } = entry.value;
            found.push(Passage { entry: entry.id, at_ms, plate, name, house, direction });
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    found.reverse();
    Ok(found)
}

impl Count {
    fn take(&mut self, passage: Passage) {
        if passage.plate.is_empty() {
            return;
        }
        match passage.direction {
            Some(Direction::Entry) => {
                self.inside.insert(passage.plate.clone(), passage);
            }
            Some(Direction::Exit) if self.inside.remove(&passage.plate).is_none() => {
                self.unmatched.push_front(passage);
                self.unmatched.truncate(MOST_UNMATCHED);
            }
            Some(Direction::Exit) | None => {}
        }
    }
}

#[derive(Serialize, ToSchema)]
struct Inside {
    /// By plate.
    inside: Vec<Seen>,
    /// Who left and had not been seen to come, newest first.
    unmatched_exits: Vec<Seen>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = SeenCar)]
struct Seen {
    /// The passage in the journal.
    entry: RecordId,
    /// When they came, or left.
    at_ms: u64,
    /// Folded.
    plate: String,
    /// As people write it.
    plate_shown: String,
    /// The visitor's name; empty for none.
    name: String,
    house: Option<RecordId>,
    house_label: String,
}

/// Who is inside, and who left without having been seen to come
#[utoipa::path(get, path = "/api/inside", tag = "inside", operation_id = "inside.list",
    responses((status = 200, body = Inside)))]
async fn list(call: Call, _guard: Signed) -> Answer {
    let census = call.kiosk.0.census.clone();
    let inside = call.read(move |words| {
        let seen = |passage: &Passage| {
            let Passage { entry, at_ms, plate, name, house, .. } = passage.clone();
            let (plate_shown, house_label) = (words.plate(&plate), words.house(house)?);
            Ok(Seen { entry, at_ms, plate, plate_shown, name, house, house_label })
        };
        let inside = census.look(words.view, |count| {
            let inside = count.inside.values().map(&seen).collect::<Result<Vec<_>, ReadError>>()?;
            let unmatched_exits = count.unmatched.iter().map(&seen).collect::<Result<Vec<_>, ReadError>>()?;
            Ok::<_, ReadError>(Inside { inside, unmatched_exits })
        })?;
        Ok(inside?)
    });
    json(&inside.await?)
}

impl Kiosk {
    /// How many cars are inside.
    pub(super) async fn inside_count(&self) -> Result<usize, Problem> {
        let census = self.0.census.clone();
        self.view(move |view| census.look(view, |count| count.inside.len())).await
    }
}
