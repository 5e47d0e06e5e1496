//! Whose turn it is on a connection. The connection's task watches it and starts the limit that belongs to it;
//! of an upgraded one, nobody watches it any more.
//!
//! Invariant: every step into another turn is seen as a change, also one that leads back to the same turn, so
//! that a limit never runs on from an earlier turn.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use hyper::body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::watch;

/// What the connection waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// The client has said nothing yet.
    Silent,
    /// The client is sending the head of a request.
    Head,
    /// The handler has the request, or its response is under way.
    Running,
    /// The response is whole; the client has yet to take in the last of it.
    Sending,
    /// Nothing, until the client's next request.
    Idle,
    /// The request was refused half read; its answer is under way and then the connection ends.
    Refused,
}

/// The turn of one connection, shared by all that move it on.
#[derive(Debug, Clone)]
pub(crate) struct Turns(watch::Sender<Turn>);

impl Turns {
    pub(crate) fn new() -> Self {
        Turns(watch::Sender::new(Turn::Silent))
    }

    pub(crate) fn watch(&self) -> watch::Receiver<Turn> {
        self.0.subscribe()
    }

    pub(crate) fn now(&self) -> Turn {
        *self.0.borrow()
    }

    /// To another turn, where `from` allows it.
    fn step(&self, from: &[Turn], to: Turn) {
        self.0.send_if_modified(|turn| {
            let moves = from.contains(turn);
            if moves {
                *turn = to;
            }
            moves
        });
    }

    fn bytes_came(&self) {
        self.step(&[Turn::Silent, Turn::Idle], Turn::Head);
    }

    /// A whole head was read. (From `Sending` or `Idle` when it had come together with the request before it.)
    pub(crate) fn request_starts(&self) {
        self.step(&[Turn::Silent, Turn::Head, Turn::Sending, Turn::Idle], Turn::Running);
    }

    pub(crate) fn request_refused(&self) {
        self.step(&[Turn::Running], Turn::Refused);
    }

    fn response_ends(&self) {
        self.step(&[Turn::Running], Turn::Sending);
    }

    fn all_was_sent(&self) {
        self.step(&[Turn::Sending], Turn::Idle);
    }
}

/// A stream that notes the first byte of a request and the last of a response.
#[derive(Debug)]
pub(crate) struct Noted<S> {
    pub(crate) stream: S,
    pub(crate) turns: Turns,
}

impl<S: AsyncRead + Unpin> AsyncRead for Noted<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, into))?;
        if into.filled().len() > before {
            self.turns.bytes_came();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Noted<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        // hyper flushes the stream only when it has nothing left to write to it.
        self.turns.all_was_sent();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// A response's body that ends the turn when the last of it was taken, or when nobody wants it any more.
#[derive(Debug)]
pub(crate) struct Response<B> {
    body: B,
    turns: Turns,
}

impl<B> Response<B> {
    pub(crate) fn new(body: B, turns: Turns) -> Self {
        Response { body, turns }
    }
}

impl<B> Drop for Response<B> {
    fn drop(&mut self) {
        self.turns.response_ends();
    }
}

impl<B: Body + Unpin> Body for Response<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
