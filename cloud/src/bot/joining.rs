//! Joining a settlement: who, which house, what speaks for it, and the consent.
//!
//! ```text
//! /start c-COMMUNITY-CODE ─┐
//! «Присоединиться» ─ which ┴─> a wish ─ what it lacks is asked, one thing at a time ─> an application ─> standing
//! /start INVITATION, k-LINK ─> links
//! ```
//!
//! | module | what it holds |
//! |---|---|
//! | `wish` | what it holds and lacks |
//! | `asking` | the questions |
//! | `standing` | what became of an application, and taking it back |
//! | `links` | invitations, and links by which an account's owner says who they are here |
//!
//! Invariants: what somebody wrote is kept until the application is made; what the API refuses is asked anew, and the rest is
//! not; a photo is handed on and kept nowhere.
//!
//! What must never be here: what makes a name, a code or a photo right.

mod asking;
mod links;
mod standing;
mod wish;

use dwellers_replica::RecordId;
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::form_urlencoded;

use self::asking::{Card, KINDS, ask};
use self::wish::{Lacks, Proof, Wish, is_like_a_code, labels};
use super::dialogue::{Dialogue, Taking};
use super::talk::{Input, Key, Keyboard, Press, Screen, Undone};
use super::turn::{Stop, Turn, Turned};
use crate::api::inside::{Refused, Request};
use crate::pictures;

pub(super) use standing::welcome;

const NAME: &str = "joining";

/// Asking to join, and coming in by a link.
pub const DIALOGUE: Dialogue = Dialogue {
    name: NAME,
    verbs: &["join", "js", "jp", "jname", "jk", "jc", "jsend", "jw", "jin", "jme"],
    starts: links::leads_here,
    take,
    ..Dialogue::NONE
};

/// What it waits for.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Step {
    /// The name of a settlement.
    Which,
    /// What a wish lacks.
    Wish(Box<Wish>),
    /// Whether an invitation is to be used.
    Invited(links::Invited),
    /// Whether they are to be an account.
    Connects(links::Connects),
}

#[derive(Deserialize)]
struct Found {
    communities: Vec<Community>,
}

#[derive(Deserialize)]
struct Community {
    id: RecordId,
    name: String,
}

#[derive(Deserialize)]
struct House {
    label: String,
}

#[derive(Deserialize)]
struct SentPhoto {
    token: String,
}

fn take(turn: &mut Turn) -> Taking<'_> {
    Box::pin(async move {
        match turn.heard.what.clone() {
            Input::Start(payload) => return links::start(turn, &payload).await,
            Input::Press { .. } => return pressed(turn).await,
            Input::Text { edited: true, .. } => return turn.say_text("bot-edited", &[]).await.map(drop),
            _ => {}
        }
        match turn.step::<Step>(NAME) {
            None => brought(turn).await,
            Some(Step::Which) => which(turn).await,
            Some(Step::Wish(wish)) => said(turn, *wish).await,
            Some(Step::Invited(invited)) => links::said(turn, invited).await,
            Some(Step::Connects(connects)) => links::ask_to_connect(turn, connects).await,
        }
    })
}

async fn pressed(turn: &mut Turn) -> Turned {
    let press = turn.pressed().ok_or(Stop::Say("bot-old-button"))?;
    let (verb, more) = press.parts();
    match verb {
        "join" => return begin(turn, None, None).await,
        "js" => return begin(turn, press.community, None).await,
        "jw" => return standing::withdraw(turn, &press).await,
        "jin" => return links::enter(turn, more).await,
        "jme" => return links::connect(turn, more).await,
        _ => {}
    }
    let mut wish = match turn.step::<Step>(NAME) {
        Some(Step::Wish(wish)) if Some(wish.community) == press.community => *wish,
        // It was sent by the press before.
        None if verb == "jc" || verb == "jsend" => return welcome(turn).await,
        _ => return Err(Stop::Say("bot-old-button")),
    };
    match (verb, more) {
        ("jp", "code") => wish.proof = Some(Proof::Code),
        ("jp", _) => wish.proof = Some(Proof::Photo),
        ("jname", _) => wish.name = Some(turn.heard.from.name.clone()),
        ("jk", kind) => wish.kind = Some(kind.to_owned()),
        ("jc", "no") => {
            turn.rest();
            let again = Key::press(turn.text("bot-join-again", &[]), wish.press("js"));
            let text = turn.text("bot-join-declined", &[]);
            return turn.show(Screen::text(text).row([again])).await.map(drop);
        }
        ("jc", _) => wish.consent = press.record,
        _ => {}
    }
    go_on(turn, wish, None).await
}

