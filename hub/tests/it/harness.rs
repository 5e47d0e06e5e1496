//! A whole hub in this process, on a free port, in a folder of its own: the real service, store, journal, engine and
//! kiosk. Only what stands at the end of the wire differs: a recorder that does every pulse at once, or the simulated
//! barrier's process.
//!
//! When it is dropped, it is shut down as a hub is, and its relays must be off.

use std::net::SocketAddr;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use dwellers_hub::camera::OpenEye;
use dwellers_hub::clock::Clock;
use dwellers_hub::config::{self, Config};
use dwellers_hub::engine::{Position, Relay};
use dwellers_hub::gate::sim::Sim;
use dwellers_hub::gate::{Driver, NotSent, Report};
use dwellers_hub::guards::Pin;
use dwellers_hub::reads::{Read, Strength};
use dwellers_hub::run::{self, Opened, Reporter};
use dwellers_hub::service;
use dwellers_replica::RecordId;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::process::{PATIENCE, eventually};
use crate::settlement::Settlement;

/// The PIN of every guard in these tests.
pub(crate) const PIN: &str = "2580";

/// A hub that runs.
pub(crate) struct TestHub {
    folder: Arc<tempfile::TempDir>,
    /// Let go before the end: the scribe waits for it.
    opened: Option<Opened>,
    pub(crate) recorder: Recorder,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    barrier: Option<PathBuf>,
}

impl Deref for TestHub {
    type Target = Opened;

    fn deref(&self) -> &Opened {
        self.opened.as_ref().expect("the hub runs")
    }
}

/// What a hub is made with.
#[derive(Default)]
pub(crate) struct Making {
    /// More for the section `[kiosk]` of the configuration.
    pub(crate) kiosk: String,
    /// The socket of a simulated barrier.
    pub(crate) barrier: Option<PathBuf>,
    /// The folder of an earlier hub.
    pub(crate) folder: Option<Arc<tempfile::TempDir>>,
    /// Cameras, as the configuration describes them.
    pub(crate) cameras: String,
    /// What reads plates, instead of the models.
    pub(crate) eye: Option<OpenEye>,
}

impl TestHub {
    pub(crate) fn start() -> Self {
        TestHub::make(Making::default())
    }

    pub(crate) fn make(making: Making) -> Self {
        let Making { kiosk, barrier, folder, cameras, eye } = making;
        let folder = folder.unwrap_or_else(|| Arc::new(tempfile::tempdir().unwrap()));
        let socket = barrier.clone().unwrap_or_else(|| folder.path().join("no-barrier.sock"));
        let text = configuration(folder.path(), &socket, &kiosk) + &cameras;
        let config = Config::parse("hub.toml", &text).unwrap();
        let eyes = move |_: &config::Sight| {
            eye.as_ref().map_or_else(|| Err(anyhow::anyhow!("it is blind")), |open| open())
        };
        let recorder = Recorder::default();
        let (stop, stopped) = oneshot::channel::<()>();
        let (open, opened) = sync_channel(1);
        let (recording, recorded) = (recorder.clone(), barrier.is_none());
        let devices = move |config: &config::Driver, report: Reporter| {
            let config::Driver::Sim { socket } = config;
            let driver: Box<dyn Driver> = if recorded {
                Box::new(recording.driver(report))
            } else {
                Box::new(Sim::start(socket, report)?)
            };
            Ok(driver)
        };
        let thread = thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            let until = async { drop(stopped.await) };
            let work = |service| run::work(service, devices, eyes, move |opened| open.send(opened).unwrap());
            runtime.block_on(service::run(config, Clock::start(), None, until, work)).unwrap();
        });
        let opened = opened.recv_timeout(PATIENCE).unwrap();
        let (opened, stop, thread) = (Some(opened), Some(stop), Some(thread));
        let hub = TestHub { folder, opened, recorder, stop, thread, barrier };
        hub.give_word_on_the_clock();
        hub
    }

    /// Time is trusted, as on a hub that has the network.
    fn give_word_on_the_clock(&self) {
        let timekeeper = &self.service.operations.timekeeper;
        timekeeper.give_word(self.service.clock.now()).unwrap();
        self.service.clock.set_trust(timekeeper.look(self.service.clock.now()));
    }

    /// The same folder, started again.
    pub(crate) fn restart(mut self) -> Self {
        let (folder, barrier) = (Arc::clone(&self.folder), self.barrier.clone());
        self.end();
        drop(self);
        TestHub::make(Making { folder: Some(folder), barrier, ..Making::default() })
    }

    /// A guard, who has a PIN.
    pub(crate) fn guard(&self, name: &str) -> RecordId {
        let guards = &self.service.operations.guards;
        guards.add(name, &Pin::new(PIN).unwrap(), self.service.clock.now(), fastrand::u128(..)).unwrap()
    }

    /// The settlement, told to this hub.
    pub(crate) fn settle(&self) -> Settlement {
        Settlement::new(&self.service.store, self.service.clock.now())
    }

    /// A screen at which nobody has signed in.
    pub(crate) fn screen(&self) -> Screen {
        Screen::at(self.at)
    }

    /// A screen at which a new guard has signed in.
    pub(crate) fn signed_in(&self, name: &str) -> Screen {
        let guard = self.guard(name);
        let mut screen = self.screen();
        screen.sign_in(guard, PIN);
        screen
    }

    /// A camera has read a plate.
    pub(crate) fn read(&self, lane: &str, plate: &str, strength: Strength, alternatives: &[(&str, f32)]) {
        self.offer(Read { strength, alternatives: owned(alternatives), ..read(lane, plate) });
    }

    pub(crate) fn offer(&self, read: Read) {
        self.gatehouse.intake().offer(read).unwrap();
    }

    fn end(&mut self) {
        self.opened = None;
        if let Some(stop) = self.stop.take() {
            // Where it has ended by itself, its thread says why.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take()
            && let Err(panic) = thread.join()
            && !thread::panicking()
        {
            std::panic::resume_unwind(panic);
        }
    }
}

