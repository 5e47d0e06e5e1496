//! The engine, told one thing after the other: each table is a story, and what the engine says to each of its lines.
//!
//! What it says is written short: `1:Decided/Open` an entry with its id, kind and verdict, `<2` what it is about,
//! `open#1` a pulse and its id, `-open` a release, `!…` what the guard must see. Ids of the story are below 100.

use dwellers::access::{Decision, Reason, Verdict};
use dwellers::gates::Direction;
use dwellers::journal::{Entry, Kind};
use dwellers_hub::engine::{
    Action, Alert, Closing, Engine, Event, NotStored, PASSAGE_NOT_SEEN, Position, Relay, Setup, Tick,
    reversal_of,
};
use dwellers_replica::{Open, RecordId};

fn id(number: u128) -> RecordId {
    RecordId::new(0, number)
}

fn setup() -> Setup {
    Setup {
        gate: id(99),
        pulse_ms: 500,
        closing: Closing::ByPulse { after_ms: 5_000 },
        sees_position: true,
        sees_passage: true,
        travel_ms: 3_000,
        passage_window_ms: 30_000,
        hold_lease_ms: 6_000,
        guard_patience_ms: 300,
        intent_timeout_ms: 2_000,
        acknowledge_timeout_ms: 1_000,
    }
}

/// A gate as most are that have no closing relay and one sensor less.
fn plain() -> Setup {
    Setup { closing: Closing::ByItself, sees_passage: false, ..setup() }
}

fn decided(number: u128, verdict: Verdict, plate: &str, guard: &str) -> Event {
    let decision = Decision {
        verdict,
        reason: Reason::Vehicle,
        plate: plate.into(),
        house: Some(id(90)),
        ..Decision::default()
    };
    Event::Decided {
        id: id(number),
        lane: "in".into(),
        direction: Direction::Entry,
        decision: Box::new(decision),
        crop: String::new(),
        guard: guard.into(),
        about: None,
        note: String::new(),
    }
}

/// A car with a right of its own.
fn car(number: u128, plate: &str) -> Event {
    decided(number, Verdict::Open, plate, "")
}

/// The same, on its way out.
fn leaving(number: u128, plate: &str) -> Event {
    match car(number, plate) {
        Event::Decided { id, lane, decision, crop, guard, about, note, .. } => {
            Event::Decided { id, lane, direction: Direction::Exit, decision, crop, guard, about, note }
        }
        other => other,
    }
}

/// A car on a pass with one entry.
fn visitor(number: u128) -> Event {
    match car(number, "") {
        Event::Decided { id: entry, lane, direction, mut decision, crop, guard, about, note } => {
            decision.uses = Some((id(80), 1));
            Event::Decided { id: entry, lane, direction, decision, crop, guard, about, note }
        }
        other => other,
    }
}

/// The guard opens.
fn word(number: u128, plate: &str) -> Event {
    decided(number, Verdict::Open, plate, "ivan")
}

fn hold(number: u128) -> Event {
    Event::Hold { id: id(number), guard: "ivan".into() }
}

fn release(number: u128) -> Event {
    Event::Release { id: id(number), guard: "ivan".into() }
}

fn close(number: u128) -> Event {
    Event::Close { id: id(number), guard: "ivan".into() }
}

fn stored(number: u128) -> Event {
    Event::Stored { id: id(number), result: Ok(()) }
}

fn not_stored(number: u128, why: NotStored) -> Event {
    Event::Stored { id: id(number), result: Err(why) }
}

fn done(number: u128) -> Event {
    Event::Acknowledged { id: id(number), result: Ok(()) }
}

fn refused(number: u128) -> Event {
    Event::Acknowledged { id: id(number), result: Err("busy".into()) }
}

const THERE: Event = Event::Driver { connected: true };
const GONE: Event = Event::Driver { connected: false };
const UP: Event = Event::Position(Position::Open);
const MOVES: Event = Event::Position(Position::Moving);
const DOWN: Event = Event::Position(Position::Closed);

fn name(record: RecordId) -> String {
    let number = |record: RecordId| u128::from_be_bytes(record.to_bytes());
    if number(record) < 1_000 {
        number(record).to_string()
    } else {
        format!("~{}", number(reversal_of(record)))
    }
}

