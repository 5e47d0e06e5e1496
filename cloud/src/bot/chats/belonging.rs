//! Who belongs to a community, as a messenger knows them, and what follows for its chat. All of it blocks.
//!
//! Invariants: nobody is put out who never belonged, but for those who came by another's way in; nobody is given a way in who
//! does not belong.
//!
//! What must never be here: a word to a messenger.

use std::collections::HashMap;

use dwellers::people;
use dwellers::{Context, Denied};
use dwellers_replica::{
    CommitError, Entry, Now, Open, Query, ReadError, RecordId, Refusal, StoreError, Writes,
};

use crate::accounts::{AccountError, Accounts, Messenger, MessengerUser};
use crate::bot::talk::Speaker;
use crate::chats::{self, Chat, ChatUser, Telling, Wish};
use crate::communities::{Community, CommunityError};

/// New ones of one transaction.
const AT_ONCE: usize = 20;
/// How often what was overtaken is written anew.
const TRIES: usize = 5;

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
    Accounts(#[from] AccountError),
    #[error(transparent)]
    Community(#[from] CommunityError),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("it failed within: {0}")]
    Within(String),
}

/// Runs what waits for the disk on a thread that may.
pub(super) async fn blocking<R: Send + 'static>(
    body: impl FnOnce() -> Result<R, Fault> + Send + 'static,
) -> Result<R, Fault> {
    tokio::task::spawn_blocking(body).await.map_err(|why| Fault::Within(why.to_string()))?
}

/// Somebody who belongs.
#[derive(Clone, Debug)]
pub(super) struct Belonging {
    pub person: RecordId,
    pub user: MessengerUser,
    /// Since when their account is that person.
    since_ms: u64,
}

/// Who belongs to a community, by their numbers in the messenger.
fn belonging(accounts: &Accounts, community: &Community, now: Now) -> Result<HashMap<i64, Belonging>, Fault> {
    let mut belonging = HashMap::new();
    for membership in accounts.members(community.id)? {
        let person = membership.value.person;
        let users = accounts.messengers(membership.value.account)?;
        let user = users.into_iter().find(|user| user.value.messenger == Open::Known(Messenger::Telegram));
        let Some(user) = user else { continue };
        if is_somebody(community, person, now)? {
            let since_ms = membership.value.since_ms;
            belonging.insert(user.value.user, Belonging { person, user: user.value, since_ms });
        }
    }
    Ok(belonging)
}

fn is_somebody(community: &Community, person: RecordId, now: Now) -> Result<bool, Fault> {
    Ok(!community.store.view(|view| people::held(view, now, person))??.is_empty())
}

/// Who a user of the messenger is in a community, where they belong to it.
pub(super) fn who_is(
    accounts: &Accounts,
    community: &Community,
    user: i64,
    now: Now,
) -> Result<Option<RecordId>, Fault> {
    let Some(known) = accounts.messenger_user(Messenger::Telegram, user)? else { return Ok(None) };
    let Some(person) = accounts.person_in(known.value.account, community.id)? else { return Ok(None) };
    Ok(is_somebody(community, person, now)?.then_some(person))
}

/// Compares whom we know of the chat with who belongs: who is new is to be given a way in, whose last place or role has ended is
/// to be put out. Who was here before the chat was is only looked for.
pub(super) fn compare(accounts: &Accounts, community: &Community, now: Now) -> Result<(), Fault> {
    let Some(chat) = community.store.view(chats::chat)?? else { return Ok(()) };
    let mut belonging = belonging(accounts, community, now)?;
    for known in community.store.view(chats::users)?? {
        let belongs = belonging.remove(&known.value.user);
        if belongs.is_some() != known.value.belongs
            || belongs.as_ref().is_some_and(|one| known.value.person != Some(one.person))
        {
            // Judged anew: what was read above is older than what is written now.
            judge(accounts, community, known.value.user, now)?;
        }
    }
    let was_before = |one: &Belonging| !chat.value.compared && one.since_ms <= chat.value.since_ms;
    let wish = |one: &Belonging| if was_before(one) { Wish::Look } else { Wish::In };
    let fresh: Vec<ChatUser> = belonging.values().map(|one| newcomer(one, wish(one), now)).collect();
    for fresh in fresh.chunks(AT_ONCE) {
        let mut writes = Writes::new();
        for one in fresh {
            writes.create(MessengerUser::id(Messenger::Telegram, one.user), one);
        }
        match community.store.commit(now, writes) {
            // Somebody came at the same moment; the next comparison finds the others.
            Ok(_) | Err(CommitError::Refused(Refusal::Exists { .. })) => {}
            Err(why) => return Err(why.into()),
        }
    }
    if !chat.value.compared {
        edit_chat(community, now, |chat| chat.compared = true)?;
    }
    Ok(())
}

