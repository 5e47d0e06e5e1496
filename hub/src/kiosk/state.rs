//! The state of everything, in one document.

use dwellers::access::{Reason, Verdict};
use dwellers::gates::Direction;
use dwellers::people::{self, Permission, Person};
use dwellers::{journal, passes};
use dwellers_replica::{ReadError, RecordId, ReplicaId};
use http::Method;
use serde::Serialize;

use super::Kiosk;
use super::problem::Problem;
use super::session::Signed;
use super::table::{Answer, Call, Table, json};
use crate::clock::Trust;
use crate::engine::Position;
use crate::gatehouse::{self, Candidate, GateState, Pending, State, Waiting};
use crate::uplink::LinkStatus;
use crate::watchdog::Stuck;
use dwellers::words::Words;

pub(super) fn routes(to: &mut Table) {
    to.guards(Method::GET, "/api/state", show);
    to.guards(Method::POST, "/api/clock/trust", trust_clock);
}

/// The whole document.
#[derive(Serialize)]
struct Document {
    hub: Hub,
    clock: Clock,
    store: Store,
    guard: Signed,
    #[serde(flatten)]
    live: Live,
    expected_count: usize,
    inside_count: usize,
}

#[derive(Serialize)]
struct Hub {
    replica: ReplicaId,
    /// The community's name.
    name: String,
    /// In which moments are shown, by its IANA name.
    time_zone: String,
    version: &'static str,
    started_at_ms: u64,
    uptime_ms: u64,
    language: &'static str,
}

#[derive(Serialize)]
struct Clock {
    now_ms: u64,
    trusted: bool,
    trust: Trust,
}

#[derive(Serialize)]
struct Store {
    /// Entries of this hub's journal.
    entries: u64,
    bytes: u64,
    last_write_ms_ago: u64,
}

/// What the live events carry, too.
#[derive(Clone, PartialEq, Serialize)]
pub(super) struct Live {
    gates: Vec<Gate>,
    waiting: Vec<Arrived>,
    questions: Vec<Asked>,
    alarms: Vec<Alarm>,
    link: Link,
}

/// The link to the cloud: nothing at the gate needs it.
#[derive(Clone, PartialEq, Serialize)]
struct Link {
    /// Whether this hub belongs to a cloud at all.
    enrolled: bool,
    connected: bool,
    /// Whether everything that was written here is there as well.
    shared: bool,
    text: String,
}

/// A gate, with its state in words.
#[derive(Clone, PartialEq, Serialize)]
struct Gate {
    #[serde(flatten)]
    state: GateState,
    kind_text: String,
    status_text: String,
}

/// Somebody who waits for the guard's word.
#[derive(Clone, PartialEq, Serialize)]
struct Arrived {
    entry: RecordId,
    gate: RecordId,
    gate_key: String,
    lane: String,
    direction: Direction,
    plate: String,
    plate_shown: String,
    name: String,
    house: Option<RecordId>,
    house_label: String,
    verdict: Verdict,
    reason: Reason,
    reason_text: String,
    crop: String,
    since_ms: u64,
    question: Option<RecordId>,
    /// What the house answered, in time.
    allowed: Option<bool>,
    candidates: Vec<Tap>,
}

/// A car that it may be: one tap lets it in.
#[derive(Clone, PartialEq, Serialize)]
struct Tap {
    #[serde(flatten)]
    candidate: Candidate,
    plate_shown: String,
    house_label: String,
    reason_text: String,
}

/// A question whose answer still counts.
#[derive(Clone, PartialEq, Serialize)]
pub(super) struct Asked {
    #[serde(flatten)]
    question: Pending,
    house_label: String,
    plate_shown: String,
    /// Until when, by this hub's wall clock.
    until_ms: u64,
    remaining_ms: u64,
    phones: Vec<Phone>,
}

/// Whom to call.
#[derive(Clone, PartialEq, Serialize)]
struct Phone {
    name: String,
    phone: String,
}

/// What must be seen: what is, and what happened of late.
#[derive(Clone, PartialEq, Serialize)]
struct Alarm {
    code: &'static str,
    /// The gate's key; `None` for the hub as a whole.
    gate: Option<String>,
    /// The entry that it is about.
    about: Option<RecordId>,
    /// When it happened, in milliseconds since 1970; `None`: it is so now.
    at_ms: Option<u64>,
    text: String,
}

