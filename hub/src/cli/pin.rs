//! Reading a PIN: without echo from a terminal, or a line from the standard input. Never from the arguments.

use std::io::{self, BufRead, IsTerminal, Read, Write};

use anyhow::Context;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use crate::guards::Pin;

pub(super) const HELP: &str = "\
A PIN has 4 to 8 digits; 0000, 1212 or 1234 are not taken. It is asked for without showing it, or comes from the \
standard input with `--pin -`; it is never an argument, which everybody on the machine could read.

Examples:
  dwellers-hub guard add 'Анна Петровна'
  pass show gatehouse/anna | dwellers-hub guard reset-pin 'Анна Петровна' --pin -";

/// Longer than any PIN with its end of line.
const MAX_LINE_BYTES: u64 = 64;

pub(super) fn read(from_input: bool) -> anyhow::Result<Pin> {
    if from_input {
        return Ok(Pin::new(line()?.trim_end())?);
    }
    anyhow::ensure!(io::stdin().is_terminal(), "there is no terminal to ask for the PIN: use `--pin -`");
    let first = Pin::new(&hidden("PIN: ")?)?;
    let again = hidden("Once more: ")?;
    anyhow::ensure!(first.is(&again), "these are two different PINs");
    Ok(first)
}

fn hidden(question: &str) -> anyhow::Result<String> {
    eprint!("{question}");
    io::stderr().flush()?;
    let _silence = Silence::begin().context("the terminal cannot hide what is typed")?;
    let typed = line();
    eprintln!();
    Ok(typed?.trim_end().to_owned())
}

fn line() -> anyhow::Result<String> {
    let mut line = String::new();
    io::stdin().lock().take(MAX_LINE_BYTES).read_line(&mut line)?;
    Ok(line)
}

/// A terminal that does not show what is typed, until dropped.
struct Silence(Termios);

impl Silence {
    fn begin() -> rustix::io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Flush, &silent)?;
        Ok(Silence(before))
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        // Where this fails the terminal is gone.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}
