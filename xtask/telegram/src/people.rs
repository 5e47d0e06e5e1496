//! What people do in Telegram, and what the bot is told of it.
//!
//! Invariants: people do nothing that Telegram would not let them do; what went wrong is said so that a reader of a
//! test sees what there was instead.
//! What must never be here: waiting, and the network; tests (`user`, `chat`) and the page (`play`) act through this.

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use crate::methods::content;
use crate::world::{
    Button, CallbackQuery, InlineQuery, InviteLink, Kind, Post, Rights, Status, World, entities_of_person,
    random,
};

/// What a press did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// The bot was told.
    Told,
    /// The text of the button was sent as a message.
    Said,
    /// An address was opened, or a Mini App with its data in the fragment.
    Opens(String),
    /// Words to be typed after the bot's name, in a chat of choice.
    Types(String),
    /// A text was copied.
    Copied(String),
}

type Done<T> = Result<T, String>;

impl World {
    /// Whether somebody may write into a chat.
    fn may_write(&self, person: i64, chat: i64) -> Done<()> {
        let here = self.chat(chat);
        if here.kind == Kind::Private {
            return if self.person(person).blocked {
                Err(format!("{} has blocked the bot", self.person(person).first_name))
            } else {
                Ok(())
            };
        }
        match here.status(person) {
            Status::Left | Status::Kicked => {
                Err(format!("{} is not in «{}»", self.person(person).first_name, here.title))
            }
            Status::Restricted { writes: false } => {
                Err(format!("{} may not write in «{}»", self.person(person).first_name, here.title))
            }
            _ => Ok(()),
        }
    }

    /// A message of a person, whatever is in it.
    pub(crate) fn write(
        &mut self,
        person: i64,
        chat: i64,
        body: Map<String, Value>,
        reply_to: Option<i32>,
    ) -> Done<i32> {
        self.may_write(person, chat)?;
        if chat == person {
            self.person_mut(person).started = true;
        }
        let mut post = Post::new(person, body);
        post.reply_to = reply_to;
        let id = self.post(chat, post);
        self.tell_message(chat, id);
        Ok(id)
    }

    pub(crate) fn say(&mut self, person: i64, chat: i64, text: &str) -> Done<i32> {
        self.write(person, chat, entities_of_person(text), None)
    }

    /// `/start`, by a deep link or by hand. Whoever had blocked the bot takes that back by it.
    pub(crate) fn start(&mut self, person: i64, payload: &str) -> Done<i32> {
        if self.person(person).blocked {
            self.block(person, false);
        }
        if payload.is_empty() {
            return self.say(person, person, "/start");
        }
        if !crate::limits::is_payload(payload, 1, 64) {
            return Err(format!("no deep link can carry «{payload}»"));
        }
        self.say(person, person, &format!("/start {payload}"))
    }

    /// Changes the text that a person wrote last, or a certain one.
    pub(crate) fn edit_own(&mut self, person: i64, message: Option<i32>, text: &str) -> Done<i32> {
        let now = self.now;
        let posts = &mut self.chat_mut(person).posts;
        let mut own =
            posts.values_mut().rev().filter(|post| post.from == person && post.body.contains_key("text"));
        let post =
            own.find(|post| message.is_none_or(|id| post.id == id)).ok_or("there is nothing to edit")?;
        let id = post.id;
        post.body = entities_of_person(text);
        post.edit_date = Some(now);
        post.edits += 1;
        let json = self.message_json(person, id);
        self.tell("edited_message", json);
        Ok(id)
    }

    /// Deletes a message of the private chat for both.
    pub(crate) fn delete(&mut self, person: i64, message: i32) -> Done<()> {
        let found = self.chat_mut(person).posts.get_mut(&message).filter(|post| !post.deleted);
        let post = found.ok_or_else(|| format!("there is no message {message} to delete"))?;
        post.deleted = true;
        Ok(())
    }

    /// A message of somebody else, sent on.
    pub(crate) fn forward(&mut self, person: i64, text: &str) -> Done<i32> {
        let mut body = Map::new();
        body.insert("text".to_owned(), Value::from(text));
        body.insert(
            "forward_origin".to_owned(),
            json!({"type": "hidden_user", "date": self.now - 60, "sender_user_name": "Такси"}),
        );
        self.write(person, person, body, None)
    }

    pub(crate) fn send_photo(
        &mut self,
        person: i64,
        bytes: Bytes,
        told: Option<u64>,
        caption: &str,
    ) -> Done<i32> {
        let photo = self.files.keep_photo(bytes, told);
        self.write(person, person, captioned("photo", photo, caption), None)
    }

