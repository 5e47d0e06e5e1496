//! What happens in a group: in the closed chat of a community, and in one that may become it.
//!
//! Invariants: who belongs is let in by whichever way they ask; who came by a way in that was given to somebody else is put out,
//! and who was put out is again, unless administrators let them in; all others are left to those.
//!
//! What must never be here: a button.

use std::sync::Arc;
use std::time::Duration;

use dwellers::people::Permission;
use dwellers_replica::{CommitError, Now, Query, RecordId, Refusal, Writes};

use super::belonging::{self, Fault, News, blocking};
use crate::accounts::Accounts;
use crate::bot::Bot;
use crate::bot::talk::{Group, GroupInput, Key, Output, Press, Rights, Screen, Speaker, Undone};
use crate::bot::turn::{Stop, Turn, Turned};
use crate::chats::{self, Chat, ChatUser, Offer, WayIn, Wish};
use crate::clock;
use crate::communities::{Community, CommunityError};

/// Whose chat a group is becomes known in less, but for many communities: a turn waits no longer, since residents wait for its
/// place.
const KNOWN: Duration = Duration::from_millis(500);

/// Takes what happened. Nobody is told of a failure: whoever did it may know nothing of us. It is taken again instead, as all of
/// it may be done twice.
pub(super) async fn take(turn: &mut Turn, group: Group, what: GroupInput) -> Turned {
    let again = |why: String| Stop::Undone(Undone::NotNow { why, after_ms: 0 });
    let bot = turn.bot.clone();
    if tokio::time::timeout(KNOWN, bot.chats().read()).await.is_err() {
        return Err(again("whose chats there are is not known yet".to_owned()));
    }
    let taken = match bot.chats().connected(group.chat) {
        Some(id) => happened(turn, id, group, what).await,
        None => happened_elsewhere(turn, group, what).await,
    };
    match taken {
        // Nobody is served there any more.
        Ok(()) | Err(Fault::Community(CommunityError::Closed(_))) => Ok(()),
        Err(why) => {
            tracing::error!("what happened in a group is not dealt with: {why}");
            Err(again(why.to_string()))
        }
    }
}

/// A community, opened.
pub(super) async fn opened(bot: &Bot, id: RecordId) -> Result<Arc<Community>, Fault> {
    let communities = bot.api().communities().clone();
    blocking(move || Ok(communities.open(id, clock::now())?)).await
}

/// Something happened in the chat of a community.
async fn happened(turn: &Turn, id: RecordId, group: Group, what: GroupInput) -> Result<(), Fault> {
    let (bot, now) = (turn.bot.clone(), turn.now);
    let community = opened(&bot, id).await?;
    let accounts = bot.accounts().clone();
    let cause = format!("heard {}", turn.heard.id);
    match what {
        GroupInput::Standing(rights) => stands(&bot, community, group.title, rights, now).await,
        GroupInput::Gone => gone(&bot, community, now).await,
        GroupInput::Moved { to } => moved(&bot, community, group.chat, to, now).await,
        GroupInput::Asks { who, link } => {
            blocking(move || asks(&accounts, &community, &cause, &who, link, now)).await
        }
        GroupInput::Joined { who, link } => {
            blocking(move || joined(&accounts, &community, &cause, &who, link, now)).await
        }
        GroupInput::Left { who } => {
            let left = move |user: &mut ChatUser| {
                user.inside = Some(false);
                if !user.belongs {
                    user.wish(Wish::Out, now);
                }
            };
            blocking(move || belonging::edit(&community, who.user, now, left)).await
        }
    }
}

/// Somebody asks to be let in.
fn asks(
    accounts: &Accounts,
    community: &Community,
    cause: &str,
    who: &Speaker,
    link: Option<String>,
    now: Now,
) -> Result<(), Fault> {
    if let Some(person) = belonging::who_is(accounts, community, who.user, now)? {
        return belonging::see(community, who, now, |user| {
            (user.belongs, user.person, user.inside) = (true, Some(person), Some(false));
            user.wish(Wish::Admit, now);
        });
    }
    let Some(way) = own_way(community, link)? else {
        belonging::see(community, who, now, |user| {
            (user.asks, user.inside, user.fixed) = (true, Some(false), false);
            user.wish(Wish::Nothing, now);
        })?;
        let asks = Some(crate::accounts::MessengerUser::id(who.messenger, who.user));
        return report(accounts, community, cause, "bot-chat-asks", who, None, asks, now);
    };
    belonging::see(community, who, now, |user| {
        user.inside = Some(false);
        user.wish(Wish::Decline, now);
    })?;
    if way.user == who.user {
        // They do not belong any more: their way in is about to be closed.
        return Ok(());
    }
    report(accounts, community, cause, "bot-chat-wrong-asks", who, Some(way.user), None, now)
}