/// Nobody asked them yet: what speaks for them begins a wish.
async fn brought(turn: &mut Turn) -> Turned {
    match turn.heard.what.clone() {
        Input::Text { text, .. } if is_like_a_code(&text) => begin(turn, None, Some(text)).await,
        Input::Photo { file, bytes, .. } => {
            begin(turn, None, None).await?;
            match turn.step::<Step>(NAME) {
                Some(Step::Wish(wish)) if wish.lacks() == Lacks::Proof => {
                    photo(turn, *wish, &file, bytes).await
                }
                // Which settlement it is for is to be said first.
                _ => Ok(()),
            }
        }
        _ => welcome(turn).await,
    }
}

/// Begins a wish: in this settlement, or in one that is yet to be named.
async fn begin(turn: &mut Turn, community: Option<RecordId>, code: Option<String>) -> Turned {
    let community = match community {
        Some(community) => community,
        None => {
            let Found { communities } = turn.ask(Request::get("/communities")).await?;
            match communities.as_slice() {
                [only] => only.id,
                _ => return ask_which(turn, None).await,
            }
        }
    };
    let card = match turn.ask::<Card>(Request::get(format!("/communities/{community}/card"))).await {
        Ok(card) => card,
        Err(Stop::Refused(refused)) if refused.status == 404 => {
            return ask_which(turn, Some(turn.text("bot-join-no-community", &[]))).await;
        }
        Err(other) => return Err(other),
    };
    if card.consent.is_none() || card.joining.is_empty() {
        turn.rest();
        let text = turn.text("bot-join-closed", &[("community", card.name.as_str().into())]);
        return turn.show(Screen::text(text)).await.map(drop);
    }
    if standing::waits(turn, community).await? {
        return standing::show(turn, community, None).await;
    }
    let is_known = turn.persons.iter().any(|person| person.community == community);
    let key = if is_known { "bot-join-is-here" } else { "bot-join-begins" };
    let before = turn.text(key, &[("community", card.name.as_str().into())]);
    let proof = code.is_some().then_some(Proof::Code);
    let wish = Wish { community, community_name: card.name, is_known, proof, code, ..Wish::default() };
    go_on(turn, wish, Some(before)).await
}

async fn ask_which(turn: &mut Turn, before: Option<String>) -> Turned {
    turn.wait(NAME, &Step::Which);
    let text = below(before, turn.text("bot-join-which", &[]));
    let cancel = cancel(turn);
    turn.show(Screen::text(text).row([cancel])).await.map(drop)
}

/// They named a settlement.
async fn which(turn: &mut Turn) -> Turned {
    let Some(name) = turn.written().map(str::to_owned) else {
        return ask_which(turn, Some(turn.text("bot-join-not-that", &[]))).await;
    };
    let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("name", &name).finish();
    let Found { communities } = turn.ask(Request::get(format!("/communities?{query}"))).await?;
    match communities.as_slice() {
        [] => ask_which(turn, Some(turn.text("bot-join-no-community", &[]))).await,
        [only] => begin(turn, Some(only.id), None).await,
        some => {
            let mut screen = Screen::text(turn.text("bot-join-which-of", &[]));
            for community in some {
                screen = screen.row([Key::press(community.name.clone(), Press::of("js", community.id))]);
            }
            turn.show(screen.row([cancel(turn)])).await.map(drop)
        }
    }
}

