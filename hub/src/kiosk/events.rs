//! Live events (server-sent): the state as it changes, the journal as it grows.
//!
//! Invariants: a stream tells every entry of the journal once and in order, from where it was left (`Last-Event-ID`)
//! or from now on; what a reader missed while the gatehouse was faster is read from the journal. A stream ends with
//! its session. A reader that does not read is cut, and nobody waits for it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use dwellers::journal::{Book, Entry};
use dwellers_replica::{Query, RecordId};
use http::StatusCode;
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast, mpsc, watch};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;
use utoipa::ToSchema;
use warp::Reply;
use warp::sse::{Event, KeepAlive, keep_alive};

use super::live::Live;
use super::problem::{Code, Problem};
use super::session::Signed;
use super::table::{Answer, Call, Table};
use crate::gatehouse::State;
use crate::scribe::Written;
use dwellers::words::Line;

/// Streams at a time. A screen has one.
const MOST: usize = 32;
/// Events that wait for a slow reader.
const WAITING: usize = 64;
/// How long a reader may leave that queue full.
const PATIENCE: Duration = Duration::from_secs(5);
/// Changes of the state that come together are told together.
const COALESCED: Duration = Duration::from_millis(50);
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Entries that are read at once.
const PAGE: usize = 200;

/// How many streams may be open.
pub(super) struct Streams(Arc<Semaphore>);

impl Default for Streams {
    fn default() -> Self {
        Streams(Arc::new(Semaphore::new(MOST)))
    }
}

impl Streams {
    pub fn open(&self) -> usize {
        MOST - self.0.available_permits()
    }
}

pub(super) fn routes(to: &mut Table) {
    to.guards::<__path_follow, _, _>(follow);
}

/// The state as it changes, and the journal as it grows (server-sent events)
///
/// Each event has a name and, as its data, one document, which `LiveEvent` puts beside each other: `state` with the whole `Live`
/// whenever it is another one, `entry` with a `Line` of the journal and its id, from where `Last-Event-ID` tells or from now on.
/// The stream ends with the session.
#[utoipa::path(get, path = "/api/events", tag = "state", operation_id = "state.follow",
    params(("Last-Event-ID" = Option<RecordId>, Header)),
    responses((status = 200, body = LiveEvent, content_type = "text/event-stream")))]
async fn follow(call: Call, guard: Signed) -> Answer {
    let permit = Arc::clone(&call.kiosk.0.streams.0).try_acquire_owned();
    let permit =
        permit.map_err(|_| Problem::new(StatusCode::SERVICE_UNAVAILABLE, Code::Busy).retry_after(10))?;
    // Followed before the journal is read: nothing falls in between.
    let (written, state) = (call.kiosk.0.gatehouse.follow(), call.kiosk.0.gatehouse.state());
    let last = call.kiosk.view(move |view| Ok::<_, Problem>(Book::open(view)?.number())).await?;
    let last = match call.caller.header("last-event-id").map(str::parse::<RecordId>) {
        Some(Ok(id)) => number_of(&call, id).await?.unwrap_or(last),
        _ => last,
    };
    let (to, events) = mpsc::channel(WAITING);
    let teller = Teller { call, guard, to, written, state, last, told: None, _permit: permit };
    tokio::spawn(teller.tell());
    let events = ReceiverStream::new(events).map(Ok::<Event, std::convert::Infallible>);
    Ok(warp::sse::reply(patient().stream(events)).into_response())
}

fn patient() -> KeepAlive {
    keep_alive().interval(KEEP_ALIVE).text("keep-alive")
}

/// The number of an entry of the journal; `None` where it is not kept any more.
async fn number_of(call: &Call, id: RecordId) -> Result<Option<u64>, Problem> {
    call.kiosk
        .view(move |view| Ok::<_, Problem>(view.of::<Entry>().get(id)?.map(|entry| entry.value.number)))
        .await
}

