//! What is said in a messenger, whichever it is: what comes in ([`Input`]) and what goes out ([`Output`]).
//!
//! An adapter ([`super::telegram`]) turns what its messenger says into inputs and outputs into what its messenger understands.
//! Dialogues know these alone, so that another messenger is one more adapter.
//!
//! Invariants: a text is plain, whatever people put into it; what a button says of itself ([`Press`]) is at most 64 bytes.
//!
//! What must never be here: a word of one messenger's own protocol; a rule of community life.

use std::fmt;
use std::str::FromStr;

use dwellers_replica::RecordId;
use serde::{Deserialize, Serialize};

use crate::accounts::Messenger;

/// Somebody in a messenger.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Speaker {
    /// Which messenger.
    pub messenger: Messenger,
    /// Their number there. What they are told in private goes to this number, too.
    pub user: i64,
    /// What they call themselves.
    pub name: String,
    /// What others find them by, without `@`; empty where they have none.
    pub handle: String,
    /// The language of their program, as it names it (`ru`, `en-US`); may be empty.
    pub language: String,
}

/// A message that there is: where, and its number there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct At {
    /// The chat; a person's own chat with the bot has the person's number.
    pub chat: i64,
    /// The message's number in it.
    pub message: i64,
}

/// What somebody did, once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    /// Its number at the messenger: the same thing comes with the same number.
    pub id: i64,
    /// Who.
    pub from: Speaker,
    /// When, in milliseconds since 1970, as the messenger says.
    pub at_ms: u64,
    /// What.
    pub what: Input,
}

/// What people do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// They opened the bot, by a link with this behind it; may be empty.
    Start(String),
    /// `/menu`, without the stroke, and what follows it.
    Command {
        /// Its name.
        name: String,
        /// What follows.
        rest: String,
    },
    /// They wrote.
    Text {
        /// What.
        text: String,
        /// Whether they put right what they had written before.
        edited: bool,
        /// The message: what nobody else should read there is deleted.
        #[serde(default)]
        at: At,
    },
    /// They sent a picture, or a file that is one.
    Photo {
        /// By which the adapter fetches it.
        file: String,
        /// How large it is, as far as that is known.
        bytes: Option<u64>,
        /// The same for all that were sent together.
        album: Option<String>,
        /// What they wrote under it.
        caption: String,
    },
    /// They gave a telephone number.
    Contact {
        /// As the messenger has it.
        phone: String,
        /// Whether it is their own.
        own: bool,
    },
    /// They sent what nobody here understands: a voice, a sticker, a film.
    Other,
    /// They pressed a button under a message.
    Press {
        /// What it says of itself; see [`Press`].
        press: String,
        /// The messenger waits for an answer to this.
        query: String,
        /// Under which message; nothing where it is too old.
        under: Option<At>,
    },
    /// They want to hear nothing from the bot any more.
    Blocked,
    /// They want to hear from it again.
    Unblocked,
    /// They type to the bot in another chat: answers to choose from are wanted ([`Output::Offer`]).
    Typed {
        /// The messenger waits for an answer to this.
        query: String,
        /// What they have typed so far.
        text: String,
    },
    /// They chose one of the answers, and it stands in that chat.
    Chosen {
        /// The answer's name.
        offer: String,
        /// By which that message is changed; see [`Output::EditOffered`].
        message: Option<String>,
        /// What they had typed.
        text: String,
    },
    /// Something happened in a group.
    Group {
        /// Which.
        group: Group,
        /// What; the speaker is who did it.
        what: GroupInput,
    },
}

/// A chat of many.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its number.
    pub chat: i64,
    /// What it is called.
    pub title: String,
}

/// What happens in a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupInput {
    /// The bot was let in, or its rights have changed.
    Standing(Rights),
    /// The bot was put out, or the group is no more.
    Gone,
    /// The group has another number from now on.
    Moved {
        /// Which.
        to: i64,
    },
    /// Somebody asks to be let in.
    Asks {
        /// Who.
        who: Speaker,
        /// By which link, where they came by one.
        link: Option<String>,
    },
    /// Somebody is in.
    Joined {
        /// Who.
        who: Speaker,
        /// By which link, where they came by one.
        link: Option<String>,
    },
    /// Somebody is out.
    Left {
        /// Who.
        who: Speaker,
    },
}

/// What the bot may do in a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rights {
    /// Whether it is one of its administrators at all.
    pub administrator: bool,
    /// Whether it may invite, and decide on who asks.
    pub invite: bool,
    /// Whether it may put people out.
    pub remove: bool,
}

