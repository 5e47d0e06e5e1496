//! The hub's end of the link: it goes to its cloud by itself, proves its key, is kept in step, and takes commands.
//!
//! Nothing at the gates waits for it or needs it: it reads and merges beside them, and what it brings for a gate goes
//! through the same door as the guard's word. Where there is no cloud, or none can be reached, it tries again, the later
//! the oftener it failed, at moments that differ from hub to hub.
//!
//! Invariants: a command is acted on only under a challenge of this connection that is at most ten seconds old on the
//! monotonic clock, once ([`dwellers_link::challenge`]), and only as far as the hub's own rules let that person; the
//! device key is sent nowhere.
//!
//! What must never be here: a rule of entry; a command that is kept.

pub mod blobs;
mod commands;
pub mod copies;
pub mod enrolment;
mod line;

use std::sync::Arc;
use std::time::Duration;

use dwellers_link::challenge::{Challenge, Challenges};
use dwellers_link::device::DeviceKey;
use dwellers_link::handshake;
use dwellers_link::talk::{Event, Said, TICK_MS, Talk};
use dwellers_link::wire::{MAX_BYTES, MAX_GREETING_BYTES, Message, Refusal, WallClock, encode};
use dwellers_replica::sync::Event as Stored;
use dwellers_replica::{Now, ReadError, Record, RecordId, ReplicaId, Shared, Spec, View, Writes};
use futures_util::{SinkExt, StreamExt};
use serde::{Deserialize, Serialize};
use tokio::net::TcpStream;
use tokio::sync::{Notify, mpsc};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};
use tracing::{info, warn};

use crate::clock::{self, Clock};
use crate::crops::Crops;
use crate::gatehouse::Gatehouse;
use crate::service::Service;

use self::blobs::{Exchange, Fetches};
use self::commands::Commands;
use self::copies::Copies;
pub use self::line::{Line, LinkStatus};

/// How long the cloud may take for each of its first words.
const GREETING: Duration = Duration::from_secs(10);
/// How long a write may wait.
const WRITE: Duration = Duration::from_secs(20);
/// Before the second attempt; doubled with each failure.
const FIRST_PAUSE_MS: u64 = 1_000;
const LONGEST_PAUSE_MS: u64 = 120_000;
/// How often the cloud is told what the clock here says.
const CLOCK_EVERY_MS: u64 = 30_000;
/// So often a hub takes a new id at most.
const RENEW_ONCE_MS: u64 = 3_600_000;
/// A connection that lasted so long was none that failed.
const LASTED_MS: u64 = 60_000;

/// The cloud that this hub belongs to: one record, which never leaves it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cloud {
    /// Scheme, host and port: `https://cloud.example`.
    pub url: String,
    /// Its community there.
    pub community: RecordId,
    /// What the community is called there.
    pub name: String,
    /// The id under which this hub has once taken all that its gates need to know. Until then a grant may be here whose
    /// revocation is still on its way.
    pub learned_as: Option<ReplicaId>,
}

impl Record for Cloud {
    const SPEC: Spec = Spec::local("clouds");
}

impl Cloud {
    /// The id of the one record.
    pub const ID: RecordId = RecordId::new(0, 1);

    /// Where hubs connect.
    fn link(&self) -> String {
        format!("{}/link", self.url.replacen("http", "ws", 1))
    }

    /// Host and port, as the hub signs them.
    fn authority(&self) -> String {
        let (scheme, host) = self.url.split_once("://").unwrap_or(("https", &self.url));
        match host.rsplit_once(':') {
            Some((_, port)) if port.bytes().all(|c| c.is_ascii_digit()) && !port.is_empty() => {
                host.to_owned()
            }
            _ if scheme == "http" => format!("{host}:80"),
            _ => format!("{host}:443"),
        }
    }
}

/// Whether this hub, new or restored, is a community's and does not know yet all that its gates need: nothing but the guard's
/// word opens then.
///
/// # Errors
/// Where the record does not read, or the store fails.
pub fn is_learning(view: View<'_>) -> Result<bool, ReadError> {
    let Some(cloud) = view.of::<Cloud>().get(Cloud::ID)? else { return Ok(false) };
    Ok(cloud.value.learned_as != Some(view.replica()?))
}

