//! Telegram as a channel: what is said in a person's chat with the bot, and what is changed there.
//!
//! A message in a chat is no notification that passes by: it stands there, with buttons under it. So what was said once is
//! changed when it is over, and is not said again.
//!
//! | what | how it looks |
//! |---|---|
//! | a guard's question | the picture of the arrival, how long an answer is waited for, Allow and Deny |
//! | an arrival, a refusal | the picture of the car |
//! | an application | as administrators find it in their list: `bot::applications::card` |
//! | what ends one of these ([`Message::replaces`]) | below the words that stand there; the buttons go |
//! | all else | a key that opens the web app where there is more |
//!
//! Invariants: a picture is shown to whom the API shows it, and waited for two seconds at most; a change makes no sound; what is
//! not urgent keeps still while the messenger says that it is told too much.
//!
//! What must never be here: which messages there are; how a messenger is spoken to.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use dwellers::people::{Application, Community as About, Proof};
use dwellers::questions::Question;
use dwellers::texts::{Language, Texts};
use dwellers_replica::{Now, ReadError, RecordId, View};
use tokio::time::timeout;

use super::message::{Holds, Kind, Message, Outcome};
use crate::accounts::{Messenger, MessengerUser};
use crate::api::inside::{From, Inside, Request};
use crate::bot::applications::{self, Asking};
use crate::bot::line::Line;
use crate::bot::questions;
use crate::bot::talk::{At, Does, Done, Key, Output, Press, Screen, Undone};

/// A picture that is announced and not here yet is waited for.
const PICTURE: Duration = Duration::from_secs(2);

/// The way to people's chats. Clones are the same one.
#[derive(Clone)]
pub struct Telegram {
    line: Line,
    /// Pictures are asked for in the name of whoever is to see them.
    api: Inside,
    /// Until when it is told too much, in milliseconds since 1970.
    full_ms: Arc<AtomicU64>,
}

/// What is said in a chat, or changed there.
pub(super) struct Telling {
    to: MessengerUser,
    language: Language,
    /// What is changed; nothing: it is said anew.
    place: Option<At>,
    /// Whether it is good for nothing where that is gone.
    only_there: bool,
    text: String,
    keys: Vec<Vec<Key>>,
    /// Where the API has its picture.
    picture: Option<String>,
    /// Whether there is a photo on the screen that nobody is to see any more.
    ends_photo: bool,
    /// The application that it is about, of this community; its card is below the text.
    card: Option<(RecordId, RecordId)>,
    /// By which moments are told.
    time_zone: String,
    urgent: bool,
}

/// What came of it.
pub(super) struct Told {
    pub outcome: Outcome,
    /// They want to hear nothing from the bot.
    pub blocked: Option<i64>,
}

/// To whom something is told, and how.
pub(super) struct Listener<'a> {
    pub to: MessengerUser,
    pub language: Language,
    pub texts: &'a Texts,
    /// Whether they are somebody in other communities, too.
    pub of_many: bool,
    /// Where the web app is.
    pub address: &'a str,
}

impl Telegram {
    /// Over this line, with pictures from there.
    pub fn new(line: Line, api: Inside) -> Telegram {
        Telegram { line, api, full_ms: Arc::default() }
    }

    /// Until when what is not urgent keeps still, where it is told too much.
    pub(super) fn full(&self, now: Now) -> Option<u64> {
        Some(self.full_ms.load(Ordering::Relaxed)).filter(|full_ms| *full_ms > now.ms)
    }

    /// Says it, or changes what stands there.
    pub(super) async fn tell(&self, telling: Telling, texts: &Texts, clock: fn() -> Now) -> Told {
        let user = telling.to.user;
        let (only_there, changes, urgent) = (telling.only_there, telling.place.is_some(), telling.urgent);
        let told = self.put(telling, texts, clock()).await;
        let blocked = matches!(told, Err(Undone::Blocked)).then_some(user);
        if let Err(Undone::NotNow { after_ms, .. }) = &told {
            self.full_ms.fetch_max(clock().ms.saturating_add(*after_ms), Ordering::Relaxed);
        }
        let outcome = match told {
            Ok(Done::Said(at)) => Outcome::Shown(at),
            Ok(_) => Outcome::Sent,
            // It cannot be changed any more: it is told like any news, or was no news at all.
            Err(Undone::Missing(_) | Undone::Never(_)) if changes && only_there => Outcome::Sent,
            Err(Undone::Missing(_) | Undone::Never(_)) if changes => Outcome::Gone,
            Err(Undone::NotNow { after_ms, .. }) if after_ms > 0 && !urgent => Outcome::Full(after_ms),
            Err(Undone::NotNow { why, after_ms }) => Outcome::NotNow(why, after_ms),
            Err(Undone::Unknown(why)) => Outcome::Unknown(why),
            Err(why) => Outcome::Never(why.to_string()),
        };
        Told { outcome, blocked }
    }

    async fn put(&self, telling: Telling, texts: &Texts, now: Now) -> Result<Done, Undone> {
        let picture = if telling.ends_photo { applications::blank() } else { self.picture(&telling).await };
        let card = self.card(&telling, texts, now).await;
        let Telling { to, place, text, keys, urgent, .. } = telling;
        let screen = match card {
            Some(card) => Screen { text: format!("{text}\n\n{}", card.text), picture, ..card },
            None => Screen { text, keys, picture, silent: place.is_some(), ..Screen::default() },
        };
        let output = match place {
            Some(at) => Output::Edit { at, screen },
            None => Output::Say { chat: to.user, screen },
        };
        match urgent {
            true => self.line.put(output).await,
            false => self.line.put_by_and_by(output).await,
        }
    }