/// They said something while a wish lacks something.
async fn said(turn: &mut Turn, mut wish: Wish) -> Turned {
    let lacks = wish.lacks();
    match (lacks, turn.heard.what.clone()) {
        (Lacks::Proof | Lacks::Code | Lacks::Photo, Input::Photo { file, bytes, .. }) => {
            return photo(turn, wish, &file, bytes).await;
        }
        (Lacks::Proof, Input::Text { text, .. }) if is_like_a_code(&text) => {
            (wish.proof, wish.code) = (Some(Proof::Code), Some(text));
        }
        // While it is not sent, another code may be tried.
        (Lacks::Code, Input::Text { text, .. }) => wish.code = Some(text),
        (Lacks::Nothing, Input::Text { text, .. }) if is_like_a_code(&text) && wish.code.is_some() => {
            wish.code = Some(text);
        }
        (Lacks::House, Input::Text { text, .. }) => return house(turn, wish, &text).await,
        (Lacks::Name, Input::Text { text, .. }) => wish.name = Some(text.trim().to_owned()),
        (Lacks::Phone, Input::Text { text, .. }) if turn.is_word("bot-join-skip", &text) => {
            return phone(turn, wish, String::new()).await;
        }
        (Lacks::Phone, Input::Text { text, .. }) => return phone(turn, wish, text).await,
        (Lacks::Phone, Input::Contact { phone: number, own: true }) => {
            let plus = if number.starts_with('+') { "" } else { "+" };
            return phone(turn, wish, format!("{plus}{number}")).await;
        }
        (Lacks::Phone, Input::Contact { .. }) => {
            let before = turn.text("bot-join-phone-of-another", &[]);
            return ask(turn, wish, Some(before)).await;
        }
        (Lacks::Kind, Input::Text { text, .. }) => {
            let labels = KINDS.map(|kind| (kind, turn.text(&format!("place-{kind}"), &[])));
            let is = |label: &str| label.to_lowercase() == text.trim().to_lowercase();
            match labels.iter().find(|(_, label)| is(label)) {
                Some((kind, _)) => wish.kind = Some((*kind).to_owned()),
                None => return ask(turn, wish, Some(turn.text("bot-join-press", &[]))).await,
            }
        }
        (Lacks::Proof | Lacks::Nothing, Input::Text { .. }) => {
            return ask(turn, wish, Some(turn.text("bot-join-press", &[]))).await;
        }
        // The text is long, and stands above.
        (Lacks::Consent, _) => return turn.say_text("bot-join-press", &[]).await.map(drop),
        (Lacks::Photo, _) => return ask(turn, wish, Some(turn.text("bot-join-no-photo", &[]))).await,
        _ => return ask(turn, wish, Some(turn.text("bot-join-not-that", &[]))).await,
    }
    go_on(turn, wish, None).await
}

/// They sent a photo: it is handed on.
async fn photo(turn: &mut Turn, mut wish: Wish, file: &str, bytes: Option<u64>) -> Turned {
    let most = u64::try_from(pictures::MAX_BYTES).unwrap_or(u64::MAX);
    let too_large = bytes.is_some_and(|bytes| bytes > most);
    let fetched = if too_large { Err(Stop::Say("bot-join-photo-too-large")) } else { turn.fetch(file).await };
    let bytes = match fetched {
        Ok(bytes) if bytes.len() > pictures::MAX_BYTES => Err("bot-join-photo-too-large"),
        Ok(bytes) => Ok(bytes),
        Err(Stop::Say(key)) => Err(key),
        // What is gone is asked for again; what cannot be had now is fetched later.
        Err(Stop::Undone(Undone::Missing(_) | Undone::Unknown(_))) => Err("bot-join-photo-lost"),
        Err(other) => return Err(other),
    };
    wish.proof = Some(Proof::Photo);
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(key) => return ask(turn, wish, Some(turn.text(key, &[]))).await,
    };
    let kind = if bytes.starts_with(b"\x89PNG") { "image/png" } else { "image/jpeg" };
    let sent = turn.ask::<SentPhoto>(Request::upload(wish.path("/applications/photo"), kind, bytes)).await;
    match sent {
        Ok(SentPhoto { token }) => wish.photo = Some(token),
        Err(Stop::Refused(refused)) => {
            let why = why(turn, refused);
            return ask(turn, wish, Some(why)).await;
        }
        Err(other) => return Err(other),
    }
    go_on(turn, wish, None).await
}

