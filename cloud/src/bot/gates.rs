//! Gates: those that somebody may open, and opening one.
//!
//! A gate is chosen, the choice is confirmed within half a minute, against taps in a pocket, and what becomes of it is told in the
//! same message as it happens.
//!
//! Invariants: one confirmation opens once, however often it is pressed; a press that came late opens nothing: neither one whose
//! confirmation was shown a while ago, nor one to which the messenger wants no answer any more.
//!
//! What must never be here: who may open which; a command that waits.

mod confirmation;

use std::time::Duration;

use dwellers::texts::{Language, Value as Word};
use dwellers_replica::RecordId;
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::time::{sleep, timeout};

use self::confirmation::Confirmation;
use super::Bot;
use super::dialogue::{Dialogue, Taking};
use super::talk::{At, Input, Key, Output, Press, Screen, Undone};
use super::turn::{Stop, Turn, Turned};
use crate::api::inside::{From, Request};
use crate::clock;

/// `/open`.
pub const DIALOGUE: Dialogue = Dialogue {
    name: NAME,
    words: &["bot-word-gates"],
    commands: &["open"],
    verbs: &[ALL, ONE, OPEN, LEAVE],
    take,
    ..Dialogue::NONE
};

const NAME: &str = "gates";
/// Shows all of them.
const ALL: &str = "gts";
/// Shows one, and asks whether to open it.
const ONE: &str = "gt";
/// Opens one: a [`Confirmation`] stands behind the dot.
const OPEN: &str = "go";
/// Leaves it closed.
const LEAVE: &str = "gx";

/// The gatehouse has said in less what became of an opening; see `api/openings.rs`.
const FOLLOWED: Duration = Duration::from_secs(130);
/// So often, and so far apart at most, it is tried to tell the end of an opening.
const TRIES: usize = 3;
const APART: Duration = Duration::from_secs(10);

