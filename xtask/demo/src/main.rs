//! `cargo xtask demo`: a settlement on your desk, and `--check`, which plays its story by itself.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::process::ExitCode;

use anyhow::{Context, Result};
use dwellers_demo::stage::{Ports, Stage};
use dwellers_demo::talk::{self, Form};
use dwellers_demo::words::{PLAY, Words};
use dwellers_demo::{life, story, welcome};
use lexopt::{Arg, Parser, ValueExt};

const HELP: &str = "cargo xtask demo [--port PORT] [--cloud-port PORT] [--telegram-port PORT] [--quiet] [--json] [--check] [--keep]

Starts a simulated barrier, a simulated wicket, a hub and its cloud with «Сосновка», a settlement of sixty houses, and
prints where to look. With the token of a bot of your own in TELEGRAM_BOT_TOKEN that bot works in Telegram; without it a page
on this machine is Telegram. While it runs it takes words, a line each, and does what they say (`help` lists them). Ctrl-C, or
the end of its input, ends all of it, and nothing is left behind.

  --port PORT         where the guard's screen listens on this machine (8480); 0: all of them at ports that are free
  --cloud-port PORT   where the cloud listens (8481)
  --telegram-port PORT  where the page to talk to the bot listens (8482)
  --quiet             nobody comes until you say so
  --json              for programs: an object a line, first where everything is, then an answer to each word
  --check             plays the story of a day by itself, a line and a time for each step; exit code 0 where all went well
  --keep              leaves the folder with store, logs and configuration where it is, and says where";

/// Where the screen of the demo listens.
const KIOSK: u16 = 8480;
/// Where its cloud does.
const CLOUD: u16 = 8481;
/// Where the page to talk to the bot does.
const TELEGRAM: u16 = 8482;

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
    let (mut port, mut cloud_port, mut telegram_port) = (None, None, None);
    let (mut check, mut keep, mut quiet, mut form) = (false, false, false, Form::Text);
    let mut parser = Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("port") => port = Some(parser.value()?.parse()?),
            Arg::Long("cloud-port") => cloud_port = Some(parser.value()?.parse()?),
            Arg::Long("telegram-port") => telegram_port = Some(parser.value()?.parse()?),
            Arg::Long("quiet") => quiet = true,
            Arg::Long("json") => form = Form::Json,
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
        eprintln!("everything lies in {}", folder.path().display());
    }
    // Ports that are free, so that a demo that runs is not in the way.
    let usual = match check || port == Some(0) {
        true => Ports::default(),
        false => Ports { kiosk: KIOSK, cloud: CLOUD, telegram: TELEGRAM },
    };
    let ports = Ports {
        kiosk: port.unwrap_or(usual.kiosk),
        cloud: cloud_port.unwrap_or(usual.cloud),
        telegram: telegram_port.unwrap_or(usual.telegram),
    };
    if check {
        let mut stage = Stage::found(folder.path(), ports)?;
        stage.start()?;
        return story::play(stage);
    }
    // First: whoever ends it while it starts is heard as well.
    let heard = talk::listen()?;
    let mut stage = Stage::found(folder.path(), ports)?;
    stage.start()?;
    stage.trust_clock()?;
    let life = life::begin(&stage).context("life does not begin")?;
    let play = match form {
        Form::Text => {
            talk::say(&welcome::text(&stage)?)?;
            if quiet { &[] } else { PLAY }
        }
        Form::Json => &[],
    };
    let mut words = Words::new(stage, life);
    if form == Form::Json {
        talk::say(&words.ready()?.to_string())?;
    }
    talk::hold(&mut words, form, play, &heard)
}
