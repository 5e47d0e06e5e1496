//! Questions: the guard asks a house, the house answers, in time or not.
//!
//! A question is data and its answer a fact; whether an answer still opens anything is the hub's to say, on its own
//! monotonic clock. It carries how long an answer counts and who is told when, so that whoever tells people (the cloud)
//! needs no rule of its own.

use dwellers_replica::{
    Direction, Entry, Index, Query, ReadError, Record, RecordId, ReplicaId, Role as Side, Spec, View,
    Writers, Writes,
};
use serde::{Deserialize, Serialize};

use crate::command::{Actor, Context, Denied, line};
use crate::gates::Gate;
use crate::people::{Held, House, Permission, residents};
use crate::plate;

/// How long a question may wait, in milliseconds: long enough to reach for a telephone, not so long that a car waits
/// on a road.
pub const TIMEOUT_MS: std::ops::RangeInclusive<u32> = 10_000..=300_000;

/// The next is told after so long at the latest, in milliseconds.
const MAX_STEP_MS: u32 = 20_000;
/// So many are told at most.
const MAX_ORDER: usize = 10;
const MAX_NAME: usize = 80;
const MAX_PLATE: usize = 16;

/// «К вам курьер?»
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Question {
    /// The hub that asks and acts.
    pub hub: ReplicaId,
    /// Who is asked.
    pub house: RecordId,
    /// At which gate somebody waits.
    pub gate: RecordId,
    /// The arrival in the journal.
    pub about: Option<RecordId>,
    /// Folded plate; may be empty.
    pub plate: String,
    /// The visitor's name or trade; may be empty.
    pub name: String,
    /// The guard who asks.
    pub guard: String,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// How long an answer counts.
    pub timeout_ms: u32,
    /// Who may answer, in the order in which they are told: those who own the house first.
    pub order: Vec<RecordId>,
    /// After so long without an answer the next of them is told as well.
    pub step_ms: u32,
}

impl Question {
    /// Whom it has reached, so long after it was asked: each in turn, while nobody answers; nobody any more when no answer
    /// counts.
    pub fn reached(&self, after_ms: u64) -> &[RecordId] {
        if after_ms >= self.timeout_ms.into() {
            return &[];
        }
        let steps = usize::try_from(after_ms / u64::from(self.step_ms.max(1))).unwrap_or(usize::MAX);
        &self.order[..steps.saturating_add(1).min(self.order.len())]
    }

    /// When it ends, in milliseconds since 1970 by the asking hub's clock.
    pub fn until_ms(&self) -> u64 {
        self.at_ms.saturating_add(self.timeout_ms.into())
    }
}

impl Record for Question {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Side::Hub),
        owner: Some("hub"),
        personal: &["plate", "name"],
        indexes: &[Index { name: "house", on: &["house", "at_ms"] }, Index { name: "time", on: &["at_ms"] }],
        ..Spec::fact("questions")
    };
}

/// The house's answer. The first that the asking hub sees in time counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answer {
    /// To which.
    pub question: RecordId,
    /// Whether to let them in.
    pub allow: bool,
    /// Who answered.
    pub person: Option<RecordId>,
    /// The guard who took it by telephone; empty otherwise.
    pub guard: String,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
}

impl Record for Answer {
    const SPEC: Spec =
        Spec { indexes: &[Index { name: "question", on: &["question"] }], ..Spec::fact("answers") };
}

/// What a guard asks a house.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ask {
    /// Who is asked.
    pub house: RecordId,
    /// At which gate somebody waits.
    pub gate: RecordId,
    /// The arrival in the journal.
    pub about: Option<RecordId>,
    /// The plate as read or typed; may be empty.
    pub plate: String,
    /// The visitor's name or trade; may be empty.
    pub name: String,
    /// How long an answer counts: within [`TIMEOUT_MS`].
    pub timeout_ms: u32,
}

/// Where a question stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It waits until then, in milliseconds since 1970 by the asking hub's clock.
    Open {
        /// When it ends.
        until_ms: u64,
    },
    /// It was answered.
    Answered {
        /// The answer.
        answer: RecordId,
        /// What it says.
        allow: bool,
    },
    /// Nobody answered.
    Unanswered,
}

/// Asks a house, at this hub.
///
/// # Errors
/// Where the actor is no guard, there is no such house or gate, nobody there could answer, or a field makes no sense.
pub fn ask(ctx: &mut Context<'_>, actor: &Actor, ask: &Ask) -> Result<(RecordId, Writes), Denied> {
    ctx.require(actor, Permission::AskHouse)?;
    let hub = ctx.view.replica()?;
    ctx.view.of::<House>().get(ask.house)?.ok_or(Denied::NotFound("house"))?;
    let gate = ctx.view.of::<Gate>().get(ask.gate)?.filter(|gate| gate.value.hub == hub);
    gate.ok_or(Denied::NotFound("gate"))?;
    if !TIMEOUT_MS.contains(&ask.timeout_ms) {
        return Err(Denied::invalid("timeout", "out-of-range"));
    }
    let plate = plate::fold(&line("plate", &ask.plate, 2 * MAX_PLATE)?);
    if plate.chars().count() > MAX_PLATE {
        return Err(Denied::invalid("plate", "too-long"));
    }
    let name = line("name", &ask.name, MAX_NAME)?;
    let order = order(residents(ctx.view, ctx.now, ask.house, Permission::AnswerQuestion)?);
    if order.is_empty() {
        return Err(Denied::invalid("house", "nobody-there"));
    }
    // The last of them still has as long as the others.
    let step_ms = (ask.timeout_ms / u32::try_from(order.len()).unwrap_or(u32::MAX)).min(MAX_STEP_MS);
    let question = Question {
        hub,
        house: ask.house,
        gate: ask.gate,
        about: ask.about,
        plate,
        name,
        guard: ctx.guard_name(actor)?,
        at_ms: ctx.now.ms,
        timeout_ms: ask.timeout_ms,
        order,
        step_ms,
    };
    let (id, mut writes) = (ctx.new_id()?, Writes::new());
    writes.create(id, &question);
    Ok((id, writes))
}

