//! The command line.
//!
//! What changes something goes through the running hub, over its control socket; where none runs, the command opens
//! the store itself, for one process owns it. Exit codes: 0 done, 1 not done, 2 not understood.
//!
//! What must never be here: a rule; a PIN as an argument (arguments are everybody's to read).

mod ask;
mod copies;
mod pin;
mod read;
mod show;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::backup;
use crate::clock::{self, Clock};
use crate::config::Config;
use crate::control::{Answer, Request};
use crate::doctor::{self, Grade};
use crate::reads::{Read, Strength};
use crate::store::DataFolder;

use ask::Desk;

/// The hub of a gatehouse: it decides who may enter and opens the gates, with no cloud in the world.
#[derive(Clone, Debug, Parser)]
#[command(name = "dwellers-hub", version, after_help = EXAMPLES, max_term_width = 100)]
pub struct Cli {
    /// The configuration
    #[arg(long, short, global = true, value_name = "FILE", default_value = Config::PATH)]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  dwellers-hub check-config                   say what is wrong with the configuration
  dwellers-hub guard add 'Анна Петровна'      add a guard; asks for the PIN
  systemctl start dwellers-hub                let the hub run (this is how it runs for good)
  dwellers-hub status                         how the hub and its gates are
  dwellers-hub doctor                         look at everything around it
  dwellers-hub plate --gate main --lane in А123ВС77   try what a plate does
  dwellers-hub read car.jpg                   read the plates in a picture

The hub's data belong to its own user: sudo -u dwellers dwellers-hub …
Exit codes: 0 done, 1 not done, 2 not understood.";

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// Run the hub until it is told to stop (SIGTERM, Ctrl-C)
    Run,
    /// Read the configuration and say what is wrong with it
    CheckConfig,
    /// How the hub and its gates are; without a running hub, what its store says
    #[command(after_help = "Exit code 0 where the hub runs, 1 where it does not.")]
    Status {
        /// One JSON object, for programs
        #[arg(long)]
        json: bool,
    },
    /// The guards who sign in at the gatehouse's screen
    #[command(subcommand, after_help = pin::HELP)]
    Guard(Guard),
    /// The screens that may show the guard's page (`kiosk.screens = "paired"`)
    #[command(subcommand)]
    Screen(Screen),
    /// The clock of this machine
    #[command(subcommand)]
    Time(Time),
    /// Say that a plate was read, as a camera would: what follows, opening included, is for the hub to decide
    #[command(after_help = "Example:\n  dwellers-hub plate --gate main --lane in А123ВС77")]
    Plate {
        /// The gate's key in the configuration
        #[arg(long)]
        gate: String,
        /// The key of the lane
        #[arg(long)]
        lane: String,
        /// A doubtful read, which opens nothing by itself
        #[arg(long)]
        middling: bool,
        /// The plate, in either alphabet
        plate: String,
    },
    /// Read the plates in pictures; needs no hub and no configuration
    #[command(after_help = read::HELP)]
    Read(read::Reading),
    /// Copy the store to a file, while the hub runs or not
    ///
    /// The file holds people's names and plates: keep it where others cannot read it. The key of the guards' PINs is
    /// not in it.
    #[command(after_help = "Example:\n  dwellers-hub backup /media/usb/hub-2026-05-01.db")]
    Backup {
        /// Where to; must not be there yet
        file: PathBuf,
    },
    /// Make the store of a backup, under a new replica id; the hub must not run
    #[command(after_help = "Example:\n  systemctl stop dwellers-hub\n  dwellers-hub restore --replace \
                            /media/usb/hub-2026-05-01.db\n  systemctl start dwellers-hub")]
    Restore {
        /// The backup
        file: PathBuf,
        /// Move a store that is there aside (it is kept)
        #[arg(long)]
        replace: bool,
    },
    /// The cloud's backups of which copies lie here, encrypted
    #[command(subcommand, after_help = copies::HELP)]
    Copies(copies::Copies),
    /// Become a hub of a community: with the address and the code that its operator or administrator was shown
    #[command(after_help = "Example:\n  dwellers-hub enroll https://cloud.example 4F7K-9QXD\n\n\
                      Compare the fingerprint with the one that the cloud shows.")]
    Enroll {
        /// `https://HOST`
        address: String,
        /// Eight characters, good for ten minutes
        code: String,
    },
    /// Look at everything around the hub, and say what would be right; changes nothing
    #[command(
        after_help = "Each line begins with ok, look (it works; see to it) or BAD. Exit code 1 where one is BAD."
    )]
    Doctor,
}

#[derive(Clone, Debug, Subcommand)]
enum Guard {
    /// Add a guard
    Add {
        /// As the journal shows it
        name: String,
        /// `-`: take the PIN from the standard input instead of asking
        #[arg(long, value_name = "-", value_parser = ["-"])]
        pin: Option<String>,
    },
    /// Who there is
    List,
    /// Give a guard another PIN; ends a lock as well
    ResetPin {
        /// Whose
        name: String,
        /// `-`: take the PIN from the standard input instead of asking
        #[arg(long, value_name = "-", value_parser = ["-"])]
        pin: Option<String>,
    },
    /// Remove a guard who left; sessions end, the journal keeps the name
    Remove {
        /// Who
        name: String,
    },
}

