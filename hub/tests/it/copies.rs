//! The cloud's machine is gone for good. What lies in a gatehouse makes it anew, with the key that its operator kept.

use std::collections::VecDeque;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use dwellers::journal::Entry;
use dwellers::people::House;
use dwellers_cloud::backup::restore::Wishes;
use dwellers_cloud::backup::{Backups, key};
use dwellers_cloud::clock::{entropy, now, random};
use dwellers_cloud::communities::{Communities, Community};
use dwellers_cloud::config;
use dwellers_cloud::hubs::Newcomer;
use dwellers_hub::store::DataFolder;
use dwellers_hub::uplink::copies::{Copies, CopyError, Wanted};
use dwellers_link::copies::Newest;
use dwellers_link::device::DeviceKey;
use dwellers_link::talk::{Event, TICK_MS, Talk};
use dwellers_replica::{Record, RecordId, Shared, Writes};
use tokio::time::timeout;

use crate::place::{PATIENCE, Place, names};

/// Hub and cloud talk until both hold the same.
fn in_step(hub: &Shared, key: &DeviceKey, cloud: &Community) {
    let (mut of_hub, mut of_cloud) = (hub.clone(), cloud.store.clone());
    let (mut near, mut far) = (Talk::with_cloud(0), Talk::with_hub(key.public(), 0));
    let mut said = VecDeque::new();
    for round in 0..1_000 {
        let at_ms = round * TICK_MS;
        let ticks = [(true, near.tick(&mut of_hub, at_ms)), (false, far.tick(&mut of_cloud, at_ms))];
        said.extend(ticks.map(|(to_cloud, said)| (to_cloud, said.unwrap())));
        while let Some((to_cloud, words)) = said.pop_front() {
            let over = words.events.iter().find(|event| matches!(event, Event::Over(_)));
            assert_eq!(over, None, "from the hub: {to_cloud}");
            for message in words.messages {
                let answer = if to_cloud {
                    far.receive(&message, &mut of_cloud, now(), at_ms)
                } else {
                    near.receive(&message, &mut of_hub, now(), at_ms)
                };
                said.push_back((!to_cloud, answer.unwrap()));
            }
        }
        if hub.digests().unwrap() == cloud.store.digests().unwrap() {
            return;
        }
    }
    panic!("they do not come into step");
}

fn write<T: Record>(store: &Shared, value: &T) -> RecordId {
    let id = store.new_id(now(), entropy()).unwrap();
    let mut writes = Writes::new();
    writes.create(id, value);
    store.commit(now(), writes).unwrap();
    id
}

fn house(store: &Shared, label: &str) -> RecordId {
    write(
        store,
        &House { label: label.to_owned(), key: label.to_owned(), note: String::new(), ..House::default() },
    )
}

fn has<T: Record>(store: &Shared, id: RecordId) -> bool {
    store.view(|view| view.of::<T>().get(id).unwrap().is_some()).unwrap()
}

fn hex(hash: &[u8; 32]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Lets the copies be kept until the newest lies there and the rest is tidy.
fn keep(copies: &Copies, store: &Shared, blobs: &Path) {
    let newest = store.view(dwellers_link::copies::newest).unwrap().unwrap().unwrap();
    let fetch = async |wanted: Wanted| {
        let bytes = fs::read(blobs.join(hex(&wanted.hash))).map_err(|error| error.to_string())?;
        assert_eq!(bytes.len() as u64, wanted.bytes);
        fs::write(wanted.path, bytes).map_err(|error| error.to_string())
    };
    let is_kept = || {
        let held = copies.list().unwrap();
        held.len() <= 2 && held.last().is_some_and(|held| held.hash == newest.hash)
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let done = async {
            while !is_kept() {
                tokio::task::yield_now().await;
            }
        };
        let kept = timeout(PATIENCE, async {
            tokio::select! {
                () = copies.keep(store, fetch) => {}
                () = done => {}
            }
        });
        kept.await.unwrap();
    });
}

