//! The configuration: one TOML file, read once at start, then passed explicitly.
//!
//! Invariants: a key that is not known is an error, never ignored; what was read was checked, so that no other
//! module checks it again; an error names file, line, column and key, and says what would be right. Relative paths
//! are meant from the file's own folder.
//!
//! What must never be here: a secret (keys lie in the data folder or come as credentials of the service manager);
//! a global; anything that changes while the hub runs.

mod camera;
mod gate;
mod problem;

use std::fmt;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use camera::{Camera, Sight, Source};
pub use gate::{Closing, Driver, Fails, Gate, Lane, Sensor};
pub use problem::Problem;

use problem::Checker;

/// The whole file.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The hub itself.
    pub hub: Hub,
    /// What it says about its work.
    pub log: Log,
    /// The guard's screen.
    pub kiosk: Kiosk,
    /// The gates, in the order of the file.
    #[serde(rename = "gate")]
    pub gates: Vec<Gate>,
    /// Recognition.
    pub sight: Sight,
    /// The cameras, in the order of the file.
    #[serde(rename = "camera")]
    pub cameras: Vec<Camera>,
}

/// Where the hub keeps things, and what it believes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hub {
    /// The folder of the store and its keys. Nobody else may read it.
    pub data: PathBuf,
    /// The folder of the local sockets; empty after a boot.
    pub run: PathBuf,
    /// In which language the hub speaks where nobody chose one.
    pub language: Language,
    /// What vouches for the wall clock.
    pub time: TimeSource,
}

/// A language of the texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Russian.
    #[default]
    Ru,
    /// English.
    En,
}

/// What vouches for the wall clock. The guard's word always does, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeSource {
    /// The system says that it was set from the network since boot.
    #[default]
    Ntp,
    /// The system was set at boot from a real-time clock with a battery (or, later, from the network).
    Rtc,
    /// Only the guard's word.
    Guard,
}

/// Logs.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// `error`, `warn`, `info`, `debug`, or a filter such as `info,dwellers_hub::kiosk=debug`.
    pub level: String,
    /// How lines look.
    pub format: LogFormat,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Text on a terminal, JSON for everything else.
    #[default]
    Auto,
    /// Text.
    Text,
    /// One JSON object a line.
    Json,
}

/// The guard's screen.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Kiosk {
    /// Where it is served.
    pub listen: SocketAddr,
    /// Certificate and key, to serve HTTPS.
    pub tls: Option<Tls>,
    /// Which screens are let in.
    pub screens: Screens,
    /// Names by which screens reach it, beside its addresses: a page that comes under another name is foreign.
    pub names: Vec<String>,
}

/// Files in PEM form.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The certificate and those that it rests on.
    pub cert: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// Which screens may speak to the kiosk at all, before any guard signs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Screens {
    /// Any that reaches the address.
    #[default]
    Any,
    /// Those that were paired (`dwellers-hub screen pair`).
    Paired,
}

impl Default for Hub {
    fn default() -> Self {
        let (data, run) = (PathBuf::from("/var/lib/dwellers-hub"), PathBuf::from("/run/dwellers-hub"));
        Hub { data, run, language: Language::default(), time: TimeSource::default() }
    }
}

impl Default for Log {
    fn default() -> Self {
        Log { level: "info".into(), format: LogFormat::default() }
    }
}

impl Default for Kiosk {
    fn default() -> Self {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 8480));
        Kiosk { listen, tls: None, screens: Screens::default(), names: Vec::new() }
    }
}

impl Hub {
    /// The socket by which the command line speaks to the running service.
    pub fn control_socket(&self) -> PathBuf {
        self.run.join("control.sock")
    }

    /// The socket by which plate reads come in from another process.
    pub fn reads_socket(&self) -> PathBuf {
        self.run.join("reads.sock")
    }
}

impl Kiosk {
    /// Where a screen finds it: `http://127.0.0.1:8480`.
    pub fn address(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let port = self.listen.port();
        if !self.listen.ip().is_unspecified() {
            return format!("{scheme}://{}", self.listen);
        }
        // As the machine is called by those who see it on the network.
        let name = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        format!("{scheme}://{}.local:{port}", name.trim())
    }
}

