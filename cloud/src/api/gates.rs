//! Gates: those that somebody may open, and opening them.
//!
//! An opening is asked for once ([`open`]); what becomes of it is told as it happens ([`follow`]), and to whoever asks later
//! ([`show`]). Whether a gate opens its own hub says, by its own copy of the rules.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use dwellers::access::Reason;
use dwellers::gates::{self, Direction, Gate};
use dwellers::journal;
use dwellers::people::Permission;
use dwellers::texts::Texts;
use dwellers_link::device::PublicKey;
use dwellers_replica::builtin::Registration;
use dwellers_replica::{Open, RecordId, ReplicaId};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use utoipa::ToSchema;
use warp::Reply;
use warp::sse::Event;

use super::Api;
use super::call::{Call, Look, Member, json};
use super::events::stream;
use super::openings::{Button, NotPressed, Opening, Presser, State};
use super::problem::Problem;
use super::second_factor::insist_on_recent_second_factor;
use super::table::{Answer, Table};
use crate::downlink::NotSent;

/// Entries of a hub's journal in which it is looked how its gates stand.
const LOOK_BACK: usize = 100;
/// States that wait for a slow reader: there are no more.
const WAITING: usize = 8;
/// How long a reader may leave that queue full.
const PATIENCE: Duration = Duration::from_secs(5);
/// A hub that is away is worth another try by whoever wants it still.
const AWAY_S: u64 = 10;

pub(super) fn routes(to: &mut Table) {
    to.may::<__path_list, _, _>(&[Permission::OpenGates, Permission::OpenAnyGate], list);
    to.may::<__path_open, _, _>(&[Permission::OpenGates, Permission::OpenAnyGate], open);
    to.member::<__path_show, _, _>(show);
    to.member::<__path_follow, _, _>(follow);
}

/// A gate.
#[derive(Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Gate)]
pub(super) struct GateDocument {
    id: RecordId,
    /// As people call it.
    name: String,
    kind: Open<gates::Kind>,
    kind_text: String,
    lanes: Vec<LaneDocument>,
    /// Whose.
    hub: ReplicaId,
    /// Whether its hub is connected: where it is not, it cannot be opened from here.
    is_here: bool,
    /// What was last seen of it.
    seen: Option<Seen>,
}

/// A lane of a gate.
#[derive(Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = GateLane)]
struct LaneDocument {
    /// By which it is asked for.
    key: String,
    direction: Direction,
    direction_text: String,
}

/// What was last seen of a gate.
#[derive(Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = GateSeen)]
struct Seen {
    kind: Open<journal::Kind>,
    text: String,
    /// In milliseconds since 1970.
    at_ms: u64,
}

#[derive(Clone, PartialEq, Serialize, ToSchema)]
pub(super) struct Gates {
    gates: Vec<GateDocument>,
}

/// Which lane.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Press {
    /// The lane's key; the first lane, where none is named.
    lane: Option<String>,
}

/// An opening, and what became of it.
#[derive(Serialize, ToSchema)]
#[schema(as = Opening)]
struct OpeningDocument {
    id: RecordId,
    gate: RecordId,
    /// The lane's key; empty where the gate has none.
    lane: String,
    /// When it was asked for, in milliseconds since 1970.
    at_ms: u64,
    #[serde(flatten)]
    state: State,
    /// The same in words.
    text: String,
    /// Whether nothing follows.
    is_over: bool,
}

impl OpeningDocument {
    fn of(opening: &Opening, state: State, texts: &Texts) -> OpeningDocument {
        let Button { gate, lane } = opening.button.clone();
        let (text, is_over) = (said(texts, &state), state.is_end());
        OpeningDocument { id: opening.id, gate, lane, at_ms: opening.at_ms, state, text, is_over }
    }
}

