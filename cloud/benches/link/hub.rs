//! A simulated hub: a store, a key, and a conversation over a real socket.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dwellers_cloud::clock::{entropy, now, random};
use dwellers_cloud::communities::Communities;
use dwellers_cloud::hubs::Newcomer;
use dwellers_link::device::DeviceKey;
use dwellers_link::handshake;
use dwellers_link::talk::{Event, Said, TICK_MS, Talk};
use dwellers_replica::sync::Endpoint;
use dwellers_replica::{Memory, Options, RecordId, Replica, ReplicaId, Role, Shared, Sqlite};
use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::{WebSocketStream, client_async};

/// What hubs of the bench sign for.
pub const AUTHORITY: &str = "cloud.example:443";
const PATIENCE: Duration = Duration::from_secs(60);

/// Who it is.
pub struct Device {
    pub key: DeviceKey,
    pub replica: ReplicaId,
    pub community: RecordId,
}

impl Device {
    /// Enrols a new one, as a code does.
    pub fn enrol(communities: &Communities, community: RecordId) -> Device {
        let (key, replica) = (DeviceKey::new(random()), ReplicaId::new(now().ms, entropy()));
        let label = replica.to_string();
        let code = communities.invite_hub(community, &label, false, random(), entropy, now()).unwrap();
        let newcomer = Newcomer { key: key.public(), replica, community: None };
        communities.enrol(&code, &newcomer, entropy, now()).unwrap();
        Device { key, replica, community }
    }

    /// An empty store on the disk.
    pub fn on_disk(&self, path: &Path) -> Shared {
        let sqlite = Sqlite::open(path, Options::default()).unwrap();
        let made = Replica::create(sqlite, dwellers::schema(), self.replica, Role::Hub, "", now());
        Shared::start(made.unwrap()).unwrap()
    }

    /// An empty store in memory.
    pub fn in_memory(&self) -> Replica<Memory> {
        Replica::create(Memory::new(), dwellers::schema(), self.replica, Role::Hub, "", now()).unwrap()
    }
}

/// A connection of a hub that is known.
pub struct Line {
    pub socket: WebSocketStream<TcpStream>,
    talk: Talk,
    begun: Instant,
    /// Bytes of messages that went out.
    pub sent: usize,
}

/// From an address of its own.
pub async fn connect(from: Ipv4Addr, to: SocketAddr) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from((from, 0)))?;
    let stream = timeout(PATIENCE, socket.connect(to)).await.map_err(|_| io::ErrorKind::TimedOut)??;
    stream.set_nodelay(true)?;
    Ok(stream)
}

impl Line {
    /// Connects and says who it is; or why that came to nothing.
    pub async fn open(
        device: &Device,
        from: Ipv4Addr,
        to: SocketAddr,
        authority: &str,
    ) -> Result<Line, String> {
        let stream = connect(from, to).await.map_err(|why| why.to_string())?;
        let upgraded = timeout(PATIENCE, client_async(format!("ws://{to}/link"), stream)).await;
        let (mut socket, _) = upgraded.map_err(|why| why.to_string())?.map_err(|why| why.to_string())?;
        let said = next(&mut socket).await?;
        let join = handshake::join(&said, authority, device.community, &device.key, "bench");
        let join = Frame::binary(join.map_err(|why| why.to_string())?);
        socket.send(join).await.map_err(|why| why.to_string())?;
        handshake::answered(&next(&mut socket).await?).map_err(|why| why.to_string())?;
        Ok(Line { socket, talk: Talk::with_cloud(0), begun: Instant::now(), sent: 0 })
    }

    fn at_ms(&self) -> u64 {
        self.begun.elapsed().as_millis() as u64
    }

    /// Hears one thing, or lets a tick pass, or looks whether something changed here; what came of it.
    pub async fn step(
        &mut self,
        store: &mut impl Endpoint,
        changed: impl Future<Output = ()>,
    ) -> Result<Vec<Event>, String> {
        enum Step {
            Heard(Vec<u8>),
            Changed,
            Tick,
        }
        let step = tokio::select! {
            frame = self.socket.next() => match frame {
                Some(Ok(Frame::Binary(bytes))) => Step::Heard(bytes.to_vec()),
                Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => return Ok(Vec::new()),
                other => return Err(format!("{other:?}")),
            },
            () = changed => Step::Changed,
            () = tokio::time::sleep(Duration::from_millis(TICK_MS)) => Step::Tick,
        };
        let at_ms = self.at_ms();
        let talk = &mut self.talk;
        let work = || match step {
            Step::Heard(bytes) => talk.receive(&bytes, store, now(), at_ms),
            Step::Changed => talk.changed(store, at_ms),
            Step::Tick => talk.tick(store, at_ms),
        };
        // A store on a disk waits for it.
        let Said { messages, events } = tokio::task::block_in_place(work).map_err(|why| why.to_string())?;
        for message in messages {
            self.sent += message.len();
            let sent = timeout(PATIENCE, self.socket.send(Frame::binary(message))).await;
            sent.map_err(|why| why.to_string())?.map_err(|why| why.to_string())?;
        }
        match events.iter().find(|event| matches!(event, Event::Over(_))) {
            Some(over) => Err(format!("{over:?}")),
            None => Ok(events),
        }
    }
}

async fn next(socket: &mut WebSocketStream<TcpStream>) -> Result<Vec<u8>, String> {
    match timeout(PATIENCE, socket.next()).await {
        Ok(Some(Ok(Frame::Binary(bytes)))) => Ok(bytes.to_vec()),
        other => Err(format!("{other:?}")),
    }
}

/// Whatever is committed to a store, as a future that ends with it.
pub fn woken(store: &Shared) -> (Arc<tokio::sync::Notify>, dwellers_replica::Listening) {
    let notify = Arc::new(tokio::sync::Notify::new());
    let woken = notify.clone();
    (notify, store.listen(move || woken.notify_one()))
}
