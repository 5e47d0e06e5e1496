//! Revoking: who may, and what goes along.

use dwellers_replica::{RecordId, Writes};

use crate::cards::Card;
use crate::command::{Actor, Context, Denied, line, naming, readable};
use crate::passes::{Pass, unfinished};
use crate::people::{Permission, Place, RoleGrant, administrators, held, may};
use crate::rights::{Ban, Grant, Life, Revocation, find, life, lineage};
use crate::vehicles::Vehicle;

const MAX_REASON: usize = 500;

/// What lives under a grant, and ends with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Consequences {
    /// Places of people.
    pub places: usize,
    /// Cars.
    pub vehicles: usize,
    /// Cards and remotes.
    pub cards: usize,
    /// Passes whose time is not over.
    pub passes: usize,
}

/// Ends a grant, and with it all that stands under it, for ever.
///
/// An administrator may end any; a guard a pass; an owner what there is in the house, but no place that an
/// administrator gave; everybody what they have issued themselves, and their own place, if no administrator gave it.
///
/// # Errors
/// Where the actor may not, there is no such grant, it has ended, or nobody would be left to administer.
pub fn revoke(ctx: &mut Context<'_>, actor: &Actor, grant: RecordId, reason: &str) -> Result<Writes, Denied> {
    let revoked = revocable(ctx, actor, grant)?;
    if life(ctx.view, grant)? == Life::Revoked {
        return Err(Denied::Ended("grant"));
    }
    let (mut writes, mut ended) = (Writes::new(), vec![grant]);
    if let Grant::Role(role) = &revoked {
        // Whoever takes a role away means all of it, however often it was given.
        for other in naming::<RoleGrant>(ctx.view, "person", role.person)? {
            let is_same = other.id != grant && other.value.role == role.role;
            if is_same && life(ctx.view, other.id)? == Life::Alive {
                ended.push(other.id);
            }
        }
        if *actor != Actor::Operator {
            spare_an_administrator(ctx, &mut writes, |_, role| ended.contains(&role))?;
        }
    }
    let guard = match actor {
        Actor::Guard { name, .. } => name.clone(),
        Actor::Person(_) | Actor::Operator => String::new(),
    };
    let (reason, by) = (line("reason", reason, MAX_REASON)?, actor.person());
    for grant in ended {
        let (reason, guard) = (reason.clone(), guard.clone());
        let revocation = Revocation { grant, reason, by, guard, at_ms: ctx.now.ms };
        writes.create(ctx.new_id()?, &revocation).absent::<Revocation>("grant", [grant.to_string().into()]);
    }
    Ok(writes)
}

/// What a revocation would take along, for whoever is about to revoke.
///
/// # Errors
/// Where the actor may not revoke it, or there is no such grant.
pub fn preview(ctx: &Context<'_>, actor: &Actor, grant: RecordId) -> Result<Consequences, Denied> {
    let Some(house) = revocable(ctx, actor, grant)?.house() else { return Ok(Consequences::default()) };
    let below = |ids: Vec<RecordId>| -> Result<usize, Denied> {
        let mut count = 0;
        for id in ids.into_iter().filter(|id| *id != grant) {
            let ends = lineage(ctx.view, id)?.contains(&grant) && life(ctx.view, id)? == Life::Alive;
            count += usize::from(ends);
        }
        Ok(count)
    };
    Ok(Consequences {
        places: below(naming::<Place>(ctx.view, "house", house)?.iter().map(|e| e.id).collect())?,
        vehicles: below(naming::<Vehicle>(ctx.view, "house", house)?.iter().map(|e| e.id).collect())?,
        cards: below(naming::<Card>(ctx.view, "house", house)?.iter().map(|e| e.id).collect())?,
        passes: below(
            readable::<Pass>(ctx.view, &unfinished(house, ctx.now))?.iter().map(|e| e.id).collect(),
        )?,
    })
}

/// The grant, where the actor may revoke it.
fn revocable(ctx: &Context<'_>, actor: &Actor, id: RecordId) -> Result<Grant, Denied> {
    let grant = find(ctx.view, id)?.ok_or(Denied::NotFound("grant"))?;
    let anywhere = match &grant {
        Grant::Role(_) => Permission::ManageRoles,
        Grant::Pass(_) => Permission::RevokePasses,
        Grant::Place(_) | Grant::Vehicle(_) | Grant::Card(_) => Permission::RevokeAny,
    };
    if may(ctx.view, ctx.now, actor, anywhere)? {
        return Ok(grant);
    }
    let Actor::Person(person) = actor else { return Err(Denied::NotAllowed) };
    let mut here = held(ctx.view, ctx.now, *person)?;
    here.retain(|held| held.house.is_some() && held.house == grant.house());
    if here.is_empty() {
        return Err(Denied::NotFound("grant"));
    }
    let (given_by_administrator, issuer) = match &grant {
        Grant::Place(place) => (place.under.is_none(), place.by),
        Grant::Vehicle(_) | Grant::Pass(_) => (false, grant.person()),
        Grant::Card(_) | Grant::Role(_) => (false, None),
    };
    let owns = here.iter().any(|held| held.capacity.may(Permission::RevokeInHouse));
    let own = matches!(&grant, Grant::Place(place) if place.person == *person);
    match !given_by_administrator && (owns || own || issuer == Some(*person)) {
        true => Ok(grant),
        false => Err(Denied::NotAllowed),
    }
}

/// Refuses where those who are `lost` (person, role) are the last administrators, and sees to it that the one who is
/// left is still there when the writes are committed.
pub(crate) fn spare_an_administrator(
    ctx: &Context<'_>,
    writes: &mut Writes,
    lost: impl Fn(RecordId, RecordId) -> bool,
) -> Result<(), Denied> {
    let all = administrators(ctx)?;
    if !all.iter().any(|(person, role)| lost(*person, *role)) {
        return Ok(());
    }
    let left = all.iter().find(|(person, role)| !lost(*person, *role));
    let (person, role) = left.ok_or(Denied::invalid("role", "last-administrator"))?;
    writes.absent::<Revocation>("grant", [role.to_string().into()]);
    if naming::<Ban>(ctx.view, "person", *person)?.is_empty() {
        writes.absent::<Ban>("person", [person.to_string().into()]);
    }
    Ok(())
}
