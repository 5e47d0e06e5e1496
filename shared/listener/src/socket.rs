//! A connection's socket, with the limits that lie below HTTP and TLS.
//!
//! Invariants: a write that makes no progress ends in an error within the limit, whatever lies above; after the
//! cut every read and write ends at once, also in the hands of a handler that upgraded the connection; the slot
//! lives exactly as long as the socket.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

use crate::counters::{Count, Counters};
use crate::slots::Slot;
use crate::turn::{Turn, Turns};

/// How long, and for how many bytes, a refused client may go on talking before it is hung up on. Closing a
/// socket with unread bytes makes the kernel send a reset, which can destroy the answer on its way.
const LINGER: Duration = Duration::from_millis(500);
const LINGER_BYTES: usize = 256 * 1024;

/// The future that ends when everything is to be cut.
pub(crate) type Cut = Pin<Box<dyn Future<Output = ()> + Send>>;

pub(crate) struct Socket {
    stream: TcpStream,
    peer: SocketAddr,
    turns: Turns,
    counters: Arc<Counters>,
    write_stall_timeout: Duration,
    /// Runs while the peer takes in nothing.
    stalled: Option<Pin<Box<Sleep>>>,
    linger: Option<Linger>,
    cut: Cut,
    _slot: Slot,
}

struct Linger {
    ends: Pin<Box<Sleep>>,
    bytes_left: usize,
}

impl Socket {
    pub(crate) fn new(
        stream: TcpStream,
        peer: SocketAddr,
        turns: Turns,
        counters: Arc<Counters>,
        write_stall_timeout: Duration,
        cut: Cut,
        slot: Slot,
    ) -> Self {
        let (stalled, linger) = (None, None);
        Socket { stream, peer, turns, counters, write_stall_timeout, stalled, linger, cut, _slot: slot }
    }

    fn check_cut(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        match self.cut.as_mut().poll(cx) {
            Poll::Ready(()) => {
                // A future that ended must not be asked again.
                self.cut = Box::pin(std::future::ready(()));
                Err(io::Error::new(io::ErrorKind::ConnectionAborted, "the listener shut down"))
            }
            Poll::Pending => Ok(()),
        }
    }

    /// Lets a write through and times those that wait.
    fn watch_write(
        &mut self,
        cx: &mut Context<'_>,
        write: impl FnOnce(Pin<&mut TcpStream>, &mut Context<'_>) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        self.check_cut(cx)?;
        if let Poll::Ready(written) = write(Pin::new(&mut self.stream), cx) {
            self.stalled = None;
            return Poll::Ready(written);
        }
        let timeout = self.write_stall_timeout;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(timeout)));
        ready!(stalled.as_mut().poll(cx));
        self.counters.refuse(Count::WriteStalled, self.peer, "it stopped reading what it had asked for");
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the peer stopped reading")))
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").field("peer", &self.peer).finish_non_exhaustive()
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check_cut(cx)?;
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.watch_write(cx, |stream, cx| stream.poll_write(cx, bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.watch_write(cx, |stream, cx| stream.poll_write_vectored(cx, pieces))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    /// Says goodbye; to a client that was refused in mid-sentence, so that it can hear why.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.linger.is_none() {
            ready!(Pin::new(&mut this.stream).poll_shutdown(cx))?;
            if !matches!(this.turns.now(), Turn::Head | Turn::Refused) {
                return Poll::Ready(Ok(()));
            }
        }
        this.check_cut(cx)?;
        let linger = this
            .linger
            .get_or_insert_with(|| Linger { ends: Box::pin(sleep(LINGER)), bytes_left: LINGER_BYTES });
        let mut scrap = [0; 4096];
        while linger.bytes_left > 0 && linger.ends.as_mut().poll(cx).is_pending() {
            let mut scrap = ReadBuf::new(&mut scrap);
            let read = ready!(Pin::new(&mut this.stream).poll_read(cx, &mut scrap));
            if read.is_err() || scrap.filled().is_empty() {
                break;
            }
            linger.bytes_left = linger.bytes_left.saturating_sub(scrap.filled().len());
        }
        Poll::Ready(Ok(()))
    }
}
