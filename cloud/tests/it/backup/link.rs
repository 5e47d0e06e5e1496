//! The cloud's machine is gone. What comes out of last night's backup takes the rest from its hubs.

use std::fs;

use dwellers::journal::Entry;
use dwellers::people::House;
use dwellers_cloud::backup::key;
use dwellers_cloud::backup::restore::Wishes;
use dwellers_link::wire::Refusal;
use dwellers_replica::RecordId;

use super::super::harness::{Cloud, Hub, Line, has, house, write};
use super::super::{Place, entropy};
use super::{backups, restore};

/// Enrolled and connected.
async fn joined(cloud: &Cloud, hub: &Hub, label: &str) -> Line {
    assert_eq!(cloud.enrol(hub, &cloud.code(label)).await.0, 201, "{label}");
    hub.connect(&cloud.at, &cloud.at, cloud.community.id).await.unwrap()
}

async fn in_step(cloud: &Cloud, hub: &Hub, line: &mut Line) {
    let same = || hub.store.digests().unwrap() == cloud.community.store.digests().unwrap();
    assert_eq!(hub.follow(line, same).await, None);
}

fn entry(hub: &Hub, number: u64) -> RecordId {
    write(&hub.store, &Entry { hub: hub.replica, number, ..Entry::default() })
}

#[tokio::test]
async fn a_cloud_out_of_a_backup_takes_the_rest_from_its_hubs() {
    let now = dwellers_cloud::clock::now;
    let place = Place::new();
    let cloud = Cloud::start(&place).await;
    let community = cloud.community.id;
    let secret = key::renew(cloud.communities.registry(), "Сосновка", now()).unwrap();
    let identity = key::parse(secret.show()).unwrap();

    let [one, two, three, four] = [1, 2, 3, 4].map(|seed| Hub::new(&place, &format!("hub-{seed}.db"), seed));
    let mut line = joined(&cloud, &one, "Въезд").await;
    let mut other = joined(&cloud, &two, "Лес").await;
    drop(joined(&cloud, &three, "Пруд").await);
    cloud.community.revoke_hub("Пруд", entropy, now()).unwrap();
    let twelve = house(&cloud, "12");
    let first = entry(&one, 1);
    in_step(&cloud, &one, &mut line).await;
    in_step(&cloud, &two, &mut other).await;

    // Last night.
    let file = place.folder.path().join("last-night.age");
    let made = backups(&place, 3);
    let made = made.make(&cloud.communities, community, Some(&file), now(), &mut || ()).unwrap();
    assert_eq!(made.path, file);

    // What comes after it, on either side: a house, an entry, another hub and its entry, a revocation.
    let thirteen = house(&cloud, "13");
    let second = entry(&one, 2);
    let mut fourth = joined(&cloud, &four, "Поле").await;
    let of_four = entry(&four, 1);
    assert_eq!(four.follow(&mut fourth, || has::<Entry>(&cloud.community.store, of_four)).await, None);
    drop((fourth, other));
    cloud.community.revoke_hub("Лес", entropy, now()).unwrap();
    in_step(&cloud, &one, &mut line).await;
    // The dead cloud never heard of this.
    drop(line);
    let third = entry(&one, 3);
    let dead = cloud.community.replica;
    cloud.end().await;
    fs::remove_dir_all(place.folder.path().join("data")).unwrap();

    let new = Place::new();
    restore(&new, &file, &identity, &Wishes::default()).unwrap();
    let cloud = Cloud::start(&new).await;
    assert_eq!(cloud.community.id, community);
    assert_ne!(cloud.community.replica, dead);
    assert!(!has::<House>(&cloud.community.store, thirteen));
    let at = cloud.at.clone();
    let connect = |hub| Hub::connect(hub, &at, &at, community);

    // Revoked before the backup: still. Enrolled after it: a stranger.
    assert_eq!(connect(&three).await.err(), Some(Refusal::Revoked));
    assert_eq!(connect(&four).await.err(), Some(Refusal::Unknown));
    // Revoked after it: nobody told this cloud yet.
    let mut gap = connect(&two).await.unwrap();
    let of_two = entry(&two, 1);
    assert_eq!(two.follow(&mut gap, || has::<Entry>(&cloud.community.store, of_two)).await, None);
    drop(gap);

    // The hub that is known comes by itself, with the key that it had, and brings everything.
    let mut line = connect(&one).await.unwrap();
    in_step(&cloud, &one, &mut line).await;
    for entry in [first, second, third, of_four] {
        assert!(has::<Entry>(&cloud.community.store, entry));
    }
    for house in [twelve, thirteen] {
        assert!(has::<House>(&cloud.community.store, house));
    }
    assert!(has::<Entry>(&one.store, of_two), "what was taken in between stays, everywhere");

    // Now the revocation is known again: it gets through the door and no further, and nothing of it is taken.
    let mut late = connect(&two).await.unwrap();
    let later = entry(&two, 2);
    let why = two.follow(&mut late, || false).await.unwrap();
    assert!(why.contains("retired"), "{why}");
    assert!(!has::<Entry>(&cloud.community.store, later));
    // Nor does a code help: it begins anew.
    assert_eq!(cloud.enrol(&two, &cloud.code("Лес вновь")).await.0, 409);

    // The one that was enrolled after the backup is enrolled again, as who it was.
    let mut fourth = joined(&cloud, &four, "Поле").await;
    let again = entry(&four, 2);
    assert_eq!(four.follow(&mut fourth, || has::<Entry>(&cloud.community.store, again)).await, None);
    in_step(&cloud, &four, &mut fourth).await;
    in_step(&cloud, &one, &mut line).await;
    // What is written now goes both ways.
    let fourteen = house(&cloud, "14");
    let fresh = entry(&one, 4);
    let both = || has::<House>(&one.store, fourteen) && has::<Entry>(&cloud.community.store, fresh);
    assert_eq!(one.follow(&mut line, both).await, None);
    cloud.end().await;
}
