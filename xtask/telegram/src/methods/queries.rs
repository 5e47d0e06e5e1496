//! Answers to pressed buttons, to words typed after the bot's name and to Mini Apps; and files.

use serde_json::{Map, Value, json};

use super::{Answered, Refusal};
use crate::arguments::Arguments;
use crate::formatting::html;
use crate::world::{Answer, Post, World, random};

/// "Bots can currently download files of up to 20MB in size."
const MAX_DOWNLOAD_BYTES: u64 = 20 << 20;

fn too_old() -> Refusal {
    Refusal::bad("query is too old and response timeout expired or query ID is invalid")
}

pub(crate) fn callback(world: &mut World, arguments: &Arguments) -> Answered {
    let id = arguments.text("callback_query_id").unwrap_or_default();
    let person = world.queries.answer(id, world.now).ok_or_else(too_old)?;
    world.person_mut(person).answers.push(Answer {
        text: arguments.text("text").unwrap_or_default().to_owned(),
        alert: arguments.flag("show_alert"),
        url: arguments.text("url").map(str::to_owned),
    });
    Ok(Value::Bool(true))
}

pub(crate) fn inline(world: &mut World, arguments: &Arguments) -> Answered {
    let id = arguments.text("inline_query_id").unwrap_or_default();
    let query = world.queries.inline.get_mut(id).filter(|query| !query.answered).ok_or_else(too_old)?;
    query.answered = true;
    let (person, text) = (query.from, query.query.clone());
    world.person_mut(person).inline_results = Some((text, arguments.list("results").to_vec()));
    Ok(Value::Bool(true))
}

pub(crate) fn prepare(world: &mut World, arguments: &Arguments) -> Answered {
    let person = arguments.number("user_id").unwrap_or_default();
    if !world.people.contains_key(&person) {
        return Err(Refusal::bad("user not found"));
    }
    let kinds = ["allow_user_chats", "allow_bot_chats", "allow_group_chats", "allow_channel_chats"];
    if !kinds.iter().any(|kind| arguments.flag(kind)) {
        return Err(Refusal::bad("at least one chat type must be allowed"));
    }
    let id = random(16);
    let result = arguments.get("result").cloned().unwrap_or_default();
    world.prepared.insert(id.clone(), (person, result));
    Ok(json!({"id": id, "expiration_date": world.now + 600}))
}

/// A Mini App says something in its user's name, once.
pub(crate) fn web_app(world: &mut World, arguments: &Arguments) -> Answered {
    let id = arguments.text("web_app_query_id").unwrap_or_default();
    let person = world.web_app_queries.remove(id).ok_or_else(too_old)?;
    let result = arguments.get("result").cloned().unwrap_or_default();
    let mut post = Post::new(person, content(&result)?);
    post.body.insert("via_bot".to_owned(), world.user_json(world.bot.id));
    post.markup = result.get("reply_markup").cloned();
    world.post(person, post);
    Ok(json!({"inline_message_id": random(24)}))
}

/// The body of the message that an inline result sends.
pub(crate) fn content(result: &Value) -> Result<Map<String, Value>, Refusal> {
    let given = &result["input_message_content"];
    let source = given["message_text"].as_str().or_else(|| result["caption"].as_str()).unwrap_or_default();
    let mode = given["parse_mode"].as_str().or_else(|| result["parse_mode"].as_str());
    let (text, entities) = match mode {
        Some(mode) if !mode.is_empty() => {
            html(source).map_err(|error| Refusal::bad(&format!("can't parse entities: {error}")))?
        }
        _ => (source.to_owned(), Vec::new()),
    };
    let mut body = Map::new();
    body.insert("text".to_owned(), Value::from(text));
    if !entities.is_empty() {
        body.insert("entities".to_owned(), Value::Array(entities));
    }
    Ok(body)
}

pub(crate) fn file(world: &mut World, arguments: &Arguments) -> Answered {
    let id = arguments.text("file_id").unwrap_or_default();
    let file = world
        .files
        .get(id)
        .ok_or_else(|| Refusal::bad("wrong file_id or the file is temporarily unavailable"))?;
    if file.size > MAX_DOWNLOAD_BYTES {
        return Err(Refusal::bad("file is too big"));
    }
    Ok(file.json())
}