/// How far an opening is, in words.
fn said(texts: &Texts, state: &State) -> String {
    let key = match state {
        State::Sent => "opening-sent",
        State::Decided => "opening-decided",
        State::Failed => "opening-failed",
        State::Opened => "opening-opened",
        State::NotSeen => "opening-not-seen",
        State::Unknown => "opening-unknown",
        State::Refused { why } => {
            let reason = serde_json::from_value::<Reason>(why.as_str().into());
            return match (reason, why.as_str()) {
                (Ok(reason), _) => texts.say(reason),
                (_, "too_late") => texts.get("opening-too-late", &[]),
                (_, "busy") => texts.get("problem-busy", &[]),
                _ => texts.get("opening-refused", &[]),
            };
        }
    };
    texts.get(key, &[])
}

/// The gates that the caller may open. `known` are those of before, where the journal has not gone on since.
pub(super) fn document(look: &Look<'_>, api: &Api, known: Option<&Gates>) -> Result<Gates, Problem> {
    let (mut gates, mut of_hubs) = (gates::list(look.view)?, BTreeMap::<_, BTreeSet<_>>::new());
    gates.retain(|gate| gate.value.opens_for(&look.member.held));
    for gate in &gates {
        of_hubs.entry(gate.value.hub).or_default().insert(gate.id);
    }
    let (mut seen, mut here) = (BTreeMap::new(), BTreeSet::new());
    let before = known.iter().flat_map(|known| &known.gates);
    seen.extend(before.filter_map(|gate| Some((gate.id, gate.seen.clone()?))));
    for (hub, gates) in of_hubs {
        if known.is_none() {
            let last = journal::last_seen(look.view, hub, &gates, LOOK_BACK)?;
            seen.extend(last.into_iter().map(|(gate, entry)| (gate, Seen::of(look, &entry.value))));
        }
        let key = key(look, hub)?;
        if key.is_some_and(|key| api.0.downlink.is_here(look.member.community.id, key)) {
            here.insert(hub);
        }
    }
    let shown = gates.into_iter().map(|gate| {
        let is_here = here.contains(&gate.value.hub);
        let seen = seen.remove(&gate.id);
        GateDocument::of(look, gate.id, gate.value, is_here, seen)
    });
    Ok(Gates { gates: shown.collect() })
}

impl Seen {
    fn of(look: &Look<'_>, entry: &journal::Entry) -> Seen {
        let (kind, text) = (entry.kind.clone(), look.texts.say_open(&entry.kind));
        Seen { kind, text, at_ms: entry.at_ms }
    }
}

impl GateDocument {
    fn of(look: &Look<'_>, id: RecordId, gate: Gate, is_here: bool, seen: Option<Seen>) -> GateDocument {
        let Gate { hub, name, kind, lanes, .. } = gate;
        let lanes = lanes.into_iter().map(|lane| LaneDocument {
            key: lane.key,
            direction: lane.direction,
            direction_text: look.texts.say(lane.direction),
        });
        let kind_text = look.texts.say_open(&kind);
        GateDocument { id, name, kind, kind_text, lanes: lanes.collect(), hub, is_here, seen }
    }
}

/// The hubs of the community's gates, and whether they are here.
pub(super) fn hubs(look: &Look<'_>, api: &Api) -> Result<Vec<(PublicKey, bool)>, Problem> {
    let community = look.member.community.id;
    let mut found = Vec::new();
    for hub in gates::hubs(look.view)? {
        found.extend(key(look, hub)?.map(|key| (key, api.0.downlink.is_here(community, key))));
    }
    Ok(found)
}

/// The key of the device that a hub is.
fn key(look: &Look<'_>, hub: ReplicaId) -> Result<Option<PublicKey>, Problem> {
    let registered = look.view.of::<Registration>().get(hub)?;
    Ok(registered.and_then(|registered| PublicKey::parse(&registered.value.key)))
}

/// The gates that I may open
#[utoipa::path(get, path = "/api/v1/communities/{community}/gates", tag = "gates", operation_id = "gates.list",
    params(("community" = RecordId, Path)), responses((status = 200, body = Gates)))]
async fn list(call: Call, member: Member) -> Answer {
    let api = call.api.clone();
    json(&member.read(&call, move |look| document(look, &api, None)).await?)
}

