//! What one was told, and how one wants to be told.

use dwellers::people::Permission;
use dwellers_replica::{Cursor, Direction, Entry, Open, Query, ReadError, RecordId, Writes};
use http::header;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::call::{Call, Look, Member, created, done, json};
use super::problem::Problem;
use super::table::{Answer, Table};
use crate::accounts::{Messenger, MessengerUser};
use crate::notify::{
    self, Channel, Delivery, Holds, Kind, Message, Quiet, Settings, Stage, State, Subscription, push,
};

/// Notifications of one answer.
const PAGE: usize = 50;
/// As many are marked as read at once.
const MOST_READ: usize = 100;
/// How far back failures are counted.
const COUNTED_MS: u64 = 30 * 24 * 3_600_000;
/// The most that is kept of what a browser says it is.
const MAX_AGENT: usize = 200;

pub(super) fn routes(to: &mut Table) {
    to.person::<__path_list, _, _>(list);
    to.person::<__path_mark_read, _, _>(mark_read);
    to.member::<__path_settings, _, _>(settings);
    to.member::<__path_set_settings, _, _>(set_settings);
    to.member::<__path_push_key, _, _>(push_key);
    to.member::<__path_subscribe, _, _>(subscribe);
    to.person::<__path_unsubscribe, _, _>(unsubscribe);
    to.may::<__path_failures, _, _>(&[Permission::ManageCommunity], failures);
}

/// Something that I was told, or will be.
#[derive(Serialize, ToSchema)]
pub(super) struct Notification {
    id: RecordId,
    /// What it is about.
    #[schema(value_type = Kind)]
    kind: Open<Kind>,
    /// What it is about, in my language.
    title: String,
    /// What happened, in my language.
    text: String,
    /// Where in the web app there is more: a path below the community's; empty for nowhere.
    link: String,
    /// Whether it is told in quiet hours, too.
    urgent: bool,
    /// Milliseconds since 1970.
    made_ms: u64,
    #[schema(value_type = State)]
    state: Open<State>,
    /// What was tried, in order.
    deliveries: Vec<DeliveryDocument>,
    /// Whether I have marked it as read.
    read: bool,
}

/// What became of it on one channel.
#[derive(Serialize, ToSchema)]
#[schema(as = Delivery)]
struct DeliveryDocument {
    #[schema(value_type = Channel)]
    channel: Open<Channel>,
    #[schema(value_type = Stage)]
    stage: Open<Stage>,
    /// How often the channel was asked.
    tries: u32,
    /// What the channel said, in its own words; empty where it took it.
    why: String,
    /// When it came to that, in milliseconds since 1970.
    at_ms: u64,
}

/// The latest first.
#[derive(Serialize, ToSchema)]
struct Notifications {
    notifications: Vec<Notification>,
    /// Where the next page begins; nothing on the last.
    next: Option<String>,
}

/// Which of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// `next` of the page before.
    after: Option<String>,
}

/// What I have read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MarkRead {
    /// 100 at most.
    ids: Vec<RecordId>,
}

/// How I want to be told.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = NotificationSettings)]
#[serde(deny_unknown_fields)]
struct Wishes {
    /// The channels that are used; where the first cannot take it, the next one is asked.
    channels: Vec<Channel>,
    /// What I do not want to hear of.
    off: Vec<Kind>,
    /// When only what is urgent is told, by the community's clock; nothing: I am always told at once.
    quiet: Option<Quiet>,
}

/// How I am told.
#[derive(Serialize, ToSchema)]
struct HowIAmTold {
    /// As I set it.
    settings: Wishes,
    /// Whether letters reach me: they are sent here, and my address is proved.
    has_email: bool,
    /// Whether messages in Telegram reach me: there is a bot here, I am connected to it, and I do not keep it out.
    has_telegram: bool,
    /// The browsers in which I asked to be told.
    browsers: Vec<Browser>,
}

