//! The outbox of one community: what is due is taken, its channel asked, the answer written down.
//!
//! Invariants: that a channel is asked is durable before it is; a message that is being sent and that nobody here knows of
//! was left behind by a crash, or by an answer that could not be written.

use std::collections::HashSet;

use dwellers::people::{Community as About, Person};
use dwellers::texts::Language;
use dwellers_replica::{CommitError, Entry, Now, Open, Query, ReadError, RecordId, Refusal, Writes};
use jiff::tz::TimeZone;
use tokio::sync::OwnedSemaphorePermit;
use tracing::warn;

use super::looking::Fault;
use super::message::{Channel, Kind, Message, Next, Outcome, State};
use super::push::Shown;
use super::settings::Subscription;
use super::telegram::{self, Listener, Telling, Told};
use super::who::{self, Standing};
use super::{Inner, Outbox, settings_of};
use crate::accounts::{Messenger, MessengerUser};
use crate::bot::talk::At;
use crate::communities::Community;
use crate::mail::{Letter, MailError};

/// Messages of a community that channels are asked about at once; as many again that are urgent.
const MOST: usize = 8;
/// So many that are due are looked at in one go.
const AT_ONCE: usize = 32;
/// What the store did not take is tried again after so long.
const AGAIN_MS: u64 = 60_000;
/// What changes a message that is being said at this moment waits for it so long at a time.
const SAID_MS: u64 = 250;
/// How often an answer is written that somebody was faster than.
const TRIES: usize = 10;

/// A message whose channel is to be asked now.
pub(super) struct Errand {
    pub id: RecordId,
    /// Its place at the channel.
    pub place: OwnedSemaphorePermit,
    way: Way,
}

/// A channel, and where on it the person is.
enum Way {
    Push(Vec<Subscription>, Shown),
    Email(Letter),
    Telegram(Box<Telling>),
}

/// What a channel said.
pub(super) struct Answered {
    pub outcome: Outcome,
    /// Browsers that are there no more.
    pub gone: Vec<RecordId>,
    /// Who wants to hear nothing from the bot.
    pub blocked: Option<i64>,
}

impl From<Outcome> for Answered {
    fn from(outcome: Outcome) -> Answered {
        Answered { outcome, gone: Vec::new(), blocked: None }
    }
}

/// What is due.
#[derive(Default)]
pub(super) struct Taken {
    pub errands: Vec<Errand>,
    /// There is more that is due now.
    pub more: bool,
    /// When the next is due.
    pub next_ms: Option<u64>,
    /// Channels that had no place for what is due.
    pub starved: Vec<Channel>,
}

/// What is to become of one that is due.
enum Step {
    /// There is nothing to be said, and nothing to be remembered.
    Forget,
    /// Its channel has no place.
    Starve(Channel),
    /// Its channel is told too much until then.
    Full(u64),
    /// As it says itself; with what is to be done then.
    Go(Next, Option<At>, Option<Box<Errand>>),
}

/// How somebody can be reached.
struct Reach {
    language: Language,
    /// Theirs, where mail to it is read.
    email: Option<String>,
    browsers: Vec<Subscription>,
    /// Who they are in Telegram, while they want to hear from us there.
    telegram: Option<MessengerUser>,
    /// Whether they are somebody in other communities, too.
    of_many: bool,
}

/// What is to become of a message, and where that stands which it changes.
type Decided = (Entry<Message>, Option<(Next, Option<At>)>);

/// Takes what is due; those in `asked` are on their way already. Blocks.
pub(super) fn take(
    outbox: &Outbox,
    community: &Community,
    asked: &HashSet<RecordId>,
    now: Now,
) -> Result<Taken, Fault> {
    recover(community, asked, now)?;
    let (mut taken, mut steps, mut is_full) = (Taken::default(), Vec::new(), false);
    for urgent in [true, false] {
        let of_kind = || Query::on("next").equal("waiting").equal(urgent);
        let due = of_kind().below(now.ms.saturating_add(1)).limit(AT_ONCE);
        let due = community.store.view(|view| view.of::<Message>().find(&due))??;
        taken.more |= due.next.is_some();
        // What is urgent does not wait for what is not.
        let most = if urgent { 2 * MOST } else { MOST };
        for message in due.entries {
            if asked.len() + taken.errands.len() >= most {
                // Whoever comes back wakes this up.
                taken.more = false;
                break;
            }
            let (next, errand) = match step(outbox, community, &message, now)? {
                Step::Starve(channel) => {
                    if !taken.starved.contains(&channel) {
                        taken.starved.push(channel);
                    }
                    continue;
                }
                Step::Full(until_ms) => {
                    taken.next_ms = taken.next_ms.into_iter().chain([until_ms]).min();
                    is_full = true;
                    continue;
                }
                Step::Forget => (None, None),
                Step::Go(next, place, errand) => (Some((next, place)), errand),
            };
            taken.errands.extend(errand.map(|errand| *errand));
            steps.push((message, next));
        }
        let later = of_kind().from(now.ms.saturating_add(1)).limit(1);
        let later = community.store.view(|view| view.of::<Message>().find(&later))??;
        taken.next_ms =
            taken.next_ms.into_iter().chain(later.entries.first().map(|next| next.value.due_ms)).min();
    }
    let (late, again_ms) = write(community, &steps, now)?;
    taken.next_ms = taken.next_ms.into_iter().chain(again_ms).min();
    taken.errands.retain(|errand| !late.contains(&errand.id));
    // Who has no place is woken by whoever leaves one.
    taken.more &= taken.starved.is_empty() && !is_full;
    Ok(taken)
}

