//! Which communities have a chat to look after, and when: where places, roles or bans changed, here or by a hub, where somebody
//! is reached elsewhere, and where something is due. After a start, and every hour, all of them are compared.
//!
//! Invariants: one look at a community at a time; one that fails keeps no other waiting.
//!
//! What must never be here: what is done in a chat.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dwellers::people::{Place, RoleGrant};
use dwellers::rights::{Ban, Lifting, Revocation};
use dwellers_replica::{Listening, Mark, Query, ReadError, Record, RecordId, Vector};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Notify, Semaphore, watch};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{interval, sleep, timeout};
use tracing::{error, warn};

use super::belonging::{self, Fault, blocking};
use super::{doing, group};
use crate::bot::Bot;
use crate::chats::{self, Offer};
use crate::clock;
use crate::communities::{Communities, Community, CommunityError};

/// Communities that are looked at at once.
const LOOKS: usize = 4;
/// What changes at one time is looked at together.
const TOGETHER: Duration = Duration::from_millis(10);
/// A community that fails is left alone for so long.
const AGAIN_MS: u64 = 60_000;
const HOUR: Duration = Duration::from_secs(3_600);
/// What is under way at the end has so long.
const LAST: Duration = Duration::from_secs(15);
/// Fields that are looked through at once.
const FIELDS: usize = 1_700;
/// What was told and closed is remembered so long.
const KEPT_MS: u64 = 30 * 24 * 3_600_000;

/// Which group is whose chat, and which may become one.
#[derive(Default)]
pub struct Chats {
    groups: Mutex<Groups>,
    /// Whether all communities were asked since the start.
    read: watch::Sender<bool>,
}

#[derive(Default)]
struct Groups {
    connected: HashMap<i64, RecordId>,
    offered: HashMap<i64, BTreeSet<RecordId>>,
}

#[derive(Default)]
struct Desks {
    all: Mutex<HashMap<RecordId, Desk>>,
    woken: Notify,
}

/// What is known of one community.
#[derive(Default)]
struct Desk {
    /// Its store changed.
    changed: bool,
    /// All of its people are to be compared.
    compare: bool,
    busy: bool,
    due_ms: Option<u64>,
    /// Up to where its records were looked through since the start.
    arrival: Option<u64>,
    /// While it is open: held, never asked.
    listening: Option<Listening>,
}

impl Desks {
    fn lock(&self) -> MutexGuard<'_, HashMap<RecordId, Desk>> {
        // What is known is whole whoever panicked: each change is one assignment.
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change<R>(&self, community: RecordId, change: impl FnOnce(&mut Desk) -> R) -> R {
        change(self.lock().entry(community).or_default())
    }

    fn wake(&self, community: RecordId, compare: bool) {
        self.change(community, |desk| {
            desk.changed = true;
            desk.compare |= compare;
        });
        self.woken.notify_one();
    }

    fn wake_all(&self) {
        for desk in self.lock().values_mut() {
            (desk.changed, desk.compare) = (true, true);
        }
        self.woken.notify_one();
    }

    /// Who is to be looked at now, and when the next one is.
    fn due(&self, now_ms: u64) -> (Vec<RecordId>, Option<u64>) {
        let (mut due, mut next) = (Vec::new(), None::<u64>);
        for (id, desk) in self.lock().iter_mut().filter(|(_, desk)| !desk.busy) {
            if desk.changed || desk.due_ms.is_some_and(|due_ms| due_ms <= now_ms) {
                (desk.busy, desk.changed) = (true, false);
                due.push(*id);
            } else {
                next = next.into_iter().chain(desk.due_ms).min();
            }
        }
        (due, next)
    }
}

impl Chats {
    fn lock(&self) -> MutexGuard<'_, Groups> {
        self.groups.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until it is known which group is whose.
    pub(super) async fn read(&self) {
        // Whoever could tell is gone: nobody asks any more.
        let _ = self.read.subscribe().wait_for(|read| *read).await;
    }

    /// Whose chat a group is.
    pub(super) fn connected(&self, group: i64) -> Option<RecordId> {
        self.lock().connected.get(&group).copied()
    }

    /// Of which communities a group may become the chat.
    pub(super) fn offered(&self, group: i64) -> Vec<RecordId> {
        self.lock().offered.get(&group).into_iter().flatten().copied().collect()
    }