fn short(action: &Action) -> String {
    match action {
        Action::Store { id, entry, uses } => {
            let Open::Known(kind) = entry.kind else { panic!("{entry:?}") };
            let verdict = match &entry.verdict {
                Some(Open::Known(verdict)) => format!("/{verdict:?}"),
                _ => String::new(),
            };
            let about = entry.about.map(|about| format!("<{}", name(about))).unwrap_or_default();
            let uses = if uses.is_some() { " uses" } else { "" };
            format!("{}:{kind:?}{verdict}{about}{uses}", name(*id))
        }
        Action::Pulse { relay: Relay::Open, id, .. } => format!("open#{}", name(*id)),
        Action::Pulse { relay: Relay::Close, id, .. } => format!("close#{}", name(*id)),
        Action::Hold { .. } => "hold".into(),
        Action::Release(Relay::Open) => "-open".into(),
        Action::Release(Relay::Close) => "-close".into(),
        Action::Alert(Alert::Waiting(id)) => format!("!waiting {}", name(*id)),
        Action::Alert(Alert::Failed(id)) => format!("!failed {}", name(*id)),
        Action::Alert(Alert::Interrupted(id)) => format!("!interrupted {}", name(*id)),
        Action::Alert(alert) => format!("!{alert:?}"),
    }
}

/// An engine, and how it is talked to.
struct Gate {
    engine: Engine,
    now: u64,
    /// New ids are told from 100.
    ids: u128,
}

impl Gate {
    fn new(setup: Setup) -> Self {
        Gate { engine: Engine::new(setup), now: 0, ids: 99 }
    }

    fn step(&mut self, event: Event) -> Vec<Action> {
        let ids = &mut self.ids;
        self.engine.step(event, Tick(self.now), &mut || {
            *ids += 1;
            id(*ids)
        })
    }

    /// Lets time go on, stepping at each deadline as the gate's loop does, and then tells the event.
    fn tell(&mut self, at: u64, event: Event) -> Vec<Action> {
        let mut actions = Vec::new();
        while let Some(Tick(due)) = self.engine.next_deadline().filter(|due| due.0 <= at) {
            assert!(due > self.now || self.now == 0, "its deadline {due} does not move");
            self.now = due;
            actions.extend(self.step(Event::Tick));
        }
        self.now = at;
        actions.extend(self.step(event));
        actions
    }
}

fn check(setup: Setup, story: &[(u64, Event, &str)]) {
    let mut gate = Gate::new(setup);
    for (line, (at, event, expected)) in story.iter().enumerate() {
        let said: Vec<_> = gate.tell(*at, event.clone()).iter().map(short).collect();
        assert_eq!(said.join(" "), *expected, "line {line}, {event:?} at {at}");
    }
}

#[test]
fn a_car_with_a_right_goes_through_and_the_gate_closes() {
    check(
        setup(),
        &[
            (0, THERE, ""),
            (0, DOWN, ""),
            (10, car(1, "A"), "1:Decided/Open"),
            (15, stored(1), "-open -close open#1"),
            (20, done(1), "100:Commanded<1"),
            (60, MOVES, ""),
            (1_500, UP, "101:SeenOpen<1"),
            (2_000, Event::Loop(true), ""),
            (3_000, Event::Loop(false), "102:Passed<1"),
            (7_999, Event::Tick, ""),
            (8_000, Event::Tick, "103:Closing"),
            (8_005, stored(103), "-open close#103"),
            (8_010, done(103), "104:Commanded<103"),
            (8_050, MOVES, ""),
            (9_500, DOWN, "105:SeenClosed<103"),
        ],
    );
}

#[test]
fn nothing_moves_before_its_entry_is_durable() {
    check(
        setup(),
        &[
            (0, THERE, ""),
            (10, car(1, "A"), "1:Decided/Open"),
            (2_009, Event::Tick, ""),
            (2_010, Event::Tick, "!NotRecorded !waiting 1"),
            (2_500, stored(1), "100:Abandoned<1"),
            (3_000, car(2, "B"), "2:Decided/Open"),
            (3_001, not_stored(2, NotStored::Failed), "!NotRecorded 101:Decided/Ask !waiting 101"),
            (4_000, visitor(3), "3:Decided/Open uses"),
            (4_001, visitor(4), "4:Decided/Open uses"),
            (4_002, stored(3), "-open -close open#3"),
            (4_003, not_stored(4, NotStored::UsedUp), "102:Decided/Refuse !waiting 102"),
        ],
    );
}

