//! What the guard must see at any moment, in words: the gates, who waits, what was asked, what is wrong.
//!
//! It is made of what the gate loop published; the state in one document and the live events both carry it.

use dwellers::access::{Reason, Verdict};
use dwellers::gates::{Direction, Kind, Lane};
use dwellers::people::{self, Permission, Person};
use dwellers::questions::Question;
use dwellers_replica::{Open, ReadError, RecordId};
use serde::Serialize;
use utoipa::ToSchema;

use super::Kiosk;
use super::alarms::{self, Alarm};
use crate::camera::CameraStatus;
use crate::engine::{self, Commanded, Position};
use crate::gatehouse::{Candidate, GateState, Help, Pending, State, Waiting};
use crate::uplink::LinkStatus;
use dwellers::words::Words;

/// The gates and whoever stands at them, and what is wrong.
#[derive(Clone, PartialEq, Serialize, ToSchema)]
pub(super) struct Live {
    /// In the order of the configuration.
    gates: Vec<Gate>,
    /// Who waits for the guard's word, the longest first.
    waiting: Vec<Arrived>,
    /// What houses were asked and may still answer.
    questions: Vec<Asked>,
    /// What is wrong now, then what happened of late, newest first.
    alarms: Vec<Alarm>,
    cameras: Vec<Camera>,
    link: Link,
    /// Whether the clock is trusted; where it is not, passes with hours are put to the guard.
    clock_trusted: bool,
}

/// A gate, with its state in words.
#[derive(Clone, PartialEq, Serialize, ToSchema)]
struct Gate {
    /// Its record.
    id: RecordId,
    /// Its name in the configuration, and in the paths of routes.
    key: String,
    /// As people call it.
    name: String,
    kind: Open<Kind>,
    kind_text: String,
    lanes: Vec<Lane>,
    status: Status,
    status_text: String,
}

/// How a gate stands.
#[derive(Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = GateStatus)]
struct Status {
    /// Whether its driver is there; `null`: it has not said yet.
    connected: Option<bool>,
    position: Position,
    commanded: Commanded,
    /// The loop is occupied.
    occupied: bool,
    /// The beam is broken.
    beam_broken: bool,
    /// The guard's hold.
    hold: Option<Hold>,
    /// The fire alarm is on.
    fire: bool,
    /// Openings whose car has not passed.
    under_way: usize,
    /// The last opening since the hub started.
    last: Option<Opened>,
}

/// A hold.
#[derive(Clone, PartialEq, Serialize, ToSchema)]
struct Hold {
    /// The entry in the journal.
    entry: RecordId,
    /// Who holds it open.
    guard: String,
    /// In milliseconds since 1970.
    since_ms: u64,
}

/// An opening.
#[derive(Clone, PartialEq, Serialize, ToSchema)]
struct Opened {
    /// The entry in the journal.
    entry: RecordId,
    /// In milliseconds since 1970.
    at_ms: u64,
    reason: Reason,
    /// Folded; empty for none.
    plate: String,
    /// As people write it.
    plate_shown: String,
    house: Option<RecordId>,
    house_label: String,
    /// The guard on whose word; empty for none.
    guard: String,
}

/// Somebody who waits for the guard's word.
#[derive(Clone, PartialEq, Serialize, ToSchema)]
struct Arrived {
    /// The arrival in the journal, and in the paths of routes.
    entry: RecordId,
    gate: RecordId,
    gate_key: String,
    /// The lane's key; empty where none is known.
    lane: String,
    direction: Direction,
    /// Folded; empty for none.
    plate: String,
    /// As people write it.
    plate_shown: String,
    /// The visitor's name on a pass; empty for none.
    name: String,
    house: Option<RecordId>,
    house_label: String,
    verdict: Verdict,
    reason: Reason,
    reason_text: String,
    /// The picture's hash; empty for none.
    crop: String,
    /// In milliseconds since 1970.
    since_ms: u64,
    /// The question that was asked about it last.
    question: Option<RecordId>,
    /// The house that was asked it. It stays when the time for an answer is over: then somebody calls there.
    asked: Option<AskedHouse>,
    /// What the house answered, in time.
    allowed: Option<bool>,
    /// Cars that it may be, best first.
    candidates: Vec<Tap>,
}

/// A house that was asked about somebody who waits.
#[derive(Clone, PartialEq, Serialize, ToSchema)]
struct AskedHouse {
    house: RecordId,
    house_label: String,
    /// Until when an answer counts, in milliseconds since 1970 by the hub's clock.
    until_ms: u64,
    phones: Vec<Phone>,
}

/// A car that it may be: one tap lets it in.
#[derive(Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = CandidateCar)]
struct Tap {
    #[serde(flatten)]
    candidate: Candidate,
    /// As people write it.
    plate_shown: String,
    house_label: String,
    reason_text: String,
}

/// A question whose answer still counts.
#[derive(Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Question)]
pub(super) struct Asked {
    #[serde(flatten)]
    question: Pending,
    house_label: String,
    /// As people write it.
    plate_shown: String,
    /// Until when an answer counts, in milliseconds since 1970 by the hub's clock.
    until_ms: u64,
    /// How long that is from now.
    remaining_ms: u64,
    phones: Vec<Phone>,
}

/// Whom to call.
#[derive(Clone, PartialEq, Serialize, ToSchema)]
struct Phone {
    name: String,
    phone: String,
}

/// A camera.
#[derive(Clone, PartialEq, Serialize, ToSchema)]
struct Camera {
    /// Its key in the configuration, and in the paths of routes.
    key: String,
    /// As people call it.
    name: String,
    /// The gate's key.
    gate: String,
    /// The lane's key.
    lane: String,
    /// Whether frames come that can be shown, and are looked at where they are to be.
    live: bool,
    /// Whether frames come that can be shown, looked at or not.
    shows: bool,
}

