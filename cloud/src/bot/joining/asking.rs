//! What a wish lacks, asked: one thing at a time.
//!
//! Invariants: each question can be left; a press shows the next one in its place, where the messenger can.
//!
//! What must never be here: what is done with an answer.

use dwellers_replica::RecordId;
use serde::Deserialize;

use super::super::talk::{Input, Key, Keyboard, Output, Press, Screen};
use super::super::turn::{Turn, Turned};
use super::wish::{Lacks, Wish, pages};
use super::{NAME, Step, below, cancel};
use crate::api::inside::Request;

pub(super) const KINDS: [&str; 4] = ["owner", "family", "tenant", "staff"];
/// A message has room for so many letters, and for what is said beside them.
const ROOM: usize = 3_500;
/// What whoever wants to join is shown.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Card {
    pub(super) name: String,
    pub(super) consent: Option<Consent>,
    pub(super) joining: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Consent {
    pub(super) id: RecordId,
    pub(super) number: u32,
    pub(super) text: String,
}

/// Asks for what a wish lacks. `before` is said above.
pub(super) async fn ask(turn: &mut Turn, wish: Wish, before: Option<String>) -> Turned {
    let lacks = wish.lacks();
    turn.wait(NAME, &Step::Wish(Box::new(wish.clone())));
    let cancel = cancel(turn);
    let key = |verb: &str, label: &str| Key::press(turn.text(label, &[]), wish.press(verb));
    let question = |key: &str| below(before.clone(), turn.text(key, &[]));
    let screen = match lacks {
        Lacks::Proof => Screen::text(question("bot-join-proof"))
            .row([key("jp.code", "bot-join-by-code")])
            .row([key("jp.photo", "bot-join-by-photo")]),
        Lacks::Code => Screen::text(question("bot-join-code")).row([key("jp.photo", "bot-join-no-code")]),
        Lacks::Photo => Screen::text(question("bot-join-photo")).row([key("jp.code", "bot-join-have-code")]),
        Lacks::House => Screen::text(question("bot-join-house")),
        Lacks::Name => {
            let name = turn.heard.from.name.trim().to_owned();
            let own = (!name.is_empty()).then(|| Key::press(name, wish.press("jname")));
            Screen::text(question("bot-join-name")).row(own)
        }
        Lacks::Phone => return ask_phone(turn, &wish, before).await,
        Lacks::Kind => KINDS.iter().fold(Screen::text(question("bot-join-kind")), |screen, kind| {
            screen.row([key(&format!("jk.{kind}"), &format!("place-{kind}"))])
        }),
        Lacks::Consent => return ask_consent(turn, &wish, before).await,
        Lacks::Nothing => {
            let text = before.unwrap_or_else(|| turn.text("bot-join-press", &[]));
            Screen::text(text).row([key("jsend", "bot-join-send")])
        }
    };
    turn.show(screen.row([cancel])).await.map(drop)
}

async fn ask_phone(turn: &mut Turn, wish: &Wish, before: Option<String>) -> Turned {
    // A key of the messenger cannot stand in the message that was pressed: that one says what was chosen.
    let names = turn.pressed().is_some_and(|press| press.verb == "jname");
    if let Input::Press { under: Some(at), .. } = &turn.heard.what
        && names
    {
        let name = wish.name.as_deref().unwrap_or_default();
        let screen = Screen::text(turn.text("bot-join-name-is", &[("name", name.into())]));
        turn.bot.line().put(Output::Edit { at: *at, screen }).await.ok();
    }
    let text = below(before, turn.text("bot-join-phone", &[]));
    let words = ["bot-join-skip", "bot-word-cancel"].map(|key| turn.text(key, &[])).to_vec();
    let keyboard = Keyboard::Phone { label: turn.text("bot-join-give-phone", &[]), words };
    turn.say(Screen::text(text).keyboard(keyboard)).await.map(drop)
}

async fn ask_consent(turn: &mut Turn, wish: &Wish, before: Option<String>) -> Turned {
    let card: Card = turn.ask(Request::get(wish.path("/card"))).await?;
    let Some(consent) = card.consent else {
        turn.rest();
        let text = turn.text("bot-join-closed", &[("community", wish.community_name.as_str().into())]);
        return turn.show(Screen::text(text)).await.map(drop);
    };
    let heading = turn.text("bot-join-consent", &[("number", consent.number.into())]);
    let text = below(before, format!("{heading}\n\n{}", consent.text));
    let agree = Press::on("jc", wish.community, consent.id);
    let agree = Key::press(turn.text("bot-join-agree", &[]), agree);
    let decline = Key::press(turn.text("bot-join-decline", &[]), wish.press("jc.no"));
    let pages = pages(&text, ROOM);
    let (last, first) = pages.split_last().map_or(("", &[][..]), |(last, first)| (*last, first));
    for page in first {
        turn.say(Screen::text(*page)).await?;
    }
    let screen = Screen::text(last).row([agree]).row([decline]);
    match first {
        [] => turn.show(screen).await.map(drop),
        _ => turn.say(screen).await.map(drop),
    }
}
