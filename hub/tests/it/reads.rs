//! The door of plate reads, and its socket with clients of every kind.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use dwellers_hub::reads::socket::{Answer, FILE_NAME, Limits, MODE, serve};
use dwellers_hub::reads::{Heading, Intake, MAX_CROP_BYTES, Read, Refused, Strength, put};
use dwellers_listener::local::Listener;
use proptest::prelude::*;
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::process::{Line, PATIENCE, eventually};

fn read() -> Read {
    Read {
        gate: "main".to_owned(),
        lane: "in".to_owned(),
        plate: "А123ВС77".to_owned(),
        confidence: 0.5,
        strength: Strength::Strong,
        alternatives: vec![("А128ВС77".to_owned(), 0.25)],
        heading: Heading::Approaching,
        instead_of: Some("А128ВС77".to_owned()),
        crop: Some(vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 1, 2]),
        taken_ms: Some(1_700_000_000_000),
    }
}

const PLAIN: &str = r#"{"gate":"main","lane":"in","plate":"A1","confidence":1}"#;

fn intake(room: usize) -> (Intake, Receiver<Read>) {
    let (sender, reads) = sync_channel(room);
    let deliver = move |read| put(&sender, read);
    let intake =
        Intake::default().gate("main", ["in", "out"], deliver.clone()).gate("back", ["yard"], deliver);
    (intake, reads)
}

#[test]
fn a_read_has_a_form() {
    let (intake, reads) = intake(100);
    let check = |what: &str, spoil: fn(&mut Read), expected: Result<(), Refused>| {
        let mut read = read();
        spoil(&mut read);
        assert_eq!(intake.offer(read.clone()), expected, "{what}");
        assert_eq!(reads.try_recv().ok(), expected.is_ok().then_some(read), "{what}");
    };
    let gate = Err(Refused::Gate("back, main".to_owned()));
    let lane = Err(Refused::Lane("in, out".to_owned()));
    check("good", |_| {}, Ok(()));
    check("least", |read| (read.crop, read.alternatives) = (None, Vec::new()), Ok(()));
    check("certain", |read| read.confidence = 1.0, Ok(()));
    check("no gate", |read| read.gate.clear(), gate);
    check("a lane of another gate", |read| read.lane = "yard".to_owned(), lane);
    check("no plate", |read| read.plate.clear(), Err(Refused::Plate));
    let unread = |read: &mut Read| {
        (read.plate, read.confidence, read.strength) = (String::new(), 0.0, Strength::Middling);
    };
    check("a plate on which nothing can be read", unread, Ok(()));
    check("one that could not be read before", |read| read.instead_of = Some(String::new()), Ok(()));
    check("blanks before", |read| read.instead_of = Some(" ".to_owned()), Err(Refused::Plate));
    check("blanks", |read| read.plate = "  ".to_owned(), Err(Refused::Plate));
    check("a long plate", |read| read.plate = "Ж".repeat(21), Err(Refused::Plate));
    check("as long as may be", |read| read.plate = "Ж".repeat(20), Ok(()));
    check("a plate with an escape", |read| read.plate = "A\u{1b}[2J".to_owned(), Err(Refused::Plate));
    check("too sure", |read| read.confidence = 1.01, Err(Refused::Confidence));
    check("less than unsure", |read| read.confidence = -0.1, Err(Refused::Confidence));
    check("no number", |read| read.confidence = f32::NAN, Err(Refused::Confidence));
    check("no alternative", |read| read.alternatives[0].0.clear(), Err(Refused::Plate));
    check("an alternative too sure", |read| read.alternatives[0].1 = f32::INFINITY, Err(Refused::Confidence));
    check("many", |read| read.alternatives = vec![("A1".to_owned(), 0.1); 9], Err(Refused::Alternatives));
    check("no picture", |read| read.crop = Some(b"GIF89a".to_vec()), Err(Refused::Crop));
    check("an empty picture", |read| read.crop = Some(Vec::new()), Err(Refused::Crop));
    check(
        "a large picture",
        |read| read.crop.as_mut().unwrap().resize(MAX_CROP_BYTES + 1, 0),
        Err(Refused::Crop),
    );
    check("as large as may be", |read| read.crop.as_mut().unwrap().resize(MAX_CROP_BYTES, 0), Ok(()));
}

#[test]
fn a_gate_without_room_says_so() {
    let (intake, reads) = intake(1);
    assert_eq!(intake.offer(read()), Ok(()));
    assert_eq!(intake.offer(read()), Err(Refused::Busy));
    reads.recv().unwrap();
    assert_eq!(intake.offer(read()), Ok(()));
    drop(reads);
    assert_eq!(intake.offer(read()), Err(Refused::Stopped));
}