/// A browser that is told.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = PushBrowser)]
struct Browser {
    id: RecordId,
    /// What it says it is.
    agent: String,
    /// Since when, in milliseconds since 1970.
    made_ms: u64,
}

/// A subscription, as browsers give it (`PushSubscription.toJSON()`).
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct NewSubscription {
    endpoint: String,
    /// What browsers put here is not used.
    #[serde(default)]
    #[expect(dead_code, reason = "browsers send it")]
    expiration_time: Option<f64>,
    keys: SubscriptionKeys,
}

/// The browser's keys.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SubscriptionKeys {
    p256dh: String,
    auth: String,
}

/// The key for `applicationServerKey`.
#[derive(Serialize, ToSchema)]
struct PushKey {
    key: String,
}

/// What did not reach people in the last 30 days.
#[derive(Serialize, ToSchema)]
struct Failures {
    channels: Vec<ChannelFailures>,
    /// Messages to people who have no channel.
    unreachable: u32,
    /// Messages that were too late to be of use.
    stale: u32,
    /// Whether there were more messages than are counted: the latest 10,000.
    more: bool,
}

/// How a channel did.
#[derive(Serialize, ToSchema)]
struct ChannelFailures {
    channel: Channel,
    sent: u32,
    failed: u32,
    /// Where the channel could not say whether it took it.
    unknown: u32,
}

/// What I was told
#[utoipa::path(get, path = "/api/v1/communities/{community}/notifications", tag = "notifications",
    operation_id = "notifications.list", params(("community" = RecordId, Path), Which),
    responses((status = 200, body = Notifications)))]
async fn list(call: Call, member: Member) -> Answer {
    let Which { after } = call.query()?;
    let after = after.map(|after| after.parse::<Cursor>()).transpose();
    let after = after.map_err(|_| Problem::invalid("after", "unknown"))?;
    let page = member.read(&call, move |look| {
        let person = look.member.person.to_string();
        let query = Query::on("person").equal(person).direction(Direction::Descending);
        let page = look.view.of::<Message>().find(&query.after(after).limit(PAGE))?;
        let shown = page.entries.iter().filter(|message| is_shown(&message.value));
        let notifications = shown.map(|message| document(look, message)).collect();
        Ok(Notifications { notifications, next: page.next.map(|next| next.to_string()) })
    });
    json(&page.await?)
}

/// What may never come to be said is not shown before it is, and what only ends what stands on a screen is no news.
fn is_shown(message: &Message) -> bool {
    if message.is_in_place() {
        return false;
    }
    let waits = message.state == Open::Known(State::Waiting) && message.deliveries.is_empty();
    !(waits && matches!(message.holds, Open::Known(Holds::Unanswered(_) | Holds::Heard(_))))
}

/// All that a person was told, or is to be; the newest, so many.
pub(super) fn all(look: &Look<'_>, most: usize) -> Result<Vec<Notification>, Problem> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let mine = Query::on("person").equal(look.member.person.to_string()).after(after);
        let page = look.view.of::<Message>().find(&mine.direction(Direction::Descending).limit(PAGE))?;
        let shown = page.entries.iter().filter(|message| is_shown(&message.value));
        all.extend(shown.map(|message| document(look, message)));
        after = page.next;
        if after.is_none() || all.len() >= most {
            all.truncate(most);
            return Ok(all);
        }
    }
}

fn document(look: &Look<'_>, message: &Entry<Message>) -> Notification {
    let (title, text) = message.value.said(look.texts, &look.community.time_zone, look.now);
    let Message { kind, link, urgent, made_ms, state, deliveries, read_ms, .. } = message.value.clone();
    let deliveries = deliveries.into_iter().map(|delivery| {
        let Delivery { channel, stage, tries, why, at_ms, .. } = delivery;
        DeliveryDocument { channel, stage, tries, why, at_ms }
    });
    let (id, deliveries, read) = (message.id, deliveries.collect(), read_ms > 0);
    Notification { id, kind, title, text, link, urgent, made_ms, state, deliveries, read }
}

