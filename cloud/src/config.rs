//! The configuration: one TOML file, read once at start, then passed explicitly.
//!
//! Invariants: a key that is not known is an error, never ignored. Relative paths are meant from the file's own folder.
//!
//! What must never be here: a secret.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::Context;
use jiff::civil::Time;
use serde::Deserialize;
use warp::http::uri::Authority;

/// The whole file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The cloud itself.
    pub cloud: Cloud,
    /// Where it is reached.
    #[serde(default)]
    pub http: Http,
    /// When backups are made, and how many are kept.
    #[serde(default)]
    pub backup: Backup,
    /// Where pictures and backups lie.
    #[serde(default)]
    pub blobs: Blobs,
    /// How letters are sent; without it there are none.
    pub mail: Option<Mail>,
    /// The bot in Telegram; without it there is none.
    pub telegram: Option<Telegram>,
}

/// The bot in Telegram. Its token is in the environment ([`Telegram::TOKEN`]) or in a file of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Telegram {
    /// What people find it by, without `@`: `sosnovka_bot`.
    pub bot: String,
    /// The file of the token; without it, the token is in the environment.
    pub token_file: Option<PathBuf>,
    /// Where the Bot API is, where it is not Telegram's own: `http://localhost:8081`.
    pub api: Option<String>,
    /// Whether Telegram comes here with what people do, instead of being asked for it; it comes over https alone.
    #[serde(default)]
    pub webhook: bool,
}

impl Telegram {
    /// The variable of the environment that has the token.
    pub const TOKEN: &str = "DWELLERS_TELEGRAM_TOKEN";

    /// The token. It must never reach a log.
    ///
    /// # Errors
    /// The file does not read, or there is no token.
    pub fn token(&self) -> anyhow::Result<String> {
        let token = match &self.token_file {
            Some(path) => std::fs::read_to_string(path)
                .with_context(|| format!("telegram.token_file {}", path.display()))?,
            None => std::env::var(Telegram::TOKEN)
                .with_context(|| format!("[telegram] without token_file needs {}", Telegram::TOKEN))?,
        };
        let token = token.trim().to_owned();
        anyhow::ensure!(!token.is_empty(), "[telegram]: the token is empty");
        Ok(token)
    }
}

/// How letters are sent. The password is in the environment alone: [`Mail::PASSWORD`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// The server, with the user: `smtps://dwellers@mail.example` (TLS from the first byte),
    /// `smtp://dwellers@mail.example:587?tls=required` (STARTTLS), `smtp://localhost` (this machine).
    pub smtp: String,
    /// As whom: `Посёлок <dwellers@mail.example>`.
    pub from: String,
}

impl Mail {
    /// The variable of the environment that has the password.
    pub const PASSWORD: &str = "DWELLERS_SMTP_PASSWORD";
}

/// Where pictures and backups lie.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Blobs {
    /// In a bucket; without one, in the folder `blobs` beside the stores.
    pub s3: Option<S3>,
    /// How much of pictures a community may have, in GiB.
    pub community_gib: u64,
}

/// A bucket of S3, or of what speaks like it. Its keys are in the environment alone: `AWS_ACCESS_KEY_ID` and
/// `AWS_SECRET_ACCESS_KEY`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct S3 {
    /// The bucket: nothing else lies in it.
    pub bucket: String,
    /// Where the service is reached, where it is not Amazon's own.
    pub endpoint: Option<String>,
    /// Its region.
    #[serde(default = "S3::region")]
    pub region: String,
}

impl Default for Blobs {
    fn default() -> Self {
        Blobs { s3: None, community_gib: 20 }
    }
}

impl S3 {
    fn region() -> String {
        "us-east-1".to_owned()
    }
}

