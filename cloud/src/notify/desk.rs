//! The outbox of one community: what is due is taken, its channel asked, the answer written down.
//!
//! Invariants: that a channel is asked is durable before it is; a message that is being sent and that nobody here knows of
//! was left behind by a crash, or by an answer that could not be written.

use std::collections::HashSet;

use dwellers::people::{self, Community as About, Person};
use dwellers::texts::Language;
use dwellers_replica::{CommitError, Entry, Now, Open, Query, ReadError, RecordId, Refusal, Writes};
use jiff::tz::TimeZone;
use tokio::sync::OwnedSemaphorePermit;
use tracing::warn;

use super::looking::Fault;
use super::message::{Channel, Kind, Message, Next, Outcome, State};
use super::push::Shown;
use super::settings::Subscription;
use super::who::{self, Standing};
use super::{Outbox, settings_of};
use crate::communities::Community;
use crate::mail::{Letter, MailError};

/// Messages of a community that channels are asked about at once; as many again that are urgent.
const MOST: usize = 8;
/// So many that are due are looked at in one go.
const AT_ONCE: usize = 32;
/// What the store did not take is tried again after so long.
const AGAIN_MS: u64 = 60_000;
/// How often an answer is written that somebody was faster than.
const TRIES: usize = 10;

/// A message whose channel is to be asked now.
pub(super) struct Errand {
    pub id: RecordId,
    /// Its place at the channel.
    pub place: OwnedSemaphorePermit,
    way: Way,
    shown: Shown,
    /// What stands for a letter in the world.
    letter_id: String,
    subject: String,
}

/// A channel, and where on it the person is.
enum Way {
    Push(Vec<Subscription>),
    Email(String),
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
    /// As it says itself; with what is to be done then.
    Go(Next, Option<Box<Errand>>),
}

/// How somebody can be reached.
struct Reach {
    language: Language,
    /// Theirs, where mail to it is read.
    email: Option<String>,
    browsers: Vec<Subscription>,
}

