//! What people do besides writing: starting, blocking, typing inline, opening Mini Apps.

use dwellers_telegram::{Double, Pressed};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;

use crate::bot::{Bot, JPEG};

#[tokio::test]
async fn the_bot_never_writes_first() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    let say = json!({"chat_id": anna.id(), "text": "x"});
    let stranger = (403, "Forbidden: bot can't initiate conversation with a user".to_owned());
    assert_eq!(bot.refused("sendMessage", say.clone()).await, stranger);
    anna.starts("house-12_a");
    let message = bot.update("message").await;
    assert_eq!(message["text"], "/start house-12_a");
    assert_eq!(message["entities"], json!([{"type": "bot_command", "offset": 0, "length": 6}]));
    assert_eq!(
        (&message["chat"]["id"], &message["from"]["language_code"]),
        (&json!(anna.id()), &json!("ru"))
    );
    bot.ok("sendMessage", say).await;
}

#[tokio::test]
async fn who_blocked_the_bot_hears_nothing() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    anna.starts("");
    bot.updates().await;
    anna.blocks_bot();
    assert_eq!(bot.update("my_chat_member").await["new_chat_member"]["status"], "kicked");
    let say = json!({"chat_id": anna.id(), "text": "x"});
    let blocked = (403, "Forbidden: bot was blocked by the user".to_owned());
    assert_eq!(bot.refused("sendMessage", say.clone()).await, blocked);
    assert_eq!(
        bot.refused("sendChatAction", json!({"chat_id": anna.id(), "action": "typing"})).await,
        blocked
    );
    anna.unblocks_bot();
    assert_eq!(bot.update("my_chat_member").await["new_chat_member"]["status"], "member");
    bot.ok("sendMessage", say).await;
    anna.blocks_bot();
    anna.starts("");
    let updates = bot.updates().await;
    assert_eq!(updates.last().unwrap()["message"]["text"], "/start", "starting again unblocks");
}

#[tokio::test]
async fn of_a_block_of_long_ago_the_bot_is_not_told() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    anna.has_met_bot();
    anna.has_blocked_bot();
    let refused = bot.refused("sendMessage", json!({"chat_id": anna.id(), "text": "x"})).await;
    assert_eq!(refused, (403, "Forbidden: bot was blocked by the user".to_owned()));
    assert_eq!(telegram.waiting(), 0);
}

#[tokio::test]
async fn what_somebody_deleted_cannot_be_edited() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    anna.starts("");
    bot.updates().await;
    let id = bot.says(anna.id(), "вопрос").await;
    anna.deletes(i32::try_from(id).unwrap());
    assert!(anna.messages().iter().all(|message| message.text != "вопрос"));
    let edit = json!({"chat_id": anna.id(), "message_id": id, "text": "ответ"});
    assert_eq!(bot.refused("editMessageText", edit).await.1, "Bad Request: message to edit not found");
    assert_eq!(telegram.waiting(), 0, "no bot is told of it");
}

#[tokio::test]
async fn what_was_heard_is_not_heard_again() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    anna.starts("");
    let first = bot.says(anna.id(), "раз").await;
    bot.says(anna.id(), "раз, два").await;
    bot.says(anna.id(), "три").await;
    assert_eq!(i64::from(anna.hears("раз").await.id), first);
    assert_eq!(anna.hears("раз").await.text, "раз, два");
    let unheard: Vec<_> = anna.unheard().into_iter().map(|message| message.text).collect();
    assert_eq!(unheard, ["три"]);
    anna.reads_all();
    assert!(anna.unheard().is_empty());
    bot.ok("editMessageText", json!({"chat_id": anna.id(), "message_id": first, "text": "раз и навсегда"}))
        .await;
    assert_eq!(anna.hears("раз").await.text, "раз и навсегда", "an edit is heard anew");
    assert!(anna.transcript().contains("раз и навсегда (edited 1 times)"), "{}", anna.transcript());
}

