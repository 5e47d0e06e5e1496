//! Every number that a client meets.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use crate::turn::Turn;

/// What one listener allows. The defaults fit a Raspberry Pi that serves a settlement: 256 clients that all fill
/// their buffers of 16 kB for reading, 16 kB for writing and, with TLS, 64 kB of ciphertext take 8 MB, or 24 MB,
/// and a quarter of the 1,024 open files that systemd gives a service. One that only sits there takes 17 kB
/// (measured on x86-64, without TLS).
#[derive(Debug, Clone)]
pub struct Limits {
    /// Connections at a time, of all peers, upgraded ones included. One more is answered 503 (with TLS: closed).
    pub max_connections: usize,
    /// Connections at a time of one peer: one IPv4 address, or one /64 network of IPv6, which is what a
    /// provider hands out to one customer. A browser opens six, and a family shares one address.
    pub max_connections_per_peer: usize,
    /// Addresses to which `max_connections_per_peer` does not apply. By default loopback: what comes from
    /// there is the gatehouse's own screen or a proxy that stands for all clients, and a stranger on the
    /// machine itself has shorter ways to do harm. A proxy on another machine is named here.
    pub uncounted_peers: Vec<IpAddr>,
    /// From the connection to the end of its TLS handshake.
    pub handshake_timeout_ms: u64,
    /// From the connection, or from the first byte of a later request, to the end of the request's head.
    pub head_timeout_ms: u64,
    /// From the end of a response to the first byte of the next request.
    pub idle_timeout_ms: u64,
    /// The request line with all its headers. Larger is answered 431.
    pub max_head_bytes: usize,
    /// Headers of one request. More is answered 431.
    pub max_headers: usize,
    /// The body of one request, whatever its route allows beyond. Larger is answered 413.
    pub max_body_bytes: u64,
    /// Between two pieces of a body while its handler waits for them. Slower is answered 408.
    pub body_stall_timeout_ms: u64,
    /// From the start of reading a body to its end, so that a trickle ends too. Slower is answered 408.
    pub body_timeout_ms: u64,
    /// While the peer takes in nothing of what it was sent. A stream that has nothing to send is not meant, nor
    /// a peer that reads slowly: what that can hold is bounded by its connections and their buffers.
    pub write_stall_timeout_ms: u64,
    /// From the shutdown until everything that still runs is cut.
    pub drain_timeout_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            max_connections: 256,
            max_connections_per_peer: 32,
            uncounted_peers: vec![IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)],
            handshake_timeout_ms: 10_000,
            head_timeout_ms: 10_000,
            idle_timeout_ms: 60_000,
            max_head_bytes: 16 * 1024,
            max_headers: 64,
            max_body_bytes: 16 * 1024 * 1024,
            body_stall_timeout_ms: 15_000,
            body_timeout_ms: 300_000,
            write_stall_timeout_ms: 30_000,
            drain_timeout_ms: 10_000,
        }
    }
}

impl Limits {
    pub(crate) fn handshake_timeout(&self) -> Duration {
        Duration::from_millis(self.handshake_timeout_ms)
    }

    pub(crate) fn body_stall_timeout(&self) -> Duration {
        Duration::from_millis(self.body_stall_timeout_ms)
    }

    pub(crate) fn body_timeout(&self) -> Duration {
        Duration::from_millis(self.body_timeout_ms)
    }

    pub(crate) fn write_stall_timeout(&self) -> Duration {
        Duration::from_millis(self.write_stall_timeout_ms)
    }

    pub(crate) fn drain_timeout(&self) -> Duration {
        Duration::from_millis(self.drain_timeout_ms)
    }

    /// How long a turn may last. The handler's own and that of a response on its way have no end here: reading
    /// a body and writing have theirs.
    pub(crate) fn patience(&self, turn: Turn) -> Option<Duration> {
        match turn {
            Turn::Silent | Turn::Head => Some(Duration::from_millis(self.head_timeout_ms)),
            Turn::Idle | Turn::Refused => Some(Duration::from_millis(self.idle_timeout_ms)),
            Turn::Running | Turn::Sending => None,
        }
    }
}
