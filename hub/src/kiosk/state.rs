//! The state of everything, in one document.

use dwellers::{journal, passes};
use dwellers_replica::ReplicaId;
use serde::Serialize;
use utoipa::ToSchema;

use super::Kiosk;
use super::live::Live;
use super::problem::{Code, Problem};
use super::session::Signed;
use super::table::{Answer, Call, Table, json};
use crate::clock::Trust;
use crate::config::Language;
use crate::gatehouse::State;
use dwellers::words::Words;

pub(super) fn routes(to: &mut Table) {
    to.guards::<__path_show, _, _>(show);
    to.guards::<__path_trust_clock, _, _>(trust_clock);
}

/// Everything in one document.
#[derive(Serialize, ToSchema)]
#[schema(as = State)]
struct Document {
    hub: Hub,
    clock: Clock,
    store: Store,
    guard: Signed,
    #[serde(flatten)]
    live: Live,
    /// Passes that hold today.
    expected_count: usize,
    /// Cars that came and did not leave.
    inside_count: usize,
}

/// This hub.
#[derive(Serialize, ToSchema)]
struct Hub {
    replica: ReplicaId,
    /// The community's name.
    name: String,
    /// In which moments are shown, by its IANA name.
    time_zone: String,
    version: &'static str,
    /// In milliseconds since 1970.
    started_at_ms: u64,
    uptime_ms: u64,
    /// In which whoever wishes none is spoken to.
    language: Language,
}

/// The clock of this hub.
#[derive(Serialize, ToSchema)]
struct Clock {
    /// In milliseconds since 1970.
    now_ms: u64,
    trusted: bool,
    trust: Trust,
}

/// What stands in the store.
#[derive(Serialize, ToSchema)]
struct Store {
    /// Entries of this hub's journal.
    entries: u64,
    bytes: u64,
    last_write_ms_ago: u64,
}

/// Everything in one document
#[utoipa::path(get, path = "/api/state", tag = "state", operation_id = "state.show",
    responses((status = 200, body = Document)))]
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
            language: kiosk.0.service.config.hub.language,
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

/// Give the guard's word that the clock is right
#[utoipa::path(post, path = "/api/clock/trust", tag = "clock", operation_id = "clock.trust",
    responses((status = 200, body = Clock)))]
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
        Problem::moved_on(Code::ClockCannotBeRight)
    })?;
    let now = call.kiosk.now();
    json(&Clock { now_ms: now.ms, trusted: now.trusted, trust })
}
