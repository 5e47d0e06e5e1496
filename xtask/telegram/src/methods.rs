//! What each method does to the world, and Telegram's words where it does not.
//!
//! Invariants: a method that is refused has changed nothing; arguments were checked before (`limits`), so that here
//! only the state decides.
//! What must never be here: sockets, and waiting; getUpdates waits in `server`.

mod chats;
mod editing;
mod invitations;
mod profile;
mod queries;
mod sending;

pub(crate) use profile::menu_button;
pub(crate) use queries::content;
use serde_json::{Value, json};

use crate::arguments::Arguments;
use crate::world::{Kind, World};

/// Why a method did nothing, as Telegram says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: u16,
    pub(crate) description: String,
    pub(crate) retry_after: Option<u64>,
    pub(crate) migrate_to: Option<i64>,
}

impl Refusal {
    pub(crate) fn new(code: u16, description: impl Into<String>) -> Self {
        Self { code, description: description.into(), retry_after: None, migrate_to: None }
    }

    pub(crate) fn bad(what: &str) -> Self {
        Self::new(400, format!("Bad Request: {what}"))
    }

    pub(crate) fn forbidden(what: &str) -> Self {
        Self::new(403, format!("Forbidden: {what}"))
    }

    pub(crate) fn wait(seconds: u64) -> Self {
        Self {
            retry_after: Some(seconds),
            ..Self::new(429, format!("Too Many Requests: retry after {seconds}"))
        }
    }

    /// The body of the answer.
    pub(crate) fn json(&self) -> Value {
        let mut json = json!({"ok": false, "error_code": self.code, "description": self.description});
        if let Some(seconds) = self.retry_after {
            json["parameters"] = json!({"retry_after": seconds});
        }
        if let Some(chat) = self.migrate_to {
            json["parameters"] = json!({"migrate_to_chat_id": chat});
        }
        json
    }
}

pub(crate) type Answered = Result<Value, Refusal>;

/// Does what a method says. getUpdates only takes what is there.
pub(crate) fn call(world: &mut World, method: &str, arguments: &Arguments) -> Answered {
    match method {
        "getMe" => Ok(profile::me(world)),
        "getUpdates" => profile::updates(world, arguments),
        "setWebhook" => profile::set_webhook(world, arguments),
        "deleteWebhook" => profile::delete_webhook(world, arguments),
        "getWebhookInfo" => Ok(profile::webhook_info(world)),
        "setMyCommands" => profile::set_commands(world, arguments),
        "deleteMyCommands" => profile::delete_commands(world, arguments),
        "getMyCommands" => Ok(profile::commands(world, arguments)),
        "setChatMenuButton" => profile::set_menu_button(world, arguments),
        "getChatMenuButton" => Ok(profile::menu_button(world, arguments.number("chat_id"))),
        "setMyDescription"
        | "getMyDescription"
        | "setMyShortDescription"
        | "getMyShortDescription"
        | "setMyName"
        | "getMyName" => Ok(profile::about(world, method, arguments)),
        "sendMessage" => sending::message(world, arguments),
        "sendPhoto" => sending::photo(world, arguments),
        "sendDocument" => sending::document(world, arguments),
        "sendMediaGroup" => sending::album(world, arguments),
        "sendChatAction" => sending::action(world, arguments),
        "editMessageText" => editing::text(world, arguments),
        "editMessageCaption" => editing::caption(world, arguments),
        "editMessageMedia" => editing::media(world, arguments),
        "editMessageReplyMarkup" => editing::markup(world, arguments),
        "deleteMessage" => editing::delete(world, arguments),
        "deleteMessages" => editing::delete_all(world, arguments),
        "pinChatMessage" | "unpinChatMessage" => editing::pin(world, arguments, method == "pinChatMessage"),
        "answerCallbackQuery" => queries::callback(world, arguments),
        "answerInlineQuery" => queries::inline(world, arguments),
        "savePreparedInlineMessage" => queries::prepare(world, arguments),
        "answerWebAppQuery" => queries::web_app(world, arguments),
        "getFile" => queries::file(world, arguments),
        "getChat" => chats::chat(world, arguments),
        "getChatMember" => chats::member(world, arguments),
        "getChatAdministrators" => chats::administrators(world, arguments),
        "getChatMemberCount" => chats::count(world, arguments),
        "banChatMember" => chats::ban(world, arguments),
        "unbanChatMember" => chats::unban(world, arguments),
        "restrictChatMember" => chats::restrict(world, arguments),
        "leaveChat" => chats::leave(world, arguments),
        "createChatInviteLink" => invitations::create(world, arguments),
        "editChatInviteLink" => invitations::edit(world, arguments),
        "revokeChatInviteLink" => invitations::revoke(world, arguments),
        "exportChatInviteLink" => invitations::export(world, arguments),
        "approveChatJoinRequest" => invitations::decide(world, arguments, true),
        "declineChatJoinRequest" => invitations::decide(world, arguments, false),
        _ => Err(Refusal::new(404, "Not Found")),
    }
}

/// The chat that the arguments name, where the bot is let into it.
fn chat(world: &World, arguments: &Arguments) -> Result<i64, Refusal> {
    let not_found = || Refusal::bad("chat not found");
    let id = arguments.number("chat_id").ok_or_else(not_found)?;
    let chat = world.chats.get(&id).ok_or_else(not_found)?;
    if let Some(new) = chat.migrated_to {
        return Err(Refusal {
            migrate_to: Some(new),
            ..Refusal::bad("group chat was upgraded to a supergroup chat")
        });
    }
    let name = match chat.kind {
        Kind::Private => return Ok(id),
        Kind::Group => "group",
        Kind::Supergroup => "supergroup",
    };
    if chat.deleted {
        return Err(Refusal::forbidden(match chat.kind {
            Kind::Supergroup => "bot was kicked from the supergroup chat",
            Kind::Group | Kind::Private => "the group chat was deleted",
        }));
    }
    use crate::world::Status::{Kicked, Left};
    match chat.member(world.bot.id).map(|member| member.status) {
        Some(Kicked) => Err(Refusal::forbidden(&format!("bot was kicked from the {name} chat"))),
        Some(Left) => Err(Refusal::forbidden(&format!("bot is not a member of the {name} chat"))),
        None => Err(not_found()),
        Some(_) => Ok(id),
    }
}

/// The chat that the arguments name, where the bot may write to it.
fn writable(world: &World, arguments: &Arguments) -> Result<i64, Refusal> {
    let id = chat(world, arguments)?;
    if let Some(person) = world.people.get(&id) {
        if person.blocked {
            return Err(Refusal::forbidden("bot was blocked by the user"));
        }
        if !person.started && person.writable_until <= world.now {
            return Err(Refusal::forbidden("bot can't initiate conversation with a user"));
        }
    } else if let crate::world::Status::Restricted { writes: false } = world.chat(id).status(world.bot.id) {
        return Err(Refusal::bad("not enough rights to send text messages to the chat"));
    }
    Ok(id)
}

/// A group that the arguments name.
fn group(world: &World, arguments: &Arguments) -> Result<i64, Refusal> {
    let id = chat(world, arguments)?;
    match world.chat(id).kind {
        Kind::Private => Err(Refusal::bad("method is available for supergroup and channel chats only")),
        Kind::Group | Kind::Supergroup => Ok(id),
    }
}
