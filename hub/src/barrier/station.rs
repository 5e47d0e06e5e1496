//! The simulated barrier as a server on a local socket: what the process `dwellers-barrier` runs.
//!
//! Invariants: nobody who hangs delays the barrier (a hub that does not read is dropped, a slow questioner waits
//! alone); one hub at a time, the latest; while the cable is out the hub's connection stays and is silent both ways,
//! and what is sent into it is lost; a line that is not understood gets an answer and changes nothing.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::fs::File;
use std::future::Future;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{Notify, Semaphore, oneshot};

use super::wire::{BEAT_MS, LATE_AFTER_MS, MAX_ENTRIES, Reply, Request};
use super::{Barrier, Command, Input, Output, Refused};
use crate::engine::Tick;
use dwellers_listener::local::{Listener, MAX_LINE_BYTES, Read, brief, read_line};

/// The most connections at once.
const MAX_CONNECTIONS: usize = 256;
/// Who does not take an answer for so long is not there any more.
const WRITE_TIMEOUT: Duration = Duration::from_secs(5);

/// Runs a barrier until `shutdown`; `clock` must not run backwards. The history is also written to `record`, a line
/// an entry.
///
/// # Errors
/// Where the history cannot be recorded.
pub async fn serve(
    barrier: Barrier,
    listener: Listener,
    record: Option<File>,
    clock: impl Fn() -> Tick + Send + Sync + 'static,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let station = Arc::new(Station {
        desk: Mutex::new(Desk {
            barrier,
            record,
            recorded: 0,
            failed: None,
            hub: None,
            hubs: 0,
            beats: VecDeque::new(),
            beat: 0,
        }),
        clock: Box::new(clock),
        changed: Notify::new(),
    });
    tokio::select! {
        () = accept(Arc::clone(&station), listener) => Ok(()),
        error = station.keep_time() => Err(error),
        () = shutdown => Ok(()),
    }
}

struct Station {
    desk: Mutex<Desk>,
    clock: Box<dyn Fn() -> Tick + Send + Sync>,
    /// Something happened: the next deadline may be another one.
    changed: Notify,
}

/// The barrier and who is connected to it.
struct Desk {
    barrier: Barrier,
    record: Option<File>,
    recorded: u64,
    failed: Option<io::Error>,
    hub: Option<Hub>,
    hubs: u64,
    /// The beats that a command may still name, and when they were told.
    beats: VecDeque<(u64, Tick)>,
    beat: u64,
}

struct Hub {
    number: u64,
    writer: OwnedWriteHalf,
    /// Dropped with the hub, which ends the task that listens to it.
    _connected: oneshot::Sender<Infallible>,
}

async fn accept(station: Arc<Station>, listener: Listener) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let mut stream = match listener.accept().await {
            Ok(stream) => stream,
            Err(error) => {
                tracing::warn!(%error, "no room for a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let station = Arc::clone(&station);
        let place = Arc::clone(&places).try_acquire_owned();
        tokio::spawn(async move {
            let Ok(_place) = place else {
                let full = Reply::Error(format!("there are {MAX_CONNECTIONS} connections; close one"));
                return drop(answer(&mut stream, &full).await);
            };
            if let Err(error) = station.converse(stream).await {
                tracing::debug!(%error, "a connection broke");
            }
        });
    }
}

/// Answers within its time.
async fn answer(writer: &mut (impl AsyncWriteExt + Unpin), reply: &Reply) -> io::Result<()> {
    tokio::time::timeout(WRITE_TIMEOUT, writer.write_all(&reply.line())).await?
}

fn too_long() -> Reply {
    Reply::Error(format!("a line has at most {MAX_LINE_BYTES} bytes"))
}

impl Station {
    /// The desk and the time.
    fn desk(&self) -> (MutexGuard<'_, Desk>, Tick) {
        let desk = self.desk.lock().unwrap_or_else(PoisonError::into_inner);
        (desk, (self.clock)())
    }

    /// Lets the barrier and the beats go on; ends where the history cannot be recorded.
    async fn keep_time(&self) -> io::Error {
        let mut beats_at = Tick(0);
        loop {
            let wait_ms = {
                let (mut desk, now) = self.desk();
                desk.step(Input::Tick, now);
                if beats_at <= now {
                    desk.beat(now);
                    beats_at = Tick(now.0 + BEAT_MS);
                }
                if let Some(error) = desk.failed.take() {
                    return error;
                }
                let next = desk.barrier.deadline().map_or(beats_at, |deadline| deadline.min(beats_at));
                next.0.saturating_sub(now.0)
            };
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(wait_ms)) => {}
                () = self.changed.notified() => {}
            }
        }
    }

    async fn converse(&self, stream: UnixStream) -> io::Result<()> {
        let (reader, mut writer) = stream.into_split();
        let mut reader = BufReader::new(reader);
        loop {
            let reply = match read_line(&mut reader).await? {
                Read::End => return Ok(()),
                Read::TooLong => return answer(&mut writer, &too_long()).await,
                Read::Line(line) => match serde_json::from_slice(&line) {
                    Ok(Request::Hub) => return self.converse_with_hub(reader, writer).await,
                    Ok(request) => self.ask(request),
                    Err(error) => not_understood(&error),
                },
            };
            answer(&mut writer, &reply).await?;
        }
    }

    async fn converse_with_hub(
        &self,
        mut reader: BufReader<OwnedReadHalf>,
        writer: OwnedWriteHalf,
    ) -> io::Result<()> {
        let (number, mut replaced) = {
            let (mut desk, now) = self.desk();
            desk.welcome(writer, now)
        };
        let end = loop {
            let read = tokio::select! {
                // The latest hub's word counts: nothing more is read from one that was replaced.
                biased;
                _ = &mut replaced => return Ok(()),
                read = read_line(&mut reader) => read,
            };
            let (mut desk, now) = self.desk();
            match read {
                Ok(Read::Line(line)) => desk.hear(number, &line, now),
                Ok(Read::End) => break Ok(()),
                Ok(Read::TooLong) => {
                    desk.tell(&too_long());
                    break Ok(());
                }
                Err(error) => break Err(error),
            }
            self.changed.notify_one();
        };
        self.desk().0.hub.take_if(|hub| hub.number == number);
        end
    }

    /// Answers the world.
    fn ask(&self, request: Request) -> Reply {
        let (mut desk, now) = self.desk();
        match request {
            Request::World(world) => {
                desk.step(Input::World(world), now);
                self.changed.notify_one();
                Reply::Done
            }
            Request::State => {
                desk.step(Input::Tick, now);
                Reply::State(desk.barrier.state())
            }
            Request::History { after } => {
                desk.step(Input::Tick, now);
                let history = desk.barrier.history();
                let entries = history.after(after).take(MAX_ENTRIES).copied().collect();
                Reply::History { entries, noted: history.noted() }
            }
            Request::Hub | Request::Do { .. } => {
                Reply::Error("only a connection that began with \"hub\" may command the relays".to_owned())
            }
        }
    }
}

