//! E-mail about an account: their words, their links, and how they are sent.
//!
//! What must never be here: whether there is an account; a text.

use std::fmt;

use dwellers::texts::{Language, Value};
use http::StatusCode;

use super::Api;
use super::problem::Problem;
use crate::accounts::Purpose;
use crate::clock;
use crate::mail::{Letter, Mailer};

/// The letter, without what is filled in. Its text's key is `letter-…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A link.
    Link(Purpose),
    /// The password was set by a link.
    WasReset,
    /// Letters go to another address now.
    Moved,
}

impl Kind {
    fn key(self) -> &'static str {
        match self {
            Kind::Link(Purpose::SignIn) => "letter-sign-in",
            Kind::Link(Purpose::Prove) => "letter-prove",
            Kind::Link(Purpose::Reset) => "letter-reset",
            Kind::WasReset => "letter-was-reset",
            Kind::Moved => "letter-moved",
        }
    }
}

impl Api {
    /// By whom letters are sent.
    pub(super) fn mailer(&self) -> Result<Mailer, Problem> {
        self.0.mailer.clone().ok_or_else(|| Problem::moved_on("no-mail"))
    }

    /// What a link looks like.
    pub(super) fn link(&self, purpose: Purpose, secret: &str) -> String {
        let page = match purpose {
            Purpose::SignIn => "join",
            Purpose::Prove => "prove",
            Purpose::Reset => "reset",
        };
        format!("{}/{page}/{secret}", self.0.http.address())
    }

    /// Where a password that was forgotten is asked for.
    pub(super) fn address(&self) -> String {
        self.0.http.address()
    }

    /// A letter in a language.
    pub(super) fn letter(&self, kind: Kind, language: Language, to: &str, filled: (&str, String)) -> Letter {
        let (name, value) = filled;
        let texts = self.texts(language);
        let address = self.0.http.address();
        let host = address.split("://").nth(1).unwrap_or_default().split(':').next().unwrap_or_default();
        Letter {
            to: to.to_owned(),
            subject: texts.get(&format!("{}.subject", kind.key()), &[]),
            text: texts.get(kind.key(), &[(name, Value::from(value))]),
            id: format!("{:032x}@{host}", clock::entropy()),
        }
    }
}

/// Sends a letter while nobody waits for it.
pub(super) fn send_aside(mailer: Mailer, letter: Letter) {
    tokio::spawn(async move {
        if let Err(why) = mailer.send(letter).await {
            tracing::warn!("a letter about an account was not sent: {why}");
        }
    });
}

/// That a letter was not sent, for whoever waits for it.
pub(super) fn not_sent(why: &impl fmt::Display) -> Problem {
    tracing::warn!("a letter about an account was not sent: {why}");
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "letter-not-sent").retry_after(60)
}
