//! What is kept no longer than it may be: the cloud's part. How long what is kept is [`dwellers::retention`]'s to say.
//!
//! Every hour it is looked for visitors of houses that want none kept, and for people who are to be erased and are not yet;
//! once a day for everything. Communities at rest are opened for that once a day.
//!
//! Invariants: a picture is destroyed before what names it; whatever is broken off is begun anew; a clock that jumped ahead
//! destroys nothing by age before an administrator has said that it is right, and the first look at a community destroys
//! nothing by age at all; what was destroyed is written down.
//!
//! What must never be here: how long something is kept.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use dwellers::alarms::{self, About};
use dwellers::audit::Deed;
use dwellers::consents::{self, Given};
use dwellers::journal;
use dwellers::people::{Community as Settlement, House};
use dwellers::privacy::{self, AT_ONCE, Doomed};
use dwellers::retention::{self as kept, DAY_MS, Retention};
use dwellers::texts::{Language, Texts};
use dwellers::visitor_log::{self, VisitorLog};
use dwellers::{Context, Denied};
use dwellers_link::blobs::parse;
use dwellers_replica::{
    CommitError, Now, Query, ReadError, Record, RecordId, Schema, Spec, StoreError, View, Writes,
};
use serde::{Deserialize, Serialize};
use tracing::{info, warn};

use crate::accounts::AccountError;
use crate::applications;
use crate::blobs::{Blob, BlobError, Kind};
use crate::communities::{Communities, Community};
use crate::downlink::crops;
use crate::notify::{Message, Settings, Subscription};
use crate::{api, chats, clock};

/// How often it looks.
const EVERY: Duration = Duration::from_secs(3_600);
/// How long after the start it looks first.
const FIRST: Duration = Duration::from_secs(120);
/// Everything is looked at so often, in milliseconds: a little less than a day, so that it does not creep.
const THOROUGH_MS: u64 = DAY_MS - 3_600_000;
/// Visitors are looked for so far back between that.
const RECENT_MS: u64 = 3 * DAY_MS;
/// A clock is believed to have gone on by so much at most since everything was looked at last.
const LEAP_MS: u64 = 31 * DAY_MS;
/// What a hub that was cut off tells of a person who was erased is looked for so long.
const LATE_MS: u64 = 3 * 365 * DAY_MS;
/// What somebody is told is of use for a week at most: so long it is kept at least.
const TOLD_DAYS: u32 = 30;
/// Local records of one transaction.
const REMOVED_AT_ONCE: usize = 200;
/// Pictures of one look.
const PICTURES_AT_ONCE: usize = 500;
/// So often it is looked whether all of a person is erased, in one run.
const ROUNDS: usize = 20;

/// When everything was looked at last; one record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Looked {
    at_ms: u64,
}

impl Record for Looked {
    const SPEC: Spec = Spec::local("retention_looked");
}

impl Looked {
    const ID: RecordId = RecordId::new(0, 1);
}

/// Makes the records of this module known.
pub fn declare(schema: Schema) -> Schema {
    schema.with::<Looked>()
}

/// Why something is not destroyed; another look will.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// A picture.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// A rule.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The records do not take it.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// A record does not read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The records fail.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The accounts.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// A thread failed at it, or the cloud ends.
    #[error("the work was broken off")]
    Failed,
}

/// How many of which class were destroyed.
type Counts = BTreeMap<String, u64>;

/// Looks for as long as the cloud runs.
pub async fn run(communities: Arc<Communities>) {
    tokio::time::sleep(FIRST).await;
    let mut every = tokio::time::interval(EVERY);
    // When which community was looked at thoroughly, by a clock that nobody sets.
    let (lasting, mut looked) = (clock::Monotonic::start(), HashMap::<RecordId, u64>::new());
    loop {
        every.tick().await;
        let all = communities.clone();
        let Ok(listed) = tokio::task::spawn_blocking(move || all.registry().all()).await else { continue };
        let listed = listed.inspect_err(|why| warn!("looking for what is kept too long: {why}"));
        for listing in listed.unwrap_or_default().into_iter().filter(|listing| !listing.value.closed) {
            let now = clock::now();
            let is_due = looked.get(&listing.id).is_none_or(|at_ms| lasting.ms() - at_ms >= THOROUGH_MS);
            let opened = match communities.if_open(listing.id) {
                Some(community) => community,
                None if !is_due => continue,
                None => {
                    let all = communities.clone();
                    match tokio::task::spawn_blocking(move || all.open(listing.id, now)).await {
                        Ok(Ok(community)) => community,
                        Ok(Err(why)) => {
                            warn!(community = %listing.id, "looking for what is kept too long: {why}");
                            continue;
                        }
                        Err(_) => continue,
                    }
                }
            };
            let done = match is_due {
                true => look(&communities, &opened, now).await,
                false => glance(&communities, &opened, now).await.map(|()| false),
            };
            match done {
                Ok(true) => drop(looked.insert(listing.id, lasting.ms())),
                Ok(false) => {}
                Err(why) => warn!(community = %listing.id, "looking for what is kept too long: {why}"),
            }
        }
    }
}

