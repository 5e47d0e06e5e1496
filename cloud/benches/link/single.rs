//! One hub and its cloud: commands, entries of the journal, and a month's absence.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dwellers::journal::Entry;
use dwellers_cloud::clock::{entropy, now, random};
use dwellers_cloud::communities::{Communities, Community};
use dwellers_cloud::config::{self, Config, Http};
use dwellers_cloud::downlink::{Downlink, Wish};
use dwellers_cloud::serve::Serving;
use dwellers_link::challenge::{Challenge, Challenges};
use dwellers_link::talk::Event;
use dwellers_link::wire::{Message, Outcome, Stage, encode};
use dwellers_replica::sync::Event as Stored;
use dwellers_replica::{RecordId, ReplicaId, Shared, Writes};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Message as Frame;

use crate::hub::{AUTHORITY, Device, Line, woken};
use crate::program::Program;
use crate::report::Report;
use crate::{Sizes, quantile};

/// A cloud in this process, with one community and one hub of it.
struct Cloud {
    at: SocketAddr,
    community: Arc<Community>,
    downlink: Downlink,
    device: Device,
    _stop: watch::Sender<bool>,
}

impl Cloud {
    async fn start(folder: &Path) -> Cloud {
        fs::create_dir(folder).unwrap();
        let communities = Arc::new(Communities::in_folder(&folder.join("data"), now(), entropy).unwrap());
        let community = communities.create("Сосновка", now(), entropy).unwrap();
        let device = Device::enrol(&communities, community.id);
        let (stop, shutdown) = watch::channel(false);
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let http = Http { listen, authority: Some(AUTHORITY.to_owned()), ..Http::default() };
        let backup = config::Backup { on: false, ..config::Backup::default() };
        let cloud = config::Cloud { data: folder.join("data") };
        let config =
            Config { cloud, http, backup, blobs: config::Blobs::default(), mail: None, telegram: None };
        let serving = Serving::bind(&config, communities, shutdown).await.unwrap();
        let (at, downlink) = (serving.at(), serving.downlink());
        tokio::spawn(serving.run());
        Cloud { at, community, downlink, device, _stop: stop }
    }

    async fn line(&self) -> Line {
        Line::open(&self.device, Ipv4Addr::LOCALHOST, self.at, AUTHORITY).await.unwrap()
    }
}

/// From the wish to the hub's relay, and to the answer; the hub takes no time of its own.
pub async fn commands(report: &mut Report, sizes: &Sizes, folder: &Path) {
    let cloud = Cloud::start(folder).await;
    let (community, key) = (cloud.community.id, cloud.device.key.public());
    let Line { mut socket, .. } = cloud.line().await;
    let (tell, mut relay) = tokio::sync::mpsc::channel(8);
    let hub = tokio::spawn(async move {
        let mut challenges = Challenges::default();
        loop {
            let challenge = Challenge(random());
            challenges.hand_out(challenge, 0);
            socket.send(Frame::binary(encode(&Message::Challenge(challenge)))).await.unwrap();
            let command = loop {
                let Some(Ok(frame)) = socket.next().await else { return };
                if let Ok(Message::Command(command)) = Message::decode(&frame.into_data()) {
                    break command;
                }
            };
            challenges.spend(command.challenge, 0).unwrap();
            if tell.send(Instant::now()).await.is_err() {
                return;
            }
            let outcome = Outcome { command: command.id, stage: Stage::SeenOpen };
            socket.send(Frame::binary(encode(&Message::Outcome(outcome)))).await.unwrap();
        }
    });
    let (mut there, mut back) = (Vec::new(), Vec::new());
    for n in 0..sizes.commands {
        let id = RecordId::new(1, u128::from(n));
        let wish = || Wish { id, gate: id, lane: "in".to_owned(), person: id };
        let (asked, mut told) = loop {
            let asked = Instant::now();
            match cloud.downlink.command(community, key, wish()) {
                Ok(told) => break (asked, told),
                Err(_) => tokio::time::sleep(Duration::from_millis(1)).await,
            }
        };
        assert_eq!(told.recv().await, Some(Stage::SeenOpen));
        back.push(asked.elapsed());
        there.push(relay.recv().await.unwrap() - asked);
    }
    hub.abort();
    report.own("command: from the cloud to the hub, median", "µs", quantile(&mut there, 0.5, 1e6), None);
    report.own("… p99", "µs", quantile(&mut there, 0.99, 1e6), None);
    report.own("… and the outcome back, median", "µs", quantile(&mut back, 0.5, 1e6), None);
    report.own("… and the outcome back, p99", "µs", quantile(&mut back, 0.99, 1e6), None);
}

