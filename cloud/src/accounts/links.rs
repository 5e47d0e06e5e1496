//! Links that are sent by mail: whoever opens one reads the mail of an account.
//!
//! A link is a secret of 128 random bits, known here by its hash. It is good for its time, once, for the account and the
//! address that it was sent to: where the account has another address by then, it is good for nothing. With it go all that
//! were sent for the same purpose.

use dwellers_replica::{Entry, Index, Now, Open, Query, Record, RecordId, Schema, Spec, Writes};
use serde::{Deserialize, Serialize};

use super::{Account, AccountError, Accounts, address, hash};

/// So many may wait to be opened, of one account for one purpose: nobody fills another's mailbox.
const MOST: usize = 5;

const HOUR_MS: u64 = 3_600_000;

/// What a link is good for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To sign in.
    #[default]
    SignIn,
    /// To prove an address, which the account has from then on.
    Prove,
    /// To set another password.
    Reset,
}

/// A link that was sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Link {
    /// The hash of its secret, in hex.
    pub hash: String,
    /// Whose.
    pub account: RecordId,
    /// What it is good for.
    pub purpose: Open<Purpose>,
    /// The address it was sent to, as it was typed.
    pub email: String,
    /// Until when, in milliseconds since 1970.
    pub until_ms: u64,
}

impl Record for Link {
    const SPEC: Spec = Spec {
        indexes: &[
            Index { name: "hash", on: &["hash"] },
            Index { name: "account", on: &["account", "until_ms"] },
            Index { name: "until", on: &["until_ms"] },
        ],
        ..Spec::local("links")
    };
}

pub(super) fn declare(schema: Schema) -> Schema {
    schema.with::<Link>()
}

impl Purpose {
    /// How long such a link is good.
    pub fn lasts_ms(self) -> u64 {
        match self {
            Purpose::SignIn | Purpose::Reset => HOUR_MS,
            Purpose::Prove => 24 * HOUR_MS,
        }
    }
}

impl Link {
    /// Whether it was sent to where the account's mail is read.
    fn is_of(&self, account: &Account) -> bool {
        let key = address(&self.email).map(|(_, key)| key).unwrap_or_default();
        account.email_proved_ms > 0 && !key.is_empty() && account.email_key == key
    }
}

impl Accounts {
    /// Keeps a link whose secret this is, to be sent to this address.
    ///
    /// # Errors
    /// It is no address, there is no such account, or too many wait to be opened.
    pub fn link(
        &self,
        account: RecordId,
        purpose: Purpose,
        email: &str,
        secret: &str,
        entropy: fn() -> u128,
        now: Now,
    ) -> Result<(), AccountError> {
        let (email, _) = address(email).ok_or(AccountError::Email)?;
        let owner = self.known(account)?;
        let like = |link: &&Entry<Link>| link.value.purpose == Open::Known(purpose);
        if self.links(account, now)?.iter().filter(like).count() >= MOST {
            return Err(AccountError::TooMany("links"));
        }
        let until_ms = now.ms.saturating_add(purpose.lasts_ms());
        let link = Link { hash: hash(secret), account, purpose: Open::Known(purpose), email, until_ms };
        let mut writes = Writes::new();
        writes.create(RecordId::new(now.ms, entropy()), &link).unchanged(&owner);
        self.commit(writes, "link", now)
    }

    /// The link of a secret, where it is still good for this purpose.
    ///
    /// # Errors
    /// What the store says.
    pub fn linked(
        &self,
        secret: &str,
        purpose: Purpose,
        now: Now,
    ) -> Result<Option<Entry<Link>>, AccountError> {
        let query = Query::on("hash").equal(hash(secret)).limit(1);
        let found = self.store.view(|view| view.of::<Link>().find(&query))??.entries.into_iter().next();
        let is_good =
            |link: &Entry<Link>| now.ms < link.value.until_ms && link.value.purpose == Open::Known(purpose);
        let Some(link) = found.filter(is_good) else { return Ok(None) };
        let account = self.get(link.value.account)?;
        let is_theirs = |account: &Account| purpose == Purpose::Prove || link.value.is_of(account);
        Ok(account.filter(|account| is_theirs(&account.value)).map(|_| link))
    }

    /// Uses a link up, and all like it; false where somebody else did.
    ///
    /// # Errors
    /// What the store says.
    pub fn use_link(&self, link: &Entry<Link>, now: Now) -> Result<bool, AccountError> {
        let mut writes = Writes::new();
        self.end_like(link, now, &mut writes)?;
        self.commit_unless_changed(writes, now)
    }

    /// By a link: its address is the account's from now on. False where somebody else used it.
    ///
    /// # Errors
    /// The address is another account's by now.
    pub fn prove(&self, link: &Entry<Link>, now: Now) -> Result<bool, AccountError> {
        let before = self.known(link.value.account)?;
        let mut writes = Accounts::email_writes(&before, &link.value.email, true, now)?;
        self.end_like(link, now, &mut writes)?;
        match self.commit(writes, "email", now) {
            Ok(()) => Ok(true),
            Err(AccountError::Changed) => Ok(false),
            Err(other) => Err(other),
        }
    }

    /// By a link: this is what the password is known by from now on ([`super::Passwords::hash`]). All sessions end, and all
    /// other links. False where somebody else used it.
    ///
    /// # Errors
    /// What the store says.
    pub fn reset(&self, link: &Entry<Link>, password: &str, now: Now) -> Result<bool, AccountError> {
        let before = self.known(link.value.account)?;
        let mut writes = Writes::new();
        writes.update(&before, |account| {
            password.clone_into(&mut account.password);
            account.epoch += 1;
        });
        writes.unchanged(&before).unchanged(link);
        self.end_sessions_and_links(link.value.account, &mut writes)?;
        let reset = self.commit_unless_changed(writes, now)?;
        self.moved(self.communities(link.value.account)?);
        Ok(reset)
    }

    /// The address that an account is about to prove; empty where there is none.
    ///
    /// # Errors
    /// What the store says.
    pub fn email_to_prove(&self, account: RecordId, now: Now) -> Result<String, AccountError> {
        let mut links = self.links(account, now)?;
        links.retain(|link| link.value.purpose == Open::Known(Purpose::Prove));
        Ok(links.pop().map(|link| link.value.email).unwrap_or_default())
    }

    /// Those of an account that are still good, by their times.
    fn links(&self, account: RecordId, now: Now) -> Result<Vec<Entry<Link>>, AccountError> {
        let query = Query::on("account").equal(account.to_string()).limit(Query::MAX_LIMIT);
        let mut found = self.store.view(|view| view.of::<Link>().find(&query))??.entries;
        found.retain(|link| now.ms < link.value.until_ms);
        Ok(found)
    }

    fn end_like(&self, link: &Entry<Link>, now: Now, writes: &mut Writes) -> Result<(), AccountError> {
        writes.unchanged(link).remove::<Link>(link.id);
        for other in self.links(link.value.account, now)? {
            if other.value.purpose == link.value.purpose {
                writes.remove::<Link>(other.id);
            }
        }
        Ok(())
    }
}
