//! What ends: an account, what somebody signed in with, and what time ends.

use dwellers_replica::{Entry, Now, Query, RecordId, Writes};

use super::links::Link;
use super::members::Membership;
use super::passkeys::Passkey;
use super::second_factor::SecondFactor;
use super::sessions::{LASTS_MS, Session};
use super::{Account, AccountError, Accounts};

/// So much is forgotten in one transaction.
const AT_ONCE: usize = 200;

impl Accounts {
    /// Ends an account: its sessions, all that it signs in with, and that it is anybody. Persons stay where they are.
    ///
    /// # Errors
    /// There is none.
    pub fn delete(&self, account: RecordId, now: Now) -> Result<(), AccountError> {
        let before = self.known(account)?;
        let (mut writes, communities) = (Writes::new(), self.communities(account)?);
        for membership in self.memberships(account)? {
            writes.remove::<Membership>(membership.id);
        }
        self.end_ways_in(account, &mut writes)?;
        writes.unchanged(&before).remove::<Account>(account);
        self.commit(writes, "account", now)?;
        self.moved(communities);
        Ok(())
    }

    /// Takes away all that somebody could sign in to an account with, for its owner to begin anew by a link. Its address
    /// stays, but is to be proved again: whoever had the account may have put their own there.
    ///
    /// # Errors
    /// There is none.
    pub fn recover(&self, account: RecordId, now: Now) -> Result<(), AccountError> {
        let before = self.known(account)?;
        let mut writes = Writes::new();
        writes.update(&before, |account| {
            account.password.clear();
            account.email_proved_ms = 0;
            account.epoch += 1;
        });
        self.end_ways_in(account, &mut writes)?;
        writes.unchanged(&before);
        self.commit(writes, "account", now)?;
        self.moved(self.communities(account)?);
        Ok(())
    }

    /// Forgets sessions, links and what else is over; to be called now and then. Returns how many they were.
    ///
    /// # Errors
    /// What the store says.
    pub fn forget_ended(&self, now: Now) -> Result<usize, AccountError> {
        let seen = Query::on("seen").below(now.ms.saturating_sub(LASTS_MS) + 1);
        let until = Query::on("until").below(now.ms + 1);
        let forgotten = self.forget_used(AT_ONCE, now)?;
        Ok(forgotten + self.forget(&seen.limit(AT_ONCE), &until.limit(AT_ONCE), now)?)
    }

    /// Ends all sessions and links of everybody.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) fn end_everywhere(&self, now: Now) -> Result<usize, AccountError> {
        self.forget(&Query::on("seen").limit(AT_ONCE), &Query::on("until").limit(AT_ONCE), now)
    }

    fn forget(&self, seen: &Query<'_>, until: &Query<'_>, now: Now) -> Result<usize, AccountError> {
        let mut forgotten = 0;
        loop {
            let sessions = self.store.view(|view| view.of::<Session>().find(seen))??.entries;
            let links = self.store.view(|view| view.of::<Link>().find(until))??.entries;
            let mut writes = Writes::new();
            for Entry { id, .. } in &sessions {
                writes.remove::<Session>(*id);
            }
            for Entry { id, .. } in &links {
                writes.remove::<Link>(*id);
            }
            match sessions.len() + links.len() {
                0 => return Ok(forgotten),
                some => forgotten += some,
            }
            self.commit(writes, "session", now)?;
        }
    }

    fn end_ways_in(&self, account: RecordId, writes: &mut Writes) -> Result<(), AccountError> {
        for passkey in self.passkeys(account)? {
            writes.remove::<Passkey>(passkey.id);
        }
        writes.remove::<SecondFactor>(account);
        self.end_sessions_and_links(account, writes)
    }

    pub(super) fn end_sessions_and_links(
        &self,
        account: RecordId,
        writes: &mut Writes,
    ) -> Result<(), AccountError> {
        self.end_messengers(account, writes)?;
        for session in self.sessions(account)? {
            writes.remove::<Session>(session.id);
        }
        let query = Query::on("account").equal(account.to_string()).limit(Query::MAX_LIMIT);
        for link in self.store.view(|view| view.of::<Link>().find(&query))??.entries {
            writes.remove::<Link>(link.id);
        }
        Ok(())
    }
}