/// Somebody is in.
fn joined(
    accounts: &Accounts,
    community: &Community,
    cause: &str,
    who: &Speaker,
    link: Option<String>,
    now: Now,
) -> Result<(), Fault> {
    let way = own_way(community, link)?;
    if let Some(way) = &way {
        use_way(community, &way.link, who.user, now)?;
    }
    let person = belonging::who_is(accounts, community, who.user, now)?;
    let is_by_another = way.as_ref().is_some_and(|way| way.user != who.user);
    let known = community.store.view(|view| chats::chat_user(view, who.user))??.map(|known| known.value);
    let was_somebody = known.as_ref().is_some_and(|known| known.person.is_some() && !known.asks);
    let comes_back = person.is_none() && way.is_none() && was_somebody;
    belonging::see(community, who, now, |user| {
        (user.inside, user.fixed) = (Some(true), false);
        match (person, &way) {
            (Some(_), _) => {
                (user.belongs, user.person, user.asks) = (true, person, false);
                user.wish(Wish::Look, now);
            }
            (None, Some(_)) => user.wish(Wish::Out, now),
            (None, None) if comes_back => user.wish(Wish::Out, now),
            // Another administrator let them in: what we asked of ours is over.
            (None, None) if user.asks => {
                user.person = None;
                user.wish(Wish::Admit, now);
            }
            (None, None) => {}
        }
    })?;
    if comes_back {
        return report(accounts, community, cause, "bot-chat-came-back", who, None, None, now);
    }
    let Some(way) = way.filter(|_| is_by_another) else { return Ok(()) };
    belonging::edit(community, way.user, now, |right| {
        if right.belongs && right.inside != Some(true) {
            right.wish(Wish::In, now);
        }
    })?;
    match person {
        Some(_) => Ok(()),
        None => report(accounts, community, cause, "bot-chat-wrong-in", who, Some(way.user), None, now),
    }
}

/// The way in of ours that a link is.
fn own_way(community: &Community, link: Option<String>) -> Result<Option<WayIn>, Fault> {
    let Some(link) = link else { return Ok(None) };
    let way = community.store.view(|view| chats::way_in(view, &link))??;
    Ok(way.map(|way| way.value))
}

fn use_way(community: &Community, link: &str, user: i64, now: Now) -> Result<(), Fault> {
    let Some(way) = community.store.view(|view| chats::way_in(view, link))?? else { return Ok(()) };
    let mut writes = Writes::new();
    writes.update(&way, |way| way.used_by = user);
    community.store.commit(now, writes)?;
    Ok(())
}

/// Administrators are told of somebody, and by whose way in they came.
#[expect(clippy::too_many_arguments, reason = "each of them is a word of what is told")]
fn report(
    accounts: &Accounts,
    community: &Community,
    cause: &str,
    text: &str,
    who: &Speaker,
    whose: Option<i64>,
    asks: Option<RecordId>,
    now: Now,
) -> Result<(), Fault> {
    let (title, whose) = community.store.view(|view| {
        let title = chats::chat(view)?.map(|chat| chat.value.title).unwrap_or_default();
        let whose = whose.map(|user| chats::chat_user(view, user)).transpose()?.flatten();
        Ok::<_, Fault>((title, whose.map(|user| user.value.shown()).unwrap_or_default()))
    })??;
    let name = ChatUser::of(who).shown();
    let words = [("title", title.as_str()), ("name", name.as_str()), ("whose", whose.as_str())];
    belonging::tell_administrators(accounts, community, &News { cause, text, words: &words, asks }, now)
}

/// The key of what is said of rights.
pub(super) fn of_rights(rights: Rights) -> &'static str {
    match (rights.invite, rights.remove) {
        (true, true) => "bot-chat-able",
        (true, false) => "bot-chat-lacks-remove",
        (false, true) => "bot-chat-lacks-invite",
        (false, false) => "bot-chat-lacks-both",
    }
}

