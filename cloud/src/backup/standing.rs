//! What is remembered of a community's backups: a record of the registry that never leaves it.
//!
//! What must never be here: when the next one is due (see [`super::schedule`]).

use dwellers_replica::{Now, Record, RecordId, Spec, Writes};
use serde::{Deserialize, Serialize};

use super::{BackupError, Made};
use crate::registry::Registry;

/// How a community's scheduled backups are; the record's id is the community's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Standing {
    /// When the last one was made that was verified, in milliseconds since 1970; 0: there is none.
    pub last_ms: u64,
    /// How long it is.
    pub last_bytes: u64,
    /// Its file, in the community's folder.
    pub file: String,
    /// The file that hubs were given last.
    pub offered: String,
    /// The blob that hubs were given before that one, in hex: one of them may be fetching it still.
    pub before: String,
    /// The last attempt, whatever came of it.
    pub tried_ms: u64,
    /// Why the last attempt came to nothing; empty where it did not.
    pub failure: String,
}

impl Record for Standing {
    const SPEC: Spec = Spec::local("backup_standings");
}

impl Standing {
    /// Whether there was a backup whose file is there no more, see [`super::Backups::standing`].
    pub fn is_gone(&self) -> bool {
        self.last_ms == 0 && !self.file.is_empty()
    }

    /// As it is remembered; all zero where there was no attempt yet.
    ///
    /// # Errors
    /// The registry fails.
    pub fn of(registry: &Registry, community: RecordId) -> Result<Standing, BackupError> {
        let found = registry.standing(community)?;
        Ok(found.map(|found| found.value).unwrap_or_default())
    }

    /// Remembers what came of an attempt.
    pub(super) fn note<M>(
        registry: &Registry,
        community: RecordId,
        attempt: Result<&Made<M>, &BackupError>,
        now: Now,
    ) -> Result<(), BackupError> {
        if matches!(attempt, Err(BackupError::Stopped)) {
            // Nothing came of it because nobody wanted it any more.
            return Ok(());
        }
        Standing::change(registry, community, now, |standing| {
            standing.tried_ms = now.ms;
            match attempt {
                Ok(made) => {
                    let file = made.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                    (standing.last_ms, standing.last_bytes, standing.file) = (now.ms, made.bytes, file);
                    standing.failure.clear();
                }
                Err(why) => standing.failure = why.to_string(),
            }
        })
    }

    pub(super) fn change(
        registry: &Registry,
        community: RecordId,
        now: Now,
        change: impl FnOnce(&mut Standing),
    ) -> Result<(), BackupError> {
        let mut writes = Writes::new();
        match registry.standing(community)? {
            Some(found) => writes.update(&found, change),
            None => {
                let mut standing = Standing::default();
                change(&mut standing);
                writes.create(community, &standing)
            }
        };
        Ok(registry.commit(now, writes)?)
    }
}