#[derive(Clone, Debug, Subcommand)]
enum Screen {
    /// Print a link to open on the screen: once, within ten minutes
    Pair {
        /// What to call it
        name: String,
    },
    /// Which there are
    List,
    /// Remove a screen that is gone
    Remove {
        /// Which
        name: String,
    },
}

#[derive(Clone, Debug, Subcommand)]
enum Time {
    /// Give your word that the clock is right, until the next boot (look at `date` first)
    Trust,
}

/// How the hub is run, by the program that has the gates' work.
pub type Run = fn(Config, Clock, Option<PathBuf>) -> anyhow::Result<()>;

/// What the process finds around it.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// Where the service manager puts secrets (`$CREDENTIALS_DIRECTORY`).
    pub credentials: Option<PathBuf>,
    /// How the hub is run.
    pub run: Run,
}

impl Cli {
    /// Whether the command loads the models.
    pub fn reads_plates(&self) -> bool {
        matches!(self.command, Command::Run | Command::Read(_))
    }

    /// Does what was asked; prints what there is to say.
    pub fn execute(self, around: Surroundings) -> ExitCode {
        match self.perform(around) {
            Ok(code) => code,
            Err(error) => {
                eprintln!("{error:#}");
                ExitCode::FAILURE
            }
        }
    }

    fn perform(self, around: Surroundings) -> anyhow::Result<ExitCode> {
        let clock = Clock::start();
        if let Command::Read(reading) = &self.command {
            return read::perform(reading, &clock);
        }
        let config = Config::load(&self.config)?;
        let data = DataFolder::new(config.hub.data.clone(), around.credentials.clone());
        let desk = Desk { config: &config, data: &data, clock: &clock };
        match self.command {
            Command::Read(reading) => return read::perform(&reading, &clock),
            Command::Run => (around.run)(config, clock, around.credentials)?,
            Command::CheckConfig => println!("{}: right, {}", self.config.display(), show::gates(&config)),
            Command::Status { json } => return status(&desk, json),
            Command::Guard(guard) => answered(&desk.ask(guard.request()?)?)?,
            Command::Screen(screen) => answered(&desk.ask(screen.request())?)?,
            Command::Time(Time::Trust) => {
                answered(&desk.ask(Request::TrustTime)?)?;
                println!("{} counts as right until the next boot", show::time(clock.now().ms));
            }
            Command::Plate { gate, lane, middling, plate } => {
                let strength = if middling { Strength::Middling } else { Strength::Strong };
                desk.offer(&Read::of(&gate, &lane, &plate, strength))?;
                println!("taken; the journal tells what became of it");
            }
            Command::Enroll { address, code } => answered(&desk.ask(Request::Enrol { address, code })?)?,
            Command::Backup { file } => {
                let Answer::Copied(copy) = refused(desk.ask(Request::Copy)?)? else {
                    anyhow::bail!("the hub answers something else: is its program older?");
                };
                backup::take(&copy, &file)?;
                println!("{}: {} bytes", file.display(), std::fs::metadata(&file)?.len());
            }
            Command::Restore { file, replace } => {
                data.insist_on_owner()?;
                let restored = backup::restore(&file, &data, replace, clock.now(), clock::entropy())?;
                println!("restored; the hub is now replica {}", restored.standing.replica);
                if let Some(aside) = restored.aside {
                    println!("the store that was there: {}", aside.display());
                }
            }
            Command::Copies(copies) => copies.perform(&data)?,
            Command::Doctor => {
                let findings = doctor::examine(&config, &data, &clock);
                findings.iter().for_each(|finding| println!("{finding}"));
                if findings.iter().any(|finding| finding.grade == Grade::Bad) {
                    return Ok(ExitCode::FAILURE);
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Guard {
    fn request(self) -> anyhow::Result<Request> {
        Ok(match self {
            Guard::Add { name, pin } => Request::GuardAdd { name, pin: pin::read(pin.is_some())? },
            Guard::ResetPin { name, pin } => Request::GuardResetPin { name, pin: pin::read(pin.is_some())? },
            Guard::Remove { name } => Request::GuardRemove { name },
            Guard::List => Request::GuardList,
        })
    }
}

impl Screen {
    fn request(self) -> Request {
        match self {
            Screen::Pair { name } => Request::ScreenPair { name },
            Screen::List => Request::ScreenList,
            Screen::Remove { name } => Request::ScreenRemove { name },
        }
    }
}

/// Not running is an answer, and no success.
fn status(desk: &Desk<'_>, json: bool) -> anyhow::Result<ExitCode> {
    let Answer::Status(status) = refused(desk.ask(Request::Status)?)? else {
        anyhow::bail!("the hub answers something else: is its program older?");
    };
    if json {
        println!("{}", serde_json::to_string(&status)?);
    } else {
        print!("{}", show::status(&status));
    }
    Ok(if status.running.is_some() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn answered(answer: &Answer) -> anyhow::Result<()> {
    let answer = refused(answer.clone())?;
    print!("{}", show::answer(&answer));
    Ok(())
}

fn refused(answer: Answer) -> anyhow::Result<Answer> {
    match answer {
        Answer::Refused(why) => Err(anyhow::anyhow!(why)),
        answer => Ok(answer),
    }
}
