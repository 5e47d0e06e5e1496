//! Pressed buttons and typed words that wait for the bot's answer.
//!
//! Invariants: a query is answered once, and not after Telegram has given up on it.

use std::collections::BTreeMap;

/// How long Telegram waits for an answer to a pressed button. It does not say; bots meet the refusal after about this.
pub(crate) const CALLBACK_SECONDS: i64 = 60;

#[derive(Clone, Debug)]
pub(crate) struct CallbackQuery {
    pub(crate) from: i64,
    pub(crate) asked: i64,
    pub(crate) answered: bool,
    /// What was pressed, for whoever is told that it was never answered.
    pub(crate) label: String,
}

#[derive(Clone, Debug)]
pub(crate) struct InlineQuery {
    pub(crate) from: i64,
    pub(crate) query: String,
    pub(crate) answered: bool,
}

/// All of them by id.
#[derive(Debug, Default)]
pub(crate) struct Queries {
    pub(crate) callbacks: BTreeMap<String, CallbackQuery>,
    pub(crate) inline: BTreeMap<String, InlineQuery>,
    /// Whether every answer comes too late.
    pub(crate) impatient: bool,
}

impl Queries {
    /// Answers a pressed button: whose it was; none where it is too late or was answered.
    pub(crate) fn answer(&mut self, id: &str, now: i64) -> Option<i64> {
        let query = self.callbacks.get_mut(id)?;
        if query.answered || query.asked + CALLBACK_SECONDS < now {
            return None;
        }
        query.answered = true;
        (!self.impatient).then_some(query.from)
    }

    pub(crate) fn unanswered(&self) -> Vec<String> {
        self.callbacks.values().filter(|query| !query.answered).map(|query| query.label.clone()).collect()
    }
}
