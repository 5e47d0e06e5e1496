//! Backups of who signs in, and of which communities there are.

use std::fs;
use std::sync::Arc;
use std::time::Instant;

use dwellers_cloud::accounts::{Accounts, Purpose, Session};
use dwellers_cloud::backup::own::{self, RestoredOwn};
use dwellers_cloud::backup::{BackupError, Backups, key, schedule};
use dwellers_cloud::clock::{now, random};
use dwellers_cloud::config;
use dwellers_cloud::invitations::{By, Invitation, To};
use dwellers_replica::RecordId;
use tokio::time::{Duration, sleep, timeout};

use super::{Kept, backups, names};
use crate::harness::PATIENCE;
use crate::{Place, at, entropy};

const OLGA: &str = "olga@example.org";

/// Somebody with a password and a session; returns both.
fn olga(accounts: &Accounts) -> (RecordId, String) {
    let account = accounts.make("ru", entropy, at(0)).unwrap();
    accounts.set_email(account, OLGA, true, at(0)).unwrap();
    accounts.set_password(account, "hash", None, at(0)).unwrap();
    accounts.link(account, Purpose::Reset, OLGA, "letter", entropy, at(0)).unwrap();
    let session = Session { account, ..Session::default() };
    (account, accounts.begin(session, random(), entropy, at(0)).unwrap())
}

#[test]
fn who_signs_in_comes_back_without_their_sessions_and_links() {
    let kept = Kept::new();
    let (communities, backups) = (&kept.communities, &kept.backups);
    let registry = communities.registry();
    let (account, secret) = olga(communities.accounts());
    let person = To::Person(RecordId::new(5, 5));
    let invitation = Invitation::new(kept.community.id, person, By::Operator, 1_000_000, at(0));
    registry.invite(b"invitation", invitation, entropy, at(0)).unwrap();
    let house_codes = registry.house_code_key(kept.community.id, entropy, at(0)).unwrap();
    let make = |ms: u64| backups.make_own(communities, at(ms), &mut || ());
    assert!(matches!(make(0), Err(BackupError::NoOwnKey)));
    assert!(!own::has_key(registry).unwrap());
    let identity = key::parse(own::renew(registry, at(0)).unwrap().show()).unwrap();
    assert!(own::has_key(registry).unwrap());
    let made = make(1).unwrap();
    let folder = kept.place.data().join("backups/accounts");
    assert_eq!(names(&folder), [made.path.file_name().unwrap().to_str().unwrap()], "nothing else is left");
    let standing = backups.standing(communities, own::ID).unwrap();
    assert_eq!((standing.last_ms, standing.last_bytes), (at(1).ms, made.bytes));
    let sealed = fs::read(&made.path).unwrap();
    assert!(!sealed.windows(OLGA.len()).any(|part| part == OLGA.as_bytes()));
    // The key of a community does not open it, and a community's backup is something else.
    let new = Place::new();
    let restore = |file: &std::path::Path, identity, replace| -> Result<RestoredOwn, BackupError> {
        super::backups(&new, 3).restore_own(&new.data(), file, identity, replace, at(9), entropy)
    };
    assert!(matches!(restore(&made.path, &kept.identity, false), Err(BackupError::WrongKey(_))));
    let of_community = kept.make(1).unwrap();
    let why = restore(&of_community.path, &kept.identity, false).unwrap_err();
    assert!(matches!(why, BackupError::Foreign(_)), "{why}");
    let why = super::restore(&new, &made.path, &identity, &Default::default()).unwrap_err();
    assert!(matches!(why, BackupError::Foreign(_)), "{why}");
    for length in [100, sealed.len() / 2, sealed.len() - 1] {
        let cut = new.folder.path().join("cut.age");
        fs::write(&cut, &sealed[..length]).unwrap();
        restore(&cut, &identity, true).unwrap_err();
    }
    // What failed has changed nothing; what is there is asked for, and stays.
    let before = new.communities();
    assert!(before.registry().all().unwrap().is_empty());
    assert!(matches!(restore(&made.path, &identity, true), Err(BackupError::InUse(_))));
    drop(before);
    assert!(matches!(restore(&made.path, &identity, false), Err(BackupError::Living(_))));
    let restored = restore(&made.path, &identity, true).unwrap();
    assert_eq!((restored.taken_ms, &restored.communities[..]), (at(1).ms, &["Сосновка".to_owned()][..]));
    assert_eq!(restored.aside.len(), 2);
    assert_eq!(names(&new.data().join("backups")), [""; 0], "nothing of it lies in the clear");

    let again = new.communities();
    let accounts = again.accounts();
    let found = accounts.by_email(OLGA).unwrap().unwrap();
    assert_eq!((found.id, found.value.password.as_str()), (account, "hash"));
    assert!(accounts.signed(&secret, at(9)).unwrap().is_none());
    assert!(accounts.linked("letter", Purpose::Reset, at(9)).unwrap().is_none());
    assert!(again.registry().invited(b"invitation", at(9)).unwrap().is_none());
    // Codes of houses are good still, and the keys of backups are those that were.
    let codes = again.registry().house_code_key(kept.community.id, entropy, at(9)).unwrap();
    assert_eq!(codes, house_codes);
    assert!(own::has_key(again.registry()).unwrap());
    // Nor are sessions in what was there.
    assert!(communities.accounts().signed(&secret, at(9)).unwrap().is_some(), "the one that goes on goes on");
}

