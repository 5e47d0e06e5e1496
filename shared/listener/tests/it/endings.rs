//! Shutdowns: what runs may finish, what is stuck is cut, nothing stays.

use std::sync::atomic::Ordering;

use dwellers_listener::{Count, Limits, Served};
use tokio::net::TcpStream;

use crate::client::{Client, until};
use crate::house::{House, SHORT_MS, patient};

async fn refuses_new_connections(house: &House) {
    for _ in 0..1000 {
        if TcpStream::connect(house.addr).await.is_err() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("it still listens");
}

#[tokio::test]
async fn a_request_in_flight_finishes() {
    let mut house = House::plain(patient()).await;
    let mut busy = Client::connect(house.addr).await;
    busy.send(b"GET /held HTTP/1.1\r\n\r\n").await;
    let mut idle = Client::connect(house.addr).await;
    idle.get("/hello").await;
    let mut silent = Client::connect(house.addr).await;
    house.counts(Count::Accepted, 3).await;
    until(|| house.levers.held.load(Ordering::SeqCst) == 1, "a request in flight").await;

    house.begin_to_close();
    refuses_new_connections(&house).await;
    idle.is_hung_up_on().await;
    silent.is_hung_up_on().await;
    house.has_open(1).await;
    house.levers.release.notify_waiters();
    let answer = busy.answer().await;
    assert_eq!((answer.status, answer.body.as_slice()), (200, &b"released"[..]));
    busy.is_hung_up_on().await;
    assert_eq!(house.closed().await, Served { cut: 0 });
}

#[tokio::test]
async fn what_is_stuck_is_cut() {
    let house = House::plain(Limits { drain_timeout_ms: SHORT_MS, ..patient() }).await;
    let mut waiting = Client::connect(house.addr).await;
    waiting.send(b"GET /held HTTP/1.1\r\n\r\n").await;
    let mut half = Client::connect(house.addr).await;
    half.send(b"GET /hel").await;
    let mut listening = Client::connect(house.addr).await;
    listening.send(b"GET /events HTTP/1.1\r\n\r\n").await;
    listening.head().await;
    let mut unread = Client::connect_as([127, 0, 0, 1], house.addr).await;
    unread.send(b"GET /endless HTTP/1.1\r\n\r\n").await;
    unread.head().await;
    let mut talk = Client::connect(house.addr).await;
    talk.send(b"GET /echo HTTP/1.1\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n").await;
    talk.head().await;
    until(|| house.levers.held.load(Ordering::SeqCst) == 1, "a request in flight").await;
    house.counts(Count::Accepted, 5).await;

    let counters = house.counters.clone();
    assert_eq!(house.close().await, Served { cut: 5 });
    assert_eq!(counters.get(Count::Cut), 5);
    for client in [&mut waiting, &mut half, &mut listening, &mut unread, &mut talk] {
        client.rest().await;
    }
}

#[tokio::test]
async fn a_listener_that_is_dropped_leaves_nothing_behind() {
    let house = House::plain(patient()).await;
    let mut waiting = Client::connect(house.addr).await;
    waiting.send(b"GET /held HTTP/1.1\r\n\r\n").await;
    let mut talk = Client::connect(house.addr).await;
    talk.send(b"GET /echo HTTP/1.1\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n").await;
    talk.head().await;
    house.counts(Count::Accepted, 2).await;
    let counters = house.drop_serving().await;
    waiting.is_hung_up_on().await;
    talk.is_hung_up_on().await;
    until(|| counters.open() == 0, "nothing is open").await;
}