    /// Pictures sent together are as many messages.
    pub(crate) fn send_album(&mut self, person: i64, pictures: Vec<Bytes>) -> Done<Vec<i32>> {
        let group = self.next().to_string();
        pictures
            .into_iter()
            .map(|bytes| {
                let photo = self.files.keep_photo(bytes, None);
                let mut body = captioned("photo", photo, "");
                body.insert("media_group_id".to_owned(), Value::from(group.clone()));
                self.write(person, person, body, None)
            })
            .collect()
    }

    pub(crate) fn send_file(
        &mut self,
        person: i64,
        name: &str,
        bytes: Bytes,
        told: Option<u64>,
    ) -> Done<i32> {
        let document = self.files.keep("documents", name, bytes, told).document();
        self.write(person, person, captioned("document", document, ""), None)
    }

    pub(crate) fn send_voice(&mut self, person: i64) -> Done<i32> {
        let voice = self.files.keep("voice", "voice.oga", Bytes::from_static(b"OggS"), None).voice(3);
        self.write(person, person, captioned("voice", voice, ""), None)
    }

    pub(crate) fn share_contact(&mut self, person: i64, phone: &str) -> Done<i32> {
        let name = self.person(person).first_name.clone();
        let contact = json!({"phone_number": phone, "first_name": name, "user_id": person});
        self.write(person, person, captioned("contact", contact, ""), None)
    }

    /// Blocks the bot, or takes that back.
    pub(crate) fn block(&mut self, person: i64, blocked: bool) {
        if std::mem::replace(&mut self.person_mut(person).blocked, blocked) == blocked {
            return;
        }
        let bot = self.user_json(self.bot.id);
        let member = |blocked: bool| {
            if blocked {
                json!({"status": "kicked", "user": bot, "until_date": 0})
            } else {
                json!({"status": "member", "user": bot})
            }
        };
        let update = json!({
            "chat": self.chat_json(person),
            "from": self.user_json(person),
            "date": self.now,
            "old_chat_member": member(!blocked),
            "new_chat_member": member(blocked),
        });
        self.tell("my_chat_member", update);
    }

    /// Presses what has this text: a button under the newest message that has it, or else the keyboard's.
    pub(crate) fn press(&mut self, person: i64, chat: i64, label: &str) -> Done<Pressed> {
        let posts = self.chat(chat).posts.values().rev().filter(|post| !post.deleted);
        let found = posts
            .flat_map(|post| post.buttons().into_iter().flatten().map(|button| (post.id, button)))
            .find(|(_, button)| button.text == label);
        if let Some((id, button)) = found {
            return self.press_button(person, chat, id, &button);
        }
        let keyboard = self.chat(chat).keyboard.clone().unwrap_or_default();
        let rows = keyboard["keyboard"].as_array().into_iter().flatten();
        let key = rows
            .flat_map(|row| row.as_array().into_iter().flatten())
            .find(|key| key.as_str().or_else(|| key["text"].as_str()) == Some(label))
            .ok_or_else(|| format!("there is no «{label}» to press"))?;
        if keyboard["one_time_keyboard"] == true {
            self.chat_mut(chat).keyboard = None;
        }
        if key["request_contact"] == true {
            let phone = self.person(person).phone.clone();
            self.share_contact(person, &phone)?;
            return Ok(Pressed::Said);
        }
        if let Some(address) = key["web_app"]["url"].as_str() {
            return Ok(Pressed::Opens(self.mini_app(person, address, false)));
        }
        self.say(person, chat, label)?;
        Ok(Pressed::Said)
    }

    /// Presses a button that a message had once, as somebody does whose telephone has not heard of the edit.
    pub(crate) fn press_old(&mut self, person: i64, chat: i64, message: i32, label: &str) -> Done<Pressed> {
        let seen = self.chat(chat).heard.iter().rev().filter(|(seen, _)| seen.id == message);
        let button = seen
            .flat_map(|(seen, _)| seen.buttons.iter().flatten())
            .find(|button| button.text == label)
            .cloned()
            .ok_or_else(|| format!("message {message} never had «{label}»"))?;
        self.press_button(person, chat, message, &button)
    }

    /// Presses a button that says this of itself.
    pub(crate) fn press_data(&mut self, person: i64, message: i32, data: &str) -> Done<Pressed> {
        if !self.chat(person).posts.contains_key(&message) {
            return Err(format!("there is no message {message}"));
        }
        let button = Button { text: data.to_owned(), data: Some(data.to_owned()), ..Button::default() };
        self.press_button(person, person, message, &button)
    }

