//! The gates' loop and its scribe where something beside them fails: a disk that is full or hangs, a driver that
//! does, cameras that never stop, two guards at once.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use dwellers::access::{Credential, Reason, Verdict};
use dwellers::gates::{self, Direction, Gate, Lane};
use dwellers::journal::{Entry, Intent, Kind};
use dwellers::passes::{Terms, Use};
use dwellers_hub::clock::Clock;
use dwellers_hub::config::{self, Config};
use dwellers_hub::crops::{Crops, Limits};
use dwellers_hub::engine::{Closing, NotStored, Relay, Setup};
use dwellers_hub::gate::{Driver, NotSent, Report};
use dwellers_hub::gatehouse::{
    AlarmCode, Command, Gatehouse, Inbox, Means, NotTaken, State, Station, Told, Visitor,
};
use dwellers_hub::metrics::Metrics;
use dwellers_hub::reads::{Heading, Read, Refused, Strength};
use dwellers_hub::run::{self, Reporter};
use dwellers_hub::scribe::{Job, Scribe};
use dwellers_hub::uplink::Cloud;
use dwellers_hub::watchdog::{Bounds, Pulse};
use dwellers_hub::{service, store};
use dwellers_replica::{
    Now, Open, Options, Query, RecordId, Replica, Role, Shared, Sqlite, StoreError, View, Writes,
};
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::harness::{Recorder, TestHub, configuration, read};
use crate::process::{PATIENCE, eventually};

const NOW: Now = Now { ms: 1_800_000_000_000, trusted: true };

/// A gatehouse without a service around it.
struct Rig {
    gatehouse: Gatehouse,
    scribe: Scribe,
    store: Shared,
    runtime: Runtime,
    gates: JoinHandle<()>,
    _folder: TempDir,
}

impl Rig {
    /// With a recorder at the gate.
    fn recorded(room: Option<u64>) -> (Self, Recorder) {
        let recorder = Recorder::default();
        let recording = recorder.clone();
        (Rig::start(room, |report| Box::new(recording.driver(report))), recorder)
    }

    /// With so many bytes of room in its store, and a driver that reports.
    fn start(room: Option<u64>, driver: impl FnOnce(Reporter) -> Box<dyn Driver>) -> Self {
        Rig::after(room, &[], driver)
    }

