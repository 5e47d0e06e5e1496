//! Does what is to be done in the chat of a community, one after another, and writes down what came of it.
//!
//! Invariants: what cannot be done now is tried again, each time after a longer pause; what was done before a crash and not
//! written down is done again without harm; what no longer matters is dropped.
//!
//! What must never be here: why something is to be done.

mod ending;
mod telling;
mod ways;

use std::sync::Arc;

use dwellers::privacy;
use dwellers::texts::{Language, Value as Word};
use dwellers_replica::{CommitError, Entry, Now, Open, Query, Writes};

use self::ending::end;
use self::telling::tell;
use self::ways::{close_ways_in, give_a_way_in};
use super::belonging::{self, Fault, News, blocking};
use crate::accounts::Messenger;
use crate::bot::Bot;
use crate::bot::talk::{Done, Key, Output, Rights, Screen, Undone};
use crate::chats::{self, Chat, ChatUser, Telling, Wish};
use crate::clock;
use crate::communities::Community;

/// The first pause after something that could not be done; each is twice the one before.
const PAUSE_MS: u64 = 1_000;
/// The longest pause.
const LONGEST_MS: u64 = 3_600_000;
/// What needs rights that are not there waits for those, and looks for itself so often.
const RIGHTS_MS: u64 = 24 * 3_600_000;
/// So much is taken at once.
const AT_ONCE: usize = 20;

/// One who is to be seen to, at a moment.
struct Task {
    chat: Chat,
    user: ChatUser,
}

/// Does what is due. Returns when something is due next.
pub(super) async fn do_due(bot: &Bot, community: &Arc<Community>) -> Result<Option<u64>, Fault> {
    loop {
        let (known, now) = (community.clone(), clock::now());
        let (chat, users, tellings, next) = blocking(move || due(&known, now)).await?;
        if let Some(chat) = chat.filter(|chat| chat.ends) {
            return end(bot, community, &chat).await;
        }
        if users.is_empty() && tellings.is_empty() {
            return Ok(next);
        }
        for telling in tellings {
            tell(bot, community, telling).await?;
        }
        for user in users {
            see_to(bot, community, user).await?;
        }
    }
}

type Due = (Option<Chat>, Vec<i64>, Vec<Entry<Telling>>, Option<u64>);

/// What is due now, and when the next is.
fn due(community: &Community, now: Now) -> Result<Due, Fault> {
    Ok(community.store.view(|view| {
        let chat = chats::chat(view)?.map(|chat| chat.value);
        let is_here = chat.as_ref().is_some_and(|chat| chat.gone_ms == 0);
        let waiting = Query::on("due").equal(true).limit(AT_ONCE);
        // Where the bot is not, nothing is done.
        let mut users = match is_here {
            true => view.of::<ChatUser>().find(&waiting)?.entries,
            false => Vec::new(),
        };
        let mut tellings = view.of::<Telling>().find(&waiting)?.entries;
        let later = users.iter().map(|user| user.value.due_ms);
        let later = later.chain(tellings.iter().map(|telling| telling.value.due_ms));
        let next = later.filter(|due_ms| *due_ms > now.ms).min();
        users.retain(|user| user.value.due_ms <= now.ms);
        tellings.retain(|telling| telling.value.due_ms <= now.ms);
        let users = users.into_iter().map(|user| user.value.user).collect();
        Ok::<_, dwellers_replica::ReadError>((chat, users, tellings, next))
    })??)
}

fn pause(tries: u32, after_ms: u64) -> u64 {
    let doubled = PAUSE_MS.saturating_mul(1 << tries.clamp(1, 16) >> 1);
    doubled.min(LONGEST_MS).max(after_ms)
}

