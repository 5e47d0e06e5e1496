//! The configuration: every shipped example reads; what is wrong is named with its place and what would be right.

use std::fs;
use std::path::Path;

use dwellers::gates::{Buttons, Direction, Kind};
use dwellers_hub::camera::files::Play;
use dwellers_hub::config::{Camera, Closing, Config, Driver, Fails, Screens, Sensor, Source, TimeSource};
use dwellers_hub::engine;
use dwellers_replica::{Open, RecordId};

/// The shortest that there can be.
const SHORT: &str = r#"[[gate]]
key = "main"
name = "Въезд"
fails = "closed"
driver = { kind = "sim", socket = "main.sock" }
lane = [{ key = "in", direction = "entry" }]
"#;

fn parse(text: &str) -> Result<Config, String> {
    Config::parse("hub.toml", text).map_err(|error| error.to_string())
}

#[test]
fn the_shipped_example_is_right() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../systemd/hub.toml");
    let config = Config::load(&path).unwrap_or_else(|error| panic!("{error}"));
    assert!(!config.gates.is_empty());
}

#[test]
fn the_unit_makes_the_folders_that_the_hub_uses() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../systemd/dwellers-hub.service");
    let unit = fs::read_to_string(path).unwrap();
    let hub = parse(SHORT).unwrap().hub;
    let value = |key: &str| unit.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('=')).unwrap();
    assert_eq!(hub.data, Path::new("/var/lib").join(value("StateDirectory")));
    assert_eq!(hub.run, Path::new("/run").join(value("RuntimeDirectory")));
    assert_eq!((value("Type"), value("RuntimeDirectoryPreserve")), ("notify", "yes"));
}

/// Every line that an example shows behind a single `#` is what the program does without it.
#[test]
fn the_defaults_that_the_example_shows_are_the_defaults() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../systemd/hub.toml");
    let text = fs::read_to_string(path).unwrap();
    let is_setting = |line: &str| {
        line.strip_prefix("# ").and_then(|line| line.split_once(" = ")).is_some_and(|(key, _)| {
            !key.is_empty() && key != "tls" && key.chars().all(|c| c.is_ascii_lowercase() || c == '_')
        })
    };
    let shown: Vec<_> = text.lines().filter(|line| is_setting(line)).collect();
    assert_eq!(shown.len(), 10, "{shown:#?}");
    let set: String = text
        .lines()
        .map(|line| if is_setting(line) { line.trim_start_matches("# ") } else { line }.to_owned() + "\n")
        .collect();
    assert_eq!(parse(&set).unwrap(), parse(&text).unwrap());
}

#[test]
fn the_camera_that_the_example_shows_is_right() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../systemd/hub.toml");
    let text = fs::read_to_string(path).unwrap();
    assert!(parse(&text).unwrap().cameras.is_empty(), "it is an example");
    let shown: String =
        text.lines().map(|line| line.strip_prefix("## ").unwrap_or(line).to_owned() + "\n").collect();
    let config = parse(&shown).unwrap();
    assert_eq!(config.sight.models.as_deref(), Some(Path::new("/etc/dwellers/models")));
    // What the example says of defaults is so.
    let plain = parse(&(text.clone() + CAMERA)).unwrap();
    let Camera { sees, frame_rate, confidence, plate_px, .. } = plain.cameras[0].clone();
    let shown = &config.cameras[0];
    assert_eq!((sees, frame_rate, plate_px), (shown.sees, shown.frame_rate, shown.plate_px));
    assert_eq!(confidence.to_bits(), shown.confidence.to_bits());
    assert_eq!(plain.cameras[0].source, Source::Files { path: "stills".into(), play: Play::Once });
}

/// The shortest that there can be, behind [`SHORT`].
const CAMERA: &str = r#"[[camera]]
key = "in"
name = "Въезд"
gate = "main"
lane = "in"
source = { kind = "files", path = "stills" }
"#;

