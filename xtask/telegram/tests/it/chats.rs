//! Groups: who is in them, invite links, requests to join, what the bot may do.

use dwellers_telegram::{Chat, Double, Joining, Rights, User};
use serde_json::{Value, json};

use crate::bot::Bot;

/// A supergroup of an owner, with the bot in it; what the bot was told of that is read already.
async fn settlement(telegram: &Double, rights: Rights) -> (Bot, User, Chat) {
    let bot = Bot::of(telegram);
    let owner = telegram.user("Олег", "ru");
    // The kinds that the bot wants are asked when things happen.
    bot.ok(
        "getUpdates",
        json!({"allowed_updates": ["message", "my_chat_member", "chat_member", "chat_join_request"]}),
    )
    .await;
    let chat = telegram.supergroup("Сосновка");
    chat.bot_added_by(&owner, rights);
    bot.updates().await;
    (bot, owner, chat)
}

async fn link(bot: &Bot, chat: &Chat, mut what: Value) -> String {
    what["chat_id"] = json!(chat.id());
    bot.ok("createChatInviteLink", what).await["invite_link"].as_str().unwrap().to_owned()
}

fn refused(why: &str) -> Joining {
    Joining::Refused(why.to_owned())
}

#[tokio::test]
async fn the_bot_hears_of_its_own_place() {
    let telegram = Double::start().await;
    let (bot, owner) = (Bot::of(&telegram), telegram.user("Олег", "ru"));
    let chat = telegram.group("Сосновка");
    chat.bot_added_by(&owner, Rights { restrict: false, ..Rights::ALL });
    let updates = bot.updates().await;
    let status: Vec<_> =
        updates.iter().filter_map(|u| u["my_chat_member"]["new_chat_member"]["status"].as_str()).collect();
    assert_eq!(status, ["member", "administrator"]);
    let me = updates.last().unwrap()["my_chat_member"]["new_chat_member"].clone();
    assert_eq!((&me["can_invite_users"], &me["can_restrict_members"]), (&json!(true), &json!(false)));
    assert!(updates.iter().any(|u| u["message"]["new_chat_members"][0]["is_bot"] == true));

    let member = |id: i64| json!({"chat_id": chat.id(), "user_id": id});
    let me = bot.ok("getMe", json!({})).await["id"].as_i64().unwrap();
    assert_eq!(bot.ok("getChatMember", member(me)).await["status"], "administrator");
    assert_eq!(bot.ok("getChatMember", member(owner.id())).await["status"], "creator");
    let stranger = telegram.user("Иван", "ru");
    assert_eq!(bot.ok("getChatMember", member(stranger.id())).await["status"], "left");
    assert_eq!(bot.refused("getChatMember", member(5)).await.0, 400);
    let about = bot.ok("getChat", json!({"chat_id": chat.id()})).await;
    assert_eq!((&about["type"], &about["title"]), (&json!("group"), &json!("Сосновка")));
    let administrators = bot.ok("getChatAdministrators", json!({"chat_id": chat.id()})).await;
    assert_eq!(administrators.as_array().unwrap().len(), 1, "without bots");
    assert_eq!(bot.ok("getChatMemberCount", json!({"chat_id": chat.id()})).await, 2);
}

#[tokio::test]
async fn a_link_for_one_is_for_one() {
    let telegram = Double::start().await;
    let (bot, _, chat) = settlement(&telegram, Rights::ALL).await;
    let (anna, ivan) = (telegram.user("Анна", "ru"), telegram.user("Иван", "ru"));
    let once = link(&bot, &chat, json!({"member_limit": 1, "name": "Анна"})).await;
    assert_eq!(chat.links(), [once.as_str()]);
    assert_eq!(anna.joins(&once), Joining::Joined);
    let member = bot.updates().await.into_iter().find_map(|u| u.get("chat_member").cloned()).unwrap();
    assert_eq!(
        (&member["invite_link"]["invite_link"], &member["new_chat_member"]["user"]["id"]),
        (&json!(once), &json!(anna.id()))
    );
    assert_eq!(ivan.joins(&once), refused("USERS_TOO_MUCH"));
    assert!(anna.is_in(&chat) && !ivan.is_in(&chat) && chat.links().is_empty());
    assert_eq!(anna.joins(&once), refused("USER_ALREADY_PARTICIPANT"));

    // Telegram's trap: whoever leaves frees the place.
    anna.leaves(&chat);
    assert_eq!(ivan.joins(&once), Joining::Joined);
    ivan.leaves(&chat);
    bot.ok("revokeChatInviteLink", json!({"chat_id": chat.id(), "invite_link": once})).await;
    assert_eq!(ivan.joins(&once), refused("INVITE_HASH_EXPIRED"));
    assert_eq!(ivan.joins("https://t.me/+nothing"), refused("INVITE_HASH_INVALID"));
}