/// They named their house: it is asked for at once, so that nobody learns at the end that there is none.
async fn house(turn: &mut Turn, mut wish: Wish, text: &str) -> Turned {
    let mut first = None;
    for label in labels(text) {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("label", label).finish();
        let asked = Request::get(wish.path(&format!("/applications/house?{query}")));
        match turn.ask::<House>(asked).await {
            Ok(House { label }) => {
                wish.house = Some(label);
                return go_on(turn, wish, None).await;
            }
            Err(Stop::Refused(refused)) => {
                let is_over = refused.status != 404;
                first.get_or_insert(refused);
                if is_over {
                    break;
                }
            }
            Err(other) => return Err(other),
        }
    }
    let why = why(turn, first.unwrap_or_default());
    ask(turn, wish, Some(why)).await
}

/// They gave a telephone number, or would not.
async fn phone(turn: &mut Turn, mut wish: Wish, phone: String) -> Turned {
    wish.phone = Some(phone.trim().to_owned());
    // The key that gives it goes.
    let noted = turn.text("bot-join-phone-noted", &[]);
    turn.say(Screen::text(noted).keyboard(Keyboard::None)).await?;
    go_on(turn, wish, None).await
}

/// Asks for what a wish lacks, or makes the application.
async fn go_on(turn: &mut Turn, wish: Wish, before: Option<String>) -> Turned {
    match wish.lacks() {
        Lacks::Nothing => apply(turn, wish).await,
        _ => ask(turn, wish, before).await,
    }
}

/// Makes the application.
async fn apply(turn: &mut Turn, wish: Wish) -> Turned {
    // Whatever comes between, nothing is lost.
    turn.wait(NAME, &Step::Wish(Box::new(wish.clone())));
    turn.become_somebody().await?;
    let mut document = json!({
        "name": wish.name.as_deref().unwrap_or_default(),
        "phone": wish.phone.as_deref().unwrap_or_default(),
        "language": turn.language.as_str(),
        "kind": wish.kind,
        "consent": wish.consent,
    });
    match wish.proof {
        Some(Proof::Photo) => {
            document["photo"] = json!(wish.photo);
            document["house"] = json!(wish.house);
        }
        _ => document["code"] = json!(wish.code),
    }
    let community = wish.community;
    match turn.ask::<serde::de::IgnoredAny>(Request::post(wish.path("/applications"), &document)).await {
        Ok(_) => {
            turn.rest();
            turn.conversation.community = Some(community);
            let sent = turn.text("bot-join-sent", &[]);
            standing::show(turn, community, Some(sent)).await
        }
        Err(Stop::Refused(refused)) => apply_again(turn, wish, refused).await,
        Err(other) => Err(other),
    }
}

/// What is wrong is asked anew.
async fn apply_again(turn: &mut Turn, mut wish: Wish, refused: Refused) -> Turned {
    let community = wish.community;
    let by_code = wish.proof == Some(Proof::Code);
    match (refused.code.as_str(), refused.field.as_deref()) {
        ("not-found", _) | ("invalid", Some("code")) if by_code => wish.code = None,
        ("not-found", _) => wish.house = None,
        ("invalid", Some("name")) => wish.name = None,
        ("invalid", Some("phone")) => wish.phone = None,
        ("invalid", Some("photo")) => wish.photo = None,
        ("invalid", Some("consent")) => wish.consent = None,
        ("exists", _) => {
            turn.rest();
            turn.conversation.community = Some(community);
            return standing::show(turn, community, Some(refused.detail)).await;
        }
        _ => {}
    }
    let why = why(turn, refused);
    ask(turn, wish, Some(why)).await
}

/// Why something was refused, in words.
fn why(turn: &Turn, refused: Refused) -> String {
    if refused.detail.is_empty() {
        turn.text("bot-broken", &[])
    } else {
        format!("⚠️ {}", refused.detail)
    }
}

fn below(before: Option<String>, text: String) -> String {
    before.map_or(text.clone(), |before| format!("{before}\n\n{text}"))
}

fn cancel(turn: &Turn) -> Key {
    Key::press(turn.text("bot-word-cancel", &[]), Press::verb("menu"))
}
