//! Passkeys: keys of somebody's own devices, of which only the public halves are here.

use dwellers_replica::{Entry, Index, Now, Query, Record, RecordId, Schema, Spec, Writes};
use serde::{Deserialize, Serialize};
use webauthn_rs::prelude::{AuthenticationResult, Passkey as Key};

use super::{AccountError, Accounts, Session};

/// The most of one account.
const MOST: usize = 20;
/// The longest name of one.
const MAX_NAME: usize = 60;

/// A passkey.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Passkey {
    /// Whose.
    pub account: RecordId,
    /// What they call it.
    pub name: String,
    /// By what the device names it, in hex: one account's alone.
    pub credential: String,
    /// The public half and what belongs to it, as `webauthn-rs` writes it in JSON.
    pub key: String,
    /// When it was added, in milliseconds since 1970.
    pub made_ms: u64,
    /// When it was used last; 0: never.
    pub used_ms: u64,
    /// When it was refused last because its counter had not gone on: there may be a copy of it. 0: never.
    pub suspect_ms: u64,
}

impl Record for Passkey {
    const SPEC: Spec = Spec {
        indexes: &[
            Index { name: "credential", on: &["credential"] },
            Index { name: "account", on: &["account", "made_ms"] },
        ],
        ..Spec::local("passkeys")
    };
}

pub(super) fn declare(schema: Schema) -> Schema {
    schema.with::<Passkey>()
}

impl Passkey {
    /// What a device's answer is checked with; nothing where the record is damaged.
    pub fn key(&self) -> Option<Key> {
        serde_json::from_str(&self.key).ok()
    }
}

impl Accounts {
    /// Adds one to the account of a session.
    ///
    /// # Errors
    /// It is there already, there are too many, the name is none, or the session is over by now.
    pub fn add_passkey(
        &self,
        within: &Session,
        name: &str,
        key: &Key,
        entropy: fn() -> u128,
        now: Now,
    ) -> Result<Entry<Passkey>, AccountError> {
        let (account, name) = (within.account, named(name)?);
        if self.passkeys(account)?.len() >= MOST {
            return Err(AccountError::TooMany("passkeys"));
        }
        let credential = hex(key.cred_id().as_ref());
        let key = serde_json::to_string(key).map_err(|_| AccountError::Unknown("passkey"))?;
        let owner = self.known(account)?;
        if owner.value.epoch != within.epoch {
            return Err(AccountError::Changed);
        }
        let mut writes = Writes::new();
        writes.absent::<Passkey>("credential", [credential.as_str().into()]).unchanged(&owner);
        let id = RecordId::new(now.ms, entropy());
        let passkey = Passkey { account, name, credential, key, made_ms: now.ms, used_ms: 0, suspect_ms: 0 };
        writes.create(id, &passkey);
        self.commit(writes, "passkey", now)?;
        self.passkey(account, id)
    }

    /// Those of an account, the oldest first.
    ///
    /// # Errors
    /// What the store says.
    pub fn passkeys(&self, account: RecordId) -> Result<Vec<Entry<Passkey>>, AccountError> {
        let query = Query::on("account").equal(account.to_string()).limit(Query::MAX_LIMIT);
        Ok(self.store.view(|view| view.of::<Passkey>().find(&query))??.entries)
    }

    /// The one that a device names so.
    ///
    /// # Errors
    /// What the store says.
    pub fn passkey_by_credential(&self, credential: &[u8]) -> Result<Option<Entry<Passkey>>, AccountError> {
        let query = Query::on("credential").equal(hex(credential)).limit(1);
        Ok(self.store.view(|view| view.of::<Passkey>().find(&query))??.entries.into_iter().next())
    }

    /// Calls one otherwise.
    ///
    /// # Errors
    /// It is none of theirs, or the name is none.
    pub fn rename_passkey(
        &self,
        account: RecordId,
        passkey: RecordId,
        name: &str,
        now: Now,
    ) -> Result<Entry<Passkey>, AccountError> {
        let (name, before) = (named(name)?, self.passkey(account, passkey)?);
        let mut writes = Writes::new();
        writes.update(&before, |passkey| passkey.name = name);
        self.commit(writes, "passkey", now)?;
        self.passkey(account, passkey)
    }

    /// Removes one.
    ///
    /// # Errors
    /// It is none of theirs.
    pub fn remove_passkey(&self, account: RecordId, passkey: RecordId, now: Now) -> Result<(), AccountError> {
        let found = self.passkey(account, passkey)?;
        let mut writes = Writes::new();
        writes.remove::<Passkey>(found.id);
        self.commit(writes, "passkey", now)
    }

    /// One has signed somebody in: its counter goes on. False where it was used or removed at the same moment.
    ///
    /// # Errors
    /// What the store says.
    pub fn use_passkey(
        &self,
        passkey: &Entry<Passkey>,
        key: &mut Key,
        result: &AuthenticationResult,
        now: Now,
    ) -> Result<bool, AccountError> {
        key.update_credential(result);
        let key = serde_json::to_string(key).map_err(|_| AccountError::Unknown("passkey"))?;
        let mut writes = Writes::new();
        writes.update(passkey, |passkey| {
            (passkey.key, passkey.used_ms) = (key, now.ms);
        });
        writes.unchanged(passkey);
        self.commit_unless_changed(writes, now)
    }

    /// One was refused because its counter had not gone on.
    ///
    /// # Errors
    /// What the store says.
    pub fn suspect_passkey(&self, passkey: &Entry<Passkey>, now: Now) -> Result<(), AccountError> {
        let mut writes = Writes::new();
        writes.update(passkey, |passkey| passkey.suspect_ms = now.ms);
        self.commit(writes, "passkey", now)
    }

    fn passkey(&self, account: RecordId, passkey: RecordId) -> Result<Entry<Passkey>, AccountError> {
        let found = self.store.view(|view| view.of::<Passkey>().get(passkey))??;
        found.filter(|found| found.value.account == account).ok_or(AccountError::Unknown("passkey"))
    }
}

fn named(name: &str) -> Result<String, AccountError> {
    let name = name.trim();
    match name.chars().count() {
        0 => Err(AccountError::Name("empty")),
        1..=MAX_NAME if name.chars().any(char::is_control) => Err(AccountError::Name("unprintable")),
        1..=MAX_NAME => Ok(name.to_owned()),
        _ => Err(AccountError::Name("too-long")),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
