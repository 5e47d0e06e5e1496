//! What Telegram tells of, in the words of [`talk`](crate::bot::talk).
//!
//! Invariants: one update is one thing heard, or none; what is said in a group is nobody's business here.
//!
//! What must never be here: what is answered; the network.

use teloxide::types::{
    AllowedUpdate, CallbackQuery, Chat, ChatInviteLink, ChatJoinRequest, ChatMemberKind, ChatMemberUpdated,
    Document, FileMeta, Message, MessageKind, Update, UpdateKind, User,
};

use crate::accounts::Messenger;
use crate::bot::talk::{At, Group, GroupInput, Heard, Input, Rights, Speaker};

/// What the bot wants to be told of: Telegram leaves out `chat_member` unless it is named.
pub(super) const WANTED: [AllowedUpdate; 8] = [
    AllowedUpdate::Message,
    AllowedUpdate::EditedMessage,
    AllowedUpdate::CallbackQuery,
    AllowedUpdate::MyChatMember,
    AllowedUpdate::ChatMember,
    AllowedUpdate::ChatJoinRequest,
    AllowedUpdate::InlineQuery,
    AllowedUpdate::ChosenInlineResult,
];

/// What is heard of an update; nothing where it is for nobody here. `now_ms` is for what Telegram says no time of.
pub(super) fn heard(update: &Update, now_ms: u64) -> Option<Heard> {
    let (from, at_ms, what) = match &update.kind {
        UpdateKind::Message(message) => {
            let what = if message.chat.is_private() { private(message)? } else { service(message)? };
            // What Telegram says of a group by itself, nobody says.
            (message.from.as_ref().map(speaker).unwrap_or_default(), ms(message), what)
        }
        UpdateKind::EditedMessage(message) if message.chat.is_private() => {
            let text = message.text()?.to_owned();
            (
                speaker(message.from.as_ref()?),
                ms(message),
                Input::Text { text, edited: true, at: at(message) },
            )
        }
        UpdateKind::CallbackQuery(query) => (speaker(&query.from), now_ms, press(query)?),
        UpdateKind::InlineQuery(typed) => {
            let what = Input::Typed { query: typed.id.0.clone(), text: typed.query.clone() };
            (speaker(&typed.from), now_ms, what)
        }
        UpdateKind::ChosenInlineResult(chosen) => {
            let what = Input::Chosen {
                offer: chosen.result_id.clone(),
                message: chosen.inline_message_id.clone(),
                text: chosen.query.clone(),
            };
            (speaker(&chosen.from), now_ms, what)
        }
        UpdateKind::MyChatMember(change) => {
            (speaker(&change.from), seconds(change.date.timestamp()), standing(change)?)
        }
        UpdateKind::ChatMember(change) => {
            (speaker(&change.from), seconds(change.date.timestamp()), came_or_went(change)?)
        }
        UpdateKind::ChatJoinRequest(ChatJoinRequest { chat, from, date, invite_link, .. }) => {
            let asks = GroupInput::Asks { who: speaker(from), link: address(invite_link.as_ref()) };
            (speaker(from), seconds(date.timestamp()), in_group(chat, asks)?)
        }
        _ => return None,
    };
    Some(Heard { id: i64::from(update.id.0), from, at_ms, what })
}

fn ms(message: &Message) -> u64 {
    seconds(message.date.timestamp())
}

fn seconds(since_1970: i64) -> u64 {
    u64::try_from(since_1970).unwrap_or(0) * 1_000
}

fn speaker(user: &User) -> Speaker {
    Speaker {
        messenger: Messenger::Telegram,
        user: i64::try_from(user.id.0).unwrap_or(i64::MAX),
        name: user.full_name(),
        handle: user.username.clone().unwrap_or_default(),
        language: user.language_code.clone().unwrap_or_default(),
    }
}

/// What somebody says to the bot alone. A text that was sent on is a text.
fn private(message: &Message) -> Option<Input> {
    let from = message.from.as_ref().filter(|from| !from.is_bot)?;
    if let Some(text) = message.text() {
        return Some(written(text, at(message)));
    }
    let album = message.media_group_id().map(|group| group.0.clone());
    let caption = message.caption().unwrap_or_default().to_owned();
    let photo = |file: &FileMeta| Input::Photo {
        file: file.id.0.clone(),
        // What Telegram does not say is the largest number there.
        bytes: (file.size < u32::MAX).then_some(u64::from(file.size)),
        album,
        caption,
    };
    if let Some(sizes) = message.photo() {
        return sizes
            .iter()
            .max_by_key(|size| u64::from(size.width) * u64::from(size.height))
            .map(|size| photo(&size.file));
    }
    if let Some(document) = message.document().filter(|document| is_picture(document)) {
        return Some(photo(&document.file));
    }
    if let Some(contact) = message.contact() {
        let own = contact.user_id == Some(from.id);
        return Some(Input::Contact { phone: contact.phone_number.clone(), own });
    }
    // A pinned message, a timer that was set: what Telegram itself says is no answer to anything.
    matches!(message.kind, MessageKind::Common(_) | MessageKind::Dice(_) | MessageKind::Empty {})
        .then_some(Input::Other)
}

