//! The driver of the simulated barrier ([`crate::barrier`]): a local socket to the process `dwellers-barrier`.
//!
//! A thread of its own connects, listens and reports; commands are written by the caller, at once or not at all. A
//! barrier that hangs is noticed by its missing beats; whatever lay in a buffer then is late for the barrier
//! ([`crate::barrier::wire`]) and moves nothing.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dwellers_replica::RecordId;

use super::{Driver, NotSent, Report};
use crate::barrier::wire::{BEAT_MS, LATE_AFTER_MS, Reply, Request};
use crate::barrier::{Command, Output};
use crate::engine::Relay;
use dwellers_listener::local::MAX_LINE_BYTES;

/// So long without a word, and the barrier is gone. Whatever was sent to it before is late for it by then: when its
/// silence is reported, it is settled that nothing of it moves a relay any more.
const LOST_AFTER_MS: u64 = 900;
const _: () = assert!(LOST_AFTER_MS > LATE_AFTER_MS && LATE_AFTER_MS > 3 * BEAT_MS);
/// The gate's loop waits no longer than this for room in the socket's buffer.
const WRITE_TIMEOUT: Duration = Duration::from_millis(1);
/// Between two attempts to connect: doubled from the first to the last.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(50), Duration::from_millis(1_600));

/// A simulated barrier, from the hub.
#[derive(Debug)]
pub struct Sim {
    link: Arc<Mutex<Link>>,
    /// Dropped with the driver, which ends its thread.
    _alive: Sender<()>,
}

/// The connection, as callers see it.
#[derive(Debug, Default)]
struct Link {
    stream: Option<UnixStream>,
    /// The latest beat that was heard on it.
    beat: Option<u64>,
    /// The driver was dropped.
    ended: bool,
}

impl Sim {
    /// A driver for the barrier at this socket, whether it is there yet or not. `report` is called by the driver's
    /// thread; it may wait (a bounded channel), and while it does, nothing more is heard of the barrier.
    ///
    /// # Errors
    /// Where the system has no thread left.
    pub fn start(socket: &Path, report: impl FnMut(Report) + Send + 'static) -> io::Result<Self> {
        let link = Arc::new(Mutex::new(Link::default()));
        let (alive, ended) = channel();
        let mut listener =
            Listener { socket: socket.to_owned(), link: Arc::clone(&link), ended, report: Box::new(report) };
        std::thread::Builder::new().name("gate-sim".to_owned()).spawn(move || listener.run())?;
        Ok(Sim { link, _alive: alive })
    }

    /// Sends a command at once or not at all.
    fn send(&self, command: Command) -> Result<(), NotSent> {
        let mut link = locked(&self.link);
        let beat = link.beat.ok_or(NotSent::NotConnected)?;
        let stream = link.stream.as_mut().ok_or(NotSent::NotConnected)?;
        let line = line(&Request::Do { beat, command });
        match stream.write(&line) {
            Ok(written) if written == line.len() => Ok(()),
            // Half a line is none for the barrier, as long as nothing follows it.
            Ok(_) => {
                link.cut();
                Err(NotSent::Hangs)
            }
            Err(error) => {
                link.cut();
                let is_full = matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut);
                Err(if is_full { NotSent::Hangs } else { NotSent::NotConnected })
            }
        }
    }
}

impl Driver for Sim {
    fn pulse(&mut self, relay: Relay, id: RecordId, ms: u32) -> Result<(), NotSent> {
        self.send(Command::Pulse { relay, id, ms })
    }

    fn hold(&mut self, lease_ms: u32) -> Result<(), NotSent> {
        self.send(Command::Hold { lease_ms })
    }

    fn release(&mut self, relay: Relay) -> Result<(), NotSent> {
        self.send(Command::Release { relay })
    }
}

impl Drop for Sim {
    /// The thread ends by itself, soon: to wait for it here could wait for whoever takes its reports.
    fn drop(&mut self) {
        let mut link = locked(&self.link);
        link.ended = true;
        link.cut();
    }
}

