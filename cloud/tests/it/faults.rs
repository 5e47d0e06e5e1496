//! The link in bad networks: whatever happens to a connection, both sides come to the same, each thing once, in bounded memory.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use dwellers::journal::Entry;
use dwellers::people::House;
use dwellers_cloud::downlink::Wish;
use dwellers_cloud::hubs::Newcomer;
use dwellers_link::challenge::{Challenge, Challenges};
use dwellers_link::talk::SILENT_MS;
use dwellers_link::wire::{Message, Outcome, Stage};
use dwellers_replica::{Query, RecordId, Shared, Writes};
use tokio::time::timeout;
use tokio_tungstenite::connect_async;

use super::harness::{Cloud, Hub, PATIENCE, has, house, write};
use super::program::Program;
use super::proxy::{End, Proxy, Weather};
use super::{Place, entropy};

const ENTRIES: u64 = 60;

fn entries(store: &Shared) -> usize {
    let query = Query::on("number").limit(Query::MAX_LIMIT);
    store.view(|view| view.of::<Entry>().find(&query).unwrap().entries.len()).unwrap()
}

/// A hub of a cloud, both with something to say, in this weather: how often it had to connect.
async fn converge(weather: Weather, seed: u64, speed: u64) -> u32 {
    let place = Place::new();
    let cloud = Cloud::start(&place).await;
    let mut hub = Hub::new(&place, "hub.db", 1);
    assert_eq!(cloud.enrol(&hub, &cloud.code("Въезд")).await.0, 201);
    hub.speed = speed;
    for n in 0..ENTRIES {
        house(&cloud, &n.to_string());
        let note = "я".repeat(60);
        write(&hub.store, &Entry { hub: hub.replica, number: n + 1, note, ..Entry::default() });
    }
    let proxy = Proxy::start(cloud.at.parse().unwrap(), weather, seed).await;
    let at = proxy.at.to_string();
    let same = || hub.store.digests().unwrap() == cloud.community.store.digests().unwrap();
    let (mut times, begun) = (0, Instant::now());
    while !same() {
        assert!(begun.elapsed() < 2 * PATIENCE, "{weather:?}: they do not come to the same");
        times += 1;
        // As a hub does: nothing said in the time that its handshake has is as good as a connection that broke.
        let greeting = async {
            let (socket, _) = connect_async(format!("ws://{at}/link")).await.ok()?;
            hub.greet(socket, &cloud).await
        };
        let Ok(Some(mut line)) = timeout(PATIENCE / speed as u32, greeting).await else {
            // A black hole is none for ever.
            if matches!(weather.end, Some(End::Silent(0))) {
                proxy.turns(Weather::default());
            }
            continue;
        };
        // What is written meanwhile comes, too.
        house(&cloud, &format!("новый {times}"));
        hub.follow(&mut line, same).await;
    }
    let all = u64::from(u32::try_from(entries(&cloud.community.store)).unwrap());
    assert_eq!((all, entries(&hub.store) as u64), (ENTRIES, ENTRIES), "{weather:?}: each once");
    cloud.end().await;
    times
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_the_network_does_both_come_to_the_same_and_everything_is_there_once() {
    let fair = Weather::default();
    let cut = |most| Weather { end: Some(End::Cut(most)), ..fair };
    // At ten times the speed a hub takes a silent line for dead after 2.5 s.
    let (cuts, delayed, slow, loses, dies, halves, silent, black) = tokio::join!(
        converge(cut(12_000), 1, 1),
        converge(Weather { delay_ms: 120, ..fair }, 2, 1),
        converge(Weather { bits_per_s: 64_000, ..fair }, 3, 1),
        converge(Weather { lost_percent: 10, delay_ms: 20, ..fair }, 4, 1),
        converge(Weather { deadly_permille: 50, ..fair }, 5, 1),
        converge(Weather { end: Some(End::HalfClosed(12_000)), ..fair }, 6, 10),
        converge(Weather { end: Some(End::Silent(16_000)), ..fair }, 7, 10),
        converge(Weather { end: Some(End::Silent(0)), ..fair }, 8, 10),
    );
    assert!(cuts >= 3 && dies >= 3 && halves >= 2 && silent >= 2, "{cuts} {dies} {halves} {silent}");
    assert!(black >= 2, "{black}");
    assert_eq!((delayed, slow, loses), (1, 1, 1), "a slow line is not a broken one");
}

/// A cable is pulled while both ends believe in their sockets: each takes the other for gone within its bound, in real time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_falls_silent_is_noticed_on_both_ends() {
    let place = Place::new();
    let cloud = Cloud::start(&place).await;
    let hub = Hub::new(&place, "hub.db", 1);
    assert_eq!(cloud.enrol(&hub, &cloud.code("Въезд")).await.0, 201);
    let silent = Weather { end: Some(End::Silent(40_000)), ..Weather::default() };
    let proxy = Proxy::start(cloud.at.parse().unwrap(), silent, 1).await;
    let (socket, _) = connect_async(format!("ws://{}/link", proxy.at)).await.unwrap();
    let mut line = hub.greet(socket, &cloud).await.unwrap();
    let known = house(&cloud, "12");
    assert_eq!(hub.follow(&mut line, || has::<House>(&hub.store, known)).await, None);
    assert!(cloud.downlink.is_here(cloud.community.id, hub.key.public()));
    // More than goes through before the cable is pulled.
    for number in 1..=100 {
        write(&hub.store, &Entry { hub: hub.replica, number, note: "я".repeat(400), ..Entry::default() });
    }
    let begun = Instant::now();
    let bound = Duration::from_millis(SILENT_MS) + Duration::from_secs(3);
    let hub_notices = async {
        let why = hub.follow(&mut line, || false).await;
        assert_eq!(why.as_deref(), Some("nothing was heard of the other side"));
        begun.elapsed()
    };
    let cloud_notices = async {
        while cloud.downlink.is_here(cloud.community.id, hub.key.public()) {
            assert!(begun.elapsed() < bound, "the cloud believes in it");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        begun.elapsed()
    };
    let (at_hub, at_cloud) = tokio::join!(hub_notices, cloud_notices);
    assert!(at_hub < bound && at_cloud < bound, "{at_hub:?} {at_cloud:?}");
    cloud.end().await;
}

/// Commands in bad weather: what reaches the hub reaches it once, and what became of it is told truly or not at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_is_acted_on_once_at_most_whatever_the_network_does() {
    let place = Place::new();
    let cloud = Cloud::start(&place).await;
    let hub = Hub::new(&place, "hub.db", 1);
    let (key, community) = (hub.key.public(), cloud.community.id);
    assert_eq!(cloud.enrol(&hub, &cloud.code("Въезд")).await.0, 201);
    let weather = Weather { end: Some(End::Cut(3_000)), lost_percent: 10, ..Weather::default() };
    let proxy = Proxy::start(cloud.at.parse().unwrap(), weather, 11).await;
    let (asks, mut asked, mut acted, mut told) = (60_u128, 0, Vec::new(), Vec::new());
    let begun = Instant::now();
    while asked < asks {
        assert!(begun.elapsed() < 2 * PATIENCE, "{asked} were asked");
        let Ok((socket, _)) = connect_async(format!("ws://{}/link", proxy.at)).await else { continue };
        let Some(mut line) = hub.greet(socket, &cloud).await else { continue };
        let mut challenges = Challenges::default();
        let mut waiting = None;
        // One after the other on this connection, until it breaks.
        'line: while asked < asks {
            let drawn = Challenge(dwellers_cloud::clock::random());
            challenges.hand_out(drawn, hub.at_ms());
            if !hub.try_say(&mut line, &Message::Challenge(drawn)).await {
                break;
            }
            let ask = Instant::now();
            while waiting.is_none() {
                let id = RecordId::new(1, asked);
                let wish = Wish { id, gate: id, lane: "in".to_owned(), person: id };
                match cloud.downlink.command(community, key, wish) {
                    Ok(stages) => (asked, waiting) = (asked + 1, Some((id, stages))),
                    // The challenge never came.
                    Err(_) if ask.elapsed() > Duration::from_secs(1) => break 'line,
                    Err(_) => tokio::time::sleep(Duration::from_millis(2)).await,
                }
            }
            let Some(command) = hub.try_command(&mut line).await else { break };
            if challenges.spend(command.challenge, hub.at_ms()).is_ok() {
                acted.push(command.id);
            }
            let outcome = Outcome { command: command.id, stage: Stage::SeenOpen };
            if !hub.try_say(&mut line, &Message::Outcome(outcome)).await {
                break;
            }
            let Some((id, mut stages)) = waiting.take() else { break };
            match timeout(PATIENCE, stages.recv()).await.unwrap() {
                Some(stage) => told.push((id, stage)),
                None => break,
            }
        }
        drop(line);
        // Whoever waits is told by its end that nobody knows.
        if let Some((_, mut stages)) = waiting.take() {
            assert_eq!(timeout(PATIENCE, stages.recv()).await.unwrap(), None);
        }
    }
    let count = acted.len();
    acted.sort();
    acted.dedup();
    assert_eq!(count, acted.len(), "each once");
    assert!(told.iter().all(|(id, stage)| *stage == Stage::SeenOpen && acted.contains(id)), "{told:?}");
    assert!(told.len() > 5 && proxy.connections.load(Ordering::Relaxed) > 3, "{} were told", told.len());
    cloud.end().await;
}

