//! `cargo xtask demo`: a settlement on your desk, and `--check`, which plays its story by itself.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, ensure};
use dwellers_demo::settlement::GUARDS;
use dwellers_demo::stage::Stage;
use dwellers_demo::story;
use lexopt::{Arg, Parser, ValueExt};
use tokio::signal::unix::{SignalKind, signal};

const HELP: &str = "cargo xtask demo [--port PORT] [--check] [--keep]

Starts a simulated barrier, a simulated wicket, a hub and its cloud with «Сосновка», a settlement of sixty houses, and
prints what to try. Ctrl-C ends all of it, and nothing is left behind.

  --port PORT   where the guard's screen listens on this machine (8480)
  --check       plays the story of a day by itself, a line and a time for each step; exit code 0 where all went well
  --keep        leaves the folder with store, logs and configuration where it is, and says where";

/// Where the screen of the demo listens.
const PORT: u16 = 8480;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("demo: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let (mut port, mut check, mut keep) = (None, false, false);
    let mut parser = Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("port") => port = Some(parser.value()?.parse()?),
            Arg::Long("check") => check = true,
            Arg::Long("keep") => keep = true,
            Arg::Long("help") | Arg::Short('h') => {
                println!("{HELP}");
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let own = Permissions::from_mode(0o700);
    let mut folder = tempfile::Builder::new().prefix("dwellers-demo-").permissions(own).tempdir()?;
    folder.disable_cleanup(keep);
    if keep {
        println!("everything lies in {}", folder.path().display());
    }
    if check {
        // On a free port, so that a demo that runs is not in the way.
        let mut stage = Stage::found(folder.path(), port)?;
        stage.start()?;
        return story::play(stage);
    }
    let mut stage = Stage::found(folder.path(), Some(port.unwrap_or(PORT)))?;
    stage.start()?;
    stage.trust_clock()?;
    show(stage)
}

/// Prints what to try and waits for Ctrl-C (or SIGTERM), or until a program ends by itself.
fn show(mut stage: Stage) -> Result<()> {
    println!("{}", welcome(&stage));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut turns = tokio::time::interval(Duration::from_millis(200));
        let mut stop = std::pin::pin!(tokio::signal::ctrl_c());
        let mut told = signal(SignalKind::terminate())?;
        loop {
            tokio::select! {
                stopped = &mut stop => return Ok(stopped?),
                _ = told.recv() => return Ok(()),
                _ = turns.tick() => {
                    stage.check_gates()?;
                    ensure!(stage.hub_runs()?, "the hub has ended; its log: {}", stage.log());
                }
            }
        }
    })
}

fn welcome(stage: &Stage) -> String {
    let kiosk = stage.kiosk();
    let [(name, pin), _] = GUARDS;
    let (cookies, gate) = (stage.cookies(), stage.gate_socket("main"));
    let (cookies, gate) = (cookies.display(), gate.display());
    let (hub, barrier) = (stage.hub_program(), stage.gate_program());
    let (hub, barrier, config) = (hub.display(), barrier.display(), stage.config());
    let config = config.display();
    let (cloud, cloud_config) = (stage.cloud_program(), stage.cloud_place().config);
    let (cloud, cloud_config) = (cloud.display(), cloud_config.display());
    let lanes = stage.lanes();
    let (scenes, lane) = (lanes.scenes().display(), lanes.link("in"));
    let lane = lane.display();
    format!(
        r#"«Сосновка» is running. The guard's screen is {kiosk}; in another terminal:

  # The guard {name} signs in (PIN {pin}); the session lies in a file of cookies.
  guard=$(curl -s {kiosk}/api/guards | grep -o '"id":"[^"]*","name":"{name}"' | cut -d'"' -f4)
  curl -s -c {cookies} -H 'Content-Type: application/json' -d "{{\"guard\":\"$guard\",\"pin\":\"{pin}\"}}" {kiosk}/api/session

  # What there is, and what happens, as it happens.
  curl -s -b {cookies} {kiosk}/api/state
  curl -sN -b {cookies} {kiosk}/api/events

  # A car drives up: stills before the camera of the lane, read by the hub itself.
  comes() {{ ln -sfn {scenes}/$1 {lane}.next && mv -T {lane}.next {lane}; }}
  comes resident
  # What the camera sees; the car goes through the open barrier, and stands in the journal with its picture.
  curl -s -b {cookies} -o lane.jpg {kiosk}/api/cameras/in/frame
  {barrier} --socket {gate} --tell '{{"world":{{"car":{{}}}}}}'
  curl -s -b {cookies} '{kiosk}/api/journal?limit=5'

  # Others: guest (a pass for one entry), courier, neighbour-dirty, unknown, banned, plumber, two-line, night.
  # The guard's word:
  curl -s -b {cookies} -H 'Content-Type: application/json' -d '{{"lane":"in","note":"скорая"}}' {kiosk}/api/gates/main/open

  # The hub from its command line, and the cloud from its own.
  {hub} status --config {config}
  {hub} doctor --config {config}
  {cloud} --config {cloud_config} status
  {cloud} --config {cloud_config} hub list Сосновка

Ctrl-C ends it.
"#
    )
}
