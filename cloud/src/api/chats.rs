//! The closed chat in a messenger: how it stands, and a way in.
//!
//! What is to be done there is written down here, and done by the bot.

use dwellers::people::Permission;
use dwellers_replica::{Query, RecordId, Writes};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use warp::Reply;

use super::call::{Call, Member, created, done, json};
use super::problem::Problem;
use super::second_factor::insist_on_recent_second_factor;
use super::table::{Answer, Table};
use crate::accounts::{Messenger, MessengerUser};
use crate::chats::{self, Chat, ChatUser, Offer, Unconnected, Wish};

pub(super) fn routes(to: &mut Table) {
    to.member::<__path_list, _, _>(list);
    to.may::<__path_connect, _, _>(&[Permission::ManageCommunity], connect);
    to.may::<__path_disconnect, _, _>(&[Permission::ManageCommunity], disconnect);
    to.member::<__path_invite, _, _>(invite);
    to.may::<__path_answer, _, _>(&[Permission::ManageCommunity], answer);
}

/// The closed chat of a community in a messenger.
#[derive(Serialize, ToSchema)]
#[schema(as = Chat)]
struct ChatDocument {
    id: RecordId,
    messenger: Messenger,
    title: String,
    /// Whether the caller is in it, as far as that is known.
    is_inside: bool,
    /// For administrators: how it stands.
    state: Option<ChatState>,
}

/// How a chat stands.
#[derive(Serialize, ToSchema)]
struct ChatState {
    /// Since when it is the community's, in milliseconds since 1970.
    since_ms: u64,
    /// Whether the bot is not in it any more.
    is_gone: bool,
    /// Whether the bot may invite, and decide on who asks to join.
    may_invite: bool,
    /// Whether it may put people out.
    may_remove: bool,
    /// How many people of the community are in, as far as that is known.
    let_in: u32,
    /// Who is in, and nobody in the community: those of whom the bot knows.
    strangers: Vec<ChatGuest>,
    /// Who asks to join, and waits for an administrator.
    requests: Vec<ChatGuest>,
}

/// Somebody in a messenger.
#[derive(Serialize, ToSchema)]
struct ChatGuest {
    id: RecordId,
    /// What they call themselves there, and what they are found by.
    name: String,
}

/// A group into which the caller let the bot: it may be the chat.
#[derive(Serialize, ToSchema)]
struct ChatOffer {
    id: RecordId,
    title: String,
    /// In milliseconds since 1970.
    at_ms: u64,
}

/// The chat, where there is one.
#[derive(Serialize, ToSchema)]
struct Chats {
    chats: Vec<ChatDocument>,
    /// What the caller may make the chat.
    offers: Vec<ChatOffer>,
}

/// Which group is to be the chat.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewChat {
    offer: RecordId,
}

/// Whether somebody who asks to join is let in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChatAnswer {
    admit: bool,
}

fn guests(users: Vec<dwellers_replica::Entry<ChatUser>>) -> Vec<ChatGuest> {
    users.into_iter().map(|user| ChatGuest { id: user.id, name: user.value.shown() }).collect()
}

/// The number of the caller in the messenger, where they are connected.
async fn number(call: &Call, member: &Member) -> Result<Option<i64>, Problem> {
    let account = member.signed.account;
    let users = call.api.accounts(move |accounts| accounts.messengers(account)).await?;
    let telegram = dwellers_replica::Open::Known(Messenger::Telegram);
    Ok(users.into_iter().find(|user| user.value.messenger == telegram).map(|user| user.value.user))
}

/// The closed chat of the community in a messenger
#[utoipa::path(get, path = "/api/v1/communities/{community}/chats", tag = "chats", operation_id = "chats.list",
    params(("community" = RecordId, Path)), responses((status = 200, body = Chats)))]
async fn list(call: Call, member: Member) -> Answer {
    let number = number(&call, &member).await?;
    let read = member.read(&call, move |look| {
        let view = look.view;
        let is_administrator = look.member.may(Permission::ManageCommunity);
        let chat = chats::chat(view)?.filter(|chat| !chat.value.ends);
        let own = number.map(|number| chats::chat_user(view, number)).transpose()?.flatten();
        let is_inside = own.is_some_and(|own| own.value.inside == Some(true));
        let in_it =
            |belongs: bool| chats::all::<ChatUser>(view, &Query::on("inside").equal(true).equal(belongs));
        let state = |chat: &Chat| {
            Ok::<_, Problem>(ChatState {
                since_ms: chat.since_ms,
                is_gone: chat.gone_ms != 0,
                may_invite: chat.rights.invite,
                may_remove: chat.rights.remove,
                let_in: u32::try_from(in_it(true)?.len()).unwrap_or(u32::MAX),
                strangers: guests(in_it(false)?),
                requests: guests(chats::all(view, &Query::on("asks").equal(true))?),
            })
        };
        let chats = chat.into_iter().map(|chat| {
            let state = is_administrator.then(|| state(&chat.value)).transpose()?;
            let title = chat.value.title;
            Ok(ChatDocument { id: chat.id, messenger: Messenger::Telegram, title, is_inside, state })
        });
        let chats = chats.collect::<Result<Vec<_>, Problem>>()?;
        let mut offers = chats::all::<Offer>(view, &Query::on("chat"))?;
        offers.retain(|offer| is_administrator && offer.value.person == look.member.person);
        let offers = offers.into_iter().map(|offer| {
            let Offer { title, at_ms, .. } = offer.value;
            ChatOffer { id: offer.id, title, at_ms }
        });
        Ok(Chats { chats, offers: offers.collect() })
    });
    json(&read.await?)
}

