//! The programs of the demo: two simulated gates, a hub and a cloud, each a process of its own, in a folder of their own.
//!
//! Invariants: every process that was started is ended, whatever happens; every wait has a bound and says what it
//! waited for.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use dwellers_cloud::accounts::{Session, Way};
use dwellers_cloud::communities::Communities;
use dwellers_cloud::hubs::Newcomer;
use dwellers_hub::barrier::wire::{Reply, Request};
use dwellers_hub::barrier::{State, World};
use dwellers_hub::clock::{Clock, entropy, random};
use dwellers_hub::config::Config;
use dwellers_hub::guards::{Guards, Pin};
use dwellers_hub::reads::socket;
use dwellers_hub::store::{DataFolder, make_folder};
use dwellers_hub::uplink;
use dwellers_replica::{Open, RecordId, Writes};
use serde::de::DeserializeOwned;

use crate::browser::Browser;
use crate::cloud::{self, COMMUNITY, Place};
use crate::line::Line;
use crate::scenes::{EMPTY, Lanes, Scenes};
use crate::settlement::{self, Cast, GUARDS};

/// How long anything of the demo may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Between two looks at what is waited for.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// What the hub is called.
pub const HUB: &str = "Въезд";

/// Everything that runs.
pub struct Stage {
    folder: PathBuf,
    programs: PathBuf,
    kiosk: SocketAddr,
    cloud: Option<Process>,
    cloud_at: SocketAddr,
    /// People with a browser in which they are signed in.
    pub people: People,
    /// Between hub and cloud.
    line: Line,
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

/// A simulated gate.
struct Gate {
    key: &'static str,
    process: Process,
}

/// A process that ends with its handle.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

const GATES: [(&str, &[&str]); 2] = [
    ("main", &["--opening-ms", "700", "--closing-ms", "700"]),
    (
        "wicket",
        &["--opening-ms", "200", "--closing-ms", "200", "--closes-after-ms", "3000", "--minds-obstacles"],
    ),
];

impl Stage {
    /// Founds the settlement in `folder`; nothing runs yet. The programs lie beside this one.
    ///
    /// # Errors
    /// Where the folder cannot be written, or the port is taken.
    pub fn found(folder: &Path, port: Option<u16>) -> Result<Self> {
        let (kiosk, listen) = (free_port(port)?, free_port(None)?);
        let line = Line::lay(listen)?;
        for part in ["data", "run"] {
            make_folder(&folder.join(part))?;
        }
        let scenes = Scenes::load()?;
        let lanes = Lanes::make(&folder.join("lanes"), scenes.clone(), &["in", "out"])?;
        fs::write(folder.join("hub.toml"), config(folder, kiosk))?;
        let place = Place::in_folder(folder);
        fs::write(&place.config, cloud_config(&place, listen, line.at()))?;
        let (cast, people) = found(folder, &scenes, &line, listen)?;
        let (folder, programs) = (folder.to_owned(), programs()?);
        Ok(Stage {
            folder,
            programs,
            kiosk,
            cloud: None,
            cloud_at: listen,
            people,
            line,
            hub: None,
            gates: Vec::new(),
            lanes,
            cast,
        })
    }

    /// Starts the gates, the cloud and the hub.
    ///
    /// # Errors
    /// Where a program is missing or does not start.
    pub fn start(&mut self) -> Result<()> {
        for (key, args) in GATES {
            let process = self.start_gate(key, args)?;
            self.gates.push(Gate { key, process });
        }
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
        self.cloud = Some(self.spawn(command, "cloud.log")?);
        until("a cloud that answers", || Ok(UnixStream::connect(&place.console).is_ok()))
    }

    /// Pulls its plug: SIGKILL.
    ///
    /// # Errors
    /// Where it cannot be killed.
    pub fn kill_cloud(&mut self) -> Result<()> {
        let Some(mut cloud) = self.cloud.take() else { bail!("no cloud runs") };
        cloud.0.kill()?;
        cloud.0.wait()?;
        Ok(())
    }

    /// The files of the cloud.
    pub fn cloud_place(&self) -> Place {
        Place::in_folder(&self.folder)
    }

    /// The line between hub and cloud.
    pub fn line(&self) -> &Line {
        &self.line
    }

    /// What the cloud holds, as one text.
    ///
    /// # Errors
    /// Where it does not say.
    pub fn digest_of_cloud(&self) -> Result<String> {
        match cloud::ask(&self.cloud_place().console, &cloud::Request::Digest)? {
            cloud::Answer::Digest(digest) => Ok(digest),
            cloud::Answer::Failed(why) => bail!(why),
        }
    }

