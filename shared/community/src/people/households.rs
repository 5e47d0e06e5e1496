//! Places in houses, and roles: how they are given. They are taken away by [`crate::rights::revoke`].

use dwellers_replica::{Now, Open, Query, ReadError, RecordId, View, Writes};

use super::persons;
use crate::command::{Actor, Context, Denied, all, naming};
use crate::people::{
    Capacity, House, Permission, Person, Place, PlaceKind, Role, RoleGrant, granted, held, may, may_in,
};
use crate::rights::{self, Grant, Life, MAX_DEPTH, Revocation};

/// The most people of a house who have a place at a time: nobody fills the community with inventions.
pub const MAX_OF_A_HOUSE: usize = 50;
/// The most who are invited into a house within a day, whoever of them is still there: what was written is kept for ever.
pub const MAX_INVITED_A_DAY: usize = 20;
const DAY_MS: u64 = 24 * 3_600_000;

/// Whom an owner or tenant invites.
#[derive(Clone, Debug, PartialEq)]
pub enum Invitee {
    /// Somebody who has, or had, a place in that house.
    Known(RecordId),
    /// Somebody new.
    New(Person),
}

/// Gives a person of the community a place in a house, as a root: what an administrator does for owners.
///
/// # Errors
/// Where the actor may not, there is no such house or person, or they have that place.
pub fn settle(
    ctx: &mut Context<'_>,
    actor: &Actor,
    person: RecordId,
    house: RecordId,
    kind: PlaceKind,
) -> Result<(RecordId, Writes), Denied> {
    ctx.require(actor, Permission::ManagePeople)?;
    ctx.view.of::<House>().get(house)?.ok_or(Denied::NotFound("house"))?;
    ctx.view.of::<Person>().get(person)?.ok_or(Denied::NotFound("person"))?;
    vacant(ctx.view, person, house, kind)?;
    let place = Place { person, house, kind: Open::Known(kind), under: None, by: actor.person() };
    let (id, mut writes) = (ctx.new_id()?, Writes::new());
    writes.create(id, &place);
    Ok((id, writes))
}

/// Enters somebody new with a place, as a root; both or neither. Returns the person.
///
/// # Errors
/// Where the actor may not, there is no such house, or a field makes no sense.
pub fn enter(
    ctx: &mut Context<'_>,
    actor: &Actor,
    person: &Person,
    house: RecordId,
    kind: PlaceKind,
) -> Result<(RecordId, Writes), Denied> {
    ctx.require(actor, Permission::ManagePeople)?;
    ctx.view.of::<House>().get(house)?.ok_or(Denied::NotFound("house"))?;
    let (id, mut writes) = (ctx.new_id()?, Writes::new());
    writes.create(id, &persons::checked(ctx.view, person)?);
    let place = Place { person: id, house, kind: Open::Known(kind), under: None, by: actor.person() };
    writes.create(ctx.new_id()?, &place);
    Ok((id, writes))
}

/// Gives somebody a place in the actor's house, under the actor's own: it ends when that one does. Returns the person
/// and the place.
///
/// # Errors
/// Where the actor may not, there is no such person, a field makes no sense, or they have that place.
pub fn invite(
    ctx: &mut Context<'_>,
    actor: &Actor,
    house: RecordId,
    invitee: &Invitee,
    kind: PlaceKind,
) -> Result<(RecordId, RecordId, Writes), Denied> {
    let (host, held) = ctx.place_for(actor, house, Permission::Invite)?;
    if kind == PlaceKind::Owner {
        return Err(Denied::NotAllowed);
    }
    if rights::lineage(ctx.view, held.grant)?.len() + 2 > MAX_DEPTH {
        // The new place must leave room for what is issued under it.
        return Err(Denied::invalid("house", "too-many"));
    }
    let (mut living, mut lately) = (0, 0);
    for place in naming::<Place>(ctx.view, "house", house)? {
        let is_late = place.id.made_ms().saturating_add(DAY_MS) > ctx.now.ms;
        lately += usize::from(is_late && place.value.under.is_some());
        living += usize::from(rights::life(ctx.view, place.id)? == Life::Alive);
    }
    if living >= MAX_OF_A_HOUSE || lately >= MAX_INVITED_A_DAY {
        return Err(Denied::invalid("house", "too-many"));
    }
    let mut writes = Writes::new();
    let person = match invitee {
        Invitee::Known(person) => {
            // Nobody of another house is made one of this without being asked.
            let places = naming::<Place>(ctx.view, "person", *person)?;
            if !places.iter().any(|place| place.value.house == house) {
                return Err(Denied::NotFound("person"));
            }
            vacant(ctx.view, *person, house, kind)?;
            *person
        }
        Invitee::New(person) => {
            let id = ctx.new_id()?;
            writes.create(id, &persons::checked(ctx.view, person)?);
            id
        }
    };
    let place = Place { person, house, kind: Open::Known(kind), under: Some(held.grant), by: Some(host) };
    let id = ctx.new_id()?;
    writes.create(id, &place).absent::<Revocation>("grant", [held.grant.to_string().into()]);
    Ok((person, id, writes))
}

