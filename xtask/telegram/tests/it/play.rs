//! The page for people, and the JSON behind it.

use std::io::{BufRead, BufReader};

use dwellers_telegram::Double;
use serde_json::{Value, json};

use crate::bot::{Bot, JPEG, agent, blocking};

/// Does what the page does: status and body.
async fn play(telegram: &Double, path: &str, body: impl Into<Vec<u8>>) -> (u16, Value) {
    let (address, body) = (format!("{}/play/{path}", telegram.url()), body.into());
    blocking(move || {
        let mut response = agent().post(&address).send(&body).unwrap();
        (response.status().as_u16(), response.body_mut().read_json().unwrap())
    })
    .await
}

async fn does(telegram: &Double, path: &str, what: Value) -> Value {
    let (status, answer) = play(telegram, path, what.to_string()).await;
    assert_eq!(status, 200, "{path}: {answer}");
    answer["result"].clone()
}

async fn state(telegram: &Double, user: &Value) -> Value {
    let (_, body) = Bot::of(telegram).get(&format!("/play/state?user={user}")).await;
    serde_json::from_slice(&body).unwrap()
}

#[tokio::test]
async fn the_page_is_there_and_has_no_secrets() {
    let telegram = Double::start().await;
    let bot = Bot::of(&telegram);
    let (status, page) = bot.get("/").await;
    let page = String::from_utf8(page).unwrap();
    assert!(status == 200 && page.contains("EventSource(\"/play/events\")"), "{page}");
    let anna = telegram.user("Анна", "ru");
    let state = state(&telegram, &json!(anna.id())).await.to_string();
    assert!(state.contains("Анна") && !state.contains(telegram.token()), "{state}");
    assert_eq!(bot.get("/nothing").await.0, 404);
    assert_eq!(bot.get("/play/file/none").await.0, 404);
}

#[tokio::test]
async fn a_newcomer_is_somebody_and_talks_to_the_bot() {
    let telegram = Double::start().await;
    let bot = Bot::of(&telegram);
    let anna = does(&telegram, "users", json!({"first_name": "Анна", "language_code": "ru"})).await;
    does(&telegram, &format!("users/{anna}/start"), json!({"payload": "letter"})).await;
    assert_eq!(bot.update("message").await["text"], "/start letter");
    let rows =
        json!([[{"text": "Да", "callback_data": "yes"}, {"text": "Сайт", "url": "https://example.org/"}]]);
    let keys = json!({"keyboard": [[{"text": "Пропуск"}]]});
    bot.ok("sendMessage", json!({"chat_id": anna, "text": "Меню", "reply_markup": keys})).await;
    let sent = bot
        .ok("sendMessage", json!({"chat_id": anna, "text": "<b>Вы?</b>", "parse_mode": "HTML", "reply_markup": {"inline_keyboard": rows}}))
        .await;
    let seen = state(&telegram, &anna).await;
    let chat = &seen["chats"][0];
    assert_eq!(chat["keyboard"], json!([["Пропуск"]]));
    let last = &chat["messages"][2];
    assert_eq!(
        (&last["text"], &last["entities"][0]["type"], &last["buttons"]),
        (&json!("Вы?"), &json!("bold"), &rows)
    );

    let press = |label: &str| json!({"label": label, "message": sent["message_id"]});
    assert_eq!(does(&telegram, &format!("users/{anna}/press"), press("Да")).await, json!({"told": true}));
    let query = bot.update("callback_query").await;
    bot.ok("answerCallbackQuery", json!({"callback_query_id": query["id"], "text": "Хорошо"})).await;
    assert_eq!(state(&telegram, &anna).await["person"]["answers"][0]["text"], "Хорошо");
    let opens = does(&telegram, &format!("users/{anna}/press"), press("Сайт")).await;
    assert_eq!(opens, json!({"opens": "https://example.org/"}));
    does(&telegram, &format!("users/{anna}/press"), json!({"label": "Пропуск"})).await;
    assert_eq!(bot.update("message").await["text"], "Пропуск");

    play(&telegram, &format!("users/{anna}/photo?caption=vid"), JPEG).await;
    let message = bot.update("message").await;
    assert_eq!(message["caption"], "vid");
    let shown =
        state(&telegram, &anna).await["chats"][0]["messages"].as_array().unwrap().last().unwrap().clone();
    let (_, bytes) = bot.get(&format!("/play/file/{}", shown["photo"].as_str().unwrap())).await;
    assert_eq!(bytes, JPEG);
    play(&telegram, &format!("users/{anna}/file?name=plan.pdf"), b"%PDF".as_slice()).await;
    assert_eq!(bot.update("message").await["document"]["file_name"], "plan.pdf");
    for (verb, what) in [
        ("say", json!({"text": "Привет"})),
        ("edit", json!({"text": "Пока"})),
        ("forward", json!({"text": "Такси"})),
        ("voice", json!({})),
        ("contact", json!({})),
        ("inline", json!({"words": "такси"})),
        ("block", json!({})),
        ("unblock", json!({})),
    ] {
        does(&telegram, &format!("users/{anna}/{verb}"), what).await;
        assert_eq!(bot.updates().await.len(), 1, "{verb}");
    }
    let app = does(&telegram, &format!("users/{anna}/open"), json!({"url": "https://example.org/app"})).await;
    assert!(app.as_str().unwrap().starts_with("https://example.org/app#tgWebAppData="), "{app}");
}

