//! The process `dwellers-barrier` over its real socket.

use std::fs;
use std::time::{Duration, Instant};

use dwellers_hub::barrier::wire::{LATE_AFTER_MS, Reply, Request};
use dwellers_hub::barrier::{By, Command, Entry, Output, Refused, What, Why, World};
use dwellers_hub::engine::{Position, Relay};

use crate::process::{Barrier, Line, eventually, id, run};

/// A connection as the hub, which knows the latest beat.
struct Hub {
    line: Line,
    beat: u64,
}

impl Hub {
    fn connect(barrier: &Barrier) -> Self {
        let mut line = barrier.connect();
        line.say(&Request::Hub);
        Hub { line, beat: 0 }
    }

    /// The next thing that is told beside beats.
    fn hear(&mut self) -> Option<Reply> {
        eventually("something beside beats", || match self.line.hear() {
            Some(Reply::Beat(beat)) => {
                self.beat = beat;
                None
            }
            other => Some(other),
        })
    }

    fn wait_for(&mut self, output: &Output) {
        while self.hear().expect("it goes on") != Reply::Told(output.clone()) {}
    }

    /// The sensors as they are told after connecting.
    fn greeted(&mut self) -> [Option<Reply>; 4] {
        [self.hear(), self.hear(), self.hear(), self.hear()]
    }

    fn command(&mut self, command: Command) {
        self.line.say(&Request::Do { beat: self.beat, command });
    }

    fn pulse(&mut self, relay: Relay, number: u128, ms: u32) {
        self.command(Command::Pulse { relay, id: id(number), ms });
    }
}

fn told(output: Output) -> Option<Reply> {
    Some(Reply::Told(output))
}

fn at_rest() -> [Option<Reply>; 4] {
    on_loop(false)
}

/// Closed, and nothing but perhaps something on the loop.
fn on_loop(occupied: bool) -> [Option<Reply>; 4] {
    [
        told(Output::Position(Position::Closed)),
        told(Output::Loop(occupied)),
        told(Output::Beam(false)),
        told(Output::Fire(false)),
    ]
}

#[test]
fn a_hub_is_told_the_sensors_and_what_its_pulse_did() {
    let barrier = Barrier::start(&["--opening-ms", "50"]);
    let mut hub = Hub::connect(&barrier);
    assert_eq!(hub.greeted(), at_rest());
    hub.pulse(Relay::Open, 1, 100);
    assert_eq!(hub.hear(), told(Output::Acknowledged { id: id(1), refused: None }));
    assert_eq!(hub.hear(), told(Output::Position(Position::Moving)));
    assert_eq!(hub.hear(), told(Output::Position(Position::Open)));
    hub.pulse(Relay::Open, 1, 100);
    assert_eq!(hub.hear(), told(Output::Acknowledged { id: id(1), refused: None }));
    hub.pulse(Relay::Open, 2, 0);
    assert_eq!(hub.hear(), told(Output::Acknowledged { id: id(2), refused: Some(Refused::Empty) }));
    barrier.happen(World::Car { tailgates: true, crossing_ms: 10 });
    hub.wait_for(&Output::Loop(true));
    hub.wait_for(&Output::Loop(false));
    assert_eq!(eventually("a car", || Some(barrier.state().passed).filter(|passed| *passed > 0)), 1);
}

#[test]
fn a_relay_outlives_its_hub_by_no_more_than_its_pulse() {
    let barrier = Barrier::start(&[]);
    let mut hub = Hub::connect(&barrier);
    hub.greeted();
    hub.pulse(Relay::Open, 1, 60_000);
    hub.wait_for(&Output::Acknowledged { id: id(1), refused: None });
    drop(hub);
    let happened = eventually("the relay is off", || Some(barrier.happened()).filter(|what| what.len() >= 2));
    let by = By::Pulse(id(1));
    let expected = [
        What::Energised { relay: Relay::Open, by, ms: 2_000 },
        What::Released { relay: Relay::Open, by, after_ms: 2_000, why: Why::TimeOver },
    ];
    assert_eq!(happened, expected);
    let mut hub = Hub::connect(&barrier);
    assert_eq!(hub.hear(), told(Output::Position(Position::Open)));
    assert_eq!(barrier.happened(), expected, "a hub that comes back moves nothing");
}