/// Looks at a community: at everything where that was not done within the day. Whether that was done now.
///
/// # Errors
/// Something is not destroyed; another look will.
pub async fn look(
    communities: &Communities,
    community: &Arc<Community>,
    now: Now,
) -> Result<bool, SweepError> {
    let last = view(community, |view| view.of::<Looked>().get(Looked::ID)).await?;
    let last_ms = last.as_ref().map(|last| last.value.at_ms);
    if last_ms.is_some_and(|last_ms| now.ms.abs_diff(last_ms) < THOROUGH_MS) {
        return glance(communities, community, now).await.map(|()| false);
    }
    let mut counts = Counts::new();
    let mut done = at_once(communities, community, now, true, &mut counts).await;
    let is_believed = believed(community, last_ms, now).await?;
    if done.is_ok() && is_believed && last_ms.is_some() {
        done = by_age(communities, community, now, &mut counts).await;
    }
    note(community, counts, now).await?;
    if done.is_ok() && is_believed {
        decide(community, now, move |_| {
            let mut writes = Writes::new();
            match &last {
                Some(last) => writes.update(last, |looked| looked.at_ms = now.ms),
                None => writes.create(Looked::ID, &Looked { at_ms: now.ms }),
            };
            Ok((writes.field_count() > 0).then_some(writes))
        })
        .await?;
    }
    done.map(|()| is_believed)
}

/// Looks for what does not wait for the day.
async fn glance(communities: &Communities, community: &Arc<Community>, now: Now) -> Result<(), SweepError> {
    let mut counts = Counts::new();
    let done = at_once(communities, community, now, false, &mut counts).await;
    note(community, counts, now).await?;
    done
}

/// Writes down what was destroyed.
async fn note(community: &Arc<Community>, counts: Counts, now: Now) -> Result<(), SweepError> {
    if !counts.is_empty() {
        info!(community = %community.id, ?counts, "what was kept long enough, or was not to be kept, is destroyed");
    }
    decide(community, now, move |ctx| kept::swept(ctx, counts)).await.map(drop)
}

/// Whether the clock has gone on as clocks do, since the last look or what the gatehouses wrote last. Where it jumped, the
/// administrators are told; it is believed once one of them has seen that.
async fn believed(community: &Arc<Community>, last_ms: Option<u64>, now: Now) -> Result<bool, SweepError> {
    const KIND: alarms::Kind = alarms::Kind::ClockJumped;
    let (written_ms, seen_ms) = view(community, |view| {
        Ok::<_, ReadError>((journal::newest_ms(view)?, alarms::seen(view, KIND, "")?))
    })
    .await?;
    let Some(known_ms) = last_ms.or(written_ms) else { return Ok(true) };
    let has_jumped = |since_ms: u64| now.ms > since_ms.saturating_add(LEAP_MS);
    // A clock that went back and jumps again is asked about again.
    let seen_ms = seen_ms.filter(|seen_ms| *seen_ms <= now.ms);
    if !has_jumped(known_ms) || seen_ms.is_some_and(|seen_ms| !has_jumped(seen_ms)) {
        return Ok(true);
    }
    let words = format!(
        "the clock went on by {} days; nothing is destroyed by age before somebody has seen this",
        (now.ms - known_ms) / DAY_MS
    );
    let raised = community.clone();
    blocking(move || raised.raise(About { kind: KIND, subject: "", name: "" }, &words, now)).await?;
    Ok(false)
}

/// Visitors whom nobody is to know of, and people who are to be erased.
async fn at_once(
    communities: &Communities,
    community: &Arc<Community>,
    now: Now,
    is_thorough: bool,
    counts: &mut Counts,
) -> Result<(), SweepError> {
    visits(communities, community, now, is_thorough, counts).await?;
    let late_ms = now.ms.saturating_sub(LATE_MS);
    for request in view(community, move |view| privacy::requests(view, late_ms)).await? {
        if is_thorough || request.value.done_ms == 0 {
            add(counts, "erased", erase(communities, community, request.value.person, now).await?);
        }
    }
    Ok(())
}

