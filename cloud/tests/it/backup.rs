//! Backups are whole, verified and nobody's to read; what comes out of them is the community.

mod link;
mod own;
mod schedule;

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use age::x25519::Identity;
use dwellers::people::House;
use dwellers_cloud::backup::package::{self, Manifest};
use dwellers_cloud::backup::restore::{Restored, Wishes};
use dwellers_cloud::backup::{BackupError, Backups, Made, digest, key};
use dwellers_cloud::communities::{Communities, Community};
use dwellers_cloud::config;
use dwellers_replica::{RecordId, Shared, Writes};

use super::{Place, at, entropy};

/// What a bad disk does to a file.
type Hurt = fn(&mut Vec<u8>);

/// A cloud's data, with the key of one community's backups.
pub(super) struct Kept {
    pub(super) place: Place,
    pub(super) communities: Communities,
    pub(super) backups: Backups,
    pub(super) community: Arc<Community>,
    pub(super) identity: Identity,
}

pub(super) fn backups(place: &Place, keep: usize) -> Backups {
    let config = config::Backup { keep: keep.try_into().unwrap(), ..config::Backup::default() };
    Backups::in_folder(&place.folder.path().join("data"), &config)
}

impl Kept {
    fn new() -> Kept {
        let place = Place::new();
        let communities = place.communities();
        let community = communities.create("Сосновка", at(0), entropy).unwrap();
        let identity =
            key::parse(key::renew(communities.registry(), "Сосновка", at(0)).unwrap().show()).unwrap();
        let backups = backups(&place, 3);
        Kept { place, communities, backups, community, identity }
    }

    fn make(&self, ms: u64) -> Result<Made, BackupError> {
        self.backups.make(&self.communities, self.community.id, None, at(ms), &mut || ())
    }

    fn folder(&self) -> PathBuf {
        self.place.folder.path().join("data/backups").join(self.community.id.to_string())
    }

    fn names(&self) -> Vec<String> {
        names(&self.folder())
    }
}

pub(super) fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn house(store: &Shared, label: &str) -> RecordId {
    let id = store.new_id(at(5), entropy()).unwrap();
    let mut writes = Writes::new();
    writes.create(
        id,
        &House { label: label.to_owned(), key: label.to_owned(), note: String::new(), ..House::default() },
    );
    store.commit(at(5), writes).unwrap();
    id
}

/// So much that a backup of it takes several steps, and none of it yields to compression.
fn fill(store: &Shared) {
    for _ in 0..40 {
        let mut writes = Writes::new();
        for _ in 0..30 {
            let note: String = (0..64).map(|_| format!("{:032x}", entropy())).collect();
            let id = store.new_id(at(5), entropy()).unwrap();
            writes
                .create(id, &House { label: "1".to_owned(), key: "1".to_owned(), note, ..House::default() });
        }
        store.commit(at(5), writes).unwrap();
    }
}

fn restore(
    place: &Place,
    file: &Path,
    identity: &Identity,
    wishes: &Wishes,
) -> Result<Restored, BackupError> {
    backups(place, 3).restore(&place.communities(), file, identity, wishes, at(9), entropy())
}

/// Every file of a folder with what is in it; locks are nobody's business, and a store's log comes and goes.
fn everything(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                folders.push(path);
            } else if !name.ends_with(".lock") && !name.ends_with("-shm") && !name.ends_with("-wal") {
                found.insert(path.clone(), fs::read(path).unwrap());
            }
        }
    }
    found
}