#[tokio::test]
async fn they_are_made_daily_once_there_is_a_key() {
    let place = Place::new();
    let communities = Arc::new(place.communities());
    let config = config::Backup::default();
    let backups = Arc::new(Backups::in_folder(&place.data(), &config));
    own::renew(communities.registry(), now()).unwrap();
    let kept = tokio::spawn(schedule::keep(backups.clone(), communities.clone(), config));
    let start = Instant::now();
    while backups.standing(&communities, own::ID).unwrap().last_ms == 0 {
        assert!(start.elapsed() < PATIENCE);
        sleep(Duration::from_millis(10)).await;
    }
    kept.abort();
    let _ = timeout(PATIENCE, kept).await;
    assert_eq!(names(&place.data().join("backups/accounts")).len(), 1);
}

#[test]
fn the_last_so_many_are_kept_of_them_too() {
    let place = Place::new();
    let communities = place.communities();
    own::renew(communities.registry(), at(0)).unwrap();
    for day in 1..=5 {
        backups(&place, 2).make_own(&communities, at(day * 1_000), &mut || ()).unwrap();
    }
    assert_eq!(names(&place.data().join("backups/accounts")).len(), 2);
}

#[test]
fn an_operator_carries_a_cloud_to_another_machine() {
    let place = Place::new();
    let made = place.cloud(&["community", "create", "Сосновка"]).1;
    let of_community = made.lines().last().unwrap().to_owned();
    place.cloud(&["admin", "invite", "Сосновка", "Ольга"]);
    let status = place.cloud(&["status"]).1;
    assert!(
        status.contains("accounts  NO BACKUPS: `dwellers-cloud accounts new-key` begins them"),
        "{status}"
    );
    assert_eq!(place.cloud(&["backup"]).1.lines().count(), 1);
    let (code, made, err) = place.cloud(&["accounts", "new-key"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let of_accounts = made.lines().last().unwrap().to_owned();
    assert!(of_accounts.starts_with("AGE-SECRET-KEY-1") && of_accounts != of_community);
    assert!(place.cloud(&["status"]).1.contains("accounts  not backed up yet"));
    let (code, said, err) = place.cloud(&["backup"]);
    let [first, second] = said.lines().collect::<Vec<_>>()[..] else { panic!("{said}{err}") };
    assert!(code == Some(0) && first.starts_with("Сосновка: ") && second.starts_with("accounts: "), "{said}");
    assert!(place.cloud(&["status"]).1.contains("accounts  backed up 2"));

    let new = Place::new();
    let key = new.folder.path().join("key.txt");
    let restore = |line: &str, secret: &str| {
        fs::write(&key, secret).unwrap();
        let file = line.split_once(": ").unwrap().1.rsplit_once(", read back").unwrap().0;
        let file = file.rsplit_once(", ").unwrap().0;
        new.cloud(&["restore", file, "--identity", key.to_str().unwrap()])
    };
    let (code, said, err) = restore(second, &of_accounts);
    assert!(code == Some(0) && said.starts_with("accounts: as they were at "), "{said}{err}");
    assert!(said.ends_with("a backup of its own:\nСосновка\n"), "{said}");
    // Whoever looks meanwhile is told, and does no harm.
    let status = new.cloud(&["status"]).1;
    assert!(status.contains("Сосновка\n  DOES NOT OPEN"), "{status}");
    let (code, said, err) = restore(first, &of_community);
    assert!(code == Some(0) && said.contains("Сосновка: as it was at "), "{said}{err}");
    assert!(!new.cloud(&["status"]).1.contains("DOES NOT OPEN"));
    let (code, _, err) = restore(second, &of_accounts);
    assert!(code == Some(1) && err.contains("accounts.db: there is a store already"), "{err}");
}
