//! What Telegram would not take is answered as Telegram would, and remembered.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dwellers_telegram::Double;
use serde_json::{Value, json};

use crate::bot::{Bot, JPEG, Part, violations};

fn button(button: Value) -> Value {
    json!({"inline_keyboard": [[button]]})
}

#[tokio::test]
async fn each_limit_has_its_words() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    anna.starts("");
    let say = |text: String| json!({"chat_id": anna.id(), "text": text});
    let html = |text: &str| json!({"chat_id": anna.id(), "text": text, "parse_mode": "HTML"});
    let marked = |markup: Value| json!({"chat_id": anna.id(), "text": "x", "reply_markup": markup});
    let command =
        |name: &str, description: &str| json!({"commands": [{"command": name, "description": description}]});
    let article = |id: &str| json!({"type": "article", "id": id, "title": "x", "input_message_content": {"message_text": "x"}});
    let inline = |results: Vec<Value>| json!({"inline_query_id": "1", "results": results});
    let many: Vec<_> = (0..51).map(|n| article(&n.to_string())).collect();
    let group = -1_002_000_000_000_i64;
    for (method, arguments, words) in [
        ("sendMessage", say(String::new()), "message text is empty"),
        ("sendMessage", say(" \n".to_owned()), "message text is empty"),
        ("sendMessage", say("🚕".repeat(2049)), "message is too long"),
        (
            "sendMessage",
            html("<b>x"),
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        (
            "sendMessage",
            html("<p>x</p>"),
            "can't parse entities: Unsupported start tag \"p\" at byte offset 0",
        ),
        ("sendMessage", html("<b></b>"), "message text is empty"),
        (
            "sendMessage",
            marked(button(json!({"text": "x", "callback_data": "я".repeat(33)}))),
            "BUTTON_DATA_INVALID",
        ),
        ("sendMessage", marked(button(json!({"text": "x", "callback_data": ""}))), "BUTTON_DATA_INVALID"),
        (
            "sendMessage",
            marked(button(json!({"text": "", "callback_data": "x"}))),
            "inline keyboard button text must be non-empty",
        ),
        (
            "sendMessage",
            marked(button(json!({"text": "x"}))),
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            "sendMessage",
            marked(button(json!({"text": "x", "callback_data": "x", "url": "https://a.ru"}))),
            "the inline button \"x\" does more than one thing",
        ),
        ("sendMessage", marked(button(json!({"text": "x", "url": "нет"}))), "BUTTON_URL_INVALID"),
        (
            "sendMessage",
            marked(button(json!({"text": "x", "url": "https://t.me/bot?start=a%20b"}))),
            "the deep link's `start` is none: \"a b\"",
        ),
        (
            "sendMessage",
            marked(button(json!({"text": "x", "web_app": {"url": "http://a.ru"}}))),
            "inline keyboard button Web App URL is invalid: Only HTTPS links are allowed",
        ),
        (
            "sendMessage",
            marked(json!({"keyboard": [[{"text": ""}]]})),
            "keyboard button text must be non-empty",
        ),
        (
            "sendPhoto",
            json!({"chat_id": anna.id(), "photo": "x", "caption": "x".repeat(1025)}),
            "message caption is too long",
        ),
        (
            "answerCallbackQuery",
            json!({"callback_query_id": "1", "text": "x".repeat(201)}),
            "MESSAGE_TOO_LONG",
        ),
        ("answerInlineQuery", inline(many), "RESULTS_TOO_MUCH"),
        ("answerInlineQuery", inline(vec![article(&"я".repeat(33))]), "RESULT_ID_INVALID"),
        ("answerInlineQuery", inline(vec![article("a"), article("a")]), "RESULT_ID_DUPLICATE"),
        ("setMyCommands", command("Pass", "x"), "BOT_COMMAND_INVALID: \"Pass\""),
        ("setMyCommands", command("pass", &"x".repeat(257)), "BOT_COMMAND_DESCRIPTION_INVALID: \"pass\""),
        ("setMyDescription", json!({"description": "x".repeat(513)}), "description is too long"),
        (
            "setMyShortDescription",
            json!({"short_description": "x".repeat(121)}),
            "short description is too long",
        ),
        (
            "createChatInviteLink",
            json!({"chat_id": group, "member_limit": 1, "creates_join_request": true}),
            "member limit can't be specified for links requiring administrator approval",
        ),
        (
            "createChatInviteLink",
            json!({"chat_id": group, "name": "x".repeat(33)}),
            "invite link name is too long",
        ),
        (
            "setWebhook",
            json!({"url": "http://example.org/"}),
            "bad webhook: An HTTPS URL must be provided for webhook",
        ),
        (
            "setWebhook",
            json!({"url": "https://example.org/", "secret_token": "!"}),
            "secret token contains unallowed characters",
        ),
        ("getUpdates", json!({"limit": 101}), "limit must be between 1 and 100"),
    ] {
        assert_eq!(bot.refused(method, arguments).await, (400, format!("Bad Request: {words}")), "{method}");
        assert!(
            violations(&telegram).contains(&format!("{method}: {words}")),
            "{method}: {words} is not remembered"
        );
    }
    assert_eq!(anna.messages().len(), 1, "none of it was sent");
    // At the limits all is well.
    bot.ok("sendMessage", say("🚕".repeat(2048))).await;
    bot.ok("sendMessage", html(&format!("<b>{}</b>", "x".repeat(4096)))).await;
    bot.ok("sendMessage", marked(button(json!({"text": "x", "callback_data": "я".repeat(32)})))).await;
}

