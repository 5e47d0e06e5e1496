//! The command line of the operator. Exit codes: 0 done, 1 not done, 2 not understood.
//!
//! It opens the stores itself: one process owns the registry, so that no service runs beside it.
//!
//! What must never be here: a rule.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use clap::{Parser, Subcommand};
use dwellers_link::device::PublicKey;
use jiff::Timestamp;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::clock::{entropy, now, random};
use crate::communities::Communities;
use crate::config::{Config, Http};
use crate::hubs::Drawn;
use crate::serve::Serving;

/// The relay of Dwellers: many communities, and their hubs' links.
#[derive(Clone, Debug, Parser)]
#[command(name = "dwellers-cloud", version, after_help = EXAMPLES, max_term_width = 100)]
pub struct Cli {
    /// The configuration
    #[arg(long, short, global = true, value_name = "FILE", default_value = Config::PATH)]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  dwellers-cloud community create Сосновка        a new community
  dwellers-cloud community list                   which there are
  dwellers-cloud hub invite Сосновка Въезд        a code for the hub that is to be called so
  dwellers-cloud hub list Сосновка                its hubs, with their keys' fingerprints
  dwellers-cloud hub revoke Сосновка Въезд        it never connects again

Exit codes: 0 done, 1 not done, 2 not understood.";

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// The communities
    #[command(subcommand)]
    Community(Community),
    /// The hubs of a community
    #[command(subcommand)]
    Hub(Hub),
    /// Serve until told to stop (SIGTERM, Ctrl-C)
    Serve,
}

#[derive(Clone, Debug, Subcommand)]
enum Community {
    /// Make one, with a store of its own
    Create {
        /// What it is called
        name: String,
    },
    /// Which there are
    List,
    /// Cease to serve one; its data stay
    Close {
        /// Its name, or its id
        name: String,
    },
}

#[derive(Clone, Debug, Subcommand)]
enum Hub {
    /// A code with which a hub is enrolled (`dwellers-hub enroll`): ten minutes, once
    Invite {
        /// The community's name, or its id
        community: String,
        /// What the hub is to be called
        label: String,
    },
    /// The hubs, and those that were revoked
    List {
        /// The community's name, or its id
        community: String,
    },
    /// Revoke a hub: nothing that it writes from now on is taken
    Revoke {
        /// The community's name, or its id
        community: String,
        /// What it is called, or its key's fingerprint
        hub: String,
    },
}

impl Cli {
    /// Does what was asked; prints what there is to say.
    pub fn execute(self) -> ExitCode {
        match self.perform() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{error:#}");
                ExitCode::FAILURE
            }
        }
    }

    fn perform(self) -> anyhow::Result<()> {
        let config = Config::load(&self.config)?;
        let communities =
            Communities::in_folder(&config.cloud.data, now(), entropy).map_err(|why| {
                match why.is_locked() {
                    true => anyhow!(why)
                        .context("while `dwellers-cloud serve` runs no other command can: end it first"),
                    false => anyhow!(why),
                }
            })?;
        match self.command {
            Command::Community(Community::Create { name }) => {
                let made = communities.create(&name, now(), entropy)?;
                println!("{}  {}", made.id, made.name);
            }
            Command::Community(Community::List) => {
                for listing in communities.registry().all()? {
                    let closed = if listing.value.closed { "  closed" } else { "" };
                    println!("{}  {}{closed}", listing.id, listing.value.name);
                }
            }
            Command::Community(Community::Close { name }) => {
                println!("{} is closed; its data stay", communities.close(&name, now())?);
            }
            Command::Hub(hub) => hub.perform(&communities, &config.http)?,
            Command::Serve => serve(&config, communities)?,
        }
        Ok(())
    }
}

impl Hub {
    fn perform(self, communities: &Communities, http: &Http) -> anyhow::Result<()> {
        let open = |name: &str| -> anyhow::Result<_> {
            let id = communities.registry().find(name)?.id;
            Ok(communities.open(id, now())?)
        };
        match self {
            Hub::Invite { community, label } => {
                let drawn = Drawn { code: random(), key: random() };
                let community = open(&community)?;
                let code = community.invite_hub(&label, &drawn, now())?;
                println!("good for ten minutes, once; at the gatehouse:");
                println!("dwellers-hub enroll {}/{} {code}", http.address(), community.id);
            }
            Hub::List { community } => {
                for device in open(&community)?.devices()? {
                    let device = device.value;
                    let fingerprint = PublicKey::parse(&device.key).map(|key| key.fingerprint());
                    let revoked = match device.revoked_ms {
                        0 => String::new(),
                        at => format!("  revoked {}", time(at)),
                    };
                    let enrolled = time(device.enrolled_ms);
                    println!(
                        "{}  enrolled {enrolled}{revoked}  {}",
                        fingerprint.unwrap_or_default(),
                        device.label
                    );
                }
            }
            Hub::Revoke { community, hub } => {
                let device = open(&community)?.revoke_hub(&hub, entropy, now())?;
                println!("{}: nothing that it writes from now on is taken", device.label);
            }
        }
        Ok(())
    }
}

fn serve(config: &Config, communities: Communities) -> anyhow::Result<()> {
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(colours).init();
    let runtime = tokio::runtime::Runtime::new().context("no threads can be had")?;
    runtime.block_on(async {
        let (stop, shutdown) = watch::channel(false);
        let serving = Serving::bind(&config.http, Arc::new(communities), shutdown).await?;
        println!("listening at {}", serving.at());
        let (mut terminate, mut interrupt) =
            (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            stop.send_replace(true);
        });
        serving.run().await;
        Ok(())
    })
}

fn time(ms: u64) -> String {
    let at = i64::try_from(ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    at.map_or_else(String::new, |at| at.strftime("%F %H:%M UTC").to_string())
}
