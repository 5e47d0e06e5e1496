//! The work of the gates in a running hub: its parts, in the order in which they are started and ended.
//!
//! Order: the gates' records follow the configuration; what earlier runs left is read before anything can move; the
//! loop runs before any door to it is open. At the end the doors close first, then the loop, then the scribe: what was
//! decided is written.
//!
//! What ends by itself (a panic) ends the hub, and the service manager starts it anew: one without its loop, its
//! journal or its screens only looks alive.
//!
//! What must never be here: a rule; a part that others cannot do without when it fails.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};
use dwellers::gates;
use dwellers::journal::{self, Intent};
use dwellers::{Context, Denied};
use dwellers_listener::Counters;
use dwellers_replica::{View, builtin};
use tokio::sync::watch;

use crate::camera::{Cameras, Eye};
use crate::clock::{Clock, entropy};
use crate::config::{self, Config};
use crate::control::GateStatus;
use crate::crops::{Crops, Limits};
use crate::engine::Position;
use crate::gate::{Driver, Report, sim::Sim};
use crate::gatehouse::{Gatehouse, Inbox, Means, State, Station};
use crate::kiosk::Kiosk;
use crate::reads;
use crate::retention;
use crate::scribe::Scribe;
use crate::service::{self, Service};
use crate::sight::{Effort, Sight};
use crate::uplink;
use dwellers_listener::local::Listener;

/// How far back in the journal intents of earlier runs are looked for: the traffic of some minutes.
const LOOK_BACK: usize = 500;
/// How long the cameras' threads are waited for: one that hangs (a disk of the network) must not keep what was decided
/// from being written.
const CAMERAS_END: Duration = Duration::from_secs(3);

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
    service::run(config, clock, credentials, shutdown, |service| work(service, driver, eye, drop)).await
}

/// Where a driver's reports go.
pub type Reporter = Box<dyn FnMut(Report) + Send>;

/// A hub whose doors are open.
pub struct Opened {
    /// Its frame.
    pub service: Service,
    /// Its gates.
    pub gatehouse: Gatehouse,
    /// Its screen.
    pub kiosk: Kiosk,
    /// Where that is served.
    pub at: SocketAddr,
    /// What happens at that door.
    pub counters: Arc<Counters>,
}

/// The parts that work at the gates.
struct Parts {
    gatehouse: Gatehouse,
    crops: Crops,
    gates: JoinHandle<()>,
    scribe: JoinHandle<()>,
}