#[test]
fn who_has_no_right_waits_for_the_guard() {
    check(
        setup(),
        &[
            (0, THERE, ""),
            (10, decided(1, Verdict::Ask, "A", ""), "1:Decided/Ask !waiting 1"),
            (20, decided(2, Verdict::Refuse, "B", ""), "2:Decided/Refuse !waiting 2"),
            (30, decided(3, Verdict::Refuse, "B", "ivan"), "3:RefusedByGuard/Refuse"),
        ],
    );
}

#[test]
fn the_guards_word_waits_for_the_store_no_longer_than_its_patience() {
    check(
        setup(),
        &[
            (0, THERE, ""),
            (10, word(1, ""), "1:Decided/Open"),
            (20, stored(1), "-open -close open#1"),
            (100, word(2, ""), "2:Decided/Open"),
            (399, Event::Tick, ""),
            (400, Event::Tick, "!NotRecorded -open open#2"),
            (450, not_stored(2, NotStored::Failed), ""),
            (500, word(3, ""), "3:Decided/Open"),
            (501, not_stored(3, NotStored::Failed), "!NotRecorded -open open#3"),
            (600, hold(4), "-open hold 4:HoldBegan"),
            (601, not_stored(4, NotStored::Failed), "!NotRecorded"),
        ],
    );
}

#[test]
fn one_car_has_one_opening() {
    check(
        setup(),
        &[
            (0, THERE, ""),
            (0, UP, "100:SeenOpen"),
            (10, car(1, "A"), "1:Decided/Open"),
            (20, car(2, "A"), "2:Decided<1"),
            (30, stored(1), "-open -close open#1"),
            (40, done(1), "101:Commanded<1"),
            (50, car(3, "A"), "3:Decided<1"),
            (1_000, Event::Loop(true), ""),
            (2_000, Event::Loop(false), "102:Passed<1"),
            (2_100, car(4, "A"), "4:Decided/Ask<1 !waiting 4"),
            (2_200, leaving(5, "A"), "5:Decided/Open"),
            (2_210, stored(5), "open#5"),
            (2_220, done(5), "103:Commanded<5"),
            (30_029, leaving(6, "A"), "6:Decided<5"),
            (30_030, car(7, "A"), "7:Decided<5"),
        ],
    );
}

#[test]
fn two_cars_have_an_opening_each_and_a_third_slips_in() {
    check(
        setup(),
        &[
            (0, THERE, ""),
            (0, UP, "100:SeenOpen"),
            (10, car(1, "A"), "1:Decided/Open"),
            (11, stored(1), "-open -close open#1"),
            (12, done(1), "101:Commanded<1"),
            (100, car(2, "B"), "2:Decided/Open"),
            (101, stored(2), "-open open#2"),
            (102, done(2), "102:Commanded<2"),
            (1_000, Event::Loop(true), ""),
            (2_000, Event::Loop(false), "103:Passed<1"),
            (3_000, Event::Loop(true), ""),
            (4_000, Event::Loop(false), "104:Passed<2"),
            (5_000, Event::Loop(true), ""),
            (6_000, Event::Loop(false), "105:Tailgated !Tailgated"),
        ],
    );
}

#[test]
fn nobody_passes() {
    check(
        setup(),
        &[
            (0, THERE, ""),
            (0, UP, "100:SeenOpen"),
            (10, car(1, "A"), "1:Decided/Open"),
            (11, stored(1), "-open -close open#1"),
            (12, done(1), "101:Commanded<1"),
            (30_011, Event::Tick, "102:NobodyPassed<1"),
            (35_011, Event::Tick, "103:Closing"),
        ],
    );
}

#[test]
fn the_guard_is_faster_than_the_store() {
    check(
        setup(),
        &[
            (0, THERE, ""),
            (0, UP, "100:SeenOpen"),
            (10, car(1, "A"), "1:Decided/Open"),
            (20, word(2, "A"), "2:Decided/Open"),
            (320, Event::Tick, "!NotRecorded -open -close open#2"),
            (500, stored(1), "101:Abandoned<1"),
        ],
    );
}

