//! The command line, with and without a hub that runs; and what the hub tells the service manager.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixDatagram, UnixStream};

use dwellers::journal::{Book, Entry};
use dwellers_hub::store::DataFolder;
use dwellers_replica::{Now, Writes};

use crate::place::{Ended, PATIENCE, Place, until};

fn check(ended: &Ended, code: i32, out: &str, err: &str) {
    assert_eq!((ended.code, ended.out.as_str(), ended.err.as_str()), (Some(code), out, err));
}

#[test]
fn help_teaches() {
    let place = Place::new();
    let help = place.hub(&["--help"]);
    assert_eq!(help.code, Some(0));
    for part in ["Examples:", "dwellers-hub guard add", "Exit codes:", "check-config", "doctor", "restore"] {
        assert!(help.out.contains(part), "{part}\n{}", help.out);
    }
    for command in
        ["run", "check-config", "status", "guard", "screen", "time", "plate", "backup", "restore", "doctor"]
    {
        let help = place.hub(&[command, "--help"]);
        assert_eq!((help.code, help.out.contains("Usage:")), (Some(0), true), "{command}");
    }
    assert!(place.hub(&["guard", "--help"]).out.contains("never an argument"));
    for unknown in [&["opne"][..], &[], &["guard", "add"], &["status", "--jsn"]] {
        let ended = place.hub(unknown);
        assert_eq!((ended.code, ended.err.contains("Usage:")), (Some(2), true), "{unknown:?}: {ended:?}");
    }
}

#[test]
fn a_configuration_is_checked() {
    let place = Place::new();
    let right = place.hub(&["check-config"]);
    let path = place.path("hub.toml");
    check(&right, 0, &format!("{}: right, main «Главный въезд»\n", path.display()), "");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("fails", "pulse_ms = 5000\nfails")).unwrap();
    let wrong = place.hub(&["check-config"]);
    let what = "gate \"main\": pulse_ms = 5000: a pulse is at most 2000 ms";
    check(&wrong, 1, "", &format!("{}:8:12: {what}\n", path.display()));
    assert_eq!(place.hub(&["run"]).err, wrong.err, "nothing runs with it");
}

#[test]
fn guards_before_the_hub_ever_ran() {
    let place = Place::new();
    let none = place.hub(&["guard", "list"]);
    assert_eq!(none.code, Some(1));
    assert!(none.err.ends_with("there is no store yet; `dwellers-hub run` makes it\n"), "{none:?}");
    assert!(!place.path("data").exists());

    check(&place.hub_told(&["guard", "add", "Анна", "--pin", "-"], "2580\n"), 0, "", "");
    check(&place.hub(&["guard", "list"]), 0, "Анна\n", "");
    let taken = "there is a guard «анна» already: add what tells them apart\n";
    check(&place.hub_told(&["guard", "add", "анна", "--pin", "-"], "2580"), 1, "", taken);
    let bad =
        "this PIN is among the first that anybody tries: no repeated digits (0000, 1212), no rows (1234)\n";
    check(&place.hub_told(&["guard", "reset-pin", "Анна", "--pin", "-"], "1234\n"), 1, "", bad);
    check(&place.hub_told(&["guard", "reset-pin", "Анна", "--pin", "-"], "4071\n"), 0, "", "");
    let no_terminal = "there is no terminal to ask for the PIN: use `--pin -`\n";
    check(&place.hub(&["guard", "reset-pin", "Анна"]), 1, "", no_terminal);
    let argument = place.hub(&["guard", "add", "Олег", "--pin", "9021"]);
    assert_eq!(argument.code, Some(2), "a PIN is no argument: {argument:?}");
    check(&place.hub(&["guard", "remove", "Анна"]), 0, "", "");
    check(&place.hub(&["guard", "list"]), 0, "", "");
    let nobody = "there is no guard «Анна»: `dwellers-hub guard list` shows who there is\n";
    check(&place.hub(&["guard", "remove", "Анна"]), 1, "", nobody);
}

#[test]
fn without_a_hub_the_store_answers() {
    let place = Place::new();
    check(&place.hub_told(&["guard", "add", "Анна", "--pin", "-"], "2580\n"), 0, "", "");
    let status = place.hub(&["status"]);
    assert_eq!(status.code, Some(1));
    assert!(status.out.starts_with("hub       does not run; this is what its store says\n"), "{status:?}");
    let json: serde_json::Value = serde_json::from_str(&place.hub(&["status", "--json"]).out).unwrap();
    assert_eq!((&json["running"], &json["guards"]), (&serde_json::Value::Null, &1.into()));
    let read = place.hub(&["plate", "--gate", "main", "--lane", "in", "А123ВС77"]);
    assert!(read.code == Some(1) && read.err.contains("no hub takes reads there"), "{read:?}");
    let pair = place.hub(&["screen", "pair", "Планшет"]);
    check(&pair, 1, "", "a screen is paired with the running hub: start it first\n");
}

