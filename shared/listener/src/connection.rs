//! One connection, from its handshake to its end, and what each of its requests is given.
//!
//! Invariant: whatever the client does, the task ends: each turn that waits for the client has a limit here, the
//! bytes of bodies have theirs in `body`, those of responses in `socket`.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use http::{HeaderValue, Request, StatusCode, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use warp::{Filter, Rejection, Reply};

use crate::body::{BodyError, Upload, Verdict};
use crate::counters::{Count, Counters};
use crate::limits::Limits;
use crate::listener::{Security, Stage};
use crate::socket::Socket;
use crate::turn::{Noted, Response, Turn, Turns};

/// hyper takes no smaller buffer.
const MIN_BUFFER_BYTES: usize = 8 * 1024;

/// Who is at the other end of a request's connection: an extension of every request. IPv4 is written as IPv4
/// also on a socket for both. Behind a proxy, this is the proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// Whether a request came over TLS of this listener: an extension of every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encrypted(pub bool);

/// Extracts who is at the other end. (`warp::addr::remote()` knows only warp's own server.)
pub fn peer() -> impl Filter<Extract = (Peer,), Error = Rejection> + Copy {
    warp::ext::get()
}

/// Extracts whether the request came over TLS.
pub fn encrypted() -> impl Filter<Extract = (Encrypted,), Error = Rejection> + Copy {
    warp::ext::get()
}

/// What a connection needs to know.
pub(crate) struct Connection {
    pub(crate) peer: SocketAddr,
    pub(crate) turns: Turns,
    pub(crate) limits: Arc<Limits>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) stage: watch::Receiver<Stage>,
}

impl Connection {
    /// Serves a socket to its end.
    pub(crate) async fn serve<F>(mut self, socket: Socket, security: Security, routes: F)
    where
        F: Filter + Clone + Send + Sync + 'static,
        F::Extract: Reply,
    {
        let config = match security {
            Security::Plain => return self.speak(socket, false, routes).await,
            Security::Tls(config) => config,
        };
        let handshake = timeout(self.limits.handshake_timeout(), TlsAcceptor::from(config).accept(socket));
        let secured = tokio::select! {
            biased;
            secured = handshake => secured,
            // A handshake is no request that a shutdown would wait for.
            _ = self.stage.wait_for(|stage| *stage != Stage::Running) => return,
        };
        match secured {
            Ok(Ok(stream)) => self.speak(stream, true, routes).await,
            Ok(Err(error)) => self.refuse(Count::HandshakeFailed, &error.to_string()),
            Err(_) => self.refuse(Count::HandshakeTimeout, "its TLS handshake took too long"),
        }
    }

    /// Speaks HTTP/1.1 until one side ends it.
    async fn speak<S, F>(mut self, stream: S, encrypted: bool, routes: F)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
        F: Filter + Clone + Send + Sync + 'static,
        F::Extract: Reply,
    {
        let mut turn = self.turns.watch();
        let io = TokioIo::new(Noted { stream, turns: self.turns.clone() });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            // hyper's would also run while a connection is idle; the turns know the difference.
            .header_read_timeout(None)
            .max_headers(self.limits.max_headers)
            .max_header_size(self.limits.max_head_bytes)
            .max_buf_size(self.limits.max_head_bytes.max(MIN_BUFFER_BYTES));
        let mut talk = pin!(http.serve_connection(io, self.handler(encrypted, routes)).with_upgrades());
        let mut draining = false;
        loop {
            let patience = self.limits.patience(*turn.borrow_and_update());
            tokio::select! {
                biased;
                end = talk.as_mut() => return self.judge_end(end),
                changed = turn.changed() => changed.expect("this connection holds a sender"),
                () = sleep(patience.unwrap_or_default()), if patience.is_some() => {
                    // An idle client did nothing wrong and is told goodbye, if it listens.
                    if *turn.borrow() == Turn::Idle && !std::mem::replace(&mut draining, true) {
                        self.counters.count(Count::IdleClosed);
                        talk.as_mut().graceful_shutdown();
                    } else {
                        return self.judge_wait();
                    }
                }
                stage = self.stage.changed() => {
                    if stage.is_err() || *self.stage.borrow_and_update() == Stage::Cut {
                        return;
                    }
                    if !std::mem::replace(&mut draining, true) {
                        talk.as_mut().graceful_shutdown();
                    }
                }
            }
        }
    }

