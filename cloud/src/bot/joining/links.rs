//! Links that lead to the bot: to a settlement (`c-COMMUNITY-CODE`), by an invitation (its token, 64 hexadecimal digits), and to
//! an account whose owner says that it is them here (`k-SECRET`).
//!
//! Invariants: no link does anything before a button is pressed, and a button is of its link alone; one that was used up before a crash is not used in vain.
//!
//! What must never be here: what a link is good for, and how long.

use dwellers_replica::{Open, RecordId};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::task::spawn_blocking;

use super::super::menu;
use super::super::talk::{Input, Key, Output, Press, Screen, Speaker};
use super::super::turn::{Stop, Turn, Turned};
use super::{NAME, Step, begin, cancel, why};
use crate::accounts::{AccountError, MessengerUser};
use crate::api::inside::Request;

/// An invitation that is not used yet.
#[derive(Serialize, Deserialize)]
pub(super) struct Invited {
    token: String,
    /// Who they were before: whoever is another by now came in by it.
    persons: Vec<RecordId>,
    /// Whether a code of the second factor is asked for.
    asks_code: bool,
}

/// A link to an account that is not used yet.
#[derive(Serialize, Deserialize)]
pub(super) struct Connects {
    secret: String,
    /// Whose account they were before.
    account: Option<RecordId>,
}

/// Whether a link leads to this dialogue.
pub(super) fn leads_here(payload: &str) -> bool {
    payload.starts_with("c-") || payload.starts_with("k-") || is_token(payload)
}

fn is_token(payload: &str) -> bool {
    payload.len() == 64 && payload.bytes().all(|digit| digit.is_ascii_hexdigit())
}

/// What the button of a link says of it: one under an older message is of another link.
fn mark(secret: &str) -> String {
    blake3::hash(secret.as_bytes()).to_hex()[..6].to_owned()
}

/// They came by a link.
pub(super) async fn start(turn: &mut Turn, payload: &str) -> Turned {
    if let Some(secret) = payload.strip_prefix("k-") {
        let connects = Connects { secret: secret.to_owned(), account: turn.account };
        return ask_to_connect(turn, connects).await;
    }
    if let Some(place) = payload.strip_prefix("c-") {
        let (community, code) = place.split_once('-').unwrap_or((place, ""));
        let code = Some(code.to_owned()).filter(|code| !code.is_empty());
        return match community.parse() {
            Ok(community) => begin(turn, Some(community), code).await,
            Err(_) => begin(turn, None, None).await,
        };
    }
    let invited = Invited { token: payload.to_owned(), persons: persons(turn), asks_code: false };
    ask_to_enter(turn, invited).await
}

fn persons(turn: &Turn) -> Vec<RecordId> {
    turn.persons.iter().map(|person| person.person).collect()
}

async fn ask_to_enter(turn: &mut Turn, invited: Invited) -> Turned {
    let press = Press::verb(&format!("jin.{}", mark(&invited.token)));
    turn.wait(NAME, &Step::Invited(invited));
    let text = turn.text("bot-join-invited", &[]);
    let enter = Key::press(turn.text("bot-join-enter", &[]), press);
    let screen = Screen::text(text).row([enter]).row([cancel(turn)]);
    turn.show(screen).await.map(drop)
}

/// They want to come in.
pub(super) async fn enter(turn: &mut Turn, which: &str) -> Turned {
    match turn.step::<Step>(NAME) {
        Some(Step::Invited(invited)) if mark(&invited.token) == which => {
            use_invitation(turn, invited, None).await
        }
        Some(Step::Invited(_)) => Err(Stop::Say("bot-old-button")),
        // It was used by the press before.
        _ if turn.person().is_some() => (menu::DIALOGUE.take)(turn).await,
        _ => Err(Stop::Say("bot-old-button")),
    }
}

/// They wrote something while an invitation waits: the code of the second factor.
pub(super) async fn said(turn: &mut Turn, invited: Invited) -> Turned {
    match turn.heard.what.clone() {
        Input::Text { text, at, .. } if invited.asks_code => {
            // Nobody finds it there who scrolls up. Where it cannot be deleted it is used up at least.
            turn.bot.line().put(Output::Delete(at)).await.ok();
            use_invitation(turn, invited, Some(text)).await
        }
        _ => ask_to_enter(turn, invited).await,
    }
}