/// The bot may do this in the chat. Where that is news, administrators hear of it, and what waited for rights goes on.
pub(super) async fn stands(
    bot: &Bot,
    community: Arc<Community>,
    title: String,
    rights: Rights,
    now: Now,
) -> Result<(), Fault> {
    let accounts = bot.accounts().clone();
    blocking(move || {
        let Some(before) = community.store.view(chats::chat)?? else { return Ok(()) };
        let before = before.value;
        let is_news = before.rights != rights || before.gone_ms != 0;
        if !is_news && before.title == title {
            return Ok(());
        }
        if is_news {
            // First: what is written below says that it was told.
            let (cause, text) = (format!("rights {} {rights:?} {}", before.chat, now.ms), of_rights(rights));
            let words = [("title", title.as_str())];
            let news = News { cause: &cause, text, words: &words, asks: None };
            if Chat::is_able(rights) != Chat::is_able(before.rights)
                || before.gone_ms != 0
                || !Chat::is_able(rights)
            {
                belonging::tell_administrators(&accounts, &community, &news, now)?;
            }
        }
        belonging::edit_chat(&community, now, |chat| {
            title.clone_into(&mut chat.title);
            (chat.rights, chat.gone_ms, chat.no_requests) = (rights, 0, chat.no_requests && !is_news);
        })?;
        if is_news {
            hurry(&community, now)?;
        }
        Ok(())
    })
    .await
}

/// The bot may this in the chat, where nothing else was heard of it since it `might` that.
pub(super) async fn may_now(
    community: Arc<Community>,
    might: Rights,
    may: Rights,
    now: Now,
) -> Result<(), Fault> {
    blocking(move || {
        belonging::edit_chat(&community, now, |chat| {
            if chat.rights == might {
                chat.rights = may;
            }
        })?;
        hurry(&community, now)
    })
    .await
}

/// What waits is tried now.
fn hurry(community: &Community, now: Now) -> Result<(), Fault> {
    let waiting = Query::on("due").equal(true);
    for user in community.store.view(|view| chats::all::<ChatUser>(view, &waiting))?? {
        belonging::edit(community, user.value.user, now, |user| (user.due_ms, user.tries) = (now.ms, 0))?;
    }
    Ok(())
}

/// The bot is not in the chat any more.
pub(super) async fn gone(bot: &Bot, community: Arc<Community>, now: Now) -> Result<(), Fault> {
    let accounts = bot.accounts().clone();
    blocking(move || {
        let chat = community.store.view(chats::chat)??;
        // Where it leaves by itself that is no news.
        let chat = chat.filter(|chat| chat.value.gone_ms == 0 && !chat.value.ends);
        let Some(Chat { chat, title, .. }) = chat.map(|chat| chat.value) else { return Ok(()) };
        let cause = format!("gone {chat} {}", now.ms);
        let words = [("title", title.as_str())];
        let news = News { cause: &cause, text: "bot-chat-gone", words: &words, asks: None };
        belonging::tell_administrators(&accounts, &community, &news, now)?;
        belonging::edit_chat(&community, now, |chat| {
            (chat.gone_ms, chat.rights) = (now.ms, Rights::default());
        })
    })
    .await
}

/// The chat has another number from now on. Ways into what it was lead nowhere: who has one gets another.
pub(super) async fn moved(
    bot: &Bot,
    community: Arc<Community>,
    from: i64,
    to: i64,
    now: Now,
) -> Result<(), Fault> {
    let id = community.id;
    bot.chats().connect(to, id);
    let written = blocking(move || {
        let is_from = community.store.view(chats::chat)??.is_some_and(|chat| chat.value.chat == from);
        if !is_from {
            return Ok(());
        }
        let open = Query::on("open").equal(true);
        for way in community.store.view(|view| chats::all::<WayIn>(view, &open))?? {
            belonging::edit(&community, way.value.user, now, |user| {
                if user.belongs && user.inside != Some(true) {
                    user.wish(Wish::In, now);
                }
            })?;
            let mut writes = Writes::new();
            writes.update(&way, |way| way.open = false);
            community.store.commit(now, writes)?;
        }
        belonging::edit_chat(&community, now, |chat| {
            (chat.chat, chat.gone_ms, chat.no_requests) = (to, 0, false);
        })?;
        hurry(&community, now)
    });
    written.await?;
    // Last: what is taken again is still of a chat that is known.
    bot.chats().forget(from, id);
    Ok(())
}

/// Something happened in a group that is nobody's chat.
async fn happened_elsewhere(turn: &mut Turn, group: Group, what: GroupInput) -> Result<(), Fault> {
    let bot = turn.bot.clone();
    let offered = bot.chats().offered(group.chat);
    match what {
        GroupInput::Standing(rights) => {
            let theirs = turn.persons.iter().filter(|person| person.may(Permission::ManageCommunity));
            let theirs: Vec<_> = theirs.cloned().collect();
            let is_asked = theirs.iter().any(|person| offered.contains(&person.community));
            for id in &offered {
                let (community, group) = (opened(&bot, *id).await?, group.clone());
                edit_offers(community, group.chat, turn.now, move |offer| {
                    (offer.rights, offer.title) = (rights, group.title.clone());
                })
                .await?;
            }
            match (theirs.is_empty(), offered.is_empty(), is_asked) {
                (true, true, _) => leave(turn, &group).await,
                (false, _, false) => ask(turn, &group, rights, &theirs).await,
                _ => Ok(()),
            }
        }
        GroupInput::Gone => withdraw(&bot, group.chat, turn.now).await,
        GroupInput::Moved { to } => {
            for id in offered {
                let community = opened(&bot, id).await?;
                edit_offers(community, group.chat, turn.now, move |offer| offer.chat = to).await?;
                bot.chats().offer(to, id);
            }
            bot.chats().withdraw(group.chat);
            Ok(())
        }
        GroupInput::Asks { .. } | GroupInput::Joined { .. } | GroupInput::Left { .. } => Ok(()),
    }
}

