//! A listener that runs, with routes that do what tests ask of them.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use dwellers_listener::{
    Count, Counters, Encrypted, Limits, Listener, Peer, Security, Served, encrypted, peer,
};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::{Notify, broadcast, oneshot};
use tokio::task::JoinHandle;
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::{Stream, StreamExt};
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use crate::client::{BOUND, Client, until, within};

/// As small as a loaded machine allows.
pub(crate) const SHORT_MS: u64 = 200;
/// What a test does not want to meet.
pub(crate) const LONG_MS: u64 = 60_000;

/// Nothing ends by itself, but for what a test shortens.
pub(crate) fn patient() -> Limits {
    Limits {
        handshake_timeout_ms: LONG_MS,
        head_timeout_ms: LONG_MS,
        idle_timeout_ms: LONG_MS,
        body_stall_timeout_ms: LONG_MS,
        body_timeout_ms: LONG_MS,
        write_stall_timeout_ms: LONG_MS,
        drain_timeout_ms: LONG_MS,
        ..Limits::default()
    }
}

/// What the routes share with the test.
#[derive(Debug)]
pub(crate) struct Levers {
    pub(crate) events: broadcast::Sender<String>,
    /// Handlers of `/held` that wait for `release`.
    pub(crate) held: AtomicUsize,
    pub(crate) release: Notify,
    /// Chunks that `/endless` was asked for, and whether its stream was dropped.
    pub(crate) chunks: AtomicUsize,
    pub(crate) endless_dropped: AtomicBool,
}

pub(crate) const CHUNK_BYTES: usize = 16 * 1024;
pub(crate) const LARGE_BYTES: usize = 16 * 1024 * 1024;

pub(crate) struct House {
    pub(crate) addr: SocketAddr,
    pub(crate) counters: Arc<Counters>,
    pub(crate) levers: Arc<Levers>,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<Served>,
}

impl House {
    pub(crate) async fn open(security: Security, limits: Limits) -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = socket.local_addr().unwrap();
        let listener = Listener::new(socket, security, limits);
        let counters = listener.counters();
        let levers = Arc::new(Levers {
            events: broadcast::Sender::new(16),
            held: AtomicUsize::default(),
            release: Notify::new(),
            chunks: AtomicUsize::default(),
            endless_dropped: AtomicBool::default(),
        });
        let (stop, stopped) = oneshot::channel();
        let routes = routes(&levers);
        let served = tokio::spawn(listener.serve(routes, async { drop(stopped.await) }));
        House { addr, counters, levers, stop: Some(stop), served }
    }

    pub(crate) async fn plain(limits: Limits) -> Self {
        House::open(Security::Plain, limits).await
    }

    /// Waits for a count and holds it to exactly this.
    pub(crate) async fn counts(&self, count: Count, expected: u64) {
        until(|| self.counters.get(count) >= expected, count.name()).await;
        assert_eq!(self.counters.get(count), expected, "{}", count.name());
    }

    /// So many connections are open, not one of them forgotten.
    pub(crate) async fn has_open(&self, expected: u64) {
        until(|| self.counters.open() == expected, "connections open").await;
    }

    /// A stranger comes, is answered, and leaves.
    pub(crate) async fn answers_others(&self) {
        let answer = Client::connect(self.addr).await.get("/hello").await;
        assert_eq!((answer.status, answer.body.as_slice()), (200, &b"hello"[..]));
    }

    pub(crate) fn begin_to_close(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    /// The end, after which nothing is open.
    pub(crate) async fn closed(self) -> Served {
        let served = within(self.served).await.unwrap();
        assert_eq!(self.counters.open(), 0, "connections outlive their listener");
        served
    }

    pub(crate) async fn close(mut self) -> Served {
        self.begin_to_close();
        self.closed().await
    }

    /// The host drops the future that serves.
    pub(crate) async fn drop_serving(self) -> Arc<Counters> {
        self.served.abort();
        assert!(within(self.served).await.unwrap_err().is_cancelled());
        self.counters
    }
}

fn routes(levers: &Arc<Levers>) -> BoxedFilter<(Response,)> {
    let given = |levers: &Arc<Levers>| {
        let levers = Arc::clone(levers);
        warp::any().map(move || Arc::clone(&levers))
    };
    let hello = warp::path!("hello").map(|| reply("hello".into()));
    let who = warp::path!("who")
        .and(peer())
        .and(encrypted())
        .map(|Peer(peer), Encrypted(encrypted)| reply(format!("{peer} {encrypted}")));
    let upload = warp::path!("upload")
        .and(warp::body::bytes())
        .map(|body: bytes::Bytes| reply(format!("{} bytes", body.len())));
    let large = warp::path!("large").map(|| reply("x".repeat(LARGE_BYTES)));
    let endless = warp::path!("endless")
        .and(given(levers))
        .map(|levers| warp::reply::Reply::into_response(warp::reply::stream(Endless(levers))));
    let events = warp::path!("events").and(given(levers)).map(|levers: Arc<Levers>| {
        let events = BroadcastStream::new(levers.events.subscribe());
        let events =
            events.map(|event| Ok::<_, Infallible>(warp::sse::Event::default().data(event.unwrap())));
        warp::reply::Reply::into_response(warp::sse::reply(events))
    });
    let held = warp::path!("held").and(given(levers)).then(|levers: Arc<Levers>| async move {
        let released = levers.release.notified();
        levers.held.fetch_add(1, Ordering::SeqCst);
        released.await;
        reply("released".into())
    });
    let panics = warp::path!("panics").map(|| -> Response { panic!("a handler panics, as the test asked") });
    let echo = warp::path!("echo").and(warp::ext::get()).map(|upgrade: hyper::upgrade::OnUpgrade| {
        tokio::spawn(echo(upgrade));
        http::Response::builder().status(101).header("upgrade", "echo").body(Default::default()).unwrap()
    });
    let small = hello.or(who).unify().or(upload).unify().or(held).unify().or(panics).unify();
    small.or(large).unify().or(endless).unify().or(events).unify().or(echo).unify().boxed()
}

fn reply(text: String) -> Response {
    Response::new(text.into())
}

/// Says back what it hears until it may no longer.
async fn echo(upgrade: hyper::upgrade::OnUpgrade) {
    let mut stream = TokioIo::new(upgrade.await.unwrap());
    let mut bytes = [0; 64];
    while let Ok(read @ 1..) = stream.read(&mut bytes).await {
        if stream.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}

/// Chunks for ever, counted.
struct Endless(Arc<Levers>);

impl Stream for Endless {
    type Item = Result<Vec<u8>, Infallible>;

    fn poll_next(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        self.0.chunks.fetch_add(1, Ordering::SeqCst);
        std::task::Poll::Ready(Some(Ok(vec![b'.'; CHUNK_BYTES])))
    }
}

impl Drop for Endless {
    fn drop(&mut self) {
        self.0.endless_dropped.store(true, Ordering::SeqCst);
    }
}

const _: () = assert!(LONG_MS as u128 > BOUND.as_millis(), "a long limit must not end a test's wait");
