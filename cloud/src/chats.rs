//! The closed chat of a community in a messenger: which it is, whom of it we know, and which ways in were given to whom.
//!
//! What is to be done there is a record before it is done ([`Wish`]): the messenger may be away, and so may we.
//! [`crate::bot`] does it; the API shows it.
//!
//! Invariants: a community has one chat of a messenger at most; a way in is one person's.
//!
//! What must never be here: a word to a messenger; who belongs to a community.

use dwellers_replica::{
    Entry, Index, Now, Open, Query, ReadError, Record, RecordId, Schema, Spec, View, Writes,
};
use serde::{Deserialize, Serialize};

use crate::accounts::{Messenger, MessengerUser};
use crate::bot::talk::{At, Rights, Speaker};

/// An offer is answered in so long, or not at all.
const OFFER_MS: u64 = 7 * 24 * 3_600_000;

/// Makes the records of this module known.
pub fn declare(schema: Schema) -> Schema {
    schema.with::<Chat>().with::<Offer>().with::<ChatUser>().with::<WayIn>().with::<Telling>()
}

/// The closed chat. Its id is of its messenger.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Chat {
    /// In which.
    pub messenger: Open<Messenger>,
    /// Its number there.
    pub chat: i64,
    /// What it is called.
    pub title: String,
    /// What the bot may do there.
    pub rights: Rights,
    /// The administrator who said that this is it.
    pub by: RecordId,
    /// Since when, in milliseconds since 1970.
    pub since_ms: u64,
    /// Since when the bot is not in it any more; 0: it is.
    pub gone_ms: u64,
    /// Whether an administrator parted it from the community: what is left is to close the ways in, and to leave.
    pub ends: bool,
    /// Whether those who were here before it were looked at.
    pub compared: bool,
    /// Whether it knows no requests to join: a way in is good for one then, whoever comes.
    pub no_requests: bool,
}

impl Record for Chat {
    const SPEC: Spec = Spec::local("chats");
}

impl Chat {
    /// The id of the chat of a messenger.
    pub fn id(messenger: Messenger) -> RecordId {
        MessengerUser::id(messenger, 0)
    }

    /// Whether the bot may do there all that it should.
    pub fn is_able(rights: Rights) -> bool {
        rights.invite && rights.remove
    }
}

/// Somebody let the bot into a group: is that the chat of the community? Its id is of the group and of who it was.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Offer {
    /// The group.
    pub chat: i64,
    /// What it is called.
    pub title: String,
    /// What the bot may do there.
    pub rights: Rights,
    /// Who let it in, and is asked.
    pub person: RecordId,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
}

impl Record for Offer {
    const SPEC: Spec =
        Spec { indexes: &[Index { name: "chat", on: &["chat"] }], ..Spec::local("chat_offers") };
}

/// What is to be done about somebody in the chat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// Nothing.
    #[default]
    Nothing,
    /// To see whether they are in; then they need no way in.
    Look,
    /// To give them a way in.
    In,
    /// To put them out.
    Out,
    /// To let them in, who ask.
    Admit,
    /// Not to let them in, who ask.
    Decline,
}

/// Somebody who is in the chat, or may be. The id is of their number, as of [`MessengerUser`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChatUser {
    /// Their number.
    pub user: i64,
    /// What they call themselves.
    pub name: String,
    /// What others find them by, without `@`; may be empty.
    pub handle: String,
    /// Who they are here, or were; nothing where they never were anybody.
    pub person: Option<RecordId>,
    /// Whether they belong to the community, as far as we know.
    pub belongs: bool,
    /// Whether they are in; nothing where we do not know.
    pub inside: Option<bool>,
    /// Whether they ask to be let in, and administrators decide.
    pub asks: bool,
    /// What administrators were told of that.
    pub told: Vec<At>,
    /// Who decided.
    pub decided_by: String,
    /// Whether they themselves asked for a way in.
    pub wants: bool,
    /// Whether the messenger does not let us put them out: they own the chat, or look after it.
    pub fixed: bool,
    /// What is to be done.
    pub wish: Open<Wish>,
    /// Whether there is anything to be done.
    pub waits: bool,
    /// Not before then, in milliseconds since 1970.
    pub due_ms: u64,
    /// How often it was tried in vain.
    pub tries: u32,
}

