//! The command line of the operator. Exit codes: 0 done, 1 not done, 2 not understood.
//!
//! What changes something goes through the running cloud, over its control socket; where none runs, the command opens
//! the stores itself, for one process owns them.
//!
//! What must never be here: a rule.

mod restore;
mod show;

use std::fs;
use std::io::IsTerminal;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, anyhow};
use clap::{Parser, Subcommand};
use dwellers_replica::RecordId;
use rustix::process::{Resource, Rlimit, geteuid, getrlimit, setrlimit};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::backup::{self, BackupError, Backups};
use crate::blobs::Blobs;
use crate::clock::{Monotonic, entropy, now};
use crate::communities::Communities;
use crate::config::Config;
use crate::control::{self, Answer, BackedUp, Operations, Request};
use crate::serve::Serving;

use self::restore::Restore;

/// How long the stores may be in other hands.
const PATIENCE_MS: u64 = 5_000;

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
  dwellers-cloud hub invite --replace Сосновка Въезд   the same for a new one in the place of the one called so
  dwellers-cloud admin invite Сосновка 'Ольга Белова'  a link for an administrator
  dwellers-cloud admin recover Сосновка 'Ольга Белова'  the same for one who lost everything: nothing else signs in
  dwellers-cloud status                           hubs, clocks, alarms
  dwellers-cloud hub list Сосновка                its hubs, with their keys' fingerprints
  dwellers-cloud hub revoke Сосновка Въезд        it never connects again
  dwellers-cloud accounts new-key                 begin backups of who signs in
  dwellers-cloud backup                           all communities and accounts, now
  dwellers-cloud restore FILE --identity key.txt  a community out of a backup; the cloud must not run

It works as the user whose folder the data are, and on nobody else's: sudo -u dwellers-cloud dwellers-cloud …

Exit codes: 0 done, 1 not done, 2 not understood.";

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// The communities
    #[command(subcommand)]
    Community(Community),
    /// The hubs of a community
    #[command(subcommand)]
    Hub(Hub),
    /// The administrators of a community
    #[command(subcommand)]
    Admin(Admin),
    /// The cloud's own stores: who signs in, and which communities there are
    #[command(subcommand)]
    Accounts(Accounts),
    /// How the cloud is: communities, hubs, clocks, alarms
    Status {
        /// Only this community, by its name or id
        community: Option<String>,
        /// One JSON object, for programs
        #[arg(long)]
        json: bool,
    },
    /// The alarms of a community (`status` shows those that stand)
    #[command(subcommand)]
    Alarm(AlarmCommand),
    /// Make backups now, encrypted to the key that was shown when the community was made
    Backup {
        /// Of which community, by its name or its id; without one, of all that are served, and of accounts
        community: Option<String>,
        /// Into this file, which is not there yet, instead of the folder of backups
        #[arg(long, value_name = "FILE", requires = "community")]
        to: Option<PathBuf>,
    },
    /// Make the community of a backup, as another replica; or put accounts back; the cloud must not run
    ///
    /// On a new machine accounts come first: with them comes the list of communities.
    Restore(Restore),
    /// Serve until told to stop (SIGTERM, Ctrl-C)
    Serve,
}