impl Drop for TestHub {
    fn drop(&mut self) {
        self.end();
        if !thread::panicking() {
            self.recorder.is_off();
        }
    }
}

fn owned(alternatives: &[(&str, f32)]) -> Vec<(String, f32)> {
    alternatives.iter().map(|(plate, p)| ((*plate).to_owned(), *p)).collect()
}

/// A read at the barrier that is good enough.
pub(crate) fn read(lane: &str, plate: &str) -> Read {
    let read = json!({"gate": "main", "lane": lane, "plate": plate, "confidence": 0.97, "strength": "strong",
        "heading": "approaching"});
    serde_json::from_value(read).unwrap()
}

/// The configuration of a hub in this folder.
pub(crate) fn configuration(folder: &Path, socket: &Path, kiosk: &str) -> String {
    let (data, run) = (folder.join("data"), folder.join("run"));
    format!(
        r#"
        [hub]
        data = {data:?}
        run = {run:?}
        time = "guard"
        [kiosk]
        listen = "127.0.0.1:0"
        {kiosk}
        [[gate]]
        key = "main"
        name = "Главный въезд"
        fails = "closed"
        closing = {{ pulse_after_ms = 600000 }}
        sensors = ["position", "loop"]
        driver = {{ kind = "sim", socket = {socket:?} }}
        [[gate.lane]]
        key = "in"
        direction = "entry"
        [[gate.lane]]
        key = "out"
        direction = "exit"
        "#
    )
}

/// A pulse that was told to a recorder.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pulse {
    pub(crate) relay: Relay,
    pub(crate) id: RecordId,
    pub(crate) ms: u32,
}

/// A gate that does everything at once and remembers it.
#[derive(Clone, Default)]
pub(crate) struct Recorder {
    told: Arc<Mutex<Recorded>>,
}

#[derive(Default)]
struct Recorded {
    pulses: Vec<Pulse>,
    held: bool,
    report: Option<Box<dyn FnMut(Report) + Send>>,
}

impl Recorder {
    pub(crate) fn driver(&self, mut report: impl FnMut(Report) + Send + 'static) -> Recording {
        report(Report::Connected(true));
        report(Report::Position(Position::Closed));
        let (told, telling) = std::sync::mpsc::channel::<Report>();
        // The gate's loop never waits for its own inbox.
        thread::spawn(move || telling.into_iter().for_each(report));
        self.told.lock().unwrap().report = Some(Box::new(move |report| drop(told.send(report))));
        Recording(self.clone())
    }

    /// What the relays were told.
    pub(crate) fn pulses(&self) -> Vec<Pulse> {
        self.told.lock().unwrap().pulses.clone()
    }

    /// How often the gate was opened by a pulse.
    pub(crate) fn openings(&self) -> usize {
        self.pulses().iter().filter(|pulse| pulse.relay == Relay::Open).count()
    }

    pub(crate) fn is_held(&self) -> bool {
        self.told.lock().unwrap().held
    }

    /// A sensor says something.
    pub(crate) fn report(&self, report: Report) {
        let mut told = self.told.lock().unwrap();
        (told.report.as_mut().unwrap())(report);
    }

    /// A car goes over the loop.
    pub(crate) fn pass(&self) {
        self.report(Report::Loop(true));
        self.report(Report::Loop(false));
    }

    fn is_off(&self) {
        let mut told = self.told.lock().unwrap();
        assert!(!told.held, "a relay is held when the hub has ended");
        assert!(told.pulses.iter().all(|pulse| pulse.ms <= 2_000), "{:?}", told.pulses);
        told.report = None;
    }
}

