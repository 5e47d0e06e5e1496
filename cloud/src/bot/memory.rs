//! What the bot remembers: what it heard and has not dealt with yet, and where it stands with whom.
//!
//! ```text
//! data/bot.db
//! ```
//!
//! What was heard is durable before the messenger is told so, and is dealt with in the order in which it came: for each person,
//! and each group, by itself. That it was dealt with is written down together with where the conversation stands then, so that a
//! crash in between repeats one step and loses none; what the API is asked in a step has a key of what was heard, and is done
//! once. In no backup: what is lost with it is a conversation that was not finished.
//!
//! What must never be here: what is answered.

use std::collections::BTreeSet;
use std::path::Path;

use dwellers_replica::{
    CommitError, Index, Now, OpenError, Query, ReadError, Record, RecordId, Refusal, Schema, Shared, Spec,
    StoreError, Writes,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::talk::{Heard, Input};
use crate::registry;

/// A messenger may say again what it said a day ago.
const KEPT_MS: u64 = 2 * DAY_MS;
/// A conversation in which nobody said anything for so long is forgotten, with all that was typed and not finished.
const IDLE_MS: u64 = 30 * DAY_MS;
const DAY_MS: u64 = 24 * 3_600_000;
/// So many are written or forgotten together.
const AT_ONCE: usize = 100;

/// What was heard. Its id is of its number at the messenger.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Note {
    /// As it was heard; nothing once it was dealt with.
    heard: Option<Heard>,
    /// With whom it is to be dealt with in order: a person, or a group.
    with: i64,
    done: bool,
    at_ms: u64,
}

impl Record for Note {
    const SPEC: Spec = Spec {
        indexes: &[
            Index { name: "with", on: &["done", "with"] },
            Index { name: "time", on: &["done", "at_ms"] },
        ],
        ..Spec::local("heard")
    };
}

/// Where the bot stands with somebody. Its id is of their number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Conversation {
    /// The dialogue that waits for what they say next; empty for none.
    pub dialogue: String,
    /// What that dialogue remembers.
    pub step: Value,
    /// Which community they mean, where they belong to several.
    pub community: Option<RecordId>,
    /// `ru` or `en`; empty until they chose, or their program's was taken.
    pub language: String,
    /// Of which album a picture was taken last.
    pub album: String,
    /// When they last said something, in milliseconds since 1970.
    pub at_ms: u64,
}

impl Record for Conversation {
    const SPEC: Spec =
        Spec { indexes: &[Index { name: "time", on: &["at_ms"] }], ..Spec::local("conversations") };
}

/// Why something is not remembered.
#[derive(Debug, thiserror::Error)]
pub enum MemoryError {
    /// The store does not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store does not take it.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// A record does not read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The store fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// With whom something is to be dealt with in order.
pub fn with(heard: &Heard) -> i64 {
    match &heard.what {
        Input::Group { group, .. } => group.chat,
        _ => heard.from.user,
    }
}

/// All of it. Clones are the same.
#[derive(Clone)]
pub struct Memory {
    store: Shared,
}

impl Memory {
    /// Opens it, or makes the store where there is none.
    ///
    /// # Errors
    /// Another process has it, or it does not read.
    pub fn open(path: &Path, now: Now, entropy: fn() -> u128) -> Result<Memory, MemoryError> {
        let schema = || Schema::new().with::<Note>().with::<Conversation>();
        Ok(Memory { store: registry::open_own(path, schema, now, entropy)? })
    }

    /// Writes down what was heard, where it was not heard before. Returns with whom something is to be dealt with now. Blocks.
    ///
    /// # Errors
    /// What the store says: it is to be heard again.
    pub fn keep(&self, heard: Vec<Heard>, now: Now) -> Result<BTreeSet<i64>, MemoryError> {
        let mut with_whom = BTreeSet::new();
        for heard in heard {
            let (with, at_ms, id) = (with(&heard), now.ms, note_id(heard.id));
            let note = Note { heard: Some(heard), with, done: false, at_ms };
            let mut writes = Writes::new();
            writes.create(id, &note);
            match self.store.commit(now, writes) {
                Ok(_) => {
                    with_whom.insert(with);
                }
                Err(CommitError::Refused(Refusal::Exists { .. })) => {}
                Err(why) => return Err(why.into()),
            }
        }
        Ok(with_whom)
    }

    /// With whom something is to be dealt with: what a crash left. Blocks.
    ///
    /// # Errors
    /// What the store says.
    pub fn left(&self) -> Result<BTreeSet<i64>, MemoryError> {
        let (mut with_whom, mut after) = (BTreeSet::new(), None);
        loop {
            let query = Query::on("with").equal(false).after(after).limit(Query::MAX_LIMIT);
            let page = self.store.view(|view| view.of::<Note>().find(&query))??;
            with_whom.extend(page.entries.iter().map(|note| note.value.with));
            after = page.next;
            if after.is_none() {
                return Ok(with_whom);
            }
        }
    }

    /// What is to be dealt with next with somebody. Blocks.
    ///
    /// # Errors
    /// What the store says.
    pub fn next(&self, with: i64) -> Result<Option<Heard>, MemoryError> {
        let query = Query::on("with").equal(false).equal(with).limit(1);
        let found = self.store.view(|view| view.of::<Note>().find(&query))??;
        Ok(found.entries.into_iter().next().and_then(|note| note.value.heard))
    }