/// Nobody here wants the bot there: it leaves, and says so to whoever let it in. Of one who lets it in as an administrator it
/// may hear twice, and is out by the second time.
async fn leave(turn: &mut Turn, group: &Group) -> Result<(), Fault> {
    match turn.bot.line().put(Output::Leave(group.chat)).await {
        Ok(_) => {
            let text = turn.text("bot-chat-nobody-asked", &[("title", group.title.as_str().into())]);
            // Who never spoke to the bot cannot be told.
            let _ = turn.say(Screen::text(text)).await;
            Ok(())
        }
        Err(why @ (Undone::NotNow { .. } | Undone::Unknown(_))) => Err(Fault::Within(why.to_string())),
        Err(_) => Ok(()),
    }
}

/// Whoever let the bot in is asked whose chat that is.
async fn ask(
    turn: &mut Turn,
    group: &Group,
    rights: Rights,
    theirs: &[crate::bot::turn::Person],
) -> Result<(), Fault> {
    let (bot, now) = (turn.bot.clone(), turn.now);
    let offer_id = chats::named(&format!("offer {} {}", group.chat, turn.heard.from.user));
    for person in theirs {
        let community = opened(&bot, person.community).await?;
        let offer = Offer {
            chat: group.chat,
            title: group.title.clone(),
            rights,
            person: person.person,
            at_ms: now.ms,
        };
        blocking(move || {
            let mut writes = Writes::new();
            writes.create(offer_id, &offer);
            match community.store.commit(now, writes) {
                Ok(_) | Err(CommitError::Refused(Refusal::Exists { .. })) => Ok(()),
                Err(why) => Err(why.into()),
            }
        })
        .await?;
    }
    // Once all are written down: what is taken again still asks.
    for person in theirs {
        bot.chats().offer(group.chat, person.community);
    }
    let title = ("title", group.title.as_str().into());
    let no = |turn: &Turn, community| {
        Key::press(turn.text("bot-chat-key-no", &[]), Press::on("chno", community, offer_id))
    };
    let screen = match theirs {
        [only] => {
            let name = only.community_name.as_str();
            let text = turn.text("bot-chat-is-it", &[title, ("community", name.into())]);
            let yes = Press::on("chyes", only.community, offer_id);
            let yes = Key::press(turn.text("bot-chat-key-yes", &[]), yes);
            Screen::text(text).row([yes, no(turn, only.community)])
        }
        several => {
            let mut screen = Screen::text(turn.text("bot-chat-whose-is-it", &[title]));
            for person in several {
                let yes = Press::on("chyes", person.community, offer_id);
                screen = screen.row([Key::press(person.community_name.as_str(), yes)]);
            }
            screen.row(several.first().map(|first| no(turn, first.community)))
        }
    };
    // Who wants to hear nothing may still answer on the web.
    let _ = turn.say(screen).await;
    Ok(())
}

async fn edit_offers(
    community: Arc<Community>,
    group: i64,
    now: Now,
    change: impl Fn(&mut Offer) + Send + 'static,
) -> Result<(), Fault> {
    blocking(move || {
        let query = Query::on("chat").equal(group);
        let mut writes = Writes::new();
        for offer in community.store.view(|view| chats::all::<Offer>(view, &query))?? {
            writes.update(&offer, &change);
        }
        community.store.commit(now, writes)?;
        Ok(())
    })
    .await
}

/// A group becomes nobody's chat.
pub(super) async fn withdraw(bot: &Bot, group: i64, now: Now) -> Result<(), Fault> {
    for id in bot.chats().offered(group) {
        let community = opened(bot, id).await?;
        blocking(move || {
            let query = Query::on("chat").equal(group);
            let mut writes = Writes::new();
            for offer in community.store.view(|view| chats::all::<Offer>(view, &query))?? {
                writes.remove::<Offer>(offer.id);
            }
            community.store.commit(now, writes)?;
            Ok(())
        })
        .await?;
    }
    bot.chats().withdraw(group);
    Ok(())
}