    /// A group is the chat of a community. False: it is another's.
    pub(super) fn connect(&self, group: i64, community: RecordId) -> bool {
        let mut groups = self.lock();
        *groups.connected.entry(group).or_insert(community) == community
    }

    /// A group may become the chat of a community.
    pub(super) fn offer(&self, group: i64, community: RecordId) {
        self.lock().offered.entry(group).or_default().insert(community);
    }

    /// A group may become nobody's chat any more.
    pub(super) fn withdraw(&self, group: i64) {
        self.lock().offered.remove(&group);
    }

    /// A group is the chat of this community no more.
    pub(super) fn forget(&self, group: i64, community: RecordId) {
        let mut groups = self.lock();
        if groups.connected.get(&group) == Some(&community) {
            groups.connected.remove(&group);
        }
    }
}

/// Looks after the chats until it is told to end.
pub(in crate::bot) async fn keep(bot: Bot, mut shutdown: watch::Receiver<bool>) {
    let (communities, desks) = (bot.api().communities().clone(), Arc::<Desks>::default());
    let mut moves = bot.accounts().moves();
    let told = Arc::downgrade(&desks);
    communities.on_open(move |community| match told.upgrade() {
        Some(desks) => {
            listen(&desks, community);
            true
        }
        None => false,
    });
    begin(&bot, &communities, &desks).await;
    let looks = Arc::new(Semaphore::new(LOOKS));
    let mut tasks = JoinSet::new();
    let mut hourly = interval(HOUR);
    // All were looked at just now.
    hourly.reset();
    while !*shutdown.borrow() {
        let now_ms = clock::now().ms;
        let (due, next) = desks.due(now_ms);
        for id in due {
            let (bot, desks, looks) = (bot.clone(), desks.clone(), looks.clone());
            tasks.spawn(async move { visit(bot, desks, looks, id).await });
        }
        let until = next.map_or(HOUR, |next| {
            Duration::from_millis(next.saturating_sub(now_ms)).clamp(Duration::from_millis(1), HOUR)
        });
        let ended = async { shutdown.wait_for(|ends| *ends).await.is_err() };
        tokio::select! {
            () = desks.woken.notified() => {}
            () = sleep(until) => {}
            _ = hourly.tick() => desks.wake_all(),
            moved = moves.recv() => match moved {
                Ok(id) => desks.wake(id, true),
                Err(RecvError::Lagged(_)) => desks.wake_all(),
                Err(RecvError::Closed) => break,
            },
            nobody_could_tell = ended => if nobody_could_tell { break },
        }
        sleep(TOGETHER).await;
        while tasks.try_join_next().is_some() {}
    }
    looks.close();
    let _ = timeout(LAST, async { while tasks.join_next().await.is_some() {} }).await;
}

/// Finds out which group is whose, and looks at all of them.
async fn begin(bot: &Bot, communities: &Arc<Communities>, desks: &Arc<Desks>) {
    let (known, told, desks) = (communities.clone(), bot.clone(), desks.clone());
    let read = spawn_blocking(move || {
        let listed = match known.registry().all() {
            Ok(listed) => listed,
            Err(why) => return error!("whose chats there are is not known: {why}"),
        };
        for listing in listed.into_iter().filter(|listing| !listing.value.closed) {
            let open = known.if_open(listing.id);
            if let Some(community) = &open {
                listen(&desks, community);
            }
            let read = known.open(listing.id, clock::now()).map_err(Fault::from).and_then(|community| {
                let groups = community.store.view(|view| {
                    let chat = chats::chat(view)?.map(|chat| chat.value.chat);
                    Ok::<_, ReadError>((chat, chats::all::<Offer>(view, &Query::on("chat"))?))
                });
                Ok(groups??)
            });
            match read {
                Ok((chat, offers)) => {
                    for offer in offers {
                        told.chats().offer(offer.value.chat, listing.id);
                    }
                    if let Some(group) = chat {
                        told.chats().connect(group, listing.id);
                        desks.wake(listing.id, true);
                    }
                }
                Err(why) => warn!(community = %listing.id, "whether it has a chat is not known: {why}"),
            }
            if open.is_none() {
                known.let_go(listing.id);
            }
        }
    });
    if let Err(why) = read.await {
        error!("whose chats there are is not known: {why}");
    }
    bot.chats().read.send_replace(true);
}