#[test]
fn a_gate_that_sees_no_passage_takes_it_for_granted() {
    check(
        plain(),
        &[
            (0, THERE, ""),
            (0, DOWN, ""),
            (10, car(1, "A"), "1:Decided/Open"),
            (11, stored(1), "-open -close open#1"),
            (12, done(1), "100:Commanded<1"),
            (1_500, UP, "101:SeenOpen<1 102:Passed<1"),
            (1_600, car(2, "A"), "2:Decided<1"),
        ],
    );
}

#[test]
fn it_does_not_move() {
    check(
        setup(),
        &[
            (0, THERE, ""),
            (0, DOWN, ""),
            (10, car(1, "A"), "1:Decided/Open"),
            (11, stored(1), "-open -close open#1"),
            (12, done(1), "100:Commanded<1"),
            (3_012, Event::Tick, "101:Jammed<1 !Jammed"),
            (3_100, car(2, "A"), "2:Decided/Ask<1 !waiting 2"),
        ],
    );
}

#[test]
fn the_driver_says_nothing_or_no() {
    check(
        setup(),
        &[
            (0, THERE, ""),
            (10, car(1, "A"), "1:Decided/Open"),
            (11, stored(1), "-open -close open#1"),
            (1_011, Event::Tick, "100:Failed<1 !failed 1"),
            (1_100, car(2, "A"), "2:Decided/Ask<1 !waiting 2"),
            (2_000, car(3, "B"), "3:Decided/Open"),
            (2_001, stored(3), "open#3"),
            (2_002, refused(3), "101:Failed<3 !failed 3"),
            (2_100, car(4, "B"), "4:Decided/Open"),
            (2_101, stored(4), "-open open#4"),
        ],
    );
}

#[test]
fn the_driver_is_lost_and_nothing_is_told_again() {
    check(
        setup(),
        &[
            (0, THERE, ""),
            (10, car(1, "A"), "1:Decided/Open"),
            (11, stored(1), "-open -close open#1"),
            (20, GONE, "100:DriverLost !DriverLost 101:Failed<1"),
            (30, car(2, "B"), "2:Decided/Open"),
            (31, stored(2), "102:Abandoned<2 !DriverLost !waiting 2"),
            (40, hold(3), "3:HoldBegan"),
            (50, THERE, "103:DriverBack -open -close hold"),
            (60, done(1), ""),
        ],
    );
}

#[test]
fn beam_and_loop_stop_a_closing_barrier() {
    check(
        setup(),
        &[
            (0, THERE, ""),
            (0, UP, "100:SeenOpen"),
            (10, close(1), "1:Closing"),
            (11, stored(1), "-open -close close#1"),
            (12, done(1), "101:Commanded<1"),
            (50, MOVES, ""),
            (300, Event::Beam(true), "-close open#~1 102:Obstructed<1"),
            (310, Event::Acknowledged { id: reversal_of(id(1)), result: Ok(()) }, "103:Commanded<102"),
            (400, Event::Loop(true), ""),
            (500, Event::Beam(false), ""),
            (510, UP, "104:SeenOpen"),
            (600, close(2), "2:Closing"),
            (601, stored(2), "105:Obstructed<2"),
        ],
    );
}

#[test]
fn it_does_not_close_on_what_is_there() {
    check(
        setup(),
        &[
            (0, THERE, ""),
            (0, UP, "100:SeenOpen"),
            (10, hold(1), "-open -close hold 1:HoldBegan"),
            (20, release(2), "-open 2:HoldEnded<1"),
            (100, Event::Beam(true), ""),
            (6_000, Event::Tick, ""),
            (7_000, Event::Beam(false), ""),
            (12_000, Event::Tick, "101:Closing"),
            (12_001, Event::Beam(true), ""),
            (12_002, stored(101), "102:Abandoned<101"),
        ],
    );
}

#[test]
fn a_hold_is_a_lease_and_ends_with_the_guard() {
    check(
        setup(),
        &[
            (0, THERE, ""),
            (0, DOWN, ""),
            (10, hold(1), "-open -close hold 1:HoldBegan"),
            (1_500, UP, "100:SeenOpen<1"),
            (2_010, Event::Tick, "hold"),
            (2_100, car(2, "A"), "2:Decided/Open"),
            (2_101, stored(2), ""),
            (3_000, Event::Loop(true), ""),
            (3_500, Event::Loop(false), "101:Passed<2"),
            (3_600, Event::Loop(true), ""),
            (3_700, Event::Loop(false), "102:Passed<1"),
            (4_000, release(3), "-open 3:HoldEnded<1"),
            (4_100, release(4), ""),
            (9_000, Event::Tick, "103:Closing"),
        ],
    );
}

