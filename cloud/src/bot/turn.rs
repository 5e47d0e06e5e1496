//! One thing that somebody said or pressed, as a dialogue sees it: who they are, where they stand, and the two ways out: words to
//! them, and the API in their name.
//!
//! Invariants: a press is answered, whatever comes of it; what the API is asked has a key of what was heard, so that it is done
//! once.
//!
//! What must never be here: what one dialogue is about.

use dwellers::people::Permission;
use dwellers::texts::{Language, Texts, Value as Word};
use dwellers_replica::{Now, RecordId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::memory::Conversation;
use super::talk::{At, Done, Heard, Input, Keyboard, Output, Press, Screen, Speaker, Undone};
use super::{Bot, menu};
use crate::accounts::MessengerUser;
use crate::api::inside::{From, Refused, Request};

/// Why a turn ends early: it is said to whoever speaks.
#[derive(Debug)]
pub enum Stop {
    /// What the API refuses, in their language.
    Refused(Refused),
    /// The messenger does not take what is said.
    Undone(Undone),
    /// The text of this key.
    Say(&'static str),
    /// Something within us failed: it is logged, and they may try again.
    Broken(String),
}

impl std::convert::From<Refused> for Stop {
    fn from(refused: Refused) -> Stop {
        Stop::Refused(refused)
    }
}

impl std::convert::From<Undone> for Stop {
    fn from(undone: Undone) -> Stop {
        Stop::Undone(undone)
    }
}

/// What comes of a turn.
pub type Turned = Result<(), Stop>;

/// Why a turn is to be taken again.
#[derive(Debug)]
pub(super) enum Again {
    /// Something fails now; nothing was said.
    Soon(String),
    /// Nobody knows whether something was said. Whoever asked reads an answer twice rather than never, but not many times.
    Doubtful(String),
}

/// Somebody whom an account is.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Person {
    /// In which community.
    pub community: RecordId,
    /// What that is called.
    pub community_name: String,
    /// Who they are there.
    pub person: RecordId,
    /// What they are called there.
    pub name: String,
    /// What they are there; nothing where they are nobody any more.
    pub held: Vec<Held>,
}

/// A place or a role.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Held {
    /// The grant.
    pub id: RecordId,
    /// `owner`, `family`, `tenant`, `staff`, `guard` or `administrator`.
    pub capacity: String,
    /// In which house; nothing for the whole community.
    pub house: Option<RecordId>,
    /// What they may do by it, as the API names it.
    may: Vec<String>,
}

impl Held {
    /// Whether they may do something by it.
    pub fn may(&self, what: Permission) -> bool {
        let name = format!("{what:?}");
        self.may.contains(&name)
    }
}

impl Person {
    /// Whether they may do something, in a house or in the community.
    pub fn may(&self, what: Permission) -> bool {
        self.held.iter().any(|held| held.may(what))
    }

    /// The houses in which they may do something.
    pub fn houses(&self, what: Permission) -> Vec<RecordId> {
        let able = self.held.iter().filter(|held| held.may(what));
        let mut houses: Vec<_> = able.filter_map(|held| held.house).collect();
        houses.sort_unstable();
        houses.dedup();
        houses
    }
}

/// As the API answers who is signed in.
#[derive(Default, Deserialize)]
struct SessionDocument {
    account: Option<AccountDocument>,
}

#[derive(Default, Deserialize)]
struct AccountDocument {
    id: RecordId,
    language: String,
    persons: Vec<Person>,
}

/// A turn.
pub struct Turn {
    /// The bot.
    pub bot: Bot,
    /// What was heard.
    pub heard: Heard,
    /// When it is dealt with.
    pub now: Now,
    /// In which language they are spoken to.
    pub language: Language,
    /// Their account; nothing for strangers.
    pub account: Option<RecordId>,
    /// Who they are, in each community in which they are somebody.
    pub persons: Vec<Person>,
    /// Where the bot stands with them.
    pub conversation: Conversation,
    answered: bool,
    asked: u32,
}

impl Turn {
    /// Finds out who speaks.
    ///
    /// # Errors
    /// A store fails.
    pub(super) async fn begin(
        bot: Bot,
        heard: Heard,
        conversation: Conversation,
        now: Now,
    ) -> Result<Turn, Stop> {
        let theirs = if heard.from.language.starts_with("en") { Language::En } else { Language::Ru };
        let language = conversation.language.parse().unwrap_or(theirs);
        let mut turn = Turn {
            bot,
            heard,
            now,
            language,
            account: None,
            persons: Vec::new(),
            conversation,
            answered: false,
            asked: 0,
        };
        turn.recognise().await?;
        Ok(turn)
    }

    /// Finds out anew who speaks: they may have become somebody.
    ///
    /// # Errors
    /// A store fails.
    pub async fn recognise(&mut self) -> Turned {
        let SessionDocument { account } = self.ask(Request::get("/session")).await?;
        let Some(account) = account else {
            (self.account, self.persons) = (None, Vec::new());
            return Ok(());
        };
        let persons = account.persons.into_iter().filter(|person| !person.held.is_empty());
        (self.account, self.persons) = (Some(account.id), persons.collect());
        if let Ok(language) = account.language.parse() {
            self.language = language;
        }
        Ok(())
    }

