//! Who is in a chat, and who is taken out of it.

use serde_json::{Value, json};

use super::{Answered, Refusal, chat as chat_of, group};
use crate::arguments::Arguments;
use crate::world::{Kind, Status, World};

pub(crate) fn chat(world: &mut World, arguments: &Arguments) -> Answered {
    let id = chat_of(world, arguments)?;
    let mut json = world.chat_json(id);
    json["accent_color_id"] = json!(1);
    json["max_reaction_count"] = json!(11);
    let gifts =
        ["unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"];
    json["accepted_gift_types"] = gifts.iter().map(|name| ((*name).to_owned(), Value::Bool(false))).collect();
    let chat = world.chat(id);
    if let Some(link) = chat.links.iter().find(|link| link.primary && !link.revoked) {
        json["invite_link"] = Value::from(link.link.clone());
    }
    if let Some(pinned) = chat.pinned.last() {
        json["pinned_message"] = world.message_json(id, *pinned);
    }
    Ok(json)
}

/// The user that the arguments name.
fn person(world: &World, arguments: &Arguments) -> Result<i64, Refusal> {
    let id = arguments.number("user_id").unwrap_or_default();
    if world.people.contains_key(&id) || id == world.bot.id {
        Ok(id)
    } else {
        Err(Refusal::bad("PARTICIPANT_ID_INVALID"))
    }
}

pub(crate) fn member(world: &mut World, arguments: &Arguments) -> Answered {
    let chat = chat_of(world, arguments)?;
    let person = person(world, arguments)?;
    Ok(world.member_json(chat, person))
}

pub(crate) fn administrators(world: &mut World, arguments: &Arguments) -> Answered {
    let id = group(world, arguments)?;
    let members = &world.chat(id).members;
    // "A list of administrators in a chat, which aren't bots."
    let people = members
        .iter()
        .filter(|(person, member)| member.status.is_administrator() && **person != world.bot.id);
    Ok(people.map(|(person, _)| world.member_json(id, *person)).collect())
}

pub(crate) fn count(world: &mut World, arguments: &Arguments) -> Answered {
    let id = chat_of(world, arguments)?;
    let present = world.chat(id).members.values().filter(|member| member.status.is_present()).count();
    Ok(Value::from(if world.chat(id).kind == Kind::Private { 2 } else { present }))
}

/// Whom the bot may act against: not without the right to, and never against those who run the chat.
fn against(world: &World, arguments: &Arguments) -> Result<(i64, i64), Refusal> {
    let id = group(world, arguments)?;
    let person = person(world, arguments)?;
    let chat = world.chat(id);
    if !chat.rights(world.bot.id).restrict {
        return Err(Refusal::bad("not enough rights to restrict/unrestrict chat member"));
    }
    match chat.status(person) {
        Status::Owner => Err(Refusal::bad("can't remove chat owner")),
        Status::Administrator(_) => Err(Refusal::bad("user is an administrator of the chat")),
        _ => Ok((id, person)),
    }
}

/// Times of less than half a minute or more than a year from now are for ever.
fn until(world: &World, arguments: &Arguments) -> i64 {
    let until = arguments.number("until_date").unwrap_or_default();
    if (30..=366 * 24 * 3600).contains(&(until - world.now)) { until } else { 0 }
}

pub(crate) fn ban(world: &mut World, arguments: &Arguments) -> Answered {
    let (chat, person) = against(world, arguments)?;
    let (bot, until) = (world.bot.id, until(world, arguments));
    world.chat_mut(chat).requests.remove(&person);
    // A plain group keeps no list of whom it does not want.
    let status = if world.chat(chat).kind == Kind::Group { Status::Left } else { Status::Kicked };
    world.leave(chat, person, bot, status, until);
    Ok(Value::Bool(true))
}

/// Takes somebody off the list; who is in the chat is put out of it too, unless `only_if_banned`.
pub(crate) fn unban(world: &mut World, arguments: &Arguments) -> Answered {
    let (chat, person) = against(world, arguments)?;
    if world.chat(chat).kind != Kind::Supergroup {
        return Err(Refusal::bad("method is available for supergroup and channel chats only"));
    }
    let status = world.chat(chat).status(person);
    if status == Status::Kicked || (status.is_present() && !arguments.flag("only_if_banned")) {
        let bot = world.bot.id;
        world.leave(chat, person, bot, Status::Left, 0);
    }
    Ok(Value::Bool(true))
}

pub(crate) fn restrict(world: &mut World, arguments: &Arguments) -> Answered {
    let (chat, person) = against(world, arguments)?;
    if world.chat(chat).kind != Kind::Supergroup {
        return Err(Refusal::bad("method is available only for supergroups"));
    }
    let permissions = arguments.get("permissions").cloned().unwrap_or_default();
    let writes = permissions["can_send_messages"] == true;
    let all = writes && permissions["can_send_other_messages"] == true;
    let status = if all { Status::Member } else { Status::Restricted { writes } };
    let (bot, until) = (world.bot.id, until(world, arguments));
    if !world.chat(chat).status(person).is_present() {
        return Err(Refusal::bad("USER_NOT_PARTICIPANT"));
    }
    world.set_status(chat, person, bot, status, until, None);
    Ok(Value::Bool(true))
}

pub(crate) fn leave(world: &mut World, arguments: &Arguments) -> Answered {
    let chat = group(world, arguments)?;
    let bot = world.bot.id;
    world.leave(chat, bot, bot, Status::Left, 0);
    Ok(Value::Bool(true))
}
