//! The accept loop that hub and cloud share: HTTP/1.1, plain or over TLS, to which no client can do harm.
//!
//! A host makes a [`Listener`] from a socket, [`Security`] and [`Limits`], and gives it warp's routes and a
//! shutdown. Whatever a client does or leaves undone (is silent, slow, half gone, too large, too many,
//! malformed), it is closed within a limit, counted in [`Counters`], told to the log in bounded words, and
//! nobody else notices.
//!
//! | module | what it holds |
//! |---|---|
//! | `listener` | accepting, backing off, shutting down |
//! | `connection` | one connection from its handshake to its end, and what a request is given |
//! | `turn` | whose turn it is on a connection, which says which limit runs |
//! | `socket` | the limits below HTTP and TLS: a peer that reads nothing, the cut, the slot it occupies |
//! | `body` | the limits on what is uploaded |
//! | `slots` | how many connections, in all and of one peer |
//! | [`caller`], [`routes`] | who calls, by the head of a request; and which row of a table of routes it is for |
//! | [`description`] | what an API is, made of its table of routes (OpenAPI) |
//! | [`pages`] | the files of a host's pages, and what a browser is held to with them |
//! | [`local`] | local sockets, and how a command line asks the service that runs |
//! | [`limits`](Limits), [`counters`](Counters), [`tls`] | numbers; what happened; certificates from files |
//!
//! How long a handler thinks is its own affair, and a response may stream for days as long as somebody reads
//! it. A peer that vanishes without a word is noticed only by writing to it: a stream must send signs of life
//! (`warp::sse::keep_alive`), and so must an upgraded connection (a WebSocket), which keeps its slot and its
//! limit on writing. Both should watch the host's shutdown: else they are cut when the time for draining ends.
//!
//! What must never be here: a route, a right or a word of community life; the process's default crypto
//! provider; a clock other than tokio's timers; a wait without an end; a log line for each refusal of a flood.

mod body;
pub mod caller;
mod connection;
mod counters;
pub mod description;
mod limits;
mod listener;
pub mod local;
pub mod pages;
pub mod routes;
mod slots;
mod socket;
pub mod tls;
mod turn;

pub use connection::{Encrypted, Peer, encrypted, peer};
pub use counters::{Count, Counters};
pub use limits::Limits;
pub use listener::{Listener, Security, Served};
