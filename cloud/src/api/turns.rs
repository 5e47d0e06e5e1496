//! How many of something costly an account has going at once.
//!
//! Invariant: a turn ends with whatever took it, however that ends.
//!
//! What must never be here: a wait.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use dwellers_replica::RecordId;

use super::problem::Problem;

/// Turns; an account has so many at most.
pub(super) struct Turns {
    most: usize,
    taken: Arc<Mutex<HashMap<RecordId, usize>>>,
}

/// One that is taken.
pub(super) struct Turn {
    account: RecordId,
    taken: Arc<Mutex<HashMap<RecordId, usize>>>,
}

impl Turns {
    /// So many for each account.
    pub fn of(most: usize) -> Turns {
        Turns { most, taken: Arc::default() }
    }

    /// Takes one, where the account has one left.
    pub fn take(&self, account: RecordId) -> Result<Turn, Problem> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(account).or_default();
        if *count >= self.most {
            return Err(Problem::busy());
        }
        *count += 1;
        Ok(Turn { account, taken: self.taken.clone() })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.account);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_takes_none_from_another_and_gives_back_what_it_took() {
        let (turns, one, other) = (Turns::of(2), RecordId::new(1, 1), RecordId::new(1, 2));
        let held = [turns.take(one).ok().unwrap(), turns.take(one).ok().unwrap()];
        assert!(turns.take(one).is_err());
        assert!(turns.take(other).is_ok());
        drop(held);
        assert!(turns.take(one).is_ok());
        assert!(turns.taken.lock().unwrap().is_empty());
    }
}