#[tokio::test]
async fn people_edit_forward_speak_and_share() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Anna", "en"));
    anna.starts("");
    anna.says("Такси А123ВС77");
    anna.edits("Такси А124ВС77");
    let updates = bot.updates().await;
    let edited = &updates.last().unwrap()["edited_message"];
    assert_eq!((&edited["text"], edited["edit_date"].is_i64()), (&json!("Такси А124ВС77"), true));
    anna.forwards("К вам едет Kia Rio А123ВС77");
    assert_eq!(bot.update("message").await["forward_origin"]["type"], "hidden_user");
    anna.sends_voice();
    assert_eq!(bot.update("message").await["voice"]["duration"], 3);
    anna.shares_contact("+79001234567");
    assert_eq!(bot.update("message").await["contact"]["phone_number"], "+79001234567");
    anna.sends_photo_saying(JPEG, "Мой вид");
    assert_eq!(bot.update("message").await["caption"], "Мой вид");
    anna.sends_file("план.pdf", b"%PDF".as_slice());
    assert_eq!(bot.update("message").await["document"]["mime_type"], "application/pdf");
    let to = i32::try_from(bot.says(anna.id(), "?").await).unwrap();
    anna.replies(to, "да");
    assert_eq!(bot.update("message").await["reply_to_message"]["text"], "?");
}

#[tokio::test]
async fn words_after_the_bots_name_find_results_and_one_is_sent() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    let (typing, query) = tokio::join!(anna.types_inline("такси А123ВС77"), async {
        let query = bot.update("inline_query").await;
        let result = json!({
            "type": "article", "id": "taxi", "title": "Пропуск такси",
            "input_message_content": {"message_text": "<b>Такси</b> А123ВС77", "parse_mode": "HTML"},
            "reply_markup": {"inline_keyboard": [[{"text": "Отменить", "callback_data": "x"}]]},
        });
        let answer = json!({"inline_query_id": query["id"], "results": [result], "cache_time": 0, "is_personal": true});
        bot.ok("answerInlineQuery", answer.clone()).await;
        assert_eq!(bot.refused("answerInlineQuery", answer).await.0, 400, "once");
        query
    });
    assert_eq!((&query["query"], &typing[0]["id"]), (&json!("такси А123ВС77"), &json!("taxi")));
    let sent = anna.chooses_inline("taxi").unwrap();
    let chosen = bot.update("chosen_inline_result").await;
    assert_eq!((&chosen["result_id"], &chosen["inline_message_id"]), (&json!("taxi"), &json!(sent)));
    assert_eq!(anna.inline_message(&sent).unwrap().text, "Такси А123ВС77");
    assert_eq!(anna.presses_inline(&sent, "Отменить"), Pressed::Told);
    assert_eq!(bot.update("callback_query").await["inline_message_id"], sent);
    bot.ok("editMessageText", json!({"inline_message_id": sent, "text": "Отменено"})).await;
    assert_eq!(anna.inline_message(&sent).unwrap().text, "Отменено");
}

#[tokio::test]
async fn buttons_open_addresses_and_the_bots_own_links_start_it() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    anna.starts("");
    let own = format!("https://t.me/{}?start=letter", telegram.username());
    let rows = json!([
        [{"text": "Сайт", "url": "https://example.org/"}],
        [{"text": "Письмо", "url": own}],
        [{"text": "Поделиться", "switch_inline_query": "такси"}],
        [{"text": "Код", "copy_text": {"text": "4711"}}],
    ]);
    bot.ok(
        "sendMessage",
        json!({"chat_id": anna.id(), "text": "?", "reply_markup": {"inline_keyboard": rows}}),
    )
    .await;
    bot.updates().await;
    assert_eq!(anna.presses("Сайт").await, Pressed::Opens("https://example.org/".to_owned()));
    assert_eq!(anna.presses("Поделиться").await, Pressed::Types("такси".to_owned()));
    assert_eq!(anna.presses("Код").await, Pressed::Copied("4711".to_owned()));
    assert_eq!(anna.presses("Письмо").await, Pressed::Said);
    assert_eq!(bot.update("message").await["text"], "/start letter");
}

fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

