//! What tests of the link have in common: a cloud that serves, hubs that are simulated, and their conversation over a real socket.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dwellers::people::House;
use dwellers_cloud::communities::{Communities, Community};
use dwellers_cloud::config::{self, Config, Http};
use dwellers_cloud::downlink::Downlink;
use dwellers_cloud::serve::Serving;
use dwellers_link::device::DeviceKey;
use dwellers_link::handshake;
use dwellers_link::talk::{Event, Talk};
use dwellers_link::wire::{Command, Message, Refusal, encode};
use dwellers_replica::{Options, Record, RecordId, Replica, ReplicaId, Role, Shared, Sqlite, Writes};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::{Place, at, entropy};

pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// A cloud that serves, with one community.
pub(super) struct Cloud {
    pub(super) at: String,
    pub(super) communities: Arc<Communities>,
    pub(super) community: Arc<Community>,
    pub(super) downlink: Downlink,
    pub(super) stop: watch::Sender<bool>,
    pub(super) served: tokio::task::JoinHandle<()>,
}

impl Cloud {
    pub(super) async fn start(place: &Place) -> Cloud {
        // The conversations of one that has just ended hold its stores for a moment.
        let begun = Instant::now();
        let communities = loop {
            match Communities::in_folder(&place.data(), at(0), entropy) {
                Err(why) if why.is_locked() && begun.elapsed() < PATIENCE => {
                    sleep(Duration::from_millis(10)).await;
                }
                opened => break Arc::new(opened.unwrap()),
            }
        };
        let now = dwellers_cloud::clock::now();
        let community = match communities.registry().find("Сосновка") {
            Ok(listing) => communities.open(listing.id, now).unwrap(),
            Err(_) => communities.create("Сосновка", now, entropy).unwrap(),
        };
        let (stop, shutdown) = watch::channel(false);
        let http = Http { listen: "127.0.0.1:0".parse().unwrap(), ..Http::default() };
        let cloud = config::Cloud { data: place.data() };
        let backup = config::Backup { on: false, ..config::Backup::default() };
        let config =
            Config { cloud, http, blobs: config::Blobs::default(), backup, mail: None, telegram: None };
        let serving = Serving::bind(&config, communities.clone(), shutdown).await.unwrap();
        let (at, downlink) = (serving.at().to_string(), serving.downlink());
        Cloud { at, communities, community, downlink, stop, served: tokio::spawn(serving.run()) }
    }

    pub(super) async fn end(self) {
        self.stop.send_replace(true);
        timeout(PATIENCE, self.served).await.unwrap().unwrap();
    }

    /// A code, and the hub that it enrols over HTTP.
    pub(super) async fn enrol(&self, hub: &Hub, code: &str) -> (u16, serde_json::Value) {
        let url = format!("http://{}/link/enrol", self.at);
        let body =
            serde_json::json!({ "code": code, "key": hub.key.public().text(), "replica": hub.replica });
        let ask = move || {
            let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
            let mut answer = agent.post(&url).send_json(&body).unwrap();
            (answer.status().as_u16(), answer.body_mut().read_json().unwrap())
        };
        tokio::task::spawn_blocking(ask).await.unwrap()
    }

    pub(super) fn code(&self, label: &str) -> String {
        let (drawn, now) = (dwellers_cloud::clock::random(), dwellers_cloud::clock::now());
        let code = self.communities.invite_hub(self.community.id, label, false, drawn, entropy, now);
        code.unwrap().to_string()
    }
}

/// A hub: its store and its key.
pub(super) struct Hub {
    pub(super) store: Shared,
    pub(super) replica: ReplicaId,
    pub(super) key: DeviceKey,
    pub(super) start: Instant,
    /// How much faster its clock runs than the world's: bounds of half a minute become seconds.
    pub(super) speed: u64,
}

pub(super) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A connection and the conversation on it.
pub(super) struct Line {
    pub(super) socket: Socket,
    pub(super) talk: Talk,
}

impl Hub {
    pub(super) fn new(place: &Place, name: &str, seed: u8) -> Hub {
        let now = dwellers_cloud::clock::now();
        let replica = ReplicaId::new(now.ms, entropy());
        let sqlite = Sqlite::open(place.folder.path().join(name), Options::default()).unwrap();
        let made = Replica::create(sqlite, dwellers::schema(), replica, Role::Hub, "", now).unwrap();
        let store = Shared::start(made).unwrap();
        Hub { store, replica, key: DeviceKey::new([seed; 32]), start: Instant::now(), speed: 1 }
    }

    pub(super) fn at_ms(&self) -> u64 {
        self.start.elapsed().as_millis() as u64 * self.speed
    }

