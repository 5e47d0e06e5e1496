//! Uploads: too large, stalled, trickling.

use std::time::Duration;

use dwellers_listener::{Count, Limits};
use tokio::io::AsyncWriteExt;

use crate::client::Client;
use crate::house::{House, SHORT_MS, patient};

#[tokio::test]
async fn a_body_too_large_is_answered_413() {
    let house = House::plain(Limits { max_body_bytes: 1000, ..patient() }).await;
    let check = async |framing: &str, body: &[u8], expected: u16, refused: u64| {
        let mut client = Client::connect(house.addr).await;
        client.send(format!("POST /upload HTTP/1.1\r\n{framing}\r\n\r\n").as_bytes()).await;
        client.send(body).await;
        let answer = client.answer().await;
        assert_eq!(answer.status, expected, "{framing}: {answer:?}");
        house.counts(Count::BodyTooLarge, refused).await;
        if expected == 413 {
            assert!(answer.head.contains("connection: close"), "{}", answer.head);
            client.rest().await;
        }
    };
    let chunked = |bytes: usize| format!("{bytes:x}\r\n{}\r\n0\r\n\r\n", "x".repeat(bytes)).into_bytes();
    check("content-length: 1000", &[b'x'; 1000], 200, 0).await;
    check("transfer-encoding: chunked", &chunked(1000), 200, 0).await;
    check("content-length: 1001", &[b'x'; 1001], 413, 1).await;
    check("transfer-encoding: chunked", &chunked(1001), 413, 2).await;
    // Announced and not sent: there is no need to wait for it.
    check("content-length: 10000000000", b"", 413, 3).await;
    house.has_open(0).await;
    house.answers_others().await;
}

#[tokio::test]
async fn a_stalled_body_is_answered_408() {
    let house = House::plain(Limits { body_stall_timeout_ms: SHORT_MS, ..patient() }).await;
    let mut client = Client::connect(house.addr).await;
    client.send(b"POST /upload HTTP/1.1\r\ncontent-length: 100\r\n\r\nhalf of it").await;
    house.answers_others().await;
    let answer = client.answer().await;
    assert_eq!(answer.status, 408, "{answer:?}");
    client.rest().await;
    house.counts(Count::BodyTimeout, 1).await;
    house.has_open(0).await;
}

#[tokio::test]
async fn a_body_that_trickles_ends_too() {
    let house = House::plain(Limits { body_timeout_ms: 2 * SHORT_MS, ..patient() }).await;
    let mut client = Client::connect(house.addr).await;
    client.send(b"POST /upload HTTP/1.1\r\ncontent-length: 100000\r\n\r\n").await;
    let (reading, mut writing) = client.0.split();
    let mut reading = Client(tokio::io::join(reading, tokio::io::sink()));
    let trickle = async {
        let mut pace = tokio::time::interval(Duration::from_millis(10));
        while writing.write_all(b"x").await.is_ok() {
            pace.tick().await;
        }
    };
    tokio::select! {
        answer = reading.answer() => assert_eq!(answer.status, 408, "{answer:?}"),
        () = trickle => panic!("it was cut without an answer"),
    }
    house.counts(Count::BodyTimeout, 1).await;
    drop(client);
    house.has_open(0).await;
}

#[tokio::test]
async fn a_slow_body_that_keeps_coming_is_taken() {
    const PIECES: u64 = 16;
    // Far more than one piece takes, and less than all of them.
    let house = House::plain(Limits { body_stall_timeout_ms: 10 * SHORT_MS, ..patient() }).await;
    let mut client = Client::connect(house.addr).await;
    client.send(format!("POST /upload HTTP/1.1\r\ncontent-length: {PIECES}\r\n\r\n").as_bytes()).await;
    let mut pace = tokio::time::interval(Duration::from_millis(SHORT_MS));
    for _ in 0..PIECES {
        pace.tick().await;
        client.send(b"x").await;
    }
    let answer = client.answer().await;
    assert_eq!((answer.status, answer.body.as_slice()), (200, &b"16 bytes"[..]));
}
