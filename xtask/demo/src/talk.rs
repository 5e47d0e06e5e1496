//! Words that come in, answers that go out: a line each, for people or, as JSON, for programs.
//!
//! Invariants: each line that says something has one answer, in order; the end of what comes in, SIGTERM, SIGHUP and Ctrl-C end
//! it, also when they come while the programs start.
//!
//! What must never be here: what a word does.

use std::collections::VecDeque;
use std::io::{self, BufRead, Write};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};
use tokio::signal::unix::{SignalKind, signal};

use crate::words::{Said, Words};

/// How often it is looked whether all programs run.
const LOOK: Duration = Duration::from_millis(200);

/// What is heard.
pub enum Heard {
    /// A line.
    Line(String),
    /// Nobody will say anything any more, or it is to end.
    End,
}

/// Begins to listen.
///
/// # Errors
/// Where signals cannot be had.
pub fn listen() -> Result<Receiver<Heard>> {
    let (said, heard) = mpsc::channel();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let told = {
        let _inside = runtime.enter();
        [SignalKind::terminate(), SignalKind::hangup(), SignalKind::interrupt()].map(signal)
    };
    for one in told {
        let (mut one, said) = (one?, said.clone());
        runtime.spawn(async move {
            one.recv().await;
            // Whoever listens no more has ended.
            let _ = said.send(Heard::End);
        });
    }
    thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
    thread::spawn(move || {
        for line in io::stdin().lock().split(b'\n') {
            let Ok(line) = line else { break };
            if said.send(Heard::Line(String::from_utf8_lossy(&line).trim().to_owned())).is_err() {
                return;
            }
        }
        let _ = said.send(Heard::End);
    });
    Ok(heard)
}

/// In which form it is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For people.
    Text,
    /// For programs: an object a line.
    Json,
}

/// Hears words and does what they say, until the end. `play` is said meanwhile by nobody, and not answered, as long as nobody
/// says anything.
///
/// # Errors
/// Where a program has ended by itself, or nobody takes the answers.
pub fn hold(words: &mut Words, form: Form, play: &[&str], heard: &Receiver<Heard>) -> Result<()> {
    let mut play: VecDeque<_> = play.iter().collect();
    loop {
        match heard.recv_timeout(LOOK) {
            Ok(Heard::Line(line)) if line.is_empty() => {}
            Ok(Heard::Line(line)) => {
                play.clear();
                let done = words.hear(&line);
                answer(form, &line, done)?;
            }
            Ok(Heard::End) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
            Err(RecvTimeoutError::Timeout) => {
                words.stage().check()?;
                if !play.is_empty() && words.is_calm()? {
                    let line = play.pop_front().copied().unwrap_or_default();
                    // Where the guard was faster, the rest would make no sense.
                    if words.hear(line).is_err() {
                        play.clear();
                    }
                }
            }
        }
    }
}

fn answer(form: Form, line: &str, done: Result<Said>) -> Result<()> {
    let answer = match (form, done) {
        (Form::Text, Ok(said)) => said.text,
        (Form::Text, Err(why)) => format!("no: {why:#}"),
        (Form::Json, done) => {
            let word = line.split_whitespace().next();
            let mut facts = match &done {
                Ok(_) => json!({ "ok": true, "word": word }),
                Err(why) => json!({ "ok": false, "word": word, "error": format!("{why:#}") }),
            };
            if let (Value::Object(facts), Ok(said)) = (&mut facts, done) {
                facts.extend(said.facts);
            }
            facts.to_string()
        }
    };
    say(&answer)
}

/// Says a line.
///
/// # Errors
/// Where nobody hears it.
pub fn say(line: &str) -> Result<()> {
    Ok(writeln!(io::stdout(), "{line}")?)
}
