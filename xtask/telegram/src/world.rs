//! What Telegram knows: people, chats, messages, files, links, and what the bot has not been told yet.
//!
//! Invariants: ids of people do not fit 32 bits, those of groups are negative; message ids count from 1 in every chat,
//! so that a bot that takes one for unique is found out; everything that happens carries the time at which the world
//! was entered.
//! What must never be here: HTTP, clocks, and the words of refusals (`methods`).

mod files;
mod members;
mod messages;
mod queries;
mod updates;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

pub(crate) use files::{File, Files};
pub use members::Rights;
pub(crate) use members::{Chat, Entered, InviteLink, Kind, Status};
pub use messages::{Button, Message};
pub(crate) use messages::{Post, entities_of_person};
pub(crate) use queries::{CallbackQuery, InlineQuery, Queries};
pub(crate) use updates::{Updates, Webhook};

/// The bot, and what it told Telegram of itself.
#[derive(Debug)]
pub(crate) struct Bot {
    pub(crate) id: i64,
    pub(crate) token: String,
    pub(crate) username: String,
    pub(crate) name: String,
    pub(crate) description: BTreeMap<String, String>,
    pub(crate) short_description: BTreeMap<String, String>,
    /// By scope (its JSON) and language.
    pub(crate) commands: BTreeMap<(String, String), Vec<Value>>,
    /// By private chat; none is the rule for all.
    pub(crate) menu_buttons: BTreeMap<Option<i64>, Value>,
}

/// A user of Telegram.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) first_name: String,
    pub(crate) language_code: String,
    pub(crate) phone: String,
    /// The bot may write to those who wrote to it first.
    pub(crate) started: bool,
    pub(crate) blocked: bool,
    /// Who asks to join a chat may be written to for a while, without having started the bot.
    pub(crate) writable_until: i64,
    /// The text of the last answer to a pressed button, and how many there were.
    pub(crate) answers: Vec<Answer>,
    /// What the bot last answered to what was typed after its name.
    pub(crate) inline_results: Option<(String, Vec<Value>)>,
}

/// What came back for a pressed button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The text, empty where the circle on the button just stopped turning.
    pub text: String,
    /// Whether the text stands in the way until it is closed.
    pub alert: bool,
    /// An address that opens.
    pub url: Option<String>,
}

/// All of it.
#[derive(Debug)]
pub(crate) struct World {
    /// Seconds since 1970.
    pub(crate) now: i64,
    pub(crate) bot: Bot,
    pub(crate) people: BTreeMap<i64, Person>,
    pub(crate) chats: BTreeMap<i64, Chat>,
    pub(crate) files: Files,
    pub(crate) queries: Queries,
    pub(crate) updates: Updates,
    /// Messages sent by way of the bot into chats where it is not.
    pub(crate) inline_messages: BTreeMap<String, Post>,
    /// Prepared messages, by id: whose they are and what they say.
    pub(crate) prepared: BTreeMap<String, (i64, Value)>,
    /// Mini Apps that may answer once.
    pub(crate) web_app_queries: BTreeMap<String, i64>,
    next: i64,
}

impl World {
    pub(crate) fn new(username: &str) -> Self {
        let id = 7_000_000_001;
        let token = format!("{id}:{}", random(35));
        Self {
            now: 0,
            bot: Bot {
                id,
                token,
                username: username.to_owned(),
                name: "Dwellers".to_owned(),
                description: BTreeMap::new(),
                short_description: BTreeMap::new(),
                commands: BTreeMap::new(),
                menu_buttons: BTreeMap::new(),
            },
            people: BTreeMap::new(),
            chats: BTreeMap::new(),
            files: Files::default(),
            queries: Queries::default(),
            updates: Updates::new(),
            inline_messages: BTreeMap::new(),
            prepared: BTreeMap::new(),
            web_app_queries: BTreeMap::new(),
            next: 1,
        }
    }

    /// A number that nothing else has.
    pub(crate) fn next(&mut self) -> i64 {
        self.next += 1;
        self.next
    }

    /// A user, with a private chat that is empty.
    pub(crate) fn add_person(&mut self, first_name: &str, language_code: &str) -> i64 {
        let number = self.next();
        let id = 5_000_000_000 + number;
        self.people.insert(
            id,
            Person {
                first_name: first_name.to_owned(),
                language_code: language_code.to_owned(),
                phone: format!("+7900{number:07}"),
                started: false,
                blocked: false,
                writable_until: 0,
                answers: Vec::new(),
                inline_results: None,
            },
        );
        self.chats.insert(id, Chat::new(id, Kind::Private, ""));
        id
    }

    pub(crate) fn add_group(&mut self, title: &str, kind: Kind) -> i64 {
        let number = self.next();
        let id = match kind {
            Kind::Supergroup => -1_000_000_000_000 - 2_000_000_000 - number,
            Kind::Group | Kind::Private => -4_000_000_000 - number,
        };
        self.chats.insert(id, Chat::new(id, kind, title));
        id
    }

