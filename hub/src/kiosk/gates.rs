//! The guard's word to a gate.

use dwellers::access::{Credential, Strength};
use dwellers::cards;
use dwellers_replica::RecordId;
use http::{Method, StatusCode};
use serde::Deserialize;
use warp::Reply;

use super::arrivals::Noted;
use super::fields::{folded, said};
use super::opening::{self, Way};
use super::session::Signed;
use super::table::{Answer, Call, Table};
use crate::gatehouse::{Command, Visitor};

pub(super) fn routes(to: &mut Table) {
    to.guards(Method::POST, "/api/gates/{key}/open", open);
    to.guards(Method::POST, "/api/gates/{key}/close", |call, guard| word(call, guard, close));
    to.guards(Method::POST, "/api/gates/{key}/hold", |call, guard| word(call, guard, hold));
    to.guards(Method::POST, "/api/gates/{key}/release", |call, guard| word(call, guard, release));
}

/// Whom to let in. The first that is given of pass, code, plate and card is judged; none: the guard's own word.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct Opening {
    lane: String,
    pass: Option<RecordId>,
    code: Option<String>,
    plate: Option<String>,
    card: Option<String>,
    house: Option<RecordId>,
    name: String,
    note: String,
    insist: bool,
}

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
    opening::open(&call, &guard, way, shown, insist).await
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

fn close(gate: String, guard: String) -> Command {
    Command::Close { gate, guard }
}

fn hold(gate: String, guard: String) -> Command {
    Command::Hold { gate, guard }
}

fn release(gate: String, guard: String) -> Command {
    Command::Release { gate, guard }
}
