//! Residents' own cars.

use dwellers::people::{House, Permission};
use dwellers::vehicles::{self, Vehicle};
use dwellers_replica::{Entry, RecordId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::call::{Call, Look, Member, created, done, json};
use super::problem::Problem;
use super::table::{Answer, Table};

pub(super) fn routes(to: &mut Table) {
    to.member::<__path_mine, _, _>(mine);
    to.member::<__path_list, _, _>(list);
    to.may::<__path_add, _, _>(&[Permission::AddVehicle], add);
    to.member::<__path_remove, _, _>(remove);
}

/// A car of a house.
#[derive(Serialize, ToSchema)]
#[schema(as = Vehicle)]
struct VehicleDocument {
    id: RecordId,
    /// Folded: what plates are compared by.
    plate: String,
    /// As people write it.
    plate_shown: String,
    /// What it is called: «белая Нива».
    title: String,
    house: RecordId,
    house_label: String,
    /// Since when it is let in, in milliseconds since 1970.
    since_ms: u64,
}

#[derive(Serialize, ToSchema)]
struct Vehicles {
    vehicles: Vec<VehicleDocument>,
}

/// A car to be let in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewVehicle {
    /// In either alphabet, with spaces or without.
    plate: String,
    #[serde(default)]
    title: String,
}

/// Something that was made.
#[derive(Serialize, Deserialize)]
pub(super) struct Made {
    pub id: RecordId,
}

impl Look<'_> {
    /// Looks into a house, as one of its people or as who keeps the gate; to others there is none.
    pub fn looks_into(&self, house: RecordId) -> Result<(), Problem> {
        if !self.member.is_of(house) && !self.member.may(Permission::SeeExpected) {
            return Err(Problem::not_found());
        }
        self.view.of::<House>().get(house)?.ok_or_else(Problem::not_found)?;
        self.concerns_house(house);
        Ok(())
    }
}

impl VehicleDocument {
    fn of(look: &Look<'_>, vehicle: Entry<Vehicle>) -> Result<VehicleDocument, Problem> {
        let (id, Vehicle { plate, title, house, .. }) = (vehicle.id, vehicle.value);
        let (plate_shown, house_label) = (look.plate(&plate), look.house(Some(house))?);
        Ok(VehicleDocument { id, plate, plate_shown, title, house, house_label, since_ms: id.made_ms() })
    }
}

fn of_house(look: &Look<'_>, house: RecordId) -> Result<Vec<VehicleDocument>, Problem> {
    let vehicles = vehicles::of_house(look.view, house)?;
    vehicles.into_iter().map(|vehicle| VehicleDocument::of(look, vehicle)).collect()
}

/// The cars of my houses
#[utoipa::path(get, path = "/api/v1/communities/{community}/vehicles", tag = "vehicles",
    operation_id = "vehicles.mine", params(("community" = RecordId, Path)),
    responses((status = 200, body = Vehicles)))]
async fn mine(call: Call, member: Member) -> Answer {
    let vehicles = member.read(&call, move |look| {
        let mut vehicles = Vec::new();
        for house in look.member.houses() {
            vehicles.extend(of_house(look, house)?);
        }
        Ok(Vehicles { vehicles })
    });
    json(&vehicles.await?)
}

/// The cars of a house
#[utoipa::path(get, path = "/api/v1/communities/{community}/houses/{house}/vehicles", tag = "vehicles",
    operation_id = "vehicles.list", params(("community" = RecordId, Path), ("house" = RecordId, Path)),
    responses((status = 200, body = Vehicles)))]
async fn list(call: Call, member: Member) -> Answer {
    let house = call.id("house")?;
    let vehicles = member.read(&call, move |look| {
        look.looks_into(house)?;
        Ok(Vehicles { vehicles: of_house(look, house)? })
    });
    json(&vehicles.await?)
}

/// Have a car of my house let in from now on
#[utoipa::path(post, path = "/api/v1/communities/{community}/houses/{house}/vehicles", tag = "vehicles",
    operation_id = "vehicles.add", params(("community" = RecordId, Path), ("house" = RecordId, Path)),
    request_body = NewVehicle, responses((status = 201, body = VehicleDocument)))]
async fn add(call: Call, member: Member) -> Answer {
    let house = call.id("house")?;
    let NewVehicle { plate, title } = call.body()?;
    let added = member.write(&call, move |act| {
        let actor = act.actor();
        let (id, writes) = vehicles::add(&mut act.ctx, &actor, house, &plate, &title)?;
        Ok((Made { id }, writes))
    });
    let Made { id } = added.await?;
    let shown = member.read(&call, move |look| {
        let vehicle = look.view.of::<Vehicle>().get(id)?.ok_or_else(Problem::not_found)?;
        VehicleDocument::of(look, vehicle)
    });
    created(&shown.await?)
}

/// Have a car let in no more
#[utoipa::path(delete, path = "/api/v1/communities/{community}/vehicles/{vehicle}", tag = "vehicles",
    operation_id = "vehicles.remove", params(("community" = RecordId, Path), ("vehicle" = RecordId, Path)),
    responses((status = 204, description = "It opens no gate any more")))]
async fn remove(call: Call, member: Member) -> Answer {
    let id = call.id("vehicle")?;
    let removed = member.write(&call, move |act| {
        let vehicle = act.ctx.view.of::<Vehicle>().get(id)?.ok_or_else(Problem::not_found)?;
        act.concerns_house(vehicle.value.house);
        let actor = act.actor();
        Ok(((), vehicles::remove(&mut act.ctx, &actor, id)?))
    });
    removed.await?;
    done()
}