    /// The picture, where there is one, they may see it, and it is here in time.
    async fn picture(&self, telling: &Telling) -> Option<Vec<u8>> {
        let target = telling.picture.as_ref()?;
        timeout(PICTURE, self.api.bytes(&telling.from(), Request::get(target))).await.ok()?.ok()
    }

    /// The card of an application, where they may see it.
    async fn card(&self, telling: &Telling, texts: &Texts, now: Now) -> Option<Screen> {
        let (community, id) = telling.card?;
        let target = format!("/communities/{community}/applications/{id}");
        let asking: Asking = self.api.ask(&telling.from(), Request::get(target)).await.ok()?;
        let at = texts.moment(asking.at_ms, now.ms, &telling.time_zone);
        Some(applications::card(texts, community, &asking, &at, None))
    }
}

impl Telling {
    /// In which language they are spoken to.
    pub(super) fn language(&self) -> Language {
        self.language
    }

    /// As whom the API is asked.
    fn from(&self) -> From {
        let (messenger, language) = (Messenger::Telegram, self.language);
        let MessengerUser { user, name, handle, .. } = self.to.clone();
        From { messenger, user, name, handle, language }
    }
}

/// What a message says to somebody in their chat; `before` is the message that it replaces, and where that stands.
pub(super) fn telling(
    view: View<'_>,
    (community, about): (RecordId, &About),
    message: &Message,
    before: Option<(&Message, At)>,
    listener: Listener<'_>,
    now: Now,
) -> Result<Telling, ReadError> {
    let Listener { to, language, texts, of_many, address } = listener;
    let said = |message: &Message| {
        let (title, text) = message.said(texts, &about.time_zone, now);
        let words = [("community", about.name.as_str().into()), ("title", title.as_str().into())];
        let title = if of_many { texts.get("notify-subject", &words) } else { title };
        (format!("{} {title}\n{text}", texts.get(mark(message), &[])), text)
    };
    let telling = Telling {
        to,
        language,
        place: None,
        only_there: message.is_in_place(),
        text: String::new(),
        keys: Vec::new(),
        picture: None,
        ends_photo: false,
        card: None,
        time_zone: about.time_zone.clone(),
        urgent: message.urgent,
    };
    let (text, news) = said(message);
    if let Some((before, at)) = before {
        let text = format!("{}\n\n{news}", said(before).0);
        let ends_photo = match before.holds.known() {
            Some(Holds::Undecided(id)) => {
                let asked = view.of::<Application>().get(*id)?;
                asked.is_some_and(|asked| matches!(asked.value.proof.known(), Some(Proof::Photo(_))))
            }
            _ => false,
        };
        return Ok(Telling { place: Some(at), text, ends_photo, ..telling });
    }
    let picture_of = |entry: RecordId| format!("/communities/{community}/journal/{entry}/picture");
    let key = |key: &str, press| Key::press(texts.get(key, &[]), press);
    let more = |url| vec![Key { label: texts.get("bot-told-more", &[]), does: opening(url) }];
    Ok(match (message.holds.known(), message.kind.known()) {
        (Some(Holds::Unanswered(id)), _) => {
            let asked = view.of::<Question>().get(*id)?.map(|asked| asked.value).unwrap_or_default();
            let seconds = asked.until_ms().saturating_sub(now.ms).div_ceil(1_000);
            let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
            let waits = texts.get("bot-told-waits", &[("seconds", seconds.into())]);
            Telling {
                text: format!("{text}\n{waits}"),
                keys: vec![questions::keys(texts, community, *id).into()],
                picture: asked.about.map(|_| format!("/communities/{community}/questions/{id}/picture")),
                ..telling
            }
        }
        (Some(Holds::Undecided(id)), _) => {
            // Whoever cannot be shown it here sees it on the web.
            let keys = vec![more(format!("{address}/communities/{community}/{}", message.link))];
            let picture = Some(format!("/communities/{community}/applications/{id}/photo"));
            Telling { text, keys, picture, card: Some((community, *id)), ..telling }
        }
        (_, kind) => {
            let arrival = message.about.filter(|_| kind == Some(&Kind::Arrival));
            let url = format!("{address}/communities/{community}/{}", message.link);
            let keys = match message.text.as_str() {
                // Whoever was nobody here has no menu yet.
                "told-accepted" => vec![vec![key("bot-told-begin", Press::of("menu", community))]],
                // A text with a reason is an attribute of the one without.
                text if text.starts_with("told-not-accepted") => {
                    vec![vec![key("bot-join-again", Press::of("js", community))]]
                }
                _ if message.link.is_empty() => Vec::new(),
                _ => vec![more(url)],
            };
            Telling { text, keys, picture: arrival.map(picture_of), ..telling }
        }
    })
}

/// A page that is told who they are, where the messenger opens it within; it does so over https alone.
fn opening(url: String) -> Does {
    if url.starts_with("https:") { Does::App(url) } else { Does::Open(url) }
}

/// By which one sees at a glance what it is about.
fn mark(message: &Message) -> &'static str {
    match message.kind.known() {
        Some(Kind::Question) => "bot-told-question",
        Some(Kind::Arrival) => "bot-told-arrival",
        Some(Kind::Application) => "bot-told-application",
        Some(Kind::Right) => "bot-told-right",
        Some(Kind::Alarm) => "bot-told-alarm",
        None => "bot-told-other",
    }
}
