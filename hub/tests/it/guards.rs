//! Guards and screens, over a real store: who gets in, who does not, and what a restart remembers.

use std::fs;
use std::path::Path;

use dwellers_hub::engine::Tick;
use dwellers_hub::guards::{GuardError, Guards, Identity, Moment, Pin, SignInError};
use dwellers_hub::screens::{INVITATION_MS, ScreenError, Screens};
use dwellers_hub::store::{DataError, DataFolder, Opened};
use dwellers_replica::{Now, RecordId};

const NOON: u64 = 1_800_000_000_000;
const MINUTE: u64 = 60_000;

fn now() -> Now {
    Now { ms: NOON, trusted: true }
}

fn at(tick: u64) -> Moment {
    Moment { now: Now { ms: NOON + tick, trusted: true }, tick: Tick(tick) }
}

fn entropy() -> u128 {
    fastrand::u128(..)
}

fn open(folder: &Path) -> Opened {
    DataFolder::new(folder.join("data"), None).open(now(), entropy).unwrap()
}

fn guards(opened: &Opened) -> Guards {
    Guards::new(opened.store.clone(), opened.pepper.clone(), Tick(0))
}

fn pin(text: &str) -> Pin {
    Pin::new(text).unwrap()
}

/// What a try ended with, short.
fn told(result: Result<Identity, SignInError>) -> String {
    match result {
        Ok(identity) => identity.name,
        Err(SignInError::Locked { wait_ms }) => format!("wait {wait_ms}"),
        Err(error) => error.to_string(),
    }
}

const WRONG: &str = "this is not the PIN";

#[test]
fn a_guard_signs_in_with_the_pin_alone() {
    let folder = tempfile::tempdir().unwrap();
    let guards = guards(&open(folder.path()));
    let anna = guards.add(" Анна  Петровна ", &pin("2580"), now(), 1).unwrap();
    let oleg = guards.add("Олег", &pin("4071"), now(), 2).unwrap();
    for (who, pin, expected) in [
        (anna, "2580", "Анна  Петровна"),
        (anna, "4071", WRONG),
        (anna, "", WRONG),
        (oleg, "4071", "Олег"),
        (RecordId::new(1, 1), "2580", WRONG),
    ] {
        assert_eq!(told(guards.sign_in(who, pin, at(0))), expected, "{who} {pin}");
    }
    let taken = guards.add("анна петровна", &pin("9021"), now(), 3).unwrap_err().to_string();
    assert_eq!(taken, "there is a guard «анна петровна» already: add what tells them apart");
    for bad in ["", "  ", "a\u{7}b", &"x".repeat(61)] {
        assert!(matches!(guards.add(bad, &pin("9021"), now(), 3), Err(GuardError::BadName)), "{bad:?}");
    }
}

#[test]
fn one_who_was_removed_is_gone_and_the_name_is_free() {
    let folder = tempfile::tempdir().unwrap();
    let guards = guards(&open(folder.path()));
    let first = guards.add("Олег", &pin("4071"), now(), 1).unwrap();
    guards.remove("ОЛЕГ", now()).unwrap();
    assert_eq!(told(guards.sign_in(first, "4071", at(0))), WRONG);
    assert!(!guards.is_guard(first).unwrap());
    assert!(guards.list().unwrap().is_empty());
    assert!(matches!(guards.remove("Олег", now()), Err(GuardError::NoSuch(_))));
    assert!(matches!(guards.reset_pin("", &pin("4071"), now(), 1), Err(GuardError::NoSuch(_))));
    let second = guards.add("Олег", &pin("9021"), now(), 2).unwrap();
    assert_ne!(first, second);
    assert_eq!(guards.list().unwrap().len(), 1);
}

#[test]
fn tries_are_bounded_and_a_lock_ends() {
    let folder = tempfile::tempdir().unwrap();
    let guards = guards(&open(folder.path()));
    let anna = guards.add("Анна", &pin("2580"), now(), 1).unwrap();
    let oleg = guards.add("Олег", &pin("4071"), now(), 2).unwrap();
    for _ in 0..5 {
        assert_eq!(told(guards.sign_in(anna, "1111", at(0))), WRONG);
    }
    assert_eq!(told(guards.sign_in(anna, "2580", at(0))), "wait 60000", "the right PIN does not help");
    assert_eq!(told(guards.sign_in(anna, "2580", at(MINUTE - 1))), "wait 1");
    assert_eq!(told(guards.sign_in(oleg, "4071", at(0))), "Олег", "others are not kept out");
    assert_eq!(told(guards.sign_in(anna, "1111", at(MINUTE))), WRONG);
    assert_eq!(told(guards.sign_in(anna, "2580", at(MINUTE))), format!("wait {}", 5 * MINUTE));
    // The wall clock, set forward or back, changes nothing.
    for ms in [0, NOON + 24 * 60 * MINUTE] {
        let moment = Moment { now: Now { ms, trusted: true }, tick: Tick(2 * MINUTE) };
        assert_eq!(told(guards.sign_in(anna, "2580", moment)), format!("wait {}", 4 * MINUTE));
    }
    assert_eq!(told(guards.sign_in(anna, "2580", at(6 * MINUTE))), "Анна");
    assert_eq!(told(guards.sign_in(anna, "1111", at(6 * MINUTE))), WRONG, "and the count begins anew");
    assert_eq!(told(guards.sign_in(anna, "2580", at(6 * MINUTE))), "Анна");
}