/// Mark what I have read; what is none of mine is left alone
#[utoipa::path(post, path = "/api/v1/communities/{community}/notifications/read", tag = "notifications",
    operation_id = "notifications.mark_read", params(("community" = RecordId, Path)), request_body = MarkRead,
    responses((status = 204, description = "They are marked")))]
async fn mark_read(call: Call, member: Member) -> Answer {
    let MarkRead { ids } = call.body()?;
    if ids.len() > MOST_READ {
        return Err(Problem::invalid("ids", "too-many"));
    }
    let marked = member.write(&call, move |act| {
        let mut writes = Writes::new();
        for id in &ids {
            let message = act.ctx.view.of::<Message>().get(*id)?;
            let mine = message.filter(|message| message.value.person == act.member.person);
            if let Some(message) = mine.filter(|message| message.value.read_ms == 0) {
                writes.unchanged(&message).update(&message, |message| message.read_ms = act.ctx.now.ms);
            }
        }
        Ok(((), writes))
    });
    marked.await?;
    done()
}

/// How I am told
#[utoipa::path(get, path = "/api/v1/communities/{community}/notifications/settings", tag = "notifications",
    operation_id = "notifications.settings", params(("community" = RecordId, Path)),
    responses((status = 200, body = HowIAmTold)))]
async fn settings(call: Call, member: Member) -> Answer {
    json(&how_i_am_told(&call, &member).await?)
}

async fn how_i_am_told(call: &Call, member: &Member) -> Result<HowIAmTold, Problem> {
    let account = member.signed.account;
    let messengers = call.api.accounts(move |accounts| accounts.messengers(account)).await?;
    let account = call.api.accounts(move |accounts| accounts.get(account)).await?;
    let is_heard = |user: &Entry<MessengerUser>| user.value.is_heard(Messenger::Telegram);
    let has_telegram = call.api.0.telegram.is_some() && messengers.iter().any(is_heard);
    let proved = account.is_some_and(|account| account.value.email_proved_ms > 0);
    let has_email = proved && call.api.0.mailer.is_some();
    let read = member.read(call, move |look| {
        let person = look.member.person;
        let Settings { channels, off, quiet } = notify::settings_of(look.view, person)?;
        let channels = channels.iter().filter_map(Open::known).copied().collect();
        let off = off.iter().filter_map(Open::known).copied().collect();
        let browsers = browsers(look.view, person)?.iter().map(browser).collect();
        Ok(HowIAmTold { settings: Wishes { channels, off, quiet }, has_email, has_telegram, browsers })
    });
    read.await
}

fn browsers(
    view: dwellers_replica::View<'_>,
    person: RecordId,
) -> Result<Vec<Entry<Subscription>>, ReadError> {
    let query = Query::on("person").equal(person.to_string()).limit(Subscription::MOST);
    Ok(view.of::<Subscription>().find(&query)?.entries)
}

fn browser(of: &Entry<Subscription>) -> Browser {
    Browser { id: of.id, agent: of.value.agent.clone(), made_ms: of.value.made_ms }
}

/// Say how I want to be told
#[utoipa::path(put, path = "/api/v1/communities/{community}/notifications/settings", tag = "notifications",
    operation_id = "notifications.set_settings", params(("community" = RecordId, Path)), request_body = Wishes,
    responses((status = 200, body = HowIAmTold)))]
async fn set_settings(call: Call, member: Member) -> Answer {
    let wishes: Wishes = call.body()?;
    let settings = notify::Settings::checked(wishes.channels, wishes.off, wishes.quiet)?;
    let set = member.write(&call, move |act| {
        let (person, mut writes) = (act.member.person, Writes::new());
        match act.ctx.view.of::<Settings>().get(person)? {
            Some(before) => writes.update(&before, |before| before.clone_from(&settings)),
            None => writes.create(person, &settings),
        };
        Ok(((), writes))
    });
    set.await?;
    json(&how_i_am_told(&call, &member).await?)
}