async fn use_invitation(turn: &mut Turn, mut invited: Invited, code: Option<String>) -> Turned {
    let document = json!({ "token": invited.token, "code": code });
    match turn.ask::<IgnoredAny>(Request::post("/session/link", &document)).await {
        Ok(_) => {}
        Err(Stop::Refused(refused)) if refused.code == "second-factor" => {
            invited.asks_code = true;
            turn.wait(NAME, &Step::Invited(invited));
            let screen = Screen::text(turn.text("bot-join-second-factor", &[])).row([cancel(turn)]);
            return turn.show(screen).await.map(drop);
        }
        Err(Stop::Refused(refused)) if ["link-ended", "already-joined"].contains(&refused.code.as_str()) => {
            // A crash may have come between the link and this.
            if persons(turn).iter().all(|person| invited.persons.contains(person)) {
                turn.rest();
                let over = turn.text("bot-join-link-over", &[]);
                let text = format!("{}\n\n{over}", why(turn, refused));
                return turn.show(Screen::text(text)).await.map(drop);
            }
        }
        // A wrong code, or too many: the next one is waited for.
        Err(Stop::Refused(refused)) => {
            turn.wait(NAME, &Step::Invited(invited));
            let screen = Screen::text(why(turn, refused)).row([cancel(turn)]);
            return turn.say(screen).await.map(drop);
        }
        Err(other) => return Err(other),
    }
    turn.recognise().await?;
    let new = turn.persons.iter().find(|person| !invited.persons.contains(&person.person));
    turn.conversation.community = new.map(|person| person.community).or(turn.conversation.community);
    arrived(turn).await
}

/// They are somebody now: the button goes, and the menu comes.
async fn arrived(turn: &mut Turn) -> Turned {
    turn.rest();
    if matches!(turn.heard.what, Input::Press { .. }) {
        let names = turn.persons.iter().map(|person| format!("{}, {}", person.name, person.community_name));
        let names = names.collect::<Vec<_>>().join("; ");
        let key = if names.is_empty() { "bot-join-arrived-nobody" } else { "bot-join-arrived" };
        let text = turn.text(key, &[("names", names.into())]);
        turn.show(Screen::text(text)).await?;
    }
    match turn.person() {
        Some(_) => (menu::DIALOGUE.take)(turn).await,
        None => Ok(()),
    }
}

/// Asks whether they are the account that a link was made by: a link of somebody else's would make them somebody else.
pub(super) async fn ask_to_connect(turn: &mut Turn, connects: Connects) -> Turned {
    let press = Press::verb(&format!("jme.{}", mark(&connects.secret)));
    turn.wait(NAME, &Step::Connects(connects));
    let text = turn.text("bot-join-connect", &[("address", turn.bot.address().into())]);
    let yes = Key::press(turn.text("bot-join-connect-me", &[]), press);
    let screen = Screen::text(text).row([yes]).row([cancel(turn)]);
    turn.show(screen).await.map(drop)
}

/// They are that account here from now on.
pub(super) async fn connect(turn: &mut Turn, which: &str) -> Turned {
    let connects = match turn.step::<Step>(NAME) {
        Some(Step::Connects(connects)) if mark(&connects.secret) == which => connects,
        _ => return Err(Stop::Say("bot-old-button")),
    };
    let (accounts, now, secret) = (turn.bot.accounts().clone(), turn.now, connects.secret);
    let Speaker { messenger, user, name, handle, .. } = turn.heard.from.clone();
    let connected = spawn_blocking(move || {
        let Some(account) = accounts.use_messenger_link(&secret, now)? else { return Ok(false) };
        let messenger = Open::Known(messenger);
        let user = MessengerUser { messenger, user, account, name, handle, ..MessengerUser::default() };
        accounts.connect(user, now).map(|()| true)
    });
    let refused = match connected.await.map_err(|why| Stop::Broken(why.to_string()))? {
        Ok(true) => None,
        // A crash came between the link and this.
        Ok(false) if turn.account != connects.account => None,
        Ok(false) => Some("bot-join-connect-ended"),
        Err(AccountError::Taken(_)) => Some("bot-join-connect-taken"),
        Err(why) => return Err(Stop::Broken(why.to_string())),
    };
    if let Some(key) = refused {
        turn.rest();
        let text = turn.text(key, &[]);
        return turn.show(Screen::text(text)).await.map(drop);
    }
    turn.recognise().await?;
    arrived(turn).await
}
