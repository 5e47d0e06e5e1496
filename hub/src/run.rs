//! The work of the gates in a running hub: its parts, in the order in which they are started and ended.
//!
//! Order: the gates' records follow the configuration; what earlier runs left is read before anything can move; the
//! loop runs before any door to it is open. At the end the doors close first, then the loop, then the scribe: what was
//! decided is written.
//!
//! What must never be here: a rule; a part that others cannot do without when it fails.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use anyhow::{Context as _, Result, anyhow};
use dwellers::gates;
use dwellers::journal::{self, Intent};
use dwellers::{Context, Denied};
use dwellers_replica::View;
use tokio::sync::watch;

use crate::clock::{Clock, entropy};
use crate::config::{self, Config};
use crate::control::GateStatus;
use crate::crops::{Crops, Limits};
use crate::engine::Position;
use crate::gate::{Driver, Report, sim::Sim};
use crate::gatehouse::{Gatehouse, Inbox, Means, State, Station};
use crate::reads;
use crate::scribe::Scribe;
use crate::service::{self, Service};
use crate::socket::Listener;

/// How far back in the journal intents of earlier runs are looked for: the traffic of some minutes.
const LOOK_BACK: usize = 500;

/// Runs a hub until `shutdown` is done.
///
/// # Errors
/// Where it cannot start, or a part fails that it cannot do without.
pub async fn run(
    config: Config,
    clock: Clock,
    credentials: Option<PathBuf>,
    shutdown: impl Future<Output = ()>,
) -> Result<()> {
    service::run(config, clock, credentials, shutdown, work).await
}

/// The parts that work at the gates.
struct Parts {
    gatehouse: Gatehouse,
    crops: Crops,
    /// The loop and the scribe, in the order in which they end.
    threads: [JoinHandle<()>; 2],
}

async fn work(service: Service) -> Result<()> {
    let starting = service.clone();
    let parts = tokio::task::spawn_blocking(move || start(&starting)).await??;
    let Parts { gatehouse, crops: _crops, threads: [gates, scribe] } = parts;
    let reads = Listener::bind(&service.config.hub.reads_socket(), reads::socket::MODE)?;
    let intake = Arc::new(gatehouse.intake());
    let until = service.clone();
    let doors = reads::socket::serve(reads, intake, reads::socket::Limits::default(), async move {
        until.stopping().await;
    });
    let doors = tokio::spawn(doors);
    let shown = tokio::spawn(show(service.clone(), gatehouse.state()));
    service.manager.ready("the gates are open to decide");

    let mut gates = tokio::task::spawn_blocking(move || gates.join());
    let ended = tokio::select! {
        () = service.stopping() => false,
        _ = &mut gates => true,
    };
    shown.abort();
    if ended {
        doors.abort();
        return Err(anyhow!("the gates' loop has ended by itself"));
    }
    doors.await.context("the door of the reads")?;
    gatehouse.stop();
    gates.await?.map_err(|_| anyhow!("the gates' loop has failed at its end"))?;
    // The last handle goes, and the scribe ends when it has written what waits.
    drop(gatehouse);
    tokio::task::spawn_blocking(move || scribe.join()).await?.map_err(|_| anyhow!("the scribe has failed"))
}

fn start(service: &Service) -> Result<Parts> {
    let Service { config, clock, store, metrics, pulse, .. } = service;
    let inbox = Inbox::new();
    let stations = stations(service, &inbox)?;
    let (counted, wrote, at) = (metrics.clone(), pulse.clone(), clock.clone());
    let (scribe, writing) = Scribe::start(store.clone(), clock.clone(), move |took, entries| {
        wrote.store_wrote(at.tick());
        counted.committed(took);
        for entry in entries {
            entry.kind.known().into_iter().for_each(|kind| counted.journalled(*kind));
        }
    })?;
    let crops = config.hub.data.join("crops");
    let crops = Crops::open(&crops, Limits::default()).with_context(|| crops.display().to_string())?;
    let means = Means {
        store: store.clone(),
        scribe,
        clock: clock.clone(),
        metrics: metrics.clone(),
        crops: crops.clone(),
        pulse: pulse.clone(),
    };
    let (gatehouse, looping) = Gatehouse::start(inbox, stations, means)?;
    Ok(Parts { gatehouse, crops, threads: [looping, writing] })
}

/// The gates of the configuration with their records, their drivers and what earlier runs left of them.
fn stations(service: &Service, inbox: &Inbox) -> Result<Vec<Station>> {
    let Service { config, clock, store, replica, .. } = service;
    let records: Vec<_> = config.gates.iter().map(|gate| gate.record(*replica)).collect();
    let before: Vec<_> = store.standing()?.lineage.into_iter().map(|(id, _)| id).collect();
    let now = clock.now();
    let upsert = |view: View<'_>| {
        gates::upsert(&mut Context { view, now, entropy: &mut || entropy() }, &before, &records)
    };
    let writes =
        store.view(upsert)?.map_err(|denied: Denied| anyhow!("the gates of the configuration: {denied}"))?;
    store.commit(now, writes)?;
    let intents = store.view(|view| journal::intents(view, *replica, LOOK_BACK))??;
    let mut stations = Vec::with_capacity(config.gates.len());
    for (number, gate) in config.gates.iter().enumerate() {
        let found = store.view(|view| gates::find(view, *replica, &gate.key))??;
        let found = found.with_context(|| format!("gate {}: its record is not there", gate.key))?;
        let here = |intent: &&Intent| intent.entry.value.gate == Some(found.id);
        stations.push(Station {
            key: gate.key.clone(),
            setup: gate.setup(found.id),
            driver: driver(&gate.driver, inbox.reporter(number))?,
            intents: intents.iter().filter(here).cloned().collect(),
            gate: found.value,
        });
    }
    Ok(stations)
}

fn driver(config: &config::Driver, report: impl FnMut(Report) + Send + 'static) -> Result<Box<dyn Driver>> {
    match config {
        config::Driver::Sim { socket } => Ok(Box::new(Sim::start(socket, report)?)),
    }
}

/// Keeps what `dwellers-hub status` shows in step with the gates.
async fn show(service: Service, mut state: watch::Receiver<Arc<State>>) {
    loop {
        let now = Arc::clone(&state.borrow_and_update());
        let gates = now.gates.iter().map(|gate| GateStatus {
            key: gate.gate.key.clone(),
            name: gate.gate.name.clone(),
            connected: gate.status.connected == Some(true),
            position: position(gate.status.position).to_owned(),
            held: gate.status.hold.is_some() || gate.status.fire,
        });
        let gates: Vec<_> = gates.collect();
        for gate in &gates {
            service.metrics.driver(&gate.key, gate.connected);
        }
        service.show_gates(gates);
        if state.changed().await.is_err() {
            return;
        }
    }
}

fn position(position: Position) -> &'static str {
    match position {
        Position::Unknown => "unknown",
        Position::Closed => "closed",
        Position::Moving => "moving",
        Position::Open => "open",
    }
}
