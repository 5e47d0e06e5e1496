//! What the bot writes, edits and deletes, and what people press.

use dwellers_telegram::{Double, Pressed};
use serde_json::{Value, json};

use crate::bot::{Bot, JPEG, Part};

fn keyboard(label: &str, data: &str) -> Value {
    json!({"inline_keyboard": [[{"text": label, "callback_data": data}]]})
}

#[tokio::test]
async fn the_token_opens_the_door_and_names_of_methods_have_no_case() {
    let telegram = Double::start().await;
    let bot = Bot::of(&telegram);
    for name in ["getMe", "GetMe", "getme"] {
        let me = bot.ok(name, json!({})).await;
        assert_eq!(
            (&me["is_bot"], me["username"].as_str()),
            (&json!(true), Some(telegram.username().as_str()))
        );
    }
    let stranger = Bot { token: "7000000001:wrong".to_owned(), ..bot.clone() };
    assert_eq!(stranger.refused("getMe", json!({})).await, (401, "Unauthorized".to_owned()));
    assert_eq!(bot.get("/botnothing").await.0, 404);
    assert_eq!(bot.get(&format!("/bot{}/getMe", bot.token)).await.0, 200);
}

#[tokio::test]
async fn a_text_arrives_with_its_formatting() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    anna.starts("");
    let sent = bot
        .ok("sendMessage", json!({"chat_id": anna.id(), "text": "<b>Такси</b> едет", "parse_mode": "HTML"}))
        .await;
    assert_eq!(sent["text"], "Такси едет");
    let heard = anna.hears("едет").await;
    assert_eq!(heard.text, "Такси едет");
    assert_eq!(heard.entities[0]["type"], "bold");
    assert!(heard.from_bot);
    assert_eq!(telegram.calls("sendMessage"), 1);
}

#[tokio::test]
async fn arguments_come_as_json_as_a_form_and_in_the_address() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    anna.starts("");
    let form = format!(
        "chat_id={}&text=123&reply_markup=%7B%22inline_keyboard%22%3A%5B%5B%7B%22text%22%3A%22a%22%2C%22callback_data%22%3A%22b%22%7D%5D%5D%7D",
        anna.id()
    );
    let (status, sent) =
        bot.body("sendMessage", "application/x-www-form-urlencoded", form.into_bytes()).await;
    assert_eq!((status, &sent["result"]["text"]), (200, &json!("123")));
    assert_eq!(anna.last().labels(), ["a"]);
    let id = anna.id().to_string();
    let (status, sent) =
        bot.form("SendMessage", &[Part::Text("chat_id", &id), Part::Text("text", "{}")]).await;
    assert_eq!((status, &sent["result"]["text"]), (200, &json!("{}")));
    let (status, _) = bot.get(&format!("/bot{}/sendMessage?chat_id={id}&text=null", bot.token)).await;
    assert_eq!((status, anna.last().text.as_str()), (200, "null"));
}