#[test]
fn with_a_hub_the_hub_answers() {
    let place = Place::new();
    let hub = place.run();
    check(&place.hub_told(&["guard", "add", "Анна", "--pin", "-"], "2580\n"), 0, "", "");
    check(&place.hub(&["guard", "list"]), 0, "Анна\n", "");
    let status: serde_json::Value = serde_json::from_str(&place.hub(&["status", "--json"]).out).unwrap();
    assert_eq!((&status["guards"], &status["time_trust"]), (&1.into(), &"nothing".into()), "{status}");
    assert_eq!(status["running"]["trouble"], serde_json::Value::Null);

    let gate = "gate      main «Главный въезд»: unknown, ITS DRIVER IS GONE\n";
    until(|| place.hub(&["status"]).out.contains(gate), || place.hub(&["status"]).out);

    let trust = place.hub(&["time", "trust"]);
    assert_eq!(trust.code, Some(0), "{trust:?}");
    assert!(place.hub(&["status"]).out.contains("somebody's word"));

    let pair = place.hub(&["screen", "pair", "Планшет"]);
    assert_eq!(pair.code, Some(0), "{pair:?}");
    let link = pair.out.lines().last().unwrap();
    let invitation = link.strip_prefix("http://127.0.0.1:0/pair/").expect(link).to_owned();
    assert!(invitation.len() == 64 && invitation.bytes().all(|byte| byte.is_ascii_hexdigit()), "{link}");
    check(&place.hub(&["screen", "list"]), 0, "", "");

    let read = |lane| place.hub(&["plate", "--gate", "main", "--lane", lane, "А123ВС77"]);
    check(&read("in"), 0, "taken; the journal tells what became of it\n", "");
    check(&read("out"), 1, "", "the gate has no such lane; it has: in\n");

    for file in fs::read_dir(place.path("data")).unwrap().map(Result::unwrap) {
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode & 0o077, 0, "{}: others may read it, {mode:o}", file.path().display());
    }

    let second = place.hub(&["run"]);
    assert_eq!(second.code, Some(1), "one process owns a store");
    assert!(second.err.contains("another process is using this store"), "{second:?}");
    assert_eq!(place.hub(&["status"]).code, Some(0), "the first does not notice");

    assert_eq!(hub.stop(), Some(0));
    assert!(!place.path("run/control.sock").exists());
    let again = place.run();
    assert!(place.hub(&["status"]).out.contains("somebody's word"), "a word outlives a restart");
    assert_eq!(again.stop(), Some(0));
    let log = fs::read_to_string(place.path("log")).unwrap();
    assert!(log.lines().all(|line| line.starts_with('{')), "JSON where there is no terminal: {log}");
    assert!(!log.contains("2580") && !log.contains(&invitation), "{log}");
}

#[test]
fn the_control_socket_is_the_hubs_own_and_bounded() {
    let place = Place::new();
    let _hub = place.run();
    let socket = place.path("run/control.sock");
    assert_eq!(fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o600);
    let say = |line: &[u8]| {
        let mut stream = UnixStream::connect(&socket).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        // It may hang up in the middle.
        let _ = stream.write_all(line);
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        answer
    };
    for odd in ["{}\n", "pulse\n", "{\"ask\":\"open\",\"gate\":\"main\"}\n", "\n"] {
        let answer = say(odd.as_bytes());
        assert!(answer.contains("the hub does not know this question"), "{odd:?}: {answer:?}");
    }
    let guessable = say(b"{\"ask\":\"guard_add\",\"name\":\"A\",\"pin\":\"1234\"}\n");
    assert!(guessable.contains("refused") && !guessable.contains("1234"), "{guessable}");
    assert_eq!(say(&vec![b'x'; 1 << 20]), "", "a line without end is not read to its end");
    let half = UnixStream::connect(&socket).unwrap();
    assert_eq!(place.hub(&["status"]).code, Some(0), "one who says nothing keeps nobody out");
    drop(half);
}