/// Does what is to be done about somebody.
async fn see_to(bot: &Bot, community: &Arc<Community>, user: i64) -> Result<(), Fault> {
    let now = clock::now();
    let (known, accounts) = (community.clone(), bot.accounts().clone());
    let task = blocking(move || {
        // Judged at this moment: what was to be done may be nothing any more.
        belonging::judge(&accounts, &known, user, now)?;
        let (chat, user) = known
            .store
            .view(|view| Ok::<_, Fault>((chats::chat(view)?, chats::chat_user(view, user)?)))??;
        Ok(chat.zip(user))
    });
    let Some((chat, user)) = task.await? else { return Ok(()) };
    let task = Task { chat: chat.value, user: user.value };
    let wish = task.user.wish.known().copied().unwrap_or_default();
    let done = match wish {
        Wish::Nothing => Ok(After::Nothing),
        Wish::Look => look(bot, community, &task, now).await,
        Wish::In => give_a_way_in(bot, community, &task, now).await,
        Wish::Out => put_out(bot, community, &task, now).await,
        Wish::Admit | Wish::Decline => decide(bot, &task, wish == Wish::Admit).await,
    };
    let after = match done {
        Ok(after) => after,
        Err(Failed::Fault(why)) => return Err(why),
        Err(Failed::Undone(why)) => trouble(bot, community, &task, why, now).await?,
    };
    let (known, user) = (community.clone(), task.user.user);
    blocking(move || match after {
        After::Forgotten => forgotten(&known, user, wish, now),
        After::Nothing => settled(&known, user, wish, now, |_| ()),
        After::Inside(inside) => settled(&known, user, wish, now, |user| user.inside = Some(inside)),
        After::Fixed => {
            settled(&known, user, wish, now, |user| (user.fixed, user.inside) = (true, Some(true)))
        }
        After::Answered(admitted) => settled(&known, user, wish, now, |user| {
            (user.asks, user.told) = (false, Vec::new());
            user.decided_by.clear();
            // A guest of the administrators from now on, whoever they were before.
            user.person = user.person.filter(|_| !admitted || user.belongs);
            // That they are in is told by itself, where it is so; and may have been, before this is written down.
            user.inside = user.inside.filter(|inside| *inside || !admitted);
        }),
        After::Again(after_ms) => belonging::edit(&known, user, now, |user| {
            user.tries += 1;
            user.due_ms = now.ms.saturating_add(pause(user.tries, after_ms));
        }),
        After::WithRights => belonging::edit(&known, user, now, |user| user.due_ms = now.ms + RIGHTS_MS),
    })
    .await
}

/// What comes after it was done, or not.
enum After {
    /// Nothing is to be done any more.
    Nothing,
    /// Nothing, and it is known whether they are in.
    Inside(bool),
    /// They are nobody's concern any more.
    Forgotten,
    /// They cannot be put out.
    Fixed,
    /// Their request was answered.
    Answered(bool),
    /// It is tried again; not before so many milliseconds have passed.
    Again(u64),
    /// It is tried again when the bot may.
    WithRights,
}

enum Failed {
    Undone(Undone),
    Fault(Fault),
}

impl From<Undone> for Failed {
    fn from(why: Undone) -> Failed {
        Failed::Undone(why)
    }
}

impl From<Fault> for Failed {
    fn from(why: Fault) -> Failed {
        Failed::Fault(why)
    }
}

/// It was done; unless something else is to be done by now: they may have asked or come again, and what was found out is old.
fn settled(
    community: &Community,
    user: i64,
    wish: Wish,
    now: Now,
    change: impl Fn(&mut ChatUser),
) -> Result<(), Fault> {
    belonging::edit(community, user, now, |user| {
        if user.wish == Open::Known(wish) {
            change(user);
            user.wish(Wish::Nothing, now);
            user.wants = false;
        }
    })
}

/// They are out, and nobody's concern any more; unless they belong again by now, and need a way in. Of who was somebody the number
/// is kept: other ways than ours may lead in; but of who was erased nothing is.
fn forgotten(community: &Community, user: i64, wish: Wish, now: Now) -> Result<(), Fault> {
    let known = community.store.view(|view| chats::chat_user(view, user))??;
    let Some(known) = known.filter(|known| known.value.wish == Open::Known(wish)) else {
        return belonging::edit(community, user, now, |user| user.inside = Some(false));
    };
    let is_erased = |person| community.store.view(|view| privacy::request(view, person));
    let is_erased = known.value.person.map(is_erased).transpose()?.transpose()?.flatten().is_some();
    if known.value.person.is_some() && !is_erased {
        return settled(community, user, wish, now, |user| {
            (user.inside, user.asks, user.told) = (Some(false), false, Vec::new());
            (user.name, user.handle) = (String::new(), String::new());
        });
    }
    let mut writes = Writes::new();
    writes.unchanged(&known);
    match is_erased {
        true => community.store.view(|view| chats::forget(view, user, &mut writes))??,
        false => drop(writes.remove::<ChatUser>(known.id)),
    }
    match community.store.commit(now, writes) {
        Err(CommitError::Refused(_)) => {
            belonging::edit(community, user, now, |user| user.inside = Some(false))
        }
        done => Ok(done.map(drop)?),
    }
}