#[test]
fn what_is_printed_holds_no_plate() {
    let printed = format!("{:?}", read());
    assert!(printed.contains("main") && !printed.contains("А12") && !printed.contains("216"), "{printed}");
}

/// The socket, served in a thread of its own.
struct Door {
    folder: TempDir,
    reads: Receiver<Read>,
    stop: Option<oneshot::Sender<()>>,
    served: Option<JoinHandle<()>>,
}

impl Door {
    fn open(room: usize, limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        let (intake, reads) = intake(room);
        let (stop, stopped) = oneshot::channel();
        let (ready, is_ready) = sync_channel(1);
        let served = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = Listener::bind(&path, MODE).unwrap();
                ready.send(()).unwrap();
                serve(listener, Arc::new(intake), limits, async { drop(stopped.await) }).await;
            });
        });
        is_ready.recv_timeout(PATIENCE).unwrap();
        Door { folder, reads, stop: Some(stop), served: Some(served) }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join(FILE_NAME)
    }

    fn connect(&self) -> Line {
        Line::to(&self.path())
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        let _ = self.stop.take().unwrap().send(());
        self.served.take().unwrap().join().unwrap();
        assert!(!self.path().exists(), "the socket's file is gone");
    }
}

fn offer(line: &mut Line, text: &str) -> Answer {
    line.send(text.as_bytes());
    line.send(b"\n");
    hear(line).expect("an answer")
}

fn hear(line: &mut Line) -> Option<Answer> {
    line.hear_text().map(|text| serde_json::from_str(&text).unwrap())
}