    /// With the openings that an earlier run left.
    fn after(room: Option<u64>, plates: &[String], driver: impl FnOnce(Reporter) -> Box<dyn Driver>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let hub = RecordId::new(NOW.ms, fastrand::u128(..));
        let sqlite = Sqlite::open(&path, Options::default()).unwrap();
        drop(Replica::create(sqlite, store::schema(), hub, Role::Hub, "", NOW).unwrap());
        let max_bytes = room.map(|room| fs::metadata(&path).unwrap().len() + room);
        let replica = Replica::open(Sqlite::open(&path, Options { max_bytes }).unwrap(), store::schema());
        let store = Shared::start(replica.unwrap()).unwrap();
        let lane = |key: &str, direction| Lane { key: key.into(), direction, ..Lane::default() };
        let out = Lane { free: true, ..lane("out", Direction::Exit) };
        let lanes = vec![lane("in", Direction::Entry), out];
        let gate = Gate { key: "main".into(), name: "Въезд".into(), lanes, ..Gate::default() };
        let upsert = |view: View<'_>| {
            let entropy = &mut || fastrand::u128(..);
            gates::upsert(&mut dwellers::Context { view, now: NOW, entropy }, &[], &[gate]).unwrap()
        };
        let writes = store.view(upsert).unwrap();
        store.commit(NOW, writes).unwrap();
        let gate = store.view(|view| gates::find(view, hub, "main").unwrap().unwrap()).unwrap();
        let setup = Setup {
            gate: gate.id,
            pulse_ms: 500,
            closing: Closing::ByPulse { after_ms: 600_000 },
            sees_position: true,
            sees_passage: true,
            travel_ms: 60_000,
            passage_window_ms: 30_000,
            hold_lease_ms: 6_000,
            guard_patience_ms: 300,
            intent_timeout_ms: 60_000,
            acknowledge_timeout_ms: 60_000,
        };
        let clock = Clock::start();
        let (scribe, _) = Scribe::start(store.clone(), clock.clone(), |_, _| {}).unwrap();
        let inbox = Inbox::new();
        let driver = driver(Box::new(inbox.reporter(0)));
        let station = Station {
            key: "main".into(),
            gate: gate.value,
            setup,
            driver,
            intents: openings(gate.id, plates),
        };
        let means = Means {
            store: store.clone(),
            scribe: scribe.clone(),
            clock: clock.clone(),
            metrics: Metrics::new(),
            crops: Crops::open(&folder.path().join("crops"), Limits::default()).unwrap(),
            pulse: Pulse::new(Bounds::default(), clock.tick()),
        };
        let (gatehouse, gates) = Gatehouse::start(inbox, vec![station], means).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let rig = Rig { gatehouse, scribe, store, runtime, gates, _folder: folder };
        eventually("the driver is there", || {
            (rig.state().gates.first()?.status.connected == Some(true)).then_some(())
        });
        rig
    }

    fn say(&self, command: Command) -> Result<Told, NotTaken> {
        self.runtime.block_on(self.gatehouse.command(command))
    }

    fn state(&self) -> Arc<State> {
        Arc::clone(&self.gatehouse.state().borrow())
    }

    /// The first who waits.
    fn waiting(&self) -> RecordId {
        eventually("somebody waits", || Some(self.state().waiting.first()?.entry))
    }

    /// Hands an entry to the scribe; where its result comes.
    fn write(&self, entry: Entry, uses: Option<(RecordId, u32)>) -> Receiver<Result<(), NotStored>> {
        let (told, result) = channel();
        let done = Box::new(move |result| {
            let _ = told.send(result);
        });
        let id = self.store.new_id(NOW, fastrand::u128(..)).unwrap();
        self.scribe.write(Job { id, entry, uses, at: NOW, done });
        result
    }

    /// The store's writer does nothing until the answer is dropped.
    fn hang(&self) -> Sender<()> {
        let ((end, ended), (begin, began)) = (channel::<()>(), sync_channel(1));
        let store = self.store.clone();
        thread::spawn(move || {
            store.with(move |_| {
                begin.send(()).unwrap();
                let _ = ended.recv();
            })
        });
        began.recv_timeout(PATIENCE).unwrap();
        end
    }

    /// The numbers and kinds of its journal.
    fn journal(&self) -> Vec<(u64, Kind)> {
        let query = Query::on("number").limit(Query::MAX_LIMIT);
        let page = self.store.view(|view| view.of::<Entry>().find(&query)).unwrap().unwrap();
        let kind = |entry: &Entry| (entry.number, *entry.kind.known().unwrap());
        page.entries.iter().map(|entry| kind(&entry.value)).collect()
    }
}

/// Openings of an earlier run, each with its car behind it, by a clock that nothing vouched for.
fn openings(gate: RecordId, plates: &[String]) -> Vec<Intent> {
    let opening = |(n, plate): (usize, &String)| {
        let value = Entry {
            gate: Some(gate),
            verdict: Some(Open::Known(Verdict::Open)),
            plate: plate.clone(),
            direction: Some(Direction::Exit),
            ..Entry::default()
        };
        let id = RecordId::new(NOW.ms, n as u128);
        let entry = dwellers_replica::Entry { id, stamp: Default::default(), arrival: 0, value };
        Intent { entry, outcomes: vec![Kind::Passed, Kind::Commanded], interrupted: false }
    };
    plates.iter().enumerate().map(opening).collect()
}

fn guard() -> String {
    "Семён".into()
}

/// The guard opens, for whom they please.
fn open(about: Option<RecordId>, credential: Credential) -> Command {
    let (gate, lane) = ("main".into(), "in".into());
    let visitor = Visitor::default();
    Command::Pass { gate, lane, credential, guard: guard(), about, note: String::new(), visitor }
}

