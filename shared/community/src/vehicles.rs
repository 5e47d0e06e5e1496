//! Residents' own cars: standing grants by plate.
//!
//! Invariants: a house has a plate once; a plate of another house is entered by nobody but those who may enter it there, and
//! by administrators.

use dwellers_replica::{
    Entry, Index, Query, ReadError, Record, RecordId, Role as Side, Spec, View, Writers, Writes,
};
use serde::{Deserialize, Serialize};

use crate::access::RULES;
use crate::command::{Actor, Context, Denied, all, line, naming};
use crate::people::{Permission, may_in, residents, typed_plate};
use crate::rights::{self, Life, Revocation};

/// The most cars of a house.
pub const MAX_OF_A_HOUSE: usize = 20;

const MAX_TITLE: usize = 80;

/// A car of a house: a grant that stands until it is revoked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Vehicle {
    /// Folded ([`crate::plate`]).
    pub plate: String,
    /// «Белая Нива».
    pub title: String,
    /// Whose house.
    pub house: RecordId,
    /// Whose.
    pub person: RecordId,
    /// The place it was issued under.
    pub under: Option<RecordId>,
    /// The version of the rules that judging it needs ([`crate::access::RULES`]).
    pub rules: u32,
    /// The how manyth record of this plate in this house, from 1: two that are added at once cannot both be.
    pub nth: u32,
}

impl Record for Vehicle {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Side::Cloud),
        personal: &["plate", "title"],
        indexes: &[
            Index { name: "plate", on: &["plate"] },
            Index { name: "house", on: &["house", "plate", "nth"] },
        ],
        search: &["plate", "title"],
        ..Spec::fact("vehicles")
    };
}

/// Enters a car of the actor's house, under the actor's place. The plate is as typed.
///
/// # Errors
/// Where the actor may not, it is no plate, the house has it already, or has too many, or it is another house's.
pub fn add(
    ctx: &mut Context<'_>,
    actor: &Actor,
    house: RecordId,
    plate: &str,
    title: &str,
) -> Result<(RecordId, Writes), Denied> {
    let (person, place) = ctx.place_for(actor, house, Permission::AddVehicle)?;
    enter(ctx, actor, (house, person, place.grant), plate, title)
}

/// Enters a car of somebody of a house, under their place, as an administrator does.
///
/// # Errors
/// Where the actor may not, they have no place there by which they could, or as [`add`].
pub fn add_for(
    ctx: &mut Context<'_>,
    actor: &Actor,
    house: RecordId,
    person: RecordId,
    plate: &str,
    title: &str,
) -> Result<(RecordId, Writes), Denied> {
    ctx.require(actor, Permission::ManagePeople)?;
    let places = residents(ctx.view, ctx.now, house, Permission::AddVehicle)?;
    let own = places.iter().find(|(_, resident)| *resident == person);
    let grant = own.ok_or(Denied::NotFound("place"))?.0.grant;
    enter(ctx, actor, (house, person, grant), plate, title)
}

fn enter(
    ctx: &mut Context<'_>,
    actor: &Actor,
    (house, person, place): (RecordId, RecordId, RecordId),
    plate: &str,
    title: &str,
) -> Result<(RecordId, Writes), Denied> {
    let (plate, title) = (typed_plate(ctx.view, plate)?, line("title", title, MAX_TITLE)?);
    let (mut nth, mut living) = (1, 0);
    for other in naming::<Vehicle>(ctx.view, "house", house)? {
        let alive = rights::life(ctx.view, other.id)? == Life::Alive;
        living += usize::from(alive);
        if other.value.plate == plate {
            if alive {
                return Err(Denied::Exists("vehicle"));
            }
            nth = nth.max(other.value.nth + 1);
        }
    }
    if living >= MAX_OF_A_HOUSE {
        return Err(Denied::invalid("house", "too-many"));
    }
    let namesakes = all::<Vehicle>(ctx.view, &Query::on("plate").equal(plate.as_str()))?;
    for other in namesakes.iter().filter(|other| other.value.house != house) {
        if rights::life(ctx.view, other.id)? == Life::Alive && !settles(ctx, actor, other.value.house)? {
            return Err(Denied::invalid("plate", "of-another-house"));
        }
    }
    let key = [house.to_string().into(), plate.clone().into(), nth.into()];
    let under = Some(place);
    let (id, mut writes) = (ctx.new_id()?, Writes::new());
    if namesakes.is_empty() {
        // Nor do two houses enter it at once.
        writes.absent::<Vehicle>("plate", [plate.as_str().into()]);
    }
    writes
        .create(id, &Vehicle { plate, title, house, person, under, rules: RULES, nth })
        .absent::<Vehicle>("house", key)
        .absent::<Revocation>("grant", [place.to_string().into()]);
    Ok((id, writes))
}

/// Whether an actor may say that a car of this house is another one's too.
fn settles(ctx: &Context<'_>, actor: &Actor, house: RecordId) -> Result<bool, ReadError> {
    let may = |permission| may_in(ctx.view, ctx.now, actor, house, permission);
    Ok(may(Permission::AddVehicle)? || may(Permission::RevokeAny)?)
}

/// Removes a car, for ever: whoever may revoke it ([`crate::rights::revoke`]).
///
/// # Errors
/// Where the actor may not, there is no such car, or it was removed.
pub fn remove(ctx: &mut Context<'_>, actor: &Actor, vehicle: RecordId) -> Result<Writes, Denied> {
    ctx.view.of::<Vehicle>().get(vehicle)?.ok_or(Denied::NotFound("vehicle"))?;
    rights::revoke(ctx, actor, vehicle, "").map_err(|denied| denied.of("vehicle"))
}

/// The living cars of a house.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn of_house(view: View<'_>, house: RecordId) -> Result<Vec<Entry<Vehicle>>, ReadError> {
    let mut living = Vec::new();
    for vehicle in naming::<Vehicle>(view, "house", house)? {
        if rights::life(view, vehicle.id)? == Life::Alive {
            living.push(vehicle);
        }
    }
    Ok(living)
}
