//! Who answers a command: the running hub, or the store itself.

use std::thread;
use std::time::Duration;

use anyhow::Context;

use crate::clock::{self, Clock};
use crate::config::Config;
use crate::control::{self, Answer, Operations, Request};
use crate::reads::{self, Read};
use crate::store::{DataError, DataFolder, Opened};
use crate::timekeeping::Timekeeper;

/// How long the store may be in other hands.
const PATIENCE_MS: u64 = 5_000;

/// Where commands are brought.
#[derive(Clone, Copy)]
pub(super) struct Desk<'a> {
    pub config: &'a Config,
    pub data: &'a DataFolder,
    pub clock: &'a Clock,
}

impl Desk<'_> {
    /// Asks the running hub; where none runs, does it here.
    pub fn ask(self, request: Request) -> anyhow::Result<Answer> {
        let socket = self.config.hub.control_socket();
        let start = self.clock.tick();
        loop {
            let answer = control::ask(&socket, &request).with_context(|| {
                format!("{}: the hub that runs there does not answer this user", socket.display())
            })?;
            if let Some(answer) = answer {
                return Ok(answer);
            }
            match self.open(&request) {
                // A hub that starts, or another command: one of them is done soon.
                Err(error) if error.is_locked() && self.clock.tick().0 - start.0 < PATIENCE_MS => {
                    thread::sleep(Duration::from_millis(50));
                }
                Err(error) => return Err(error).context("the hub does not run, and its store does not open"),
                Ok(opened) => return Ok(self.perform(request, &opened)),
            }
        }
    }

    /// Offers a plate to the running hub, by the door that cameras use.
    pub fn offer(self, read: &Read) -> anyhow::Result<()> {
        let path = self.config.hub.reads_socket();
        let unheard = || format!("{}: no hub takes reads there, or not from this user", path.display());
        match reads::socket::offer(&path, read).with_context(unheard)? {
            reads::socket::Answer::Accepted => Ok(()),
            reads::socket::Answer::Refused { why, .. } => anyhow::bail!(why),
        }
    }

    fn open(self, request: &Request) -> Result<Opened, DataError> {
        self.data.insist_on_owner()?;
        // A guard may be added before the hub ever ran; nothing else needs a store that is not there.
        match request {
            Request::GuardAdd { .. } => self.data.open(self.clock.now(), clock::entropy),
            _ => self.data.open_existing(self.clock.now(), clock::entropy),
        }
    }

    fn perform(self, request: Request, opened: &Opened) -> Answer {
        let timekeeper = Timekeeper::new(self.config.hub.time, &self.config.hub.run);
        self.clock.set_trust(timekeeper.look(self.clock.now()));
        let kiosk = self.config.kiosk.address();
        Operations::new(self.clock.clone(), timekeeper, self.data.clone(), opened, kiosk).perform(request)
    }
}