/// Hears when the store of a community that is open changes.
fn listen(desks: &Arc<Desks>, community: &Arc<Community>) {
    let (id, told) = (community.id, Arc::downgrade(desks));
    let listening = community.store.listen(move || {
        if let Some(desks) = told.upgrade() {
            desks.wake(id, false);
        }
    });
    // It is opened with this: nothing changed before.
    let before = desks.change(id, |desk| desk.listening.replace(listening));
    drop(before);
}

/// One look at a community, and all that is due there.
async fn visit(bot: Bot, desks: Arc<Desks>, looks: Arc<Semaphore>, id: RecordId) {
    let Ok(_look) = looks.acquire().await else { return };
    let (arrival, compare) = desks.change(id, |desk| (desk.arrival, std::mem::take(&mut desk.compare)));
    let looked = look(&bot, id, arrival, compare).await;
    let (due_ms, arrival, failed) = match looked {
        Ok(Some((due_ms, arrival))) => (due_ms, Some(arrival), false),
        Ok(None) => {
            let gone = desks.lock().remove(&id);
            return drop(gone);
        }
        Err(why) => {
            warn!(community = %id, "the chat is not looked after: {why}");
            (Some(clock::now().ms + AGAIN_MS), arrival, true)
        }
    };
    desks.change(id, |desk| {
        (desk.busy, desk.due_ms, desk.arrival) = (false, due_ms, arrival);
        desk.compare |= failed;
    });
    desks.woken.notify_one();
}

/// Returns when something is due, and up to where the records were looked through; nothing where it is not served any more.
async fn look(
    bot: &Bot,
    id: RecordId,
    arrival: Option<u64>,
    compare: bool,
) -> Result<Option<(Option<u64>, u64)>, Fault> {
    let (communities, known) = (bot.api().communities().clone(), bot.clone());
    let was_at_rest = communities.if_open(id).is_none();
    let looked = blocking(move || {
        let now = clock::now();
        let community = match communities.open(id, now) {
            Ok(community) => community,
            Err(CommunityError::Closed(_)) => return Ok(None),
            Err(why) => return Err(why.into()),
        };
        let (is_relevant, arrival) = has_changed(&community, arrival)?;
        let Some(chat) = community.store.view(chats::chat)?? else {
            return Ok(Some((community, arrival, None)));
        };
        if !known.chats().connect(chat.value.chat, id) {
            warn!(community = %id, "its chat is another community's");
            return Ok(Some((community, arrival, None)));
        }
        if !chat.value.ends && (compare || is_relevant || !chat.value.compared) {
            belonging::compare(known.accounts(), &community, now)?;
        }
        if compare {
            belonging::forget(&community, now.ms.saturating_sub(KEPT_MS), now)?;
        }
        Ok(Some((community, arrival, Some(chat.value.chat))))
    });
    let Some((community, arrival, has_chat)) = looked.await? else { return Ok(None) };
    let due_ms = match has_chat {
        Some(group) => {
            // Whoever else was asked of it need not answer.
            group::withdraw(bot, group, clock::now()).await?;
            doing::do_due(bot, &community).await?
        }
        None => None,
    };
    drop(community);
    if was_at_rest {
        let communities = bot.api().communities().clone();
        let _ = spawn_blocking(move || communities.let_go(id)).await;
    }
    Ok(Some((due_ms, arrival)))
}

/// Whether something arrived since by which somebody may belong or not; and up to where that was looked for.
fn has_changed(community: &Community, arrival: Option<u64>) -> Result<(bool, u64), Fault> {
    let head = community.store.standing()?.mark.arrival;
    let Some(mut after) = arrival else { return Ok((true, head)) };
    let names =
        [Place::SPEC.name, RoleGrant::SPEC.name, Revocation::SPEC.name, Ban::SPEC.name, Lifting::SPEC.name];
    while after < head {
        let chunk = community.store.since(Mark::default(), after, &Vector::new(), FIELDS)?;
        if chunk.shapes.iter().any(|shape| names.contains(&shape.name.as_ref())) {
            return Ok((true, head));
        }
        if chunk.to.is_some() || chunk.mark.arrival <= after {
            return Ok((false, chunk.mark.arrival.max(head)));
        }
        after = chunk.mark.arrival;
    }
    Ok((false, head))
}