#[tokio::test]
async fn pictures_and_papers_travel_both_ways() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    anna.starts("");
    let id = anna.id().to_string();
    let (status, sent) = bot
        .form(
            "sendPhoto",
            &[
                Part::Text("chat_id", &id),
                Part::Text("photo", "attach://a"),
                Part::Text("caption", "Въезд"),
                Part::File("a", "a.jpg", JPEG),
            ],
        )
        .await;
    assert_eq!(status, 200, "{sent}");
    let heard = anna.hears("Въезд").await;
    assert_eq!(heard.photo.as_deref(), Some(JPEG));
    // Again by its id, and a file in the field itself.
    let sizes = sent["result"]["photo"].as_array().unwrap().clone();
    bot.ok("sendPhoto", json!({"chat_id": anna.id(), "photo": sizes.last().unwrap()["file_id"]})).await;
    assert_eq!(anna.last().photo.as_deref(), Some(JPEG));
    let (status, _) = bot
        .form("sendDocument", &[Part::Text("chat_id", &id), Part::File("document", "a.pdf", b"%PDF")])
        .await;
    assert_eq!(status, 200);
    assert_eq!(anna.last().document.unwrap(), ("a.pdf".to_owned(), b"%PDF".as_slice().into()));

    anna.sends_photo(JPEG);
    let message = bot.updates().await.pop().unwrap()["message"].clone();
    let sizes = message["photo"].as_array().unwrap();
    let mut contents = Vec::new();
    for size in sizes {
        let file = bot.ok("getFile", json!({"file_id": size["file_id"]})).await;
        let path =
            file["file_path"].as_str().unwrap().replace('/', if contents.is_empty() { "/" } else { "%2F" });
        let path = format!("/file/bot{}/{path}", bot.token);
        contents.push(bot.get(&path).await.1);
    }
    assert_eq!(contents.last().unwrap(), JPEG);
    assert_ne!(contents[0], JPEG, "the smaller of the sizes is another picture");
    assert_eq!(bot.get(&format!("/file/bot{}/photos/none.jpg", bot.token)).await.0, 404);
    assert_eq!(bot.get("/file/botwrong/photos/file_1.jpg").await.0, 401);

    anna.sends_file_of_size("film.mp4", 21 << 20);
    let message = bot.update("message").await;
    let refused = bot.refused("getFile", json!({"file_id": message["document"]["file_id"]})).await;
    assert_eq!(refused, (400, "Bad Request: file is too big".to_owned()));
    let refused = bot.refused("getFile", json!({"file_id": "none"})).await.1;
    assert_eq!(refused, "Bad Request: wrong file_id or the file is temporarily unavailable");
}

#[tokio::test]
async fn an_album_is_some_messages() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    anna.starts("");
    let media =
        r#"[{"type":"photo","media":"attach://a","caption":"двое"},{"type":"photo","media":"attach://b"}]"#;
    let id = anna.id().to_string();
    let (status, sent) = bot
        .form(
            "sendMediaGroup",
            &[
                Part::Text("chat_id", &id),
                Part::Text("media", media),
                Part::File("a", "a.jpg", JPEG),
                Part::File("b", "b.jpg", JPEG),
            ],
        )
        .await;
    assert_eq!(status, 200, "{sent}");
    let group = &sent["result"][0]["media_group_id"];
    assert!(group.is_string() && *group == sent["result"][1]["media_group_id"]);

    bot.updates().await;
    anna.sends_album(vec![JPEG.into(), JPEG.into(), JPEG.into()]);
    let updates = bot.updates().await;
    assert_eq!(updates.len(), 3);
    assert!(
        updates.iter().all(|u| u["message"]["media_group_id"] == updates[0]["message"]["media_group_id"])
    );
}

#[tokio::test]
async fn edits_change_what_people_see_and_nothing_is_not_an_edit() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    let own = anna.starts("");
    let sent = bot
        .ok(
            "sendMessage",
            json!({"chat_id": anna.id(), "text": "Открыть?", "reply_markup": keyboard("Да", "y")}),
        )
        .await;
    let id = &sent["message_id"];
    let edit = json!({"chat_id": anna.id(), "message_id": id, "text": "Открываю", "reply_markup": keyboard("Нет", "n")});
    bot.ok("editMessageText", edit.clone()).await;
    let (status, words) = bot.refused("editMessageText", edit).await;
    assert!(status == 400 && words.starts_with("Bad Request: message is not modified"), "{words}");
    assert_eq!(anna.hears("Открыть?").await.labels(), ["Да"], "as it was when it came");
    let heard = anna.hears("Открываю").await;
    assert_eq!((heard.labels(), heard.edits), (vec!["Нет"], 1));
    assert_eq!(heard.id, anna.last().id);

    bot.ok("editMessageReplyMarkup", json!({"chat_id": anna.id(), "message_id": id})).await;
    assert!(anna.last().buttons.is_empty());
    assert_eq!(anna.last().edits, 1, "buttons alone are no edit");

    let edit = |message: i64| json!({"chat_id": anna.id(), "message_id": message, "text": "x"});
    for (message, why) in [(i64::from(own), "message can't be edited"), (99, "message to edit not found")] {
        assert_eq!(bot.refused("editMessageText", edit(message)).await, (400, format!("Bad Request: {why}")));
    }
    let caption = json!({"chat_id": anna.id(), "message_id": id, "caption": "x"});
    let refused = bot.refused("editMessageCaption", caption).await.1;
    assert_eq!(refused, "Bad Request: there is no caption in the message to edit");
}

