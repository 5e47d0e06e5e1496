//! A person of Telegram, as a test plays one.
//!
//! Invariants: whatever waits, waits no longer than [`crate::PATIENCE`] and then shows the chat.
//! What must never be here: rules; what a person may do is in `people`.

use std::fmt::Write as _;
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value;

use crate::chat::Chat;
use crate::double::Shared;
use crate::people::Pressed;
use crate::world::{Answer, Entered, Message, Status, World};

/// A person. Clones are the same person.
#[derive(Clone)]
pub struct User {
    shared: Arc<Shared>,
    id: i64,
}

/// How an attempt to join a chat ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Joining {
    /// The person is in.
    Joined,
    /// The chat's administrators, or the bot, have to decide.
    Requested,
    /// Telegram's word for why not.
    Refused(String),
}

impl User {
    pub(crate) fn new(shared: Arc<Shared>, id: i64) -> Self {
        Self { shared, id }
    }

    /// The person's id, which is the id of the private chat with the bot too.
    #[must_use]
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Does what only a mistake in the test can make impossible.
    #[track_caller]
    fn act<T>(&self, act: impl FnOnce(&mut World) -> Result<T, String>) -> T {
        match self.shared.change(act) {
            Ok(done) => done,
            Err(error) => panic!("{error}\n{}", self.shared.look(|world| transcript(world, self.id))),
        }
    }

    /// Sends a text to the bot; the message's id.
    #[track_caller]
    pub fn says(&self, text: &str) -> i32 {
        self.act(|world| world.say(self.id, self.id, text))
    }

    /// Answers a message of the bot with a text.
    #[track_caller]
    pub fn replies(&self, to: i32, text: &str) -> i32 {
        let body = crate::world::entities_of_person(text);
        self.act(|world| world.write(self.id, self.id, body, Some(to)))
    }

    /// Sends a text to a group.
    #[track_caller]
    pub fn says_in(&self, chat: &Chat, text: &str) -> i32 {
        self.act(|world| world.say(self.id, world.now_called(chat.first_id()), text))
    }

    /// Changes the text that was sent last.
    #[track_caller]
    pub fn edits(&self, text: &str) -> i32 {
        self.act(|world| world.edit_own(self.id, None, text))
    }

    /// Changes a text that was sent.
    #[track_caller]
    pub fn edits_message(&self, message: i32, text: &str) -> i32 {
        self.act(|world| world.edit_own(self.id, Some(message), text))
    }

    /// Deletes a message of the private chat for both, whoever wrote it. No bot is told of that.
    #[track_caller]
    pub fn deletes(&self, message: i32) {
        self.act(|world| world.delete(self.id, message));
    }

    /// Forwards what somebody else wrote.
    #[track_caller]
    pub fn forwards(&self, text: &str) -> i32 {
        self.act(|world| world.forward(self.id, text))
    }

    /// Sends a picture.
    #[track_caller]
    pub fn sends_photo(&self, bytes: impl Into<Bytes>) -> i32 {
        self.act(|world| world.send_photo(self.id, bytes.into(), None, ""))
    }

    /// Sends a picture with words under it.
    #[track_caller]
    pub fn sends_photo_saying(&self, bytes: impl Into<Bytes>, caption: &str) -> i32 {
        self.act(|world| world.send_photo(self.id, bytes.into(), None, caption))
    }

    /// Sends pictures together.
    #[track_caller]
    pub fn sends_album(&self, pictures: Vec<Bytes>) -> Vec<i32> {
        self.act(|world| world.send_album(self.id, pictures))
    }

    /// Sends a file as it is.
    #[track_caller]
    pub fn sends_file(&self, name: &str, bytes: impl Into<Bytes>) -> i32 {
        self.act(|world| world.send_file(self.id, name, bytes.into(), None))
    }

    /// Sends a file that is said to have this size; more than twenty megabytes no bot can fetch.
    #[track_caller]
    pub fn sends_file_of_size(&self, name: &str, size: u64) -> i32 {
        self.act(|world| world.send_file(self.id, name, Bytes::from_static(b"much"), Some(size)))
    }

    /// Sends a voice message.
    #[track_caller]
    pub fn sends_voice(&self) -> i32 {
        self.act(|world| world.send_voice(self.id))
    }

    /// Shares a contact of one's own with this number.
    #[track_caller]
    pub fn shares_contact(&self, phone: &str) -> i32 {
        self.act(|world| world.share_contact(self.id, phone))
    }

    /// Starts the bot: by a deep link with this payload, or by hand where it is empty. Unblocks it, too.
    #[track_caller]
    pub fn starts(&self, payload: &str) -> i32 {
        self.act(|world| world.start(self.id, payload))
    }

    /// Presses what has this text, once it is there: a button under the newest message that has it, or else a key of
    /// the keyboard.
    ///
    /// # Panics
    /// Where there is no such thing in time.
    pub async fn presses(&self, label: &str) -> Pressed {
        self.presses_within(self.id, label).await
    }

