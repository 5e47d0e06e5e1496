//! The cloud's end of the link: hubs come in by WebSocket at `/link`, prove their keys, and are kept in step.
//!
//! A hub that connects anew takes the place of its own older connection, which may be dead without anybody knowing. What a
//! copied disk would do with that is the store's to notice: two replicas of one id tell different histories
//! ([`dwellers_replica::sync::Event::Forked`]).
//!
//! Invariants: before a hub is known it may say one short thing within ten seconds; whatever it says is bounded; a write that
//! nobody takes ends its connection; the store is never touched on a thread that serves sockets.
//!
//! What must never be here: a command to a gate that is kept for later; a rule of community life.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dwellers_link::challenge::Challenge;
use dwellers_link::device::{Nonce, PublicKey};
use dwellers_link::handshake;
use dwellers_link::talk::{Event, Said, TICK_MS, Talk};
use dwellers_link::wire::{Command, MAX_BYTES, MAX_GREETING_BYTES, Message, Outcome, Refusal, Stage, encode};
use dwellers_replica::RecordId;
use dwellers_replica::sync::Event as Stored;
use futures_util::{SinkExt, StreamExt};
use tokio::sync::{Notify, mpsc, watch};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tracing::{info, warn};
use warp::Filter;
use warp::filters::ws::{Message as Frame, WebSocket, Ws};

use crate::clock::{self, Monotonic};
use crate::communities::{Communities, Community};
use crate::hubs::HubError;

/// How long a stranger may take for its first words.
const GREETING: Duration = Duration::from_secs(10);
/// How long a write may wait for its reader.
const WRITE: Duration = Duration::from_secs(20);
/// What waits to be said to a hub, beside the store's own.
const QUEUE: usize = 32;

/// Commands to one hub that wait for an outcome.
const COMMANDS: usize = 32;

/// A hub that is connected.
#[derive(Clone)]
struct Presence {
    /// Which connection: a later one takes its place.
    number: u64,
    say: mpsc::Sender<Message>,
    /// The connection is to end: the hub came anew, or its community is closed.
    cut: Arc<Notify>,
    commands: Arc<Mutex<Commands>>,
}

/// What is known of commands on one connection; it ends with it.
#[derive(Default)]
struct Commands {
    /// The hub's latest challenge, until a command takes it.
    challenge: Option<Challenge>,
    waiting: HashMap<RecordId, mpsc::Sender<Stage>>,
}

/// What somebody wants of a gate, now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Unique.
    pub id: RecordId,
    /// The gate's record.
    pub gate: RecordId,
    /// The lane's key.
    pub lane: String,
    /// Who.
    pub person: RecordId,
}

/// Why a wish is not on its way. Nothing is kept: whoever wants it still asks again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// The hub is not connected.
    #[error("the gatehouse is not connected: nothing was done")]
    Away,
    /// It has not said yet that it takes one; a moment later it will have.
    #[error("the gatehouse takes no more right now: nothing was done")]
    Busy,
}

impl Presence {
    fn commands(&self) -> MutexGuard<'_, Commands> {
        // Nothing is half done while it is held.
        self.commands.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Commands {
    /// Whoever asked may have gone, or be slow: the hub never waits for them.
    fn tell(&mut self, command: RecordId, stage: Stage) {
        let is_end =
            matches!(stage, Stage::Refused(_) | Stage::Failed | Stage::SeenOpen | Stage::NothingSeen);
        if let Some(asker) = self.waiting.get(&command) {
            let _ = asker.try_send(stage);
        }
        if is_end {
            self.waiting.remove(&command);
        }
    }
}

/// All hubs' ends.
#[derive(Clone)]
pub struct Downlink {
    shared: Arc<Shared>,
}

struct Shared {
    communities: Arc<Communities>,
    authority: String,
    monotonic: Monotonic,
    connected: Mutex<Connected>,
    shutdown: watch::Receiver<bool>,
}

#[derive(Default)]
struct Connected {
    next: u64,
    hubs: HashMap<(RecordId, PublicKey), Presence>,
}

/// A hub that proved who it is.
struct Known {
    community: Arc<Community>,
    key: PublicKey,
    label: String,
}

impl Downlink {
    /// For hubs that were told to come to `authority`; ends with `shutdown`.
    pub fn new(
        communities: Arc<Communities>,
        authority: String,
        shutdown: watch::Receiver<bool>,
    ) -> Downlink {
        let connected = Mutex::default();
        let shared = Shared { communities, authority, monotonic: Monotonic::start(), connected, shutdown };
        Downlink { shared: Arc::new(shared) }
    }