/// The messenger does not do it: what that means.
async fn trouble(
    bot: &Bot,
    community: &Arc<Community>,
    task: &Task,
    why: Undone,
    now: Now,
) -> Result<After, Fault> {
    match why {
        Undone::NotNow { after_ms, .. } => Ok(After::Again(after_ms)),
        Undone::Moved(to) => {
            super::moved(bot, community.clone(), task.chat.chat, to, now).await?;
            Ok(After::Again(0))
        }
        Undone::NotAllowed(_) => {
            ask_rights(bot, community, &task.chat, now).await?;
            Ok(After::WithRights)
        }
        // The chat itself, as everything smaller that may be missing was dealt with.
        Undone::Missing(_) => {
            ask_rights(bot, community, &task.chat, now).await?;
            Ok(After::Again(PAUSE_MS))
        }
        Undone::Blocked | Undone::Never(_) => Ok(After::Nothing),
        Undone::Unknown(_) => Ok(After::Again(0)),
    }
}

/// Asks what the bot may do, and writes it down: where it may more or less than it thought, administrators are told.
async fn ask_rights(bot: &Bot, community: &Arc<Community>, chat: &Chat, now: Now) -> Result<Rights, Fault> {
    match bot.line().put_by_and_by(Output::Standing(chat.chat)).await {
        Ok(Done::Standing(rights)) => {
            super::stands(bot, community.clone(), chat.title.clone(), rights, now).await?;
            Ok(rights)
        }
        Err(Undone::Missing(_) | Undone::NotAllowed(_)) => {
            super::gone(bot, community.clone(), now).await?;
            Ok(Rights::default())
        }
        _ => Ok(chat.rights),
    }
}

/// Whether they are in.
async fn is_in(bot: &Bot, task: &Task) -> Result<bool, Undone> {
    let (chat, user) = (task.chat.chat, task.user.user);
    match bot.line().put_by_and_by(Output::IsIn { chat, user }).await {
        Ok(Done::Is(is)) => Ok(is),
        Ok(other) => Err(Undone::Unknown(format!("whether they are in was answered by {other:?}"))),
        Err(why) => Err(why),
    }
}

async fn look(bot: &Bot, community: &Arc<Community>, task: &Task, now: Now) -> Result<After, Failed> {
    let inside = match task.user.inside {
        Some(inside) => inside,
        None => is_in(bot, task).await?,
    };
    if inside {
        close_ways_in(bot, community, task, now).await?;
    }
    Ok(After::Inside(inside))
}

