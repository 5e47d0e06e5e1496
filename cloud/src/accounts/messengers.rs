//! Who of a messenger is which account.
//!
//! Whoever writes to the bot is known by the number that the messenger gave them. They are an account by a link of that
//! account's owner, by an invitation, or because they asked to join from there.
//!
//! Invariants: a user of a messenger is one account, and an account is one user of a messenger; a link works once, for a few
//! minutes; who ends all of their sessions ends this, too; who is the account no more in a messenger is signed in by it nowhere.

use dwellers_replica::{Entry, Index, Now, Open, Query, Record, RecordId, Schema, Spec, Stamp, Writes};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::sessions::{Session, Signed, Way};
use super::{AccountError, Accounts, hash};

/// How long a link to connect a messenger is good.
pub const LINK_MS: u64 = 15 * 60_000;

/// A messenger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Messenger {
    /// Telegram.
    #[default]
    Telegram,
}

impl Messenger {
    /// As records name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Messenger::Telegram => "telegram",
        }
    }
}

/// Somebody in a messenger who is an account. Its id is of the messenger and their number there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MessengerUser {
    /// In which.
    pub messenger: Open<Messenger>,
    /// Their number there.
    pub user: i64,
    /// Who they are here.
    pub account: RecordId,
    /// What they call themselves there.
    pub name: String,
    /// What others find them by there, without `@`; empty where they have none.
    pub handle: String,
    /// Since when, in milliseconds since 1970.
    pub since_ms: u64,
    /// Whether they want to hear nothing from us.
    pub blocked: bool,
    /// When they last gave a code of the account's second factor there; 0: never.
    pub second_factor_ms: u64,
}

impl Record for MessengerUser {
    const SPEC: Spec =
        Spec { indexes: &[Index { name: "account", on: &["account"] }], ..Spec::local("messenger_users") };
}

impl MessengerUser {
    /// Whether they are somebody there who wants to hear from us.
    pub fn is_heard(&self, messenger: Messenger) -> bool {
        self.messenger == Open::Known(messenger) && !self.blocked
    }

    /// The id of what is kept of a user.
    pub fn id(messenger: Messenger, user: i64) -> RecordId {
        let mut half = [0; 16];
        let named = format!("{} {user}", messenger.as_str());
        half.copy_from_slice(&blake3::hash(named.as_bytes()).as_bytes()[..16]);
        RecordId::new(0, u128::from_be_bytes(half))
    }

    /// Whether it is they by whom their messenger began a session, or calls now.
    pub(super) fn is_in(&self, session: &Session) -> bool {
        let is_telegram = self.messenger == Open::Known(Messenger::Telegram);
        is_telegram && session.way == Open::Known(Way::Telegram) && session.telegram_user == self.user
    }

    /// Whether a session that began by what their messenger said is still theirs.
    pub(super) fn vouches_for(&self, session: &Session) -> bool {
        self.account == session.account && self.since_ms <= session.made_ms
    }
}

/// A link by which an account's owner says who they are in a messenger.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Connecting {
    /// The hash of its secret, in hex.
    hash: String,
    account: RecordId,
    until_ms: u64,
}

impl Record for Connecting {
    const SPEC: Spec = Spec {
        indexes: &[Index { name: "hash", on: &["hash"] }, Index { name: "account", on: &["account"] }],
        ..Spec::local("messenger_links")
    };
}

pub(super) fn declare(schema: Schema) -> Schema {
    schema.with::<MessengerUser>().with::<Connecting>()
}

impl Accounts {
    /// Keeps a link whose secret this is; the one before of the same account ends.
    ///
    /// # Errors
    /// What the store says.
    pub fn link_messenger(
        &self,
        account: RecordId,
        secret: &str,
        entropy: fn() -> u128,
        now: Now,
    ) -> Result<(), AccountError> {
        let until_ms = now.ms.saturating_add(LINK_MS);
        let mut writes = Writes::new();
        self.end_messenger_links(account, &mut writes)?;
        writes
            .create(RecordId::new(now.ms, entropy()), &Connecting { hash: hash(secret), account, until_ms });
        self.commit(writes, "link", now)
    }

    /// Whose link a secret is, and uses it up. Nothing: it is good for nothing, or nothing any more.
    ///
    /// # Errors
    /// What the store says.
    pub fn use_messenger_link(&self, secret: &str, now: Now) -> Result<Option<RecordId>, AccountError> {
        let query = Query::on("hash").equal(hash(secret)).limit(1);
        let found = self.store.view(|view| view.of::<Connecting>().find(&query))??.entries.into_iter().next();
        let Some(link) = found.filter(|link| now.ms < link.value.until_ms) else { return Ok(None) };
        let mut writes = Writes::new();
        writes.unchanged(&link).remove::<Connecting>(link.id);
        Ok(self.commit_unless_changed(writes, now)?.then_some(link.value.account))
    }

