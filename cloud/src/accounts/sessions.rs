//! Sessions: who is signed in, where, and how they came in.
//!
//! A session is a secret of 256 random bits in the browser's cookie, known here by its hash.

use dwellers_replica::{Entry, Index, Now, Open, Query, ReadError, Record, RecordId, Schema, Spec, Writes};
use serde::{Deserialize, Serialize};

use super::messengers::{Messenger, MessengerUser};
use super::{Account, AccountError, Accounts, hash};

/// How long a session lasts that is not used.
pub const LASTS_MS: u64 = 60 * DAY_MS;
/// How long one lasts at most.
const LONGEST_MS: u64 = 365 * DAY_MS;
/// That it is used is written down so often.
const SEEN_MS: u64 = 3_600_000;
/// The most of one account: the longest unused makes room.
const MOST: usize = 30;
/// The most of these that Telegram began: one begins whenever the Mini App is opened, and some of its windows forget theirs.
const MOST_TELEGRAM: usize = 5;
/// The most that is kept of what a browser says it is.
const MAX_AGENT: usize = 200;

const DAY_MS: u64 = 24 * 3_600_000;

/// How somebody signed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// By a password.
    #[default]
    Password,
    /// By a passkey.
    Passkey,
    /// By a link that works once.
    Link,
    /// From Telegram, which says who they are.
    Telegram,
}

/// A session.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    /// Whose.
    pub account: RecordId,
    /// The hash of its secret, in hex.
    pub hash: String,
    /// How they came in.
    pub way: Open<Way>,
    /// What the browser says it is.
    pub agent: String,
    /// When it began, in milliseconds since 1970.
    pub made_ms: u64,
    /// When it was last used, give or take an hour.
    pub seen_ms: u64,
    /// Whether a second factor was given.
    pub second_factor: bool,
    /// Their number in Telegram, where it is Telegram that says who they are.
    pub telegram_user: i64,
    /// The epoch of the account in which whoever signed in was judged ([`Account::epoch`]).
    pub epoch: u64,
}

impl Record for Session {
    const SPEC: Spec = Spec {
        indexes: &[
            Index { name: "hash", on: &["hash"] },
            Index { name: "account", on: &["account", "seen_ms"] },
            Index { name: "seen", on: &["seen_ms"] },
        ],
        ..Spec::local("sessions")
    };
}

pub(super) fn declare(schema: Schema) -> Schema {
    schema.with::<Session>()
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The session.
    pub session: Entry<Session>,
    /// Who.
    pub account: RecordId,
}

impl Session {
    fn is_over(&self, now: Now) -> bool {
        now.ms >= self.seen_ms.saturating_add(LASTS_MS) || now.ms >= self.made_ms.saturating_add(LONGEST_MS)
    }
}

impl Accounts {
    /// Begins a session of whoever is judged just now.
    ///
    /// # Errors
    /// What the store says.
    pub fn begin(
        &self,
        session: Session,
        drawn: [u8; 32],
        entropy: fn() -> u128,
        now: Now,
    ) -> Result<String, AccountError> {
        let epoch = self.epoch(session.account)?;
        self.begin_judged(Session { epoch, ..session }, drawn, entropy, now)
    }

    /// In which epoch an account is, to be noted before whoever signs in to it is judged.
    ///
    /// # Errors
    /// What the store says.
    pub fn epoch(&self, account: RecordId) -> Result<u64, AccountError> {
        Ok(self.get(account)?.map(|account| account.value.epoch).unwrap_or_default())
    }

    /// Begins a session; its secret goes into the cookie. `drawn` is the secret.
    ///
    /// # Errors
    /// What they were judged by was taken away meanwhile, or what the store says.
    pub fn begin_judged(
        &self,
        session: Session,
        drawn: [u8; 32],
        entropy: fn() -> u128,
        now: Now,
    ) -> Result<String, AccountError> {
        if self.epoch(session.account)? != session.epoch {
            return Err(AccountError::Changed);
        }
        let secret = blake3::Hash::from_bytes(drawn).to_hex().to_string();
        let mut writes = Writes::new();
        let before = self.sessions(session.account)?;
        let telegram = Open::Known(Way::Telegram);
        let is_alike = |one: &&Entry<Session>| session.way == telegram && one.value.way == telegram;
        let surplus = before.len().saturating_sub(MOST - 1);
        let longest_unused = before.iter().rev().take(surplus);
        let alike = before.iter().filter(is_alike).skip(MOST_TELEGRAM - 1);
        let over = before.iter().filter(|one| one.value.is_over(now));
        for ended in longest_unused.chain(alike).chain(over) {
            writes.remove::<Session>(ended.id);
        }
        let agent = session.agent.chars().filter(|c| !c.is_control()).take(MAX_AGENT).collect();
        let session = Session { hash: hash(&secret), agent, made_ms: now.ms, seen_ms: now.ms, ..session };
        writes.create(RecordId::new(now.ms, entropy()), &session);
        self.store.commit(now, writes)?;
        Ok(secret)
    }