#[tokio::test]
async fn a_picture_takes_the_place_of_a_picture() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    anna.starts("");
    let id = anna.id().to_string();
    let (_, sent) =
        bot.form("sendPhoto", &[Part::Text("chat_id", &id), Part::File("photo", "a.jpg", JPEG)]).await;
    let message = sent["result"]["message_id"].to_string();
    let other = [JPEG, b"!"].concat();
    let (status, answer) = bot
        .form(
            "editMessageMedia",
            &[
                Part::Text("chat_id", &id),
                Part::Text("message_id", &message),
                Part::Text("media", r#"{"type":"photo","media":"attach://b","caption":"другой"}"#),
                Part::File("b", "b.jpg", &other),
            ],
        )
        .await;
    assert_eq!(status, 200, "{answer}");
    let heard = anna.hears("другой").await;
    assert_eq!(heard.photo.as_deref(), Some(other.as_slice()));
    let caption =
        json!({"chat_id": anna.id(), "message_id": sent["result"]["message_id"], "caption": "третий"});
    bot.ok("editMessageCaption", caption).await;
    assert_eq!((anna.last().text.as_str(), anna.last().edits), ("третий", 2));
}

#[tokio::test]
async fn a_message_comes_with_a_sound_or_without() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    anna.starts("");
    bot.says(anna.id(), "громко").await;
    assert!(!anna.last().silent);
    let quietly = json!({"chat_id": anna.id(), "text": "тихо", "disable_notification": true});
    bot.ok("sendMessage", quietly).await;
    assert!(anna.last().silent);
    let id = anna.id().to_string();
    let quietly = Part::Text("disable_notification", "true");
    bot.form("sendPhoto", &[Part::Text("chat_id", &id), quietly, Part::File("photo", "a.jpg", JPEG)]).await;
    assert!(anna.last().silent && anna.last().photo.is_some());
}

#[tokio::test]
async fn deleted_messages_are_gone() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    anna.starts("");
    let id = bot.says(anna.id(), "на время").await;
    let what = json!({"chat_id": anna.id(), "message_id": id});
    bot.ok("deleteMessage", what.clone()).await;
    assert!(anna.messages().iter().all(|message| message.text != "на время"));
    let refused = bot.refused("deleteMessage", what.clone()).await;
    assert_eq!(refused, (400, "Bad Request: message to delete not found".to_owned()));
    let mut edit = what;
    edit["text"] = json!("x");
    assert_eq!(bot.refused("editMessageText", edit).await.1, "Bad Request: message to edit not found");

    let old = bot.says(anna.id(), "старое").await;
    let later = telegram.now() + jiff::SignedDuration::from_hours(49);
    telegram.set_clock(move || later);
    let refused = bot.refused("deleteMessage", json!({"chat_id": anna.id(), "message_id": old})).await;
    assert_eq!(refused, (400, "Bad Request: message can't be deleted".to_owned()));
}

