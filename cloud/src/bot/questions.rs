//! What guards ask houses: somebody stands at the gate, and one button lets them in or does not.
//!
//! The buttons stand under what the outbox tells, and under what `/questions` shows. What became of a question stands in the message
//! whose button was pressed: who answered, whether it was in time.
//!
//! What must never be here: whose answer counts; what is told of itself (the outbox does).

use std::time::Duration;

use dwellers::people::Permission;
use dwellers::texts::{Texts, Value as Word};
use dwellers_replica::RecordId;
use serde::Deserialize;
use serde_json::json;
use tokio::time::timeout;

use super::dialogue::{Dialogue, Taking};
use super::talk::{Key, Press, Screen};
use super::turn::{Stop, Turn, Turned};
use crate::api::inside::Request;

/// `/questions`, and the buttons under one.
pub const DIALOGUE: Dialogue =
    Dialogue { name: "questions", commands: &["questions"], verbs: &[ALLOW, DENY], take, ..Dialogue::NONE };

/// Lets them in.
const ALLOW: &str = "qa";
/// Does not.
const DENY: &str = "qd";

/// So many are shown.
const MOST: usize = 5;
/// Somebody waits at the gate: a picture that is still there is not waited for longer.
const PICTURE: Duration = Duration::from_secs(3);

#[derive(Default, Deserialize)]
#[serde(default)]
struct Questions {
    questions: Vec<Question>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Question {
    id: RecordId,
    house_label: String,
    text: String,
    about: Option<RecordId>,
    until_ms: u64,
    state: String,
    allow: Option<bool>,
    answered_by: String,
    is_late: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Taken {
    text: String,
}

/// The buttons under a question of this community.
pub(crate) fn keys(texts: &Texts, community: RecordId, question: RecordId) -> [Key; 2] {
    let key = |key, verb| Key::press(texts.get(key, &[]), Press::on(verb, community, question));
    [key("bot-question-allow", ALLOW), key("bot-question-deny", DENY)]
}

fn take(turn: &mut Turn) -> Taking<'_> {
    Box::pin(async move {
        let Some(press) = turn.pressed() else { return list(turn).await };
        let (community, question) = press.community.zip(press.record).ok_or(Stop::Say("bot-old-button"))?;
        turn.somebody_of(community)?;
        answer(turn, community, question, press.verb == ALLOW).await
    })
}

/// Those that wait for an answer, in all communities: nobody should have to choose one first.
async fn list(turn: &mut Turn) -> Turned {
    let persons = turn.persons.clone();
    let able = persons.iter().filter(|person| person.may(Permission::AnswerQuestion));
    let mut open = Vec::new();
    for community in able.map(|person| person.community) {
        let path = format!("/communities/{community}/questions");
        let Questions { questions } = turn.ask(Request::get(path)).await?;
        let waiting = questions.into_iter().filter(|question| question.state == "open");
        open.extend(waiting.map(|question| (community, question)));
    }
    if open.is_empty() {
        return turn.say_text("bot-questions-none", &[]).await.map(drop);
    }
    for (community, question) in open.into_iter().take(MOST) {
        let picture = picture(turn, community, &question).await;
        let left_s = question.until_ms.saturating_sub(turn.now.ms) / 1000;
        let words = [
            ("text", Word::from(question.text.as_str())),
            ("house", question.house_label.as_str().into()),
            ("seconds", Word::Number(u32::try_from(left_s).unwrap_or(u32::MAX))),
        ];
        let screen = Screen::text(turn.text("bot-question", &words)).picture(picture);
        let screen = screen.row(keys(turn.texts(), community, question.id));
        turn.say(screen).await?;
    }
    Ok(())
}

/// The picture of whoever waits, where it is at hand.
async fn picture(turn: &mut Turn, community: RecordId, question: &Question) -> Option<Vec<u8>> {
    question.about?;
    let path = format!("/communities/{community}/questions/{}/picture", question.id);
    timeout(PICTURE, turn.picture(path)).await.ok()?.ok()
}

async fn answer(turn: &mut Turn, community: RecordId, question: RecordId, allow: bool) -> Turned {
    let path = format!("/communities/{community}/questions/{question}");
    let taken = turn.ask::<Taken>(Request::post(format!("{path}/answer"), &json!({ "allow": allow }))).await;
    let said = match taken {
        Ok(taken) => Some(taken.text),
        // Somebody else was faster, or they were themselves.
        Err(Stop::Refused(refused)) if refused.code == "ended" || refused.code == "exists" => None,
        Err(why) => return Err(why),
    };
    let asked: Question = turn.ask(Request::get(path)).await?;
    let became = became(turn, &asked, said.is_some());
    // Who pressed long ago is told by what stands there now.
    let _ = turn.answer(said.unwrap_or_else(|| became.clone())).await;
    turn.show(Screen::text(format!("{}\n\n{became}", asked.text))).await.map(drop)
}

/// What became of it, in words.
fn became(turn: &Turn, asked: &Question, is_own: bool) -> String {
    let allow = match (asked.allow, is_own) {
        (None, _) => return turn.text("bot-question-over", &[]),
        (Some(_), _) if asked.is_late => return turn.text("bot-question-late", &[]),
        (Some(allow), true) => {
            return turn.text(if allow { "bot-question-allowed" } else { "bot-question-denied" }, &[]);
        }
        (Some(allow), false) => allow,
    };
    let key = if allow { "bot-question-allowed.by" } else { "bot-question-denied.by" };
    turn.text(key, &[("person", asked.answered_by.as_str().into())])
}
