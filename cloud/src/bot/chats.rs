//! The closed chat of a community: who belongs is let in, who belongs no more is put out.
//!
//! ```text
//! what happens in the group ─ group ──> records ─ doing ──> what is done there, and told in private
//! places, roles, bans, accounts ─ keeping, belonging ─^
//! ```
//!
//! What follows from something is a record before anything is done ([`crate::chats`]), so that a crash, or a messenger that is
//! away, delays it and loses nothing. Administrators connect a chat by letting the bot into it, and see how it stands by
//! `/chat`; to everybody else that is a way in.
//!
//! What must never be here: who may do what (the API says that).

mod belonging;
mod doing;
mod group;
mod keeping;

use dwellers::people::Permission;
use dwellers::texts::Value as Word;
use dwellers_replica::RecordId;
use serde::Deserialize;
use serde_json::json;

use self::belonging::blocking;
use self::group::{gone, moved, of_rights, opened, stands, withdraw};
use super::dialogue::{Dialogue, Taking};
use super::talk::{Done, Input, Key, Output, Press, Rights, Screen};
use super::turn::{Stop, Turn, Turned};
use crate::api::inside::Request;
use crate::chats::Offer;

pub use keeping::Chats;
pub(super) use keeping::keep;

/// What happens in groups, and `/chat`.
pub const DIALOGUE: Dialogue = Dialogue {
    name: "chats",
    commands: &["chat"],
    verbs: &["chyes", "chno", "chlink", "chadm", "chdec", "choff", "choffyes", "chback"],
    take,
    ..Dialogue::NONE
};

/// So many names are shown.
const NAMES: usize = 20;

