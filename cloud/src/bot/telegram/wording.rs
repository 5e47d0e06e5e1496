//! What a screen looks like in Telegram: how long its texts may be, and what its buttons are.
//!
//! Invariants: whatever people put into a text, Telegram takes it; a text is cut between characters.
//!
//! What must never be here: the network.

use teloxide::types::{
    ButtonRequest, InlineKeyboardButton, InlineKeyboardMarkup, InlineQueryResult, InlineQueryResultArticle,
    InputMessageContent, InputMessageContentText, KeyboardButton, KeyboardMarkup, KeyboardRemove,
    LinkPreviewOptions, ReplyMarkup, WebAppInfo,
};

use url::Url;

use crate::bot::talk::{Does, Key, Keyboard, Offer, Screen};

/// The longest texts, in units of UTF-16: of a message, under a picture, of an answer to a press.
pub(super) const TEXT: usize = 4_096;
pub(super) const CAPTION: usize = 1_024;
pub(super) const ANSWER: usize = 200;
/// The longest name of a way in, in characters.
pub(super) const LINK_NAME: usize = 32;
/// The most answers to choose from.
const OFFERS: usize = 50;
/// What stands where a text was cut.
const CUT: char = '…';

/// A text that is short enough.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.encode_utf16().count() <= most {
        return text.to_owned();
    }
    let mut left = most - CUT.len_utf16();
    let fits = |c: &char| {
        let fits = c.len_utf16() <= left;
        left -= if fits { c.len_utf16() } else { left };
        fits
    };
    let mut short: String = text.chars().take_while(fits).collect();
    short.truncate(short.trim_end().len());
    short.push(CUT);
    short
}

/// The buttons under a message; nothing where there are none.
pub(super) fn keys(screen: &Screen, chat: i64) -> Option<InlineKeyboardMarkup> {
    let rows =
        screen.keys.iter().map(|row| row.iter().filter_map(|key| button(key, chat)).collect::<Vec<_>>());
    let rows: Vec<_> = rows.filter(|row| !row.is_empty()).collect();
    (!rows.is_empty()).then(|| InlineKeyboardMarkup::new(rows))
}

fn button(key: &Key, chat: i64) -> Option<InlineKeyboardButton> {
    let label = key.label.clone();
    Some(match &key.does {
        Does::Press(press) => InlineKeyboardButton::callback(label, press.to_string()),
        Does::Share(text) => InlineKeyboardButton::switch_inline_query(label, text.clone()),
        Does::Open(url) => InlineKeyboardButton::url(label, url.parse().ok()?),
        Does::App(url) => {
            let url: Url = url.parse().ok()?;
            // Telegram opens a page within itself over https alone, and in nobody's chat but one's own.
            match url.scheme() == "https" && chat > 0 {
                true => InlineKeyboardButton::web_app(label, WebAppInfo { url }),
                false => InlineKeyboardButton::url(label, url),
            }
        }
    })
}

/// What stands under a new message, or in the place of the keyboard: Telegram has room for one of the two, and buttons go first.
pub(super) fn markup(screen: &Screen, chat: i64) -> Option<ReplyMarkup> {
    if let Some(keys) = keys(screen, chat) {
        return Some(ReplyMarkup::InlineKeyboard(keys));
    }
    let row = |words: &Vec<String>| words.iter().map(KeyboardButton::new).collect::<Vec<_>>();
    let shown = |rows: Vec<Vec<KeyboardButton>>| KeyboardMarkup::new(rows).resize_keyboard().persistent();
    match &screen.keyboard {
        Keyboard::Same => None,
        Keyboard::Words(rows) if rows.iter().any(|row| !row.is_empty()) => {
            Some(shown(rows.iter().filter(|words| !words.is_empty()).map(row).collect()).into())
        }
        Keyboard::None | Keyboard::Words(_) => Some(KeyboardRemove::new().into()),
        Keyboard::Phone { label, words } => {
            let phone = vec![KeyboardButton::new(label).request(ButtonRequest::Contact)];
            let below = Some(row(words)).filter(|row| !row.is_empty());
            Some(shown(std::iter::once(phone).chain(below).collect()).into())
        }
    }
}