/// Open a gate, now
///
/// What becomes of it is told by `openings.follow` as it happens and by `openings.show` later. Where the gatehouse is away
/// nothing is done, now or later. A request that is repeated with its `Idempotency-Key` presses nothing: it is told of the
/// opening that there is, or was.
#[utoipa::path(post, path = "/api/v1/communities/{community}/gates/{gate}/open", tag = "gates",
    operation_id = "gates.open",
    params(("community" = RecordId, Path), ("gate" = RecordId, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Press, responses((status = 202, body = OpeningDocument)))]
async fn open(call: Call, member: Member) -> Answer {
    insist_on_recent_second_factor(&call, &member.signed).await?;
    let (gate, Press { lane }) = (call.id("gate")?, call.body()?);
    let pressed = member.read(&call, move |look| {
        let actor = look.member.actor();
        let (gate, lane) = gates::pressed(look.view, look.now, &actor, gate, lane.as_deref())?;
        Ok((key(look, gate.value.hub)?, Button { gate: gate.id, lane }))
    });
    let (hub, button) = pressed.await?;
    let hub = hub.ok_or_else(|| Problem::away(AWAY_S))?;
    let by = Presser { community: member.community.id, person: member.person };
    let bounds = &call.api.0.bounds;
    let bound = if member.may(Permission::OpenAnyGate) { &bounds.guards } else { &bounds.openings };
    let openings = &call.api.0.openings;
    let press = |id| {
        let (downlink, may) = (&call.api.0.downlink, || bound.one(&member.person));
        Ok(openings.press(downlink, hub, id, by.clone(), button.clone(), may)?)
    };
    let opening = openings.once(&call, &member, (&by, &button), press).await?;
    let state = opening.state.borrow().clone();
    let document = OpeningDocument::of(&opening, state, call.api.texts(call.language));
    Ok(warp::reply::with_status(warp::reply::json(&document), StatusCode::ACCEPTED).into_response())
}

impl<E: Into<Problem>> From<NotPressed<E>> for Problem {
    fn from(why: NotPressed<E>) -> Problem {
        match why {
            NotPressed::NotSent(NotSent::Away) => Problem::away(AWAY_S),
            NotPressed::NotSent(NotSent::Busy) => Problem::busy(),
            NotPressed::Bounded(often) => often.into(),
        }
    }
}

/// One that the caller asked for.
fn asked_for(call: &Call, member: &Member) -> Result<Arc<Opening>, Problem> {
    let by = Presser { community: member.community.id, person: member.person };
    call.api.0.openings.find(call.id("opening")?, &by).ok_or_else(Problem::not_found)
}

/// An opening that I asked for within ten minutes, and what became of it
#[utoipa::path(get, path = "/api/v1/communities/{community}/openings/{opening}", tag = "gates",
    operation_id = "openings.show", params(("community" = RecordId, Path), ("opening" = RecordId, Path)),
    responses((status = 200, body = OpeningDocument)))]
async fn show(call: Call, member: Member) -> Answer {
    let opening = asked_for(&call, &member)?;
    let state = opening.state.borrow().clone();
    json(&OpeningDocument::of(&opening, state, call.api.texts(call.language)))
}

/// The same as it happens (server-sent events): an event `opening` with the document of each state, until it is over
#[utoipa::path(get, path = "/api/v1/communities/{community}/openings/{opening}/events", tag = "gates",
    operation_id = "openings.follow", params(("community" = RecordId, Path), ("opening" = RecordId, Path)),
    responses((status = 200, content_type = "text/event-stream", body = String)))]
async fn follow(call: Call, member: Member) -> Answer {
    let opening = asked_for(&call, &member)?;
    let place = call.api.0.streams.take(member.signed.account)?;
    let (to, events) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        let _place = place;
        let mut states = opening.state.subscribe();
        loop {
            let state = states.borrow_and_update().clone();
            let is_over = state.is_end();
            let document = OpeningDocument::of(&opening, state, call.api.texts(call.language));
            let Ok(event) = Event::default().event("opening").json_data(&document) else { return };
            if to.send_timeout(event, PATIENCE).await.is_err() || is_over {
                return;
            }
            tokio::select! {
                changed = states.changed() => if changed.is_err() { return },
                () = to.closed() => return,
                () = call.api.0.downlink.ended() => return,
            }
        }
    });
    Ok(stream(events))
}