#[test]
fn what_is_wrong_with_a_camera_is_told() {
    let check = |from: &str, to: &str, expected: &str| {
        assert!(CAMERA.contains(from), "{from}");
        let text = CAMERA.replacen(from, to, 1) + SHORT;
        match parse(&text) {
            Ok(_) => panic!("{to}: nothing is wrong with it?"),
            Err(message) => assert_eq!(message, expected, "\n{text}"),
        }
    };
    let line = |line: &str, expected: &str| check("source =", &format!("{line}\nsource ="), expected);
    check(
        "\"main\"",
        "\"mian\"",
        "hub.toml:4:8: camera \"in\": gate = \"mian\": there is no such gate; there is \"main\"",
    );
    check(
        "lane = \"in\"",
        "lane = \"out\"",
        "hub.toml:5:8: camera \"in\": lane = \"out\": gate \"main\" has no such lane; it has \"in\"",
    );
    check(
        "lane = \"in\"\n",
        "",
        "hub.toml:1:1: camera \"in\": lane is missing: the key of the lane that it sees",
    );
    check(
        "gate = \"main\"\n",
        "",
        "hub.toml:1:1: camera \"in\": gate is missing: the key of the gate that it watches",
    );
    check(
        "key = \"in\"",
        "key = \"At the gate\"",
        "hub.toml:2:7: camera \"At the gate\": key = \"At the gate\": a key is 1 to 32 of a–z, 0–9 and -; name is for people",
    );
    check(
        "\"Въезд\"",
        "\"\"",
        "hub.toml:3:8: camera \"in\": name = \"\": what people call it, 1 to 60 characters",
    );
    check(
        "\"files\"",
        "\"rtsp\"",
        "hub.toml:6:19: camera \"in\": source.kind = \"rtsp\": no such source; there is \"files\"",
    );
    check(
        ", path = \"stills\"",
        "",
        "hub.toml:6:10: camera \"in\": source.path is missing: a folder of stills, or a file",
    );
    check(
        "\"stills\"",
        "\"\"",
        "hub.toml:6:35: camera \"in\": source.path = \"\": a folder of stills, or a file",
    );
    check(
        "source = { kind = \"files\", path = \"stills\" }\n",
        "",
        "hub.toml:1:1: camera \"in\": source is missing: where its frames come from, such as source = { kind = \"files\", path = \"stills\" }",
    );
    line("sees = \"side\"", "hub.toml:6:8: camera \"in\": sees = \"side\": it is \"front\" or \"rear\"");
    line("frame_rate = 0", "hub.toml:6:14: camera \"in\": frame_rate = 0: 1 to 30 frames a second");
    line(
        "confidence = 0.5",
        "hub.toml:6:14: camera \"in\": confidence = 0.5: 0.9 to 0.9995: how sure a reading is that opens by itself",
    );
    line(
        "confidence = nan",
        "hub.toml:6:14: camera \"in\": confidence = nan: 0.9 to 0.9995: how sure a reading is that opens by itself",
    );
    line(
        "plate_px = 10",
        "hub.toml:6:12: camera \"in\": plate_px = 10: 30 to 1000: how many pixels wide a plate is that opens by itself",
    );
    line(
        "region = [0.0, 0.5, 1.0, 0.4]",
        "hub.toml:6:10: camera \"in\": region: left, top, right and bottom as shares of the picture, such as [0.0, 0.3, 1.0, 1.0]",
    );
    line(
        "frames = 3",
        "hub.toml:6:1: camera \"in\": frames: no such key; there are key, name, gate, lane, sees, region, frame_rate, confidence, plate_px, source",
    );
    let twice = parse(&(CAMERA.repeat(2) + SHORT)).unwrap_err();
    assert_eq!(
        twice,
        "hub.toml:8:7: camera \"in\": key = \"in\": another camera has this key: each has its own"
    );
    let many: String = (0..9).map(|at| CAMERA.replace("key = \"in\"", &format!("key = \"c{at}\""))).collect();
    let many = parse(&(many + SHORT)).unwrap_err();
    assert!(many.ends_with("at most 8 cameras at a hub"), "{many}");
    let sight = parse(&format!("sight = {{ model = \"x\" }}\n{SHORT}")).unwrap_err();
    assert_eq!(sight, "hub.toml:1:11: sight.model: no such key; do you mean models?");
}

