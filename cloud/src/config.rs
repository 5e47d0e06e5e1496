//! The configuration: one TOML file, read once at start, then passed explicitly.
//!
//! Invariants: a key that is not known is an error, never ignored. Relative paths are meant from the file's own folder.
//!
//! What must never be here: a secret.

use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Deserialize;

/// The whole file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The cloud itself.
    pub cloud: Cloud,
}

/// Where the cloud keeps things.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cloud {
    /// The folder of all stores. Nobody else may read it.
    pub data: PathBuf,
}

impl Config {
    /// Where it lies unless told otherwise.
    pub const PATH: &str = "/etc/dwellers/cloud.toml";

    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read, or something in it is wrong: what, and where.
    pub fn load(path: &Path) -> anyhow::Result<Config> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let mut config: Config = toml::from_str(&text).with_context(|| path.display().to_string())?;
        let folder = path.parent().unwrap_or(Path::new("."));
        config.cloud.data = folder.join(&config.cloud.data);
        Ok(config)
    }
}
