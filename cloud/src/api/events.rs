//! Live events (server-sent): what changed that concerns whoever listens.
//!
//! The store tells that something may have changed; what the reader may see is read anew, and told where it is another than
//! before. Lines of the journal have ids, and a stream goes on from the last that was told (`Last-Event-ID`).
//!
//! Invariants: nobody is told by a stream what a plain request would not tell them; a stream ends with its session, with the
//! last right of its person in the community, and with the cloud; an account has so many, and all of them together; a reader
//! that does not read is cut, and nobody waits for it.

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dwellers::alarms;
use dwellers::journal::Entry;
use dwellers::passes::{self, Standing, Which};
use dwellers::people::{self, Permission};
use dwellers::words::Line;
use dwellers_link::device::PublicKey;
use dwellers_replica::builtin::Registration;
use dwellers_replica::{Direction, Entry as Read, Query, RecordId, Role};
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use tokio::sync::{Notify, mpsc};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;
use warp::Reply;
use warp::reply::Response;
use warp::sse::{Event, keep_alive};

use super::Api;
use super::call::{Call, Look, Member};
use super::gates::{self, Gates};
use super::journal;
use super::problem::Problem;
use super::questions::{self, Questions};
use super::table::{Answer, Table, Who};

/// Streams of an account: a page in each of some tabs, on some devices.
const OF_ACCOUNT: usize = 8;
/// Streams in all.
const MOST: usize = 10_000;
/// Events that wait for a slow reader.
const WAITING: usize = 64;
/// How long a reader may leave that queue full.
const PATIENCE: Duration = Duration::from_secs(5);
/// Changes that come together are told together.
const COALESCED: Duration = Duration::from_millis(200);
/// So often it is looked whether the session lasts, and at what no write changes: which pass holds by now.
const EVERY_MS: u64 = 10_000;
/// So often it is looked whom an open question has reached.
const SOON: Duration = Duration::from_secs(1);
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Of each house, and of each hub, the last so many lines are looked at. Who missed more reads the journal.
const LINES: usize = 50;
/// Passes of a house that are minded.
const PASSES: usize = 200;

pub(super) fn routes(to: &mut Table) {
    to.member::<__path_follow, _, _>(follow);
}

/// Who listens: how many streams of each account.
#[derive(Default)]
pub(super) struct Streams(Arc<Mutex<HashMap<RecordId, usize>>>);

/// A place for a stream. It is free again when this is dropped.
pub(super) struct PlaceOfStream {
    streams: Arc<Mutex<HashMap<RecordId, usize>>>,
    account: RecordId,
}

impl Streams {
    /// A place for one more of an account.
    pub fn take(&self, account: RecordId) -> Result<PlaceOfStream, Problem> {
        let mut open = lock(&self.0);
        let of_account = open.get(&account).copied().unwrap_or_default();
        if of_account >= OF_ACCOUNT {
            return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-streams").retry_after(10));
        }
        if open.values().sum::<usize>() >= MOST {
            return Err(Problem::busy());
        }
        open.insert(account, of_account + 1);
        Ok(PlaceOfStream { streams: self.0.clone(), account })
    }
}