fn note(text: String) -> Entry {
    Entry { kind: Open::Known(Kind::Visitor), note: text, ..Entry::default() }
}

#[test]
fn a_full_disk_takes_nothing_from_the_guard() {
    let (rig, recorder) = Rig::recorded(Some(200_000));
    let fits = || rig.write(note("Ж".repeat(2_000)), None).recv_timeout(PATIENCE).unwrap();
    while fits() == Ok(()) {}
    // A page of some index may have room for one more where another's had none: full is what refuses many in a row.
    let small = || Entry { plate: format!("A{:03}AA77", fastrand::u16(..1_000)), ..note(String::new()) };
    let mut refused = 0;
    while refused < 30 {
        let stored = rig.write(small(), None).recv_timeout(PATIENCE).unwrap();
        refused = if stored == Ok(()) { 0 } else { refused + 1 };
    }
    let full = rig
        .store
        .commit(NOW, Writes::new().create(RecordId::new(NOW.ms, 1), &note("Ж".repeat(2_000))).clone());
    assert!(matches!(full, Err(dwellers_replica::CommitError::Store(StoreError::Full))), "{full:?}");

    rig.say(open(None, Credential::Guard)).unwrap();
    eventually("the guard's word opens", || (recorder.openings() == 1).then_some(()));
    rig.say(Command::Hold { gate: "main".into(), guard: guard() }).unwrap();
    assert!(recorder.is_held());
    rig.say(Command::Release { gate: "main".into(), guard: guard() }).unwrap();
    assert!(!recorder.is_held());
    recorder.report(Report::Fire(true));
    eventually("the fire alarm holds it", || recorder.is_held().then_some(()));
    recorder.report(Report::Fire(false));
    eventually("it lets go", || (!recorder.is_held()).then_some(()));

    // Everybody is let out here; but what cannot be recorded moves nothing by itself.
    rig.gatehouse.intake().offer(read("out", "Е001КХ77")).unwrap();
    let waiting = rig.waiting();
    assert_eq!(recorder.openings(), 1);
    rig.say(open(Some(waiting), Credential::Guard)).unwrap();
    eventually("the guard lets them out", || (recorder.openings() == 2).then_some(()));
    assert!(rig.state().alarms.iter().any(|alarm| alarm.code == AlarmCode::AlertNotRecorded));
}

#[test]
fn a_busy_day_before_a_start_keeps_nobody_waiting() {
    let recorder = Recorder::default();
    let recording = recorder.clone();
    let plates: Vec<_> = (0..200).map(|n| format!("A{n:03}AA77")).collect();
    let rig = Rig::after(None, &plates, move |report| Box::new(recording.driver(report)));
    // The last of them may be that very car, once more; the first of them has been gone for long.
    rig.gatehouse.intake().offer(read("out", &plates[199])).unwrap();
    rig.waiting();
    assert_eq!(recorder.openings(), 0);
    rig.gatehouse.intake().offer(read("out", &plates[0])).unwrap();
    eventually("a car is let out", || (recorder.openings() == 1).then_some(()));
}

#[test]
fn who_is_free_to_leave_is_let_out_only_as_they_come() {
    let (rig, recorder) = Rig::recorded(None);
    let offer = |strength, heading, plate: &str| {
        let read = Read { strength, heading, ..read("out", plate) };
        rig.gatehouse.intake().offer(read).unwrap();
    };
    let waiting = |count: usize| {
        eventually("it waits", || (rig.state().waiting.len() == count).then_some(()));
        rig.state().waiting.clone()
    };
    offer(Strength::Strong, Heading::Leaving, "Е001КХ77");
    waiting(1);
    offer(Strength::Middling, Heading::Unknown, "Е002КХ77");
    let asked = waiting(2);
    assert!(asked.iter().all(|waiting| waiting.reason == Reason::WeakReading), "{asked:?}");
    assert_eq!(recorder.openings(), 0);
    offer(Strength::Strong, Heading::Unknown, "Е003КХ77");
    eventually("somebody is sure of it", || (recorder.openings() == 1).then_some(()));
    offer(Strength::Middling, Heading::Approaching, "Е004КХ77");
    eventually("it comes", || (recorder.openings() == 2).then_some(()));
}