    /// Where the bot stands with somebody. Blocks.
    ///
    /// # Errors
    /// What the store says.
    pub fn conversation(&self, with: i64) -> Result<Conversation, MemoryError> {
        let found = self.store.view(|view| view.of::<Conversation>().get(conversation_id(with)))??;
        Ok(found.map(|found| found.value).unwrap_or_default())
    }

    /// It was dealt with, and the bot stands there with them now. Blocks.
    ///
    /// # Errors
    /// What the store says.
    pub fn done(&self, heard: &Heard, conversation: &Conversation, now: Now) -> Result<(), MemoryError> {
        let (id, with) = (conversation_id(with(heard)), note_id(heard.id));
        let mut writes = Writes::new();
        self.store.view(|view| {
            if let Some(note) = view.of::<Note>().get(with)? {
                writes.update(&note, |note| (note.done, note.heard) = (true, None));
            }
            let before = view.of::<Conversation>().get(id)?;
            match before {
                Some(before) if before.value == *conversation => {}
                Some(before) => drop(writes.update(&before, |before| *before = conversation.clone())),
                None => drop(writes.create(id, conversation)),
            }
            Ok::<_, ReadError>(())
        })??;
        self.store.commit(now, writes)?;
        Ok(())
    }

    /// Forgets that things were dealt with long ago, and conversations that ended long ago. Blocks.
    ///
    /// # Errors
    /// What the store says.
    pub fn forget(&self, now: Now) -> Result<(), MemoryError> {
        let notes = Query::on("time").equal(true).below(now.ms.saturating_sub(KEPT_MS));
        self.remove::<Note>(&notes.limit(AT_ONCE), now)?;
        let idle = Query::on("time").below(now.ms.saturating_sub(IDLE_MS));
        self.remove::<Conversation>(&idle.limit(AT_ONCE), now)
    }

    fn remove<T: Record>(&self, query: &Query<'_>, now: Now) -> Result<(), MemoryError> {
        loop {
            let old = self.store.view(|view| view.of::<T>().find(query))??;
            if old.entries.is_empty() {
                return Ok(());
            }
            let mut writes = Writes::new();
            for old in &old.entries {
                writes.remove::<T>(old.id);
            }
            self.store.commit(now, writes)?;
        }
    }
}

/// Notes lie in the order of their numbers.
fn note_id(number: i64) -> RecordId {
    RecordId::new(number.unsigned_abs() & ((1 << 48) - 1), 1)
}

fn conversation_id(with: i64) -> RecordId {
    let [low, high] = [with as u64, u64::from(with < 0)];
    RecordId::new(high, u128::from(low))
}

#[cfg(test)]
mod tests {
    use super::super::talk::{At, Group, GroupInput, Speaker};
    use super::*;
    use crate::clock::entropy;

    fn at(ms: u64) -> Now {
        Now { ms, trusted: true }
    }

    fn heard(id: i64, user: i64) -> Heard {
        let from = Speaker { user, ..Speaker::default() };
        Heard {
            id,
            from,
            at_ms: 0,
            what: Input::Text { text: id.to_string(), edited: false, at: At::default() },
        }
    }

    #[test]
    fn what_was_heard_is_dealt_with_once_in_order_across_restarts() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Memory::open(&folder.path().join("bot.db"), at(1), entropy).unwrap();
        let memory = open();
        let group = Group { chat: -1_000_000_000_007, title: String::new() };
        let in_group = Heard { what: Input::Group { group, what: GroupInput::Gone }, ..heard(4, 7) };
        let with = memory.keep(vec![heard(2, 7), heard(1, 7), heard(3, 8), in_group], at(1)).unwrap();
        assert_eq!(with.into_iter().collect::<Vec<_>>(), [-1_000_000_000_007, 7, 8]);
        // The messenger says it again.
        assert!(memory.keep(vec![heard(1, 7)], at(2)).unwrap().is_empty());
        let next = memory.next(7).unwrap().unwrap();
        assert_eq!(next.id, 1);
        let conversation = Conversation { dialogue: "passes".into(), at_ms: 2, ..Conversation::default() };
        memory.done(&next, &conversation, at(2)).unwrap();
        drop(memory);
        let memory = open();
        assert!(memory.keep(vec![heard(1, 7)], at(3)).unwrap().is_empty(), "it was dealt with before");
        assert_eq!(memory.left().unwrap().len(), 3);
        assert_eq!(memory.next(7).unwrap().unwrap().id, 2);
        assert_eq!(memory.conversation(7).unwrap(), conversation);
        assert_eq!(memory.conversation(-7).unwrap(), Conversation::default());
    }

    #[test]
    fn what_was_dealt_with_is_forgotten_in_time_and_what_waits_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let memory = Memory::open(&folder.path().join("bot.db"), at(1), entropy).unwrap();
        memory.keep(vec![heard(1, 7), heard(2, 7)], at(1)).unwrap();
        let conversation = Conversation { at_ms: 1, ..Conversation::default() };
        memory.done(&heard(1, 7), &conversation, at(1)).unwrap();
        memory.forget(at(2 + KEPT_MS)).unwrap();
        assert_eq!(memory.keep(vec![heard(1, 7), heard(2, 7)], at(2 + KEPT_MS)).unwrap().len(), 1);
        assert_eq!(memory.conversation(7).unwrap(), conversation);
        memory.forget(at(2 + IDLE_MS)).unwrap();
        assert_eq!(memory.conversation(7).unwrap(), Conversation::default());
        assert!(memory.next(7).unwrap().is_some());
    }
}