    /// Connects and says who it is.
    pub(super) async fn connect(
        &self,
        at: &str,
        authority: &str,
        community: RecordId,
    ) -> Result<Line, Refusal> {
        let (mut socket, _) =
            timeout(PATIENCE, connect_async(format!("ws://{at}/link"))).await.unwrap().unwrap();
        let said = next(&mut socket).await.expect("the cloud says something");
        let join = handshake::join(&said, authority, community, &self.key, "test")?;
        socket.send(Frame::binary(join)).await.unwrap();
        let answer = next(&mut socket).await.expect("the cloud answers");
        handshake::answered(&answer)?;
        Ok(Line { socket, talk: Talk::with_cloud(self.at_ms()) })
    }

    /// Says who it is, where the connection lasts so long.
    pub(super) async fn greet(&self, mut socket: Socket, cloud: &Cloud) -> Option<Line> {
        let said = next(&mut socket).await?;
        let join = handshake::join(&said, &cloud.at, cloud.community.id, &self.key, "test").ok()?;
        socket.send(Frame::binary(join)).await.ok()?;
        handshake::answered(&next(&mut socket).await?).ok()?;
        Some(Line { socket, talk: Talk::with_cloud(self.at_ms()) })
    }

    /// Says something beside the store's own.
    pub(super) async fn say(&self, line: &mut Line, message: &Message) {
        assert!(self.try_say(line, message).await);
    }

    /// The same, on a line that may break: whether the socket took it.
    pub(super) async fn try_say(&self, line: &mut Line, message: &Message) -> bool {
        line.socket.send(Frame::binary(encode(message))).await.is_ok()
    }

    /// The next command.
    pub(super) async fn command(&self, line: &mut Line) -> Command {
        self.try_command(line).await.expect("the line lasts")
    }

    /// The same, or nothing where the line breaks.
    pub(super) async fn try_command(&self, line: &mut Line) -> Option<Command> {
        let begun = Instant::now();
        loop {
            assert!(begun.elapsed() < PATIENCE, "no command comes");
            let Ok(frame) = timeout(PATIENCE, line.socket.next()).await.unwrap()? else { return None };
            if let Frame::Binary(bytes) = frame
                && let Ok(Message::Command(command)) = Message::decode(&bytes)
            {
                return Some(command);
            }
        }
    }

    /// Keeps in step until `done`, or until it is over: then the reason.
    pub(super) async fn follow(&self, line: &mut Line, done: impl Fn() -> bool) -> Option<String> {
        let Line { socket, talk } = line;
        let mut store = self.store.clone();
        let begun = Instant::now();
        while !done() {
            // A silent line is over within its own bound.
            assert!(begun.elapsed() < 2 * PATIENCE, "it does not come to that");
            let step = match timeout(Duration::from_millis(50), socket.next()).await {
                Ok(Some(Ok(Frame::Binary(bytes)))) => {
                    talk.receive(&bytes, &mut store, dwellers_cloud::clock::now(), self.at_ms())
                }
                Ok(Some(Ok(_))) => continue,
                Ok(_) => return Some("the socket is gone".to_owned()),
                Err(_) => talk.tick(&mut store, self.at_ms()),
            };
            let mut said = step.unwrap();
            let more = talk.changed(&mut store, self.at_ms()).unwrap();
            said.messages.extend(more.messages);
            said.events.extend(more.events);
            for message in said.messages {
                // Where it is gone, its last word may still be there to be read.
                let _ = socket.send(Frame::binary(message)).await;
            }
            if let Some(why) = said.events.into_iter().find_map(|event| match event {
                Event::Over(why) => Some(why),
                _ => None,
            }) {
                return Some(why);
            }
        }
        None
    }
}

pub(super) async fn next(socket: &mut Socket) -> Option<Vec<u8>> {
    loop {
        match timeout(PATIENCE, socket.next()).await.unwrap()? {
            Ok(Frame::Binary(bytes)) => return Some(bytes.to_vec()),
            Ok(Frame::Ping(_) | Frame::Pong(_)) => {}
            _ => return None,
        }
    }
}

pub(super) fn has<T: Record>(store: &Shared, id: RecordId) -> bool {
    store.view(|view| view.of::<T>().get(id).unwrap().is_some()).unwrap()
}

pub(super) fn write<T: Record>(store: &Shared, value: &T) -> RecordId {
    let now = dwellers_cloud::clock::now();
    let id = store.new_id(now, entropy()).unwrap();
    let mut writes = Writes::new();
    writes.create(id, value);
    store.commit(now, writes).unwrap();
    id
}

pub(super) fn house(cloud: &Cloud, label: &str) -> RecordId {
    write(
        &cloud.community.store,
        &House { label: label.to_owned(), key: label.to_owned(), note: String::new(), ..House::default() },
    )
}
