//! Who came of late, and the guard's answer to those who wait.

use dwellers::access::{Credential, Reason, Strength, Verdict};
use dwellers::journal::{Entry, Kind};
use dwellers_replica::{Direction, Open, Query, ReadError, RecordId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Kiosk;
use super::fields::{folded, said};
use super::opening::{self, Way};
use super::problem::{Code, Problem};
use super::questions::{self, Asking};
use super::session::Signed;
use super::table::{Answer, Call, Table, created, json};
use crate::gatehouse::{Command, Visitor, Waiting};
use dwellers::words::{Judged, Line, Words};

/// Arrivals that are shown, unless asked for fewer or more.
const USUAL: usize = 30;
/// The most that are shown.
const MOST: usize = 200;

pub(super) fn routes(to: &mut Table) {
    to.guards::<__path_list, _, _>(list);
    to.once::<__path_open, _, _>(open);
    to.once::<__path_refuse, _, _>(refuse);
    to.once::<__path_ask, _, _>(ask);
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Limit {
    /// At most so many; 30, unless said otherwise.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
struct Arrivals {
    arrivals: Vec<Arrival>,
}

/// Somebody who came.
#[derive(Serialize, ToSchema)]
struct Arrival {
    #[serde(flatten)]
    line: Line,
    /// Whether it waits for the guard's word.
    waits: bool,
    /// What became of it, the oldest first.
    outcome: Vec<Line>,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = OpenForArrival)]
#[serde(deny_unknown_fields)]
struct Opening {
    /// The plate that it is, of those that it may be.
    candidate: Option<String>,
    /// The pass that they come on.
    pass: Option<RecordId>,
    /// Open on the guard's own word where what is shown may not.
    #[serde(default)]
    insist: bool,
    #[serde(default)]
    note: String,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = RefuseArrival)]
#[serde(deny_unknown_fields)]
struct Refusal {
    #[serde(default)]
    reason: String,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = AskAboutArrival)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Another than the house concerned.
    house: Option<RecordId>,
    /// Another name than is known.
    name: Option<String>,
    /// How long the house may think; a minute, unless said otherwise.
    timeout_ms: Option<u32>,
}

/// What was written about it.
#[derive(Serialize, ToSchema)]
pub(super) struct Noted {
    /// The entry in the journal.
    pub entry: RecordId,
}

/// Who came of late, newest first, and what became of it
#[utoipa::path(get, path = "/api/arrivals", tag = "arrivals", operation_id = "arrivals.list",
    params(Limit), responses((status = 200, body = Arrivals)))]
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

/// What goes back to an entry, and what goes back to that: a better reading, an answer's opening, its passage.
fn outcome(words: &Words<'_>, of: RecordId) -> Result<Vec<Line>, ReadError> {
    let (mut lines, mut decided) = (Vec::new(), vec![of]);
    while let Some(id) = decided.pop() {
        for entry in words.view.of::<Entry>().find(&Query::on("about").equal(id.to_string()))?.entries {
            if entry.value.kind.known() == Some(&Kind::Decided) {
                decided.push(entry.id);
            }
            lines.push(words.line(entry.id, &entry.value)?);
        }
    }
    lines.sort_by_key(|line| line.number);
    Ok(lines)
}

/// Let in who waits: on a pass, as one of the cars that it may be, or on the guard's own word
#[utoipa::path(post, path = "/api/arrivals/{entry}/open", tag = "arrivals", operation_id = "arrivals.open",
    params(("entry" = RecordId, Path)),
    request_body = Opening, responses((status = 201, description = "It opens", body = Judged)))]
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
    created(&opening::open(&call, &guard, way, shown, insist).await?)
}

/// Send away who waits
#[utoipa::path(post, path = "/api/arrivals/{entry}/refuse", tag = "arrivals", operation_id = "arrivals.refuse",
    params(("entry" = RecordId, Path)),
    request_body = Refusal, responses((status = 201, body = Noted)))]
async fn refuse(call: Call, guard: Signed) -> Answer {
    let Refusal { reason } = call.body()?;
    let note = said("reason", &reason)?;
    let command = Command::Refuse { arrival: call.id()?, guard: guard.name, note };
    created(&Noted { entry: call.kiosk.command(command).await?.entry })
}

/// Ask a house about who waits
#[utoipa::path(post, path = "/api/arrivals/{entry}/ask", tag = "arrivals", operation_id = "arrivals.ask",
    params(("entry" = RecordId, Path)),
    request_body = Asked, responses((status = 201, body = questions::New)))]
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
        waiting.ok_or(Problem::moved_on(Code::NobodyWaits))
    }
}