#[test]
fn fire_beats_everything() {
    check(
        setup(),
        &[
            (0, THERE, ""),
            (0, UP, "100:SeenOpen"),
            (10, hold(1), "-open -close hold 1:HoldBegan"),
            (20, Event::Fire(true), "hold 101:FireBegan"),
            (30, close(2), "2:Closing"),
            (31, stored(2), "102:Abandoned<2"),
            (40, release(3), "3:HoldEnded<1"),
            (50, Event::Fire(true), ""),
            (60, Event::Fire(false), "-open 103:FireEnded<101"),
            (70, close(4), "4:Closing"),
            (71, Event::Fire(true), "hold 105:Abandoned<4 104:FireBegan"),
            (72, stored(4), ""),
        ],
    );
}

#[test]
fn the_guard_closes_and_so_ends_the_hold() {
    check(
        setup(),
        &[
            (0, THERE, ""),
            (0, UP, "100:SeenOpen"),
            (10, hold(1), "-open -close hold 1:HoldBegan"),
            (20, close(2), "2:Closing"),
            (21, stored(2), "-open 101:HoldEnded<1 close#2"),
        ],
    );
}

#[test]
fn a_gate_that_closes_by_itself_is_only_watched() {
    check(
        plain(),
        &[
            (0, THERE, ""),
            (0, UP, "100:SeenOpen"),
            (10, MOVES, ""),
            (20, Event::Beam(true), "101:Obstructed"),
            (30, UP, "102:SeenOpen"),
            (40, close(1), "1:Closing"),
            (41, stored(1), "103:Obstructed<1"),
        ],
    );
}

#[test]
fn told_twice_is_done_once() {
    check(
        setup(),
        &[
            (0, THERE, ""),
            (10, car(1, "A"), "1:Decided/Open"),
            (11, stored(1), "-open -close open#1"),
            (12, stored(1), ""),
            (13, car(1, "A"), ""),
            (14, stored(1), ""),
            (15, done(1), "100:Commanded<1"),
            (16, done(1), ""),
        ],
    );
}

/// What an engine says where nothing was asked of it yet.
fn recalled(entry: Entry, outcomes: &[Kind]) -> Gate {
    let mut gate = Gate::new(setup());
    gate.engine.recall(id(1), &entry, Tick(0), outcomes);
    assert_eq!(gate.tell(100, THERE), []);
    gate
}

fn opening_of(plate: &str) -> Entry {
    Entry {
        kind: Open::Known(Kind::Decided),
        verdict: Some(Open::Known(Verdict::Open)),
        direction: Some(Direction::Entry),
        plate: plate.into(),
        house: Some(id(90)),
        ..Entry::default()
    }
}

#[test]
fn what_an_earlier_run_left_is_told_and_never_done() {
    let mut gate = Gate::new(setup());
    let actions = gate.engine.interrupted(&[id(1), id(2)], Tick(5), &mut || id(50));
    let said: Vec<_> = actions.iter().map(short).collect();
    assert_eq!(said.join(" "), "50:Interrupted<1 !interrupted 1 50:Interrupted<2 !interrupted 2");
    // Neither the driver nor a store that answers late makes it move.
    assert_eq!(gate.tell(10, THERE), []);
    assert_eq!(gate.tell(20, stored(1)), []);
    assert_eq!(gate.tell(30, car(1, "A")), []);
}

#[test]
fn a_car_of_an_earlier_run_does_not_open_again() {
    fn check(outcomes: &[Kind], event: Event, expected: &str) {
        let mut gate = recalled(opening_of("A"), outcomes);
        let said: Vec<_> = gate.tell(200, event).iter().map(short).collect();
        assert_eq!(said.join(" "), expected, "{outcomes:?}");
    }
    check(&[], car(2, "A"), "2:Decided/Ask<1 !waiting 2");
    check(&[Kind::Commanded], car(2, "A"), "2:Decided/Ask<1 !waiting 2");
    check(&[Kind::Commanded, Kind::Passed], car(2, "A"), "2:Decided/Ask<1 !waiting 2");
    check(&[Kind::Commanded, Kind::Passed], leaving(2, "A"), "2:Decided/Open");
    check(&[Kind::Abandoned], car(2, "A"), "2:Decided/Open");
    check(&[Kind::Commanded], car(2, "B"), "2:Decided/Open");
}

