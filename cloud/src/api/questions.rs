//! What guards ask houses, and the houses' answers.

use dwellers::journal;
use dwellers::people::{Permission, able_since};
use dwellers::questions::{self, Asked};
use dwellers_replica::RecordId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::call::{Call, Look, Member, created, json};
use super::journal::crop_of;
use super::problem::Problem;
use super::second_factor::insist_on_recent_second_factor;
use super::table::{Answer, Table};

/// A question stays in the list for so long, with what became of it.
const SHOWN_MS: u64 = 15 * 60_000;

pub(super) fn routes(to: &mut Table) {
    to.may::<__path_list, _, _>(&[Permission::AnswerQuestion], list);
    to.may::<__path_show, _, _>(&[Permission::AnswerQuestion], show);
    to.may::<__path_picture, _, _>(&[Permission::AnswerQuestion], picture);
    to.may::<__path_answer, _, _>(&[Permission::AnswerQuestion, Permission::TakeAnswer], answer);
}

/// Where a question stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum QuestionState {
    /// It waits for an answer.
    Open,
    /// The house has answered.
    Answered,
    /// Its time is over.
    Unanswered,
}

/// A guard's question to a house.
#[derive(Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Question)]
pub(super) struct QuestionDocument {
    id: RecordId,
    house: RecordId,
    house_label: String,
    /// At which gate somebody waits.
    gate: RecordId,
    gate_name: String,
    /// Folded; may be empty.
    plate: String,
    /// As people write it.
    plate_shown: String,
    /// The visitor's name or trade; may be empty.
    name: String,
    /// What is asked, in words.
    text: String,
    /// The arrival in the journal.
    about: Option<RecordId>,
    /// In milliseconds since 1970.
    asked_ms: u64,
    /// Until when an answer counts, in milliseconds since 1970.
    until_ms: u64,
    /// Whether it has come to the caller, who is to answer it; the others of the house are told one after another.
    asks_me: bool,
    state: QuestionState,
    /// What the house has answered.
    allow: Option<bool>,
    /// Who has answered; empty for nobody.
    answered_by: String,
    /// Whether the answer came too late to count.
    is_late: bool,
}

#[derive(Clone, PartialEq, Serialize, ToSchema)]
pub(super) struct Questions {
    questions: Vec<QuestionDocument>,
}

impl Questions {
    /// Whether one waits for an answer.
    pub fn is_any_open(&self) -> bool {
        self.questions.iter().any(|question| question.state == QuestionState::Open)
    }
}

/// What a house says.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Say {
    /// Whether to let them in.
    allow: bool,
}

/// An answer that was taken.
#[derive(Serialize, Deserialize, ToSchema)]
struct AnswerTaken {
    id: RecordId,
    allow: bool,
    /// Whether it came too late to count: the guard decides then.
    is_late: bool,
    /// What to say to whoever answered.
    text: String,
}

impl QuestionDocument {
    fn of(look: &Look<'_>, asked: Asked) -> Result<QuestionDocument, Problem> {
        let state = match (asked.is_open(look.now.ms), &asked.answer) {
            (_, Some(_)) => QuestionState::Answered,
            (true, None) => QuestionState::Open,
            (false, None) => QuestionState::Unanswered,
        };
        let is_late = asked.is_late();
        let Asked { question, answer } = asked;
        let (id, question) = (question.id, question.value);
        let answered_by = match answer.as_ref().map(|answer| &answer.value) {
            Some(answer) if answer.guard.is_empty() => look.person(answer.person)?,
            Some(answer) => answer.guard.clone(),
            None => String::new(),
        };
        let after_ms = look.now.ms.saturating_sub(question.at_ms);
        let is_reached = question.reached(after_ms).contains(&look.member.person);
        let (gate_name, plate_shown) = (look.gate(Some(question.gate))?, look.plate(&question.plate));
        Ok(QuestionDocument {
            id,
            house: question.house,
            house_label: look.house(Some(question.house))?,
            gate: question.gate,
            text: text(look, &question.name, &plate_shown, &gate_name),
            gate_name,
            until_ms: question.until_ms(),
            plate: question.plate,
            plate_shown,
            name: question.name,
            about: question.about,
            asked_ms: question.at_ms,
            asks_me: is_reached && state == QuestionState::Open,
            state,
            allow: answer.map(|answer| answer.value.allow),
            answered_by,
            is_late,
        })
    }
}