#[test]
fn a_hub_that_has_not_learned_all_from_its_cloud_asks_the_guard() {
    let (rig, recorder) = Rig::recorded(None);
    let offer = |plate: &str| rig.gatehouse.intake().offer(read("out", plate)).unwrap();
    let belongs = |learned_as| {
        let before = rig.store.view(|view| view.of::<Cloud>().get(Cloud::ID)).unwrap().unwrap();
        let mut writes = Writes::new();
        match before {
            Some(before) => writes.update(&before, |cloud| cloud.learned_as = learned_as),
            None => writes.create(Cloud::ID, &Cloud { learned_as, ..Cloud::default() }),
        };
        rig.store.commit(NOW, writes).unwrap();
    };
    belongs(None);
    offer("Е001КХ77");
    rig.waiting();
    assert_eq!(rig.state().waiting[0].reason, Reason::NotJudged);
    // What it learned under another id (it was restored since) may be old.
    belongs(Some(RecordId::new(1, 1)));
    offer("Е002КХ77");
    eventually("it waits, too", || (rig.state().waiting.len() == 2).then_some(()));
    assert_eq!(recorder.openings(), 0);
    belongs(Some(rig.store.view(|view| view.replica()).unwrap().unwrap()));
    offer("Е003КХ77");
    eventually("it is let out", || (recorder.openings() == 1).then_some(()));
    // The guard never waits for a cloud.
    belongs(None);
    rig.say(open(None, Credential::Guard)).unwrap();
    eventually("the guard's word opens", || (recorder.openings() == 2).then_some(()));
}

#[test]
fn a_car_whose_plate_cannot_be_read_waits_once_until_it_can() {
    let (rig, recorder) = Rig::recorded(None);
    let unread = || Read { confidence: 0.0, strength: Strength::Middling, ..read("in", "") };
    let plates = || rig.state().waiting.iter().map(|w| (w.plate.clone(), w.reason)).collect::<Vec<_>>();
    rig.gatehouse.intake().offer(unread()).unwrap();
    rig.waiting();
    rig.gatehouse.intake().offer(unread()).unwrap();
    let known = Read { instead_of: Some(String::new()), ..read("in", "Е001КХ77") };
    assert_eq!(plates(), [(String::new(), Reason::WeakReading)]);
    rig.gatehouse.intake().offer(known).unwrap();
    let read = [("E001KX77".to_owned(), Reason::Unknown)];
    eventually("it is read", || (plates() == read).then_some(()));
    assert_eq!(recorder.openings(), 0);
}

#[test]
fn a_disk_that_hangs_takes_nothing_from_the_guard() {
    let (rig, recorder) = Rig::recorded(None);
    let hangs = rig.hang();
    rig.say(open(None, Credential::Guard)).unwrap();
    eventually("the guard's word opens", || (recorder.openings() == 1).then_some(()));
    rig.say(Command::Hold { gate: "main".into(), guard: guard() }).unwrap();
    assert!(recorder.is_held());
    recorder.report(Report::Fire(true));
    eventually("the fire alarm is on", || rig.state().gates[0].status.fire.then_some(()));
    rig.say(Command::Release { gate: "main".into(), guard: guard() }).unwrap();
    assert!(recorder.is_held(), "the fire alarm holds it");
    drop(hangs);
    let kinds = || rig.journal().into_iter().map(|(_, kind)| kind).collect::<Vec<_>>();
    eventually("what happened stands in the journal", || kinds().contains(&Kind::HoldEnded).then_some(()));
    assert_eq!(recorder.openings(), 1, "what becomes durable late is not done again");
}

