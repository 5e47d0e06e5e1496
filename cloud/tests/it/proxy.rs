//! A bad network between two programs: a proxy over loopback TCP that delays, throttles, loses, cuts, half-closes and
//! falls silent, as its [`Weather`] says.
//!
//! What is modelled, and what is not: TCP hides a lost packet from both ends; what they see of it is that this segment and
//! all behind it come a retransmission timeout later. So `lost_percent` stalls the line for [`RETRANSMIT`] at so many of its
//! segments (the kernel's least is 200 ms; fast retransmission, which is sooner, is left out: the worse case is meant). Loss
//! that goes on for so long that TCP gives up is another thing, and ends the connection: that is `deadly_permille`, drawn
//! for each segment. A packet that is lost for good without either end being told of it is [`End::Silent`].
//!
//! A direction that waits holds [`IN_FLIGHT`] segments and reads no more: beyond that the sender's own kernel, and then
//! the sender, has to wait. Everything is drawn from a seed; what depends on how the kernel cuts the stream is not.

#![allow(dead_code, reason = "each program that includes it uses a part")]

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until, timeout};

/// How long one direction may go on after the other was closed.
const LINGER: Duration = Duration::from_secs(1);
/// What an Ethernet takes of a TCP stream at a time.
const SEGMENT: usize = 1_448;
/// Segments under way in one direction: what a small router keeps.
const IN_FLIGHT: usize = 32;
/// How late a segment is that was lost.
pub const RETRANSMIT: Duration = Duration::from_millis(200);
/// What a direction's kernel keeps, as far as it can be told: a line of 64 kbit/s has no megabytes in it.
const KERNEL_BYTES: u32 = 16 << 10;

/// What a network does to each direction of each connection. The default is fair: it only passes on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Weather {
    /// Each segment is under way for up to so long; none overtakes another.
    pub delay_ms: u64,
    /// How much goes through; 0 for as much as comes.
    pub bits_per_s: u64,
    /// Segments that are lost once.
    pub lost_percent: u8,
    /// Segments, of a thousand, that are lost until the connection is given up.
    pub deadly_permille: u16,
    /// How a connection ends, where it does.
    pub end: Option<End>,
}

/// How a connection ends, after up to so many bytes, and half of that at least.
#[derive(Clone, Copy, Debug)]
pub enum End {
    /// Both ends are told. Bytes count in both directions together.
    Cut(u64),
    /// The far end is told that nothing more comes; the near end is told nothing, and hears nothing. Bytes from near to far.
    HalfClosed(u64),
    /// Nobody is told anything, and nothing is passed on any more; after none at all it is a black hole.
    Silent(u64),
}

