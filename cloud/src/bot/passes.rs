//! Passes: whom somebody expects, from a line that they write or step by step, until they have seen it as it stands and said yes.
//!
//! ```text
//! a line, or the word of the menu ─> a draft ─> what is missing, one question at a time ─> as it stands ─> issued: its card
//! ```
//!
//! | module | what it holds |
//! |---|---|
//! | `line` | what a text says of a visitor |
//! | `words` | the words that people use |
//! | `draft` | what is known, and what is to be asked |
//! | `homes` | where somebody may issue |
//! | `questions` | what is asked |
//! | `answers` | how an answer is taken |
//! | `cards` | passes that there are: the list, sharing, cancelling |
//! | `qr` | a code as a picture |
//!
//! Invariants: nothing is issued that was not seen as it stands: a yes that came late is asked for anew; one yes issues one pass; what
//! is not understood is said, and what was known before stays.
//!
//! What must never be here: who may issue what, and when: the API says so.

mod answers;
pub(super) mod cards;
pub(super) mod draft;
mod homes;
pub(super) mod line;
mod qr;
mod questions;
mod words;

use dwellers::passes::Kind;
use dwellers::people::Permission;
use dwellers::plate::Country;
use dwellers_replica::{RecordId, ReplicaId};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use self::cards::{Pass, card};
use self::draft::{Draft, Home, Wall, Want, Wanted};
pub(super) use self::questions::{kind_of, letter};
use super::dialogue::{Dialogue, Taking};
use super::talk::{At, Input, Key, Press, Screen, Undone};
use super::turn::{Stop, Turn, Turned};
use crate::api::inside::Request;

const NAME: &str = "passes";

/// `/pass`, `/passes`, and whatever reads as a visitor.
pub const DIALOGUE: Dialogue = Dialogue {
    name: NAME,
    words: &["bot-word-pass", "bot-word-passes"],
    commands: &["pass", "passes"],
    verbs: &["pw", "ps"],
    understands,
    take,
    ..Dialogue::NONE
};

/// What is being made, and what was asked last.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Step {
    draft: Draft,
    want: Want,
    /// The message that asks it: buttons of others are of another time.
    screen: Option<At>,
    /// Visitors that were offered to choose from.
    visitors: Vec<Visitor>,
    /// Gatehouses that were.
    gatehouses: Vec<Gatehouse>,
    /// The draft before the change that is under way: who leaves it has this again.
    before: Option<Draft>,
}

/// A hub that counts entries, and what people call its gates.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Gatehouse {
    hub: ReplicaId,
    label: String,
}

/// Somebody whom the house has expected before.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Visitor {
    name: String,
    plate_shown: String,
}

/// What is put right by a text is put right where it was asked; where nobody asked it is not a pass of its own.
fn understands(turn: &Turn, text: &str) -> bool {
    if matches!(turn.heard.what, Input::Text { edited: true, .. }) {
        return false;
    }
    let may = turn.persons.iter().any(|person| person.may(Permission::IssuePass));
    may && is_a_pass(text)
}

/// Whether a text reads as a visitor, whoever writes it.
pub(super) fn is_a_pass(text: &str) -> bool {
    line::read(text, Country::Russia, TimeZone::UTC.to_datetime(Timestamp::UNIX_EPOCH)).is_a_pass()
}

fn take(turn: &mut Turn) -> Taking<'_> {
    Box::pin(async move { taken(turn).await })
}

async fn taken(turn: &mut Turn) -> Turned {
    match turn.heard.what.clone() {
        Input::Press { .. } => {
            let press = turn.pressed().ok_or(Stop::Say("bot-old-button"))?;
            if press.parts().0 == "ps" {
                cards::pressed(turn, &press).await
            } else {
                pressed(turn, &press).await
            }
        }
        Input::Command { name, .. } if name == "passes" => cards::list(turn, 0).await,
        Input::Command { rest, .. } => begin(turn, &rest).await,
        Input::Text { text, .. } if turn.is_word("bot-word-passes", &text) => cards::list(turn, 0).await,
        Input::Text { text, .. } if turn.is_word("bot-word-pass", &text) => begin(turn, "").await,
        Input::Text { text, edited, .. } => match turn.step::<Step>(NAME) {
            Some(step) if edited && line::read(&text, Country::Russia, Wall::default().now()).is_a_pass() => {
                // The line that it began with is another one.
                let home = step.draft.home;
                begin_in(turn, &text, home).await
            }
            Some(step) => answers::answered(turn, step, &text).await,
            None => begin(turn, &text).await,
        },
        _ => turn.say_text("bot-pass-in-words", &[]).await.map(drop),
    }
}

async fn begin(turn: &mut Turn, text: &str) -> Turned {
    let homes = turn.homes();
    let home = if let [only] = *homes { Some(only) } else { None };
    begin_in(turn, text, home).await
}

async fn begin_in(turn: &mut Turn, text: &str, home: Option<Home>) -> Turned {
    let homes = turn.homes();
    let meant = turn.person().map(|person| person.community);
    let nearest = homes.iter().find(|home| Some(home.community) == meant).or(homes.first()).copied();
    let Some(nearest) = home.or(nearest) else { return Err(Stop::Say("bot-pass-nowhere")) };
    let wall = turn.wall(nearest).await?;
    let line = line::read(text, wall.home, wall.now());
    let trouble = trouble(turn, &line);
    let mut step = Step { draft: Draft { home, ..Draft::default() }, ..Step::default() };
    step.draft.learn(line);
    go_on(turn, step, trouble).await
}