/// All that the gates need is here.
fn learned(store: &Shared, now: Now) -> Result<(), String> {
    let known = store.view(|view| Ok::<_, ReadError>((view.of::<Cloud>().get(Cloud::ID)?, view.replica()?)));
    let (cloud, replica) = known.map_err(|why| why.to_string())?.map_err(|why| why.to_string())?;
    let Some(cloud) = cloud.filter(|cloud| cloud.value.learned_as != Some(replica)) else { return Ok(()) };
    let mut writes = Writes::new();
    writes.update(&cloud, |cloud| cloud.learned_as = Some(replica));
    store.commit(now, writes).map(drop).map_err(|why| why.to_string())
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Goes to the cloud for as long as the hub runs; ends with it.
pub async fn run(service: Service, gatehouse: Gatehouse, crops: Crops) {
    let (fetcher, mut fetches) = blobs::fetches();
    let copies = Copies::of(&service.operations.data);
    let fetch = |wanted: copies::Wanted| {
        let (fetcher, copies::Wanted { hash, bytes, path }) = (fetcher.clone(), wanted);
        async move { fetcher.fetch(blobs::Wanted { hash, limit_bytes: bytes, path }).await }
    };
    tokio::select! {
        () = service.stopping() => {}
        () = keep(&service, &gatehouse, &crops, &mut fetches) => {}
        () = copies.keep(&service.store, fetch) => {}
    }
}

async fn keep(service: &Service, gatehouse: &Gatehouse, crops: &Crops, fetches: &mut Fetches) {
    let Service { store, clock, link, .. } = service;
    let changed = Arc::new(Notify::new());
    let woken = changed.clone();
    let _listening = store.listen(move || woken.notify_one());
    let mut pause_ms = FIRST_PAUSE_MS;
    let mut renewed = Renewed::default();
    loop {
        let Some(cloud) = cloud(store).await else {
            // Until it is enrolled, which writes a record.
            changed.notified().await;
            continue;
        };
        link.belongs(&cloud.url, &cloud.name);
        let begun = clock.tick();
        let data = service.operations.data.clone();
        let key = tokio::task::spawn_blocking(move || data.read_device_key()).await;
        let why = match key {
            Ok(Ok(Some(key))) => {
                let exchange = Exchange::new(crops.clone(), clock.clone(), fetches);
                connection(&cloud, service, gatehouse, &key, &changed, exchange, &mut renewed).await
            }
            Ok(Ok(None)) => "the device key is gone: the hub is to be enrolled again".to_owned(),
            Ok(Err(why)) => why.to_string(),
            Err(why) => why.to_string(),
        };
        if clock.tick().0 - begun.0 >= LASTED_MS {
            pause_ms = FIRST_PAUSE_MS;
        }
        let [chance] = clock::random::<1>();
        let wait_ms = pause_ms / 2 + pause_ms * u64::from(chance) / 510;
        link.ended(&why);
        info!("the cloud: {why}; again in {wait_ms} ms");
        sleep(Duration::from_millis(wait_ms)).await;
        pause_ms = (pause_ms * 2).min(LONGEST_PAUSE_MS);
    }
}

async fn cloud(store: &Shared) -> Option<Cloud> {
    let store = store.clone();
    let read = tokio::task::spawn_blocking(move || store.view(|view| view.of::<Cloud>().get(Cloud::ID)));
    match read.await.ok()? {
        Ok(Ok(found)) => found.map(|found| found.value),
        Ok(Err(why)) => {
            warn!("the cloud's record does not read: {why}");
            None
        }
        Err(why) => {
            warn!("{why}");
            None
        }
    }
}

/// One connection, from its first word to its end; returns why it ended.
async fn connection(
    cloud: &Cloud,
    service: &Service,
    gatehouse: &Gatehouse,
    key: &DeviceKey,
    changed: &Notify,
    mut exchange: Exchange<'_>,
    renewed: &mut Renewed,
) -> String {
    let Service { store, clock, link, .. } = service;
    let config = WebSocketConfig::default().max_message_size(Some(MAX_BYTES)).max_frame_size(Some(MAX_BYTES));
    let connected = timeout(GREETING, connect_async_with_config(cloud.link(), Some(config), true)).await;
    let mut socket = match connected {
        Ok(Ok((socket, _))) => socket,
        Ok(Err(why)) => return why.to_string(),
        Err(_) => return "it does not answer".to_owned(),
    };
    match greet(&mut socket, cloud, key).await {
        Ok(None) => {}
        Ok(Some(refusal)) => {
            if matches!(refusal, Refusal::Unknown | Refusal::Revoked) {
                link.refused();
            }
            return refusal.to_string();
        }
        Err(why) => return why,
    }
    info!("connected to {}", cloud.url);
    link.connected();
    let mut clock_due_ms = 0;
    let mut talk = Talk::with_cloud(clock.tick().0);
    let mut challenges = Challenges::default();
    let (tell, mut told) = mpsc::channel(32);
    let mut commands = Commands::new(gatehouse.clone(), tell);
    let mut ticks = interval(Duration::from_millis(TICK_MS));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let step = tokio::select! {
            frame = socket.next() => match frame {
                Some(Ok(Frame::Binary(bytes))) => Step::Receive(bytes.to_vec()),
                Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => continue,
                Some(Ok(_)) => return "it closed".to_owned(),
                Some(Err(why)) => return why.to_string(),
                None => return "it is gone".to_owned(),
            },
            Some(outcome) = told.recv() => Step::Say(encode(&Message::Outcome(outcome))),
            message = exchange.next() => Step::Say(encode(&message)),
            () = changed.notified() => Step::Changed,
            _ = ticks.tick() => Step::Tick,
        };
        let at_ms = clock.tick().0;
        let mut said = match step {
            Step::Say(message) => Said { messages: vec![message], events: Vec::new() },
            step => {
                let (mut store, now) = (store.clone(), clock.now());
                let work = tokio::task::spawn_blocking(move || {
                    let said = match step {
                        Step::Receive(bytes) => talk.receive(&bytes, &mut store, now, at_ms),
                        Step::Changed => talk.changed(&mut store, at_ms),
                        Step::Tick | Step::Say(_) => talk.tick(&mut store, at_ms),
                    };
                    (talk, said)
                });
                let Ok((back, said)) = work.await else { return "its work panicked".to_owned() };
                talk = back;
                match said {
                    Ok(said) => said,
                    Err(why) => return format!("the store: {why}"),
                }
            }
        };
        link.shared(talk.is_settled());
        if at_ms >= clock_due_ms {
            clock_due_ms = at_ms + CLOCK_EVERY_MS;
            let now = clock.now();
            said.messages.push(encode(&Message::Clock(WallClock { ms: now.ms, trusted: now.trusted })));
        }
        if challenges.is_due(at_ms) {
            let challenge = Challenge(clock::random());
            challenges.hand_out(challenge, at_ms);
            said.messages.push(encode(&Message::Challenge(challenge)));
        }
        for message in said.messages {
            match timeout(WRITE, socket.send(Frame::binary(message))).await {
                Ok(Ok(())) => {}
                Ok(Err(why)) => return why.to_string(),
                Err(_) => return "it takes nothing".to_owned(),
            }
        }
        let mut over = None;
        for event in said.events {
            match event {
                Event::Over(why) => over = Some(why),
                Event::Said(Message::Command(command)) => {
                    let fresh = challenges.spend(command.challenge, clock.tick().0);
                    commands.take(command, fresh);
                }
                Event::Store(Stored::Forked { .. }) if !renewed.may(at_ms) => {
                    return "it says again that this disk was copied; the hub keeps its id for now"
                        .to_owned();
                }
                Event::Store(Stored::Forked { common }) => return renew(store, clock, common).await,
                // The cloud notices the same, and raises it where people are told.
                Event::Store(Stored::Alarm(alarm)) => warn!("the store: {alarm}"),
                Event::Said(message) => exchange.take(message),
                Event::Store(Stored::Ready) => {
                    let (store, now) = (store.clone(), clock.now());
                    let written = tokio::task::spawn_blocking(move || learned(&store, now)).await;
                    if !matches!(written, Ok(Ok(()))) {
                        warn!("that all is here is not written, the guard is asked on: {written:?}");
                    }
                }
                Event::Store(_) => {}
            }
        }
        if let Some(why) = over {
            return why;
        }
    }
}