fn entry(hub: ReplicaId, number: u64) -> Entry {
    Entry {
        hub,
        number,
        at_ms: now().ms,
        plate: "A123BC77".to_owned(),
        lane: "in".to_owned(),
        ..Entry::default()
    }
}

fn write(store: &Shared, hub: ReplicaId, numbers: std::ops::Range<u64>) -> u64 {
    let mut writes = Writes::new();
    for number in numbers {
        writes.create(RecordId::new(now().ms, entropy()), &entry(hub, number));
    }
    store.commit(now(), writes).unwrap();
    store.standing().unwrap().mark.arrival
}

/// From an entry that is to be written at the hub until the hub knows it on the cloud's disk; beside it, the hub's own commit.
pub async fn entries(report: &mut Report, sizes: &Sizes, folder: &Path) {
    let cloud = Cloud::start(folder).await;
    let hub = cloud.device.replica;
    let store = cloud.device.on_disk(&folder.join("hub.db"));
    let (changed, _listening) = woken(&store);
    let mut line = cloud.line().await;
    let mut endpoint = store.clone();
    let (tell, mut shared) = tokio::sync::mpsc::unbounded_channel();
    let follow = tokio::spawn(async move {
        loop {
            for event in line.step(&mut endpoint, changed.notified()).await.unwrap() {
                if let Event::Store(Stored::Shared(arrival)) = event {
                    let _ = tell.send((arrival, Instant::now()));
                }
            }
        }
    });
    let (mut local, mut remote) = (Vec::new(), Vec::new());
    for number in 1..=sizes.entries {
        let begun = Instant::now();
        let arrival = tokio::task::block_in_place(|| write(&store, hub, number..number + 1));
        local.push(begun.elapsed());
        loop {
            let (known, at) = shared.recv().await.unwrap();
            if known >= arrival {
                remote.push(at - begun);
                break;
            }
        }
    }
    follow.abort();
    let both =
        |share, times: &mut [Vec<Duration>; 2]| times.each_mut().map(|times| quantile(times, share, 1e3));
    let mut times = [remote, local];
    report.pair(
        "entry of the journal: on the cloud's disk (beside: on the hub's), median",
        "ms",
        both(0.5, &mut times),
        None,
    );
    report.pair("… p99", "ms", both(0.99, &mut times), None);
}

/// A hub that wrote a month's journal alone.
pub async fn away(report: &mut Report, sizes: &Sizes, folder: &Path) {
    fs::create_dir(folder).unwrap();
    let data = folder.join("data");
    let device = {
        let communities = Communities::in_folder(&data, now(), entropy).unwrap();
        let community = communities.create("Сосновка", now(), entropy).unwrap();
        Device::enrol(&communities, community.id)
    };
    let store = device.on_disk(&folder.join("hub.db"));
    // As many at a time as one transaction takes.
    const AT_ONCE: u64 = 20;
    let mut last = 0;
    for first in (1..=sizes.away).step_by(AT_ONCE as usize) {
        last = write(&store, device.replica, first..(first + AT_ONCE).min(sizes.away + 1));
    }
    let program = Program::start(&data, AUTHORITY);
    let begun = Instant::now();
    let mut line = Line::open(&device, Ipv4Addr::LOCALHOST, program.at, AUTHORITY).await.unwrap();
    let mut endpoint = store.clone();
    'behind: loop {
        for event in line.step(&mut endpoint, std::future::pending()).await.unwrap() {
            if matches!(event, Event::Store(Stored::Shared(arrival)) if arrival >= last) {
                break 'behind;
            }
        }
    }
    let took = begun.elapsed().as_secs_f64();
    let what = format!("a hub that was away, {} entries: all on the cloud's disk", sizes.away);
    report.own(&what, "s", took, None);
    report.own("… entries", "/s", sizes.away as f64 / took, None);
    report.own("… bytes", "MB", line.sent as f64 / 1e6, None);
    report.own("… the cloud's memory, at most", "MB", program.memory().1, None);
    report.own("… the cloud's processor", "s", program.processor(), None);
}