    /// `GET /link`, upgraded.
    pub fn route(self) -> impl Filter<Extract = (impl warp::Reply,), Error = warp::Rejection> + Clone {
        warp::path!("link").and(warp::ws()).map(move |ws: Ws| {
            let downlink = self.clone();
            ws.max_message_size(MAX_BYTES)
                .max_frame_size(MAX_BYTES)
                .on_upgrade(move |socket| async move { downlink.serve(socket).await })
        })
    }

    /// Whether a hub is there now: who presses a button must know at once.
    pub fn is_here(&self, community: RecordId, key: PublicKey) -> bool {
        self.lock().hubs.contains_key(&(community, key))
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
        let presence = self.lock().hubs.get(&(community, key)).cloned().ok_or(NotSent::Away)?;
        let mut commands = presence.commands();
        commands.waiting.retain(|_, asker| !asker.is_closed());
        if commands.waiting.len() >= COMMANDS {
            return Err(NotSent::Busy);
        }
        let challenge = commands.challenge.take().ok_or(NotSent::Busy)?;
        let Wish { id, gate, lane, person } = wish;
        let command = Command { id, challenge, gate, lane, person };
        presence.say.try_send(Message::Command(command)).map_err(|why| match why {
            mpsc::error::TrySendError::Full(_) => NotSent::Busy,
            mpsc::error::TrySendError::Closed(_) => NotSent::Away,
        })?;
        let (tell, told) = mpsc::channel(8);
        commands.waiting.insert(id, tell);
        Ok(told)
    }

    /// Ends the connections of a community that is served no more.
    pub fn cut_off(&self, community: RecordId) {
        self.lock().hubs.retain(|(of, _), presence| {
            if *of == community {
                presence.cut.notify_one();
            }
            *of != community
        });
    }

    /// How many are.
    pub fn count(&self) -> usize {
        self.lock().hubs.len()
    }

    async fn serve(&self, mut socket: WebSocket) {
        let known = match timeout(GREETING, self.greet(&mut socket)).await {
            Ok(Ok(known)) => known,
            Ok(Err(refusal)) => {
                let _ = timeout(WRITE, socket.send(Frame::binary(handshake::answer(Some(refusal))))).await;
                let _ = timeout(WRITE, socket.close()).await;
                return info!("a hub was refused: {refusal}");
            }
            Err(_) => return info!("somebody at the link said nothing"),
        };
        let (say, heard) = mpsc::channel(QUEUE);
        let place = (known.community.id, known.key);
        let presence = {
            let mut connected = self.lock();
            connected.next += 1;
            let (cut, commands) = (Arc::default(), Arc::default());
            let presence = Presence { number: connected.next, say, cut, commands };
            if let Some(before) = connected.hubs.insert(place, presence.clone()) {
                before.cut.notify_one();
            }
            presence
        };
        info!(community = %known.community.id, hub = known.label, "connected");
        let why = self.converse(socket, &known, heard, &presence).await;
        info!(community = %known.community.id, hub = known.label, "disconnected: {why}");
        let mut connected = self.lock();
        if connected.hubs.get(&place).is_some_and(|now| now.number == presence.number) {
            connected.hubs.remove(&place);
        }
    }

    /// The first words.
    async fn greet(&self, socket: &mut WebSocket) -> Result<Known, Refusal> {
        let nonce = Nonce(clock::random());
        let sent = timeout(WRITE, socket.send(Frame::binary(handshake::welcome(nonce)))).await;
        sent.ok().and_then(Result::ok).ok_or(Refusal::Unknown)?;
        let said = loop {
            match socket.next().await {
                Some(Ok(frame)) if frame.is_binary() => break frame.into_bytes(),
                Some(Ok(frame)) if frame.is_ping() || frame.is_pong() => {}
                _ => return Err(Refusal::Unknown),
            }
        };
        if said.len() > MAX_GREETING_BYTES {
            return Err(Refusal::Unknown);
        }
        let join = handshake::joined(&said, &self.shared.authority, nonce)?;
        let shared = self.shared.clone();
        let known = blocking(move || {
            let community = shared.communities.open(join.community, clock::now()).map_err(|why| {
                // To a stranger it is all the same.
                warn!(community = %join.community, "{why}");
                Refusal::Unknown
            })?;
            let device = community.device(join.key).map_err(|why| {
                warn!(community = %join.community, "{why}");
                Refusal::Busy
            })?;
            match device.map(|device| device.value) {
                None => Err(Refusal::Unknown),
                Some(device) if device.revoked_ms > 0 => Err(Refusal::Revoked),
                Some(device) => Ok(Known { community, key: join.key, label: device.label }),
            }
        });
        let known = known.await.ok_or(Refusal::Busy)??;
        let sent = timeout(WRITE, socket.send(Frame::binary(handshake::answer(None)))).await;
        sent.ok().and_then(Result::ok).ok_or(Refusal::Unknown)?;
        Ok(known)
    }

