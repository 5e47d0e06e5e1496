//! The running cloud: one port for everybody.
//!
//! What must never be here: a route.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use dwellers_listener::{Limits, Listener, Security};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tracing::info;
use warp::Filter;

use crate::clock;
use crate::communities::Communities;
use crate::config::Http;
use crate::downlink::Downlink;
use crate::enrol;

/// How often stores that nobody uses are looked for.
const REST: Duration = Duration::from_secs(60);

/// A port that is bound, and what will be served there.
pub struct Serving {
    listener: Listener,
    at: SocketAddr,
    communities: Arc<Communities>,
    downlink: Downlink,
    shutdown: watch::Receiver<bool>,
}

impl Serving {
    /// Binds the port; nothing is served yet. Ends when `shutdown` is true.
    ///
    /// # Errors
    /// The address is taken, or certificate and key do not fit.
    pub async fn bind(
        http: &Http,
        communities: Arc<Communities>,
        shutdown: watch::Receiver<bool>,
    ) -> anyhow::Result<Serving> {
        let security = match &http.tls {
            Some(tls) => Security::Tls(dwellers_listener::tls::load(&tls.cert, &tls.key)?),
            None => Security::Plain,
        };
        let socket =
            TcpListener::bind(http.listen).await.with_context(|| format!("http.listen {}", http.listen))?;
        let at = socket.local_addr()?;
        let authority = http.authority.clone().unwrap_or_else(|| at.to_string());
        let downlink = Downlink::new(communities.clone(), authority, shutdown.clone());
        let listener = Listener::new(socket, security, Limits::default());
        Ok(Serving { listener, at, communities, downlink, shutdown })
    }

    /// Where it is reached.
    pub fn at(&self) -> SocketAddr {
        self.at
    }

    /// The hubs' ends.
    pub fn downlink(&self) -> Downlink {
        self.downlink.clone()
    }

    /// Serves until it is told to end.
    pub async fn run(self) {
        let Serving { listener, at, communities, downlink, shutdown } = self;
        info!("listening at {at}");
        let routes = downlink.clone().route().or(enrol::route(communities.clone()));
        let mut ends = shutdown.clone();
        let rests = async {
            let mut every = tokio::time::interval(REST);
            loop {
                every.tick().await;
                let communities = communities.clone();
                let _ = tokio::task::spawn_blocking(move || communities.rest(clock::now())).await;
            }
        };
        let served = listener.serve(routes, async move {
            let _ = ends.wait_for(|ends| *ends).await;
        });
        tokio::select! {
            _ = served => {}
            () = rests => {}
        }
    }
}