    /// Why it waited in vain.
    fn judge_wait(&self) {
        match self.turns.now() {
            Turn::Silent => self.refuse(Count::Silent, "it connected and said nothing"),
            Turn::Head => self.refuse(Count::HeadTimeout, "the head of its request took too long"),
            Turn::Running | Turn::Sending | Turn::Idle | Turn::Refused => {}
        }
    }

    /// Why hyper ended it. Peers that leave in mid-sentence are everyday; a stall was counted where it was seen.
    fn judge_end(&self, end: hyper::Result<()>) {
        match end {
            Err(error) if error.is_parse_too_large() => {
                self.refuse(Count::HeadTooLarge, "the head of its request was too large");
            }
            Err(error) if error.is_parse() => self.refuse(Count::Malformed, &error.to_string()),
            Err(error) => tracing::debug!(peer = %self.peer, %error, "a connection broke"),
            Ok(()) => {}
        }
    }

    fn refuse(&self, count: Count, why: &str) {
        self.counters.refuse(count, self.peer, why);
    }

    /// The routes, with what each request is given and each body is held to.
    fn handler<F>(
        &self,
        encrypted: bool,
        routes: F,
    ) -> impl Service<
        Request<Incoming>,
        Response = http::Response<Response<impl hyper::body::Body<Data: Send, Error = warp::Error> + use<F>>>,
        Error = Infallible,
        Future: Send,
    > + use<F>
    where
        F: Filter + Clone + Send + Sync + 'static,
        F::Extract: Reply,
    {
        let routes = TowerToHyperService::new(warp::service(routes));
        let (peer, turns) = (self.peer, self.turns.clone());
        let (limits, counters) = (Arc::clone(&self.limits), Arc::clone(&self.counters));
        service_fn(move |request: Request<Incoming>| {
            turns.request_starts();
            let verdict = Verdict::new(peer, Arc::clone(&counters));
            let (mut head, body) = request.into_parts();
            head.extensions.insert(Peer(peer));
            head.extensions.insert(Encrypted(encrypted));
            // `CONNECT host:port` names no path, and warp's path filters panic without one.
            let answer = if head.uri.path_and_query().is_some() {
                Upload::new(body, &limits, Arc::clone(&verdict))
                    .map(|body| routes.call(Request::from_parts(head, body)))
                    .map_err(refusal)
            } else {
                counters.refuse(Count::Malformed, peer, "its request names no path");
                Err(no_path())
            };
            let turns = turns.clone();
            async move {
                let mut response = match answer {
                    Ok(answer) => {
                        let Ok(response) = answer.await;
                        response
                    }
                    Err(refused) => refused,
                };
                if let Some(error) = verdict.error() {
                    turns.request_refused();
                    response = close_after(response, error);
                }
                Ok::<_, Infallible>(response.map(|body| Response::new(body, turns)))
            }
        })
    }
}

/// The answer to a body that was refused, and the connection's last. What a handler made of the broken body
/// stands if it made good of it.
fn close_after(answer: warp::reply::Response, error: BodyError) -> warp::reply::Response {
    let status = answer.status();
    let failed = status.is_client_error() || status.is_server_error();
    let mut answer = if failed { refusal(error) } else { answer };
    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    answer
}

fn no_path() -> warp::reply::Response {
    let mut answer = StatusCode::BAD_REQUEST.into_response();
    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    answer
}

fn refusal(error: BodyError) -> warp::reply::Response {
    let status = match error {
        BodyError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        BodyError::TooSlow => StatusCode::REQUEST_TIMEOUT,
    };
    warp::reply::with_status(error.to_string(), status).into_response()
}
