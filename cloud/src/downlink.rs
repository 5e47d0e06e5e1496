//! The cloud's end of the link: hubs come in by WebSocket at `/link`, prove their keys, and are kept in step.
//!
//! A hub that connects anew takes the place of its own older connection, which may be dead without anybody knowing. What a
//! copied disk would do with that is the store's to notice: two replicas of one id tell different histories
//! ([`dwellers_replica::sync::Event::Forked`]).
//!
//! Pictures of its journal are asked for beside that, one at a time; the community's backups are there for it.
//!
//! Invariants: before a hub is known it may say one short thing within ten seconds, and tries as often as anybody may; whatever
//! it says is bounded and paced; a write that nobody takes ends its connection; the store is never touched on a thread that
//! serves sockets.
//!
//! What must never be here: a command to a gate that is kept for later; a rule of community life.

mod blobs;
mod conversation;
pub(crate) mod crops;
mod picture;
mod presence;
mod socket;

use std::sync::Arc;
use std::time::Duration;

use dwellers::alarms::{About, Kind};
use dwellers_link::device::{Nonce, PublicKey};
use dwellers_link::handshake;
use dwellers_link::wire::{MAX_GREETING_BYTES, Refusal, Stage};
use dwellers_replica::{RecordId, Schema};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message as Frame;
use tracing::{info, warn};
use warp::Filter;
use warp::reply::Response;

use self::blobs::{Begun, Exchange};
use self::conversation::{Conversation, Known};
pub use self::picture::Picture;
use self::presence::{Arrival, Present};
pub use self::presence::{Connection, NotSent, Wish};
use self::socket::Socket;
use crate::clock::{self, Monotonic};
use crate::communities::{Communities, CommunityError};
use crate::registry::RegistryError;

/// How long a stranger may take for its first words.
const GREETING: Duration = Duration::from_secs(10);
/// How long a write may wait for its reader.
const WRITE: Duration = Duration::from_secs(20);

/// All hubs' ends.
#[derive(Clone)]
pub struct Downlink {
    shared: Arc<Shared>,
}

struct Shared {
    communities: Arc<Communities>,
    authority: String,
    monotonic: Monotonic,
    present: Present,
    /// Pictures whose lines were cut.
    begun: Begun,
    shutdown: watch::Receiver<bool>,
}

/// Makes the records of this module known.
pub fn declare(schema: Schema) -> Schema {
    crops::declare(schema)
}

impl Downlink {
    /// For hubs that were told to come to `authority`; ends with `shutdown`.
    pub fn new(
        communities: Arc<Communities>,
        authority: String,
        shutdown: watch::Receiver<bool>,
    ) -> Downlink {
        let (monotonic, present) = (Monotonic::start(), Present::default());
        let begun = Begun::default();
        Downlink { shared: Arc::new(Shared { communities, authority, monotonic, present, begun, shutdown }) }
    }

    /// `GET /link`, upgraded.
    pub fn route(self) -> impl Filter<Extract = (Response,), Error = warp::Rejection> + Clone {
        warp::path!("link").and(socket::upgraded(move |socket| async move { self.serve(socket).await }))
    }

    /// Whether a hub is there now: who presses a button must know at once.
    pub fn is_here(&self, community: RecordId, key: PublicKey) -> bool {
        self.connection(community, key).is_some()
    }

    /// What is known of a hub, where it is connected.
    pub fn connection(&self, community: RecordId, key: PublicKey) -> Option<Connection> {
        self.shared.present.find(community, key)
    }

    /// Tells a hub what somebody wants, under its latest challenge, once. What becomes of it comes back as long as the
    /// hub stays connected; where the answer ends without an end of the command, nobody knows.
    ///
    /// # Errors
    /// It was not told.
    pub fn command(
        &self,
        community: RecordId,
        key: PublicKey,
        wish: Wish,
    ) -> Result<mpsc::Receiver<Stage>, NotSent> {
        self.shared.present.command(community, key, wish)
    }

    /// Ends the connections of a community that is served no more.
    pub fn cut_off(&self, community: RecordId) {
        self.shared.present.cut_off(community);
    }

    /// Told whenever a hub of whichever community comes or goes.
    pub fn follow(&self) -> watch::Receiver<u64> {
        self.shared.present.follow()
    }

    /// Waits until the cloud is told to end: what is open as long as somebody listens ends then.
    pub async fn ended(&self) {
        ended(&mut self.shared.shutdown.clone()).await;
    }

    /// For how long it listens, in milliseconds.
    pub fn uptime_ms(&self) -> u64 {
        self.shared.monotonic.ms()
    }

    /// How many are connected.
    pub fn count(&self) -> usize {
        self.shared.present.count()
    }

