//! The programs of the demo: two simulated gates, a hub and a cloud, each a process of its own, in a folder of their own.
//!
//! | module | what it holds |
//! |---|---|
//! | `founding` | what is there before anything runs |
//! | `gates` | the simulated gates, and what happens at them |
//! | `telegram` | where people talk to the bot |
//! | `process` | programs that are started, asked and waited for |
//!
//! Invariants: every process that was started is ended, whatever happens; every wait has a bound and says what it
//! waited for.

mod founding;
mod gates;
mod process;
mod telegram;

use std::fs;
use std::net::SocketAddr;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use dwellers_hub::reads::socket;
use dwellers_hub::store::{DataFolder, make_folder};
use dwellers_replica::RecordId;
use serde_json::Value;

use crate::browser::Browser;
use crate::cloud::{self, Place};
use crate::line::Line;
use crate::scenes::{EMPTY, Lanes, Scenes};
use crate::settlement::{Cast, GUARDS};

use gates::Gate;
use process::{Process, free_port, programs, said, until_within};
use telegram::Telegram;

pub use process::until;
pub use telegram::TOKEN as TELEGRAM_TOKEN;

/// A hub whose link was cut for a while comes back by itself within this: the longer the cut, the rarer it tries.
const LINKED: Duration = Duration::from_secs(90);

/// What the hub is called.
pub const HUB: &str = "Въезд";
/// What people call the barrier.
pub const BARRIER: &str = "Главный въезд";
/// What people call the wicket.
pub const WICKET: &str = "Калитка";

/// Everything that runs.
pub struct Stage {
    folder: PathBuf,
    programs: PathBuf,
    kiosk: SocketAddr,
    cloud: Option<Process>,
    /// People with a browser in which they are signed in.
    pub people: People,
    /// Before the cloud.
    line: Line,
    telegram: Telegram,
    hub: Option<Process>,
    gates: Vec<Gate>,
    lanes: Lanes,
    /// Who is who.
    pub cast: Cast,
}

/// People with a browser in which they are signed in.
pub struct People {
    /// The community.
    pub community: RecordId,
    /// The owner of house 12.
    pub resident: Browser,
    /// The administrator.
    pub chair: Browser,
}

/// Where the demo is reached on this machine; 0: a port that is free.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ports {
    /// The guard's screen.
    pub kiosk: u16,
    /// The cloud.
    pub cloud: u16,
    /// The page to talk to the bot.
    pub telegram: u16,
}

impl Stage {
    /// Founds the settlement in `folder`; nothing runs yet. The programs lie beside this one.
    ///
    /// # Errors
    /// Where the folder cannot be written, or a port is taken.
    pub fn found(folder: &Path, ports: Ports) -> Result<Self> {
        let (kiosk, cloud) = (free_port(ports.kiosk)?, free_port(0)?);
        let line = Line::lay(free_port(ports.cloud)?, cloud)?;
        let programs = programs()?;
        let telegram = Telegram::start(folder, &programs, ports.telegram)?;
        for part in ["data", "run"] {
            make_folder(&folder.join(part))?;
        }
        let scenes = Scenes::load()?;
        let lanes = Lanes::make(&folder.join("lanes"), scenes.clone(), &["in", "out"])?;
        fs::write(folder.join("hub.toml"), founding::hub_config(folder, kiosk))?;
        let place = Place::in_folder(folder);
        fs::write(&place.config, founding::cloud_config(&place, cloud, line.at(), &telegram.config()))?;
        let (cast, people) = founding::found(folder, &scenes, &line)?;
        let folder = folder.to_owned();
        let (cloud, hub, gates) = (None, None, Vec::new());
        Ok(Stage { folder, programs, kiosk, cloud, people, line, telegram, hub, gates, lanes, cast })
    }

    /// Starts the gates, the cloud and the hub.
    ///
    /// # Errors
    /// Where a program is missing or does not start.
    pub fn start(&mut self) -> Result<()> {
        self.start_gates()?;
        self.start_cloud()?;
        self.start_hub()
    }

    /// Starts the cloud and waits until its console answers.
    ///
    /// # Errors
    /// Where it does not come up.
    pub fn start_cloud(&mut self) -> Result<()> {
        let place = self.cloud_place();
        let mut command = Command::new(self.programs.join("dwellers-demo-cloud"));
        command.arg(&place.config).arg(&place.console);
        self.cloud = Some(Process::start(command, &self.folder.join("cloud.log"))?);
        until("a cloud that answers", || Ok(UnixStream::connect(&place.console).is_ok()))
    }

    /// Pulls its plug: SIGKILL.
    ///
    /// # Errors
    /// Where it cannot be killed.
    pub fn kill_cloud(&mut self) -> Result<()> {
        self.cloud.take().context("no cloud runs")?.kill()
    }

