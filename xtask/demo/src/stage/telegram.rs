//! The demo's Telegram: a double on this machine, with a page to talk to the bot; or, with the token of a bot of one's own in
//! `TELEGRAM_BOT_TOKEN`, Telegram itself.
//!
//! What must never be here: a token on the command line or in a log.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::process::{Process, free_port, until};

/// The variable of the environment with the token of one's own bot.
pub const TOKEN: &str = "TELEGRAM_BOT_TOKEN";
/// What the bot is called at the double.
const BOT: &str = "sosnovka_demo_bot";
const REAL: &str = "https://api.telegram.org";

/// A Telegram, and the bot there.
pub(super) struct Telegram {
    /// Without `@`.
    bot: String,
    /// Where the double is; nothing for Telegram itself.
    double: Option<String>,
    token_file: PathBuf,
    /// The double, for as long as it is held.
    process: Option<Process>,
}

impl Telegram {
    /// Telegram itself where there is a token, else a double at this port; 0: one that is free.
    pub(super) fn start(folder: &Path, programs: &Path, port: u16) -> Result<Telegram> {
        match std::env::var(TOKEN).ok().filter(|token| !token.trim().is_empty()) {
            Some(token) => Telegram::real(folder, token.trim()),
            None => Telegram::double(folder, programs, port),
        }
    }

    fn real(folder: &Path, token: &str) -> Result<Telegram> {
        // What fails names the address, and with it the token.
        let asked = ureq::get(format!("{REAL}/bot{token}/getMe")).call();
        let told: Value = asked
            .ok()
            .and_then(|mut told| told.body_mut().read_json().ok())
            .with_context(|| format!("Telegram does not answer, or does not know the bot of {TOKEN}"))?;
        let bot =
            told["result"]["username"].as_str().context("Telegram does not say what the bot is called")?;
        let (bot, token_file) = (bot.to_owned(), write_token(folder, token)?);
        Ok(Telegram { bot, double: None, token_file, process: None })
    }

    fn double(folder: &Path, programs: &Path, port: u16) -> Result<Telegram> {
        let (port, log) = (free_port(port)?.port(), folder.join("telegram.log"));
        let mut command = Command::new(programs.join("dwellers-telegram"));
        command.args(["--port", &port.to_string(), "--username", BOT]);
        let mut process = Process::start(command, &log)?;
        let mut told = Value::Null;
        until("a Telegram that says where it is", || {
            let said = fs::read_to_string(&log)?;
            ensure!(process.runs()?, "Telegram's double ended at once: {said}");
            told = said.lines().next().and_then(|line| serde_json::from_str(line).ok()).unwrap_or_default();
            Ok(!told.is_null())
        })?;
        // The log has the token of a bot that is nobody's.
        let word = |name: &str| told[name].as_str().context("the double says where it is");
        let token_file = write_token(folder, word("token")?)?;
        let (bot, double) = (word("username")?.to_owned(), Some(word("url")?.to_owned()));
        Ok(Telegram { bot, double, token_file, process: Some(process) })
    }

    /// The section of the cloud's configuration.
    pub(super) fn config(&self) -> String {
        let (bot, token_file) = (&self.bot, self.token_file.display());
        let api = self.double.as_ref().map(|api| format!("api = \"{api}\"\n")).unwrap_or_default();
        format!("\n[telegram]\nbot = \"{bot}\"\ntoken_file = \"{token_file}\"\n{api}")
    }

    /// Where people talk to the bot, with this behind a link; empty for none.
    pub(super) fn page(&self, payload: &str) -> String {
        match (&self.double, payload) {
            (Some(url), "") => format!("{url}/"),
            (Some(url), _) => format!("{url}/?start={payload}"),
            (None, "") => format!("https://t.me/{}", self.bot),
            (None, _) => format!("https://t.me/{}?start={payload}", self.bot),
        }
    }

    /// Whether it still runs, as far as that is ours.
    pub(super) fn runs(&mut self) -> Result<bool> {
        self.process.as_mut().map_or(Ok(true), Process::runs)
    }
}

fn write_token(folder: &Path, token: &str) -> Result<PathBuf> {
    let path = folder.join("telegram.token");
    let mut file = fs::OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&path)?;
    file.write_all(token.as_bytes())?;
    Ok(path)
}