    /// Whoever speaks has an account from now on: a stranger gets one of their own.
    ///
    /// # Errors
    /// A store fails.
    pub async fn become_somebody(&mut self) -> Turned {
        if self.account.is_some() {
            return Ok(());
        }
        let (accounts, language, now) = (self.bot.accounts().clone(), self.language.as_str(), self.now);
        let Speaker { messenger, user, name, handle, .. } = self.heard.from.clone();
        let made = tokio::task::spawn_blocking(move || {
            let account = accounts.make(language, crate::clock::entropy, now)?;
            let messenger = dwellers_replica::Open::Known(messenger);
            let user = MessengerUser { messenger, user, account, name, handle, ..MessengerUser::default() };
            accounts.connect(user, now)
        });
        match made.await {
            Ok(Ok(())) => self.recognise().await,
            Ok(Err(why)) => Err(Stop::Broken(why.to_string())),
            Err(why) => Err(Stop::Broken(why.to_string())),
        }
    }

    /// The texts of their language.
    pub fn texts(&self) -> &Texts {
        self.bot.texts(self.language)
    }

    /// A text of their language.
    pub fn text(&self, key: &str, words: &[(&str, Word<'_>)]) -> String {
        self.texts().get(key, words)
    }

    /// Who they are in the community that they mean: the one of the button, else the one they chose, else the only one.
    pub fn person(&self) -> Option<&Person> {
        let meant = self.pressed().and_then(|press| press.community).or(self.conversation.community);
        let chosen = meant.and_then(|meant| self.persons.iter().find(|person| person.community == meant));
        chosen.or(self.persons.first())
    }

    /// The same where there must be one.
    ///
    /// # Errors
    /// They are nobody: that is said.
    pub fn somebody(&self) -> Result<Person, Stop> {
        self.person().cloned().ok_or(Stop::Say("bot-nobody"))
    }

    /// Who they are where the button says.
    ///
    /// # Errors
    /// They are nobody there: that is said.
    pub fn somebody_of(&self, community: RecordId) -> Result<Person, Stop> {
        let found = self.persons.iter().find(|person| person.community == community);
        found.cloned().ok_or(Stop::Say("bot-nobody-there"))
    }

    /// The button that was pressed.
    pub fn pressed(&self) -> Option<Press> {
        match &self.heard.what {
            Input::Press { press, .. } => press.parse().ok(),
            _ => None,
        }
    }

    /// Under which message it stands, where that is known.
    pub fn under(&self) -> Option<At> {
        match &self.heard.what {
            Input::Press { under, .. } => *under,
            _ => None,
        }
    }

    /// What they wrote.
    pub fn written(&self) -> Option<&str> {
        match &self.heard.what {
            Input::Text { text, .. } => Some(text),
            _ => None,
        }
    }

    // What a dialogue remembers.

    /// What this dialogue waits for; nothing where it waits for nothing.
    pub fn step<T: DeserializeOwned>(&self, dialogue: &str) -> Option<T> {
        let is_its = self.conversation.dialogue == dialogue;
        is_its.then(|| serde_json::from_value(self.conversation.step.clone()).ok())?
    }

    /// This dialogue waits for what they say next.
    ///
    /// # Panics
    /// A step that does not become JSON is a mistake of whoever calls.
    pub fn wait(&mut self, dialogue: &str, step: &impl Serialize) {
        dialogue.clone_into(&mut self.conversation.dialogue);
        self.conversation.step = serde_json::to_value(step).expect("steps are made of words and numbers");
    }

    /// Nobody waits for anything any more.
    pub fn rest(&mut self) {
        self.conversation.dialogue.clear();
        self.conversation.step = serde_json::Value::Null;
    }

    // Words.

    /// Says something in a new message.
    ///
    /// # Errors
    /// The messenger does not take it.
    pub async fn say(&mut self, screen: Screen) -> Result<At, Stop> {
        Ok(self.bot.line().say(self.heard.from.user, screen).await?)
    }

    /// Says a text in a new message.
    ///
    /// # Errors
    /// The messenger does not take it.
    pub async fn say_text(&mut self, key: &str, words: &[(&str, Word<'_>)]) -> Result<At, Stop> {
        let text = self.text(key, words);
        self.say(Screen::text(text)).await
    }

    /// Shows a step: in the message whose button was pressed; where that cannot be, or something was written, in a new one.
    ///
    /// # Errors
    /// The messenger does not take it.
    pub async fn show(&mut self, screen: Screen) -> Result<At, Stop> {
        if let Some(at) = self.under()
            && screen.picture.is_none()
            && screen.keyboard == Keyboard::Same
        {
            match self.bot.line().put(Output::Edit { at, screen: screen.clone() }).await {
                Ok(_) => return Ok(at),
                Err(Undone::Missing(_) | Undone::Never(_)) => {}
                Err(why) => return Err(why.into()),
            }
        }
        self.say(screen).await
    }

    /// Changes a message.
    ///
    /// # Errors
    /// The messenger does not take it.
    pub async fn edit(&mut self, at: At, screen: Screen) -> Turned {
        self.bot.line().put(Output::Edit { at, screen }).await?;
        Ok(())
    }

    /// Answers the press with a line that passes by.
    ///
    /// # Errors
    /// It came too late: nobody waits for it any more.
    pub async fn answer(&mut self, text: impl Into<String>) -> Turned {
        self.answer_press(text.into(), false).await
    }

    /// Answers the press with a line that stays until it is read.
    ///
    /// # Errors
    /// It came too late: nobody waits for it any more.
    pub async fn alert(&mut self, text: impl Into<String>) -> Turned {
        self.answer_press(text.into(), true).await
    }

    async fn answer_press(&mut self, text: String, alert: bool) -> Turned {
        let Input::Press { query, .. } = &self.heard.what else { return Ok(()) };
        if self.answered {
            return Ok(());
        }
        self.answered = true;
        self.bot.line().put(Output::Answer { query: query.clone(), text, alert }).await?;
        Ok(())
    }

    /// The bytes of a picture that they sent.
    ///
    /// # Errors
    /// It is not there any more, or too large: that is said.
    pub async fn fetch(&mut self, file: &str) -> Result<Vec<u8>, Stop> {
        let fetched = self.bot.line().put(Output::Fetch(file.to_owned())).await;
        match fetched.map_err(|why| {
            if let Undone::Never(_) = why { Stop::Say("bot-file-too-large") } else { why.into() }
        })? {
            Done::File(bytes) => Ok(bytes),
            other => Err(Stop::Broken(format!("a file was fetched, and answered by {other:?}"))),
        }
    }

    // The API, in their name.

    /// As whom the API is asked.
    pub fn from(&self) -> From {
        let Speaker { messenger, user, name, handle, .. } = self.heard.from.clone();
        From { messenger, user, name, handle, language: self.language }
    }

    /// Asks the API for a document. What changes something is done once, however often this turn is taken.
    ///
    /// # Errors
    /// What it refuses.
    pub async fn ask<T: DeserializeOwned>(&mut self, request: Request) -> Result<T, Stop> {
        // Looks are not counted: who speaks may have become known meanwhile.
        self.asked += u32::from(request.changes());
        let key = format!("{}-{}-{}", self.heard.from.messenger.as_str(), self.heard.id, self.asked);
        Ok(self.bot.api().ask(&self.from(), request.once(format!("{key:0>24}"))).await?)
    }

    /// Asks the API for a picture.
    ///
    /// # Errors
    /// What it refuses.
    pub async fn picture(&mut self, target: impl Into<String>) -> Result<Vec<u8>, Stop> {
        Ok(self.bot.api().bytes(&self.from(), Request::get(target)).await?)
    }

    /// Says why a turn ended early, and answers what was not answered.
    ///
    /// # Errors
    /// The messenger takes nothing now, or fell silent: the turn is to be taken again.
    pub(super) async fn end(&mut self, turned: Turned) -> Result<(), Again> {
        let told = match turned {
            Ok(()) => None,
            Err(Stop::Undone(Undone::NotNow { why, .. })) => return Err(Again::Soon(why)),
            Err(Stop::Undone(Undone::Unknown(why))) => return Err(Again::Doubtful(why)),
            Err(Stop::Refused(refused)) if refused.status >= 500 && refused.detail.is_empty() => {
                Some(self.text("bot-broken", &[]))
            }
            Err(Stop::Refused(refused)) => Some(refused.detail),
            Err(Stop::Say(key)) => Some(self.text(key, &[])),
            Err(Stop::Undone(Undone::Blocked | Undone::Missing(_))) => None,
            Err(Stop::Undone(why)) => {
                tracing::warn!("the messenger does not take an answer: {why}");
                None
            }
            Err(Stop::Broken(why)) => {
                tracing::error!("a turn of the bot failed: {why}");
                Some(self.text("bot-broken", &[]))
            }
        };
        let is_press = matches!(self.heard.what, Input::Press { .. });
        // What a press is refused with is read before the screen changes again.
        let said = match told {
            Some(told) if is_press && !self.answered => self.alert(told).await,
            Some(told) => self.say(Screen::text(told)).await.map(drop),
            None => self.answer("").await,
        };
        match said {
            // A press that only waits for its answer is none that is worth another turn.
            Err(Stop::Undone(Undone::NotNow { why, .. })) if !is_press => return Err(Again::Soon(why)),
            Err(Stop::Undone(Undone::Unknown(why))) if !is_press => return Err(Again::Doubtful(why)),
            Err(why) => tracing::debug!("the end of a turn is not heard: {why:?}"),
            Ok(()) => {}
        }
        Ok(())
    }

    /// The words that stand in the place of the keyboard while nothing else does.
    pub fn menu(&self) -> Keyboard {
        menu::keyboard(self)
    }
}