    /// Presses a button under a message of a group.
    ///
    /// # Panics
    /// Where there is no such thing in time.
    pub async fn presses_in(&self, chat: &Chat, label: &str) -> Pressed {
        self.presses_within(chat.id(), label).await
    }

    async fn presses_within(&self, chat: i64, label: &str) -> Pressed {
        let pressed = self
            .shared
            .wait(
                |world| world.press(self.id, chat, label).ok(),
                |world| format!("nothing with «{label}» to press in:\n{}", transcript(world, chat)),
            )
            .await;
        self.shared.change(|_| ());
        pressed
    }

    /// Presses a button that a message had at some time, though it may be gone by now.
    #[track_caller]
    pub fn presses_old(&self, message: i32, label: &str) -> Pressed {
        self.act(|world| world.press_old(self.id, self.id, message, label))
    }

    /// Presses a button under a message that says this of itself, though the message never had it here: one of an older
    /// bot.
    #[track_caller]
    pub fn presses_data(&self, message: i32, data: &str) -> Pressed {
        self.act(|world| world.press_data(self.id, message, data))
    }

    /// Has spoken with the bot some time ago, so that it may write.
    pub fn has_met_bot(&self) {
        self.shared.look(|world| world.person_mut(self.id).started = true);
    }

    /// Presses a button of a message that somebody sent by way of the bot.
    #[track_caller]
    pub fn presses_inline(&self, inline_message: &str, label: &str) -> Pressed {
        self.act(|world| world.press_inline(self.id, inline_message, label))
    }

    /// Waits for a message of the bot, or an edit of one, that says this and was not heard before. It is as it was at
    /// that moment.
    ///
    /// # Panics
    /// Where there is none in time.
    pub async fn hears(&self, fragment: &str) -> Message {
        hears(&self.shared, self.id, fragment).await
    }

    /// What the bot wrote or changed and nobody heard, oldest first, as it was at that moment.
    #[must_use]
    pub fn unheard(&self) -> Vec<Message> {
        self.shared.look(|world| {
            let heard = world.chat(self.id).heard.iter();
            heard.filter(|(_, heard)| !heard).map(|(seen, _)| seen.clone()).collect()
        })
    }

    /// Forgets what is unheard, so that only what comes later counts.
    pub fn reads_all(&self) {
        self.shared
            .change(|world| world.chat_mut(self.id).heard.iter_mut().for_each(|(_, heard)| *heard = true));
    }

    /// Waits for the answer to a pressed button that was not taken before.
    ///
    /// # Panics
    /// Where there is none in time.
    pub async fn answer(&self) -> Answer {
        let id = self.id;
        self.shared
            .wait(
                |world| {
                    let answers = &mut world.person_mut(id).answers;
                    (!answers.is_empty()).then(|| answers.remove(0))
                },
                |world| format!("no answer to what was pressed in:\n{}", transcript(world, id)),
            )
            .await
    }