    /// The session of a secret.
    ///
    /// # Errors
    /// What the store says.
    pub fn signed(&self, secret: &str, now: Now) -> Result<Option<Signed>, AccountError> {
        let query = Query::on("hash").equal(hash(secret)).limit(1);
        let found = self.store.view(|view| {
            let found = view.of::<Session>().find(&query)?.entries.into_iter().next();
            let Some(session) = found.filter(|found| !found.value.is_over(now)) else { return Ok(None) };
            // One that began while its account, or all of its sessions, ended is over.
            let account = view.of::<Account>().get(session.value.account)?;
            let mut is_good = account.is_some_and(|account| account.value.epoch == session.value.epoch);
            if session.value.way == Open::Known(Way::Telegram) {
                // Of whoever is not this account's there any more it is over, too, and does not come back with them.
                let user = MessengerUser::id(Messenger::Telegram, session.value.telegram_user);
                let user = view.of::<MessengerUser>().get(user)?;
                is_good &= user.is_some_and(|user| user.value.vouches_for(&session.value));
            }
            Ok::<_, ReadError>(is_good.then_some(session))
        })??;
        let Some(session) = found else { return Ok(None) };
        if now.ms >= session.value.seen_ms.saturating_add(SEEN_MS) {
            let mut writes = Writes::new();
            writes.update(&session, |session| session.seen_ms = now.ms).unchanged(&session);
            // Whoever ended it meanwhile has ended it: it is looked up anew at the next request.
            if let Err(why) = self.store.commit(now, writes) {
                tracing::info!("that a session is used is not written: {why}");
            }
        }
        Ok(Some(Signed { account: session.value.account, session }))
    }

    /// The sessions of an account, the last used first.
    ///
    /// # Errors
    /// What the store says.
    pub fn sessions(&self, account: RecordId) -> Result<Vec<Entry<Session>>, AccountError> {
        let query = Query::on("account").equal(account.to_string()).limit(Query::MAX_LIMIT);
        let query = query.direction(dwellers_replica::Direction::Descending);
        Ok(self.store.view(|view| view.of::<Session>().find(&query))??.entries)
    }

    /// A second factor was given in a session.
    ///
    /// # Errors
    /// What the store says.
    pub fn second_factor_given(&self, session: &Entry<Session>, now: Now) -> Result<(), AccountError> {
        let mut writes = Writes::new();
        writes.update(session, |session| session.second_factor = true);
        self.commit(writes, "session", now)
    }

    /// Ends a session of an account.
    ///
    /// # Errors
    /// It is none of theirs.
    pub fn end(&self, account: RecordId, session: RecordId, now: Now) -> Result<(), AccountError> {
        let found = self.store.view(|view| view.of::<Session>().get(session))??;
        if found.is_none_or(|found| found.value.account != account) {
            return Err(AccountError::Unknown("session"));
        }
        let mut writes = Writes::new();
        writes.remove::<Session>(session);
        self.commit(writes, "session", now)
    }

    /// Ends all sessions of an account but, where one is given, this. With it stays the messenger that says who is in it, and
    /// any where nothing else would ever let its owner in again.
    ///
    /// # Errors
    /// What the store says.
    pub fn end_all(&self, account: RecordId, but: Option<&Session>, now: Now) -> Result<(), AccountError> {
        let before = self.known(account)?;
        let mut writes = Writes::new();
        writes.update(&before, |account| account.epoch += 1);
        self.end_others(&before, but.map(|session| session.hash.as_str()), &mut writes)?;
        let Account { password, email_proved_ms, .. } = &before.value;
        let is_let_in = !password.is_empty() || *email_proved_ms > 0 || !self.passkeys(account)?.is_empty();
        let stays = |user: &MessengerUser| but.is_some_and(|but| !is_let_in || user.is_in(but));
        self.end_messengers_but(account, stays, &mut writes)?;
        self.commit(writes, "session", now)?;
        self.moved(self.communities(account)?);
        Ok(())
    }

    /// With the next epoch of an account, which whoever calls writes: its sessions end, but the one that has this hash.
    pub(super) fn end_others(
        &self,
        before: &Entry<Account>,
        but: Option<&str>,
        writes: &mut Writes,
    ) -> Result<(), AccountError> {
        writes.unchanged(before);
        for session in self.sessions(before.id)? {
            match but == Some(session.value.hash.as_str()) && session.value.epoch == before.value.epoch {
                true => writes.update(&session, |session| session.epoch += 1),
                false => writes.remove::<Session>(session.id),
            };
        }
        Ok(())
    }
}