#[test]
fn what_is_left_out_has_a_default() {
    let config = parse(SHORT).unwrap();
    assert_eq!(config.hub.data, Path::new("/var/lib/dwellers-hub"));
    assert_eq!(config.hub.control_socket(), Path::new("/run/dwellers-hub/control.sock"));
    assert_eq!((config.hub.time, config.kiosk.screens), (TimeSource::Ntp, Screens::Any));
    assert_eq!(config.kiosk.listen, "127.0.0.1:8480".parse().unwrap());
    let gate = &config.gates[0];
    assert_eq!((gate.kind, gate.buttons, gate.closing), (Kind::Barrier, Buttons::Residents, Closing::Itself));
    assert_eq!((gate.pulse_ms, gate.fails), (500, Fails::Closed));
    assert!(gate.sensors.is_empty());
}

#[test]
fn the_engine_and_the_records_are_told_the_same() {
    let text = SHORT.replace(
        "fails =",
        "pulse_ms = 700\nclosing = { pulse_after_ms = 9000 }\nsensors = [\"loop\"]\nbuttons = \"staff\"\nfails =",
    );
    let gate = &parse(&text).unwrap().gates[0];
    let (hub, record) = (RecordId::new(1, 1), RecordId::new(2, 2));
    let setup = gate.setup(record);
    assert_eq!((setup.gate, setup.pulse_ms), (record, 700));
    assert_eq!(setup.closing, engine::Closing::ByPulse { after_ms: 9000 });
    assert_eq!((setup.sees_position, setup.sees_passage), (false, true));
    let told = gate.record(hub);
    assert_eq!((told.hub, told.key.as_str(), told.name.as_str()), (hub, "main", "Въезд"));
    assert_eq!(told.buttons, Open::Known(Buttons::Staff));
    assert_eq!((told.lanes[0].key.as_str(), told.lanes[0].direction), ("in", Direction::Entry));
    assert_eq!(gate.lane("in").map(|lane| lane.free), Some(false));
    assert_eq!(gate.sensors.iter().collect::<Vec<_>>(), [&Sensor::Loop]);
}

#[test]
fn relative_paths_start_at_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hub.toml");
    fs::write(&path, format!("hub = {{ data = \"data\", run = \"/run/x\" }}\n{SHORT}")).unwrap();
    let config = Config::load(&path).unwrap();
    assert_eq!(config.hub.data, folder.path().join("data"));
    assert_eq!(config.hub.run, Path::new("/run/x"));
    assert_eq!(config.gates[0].driver, Driver::Sim { socket: folder.path().join("main.sock") });
    fs::write(&path, format!("sight.models = \"models\"\n{SHORT}{CAMERA}")).unwrap();
    let config = Config::load(&path).unwrap();
    assert_eq!(config.sight.models, Some(folder.path().join("models")));
    assert_eq!(
        config.cameras[0].source,
        Source::Files { path: folder.path().join("stills"), play: Play::Once }
    );

    let missing = Config::load(&folder.path().join("no.toml")).unwrap_err().to_string();
    assert!(missing.ends_with("no.toml: there is no such file; say where it is with --config"), "{missing}");
}

