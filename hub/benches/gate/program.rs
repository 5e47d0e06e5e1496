//! The real program with all of it: how soon after its start it opens for the first car, and what it takes of memory,
//! without a camera and with one.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use dwellers_hub::barrier::wire::{Reply, Request};
use dwellers_hub::barrier::{What, World};
use dwellers_hub::engine::Relay;
use serde_json::{Value, json};

use crate::report::{Goal, Report};
use crate::samples;

/// A process that ends with its handle.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub fn measure(report: &mut Report, folder: &Path) {
    let (barrier, reads) = (folder.join("main.sock"), folder.join("run/reads.sock"));
    let config = folder.join("hub.toml");
    fs::write(&config, configuration(folder)).unwrap();
    let _barrier = start(Command::new(env!("CARGO_BIN_EXE_dwellers-barrier")).arg("--socket").arg(&barrier));
    wait(|| ask(&barrier, &json!("state")));
    let begun = Instant::now();
    let hub = start(Command::new(env!("CARGO_BIN_EXE_dwellers-hub")).arg("run").arg("--config").arg(&config));
    // A car that comes before the hub has found its gate is not let in later: the next one is.
    let mut car = 0;
    wait(|| {
        car += 1;
        let plate = samples::plate(car);
        let read =
            json!({ "gate": "main", "lane": "in", "plate": plate, "confidence": 0.99, "strength": "strong" });
        ask(&reads, &read)?;
        // As often as a camera looks: some twenty frames a second.
        std::thread::sleep(Duration::from_millis(50));
        opened(&barrier).then_some(())
    });
    report.own(
        "start of the program to the first opening",
        "s",
        begun.elapsed().as_secs_f64(),
        Some(Goal::AtMost(5.0)),
    );
    for n in 0..50 {
        ask(
            &reads,
            &json!({ "gate": "main", "lane": "in", "plate": samples::plate(100 + n), "confidence": 0.5 }),
        );
        ask(
            &barrier,
            &serde_json::to_value(Request::World(World::Car { tailgates: true, crossing_ms: 50 })).unwrap(),
        );
    }
    let (now, most) = (resident(hub.0.id(), "VmRSS:"), resident(hub.0.id(), "VmHWM:"));
    report.own("memory of the program, resident", "MB", now, Some(Goal::AtMost(64.0)));
    report.own("…at most", "MB", most, None);
}

/// A camera that plays pictures of cars, ten a second, for as long as all of what is ever needed was needed.
pub fn measure_with_camera(report: &mut Report, folder: &Path) {
    const PLAYED: Duration = Duration::from_secs(10);
    let config = folder.join("hub.toml");
    let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures");
    let camera = format!(
        r#"
[[camera]]
key = "in"
name = "Въезд"
gate = "main"
lane = "in"
source = {{ kind = "files", path = "{}", play = "loop" }}
"#,
        pictures.display()
    );
    fs::write(&config, configuration(folder) + &camera).unwrap();
    let _barrier = start(
        Command::new(env!("CARGO_BIN_EXE_dwellers-barrier")).arg("--socket").arg(folder.join("main.sock")),
    );
    let hub = start(Command::new(env!("CARGO_BIN_EXE_dwellers-hub")).arg("run").arg("--config").arg(&config));
    std::thread::sleep(PLAYED);
    let (now, most) = (resident(hub.0.id(), "VmRSS:"), resident(hub.0.id(), "VmHWM:"));
    report.own("memory of the program with a camera, resident", "MB", now, Some(Goal::AtMost(250.0)));
    report.own("…at most", "MB", most, None);
}

fn start(command: &mut Command) -> Process {
    Process(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
}

fn wait<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing comes");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// A line to a local socket and its answer; nothing where nobody listens yet.
fn ask(socket: &Path, line: &Value) -> Option<Value> {
    let mut stream = UnixStream::connect(socket).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    writeln!(stream, "{line}").ok()?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).ok()?;
    serde_json::from_str(&answer).ok()
}

fn opened(barrier: &Path) -> bool {
    let answer = ask(barrier, &serde_json::to_value(Request::History { after: 0 }).unwrap()).unwrap();
    let Ok(Reply::History { entries, .. }) = serde_json::from_value(answer) else { return false };
    entries.iter().any(|entry| matches!(entry.what, What::Energised { relay: Relay::Open, .. }))
}

/// A line of the kernel's account of a process, in megabytes.
fn resident(process: u32, line: &str) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let kb = status.lines().find_map(|found| found.strip_prefix(line)).unwrap();
    kb.trim().trim_end_matches("kB").trim().parse::<f64>().unwrap() / 1024.0
}

fn configuration(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        r#"
[hub]
data = "{folder}/data"
run = "{folder}/run"
time = "rtc"

[kiosk]
listen = "127.0.0.1:0"

[[gate]]
key = "main"
name = "Въезд"
sensors = ["position", "loop"]
fails = "closed"
driver = {{ kind = "sim", socket = "{folder}/main.sock" }}

[[gate.lane]]
key = "in"
direction = "entry"
"#
    )
}
