//! What a client uploads, within limits of size and of time.
//!
//! Invariant: a handler that waits for a body gets it, its end or an error in bounded time. The time between
//! handing the request over and the handler's first look at the body does not count against the client.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};

use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use tokio::time::{Sleep, sleep};

use crate::counters::{Count, Counters};
use crate::limits::Limits;

/// Why a body was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BodyError {
    #[error("the body is larger than this server takes")]
    TooLarge,
    #[error("the body came too slowly")]
    TooSlow,
}

/// What became of one body. Whoever answers the request finds out here that it was refused.
#[derive(Debug)]
pub(crate) struct Verdict {
    error: OnceLock<BodyError>,
    peer: SocketAddr,
    counters: Arc<Counters>,
}

impl Verdict {
    pub(crate) fn new(peer: SocketAddr, counters: Arc<Counters>) -> Arc<Self> {
        Arc::new(Verdict { error: OnceLock::new(), peer, counters })
    }

    pub(crate) fn error(&self) -> Option<BodyError> {
        self.error.get().copied()
    }

    /// Only the first reason counts, once.
    fn refuse(&self, error: BodyError) -> BodyError {
        *self.error.get_or_init(|| {
            let count = match error {
                BodyError::TooLarge => Count::BodyTooLarge,
                BodyError::TooSlow => Count::BodyTimeout,
            };
            self.counters.refuse(count, self.peer, &error.to_string());
            error
        })
    }
}

/// A request's body.
#[derive(Debug)]
pub(crate) struct Upload {
    body: Incoming,
    limits: Arc<Limits>,
    bytes_left: u64,
    stalled: Option<Pin<Box<Sleep>>>,
    /// The whole upload's, from the first look at it.
    ends: Option<Pin<Box<Sleep>>>,
    verdict: Arc<Verdict>,
}

impl Upload {
    /// # Errors
    /// Where the request announces more than is allowed.
    pub(crate) fn new(
        body: Incoming,
        limits: &Arc<Limits>,
        verdict: Arc<Verdict>,
    ) -> Result<Self, BodyError> {
        if body.size_hint().lower() > limits.max_body_bytes {
            return Err(verdict.refuse(BodyError::TooLarge));
        }
        let (bytes_left, limits) = (limits.max_body_bytes, Arc::clone(limits));
        Ok(Upload { body, limits, bytes_left, stalled: None, ends: None, verdict })
    }

    fn refuse(&self, error: BodyError) -> Poll<Option<Result<Frame<Bytes>, UploadError>>> {
        Poll::Ready(Some(Err(self.verdict.refuse(error).into())))
    }
}

type UploadError = Box<dyn std::error::Error + Send + Sync>;

impl Body for Upload {
    type Data = Bytes;
    type Error = UploadError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, UploadError>>> {
        let this = &mut *self;
        if let Some(error) = this.verdict.error() {
            return this.refuse(error);
        }
        let ends = this.ends.get_or_insert_with(|| Box::pin(sleep(this.limits.body_timeout())));
        if ends.as_mut().poll(cx).is_ready() {
            return this.refuse(BodyError::TooSlow);
        }
        let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) else {
            let stalled =
                this.stalled.get_or_insert_with(|| Box::pin(sleep(this.limits.body_stall_timeout())));
            ready!(stalled.as_mut().poll(cx));
            return this.refuse(BodyError::TooSlow);
        };
        this.stalled = None;
        let length = match &frame {
            Some(Ok(frame)) => frame.data_ref().map_or(0, |data| data.len() as u64),
            _ => 0,
        };
        match this.bytes_left.checked_sub(length) {
            Some(left) => this.bytes_left = left,
            None => return this.refuse(BodyError::TooLarge),
        }
        Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
