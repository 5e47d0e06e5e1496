//! Cameras: frames come in, the newest one is looked at, and what a lane's cars are read as is offered to the gates.
//!
//! | module | what it holds |
//! |---|---|
//! | [`files`] | the source of frames: a picture that is written anew, or a recording |
//! | [`feed`](self) | the thread of a camera: it takes frames at their rate, and comes back to a source that was lost |
//! | [`lookout`](self) | the one thread that looks, at all cameras in turn |
//! | [`watch`](self) | one camera's lane: motion, tracks, what is to be told |
//! | [`motion`], [`offers`] | whether anything changed; what is told, and when |
//! | [`crop`](self) | the picture of a plate, for the journal |
//!
//! Invariants: the latest frame wins, and nothing works through a backlog; no gate waits for a camera, and nothing that
//! fails here (a source, a picture, a model, the thread that looks) reaches one; memory is bounded: a frame a camera, and
//! one for each car in view; one at a time is decoded, and one is shown.
//!
//! What must never be here: a decision; a plate in a log; a frame on the disk.

pub mod files;
pub mod motion;
pub mod offers;

mod crop;
mod feed;
mod lookout;
mod watch;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;
use std::io;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::Clock;
use crate::config;
use crate::engine::Tick;
use crate::metrics::Metrics;
use crate::reads::Intake;
use crate::sight::{Colours, DecodeError, Picture, Region, Sighting};

use files::Files;

pub use offers::{Offer, Offers};
pub use watch::{Told, Watch};

/// A frame that is larger is none.
pub const MAX_FRAME_BYTES: usize = 4 << 20;
/// Nor is one of more pixels (3840 × 2160 has 8.3 million): the worst takes 120 MB while it is decoded, of the 400 that the
/// hub may have. See [`Picture::decode_within`].
pub const MAX_FRAME_PIXELS: u64 = 9_000_000;
/// A camera from which nothing came for so long, is lost; and what was not attended to for so long, is not looked at.
const SILENT_MS: u64 = 5_000;
/// How wide a frame is shown to people at most.
const SHOWN_PX: u32 = 960;
const SHOWN_QUALITY: u8 = 70;

/// A source that gives no frames.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Lost(pub String);

/// Opens the source of a configuration.
///
/// # Errors
/// Where it is not there.
pub fn open(source: &config::Source) -> Result<Files, Lost> {
    match source {
        config::Source::Files { path, play } => Files::open(path, *play),
    }
}

/// What reads the plates in a part of a picture.
pub type Eye = Box<dyn FnMut(&Picture, Region) -> anyhow::Result<Vec<Sighting>> + Send>;
/// Makes one; again where it has failed.
pub type OpenEye = Arc<dyn Fn() -> anyhow::Result<Eye> + Send + Sync>;

/// A frame as it came.
#[derive(Debug)]
struct Frame {
    bytes: Arc<[u8]>,
    /// Its number among this camera's, from 1.
    number: u64,
    came: Tick,
    /// By the wall clock, in milliseconds since 1970.
    taken_ms: u64,
}

/// A frame for people.
#[derive(Clone, Debug)]
pub struct Shown {
    /// No wider than 960 pixels, and with nothing in it but the picture.
    pub jpeg: Arc<[u8]>,
    /// How long ago it came.
    pub ms_ago: u64,
}

/// How a camera is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CameraStatus {
    /// Its key in the configuration.
    pub key: String,
    /// As people call it.
    pub name: String,
    /// The gate's key.
    pub gate: String,
    /// The lane's key.
    pub lane: String,
    /// Whether frames come that can be shown, and are looked at where they are to be.
    pub live: bool,
    /// Whether frames come that can be shown, looked at or not.
    pub shows: bool,
    /// How long ago the last frame came; `None`: none ever did.
    pub frame_ms_ago: Option<u64>,
    /// How long ago what looks had time for this camera; `None`: it never had, or nothing is to be looked at.
    pub look_ms_ago: Option<u64>,
    /// What is wrong, for the log of who asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

/// The cameras of a hub. Clones are the same ones.
#[derive(Clone)]
pub struct Cameras(Arc<Shared>);

impl fmt::Debug for Cameras {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.status()).finish()
    }
}

/// What the threads have in common.
struct Shared {
    clock: Clock,
    metrics: Metrics,
    state: Mutex<State>,
    /// Held by who makes a frame ready to be shown,
    showing: Mutex<()>,
    /// and by who decodes one.
    decoding: Mutex<()>,
    /// A frame has come, or it is over.
    news: Condvar,
}

#[derive(Default)]
struct State {
    over: bool,
    cameras: Vec<Camera>,
    /// Why nothing is looked at.
    blind: Option<String>,
    /// Whether anything is to be looked at.
    looks: bool,
}