#[test]
fn a_use_that_two_ask_for_at_once_is_given_once() {
    let (rig, _) = Rig::recorded(None);
    let pass = RecordId::new(NOW.ms, 7);
    let hangs = rig.hang();
    // The scribe waits for the disk with the first; the others wait for the scribe, together.
    let results = [None, Some((pass, 1)), Some((pass, 1)), Some((pass, 2))]
        .map(|uses| rig.write(note(String::new()), uses));
    drop(hangs);
    let results = results.map(|result| result.recv_timeout(PATIENCE).unwrap());
    assert_eq!(results, [Ok(()), Ok(()), Err(NotStored::UsedUp), Ok(())]);
    let query = Query::on("pass").equal(pass.to_string());
    let uses = rig.store.view(|view| view.of::<Use>().find(&query)).unwrap().unwrap().entries;
    assert_eq!(uses.iter().map(|used| used.value.ordinal).collect::<Vec<_>>(), [1, 2]);
    let numbers: Vec<u64> = rig.journal().into_iter().map(|(number, _)| number).collect();
    assert!(numbers.iter().copied().eq(1..=numbers.len() as u64), "no gaps: {numbers:?}");
}

#[test]
fn two_screens_that_answer_one_arrival_open_once() {
    let (rig, recorder) = Rig::recorded(None);
    rig.gatehouse.intake().offer(read("in", "Е001КХ77")).unwrap();
    let about = Some(rig.waiting());
    let (first, second) = rig.runtime.block_on(async {
        tokio::join!(
            rig.gatehouse.command(open(about, Credential::Guard)),
            rig.gatehouse.command(open(about, Credential::Guard))
        )
    });
    let told = [first, second];
    assert_eq!(told.iter().filter(|told| told.is_ok()).count(), 1, "{told:?}");
    assert!(told.contains(&Err(NotTaken::NobodyWaits)), "{told:?}");
    eventually("it opens", || (recorder.openings() > 0).then_some(()));
    // What came after it was done before this is.
    rig.say(Command::Hold { gate: "main".into(), guard: guard() }).unwrap();
    assert_eq!(recorder.openings(), 1);
}

#[test]
fn who_opens_and_names_nobody_means_the_one_who_waits() {
    let (rig, recorder) = Rig::recorded(None);
    rig.gatehouse.intake().offer(read("in", "Е001КХ77")).unwrap();
    let first = rig.waiting();
    rig.say(open(None, Credential::Guard)).unwrap();
    eventually("the guard's word opens", || (recorder.openings() == 1).then_some(()));
    assert_eq!(rig.say(open(Some(first), Credential::Guard)), Err(NotTaken::NobodyWaits), "they were let in");

    // Of two who wait, nobody knows whom the guard means.
    for plate in ["Е002КХ77", "Е003КХ77"] {
        rig.gatehouse.intake().offer(read("in", plate)).unwrap();
    }
    eventually("two wait", || (rig.state().waiting.len() == 2).then_some(()));
    rig.say(open(None, Credential::Guard)).unwrap();
    eventually("the guard's word opens again", || (recorder.openings() == 2).then_some(()));
    assert_eq!(rig.state().waiting.len(), 2);
}

#[test]
fn a_guard_who_may_not_open_has_refused_nobody() {
    let (rig, recorder) = Rig::recorded(None);
    rig.gatehouse.intake().offer(read("in", "Е001КХ77")).unwrap();
    let about = rig.waiting();
    // As it is where the pass was used by somebody else a moment ago.
    let told = rig.say(open(Some(about), Credential::Pass(RecordId::new(1, 1)))).unwrap();
    assert_eq!(told.decision.unwrap().verdict, Verdict::Ask);
    assert_eq!(rig.waiting(), about, "whoever was not let in waits on");
    rig.write(note(String::new()), None).recv_timeout(PATIENCE).unwrap().unwrap();
    let kinds: Vec<Kind> = rig.journal().into_iter().map(|(_, kind)| kind).collect();
    assert_eq!(kinds, [Kind::Started, Kind::Decided, Kind::Visitor]);
    assert_eq!(recorder.pulses(), []);
}

