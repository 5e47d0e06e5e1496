//! Accepting, backing off, shutting down.
//!
//! Invariants: the loop ends only by the shutdown; it never waits for a client, and a failure to accept makes it
//! wait a bounded time instead of spinning; when `serve` returns, or is dropped, nothing of it is left running.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_rustls::rustls;
use warp::{Filter, Reply};

use crate::connection::Connection;
use crate::counters::{Count, Counters, REPORT_EVERY};
use crate::limits::Limits;
use crate::slots::Slots;
use crate::socket::Socket;
use crate::turn::Turns;

/// The pauses after failures to accept: the first, and the longest of those that follow it.
const PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// How long the tasks of a cut connection may take to notice. They need one turn of the runtime each.
const CUT_GRACE: Duration = Duration::from_secs(1);

/// The whole answer to a connection too many. The body is for people, in both languages of the house.
const FULL: &[u8] = "HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 5\r\n\
    content-type: text/plain; charset=utf-8\r\ncontent-length: 75\r\n\r\n\
    Сервер занят, повторите позже. / Busy, try later.\n"
    .as_bytes();

/// How a listener's connections are secured.
#[derive(Clone)]
pub enum Security {
    /// They are not: for loopback, or behind a proxy that is trusted.
    Plain,
    /// TLS, as [`tls::load`](crate::tls::load) makes it.
    Tls(Arc<rustls::ServerConfig>),
}

impl fmt::Debug for Security {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Security::Plain => "Plain",
            Security::Tls(_) => "Tls",
        })
    }
}

/// What a listener tells its connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Running,
    /// Finish what runs, begin nothing.
    Draining,
    Cut,
}

/// A socket that listens, before it serves.
#[derive(Debug)]
pub struct Listener {
    socket: TcpListener,
    security: Security,
    limits: Arc<Limits>,
    counters: Arc<Counters>,
}

/// How serving ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Served {
    /// Connections that had to be cut when the time for draining was over.
    pub cut: usize,
}

impl Listener {
    /// A listener on a bound socket. Nothing is accepted before [`Listener::serve`].
    pub fn new(socket: TcpListener, security: Security, limits: Limits) -> Self {
        let at = socket.local_addr().map_or_else(|error| error.to_string(), |at| at.to_string());
        Listener { socket, security, limits: Arc::new(limits), counters: Arc::new(Counters::new(at)) }
    }

    /// The counters, for the metrics.
    pub fn counters(&self) -> Arc<Counters> {
        Arc::clone(&self.counters)
    }

    /// Serves the routes until the shutdown; then accepts nothing more, lets requests that run finish within
    /// the limit and cuts what is left.
    pub async fn serve<F>(self, routes: F, shutdown: impl Future<Output = ()>) -> Served
    where
        F: Filter + Clone + Send + Sync + 'static,
        F::Extract: Reply,
    {
        let slots = Slots::new(self.counters());
        let stage = watch::Sender::new(Stage::Running);
        tokio::select! {
            biased;
            () = shutdown => {}
            never = self.accept(&slots, &stage, routes) => match never {},
        }
        let Listener { socket, limits, counters, .. } = self;
        drop(socket);
        stage.send_replace(Stage::Draining);
        let drained = timeout(limits.drain_timeout(), slots.empty()).await;
        let cut = if drained.is_ok() { 0 } else { slots.taken() };
        stage.send_replace(Stage::Cut);
        for _ in 0..cut {
            counters.count(Count::Cut);
        }
        if cut > 0 {
            tracing::warn!(cut, "the shutdown waited long enough: connections were cut");
            if timeout(CUT_GRACE, slots.empty()).await.is_err() {
                tracing::error!(left = slots.taken(), "handlers that block kept connections open");
            }
        }
        counters.report();
        Served { cut }
    }

    /// Accepts for ever.
    async fn accept<F>(
        &self,
        slots: &Arc<Slots>,
        stage: &watch::Sender<Stage>,
        routes: F,
    ) -> std::convert::Infallible
    where
        F: Filter + Clone + Send + Sync + 'static,
        F::Extract: Reply,
    {
        let mut reports = interval(REPORT_EVERY);
        reports.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut pause = PAUSE;
        loop {
            let accepted = tokio::select! {
                accepted = self.socket.accept() => accepted,
                _ = reports.tick() => {
                    self.counters.report();
                    continue;
                }
            };
            match accepted {
                Ok((stream, peer)) => {
                    pause = PAUSE;
                    self.begin(stream, peer, slots, stage, &routes);
                }
                Err(error) if is_the_clients(&error) => {}
                Err(error) => {
                    self.counters.fail(Count::AcceptFailed, &error.to_string());
                    sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    /// Gives a connection a task of its own, or turns it away. Never waits.
    fn begin<F>(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        slots: &Arc<Slots>,
        stage: &watch::Sender<Stage>,
        routes: &F,
    ) where
        F: Filter + Clone + Send + Sync + 'static,
        F::Extract: Reply,
    {
        let peer = SocketAddr::new(peer.ip().to_canonical(), peer.port());
        let slot = match slots.take(peer.ip(), &self.limits) {
            Ok(slot) => slot,
            Err(count) => {
                let why = match count {
                    Count::RefusedPeer => "it has as many connections as one peer may have",
                    _ => "there are as many connections as there may be",
                };
                self.counters.refuse(count, peer, why);
                return turn_away(&stream, &self.security);
            }
        };
        self.counters.count(Count::Accepted);
        // Events are small and must not wait for each other.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%peer, %error, "a connection was gone before it began");
            return;
        }
        let turns = Turns::new();
        let mut cut = stage.subscribe();
        // A listener that was dropped has no one left to send the word.
        let cut = Box::pin(async move { drop(cut.wait_for(|stage| *stage == Stage::Cut).await) });
        let patience = self.limits.write_stall_timeout();
        let socket = Socket::new(stream, peer, turns.clone(), self.counters(), patience, cut, slot);
        let connection = Connection {
            peer,
            turns,
            limits: Arc::clone(&self.limits),
            counters: self.counters(),
            stage: stage.subscribe(),
        };
        tokio::spawn(connection.serve(socket, self.security.clone(), routes.clone()));
    }
}

/// Answers a connection too many without waiting for anything: what its buffers do not take at once is lost.
fn turn_away(stream: &TcpStream, security: &Security) {
    if let Security::Plain = security {
        // Bytes left unread would turn the answer into a reset.
        let mut scrap = [0; 4096];
        drop(stream.try_read(&mut scrap));
        drop(stream.try_write(FULL));
    }
}

/// Whether the failure is of one connection that is already gone; all others may last.
fn is_the_clients(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_to_one_too_many_is_whole() {
        let text = std::str::from_utf8(FULL).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("content-length: {}", body.len())), "{} bytes", body.len());
    }
}
