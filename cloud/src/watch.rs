//! Who looks for what nobody tells of: hubs that are silent, backups that are overdue.
//!
//! Communities that are open are looked at every minute; one that is at rest is opened for a look once an hour, each at a
//! minute of its own, so that a silent hub of a community that nobody visits is noticed as well.
//!
//! What must never be here: who is told of an alarm.

use std::sync::Arc;
use std::time::Duration;

use dwellers::alarms::{About, Kind};
use dwellers_link::device::PublicKey;
use dwellers_replica::Now;
use tracing::warn;

use crate::backup::standing::Standing;
use crate::backup::{Backups, schedule};
use crate::clock;
use crate::communities::{Communities, Community};
use crate::downlink::Downlink;
use crate::hubs::HubError;

/// How often it looks.
const EVERY: Duration = Duration::from_secs(60);
/// A community at rest is opened for a look every so many rounds.
const ROUNDS: usize = 60;
/// After so long without a connection a hub is silent. Routers that restart take less.
pub const SILENT_MS: u64 = 5 * 60_000;

/// Looks for as long as the cloud runs; at backups where they are made by themselves.
pub async fn run(communities: Arc<Communities>, downlink: Downlink, backups: Option<Arc<Backups>>) {
    let mut every = tokio::time::interval(EVERY);
    // Hubs that were connected before a restart get their time to come back.
    every.tick().await;
    let started = clock::now();
    for round in 0_usize.. {
        every.tick().await;
        let (communities, downlink, backups) = (communities.clone(), downlink.clone(), backups.clone());
        let work = move || look(&communities, &downlink, backups.as_deref(), round, started, clock::now());
        if let Err(why) = tokio::task::spawn_blocking(work).await {
            warn!("looking for what is wrong: {why}");
        }
    }
}

/// The so many-th round, of a cloud that began to listen at `started`. Blocks.
pub fn look(
    communities: &Communities,
    downlink: &Downlink,
    backups: Option<&Backups>,
    round: usize,
    started: Now,
    now: Now,
) {
    communities.rest(now);
    let all = match communities.registry().all() {
        Ok(all) => all,
        Err(why) => return warn!("looking for what is wrong: {why}"),
    };
    for (nth, listing) in all.into_iter().filter(|listing| !listing.value.closed).enumerate() {
        let is_due = nth % ROUNDS == round % ROUNDS;
        let community = match communities.if_open(listing.id) {
            Some(community) => community,
            None if is_due => match communities.open(listing.id, now) {
                Ok(community) => community,
                Err(why) => {
                    warn!(community = %listing.id, "looking for what is wrong: {why}");
                    continue;
                }
            },
            None => continue,
        };
        if let Err(why) = examine(&community, downlink, started, now) {
            warn!(community = %community.id, "looking for what is wrong: {why}");
        }
        // That the file is gone is noticed there.
        match backups.map(|backups| backups.standing(communities, listing.id)).transpose() {
            Ok(Some(standing)) => examine_backups(&community, &standing, listing.value.made_ms, now),
            // Whoever turned them off knows it.
            Ok(None) => community.end_alarm(Kind::BackupOverdue, "", now),
            Err(why) => warn!(community = %community.id, "looking for what is wrong: {why}"),
        }
    }
}

/// Looks at the backups of a community that was made then.
pub fn examine_backups(community: &Community, standing: &Standing, made_ms: u64, now: Now) {
    if !schedule::is_overdue(standing, made_ms, now.ms) {
        return community.end_alarm(Kind::BackupOverdue, "", now);
    }
    let words = match standing.failure.as_str() {
        "" => "none was made in time",
        why => why,
    };
    community.raise(About { kind: Kind::BackupOverdue, subject: "", name: "" }, words, now);
}

/// Looks at the hubs of one community. `started` is when the cloud began to listen: nobody could be heard before.
///
/// # Errors
/// What the store says.
pub fn examine(community: &Community, downlink: &Downlink, started: Now, now: Now) -> Result<(), HubError> {
    for device in community.devices()?.into_iter().map(|device| device.value) {
        let Some(key) = PublicKey::parse(&device.key) else { continue };
        if device.revoked_ms > 0 {
            // Nobody hears its clock any more.
            community.end_alarm(Kind::ClockOff, &device.key, now);
        }
        if device.revoked_ms > 0 || downlink.is_here(community.id, key) {
            community.end_alarm(Kind::HubSilent, &device.key, now);
            continue;
        }
        let heard_ms = device.seen_ms.max(device.enrolled_ms).max(started.ms);
        let silent_ms = now.ms.saturating_sub(heard_ms);
        if silent_ms >= SILENT_MS {
            let about = About { kind: Kind::HubSilent, subject: &device.key, name: &device.label };
            community.raise(about, &format!("nothing was heard for {} minutes", silent_ms / 60_000), now);
        }
    }
    Ok(())
}
