//! The local socket by which the command line speaks to the running cloud: one question a connection
//! ([`dwellers_listener::local`]). The socket's file has mode 0600: who reaches it is the cloud's own user or root, who could
//! do everything that stands here with the files as well.
//!
//! What must never be here: a rule; a secret that is kept.

mod operations;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use dwellers_listener::local::{self, Listener};
use dwellers_replica::RecordId;
use serde::{Deserialize, Serialize};

use crate::downlink::Connection;

pub use operations::Operations;

/// The socket's file in the data folder.
pub const FILE_NAME: &str = "control.sock";
/// How long the command line waits for an answer.
const PATIENCE: Duration = Duration::from_secs(60);
/// The same where stores are copied.
const LONG_PATIENCE: Duration = Duration::from_secs(6 * 3_600);

/// A question to the cloud. Communities are named by their names or ids.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Request {
    /// A new community.
    CommunityCreate {
        /// What it is called.
        name: String,
        /// Where it lies: an IANA time zone.
        time_zone: String,
        /// `ru` or `en`.
        language: String,
        /// ISO 3166: which plates are at home there, and how telephone numbers are written.
        country: String,
        /// ISO 4217.
        currency: String,
    },
    /// Which communities there are.
    CommunityList,
    /// One is served again.
    CommunityOpen {
        /// Which.
        community: String,
    },
    /// One is served no more.
    CommunityClose {
        /// Which.
        community: String,
    },
    /// One has another key for its backups from now on.
    CommunityNewKey {
        /// Which.
        community: String,
    },
    /// The cloud's own stores have another key for their backups from now on.
    AccountsNewKey,
    /// Backups are made, now.
    Backup {
        /// Of which community; nothing for all that are served.
        community: Option<String>,
        /// In a file of its own, which whoever asks carries away.
        apart: bool,
    },
    /// A code for a new hub.
    HubInvite {
        /// Of which community.
        community: String,
        /// What the hub is to be called.
        label: String,
        /// It takes the place of the one that is called so.
        replace: bool,
    },
    /// A one-time link for an administrator.
    AdminInvite {
        /// Of which community.
        community: String,
        /// Their name.
        name: String,
        /// Their telephone number; may be empty.
        phone: String,
    },
    /// An administrator who lost everything begins anew: a one-time link, and nothing else signs in to their account.
    AdminRecover {
        /// Of which community.
        community: String,
        /// Their name.
        name: String,
    },
    /// How the cloud is, and its communities.
    Status {
        /// Only this one.
        community: Option<String>,
    },
    /// The operator has seen an alarm.
    AlarmSeen {
        /// Of which community.
        community: String,
        /// Which.
        alarm: RecordId,
    },
    /// Which hubs a community has, or had.
    HubList {
        /// Which community.
        community: String,
    },
    /// A hub is revoked.
    HubRevoke {
        /// Of which community.
        community: String,
        /// What it is called, or its key's fingerprint.
        hub: String,
    },
}

/// What the cloud answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", content = "is", rename_all = "snake_case")]
pub enum Answer {
    /// Communities.
    Communities(Vec<Listed>),
    /// A community that was made, or has a new key for its backups.
    Key {
        /// Which.
        community: Listed,
        /// The secret half of the key, for the one who asked and nobody else.
        secret: String,
    },
    /// The cloud's own stores have a new key for their backups: its secret half, for the one who asked and nobody else.
    AccountsKey(String),
    /// What became of backups.
    Backups(Vec<BackedUp>),
    /// What is to be typed at the gatehouse.
    Code {
        /// Where hubs come to.
        address: String,
        /// For ten minutes, once.
        code: String,
        /// That address is none for another machine.
        only_here: bool,
    },
    /// Hubs.
    Hubs(Vec<HubStatus>),
    /// What is to be given to an administrator.
    Invitation {
        /// Once, within a week.
        link: String,
    },
    /// How it is.
    Status(Box<Status>),
    /// Done, in words.
    Done(String),
    /// It was not done, for this reason.
    Refused(String),
}

/// A community in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listed {
    /// Its id.
    pub id: RecordId,
    /// Its name.
    pub name: String,
    /// It is not served.
    pub closed: bool,
}

/// What became of a backup.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BackedUp {
    /// Of which community.
    pub name: String,
    /// Where it lies, and how long it is; or why there is none.
    pub made: Result<(PathBuf, u64), String>,
}

/// How a hub is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HubStatus {
    /// What it is called.
    pub label: String,
    /// Its key's fingerprint.
    pub fingerprint: String,
    /// When it was enrolled, in milliseconds since 1970.
    pub enrolled_ms: u64,
    /// When it was revoked; 0: it was not.
    pub revoked_ms: u64,
    /// When it was seen last, in milliseconds since 1970; 0: never.
    pub seen_ms: u64,
    /// Where it is connected: what is known of it.
    pub connection: Option<Connection>,
}

/// How the cloud is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// The program's version.
    pub version: String,
    /// Where it runs: for how long, in milliseconds, and how many hubs are connected.
    pub running: Option<(u64, usize)>,
    /// Backups of its own stores: who signs in, and which communities there are.
    #[serde(default)]
    pub accounts: AccountsStatus,
    /// Its communities.
    pub communities: Vec<CommunityStatus>,
}

/// How backups of the cloud's own stores are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AccountsStatus {
    /// Whether there is a key for them: without one none are made.
    pub has_key: bool,
    /// When they were backed up last, in milliseconds since 1970; 0: never.
    pub backed_up_ms: u64,
    /// Why the last attempt at that failed, or where the file is that is gone; empty where it is as it should be.
    pub backup_failure: String,
}

/// How a community is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommunityStatus {
    /// Which.
    pub listed: Listed,
    /// Its hubs, those that were revoked left out.
    pub hubs: Vec<HubStatus>,
    /// Its alarms that stand, the newest first.
    pub alarms: Vec<AlarmStatus>,
    /// When it was backed up last, in milliseconds since 1970; 0: never.
    pub backed_up_ms: u64,
    /// There was one, and its file is gone; the failure says which.
    pub backup_is_gone: bool,
    /// Why the last attempt at that failed; empty where it did not.
    pub backup_failure: String,
    /// Why nothing is known of it.
    pub trouble: Option<String>,
}

/// An alarm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlarmStatus {
    /// Its id.
    pub id: RecordId,
    /// In words.
    pub text: String,
    /// What it is about; may be empty.
    pub name: String,
    /// Particulars.
    pub words: String,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
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
        None => Answer::Refused("the cloud does not know this question; is its program older?".into()),
    };
    local::answer(listener, perform, shutdown).await
}

/// Asks the cloud whose data folder this is; nothing where none runs.
///
/// # Errors
/// Where it does not answer, or may not be asked.
pub fn ask(data: &Path, request: &Request) -> io::Result<Option<Answer>> {
    let patience = if matches!(request, Request::Backup { .. }) { LONG_PATIENCE } else { PATIENCE };
    local::ask(&data.join(FILE_NAME), request, patience)
}
