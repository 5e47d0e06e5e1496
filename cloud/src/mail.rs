//! E-mail, over the SMTP server that the configuration names.
//!
//! Invariants: a letter is text alone, and names no other server; its addresses never reach a log.
//!
//! What must never be here: who should be told what ([`crate::accounts`] and the outbox know); a password in a file.

use std::env;
use std::time::Duration;

use lettre::message::{Mailbox, header};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::config;

/// How long the server may take for a letter.
const PATIENCE: Duration = Duration::from_secs(30);

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
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mailer {
    /// By the configuration.
    ///
    /// # Errors
    /// The address of the server or of the sender is none.
    pub fn new(config: &config::Mail) -> anyhow::Result<Mailer> {
        let mut url: url::Url = config.smtp.parse()?;
        if let Ok(password) = env::var(config::Mail::PASSWORD) {
            let set = url.set_password(Some(&password));
            set.map_err(|()| anyhow::anyhow!("mail.smtp: this server takes no password"))?;
        }
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.as_str())?;
        Ok(Mailer { transport: transport.timeout(Some(PATIENCE)).build(), from: config.from.parse()? })
    }

    /// Sends a letter.
    ///
    /// # Errors
    /// It was not taken, or nobody knows.
    pub async fn send(&self, letter: Letter) -> Result<(), MailError> {
        let never = |why: String| MailError::Never(why);
        let address = letter.to.clone();
        // Servers like to repeat it.
        let said = |why: &dyn std::fmt::Display| why.to_string().replace(&address, "…");
        let to: Mailbox =
            letter.to.parse().map_err(|why: lettre::address::AddressError| never(why.to_string()))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(letter.subject)
            .message_id(Some(format!("<{}>", letter.id)))
            .header(header::ContentType::TEXT_PLAIN)
            // Nobody's holiday answers to it.
            .header(AutoSubmitted)
            .body(letter.text)
            .map_err(|why| never(why.to_string()))?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(why) if why.is_permanent() => Err(never(said(&why))),
            Err(why) if why.is_timeout() || why.is_response() => Err(MailError::Unknown(said(&why))),
            Err(why) => Err(MailError::NotNow(said(&why))),
        }
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