impl Link {
    fn cut(&mut self) {
        self.beat = None;
        if let Some(stream) = self.stream.take() {
            // It may be cut already, from the other side.
            drop(stream.shutdown(Shutdown::Both));
        }
    }
}

fn locked(link: &Mutex<Link>) -> MutexGuard<'_, Link> {
    link.lock().unwrap_or_else(PoisonError::into_inner)
}

fn line(request: &Request) -> Vec<u8> {
    // Its maps have keys of text, and writing to memory cannot fail.
    let mut line = serde_json::to_vec(request).expect("a request is JSON");
    line.push(b'\n');
    line
}

/// The driver's thread.
struct Listener {
    socket: PathBuf,
    link: Arc<Mutex<Link>>,
    ended: Receiver<()>,
    report: Box<dyn FnMut(Report) + Send>,
}

impl Listener {
    fn run(&mut self) {
        let mut backoff = BACKOFF.0;
        loop {
            let mut heard = false;
            let end = self.connect().and_then(|stream| self.listen(stream, &mut heard));
            locked(&self.link).cut();
            if heard {
                backoff = BACKOFF.0;
                tracing::warn!(socket = %self.socket.display(), end = %reason(end), "the barrier is lost");
                (self.report)(Report::Connected(false));
            }
            if self.ended.recv_timeout(backoff) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            backoff = (2 * backoff).min(BACKOFF.1);
        }
    }

    fn connect(&self) -> io::Result<UnixStream> {
        let mut stream = UnixStream::connect(&self.socket)?;
        stream.set_write_timeout(Some(WRITE_TIMEOUT))?;
        stream.set_read_timeout(Some(Duration::from_millis(LOST_AFTER_MS)))?;
        stream.write_all(&line(&Request::Hub))?;
        let mut link = locked(&self.link);
        if link.ended {
            return Err(io::ErrorKind::Interrupted.into());
        }
        link.stream = Some(stream.try_clone()?);
        Ok(stream)
    }

    /// Reports what the barrier says, until it says nothing any more. `heard`: it said something.
    fn listen(&mut self, stream: UnixStream, heard: &mut bool) -> io::Result<()> {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        loop {
            line.clear();
            reader.by_ref().take(MAX_LINE_BYTES as u64 + 1).read_until(b'\n', &mut line)?;
            if line.last() != Some(&b'\n') {
                return Ok(());
            }
            match serde_json::from_slice(&line)? {
                Reply::Beat(beat) => {
                    {
                        let mut link = locked(&self.link);
                        if link.stream.is_none() {
                            return Ok(());
                        }
                        link.beat = Some(beat);
                    }
                    if !std::mem::replace(heard, true) {
                        tracing::info!(socket = %self.socket.display(), "the barrier is there");
                        (self.report)(Report::Connected(true));
                    }
                }
                Reply::Told(output) => {
                    if let Some(report) = report_of(output) {
                        (self.report)(report);
                    }
                }
                Reply::Error(error) => tracing::warn!(%error, "the barrier objects"),
                Reply::Done | Reply::State(_) | Reply::History { .. } => {}
            }
        }
    }
}

fn report_of(output: Output) -> Option<Report> {
    Some(match output {
        Output::Linked(_) => return None,
        Output::Acknowledged { id, refused } => {
            let result = refused.map_or(Ok(()), |refused| Err(refused.to_string()));
            Report::Acknowledged { id, result }
        }
        Output::Position(position) => Report::Position(position),
        Output::Loop(occupied) => Report::Loop(occupied),
        Output::Beam(broken) => Report::Beam(broken),
        Output::Fire(on) => Report::Fire(on),
    })
}

fn reason(end: io::Result<()>) -> String {
    match end {
        Ok(()) => "it ended".to_owned(),
        Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
            "it says nothing any more".to_owned()
        }
        Err(error) => error.to_string(),
    }
}
