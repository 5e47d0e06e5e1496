//! The frame of the running hub: what is there before the gates work, and after.
//!
//! It opens the store, finds out who vouches for the clock, answers the command line, keeps the watchdog and the
//! heartbeat, and hands the rest to the work of the gates. Order: nothing is ready before the store is; nothing is
//! closed before the gates' work has ended.
//!
//! What must never be here: a rule about gates or people; a wait for the network.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use anyhow::Context;
use dwellers_replica::{CommitError, ReplicaId, Shared, StoreError};
use tokio::sync::watch;

use crate::camera::Cameras;
use crate::clock::{self, Clock};
use crate::config::Config;
use crate::control::{self, GateStatus, Operations, Request, Running};
use crate::metrics::{Metrics, Reading};
use crate::store::{self, DataError, DataFolder, Heartbeat, Opened};
use crate::timekeeping::Timekeeper;
use crate::uplink::Line;
use crate::watchdog::{self, Bounds, Pulse, ServiceManager};
use dwellers_listener::local::Listener;

/// How often it is asked who vouches for the clock.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// How long a command of the command line may have the store while the hub starts.
const PATIENCE_MS: u64 = 5_000;
/// How long the work of the gates may take to end.
const END_WITHIN: Duration = Duration::from_secs(15);
/// How often it is looked whether the store needs a heartbeat.
const BEAT_EVERY: Duration = Duration::from_secs(5);

/// What the work of the gates is given. Clones are the same.
#[derive(Clone, Debug)]
pub struct Service {
    /// The configuration.
    pub config: Arc<Config>,
    /// The clocks.
    pub clock: Clock,
    /// Who this hub is.
    pub replica: ReplicaId,
    /// Its store.
    pub store: Shared,
    /// Guards, screens, and what else the command line asks for.
    pub operations: Operations,
    /// Numbers.
    pub metrics: Metrics,
    /// The watchdog's signs of life: the gates' loop marks each of its turns.
    pub pulse: Pulse,
    /// How the link to the cloud is.
    pub link: Line,
    /// The word to the service manager: the work says when it is ready.
    pub manager: ServiceManager,
    gates: Arc<Mutex<Vec<GateStatus>>>,
    cameras: Arc<OnceLock<Cameras>>,
    stopping: watch::Receiver<bool>,
}

impl Service {
    /// Returns when the hub is to end.
    pub async fn stopping(&self) {
        let mut stopping = self.stopping.clone();
        // Where nobody can say it any more, it is over as well.
        let _ = stopping.wait_for(|stopping| *stopping).await;
    }

    /// Tells how the gates are, for those who ask.
    pub fn show_gates(&self, gates: Vec<GateStatus>) {
        *self.gates.lock().unwrap_or_else(PoisonError::into_inner) = gates;
    }

    /// Tells which cameras there are, for those who ask. Once.
    pub fn show_cameras(&self, cameras: Cameras) {
        drop(self.cameras.set(cameras));
    }

    /// The metrics as text.
    pub fn metrics_text(&self) -> String {
        let reading = Reading {
            uptime: Duration::from_millis(self.clock.tick().0),
            store_bytes: self.operations.data.store_bytes(),
            trust: self.clock.trust(),
        };
        self.metrics.text(reading).unwrap_or_default()
    }
}