/// What is asked, by the best that is known of who waits.
fn text(look: &Look<'_>, name: &str, plate: &str, gate: &str) -> String {
    let gate = ("gate", gate.into());
    match (name, plate) {
        ("", "") => look.texts.get("question", &[gate]),
        ("", plate) => look.texts.get("question.plate", &[("plate", plate.into()), gate]),
        (name, _) => look.texts.get("question.name", &[("name", name.into()), gate]),
    }
}

/// The questions of the last minutes to the caller's houses.
pub(super) fn document(look: &Look<'_>) -> Result<Questions, Problem> {
    let mut found = Vec::new();
    for house in look.member.houses() {
        if let Some(since_ms) = able_since(&look.member.held, house, Permission::AnswerQuestion) {
            let since_ms = since_ms.max(look.now.ms.saturating_sub(SHOWN_MS));
            found.extend(questions::of_house(look.view, house, since_ms)?);
        }
    }
    found.sort_by_key(|asked| (!asked.is_open(look.now.ms), std::cmp::Reverse(asked.question.value.at_ms)));
    let shown = found.into_iter().map(|asked| QuestionDocument::of(look, asked));
    Ok(Questions { questions: shown.collect::<Result<_, _>>()? })
}

/// What my houses were asked in the last minutes, those that wait for an answer first
#[utoipa::path(get, path = "/api/v1/communities/{community}/questions", tag = "questions",
    operation_id = "questions.list", params(("community" = RecordId, Path)),
    responses((status = 200, body = Questions)))]
async fn list(call: Call, member: Member) -> Answer {
    json(&member.read(&call, document).await?)
}

/// A question to my house
#[utoipa::path(get, path = "/api/v1/communities/{community}/questions/{question}", tag = "questions",
    operation_id = "questions.show", params(("community" = RecordId, Path), ("question" = RecordId, Path)),
    responses((status = 200, body = QuestionDocument)))]
async fn show(call: Call, member: Member) -> Answer {
    let id = call.id("question")?;
    json(&member.read(&call, move |look| QuestionDocument::of(look, seen(look, id)?)).await?)
}

/// A question to one of the caller's houses.
fn seen(look: &Look<'_>, id: RecordId) -> Result<Asked, Problem> {
    let asked = questions::asked(look.view, id)?;
    let question = &asked.question.value;
    let since_ms = able_since(&look.member.held, question.house, Permission::AnswerQuestion);
    match since_ms.is_some_and(|since_ms| since_ms <= question.at_ms) {
        true => Ok(asked),
        false => Err(Problem::not_found()),
    }
}

/// The picture of whoever waits, for the house that is asked about them
#[utoipa::path(get, path = "/api/v1/communities/{community}/questions/{question}/picture", tag = "questions",
    operation_id = "questions.picture", params(("community" = RecordId, Path), ("question" = RecordId, Path)),
    responses((status = 200, description = "A picture", content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"))),
        (status = 304, description = "As it is known")))]
async fn picture(call: Call, member: Member) -> Answer {
    let id = call.id("question")?;
    let crop = member.read(&call, move |look| {
        let question = seen(look, id)?.question.value;
        let arrival = question.about.map(|about| look.view.of::<journal::Entry>().get(about)).transpose()?;
        // A gatehouse shows what it saw itself.
        let arrival = arrival.flatten().filter(|arrival| arrival.value.hub == question.hub);
        Ok(arrival.map(|arrival| arrival.value.crop).unwrap_or_default())
    });
    crop_of(&call, &member, &crop.await?).await
}

/// Answer a question for my house, or as the guard who has it on the telephone; the first answer counts
#[utoipa::path(post, path = "/api/v1/communities/{community}/questions/{question}/answer", tag = "questions",
    operation_id = "questions.answer",
    params(("community" = RecordId, Path), ("question" = RecordId, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Say, responses((status = 201, body = AnswerTaken)))]
async fn answer(call: Call, member: Member) -> Answer {
    let (question, Say { allow }) = (call.id("question")?, call.body()?);
    if allow {
        insist_on_recent_second_factor(&call, &member.signed).await?;
    }
    let (api, language) = (call.api.clone(), call.language);
    let taken = member.write(&call, move |act| {
        let asked = questions::asked(act.ctx.view, question)?.question.value;
        act.concerns_house(asked.house);
        let actor = act.actor();
        let (id, writes) = questions::answer(&mut act.ctx, &actor, question, allow)?;
        let is_late = act.ctx.now.ms >= asked.until_ms();
        let text =
            api.texts(language).get(if is_late { "question-too-late" } else { "question-thanks" }, &[]);
        Ok((AnswerTaken { id, allow, is_late, text }, writes))
    });
    created(&taken.await?)
}