struct Camera {
    config: config::Camera,
    opened: Tick,
    latest: Option<Arc<Frame>>,
    /// The number of the last frame that was taken to be looked at.
    taken: u64,
    /// When what looks had time for it, whether there was a frame to be looked at or not.
    attended: Option<Tick>,
    lost: Option<String>,
    damaged: Option<String>,
    /// What was shown last: the frame as it came, and for people.
    shown: Option<(Arc<Frame>, Arc<[u8]>)>,
}

/// The threads; they end when [`Cameras::close`] is called.
pub struct Threads {
    threads: Vec<JoinHandle<()>>,
    /// Nothing ever comes of it: it is closed when the last of them ends.
    ended: Receiver<Infallible>,
}

impl Threads {
    /// Waits for their end, so long. A thread that has failed, or hangs, is told of in the log.
    pub fn join(self, patience: Duration) {
        let hang = self.ended.recv_timeout(patience) == Err(RecvTimeoutError::Timeout);
        for thread in self.threads {
            let name = thread.thread().name().unwrap_or_default().to_owned();
            if hang && !thread.is_finished() {
                tracing::error!(name, "a thread of the cameras does not end");
            } else if thread.join().is_err() {
                tracing::error!(name, "a thread of the cameras has failed");
            }
        }
    }
}

impl Cameras {
    /// Starts the cameras of a configuration, and, where recognition is on and there are any, the thread that looks. Reads
    /// go to `intake`.
    ///
    /// # Errors
    /// Where no thread can be had.
    pub fn start(
        config: &config::Config,
        clock: &Clock,
        metrics: &Metrics,
        eye: OpenEye,
        intake: Arc<Intake>,
    ) -> io::Result<(Self, Threads)> {
        let opened = clock.tick();
        let camera = |config: &config::Camera| Camera {
            config: config.clone(),
            opened,
            latest: None,
            taken: 0,
            attended: None,
            lost: None,
            damaged: None,
            shown: None,
        };
        let looks = config.sight.on && !config.cameras.is_empty();
        let cameras = config.cameras.iter().map(camera).collect();
        let state = Mutex::new(State { cameras, looks, ..State::default() });
        let shared = Arc::new(Shared::new(clock, metrics, state));
        let (running, ended) = mpsc::channel();
        let mut threads = Vec::new();
        let mut start = |name: String, work: Box<dyn FnOnce() + Send>| {
            let running = running.clone();
            let work = move || {
                work();
                drop(running);
            };
            thread::Builder::new().name(name).spawn(work).map(|thread| threads.push(thread))
        };
        for (at, camera) in config.cameras.iter().enumerate() {
            let (shared, camera) = (Arc::clone(&shared), camera.clone());
            let name = format!("camera {}", camera.key);
            start(name, Box::new(move || feed::serve(&shared, at, &camera)))?;
        }
        if looks {
            let (shared, cameras) = (Arc::clone(&shared), config.cameras.clone());
            start("lookout".into(), Box::new(move || lookout::serve(&shared, &cameras, &eye, &intake)))?;
        }
        Ok((Cameras(shared), Threads { threads, ended }))
    }

    /// No camera at all.
    pub fn none(clock: &Clock, metrics: &Metrics) -> Self {
        Cameras(Arc::new(Shared::new(clock, metrics, Mutex::default())))
    }

    /// How they are, in the order of the configuration.
    pub fn status(&self) -> Vec<CameraStatus> {
        let (state, now) = (self.0.lock(), self.0.clock.tick());
        state.cameras.iter().map(|camera| camera.status(&state, now)).collect()
    }

    /// The latest frame of a camera as people are shown it; `None` where there is no such camera, no frame of it, or none
    /// of late: an old picture would be taken for what is there now. Takes some 20 ms, and whoever asks meanwhile waits.
    pub fn frame(&self, key: &str) -> Option<Shown> {
        // One at a time: a large frame takes much memory until it is small.
        let _one = self.0.showing.lock().unwrap_or_else(PoisonError::into_inner);
        let (latest, ms_ago) = {
            let (state, now) = (self.0.lock(), self.0.clock.tick());
            let camera = state.cameras.iter().find(|camera| camera.config.key == key)?;
            let ms_ago = camera.frame_ms_ago(now).filter(|ms_ago| *ms_ago <= SILENT_MS)?;
            let latest = camera.latest.clone()?;
            match &camera.shown {
                Some((frame, jpeg)) if Arc::ptr_eq(&frame.bytes, &latest.bytes) => {
                    return Some(Shown { jpeg: Arc::clone(jpeg), ms_ago });
                }
                _ => (latest, ms_ago),
            }
        };
        let picture = self.0.picture(&latest, Colours::Kept).ok()?;
        let jpeg: Arc<[u8]> = crop::shrunk(&picture, SHOWN_PX)?.to_jpeg(SHOWN_QUALITY)?.into();
        let mut state = self.0.lock();
        if let Some(camera) = state.cameras.iter_mut().find(|camera| camera.config.key == key) {
            camera.shown = Some((latest, Arc::clone(&jpeg)));
        }
        Some(Shown { jpeg, ms_ago })
    }

