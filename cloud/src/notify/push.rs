//! Web Push (RFC 8030): messages for browsers, by the push services of their makers.
//!
//! A browser names the address at its maker's service where messages for it are taken, and a key: what is sent there is
//! encrypted for the browser alone (RFC 8291), and signed by this installation (VAPID, RFC 8292).
//!
//! ```text
//! data/push.key              the key of the signatures, 0600; whoever loses it asks all browsers to subscribe anew
//! ```
//!
//! Invariants: an address that a person names is asked over HTTPS at port 443, and only where its name stands for a public
//! machine when it is asked: nobody makes this machine speak to its neighbours; no redirect is followed, no answer is read.

mod names;

use std::error::Error;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use dwellers::Denied;
use dwellers_replica::Now;
use jiff::fmt::rfc2822;
use reqwest::{Client, StatusCode, header, redirect};
use serde::Serialize;
use url::{Host, Url};
use web_push_native::jwt_simple::algorithms::{ECDSAP256PublicKeyLike, ES256KeyPair};
use web_push_native::{Auth, WebPushBuilder, p256};

use self::names::{Names, NotPublic};
use super::message::Outcome;
use super::settings::Subscription;

/// Where the key lies in the data folder.
pub const KEY_FILE: &str = "push.key";
/// How long a service may take for everything.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a signature is good; services take no more than a day.
const SIGNED: Duration = Duration::from_secs(12 * 3_600);
/// The longest that a service keeps a message for a browser that is away.
const MAX_TTL_MS: u64 = 24 * 3_600_000;
/// The longest address.
const MAX_ENDPOINT: usize = 1_000;
/// Services promise to take 4,096 bytes; the text is the only long part.
const MAX_TEXT: usize = 600;

/// As browsers write their keys: URL-safe, with padding or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The way to push services. Clones share its connections.
#[derive(Clone)]
pub struct Push(Arc<Inner>);

struct Inner {
    client: Client,
    key: Arc<ES256KeyPair>,
    /// Where a service finds whoever runs this: `mailto:` or `https:`.
    contact: String,
}

/// What a browser shows.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Shown {
    /// What takes the place of what: at most 32 letters of base64url.
    pub tag: String,
    pub title: String,
    pub text: String,
    /// Where there is more.
    pub link: String,
    pub urgent: bool,
    #[serde(skip)]
    pub until_ms: u64,
}

impl Push {
    /// With the key of a data folder, which is made where there is none.
    ///
    /// # Errors
    /// The key cannot be read or made, or there are no certificates to trust.
    pub fn in_folder(data: &Path, contact: String, random: fn() -> [u8; 32]) -> anyhow::Result<Push> {
        let path = data.join(KEY_FILE);
        let key = Arc::new(key(&path, random).with_context(|| path.display().to_string())?);
        // Another part of the program may have chosen one.
        let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
        let client = careful().dns_resolver(Arc::new(Names::new())).build().context("Web Push")?;
        Ok(Push(Arc::new(Inner { client, key, contact })))
    }

    /// The same over another client.
    #[must_use]
    pub fn with_client(self, client: Client) -> Push {
        let Inner { key, contact, .. } = &*self.0;
        Push(Arc::new(Inner { client, key: key.clone(), contact: contact.clone() }))
    }

    /// The key by which browsers know this installation (`applicationServerKey`).
    pub fn public_key(&self) -> String {
        BASE64.encode(self.0.key.public_key().public_key().to_bytes_uncompressed())
    }