/// What is waited for.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Step {
    /// A code of the second factor, before this gate is opened.
    Code { community: RecordId, gate: RecordId },
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Gates {
    gates: Vec<Gate>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Gate {
    id: RecordId,
    name: String,
    lanes: Vec<Lane>,
    is_here: bool,
    seen: Option<Seen>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Lane {
    key: String,
    direction_text: String,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Seen {
    text: String,
    at_ms: u64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Community {
    time_zone: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Opening {
    id: RecordId,
    state: String,
    text: String,
    is_over: bool,
}

fn take(turn: &mut Turn) -> Taking<'_> {
    Box::pin(async move {
        let Some(press) = turn.pressed() else {
            return match turn.step(NAME) {
                Some(Step::Code { community, gate }) => take_code(turn, community, gate).await,
                None => {
                    let community = turn.somebody()?.community;
                    list(turn, community).await
                }
            };
        };
        let (verb, argument) = press.parts();
        let community = press.community.ok_or(Stop::Say("bot-old-button"))?;
        match (verb, press.record) {
            (LEAVE, _) => leave(turn).await,
            (ALL, _) => list(turn, community).await,
            (ONE, Some(gate)) => choose(turn, community, gate).await,
            (OPEN, Some(gate)) => open(turn, community, gate, argument).await,
            _ => Err(Stop::Say("bot-old-button")),
        }
    })
}

/// The gates that they may open.
async fn gates(turn: &mut Turn, community: RecordId) -> Result<Vec<Gate>, Stop> {
    turn.somebody_of(community)?;
    let Gates { gates } = turn.ask(Request::get(format!("/communities/{community}/gates"))).await?;
    Ok(gates)
}

async fn list(turn: &mut Turn, community: RecordId) -> Turned {
    let gates = gates(turn, community).await?;
    if let [only] = gates.as_slice() {
        return show(turn, community, only).await;
    }
    let mut screen =
        Screen::text(turn.text(if gates.is_empty() { "bot-gates-none" } else { "bot-gates" }, &[]));
    for gate in &gates {
        let line = line(turn, community, gate).await?;
        screen.text.push_str(&format!("\n{line}"));
        screen = screen.row([Key::press(gate.name.as_str(), Press::on(ONE, community, gate.id))]);
    }
    turn.show(screen).await.map(drop)
}

/// A gate, what was last seen of it, and whether its gatehouse is there.
async fn line(turn: &mut Turn, community: RecordId, gate: &Gate) -> Result<String, Stop> {
    let name = ("gate", Word::from(gate.name.as_str()));
    let Some(seen) = gate.seen.as_ref().filter(|_| gate.is_here) else {
        return Ok(turn.text(if gate.is_here { "bot-gates-line" } else { "bot-gates-line.away" }, &[name]));
    };
    let Community { time_zone } = turn.ask(Request::get(format!("/communities/{community}"))).await?;
    let at = turn.texts().moment(seen.at_ms, turn.now.ms, &time_zone);
    let words = [name, ("seen", seen.text.as_str().into()), ("at", at.into())];
    Ok(turn.text("bot-gates-line.seen", &words))
}

async fn choose(turn: &mut Turn, community: RecordId, gate: RecordId) -> Turned {
    let gates = gates(turn, community).await?;
    let gate = gates.iter().find(|known| known.id == gate).ok_or(Stop::Say("bot-gate-gone"))?;
    show(turn, community, gate).await
}

/// Asks whether to open it.
async fn show(turn: &mut Turn, community: RecordId, gate: &Gate) -> Turned {
    let line = line(turn, community, gate).await?;
    if !gate.is_here {
        let again = Key::press(turn.text("bot-gate-look-again", &[]), Press::on(ONE, community, gate.id));
        let text = format!("{line}\n\n{}", turn.text("bot-gate-away", &[]));
        return turn.show(Screen::text(text).row([again])).await.map(drop);
    }
    let text = turn.text("bot-gate-confirm", &[("gate", gate.name.as_str().into())]);
    let key = |label: String, lane| {
        let confirmation = Confirmation::new(lane, turn.now.ms);
        Key::press(label, Press::on(&confirmation.verb(), community, gate.id))
    };
    let is_twice = |text: &str| gate.lanes.iter().filter(|lane| lane.direction_text == text).count() > 1;
    let label = |lane: &Lane| match is_twice(&lane.direction_text) {
        true => format!("{} ({})", lane.direction_text, lane.key),
        false => lane.direction_text.clone(),
    };
    let yes: Vec<Key> = match gate.lanes.as_slice() {
        [] | [_] => vec![key(turn.text("bot-gate-yes", &[]), 0)],
        lanes => (0..)
            .zip(lanes.iter().take(Confirmation::MAX_LANES))
            .map(|(at, lane)| key(label(lane), at))
            .collect(),
    };
    let no = Key::press(turn.text("bot-gate-no", &[]), Press::on(LEAVE, community, gate.id));
    let screen = Screen::text(format!("{line}\n\n{text}")).row(yes).row([no]);
    turn.show(screen).await.map(drop)
}

async fn leave(turn: &mut Turn) -> Turned {
    if turn.conversation.dialogue == NAME {
        turn.rest();
    }
    let text = turn.text("bot-gate-left", &[]);
    turn.show(Screen::text(text)).await.map(drop)
}

async fn open(turn: &mut Turn, community: RecordId, gate: RecordId, argument: &str) -> Turned {
    let confirmation = Confirmation::read(argument).ok_or(Stop::Say("bot-old-button"))?;
    let Input::Press { under, .. } = turn.heard.what else { return Ok(()) };
    // First of all: a messenger that was away brings what was pressed long ago, and wants no answer to it any more.
    let is_awaited = turn.answer("").await.is_ok();
    let gates = gates(turn, community).await?;
    let gate = gates.into_iter().find(|known| known.id == gate).ok_or(Stop::Say("bot-gate-gone"))?;
    let Some(at) = under.filter(|_| is_awaited && confirmation.is_good(clock::now().ms)) else {
        let again = Key::press(turn.text("bot-gate-anew", &[]), Press::on(ONE, community, gate.id));
        // Where its answer was given before a crash, something may have come of it, too.
        let key = if is_awaited { "bot-gate-late" } else { "bot-gate-late.unawaited" };
        let text = turn.text(key, &[("gate", gate.name.as_str().into())]);
        return turn.show(Screen::text(text).row([again])).await.map(drop);
    };
    let lane = usize::try_from(confirmation.lane).ok().and_then(|lane| gate.lanes.get(lane));
    let body = json!({ "lane": lane.map(|lane| &lane.key) });
    // Of the confirmation, not of the press: a second press opens nothing.
    let key = format!("gate-{}-{}-{}", at.chat, at.message, confirmation.shown_s);
    let request = Request::post(format!("/communities/{community}/gates/{}/open", gate.id), &body).once(key);
    let shown = Shown { bot: turn.bot.clone(), language: turn.language, community, gate, at };
    let opening = match turn.bot.api().ask::<Opening>(&turn.from(), request).await {
        Ok(opening) => opening,
        Err(refused) if refused.code == "second-factor" => {
            let cancel =
                Key::press(turn.text("bot-word-cancel", &[]), Press::on(LEAVE, community, shown.gate.id));
            let text = turn.text("bot-gate-code", &[]);
            turn.wait(NAME, &Step::Code { community, gate: shown.gate.id });
            return turn.show(Screen::text(text).row([cancel])).await.map(drop);
        }
        // The other lane of the same confirmation was pressed just before.
        Err(refused) if refused.code == "key-used" => return Ok(()),
        Err(refused) => {
            let state = "refused".to_owned();
            Opening { state, text: refused.detail, is_over: true, ..Opening::default() }
        }
    };
    let (screen, is_over) = (shown.screen(&opening), opening.is_over);
    let told = screen.text.clone();
    let (shown, ended) = match is_over {
        true => (Some(shown), Some(opening)),
        false => {
            turn.bot.beside(shown.follow(turn.from(), opening.id, told));
            (None, None)
        }
    };
    match turn.show(screen).await {
        // Not in another turn, which would find the press answered and know nothing of the opening: the end is told beside.
        Err(Stop::Undone(Undone::NotNow { .. })) => {
            if let Some((shown, ended)) = shown.zip(ended) {
                turn.bot.beside(shown.end(ended));
            }
            Ok(())
        }
        shown => shown.map(drop),
    }
}

/// The message in which an opening is told.
struct Shown {
    bot: Bot,
    language: Language,
    community: RecordId,
    gate: Gate,
    at: At,
}

impl Shown {
    fn screen(&self, opening: &Opening) -> Screen {
        let texts = self.bot.texts(self.language);
        let key = match opening.state.as_str() {
            "opened" => "bot-gate-state.opened",
            "refused" | "failed" => "bot-gate-state.closed",
            "not_seen" | "unknown" => "bot-gate-state.unknown",
            _ => "bot-gate-state",
        };
        let words = [("gate", Word::from(self.gate.name.as_str())), ("text", opening.text.as_str().into())];
        let screen = Screen::text(texts.get(key, &words));
        if !opening.is_over {
            return screen;
        }
        let again = texts.get("bot-gate-again", &[]);
        screen.row([Key::press(again, Press::on(ONE, self.community, self.gate.id))])
    }

    /// Tells what becomes of it, until its end.
    async fn follow(self, from: From, opening: RecordId, mut told: String) {
        let target = format!("/communities/{}/openings/{opening}/events", self.community);
        let end = timeout(FOLLOWED, async {
            let mut states = self.bot.api().follow(&from, Request::get(target)).await.ok()?;
            while let Some((_, document)) = states.next().await {
                let opening: Opening = serde_json::from_value(document).ok()?;
                if opening.is_over {
                    return Some(opening);
                }
                let screen = self.screen(&opening);
                if screen.text != told {
                    told.clone_from(&screen.text);
                    // What follows stands in its place anyway.
                    let _ = self.bot.line().put(Output::Edit { at: self.at, screen }).await;
                }
            }
            None
        });
        let end = end.await.ok().flatten().unwrap_or_else(|| Opening {
            state: "unknown".to_owned(),
            text: self.bot.texts(self.language).get("opening-unknown", &[]),
            is_over: true,
            ..Opening::default()
        });
        self.end(end).await;
    }

    /// Tells its end.
    async fn end(self, end: Opening) {
        for _ in 0..TRIES {
            let screen = self.screen(&end);
            match self.bot.line().put(Output::Edit { at: self.at, screen }).await {
                Err(Undone::NotNow { after_ms, .. }) => {
                    sleep(Duration::from_millis(after_ms).min(APART)).await;
                }
                _ => return,
            }
        }
    }
}

async fn take_code(turn: &mut Turn, community: RecordId, gate: RecordId) -> Turned {
    let Input::Text { text, at, .. } = turn.heard.what.clone() else {
        return turn.say_text("bot-gate-code-only", &[]).await.map(drop);
    };
    // Nobody finds it there who scrolls up. Where it cannot be deleted it is used up at least.
    let _ = turn.bot.line().put(Output::Delete(at)).await;
    let proof = Request::post("/account/second-factor/proof", &json!({ "code": text.trim() }));
    match turn.ask::<()>(proof).await {
        Err(Stop::Refused(refused)) if refused.status == 401 => {
            let words = [("why", Word::from(refused.detail.as_str()))];
            return turn.say_text("bot-gate-code-wrong", &words).await.map(drop);
        }
        // It was turned off in the meantime.
        Err(Stop::Refused(refused)) if refused.status == 404 => {}
        proved => proved?,
    }
    turn.rest();
    choose(turn, community, gate).await
}