/// When the hub took a new id: once an hour at most, since all that it wrote is issued again under it, and a cloud that is
/// nobody's friend any more could say so again and again.
#[derive(Default)]
struct Renewed(Option<u64>);

impl Renewed {
    fn may(&mut self, at_ms: u64) -> bool {
        let may = self.0.is_none_or(|last_ms| at_ms.saturating_sub(last_ms) >= RENEW_ONCE_MS);
        if may {
            self.0 = Some(at_ms);
        }
        may
    }
}

enum Step {
    Receive(Vec<u8>),
    Changed,
    Tick,
    Say(Vec<u8>),
}

/// The first words; and why the cloud does not speak to this hub, where it does not.
async fn greet(socket: &mut Socket, cloud: &Cloud, key: &DeviceKey) -> Result<Option<Refusal>, String> {
    let said = word(socket).await?;
    let software = concat!("dwellers-hub ", env!("CARGO_PKG_VERSION"));
    let join = handshake::join(&said, &cloud.authority(), cloud.community, key, software);
    let join = join.map_err(|why| why.to_string())?;
    let sent = timeout(WRITE, socket.send(Frame::binary(join))).await;
    sent.map_err(|_| "it takes nothing".to_owned())?.map_err(|why| why.to_string())?;
    Ok(handshake::answered(&word(socket).await?).err())
}

async fn word(socket: &mut Socket) -> Result<Vec<u8>, String> {
    let heard = timeout(GREETING, socket.next()).await.map_err(|_| "it says nothing".to_owned())?;
    match heard {
        Some(Ok(Frame::Binary(bytes))) if bytes.len() <= MAX_GREETING_BYTES => Ok(bytes.to_vec()),
        Some(Err(why)) => Err(why.to_string()),
        _ => Err("what it says is no handshake".to_owned()),
    }
}

/// This disk was restored or copied: it goes on under a new id. The cloud raises the alarm: whoever copied it may have the
/// copy.
async fn renew(store: &Shared, clock: &Clock, common: u64) -> String {
    let (store, now) = (store.clone(), clock.now());
    let id = ReplicaId::new(now.ms, clock::entropy());
    let work = move || store.with(move |replica| replica.renew(id, Some(common), "", now));
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(Ok(()))) => format!("this disk was restored or copied: the hub is replica {id} from now on"),
        Ok(Ok(Err(why)) | Err(why)) => {
            format!("this disk was restored or copied, and takes no new id: {why}")
        }
        Err(why) => format!("taking a new id: {why}"),
    }
}