    /// All messages of the private chat that are there now, as they are now.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        messages(&self.shared, self.id)
    }

    /// The newest message of the bot.
    ///
    /// # Panics
    /// Where there is none.
    #[must_use]
    #[track_caller]
    pub fn last(&self) -> Message {
        let last = self.messages().into_iter().rev().find(|message| message.from_bot);
        last.unwrap_or_else(|| panic!("the bot has not written:\n{}", self.transcript()))
    }

    /// A message as it is now, also a deleted one.
    #[must_use]
    pub fn message(&self, id: i32) -> Option<Message> {
        self.shared.look(|world| world.chat(self.id).posts.contains_key(&id).then(|| world.view(self.id, id)))
    }

    /// What stands on the keyboard that replaces the letters, row by row.
    #[must_use]
    pub fn keyboard(&self) -> Vec<Vec<String>> {
        self.shared.look(|world| crate::play::keyboard(world.chat(self.id).keyboard.as_ref()))
    }

    /// The chat in words, as a failing test shows it.
    #[must_use]
    pub fn transcript(&self) -> String {
        self.shared.look(|world| transcript(world, self.id))
    }

    /// Types words after the bot's name in some chat, and waits for its results: `InlineQueryResult` each.
    ///
    /// # Panics
    /// Where the bot does not answer in time.
    pub async fn types_inline(&self, words: &str) -> Vec<Value> {
        self.shared.change(|world| world.type_inline(self.id, words));
        let id = self.id;
        self.shared
            .wait(
                |world| world.person(id).inline_results.clone().map(|(_, results)| results),
                |_| format!("no results for «{words}»"),
            )
            .await
    }

    /// Sends one of the results to somebody, by its id; the id of that message for the bot, where it has buttons.
    #[track_caller]
    pub fn chooses_inline(&self, result: &str) -> Option<String> {
        self.act(|world| world.choose_inline(self.id, result))
    }

    /// Says that this was chosen after typing that, whoever it was offered to; the id of the message for the bot.
    #[track_caller]
    pub fn chooses_forged(&self, result: &str, words: &str) -> String {
        self.shared.change(|world| world.choose_forged(self.id, result, words))
    }

    /// The text of a message that was sent by way of the bot, and its buttons, as they are now.
    #[must_use]
    pub fn inline_message(&self, id: &str) -> Option<Message> {
        self.shared.look(|world| {
            world.inline_messages.get(id).map(|post| post.view(self.id, world.bot.id, &world.files))
        })
    }

    /// Blocks the bot.
    pub fn blocks_bot(&self) {
        self.shared.change(|world| world.block(self.id, true));
    }

    /// Has blocked the bot some time ago, while it was away for longer than Telegram keeps what it is to be told.
    pub fn has_blocked_bot(&self) {
        self.shared.change(|world| world.person_mut(self.id).blocked = true);
    }

    /// Takes that back.
    pub fn unblocks_bot(&self) {
        self.shared.change(|world| world.block(self.id, false));
    }

    /// Opens an invite link.
    pub fn joins(&self, invite_link: &str) -> Joining {
        match self.shared.change(|world| world.open_link(self.id, invite_link)) {
            Entered::Joined => Joining::Joined,
            Entered::Requested => Joining::Requested,
            Entered::Refused(why) => Joining::Refused(why.to_owned()),
        }
    }

    /// Makes a link into a group that the person may invite to: whoever opens it is in, or asks to be let in.
    #[must_use]
    #[track_caller]
    pub fn makes_link(&self, chat: &Chat, asks: bool) -> String {
        self.act(|world| world.make_link(self.id, world.now_called(chat.first_id()), asks))
    }

    /// Asks to be let into a group that people find without a link.
    pub fn asks(&self, chat: &Chat) -> Joining {
        let chat = chat.id();
        match self.shared.change(|world| world.ask_in(self.id, chat)) {
            Entered::Joined => Joining::Joined,
            Entered::Requested => Joining::Requested,
            Entered::Refused(why) => Joining::Refused(why.to_owned()),
        }
    }

    /// Leaves a chat.
    pub fn leaves(&self, chat: &Chat) {
        self.shared.change(|world| {
            let chat = world.now_called(chat.first_id());
            world.leave(chat, self.id, self.id, Status::Left, 0);
        });
    }

    /// Whether the person is in a chat.
    #[must_use]
    pub fn is_in(&self, chat: &Chat) -> bool {
        let id = chat.id();
        self.shared.look(|world| world.chat(id).status(self.id).is_present())
    }

    /// What a Mini App would be given of this person, signed at this time.
    #[must_use]
    pub fn init_data(&self, now: Timestamp) -> String {
        self.shared.look(|world| world.init_data(self.id, now.as_second(), None))
    }
}

/// Waits for what the bot writes into a chat.
pub(crate) async fn hears(shared: &Shared, chat: i64, fragment: &str) -> Message {
    shared
        .wait(
            |world| {
                let unheard = world
                    .chat_mut(chat)
                    .heard
                    .iter_mut()
                    .find(|(seen, heard)| !heard && seen.text.contains(fragment));
                unheard.map(|(seen, heard)| {
                    *heard = true;
                    seen.clone()
                })
            },
            |world| format!("never heard «{fragment}» in:\n{}", transcript(world, chat)),
        )
        .await
}

/// What is in a chat now.
pub(crate) fn messages(shared: &Shared, chat: i64) -> Vec<Message> {
    shared.look(|world| {
        let there = world.chat(chat).posts.values().filter(|post| !post.deleted);
        there.map(|post| world.view(chat, post.id)).collect()
    })
}

/// A chat in words.
pub(crate) fn transcript(world: &World, chat: i64) -> String {
    let mut text = String::new();
    let here = world.chat(chat);
    for post in here.posts.values() {
        let view = world.view(chat, post.id);
        let who = if view.from_bot { "bot" } else { &world.person(post.from).first_name };
        let deleted = if post.deleted { " (deleted)" } else { "" };
        let edits = if post.edits > 0 { format!(" (edited {} times)", post.edits) } else { String::new() };
        let photo = if view.photo.is_some() { " [photo]" } else { "" };
        // Nothing can be done about a text that does not grow.
        let _ = writeln!(
            text,
            "  {} {who}:{photo} {}{edits}{deleted}",
            post.id,
            view.text.replace('\n', "\n      ")
        );
        for row in &view.buttons {
            let labels: Vec<_> = row.iter().map(|button| button.text.as_str()).collect();
            let _ = writeln!(text, "      [{}]", labels.join("] ["));
        }
    }
    for row in crate::play::keyboard(here.keyboard.as_ref()) {
        let _ = writeln!(text, "  keyboard: [{}]", row.join("] ["));
    }
    let unheard: Vec<_> = here.heard.iter().filter(|(_, heard)| !heard).map(|(seen, _)| seen.id).collect();
    let _ = writeln!(
        text,
        "  not heard yet: {unheard:?}; the bot has {} updates to take",
        world.updates.waiting()
    );
    text
}
