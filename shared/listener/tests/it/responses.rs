//! Responses: clients that do not read them, streams that live long, connections that leave HTTP.

use std::sync::atomic::Ordering;

use dwellers_listener::{Count, Limits, Security};
use tokio::io::AsyncReadExt;

use crate::client::{Client, until, within};
use crate::house::{CHUNK_BYTES, House, LARGE_BYTES, SHORT_MS, patient};
use crate::tls;

/// More than the kernel's buffers on either side and ours take; far less than a stream that nobody stops.
const MANY_BYTES: usize = 64 * 1024 * 1024;

/// The time of the idle limit passes: an idle client is closed.
async fn idle_time_passes(house: &House) {
    let mut idle = Client::connect(house.addr).await;
    idle.get("/hello").await;
    idle.is_hung_up_on().await;
}

#[tokio::test]
async fn a_client_that_never_reads_is_cut_and_holds_nothing() {
    for path in ["/endless", "/large"] {
        let house = House::plain(Limits { write_stall_timeout_ms: SHORT_MS, ..patient() }).await;
        let mut stuck = Client::connect_as([127, 0, 0, 1], house.addr).await;
        stuck.send(format!("GET {path} HTTP/1.1\r\n\r\n").as_bytes()).await;
        house.answers_others().await;
        house.counts(Count::WriteStalled, 1).await;
        house.has_open(0).await;
        let taken = house.levers.chunks.load(Ordering::SeqCst) * CHUNK_BYTES;
        assert!(taken < MANY_BYTES, "{taken} bytes were taken from a stream that nobody reads");
        assert_eq!(house.levers.endless_dropped.load(Ordering::SeqCst), path == "/endless");
    }
}

#[tokio::test]
async fn nor_does_tls_hide_that_it_never_reads() {
    let pki = tls::Pki::new();
    let limits = Limits { write_stall_timeout_ms: SHORT_MS, ..patient() };
    let house = House::open(Security::Tls(pki.server()), limits).await;
    let socket = Client::connect_as([127, 0, 0, 1], house.addr).await;
    let mut stuck = pki.connect(socket.0, &[b"http/1.1"]).await.unwrap();
    stuck.send(b"GET /endless HTTP/1.1\r\n\r\n").await;
    house.counts(Count::WriteStalled, 1).await;
    house.has_open(0).await;
    assert!(house.levers.endless_dropped.load(Ordering::SeqCst));
}

#[tokio::test]
async fn a_stream_of_events_outlives_every_pause() {
    let limits = Limits {
        head_timeout_ms: SHORT_MS,
        idle_timeout_ms: SHORT_MS,
        write_stall_timeout_ms: SHORT_MS,
        body_timeout_ms: SHORT_MS,
        ..patient()
    };
    let house = House::plain(limits).await;
    let mut listening = Client::connect(house.addr).await;
    listening.send(b"GET /events HTTP/1.1\r\n\r\n").await;
    assert!(listening.head().await.starts_with("HTTP/1.1 200"));
    for _ in 0..3 {
        idle_time_passes(&house).await;
    }
    house.levers.events.send("the gate opens".into()).unwrap();
    listening.hear("data:the gate opens").await;
    assert_eq!(house.counters.open(), 1);
    // A listener that leaves is noticed without a write.
    drop(listening);
    house.has_open(0).await;
    until(|| house.levers.events.receiver_count() == 0, "nobody listens").await;
}

#[tokio::test]
async fn a_slow_reader_that_reads_is_neither_idle_nor_stalled() {
    const STEPS: usize = 16;
    let limits = Limits {
        idle_timeout_ms: SHORT_MS,
        // Far more than one step takes, and less than all of them.
        write_stall_timeout_ms: 10 * SHORT_MS,
        ..patient()
    };
    let house = House::plain(limits).await;
    let mut slow = Client::connect_as([127, 0, 0, 1], house.addr).await;
    slow.send(b"GET /large HTTP/1.1\r\n\r\n").await;
    slow.head().await;
    for _ in 0..STEPS {
        idle_time_passes(&house).await;
        within(slow.0.read_exact(&mut vec![0; LARGE_BYTES / STEPS])).await.unwrap();
    }
    // That was all. From here on it idles.
    slow.is_hung_up_on().await;
    house.counts(Count::IdleClosed, STEPS as u64 + 1).await;
    house.has_open(0).await;
}

#[tokio::test]
async fn an_upgraded_connection_lives_by_its_own_rules_and_keeps_its_slot() {
    let limits = Limits { head_timeout_ms: SHORT_MS, idle_timeout_ms: SHORT_MS, ..patient() };
    let house = House::plain(limits).await;
    let mut talk = Client::connect(house.addr).await;
    talk.send(b"GET /echo HTTP/1.1\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n").await;
    assert!(talk.head().await.starts_with("HTTP/1.1 101 "));
    talk.send(b"first").await;
    talk.hear("first").await;
    for _ in 0..3 {
        idle_time_passes(&house).await;
    }
    talk.send(b"second").await;
    talk.hear("second").await;
    assert_eq!(house.counters.open(), 1);
    drop(talk);
    house.has_open(0).await;
}

#[tokio::test]
async fn a_handler_that_panics_harms_its_own_connection_only() {
    let house = House::plain(patient()).await;
    let mut client = Client::connect(house.addr).await;
    client.send(b"GET /panics HTTP/1.1\r\n\r\n").await;
    client.is_hung_up_on().await;
    house.has_open(0).await;
    house.answers_others().await;
}