#[test]
fn one_opens_with_the_key_that_was_shown_and_without_this_program() {
    let kept = Kept::new();
    house(&kept.community.store, "12");
    let made = kept.make(10).unwrap();
    assert_eq!(kept.names(), ["2026-05-28T20-26-40.010Z.age"], "nothing else is left there");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&made.path), mode(&kept.folder())), (0o600, 0o700));
    let sealed = fs::read(&made.path).unwrap();
    assert_eq!((sealed.len() as u64, blake3::hash(&sealed)), (made.bytes, made.hash.into()));
    assert!(sealed.starts_with(b"age-encryption.org/v1\n"));

    // age -d | zstd -d | tar x
    let opened = age::decrypt(&kept.identity, &sealed).unwrap();
    let unpacked = zstd::decode_all(opened.as_slice()).unwrap();
    let mut archive = tar::Archive::new(unpacked.as_slice());
    let mut files = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        files.push((entry.path().unwrap().to_str().unwrap().to_owned(), content));
    }
    let [(manifest, said), (store, content)] = files.try_into().unwrap();
    assert_eq!((manifest.as_str(), store.as_str()), ("community.json", "store.db"));
    let said: Manifest = serde_json::from_slice(&said).unwrap();
    assert_eq!(said, made.manifest);
    assert_eq!((said.format, said.community, said.name.as_str()), (1, kept.community.id, "Сосновка"));
    assert_eq!((said.made_ms, said.taken_ms, said.replica), (at(0).ms, at(10).ms, kept.community.replica));
    assert_eq!((said.bytes, said.blake3), (content.len() as u64, blake3::hash(&content).to_string()));
    assert_eq!(said.digest, digest(&kept.community.store.digests().unwrap()));

    // To nobody else; and no secret lies here.
    assert!(age::decrypt(&Identity::generate(), &sealed).is_err());
    let registry = everything(kept.place.folder.path()).into_values().flatten().collect::<Vec<_>>();
    assert!(!registry.windows(15).any(|part| part == b"AGE-SECRET-KEY-"));
}

#[test]
fn the_last_so_many_are_kept_and_the_newest_always() {
    let kept = Kept::new();
    for day in 1..=5 {
        kept.make(day * 1_000).unwrap();
    }
    let of_days = |days: &[u64]| -> Vec<_> {
        days.iter().map(|day| format!("2026-05-28T20-26-{}.000Z.age", 40 + day)).collect()
    };
    assert_eq!(kept.names(), of_days(&[3, 4, 5]));
    // A clock that goes back makes the newest the oldest by name.
    kept.make(0).unwrap();
    assert_eq!(kept.names(), of_days(&[0, 4, 5]));
    let standing = kept.backups.standing(&kept.communities, kept.community.id).unwrap();
    assert_eq!((standing.last_ms, standing.file), (at(0).ms, of_days(&[0]).remove(0)));
    assert_eq!(standing.failure, "");
    let again = kept.make(0).unwrap_err();
    assert!(matches!(again, BackupError::Exists(_)), "{again}");
    // One that somebody took away counts no longer.
    fs::remove_file(kept.folder().join(&kept.names()[0])).unwrap();
    let standing = kept.backups.standing(&kept.communities, kept.community.id).unwrap();
    assert_eq!(standing.last_ms, 0);
    assert!(standing.failure.ends_with("it is gone"), "{standing:?}");
}

#[test]
fn one_that_goes_elsewhere_replaces_nothing_and_counts_for_nothing() {
    let kept = Kept::new();
    let to = kept.place.folder.path().join("stick.age");
    let make = || kept.backups.make(&kept.communities, kept.community.id, Some(&to), at(1), &mut || ());
    assert_eq!(make().unwrap().path, to);
    let why = make().unwrap_err();
    assert!(why.to_string().ends_with("stick.age: there is a file already; a backup never replaces one"));
    assert_eq!(kept.backups.standing(&kept.communities, kept.community.id).unwrap().tried_ms, 0);
    assert!(kept.names().is_empty());
    assert_eq!(names(kept.place.folder.path()), ["data", "stick.age"]);
}

