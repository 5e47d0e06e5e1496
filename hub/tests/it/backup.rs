//! Backups of a hub, while it runs or not, and what is restored from one.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::place::{Place, names};

fn replica(place: &Place) -> String {
    let status: serde_json::Value = serde_json::from_str(&place.hub(&["status", "--json"]).out).unwrap();
    status["replica"].as_str().unwrap().to_owned()
}

fn add(place: &Place, name: &str) {
    let added = place.hub_told(&["guard", "add", name, "--pin", "-"], "2580\n");
    assert_eq!(added.code, Some(0), "{added:?}");
}

fn guards(place: &Place) -> String {
    place.hub(&["guard", "list"]).out
}

#[test]
fn a_backup_of_a_running_hub_becomes_another_hub() {
    let place = Place::new();
    let hub = place.run();
    add(&place, "Анна");
    let before = replica(&place);
    let file = place.path("backup.db");
    let target = file.to_str().unwrap();
    let made = place.hub(&["backup", target]);
    assert_eq!(made.code, Some(0), "{made:?}");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!place.path("data/copy.db").exists(), "nothing is left in the hub's folder");
    let again = place.hub(&["backup", target]);
    assert!(again.err.ends_with("there is a file already; a backup never replaces one\n"), "{again:?}");

    add(&place, "Олег");
    let running = place.hub(&["restore", "--replace", target]);
    assert_eq!(running.code, Some(1));
    assert!(running.err.starts_with("the hub is running: stop it first"), "{running:?}");
    assert_eq!(hub.stop(), Some(0));

    let living = place.hub(&["restore", target]);
    assert_eq!(living.code, Some(1));
    assert!(living.err.contains("there is a store already; with --replace"), "{living:?}");
    assert_eq!((guards(&place), replica(&place)), ("Анна\nОлег\n".into(), before.clone()));

    let restored = place.hub(&["restore", "--replace", target]);
    assert_eq!(restored.code, Some(0), "{restored:?}");
    assert_eq!(guards(&place), "Анна\n");
    assert_ne!(replica(&place), before, "always another replica");
    let aside =
        names(&place.path("data")).into_iter().find(|name| name.starts_with("before-restore-")).unwrap();
    assert!(place.path("data").join(&aside).join("store.db").exists());
    let hub = place.run();
    assert_eq!(guards(&place), "Анна\n");
    assert_eq!(hub.stop(), Some(0));

    // What was moved aside is a store still: nothing is lost.
    let old = place.path("data").join(aside).join("store.db");
    let back = place.hub(&["restore", "--replace", old.to_str().unwrap()]);
    assert_eq!(back.code, Some(0), "{back:?}");
    assert_eq!(guards(&place), "Анна\nОлег\n");
}

#[test]
fn a_backup_at_rest_restores_on_another_machine() {
    let (here, there) = (Place::new(), Place::new());
    add(&here, "Анна");
    let file = here.path("backup.db");
    assert_eq!(here.hub(&["backup", file.to_str().unwrap()]).code, Some(0));
    fs::create_dir(there.path("data")).unwrap();
    let restored = there.hub(&["restore", file.to_str().unwrap()]);
    assert_eq!(restored.code, Some(0), "{restored:?}");
    assert_eq!(guards(&there), "Анна, needs a new PIN\n", "the key of the PINs is in no backup");
    assert_ne!(replica(&here), replica(&there));
    let pepper = fs::read_to_string(here.path("data/pepper.key")).unwrap();
    let bytes = fs::read(&file).unwrap();
    assert!(!bytes.windows(64).any(|part| part == pepper.trim().as_bytes()));
}

#[test]
fn what_is_no_backup_costs_nothing() {
    let place = Place::new();
    add(&place, "Анна");
    let before = replica(&place);
    let file = place.path("backup.db");
    assert_eq!(place.hub(&["backup", file.to_str().unwrap()]).code, Some(0));
    let whole = fs::read(&file).unwrap();
    let mut torn = whole.clone();
    torn.truncate(whole.len() / 2);
    for (what, bytes) in [("torn", torn), ("empty", Vec::new()), ("a letter", b"Dear hub".to_vec())] {
        fs::write(&file, bytes).unwrap();
        let ended = place.hub(&["restore", "--replace", file.to_str().unwrap()]);
        assert_eq!(ended.code, Some(1), "{what}: {ended:?}");
        assert_eq!((guards(&place), replica(&place)), ("Анна\n".into(), before.clone()), "{what}");
        let left = names(&place.path("data"));
        assert!(!left.iter().any(|name| name.starts_with("before-restore-")), "{what}: {left:?}");
    }
    let nothing = place.hub(&["restore", "--replace", "no such file"]);
    assert_eq!(nothing.code, Some(1));
}

#[test]
fn an_interrupted_restore_is_not_taken_for_a_new_hub() {
    let place = Place::new();
    add(&place, "Анна");
    let file = place.path("backup.db");
    assert_eq!(place.hub(&["backup", file.to_str().unwrap()]).code, Some(0));
    // The power went after the old store was moved and before the new one took its place.
    fs::rename(place.path("data/store.db"), place.path("data/restored.db")).unwrap();
    let run = place.hub(&["run"]);
    assert_eq!(run.code, Some(1));
    assert!(run.err.contains("a restore was interrupted; restore once more"), "{run:?}");
    assert_eq!(place.hub(&["restore", file.to_str().unwrap()]).code, Some(0));
    assert_eq!(guards(&place), "Анна\n");
}
