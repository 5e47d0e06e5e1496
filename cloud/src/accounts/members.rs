//! Which persons an account is.

use dwellers_replica::{Entry, Index, Now, Query, Record, RecordId, Schema, Spec, Writes};
use serde::{Deserialize, Serialize};

use super::{AccountError, Accounts};

/// An account is a person of a community.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Membership {
    /// The account.
    pub account: RecordId,
    /// The community.
    pub community: RecordId,
    /// Who they are there.
    pub person: RecordId,
    /// Since when, in milliseconds since 1970.
    pub since_ms: u64,
}

impl Record for Membership {
    const SPEC: Spec = Spec {
        indexes: &[
            Index { name: "account", on: &["account", "community"] },
            Index { name: "person", on: &["community", "person"] },
        ],
        ..Spec::local("memberships")
    };
}

/// A person was somebody's once, and may be by now. It stays when the account parts or ends: what strangers were given to
/// become that person is good no more.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Joined {
    /// The community.
    pub community: RecordId,
    /// Who.
    pub person: RecordId,
}

impl Record for Joined {
    const SPEC: Spec = Spec {
        indexes: &[Index { name: "person", on: &["community", "person"] }],
        ..Spec::local("joined_persons")
    };
}

pub(super) fn declare(schema: Schema) -> Schema {
    schema.with::<Membership>().with::<Joined>()
}

/// The most communities of one account.
const MOST: usize = 100;
/// How often what was overtaken is written anew.
const TRIES: usize = 5;

impl Accounts {
    /// Makes an account a person of a community.
    ///
    /// # Errors
    /// There is no such account, the person is another's, or the account is somebody there already.
    pub fn join(
        &self,
        account: RecordId,
        community: RecordId,
        person: RecordId,
        entropy: fn() -> u128,
        now: Now,
    ) -> Result<(), AccountError> {
        let membership = Membership { account, community, person, since_ms: now.ms };
        let mut tries = 0;
        loop {
            let mut writes = Writes::new();
            writes
                .create(RecordId::new(now.ms, entropy()), &membership)
                .absent::<Membership>("person", [community.to_string().into(), person.to_string().into()])
                .absent::<Membership>("account", [account.to_string().into(), community.to_string().into()])
                .unchanged(&self.known(account)?);
            if !self.was_joined(community, person)? {
                writes.create(RecordId::new(now.ms, entropy()), &Joined { community, person });
            }
            tries += 1;
            match self.commit(writes, "person", now) {
                // Something else of the account changed.
                Err(AccountError::Changed) if tries < TRIES => {}
                done => {
                    self.moved([community]);
                    return done;
                }
            }
        }
    }

    /// Whether any account was ever this person.
    ///
    /// # Errors
    /// What the store says.
    pub fn was_joined(&self, community: RecordId, person: RecordId) -> Result<bool, AccountError> {
        let query = Query::on("person").equal(community.to_string()).equal(person.to_string()).limit(1);
        Ok(!self.store.view(|view| view.of::<Joined>().find(&query))??.entries.is_empty())
    }

    /// An account is this person no more.
    ///
    /// # Errors
    /// What the store says.
    pub fn part(&self, membership: &Entry<Membership>, now: Now) -> Result<(), AccountError> {
        let mut writes = Writes::new();
        writes.remove::<Membership>(membership.id);
        self.commit(writes, "person", now)?;
        self.moved([membership.value.community]);
        Ok(())
    }

    /// Who an account is in a community.
    ///
    /// # Errors
    /// What the store says.
    pub fn person_in(
        &self,
        account: RecordId,
        community: RecordId,
    ) -> Result<Option<RecordId>, AccountError> {
        let query = Query::on("account").equal(account.to_string()).equal(community.to_string()).limit(1);
        let found = self.store.view(|view| view.of::<Membership>().find(&query))??;
        Ok(found.entries.first().map(|found| found.value.person))
    }

    /// Whose a person is.
    ///
    /// # Errors
    /// What the store says.
    pub fn membership_of(
        &self,
        community: RecordId,
        person: RecordId,
    ) -> Result<Option<Entry<Membership>>, AccountError> {
        let query = Query::on("person").equal(community.to_string()).equal(person.to_string()).limit(1);
        Ok(self.store.view(|view| view.of::<Membership>().find(&query))??.entries.into_iter().next())
    }

    /// All persons of a community whom an account is.
    ///
    /// # Errors
    /// What the store says.
    pub fn members(&self, community: RecordId) -> Result<Vec<Entry<Membership>>, AccountError> {
        let (mut members, mut after) = (Vec::new(), None);
        loop {
            let query = Query::on("person").equal(community.to_string()).after(after).limit(Query::MAX_LIMIT);
            let page = self.store.view(|view| view.of::<Membership>().find(&query))??;
            members.extend(page.entries);
            after = page.next;
            if after.is_none() {
                return Ok(members);
            }
        }
    }

    /// All that an account is.
    ///
    /// # Errors
    /// What the store says.
    pub fn memberships(&self, account: RecordId) -> Result<Vec<Entry<Membership>>, AccountError> {
        let query = Query::on("account").equal(account.to_string()).limit(MOST);
        Ok(self.store.view(|view| view.of::<Membership>().find(&query))??.entries)
    }
}