#[test]
fn a_restart_gives_no_try_back_and_locks_nobody_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let anna = {
        let guards = guards(&open(folder.path()));
        let anna = guards.add("Анна", &pin("2580"), now(), 1).unwrap();
        for _ in 0..5 {
            assert_eq!(told(guards.sign_in(anna, "1111", at(0))), WRONG);
        }
        anna
    };
    let moment = |ms, trusted, tick| Moment { now: Now { ms, trusted }, tick: Tick(tick) };
    for (what, moment, expected) in [
        ("ten seconds later", moment(NOON + 10_000, true, 5), "wait 50000"),
        ("the clock fell back", moment(NOON - 9 * MINUTE, true, 5), "wait 59995"),
        ("nobody vouches for the clock", moment(NOON + 9 * MINUTE, false, 5), "wait 59995"),
    ] {
        let guards = guards(&open(folder.path()));
        assert_eq!(told(guards.sign_in(anna, "2580", moment)), expected, "{what}");
    }
    let guards = guards(&open(folder.path()));
    assert_eq!(told(guards.sign_in(anna, "2580", moment(0, false, MINUTE))), "Анна");
}

#[test]
fn trying_everybody_does_not_help() {
    let folder = tempfile::tempdir().unwrap();
    let opened = open(folder.path());
    let guards = guards(&opened);
    let names = ["Анна", "Борис", "Вера", "Глеб"];
    let ids: Vec<_> =
        names.iter().zip(1..).map(|(name, n)| guards.add(name, &pin("2580"), now(), n).unwrap()).collect();
    let tries = (0..4).flat_map(|_| ids.iter().copied()).take(14).chain([RecordId::new(5, 5)]);
    for who in tries {
        assert_eq!(told(guards.sign_in(who, "1111", at(0))), WRONG);
    }
    assert_eq!(told(guards.sign_in(ids[3], "2580", at(0))), "wait 60000");
    assert_eq!(told(guards.sign_in(ids[3], "2580", at(MINUTE))), "Глеб");

    for n in 0..15 {
        assert_eq!(told(guards.sign_in(RecordId::new(6, n), "1111", at(MINUTE))), WRONG);
    }
    assert_eq!(told(guards.sign_in(ids[3], "2580", at(MINUTE))), "wait 60000");
    guards.reset_pin("Глеб", &pin("9021"), now(), 7).unwrap();
    assert_eq!(told(guards.sign_in(ids[3], "9021", at(MINUTE))), "Глеб", "the operator's word ends a lock");
}

#[test]
fn a_store_without_its_key_tells_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let opened = open(folder.path());
    let guards_before = guards(&opened);
    let anna = guards_before.add("Анна", &pin("2580"), now(), 1).unwrap();
    drop((guards_before, opened));
    let key = folder.path().join("data/pepper.key");
    assert_eq!(fs::read_to_string(&key).unwrap().trim().len(), 64);
    fs::remove_file(&key).unwrap();

    let guards = guards(&open(folder.path()));
    assert!(guards.list().unwrap()[0].needs_pin);
    assert!(matches!(guards.sign_in(anna, "2580", at(0)), Err(SignInError::NeedsPin)));
    guards.reset_pin("Анна", &pin("2580"), now(), 2).unwrap();
    assert_eq!(told(guards.sign_in(anna, "2580", at(0))), "Анна");
}

#[test]
fn what_others_may_touch_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    let data = DataFolder::new(folder.path().join("data"), None);
    data.check().unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(data.path()), mode(&data.pepper())), (0o700, 0o600));
    let refused = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        assert!(matches!(data.check(), Err(DataError::Exposed { .. })), "{}", path.display());
        data.open(now(), entropy).unwrap_err().to_string()
    };
    let message = refused(&data.pepper(), 0o644);
    assert!(message.contains("others may use it (mode 644); `chmod 600 "), "{message}");
    fs::set_permissions(data.pepper(), fs::Permissions::from_mode(0o600)).unwrap();
    fs::set_permissions(data.path(), fs::Permissions::from_mode(0o755)).unwrap();
    assert!(matches!(data.check(), Err(DataError::Exposed { .. })), "others may not read it either");
    data.open(now(), entropy).expect("a gate is not kept shut for that");
    refused(data.path(), 0o777);
}

