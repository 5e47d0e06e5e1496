//! What nobody tells of and the cloud looks for: silent hubs, overdue backups.

use dwellers::alarms::{self, About, Kind};
use dwellers::people::House;
use dwellers_cloud::backup::key;
use dwellers_cloud::backup::standing::Standing;
use dwellers_cloud::communities::{Community, IDLE_MS};
use dwellers_cloud::watch::{SILENT_MS, examine, examine_backups, look};
use dwellers_replica::Now;

use super::backup::backups;
use super::harness::{Cloud, Hub, has, house};
use super::{Place, entropy};

const DAY_MS: u64 = 24 * 3_600_000;

fn standing(community: &Community) -> Vec<Kind> {
    let found = community.store.view(alarms::standing).unwrap().unwrap();
    found.iter().filter_map(|alarm| alarm.value.kind.known().copied()).collect()
}

#[tokio::test]
async fn a_hub_that_is_silent_is_told_of_until_it_comes_or_is_revoked() {
    let place = Place::new();
    let cloud = Cloud::start(&place).await;
    let hub = Hub::new(&place, "hub.db", 1);
    assert_eq!(cloud.enrol(&hub, &cloud.code("Въезд")).await.0, 201);
    let now = dwellers_cloud::clock::now();
    let later = |ms: u64| Now { ms: now.ms + ms, ..now };
    let examined = |started: Now, at: Now| {
        examine(&cloud.community, &cloud.downlink, started, at).unwrap();
        standing(&cloud.community)
    };
    assert_eq!(examined(now, later(SILENT_MS - 1)), []);
    assert_eq!(examined(later(SILENT_MS), later(SILENT_MS + 1)), [], "nobody could be heard before");
    assert_eq!(examined(now, later(SILENT_MS)), [Kind::HubSilent]);
    assert_eq!(examined(now, later(2 * SILENT_MS)), [Kind::HubSilent], "once");
    // It comes.
    let mut line = hub.connect(&cloud.at, &cloud.at, cloud.community.id).await.unwrap();
    let known = house(&cloud, "12");
    assert_eq!(hub.follow(&mut line, || has::<House>(&hub.store, known)).await, None);
    assert_eq!(examined(now, later(3 * SILENT_MS)), []);
    // What a device that was revoked was said of ends with it.
    let key = hub.key.public().text();
    for kind in [Kind::HubSilent, Kind::ClockOff] {
        let about = About { kind, subject: &key, name: "Въезд" };
        cloud.community.raise(about, "it is off", later(DAY_MS));
    }
    assert_eq!(standing(&cloud.community).len(), 2);
    cloud.community.revoke_hub("Въезд", entropy, later(DAY_MS)).unwrap();
    assert_eq!(examined(now, later(2 * DAY_MS)), []);
    cloud.end().await;
}

#[tokio::test]
async fn a_backup_that_is_overdue_is_told_of_until_there_is_one() {
    let place = Place::new();
    let cloud = Cloud::start(&place).await;
    let now = dwellers_cloud::clock::now();
    let later = |days: u64| Now { ms: now.ms + days * DAY_MS, ..now };
    let examined = |last_ms: u64, at: Now| {
        let standing_of = Standing { last_ms, ..Standing::default() };
        examine_backups(&cloud.community, &standing_of, now.ms, at);
        standing(&cloud.community)
    };
    assert_eq!(examined(0, later(2)), []);
    assert_eq!(examined(0, later(3)), [Kind::BackupOverdue]);
    assert_eq!(examined(later(3).ms, later(4)), []);
    cloud.end().await;
}

/// One round after another, as the cloud does: over communities that nobody visits as well.
#[tokio::test]
async fn communities_at_rest_are_looked_at_once_an_hour_and_closed_ones_never() {
    let place = Place::new();
    let cloud = Cloud::start(&place).await;
    let now = dwellers_cloud::clock::now();
    let later = |days: u64| Now { ms: now.ms + days * DAY_MS, ..now };
    let resting = cloud.communities.create("Берёзки", now, entropy).unwrap().id;
    let closed = cloud.communities.create("Ельник", now, entropy).unwrap().id;
    cloud.communities.close("Ельник", now).unwrap();
    cloud.communities.rest(Now { ms: now.ms + 2 * IDLE_MS, ..now });
    assert!(cloud.communities.if_open(resting).is_none());
    let backups = backups(&place, 3);
    let round = |nth: usize, of: bool, at: Now| {
        look(&cloud.communities, &cloud.downlink, of.then_some(&backups), nth, now, at);
    };
    // It is the first by its name: its minute is the first of the hour.
    round(1, true, later(3));
    assert!(cloud.communities.if_open(resting).is_none());
    round(60, true, later(3));
    let found = cloud.communities.if_open(resting).unwrap();
    assert_eq!(standing(&found), [Kind::BackupOverdue]);
    assert!(cloud.communities.if_open(closed).is_none());
    // A backup ends it; that its file is gone begins it again.
    key::renew(cloud.communities.registry(), "Берёзки", now).unwrap();
    let made = backups.make(&cloud.communities, resting, None, later(4), &mut || ()).unwrap();
    round(60, true, later(4));
    assert_eq!(standing(&found), []);
    std::fs::remove_file(made.path).unwrap();
    round(60, true, later(5));
    assert_eq!(standing(&found), [Kind::BackupOverdue]);
    // Whoever wants none is not reminded.
    round(60, false, later(5));
    assert_eq!(standing(&found), []);
    cloud.end().await;
}
