//! The process `dwellers-barrier`, started for a test and gone with it, and connections to it.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use dwellers_hub::barrier::wire::{Reply, Request};
use dwellers_hub::barrier::{Entry, State, What, World};
use dwellers_replica::RecordId;
use tempfile::TempDir;

/// The longest that anything in these tests may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) fn id(number: u128) -> RecordId {
    RecordId::new(1, number)
}

/// Waits until there is something, bounded.
pub(crate) fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "it never happened: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// A barrier in a folder of its own.
pub(crate) struct Barrier {
    folder: TempDir,
    args: Vec<String>,
    child: Child,
}

impl Barrier {
    pub(crate) fn start(args: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        let child = spawn(&folder.path().join("barrier.sock"), &args);
        Barrier { folder, args, child }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path().join("barrier.sock")
    }

    pub(crate) fn signal(&self, name: &str) {
        let done = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(done.success());
    }

    /// Kills it as nothing can be prevented from being killed.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn restart(&mut self) {
        self.kill();
        self.child = spawn(&self.socket(), &self.args);
    }

    pub(crate) fn ended(&mut self) -> ExitStatus {
        eventually("the barrier ends", || self.child.try_wait().unwrap())
    }

    pub(crate) fn connect(&self) -> Line {
        Line::to(&self.socket())
    }

    pub(crate) fn happen(&self, world: World) {
        assert_eq!(self.connect().ask(&Request::World(world)), Reply::Done);
    }

    pub(crate) fn state(&self) -> State {
        match self.connect().ask(&Request::State) {
            Reply::State(state) => state,
            other => panic!("{other:?}"),
        }
    }

    /// The whole history, page by page.
    pub(crate) fn history(&self) -> Vec<Entry> {
        let mut line = self.connect();
        let mut all: Vec<Entry> = Vec::new();
        loop {
            match line.ask(&Request::History { after: all.last().map_or(0, |entry| entry.number) }) {
                Reply::History { entries, noted } => {
                    all.extend(entries);
                    if all.last().map_or(0, |entry| entry.number) >= noted {
                        return all;
                    }
                }
                other => panic!("{other:?}"),
            }
        }
    }

    pub(crate) fn happened(&self) -> Vec<What> {
        self.history().into_iter().map(|entry| entry.what).collect()
    }
}

impl Drop for Barrier {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn spawn(socket: &Path, args: &[String]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dwellers-barrier"));
    command.arg("--socket").arg(socket).args(args).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut ready = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut ready).unwrap();
    assert!(ready.starts_with("listening on"), "{ready:?}");
    child
}

/// Runs the program to its end.
pub(crate) fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dwellers-barrier")).args(args).output().unwrap()
}

/// A connection of lines.
pub(crate) struct Line {
    reader: BufReader<UnixStream>,
}

impl Line {
    pub(crate) fn to(socket: &Path) -> Self {
        let stream = UnixStream::connect(socket).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        Line { reader: BufReader::new(stream) }
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.reader.get_mut().write_all(bytes).unwrap();
    }

    /// Whether it could still be sent.
    pub(crate) fn try_send(&mut self, bytes: &[u8]) -> bool {
        self.reader.get_mut().write_all(bytes).is_ok()
    }

    /// The same connection, for somebody who only sends.
    pub(crate) fn sender(&self) -> UnixStream {
        self.reader.get_ref().try_clone().unwrap()
    }

    pub(crate) fn say(&mut self, request: &Request) {
        let mut line = serde_json::to_vec(request).unwrap();
        line.push(b'\n');
        self.send(&line);
    }

    /// The next line, or nothing where the other side ended.
    pub(crate) fn hear_text(&mut self) -> Option<String> {
        let mut line = String::new();
        match self.reader.read_line(&mut line) {
            Ok(0) => None,
            Ok(_) => Some(line),
            // Ended with something of ours unread.
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => None,
            Err(error) => panic!("{error}"),
        }
    }

    pub(crate) fn hear(&mut self) -> Option<Reply> {
        self.hear_text().map(|line| serde_json::from_str(&line).unwrap())
    }

    pub(crate) fn ask(&mut self, request: &Request) -> Reply {
        self.say(request);
        self.hear().expect("an answer")
    }

    /// Everything up to the end.
    pub(crate) fn drain(mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        match self.reader.read_to_end(&mut rest) {
            Ok(_) => rest,
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => rest,
            Err(error) => panic!("{error}"),
        }
    }
}