#[tokio::test]
async fn a_link_expires() {
    let telegram = Double::start().await;
    let (bot, _, chat) = settlement(&telegram, Rights::ALL).await;
    let anna = telegram.user("Анна", "ru");
    let now = telegram.now();
    let short = link(&bot, &chat, json!({"expire_date": now.as_second() + 3600})).await;
    let later = now + jiff::SignedDuration::from_hours(1);
    telegram.set_clock(move || later);
    assert_eq!(anna.joins(&short), refused("INVITE_HASH_EXPIRED"));
    let past = json!({"chat_id": chat.id(), "expire_date": now.as_second()});
    assert_eq!(
        bot.refused("createChatInviteLink", past).await,
        (400, "Bad Request: EXPIRE_DATE_INVALID".to_owned())
    );
    let edit = json!({"chat_id": chat.id(), "invite_link": short, "expire_date": later.as_second() + 60});
    bot.ok("editChatInviteLink", edit).await;
    assert_eq!(anna.joins(&short), Joining::Joined);
}

#[tokio::test]
async fn who_asks_is_let_in_or_not() {
    let telegram = Double::start().await;
    let (bot, _, chat) = settlement(&telegram, Rights::ALL).await;
    let (anna, ivan) = (telegram.user("Анна", "ru"), telegram.user("Иван", "ru"));
    let asks = link(&bot, &chat, json!({"creates_join_request": true})).await;
    assert_eq!(anna.joins(&asks), Joining::Requested);
    let request = bot.update("chat_join_request").await;
    assert_eq!(
        (&request["from"]["id"], &request["invite_link"]["invite_link"]),
        (&json!(anna.id()), &json!(asks))
    );
    assert!(!anna.is_in(&chat) && chat.requests() == [anna.id()]);
    // Who asked may be written to, though she never started the bot.
    bot.says(anna.id(), "Сейчас впустим").await;

    let person = |id: i64| json!({"chat_id": chat.id(), "user_id": id});
    let missing = (400, "Bad Request: HIDE_REQUESTER_MISSING".to_owned());
    assert_eq!(bot.refused("approveChatJoinRequest", person(ivan.id())).await, missing);
    bot.ok("approveChatJoinRequest", person(anna.id())).await;
    assert!(anna.is_in(&chat));
    let member = bot.updates().await.into_iter().find_map(|u| u.get("chat_member").cloned()).unwrap();
    assert_eq!(member["via_join_request"], true);
    let twice = (400, "Bad Request: USER_ALREADY_PARTICIPANT".to_owned());
    assert_eq!(bot.refused("approveChatJoinRequest", person(anna.id())).await, twice);
    let silent = (403, "Forbidden: bot can't initiate conversation with a user".to_owned());
    assert_eq!(bot.refused("sendMessage", json!({"chat_id": anna.id(), "text": "ещё"})).await, silent);

    assert_eq!(ivan.joins(&asks), Joining::Requested);
    bot.ok("declineChatJoinRequest", person(ivan.id())).await;
    assert!(!ivan.is_in(&chat) && chat.requests().is_empty());
    assert_eq!(bot.refused("declineChatJoinRequest", person(ivan.id())).await, missing);
}

