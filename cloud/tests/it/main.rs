//! The cloud, as its operator and its hubs meet it.

#![allow(clippy::unwrap_used, reason = "a helper of a test that cannot go on fails it")]

mod accounts;
mod backup;
mod blobs;
mod cli;
mod communities;
mod crops;
mod crowds;
mod faults;
mod harness;
mod hubs;
mod impostors;
mod link;
mod pictures;
mod program;
mod proxy;
mod watch;

use std::path::PathBuf;

use dwellers_cloud::communities::Communities;
use dwellers_replica::Now;
use tempfile::TempDir;

/// A moment of a trusted clock.
fn at(ms: u64) -> Now {
    Now { ms: 1_780_000_000_000 + ms, trusted: true }
}

/// Chance for tests: never the same twice.
fn entropy() -> u128 {
    dwellers_cloud::clock::entropy()
}

struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Place {
        Place { folder: tempfile::tempdir().unwrap() }
    }

    fn communities(&self) -> Communities {
        Communities::in_folder(&self.data(), at(0), entropy).unwrap()
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
}