/// Where it is reached: people and hubs come to one port.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// The address that is listened at.
    pub listen: SocketAddr,
    /// Host and port (443, where it is left out) as hubs are told them (`cloud.example:443`): what a hub signs is good for this cloud alone. Without
    /// one, the address that is listened at.
    pub authority: Option<String>,
    /// Certificate and key, PEM; without them, plain HTTP for a proxy on this machine.
    pub tls: Option<Tls>,
}

/// Certificate and key, PEM.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The certificate and those that vouch for it.
    pub cert: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

impl Default for Http {
    fn default() -> Self {
        Http { listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)), authority: None, tls: None }
    }
}

/// Where the cloud keeps things.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cloud {
    /// The folder of all stores. Nobody else may read it.
    pub data: PathBuf,
}

/// When backups are made, and how many are kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Backup {
    /// Whether they are made by themselves, each day.
    pub on: bool,
    /// From which hour on, UTC: communities follow each other within an hour.
    pub at: Time,
    /// So many of each community.
    pub keep: NonZeroUsize,
}

impl Default for Backup {
    fn default() -> Self {
        let two_weeks = NonZeroUsize::MIN.saturating_add(13);
        Backup { on: true, at: Time::constant(3, 0, 0, 0), keep: two_weeks }
    }
}

impl Http {
    /// Whether what hubs are told is an address for this machine alone.
    pub fn is_only_here(&self) -> bool {
        let at = self.listen.ip();
        self.authority.is_none() && (at.is_loopback() || at.is_unspecified())
    }

    /// As hubs are told it: over a network HTTPS, also where a proxy on this machine speaks it.
    pub fn address(&self) -> String {
        let is_here = |authority: &str| authority.parse().is_ok_and(|at: SocketAddr| at.ip().is_loopback());
        match &self.authority {
            Some(authority) if self.tls.is_none() && is_here(authority) => format!("http://{authority}"),
            Some(authority) => format!("https://{authority}"),
            None if self.tls.is_some() => format!("https://{}", self.listen),
            None => format!("http://{}", self.listen),
        }
    }
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
        if let Some(authority) = &mut config.http.authority {
            *authority = self::authority(authority).with_context(|| path.display().to_string())?;
        }
        let folder = path.parent().unwrap_or(Path::new("."));
        config.cloud.data = folder.join(&config.cloud.data);
        if let Some(tls) = &mut config.http.tls {
            (tls.cert, tls.key) = (folder.join(&tls.cert), folder.join(&tls.key));
        }
        if let Some(token) = config.telegram.as_mut().and_then(|telegram| telegram.token_file.as_mut()) {
            *token = folder.join(&*token);
        }
        Ok(config)
    }
}

/// As hubs sign it: in lower case, with its port.
fn authority(text: &str) -> anyhow::Result<String> {
    let wrong =
        || anyhow::anyhow!("http.authority «{text}»: a host and a port are needed, as in cloud.example:443");
    let read: Authority = text.parse().map_err(|_| wrong())?;
    let host = read.host().to_lowercase();
    match read.port_u16() {
        _ if host.is_empty() || text.contains('@') => Err(wrong()),
        Some(port) if port > 0 => Ok(format!("{host}:{port}")),
        None if host.len() == text.len() => Ok(format!("{host}:443")),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_is_a_host_and_a_port() {
        for (text, read) in [
            ("cloud.example:8443", "cloud.example:8443"),
            ("Cloud.Example", "cloud.example:443"),
            ("192.0.2.1", "192.0.2.1:443"),
            ("[2001:DB8::1]:8080", "[2001:db8::1]:8080"),
            ("[2001:db8::1]", "[2001:db8::1]:443"),
        ] {
            assert_eq!(authority(text).unwrap(), read);
        }
        for wrong in [
            "",
            ":443",
            "https://cloud.example",
            "cloud.example/link",
            "me@cloud.example:443",
            "cloud.example:",
            "cloud.example:0",
            "cloud.example:70000",
            "cloud example",
        ] {
            assert!(authority(wrong).is_err(), "{wrong}");
        }
    }
}
