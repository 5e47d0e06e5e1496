//! x
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::{Request, Response, StatusCode};
use serde_json::Value;

use crate::double::Shared;
use crate::server::{Body, reply};
use crate::world::World;

pub(crate) async fn answer(_shared: Arc<Shared>, _request: Request<Incoming>) -> Response<Body> {
    reply(StatusCode::NOT_FOUND, "text/plain", "")
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
