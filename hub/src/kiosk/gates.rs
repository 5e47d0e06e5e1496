//! The guard's word to a gate.

use dwellers::access::{Credential, Strength};
use dwellers::cards;
use dwellers_replica::RecordId;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use warp::Reply;

use super::arrivals::Noted;
use super::fields::{folded, said};
use super::opening::{self, Way};
use super::session::Signed;
use super::table::{Answer, Call, Table, created};
use crate::gatehouse::{Command, Visitor};
use dwellers::words::Judged;

pub(super) fn routes(to: &mut Table) {
    to.once::<__path_open, _, _>(open);
    to.once::<__path_close, _, _>(close);
    to.once::<__path_hold, _, _>(hold);
    to.once::<__path_release, _, _>(release);
}

/// Whom to let in. The first that is given of pass, code, plate and card is judged; none: the guard's own word.
#[derive(Default, Deserialize, ToSchema)]
#[schema(as = OpenGate)]
#[serde(deny_unknown_fields, default)]
struct Opening {
    /// The lane's key; may be empty.
    lane: String,
    pass: Option<RecordId>,
    code: Option<String>,
    /// In any alphabet.
    plate: Option<String>,
    card: Option<String>,
    /// Where they go, for the journal.
    house: Option<RecordId>,
    /// Who they are, for the journal.
    name: String,
    note: String,
    /// Open on the guard's own word where what is shown may not.
    insist: bool,
}

/// Open on a code, a pass, a plate, a card or the guard's word
#[utoipa::path(post, path = "/api/gates/{key}/open", tag = "gates", operation_id = "gates.open",
    params(("key" = String, Path)),
    request_body = Opening, responses((status = 201, description = "It opens", body = Judged)))]
async fn open(call: Call, guard: Signed) -> Answer {
    let Opening { lane, pass, code, plate, card, house, name, note, insist } = call.body()?;
    let plate = plate.as_deref().map(folded).transpose()?;
    let (name, note) = (said("name", &name)?, said("note", &note)?);
    call.expect_house(house).await?;
    let by_plate = |plate: &String| Credential::Plate { plate: plate.clone(), strength: Strength::Strong };
    let shown = pass
        .map(Credential::Pass)
        .or(code.map(|code| Credential::Code(code.trim().to_owned())))
        .or(plate.as_ref().map(by_plate))
        .or(card.map(|card| Credential::Card(cards::number_of(&card))));
    let visitor = Visitor { plate: plate.unwrap_or_default(), name, house };
    let way = Way { gate: call.word().to_owned(), lane, about: None, visitor, note };
    created(&opening::open(&call, &guard, way, shown, insist).await?)
}

/// Nothing more to say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn word(call: Call, guard: Signed, command: fn(String, String) -> Command) -> Answer {
    let Nothing {} = call.body()?;
    let told = call.kiosk.command(command(call.word().to_owned(), guard.name)).await?;
    Ok(warp::reply::with_status(warp::reply::json(&Noted { entry: told.entry }), StatusCode::ACCEPTED)
        .into_response())
}

/// Close
#[utoipa::path(post, path = "/api/gates/{key}/close", tag = "gates", operation_id = "gates.close",
    params(("key" = String, Path)), responses((status = 202, description = "It was told", body = Noted)))]
async fn close(call: Call, guard: Signed) -> Answer {
    word(call, guard, |gate, guard| Command::Close { gate, guard }).await
}

/// Hold open
#[utoipa::path(post, path = "/api/gates/{key}/hold", tag = "gates", operation_id = "gates.hold",
    params(("key" = String, Path)), responses((status = 202, description = "It was told", body = Noted)))]
async fn hold(call: Call, guard: Signed) -> Answer {
    word(call, guard, |gate, guard| Command::Hold { gate, guard }).await
}

/// End a hold
#[utoipa::path(post, path = "/api/gates/{key}/release", tag = "gates", operation_id = "gates.release",
    params(("key" = String, Path)), responses((status = 202, description = "It was told", body = Noted)))]
async fn release(call: Call, guard: Signed) -> Answer {
    word(call, guard, |gate, guard| Command::Release { gate, guard }).await
}