/// What nobody here knows of.
fn recover(community: &Community, asked: &HashSet<RecordId>, now: Now) -> Result<(), Fault> {
    let sending = Query::on("next").equal("sending").limit(Query::MAX_LIMIT);
    let left = community.store.view(|view| view.of::<Message>().find(&sending))??;
    for message in left.entries.into_iter().filter(|message| !asked.contains(&message.id)) {
        let outcome = Outcome::Unknown("the program ended while the channel was asked".to_owned());
        settle(community, message.id, &outcome, now)?;
    }
    Ok(())
}

/// Writes down what becomes of messages, together: one fsync for all. Somebody may read one at this moment, or it is
/// forgotten: then each by itself, and those are returned that come too late; with when to try again, where the store failed
/// in between.
fn write(community: &Community, steps: &[Decided], now: Now) -> Result<(Vec<RecordId>, Option<u64>), Fault> {
    let commit = |steps: &[Decided]| {
        let mut writes = Writes::new();
        for (message, next) in steps {
            match next {
                None => writes.remove::<Message>(message.id),
                Some((next, place)) => writes.unchanged(message).update(message, |message| match next {
                    Next::Ask(channel) => message.begin(*channel, *place, now.ms),
                    Next::Wait(due_ms) => message.due_ms = *due_ms,
                    Next::End(state) => message.end(*state, now.ms),
                }),
            };
        }
        match community.store.commit(now, writes) {
            Ok(_) => Ok(true),
            Err(CommitError::Refused(Refusal::Changed { .. })) => Ok(false),
            Err(why) => Err(Fault::from(why)),
        }
    };
    let (mut late, mut again_ms) = (Vec::new(), None);
    if !steps.is_empty() && !commit(steps)? {
        for one in steps.chunks(1) {
            let written = match commit(one) {
                // Those that were written before are to be sent all the same.
                Err(why) => {
                    warn!(community = %community.id, "the outbox: a message waits on: {why}");
                    again_ms = Some(now.ms.saturating_add(AGAIN_MS));
                    false
                }
                Ok(written) => written,
            };
            late.extend(one.iter().filter(|_| !written).map(|(message, _)| message.id));
        }
    }
    Ok((late, again_ms))
}