    /// Where people reach the cloud.
    pub fn cloud_at(&self) -> SocketAddr {
        self.cloud_at
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

    fn start_gate(&self, key: &str, args: &[&str]) -> Result<Process> {
        let path = self.gate_socket(key);
        let mut command = Command::new(self.gate_program());
        command.arg("--socket").arg(&path).args(args);
        let process = self.spawn(command, &format!("{key}.log"))?;
        until("a simulated gate that listens", || Ok(UnixStream::connect(&path).is_ok()))?;
        Ok(process)
    }

    /// Starts the hub and waits until its screen answers.
    ///
    /// # Errors
    /// Where it does not come up.
    pub fn start_hub(&mut self) -> Result<()> {
        let mut command = Command::new(self.hub_program());
        command.arg("run").arg("--config").arg(self.config());
        self.hub = Some(self.spawn(command, "hub.log")?);
        let health = format!("{}/api/health", self.kiosk());
        until("a hub whose screen answers", || {
            if let Some(Process(child)) = &mut self.hub
                && let Some(status) = child.try_wait()?
            {
                bail!("the hub ended at once ({status}):\n{}", self.log());
            }
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
        let Some(mut hub) = self.hub.take() else { bail!("no hub runs") };
        hub.0.kill()?;
        hub.0.wait()?;
        Ok(())
    }

    fn spawn(&self, mut command: Command, log: &str) -> Result<Process> {
        let log = File::options().create(true).append(true).open(self.folder.join(log))?;
        let program = PathBuf::from(command.get_program());
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let child = command.spawn().with_context(|| format!("{}: cannot be started", program.display()))?;
        Ok(Process(child))
    }

    /// Something happens at a gate.
    ///
    /// # Errors
    /// Where the simulated gate does not answer.
    pub fn happens(&self, gate: &str, what: World) -> Result<()> {
        match ask(&self.gate_socket(gate), &Request::World(what))? {
            Reply::Done => Ok(()),
            other => bail!("the simulated gate says {other:?}"),
        }
    }

    /// What can be seen of a gate.
    ///
    /// # Errors
    /// Where the simulated gate does not answer.
    pub fn look(&self, gate: &str) -> Result<State> {
        match ask(&self.gate_socket(gate), &Request::State)? {
            Reply::State(state) => Ok(state),
            other => bail!("the simulated gate says {other:?}"),
        }
    }

    /// The relays' history from an entry on: its lines, and the number of the last.
    ///
    /// # Errors
    /// Where the simulated gate does not answer.
    pub fn history(&self, gate: &str, mut after: u64) -> Result<Vec<dwellers_hub::barrier::Entry>> {
        let mut all = Vec::new();
        loop {
            match ask(&self.gate_socket(gate), &Request::History { after })? {
                Reply::History { entries, noted } => {
                    after = entries.last().map_or(noted, |last| last.number);
                    all.extend(entries);
                    if after >= noted {
                        return Ok(all);
                    }
                }
                other => bail!("the simulated gate says {other:?}"),
            }
        }
    }

    /// A car comes: its scene is played to the camera of a lane, and its last still stays.
    ///
    /// # Errors
    /// Where there is no such scene.
    pub fn comes(&self, lane: &str, scene: &str) -> Result<()> {
        self.lanes.play(lane, scene)
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

    /// Looks whether all gates still run.
    ///
    /// # Errors
    /// Where one has ended.
    pub fn check_gates(&mut self) -> Result<()> {
        for gate in &mut self.gates {
            ensure!(gate.process.0.try_wait()?.is_none(), "the simulated gate {} has ended", gate.key);
        }
        Ok(())
    }

    /// Whether the hub still runs.
    ///
    /// # Errors
    /// Where the system does not say.
    pub fn hub_runs(&mut self) -> Result<bool> {
        Ok(match &mut self.hub {
            Some(hub) => hub.0.try_wait()?.is_none(),
            None => false,
        })
    }
}

/// Waits for a condition, and says what was waited for where it does not come.
///
/// # Errors
/// Where it does not come in time.
pub fn until(what: &str, mut holds: impl FnMut() -> Result<bool>) -> Result<()> {
    let begun = Instant::now();
    while !holds()? {
        ensure!(begun.elapsed() < PATIENCE, "waited {} s for {what}", PATIENCE.as_secs());
        std::thread::sleep(LOOK_AGAIN);
    }
    Ok(())
}

/// A line of JSON to a local socket, and the line that answers it.
fn ask<T: DeserializeOwned>(socket: &Path, request: &impl serde::Serialize) -> Result<T> {
    let connect =
        || UnixStream::connect(socket).with_context(|| format!("{}: nobody listens", socket.display()));
    let mut stream = connect()?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut line = serde_json::to_vec(request)?;
    line.push(b'\n');
    stream.write_all(&line)?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer)?;
    serde_json::from_str(&answer).with_context(|| format!("{}: {answer:?}", socket.display()))
}

/// The folder of the programs: this one's, or for a test the one above.
fn programs() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let folder = own.parent().context("a program lies in a folder")?;
    let above = folder.parent().filter(|_| folder.ends_with("deps"));
    Ok(above.unwrap_or(folder).to_owned())
}

fn free_port(wanted: Option<u16>) -> Result<SocketAddr> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, wanted.unwrap_or(0)));
    let listener =
        TcpListener::bind(address).with_context(|| format!("{address} is taken; another: --port PORT"))?;
    Ok(listener.local_addr()?)
}