    /// The files of the cloud.
    pub fn cloud_place(&self) -> Place {
        Place::in_folder(&self.folder)
    }

    /// The line between hub and cloud.
    pub fn line(&self) -> &Line {
        &self.line
    }

    /// Waits until the hub knows whether it is connected to its cloud.
    ///
    /// # Errors
    /// Where it is otherwise.
    pub fn until_linked(&self, connected: bool) -> Result<()> {
        until_within(LINKED, "a link that is as it should be", || {
            let status: Value = serde_json::from_str(&self.operate_hub(&["status", "--json"], "")?)?;
            Ok(status["running"]["link"]["connected"] == connected)
        })
    }

    /// Waits until hub and cloud have each what the other has.
    ///
    /// # Errors
    /// Where they do not come to it.
    pub fn until_in_step(&self) -> Result<()> {
        until_within(LINKED, "a hub that is in step", || {
            let status: Value = serde_json::from_str(&self.operate_hub(&["status", "--json"], "")?)?;
            let link = &status["running"]["link"];
            Ok(link["connected"] == true && link["shared"] == true)
        })?;
        until("a cloud that is in step", || {
            let status: Value = serde_json::from_str(&self.operate_cloud(&["status", "--json"])?)?;
            let hubs = status["communities"][0]["hubs"].as_array().context("its hubs")?;
            Ok(hubs.iter().any(|hub| hub["connection"]["in_step"] == true))
        })
    }

    /// What the cloud holds, as one text.
    ///
    /// # Errors
    /// Where it does not say.
    pub fn digest_of_cloud(&self) -> Result<String> {
        match cloud::ask(&self.cloud_place().console, &cloud::Request::Digest)? {
            cloud::Answer::Digest(digest) => Ok(digest),
            other => bail!("the cloud says {other:?}"),
        }
    }

    /// A link by which a browser signs in as somebody, once; where they have an account, to that one, and nobody is signed out.
    ///
    /// # Errors
    /// Where there is no such person, or the cloud does not run.
    pub fn link(&self, person: RecordId) -> Result<String> {
        match cloud::ask(&self.cloud_place().console, &cloud::Request::Link { person })? {
            cloud::Answer::Link(token) => Ok(format!("{}/join/{token}", self.cloud_url())),
            other => bail!("the cloud says {other:?}"),
        }
    }

    /// Where people talk to the bot.
    pub fn telegram(&self) -> String {
        self.telegram.page("")
    }

    /// A link by which whoever opens it in Telegram is somebody there, for some minutes, once.
    ///
    /// # Errors
    /// Where that person has no account, or the cloud does not run.
    pub fn telegram_link(&self, person: RecordId) -> Result<String> {
        match cloud::ask(&self.cloud_place().console, &cloud::Request::Telegram { person })? {
            cloud::Answer::Link(secret) => Ok(self.telegram.page(&format!("k-{secret}"))),
            other => bail!("the cloud says {other:?}"),
        }
    }

    /// Where people reach the cloud.
    pub fn cloud_at(&self) -> SocketAddr {
        self.line.at()
    }

    /// The same as it is typed. By name: a passkey belongs to one, and `localhost` is the name of this machine.
    pub fn cloud_url(&self) -> String {
        format!("http://localhost:{}", self.cloud_at().port())
    }

    /// The command that speaks to this cloud.
    pub fn cloud_program(&self) -> PathBuf {
        self.programs.join("dwellers-cloud")
    }

    /// What the operator of the cloud types; what it says.
    ///
    /// # Errors
    /// Where it is not done.
    pub fn operate_cloud(&self, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new(self.cloud_program());
        command.arg("--config").arg(self.cloud_place().config).args(arguments);
        said(command, "")
    }

    /// What the operator of the hub types, and what it reads; what it says.
    ///
    /// # Errors
    /// Where it is not done.
    pub fn operate_hub(&self, arguments: &[&str], input: &str) -> Result<String> {
        let mut command = Command::new(self.hub_program());
        command.arg("--config").arg(self.config()).args(arguments);
        said(command, input)
    }

    /// The Pi is dead, and a new one lies in its place: the same configuration, guards of the same names and PINs, and
    /// nothing else. It runs, and belongs to nobody yet.
    ///
    /// # Errors
    /// Where it does not come up.
    pub fn new_hub(&mut self) -> Result<()> {
        let data = self.folder.join("data");
        fs::rename(&data, self.folder.join("data-of-the-dead"))?;
        make_folder(&data)?;
        for (name, pin) in GUARDS {
            self.operate_hub(&["guard", "add", name, "--pin", "-"], pin)?;
        }
        self.start_hub()?;
        self.trust_clock()
    }

    /// The folder of everything.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The hub's data folder.
    pub fn data(&self) -> DataFolder {
        DataFolder::new(self.folder.join("data"), None)
    }