    async fn serve(&self, mut socket: Socket) {
        let known = match timeout(GREETING, self.greet(&mut socket)).await {
            Ok(Ok(known)) => known,
            Ok(Err(refusal)) => {
                let _ = timeout(WRITE, socket.send(Frame::binary(handshake::answer(Some(refusal))))).await;
                let _ = timeout(WRITE, socket.close(None)).await;
                return info!("a hub was refused: {refusal}");
            }
            Err(_) => return info!("somebody at the link said nothing"),
        };
        let (community, key, label) = (known.community.clone(), known.key, known.label.clone());
        let about = Connection {
            since_ms: clock::now().ms,
            software: known.software.clone(),
            ..Connection::default()
        };
        let Shared { communities, monotonic, begun, present, .. } = &*self.shared;
        let Arrival { presence, heard, asked, is_contested } =
            present.came(community.id, key, about, monotonic.ms());
        // Closed after it was opened for this hub and before the hub was among the present: nobody cut it off.
        let (listed, id) = (communities.clone(), community.id);
        if !blocking(move || listed.is_served(id).is_ok_and(|is_served| is_served)).await.unwrap_or(false) {
            present.went(id, key, &presence);
            return info!(community = %id, hub = label, "its community was closed meanwhile");
        }
        info!(community = %community.id, hub = label, "connected");
        if is_contested {
            let (community, name) = (community.clone(), label.clone());
            blocking(move || {
                let about = About { kind: Kind::Intruder, subject: &key.text(), name: &name };
                community.raise(about, "two devices come with one key", clock::now());
            })
            .await;
        }
        let (blobs, begun) = (communities.blobs().clone(), begun.clone());
        let exchange = Exchange::new(community.clone(), key, blobs, begun, *monotonic, asked);
        let mut conversation = Conversation::new(known, presence.clone(), *monotonic, exchange);
        let why = conversation.run(socket, heard, self.shared.shutdown.clone()).await;
        info!(community = %community.id, hub = label, "disconnected: {why}");
        self.shared.present.went(community.id, key, &presence);
        blocking(move || {
            if let Err(why) = community.seen(key, clock::now()) {
                warn!(community = %community.id, hub = label, "when it was seen is not written: {why}");
            }
        })
        .await;
    }

    /// The first words.
    async fn greet(&self, socket: &mut Socket) -> Result<Known, Refusal> {
        let nonce = Nonce(clock::random());
        let sent = timeout(WRITE, socket.send(Frame::binary(handshake::welcome(nonce)))).await;
        sent.ok().and_then(Result::ok).ok_or(Refusal::Unknown)?;
        let said = loop {
            match socket.next().await {
                Some(Ok(frame)) if frame.is_binary() => break frame.into_data(),
                Some(Ok(frame)) if frame.is_ping() || frame.is_pong() => {}
                _ => return Err(Refusal::Unknown),
            }
        };
        if said.len() > MAX_GREETING_BYTES {
            return Err(Refusal::Unknown);
        }
        let join = handshake::joined(&said, &self.shared.authority, nonce).inspect_err(|_| {
            // It was told another address of this cloud than `http.authority`, or somebody in the middle passes it on.
            if let Some((community, key)) = handshake::claimed(&said) {
                let (authority, key) = (&self.shared.authority, key.fingerprint());
                warn!(%community, "the hub with the key {key} does not prove it for {authority}");
            }
        })?;
        let shared = self.shared.clone();
        let known = blocking(move || {
            let community = shared.communities.open(join.community, clock::now()).map_err(|why| {
                // To a stranger it is all the same.
                warn!(community = %join.community, "{why}");
                match why {
                    CommunityError::Registry(RegistryError::Unknown(_)) | CommunityError::Closed(_) => {
                        Refusal::Unknown
                    }
                    // It is to come back, not to be enrolled anew.
                    _ => Refusal::Busy,
                }
            })?;
            let device = community.device(join.key).map_err(|why| {
                warn!(community = %join.community, "{why}");
                Refusal::Busy
            })?;
            let intruder = |subject: &str, name: &str, words: &str| {
                let about = About { kind: Kind::Intruder, subject, name };
                community.raise(about, &format!("{words}: {}", join.key.fingerprint()), clock::now());
            };
            match device.map(|device| device.value) {
                None => {
                    // One for all of them: whoever draws keys fills no store.
                    intruder("", "", "a key that is no hub's here");
                    Err(Refusal::Unknown)
                }
                Some(device) if device.revoked_ms > 0 => {
                    intruder(&device.key, &device.label, "a key that was revoked");
                    Err(Refusal::Revoked)
                }
                Some(device) => {
                    let software = join.software.chars().filter(|c| !c.is_control()).take(60).collect();
                    Ok(Known { community, key: join.key, label: device.label, software })
                }
            }
        });
        let known = known.await.ok_or(Refusal::Busy)??;
        socket.get_mut().trust();
        let sent = timeout(WRITE, socket.send(Frame::binary(handshake::answer(None)))).await;
        sent.ok().and_then(Result::ok).ok_or(Refusal::Unknown)?;
        Ok(known)
    }
}

async fn ended(shutdown: &mut watch::Receiver<bool>) {
    // Whoever could tell is gone: then it ends, too.
    let _ = shutdown.wait_for(|ends| *ends).await;
}

/// Off the threads that serve sockets; nothing where it panicked.
async fn blocking<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> Option<R> {
    tokio::task::spawn_blocking(work).await.ok()
}
