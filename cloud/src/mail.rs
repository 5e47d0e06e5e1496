//! E-mail, over the SMTP server that the configuration names.
//!
//! A letter has two halves: until its own words begin, a server that fails or falls silent has taken nothing, and it may be
//! sent again; from there on only the server's answer says whether it was taken.
//!
//! Invariants: a letter is text alone, and names no other server; its addresses never reach a log.
//!
//! What must never be here: who should be told what ([`crate::accounts`] and the outbox know); a password in a file.

use std::env;
use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lettre::address::Envelope;
use lettre::message::{Mailbox, header};
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands;
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::{Address, Message};
use tokio::time::timeout;

use crate::clock::Monotonic;
use crate::config;

/// How long the server may take for each half of a letter.
const PATIENCE: Duration = Duration::from_secs(30);
/// A connection that was not used for so long is not used again.
const IDLE_MS: u64 = 30_000;
/// So many wait for the next letter.
const MOST_IDLE: usize = 8;

/// A letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// To whom: one address.
    pub to: String,
    /// What about.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// What stands for it in the world (`Message-ID`), without angle brackets: the same for the same letter.
    pub id: String,
}

/// Why a letter is not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// It never will be: the address is none, or its server knows nobody there.
    #[error("this address takes no letters: {0}")]
    Never(String),
    /// It was not taken; later it may be.
    #[error("the mail server did not take it: {0}")]
    NotNow(String),
    /// It was on its way when the server fell silent: nobody knows whether it was taken.
    #[error("nobody knows whether the mail server took it: {0}")]
    Unknown(String),
}

/// The way to the mail server. Clones share its connections.
#[derive(Clone)]
pub struct Mailer(Arc<Inner>);

struct Inner {
    server: Server,
    from: Mailbox,
    patience: Duration,
    /// Connections that wait for the next letter, the longest unused first.
    idle: Mutex<Vec<(AsyncSmtpConnection, Monotonic)>>,
}

/// Where letters are handed in.
struct Server {
    host: String,
    port: u16,
    secured: Secured,
    credentials: Option<Credentials>,
}

/// When a connection becomes a secret.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Secured {
    /// From the first byte.
    AtOnce,
    /// By STARTTLS; without it nothing is said.
    Upgraded,
    /// By STARTTLS, where the server has it.
    IfOffered,
    /// Never: the server is this machine, or behind its own walls.
    Never,
}

impl Mailer {
    /// By the configuration.
    ///
    /// # Errors
    /// The address of the server or of the sender is none.
    pub fn new(config: &config::Mail) -> anyhow::Result<Mailer> {
        let server = Server::parse(&config.smtp, env::var(config::Mail::PASSWORD).ok())?;
        Ok(Mailer(Arc::new(Inner {
            server,
            from: config.from.parse()?,
            patience: PATIENCE,
            idle: Mutex::default(),
        })))
    }

