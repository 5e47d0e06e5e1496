//! A look at everything around the hub that can be wrong, each thing with what would be right.
//!
//! It changes nothing, and a hub that runs does not notice it: what only the owner of the store can see is asked of
//! the hub then.
//!
//! What must never be here: a repair; a pulse.

use std::fmt;
use std::fs::{self, File};
use std::io;
use std::net::TcpListener;
use std::os::unix::net::UnixStream;
use std::path::Path;

use dwellers::journal;
use dwellers_replica::{Options, ReadError, Replica, Sqlite, Standing, StoreError};

use crate::camera::files::Play;
use crate::camera::{self, Lost};
use crate::clock::{Clock, Trust};
use crate::config::{self, Config, Driver, Gate};
use crate::control::{self, Answer, Request, Status};
use crate::guards;
use crate::sight::{Colours, Picture, Sight};
use crate::store::{self, DataError, DataFolder};
use crate::timekeeping::Timekeeper;

/// Less room than this on the data's disk is a problem, or soon will be one.
const BAD_FREE_MB: u64 = 64;
const LOW_FREE_MB: u64 = 512;

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// As it should be.
    Good,
    /// It works, and somebody should look at it.
    Odd,
    /// It does not work.
    Bad,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How it is.
    pub grade: Grade,
    /// What was looked at.
    pub what: String,
    /// What was found, and what would be right.
    pub text: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let grade = match self.grade {
            Grade::Good => "ok  ",
            Grade::Odd => "look",
            Grade::Bad => "BAD ",
        };
        write!(f, "{grade}  {}: {}", self.what, self.text)
    }
}

/// Looks at everything that this configuration names.
pub fn examine(config: &Config, data: &DataFolder, clock: &Clock) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.add("configuration", Ok(format!("{} gates", config.gates.len())));
    findings.add("data folder", folder(data));
    findings.add("disk", room(data.path()));
    let running = match control::ask(&config.hub.control_socket(), &Request::Status) {
        Ok(Some(Answer::Status(status))) => Ok(Some(*status)),
        Ok(Some(Answer::Refused(why))) => Err(why),
        Ok(Some(_)) => Err("it answers something else: is its program older?".to_owned()),
        Ok(None) => Ok(None),
        Err(error) => Err(format!("{}: {error}", config.hub.control_socket().display())),
    };
    match running {
        Ok(Some(status)) => service(&status, &mut findings),
        Ok(None) => {
            findings.odd("service", "it does not run: `systemctl start dwellers-hub`");
            at_rest(data, &mut findings);
            findings.add("sockets", sockets(&config.hub.run));
            findings.add("kiosk", address(config));
            let trust = Timekeeper::new(config.hub.time, &config.hub.run).look(clock.now());
            findings.clock(trust);
            for gate in &config.gates {
                findings.add(&format!("gate \"{}\"", gate.key), driver(gate));
            }
            for camera in &config.cameras {
                findings.add(&format!("camera \"{}\"", camera.key), source(camera));
            }
        }
        Err(why) => findings.add("service", Err(Trouble::Bad(why))),
    }
    for camera in &config.cameras {
        if let Some(odd) = played(camera) {
            findings.odd(&format!("camera \"{}\"", camera.key), odd);
        }
    }
    if config.sight.on && !config.cameras.is_empty() {
        findings.add("recognition", models(&config.sight));
    }
    if let Some(tls) = &config.kiosk.tls {
        let readable = |path: &Path| File::open(path).map_err(|error| bad(path, &error));
        let both = readable(&tls.cert).and_then(|_| readable(&tls.key));
        findings.add("kiosk's certificate", both.map(|_| "both files can be read".to_owned()));
    }
    findings.found
}

/// What is not good, and how much.
enum Trouble {
    Odd(String),
    Bad(String),
}

#[derive(Default)]
struct Findings {
    found: Vec<Finding>,
}

impl Findings {
    fn add(&mut self, what: &str, result: Result<String, Trouble>) {
        let (grade, text) = match result {
            Ok(text) => (Grade::Good, text),
            Err(Trouble::Odd(text)) => (Grade::Odd, text),
            Err(Trouble::Bad(text)) => (Grade::Bad, text),
        };
        self.found.push(Finding { grade, what: what.to_owned(), text });
    }

    fn odd(&mut self, what: &str, text: &str) {
        self.add(what, Err(Trouble::Odd(text.to_owned())));
    }

