//! The cloud of the demo: the real one, in a process of its own, and beside it a socket by which the story does what people
//! will do through web and bot: a resident issues a pass, takes it back, opens a gate.
//!
//! It is everything but a back door of the product: no program but this one has it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use dwellers::gates;
use dwellers::journal::Entry;
use dwellers::passes::{self, Terms};
use dwellers::people::{self, Permission};
use dwellers::{Actor, Context, Denied, rights};
use dwellers_cloud::clock::{entropy, now};
use dwellers_cloud::communities::{Communities, Community};
use dwellers_cloud::config::Config;
use dwellers_cloud::downlink::{Downlink, Wish};
use dwellers_cloud::serve::Serving;
use dwellers_link::device::PublicKey;
use dwellers_link::wire::Stage;
use dwellers_listener::local::{self, Listener};
use dwellers_replica::{Bucket, Direction, Query, RecordId, Writes};
use serde::{Deserialize, Serialize};
use tokio::runtime::Handle;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::time::timeout;

/// The name of the demo's community.
pub const COMMUNITY: &str = "Сосновка";
/// How long anything of this may take.
const PATIENCE: Duration = Duration::from_secs(60);
const HOUR_MS: u64 = 3_600_000;

/// What the story wants of the cloud.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Somebody of a house issues a pass for one entry.
    Issue {
        /// The house.
        house: RecordId,
        /// The guest's plate.
        plate: String,
    },
    /// They take it back.
    Revoke {
        /// The house.
        house: RecordId,
        /// The pass.
        pass: RecordId,
    },
    /// They open a gate's first lane.
    Open {
        /// The house.
        house: RecordId,
        /// The gate's key.
        gate: String,
    },
    /// The newest entries of the journal.
    Journal,
    /// What the cloud holds, as one text that is the same where the same is held.
    Digest,
}

/// What the cloud says to that.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The pass.
    Issued(RecordId),
    /// It is done.
    Done,
    /// What became of an opening, in order.
    Stages(Vec<Stage>),
    /// Entries, the newest first, and whether the cloud has the picture of each.
    Journal(Vec<(RecordId, Entry, bool)>),
    /// See [`Request::Digest`].
    Digest(String),
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
        let desk = Desk { communities, downlink: serving.downlink(), handle: Handle::current() };
        let listener = Listener::bind(console, 0o600)?;
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::spawn(async move {
            terminate.recv().await;
            stop.send_replace(true);
        });
        let answered = move |request: Option<Request>| {
            let done = request.context("no such question").and_then(|request| desk.perform(request));
            done.unwrap_or_else(|why| Answer::Failed(format!("{why:#}")))
        };
        tokio::spawn(local::answer(listener, answered, std::future::pending()));
        serving.run().await;
        Ok(())
    })
}

struct Desk {
    communities: Arc<Communities>,
    downlink: Downlink,
    handle: Handle,
}

impl Desk {
    fn perform(&self, request: Request) -> Result<Answer> {
        let id = self.communities.registry().find(COMMUNITY)?.id;
        let community = self.communities.open(id, now())?;
        Ok(match request {
            Request::Issue { house, plate } => {
                let resident = resident(&community, house)?;
                let from_ms = now().ms;
                let request = passes::Request {
                    house,
                    terms: Terms::Guest { from_ms, until_ms: from_ms + 6 * HOUR_MS },
                    plate,
                    name: String::new(),
                    code: false,
                    note: String::new(),
                    decider: None,
                };
                let issue = |ctx: &mut Context<'_>| {
                    let issued = passes::issue(ctx, &Actor::Person(resident), &request)?;
                    Ok((issued.id, issued.writes))
                };
                Answer::Issued(run_rule(&community, issue)?)
            }
            Request::Revoke { house, pass } => {
                let resident = Actor::Person(resident(&community, house)?);
                let revoke = |ctx: &mut Context<'_>| {
                    Ok(((), rights::revoke(ctx, &resident, pass, "гость не приедет")?))
                };
                run_rule(&community, revoke)?;
                Answer::Done
            }
            Request::Open { house, gate } => Answer::Stages(self.open(&community, house, &gate)?),
            Request::Journal => Answer::Journal(self.journal(&community)?),
            Request::Digest => Answer::Digest(digest(&community.store.digests()?)),
        })
    }

    fn open(&self, community: &Community, house: RecordId, gate: &str) -> Result<Vec<Stage>> {
        let person = resident(community, house)?;
        let gate = community.store.view(gates::list)??.into_iter().find(|found| found.value.key == gate);
        let gate = gate.context("the gate")?;
        let lane = gate.value.lanes.first().context("a lane")?.key.clone();
        let device = community.devices()?.into_iter().rfind(|device| device.value.revoked_ms == 0);
        let key = device.and_then(|device| PublicKey::parse(&device.value.key)).context("a hub")?;
        let wish = Wish { id: RecordId::new(now().ms, entropy()), gate: gate.id, lane, person };
        let mut told = self.downlink.command(community.id, key, wish)?;
        self.handle.block_on(async {
            let mut stages = Vec::new();
            while let Some(stage) = timeout(PATIENCE, told.recv()).await? {
                stages.push(stage);
            }
            Ok(stages)
        })
    }
}

impl Desk {
    /// The newest entries, and whether their pictures are here, whole.
    fn journal(&self, community: &Arc<Community>) -> Result<Vec<(RecordId, Entry, bool)>> {
        let newest = Query::on("number").direction(Direction::Descending).limit(100);
        let page = community.store.view(|view| view.of::<Entry>().find(&newest))??;
        let blobs = self.communities.blobs();
        let pictured = |entry: &Entry| -> Result<bool> {
            let Ok(hash) = blake3::Hash::from_hex(&entry.crop) else { return Ok(false) };
            // One that a cloud lost comes back from the hub when somebody looks at it.
            let found = self.handle.block_on(blobs.get(community, hash.as_bytes())).ok().flatten();
            Ok(found.is_some_and(|picture| blake3::hash(&picture) == hash))
        };
        let with = |entry: dwellers_replica::Entry<Entry>| {
            Ok((entry.id, entry.value.clone(), pictured(&entry.value)?))
        };
        page.entries.into_iter().map(with).collect()
    }
}

/// Somebody of a house who may issue passes.
fn resident(community: &Community, house: RecordId) -> Result<RecordId> {
    let find = |ctx: &mut Context<'_>| {
        Ok((people::residents(ctx.view, ctx.now, house, Permission::IssuePass)?, Writes::new()))
    };
    let residents = run_rule(community, find)?;
    Ok(residents.first().context("a house that somebody lives in")?.1)
}

fn run_rule<T>(
    community: &Community,
    rule: impl FnOnce(&mut Context<'_>) -> Result<(T, Writes), Denied>,
) -> Result<T> {
    let (now, mut entropy) = (now(), entropy);
    let judged = community.store.view(|view| rule(&mut Context { view, now, entropy: &mut entropy }))?;
    let (made, writes) = judged.map_err(|denied| anyhow!("{denied}"))?;
    community.store.commit(now, writes)?;
    Ok(made)
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
