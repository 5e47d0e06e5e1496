//! Ways into the chat: one for each who belongs, and closed once it is of no use.
//!
//! Invariants: nobody has two that are open.
//!
//! What must never be here: who is to be given one.

use std::sync::Arc;

use dwellers_replica::{Now, Query, RecordId, Writes};

use super::{After, Failed, Task, ask_rights, is_in, say};
use crate::bot::Bot;
use crate::bot::chats::belonging::{self, blocking};
use crate::bot::talk::{Done, Output, Undone};
use crate::chats::{self, WayIn};
use crate::clock;
use crate::communities::Community;

/// A way in for which nobody has to be let in is good for so long.
const ALONE_MS: u64 = 24 * 3_600_000;
/// One for which they have.
const ASKING_MS: u64 = 7 * 24 * 3_600_000;

/// The ways in that somebody has are closed.
pub(super) async fn close_ways_in(
    bot: &Bot,
    community: &Arc<Community>,
    task: &Task,
    now: Now,
) -> Result<(), Failed> {
    let (known, user) = (community.clone(), task.user.user);
    let open = blocking(move || {
        let open = Query::on("open").equal(true).equal(user);
        Ok(known.store.view(|view| chats::all::<WayIn>(view, &open))??)
    });
    for way in open.await? {
        let uninvite = Output::Uninvite { chat: task.chat.chat, link: way.value.link.clone() };
        let is_over = way.value.until_ms <= now.ms;
        match if is_over { Ok(Done::Done) } else { bot.line().put_by_and_by(uninvite).await } {
            Ok(_) | Err(Undone::Missing(_) | Undone::Never(_)) => {}
            Err(why) => return Err(why.into()),
        }
        let known = community.clone();
        blocking(move || {
            let mut writes = Writes::new();
            writes.update(&way, |way| way.open = false);
            known.store.commit(now, writes)?;
            Ok(())
        })
        .await?;
    }
    Ok(())
}

/// Somebody is given a way in that is theirs alone. One that they had before is closed.
pub(super) async fn give_a_way_in(
    bot: &Bot,
    community: &Arc<Community>,
    task: &Task,
    now: Now,
) -> Result<After, Failed> {
    let Task { chat, user } = task;
    let title = [("title", chat.title.as_str())];
    let is_inside = match is_in(bot, task).await {
        // Whoever is in takes no harm from a way in.
        Err(Undone::Never(_)) => false,
        known => known?,
    };
    if is_inside {
        close_ways_in(bot, community, task, now).await?;
        if user.wants {
            say(bot, user.user, "bot-chat-already-in", &title, None).await?;
        }
        return Ok(After::Inside(true));
    }
    // That it may may have been missed: Telegram tells of it once.
    if !chat.rights.invite && !ask_rights(bot, community, chat, now).await?.invite {
        return Ok(After::WithRights);
    }
    close_ways_in(bot, community, task, now).await?;
    let (asks, until_ms) = match chat.no_requests {
        true => (false, now.ms + ALONE_MS),
        false => (true, now.ms + ASKING_MS),
    };
    let invite =
        Output::Invite { chat: chat.chat, name: user.name.chars().take(32).collect(), until_ms, asks };
    let link = match bot.line().put_by_and_by(invite).await {
        Ok(Done::Link(link)) => link,
        Err(Undone::Never(_)) if asks => {
            let known = community.clone();
            blocking(move || belonging::edit_chat(&known, now, |chat| chat.no_requests = true)).await?;
            return Ok(After::Again(0));
        }
        Ok(other) => {
            return Err(Undone::Unknown(format!("a way in was asked for, and answered by {other:?}")).into());
        }
        Err(why) => return Err(why.into()),
    };
    let way = WayIn {
        user: user.user,
        link: link.clone(),
        asks,
        made_ms: now.ms,
        until_ms,
        open: true,
        used_by: 0,
    };
    let known = community.clone();
    blocking(move || {
        let mut writes = Writes::new();
        writes.create(RecordId::new(now.ms, clock::entropy()), &way);
        known.store.commit(now, writes)?;
        Ok(())
    })
    .await?;
    let text = if asks { "bot-chat-way-in-asking" } else { "bot-chat-way-in-alone" };
    match say(bot, user.user, text, &title, Some(&link)).await {
        Ok(()) => Ok(After::Inside(false)),
        Err(Failed::Undone(Undone::Blocked | Undone::Missing(_) | Undone::Never(_))) => {
            // They do not hear of it: they may ask for another.
            close_ways_in(bot, community, task, now).await?;
            Ok(After::Inside(false))
        }
        Err(why) => Err(why),
    }
}