    /// Tells the browsers of a person. One that took it is enough; the second value says which are there no more.
    pub(super) async fn tell<'a>(
        &self,
        to: &'a [Subscription],
        shown: &Shown,
        now: Now,
    ) -> (Outcome, Vec<&'a Subscription>) {
        let told = to.iter().map(|subscription| self.tell_one(subscription, shown, now));
        let told = futures_util::future::join_all(told).await;
        let gone = to.iter().zip(&told).filter(|(_, (_, gone))| *gone).map(|(one, _)| one).collect();
        let worth = |outcome: &Outcome| match outcome {
            Outcome::Sent | Outcome::Shown(_) => 3,
            Outcome::Unknown(_) => 2,
            Outcome::NotNow(..) | Outcome::Full(_) => 1,
            Outcome::Never(_) | Outcome::Gone => 0,
        };
        let best = told.into_iter().map(|(outcome, _)| outcome).max_by_key(worth);
        (best.unwrap_or_else(|| Outcome::Never("no browser is there any more".to_owned())), gone)
    }

    async fn tell_one(&self, to: &Subscription, shown: &Shown, now: Now) -> (Outcome, bool) {
        let request = match self.request(to, shown, now) {
            Ok(request) => request,
            Err(why) => return (Outcome::Never(why.to_string()), false),
        };
        let answer = match self.0.client.execute(request).await {
            Ok(answer) => answer,
            Err(why) => return (unanswered(&why), false),
        };
        let status = answer.status();
        let why = format!("the push service answers {}", status.as_u16());
        match status {
            _ if status.is_success() => (Outcome::Sent, false),
            StatusCode::NOT_FOUND | StatusCode::GONE => (Outcome::Never(why), true),
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => {
                (Outcome::NotNow(why, after_ms(answer.headers(), now)), false)
            }
            _ if status.is_server_error() => (Outcome::NotNow(why, after_ms(answer.headers(), now)), false),
            _ => (Outcome::Never(why), false),
        }
    }

    fn request(&self, to: &Subscription, shown: &Shown, now: Now) -> anyhow::Result<reqwest::Request> {
        let (endpoint, key, auth) = read(to)?;
        let builder = WebPushBuilder::new(endpoint.as_str().parse()?, key, auth)
            .with_valid_duration(SIGNED)
            .with_vapid(&self.0.key, &self.0.contact);
        let text = shown.text.chars().take(MAX_TEXT).collect();
        let body = serde_json::to_vec(&Shown { text, ..shown.clone() })?;
        let mut request = builder.build(body).map_err(|why| anyhow::anyhow!("{why}"))?;
        let ttl_s = shown.until_ms.saturating_sub(now.ms).min(MAX_TTL_MS) / 1_000;
        let headers = request.headers_mut();
        headers.insert("ttl", ttl_s.into());
        headers.insert("topic", shown.tag.parse()?);
        headers.insert(
            "urgency",
            header::HeaderValue::from_static(if shown.urgent { "high" } else { "normal" }),
        );
        Ok(reqwest::Request::try_from(request)?)
    }
}

/// A client as careful as strangers' addresses need it, but for who is public (`Names`).
pub fn careful() -> reqwest::ClientBuilder {
    Client::builder()
        .https_only(true)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .timeout(PATIENCE)
        .connect_timeout(PATIENCE / 2)
        .pool_max_idle_per_host(4)
}

/// Whether a browser's subscription makes sense.
///
/// # Errors
/// Which part of it does not.
pub fn check(subscription: &Subscription) -> Result<(), Denied> {
    read(subscription)
        .map(drop)
        .map_err(|field| Denied::Invalid { field: field.0, why: "not-a-subscription" })
}