/// What a message looks like.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Screen {
    /// What it says: plain text. One that is too long for the messenger is cut by the adapter.
    pub text: String,
    /// A JPEG above it.
    pub picture: Option<Vec<u8>>,
    /// Buttons under it, row by row.
    pub keys: Vec<Vec<Key>>,
    /// What stands in the place of the letters' keyboard from now on; `Keyboard::Same`: what stands there.
    pub keyboard: Keyboard,
    /// Whether it makes no sound.
    pub silent: bool,
}

/// What stands in the place of the letters' keyboard.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Keyboard {
    /// What stood there.
    #[default]
    Same,
    /// Nothing.
    None,
    /// Words that are said by a tap, row by row.
    Words(Vec<Vec<String>>),
    /// One key that gives the own telephone number, and words under it.
    Phone {
        /// What it is called.
        label: String,
        /// Under it.
        words: Vec<String>,
    },
}

impl Screen {
    /// That says this.
    pub fn text(text: impl Into<String>) -> Screen {
        Screen { text: text.into(), ..Screen::default() }
    }

    /// With one more row of buttons.
    pub fn row(mut self, keys: impl IntoIterator<Item = Key>) -> Screen {
        let row: Vec<Key> = keys.into_iter().collect();
        if !row.is_empty() {
            self.keys.push(row);
        }
        self
    }

    /// With a keyboard.
    pub fn keyboard(mut self, keyboard: Keyboard) -> Screen {
        self.keyboard = keyboard;
        self
    }

    /// With a picture.
    pub fn picture(mut self, jpeg: Option<Vec<u8>>) -> Screen {
        self.picture = jpeg;
        self
    }
}

/// A button under a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// What stands on it.
    pub label: String,
    /// What it does.
    pub does: Does,
}

/// What a button does.
#[derive(Clone, Debug, PartialEq)]
pub enum Does {
    /// It is pressed, and the bot hears of it.
    Press(Press),
    /// It opens a page.
    Open(String),
    /// It opens a page within the messenger, which tells the page who they are.
    App(String),
    /// It lets them choose a chat to send this to.
    Share(String),
}

impl Key {
    /// One that the bot hears of.
    pub fn press(label: impl Into<String>, press: Press) -> Key {
        Key { label: label.into(), does: Does::Press(press) }
    }

    /// One that opens a page.
    pub fn open(label: impl Into<String>, url: impl Into<String>) -> Key {
        Key { label: label.into(), does: Does::Open(url.into()) }
    }
}

/// What a button says of itself: `VERB`, `VERB:COMMUNITY` or `VERB:COMMUNITY:RECORD`. A verb has at most ten bytes, so that all
/// of it fits into what messengers keep of a button.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Press {
    /// What is to be done; a word of its dialogue, with whatever little that needs to know behind a dot (`why.3`).
    pub verb: String,
    /// In which community.
    pub community: Option<RecordId>,
    /// Of which record.
    pub record: Option<RecordId>,
}

/// The longest verb.
pub const MAX_VERB: usize = 10;

impl Press {
    /// Of nothing in particular.
    pub fn verb(verb: &str) -> Press {
        debug_assert!(verb.len() <= MAX_VERB, "{verb}");
        Press { verb: verb.to_owned(), community: None, record: None }
    }

    /// In a community.
    pub fn of(verb: &str, community: RecordId) -> Press {
        Press { community: Some(community), ..Press::verb(verb) }
    }

    /// Of a record.
    pub fn on(verb: &str, community: RecordId, record: RecordId) -> Press {
        Press { record: Some(record), ..Press::of(verb, community) }
    }

    /// What stands before the dot, and what stands behind it.
    pub fn parts(&self) -> (&str, &str) {
        self.verb.split_once('.').unwrap_or((&self.verb, ""))
    }
}

impl fmt::Display for Press {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.verb)?;
        for id in [self.community, self.record].into_iter().flatten() {
            write!(to, ":{id}")?;
        }
        Ok(())
    }
}

/// A button that says nothing that there is.
#[derive(Debug, PartialEq, Eq)]
pub struct UnknownPress;

impl FromStr for Press {
    type Err = UnknownPress;

    fn from_str(text: &str) -> Result<Press, UnknownPress> {
        let mut parts = text.split(':');
        let verb = parts.next().filter(|verb| !verb.is_empty() && verb.len() <= MAX_VERB);
        let verb = verb.ok_or(UnknownPress)?.to_owned();
        let mut id = || parts.next().map(|id| id.parse().map_err(|_| UnknownPress)).transpose();
        let (community, record) = (id()?, id()?);
        match parts.next() {
            None => Ok(Press { verb, community, record }),
            Some(_) => Err(UnknownPress),
        }
    }
}