#[test]
fn what_fails_leaves_nothing_and_costs_no_older_one() {
    let kept = Kept::new();
    fill(&kept.community.store);
    let made = kept.make(1).unwrap();
    let others = kept.names();
    let standing = || kept.backups.standing(&kept.communities, kept.community.id).unwrap();
    let attempt = |ms, pace: &mut dyn FnMut()| {
        kept.backups.make(&kept.communities, kept.community.id, None, at(ms), pace)
    };

    // Stopped in the middle: no failure, either.
    let mut steps = 0;
    let mut stop = || {
        steps += 1;
        if steps == 3 {
            kept.backups.stop();
        }
    };
    let why = attempt(2, &mut stop).unwrap_err();
    assert!(matches!(why, BackupError::Stopped), "{why}");
    assert_eq!((kept.names(), standing().failure), (others.clone(), String::new()));
    let kept = Kept { backups: backups(&kept.place, 3), ..kept };
    let standing = || kept.backups.standing(&kept.communities, kept.community.id).unwrap();
    let attempt = |ms, pace: &mut dyn FnMut()| {
        kept.backups.make(&kept.communities, kept.community.id, None, at(ms), pace)
    };
    let draft = || {
        let name = kept.names().into_iter().find(|name| name.ends_with(".new"));
        name.map(|name| kept.folder().join(name))
    };

    // A disk that does not keep what it was given, wherever it goes wrong.
    // It is asked before each mebibyte of the store, and then before what is read back.
    let packing = made.manifest.bytes.div_ceil(1 << 20);
    let hurts: [(&str, Hurt); 4] = [
        ("header", |bytes| bytes[60] ^= 1),
        ("middle", |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        }),
        ("cut", |bytes| bytes.truncate(bytes.len() - 70_000)),
        ("more", |bytes| bytes.push(0)),
    ];
    for (n, (what, hurt)) in (4..).zip(hurts) {
        let mut steps = 0;
        let mut go_on = || {
            steps += 1;
            if steps == packing + 1 {
                let path = draft().unwrap();
                let mut bytes = fs::read(&path).unwrap();
                hurt(&mut bytes);
                fs::write(path, bytes).unwrap();
            }
        };
        let why = attempt(n, &mut go_on).unwrap_err();
        assert!(matches!(why, BackupError::Differs(_)), "{what}: {why}");
        assert_eq!(kept.names(), others, "{what}");
        let after = standing();
        assert_eq!((after.last_ms, after.tried_ms, after.failure), (at(1).ms, at(n).ms, why.to_string()));
    }

    // No room, or no folder, for it.
    fs::rename(kept.folder(), kept.folder().with_extension("away")).unwrap();
    fs::write(kept.folder(), "in the way").unwrap();
    let why = attempt(9, &mut || ()).unwrap_err();
    assert!(matches!(why, BackupError::Io { .. }), "{why}");
    fs::remove_file(kept.folder()).unwrap();
    fs::rename(kept.folder().with_extension("away"), kept.folder()).unwrap();
    assert_eq!(fs::read(&made.path).unwrap().len() as u64, made.bytes);
    assert!(attempt(10, &mut || ()).is_ok());
    assert_eq!(standing().failure, "");
}

#[test]
fn without_a_key_there_is_none_and_a_new_key_is_for_later_ones() {
    let kept = Kept::new();
    let other = kept.communities.create("Берёзки", at(1), entropy).unwrap();
    let make = |ms| kept.backups.make(&kept.communities, other.id, None, at(ms), &mut || ());
    let why = make(1).unwrap_err();
    let said = "«Берёзки» has no key for its backups yet: `dwellers-cloud community new-key` makes one";
    assert_eq!(why.to_string(), said);
    assert_eq!(kept.backups.standing(&kept.communities, other.id).unwrap().failure, said);

    let renew = |ms| {
        let secret = key::renew(kept.communities.registry(), "берёзки", at(ms)).unwrap();
        assert!(!format!("{secret:?}").contains("AGE-SECRET"), "it does not get into a log");
        key::parse(&format!("# a file, as age-keygen writes it\n\n {} \n", secret.show())).unwrap()
    };
    let (first, one) = (renew(2), make(2).unwrap());
    let (second, two) = (renew(3), make(3).unwrap());
    for (identity, mine, others) in [(&first, &one, &two), (&second, &two, &one)] {
        assert!(age::decrypt(identity, &fs::read(&mine.path).unwrap()).is_ok());
        assert!(age::decrypt(identity, &fs::read(&others.path).unwrap()).is_err());
    }
    assert!(matches!(
        key::renew(kept.communities.registry(), "Ельник", at(4)),
        Err(BackupError::Registry(_))
    ));
    for no_key in ["", "# nothing", "age1qqqq", "AGE-SECRET-KEY-1"] {
        assert!(matches!(key::parse(no_key), Err(BackupError::Secret)), "{no_key}");
    }
}