#[tokio::test]
async fn a_pressed_button_wants_one_answer_in_time() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    anna.starts("");
    bot.ok("sendMessage", json!({"chat_id": anna.id(), "text": "?", "reply_markup": keyboard("Да", "yes")}))
        .await;
    bot.updates().await;
    assert_eq!(anna.presses("Да").await, Pressed::Told);
    let query = bot.update("callback_query").await;
    assert_eq!((&query["data"], &query["from"]["id"]), (&json!("yes"), &json!(anna.id())));
    assert_eq!(query["message"]["reply_markup"], keyboard("Да", "yes"));
    assert_eq!(telegram.unanswered(), ["Да"]);
    let answer = json!({"callback_query_id": query["id"], "text": "Готово", "show_alert": true});
    bot.ok("answerCallbackQuery", answer.clone()).await;
    let shown = anna.answer().await;
    assert!(shown.text == "Готово" && shown.alert);
    telegram.all_answered().await;

    let too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid";
    assert_eq!(bot.refused("answerCallbackQuery", answer).await, (400, too_old.to_owned()));
    anna.presses("Да").await;
    let query = bot.update("callback_query").await;
    let later = telegram.now() + jiff::SignedDuration::from_mins(20);
    telegram.set_clock(move || later);
    let late = bot.refused("answerCallbackQuery", json!({"callback_query_id": query["id"]})).await;
    assert_eq!(late.1, too_old);
}

#[tokio::test]
async fn a_button_that_is_gone_can_still_be_pressed_by_a_slow_telephone() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    anna.starts("");
    let sent = bot
        .ok("sendMessage", json!({"chat_id": anna.id(), "text": "?", "reply_markup": keyboard("Да", "yes")}))
        .await;
    let id = sent["message_id"].as_i64().unwrap();
    bot.ok("editMessageText", json!({"chat_id": anna.id(), "message_id": id, "text": "!"})).await;
    bot.updates().await;
    anna.presses_old(i32::try_from(id).unwrap(), "Да");
    let query = bot.update("callback_query").await;
    assert_eq!((&query["data"], &query["message"]["text"]), (&json!("yes"), &json!("!")));
    bot.ok("deleteMessage", json!({"chat_id": anna.id(), "message_id": id})).await;
    anna.presses_old(i32::try_from(id).unwrap(), "Да");
    let query = bot.update("callback_query").await;
    assert_eq!((&query["message"]["date"], query["message"].get("text")), (&json!(0), None));
}

#[tokio::test]
async fn a_keyboard_of_texts_says_them() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    anna.starts("");
    let keys = json!({"keyboard": [[{"text": "Пропуск"}], [{"text": "Мой номер", "request_contact": true}]], "resize_keyboard": true});
    bot.ok("sendMessage", json!({"chat_id": anna.id(), "text": "Меню", "reply_markup": keys})).await;
    assert_eq!(anna.keyboard(), [["Пропуск"], ["Мой номер"]]);
    bot.updates().await;
    assert_eq!(anna.presses("Пропуск").await, Pressed::Said);
    assert_eq!(bot.update("message").await["text"], "Пропуск");
    anna.presses("Мой номер").await;
    let contact = bot.update("message").await["contact"].clone();
    assert_eq!(contact["user_id"], anna.id());
    let remove = json!({"remove_keyboard": true});
    bot.ok("sendMessage", json!({"chat_id": anna.id(), "text": "Всё", "reply_markup": remove})).await;
    assert!(anna.keyboard().is_empty());
}

#[tokio::test]
async fn an_answer_names_the_message_that_it_answers() {
    let telegram = Double::start().await;
    let (bot, anna) = (Bot::of(&telegram), telegram.user("Анна", "ru"));
    anna.starts("");
    let question = anna.says("Где шлагбаум?");
    let answer = |id: i32, without: bool| json!({"chat_id": anna.id(), "text": "Там", "reply_parameters": {"message_id": id, "allow_sending_without_reply": without}});
    let sent = bot.ok("sendMessage", answer(question, false)).await;
    assert_eq!(sent["reply_to_message"]["text"], "Где шлагбаум?");
    assert_eq!(anna.last().reply_to, Some(question));
    let refused = bot.refused("sendMessage", answer(99, false)).await;
    assert_eq!(refused, (400, "Bad Request: message to be replied not found".to_owned()));
    bot.ok("sendMessage", answer(99, true)).await;
}
