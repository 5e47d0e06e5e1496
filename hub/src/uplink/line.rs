//! How the link is, for those who ask: the guard's screen, the command line, the metrics.
//!
//! What must never be here: anything that waits for the link.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

/// How it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkStatus {
    /// The cloud's address; empty where the hub was never enrolled.
    pub url: String,
    /// What its community is called there.
    pub community: String,
    /// Whether it is connected.
    pub connected: bool,
    /// The cloud does not know this hub, or an administrator revoked it: time does not mend that.
    pub refused: bool,
    /// Whether everything that was written here is on the cloud's disk.
    pub shared: bool,
    /// Why it is not connected; nothing where it is, or was not tried yet.
    pub trouble: Option<String>,
}

/// The link's own word about itself. Clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Line(Arc<Mutex<LinkStatus>>);

impl Line {
    /// How it is now.
    pub fn status(&self) -> LinkStatus {
        self.lock().clone()
    }

    pub(super) fn belongs(&self, url: &str, community: &str) {
        let mut status = self.lock();
        (status.url, status.community) = (url.to_owned(), community.to_owned());
    }

    pub(super) fn connected(&self) {
        let mut status = self.lock();
        (status.connected, status.refused, status.trouble) = (true, false, None);
    }

    pub(super) fn refused(&self) {
        self.lock().refused = true;
    }

    pub(super) fn shared(&self, shared: bool) {
        self.lock().shared = shared;
    }

    pub(super) fn ended(&self, why: &str) {
        let mut status = self.lock();
        (status.connected, status.shared, status.trouble) = (false, false, Some(why.to_owned()));
    }

    fn lock(&self) -> MutexGuard<'_, LinkStatus> {
        // Nothing is half done while it is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
