//! Telegram's limits, as its documentation states them in words, and the words with which it refuses what breaks them.
//!
//! Invariants: a check sees the arguments alone, never the state of the chats.
//! What must never be here: types and required fields, which `decoding` and `description` look at.

use serde_json::{Map, Value};

use crate::arguments::Arguments;
use crate::formatting::{html, units};

const MAX_TEXT_UNITS: usize = 4096;
const MAX_CAPTION_UNITS: usize = 1024;
const MAX_CALLBACK_DATA_BYTES: usize = 64;
const MAX_ANSWER_CHARS: usize = 200;
const MAX_INLINE_RESULTS: usize = 50;
const MAX_COMMANDS: usize = 100;
const MAX_PHOTO_BYTES: usize = 10 << 20;
const MAX_FILE_BYTES: usize = 50 << 20;
/// What Telegram takes in one keyboard; not in its documentation, found by those who met it.
const MAX_INLINE_BUTTONS: usize = 100;

/// What is wrong with the arguments, in Telegram's words; the first of them is the answer.
pub(crate) fn check(method: &str, arguments: &Arguments) -> Vec<String> {
    let mut found = Vec::new();
    match method {
        "sendMessage" | "editMessageText" => {
            found.extend(text(
                &arguments.fields,
                "text",
                MAX_TEXT_UNITS,
                "message text is empty",
                "message is too long",
            ));
        }
        "sendPhoto" | "sendDocument" | "editMessageCaption" => found.extend(caption(&arguments.fields)),
        "sendMediaGroup" => album(arguments, &mut found),
        "editMessageMedia" => {
            if let Some(media) = arguments.get("media").and_then(Value::as_object) {
                found.extend(caption(media));
                file(arguments, media, "media", media.get("type") == Some(&Value::from("photo")), &mut found);
            }
        }
        "answerCallbackQuery"
            if arguments.text("text").is_some_and(|text| text.chars().count() > MAX_ANSWER_CHARS) =>
        {
            found.push("MESSAGE_TOO_LONG".to_owned());
        }
        "answerInlineQuery" => inline_results(arguments, &mut found),
        "savePreparedInlineMessage" | "answerWebAppQuery" => {
            found.extend(arguments.get("result").and_then(Value::as_object).and_then(inline_result));
        }
        "setMyCommands" => commands(arguments.list("commands"), &mut found),
        "setMyDescription" => longest(arguments, "description", 512, "description is too long", &mut found),
        "setMyShortDescription" => {
            longest(arguments, "short_description", 120, "short description is too long", &mut found);
        }
        "setMyName" => longest(arguments, "name", 64, "name is too long", &mut found),
        "createChatInviteLink" | "editChatInviteLink" => invite_link(arguments, &mut found),
        "getUpdates" if arguments.number("limit").is_some_and(|limit| !(1..=100).contains(&limit)) => {
            found.push("limit must be between 1 and 100".to_owned());
        }
        "setWebhook" => webhook(arguments, &mut found),
        "setChatMenuButton" => menu_button(arguments.get("menu_button"), &mut found),
        _ => {}
    }
    match method {
        "sendPhoto" => file(arguments, &arguments.fields, "photo", true, &mut found),
        "sendDocument" => file(arguments, &arguments.fields, "document", false, &mut found),
        _ => {}
    }
    if let Some(markup) = arguments.get("reply_markup") {
        keyboard(markup, &mut found);
    }
    found
}

/// The text of a message, whose tags do not count.
fn text(fields: &Map<String, Value>, name: &str, most: usize, empty: &str, long: &str) -> Option<String> {
    let source = fields.get(name).and_then(Value::as_str)?;
    let plain = match fields.get("parse_mode").and_then(Value::as_str) {
        None | Some("") => source.to_owned(),
        Some(mode) if mode.eq_ignore_ascii_case("html") => match html(source) {
            Ok((plain, _)) => plain,
            Err(error) => return Some(format!("can't parse entities: {error}")),
        },
        Some(mode) => {
            return Some(format!("unsupported parse_mode (this double reads HTML only, not {mode})"));
        }
    };
    if plain.trim().is_empty() && !empty.is_empty() {
        Some(empty.to_owned())
    } else if units(plain.trim()) > most {
        Some(long.to_owned())
    } else {
        None
    }
}

fn caption(fields: &Map<String, Value>) -> Option<String> {
    text(fields, "caption", MAX_CAPTION_UNITS, "", "message caption is too long")
}

fn album(arguments: &Arguments, found: &mut Vec<String>) {
    let media = arguments.list("media");
    if !(2..=10).contains(&media.len()) {
        found.push("there must be from 2 to 10 media in an album".to_owned());
    }
    for media in media.iter().filter_map(Value::as_object) {
        found.extend(caption(media));
        file(arguments, media, "media", media.get("type") == Some(&Value::from("photo")), found);
    }
}