#[test]
fn a_car_of_an_earlier_run_passes_on_its_own_opening() {
    let mut gate = recalled(opening_of("A"), &[Kind::Commanded]);
    gate.tell(200, Event::Loop(true));
    let actions = gate.tell(300, Event::Loop(false));
    let [Action::Store { entry, .. }] = &actions[..] else { panic!("{actions:?}") };
    assert_eq!(entry.kind, Open::Known(Kind::Passed));
    assert_eq!((entry.about, entry.plate.as_str(), entry.house), (Some(id(1)), "A", Some(id(90))));
}

#[test]
fn a_closing_of_an_earlier_run_is_still_stopped() {
    let closing = Entry { kind: Open::Known(Kind::Closing), ..Entry::default() };
    let mut gate = recalled(closing.clone(), &[Kind::Commanded]);
    let said: Vec<_> = gate.tell(200, Event::Beam(true)).iter().map(short).collect();
    assert_eq!(said.join(" "), "-close -open -close open#~1 100:Obstructed<1");
    let mut gate = recalled(closing, &[Kind::Commanded, Kind::SeenClosed]);
    assert_eq!(gate.tell(200, Event::Beam(true)), []);
}

#[test]
fn an_entry_says_who_and_where() {
    let mut gate = Gate::new(plain());
    gate.tell(0, THERE);
    gate.tell(10, car(1, "A"));
    gate.tell(11, stored(1));
    gate.tell(12, done(1));
    let actions = gate.tell(1_500, UP);
    let entries: Vec<_> = actions
        .iter()
        .filter_map(|action| match action {
            Action::Store { entry, .. } => Some(entry),
            _ => None,
        })
        .collect();
    let [seen, passed] = entries[..] else { panic!("{actions:?}") };
    assert_eq!((seen.gate, seen.about), (Some(id(99)), Some(id(1))));
    assert_eq!((passed.gate, passed.direction), (Some(id(99)), Some(Direction::Entry)));
    assert_eq!((passed.plate.as_str(), passed.lane.as_str(), passed.house), ("A", "in", Some(id(90))));
    assert_eq!(passed.note, PASSAGE_NOT_SEEN);
}

#[test]
fn an_hour_of_everybody_at_once_does_not_fill_its_memory() {
    let mut gate = Gate::new(setup());
    gate.tell(0, THERE);
    for round in 0..3_000u128 {
        let (number, at) = (1_000 + 10 * round, 10 + 1_200 * u64::try_from(round).unwrap());
        gate.tell(at, car(number, &format!("P{round}")));
        gate.tell(at, decided(number + 1, Verdict::Ask, &format!("Q{round}"), ""));
        gate.tell(at, word(number + 2, ""));
        if round % 2 == 0 {
            gate.tell(at, stored(number));
        }
        let status = gate.engine.status();
        assert!(status.waiting.len() <= 32 && status.under_way <= 16, "{status:?}");
    }
    // Left alone, everything comes to its end: no deadline remains but those that are due to what is still open.
    let end = gate.now + 3_600_000;
    gate.tell(end, DOWN);
    let status = gate.engine.status();
    assert!(status.waiting.is_empty() && status.under_way == 0, "{status:?}");
    assert_eq!(gate.engine.next_deadline(), None);
}

#[test]
fn its_state_is_one_document() {
    let mut gate = Gate::new(setup());
    gate.tell(0, THERE);
    gate.tell(0, UP);
    gate.tell(10, decided(1, Verdict::Ask, "A", ""));
    gate.tell(20, word(2, "B"));
    gate.tell(21, stored(2));
    gate.tell(30, hold(3));
    let status = serde_json::to_value(gate.engine.status()).unwrap();
    assert_eq!(status["connected"], true);
    assert_eq!(status["position"], "open");
    assert_eq!(status["commanded"], "held_open");
    assert_eq!(status["hold"]["guard"], "ivan");
    assert_eq!(status["waiting"][0]["plate"], "A");
    assert_eq!(status["last"]["plate"], "B");
    assert_eq!(status["under_way"], 1);
}