/// Takes what is due; those in `asked` are on their way already. Blocks.
pub(super) fn take(
    outbox: &Outbox,
    community: &Community,
    asked: &HashSet<RecordId>,
    now: Now,
) -> Result<Taken, Fault> {
    recover(community, asked, now)?;
    let (mut taken, mut steps) = (Taken::default(), Vec::new());
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
                Step::Forget => (None, None),
                Step::Go(next, errand) => (Some(next), errand),
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
    taken.more &= taken.starved.is_empty();
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
fn write(
    community: &Community,
    steps: &[(Entry<Message>, Option<Next>)],
    now: Now,
) -> Result<(Vec<RecordId>, Option<u64>), Fault> {
    let commit = |steps: &[(Entry<Message>, Option<Next>)]| {
        let mut writes = Writes::new();
        for (message, next) in steps {
            match next {
                None => writes.remove::<Message>(message.id),
                Some(next) => writes.unchanged(message).update(message, |message| match next {
                    Next::Ask(channel) => message.begin(*channel, now.ms),
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
    let (standing, settings, about) = community.store.view(|view| {
        let about = view.of::<About>().get(About::ID)?.map(|about| about.value).unwrap_or_default();
        Ok::<_, ReadError>((who::standing(view, now, value)?, settings_of(view, value.person)?, about))
    })??;
    let zone = TimeZone::get(&about.time_zone).unwrap_or(TimeZone::UTC);
    let quiet = settings.quiet.filter(|_| !value.urgent).and_then(|quiet| quiet.end(now.ms, &zone));
    let mut reach = None;
    let next = match (standing, quiet) {
        (Standing::Nothing, _) => return Ok(Step::Forget),
        (Standing::Over, _) => Next::End(State::Over),
        _ if now.ms >= value.until_ms => Next::End(State::Stale),
        (Standing::NotYet(due_ms), _) if due_ms > now.ms => Next::Wait(due_ms),
        (Standing::NotYet(_), _) => Next::End(State::Stale),
        (Standing::Holds, Some(morning_ms)) => Next::Wait(morning_ms),
        (Standing::Holds, None) => {
            let found = reached(outbox, community, value.person, &about.language, now)?;
            let open = settings.channels.iter().filter_map(Open::known).copied();
            let open: Vec<Channel> = open.filter(|channel| found.is_on(*channel, outbox)).collect();
            reach = Some(found);
            value.next(&open, now.ms)
        }
    };
    let errand = match (next, reach) {
        (Next::Ask(channel), Some(reach)) => {
            let Ok(place) = outbox.room(channel).clone().try_acquire_owned() else {
                return Ok(Step::Starve(channel));
            };
            errand(outbox, community, message, (channel, place), reach, &about, now)
        }
        _ => None,
    };
    Ok(Step::Go(next, errand.map(Box::new)))
}

impl Reach {
    fn is_on(&self, channel: Channel, outbox: &Outbox) -> bool {
        match channel {
            Channel::Push => !self.browsers.is_empty(),
            Channel::Email => outbox.0.mailer.is_some() && self.email.is_some(),
        }
    }
}

/// Where a person can be reached, and how they are spoken to. Browsers in which they are signed in no more are forgotten.
fn reached(
    outbox: &Outbox,
    community: &Community,
    person: RecordId,
    language: &str,
    now: Now,
) -> Result<Reach, Fault> {
    let accounts = outbox.0.communities.accounts();
    let (account, sessions) = match accounts.membership_of(community.id, person)? {
        Some(membership) => {
            let account = membership.value.account;
            (accounts.get(account)?.map(|account| account.value), accounts.sessions(account)?)
        }
        None => (None, Vec::new()),
    };
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
    })
}

fn errand(
    outbox: &Outbox,
    community: &Community,
    message: &Entry<Message>,
    (channel, place): (Channel, OwnedSemaphorePermit),
    reach: Reach,
    about: &people::Community,
    now: Now,
) -> Option<Errand> {
    let texts = outbox.texts(reach.language);
    let value = &message.value;
    let (title, text) = value.said(texts, &about.time_zone, now);
    let subject = texts.get(
        "notify-subject",
        &[("community", about.name.as_str().into()), ("title", title.as_str().into())],
    );
    let link = format!("{}/communities/{}/{}", outbox.0.address, community.id, value.link);
    // What is said of a question later takes its place on the screen.
    let tag = match value.kind.known() {
        Some(Kind::Question) => Message::id(&value.link, value.person),
        _ => message.id,
    };
    let shown = Shown {
        tag: tag.to_string(),
        title: subject.clone(),
        text,
        link: link.trim_end_matches('/').to_owned(),
        urgent: value.urgent,
        until_ms: value.until_ms,
    };
    let way = match channel {
        Channel::Push => Way::Push(reach.browsers),
        Channel::Email => Way::Email(reach.email?),
    };
    let letter_id = format!("{}.{}", message.id, community.id);
    Some(Errand { id: message.id, place, way, shown, letter_id, subject })
}

/// Asks a channel. The second value is what is to be forgotten: browsers that are there no more.
pub(super) async fn ask(outbox: &Outbox, errand: Errand, now: Now) -> (Outcome, Vec<RecordId>) {
    let Errand { way, shown, letter_id, subject, place: _place, .. } = errand;
    match (way, &outbox.0.mailer) {
        (Way::Push(browsers), _) => {
            let (outcome, gone) = outbox.0.push.tell(&browsers, &shown, now).await;
            (outcome, gone.into_iter().map(|gone| Subscription::id(&gone.endpoint)).collect())
        }
        (Way::Email(to), Some(mailer)) => {
            let sender = mailer.address();
            let domain = sender.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
            let id = format!("{letter_id}@{domain}");
            let text = format!("{}\n\n{}", shown.text, shown.link);
            let outcome = match mailer.send(Letter { to, subject, text, id }).await {
                Ok(()) => Outcome::Sent,
                Err(MailError::Never(why)) => Outcome::Never(why),
                Err(MailError::NotNow(why)) => Outcome::NotNow(why, 0),
                Err(MailError::Unknown(why)) => Outcome::Unknown(why),
            };
            (outcome, Vec::new())
        }
        (Way::Email(_), None) => (Outcome::Never("letters are not sent here".to_owned()), Vec::new()),
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
