//! Tells in private what is to be told of the chat.
//!
//! Invariants: whoever does not ask to join any more needs no answer; names are kept no longer than they are needed.
//!
//! What must never be here: who is told what.

use std::sync::Arc;

use dwellers::texts::{Language, Value as Word};
use dwellers_replica::{Entry, Now, RecordId, Writes};

use super::pause;
use crate::bot::Bot;
use crate::bot::chats::belonging::{self, Fault, blocking};
use crate::bot::talk::{Done, Key, Output, Press, Screen, Undone};
use crate::chats::{ChatUser, Telling};
use crate::clock;
use crate::communities::Community;

/// What could not be told in so long is old.
const OLD_MS: u64 = 3 * 24 * 3_600_000;

/// What somebody is to be told is told.
pub(super) async fn tell(
    bot: &Bot,
    community: &Arc<Community>,
    telling: Entry<Telling>,
) -> Result<(), Fault> {
    let (id, Telling { user, language, text, words, asks, at_ms, .. }) = (telling.id, telling.value);
    let now = clock::now();
    let (known, about) = (community.clone(), asks);
    let asking = blocking(move || {
        let asking = |id| known.store.view(|view| view.of::<ChatUser>().get(id)).map_err(Fault::from);
        Ok(about.map(asking).transpose()?.transpose()?.flatten())
    });
    // Whoever does not ask any more needs no answer.
    let asking = asking.await?.filter(|asking| asking.value.asks);
    let is_old = now.ms.saturating_sub(at_ms) > OLD_MS || (asks.is_some() && asking.is_none());
    let texts = bot.texts(language.parse().unwrap_or(Language::Ru));
    let said = match is_old {
        true => None,
        false => {
            let words: Vec<(&str, Word<'_>)> =
                words.iter().map(|(name, word)| (name.as_str(), word.as_str().into())).collect();
            let mut screen = Screen::text(texts.get(&text, &words));
            if let Some(asking) = &asking {
                let key = |key: &str, verb| {
                    Key::press(texts.get(key, &[]), Press::on(verb, community.id, asking.id))
                };
                screen =
                    screen.row([key("bot-chat-key-admit", "chadm"), key("bot-chat-key-decline", "chdec")]);
            }
            let said = bot.line().put_by_and_by(Output::Say { chat: user, screen }).await;
            match said {
                Err(Undone::NotNow { after_ms, .. }) => return put_off(community, id, after_ms, now).await,
                Err(Undone::Unknown(_)) => return put_off(community, id, 0, now).await,
                Ok(Done::Said(at)) => Some(at),
                _ => None,
            }
        }
    };
    let known = community.clone();
    blocking(move || {
        if let (Some(at), Some(asking)) = (said, asking) {
            belonging::edit(&known, asking.value.user, now, |user| user.told.push(at))?;
        }
        edit_telling(&known, id, now, |telling| {
            // Names are kept no longer than they are needed.
            (telling.waits, telling.words) = (false, Vec::new());
        })
    })
    .await
}

async fn put_off(community: &Arc<Community>, id: RecordId, after_ms: u64, now: Now) -> Result<(), Fault> {
    let known = community.clone();
    let put_off = move || {
        edit_telling(&known, id, now, |telling| {
            telling.tries += 1;
            telling.due_ms = now.ms.saturating_add(pause(telling.tries, after_ms));
        })
    };
    blocking(put_off).await
}

fn edit_telling(
    community: &Community,
    id: RecordId,
    now: Now,
    change: impl FnOnce(&mut Telling),
) -> Result<(), Fault> {
    let Some(telling) = community.store.view(|view| view.of::<Telling>().get(id))?? else { return Ok(()) };
    let mut writes = Writes::new();
    writes.update(&telling, change);
    community.store.commit(now, writes)?;
    Ok(())
}
