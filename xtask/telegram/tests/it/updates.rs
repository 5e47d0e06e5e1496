//! How the bot is told: by asking, and by its webhook.

use std::sync::{Arc, Mutex};

use dwellers_telegram::Double;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::bot::Bot;

/// The heads and bodies of requests.
type Seen = Arc<Mutex<Vec<(String, Value)>>>;

#[tokio::test]
async fn updates_stay_until_they_are_confirmed() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    assert_eq!(bot.ok("getUpdates", json!({})).await, json!([]));
    anna.says("раз");
    anna.says("два");
    let first = bot.ok("getUpdates", json!({"limit": 1})).await;
    assert_eq!(first[0]["message"]["text"], "раз");
    assert_eq!(bot.ok("getUpdates", json!({"limit": 1})).await, first, "not confirmed");
    let next = first[0]["update_id"].as_i64().unwrap() + 1;
    let rest = bot.ok("getUpdates", json!({"offset": next})).await;
    assert_eq!((rest.as_array().unwrap().len(), &rest[0]["message"]["text"]), (1, &json!("два")));
    assert_eq!(bot.ok("getUpdates", json!({"offset": -1})).await, rest);
    assert_eq!(bot.ok("getUpdates", json!({"offset": next + 1})).await, json!([]));
    assert_eq!(telegram.waiting(), 0);
}

#[tokio::test]
async fn asking_waits_and_ends_when_something_happens() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    let asking = tokio::spawn({
        let bot = bot.clone();
        async move { bot.ok("getUpdates", json!({"timeout": 15})).await }
    });
    until(|| telegram.calls("getUpdates") == 1).await;
    anna.says("наконец");
    assert_eq!(asking.await.unwrap()[0]["message"]["text"], "наконец");
}

#[tokio::test]
async fn a_newer_asker_ends_the_older() {
    let telegram = Double::start().await;
    let bot = Bot::of(&telegram);
    let older = tokio::spawn({
        let bot = bot.clone();
        async move { bot.refused("getUpdates", json!({"timeout": 15})).await }
    });
    until(|| telegram.calls("getUpdates") == 1).await;
    bot.ok("getUpdates", json!({})).await;
    let (status, words) = older.await.unwrap();
    assert_eq!(status, 409);
    assert!(words.starts_with("Conflict: terminated by other getUpdates request"), "{words}");
}

#[tokio::test]
async fn rare_kinds_come_to_those_who_ask() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    anna.says("раз");
    bot.ok("getUpdates", json!({"offset": -1, "allowed_updates": ["callback_query"]})).await;
    anna.says("два");
    assert_eq!(telegram.waiting(), 1, "what was not wanted when it happened is not kept");
    bot.ok("getUpdates", json!({"allowed_updates": []})).await;
    anna.says("три");
    assert_eq!(telegram.waiting(), 2);
}

#[tokio::test]
async fn after_a_day_updates_are_forgotten() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    anna.says("вчера");
    let later = telegram.now() + jiff::SignedDuration::from_hours(25);
    telegram.set_clock(move || later);
    anna.says("сегодня");
    let updates = bot.ok("getUpdates", json!({})).await;
    assert_eq!((updates.as_array().unwrap().len(), &updates[0]["message"]["text"]), (1, &json!("сегодня")));
}

/// Waits for what other tasks bring about.
pub(crate) async fn until(done: impl Fn() -> bool) {
    let within = tokio::time::timeout(std::time::Duration::from_secs(20), async {
        while !done() {
            tokio::task::yield_now().await;
        }
    });
    within.await.unwrap();
}

/// A bot's own server: refuses the first requests, remembers all.
async fn listen(refuses: usize, answer: &'static str) -> (String, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook?a=b", listener.local_addr().unwrap());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let remembers = seen.clone();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut text = Vec::new();
            let body = loop {
                let mut part = [0; 4096];
                let read = stream.read(&mut part).await.unwrap();
                text.extend(&part[..read]);
                let all = String::from_utf8_lossy(&text).into_owned();
                if let Some((head, body)) = all.split_once("\r\n\r\n")
                    && let Ok(body) = serde_json::from_str::<Value>(body)
                {
                    break (head.to_owned(), body);
                }
            };
            let refused = {
                let mut seen = remembers.lock().unwrap();
                seen.push(body);
                seen.len() <= refuses
            };
            let status = if refused { "500 Internal Server Error" } else { "200 OK" };
            let length = answer.len();
            let reply =
                format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{answer}");
            stream.write_all(reply.as_bytes()).await.unwrap();
        }
    });
    (url, seen)
}

#[tokio::test]
async fn a_webhook_is_brought_each_update_until_it_takes_it() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    let (url, seen) = listen(2, "").await;
    bot.ok("setWebhook", json!({"url": url, "secret_token": "s3cret"})).await;
    let (status, words) = bot.refused("getUpdates", json!({})).await;
    assert!(status == 409 && words.contains("while webhook is active"), "{words}");
    anna.says("раз");
    anna.says("два");
    until(|| telegram.waiting() == 0).await;
    let seen = seen.lock().unwrap().clone();
    let texts: Vec<_> = seen.iter().map(|(_, update)| update["message"]["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["раз", "раз", "раз", "два"]);
    assert!(seen[0].0.starts_with("POST /hook?a=b HTTP/1.1"), "{}", seen[0].0);
    assert!(seen[0].0.to_lowercase().contains("x-telegram-bot-api-secret-token: s3cret"), "{}", seen[0].0);
    let info = bot.ok("getWebhookInfo", json!({})).await;
    assert_eq!((&info["url"], &info["pending_update_count"]), (&json!(url), &json!(0)));
    assert!(info["last_error_message"].as_str().unwrap().contains("500"), "{info}");

    bot.ok("deleteWebhook", json!({})).await;
    anna.says("три");
    assert_eq!(bot.update("message").await["text"], "три");
    assert_eq!(bot.ok("getWebhookInfo", json!({})).await["url"], "");
}

#[tokio::test]
async fn a_webhook_may_answer_with_a_method() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    let id = anna.id();
    let answer: &'static str = format!(r#"{{"method":"sendMessage","chat_id":{id},"text":"вижу"}}"#).leak();
    let (url, _) = listen(0, answer).await;
    bot.ok("setWebhook", json!({"url": url})).await;
    anna.says("видите?");
    anna.hears("вижу").await;
}

#[tokio::test]
async fn setting_a_webhook_ends_the_asking() {
    let telegram = Double::start().await;
    let bot = Bot::of(&telegram);
    let asking = tokio::spawn({
        let bot = bot.clone();
        async move { bot.refused("getUpdates", json!({"timeout": 15})).await }
    });
    until(|| telegram.calls("getUpdates") == 1).await;
    let (url, _) = listen(0, "").await;
    bot.ok("setWebhook", json!({"url": url, "drop_pending_updates": true})).await;
    assert_eq!(asking.await.unwrap(), (409, "Conflict: terminated by setWebhook request".to_owned()));
}
