//! Settings: the language, what is told and when, which settlement is meant, what was agreed to, and the ways out.
//!
//! All of it is one message that changes: an overview, and a screen for each. A button says what is to be so, and not what is to be
//! changed: pressed twice, it is so all the same.
//!
//! Invariants: whoever leaves, or signs out, is told first what that means.
//!
//! What must never be here: what is kept where (the API does that).

mod mine;
mod told;

use dwellers::texts::Language;
use dwellers_replica::RecordId;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::dialogue::{Dialogue, Taking};
use super::talk::{Does, Key, Press, Screen};
use super::turn::{Person, Stop, Turn, Turned};
use crate::api::inside::Request;

/// `/settings`.
pub const DIALOGUE: Dialogue = Dialogue {
    name: NAME,
    words: &["bot-word-settings"],
    commands: &["settings", "language"],
    verbs: &[
        OVERVIEW,
        LANGUAGE,
        COMMUNITY,
        told::QUIET,
        told::KINDS,
        told::CHANNELS,
        mine::CONSENTS,
        mine::SIGN_OUT,
        mine::LEAVE,
    ],
    take,
    ..Dialogue::NONE
};

const NAME: &str = "settings";
const OVERVIEW: &str = "set";
const LANGUAGE: &str = "sl";
/// Which settlement is meant.
const COMMUNITY: &str = "sv";

/// What is waited for.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Step {
    /// Quiet hours, as people write them.
    Quiet { community: RecordId },
}

fn take(turn: &mut Turn) -> Taking<'_> {
    Box::pin(async move {
        let Some(press) = turn.pressed() else {
            return match turn.step(NAME) {
                Some(Step::Quiet { community }) => told::take_hours(turn, community).await,
                None => begin(turn).await,
            };
        };
        if turn.conversation.dialogue == NAME {
            turn.rest();
        }
        let (verb, argument) = press.parts();
        if verb == LANGUAGE {
            return language(turn, argument).await;
        }
        let community = press.community.ok_or(Stop::Say("bot-old-button"))?;
        let person = turn.somebody_of(community)?;
        match verb {
            OVERVIEW => overview(turn, &person).await,
            COMMUNITY => choose_community(turn, &person, argument).await,
            told::QUIET => told::quiet(turn, community, argument).await,
            told::KINDS => told::kinds(turn, &person, argument).await,
            told::CHANNELS => told::channels(turn, community, argument).await,
            mine::CONSENTS => mine::consents(turn, community, argument, press.record).await,
            mine::SIGN_OUT => mine::sign_out(turn, community, argument).await,
            _ => mine::leave(turn, &person, argument, press.record).await,
        }
    })
}

async fn begin(turn: &mut Turn) -> Turned {
    match turn.person().cloned() {
        Some(person) => overview(turn, &person).await,
        // Nothing else is anybody's who is nobody yet.
        None => language(turn, "").await,
    }
}

async fn overview(turn: &mut Turn, person: &Person) -> Turned {
    let screen = overview_screen(turn, person).await?;
    turn.show(screen).await.map(drop)
}

async fn overview_screen(turn: &mut Turn, person: &Person) -> Result<Screen, Stop> {
    let community = person.community;
    let quiet = told::wishes(turn, community).await?.quiet;
    let hours = told::hours(turn, quiet);
    let key = |key: &str, verb: &str| Key::press(turn.text(key, &[]), Press::of(verb, community));
    let quiet = turn.text("bot-settings-key-quiet", &[("hours", hours.into())]);
    let web = web(turn, "bot-settings-key-web", "");
    let several = (turn.persons.len() > 1).then(|| key("bot-settings-key-community", COMMUNITY));
    let text = turn.text("bot-settings", &[("community", person.community_name.as_str().into())]);
    Ok(Screen::text(text)
        .row([
            key("bot-settings-key-language", LANGUAGE),
            Key::press(quiet, Press::of(told::QUIET, community)),
        ])
        .row([key("bot-settings-key-kinds", told::KINDS), key("bot-settings-key-channels", told::CHANNELS)])
        .row([web, key("bot-settings-key-consents", mine::CONSENTS)])
        .row(several)
        .row([key("bot-settings-key-out", mine::SIGN_OUT), key("bot-settings-key-leave", mine::LEAVE)]))
}

/// Opens a page of the site: within the messenger, where that can be, since many have no other way to sign in.
fn web(turn: &Turn, key: &str, path: &str) -> Key {
    let page = format!("{}{path}", turn.bot.address());
    let does = if page.starts_with("https://") { Does::App(page) } else { Does::Open(page) };
    Key { label: turn.text(key, &[]), does }
}

/// Back to the overview.
fn back(turn: &Turn, community: RecordId) -> Key {
    Key::press(turn.text("bot-settings-back", &[]), Press::of(OVERVIEW, community))
}

async fn language(turn: &mut Turn, chosen: &str) -> Turned {
    let Ok(chosen) = chosen.parse::<Language>() else {
        let keys = [("Русский", "sl.ru"), ("English", "sl.en")];
        let keys = keys.map(|(label, verb)| Key::press(label, Press::verb(verb)));
        let text = turn.text("bot-settings-language", &[]);
        return turn.show(Screen::text(text).row(keys)).await.map(drop);
    };
    if turn.account.is_some() {
        let change = json!({ "language": chosen.as_str() });
        turn.ask::<Value>(Request::patch("/account", &change)).await?;
    }
    turn.language = chosen;
    chosen.as_str().clone_into(&mut turn.conversation.language);
    let text = turn.text("bot-settings-language-set", &[]);
    let Some(person) = turn.person().cloned() else { return turn.show(Screen::text(text)).await.map(drop) };
    overview(turn, &person).await?;
    // What stands in the place of the keyboard is in the other language still.
    let keyboard = turn.menu();
    turn.say(Screen::text(text).keyboard(keyboard)).await.map(drop)
}

async fn choose_community(turn: &mut Turn, person: &Person, argument: &str) -> Turned {
    if argument.is_empty() {
        let mut screen = Screen::text(turn.text("bot-settings-communities", &[]));
        for other in &turn.persons {
            let press = Press::of("sv.to", other.community);
            screen = screen.row([Key::press(other.community_name.as_str(), press)]);
        }
        return turn.show(screen).await.map(drop);
    }
    turn.conversation.community = Some(person.community);
    overview(turn, person).await?;
    // Here they may do other things, perhaps.
    let words = [("community", person.community_name.as_str().into())];
    let (text, keyboard) = (turn.text("bot-settings-community-set", &words), turn.menu());
    turn.say(Screen::text(text).keyboard(keyboard)).await.map(drop)
}
