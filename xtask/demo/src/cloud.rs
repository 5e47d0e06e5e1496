//! The cloud of the demo: the real one, in a process of its own, and beside it a socket at which the story asks what it
//! holds, to compare it with the hub, and for links by which anybody signs in.
//!
//! It is everything but a back door of the product: no program but this one has it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use dwellers::people::Person;
use dwellers_cloud::clock::{entropy, now};
use dwellers_cloud::communities::Communities;
use dwellers_cloud::config::Config;
use dwellers_cloud::invitations::{By, Invitation, To};
use dwellers_cloud::serve::Serving;
use dwellers_listener::local::{self, Listener};
use dwellers_replica::{Bucket, RecordId};
use serde::{Deserialize, Serialize};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// The name of the demo's community.
pub const COMMUNITY: &str = "Сосновка";
/// How long anything of this may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// A link is good for so long.
const DAY_MS: u64 = 24 * 3_600_000;

/// What the demo wants of the cloud that nobody else does.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// What it holds, as one text that is the same where the same is held.
    Digest,
    /// A secret by which somebody signs in, once.
    Link {
        /// Who.
        person: RecordId,
    },
    /// A secret by which somebody in Telegram is somebody here, once.
    Telegram {
        /// Who.
        person: RecordId,
    },
}

/// What the cloud says to that.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// See [`Request::Digest`].
    Digest(String),
    /// See [`Request::Link`] and [`Request::Telegram`].
    Link(String),
    /// It did not work.
    Failed(String),
}

/// Asks the cloud whose console this is.
///
/// # Errors
/// Where it does not answer, or it did not work.
pub fn ask(console: &Path, request: &Request) -> Result<Answer> {
    match local::ask(console, request, PATIENCE)? {
        None => bail!("no cloud runs"),
        Some(Answer::Failed(why)) => bail!("the cloud: {why}"),
        Some(answer) => Ok(answer),
    }
}

/// Serves a configuration's cloud until SIGTERM, with its console at this path.
///
/// # Errors
/// Where it cannot start.
pub fn run(config: &Path, console: &Path) -> Result<()> {
    let config = Config::load(config)?;
    tokio::runtime::Runtime::new()?.block_on(async {
        let communities = Arc::new(Communities::in_folder(&config.cloud.data, now(), entropy)?);
        let (stop, shutdown) = watch::channel(false);
        let serving = Serving::bind(&config, communities.clone(), shutdown.clone()).await?;
        let listener = Listener::bind(console, 0o600)?;
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::spawn(async move {
            terminate.recv().await;
            stop.send_replace(true);
        });
        let answered = move |request: Option<Request>| {
            let done = request.context("no such question").and_then(|request| answer(&communities, &request));
            done.unwrap_or_else(|why| Answer::Failed(format!("{why:#}")))
        };
        tokio::spawn(local::answer(listener, answered, std::future::pending()));
        serving.run().await;
        Ok(())
    })
}

/// What the cloud says of the demo's community.
fn answer(communities: &Communities, request: &Request) -> Result<Answer> {
    let id = communities.registry().find(COMMUNITY)?.id;
    let community = communities.open(id, now())?;
    match request {
        Request::Digest => Ok(Answer::Digest(digest(&community.store.digests()?))),
        Request::Link { person } => {
            let known = community.store.view(|view| view.of::<Person>().get(*person))??;
            ensure!(known.is_some(), "there is no such person");
            let secret = format!("{:032x}", entropy());
            // As the operator helps an administrator: it leads to the account that they have, which keeps its sessions.
            let invitation = Invitation::new(id, To::AccountOf(*person), By::Operator, DAY_MS, now());
            communities.registry().invite(secret.as_bytes(), invitation, entropy, now())?;
            Ok(Answer::Link(secret))
        }
        Request::Telegram { person } => {
            let accounts = communities.accounts();
            let membership = accounts.membership_of(id, *person)?.context("they have no account yet")?;
            let secret = format!("{:032x}", entropy());
            accounts.link_messenger(membership.value.account, &secret, entropy, now())?;
            Ok(Answer::Link(secret))
        }
    }
}

/// A digest as text: a line a collection and month.
pub fn digest(digests: &BTreeMap<Bucket, u128>) -> String {
    let line =
        |(bucket, hash): (&Bucket, &u128)| format!("{} {} {hash:032x}\n", bucket.collection, bucket.month);
    digests.iter().map(line).collect()
}

/// The files of the cloud in the demo's folder.
#[derive(Clone, Debug)]
pub struct Place {
    /// The configuration.
    pub config: PathBuf,
    /// The data folder.
    pub data: PathBuf,
    /// The console's socket.
    pub console: PathBuf,
}

impl Place {
    /// In this folder.
    pub fn in_folder(folder: &Path) -> Place {
        Place {
            config: folder.join("cloud.toml"),
            data: folder.join("cloud"),
            console: folder.join("console.sock"),
        }
    }
}