    /// A user of a messenger is an account from now on; whoever was it there before is it no more.
    ///
    /// # Errors
    /// They are another account, which is somebody in a community.
    pub fn connect(&self, user: MessengerUser, now: Now) -> Result<(), AccountError> {
        let messenger = *user.messenger.known().ok_or(AccountError::Unknown("messenger"))?;
        let (id, account) = (MessengerUser::id(messenger, user.user), self.known(user.account)?);
        let before = self.store.view(|view| view.of::<MessengerUser>().get(id))??;
        let mut writes = Writes::new();
        writes.unchanged(&account);
        for other in self.messengers(account.id)? {
            if other.id != id && other.value.messenger == user.messenger {
                writes.remove::<MessengerUser>(other.id);
                self.end_sessions_by(&other.value, &mut writes)?;
            }
        }
        match before {
            None => writes.create(id, &MessengerUser { since_ms: now.ms, ..user }),
            Some(before) => {
                let other = before.value.account;
                if other != account.id && !self.memberships(other)?.is_empty() {
                    return Err(AccountError::Taken("messenger"));
                }
                self.end_sessions_by(&before.value, &mut writes)?;
                writes.unchanged(&before).update(&before, |before| {
                    *before = MessengerUser { since_ms: now.ms, ..user.clone() };
                })
            }
        };
        self.commit(writes, "messenger", now)?;
        self.moved(self.communities(account.id)?);
        Ok(())
    }

    /// Who a user of a messenger is, as far as they are anybody.
    ///
    /// # Errors
    /// What the store says.
    pub fn messenger_user(
        &self,
        messenger: Messenger,
        user: i64,
    ) -> Result<Option<Entry<MessengerUser>>, AccountError> {
        Ok(self.store.view(|view| view.of::<MessengerUser>().get(MessengerUser::id(messenger, user)))??)
    }

    /// The messengers in which an account is somebody.
    ///
    /// # Errors
    /// What the store says.
    pub fn messengers(&self, account: RecordId) -> Result<Vec<Entry<MessengerUser>>, AccountError> {
        let query = Query::on("account").equal(account.to_string()).limit(Query::MAX_LIMIT);
        Ok(self.store.view(|view| view.of::<MessengerUser>().find(&query))??.entries)
    }

    /// Whoever writes from a messenger, as if they were signed in: their number there is what they are known by.
    ///
    /// # Errors
    /// What the store says.
    pub fn signed_in_messenger(
        &self,
        messenger: Messenger,
        user: i64,
    ) -> Result<Option<Signed>, AccountError> {
        let Some(known) = self.messenger_user(messenger, user)? else { return Ok(None) };
        let MessengerUser { account, handle, since_ms, .. } = known.value;
        let Some(epoch) = self.get(account)?.map(|account| account.value.epoch) else { return Ok(None) };
        let session = Session {
            account,
            way: Open::Known(Way::Telegram),
            agent: handle,
            made_ms: since_ms,
            seen_ms: since_ms,
            telegram_user: user,
            epoch,
            ..Session::default()
        };
        let session = Entry { id: known.id, stamp: Stamp::default(), arrival: 0, value: session };
        Ok(Some(Signed { session, account }))
    }

    /// Changes what is known of somebody in a messenger, where they are anybody.
    ///
    /// # Errors
    /// What the store says.
    pub fn edit_messenger_user(
        &self,
        messenger: Messenger,
        user: i64,
        edit: impl FnOnce(&mut MessengerUser),
        now: Now,
    ) -> Result<(), AccountError> {
        let Some(known) = self.messenger_user(messenger, user)? else { return Ok(()) };
        let mut writes = Writes::new();
        writes.unchanged(&known).update(&known, edit);
        self.commit_unless_changed(writes, now).map(drop)
    }

    /// An account is nobody in a messenger any more.
    ///
    /// # Errors
    /// What the store says.
    pub fn disconnect(&self, account: RecordId, messenger: Messenger, now: Now) -> Result<(), AccountError> {
        let mut writes = Writes::new();
        for user in self.messengers(account)? {
            if user.value.messenger == Open::Known(messenger) {
                writes.remove::<MessengerUser>(user.id);
                self.end_sessions_by(&user.value, &mut writes)?;
            }
        }
        self.commit(writes, "messenger", now)?;
        self.moved(self.communities(account)?);
        Ok(())
    }

    /// All messengers of an account end, and links to connect one.
    pub(super) fn end_messengers(&self, account: RecordId, writes: &mut Writes) -> Result<(), AccountError> {
        self.end_messengers_but(account, |_| false, writes)
    }

    /// The same, but of those that stay.
    pub(super) fn end_messengers_but(
        &self,
        account: RecordId,
        stays: impl Fn(&MessengerUser) -> bool,
        writes: &mut Writes,
    ) -> Result<(), AccountError> {
        for user in self.messengers(account)? {
            if !stays(&user.value) {
                writes.remove::<MessengerUser>(user.id);
            }
        }
        self.end_messenger_links(account, writes)
    }

    /// Sessions that began by what somebody's messenger said.
    fn end_sessions_by(&self, user: &MessengerUser, writes: &mut Writes) -> Result<(), AccountError> {
        for session in self.sessions(user.account)? {
            let is_by_it = session.value.way == Open::Known(Way::Telegram);
            if is_by_it && session.value.telegram_user == user.user {
                writes.remove::<Session>(session.id);
            }
        }
        Ok(())
    }

    /// Links to connect a messenger end.
    pub(super) fn end_messenger_links(
        &self,
        account: RecordId,
        writes: &mut Writes,
    ) -> Result<(), AccountError> {
        let query = Query::on("account").equal(account.to_string()).limit(Query::MAX_LIMIT);
        for link in self.store.view(|view| view.of::<Connecting>().find(&query))??.entries {
            writes.remove::<Connecting>(link.id);
        }
        Ok(())
    }
}