/// Answers to choose from.
pub(super) fn offers(offers: &[Offer]) -> Vec<InlineQueryResult> {
    let result = |offer: &Offer| {
        let text =
            InputMessageContentText::new(cut(&offer.screen.text, TEXT)).link_preview_options(no_preview());
        let article =
            InlineQueryResultArticle::new(&offer.name, &offer.title, InputMessageContent::Text(text));
        let article = article.description(&offer.about);
        // Whoever chooses sends it where they like.
        match keys(&offer.screen, 0) {
            Some(keys) => article.reply_markup(keys).into(),
            None => article.into(),
        }
    };
    offers.iter().take(OFFERS).map(result).collect()
}

/// A link to a pass or to a chat is no picture of it.
pub(super) fn no_preview() -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::bot::talk::Press;

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(cut("коротко", 7), "коротко");
        assert_eq!(cut("коротко", 6), "корот…");
        // A face is two units.
        assert_eq!(cut("😀😀😀", 6), "😀😀😀");
        assert_eq!(cut("😀😀😀", 5), "😀😀…");
        assert_eq!(cut("😀😀😀", 4), "😀…");
        assert_eq!(cut("слово слово", 7), "слово…");
        let long = cut(&"я😀".repeat(4_000), TEXT);
        assert!(long.encode_utf16().count() <= TEXT && long.encode_utf16().count() > TEXT - 3);
    }

    #[test]
    fn buttons_do_what_they_say() {
        let app = |url: &str| Key { label: "App".to_owned(), does: Does::App(url.to_owned()) };
        let share = Key { label: "Share".to_owned(), does: Does::Share("такси".to_owned()) };
        let screen = Screen::text("?")
            .row([Key::press("Да", Press::verb("yes")), Key::open("Сайт", "https://cloud.example/a")])
            .row([app("https://cloud.example/"), app("http://cloud.example/"), share])
            .row([Key::open("Никуда", "nowhere")])
            .keyboard(Keyboard::None);
        let buttons = json!({"inline_keyboard": [
            [{"text": "Да", "callback_data": "yes"}, {"text": "Сайт", "url": "https://cloud.example/a"}],
            [{"text": "App", "web_app": {"url": "https://cloud.example/"}},
             {"text": "App", "url": "http://cloud.example/"}, {"text": "Share", "switch_inline_query": "такси"}],
        ]});
        assert_eq!(serde_json::to_value(markup(&screen, 5)).unwrap(), buttons);
        let in_a_group = serde_json::to_value(keys(&screen, -5)).unwrap();
        assert_eq!(in_a_group["inline_keyboard"][1][0]["url"], "https://cloud.example/");
    }

    #[test]
    fn words_stand_in_the_place_of_the_keyboard() {
        let shown =
            |keyboard| serde_json::to_value(markup(&Screen::text("?").keyboard(keyboard), 5)).unwrap();
        assert_eq!(shown(Keyboard::Same), json!(null));
        assert_eq!(shown(Keyboard::None), json!({"remove_keyboard": true}));
        assert_eq!(shown(Keyboard::Words(vec![vec![]])), json!({"remove_keyboard": true}));
        let words = Keyboard::Words(vec![vec!["Пропуск".to_owned()], vec![]]);
        let keyboard =
            json!({"keyboard": [[{"text": "Пропуск"}]], "is_persistent": true, "resize_keyboard": true});
        assert_eq!(shown(words), keyboard);
        let phone =
            Keyboard::Phone { label: "Мой номер".to_owned(), words: vec!["Отмена".to_owned()] };
        let rows = json!([[{"text": "Мой номер", "request_contact": true}], [{"text": "Отмена"}]]);
        assert_eq!(shown(phone)["keyboard"], rows);
    }
}