fn newcomer(one: &Belonging, wish: Wish, now: Now) -> ChatUser {
    let MessengerUser { user, name, handle, .. } = one.user.clone();
    let person = Some(one.person);
    let mut newcomer = ChatUser { user, name, handle, person, belongs: true, ..ChatUser::default() };
    newcomer.wish(wish, now);
    newcomer
}

/// Finds out anew whether somebody belongs, and what follows.
pub(super) fn judge(accounts: &Accounts, community: &Community, user: i64, now: Now) -> Result<(), Fault> {
    let person = who_is(accounts, community, user, now)?;
    let own = accounts.messenger_user(Messenger::Telegram, user)?;
    edit(community, user, now, |known| {
        settle(known, person, now);
        // Of who was put out the name was not kept.
        if let Some(own) = own.as_ref().filter(|_| known.belongs && known.name.is_empty()) {
            (known.name, known.handle) = (own.value.name.clone(), own.value.handle.clone());
        }
    })
}

/// What follows from who somebody is now.
pub(super) fn settle(known: &mut ChatUser, person: Option<RecordId>, now: Now) {
    match (known.belongs, person) {
        (true, None) => {
            (known.belongs, known.fixed) = (false, false);
            known.wish(Wish::Out, now);
        }
        (false, Some(_)) => {
            (known.belongs, known.person, known.fixed) = (true, person, false);
            let wish = match (known.asks, known.inside) {
                (true, _) => Wish::Admit,
                (false, Some(true)) => Wish::Look,
                (false, _) => Wish::In,
            };
            known.wish(wish, now);
        }
        (true, Some(_)) => known.person = person,
        (false, None) => {}
    }
}

/// Changes what is known of somebody, where anything is.
pub(super) fn edit(
    community: &Community,
    user: i64,
    now: Now,
    change: impl Fn(&mut ChatUser),
) -> Result<(), Fault> {
    overtaken(|| {
        let Some(known) = community.store.view(|view| chats::chat_user(view, user))?? else { return Ok(()) };
        let mut writes = Writes::new();
        writes.unchanged(&known).update(&known, &change);
        community.store.commit(now, writes)?;
        Ok(())
    })
}

/// The same of somebody who was seen in the chat: from now on they are known.
pub(super) fn see(
    community: &Community,
    who: &Speaker,
    now: Now,
    change: impl Fn(&mut ChatUser),
) -> Result<(), Fault> {
    overtaken(|| {
        let known = community.store.view(|view| chats::chat_user(view, who.user))??;
        let mut writes = Writes::new();
        match known {
            Some(known) => writes.unchanged(&known).update(&known, |known| {
                (known.name, known.handle) = (who.name.clone(), who.handle.clone());
                change(known);
            }),
            None => {
                let mut known = ChatUser::of(who);
                change(&mut known);
                writes.create(MessengerUser::id(Messenger::Telegram, who.user), &known)
            }
        };
        community.store.commit(now, writes)?;
        Ok(())
    })
}