impl Drop for PlaceOfStream {
    fn drop(&mut self) {
        let mut open = lock(&self.streams);
        if let Some(of_account) = open.get_mut(&self.account) {
            *of_account -= 1;
            if *of_account == 0 {
                open.remove(&self.account);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing is half done while one is held.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The answer that these events are.
pub(super) fn stream(events: mpsc::Receiver<Event>) -> Response {
    let events = ReceiverStream::new(events).map(Ok::<Event, Infallible>);
    let patient = keep_alive().interval(KEEP_ALIVE).text("keep-alive");
    let mut response = warp::sse::reply(patient.stream(events)).into_response();
    // A proxy that gathers answers would keep them for itself.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

/// Which passes of my houses stand otherwise than before: those are to be read anew.
#[derive(Serialize)]
struct PassesChanged {
    passes: Vec<RecordId>,
}

/// What waits for an administrator.
#[derive(Clone, Copy, PartialEq, Serialize)]
struct Office {
    /// Applications that wait for a decision.
    applications: usize,
    /// Alarms that stand.
    alarms: usize,
}

/// What is told to one reader, as one snapshot has it.
struct News {
    /// The last arrival of any hub's journal.
    head: u64,
    lines: Vec<(u64, Line)>,
    /// There are more lines than are told one by one.
    has_more: bool,
    questions: Questions,
    gates: Gates,
    /// The hubs of these gates, and whether they were there.
    hubs: Vec<(PublicKey, bool)>,
    passes: BTreeMap<RecordId, Standing>,
    office: Option<Office>,
}

/// What changes that concerns me, as it happens (server-sent events)
///
/// `entry`: a line of the journal, with its id; `Last-Event-ID` goes on from there. `journal`: more lines than are told one by
/// one, to be read anew. `questions` and `gates`: the documents of these routes. `passes`: which passes of my houses stand
/// otherwise. `office`: how many applications and alarms wait for an administrator.
#[utoipa::path(get, path = "/api/v1/communities/{community}/events", tag = "events", operation_id = "events.follow",
    params(("community" = RecordId, Path), ("Last-Event-ID" = Option<String>, Header)),
    responses((status = 200, content_type = "text/event-stream", body = String)))]
async fn follow(call: Call, member: Member) -> Answer {
    let place = call.api.0.streams.take(member.signed.account)?;
    let last = call.caller.header("last-event-id").and_then(|id| id.parse::<RecordId>().ok());
    let told = member.read(&call, move |look| heard(look, last)).await?;
    let (to, events) = mpsc::channel(WAITING);
    tokio::spawn(Teller { call, member, to, told, before: None, _place: place }.tell());
    Ok(stream(events))
}

/// Up to which arrival in the store lines were told: that of the last line that the reader had, or of the last there is.
fn heard(look: &Look<'_>, last: Option<RecordId>) -> Result<u64, Problem> {
    let of_reader = match last {
        Some(last) => look.view.of::<Entry>().get(last)?.map(|entry| entry.arrival),
        None => None,
    };
    match of_reader {
        Some(arrival) => Ok(arrival),
        None => {
            let newest = newest(look, 1)?.into_iter().flatten();
            Ok(newest.map(|entry| entry.arrival).max().unwrap_or_default())
        }
    }
}

/// The last so many lines of each house, or of each hub's journal, that the caller may see some of.
fn newest(look: &Look<'_>, most: usize) -> Result<Vec<Vec<Read<Entry>>>, Problem> {
    let of = |index: &str, id: RecordId| {
        let query = Query::on(index).equal(id.to_string()).direction(Direction::Descending).limit(most);
        look.view.of::<Entry>().find(&query).map(|page| page.entries)
    };
    if look.member.may(Permission::SeeExpected) {
        let hubs = look.view.of::<Registration>().find(&Query::on("key"))?.entries;
        let hubs = hubs.into_iter().filter(|hub| hub.value.role == Some(Role::Hub));
        return Ok(hubs.map(|hub| of("number", hub.id)).collect::<Result<_, _>>()?);
    }
    Ok(look.member.houses().into_iter().map(|house| of("house", house)).collect::<Result<_, _>>()?)
}

/// The lines that arrived after those that were told, in the order of their arrival.
fn lines(look: &Look<'_>, told: u64) -> Result<(Vec<(u64, Line)>, bool), Problem> {
    let (mut lines, mut has_more) = (Vec::new(), false);
    for entries in newest(look, LINES)? {
        let is_full = entries.len() >= LINES;
        let new: Vec<_> = entries.into_iter().filter(|entry| entry.arrival > told).collect();
        has_more |= is_full && new.len() >= LINES;
        for entry in new {
            lines.extend(journal::line(look, &entry)?.map(|line| (entry.arrival, line)));
        }
    }
    lines.sort_by_key(|(arrival, line)| (*arrival, line.id));
    lines.dedup_by_key(|(_, line)| line.id);
    Ok((lines, has_more))
}

/// The last that arrived of any hub's journal.
fn head(look: &Look<'_>) -> Result<u64, Problem> {
    let mut head = 0;
    for hub in look.view.of::<Registration>().find(&Query::on("key"))?.entries {
        let query = Query::on("number").equal(hub.id.to_string()).direction(Direction::Descending).limit(1);
        let newest = look.view.of::<Entry>().find(&query)?.entries;
        head = head.max(newest.first().map_or(0, |entry| entry.arrival));
    }
    Ok(head)
}

/// What there is to tell, beside lines that were told; `before` is what was known when the journal had this head.
fn news(look: &Look<'_>, api: &Api, told: u64, before: Option<(u64, Gates)>) -> Result<News, Problem> {
    if look.member.may(Permission::SeeExpected) {
        // Whoever keeps the gate watches all houses: written down once in each hour of it.
        look.concerns_everybody();
    }
    let head = head(look)?;
    // Mostly nothing has happened at the gates: then it costs little.
    let known = before.filter(|(before, _)| *before == head).map(|(_, gates)| gates);
    let (lines, has_more) = if known.is_some() { Default::default() } else { lines(look, told)? };
    let (held, mut standings) = (&look.member.held, BTreeMap::new());
    for house in look.member.houses() {
        let page = passes::of_house(look.view, look.now, held, house, Which::Current, None, PASSES)?;
        standings.extend(page.passes.into_iter().map(|(pass, state)| (pass.id, state.standing())));
    }
    let office = if look.member.may(Permission::ManageCommunity) {
        let applications = people::open_applications(look.view)?.len();
        Some(Office { applications, alarms: alarms::standing(look.view)?.len() })
    } else {
        None
    };
    // Before the document: what moves in between is seen as a move.
    let hubs = gates::hubs(look, api)?;
    let (questions, gates) = (questions::document(look)?, gates::document(look, api, known.as_ref())?);
    Ok(News { head, lines, has_more, questions, gates, hubs, passes: standings, office })
}

/// What is told to one reader.
struct Teller {
    call: Call,
    member: Member,
    to: mpsc::Sender<Event>,
    /// Up to this arrival lines were told.
    told: u64,
    before: Option<News>,
    _place: PlaceOfStream,
}

/// The stream is at its end.
struct Ended;

impl Teller {
    async fn tell(mut self) {
        let (to, downlink) = (self.to.clone(), self.call.api.0.downlink.clone());
        tokio::select! {
            _ = self.tell_all() => {}
            () = to.closed() => {}
            () = downlink.ended() => {}
        }
    }

    async fn tell_all(&mut self) -> Result<(), Ended> {
        let changed = Arc::new(Notify::new());
        let wake = changed.clone();
        // Before the first look: nothing falls in between.
        let _listening = self.member.community.store.listen(move || wake.notify_one());
        let downlink = self.call.api.0.downlink.clone();
        let (mut hubs, mut known_ms) = (downlink.follow(), downlink.uptime_ms());
        loop {
            self.tell_news().await?;
            loop {
                tokio::select! {
                    () = changed.notified() => {}
                    moved = hubs.changed() => {
                        moved.map_err(|_| Ended)?;
                        // Most hubs are other communities'.
                        if !self.has_a_hub_moved() {
                            continue;
                        }
                    }
                    () = tokio::time::sleep(self.pause()) => {}
                }
                break;
            }
            tokio::time::sleep(COALESCED).await;
            if downlink.uptime_ms().saturating_sub(known_ms) >= EVERY_MS {
                known_ms = downlink.uptime_ms();
                self.know_again().await?;
            }
        }
    }

    /// What no write changes is looked at now and then: often while somebody waits at the gate.
    fn pause(&self) -> Duration {
        let is_asked = self.before.as_ref().is_some_and(|before| before.questions.is_any_open());
        if is_asked { SOON } else { Duration::from_millis(EVERY_MS) }
    }

    fn has_a_hub_moved(&self) -> bool {
        let (downlink, community) = (&self.call.api.0.downlink, self.member.community.id);
        let hubs = self.before.as_ref().map(|before| before.hubs.as_slice()).unwrap_or_default();
        hubs.iter().any(|(key, was_here)| downlink.is_here(community, *key) != *was_here)
    }

    /// Who they are by now: a session may have ended, and a community.
    async fn know_again(&mut self) -> Result<(), Ended> {
        match self.call.known(Who::Member).await {
            Ok((_, Some(member))) => self.member = member,
            Ok(_) | Err(_) => return Err(Ended),
        }
        Ok(())
    }

    async fn tell_news(&mut self) -> Result<(), Ended> {
        let person = self.member.person;
        // A right may have ended with what was written just now.
        let held = self.member.read(&self.call, move |look| Ok(people::held(look.view, look.now, person)?));
        self.member.held = held.await.map_err(|_| Ended)?;
        if self.member.held.is_empty() {
            return Err(Ended);
        }
        let (api, told) = (self.call.api.clone(), self.told);
        let before = self.before.as_ref().map(|before| (before.head, before.gates.clone()));
        let read = self.member.read(&self.call, move |look| news(look, &api, told, before));
        let mut news = read.await.map_err(|_| Ended)?;
        for (arrival, line) in std::mem::take(&mut news.lines) {
            self.told = self.told.max(arrival);
            let event = Event::default().event("entry").id(line.id.to_string());
            self.send(event.json_data(&line).map_err(|_| Ended)?).await?;
        }
        if news.has_more {
            self.say("journal", &serde_json::json!({})).await?;
        }
        let before = self.before.take();
        let before = before.as_ref();
        if before.is_none_or(|before| before.questions != news.questions) {
            self.say("questions", &news.questions).await?;
        }
        if before.is_none_or(|before| before.gates != news.gates) {
            self.say("gates", &news.gates).await?;
        }
        if let Some(office) =
            news.office.filter(|now| before.is_none_or(|before| before.office != Some(*now)))
        {
            self.say("office", &office).await?;
        }
        if let Some(before) = before {
            let is_other = |id: &&RecordId| before.passes.get(*id) != news.passes.get(*id);
            let all = before.passes.keys().chain(news.passes.keys());
            let mut passes: Vec<_> = all.filter(is_other).copied().collect();
            passes.sort_unstable();
            passes.dedup();
            if !passes.is_empty() {
                self.say("passes", &PassesChanged { passes }).await?;
            }
        }
        self.before = Some(news);
        Ok(())
    }

    async fn say<T: Serialize>(&self, what: &str, document: &T) -> Result<(), Ended> {
        self.send(Event::default().event(what).json_data(document).map_err(|_| Ended)?).await
    }

    async fn send(&self, event: Event) -> Result<(), Ended> {
        self.to.send_timeout(event, PATIENCE).await.map_err(|_| {
            tracing::info!(account = %self.member.signed.account, "somebody does not read their live events: they are cut");
            Ended
        })
    }
}