/// What is to become of one that is due.
fn step(outbox: &Outbox, community: &Community, message: &Entry<Message>, now: Now) -> Result<Step, Fault> {
    let value = &message.value;
    let (standing, settings, about, before) = community.store.view(|view| {
        let about = view.of::<About>().get(About::ID)?.map(|about| about.value).unwrap_or_default();
        let before = value.replaces.map(|before| view.of::<Message>().get(before)).transpose()?.flatten();
        let (standing, settings) = (who::standing(view, now, value)?, settings_of(view, value.person)?);
        Ok::<_, ReadError>((standing, settings, about, before.map(|before| before.value)))
    })??;
    let is_coming = before.as_ref().is_some_and(Message::is_coming);
    let mut place = before.as_ref().and_then(Message::place);
    let zone = TimeZone::get(&about.time_zone).unwrap_or(TimeZone::UTC);
    // What is changed where it stands makes no sound.
    let quiet = settings.quiet.filter(|_| !value.urgent && place.is_none());
    let quiet = quiet.and_then(|quiet| quiet.end(now.ms, &zone));
    let mut reach = None;
    let next = match (standing, quiet) {
        (Standing::Nothing, _) => return Ok(Step::Forget),
        (Standing::Over, _) => Next::End(State::Over),
        _ if now.ms >= value.until_ms => Next::End(State::Stale),
        (Standing::NotYet(due_ms), _) if due_ms > now.ms => Next::Wait(due_ms),
        (Standing::NotYet(_), _) => Next::End(State::Stale),
        (Standing::Holds, _) if is_coming => Next::Wait(now.ms.saturating_add(SAID_MS)),
        (Standing::Holds, Some(morning_ms)) => Next::Wait(morning_ms),
        (Standing::Holds, None) => {
            let found = reached(outbox, community, value, &about.language, now)?;
            let open = settings.channels.iter().filter_map(Open::known).copied();
            let mut open: Vec<Channel> = open.filter(|channel| found.is_on(*channel, outbox)).collect();
            // The chat in which it stands may be somebody else's by now.
            let is_theirs = |at: &At| found.telegram.as_ref().is_some_and(|user| user.user == at.chat);
            place = place.filter(is_theirs).filter(|_| found.is_on(Channel::Telegram, outbox));
            if place.is_some() {
                // Where it stands it is changed, whichever way they prefer now.
                open.retain(|channel| *channel != Channel::Telegram && !value.is_in_place());
                open.insert(0, Channel::Telegram);
            } else if value.is_in_place() {
                return Ok(Step::Forget);
            }
            reach = Some(found);
            value.next(&open, now.ms)
        }
    };
    let (Next::Ask(channel), Some(reach)) = (next, reach) else { return Ok(Step::Go(next, None, None)) };
    let before = before.zip(place).filter(|_| channel == Channel::Telegram);
    let place = before.as_ref().map(|(_, at)| *at);
    if channel == Channel::Telegram
        && !value.urgent
        && let Some(until_ms) = outbox.0.telegram.as_ref().and_then(|telegram| telegram.full(now))
    {
        return Ok(Step::Full(until_ms));
    }
    let Ok(room) = outbox.room(channel).clone().try_acquire_owned() else {
        return Ok(Step::Starve(channel));
    };
    let way = way(outbox, community, (message, before), (channel, reach), &about, now)?;
    let errand = way.map(|way| Box::new(Errand { id: message.id, place: room, way }));
    Ok(Step::Go(next, place, errand))
}

impl Reach {
    fn is_on(&self, channel: Channel, outbox: &Outbox) -> bool {
        match channel {
            Channel::Push => !self.browsers.is_empty(),
            Channel::Email => outbox.0.mailer.is_some() && self.email.is_some(),
            Channel::Telegram => outbox.0.telegram.is_some() && self.telegram.is_some(),
        }
    }
}

/// Where a person can be reached, and how they are spoken to. Browsers in which they are signed in no more are forgotten.
fn reached(
    outbox: &Outbox,
    community: &Community,
    message: &Message,
    language: &str,
    now: Now,
) -> Result<Reach, Fault> {
    let accounts = outbox.0.communities.accounts();
    let person = message.person;
    let account = match message.to_account {
        true => Some(person),
        false => accounts.membership_of(community.id, person)?.map(|membership| membership.value.account),
    };
    let (mut sessions, mut telegram, mut of_many) = (Vec::new(), None, false);
    if let Some(account) = account {
        sessions = accounts.sessions(account)?;
        of_many = accounts.memberships(account)?.len() > 1;
        let mut users = accounts.messengers(account)?.into_iter().map(|user| user.value);
        telegram = users.find(|user| user.is_heard(Messenger::Telegram));
    }
    let account = account.map(|account| accounts.get(account)).transpose()?.flatten();
    let account = account.map(|account| account.value);
    let query = Query::on("person").equal(person.to_string()).limit(Subscription::MOST);
    let (known, browsers) = community.store.view(|view| {
        let browsers = view.of::<Subscription>().find(&query)?.entries;
        Ok::<_, ReadError>((view.of::<Person>().get(person)?, browsers))
    })??;
    let is_signed_in =
        |browser: &Entry<Subscription>| sessions.iter().any(|session| session.id == browser.value.session);
    let (browsers, left): (Vec<_>, Vec<_>) = browsers.into_iter().partition(is_signed_in);
    forget(community, &left.iter().map(|browser| browser.id).collect::<Vec<_>>(), now)?;
    let known = known.map(|person| person.value.language).unwrap_or_default();
    let theirs = account.as_ref().map(|account| account.language.clone()).unwrap_or_default();
    let spoken = [theirs.as_str(), &known, language].iter().find_map(|one| one.parse().ok());
    let email = account.filter(|account| account.email_proved_ms > 0).map(|account| account.email);
    Ok(Reach {
        language: spoken.unwrap_or_default(),
        email: email.filter(|email| !email.is_empty()),
        browsers: browsers.into_iter().map(|browser| browser.value).collect(),
        telegram,
        of_many,
    })
}

