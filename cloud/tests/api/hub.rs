//! A hub that is simulated, over a real socket: it keeps in step with the cloud and does what it was told to do with commands.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use dwellers::Context;
use dwellers::gates::{self, Buttons, Direction, Gate, Lane};
use dwellers::journal::Entry;
use dwellers::people;
use dwellers::questions::{self, Ask};
use dwellers_cloud::clock::{entropy, now, random};
use dwellers_cloud::hubs::Newcomer;
use dwellers_link::blobs::{answer, hex, span};
use dwellers_link::challenge::Challenge;
use dwellers_link::device::DeviceKey;
use dwellers_link::handshake;
use dwellers_link::talk::{Event, Talk};
use dwellers_link::wire::{BlobHash, Command, Message, Outcome, Stage, encode};
use dwellers_replica::{Open, Options, Record, RecordId, Replica, ReplicaId, Role, Shared, Sqlite, Writes};
use futures_util::{SinkExt, StreamExt};
use tempfile::TempDir;
use tokio::time::timeout;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message as Frame;

use crate::town::{Town, Village};

const PATIENCE: Duration = Duration::from_secs(20);

/// Waits for something that comes by itself, within bounds.
#[track_caller]
pub(crate) fn eventually(what: &str, mut is: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is() {
        assert!(begun.elapsed() < PATIENCE, "it does not come to that: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// What a hub does, and what it was asked.
#[derive(Default)]
pub(crate) struct Script {
    /// What it says to each command.
    pub(crate) stages: Vec<Stage>,
    /// The commands that came.
    pub(crate) commands: Vec<Command>,
    /// It is asked for pictures in vain.
    pub(crate) keeps_pictures: bool,
    pictures: HashMap<BlobHash, Vec<u8>>,
    /// Outcomes that are said later.
    say: Vec<Outcome>,
}

/// A hub with a barrier (lanes `in` and `out`), a wicket and a service gate for guards.
pub(crate) struct Hub {
    pub(crate) store: Shared,
    pub(crate) replica: ReplicaId,
    pub(crate) script: Arc<Mutex<Script>>,
    key: [u8; 32],
    at: String,
    community: RecordId,
    number: Mutex<u64>,
    line: Mutex<Option<(Arc<AtomicBool>, JoinHandle<()>)>>,
    cloud: Shared,
    _folder: TempDir,
}

impl Hub {
    /// Enrolled, with its gates, connected and in step.
    pub(crate) fn connected(town: &Town, village: &Village) -> Hub {
        let hub = Hub::enrolled(town, village, "Въезд");
        hub.connect();
        eventually("its gates are known", || hub.cloud.view(gates::list).unwrap().unwrap().len() == 3);
        hub
    }

    /// Enrolled, and not connected.
    pub(crate) fn enrolled(town: &Town, village: &Village, label: &str) -> Hub {
        let folder = tempfile::tempdir().unwrap();
        let replica = ReplicaId::new(now().ms, entropy());
        let sqlite = Sqlite::open(folder.path().join("hub.db"), Options::default()).unwrap();
        let made = Replica::create(sqlite, dwellers::schema(), replica, Role::Hub, "", now()).unwrap();
        let store = Shared::start(made).unwrap();
        let key = random();
        let id = village.community.id;
        let code = town.communities.invite_hub(id, label, false, random(), entropy, now()).unwrap();
        let newcomer = Newcomer { key: DeviceKey::new(key).public(), replica, community: None };
        town.communities.enrol(&code, &newcomer, entropy, now()).unwrap();
        let hub = Hub {
            store,
            replica,
            script: Arc::default(),
            key,
            at: town.at.strip_prefix("http://").unwrap().to_owned(),
            community: id,
            number: Mutex::new(0),
            line: Mutex::default(),
            cloud: village.community.store.clone(),
            _folder: folder,
        };
        hub.run(|ctx| Ok(((), gates::upsert(ctx, &[], &configured())?)));
        hub
    }

    /// Does what a rule says, at the hub.
    pub(crate) fn run<T>(
        &self,
        rule: impl FnOnce(&mut Context<'_>) -> Result<(T, Writes), dwellers::Denied>,
    ) -> T {
        let (now, mut entropy) = (now(), entropy);
        let judged = self.store.view(|view| rule(&mut Context { view, now, entropy: &mut entropy }));
        let (made, writes) = judged.unwrap().unwrap();
        self.store.commit(now, writes).unwrap();
        made
    }

    pub(crate) fn gate(&self, key: &str) -> RecordId {
        self.store.view(|view| gates::find(view, self.replica, key)).unwrap().unwrap().unwrap().id
    }

    /// What it says to each command from now on.
    pub(crate) fn says(&self, stages: &[Stage]) {
        self.script.lock().unwrap().stages = stages.to_vec();
    }

    /// Says what became of a command.
    pub(crate) fn tell(&self, command: RecordId, stage: Stage) {
        self.script.lock().unwrap().say.push(Outcome { command, stage });
    }

    pub(crate) fn commands(&self) -> Vec<Command> {
        self.script.lock().unwrap().commands.clone()
    }

    /// Writes an entry of its journal.
    pub(crate) fn journal(&self, entry: Entry) -> RecordId {
        let mut number = self.number.lock().unwrap();
        *number += 1;
        let at_ms = if entry.at_ms > 0 { entry.at_ms } else { now().ms };
        // Within a millisecond their order would be by chance.
        let id = RecordId::new(at_ms, u128::from(*number));
        let entry = Entry { hub: self.replica, number: *number, at_ms, trusted: true, ..entry };
        self.store.commit(now(), Writes::new().create(id, &entry).clone()).unwrap();
        id
    }

    /// The same, and the cloud has it.
    pub(crate) fn told(&self, entry: Entry) -> RecordId {
        let id = self.journal(entry);
        self.has::<Entry>(id);
        id
    }

    /// Keeps a picture; its name.
    pub(crate) fn picture(&self, bytes: &[u8]) -> String {
        let hash = *blake3::hash(bytes).as_bytes();
        self.script.lock().unwrap().pictures.insert(hash, bytes.to_vec());
        hex(&hash)
    }

    /// Asks a house, as its guard does, and waits until the cloud knows.
    pub(crate) fn asks(&self, house: RecordId, name: &str, timeout_ms: u32) -> RecordId {
        self.asks_about(house, name, timeout_ms, None)
    }

    /// The same about an arrival.
    pub(crate) fn asks_about(
        &self,
        house: RecordId,
        name: &str,
        timeout_ms: u32,
        about: Option<RecordId>,
    ) -> RecordId {
        let guard = dwellers::Actor::Guard { id: RecordId::new(1, 77), name: "Семён".to_owned() };
        let gate = self.gate("main");
        let (plate, name) = ("а 123 вс 77".to_owned(), name.to_owned());
        let ask = Ask { house, gate, about, plate, name, timeout_ms };
        // It must know who lives there first.
        eventually("the hub knows the house", || {
            let residents = self
                .store
                .view(|view| people::residents(view, now(), house, people::Permission::AnswerQuestion));
            !residents.unwrap().unwrap().is_empty()
        });
        let question = self.run(|ctx| questions::ask(ctx, &guard, &ask));
        self.has::<questions::Question>(question);
        question
    }

    /// Waits until the cloud has a record.
    #[track_caller]
    pub(crate) fn has<T: Record>(&self, id: RecordId) {
        let has = || self.cloud.view(|view| view.of::<T>().get(id).unwrap().is_some()).unwrap();
        eventually("the cloud has it", has);
    }

    /// Waits until the hub has a record.
    #[track_caller]
    pub(crate) fn learns<T: Record>(&self, id: RecordId) {
        let has = || self.store.view(|view| view.of::<T>().get(id).unwrap().is_some()).unwrap();
        eventually("the hub has it", has);
    }

    pub(crate) fn connect(&self) {
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, store, script) = (stop.clone(), self.store.clone(), self.script.clone());
        let (key, at, community) = (DeviceKey::new(self.key), self.at.clone(), self.community);
        let (ready, is_ready) = std::sync::mpsc::channel();
        let run = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(follow(key, at, community, store, script, stopped, ready));
        };
        let thread = thread::spawn(run);
        is_ready.recv_timeout(PATIENCE).unwrap();
        *self.line.lock().unwrap() = Some((stop, thread));
    }

    /// The line is cut.
    pub(crate) fn disconnect(&self) {
        if let Some((stop, thread)) = self.line.lock().unwrap().take() {
            stop.store(true, Ordering::SeqCst);
            thread.join().unwrap();
        }
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        if !thread::panicking() {
            self.disconnect();
        }
    }
}

fn configured() -> Vec<Gate> {
    let lane = |key: &str, direction| Lane { key: key.into(), direction, ..Lane::default() };
    let lanes = vec![lane("in", Direction::Entry), lane("out", Direction::Exit)];
    let gate = |key: &str, name: &str| Gate { key: key.into(), name: name.into(), ..Gate::default() };
    vec![
        Gate { lanes, ..gate("main", "Главный въезд") },
        Gate { kind: Open::Known(gates::Kind::Wicket), ..gate("wicket", "Калитка") },
        Gate { buttons: Open::Known(Buttons::Staff), ..gate("yard", "Хозяйственный двор") },
    ]
}

async fn follow(
    key: DeviceKey,
    at: String,
    community: RecordId,
    mut store: Shared,
    script: Arc<Mutex<Script>>,
    stop: Arc<AtomicBool>,
    ready: std::sync::mpsc::Sender<()>,
) {
    let start = Instant::now();
    let (mut socket, _) = timeout(PATIENCE, connect_async(format!("ws://{at}/link"))).await.unwrap().unwrap();
    let next = async |socket: &mut tokio_tungstenite::WebSocketStream<_>| loop {
        match timeout(PATIENCE, socket.next()).await.unwrap() {
            Some(Ok(Frame::Binary(bytes))) => return bytes.to_vec(),
            Some(Ok(_)) => {}
            _ => panic!("the cloud says nothing"),
        }
    };
    let said: Vec<u8> = next(&mut socket).await;
    let join = handshake::join(&said, &at, community, &key, "test").unwrap();
    socket.send(Frame::binary(join)).await.unwrap();
    handshake::answered(&next(&mut socket).await).unwrap();
    let at_ms = || u64::try_from(start.elapsed().as_millis()).unwrap();
    let mut talk = Talk::with_cloud(at_ms());
    socket.send(Frame::binary(encode(&Message::Challenge(Challenge(random()))))).await.unwrap();
    ready.send(()).unwrap();
    while !stop.load(Ordering::SeqCst) {
        let step = match timeout(Duration::from_millis(10), socket.next()).await {
            Ok(Some(Ok(Frame::Binary(bytes)))) => talk.receive(&bytes, &mut store, now(), at_ms()),
            Ok(Some(Ok(_))) => continue,
            // The cloud has ended.
            Ok(_) => return,
            Err(_) => talk.tick(&mut store, at_ms()),
        };
        let mut said = step.unwrap();
        let more = talk.changed(&mut store, at_ms()).unwrap();
        said.messages.extend(more.messages);
        said.events.extend(more.events);
        let Some(answers) = script.lock().unwrap().hear(said.events) else { return };
        said.messages.extend(answers);
        for message in said.messages {
            if socket.send(Frame::binary(message)).await.is_err() {
                return;
            }
        }
    }
}

impl Script {
    /// What it says to that; nothing more where it is over.
    fn hear(&mut self, events: Vec<Event>) -> Option<Vec<Vec<u8>>> {
        let mut say = Vec::new();
        for event in events {
            match event {
                Event::Said(Message::Command(command)) => {
                    let outcomes = self.stages.clone().into_iter();
                    let outcomes = outcomes.map(|stage| Outcome { command: command.id, stage });
                    say.extend(outcomes.map(Message::Outcome));
                    self.commands.push(command);
                    say.push(Message::Challenge(Challenge(random())));
                }
                Event::Said(Message::Want(want)) if !self.keeps_pictures => {
                    say.push(answer(
                        &want,
                        self.pictures.get(&want.hash).map(|picture| {
                            let of = picture.len() as u64;
                            let span = span(&want, of);
                            (of, picture[span.start as usize..span.end as usize].to_vec())
                        }),
                    ));
                }
                Event::Over(_) => return None,
                _ => {}
            }
        }
        say.extend(self.say.drain(..).map(Message::Outcome));
        Some(say.iter().map(encode).collect())
    }
}