#[test]
fn a_new_hub_replaces_the_old_one() {
    let barrier = Barrier::start(&[]);
    let mut old = Hub::connect(&barrier);
    assert_eq!(old.greeted(), at_rest());
    let mut new = Hub::connect(&barrier);
    assert_eq!(new.greeted(), at_rest());
    assert_eq!(old.hear(), None, "the old one is told nothing more");
    new.pulse(Relay::Open, 1, 100);
    new.wait_for(&Output::Acknowledged { id: id(1), refused: None });
}

#[test]
fn only_a_hub_commands_and_a_hub_does_nothing_else() {
    let barrier = Barrier::start(&[]);
    let mut line = barrier.connect();
    let command = Command::Pulse { relay: Relay::Open, id: id(1), ms: 100 };
    assert!(matches!(line.ask(&Request::Do { beat: 1, command }), Reply::Error(_)));
    let mut hub = Hub::connect(&barrier);
    hub.greeted();
    hub.line.say(&Request::World(World::Jam(true)));
    assert!(matches!(hub.hear(), Some(Reply::Error(_))));
    assert!(!barrier.state().jammed);
    assert_eq!(barrier.happened(), []);
}

#[test]
fn a_command_that_names_an_old_beat_is_late() {
    let barrier = Barrier::start(&[]);
    let mut hub = Hub::connect(&barrier);
    hub.greeted();
    let first = hub.beat;
    while hub.beat < first + 6 {
        if let Some(Reply::Beat(beat)) = hub.line.hear() {
            hub.beat = beat;
        }
    }
    for beat in [first, 0, u64::MAX] {
        let command = Command::Pulse { relay: Relay::Open, id: id(1), ms: 100 };
        hub.line.say(&Request::Do { beat, command });
        assert_eq!(hub.hear(), told(Output::Acknowledged { id: id(1), refused: Some(Refused::Late) }));
        hub.line.say(&Request::Do { beat, command: Command::Hold { lease_ms: 1_000 } });
        assert!(matches!(hub.hear(), Some(Reply::Error(_))));
    }
    assert_eq!(barrier.happened(), []);
    hub.command(Command::Hold { lease_ms: 60_000 });
    eventually("it is held", || barrier.state().open);
    hub.line.say(&Request::Do { beat: first, command: Command::Release { relay: Relay::Open } });
    eventually("a release is never late", || barrier.state().open.is_none().then_some(()));
}

#[test]
fn what_lay_in_a_buffer_while_it_hung_is_late() {
    let barrier = Barrier::start(&[]);
    let mut hub = Hub::connect(&barrier);
    hub.greeted();
    barrier.signal("STOP");
    let began = Instant::now();
    hub.pulse(Relay::Open, 1, 100);
    hub.command(Command::Hold { lease_ms: 60_000 });
    eventually("it hangs for too long", || {
        (began.elapsed() > Duration::from_millis(LATE_AFTER_MS + 10)).then_some(())
    });
    barrier.signal("CONT");
    hub.wait_for(&Output::Acknowledged { id: id(1), refused: Some(Refused::Late) });
    assert!(matches!(hub.hear(), Some(Reply::Error(_))));
    hub.pulse(Relay::Open, 1, 100);
    hub.wait_for(&Output::Acknowledged { id: id(1), refused: None });
    let first = barrier.happened()[0];
    assert_eq!(
        first,
        What::Energised { relay: Relay::Open, by: By::Pulse(id(1)), ms: 100 },
        "then it is new"
    );
}

#[test]
fn a_jammed_motor_acknowledges_and_does_not_move() {
    let barrier = Barrier::start(&["--opening-ms", "50"]);
    let mut hub = Hub::connect(&barrier);
    hub.greeted();
    barrier.happen(World::Jam(true));
    hub.pulse(Relay::Open, 1, 100);
    assert_eq!(hub.hear(), told(Output::Acknowledged { id: id(1), refused: None }));
    eventually("the pulse is over", || Some(barrier.happened()).filter(|what| what.len() == 2));
    assert_eq!(barrier.state().position, Position::Closed);
    barrier.happen(World::Jam(false));
    assert_eq!(hub.hear(), told(Output::Position(Position::Moving)));
    assert_eq!(hub.hear(), told(Output::Position(Position::Open)));
}

