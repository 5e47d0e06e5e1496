//! A thousand hubs that connect at once, as after the cloud's restart; and the same among sockets that only sit there.

use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use dwellers::journal::Entry;
use dwellers::people::House;
use dwellers_cloud::clock::{entropy, now};
use dwellers_cloud::communities::Communities;
use dwellers_link::talk::Event;
use dwellers_replica::sync::Event as Stored;
use dwellers_replica::{Memory, Query, RecordId, Replica, Writes};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio_tungstenite::client_async;

use crate::hub::{AUTHORITY, Device, Line, connect};
use crate::program::Program;
use crate::report::Report;
use crate::{Sizes, quantile};

/// Houses of each community, which each hub is to know.
const HOUSES: u64 = 10;
/// How long hubs that are in step are watched.
const WATCHED: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_secs(240);

pub async fn measure(report: &mut Report, sizes: &Sizes, folder: &Path) {
    fs::create_dir(folder).unwrap();
    let few = (sizes.hubs / 50).max(1);
    for (communities, name) in [(few, "few"), (sizes.hubs, "many")] {
        let data = folder.join(name).join("data");
        fs::create_dir(folder.join(name)).unwrap();
        let begun = Instant::now();
        let devices = Arc::new(settle(&data, communities, sizes.hubs));
        let what = format!("{} hubs of {communities} communities", sizes.hubs);
        report.own(&format!("{what}: enrolled"), "s", begun.elapsed().as_secs_f64(), None);
        report_crowd(report, &format!("{what}, connecting at once"), &data, &devices, 0).await;
        let among = format!("{what}, among {} sockets in the way", sizes.idle);
        report_crowd(report, &among, &data, &devices, sizes.idle).await;
    }
}

/// A hub of the crowd, with the store that it keeps between its connections.
struct Member {
    device: Device,
    store: Mutex<Replica<Memory>>,
}

/// Communities with houses, and hubs that were enrolled in them by turns.
fn settle(data: &Path, communities: usize, hubs: usize) -> Vec<Member> {
    let all = Communities::in_folder(data, now(), entropy).unwrap();
    let mut devices = Vec::new();
    for n in 0..communities {
        let community = all.create(&format!("Посёлок {n}"), now(), entropy).unwrap();
        let mut writes = Writes::new();
        for house in 0..HOUSES {
            let label = house.to_string();
            let id = RecordId::new(now().ms, entropy());
            writes.create(
                id,
                &House { label: label.clone(), key: label, note: String::new(), ..House::default() },
            );
        }
        community.store.commit(now(), writes).unwrap();
        let here = (hubs + communities - 1 - n) / communities;
        devices.extend((0..here).map(|_| {
            let device = Device::enrol(&all, community.id);
            let store = Mutex::new(device.in_memory());
            Member { device, store }
        }));
    }
    devices
}

async fn report_crowd(report: &mut Report, what: &str, data: &Path, devices: &Arc<Vec<Member>>, idle: usize) {
    let program = Program::start(data, AUTHORITY);
    let (before, _) = program.memory();
    let held = Arc::new(AtomicUsize::new(0));
    let mut in_the_way = JoinSet::new();
    for n in 0..idle {
        in_the_way.spawn(sit(n, program.at, held.clone()));
    }
    let begun = Instant::now();
    while held.load(Ordering::Relaxed) < idle && begun.elapsed() < Duration::from_secs(10) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let sitting = held.load(Ordering::Relaxed);
    let begun = Instant::now();
    let mut hubs = JoinSet::new();
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let failures = Arc::new(std::sync::Mutex::new(BTreeMap::<String, usize>::new()));
    for n in 0..devices.len() {
        hubs.spawn(hub(devices.clone(), n, program.at, begun, tell.clone(), failures.clone()));
    }
    let mut times = Vec::new();
    while times.len() < devices.len() {
        match tokio::time::timeout(PATIENCE.saturating_sub(begun.elapsed()), told.recv()).await {
            Ok(Some(time)) => times.push(time),
            _ => break,
        }
    }
    let took = begun.elapsed().as_secs_f64();
    let processor = program.processor();
    let (threads, files) = program.holds();
    if times.len() < devices.len() {
        report.own(&format!("{what}: NOT ALL in step, only"), "", times.len() as f64, None);
    } else {
        report.own(&format!("{what}: all in step"), "s", took, None);
    }
    if !times.is_empty() {
        report.own("… the median of them", "s", quantile(&mut times, 0.5, 1.0), None);
    }
    report.own("… the cloud's processor", "s", processor, None);
    let (now, most) = program.memory();
    report.own("… its memory before", "MB", before, None);
    report.own("… its memory, at most", "MB", most, None);
    report.own("… of that each hub", "kB", (now - before) * 1e3 / devices.len() as f64, None);
    report.own("… its threads", "", threads as f64, None);
    report.own("… its open files", "", files as f64, None);
    if idle > 0 {
        report.own("… sockets in the way, as the hubs began", "", sitting as f64, None);
    }
    tokio::time::sleep(WATCHED).await;
    let share = (program.processor() - processor) / WATCHED.as_secs_f64();
    report.own("… its processor afterwards, of one core", "%", share * 100.0, None);
    for (why, count) in failures.lock().unwrap().iter() {
        eprintln!("    {count} attempts: {why}");
    }
}