#[test]
fn a_new_machine_has_the_community_again() {
    let kept = Kept::new();
    let twelve = house(&kept.community.store, "12");
    let digests = kept.community.store.digests().unwrap();
    let made = kept.make(1).unwrap();

    let new = Place::new();
    let restored = restore(&new, &made.path, &kept.identity, &Wishes::default()).unwrap();
    assert_eq!((restored.community, restored.name.as_str()), (kept.community.id, "Сосновка"));
    assert_eq!((restored.taken_ms, &restored.aside), (at(1).ms, &None));
    assert_ne!(restored.replica, kept.community.replica, "always another replica");
    let communities = new.communities();
    let listing = communities.registry().find("сосновка").unwrap();
    assert_eq!((listing.id, listing.value.made_ms), (kept.community.id, at(0).ms));
    let community = communities.open(listing.id, at(20)).unwrap();
    assert_eq!(community.replica, restored.replica);
    assert!(community.store.view(|view| view.of::<House>().get(twelve).unwrap().is_some()).unwrap());
    let mut now = community.store.digests().unwrap();
    // It has registered itself besides.
    now.retain(|bucket, _| bucket.collection != "replicas");
    assert!(digests.iter().filter(|(bucket, _)| bucket.collection != "replicas").eq(&now));
    assert_eq!(names(&new.folder.path().join("data/backups")), [""; 0], "nothing in the clear is left");
    // It is backed up to the key that opened it.
    let again = backups(&new, 3).make(&communities, listing.id, None, at(21), &mut || ()).unwrap();
    assert!(age::decrypt(&kept.identity, &fs::read(again.path).unwrap()).is_ok());
}

#[test]
fn what_is_there_is_moved_aside_and_never_destroyed() {
    let kept = Kept::new();
    let made = kept.make(1).unwrap();
    let later = house(&kept.community.store, "13");
    let Kept { place, communities, community, identity, .. } = kept;
    let (id, replica) = (community.id, community.replica);

    // Not while somebody has it open.
    let own = backups(&place, 3);
    let in_use = own.restore(
        &communities,
        &made.path,
        &identity,
        &Wishes { replace: true, name: None },
        at(9),
        entropy(),
    );
    assert_eq!(in_use.unwrap_err().to_string(), "«Сосновка» is in use: end `dwellers-cloud serve` first");
    drop((community, communities));
    let living = restore(&place, &made.path, &identity, &Wishes::default()).unwrap_err();
    assert!(matches!(living, BackupError::Living(_)), "{living}");
    assert_eq!(place.communities().open(id, at(9)).unwrap().replica, replica, "as it was");

    let wishes = Wishes { replace: true, name: Some("Сосновка-2".to_owned()) };
    let restored = restore(&place, &made.path, &identity, &wishes).unwrap();
    assert_eq!(restored.name, "Сосновка-2");
    let communities = place.communities();
    let has = |community: &Community| {
        community.store.view(|view| view.of::<House>().get(later).unwrap().is_some()).unwrap()
    };
    assert!(!has(&communities.open(communities.registry().find("Сосновка-2").unwrap().id, at(10)).unwrap()));
    let aside = restored.aside.unwrap();
    assert_eq!(names(&aside), ["store.db"]);
    drop(communities);
    // Put back, it is what it was.
    let home = aside.parent().unwrap();
    fs::remove_file(home.join("store.db")).unwrap();
    fs::rename(aside.join("store.db"), home.join("store.db")).unwrap();
    let communities = place.communities();
    let back = communities.open(id, at(11)).unwrap();
    assert!(has(&back) && back.replica == replica);
}