/// How a channel is asked; nothing where the person is not on it.
fn way(
    outbox: &Outbox,
    community: &Community,
    (message, before): (&Entry<Message>, Option<(Message, At)>),
    (channel, reach): (Channel, Reach),
    about: &About,
    now: Now,
) -> Result<Option<Way>, Fault> {
    let (texts, value) = (outbox.texts(reach.language), &message.value);
    if let (Channel::Telegram, Some(to)) = (channel, reach.telegram) {
        let Reach { language, of_many, .. } = reach;
        let listener = Listener { to, language, texts, of_many, address: &outbox.0.address };
        let before = before.as_ref().map(|(before, at)| (before, *at));
        let telling = community
            .store
            .view(|view| telegram::telling(view, (community.id, about), value, before, listener, now))??;
        return Ok(Some(Way::Telegram(Box::new(telling))));
    }
    let (title, text) = value.said(texts, &about.time_zone, now);
    let subject = texts.get(
        "notify-subject",
        &[("community", about.name.as_str().into()), ("title", title.as_str().into())],
    );
    let link = format!("{}/communities/{}/{}", outbox.0.address, community.id, value.link);
    let link = link.trim_end_matches('/').to_owned();
    // What is said of a question later takes its place on the screen.
    let tag = match value.kind.known() {
        Some(Kind::Question) => Message::id(&value.link, value.person),
        _ => message.id,
    };
    Ok(match channel {
        Channel::Push => {
            let (tag, urgent, until_ms) = (tag.to_string(), value.urgent, value.until_ms);
            Some(Way::Push(reach.browsers, Shown { tag, title: subject, text, link, urgent, until_ms }))
        }
        Channel::Email => reach.email.map(|to| {
            let (id, text) = (format!("{}.{}", message.id, community.id), format!("{text}\n\n{link}"));
            Way::Email(Letter { to, subject, text, id })
        }),
        Channel::Telegram => None,
    })
}

/// Asks a channel.
pub(super) async fn ask(outbox: &Outbox, errand: Errand, clock: fn() -> Now) -> Answered {
    let Errand { way, place: _place, .. } = errand;
    let Inner { mailer, push, telegram, .. } = &*outbox.0;
    match (way, mailer, telegram) {
        (Way::Push(browsers, shown), ..) => {
            let (outcome, gone) = push.tell(&browsers, &shown, clock()).await;
            let gone = gone.into_iter().map(|gone| Subscription::id(&gone.endpoint)).collect();
            Answered { gone, ..outcome.into() }
        }
        (Way::Email(letter), Some(mailer), _) => {
            let sender = mailer.address();
            let domain = sender.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
            let id = format!("{}@{domain}", letter.id);
            match mailer.send(Letter { id, ..letter }).await {
                Ok(()) => Outcome::Sent,
                Err(MailError::Never(why)) => Outcome::Never(why),
                Err(MailError::NotNow(why)) => Outcome::NotNow(why, 0),
                Err(MailError::Unknown(why)) => Outcome::Unknown(why),
            }
            .into()
        }
        (Way::Telegram(telling), _, Some(telegram)) => {
            let texts = outbox.texts(telling.language());
            let Told { outcome, blocked } = telegram.tell(*telling, texts, clock).await;
            Answered { blocked, ..outcome.into() }
        }
        (Way::Email(_), None, _) => Outcome::Never("letters are not sent here".to_owned()).into(),
        (Way::Telegram(_), _, None) => Outcome::Never("there is no bot here".to_owned()).into(),
    }
}

/// Writes down what a channel said. Blocks.
pub(super) fn settle(community: &Community, id: RecordId, outcome: &Outcome, now: Now) -> Result<(), Fault> {
    let mut tries = 0;
    loop {
        let Some(message) = community.store.view(|view| view.of::<Message>().get(id))?? else {
            // It was forgotten meanwhile.
            return Ok(());
        };
        let mut writes = Writes::new();
        writes.unchanged(&message).update(&message, |message| message.settle(outcome.clone(), now.ms));
        tries += 1;
        match community.store.commit(now, writes) {
            Ok(_) => return Ok(()),
            Err(CommitError::Refused(Refusal::Changed { .. })) if tries < TRIES => {}
            Err(why) => return Err(why.into()),
        }
    }
}

/// Forgets browsers. Blocks.
pub(super) fn forget(community: &Community, browsers: &[RecordId], now: Now) -> Result<(), Fault> {
    if browsers.is_empty() {
        return Ok(());
    }
    let mut writes = Writes::new();
    for browser in browsers {
        writes.remove::<Subscription>(*browser);
    }
    community.store.commit(now, writes)?;
    Ok(())
}