/// A hub comes again until it is in, brings an entry and takes the houses, says how long that took, and stays.
async fn hub(
    devices: Arc<Vec<Member>>,
    n: usize,
    at: SocketAddr,
    begun: Instant,
    tell: tokio::sync::mpsc::UnboundedSender<Duration>,
    failures: Arc<std::sync::Mutex<BTreeMap<String, usize>>>,
) {
    let Member { device, store } = &devices[n];
    let mut store = store.lock().await;
    let store = &mut *store;
    let mut writes = Writes::new();
    let id = RecordId::new(now().ms, entropy());
    writes.create(id, &Entry { hub: device.replica, number: 1, ..Entry::default() });
    store.commit(now(), &writes).unwrap();
    let own = store.standing().unwrap().mark.arrival;
    let from = Ipv4Addr::new(127, 10, (n >> 8) as u8, (n & 255) as u8);
    let (mut shared, mut told, mut pause_ms) = (false, false, 250);
    loop {
        let why = match Line::open(device, from, at, AUTHORITY).await {
            Ok(mut line) => loop {
                match line.step(store, std::future::pending()).await {
                    Ok(events) => {
                        shared |= events.iter().any(
                            |event| matches!(event, Event::Store(Stored::Shared(arrival)) if *arrival >= own),
                        );
                    }
                    Err(why) => break why,
                }
                if shared && !told && houses(store) == HOUSES as usize {
                    told = true;
                    let _ = tell.send(begun.elapsed());
                }
            },
            Err(why) => why,
        };
        *failures.lock().unwrap().entry(why).or_default() += 1;
        // As a hub does, only sooner.
        tokio::time::sleep(Duration::from_millis(pause_ms / 2 + fastrand::u64(..pause_ms))).await;
        pause_ms = (pause_ms * 2).min(4_000);
    }
}

fn houses(store: &Replica<Memory>) -> usize {
    let query = Query::on("key").limit(100);
    store.view(|view| view.of::<House>().find(&query)).unwrap().unwrap().entries.len()
}

/// One that wants to be in the way, and comes back whenever it was sent away: it says nothing, begins a request and goes on
/// with a letter a second, or opens a WebSocket and says nothing there.
async fn sit(n: usize, at: SocketAddr, held: Arc<AtomicUsize>) {
    let from = Ipv4Addr::new(127, 20, (n >> 8) as u8, (n & 255) as u8);
    loop {
        if let Ok(mut stream) = connect(from, at).await {
            held.fetch_add(1, Ordering::Relaxed);
            let mut scrap = [0; 256];
            match n % 3 {
                0 => {
                    let _ = stream.read(&mut scrap).await;
                }
                1 => {
                    let mut head = b"GET /link HTTP/1.1\r\nhost: ".iter().chain(std::iter::repeat(&b'x'));
                    while stream.write_all(&[*head.next().unwrap()]).await.is_ok() {
                        tokio::time::sleep(Duration::from_secs(1)).await;
                    }
                }
                _ => {
                    if let Ok((mut socket, _)) = client_async(format!("ws://{at}/link"), stream).await {
                        let _ = socket.get_mut().read(&mut scrap).await;
                        while socket.get_mut().read(&mut scrap).await.is_ok_and(|read| read > 0) {}
                    }
                }
            }
            held.fetch_sub(1, Ordering::Relaxed);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