#[test]
fn a_gatehouse_makes_its_cloud_anew() {
    let place = Place::new();
    let communities = Communities::in_folder(&place.path("cloud"), now(), entropy).unwrap();
    let community = communities.create("Сосновка", now(), entropy).unwrap();
    let id = community.id;
    let secret = key::renew(communities.registry(), "Сосновка", now()).unwrap();
    let identity = key::parse(secret.show()).unwrap();
    let backups = Backups::in_folder(&place.path("cloud"), &config::Backup::default());

    let data = DataFolder::new(place.path("data"), None);
    let (hub, device) = (data.open(now(), entropy).unwrap(), data.make_device_key(entropy).unwrap());
    let code = communities.invite_hub(id, "Въезд", false, random(), entropy, now()).unwrap();
    let newcomer = Newcomer { key: device.public(), replica: hub.replica, community: None };
    communities.enrol(&code, &newcomer, entropy, now()).unwrap();
    in_step(&hub.store, &device, &community);

    let blobs = place.path("blobs");
    fs::create_dir(&blobs).unwrap();
    let put = |_: &Arc<Community>, path: &Path| {
        let bytes = fs::read(path).map_err(|error| error.to_string())?;
        let hash = *blake3::hash(&bytes).as_bytes();
        fs::write(blobs.join(hex(&hash)), bytes).map_err(|error| error.to_string())?;
        Ok(hash)
    };
    let copies = Copies::of(&data);
    let (mut houses, mut given) = (Vec::new(), Vec::new());
    for night in 0..3 {
        houses.push(house(&community.store, &format!("{night}")));
        let moment = dwellers_replica::Now { ms: now().ms + night * 1_000, trusted: true };
        let made = backups.make(&communities, id, None, moment, &mut || ()).unwrap();
        // Where it cannot be given to hubs, it is later.
        let refused = backups.offer(&communities, id, now(), |_, _| Err("no room".to_owned())).unwrap_err();
        assert_eq!(refused.to_string(), "hubs were not given the backup: no room");
        // The one before may be on its way to a hub: the one before that is needed no more.
        let gone = given.len().checked_sub(2).map(|before| given[before]);
        assert_eq!(backups.offer(&communities, id, now(), put).unwrap(), gone);
        assert_eq!(backups.offer(&communities, id, now(), put).unwrap(), None, "once");
        given.push(made.hash);
        in_step(&hub.store, &device, &community);
        keep(&copies, &hub.store, &blobs);
    }
    assert_eq!(copies.list().unwrap().len(), 2, "the last two");
    // After the last backup: on either side.
    houses.push(house(&community.store, "3"));
    let entry = write(&hub.store, &Entry { hub: hub.replica, number: 1, ..Entry::default() });
    in_step(&hub.store, &device, &community);
    drop((community, communities));
    fs::remove_dir_all(place.path("cloud")).unwrap();
    fs::remove_dir_all(&blobs).unwrap();

    // The operator comes with a stick. The hub goes on meanwhile.
    let listed = place.hub(&["copies", "list"]);
    assert_eq!((listed.code, listed.out.lines().count()), (Some(0), 2), "{listed:?}");
    let stick = place.path("stick.age");
    let export = |which: &str| place.hub(&["copies", "export", which, stick.to_str().unwrap()]);
    let none = export("2026-01-01T00-00-00Z");
    assert!(none.code == Some(1) && none.err.starts_with("there is no such copy"), "{none:?}");
    assert_eq!(export("newest").code, Some(0));
    let again = export("newest");
    assert!(again.err.ends_with("a backup never replaces one\n"), "{again:?}");
    // Nobody who finds it, or the hub's disk, learns anything.
    for held in copies.list().unwrap() {
        let bytes = fs::read(held.path).unwrap();
        assert!(!bytes.windows(16).any(|part| part == "Сосновка".as_bytes()));
    }

    let new = Communities::in_folder(&place.path("new cloud"), now(), entropy).unwrap();
    let own = Backups::in_folder(&place.path("new cloud"), &config::Backup::default());
    let restored = own.restore(&new, &stick, &identity, &Wishes::default(), now(), entropy()).unwrap();
    assert_eq!(restored.community, id);
    let community = new.open(id, now()).unwrap();
    assert!(!has::<Entry>(&community.store, entry), "it is newer than the backup");
    in_step(&hub.store, &device, &community);
    assert!(has::<Entry>(&community.store, entry));
    assert!(houses.iter().all(|house| has::<House>(&community.store, *house)));
}

#[test]
fn a_copy_that_is_damaged_or_too_large_is_none() {
    let place = Place::new();
    let data = DataFolder::new(place.path("data"), None);
    let copies = Copies::of(&data);
    assert_eq!(copies.list().unwrap(), []);
    let hash = *blake3::hash(b"a backup").as_bytes();
    let newest = Newest::new(&hash, 8, 1_780_000_000_000);
    let wanted = copies.wanted(&newest).unwrap().unwrap();
    let name = format!("2026-05-28T20-26-40Z.{}.age", hex(&hash));
    assert_eq!((wanted.hash, wanted.bytes, &wanted.path), (hash, 8, &place.path("data/backups").join(&name)));
    let large = Newest { bytes: u64::MAX, ..newest.clone() };
    assert!(matches!(copies.wanted(&large), Err(CopyError::Room { .. })));
    let unclear = Newest { hash: "../store.db".to_owned(), ..newest.clone() };
    assert!(matches!(copies.wanted(&unclear), Err(CopyError::Unclear)));

    fs::write(&wanted.path, b"a backup").unwrap();
    assert_eq!(copies.wanted(&newest).unwrap(), None, "it is here");
    fs::write(place.path("data/backups/00.part"), b"half").unwrap();
    copies.prune(&wanted.path).unwrap();
    assert_eq!(names(&place.path("data/backups")), [name]);
    let to = place.path("stick.age");
    assert_eq!(copies.export(None, &to).unwrap().time, "2026-05-28T20-26-40Z");
    assert_eq!(fs::read(&to).unwrap(), b"a backup");
    fs::write(&wanted.path, b"a Backup").unwrap();
    fs::remove_file(&to).unwrap();
    assert!(matches!(copies.export(Some("2026-05-28T20-26-40Z"), &to), Err(CopyError::Damaged(_))));
    assert!(!to.exists());
}