    fn press_button(&mut self, person: i64, chat: i64, message: i32, button: &Button) -> Done<Pressed> {
        if self.chat(chat).kind != Kind::Private {
            self.may_write(person, chat)?;
        }
        if let Some(data) = &button.data {
            let post = &self.chat(chat).posts[&message];
            let message = if post.deleted {
                json!({"chat": self.chat_json(chat), "message_id": message, "date": 0})
            } else {
                self.message_json(chat, message)
            };
            self.ask(person, &button.text, json!({"message": message, "data": data}), chat);
            return Ok(Pressed::Told);
        }
        self.opened(person, button)
    }

    /// Presses a button of a message that was sent by way of the bot.
    pub(crate) fn press_inline(&mut self, person: i64, inline_message: &str, label: &str) -> Done<Pressed> {
        let post = self.inline_messages.get(inline_message).ok_or("there is no such message")?;
        let button = post.buttons().into_iter().flatten().find(|button| button.text == label);
        let button = button.ok_or_else(|| format!("the message has no «{label}»"))?;
        if let Some(data) = &button.data {
            self.ask(person, label, json!({"inline_message_id": inline_message, "data": data}), person);
            return Ok(Pressed::Told);
        }
        self.opened(person, &button)
    }

    fn ask(&mut self, person: i64, label: &str, mut update: Value, chat: i64) {
        let id = format!("44{:017}", self.next());
        update["id"] = Value::from(id.clone());
        update["from"] = self.user_json(person);
        update["chat_instance"] = Value::from((chat.unsigned_abs() ^ 0x5a5a_5a5a).to_string());
        let query = CallbackQuery { from: person, asked: self.now, answered: false, label: label.to_owned() };
        self.queries.callbacks.insert(id, query);
        self.tell("callback_query", update);
    }

    /// What a button opens that the bot is not told of.
    fn opened(&mut self, person: i64, button: &Button) -> Done<Pressed> {
        if let Some(address) = &button.web_app {
            return Ok(Pressed::Opens(self.mini_app(person, address, true)));
        }
        if let Some(words) = &button.switch_inline {
            return Ok(Pressed::Types(words.clone()));
        }
        if let Some(text) = &button.copies {
            return Ok(Pressed::Copied(text.clone()));
        }
        let address = button.url.clone().ok_or("the button does nothing")?;
        let url = url::Url::parse(&address).map_err(|error| error.to_string())?;
        let own = url.path().trim_matches('/').eq_ignore_ascii_case(&self.bot.username);
        if url.host_str() == Some("t.me") && own {
            let payload =
                url.query_pairs().find(|(key, _)| key == "start").map(|(_, value)| value.into_owned());
            self.start(person, &payload.unwrap_or_default())?;
            return Ok(Pressed::Said);
        }
        Ok(Pressed::Opens(address))
    }

    /// Types words after the bot's name; the id of the query.
    pub(crate) fn type_inline(&mut self, person: i64, words: &str) -> String {
        let id = format!("55{:017}", self.next());
        self.person_mut(person).inline_results = None;
        let query = InlineQuery { from: person, query: words.to_owned(), answered: false };
        self.queries.inline.insert(id.clone(), query);
        let update = json!({
            "id": id, "from": self.user_json(person), "query": words, "offset": "", "chat_type": "private",
        });
        self.tell("inline_query", update);
        id
    }

    /// Sends one of the results on to somebody; the id of that message for the bot, where it has buttons.
    pub(crate) fn choose_inline(&mut self, person: i64, result: &str) -> Done<Option<String>> {
        let (words, results) =
            self.person(person).inline_results.clone().ok_or("there is nothing to choose from")?;
        let chosen = results.iter().find(|each| each["id"] == result).ok_or_else(|| {
            format!(
                "there is no result «{result}» among {:?}",
                results.iter().map(|each| &each["id"]).collect::<Vec<_>>()
            )
        })?;
        let mut post = Post::new(person, content(chosen).map_err(|refusal| refusal.description)?);
        post.markup = chosen.get("reply_markup").cloned();
        let mut update = json!({"result_id": result, "from": self.user_json(person), "query": words});
        let id = post.markup.is_some().then(|| random(24));
        if let Some(id) = &id {
            update["inline_message_id"] = Value::from(id.clone());
            self.inline_messages.insert(id.clone(), post);
        }
        self.tell("chosen_inline_result", update);
        Ok(id)
    }