/// An event: its name, and its data.
#[derive(Serialize, ToSchema)]
#[serde(tag = "event", content = "data", rename_all = "snake_case")]
enum LiveEvent {
    /// The gates and who stands at them, whenever something else is so.
    State(Box<Live>),
    /// A new entry of the journal.
    Entry(Box<Line>),
}

impl LiveEvent {
    fn told(&self) -> Result<Event, Ended> {
        let event = match self {
            LiveEvent::State(live) => Event::default().event("state").json_data(live),
            LiveEvent::Entry(line) => Event::default().event("entry").id(line.id.to_string()).json_data(line),
        };
        event.map_err(|_| Ended)
    }
}

/// What is told to one reader.
struct Teller {
    call: Call,
    guard: Signed,
    to: mpsc::Sender<Event>,
    written: broadcast::Receiver<Arc<Written>>,
    state: watch::Receiver<Arc<State>>,
    /// The number of the last entry that was told.
    last: u64,
    told: Option<Live>,
    _permit: OwnedSemaphorePermit,
}

/// The stream is at its end.
struct Ended;

impl Teller {
    async fn tell(mut self) {
        let ended = self.guard.clone();
        let to = self.to.clone();
        tokio::select! {
            _ = self.tell_all() => {}
            () = end_of(ended) => {}
            () = to.closed() => {}
        }
    }

    async fn tell_all(&mut self) -> Result<(), Ended> {
        self.tell_state().await?;
        self.tell_entries().await?;
        loop {
            tokio::select! {
                changed = self.state.changed() => {
                    changed.map_err(|_| Ended)?;
                    tokio::time::sleep(COALESCED).await;
                    self.tell_state().await?;
                }
                // What no gate changes (the clock, the store, the end of a long shift) is looked at now and then.
                () = tokio::time::sleep(KEEP_ALIVE) => {
                    let signed = self.call.kiosk.signed(&self.call.caller).await.map_err(|_| Ended)?;
                    signed.ok_or(Ended)?;
                    self.tell_state().await?;
                }
                written = self.written.recv() => {
                    if matches!(written, Err(broadcast::error::RecvError::Closed)) {
                        return Err(Ended);
                    }
                    self.tell_entries().await?;
                }
            }
        }
    }

    /// The state, where it is another one in words, too.
    async fn tell_state(&mut self) -> Result<(), Ended> {
        let state = self.state.borrow_and_update().clone();
        let kiosk = self.call.kiosk.clone();
        let live =
            self.call.read(move |words| Ok(Live::new(&kiosk, words, &state)?)).await.map_err(|_| Ended)?;
        if self.told.as_ref() != Some(&live) {
            self.told = Some(live.clone());
            self.send(LiveEvent::State(Box::new(live)).told()?).await?;
        }
        Ok(())
    }

    /// What the journal has beyond the last that was told.
    async fn tell_entries(&mut self) -> Result<(), Ended> {
        loop {
            let after = self.last;
            let lines = self.call.read(move |words| {
                let hub = words.view.replica()?.to_string();
                let query = Query::on("number").equal(hub).from(after + 1).limit(PAGE);
                let found = words.view.of::<Entry>().find(&query)?.entries;
                Ok(found
                    .iter()
                    .map(|entry| words.line(entry.id, &entry.value))
                    .collect::<Result<VecDeque<_>, _>>()?)
            });
            let lines: VecDeque<Line> = lines.await.map_err(|_| Ended)?;
            let full = lines.len() == PAGE;
            for line in lines {
                self.last = line.number;
                self.send(LiveEvent::Entry(Box::new(line)).told()?).await?;
            }
            if !full {
                return Ok(());
            }
        }
    }

    async fn send(&self, event: Event) -> Result<(), Ended> {
        self.to.send_timeout(event, PATIENCE).await.map_err(|_| {
            tracing::info!(guard = %self.guard.id, "a screen does not read its live events: it is cut");
            Ended
        })
    }
}

async fn end_of(mut session: Signed) {
    session.end().await;
}
