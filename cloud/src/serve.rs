//! The running cloud: one port for everybody, and a local socket for its operator.
//!
//! What must never be here: a route.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use dwellers_listener::local;
use dwellers_listener::{Limits, Listener, Security};
use rustix::process::{Resource, getrlimit};
use tokio::net::TcpListener;
use tokio::sync::watch as signal;
use tracing::{error, info, warn};
use warp::Filter;

use crate::accounts::Accounts;
use crate::api::Api;
use crate::backup::{Backups, schedule};
use crate::bot::Bot;
use crate::bot::line::{Errands, Line};
use crate::bot::telegram::{self, Telegram};
use crate::communities::Communities;
use crate::config::{self, Config, Http};
use crate::control::{self, Operations};
use crate::downlink::Downlink;
use crate::mail::Mailer;
use crate::notify::push::Push;
use crate::notify::{self, Outbox};
use crate::{applications, clock, enrol, retention, watch};

/// Connections at a time, where the system gives files for them: 17 kB each, where they only sit there.
const MOST_CONNECTIONS: usize = 16_384;
const A_DAY: Duration = Duration::from_secs(24 * 3_600);

/// A port that is bound, and what will be served there.
pub struct Serving {
    listener: Listener,
    api: Api,
    control: local::Listener,
    operations: Operations,
    backup: config::Backup,
    at: SocketAddr,
    communities: Arc<Communities>,
    downlink: Downlink,
    outbox: Outbox,
    bot: Bot,
    /// What the bot says, for the adapter of the messenger; nothing once somebody else takes it.
    errands: Option<Errands>,
    telegram: Option<config::Telegram>,
    shutdown: signal::Receiver<bool>,
}

impl Serving {
    /// Binds the port and the socket in the data folder; nothing is served yet. Ends when `shutdown` is true.
    ///
    /// # Errors
    /// The address is taken, or certificate and key do not fit.
    pub async fn bind(
        config: &Config,
        communities: Arc<Communities>,
        shutdown: signal::Receiver<bool>,
    ) -> anyhow::Result<Serving> {
        let Config { cloud, http, backup, mail, telegram, .. } = config;
        let security = match &http.tls {
            Some(tls) => Security::Tls(dwellers_listener::tls::load(&tls.cert, &tls.key)?),
            None => Security::Plain,
        };
        let socket =
            TcpListener::bind(http.listen).await.with_context(|| format!("http.listen {}", http.listen))?;
        let at = socket.local_addr()?;
        let http = Http { listen: at, ..http.clone() };
        let authority = http.authority.clone().unwrap_or_else(|| at.to_string());
        let downlink = Downlink::new(communities.clone(), authority, shutdown.clone());
        let mailer = mail.as_ref().map(Mailer::new).transpose().context("[mail]")?;
        // Push services write to whoever runs this, should something be wrong.
        let contact = match &mailer {
            Some(mailer) => format!("mailto:{}", mailer.address()),
            None => http.address(),
        };
        let push = Push::in_folder(&cloud.data, contact, clock::random)?;
        let (mail, pushed) = (mailer.clone(), push.clone());
        let api =
            Api::new(communities.clone(), downlink.clone(), mailer, push, http.clone(), telegram.clone());
        let (line, errands) = Line::new();
        let chats = telegram.is_some().then(|| notify::telegram::Telegram::new(line.clone(), api.inside()));
        let outbox = Outbox::new(communities.clone(), mail, pushed, chats, http.address());
        let accounts = communities.accounts().clone();
        let name = telegram.as_ref().map(|telegram| telegram.bot.clone()).unwrap_or_default();
        let bot = Bot::new(&cloud.data, api.inside(), accounts, line, http.address(), name)?;
        let listener = Listener::new(socket, security, limits());
        let control = local::Listener::bind(&cloud.data.join(control::FILE_NAME), 0o600)?;
        let operations = Operations {
            communities: communities.clone(),
            backups: Arc::new(Backups::in_folder(&cloud.data, backup)),
            http,
            downlink: Some(downlink.clone()),
        };
        let backup = backup.clone();
        Ok(Serving {
            listener,
            api,
            control,
            operations,
            backup,
            at,
            communities,
            downlink,
            outbox,
            bot,
            errands: Some(errands),
            telegram: telegram.clone(),
            shutdown,
        })
    }

