//! `dwellers-cloud restore`: it opens the stores itself, and so works only where no cloud runs. The secret key goes nowhere.
//!
//! What must never be here: how a community comes out of a backup.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow};
use clap::Args;
use rustix::process::geteuid;

use super::show;
use crate::backup::restore::Wishes;
use crate::backup::{BackupError, Backups, key};
use crate::clock::{entropy, now};
use crate::communities::Communities;
use crate::config::Config;
use crate::control::{Answer, Operations, Request};

/// A key with comments around it is no longer.
const MAX_KEY_BYTES: u64 = 64 << 10;
const RUNNING: &str = "the cloud is running: stop it first (`systemctl stop dwellers-cloud`)";

#[derive(Clone, Debug, Args)]
pub(super) struct Restore {
    /// The backup
    file: PathBuf,
    /// The file with the key, as it was shown when the community was made; `-`: from the standard input
    #[arg(long, value_name = "FILE")]
    identity: PathBuf,
    /// Call the community so, instead of as before
    #[arg(long)]
    name: Option<String>,
    /// Move a store that is there aside (it is kept)
    #[arg(long)]
    replace: bool,
}

impl Restore {
    pub(super) fn perform(self, config: &Config) -> anyhow::Result<()> {
        let identity = key::parse(&self.key()?)?;
        let data = &config.cloud.data;
        super::insist_on_owner(data, geteuid().as_raw())?;
        let backups = Backups::in_folder(data, &config.backup);
        match backups.restore_own(data, &self.file, &identity, self.replace, now(), entropy) {
            // It is a community's, or none at all.
            Err(BackupError::Foreign(_)) => {}
            Err(BackupError::InUse(_)) => return Err(anyhow!(RUNNING)),
            restored => {
                print!("{}", show::restored_own(&restored?));
                return Ok(());
            }
        }
        let communities =
            Communities::in_folder(data, now(), entropy).map_err(|why| match why.is_locked() {
                true => anyhow!(RUNNING),
                false => anyhow!(why),
            })?;
        let communities = Arc::new(communities);
        let wishes = Wishes { name: self.name, replace: self.replace };
        let restored = backups.restore(&communities, &self.file, &identity, &wishes, now(), entropy())?;
        let operations =
            Operations { communities, backups: Arc::new(backups), http: config.http.clone(), downlink: None };
        let hubs = match operations.perform(Request::HubList { community: restored.community.to_string() }) {
            Answer::Hubs(hubs) => hubs,
            _ => Vec::new(),
        };
        print!("{}", show::restored(&restored, &hubs));
        Ok(())
    }

    fn key(&self) -> anyhow::Result<String> {
        let mut text = String::new();
        let read = if self.identity == Path::new("-") {
            io::stdin().take(MAX_KEY_BYTES).read_to_string(&mut text)
        } else {
            File::open(&self.identity).and_then(|file| file.take(MAX_KEY_BYTES).read_to_string(&mut text))
        };
        read.with_context(|| self.identity.display().to_string())?;
        Ok(text)
    }
}
