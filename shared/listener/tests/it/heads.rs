//! Heads of requests: slow, missing, too large, no HTTP; and the pauses between requests.

use std::time::Duration;

use dwellers_listener::{Count, Limits};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::client::{Client, within};
use crate::house::{House, SHORT_MS, patient};

/// Sends byte by byte until the other side has had enough.
async fn trickle(client: &mut Client<tokio::net::TcpStream>, mut bytes: impl Iterator<Item = u8>) {
    within(async {
        let mut pace = tokio::time::interval(Duration::from_millis(10));
        while client.0.write_all(&[bytes.next().unwrap()]).await.is_ok() {
            pace.tick().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_head_that_trickles_is_cut_and_others_are_answered() {
    let house = House::plain(Limits { head_timeout_ms: SHORT_MS, ..patient() }).await;
    let endless = "GET /hello HTTP/1.1\r\nx: ".bytes().chain(std::iter::repeat(b'y'));
    let mut slow = Client::connect(house.addr).await;
    let ((), ()) = tokio::join!(trickle(&mut slow, endless), house.answers_others());
    slow.is_hung_up_on().await;
    house.counts(Count::HeadTimeout, 1).await;
    house.has_open(0).await;

    // Empty lines before a request are allowed, but not for ever.
    let mut slow = Client::connect(house.addr).await;
    trickle(&mut slow, "\r\n".bytes().cycle()).await;
    house.counts(Count::HeadTimeout, 2).await;

    // The second request of a connection is held to the same.
    let mut slow = Client::connect(house.addr).await;
    assert_eq!(slow.get("/hello").await.status, 200);
    trickle(&mut slow, "GET /hello HTTP/1.1\r\nx: ".bytes().chain(std::iter::repeat(b'y'))).await;
    house.counts(Count::HeadTimeout, 3).await;
    house.has_open(0).await;
}

#[tokio::test]
async fn a_client_that_says_nothing_is_hung_up_on() {
    let house = House::plain(Limits { head_timeout_ms: SHORT_MS, ..patient() }).await;
    let mut silent = Client::connect(house.addr).await;
    silent.is_hung_up_on().await;
    house.counts(Count::Silent, 1).await;
    house.has_open(0).await;
    house.answers_others().await;
}

#[tokio::test]
async fn a_head_too_large_is_answered_431() {
    let limits = Limits { max_head_bytes: 4096, max_headers: 10, ..patient() };
    let house = House::plain(limits).await;
    let check = async |headers: String, expected: u16, refused: u64| {
        let mut client = Client::connect(house.addr).await;
        client.send(format!("GET /hello HTTP/1.1\r\n{headers}\r\n").as_bytes()).await;
        assert_eq!(client.answer().await.status, expected, "{} bytes", headers.len());
        house.counts(Count::HeadTooLarge, refused).await;
        // A reset can destroy an answer that is still on its way: those who were refused get a proper end.
        if expected == 431 {
            let end = within(client.0.read(&mut [0])).await;
            assert!(matches!(end, Ok(0)), "{end:?}");
            house.has_open(0).await;
            let error = client.0.take_error().unwrap();
            assert!(error.is_none(), "{error:?}");
        }
    };
    let many = |n| (0..n).map(|n| format!("x-{n}: y\r\n")).collect::<String>();
    check(many(10), 200, 0).await;
    check(many(11), 431, 1).await;
    check(format!("x: {}\r\n", "y".repeat(3500)), 200, 1).await;
    check(format!("x: {}\r\n", "y".repeat(5000)), 431, 2).await;
    // Far beyond what any buffer takes: the answer still arrives.
    check(format!("x: {}\r\n", "y".repeat(100_000)), 431, 3).await;
    house.has_open(0).await;
    house.answers_others().await;
}

#[tokio::test]
async fn what_is_no_http_is_answered_400_and_closed() {
    let house = House::plain(patient()).await;
    let garbage: &[&[u8]] = &[
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS hello\r\n\r\n",
        b"\x00\xff\x00\xff\r\n\r\n",
        b"GET /hello HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET /hello HTTP/9.9\r\n\r\n",
        b"GET /hello HTTP/1.1\r\ncontent-length: many\r\n\r\n",
        b"POST /upload HTTP/1.1\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\n12345",
        b"CONNECT gate.example:443 HTTP/1.1\r\nhost: gate.example:443\r\n\r\n",
    ];
    for (n, bytes) in garbage.iter().enumerate() {
        let mut client = Client::connect(house.addr).await;
        client.send(bytes).await;
        let answer = client.rest().await;
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with("HTTP/1.1 400 "), "{:?}: {answer:?}", String::from_utf8_lossy(bytes));
        house.counts(Count::Malformed, n as u64 + 1).await;
    }
    // HTTP/2 without being asked: no answer that it could read, but an end.
    let mut client = Client::connect(house.addr).await;
    client.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    client.rest().await;
    house.counts(Count::Malformed, garbage.len() as u64 + 1).await;
    house.has_open(0).await;
    house.answers_others().await;
}

#[tokio::test]
async fn a_connection_is_kept_for_further_requests_until_it_idles() {
    // A whole exchange takes far less than the limit, many of them more: none may count for the next.
    let house = House::plain(Limits { idle_timeout_ms: 2 * SHORT_MS, ..patient() }).await;
    let mut client = Client::connect(house.addr).await;
    let mut pace = tokio::time::interval(Duration::from_millis(SHORT_MS / 4));
    for _ in 0..20 {
        assert_eq!(client.get("/hello").await.status, 200);
        pace.tick().await;
    }
    // Several at once, answered in order.
    client.send(&b"GET /hello HTTP/1.1\r\n\r\n".repeat(3)).await;
    for _ in 0..3 {
        assert_eq!(client.answer().await.body, b"hello");
    }
    assert_eq!(house.counters.get(Count::Accepted), 1);
    assert_eq!(house.counters.get(Count::IdleClosed), 0);
    client.is_hung_up_on().await;
    house.counts(Count::IdleClosed, 1).await;
    house.has_open(0).await;
    assert_eq!(house.counters.get(Count::Silent) + house.counters.get(Count::HeadTimeout), 0);
}

#[tokio::test]
async fn the_routes_know_who_asks() {
    let house = House::plain(patient()).await;
    let mut client = Client::connect_as([127, 0, 0, 7], house.addr).await;
    let expected = format!("{} false", client.0.local_addr().unwrap());
    assert!(expected.starts_with("127.0.0.7:"));
    assert_eq!(String::from_utf8(client.get("/who").await.body).unwrap(), expected);
}