fn not_understood(error: &serde_json::Error) -> Reply {
    let error = brief(error);
    Reply::Error(format!("not understood: {error}; `dwellers-barrier --help` shows what can be said"))
}

impl Desk {
    fn step(&mut self, input: Input, now: Tick) {
        let outputs = self.barrier.step(input, now);
        self.record();
        for output in outputs {
            match output {
                // A hub learns of a cable by hearing nothing, and again something.
                Output::Linked(true) => self.beat(now),
                Output::Linked(false) => {}
                output => self.tell(&Reply::Told(output)),
            }
        }
    }

    /// A hub connects; the one before is dropped.
    fn welcome(&mut self, writer: OwnedWriteHalf, now: Tick) -> (u64, oneshot::Receiver<Infallible>) {
        self.step(Input::Tick, now);
        self.hubs += 1;
        let (connected, replaced) = oneshot::channel();
        self.hub = Some(Hub { number: self.hubs, writer, _connected: connected });
        tracing::info!(number = self.hubs, "a hub is connected");
        self.beat(now);
        for output in self.barrier.sensors() {
            self.tell(&Reply::Told(output));
        }
        (self.hubs, replaced)
    }

    /// A line of the hub with this number.
    fn hear(&mut self, number: u64, line: &[u8], now: Tick) {
        if self.hub.as_ref().is_none_or(|hub| hub.number != number) {
            return;
        }
        match serde_json::from_slice(line) {
            Ok(Request::Do { beat, command }) => self.command(beat, command, now),
            Ok(_) => self.tell(&Reply::Error("a hub says `do`, nothing else".to_owned())),
            Err(error) => {
                tracing::warn!(error = brief(&error), "a line of the hub is not understood");
                self.tell(&not_understood(&error));
            }
        }
    }

    fn command(&mut self, beat: u64, command: Command, now: Tick) {
        let is_late = !self.beats.iter().any(|(number, at)| *number == beat && now.0 - at.0 <= LATE_AFTER_MS);
        match command {
            Command::Pulse { id, .. } if is_late => {
                self.tell(&Reply::Told(Output::Acknowledged { id, refused: Some(Refused::Late) }));
            }
            Command::Hold { .. } if is_late => self.tell(&Reply::Error(Refused::Late.to_string())),
            command => self.step(Input::Command(command), now),
        }
    }

    fn beat(&mut self, now: Tick) {
        if !self.barrier.is_linked() {
            return;
        }
        self.beat += 1;
        self.beats.push_back((self.beat, now));
        self.beats.retain(|(_, at)| now.0 - at.0 <= LATE_AFTER_MS);
        self.tell(&Reply::Beat(self.beat));
    }

    fn tell(&mut self, reply: &Reply) {
        let Some(hub) = self.hub.as_ref().filter(|_| self.barrier.is_linked()) else { return };
        let line = reply.line();
        match hub.writer.try_write(&line) {
            Ok(written) if written == line.len() => {}
            Ok(_) => self.drop_hub("it does not read"),
            Err(error) => self.drop_hub(&error.to_string()),
        }
    }

    fn drop_hub(&mut self, why: &str) {
        if let Some(hub) = self.hub.take() {
            tracing::warn!(number = hub.number, why, "the hub is dropped");
        }
    }

    fn record(&mut self) {
        let Some(record) = &mut self.record else { return };
        for entry in self.barrier.history().after(self.recorded) {
            let written = serde_json::to_vec(entry).map_err(io::Error::from).and_then(|mut line| {
                line.push(b'\n');
                record.write_all(&line)
            });
            self.recorded = entry.number;
            if let Err(error) = written {
                self.failed.get_or_insert(error);
                return;
            }
        }
    }
}