pub(crate) struct Recording(Recorder);

impl Driver for Recording {
    fn pulse(&mut self, relay: Relay, id: RecordId, ms: u32) -> Result<(), NotSent> {
        let mut told = self.0.told.lock().unwrap();
        assert!(told.pulses.iter().all(|pulse| pulse.id != id), "one intent, two pulses: {id}");
        told.pulses.push(Pulse { relay, id, ms });
        let position = if relay == Relay::Open { Position::Open } else { Position::Closed };
        if let Some(report) = told.report.as_mut() {
            report(Report::Acknowledged { id, result: Ok(()) });
            report(Report::Position(position));
        }
        Ok(())
    }

    fn hold(&mut self, _lease_ms: u32) -> Result<(), NotSent> {
        self.0.told.lock().unwrap().held = true;
        Ok(())
    }

    fn release(&mut self, _relay: Relay) -> Result<(), NotSent> {
        self.0.told.lock().unwrap().held = false;
        Ok(())
    }
}

impl Drop for Recording {
    /// A device ends by its own timer what nobody holds any more.
    fn drop(&mut self) {
        let mut told = self.0.told.lock().unwrap();
        told.held = false;
        told.report = None;
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) text: String,
}

impl Response {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The body, where the status is this one.
    #[track_caller]
    pub(crate) fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        if self.text.is_empty() { Value::Null } else { self.json() }
    }

    /// That it is a problem of this status and code; its body.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) -> Value {
        let body = self.expect(status);
        assert_eq!(body["code"], code, "{body}");
        assert_eq!(body["status"], status, "{body}");
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert!(!body["detail"].as_str().unwrap().starts_with("problem-"), "a text is missing: {body}");
        body
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }
}

/// A browser at a screen.
#[derive(Clone)]
pub(crate) struct Screen {
    at: SocketAddr,
    pub(crate) cookie: Option<String>,
    pub(crate) language: &'static str,
}

impl Screen {
    pub(crate) fn at(at: SocketAddr) -> Self {
        Screen { at, cookie: None, language: "ru" }
    }

    /// One for each request: a jar of its own would send cookies beside ours.
    fn agent() -> ureq::Agent {
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0);
        config.allow_non_standard_methods(true).timeout_global(Some(PATIENCE)).build().new_agent()
    }

    /// Any request.
    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Response {
        let mut request = http::Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.at))
            .header("accept-language", self.language);
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let sent = match body {
            Some(body) => Screen::agent().run(request.body(body).unwrap()),
            None => Screen::agent().run(request.body(()).unwrap()),
        };
        let mut response = sent.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = String::from_utf8_lossy(&response.body_mut().read_to_vec().unwrap()).into_owned();
        Response { status, headers, text }
    }

    pub(crate) fn get(&self, path: &str) -> Response {
        self.send("GET", path, &[], None)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Response {
        self.send("POST", path, &[("content-type", "application/json")], Some(body.to_string().as_bytes()))
    }

    pub(crate) fn delete(&self, path: &str, body: &Value) -> Response {
        self.send("DELETE", path, &[("content-type", "application/json")], Some(body.to_string().as_bytes()))
    }

    /// Signs in, and keeps the cookie.
    #[track_caller]
    pub(crate) fn sign_in(&mut self, guard: RecordId, pin: &str) {
        let response = self.post("/api/session", &json!({"guard": guard.to_string(), "pin": pin}));
        response.expect(201);
        self.keep_cookie(&response);
    }

    pub(crate) fn keep_cookie(&mut self, response: &Response) {
        let cookie = response.header("set-cookie").split(';').next().unwrap().to_owned();
        assert!(cookie.starts_with("dwellers_"), "{response:?}");
        self.cookie = Some(cookie);
    }

    /// The first who waits, as soon as there is one.
    pub(crate) fn waiting(&self) -> Value {
        eventually("somebody waits", || self.get("/api/state").expect(200)["waiting"].get(0).cloned())
    }

    /// Lines of the journal of one kind, as soon as there are so many.
    pub(crate) fn lines(&self, kind: &str, count: usize) -> Vec<Value> {
        eventually(kind, || {
            let page = self.get("/api/journal?limit=500").expect(200);
            let lines = page["entries"].as_array().unwrap().iter();
            let lines: Vec<Value> = lines.filter(|line| line["kind"] == kind).cloned().collect();
            (lines.len() >= count).then_some(lines)
        })
    }

    /// The live events from now on, or from an entry on.
    pub(crate) fn events(&self, last: Option<&str>) -> crate::live::Live {
        crate::live::Live::open(self.at, self.cookie.as_deref().unwrap(), last)
    }
}