#[tokio::test]
async fn a_mini_app_is_given_signed_data_and_may_answer_once() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    anna.starts("");
    let now = jiff::Timestamp::from_second(1_790_000_000).unwrap();
    let data = anna.init_data(now);
    let mut pairs: Vec<(String, String)> =
        url::form_urlencoded::parse(data.as_bytes()).into_owned().collect();
    let hash = pairs.remove(pairs.iter().position(|(key, _)| key == "hash").unwrap()).1;
    pairs.sort();
    let lines: Vec<_> = pairs.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let key = hmac(b"WebAppData", telegram.token().as_bytes());
    assert_eq!(hash, data_encoding::HEXLOWER.encode(&hmac(&key, lines.join("\n").as_bytes())));
    assert!(lines.contains(&"auth_date=1790000000".to_owned()));
    assert!(lines.iter().any(|line| line.starts_with("user=") && line.contains("Анна")));

    let rows = json!([[{"text": "Открыть", "web_app": {"url": "https://example.org/app/"}}]]);
    bot.ok(
        "sendMessage",
        json!({"chat_id": anna.id(), "text": "?", "reply_markup": {"inline_keyboard": rows}}),
    )
    .await;
    let Pressed::Opens(address) = anna.presses("Открыть").await else { panic!("it opens") };
    let fragment = address.strip_prefix("https://example.org/app/#").unwrap();
    let inside: Vec<(String, String)> =
        url::form_urlencoded::parse(fragment.as_bytes()).into_owned().collect();
    let names: Vec<_> = inside.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["tgWebAppData", "tgWebAppVersion", "tgWebAppPlatform", "tgWebAppThemeParams"]);
    let query = url::form_urlencoded::parse(inside[0].1.as_bytes())
        .find(|(name, _)| name == "query_id")
        .unwrap()
        .1
        .into_owned();
    let result = json!({"type": "article", "id": "1", "title": "x", "input_message_content": {"message_text": "Готово"}});
    let answer = json!({"web_app_query_id": query, "result": result});
    bot.ok("answerWebAppQuery", answer.clone()).await;
    assert_eq!(bot.refused("answerWebAppQuery", answer).await.0, 400);
    assert!(anna.messages().iter().any(|message| message.text == "Готово"));

    let prepared = json!({"user_id": anna.id(), "result": result, "allow_user_chats": true});
    assert!(bot.ok("savePreparedInlineMessage", prepared).await["id"].is_string());
}

#[tokio::test]
async fn the_bot_says_what_it_is() {
    let telegram = Double::start().await;
    let bot = Bot::of(&telegram);
    let commands = json!([{"command": "pass", "description": "Заказать пропуск"}]);
    bot.ok("setMyCommands", json!({"commands": commands, "language_code": "ru"})).await;
    bot.ok("setMyCommands", json!({"commands": [{"command": "pass", "description": "A pass"}]})).await;
    assert_eq!(bot.ok("getMyCommands", json!({"language_code": "ru"})).await, commands);
    assert_eq!(telegram.commands("ru"), [("pass".to_owned(), "Заказать пропуск".to_owned())]);
    assert_eq!(telegram.commands("en"), [("pass".to_owned(), "A pass".to_owned())]);
    bot.ok("deleteMyCommands", json!({"language_code": "ru"})).await;
    assert_eq!(telegram.commands("ru"), telegram.commands("en"));
    assert_eq!(telegram.menu_button()["type"], "commands");
    let button = json!({"type": "web_app", "text": "Открыть", "web_app": {"url": "https://example.org/"}});
    bot.ok("setChatMenuButton", json!({"menu_button": button})).await;
    assert_eq!(telegram.menu_button(), button);
    bot.ok("setMyDescription", json!({"description": "Посёлок", "language_code": "ru"})).await;
    assert_eq!(bot.ok("getMyDescription", json!({"language_code": "ru"})).await["description"], "Посёлок");
    bot.ok("setMyShortDescription", json!({"short_description": "Settlement"})).await;
    assert_eq!(bot.ok("getMyShortDescription", json!({})).await["short_description"], "Settlement");
}