#[test]
fn a_pulled_cable_is_silent_and_keeps_nothing() {
    let check = |pull: World, plug: World| {
        let barrier = Barrier::start(&[]);
        let mut hub = Hub::connect(&barrier);
        hub.greeted();
        barrier.happen(pull);
        hub.pulse(Relay::Open, 1, 100);
        hub.line.send(b"neither is this understood\n");
        // A second hub, so that the first one's lines are known to be through before the cable is back.
        let mut second = Hub::connect(&barrier);
        assert_eq!(hub.hear(), None);
        second.pulse(Relay::Open, 2, 100);
        barrier.happen(World::Loop(true));
        barrier.happen(plug);
        assert_eq!(second.greeted(), on_loop(true), "{pull:?}");
        assert!(second.beat > 0, "it beats again");
        second.pulse(Relay::Open, 3, 100);
        second.wait_for(&Output::Acknowledged { id: id(3), refused: None });
        let first = barrier.happened()[0];
        assert_eq!(first, What::Energised { relay: Relay::Open, by: By::Pulse(id(3)), ms: 100 }, "{pull:?}");
    };
    check(World::Cable(false), World::Cable(true));
    check(World::Power(false), World::Power(true));
}

#[test]
fn what_is_not_understood_gets_an_answer_and_changes_nothing() {
    let barrier = Barrier::start(&[]);
    let deep = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
    let long = format!("{{\"{}\":1}}", "x".repeat(60_000));
    let wrong: [&[u8]; 10] = [
        long.as_bytes(),
        b"",
        b"{",
        b"\"hubb\"",
        b"{\"world\":{\"jam\":3}}",
        b"{\"world\":{\"car\":{\"wings\":2}}}",
        b"{\"history\":{\"after\":-1}}",
        b"\xff\xfe\x00",
        b"{\"do\":{\"beat\":1,\"command\":{\"pulse\":{\"relay\":\"open\",\"id\":\"1\",\"ms\":5}}}}",
        deep.as_bytes(),
    ];
    let mut world = barrier.connect();
    let mut hub = Hub::connect(&barrier);
    hub.greeted();
    for line in wrong {
        world.send(line);
        world.send(b"\n");
        let Some(Reply::Error(error)) = world.hear() else { panic!("{line:?}") };
        assert!(error.len() < 1_000, "an answer has its bounds too: {}", error.len());
        hub.line.send(line);
        hub.line.send(b"\n");
        assert!(matches!(hub.hear(), Some(Reply::Error(_))), "{line:?}");
    }
    assert_eq!(world.ask(&Request::World(World::Beam(true))), Reply::Done, "it goes on");
    hub.wait_for(&Output::Beam(true));
    // Half a line and the end of the connection: no line.
    let mut half = barrier.connect();
    half.send(b"{\"world\":{\"jam\":true}}");
    drop(half);
    assert!(!barrier.state().jammed);
    assert_eq!(barrier.happened(), []);
}

#[test]
fn an_endless_line_ends_its_connection_and_no_other() {
    let barrier = Barrier::start(&[]);
    let mut hub = Hub::connect(&barrier);
    hub.greeted();
    let mut endless = barrier.connect();
    endless.send(&vec![b'x'; (64 << 10) + 1]);
    assert!(matches!(endless.hear(), Some(Reply::Error(_))));
    assert_eq!(endless.drain(), b"");
    barrier.happen(World::Loop(true));
    hub.wait_for(&Output::Loop(true));
    hub.line.send(&vec![b'x'; (64 << 10) + 1]);
    while hub.hear().is_some() {}
    Hub::connect(&barrier).greeted();
}

#[test]
fn a_hub_that_does_not_read_is_dropped_and_delays_nobody() {
    let barrier = Barrier::start(&[]);
    let mut deaf = Hub::connect(&barrier);
    deaf.greeted();
    let mut world = barrier.connect();
    for round in 0..10_000 {
        assert_eq!(world.ask(&Request::World(World::Loop(round % 2 == 0))), Reply::Done);
    }
    let heard = deaf.line.drain();
    assert!(heard.len() < 10_000 * b"{\"told\":{\"loop\":true}}\n".len(), "it was dropped: {}", heard.len());
    assert_eq!(Hub::connect(&barrier).greeted(), at_rest());
}