/// What the bot does.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// A new message in a chat. Answered by [`Done::Said`].
    Say {
        /// Where.
        chat: i64,
        /// What.
        screen: Screen,
    },
    /// A message is another from now on. Where it is that already, nothing happens.
    Edit {
        /// Which.
        at: At,
        /// What; whether there is a picture cannot change.
        screen: Screen,
    },
    /// A message goes.
    Delete(At),
    /// What a button that was pressed is answered with: a line that passes by, or one that is to be read.
    Answer {
        /// To which press.
        query: String,
        /// What; may be empty.
        text: String,
        /// Whether it stays until it is read.
        alert: bool,
    },
    /// Answers to choose from.
    Offer {
        /// To what was typed.
        query: String,
        /// Which.
        offers: Vec<Offer>,
    },
    /// An answer that was chosen, in whatever chat, says something else from now on.
    EditOffered {
        /// Which; [`Input::Chosen`] tells it.
        message: String,
        /// What.
        screen: Screen,
    },
    /// The bytes of a file that somebody sent. Answered by [`Done::File`].
    Fetch(String),
    /// A way into a group. Answered by [`Done::Link`].
    Invite {
        /// Into which.
        chat: i64,
        /// What administrators of the group see of it.
        name: String,
        /// Until when, in milliseconds since 1970.
        until_ms: u64,
        /// Whether whoever comes by it has to be let in; or else it is good for one.
        asks: bool,
    },
    /// A way into a group is closed.
    Uninvite {
        /// Into which.
        chat: i64,
        /// Which.
        link: String,
    },
    /// Somebody who asks to be let in is answered.
    Admit {
        /// Where.
        chat: i64,
        /// Whom.
        user: i64,
        /// Whether they are let in.
        yes: bool,
    },
    /// Somebody is put out of a group; they may come back by another way in.
    Remove {
        /// Where.
        chat: i64,
        /// Whom.
        user: i64,
    },
    /// What the bot may do in a group. Answered by [`Done::Standing`].
    Standing(i64),
    /// Whether somebody is in a group. Answered by [`Done::Is`].
    IsIn {
        /// Where.
        chat: i64,
        /// Who.
        user: i64,
    },
    /// The bot leaves a group.
    Leave(i64),
}

/// An answer to choose from.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// Its name: at most 64 bytes.
    pub name: String,
    /// What stands in the list.
    pub title: String,
    /// The same at more length.
    pub about: String,
    /// What is sent where it is chosen.
    pub screen: Screen,
}

/// What came of an output.
#[derive(Clone, Debug, PartialEq)]
pub enum Done {
    /// It is done.
    Done,
    /// There is a message now.
    Said(At),
    /// A file's bytes.
    File(Vec<u8>),
    /// A way into a group.
    Link(String),
    /// What the bot may do there.
    Standing(Rights),
    /// Whether it is so.
    Is(bool),
}

/// Why it is not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undone {
    /// They want to hear nothing from the bot, or are no more.
    #[error("they want to hear nothing")]
    Blocked,
    /// What it is about is not there: a message, a chat, a link, a press that is too old.
    #[error("it is not there: {0}")]
    Missing(String),
    /// The bot may not do that there.
    #[error("the bot may not: {0}")]
    NotAllowed(String),
    /// The group has another number.
    #[error("the group has another number: {0}")]
    Moved(i64),
    /// It was not done, and may be later; not before so many milliseconds have passed.
    #[error("not now: {why}")]
    NotNow {
        /// What the messenger says.
        why: String,
        /// When to come again.
        after_ms: u64,
    },
    /// It never will be.
    #[error("never: {0}")]
    Never(String),
    /// Nobody knows whether it was done.
    #[error("nobody knows: {0}")]
    Unknown(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_button_says_is_short_and_comes_back() {
        let id = RecordId::new(u64::MAX >> 16, u128::MAX);
        for press in [Press::verb("menu"), Press::of("gate", id), Press::on("a123456.78", id, id)] {
            let said = press.to_string();
            assert!(said.len() <= 64, "{said}");
            assert_eq!(said.parse(), Ok(press));
        }
        for nonsense in ["", "a:b", "toolongaverb", "a::", &format!("a:{id}:{id}:{id}")] {
            assert_eq!(nonsense.parse::<Press>(), Err(UnknownPress), "{nonsense}");
        }
    }
}