/// The link to the cloud: nothing at the gate needs it.
#[derive(Clone, PartialEq, Serialize, ToSchema)]
struct Link {
    state: LinkState,
    /// Whether this hub belongs to a cloud at all.
    enrolled: bool,
    connected: bool,
    /// Whether everything that was written here is there as well.
    shared: bool,
    text: String,
}

/// How the link stands.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum LinkState {
    /// This hub belongs to no cloud.
    None,
    /// The cloud does not take this hub.
    Refused,
    /// The cloud cannot be reached.
    Away,
    /// Connected, and not everything is there yet.
    Behind,
    /// Connected, and everything is there.
    There,
}

impl Live {
    /// In words, from what the gate loop published.
    pub fn new(kiosk: &Kiosk, words: &Words<'_>, state: &State) -> Result<Self, ReadError> {
        let gates = state.gates.iter().map(|gate| described(words, gate)).collect::<Result<_, _>>()?;
        let waiting =
            state.waiting.iter().map(|waiting| arrived(words, waiting)).collect::<Result<_, _>>()?;
        let questions =
            state.questions.iter().map(|pending| Asked::new(words, pending)).collect::<Result<_, _>>()?;
        let (alarms, cameras) = (alarms::of(kiosk, words, state), cameras(kiosk));
        let clock_trusted = words.now.trusted;
        Ok(Live { gates, waiting, questions, alarms, cameras, link: link(kiosk, words), clock_trusted })
    }
}

fn link(kiosk: &Kiosk, words: &Words<'_>) -> Link {
    let LinkStatus { url, connected, refused, shared, .. } = kiosk.0.service.link.status();
    let (state, key) = match (url.is_empty(), connected, shared) {
        (true, ..) => (LinkState::None, "link-none"),
        (_, false, _) if refused => (LinkState::Refused, "link-refused"),
        (_, false, _) => (LinkState::Away, "link-away"),
        (_, true, false) => (LinkState::Behind, "link-behind"),
        (_, true, true) => (LinkState::There, "link-there"),
    };
    Link { state, enrolled: !url.is_empty(), connected, shared, text: words.texts.get(key, &[]) }
}

fn cameras(kiosk: &Kiosk) -> Vec<Camera> {
    let camera = |status: CameraStatus| {
        let CameraStatus { key, name, gate, lane, live, shows, .. } = status;
        Camera { key, name, gate, lane, live, shows }
    };
    kiosk.0.cameras.status().into_iter().map(camera).collect()
}

fn described(words: &Words<'_>, state: &GateState) -> Result<Gate, ReadError> {
    let status = &state.status;
    let text = match status.position {
        _ if status.fire => "gate-fire",
        _ if status.hold.is_some() => "gate-held",
        Position::Open => "position-open",
        Position::Closed => "position-closed",
        Position::Moving => "position-moving",
        Position::Unknown => "position-unknown",
    };
    let dwellers::gates::Gate { key, name, kind, lanes, .. } = state.gate.clone();
    Ok(Gate {
        id: state.id,
        key,
        name,
        kind_text: words.texts.say_open(&kind),
        kind,
        lanes,
        status: stands(words, status)?,
        status_text: words.texts.get(text, &[]),
    })
}

fn stands(words: &Words<'_>, status: &engine::Status) -> Result<Status, ReadError> {
    let &engine::Status { connected, position, commanded, occupied, beam_broken, fire, under_way, .. } =
        status;
    let hold = status.hold.clone().map(|engine::Held { id, guard }| Hold {
        entry: id,
        guard,
        since_ms: id.made_ms(),
    });
    let last = status.last.as_ref().map(|last| opened(words, last)).transpose()?;
    Ok(Status { connected, position, commanded, occupied, beam_broken, hold, fire, under_way, last })
}

fn opened(words: &Words<'_>, last: &engine::Last) -> Result<Opened, ReadError> {
    let engine::Last { id, reason, plate, house, guard, .. } = last.clone();
    let (plate_shown, house_label) = (words.plate(&plate), words.house(house)?);
    Ok(Opened { entry: id, at_ms: id.made_ms(), reason, plate, plate_shown, house, house_label, guard })
}

fn arrived(words: &Words<'_>, waiting: &Waiting) -> Result<Arrived, ReadError> {
    let reason_text = words.reason(waiting.reason, waiting.house, &waiting.plate, None, "")?;
    let candidates =
        waiting.help.candidates.iter().map(|candidate| tap(words, candidate)).collect::<Result<_, _>>()?;
    let &Waiting { entry, gate, direction, house, verdict, reason, since_ms, .. } = waiting;
    let Help { question, allowed, .. } = waiting.help;
    let Waiting { gate_key, lane, plate, name, crop, .. } = waiting.clone();
    let (plate_shown, house_label) = (words.plate(&plate), words.house(house)?);
    let asked = question.map(|question| house_asked(words, question)).transpose()?.flatten();
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
        asked,
        allowed,
        candidates,
    })
}

fn house_asked(words: &Words<'_>, question: RecordId) -> Result<Option<AskedHouse>, ReadError> {
    let Some(question) = words.view.of::<Question>().get(question)? else { return Ok(None) };
    let (house, until_ms) = (question.value.house, question.value.until_ms());
    let (house_label, phones) = (words.house(Some(house))?, phones(words, house)?);
    Ok(Some(AskedHouse { house, house_label, until_ms, phones }))
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