#[tokio::test]
async fn without_rights_the_bot_can_do_little() {
    let telegram = Double::start().await;
    let (bot, owner, chat) = settlement(&telegram, Rights::MEMBER).await;
    let anna = telegram.user("Анна", "ru");
    chat.has(&anna);
    let person = json!({"chat_id": chat.id(), "user_id": anna.id()});
    let message = owner.says_in(&chat, "Тихо!");
    let message = json!({"chat_id": chat.id(), "message_id": message});
    let here = json!({"chat_id": chat.id()});
    for (method, arguments, why) in [
        ("createChatInviteLink", &here, "not enough rights to manage chat invite link"),
        ("exportChatInviteLink", &here, "not enough rights to manage chat invite link"),
        ("approveChatJoinRequest", &person, "not enough rights to manage chat invite link"),
        ("banChatMember", &person, "not enough rights to restrict/unrestrict chat member"),
        ("pinChatMessage", &message, "not enough rights to manage pinned messages in the chat"),
        ("deleteMessage", &message, "message can't be deleted"),
    ] {
        assert_eq!(
            bot.refused(method, arguments.clone()).await,
            (400, format!("Bad Request: {why}")),
            "{method}"
        );
    }
    // And it is not told of requests, nor of others, nor of what people say.
    bot.updates().await;
    owner.says_in(&chat, "просто так");
    owner.says_in(&chat, "/start");
    assert_eq!(bot.update("message").await["text"], "/start");

    chat.set_rights(Rights::ALL);
    bot.ok("pinChatMessage", message.clone()).await;
    assert_eq!(json!(chat.pinned()), json!([message["message_id"]]));
    bot.ok("deleteMessage", message).await;
    bot.ok("banChatMember", person.clone()).await;
    assert!(!anna.is_in(&chat));
    let owned = json!({"chat_id": chat.id(), "user_id": owner.id()});
    assert_eq!(bot.refused("banChatMember", owned).await.1, "Bad Request: can't remove chat owner");
}

#[tokio::test]
async fn who_is_banned_stays_out_until_that_is_taken_back() {
    let telegram = Double::start().await;
    let (bot, _, chat) = settlement(&telegram, Rights::ALL).await;
    let anna = telegram.user("Анна", "ru");
    let open = link(&bot, &chat, json!({})).await;
    anna.joins(&open);
    bot.updates().await;
    let person = json!({"chat_id": chat.id(), "user_id": anna.id()});
    bot.ok("banChatMember", person.clone()).await;
    let updates = bot.updates().await;
    assert!(
        updates.iter().any(|u| u["chat_member"]["new_chat_member"]["status"] == "kicked"),
        "{updates:#?}"
    );
    assert!(updates.iter().any(|u| u["message"]["left_chat_member"]["id"] == anna.id()), "{updates:#?}");
    assert_eq!(anna.joins(&open), refused("USER_BANNED_IN_CHANNEL"));
    bot.ok("unbanChatMember", json!({"chat_id": chat.id(), "user_id": anna.id(), "only_if_banned": true}))
        .await;
    assert_eq!(anna.joins(&open), Joining::Joined);
    // Without `only_if_banned` it puts out who is in.
    bot.ok("unbanChatMember", person).await;
    assert!(!anna.is_in(&chat));
    assert_eq!(anna.joins(&open), Joining::Joined, "but does not keep her out");
}

#[tokio::test]
async fn who_is_restricted_may_not_write() {
    let telegram = Double::start().await;
    let (bot, _, chat) = settlement(&telegram, Rights::ALL).await;
    let anna = telegram.user("Анна", "ru");
    chat.has(&anna);
    let what =
        json!({"chat_id": chat.id(), "user_id": anna.id(), "permissions": {"can_send_messages": false}});
    bot.ok("restrictChatMember", what).await;
    let member = bot.ok("getChatMember", json!({"chat_id": chat.id(), "user_id": anna.id()})).await;
    assert_eq!((&member["status"], &member["can_send_messages"]), (&json!("restricted"), &json!(false)));
    assert!(anna.is_in(&chat));
}