/// Many hubs that take a large catch-up by the drop: the program's memory does not grow with what they lack.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_readers_of_much_do_not_fill_the_clouds_memory() {
    const HUBS: u8 = 8;
    let place = Place::new();
    let data = place.data();
    let communities = place.communities();
    let now = dwellers_cloud::clock::now();
    let community = communities.create("Сосновка", now, entropy).unwrap();
    let hubs: Vec<Hub> = (0..HUBS).map(|n| Hub::new(&place, &format!("{n}.db"), n + 1)).collect();
    for hub in &hubs {
        let (label, drawn) = (hub.replica.to_string(), dwellers_cloud::clock::random());
        let code = communities.invite_hub(community.id, &label, false, drawn, entropy, now).unwrap();
        let newcomer = Newcomer { key: hub.key.public(), replica: hub.replica, community: None };
        communities.enrol(&code, &newcomer, entropy, now).unwrap();
    }
    // 24 megabytes in notes of 3 kB.
    for some in 0..400 {
        let mut writes = Writes::new();
        for n in 0..20 {
            let label = format!("{some}-{n}");
            let note = "x".repeat(3_000);
            writes.create(
                RecordId::new(some, n),
                &House { label: label.clone(), key: label, note, ..House::default() },
            );
        }
        community.store.commit(now, writes).unwrap();
    }
    let (id, authority) = (community.id, "cloud.example:443");
    drop((community, communities));
    let program = Program::start(&data, authority);
    let slow = Weather { bits_per_s: 64_000, ..Weather::default() };
    let proxy = Proxy::start(program.at, slow, 1).await;
    let at = proxy.at.to_string();
    let connected = futures_util::future::join_all(hubs.iter().map(|hub| hub.connect(&at, authority, id)));
    let mut lines: Vec<_> = connected.await.into_iter().map(Result::unwrap).collect();
    let (before, _) = program.memory();
    // Long enough for a cloud that puts everything into its sockets, or into memory, to have done so.
    let until = Instant::now() + Duration::from_secs(8);
    let follow = hubs.iter().zip(&mut lines).map(|(hub, line)| hub.follow(line, || Instant::now() > until));
    let over: Vec<_> = futures_util::future::join_all(follow).await;
    assert!(over.iter().all(Option::is_none), "{over:?}");
    let (_, most) = program.memory();
    let grown = most - before;
    println!("{HUBS} slow readers of 24 MB: from {before:.1} to {most:.1} MB");
    // What is under way to a slow reader is as small as its line is slow; SQLite keeps some pages of what was read, and the
    // allocator what was used in between, of which a busy machine leaves more (65 MB were seen). All of it would be eight
    // times 24 MB, and copies.
    assert!(grown < 16.0 * f64::from(HUBS), "{grown} MB");
}
