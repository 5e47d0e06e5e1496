//! Bans: who or what is not let in, whatever grants there are.

use dwellers_replica::{Entry, Now, Query, ReadError, RecordId, View, Writes};

use super::revocation::spare_an_administrator;
use crate::access::Banned;
use crate::command::{Actor, Context, Denied, all, filled, line, naming};
use crate::people::{Permission, Person, typed_plate};
use crate::plate;
use crate::rights::{Ban, Lifting};

const MAX_REASON: usize = 500;
const MAX_PLATE: usize = 40;

/// Who or what is banned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// A person, with all that was granted to them or under them.
    Person(RecordId),
    /// A plate, as typed or as read: it need not be one that this program can parse.
    Plate(String),
}

/// Bans until an end (milliseconds since 1970), or until it is lifted.
///
/// # Errors
/// Where the actor may not, there is no such person, no reason is given, the end is past, or nobody would be left to
/// administer.
pub fn ban(
    ctx: &mut Context<'_>,
    actor: &Actor,
    whom: &Whom,
    reason: &str,
    until_ms: Option<u64>,
) -> Result<(RecordId, Writes), Denied> {
    ctx.require(actor, Permission::Ban)?;
    let mut writes = Writes::new();
    let (person, plate) = match whom {
        Whom::Person(id) => {
            ctx.view.of::<Person>().get(*id)?.ok_or(Denied::NotFound("person"))?;
            spare_an_administrator(ctx, &mut writes, |person, _| person == *id)?;
            (Some(*id), String::new())
        }
        Whom::Plate(text) => {
            let text = filled("plate", text, MAX_PLATE)?;
            (None, typed_plate(ctx.view, &text).unwrap_or_else(|_| plate::fold(&text)))
        }
    };
    if person.is_none() && plate.is_empty() {
        return Err(Denied::invalid("plate", "not-a-plate"));
    }
    let reason = filled("reason", reason, MAX_REASON)?;
    if until_ms.is_some_and(|until_ms| until_ms <= ctx.now.ms) {
        return Err(Denied::invalid("until", "in-the-past"));
    }
    let id = ctx.new_id()?;
    writes.create(id, &Ban { person, plate, reason, until_ms, by: actor.person() });
    Ok((id, writes))
}

/// Ends a ban early. Others on the same person or plate stand.
///
/// # Errors
/// Where the actor may not, there is no such ban, or it was lifted.
pub fn lift(ctx: &mut Context<'_>, actor: &Actor, ban: RecordId, reason: &str) -> Result<Writes, Denied> {
    ctx.require(actor, Permission::Ban)?;
    ctx.view.of::<Ban>().get(ban)?.ok_or(Denied::NotFound("ban"))?;
    if is_lifted(ctx.view, ban)? {
        return Err(Denied::Ended("ban"));
    }
    let lifting = Lifting { ban, reason: line("reason", reason, MAX_REASON)?, by: actor.person() };
    let mut writes = Writes::new();
    writes.create(ctx.new_id()?, &lifting).absent::<Lifting>("ban", [ban.to_string().into()]);
    Ok(writes)
}

/// All bans that were not lifted, also those whose end has come.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn standing_bans(view: View<'_>) -> Result<Vec<Entry<Ban>>, ReadError> {
    not_lifted(view, all(view, &Query::on("plate"))?)
}

/// The bans of a person that were not lifted. Whether one has ended is for those to say who know the time.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn bans_on_person(view: View<'_>, person: RecordId) -> Result<Vec<Banned>, ReadError> {
    Ok(ends(not_lifted(view, naming(view, "person", person)?)?))
}

/// The bans of a plate, given folded, that were not lifted.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn bans_on_plate(view: View<'_>, plate: &str) -> Result<Vec<Banned>, ReadError> {
    if plate.is_empty() {
        return Ok(Vec::new());
    }
    Ok(ends(not_lifted(view, all(view, &Query::on("plate").equal(plate))?)?))
}

/// Whether a ban of the person is in force. Without trusted time no ban has ended.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn is_banned(view: View<'_>, now: Now, person: RecordId) -> Result<bool, ReadError> {
    let over = |ban: &Banned| now.trusted && ban.until_ms.is_some_and(|until_ms| until_ms <= now.ms);
    Ok(!bans_on_person(view, person)?.iter().all(over))
}

fn ends(bans: Vec<Entry<Ban>>) -> Vec<Banned> {
    bans.into_iter().map(|ban| Banned { until_ms: ban.value.until_ms }).collect()
}

fn not_lifted(view: View<'_>, mut bans: Vec<Entry<Ban>>) -> Result<Vec<Entry<Ban>>, ReadError> {
    let lifted = bans.iter().map(|ban| is_lifted(view, ban.id)).collect::<Result<Vec<_>, _>>()?;
    let mut lifted = lifted.into_iter();
    bans.retain(|_| lifted.next() == Some(false));
    Ok(bans)
}

fn is_lifted(view: View<'_>, ban: RecordId) -> Result<bool, ReadError> {
    let query = Query::on("ban").equal(ban.to_string()).limit(1);
    Ok(!view.of::<Lifting>().find(&query)?.entries.is_empty())
}
