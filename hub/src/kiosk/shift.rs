//! Who is on duty, and handing over.

use dwellers::journal::Entry;
use dwellers_replica::{Direction, Query, ReadError, RecordId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fields::said;
use super::session::{Session, Signed};
use super::table::{Answer, Call, Table, json};
use dwellers::words::{Line, Words};

/// Hand-overs that are shown.
const SHOWN: usize = 10;

pub(super) fn routes(to: &mut Table) {
    to.guards::<__path_show, _, _>(show);
    to.guards::<__path_hand_over, _, _>(hand_over);
}

#[derive(Serialize, ToSchema)]
struct Shift {
    /// The guard of this screen.
    guard: Signed,
    /// All who are signed in, at any screen.
    on_duty: Vec<Signed>,
    /// The last hand-overs with their notes, newest first.
    handed_over: Vec<Line>,
}

/// Who takes over, and what they are to know.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HandOver {
    guard: RecordId,
    pin: String,
    #[serde(default)]
    note: String,
}

/// Who is on duty, and the last notes
#[utoipa::path(get, path = "/api/shift", tag = "shift", operation_id = "shift.show",
    responses((status = 200, body = Shift)))]
async fn show(call: Call, guard: Signed) -> Answer {
    let on_duty = call.kiosk.0.sessions.list(call.kiosk.tick());
    let handed_over = call.read(|words| Ok(handed_over(words)?)).await?;
    json(&Shift { guard, on_duty, handed_over })
}

fn handed_over(words: &Words<'_>) -> Result<Vec<Line>, ReadError> {
    let query = Query::on("kind").equal("shift_ended").direction(Direction::Descending).limit(SHOWN);
    let ended = words.view.of::<Entry>().find(&query)?.entries;
    ended.iter().map(|entry| words.line(entry.id, &entry.value)).collect()
}

/// Hand over to the next guard, by their PIN
#[utoipa::path(post, path = "/api/shift/handover", tag = "shift", operation_id = "shift.hand_over",
    request_body = HandOver, responses((status = 201, body = Session)))]
async fn hand_over(call: Call, guard: Signed) -> Answer {
    let HandOver { guard: next, pin, note } = call.body()?;
    let note = said("note", &note)?;
    let next = call.kiosk.check_pin(next, pin).await?;
    call.kiosk.end_shift(&guard, note).await?;
    call.kiosk.begin_shift(next, &call.caller).await
}
