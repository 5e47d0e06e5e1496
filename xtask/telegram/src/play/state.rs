//! What one of the people sees: the chats, the bot and what it offers.
//!
//! What must never be here: what another person's chat with the bot says.

use serde_json::{Value, json};

use crate::methods::menu_button;
use crate::world::{Chat, Kind, Post, World};

/// Everything for a person; without one, who there is to be.
pub(crate) fn of(world: &World, person: Option<i64>) -> Value {
    let people: Vec<_> = world
        .people
        .iter()
        .map(|(id, person)| {
            json!({
                "id": id, "name": person.first_name, "language_code": person.language_code,
                "blocked": person.blocked, "messages": world.chat(*id).posts.len(),
            })
        })
        .collect();
    let mut state =
        json!({"people": people, "bot": {"name": world.bot.name, "username": world.bot.username}});
    let Some((id, person)) = person.and_then(|id| Some((id, world.people.get(&id)?))) else {
        return state;
    };
    let language = person.language_code.as_str();
    let about = world.bot.description.get(language).or_else(|| world.bot.description.get(""));
    let bot = &mut state["bot"];
    bot["description"] = json!(about);
    bot["commands"] = commands(world, language).into_iter().map(|(name, what)| json!([name, what])).collect();
    bot["menu_button"] = menu_button(world, Some(id));
    let groups = world.chats.values().filter(|chat| chat.kind != Kind::Private && chat.migrated_to.is_none());
    let chats: Vec<_> =
        std::iter::once(world.chat(id)).chain(groups).map(|chat| chat_of(world, chat, id)).collect();
    state["person"] = json!({
        "id": id, "name": person.first_name, "language_code": language, "phone": person.phone,
        "started": person.started, "blocked": person.blocked,
        "answers": person.answers.iter().map(|answer| {
            json!({"text": answer.text, "alert": answer.alert, "url": answer.url})
        }).collect::<Vec<_>>(),
        "inline": person.inline_results.as_ref().map(|(words, results)| json!({"words": words, "results": results})),
    });
    state["chats"] = Value::Array(chats);
    state
}

fn chat_of(world: &World, chat: &Chat, person: i64) -> Value {
    let private = chat.kind == Kind::Private;
    let inside = private || chat.status(person).is_present();
    let mut json = json!({
        "id": chat.id, "private": private, "plain": chat.kind == Kind::Group, "title": chat.title, "inside": inside,
    });
    if !inside {
        json["requested"] = Value::Bool(chat.requests.contains_key(&person));
        return json;
    }
    let present = chat.members.iter().filter(|(_, member)| member.status.is_present());
    json["members"] = present.map(|(id, _)| Value::from(name(world, *id))).collect();
    json["pinned"] = json!(chat.pinned);
    json["action"] = json!(chat.action);
    json["keyboard"] = json!(keyboard(chat.keyboard.as_ref()));
    let there = chat.posts.values().filter(|post| !post.deleted);
    json["messages"] = there.map(|post| message(world, chat, post, person)).collect();
    json
}

fn name(world: &World, id: i64) -> &str {
    world.people.get(&id).map_or(world.bot.name.as_str(), |person| person.first_name.as_str())
}

fn message(world: &World, chat: &Chat, post: &Post, person: i64) -> Value {
    let body = &post.body;
    let id_of = |file: &Value| file["file_id"].clone();
    let mut json = json!({
        "id": post.id, "date": post.date, "from": name(world, post.from), "bot": post.from == world.bot.id,
        "own": post.from == person, "text": post.text(), "edited": post.edits > 0,
        "entities": body.get("entities").or_else(|| body.get("caption_entities")),
        "buttons": post.markup.as_ref().map(|markup| markup["inline_keyboard"].clone()),
        "photo": body.get("photo").and_then(Value::as_array).and_then(|sizes| sizes.last()).map(id_of),
        "document": body.get("document").map(|file| json!({"id": id_of(file), "name": file["file_name"]})),
        "voice": body.contains_key("voice"),
        "contact": body.get("contact").map(|contact| contact["phone_number"].clone()),
        "forwarded": body.get("forward_origin").map(|origin| origin["sender_user_name"].clone()),
    });
    if post.is_service() {
        json["service"] = Value::Object(body.clone());
    }
    if let Some(answered) = post.reply_to.and_then(|id| chat.posts.get(&id)) {
        json["reply_to"] = json!({"from": name(world, answered.from), "text": answered.text()});
    }
    json
}

/// The commands for a language: its own, or else those for all.
pub(crate) fn commands(world: &World, language: &str) -> Vec<(String, String)> {
    let of = |language: &str| {
        let scopes = [r#"{"type":"all_private_chats"}"#, r#"{"type":"default"}"#];
        scopes.iter().find_map(|scope| world.bot.commands.get(&((*scope).to_owned(), language.to_owned())))
    };
    let found = of(language).or_else(|| of("")).into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    found.map(|command| (text(&command["command"]), text(&command["description"]))).collect()
}

/// What stands on a `ReplyKeyboardMarkup`.
pub(crate) fn keyboard(markup: Option<&Value>) -> Vec<Vec<String>> {
    let rows = markup.and_then(|markup| markup["keyboard"].as_array()).into_iter().flatten();
    let label = |key: &Value| key.as_str().or_else(|| key["text"].as_str()).unwrap_or_default().to_owned();
    rows.map(|row| row.as_array().into_iter().flatten().map(label).collect()).collect()
}