#[test]
fn a_key_among_the_credentials_goes_first() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let given = folder.path().join("pepper");
    fs::write(&given, "ab".repeat(32)).unwrap();
    // What systemd's access list for the service's user looks like.
    fs::set_permissions(&given, fs::Permissions::from_mode(0o440)).unwrap();
    let data = DataFolder::new(folder.path().join("data"), Some(folder.path().to_owned()));
    let name = data.open(now(), entropy).unwrap().pepper.name();
    assert!(!data.path().join("pepper.key").exists());
    assert_eq!(data.open(now(), entropy).unwrap().pepper.name(), name);
    fs::write(folder.path().join("data/pepper.key"), "no key").unwrap();
    fs::remove_file(&given).unwrap();
    assert!(matches!(data.open(now(), entropy), Err(DataError::Exposed { .. } | DataError::BadKey(_))));
}

#[test]
fn a_hub_keeps_its_id() {
    let folder = tempfile::tempdir().unwrap();
    let data = DataFolder::new(folder.path().join("data"), None);
    assert!(matches!(data.open_existing(now(), entropy), Err(DataError::NoStore(_))));
    assert!(!data.path().exists(), "looking makes nothing");
    let first = data.open(now(), entropy).unwrap();
    assert!(first.is_new);
    let second = data.open(now(), entropy).map(drop).unwrap_err().to_string();
    assert!(second.ends_with("another process is using this store"), "{second}");
    let id = first.replica;
    drop(first);
    let again = data.open_existing(now(), entropy).unwrap();
    assert_eq!((again.replica, again.is_new), (id, false));
}

#[test]
fn a_screen_is_paired_once_and_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let opened = open(folder.path());
    let screens = Screens::new(opened.store.clone());
    let pair = |token: &str, tick| screens.pair(token, Tick(tick), now(), ([7; 32], entropy()));
    let token = screens.invite("Планшет", Tick(0), [1; 32]).unwrap();
    assert!(matches!(pair("1111", 0), Err(ScreenError::NotInvited)));
    let (paired, secret) = pair(&token, INVITATION_MS - 1).unwrap();
    assert_eq!(paired.name, "Планшет");
    assert!(matches!(pair(&token, 0), Err(ScreenError::NotInvited)), "it counts once");
    assert_eq!(screens.admit(&secret).unwrap(), Some(paired));
    for stranger in ["", &token, &"0".repeat(64)] {
        assert_eq!(screens.admit(stranger).unwrap(), None);
    }

    let late = screens.invite("Стойка", Tick(0), [2; 32]).unwrap();
    assert!(matches!(pair(&late, INVITATION_MS), Err(ScreenError::NotInvited)));
    assert!(matches!(screens.invite("планшет", Tick(0), [3; 32]), Err(ScreenError::Taken(_))));
    let forgotten = screens.invite("Стойка", Tick(0), [4; 32]).unwrap();
    let after = Screens::new(opened.store.clone());
    let paired = after.pair(&forgotten, Tick(1), now(), ([5; 32], 5));
    assert!(matches!(paired, Err(ScreenError::NotInvited)), "a restart forgets invitations");
    assert!(after.admit(&secret).unwrap().is_some(), "and keeps screens");

    screens.remove("ПЛАНШЕТ", now()).unwrap();
    assert_eq!(screens.admit(&secret).unwrap(), None);
    assert!(screens.list().unwrap().is_empty());
}

#[test]
fn neither_pins_nor_secrets_lie_in_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let opened = open(folder.path());
    let guards = guards(&opened);
    let anna = guards.add("Анна", &pin("25803691"), now(), 1).unwrap();
    guards.sign_in(anna, "25803691", at(0)).unwrap();
    let screens = Screens::new(opened.store.clone());
    let token = screens.invite("Планшет", Tick(0), [1; 32]).unwrap();
    let (_, secret) = screens.pair(&token, Tick(0), now(), ([9; 32], 9)).unwrap();
    let pepper = fs::read_to_string(folder.path().join("data/pepper.key")).unwrap();
    drop((guards, screens, opened));
    let mut files = 0;
    for entry in fs::read_dir(folder.path().join("data")).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        let holds = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
        assert!(!holds("25803691") && !holds(&token) && !holds(&secret), "{}", path.display());
        assert!(path.ends_with("pepper.key") || !holds(pepper.trim()), "{}", path.display());
        files += 1;
    }
    assert!(files >= 2, "where is it?");
}
