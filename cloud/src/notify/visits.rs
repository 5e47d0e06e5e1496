//! Visits to communities: what is to be told there is said, and what came of it is written down.
//!
//! All of them are visited once after a start, then where a store changed or something is due. A change costs one look (four
//! reads, no fsync where nothing arrived).
//!
//! Invariants: a community holds a few places at channels at most, and who found none gets one in the order in which they came.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use dwellers_replica::RecordId;
use tokio::sync::watch;
use tokio::task::{JoinSet, spawn_blocking};
use tracing::{error, warn};

use super::looking::{self, Fault};
use super::message::{Channel, Outcome};
use super::{KEPT_MS, Outbox, desk, forget_before};
use crate::accounts::Messenger;
use crate::clock;
use crate::communities::Community;
use crate::rounds::{Opened, Rounds};

/// A community that fails is left alone for so long.
const AGAIN_MS: u64 = 60_000;
/// What is under way at the end has so long to come back.
const LAST: Duration = Duration::from_secs(40);
/// Old messages are looked for so often.
const FORGET_MS: u64 = 24 * 3_600_000;

/// What is known of one community.
#[derive(Clone, Default)]
struct Desk {
    /// Up to where its records were looked through since the start.
    arrival: Option<u64>,
    /// What channels are asked about.
    asked: HashSet<RecordId>,
    /// When old messages were last forgotten.
    forgot_ms: u64,
}

/// The outbox on its rounds.
struct Tour {
    outbox: Outbox,
    rounds: Arc<Rounds<Desk>>,
    /// Who waits for a place at a channel, in the order in which they came.
    lines: Mutex<HashMap<Channel, VecDeque<RecordId>>>,
}

impl Tour {
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
    fn hand_on(&self) {
        for channel in Channel::ALL {
            let free = self.outbox.room(channel).available_permits();
            let first: Vec<RecordId> = {
                let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
                lines
                    .get_mut(&channel)
                    .map(|line| line.drain(..free.min(line.len())).collect())
                    .unwrap_or_default()
            };
            first.into_iter().for_each(|community| self.rounds.wake(community));
        }
    }
}

pub(super) async fn run(outbox: Outbox, shutdown: watch::Receiver<bool>) {
    let communities = outbox.0.communities.clone();
    let rounds = Rounds::of(communities.clone(), true);
    let known = communities.clone();
    match spawn_blocking(move || known.registry().all()).await {
        Ok(Ok(all)) => {
            for listing in all.into_iter().filter(|listing| !listing.value.closed) {
                match communities.if_open(listing.id) {
                    Some(community) => rounds.listen(&community),
                    None => rounds.wake(listing.id),
                }
            }
        }
        Ok(Err(why)) => error!("the outbox does not know its communities: {why}"),
        Err(why) => error!("the outbox does not know its communities: {why}"),
    }
    let tour = Arc::new(Tour { outbox, rounds: rounds.clone(), lines: Mutex::default() });
    rounds.run(shutdown, LAST, move |id| visit(tour.clone(), id)).await;
}

/// One look at a community, and what comes of it.
async fn visit(tour: Arc<Tour>, id: RecordId) {
    let Some(look) = tour.rounds.look().await else { return };
    let known = tour.rounds.with(id, |desk| desk.clone());
    let over = tour.clone();
    let looked = spawn_blocking(move || looked(&over, id, known)).await;
    drop(look);
    let looked = match looked {
        Ok(Ok(Some(looked))) => looked,
        Ok(Ok(None)) => return tour.rounds.forget(id),
        Ok(Err(why)) => {
            warn!(community = %id, "the outbox: {why}");
            return tour.rounds.rest(id, Some(clock::now().ms + AGAIN_MS));
        }
        Err(why) => {
            error!(community = %id, "the outbox: {why}");
            return tour.rounds.rest(id, Some(clock::now().ms + AGAIN_MS));
        }
    };
    let Looked { opened, seen, taken, forgot_ms } = looked;
    let due_ms = taken.next_ms.into_iter().chain(seen.remind_ms).min();
    tour.rounds.with(id, |desk| {
        desk.asked.extend(taken.errands.iter().map(|errand| errand.id));
        (desk.arrival, desk.forgot_ms) = (Some(seen.arrival), forgot_ms);
    });
    tour.wait(id, &taken.starved);
    tour.rounds.rest(id, if seen.more || taken.more { Some(0) } else { due_ms });
    tour.hand_on();
    let mut sent = JoinSet::new();
    for errand in taken.errands {
        sent.spawn(send(tour.clone(), opened.community.clone(), errand));
    }
    while sent.join_next().await.is_some() {}
    tour.rounds.leave(opened).await;
}

struct Looked {
    opened: Opened,
    seen: looking::Seen,
    taken: desk::Taken,
    forgot_ms: u64,
}

/// What is there now; nothing where the community is not served any more. Blocks.
fn looked(
    tour: &Tour,
    id: RecordId,
    Desk { arrival, asked, mut forgot_ms }: Desk,
) -> Result<Option<Looked>, Fault> {
    let now = clock::now();
    let Some(opened) = tour.rounds.open(id, now)? else { return Ok(None) };
    let community = &opened.community;
    let seen = looking::look(community, arrival, now)?;
    let taken = desk::take(&tour.outbox, community, &asked, now)?;
    if now.ms.saturating_sub(forgot_ms) >= FORGET_MS {
        match forget_before(community, now.ms.saturating_sub(KEPT_MS), now) {
            Ok(0) => forgot_ms = now.ms,
            // Where there were some there may be more: the change wakes this up.
            Ok(_) => {}
            // What was taken is to be sent all the same; the next look tries again.
            Err(why) => warn!(community = %id, "the outbox does not forget: {why}"),
        }
    }
    Ok(Some(Looked { opened, seen, taken, forgot_ms }))
}

async fn send(tour: Arc<Tour>, community: Arc<Community>, errand: desk::Errand) {
    let (id, at) = (errand.id, community.id);
    let desk::Answered { outcome, gone, blocked } = desk::ask(&tour.outbox, errand, clock::now).await;
    if let Outcome::Never(why) | Outcome::NotNow(why, _) | Outcome::Unknown(why) = &outcome {
        // Addresses are in no log: what a server says may name them.
        tracing::debug!(community = %at, message = %id, "not told: {why}");
    }
    let accounts = tour.outbox.0.communities.accounts().clone();
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
    tour.rounds.with(at, |desk| desk.asked.remove(&id));
    tour.rounds.wake(at);
    tour.hand_on();
}