#[test]
fn there_are_so_many_connections_and_no_more() {
    let barrier = Barrier::start(&[]);
    let mut lines: Vec<Line> = (0..256).map(|_| barrier.connect()).collect();
    for line in &mut lines {
        assert!(matches!(line.ask(&Request::State), Reply::State(_)));
    }
    assert!(matches!(barrier.connect().hear(), Some(Reply::Error(_))));
    lines.pop();
    eventually("there is room again", || {
        let mut line = barrier.connect();
        line.say(&Request::State);
        matches!(line.hear(), Some(Reply::State(_))).then_some(())
    });
}

#[test]
fn the_history_is_asked_page_by_page_and_kept_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("history.jsonl");
    let barrier = Barrier::start(&["--history", file.to_str().unwrap()]);
    let mut hub = Hub::connect(&barrier);
    hub.greeted();
    for number in 0..300 {
        hub.pulse(if number % 2 == 0 { Relay::Open } else { Relay::Close }, number, 1_000);
        hub.wait_for(&Output::Acknowledged { id: id(number), refused: None });
    }
    hub.command(Command::Release { relay: Relay::Close });
    let history = eventually("all of it", || Some(barrier.history()).filter(|history| history.len() >= 600));
    assert!(history.iter().map(|entry| entry.number).eq(1..=600));
    let kept: Vec<Entry> =
        fs::read_to_string(&file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(kept, history);
}

#[test]
fn a_history_that_cannot_be_kept_is_no_history() {
    let mut barrier = Barrier::start(&["--history", "/dev/full"]);
    let mut hub = Hub::connect(&barrier);
    hub.greeted();
    hub.pulse(Relay::Open, 1, 100);
    assert!(!barrier.ended().success());
    let nowhere = run(&["--socket", "unused.sock", "--history", "/nonexistent/history"]);
    assert!(String::from_utf8_lossy(&nowhere.stderr).contains("/nonexistent/history"), "{nowhere:?}");
}

#[test]
fn it_ends_when_told_and_leaves_no_socket() {
    for signal in ["TERM", "INT"] {
        let mut barrier = Barrier::start(&[]);
        let mut hub = Hub::connect(&barrier);
        hub.greeted();
        barrier.signal(signal);
        assert!(barrier.ended().success(), "{signal}");
        assert_eq!(hub.hear(), None);
        assert!(!barrier.socket().exists());
        assert_eq!(fs::read_dir(barrier.folder()).unwrap().count(), 0);
    }
}

#[test]
fn a_socket_has_one_owner() {
    let mut barrier = Barrier::start(&[]);
    let socket = barrier.socket();
    let socket = socket.to_str().unwrap();
    let second = run(&["--socket", socket]);
    assert!(!second.status.success());
    assert!(String::from_utf8_lossy(&second.stderr).contains("another process listens there"), "{second:?}");
    barrier.state();
    // What a killed one left behind is in nobody's way.
    barrier.restart();
    barrier.state();
    let file = barrier.folder().join("file");
    fs::write(&file, "precious").unwrap();
    let third = run(&["--socket", file.to_str().unwrap()]);
    assert!(String::from_utf8_lossy(&third.stderr).contains("no socket"), "{third:?}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "precious");
}

#[test]
fn its_help_is_true() {
    let barrier = Barrier::start(&[]);
    let socket = barrier.socket();
    let socket = socket.to_str().unwrap();
    let help = String::from_utf8(run(&["--help"]).stdout).unwrap();
    let sayings: Vec<&str> = help
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with('"') || line.starts_with('{'))
        .map(|line| line.split("  ").next().unwrap())
        .collect();
    assert!(sayings.len() >= 10, "{sayings:?}");
    for saying in sayings {
        let answer = run(&["--socket", socket, "--tell", saying]);
        let text = String::from_utf8_lossy(&answer.stdout).into_owned();
        assert!(answer.status.success() && !text.contains("error"), "{saying}: {answer:?}");
        assert!(serde_json::from_str::<Reply>(&text).is_ok(), "{saying}: {text}");
    }
    let wrong = run(&["--socket", socket, "--tell", "{\"world\":\"end\"}"]);
    assert!(
        !wrong.status.success() && String::from_utf8_lossy(&wrong.stderr).contains("--help"),
        "{wrong:?}"
    );
    let nobody = run(&["--socket", "/nonexistent/barrier.sock", "--tell", "\"state\""]);
    assert!(String::from_utf8_lossy(&nobody.stderr).contains("no barrier listens there"), "{nobody:?}");
}