fn refused(answer: Option<Answer>) -> (String, bool) {
    match answer {
        Some(Answer::Refused { why, again }) => (why, again),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_line_is_a_read() {
    let door = Door::open(10, Limits::default());
    let mode = std::fs::metadata(door.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o660);
    let mut line = door.connect();
    assert_eq!(offer(&mut line, &serde_json::to_string(&read()).unwrap()), Answer::Accepted);
    assert_eq!(door.reads.recv_timeout(PATIENCE).unwrap(), read());
    assert_eq!(offer(&mut line, PLAIN), Answer::Accepted);
    let plain = door.reads.recv_timeout(PATIENCE).unwrap();
    assert_eq!((plain.strength, plain.heading), (Strength::Middling, Heading::Unknown), "nothing is assumed");
    let mut largest = read();
    largest.crop.as_mut().unwrap().resize(MAX_CROP_BYTES, 7);
    assert_eq!(offer(&mut line, &serde_json::to_string(&largest).unwrap()), Answer::Accepted);
    assert_eq!(door.reads.recv_timeout(PATIENCE).unwrap(), largest, "the largest read fits a line");
}

#[test]
fn what_is_no_read_is_told_what_would_be_right() {
    let door = Door::open(10, Limits { max_mistakes: 100, ..Limits::default() });
    let mut line = door.connect();
    let mut check = |text: &str, expected: &str| {
        let (why, again) = refused(Some(offer(&mut line, text)));
        assert!(why.contains(expected) && !again, "{text}: {why}");
    };
    check("", "no read");
    check("hello", "no read");
    check("{}", "gate");
    check(&PLAIN.replace("main", "mian"), "back, main");
    check(&PLAIN.replace("\"in\"", "\"yard\""), "in, out");
    check(&PLAIN.replace("A1", ""), "1 to 20");
    check(&PLAIN.replace(":1", ":7"), "0 to 1");
    check(&PLAIN.replace('}', r#","crop":"R0lG"}"#), "JPEG");
    check(&PLAIN.replace('}', r#","crop":"???"}"#), "no read");
    check(&PLAIN.replace('}', r#","speed":3}"#), "speed");
    check(&PLAIN.replace('}', r#","strength":"sure"}"#), "strong");
    check(&"[".repeat(60_000), "no read");
    assert!(door.reads.try_recv().is_err(), "nothing came through");
    assert_eq!(offer(&mut line, PLAIN), Answer::Accepted, "the connection goes on");
}

#[test]
fn a_full_gate_says_so_and_takes_the_next() {
    let door = Door::open(1, Limits { max_mistakes: 2, ..Limits::default() });
    let mut line = door.connect();
    assert_eq!(offer(&mut line, PLAIN), Answer::Accepted);
    for _ in 0..5 {
        let (why, again) = refused(Some(offer(&mut line, PLAIN)));
        assert!(why.contains("busy") && again, "{why}");
    }
    door.reads.recv_timeout(PATIENCE).unwrap();
    assert_eq!(offer(&mut line, PLAIN), Answer::Accepted);
}

#[test]
fn bad_clients_are_cut_and_harm_nobody() {
    let limits = Limits { max_mistakes: 3, ..Limits::default() };
    let door = Door::open(100, limits);
    let mut good = door.connect();
    assert_eq!(offer(&mut good, PLAIN), Answer::Accepted);

    let mut endless = door.connect();
    endless.send(&vec![b'x'; (64 << 10) + 1]);
    assert!(refused(hear(&mut endless)).0.contains("65536"));
    assert_eq!(hear(&mut endless), None);

    let mut wrong = door.connect();
    for _ in 0..limits.max_mistakes {
        refused(Some(offer(&mut wrong, "no")));
    }
    assert_eq!(hear(&mut wrong), None);

    let mut binary = door.connect();
    binary.send(b"\xff\xfe\x00\n");
    refused(hear(&mut binary));

    let mut half = door.connect();
    half.send(PLAIN.as_bytes());
    drop(half);

    door.reads.recv_timeout(PATIENCE).unwrap();
    assert_eq!(offer(&mut good, PLAIN), Answer::Accepted);
    door.reads.recv_timeout(PATIENCE).unwrap();
    assert!(door.reads.try_recv().is_err(), "half a line is none");
}

#[test]
fn who_says_nothing_is_cut_also_drop_by_drop() {
    let door = Door::open(10, Limits { idle: Duration::from_millis(200), ..Limits::default() });
    let mut silent = door.connect();
    assert!(refused(hear(&mut silent)).0.contains("connect again"));
    assert_eq!(hear(&mut silent), None);
    // Drop by drop: no drop counts as a line. It is cut long before its line would be whole.
    let mut slow = door.connect();
    let mut sender = slow.sender();
    let dripping = std::thread::spawn(move || {
        (0..4_000).any(|_| {
            std::thread::sleep(Duration::from_millis(5));
            sender.write_all(b" ").is_err()
        })
    });
    let cut = hear(&mut slow);
    drop(slow);
    assert!(dripping.join().unwrap(), "it was not let go on");
    assert!(refused(cut).0.contains("connect again"));
}

#[test]
fn there_are_eight_connections_and_no_more() {
    let door = Door::open(100, Limits::default());
    let mut lines: Vec<Line> = (0..8).map(|_| door.connect()).collect();
    for line in &mut lines {
        assert_eq!(offer(line, PLAIN), Answer::Accepted);
    }
    let (why, again) = refused(hear(&mut door.connect()));
    assert!(why.contains("8 connections") && again, "{why}");
    assert_eq!(offer(&mut lines[0], PLAIN), Answer::Accepted, "those inside are unharmed");
    lines.pop();
    eventually("there is room again", || {
        let mut line = door.connect();
        line.send(PLAIN.as_bytes());
        line.send(b"\n");
        (hear(&mut line) == Some(Answer::Accepted)).then_some(())
    });
}

#[test]
fn who_takes_no_answers_is_cut() {
    let limits = Limits { write: Duration::from_millis(100), max_connections: 1, ..Limits::default() };
    let door = Door::open(0, limits);
    let mut deaf = door.connect();
    // Answers pile up until the door waits for room, and then cuts: the writer sees its end.
    let was_cut = (0..1_000_000).any(|_| !deaf.try_send(format!("{PLAIN}\n").as_bytes()));
    assert!(was_cut);
    eventually("its place is free", || {
        let mut line = door.connect();
        (line.try_send(b"\n") && refused(hear(&mut line)).0.contains("no read")).then_some(())
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]
    #[test]
    fn a_read_survives_its_line(
        plate in "\\PC{1,20}", confidence in 0f32..=1.0, crop in proptest::option::of(any::<[u8; 64]>()),
        taken_ms in any::<Option<u64>>(), alternatives in proptest::collection::vec(("\\PC{1,20}", 0f32..=1.0), 0..8),
    ) {
        let read = Read {
            plate, confidence, taken_ms, alternatives, crop: crop.map(|crop| crop.to_vec()), ..read()
        };
        let line = serde_json::to_string(&read).unwrap();
        prop_assert!(!line.contains('\n'));
        prop_assert_eq!(serde_json::from_str::<Read>(&line).unwrap(), read);
    }
}
