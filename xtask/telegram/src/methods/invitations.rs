//! Links into a chat, and who is let in of those who asked.

use serde_json::Value;

use super::{Answered, Refusal, group};
use crate::arguments::Arguments;
use crate::world::{InviteLink, World, random};

/// A group in which the bot may invite.
fn inviting(world: &World, arguments: &Arguments) -> Result<i64, Refusal> {
    let chat = group(world, arguments)?;
    if world.chat(chat).rights(world.bot.id).invite {
        Ok(chat)
    } else {
        Err(Refusal::bad("not enough rights to manage chat invite link"))
    }
}

fn link(world: &World, arguments: &Arguments) -> InviteLink {
    InviteLink {
        link: format!("https://t.me/+{}", random(16)),
        creator: world.bot.id,
        name: arguments.text("name").map(str::to_owned),
        expires: arguments.number("expire_date").filter(|at| *at > 0),
        places: arguments
            .number("member_limit")
            .and_then(|places| usize::try_from(places).ok())
            .filter(|n| *n > 0),
        asks: arguments.flag("creates_join_request"),
        revoked: false,
        primary: false,
        came: Default::default(),
    }
}

pub(crate) fn create(world: &mut World, arguments: &Arguments) -> Answered {
    let chat = inviting(world, arguments)?;
    if arguments.number("expire_date").is_some_and(|at| at > 0 && at <= world.now) {
        return Err(Refusal::bad("EXPIRE_DATE_INVALID"));
    }
    let link = link(world, arguments);
    if link.asks && world.chat(chat).takes_no_requests {
        // Which groups are so, and by which word Telegram says it, is not documented.
        return Err(Refusal::bad("CHAT_INVALID"));
    }
    let address = link.link.clone();
    world.chat_mut(chat).links.push(link);
    Ok(world.link_json(chat, &address))
}

/// The link that the arguments name. The bot may touch its own links alone.
fn own<'a>(world: &'a mut World, chat: i64, arguments: &Arguments) -> Result<&'a mut InviteLink, Refusal> {
    let bot = world.bot.id;
    let address = arguments.text("invite_link").unwrap_or_default();
    let link = world.chat_mut(chat).links.iter_mut().find(|link| link.link == address);
    link.filter(|link| link.creator == bot).ok_or_else(|| Refusal::bad("INVITE_HASH_INVALID"))
}

pub(crate) fn edit(world: &mut World, arguments: &Arguments) -> Answered {
    let chat = inviting(world, arguments)?;
    let new = link(world, arguments);
    let old = own(world, chat, arguments)?;
    if old.revoked {
        return Err(Refusal::bad("INVITE_HASH_EXPIRED"));
    }
    let address = old.link.clone();
    *old = InviteLink {
        link: address.clone(),
        came: std::mem::take(&mut old.came),
        primary: old.primary,
        ..new
    };
    Ok(world.link_json(chat, &address))
}

pub(crate) fn revoke(world: &mut World, arguments: &Arguments) -> Answered {
    let chat = inviting(world, arguments)?;
    let link = own(world, chat, arguments)?;
    link.revoked = true;
    let address = link.link.clone();
    Ok(world.link_json(chat, &address))
}

/// A new primary link; the one before is revoked.
pub(crate) fn export(world: &mut World, arguments: &Arguments) -> Answered {
    let chat = inviting(world, arguments)?;
    let new = InviteLink { primary: true, ..link(world, &Arguments::default()) };
    let address = new.link.clone();
    let links = &mut world.chat_mut(chat).links;
    links.iter_mut().filter(|link| link.primary).for_each(|link| link.revoked = true);
    links.push(new);
    Ok(Value::from(address))
}

/// Lets somebody in who asked, or not.
pub(crate) fn decide(world: &mut World, arguments: &Arguments, lets_in: bool) -> Answered {
    let chat = inviting(world, arguments)?;
    let person = arguments.number("user_id").unwrap_or_default();
    if !world.people.contains_key(&person) {
        return Err(Refusal::bad("USER_ID_INVALID"));
    }
    if world.chat(chat).status(person).is_present() {
        return Err(Refusal::bad("USER_ALREADY_PARTICIPANT"));
    }
    let asked = world.chat_mut(chat).requests.remove(&person);
    let link = asked.ok_or_else(|| Refusal::bad("HIDE_REQUESTER_MISSING"))?;
    world.person_mut(person).writable_until = 0;
    if lets_in {
        let bot = world.bot.id;
        world.enter(chat, person, bot, link.as_deref());
    }
    Ok(Value::Bool(true))
}