/// The work at the gates, with drivers from `devices` and what reads plates from `eyes`; `opened` hears when the doors are
/// open. Who keeps what it is told keeps the scribe from its end.
///
/// # Errors
/// As [`run`].
pub async fn work<D, E, O>(service: Service, devices: D, eyes: E, opened: O) -> Result<()>
where
    D: Fn(&config::Driver, Reporter) -> Result<Box<dyn Driver>> + Send + 'static,
    E: Fn(&config::Sight) -> Result<Eye> + Send + Sync + 'static,
    O: FnOnce(Opened),
{
    let starting = service.clone();
    let parts = tokio::task::spawn_blocking(move || start(&starting, devices)).await??;
    let Parts { gatehouse, crops, gates, scribe } = parts;
    let intake = Arc::new(gatehouse.intake());
    let (sight, Service { config, clock, metrics, .. }) = (service.config.sight.clone(), &service);
    let (cameras, watching) =
        Cameras::start(config, clock, metrics, Arc::new(move || eyes(&sight)), Arc::clone(&intake))?;
    service.show_cameras(cameras.clone());
    // However this ends, the cameras' threads are told.
    let _closing = Closing(cameras.clone());
    let kiosk = Kiosk::new(service.clone(), gatehouse.clone(), crops.clone(), cameras.clone());
    let (listener, at) = kiosk.listen().await?;
    let counters = listener.counters();
    service.metrics.watch_listener("kiosk", Arc::clone(&counters));
    let reads = Listener::bind(&service.config.hub.reads_socket(), reads::socket::MODE)?;
    let until = service.clone();
    let doors = reads::socket::serve(reads, intake, reads::socket::Limits::default(), async move {
        until.stopping().await;
    });
    let mut doors = tokio::spawn(doors);
    let (until, closing) = (service.clone(), kiosk.clone());
    let mut screens = tokio::spawn(listener.serve(kiosk.routes(), async move {
        until.stopping().await;
        // Live events end, which a browser would listen to for ever.
        closing.close();
    }));
    let shown = tokio::spawn(show(service.clone(), gatehouse.state()));
    let kept = tokio::spawn(retention::run(service.clone(), crops.clone()));
    let mut link = tokio::spawn(uplink::run(service.clone(), gatehouse.clone(), crops));
    service.manager.ready("the gates are open to decide");
    opened(Opened { service: service.clone(), gatehouse: gatehouse.clone(), kiosk, at, counters });

    let mut gates = tokio::task::spawn_blocking(move || gates.join());
    let mut scribe = tokio::task::spawn_blocking(move || scribe.join());
    // The doors end by themselves when the hub is to end: that comes first.
    let lost = tokio::select! {
        biased;
        () = service.stopping() => None,
        _ = &mut gates => Some("the gates' loop"),
        _ = &mut scribe => Some("the scribe"),
        _ = &mut doors => Some("the door of the reads"),
        _ = &mut screens => Some("the door of the screens"),
        _ = &mut link => Some("the link"),
    };
    shown.abort();
    kept.abort();
    if let Some(lost) = lost {
        doors.abort();
        screens.abort();
        link.abort();
        return Err(anyhow!("{lost} has ended by itself"));
    }
    cameras.close();
    tokio::task::spawn_blocking(move || watching.join(CAMERAS_END)).await?;
    doors.await.context("the door of the reads")?;
    let served = screens.await.context("the door of the screens")?;
    tracing::debug!(served.cut, "the screens' door is closed");
    link.await.context("the link")?;
    // The last handle goes with this, and the scribe ends when it has written what waits.
    tokio::task::spawn_blocking(move || gatehouse.stop()).await?;
    gates.await?.map_err(|_| anyhow!("the gates' loop has failed at its end"))?;
    scribe.await?.map_err(|_| anyhow!("the scribe has failed"))
}

fn start<D>(service: &Service, devices: D) -> Result<Parts>
where
    D: Fn(&config::Driver, Reporter) -> Result<Box<dyn Driver>>,
{
    let Service { config, clock, store, metrics, pulse, .. } = service;
    let inbox = Inbox::new();
    let stations = stations(service, &inbox, devices)?;
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
    Ok(Parts { gatehouse, crops, gates: looping, scribe: writing })
}

/// The gates of the configuration with their records, their drivers and what earlier runs left of them.
fn stations<D>(service: &Service, inbox: &Inbox, devices: D) -> Result<Vec<Station>>
where
    D: Fn(&config::Driver, Reporter) -> Result<Box<dyn Driver>>,
{
    let Service { config, clock, store, replica, .. } = service;
    let records: Vec<_> = config.gates.iter().map(|gate| gate.record(*replica)).collect();
    // The nearest last, and its own ids nearer than those of a hub in whose place it came.
    let mut before = store.view(|view| builtin::predecessors(view, *replica))??;
    before.reverse();
    before.extend(store.standing()?.lineage.into_iter().map(|(id, _)| id));
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
            driver: devices(&gate.driver, Box::new(inbox.reporter(number)))?,
            intents: intents.iter().filter(here).cloned().collect(),
            gate: found.value,
        });
    }
    Ok(stations)
}

/// The driver that a configuration asks for.
fn driver(config: &config::Driver, report: Reporter) -> Result<Box<dyn Driver>> {
    match config {
        config::Driver::Sim { socket } => Ok(Box::new(Sim::start(socket, report)?)),
    }
}

/// What reads plates, as a configuration asks for it.
fn eye(config: &config::Sight) -> Result<Eye> {
    let mut sight = Sight::load(config.models.as_deref())?;
    Ok(Box::new(move |picture, region| Ok(sight.look(picture, Some(region), Effort::Glance)?)))
}

/// Tells the cameras' threads that it is over.
struct Closing(Cameras);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.close();
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
