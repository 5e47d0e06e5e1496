//! What the bot has not been told yet, and how it wants to be told.
//!
//! Invariants: an update is there until the bot confirms it, or for a day; which kinds the bot wants is asked when a
//! thing happens, not when it is told.
//! What must never be here: sockets; `server` waits and `webhook` posts.

use std::collections::VecDeque;

use serde_json::{Value, json};

/// Told only to those who ask: `allowed_updates` of getUpdates.
const ON_REQUEST: &[&str] = &["chat_member", "message_reaction", "message_reaction_count"];
/// "Incoming updates … will not be kept longer than 24 hours."
const KEPT_SECONDS: i64 = 24 * 3600;

#[derive(Clone, Debug, Default)]
pub(crate) struct Webhook {
    pub(crate) url: String,
    pub(crate) secret: Option<String>,
    pub(crate) max_connections: i64,
    pub(crate) last_error: Option<(i64, String)>,
}

/// The queue.
#[derive(Debug)]
pub(crate) struct Updates {
    next: i64,
    queue: VecDeque<(i64, i64, Value)>,
    allowed: Vec<String>,
    pub(crate) webhook: Option<Webhook>,
    /// Counts the getUpdates; a newer one ends an older.
    pub(crate) poll: u64,
    /// Whether the bot is told nothing for now.
    pub(crate) late: bool,
}

impl Updates {
    pub(crate) fn new() -> Self {
        // Not from 1: a bot must not think that it knows where they begin.
        let next = 100_000 + i64::from(fastrand::u16(..));
        Self { next, queue: VecDeque::new(), allowed: Vec::new(), webhook: None, poll: 0, late: false }
    }

    pub(crate) fn push(&mut self, now: i64, kind: &str, what: Value) {
        self.queue.retain(|(_, at, _)| *at + KEPT_SECONDS > now);
        let wanted = if self.allowed.is_empty() {
            !ON_REQUEST.contains(&kind)
        } else {
            self.allowed.iter().any(|allowed| allowed == kind)
        };
        if wanted {
            let id = self.next;
            self.next += 1;
            self.queue.push_back((id, now, json!({"update_id": id, kind: what})));
        }
    }

    /// Which kinds the bot wants from now on; an empty list is all but the rare ones.
    pub(crate) fn allow(&mut self, kinds: Option<&Value>) {
        if let Some(kinds) = kinds.and_then(Value::as_array) {
            self.allowed = kinds.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        }
    }

    pub(crate) fn allowed(&self) -> &[String] {
        &self.allowed
    }

    /// Forgets what lies before `offset`; a negative one counts from the end.
    pub(crate) fn confirm(&mut self, offset: i64) {
        if offset < 0 {
            let keep = usize::try_from(-offset).unwrap_or(usize::MAX);
            let drop = self.queue.len().saturating_sub(keep);
            self.queue.drain(..drop);
        } else {
            self.queue.retain(|(id, _, _)| *id >= offset);
        }
    }

    pub(crate) fn first(&self, limit: usize) -> Vec<Value> {
        let limit = if self.late { 0 } else { limit };
        self.queue.iter().take(limit).map(|(_, _, update)| update.clone()).collect()
    }

    pub(crate) fn waiting(&self) -> usize {
        self.queue.len()
    }

    pub(crate) fn forget(&mut self) {
        self.queue.clear();
    }
}