/// A file to be sent: one that came along, whole and not too big, or the id or address of another.
fn file(
    arguments: &Arguments,
    fields: &Map<String, Value>,
    name: &str,
    photo: bool,
    found: &mut Vec<String>,
) {
    let Some(given) = fields.get(name).and_then(Value::as_str) else {
        return;
    };
    if given.is_empty() {
        found.push("file must be non-empty".to_owned());
    }
    let Some(attached) = given.strip_prefix("attach://") else {
        return;
    };
    let Some(upload) = arguments.files.get(attached) else {
        found.push(format!("the file \"{attached}\" is not attached: file must be non-empty"));
        return;
    };
    let bytes = &upload.bytes;
    if bytes.is_empty() {
        found.push("file must be non-empty".to_owned());
    } else if photo && bytes.len() > MAX_PHOTO_BYTES {
        found.push(format!("too big for a photo: {} bytes", bytes.len()));
    } else if bytes.len() > MAX_FILE_BYTES {
        found.push(format!("file is too big: {} bytes", bytes.len()));
    } else if photo && !is_picture(bytes) {
        found.push("IMAGE_PROCESS_FAILED".to_owned());
    }
}

fn is_picture(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xd8\xff")
        || bytes.starts_with(b"\x89PNG\r\n\x1a\n")
        || bytes.starts_with(b"GIF8")
        || (bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"))
}

fn keyboard(markup: &Value, found: &mut Vec<String>) {
    if let Some(rows) = markup.get("inline_keyboard").and_then(Value::as_array) {
        let buttons: Vec<_> = rows.iter().filter_map(Value::as_array).flatten().collect();
        if buttons.len() > MAX_INLINE_BUTTONS {
            found.push("reply markup is too long".to_owned());
        }
        found.extend(buttons.into_iter().filter_map(inline_button));
    }
    if let Some(rows) = markup.get("keyboard").and_then(Value::as_array) {
        if rows.is_empty() {
            found.push("object expected as reply markup: the keyboard has no buttons".to_owned());
        }
        for row in rows {
            let labels = row.as_array().into_iter().flatten();
            let bad = labels
                .map(|button| button.as_str().or_else(|| button["text"].as_str()))
                .any(|label| label.is_none_or(|label| label.trim().is_empty()));
            if bad || row.as_array().is_none_or(Vec::is_empty) {
                found.push("keyboard button text must be non-empty".to_owned());
            }
        }
    }
    if let Some(placeholder) = markup.get("input_field_placeholder").and_then(Value::as_str)
        && !(1..=64).contains(&placeholder.chars().count())
    {
        found.push("input field placeholder must be of 1 to 64 characters".to_owned());
    }
}

/// A button under a message: a text, and one thing to do.
fn inline_button(button: &Value) -> Option<String> {
    let button = button.as_object()?;
    let text = button.get("text").and_then(Value::as_str).unwrap_or_default();
    if text.trim().is_empty() {
        return Some("inline keyboard button text must be non-empty".to_owned());
    }
    let actions = button
        .iter()
        .filter(|(name, value)| {
            !matches!(name.as_str(), "text" | "icon_custom_emoji_id" | "style") && !value.is_null()
        })
        .count();
    if actions == 0 {
        return Some(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
                .to_owned(),
        );
    }
    if actions > 1 {
        return Some(format!("the inline button \"{text}\" does more than one thing"));
    }
    if let Some(data) = button.get("callback_data").and_then(Value::as_str)
        && !(1..=MAX_CALLBACK_DATA_BYTES).contains(&data.len())
    {
        return Some("BUTTON_DATA_INVALID".to_owned());
    }
    let address = button.get("url").or_else(|| button.get("web_app").and_then(|app| app.get("url")));
    if let Some(address) = address.and_then(Value::as_str) {
        return link(address, button.contains_key("web_app"));
    }
    None
}

/// An address that Telegram opens. Mini Apps need HTTPS; of this machine's own pages a plain one will do here.
fn link(address: &str, mini_app: bool) -> Option<String> {
    let Ok(url) = url::Url::parse(address) else {
        return Some("BUTTON_URL_INVALID".to_owned());
    };
    let here = matches!(url.host_str(), Some("127.0.0.1" | "localhost"));
    match url.scheme() {
        "https" => {}
        "http" if here || !mini_app => {}
        "tg" if !mini_app => {}
        _ if mini_app => {
            return Some(
                "inline keyboard button Web App URL is invalid: Only HTTPS links are allowed".to_owned(),
            );
        }
        _ => return Some("BUTTON_URL_INVALID".to_owned()),
    }
    let starts = matches!(url.host_str(), Some("t.me" | "telegram.me"));
    url.query_pairs()
        .filter(|(key, _)| starts && matches!(key.as_ref(), "start" | "startgroup" | "startapp"))
        .find(|(key, value)| key != "startgroup" && !is_payload(value, 1, 64))
        .map(|(key, value)| format!("the deep link's `{key}` is none: \"{value}\""))
}

/// What a deep link carries.
pub(crate) fn is_payload(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

fn inline_results(arguments: &Arguments, found: &mut Vec<String>) {
    let results = arguments.list("results");
    if results.len() > MAX_INLINE_RESULTS {
        found.push("RESULTS_TOO_MUCH".to_owned());
    }
    let mut ids = std::collections::BTreeSet::new();
    for result in results.iter().filter_map(Value::as_object) {
        found.extend(inline_result(result));
        if !ids.insert(result.get("id").and_then(Value::as_str)) {
            found.push("RESULT_ID_DUPLICATE".to_owned());
        }
    }
    if arguments.text("next_offset").is_some_and(|offset| offset.len() > 64) {
        found.push("NEXT_OFFSET_INVALID".to_owned());
    }
    if let Some(button) = arguments.get("button").and_then(Value::as_object) {
        let start = button.get("start_parameter").and_then(Value::as_str);
        let app = button.get("web_app").and_then(|app| app.get("url")).and_then(Value::as_str);
        match (start, app) {
            (Some(start), None) if is_payload(start, 1, 64) => {}
            (None, Some(address)) => found.extend(link(address, true)),
            _ => found.push("START_PARAM_INVALID".to_owned()),
        }
    }
}

fn inline_result(result: &Map<String, Value>) -> Option<String> {
    let id = result.get("id").and_then(Value::as_str).unwrap_or_default();
    if !(1..=64).contains(&id.len()) {
        return Some("RESULT_ID_INVALID".to_owned());
    }
    if let Some(content) = result.get("input_message_content").and_then(Value::as_object)
        && let Some(wrong) = content.get("message_text").map(|_| {
            text(content, "message_text", MAX_TEXT_UNITS, "message text is empty", "MESSAGE_TOO_LONG")
        })
    {
        return wrong.or_else(|| keyboard_of(result));
    }
    caption(result).or_else(|| keyboard_of(result))
}

fn keyboard_of(result: &Map<String, Value>) -> Option<String> {
    let mut found = Vec::new();
    keyboard(result.get("reply_markup")?, &mut found);
    found.into_iter().next()
}

fn commands(commands: &[Value], found: &mut Vec<String>) {
    if commands.len() > MAX_COMMANDS {
        found.push("BOT_COMMANDS_TOO_MUCH".to_owned());
    }
    for command in commands {
        let name = command["command"].as_str().unwrap_or_default();
        let description = command["description"].as_str().unwrap_or_default();
        let fits = (1..=32).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !fits {
            found.push(format!("BOT_COMMAND_INVALID: \"{name}\""));
        }
        if !(1..=256).contains(&description.chars().count()) {
            found.push(format!("BOT_COMMAND_DESCRIPTION_INVALID: \"{name}\""));
        }
    }
}

fn longest(arguments: &Arguments, name: &str, most: usize, long: &str, found: &mut Vec<String>) {
    if arguments.text(name).is_some_and(|text| text.chars().count() > most) {
        found.push(long.to_owned());
    }
}

fn invite_link(arguments: &Arguments, found: &mut Vec<String>) {
    longest(arguments, "name", 32, "invite link name is too long", found);
    match arguments.number("member_limit") {
        Some(_) if arguments.flag("creates_join_request") => {
            found.push(
                "member limit can't be specified for links requiring administrator approval".to_owned(),
            );
        }
        Some(limit) if !(1..=99_999).contains(&limit) => found.push("USAGE_LIMIT_INVALID".to_owned()),
        _ => {}
    }
}

fn webhook(arguments: &Arguments, found: &mut Vec<String>) {
    let Some(address) = arguments.text("url").filter(|address| !address.is_empty()) else {
        return;
    };
    let fits = url::Url::parse(address).is_ok_and(|url| {
        url.scheme() == "https" || matches!(url.host_str(), Some("127.0.0.1" | "localhost"))
    });
    if !fits {
        found.push("bad webhook: An HTTPS URL must be provided for webhook".to_owned());
    }
    if arguments.text("secret_token").is_some_and(|token| !is_payload(token, 1, 256)) {
        found.push("secret token contains unallowed characters".to_owned());
    }
}

fn menu_button(button: Option<&Value>, found: &mut Vec<String>) {
    if let Some(button) = button.filter(|button| button["type"] == "web_app") {
        if button["text"].as_str().is_none_or(|text| text.trim().is_empty()) {
            found.push("menu button text must be non-empty".to_owned());
        }
        match button["web_app"]["url"].as_str() {
            Some(address) => found.extend(link(address, true)),
            None => found.push("menu button Web App URL must be non-empty".to_owned()),
        }
    }
}
