//! A place for a hub: a folder with a configuration, the program, and the hub that runs there.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// The longest wait for something that takes a moment.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub struct Place {
    folder: TempDir,
}

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Place {
    /// With one gate, whose barrier is not there.
    pub fn new() -> Self {
        let place = Place { folder: tempfile::tempdir().unwrap() };
        let config = r#"
hub = { data = "data", run = "run", time = "guard" }
[kiosk]
listen = "127.0.0.1:0"
[[gate]]
key = "main"
name = "Главный въезд"
fails = "closed"
driver = { kind = "sim", socket = "barrier.sock" }
lane = [{ key = "in", direction = "entry" }]
"#;
        fs::write(place.path("hub.toml"), config).unwrap();
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dwellers-hub"));
        command.arg("--config").arg(self.path("hub.toml")).env_clear();
        command
    }

    pub fn hub(&self, arguments: &[&str]) -> Ended {
        self.hub_told(arguments, "")
    }

    /// With this on its standard input.
    pub fn hub_told(&self, arguments: &[&str], input: &str) -> Ended {
        let mut command = self.command();
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // One that does not read its input may be gone.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Starts the hub and waits until it answers.
    pub fn run(&self) -> Hub {
        self.run_as(&mut self.command())
    }

    pub fn run_as(&self, command: &mut Command) -> Hub {
        let log = fs::File::create(self.path("log")).unwrap();
        let child =
            command.arg("run").stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        let hub = Hub { child };
        let log = || fs::read_to_string(self.path("log")).unwrap();
        until(|| self.hub(&["status"]).code == Some(0), log);
        hub
    }
}

/// A hub that runs; killed where it was not stopped.
pub struct Hub {
    child: Child,
}

impl Hub {
    /// Asks it to end and waits for it.
    pub fn stop(mut self) -> Option<i32> {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(start.elapsed() < PATIENCE, "the hub does not end");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for something that comes soon.
pub fn until(mut come: impl FnMut() -> bool, told: impl Fn() -> String) {
    let start = Instant::now();
    while !come() {
        assert!(start.elapsed() < PATIENCE, "it did not come; {}", told());
        thread::sleep(Duration::from_millis(20));
    }
}

/// What a folder holds, by name.
pub fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