#[tokio::test]
async fn a_newcomer_has_a_group_and_others_join_it() {
    let telegram = Double::start().await;
    let bot = Bot::of(&telegram);
    bot.ok("getUpdates", json!({"allowed_updates": ["message", "my_chat_member", "chat_join_request"]}))
        .await;
    let oleg = does(&telegram, "users", json!({"first_name": "Олег"})).await;
    let anna = does(&telegram, "users", json!({"first_name": "Анна"})).await;
    let chat = does(&telegram, "groups", json!({"title": "Сосновка", "owner": oleg})).await;
    let link = bot.ok("createChatInviteLink", json!({"chat_id": chat, "creates_join_request": true})).await;
    let join = json!({"link": link["invite_link"]});
    assert_eq!(does(&telegram, &format!("users/{anna}/join"), join.clone()).await, "requested");
    let seen = state(&telegram, &anna).await["chats"][1].clone();
    assert_eq!(
        (&seen["inside"], &seen["requested"], seen.get("messages")),
        (&json!(false), &json!(true), None)
    );
    bot.ok("approveChatJoinRequest", json!({"chat_id": chat, "user_id": anna})).await;
    assert_eq!(state(&telegram, &anna).await["chats"][1]["members"], json!(["Олег", "Анна", "Dwellers"]));
    does(&telegram, &format!("users/{anna}/say"), json!({"text": "Всем привет", "chat": chat})).await;
    does(&telegram, &format!("users/{anna}/leave"), json!({"chat": chat})).await;
    assert_eq!(state(&telegram, &anna).await["chats"][1]["inside"], false);

    does(&telegram, &format!("groups/{chat}/rights"), json!({"invite": false})).await;
    assert_eq!(bot.refused("createChatInviteLink", json!({"chat_id": chat})).await.0, 400);
    does(&telegram, &format!("groups/{chat}/remove_bot"), json!({})).await;
    assert_eq!(bot.refused("getChat", json!({"chat_id": chat})).await.0, 403);
    let plain = does(&telegram, "groups", json!({"title": "Старая", "owner": oleg, "plain": true})).await;
    let grown = does(&telegram, &format!("groups/{plain}/migrate"), json!({})).await;
    assert_ne!(plain, grown);
}

#[tokio::test]
async fn what_cannot_be_done_is_said() {
    let telegram = Double::start().await;
    let anna = telegram.user("Анна", "ru").id();
    for (path, body, why) in [
        ("users".to_owned(), r#"{"first_name": " "}"#, "nobody has no name"),
        ("users/5/say".to_owned(), r#"{"text": "x"}"#, "there is no such person"),
        (format!("users/{anna}/say"), "{", "EOF"),
        (format!("users/{anna}/say"), "{}", "`text` is missing"),
        (format!("users/{anna}/say"), r#"{"text": "x", "chat": 5}"#, "there is no such chat"),
        (format!("users/{anna}/press"), r#"{"label": "x"}"#, "there is no «x» to press"),
        (format!("users/{anna}/press"), r#"{"label": "x", "message": 9}"#, "there is no such message"),
        (format!("users/{anna}/start"), r#"{"payload": "a b"}"#, "no deep link can carry"),
        (format!("users/{anna}/join"), r#"{"link": "https://t.me/+x"}"#, "INVITE_HASH_INVALID"),
        (format!("users/{anna}/choose"), r#"{"result": "x"}"#, "there is nothing to choose from"),
        (format!("users/{anna}/fly"), "{}", "nobody does `fly`"),
        ("groups".to_owned(), r#"{"title": "x"}"#, "a group needs an owner"),
        ("groups/5/rights".to_owned(), "{}", "there is no such group"),
        ("weather".to_owned(), "{}", "there is no `weather`"),
    ] {
        let (status, answer) = play(&telegram, &path, body).await;
        assert_eq!(status, 400, "{path}");
        assert!(answer["error"].as_str().unwrap().contains(why), "{path}: {answer}");
    }
}

#[tokio::test]
async fn the_page_is_told_of_changes() {
    let telegram = Double::start().await;
    let address = format!("{}/play/events", telegram.url());
    let (heard, mut hears) = tokio::sync::mpsc::channel(8);
    let listening = tokio::task::spawn_blocking(move || {
        let response = agent().get(&address).call().unwrap();
        for line in BufReader::new(response.into_body().into_reader()).lines() {
            let Ok(line) = line else { return };
            if line.starts_with("data:") && heard.blocking_send(line).is_err() {
                return;
            }
        }
    });
    assert_eq!(hears.recv().await.unwrap(), "data: 0");
    let _anna = telegram.user("Анна", "ru");
    assert_eq!(hears.recv().await.unwrap(), "data: 1");
    drop(hears);
    drop(telegram);
    tokio::time::timeout(std::time::Duration::from_secs(20), listening).await.unwrap().unwrap();
}