#[tokio::test]
async fn a_group_that_grew_is_elsewhere() {
    let telegram = Double::start().await;
    let (bot, owner) = (Bot::of(&telegram), telegram.user("Олег", "ru"));
    let chat = telegram.group("Сосновка");
    chat.bot_added_by(&owner, Rights::ALL);
    bot.updates().await;
    let old = chat.id();
    chat.migrate();
    let new = chat.id();
    assert_ne!(old, new);
    let updates = bot.updates().await;
    assert_eq!(updates[0]["message"]["migrate_to_chat_id"], new);
    assert_eq!(updates[1]["message"]["migrate_from_chat_id"], old);
    let (status, answer) = bot.call("sendMessage", json!({"chat_id": old, "text": "x"})).await;
    assert_eq!((status, &answer["parameters"]["migrate_to_chat_id"]), (400, &json!(new)));
    assert_eq!(answer["description"], "Bad Request: group chat was upgraded to a supergroup chat");
    bot.says(new, "переехали").await;
    chat.hears("переехали").await;
    assert!(owner.is_in(&chat));
}

#[tokio::test]
async fn a_bot_that_is_out_is_told_so() {
    let telegram = Double::start().await;
    let (bot, _, chat) = settlement(&telegram, Rights::ALL).await;
    chat.removes_bot();
    assert_eq!(bot.update("my_chat_member").await["new_chat_member"]["status"], "kicked");
    let say = json!({"chat_id": chat.id(), "text": "x"});
    let kicked = (403, "Forbidden: bot was kicked from the supergroup chat".to_owned());
    assert_eq!(bot.refused("sendMessage", say.clone()).await, kicked);

    let (bot, _, chat) = settlement(&telegram, Rights::ALL).await;
    bot.ok("leaveChat", json!({"chat_id": chat.id()})).await;
    let say = json!({"chat_id": chat.id(), "text": "x"});
    let gone = (403, "Forbidden: bot is not a member of the supergroup chat".to_owned());
    assert_eq!(bot.refused("sendMessage", say).await, gone);
    let nowhere = json!({"chat_id": -1_009_999, "text": "x"});
    assert_eq!(bot.refused("sendMessage", nowhere).await, (400, "Bad Request: chat not found".to_owned()));
}

#[tokio::test]
async fn the_primary_link_is_replaced_by_a_new_one() {
    let telegram = Double::start().await;
    let (bot, _, chat) = settlement(&telegram, Rights::ALL).await;
    let here = json!({"chat_id": chat.id()});
    let first = bot.ok("exportChatInviteLink", here.clone()).await;
    let second = bot.ok("exportChatInviteLink", here.clone()).await;
    assert_eq!(bot.ok("getChat", here).await["invite_link"], second);
    let anna = telegram.user("Анна", "ru");
    assert_eq!(anna.joins(first.as_str().unwrap()), refused("INVITE_HASH_EXPIRED"));
    assert_eq!(anna.joins(second.as_str().unwrap()), Joining::Joined);
}

#[tokio::test]
async fn people_have_links_of_their_own_and_ask_without_one() {
    let telegram = Double::start().await;
    let (bot, owner, chat) = settlement(&telegram, Rights::ALL).await;
    let (anna, ivan) = (telegram.user("Анна", "ru"), telegram.user("Иван", "ru"));
    let printed = owner.makes_link(&chat, true);
    assert_eq!(anna.joins(&printed), Joining::Requested);
    let shown = bot.update("chat_join_request").await["invite_link"]["invite_link"].clone();
    let (half, rest) = shown.as_str().unwrap().split_at(printed.len() - 8);
    assert!(printed.starts_with(half) && rest == "…", "a bot sees a half of what others made: {shown}");
    let revoke = json!({"chat_id": chat.id(), "invite_link": printed});
    assert_eq!(bot.refused("revokeChatInviteLink", revoke).await.1, "Bad Request: INVITE_HASH_INVALID");
    assert!(!chat.is_revoked(&printed));
    // In the group itself somebody lets her in.
    chat.has(&anna);
    assert!(anna.is_in(&chat) && chat.requests().is_empty());

    assert_eq!(ivan.asks(&chat), Joining::Requested);
    let request = bot.update("chat_join_request").await;
    assert_eq!((&request["from"]["id"], request.get("invite_link")), (&json!(ivan.id()), None));
    bot.ok("approveChatJoinRequest", json!({"chat_id": chat.id(), "user_id": ivan.id()})).await;
    assert_eq!(ivan.asks(&chat), refused("USER_ALREADY_PARTICIPANT"));
}