/// What a program says; it must be done with success.
fn said(mut command: Command, input: &str) -> Result<String> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("{command:?}"))?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    let told = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?}: {told}");
    Ok(String::from_utf8(output.stdout)?)
}

/// A new hub with its guards, a cloud that has enrolled it, and the settlement on both.
fn found(folder: &Path, scenes: &Scenes, line: &Line, cloud: SocketAddr) -> Result<(Cast, People)> {
    let clock = Clock::start();
    clock.set_trust(dwellers_hub::clock::Trust::Word);
    let data = DataFolder::new(folder.join("data"), None);
    let opened = data.open(clock.now(), entropy)?;
    let guards = Guards::new(opened.store.clone(), opened.pepper, clock.tick());
    for (name, pin) in GUARDS {
        guards.add(name, &Pin::new(pin)?, clock.now(), entropy())?;
    }
    let gates: Vec<_> = Config::load(&folder.join("hub.toml"))?
        .gates
        .iter()
        .map(|gate| gate.record(opened.replica))
        .collect();
    let communities = Communities::in_folder(&Place::in_folder(folder).data, clock.now(), entropy)?;
    let community = communities.create(COMMUNITY, clock.now(), entropy)?;
    let code = communities.invite_hub(community.id, HUB, false, random(), entropy, clock.now())?;
    let (key, replica) = (data.make_device_key(entropy)?.public(), opened.replica);
    communities.enrol(&code, &Newcomer { key, replica, community: None }, entropy, clock.now())?;
    let url = format!("http://{}", line.at());
    let name = COMMUNITY.to_owned();
    // It is given all that the cloud has.
    let belongs = uplink::Cloud { url, community: community.id, name, learned_as: Some(replica) };
    let mut writes = Writes::new();
    writes.create(uplink::Cloud::ID, &belongs);
    opened.store.commit(clock.now(), writes)?;
    let cast = settlement::fill(&opened.store, replica, &gates, &community.store, scenes, clock.now(), 12)?;
    let sign_in = |person| {
        let (accounts, now) = (communities.accounts(), clock.now());
        let account = accounts.make("ru", entropy, now)?;
        accounts.join(account, community.id, person, entropy, now)?;
        let session = Session { account, way: Open::Known(Way::Link), ..Session::default() };
        let secret = accounts.begin(session, random(), entropy, now)?;
        Ok::<_, anyhow::Error>(Browser::new(cloud, community.id, format!("dwellers={secret}")))
    };
    let people =
        People { community: community.id, resident: sign_in(cast.owner_12)?, chair: sign_in(cast.chair)? };
    Ok((cast, people))
}

fn cloud_config(place: &Place, listen: SocketAddr, authority: SocketAddr) -> String {
    let data = place.data.display();
    format!(
        r#"# The cloud of the demo.
[cloud]
data = "{data}"

[http]
listen = "{listen}"
# Hubs find it at the other end of a line that the story cuts.
authority = "{authority}"
"#
    )
}

fn config(folder: &Path, kiosk: SocketAddr) -> String {
    let folder = folder.display();
    format!(
        r#"# The hub of the demo.
[hub]
data = "{folder}/data"
run = "{folder}/run"
language = "ru"
time = "guard"

[kiosk]
listen = "{kiosk}"

[[gate]]
key = "main"
name = "Главный въезд"
kind = "barrier"
closing = {{ pulse_after_ms = 1500 }}
sensors = ["position", "loop"]
fails = "closed"
travel_ms = 4000
passage_window_ms = 8000
driver = {{ kind = "sim", socket = "{folder}/main.sock" }}

[[gate.lane]]
key = "in"
direction = "entry"

[[gate.lane]]
key = "out"
direction = "exit"
free = true

[[gate]]
key = "wicket"
name = "Калитка"
kind = "wicket"
closing = "itself"
sensors = ["position"]
fails = "closed"
driver = {{ kind = "sim", socket = "{folder}/wicket.sock" }}

[[gate.lane]]
key = "in"
direction = "entry"

[[camera]]
key = "in"
name = "Въезд"
gate = "main"
lane = "in"
source = {{ kind = "files", path = "{folder}/lanes/in", play = "once" }}

# It sees cars that go out from behind.
[[camera]]
key = "out"
name = "Выезд"
gate = "main"
lane = "out"
sees = "rear"
source = {{ kind = "files", path = "{folder}/lanes/out", play = "once" }}
"#
    )
}
