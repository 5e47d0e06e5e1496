//! All communities in turn: whose store changed, or where something is due.
//!
//! A community that is open says so when its store changes; one at rest is opened when something of it is due, and once after
//! a start. Nobody is asked every second: at rest this costs an entry in a map for each community, and a change costs one look
//! (four reads, no fsync where nothing arrived).
//!
//! Invariants: one look at a community at a time; it holds a few places at channels at most, and who found none gets one in
//! the order in which they came.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dwellers_replica::{Listening, RecordId};
use tokio::sync::{Notify, Semaphore, watch};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{sleep, timeout};
use tracing::{error, warn};

use super::looking::{self, Fault};
use super::message::{Channel, Outcome};
use super::{KEPT_MS, Outbox, desk, forget_before};
use crate::accounts::Messenger;
use crate::clock;
use crate::communities::{Communities, Community, CommunityError};

/// Communities that are looked at at once.
const LOOKS: usize = 4;
/// What changes at one time is looked at together.
const TOGETHER: Duration = Duration::from_millis(10);
/// A community that fails is left alone for so long.
const AGAIN_MS: u64 = 60_000;
/// What is under way at the end has so long to come back.
const LAST: Duration = Duration::from_secs(40);
/// Old messages are looked for so often.
const FORGET_MS: u64 = 24 * 3_600_000;

/// What is known of all communities.
#[derive(Default)]
struct Desks {
    all: Mutex<HashMap<RecordId, Desk>>,
    /// Who waits for a place at a channel, in the order in which they came.
    lines: Mutex<HashMap<Channel, VecDeque<RecordId>>>,
    woken: Notify,
}

/// What is known of one.
#[derive(Default)]
struct Desk {
    /// Its store changed, or it was never looked at.
    changed: bool,
    /// Somebody looks at it.
    busy: bool,
    /// When something is due.
    due_ms: Option<u64>,
    /// Up to where its records were looked through since the start.
    arrival: Option<u64>,
    /// What channels are asked about.
    asked: HashSet<RecordId>,
    /// When old messages were last forgotten.
    forgot_ms: u64,
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

    /// Forgets one. What it heard by ends when nothing is held: a store that tells of a change waits for the desks, and that
    /// waits for the store.
    fn remove(&self, community: RecordId) {
        let gone = self.lock().remove(&community);
        drop(gone);
    }

    fn wake(&self, community: RecordId) {
        self.change(community, |desk| desk.changed = true);
        self.woken.notify_one();
    }