/// What is kept for so many days, and no longer.
async fn by_age(
    communities: &Communities,
    community: &Arc<Community>,
    now: Now,
    counts: &mut Counts,
) -> Result<(), SweepError> {
    let kept = view(community, move |view| kept::retention(view, now.ms)).await?;
    applications(communities, community, &kept, now, counts).await?;
    add(
        counts,
        "pictures",
        pictures(communities, community, kept::before(now.ms, kept.pictures_days)).await?,
    );
    loop {
        let kept = kept.clone();
        let step = judge(community, now, move |ctx| kept::forget(ctx, &kept)).await?;
        let Some((dropped, writes)) = step else { break };
        commit(community, now, writes).await?;
        for (class, count) in dropped {
            add(counts, &class, count);
        }
    }
    crops_forgotten(community, kept::before(now.ms, kept.journal_days)).await?;
    let audit_ms = kept::before(now.ms, kept.audit_days);
    add(counts, "audit", remove_old::<Deed>(community, "time", audit_ms, now).await?);
    let told_ms = kept::before(now.ms, kept.questions_days.max(TOLD_DAYS));
    add(counts, "notifications", remove_old::<Message>(community, "time", told_ms, now).await?);
    let records = community.clone();
    let answers = move || api::forget_answers(&records, now.ms.saturating_sub(DAY_MS), REMOVED_AT_ONCE, now);
    add(counts, "requests", blocking(answers).await??);
    Ok(())
}

/// Visitors of houses that want none kept.
async fn visits(
    communities: &Communities,
    community: &Arc<Community>,
    now: Now,
    is_thorough: bool,
    counts: &mut Counts,
) -> Result<(), SweepError> {
    let since_ms = if is_thorough { 0 } else { now.ms.saturating_sub(RECENT_MS) };
    let doomed = view(community, move |view| {
        let (mut doomed, mut after) = (Vec::new(), None);
        loop {
            let page = view.of::<House>().find(&Query::on("key").after(after).limit(Query::MAX_LIMIT))?;
            for house in page.entries {
                if VisitorLog::of(&house.value) == VisitorLog::Nothing {
                    doomed.extend(visitor_log::visits(view, house.id, since_ms, now.ms)?);
                }
            }
            after = page.next;
            if after.is_none() {
                return Ok::<_, ReadError>(doomed);
            }
        }
    })
    .await?;
    destroy(communities, community, &doomed, now).await?;
    add(counts, "visits", doomed.len() as u64);
    Ok(())
}

/// Requests to join that are too old.
async fn applications(
    communities: &Communities,
    community: &Arc<Community>,
    kept: &Retention,
    now: Now,
    counts: &mut Counts,
) -> Result<(), SweepError> {
    let limits = kept.clone();
    let stale = view(community, move |view| kept::stale_applications(view, now.ms, &limits)).await?;
    if stale.is_empty() {
        return Ok(());
    }
    let settlement = view(community, |view| view.of::<Settlement>().get(Settlement::ID)).await?;
    let language = settlement.and_then(|settlement| settlement.value.language.parse().ok());
    let reason = Texts::new(language.unwrap_or(Language::Ru)).get("application-unanswered", &[]);
    for some in stale.chunks(AT_ONCE) {
        let (some, reason) = (some.to_vec(), reason.clone());
        decide(community, now, move |ctx| kept::refuse_undecided(ctx, &some, &reason)).await?;
    }
    destroy(communities, community, &stale, now).await?;
    add(counts, "applications", stale.len() as u64);
    Ok(())
}

/// Pictures of gates whose time is over, and the wish for those that have not come yet.
async fn pictures(
    communities: &Communities,
    community: &Arc<Community>,
    before_ms: u64,
) -> Result<u64, SweepError> {
    let mut destroyed = 0;
    loop {
        let records = community.clone();
        let mut hashes = blocking(move || crops::older(&records, before_ms, PICTURES_AT_ONCE)).await??;
        hashes.extend(
            view(community, move |view| {
                let kind = serde_json::to_value(Kind::Crop).unwrap_or_default();
                let old = Query::on("kind").equal(kind).below(before_ms).limit(PICTURES_AT_ONCE);
                let old = view.of::<Blob>().find(&old)?.entries;
                Ok::<_, ReadError>(
                    old.into_iter().filter_map(|blob| parse(&blob.value.hash)).collect::<Vec<_>>(),
                )
            })
            .await?,
        );
        if hashes.is_empty() {
            return Ok(destroyed);
        }
        for hash in hashes {
            destroyed += u64::from(destroy_picture(communities, community, &hash).await?);
        }
    }
}