/// Whether somebody may say that whoever comes by a link is this person: who keeps the people of the community, or invites
/// others into a house of that person. Of nobody who was ever an administrator anybody says so: they could be one by it.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn may_vouch(view: View<'_>, now: Now, by: RecordId, person: RecordId) -> Result<bool, ReadError> {
    if granted(view, person)?.iter().any(|granted| granted.capacity == Capacity::Administrator) {
        return Ok(false);
    }
    let by = Actor::Person(by);
    if may(view, now, &by, Permission::ManagePeople)? {
        return Ok(true);
    }
    for house in held(view, now, person)?.iter().filter_map(|held| held.house) {
        if may_in(view, now, &by, house, Permission::Invite)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Makes a person a guard or an administrator.
///
/// # Errors
/// Where the actor may not, there is no such person, they are that already, or the role follows from a place.
pub fn grant_role(
    ctx: &mut Context<'_>,
    actor: &Actor,
    person: RecordId,
    role: Role,
) -> Result<(RecordId, Writes), Denied> {
    ctx.require(actor, Permission::ManageRoles)?;
    ctx.view.of::<Person>().get(person)?.ok_or(Denied::NotFound("person"))?;
    if role == Role::Resident {
        return Err(Denied::invalid("role", "not-a-role"));
    }
    let mut nth = 1;
    for grant in naming::<RoleGrant>(ctx.view, "person", person)? {
        if grant.value.role.known() == Some(&role) {
            if rights::life(ctx.view, grant.id)? == Life::Alive {
                return Err(Denied::Exists("role"));
            }
            nth = nth.max(grant.value.nth + 1);
        }
    }
    let grant = RoleGrant { person, role: Open::Known(role), under: None, by: actor.person(), nth };
    let (id, mut writes) = (ctx.new_id()?, Writes::new());
    let role = serde_json::to_value(role).expect("a unit variant is a text");
    writes.create(id, &grant).absent::<RoleGrant>("nth", [person.to_string().into(), role, nth.into()]);
    Ok((id, writes))
}

/// Refuses a place that the person has.
fn vacant(view: View<'_>, person: RecordId, house: RecordId, kind: PlaceKind) -> Result<(), Denied> {
    match living_place(view, person, house, kind)? {
        None => Ok(()),
        Some(_) => Err(Denied::Exists("place")),
    }
}

/// The living place that a person has in a house as this.
pub(super) fn living_place(
    view: View<'_>,
    person: RecordId,
    house: RecordId,
    kind: PlaceKind,
) -> Result<Option<RecordId>, ReadError> {
    for place in naming::<Place>(view, "person", person)? {
        let same = place.value.house == house && place.value.kind.known() == Some(&kind);
        if same && rights::life(view, place.id)? == Life::Alive {
            return Ok(Some(place.id));
        }
    }
    Ok(None)
}

/// Who would be nobody in the community any more without a grant and all that stands under it.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn losing_all(view: View<'_>, now: Now, grant: RecordId) -> Result<Vec<RecordId>, ReadError> {
    let Some(found) = rights::find(view, grant)? else { return Ok(Vec::new()) };
    let mut concerned: Vec<RecordId> = match (&found, found.house()) {
        (Grant::Role(role), _) => vec![role.person],
        (Grant::Place(_), Some(house)) => {
            naming::<Place>(view, "house", house)?.iter().map(|place| place.value.person).collect()
        }
        // Without a car or a pass one is who one was.
        _ => Vec::new(),
    };
    concerned.sort();
    concerned.dedup();
    let mut losing = Vec::new();
    for person in concerned {
        let mut kept = held(view, now, person)?;
        let had = kept.len();
        for at in (0..had).rev() {
            if rights::lineage(view, kept[at].grant)?.contains(&grant) {
                kept.remove(at);
            }
        }
        if had > 0 && kept.is_empty() {
            losing.push(person);
        }
    }
    Ok(losing)
}

/// The living administrators that nobody has banned, and their roles.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn administrators(ctx: &Context<'_>) -> Result<Vec<(RecordId, RecordId)>, Denied> {
    let role = serde_json::to_value(Role::Administrator).expect("a unit variant is a text");
    let query = Query::on("role").equal(role);
    let mut administrators = Vec::new();
    for grant in all::<RoleGrant>(ctx.view, &query)? {
        let person = grant.value.person;
        if held(ctx.view, ctx.now, person)?.iter().any(|held| held.grant == grant.id) {
            administrators.push((person, grant.id));
        }
    }
    Ok(administrators)
}
