//! The local socket by which the command line speaks to the running hub.
//!
//! One question a connection ([`dwellers_listener::local`]). The socket's file has mode 0600, so that who reaches it is
//! the hub's own user or root, and may do everything that stands here. Nothing here moves a gate.

mod operations;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use dwellers_link::enrolment::Enrolled;
use dwellers_listener::local::{self, Listener};
use dwellers_replica::ReplicaId;
use serde::{Deserialize, Serialize};

use crate::camera::CameraStatus;
use crate::clock::Trust;
use crate::guards;
use crate::screens;
use crate::uplink::LinkStatus;

pub use operations::{Operations, Report};

/// How long the command line waits for an answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// The same for what takes its time (a backup).
const LONG_PATIENCE: Duration = Duration::from_secs(600);

/// A question to the hub.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Request {
    /// How it is.
    Status,
    /// Who the guards are.
    GuardList,
    /// A new guard.
    GuardAdd {
        /// The name.
        name: String,
        /// The PIN.
        pin: guards::Pin,
    },
    /// Become a hub of a community.
    Enrol {
        /// As the operator was shown it: `https://HOST`.
        address: String,
        /// As it was shown.
        code: String,
    },
    /// Another PIN.
    GuardResetPin {
        /// Whose.
        name: String,
        /// The PIN.
        pin: guards::Pin,
    },
    /// A guard left.
    GuardRemove {
        /// Who.
        name: String,
    },
    /// Which screens are paired.
    ScreenList,
    /// An invitation for a screen.
    ScreenPair {
        /// Its name.
        name: String,
    },
    /// A screen is gone.
    ScreenRemove {
        /// Which.
        name: String,
    },
    /// The clock is right, says who asks.
    TrustTime,
    /// A copy of the store, in its folder.
    Copy,
}

/// What the hub answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", content = "is", rename_all = "snake_case")]
pub enum Answer {
    /// How it is.
    Status(Box<Status>),
    /// The guards.
    Guards(Vec<guards::Standing>),
    /// The screens.
    Screens(Vec<screens::Paired>),
    /// What to open on the screen.
    Invitation {
        /// Once, within ten minutes.
        link: String,
    },
    /// Where the copy is.
    Copied(PathBuf),
    /// The hub belongs to a community from now on.
    Enrolled(Enrolled),
    /// Done.
    Done,
    /// It was not done, for this reason.
    Refused(String),
}

/// How a hub is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// The program's version.
    pub version: String,
    /// Which replica this is.
    pub replica: ReplicaId,
    /// Its wall clock, in milliseconds since 1970.
    pub time_ms: u64,
    /// Who vouches for the wall clock.
    pub time_trust: Trust,
    /// Transactions in the store.
    pub transactions: u64,
    /// Bytes of the store, its log included.
    pub store_bytes: u64,
    /// How many guards there are.
    pub guards: usize,
    /// How many of them cannot sign in, since the key of their PINs is gone.
    pub guards_without_pin: usize,
    /// How many screens are paired.
    pub screens: usize,
    /// What only a running hub knows.
    pub running: Option<Running>,
}

/// What only a running hub knows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Running {
    /// For how long.
    pub uptime_ms: u64,
    /// Nothing, or what keeps the watchdog from being fed.
    pub trouble: Option<String>,
    /// Its gates.
    pub gates: Vec<GateStatus>,
    /// Its cameras.
    #[serde(default)]
    pub cameras: Vec<CameraStatus>,
    /// Its link to the cloud.
    #[serde(default)]
    pub link: LinkStatus,
}

/// How a gate is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GateStatus {
    /// Its key in the configuration.
    pub key: String,
    /// As people call it.
    pub name: String,
    /// Whether its driver is there.
    pub connected: bool,
    /// What the position sensor sees: `open`, `closed`, `moving`, `unknown`.
    pub position: String,
    /// It is held open, by a guard or the fire alarm.
    pub held: bool,
}

/// Answers questions until `shutdown` is done.
///
/// # Errors
/// Where the socket fails for good.
pub async fn serve(
    listener: Listener,
    operations: Operations,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let perform = move |request: Option<Request>| match request {
        Some(request) => operations.perform(request),
        None => Answer::Refused("the hub does not know this question; is its program older?".into()),
    };
    local::answer(listener, perform, shutdown).await
}

/// Asks the hub that listens there; `None` where none does.
///
/// # Errors
/// Where it does not answer, or may not be asked.
pub fn ask(path: &Path, request: &Request) -> io::Result<Option<Answer>> {
    let takes_long = matches!(request, Request::Copy | Request::Enrol { .. });
    local::ask(path, request, if takes_long { LONG_PATIENCE } else { PATIENCE })
}