/// Says something in private, with a way in under it.
async fn say(
    bot: &Bot,
    user: i64,
    text: &str,
    words: &[(&str, &str)],
    link: Option<&str>,
) -> Result<(), Failed> {
    let accounts = bot.accounts().clone();
    let language = blocking(move || {
        let known = accounts.messenger_user(Messenger::Telegram, user)?;
        let account = known.map(|known| accounts.get(known.value.account)).transpose()?.flatten();
        Ok(account.map(|account| account.value.language).unwrap_or_default())
    });
    let texts = bot.texts(language.await?.parse().unwrap_or(Language::Ru));
    let words: Vec<(&str, Word<'_>)> = words.iter().map(|(name, word)| (*name, (*word).into())).collect();
    let mut screen = Screen::text(texts.get(text, &words));
    if let Some(link) = link {
        screen = screen.row([Key::open(texts.get("bot-chat-key-enter", &[]), link)]);
    }
    bot.line().put_by_and_by(Output::Say { chat: user, screen }).await?;
    Ok(())
}

/// Somebody is put out, and has no way in any more.
async fn put_out(bot: &Bot, community: &Arc<Community>, task: &Task, now: Now) -> Result<After, Failed> {
    let Task { chat, user } = task;
    // Whoever may not come in is not let in while they are put out.
    match close_ways_in(bot, community, task, now).await {
        Err(Failed::Undone(Undone::NotAllowed(_))) | Ok(()) => {}
        Err(why) => return Err(why),
    }
    // They may have come in while the bot was not told of it.
    if user.inside != Some(true) {
        match is_in(bot, task).await {
            Ok(true) => {}
            Ok(false) => return Ok(After::Forgotten),
            // That is no word of them: who is to be put out is not forgotten for it.
            Err(Undone::Never(why)) => {
                tracing::warn!(community = %community.id, "whether somebody is in the chat is not said: {why}");
                return Ok(After::Again(LONGEST_MS));
            }
            Err(why) => return Err(why.into()),
        }
    }
    let shown = user.shown();
    let words = [("title", chat.title.as_str()), ("name", shown.as_str())];
    match bot.line().put_by_and_by(Output::Remove { chat: chat.chat, user: user.user }).await {
        Ok(_) => {
            if user.person.is_some() {
                // They may hear nothing from us any more: that is theirs.
                let _ = say(bot, user.user, "bot-chat-put-out", &words, None).await;
            }
            Ok(After::Forgotten)
        }
        Err(Undone::Blocked) => Ok(After::Forgotten),
        Err(Undone::NotAllowed(_) | Undone::Never(_)) => {
            let rights = match bot.line().put_by_and_by(Output::Standing(chat.chat)).await? {
                Done::Standing(rights) => rights,
                _ => chat.rights,
            };
            let (text, after) = match rights.remove {
                true => ("bot-chat-irremovable", After::Fixed),
                false => ("bot-chat-may-not-remove", After::WithRights),
            };
            let cause = format!("{text} {} {}", user.user, chat.since_ms);
            let (known, accounts, title) = (community.clone(), bot.accounts().clone(), chat.title.clone());
            super::stands(bot, community.clone(), title.clone(), rights, now).await?;
            blocking(move || {
                let words = [("title", title.as_str()), ("name", shown.as_str())];
                let news = News { cause: &cause, text, words: &words, asks: None };
                belonging::tell_administrators(&accounts, &known, &news, now)
            })
            .await?;
            Ok(after)
        }
        Err(why) => Err(why.into()),
    }
}

/// Whoever asks to be let in is answered, and administrators see how.
async fn decide(bot: &Bot, task: &Task, yes: bool) -> Result<After, Failed> {
    let Task { chat, user } = task;
    let admit = Output::Admit { chat: chat.chat, user: user.user, yes };
    let is_there = match user.inside {
        // Somebody let them in in the group itself.
        Some(true) => false,
        _ => match bot.line().put_by_and_by(admit).await {
            Ok(_) => true,
            // They ask no more, or another administrator was faster.
            Err(Undone::Missing(_) | Undone::Never(_)) => false,
            Err(why) => return Err(why.into()),
        },
    };
    let text = match (is_there, yes) {
        (true, true) => "bot-chat-admitted",
        (true, false) => "bot-chat-declined",
        (false, _) => "bot-chat-asks-no-more",
    };
    let accounts = bot.accounts().clone();
    let told = user.told.clone();
    let languages = blocking(move || {
        let language = |user| {
            let known = accounts.messenger_user(Messenger::Telegram, user)?;
            let account = known.map(|known| accounts.get(known.value.account)).transpose()?.flatten();
            Ok::<_, Fault>(account.map(|account| account.value.language).unwrap_or_default())
        };
        told.into_iter().map(|at| Ok((at, language(at.chat)?))).collect::<Result<Vec<_>, Fault>>()
    });
    for (at, language) in languages.await? {
        let texts = bot.texts(language.parse().unwrap_or(Language::Ru));
        let shown = user.shown();
        let by = match user.decided_by.as_str() {
            "" => texts.get("bot-chat-by-itself", &[]),
            by => by.to_owned(),
        };
        let words: [(&str, Word<'_>); 3] = [
            ("name", shown.as_str().into()),
            ("title", chat.title.as_str().into()),
            ("by", by.as_str().into()),
        ];
        let screen = Screen::text(texts.get(text, &words));
        // What one of them does not see changed is answered when it is pressed.
        let _ = bot.line().put_by_and_by(Output::Edit { at, screen }).await;
    }
    Ok(match (yes, user.belongs) {
        (false, false) => After::Forgotten,
        (yes, _) => After::Answered(yes && is_there),
    })
}