impl Record for ChatUser {
    const SPEC: Spec = Spec {
        indexes: &[
            Index { name: "due", on: &["waits", "due_ms"] },
            Index { name: "inside", on: &["inside", "belongs"] },
            Index { name: "asks", on: &["asks"] },
        ],
        ..Spec::local("chat_users")
    };
}

impl ChatUser {
    /// Somebody, as their messenger tells of them.
    pub fn of(who: &Speaker) -> ChatUser {
        let (name, handle) = (who.name.clone(), who.handle.clone());
        ChatUser { user: who.user, name, handle, ..ChatUser::default() }
    }

    /// Something is to be done from now on, in the place of what was.
    pub fn wish(&mut self, wish: Wish, now: Now) {
        self.waits = wish != Wish::Nothing;
        (self.wish, self.due_ms, self.tries) = (Open::Known(wish), now.ms, 0);
    }

    /// What others see of them: a name, and what they are found by.
    pub fn shown(&self) -> String {
        match (self.name.trim(), self.handle.as_str()) {
            ("", "") => self.user.to_string(),
            ("", handle) => format!("@{handle}"),
            (name, "") => name.to_owned(),
            (name, handle) => format!("{name} (@{handle})"),
        }
    }
}

/// A way into the chat that was given to somebody.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WayIn {
    /// To whom: their number.
    pub user: i64,
    /// As the messenger knows it.
    pub link: String,
    /// Whether whoever comes by it has to be let in; or else it is good for one.
    pub asks: bool,
    /// Since when, in milliseconds since 1970.
    pub made_ms: u64,
    /// Until when.
    pub until_ms: u64,
    /// Whether it was not closed yet.
    pub open: bool,
    /// Who came by it: their number; 0: nobody.
    pub used_by: i64,
}

impl Record for WayIn {
    const SPEC: Spec = Spec {
        indexes: &[
            Index { name: "link", on: &["link"] },
            Index { name: "open", on: &["open", "user"] },
            Index { name: "until", on: &["open", "until_ms"] },
        ],
        ..Spec::local("chat_ways_in")
    };
}

/// Something about the chat that somebody is to be told in private. Its id is of what it tells of, and whom.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Telling {
    /// Whom: their number.
    pub user: i64,
    /// In which language.
    pub language: String,
    /// The key of the text.
    pub text: String,
    /// What fills it.
    pub words: Vec<(String, String)>,
    /// Of whose request to join it tells.
    pub asks: Option<RecordId>,
    /// Since when, in milliseconds since 1970.
    pub at_ms: u64,
    /// Whether it is to be told.
    pub waits: bool,
    /// Not before then.
    pub due_ms: u64,
    /// How often it was tried in vain.
    pub tries: u32,
}

impl Record for Telling {
    const SPEC: Spec =
        Spec { indexes: &[Index { name: "due", on: &["waits", "due_ms"] }], ..Spec::local("chat_tellings") };
}

impl Telling {
    /// The id of one: a cause is told to one person once.
    pub fn id(cause: &str, user: i64) -> RecordId {
        named(&format!("{cause} {user}"))
    }
}

/// An id of a name.
pub fn named(name: &str) -> RecordId {
    let mut half = [0; 16];
    half.copy_from_slice(&blake3::hash(name.as_bytes()).as_bytes()[..16]);
    RecordId::new(0, u128::from_be_bytes(half))
}

/// The chat of a community.
///
/// # Errors
/// The record does not read.
pub fn chat(view: View<'_>) -> Result<Option<Entry<Chat>>, ReadError> {
    view.of::<Chat>().get(Chat::id(Messenger::Telegram))
}

