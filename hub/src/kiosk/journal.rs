//! The journal, page by page, newest first.

use dwellers::journal::{self, Checked, Entry};
use dwellers::plate;
use dwellers_replica::{Cursor, Direction, Page, Query, ReadError, RecordId, View};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::problem::Problem;
use super::session::Signed;
use super::table::{Answer, Call, Table, json};
use dwellers::words::{Line, Words};

/// Entries of a page, unless asked for fewer or more.
const USUAL: usize = 50;
/// The most entries of a page.
const MOST: usize = 500;
/// Entries that are looked at for one page where not all of them fit; the next page goes on.
const MOST_LOOKED_AT: usize = 5_000;

pub(super) fn routes(to: &mut Table) {
    to.guards::<__path_list, _, _>(list);
    to.guards::<__path_check, _, _>(check);
}

/// Which entries.
#[derive(Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Where the page before ended.
    after: Option<String>,
    /// At most so many; 50, unless said otherwise.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
    /// A plate or a part of one, in any alphabet.
    plate: Option<String>,
    house: Option<RecordId>,
    /// Included, in milliseconds since 1970.
    from_ms: Option<u64>,
    /// Excluded, in milliseconds since 1970.
    until_ms: Option<u64>,
}

/// A page of the journal.
#[derive(Serialize, ToSchema)]
#[schema(as = Journal)]
struct Shown {
    entries: Vec<Line>,
    /// What to ask the next page with; `null`: there is none.
    next: Option<String>,
}

/// The journal, newest first
#[utoipa::path(get, path = "/api/journal", tag = "journal", operation_id = "journal.list",
    params(Filter), responses((status = 200, body = Shown)))]
async fn list(call: Call, _guard: Signed) -> Answer {
    let filter: Filter = call.query()?;
    json(&call.read(move |words| page(words, &filter)).await?)
}

fn page(words: &Words<'_>, filter: &Filter) -> Result<Shown, Problem> {
    let limit = filter.limit.unwrap_or(USUAL).clamp(1, MOST);
    let after = filter.after.as_deref().map(str::parse::<Cursor>).transpose();
    let mut after = after.map_err(|_| Problem::invalid("after", "unknown"))?;
    let range = Range::of(words.view, filter)?;
    let (mut entries, mut looked_at) = (Vec::new(), 0);
    loop {
        let Page { entries: found, next, .. } = range.page(words.view, after, limit - entries.len())?;
        looked_at += found.len();
        // Below the first moment nothing fits any more: the order is that of time.
        let over =
            found.last().is_some_and(|last| filter.from_ms.is_some_and(|from_ms| last.value.at_ms < from_ms));
        for entry in found.into_iter().filter(|entry| range.holds(&entry.value, filter)) {
            entries.push(words.line(entry.id, &entry.value)?);
        }
        after = next.filter(|_| !over);
        if after.is_none() || entries.len() >= limit || looked_at >= MOST_LOOKED_AT {
            return Ok(Shown { entries, next: after.map(|cursor| cursor.to_string()) });
        }
    }
}

/// The order in which the asked-for entries are looked up.
enum Range {
    /// All of this hub's, below a number where there is an end in time.
    All(String, Option<u64>),
    House(RecordId),
    Plate(String),
}

impl Range {
    fn of(view: View<'_>, filter: &Filter) -> Result<Self, ReadError> {
        let plate = filter.plate.as_deref().map(plate::fold).filter(|plate| !plate.is_empty());
        Ok(match (plate, filter.house) {
            (Some(plate), _) => Range::Plate(plate),
            (None, Some(house)) => Range::House(house),
            (None, None) => {
                let hub = view.replica()?.to_string();
                let below = filter.until_ms.map(|until_ms| first_at(view, &hub, until_ms)).transpose()?;
                Range::All(hub, below)
            }
        })
    }

    fn page(&self, view: View<'_>, after: Option<Cursor>, limit: usize) -> Result<Page<Entry>, ReadError> {
        let query = match self {
            Range::Plate(fragment) => return view.of::<Entry>().search(fragment, after, limit),
            Range::House(house) => Query::on("house").equal(house.to_string()),
            Range::All(hub, None) => Query::on("number").equal(hub.clone()),
            Range::All(hub, Some(below)) => Query::on("number").equal(hub.clone()).below(*below),
        };
        view.of::<Entry>().find(&query.direction(Direction::Descending).after(after).limit(limit))
    }

    fn holds(&self, entry: &Entry, filter: &Filter) -> bool {
        // The search looks at names, too.
        let by_plate = match self {
            Range::Plate(fragment) => entry.plate.contains(fragment.as_str()),
            Range::All(..) | Range::House(_) => true,
        };
        by_plate
            && filter.house.is_none_or(|house| entry.house == Some(house))
            && filter.from_ms.is_none_or(|from_ms| entry.at_ms >= from_ms)
            && filter.until_ms.is_none_or(|until_ms| entry.at_ms < until_ms)
    }
}

/// The number of the first entry at or after a moment, by halving. Where the clock was set back in between it is
/// about that; what does not fit is left out later.
fn first_at(view: View<'_>, hub: &str, at_ms: u64) -> Result<u64, ReadError> {
    let (mut low, mut high) = (1, journal::Book::open(view)?.number() + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let query = Query::on("number").equal(hub).from(middle).limit(1);
        match view.of::<Entry>().find(&query)?.entries.first() {
            Some(entry) if entry.value.at_ms < at_ms => low = entry.value.number.max(middle) + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}

/// What proves the journal.
#[derive(Serialize, ToSchema)]
#[schema(as = JournalCheck)]
struct Proof {
    whole: bool,
    /// Entries that were checked.
    entries: u64,
    /// Of these, such whose content was erased in part: only their links are checked.
    forgotten: u64,
    /// What is wrong, for whoever looks after the hub.
    faults: Vec<String>,
}

/// Whether the chain of the journal is whole
#[utoipa::path(get, path = "/api/journal/check", tag = "journal", operation_id = "journal.check",
    responses((status = 200, body = Proof)))]
async fn check(call: Call, _guard: Signed) -> Answer {
    let checked = call.kiosk.view(|view| journal::check(view, view.replica()?)).await?;
    let Checked { entries, forgotten, faults } = checked;
    let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
    json(&Proof { whole: faults.is_empty(), entries, forgotten, faults })
}
