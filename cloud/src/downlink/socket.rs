//! A hub's WebSocket, as small as it can be until it is known whose it is.
//!
//! warp's own reserves 128 KiB for each, and touches them with the first byte: five thousand strangers who say nothing would
//! take 640 MB. And whoever may send a message of megabytes later must not send one before.
//!
//! What must never be here: what is said on it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use dwellers_link::wire::{MAX_BYTES, MAX_GREETING_BYTES};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use warp::http::{HeaderValue, StatusCode, header};
use warp::reply::Response;
use warp::{Filter, Rejection, Reply};

/// What is read at once, and what a connection takes that says nothing.
const BUFFER: usize = 4 << 10;
/// What somebody may say before it is known who they are, with what is around it.
const OF_A_STRANGER: usize = 4 * MAX_GREETING_BYTES;

/// A hub's, or a stranger's.
pub(super) type Socket = WebSocketStream<Metered>;

/// The connection below, from which a stranger's bytes are counted.
pub(super) struct Metered {
    io: TokioIo<Upgraded>,
    /// What may still come; nothing where it is known whose it is.
    left: Option<usize>,
}

impl Metered {
    /// It is known whose it is.
    pub(super) fn trust(&mut self) {
        self.left = None;
    }
}

/// Takes the request that wants to be a WebSocket, and gives `serve` what it becomes.
pub(super) fn upgraded<U>(
    serve: impl FnOnce(Socket) -> U + Clone + Send + Sync + 'static,
) -> impl Filter<Extract = (Response,), Error = Rejection> + Clone
where
    U: Future<Output = ()> + Send + 'static,
{
    warp::get()
        .and(warp::header::exact_ignore_case("upgrade", "websocket"))
        .and(warp::header::exact("sec-websocket-version", "13"))
        .and(warp::header::<String>("sec-websocket-key"))
        .and(warp::ext::optional::<OnUpgrade>())
        .map(move |key: String, upgrade: Option<OnUpgrade>| {
            let accept = HeaderValue::try_from(derive_accept_key(key.as_bytes()));
            let (Some(upgrade), Ok(accept)) = (upgrade, accept) else {
                return StatusCode::BAD_REQUEST.into_response();
            };
            let serve = serve.clone();
            tokio::spawn(async move {
                // Whoever leaves in the middle of it is nobody's loss.
                if let Ok(io) = upgrade.await {
                    let io = Metered { io: TokioIo::new(io), left: Some(OF_A_STRANGER) };
                    serve(WebSocketStream::from_raw_socket(io, Role::Server, Some(config())).await).await;
                }
            });
            let mut response = StatusCode::SWITCHING_PROTOCOLS.into_response();
            let headers = response.headers_mut();
            headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
            headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
            headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
            response
        })
}

fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_message_size(Some(MAX_BYTES))
        .max_frame_size(Some(MAX_BYTES))
}

impl AsyncRead for Metered {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let read = Pin::new(&mut self.io).poll_read(cx, into);
        if let Some(left) = &mut self.left {
            match left.checked_sub(into.filled().len() - before) {
                Some(rest) => *left = rest,
                None => return Poll::Ready(Err(io::Error::other("a stranger says too much"))),
            }
        }
        read
    }
}

impl AsyncWrite for Metered {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