    /// Ends the threads, soon.
    pub fn close(&self) {
        self.0.lock().over = true;
        self.0.news.notify_all();
    }
}

impl Camera {
    fn status(&self, state: &State, now: Tick) -> CameraStatus {
        let config::Camera { key, name, gate, lane, .. } = self.config.clone();
        let frame_ms_ago = self.frame_ms_ago(now);
        let look_ms_ago = self.attended.map(|attended| now.0.saturating_sub(attended.0));
        let is_long = |ms_ago: Option<u64>| ms_ago.unwrap_or(now.0.saturating_sub(self.opened.0)) > SILENT_MS;
        let silence = is_long(frame_ms_ago).then(|| "no frames come".to_owned());
        let unshown = self.lost.clone().or(silence).or(self.damaged.clone());
        let hangs = is_long(look_ms_ago).then(|| "nothing looks at its frames".to_owned());
        let unread = state.blind.clone().or(hangs).filter(|_| state.looks);
        let shows = unshown.is_none();
        let trouble = unshown.or(unread);
        let live = trouble.is_none();
        CameraStatus { key, name, gate, lane, live, shows, frame_ms_ago, look_ms_ago, trouble }
    }

    fn frame_ms_ago(&self, now: Tick) -> Option<u64> {
        self.latest.as_ref().map(|latest| now.0.saturating_sub(latest.came.0))
    }
}

impl Shared {
    fn new(clock: &Clock, metrics: &Metrics, state: Mutex<State>) -> Self {
        let (clock, metrics) = (clock.clone(), metrics.clone());
        let (showing, decoding, news) = Default::default();
        Shared { clock, metrics, state, showing, decoding, news }
    }

    /// A frame's pixels. One at a time is decoded: that can take much more memory than they do.
    fn picture(&self, frame: &Frame, colours: Colours) -> Result<Picture, DecodeError> {
        let _one = self.decoding.lock().unwrap_or_else(PoisonError::into_inner);
        Picture::decode_within(&frame.bytes, colours, MAX_FRAME_PIXELS)
    }

    /// Nothing that panics while it holds the lock leaves anything half done.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A camera's new frame.
    fn put(&self, at: usize, bytes: Arc<[u8]>) {
        let (came, taken_ms) = (self.clock.tick(), self.clock.now().ms);
        let mut state = self.lock();
        let camera = &mut state.cameras[at];
        let number = camera.latest.as_ref().map_or(1, |latest| latest.number + 1);
        camera.latest = Some(Arc::new(Frame { bytes, number, came, taken_ms }));
        camera.lost = None;
        self.metrics.frame(&camera.config.key);
        drop(state);
        self.news.notify_all();
    }

    /// Notes something about a camera.
    fn note(&self, at: usize, note: impl FnOnce(&mut Camera)) {
        note(&mut self.lock().cameras[at]);
    }

    /// Sleeps; answers whether it is over.
    fn sleep(&self, how_long: Duration) -> bool {
        let until = self.clock.stopwatch();
        let mut state = self.lock();
        loop {
            let left = how_long.saturating_sub(until.elapsed());
            if state.over || left.is_zero() {
                return state.over;
            }
            let slept = self.news.wait_timeout(state, left);
            state = slept.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Waits for frames that were not looked at: the latest of each camera, by its place. `None`: it is over.
    fn fresh(&self, patience: Duration) -> Option<BTreeMap<usize, Arc<Frame>>> {
        let until = self.clock.stopwatch();
        let mut state = self.lock();
        loop {
            if state.over {
                return None;
            }
            let mut fresh = BTreeMap::new();
            for (at, camera) in state.cameras.iter_mut().enumerate() {
                if let Some(latest) = camera.latest.as_ref().filter(|latest| latest.number > camera.taken) {
                    camera.taken = latest.number;
                    fresh.insert(at, Arc::clone(latest));
                }
            }
            let left = patience.saturating_sub(until.elapsed());
            if !fresh.is_empty() || left.is_zero() {
                return Some(fresh);
            }
            let woken = self.news.wait_timeout(state, left);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}