#[tokio::test]
async fn a_group_that_takes_no_requests_has_links_for_all_the_same() {
    let telegram = Double::start().await;
    let (bot, _, chat) = settlement(&telegram, Rights::ALL).await;
    chat.takes_no_requests();
    let asking = json!({"chat_id": chat.id(), "creates_join_request": true});
    assert_eq!(bot.refused("createChatInviteLink", asking).await.1, "Bad Request: CHAT_INVALID");
    let anna = telegram.user("Анна", "ru");
    assert_eq!(anna.asks(&chat), refused("CHANNEL_PRIVATE"));
    assert_eq!(anna.joins(&link(&bot, &chat, json!({"member_limit": 1})).await), Joining::Joined);
}

#[tokio::test]
async fn a_group_is_given_away_and_deleted() {
    let telegram = Double::start().await;
    for (chat, why) in [
        (telegram.supergroup("Большой"), "Forbidden: bot was kicked from the supergroup chat"),
        (telegram.group("Простой"), "Forbidden: the group chat was deleted"),
    ] {
        let (bot, owner, anna) =
            (Bot::of(&telegram), telegram.user("Олег", "ru"), telegram.user("Анна", "ru"));
        chat.bot_added_by(&owner, Rights::ALL);
        chat.owned_by(&anna);
        let ban = |user: &User| json!({"chat_id": chat.id(), "user_id": user.id()});
        assert_eq!(bot.refused("banChatMember", ban(&anna)).await.1, "Bad Request: can't remove chat owner");
        let administrator = "Bad Request: user is an administrator of the chat";
        assert_eq!(bot.refused("banChatMember", ban(&owner)).await.1, administrator);
        let way = link(&bot, &chat, json!({})).await;
        bot.updates().await;
        chat.delete();
        assert_eq!(telegram.waiting(), 0, "nobody tells the bot");
        assert!(!chat.has_bot() && !anna.is_in(&chat) && chat.is_revoked(&way));
        let here = json!({"chat_id": chat.id()});
        for (method, arguments) in
            [("getChatMember", ban(&anna)), ("createChatInviteLink", here.clone()), ("leaveChat", here)]
        {
            assert_eq!(bot.refused(method, arguments).await, (403, why.to_owned()), "{method}");
        }
    }
}

#[tokio::test]
async fn a_plain_group_keeps_nobody_out() {
    let telegram = Double::start().await;
    let (bot, owner, anna) = (Bot::of(&telegram), telegram.user("Олег", "ru"), telegram.user("Анна", "ru"));
    let chat = telegram.group("Сосновка");
    chat.bot_added_by(&owner, Rights::ALL);
    let way = link(&bot, &chat, json!({})).await;
    assert_eq!(anna.joins(&way), Joining::Joined);
    let person = json!({"chat_id": chat.id(), "user_id": anna.id()});
    bot.ok("banChatMember", person.clone()).await;
    assert!(!anna.is_in(&chat));
    let why = "Bad Request: method is available for supergroup and channel chats only";
    assert_eq!(bot.refused("unbanChatMember", person).await.1, why);
    assert_eq!(anna.joins(&way), Joining::Joined);
}

#[tokio::test]
async fn a_bot_that_hears_late_hears_all() {
    let telegram = Double::start().await;
    let (bot, owner, _) = settlement(&telegram, Rights::ALL).await;
    telegram.set_late(true);
    owner.says("раз");
    assert!(bot.updates().await.is_empty());
    telegram.set_late(false);
    assert_eq!(bot.update("message").await["text"], "раз");
}
