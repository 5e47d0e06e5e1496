//! Messages that the bot writes.

use serde_json::{Map, Value};

use super::{Answered, Refusal, writable};
use crate::arguments::Arguments;
use crate::formatting::html;
use crate::world::{Kind, Post, World};

/// A text and its entities, by the names `text` and `entities` or `caption` and `caption_entities`.
pub(crate) fn formatted(given: &Map<String, Value>, name: &str) -> Result<Map<String, Value>, Refusal> {
    let mut body = Map::new();
    let Some(source) = given.get(name).and_then(Value::as_str) else {
        return Ok(body);
    };
    let entities_name = if name == "caption" { "caption_entities" } else { "entities" };
    let (text, entities) =
        if given.get("parse_mode").and_then(Value::as_str).is_some_and(|mode| !mode.is_empty()) {
            html(source).map_err(|error| Refusal::bad(&format!("can't parse entities: {error}")))?
        } else {
            let entities = given.get(entities_name).and_then(Value::as_array).cloned();
            (source.trim_end().to_owned(), entities.unwrap_or_default())
        };
    if !text.is_empty() {
        body.insert(name.to_owned(), Value::from(text));
    }
    if !entities.is_empty() {
        body.insert(entities_name.to_owned(), Value::Array(entities));
    }
    Ok(body)
}

/// The picture that an argument names: it came along, or is kept already.
pub(crate) fn picture(world: &mut World, arguments: &Arguments, given: &str) -> Answered {
    if let Some(upload) = given.strip_prefix("attach://").and_then(|name| arguments.files.get(name)) {
        return Ok(world.files.keep_photo(upload.bytes.clone(), None));
    }
    let file = world.files.get(given).cloned().ok_or_else(wrong_file)?;
    Ok(world.files.keep_photo(file.bytes.clone(), Some(file.size)))
}

/// The document that an argument names.
pub(crate) fn paper(world: &mut World, arguments: &Arguments, given: &str) -> Answered {
    if let Some(upload) = given.strip_prefix("attach://").and_then(|name| arguments.files.get(name)) {
        return Ok(world.files.keep("documents", &upload.name, upload.bytes.clone(), None).document());
    }
    world.files.get(given).map(crate::world::File::document).ok_or_else(wrong_file)
}

/// A file that this double cannot fetch: of the Internet it sees nothing.
fn wrong_file() -> Refusal {
    Refusal::bad("wrong file identifier/HTTP URL specified")
}

/// Puts a message of the bot into a chat, with what every sending method has: buttons, and what it answers.
fn send(world: &mut World, chat: i64, arguments: &Arguments, body: Map<String, Value>) -> Answered {
    let mut post = Post::new(world.bot.id, body);
    post.silent = arguments.flag("disable_notification");
    if let Some(reply) = arguments.get("reply_parameters") {
        let id = reply["message_id"].as_i64().and_then(|id| i32::try_from(id).ok()).unwrap_or_default();
        let there = world.chat(chat).posts.get(&id).is_some_and(|post| !post.deleted);
        if there {
            post.reply_to = Some(id);
        } else if reply["allow_sending_without_reply"] != true {
            return Err(Refusal::bad("message to be replied not found"));
        }
    }
    let markup = arguments.get("reply_markup");
    let keyboard = match markup {
        Some(markup) if markup.get("inline_keyboard").is_some() => {
            // An empty keyboard is none.
            post.markup = Some(markup.clone()).filter(|_| !post_is_bare(markup));
            None
        }
        other => other,
    };
    let id = world.post(chat, post);
    if let Some(keyboard) = keyboard.filter(|_| world.chat(chat).kind == Kind::Private) {
        let shown = keyboard.get("keyboard").is_some();
        world.chat_mut(chat).keyboard = shown.then(|| keyboard.clone());
    }
    world.chat_mut(chat).action = None;
    Ok(world.message_json(chat, id))
}

pub(crate) fn post_is_bare(markup: &Value) -> bool {
    markup["inline_keyboard"]
        .as_array()
        .is_none_or(|rows| rows.iter().all(|row| row.as_array().is_none_or(Vec::is_empty)))
}

pub(crate) fn message(world: &mut World, arguments: &Arguments) -> Answered {
    let chat = writable(world, arguments)?;
    let body = formatted(&arguments.fields, "text")?;
    send(world, chat, arguments, body)
}

pub(crate) fn photo(world: &mut World, arguments: &Arguments) -> Answered {
    let chat = writable(world, arguments)?;
    let mut body = formatted(&arguments.fields, "caption")?;
    let photo = picture(world, arguments, arguments.text("photo").unwrap_or_default())?;
    body.insert("photo".to_owned(), photo);
    send(world, chat, arguments, body)
}

pub(crate) fn document(world: &mut World, arguments: &Arguments) -> Answered {
    let chat = writable(world, arguments)?;
    let mut body = formatted(&arguments.fields, "caption")?;
    let document = paper(world, arguments, arguments.text("document").unwrap_or_default())?;
    body.insert("document".to_owned(), document);
    send(world, chat, arguments, body)
}

/// The body of one medium of an album or an edit.
pub(crate) fn medium(
    world: &mut World,
    arguments: &Arguments,
    medium: &Value,
) -> Result<Map<String, Value>, Refusal> {
    let given = medium.as_object().ok_or_else(|| Refusal::bad("media must be an object"))?;
    let mut body = formatted(given, "caption")?;
    let file = given.get("media").and_then(Value::as_str).unwrap_or_default();
    let (name, file) = match given.get("type").and_then(Value::as_str) {
        Some("photo") => ("photo", picture(world, arguments, file)?),
        Some("document") => ("document", paper(world, arguments, file)?),
        other => {
            return Err(Refusal::bad(&format!(
                "this double sends photos and documents, not {}",
                other.unwrap_or("?")
            )));
        }
    };
    body.insert(name.to_owned(), file);
    Ok(body)
}

pub(crate) fn album(world: &mut World, arguments: &Arguments) -> Answered {
    let chat = writable(world, arguments)?;
    let group = world.next().to_string();
    let mut bodies = Vec::new();
    for each in arguments.list("media") {
        let mut body = medium(world, arguments, each)?;
        body.insert("media_group_id".to_owned(), Value::from(group.clone()));
        bodies.push(body);
    }
    let sent: Result<Vec<_>, _> = bodies.into_iter().map(|body| send(world, chat, arguments, body)).collect();
    Ok(Value::Array(sent?))
}

pub(crate) fn action(world: &mut World, arguments: &Arguments) -> Answered {
    let chat = writable(world, arguments)?;
    world.chat_mut(chat).action = arguments.text("action").map(str::to_owned);
    Ok(Value::Bool(true))
}
