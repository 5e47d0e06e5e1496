//! Messages, as the bot reads them and as people see them.
//!
//! Invariants: a post's body is what Telegram would send of it, but for what changes by itself (who, when, where).

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::Files;
use crate::formatting::units;

/// A message within its chat.
#[derive(Clone, Debug)]
pub(crate) struct Post {
    pub(crate) id: i32,
    pub(crate) date: i64,
    pub(crate) edit_date: Option<i64>,
    pub(crate) from: i64,
    /// Text or caption, entities, photo and all the rest, by Telegram's names.
    pub(crate) body: Map<String, Value>,
    /// The buttons under it.
    pub(crate) markup: Option<Value>,
    pub(crate) reply_to: Option<i32>,
    /// It came without a sound.
    pub(crate) silent: bool,
    pub(crate) edits: u32,
    pub(crate) deleted: bool,
}

/// A message as a person sees it.
#[derive(Clone, Debug)]
pub struct Message {
    /// The chat it is in.
    pub chat: i64,
    /// Its number within the chat.
    pub id: i32,
    /// Whether the bot wrote it.
    pub from_bot: bool,
    /// The text, or the caption of a picture.
    pub text: String,
    /// `MessageEntity` of the text.
    pub entities: Vec<Value>,
    /// The buttons under it, row by row.
    pub buttons: Vec<Vec<Button>>,
    /// The picture.
    pub photo: Option<Bytes>,
    /// Name and content of a document.
    pub document: Option<(String, Bytes)>,
    /// The message that it answers.
    pub reply_to: Option<i32>,
    /// Whether it came without a sound. An edit never makes one.
    pub silent: bool,
    /// How often it was edited.
    pub edits: u32,
    /// Whether it was deleted since.
    pub deleted: bool,
}

/// A button under a message. Each does one thing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Button {
    /// What stands on it.
    pub text: String,
    /// What the bot is told when it is pressed.
    pub data: Option<String>,
    /// An address that it opens.
    pub url: Option<String>,
    /// A Mini App that it opens.
    pub web_app: Option<String>,
    /// What it types after the bot's name, in this chat or another.
    pub switch_inline: Option<String>,
    /// A text that it copies.
    pub copies: Option<String>,
}

impl Message {
    /// What stands on the buttons, one after another.
    #[must_use]
    pub fn labels(&self) -> Vec<&str> {
        self.buttons.iter().flatten().map(|button| button.text.as_str()).collect()
    }

    /// The button with this text.
    #[must_use]
    pub fn button(&self, label: &str) -> Option<&Button> {
        self.buttons.iter().flatten().find(|button| button.text == label)
    }
}

impl Post {
    pub(crate) fn new(from: i64, body: Map<String, Value>) -> Self {
        Self {
            id: 0,
            date: 0,
            edit_date: None,
            from,
            body,
            markup: None,
            reply_to: None,
            silent: false,
            edits: 0,
            deleted: false,
        }
    }

    /// The text, or the caption.
    pub(crate) fn text(&self) -> &str {
        self.body.get("text").or_else(|| self.body.get("caption")).and_then(Value::as_str).unwrap_or_default()
    }

    /// Whether Telegram itself wrote it.
    pub(crate) fn is_service(&self) -> bool {
        ["text", "photo", "document", "voice", "contact"].iter().all(|kind| !self.body.contains_key(*kind))
    }

    /// The buttons of a keyboard under a message.
    pub(crate) fn buttons(&self) -> Vec<Vec<Button>> {
        let rows = self.markup.as_ref().and_then(|markup| markup["inline_keyboard"].as_array());
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let button = |button: &Value| Button {
            text: text(&button["text"]).unwrap_or_default(),
            data: text(&button["callback_data"]),
            url: text(&button["url"]),
            web_app: text(&button["web_app"]["url"]),
            switch_inline: text(&button["switch_inline_query"])
                .or_else(|| text(&button["switch_inline_query_current_chat"]))
                .or_else(|| text(&button["switch_inline_query_chosen_chat"]["query"])),
            copies: text(&button["copy_text"]["text"]),
        };
        rows.into_iter()
            .flatten()
            .map(|row| row.as_array().into_iter().flatten().map(button).collect())
            .collect()
    }

    pub(crate) fn view(&self, chat: i64, bot: i64, files: &Files) -> Message {
        let file = |value: &Value| files.get(value["file_id"].as_str()?);
        let photo = self.body.get("photo").and_then(|sizes| file(sizes.as_array()?.last()?));
        let document = self.body.get("document").and_then(file);
        let entities = self.body.get("entities").or_else(|| self.body.get("caption_entities"));
        Message {
            chat,
            id: self.id,
            from_bot: self.from == bot,
            text: self.text().to_owned(),
            entities: entities.and_then(Value::as_array).cloned().unwrap_or_default(),
            buttons: self.buttons(),
            photo: photo.map(|file| file.bytes.clone()),
            document: document.map(|file| (file.name.clone(), file.bytes.clone())),
            reply_to: self.reply_to,
            silent: self.silent,
            edits: self.edits,
            deleted: self.deleted,
        }
    }
}

/// The body of a text that a person typed; Telegram marks the command in it.
pub(crate) fn entities_of_person(text: &str) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("text".to_owned(), Value::from(text));
    if text.starts_with('/') && text.len() > 1 {
        let command = text.split_whitespace().next().unwrap_or(text);
        body.insert(
            "entities".to_owned(),
            json!([{"type": "bot_command", "offset": 0, "length": units(command)}]),
        );
    }
    body
}
