//! What the command line can ask for, done: by the running hub, or, where none runs, by the command itself.

use std::fmt;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Answer, Request, Running, Status};
use crate::clock::{self, Clock};
use crate::guards::Guards;
use crate::screens::Screens;
use crate::store::{DataFolder, Opened};
use crate::timekeeping::Timekeeper;
use crate::uplink::Cloud;
use crate::uplink::enrolment::Address;
use dwellers_replica::{Shared, Writes};

/// What a running hub tells of itself at this moment.
pub type Report = Arc<dyn Fn() -> Running + Send + Sync>;

/// What operations work on. Clones are the same.
#[derive(Clone)]
pub struct Operations {
    /// Its clocks.
    pub clock: Clock,
    /// Who vouches for them.
    pub timekeeper: Timekeeper,
    /// The data folder.
    pub data: DataFolder,
    /// The replica.
    pub store: Shared,
    /// The guards.
    pub guards: Guards,
    /// The screens.
    pub screens: Screens,
    /// Where a screen reaches the kiosk: `http://127.0.0.1:8480`.
    pub kiosk: String,
    /// What the running hub tells; `None` where this is none.
    pub running: Option<Report>,
}

/// Why something was not done, in words for the one who asked.
pub type Refused = String;

impl Operations {
    /// The operations of a store that was opened for them.
    pub fn new(
        clock: Clock,
        timekeeper: Timekeeper,
        data: DataFolder,
        opened: &Opened,
        kiosk: String,
    ) -> Self {
        let store = opened.store.clone();
        let guards = Guards::new(store.clone(), opened.pepper.clone(), clock.tick());
        let screens = Screens::new(store.clone());
        Operations { clock, timekeeper, data, store, guards, screens, kiosk, running: None }
    }

    /// Does what is asked. Blocks.
    pub fn perform(&self, request: Request) -> Answer {
        let done = match request {
            Request::Status => self.status().map(|status| Answer::Status(Box::new(status))),
            Request::GuardList => said(self.guards.list().map(Answer::Guards)),
            Request::GuardAdd { name, pin } => {
                said(self.guards.add(&name, &pin, self.clock.now(), clock::entropy()).map(|_| Answer::Done))
            }
            Request::GuardResetPin { name, pin } => {
                let reset = self.guards.reset_pin(&name, &pin, self.clock.now(), clock::entropy());
                said(reset.map(|_| Answer::Done))
            }
            Request::GuardRemove { name } => {
                said(self.guards.remove(&name, self.clock.now()).map(|_| Answer::Done))
            }
            Request::ScreenList => said(self.screens.list().map(Answer::Screens)),
            Request::ScreenPair { name } => self.invite(&name),
            Request::ScreenRemove { name } => {
                said(self.screens.remove(&name, self.clock.now()).map(|()| Answer::Done))
            }
            Request::TrustTime => self.trust_time().map(|()| Answer::Done),
            Request::Copy => self.copy(),
            Request::Enrol { address, code } => self.enrol(&address, &code),
        };
        done.unwrap_or_else(Answer::Refused)
    }

    /// How the hub is.
    ///
    /// # Errors
    /// What the store says.
    pub fn status(&self) -> Result<Status, Refused> {
        let standing = said(self.store.standing())?;
        let now = self.clock.now();
        let guards = said(self.guards.list())?;
        Ok(Status {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            replica: standing.replica,
            time_ms: now.ms,
            time_trust: self.clock.trust(),
            transactions: standing.mark.arrival,
            store_bytes: self.data.store_bytes(),
            guards: guards.len(),
            guards_without_pin: guards.iter().filter(|guard| guard.needs_pin).count(),
            screens: said(self.screens.list())?.len(),
            running: self.running.as_ref().map(|report| report()),
        })
    }

    fn invite(&self, name: &str) -> Result<Answer, Refused> {
        if self.running.is_none() {
            return Err("a screen is paired with the running hub: start it first".into());
        }
        let token = said(self.screens.invite(name, self.clock.tick(), clock::random()))?;
        Ok(Answer::Invitation { link: format!("{}/pair/{token}", self.kiosk) })
    }

    /// A guard or the operator says that the clock is right: it is trusted until the next boot.
    ///
    /// # Errors
    /// Where it cannot be right, or the word cannot be kept.
    pub fn trust_time(&self) -> Result<(), Refused> {
        let now = self.clock.now();
        said(self.timekeeper.give_word(now))?;
        self.clock.set_trust(self.timekeeper.look(now));
        Ok(())
    }

    /// Becomes a hub of a community: the key is made here, and the running hub connects as soon as the record is there.
    fn enrol(&self, address: &str, code: &str) -> Result<Answer, Refused> {
        let before = said(said(self.store.view(|view| view.of::<Cloud>().get(Cloud::ID)))?)?;
        let address = Address::parse(address)?;
        let key = said(self.data.make_device_key(clock::entropy))?;
        let replica = said(self.store.standing())?.replica;
        // Its records would mix with another's.
        let community = before.as_ref().map(|before| before.value.community);
        let (cloud, enrolled) = address.enrol(code, key.public(), replica, community)?;
        let mut writes = Writes::new();
        match &before {
            Some(before) => writes.update(before, |record| *record = cloud),
            None => writes.create(Cloud::ID, &cloud),
        };
        said(self.store.commit(self.clock.now(), writes))?;
        Ok(Answer::Enrolled(enrolled))
    }

    /// The hub's unit lets it write nowhere else: whoever asked carries the copy away.
    fn copy(&self) -> Result<Answer, Refused> {
        let path: PathBuf = self.data.path().join("copy.db");
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.to_string()),
            _ => {}
        }
        said(self.store.copy_to(&path))?;
        Ok(Answer::Copied(path))
    }
}

fn said<T, E: fmt::Display>(result: Result<T, E>) -> Result<T, Refused> {
    result.map_err(|error| error.to_string())
}

impl fmt::Debug for Operations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operations").field("data", &self.data).finish_non_exhaustive()
    }
}