/// Answers a question: as a resident of the house that was asked, or as the guard who has the house on the telephone.
/// Whether it is in time is for the hub to say that asked.
///
/// # Errors
/// Where the actor may not, there is no such question, or it was answered.
pub fn answer(
    ctx: &mut Context<'_>,
    actor: &Actor,
    question: RecordId,
    allow: bool,
) -> Result<(RecordId, Writes), Denied> {
    let asked = ctx.view.of::<Question>().get(question)?.ok_or(Denied::NotFound("question"))?.value;
    let (person, guard) = match ctx.require(actor, Permission::TakeAnswer) {
        Ok(()) => (None, ctx.guard_name(actor)?),
        Err(Denied::NotAllowed) => match ctx.place_for(actor, asked.house, Permission::AnswerQuestion) {
            Ok((person, _)) => (Some(person), String::new()),
            Err(Denied::NotFound(_)) => return Err(Denied::NotFound("question")),
            Err(denied) => return Err(denied),
        },
        Err(denied) => return Err(denied),
    };
    if first_answer(ctx.view, question)?.is_some() {
        return Err(Denied::Ended("question"));
    }
    let answer = Answer { question, allow, person, guard, at_ms: ctx.now.ms };
    let (id, mut writes) = (ctx.new_id()?, Writes::new());
    writes.create(id, &answer).absent::<Answer>("question", [question.to_string().into()]);
    Ok((id, writes))
}

/// Where a question stands, by the wall clock: for screens. Whether an answer opens is for the engine's own clock.
///
/// # Errors
/// Where there is no such question, a record does not read, or the store fails.
pub fn state(view: View<'_>, now_ms: u64, question: RecordId) -> Result<State, Denied> {
    let asked = view.of::<Question>().get(question)?.ok_or(Denied::NotFound("question"))?.value;
    if let Some(answer) = first_answer(view, question)? {
        return Ok(State::Answered { answer: answer.id, allow: answer.value.allow });
    }
    let until_ms = asked.until_ms();
    Ok(if now_ms < until_ms { State::Open { until_ms } } else { State::Unanswered })
}

/// A question, and the first answer to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The question.
    pub question: Entry<Question>,
    /// The answer.
    pub answer: Option<Entry<Answer>>,
}

impl Asked {
    /// Whether the answer came when none counted any more, by the wall clocks: an answer that opens comes in time by the
    /// asking hub's own clock.
    pub fn is_late(&self) -> bool {
        let until_ms = self.question.value.until_ms();
        self.answer.as_ref().is_some_and(|answer| answer.value.at_ms >= until_ms)
    }

    /// Whether it waits still.
    pub fn is_open(&self, now_ms: u64) -> bool {
        self.answer.is_none() && now_ms < self.question.value.until_ms()
    }
}

/// What a house was asked since then, the last first; at most 100.
///
/// # Errors
/// Where the store fails.
pub fn of_house(view: View<'_>, house: RecordId, since_ms: u64) -> Result<Vec<Asked>, ReadError> {
    let query = Query::on("house").equal(house.to_string()).from(since_ms).direction(Direction::Descending);
    let found = view.of::<Question>().find(&query.limit(100))?.entries;
    found.into_iter().map(|question| with_answer(view, question)).collect()
}

/// A question with its answer.
///
/// # Errors
/// Where there is none, or a record does not read.
pub fn asked(view: View<'_>, question: RecordId) -> Result<Asked, Denied> {
    let found = view.of::<Question>().get(question)?.ok_or(Denied::NotFound("question"))?;
    Ok(with_answer(view, found)?)
}

fn with_answer(view: View<'_>, question: Entry<Question>) -> Result<Asked, ReadError> {
    Ok(Asked { answer: first_answer(view, question.id)?, question })
}

/// Those who may answer, once each, by the capacity in which they live there.
fn order(mut residents: Vec<(Held, RecordId)>) -> Vec<RecordId> {
    residents.sort_by_key(|(held, _)| held.capacity);
    let mut order = Vec::new();
    for (_, person) in residents {
        if !order.contains(&person) && order.len() < MAX_ORDER {
            order.push(person);
        }
    }
    order
}

fn first_answer(view: View<'_>, question: RecordId) -> Result<Option<Entry<Answer>>, ReadError> {
    let query = Query::on("question").equal(question.to_string()).limit(1);
    Ok(view.of::<Answer>().find(&query)?.entries.into_iter().next())
}