#[test]
fn what_is_no_good_backup_changes_nothing() {
    let kept = Kept::new();
    fill(&kept.community.store);
    let made = kept.make(1).unwrap();
    let sealed = fs::read(&made.path).unwrap();
    let new = Place::new();
    let other = new.communities().create("Берёзки", at(0), entropy).unwrap().id;
    let taken = new.communities().create("СОСНОВКА", at(0), entropy).unwrap().id;
    // Once, so that its folders are there.
    let file = new.folder.path().join("some.age");
    fs::write(&file, "some").unwrap();
    let none = restore(&new, &file, &kept.identity, &Wishes::default()).unwrap_err();
    assert!(matches!(none, BackupError::Foreign(_)), "{none}");
    let before = everything(&new.folder.path().join("data"));
    let attempt = |bytes: &[u8], identity: &Identity| {
        fs::write(&file, bytes).unwrap();
        let wishes = Wishes { replace: true, name: None };
        let why = restore(&new, &file, identity, &wishes).unwrap_err();
        assert!(everything(&new.folder.path().join("data")) == before, "{why}: something changed");
        why
    };

    let why = attempt(&sealed, &Identity::generate());
    assert!(matches!(why, BackupError::WrongKey(_)), "{why}");
    for length in [0, 10, 100, 300, sealed.len() / 2, sealed.len() - 1] {
        let why = attempt(&sealed[..length], &kept.identity);
        assert!(matches!(why, BackupError::Damaged(_) | BackupError::Foreign(_)), "{length}: {why}");
    }
    // Where a part of age's stream ends, only its end tells that more was to come.
    let head = sealed.len() - (sealed.len() / (65_536 + 16)) * (65_536 + 16);
    for at in [80, head, sealed.len() / 2, sealed.len() - 1] {
        let mut hurt = sealed.clone();
        hurt[at] ^= 0x10;
        let why = attempt(&hurt, &kept.identity);
        assert!(
            matches!(why, BackupError::Damaged(_) | BackupError::Foreign(_) | BackupError::WrongKey(_)),
            "{why}"
        );
    }
    let mut longer = sealed.clone();
    longer.push(0);
    assert!(matches!(attempt(&longer, &kept.identity), BackupError::Damaged(_)));

    // Well sealed, and all the same no backup.
    let reader: &dyn age::Recipient = &kept.identity.to_public();
    let pack = |change: &dyn Fn(&mut Manifest)| {
        let store = kept.place.folder.path().join("copy.db");
        let to = kept.place.folder.path().join("made.age");
        let _ = (fs::remove_file(&store), fs::remove_file(&to));
        kept.community.store.copy_to(&store).unwrap();
        let (hash, bytes) = package::hash_file(&store).unwrap();
        let mut manifest = Manifest { bytes, blake3: hash.to_string(), ..made.manifest.clone() };
        change(&mut manifest);
        package::pack(&manifest, &[&store], &[reader], &to, &mut || true).unwrap();
        fs::read(to).unwrap()
    };
    let newer = attempt(&pack(&|manifest| manifest.format = 2), &kept.identity);
    assert!(newer.to_string().ends_with("(format 2, this one knows 1): update this one"), "{newer}");
    let why = attempt(&pack(&|manifest| manifest.blake3 = "0".repeat(64)), &kept.identity);
    assert!(matches!(why, BackupError::Damaged(_)), "{why}");
    let why = attempt(&age::encrypt(&kept.identity.to_public(), b"a letter").unwrap(), &kept.identity);
    assert!(matches!(why, BackupError::Damaged(_) | BackupError::Foreign(_)), "{why}");
    // Another has the name; with one of its own it fits in.
    let why = attempt(&sealed, &kept.identity);
    let said = "another community here is called «Сосновка»: give this one another name with --name";
    assert_eq!(why.to_string(), said);
    let communities = new.communities();
    for id in [other, taken] {
        communities.open(id, at(3)).unwrap();
    }
    drop(communities);
    fs::write(&file, &sealed).unwrap();
    let wishes = Wishes { name: Some("Сосновка старая".to_owned()), replace: false };
    restore(&new, &file, &kept.identity, &wishes).unwrap();
    assert_eq!(new.communities().registry().all().unwrap().len(), 3);
}

/// A slow hub fetches the one of yesterday still while there is one of today.
#[test]
fn the_blob_of_the_backup_before_stays_until_the_next_but_one() {
    let kept = Kept::new();
    let offer = |n: u8| {
        kept.make(u64::from(n) * 1_000).unwrap();
        let put = |_: &Arc<Community>, _: &Path| Ok([n; 32]);
        kept.backups.offer(&kept.communities, kept.community.id, at(u64::from(n) * 1_000), put).unwrap()
    };
    assert_eq!([offer(1), offer(2), offer(3), offer(4)], [None, None, Some([1; 32]), Some([2; 32])]);
}