    /// Puts a community into the lines for places.
    fn wait(&self, community: RecordId, channels: &[Channel]) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        for channel in channels {
            let line = lines.entry(*channel).or_default();
            if !line.contains(&community) {
                line.push_back(community);
            }
        }
    }

    /// Wakes as many of those who wait as there are places.
    fn hand_on(&self, outbox: &Outbox) {
        for channel in Channel::ALL {
            let free = outbox.room(channel).available_permits();
            let first: Vec<RecordId> = {
                let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
                lines
                    .get_mut(&channel)
                    .map(|line| line.drain(..free.min(line.len())).collect())
                    .unwrap_or_default()
            };
            first.into_iter().for_each(|community| self.wake(community));
        }
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

pub(super) async fn run(outbox: Outbox, mut shutdown: watch::Receiver<bool>) {
    let desks = Arc::new(Desks::default());
    let communities = outbox.0.communities.clone();
    let told = Arc::downgrade(&desks);
    communities.on_open(move |community| match told.upgrade() {
        Some(desks) => {
            listen(&desks, community);
            true
        }
        None => false,
    });
    let known = communities.clone();
    match spawn_blocking(move || known.registry().all()).await {
        Ok(Ok(all)) => {
            for listing in all.into_iter().filter(|listing| !listing.value.closed) {
                match communities.if_open(listing.id) {
                    Some(community) => listen(&desks, &community),
                    None => desks.wake(listing.id),
                }
            }
        }
        Ok(Err(why)) => error!("the outbox does not know its communities: {why}"),
        Err(why) => error!("the outbox does not know its communities: {why}"),
    }
    let looks = Arc::new(Semaphore::new(LOOKS));
    let mut tasks = JoinSet::new();
    while !*shutdown.borrow() {
        let now_ms = clock::now().ms;
        let (due, next) = desks.due(now_ms);
        for id in due {
            let (outbox, desks, looks) = (outbox.clone(), desks.clone(), looks.clone());
            tasks.spawn(async move { visit(outbox, desks, looks, id).await });
        }
        let until = next.map_or(Duration::from_secs(3_600), |next| {
            Duration::from_millis(next.saturating_sub(now_ms).clamp(1, 3_600_000))
        });
        let ended = async { shutdown.wait_for(|ends| *ends).await.is_err() };
        tokio::select! {
            () = desks.woken.notified() => {}
            () = sleep(until) => {}
            nobody_could_tell = ended => if nobody_could_tell { break },
        }
        sleep(TOGETHER).await;
        while tasks.try_join_next().is_some() {}
    }
    // What a channel is being asked about is worth its answer; nothing new is begun.
    looks.close();
    let _ = timeout(LAST, async { while tasks.join_next().await.is_some() {} }).await;
}

/// Hears when the store of a community that is open changes.
fn listen(desks: &Arc<Desks>, community: &Arc<Community>) {
    let (id, told) = (community.id, Arc::downgrade(desks));
    let listening = community.store.listen(move || {
        if let Some(desks) = told.upgrade() {
            desks.wake(id);
        }
    });
    // What changes from now on is heard, and what was due is known: only one that is new is looked at for being opened.
    let (before, is_new) = {
        let mut all = desks.lock();
        let is_new = !all.contains_key(&id);
        let desk = all.entry(id).or_default();
        desk.changed |= is_new;
        (desk.listening.replace(listening), is_new)
    };
    drop(before);
    if is_new {
        desks.woken.notify_one();
    }
}

/// One look at a community, and what comes of it.
async fn visit(outbox: Outbox, desks: Arc<Desks>, looks: Arc<Semaphore>, id: RecordId) {
    let Ok(look) = looks.acquire().await else { return };
    let known = desks.change(id, |desk| (desk.arrival, desk.asked.clone(), desk.forgot_ms));
    let (over, communities) = (outbox.clone(), outbox.0.communities.clone());
    let looked = spawn_blocking(move || looked(&over, &communities, id, known)).await;
    drop(look);
    let looked = match looked {
        Ok(Ok(looked)) => looked,
        Ok(Err(Unlooked::Gone)) => return desks.remove(id),
        Ok(Err(Unlooked::Failed(why))) => {
            warn!(community = %id, "the outbox: {why}");
            return rest(&desks, id, Some(clock::now().ms + AGAIN_MS));
        }
        Err(why) => {
            error!(community = %id, "the outbox: {why}");
            return rest(&desks, id, Some(clock::now().ms + AGAIN_MS));
        }
    };
    let Looked { community, was_at_rest, seen, taken, forgot_ms } = looked;
    let due_ms = taken.next_ms.into_iter().chain(seen.remind_ms).min();
    desks.change(id, |desk| {
        desk.asked.extend(taken.errands.iter().map(|errand| errand.id));
        (desk.arrival, desk.forgot_ms) = (Some(seen.arrival), forgot_ms);
        desk.changed |= seen.more || taken.more;
    });
    desks.wait(id, &taken.starved);
    rest(&desks, id, due_ms);
    desks.hand_on(&outbox);
    let mut sent = JoinSet::new();
    for errand in taken.errands {
        sent.spawn(send(outbox.clone(), community.clone(), desks.clone(), errand));
    }
    while sent.join_next().await.is_some() {}
    drop(community);
    if was_at_rest {
        let communities = outbox.0.communities.clone();
        let _ = spawn_blocking(move || communities.let_go(id)).await;
    }
}

/// It may be looked at again.
fn rest(desks: &Desks, id: RecordId, due_ms: Option<u64>) {
    desks.change(id, |desk| (desk.busy, desk.due_ms) = (false, due_ms));
    desks.woken.notify_one();
}

struct Looked {
    community: Arc<Community>,
    /// It was opened for this look.
    was_at_rest: bool,
    seen: looking::Seen,
    taken: desk::Taken,
    forgot_ms: u64,
}

enum Unlooked {
    /// It is not served any more.
    Gone,
    Failed(String),
}

impl From<Fault> for Unlooked {
    fn from(why: Fault) -> Self {
        Unlooked::Failed(why.to_string())
    }
}

/// Blocks.
fn looked(
    outbox: &Outbox,
    communities: &Communities,
    id: RecordId,
    (arrival, asked, mut forgot_ms): (Option<u64>, HashSet<RecordId>, u64),
) -> Result<Looked, Unlooked> {
    let now = clock::now();
    // One that is open is not kept so by being looked at.
    let open = communities.if_open(id);
    let was_at_rest = open.is_none();
    let community = match open {
        Some(community) => community,
        None => communities.open(id, now).map_err(|why| match why {
            CommunityError::Closed(_) => Unlooked::Gone,
            other => Unlooked::Failed(other.to_string()),
        })?,
    };
    let seen = looking::look(&community, arrival, now)?;
    let taken = desk::take(outbox, &community, &asked, now)?;
    if now.ms.saturating_sub(forgot_ms) >= FORGET_MS {
        match forget_before(&community, now.ms.saturating_sub(KEPT_MS), now) {
            Ok(0) => forgot_ms = now.ms,
            // Where there were some there may be more: the change wakes this up.
            Ok(_) => {}
            // What was taken is to be sent all the same; the next look tries again.
            Err(why) => warn!(community = %id, "the outbox does not forget: {why}"),
        }
    }
    Ok(Looked { community, was_at_rest, seen, taken, forgot_ms })
}

async fn send(outbox: Outbox, community: Arc<Community>, desks: Arc<Desks>, errand: desk::Errand) {
    let (id, at) = (errand.id, community.id);
    let desk::Answered { outcome, gone, blocked } = desk::ask(&outbox, errand, clock::now).await;
    if let Outcome::Never(why) | Outcome::NotNow(why, _) | Outcome::Unknown(why) = &outcome {
        // Addresses are in no log: what a server says may name them.
        tracing::debug!(community = %at, message = %id, "not told: {why}");
    }
    let accounts = outbox.0.communities.accounts().clone();
    let settled = spawn_blocking(move || {
        let now = clock::now();
        if let Some(user) = blocked {
            accounts.edit_messenger_user(Messenger::Telegram, user, |user| user.blocked = true, now)?;
        }
        desk::forget(&community, &gone, now)?;
        desk::settle(&community, id, &outcome, now)
    });
    match settled.await {
        Ok(Ok(())) => {}
        Ok(Err(why)) => warn!(community = %at, "the outbox: an answer is not written: {why}"),
        Err(why) => error!(community = %at, "the outbox: an answer is not written: {why}"),
    }
    desks.change(at, |desk| desk.asked.remove(&id));
    desks.wake(at);
    desks.hand_on(&outbox);
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;

    use dwellers_replica::Writes;

    use super::*;
    use crate::notify::Settings;

    const PATIENCE: Duration = Duration::from_secs(20);

    #[test]
    fn a_desk_goes_while_its_store_tells_of_a_change() {
        let folder = tempfile::tempdir().unwrap();
        let communities = Communities::in_folder(folder.path(), clock::now(), clock::entropy).unwrap();
        let community = communities.create("Pines", clock::now(), clock::entropy).unwrap();
        let (desks, id) = (Arc::new(Desks::default()), community.id);
        // Who is told before the desks takes their time.
        let ((begun, begins), (go, goes)) = (mpsc::channel(), mpsc::channel::<()>());
        let _slow = community.store.listen(move || {
            let _ = begun.send(());
            let _ = goes.recv();
        });
        listen(&desks, &community);
        let store = community.store.clone();
        let writer = thread::spawn(move || {
            let mut writes = Writes::new();
            writes.create(RecordId::new(1, 1), &Settings::default());
            store.commit(clock::now(), writes).unwrap();
        });
        begins.recv_timeout(PATIENCE).unwrap();
        let going = desks.clone();
        let going = thread::spawn(move || going.remove(id));
        let since = clock::Monotonic::start();
        while desks.all.try_lock().is_ok_and(|all| all.contains_key(&id)) || desks.all.try_lock().is_err() {
            assert!(since.ms() < 20_000, "the desks are held while the store is waited for");
            thread::yield_now();
        }
        drop(go);
        writer.join().unwrap();
        going.join().unwrap();
    }
}