    /// The same with another patience for each of a letter's two halves.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Mailer {
        let fresh = |inner: Inner| Inner { patience, ..inner };
        Mailer(Arc::new(Arc::into_inner(self.0).map(fresh).expect("nobody has a clone of a new one")))
    }

    /// As whom letters are sent: the address alone.
    pub fn address(&self) -> String {
        self.0.from.email.to_string()
    }

    /// Sends a letter.
    ///
    /// # Errors
    /// It was not taken, or nobody knows.
    pub async fn send(&self, letter: Letter) -> Result<(), MailError> {
        let address = letter.to.clone();
        // Servers like to repeat it.
        let hidden = |why: String| why.replace(&address, "…");
        self.hand_in(letter).await.map_err(|why| match why {
            MailError::Never(why) => MailError::Never(hidden(why)),
            MailError::NotNow(why) => MailError::NotNow(hidden(why)),
            MailError::Unknown(why) => MailError::Unknown(hidden(why)),
        })
    }

    async fn hand_in(&self, letter: Letter) -> Result<(), MailError> {
        let never = |why: String| MailError::Never(why);
        let to: Mailbox =
            letter.to.parse().map_err(|why: lettre::address::AddressError| never(why.to_string()))?;
        let message = Message::builder()
            .from(self.0.from.clone())
            .to(to)
            .subject(letter.subject)
            .message_id(Some(format!("<{}>", letter.id)))
            .header(header::ContentType::TEXT_PLAIN)
            // Nobody's holiday answers to it.
            .header(AutoSubmitted)
            .body(letter.text)
            .map_err(|why| never(why.to_string()))?;
        let text = message.formatted();
        let begun = timeout(self.0.patience, self.begin(message.envelope(), &text));
        let silent = |_| MailError::NotNow("the server fell silent".to_owned());
        // Dropped where it goes wrong: on a line that is half used the next answer would be of the letter before.
        let mut line = begun.await.map_err(silent)??;
        match timeout(self.0.patience, line.message(&text)).await {
            Ok(Ok(_)) => {}
            Ok(Err(why)) if why.status().is_some() => return Err(refused(&why)),
            Ok(Err(why)) => return Err(MailError::Unknown(words(&why))),
            Err(_) => return Err(MailError::Unknown("the server fell silent".to_owned())),
        }
        self.keep(line);
        Ok(())
    }

    /// All before the letter's own words: whatever fails here, the server has taken nothing.
    async fn begin(&self, envelope: &Envelope, text: &[u8]) -> Result<AsyncSmtpConnection, MailError> {
        let not_now = |why: smtp::Error| MailError::NotNow(words(&why));
        let mut line = match self.kept().await {
            Some(line) => line,
            None => self.0.server.connect(self.0.patience).await.map_err(not_now)?,
        };
        let mut options = Vec::new();
        let is_ascii = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
        if !envelope.to().iter().chain(envelope.from()).all(is_ascii) {
            if !line.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Err(MailError::Never("the server takes no such addresses".to_owned()));
            }
            options.push(MailParameter::SmtpUtfEight);
        }
        if !text.is_ascii() {
            options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        line.command(commands::Mail::new(envelope.from().cloned(), options)).await.map_err(not_now)?;
        for to in envelope.to() {
            let taken = line.command(commands::Rcpt::new(to.clone(), Vec::new())).await;
            taken.map_err(|why| if why.is_permanent() { refused(&why) } else { not_now(why) })?;
        }
        line.command(commands::Data).await.map_err(not_now)?;
        Ok(line)
    }

    /// A connection that still answers.
    async fn kept(&self) -> Option<AsyncSmtpConnection> {
        loop {
            let (mut line, since) = self.idle().pop()?;
            if since.ms() < IDLE_MS && line.test_connected().await {
                return Some(line);
            }
        }
    }

    fn keep(&self, line: AsyncSmtpConnection) {
        let mut idle = self.idle();
        idle.retain(|(_, since)| since.ms() < IDLE_MS);
        if idle.len() < MOST_IDLE {
            idle.push((line, Monotonic::start()));
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<(AsyncSmtpConnection, Monotonic)>> {
        // A list of connections is whole whoever panicked.
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Server {
    fn parse(url: &str, password: Option<String>) -> anyhow::Result<Server> {
        let url: url::Url = url.parse()?;
        let secured = match (url.scheme(), url.query().unwrap_or_default()) {
            ("smtps", "") => Secured::AtOnce,
            ("smtp", "tls=required") => Secured::Upgraded,
            ("smtp", "tls=opportunistic") => Secured::IfOffered,
            ("smtp", "") => Secured::Never,
            _ => anyhow::bail!("mail.smtp: smtps://… or smtp://…?tls=required is needed"),
        };
        let host = url.host_str().unwrap_or_default().to_owned();
        anyhow::ensure!(!host.is_empty(), "mail.smtp: it names no server");
        let standard = if secured == Secured::AtOnce { smtp::SUBMISSIONS_PORT } else { smtp::SMTP_PORT };
        let plain = |text: &str| {
            let text = format!("x={}", text.replace('+', "%2B"));
            url::form_urlencoded::parse(text.as_bytes()).next().map(|(_, read)| read.into_owned())
        };
        let (user, written) = (plain(url.username()).unwrap_or_default(), url.password().and_then(plain));
        let secret = password.or(written);
        let credentials = secret.filter(|_| !user.is_empty()).map(|secret| Credentials::new(user, secret));
        Ok(Server { host, port: url.port().unwrap_or(standard), secured, credentials })
    }

    async fn connect(&self, patience: Duration) -> Result<AsyncSmtpConnection, smtp::Error> {
        let name = ClientId::default();
        let tls = || TlsParameters::new(self.host.clone());
        let at_once = (self.secured == Secured::AtOnce).then(tls).transpose()?;
        let to = (self.host.as_str(), self.port);
        let mut line = AsyncSmtpConnection::connect_tokio1(to, Some(patience), &name, at_once, None).await?;
        let upgrade = match self.secured {
            Secured::Upgraded => true,
            Secured::IfOffered => line.can_starttls(),
            Secured::AtOnce | Secured::Never => false,
        };
        if upgrade {
            line.starttls(tls()?, &name).await?;
        }
        if let Some(credentials) = &self.credentials {
            line.auth(&[Mechanism::Plain, Mechanism::Login], credentials).await?;
        }
        Ok(line)
    }
}

/// What the server said to a letter.
fn refused(why: &smtp::Error) -> MailError {
    match why.is_permanent() {
        true => MailError::Never(words(why)),
        false => MailError::NotNow(words(why)),
    }
}

/// An error with what it comes from.
fn words(why: &smtp::Error) -> String {
    match why.source() {
        Some(source) => format!("{why}: {source}"),
        None => why.to_string(),
    }
}

/// `Auto-Submitted: auto-generated` (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl header::Header for AutoSubmitted {
    fn name() -> header::HeaderName {
        header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(AutoSubmitted)
    }

    fn display(&self) -> header::HeaderValue {
        header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