    /// Tells the bot that a result was chosen, whether it was offered or not.
    pub(crate) fn choose_forged(&mut self, person: i64, result: &str, words: &str) -> String {
        let id = random(24);
        let post = Post::new(person, entities_of_person(words));
        self.inline_messages.insert(id.clone(), post);
        let from = self.user_json(person);
        let chosen = json!({"result_id": result, "from": from, "query": words, "inline_message_id": id});
        self.tell("chosen_inline_result", chosen);
        id
    }

    /// A Mini App's address as Telegram opens it: what it may know stands in the fragment, which no server sees.
    pub(crate) fn mini_app(&mut self, person: i64, address: &str, may_answer: bool) -> String {
        let query = may_answer.then(|| random(16));
        if let Some(query) = &query {
            self.web_app_queries.insert(query.clone(), person);
        }
        let data = self.init_data(person, self.now, query.as_deref());
        let theme = json!({
            "bg_color": "#ffffff", "text_color": "#000000", "hint_color": "#707579", "link_color": "#3390ec",
            "button_color": "#3390ec", "button_text_color": "#ffffff", "secondary_bg_color": "#f4f4f5",
        });
        let fragment = form(&[
            ("tgWebAppData", &data),
            ("tgWebAppVersion", "9.1"),
            ("tgWebAppPlatform", "web"),
            ("tgWebAppThemeParams", &theme.to_string()),
        ]);
        let joint = if address.contains('#') { '&' } else { '#' };
        format!("{address}{joint}{fragment}")
    }

    /// What a Mini App is given of its user, signed with the bot's token: "Validating data received via the Mini App".
    pub(crate) fn init_data(&self, person: i64, auth_date: i64, query: Option<&str>) -> String {
        let about = self.person(person);
        let user = json!({
            "id": person, "first_name": about.first_name, "last_name": "", "language_code": about.language_code,
            "allows_write_to_pm": about.started && !about.blocked,
        });
        let (user, date) = (user.to_string(), auth_date.to_string());
        let mut pairs = vec![("auth_date", date.as_str()), ("user", user.as_str())];
        if let Some(query) = query {
            pairs.push(("query_id", query));
        }
        pairs.sort_unstable();
        let lines: Vec<_> = pairs.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let key = sign(b"WebAppData", self.bot.token.as_bytes());
        let hash = data_encoding::HEXLOWER.encode(&sign(&key, lines.join("\n").as_bytes()));
        pairs.push(("hash", &hash));
        form(&pairs)
    }

    /// A link as one of a group's people makes it.
    pub(crate) fn make_link(&mut self, person: i64, chat: i64, asks: bool) -> Done<String> {
        let here = self.chat(chat);
        if !here.rights(person).invite {
            return Err(format!("{} may invite nobody", self.person(person).first_name));
        }
        if asks && here.takes_no_requests {
            return Err(format!("«{}» takes no requests", here.title));
        }
        let link = format!("https://t.me/+{}", random(16));
        self.chat_mut(chat).links.push(InviteLink {
            link: link.clone(),
            creator: person,
            name: None,
            expires: None,
            places: None,
            asks,
            revoked: false,
            primary: false,
            came: Default::default(),
        });
        Ok(link)
    }

    /// Puts the bot into a chat with these rights, or changes them.
    pub(crate) fn set_rights(&mut self, chat: i64, by: i64, rights: Rights) {
        let bot = self.bot.id;
        let new = !self.chat(chat).status(bot).is_present();
        if new {
            self.set_status(chat, bot, by, Status::Member, 0, None);
            let json = json!([self.user_json(bot)]);
            self.service(chat, by, "new_chat_members", json);
        }
        let status = if rights.administrator { Status::Administrator(rights) } else { Status::Member };
        self.set_status(chat, bot, by, status, 0, None);
    }
}

fn captioned(name: &str, what: Value, caption: &str) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert(name.to_owned(), what);
    if !caption.is_empty() {
        body.insert("caption".to_owned(), Value::from(caption));
    }
    body
}

fn sign(key: &[u8], text: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text);
    mac.finalize().into_bytes().into()
}

fn form(pairs: &[(&str, &str)]) -> String {
    // In a fragment a plus is a plus: spaces are written as %20, as browsers do in `encodeURIComponent`.
    serde_urlencoded::to_string(pairs).expect("pairs of texts can be written").replace('+', "%20")
}