/// Runs a hub until `shutdown` is done and its `work` has ended. The clock starts with the process.
///
/// # Errors
/// Where the hub cannot start, or its work fails.
pub async fn run<W, F>(
    config: Config,
    clock: Clock,
    credentials: Option<PathBuf>,
    shutdown: impl Future<Output = ()>,
    work: W,
) -> anyhow::Result<()>
where
    W: FnOnce(Service) -> F,
    F: Future<Output = anyhow::Result<()>>,
{
    let timekeeper = Timekeeper::new(config.hub.time, &config.hub.run);
    clock.set_trust(timekeeper.look(clock.now()));
    store::make_folder(&config.hub.run).context("the folder of the sockets")?;
    let data = DataFolder::new(config.hub.data.clone(), credentials);
    let opened = open(&data, &config, &clock).await?;
    if opened.is_new {
        tracing::warn!(replica = %opened.replica, "there was no store: this is a new hub");
    }
    let mut operations = Operations::new(clock.clone(), timekeeper, data, &opened, config.kiosk.address());
    let pulse = Pulse::new(Bounds::default(), clock.tick());
    let gates = Arc::<Mutex<Vec<GateStatus>>>::default();
    let cameras = Arc::<OnceLock<Cameras>>::default();
    let link = Line::default();
    let (shown, seen) = (Arc::clone(&gates), Arc::clone(&cameras));
    operations.running = Some(report(clock.clone(), pulse.clone(), shown, seen, link.clone()));
    // Whoever asks finds either nobody or a hub that owns its store.
    let socket = Listener::bind(&config.hub.control_socket(), 0o600)?;

    let (stop, stopping) = watch::channel(false);
    let service = Service {
        config: Arc::new(config),
        clock,
        replica: opened.replica,
        store: opened.store,
        operations,
        metrics: Metrics::new(),
        pulse,
        link,
        manager: ServiceManager,
        gates,
        cameras,
        stopping,
    };
    tracing::info!(replica = %service.replica, clock = ?service.clock.trust(), "the hub starts");
    let until = service.clone();
    let answers = control::serve(socket, service.operations.clone(), async move { until.stopping().await });
    let mut frame = tokio::task::JoinSet::new();
    frame.spawn(async move {
        if let Err(error) = answers.await {
            tracing::error!(%error, "the command line is not answered any more");
        }
    });
    frame.spawn(watchdog::keep(service.pulse.clone(), service.clock.clone(), service.manager));
    frame.spawn(beat(service.clone()));
    frame.spawn(look(service.clone()));

    let manager = service.manager;
    let work = work(service);
    let mut work = std::pin::pin!(work);
    let ended = tokio::select! {
        () = shutdown => {
            tracing::info!("the hub ends");
            manager.stopping();
            stop.send_replace(true);
            let ended = tokio::time::timeout(END_WITHIN, work).await;
            ended.unwrap_or_else(|_| Err(anyhow::anyhow!("the gates' work did not end in time")))
        }
        ended = &mut work => ended,
    };
    stop.send_replace(true);
    frame.shutdown().await;
    ended
}

/// Opens the store. A command of the command line may have it for a moment.
async fn open(data: &DataFolder, config: &Config, clock: &Clock) -> Result<Opened, DataError> {
    let start = clock.tick();
    loop {
        match data.open(clock.now(), clock::entropy) {
            Err(error) if error.is_locked() => {
                let another = control::ask(&config.hub.control_socket(), &Request::Status);
                if matches!(another, Ok(Some(_))) || clock.tick().0 - start.0 > PATIENCE_MS {
                    return Err(error);
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            opened => return opened,
        }
    }
}

fn report(
    clock: Clock,
    pulse: Pulse,
    gates: Arc<Mutex<Vec<GateStatus>>>,
    cameras: Arc<OnceLock<Cameras>>,
    link: Line,
) -> control::Report {
    Arc::new(move || Running {
        uptime_ms: clock.tick().0,
        trouble: pulse.check(clock.tick()).err().map(|stuck| stuck.to_string()),
        gates: gates.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        cameras: cameras.get().map(Cameras::status).unwrap_or_default(),
        link: link.status(),
    })
}

/// A real write where nothing else was written for a while.
async fn beat(service: Service) {
    let mut turns = tokio::time::interval(BEAT_EVERY);
    loop {
        turns.tick().await;
        if !service.pulse.is_write_due(service.clock.tick()) {
            continue;
        }
        let (store, now) = (service.store.clone(), service.clock.now());
        let written = tokio::task::spawn_blocking(move || Heartbeat::write(&store, now)).await;
        match written {
            Ok(Ok(())) => service.pulse.store_wrote(service.clock.tick()),
            Ok(Err(CommitError::Store(StoreError::Full))) => {
                tracing::error!("the disk is full: nothing is recorded; the guard's button works");
                service.pulse.store_wrote(service.clock.tick());
            }
            Ok(Err(error)) => tracing::error!(%error, "the store does not write"),
            Err(error) => tracing::error!(%error, "the store failed at a heartbeat"),
        }
    }
}

/// Who vouches for the clock may change.
async fn look(service: Service) {
    let mut turns = tokio::time::interval(LOOK_EVERY);
    // It was looked at the start; a second look now could overtake somebody's word.
    turns.tick().await;
    loop {
        turns.tick().await;
        let (timekeeper, now) = (service.operations.timekeeper.clone(), service.clock.now());
        let Ok(trust) = tokio::task::spawn_blocking(move || timekeeper.look(now)).await else { continue };
        if trust != service.clock.trust() {
            tracing::info!(?trust, "who vouches for the clock has changed");
            service.clock.set_trust(trust);
        }
    }
}