    fn clock(&mut self, trust: Trust) {
        let vouched = match trust {
            Trust::Ntp => Ok("set from the network since boot".to_owned()),
            Trust::Rtc => Ok("set from a real-time clock".to_owned()),
            Trust::Word => Ok("somebody said that it is right".to_owned()),
            Trust::Nothing => Err(Trouble::Odd(
                "nothing vouches for it, so that passes with days or hours ask the guard: look at the network, or, \
                 if `date` is right, say `dwellers-hub time trust`"
                    .to_owned(),
            )),
        };
        self.add("clock", vouched);
    }

    fn guards(&mut self, count: usize, without_pin: usize) {
        let found = match (count, without_pin) {
            (0, _) => Err(Trouble::Odd("there is none: `dwellers-hub guard add NAME`".to_owned())),
            (_, 0) => Ok(format!("{count}")),
            _ => Err(Trouble::Bad(format!(
                "the PINs of {without_pin} were hashed with another key: put the right one back, or set them anew \
                 with `dwellers-hub guard reset-pin NAME`"
            ))),
        };
        self.add("guards", found);
    }
}

fn service(status: &Status, findings: &mut Findings) {
    let running = status.running.clone().unwrap_or_default();
    let service = match running.trouble {
        None => Ok(format!("runs for {} s, replica {}", running.uptime_ms / 1_000, status.replica)),
        Some(trouble) => Err(Trouble::Bad(format!("{trouble}; the watchdog will restart it"))),
    };
    findings.add("service", service);
    let held = format!("{} transactions, in use: the next backup checks all of it", status.transactions);
    findings.add("store", Ok(held));
    findings.clock(status.time_trust);
    findings.guards(status.guards, status.guards_without_pin);
    for gate in running.gates {
        let state = if gate.connected {
            Ok(format!("its driver is there, it is {}", gate.position))
        } else {
            Err(Trouble::Bad("its driver is gone: look at the device, its power and its cable".to_owned()))
        };
        findings.add(&format!("gate \"{}\"", gate.key), state);
    }
    for camera in running.cameras {
        let state = match camera.trouble {
            None => Ok("frames come".to_owned()),
            Some(trouble) => Err(Trouble::Bad(format!("{trouble}; cars at it wait for the guard"))),
        };
        findings.add(&format!("camera \"{}\"", camera.key), state);
    }
}

fn folder(data: &DataFolder) -> Result<String, Trouble> {
    match fs::metadata(data.path()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Trouble::Odd(format!("{}: not there yet", data.path().display())));
        }
        _ => data.check().map_err(|error| Trouble::Bad(error.to_string()))?,
    }
    Ok(format!("{}: the hub's own", data.path().display()))
}

fn room(path: &Path) -> Result<String, Trouble> {
    // Where the folder is not there yet, its disk is that of what is.
    let there = path.ancestors().find(|path| path.exists()).unwrap_or(Path::new("/"));
    let disk = rustix::fs::statvfs(there).map_err(|error| bad(there, &error.into()))?;
    let free_mb = disk.f_bavail.saturating_mul(disk.f_frsize) >> 20;
    if free_mb < BAD_FREE_MB {
        return Err(Trouble::Bad(format!("{free_mb} MB left: soon nothing can be recorded any more")));
    }
    if free_mb < LOW_FREE_MB {
        return Err(Trouble::Odd(format!("{free_mb} MB left")));
    }
    Ok(format!("{free_mb} MB left"))
}

/// The store of a hub that does not run.
fn at_rest(data: &DataFolder, findings: &mut Findings) {
    let path = data.store();
    if !path.exists() {
        return findings.odd("store", &format!("{}: not there yet; the hub makes it", path.display()));
    }
    let looked = data.insist_on_owner().map_err(|error| Trouble::Odd(error.to_string()));
    match looked.and_then(|()| open_at_rest(data).map_err(|error| Trouble::Bad(error.to_string()))) {
        Err(trouble) => findings.add("store", Err(trouble)),
        Ok(AtRest { standing, guards, journal }) => {
            let Standing { replica, mark, .. } = standing;
            findings.add("store", Ok(format!("whole; replica {replica}, {} transactions", mark.arrival)));
            findings.add("journal", journal);
            findings.guards(guards.len(), guards.iter().filter(|guard| guard.needs_pin).count());
        }
    }
}

