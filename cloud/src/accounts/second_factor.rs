//! A second factor beside the password: codes that a telephone makes of a secret and the time (TOTP, RFC 6238), and eight
//! codes on paper for when it is lost.
//!
//! Invariants: each code is good once, also one whose time is not over; nothing is needed before its owner has shown that
//! they can make codes; codes on paper are kept as hashes. The secret is kept as it is, because codes are made of it.

use dwellers_replica::{CommitError, Entry, Now, Record, RecordId, Refusal, Schema, Spec, Writes};
use serde::{Deserialize, Serialize};
use totp_rs::{Builder, Secret, Totp};

use super::{AccountError, Accounts, hash};

/// Codes on paper.
pub const RECOVERY_CODES: usize = 8;

/// The second factor of an account; its id is the account's.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SecondFactor {
    /// What codes are made of, in base 32.
    secret: String,
    /// Since when it is needed, in milliseconds since 1970; 0: it was offered, no more.
    pub since_ms: u64,
    /// The half minute of the code that was used last: none of that time or before is taken again.
    used: u64,
    /// The hashes of the codes on paper that are left.
    recovery: Vec<String>,
}

impl Record for SecondFactor {
    const SPEC: Spec = Spec::local("second_factors");
}

pub(super) fn declare(schema: Schema) -> Schema {
    schema.with::<SecondFactor>()
}

impl SecondFactor {
    /// Whether it is needed.
    pub fn is_on(&self) -> bool {
        self.since_ms > 0
    }

    /// How many codes on paper are left.
    pub fn recovery_left(&self) -> usize {
        self.recovery.len()
    }

    fn totp(&self) -> Option<Totp> {
        let secret = Secret::try_from_base32(&self.secret).ok()?;
        // One step before and after, for clocks that are a little wrong (RFC 6238, 5.2).
        Builder::new().with_secret(secret).with_skew(1).build().ok()
    }

    /// As it is once this code was used; nothing where the code is wrong, or was used.
    fn after(&self, code: &str, now: Now) -> Option<SecondFactor> {
        let code: String = code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        if code.len() == 6 {
            let step = self.totp()?.check(&code, now.ms / 1000)?;
            return (step > self.used).then(|| SecondFactor { used: step, ..self.clone() });
        }
        let hash = hash(&code.to_lowercase());
        let mut after = self.clone();
        after.recovery.retain(|known| *known != hash);
        (after.recovery.len() < self.recovery.len()).then_some(after)
    }
}

impl Accounts {
    /// The second factor of an account, on or only offered.
    ///
    /// # Errors
    /// What the store says.
    pub fn second_factor(&self, account: RecordId) -> Result<Option<Entry<SecondFactor>>, AccountError> {
        Ok(self.store.view(|view| view.of::<SecondFactor>().get(account))??)
    }

    /// Offers one, in the place of what was offered before; returns the secret in base 32. `drawn` is the secret.
    ///
    /// # Errors
    /// One is on.
    pub fn offer_second_factor(
        &self,
        account: RecordId,
        drawn: [u8; 20],
        now: Now,
    ) -> Result<String, AccountError> {
        let secret = Secret::from(drawn).to_base32();
        let offered = SecondFactor { secret: secret.clone(), ..SecondFactor::default() };
        let owner = self.known(account)?;
        let mut writes = Writes::new();
        writes.unchanged(&owner);
        match self.second_factor(account)? {
            Some(before) if before.value.is_on() => return Err(AccountError::Taken("second-factor")),
            Some(before) => writes.update(&before, |factor| *factor = offered).unchanged(&before),
            None => writes.create(account, &offered),
        };
        self.commit(writes, "second-factor", now)?;
        Ok(secret)
    }

    /// Turns on what was offered, by a code that was made of it; returns the codes on paper, made of what was drawn.
    /// Nothing where the code is wrong.
    ///
    /// # Errors
    /// None was offered, or one is on.
    pub fn confirm_second_factor(
        &self,
        account: RecordId,
        code: &str,
        drawn: [[u8; 10]; RECOVERY_CODES],
        now: Now,
    ) -> Result<Option<Vec<String>>, AccountError> {
        let offered = self.second_factor(account)?.ok_or(AccountError::Unknown("second-factor"))?;
        if offered.value.is_on() {
            return Err(AccountError::Taken("second-factor"));
        }
        let Some(after) = offered.value.after(code, now) else { return Ok(None) };
        let codes = drawn.map(|drawn| Secret::from(drawn.as_slice()).to_base32().to_lowercase());
        let recovery = codes.iter().map(|code| hash(code)).collect();
        let mut writes = Writes::new();
        writes.update(&offered, |factor| *factor = SecondFactor { since_ms: now.ms, recovery, ..after });
        writes.unchanged(&offered);
        let shown =
            |code: &String| format!("{}-{}-{}-{}", &code[..4], &code[4..8], &code[8..12], &code[12..]);
        Ok(self.commit_unless_changed(writes, now)?.then(|| codes.iter().map(shown).collect()))
    }

    /// Whether a code, made or on paper, is right; it is used up.
    ///
    /// # Errors
    /// What the store says.
    pub fn use_code(&self, account: RecordId, code: &str, now: Now) -> Result<bool, AccountError> {
        let Some(factor) = self.second_factor(account)?.filter(|factor| factor.value.is_on()) else {
            return Ok(false);
        };
        let Some(after) = factor.value.after(code, now) else { return Ok(false) };
        let mut writes = Writes::new();
        writes.update(&factor, |factor| *factor = after).unchanged(&factor);
        // Two who bring the same code at once: one of them is right.
        self.commit_unless_changed(writes, now)
    }

    /// An account has no second factor any more.
    ///
    /// # Errors
    /// What the store says.
    pub fn remove_second_factor(&self, account: RecordId, now: Now) -> Result<(), AccountError> {
        let mut writes = Writes::new();
        writes.remove::<SecondFactor>(account);
        self.commit(writes, "second-factor", now)
    }

    /// Commits; false where somebody else was faster.
    pub(super) fn commit_unless_changed(&self, writes: Writes, now: Now) -> Result<bool, AccountError> {
        match self.store.commit(now, writes) {
            Ok(_) => Ok(true),
            Err(CommitError::Refused(Refusal::Changed { .. })) => Ok(false),
            Err(other) => Err(other.into()),
        }
    }
}

impl std::fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecondFactor").field("since_ms", &self.since_ms).finish_non_exhaustive()
    }
}