/// What is remembered of pictures whose entries are forgotten.
async fn crops_forgotten(community: &Arc<Community>, before_ms: u64) -> Result<(), SweepError> {
    loop {
        let records = community.clone();
        if !blocking(move || crops::forget(&records, before_ms, REMOVED_AT_ONCE)).await?? {
            return Ok(());
        }
    }
}

/// Removes old records that are only here.
async fn remove_old<T: Record + Send + 'static>(
    community: &Arc<Community>,
    index: &'static str,
    before_ms: u64,
    now: Now,
) -> Result<u64, SweepError> {
    let mut removed = 0;
    loop {
        let ids: Vec<RecordId> = view(community, move |view| {
            let old = view.of::<T>().find(&Query::on(index).below(before_ms).limit(REMOVED_AT_ONCE))?;
            let unreadable = old.unreadable.iter().map(|(id, _)| *id);
            Ok::<_, ReadError>(old.entries.iter().map(|old| old.id).chain(unreadable).collect())
        })
        .await?;
        if ids.is_empty() {
            return Ok(removed);
        }
        removed += ids.len() as u64;
        let mut writes = Writes::new();
        for id in ids {
            writes.remove::<T>(id);
        }
        commit(community, now, writes).await?;
    }
}

/// Goes on with erasing a person who asked for it: their account is they no more, what they may is revoked, what names them
/// is destroyed. How many records that were.
///
/// # Errors
/// Something is not destroyed; another look will.
pub async fn erase(
    communities: &Communities,
    community: &Arc<Community>,
    person: RecordId,
    now: Now,
) -> Result<u64, SweepError> {
    let (accounts, id) = (communities.accounts().clone(), community.id);
    let part = move || match accounts.membership_of(id, person)? {
        Some(membership) => accounts.part(&membership, now),
        None => Ok(()),
    };
    blocking(part).await??;
    while decide(community, now, move |ctx| privacy::revoke_some(ctx, None, person)).await? {}
    untold(community, person, now).await?;
    untraced(community, person, now).await?;
    unseen(community, person, now).await?;
    let mut erased = 0;
    for _ in 0..ROUNDS {
        let doomed = view(community, move |view| privacy::doomed(view, person)).await?;
        if doomed.is_empty() {
            let noted = move |ctx: &mut Context<'_>| Ok(privacy::note(ctx.view, now, person, 0, true)?);
            decide(community, now, noted).await?;
            break;
        }
        destroy(communities, community, &doomed, now).await?;
        erased += doomed.len() as u64;
        let count = doomed.len();
        let noted = move |ctx: &mut Context<'_>| Ok(privacy::note(ctx.view, now, person, count, false)?);
        decide(community, now, noted).await?;
    }
    Ok(erased)
}

/// Forgets what a person was told, how they wanted to be, and their browsers.
async fn untold(community: &Arc<Community>, person: RecordId, now: Now) -> Result<(), SweepError> {
    loop {
        let writes = view(community, move |view| {
            let mut writes = Writes::new();
            let mine = Query::on("person").equal(person.to_string()).limit(REMOVED_AT_ONCE);
            let (told, browsers) =
                (view.of::<Message>().find(&mine)?, view.of::<Subscription>().find(&mine)?);
            for message in &told.entries {
                writes.remove::<Message>(message.id);
            }
            for browser in &browsers.entries {
                writes.remove::<Subscription>(browser.id);
            }
            let wishes = view.of::<Settings>().get(person)?;
            if wishes.is_some() {
                writes.remove::<Settings>(person);
            }
            let any = !told.entries.is_empty() || !browsers.entries.is_empty() || wishes.is_some();
            Ok::<_, ReadError>(any.then_some(writes))
        })
        .await?;
        match writes {
            Some(writes) => commit(community, now, writes).await?,
            None => return Ok(()),
        }
    }
}