#[test]
fn a_banned_car_does_not_come_by_the_code_of_its_pass() {
    let hub = TestHub::start();
    let village = hub.settle();
    let now_ms = hub.service.clock.now().ms;
    let terms = Terms::Event { from_ms: now_ms - 60_000, until_ms: now_ms + 3_600_000, entries: 2 };
    let (_, code) = village.pass("Т666ЕР77", "Гость", terms, true);
    village.ban("Т666ЕР77");
    let screen = hub.signed_in("Семён");
    let refused = screen.post("/api/gates/main/open", &json!({"lane": "in", "code": code}));
    assert_eq!(refused.refused(409, "not-opened")["decision"]["reason"], "banned");
    assert_eq!(hub.recorder.pulses(), []);
}

/// A driver that can be told to be in the way: to hang in a hold, to refuse a pulse.
struct Awkward {
    report: Reporter,
    refuses: Arc<AtomicBool>,
    hangs: Option<(Sender<()>, Receiver<()>)>,
}

impl Awkward {
    fn new(mut report: Reporter) -> Self {
        report(Report::Connected(true));
        Awkward { report, refuses: Arc::default(), hangs: None }
    }
}

impl Driver for Awkward {
    fn pulse(&mut self, _relay: Relay, id: RecordId, _ms: u32) -> Result<(), NotSent> {
        if self.refuses.load(Ordering::Relaxed) {
            return Err(NotSent::Hangs);
        }
        (self.report)(Report::Acknowledged { id, result: Ok(()) });
        Ok(())
    }

    fn hold(&mut self, _lease_ms: u32) -> Result<(), NotSent> {
        if let Some((begin, end)) = self.hangs.take() {
            begin.send(()).unwrap();
            let _ = end.recv();
        }
        Ok(())
    }

    fn release(&mut self, _relay: Relay) -> Result<(), NotSent> {
        Ok(())
    }
}

/// A gatehouse whose loop stands still until the second is dropped.
fn stuck() -> (Rig, Sender<()>) {
    let ((begin, began), (end, ended)) = (channel(), channel());
    let rig =
        Rig::start(None, |report| Box::new(Awkward { hangs: Some((begin, ended)), ..Awkward::new(report) }));
    let (gatehouse, hold) = (rig.gatehouse.clone(), Command::Hold { gate: "main".into(), guard: guard() });
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(gatehouse.command(hold))
    });
    began.recv_timeout(PATIENCE).unwrap();
    (rig, end)
}

#[test]
fn cameras_do_not_keep_the_guard_waiting() {
    let (rig, end) = stuck();
    let mut followed = rig.gatehouse.follow();
    let intake = rig.gatehouse.intake();
    let reads = (0..).map(|n| Read { plate: format!("X{n:05}"), ..read("in", "X") });
    let taken = reads.take_while(|read| intake.offer(read.clone()) == Ok(())).take(10_000).count();
    assert!((1..=64).contains(&taken), "{taken} reads wait");
    assert_eq!(intake.offer(read("in", "Е001КХ77")), Err(Refused::Busy));
    let gatehouse = rig.gatehouse.clone();
    let told = rig.runtime.block_on(async {
        let word = tokio::spawn(async move { gatehouse.command(open(None, Credential::Guard)).await });
        tokio::task::yield_now().await;
        drop(end);
        word.await.unwrap().unwrap()
    });
    let first = rig.runtime.block_on(async {
        loop {
            let written = followed.recv().await.unwrap();
            if written.entry.kind == Open::Known(Kind::Decided) {
                return written.id;
            }
        }
    });
    assert!(first == told.entry, "the guard's word came last, and goes before whatever cameras saw");
}