/// The proxy, until it is dropped.
pub struct Proxy {
    /// Where it is reached.
    pub at: SocketAddr,
    /// Bytes that it passed on, both ways.
    pub passed: Arc<AtomicU64>,
    /// Connections so far.
    pub connections: Arc<AtomicU64>,
    weather: watch::Sender<Weather>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// Between whoever connects to it and `to`.
    pub async fn start(to: SocketAddr, weather: Weather, seed: u64) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let (passed, connections): (Arc<AtomicU64>, Arc<AtomicU64>) = Default::default();
        let (sender, now) = watch::channel(weather);
        let (counted, number) = (passed.clone(), connections.clone());
        let accepting = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let random = fastrand::Rng::with_seed(seed ^ number.fetch_add(1, Ordering::Relaxed) << 32);
                tokio::spawn(connection(near, to, now.clone(), random, counted.clone()));
            }
        });
        Proxy { at, passed, connections, weather: sender, accepting }
    }

    /// For connections from now on; those that are there stay in the weather that they began in.
    pub fn turns(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// One connection and its two directions; ends with either, as the weather has it, or with the proxy.
async fn connection(
    near: TcpStream,
    to: SocketAddr,
    mut now: watch::Receiver<Weather>,
    mut random: fastrand::Rng,
    passed: Arc<AtomicU64>,
) {
    let weather = *now.borrow_and_update();
    let Ok(far) = small(to).await else { return };
    let _ = near.set_nodelay(true);
    let ((from_near, to_near), (from_far, to_far)) = (near.into_split(), far.into_split());
    let (most, unbounded) = match weather.end {
        Some(End::Cut(most) | End::HalfClosed(most) | End::Silent(most)) => (most, false),
        None => (0, true),
    };
    let most = if unbounded { u64::MAX } else { random.u64(most / 2..=most) };
    let left = Arc::new(AtomicU64::new(most));
    let of_down = match weather.end {
        Some(End::HalfClosed(_)) => Arc::new(AtomicU64::new(u64::MAX)),
        _ => left.clone(),
    };
    let mut up = pin!(direction(from_near, to_far, weather, random.fork(), left, passed.clone()));
    let mut down = pin!(direction(from_far, to_near, weather, random.fork(), of_down, passed));
    let both = async {
        let (over, is_up) = tokio::select! {
            over = &mut up => (over, true),
            over = &mut down => (over, false),
        };
        match (over, weather.end) {
            (Over::Closed, _) => {
                // What came before one side closed still arrives.
                let rest = async { if is_up { down.await } else { up.await } };
                let _ = timeout(LINGER, rest).await;
            }
            (Over::Weather(_near, far), Some(End::HalfClosed(_))) => {
                drop(far);
                std::future::pending::<()>().await;
            }
            (Over::Weather(..), Some(End::Silent(_))) => std::future::pending().await,
            (Over::Weather(..), _) => {}
        }
    };
    tokio::select! {
        () = both => {}
        // The proxy is gone.
        () = async { while now.changed().await.is_ok() {} } => {}
    }
}

/// A connection with small buffers of the kernel's.
async fn small(to: SocketAddr) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(KERNEL_BYTES)?;
    socket.set_send_buffer_size(KERNEL_BYTES)?;
    let stream = socket.connect(to).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// How a direction ended. What the weather ended is still held: dropping it would tell.
enum Over {
    Closed,
    Weather(OwnedReadHalf, OwnedWriteHalf),
}

/// One direction: what is read is due at a time, and is written then, in order.
async fn direction(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    weather: Weather,
    mut random: fastrand::Rng,
    left: Arc<AtomicU64>,
    passed: Arc<AtomicU64>,
) -> Over {
    let (put, mut due) = mpsc::channel::<(Instant, Vec<u8>)>(IN_FLIGHT);
    let read = async move {
        let (mut last, mut buffer) = (Instant::now(), [0; SEGMENT]);
        loop {
            if left.load(Ordering::Relaxed) == 0 || random.u16(..1_000) < weather.deadly_permille {
                return Some(from);
            }
            let length = tokio::select! {
                read = from.read(&mut buffer) => read.unwrap_or(0),
                () = put.closed() => 0,
            };
            if length == 0 {
                return None;
            }
            let mut at = last.max(Instant::now() + Duration::from_millis(random.u64(0..=weather.delay_ms)));
            if random.u8(..100) < weather.lost_percent {
                at += RETRANSMIT;
            }
            at += Duration::from_nanos(
                (length as u64 * 8_000_000_000).checked_div(weather.bits_per_s).unwrap_or(0),
            );
            last = at;
            let most = left.load(Ordering::Relaxed).min(length as u64);
            left.fetch_sub(most, Ordering::Relaxed);
            // In the middle of a message, as it falls.
            if put.send((at, buffer[..most as usize].to_vec())).await.is_err() {
                return None;
            }
        }
    };
    let write = async move {
        while let Some((at, bytes)) = due.recv().await {
            sleep_until(at).await;
            if to.write_all(&bytes).await.is_err() {
                break;
            }
            passed.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        }
        to
    };
    match tokio::join!(read, write) {
        (Some(from), to) => Over::Weather(from, to),
        (None, _) => Over::Closed,
    }
}