#[test]
fn the_service_manager_hears_that_the_hub_lives() {
    let place = Place::new();
    let manager = UnixDatagram::bind(place.path("notify")).unwrap();
    manager.set_read_timeout(Some(PATIENCE)).unwrap();
    let hear = || {
        let mut text = [0; 512];
        let length = manager.recv(&mut text).unwrap();
        String::from_utf8(text[..length].to_vec()).unwrap()
    };
    let mut command = place.command();
    command.env("NOTIFY_SOCKET", place.path("notify")).env("WATCHDOG_USEC", "150000");
    let hub = place.run_as(&mut command);
    let mut heard = vec![hear()];
    while heard.iter().filter(|word| word.contains("WATCHDOG=1")).count() < 3 {
        heard.push(hear());
    }
    assert!(heard.iter().any(|word| word.contains("READY=1")), "{heard:?}");
    assert_eq!(hub.stop(), Some(0));
    manager.set_nonblocking(true).unwrap();
    let mut rest = Vec::new();
    let mut text = [0; 512];
    while let Ok(length) = manager.recv(&mut text) {
        rest.push(String::from_utf8(text[..length].to_vec()).unwrap());
    }
    assert!(rest.iter().any(|word| word.contains("STOPPING=1")), "{rest:?}");
}

#[test]
fn a_hub_that_was_killed_starts_again() {
    let place = Place::new();
    let id = |place: &Place| {
        let status: serde_json::Value = serde_json::from_str(&place.hub(&["status", "--json"]).out).unwrap();
        status["replica"].as_str().unwrap().to_owned()
    };
    let first = place.run();
    let before = id(&place);
    drop(first);
    assert!(place.path("run/control.sock").exists(), "nobody was there to remove it");
    let second = place.run();
    assert_eq!(id(&place), before);
    drop(second);
}

/// Writes entries of these numbers; what lies between is made and lost.
fn write_entries(place: &Place, numbers: &[u64]) {
    let now = Now { ms: 1_800_000_000_000, trusted: true };
    let opened = DataFolder::new(place.path("data"), None).open_existing(now, || fastrand::u128(..)).unwrap();
    for number in numbers {
        let mut book = opened.store.view(Book::open).unwrap().unwrap();
        let mut entry = Entry::default();
        while book.number() < *number {
            entry = Entry { hub: opened.replica, ..Entry::default() };
            book.write(&mut entry, now, fastrand::u128(..));
        }
        let id = opened.store.new_id(now, fastrand::u128(..)).unwrap();
        let mut writes = Writes::new();
        writes.create(id, &entry);
        opened.store.commit(now, writes).unwrap();
    }
}

#[test]
fn the_doctor_says_what_would_be_right() {
    let place = Place::new();
    let line = |ended: &Ended, what: &str| {
        let found = ended.out.lines().find(|line| line[4..].trim_start().starts_with(what));
        found.unwrap_or_else(|| panic!("{what}?\n{}{}", ended.out, ended.err)).to_owned()
    };
    let fresh = place.hub(&["doctor"]);
    assert_eq!(fresh.code, Some(1), "{fresh:?}");
    assert!(line(&fresh, "store").contains("not there yet"));
    assert!(line(&fresh, "gate \"main\"").starts_with("BAD"), "no barrier, no gate");
    assert!(!place.path("data").exists(), "it changes nothing");

    check(&place.hub_told(&["guard", "add", "Анна", "--pin", "-"], "2580\n"), 0, "", "");
    let _barrier = std::os::unix::net::UnixListener::bind(place.path("barrier.sock")).unwrap();
    let stopped = place.hub(&["doctor"]);
    assert_eq!(stopped.code, Some(0), "{stopped:?}");
    assert!(line(&stopped, "store").starts_with("ok    store: whole; replica "));
    assert_eq!(line(&stopped, "guards"), "ok    guards: 1");
    assert_eq!(line(&stopped, "journal"), "ok    journal: whole, 0 entries");
    write_entries(&place, &[1, 2]);
    assert_eq!(line(&place.hub(&["doctor"]), "journal"), "ok    journal: whole, 2 entries");
    write_entries(&place, &[5]);
    let torn = place.hub(&["doctor"]);
    assert_eq!(line(&torn, "journal"), "BAD   journal: 1 faults in 3 entries: entry 3 is missing");
    assert!(line(&stopped, "clock").starts_with("look"));
    assert!(line(&stopped, "service").starts_with("look"));
    fs::remove_file(place.path("data/pepper.key")).unwrap();
    assert!(line(&place.hub(&["doctor"]), "guards").starts_with("BAD   guards: the PINs of 1 were hashed"));

    let hub = place.run();
    let running = place.hub(&["doctor"]);
    assert!(line(&running, "service").starts_with("ok    service: runs for "), "{running:?}");
    drop(hub);
    until(|| place.hub(&["status"]).code == Some(1), String::new);

    let store = place.path("data/store.db");
    let bytes = fs::metadata(&store).unwrap().len();
    fs::write(&store, vec![b'x'; usize::try_from(bytes).unwrap()]).unwrap();
    let broken = place.hub(&["doctor"]);
    assert_eq!((broken.code, line(&broken, "store").starts_with("BAD")), (Some(1), true), "{broken:?}");
}
