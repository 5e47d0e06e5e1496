//! A chat that is the community's no more.
//!
//! Invariants: it is forgotten last, so that a crash before that begins here again.
//!
//! What must never be here: who parts it from the community.

use std::sync::Arc;

use dwellers_replica::{Query, Writes};

use super::PAUSE_MS;
use crate::accounts::Messenger;
use crate::bot::Bot;
use crate::bot::chats::belonging::{Fault, blocking};
use crate::bot::talk::{Output, Undone};
use crate::chats::{self, Chat, ChatUser, WayIn};
use crate::clock;
use crate::communities::Community;

/// The chat is the community's no more: the ways in are closed, the bot leaves, and all that is known of it is forgotten.
pub(super) async fn end(bot: &Bot, community: &Arc<Community>, chat: &Chat) -> Result<Option<u64>, Fault> {
    let now = clock::now();
    let known = community.clone();
    let open = blocking(move || {
        let open = Query::on("open").equal(true);
        Ok(known.store.view(|view| chats::all::<WayIn>(view, &open))??)
    });
    let open = open.await?.into_iter().filter(|way| way.value.until_ms > now.ms);
    let closed = open.map(|way| Output::Uninvite { chat: chat.chat, link: way.value.link });
    let last = [Output::Leave(chat.chat)];
    let outputs = closed.chain(last).filter(|_| chat.gone_ms == 0);
    for output in outputs {
        match bot.line().put_by_and_by(output).await {
            Err(Undone::NotNow { after_ms, .. }) => {
                return Ok(Some(now.ms.saturating_add(after_ms.max(PAUSE_MS))));
            }
            Err(Undone::Unknown(_)) => return Ok(Some(now.ms + PAUSE_MS)),
            // Nothing more can be done about it.
            _ => {}
        }
    }
    bot.chats().forget(chat.chat, community.id);
    let known = community.clone();
    blocking(move || {
        loop {
            let (users, ways) = known.store.view(|view| {
                let users = view.of::<ChatUser>().find(&Query::on("due"))?.entries;
                let ways = view.of::<WayIn>().find(&Query::on("open"))?.entries;
                Ok::<_, Fault>((users, ways))
            })??;
            let mut writes = Writes::new();
            for user in &users {
                writes.remove::<ChatUser>(user.id);
            }
            for way in &ways {
                writes.remove::<WayIn>(way.id);
            }
            // The chat itself goes last: a crash before that begins here again.
            let is_last = users.is_empty() && ways.is_empty();
            if is_last {
                writes.remove::<Chat>(Chat::id(Messenger::Telegram));
            }
            known.store.commit(now, writes)?;
            if is_last {
                return Ok(());
            }
        }
    })
    .await?;
    Ok(None)
}
