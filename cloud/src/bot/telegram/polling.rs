//! Telegram is asked for what people did: it answers at once, or as soon as there is something.
//!
//! Invariants: what was not written down is asked for again.
//!
//! What must never be here: what it means.

use std::time::Duration;

use teloxide::Bot as Api;
use teloxide::payloads::GetUpdatesSetters;
use teloxide::requests::{HasPayload, Requester};
use teloxide::types::{Update, UpdateKind};
use tracing::{error, warn};

use super::Patience;
use super::failing::words;
use super::hearing::{WANTED, heard};
use crate::bot::Bot;
use crate::clock;

/// Telegram keeps a question open for so long.
const OPEN: Duration = Duration::from_secs(25);
/// It has answered in less, or it is not there.
pub(super) const LONGEST: Duration = Duration::from_secs(OPEN.as_secs() + 15);
/// So much at once.
const MOST: u8 = 100;
/// What cannot be written down is asked for again after so long.
const AGAIN: Duration = Duration::from_secs(2);

/// Asks, for as long as it is let.
pub(super) async fn run(api: &Api, bot: &Bot) {
    let (mut patience, mut offset) = (Patience::default(), None);
    // Where Telegram came by itself before, it does not let itself be asked.
    let mut comes_by_itself = true;
    loop {
        let updates = if comes_by_itself {
            api.delete_webhook().await.map(|_| Vec::new())
        } else {
            let seconds = u32::try_from(OPEN.as_secs()).unwrap_or_default();
            let mut ask = api.get_updates().limit(MOST).timeout(seconds).allowed_updates(WANTED);
            ask.payload_mut().offset = offset;
            ask.await
        };
        match updates {
            Ok(updates) => {
                patience.good();
                comes_by_itself = false;
                let last = updates.iter().map(|update| update.id.as_offset()).max();
                if hear(bot, &updates).await {
                    offset = last.or(offset);
                } else {
                    tokio::time::sleep(AGAIN).await;
                }
            }
            Err(why) => {
                comes_by_itself = words(&why).contains("webhook");
                let pause = patience.after(&why);
                tokio::time::sleep(pause).await;
            }
        }
    }
}

/// Whether all of it is written down.
pub(super) async fn hear(bot: &Bot, updates: &[Update]) -> bool {
    let now = clock::now().ms;
    for update in updates.iter().filter(|update| matches!(update.kind, UpdateKind::Error(_))) {
        warn!("update {} of Telegram does not read", update.id.0);
    }
    let heard: Vec<_> = updates.iter().filter_map(|update| heard(update, now)).collect();
    if heard.is_empty() {
        return true;
    }
    match bot.hear(heard).await {
        Ok(()) => true,
        Err(why) => {
            error!("what was said to the bot is not written down: {why}");
            false
        }
    }
}
