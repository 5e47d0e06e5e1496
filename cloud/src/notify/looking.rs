//! What happened: records in the order in which they arrived in this store, from here or from a hub.
//!
//! One number says up to which of the store's own transactions they were looked through, so that nothing is looked at twice
//! and nothing is scanned. What was looked at again after a crash finds its messages there.

use std::collections::BTreeMap;

use dwellers::people::Application;
use dwellers_replica::{
    CommitError, Entry, Mark, Now, ReadError, Record, RecordId, Refusal, Spec, StoreError, Vector, Writes,
};
use serde::{Deserialize, Serialize};

use super::message::{Message, State};
use super::who::{self, Arrived};
use crate::communities::Community;

/// Fields that are looked through at once.
const FIELDS: usize = 1_700;
/// Messages of one commit.
const AT_ONCE: usize = 20;
/// Where nothing was found, so many transactions may be looked through anew after a restart.
const UNSAVED: u64 = 1_000;
/// What was of no use so long ago when it was heard of leaves no trace: a community's first look is at all of its history.
const HISTORY_MS: u64 = 7 * 24 * 3_600_000;

/// How far the store was looked through; one record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Looked {
    /// Up to this transaction.
    arrival: u64,
    /// When somebody is to be reminded of something; 0: of nothing.
    remind_ms: u64,
}

impl Record for Looked {
    const SPEC: Spec = Spec::local("messages_looked");
}

/// The id of the one record.
const ID: RecordId = RecordId::new(0, 1);

/// Why it is not done.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Commit(#[from] CommitError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Accounts(#[from] crate::accounts::AccountError),
    #[error(transparent)]
    Community(#[from] crate::communities::CommunityError),
}

/// How far a look has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// Up to this transaction.
    pub arrival: u64,
    /// There is more.
    pub more: bool,
    /// When somebody is to be reminded of something.
    pub remind_ms: Option<u64>,
}

/// Looks through what arrived after a transaction; after what was saved, where none is given. Blocks.
pub(super) fn look(community: &Community, after: Option<u64>, now: Now) -> Result<Seen, Fault> {
    let store = &community.store;
    let saved = store.view(|view| view.of::<Looked>().get(ID))??;
    let known = saved.as_ref().map(|saved| saved.value.clone()).unwrap_or_default();
    let after = after.unwrap_or(known.arrival);
    let is_reminded = known.remind_ms > 0 && known.remind_ms <= now.ms;
    if store.standing()?.mark.arrival == after && !is_reminded {
        return Ok(Seen {
            arrival: after,
            more: false,
            remind_ms: Some(known.remind_ms).filter(|at| *at > 0),
        });
    }
    let chunk = store.since(Mark::default(), after, &Vector::new(), FIELDS)?;
    let name = |shape: u16| chunk.shapes.get(usize::from(shape)).map(|shape| shape.name.as_ref());
    let groups = chunk.groups.iter().map(|group| {
        let arrived = |change: &dwellers_replica::delta::Change| {
            Some(Arrived { collection: name(change.shape)?, id: change.record })
        };
        group.iter().filter_map(arrived).collect::<Vec<_>>()
    });
    let groups: Vec<Vec<Arrived<'_>>> = groups.collect();
    let applied = groups.iter().flatten().any(|arrived| arrived.collection == Application::SPEC.name);
    let (messages, remind_ms) = store.view(|view| {
        let mut messages = Vec::new();
        for group in &groups {
            for arrived in group {
                messages.extend(who::who_should_know(view, now, *arrived, group)?);
            }
        }
        let mut remind_ms = Some(known.remind_ms).filter(|at| *at > 0);
        if applied || is_reminded {
            let (reminders, next) = who::reminders(view, now)?;
            messages.extend(reminders);
            remind_ms = next;
        }
        Ok::<_, ReadError>((messages, remind_ms))
    })??;
    let found = keep(community, messages, now)?;
    let seen = Seen { arrival: chunk.mark.arrival, more: chunk.to.is_none(), remind_ms };
    let later = remind_ms.unwrap_or_default() != known.remind_ms;
    if found || later || seen.more || seen.arrival.abs_diff(known.arrival) >= UNSAVED {
        save(community, saved.as_ref(), seen, now)?;
    }
    Ok(seen)
}

/// Writes down what is not there yet, and is wanted.
fn keep(community: &Community, messages: Vec<Message>, now: Now) -> Result<bool, Fault> {
    let fresh = community.store.view(|view| {
        // Two of one chunk may have the same cause.
        let mut fresh = BTreeMap::new();
        for mut message in messages {
            let id = Message::id(&message.cause, message.person);
            let settings = super::settings_of(view, message.person)?;
            let is_history = message.until_ms.saturating_add(HISTORY_MS) <= now.ms;
            if is_history || !settings.wants(&message.kind) || view.of::<Message>().get(id)?.is_some() {
                continue;
            }
            if message.until_ms <= now.ms {
                message.end(State::Stale, now.ms);
            }
            fresh.entry(id).or_insert(message);
        }
        Ok::<_, ReadError>(fresh.into_iter().collect::<Vec<_>>())
    })??;
    for messages in fresh.chunks(AT_ONCE) {
        let mut writes = Writes::new();
        for (id, message) in messages {
            writes.create(*id, message);
        }
        community.store.commit(now, writes)?;
    }
    Ok(!fresh.is_empty())
}

fn save(community: &Community, saved: Option<&Entry<Looked>>, seen: Seen, now: Now) -> Result<(), Fault> {
    let looked = Looked { arrival: seen.arrival, remind_ms: seen.remind_ms.unwrap_or_default() };
    let mut writes = Writes::new();
    match saved {
        Some(saved) => writes.update(saved, |before| *before = looked),
        None => writes.create(ID, &looked),
    };
    match community.store.commit(now, writes) {
        Ok(_) | Err(CommitError::Refused(Refusal::Exists { .. })) => Ok(()),
        Err(why) => Err(why.into()),
    }
}
