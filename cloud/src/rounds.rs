//! All communities in turn: whose store changed, or where something is due.
//!
//! A community that is open says so when its store changes; one at rest is opened when something of it is due. Nobody is asked
//! every second: at rest this costs an entry in a map for each community.
//!
//! Invariants: one visit to a community at a time, and a few looks at once; what changes during a visit is looked at after it.
//!
//! What must never be here: what there is to do in a community.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dwellers_replica::{Listening, Now, RecordId};
use tokio::sync::{Notify, Semaphore, SemaphorePermit, watch};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{sleep, timeout};

use crate::clock;
use crate::communities::{Communities, Community, CommunityError};

/// Communities that are looked at at once.
const LOOKS: usize = 4;
/// What changes at one time is looked at together.
const TOGETHER: Duration = Duration::from_millis(10);
/// Where nothing is due it is asked again after so long: the clock on the wall may have been set.
const IDLE: Duration = Duration::from_secs(3_600);

/// What is known of all communities; `D` is what whoever makes the rounds remembers of each.
pub(crate) struct Rounds<D> {
    communities: Arc<Communities>,
    all: Mutex<HashMap<RecordId, Desk<D>>>,
    woken: Notify,
    looks: Semaphore,
    visits_new: bool,
}

/// What is known of one.
#[derive(Default)]
struct Desk<D> {
    /// Its store changed, or somebody wants it to be looked at.
    changed: bool,
    /// Somebody is there.
    busy: bool,
    /// When something is due.
    due_ms: Option<u64>,
    /// While it is open: held, never asked.
    listening: Option<Listening>,
    own: D,
}

impl<D: Default + Send + 'static> Rounds<D> {
    /// Of these communities. `visits_new`: one that is opened for the first time is visited for that.
    pub(crate) fn of(communities: Arc<Communities>, visits_new: bool) -> Arc<Rounds<D>> {
        let (all, woken, looks) = (Mutex::default(), Notify::new(), Semaphore::new(LOOKS));
        let rounds = Arc::new(Rounds { communities, all, woken, looks, visits_new });
        let told = Arc::downgrade(&rounds);
        rounds.communities.on_open(move |community| match told.upgrade() {
            Some(rounds) => {
                rounds.listen(community);
                true
            }
            None => false,
        });
        rounds
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<RecordId, Desk<D>>> {
        // What is known is whole whoever panicked: each change is one assignment.
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hears when the store of a community that is open changes.
    pub(crate) fn listen(self: &Arc<Self>, community: &Arc<Community>) {
        let (id, told) = (community.id, Arc::downgrade(self));
        let listening = community.store.listen(move || {
            if let Some(rounds) = told.upgrade() {
                rounds.wake(id);
            }
        });
        // What changes from now on is heard, and what was due is known.
        let (before, is_due) = {
            let mut all = self.lock();
            let is_due = self.visits_new && !all.contains_key(&id);
            let desk = all.entry(id).or_default();
            desk.changed |= is_due;
            (desk.listening.replace(listening), is_due)
        };
        drop(before);
        if is_due {
            self.woken.notify_one();
        }
    }

    /// What is remembered of one.
    pub(crate) fn with<R>(&self, community: RecordId, with: impl FnOnce(&mut D) -> R) -> R {
        with(&mut self.lock().entry(community).or_default().own)
    }

    /// One is to be looked at.
    pub(crate) fn wake(&self, community: RecordId) {
        self.lock().entry(community).or_default().changed = true;
        self.woken.notify_one();
    }

    /// All are to be looked at.
    pub(crate) fn wake_all(&self, with: impl Fn(&mut D)) {
        for desk in self.lock().values_mut() {
            desk.changed = true;
            with(&mut desk.own);
        }
        self.woken.notify_one();
    }

    /// One may be looked at again, at the latest when something is due there.
    pub(crate) fn rest(&self, community: RecordId, due_ms: Option<u64>) {
        let mut all = self.lock();
        let desk = all.entry(community).or_default();
        (desk.busy, desk.due_ms) = (false, due_ms);
        drop(all);
        self.woken.notify_one();
    }

    /// One is not served any more. What it heard by ends when nothing is held: a store that tells of a change waits for the
    /// desks, and that waits for the store.
    pub(crate) fn forget(&self, community: RecordId) {
        let gone = self.lock().remove(&community);
        drop(gone);
    }

    /// A place among those who look; nothing when the rounds end.
    pub(crate) async fn look(&self) -> Option<SemaphorePermit<'_>> {
        self.looks.acquire().await.ok()
    }

    /// Opens one for a visit; nothing where it is not served any more. Blocks.
    ///
    /// # Errors
    /// It does not open.
    pub(crate) fn open(&self, id: RecordId, now: Now) -> Result<Option<Opened>, CommunityError> {
        // One that is open is not kept so by being looked at.
        if let Some(community) = self.communities.if_open(id) {
            return Ok(Some(Opened { community, was_at_rest: false }));
        }
        match self.communities.open(id, now) {
            Ok(community) => Ok(Some(Opened { community, was_at_rest: true })),
            Err(CommunityError::Closed(_)) => Ok(None),
            Err(why) => Err(why),
        }
    }

    /// The visit is over: what was opened for it is closed.
    pub(crate) async fn leave(&self, opened: Opened) {
        let Opened { community, was_at_rest } = opened;
        let id = community.id;
        drop(community);
        if was_at_rest {
            let communities = self.communities.clone();
            // That it stays open is no harm.
            let _ = spawn_blocking(move || communities.let_go(id)).await;
        }
    }

    /// Visits whoever is due until it is told to end, and then waits so long for the visits under way. Each visit says itself
    /// that it is over: [`Rounds::rest`] or [`Rounds::forget`].
    pub(crate) async fn run<V: Future<Output = ()> + Send + 'static>(
        &self,
        mut shutdown: watch::Receiver<bool>,
        last: Duration,
        visit: impl Fn(RecordId) -> V,
    ) {
        let mut visits = JoinSet::new();
        while !*shutdown.borrow() {
            let now_ms = clock::now().ms;
            let (due, next) = self.due(now_ms);
            for id in due {
                visits.spawn(visit(id));
            }
            let until = next.map_or(IDLE, |next| Duration::from_millis(next.saturating_sub(now_ms).max(1)));
            let ended = async { shutdown.wait_for(|ends| *ends).await.is_err() };
            tokio::select! {
                () = self.woken.notified() => {}
                () = sleep(until.min(IDLE)) => {}
                nobody_could_tell = ended => if nobody_could_tell { break },
            }
            sleep(TOGETHER).await;
            while visits.try_join_next().is_some() {}
        }
        // What was begun is worth its end; nothing new is begun.
        self.looks.close();
        let _ = timeout(last, async { while visits.join_next().await.is_some() {} }).await;
    }

    /// Who is to be visited now, and when the next one is.
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

