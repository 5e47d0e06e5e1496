//! `dwellers-barrier`: the simulated barrier as a process of its own, which outlives a killed hub.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::{Parser, ValueEnum};
use dwellers_hub::barrier::wire::Request;
use dwellers_hub::barrier::{Barrier, Fails, Model, station};
use dwellers_hub::engine::Tick;
use dwellers_listener::local::Listener;
use tokio::signal::unix::{SignalKind, signal};

const SAYING: &str = "\
What can be said, a line of JSON each, by --tell or by any program that connects to the socket:
  \"state\"                                  what can be seen: arm, relays, sensors, cars, hits
  {\"history\":{\"after\":0}}                  what happened to the relays and under the arm, 200 entries at a time
  {\"world\":{\"car\":{}}}                     a car comes; it goes when the barrier was opened for it
  {\"world\":{\"car\":{\"tailgates\":true}}}     one that follows another through; \"crossing_ms\" says how long it takes
  {\"world\":\"leave\"}                        the first car turns round
  {\"world\":{\"loop\":true}}                  something stands on the loop (false: not any more)
  {\"world\":{\"beam\":true}}                  something breaks the light beam
  {\"world\":{\"fire\":true}}                  the fire alarm's contact is on
  {\"world\":{\"jam\":true}}                   the motor is jammed
  {\"world\":{\"cable\":false}}                the cable to the hub is pulled: it hears and is heard no more
  {\"world\":{\"power\":false}}                the power is cut: relays off, the arm goes where --fails says

Example:
  dwellers-barrier --socket /tmp/barrier.sock --closes-after-ms 5000 &
  dwellers-barrier --socket /tmp/barrier.sock --tell '{\"world\":{\"car\":{}}}'";

/// A simulated barrier: relays with timers of their own, an arm, sensors, cars. A hub whose gate has the driver `sim`
/// connects to its socket; the barrier goes on when the hub is killed, and remembers what its relays did.
#[derive(Parser)]
#[command(name = "dwellers-barrier", version, after_help = SAYING)]
struct Args {
    /// The socket: where to listen, or with --tell, whom to tell
    #[arg(long, value_name = "PATH")]
    socket: PathBuf,
    /// Say this line to the barrier that listens there, print its answer, and end
    #[arg(long, value_name = "JSON")]
    tell: Option<String>,
    /// From closed to open
    #[arg(long, value_name = "MS", default_value_t = Model::default().opening_ms)]
    opening_ms: u32,
    /// From open to closed
    #[arg(long, value_name = "MS", default_value_t = Model::default().closing_ms)]
    closing_ms: u32,
    /// It closes by itself, so long after it is open; without this it waits for the closing relay
    #[arg(long, value_name = "MS")]
    closes_after_ms: Option<u32>,
    /// Longer pulses are cut to this
    #[arg(long, value_name = "MS", default_value_t = Model::default().max_pulse_ms)]
    max_pulse_ms: u32,
    /// Longer leases of a hold are cut to this
    #[arg(long, value_name = "MS", default_value_t = Model::default().max_lease_ms)]
    max_lease_ms: u32,
    /// Where the arm goes without power
    #[arg(long, value_enum, default_value_t = FailsArg::Closed)]
    fails: FailsArg,
    /// The controller itself minds loop and beam; without this, it closes on a car unless the hub prevents it
    #[arg(long)]
    minds_obstacles: bool,
    /// There is no position sensor
    #[arg(long)]
    no_position: bool,
    /// There is no loop
    #[arg(long)]
    no_loop: bool,
    /// There is no light beam
    #[arg(long)]
    no_beam: bool,
    /// Append the history to this file as well, a line of JSON an entry
    #[arg(long, value_name = "FILE")]
    history: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum FailsArg {
    Open,
    Closed,
}

impl Args {
    fn model(&self) -> Model {
        Model {
            opening_ms: self.opening_ms,
            closing_ms: self.closing_ms,
            closes_after_ms: self.closes_after_ms,
            max_pulse_ms: self.max_pulse_ms,
            max_lease_ms: self.max_lease_ms,
            fails: match self.fails {
                FailsArg::Open => Fails::Open,
                FailsArg::Closed => Fails::Closed,
            },
            minds_obstacles: self.minds_obstacles,
            sees_position: !self.no_position,
            sees_loop: !self.no_loop,
            sees_beam: !self.no_beam,
        }
    }
}

fn main() -> ExitCode {
    let args = Args::parse();
    let done = match &args.tell {
        Some(line) => tell(&args.socket, line),
        None => run(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn run(args: &Args) -> anyhow::Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let record = args.history.as_ref().map(|path| {
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)
            .with_context(|| format!("{}: the history cannot be written there", path.display()))
    });
    let record = record.transpose()?;
    let mut terminate = signal(SignalKind::terminate()).context("no signals")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("no signals")?;
    let shutdown = async {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    let listener = Listener::bind(&args.socket, 0o660)?;
    println!("listening on {}", args.socket.display());
    let began = Instant::now();
    let clock = move || Tick(u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX));
    station::serve(Barrier::new(args.model()), listener, record, clock, shutdown)
        .await
        .context("the history cannot be recorded any more")
}

fn tell(socket: &Path, line: &str) -> anyhow::Result<()> {
    let request: Request = serde_json::from_str(line)
        .context("this cannot be said; `dwellers-barrier --help` shows what can")?;
    let mut line = serde_json::to_string(&request)?;
    line.push('\n');
    let mut stream = UnixStream::connect(socket)
        .with_context(|| format!("{}: no barrier listens there; start one first", socket.display()))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(line.as_bytes())?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).context("the barrier does not answer")?;
    print!("{answer}");
    Ok(())
}