    /// All that follows; returns why it ended.
    async fn converse(
        &self,
        mut socket: WebSocket,
        known: &Known,
        mut heard: mpsc::Receiver<Message>,
        presence: &Presence,
    ) -> String {
        let mut shutdown = self.shared.shutdown.clone();
        let changed = Arc::new(Notify::new());
        let woken = changed.clone();
        let _listening = known.community.store.listen(move || woken.notify_one());
        let mut talk = Talk::with_hub(known.key, self.shared.monotonic.ms());
        let mut ticks = interval(Duration::from_millis(TICK_MS));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let step = tokio::select! {
                frame = socket.next() => match frame {
                    Some(Ok(frame)) if frame.is_binary() => Step::Receive(frame.into_bytes().to_vec()),
                    Some(Ok(frame)) if frame.is_ping() || frame.is_pong() => continue,
                    Some(Ok(_)) => return "it closed".to_owned(),
                    Some(Err(error)) => return error.to_string(),
                    None => return "it is gone".to_owned(),
                },
                message = heard.recv() => match message {
                    Some(message) => Step::Say(message),
                    None => return "nobody holds it".to_owned(),
                },
                () = changed.notified() => Step::Changed,
                _ = ticks.tick() => Step::Tick,
                () = presence.cut.notified() => return "it connected anew, or the community is closed".to_owned(),
                () = ended(&mut shutdown) => Step::End,
            };
            let said = match step {
                Step::Say(message) => Said { messages: vec![encode(&message)], events: Vec::new() },
                Step::End => bye("the cloud restarts"),
                step => {
                    let (community, key, at_ms) =
                        (known.community.clone(), known.key, self.shared.monotonic.ms());
                    let done = blocking(move || {
                        let said = step.perform(&mut talk, &community, key, at_ms);
                        (talk, said)
                    });
                    let Some((back, said)) = done.await else { return "its work panicked".to_owned() };
                    talk = back;
                    match said {
                        Ok(said) => said,
                        Err(why) => return why.to_string(),
                    }
                }
            };
            for message in said.messages {
                match timeout(WRITE, socket.send(Frame::binary(message))).await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => return error.to_string(),
                    Err(_) => return "it takes nothing".to_owned(),
                }
            }
            for event in said.events {
                match event {
                    Event::Over(why) => return why,
                    Event::Store(Stored::Alarm(alarm)) => {
                        warn!(community = %known.community.id, hub = known.label, "{alarm:?}");
                    }
                    Event::Said(Message::Challenge(challenge)) => {
                        presence.commands().challenge = Some(challenge);
                    }
                    Event::Said(Message::Outcome(Outcome { command, stage })) => {
                        presence.commands().tell(command, stage);
                    }
                    Event::Store(_) | Event::Said(_) => {}
                }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Connected> {
        // Nothing is half done while it is held.
        self.shared.connected.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a conversation does next.
enum Step {
    Receive(Vec<u8>),
    Changed,
    Tick,
    Say(Message),
    End,
}

impl Step {
    fn perform(
        self,
        talk: &mut Talk,
        community: &Community,
        key: PublicKey,
        at_ms: u64,
    ) -> Result<Said, HubError> {
        let mut store = community.store.clone();
        let said = match self {
            Step::Receive(bytes) => talk.receive(&bytes, &mut store, clock::now(), at_ms)?,
            // Among what changed may be that it was revoked.
            Step::Changed if community.device(key)?.is_none_or(|device| device.value.revoked_ms > 0) => {
                bye(&Refusal::Revoked.to_string())
            }
            Step::Changed => talk.changed(&mut store, at_ms)?,
            Step::Tick => talk.tick(&mut store, at_ms)?,
            Step::Say(_) | Step::End => Said::default(),
        };
        Ok(said)
    }
}

/// The last word of a conversation.
fn bye(words: &str) -> Said {
    let messages = vec![encode(&Message::Bye(words.to_owned()))];
    Said { messages, events: vec![Event::Over(words.to_owned())] }
}

async fn ended(shutdown: &mut watch::Receiver<bool>) {
    // Whoever could tell is gone: then it ends, too.
    let _ = shutdown.wait_for(|ends| *ends).await;
}

/// Off the threads that serve sockets; nothing where it panicked.
async fn blocking<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> Option<R> {
    tokio::task::spawn_blocking(work).await.ok()
}