#[test]
fn a_loop_with_a_full_inbox_takes_its_end() {
    let (rig, end) = stuck();
    let Rig { gatehouse, runtime, gates, .. } = rig;
    let busy = runtime.block_on(async {
        let word = |gatehouse: Gatehouse| async move {
            gatehouse.command(Command::Release { gate: "main".into(), guard: guard() }).await
        };
        let words: Vec<_> = (0..5_000).map(|_| tokio::spawn(word(gatehouse.clone()))).collect();
        // Each turn of the runtime takes some of them.
        for _ in 0..words.len() {
            tokio::task::yield_now().await;
        }
        words.iter().filter(|word| word.is_finished()).count()
    });
    assert!((1..5_000).contains(&busy), "{busy} were told that it is busy, the others wait");
    let (begin, began) = channel();
    let stopping = thread::spawn(move || {
        begin.send(()).unwrap();
        gatehouse.stop();
    });
    began.recv_timeout(PATIENCE).unwrap();
    drop(end);
    eventually("the loop ends", || gates.is_finished().then_some(()));
    stopping.join().unwrap();
}

#[test]
fn what_a_step_says_is_done_before_what_comes_of_it() {
    let refuses = Arc::new(AtomicBool::new(false));
    let reporter = Arc::new(Mutex::new(None));
    let (switch, kept) = (Arc::clone(&refuses), Arc::clone(&reporter));
    let rig = Rig::start(None, move |report| {
        let report = Arc::new(Mutex::new(report));
        *kept.lock().unwrap() = Some(Arc::clone(&report));
        let report = Box::new(move |told| (report.lock().unwrap())(told));
        Box::new(Awkward { refuses: switch, ..Awkward::new(report) })
    });
    let tell = |report| (reporter.lock().unwrap().as_ref().unwrap().lock().unwrap())(report);
    let until = |kind| {
        eventually("a line of the journal", || {
            Some(rig.journal().into_iter().find(|(_, told)| *told == kind)?.0)
        })
    };
    rig.say(Command::Close { gate: "main".into(), guard: guard() }).unwrap();
    until(Kind::Commanded);
    refuses.store(true, Ordering::Relaxed);
    tell(Report::Loop(true));
    // It could not be reversed: first that it had to be, then that it failed.
    assert!(until(Kind::Failed) > until(Kind::Obstructed));
}

/// A driver that brings its loop down.
struct Faulty;

impl Driver for Faulty {
    fn pulse(&mut self, _relay: Relay, _id: RecordId, _ms: u32) -> Result<(), NotSent> {
        Ok(())
    }

    fn hold(&mut self, _lease_ms: u32) -> Result<(), NotSent> {
        panic!("this is the test's own")
    }

    fn release(&mut self, _relay: Relay) -> Result<(), NotSent> {
        Ok(())
    }
}

#[test]
fn a_loop_that_fails_ends_the_hub() {
    let folder = tempfile::tempdir().unwrap();
    let text = configuration(folder.path(), &folder.path().join("no-barrier.sock"), "");
    let config = Config::parse("hub.toml", &text).unwrap();
    let devices = |_: &config::Driver, mut report: Reporter| {
        report(Report::Connected(true));
        Ok(Box::new(Faulty) as Box<dyn Driver>)
    };
    let blind = |_: &config::Sight| Err(anyhow::anyhow!("it is blind"));
    let (open, opened) = sync_channel(1);
    let (end, ended) = sync_channel(1);
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let work =
            |service| run::work(service, devices, blind, move |opened| open.send(opened.gatehouse).unwrap());
        let run = service::run(config, Clock::start(), None, std::future::pending(), work);
        end.send(runtime.unwrap().block_on(run)).unwrap();
    });
    let gatehouse = opened.recv_timeout(PATIENCE).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let hold = Command::Hold { gate: "main".into(), guard: guard() };
    assert_eq!(runtime.block_on(gatehouse.command(hold)), Err(NotTaken::Busy));
    let error = ended.recv_timeout(PATIENCE).unwrap().unwrap_err();
    assert!(error.to_string().contains("the gates' loop"), "{error}");
}
