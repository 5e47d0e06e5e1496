//! A visitor whom the guard writes down by hand, and lets in where asked to.

use dwellers::access::Verdict;
use dwellers::journal::{Entry, Kind};
use dwellers_replica::{Open, RecordId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fields::{folded, said};
use super::opening::{self, Way};
use super::problem::Problem;
use super::session::Signed;
use super::table::{Answer, Call, Table, created};
use crate::gatehouse::{Command, Visitor};
use dwellers::words::Judged;

pub(super) fn routes(to: &mut Table) {
    to.once::<__path_write_down, _, _>(write_down);
}

/// A visitor by hand.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewVisitor)]
#[serde(deny_unknown_fields)]
struct New {
    /// The gate's key, where one is to open or they came through it.
    gate: Option<String>,
    #[serde(default)]
    lane: String,
    /// May be empty where there is a plate.
    name: String,
    /// In any alphabet.
    #[serde(default)]
    plate: String,
    house: Option<RecordId>,
    #[serde(default)]
    note: String,
    /// Open for them.
    #[serde(default)]
    open: bool,
}

/// What became of it.
#[derive(Serialize, ToSchema)]
#[schema(as = VisitorWritten)]
struct Written {
    /// The entry in the journal.
    entry: Option<RecordId>,
    /// Where they were let in.
    decision: Option<Judged>,
}

/// Write a visitor down, and let them in where asked to
#[utoipa::path(post, path = "/api/visitors", tag = "visitors", operation_id = "visitors.write_down",
    request_body = New, responses((status = 201, body = Written)))]
async fn write_down(call: Call, guard: Signed) -> Answer {
    let New { gate, lane, name, plate, house, note, open } = call.body()?;
    let (name, note) = (said("name", &name)?, said("note", &note)?);
    let plate = folded(&plate)?;
    if name.is_empty() && plate.is_empty() {
        return Err(Problem::invalid("name", "empty"));
    }
    call.expect_house(house).await?;
    if open {
        let gate = gate.ok_or(Problem::invalid("gate", "empty"))?;
        let way = Way { gate, lane, about: None, visitor: Visitor { plate, name, house }, note };
        let judged = opening::open(&call, &guard, way, None, false).await?;
        return created(&Written { entry: judged.entry, decision: Some(judged) });
    }
    if gate.is_none() && !lane.is_empty() {
        return Err(Problem::invalid("gate", "empty"));
    }
    let gate = gate.map(|key| call.kiosk.gate_with_lane(&key, &lane)).transpose()?.map(|gate| gate.id);
    let (kind, verdict) = (Open::Known(Kind::Visitor), None::<Open<Verdict>>);
    let entry =
        Entry { kind, verdict, gate, lane, plate, name, house, note, guard: guard.name, ..Entry::default() };
    let entry = call.kiosk.command(Command::Note(Box::new(entry))).await?.entry;
    created(&Written { entry: Some(entry), decision: None })
}