/// Make a group, into which the caller let the bot, the closed chat
#[utoipa::path(post, path = "/api/v1/communities/{community}/chats", tag = "chats", operation_id = "chats.connect",
    params(("community" = RecordId, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewChat, responses((status = 201, body = ChatOffer)))]
async fn connect(call: Call, member: Member) -> Answer {
    let NewChat { offer } = call.body()?;
    insist_on_recent_second_factor(&call, &member.signed).await?;
    let connected = member.write(&call, move |act| {
        let known = chats::connect(act.ctx.view, offer, act.member.person, act.ctx.now)?;
        let (chat, writes) = known.map_err(|why| match why {
            Unconnected::NoOffer => Problem::not_found(),
            Unconnected::HasOne => Problem::moved_on("chat-connected"),
        })?;
        let id = Chat::id(Messenger::Telegram);
        act.concerns_record(id);
        Ok(((id, chat.title, chat.since_ms), writes))
    });
    let (id, title, at_ms) = connected.await?;
    created(&ChatOffer { id, title, at_ms })
}

/// Part the chat from the community: ways into it are closed, and the bot leaves
#[utoipa::path(delete, path = "/api/v1/communities/{community}/chats/{chat}", tag = "chats",
    operation_id = "chats.disconnect", params(("community" = RecordId, Path), ("chat" = RecordId, Path)),
    responses((status = 204, description = "It is the community's no more")))]
async fn disconnect(call: Call, member: Member) -> Answer {
    let id = call.id("chat")?;
    let parted = member.write(&call, move |act| {
        let chat = act.ctx.view.of::<Chat>().get(id)?.ok_or_else(Problem::not_found)?;
        let mut writes = Writes::new();
        writes.update(&chat, |chat| chat.ends = true);
        act.concerns_record(id);
        Ok(((), writes))
    });
    parted.await?;
    done()
}

/// A way into the chat for the caller, told in private in the messenger; one that they had before is closed
#[utoipa::path(post, path = "/api/v1/communities/{community}/chats/{chat}/invite", tag = "chats",
    operation_id = "chats.invite",
    params(("community" = RecordId, Path), ("chat" = RecordId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 202, description = "It is on its way")))]
async fn invite(call: Call, member: Member) -> Answer {
    let (id, number) = (call.id("chat")?, number(&call, &member).await?);
    let asked = member.write(&call, move |act| {
        let view = act.ctx.view;
        let chat = view.of::<Chat>().get(id)?.filter(|chat| !chat.value.ends);
        let chat = chat.ok_or_else(Problem::not_found)?.value;
        let number = number.ok_or_else(|| Problem::moved_on("no-messenger"))?;
        if chat.gone_ms != 0 || !chat.rights.invite {
            return Err(Problem::moved_on("chat-not-able"));
        }
        let (now, person) = (act.ctx.now, act.member.person);
        let asks = |user: &mut ChatUser| {
            (user.user, user.person, user.belongs, user.wants) = (number, Some(person), true, true);
            user.wish(Wish::In, now);
        };
        let mut writes = Writes::new();
        match chats::chat_user(view, number)? {
            Some(known) => writes.unchanged(&known).update(&known, asks),
            None => {
                let mut user = ChatUser::default();
                asks(&mut user);
                writes.create(MessengerUser::id(Messenger::Telegram, number), &user)
            }
        };
        Ok(((), writes))
    });
    asked.await?;
    Ok(StatusCode::ACCEPTED.into_response())
}

/// Let somebody in who asks to join the chat, or not
#[utoipa::path(post, path = "/api/v1/communities/{community}/chats/requests/{request}/answer", tag = "chats",
    operation_id = "chats.answer",
    params(("community" = RecordId, Path), ("request" = RecordId, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = ChatAnswer, responses((status = 202, description = "They are answered")))]
async fn answer(call: Call, member: Member) -> Answer {
    let (id, ChatAnswer { admit }) = (call.id("request")?, call.body()?);
    if admit {
        insist_on_recent_second_factor(&call, &member.signed).await?;
    }
    let answered = member.write(&call, move |act| {
        let view = act.ctx.view;
        let asking = view.of::<ChatUser>().get(id)?.ok_or_else(Problem::not_found)?;
        if !asking.value.asks || asking.value.waits {
            return Err(Problem::moved_on("ended"));
        }
        let by = view.of::<dwellers::people::Person>().get(act.member.person)?;
        let (by, now) = (by.map(|by| by.value.name).unwrap_or_default(), act.ctx.now);
        let mut writes = Writes::new();
        writes.unchanged(&asking).update(&asking, |asking| {
            by.clone_into(&mut asking.decided_by);
            asking.wish(if admit { Wish::Admit } else { Wish::Decline }, now);
        });
        act.concerns_record(id);
        Ok(((), writes))
    });
    answered.await?;
    Ok(StatusCode::ACCEPTED.into_response())
}