    /// The chat that a group has become.
    pub(crate) fn now_called(&self, chat: i64) -> i64 {
        self.chats.get(&chat).and_then(|chat| chat.migrated_to).unwrap_or(chat)
    }

    pub(crate) fn chat(&self, id: i64) -> &Chat {
        &self.chats[&id]
    }

    pub(crate) fn chat_mut(&mut self, id: i64) -> &mut Chat {
        self.chats.get_mut(&id).expect("chats are never taken away")
    }

    pub(crate) fn person(&self, id: i64) -> &Person {
        &self.people[&id]
    }

    pub(crate) fn person_mut(&mut self, id: i64) -> &mut Person {
        self.people.get_mut(&id).expect("people are never taken away")
    }

    /// `User`, of a person or of the bot.
    pub(crate) fn user_json(&self, id: i64) -> Value {
        match self.people.get(&id) {
            Some(person) => json!({
                "id": id,
                "is_bot": false,
                "first_name": person.first_name,
                "language_code": person.language_code,
            }),
            None => json!({
                "id": self.bot.id,
                "is_bot": true,
                "first_name": self.bot.name,
                "username": self.bot.username,
            }),
        }
    }

    /// `Chat`.
    pub(crate) fn chat_json(&self, id: i64) -> Value {
        let chat = self.chat(id);
        match chat.kind {
            Kind::Private => {
                json!({"id": id, "type": "private", "first_name": self.person(id).first_name})
            }
            Kind::Group => json!({"id": id, "type": "group", "title": chat.title}),
            Kind::Supergroup => json!({"id": id, "type": "supergroup", "title": chat.title}),
        }
    }

    /// `Message`, with the one that it answers.
    pub(crate) fn message_json(&self, chat: i64, id: i32) -> Value {
        self.post_json(chat, &self.chat(chat).posts[&id], true)
    }

    fn post_json(&self, chat: i64, post: &Post, with_reply: bool) -> Value {
        let mut json = Map::new();
        json.insert("message_id".to_owned(), Value::from(post.id));
        json.insert("from".to_owned(), self.user_json(post.from));
        json.insert("chat".to_owned(), self.chat_json(chat));
        json.insert("date".to_owned(), Value::from(post.date));
        if let Some(date) = post.edit_date {
            json.insert("edit_date".to_owned(), Value::from(date));
        }
        json.extend(post.body.clone());
        if let Some(markup) = &post.markup {
            json.insert("reply_markup".to_owned(), markup.clone());
        }
        if with_reply
            && let Some(reply) =
                post.reply_to.and_then(|id| self.chat(chat).posts.get(&id)).filter(|post| !post.deleted)
        {
            json.insert("reply_to_message".to_owned(), self.post_json(chat, reply, false));
        }
        Value::Object(json)
    }

    /// Puts a post into a chat and says its id.
    pub(crate) fn post(&mut self, chat: i64, mut post: Post) -> i32 {
        let now = self.now;
        let chat_id = chat;
        let from_bot = post.from == self.bot.id;
        let chat = self.chat_mut(chat_id);
        chat.last += 1;
        post.id = chat.last;
        post.date = now;
        let id = post.id;
        chat.posts.insert(id, post);
        if from_bot {
            self.note(chat_id, id);
        }
        id
    }

    /// Remembers what the bot wrote or changed, as it is now, for those who listen.
    pub(crate) fn note(&mut self, chat: i64, id: i32) {
        let seen = self.view(chat, id);
        self.chat_mut(chat).heard.push((seen, false));
    }

    /// A post as a person sees it.
    pub(crate) fn view(&self, chat: i64, id: i32) -> Message {
        self.chat(chat).posts[&id].view(chat, self.bot.id, &self.files)
    }

    /// Tells the bot, unless it asked not to be told of such things.
    pub(crate) fn tell(&mut self, kind: &str, what: Value) {
        self.updates.push(self.now, kind, what);
    }

    /// Tells the bot of a new message of a person.
    pub(crate) fn tell_message(&mut self, chat: i64, id: i32) {
        if self.bot_reads(chat, id) {
            let message = self.message_json(chat, id);
            self.tell("message", message);
        }
    }

    /// Whether a message of a chat reaches the bot: of a group where it is no administrator only commands, answers to
    /// it and what Telegram itself says (the privacy mode that bots have unless they ask for another).
    fn bot_reads(&self, chat: i64, id: i32) -> bool {
        let chat = self.chat(chat);
        if chat.kind == Kind::Private {
            return true;
        }
        let post = &chat.posts[&id];
        let answers =
            || post.reply_to.and_then(|id| chat.posts.get(&id)).is_some_and(|post| post.from == self.bot.id);
        let text = post.text();
        chat.member(self.bot.id).is_some_and(|bot| {
            bot.status.is_present()
                && (bot.status.is_administrator()
                    || post.is_service()
                    || text.starts_with('/')
                    || text.contains(&format!("@{}", self.bot.username))
                    || answers())
        })
    }
}

/// Letters and digits that nobody guesses.
pub(crate) fn random(length: usize) -> String {
    std::iter::repeat_with(fastrand::alphanumeric).take(length).collect()
}
