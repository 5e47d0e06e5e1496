//! Too many at once: of all, of one peer, for the process; and what the log says of it.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dwellers_listener::{Count, Limits};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::child::Served;
use crate::client::{Client, within};
use crate::house::{House, SHORT_MS, patient};

const CROWD: usize = 500;

async fn crowd(to: std::net::SocketAddr) -> Vec<Client<TcpStream>> {
    let mut crowd = Vec::new();
    for _ in 0..CROWD {
        crowd.push(Client::connect(to).await);
    }
    crowd
}

#[tokio::test]
async fn a_crowd_within_the_limit_harms_nobody() {
    let served = Served::start(1000, CROWD + 2);
    let mut before = Client::connect(served.addr).await;
    before.get("/count/accepted").await;
    let crowd = crowd(served.addr).await;
    let mut after = Client::connect(served.addr).await;
    assert_eq!(after.get("/count/accepted").await.status, 200);
    for good in [&mut before, &mut after] {
        assert_eq!(Served::count(good, Count::Accepted).await, CROWD as u64 + 2);
        assert_eq!(Served::count(good, Count::RefusedFull).await, 0);
    }
    drop(crowd);
    served.stop();
}

#[tokio::test]
async fn a_crowd_beyond_the_limit_is_answered_503_and_harms_nobody() {
    const LIMIT: usize = 100;
    let served = Served::start(1000, LIMIT);
    let mut before = Client::connect(served.addr).await;
    before.get("/count/accepted").await;
    let mut crowd = crowd(served.addr).await;
    for refused in &mut crowd[LIMIT - 1..] {
        let answer = refused.answer().await;
        assert_eq!(answer.status, 503);
        assert!(String::from_utf8(answer.body).unwrap().contains("Busy, try later"));
        refused.is_hung_up_on().await;
    }
    assert_eq!(Served::count(&mut before, Count::Accepted).await, LIMIT as u64);
    assert_eq!(Served::count(&mut before, Count::RefusedFull).await, (CROWD - LIMIT + 1) as u64);
    // Those within it were left alone.
    let mut byte = [0];
    assert!(timeout(Duration::ZERO, crowd[0].0.read(&mut byte)).await.is_err(), "a guest was thrown out");
    // One leaves, another may come.
    crowd.clear();
    within(async { while Client::connect(served.addr).await.get("/count/accepted").await.status != 200 {} })
        .await;
    served.stop();
}

#[tokio::test]
async fn a_crowd_that_idles_makes_room_by_itself() {
    let limits = Limits { max_connections: 10, head_timeout_ms: SHORT_MS, ..patient() };
    let house = House::plain(limits).await;
    let mut crowd = Vec::new();
    for _ in 0..10 {
        crowd.push(Client::connect(house.addr).await);
    }
    house.has_open(10).await;
    house.counts(Count::Silent, 10).await;
    house.has_open(0).await;
    house.answers_others().await;
}

#[tokio::test]
async fn one_peer_cannot_take_the_room_of_all() {
    let limits = Limits { max_connections: 20, max_connections_per_peer: 3, ..patient() };
    let house = House::plain(limits).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(Client::connect_as([127, 0, 0, 9], house.addr).await);
    }
    house.has_open(3).await;
    let mut fourth = Client::connect_as([127, 0, 0, 9], house.addr).await;
    assert_eq!(fourth.answer().await.status, 503);
    fourth.is_hung_up_on().await;
    house.counts(Count::RefusedPeer, 1).await;
    // Another is another, and loopback is not counted.
    held.push(Client::connect_as([127, 0, 0, 10], house.addr).await);
    for _ in 0..10 {
        held.push(Client::connect(house.addr).await);
    }
    house.has_open(14).await;
    drop(held);
    house.has_open(0).await;
    let mut again = Client::connect_as([127, 0, 0, 9], house.addr).await;
    assert_eq!(again.get("/hello").await.status, 200);
    house.counts(Count::RefusedPeer, 1).await;
}

#[tokio::test]
async fn too_many_open_files_pause_the_listener_and_do_not_end_it() {
    let served = Served::start(40, CROWD);
    let mut before = Client::connect(served.addr).await;
    before.get("/count/accepted").await;
    // The kernel takes these; the process cannot.
    let mut crowd = Vec::new();
    for _ in 0..60 {
        crowd.push(Client::connect(served.addr).await);
    }
    within(async { while Served::count(&mut before, Count::AcceptFailed).await < 3 {} }).await;
    // Who has a connection notices nothing. However long these take, the pauses grow: some 10 are expected.
    for _ in 0..200 {
        assert_eq!(before.get("/count/accepted").await.status, 200);
    }
    let failed = Served::count(&mut before, Count::AcceptFailed).await;
    assert!(failed < 60, "{failed} failures: it spins");
    assert!(Served::count(&mut before, Count::Accepted).await < 40);
    drop(crowd);
    assert_eq!(Client::connect(served.addr).await.get("/count/accepted").await.status, 200);
    served.stop();
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_flood_is_logged_in_two_lines() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let house = House::plain(Limits { max_connections: 0, ..patient() }).await;
    for _ in 0..50 {
        let mut client = Client::connect(house.addr).await;
        assert_eq!(client.answer().await.status, 503);
    }
    house.counts(Count::RefusedFull, 50).await;
    let addr = house.addr.to_string();
    let _ = house.close().await;
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let told: Vec<&str> = log.lines().filter(|line| line.contains("what=\"refused_full\"")).collect();
    assert!(told.iter().all(|line| line.contains("WARN") && line.contains(&addr)), "{log}");
    // The first, the rest at the end, and one between if the machine was slow enough for a report.
    assert!((2..=4).contains(&told.len()), "{log}");
    assert!(told[0].contains("peer=127.0.0.1") && told.last().unwrap().contains("total=50"), "{log}");
}