/// Somebody of the chat.
///
/// # Errors
/// The record does not read.
pub fn chat_user(view: View<'_>, user: i64) -> Result<Option<Entry<ChatUser>>, ReadError> {
    view.of::<ChatUser>().get(MessengerUser::id(Messenger::Telegram, user))
}

/// All whom we know of the chat.
///
/// # Errors
/// A record does not read.
pub fn users(view: View<'_>) -> Result<Vec<Entry<ChatUser>>, ReadError> {
    all(view, &Query::on("due"))
}

/// All records of a query.
///
/// # Errors
/// A record does not read.
pub fn all<T: Record>(view: View<'_>, query: &Query<'_>) -> Result<Vec<Entry<T>>, ReadError> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = view.of::<T>().find(&query.clone().after(after).limit(Query::MAX_LIMIT))?;
        all.extend(page.entries);
        after = page.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

/// The way in that a link is.
///
/// # Errors
/// A record does not read.
pub fn way_in(view: View<'_>, link: &str) -> Result<Option<Entry<WayIn>>, ReadError> {
    let query = Query::on("link").equal(link).limit(1);
    Ok(view.of::<WayIn>().find(&query)?.entries.into_iter().next())
}

/// Forgets somebody: who they are, by which ways they came, and what they were told.
///
/// # Errors
/// A record does not read.
pub fn forget(view: View<'_>, user: i64, writes: &mut Writes) -> Result<(), ReadError> {
    if let Some(known) = chat_user(view, user)? {
        writes.remove::<ChatUser>(known.id);
    }
    for way in all::<WayIn>(view, &Query::on("open"))? {
        if way.value.user == user && !way.value.open {
            writes.remove::<WayIn>(way.id);
        } else if way.value.used_by == user {
            writes.update(&way, |way| way.used_by = 0);
        }
    }
    let told = all::<Telling>(view, &Query::on("due").equal(false))?;
    for telling in told.into_iter().filter(|telling| telling.value.user == user) {
        writes.remove::<Telling>(telling.id);
    }
    Ok(())
}

/// Forgets a person where they are out. Who is in is put out first.
///
/// # Errors
/// A record does not read.
pub fn forget_person(view: View<'_>, person: RecordId, writes: &mut Writes) -> Result<(), ReadError> {
    let is_out =
        |known: &ChatUser| !known.belongs && !known.waits && !known.asks && known.inside == Some(false);
    for known in users(view)? {
        if known.value.person == Some(person) && is_out(&known.value) {
            forget(view, known.value.user, writes)?;
        }
    }
    Ok(())
}

/// Why a chat is not connected.
#[derive(Debug, PartialEq, Eq)]
pub enum Unconnected {
    /// There is no such offer, or it was somebody else's.
    NoOffer,
    /// The community has a chat.
    HasOne,
}

/// The group of an offer is the chat from now on, says whoever was asked.
///
/// # Errors
/// A record does not read; inside: why it is not.
pub fn connect(
    view: View<'_>,
    offer: RecordId,
    by: RecordId,
    now: Now,
) -> Result<Result<(Chat, Writes), Unconnected>, ReadError> {
    let offered = view.of::<Offer>().get(offer)?;
    let fits = |offer: &Offer| offer.person == by && now.ms < offer.at_ms.saturating_add(OFFER_MS);
    let Some(offered) = offered.filter(|offered| fits(&offered.value)) else {
        return Ok(Err(Unconnected::NoOffer));
    };
    if let Some(known) = chat(view)? {
        // Whoever presses twice has pressed once.
        let is_it = known.value.chat == offered.value.chat && !known.value.ends;
        return Ok(if is_it { Ok((known.value, Writes::new())) } else { Err(Unconnected::HasOne) });
    }
    let Offer { chat, title, rights, .. } = offered.value.clone();
    let messenger = Open::Known(Messenger::Telegram);
    let chat = Chat { messenger, chat, title, rights, by, since_ms: now.ms, ..Chat::default() };
    let mut writes = Writes::new();
    writes.unchanged(&offered).create(Chat::id(Messenger::Telegram), &chat);
    Ok(Ok((chat, writes)))
}