#[derive(Clone, Debug, Subcommand)]
enum Community {
    /// Make one, with a store of its own
    Create {
        /// What it is called
        name: String,
        /// Where it lies, as an IANA time zone
        #[arg(long, value_name = "ZONE", default_value = "Europe/Moscow")]
        time_zone: String,
        /// In which language its people are spoken to: ru, en
        #[arg(long, default_value = "ru")]
        language: String,
        /// Its country, in two letters: which plates are at home there
        #[arg(long, default_value = "RU")]
        country: String,
        /// Its currency, in three letters
        #[arg(long, default_value = "RUB")]
        currency: String,
    },
    /// Which there are
    List,
    /// Serve one again that was closed
    Open {
        /// Its name, or its id
        name: String,
    },
    /// Cease to serve one; its data stay
    Close {
        /// Its name, or its id
        name: String,
    },
    /// Another key for its backups, where the one before was lost or seen; it opens later ones only
    NewKey {
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
        /// It takes the place of the hub that is called so, which is revoked as soon as the new one is enrolled
        #[arg(long)]
        replace: bool,
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

#[derive(Clone, Debug, Subcommand)]
enum Admin {
    /// A link by which somebody signs in as an administrator, who is made one where they are none: a week, once
    ///
    /// Who has signed in before comes to the same account; where it has a second factor, that is needed as well.
    Invite {
        /// The community's name, or its id
        community: String,
        /// The administrator's name
        name: String,
        /// Their telephone number
        #[arg(long, default_value = "")]
        phone: String,
    },
    /// For one who lost everything, or whose account somebody else has: ends their sessions everywhere, takes away
    /// password, second factor and passkeys, and prints a link to begin anew with: a week, once
    ///
    /// Their e-mail address stays, but is to be proved again. What they are in other communities stays as well.
    Recover {
        /// The community's name, or its id
        community: String,
        /// The administrator's name
        name: String,
    },
}

#[derive(Clone, Debug, Subcommand)]
enum Accounts {
    /// A key for their backups, which are made from now on; another one, where the one before was lost or seen
    NewKey,
}

#[derive(Clone, Debug, Subcommand)]
enum AlarmCommand {
    /// You have seen to what an alarm tells of: it stands no more
    Seen {
        /// The community's name, or its id
        community: String,
        /// The alarm, as `status` shows it
        alarm: RecordId,
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
        let json = matches!(self.command, Command::Status { json: true, .. });
        let mut carried_to = None;
        let request = match self.command {
            Command::Serve => return serve(&config),
            Command::Restore(restore) => return restore.perform(&config),
            Command::Community(community) => community.request(),
            Command::Hub(hub) => hub.request(),
            Command::Admin(Admin::Invite { community, name, phone }) => {
                Request::AdminInvite { community, name, phone }
            }
            Command::Admin(Admin::Recover { community, name }) => Request::AdminRecover { community, name },
            Command::Accounts(Accounts::NewKey) => Request::AccountsNewKey,
            Command::Status { community, .. } => Request::Status { community },
            Command::Alarm(AlarmCommand::Seen { community, alarm }) => {
                Request::AlarmSeen { community, alarm }
            }
            Command::Backup { community, to: None } => Request::Backup { community, apart: false },
            Command::Backup { community, to: Some(to) } => {
                // It may take long, and come to nothing.
                anyhow::ensure!(to.symlink_metadata().is_err(), BackupError::Exists(to));
                carried_to = Some(to);
                Request::Backup { community, apart: true }
            }
        };
        let mut answer = ask(&config, request)?;
        if let (Answer::Backups(all), Some(to)) = (&mut answer, &carried_to) {
            all.iter_mut().for_each(|one| carry(one, to));
        }
        match answer {
            Answer::Refused(why) => Err(anyhow!(why)),
            Answer::Status(status) if json => {
                println!("{}", serde_json::to_string(&status)?);
                Ok(())
            }
            answer => {
                print!("{}", show::answer(&answer));
                match &answer {
                    Answer::Backups(all) if all.iter().any(|one| one.made.is_err()) => {
                        Err(anyhow!("not all of it was backed up"))
                    }
                    _ => Ok(()),
                }
            }
        }
    }
}

/// From where the cloud made it to where it was wanted.
fn carry(one: &mut BackedUp, to: &Path) {
    if let Ok((path, bytes)) = &one.made {
        one.made = backup::take(path, to).map(|()| (to.to_owned(), *bytes)).map_err(|why| why.to_string());
    }
}

impl Community {
    fn request(self) -> Request {
        match self {
            Community::Create { name, time_zone, language, country, currency } => {
                Request::CommunityCreate { name, time_zone, language, country, currency }
            }
            Community::List => Request::CommunityList,
            Community::Open { name } => Request::CommunityOpen { community: name },
            Community::Close { name } => Request::CommunityClose { community: name },
            Community::NewKey { name } => Request::CommunityNewKey { community: name },
        }
    }
}

impl Hub {
    fn request(self) -> Request {
        match self {
            Hub::Invite { community, label, replace } => Request::HubInvite { community, label, replace },
            Hub::List { community } => Request::HubList { community },
            Hub::Revoke { community, hub } => Request::HubRevoke { community, hub },
        }
    }
}

/// Asks the running cloud; where none runs, does it here.
fn ask(config: &Config, request: Request) -> anyhow::Result<Answer> {
    let (data, start) = (&config.cloud.data, Monotonic::start());
    loop {
        let answer = control::ask(data, &request).with_context(|| {
            format!("{}: the cloud that runs there does not answer this user", data.display())
        })?;
        if let Some(answer) = answer {
            return Ok(answer);
        }
        insist_on_owner(data, geteuid().as_raw())?;
        match Communities::in_folder(data, now(), entropy) {
            // A cloud that starts, or another command: one of them is done soon.
            Err(why) if why.is_locked() && start.ms() < PATIENCE_MS => {
                thread::sleep(Duration::from_millis(50));
            }
            Err(why) => return Err(why).context("the cloud does not run, and its stores do not open"),
            Ok(communities) => {
                let (communities, http) = (Arc::new(communities), config.http.clone());
                let backups = Arc::new(Backups::in_folder(data, &config.backup));
                return Ok(Operations { communities, backups, http, downlink: None }.perform(request));
            }
        }
    }
}

/// What another user makes among the stores their owner could not open any more.
fn insist_on_owner(data: &Path, user: u32) -> anyhow::Result<()> {
    let Ok(found) = fs::metadata(data) else { return Ok(()) };
    let owner = found.uid();
    anyhow::ensure!(
        owner == user,
        "{}: this folder is another user's (number {owner}); run this as that user: sudo -u dwellers-cloud dwellers-cloud …",
        data.display()
    );
    Ok(())
}

fn serve(config: &Config) -> anyhow::Result<()> {
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(colours).init();
    // A service is given few open files and may take more. Where it may not, the port takes fewer connections.
    let files = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: files.maximum, ..files });
    insist_on_owner(&config.cloud.data, geteuid().as_raw())?;
    let communities = Communities::in_folder(&config.cloud.data, now(), entropy)?;
    let blobs = Blobs::open(&config.blobs, &config.cloud.data, |name| std::env::var(name).ok())?;
    let communities = communities.with_blobs(blobs);
    let runtime = tokio::runtime::Runtime::new().context("no threads can be had")?;
    runtime.block_on(async {
        let (stop, shutdown) = watch::channel(false);
        let serving = Serving::bind(config, Arc::new(communities), shutdown).await?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stores_are_their_owners_to_touch() {
        let folder = tempfile::tempdir().unwrap();
        let own = geteuid().as_raw();
        insist_on_owner(folder.path(), own).unwrap();
        insist_on_owner(&folder.path().join("none yet"), own + 1).unwrap();
        let why = insist_on_owner(folder.path(), own + 1).unwrap_err().to_string();
        assert!(why.contains("sudo -u dwellers-cloud"), "{why}");
    }
}
