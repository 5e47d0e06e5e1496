//! Messages that the bot changes, deletes and pins.

use serde_json::{Map, Value};

use super::sending::{formatted, medium, post_is_bare};
use super::{Answered, Refusal, chat, writable};
use crate::arguments::Arguments;
use crate::world::{Kind, Post, World};

/// "A message can only be deleted if it was sent less than 48 hours ago."
const DELETABLE_SECONDS: i64 = 48 * 3600;

/// Parts of a body that an edit replaces together.
const TEXT: &[&str] = &["text", "entities"];
const CAPTION: &[&str] = &["caption", "caption_entities"];
const MEDIA: &[&str] = &["text", "entities", "caption", "caption_entities", "photo", "document"];

/// The message to be edited: one of a chat, or one sent by way of the bot.
enum Place {
    Chat(i64, i32),
    Inline(String),
}

fn place(world: &World, arguments: &Arguments) -> Result<Place, Refusal> {
    if let Some(id) = arguments.text("inline_message_id") {
        return if world.inline_messages.contains_key(id) {
            Ok(Place::Inline(id.to_owned()))
        } else {
            Err(Refusal::bad("MESSAGE_ID_INVALID"))
        };
    }
    let chat = writable(world, arguments)?;
    let id = arguments.number("message_id").and_then(|id| i32::try_from(id).ok()).unwrap_or_default();
    match world.chat(chat).posts.get(&id).filter(|post| !post.deleted) {
        None => Err(Refusal::bad("message to edit not found")),
        Some(post) if post.from != world.bot.id => Err(Refusal::bad("message can't be edited")),
        Some(_) => Ok(Place::Chat(chat, id)),
    }
}

fn post<'a>(world: &'a mut World, place: &Place) -> &'a mut Post {
    match place {
        Place::Chat(chat, id) => world.chat_mut(*chat).posts.get_mut(id).expect("found before"),
        Place::Inline(id) => world.inline_messages.get_mut(id).expect("found before"),
    }
}

/// Puts `body` in the place of the parts named, and the keyboard in the place of the keyboard: an edit without one
/// takes it away.
fn edit(world: &mut World, arguments: &Arguments, parts: &[&str], body: Map<String, Value>) -> Answered {
    let place = place(world, arguments)?;
    let markup = arguments.get("reply_markup").cloned().filter(|markup| !post_is_bare(markup));
    let now = world.now;
    let post = post(world, &place);
    let mut changed = post.body.clone();
    changed.retain(|name, _| !parts.contains(&name.as_str()));
    changed.extend(body);
    if changed == post.body && markup == post.markup {
        return Err(Refusal::bad(
            "message is not modified: specified new message content and reply markup are exactly the same as a \
             current content and reply markup of the message",
        ));
    }
    // A change of buttons alone is no edit that people see.
    if changed != post.body {
        post.edits += 1;
        post.edit_date = Some(now);
    }
    post.body = changed;
    post.markup = markup;
    match place {
        Place::Chat(chat, id) => {
            world.note(chat, id);
            Ok(world.message_json(chat, id))
        }
        Place::Inline(_) => Ok(Value::Bool(true)),
    }
}

pub(crate) fn text(world: &mut World, arguments: &Arguments) -> Answered {
    let place = place(world, arguments)?;
    if !post(world, &place).body.contains_key("text") {
        return Err(Refusal::bad("there is no text in the message to edit"));
    }
    let body = formatted(&arguments.fields, "text")?;
    edit(world, arguments, TEXT, body)
}

pub(crate) fn caption(world: &mut World, arguments: &Arguments) -> Answered {
    let place = place(world, arguments)?;
    let body = &post(world, &place).body;
    if !body.contains_key("photo") && !body.contains_key("document") {
        return Err(Refusal::bad("there is no caption in the message to edit"));
    }
    let body = formatted(&arguments.fields, "caption")?;
    edit(world, arguments, CAPTION, body)
}

pub(crate) fn media(world: &mut World, arguments: &Arguments) -> Answered {
    place(world, arguments)?;
    let given = arguments.get("media").cloned().unwrap_or_default();
    let body = medium(world, arguments, &given)?;
    edit(world, arguments, MEDIA, body)
}

pub(crate) fn markup(world: &mut World, arguments: &Arguments) -> Answered {
    edit(world, arguments, &[], Map::new())
}

pub(crate) fn delete(world: &mut World, arguments: &Arguments) -> Answered {
    let chat = chat(world, arguments)?;
    let id = arguments.number("message_id").unwrap_or_default();
    delete_one(world, chat, id)?;
    Ok(Value::Bool(true))
}

/// "If some of the specified messages can't be found, they are skipped."
pub(crate) fn delete_all(world: &mut World, arguments: &Arguments) -> Answered {
    let chat = chat(world, arguments)?;
    let ids: Vec<i64> = arguments.list("message_ids").iter().filter_map(Value::as_i64).collect();
    if !(1..=100).contains(&ids.len()) {
        return Err(Refusal::bad("too many messages to delete specified"));
    }
    for id in ids {
        match delete_one(world, chat, id) {
            Err(refusal) if refusal.description.ends_with("can't be deleted") => return Err(refusal),
            _ => {}
        }
    }
    Ok(Value::Bool(true))
}

fn delete_one(world: &mut World, chat: i64, id: i64) -> Result<(), Refusal> {
    let (now, bot) = (world.now, world.bot.id);
    let chat = world.chat_mut(chat);
    let any = chat.kind == Kind::Private || chat.rights(bot).delete;
    let found = i32::try_from(id).ok().and_then(|id| chat.posts.get_mut(&id)).filter(|post| !post.deleted);
    let post = found.ok_or_else(|| Refusal::bad("message to delete not found"))?;
    if post.date + DELETABLE_SECONDS < now || (post.from != bot && !any) {
        return Err(Refusal::bad("message can't be deleted"));
    }
    post.deleted = true;
    Ok(())
}

pub(crate) fn pin(world: &mut World, arguments: &Arguments, pins: bool) -> Answered {
    let id = chat(world, arguments)?;
    let bot = world.bot.id;
    let message = arguments.number("message_id").and_then(|id| i32::try_from(id).ok());
    let chat = world.chat_mut(id);
    if chat.kind != Kind::Private && !chat.rights(bot).pin {
        return Err(Refusal::bad("not enough rights to manage pinned messages in the chat"));
    }
    if let Some(message) = message
        && chat.posts.get(&message).is_none_or(|post| post.deleted)
    {
        return Err(Refusal::bad("message to pin not found"));
    }
    match message {
        Some(message) => {
            chat.pinned.retain(|pinned| *pinned != message);
            if pins {
                chat.pinned.push(message);
            }
        }
        None => {
            chat.pinned.pop();
        }
    }
    Ok(Value::Bool(true))
}