async fn show(call: Call, guard: Signed) -> Answer {
    let kiosk = call.kiosk.clone();
    let (state, inside_count) = (kiosk.state(), kiosk.inside_count().await?);
    json(&call.read(move |words| document(&kiosk, words, &state, inside_count, guard)).await?)
}

fn document(
    kiosk: &Kiosk,
    words: &Words<'_>,
    state: &State,
    inside_count: usize,
    guard: Signed,
) -> Result<Document, Problem> {
    let expected = passes::expected(words.view, words.now, &guard.actor(), "");
    let expected_count = match expected {
        Err(dwellers::Denied::NotFound(_) | dwellers::Denied::Invalid { .. }) => 0,
        expected => expected?.len(),
    };
    let (service, now) = (&kiosk.0.service, words.now);
    Ok(Document {
        hub: Hub {
            replica: words.view.replica()?,
            name: words.community.name.clone(),
            time_zone: words.community.time_zone.clone(),
            version: env!("CARGO_PKG_VERSION"),
            started_at_ms: kiosk.0.started_at_ms,
            uptime_ms: kiosk.tick().0,
            language: kiosk.language().as_str(),
        },
        clock: Clock { now_ms: now.ms, trusted: now.trusted, trust: service.clock.trust() },
        store: Store {
            entries: journal::Book::open(words.view)?.number(),
            bytes: service.operations.data.store_bytes(),
            last_write_ms_ago: service.pulse.store_ms_ago(kiosk.tick()),
        },
        guard,
        live: Live::new(kiosk, words, state)?,
        expected_count,
        inside_count,
    })
}

async fn trust_clock(call: Call, guard: Signed) -> Answer {
    tracing::info!(guard = %guard.id, "the guard says that the clock is right");
    let service = call.kiosk.0.service.clone();
    let given = call.kiosk.blocking(move || {
        let now = service.clock.now();
        service.operations.timekeeper.give_word(now)?;
        service.clock.set_trust(service.operations.timekeeper.look(now));
        Ok::<_, std::io::Error>(service.clock.trust())
    });
    let trust = given.await?.map_err(|error| {
        tracing::warn!(%error, "the guard's word on the clock is not taken");
        Problem::moved_on("clock-cannot-be-right")
    })?;
    let now = call.kiosk.now();
    json(&Clock { now_ms: now.ms, trusted: now.trusted, trust })
}

impl Live {
    /// In words, from what the gate loop published.
    pub fn new(kiosk: &Kiosk, words: &Words<'_>, state: &State) -> Result<Self, ReadError> {
        let gates: Vec<Gate> = state.gates.iter().map(|gate| described(words, gate)).collect();
        let waiting =
            state.waiting.iter().map(|waiting| arrived(words, waiting)).collect::<Result<_, _>>()?;
        let questions =
            state.questions.iter().map(|pending| Asked::new(words, pending)).collect::<Result<_, _>>()?;
        let alarms = alarms(kiosk, words, state);
        Ok(Live { gates, waiting, questions, alarms, link: link(kiosk, words) })
    }
}

fn link(kiosk: &Kiosk, words: &Words<'_>) -> Link {
    let LinkStatus { url, connected, refused, shared, .. } = kiosk.0.service.link.status();
    let key = match (url.is_empty(), connected, shared) {
        (true, ..) => "link-none",
        (_, false, _) if refused => "link-refused",
        (_, false, _) => "link-away",
        (_, true, false) => "link-behind",
        (_, true, true) => "link-there",
    };
    Link { enrolled: !url.is_empty(), connected, shared, text: words.texts.get(key, &[]) }
}

fn described(words: &Words<'_>, state: &GateState) -> Gate {
    let status = &state.status;
    let key = match status.position {
        _ if status.fire => "gate-fire",
        _ if status.hold.is_some() => "gate-held",
        Position::Open => "position-open",
        Position::Closed => "position-closed",
        Position::Moving => "position-moving",
        Position::Unknown => "position-unknown",
    };
    let kind_text = words.texts.say_open(&state.gate.kind);
    Gate { state: state.clone(), kind_text, status_text: words.texts.get(key, &[]) }
}

