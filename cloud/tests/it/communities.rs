//! Communities are apart, opened on demand, closed when idle.

use std::fs;
use std::sync::Arc;

use dwellers_cloud::communities::{CommunityError, IDLE_MS};
use dwellers_cloud::registry::RegistryError;

use super::{Place, at, entropy};

#[test]
fn one_is_made_found_closed_and_there_again_after_a_restart() {
    let place = Place::new();
    let communities = place.communities();
    let made = communities.create("  Сосновка  Парк ", at(1), entropy).unwrap();
    assert_eq!(made.name, "Сосновка Парк");
    communities.create("Берёзки", at(2), entropy).unwrap();
    for taken in ["Сосновка Парк", "сосновка ПАРК"] {
        let why = communities.create(taken, at(3), entropy).unwrap_err();
        assert!(matches!(why, CommunityError::Registry(RegistryError::Taken(_))), "{why}");
    }
    for name in ["", "   ", &"я".repeat(61)] {
        let why = communities.create(name, at(3), entropy).unwrap_err();
        assert!(matches!(why, CommunityError::Registry(RegistryError::Name)), "{why}");
    }
    let (id, replica) = (made.id, made.replica);
    drop((made, communities));

    let communities = place.communities();
    let names: Vec<_> = communities.registry().all().unwrap().into_iter().map(|one| one.value.name).collect();
    assert_eq!(names, ["Берёзки", "Сосновка Парк"]);
    assert_eq!(communities.registry().find(&id.to_string()).unwrap().id, id, "by its id");
    assert_eq!(communities.open(id, at(4)).unwrap().replica, replica, "the same store");
    assert_eq!(communities.close("сосновка парк", at(5)).unwrap(), "Сосновка Парк");
    assert!(matches!(communities.open(id, at(6)), Err(CommunityError::Closed(_))));
    let why = communities.registry().find("Ельник").unwrap_err();
    assert!(matches!(why, RegistryError::Unknown(_)), "{why}");
}

#[test]
fn one_that_is_half_made_takes_no_name() {
    let place = Place::new();
    let communities = place.communities();
    let failed =
        communities.create_with("Сосновка", at(1), entropy, |_| Err::<(), _>("no power".to_owned()));
    assert_eq!(failed.unwrap_err(), "no power");
    assert!(communities.registry().all().unwrap().is_empty());
    let made = communities.create("Сосновка", at(2), entropy).unwrap();
    assert!(Arc::ptr_eq(&made, &communities.open(made.id, at(2)).unwrap()));
    // One that was closed comes back as it was.
    communities.close("Сосновка", at(3)).unwrap();
    assert!(!communities.is_served(made.id).unwrap());
    drop(made);
    assert_eq!(communities.reopen("сосновка", at(4)).unwrap(), "Сосновка");
    let id = communities.registry().find("Сосновка").unwrap().id;
    communities.open(id, at(5)).unwrap();
}

#[test]
fn a_store_is_open_once_and_closed_when_nobody_uses_it() {
    let place = Place::new();
    let communities = place.communities();
    let id = communities.create("Сосновка", at(0), entropy).unwrap().id;
    let (one, other) = (communities.open(id, at(0)).unwrap(), communities.open(id, at(1)).unwrap());
    assert!(Arc::ptr_eq(&one, &other));
    communities.rest(at(2 * IDLE_MS));
    assert_eq!(communities.count_open(), 1, "it is held");
    drop((one, other));
    communities.rest(at(IDLE_MS));
    assert_eq!(communities.count_open(), 1, "it was used lately");
    communities.rest(at(IDLE_MS + 1));
    assert_eq!(communities.count_open(), 0);
    communities.open(id, at(IDLE_MS + 2)).unwrap();
}

#[test]
fn a_store_that_is_damaged_is_no_other_communitys_trouble() {
    let place = Place::new();
    let communities = place.communities();
    let (bad, good) =
        ["Сосновка", "Берёзки"].map(|name| communities.create(name, at(0), entropy).unwrap().id).into();
    communities.rest(at(IDLE_MS + 1));
    let store = place.folder.path().join("data/communities").join(bad.to_string()).join("store.db");
    fs::write(&store, b"nothing that SQLite knows").unwrap();
    assert!(communities.open(bad, at(IDLE_MS + 2)).is_err());
    assert!(communities.open(good, at(IDLE_MS + 2)).is_ok());
}

#[test]
fn no_more_are_open_than_there_is_room_for() {
    const ROOM: u64 = 5;
    let place = Place::new();
    let communities = place.communities().with_room(ROOM as usize);
    let ids: Vec<_> = (0..=ROOM)
        .map(|n| {
            let id = communities.create(&format!("№ {n}"), at(n), entropy).unwrap().id;
            communities.open(id, at(n)).unwrap();
            id
        })
        .collect();
    assert_eq!(communities.count_open(), ROOM as usize);
    // The first one gave way; it comes back in the place of the second.
    let held: Vec<_> = ids[1..].iter().map(|id| communities.open(*id, at(1_000)).unwrap()).collect();
    assert!(matches!(communities.open(ids[0], at(1_001)), Err(CommunityError::Full)));
    drop(held);
    communities.open(ids[0], at(1_002)).unwrap();
    assert_eq!(communities.count_open(), ROOM as usize);
}