/// As the API answers.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Listed {
    chats: Vec<Listing>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Listing {
    id: RecordId,
    title: String,
    is_inside: bool,
    state: Option<Standing>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Standing {
    is_gone: bool,
    may_invite: bool,
    may_remove: bool,
    let_in: u32,
    strangers: Vec<Stranger>,
    requests: Vec<Stranger>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Stranger {
    name: String,
}

impl std::convert::From<belonging::Fault> for Stop {
    fn from(why: belonging::Fault) -> Stop {
        Stop::Broken(why.to_string())
    }
}

fn take(turn: &mut Turn) -> Taking<'_> {
    Box::pin(async move {
        if let Input::Group { group, what } = turn.heard.what.clone() {
            return group::take(turn, group, what).await;
        }
        let Some(press) = turn.pressed() else {
            let community = turn.somebody()?.community;
            return show(turn, community).await;
        };
        let community = press.community.ok_or(Stop::Say("bot-old-button"))?;
        turn.somebody_of(community)?;
        let record = || press.record.ok_or(Stop::Say("bot-old-button"));
        match press.verb.as_str() {
            "chyes" => connect(turn, community, record()?).await,
            "chno" => leave(turn, community, record()?).await,
            "chlink" => invite(turn, community, record()?).await,
            "chadm" => answer(turn, community, record()?, true).await,
            "chdec" => answer(turn, community, record()?, false).await,
            "choff" => ask_whether_to_part(turn, community, record()?).await,
            "choffyes" => part(turn, community, record()?).await,
            _ => show(turn, community).await,
        }
    })
}

/// The chat, as far as it is theirs to see.
async fn show(turn: &mut Turn, community: RecordId) -> Turned {
    let person = turn.somebody_of(community)?;
    let listed: Listed = turn.ask(Request::get(format!("/communities/{community}/chats"))).await?;
    let is_administrator = person.may(Permission::ManageCommunity);
    let Some(chat) = listed.chats.into_iter().next() else {
        let key = if is_administrator { "bot-chat-none-yet" } else { "bot-chat-none" };
        let text = turn.text(key, &[("community", person.community_name.as_str().into())]);
        return turn.show(Screen::text(text)).await.map(drop);
    };
    let title = ("title", Word::from(chat.title.clone()));
    let mut lines = vec![
        turn.text("bot-chat-of", &[title.clone(), ("community", person.community_name.as_str().into())]),
    ];
    if let Some(state) = &chat.state {
        let rights = Rights {
            administrator: state.may_invite || state.may_remove,
            invite: state.may_invite,
            remove: state.may_remove,
        };
        let key = if state.is_gone { "bot-chat-gone" } else { of_rights(rights) };
        lines.push(turn.text(key, &[title]));
        lines.push(turn.text("bot-chat-let-in", &[("count", state.let_in.into())]));
        for (key, people) in
            [("bot-chat-strangers", &state.strangers), ("bot-chat-requests", &state.requests)]
        {
            if !people.is_empty() {
                let names = people.iter().take(NAMES).map(|one| one.name.as_str());
                let names = names.collect::<Vec<_>>().join(", ");
                let count = u32::try_from(people.len()).unwrap_or(u32::MAX);
                lines.push(turn.text(key, &[("count", count.into()), ("names", names.as_str().into())]));
            }
        }
    }
    let mut screen = Screen::text(lines.join("\n\n"));
    if !chat.is_inside {
        let link = Press::on("chlink", community, chat.id);
        screen = screen.row([Key::press(turn.text("bot-chat-key-link", &[]), link)]);
    }
    if is_administrator {
        let off = Press::on("choff", community, chat.id);
        screen = screen.row([Key::press(turn.text("bot-chat-key-part", &[]), off)]);
    }
    turn.show(screen).await.map(drop)
}

/// The group is the chat of this community.
async fn connect(turn: &mut Turn, community: RecordId, offer: RecordId) -> Turned {
    let offered = offered(turn, community, offer).await?;
    let bot = turn.bot.clone();
    if bot.chats().connected(offered.chat).is_some_and(|known| known != community) {
        return Err(Stop::Say("bot-chat-of-another"));
    }
    let path = format!("/communities/{community}/chats");
    turn.ask::<serde::de::IgnoredAny>(Request::post(path, &json!({ "offer": offer }))).await?;
    // The other communities that might have been meant, and offers that are answered.
    withdraw(&bot, offered.chat, turn.now).await?;
    bot.chats().connect(offered.chat, community);
    let rights = match bot.line().put(Output::Standing(offered.chat)).await {
        Ok(Done::Standing(rights)) => rights,
        _ => offered.rights,
    };
    // What it was told of that in between was of a group that was nobody's.
    group::may_now(opened(&bot, community).await?, offered.rights, rights, turn.now).await?;
    let name = turn.somebody_of(community)?.community_name;
    let title = ("title", Word::from(offered.title.as_str()));
    let connected = turn.text("bot-chat-connected", &[title.clone(), ("community", name.as_str().into())]);
    let able = turn.text(of_rights(rights), &[title]);
    turn.show(Screen::text(format!("{connected}\n\n{able}"))).await.map(drop)
}

/// What somebody was asked.
async fn offered(turn: &Turn, community: RecordId, offer: RecordId) -> Result<Offer, Stop> {
    let person = turn.somebody_of(community)?.person;
    let community = opened(&turn.bot, community).await?;
    let found = blocking(move || Ok(community.store.view(|view| view.of::<Offer>().get(offer))??)).await?;
    let theirs = found.map(|offer| offer.value).filter(|offer| offer.person == person);
    theirs.ok_or(Stop::Say("bot-chat-answered"))
}

/// The group is nobody's chat: the bot has no business there.
async fn leave(turn: &mut Turn, community: RecordId, offer: RecordId) -> Turned {
    let offered = offered(turn, community, offer).await?;
    turn.bot.line().put(Output::Leave(offered.chat)).await?;
    withdraw(&turn.bot.clone(), offered.chat, turn.now).await?;
    let text = turn.text("bot-chat-left", &[("title", offered.title.as_str().into())]);
    turn.show(Screen::text(text)).await.map(drop)
}

/// A way in for whoever asks.
async fn invite(turn: &mut Turn, community: RecordId, chat: RecordId) -> Turned {
    let path = format!("/communities/{community}/chats/{chat}/invite");
    turn.ask::<serde::de::IgnoredAny>(Request::post(path, &json!({}))).await?;
    let text = turn.text("bot-chat-link-comes", &[]);
    turn.answer(text).await
}

/// Whoever asks to join is let in or not.
async fn answer(turn: &mut Turn, community: RecordId, request: RecordId, admit: bool) -> Turned {
    let path = format!("/communities/{community}/chats/requests/{request}/answer");
    turn.ask::<serde::de::IgnoredAny>(Request::post(path, &json!({ "admit": admit }))).await?;
    // The message says how it ended when the messenger has taken it.
    let text = turn.text("bot-chat-answer-taken", &[]);
    turn.answer(text).await
}

async fn ask_whether_to_part(turn: &mut Turn, community: RecordId, chat: RecordId) -> Turned {
    let yes = Press::on("choffyes", community, chat);
    let (yes, no) =
        (Key::press(turn.text("bot-chat-key-part-yes", &[]), yes), Press::of("chback", community));
    let no = Key::press(turn.text("bot-chat-key-back", &[]), no);
    let text = turn.text("bot-chat-part", &[]);
    turn.show(Screen::text(text).row([yes, no])).await.map(drop)
}

/// The chat is the community's no more.
async fn part(turn: &mut Turn, community: RecordId, chat: RecordId) -> Turned {
    let path = format!("/communities/{community}/chats/{chat}");
    turn.ask::<serde::de::IgnoredAny>(Request::delete(path)).await?;
    let text = turn.text("bot-chat-parted", &[]);
    turn.show(Screen::text(text)).await.map(drop)
}
