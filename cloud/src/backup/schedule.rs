//! When a backup is due, and the task that makes those that are and gives them to the hubs.
//!
//! Each community has a moment of its own within the hour that begins at the configured time, so that many follow each
//! other. A moment that was slept through is made up for at once. After a failure it is tried again an hour later.
//!
//! Invariants: one backup at a time; between the parts of one the disk is others'.
//!
//! What must never be here: how a backup is made.

use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use dwellers_replica::{Now, RecordId};
use jiff::civil::Time;
use tokio::runtime::Handle;
use tokio::time::MissedTickBehavior;
use tracing::{info, warn};

use super::standing::Standing;
use super::{BackupError, Backups, own};
use crate::blobs::Kind;
use crate::clock;
use crate::communities::{Communities, Community};
use crate::config;

const DAY_MS: u64 = 24 * HOUR_MS;
const HOUR_MS: u64 = 3_600_000;
/// No backup for so long is a matter for a person.
pub const OVERDUE_MS: u64 = 2 * DAY_MS;
/// How often those that are due are looked for.
const LOOK: Duration = Duration::from_secs(60);
/// Between one mebibyte and the next: some 60 MB/s at most, of a disk that others need.
const REST: Duration = Duration::from_millis(15);

/// Whether a community is to be backed up now.
pub fn is_due(community: RecordId, standing: &Standing, now_ms: u64, config: &config::Backup) -> bool {
    // What lies in the future was written by a clock that was wrong: it counts for nothing.
    let past = |at_ms: u64| if at_ms > now_ms { 0 } else { at_ms };
    let failed_lately = !standing.failure.is_empty() && now_ms - past(standing.tried_ms) < HOUR_MS;
    config.on && !failed_lately && past(standing.last_ms) < latest_moment(community, now_ms, config.at)
}

/// Whether a community that was made then has been without a backup for too long.
pub fn is_overdue(standing: &Standing, made_ms: u64, now_ms: u64) -> bool {
    // What lies in the future was written by a clock that was wrong.
    let last_ms = if standing.last_ms > now_ms { 0 } else { standing.last_ms };
    now_ms.saturating_sub(last_ms.max(made_ms)) > OVERDUE_MS
}

/// When it was to be backed up last.
fn latest_moment(community: RecordId, now_ms: u64, at: Time) -> u64 {
    let midnight = Time::midnight();
    let of_day = u64::try_from(midnight.duration_until(at).as_millis()).unwrap_or_default();
    // The end of an id is chance.
    let id = community.to_bytes();
    let chance = u64::from(u32::from_be_bytes([id[12], id[13], id[14], id[15]]));
    let moment = (of_day + chance % HOUR_MS) % DAY_MS;
    (now_ms + DAY_MS - moment) / DAY_MS * DAY_MS + moment - DAY_MS
}

/// Makes backups as they come due.
pub async fn keep(backups: Arc<Backups>, communities: Arc<Communities>, config: config::Backup) {
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        let (backups, communities, config) = (backups.clone(), communities.clone(), config.clone());
        let round = tokio::task::spawn_blocking(move || round(&backups, &communities, &config));
        match round.await {
            Ok(Ok(())) => {}
            Ok(Err(why)) => warn!("backups: {why}"),
            Err(why) => warn!("backups: {why}"),
        }
    }
}

/// Makes all that are due now.
fn round(backups: &Backups, communities: &Communities, config: &config::Backup) -> Result<(), BackupError> {
    for listing in communities.registry().all()? {
        let standing = backups.standing(communities, listing.id)?;
        let now = clock::now();
        if listing.value.closed {
            continue;
        }
        if is_due(listing.id, &standing, now.ms, config) {
            match backups.make(communities, listing.id, None, now, &mut || thread::sleep(REST)) {
                Ok(made) => info!(community = %listing.id, bytes = made.bytes, "backed up and read back"),
                Err(BackupError::Stopped) => return Ok(()),
                Err(why) => warn!(community = %listing.id, "no backup: {why}"),
            }
        }
        if let Err(why) = offer(backups, communities, listing.id, now) {
            warn!(community = %listing.id, "hubs are not given the backup: {why}");
        }
    }
    let (standing, now) = (backups.standing(communities, own::ID)?, clock::now());
    if own::has_key(communities.registry())? && is_due(own::ID, &standing, now.ms, config) {
        match backups.make_own(communities, now, &mut || thread::sleep(REST)) {
            Ok(made) => info!(bytes = made.bytes, "accounts are backed up and read back"),
            Err(BackupError::Stopped) => {}
            Err(why) => warn!("no backup of accounts: {why}"),
        }
    }
    Ok(())
}

/// Gives the newest to the hubs, where they do not have it yet; what no hub fetches any more goes.
fn offer(backups: &Backups, communities: &Communities, id: RecordId, now: Now) -> Result<(), BackupError> {
    // This runs where it may block.
    let (runtime, blobs) = (Handle::current(), communities.blobs());
    let put = |community: &Arc<Community>, path: &Path| {
        let put = runtime.block_on(blobs.put_file(community, Kind::Backup, path, now));
        put.map_err(|why| why.to_string())
    };
    if let Some(gone) = backups.offer(communities, id, now, put)? {
        let community = communities.open(id, now)?;
        let gone = runtime.block_on(blobs.delete(&community, &gone));
        gone.map_err(|why| BackupError::NotOffered(why.to_string()))?;
    }
    Ok(())
}