/// Which message it is.
fn at(message: &Message) -> At {
    At { chat: message.chat.id.0, message: i64::from(message.id.0) }
}

/// `/menu rest`, also `/menu@the_bot rest`; `/start payload`; or words.
fn written(text: &str, at: At) -> Input {
    let command =
        text.strip_prefix('/').map(|rest| rest.split_once(char::is_whitespace).unwrap_or((rest, "")));
    let named =
        command.map(|(name, rest)| (name.split('@').next().unwrap_or_default().to_lowercase(), rest.trim()));
    let is_name = |name: &str| {
        !name.is_empty() && name.len() <= 32 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    match named {
        Some((name, rest)) if name == "start" => Input::Start(rest.to_owned()),
        Some((name, rest)) if is_name(&name) => Input::Command { name, rest: rest.to_owned() },
        _ => Input::Text { text: text.to_owned(), edited: false, at },
    }
}

fn is_picture(document: &Document) -> bool {
    document.mime_type.as_ref().is_some_and(|kind| kind.essence_str().starts_with("image/"))
}

fn press(query: &CallbackQuery) -> Option<Input> {
    // A game's button has no word of ours.
    let press = query.data.clone()?;
    let under = query
        .regular_message()
        .map(|message| At { chat: message.chat.id.0, message: i64::from(message.id.0) });
    Some(Input::Press { press, query: query.id.0.clone(), under })
}

/// What Telegram itself says in a group.
fn service(message: &Message) -> Option<Input> {
    if let Some(to) = message.migrate_to_chat_id() {
        return in_group(&message.chat, GroupInput::Moved { to: to.0 });
    }
    // Where the bot is no administrator it hears of those who go by this alone.
    let gone = message.left_chat_member().filter(|user| !user.is_bot)?;
    in_group(&message.chat, GroupInput::Left { who: speaker(gone) })
}

/// What the bot is in a chat from now on.
fn standing(change: &ChatMemberUpdated) -> Option<Input> {
    let member = &change.new_chat_member.kind;
    if change.chat.is_private() {
        return Some(if member.is_present() { Input::Unblocked } else { Input::Blocked });
    }
    let what = if member.is_present() { GroupInput::Standing(rights(member)) } else { GroupInput::Gone };
    in_group(&change.chat, what)
}

fn came_or_went(change: &ChatMemberUpdated) -> Option<Input> {
    let member = &change.new_chat_member;
    let who = speaker(Some(&member.user).filter(|user| !user.is_bot)?);
    let what = match (change.old_chat_member.kind.is_present(), member.kind.is_present()) {
        (false, true) => GroupInput::Joined { who, link: address(change.invite_link.as_ref()) },
        (true, false) => GroupInput::Left { who },
        _ => return None,
    };
    in_group(&change.chat, what)
}

/// What a member of a group may do there of what the bot needs.
pub(super) fn rights(member: &ChatMemberKind) -> Rights {
    match member {
        ChatMemberKind::Owner(_) => Rights { administrator: true, invite: true, remove: true },
        ChatMemberKind::Administrator(may) => {
            Rights { administrator: true, invite: may.can_invite_users, remove: may.can_restrict_members }
        }
        _ => Rights::default(),
    }
}

fn address(link: Option<&ChatInviteLink>) -> Option<String> {
    link.map(|link| link.invite_link.clone())
}

fn in_group(chat: &Chat, what: GroupInput) -> Option<Input> {
    let group = Group { chat: chat.id.0, title: chat.title().unwrap_or_default().to_owned() };
    (chat.is_group() || chat.is_supergroup()).then_some(Input::Group { group, what })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn anna() -> Value {
        json!({"id": 5_000_000_001_i64, "is_bot": false, "first_name": "Анна", "last_name": "К.", "username": "anna",
               "language_code": "ru"})
    }

    fn group() -> Value {
        json!({"id": -1_002_000_000_001_i64, "type": "supergroup", "title": "Сосновка"})
    }

    fn hear(kind: &str, what: Value) -> Option<Heard> {
        // As it comes over the network: teloxide reads no other.
        let update = json!({"update_id": 7, kind: what}).to_string();
        let update: Update = serde_json::from_str(&update).unwrap();
        assert!(!matches!(update.kind, UpdateKind::Error(_)), "it does not read: {what}");
        heard(&update, 99)
    }

    fn message(mut with: Value) -> Option<Input> {
        with["message_id"] = json!(11);
        with["date"] = json!(1_700_000_000);
        with["from"] = anna();
        with["chat"] = json!({"id": 5_000_000_001_i64, "type": "private", "first_name": "Анна"});
        hear("message", with).map(|heard| heard.what)
    }

    fn text(text: &str) -> Option<Input> {
        let at = At { chat: 5_000_000_001, message: 11 };
        Some(Input::Text { text: text.to_owned(), edited: false, at })
    }

    fn command(name: &str, rest: &str) -> Option<Input> {
        Some(Input::Command { name: name.to_owned(), rest: rest.to_owned() })
    }

    #[test]
    fn who_says_something_and_when() {
        let chat = json!({"id": 5_000_000_001_i64, "type": "private", "first_name": "Анна"});
        let said =
            json!({"message_id": 1, "date": 1_700_000_000, "from": anna(), "chat": chat, "text": "такси"});
        let heard = hear("message", said.clone()).unwrap();
        let Speaker { messenger, user, name, handle, language } = heard.from;
        assert_eq!((heard.id, heard.at_ms, messenger), (7, 1_700_000_000_000, Messenger::Telegram));
        assert_eq!(
            (user, name.as_str(), handle.as_str(), language.as_str()),
            (5_000_000_001, "Анна К.", "anna", "ru")
        );
        let mut edited = said;
        edited["edit_date"] = json!(1_700_000_060);
        let heard = hear("edited_message", edited).unwrap();
        assert_eq!(
            heard.what,
            Input::Text {
                text: "такси".to_owned(),
                edited: true,
                at: At { chat: 5_000_000_001, message: 1 }
            }
        );
    }

    #[test]
    fn what_is_written() {
        assert_eq!(message(json!({"text": "такси А123ВС77"})), text("такси А123ВС77"));
        assert_eq!(message(json!({"text": "/start"})), Some(Input::Start(String::new())));
        assert_eq!(message(json!({"text": "/start join-1"})), Some(Input::Start("join-1".to_owned())));
        assert_eq!(message(json!({"text": "/Menu@sosnovka_bot  и ещё"})), command("menu", "и ещё"));
        assert_eq!(message(json!({"text": "/"})), text("/"));
        assert_eq!(message(json!({"text": "/дом 5"})), text("/дом 5"));
        let origin = json!({"type": "hidden_user", "date": 1_700_000_000, "sender_user_name": "Такси"});
        assert_eq!(
            message(json!({"text": "К вам едет А1", "forward_origin": origin})),
            text("К вам едет А1")
        );
    }

    #[test]
    fn what_is_sent() {
        let size = |id: &str, width: u32| json!({"file_id": id, "file_unique_id": id, "file_size": 900, "width": width, "height": 90});
        let photo = |file: &str, bytes, album: Option<&str>, caption: &str| {
            let (file, album, caption) = (file.to_owned(), album.map(str::to_owned), caption.to_owned());
            Some(Input::Photo { file, bytes, album, caption })
        };
        let sent = json!({"photo": [size("a", 90), size("c", 1280), size("b", 320)], "media_group_id": "13",
                          "caption": "вид"});
        assert_eq!(message(sent), photo("c", Some(900), Some("13"), "вид"));
        let file =
            |kind: &str| json!({"file_id": "d", "file_unique_id": "d", "file_name": "x", "mime_type": kind});
        assert_eq!(message(json!({"document": file("image/png")})), photo("d", None, None, ""));
        assert_eq!(message(json!({"document": file("application/pdf")})), Some(Input::Other));
        let voice = json!({"file_id": "v", "file_unique_id": "v", "duration": 3, "file_size": 5});
        assert_eq!(message(json!({"voice": voice})), Some(Input::Other));
        let contact = |user: i64| json!({"phone_number": "+79001234567", "first_name": "А", "user_id": user});
        let phone = "+79001234567".to_owned();
        let own = Input::Contact { phone: phone.clone(), own: true };
        assert_eq!(message(json!({"contact": contact(5_000_000_001)})), Some(own));
        assert_eq!(message(json!({"contact": contact(5)})), Some(Input::Contact { phone, own: false }));
        let timer = json!({"message_auto_delete_timer_changed": {"message_auto_delete_time": 60}});
        assert_eq!(message(timer), None);
    }

    #[test]
    fn what_is_pressed() {
        let chat = json!({"id": 5_000_000_001_i64, "type": "private", "first_name": "Анна"});
        let under = json!({"message_id": 4, "date": 1_700_000_000, "chat": chat, "text": "?"});
        let query = |message: Value| json!({"id": "44", "from": anna(), "message": message, "chat_instance": "1", "data": "menu"});
        let press = |under| Input::Press { press: "menu".to_owned(), query: "44".to_owned(), under };
        let at = At { chat: 5_000_000_001, message: 4 };
        assert_eq!(hear("callback_query", query(under)).unwrap().what, press(Some(at)));
        let old = json!({"message_id": 4, "date": 0, "chat": chat});
        assert_eq!(hear("callback_query", query(old)).unwrap().what, press(None));
    }

    #[test]
    fn what_is_typed_and_chosen_in_other_chats() {
        let typed =
            json!({"id": "55", "from": anna(), "query": "такси", "offset": "", "chat_type": "private"});
        let what = Input::Typed { query: "55".to_owned(), text: "такси".to_owned() };
        assert_eq!(hear("inline_query", typed).unwrap().what, what);
        let chosen =
            json!({"result_id": "pass", "from": anna(), "query": "такси", "inline_message_id": "AB"});
        let what = Input::Chosen {
            offer: "pass".to_owned(),
            message: Some("AB".to_owned()),
            text: "такси".to_owned(),
        };
        assert_eq!(hear("chosen_inline_result", chosen).unwrap().what, what);
    }

    fn change(chat: Value, user: &Value, old: Value, mut new: Value) -> Value {
        let mut old = old;
        (old["user"], new["user"]) = (user.clone(), user.clone());
        json!({"chat": chat, "from": anna(), "date": 1_700_000_000, "old_chat_member": old, "new_chat_member": new})
    }

    #[test]
    fn what_the_bot_is_in_a_chat() {
        let bot = json!({"id": 7, "is_bot": true, "first_name": "Bot", "username": "b_bot"});
        let member = || json!({"status": "member"});
        let kicked = || json!({"status": "kicked", "until_date": 0});
        let chat = || json!({"id": 5_000_000_001_i64, "type": "private", "first_name": "Анна"});
        let mine = |chat, old, new| hear("my_chat_member", change(chat, &bot, old, new)).unwrap().what;
        assert_eq!(mine(chat(), member(), kicked()), Input::Blocked);
        assert_eq!(mine(chat(), kicked(), member()), Input::Unblocked);
        let administrator = json!({"status": "administrator", "can_be_edited": false, "is_anonymous": false,
            "can_manage_chat": true, "can_delete_messages": true, "can_manage_video_chats": false,
            "can_restrict_members": false, "can_promote_members": false, "can_change_info": false,
            "can_invite_users": true});
        let there = Group { chat: -1_002_000_000_001, title: "Сосновка".to_owned() };
        let rights = Rights { administrator: true, invite: true, remove: false };
        let in_group = |what| Input::Group { group: there.clone(), what };
        assert_eq!(mine(group(), member(), administrator), in_group(GroupInput::Standing(rights)));
        assert_eq!(mine(group(), member(), kicked()), in_group(GroupInput::Gone));
    }

    #[test]
    fn who_comes_and_goes() {
        let (left, member) = (|| json!({"status": "left"}), || json!({"status": "member"}));
        let link = json!({"invite_link": "https://t.me/+x", "creator": anna(), "creates_join_request": true,
                          "is_primary": false, "is_revoked": false});
        let what = |heard: Option<Heard>| match heard.map(|heard| heard.what) {
            Some(Input::Group { what, .. }) => Some(what),
            None => None,
            other => panic!("{other:?}"),
        };
        let who = speaker(&serde_json::from_value(anna()).unwrap());
        let came_by = Some("https://t.me/+x".to_owned());
        let mut came = change(group(), &anna(), left(), member());
        came["invite_link"] = link.clone();
        let joined = GroupInput::Joined { who: who.clone(), link: came_by.clone() };
        assert_eq!(what(hear("chat_member", came)), Some(joined));
        let went = change(group(), &anna(), member(), left());
        assert_eq!(what(hear("chat_member", went)), Some(GroupInput::Left { who: who.clone() }));
        assert_eq!(what(hear("chat_member", change(group(), &anna(), member(), member()))), None);
        let asks = json!({"chat": group(), "from": anna(), "user_chat_id": 5_000_000_001_i64, "date": 1_700_000_000,
                          "invite_link": link});
        assert_eq!(
            what(hear("chat_join_request", asks)),
            Some(GroupInput::Asks { who: who.clone(), link: came_by })
        );
        let said = |more: Value| {
            let mut said = json!({"message_id": 1, "date": 1_700_000_000, "from": anna(), "chat": group()});
            said.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            what(hear("message", said))
        };
        assert_eq!(said(json!({"migrate_to_chat_id": -1_009})), Some(GroupInput::Moved { to: -1_009 }));
        assert_eq!(said(json!({"left_chat_member": anna()})), Some(GroupInput::Left { who }));
        assert_eq!(said(json!({"text": "всем привет"})), None, "what is said in a group is not for the bot");
        assert_eq!(said(json!({"text": "/menu"})), None);
    }
}
