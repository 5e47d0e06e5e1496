//! The simulated gates of the demo: a barrier and a wicket, and what happens at them.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use dwellers_hub::barrier::wire::{Reply, Request};
use dwellers_hub::barrier::{Entry, State, World};
use serde::de::DeserializeOwned;

use super::Stage;
use super::process::{PATIENCE, Process, until};

/// A simulated gate.
pub(super) struct Gate {
    key: &'static str,
    process: Process,
}

const GATES: [(&str, &[&str]); 2] = [
    ("main", &["--opening-ms", "700", "--closing-ms", "700"]),
    (
        "wicket",
        &["--opening-ms", "200", "--closing-ms", "200", "--closes-after-ms", "3000", "--minds-obstacles"],
    ),
];

impl Stage {
    /// Starts them, and waits until they listen.
    pub(super) fn start_gates(&mut self) -> Result<()> {
        for (key, args) in GATES {
            let process = self.start_gate(key, args)?;
            self.gates.push(Gate { key, process });
        }
        Ok(())
    }

    fn start_gate(&self, key: &str, args: &[&str]) -> Result<Process> {
        let path = self.gate_socket(key);
        let mut command = Command::new(self.gate_program());
        command.arg("--socket").arg(&path).args(args);
        let process = Process::start(command, &self.folder.join(format!("{key}.log")))?;
        until("a simulated gate that listens", || Ok(UnixStream::connect(&path).is_ok()))?;
        Ok(process)
    }

    /// Something happens at a gate.
    ///
    /// # Errors
    /// Where the simulated gate does not answer.
    pub fn happens(&self, gate: &str, what: World) -> Result<()> {
        match ask(&self.gate_socket(gate), &Request::World(what))? {
            Reply::Done => Ok(()),
            other => bail!("the simulated gate says {other:?}"),
        }
    }

    /// What can be seen of a gate.
    ///
    /// # Errors
    /// Where the simulated gate does not answer.
    pub fn look(&self, gate: &str) -> Result<State> {
        match ask(&self.gate_socket(gate), &Request::State)? {
            Reply::State(state) => Ok(state),
            other => bail!("the simulated gate says {other:?}"),
        }
    }

    /// The relays' history from an entry on: its lines, and the number of the last.
    ///
    /// # Errors
    /// Where the simulated gate does not answer.
    pub fn history(&self, gate: &str, mut after: u64) -> Result<Vec<Entry>> {
        let mut all = Vec::new();
        loop {
            match ask(&self.gate_socket(gate), &Request::History { after })? {
                Reply::History { entries, noted } => {
                    after = entries.last().map_or(noted, |last| last.number);
                    all.extend(entries);
                    if after >= noted {
                        return Ok(all);
                    }
                }
                other => bail!("the simulated gate says {other:?}"),
            }
        }
    }

    /// Looks whether all gates still run.
    ///
    /// # Errors
    /// Where one has ended.
    pub fn check_gates(&mut self) -> Result<()> {
        for gate in &mut self.gates {
            ensure!(gate.process.runs()?, "the simulated gate {} has ended", gate.key);
        }
        Ok(())
    }
}

/// A line of JSON to a local socket, and the line that answers it.
fn ask<T: DeserializeOwned>(socket: &Path, request: &impl serde::Serialize) -> Result<T> {
    let connect =
        || UnixStream::connect(socket).with_context(|| format!("{}: nobody listens", socket.display()));
    let mut stream = connect()?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut line = serde_json::to_vec(request)?;
    line.push(b'\n');
    stream.write_all(&line)?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer)?;
    serde_json::from_str(&answer).with_context(|| format!("{}: {answer:?}", socket.display()))
}