/// Changes what is known of the chat, where there is one.
pub(super) fn edit_chat(community: &Community, now: Now, change: impl Fn(&mut Chat)) -> Result<(), Fault> {
    overtaken(|| {
        let Some(known) = community.store.view(chats::chat)?? else { return Ok(()) };
        let mut writes = Writes::new();
        writes.unchanged(&known).update(&known, &change);
        community.store.commit(now, writes)?;
        Ok(())
    })
}

fn overtaken<R>(mut write: impl FnMut() -> Result<R, Fault>) -> Result<R, Fault> {
    let mut tries = 0;
    loop {
        tries += 1;
        match write() {
            Err(Fault::Commit(CommitError::Refused(_))) if tries < TRIES => {}
            done => return done,
        }
    }
}

/// The numbers in the messenger of those who look after a community.
fn administrators(
    accounts: &Accounts,
    community: &Community,
    now: Now,
) -> Result<Vec<Entry<MessengerUser>>, Fault> {
    // It only reads: nothing gets an id.
    let living =
        community.store.view(|view| people::administrators(&Context { view, now, entropy: &mut || 0 }))??;
    let mut found = Vec::new();
    for (person, _) in living {
        let Some(membership) = accounts.membership_of(community.id, person)? else { continue };
        let users = accounts.messengers(membership.value.account)?.into_iter();
        found.extend(users.filter(|user| user.value.messenger == Open::Known(Messenger::Telegram)));
    }
    found.dedup_by_key(|user| user.id);
    Ok(found)
}

/// What is to be told.
pub(super) struct News<'a> {
    /// By which it is told once.
    pub cause: &'a str,
    /// The key of its text.
    pub text: &'a str,
    /// What fills it.
    pub words: &'a [(&'a str, &'a str)],
    /// Of whose request to join it tells.
    pub asks: Option<RecordId>,
}

/// Those who look after a community are to be told something.
pub(super) fn tell_administrators(
    accounts: &Accounts,
    community: &Community,
    news: &News<'_>,
    now: Now,
) -> Result<(), Fault> {
    for user in administrators(accounts, community, now)? {
        tell(accounts, community, user.value.user, news, now)?;
    }
    Ok(())
}

/// Somebody is to be told something.
pub(super) fn tell(
    accounts: &Accounts,
    community: &Community,
    user: i64,
    news: &News<'_>,
    now: Now,
) -> Result<(), Fault> {
    let known = accounts.messenger_user(Messenger::Telegram, user)?;
    let account = known.map(|known| accounts.get(known.value.account)).transpose()?.flatten();
    let language = account.map(|account| account.value.language).unwrap_or_default();
    let words = news.words.iter().map(|(name, word)| ((*name).to_owned(), (*word).to_owned())).collect();
    let telling = Telling {
        user,
        language,
        text: news.text.to_owned(),
        words,
        asks: news.asks,
        at_ms: now.ms,
        waits: true,
        due_ms: now.ms,
        tries: 0,
    };
    let mut writes = Writes::new();
    writes.create(Telling::id(news.cause, user), &telling);
    match community.store.commit(now, writes) {
        // It was told, or will be.
        Ok(_) | Err(CommitError::Refused(Refusal::Exists { .. })) => Ok(()),
        Err(why) => Err(why.into()),
    }
}

/// Forgets what was told and closed before a moment.
pub(super) fn forget(community: &Community, before_ms: u64, now: Now) -> Result<(), Fault> {
    let told = Query::on("due").equal(false).below(before_ms).limit(400);
    let told = community.store.view(|view| view.of::<Telling>().find(&told))??;
    let closed = Query::on("until").equal(false).below(before_ms).limit(400);
    let closed = community.store.view(|view| view.of::<chats::WayIn>().find(&closed))??;
    let mut writes = Writes::new();
    for telling in &told.entries {
        writes.remove::<Telling>(telling.id);
    }
    for way in &closed.entries {
        writes.remove::<chats::WayIn>(way.id);
    }
    if !told.entries.is_empty() || !closed.entries.is_empty() {
        community.store.commit(now, writes)?;
    }
    Ok(())
}
