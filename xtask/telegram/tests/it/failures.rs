//! Telegram out of reach, slow, and strict about how often it is written to.

use std::time::{Duration, Instant};

use dwellers_telegram::{Double, Flood, Outage};
use serde_json::json;

use crate::bot::Bot;
use crate::updates::until;

#[tokio::test]
async fn an_outage_is_of_one_kind_and_ends() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    anna.starts("");
    let say = |text: &str| json!({"chat_id": anna.id(), "text": text});
    for (outage, seen) in
        [(Outage::Refuse, "Err"), (Outage::Status502, "Ok((502"), (Outage::Html, "Err(\"200")]
    {
        telegram.outage(outage);
        let answer = bot.try_call("sendMessage", say("в пустоту")).await;
        assert!(format!("{answer:?}").starts_with(seen), "{outage:?}: {answer:?}");
        telegram.recover();
        bot.ok("getMe", json!({})).await;
    }
    assert_eq!(anna.messages().iter().filter(|message| message.from_bot).count(), 0);

    telegram.outage(Outage::AnswersLost);
    assert!(bot.try_call("sendMessage", say("дошло")).await.is_err());
    anna.hears("дошло").await;
    telegram.recover();
    bot.ok("sendMessage", say("снова")).await;
}

#[tokio::test]
async fn what_hangs_is_never_answered() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    anna.starts("");
    telegram.outage(Outage::Hang);
    let hangs = tokio::spawn({
        let bot = bot.clone();
        let say = json!({"chat_id": anna.id(), "text": "x"});
        async move { bot.try_call("sendMessage", say).await }
    });
    assert!(
        tokio::time::timeout(Duration::from_millis(300), async { until(|| hangs.is_finished()).await })
            .await
            .is_err()
    );
    telegram.recover();
    assert!(hangs.await.unwrap().is_err(), "the connection ends, and nothing was done");
    assert_eq!(anna.messages().len(), 1);
}

#[tokio::test]
async fn an_outage_ends_the_asking() {
    let telegram = Double::start().await;
    let bot = Bot::of(&telegram);
    let asking = tokio::spawn({
        let bot = bot.clone();
        async move { bot.try_call("getUpdates", json!({"timeout": 15})).await }
    });
    until(|| telegram.calls("getUpdates") == 1).await;
    telegram.outage(Outage::Refuse);
    assert!(asking.await.unwrap().is_err());
    let (_, html) = bot.get("/").await;
    assert!(!html.is_empty(), "people see their chats all the same");
}

#[tokio::test]
async fn answers_take_their_time() {
    let telegram = Double::start().await;
    telegram.set_latency(Duration::from_millis(120));
    let began = Instant::now();
    Bot::of(&telegram).ok("getMe", json!({})).await;
    assert!(began.elapsed() >= Duration::from_millis(120));
}

#[tokio::test]
async fn a_chat_takes_three_at_once_and_then_one_a_second() {
    let telegram = Double::start().await;
    telegram.set_limits(true);
    let (bot, anna, ivan) = (Bot::of(&telegram), telegram.user("Анна", "ru"), telegram.user("Иван", "ru"));
    anna.starts("");
    ivan.starts("");
    for _ in 0..3 {
        bot.says(anna.id(), "раз").await;
    }
    let say = json!({"chat_id": anna.id(), "text": "четвёртое"});
    let (status, answer) = bot.call("sendMessage", say).await;
    assert_eq!((status, &answer["parameters"]["retry_after"]), (429, &json!(1)));
    assert_eq!(answer["description"], "Too Many Requests: retry after 1");
    bot.says(ivan.id(), "другому можно").await;
    bot.ok("sendChatAction", json!({"chat_id": anna.id(), "action": "typing"})).await;
    let Flood { taken, beyond_chat, .. } = telegram.flood();
    assert_eq!((taken, beyond_chat, telegram.flood().beyond()), (4, 1, 1));
}

#[tokio::test]
async fn what_is_not_limited_is_counted() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    anna.starts("");
    for _ in 0..5 {
        bot.says(anna.id(), "раз").await;
    }
    assert_eq!((telegram.flood().taken, telegram.flood().beyond() > 0), (5, true));
}
