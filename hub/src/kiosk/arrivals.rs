//! Who came of late, and the guard's answer to those who wait.

use dwellers::access::{Credential, Reason, Strength, Verdict};
use dwellers::journal::{Entry, Kind};
use dwellers_replica::{Direction, Open, Query, ReadError, RecordId};
use http::Method;
use serde::{Deserialize, Serialize};

use super::Kiosk;
use super::fields::{folded, said};
use super::opening::{self, Way};
use super::problem::Problem;
use super::questions::{self, Asking};
use super::session::Signed;
use super::table::{Answer, Call, Table, created, json};
use crate::gatehouse::{Command, Visitor, Waiting};
use dwellers::words::{Line, Words};

/// Arrivals that are shown, unless asked for fewer or more.
const USUAL: usize = 30;
/// The most that are shown.
const MOST: usize = 200;

pub(super) fn routes(to: &mut Table) {
    to.guards(Method::GET, "/api/arrivals", list);
    to.guards(Method::POST, "/api/arrivals/{entry}/open", open);
    to.guards(Method::POST, "/api/arrivals/{entry}/refuse", refuse);
    to.guards(Method::POST, "/api/arrivals/{entry}/ask", ask);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Limit {
    limit: Option<usize>,
}

#[derive(Serialize)]
struct Arrivals {
    arrivals: Vec<Arrival>,
}

/// Somebody who came.
#[derive(Serialize)]
struct Arrival {
    #[serde(flatten)]
    line: Line,
    waits: bool,
    /// What became of it, the oldest first.
    outcome: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Opening {
    /// The plate that it is, of those that it may be.
    candidate: Option<String>,
    pass: Option<RecordId>,
    #[serde(default)]
    insist: bool,
    #[serde(default)]
    note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refusal {
    #[serde(default)]
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    house: Option<RecordId>,
    name: Option<String>,
    timeout_ms: Option<u32>,
}

/// What was written about it.
#[derive(Serialize)]
pub(super) struct Noted {
    pub entry: RecordId,
}

async fn list(call: Call, _guard: Signed) -> Answer {
    let limit = call.query::<Limit>()?.limit.unwrap_or(USUAL).clamp(1, MOST);
    let state = call.kiosk.state();
    let waits = move |id| state.waiting.iter().any(|waiting| waiting.entry == id);
    json(&Arrivals { arrivals: call.read(move |words| Ok(recent(words, limit, waits)?)).await? })
}

fn recent(
    words: &Words<'_>,
    limit: usize,
    waits: impl Fn(RecordId) -> bool,
) -> Result<Vec<Arrival>, ReadError> {
    let query = Query::on("kind").equal("decided").direction(Direction::Descending).limit(limit);
    let decided = words.view.of::<Entry>().find(&query)?.entries;
    // The guard's own answer to an arrival is its outcome, and no arrival; nobody is asked about a poor reading.
    let came = decided.iter().filter(|entry| entry.value.about.is_none() && !is_poor(&entry.value));
    let described = came.map(|entry| {
        let outcome = outcome(words, entry.id)?;
        Ok(Arrival { line: words.line(entry.id, &entry.value)?, waits: waits(entry.id), outcome })
    });
    described.collect()
}

/// Whether it is a reading that was only written down.
fn is_poor(entry: &Entry) -> bool {
    (&entry.verdict, &entry.reason)
        == (&Some(Open::Known(Verdict::Refuse)), &Some(Open::Known(Reason::WeakReading)))
}

/// What goes back to an entry, and what goes back to that: an answer's opening, and its passage.
fn outcome(words: &Words<'_>, of: RecordId) -> Result<Vec<Line>, ReadError> {
    let about = |id: RecordId| words.view.of::<Entry>().find(&Query::on("about").equal(id.to_string()));
    let mut lines = Vec::new();
    for first in about(of)?.entries {
        lines.push(words.line(first.id, &first.value)?);
        if first.value.kind.known() == Some(&Kind::Decided) {
            for second in about(first.id)?.entries {
                lines.push(words.line(second.id, &second.value)?);
            }
        }
    }
    lines.sort_by_key(|line| line.number);
    Ok(lines)
}

async fn open(call: Call, guard: Signed) -> Answer {
    let Opening { candidate, pass, insist, note } = call.body()?;
    let waiting = call.kiosk.waiting(call.id()?)?;
    let candidate = candidate.as_deref().map(folded).transpose()?;
    let note = said("note", &note)?;
    let shown = match (pass, &candidate) {
        (Some(pass), _) => Some(Credential::Pass(pass)),
        (None, Some(plate)) => Some(Credential::Plate { plate: plate.clone(), strength: Strength::Strong }),
        (None, None) => None,
    };
    let Waiting { entry, gate_key, lane, plate, name, house, .. } = waiting;
    let visitor = Visitor { plate: candidate.unwrap_or(plate), name, house };
    let way = Way { gate: gate_key, lane, about: Some(entry), visitor, note };
    opening::open(&call, &guard, way, shown, insist).await
}

async fn refuse(call: Call, guard: Signed) -> Answer {
    let Refusal { reason } = call.body()?;
    let note = said("reason", &reason)?;
    let command = Command::Refuse { arrival: call.id()?, guard: guard.name, note };
    created(&Noted { entry: call.kiosk.command(command).await?.entry })
}

async fn ask(call: Call, guard: Signed) -> Answer {
    let Asked { house, name, timeout_ms } = call.body()?;
    let waiting = call.kiosk.waiting(call.id()?)?;
    let house = house.or(waiting.house).ok_or(Problem::invalid("house", "empty"))?;
    let Waiting { entry, gate_key, lane, plate, name: known, .. } = waiting;
    let name = name.unwrap_or(known);
    let asking = Asking { gate: gate_key, lane, house, name, plate, about: Some(entry), timeout_ms };
    questions::ask(&call, &guard, asking).await
}

impl Kiosk {
    /// Somebody who waits.
    fn waiting(&self, entry: RecordId) -> Result<Waiting, Problem> {
        let state = self.state();
        let waiting = state.waiting.iter().find(|waiting| waiting.entry == entry).cloned();
        waiting.ok_or(Problem::moved_on("nobody-waits"))
    }
}