/// What in a text makes no sense.
fn trouble(turn: &Turn, line: &line::Line) -> Option<String> {
    if let Some(said) = &line.impossible {
        return Some(turn.text("bot-pass-impossible", &[("said", said.as_str().into())]));
    }
    let why = turn.text(&format!("why-{}", line.not_a_plate?), &[]);
    Some(turn.text("bot-pass-not-a-plate", &[("why", why.into())]))
}

/// Asks for what is missing next.
async fn go_on(turn: &mut Turn, mut step: Step, trouble: Option<String>) -> Turned {
    step.want = step.draft.want();
    if step.want == Want::Sure {
        step.before = None;
    }
    questions::ask(turn, step, trouble).await
}

async fn pressed(turn: &mut Turn, press: &Press) -> Turned {
    let (_, asked) = press.parts();
    if asked == "s" {
        turn.rest();
        return begin(turn, "").await;
    }
    let step = turn.step::<Step>(NAME);
    let under = match &turn.heard.what {
        Input::Press { under, .. } => *under,
        _ => None,
    };
    let Some(step) = step.filter(|step| under.is_some() && under == step.screen) else {
        // A second tap, most of the time.
        let text = turn.text("bot-pass-is-decided", &[]);
        return turn.answer(text).await;
    };
    match asked {
        "x" => {
            let text = turn.text("bot-pass-dropped", &[]);
            turn.show(Screen::text(text)).await?;
            turn.rest();
            Ok(())
        }
        "i" if step.want == Want::Sure => issue_it(turn, step).await,
        _ => answers::chosen(turn, step, asked, press).await,
    }
}

/// The name by which the visitor is known, and what the guard is told, in ready words.
fn said(turn: &Turn, draft: &Draft, wanted: &Wanted) -> (String, String) {
    let kind = draft.kind.unwrap_or_default();
    let is_known = !draft.name.is_empty() || !draft.plate.is_empty() && !wanted.is_for_later;
    let name = match is_known {
        true => draft.name.clone(),
        // A guest's pass for a car of a service, or of whom nothing is known.
        false if matches!(kind, Kind::Taxi | Kind::Courier) => turn.texts().say(kind),
        false => String::new(),
    };
    let at = draft.at.map(|at| turn.text("bot-pass-at", &[("hour", homes::hour(at).into())]));
    let note = Some(draft.note.clone()).filter(|note| !note.is_empty());
    (name, note.into_iter().chain(at).collect::<Vec<_>>().join(", "))
}

/// Issues a draft; it is one pass, however often this turn is taken.
///
/// # Errors
/// What the API refuses, and that its time is over.
pub(super) async fn issue(turn: &mut Turn, draft: &Draft) -> Result<(Home, Pass), Stop> {
    let home = draft.home.ok_or(Stop::Say("bot-pass-nowhere"))?;
    let wall = turn.wall(home).await?;
    let wanted = draft.wanted(&wall).ok_or(Stop::Say("bot-pass-time-is-over"))?;
    let (name, note) = said(turn, draft, &wanted);
    let Home { community, house } = home;
    let path = format!("/communities/{community}/houses/{house}/passes");
    let pass = turn.ask(Request::post(path, &draft.document(&wanted, &name, &note))).await?;
    Ok((home, pass))
}

async fn issue_it(turn: &mut Turn, step: Step) -> Turned {
    // First of all: a messenger that was away brings what was pressed long ago, and wants no answer to it any more.
    match turn.answer("").await {
        Ok(()) => {}
        Err(why @ Stop::Undone(Undone::NotNow { .. })) => return Err(why),
        Err(_) => {
            let late = turn.text("bot-pass-late", &[]);
            return questions::ask(turn, step, Some(late)).await;
        }
    }
    let (home, pass) = match issue(turn, &step.draft).await {
        Err(Stop::Refused(refused)) if refused.field.as_deref() == Some("decider") => {
            let gatehouses = questions::gatehouses(turn, &step.draft).await?;
            if gatehouses.len() < 2 {
                return questions::ask(turn, step, Some(refused.detail)).await;
            }
            return questions::ask(turn, Step { want: Want::Gatehouse, gatehouses, ..step }, None).await;
        }
        // It is read above the draft, which stays: the press has its answer.
        Err(Stop::Refused(refused)) if refused.status < 500 && !refused.detail.is_empty() => {
            return questions::ask(turn, step, Some(refused.detail)).await;
        }
        issued => issued?,
    };
    let head = turn.text("bot-pass-issued", &[]);
    let screen = card(turn, home.community, &pass, Some(head));
    turn.show(screen).await?;
    turn.rest();
    Ok(())
}

/// A pass that was issued, below a line about how.
pub(super) fn card_of(turn: &Turn, community: RecordId, pass: &Pass, head: String) -> Screen {
    card(turn, community, pass, Some(head))
}

/// The button that drops what was begun.
fn dropping(turn: &Turn) -> Key {
    Key::press(turn.text("bot-word-cancel", &[]), Press::verb("pw.x"))
}