/// The part of a subscription that makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the browser's {0} makes no sense")]
struct Senseless(&'static str);

fn read(subscription: &Subscription) -> Result<(Url, p256::PublicKey, Auth), Senseless> {
    let endpoint = endpoint(&subscription.endpoint).ok_or(Senseless("endpoint"))?;
    let key = BASE64.decode(&subscription.p256dh).ok();
    let key = key.and_then(|key| p256::PublicKey::from_sec1_bytes(&key).ok()).ok_or(Senseless("p256dh"))?;
    let auth: Option<[u8; 16]> = BASE64.decode(&subscription.auth).ok().and_then(|auth| auth.try_into().ok());
    Ok((endpoint, key, Auth::from(auth.ok_or(Senseless("auth"))?)))
}

/// An address as push services have them: HTTPS, a name, the port of HTTPS, nobody's password.
fn endpoint(text: &str) -> Option<Url> {
    let url: Url = text.parse().ok().filter(|_| text.len() <= MAX_ENDPOINT && text.is_ascii())?;
    let named = matches!(url.host(), Some(Host::Domain(name)) if name.contains('.'));
    let plain = url.username().is_empty() && url.password().is_none() && url.port().is_none();
    (url.scheme() == "https" && named && plain).then_some(url)
}

/// What a request means that has no answer.
fn unanswered(why: &reqwest::Error) -> Outcome {
    let mut source = why.source();
    while let Some(cause) = source {
        if cause.is::<NotPublic>() {
            return Outcome::Never(cause.to_string());
        }
        source = cause.source();
    }
    match why.is_connect() || why.is_builder() {
        true => Outcome::NotNow("the push service cannot be reached".to_owned(), 0),
        false => Outcome::Unknown("the push service fell silent".to_owned()),
    }
}

/// `Retry-After`: seconds, or a date.
fn after_ms(headers: &header::HeaderMap, now: Now) -> u64 {
    let text =
        headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()).unwrap_or_default().trim();
    let seconds = text.parse::<u64>().ok().map(|seconds| seconds.saturating_mul(1_000));
    let date = || {
        let at = rfc2822::parse(text).ok()?.timestamp().as_millisecond();
        Some(u64::try_from(at).ok()?.saturating_sub(now.ms))
    };
    // A service that says "next year" is not asked for a day.
    seconds.or_else(date).unwrap_or_default().min(MAX_TTL_MS)
}

/// The key that lies there, or a new one.
fn key(path: &Path, random: fn() -> [u8; 32]) -> anyhow::Result<ES256KeyPair> {
    match fs::read_to_string(path) {
        Ok(text) => return keyed(text.trim()),
        Err(why) if why.kind() == io::ErrorKind::NotFound => {}
        Err(why) => return Err(why.into()),
    }
    // Nearly any number is a key.
    let made = (0..8).find_map(|_| {
        let text = BASE64.encode(random());
        keyed(&text).ok().map(|key| (text, key))
    });
    let (text, key) = made.context("chance gives no key")?;
    let beside = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(key)
}

fn keyed(text: &str) -> anyhow::Result<ES256KeyPair> {
    let bytes = BASE64.decode(text).context("it holds no key")?;
    anyhow::ensure!(bytes.len() == 32, "it holds no key");
    ES256KeyPair::from_bytes(&bytes).map_err(|_| anyhow::anyhow!("it holds no key"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_name_over_https() {
        assert!(endpoint("https://fcm.googleapis.com/fcm/send/abc:def").is_some());
        assert!(endpoint("https://updates.push.services.mozilla.com:443/wpush/v2/x").is_some());
        for wrong in [
            "",
            "x",
            "http://push.example/1",
            "https://127.0.0.1/1",
            "https://[::1]/1",
            "https://2130706433/",
            "https://localhost/1",
            "https://push.example:8443/1",
            "https://me@push.example/1",
            "https://me:pw@push.example/",
            "ftp://push.example/",
            "https:///x",
            "https://пример.рф/1",
        ] {
            assert!(endpoint(wrong).is_none(), "{wrong}");
        }
        assert!(endpoint(&format!("https://push.example/{}", "x".repeat(1_000))).is_none());
    }

    #[test]
    fn a_service_says_when_to_come_again() {
        let now = Now { ms: 1_445_412_470_000, trusted: true };
        let said = |text: &'static str| {
            let headers = [(header::RETRY_AFTER, header::HeaderValue::from_static(text))];
            after_ms(&headers.into_iter().collect(), now)
        };
        assert_eq!(said("120"), 120_000);
        assert_eq!(said("Wed, 21 Oct 2015 07:28:00 GMT"), 10_000);
        assert_eq!(said("99999999"), MAX_TTL_MS);
        assert_eq!(said("soon"), 0);
    }

    #[test]
    fn the_key_is_made_once_and_for_nobody_else_to_read() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(KEY_FILE);
        let public = |key: ES256KeyPair| key.public_key().to_bytes();
        let made = public(key(&path, || [7; 32]).unwrap());
        assert_eq!(public(key(&path, || [8; 32]).unwrap()), made);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(&path, "x").unwrap();
        assert!(key(&path, || [8; 32]).is_err(), "what is damaged is not made anew");
    }
}
