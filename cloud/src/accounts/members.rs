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

pub(super) fn declare(schema: Schema) -> Schema {
    schema.with::<Membership>()
}

/// The most communities of one account.
const MOST: usize = 100;

impl Accounts {
    /// Makes an account a person of a community.
    ///
    /// # Errors
    /// The person is another account's, or the account is somebody there already.
    pub fn join(
        &self,
        account: RecordId,
        community: RecordId,
        person: RecordId,
        entropy: fn() -> u128,
        now: Now,
    ) -> Result<(), AccountError> {
        let membership = Membership { account, community, person, since_ms: now.ms };
        let mut writes = Writes::new();
        writes
            .create(RecordId::new(now.ms, entropy()), &membership)
            .absent::<Membership>("person", [community.to_string().into(), person.to_string().into()])
            .absent::<Membership>("account", [account.to_string().into(), community.to_string().into()]);
        self.commit(writes, "person", now)
    }

    /// An account is this person no more.
    ///
    /// # Errors
    /// What the store says.
    pub fn part(&self, membership: &Entry<Membership>, now: Now) -> Result<(), AccountError> {
        let mut writes = Writes::new();
        writes.remove::<Membership>(membership.id);
        self.commit(writes, "person", now)
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

    /// All that an account is.
    ///
    /// # Errors
    /// What the store says.
    pub fn memberships(&self, account: RecordId) -> Result<Vec<Entry<Membership>>, AccountError> {
        let query = Query::on("account").equal(account.to_string()).limit(MOST);
        Ok(self.store.view(|view| view.of::<Membership>().find(&query))??.entries)
    }
}
