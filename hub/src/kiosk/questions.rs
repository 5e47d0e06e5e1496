//! Asking a house, and taking its answer by telephone.

use dwellers::plate;
use dwellers::questions::{self, Ask};
use dwellers_replica::RecordId;
use http::Method;
use serde::{Deserialize, Serialize};

use super::problem::Problem;
use super::session::Signed;
use super::state::Asked;
use super::table::{Answer, Call, Table, created, json};
use crate::gatehouse::{Command, Pending};

/// How long a house may think, unless the guard says otherwise.
const USUAL_MS: u32 = 60_000;
/// Questions that run at once: more houses than these nobody asks by hand.
const MOST: usize = 16;

pub(super) fn routes(to: &mut Table) {
    to.guards(Method::GET, "/api/questions", list);
    to.guards(Method::POST, "/api/questions", |call, guard| async move {
        let asking = call.body()?;
        ask(&call, &guard, asking).await
    });
    to.guards(Method::POST, "/api/questions/{question}/answer", answer);
}

/// What to ask.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asking {
    /// The gate's key.
    pub gate: String,
    #[serde(default)]
    pub lane: String,
    pub house: RecordId,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub plate: String,
    /// The arrival that it is about.
    pub about: Option<RecordId>,
    pub timeout_ms: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answered {
    allow: bool,
}

#[derive(Serialize)]
struct Questions {
    questions: Vec<Asked>,
}

#[derive(Serialize)]
struct New {
    question: RecordId,
    entry: RecordId,
}

#[derive(Serialize)]
struct Taken {
    answer: RecordId,
}

async fn list(call: Call, _guard: Signed) -> Answer {
    let state = call.kiosk.state();
    let questions = call.read(move |words| {
        let asked = state.questions.iter().map(|question| Asked::new(words, question));
        Ok(asked.collect::<Result<Vec<_>, _>>()?)
    });
    json(&Questions { questions: questions.await? })
}

/// Writes the question, then has the gatehouse watch for its answer.
pub(super) async fn ask(call: &Call, guard: &Signed, asking: Asking) -> Answer {
    let Asking { gate, lane, house, name, plate, about, timeout_ms } = asking;
    if call.kiosk.state().questions.len() >= MOST {
        return Err(Problem::busy());
    }
    let (gate_id, plate) = (call.kiosk.gate_with_lane(&gate, &lane)?.id, plate::fold(&plate));
    let timeout_ms = timeout_ms.unwrap_or(USUAL_MS);
    let asked = Ask { house, gate: gate_id, about, plate: plate.clone(), name: name.clone(), timeout_ms };
    let (actor, at_ms) = (guard.actor(), call.kiosk.now().ms);
    let question = call.kiosk.write(move |ctx| questions::ask(ctx, &actor, &asked)).await?;
    let guard = guard.name.clone();
    let pending =
        Pending { question, gate, gate_id, lane, house, plate, name, guard, about, at_ms, timeout_ms };
    let entry = call.kiosk.command(Command::Asked(pending)).await?.entry;
    created(&New { question, entry })
}

async fn answer(call: Call, guard: Signed) -> Answer {
    let Answered { allow } = call.body()?;
    let (question, actor) = (call.id()?, guard.actor());
    let answer = call.kiosk.write(move |ctx| questions::answer(ctx, &actor, question, allow)).await?;
    created(&Taken { answer })
}