    /// Where the guard's screen listens.
    pub fn kiosk(&self) -> String {
        format!("http://{}", self.kiosk)
    }

    /// The configuration of this hub.
    pub fn config(&self) -> PathBuf {
        self.folder.join("hub.toml")
    }

    /// Where whoever tries it out may keep the cookie of a session: it goes with the folder.
    pub fn cookies(&self) -> PathBuf {
        self.folder.join("guard.cookies")
    }

    /// What the hub has said.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("hub.log")).unwrap_or_default()
    }

    /// The command that speaks to this hub.
    pub fn hub_program(&self) -> PathBuf {
        self.programs.join("dwellers-hub")
    }

    /// The socket of a gate.
    pub fn gate_socket(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.sock"))
    }

    /// The program of a gate.
    pub fn gate_program(&self) -> PathBuf {
        self.programs.join("dwellers-barrier")
    }

    /// The socket that takes plate reads of other recognisers.
    pub fn reads_socket(&self) -> PathBuf {
        self.folder.join("run").join(socket::FILE_NAME)
    }

    /// The cars that may come.
    pub fn scenes(&self) -> &Scenes {
        self.lanes.known()
    }

    /// Where the scenes lie, and the links that the cameras of the lanes play.
    pub fn lanes(&self) -> &Lanes {
        &self.lanes
    }

    /// Starts the hub and waits until its screen answers.
    ///
    /// # Errors
    /// Where it does not come up.
    pub fn start_hub(&mut self) -> Result<()> {
        let mut command = Command::new(self.hub_program());
        command.arg("run").arg("--config").arg(self.config());
        self.hub = Some(Process::start(command, &self.folder.join("hub.log"))?);
        let health = format!("{}/api/health", self.kiosk());
        until("a hub whose screen answers", || {
            ensure!(self.hub_runs()?, "the hub ended at once:\n{}", self.log());
            Ok(ureq::get(&health).call().is_ok())
        })
    }

    /// The operator says that the clock of this machine is right.
    ///
    /// # Errors
    /// Where the hub does not take it.
    pub fn trust_clock(&self) -> Result<()> {
        let mut command = Command::new(self.hub_program());
        command
            .args(["time", "trust", "--config"])
            .arg(self.config())
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        ensure!(command.status()?.success(), "the hub does not take the word about its clock");
        Ok(())
    }

    /// Pulls the plug: SIGKILL.
    ///
    /// # Errors
    /// Where it cannot be killed.
    pub fn kill_hub(&mut self) -> Result<()> {
        self.hub.take().context("no hub runs")?.kill()
    }

    /// A car comes: its scene is played to the camera of a lane, and its last still stays.
    ///
    /// # Errors
    /// Where there is no such scene.
    pub fn comes(&self, lane: &str, scene: &str) -> Result<()> {
        self.lanes.play(lane, scene)
    }

    /// The same, so many times as slowly.
    ///
    /// # Errors
    /// As [`Stage::comes`].
    pub fn comes_slowly(&self, lane: &str, scene: &str, times: usize) -> Result<()> {
        self.lanes.play_slowly(lane, scene, times)
    }

    /// A car stands before the camera of a lane, which did not see it come.
    ///
    /// # Errors
    /// Where there is no such scene.
    pub fn stands(&self, lane: &str, scene: &str) -> Result<()> {
        self.lanes.stand(lane, scene)
    }

    /// Nobody is before the camera of a lane any more.
    ///
    /// # Errors
    /// Where the lane cannot be emptied.
    pub fn leaves(&self, lane: &str) -> Result<()> {
        self.lanes.play(lane, EMPTY)
    }

    /// Whether the hub still runs.
    ///
    /// # Errors
    /// Where the system does not say.
    pub fn hub_runs(&mut self) -> Result<bool> {
        self.hub.as_mut().map_or(Ok(false), Process::runs)
    }

    /// Whether the cloud still runs.
    ///
    /// # Errors
    /// Where the system does not say.
    pub fn cloud_runs(&mut self) -> Result<bool> {
        self.cloud.as_mut().map_or(Ok(false), Process::runs)
    }

    /// Looks whether all that was started and not killed still runs.
    ///
    /// # Errors
    /// Where a program has ended by itself.
    pub fn check(&mut self) -> Result<()> {
        self.check_gates()?;
        ensure!(self.telegram.runs()?, "Telegram's double has ended");
        for (what, log, process) in
            [("hub", "hub.log", &mut self.hub), ("cloud", "cloud.log", &mut self.cloud)]
        {
            let runs = process.as_mut().map_or(Ok(true), Process::runs)?;
            let log = self.folder.join(log);
            ensure!(runs, "the {what} has ended; its log: {}", fs::read_to_string(log).unwrap_or_default());
        }
        Ok(())
    }
}