/// Why there is no configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{}: {why}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// It can, but something in it is wrong.
    #[error("{}", Lines(.0))]
    Wrong(Vec<Problem>),
}

struct Lines<'a>(&'a [Problem]);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.0.iter().enumerate() {
            let end = if at == 0 { "" } else { "\n" };
            write!(f, "{end}{problem}")?;
        }
        Ok(())
    }
}

impl Config {
    /// Where the file is unless the command line says otherwise.
    pub const PATH: &str = "/etc/dwellers/hub.toml";

    /// Reads and checks a file.
    ///
    /// # Errors
    /// Where it cannot be read, or something in it is wrong: everything that is, at once.
    pub fn load(path: &Path) -> Result<Config, ConfigError> {
        let text = fs::read_to_string(path).map_err(|error| {
            let why = match error.kind() {
                std::io::ErrorKind::NotFound => "there is no such file; say where it is with --config".into(),
                std::io::ErrorKind::InvalidData => "this is not UTF-8 text".into(),
                _ => error.to_string(),
            };
            ConfigError::Unreadable { path: path.to_owned(), why }
        })?;
        let mut config = Config::parse(&path.display().to_string(), &text)?;
        // Absolute, since those who compare notes about a path stand in different folders.
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        config.start_paths_from(path.parent().unwrap_or(Path::new("/")));
        Ok(config)
    }

    /// Checks the text of a file of this name. Its paths stay as they are written.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn parse(name: &str, text: &str) -> Result<Config, ConfigError> {
        let mut checker = Checker::new(name, text).map_err(ConfigError::Wrong)?;
        let config: Config = checker.read().map_err(ConfigError::Wrong)?;
        config.check(&mut checker);
        checker.end().map_err(ConfigError::Wrong)?;
        Ok(config)
    }

    fn start_paths_from(&mut self, folder: &Path) {
        let tls = self.kiosk.tls.iter_mut().flat_map(|tls| [&mut tls.cert, &mut tls.key]);
        let drivers = self.gates.iter_mut().map(|gate| match &mut gate.driver {
            Driver::Sim { socket } => socket,
        });
        let sources = self.cameras.iter_mut().map(|camera| match &mut camera.source {
            Source::Files { path, .. } => path,
        });
        let folders = [&mut self.hub.data, &mut self.hub.run].into_iter().chain(&mut self.sight.models);
        for path in folders.chain(tls).chain(drivers).chain(sources) {
            *path = folder.join(&*path);
        }
    }

    fn check(&self, checker: &mut Checker<'_>) {
        for (key, folder) in [("data", &self.hub.data), ("run", &self.hub.run)] {
            if folder.as_os_str().is_empty() {
                checker.wrong(&["hub".into(), key.into()], "name a folder");
            }
        }
        // The kernel's limit for the path of a socket (unix(7)), less its end and the longest name.
        if self.hub.run.as_os_str().len() > 107 - "/control.sock".len() {
            checker.wrong(&["hub".into(), "run".into()], "too long for sockets: at most 94 bytes");
        }
        let open = !self.kiosk.listen.ip().is_loopback();
        if open && self.kiosk.tls.is_none() && self.kiosk.screens == Screens::Any {
            checker.wrong(
                &["kiosk".into(), "listen".into()],
                "beyond this machine anybody on the network could sign in or listen to PINs: serve HTTPS \
                 (kiosk.tls = { cert = …, key = … }), or let in paired screens only (kiosk.screens = \"paired\"), \
                 or stay at 127.0.0.1",
            );
        }
        if self.gates.is_empty() {
            checker.wrong(&[], "there is no gate: describe at least one with [[gate]]");
        }
        for (at, gate) in self.gates.iter().enumerate() {
            gate.check(at, checker);
        }
        let mut keys = std::collections::BTreeMap::new();
        for (at, gate) in self.gates.iter().enumerate() {
            if keys.insert(&gate.key, at).is_some() {
                let place = ["gate".into(), at.into(), "key".into()];
                checker.wrong(&place, "another gate has this key: each has its own");
            }
        }
        camera::check(&self.cameras, &self.gates, checker);
    }
}

/// `"a", "b"`.
fn list<'a>(keys: impl Iterator<Item = &'a str>) -> String {
    keys.map(|key| format!("\"{key}\"")).collect::<Vec<_>>().join(", ")
}