/// Forgets what people were told in the words of records that are to be erased.
async fn unsaid(community: &Arc<Community>, doomed: &[Doomed], now: Now) -> Result<(), SweepError> {
    for Doomed { id, .. } in doomed {
        let id = id.to_string();
        loop {
            let about = id.clone();
            let told = move |view: View<'_>| {
                view.of::<Message>().find(&Query::on("about").equal(about).limit(REMOVED_AT_ONCE))
            };
            let told = view(community, told).await?.entries;
            if told.is_empty() {
                break;
            }
            let mut writes = Writes::new();
            for told in told {
                writes.remove::<Message>(told.id);
            }
            commit(community, now, writes).await?;
        }
    }
    Ok(())
}

/// Forgets from which addresses a person consented, and by what they followed their applications. That they consented stays.
async fn untraced(community: &Arc<Community>, person: RecordId, now: Now) -> Result<(), SweepError> {
    let writes = view(community, move |view| {
        let mut writes = Writes::new();
        consents::forget(view, person, &mut writes)?;
        for Given { consent, .. } in consents::of_person(view, person)? {
            if let Some(application) = consent.value.application {
                applications::forget(view, application, &mut writes)?;
            }
        }
        Ok::<_, ReadError>(writes)
    })
    .await?;
    commit(community, now, writes).await
}

/// Forgets who a person was in the closed chat, where they are out of it; who is in it is forgotten when they are put out.
async fn unseen(community: &Arc<Community>, person: RecordId, now: Now) -> Result<(), SweepError> {
    let writes = view(community, move |view| {
        let mut writes = Writes::new();
        chats::forget_person(view, person, &mut writes)?;
        Ok::<_, ReadError>(writes)
    })
    .await?;
    commit(community, now, writes).await
}

/// Destroys what is named: pictures and what was told of it first, then the fields that name them.
async fn destroy(
    communities: &Communities,
    community: &Arc<Community>,
    doomed: &[Doomed],
    now: Now,
) -> Result<(), SweepError> {
    for some in doomed.chunks(AT_ONCE) {
        for hash in some.iter().filter_map(|doomed| parse(&doomed.blob)) {
            destroy_picture(communities, community, &hash).await?;
        }
        unsaid(community, some, now).await?;
        let some = some.to_vec();
        decide(community, now, move |ctx| privacy::erase(ctx, &some).map(Some)).await?;
    }
    Ok(())
}

/// Destroys a picture, so that no hub is asked for it again; whether it was here.
async fn destroy_picture(
    communities: &Communities,
    community: &Arc<Community>,
    hash: &[u8; 32],
) -> Result<bool, SweepError> {
    let (records, id) = (community.clone(), *hash);
    blocking(move || crops::settle(&records, &id, crops::Fate::Gone, clock::now())).await??;
    let was_here = communities.blobs().about(community, hash).await?.is_some();
    communities.blobs().delete(community, hash).await?;
    Ok(was_here)
}

fn add(counts: &mut Counts, class: &str, count: u64) {
    if count > 0 {
        *counts.entry(class.to_owned()).or_default() += count;
    }
}

async fn view<R, E>(
    community: &Arc<Community>,
    body: impl FnOnce(View<'_>) -> Result<R, E> + Send + 'static,
) -> Result<R, SweepError>
where
    R: Send + 'static,
    E: Into<SweepError> + Send + 'static,
{
    let community = community.clone();
    blocking(move || community.store.view(body)).await??.map_err(Into::into)
}

async fn judge<R: Send + 'static>(
    community: &Arc<Community>,
    now: Now,
    rule: impl FnOnce(&mut Context<'_>) -> Result<R, Denied> + Send + 'static,
) -> Result<R, SweepError> {
    view(community, move |view| {
        let mut entropy = clock::entropy;
        rule(&mut Context { view, now, entropy: &mut entropy })
    })
    .await
}

async fn commit(community: &Arc<Community>, now: Now, writes: Writes) -> Result<(), SweepError> {
    let community = community.clone();
    blocking(move || community.store.commit(now, writes)).await??;
    Ok(())
}

/// Commits what a rule says; whether that was something.
async fn decide(
    community: &Arc<Community>,
    now: Now,
    rule: impl FnOnce(&mut Context<'_>) -> Result<Option<Writes>, Denied> + Send + 'static,
) -> Result<bool, SweepError> {
    match judge(community, now, rule).await? {
        Some(writes) => commit(community, now, writes).await.map(|()| true),
        None => Ok(false),
    }
}

async fn blocking<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> Result<R, SweepError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| SweepError::Failed)
}