    /// What the adapter of a messenger speaks to, and what it takes the bot's words from. Whoever asks first is it.
    pub fn messenger(&mut self) -> (Bot, Option<Errands>) {
        (self.bot.clone(), self.errands.take())
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
        let Serving {
            listener,
            api,
            control,
            operations,
            backup,
            at,
            communities,
            downlink,
            outbox,
            bot,
            errands,
            telegram,
            shutdown,
        } = self;
        let (backups, kept) = (operations.backups.clone(), communities.clone());
        info!("listening at {at}");
        // Without a messenger nobody takes what the bot says: it hears that at once.
        let telegram = telegram.zip(errands).and_then(|(telegram, errands)| {
            let adapter = Telegram::new(&telegram, bot.clone(), bot.address().to_owned());
            Some((adapter.inspect_err(|why| error!("there is no bot in Telegram: {why:#}")).ok()?, errands))
        });
        let hook = telegram.as_ref().and_then(|(adapter, _)| adapter.hook());
        let routes = downlink.clone().route().or(enrol::route(communities.clone()));
        let routes = routes.or(telegram::route(hook)).or(api.routes());
        let served = listener.serve(routes, ended(shutdown.clone()));
        let sweeping = applications::sweep_always(api.photos(), communities.clone());
        let (end, ends) = signal::channel(false);
        let (mute, muted) = signal::channel(false);
        let adapting =
            telegram.map(|(adapter, errands)| tokio::spawn(adapter.run(errands, ends.clone(), muted)));
        let telling = tokio::spawn(outbox.run(ends.clone()));
        let talking = tokio::spawn(bot.run(ends));
        let asked = async {
            if let Err(why) = control::serve(control, operations, ended(shutdown)).await {
                error!("the control socket: {why}");
            }
            // People and hubs are served without it.
            std::future::pending::<()>().await;
        };
        tokio::select! {
            _ = served => {}
            () = schedule::keep(backups.clone(), communities.clone(), backup.clone()) => {}
            () = forget_daily(communities.accounts().clone()) => {}
            () = watch::run(communities, downlink, backup.on.then(|| backups.clone())) => {}
            () = sweeping => {}
            () = retention::run(kept) => {}
            () = asked => {}
        }
        // One may be under way.
        backups.stop();
        // Who is being told is told to the end: what nobody heard of would be unknown for ever.
        end.send_replace(true);
        let _ = telling.await;
        let _ = talking.await;
        mute.send_replace(true);
        if let Some(adapting) = adapting {
            let _ = adapting.await;
        }
    }
}

/// Forgets once a day what is over of accounts.
async fn forget_daily(accounts: Accounts) {
    let mut every = tokio::time::interval(A_DAY);
    loop {
        every.tick().await;
        let accounts = accounts.clone();
        let forgotten = tokio::task::spawn_blocking(move || accounts.forget_ended(clock::now())).await;
        match forgotten {
            Ok(Ok(0)) => {}
            Ok(Ok(forgotten)) => info!("{forgotten} sessions and links were over and are forgotten"),
            Ok(Err(why)) => warn!("sessions that are over are not forgotten: {why}"),
            Err(why) => warn!("sessions that are over are not forgotten: {why}"),
        }
    }
}

async fn ended(mut shutdown: signal::Receiver<bool>) {
    // Whoever could tell is gone: then it ends, too.
    let _ = shutdown.wait_for(|ends| *ends).await;
}

/// Hubs stay connected, residents come and go, strangers sit there: more of all than at a gatehouse, from more behind one
/// address (a provider's, of mobile networks), and in less time.
fn limits() -> Limits {
    // Half of the files that there may be: the other half is for stores.
    let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX) / 2;
    Limits {
        max_connections: usize::try_from(files).unwrap_or(usize::MAX).min(MOST_CONNECTIONS),
        max_connections_per_peer: 256,
        ..Limits::default()
    }
}
