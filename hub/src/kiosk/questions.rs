//! Asking a house, and taking its answer by telephone.

use dwellers::plate;
use dwellers::questions::{self, Ask};
use dwellers_replica::RecordId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::live::Asked;
use super::problem::Problem;
use super::session::Signed;
use super::table::{Answer, Call, Table, created, json};
use crate::gatehouse::{Command, Pending};

/// How long a house may think, unless the guard says otherwise.
const USUAL_MS: u32 = 60_000;
/// Questions that run at once: more houses than these nobody asks by hand.
const MOST: usize = 16;

pub(super) fn routes(to: &mut Table) {
    to.guards::<__path_list, _, _>(list);
    to.once::<__path_ask_house, _, _>(ask_house);
    to.once::<__path_answer, _, _>(answer);
}

/// What to ask.
#[derive(Deserialize, ToSchema)]
#[schema(as = AskHouse)]
#[serde(deny_unknown_fields)]
pub(super) struct Asking {
    /// The gate's key.
    pub gate: String,
    /// The lane's key; may be empty.
    #[serde(default)]
    pub lane: String,
    pub house: RecordId,
    /// The visitor's name or trade; may be empty.
    #[serde(default)]
    pub name: String,
    /// In any alphabet; may be empty.
    #[serde(default)]
    pub plate: String,
    /// The arrival that it is about.
    pub about: Option<RecordId>,
    /// How long the house may think; a minute, unless said otherwise.
    pub timeout_ms: Option<u32>,
}

/// What the house says.
#[derive(Deserialize, ToSchema)]
#[schema(as = Answer)]
#[serde(deny_unknown_fields)]
struct Answered {
    allow: bool,
}

#[derive(Serialize, ToSchema)]
struct Questions {
    questions: Vec<Asked>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = NewQuestion)]
pub(super) struct New {
    question: RecordId,
    /// The entry in the journal.
    entry: RecordId,
}

#[derive(Serialize, ToSchema)]
#[schema(as = AnswerTaken)]
struct Taken {
    answer: RecordId,
}

/// What houses were asked and may still answer
#[utoipa::path(get, path = "/api/questions", tag = "questions", operation_id = "questions.list",
    responses((status = 200, body = Questions)))]
async fn list(call: Call, _guard: Signed) -> Answer {
    let state = call.kiosk.state();
    let questions = call.read(move |words| {
        let asked = state.questions.iter().map(|question| Asked::new(words, question));
        Ok(asked.collect::<Result<Vec<_>, _>>()?)
    });
    json(&Questions { questions: questions.await? })
}

/// Ask a house
#[utoipa::path(post, path = "/api/questions", tag = "questions", operation_id = "questions.ask",
    request_body = Asking, responses((status = 201, body = New)))]
async fn ask_house(call: Call, guard: Signed) -> Answer {
    let asking = call.body()?;
    ask(&call, &guard, asking).await
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

/// Take a house's answer by telephone; the first counts
#[utoipa::path(post, path = "/api/questions/{question}/answer", tag = "questions", operation_id = "questions.answer",
    params(("question" = RecordId, Path)),
    request_body = Answered, responses((status = 201, body = Taken)))]
async fn answer(call: Call, guard: Signed) -> Answer {
    let Answered { allow } = call.body()?;
    let (question, actor) = (call.id()?, guard.actor());
    let answer = call.kiosk.write(move |ctx| questions::answer(ctx, &actor, question, allow)).await?;
    created(&Taken { answer })
}