#[test]
fn an_error_says_where_and_what_would_be_right() {
    let check = |from: &str, to: &str, expected: &str| {
        assert!(SHORT.contains(from), "{from}");
        let text = SHORT.replacen(from, to, 1);
        match parse(&text) {
            Ok(_) => panic!("{to}: nothing is wrong with it?"),
            Err(message) => assert_eq!(message, expected, "\n{text}"),
        }
    };
    let gate = |lines: &str, expected: &str| check("fails =", &format!("{lines}\nfails ="), expected);
    let lane = |fields: &str, expected: &str| check(", direction = \"entry\" ", fields, expected);
    let before = |lines: &str, expected: &str| check("[[gate]]", &format!("{lines}\n[[gate]]"), expected);

    gate("pulse_ms = 5000", "hub.toml:4:12: gate \"main\": pulse_ms = 5000: a pulse is at most 2000 ms");
    gate("pulse_ms = 5", "hub.toml:4:12: gate \"main\": pulse_ms = 5: a pulse is 50 to 2000 ms");
    gate(
        "pulse_ms = \"long\"",
        "hub.toml:4:12: gate \"main\": pulse_ms = \"long\": it is to be a whole number",
    );
    gate("pulse_ms = -1", "hub.toml:4:12: gate \"main\": pulse_ms = -1: it is to be a whole number");
    gate("pulse_ns = 5", "hub.toml:4:1: gate \"main\": pulse_ns: no such key; do you mean pulse_ms?");
    gate(
        "colour = 5",
        "hub.toml:4:1: gate \"main\": colour: no such key; there are key, name, kind, pulse_ms, closing, sensors, travel_ms, passage_window_ms, hold_lease_ms, fails, buttons, driver, lane",
    );
    gate("kind = \"lift\"", "hub.toml:4:8: gate \"main\": kind = \"lift\": it is \"barrier\" or \"wicket\"");
    gate(
        "closing = \"never\"",
        "hub.toml:4:11: gate \"main\": closing = \"never\": it is \"itself\" or { pulse_after_ms = … }",
    );
    gate(
        "closing = { pulse_after_ms = 5 }",
        "hub.toml:4:11: gate \"main\": closing = { pulse_after_ms = 5 }: the pause before closing is 1000 to 600000 ms",
    );
    gate(
        "sensors = [\"beem\"]",
        "hub.toml:4:12: gate \"main\": sensors = \"beem\": it is \"position\" or \"loop\"",
    );
    gate(
        "travel_ms = 40000",
        "hub.toml:1:1: gate \"main\": passage_window_ms: 30000 ms end before it has opened (travel_ms = 40000): make it longer",
    );
    gate("hold_lease_ms = 1", "hub.toml:4:17: gate \"main\": hold_lease_ms = 1: a lease is 500 to 60000 ms");
    gate(
        "buttons = \"anybody\"",
        "hub.toml:4:11: gate \"main\": buttons = \"anybody\": it is \"residents\" or \"staff\"",
    );
    check(
        "fails = \"closed\"\n",
        "",
        "hub.toml:1:1: gate \"main\": fails is missing: how it stands without power or program, \"open\" or \"closed\"",
    );
    check(
        "name = \"Въезд\"",
        "name = \"  \"",
        "hub.toml:3:8: gate \"main\": name = \"  \": what people call it, 1 to 60 characters",
    );
    check(
        "name = \"Въезд\"\n",
        "",
        "hub.toml:1:1: gate \"main\": name is missing: what people call it, such as \"Главный въезд\"",
    );
    check(
        "key = \"main\"",
        "key = \"Main\"",
        "hub.toml:2:7: gate \"Main\": key = \"Main\": a key is 1 to 32 of a–z, 0–9 and -; name is for people",
    );
    check(
        "key = \"main\"\n",
        "",
        "hub.toml:1:1: gate number 1: key is missing: a short name for programs, such as \"main\"",
    );
    check(
        "driver = { kind = \"sim\", socket = \"main.sock\" }\n",
        "",
        "hub.toml:1:1: gate \"main\": driver is missing: what moves it, such as driver = { kind = \"sim\", socket = \"main.sock\" }",
    );
    check(
        "kind = \"sim\"",
        "kind = \"rppal\"",
        "hub.toml:5:19: gate \"main\": driver.kind = \"rppal\": no such driver; there is \"sim\"",
    );
    check(
        "kind = \"sim\", ",
        "",
        "hub.toml:5:10: gate \"main\": driver.kind is missing: what moves it, such as \"sim\"",
    );
    check(
        ", socket = \"main.sock\"",
        "",
        "hub.toml:5:10: gate \"main\": driver.socket is missing: where the simulated barrier listens",
    );
    check(
        ", socket = \"main.sock\"",
        ", sokcet = \"main.sock\"",
        "hub.toml:5:26: gate \"main\": driver.sokcet: no such key; do you mean socket?",
    );
    check(
        "\"main.sock\"",
        "\"\"",
        "hub.toml:5:35: gate \"main\": driver.socket = \"\": where the simulated barrier listens",
    );
    check(
        "lane = [{ key = \"in\", direction = \"entry\" }]",
        "",
        "hub.toml:1:1: gate \"main\": it has no lane: describe at least one with [[gate.lane]]",
    );
    lane(" ", "hub.toml:6:9: gate \"main\", lane \"in\": direction is missing: \"entry\" or \"exit\"");
    lane(
        ", direction = \"up\" ",
        "hub.toml:6:35: gate \"main\", lane \"in\": direction = \"up\": it is \"entry\" or \"exit\"",
    );
    lane(
        ", direction = \"entry\", free = true ",
        "hub.toml:6:51: gate \"main\", lane \"in\": free = true: only a lane that leads out (direction = \"exit\") can be free",
    );
    lane(
        ", direction = \"exit\", anti_passback = true ",
        "hub.toml:6:59: gate \"main\", lane \"in\": anti_passback = true: only a lane that leads in (direction = \"entry\") can ask whether a car is inside",
    );
    lane(
        ", direction = \"exit\", free = 1 ",
        "hub.toml:6:50: gate \"main\", lane \"in\": free = 1: it is to be true or false",
    );
    lane(
        ", direction = \"exit\" }, { key = \"in\", direction = \"exit\" ",
        "hub.toml:6:53: gate \"main\", lane \"in\": key = \"in\": another lane of this gate has this key: each has its own",
    );
    before("[hub]\nlanguge = \"ru\"", "hub.toml:2:1: hub.languge: no such key; do you mean language?");
    before("[hub]\nlanguage = \"de\"", "hub.toml:2:12: hub.language = \"de\": it is \"ru\" or \"en\"");
    before("[hub]\ntime = \"sun\"", "hub.toml:2:8: hub.time = \"sun\": it is \"ntp\", \"rtc\" or \"guard\"");
    before("[hub]\ndata = \"\"", "hub.toml:2:8: hub.data = \"\": name a folder");
    before(
        &format!("[hub]\nrun = \"/{}\"", "x".repeat(100)),
        "hub.toml:2:7: hub.run: too long for sockets: at most 94 bytes",
    );
    before(
        "[kiosk]\nlisten = \"0.0.0.0:8480\"",
        "hub.toml:2:10: kiosk.listen = \"0.0.0.0:8480\": beyond this machine anybody on the network could sign in or listen to PINs: serve HTTPS (kiosk.tls = { cert = …, key = … }), or let in paired screens only (kiosk.screens = \"paired\"), or stay at 127.0.0.1",
    );
    before(
        "[kiosk]\nlisten = \"localhost\"",
        "hub.toml:2:10: kiosk.listen = \"localhost\": it is to be an address and a port, such as 127.0.0.1:8480",
    );
    before(
        "[kiosk]\ntls = { cert = \"a\" }",
        "hub.toml:2:7: kiosk.tls.key is missing: the file of the certificate's private key",
    );
    before("[kisok]\nlisten = \"127.0.0.1:1\"", "hub.toml:1:2: kisok: no such key; do you mean kiosk?");
    before("[log]\nformat = json", "hub.toml:2:10: string values must be quoted, expected literal string");
    before("[log]\nlevel = 3", "hub.toml:2:9: log.level = 3: it is to be a text in quotes");
    before("[log\n", "hub.toml:1:5: unclosed table, expected `]`");
    check(SHORT, "[hub]\n", "hub.toml:1:1: there is no gate: describe at least one with [[gate]]");
    check(
        SHORT,
        &SHORT.repeat(2),
        "hub.toml:8:7: gate \"main\": key = \"main\": another gate has this key: each has its own",
    );
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let text =
        format!("[kiosk]\nlisten = \"0.0.0.0:1\"\n{}", SHORT.replace("fails", "pulse_ms = 9999\nfails"));
    let message = parse(&text).unwrap_err();
    assert_eq!(message.lines().count(), 2, "{message}");
    assert!(message.lines().next().unwrap().starts_with("hub.toml:2:10: kiosk.listen"), "{message}");
}

#[test]
fn beyond_the_machine_only_with_tls_or_paired_screens() {
    for settings in [
        "listen = \"[::1]:8480\"",
        "listen = \"0.0.0.0:8480\"\nscreens = \"paired\"",
        "listen = \"0.0.0.0:8480\"\ntls = { cert = \"a.crt\", key = \"a.key\" }",
    ] {
        let config = parse(&format!("[kiosk]\n{settings}\n{SHORT}"));
        assert!(config.is_ok(), "{settings}: {config:?}");
    }
}