/// The key by which browsers know this cloud
#[utoipa::path(get, path = "/api/v1/communities/{community}/notifications/push/key", tag = "notifications",
    operation_id = "notifications.push_key", params(("community" = RecordId, Path)),
    responses((status = 200, body = PushKey)))]
async fn push_key(call: Call, _member: Member) -> Answer {
    json(&PushKey { key: call.api.0.push.public_key() })
}

/// Tell me in this browser
#[utoipa::path(post, path = "/api/v1/communities/{community}/notifications/push", tag = "notifications",
    operation_id = "notifications.subscribe", params(("community" = RecordId, Path)),
    request_body = NewSubscription, responses((status = 201, body = Browser)))]
async fn subscribe(call: Call, member: Member) -> Answer {
    let NewSubscription { endpoint, keys, .. } = call.body()?;
    let agent = call.caller.header(header::USER_AGENT).unwrap_or_default();
    let agent = agent.chars().filter(|c| !c.is_control()).take(MAX_AGENT).collect();
    let SubscriptionKeys { p256dh, auth } = keys;
    let (person, session, made_ms) = (member.person, member.signed.session.id, call.now().ms);
    let subscription = Subscription { person, session, endpoint, p256dh, auth, agent, made_ms };
    push::check(&subscription)?;
    let subscribed = member.write(&call, move |act| {
        let (id, mut writes) = (Subscription::id(&subscription.endpoint), Writes::new());
        let mut others = browsers(act.ctx.view, person)?;
        others.retain(|other| other.id != id);
        if others.len() >= Subscription::MOST {
            writes.remove::<Subscription>(others[0].id);
        }
        // Somebody else may have been signed in in this browser before.
        match act.ctx.view.of::<Subscription>().get(id)? {
            Some(before) => writes.update(&before, |before| before.clone_from(&subscription)),
            None => writes.create(id, &subscription),
        };
        Ok((Browser { id, agent: subscription.agent.clone(), made_ms }, writes))
    });
    created(&subscribed.await?)
}

/// Do not tell me in this browser any more
#[utoipa::path(delete, path = "/api/v1/communities/{community}/notifications/push/{subscription}",
    tag = "notifications", operation_id = "notifications.unsubscribe",
    params(("community" = RecordId, Path), ("subscription" = RecordId, Path)),
    responses((status = 204, description = "It is told no more")))]
async fn unsubscribe(call: Call, member: Member) -> Answer {
    let id = call.id("subscription")?;
    let removed = member.write(&call, move |act| {
        let known = act.ctx.view.of::<Subscription>().get(id)?;
        let mine = known.filter(|known| known.value.person == act.member.person);
        mine.ok_or_else(Problem::not_found)?;
        let mut writes = Writes::new();
        writes.remove::<Subscription>(id);
        Ok(((), writes))
    });
    removed.await?;
    done()
}

/// What did not reach people
#[utoipa::path(get, path = "/api/v1/communities/{community}/notifications/failures", tag = "notifications",
    operation_id = "notifications.failures", params(("community" = RecordId, Path)),
    responses((status = 200, body = Failures)))]
async fn failures(call: Call, member: Member) -> Answer {
    let since_ms = call.now().ms.saturating_sub(COUNTED_MS);
    let counted = member.read(&call, move |look| Ok(notify::tally(look.view, since_ms)?)).await?;
    let notify::Tally { channels, unreachable, stale, more } = counted;
    let channels = channels.into_iter().map(|(channel, [sent, failed, unknown])| ChannelFailures {
        channel,
        sent,
        failed,
        unknown,
    });
    json(&Failures { channels: channels.collect(), unreachable, stale, more })
}