/// A community that is visited.
pub(crate) struct Opened {
    pub(crate) community: Arc<Community>,
    was_at_rest: bool,
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::mpsc;
    use std::thread;

    use dwellers_replica::Writes;
    use tempfile::TempDir;

    use super::*;
    use crate::notify::Settings;

    const PATIENCE: Duration = Duration::from_secs(20);

    fn communities() -> (TempDir, Arc<Communities>) {
        let folder = tempfile::tempdir().unwrap();
        let communities = Communities::in_folder(folder.path(), clock::now(), clock::entropy).unwrap();
        (folder, Arc::new(communities))
    }

    fn change(community: &Community, n: u128) {
        let mut writes = Writes::new();
        writes.create(RecordId::new(1, n), &Settings::default());
        community.store.commit(clock::now(), writes).unwrap();
    }

    /// Whoever listens now has been told of all that was done before.
    fn settle(community: &Community) {
        let (told, tells) = mpsc::channel();
        let here = Arc::new(AtomicBool::new(false));
        let is_here = here.clone();
        let _last = community.store.listen(move || {
            if is_here.load(Ordering::Relaxed) {
                let _ = told.send(());
            }
        });
        community.store.with(move |_| here.store(true, Ordering::Relaxed)).unwrap();
        tells.recv_timeout(PATIENCE).unwrap();
    }

    #[test]
    fn a_desk_goes_while_its_store_tells_of_a_change() {
        let (_folder, communities) = communities();
        let community = communities.create("Pines", clock::now(), clock::entropy).unwrap();
        let (rounds, id) = (Rounds::<()>::of(communities, true), community.id);
        // Who is told before the rounds takes their time.
        let ((begun, begins), (go, goes)) = (mpsc::channel(), mpsc::channel::<()>());
        let _slow = community.store.listen(move || {
            let _ = begun.send(());
            let _ = goes.recv();
        });
        rounds.listen(&community);
        let changing = community.clone();
        let writer = thread::spawn(move || change(&changing, 1));
        begins.recv_timeout(PATIENCE).unwrap();
        let going = rounds.clone();
        let going = thread::spawn(move || going.forget(id));
        let since = clock::Monotonic::start();
        while rounds.all.try_lock().is_ok_and(|all| all.contains_key(&id)) || rounds.all.try_lock().is_err() {
            assert!(since.ms() < 20_000, "the desks are held while the store is waited for");
            thread::yield_now();
        }
        drop(go);
        writer.join().unwrap();
        going.join().unwrap();
    }

    #[test]
    fn one_visit_at_a_time_and_what_changes_meanwhile_is_looked_at_after_it() {
        let (_folder, communities) = communities();
        let rounds = Rounds::<()>::of(communities.clone(), true);
        let community = communities.create("Pines", clock::now(), clock::entropy).unwrap();
        let id = community.id;
        settle(&community);
        assert_eq!(rounds.due(0), (vec![id], None), "it is new");
        change(&community, 1);
        settle(&community);
        assert_eq!(rounds.due(0), (vec![], None), "somebody is there");
        rounds.rest(id, Some(5));
        assert_eq!(rounds.due(0), (vec![id], None), "it changed meanwhile");
        rounds.rest(id, Some(5));
        assert_eq!(rounds.due(4), (vec![], Some(5)));
        assert_eq!(rounds.due(5), (vec![id], None));
        rounds.rest(id, None);
        assert_eq!(rounds.due(u64::MAX), (vec![], None));
        let quiet = Rounds::<()>::of(communities.clone(), false);
        quiet.listen(&community);
        assert_eq!(quiet.due(0), (vec![], None), "nobody wants to know of new ones");
        change(&community, 2);
        settle(&community);
        assert_eq!((quiet.due(0).0, rounds.due(0).0), (vec![id], vec![id]));
    }
}