/// What a store at rest tells.
struct AtRest {
    standing: Standing,
    guards: Vec<guards::Standing>,
    journal: Result<String, Trouble>,
}

fn open_at_rest(data: &DataFolder) -> Result<AtRest, DataError> {
    let unreadable = |error: ReadError| StoreError::Damaged(error.to_string());
    let store = Sqlite::open(data.store(), Options::default())?;
    store.verify()?;
    let replica = Replica::open(store, store::schema())?;
    let pepper = data.read_pepper()?;
    let standing = replica.standing()?;
    let guards = replica.view(|view| guards::standings(view, pepper.as_ref()))?.map_err(unreadable)?;
    // Also what it wrote before a restore, under the ids that it bore then.
    let ids = standing.lineage.iter().map(|(id, _)| *id).chain([standing.replica]);
    let books = replica.view(|view| ids.map(|id| journal::check(view, id)).collect::<Result<Vec<_>, _>>())?;
    Ok(AtRest { standing, guards, journal: book(&books.map_err(unreadable)?) })
}

fn book(books: &[journal::Checked]) -> Result<String, Trouble> {
    let entries: u64 = books.iter().map(|book| book.entries).sum();
    let faults: Vec<_> = books.iter().flat_map(|book| &book.faults).map(ToString::to_string).collect();
    if faults.is_empty() {
        return Ok(format!("whole, {entries} entries"));
    }
    let first = faults.iter().take(3).map(String::as_str).collect::<Vec<_>>().join("; ");
    Err(Trouble::Bad(format!("{} faults in {entries} entries: {first}", faults.len())))
}

fn sockets(run: &Path) -> Result<String, Trouble> {
    let found = fs::metadata(run).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            Trouble::Odd(format!("{}: not there yet; the hub makes it", run.display()))
        }
        _ => bad(run, &error),
    })?;
    if !found.is_dir() {
        return Err(Trouble::Bad(format!("{}: not a folder", run.display())));
    }
    Ok(format!("{}: there", run.display()))
}

fn address(config: &Config) -> Result<String, Trouble> {
    let listen = config.kiosk.listen;
    match TcpListener::bind(listen) {
        Ok(_) => Ok(format!("{listen} is free")),
        Err(error) => Err(Trouble::Bad(format!("{listen}: {error}; choose another with kiosk.listen"))),
    }
}

fn driver(gate: &Gate) -> Result<String, Trouble> {
    let Driver::Sim { socket } = &gate.driver;
    let path = socket.display();
    // Nothing is said to it: a word might be a command.
    match UnixStream::connect(socket) {
        Ok(_) => Ok(format!("{path}: somebody listens")),
        Err(error) => Err(Trouble::Bad(format!("{path}: {error}; start the simulated barrier"))),
    }
}

fn source(camera: &config::Camera) -> Result<String, Trouble> {
    let open = || {
        let mut source = camera::open(&camera.source)?;
        source.next_frame()?.ok_or_else(|| Lost("its first frame cannot be read".to_owned()))
    };
    let frame = open().map_err(|lost| Trouble::Bad(lost.0))?;
    let picture = Picture::decode(&frame, Colours::LeftOut)
        .map_err(|why| Trouble::Bad(format!("its first frame: {why}")))?;
    Ok(format!("its first frame has {} × {} pixels", picture.width(), picture.height()))
}

/// What is odd about a camera that shows what was seen at another time: whoever was let in then, is let in again.
fn played(camera: &config::Camera) -> Option<&'static str> {
    let config::Source::Files { play, .. } = &camera.source;
    if *play == Play::Loop {
        return Some(
            "the same cars arrive again and again: `play = \"loop\"` is for demonstrations, not for a gate",
        );
    }
    camera::open(&camera.source).is_ok_and(|files| files.is_recording()).then_some(
        "a recording, played from its beginning whenever the hub starts: for demonstrations, not for a gate; a camera \
         writes what it sees into one file, anew each time",
    )
}

fn models(sight: &config::Sight) -> Result<String, Trouble> {
    Sight::load(sight.models.as_deref()).map_err(|error| Trouble::Bad(error.to_string()))?;
    Ok("its models load".to_owned())
}

fn bad(path: &Path, error: &io::Error) -> Trouble {
    Trouble::Bad(format!("{}: {error}", path.display()))
}