#[tokio::test]
async fn files_have_limits() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    anna.starts("");
    let id = anna.id().to_string();
    let big = [JPEG, &vec![0; 10 << 20]].concat();
    for (bytes, words) in [
        (big.as_slice(), format!("too big for a photo: {} bytes", big.len())),
        (b"".as_slice(), "file must be non-empty".to_owned()),
        (b"plain words".as_slice(), "IMAGE_PROCESS_FAILED".to_owned()),
    ] {
        let parts = [Part::Text("chat_id", &id), Part::File("photo", "a.jpg", bytes)];
        let (status, answer) = bot.form("sendPhoto", &parts).await;
        assert_eq!(
            (status, answer["description"].as_str().unwrap()),
            (400, format!("Bad Request: {words}").as_str())
        );
        assert_eq!(violations(&telegram), [format!("sendPhoto: {words}")]);
    }
    let parts = [Part::Text("chat_id", &id), Part::Text("photo", "attach://none")];
    assert_eq!(bot.form("sendPhoto", &parts).await.0, 400);
    assert_eq!(violations(&telegram).len(), 1);
    let parts = [Part::Text("chat_id", &id), Part::Text("media", r#"[{"type":"photo","media":"x"}]"#)];
    let (_, answer) = bot.form("sendMediaGroup", &parts).await;
    assert_eq!(answer["description"], "Bad Request: there must be from 2 to 10 media in an album");
    assert_eq!(violations(&telegram).len(), 1);
    // A file of somebody who has none is the bot's bad luck, not a broken rule.
    assert_eq!(bot.refused("sendPhoto", json!({"chat_id": anna.id(), "photo": "none"})).await.0, 400);
}

#[tokio::test]
async fn requests_that_other_types_cannot_read_are_found() {
    let telegram = Double::start().await;
    let bot = Bot::of(&telegram);
    for (method, arguments, what) in [
        ("sendMessage", json!({"text": "x"}), "chat_id"),
        ("sendMessage", json!({"chat_id": 1, "text": 5}), "integer `5`"),
        (
            "sendMessage",
            json!({"chat_id": 1, "text": "x", "protect": true}),
            "`protect` is unknown to other types",
        ),
        (
            "sendMessage",
            json!({"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "x", "colour": 1}]]}}),
            "colour",
        ),
        ("getChatMember", json!({"chat_id": 1, "user_id": "x"}), "string \"x\""),
        ("getMe", json!({"x": 1}), "where there are no arguments"),
        ("sendChatAction", json!({"chat_id": 1, "action": "dancing"}), "dancing"),
    ] {
        assert_eq!(bot.call(method, arguments).await.0, 400, "{method}: {what}");
        let found = violations(&telegram);
        assert!(found.iter().any(|violation| violation.contains(what)), "{method}: {what}: {found:?}");
    }
}

#[tokio::test]
async fn unknown_methods_and_unreadable_bodies_are_found() {
    let telegram = Double::start().await;
    let bot = Bot::of(&telegram);
    assert_eq!(bot.refused("sendTelepathy", json!({})).await, (404, "Not Found".to_owned()));
    assert_eq!(violations(&telegram), ["sendTelepathy: there is no such method"]);
    assert_eq!(bot.refused("sendDice", json!({"chat_id": 1})).await.0, 404);
    assert_eq!(violations(&telegram).len(), 1);
    for (kind, body) in [
        ("application/json", "{"),
        ("application/json", "[1]"),
        ("text/plain", "chat_id=1"),
        ("multipart/form-data", "no edge"),
        ("multipart/form-data; boundary=edge", "--edge\r\nbroken"),
    ] {
        let (status, _) = bot.body("sendMessage", kind, body.as_bytes().to_vec()).await;
        assert_eq!((status, telegram.violations().len()), (400, 1), "{kind}: {body}");
    }
}

/// Where Telegram's own description is at hand, it finds what types leave open.
#[tokio::test]
async fn the_description_finds_more() {
    let telegram = Double::start().await;
    let bot = Bot::of(&telegram);
    assert_eq!(bot.refused("sendMessage", json!({"chat_id": 1, "text": 5, "unheard_of": 1})).await.0, 400);
    let found = violations(&telegram);
    if !found.iter().any(|violation| violation.contains("description")) {
        eprintln!("Telegram's description is not at hand; its checks are not tried");
        return;
    }
    assert!(found.contains(&"sendMessage: `text` must be String, not 5".to_owned()), "{found:?}");
    for (arguments, what) in [
        (json!({"chat_id": 1}), "`text` is required"),
        (
            json!({"chat_id": 1, "text": "x", "reply_markup": {"keyboard": [[{"text": "x", "colour": 1}]]}}),
            "`reply_markup.keyboard[0][0].colour` is not in the description",
        ),
        (json!({"chat_id": true, "text": "x"}), "`chat_id` must be Integer, not true"),
        (
            json!({"chat_id": 1, "text": "x", "link_preview_options": {"is_disabled": "yes"}}),
            "`link_preview_options.is_disabled` must be Boolean, not \"yes\"",
        ),
    ] {
        bot.call("sendMessage", arguments).await;
        let found = violations(&telegram);
        assert!(found.iter().any(|violation| violation.contains(what)), "{what}: {found:?}");
    }
}

#[tokio::test]
async fn a_violation_that_nobody_took_fails_the_test() {
    let telegram = Double::start().await;
    Bot::of(&telegram).call("sendMessage", json!({"chat_id": 1})).await;
    let dropped = catch_unwind(AssertUnwindSafe(|| drop(telegram)));
    let words = *dropped.unwrap_err().downcast::<String>().unwrap();
    assert!(words.contains("Telegram would not have taken this") && words.contains("sendMessage"), "{words}");
}

#[tokio::test]
async fn a_mere_refusal_is_no_violation() {
    let telegram = Double::start().await;
    let anna = telegram.user("Анна", "ru");
    let say = json!({"chat_id": anna.id(), "text": "x"});
    assert_eq!(Bot::of(&telegram).refused("sendMessage", say).await.0, 403);
    assert!(telegram.violations().is_empty());
}
