//! Which communities have a chat to look after, and when: where places, roles or bans changed, here or by a hub, where somebody
//! is reached elsewhere, and where something is due. After a start, and every hour, all of them are compared.
//!
//! Invariants: one that fails keeps no other waiting.
//!
//! What must never be here: what is done in a chat.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dwellers::people::{Place, RoleGrant};
use dwellers::rights::{Ban, Lifting, Revocation};
use dwellers_replica::{Mark, Query, ReadError, Record, RecordId, Vector};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::interval;
use tracing::{error, warn};

use super::belonging::{self, Fault, blocking};
use super::{doing, group};
use crate::bot::Bot;
use crate::chats::{self, Offer};
use crate::clock;
use crate::communities::Community;
use crate::rounds::Rounds;

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

/// What is known of one community.
#[derive(Default)]
struct Desk {
    /// All of its people are to be compared.
    compare: bool,
    /// Up to where its records were looked through since the start.
    arrival: Option<u64>,
}

type Desks = Rounds<Desk>;

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
pub(in crate::bot) async fn keep(bot: Bot, shutdown: watch::Receiver<bool>) {
    let (moves, desks) = (bot.accounts().moves(), Desks::of(bot.api().communities().clone(), false));
    begin(&bot, &desks).await;
    let visits = {
        let (bot, desks) = (bot.clone(), desks.clone());
        move |id| visit(bot.clone(), desks.clone(), id)
    };
    tokio::select! {
        () = desks.run(shutdown, LAST, visits) => {}
        () = compare(&desks, moves) => {}
    }
}

/// Has people compared who are reached elsewhere from now on, and every hour all of them. Ends where nobody tells of them any more.
async fn compare(desks: &Desks, mut moves: Receiver<RecordId>) {
    let mut hourly = interval(HOUR);
    // All were looked at just now.
    hourly.reset();
    let all = || desks.wake_all(|desk| desk.compare = true);
    loop {
        tokio::select! {
            _ = hourly.tick() => all(),
            moved = moves.recv() => match moved {
                Ok(id) => wake(desks, id),
                Err(RecvError::Lagged(_)) => all(),
                Err(RecvError::Closed) => return,
            },
        }
    }
}

/// All people of a community are to be compared.
fn wake(desks: &Desks, community: RecordId) {
    desks.with(community, |desk| desk.compare = true);
    desks.wake(community);
}

/// Finds out which group is whose, and looks at all of them.
async fn begin(bot: &Bot, desks: &Arc<Desks>) {
    let (known, told, desks) = (bot.api().communities().clone(), bot.clone(), desks.clone());
    let read = spawn_blocking(move || {
        let listed = match known.registry().all() {
            Ok(listed) => listed,
            Err(why) => return error!("whose chats there are is not known: {why}"),
        };
        for listing in listed.into_iter().filter(|listing| !listing.value.closed) {
            let open = known.if_open(listing.id);
            if let Some(community) = &open {
                desks.listen(community);
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
                        wake(&desks, listing.id);
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

/// One look at a community, and all that is due there.
async fn visit(bot: Bot, desks: Arc<Desks>, id: RecordId) {
    let Some(_look) = desks.look().await else { return };
    let (arrival, compare) = desks.with(id, |desk| (desk.arrival, std::mem::take(&mut desk.compare)));
    match look(&bot, &desks, id, arrival, compare).await {
        Ok(Some((due_ms, arrival))) => {
            desks.with(id, |desk| desk.arrival = Some(arrival));
            desks.rest(id, due_ms);
        }
        Ok(None) => desks.forget(id),
        Err(why) => {
            warn!(community = %id, "the chat is not looked after: {why}");
            desks.with(id, |desk| desk.compare = true);
            desks.rest(id, Some(clock::now().ms + AGAIN_MS));
        }
    }
}

/// Returns when something is due, and up to where the records were looked through; nothing where it is not served any more.
async fn look(
    bot: &Bot,
    desks: &Arc<Desks>,
    id: RecordId,
    arrival: Option<u64>,
    compare: bool,
) -> Result<Option<(Option<u64>, u64)>, Fault> {
    let (known, of) = (bot.clone(), desks.clone());
    let looked = blocking(move || {
        let now = clock::now();
        let Some(opened) = of.open(id, now)? else { return Ok(None) };
        let community = &opened.community;
        let (is_relevant, arrival) = has_changed(community, arrival)?;
        let Some(chat) = community.store.view(chats::chat)?? else {
            return Ok(Some((opened, arrival, None)));
        };
        if !known.chats().connect(chat.value.chat, id) {
            warn!(community = %id, "its chat is another community's");
            return Ok(Some((opened, arrival, None)));
        }
        if !chat.value.ends && (compare || is_relevant || !chat.value.compared) {
            belonging::compare(known.accounts(), community, now)?;
        }
        if compare {
            belonging::forget(community, now.ms.saturating_sub(KEPT_MS), now)?;
        }
        Ok(Some((opened, arrival, Some(chat.value.chat))))
    });
    let Some((opened, arrival, has_chat)) = looked.await? else { return Ok(None) };
    let done = match has_chat {
        Some(group) => due(bot, group, &opened.community).await,
        None => Ok(None),
    };
    desks.leave(opened).await;
    Ok(Some((done?, arrival)))
}

/// Does what is due in a chat; returns when something is the next time.
async fn due(bot: &Bot, group: i64, community: &Arc<Community>) -> Result<Option<u64>, Fault> {
    // Whoever else was asked of it need not answer.
    group::withdraw(bot, group, clock::now()).await?;
    doing::do_due(bot, community).await
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