fn arrived(words: &Words<'_>, waiting: &Waiting) -> Result<Arrived, ReadError> {
    let reason_text = words.reason(waiting.reason, waiting.house, &waiting.plate, None, "")?;
    let candidates =
        waiting.help.candidates.iter().map(|candidate| tap(words, candidate)).collect::<Result<_, _>>()?;
    let &Waiting { entry, gate, direction, house, verdict, reason, since_ms, .. } = waiting;
    let gatehouse::Help { question, allowed, .. } = waiting.help;
    let Waiting { gate_key, lane, plate, name, crop, .. } = waiting.clone();
    let (plate_shown, house_label) = (words.plate(&plate), words.house(house)?);
    Ok(Arrived {
        entry,
        gate,
        gate_key,
        lane,
        direction,
        plate,
        plate_shown,
        name,
        house,
        house_label,
        verdict,
        reason,
        reason_text,
        crop,
        since_ms,
        question,
        allowed,
        candidates,
    })
}

fn tap(words: &Words<'_>, candidate: &Candidate) -> Result<Tap, ReadError> {
    Ok(Tap {
        candidate: candidate.clone(),
        plate_shown: words.plate(&candidate.plate),
        house_label: words.house(candidate.house)?,
        reason_text: words.reason(candidate.reason, candidate.house, &candidate.plate, None, "")?,
    })
}

impl Asked {
    /// A question that runs, with whom to call about it.
    pub fn new(words: &Words<'_>, question: &Pending) -> Result<Self, ReadError> {
        let until_ms = question.at_ms + u64::from(question.timeout_ms);
        Ok(Asked {
            question: question.clone(),
            house_label: words.house(Some(question.house))?,
            plate_shown: words.plate(&question.plate),
            until_ms,
            remaining_ms: until_ms.saturating_sub(words.now.ms),
            phones: phones(words, question.house)?,
        })
    }
}

fn phones(words: &Words<'_>, house: RecordId) -> Result<Vec<Phone>, ReadError> {
    let mut phones = Vec::new();
    for (_, person) in people::residents(words.view, words.now, house, Permission::AnswerQuestion)? {
        if let Some(person) = words.view.of::<Person>().get(person)?
            && !person.value.phone.is_empty()
        {
            let Person { name, phone, .. } = person.value;
            phones.push(Phone { name, phone });
        }
    }
    Ok(phones)
}

/// What is wrong now, then what happened of late.
fn alarms(kiosk: &Kiosk, words: &Words<'_>, state: &State) -> Vec<Alarm> {
    let now = |code: &'static str, gate: Option<&GateState>| {
        let name = gate.map(|gate| gate.gate.name.as_str()).unwrap_or_default();
        let text = words.texts.get(code, &[("gate", name.into())]);
        Alarm { code, gate: gate.map(|gate| gate.gate.key.clone()), about: None, at_ms: None, text }
    };
    let mut alarms = Vec::new();
    for gate in &state.gates {
        if gate.status.fire {
            alarms.push(now("gate-fire", Some(gate)));
        }
        if gate.status.connected == Some(false) {
            alarms.push(now("alert-driver-lost", Some(gate)));
        }
    }
    for camera in kiosk.0.cameras.status().iter().filter(|camera| !camera.live) {
        let code = if camera.shows { "camera-blind" } else { "camera-lost" };
        let name = camera.name.as_str();
        let text = words.texts.get(code, &[("camera", name.into())]);
        alarms.push(Alarm { code, gate: Some(camera.gate.clone()), about: None, at_ms: None, text });
    }
    if !words.now.trusted {
        alarms.push(now("clock-not-trusted", None));
    }
    if let Err(Stuck::Store { .. }) = kiosk.0.service.pulse.check(kiosk.tick()) {
        alarms.push(now("store-failed", None));
    }
    alarms.extend(state.alarms.iter().map(|alarm| {
        let gate = state.gates.iter().find(|gate| gate.gate.key == alarm.gate_key);
        let at_ms = Some(alarm.at_ms);
        Alarm { about: alarm.about, at_ms, ..now(alarm.text_key, gate) }
    }));
    alarms
}
