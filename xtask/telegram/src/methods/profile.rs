//! What the bot is, what it says of itself, and how it is told of things.

use serde_json::{Value, json};

use super::{Answered, Refusal};
use crate::arguments::Arguments;
use crate::world::{Webhook, World};

pub(crate) fn me(world: &World) -> Value {
    let mut me = world.user_json(world.bot.id);
    for (name, can) in [
        ("can_join_groups", true),
        ("can_read_all_group_messages", false),
        ("supports_inline_queries", true),
        ("can_connect_to_business", false),
        ("has_main_web_app", false),
    ] {
        me[name] = Value::Bool(can);
    }
    me
}

/// Confirms and takes what is there.
pub(crate) fn updates(world: &mut World, arguments: &Arguments) -> Answered {
    if world.updates.webhook.is_some() {
        return Err(Refusal::new(
            409,
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
        ));
    }
    world.updates.allow(arguments.get("allowed_updates"));
    if let Some(offset) = arguments.number("offset") {
        world.updates.confirm(offset);
    }
    let limit = arguments.number("limit").and_then(|limit| usize::try_from(limit).ok()).unwrap_or(100);
    Ok(Value::Array(world.updates.first(limit)))
}

pub(crate) fn set_webhook(world: &mut World, arguments: &Arguments) -> Answered {
    let url = arguments.text("url").unwrap_or_default();
    if url.is_empty() {
        return delete_webhook(world, arguments);
    }
    world.updates.allow(arguments.get("allowed_updates"));
    if arguments.flag("drop_pending_updates") {
        world.updates.forget();
    }
    world.updates.poll += 1;
    world.updates.webhook = Some(Webhook {
        url: url.to_owned(),
        secret: arguments.text("secret_token").map(str::to_owned),
        max_connections: arguments.number("max_connections").unwrap_or(40),
        last_error: None,
    });
    Ok(Value::Bool(true))
}

pub(crate) fn delete_webhook(world: &mut World, arguments: &Arguments) -> Answered {
    world.updates.webhook = None;
    if arguments.flag("drop_pending_updates") {
        world.updates.forget();
    }
    Ok(Value::Bool(true))
}

pub(crate) fn webhook_info(world: &World) -> Value {
    let webhook = world.updates.webhook.clone().unwrap_or_default();
    let mut info = json!({
        "url": webhook.url,
        "has_custom_certificate": false,
        "pending_update_count": world.updates.waiting(),
    });
    if world.updates.webhook.is_some() {
        info["max_connections"] = Value::from(webhook.max_connections);
    }
    if let Some((date, message)) = webhook.last_error {
        info["last_error_date"] = Value::from(date);
        info["last_error_message"] = Value::from(message);
    }
    if !world.updates.allowed().is_empty() {
        info["allowed_updates"] = json!(world.updates.allowed());
    }
    info
}

fn scope(arguments: &Arguments) -> (String, String) {
    let scope = arguments.get("scope").cloned().unwrap_or_else(|| json!({"type": "default"}));
    (scope.to_string(), arguments.text("language_code").unwrap_or_default().to_owned())
}

pub(crate) fn set_commands(world: &mut World, arguments: &Arguments) -> Answered {
    world.bot.commands.insert(scope(arguments), arguments.list("commands").to_vec());
    Ok(Value::Bool(true))
}

pub(crate) fn delete_commands(world: &mut World, arguments: &Arguments) -> Answered {
    world.bot.commands.remove(&scope(arguments));
    Ok(Value::Bool(true))
}

pub(crate) fn commands(world: &World, arguments: &Arguments) -> Value {
    Value::Array(world.bot.commands.get(&scope(arguments)).cloned().unwrap_or_default())
}

pub(crate) fn set_menu_button(world: &mut World, arguments: &Arguments) -> Answered {
    let chat = arguments.number("chat_id");
    if let Some(chat) = chat
        && !world.people.contains_key(&chat)
    {
        return Err(Refusal::bad("chat not found"));
    }
    let button = arguments.get("menu_button").cloned().unwrap_or_else(|| json!({"type": "default"}));
    world.bot.menu_buttons.insert(chat, button);
    Ok(Value::Bool(true))
}

/// The button beside the field to type in: of this chat, or else of all.
pub(crate) fn menu_button(world: &World, chat: Option<i64>) -> Value {
    let buttons = &world.bot.menu_buttons;
    let own = buttons.get(&chat).filter(|button| button["type"] != "default");
    own.or_else(|| buttons.get(&None)).cloned().unwrap_or_else(|| json!({"type": "commands"}))
}

/// The bot's texts about itself, by language.
pub(crate) fn about(world: &mut World, method: &str, arguments: &Arguments) -> Value {
    let language = arguments.text("language_code").unwrap_or_default().to_owned();
    let (field, texts) = match &method[3..] {
        "MyDescription" => ("description", &mut world.bot.description),
        "MyShortDescription" => ("short_description", &mut world.bot.short_description),
        _ => {
            if let Some(name) = arguments.text("name").filter(|name| !name.is_empty()) {
                name.clone_into(&mut world.bot.name);
            }
            let name = world.bot.name.clone();
            return if method.starts_with("set") { Value::Bool(true) } else { json!({"name": name}) };
        }
    };
    if method.starts_with("set") {
        texts.insert(language, arguments.text(field).unwrap_or_default().to_owned());
        return Value::Bool(true);
    }
    json!({field: texts.get(&language).or_else(|| texts.get("")).cloned().unwrap_or_default()})
}
